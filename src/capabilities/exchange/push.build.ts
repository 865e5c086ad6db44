import type { Ctx } from '../../platform/context.ts'
import { bodyTextsOf, deliveriesOf, handingsOf } from './handing.ts'
import * as queue from './store.push.ts'
import type { Peer } from './store.ts'

/**
 * What deliveries say at the moment at which they go: what the record is now, not what it was when they were put on the queue. So
 * no publish leaves after a withdrawal, and what there is nothing to tell of any more does not leave at all.
 */
export type Outgoing = queue.Claimed & { text: string }
export type Built = { send: Outgoing[]; noted: queue.Noted[] }

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
  const rows = new Map(deliveriesOf(peer, handed, { at: ctx.clock.now(), queued: true }).map((r) => [r.event_id, r]))
  const texts = new Map<string, string>(messages.map((m) => [m.eventId, JSON.stringify(messageEvent(ctx, m))]))
  const bodies = await bodyTextsOf(ctx, peer, handed)
  for (const [i, h] of handed.entries()) texts.set(h.event.id, bodies[i]!)

  const built: Built = { send: [], noted: [] }
  for (const d of claimed) {
    const key = { subjectId: d.subjectId, eventId: d.eventId }
    const text = texts.get(d.eventId)
    const row = rows.get(d.eventId)
    // Under one number a peer is told one thing. What may have arrived and would say something else now is told by the event that changed it.
    const turned = row !== undefined && d.attempts > 1 && withdraws(row.kind) !== withdraws(d.kind)
    if (text === undefined || turned) {
      built.noted.push({ ...key, kind: 'not_needed' })
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
  return built
}
