import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PrivatePostgres, startPrivatePostgres } from '../../test/engines/private-postgres.ts'
import { type Database, openDatabase } from './db/index.ts'
import { migrate } from './migrate.ts'

let server: PrivatePostgres
let dir: string
beforeAll(async () => {
  server = await startPrivatePostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'migrations-'))
  return () => rmSync(dir, { recursive: true, force: true })
})

const FIRST = `create schema platform;
create table platform.thing (id int primary key); -- a comment; with a semicolon
create function platform.one() returns int language plpgsql as $$ begin return 1; end; $$;`
const SECOND = 'insert into platform.thing values (1), (2);'
const put = (name: string, text: string) => writeFileSync(join(dir, name), text)

describe.each(['pglite', 'postgres'] as const)('migrations on %s', (name) => {
  let db: Database
  let turn = 0
  beforeEach(async () => {
    put('0001_first.sql', FIRST)
    put('0002_second.sql', SECOND)
    const databaseUrl = name === 'postgres' ? await server.createDatabase(`turn_${turn++}`) : undefined
    db = await openDatabase({ dataDir: ':memory:', databaseUrl })
    return () => db.close()
  }, 60_000)
  const things = async () =>
    (await sql<{ n: number }>`select count(*) as n from platform.thing`.execute(db.kysely)).rows[0]?.n

  it('applies the files in order, once', async () => {
    expect(await migrate(db, dir)).toEqual(['0001_first.sql', '0002_second.sql'])
    expect(await things()).toBe(2)
    expect(await migrate(db, dir)).toEqual([])
    put('0003_third.sql', SECOND.replace('(1), (2)', '(3)'))
    expect(await migrate(db, dir)).toEqual(['0003_third.sql'])
    expect(await things()).toBe(3)
  })

  it('leaves nothing of a file that fails, and keeps those before it', async () => {
    put('0003_third.sql', 'insert into platform.thing values (3); insert into platform.thing values (3);')
    await expect(migrate(db, dir)).rejects.toThrow('0003_third.sql')
    expect(await things()).toBe(2)
    put('0003_third.sql', 'insert into platform.thing values (3);')
    expect(await migrate(db, dir)).toEqual(['0003_third.sql'])
  })

  it('refuses a changed file, a missing one and one that comes too late, in one line', async () => {
    await migrate(db, dir)
    put('0002_second.sql', `${SECOND} `)
    await expect(migrate(db, dir)).rejects.toThrow(/^迁移 0002_second.sql 在执行之后被修改.* \/ .*$/)
    put('0002_second.sql', SECOND)
    put('0001_earlier.sql', SECOND)
    await expect(migrate(db, dir)).rejects.toThrow('0001_first.sql')
    renameSync(join(dir, '0001_earlier.sql'), join(dir, '0003_later.sql'))
    rmSync(join(dir, '0002_second.sql'))
    await expect(migrate(db, dir)).rejects.toThrow(/0002_second\.sql.* older than the database$/)
  })

  it('applies each file once when several start together', async () => {
    const all = await Promise.all([migrate(db, dir), migrate(db, dir), migrate(db, dir)])
    expect(all.flat().sort()).toEqual(['0001_first.sql', '0002_second.sql'])
  })
})
