import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
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
    select e.subject_id as "subjectId", e.id as "eventId", e.record_id as "recordId", c.position, e.at, e.division,
      coalesce(e.details->>'kind', 'corrected') as disposition, (
        select x->>'effectiveFrom' from records.v_held h, json_array_elements(h.dispositions) x
        where h."subjectId" = e.subject_id and h.id = e.record_id and x->>'id' = e.details->>'disposition' limit 1
      ) as "effectiveOn"
    from platform.commit c join platform.event e on e.commit_n = c.n
    where c.position > ${ask.after} and c.position <= ${ask.to} and e.record_id is not null
      and e.kind in ('record.withdrawn', 'record.updated', 'record.restored')
      and (e.details->>'kind' = any(${ask.kinds}::text[]) or (e.kind = 'record.updated' and e.details->>'kind' is null and (
        exists (select 1 from results.entry x where x.subject_id = e.subject_id and x.record_id = e.record_id)
        or exists (
          select 1 from platform.event r join platform.commit rc on rc.n = r.commit_n
          where r.record_id = e.record_id and r.kind = 'record.withdrawn' and rc.position > ${ask.after} and rc.position <= ${ask.to}
        ))))
    order by c.position, e.id`.execute(db)
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

export const lastEntryOf = async (
  db: Reader,
  subjectId: string,
  recordId: string,
): Promise<Pick<Entry, 'kind' | 'line'> | null> =>
  (
    await sql<Pick<Entry, 'kind' | 'line'>>`
      select kind, line from results.entry where subject_id = ${subjectId} and record_id = ${recordId}
      order by position desc, event_id desc limit 1`.execute(db)
  ).rows[0] ?? null
export const entriesOn = async (db: Reader, day: LocalDate): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from results.entry where on_day = ${day}`.execute(db)).rows[0]
    ?.n ?? 0
/** False when it stands there already. */
export const insertEntry = async (tx: Tx, e: Entry): Promise<boolean> => {
  const done =
    await sql`insert into results.entry (subject_id, event_id, record_id, on_day, position, kind, item, authority_id, authority_name, line, at)
    values (${e.subjectId}, ${e.eventId}, ${e.recordId}, ${e.onDay}, ${e.position}, ${e.kind}, ${e.item}, ${e.authorityId},
      ${e.authorityName}, ${JSON.stringify(e.line)}::jsonb, ${e.at})
    on conflict (subject_id, event_id) do nothing`.execute(tx)
  return done.numAffectedRows === 1n
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
