import { movesFrom } from '../../kernel/states.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { isUuid } from '../../kernel/page.ts'
import { personNames } from '../access/index.ts'
import type { PartyView, TalkView, WholePartyView } from './contract.ts'
import { isTalkLate, talksRule, wasLate } from './rules.ts'
import { TALK_MOVES } from './states.ts'
import { type Talk, talksOf } from './store.talks.ts'

/** How summonses look to the credit office, and what a party is told of its own. */

export const openTalk = (ctx: Ctx, t: Talk): NonNullable<PartyView['talk']> => ({
  state: t.state,
  calledFor: t.calledFor,
  asks: t.asks,
  dueOn: t.dueOn,
  late: isTalkLate(t, today(ctx)),
})
/** By party; of each there is one at most. */
export const openTalks = async (ctx: Ctx, db: Reader, peerIds: readonly string[]) =>
  new Map((await talksOf(db, peerIds, { onlyOpen: true })).map((t) => [t.peerId, openTalk(ctx, t)]))

export const talkViews = async (ctx: Ctx, talks: readonly Talk[]): Promise<TalkView[]> => {
  const people = talks.flatMap((t) => [t.calledBy, t.heldBy, t.closedBy]).filter((id) => id !== null && isUuid(id))
  const names = await personNames(ctx.db.kysely, [...new Set(people)] as string[])
  const named = (id: string | null) => (id === null ? null : (names.get(id) ?? id))
  return talks.map((t) => ({
    ...openTalk(ctx, t),
    id: t.id,
    person: t.person,
    capacity: t.basis.capacity,
    reason: t.reason,
    instrument: t.basis.instrument,
    article: t.basis.article,
    figures: t.figures,
    calledAt: t.calledAt,
    calledBy: named(t.calledBy) ?? '',
    heldOn: t.heldOn,
    heldBy: named(t.heldBy),
    minutes: t.minutes,
    closedAt: t.closedAt,
    closedBy: named(t.closedBy),
    figuresAfter: t.figuresAfter,
    note: t.note,
    actions: movesFrom(TALK_MOVES, t.state, rolesOf(ctx.actor)),
    version: t.version,
  }))
}

/** Whom the credit office may summon now: there is a rule, the party has been late, and no summons is open. */
export const summonsOf = (ctx: Ctx, party: PartyView): WholePartyView['summons'] => {
  const on = today(ctx)
  const rule = talksRule(ctx.policy, on)
  if (!rule || party.talk || !wasLate(party.figures) || !hasRole(ctx.actor, 'credit_office')) return null
  return {
    capacities: rule.value.capacities,
    instrument: rule.row.instrument,
    article: rule.row.article,
  }
}

export const mendBy = (ctx: Ctx): LocalDate | null => {
  const on = today(ctx)
  const rule = talksRule(ctx.policy, on)
  return rule && addWorkdays(calendarOf(ctx.policy), on, rule.value.mendWorkdays).day
}
