/** What the migrations make is the same for every test: it is made once and copied. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/platform/db/index.ts'
import { migrate } from '../../src/platform/migrate.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Names a template: another set of migrations, another name. */
export const migrationsKey = (): string => {
  const hash = createHash('sha256')
  for (const name of readdirSync(MIGRATIONS).toSorted()) hash.update(name).update(readFileSync(join(MIGRATIONS, name)))
  return hash.digest('hex').slice(0, 12)
}

/** All migrations on a database that is then closed. */
export const migrateOnce = async (place: { dataDir: string; databaseUrl?: string }): Promise<void> => {
  const db = await openDatabase(place)
  try {
    await migrate(db, MIGRATIONS)
    await db.maintain()
  } finally {
    await db.close()
  }
}
