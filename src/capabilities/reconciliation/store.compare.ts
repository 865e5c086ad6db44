import { sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Database, type Reader, type Tx, copyLine, json } from '../../platform/db/index.ts'
import type { Handed, OpenResult, Side, There } from './rules.ts'
import type { OtherSystem } from './store.ts'

/** The comparison itself: whole stretches of subjects at a time, in the database; only what is not plainly the same comes out. */

export type ListedRow = {
  recordId: string | null
  item: string
  subjectCode: string
  subjectName: string
  authority: string
  authorityKey: string
  documentNumber: string
  docKey: string
  version: number | null
  digest: string | null
  publishedOn: LocalDate | null
  shownFrom: LocalDate
  shownUntil: LocalDate | null
  class: string
  article: string
}

export const forgetList = async (tx: Tx, peerId: string): Promise<void> => {
  await sql`delete from reconciliation.shown_there where peer_id = ${peerId}`.execute(tx)
}

const LISTED = [
  'peer_id',
  'n',
  'record_id',
  'item',
  'subject_code',
  'subject_name',
  'authority',
  'authority_key',
  'doc_no',
  'doc_key',
  'version',
  'digest',
  'published_on',
  'shown_from',
  'shown_until',
  'class',
  'article',
] as const
/** One page of their list, numbered on from `n`. */
export const saveListed = async (
  db: Database,
  tx: Tx,
  peerId: string,
  n: number,
  rows: readonly ListedRow[],
): Promise<void> => {
  const lines = rows.map((r, i) =>
    copyLine([
      peerId,
      n + i,
      r.recordId,
      r.item,
      r.subjectCode,
      r.subjectName,
      r.authority,
      r.authorityKey,
      r.documentNumber,
      r.docKey,
      r.version,
      r.digest,
      r.publishedOn,
      r.shownFrom,
      r.shownUntil,
      r.class,
      r.article,
    ]),
  )
  await db.copyRows(tx, 'reconciliation.shown_there', LISTED, lines)
}

/** Whose file each row of the list is about; by the record itself where it came from here, however its number is written there. */
export const placeList = async (tx: Tx, peerId: string): Promise<number> => {
  await sql`
    update reconciliation.shown_there t
    set subject_id = d.subject_id, item = d.item, authority_key = d.authority_key, doc_key = d.doc_key
    from records.v_displays d where t.peer_id = ${peerId} and t.record_id is not null and d.record_id = t.record_id`.execute(
    tx,
  )
  await sql`
    update reconciliation.shown_there t set subject_id = c.subject_id
    from subjects.v_by_code c where t.peer_id = ${peerId} and t.subject_id is null and c.code = t.subject_code`.execute(
    tx,
  )
  // An authority that was registered after its record came is still held there under its name.
  await sql`
    update reconciliation.shown_there t set authority_key = d.authority_key
    from records.v_displays d where t.peer_id = ${peerId} and t.record_id is null and d.subject_id = t.subject_id and d.item = t.item
      and d.doc_key = t.doc_key and d.authority_name = t.authority and d.authority_key <> t.authority_key`.execute(tx)
  const { rows } = await sql<{ n: number }>`
    with again as (
      select n, row_number() over (partition by coalesce(subject_id::text, subject_code), item, authority_key, doc_key order by n) as nth
      from reconciliation.shown_there where peer_id = ${peerId}
    ), marked as (
      update reconciliation.shown_there t set first_of_key = false from again a
      where t.peer_id = ${peerId} and t.n = a.n and a.nth > 1 returning t.n
    ) select count(*)::int as n from marked`.execute(tx)
  return rows[0]?.n ?? 0
}

/** The last subject of the next stretch of about so many records; null where no more than that are left. */
export const stretchEnd = async (db: Reader, after: string, rows: number): Promise<string | null> => {
  const found = await sql<{ id: string }>`
    select d.subject_id as id from records.v_displays d where d.subject_id > ${after}::uuid order by d.subject_id offset ${rows} limit 1`.execute(
    db,
  )
  return found.rows[0]?.id ?? null
}

