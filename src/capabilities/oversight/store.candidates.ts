import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { Listed, Proven } from './rules.ts'
import type { Answer, CandidateState } from './states.ts'
import { type Scope, both, when } from './store.ts'

/** Subjects that have entries of both kinds at all; whether they still stand is for the rules to say. */
export const subjectsToProve = async (
  db: Reader,
  causes: { notReporting: readonly string[]; outOfReach: readonly string[] },
  after: string | null,
  limit: number,
): Promise<string[]> =>
  (
    await sql<{ subjectId: string }>`
    select r.subject_id as "subjectId" from records.v_abnormal r
    where r.subject_kind = 'enterprise' and ${after ? sql`r.subject_id > ${after}::uuid` : sql`true`}
    group by r.subject_id
    having bool_or(r.cause = any(${[...causes.notReporting]}::text[])) and bool_or(r.cause = any(${[...causes.outOfReach]}::text[]))
    order by r.subject_id limit ${limit}`.execute(db)
  ).rows.map((r) => r.subjectId)

export const listedOf = async (
  db: Reader,
  subjectIds: readonly string[],
): Promise<Map<string, (Listed & { subjectId: string })[]>> => {
  if (!subjectIds.length) return new Map()
  const { rows } = await sql<Listed & { subjectId: string }>`
    select r.subject_id as "subjectId", r.record_id as "recordId", r.cause, r.decided_on as "decidedOn", r.doc_no as "docNo",
      r.authority_name as "authorityName", r.removed_on as "removedOn", r.last_kind as "lastKind", r.last_from as "lastFrom"
    from records.v_abnormal r where r.subject_id = any(${[...subjectIds]}::uuid[])
    order by r.decided_on, r.record_id`.execute(db)
  return Map.groupBy(rows, (r) => r.subjectId)
}

export type CandidateRow = {
  id: string
  subjectId: string
  division: string
  state: CandidateState
  proof: Proven
  policyVersion: string
  provedAt: Instant
  registrarId: string | null
  registrarName: string | null
  handedAt: Instant | null
  answer: Answer | null
  answerNote: string | null
  answerDocNo: string | null
  answeredAt: Instant | null
  version: number
}
const columns = sql`t.id, t.subject_id as "subjectId", t.division, t.state, t.proof, t.policy_version as "policyVersion",
  t.proved_at as "provedAt", t.registrar_id as "registrarId", t.registrar_name as "registrarName", t.handed_at as "handedAt",
  t.answer, t.answer_note as "answerNote", t.answer_doc_no as "answerDocNo", t.answered_at as "answeredAt", t.version`
/** The credit office sees its territory; a registrar sees what was handed to it. */
const mine = (scope: Scope): RawBuilder<unknown> => {
  if (scope === 'none') return sql`false`
  return 'territory' in scope
    ? sql`t.division like ${`${scope.territory}%`}`
    : sql`t.registrar_id = ${scope.authorityId}`
}

/** New, or proven once more; one that was handed over stays as it was handed over. */
export const putCandidate = async (
  tx: Tx,
  c: { id: string; subjectId: string; division: string; proof: Proven; policyVersion: string; at: Instant },
): Promise<'new' | 'known'> => {
  const { rows } = await sql<{ fresh: boolean }>`
    insert into oversight.candidate as t (subject_id, id, division, state, proof, policy_version, found_at, proved_at)
    values (${c.subjectId}, ${c.id}, ${c.division}, 'candidate', ${json(c.proof)}, ${c.policyVersion}, ${c.at}, ${c.at})
    on conflict (subject_id) do update set state = 'candidate', division = excluded.division, proof = excluded.proof,
      policy_version = excluded.policy_version, proved_at = excluded.proved_at, version = t.version + 1
    where t.state = 'dropped' or (t.state = 'candidate' and (t.proof <> excluded.proof or t.division <> excluded.division))
    returning (t.version = 1) as fresh`.execute(tx)
  return rows[0]?.fresh ? 'new' : 'known'
}
/** Those that are candidates and were not proven now. */
export const openCandidates = async (db: Reader): Promise<string[]> =>
  (
    await sql<{ subjectId: string }>`
    select t.subject_id as "subjectId" from oversight.candidate t where t.state = 'candidate'`.execute(db)
  ).rows.map((r) => r.subjectId)
export const dropCandidates = async (tx: Tx, subjectIds: readonly string[], at: Instant): Promise<void> => {
  if (!subjectIds.length) return
  await sql`
    update oversight.candidate set state = 'dropped', proved_at = ${at}, version = version + 1
    where subject_id = any(${[...subjectIds]}::uuid[]) and state = 'candidate'`.execute(tx)
}

const filtered = (scope: Scope, f: { state?: string | undefined; division?: string | undefined }) =>
  both([
    mine(scope),
    when(f.state, (state) => sql`t.state = ${state}`),
    when(f.division, (d) => sql`t.division like ${`${territoryPrefix(d)}%`}`),
  ])
export const listCandidates = async (
  db: Reader,
  scope: Scope,
  f: { state?: string | undefined; division?: string | undefined; after: readonly [string] | null; limit: number },
): Promise<CandidateRow[]> =>
  (
    await sql<CandidateRow>`
    select ${columns} from oversight.candidate t
    where ${filtered(scope, f)} and ${f.after ? sql`t.id > ${f.after[0]}::uuid` : sql`true`}
    order by t.id limit ${f.limit}`.execute(db)
  ).rows
export const countCandidates = async (
  db: Reader,
  scope: Scope,
  f: { division?: string | undefined },
): Promise<{ state: CandidateState; count: number }[]> =>
  (
    await sql<{ state: CandidateState; count: number }>`
    select t.state, count(*)::int as count from oversight.candidate t where ${filtered(scope, f)} group by t.state`.execute(
      db,
    )
  ).rows
export const findCandidate = async (db: Reader, scope: Scope, id: string): Promise<CandidateRow | null> =>
  (
    await sql<CandidateRow>`select ${columns} from oversight.candidate t where t.id = ${id}::uuid and ${mine(scope)}`.execute(
      db,
    )
  ).rows[0] ?? null

export const saveHandOver = async (
  tx: Tx,
  c: {
    id: string
    proof: Proven
    registrar: { id: string; name: string }
    at: Instant
    by: string
    seen: number
  },
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update oversight.candidate set state = 'handed_over', proof = ${json(c.proof)}, proved_at = ${c.at}, registrar_id = ${c.registrar.id},
      registrar_name = ${c.registrar.name}, handed_at = ${c.at}, handed_by = ${c.by}, version = version + 1
    where id = ${c.id} and version = ${c.seen} and state = 'candidate' returning id`.execute(tx)
  return rows.length > 0
}
export const saveAnswer = async (
  tx: Tx,
  c: { id: string; answer: Answer; note: string; docNo: string; at: Instant; by: string; seen: number },
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update oversight.candidate set state = 'answered', answer = ${c.answer}, answer_note = ${c.note}, answer_doc_no = ${c.docNo},
      answered_at = ${c.at}, answered_by = ${c.by}, version = version + 1
    where id = ${c.id} and version = ${c.seen} and state = 'handed_over' returning id`.execute(tx)
  return rows.length > 0
}
