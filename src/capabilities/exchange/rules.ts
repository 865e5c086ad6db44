import { covers } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { AskedState, Duty, EffectBy, EffectResult, HolderState, PeerState } from './words.ts'

/** A record was taken down, or shown again, on these channels. */
export type News = { at: string; commitN: number; withdrawn: boolean; channels: string[]; reason: string | null }
/** One hand-over of a record to one peer, for the event with this number. */
export type Delivery = {
  eventId: string
  commitN: number
  handing: 'publish' | 'update' | 'withdraw'
  sentAt: string
  ackedAt: string | null
  outcome: 'applied' | 'already' | 'refused' | 'not_needed' | null
  note: string
  /** Given up after many attempts. */
  deadAt?: string | null
  /** Somebody looked and saw that it is down. */
  verifiedAt?: string | null
}

/** What a peer's profile names beside taking down, and since when it is asked for it. */
export type PeerDuty = { part: Duty; basis: { zh: string; en: string }; since: string }
/** What it said it did upon a withdrawal. */
export type Confirmed = { eventId: string; part: Duty; result: EffectResult; at: string; by: EffectBy; note: string }

/** The withdrawal in force on a channel: the first since the record was last shown there again. News comes oldest first. */
export const withdrawalOn = (news: readonly News[], channel: string): News | null =>
  news
    .filter((n) => n.channels.includes(channel))
    .reduce<News | null>((standing, n) => (n.withdrawn ? (standing ?? n) : null), null)

/** A withdrawal on one channel, and what showed the record there again. */
export type Spell = { withdrawal: News; end: News | null }
/** In which a channel stands now; of a withdrawal `at`, in which it stood then, whatever came of the record since. */
export const spellOn = (news: readonly News[], channel: string, at: News | null): Spell | null => {
  const own = news.filter((n) => n.channels.includes(channel))
  const withdrawal = withdrawalOn(at ? own.filter((n) => n.commitN <= at.commitN) : own, channel)
  if (!withdrawal) return null
  return { withdrawal, end: (at && own.find((n) => !n.withdrawn && n.commitN > at.commitN)) ?? null }
}

/** What is known of one peer and one record: since when it holds it, and what became of the withdrawal. */
export type Holding = {
  heldSince: string
  withdrawSentAt: string | null
  withdrawAckedAt: string | null
  refused: boolean
  note: string
  /** Every word to take it down was given up. */
  deadAt: string | null
  verifiedAt: string | null
  /** The words to take it down that it was handed. */
  told: readonly Delivery[]
}

const first = (times: (string | null)[]): string | null =>
  times.filter((t) => t !== null).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null

/**
 * While nothing is withdrawn: without what a peer was handed before it took the record down (an earlier withdrawal, a scope that
 * no longer had it). Since then it holds what it was handed afterwards.
 */
const sinceItLetGo = (handed: readonly Delivery[], withdrawal: News | null): readonly Delivery[] =>
  withdrawal
    ? handed
    : handed.slice(
        handed.findLastIndex((d) => d.handing === 'withdraw' && d.ackedAt !== null && d.outcome !== 'refused') + 1,
      )

/** null: what it was handed it sent back, so it holds nothing. Any later word to take the record down counts as well as the first. */
export const holdingOf = (handed: readonly Delivery[], withdrawal: News | null): Holding | null => {
  const deliveries = sinceItLetGo(handed, withdrawal)
  const heldSince = first(
    deliveries.filter((d) => d.handing !== 'withdraw' && d.outcome !== 'refused').map((d) => d.sentAt),
  )
  if (!heldSince) return null
  const told = deliveries.filter((d) => d.handing === 'withdraw' && withdrawal && d.commitN >= withdrawal.commitN)
  const done = told.filter((d) => d.ackedAt !== null && d.outcome !== 'refused')
  const back = told.filter((d) => d.outcome === 'refused')
  return {
    heldSince,
    withdrawSentAt: first(told.map((d) => d.sentAt)),
    withdrawAckedAt: first((done.length ? done : back).map((d) => d.ackedAt)),
    refused: done.length === 0 && back.length > 0,
    note: (done[0] ?? back[0])?.note ?? '',
    deadAt: told.length > 0 && told.every((d) => d.deadAt) ? (told.at(-1)?.deadAt ?? null) : null,
    verifiedAt: first(told.map((d) => d.verifiedAt ?? null)),
    told,
  }
}

/** Where one holder stands. `dueOn` is the last day on which an acknowledgement is in time. */
export const holderState = (
  holding: Holding,
  withdrawn: boolean,
  dueOn: LocalDate | null,
  today: LocalDate,
): HolderState => {
  if (!withdrawn) return 'holding'
  if (holding.withdrawAckedAt) return holding.refused ? 'refused' : 'acknowledged'
  if (holding.deadAt) return 'dead'
  if (dueOn && today > dueOn) return 'late'
  return holding.withdrawSentAt ? 'sent' : 'waiting'
}

export type Asked = { part: Duty; state: AskedState; at: string | null; by: EffectBy | null; note: string }
/**
 * What a holder of a withdrawn record has to do beside taking it down: what its profile named when it was told, and whatever it
 * has answered. Nobody is late in what they were never asked for.
 */
export const askedOf = (
  holding: Holding,
  duties: readonly PeerDuty[],
  confirmed: readonly Confirmed[],
  dueOn: LocalDate | null,
  today: LocalDate,
): Asked[] => {
  const said = confirmed.filter((c) => holding.told.some((d) => d.eventId === c.eventId))
  const told = holding.told.at(-1)
  const owed = duties.filter((d) => !told || Date.parse(d.since) <= Date.parse(told.sentAt))
  const parts = [...new Set([...owed, ...said].map((d) => d.part))].toSorted((a, b) => (a < b ? 1 : -1))
  return parts.map((part) => {
    const answer = said.find((c) => c.part === part)
    if (answer) return { part, state: answer.result, at: answer.at, by: answer.by, note: answer.note }
    return { part, state: dueOn && today > dueOn ? 'late' : 'waiting', at: null, by: null, note: '' }
  })
}

/** What a peer is handed for an event, given what the record is now and whether the peer was ever handed it. */
export type Handing = 'publish' | 'update' | 'withdraw' | 'skip'
export const handingOf = (kind: string, shownNow: boolean, held: boolean): Handing => {
  if (shownNow) return held ? 'update' : 'publish'
  // Gone by now: whoever was handed it is told to take it down, each time, so that a word lost on the way comes again;
  // whoever never had it is not shown it any more.
  return held && kind !== 'record.published' ? 'withdraw' : 'skip'
}

/** What a peer is given: everything in its scope, only what it has to take down, or nothing yet. */
export type Service = 'full' | 'withdrawals' | 'none'
/**
 * Whoever is suspended or cut off, or whose agreement has ended, is given nothing new (Order 36 art. 24). What it holds it has
 * to take down all the same, so it is told of that for as long as it holds anything.
 */
export const serviceOf = (peer: { state: PeerState; servedUntil?: LocalDate | null }, today: LocalDate): Service => {
  if (peer.state === 'onboarding') return 'none'
  return peer.state === 'active' && (!peer.servedUntil || today < peer.servedUntil) ? 'full' : 'withdrawals'
}
export const servedHanding = (handing: Handing, service: Service): Handing =>
  service === 'full' || (service === 'withdrawals' && handing === 'withdraw') ? handing : 'skip'

/** Which credit offices hear that a peer is late: those of its territory, and those whose territory lies in it. */
export const watchesOver = (office: { division: string }, peer: { division: string }): boolean =>
  covers(office.division, peer.division) || covers(peer.division, office.division)
