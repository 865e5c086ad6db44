import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { sha256 } from '../platform/crypto.ts'
import { takeLock } from '../platform/db/lock.ts'
import { type Ask, type Run, decline, oneArgument, textFlag } from './io.ts'
import { configOf, mustHoldData } from './open.ts'

/** What a backup of the embedded platform holds: every file with its length and hash, and the empty folders that PostgreSQL wants. */
type Manifest = {
  format: 'xinheng-backup/1'
  madeAt: string
  jurisdiction: string
  folders: string[]
  files: { path: string; bytes: number; sha256: string }[]
  /** Of the master key, which lies apart from the data. */
  keySha256: string
}

const PARTS = ['database', 'files'] as const
const KEY = 'master.key'
const MANIFEST = 'manifest.json'
const keyIn = (dataDir: string) => join(dataDir, 'keys', KEY)
/** Uploads that were under way belong to nobody. */
const passing = (path: string) => path.startsWith(`files${sep}incoming${sep}`)

const onPostgres = (ask: Ask, what: 'backup' | 'restore'): void => {
  const { databaseUrl, dataDir } = configOf(ask)
  if (!databaseUrl) return
  const tool = what === 'backup' ? 'pg_dump --format=custom' : 'pg_restore'
  decline(
    'USE_PG_DUMP',
    `数据库是 PostgreSQL，请用 ${tool} 处理数据库，并另行复制 ${dataDir} 下的 files 与 keys 两个目录（keys 与数据分开保管）。`,
    `The database is PostgreSQL: use ${tool} for it, and copy the folders files and keys of ${dataDir} beside it (keep keys apart from the data).`,
  )
}

const walk = (root: string): { folders: string[]; files: string[] } => {
  const folders: string[] = []
  const files: string[] = []
  const into = (folder: string): void => {
    folders.push(relative(root, folder))
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) into(path)
      else if (entry.isFile() && !passing(relative(root, path))) files.push(relative(root, path))
    }
  }
  for (const part of PARTS) if (existsSync(join(root, part))) into(join(root, part))
  return { folders, files }
}

