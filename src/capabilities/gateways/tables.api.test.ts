import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PrivatePostgres, startPrivatePostgres } from '../../../test/engines/private-postgres.ts'
import { type Table, connect, makeTable, penalty, range, settleIn } from '../../../test/gateways-world.ts'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { isIdentifier, readConnection } from '../../kernel/foreign-table.ts'
import { foreignRefusal } from '../../platform/foreign-postgres.ts'
import { runGateways } from './run.ts'

describe('a connection', () => {
  it('is host, port, database, account and nothing else', () => {
    expect(readConnection('postgres://u:p%40ss@db.example:6543/x?sslmode=require')).toEqual({
      ok: true,
      value: { host: 'db.example', port: 6543, database: 'x', user: 'u', password: 'p@ss', ssl: 'require' },
    })
    const bad = [
      'mysql://u@h/x',
      'postgres://h/x',
      'postgres://u@h',
      'postgres://u@h/x?sslrootcert=/etc/passwd',
      'postgres://u@h/x?options=-c%20x',
      'postgres://u@%2Ftmp%2Fsocket/x',
      'postgres://u@h/x?sslmode=prefer',
      'not an address',
    ]
    for (const text of bad)
      expect(readConnection(text), text).toMatchObject({ ok: false, refusals: [{ code: 'CONNECTION_INVALID' }] })
  })
  it('names are quoted, and only plain ones are taken', () => {
    for (const good of ['public', 'xh_处罚', '_x1$']) expect(isIdentifier(good)).toBe(true)
    for (const bad of ['', '1x', 'a"b', 'a;b', 'a b', 'x'.repeat(64), '表'.repeat(22)])
      expect(isIdentifier(bad), bad).toBe(false)
  })
  it('what the driver says is said as a person can use it', () => {
    const at = { host: 'h', port: 1, database: 'd', user: 'u', password: 'p', ssl: 'disable' } as const
    const of = (error: Error & { code?: string }) => foreignRefusal(error, at)?.[0]?.code
    expect(of(new Error('Connection terminated unexpectedly'))).toBe('CONNECTION_LOST')
    expect(of(Object.assign(new Error('read'), { code: 'ECONNRESET' }))).toBe('CONNECTION_LOST')
    expect(of(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))).toBe('NO_CONNECTION')
    expect(of(new Error('timeout expired'))).toBe('NO_CONNECTION')
    expect(of(new Error('anything else'))).toBeUndefined()
  })
})

let theirs: PrivatePostgres
beforeAll(async () => {
  theirs = await startPrivatePostgres()
}, 60_000)
afterAll(() => theirs.stop())

