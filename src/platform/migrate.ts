import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Database, type Tx, inTx } from './db/index.ts'

/** The migrations and the database do not fit together; the message is the one line that a person is told. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION'
  constructor(zh: string, en: string) {
    super(`${zh} / ${en}`)
    this.name = 'MigrationError'
  }
}

type Migration = { name: string; text: string; hash: string }
type Applied = { name: string; hash: string }

const NAME = /^\d{4}_[a-z0-9_]+\.sql$/
/** Any number that all processes agree on: whoever migrates holds it until its commit. */
const MIGRATION_LOCK = 7_716_000

const readMigrations = (dir: string): Migration[] => {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  names.forEach((name, i) => {
    if (!NAME.test(name)) {
      throw new MigrationError(`迁移文件名不合规则:${name}`, `not a migration's name: ${name} (0001_words.sql)`)
    }
    if (i && name.slice(0, 4) === names[i - 1]?.slice(0, 4)) {
      throw new MigrationError(`两个迁移编号相同:${name}`, `two migrations have the same number: ${name}`)
    }
  })
  return names.map((name) => {
    const text = readFileSync(join(dir, name), 'utf8')
    return { name, text, hash: createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex') }
  })
}

const readApplied = async (tx: Tx): Promise<Applied[]> => {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('platform.migration') is not null as there`.execute(
    tx,
  )
  if (!rows[0]?.there) return []
  return (await sql<Applied>`select name, hash from platform.migration order by name`.execute(tx)).rows
}

/** The next one that is not applied; refuses when what is applied is gone, changed or out of order. */
const nextOf = (files: readonly Migration[], applied: readonly Applied[]): Migration | undefined => {
  applied.forEach(({ name, hash }, i) => {
    const file = files.find((f) => f.name === name)
    if (!file) {
      throw new MigrationError(
        `数据库已执行迁移 ${name},但程序中没有这个文件:程序版本低于数据库`,
        `the database has migration ${name}, which this program lacks: the program is older than the database`,
      )
    }
    if (file.hash !== hash) {
      throw new MigrationError(
        `迁移 ${name} 在执行之后被修改；请恢复原文件，另写新的迁移`,
        `migration ${name} was changed after it was applied; restore the file and write a new one`,
      )
    }
    if (files[i] !== file) {
      throw new MigrationError(
        `迁移 ${files[i]?.name} 排在已执行的 ${name} 之前`,
        `migration ${files[i]?.name} comes before ${name}, which is already applied`,
      )
    }
  })
  return files[applied.length]
}

const apply = async (tx: Tx, db: Database, { name, text, hash }: Migration): Promise<void> => {
  try {
    await db.exec(tx, text)
  } catch (error) {
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  await db.exec(
    tx,
    `create schema if not exists platform;
     create table if not exists platform.migration (
       name text primary key,
       hash text not null,
       applied_at timestamptz not null default now()
     )`,
  )
  await sql`insert into platform.migration (name, hash) values (${name}, ${hash})`.execute(tx)
}

/**
 * Applies what is missing, each file in a transaction of its own, under a lock so that several processes may start at once.
 * Answers the names of what was applied.
 */
export const migrate = async (db: Database, dir: string): Promise<string[]> => {
  const files = readMigrations(dir)
  const done: string[] = []
  for (;;) {
    const name = await inTx(db, async (tx) => {
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
      const next = nextOf(files, await readApplied(tx))
      if (next) await apply(tx, db, next)
      return next?.name
    })
    if (!name) return done
    done.push(name)
  }
}
