import { lstat, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Refused, type Refusal, mustNot, refuse } from '../../kernel/decision.ts'
import type { StoredFile } from '../../kernel/api.ts'
import { type Seen, isComplete, isPassing, seenNow } from '../../kernel/dropped-file.ts'
import { type Ctx, today } from '../../platform/context.ts'
import {
  LONGEST_FILE,
  NO_FOLLOW,
  isGone,
  moveTo,
  mustLieInside,
  nameFrom,
  openPlain,
  ownFolder,
  shortName,
  writeWhole,
} from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import type { SubmissionView } from '../collection/contract.ts'
import { enterFile, mustReport, receiptOf, refusedWorkbook, wakeImport } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { isKnownType } from './rules.ts'
import type { Looked, Run } from './run.ts'
import * as store from './store.ts'
import { receiptText, refusalText, sentencesOf } from './views.ts'

const MOST_FILES = 200
const MARKER_BYTES = 4096
/** What a file is renamed into while it is dealt with: out of the way of whoever writes there. */
const TAKING = '.taking'

type Place = { dir: string; taking: string; done: string; refused: string }
type Job = { run: Run; gateway: store.FolderGateway; place: Place }

const text = (body: string): Uint8Array => new TextEncoder().encode(body)

// ---- what lies in the taking: `<id>~<name>`

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
  const dir = await mustLieInside(ctx.config.foldersDir, gateway.place.path)
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
