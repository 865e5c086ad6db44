import { type RawBuilder, sql } from 'kysely'
import type { LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'

/**
 * Records with the same fault, double displays, and what the self-check looks for. It reads the view that records publish for
 * this: what is shown of a record, and what it says.
 */

const line = (t: string) =>
  sql.raw(`${t}.subject_id as "subjectId", ${t}.id, ${t}.item, ${t}.doc_no as "docNo", ${t}.authority_id as "authorityId",
  ${t}.authority_name as "authorityName", ${t}.decided_on as "decidedOn", ${t}.division, ${t}.version, ${t}.submission_id as "submissionId",
  ${t}.recorded_at as "recordedAt", ${t}.shown_from as "shownFrom", ${t}.shown_until as "shownUntil"`)
export type Line = {
  subjectId: string
  id: string
  item: string
  docNo: string
  authorityId: string
  authorityName: string
  decidedOn: LocalDate
  division: string | null
  version: number
  submissionId: string
  recordedAt: string
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
}
const shown = (t: string, on: LocalDate): RawBuilder<unknown> => {
  const [from, until] = [sql.raw(`${t}.shown_from`), sql.raw(`${t}.shown_until`)]
  return sql`(${from} <= ${on}::date and (${until} is null or ${until} > ${on}::date))`
}
/** The same decision held twice: one number by two names of an authority, or one number in two spellings. */
const TWIN = sql.raw(`a.subject_id = b.subject_id and a.item = b.item and a.decided_on = b.decided_on and a.id <> b.id
  and (a.doc_key = b.doc_key or (a.authority_id = b.authority_id and a.doc_digits <> '' and a.doc_digits = b.doc_digits))`)

export const twinsOf = async (
  db: Reader,
  of: { subjectId: string; id: string },
  on: LocalDate,
): Promise<(Line & { shown: boolean })[]> =>
  (
    await sql<Line & { shown: boolean }>`
    select ${line('b')}, ${shown('b', on)} as shown from records.v_fault a join records.v_fault b on ${TWIN}
    where a.subject_id = ${of.subjectId} and a.id = ${of.id} and b.state = 'held' order by b.recorded_at, b.id limit 20`.execute(
      db,
    )
  ).rows

// ---- siblings

export type Fault = { authorityId: string; item: string; recordIds: readonly string[]; submissionId: string }
const MOST = 200
/** So many of an authority's latest records are looked at beyond those of the same submission. */
const LOOK_BACK = 20_000
const sameFinder = (f: Fault) =>
  sql`a.authority_id = ${f.authorityId} and a.item = ${f.item} and a.state = 'held' and a.id <> all(${[...f.recordIds]}::uuid[])`
const inSubmission = (f: Fault) => sql`a.submission_id = ${f.submissionId}`

/** Fields that say the same wrong thing; what is common to many records by its nature counts only within one submission. */
export const sayingTheSame = async (
  db: Reader,
  f: Fault & { wrong: readonly { key: string; was: string; common: boolean }[] },
): Promise<(Line & { keys: string[] })[]> => {
  if (!f.wrong.length) return []
  const said = (key: string) => sql`coalesce(a.said -> ${key}::text, 'null'::jsonb)`
  const hit = (w: { key: string; was: string }) => sql`${said(w.key)} = ${w.was}::jsonb`
  const own = f.wrong.filter((w) => !w.common)
  const any = (those: typeof f.wrong) => (those.length ? sql`(${sql.join(those.map(hit), sql` or `)})` : sql`false`)
  const keys = sql`array_remove(array[${sql.join(f.wrong.map((w) => sql`case when ${hit(w)} then ${w.key}::text end`))}], null)`
  const { rows } = await sql<Line & { keys: string[] }>`
    select ${line('a')}, ${keys} as keys from records.v_fault a
    where ${sameFinder(f)} and ((${inSubmission(f)} and ${any(f.wrong)})
      or (a.id in (select r.id from records.v_fault r where r.authority_id = ${f.authorityId} and r.item = ${f.item}
        order by r.decided_on desc, r.id desc limit ${LOOK_BACK}) and ${any(own)}))
    order by (${inSubmission(f)}) desc, a.decided_on desc, a.id desc limit ${MOST}`.execute(db)
  return rows
}
/** The later of each pair of this authority that is shown twice. */
export const otherDoubles = async (db: Reader, f: Fault, on: LocalDate): Promise<Line[]> =>
  (
    await sql<Line>`
    select ${line('a')} from records.v_fault a
    where ${sameFinder(f)} and ${shown('a', on)} and exists (
      select 1 from records.v_fault b where ${TWIN} and b.state = 'held' and ${shown('b', on)} and (b.recorded_at, b.id) < (a.recorded_at, a.id))
    order by (${inSubmission(f)}) desc, a.decided_on desc, a.id desc limit ${MOST}`.execute(db)
  ).rows
/** Shown by the same rule, and come with the same submission or of the same subject. */
export const shownAlike = async (
  db: Reader,
  f: Fault & { subjectId: string; rule: string | null },
  on: LocalDate,
): Promise<Line[]> =>
  (
    await sql<Line>`
    select ${line('a')} from records.v_fault a
    where ${sameFinder(f)} and ${shown('a', on)} and (${inSubmission(f)} or a.subject_id = ${f.subjectId})
      and a.rule is not distinct from ${f.rule}
    order by (${inSubmission(f)}) desc, a.decided_on desc, a.id desc limit ${MOST}`.execute(db)
  ).rows
/** Put on the same file by the same submission: whose one record was not the subject's. */
export const besideOnFile = async (db: Reader, f: Fault & { subjectId: string }): Promise<Line[]> =>
  (
    await sql<Line>`
    select ${line('a')} from records.v_fault a
    where ${sameFinder(f)} and ${inSubmission(f)} and a.subject_id = ${f.subjectId}
    order by a.decided_on desc, a.id desc limit ${MOST}`.execute(db)
  ).rows

// ---- the self-check

export type Suspect = Line & { why: Record<string, unknown> }
const SUSPECTS = 5000
/** The later of each pair that is shown twice today. */
export const doublesShown = async (db: Reader, on: LocalDate): Promise<Suspect[]> =>
  (
    await sql<Suspect>`
    select ${line('a')}, jsonb_build_object('twin', b.id, 'docNo', b.doc_no, 'authority', b.authority_name) as why
    from records.v_fault a join records.v_fault b on ${TWIN}
    where a.state = 'held' and b.state = 'held' and ${shown('a', on)} and ${shown('b', on)}
      and (b.recorded_at, b.id) < (a.recorded_at, a.id)
    order by a.id limit ${SUSPECTS}`.execute(db)
  ).rows
/** Shown beyond the longest period of their own rule, or in spite of what has ended them: the fold has the last word. */
export const maybeOverLong = async (db: Reader, on: LocalDate): Promise<{ subjectId: string; id: string }[]> =>
  (
    await sql<{ subjectId: string; id: string }>`
    select a.subject_id as "subjectId", a.id from records.v_fault a
    where ${shown('a', on)} and (a.state = 'annulled' or a.ended
      or (a.longest is not null and (a.shown_until is null or a.shown_until > greatest(
        ((case a.clock when 'published_on' then a.published_on else a.decided_on end) + a.longest::interval)::date,
        coalesce(a.term_ends_on + 1, a.decided_on)))))
    order by a.id limit ${SUSPECTS}`.execute(db)
  ).rows
/** Shown of a natural person, of items that may not be shown, or of adverse ones that do not say their basis. */
export const baseless = async (
  db: Reader,
  on: LocalDate,
  ask: {
    hidden: readonly string[]
    unfounded: readonly string[]
    known: readonly string[]
    saysBasis: readonly string[]
  },
): Promise<(Line & { because: 'person' | 'hidden' | 'unfounded' | 'unsaid' })[]> => {
  const among = (items: readonly string[]) => sql`a.item = any(${[...items]}::text[])`
  const { rows } = await sql<Line & { because: 'person' | 'hidden' | 'unfounded' | 'unsaid' }>`
    select ${line('a')}, case when a.subject_kind = 'natural_person' then 'person'
      when ${among(ask.hidden)} or not ${among(ask.known)} then 'hidden' when ${among(ask.unfounded)} then 'unfounded' else 'unsaid' end as because
    from records.v_fault a
    where a.state = 'held' and ${shown('a', on)} and (a.subject_kind = 'natural_person' or ${among(ask.hidden)} or not ${among(ask.known)}
      or ${among(ask.unfounded)} or (${among(ask.saysBasis)} and coalesce(a.said ->> 'basis', '') = ''))
    order by a.id limit ${SUSPECTS}`.execute(db)
  return rows
}
export const countShownToday = async (db: Reader, on: LocalDate): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from records.v_fault a where ${shown('a', on)}`.execute(db))
    .rows[0]?.n ?? 0
