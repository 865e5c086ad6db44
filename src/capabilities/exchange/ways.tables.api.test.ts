import type { Client } from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PrivatePostgres, startPrivatePostgres } from '../../../test/engines/private-postgres.ts'
import { connect } from '../../../test/gateways-world.ts'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { publish, registerDistrict, takeDown } from '../../../test/inbound-world.ts'
import { changeRecord, giveRecord, pushPeer } from '../../../test/push-receiver.ts'
import { decode } from './formats.ts'
import { endpoints } from './contract.ts'
import { sentencesOf } from './file-place.ts'
import { DUTIES } from './words.ts'
import { wayScript } from './rules.ways.ts'
import { runWays } from './run.ways.ts'

let theirs: PrivatePostgres
beforeAll(async () => {
  theirs = await startPrivatePostgres()
}, 60_000)
afterAll(() => theirs.stop())

const pass = async (p: Platform): Promise<void> => {
  p.clock.advance({ seconds: 16 })
  await runWays(p.runtime)
}
type Out = {
  n: number
  id: string
  type: string
  subject: string
  name: string
  data: { record: { recordId: string } }
  payload: string
  read: number
}
const outRows = async (db: Client): Promise<Out[]> =>
  (
    await db.query<Out>(
      'select row_number::int as n, event_id as id, type, subject, subject_name as name, data, payload, read_status as read from xh_out order by row_number',
    )
  ).rows

