import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PrivatePostgres, startPrivatePostgres } from '../../../test/engines/private-postgres.ts'
import {
  type Database,
  type Tx,
  askRow,
  inTx,
  inTxTogether,
  openDatabase,
  overRows,
  queryPrepared,
  writeLater,
  writeRow,
} from './index.ts'

let server: PrivatePostgres
beforeAll(async () => {
  server = await startPrivatePostgres()
}, 60_000)
afterAll(() => server.stop())

const READ = overRows(
  'test.read',
  { id: 'int' },
  (asked) => `
  select asked.n, a.id, a.amount from ${asked} join account a on a.id = asked.id for update of a`,
)
const SAVE = overRows(
  'test.save',
  { id: 'int', amount: 'int', note: 'text' },
  (rows) => `
  with asked as materialized (select * from ${rows}),
  saved as (update account a set amount = asked.amount from asked where a.id = asked.id)
  insert into entry (account, amount, note, tx) select id, amount, note, txid_current() from asked`,
)

const SEEN = overRows(
  'test.seen',
  { id: 'int' },
  (asked) => `select asked.n, a.id, a.amount from ${asked} join account a on a.id = asked.id`,
  'for update of a',
)
/** The entry of a row that is no longer as it was read has no account, and fails. */
const SAVE_SEEN = overRows(
  'test.save_seen',
  { id: 'int', seen: 'int', amount: 'int', note: 'text' },
  (rows) => `
  with asked as materialized (select * from ${rows}),
  saved as (update account a set amount = asked.amount from asked where a.id = asked.id and a.amount = asked.seen returning a.id)
  insert into entry (account, amount, note, tx)
  select saved.id, asked.amount, asked.note, txid_current() from asked left join saved on saved.id = asked.id`,
)

type Account = { id: number; amount: number }
const ACCOUNTS = 12
const each = <T>(work: (id: number) => Promise<T>) => Promise.all(Array.from({ length: ACCOUNTS }, (_, i) => work(i)))
const settled = <T>(work: (id: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: ACCOUNTS }, (_, i) => work(i)))

