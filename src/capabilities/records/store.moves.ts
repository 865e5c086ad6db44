import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'

/** For whoever brings two files together: what is on one of them, and what would be on it twice. */

export type RecordLine = {
  id: string
  item: string
  authorityId: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  division: string | null
  version: number
  disposed: number
}
const columns = (t: string) =>
  sql.raw(`${t}.id, ${t}.item, ${t}.authority_id as "authorityId", ${t}.authority_name as "authorityName", ${t}.doc_no as "docNo",
  ${t}.decided_on as "decidedOn", ${t}.division, ${t}.version, ${t}.disposed`)

/** The records of a subject, all or those named; ids that are not there are left out. */
export const recordsThere = async (
  db: Reader,
  subjectId: string,
  ids: readonly string[] | null,
): Promise<(RecordLine & { channels: string[] })[]> =>
  (
    await sql<RecordLine & { channels: string[] }>`
    select ${columns('r')},
      coalesce((select array_agg(distinct w ->> 'channel') from jsonb_array_elements(r.windows) w
        where w ->> 'from' is not null or w -> 'planned' ->> 'from' is not null), '{}') as channels
    from records.record r
    where r.subject_id = ${subjectId} and ${ids ? sql`r.id = any(${[...ids]}::uuid[])` : sql`true`}
    order by r.decided_on desc, r.id desc`.execute(db)
  ).rows

/** Pairs that say the same: one natural key on both files. */
export type Clash = { from: RecordLine; into: RecordLine }
export const clashesOf = async (
  db: Reader,
  from: string,
  into: string,
  ids: readonly string[] | null,
): Promise<Clash[]> => {
  const { rows } = await sql<{ a: RecordLine; b: RecordLine }>`
    select (select row_to_json(x) from (select ${columns('r')}) x) as a, (select row_to_json(x) from (select ${columns('o')}) x) as b
    from records.record r
    join records.record o on o.subject_id = ${into} and o.item = r.item and o.authority_key = r.authority_key and o.doc_key = r.doc_key
    where r.subject_id = ${from} and ${ids ? sql`r.id = any(${[...ids]}::uuid[])` : sql`true`}
    order by r.id`.execute(db)
  return rows.map(({ a, b }) => ({ from: a, into: b }))
}

export const recordsByAuthority = async (
  db: Reader,
  subjectId: string,
  ids: readonly string[] | null,
): Promise<{ authorityId: string; authorityName: string; n: number }[]> =>
  (
    await sql<{ authorityId: string; authorityName: string; n: number }>`
    select r.authority_id as "authorityId", max(r.authority_name) as "authorityName", count(*)::int as n
    from records.record r
    where r.subject_id = ${subjectId} and ${ids ? sql`r.id = any(${[...ids]}::uuid[])` : sql`true`}
    group by r.authority_id order by n desc, 2`.execute(db)
  ).rows

/** What came onto a file after an instant under one of these codes: it belongs to whose code it names. */
export const recordsReportedUnder = async (
  db: Reader,
  subjectId: string,
  codes: readonly string[],
  since: Instant,
): Promise<string[]> => {
  if (!codes.length) return []
  const said = sql`r.fields || coalesce(r.inner_fields, '{}')`
  const { rows } = await sql<{ id: string }>`
    select r.id from records.record r
    where r.subject_id = ${subjectId} and r.recorded_at > ${since}
      and not exists (select 1 from records.version v where v.subject_id = r.subject_id and v.record_id = r.id and v.recorded_at <= ${since})
      and ((${said}) ->> 'uscc' = any(${[...codes]}::text[])
        or (${said}) ->> 'organisation_code' = any(${[...codes]}::text[])
        or (${said}) ->> 'registration_no' = any(${[...codes]}::text[]))`.execute(db)
  return rows.map((r) => r.id)
}
