import { lstat, mkdir, open, readFile, readdir, realpath, rename, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { Refused, type Refusal, mustNot, refuse } from '../../kernel/decision.ts'
import type { StoredFile } from '../../kernel/api.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import type { SubmissionView } from '../collection/contract.ts'
import { enterFile, mustReport, receiptOf, refusedWorkbook, wakeImport } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { LONGEST_FILE, NO_FOLLOW, openPlain } from './plain-file.ts'
import { type Seen, isComplete, isKnownType, isPassing, seenNow } from './rules.ts'
import type { Looked, Run } from './run.ts'
import * as store from './store.ts'
import { receiptText, refusalText, sentencesOf } from './views.ts'

const MOST_FILES = 200
const MARKER_BYTES = 4096
/** What a file is renamed into while it is dealt with: out of the way of whoever writes there. */
const TAKING = '.taking'

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''
const isGone = (error: unknown): boolean => codeOf(error) === 'ENOENT'

/** A folder below the root and nowhere else, whatever links somebody has laid since it was set up. */
const mustLieInside = async (ctx: Ctx, path: string): Promise<string> => {
  const root = await realpath(ctx.config.foldersDir).catch(() => mustNot('FOLDER_MISSING'))
  const wanted = join(root, ...path.split('/'))
  const real = await realpath(wanted).catch(() => mustNot('FOLDER_MISSING'))
  if (real !== wanted || !`${real}${sep}`.startsWith(`${root}${sep}`)) mustNot('FOLDER_OUTSIDE')
  const found = await lstat(real)
  return found.isDirectory() ? real : mustNot('FOLDER_MISSING')
}
const ownFolder = async (dir: string, name: string): Promise<string> => {
  const path = join(dir, name)
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') mustNot('FOLDER_NOT_WRITABLE')
  })
  const found = await lstat(path).catch(() => null)
  return found?.isDirectory() ? path : mustNot('FOLDER_OUTSIDE')
}

/** When it is set up: the folder is made, so that the authority finds it. */
export const makeFolder = async (ctx: Ctx, path: string): Promise<void> => {
  let at = ctx.config.foldersDir
  await mkdir(at, { recursive: true }).catch(() => mustNot('FOLDER_NOT_WRITABLE'))
  for (const part of path.split('/')) at = await ownFolder(at, part)
  await mustLieInside(ctx, path)
}

type Place = { dir: string; taking: string; done: string; refused: string }
type Job = { run: Run; gateway: store.FolderGateway; place: Place }

