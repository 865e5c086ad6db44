import { setImmediate as breathe } from 'node:timers/promises'
import { Refused } from '../../kernel/decision.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { DatabaseError, type Tx, inBulk } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { OURS, type Reading, chunksOf, countRows, dayOfSubmission, directoryOf, itemOf, openReading } from './open.ts'
import { unmask } from './returned.ts'
import { Drafter } from '../records/index.ts'
import type { AcceptedMends } from './contract.ts'
import type { InputRow } from './rules.ts'
import { type Mended, actOfMending, mendRows, takes } from './service.mends.ts'
import { type CheckedRow, type Drafting, contentOf, drafting, settle } from './settle.ts'
import * as store from './store.ts'
import { insertMends } from './store.mends.ts'

const LEASE_MS = 60_000
/** The embedded engine has one connection: others wait for a chunk, so there it is short. */
const CHUNK_ROWS = { postgres: 2000, pglite: 1000 }
/** Rows checked before whoever waits has its turn: the chunk that is being written asks the database again and again. */
const CHECK_STEP = 10
/** So many new rows change what the planner should know. */
const MANY_ROWS = 5000
/** So many rows leave lists that a search would feel. */
const SWEEP_ROWS = 10_000
const TRIES = 5
/** Two submissions made the same thing at once: the second time this one finds what the other has made. */
const MADE_TWICE = '23505'

/** Another worker holds the lease now; what this one prepared is thrown away. */
class LeaseLost extends Error {}

type Run = { ctx: Ctx; owner: string; submission: store.Submission }
const leaseEnd = (ctx: Ctx): string => new Date(Date.parse(ctx.clock.now()) + LEASE_MS).toISOString()

/** The beat of a run, for tests that stop it where it hurts. */
export type Beat = { afterChunk?: (readTo: number) => void | Promise<void> }

/**
 * Works through one waiting submission, the given one or the oldest; answers its id, or null when none waits. It goes on
 * from the last chunk that was committed, whoever was at it before.
 */
export const processNext = async (runtime: Runtime, ask: { id?: string } & Beat = {}): Promise<string | null> => {
  const ctx = systemCtx(runtime, 'collection')
  const owner = newId()
  const submission = await inTx(ctx, (tx) =>
    store.claim(tx, { owner, now: ctx.clock.now(), until: leaseEnd(ctx), id: ask.id }),
  )
  if (!submission) return null
  const run = { ctx, owner, submission }
  const beat = setInterval(() => void keepLease(run).catch(() => undefined), LEASE_MS / 3)
  try {
    await work(run, ask)
  } catch (error) {
    if (error instanceof LeaseLost) return submission.id
    if (error instanceof Refused) await refuseFile(run, error)
    else throw error
  } finally {
    clearInterval(beat)
  }
  return submission.id
}

const keepLease = ({ ctx, owner, submission }: Run): Promise<boolean> =>
  inTx(ctx, (tx) => store.keepLease(tx, { id: submission.id, owner, until: leaseEnd(ctx) }))

const work = async (run: Run, beat: Beat): Promise<void> => {
  const reading = await open(run)
  try {
    await workThrough(run, reading, beat)
  } finally {
    reading.table.close?.()
  }
}

const workThrough = async (run: Run, reading: Reading, beat: Beat): Promise<void> => {
  const { ctx, owner, submission } = run
  let { readTo } = submission
  if (readTo === 0) {
    const totalRows = await countRows(reading)
    submission.totalRows = totalRows
    const { header, mapping } = reading
    await held(inTx(ctx, (tx) => store.keepHeader(tx, { id: submission.id, owner, header, mapping, totalRows })))
    if (submission.mapping) await remember(run, reading)
  }
  const size = CHUNK_ROWS[ctx.db.engine]
  const drafter = new Drafter(ctx)
  let writing: Promise<void> = Promise.resolve()
  let swept = readTo
  for await (const chunk of chunksOf(reading, readTo, size)) {
    const ready = drafting(ctx, drafter)
    const rows = await checkAll(run, reading, chunk, ready)
    await writing
    const from = readTo
    const to = (chunk.at(-1) as InputRow).n
    readTo = to
    // One chunk is being written while the next is read, checked and made ready.
    writing = writeChunk(run, reading, rows, ready, from, to).then(() => {
      ready.batch.done()
      if (to - swept >= SWEEP_ROWS) {
        swept = to
        quietly(ctx, ctx.db.sweep())
      }
      return beat.afterChunk?.(to)
    })
    writing.catch(() => undefined)
  }
  await writing
  await inTx(ctx, async (tx) => {
    const { asides } = reading
    const at = ctx.clock.now()
    const mine = await store.close(tx, { id: submission.id, owner, state: 'done', refusal: null, at, asides })
    if (!mine) throw new LeaseLost()
    recordAct(tx, ctx, { act: 'collection.finish', target: { kind: 'submission', id: submission.id } })
  })
  if (submission.totalRows > MANY_ROWS) quietly(ctx, ctx.db.maintain())
}

/** Nobody waits for it. */
const quietly = ({ log }: Ctx, maintenance: Promise<void>): void =>
  void maintenance.catch((error: unknown) => log.warn({ err: error }, 'maintenance beside an import failed'))

