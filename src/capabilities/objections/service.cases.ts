import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { step } from '../../kernel/states.ts'
import { firstOf } from '../../kernel/text.ts'
import { type Ctx, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import { type HeldRecord, findRecord, findRecordById, holdRecord } from '../records/index.ts'
import { getSubject, recordLook } from '../subjects/index.ts'
import type { CaseView, CorrectionAsk, ObjectionView, PreviewView, SiblingView } from './contract.ts'
import { type Effect, carryOutEffect, effectView, plan } from './effects.ts'
import { basisOf, begin, letterFor, mark, moveOn, tellApplicant, unmark } from './moving.ts'
import { dueOf, extendClock, handlingDays, startClock } from './rules.clock.ts'
import {
  decidedInTime,
  groundsHere,
  mayDecide,
  mayExtend,
  mayRaise,
  mostExtension,
  ownMotionHere,
  verifyTerm,
} from './rules.ts'
import { newObjection, numberOf, passOn } from './service.ts'
import { correctionFor, siblingsOf } from './siblings.ts'
import { type Action, OBJECTION_MOVES, isRaised } from './states.ts'
import * as store from './store.ts'
import { type QueueView, countQueue, listQueue } from './store.lists.ts'
import { aboutView, caseView, isFinder, objectionView, rolesOn, rowView } from './views.ts'
import { GROUND_WORDS, type Ground, OUTCOME_WORDS, isRepairGround } from './words.ts'

/** What the finder and the credit office do with an objection. */

const mustLock = async (tx: Tx, ctx: Ctx, key: store.Key, seen?: number): Promise<store.Objection> => {
  const o = (await store.lockObjection(tx, ctx.actor, key, 'official')) ?? mustNot('NO_SUCH_OBJECTION')
  if (seen !== undefined && o.version !== seen) mustNot('STALE', { version: o.version })
  return o
}
const mustMove = (ctx: Ctx, o: store.Objection, action: Action) =>
  unwrap(step(OBJECTION_MOVES, o.state, action, rolesOn(ctx, o)))
/** Who decides is of the authority that was asked; the credit office reads. */
const mustBeFinder = (ctx: Ctx, o: store.Objection): void => {
  if (!isFinder(rolesOn(ctx, o))) mustNot('NO_SUCH_OBJECTION')
}
const termOn = async (ctx: Ctx, tx: Tx, o: store.Objection) => {
  const record = await findRecord(tx, o.subjectId, o.recordId)
  return verifyTerm(ctx.policy, record?.facts ?? null, o.pushedOn ?? today(ctx))
}

// ---- the queue and the case

export const objectionQueue = async (
  ctx: Ctx,
  ask: { view: QueueView; ground?: Ground | undefined; after?: string | undefined; limit: number },
) => {
  const db = ctx.db.kysely
  const on = today(ctx)
  const byDay = ask.view === 'open' || ask.view === 'overdue'
  const after = byDay ? readCursor(ask.after, 'day', 'uuid') : readCursor(ask.after, 'instant', 'uuid')
  const found = await listQueue(db, ctx.actor, { ...ask, today: on, after, limit: ask.limit + 1 })
  const rows = found.slice(0, ask.limit)
  const last = rows.at(-1)
  const key = last && [byDay ? (last.dueOn ?? '9999-12-31') : last.updatedAt, last.id]
  return {
    rows: rows.map((o) => rowView(ctx, o)),
    next: found.length > ask.limit && key ? encodeCursor(key) : null,
    counts: await countQueue(db, ctx.actor, on),
  }
}

/** Everything the subject sees, on one screen; that it was opened is recorded (A5). */
export const getObjectionCase = (ctx: Ctx, key: store.Key): Promise<CaseView> =>
  inTx(ctx, async (tx) => {
    const o = (await store.findObjection(tx, ctx.actor, key, 'official')) ?? mustNot('NO_SUCH_OBJECTION')
    const record = (await findRecord(tx, o.subjectId, o.recordId)) ?? mustNot('RECORD_NOT_FOUND')
    await recordLook(tx, ctx, o.subjectId, `办理异议（${o.no}）`)
    return caseView(ctx, tx, o, record)
  })

// ---- passing on, and taking longer

export const pushObjection = (
  ctx: Ctx,
  ask: store.Key & { seen: number; authority?: string | undefined },
): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = await mustLock(tx, ctx, ask, ask.seen)
    mustMove(ctx, o, 'push')
    const to = await authorityById(tx, ask.authority ?? o.authorityId)
    if (!to?.active) return mustNot('NO_FINDER', { authority: to?.name ?? o.authorityName })
    return objectionView(ctx, tx, await passOn(tx, ctx, o, to, 'office'))
  })

