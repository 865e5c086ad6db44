import { setTimeout as sleep } from 'node:timers/promises'
import { ONCE_MORE, codeOf } from './fault.ts'
import type { Database, Tx } from './types.ts'

/** Serialization failure and deadlock: the database asks for the same work once more. */
const AGAIN = new Set([ONCE_MORE, '40P01'])
const TRIES = 3

/** One use case, one transaction, at READ COMMITTED. `fn` may run more than once, so it does nothing but database work. */
export const inTx = async <T>(db: Pick<Database, 'kysely'>, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.kysely.transaction().setIsolationLevel('read committed').execute(fn)
    } catch (error) {
      if (attempt >= TRIES || !AGAIN.has(codeOf(error))) throw error
      await sleep(5 * attempt + Math.random() * 20)
    }
  }
}

/**
 * The same for a use case about one subject (`key`) that asks little and writes at its end: where others of its kind are
 * under way, they travel together.
 */
export const inTxTogether = <T>(
  db: Pick<Database, 'kysely' | 'together'>,
  key: string,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> => db.together(key, fn, () => inTx(db, fn))