/** Copies to the disk itself and answers what was copied. */
const copy = async (from: string, to: string): Promise<{ bytes: number; sha256: string }> => {
  const hasher = createHash('sha256')
  let bytes = 0
  await pipeline(
    createReadStream(from),
    async function* (source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        hasher.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(to, { mode: 0o600, flush: true }),
  )
  return { bytes, sha256: hasher.digest('hex') }
}
/** Several at a time, in order of beginning: what costs is waiting for the disk. The first failure ends it, once nothing is under way. */
const AT_ONCE = 8
const each = async <T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> => {
  const left = [...all].values()
  let stop = false
  const worker = async (): Promise<void> => {
    for (const one of left) {
      if (stop) return
      await work(one).catch((error: unknown) => {
        stop = true
        throw error
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}
const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
const isEmpty = (dir: string) => !existsSync(dir) || (statSync(dir).isDirectory() && readdirSync(dir).length === 0)

/** Nobody opens the database while its files are read or put in place. */
const holding = async <T>(dataDir: string, work: () => Promise<T>): Promise<T> => {
  const lock = await takeLock(`${join(dataDir, 'database')}.lock`, () => {})
  try {
    return await work()
  } finally {
    lock.release()
  }
}

export const backupCommand: Run = async (ask) => {
  const target = resolve(oneArgument(ask, 'DIR'))
  onPostgres(ask, 'backup')
  const config = configOf(ask)
  mustHoldData(config)
  const { dataDir } = config
  if (`${target}${sep}`.startsWith(`${dataDir}${sep}`))
    decline(
      'INSIDE_DATA',
      `备份目录不能在数据目录之内：${target}`,
      `the backup cannot lie inside the data folder: ${target}`,
    )
  if (!isEmpty(target)) decline('NOT_EMPTY', `目录不是空的：${target}`, `the folder is not empty: ${target}`)
  return holding(dataDir, async () => {
    const { folders, files } = walk(dataDir)
    mkdirSync(target, { recursive: true, mode: 0o700 })
    for (const folder of folders) mkdirSync(join(target, folder), { recursive: true, mode: 0o700 })
    const copied: Manifest['files'] = []
    await each(files, async (path) => {
      const done = await copy(join(dataDir, path), join(target, path))
      copied.push({ path: path.split(sep).join('/'), ...done })
    })
    copied.sort((a, b) => (a.path < b.path ? -1 : 1))
    const key = readFileSync(keyIn(dataDir))
    writeFileSync(join(target, KEY), key, { mode: 0o600, flush: true })
    const manifest: Manifest = {
      format: 'xinheng-backup/1',
      madeAt: new Date().toISOString(),
      jurisdiction: config.jurisdiction,
      folders: folders.map((f) => f.split(sep).join('/')),
      files: copied,
      keySha256: sha256(key),
    }
    // Last: a folder without it is no backup.
    writeFileSync(join(target, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true })
    await syncFolder(target)
    const bytes = copied.reduce((sum, f) => sum + f.bytes, 0)
    return {
      exit: 0,
      data: { dir: target, files: copied.length, bytes, key: join(target, KEY) },
      lines:
        ask.lang === 'zh'
          ? [
              `已备份 ${copied.length} 个文件、${bytes} 字节到 ${target}`,
              `注意：主密钥单独存放在 ${join(target, KEY)}，请移到另一处妥善保管；没有它，自然人证件号码无法读取，共享数据无法签名。`,
            ]
          : [
              `${copied.length} files, ${bytes} bytes backed up to ${target}`,
              `Note: the master key is the separate file ${join(target, KEY)}; move it to another safe place. Without it identifiers of persons cannot be read and the feed cannot be signed.`,
            ],
    }
  })
}

const damaged = (what: string): never =>
  decline('BACKUP_DAMAGED', `备份已损坏：${what}`, `the backup is damaged: ${what}`)

const readManifest = (dir: string): Manifest => {
  const path = join(dir, MANIFEST)
  if (!existsSync(path))
    return decline(
      'NOT_A_BACKUP',
      `这不是完整的备份（没有 ${MANIFEST}）：${dir}`,
      `this is not a whole backup (no ${MANIFEST}): ${dir}`,
    )
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
    const inside = [...manifest.folders, ...manifest.files.map((f) => f.path)].every(
      (p) => PARTS.some((part) => p === part || p.startsWith(`${part}/`)) && !p.split('/').includes('..'),
    )
    return manifest.format === 'xinheng-backup/1' && inside ? manifest : damaged(MANIFEST)
  } catch {
    return damaged(MANIFEST)
  }
}

const keyFor = (ask: Ask, dir: string, manifest: Manifest): Buffer => {
  const path = textFlag(ask, 'key-file') ?? join(dir, KEY)
  if (!existsSync(path)) {
    return decline(
      'KEY_MISSING',
      `没有主密钥 ${path}；请用 --key-file 指定与数据分开保管的密钥文件。`,
      `there is no master key ${path}; name the file that was kept apart by --key-file.`,
    )
  }
  const key = readFileSync(path)
  return sha256(key) === manifest.keySha256
    ? key
    : decline('WRONG_KEY', `${path} 不是这份备份的主密钥。`, `${path} is not the master key of this backup.`)
}

/** Into an empty data folder: copied aside and checked against the manifest, then moved into place, the database last. */
export const restoreCommand: Run = async (ask) => {
  const source = resolve(oneArgument(ask, 'DIR'))
  onPostgres(ask, 'restore')
  const { dataDir } = configOf(ask)
  const manifest = readManifest(source)
  const key = keyFor(ask, source, manifest)
  return holding(dataDir, async () => {
    const there = [...PARTS, 'keys'].find((part) => !isEmpty(join(dataDir, part)))
    if (there)
      decline(
        'NOT_EMPTY',
        `数据目录 ${dataDir} 中已有 ${there}；请换一个空目录（DATA_DIR）或者先移走。`,
        `the data folder ${dataDir} already holds ${there}; choose an empty one (DATA_DIR) or move it away.`,
      )
    const aside = join(dataDir, '.restoring')
    rmSync(aside, { recursive: true, force: true })
    try {
      for (const folder of manifest.folders) mkdirSync(join(aside, folder), { recursive: true, mode: 0o700 })
      await each(manifest.files, async (file) => {
        if (!existsSync(join(source, file.path))) damaged(file.path)
        mkdirSync(dirname(join(aside, file.path)), { recursive: true, mode: 0o700 })
        const copied = await copy(join(source, file.path), join(aside, file.path))
        if (copied.sha256 !== file.sha256) damaged(file.path)
      })
      mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
      writeFileSync(keyIn(dataDir), key, { mode: 0o600, flush: true })
      for (const part of PARTS.toReversed()) {
        rmSync(join(dataDir, part), { recursive: true, force: true })
        if (existsSync(join(aside, part))) renameSync(join(aside, part), join(dataDir, part))
      }
      await syncFolder(dataDir)
    } finally {
      rmSync(aside, { recursive: true, force: true })
    }
    const line =
      ask.lang === 'zh'
        ? `已恢复 ${manifest.files.length} 个文件（备份于 ${manifest.madeAt}）到 ${dataDir}`
        : `${manifest.files.length} files of ${manifest.madeAt} restored to ${dataDir}`
    return { exit: 0, data: { dir: dataDir, files: manifest.files.length, madeAt: manifest.madeAt }, lines: [line] }
  })
}
