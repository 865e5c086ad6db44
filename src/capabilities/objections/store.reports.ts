import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { ObjectionState, ReportState } from './states.ts'
import { inTerritory } from './store.ts'

/** What anyone reports before login. */

export type Report = {
  subjectId: string
  id: string
  no: string
  recordId: string
  recordItem: string
  docNo: string
  authorityName: string
  subjectName: string
  division: string | null
  text: string
  contactName: string
  contactSecret: Uint8Array
  state: ReportState
  receivedOn: LocalDate
  receivedAt: Instant
  dueOn: LocalDate
  answer: string | null
  objectionId: string | null
  version: number
}
const columns =
  sql.raw(`r.subject_id as "subjectId", r.id, r.no, r.record_id as "recordId", r.record_item as "recordItem", r.doc_no as "docNo",
  r.authority_name as "authorityName", r.subject_name as "subjectName", r.division, r.text, r.contact_name as "contactName",
  r.contact_secret as "contactSecret", r.state, r.received_on as "receivedOn", r.received_at as "receivedAt", r.due_on as "dueOn",
  r.answer, r.objection_id as "objectionId", r.version`)

/** The credit office over its territory. */
const scope = (actor: Actor) => {
  if (actor.kind === 'system') return sql`true`
  return actor.kind === 'person' && actor.roles.includes('credit_office')
    ? inTerritory(sql`r.division`, actor.division)
    : sql`false`
}

export const insertReport = async (
  tx: Tx,
  r: Omit<Report, 'answer' | 'objectionId' | 'version' | 'state'> & {
    tokenDigest: string
    fromDigest: string | null
    dueProvisional: boolean
  },
): Promise<void> => {
  await sql`
    insert into objections.report (subject_id, id, no, token_digest, record_id, record_item, doc_no, authority_name, subject_name, division,
      text, contact_name, contact_secret, from_digest, state, received_on, received_at, due_on, due_provisional)
    values (${r.subjectId}, ${r.id}, ${r.no}, ${r.tokenDigest}, ${r.recordId}, ${r.recordItem}, ${r.docNo}, ${r.authorityName},
      ${r.subjectName}, ${r.division}, ${r.text}, ${r.contactName}, ${r.contactSecret}, ${r.fromDigest}, 'received', ${r.receivedOn},
      ${r.receivedAt}, ${r.dueOn}, ${r.dueProvisional})`.execute(tx)
}
/** Counted one after another: those of one place wait for each other. */
export const countFrom = async (tx: Tx, digest: string, since: Instant): Promise<number> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${digest}, 0))`.execute(tx)
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from objections.report where from_digest = ${digest} and received_at > ${since}`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}
/** The same form, sent before. */
export const reportSent = async (
  tx: Tx,
  subjectId: string,
  tokenDigest: string,
): Promise<Pick<Report, 'no' | 'receivedOn'> | null> =>
  (
    await sql<Pick<Report, 'no' | 'receivedOn'>>`
      select r.no, r.received_on as "receivedOn" from objections.report r
      where r.subject_id = ${subjectId} and r.token_digest = ${tokenDigest}`.execute(tx)
  ).rows[0] ?? null
export const forgetWhereFrom = async (tx: Tx, before: Instant): Promise<void> => {
  await sql`update objections.report set from_digest = null where from_digest is not null and received_at < ${before}`.execute(
    tx,
  )
}

export const reportByToken = async (db: Reader, no: string, tokenDigest: string): Promise<Report | null> =>
  (
    await sql<Report>`select ${columns} from objections.report r where r.no = ${no} and r.token_digest = ${tokenDigest}`.execute(
      db,
    )
  ).rows[0] ?? null
export const objectionOfReport = async (
  db: Reader,
  subjectId: string,
  id: string,
): Promise<{ state: ObjectionState; answer: string | null } | null> =>
  (
    await sql<{ state: ObjectionState; answer: string | null }>`
    select state, answer from objections.objection where subject_id = ${subjectId} and id = ${id}`.execute(db)
  ).rows[0] ?? null

export const findReport = async (db: Reader, actor: Actor, id: string): Promise<Report | null> =>
  (await sql<Report>`select ${columns} from objections.report r where r.id = ${id} and ${scope(actor)}`.execute(db))
    .rows[0] ?? null
export const lockReport = async (tx: Tx, actor: Actor, id: string): Promise<Report | null> =>
  (
    await sql<Report>`select ${columns} from objections.report r where r.id = ${id} and ${scope(actor)} for update of r`.execute(
      tx,
    )
  ).rows[0] ?? null

export const listReports = async (
  db: Reader,
  actor: Actor,
  f: { state: ReportState; after: [string, string] | null; limit: number },
): Promise<Report[]> =>
  (
    await sql<Report>`select ${columns} from objections.report r
    where ${scope(actor)} and r.state = ${f.state}
      and ${f.after ? sql`(r.received_at, r.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql`true`}
    order by r.received_at desc, r.id desc limit ${f.limit}`.execute(db)
  ).rows
export const countReports = async (
  db: Reader,
  actor: Actor,
  today: LocalDate,
): Promise<{ received: number; overdue: number }> =>
  (
    await sql<{ received: number; overdue: number }>`
    select count(*)::int as received, count(*) filter (where r.due_on < ${today})::int as overdue
    from objections.report r where ${scope(actor)} and r.state = 'received'`.execute(db)
  ).rows[0] ?? { received: 0, overdue: 0 }

export const saveReport = async (
  tx: Tx,
  r: Pick<Report, 'subjectId' | 'id' | 'state' | 'answer' | 'objectionId'> & { seen: number; by: string; at: Instant },
): Promise<boolean> => {
  const done = await sql`
    update objections.report set state = ${r.state}, answer = ${r.answer}, objection_id = ${r.objectionId}, done_by = ${r.by},
      done_at = ${r.at}, version = version + 1
    where subject_id = ${r.subjectId} and id = ${r.id} and version = ${r.seen}`.execute(tx)
  return done.numAffectedRows === 1n
}
export const lateReports = async (db: Reader, today: LocalDate): Promise<Report[]> =>
  (
    await sql<Report>`select ${columns} from objections.report r
    where r.state = 'received' and r.due_on < ${today} and r.escalated = 0 order by r.due_on limit 200`.execute(db)
  ).rows
export const markReportLate = async (tx: Tx, r: Pick<Report, 'subjectId' | 'id'>): Promise<void> => {
  await sql`update objections.report set escalated = 1 where subject_id = ${r.subjectId} and id = ${r.id}`.execute(tx)
}
