import type { Channel } from '../../kernel/policy.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { covers } from '../../kernel/territory.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findRecord, findRecords, windowOn } from '../records/index.ts'
import { DISPOSITION_WORDS } from '../records/words.ts'
import { acknowledge as noteAcknowledged } from './acknowledge.ts'
import type { HolderView, PropagationView } from './contract.ts'
import { dueOf } from './handing.ts'
import { drawingPeer, inService } from './gate.ts'
import { signerOf } from './keys.ts'
import { type News, type Spell, askedOf, holderState, holdingOf, spellOn, withdrawalOn } from './rules.ts'
import { effectOf } from './rules.effect.ts'
import { sandboxOf } from './sandbox.ts'
import { type PulledPage, pullPage } from './service.feed.ts'
import { newPage } from './sign.ts'
import * as store from './store.ts'
import { type Duty, type EffectResult, OWN_SITE } from './words.ts'

/** The channel that this platform's own public site is. */
const SITE_CHANNEL: Channel = 'credit_china'
const CHANNELS: readonly string[] = [SITE_CHANNEL, 'necips']

/** The next page of a peer's feed; while it is being connected, of the sandbox. */
export const feed = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }): Promise<PulledPage> => {
  const peer = await drawingPeer(ctx)
  const sandbox = sandboxOf(peer)
  if (sandbox) {
    const { events, ...rest } = await sandbox.page(ctx, peer, ask)
    const page = newPage()
    page.add(events.map((e) => [JSON.stringify(e)]))
    const signed = page.signed(await signerOf(ctx, peer.algorithm), ctx.clock.now(), rest)
    return { ...signed, next: rest.more ? rest.next : null }
  }
  return pullPage(ctx, inService(peer), ask)
}

export const acknowledge = async (ctx: Ctx, ask: { acknowledgements: store.Ack[] }) => {
  const peer = await drawingPeer(ctx)
  const sandbox = sandboxOf(peer)
  if (sandbox) return sandbox.acknowledge(ctx, peer, ask.acknowledgements)
  inService(peer)
  return inTx(ctx, async (tx) => {
    const known = new Set(await noteAcknowledged(tx, ctx, peer, ask.acknowledgements))
    // One id has many spellings, and here one.
    const unknown = ask.acknowledgements.flatMap((a) => (known.has(a.eventId.toLowerCase()) ? [] : [a.eventId]))
    recordAct(tx, ctx, {
      act: 'exchange.acknowledge',
      target: { kind: 'peer', id: peer.id },
      details: { recorded: known.size, unknown: unknown.length },
    })
    return { recorded: known.size, unknown }
  })
}

/** Row scope: the subject itself, the authority that decided, the window, and the credit office of the territory. */
const maySee = (ctx: Ctx, record: { subjectId: string; authorityId: string; division: string | null }): boolean => {
  const { actor } = ctx
  if (actor.kind === 'system') return true
  if (actor.kind !== 'person') return false
  if (actor.subjectIds.includes(record.subjectId)) return true
  if (hasRole(actor, 'officer', 'head') && actor.authorityId === record.authorityId) return true
  if (hasRole(actor, 'window_clerk', 'auditor')) return true
  return (
    hasRole(actor, 'credit_office') &&
    actor.division !== null &&
    (record.division === null || covers(actor.division, record.division))
  )
}

type Held = NonNullable<Awaited<ReturnType<typeof findRecord>>>
const mustSee = async (ctx: Ctx, ask: { subjectId: string; recordId: string }): Promise<Held> => {
  const record = await findRecord(ctx.db.kysely, ask.subjectId, ask.recordId)
  return record && maySee(ctx, record) ? record : mustNot('NO_SUCH_RECORD')
}

/** What is known of the exchange of records, by record. */
type Exchanged = {
  news: Map<string, News[]>
  said: Map<string, store.Said[]>
  holders: Map<string, store.HolderRow[]>
}
const exchangedOf = async (db: Reader, keys: store.RecordKeys): Promise<Exchanged> => ({
  news: await store.newsOf(db, keys),
  said: await store.effectsOf(db, keys),
  holders: await store.holdersOf(db, keys),
})

