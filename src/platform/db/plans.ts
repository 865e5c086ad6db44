import { sql } from 'kysely'
import type { Tx } from './types.ts'

/**
 * For the rest of this transaction look-ups go by their indexes. A bulk writer asks for thousands of keys at once of tables that
 * may have grown a hundredfold since the planner last counted them; left alone, it reads such a table from end to end for each chunk.
 */
export const byIndex = async (tx: Tx): Promise<void> => {
  await sql`
    select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true)`.execute(tx)
}