const held = async (kept: Promise<boolean>): Promise<void> => {
  if (!(await kept)) throw new LeaseLost()
}

const open = async ({ ctx, submission }: Run): Promise<Reading> => {
  const reader = ctx.db.kysely
  const directory = await directoryOf(reader)
  const reporter = directory.byId.get(submission.authorityId)
  const item = itemOf(ctx, submission.item, dayOfSubmission(submission.createdAt))
  if (!reporter || !item || !submission.fileHash)
    throw new Error(`submission ${submission.id} has lost its authority, item or file`)
  return openReading(ctx, {
    path: ctx.files.pathOf(submission.fileHash),
    name: submission.fileName,
    item,
    reporter,
    directory,
    today: today(ctx),
    mapping: submission.mapping,
    remembered: (keys) =>
      store.findMapping(reader, { authorityId: submission.authorityId, item: submission.item, keys }),
  })
}

const remember = ({ ctx, submission }: Run, { mapping, headerKey }: Reading): Promise<void> =>
  mapping
    ? inTx(ctx, (tx) =>
        store.putMapping(tx, {
          authorityId: submission.authorityId,
          item: submission.item,
          headerKey,
          mapping,
          at: ctx.clock.now(),
          by: submission.createdBy,
        }),
      )
    : Promise.resolve()

const checkAll = async (
  { ctx, submission }: Run,
  reading: Reading,
  chunk: InputRow[],
  { batch }: Drafting,
): Promise<CheckedRow[]> => {
  const inputs =
    reading.returned && submission.corrects ? await unmask(ctx, submission.corrects, reading, chunk) : chunk
  const rows: CheckedRow[] = []
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] as InputRow
    const checked = reading.check(input)
    const draft = checked.ok ? batch.add(contentOf(checked.row, submission, reading.item.code, checked.n)) : null
    rows.push({ input, checked, draft })
    if (i % CHECK_STEP === CHECK_STEP - 1) await breathe()
  }
  return submission.mending ? takeMended(ctx, submission, submission.mending, reading, rows, batch) : rows
}

/** Refused rows for which the collector accepted what the preflight proposed: made again here, and taken where it mends the row. */
const takeMended = async (
  ctx: Ctx,
  submission: store.Submission,
  accepted: AcceptedMends,
  reading: Reading,
  rows: CheckedRow[],
  batch: Drafting['batch'],
): Promise<CheckedRow[]> => {
  const faulty = rows.flatMap(({ input, checked }) => (checked.ok ? [] : [{ input, problems: checked.problems }]))
  const found = faulty.length
    ? await mendRows(ctx.db.kysely, reading, faulty, takes(accepted))
    : new Map<number, Mended>()
  return rows.map((r) => {
    const m = found.get(r.input.n)
    if (!m?.proposals.length || !m.checked.ok) return r
    const draft = batch.add(contentOf(m.checked.row, submission, reading.item.code, m.checked.n))
    return { input: r.input, checked: m.checked, draft, mends: m.proposals }
  })
}

const writeChunk = async (
  { ctx, owner, submission }: Run,
  reading: Reading,
  rows: readonly CheckedRow[],
  ready: Drafting,
  from: number,
  to: number,
): Promise<void> => {
  const ask = { submission, item: reading.item, header: reading.header, skip: reading.returned ? OURS : 0 }
  for (let attempt = 1; ; attempt++) {
    try {
      await inTx(ctx, async (tx) => {
        await inBulk(tx, { sweeping: ctx.db.engine === 'postgres' })
        const { counts } = await settle(tx, ctx, ask, rows, ready)
        const mine = await store.advance(tx, { id: submission.id, owner, from, to, until: leaseEnd(ctx), counts })
        if (!mine) throw new LeaseLost()
        if (submission.mending) await keepMends(tx, ctx, submission, rows)
        recordAct(tx, ctx, {
          act: 'collection.take',
          target: { kind: 'submission', id: submission.id },
          details: { from, to, ...counts },
        })
      })
      return
    } catch (error) {
      if (attempt >= TRIES || !(error instanceof DatabaseError) || error.code !== MADE_TWICE) throw error
    }
  }
}

const keepMends = async (tx: Tx, ctx: Ctx, s: store.Submission, rows: readonly CheckedRow[]): Promise<void> => {
  const mended = rows.flatMap(({ input, mends }) => (mends ? [{ n: input.n, proposals: mends }] : []))
  if (!mended.length) return
  const at = ctx.clock.now()
  await insertMends(tx, { submissionId: s.id, rows: mended, by: s.createdBy, name: s.handedInBy, at })
  actOfMending(tx, ctx, s.id, mended)
}

const refuseFile = async ({ ctx, owner, submission }: Run, error: Refused): Promise<void> => {
  const [first] = error.refusals
  if (!first) throw error
  const refusal = { ...first, ...(error.refusals.length > 1 ? { more: error.refusals.slice(1) } : {}) }
  await inTx(ctx, async (tx) => {
    await store.close(tx, { id: submission.id, owner, state: 'refused', refusal, at: ctx.clock.now() })
    recordAct(tx, ctx, {
      act: 'collection.refuse_file',
      target: { kind: 'submission', id: submission.id },
      details: { code: first.code },
    })
  })
}
