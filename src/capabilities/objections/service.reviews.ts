import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Ctx, actorRef, authorityOf, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { dispose, findRecordById, holdRecord } from '../records/index.ts'
import { getSubject } from '../subjects/index.ts'
import type { CorrectionAsk, ReviewView } from './contract.ts'
import { carryOutEffect, plan } from './effects.ts'
import { basisOf, dueWords, tell } from './moving.ts'
import { clockView, dueOf, startClock } from './rules.clock.ts'
import { carryOutTerm } from './rules.ts'
import { REVIEW_MOVES, type ReviewAction, type ReviewKind, type ReviewOutcome, type ReviewState } from './states.ts'
import type { Key } from './store.ts'
import * as store from './store.reviews.ts'
import { itemName } from './views.ts'

/**
 * Order 36 art. 19: a reconsideration or a lawsuit does not suspend publicity unless the body or the court says so; when it ends
 * with the decision set aside or changed, the record is withdrawn or changed within three working days.
 */
const ORDER_36 = {
  id: 'ndrc-36/19',
  instrument: { zh: '《信用修复管理办法》（国家发展改革委令第36号）', en: 'Measures on Credit Repair (NDRC Order 36)' },
  article: '第十九条',
}
const isChanged = (outcome: ReviewOutcome | null): boolean => outcome === 'set_aside' || outcome === 'changed'

const actionsOf = (ctx: Ctx, r: store.Review): ReviewAction[] =>
  authorityOf(ctx.actor) === r.authorityId
    ? movesFrom(REVIEW_MOVES, r.state, rolesOf(ctx.actor)).filter((a) => a !== 'carry_out' || isChanged(r.outcome))
    : []
const viewOf = (ctx: Ctx, r: store.Review): ReviewView => ({
  subjectId: r.subjectId,
  id: r.id,
  recordId: r.recordId,
  subjectName: r.subjectName,
  itemName: itemName(ctx, r.recordItem),
  docNo: r.docNo,
  authorityName: r.authorityName,
  kind: r.kind,
  body: r.body,
  caseNo: r.caseNo,
  filedOn: r.filedOn,
  suspended: r.suspended,
  state: r.state,
  outcome: r.outcome,
  endedOn: r.endedOn,
  clock: r.state === 'ended' ? clockView(r.clock, ctx.policy, today(ctx)) : null,
  version: r.version,
  actions: actionsOf(ctx, r),
})

export const listReviews = async (
  ctx: Ctx,
  ask: { subject?: string | undefined; state?: ReviewState | undefined; after?: string | undefined; limit: number },
) => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const found = await store.listReviews(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const shown = found.slice(0, ask.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map((r) => viewOf(ctx, r)),
    next: found.length > ask.limit && last ? encodeCursor([last.createdAt, last.id]) : null,
  }
}

const write = (tx: Tx, ctx: Ctx, r: store.Review, act: string, details: Record<string, unknown> = {}) =>
  recordAct(tx, ctx, {
    act: `objections.${act}_review`,
    target: { kind: 'review', id: r.id },
    subjectId: r.subjectId,
    details: { kind: r.kind, ...details },
  })

/** Stopped by order, or shown again: through the records' door, like everything that is shown. */
const showAgainOrNot = (tx: Tx, ctx: Ctx, r: store.Review, kind: 'withheld' | 'restored', reason: string) =>
  dispose(tx, ctx, {
    subjectId: r.subjectId,
    recordId: r.recordId,
    kind,
    channel: null,
    effectiveFrom: today(ctx),
    reason: `${reason}（${r.body}，${r.caseNo}）`,
    basis: { ...basisOf(ctx, ORDER_36), review: r.id },
    caseId: r.id,
  })

export const registerReview = (
  ctx: Ctx,
  ask: { record: string; kind: ReviewKind; body: string; caseNo: string; filedOn: string; suspended: boolean },
): Promise<ReviewView> =>
  inTx(ctx, async (tx) => {
    const found = (await findRecordById(tx, ask.record)) ?? mustNot('NO_SUCH_TARGET')
    if (found.authorityId !== authorityOf(ctx.actor)) mustNot('NOT_YOUR_FINDING')
    if (ask.filedOn > today(ctx)) mustNot('DAY_IN_FUTURE')
    const { record } = await holdRecord(tx, found.subjectId, found.id)
    if (record.state === 'annulled') mustNot('RECORD_TAKEN_BACK')
    const subject = await getSubject(tx, record.subjectId)
    const r: store.Review = {
      subjectId: record.subjectId,
      id: newId(),
      recordId: record.id,
      subjectName: subject?.name ?? '',
      recordItem: record.item,
      docNo: record.docNo,
      authorityId: record.authorityId,
      authorityName: record.authorityName,
      division: record.division,
      kind: ask.kind,
      body: ask.body,
      caseNo: ask.caseNo,
      filedOn: ask.filedOn as LocalDate,
      suspended: ask.suspended,
      state: 'pending',
      outcome: null,
      endedOn: null,
      note: '',
      clock: null,
      dueOn: null,
      dueProvisional: false,
      escalated: 0,
      effect: null,
      carriedOn: null,
      createdAt: ctx.clock.now(),
      version: 1,
    }
    if (!(await store.insertReview(tx, r, actorRef(ctx.actor)))) mustNot('REVIEW_EXISTS')
    if (r.suspended) await showAgainOrNot(tx, ctx, r, 'withheld', '停止执行，暂停公示')
    write(tx, ctx, r, 'register', { suspended: r.suspended })
    return viewOf(ctx, r)
  })

