import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { Job } from '../../platform/jobs.ts'
import { officeOver, tellOfficials } from './moving.ts'
import { dueOf, levelsDue } from './rules.clock.ts'
import { escalationLevels } from './rules.ts'
import { confirmTakenUp } from './service.cases.ts'
import { selfCheck } from './service.findings.ts'
import { tendReports } from './service.reports.ts'
import { tellAbout } from './service.reviews.ts'
import { tryToPassOn } from './service.ts'
import { isPending } from './states.ts'
import * as store from './store.ts'
import * as lists from './store.lists.ts'
import * as reviews from './store.reviews.ts'

/** Objections that wait for nobody but the platform: passed on, reported as late, reckoned anew. */

const each = async (ctx: Ctx, keys: readonly lists.JobKey[], then: (tx: Tx, o: store.Objection) => Promise<void>) => {
  for (const key of keys)
    await inTx(ctx, async (tx) => {
      const o = await store.lockObjection(tx, ctx.actor, { subject: key.subjectId, id: key.id }, 'official')
      if (o) await then(tx, o)
    })
}

/** A finder that has come onto the platform since; and what was upheld about a repair that has been taken up again. */
export const passOnWaiting = async (ctx: Ctx): Promise<void> => {
  await each(ctx, await lists.toPush(ctx.db.kysely), async (tx, o) => {
    if (o.state === 'submitted') await tryToPassOn(tx, ctx, o)
  })
  await each(ctx, await lists.takenUpAgain(ctx.db.kysely), async (tx, o) => {
    if (o.state === 'upheld' || o.state === 'partly_upheld') await confirmTakenUp(tx, ctx, o, '')
  })
}

/** To the head of the finder, then to the credit office, each once. What was never passed on goes to the credit office alone. */
export const escalate = async (ctx: Ctx): Promise<void> => {
  const on = today(ctx)
  const levels = escalationLevels(ctx.policy, on)
  if (!levels.length) return
  await each(ctx, await lists.lateOnes(ctx.db.kysely, on, levels.length), async (tx, o) => {
    if (!isPending(o.state) || !o.dueOn) return
    const due = levelsDue(levels, o.dueOn, on, ctx.policy)
    const fresh = due.slice(o.escalated)
    if (!fresh.length) return
    for (const { level } of fresh) {
      const office = level === 'credit_office' || o.state === 'submitted' ? await officeOver(tx, o.division) : null
      const to = office
        ? ({ authorityId: office, role: 'credit_office' } as const)
        : ({ authorityId: o.authorityId, role: 'head' } as const)
      await tellOfficials(tx, ctx, o, 'overdue', to)
      recordAct(tx, ctx, {
        act: 'objections.escalate',
        target: { kind: 'objection', id: o.id },
        subjectId: o.subjectId,
        details: { level, due: o.dueOn },
      })
    }
    await lists.saveEscalated(tx, o, due.length)
  })
  for (const key of await reviews.lateReviews(ctx.db.kysely, on, levels.length))
    await inTx(ctx, async (tx) => {
      const r = await reviews.lockReview(tx, ctx.actor, { subject: key.subjectId, id: key.id })
      if (!r?.dueOn || r.state !== 'ended') return
      const due = levelsDue(levels, r.dueOn, on, ctx.policy)
      for (const { level } of due.slice(r.escalated)) {
        const office = level === 'credit_office' ? await officeOver(tx, r.division) : null
        const to = office
          ? ({ authorityId: office, role: 'credit_office' } as const)
          : ({ authorityId: r.authorityId, role: 'head' } as const)
        await tellAbout(tx, ctx, r, 'review_overdue', to, level)
      }
      if (due.length > r.escalated) await reviews.saveReview(tx, { ...r, escalated: due.length }, ctx.clock.now())
    })
}

/** Days worked out by a calendar that was not complete are worked out again once it is. */
export const settleProvisional = async (ctx: Ctx): Promise<void> =>
  each(ctx, await lists.provisionalOnes(ctx.db.kysely), async (tx, o) => {
    if (!o.clock) return
    const due = dueOf(o.clock, ctx.policy)
    const { provisional } = addWorkdays(calendarOf(ctx.policy), o.clock.startedOn, o.clock.workdays + o.clock.extra)
    if (due.dueOn !== o.dueOn || provisional !== o.dueProvisional) await lists.saveDue(tx, { ...o, ...due })
  })

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const jobs: readonly Job[] = [
  { name: 'objections.pass_on', every: MINUTE_MS, run: passOnWaiting },
  { name: 'objections.escalate', every: 10 * MINUTE_MS, run: escalate },
  { name: 'objections.reports', every: 10 * MINUTE_MS, run: tendReports },
  // Asked each hour, done once a day.
  { name: 'objections.self_check', every: HOUR_MS, run: selfCheck },
  { name: 'objections.settle_provisional', every: 24 * HOUR_MS, run: settleProvisional },
]