describe.each(['postgres', 'pglite'] as const)('transactions that travel together on %s', (engine) => {
  let db: Database
  let url: string | undefined
  beforeAll(async () => {
    url = engine === 'postgres' ? await server.createDatabase('together') : undefined
    db = await openDatabase({ dataDir: ':memory:', ...(url ? { databaseUrl: url } : {}) })
    await inTx(db, (tx) =>
      db.exec(
        tx,
        `create table account (id int primary key, amount int not null check (amount < 1000));
         create table entry (account int not null, amount int not null, note text not null, tx bigint not null)`,
      ),
    )
  }, 60_000)
  afterAll(() => db.close())
  beforeEach(async () => {
    await sql`truncate account, entry`.execute(db.kysely)
    await sql`insert into account select i, 0 from generate_series(0, ${ACCOUNTS - 1}) i`.execute(db.kysely)
  })

  const account = async (tx: Tx, id: number): Promise<Account> => {
    const [row] = await askRow<Account>(tx, READ, [id])
    if (!row) throw new Error(`no account ${id}`)
    return row
  }
  const add = (id: number, amount = 1, note = 'a "note", with {braces} and \\') =>
    inTxTogether(db, String(id), async (tx) => {
      const row = await account(tx, id)
      await writeRow(tx, SAVE, [id, row.amount + amount, note])
      return row.amount + amount
    })
  const amounts = async () =>
    (await sql<Account>`select id, amount from account order by id`.execute(db.kysely)).rows.map((r) => r.amount)
  const entries = async () =>
    (await sql<{ account: number; note: string; tx: number }>`select account, note, tx from entry`.execute(db.kysely))
      .rows

  it('gives each its own rows and writes all with one commit', async () => {
    expect(await each((id) => add(id, id))).toEqual(Array.from({ length: ACCOUNTS }, (_, i) => i))
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, i) => i))
    const written = await entries()
    expect(written).toHaveLength(ACCOUNTS)
    expect(new Set(written.map((e) => e.note))).toEqual(new Set(['a "note", with {braces} and \\']))
    expect(new Set(written.map((e) => e.tx)).size).toBeLessThan(ACCOUNTS)
  })

  it('never puts two on one key into one transaction', async () => {
    await Promise.all(Array.from({ length: 10 }, () => each((id) => add(id % 3))))
    expect((await amounts()).slice(0, 3)).toEqual([40, 40, 40])
    expect(await entries()).toHaveLength(10 * ACCOUNTS)
  })

  it('lets one that refuses go without its writes, and the others stay', async () => {
    const done = await settled((id) =>
      inTxTogether(db, String(id), async (tx) => {
        await writeRow(tx, SAVE, [id, 5, 'never'])
        if (id % 4 === 0) throw new Error('refused')
      }),
    )
    expect(done.map((d) => d.status)).toEqual(
      Array.from({ length: ACCOUNTS }, (_, id) => (id % 4 ? 'fulfilled' : 'rejected')),
    )
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, id) => (id % 4 ? 5 : 0)))
  })

  it('undoes what one has written before it refused, and carries out the others alone', async () => {
    const done = await settled((id) =>
      inTxTogether(db, String(id), async (tx) => {
        const row = await account(tx, id)
        await writeRow(tx, SAVE, [id, row.amount + 7, 'written'])
        const [now] = await queryPrepared<Account>(tx, 'test.now', 'select id, amount from account where id = $1', [id])
        expect(now?.amount).toBe(7)
        if (id === 3) throw new Error('refused')
      }),
    )
    expect(done.filter((d) => d.status === 'rejected')).toHaveLength(1)
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, id) => (id === 3 ? 0 : 7)))
    expect(await entries()).toHaveLength(ACCOUNTS - 1)
  })

  it('tells a failed write to the one whose it is, in its own words', async () => {
    const done = await settled((id) =>
      inTxTogether(db, String(id), async (tx) => {
        const row = await account(tx, id)
        await writeRow(tx, SAVE, [id, id === 5 ? 5000 : row.amount + 1, 'n'], () => new Error('too much'))
      }),
    )
    expect(done.map((d) => (d.status === 'rejected' ? String(d.reason) : d.status))).toEqual(
      Array.from({ length: ACCOUNTS }, (_, id) => (id === 5 ? 'Error: too much' : 'fulfilled')),
    )
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, id) => (id === 5 ? 0 : 1)))
  })

  it('keeps the order of the writes of each, whatever they are', async () => {
    await each((id) =>
      inTxTogether(db, String(id), async (tx) => {
        await writeRow(tx, SAVE, [id, 1, 'first'])
        await writeLater(tx, { text: 'update account set amount = amount * 10 + $2 where id = $1', values: [id, 2] })
        await writeRow(tx, SAVE, [id, id % 2 ? 3 : 4, 'last'])
        await writeLater(tx, { text: 'update account set amount = amount * 10 where id = $1', values: [id] })
      }),
    )
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, id) => (id % 2 ? 30 : 40)))
    expect((await entries()).filter((e) => e.account === 1).map((e) => e.note)).toEqual(['first', 'last'])
  })

  it('refuses the root handle inside, for each', async () => {
    const done = await settled((id) =>
      inTxTogether(db, String(id), async () => {
        await sql`select 1`.execute(db.kysely)
      }),
    )
    expect(done.map((d) => (d.status === 'rejected' ? (d.reason as { code: string }).code : ''))).toEqual(
      Array.from({ length: ACCOUNTS }, () => 'ROOT_IN_TRANSACTION'),
    )
  })

  it('asks for many at once outside of transactions, each answered for itself', async () => {
    await each((id) => add(id, id * 2))
    const asked = overRows(
      'test.ask',
      { id: 'int' },
      (rows) => `select asked.n, a.amount from ${rows} join account a on a.id = asked.id`,
    )
    const found = await Promise.all([3, 99, 7, 3].map((id) => askRow<Account>(db.kysely, asked, [id])))
    expect(found.map((rows) => rows.map((r) => r.amount))).toEqual([[6], [], [14], [6]])
  })

  it('carries JSON unharmed, whatever stands in it, and nothing where there is nothing', async () => {
    const echo = overRows(
      'test.echo',
      { at: 'int', body: 'jsonb', said: 'text' },
      (rows) => `select asked.n, asked.at, asked.body, asked.said from ${rows}`,
    )
    const bodies = [
      { quotes: '“a” "b" \'c\'', slash: '\\ \\\\', braces: '{,}', lines: 'x\n\ty\u001fz\u001e', rare: '𠮷', empty: '' },
      null,
      [],
      'NULL',
      '',
    ]
    const ask = (at: number) => {
      const body = bodies[at]
      return askRow<{ at: number; body: unknown; said: string }>(db.kysely, echo, [
        at,
        body === null ? null : JSON.stringify(body),
        `"${at}"`,
      ])
    }
    const together = await Promise.all(bodies.map((_, at) => ask(at)))
    expect(together.map(([row]) => row?.body)).toEqual(bodies)
    expect(together.map(([row]) => row?.said)).toEqual(bodies.map((_, at) => `"${at}"`))
    // Alone, and several that have none.
    expect((await ask(1))[0]?.body).toBeNull()
    expect((await Promise.all([ask(1), ask(1)])).map(([row]) => row?.body)).toEqual([null, null])
  })

  it('carries questions of different kinds in one go, and a failure is its own', async () => {
    await each((id) => add(id, id * 2))
    const amount = overRows(
      'test.amount',
      { id: 'int' },
      (rows) => `select asked.n, a.amount from ${rows} join account a on a.id = asked.id`,
    )
    const shared = overRows(
      'test.shared',
      { by: 'int' },
      (rows) => `select asked.n, 12 / asked.by as part from ${rows}`,
    )
    const done = await Promise.allSettled([
      askRow(db.kysely, amount, [3]),
      askRow(db.kysely, shared, [4]),
      askRow(db.kysely, shared, [0]),
      askRow(db.kysely, amount, [7]),
    ])
    expect(done.map((d) => (d.status === 'fulfilled' ? d.value : (d.reason as { code: string }).code))).toEqual([
      [expect.objectContaining({ amount: 6 })],
      [expect.objectContaining({ part: 3 })],
      '22012',
      [expect.objectContaining({ amount: 14 })],
    ])
  })

  // The embedded engine has one connection, which nobody else holds or cuts.
  if (engine === 'pglite') return

  it('locks nothing beside others; what has changed since it was read is read once more, alone and locked', async () => {
    const other = await openDatabase({ dataDir: ':memory:', databaseUrl: url! })
    const free: boolean[] = []
    const done = await settled((id) =>
      inTxTogether(db, String(id), async (tx) => {
        const [row] = await askRow<Account>(tx, SEEN, [id])
        if (id === 4) {
          const unlocked = sql`select id from account where id = 4 for update skip locked`
          free.push((await unlocked.execute(other.kysely)).rows.length === 1)
          if (free.length === 1) await sql`update account set amount = amount + 100 where id = 4`.execute(other.kysely)
        }
        await writeRow(tx, SAVE_SEEN, [id, row!.amount, row!.amount + 1, 'seen'])
      }),
    )
    await other.close()
    expect(done.map((d) => d.status)).toEqual(Array.from({ length: ACCOUNTS }, () => 'fulfilled'))
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, (_, id) => (id === 4 ? 101 : 1)))
    expect(await entries()).toHaveLength(ACCOUNTS)
    expect(free).toEqual([true, false])
  })

  it('does not wait long for a row that somebody else holds: the others go on', async () => {
    let release = () => {}
    const held = inTx(db, async (tx) => {
      await account(tx, 2)
      await new Promise<void>((resolve) => (release = resolve))
    })
    while (
      !(
        await sql<{ n: number }>`select count(*) as n from pg_locks where locktype = 'transactionid'`.execute(db.kysely)
      ).rows[0]?.n
    )
      await new Promise((resolve) => setTimeout(resolve, 5))
    const waiting: number[] = []
    const all = each(async (id) => {
      await add(id)
      waiting.push(id)
    })
    while (waiting.length < ACCOUNTS - 1) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(waiting).not.toContain(2)
    release()
    await Promise.all([held, all])
    expect(await amounts()).toEqual(Array.from({ length: ACCOUNTS }, () => 1))
  })

  it('fails whole, and not twice, when its connection is cut', async () => {
    const done = await settled((id) =>
      inTxTogether(db, String(id), async (tx) => {
        const row = await account(tx, id)
        await writeRow(tx, SAVE, [id, row.amount + 1, 'cut'])
        if (id === 4) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
      }),
    )
    const now = await amounts()
    expect(now[4]).toBe(0)
    expect(now).toEqual(done.map((d) => (d.status === 'fulfilled' ? 1 : 0)))
    expect(await entries()).toHaveLength(now.filter((n) => n === 1).length)
  })
})
