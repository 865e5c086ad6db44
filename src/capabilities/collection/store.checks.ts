import { type SqlBool, sql } from 'kysely'
import type { Lang } from '../../kernel/words.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { claimLease, holdLease, releaseLease } from '../../platform/leases.ts'
import type { CheckView } from './contract.ts'
import type { Mapping } from './files/header.ts'
import type { FileRefusal } from './store.ts'
import type { CheckState } from './words.ts'

/** What was found up to a row: enough to go on behind it. */
export type Found = {
  view: CheckView
  /** Rows that the register disagrees with: their numbers do not count as taken by an earlier row. */
  disputed: number[]
}
export type CheckRun = {
  id: string
  authorityId: string
  item: string
  fileHash: string
  fileName: string
  mapping: Mapping | null
  lang: Lang
  state: CheckState
  readTo: number
  totalRows: number
  checkedRows: number
  found: Found | null
  refusal: FileRefusal | null
  createdAt: string
  createdBy: string
  finishedAt: string | null
}

const COLUMNS = [
  'id',
  'authority_id as authorityId',
  'item',
  'file_hash as fileHash',
  'file_name as fileName',
  'mapping',
  'lang',
  'state',
  'read_to as readTo',
  'total_rows as totalRows',
  'checked_rows as checkedRows',
  'found',
  'refusal',
  'created_at as createdAt',
  'created_by as createdBy',
  'finished_at as finishedAt',
] as const

export const insertCheck = async (tx: Tx, c: CheckRun): Promise<void> => {
  await tx
    .insertInto('collection.check_run')
    .values({
      id: c.id,
      authority_id: c.authorityId,
      item: c.item,
      file_hash: c.fileHash,
      file_name: c.fileName,
      mapping: c.mapping ? json(c.mapping) : null,
      lang: c.lang,
      state: c.state,
      created_at: c.createdAt,
      created_by: c.createdBy,
    })
    .execute()
}

/** Nobody else's: `by` is who asked. */
export const findCheck = async (reader: Reader, id: string, by: string): Promise<CheckRun | null> =>
  ((await reader
    .selectFrom('collection.check_run')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('created_by', '=', by)
    .executeTakeFirst()) as CheckRun | undefined) ?? null

const CHECKS = { table: 'collection.check_run', key: 'id' }
const running = sql<SqlBool>`state = 'running'`

export const claimCheck = async (
  tx: Tx,
  ask: { owner: string; now: string; until: string },
): Promise<CheckRun | null> => {
  const id = await claimLease(tx, CHECKS, {
    ...ask,
    due: sql<SqlBool>`w.state in ('waiting', 'running')`,
    order: sql`w.created_at`,
    set: sql`state = 'running'`,
  })
  if (!id) return null
  return (await tx
    .selectFrom('collection.check_run')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()) as CheckRun
}

type Mine = { id: string; owner: string }
/** False when it was cancelled, or another process has it now. */
export const holdCheck = (tx: Tx, ask: Mine & { until: string }): Promise<boolean> =>
  holdLease(tx, CHECKS, { ...ask, also: running })

export const saveCheck = async (
  tx: Tx,
  ask: Mine & { until: string; readTo: number; totalRows: number; found: Found },
): Promise<boolean> => {
  if (!(await holdCheck(tx, ask))) return false
  await tx
    .updateTable('collection.check_run')
    .set({
      read_to: ask.readTo,
      total_rows: ask.totalRows,
      checked_rows: ask.found.view.received,
      found: json(ask.found),
    })
    .where('id', '=', ask.id)
    .execute()
  return true
}

export const finishCheck = async (
  tx: Tx,
  ask: Mine & { until: string; at: string } & ({ found: Found } | { refusal: FileRefusal }),
): Promise<boolean> =>
  (await holdCheck(tx, ask)) &&
  releaseLease(tx, CHECKS, {
    ...ask,
    set: {
      finished_at: ask.at,
      ...('found' in ask
        ? { state: 'done', found: json(ask.found), checked_rows: ask.found.view.received }
        : { state: 'refused', refusal: json(ask.refusal), found: null }),
    },
  })

/** Whoever is at it finds out with the next part. */
export const cancelCheck = async (tx: Tx, ask: { id: string; by: string; at: string }): Promise<void> => {
  await tx
    .updateTable('collection.check_run')
    .set({ state: 'cancelled', found: null, finished_at: ask.at, lease_until: null, leased_by: null })
    .where('id', '=', ask.id)
    .where('created_by', '=', ask.by)
    .where('state', 'in', ['waiting', 'running'])
    .execute()
}

export const forgetChecks = async (tx: Tx, before: string): Promise<void> => {
  await tx.deleteFrom('collection.check_run').where('finished_at', '<', before).execute()
}
