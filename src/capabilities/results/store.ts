import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { eventsBetween } from '../../platform/follow.ts'
import type { LineFacts } from './rules.ts'
import type { FileFormat, LineKind } from './words.ts'

export const FOLLOW_LOCK = 7_716_034
const PROGRESS = 'entries'

export const progressOf = async (db: Reader): Promise<number> =>
  (await sql<{ position: number }>`select position from results.progress where name = ${PROGRESS}`.execute(db)).rows[0]
    ?.position ?? 0
export const saveProgress = async (tx: Tx, position: number): Promise<void> => {
  await sql`insert into results.progress (name, position) values (${PROGRESS}, ${position})
    on conflict (name) do update set position = excluded.position`.execute(tx)
}

export type NewsRow = {
  subjectId: string
  eventId: string
  recordId: string
  position: number
  at: Instant
  division: string | null
  disposition: string
  /** Null where the record has been moved to another file since. */
  effectiveOn: LocalDate | null
}
/** What happened to records between two places of the log: of the kinds that the set is made of, and reports anew of what stands in it. */
export const newsBetween = async (
  db: Reader,
  ask: { after: number; to: number; kinds: readonly string[] },
): Promise<NewsRow[]> => {
  const { rows } = await sql<NewsRow>`
    select e.subject_id as "subjectId", e.id as "eventId", e.record_id as "recordId", e.position, e.at, e.division,
      coalesce(e.details->>'kind', 'corrected') as disposition, (
        select d.effective_from from records.v_disposition d
        where d.subject_id = e.subject_id and d.record_id = e.record_id and d.id = (e.details->>'disposition')::uuid
      ) as "effectiveOn"
    from ${eventsBetween(ask.after, ask.to)} e
    where e.record_id is not null
      and e.kind in ('record.withdrawn', 'record.updated', 'record.restored')
      and (e.details->>'kind' = any(${ask.kinds}::text[]) or (e.kind = 'record.updated' and e.details->>'kind' is null and (
        exists (select 1 from results.entry x where x.subject_id = e.subject_id and x.record_id = e.record_id)
        or exists (
          select 1 from platform.event r join platform.commit rc on rc.n = r.commit_n
          where r.record_id = e.record_id and r.kind = 'record.withdrawn' and rc.position > ${ask.after} and rc.position <= ${ask.to}
        ))))
    order by e.position, e.id`.execute(db)
  return rows
}

export type Entry = {
  subjectId: string
  eventId: string
  recordId: string
  onDay: LocalDate
  position: number
  kind: LineKind
  item: string
  authorityId: string
  authorityName: string
  line: LineFacts
  at: Instant
}
const entryColumns = sql`e.subject_id as "subjectId", e.event_id as "eventId", e.record_id as "recordId", e.on_day as "onDay",
  e.position, e.kind, e.item, e.authority_id as "authorityId", e.authority_name as "authorityName", e.line, e.at`