describeEngines('the way of exchange tables', (p, engine) => {
  let url: string
  let db: Client
  const code = `table-${engine}`
  const office = async () => (await p().as('credit_office')).client(endpoints)
  const ask = { way: 'table', format: 'xml_envelope' } as const
  let peer: Awaited<ReturnType<typeof pushPeer>>['peer']
  beforeAll(async () => {
    await registerDistrict(p())
    url = (await theirs.createDatabase(`peer_${engine}`)).replace('xinheng@', 'xinheng:secret-word@')
    db = await connect(url)
    const made = await pushPeer(p(), '', { way: 'pull', settings: {}, division: '440103', direction: 'both', code })
    peer = made.peer
  })
  afterAll(() => db.end())

  it('says what is wrong with a connection or a table before anything is set up', async () => {
    const client = await office()
    const set = { ...ask, id: peer.id }
    expect(await problemOf(client.tryWay(set))).toMatchObject({ code: 'CONNECTION_NEEDED' })
    expect(await problemOf(client.tryWay({ ...set, connection: 'mysql://x' }))).toMatchObject({
      code: 'CONNECTION_INVALID',
    })
    expect(await problemOf(client.tryWay({ ...set, connection: url, out: 'a"b' }))).toMatchObject({
      code: 'TABLE_NAME_INVALID',
    })
    expect(await problemOf(client.tryWay({ ...set, connection: 'postgres://u:p@127.0.0.1:1/x' }))).toMatchObject({
      code: 'NO_CONNECTION',
    })
    expect(await problemOf(client.tryWay({ ...set, connection: url }))).toMatchObject({ code: 'TABLE_MISSING' })
    await db.query('create table xh_out (row_number bigint primary key, event_id text, type integer)')
    const odd = await problemOf(client.tryWay({ ...set, connection: url }))
    const codes = odd.errors?.map((e) => e.code) ?? [odd.code]
    expect(codes).toContain('COLUMN_MISSING')
    expect(JSON.stringify(odd)).toContain('event_id')
    await db.query('drop table xh_out')
    const { script } = await client.wayScript({ id: peer.id })
    await db.query(script)
    await db.query(
      `create role guest_${engine} login; grant usage on schema public to guest_${engine}; grant select on xh_out, xh_in to guest_${engine}`,
    )
    expect(
      await problemOf(client.tryWay({ ...set, connection: url.replace('xinheng:', `guest_${engine}:`) })),
    ).toMatchObject({
      code: 'COLUMN_NOT_WRITABLE',
    })
    expect(await client.tryWay({ ...set, connection: url })).toMatchObject({ waiting: 0 })
    const view = await client.setWay({ ...set, connection: url, seen: peer.version })
    expect(view).toMatchObject({ way: 'table', table: { out: 'xh_out', in: 'xh_in' }, health: 'new' })
    expect(JSON.stringify(view)).not.toContain('secret-word')
    const { rows } = await sql<{
      held: string
    }>`select encode(secret, 'escape') as held from exchange.peer where id = ${peer.id}`.execute(p().runtime.db.kysely)
    expect(rows[0]?.held).not.toContain('secret-word')
    // Asked again without the connection, the one that is held counts.
    expect(await client.tryWay(set)).toMatchObject({ waiting: 0 })
  })

  it('fills the outgoing table in order and reads back what the peer writes beside each row', async () => {
    const given = [await giveRecord(p(), { division: '440103' }), await giveRecord(p(), { division: '440103' })]
    await pass(p())
    const rows = await outRows(db)
    expect(rows.map((r) => [r.n, r.type, r.subject])).toEqual(
      given.map((g, i) => [i + 1, 'record.publish', g.recordId]),
    )
    expect(rows[0]!.data.record.recordId).toBe(given[0]!.recordId)
    expect(rows[0]!.name).toContain('广州星衡')
    const whole = await decode('xml_envelope', new TextEncoder().encode(rows[0]!.payload))
    expect(whole.ok && whole.value.events.map((e) => e.id)).toEqual([rows[0]!.id])

    await db.query(
      `update xh_out set status = 1 where row_number = 1; update xh_out set status = 3, note = '名称有误' where row_number = 2`,
    )
    await changeRecord(p(), given[0]!, 'repaired')
    await pass(p())
    const standing = async () =>
      (
        await sql<{ outcome: string | null; note: string; delivered: boolean }>`
          select outcome, note, delivered_at is not null as delivered from exchange.delivery where peer_id = ${peer.id} order by queue_n`.execute(
          p().runtime.db.kysely,
        )
      ).rows.map((r) => [r.outcome, r.note, r.delivered])
    expect(await standing()).toEqual([
      ['applied', '', true],
      ['refused', '名称有误', true],
      [null, '', true],
    ])
    expect((await outRows(db)).map((r) => [r.n, r.type, r.read])).toEqual([
      [1, 'record.publish', 1],
      [2, 'record.publish', 3],
      [3, 'record.withdraw', 0],
    ])
    // A refusal may be followed by a better word; a status that means nothing is told and not read.
    await db.query(
      'update xh_out set status = 1 where row_number = 2; update xh_out set status = 7 where row_number = 3',
    )
    await pass(p())
    expect((await standing()).map(([outcome]) => outcome)).toEqual(['applied', 'applied', null])
    const client = await office()
    expect(await client.way({ id: peer.id })).toMatchObject({ problem: { code: 'ACK_STATUS_WRONG' }, health: 'well' })
    await db.query('update xh_out set status = 2 where row_number = 3')
    // A row of the peer's own, with whatever id it likes, keeps nothing from going on.
    await db.query(`insert into xh_out (row_number, event_id, type, source, subject, event_time, data, status)
      values (90000, 'test-1', 'x', 'us', 'x', now(), '{}', 1)`)
    await pass(p())
    expect(await client.way({ id: peer.id })).toMatchObject({ problem: null, lastBatch: 2, health: 'well' })
    await db.query('delete from xh_out where row_number = 90000')
  })

  it('after an end between our commit and the rows, or after half of them, writes each once and leaves no number out', async () => {
    for (let n = 0; n < 3; n++) await giveRecord(p(), { division: '440103' })
    await pass(p())
    const before = await outRows(db)
    for (const lost of [`row_number > 3`, `row_number = 6`, 'false']) {
      await db.query(`delete from xh_out where ${lost}`)
      await sql`update exchange.parcel set state = 'made' where peer_id = ${peer.id} and number = 3`.execute(
        p().runtime.db.kysely,
      )
      await pass(p())
      expect(await outRows(db)).toEqual(before)
    }
    expect(before.map((r) => r.n)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('takes rows in by their order, answers each beside it, and tells later what had to wait', async () => {
    const put = async (e: Record<string, unknown>, change: Record<string, unknown> = {}) => {
      const row = {
        event_id: e.id,
        type: e.type,
        source: e.source,
        subject: e.subject,
        event_time: e.time,
        data: JSON.stringify(e.data),
        ...change,
      }
      await db.query(
        `insert into xh_in (${Object.keys(row).join(', ')}) values (${Object.keys(row)
          .map((_, i) => `$${i + 1}`)
          .join(', ')})`,
        Object.values(row),
      )
    }
    const answers = async () =>
      (
        await db.query<{ status: number; note: string; at: boolean }>(
          'select status::int, note, answered_at is not null as at from xh_in order by row_number',
        )
      ).rows
    await put(publish({ n: 71, source: code }))
    await put(publish({ n: 72, source: code }), { type: 'NOT A TYPE' })
    await put(takeDown({ n: 73, source: code, at: '2026-11-21T02:00:00Z' }))
    await pass(p())
    expect((await answers()).map((a) => [a.status, a.at])).toEqual([
      [2, true],
      [3, true],
      [1, true],
    ])
    // What PostgreSQL holds in its jsonb and not in ours does not stop the rest.
    await db.query('alter table xh_in alter column data type text')
    const odd = publish({ n: 74, source: code })
    await put(odd, { data: JSON.stringify(odd.data).replace('占道经营', '占道\\u0000经营') })
    await pass(p())
    expect((await answers()).at(-1)).toMatchObject({ status: 3 })
    await db.query('delete from xh_in where event_id = $1', [odd.id])
    await db.query('alter table xh_in alter column data type jsonb using data::jsonb')
    expect((await answers())[1]!.note).toContain('type')
    const back = await outRows(db)
    expect(
      back.some((r) => r.subject === 'record-71'),
      'nothing goes back to where it came from',
    ).toBe(false)
    // What it waited for comes; the sender is told in the row.
    await put(publish({ n: 73, source: code }))
    await pass(p())
    await p().drain()
    expect((await answers()).map((a) => a.status)).toEqual([2, 3, 2, 2])
    const client = await office()
    const { rows } = await client.parcels({ id: peer.id })
    expect(rows.filter((r) => r.kind === 'incoming').map((r) => [r.events, r.faulty])).toEqual([
      [1, 0],
      [1, 1],
      [3, 1],
    ])
  })

  it('refuses a row that is too large before it is read, and takes the others', async () => {
    const added = [publish({ n: 81, source: code }), publish({ n: 82, source: code }), publish({ n: 83, source: code })]
    for (const e of added)
      await db.query(
        `insert into xh_in (event_id, type, source, subject, event_time, data) values ($1, $2, $3, $4, $5, $6)`,
        [e.id, e.type, e.source, e.subject, e.time, JSON.stringify(e.data)],
      )
    const megabytes = engine === 'pglite' ? 200 : 20
    const of = (e: Record<string, unknown>) => `event_id = '${String(e.id)}'`
    await db.query(
      `update xh_in set data = to_jsonb(repeat('信', ${megabytes} * 1024 * 1024 / 3)) where ${of(added[1]!)}`,
    )
    const before = process.memoryUsage().rss
    let most = 0
    const looking = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
    await pass(p())
    clearInterval(looking)
    const said = async (e: Record<string, unknown>) =>
      (
        await db.query<{ n: string; status: number; note: string }>(
          `select row_number::text as n, status::int, note from xh_in where ${of(e)}`,
        )
      ).rows[0]!
    expect((await said(added[0]!)).status).toBe(2)
    expect((await said(added[2]!)).status).toBe(2)
    const large = await said(added[1]!)
    expect(large.status).toBe(3)
    const sizes = { found: `${megabytes} MB`, limit: '4 MB' }
    expect(large.note).toBe(sentencesOf([{ code: 'ROW_TOO_LARGE', params: { n: large.n, ...sizes } }], 'zh'))
    expect((most - before) / 1024 / 1024).toBeLessThan(120)
    expect(await (await office()).way({ id: peer.id })).toMatchObject({ problem: null, health: 'well' })
    await db.query(`delete from xh_in where ${of(added[1]!)}`)
    if (engine === 'pglite') return
    // Many rows, none too large by itself, come in several turns.
    const wide = Array.from({ length: 9 }, (_, n) => publish({ n: 90 + n, source: code }))
    for (const e of wide)
      await db.query(
        `insert into xh_in (event_id, type, source, subject, event_time, data)
        values ($1, $2, $3, $4, $5, jsonb_set($6::jsonb, '{more}', to_jsonb(repeat('x', 3900000))))`,
        [e.id, e.type, e.source, e.subject, e.time, JSON.stringify(e.data)],
      )
    await pass(p())
    const { rows } = await db.query<{ n: number }>('select count(*)::int as n from xh_in where status = 0')
    expect(rows[0]!.n).toBe(0)
    await db.query(`delete from xh_in where octet_length(data::text) > 1000000`)
  })

  it('waits when the database is gone, says so, and goes on when it is back', async () => {
    await db.query('alter table xh_out rename to xh_elsewhere')
    await giveRecord(p(), { division: '440103' })
    await pass(p())
    const client = await office()
    expect(await client.way({ id: peer.id })).toMatchObject({ health: 'failing', problem: { code: 'TABLE_MISSING' } })
    await db.query('alter table xh_elsewhere rename to xh_out')
    await client.lookNow({ id: peer.id })
    await pass(p())
    expect((await outRows(db)).map((r) => r.n)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await client.way({ id: peer.id })).toMatchObject({ health: 'well' })
    // A backup of ours from before is put back: the numbers that the peer has are not given out again.
    await sql`update exchange.way set last_row = 5 where peer_id = ${peer.id}`.execute(p().runtime.db.kysely)
    await giveRecord(p(), { division: '440103' })
    await pass(p())
    expect((await outRows(db)).map((r) => r.n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await client.way({ id: peer.id })).toMatchObject({ health: 'well' })
  })

  it('takes a batch apart that was put together before the peer was suspended, and leaves no number out', async () => {
    const client = await office()
    const held = await giveRecord(p(), { division: '440103' })
    await pass(p())
    const before = await outRows(db)
    expect(before.at(-1)!.subject).toBe(held.recordId)
    const fresh = await giveRecord(p(), { division: '440103' })
    await pass(p())
    // As an end between our commit and the rows leaves it.
    const at = before.length + 1
    await db.query(`delete from xh_out where row_number = ${at}`)
    await sql`update exchange.parcel set state = 'made', done_at = null where peer_id = ${peer.id} and kind = 'outgoing' and first_row = ${at}`.execute(
      p().runtime.db.kysely,
    )
    await sql`update exchange.delivery set delivered_at = null, next_attempt_at = sent_at where peer_id = ${peer.id} and record_id = ${fresh.recordId}`.execute(
      p().runtime.db.kysely,
    )
    const move = async (state: 'suspended' | 'active') =>
      client.setPeerState({
        id: peer.id,
        state,
        reason: '逾期未整改',
        seen: (await client.way({ id: peer.id })).version,
      })
    await move('suspended')
    await changeRecord(p(), held, 'repaired')
    await pass(p())
    const since = (await outRows(db)).slice(before.length)
    expect(since.map((r) => [r.n, r.type, r.subject])).toEqual([[at, 'record.withdraw', held.recordId]])
    await move('active')
    await pass(p())
    const again = (await outRows(db)).slice(at)
    expect(again.map((r) => r.n)).toEqual(again.map((_, n) => at + 1 + n))
    // Nobody knows what of it had arrived: told once more.
    expect(again.map((r) => [r.type, r.subject])).toContainEqual(['record.update', fresh.recordId])
    expect(await client.way({ id: peer.id })).toMatchObject({ problem: null, health: 'well' })
  })

  it('reads what the peer did about measures and evaluation, beside its outcome or later', async () => {
    const client = await office()
    const basis = { zh: '《某某管理办法》第九条', en: 'Measures, art. 9' }
    const seen = async () => (await client.way({ id: peer.id })).version
    const duties = DUTIES.map((part) => ({ part, basis }))
    await client.setPeerDuties({ id: peer.id, duties, seen: await seen() })
    const record = await giveRecord(p(), { division: '440103' })
    await pass(p())
    await changeRecord(p(), record, 'repaired')
    await pass(p())
    const own = `subject = '${record.recordId}' and type = 'record.withdraw'`
    const said = async () => {
      const { effect } = await client.propagation(record)
      return effect.flatMap((e) => (e.part === 'measures' || e.part === 'evaluation' ? [e.state] : []))
    }
    await db.query(`update xh_out set status = 1, measures = 1, evaluation = 9 where ${own}`)
    await pass(p())
    expect(await client.way({ id: peer.id })).toMatchObject({ problem: { code: 'ACK_EFFECTS_WRONG' }, health: 'well' })
    expect(await said()).toEqual(['under_way', 'under_way'])
    await db.query(`update xh_out set evaluation = 0 where ${own}`)
    await pass(p())
    expect(await said()).toEqual(['done', 'under_way'])
    await db.query(`update xh_out set evaluation = 2 where ${own}`)
    await pass(p())
    expect(await said()).toEqual(['done', 'done'])
    expect(await client.way({ id: peer.id })).toMatchObject({ problem: null })
    const { rows } = await db.query(`select measures, evaluation, read_effects from xh_out where ${own}`)
    expect(rows).toEqual([{ measures: 1, evaluation: 2, read_effects: 12 }])
    // A table that was made before these columns does without all of them, and not with one.
    await db.query('alter table xh_out drop column read_effects')
    const odd = await problemOf(client.tryWay({ ...ask, id: peer.id }))
    expect(odd).toMatchObject({ code: 'COLUMN_MISSING' })
    expect(JSON.stringify(odd)).toContain('read_effects')
    await db.query('alter table xh_out drop column measures, drop column evaluation')
    expect(await client.tryWay({ ...ask, id: peer.id })).toMatchObject({ waiting: 0 })
  })

  it('refuses a row that cannot be read, and takes the others', async () => {
    const raw = `ascii_${engine}`
    const admin = await connect(theirs.url)
    await admin.query(`create database ${raw} encoding 'SQL_ASCII' locale 'C' template template0`)
    await admin.end()
    const at = url.replace(`/peer_${engine}`, `/${raw}`)
    const bad = await connect(at)
    try {
      await bad.query('set client_encoding = UTF8')
      const other = await pushPeer(p(), '', {
        way: 'pull',
        settings: {},
        division: '440103',
        direction: 'in',
        code: raw,
      })
      const client = await office()
      await bad.query(wayScript({ schema: 'public', out: 'xh_out', in: 'xh_in', everySeconds: 15 }, 'in'))
      await client.setWay({ ...ask, id: other.peer.id, connection: at, seen: other.peer.version })
      for (const n of [301, 302, 303]) {
        const e = publish({ n, source: raw })
        await bad.query(
          `insert into xh_in (event_id, type, source, subject, event_time, data) values ($1, $2, $3, $4, $5, $6)`,
          [e.id, e.type, e.source, e.subject, e.time, JSON.stringify(e.data)],
        )
      }
      await bad.query(`update xh_in set subject = convert_from('\\xc4e3bac3'::bytea, 'SQL_ASCII') where row_number = 2`)
      await pass(p())
      const { rows } = await bad.query<{ status: number; note: string }>(
        'select status::int, note from xh_in order by row_number',
      )
      expect(rows.map((r) => r.status)).toEqual([2, 3, 2])
      expect(rows[1]!.note).toBe(sentencesOf([{ code: 'ROW_NOT_READABLE', params: { n: '2' } }], 'zh'))
      expect(await client.way({ id: other.peer.id })).toMatchObject({ problem: null, health: 'well' })
    } finally {
      await bad.end()
    }
  })
})