export type Counts = {
  shownHere: number
  shownThere: number
  same: number
  sameOtherTerms: number
}
/** A record that is not plainly the same, with all that its cause is read from. */
export type Candidate = {
  subjectId: string | null
  recordId: string | null
  held: boolean
  item: string
  division: string | null
  subjectCode: string | null
  subjectName: string | null
  authority: string
  authorityKey: string
  docNo: string
  docKey: string
  version: number | null
  contentSame: boolean | null
  site: Side | null
  due: Side | null
  there: There | null
  shownHere: boolean
  handed: Handed | null
  withdrawn: Handed | null
  result: OpenResult | null
}

const side = (alias: 'site' | 'necips') => sql`
  case when m.record_id is null then null else jsonb_build_object('from', ${sql.ref(`m.${alias}_from`)}, 'until', ${sql.ref(`m.${alias}_until`)},
    'end', ${sql.ref(`m.${alias}_end`)}, 'class', ${sql.ref(`${alias}_b.class`)}, 'article', ${sql.ref(`${alias}_b.article`)},
    'instrument', ${sql.ref(`${alias}_b.instrument`)}, 'max', ${sql.ref(`${alias}_b.max`)}) end`
const handed = (peerId: string, kinds: readonly string[]) => sql`(
  select jsonb_build_object('version', d.version, 'from', d.shown_from, 'until', d.shown_until, 'sentAt', d.sent_at,
    'deliveredAt', d.delivered_at, 'ackedAt', d.acked_at, 'deadAt', d.dead_at, 'outcome', d.outcome, 'note', d.note)
  from exchange.v_handed d where d.subject_id = m.subject_id and d.record_id = m.record_id and d.peer_id = ${peerId}
    and d.kind = any(${kinds}::text[]) order by d.event_id desc limit 1)`

