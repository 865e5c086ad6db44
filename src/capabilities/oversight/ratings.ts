import { mustNot, unwrap } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { scrubFreeText } from '../../kernel/mask.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { post } from '../messages/index.ts'
import type { MyRatingView, RatingView } from './contract.ts'
import { RATED_STATES, type RatingRule, mayRate, needsReply, ratingFits, replyDue } from './rules.ts'
import { itemName, scopeFor } from './service.ts'
import * as store from './store.ratings.ts'
import type { RatingReason, ReplyState } from './words.ts'

/** 好差评: the applicant rates each decided item once; the authority sees what was said and not who said it. */

const ruleOn = (ctx: Ctx): RatingRule | null =>
  (settingOf(ctx.policy, 'rating_reply', today(ctx))?.value as RatingRule | undefined) ?? null

/** An applicant for the own subjects; a window for the subject that stands at it, of what this window took in. */
const applicantOf = (ctx: Ctx, subject: string | undefined): store.Applicant => {
  const { actor } = ctx
  if (actor.kind !== 'person') return mustNot('FORBIDDEN')
  if (hasRole(actor, 'window_clerk')) {
    return subject && actor.authorityId
      ? { subjectId: subject, windowId: actor.authorityId }
      : mustNot('NO_SUCH_DECIDED_ITEM')
  }
  if (subject === undefined) return { subjectIds: actor.subjectIds }
  return actor.subjectIds.includes(subject) ? { subjectIds: [subject] } : mustNot('NO_SUCH_DECIDED_ITEM')
}

const myView = (ctx: Ctx, r: store.DecidedRow): MyRatingView => ({
  subjectId: r.subjectId,
  itemId: r.itemId,
  subjectName: r.subjectName,
  no: r.no,
  itemName: itemName(ctx.policy, r.item),
  docNo: r.docNo,
  authorityName: r.authorityName,
  state: r.state,
  decidedOn: r.decidedOn,
  rating:
    r.score === null || r.ratedAt === null
      ? null
      : {
          score: r.score,
          reasons: r.reasons ?? [],
          remark: r.remark ?? '',
          ratedAt: r.ratedAt,
          reply: r.reply,
          repliedAt: r.repliedAt,
        },
})