type RecordKeys = readonly { subjectId: string; recordId: string }[]
/** The last line of each record, by the record. */
export const lastEntriesOf = async (
  db: Reader,
  keys: RecordKeys,
): Promise<Map<string, Pick<Entry, 'kind' | 'line'>>> => {
  const { rows } = await sql<Pick<Entry, 'recordId' | 'kind' | 'line'>>`
    select k.record_id as "recordId", e.kind, e.line
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.recordId)}::uuid[]) as k(subject_id, record_id)
    cross join lateral (
      select own.kind, own.line from results.entry own where own.subject_id = k.subject_id and own.record_id = k.record_id
      order by own.position desc, own.event_id desc limit 1) e`.execute(db)
  return new Map(rows.map(({ recordId, ...last }) => [recordId, last]))
}
/** Those of these events that stand in a set already. */
export const enteredOf = async (
  db: Reader,
  keys: readonly { subjectId: string; eventId: string }[],
): Promise<Set<string>> => {
  const { rows } = await sql<{ id: string }>`
    select e.event_id as id
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.eventId)}::uuid[]) as k(subject_id, event_id)
    cross join lateral (
      select own.event_id from results.entry own where own.subject_id = k.subject_id and own.event_id = k.event_id offset 0) e`.execute(
    db,
  )
  return new Set(rows.map((r) => r.id))
}
export const entriesOn = async (db: Reader, day: LocalDate): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from results.entry where on_day = ${day}`.execute(db)).rows[0]
    ?.n ?? 0
export const insertEntries = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  if (!entries.length) return
  await sql`insert into results.entry (subject_id, event_id, record_id, on_day, position, kind, item, authority_id, authority_name, line, at)
    select e."subjectId", e."eventId", e."recordId", e."onDay", e.position, e.kind, e.item, e."authorityId", e."authorityName", e.line, e.at
    from jsonb_to_recordset(${json(entries)}::jsonb) as e("subjectId" uuid, "eventId" uuid,
      "recordId" uuid, "onDay" date, position bigint, kind text, item text, "authorityId" uuid, "authorityName" text, line jsonb,
      at timestamptz)`.execute(tx)
}
export const entriesOf = async (
  db: Reader,
  day: LocalDate,
  page: { after: readonly [number, string] | null; limit: number } | null = null,
): Promise<Entry[]> => {
  const after = page?.after ?? null
  const { rows } = await sql<Entry>`
    select ${entryColumns} from results.entry e
    where e.on_day = ${day} and ${after ? sql`(e.position, e.event_id) > (${after[0]}::bigint, ${after[1]}::uuid)` : sql`true`}
    order by e.position, e.event_id ${page ? sql`limit ${page.limit}` : sql``}`.execute(db)
  return rows
}
/** How many lines of a day rest on an event that stands in the log at the same place. */
export const tracedOn = async (db: Reader, day: LocalDate): Promise<number> =>
  (
    await sql<{ n: number }>`
      select count(*)::int as n from results.entry r
      join platform.event e on e.subject_id = r.subject_id and e.id = r.event_id and e.record_id = r.record_id
      join platform.commit c on c.n = e.commit_n and c.position = r.position
      where r.on_day = ${day}`.execute(db)
  ).rows[0]?.n ?? 0
export const firstEntryDay = async (db: Reader): Promise<LocalDate | null> =>
  (await sql<{ day: LocalDate | null }>`select min(on_day) as day from results.entry`.execute(db)).rows[0]?.day ?? null

export type FileDigest = { format: FileFormat; sha256: string; bytes: number }
export type Signature = { algorithm: string; keyId: string; value: string }
export type DaySet = {
  day: LocalDate
  lines: number
  amendments: number
  manifest: string
  signature: Signature
  closedAt: Instant
}
const setColumns = sql`s.on_day as day, s.lines, s.amendments, s.manifest, s.signature, s.closed_at as "closedAt"`
export const lastSetDay = async (db: Reader): Promise<LocalDate | null> =>
  (await sql<{ day: LocalDate | null }>`select max(on_day) as day from results.day_set`.execute(db)).rows[0]?.day ??
  null
export const insertSet = async (tx: Tx, s: DaySet): Promise<void> => {
  await sql`insert into results.day_set (on_day, lines, amendments, manifest, signature, closed_at)
    values (${s.day}, ${s.lines}, ${s.amendments}, ${s.manifest}, ${JSON.stringify(s.signature)}::jsonb, ${s.closedAt})`.execute(
    tx,
  )
}
export type Standing = { asked: number; done: number; open: number; late: number }
type SetRow = DaySet & Standing
const standingOn = (today: LocalDate) => sql`
  left join lateral (
    select count(*) filter (where t.state <> 'void')::int as asked, count(*) filter (where t.state in ('verified', 'not_shown'))::int as done,
      count(*) filter (where t.state in ('open', 'returned', 'confirmed'))::int as open,
      count(*) filter (where t.state in ('open', 'returned') and t.due_on < ${today})::int as late
    from results.takedown t where t.on_day = s.on_day
  ) k on true`
export const listSets = async (
  db: Reader,
  ask: { after: LocalDate | null; limit: number; today: LocalDate },
): Promise<SetRow[]> => {
  const { rows } = await sql<SetRow>`
    select ${setColumns}, k.asked, k.done, k.open, k.late from results.day_set s ${standingOn(ask.today)}
    where ${ask.after ? sql`s.on_day < ${ask.after}` : sql`true`} order by s.on_day desc limit ${ask.limit}`.execute(db)
  return rows
}
export const findSet = async (db: Reader, day: LocalDate, today: LocalDate): Promise<SetRow | null> =>
  (
    await sql<SetRow>`select ${setColumns}, k.asked, k.done, k.open, k.late from results.day_set s ${standingOn(today)}
      where s.on_day = ${day}`.execute(db)
  ).rows[0] ?? null
