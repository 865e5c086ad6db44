import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedFolder, embeddedFolder } from '../../../test/engines/embedded-folder.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../../../test/engines/private-postgres.ts'
import {
  type Database,
  type Tx,
  arrayLiteral,
  copyLine,
  inTx,
  json,
  openDatabase,
  queryPrepared,
  writeLater,
} from './index.ts'

const TIMEOUT_MS = 1_500
let folder: EmbeddedFolder
let server: PrivatePostgres

beforeAll(async () => {
  folder = await embeddedFolder()
  server = await startPrivatePostgres()
}, 60_000)
afterAll(async () => {
  await server.stop()
  folder.remove()
})

const VALUES = sql`
  select date '2026-11-22' as day, timestamptz '2026-11-22 09:02:03.456789+08' as at, timestamptz '2026-01-01 00:00:00+00' as whole,
    9007199254740991::int8 as big, 12.50::numeric as amount, '{"a": [1, "乙"]}'::jsonb as facts, '\\x00ff10'::bytea as bytes,
    array['a', 'b"c', null] as words, array[date '2026-01-02'] as days, array[timestamptz '2026-01-01 00:00:00.5+00'] as instants,
    array[1::int8, 2] as bigs, array[1.10::numeric] as amounts, array['{"b":1}'::jsonb] as objects, true as yes, null::text as nothing,
    '018f0000-0000-7000-8000-000000000001'::uuid as id, 1.5::float8 as ratio, '信衡' as zh`
const EXPECTED = {
  day: '2026-11-22',
  at: '2026-11-22T01:02:03.456Z',
  whole: '2026-01-01T00:00:00.000Z',
  big: 9007199254740991,
  amount: '12.50',
  facts: { a: [1, '乙'] },
  bytes: Buffer.from([0, 255, 16]),
  words: ['a', 'b"c', null],
  days: ['2026-01-02'],
  instants: ['2026-01-01T00:00:00.500Z'],
  bigs: [1, 2],
  amounts: ['1.10'],
  objects: [{ b: 1 }],
  yes: true,
  nothing: null,
  id: '018f0000-0000-7000-8000-000000000001',
  ratio: 1.5,
  zh: '信衡',
}

