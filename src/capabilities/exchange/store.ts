import { sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import {
  type Database,
  type Reader,
  type Tx,
  columnsOf,
  foundNone,
  inBulk,
  inTx,
  queryPrepared,
  rowsFrom,
  writeLater,
} from '../../platform/db/index.ts'
import { type WindowColumns, windowColumns } from '../records/index.ts'
import type { Confirmed, Delivery, News, PeerDuty } from './rules.ts'
import {
  type Algorithm,
  DUTIES,
  type Direction,
  type Duty,
  type EffectBy,
  type EffectResult,
  type Format,
  type PeerKind,
  type PeerState,
  type Way,
} from './words.ts'

/** Before every event. */
export const START = '00000000-0000-0000-0000-000000000000'

export type Peer = {
  id: string
  name: string
  kind: PeerKind
  division: string
  items: string[]
  channel: string
  ackWorkdays: number
  takedownWorkdays: number
  legalBasis: { zh: string; en: string }
  contact: string
  mail: string
  code: string
  way: Way
  direction: Direction
  format: Format
  /** With which kind of key we sign for it. */
  algorithm: Algorithm
  /** Of its way; nothing secret. */
  settings: Record<string, unknown>
  ratePerMinute: number
  addresses: string[]
  /** What it is asked for with each withdrawal, beside taking down. */
  duties?: PeerDuty[]
  state: PeerState
  /** First day from which nothing new is handed to it: the end of its agreement. */
  servedUntil?: LocalDate | null
  version: number
}

export const peerColumns = sql`p.id, p.name, p.kind, p.division, p.items, p.channel, p.ack_workdays as "ackWorkdays",
  p.takedown_workdays as "takedownWorkdays", p.legal_basis as "legalBasis", p.contact, p.mail, p.code, p.way, p.direction, p.format,
  p.algorithm, p.settings, p.rate_per_minute as "ratePerMinute", p.addresses, p.duties, p.state,
  p.served_until as "servedUntil", p.version`

export const findPeer = async (db: Reader, id: string): Promise<Peer | null> => {
  const { rows } = await sql<Peer>`select ${peerColumns} from exchange.peer p where p.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export const saveDuties = async (
  tx: Tx,
  ask: { id: string; seen: number },
  duties: readonly PeerDuty[],
): Promise<boolean> => {
  const done = await sql`update exchange.peer set duties = ${JSON.stringify(duties)}::jsonb, version = version + 1
    where id = ${ask.id} and version = ${ask.seen}`.execute(tx)
  return done.numAffectedRows === 1n
}

/** What belongs to it and lies elsewhere has changed. False when someone else changed it first. */
export const touchPeer = async (tx: Tx, id: string, seen: number): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer')
    .set({ version: seen + 1 })
    .where('id', '=', id)
    .where('version', '=', seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

/** What the credit office sets of a peer. */
export const profileColumns = (peer: Omit<Peer, 'id' | 'state' | 'version'>) => ({
  name: peer.name,
  kind: peer.kind,
  division: peer.division,
  items: peer.items,
  channel: peer.channel,
  ack_workdays: peer.ackWorkdays,
  takedown_workdays: peer.takedownWorkdays,
  code: peer.code,
  way: peer.way,
  direction: peer.direction,
  format: peer.format,
  algorithm: peer.algorithm,
  settings: JSON.stringify(peer.settings),
  rate_per_minute: peer.ratePerMinute,
  addresses: peer.addresses,
  legal_basis: JSON.stringify(peer.legalBasis),
  contact: peer.contact,
  mail: peer.mail,
})

export const insertPeer = async (tx: Tx, peer: Peer, at: Instant): Promise<void> => {
  await tx
    .insertInto('exchange.peer')
    .values({
      id: peer.id,
      ...profileColumns(peer),
      state: peer.state,
      created_at: at,
    })
    .execute()
}

/** False when someone else changed it first. */
export const savePeerState = async (tx: Tx, id: string, state: PeerState, seen: number): Promise<boolean> => {
  const done = await tx
    .updateTable('exchange.peer')
    .set({ state, version: seen + 1 })
    .where('id', '=', id)
    .where('version', '=', seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

/** What a peer was told of a record when it was last handed it. */
export type Told = {
  version: number | null
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
  disputed: boolean
}
export type FeedRow = {
  position: number
  id: string
  kind: string
  /** Of a withdrawal: what took it down. */
  reason: string | null
  /** Of what another platform has told: through which it has come. */
  via: string[] | null
  at: Instant
  subject_id: string
  record_id: string
  held: Told | null
  /** The record as it is now and whom it is about; null where it is not held any more. */
  record: SharedRecord | null
}
/** What may be handed on of a record. `fields` is the text of a JSON object, passed on as it is. */
export type SharedRecord = WindowColumns & {
  id: string
  item: string
  division: string | null
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  version: number
  state: string
  subjectKind: SubjectKind | null
  /** null: a natural person, or nobody that is known. */
  subjectName: string | null
  subjectCode: string | null
  disputed: boolean
  fields: string
}

/** What tells a peer of a change of its own scope; everything else is about records. */
export const RESCOPED = 'exchange.rescoped'

/**
 * Who is asked for, as a table: what is sought of a peer goes by the record's own index. A constant would be planned for by what
 * the statistics say of that one peer, and a peer that is new to them seems to have no deliveries: reading all of its
 * deliveries for each event looks cheap then, until it has taken over a million.
 */
export const WHO = 'who as materialized (select $1::uuid as peer)'
/**
 * Whose a delivery is, in a form that no index serves: with its subject or record beside it, few are left to look at. Where the
 * table was empty when the plan was made, each index looked alike, and one that begins with the peer would be walked for each event.
 */
export const isOf = (delivery: string, peer: string): string => `(${delivery}.peer_id = ${peer}) is true`

/**
 * Events in a table called `page`, as a feed on a channel has them; what is joined after it says as `h.held` what the peer was told
 * last.
 */
export const readPage = (channel: string): string => `
  select p.position, p.id, p.kind, p.reason, p.via, p.at, p.subject_id, p.record_id, h.held,
    r.item, r.division, r.authority_name as "authorityName", r.doc_no as "docNo", r.decided_on as "decidedOn", r.version, r.state,
    r.subject_kind as "subjectKind", s.name as "subjectName", s.code as "subjectCode", r.disputed, ${windowColumns(channel)}, r.fields::text as fields
  from page p
  left join lateral (
    select * from records.v_shared r where r.subject_id = p.subject_id and r.record_id = p.record_id limit 1) r on true
  left join lateral (select s.name, s.code from subjects.v_basic s where s.subject_id = p.subject_id limit 1) s on true`

/**
 * One statement, planned once a connection. Commits are walked in their order and read by their own index, so a page costs
 * what lies on it, however much one commit holds. A change of what lies outside the scope is read as well where the peer
 * holds the record: it may have left the scope by this very change.
 */
const FEED = `
  with ${WHO},
  page as materialized (
    select c.position, w.peer, e.*
    from who w
    cross join platform.commit c
    cross join lateral (
      select e.id, e.kind, e.details->>'kind' as reason, e.details->'via' as via, e.at, e.subject_id, e.record_id
      from platform.event e
      where e.commit_n = c.n and e.id > case when c.position = $2::bigint then $3::uuid else '${START}'::uuid end
        and case
          when e.kind = '${RESCOPED}' then e.details->>'peer' = $1::text
          when e.kind in ('record.published', 'record.updated', 'record.withdrawn', 'record.restored') then
            e.origin is distinct from $1::uuid and (
              (e.item = any($4::text[]) and e.division like $5::text and $6::text = any(e.channels))
              or (e.kind <> 'record.published' and (
                select true from exchange.delivery d
                where d.subject_id = e.subject_id and d.record_id = e.record_id and ${isOf('d', 'w.peer')} limit 1)))
          else false end
      order by e.id limit $7::int
    ) e
    where c.position >= $2::bigint
    order by c.position, e.id limit $7::int
  )
  ${readPage('$6::text')}
  left join lateral (
    select jsonb_build_object('version', d.version, 'shownFrom', d.shown_from, 'shownUntil', d.shown_until, 'disputed', d.disputed) as held
    from exchange.delivery d
    where d.subject_id = p.subject_id and d.record_id = p.record_id and ${isOf('d', 'p.peer')}
      and d.kind in ('publish', 'update') and d.event_id <> p.id
      and (d.outcome is null or d.outcome in ('applied', 'already') or (d.outcome = 'not_needed' and (d.attempts > 0 or d.delivered_at is not null)))
    order by d.queue_n desc nulls last, d.event_id desc limit 1) h on true`

export type ReadRow = Omit<FeedRow, 'record'> &
  Omit<SharedRecord, 'id' | 'item' | 'disputed'> & { item: string | null; disputed: boolean | null }

export const feedRow = (r: ReadRow): FeedRow => ({
  position: r.position,
  id: r.id,
  kind: r.kind,
  reason: r.reason,
  via: r.via,
  at: r.at,
  subject_id: r.subject_id,
  record_id: r.record_id,
  held: r.held,
  record:
    r.item === null
      ? null
      : {
          id: r.record_id,
          item: r.item,
          division: r.division,
          authorityName: r.authorityName,
          docNo: r.docNo,
          decidedOn: r.decidedOn,
          version: r.version,
          state: r.state,
          subjectKind: r.subjectKind,
          subjectName: r.subjectName,
          subjectCode: r.subjectCode,
          disputed: r.disputed === true,
          siteFrom: r.siteFrom,
          siteUntil: r.siteUntil,
          siteBasis: r.siteBasis,
          windows: r.windows,
          fields: r.fields,
        },
})

const byPlace = (a: FeedRow, b: FeedRow): number => a.position - b.position || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * Events in a peer's scope after a place in the total order. Only what the sequencer has placed is read. The kept plan goes by
 * the indexes whenever it was made: one from the first day, when no delivery was there yet, would read them all for each event.
 */
export const readEvents = (db: Database, peer: Peer, after: [number, string], limit: number): Promise<FeedRow[]> =>
  inTx(db, async (tx) => {
    await inBulk(tx, { sweeping: false })
    const rows = await queryPrepared<ReadRow>(tx, 'exchange.feed', FEED, [
      peer.id,
      after[0],
      after[1],
      peer.items,
      `${territoryPrefix(peer.division)}%`,
      peer.channel,
      limit,
    ])
    // The rows come in the order of the page; no sort, since one of whole rows would go by the disk.
    return rows.map(feedRow).toSorted(byPlace)
  })

/** When the commit at a position was made; null where no commit has it. */
export const commitAt = async (db: Reader, position: number): Promise<Instant | null> =>
  (await sql<{ at: Instant }>`select at from platform.commit where position = ${position}`.execute(db)).rows[0]?.at ??
  null

/** The last cursor that a peer was given, and when. */
export const cursorOf = async (db: Reader, peerId: string): Promise<{ cursor: string; at: Instant } | null> => {
  const { rows } = await sql<{ cursor: string; at: Instant }>`
    select cursor, pulled_at as at from exchange.cursor where peer_id = ${peerId}`.execute(db)
  return rows[0] ?? null
}

export type NewDelivery = {
  subject_id: string
  event_id: string
  record_id: string
  kind: 'publish' | 'update' | 'withdraw'
  version: number | null
  shown_from: LocalDate | null
  shown_until: LocalDate | null
  disputed: boolean
}
const DELIVERY = {
  subject_id: 'uuid',
  event_id: 'uuid',
  record_id: 'uuid',
  kind: 'text',
  version: 'int',
  shown_from: 'date',
  shown_until: 'date',
  disputed: 'boolean',
} as const satisfies Record<keyof NewDelivery, string>
const DELIVERY_COLUMNS = Object.keys(DELIVERY) as (keyof NewDelivery)[]
/** Handing the same page out twice keeps the first time. What waits from the time in which we went to the peer has been fetched by it now. */
const DELIVER = `
  insert into exchange.delivery as d (peer_id, sent_at, delivered_at, next_attempt_at, ${DELIVERY_COLUMNS.join(', ')})
  select $1::uuid, $2::timestamptz, $3::timestamptz, $4::timestamptz, r.* from ${rowsFrom(DELIVERY, 5, 'r')}
  on conflict (subject_id, peer_id, event_id) do update set delivered_at = coalesce(d.delivered_at, excluded.delivered_at),
    next_attempt_at = null, leased_by = null, dead_at = null, given_up_at = null, fault = ''
  where excluded.delivered_at is not null and (d.next_attempt_at is not null or d.dead_at is not null)`

/** Where the peer is no longer as it was read, there is nothing to divide by, and it fails. */
const AS_READ = `
  with p as (
    select id from exchange.peer
    where id = $1::uuid and version = $2::int and served_until is not distinct from $3::date for share),
  moved as (
    insert into exchange.cursor (peer_id, cursor, pulled_at)
    select id, $4::text, $5::timestamptz from p where $4::text is not null
    on conflict (peer_id) do update set cursor = excluded.cursor, pulled_at = excluded.pulled_at)
  select 1 / count(*) from p`

/** The peer has been changed since what goes to it was chosen: another scope, another state. It is chosen anew. */
export class PeerChanged extends Error {}
/**
 * Only while the peer is as it was when the page was read: a record that has left its scope since would never be withdrawn. It
 * travels with what comes next in the transaction, at the latest with its COMMIT, which fails with PeerChanged.
 */
export const saveDeliveries = async (
  tx: Tx,
  peer: Pick<Peer, 'id' | 'version' | 'servedUntil'>,
  rows: readonly NewDelivery[],
  { cursor, at, queued }: Handover,
): Promise<void> => {
  await writeLater(tx, {
    name: 'exchange.as_read',
    text: AS_READ,
    values: [peer.id, peer.version, peer.servedUntil ?? null, cursor, at],
    lost: (error) => (foundNone(error) ? new PeerChanged() : error),
  })
  if (!rows.length) return
  const values = rows.map((row) => DELIVERY_COLUMNS.map((name) => row[name]))
  await writeLater(tx, {
    name: 'exchange.deliver',
    text: DELIVER,
    values: [peer.id, at, queued ? null : at, queued ? at : null, ...columnsOf(DELIVERY, values)],
  })
}
/** `cursor`: where the peer is afterwards; null where more of the same page follows. `queued`: for ways in which we go to the peer, and it is not there yet. */
type Handover = { cursor: string | null; at: Instant; queued: boolean }

export type EffectsSaid = { measures?: EffectResult | undefined; evaluation?: EffectResult | undefined }
export type Ack = {
  eventId: string
  outcome: 'applied' | 'already' | 'refused'
  note: string
  effects?: EffectsSaid | undefined
}

/** Of a withdrawal that it was told, and of what its profile names: nothing else is an answer. The first stands. */
const CONFIRM = (peerId: string, said: unknown, at: Instant, by: EffectBy, actor: string) => sql`
  insert into exchange.effect (subject_id, peer_id, event_id, part, record_id, result, at, by_kind, actor, note)
  select d.subject_id, d.peer_id, d.event_id, a.part, d.record_id, a.result, ${at}::timestamptz, ${by}, ${actor}, a.note
  from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as a("eventId" uuid, part text, result text, note text)
  join exchange.delivery d on d.peer_id = ${peerId}::uuid and d.event_id = a."eventId" and d.kind = 'withdraw'
    and d.record_id is not null and d.outcome is distinct from 'refused'
  join exchange.peer p on p.id = d.peer_id and p.duties @> jsonb_build_array(jsonb_build_object('part', a.part))
  on conflict (subject_id, peer_id, event_id, part) do nothing`
export const saveEffects = async (
  tx: Tx,
  peerId: string,
  acks: readonly Pick<Ack, 'eventId' | 'note' | 'effects'>[],
  at: Instant,
): Promise<void> => {
  const said = acks.flatMap(({ eventId, effects, note }) =>
    DUTIES.flatMap((part) => (effects?.[part] ? [{ eventId, part, result: effects[part], note }] : [])),
  )
  if (said.length) await CONFIRM(peerId, said, at, 'peer', `peer:${peerId}`).execute(tx)
}
/** Upon the peer's word, by somebody who is named. False when it was not asked, or has answered. */
export const confirmEffect = async (
  tx: Tx,
  ask: { peerId: string; eventId: string; part: Duty; result: EffectResult; note: string; at: Instant; actor: string },
): Promise<boolean> => {
  const said = [{ eventId: ask.eventId, part: ask.part, result: ask.result, note: ask.note }]
  return (await CONFIRM(ask.peerId, said, ask.at, 'office', ask.actor).execute(tx)).numAffectedRows === 1n
}
/** Records, each by the key of its subject's file. */
export type RecordKeys = readonly { subjectId: string; recordId: string }[]
/** As a table `k`. */
const keysAs = (keys: RecordKeys) =>
  sql`unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.recordId)}::uuid[]) as k(subject_id, record_id)`
const byRecord = <T extends { recordId: string }>(rows: readonly T[]): Map<string, T[]> =>
  Map.groupBy(rows, (r) => r.recordId)

export type Said = Confirmed & { peerId: string; recordId: string }
/** By record, oldest first. */
export const effectsOf = async (db: Reader, keys: RecordKeys): Promise<Map<string, Said[]>> =>
  byRecord(
    (
      await sql<Said>`
    select f.record_id as "recordId", f.peer_id as "peerId", f.event_id as "eventId", f.part, f.result, f.at, f.by_kind as "by", f.note
    from ${keysAs(keys)} join exchange.effect f on f.subject_id = k.subject_id and f.record_id = k.record_id
    order by f.at, f.part`.execute(db)
    ).rows,
  )

/**
 * The first acknowledgement stands; a refusal may be followed by a better one. Whatever was thought of a delivery before
 * (waiting for its next attempt, dead, not needed any more), the peer's word counts. Returns the events that were known.
 */
export const saveAcknowledgements = async (tx: Tx, peerId: string, acks: Ack[], at: Instant): Promise<string[]> => {
  const { rows } = await sql<{ event_id: string }>`
    with who as materialized (select ${peerId}::uuid as peer)
    update exchange.delivery d set
      acked_at = case when d.acked_at is null or d.outcome = 'refused' then ${at}::timestamptz else d.acked_at end,
      outcome = case when d.acked_at is null or d.outcome = 'refused' then a.outcome else d.outcome end,
      note = case when d.acked_at is null or d.outcome = 'refused' then a.note else d.note end,
      delivered_at = coalesce(d.delivered_at, ${at}::timestamptz), next_attempt_at = null, leased_by = null,
      dead_at = null, fault = '', given_up_at = null
    from who w, jsonb_to_recordset(${JSON.stringify(acks)}::jsonb) as a("eventId" uuid, outcome text, note text)
    where d.peer_id = w.peer and d.event_id = a."eventId"
    returning d.event_id`.execute(tx)
  await saveEffects(tx, peerId, acks, at)
  return rows.map((r) => r.event_id)
}

/** Records of these events that the peer has been handed and has sent back. */
export const sentBack = async (
  tx: Tx,
  peerId: string,
  eventIds: readonly string[],
): Promise<{ subjectId: string; recordId: string }[]> => {
  if (!eventIds.length) return []
  const { rows } = await sql<{ subjectId: string; recordId: string }>`
    select distinct d.subject_id as "subjectId", d.record_id as "recordId" from exchange.delivery d
    where d.peer_id = ${peerId} and d.outcome = 'refused' and d.event_id = any(${[...eventIds]}::uuid[])
      and d.kind in ('publish', 'update') and d.record_id is not null`.execute(tx)
  return rows
}

/** Under way from now on, whichever way the peer is reached. */
export const insertAddressed = async (
  tx: Tx,
  ask: {
    id: string
    peerId: string
    subjectId: string
    recordId?: string
    type: string
    data: Record<string, unknown>
  },
  at: Instant,
): Promise<void> => {
  const key = { subject_id: ask.subjectId, peer_id: ask.peerId, event_id: ask.id }
  await tx
    .insertInto('exchange.addressed')
    .values({ ...key, type: ask.type, data: JSON.stringify(ask.data), at })
    .execute()
  await tx
    .insertInto('exchange.delivery')
    .values({ ...key, record_id: ask.recordId ?? null, kind: 'message', sent_at: at, next_attempt_at: at })
    .execute()
}

/** What was published of records in earlier versions, as text, by record and version. */
export const saidBefore = async (
  db: Reader,
  asked: readonly { subjectId: string; recordId: string; version: number }[],
): Promise<Map<string, string>> => {
  if (!asked.length) return new Map()
  const { rows } = await sql<{ record_id: string; version: number; fields: string }>`
    select s.record_id, s.version, s.fields::text as fields
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a("subjectId" uuid, "recordId" uuid, version integer)
    join records.v_said s on s.subject_id = a."subjectId" and s.record_id = a."recordId" and s.version = a.version`.execute(
    db,
  )
  return new Map(rows.map((r) => [`${r.record_id} ${r.version}`, r.fields]))
}

/** Since when, and why, these records are withdrawn on a channel: the first withdrawal since each was last shown there. */
export const standingWithdrawals = async (
  db: Reader,
  channel: string,
  recordIds: readonly string[],
): Promise<Map<string, { at: Instant; reason: string | null }>> => {
  if (!recordIds.length) return new Map()
  const { rows } = await sql<{ id: string; at: Instant; reason: string | null }>`
    select distinct on (e.record_id) e.record_id as id, e.at, e.details->>'kind' as reason
    from platform.event e
    where e.record_id = any(${[...recordIds]}::uuid[]) and e.kind = 'record.withdrawn' and ${channel} = any(e.channels)
      and not exists (
        select 1 from platform.event r
        where r.record_id = e.record_id and r.kind = 'record.restored' and ${channel} = any(r.channels) and r.commit_n > e.commit_n
      )
    order by e.record_id, e.commit_n`.execute(db)
  return new Map(rows.map((r) => [r.id, r]))
}

/**
 * What became of each record on each channel, oldest first. Read record by record: joined as tables, every withdrawal that there is
 * would be read for each record while the statistics still know of few.
 */
export const newsOf = async (db: Reader, keys: RecordKeys): Promise<Map<string, News[]>> =>
  byRecord(
    (
      await sql<News & { recordId: string }>`
    select e.record_id as "recordId", e.at, e.commit_n as "commitN", e.kind = 'record.withdrawn' as withdrawn, e.channels,
      e.details->>'kind' as reason
    from ${keysAs(keys)} cross join lateral (
      select * from platform.event own where own.subject_id = k.subject_id and own.record_id = k.record_id
        and own.kind in ('record.withdrawn', 'record.restored') offset 0) e
    order by e.commit_n, e.id`.execute(db)
    ).rows,
  )

export type HolderRow = {
  peerId: string
  name: string
  kind: PeerKind
  channel: string
  ackWorkdays: number
  takedownWorkdays: number
  state: PeerState
  duties: PeerDuty[]
  deliveries: Delivery[]
}
/** Everyone who was ever handed a record, with each hand-over of it; by record. */
export const holdersOf = async (db: Reader, keys: RecordKeys): Promise<Map<string, HolderRow[]>> => {
  const { rows } = await sql<Omit<HolderRow, 'deliveries'> & Delivery & { recordId: string }>`
    select d.record_id as "recordId", p.id as "peerId", p.name, p.kind, p.channel, p.ack_workdays as "ackWorkdays",
      p.takedown_workdays as "takedownWorkdays", p.state, p.duties, d.event_id as "eventId", e.commit_n as "commitN", d.kind as handing, d.sent_at as "sentAt",
      d.acked_at as "ackedAt", d.outcome, d.note, d.dead_at as "deadAt", d.verified_at as "verifiedAt"
    from ${keysAs(keys)}
    join exchange.delivery d on d.subject_id = k.subject_id and d.record_id = k.record_id
    join exchange.peer p on p.id = d.peer_id
    join platform.event e on e.subject_id = d.subject_id and e.id = d.event_id
    order by p.name, p.id, e.commit_n`.execute(db)
  const holder = (own: typeof rows): HolderRow => {
    const { peerId, name, kind, channel, ackWorkdays, takedownWorkdays, state, duties } = own[0]!
    return { peerId, name, kind, channel, ackWorkdays, takedownWorkdays, state, duties, deliveries: own }
  }
  return new Map(
    [...byRecord(rows)].map(([id, own]) => [id, [...Map.groupBy(own, (r) => r.peerId).values()].map(holder)]),
  )
}
