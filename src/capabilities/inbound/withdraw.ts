import type { Instant } from '../../kernel/time.ts'
import { docKey, nameKey } from '../../kernel/text.ts'
import { covers } from '../../kernel/territory.ts'
import type { Channel } from '../../kernel/policy.ts'
import { fill } from '../../kernel/words.ts'
import { today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { peerKnows } from '../exchange/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { dispose, findByDocument, findRecordById, windowOn } from '../records/index.ts'
import { DISPOSITION_WORDS } from '../records/words.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import { type Answer, already, applied, refused, settle, waits } from './answer.ts'
import { type About, type Parsed, channelFor, endingFor, isOlder, mayEnd, waitsUntil } from './rules.ts'
import * as store from './store.ts'
import { NO_REASON, TOLD_BY } from './words.ts'
import { type World, toldBy } from './world.ts'

/** A record that is no longer shown where the message comes from. */

/** Our own copy: by what the peer has told before, else by what names a record everywhere. */
const ownCopy = async (tx: Tx, told: store.Told | undefined, about: About): Promise<RecordRow | null> => {
  if (told?.recordId) return findRecordById(tx, told.recordId)
  const subject = about.subjectCode ? await findSubjectByCode(tx, about.subjectCode.toUpperCase()) : null
  if (!subject) return null
  const found = await findByDocument(tx, {
    subjectId: subject.id,
    item: about.item,
    docKey: docKey(about.documentNumber),
  })
  const key = nameKey(about.authority)
  return found.find((r) => nameKey(r.authorityName) === key) ?? null
}

/** Nothing more is shown of it on the channels that the withdrawal is about. */
const isGone = (record: RecordRow, channel: Channel | null): boolean =>
  record.windows
    .filter((w) => channel === null || w.channel === channel)
    .every((w) => (w.end ? w.end.by !== 'shielded' : w.from === null))

/** Who said so stands on the record, with the agreement under which it is heard. */
export const endHere = async (
  tx: Tx,
  world: World,
  record: RecordRow,
  ask: { reason: string | null; eventId: string | null },
): Promise<void> => {
  const { ctx, peer } = world
  const kind = endingFor(ask.reason)
  const why = ask.reason ? DISPOSITION_WORDS[kind] : NO_REASON
  await dispose(tx, ctx, {
    subjectId: record.subjectId,
    recordId: record.id,
    kind,
    channel: channelFor(kind, peer.channel as Channel),
    effectiveFrom: today(ctx),
    reason: fill(TOLD_BY.zh, { peer: peer.name, reason: why }, 'zh'),
    basis: toldBy(world, ask.eventId, { told: ask.reason }),
  })
}

/** What the peer knows of a record because it told us: whoever gave it holds it, whoever took it down need not be told. */
export const noteKnown = (
  tx: Tx,
  { ctx, peer }: World,
  record: RecordRow,
  kind: 'publish' | 'withdraw',
  note = '',
): Promise<void> => {
  const window = windowOn(record.windows, peer.channel as Channel)
  return peerKnows(tx, ctx, {
    peerId: peer.id,
    subjectId: record.subjectId,
    recordId: record.id,
    item: record.item,
    division: record.division,
    kind,
    version: record.version,
    shownFrom: window?.from ?? null,
    shownUntil: window?.until ?? null,
    note,
  })
}

const verdictOn = async (tx: Tx, world: World, record: RecordRow, reason: string | null): Promise<Answer | null> => {
  const { ctx, peer, byCode } = world
  if (!peer.items.includes(record.item)) {
    const item = ctx.policy.catalog.find((c) => c.code === record.item)?.name ?? record.item
    return refused('item_not_agreed', { item })
  }
  const places = [record.division, byCode.get(record.authorityKey)?.division ?? null]
  if (!places.some((d) => covers(peer.division, d))) return refused('outside_peer')
  const from = (await store.sourcesOf(tx, [record.id])).get(record.id)
  const kind = endingFor(reason)
  const source = from === peer.id ? 'this_peer' : 'elsewhere'
  if (!mayEnd(ctx.policy, today(ctx), { kind: peer.kind, source, by: kind }))
    return refused('not_entitled', { reason: DISPOSITION_WORDS[kind] })
  if (kind === 'annulled' ? record.state === 'annulled' : isGone(record, channelFor(kind, peer.channel as Channel)))
    return already('gone_already', record.id)
  return null
}

export const withdraw = async (tx: Tx, world: World, m: store.Held, message: Parsed): Promise<Answer> => {
  const { ctx, peer } = world
  const { about, reason } = message.record!
  const told = (await store.toldOf(tx, peer.id, [message.thing])).get(message.thing)
  if (told && isOlder(message.at, told.lastAt)) return already('superseded', told.recordId)
  const record = await ownCopy(tx, told, about)
  const next = {
    thing: message.thing,
    lastAt: message.at,
    recordId: record?.id ?? null,
    source: false,
    withdrawn: true,
    reason,
    shownUntil: null,
  }
  if (!record) {
    await store.saveTold(tx, peer.id, next)
    const until = waitsUntil(ctx.policy, m.receivedAt as Instant)
    return until <= ctx.clock.now() ? already('nothing_held') : waits('before_publish', {}, until)
  }
  const verdict = await verdictOn(tx, world, record, reason)
  if (verdict?.state === 'refused') return verdict
  // What ended for another reason is not this peer's to show again.
  await store.saveTold(tx, peer.id, { ...next, withdrawn: verdict === null || told?.withdrawn === true })
  if (!verdict) await endHere(tx, world, record, { reason, eventId: m.eventId })
  await noteKnown(tx, world, record, 'withdraw', '')
  return verdict ?? applied('withdrawn', record.id)
}

/** The record has come after its withdrawal: it goes at once, and the messages that waited for it are done. */
export const applyEarlier = async (tx: Tx, world: World, told: store.Told, record: RecordRow): Promise<void> => {
  const waiting = await store.waitingWithdrawals(tx, world.peer.id, told.thing)
  await endHere(tx, world, record, { reason: told.reason, eventId: waiting.at(-1)?.eventId ?? null })
  await noteKnown(tx, world, record, 'withdraw', '')
  for (const m of waiting) await settle(tx, world.ctx, m, applied('withdrawn', record.id))
}
/** A newer message shows the record again: older withdrawals that still wait change nothing any more. */
export const passOver = async (tx: Tx, world: World, told: store.Told): Promise<void> => {
  for (const m of await store.waitingWithdrawals(tx, world.peer.id, told.thing))
    await settle(tx, world.ctx, m, already('superseded', told.recordId))
}