const rejection = async (work: Promise<unknown>): Promise<Error & Record<string, unknown>> => {
  try {
    await work
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('it did not fail')
}

describe.each(['pglite', 'postgres'] as const)('the database on %s', (name) => {
  let db: Database
  const count = async () =>
    (await sql<{ n: number }>`select count(*) as n from thing`.execute(db.kysely)).rows[0]?.n ?? Number.NaN
  const insert = (tx: Tx, id: number, words = 'x') =>
    sql`insert into thing (id, words) values (${id}, ${words})`.execute(tx)

  beforeAll(async () => {
    const databaseUrl = name === 'postgres' ? server.url : undefined
    db = await openDatabase({ dataDir: folder.dataDir, databaseUrl, poolMax: 4, statementTimeoutMs: TIMEOUT_MS })
    console.info(`engine: ${db.engine} ${db.version}`)
    await sql`create table thing (id int primary key, words text, facts jsonb, bytes bytea, tags text[], day date)`.execute(
      db.kysely,
    )
  }, 60_000)
  afterAll(() => db.close())

  it('gives every type as the same JavaScript value', async () => {
    expect((await VALUES.execute(db.kysely)).rows).toEqual([EXPECTED])
  })

  it('takes strings, bytes, JSON and arrays as parameters', async () => {
    const { rows } = await sql`
      select ${'2026-11-22'}::date as day, ${Buffer.from([1, 2])}::bytea as bytes, ${json([1, 'a'])}::jsonb as list, ${{ a: 1 }}::jsonb as facts,
        ${['a', 'b']}::text[] as words, ${12345678901}::int8 as big, ${'2026-11-22T01:02:03.456Z'}::timestamptz as at`.execute(
      db.kysely,
    )
    expect(rows).toEqual([
      {
        day: '2026-11-22',
        bytes: Buffer.from([1, 2]),
        list: [1, 'a'],
        facts: { a: 1 },
        words: ['a', 'b'],
        big: 12345678901,
        at: '2026-11-22T01:02:03.456Z',
      },
    ])
  })

  it('counts written rows', async () => {
    const { numAffectedRows } = await sql`insert into thing (id) select generate_series(100, 104)`.execute(db.kysely)
    expect(numAffectedRows).toBe(5n)
    expect((await sql`delete from thing`.execute(db.kysely)).numAffectedRows).toBe(5n)
  })

  it('writes all of a transaction or nothing', async () => {
    await expect(
      inTx(db, async (tx) => {
        await insert(tx, 1)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await count()).toBe(0)
    await inTx(db, (tx) => insert(tx, 1))
    expect(await count()).toBe(1)
  })

  it('does not report a commit that the server turned into a rollback', async () => {
    const swallowed = inTx(db, async (tx) => {
      await insert(tx, 5)
      await insert(tx, 5).catch(() => {})
    })
    await expect(swallowed).rejects.toThrow()
    expect(await count()).toBe(1)
  })

  it('keeps transactions apart, in the order they came', async () => {
    await sql`create table counter (n int)`.execute(db.kysely)
    await sql`insert into counter values (0)`.execute(db.kysely)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        inTx(db, async (tx) => {
          const { rows } = await sql<{ n: number }>`select n from counter for update`.execute(tx)
          await sql`update counter set n = ${(rows[0]?.n ?? 0) + 1}`.execute(tx)
        }),
      ),
    )
    expect((await sql`select n from counter`.execute(db.kysely)).rows).toEqual([{ n: 20 }])
  })

  const later = (tx: Tx, id: number, lost?: (error: unknown) => unknown) =>
    writeLater(tx, {
      name: 'test.later',
      text: 'insert into thing (id, words, tags) values ($1, $2, $3)',
      values: [id, 'later', ['a', '"', '\\', null]],
      ...(lost ? { lost } : {}),
    })

  it('carries writes that nobody waits for with the next statement or the commit', async () => {
    await sql`delete from thing`.execute(db.kysely)
    await inTx(db, async (tx) => {
      await later(tx, 1)
      await later(tx, 2)
      expect((await sql<{ n: number }>`select count(*) as n from thing`.execute(tx)).rows).toEqual([{ n: 2 }])
      await later(tx, 3)
    })
    const { rows } = await sql`select tags from thing where id = 3`.execute(db.kysely)
    expect([await count(), rows]).toEqual([3, [{ tags: ['a', '"', '\\', null] }]])
    await inTx(db, (tx) => later(tx, 4))
    await db.copyRows(null, 'thing', ['id'], ['5\n'])
    await inTx(db, async (tx) => {
      await later(tx, 6)
      await db.copyRows(tx, 'thing', ['id'], ['7\n'])
    })
    expect(await count()).toBe(7)
  })

  it('writes nothing when one of them fails, says what it meant, and goes on', async () => {
    const before = await count()
    const lost = await rejection(
      inTx(db, async (tx) => {
        await later(tx, 20)
        await later(tx, 1, (error) => Object.assign(new Error('lost'), { cause: error }))
        await later(tx, 21)
      }),
    )
    expect([lost.message, (lost.cause as { code: string }).code]).toEqual(['lost', '23505'])
    expect((await rejection(inTx(db, (tx) => later(tx, 1)))).code).toBe('23505')
    const noticed = rejection(
      inTx(db, async (tx) => {
        await later(tx, 1)
        await sql`select 1`.execute(tx)
      }),
    )
    expect((await noticed).code).toBe('23505')
    expect(await count()).toBe(before)
    await Promise.all([30, 31, 32, 33, 34].map((id) => inTx(db, (tx) => later(tx, id))))
    expect(await count()).toBe(before + 5)
  })

  it('prepares a statement once a connection, whatever became of it before', async () => {
    const half = (n: number) =>
      queryPrepared<{ half: number }>(db.kysely, 'test.half', 'select 10 / $1::int as half', [n])
    expect((await rejection(half(0))).code).toBe('22012')
    expect(await Promise.all([half(2), half(5), half(1)])).toEqual([[{ half: 5 }], [{ half: 2 }], [{ half: 10 }]])
    expect((await rejection(half(0))).code).toBe('22012')
    expect(await half(2)).toEqual([{ half: 5 }])
    await expect(queryPrepared(db.kysely, 'test.half', 'select 1', [])).rejects.toThrow('test.half')
  })

  it('retries a deadlock', async () => {
    let runs = 0
    await inTx(db, async (tx) => {
      runs++
      if (runs < 3) await sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`.execute(tx)
    })
    expect(runs).toBe(3)
  })

  it('refuses the root handle inside a transaction at once', async () => {
    const error = await rejection(inTx(db, () => sql`select 1`.execute(db.kysely)))
    expect(error.code).toBe('ROOT_IN_TRANSACTION')
    const nested = await rejection(inTx(db, () => inTx(db, (tx) => insert(tx, 9))))
    expect(nested.code).toBe('ROOT_IN_TRANSACTION')
  })

  it('copies rows with every awkward character, inside a transaction and on its own', async () => {
    await sql`delete from thing`.execute(db.kysely)
    const awkward = 'tab\t line\n return\r back\\slash \\N "quote" 信衡 𠮷 \b\f\v'
    const columns = ['id', 'words', 'facts', 'bytes', 'tags', 'day']
    const lines = [
      copyLine([
        1,
        awkward,
        { words: awkward, list: [1] },
        Buffer.from([0, 92, 255]),
        arrayLiteral(['a,b', '"', '\\', 'NULL', null]),
        '2026-11-22',
      ]),
      copyLine([2, null, [1, 2], null, '{}', undefined]),
      copyLine([3, '', null, Buffer.alloc(0), null, null]),
    ]
    expect(await inTx(db, (tx) => db.copyRows(tx, 'public.thing', columns, lines))).toBe(3)
    const { rows } = await sql`select * from thing order by id`.execute(db.kysely)
    expect(rows).toEqual([
      {
        id: 1,
        words: awkward,
        facts: { words: awkward, list: [1] },
        bytes: Buffer.from([0, 92, 255]),
        tags: ['a,b', '"', '\\', 'NULL', null],
        day: '2026-11-22',
      },
      { id: 2, words: null, facts: [1, 2], bytes: null, tags: [], day: null },
      { id: 3, words: '', facts: null, bytes: Buffer.alloc(0), tags: null, day: null },
    ])
    const torn = Buffer.from(
      Array.from({ length: 60_000 }, (_, i) => copyLine([i + 10, `信衡 ${i} ${'x'.repeat(50)}`])).join(''),
    )
    const pieces = async function* () {
      for (let at = 0; at < torn.length; at += 9_973) yield torn.subarray(at, at + 9_973)
    }
    expect(await db.copyRows(null, 'thing', ['id', 'words'], pieces())).toBe(60_000)
    expect(await count()).toBe(60_003)
  })

  it('copies nothing at all when one line is wrong, and says which without its value', async () => {
    const before = await count()
    const error = await rejection(db.copyRows(null, 'thing', ['id', 'words'], ['700000\tok\n', 'geheim\tx\n']))
    expect(error).toMatchObject({ code: '22P02', column: 'id', line: 2 })
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain('geheim')
    expect(await count()).toBe(before)
  })

  it('lets the source of a copy use the same transaction', async () => {
    const rows = await inTx(db, (tx) =>
      db.copyRows(
        tx,
        'thing',
        ['id', 'words'],
        (async function* () {
          for (let i = 0; i < 3; i++) {
            const { rows } = await sql<{ id: number }>`select max(id) + 1 as id from thing`.execute(tx)
            yield copyLine([(rows[0]?.id ?? 0) + i, 'x'.repeat(1_000_000)])
          }
        })(),
      ),
    )
    expect(rows).toBe(3)
  })

  it('strips values from errors', async () => {
    await sql`delete from thing`.execute(db.kysely)
    await sql`alter table thing add constraint short check (length(words) < 10)`.execute(db.kysely)
    await sql`insert into thing (id, words) values (1, 'x')`.execute(db.kysely)
    const attempts = [
      sql`insert into thing (id, words) values (${1}, ${'张三geheim'})`,
      sql`insert into thing (id, words) values (${'张三geheim'}, 'x')`,
      sql`insert into thing (id, words) values (2, ${'张三geheim 张三geheim'})`,
      sql`insert into thing (id, facts) values (2, ${'张三geheim'})`,
      sql`insert into thing (id, day) values (2, ${'张三geheim'})`,
      sql`insert into thing (id, tags) values (2, ${'张三geheim'})`,
    ]
    const codes: unknown[] = []
    for (const attempt of attempts) {
      const error = await rejection(attempt.execute(db.kysely))
      const everything = JSON.stringify([
        Object.getOwnPropertyNames(error).map((key) => String(error[key])),
        error.stack,
      ])
      expect(everything).not.toContain('geheim')
      codes.push(error.code)
    }
    expect(codes).toEqual(['23505', '22P02', '23514', '22P02', '22007', '22P02'])
    const duplicate = await rejection(sql`insert into thing (id) values (1)`.execute(db.kysely))
    expect(duplicate).toMatchObject({ name: 'DatabaseError', constraint: 'thing_pkey', table: 'thing' })
  })

  it('ends a runaway query, keeps what was acknowledged and goes on', async () => {
    await sql`insert into thing (id) values (77)`.execute(db.kysely)
    const runaway = () => sql`select count(*) from generate_series(1, 100000000) a, generate_series(1, 1000) b`
    const began = Date.now()
    const error = await rejection(
      inTx(db, async (tx) => {
        await insert(tx, 78)
        await runaway().execute(tx)
      }),
    )
    expect(error.code).toBe('QUERY_CANCELLED')
    expect(Date.now() - began).toBeLessThan(TIMEOUT_MS + 3_000)
    expect((await sql`select id from thing where id in (77, 78)`.execute(db.kysely)).rows).toEqual([{ id: 77 }])

    const alone = rejection(runaway().execute(db.kysely))
    const waiting = sql`select 1 as one`.execute(db.kysely)
    setTimeout(() => void db.cancelAll(), 200)
    expect((await alone).code).toBe('QUERY_CANCELLED')
    expect((await waiting).rows).toEqual([{ one: 1 }])
  })

  it('gives large results whole', async () => {
    const { rows } = await sql<{
      n: number
      words: string
    }>`select n, repeat('衡', 100) as words from generate_series(1, 20000) n`.execute(db.kysely)
    expect(rows.length).toBe(20_000)
    expect(rows.every((row, i) => row.n === i + 1 && row.words.length === 100)).toBe(true)
  })

  it('runs prepared queries on the root and in a transaction', async () => {
    const text = 'select $1::int + 1 as n'
    for (let i = 0; i < 3; i++) expect(await queryPrepared(db.kysely, 'plus_one', text, [i])).toEqual([{ n: i + 1 }])
    expect(await inTx(db, (tx) => queryPrepared(tx, 'plus_one', text, [5]))).toEqual([{ n: 6 }])
  })

  it('runs scripts of many statements, and maintains itself', async () => {
    await inTx(db, (tx) =>
      db.exec(
        tx,
        `create table a (n int); insert into a values (1), (2); create function f() returns int language sql as $$ select 1; $$;`,
      ),
    )
    expect((await sql`select count(*) as n from a`.execute(db.kysely)).rows).toEqual([{ n: 2 }])
    await db.maintain()
  })
})

describe('the embedded engine alone', () => {
  const HOLD = fileURLToPath(new URL('../../../test/engines/hold-database.ts', import.meta.url))

  it('calls fsync for a commit, and for none when nothing is written', async () => {
    const db = await openDatabase({ dataDir: folder.dataDir })
    await sql`create table if not exists synced (id uuid primary key)`.execute(db.kysely)
    const before = db.fsyncCalls()
    for (let i = 0; i < 10; i++) await sql`insert into synced values (${randomUUID()})`.execute(db.kysely)
    const after = db.fsyncCalls()
    expect(after - before).toBeGreaterThanOrEqual(10)
    for (let i = 0; i < 10; i++) await sql`select * from synced`.execute(db.kysely)
    expect(db.fsyncCalls()).toBe(after)
    await db.close()
  })

  it('refuses a second process with one line that names the first, and takes over when that is gone', async () => {
    const holder = spawn(process.execPath, [HOLD, folder.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((ready) => holder.stdout.once('data', ready))
    const error = await rejection(openDatabase({ dataDir: folder.dataDir }))
    expect(error.code).toBe('DATABASE_LOCKED')
    expect(error.message).toContain(`进程 ${holder.pid}`)
    expect(error.message).toContain(`process ${holder.pid}`)
    expect(error.message).not.toContain('\n')
    const gone = new Promise((done) => holder.once('exit', done))
    holder.kill('SIGKILL')
    await gone
    const db = await openDatabase({ dataDir: folder.dataDir })
    expect((await rejection(openDatabase({ dataDir: folder.dataDir }))).code).toBe('DATABASE_LOCKED')
    await db.close()
  })

  it('takes a lock whose process id belongs to another process now', async () => {
    const stale = { token: 'x', pid: process.pid, started: '1', space: '' }
    const path = join(folder.dataDir, 'database.lock')
    const db = await openDatabase({ dataDir: folder.dataDir })
    stale.space = (JSON.parse(readFileSync(path, 'utf8')) as { space: string }).space
    await db.close()
    writeFileSync(path, JSON.stringify(stale))
    const again = await openDatabase({ dataDir: folder.dataDir })
    await again.close()
  })

  it('keeps nothing of what an ended query spilled to disk', async () => {
    const db = await openDatabase({ dataDir: folder.dataDir, statementTimeoutMs: TIMEOUT_MS })
    const spill = join(folder.dataDir, 'database', 'base', 'pgsql_tmp')
    const error = await rejection(sql`select count(*) from generate_series(1, 1000000000)`.execute(db.kysely))
    expect(error.code).toBe('QUERY_CANCELLED')
    expect(readdirSync(spill).length).toBeGreaterThan(0)
    expect((await sql`select 1 as one`.execute(db.kysely)).rows).toEqual([{ one: 1 }])
    expect(existsSync(spill)).toBe(false)
    await db.close()
  })

  it('clears its log on a timer', async () => {
    const failures: string[] = []
    const db = await openDatabase({
      dataDir: folder.dataDir,
      checkpointEveryMs: 50,
      vacuumEveryMs: 50,
      log: (m) => failures.push(m),
    })
    await sql`create table bulk as select n, repeat('x', 500) as words from generate_series(1, 150000) n`.execute(
      db.kysely,
    )
    const behind = async () =>
      (
        await sql<{
          n: number
        }>`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::int8 as n from pg_control_checkpoint()`.execute(
          db.kysely,
        )
      ).rows[0]?.n ?? 0
    await expect.poll(behind, { timeout: 10_000, interval: 100 }).toBeLessThan(1_000_000)
    const analyzed = async () =>
      (await sql<{ n: number }>`select reltuples::int8 as n from pg_class where relname = 'bulk'`.execute(db.kysely))
        .rows[0]?.n
    await expect.poll(analyzed, { timeout: 10_000, interval: 100 }).toBe(150_000)
    await db.close()
    expect(failures).toEqual([])
  }, 30_000)
})