/** Whole or not at all, and again if need be: written aside, synced, then renamed. */
const writeWhole = async (
  folder: string,
  name: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> => {
  const aside = join(folder, `.${newId()}.part`)
  const handle = await open(aside, 'wx', 0o644)
  try {
    await pipeline(Readable.from(body instanceof Uint8Array ? [body] : body), handle.createWriteStream({ flush: true }))
    await rename(aside, join(folder, name))
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
const text = (body: string): Uint8Array => new TextEncoder().encode(body)

const moveTo = (from: string, to: string): Promise<void> =>
  rename(from, to).catch((error: unknown) => {
    // Moved already, before a crash.
    if (!isGone(error)) throw error
  })

// ---- what lies in the taking: `<id>~<name>`

const LONGEST_BYTES = 150
/** A name leaves room for what is put before and after it; its type stays. */
const shortName = (name: string): string => {
  const dot = name.lastIndexOf('.')
  const type = dot > 0 ? name.slice(dot).slice(0, 10) : ''
  let stem = Array.from(dot > 0 ? name.slice(0, dot) : name)
  while (Buffer.byteLength(stem.join('') + type) > LONGEST_BYTES) stem = stem.slice(0, -1)
  return stem.join('') + type
}
const takenName = (id: string, name: string): string => `${id}~${shortName(name)}`
const TAKEN = /^([0-9a-f-]{36})~(.+)$/s

const keepRefused = async (job: Job, taken: string, refusals: Refusal[]): Promise<void> => {
  const { run, gateway, place } = job
  const { ctx } = run
  const [, id = '', name = ''] = TAKEN.exec(taken) ?? []
  const base = `${today(ctx).replaceAll('-', '')}-${id.slice(-8)}-${name}`
  await writeWhole(place.refused, `${base}.txt`, text(refusalText(name, refusals)))
  await writeWhole(
    place.refused,
    `${base}.json`,
    text(
      `${JSON.stringify({ file: name, taken: false, reasons: refusals.map((r) => ({ code: r.code, message: sentencesOf([r], 'zh') })) }, null, 2)}\n`,
    ),
  )
  await moveTo(join(place.taking, taken), join(place.refused, base))
  await inTx(ctx, async (tx) => {
    await run.hold(tx)
    if (await store.intakeByKey(tx, gateway.id, id)) return
    const at = ctx.clock.now()
    await store.insertIntake(tx, {
      ...blank(gateway, id, name, at),
      state: 'refused',
      problem: refusals,
      answeredAt: at,
    })
  })
}

const blank = (gateway: store.Gateway, key: string, name: string, at: string): store.Intake => ({
  gatewayId: gateway.id,
  id: newId(),
  state: 'taken',
  key,
  name,
  hash: null,
  firstSeq: null,
  lastSeq: null,
  rows: null,
  submissionId: null,
  submissionNo: null,
  repeated: false,
  problem: null,
  answers: null,
  openRows: 0,
  takenAt: at,
  answeredAt: null,
})

/** The file as a stored one; or why it cannot be taken. */
const storedFrom = async (ctx: Ctx, path: string, name: string): Promise<StoredFile | Refusal[]> => {
  const opened = await openPlain(path, name)
  if ('refusals' in opened) return opened.refusals
  const { handle } = opened
  try {
    if (!isKnownType(name)) return refuse('FILE_KIND_UNKNOWN', { name }).refusals
    const body = handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })
    const stored = await ctx.files.put(body, LONGEST_FILE)
    return { ...stored, name, mediaType: 'application/octet-stream' }
  } finally {
    await handle.close()
  }
}

/** From the taking into a submission; true when something was taken in. */
const take = async (job: Job, taken: string, expected: string | null): Promise<boolean> => {
  const { run, gateway, place } = job
  const { ctx } = run
  const [, key = '', name = ''] = TAKEN.exec(taken) ?? []
  if (!key || (await store.intakeByKey(ctx.db.kysely, gateway.id, key))) return false
  const file = await storedFrom(ctx, join(place.taking, taken), name)
  if (Array.isArray(file)) return keepRefused(job, taken, file).then(() => false)
  if (expected && expected !== file.hash)
    return keepRefused(job, taken, refuse('FILE_HASH_DIFFERS', { name }).refusals).then(() => false)
  const at = ctx.clock.now()
  const same = await store.intakeByHash(ctx.db.kysely, gateway.id, file.hash)
  const first = same?.submissionId ? await receiptOf(ctx, same.submissionId) : null
  // A file that was returned whole may be sent again as it is once the reason is gone.
  if (same && first && first.state !== 'refused') {
    await inTx(ctx, async (tx) => {
      await run.hold(tx)
      const { submissionId, submissionNo, rows } = same
      await store.insertIntake(tx, {
        ...blank(gateway, key, name, at),
        hash: file.hash,
        submissionId,
        submissionNo,
        rows,
        repeated: true,
      })
    })
    return true
  }
  try {
    const authority = await authorityById(ctx.db.kysely, gateway.authorityId)
    await enterFile(
      ctx,
      { item: gateway.item, authority, file, wayIn: 'folder', backfill: gateway.backfill, by: gateway.name },
      async (tx, s) => {
        await run.hold(tx)
        await store.insertIntake(tx, {
          ...blank(gateway, key, name, at),
          hash: file.hash,
          submissionId: s.id,
          submissionNo: s.no,
        })
      },
    )
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return keepRefused(job, taken, error.refusals).then(() => false)
  }
  wakeImport(ctx)
  return true
}

// ---- the receipt beside the file

const deliver = async (job: Job, intake: store.Intake, receipt: SubmissionView): Promise<void> => {
  const { run, gateway, place } = job
  const { ctx } = run
  const whole = receipt.state === 'refused'
  const folder = whole ? place.refused : place.done
  const base = `${today(ctx).replaceAll('-', '')}-${intake.key.slice(-8)}-${intake.name}`
  const workbook = receipt.refused > 0 ? `${base}-退回数据.xlsx` : null
  if (workbook) await writeWhole(folder, workbook, (await refusedWorkbook(ctx, { id: receipt.id })).file.body)
  const about = { file: intake.name, repeated: intake.repeated, workbook, receipt }
  await writeWhole(folder, `${base}.receipt.json`, text(`${JSON.stringify(about, null, 2)}\n`))
  await writeWhole(folder, `${base}.receipt.txt`, text(receiptText(intake, receipt, workbook)))
  await moveTo(join(place.taking, takenName(intake.key, intake.name)), join(folder, base))
  await inTx(ctx, (tx) =>
    store.closeIntake(tx, {
      gatewayId: gateway.id,
      id: intake.id,
      state: 'answered',
      at: ctx.clock.now(),
      rows: receipt.received,
    }),
  )
}

/** Answers what has its verdicts; true when something still waits for them. */
const answerAll = async (job: Job): Promise<boolean> => {
  const { ctx } = job.run
  let open = false
  for (const intake of await store.outstanding(ctx.db.kysely, job.gateway.id)) {
    if (!intake.submissionId) continue
    const receipt = await receiptOf(ctx, intake.submissionId)
    if (receipt.state === 'done' || receipt.state === 'refused') await deliver(job, intake, receipt)
    else open = true
  }
  return open
}

// ---- the look

type Found = { name: string; path: Buffer; marker: Buffer | null }
const gb18030 = new TextDecoder('gb18030')
const utf8 = new TextDecoder('utf-8', { fatal: true })
/** A name as whoever wrote it meant it: shares of older systems give them in GBK. */
const nameFrom = (raw: Buffer): string => {
  try {
    return utf8.decode(raw)
  } catch {
    return gb18030.decode(raw).replaceAll('/', '_')
  }
}
const HASH = /\b[0-9a-f]{64}\b/i
/** The hash that a marker or manifest tells, if it tells one. */
const hashIn = async (path: Buffer): Promise<string | null> => {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile() || found.size > MARKER_BYTES) return null
  const said = await readFile(path, { encoding: 'utf8', flag: NO_FOLLOW }).catch(() => '')
  return HASH.exec(said)?.[0].toLowerCase() ?? null
}

