import { writeLater } from './session.ts'
import type { Tx } from './types.ts'

const PENDING_KB = 65_536
const IN_BULK = `
  select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true)`
const IN_ORDER = `select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`
const SWEEPING = `select set_config('gin_pending_list_limit', $1, true)`

/**
 * For a transaction that writes in bulk. Its look-ups go by their indexes: it asks for thousands of keys at once of tables that
 * may have grown a hundredfold since the planner last counted them, and left alone it would read such a table from end to end
 * each time. What it adds to an index of words is left on that index's list, which `Database.sweep` puts in its place meanwhile.
 */
export const inBulk = async (tx: Tx, ask: { sweeping: boolean }): Promise<void> => {
  await writeLater(tx, { name: 'db.in_bulk', text: IN_BULK, values: [] })
  if (ask.sweeping) await writeLater(tx, { name: 'db.sweeping', text: SWEEPING, values: [String(PENDING_KB)] })
}

/**
 * For a statement that takes the first of many in the order of an index: the index is walked, nothing is sorted. How many there are
 * changes faster than the statistics tell.
 */
export const inOrder = async (tx: Tx): Promise<void> => {
  await writeLater(tx, { name: 'db.in_order', text: IN_ORDER, values: [] })
}