const mustLock = async (tx: Tx, ctx: Ctx, ask: Key & { seen: number }): Promise<store.Review> => {
  const r = (await store.lockReview(tx, ctx.actor, ask)) ?? mustNot('NO_SUCH_REVIEW')
  if (authorityOf(ctx.actor) !== r.authorityId) mustNot('NO_SUCH_REVIEW')
  return r.version === ask.seen ? r : mustNot('STALE', { version: r.version })
}

/** What leaves the decision standing ends it here; what sets it aside or changes it starts the clock of three working days. */
export const endReview = (
  ctx: Ctx,
  ask: Key & { seen: number; outcome: ReviewOutcome; endedOn: string; note: string },
): Promise<ReviewView> =>
  inTx(ctx, async (tx) => {
    const r = await mustLock(tx, ctx, ask)
    const state = unwrap(step(REVIEW_MOVES, r.state, 'end', rolesOf(ctx.actor)))
    const endedOn = ask.endedOn as LocalDate
    if (endedOn > today(ctx)) mustNot('DAY_IN_FUTURE')
    const clock = isChanged(ask.outcome) ? startClock('carry_out', carryOutTerm(ctx.policy, today(ctx)), endedOn) : null
    const due = dueOf(clock, ctx.policy)
    const next: store.Review = {
      ...r,
      state,
      outcome: ask.outcome,
      endedOn,
      note: ask.note,
      clock,
      ...due,
      version: r.version + 1,
    }
    await store.saveReview(tx, next, ctx.clock.now())
    if (r.suspended && !clock) await showAgainOrNot(tx, ctx, r, 'restored', '程序终结，恢复公示')
    if (clock) await tellAbout(tx, ctx, next, 'review_due', { authorityId: next.authorityId, role: 'officer' }, '1')
    write(tx, ctx, next, 'end', { outcome: ask.outcome })
    return viewOf(ctx, next)
  })

export const tellAbout = (
  tx: Tx,
  ctx: Ctx,
  r: store.Review,
  what: 'review_due' | 'review_overdue',
  to: { authorityId: string; role: 'officer' | 'head' | 'credit_office' },
  key: string,
) =>
  tell(tx, ctx, {
    what,
    to,
    link: '/app/objections/reviews',
    about: { kind: 'review', id: r.id },
    key,
    params: { doc: r.docNo, authority: r.authorityName, due: dueWords(r.dueOn) },
  })

const GROUND = 'wrong_content'
export const carryOutReview = (
  ctx: Ctx,
  ask: Key & { seen: number; correction: CorrectionAsk; reason: string },
): Promise<ReviewView> =>
  inTx(ctx, async (tx) => {
    const r = await mustLock(tx, ctx, ask)
    const state = unwrap(step(REVIEW_MOVES, r.state, 'carry_out', rolesOf(ctx.actor)))
    if (!isChanged(r.outcome)) mustNot('REVIEW_CHANGED_NOTHING')
    const { does } = ask.correction
    if (does === 'reopen' || (r.outcome === 'set_aside' && does !== 'annul'))
      mustNot('CORRECTION_MISFITS', { ground: { zh: '撤销原决定', en: 'The decision was set aside' } })
    const held = await holdRecord(tx, r.subjectId, r.recordId)
    const planned = await plan(tx, ctx, held, GROUND, ask.correction)
    const term = carryOutTerm(ctx.policy, r.endedOn ?? today(ctx))
    const effect = await carryOutEffect(tx, ctx, held, planned, {
      ground: GROUND,
      reason: ask.reason,
      basis: { ...basisOf(ctx, term ?? ORDER_36, { outcome: r.outcome }), review: r.id },
      caseId: r.id,
      caseNo: r.caseNo,
    })
    if (r.suspended && does === 'correct')
      await showAgainOrNot(tx, ctx, { ...r, recordId: effect.recordId }, 'restored', '程序终结，恢复公示')
    const next: store.Review = { ...r, state, effect, carriedOn: today(ctx), version: r.version + 1 }
    await store.saveReview(tx, next, ctx.clock.now())
    write(tx, ctx, next, 'carry_out', { does })
    return viewOf(ctx, next)
  })
