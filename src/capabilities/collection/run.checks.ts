import { Refused } from '../../kernel/decision.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { Job } from '../../platform/jobs.ts'
import { inTx } from '../../platform/outbox.ts'
import { chunksOf, countRows, directoryOf, itemOf, openReading } from './open.ts'
import { CHECK_CHUNK, Preflight } from './service.preflight.ts'
import * as store from './store.checks.ts'
import { findMapping } from './store.ts'

const LEASE_MS = 60_000
/** So many rows are lost, at the most, when a process ends. */
const SAVED_EVERY = 5000
const KEPT_MS = 24 * 3_600_000
/** A large file does not hold up the small ones behind it. */
const AT_ONCE = 3

/** Cancelled, or taken over by another process: what this one prepared is thrown away. */
class Stopped extends Error {}

/** The beat of a run, for tests that stop it where it hurts. */
export type CheckBeat = { savedEvery?: number; afterSave?: (readTo: number) => void | Promise<void> }

const later = (ctx: Ctx, ms: number): Instant => new Date(Date.parse(ctx.clock.now()) + ms).toISOString() as Instant

const work = async (ctx: Ctx, run: store.CheckRun, owner: string, beat: CheckBeat): Promise<void> => {
  const reader = ctx.db.kysely
  const directory = await directoryOf(reader)
  const reporter = directory.byId.get(run.authorityId)
  const item = itemOf(ctx, run.item, today(ctx))
  if (!reporter || !item) throw new Error(`preflight ${run.id} has lost its authority or item`)
  const reading = await openReading(ctx, {
    path: ctx.files.pathOf(run.fileHash),
    name: run.fileName,
    item,
    reporter,
    directory,
    today: today(ctx),
    mapping: run.mapping,
    remembered: (keys) => findMapping(reader, { authorityId: reporter.id, item: item.code, keys }),
  })
  const mine = { id: run.id, owner }
  const until = () => later(ctx, LEASE_MS)
  try {
    const totalRows = await countRows(reading)
    const preflight = new Preflight(ctx, reading, { found: run.found })
    let { readTo } = run
    let saved = 0
    const save = async (): Promise<void> => {
      const found = preflight.found()
      if (!(await inTx(ctx, (tx) => store.saveCheck(tx, { ...mine, until: until(), readTo, totalRows, found }))))
        throw new Stopped()
      saved = found.view.received
    }
    await save()
    for await (const chunk of chunksOf(reading, 0, CHECK_CHUNK)) {
      preflight.recall(chunk.filter((row) => row.n <= run.readTo))
      const fresh = chunk.filter((row) => row.n > run.readTo)
      if (!fresh.length) continue
      await preflight.take(fresh)
      readTo = fresh.at(-1)?.n ?? readTo
      if (preflight.view.received - saved < (beat.savedEvery ?? SAVED_EVERY)) continue
      await save()
      await beat.afterSave?.(readTo)
    }
    const found = preflight.found()
    if (!(await inTx(ctx, (tx) => store.finishCheck(tx, { ...mine, until: until(), at: ctx.clock.now(), found }))))
      throw new Stopped()
  } finally {
    reading.table.close?.()
  }
}

const refuseFile = async (ctx: Ctx, id: string, owner: string, error: Refused): Promise<void> => {
  const [first, ...more] = error.refusals
  if (!first) throw error
  const refusal = { ...first, ...(more.length ? { more } : {}) }
  const at = ctx.clock.now()
  await inTx(ctx, (tx) => store.finishCheck(tx, { id, owner, until: later(ctx, LEASE_MS), at, refusal }))
}

/** Works through one preflight that waits, or whose process has not been heard of; false when there is none. */
export const checkNext = async (runtime: Runtime, beat: CheckBeat = {}): Promise<boolean> => {
  const system = systemCtx(runtime, 'collection')
  const owner = newId()
  const run = await inTx(system, (tx) =>
    store.claimCheck(tx, { owner, now: system.clock.now(), until: later(system, LEASE_MS) }),
  )
  if (!run) return false
  const ctx = { ...system, lang: run.lang }
  const hold = () => inTx(ctx, (tx) => store.holdCheck(tx, { id: run.id, owner, until: later(ctx, LEASE_MS) }))
  const alive = setInterval(() => void hold().catch(() => undefined), LEASE_MS / 3)
  try {
    await work(ctx, run, owner, beat)
  } catch (error) {
    if (error instanceof Refused) await refuseFile(ctx, run.id, owner, error)
    else if (!(error instanceof Stopped)) throw error
  } finally {
    clearInterval(alive)
  }
  return true
}

const working = new WeakMap<object, Set<Promise<void>>>()
const workOff = async (runtime: Runtime): Promise<void> => {
  try {
    while (await checkNext(runtime));
  } catch (error) {
    runtime.log.error({ err: error, job: 'collection.check' }, 'a preflight could not be worked through')
  }
}

/** Works off what waits, some at a time; what was found is forgotten after a day. */
const runChecks = async (runtime: Runtime): Promise<void> => {
  const ctx = systemCtx(runtime, 'collection')
  await inTx(ctx, (tx) => store.forgetChecks(tx, later(ctx, -KEPT_MS)))
  await startCheck(runtime)
}

const startCheck = async (runtime: Runtime): Promise<void> => {
  const held = working.get(runtime.db) ?? new Set<Promise<void>>()
  working.set(runtime.db, held)
  if (held.size >= AT_ONCE) return
  const one = workOff(runtime)
  held.add(one)
  await one.finally(() => held.delete(one))
}

/** One has been asked for: no need to wait for the schedule. */
export const wakeCheck = (runtime: Runtime): void => void startCheck(runtime)

export const checkJob: Job = { name: 'collection.check', every: 5_000, run: runChecks }