/** Who holds a record, this platform's own site first; `spellOf` says in which withdrawal a channel is looked at. */
const holdersIn = (
  ctx: Ctx,
  record: Held,
  exchanged: Exchanged,
  spellOf: (channel: string) => Spell | null,
): { own: HolderView[]; others: HolderView[] } => {
  const said = exchanged.said.get(record.id) ?? []
  const others = (exchanged.holders.get(record.id) ?? []).flatMap((h): HolderView[] => {
    const spell = spellOf(h.channel)
    const withdrawal = spell?.withdrawal ?? null
    const ended = spell?.end ?? null
    const handed = ended ? h.deliveries.filter((d) => d.commitN < ended.commitN) : h.deliveries
    const holding = holdingOf(handed, withdrawal)
    if (!holding) return []
    const dueOn = withdrawal ? dueOf(ctx, withdrawal.at as Instant, h.ackWorkdays) : null
    // Nobody comes to be late after it was shown again.
    const day = ended ? dayOf(ended.at as Instant) : today(ctx)
    const own = said.filter((s) => s.peerId === h.peerId)
    const duties = ended ? h.duties.filter((d) => Date.parse(d.since) < Date.parse(ended.at)) : h.duties
    return [
      {
        peerId: h.peerId,
        name: { zh: h.name, en: h.name },
        kind: h.kind,
        state: holderState(holding, withdrawal !== null, dueOn, day),
        heldSince: holding.heldSince,
        sentAt: holding.withdrawSentAt,
        acknowledgedAt: holding.withdrawAckedAt,
        dueOn,
        takeDownBy: withdrawal ? dueOf(ctx, withdrawal.at as Instant, h.takedownWorkdays) : null,
        verifiedAt: holding.verifiedAt,
        deadAt: withdrawal ? holding.deadAt : null,
        peerState: h.state,
        note: holding.note,
        asked: withdrawal ? askedOf(holding, duties, own, dueOn, day) : [],
      },
    ]
  })
  const onSite = spellOf(SITE_CHANNEL)?.withdrawal ?? null
  const site: HolderView = {
    peerId: null,
    name: OWN_SITE,
    kind: null,
    state: onSite ? 'acknowledged' : 'holding',
    heldSince: record.recordedAt,
    sentAt: onSite?.at ?? null,
    acknowledgedAt: onSite?.at ?? null,
    dueOn: null,
    takeDownBy: null,
    verifiedAt: null,
    deadAt: null,
    peerState: null,
    note: '',
    asked: [],
  }
  const reached = windowOn(record.windows, SITE_CHANNEL)
  return { own: reached && (reached.from !== null || reached.planned?.from) ? [site] : [], others }
}

/** Who holds a record, and since it was withdrawn: who has acknowledged, when, and who is late (D5). */
export const propagation = async (ctx: Ctx, ask: { subjectId: string; recordId: string }): Promise<PropagationView> => {
  const record = await mustSee(ctx, ask)
  const exchanged = await exchangedOf(ctx.db.kysely, [ask])
  const news = exchanged.news.get(record.id) ?? []
  const { own, others } = holdersIn(ctx, record, exchanged, (channel) => spellOn(news, channel, null))
  const last = CHANNELS.map((c) => withdrawalOn(news, c)).find((w) => w !== null) ?? null
  // A change of the rules takes down as well; it is no disposition.
  const reason = last?.reason === 'rule_change' ? null : (last?.reason as DispositionKind | null | undefined)
  const holders = [...own, ...others]
  return {
    recordId: record.id,
    withdrawnAt: last?.at ?? null,
    reason: reason ? DISPOSITION_WORDS[reason] : null,
    holders,
    effect: effectOf(last?.at ?? null, holders),
    settled: others.every((h) => h.state === 'acknowledged' || h.state === 'holding'),
  }
}

