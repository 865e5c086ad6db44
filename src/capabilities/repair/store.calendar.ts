import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'

export type FeedRow = { subjectId: string; id: string; personId: string; madeAt: Instant }
const columns = sql.raw('f.subject_id as "subjectId", f.id, f.person_id as "personId", f.made_at as "madeAt"')

export const feedsOf = async (db: Reader, personId: string, subjects: readonly string[]): Promise<FeedRow[]> =>
  (
    await sql<FeedRow>`select ${columns} from repair.calendar_feed f
    where f.person_id = ${personId} and f.subject_id = any(${[...subjects]}::uuid[]) and f.revoked_at is null
    order by f.made_at`.execute(db)
  ).rows

/** Only while its owner still acts for the subject. */
export const findFeed = async (db: Reader, id: string, on: LocalDate): Promise<FeedRow | null> =>
  (
    await sql<FeedRow>`select ${columns} from repair.calendar_feed f
    where f.id = ${id} and f.revoked_at is null and exists (
      select 1 from access.v_mandate m where m.subject_id = f.subject_id and m.person_id = f.person_id
        and m.valid_from <= ${on} and (m.valid_to is null or m.valid_to > ${on}))`.execute(db)
  ).rows[0] ?? null

/** False when there is one already. */
export const insertFeed = async (tx: Tx, f: FeedRow): Promise<boolean> => {
  const done = await sql`insert into repair.calendar_feed (subject_id, id, person_id, made_at)
    values (${f.subjectId}, ${f.id}, ${f.personId}, ${f.madeAt}) on conflict do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}

export const revokeFeed = async (
  tx: Tx,
  key: { subjectId: string; id: string; personId: string },
  at: Instant,
): Promise<boolean> => {
  const done = await sql`update repair.calendar_feed set revoked_at = ${at}
    where subject_id = ${key.subjectId} and id = ${key.id} and person_id = ${key.personId} and revoked_at is null`.execute(
    tx,
  )
  return done.numAffectedRows === 1n
}

// ---- reminders

export type Mandated = { subjectId: string; personIds: string[] }
/** Subjects for which someone acts, by their id. */
export const mandatedAfter = async (
  db: Reader,
  ask: { after: string | null; on: LocalDate; limit: number },
): Promise<Mandated[]> =>
  (
    await sql<Mandated>`
    select m.subject_id as "subjectId", array_agg(distinct m.person_id) as "personIds" from access.v_mandate m
    where m.valid_from <= ${ask.on} and (m.valid_to is null or m.valid_to > ${ask.on})
      ${ask.after ? sql`and m.subject_id > ${ask.after}::uuid` : sql``}
    group by m.subject_id order by m.subject_id limit ${ask.limit}`.execute(db)
  ).rows

export const promptedOf = async (db: Reader, subjectId: string): Promise<{ recordId: string; mayFrom: LocalDate }[]> =>
  (
    await sql<{ recordId: string; mayFrom: LocalDate }>`
    select p.record_id as "recordId", p.may_from as "mayFrom" from repair.prompt p where p.subject_id = ${subjectId}`.execute(
      db,
    )
  ).rows

/** The records of which this is news; two processes do not both say it. */
export const insertPrompts = async (
  tx: Tx,
  subjectId: string,
  rows: readonly { recordId: string; day: LocalDate }[],
  of: { at: Instant; messageId: string },
): Promise<string[]> =>
  (
    await sql<{ recordId: string }>`
    insert into repair.prompt (subject_id, record_id, may_from, posted_at, message_id)
    select ${subjectId}::uuid, r.record_id, r.may_from, ${of.at}::timestamptz, ${of.messageId}::uuid
    from unnest(${rows.map((r) => r.recordId)}::uuid[], ${rows.map((r) => r.day)}::date[]) as r(record_id, may_from)
    on conflict do nothing returning record_id as "recordId"`.execute(tx)
  ).rows.map((r) => r.recordId)

export const hasRun = async (db: Reader, on: LocalDate): Promise<boolean> =>
  (await sql`select 1 from repair.prompt_run where on_day = ${on}`.execute(db)).rows.length > 0
export const saveRun = async (tx: Tx, on: LocalDate, at: Instant): Promise<void> => {
  await sql`insert into repair.prompt_run (on_day, finished_at) values (${on}, ${at}) on conflict do nothing`.execute(
    tx,
  )
}