const look = async (job: Job): Promise<{ seen: Record<string, Seen>; complete: Found[]; waiting: number }> => {
  const { run, gateway, place } = job
  const now = run.ctx.clock.now()
  const raw = await readdir(place.dir, { encoding: 'buffer' }).catch(() => mustNot('FOLDER_NOT_WRITABLE'))
  const paths = new Map(raw.map((name) => [nameFrom(name), Buffer.concat([Buffer.from(`${place.dir}${sep}`), name])]))
  const seen: Record<string, Seen> = {}
  const complete: Found[] = []
  let waiting = 0
  for (const [name, path] of [...paths].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (isPassing(name)) continue
    const found = await lstat(path).catch(() => null)
    if (!found || found.isDirectory()) continue
    waiting++
    const marker = paths.get(`${name}.done`) ?? null
    const was = Object.hasOwn(gateway.seen, name) ? gateway.seen[name] : undefined
    const at = seenNow({ size: found.size, mtime: found.mtimeMs }, was, now)
    Object.defineProperty(seen, name, { value: at, enumerable: true, configurable: true, writable: true })
    const ask = {
      marker: gateway.place.marker,
      marked: marker !== null,
      now,
      settledAfterMs: gateway.pollSeconds * 1000,
    }
    if (complete.length < MOST_FILES && isComplete(at, ask)) complete.push({ name, path, marker })
  }
  return { seen, complete, waiting }
}

export const runFolder = async (run: Run): Promise<Looked> => {
  const { ctx } = run
  const gateway = run.gateway as store.FolderGateway
  const authority = await authorityById(ctx.db.kysely, gateway.authorityId)
  if (!authority?.active) return mustNot('AUTHORITY_NOT_ACTIVE', { name: gateway.authorityName })
  const item = catalogItemOn(ctx.policy.catalog, gateway.item, today(ctx))
  mustReport(authority, item ?? mustNot('NO_SUCH_ITEM', { item: gateway.item }))
  const dir = await mustLieInside(ctx, gateway.place.path)
  const place: Place = {
    dir,
    taking: await ownFolder(dir, TAKING),
    done: await ownFolder(dir, 'done'),
    refused: await ownFolder(dir, 'refused'),
  }
  const job: Job = { run, gateway, place }
  let took = false
  // What a process that ended has left in the taking.
  for (const taken of await readdir(place.taking)) took = (await take(job, taken, null)) || took
  const { seen, complete, waiting } = await look(job)
  for (const { name, path, marker } of complete) {
    const taken = takenName(newId(), name)
    const expected = marker ? await hashIn(marker) : null
    try {
      await rename(path, join(place.taking, taken))
    } catch (error) {
      if (isGone(error)) continue
      mustNot('FOLDER_NOT_WRITABLE')
    }
    if (marker) await rm(marker, { force: true })
    delete seen[name]
    took = (await take(job, taken, expected)) || took
  }
  const unanswered = await answerAll(job)
  return { waiting: waiting - complete.length, took, unanswered, seen, problem: null }
}