/** Of one withdrawal: who held the record, and what came of it. `endedOn`: the day on which it was shown again. */
export type Withdrawal = Pick<PropagationView, 'holders' | 'effect'> & { endedOn: LocalDate | null }
/**
 * Who held records when each was withdrawn at an instant, and what came of that; null where the record is on nobody's list any
 * more. A withdrawal ends when the record is shown again; what is withdrawn and shown later is no part of it.
 */
export const withdrawalsAt = async (
  db: Reader,
  ctx: Ctx,
  asks: readonly { subjectId: string; recordId: string; at: string }[],
): Promise<(Withdrawal | null)[]> => {
  const keys = [
    ...new Map(asks.map((a) => [`${a.subjectId} ${a.recordId}`, { subjectId: a.subjectId, id: a.recordId }])).values(),
  ]
  const records = new Map((await findRecords(db, keys)).map((r) => [r.id, r]))
  const exchanged = await exchangedOf(
    db,
    [...records.values()].map((r) => ({ subjectId: r.subjectId, recordId: r.id })),
  )
  return asks.map((ask) => {
    const record = records.get(ask.recordId)
    const seen = record && record.subjectId === ask.subjectId && maySee(ctx, record)
    return seen ? withdrawalIn(ctx, record, exchanged, ask.at) : null
  })
}
const withdrawalIn = (ctx: Ctx, record: Held, exchanged: Exchanged, instant: string): Withdrawal => {
  const news = exchanged.news.get(record.id) ?? []
  const at = news.findLast((n) => n.withdrawn && Date.parse(n.at) === Date.parse(instant)) ?? null
  const spellOf = (channel: string) => spellOn(news, channel, at)
  const { own, others } = holdersIn(ctx, record, exchanged, spellOf)
  const holders = [...own, ...others]
  const spells = CHANNELS.flatMap((c) => spellOf(c) ?? [])
  const ends = spells.flatMap(({ end }) => (end ? [dayOf(end.at as Instant)] : []))
  return {
    holders,
    effect: effectOf(instant, holders),
    endedOn: ends.length === spells.length ? (ends.toSorted().at(-1) ?? today(ctx)) : null,
  }
}

/** The credit office writes down what a peer said by letter or telephone about measures or evaluations. */
export const confirmEffect = async (
  ctx: Ctx,
  ask: { id: string; subjectId: string; recordId: string; part: Duty; result: EffectResult; note: string },
): Promise<PropagationView> => {
  await inTx(ctx, async (tx) => {
    const record = await findRecord(tx, ask.subjectId, ask.recordId)
    if (!record || !maySee(ctx, record)) return mustNot('NO_SUCH_RECORD')
    const exchanged = await exchangedOf(tx, [ask])
    const news = exchanged.news.get(record.id) ?? []
    const holder = (exchanged.holders.get(record.id) ?? []).find((h) => h.peerId === ask.id)
    const withdrawal = holder ? withdrawalOn(news, holder.channel) : null
    const holding = holder && withdrawal ? holdingOf(holder.deliveries, withdrawal) : null
    const told = holding?.told.at(-1)
    if (!holder || !holding || !told) return mustNot('EFFECT_NOT_ASKED')
    const said = (exchanged.said.get(record.id) ?? []).filter((s) => s.peerId === ask.id)
    const asked = askedOf(holding, holder.duties, said, null, today(ctx)).find((a) => a.part === ask.part)
    if (!asked) return mustNot('EFFECT_NOT_ASKED')
    const { part, result, note } = ask
    const given = {
      peerId: ask.id,
      eventId: told.eventId,
      part,
      result,
      note,
      at: ctx.clock.now(),
      actor: actorRef(ctx.actor),
    }
    if (asked.at !== null || !(await store.confirmEffect(tx, given))) mustNot('EFFECT_CONFIRMED')
    recordAct(tx, ctx, {
      act: 'exchange.confirm_effect',
      target: { kind: 'peer', id: ask.id },
      subjectId: ask.subjectId,
      details: { record: ask.recordId, part, result },
    })
    return null
  })
  return propagation(ctx, ask)
}
