import { sql } from 'kysely'
import { nameKey } from '../../kernel/text.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { Problem } from './rules.columns.ts'
import type { Proposal, Register, Registered } from './rules.proposals.ts'
import type { Verdict } from './words.ts'
import type { MendRule } from './words.mends.ts'

/** What the register of subjects holds under codes and names, for many rows in two queries. */
export const registerOf = async (
  reader: Reader,
  ask: { codes: readonly string[]; names: readonly string[] },
): Promise<Register> => {
  const byCode = new Map<string, Registered>()
  const byName = new Map<string, string[]>()
  if (ask.codes.length) {
    const { rows } = await sql<{ code: string; name: string; uscc: string | null }>`
      select v.code, v.name, v.uscc from subjects.v_by_code v where v.code = any(${ask.codes}::text[])`.execute(reader)
    for (const { code, name, uscc } of rows) byCode.set(code, { name, nameKey: nameKey(name), uscc })
  }
  if (ask.names.length) {
    const { rows } = await sql<{ key: string; uscc: string | null }>`
      select v.name_key as key, v.uscc from subjects.v_by_name v where v.name_key = any(${ask.names}::text[])`.execute(
      reader,
    )
    // A subject without a unified code counts: then the name leads to more than one.
    for (const { key, uscc } of rows) byName.set(key, [...(byName.get(key) ?? []), uscc ?? ''])
  }
  return { byCode, byName }
}

export type KeptMend = {
  n: number
  field: string
  was: string
  became: string
  rule: MendRule
  acceptedName: string
  acceptedAt: string
}
export type MendedRow = { n: number; proposals: readonly Proposal[] }

export const insertMends = async (
  tx: Tx,
  ask: { submissionId: string; rows: readonly MendedRow[]; by: string; name: string; at: string },
): Promise<void> => {
  const values = ask.rows.flatMap(({ n, proposals }) =>
    proposals.map((p) => ({
      submission_id: ask.submissionId,
      n,
      field: p.field,
      was: p.was,
      became: p.became,
      rule: p.rule,
      accepted_by: ask.by,
      accepted_name: ask.name,
      accepted_at: ask.at,
    })),
  )
  if (!values.length) return
  await sql`
    insert into collection.mend (submission_id, n, field, was, became, rule, accepted_by, accepted_name, accepted_at)
    select * from jsonb_to_recordset(${json(values)}::jsonb) as a(submission_id uuid, n int, field text, was text, became text,
      rule text, accepted_by text, accepted_name text, accepted_at timestamptz)`.execute(tx)
}

const MEND = sql.raw('n, field, was, became, rule, accepted_name as "acceptedName", accepted_at as "acceptedAt"')
export const listMends = async (
  reader: Reader,
  submissionId: string,
  ask: { after: readonly [number, string]; limit: number },
): Promise<KeptMend[]> =>
  (
    await sql<KeptMend>`
    select ${MEND} from collection.mend where submission_id = ${submissionId} and (n, field) > (${ask.after[0]}::int, ${ask.after[1]}::text)
    order by n, field limit ${ask.limit}`.execute(reader)
  ).rows

export const mendsOfRow = async (reader: Reader, submissionId: string, n: number): Promise<KeptMend[]> =>
  (
    await sql<KeptMend>`select ${MEND} from collection.mend where submission_id = ${submissionId} and n = ${n}`.execute(
      reader,
    )
  ).rows

export type Resettled = {
  n: number
  seen: number
  verdict: Verdict
  problems: readonly Problem[]
  subjectId: string | null
  recordId: string | null
}
/** Returned rows get another verdict, and the counters move with them; false when somebody else was at one of them. */
export const resettle = async (
  tx: Tx,
  ask: { submissionId: string; rows: readonly Resettled[]; at: string; by: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update collection.row r set verdict = a.verdict, problems = a.problems, subject_id = a."subjectId", record_id = a."recordId",
      decided_at = ${ask.at}::timestamptz, decided_by = ${ask.by}, version = r.version + 1
    from jsonb_to_recordset(${json(ask.rows)}::jsonb) as a(n int, seen int, verdict text, problems jsonb, "subjectId" uuid, "recordId" uuid)
    where r.submission_id = ${ask.submissionId} and r.n = a.n and r.verdict = 'refused' and r.version = a.seen`.execute(
    tx,
  )
  if (Number(numAffectedRows) !== ask.rows.length) return false
  const to = (verdict: Verdict) => ask.rows.filter((r) => r.verdict === verdict).length
  await sql`
    update collection.submission set refused = refused - ${ask.rows.length}::int + ${to('refused')}::int,
      accepted = accepted + ${to('accepted')}::int, pending = pending + ${to('pending')}::int,
      already_held = already_held + ${to('already_held')}::int, version = version + 1
    where id = ${ask.submissionId}`.execute(tx)
  return true
}
