import { sql } from 'kysely'
import { nameKey } from '../../kernel/text.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { CodeKind, Subject } from './contract.ts'
import { getSubject, insertName, keepFirstName } from './store.ts'

/** Bringing files together: codes, names and the subject's own row. What else hangs on a file goes by followers.ts. */

export type CodeRow = { kind: CodeKind; code: string }
export const codesOfSubject = async (db: Reader, subjectId: string): Promise<CodeRow[]> =>
  (
    await sql<CodeRow>`
    select c.kind, c.code from subjects.code c where c.subject_id = ${subjectId} order by c.kind, c.code`.execute(db)
  ).rows

/** Both, in one order, until the end of the transaction. */
export const lockSubjects = async (tx: Tx, ids: readonly string[]): Promise<Map<string, Subject>> => {
  await sql`select id from subjects.subject where id = any(${[...ids]}::uuid[]) order by id for update`.execute(tx)
  const held = await Promise.all(ids.map((id) => getSubject(tx, id)))
  return new Map(held.flatMap((s) => (s ? [[s.id, s] as const] : [])))
}

/** Answers how many went: a code that is not there any more is somebody else's doing. */
export const moveCodes = async (tx: Tx, codes: readonly CodeRow[], from: string, to: string): Promise<number> => {
  if (!codes.length) return 0
  const done = await sql`
    update subjects.code c set subject_id = ${to}
    from unnest(${codes.map((c) => c.kind)}::text[], ${codes.map((c) => c.code)}::text[]) as a(kind, code)
    where c.kind = a.kind and c.code = a.code and c.subject_id = ${from}`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

/** A code that means this subject from now on; false when it already means another. */
export const claimCode = async (tx: Tx, subjectId: string, { kind, code }: CodeRow): Promise<boolean> => {
  await sql`
    insert into subjects.code (kind, code, subject_id) values (${kind}, ${code}, ${subjectId})
    on conflict (code, kind) do nothing`.execute(tx)
  const { rows } = await sql<{ subjectId: string }>`
    select subject_id as "subjectId" from subjects.code where kind = ${kind} and code = ${code}`.execute(tx)
  return rows[0]?.subjectId === subjectId
}
export const dropCode = async (tx: Tx, subjectId: string, { kind, code }: CodeRow): Promise<void> => {
  await sql`delete from subjects.code where kind = ${kind} and code = ${code} and subject_id = ${subjectId}`.execute(tx)
}

/** The row as it stands, to put it back one day. */
export type Standing = Pick<Subject, 'id' | 'name' | 'nameKey' | 'uscc' | 'division' | 'status' | 'mergedInto'>
export const standingOf = (s: Subject): Standing => {
  const { id, name, nameKey: key, uscc, division, status, mergedInto } = s
  return { id, name, nameKey: key, uscc, division, status, mergedInto }
}
export const saveStanding = async (tx: Tx, s: Standing, at: Instant): Promise<void> => {
  await sql`
    update subjects.subject set name = ${s.name}, name_key = ${s.nameKey}, uscc = ${s.uscc}, division = ${s.division},
      status = ${s.status}, merged_into = ${s.mergedInto}, version = version + 1, updated_at = ${at}
    where id = ${s.id}`.execute(tx)
}

/** Another name under which rows are to find this subject. Answers the ids of the rows it made. */
export const addName = async (
  tx: Tx,
  ask: { subjectId: string; name: string; validFrom: string; source: string; ids: readonly [string, string] },
): Promise<string[]> => {
  const before = await nameIds(tx, ask.subjectId)
  await keepFirstName(tx, ask.subjectId, ask.ids[0])
  const key = nameKey(ask.name)
  const { rows } = await sql<{ id: string }>`
    select id from subjects.name where subject_id = ${ask.subjectId} and name_key = ${key}`.execute(tx)
  const { subjectId, name, validFrom, source } = ask
  if (!rows.length) await insertName(tx, { subjectId, id: ask.ids[1], name, nameKey: key, validFrom, source })
  return (await nameIds(tx, ask.subjectId)).filter((id) => !before.includes(id))
}
const nameIds = async (db: Reader, subjectId: string): Promise<string[]> =>
  (await sql<{ id: string }>`select id from subjects.name where subject_id = ${subjectId}`.execute(db)).rows.map(
    (r) => r.id,
  )
export const dropNames = async (tx: Tx, subjectId: string, ids: readonly string[]): Promise<void> => {
  await sql`delete from subjects.name where subject_id = ${subjectId} and id = any(${[...ids]}::uuid[])`.execute(tx)
}

/** Open questions whether two codes of one name are two subjects: answered once their files are together. */
export const settleBetween = async (
  tx: Tx,
  subjects: readonly [string, string],
  codes: readonly string[],
  at: Instant,
  by: string,
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update subjects.conflict set state = 'merged', closed_at = ${at}, closed_by = ${by}
    where subject_id = any(${[...subjects]}::uuid[]) and state = 'open' and kind = 'one_name_two_codes'
      and held = any(${[...codes]}::text[]) and offered = any(${[...codes]}::text[])
    returning id`.execute(tx)
  return rows.map((r) => r.id)
}
export const reopenConflicts = async (
  tx: Tx,
  subjects: readonly [string, string],
  ids: readonly string[],
): Promise<void> => {
  await sql`
    update subjects.conflict set state = 'open', closed_at = null, closed_by = null
    where subject_id = any(${[...subjects]}::uuid[]) and id = any(${[...ids]}::uuid[]) and state = 'merged'`.execute(tx)
}