export const listMyRatings = async (
  ctx: Ctx,
  ask: { subject?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<MyRatingView>> => {
  const rows = await store.listDecided(ctx.db.kysely, applicantOf(ctx, ask.subject), {
    states: RATED_STATES,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.updatedAt, r.itemId])
  return { rows: page.rows.map((r) => myView(ctx, r)), next: page.next }
}

export const rateItem = (
  ctx: Ctx,
  ask: { subject: string; item: string; score: number; reasons: RatingReason[]; remark: string },
): Promise<MyRatingView> =>
  inTx(ctx, async (tx) => {
    const who = applicantOf(ctx, ask.subject)
    const found = (await store.findDecided(tx, who, ask.item)) ?? mustNot('NO_SUCH_DECIDED_ITEM')
    const on = today(ctx)
    if (settingOf(ctx.policy, 'rating_after_service', on)?.value !== true) mustNot('RATING_CLOSED')
    if (found.score !== null) mustNot('RATED_ALREADY')
    unwrap(mayRate(found.state))
    unwrap(ratingFits(ask.score, ask.reasons))
    const added = await store.insertRating(tx, {
      subjectId: found.subjectId,
      itemId: found.itemId,
      id: newId(),
      recordId: found.recordId,
      recordItem: found.item,
      authorityId: found.authorityId,
      authorityName: found.authorityName,
      division: found.division ?? '',
      outcome: found.state,
      score: ask.score,
      reasons: [...new Set(ask.reasons)],
      remark: ask.remark,
      wayIn: 'windowId' in who ? 'window' : 'online',
      at: ctx.clock.now(),
      on,
      by: actorRef(ctx.actor),
      replyDueOn: replyDue(ctx.policy, ruleOn(ctx), ask.score, on),
    })
    if (!added) mustNot('RATED_ALREADY')
    recordAct(tx, ctx, {
      act: 'oversight.rate',
      target: { kind: 'repair_item', id: found.itemId },
      subjectId: found.subjectId,
      details: { score: ask.score },
    })
    return myView(ctx, (await store.findDecided(tx, who, ask.item)) ?? mustNot('NO_SUCH_DECIDED_ITEM'))
  })

const stateOf = (ctx: Ctx, r: store.RatingRow): ReplyState => {
  if (r.reply !== null) return 'replied'
  if (r.replyDueOn !== null && r.replyDueOn < today(ctx)) return 'overdue'
  return needsReply(ruleOn(ctx), r.score) ? 'needed' : 'none'
}
/** Free text may name somebody; what looks like a person's data is cut out. */
const ratingView = (ctx: Ctx, r: store.RatingRow): RatingView => ({
  id: r.id,
  authorityName: r.authorityName,
  itemName: itemName(ctx.policy, r.item),
  month: r.ratedOn.slice(0, 7),
  score: r.score,
  reasons: r.reasons,
  remark: scrubFreeText(r.remark).text,
  reply: r.reply,
  repliedAt: r.repliedAt,
  replyDueOn: r.replyDueOn,
  replyState: stateOf(ctx, r),
  mayReply:
    r.reply === null &&
    hasRole(ctx.actor, 'officer', 'head') &&
    ctx.actor.kind === 'person' &&
    ctx.actor.authorityId === r.authorityId,
  version: r.version,
})

const TENTHS = 10
export const listRatings = async (
  ctx: Ctx,
  ask: {
    authority?: string | undefined
    score?: number | undefined
    state?: 'needed' | 'overdue' | 'replied' | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const scope = await scopeFor(ctx, ask.authority)
  const db = ctx.db.kysely
  const rows = await store.listRatings(db, scope, {
    ...ask,
    atMost: ruleOn(ctx)?.atMost ?? 0,
    on: today(ctx),
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const byScore = await store.ratingsByScore(db, scope, { authority: ask.authority })
  const count = byScore.reduce((n, s) => n + s.count, 0)
  const points = byScore.reduce((n, s) => n + s.score * s.count, 0)
  const page = pageOf(rows, ask.limit, (r) => [r.ratedOn, r.id])
  return {
    rows: page.rows.map((r) => ratingView(ctx, r)),
    next: page.next,
    count,
    mean: count ? Math.round((points * TENTHS) / count) / TENTHS : null,
    byScore,
  }
}

export const replyToRating = (ctx: Ctx, ask: { id: string; seen: number; reply: string }): Promise<RatingView> =>
  inTx(ctx, async (tx) => {
    const scope =
      ctx.actor.kind === 'person' && ctx.actor.authorityId
        ? { authorityId: ctx.actor.authorityId }
        : mustNot('FORBIDDEN')
    const held = (await store.findRating(tx, scope, ask.id)) ?? mustNot('NOT_FOUND')
    if (held.reply !== null) mustNot('REPLIED_ALREADY')
    const saved = await store.saveReply(tx, {
      id: held.id,
      reply: ask.reply,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
      seen: ask.seen,
    })
    if (!saved) mustNot('STALE')
    if (held.wayIn === 'online') {
      await post(tx, ctx, {
        to: { personIds: [held.ratedBy] },
        kind: 'rating_reply',
        title: { zh: '您的服务评价已收到回复', en: 'Your rating has been replied to' },
        body: { zh: `${held.authorityName}回复：${ask.reply}`, en: `${held.authorityName} replied: ${ask.reply}` },
        link: '/app/my/ratings',
        about: { kind: 'rating', id: held.id },
        by: ['inbox'],
        key: `rating-reply/${held.id}`,
      })
    }
    recordAct(tx, ctx, { act: 'oversight.reply', target: { kind: 'rating', id: held.id } })
    return ratingView(ctx, (await store.findRating(tx, scope, ask.id)) ?? mustNot('NOT_FOUND'))
  })