export const extendObjection = (
  ctx: Ctx,
  ask: store.Key & { seen: number; workdays: number; reason: string },
): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = await mustLock(tx, ctx, ask, ask.seen)
    mustBeFinder(ctx, o)
    const to = mustMove(ctx, o, 'extend')
    const on = today(ctx)
    const clock = o.clock ?? mustNot('NO_SUCH_MOVE', { from: o.state, action: 'extend' })
    const most = mostExtension(ctx.policy, on)
    unwrap(mayExtend({ clock, dueOn: o.dueOn, article: clock.article }, ask.workdays, most, on))
    const longer = extendClock(clock, ask.workdays)
    const change = {
      clock: longer,
      ...dueOf(longer, ctx.policy),
      extension: { on, workdays: ask.workdays, reason: ask.reason },
    }
    const basis = { id: clock.rule, instrument: clock.instrument, article: clock.article }
    const next = await moveOn(tx, ctx, o, {
      action: 'extend',
      to,
      by: 'authority',
      change,
      note: ask.reason,
      basis: basisOf(ctx, basis, { workdays: ask.workdays, most }),
      letter: letterFor(
        'extension',
        ctx,
        { ...o, ...change },
        { signedBy: o.authorityName, text: ask.reason, basis: [basis] },
      ),
      past: 'extended',
    })
    await tellApplicant(tx, ctx, next, 'extended', { text: ask.reason })
    return objectionView(ctx, tx, next)
  })

// ---- deciding

export const previewCorrection = (ctx: Ctx, ask: store.Key & { correction: CorrectionAsk }): Promise<PreviewView> =>
  inTx(ctx, async (tx) => {
    const o = (await store.findObjection(tx, ctx.actor, ask, 'official')) ?? mustNot('NO_SUCH_OBJECTION')
    mustBeFinder(ctx, o)
    unwrap(mayDecide(o.ground, 'upheld', ask.correction))
    const held = await holdRecord(tx, o.subjectId, o.recordId)
    const { effect } = await plan(tx, ctx, held, o.ground, ask.correction)
    return { effect: effectView(ctx, effect, held.record), siblings: await siblingsOf(ctx, tx, o, effect) }
  })

const ACTION_OF = { upheld: 'uphold', partly_upheld: 'uphold_partly', rejected: 'reject' } as const
type Verdict = keyof typeof ACTION_OF
type Deciding = { outcome: Verdict; answer: string; correction: CorrectionAsk | null }

/** The reasons of a disposition are read on the record's page: the objection's number and the answer, cut to what fits. */
const MOST_REASON = 500
const reasonOf = (o: store.Objection, answer: string): string => firstOf(`异议（${o.no}）：${answer}`, MOST_REASON)

const uphold = async (
  tx: Tx,
  ctx: Ctx,
  o: store.Objection,
  held: HeldRecord,
  ask: Deciding,
  basis: store.ActBasis | null,
) => {
  if (!ask.correction) return null
  const planned = await plan(tx, ctx, held, o.ground, ask.correction)
  return carryOutEffect(tx, ctx, held, planned, {
    ground: o.ground,
    reason: reasonOf(o, ask.answer),
    basis: { ...basis, objection: o.no, outcome: ask.outcome },
    caseId: o.id,
    caseNo: o.no ?? '',
  })
}

