import type { Database } from './db/index.ts'

/**
 * Work that follows commits begins at once: whoever waits on a database is woken when a transaction of this process that
 * announced something has committed. Other processes are heard of when the job's own time comes.
 */
type Waiting = Set<() => void>
const waiting = new WeakMap<object, Waiting>()

/** Answers how to stop listening. */
export const onCommit = (db: Pick<Database, 'kysely'>, woken: () => void): (() => void) => {
  const all = waiting.get(db) ?? new Set()
  waiting.set(db, all)
  all.add(woken)
  return () => all.delete(woken)
}

export const wake = (db: Pick<Database, 'kysely'>): void => {
  for (const woken of waiting.get(db) ?? []) woken()
}
