import { setImmediate as breathe } from 'node:timers/promises'
import { itemsConcerned } from '../../kernel/policy-change.ts'
import { type Instant, addDays } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { Judge, type Ruling, countRuled, ruleAnew, ruledAfter } from '../records/index.ts'
import { addFigures } from '../../kernel/window-change.ts'
import { type Approved, approvedChanges, rulesWith } from './live.ts'
import { touchesRepair, withChanges } from './rules.ts'
import type { PassPurpose } from './states.ts'
import * as passes from './store.passes.ts'
import * as store from './store.ts'

/**
 * Both passes over the records: the one that foresees what a change does, and the one that does it. Each goes a stretch at a
 * time in the order of the key, saves its place with what it found, and can be broken off anywhere.
 */

/** As many rows as lie in memory at once; a change is written in smaller ones, whose locks are soon given back. */
const STRETCH: Record<PassPurpose, number> = { preview: 4_000, application: 1_000 }
const LEASE_MS = 60_000
const leaseFrom = (now: Instant): Instant => new Date(Date.parse(now) + LEASE_MS).toISOString() as Instant

type Course = { p: store.Proposal; pass: store.Pass; purpose: PassPurpose; judge: Judge; items: string[] | null }

/** Counts a ruling; one whose record is in line but for its repair is counted and not written. */
const written = (figures: Record<string, number>, rulings: readonly Ruling[]): void => {
  for (const r of rulings) addFigures(figures, r.figures)
}

const found = (rulings: readonly Ruling[], from: number): passes.FoundRow[] =>
  rulings.map(({ row, figures, changes }, i) => ({
    n: from + i + 1,
    subjectId: row.subjectId,
    recordId: row.id,
    authorityId: row.authorityId,
    authorityName: row.authorityName,
    item: row.item,
    docNo: row.docNo,
    decidedOn: row.decidedOn,
    figures,
    changes,
  }))

/** One stretch; the lease for the next one, or null when there is none to come. */
const stretch = async (ctx: Ctx, course: Course, lease: Instant): Promise<Instant | null> => {
  const { p, pass, purpose, judge } = course
  const limit = STRETCH[purpose]
  const after = pass.afterSubject && pass.afterRecord ? { subjectId: pass.afterSubject, id: pass.afterRecord } : null
  const rows = await ruledAfter(ctx.db.kysely, { items: course.items, after, limit })
  const rulings = await judge.judge(ctx.db.kysely, rows)
  const last = rows.at(-1)
  const more = rows.length === limit
  const now = ctx.clock.now()
  pass.checked += rows.length
  pass.total = Math.max(pass.total, pass.checked)
  pass.state = more ? 'running' : 'done'
  pass.finishedAt = more ? null : now
  if (last) [pass.afterSubject, pass.afterRecord] = [last.subjectId, last.id]
  const leaseUntil = more ? leaseFrom(now) : null
  const again = pass.figures['again'] === 1
  const againOn = !more && purpose === 'application' && !again ? addDays(today(ctx), 1) : null
  const saved = await inTx(ctx, async (tx) => {
    const figures = { ...pass.figures }
    const progress = { ...pass, figures, lease, leaseUntil, againOn }
    if (purpose === 'preview') {
      const counting = rulings.filter((r) => r.figures)
      written(figures, counting)
      figures['rows'] = (figures['rows'] ?? 0) + counting.length
      if (!(await passes.saveProgress(tx, p.id, purpose, progress))) return null
      await passes.addRows(ctx.db, tx, p.id, found(counting, pass.figures['rows'] ?? 0))
      if (!more) await passes.countRows(tx, p.id)
      return figures
    }
    if (!(await passes.holdLease(tx, p.id, purpose, lease))) return null
    const keys = rulings.filter((r) => !r.same).map(({ row }) => ({ subjectId: row.subjectId, id: row.id }))
    const done = await ruleAnew(tx, ctx, judge, { keys, change: p.id })
    written(figures, [...done, ...rulings.filter((r) => r.same && !again)])
    figures['rows'] = (figures['rows'] ?? 0) + done.length
    await passes.saveProgress(tx, p.id, purpose, progress)
    if (done.length)
      recordAct(tx, ctx, {
        act: 'policies.apply',
        target: { kind: 'rule_change', id: p.id },
        details: { records: done.length },
      })
    return figures
  })
  if (saved) pass.figures = saved
  await breathe()
  return saved ? leaseUntil : null
}