/** Decision, correction everywhere, tombstone, mark taken away, letter: one transaction. */
const decide = async (tx: Tx, ctx: Ctx, o: store.Objection, ask: Deciding): Promise<store.Objection> => {
  mustBeFinder(ctx, o)
  const on = today(ctx)
  const to = mustMove(ctx, o, ACTION_OF[ask.outcome])
  unwrap(mayDecide(o.ground, ask.outcome, ask.correction))
  const held = await holdRecord(tx, o.subjectId, o.recordId)
  const term = await termOn(ctx, tx, o)
  const inputs = {
    ground: o.ground,
    outcome: ask.outcome,
    does: ask.correction?.does ?? null,
    recordVersion: held.record.version,
  }
  const basis = term && basisOf(ctx, term, inputs)
  const effect = await uphold(tx, ctx, o, held, ask, basis)
  const change: Partial<store.Objection> = {
    outcome: ask.outcome,
    answer: ask.answer,
    correction: ask.correction,
    effect,
    decidedOn: on,
    workdays: o.submittedOn ? handlingDays(ctx.policy, o.submittedOn, on) : null,
    inTime: decidedInTime(o.dueOn, on, ctx.policy),
  }
  const letter = letterFor(
    ask.outcome,
    ctx,
    { ...o, ...change },
    { signedBy: o.authorityName, text: ask.answer, basis: term ? [term] : [] },
  )
  const decided = await moveOn(tx, ctx, o, {
    action: ACTION_OF[ask.outcome],
    to,
    by: 'authority',
    change,
    note: ask.answer,
    basis,
    letter,
    past: ask.outcome,
  })
  if (letter) {
    const more = { outcome: OUTCOME_WORDS[ask.outcome], text: ask.answer }
    await tellApplicant(tx, ctx, decided, isRaised(o.wayIn) ? 'decided' : 'corrected', more)
  }
  const done = effect && effect.does !== 'reopen' ? await applied(tx, ctx, decided, basis, '') : decided
  await unmark(tx, ctx, done, null)
  return done
}
const applied = (tx: Tx, ctx: Ctx, o: store.Objection, basis: store.ActBasis | null, note: string) =>
  moveOn(tx, ctx, o, {
    action: 'apply',
    to: unwrap(step(OBJECTION_MOVES, o.state, 'apply', ['officer'])),
    by: ctx.actor.kind === 'system' ? 'platform' : 'authority',
    note,
    basis,
    past: 'applied',
  })

export const decideObjection = (ctx: Ctx, ask: store.Key & Deciding & { seen: number }): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const done = await decide(tx, ctx, await mustLock(tx, ctx, ask, ask.seen), ask)
    return objectionView(ctx, tx, done)
  })

/** Upheld about a refusal: the repair has been accepted or granted again since. */
export const confirmTakenUp = async (tx: Tx, ctx: Ctx, o: store.Objection, note: string): Promise<store.Objection> => {
  const [refused] = o.refusedItem ? await store.refusalsOf(tx, o.subjectId, o.refusedItem) : []
  if (!refused?.again) return mustNot('NOT_TAKEN_UP_AGAIN')
  return applied(tx, ctx, o, null, note)
}
export const applyObjection = (ctx: Ctx, ask: store.Key & { seen: number; note: string }): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = await mustLock(tx, ctx, ask, ask.seen)
    mustBeFinder(ctx, o)
    mustMove(ctx, o, 'apply')
    return objectionView(ctx, tx, await confirmTakenUp(tx, ctx, o, ask.note))
  })

// ---- siblings

const effectOf = (o: store.Objection): Effect =>
  o.state === 'applied' && o.effect && o.effect.does !== 'reopen' ? o.effect : mustNot('NOT_UPHELD')

export const listSiblings = async (ctx: Ctx, key: store.Key): Promise<{ rows: SiblingView[] }> => {
  const db = ctx.db.kysely
  const o = (await store.findObjection(db, ctx.actor, key, 'official')) ?? mustNot('NO_SUCH_OBJECTION')
  mustBeFinder(ctx, o)
  return { rows: await siblingsOf(ctx, db, o, effectOf(o)) }
}

type Sibling = { subject: string; record: string; seen: number }
/** One of them, as an objection of the finder's own motion that shares its parent's outcome. */
const correctOne = async (
  tx: Tx,
  ctx: Ctx,
  parent: store.Objection,
  effect: Effect,
  ask: Sibling & { reason: string },
) => {
  const held = await holdRecord(tx, ask.subject, ask.record)
  const { record } = held
  if (record.version !== ask.seen) mustNot('RECORD_CHANGED', { doc: record.docNo })
  const correction = await correctionFor(tx, effect, { subjectId: ask.subject, recordId: ask.record }, today(ctx))
  const answer = `与异议（${parent.no}）存在同样问题，一并更正。${ask.reason}`
  const outcome = parent.outcome === 'partly_upheld' ? 'partly_upheld' : 'upheld'
  const opened = await openCase(tx, ctx, record, {
    ground: parent.ground,
    reason: ask.reason,
    wayIn: 'own_motion',
    parentId: parent.id,
    atOnce: true,
  })
  return decide(tx, ctx, opened, { outcome, answer, correction })
}

