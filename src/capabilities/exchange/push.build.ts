import { type Ctx, today } from '../../platform/context.ts'
import { type Handed, bodyTextsOf, deliveriesOf, handingsOf } from './handing.ts'
import type { Told } from './resend.ts'
import * as queue from './store.push.ts'
import { type Peer, standingWithdrawals } from './store.ts'

/**
 * What deliveries say at the moment at which they go: what the record is now, not what it was when they were put on the queue. So
 * no publish leaves after a withdrawal, and what there is nothing to tell of any more does not leave at all.
 */
export type Outgoing = queue.Claimed & { text: string }
export type Built = {
  send: Outgoing[]
  noted: queue.Noted[]
  /** Records that whoever holds them has to be told of under a number of their own: no event will. */
  anew: Told[]
}

/** A message to one peer as a CloudEvent. */
export const messageEvent = (ctx: Pick<Ctx, 'config'>, m: queue.Addressed) => ({
  specversion: '1.0' as const,
  id: m.eventId,
  source: `xinheng/${ctx.config.jurisdiction}`,
  type: m.type,
  subject: m.recordId ?? m.subjectId,
  time: m.at,
  datacontenttype: 'application/json' as const,
  data: m.data,
})

const withdraws = (kind: string): boolean => kind === 'withdraw'

/** Those whose display has run out by the calendar alone. What is withdrawn beside that has an event of its own. */
const overByTime = async (ctx: Ctx, peer: Peer, handed: readonly Handed[]): Promise<ReadonlySet<string>> => {
  const day = today(ctx)
  const over = handed.filter((h) => withdraws(h.kind) && h.window?.until && h.window.until <= day)
  const withdrawn = await standingWithdrawals(
    ctx.db.kysely,
    peer.channel,
    over.map((h) => h.record.id),
  )
  return new Set(over.flatMap((h) => (withdrawn.has(h.record.id) ? [] : [h.event.id])))
}

export const build = async (ctx: Ctx, peer: Peer, claimed: readonly queue.Claimed[]): Promise<Built> => {
  const db = ctx.db.kysely
  const isMessage = (d: queue.Claimed): boolean => d.kind === 'message'
  const events = await queue.eventsOf(
    db,
    peer,
    claimed.filter((d) => !isMessage(d)),
  )
  const handed = await handingsOf(ctx, peer, events)
  const messages = await queue.addressedOf(db, peer.id, claimed.filter(isMessage))
  const rows = new Map(deliveriesOf(handed).map((r) => [r.event_id, r]))
  const texts = new Map<string, string>(messages.map((m) => [m.eventId, JSON.stringify(messageEvent(ctx, m))]))
  const bodies = await bodyTextsOf(ctx, peer, handed)
  for (const [i, h] of handed.entries()) texts.set(h.event.id, bodies[i]!)

  const built: Built = { send: [], noted: [], anew: [] }
  const anew = new Map<string, Told>()
  const over = await overByTime(ctx, peer, handed)
  for (const d of claimed) {
    const key = { subjectId: d.subjectId, eventId: d.eventId }
    const text = texts.get(d.eventId)
    const row = rows.get(d.eventId)
    // Under one number a peer is told one thing. What may have arrived and would say something else now is told by the event that changed it.
    const turned = row !== undefined && d.attempts > 1 && withdraws(row.kind) !== withdraws(d.kind)
    if (text === undefined || turned) {
      built.noted.push({ ...key, kind: 'not_needed' })
      if (turned && over.has(d.eventId)) anew.set(row.record_id, { subjectId: d.subjectId, recordId: row.record_id })
      continue
    }
    built.send.push({ ...d, text })
    if (!row) continue
    const told = {
      version: row.version,
      shownFrom: row.shown_from,
      shownUntil: row.shown_until,
      disputed: row.disputed,
    }
    const same =
      row.kind === d.kind &&
      told.version === d.told.version &&
      told.shownFrom === d.told.shownFrom &&
      told.shownUntil === d.told.shownUntil &&
      told.disputed === d.told.disputed
    if (!same) built.noted.push({ ...key, kind: row.kind, told })
  }
  built.anew.push(...anew.values())
  return built
}