describeEngines('exchange tables', (p, engine) => {
  let w: Awaited<ReturnType<typeof settleIn>>
  let url: string
  let db: Client
  beforeAll(async () => {
    w = await settleIn(p())
    url = (await theirs.createDatabase(`water_${engine}`)).replace('xinheng@', 'xinheng:secret-word@')
    db = await connect(url)
  })
  afterAll(() => db.end())

  const make = async (name: string): Promise<Table> =>
    makeTable(db, name, (await (await w.keeper()).tableScript({ item: 'penalty', table: name })).script)
  const both = async (name: string) => {
    const table = await make(name)
    return { table, g: await w.addTable(url, name) }
  }
  const state = async (id: string) => (await w.keeper()).getGateway({ id })
  const intakes = async (id: string) => (await (await w.keeper()).listIntakes({ id })).rows
  const records = async (numbers: number[]) =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from records.record where doc_no = any(${numbers.map((n) => `穗荔水罚〔2026〕${n}号`)}::text[])`.execute(
        p().runtime.db.kysely,
      )
    ).rows[0]!.n

  it('is read in order and answered row by row; what is sent again is already held', async () => {
    const { table, g } = await both('punish')
    expect(JSON.stringify(g)).not.toContain('secret-word')
    const { rows: kept } = await sql<{
      secret: Buffer
      place: unknown
    }>`select secret, place from gateways.gateway where id = ${g.id}`.execute(p().runtime.db.kysely)
    expect(Buffer.from(kept[0]!.secret).includes('secret-word')).toBe(false)
    expect(JSON.stringify(kept[0]!.place)).not.toContain('secret-word')
    for (const n of range(101, 3)) await table.put(penalty(n))
    await table.put(penalty(104, { CF_JDRQ: '2026-13-01' }))
    await table.put(penalty(101))
    expect(await (await w.keeper()).tryGateway({ id: g.id })).toMatchObject({ waiting: 5, unread: [] })
    await w.pass()
    const rows = await table.answers()
    expect(rows.map((r) => r.status)).toEqual([2, 2, 2, 3, 4])
    expect(rows[3]!.error).toContain('处罚决定日期')
    expect(await state(g.id)).toMatchObject({ health: 'well', waiting: 0, unanswered: 0, problem: null })
    const [taken, ...more] = await intakes(g.id)
    expect(more).toEqual([])
    expect(taken).toMatchObject({
      state: 'answered',
      rows: 5,
      firstSeq: '1',
      lastSeq: '5',
      submission: { no: rows[0]!.receipt },
    })
    const receipt = await (await p().as('water')).client(collection).getSubmission({ id: taken!.submission!.id })
    expect(receipt).toMatchObject({
      wayIn: 'gateway',
      received: 5,
      accepted: 3,
      refused: 1,
      alreadyHeld: 1,
      handedInBy: '水务 punish',
    })
    // The authority mends the row and sets it back; another change of what is held is a new version.
    await db.query(`update punish set cf_jdrq = '2026-11-19', xh_status = 0 where xh_seq = 4`)
    await db.query(`update punish set cf_nr = '罚款2000元，责令改正', xh_status = 0 where xh_seq = 1`)
    await w.pass()
    expect((await table.answers()).map((r) => r.status)).toEqual([2, 2, 2, 2, 4])
    expect((await table.answers())[3]).toMatchObject({ error: null })
    expect(await records([101, 104])).toBe(2)
  })

  it('a row committed late with a low number is not passed over, however many write at once', async () => {
    const { table, g } = await both('busy')
    const slow = await connect(url)
    const writers = await Promise.all(range(0, 4).map(() => connect(url)))
    try {
      await slow.query('begin')
      await table.put(penalty(200), undefined, slow)
      const going = new AbortController()
      const reading = (async () => {
        while (!going.signal.aborted) await w.pass(6)
      })()
      await Promise.all(
        writers.map(async (client, i) => {
          for (const n of range(210 + i * 20, 20)) await table.put(penalty(n), undefined, client)
        }),
      )
      await slow.query('commit')
      going.abort()
      await reading
      await w.pass()
    } finally {
      await Promise.all([slow, ...writers].map((c) => c.end()))
    }
    const rows = await table.answers()
    expect(rows).toHaveLength(81)
    expect(rows.every((r) => r.status === 2 && r.error === null)).toBe(true)
    expect(await records([200, ...range(210, 80)])).toBe(81)
    expect(await state(g.id)).toMatchObject({ waiting: 0, unanswered: 0 })
  })

  it('between our commit and the write-back nothing is lost or doubled', async () => {
    const { table, g } = await both('locked')
    for (const n of range(300, 3)) await table.put(penalty(n))
    const other = await connect(url)
    try {
      await other.query('begin; select * from locked for update')
      await w.pass()
      expect(await state(g.id)).toMatchObject({ health: 'failing', unanswered: 1, problem: { code: 'TABLE_BUSY' } })
      expect(await records(range(300, 3))).toBe(3)
      expect((await table.answers()).map((r) => r.status)).toEqual([0, 0, 0])
      await other.query('rollback')
    } finally {
      await other.end()
    }
    // Meanwhile the authority changes one of the rows: it is read anew and not covered by the old answer.
    await db.query(`update locked set cf_nr = '罚款2000元，没收取水设备' where xh_seq = 2`)
    await table.put(penalty(303))
    await w.pass(400)
    const rows = await table.answers()
    expect(rows.map((r) => r.status)).toEqual([2, 2, 2, 2])
    expect(rows[1]!.receipt).not.toBe(rows[0]!.receipt)
    expect(await intakes(g.id)).toMatchObject([{ rows: 2, firstSeq: '2', lastSeq: '4' }, { rows: 3 }])
    expect(await records(range(300, 4))).toBe(4)
  }, 30_000)

  it('two processes at once take each row once', async () => {
    const { table, g } = await both('pair')
    for (const n of range(320, 20)) await table.put(penalty(n))
    p().clock.advance({ seconds: 20 })
    await Promise.all([1, 2, 3].map(() => runGateways(p().runtime)))
    expect(await intakes(g.id)).toHaveLength(1)
    expect((await table.answers()).every((r) => r.status === 2)).toBe(true)
  })

  it('a row that cannot be read is reported and passed over', async () => {
    const raw = `damaged_${engine}`
    const admin = await connect(theirs.url)
    await admin.query(`create database ${raw} encoding 'SQL_ASCII' locale 'C' template template0`)
    await admin.end()
    const at = url.replace(`/water_${engine}`, `/${raw}`)
    const bad = await connect(at)
    try {
      await bad.query('set client_encoding = UTF8')
      const { script } = await (await w.keeper()).tableScript({ item: 'penalty', table: 'old' })
      const table = await makeTable(bad, 'old', script)
      const g = await w.addTable(at, 'old')
      for (const n of range(340, 3)) await table.put(penalty(n))
      await bad.query(`update old set cf_xdr_mc = convert_from('\\xc4e3bac3'::bytea, 'SQL_ASCII') where xh_seq = 2`)
      await w.pass()
      const rows = await table.answers()
      expect(rows.map((r) => r.status)).toEqual([2, 3, 2])
      expect(rows[1]!.error).toContain('无法读取')
      expect(await state(g.id)).toMatchObject({ health: 'well' })
      const found = await intakes(g.id)
      const receipt = await (await p().as('water')).client(collection).getSubmission({ id: found[0]!.submission!.id })
      expect(receipt).toMatchObject({ received: 3, accepted: 2, refused: 1 })
    } finally {
      await bad.end()
    }
  })

  it('a row that waits for people is answered again when they have decided', async () => {
    const { table, g } = await both('waiting')
    await table.put(penalty(360))
    await w.pass()
    await table.put(penalty(361, { CF_XDR_SHXYM: penalty(360).CF_XDR_SHXYM! }))
    await w.pass()
    expect((await table.answers())[1]).toMatchObject({ status: 1 })
    const [last] = await intakes(g.id)
    const office = (await p().as('credit_office')).client(collection)
    const { rows } = await office.listRows({ id: last!.submission!.id, verdict: 'pending' })
    await office.decideRow({ id: last!.submission!.id, n: rows[0]!.n, action: 'accept', seen: rows[0]!.version })
    await w.pass()
    expect((await table.answers())[1]).toMatchObject({ status: 2, error: null })
  })

  it('a lost connection is tried again later and later, and goes on', async () => {
    const { table, g } = await both('lost')
    await table.put(penalty(380))
    const other = await connect(url)
    await other.query('begin; lock table lost in access exclusive mode')
    const running = w.pass()
    for (let n = 0; n < 100; n++) {
      const { rowCount } = await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xinheng-gateway' and wait_event_type = 'Lock' and datname = current_database()`,
      )
      if (rowCount) break
      await sleep(50)
    }
    await running
    expect(await state(g.id)).toMatchObject({ health: 'failing', failures: 1, problem: { code: 'CONNECTION_LOST' } })
    await other.query('rollback')
    await other.end()
    await w.pass(400)
    expect(await state(g.id)).toMatchObject({ health: 'well', failures: 0 })
    expect(await table.answers()).toMatchObject([{ status: 2 }])
  })

  it('says what is wrong with a connection or a table, all at once', async () => {
    const client = await w.keeper()
    const attempt = (table: string, connection = url) =>
      problemOf(client.tryTable({ item: 'penalty', connection, table }))
    expect(await attempt('nothing')).toMatchObject({ code: 'TABLE_MISSING' })
    expect(await attempt('a"b')).toMatchObject({ code: 'TABLE_NAME_INVALID' })
    expect(await attempt('x', url.replace(/:\d+\//, ':1/'))).toMatchObject({ code: 'NO_CONNECTION' })
    expect(await attempt('x', url.replace(/\/water_\w+/, '/nowhere'))).toMatchObject({ code: 'DATABASE_MISSING' })
    expect(await attempt('x', url.replace('xinheng:', 'nobody_here:'))).toMatchObject({ code: 'SIGN_IN_REFUSED' })
    expect(await attempt('x', `${url}?sslrootcert=/etc/passwd`)).toMatchObject({ code: 'CONNECTION_INVALID' })
    await db.query(
      `create table wrong (xh_seq text, xh_status smallint not null default 0, xh_receipt varchar(5), xh_error text, cf_wsh text, doc_no text, extra int)`,
    )
    const wrong = await attempt('wrong')
    expect(wrong.errors.map((e) => e.code)).toEqual(
      expect.arrayContaining(['COLUMN_WRONG', 'COLUMN_MISSING', 'COLUMN_TWICE', 'FIELD_COLUMN_MISSING']),
    )
    expect(wrong.detail).toContain('xh_answered_at')
    await make('closed')
    const role = `guest_${engine}`
    await db.query(`create role ${role} login; grant select on closed to ${role}`)
    const guest = url.replace('xinheng:secret-word', role)
    expect((await attempt('closed', guest)).errors.map((e) => e.code)).toEqual(
      Array.from({ length: 4 }, () => 'COLUMN_NOT_WRITABLE'),
    )
    await db.query(
      `revoke select on closed from ${role}; grant update (xh_status, xh_error, xh_receipt, xh_answered_at) on closed to ${role}`,
    )
    expect(await attempt('closed', guest)).toMatchObject({ code: 'TABLE_NO_RIGHT' })
    if (engine === 'postgres') {
      const own = p().runtime.config.databaseUrl!
      expect(await attempt('x', own)).toMatchObject({ code: 'CONNECTION_OWN' })
    }
  })

  it('says when the answers do not stay, and does not take the rows in twice', async () => {
    const { table, g } = await both('swallowed')
    await db.query(`create function swallow_${engine}() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger s before update on swallowed for each row execute function swallow_${engine}()`)
    await table.put(penalty(390))
    await w.pass()
    await w.pass(400)
    expect(await state(g.id)).toMatchObject({ failures: 2, problem: { code: 'TABLE_NOT_ANSWERED' } })
    expect(await intakes(g.id)).toHaveLength(1)
    await db.query(
      `create or replace function swallow_${engine}() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    )
    await w.pass(800)
    expect(await state(g.id)).toMatchObject({ problem: { code: 'TABLE_FAULT' } })
    await db.query('drop trigger s on swallowed')
    await w.pass(1600)
    expect(await table.answers()).toMatchObject([{ status: 2 }])
    expect(await intakes(g.id)).toHaveLength(1)
  })

  it('is paused and resumed, moved to another account, and a fault of ours is said as one', async () => {
    const { table, g } = await both('moved')
    const client = await w.keeper()
    const paused = await client.moveGateway({ id: g.id, action: 'pause', seen: g.version })
    expect(paused).toMatchObject({ state: 'paused', health: 'paused', actions: ['resume', 'end'], nextAt: null })
    expect(await problemOf(client.moveGateway({ id: g.id, action: 'pause', seen: paused.version }))).toMatchObject({
      code: 'NO_SUCH_MOVE',
    })
    expect(await problemOf(client.moveGateway({ id: g.id, action: 'resume', seen: g.version }))).toMatchObject({
      code: 'STALE',
    })
    await table.put(penalty(395))
    await w.pass()
    expect(await table.answers()).toMatchObject([{ status: 0 }])
    const resumed = await client.moveGateway({ id: g.id, action: 'resume', seen: paused.version })
    await sql`update gateways.gateway set secret = '\\x0102' where id = ${g.id}`.execute(p().runtime.db.kysely as never)
    await w.pass()
    expect(await state(g.id)).toMatchObject({ problem: { code: 'GATEWAY_FAULT' } })
    await client.setConnection({ id: g.id, connection: url, seen: resumed.version })
    await client.readGatewayNow({ id: g.id })
    await w.pass(1)
    expect(await table.answers()).toMatchObject([{ status: 2 }])
    expect(await problemOf(w.addTable(url, 'moved'))).toMatchObject({ code: 'GATEWAY_TAKEN' })
  })

  it('is ended for good: its connection is forgotten, nothing is read, and the place is free again', async () => {
    const { table, g } = await both('ended')
    const client = await w.keeper()
    await table.put(penalty(396))
    await w.pass(1)
    const kept = await intakes(g.id)
    const why = '单位业务系统已停用'
    expect(await problemOf(client.endGateway({ id: g.id, reason: why, seen: g.version + 1 }))).toMatchObject({
      code: 'STALE',
    })
    const ended = await client.endGateway({ id: g.id, reason: why, seen: g.version })
    expect(ended).toMatchObject({
      state: 'ended',
      health: 'ended',
      ended: { reason: why },
      actions: [],
      mayEdit: false,
    })
    const secret = sql<{ secret: unknown }>`select secret from gateways.gateway where id = ${g.id}`
    expect((await secret.execute(p().runtime.db.kysely)).rows).toEqual([{ secret: null }])
    const { id } = g
    const seen = ended.version
    for (const again of [
      () => client.endGateway({ id, reason: why, seen }),
      () => client.moveGateway({ id, action: 'resume', seen }),
      () => client.setConnection({ id, connection: url, seen }),
      () => client.readGatewayNow({ id }),
      () => client.tryGateway({ id }),
    ])
      expect(await problemOf(again())).toMatchObject({ code: 'GATEWAY_ENDED' })
    await table.put(penalty(397))
    await w.pass()
    expect(await table.answers()).toMatchObject([{ status: 2 }, { status: 0 }])
    expect(await intakes(id)).toEqual(kept)
    expect((await client.listGateways({ limit: 200 })).rows.some((r) => r.id === id)).toBe(false)
    expect((await client.listGateways({ state: 'ended' })).rows.map((r) => r.id)).toEqual([id])
    const anew = await w.addTable(url, 'ended')
    await w.pass(1)
    expect(await table.answers()).toMatchObject([{ status: 2 }, { status: 2 }])
    expect(await state(anew.id)).toMatchObject({ state: 'active', health: 'well' })
  })
})