export const correctSiblings = (
  ctx: Ctx,
  ask: store.Key & { records: readonly Sibling[]; reason: string },
): Promise<{ corrected: { subjectId: string; recordId: string; objectionId: string; no: string }[] }> =>
  inTx(ctx, async (tx) => {
    const parent = await mustLock(tx, ctx, ask)
    mustBeFinder(ctx, parent)
    const effect = effectOf(parent)
    const known = new Set((await siblingsOf(ctx, tx, parent, effect)).map((s) => s.recordId))
    if (ask.records.some((r) => !known.has(r.record))) mustNot('NO_SUCH_SIBLING')
    const corrected = []
    // In one order, so that two who do the same wait rather than deadlock.
    for (const r of ask.records.toSorted((a, b) => (a.record < b.record ? -1 : 1))) {
      const done = await correctOne(tx, ctx, parent, effect, { ...r, reason: ask.reason })
      corrected.push({ subjectId: r.subject, recordId: r.record, objectionId: done.id, no: done.no ?? '' })
    }
    recordAct(tx, ctx, {
      act: 'objections.correct_siblings',
      target: { kind: 'objection', id: parent.id },
      subjectId: parent.subjectId,
      details: { records: corrected.length },
    })
    return { corrected }
  })

// ---- the finder's own motion, and what others pass on without an applicant

type Opening = {
  ground: Ground
  /** Where the jurisdiction does not know the ground. */
  instead?: Ground
  reason: string
  wayIn: 'own_motion' | 'self_check' | 'report'
  parentId?: string
  reportId?: string
  /** Decided in the same transaction: nobody would see the mark. */
  atOnce?: boolean
}
/** Opened with its number and its mark, and with the finder at once. */
export const openCase = async (
  tx: Tx,
  ctx: Ctx,
  record: HeldRecord['record'],
  { ground: asked, instead, reason, wayIn, parentId, reportId, atOnce }: Opening,
): Promise<store.Objection> => {
  const { shown, annulled } = aboutView(ctx, record)
  const here = groundsHere(ctx.policy, today(ctx)).grounds
  const ground = instead && !here.includes(asked) ? instead : asked
  if (isRepairGround(ground)) mustNot('GROUND_MISFITS', { ground: GROUND_WORDS[ground] })
  unwrap(mayRaise(ground, { refused: null, shown, annulled }, ctx.policy, today(ctx)))
  const pending = (await store.pendingAbout(tx, record.subjectId, [record.id])).find((p) => p.ground === ground)
  if (pending) mustNot('OBJECTION_PENDING', { no: pending.no ?? '' })
  const subject = await getSubject(tx, record.subjectId)
  const on = today(ctx)
  const term = verifyTerm(ctx.policy, record.facts, on)
  const clock = startClock('verify', term, on)
  const o = newObjection(ctx, {
    record,
    refused: null,
    subjectName: subject?.name ?? '',
    ground,
    wayIn,
    statement: reason,
    no: await numberOf(tx, ctx, 'YY'),
    state: 'verifying',
    submittedOn: on,
    pushedOn: on,
    clock,
    ...dueOf(clock, ctx.policy),
    parentId: parentId ?? null,
    reportId: reportId ?? null,
  })
  const marked = atOnce ? false : await mark(tx, ctx, o)
  const by = wayIn === 'own_motion' ? 'authority' : ctx.actor.kind === 'system' ? 'platform' : 'office'
  const opened = { ...o, marked }
  await begin(tx, ctx, opened, {
    action: 'open',
    to: 'verifying',
    by,
    note: reason,
    basis: term && basisOf(ctx, term),
    past: 'opened',
  })
  return opened
}

export const openOwnMotion = (
  ctx: Ctx,
  ask: { record: string; ground: Ground; reason: string },
): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    if (!ownMotionHere(ctx.policy, today(ctx))) mustNot('OWN_MOTION_OFF')
    const found = (await findRecordById(tx, ask.record)) ?? mustNot('NO_SUCH_TARGET')
    if (found.authorityId !== authorityOf(ctx.actor)) mustNot('NOT_YOUR_FINDING')
    const { record } = await holdRecord(tx, found.subjectId, found.id)
    const o = await openCase(tx, ctx, record, { ground: ask.ground, reason: ask.reason, wayIn: 'own_motion' })
    return objectionView(ctx, tx, o)
  })