const run = async (ctx: Ctx, course: Course, first: Instant): Promise<void> => {
  if (!course.pass.checked) course.pass.total = await countRuled(ctx.db.kysely, course.items)
  let lease: Instant | null = first
  while (lease) lease = await stretch(ctx, course, lease)
}

/** What was approved for a day before this one, and what is in force on the day it was asked. */
const before = (approved: readonly Approved[], p: store.Proposal): Approved[] =>
  approved.filter((a) => a.id !== p.id && a.effectiveFrom < p.effectiveFrom)

const previewNext = async (ctx: Ctx): Promise<boolean> => {
  const now = ctx.clock.now()
  const lease = leaseFrom(now)
  const id = await inTx(ctx, (tx) => passes.claimPreview(tx, now, lease))
  const p = id === null ? null : await store.findProposal(ctx.db.kysely, id)
  if (!p) return false
  const approved = before(await approvedChanges(ctx.db.kysely), p)
  const rules = rulesWith(ctx, approved)
  const after = withChanges(rules, [p])
  const waiting = approved.some((a) => a.effectiveFrom > today(ctx))
  const judge = new Judge({
    after,
    before: waiting ? rules : null,
    on: p.effectiveFrom,
    repair: touchesRepair(p.change),
    now: rules,
  })
  const items = itemsConcerned(rules, p.change, p.effectiveFrom)
  await run(ctx, { p, pass: p.preview, purpose: 'preview', judge, items }, lease)
  return true
}

/** Brings the windows of what is held in line with a change whose day has come. */
const applyNext = async (ctx: Ctx): Promise<boolean> => {
  const now = ctx.clock.now()
  const lease = leaseFrom(now)
  const id = await inTx(ctx, (tx) => passes.claimApplication(tx, { now, until: lease, today: today(ctx) }))
  const p = id === null ? null : await store.findProposal(ctx.db.kysely, id)
  if (!p?.application) return false
  const approved = await approvedChanges(ctx.db.kysely)
  const rules = rulesWith(ctx, before(approved, p))
  const judge = new Judge({
    after: rulesWith(
      ctx,
      approved.filter((a) => a.effectiveFrom <= today(ctx)),
    ),
    before: null,
    on: p.effectiveFrom,
    repair: touchesRepair(p.change),
    now: rules,
  })
  const items = itemsConcerned(rules, p.change, p.effectiveFrom)
  await run(ctx, { p, pass: p.application, purpose: 'application', judge, items }, lease)
  return true
}

type Turn = { again: boolean; done: Promise<void> }
const running: Record<PassPurpose, WeakMap<object, Turn>> = { preview: new WeakMap(), application: new WeakMap() }
const NEXT = { preview: previewNext, application: applyNext }

const workOff = async (runtime: Runtime, purpose: PassPurpose, turn: Turn): Promise<void> => {
  do {
    turn.again = false
    while (await NEXT[purpose](systemCtx(runtime, `policies.${purpose}`)));
  } while (turn.again)
}

/** Works off what waits, one at a time in this process; a second call joins the first. */
const runPasses = (runtime: Runtime, purpose: PassPurpose): Promise<void> => {
  const held = running[purpose].get(runtime.db)
  if (held) {
    held.again = true
    return held.done
  }
  const turn: Turn = { again: false, done: Promise.resolve() }
  running[purpose].set(runtime.db, turn)
  turn.done = workOff(runtime, purpose, turn).finally(() => running[purpose].delete(runtime.db))
  return turn.done
}
export const runRulePreviews = (runtime: Runtime): Promise<void> => runPasses(runtime, 'preview')
export const applyRules = (runtime: Runtime): Promise<void> => runPasses(runtime, 'application')

/** Somebody waits for it; a process that ends leaves it to the schedule. */
export const wakePreview = (runtime: Runtime): void => {
  runRulePreviews(runtime).catch((error: unknown) =>
    runtime.log.error({ err: error, job: 'policies.preview' }, 'a preview could not be finished'),
  )
}