export type CompareAsk = {
  peer: OtherSystem
  scope: readonly string[]
  today: LocalDate
  toleranceDays: number
  after: string
  to: string
}
/** One stretch of subjects: how many are the same, and every record that is not. */
export const compareStretch = async (
  db: Reader,
  { peer, scope, today, toleranceDays, after, to }: CompareAsk,
): Promise<{ counts: Counts; candidates: Candidate[] }> => {
  const { rows } = await sql<{ counts: Counts; candidates: Candidate[] }>`
    with h as materialized (
      select d.*, d.state = 'held' as held,
        d.state = 'held' and d.site_from <= ${today}::date and (d.site_until is null or ${today}::date < d.site_until) as on_site,
        d.state = 'held' and d.necips_from <= ${today}::date and (d.necips_until is null or ${today}::date < d.necips_until) as is_due,
        d.item = any(${peer.items}::text[]) and d.system = any(${scope}::text[])
          and d.division like ${`${territoryPrefix(peer.division)}%`} and d.subject_kind is distinct from 'natural_person' as in_scope
      from records.v_displays d where d.subject_id > ${after}::uuid and d.subject_id <= ${to}::uuid
    ), t as materialized (
      select * from reconciliation.shown_there
      where peer_id = ${peer.id} and first_of_key and subject_id > ${after}::uuid and subject_id <= ${to}::uuid
    ), j as materialized (
      select coalesce(h.subject_id, t.subject_id) as subject_id, h.record_id, coalesce(h.held, false) as held,
        coalesce(h.on_site, false) as on_site, coalesce(h.is_due, false) as is_due, t.n is not null as there,
        coalesce(h.item, t.item) as item, h.division, t.subject_code, t.subject_name, coalesce(h.authority_name, t.authority) as authority,
        coalesce(h.authority_key, t.authority_key) as authority_key, coalesce(h.doc_no, t.doc_no) as doc_no,
        coalesce(h.doc_key, t.doc_key) as doc_key, h.version, h.fields,
        h.site_from, h.site_until, h.site_end, h.site_basis, h.necips_from, h.necips_until, h.necips_end, h.necips_basis,
        t.version as t_version, t.digest as t_digest, t.published_on, t.shown_from, t.shown_until, t.class as t_class, t.article as t_article,
        abs(h.necips_from - t.shown_from) <= ${toleranceDays}::int
          and (h.necips_until is null) = (t.shown_until is null)
          and coalesce(abs(h.necips_until - t.shown_until), 0) <= ${toleranceDays}::int as same_days
      from h full join t
        on h.subject_id = t.subject_id and h.item = t.item and h.authority_key = t.authority_key and h.doc_key = t.doc_key
      where (h.record_id is null or h.in_scope) and (t.n is not null or h.on_site or h.is_due)
    ), m as materialized (
      select x.*, x.on_site and x.is_due and x.there and x.same_days and x.same_content is not false as plain
      from (
        select j.*, case when not j.there or j.record_id is null or j.t_version is null then null
          else j.t_version = j.version and j.t_digest = reconciliation.digest(j.fields) end as same_content
        from j
      ) x
    )
    select jsonb_build_object('shownHere', count(*) filter (where m.on_site), 'shownThere', count(*) filter (where m.there),
        'same', count(*) filter (where m.plain), 'sameOtherTerms', count(*) filter (where m.plain
          and (m.site_from, m.site_until) is distinct from (m.necips_from, m.necips_until))) as counts,
      coalesce((
        select jsonb_agg(jsonb_build_object('subjectId', m.subject_id, 'recordId', m.record_id, 'held', m.held, 'item', m.item,
          'division', m.division, 'subjectCode', m.subject_code, 'subjectName', m.subject_name, 'authority', m.authority,
          'authorityKey', m.authority_key, 'docNo', m.doc_no, 'docKey', m.doc_key, 'version', m.version,
          'contentSame', m.same_content, 'shownHere', m.on_site, 'site', ${side('site')}, 'due', ${side('necips')},
          'there', case when m.there then jsonb_build_object('from', m.shown_from, 'until', m.shown_until, 'publishedOn', m.published_on,
            'class', m.t_class, 'article', m.t_article, 'version', m.t_version, 'digest', m.t_digest) end,
          'handed', ${handed(peer.id, ['publish', 'update'])}, 'withdrawn', ${handed(peer.id, ['withdraw'])},
          'result', (
            select jsonb_build_object('eventId', r.event_id, 'type', r.type, 'on', r.on_day)
            from reconciliation.result r join subjects.v_by_code c on c.code = r.subject_code
            where r.peer_id = ${peer.id} and c.subject_id = m.subject_id and r.item = m.item and (r.authority_key = m.authority_key or r.message -> 'data' -> 'record' ->> 'authority' = m.authority)
              and r.doc_key = m.doc_key and r.outcome in ('pending', 'refused')
            order by r.received_at desc limit 1)))
        from m
        left join records.v_basis site_b on site_b.id = m.site_basis
        left join records.v_basis necips_b on necips_b.id = m.necips_basis
        where not m.plain), '[]'::jsonb) as candidates
    from m`.execute(db)
  return rows[0]!
}

/** Rows of their list about subjects that are not known here. */
export const unknownListed = async (
  db: Reader,
  peerId: string,
  after: number,
  limit: number,
): Promise<(ListedRow & { n: number })[]> => {
  const { rows } = await sql<ListedRow & { n: number }>`
    select n, record_id as "recordId", item, subject_code as "subjectCode", subject_name as "subjectName", authority,
      authority_key as "authorityKey", doc_no as "documentNumber", doc_key as "docKey", version, digest, published_on as "publishedOn",
      shown_from as "shownFrom", shown_until as "shownUntil", class, article
    from reconciliation.shown_there
    where peer_id = ${peerId} and first_of_key and subject_id is null and n > ${after} order by n limit ${limit}`.execute(
    db,
  )
  return rows
}

export type SavedResult = {
  eventId: string
  type: string
  item: string
  subjectCode: string
  authorityKey: string
  docKey: string
  on: LocalDate
  message: unknown
}
/** Keeps a result that has not been seen before, as one that waits. */
export const noteResult = async (tx: Tx, peerId: string, r: SavedResult, at: Instant): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into reconciliation.result (peer_id, event_id, type, item, subject_code, authority_key, doc_key, on_day, message, received_at, outcome)
    values (${peerId}, ${r.eventId}, ${r.type}, ${r.item}, ${r.subjectCode}, ${r.authorityKey}, ${r.docKey}, ${r.on}, ${json(r.message)}::jsonb,
      ${at}, 'pending')
    on conflict (peer_id, event_id) do nothing returning event_id as id`.execute(tx)
  return rows.length > 0
}
