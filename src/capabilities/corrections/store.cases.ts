import { sql } from 'kysely'
import type { SubjectKind } from '../../kernel/policy.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { CaseKind, CaseState } from './words.ts'

export type Solved = { fromId: string; intoId: string; stands: 'from' | 'into' }
export type Chosen = {
  /** null: the whole file. */
  records: string[] | null
  codes: { kind: 'uscc' | 'organisation' | 'registration' | 'person_digest' | 'alias'; code: string }[] | null
  clashes: Solved[]
}
export type NewSubject = {
  name: string
  kind: SubjectKind
  division: string | null
  code: { kind: 'uscc' | 'organisation' | 'registration'; code: string }
}
export type FileCase = {
  id: string
  no: string
  kind: CaseKind
  state: CaseState
  fromId: string
  intoId: string | null
  newSubject: NewSubject | null
  chosen: Chosen
  reason: string
  division: string | null
  taskId: string | null
  digest: string
  done: Record<string, unknown> | null
  proposedBy: string
  proposedName: string
  proposedAt: Instant
  decidedBy: string | null
  decidedAt: Instant | null
  undoBy: string | null
  undoReason: string | null
  undoneAt: Instant | null
  version: number
}
const COLUMNS =
  sql.raw(`k.id, k.no, k.kind, k.state, k.from_id as "fromId", k.into_id as "intoId", k.new_subject as "newSubject", k.chosen,
  k.reason, k.division, k.task_id as "taskId", k.digest, k.done, k.proposed_by as "proposedBy", k.proposed_name as "proposedName",
  k.proposed_at as "proposedAt", k.decided_by as "decidedBy", k.decided_at as "decidedAt", k.undo_by as "undoBy",
  k.undo_reason as "undoReason", k.undone_at as "undoneAt", k.version`)

/** Row scope: the credit office of a territory; an empty one sees all. */
const inTerritory = (territory: string) => sql`coalesce(k.division, '') like ${`${territory}%`}`

export const findCase = async (db: Reader, territory: string, id: string): Promise<FileCase | null> =>
  (
    await sql<FileCase>`select ${COLUMNS} from corrections.file_case k where k.id = ${id} and ${inTerritory(territory)}`.execute(
      db,
    )
  ).rows[0] ?? null
export const lockCase = async (tx: Tx, territory: string, id: string): Promise<FileCase | null> =>
  (
    await sql<FileCase>`select ${COLUMNS} from corrections.file_case k where k.id = ${id} and ${inTerritory(territory)} for update`.execute(
      tx,
    )
  ).rows[0] ?? null

export const listCases = async (
  db: Reader,
  territory: string,
  ask: { state?: string | undefined; after: [string, string] | null; limit: number },
): Promise<FileCase[]> =>
  (
    await sql<FileCase>`
    select ${COLUMNS} from corrections.file_case k
    where ${inTerritory(territory)} and ${ask.state ? sql`k.state = ${ask.state}` : sql`true`}
      and ${ask.after ? sql`(k.proposed_at, k.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by k.proposed_at desc, k.id desc limit ${ask.limit}`.execute(db)
  ).rows

/** Brought together, and something came onto the closed file at that very moment. */
export const strayed = async (db: Reader): Promise<FileCase[]> =>
  (
    await sql<FileCase>`
    select ${COLUMNS} from corrections.file_case k
    where k.kind = 'merge' and k.state in ('done', 'undo_proposed') and exists (
      select 1 from records.v_held r where r."subjectId" = k.from_id
        and not k.chosen -> 'clashes' @> jsonb_build_array(jsonb_build_object('fromId', r.id))
        and not k.chosen -> 'clashes' @> jsonb_build_array(jsonb_build_object('intoId', r.id)))
    order by k.decided_at limit 50`.execute(db)
  ).rows

/** One that waits about either file. */
export const openCaseAbout = async (db: Reader, ids: readonly string[]): Promise<{ no: string } | null> =>
  (
    await sql<{ no: string }>`
    select no from corrections.file_case
    where state in ('proposed', 'undo_proposed') and (from_id = any(${[...ids]}::uuid[]) or into_id = any(${[...ids]}::uuid[]))
    limit 1`.execute(db)
  ).rows[0] ?? null
/** One that was done later about either file: it has to be undone first. */
export const laterCase = async (db: Reader, k: FileCase): Promise<{ no: string } | null> =>
  (
    await sql<{ no: string }>`
    select no from corrections.file_case
    where id <> ${k.id} and state in ('done', 'undo_proposed') and decided_at > ${k.decidedAt}
      and (from_id = any(${[k.fromId, k.intoId]}::uuid[]) or into_id = any(${[k.fromId, k.intoId]}::uuid[]))
    order by decided_at desc limit 1`.execute(db)
  ).rows[0] ?? null

export const insertCase = async (
  tx: Tx,
  k: Omit<FileCase, 'state' | 'done' | 'decidedBy' | 'decidedAt' | 'undoBy' | 'undoReason' | 'undoneAt' | 'version'>,
): Promise<void> => {
  await sql`
    insert into corrections.file_case (id, no, kind, state, from_id, into_id, new_subject, chosen, reason, division, task_id, digest,
      proposed_by, proposed_name, proposed_at)
    values (${k.id}, ${k.no}, ${k.kind}, 'proposed', ${k.fromId}, ${k.intoId}, ${k.newSubject ? json(k.newSubject) : null}::jsonb,
      ${json(k.chosen)}::jsonb, ${k.reason}, ${k.division}, ${k.taskId}, ${k.digest}, ${k.proposedBy}, ${k.proposedName}, ${k.proposedAt})`.execute(
    tx,
  )
}

export type CaseChange = Partial<
  Pick<
    FileCase,
    'intoId' | 'chosen' | 'digest' | 'done' | 'decidedBy' | 'decidedAt' | 'undoBy' | 'undoReason' | 'undoneAt'
  >
>
const COLUMN_OF: Record<keyof CaseChange, string> = {
  intoId: 'into_id',
  chosen: 'chosen',
  digest: 'digest',
  done: 'done',
  decidedBy: 'decided_by',
  decidedAt: 'decided_at',
  undoBy: 'undo_by',
  undoReason: 'undo_reason',
  undoneAt: 'undone_at',
}
/** false when it is not what the caller saw. */
export const saveCase = async (
  tx: Tx,
  id: string,
  seen: number,
  state: CaseState,
  change: CaseChange = {},
): Promise<boolean> => {
  const sets = Object.entries(change).map(([key, value]) => {
    const name = COLUMN_OF[key as keyof CaseChange]
    const stored = value !== null && typeof value === 'object' ? sql`${json(value)}::jsonb` : sql`${value}`
    return sql`, ${sql.raw(name)} = ${stored}`
  })
  const done = await sql`
    update corrections.file_case set state = ${state}, version = version + 1 ${sql.join(sets, sql``)}
    where id = ${id} and version = ${seen}`.execute(tx)
  return Number(done.numAffectedRows ?? 0) === 1
}
