import { type RawBuilder, sql } from 'kysely'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { SubjectFollower, SubjectTable } from './contract.ts'

/**
 * What hangs on a subject's file is kept by many capabilities, above and beside those that bring files together. Each says
 * which of its tables name a subject; the composition root hands them all over once. A test holds the list against the schema.
 */
let known: readonly SubjectFollower[] = []
export const setFollowers = (followers: readonly SubjectFollower[]): void => {
  known = followers
}
export const followers = (): readonly SubjectFollower[] => [own, ...known]
export const tablesOf = (): SubjectTable[] => followers().flatMap((f) => f.tables)

/** Kept below this tier, or by the platform itself. Events tell where a record's news is read: they go with the record. */
const own: SubjectFollower = {
  tables: [
    { table: 'subjects.name', key: ['id'], words: { zh: '名称', en: 'Names' } },
    {
      table: 'subjects.conflict',
      key: ['id'],
      unique: ['kind', 'offered_key'],
      words: { zh: '代码与名称冲突', en: 'Conflicts' },
    },
    { table: 'subjects.look', key: ['id'] },
    { table: 'access.mandate', key: ['id'], words: { zh: '授权关系', en: 'Mandates' } },
    {
      table: 'platform.event',
      key: ['id'],
      record: 'record_id',
      recordOnly: true,
    },
  ],
}

const name = (table: string) =>
  sql.raw(
    table
      .split('.')
      .map((part) => `"${part}"`)
      .join('.'),
  )
const column = (c: string) => sql.raw(`t."${c}"`)
const keyOf = (t: SubjectTable): RawBuilder<unknown> =>
  sql.raw(`jsonb_build_object(${t.key.map((k) => `'${k}', t."${k}"::text`).join(', ')})`)
const byKey = (t: SubjectTable): RawBuilder<unknown> =>
  sql.raw(t.key.map((k) => `t."${k}"::text = m.key ->> '${k}'`).join(' and '))
const uuids = (ids: readonly string[]) => sql`${[...ids]}::uuid[]`

/** Of a whole file but for the records named, or of the records named and nothing else. */
export type Which = { allBut: readonly string[] } | { only: readonly string[] }
const filter = (t: SubjectTable, which: Which, to: string): RawBuilder<unknown> => {
  const free = t.unique
    ? sql`and not exists (select 1 from ${name(t.table)} o where o.subject_id = ${to} and ${sql.raw(
        t.unique.map((c) => `o."${c}" = t."${c}"`).join(' and '),
      )})`
    : sql``
  if (!t.record) return 'only' in which ? sql`false` : sql`true ${free}`
  const record = column(t.record)
  if ('only' in which) return sql`${record} = any(${uuids(which.only)})`
  const loose = t.recordOnly ? sql`${record} is not null and` : sql`${record} is null or`
  return sql`(${loose} ${record} <> all(${uuids(which.allBut)})) ${free}`
}

export type Step = { caseId: string; from: string; to: string; which: Which }
/** Every row that `which` names goes from one file to the other, and the log says so. Answers how many, by table. */
export const moveRows = async (tx: Tx, step: Step): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const t of tablesOf()) {
    const { rows } = await sql<{ n: number }>`
      with m as (
        update ${name(t.table)} t set subject_id = ${step.to}
        where t.subject_id = ${step.from} and ${filter(t, step.which, step.to)}
        returning ${keyOf(t)} as key
      ), l as (
        insert into subjects.moved (case_id, table_name, key, from_id, to_id)
        select ${step.caseId}::uuid, ${t.table}, m.key, ${step.from}::uuid, ${step.to}::uuid from m
        on conflict (case_id, table_name, key) do update set to_id = excluded.to_id
      )
      select count(*)::int as n from m`.execute(tx)
    const n = rows[0]?.n ?? 0
    if (n) counts[t.table] = n
  }
  return counts
}

/**
 * Puts back what a case moved to a file and what has since been written about the records it moved. What else has come onto
 * that file stays, but for the records named in `late`.
 */
export const putBack = async (
  tx: Tx,
  ask: { caseId: string; from: string; to: string; records: readonly string[]; late: readonly string[] },
): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  const ids = [...ask.records, ...ask.late]
  for (const t of tablesOf()) {
    let n = 0
    if (t.record) {
      const done = await sql`
        update ${name(t.table)} t set subject_id = ${ask.from}
        where t.subject_id = ${ask.to} and ${column(t.record)} = any(${uuids(ids)})`.execute(tx)
      n += Number(done.numAffectedRows ?? 0)
    }
    const logged = await sql`
      update ${name(t.table)} t set subject_id = ${ask.from} from subjects.moved m
      where m.case_id = ${ask.caseId} and m.table_name = ${t.table} and m.from_id = ${ask.from} and m.to_id = ${ask.to}
        and t.subject_id = ${ask.to} and ${byKey(t)}`.execute(tx)
    n += Number(logged.numAffectedRows ?? 0)
    if (n) counts[t.table] = n
  }
  return counts
}

/** Back and forth without a word in the log: for records that change places. */
export const shiftRecords = async (tx: Tx, ids: readonly string[], from: string, to: string): Promise<void> => {
  if (!ids.length) return
  for (const t of tablesOf()) {
    if (!t.record) continue
    await sql`
      update ${name(t.table)} t set subject_id = ${to}
      where t.subject_id = ${from} and ${column(t.record)} = any(${uuids(ids)})`.execute(tx)
  }
}

export const movedRecords = async (db: Reader, caseId: string, to: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select m.key ->> 'id' as id from subjects.moved m
    where m.case_id = ${caseId} and m.table_name = 'records.record' and m.to_id = ${to}`.execute(db)
  return rows.map((r) => r.id)
}

/** How many rows of each table would go; a table without words is not for people. */
export const countRows = async (
  db: Reader,
  from: string,
  which: Which,
): Promise<{ table: string; n: number; words: NonNullable<SubjectTable['words']> }[]> => {
  const found = []
  for (const t of tablesOf()) {
    if (!t.words) continue
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${name(t.table)} t
      where t.subject_id = ${from} and ${filter({ ...t, ...(t.unique ? { unique: undefined } : {}) } as SubjectTable, which, from)}`.execute(
      db,
    )
    const n = rows[0]?.n ?? 0
    if (n) found.push({ table: t.table, n, words: t.words })
  }
  return found
}
