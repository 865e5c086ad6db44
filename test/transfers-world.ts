/** Two platforms that pass cases on to each other, in one process; what one writes is carried to the other by hand. */
import { sql } from 'kysely'
import { createKey } from '../src/capabilities/access/index.ts'
import { createPeer, signerOf } from '../src/capabilities/exchange/index.ts'
import { addPeerKey } from '../src/capabilities/exchange/service.peers.ts'
import { findRecord, storeRecords } from '../src/capabilities/records/index.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { api as transfers, setSeat } from '../src/capabilities/transfers/index.ts'
import { nameKey } from '../src/kernel/text.ts'
import { type Ctx, systemCtx } from '../src/platform/context.ts'
import { newId } from '../src/platform/ids.ts'
import { inTx } from '../src/platform/outbox.ts'
import type { Platform } from './harness.ts'
import type { Held } from './repair-world.ts'

export type Side = { platform: Platform /** The other platform, as a peer here. */; peerId: string }
const BASIS = { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' }

/** Each knows the other; at home the authority that decides about market matters has its seat on the other. */
export const neighbours = async (home: Platform, there: Platform): Promise<{ home: Side; there: Side }> => {
  const peer = (p: Platform, name: string, code: string, kind: 'upper_platform' | 'lower_platform') =>
    createPeer(p.ctx(), {
      name,
      kind,
      code,
      division: '440000',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: BASIS,
      contact: '',
      direction: 'both',
    })
  const out = await peer(home, '异地信用平台', 'xinheng/there', 'upper_platform')
  const back = await peer(there, '来件信用平台', 'xinheng/home', 'lower_platform')
  await setSeat(home.ctx(), { authority: home.world.authorities.market, peerId: out.id, seen: 0 })
  return { home: { platform: home, peerId: out.id }, there: { platform: there, peerId: back.id } }
}

/** The record as the deciding authority's own platform holds it. */
export const alsoThere = async (
  from: Platform,
  to: Platform,
  of: { subject: Held; recordId: string; kind?: 'natural_person' },
) => {
  const record = await findRecord(from.runtime.db.kysely, of.subject.subjectId, of.recordId)
  if (!record) throw new Error('no record')
  const kind = of.kind ?? 'enterprise'
  const id = kind === 'natural_person' ? { personId: of.subject.code } : { uscc: of.subject.code }
  return inTx(to.ctx(), async (tx) => {
    const [answer] = await resolveSubjects(tx, to.ctx(), [{ kind, name: of.subject.name, division: '440106', ...id }])
    if (!answer?.ok) throw new Error('no subject')
    const [stored] = await storeRecords(tx, to.ctx(), [
      {
        subjectId: answer.subjectId,
        subjectKind: kind,
        division: '440106',
        item: record.item,
        authorityId: to.world.authorities.market,
        authorityKey: nameKey('market'),
        authorityName: 'market',
        docNo: record.docNo,
        decidedOn: record.decidedOn,
        publishedOn: record.publishedOn,
        fields: record.publicFields,
        secret: null,
        facts: record.facts,
        submissionId: newId(),
        rowN: 1,
        backfill: false,
      },
    ])
    if (stored?.verdict !== 'accepted') throw new Error('not accepted')
    return { subjectId: answer.subjectId, recordId: stored.recordId }
  })
}

type Row = { subject_id: string; event_id: string; type: string; data: { n?: number }; at: string }
/** Messages that have not been carried yet, in the order in which they were written. */
export const waiting = async (side: Side): Promise<Row[]> =>
  (
    await sql<Row>`select a.subject_id, a.event_id, a.type, a.data, a.at from exchange.addressed a
      join exchange.delivery d on d.subject_id = a.subject_id and d.peer_id = a.peer_id and d.event_id = a.event_id
      where a.peer_id = ${side.peerId} and d.acked_at is null order by a.at, a.event_id`.execute(
      side.platform.runtime.db.kysely,
    )
  ).rows

export const receive = async (to: Side, row: Row): Promise<string> => {
  const ctx: Ctx = { ...systemCtx(to.platform.runtime, 'inbound'), origin: to.peerId }
  const receiver = transfers.receivers.find((r) => r.types.includes(row.type))
  if (!receiver) throw new Error(`nobody receives ${row.type}`)
  const message = { id: row.event_id, type: row.type, subject: row.subject_id, time: row.at, data: row.data }
  return inTx(ctx, async (tx) => (await receiver.receive(tx, ctx, { peerId: to.peerId, message })).outcome)
}

/** What transfers do by themselves, once. */
export const follow = async (p: Platform): Promise<void> => {
  for (const job of transfers.jobs) await job.run(systemCtx(p.runtime, job.name))
}

/** Carries all that waits, `twice` to see that it makes no difference, and lets both platforms do what follows. */
export const carry = async (
  from: Side,
  to: Side,
  how: { twice?: boolean; reversed?: boolean } = {},
): Promise<string[]> => {
  const outcomes: string[] = []
  for (let round = 0; round < 20; round++) {
    await follow(from.platform)
    const rows = await waiting(from)
    if (!rows.length) break
    for (const row of how.reversed ? rows.toReversed() : rows) {
      outcomes.push(await receive(to, row))
      if (how.twice) outcomes.push(await receive(to, row))
      await sql`update exchange.delivery set acked_at = ${from.platform.clock.now()}, outcome = 'applied', next_attempt_at = null
        where event_id = ${row.event_id}`.execute(from.platform.runtime.db.kysely)
    }
  }
  await follow(to.platform)
  return outcomes
}

/** `at` knows `other`: where it is, with which key it signs, and what each calls the other with. */
export const introduce = async (at: Platform, other: Platform): Promise<{ id: string; token: string }> => {
  const source = `xinheng/${other.runtime.config.jurisdiction}`
  const peer = await createPeer(at.ctx(), {
    name: `信用平台${other.url.slice(-5)}`,
    kind: 'lower_platform',
    division: '440000',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: BASIS,
    contact: '',
    code: source,
    way: 'push',
    direction: 'both',
    settings: {
      url: `${other.url}/api/v1/exchange/inbox`,
      ackUrl: `${other.url}/api/v1/exchange/acknowledgements`,
    },
  })
  const { publicKey } = await signerOf(other.ctx(), 'ed25519')
  const key = { id: peer.id, algorithm: 'ed25519', publicKey: JSON.stringify(publicKey), overlapDays: 7 } as const
  await addPeerKey(at.ctx(), key)
  const { secret } = await createKey(at.ctx(), { name: 'peer', peerId: peer.id, scopes: ['feed'] })
  return { id: peer.id, token: secret }
}
/** With what `at` signs in at the other. */
export const remember = (at: Platform, peerId: string, token: string) =>
  inTx(at.ctx(), (tx) =>
    sql`update exchange.peer set secret = ${at.runtime.secrets.seal(JSON.stringify({ token }))} where id = ${peerId}`.execute(
      tx,
    ),
  )
