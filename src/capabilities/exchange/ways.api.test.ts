import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { publish, registerDistrict } from '../../../test/inbound-world.ts'
import { changeRecord, giveRecord, pushPeer } from '../../../test/push-receiver.ts'
import { inTx } from '../../platform/outbox.ts'
import { writeWorkbook } from '../collection/index.ts'
import { signerFrom } from '../../platform/signatures.ts'
import { address } from './address.ts'
import { endpoints } from './contract.ts'
import { type ExchangeEvent, canonical } from './formats.event.ts'
import { decode, encode } from './formats.ts'
import { NAMESPACE } from './formats.xml.ts'
import { signerOf, verifierOf } from './keys.ts'
import { runWays } from './run.ways.ts'
import type { NewPeer } from './service.peers.ts'
import { DUTIES, type Format } from './words.ts'

const SECOND = 16
let folders = 0
const filePeer = async (p: Platform, over: Partial<NewPeer> & { division: string }) => {
  const folder = `peer-${p.engine}-${++folders}`
  const { peer } = await pushPeer(p, '', { way: 'file', format: 'csv', settings: { folder }, ...over })
  return { peer, folder, root: join(p.runtime.config.exchangeDir, folder) }
}
type FilePeer = Awaited<ReturnType<typeof filePeer>>
/** Time goes by and everything that is due is looked at, as often as a file takes to be known as whole. */
const pass = async (p: Platform, times = 1): Promise<void> => {
  for (let n = 0; n < times; n++) {
    p.clock.advance({ seconds: SECOND })
    await runWays(p.runtime)
  }
}
type Manifest = {
  batch: number
  file: string
  format: Format
  sha256: string
  count: number
  firstEvent: string
  signature: { keyId: string; value: string }
} & Record<string, unknown>
const inside = ({ root }: FilePeer, sub: string): string[] =>
  readdirSync(join(root, sub), { withFileTypes: true }).flatMap((e) =>
    e.isFile() && !e.name.startsWith('.') ? [e.name] : [],
  )
const manifests = (to: FilePeer): Manifest[] =>
  inside(to, 'out')
    .filter((n) => n.endsWith('.manifest.json'))
    .map((n) => JSON.parse(readFileSync(join(to.root, 'out', n), 'utf8')) as Manifest)
const eventsIn = async (to: FilePeer, m: Manifest): Promise<ExchangeEvent[]> => {
  const bytes = readFileSync(join(to.root, 'out', m.file))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(m.sha256)
  const read = await decode(m.format, bytes)
  if (!read.ok) throw new Error(JSON.stringify(read.refusals))
  return read.value.events
}
const allEvents = async (to: FilePeer): Promise<ExchangeEvent[]> =>
  (await Promise.all(manifests(to).map((m) => eventsIn(to, m)))).flat()
const trustFolder = async (p: Platform, { peer }: FilePeer): Promise<void> => {
  const client = await office(p)
  const { version: seen } = await client.way({ id: peer.id })
  await client.setUnsigned({ id: peer.id, allowed: true, reason: '对方系统尚不能签名', seen })
}
const workbook = async (rows: string[][]): Promise<Uint8Array> => {
  const sheet = { name: '确认', widths: rows[0]!.map(() => 20), rows: rows.map((cells) => ({ cells })) }
  const parts: Uint8Array[] = []
  for await (const part of writeWorkbook([sheet])) parts.push(part)
  return Buffer.concat(parts)
}
const standings = async (p: Platform, peerId: string) =>
  (
    await sql<{ n: number; outcome: string | null; delivered: boolean; waits: boolean; dead: boolean }>`
      select batch::int as n, outcome, delivered_at is not null as delivered, next_attempt_at is not null as waits, dead_at is not null as dead
      from exchange.delivery where peer_id = ${peerId} order by queue_n`.execute(p.runtime.db.kysely)
  ).rows
const office = async (p: Platform) => (await p.as('credit_office')).client(endpoints)

describeEngines('the way of files', (p) => {
  beforeAll(() => registerDistrict(p()))

  it('hands over in batches without gaps, each with a signed manifest, and reads the acknowledgements back', async () => {
    const to = await filePeer(p(), { division: '440201' })
    const given = [await giveRecord(p(), { division: '440201' }), await giveRecord(p(), { division: '440201' })]
    await giveRecord(p(), { division: '440202' })
    await pass(p())
    const [first] = manifests(to)
    expect(first).toMatchObject({ batch: 1, count: 2, format: 'csv', file: 'xinheng-000001.csv' })
    const { signature, ...said } = first!
    const signer = await signerOf(p().ctx(), 'ed25519')
    expect(signature.keyId).toBe(signer.keyId)
    const value = Buffer.from(signature.value, 'base64')
    expect(verifierOf(signer.publicKey, 'ed25519').verify(Buffer.from(canonical(said)), value)).toBe(true)
    const events = await eventsIn(to, first!)
    expect(events.map((e) => [e.type, e.subject])).toEqual(given.map((g) => ['record.publish', g.recordId]))
    // Nothing new, nothing written.
    await pass(p())
    expect(manifests(to)).toHaveLength(1)

    await changeRecord(p(), given[0]!, 'repaired')
    const message = await inTx(p().ctx(), (tx) =>
      address(tx, p().ctx(), {
        peerId: to.peer.id,
        subjectId: given[1]!.subjectId,
        type: 'reconciliation.asked',
        data: { question: '请核对' },
      }),
    )
    await pass(p())
    expect(manifests(to).map((m) => m.batch)).toEqual([1, 2])
    const second = await eventsIn(to, manifests(to)[1]!)
    expect(second.map((e) => [e.type, e.id === message])).toEqual([
      ['reconciliation.asked', true],
      ['record.withdraw', false],
    ])

    const ids = [...events, ...second].map((e) => e.id)
    await trustFolder(p(), to)
    writeFileSync(
      join(to.root, 'ack', '确认.csv'),
      `事件编号,结果,说明\r\n${ids[0]},已处理,\r\n${ids[1]},退回,名称有误\r\nnobody,applied,\r\n${ids[2]},perhaps,\r\n`,
    )
    writeFileSync(
      join(to.root, 'ack', 'later.json'),
      JSON.stringify({
        acknowledgements: [
          { eventId: ids[2], outcome: 'applied' },
          { eventId: ids[3], outcome: 'already' },
        ],
      }),
    )
    writeFileSync(join(to.root, 'ack', 'odd.csv'), 'a,b\r\n1,2\r\n')
    await pass(p())
    // It might still be being written.
    expect(inside(to, 'ack')).toHaveLength(3)
    await pass(p())
    expect(inside(to, 'ack')).toEqual([])
    expect(inside(to, 'ack/done')).toHaveLength(2)
    expect((await standings(p(), to.peer.id)).map((s) => [s.n, s.outcome, s.delivered, s.waits])).toEqual([
      [1, 'applied', true, false],
      [1, 'refused', true, false],
      [2, 'applied', true, false],
      [2, 'already', true, false],
    ])
    const errors = inside(to, 'ack/errors')
      .map((n) => readFileSync(join(to.root, 'ack/errors', n), 'utf8'))
      .join('')
    for (const code of ['ACK_EVENT_UNKNOWN', 'ACK_OUTCOME_WRONG', 'ACK_NOT_READABLE']) expect(errors).toContain(code)
    const client = await office(p())
    const { rows } = await client.parcels({ id: to.peer.id })
    expect(rows.map((r) => [r.kind, r.state, r.events, r.acknowledged, r.faulty])).toEqual(
      expect.arrayContaining([
        ['outgoing', 'written', 2, 2, 0],
        ['acknowledgements', 'answered', 2, 0, 2],
        ['acknowledgements', 'refused', 0, 0, 0],
      ]),
    )
    const outgoing = rows.find((r) => r.kind === 'outgoing' && r.number === 1)!
    const { body } = await client.parcelFile({ id: to.peer.id, parcelId: outgoing.id })
    expect(
      createHash('sha256')
        .update(new Uint8Array(await new Response(body).arrayBuffer()))
        .digest('hex'),
    ).toBe(first!.sha256)
    expect(await problemOf(client.parcelFile({ id: to.peer.id, parcelId: to.peer.id }))).toMatchObject({
      code: 'NO_SUCH_PARCEL',
    })

    // A backup of ours from before is put back: what the peer has is not written over by something else.
    const db = p().runtime.db.kysely
    await sql`update exchange.way set last_batch = 0 where peer_id = ${to.peer.id}`.execute(db)
    await sql`delete from exchange.parcel where peer_id = ${to.peer.id}`.execute(db)
    await giveRecord(p(), { division: '440201' })
    await pass(p())
    expect(manifests(to).map((m) => m.batch)).toEqual([1, 2, 3])
    expect(manifests(to)[0]).toEqual(first)
  })

  it('takes acknowledgements by their signed manifest, in every format, with what was done about measures', async () => {
    const division = '440208'
    const to = await filePeer(p(), { division, format: 'xlsx' })
    const client = await office(p())
    const basis = { zh: '《某某管理办法》第九条', en: 'Measures, art. 9' }
    const duties = DUTIES.map((part) => ({ part, basis }))
    await client.setPeerDuties({ id: to.peer.id, duties, seen: (await client.way({ id: to.peer.id })).version })
    const given = []
    for (let n = 0; n < 5; n++) given.push(await giveRecord(p(), { division }))
    await pass(p())
    for (const record of given) await changeRecord(p(), record, 'repaired')
    await pass(p())
    const told = (await eventsIn(to, manifests(to)[1]!)).map((e) => e.id)
    expect(told).toHaveLength(5)

    const signer = signerFrom('ed25519', new Uint8Array(32).fill(9))
    const ack = join(to.root, 'ack')
    const put = (name: string, body: string | Uint8Array, change: (m: Record<string, unknown>) => unknown = signed) => {
      writeFileSync(join(ack, name), body)
      const manifest = { file: name, sha256: createHash('sha256').update(body).digest('hex'), writtenBy: '数据科' }
      writeFileSync(join(ack, `${name}.manifest.json`), JSON.stringify(change(manifest)))
    }
    const signed = (m: Record<string, unknown>) => {
      const value = signer.sign(Buffer.from(canonical(m))).toString('base64')
      return { ...m, signature: { keyId: signer.keyId, algorithm: 'ed25519', value } }
    }
    const confirmed = async () =>
      (
        await sql<{ event: string; part: string; result: string }>`
          select event_id as event, part, result from exchange.effect where peer_id = ${to.peer.id}`.execute(
          p().runtime.db.kysely,
        )
      ).rows
        .map((r) => [told.indexOf(r.event), r.part, r.result])
        .toSorted((a, b) => (a.join() < b.join() ? -1 : 1))
    const acked = async () => (await standings(p(), to.peer.id)).filter((s) => s.n === 2).map((s) => s.outcome)
    const errorsOf = (name: string) =>
      inside(to, 'ack/errors')
        .filter((n) => n.endsWith(`-${name}.errors.csv`))
        .map((n) => readFileSync(join(to.root, 'ack/errors', n), 'utf8'))
        .join('')

    // Whoever can write there is not the peer yet: nothing counts without a key, or somebody who answers for the folder.
    writeFileSync(join(ack, 'alone.csv'), `event_id,outcome\r\n${told[0]},applied\r\n`)
    put('early.csv', `event_id,outcome\r\n${told[0]},applied\r\n`)
    await pass(p(), 2)
    expect(errorsOf('alone.csv')).toContain('ACK_NOT_SIGNED')
    expect(errorsOf('early.csv')).toContain('MANIFEST_NOT_SIGNED')
    await client.addPeerKey({ id: to.peer.id, algorithm: 'ed25519', publicKey: JSON.stringify(signer.publicKey) })
    put('plain.csv', `event_id,outcome\r\n${told[0]},applied\r\n`, (m) => m)
    put('bent.csv', `event_id,outcome\r\n${told[0]},applied\r\n`, (m) => ({ ...signed(m), writtenBy: '他人' }))
    put('named.csv', '', (m) => signed({ ...m, file: 'errors' }))
    put('cut.csv', `event_id,outcome\r\n${told[0]},applied\r\n`)
    writeFileSync(join(ack, 'cut.csv'), `event_id,outcome\r\n${told[1]},applied\r\n`)
    await pass(p(), 2)
    expect(errorsOf('plain.csv')).toContain('MANIFEST_NOT_SIGNED')
    expect(errorsOf('bent.csv')).toContain('MANIFEST_NOT_SIGNED')
    expect(errorsOf('errors')).toContain('FILE_NOT_PLAIN')
    expect(errorsOf('cut.csv')).toContain('FILE_HASH_DIFFERS')
    expect(await acked()).toEqual([null, null, null, null, null])
    expect(inside(to, 'ack')).toEqual([])

    const effects = { measures: 'done', evaluation: 'none' }
    put(
      'one.csv',
      `事件编号,结果,解除失信惩戒措施,更新信用评价\r\n${told[0]},已处理,已解除,\r\n${told[1]},已处理,也许,无需办理\r\n`,
    )
    put(
      'two.xlsx',
      await workbook([
        ['event_id', 'outcome', 'measures', 'evaluation'],
        [told[2]!, 'applied', 'none', 'done'],
      ]),
    )
    put('three.jsonl', `\ufeff${JSON.stringify({ eventId: told[3], outcome: 'applied', effects })}\n\nnot a line\n`)
    put(
      'four.xml',
      `<acknowledgements xmlns="${NAMESPACE}"><acknowledgement eventId="${told[4]}" outcome="already" measures="none"/></acknowledgements>`,
    )
    put('odd.xml', `<!DOCTYPE a [<!ENTITY b "c">]><acknowledgements xmlns="${NAMESPACE}"/>`)
    // By its manifest a file is known as whole at once.
    await pass(p())
    expect(await acked()).toEqual(['applied', 'applied', 'applied', 'applied', 'already'])
    expect(errorsOf('one.csv')).toContain('ACK_EFFECT_WRONG')
    expect(errorsOf('three.jsonl')).toContain('not a line')
    await pass(p())
    expect(errorsOf('odd.xml')).toContain('ACK_NOT_READABLE')
    const before = [
      [0, 'measures', 'done'],
      [1, 'evaluation', 'none'],
      [2, 'evaluation', 'done'],
      [2, 'measures', 'none'],
      [3, 'evaluation', 'none'],
      [3, 'measures', 'done'],
      [4, 'measures', 'none'],
    ]
    expect(await confirmed()).toEqual(before)
    // What it said later, in JSON; what it said first stands.
    const later = [
      { eventId: told[0], outcome: 'applied', effects: { measures: 'none', evaluation: 'done' } },
      { eventId: told[4], outcome: 'applied', effects: { evaluation: 'none' } },
    ]
    put('five.json', JSON.stringify({ acknowledgements: later }))
    await pass(p())
    expect(await confirmed()).toEqual(
      [...before, [0, 'evaluation', 'done'], [4, 'evaluation', 'none']].toSorted((a, b) =>
        a.join() < b.join() ? -1 : 1,
      ),
    )
    expect(inside(to, 'ack')).toEqual([])
  })

  it('goes on after an end at any step: nothing is lost, nothing doubled, no number left out', async () => {
    const to = await filePeer(p(), { division: '440203', format: 'json_envelope' })
    const out = join(to.root, 'out')
    const setBack = async (batch: number) => {
      await sql`update exchange.parcel set state = 'made', done_at = null where peer_id = ${to.peer.id} and number = ${batch}`.execute(
        p().runtime.db.kysely,
      )
      await sql`update exchange.delivery set delivered_at = null, next_attempt_at = sent_at where peer_id = ${to.peer.id} and batch = ${batch}`.execute(
        p().runtime.db.kysely,
      )
    }
    const names = ['.manifest.json', '.json']
    // What each end leaves behind: nothing written; a half file aside; the data without its manifest; both, and we do not know.
    const ends: ((batch: string) => void)[] = [
      (b) => names.forEach((n) => rmSync(join(out, b + n))),
      (b) => {
        names.forEach((n) => rmSync(join(out, b + n)))
        writeFileSync(join(out, '.half.part'), '{"header"')
      },
      (b) => rmSync(join(out, `${b}.manifest.json`)),
      () => undefined,
    ]
    let made = 0
    for (const end of ends) {
      await giveRecord(p(), { division: '440203' })
      await pass(p())
      const before = manifests(to).at(-1)!
      expect(before.batch).toBe(++made)
      end(`xinheng-00000${made}`)
      await setBack(made)
      await giveRecord(p(), { division: '440203' })
      // Somebody else still has the lease, and lets it run out.
      await sql`update exchange.way set leased_by = ${to.peer.id}, lease_until = ${new Date(Date.parse(p().clock.now()) + 60_000).toISOString()} where peer_id = ${to.peer.id}`.execute(
        p().runtime.db.kysely,
      )
      await pass(p())
      p().clock.advance({ minutes: 2 })
      await pass(p())
      expect(manifests(to)[made - 1], 'written again it is the same').toEqual(before)
      made++
    }
    expect(manifests(to).map((m) => m.batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const events = await allEvents(to)
    expect(new Set(events.map((e) => e.id)).size).toBe(8)
    expect(events).toHaveLength(8)
    expect((await standings(p(), to.peer.id)).every((s) => s.delivered && !s.waits)).toBe(true)

    // What was kept is gone: a fault of ours, said as one.
    await setBack(8)
    const kept = p().runtime.files.pathOf(manifests(to).at(-1)!.sha256)
    renameSync(kept, `${kept}-away`)
    await pass(p(), 2)
    expect(await (await office(p())).way({ id: to.peer.id })).toMatchObject({ problem: { code: 'WAY_FAULT' } })
    renameSync(`${kept}-away`, kept)
    p().clock.advance({ minutes: 5 })
    await pass(p())
    expect(await (await office(p())).way({ id: to.peer.id })).toMatchObject({ problem: null })
  })

  it('says plainly when the folder cannot be used, waits with what is to go, and goes on', async () => {
    const to = await filePeer(p(), { division: '440204' })
    await pass(p())
    renameSync(to.root, `${to.root}-away`)
    const record = await giveRecord(p(), { division: '440204' })
    p().clock.advance({ minutes: 1 })
    await pass(p())
    const client = await office(p())
    expect(await client.way({ id: to.peer.id })).toMatchObject({
      health: 'failing',
      problem: { code: 'FOLDER_MISSING' },
    })
    expect(await standings(p(), to.peer.id)).toMatchObject([{ delivered: false, waits: true, dead: false }])
    symlinkSync('/tmp', to.root)
    await client.lookNow({ id: to.peer.id })
    await pass(p())
    expect(await client.way({ id: to.peer.id })).toMatchObject({ problem: { code: 'FOLDER_OUTSIDE' } })
    // What it was about is gone before it ever left: there is nothing to tell any more.
    await changeRecord(p(), record, 'repaired')
    await giveRecord(p(), { division: '440204' })
    rmSync(to.root)
    renameSync(`${to.root}-away`, to.root)
    await client.lookNow({ id: to.peer.id })
    await pass(p())
    expect(await client.way({ id: to.peer.id })).toMatchObject({ health: 'well', problem: null })
    expect((await allEvents(to)).map((e) => e.type)).toEqual(['record.publish'])
    expect((await standings(p(), to.peer.id)).map((s) => `${s.outcome}`).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'not_needed',
      'not_needed',
      'null',
    ])

    // Waited for too long: it is dead, and somebody has to look.
    rmSync(to.root, { recursive: true })
    await giveRecord(p(), { division: '440204' })
    p().clock.advance({ minutes: 1 })
    await pass(p())
    p().clock.advance({ days: 30 })
    await pass(p())
    expect((await standings(p(), to.peer.id)).filter((s) => s.dead)).toHaveLength(1)
    p().clock.advance({ days: -30 })
  })

  it('takes in what a peer puts there once its manifest and hash agree, and answers each event', async () => {
    const code = `upper-${p().engine}`
    const to = await filePeer(p(), { division: '440103', direction: 'both', format: 'xml_envelope', code })
    await pass(p())
    const put = async (name: string, events: unknown[], change: (m: Record<string, unknown>) => unknown = (m) => m) => {
      const head = { batch: 1, source: code, to: '', createdAt: '2026-11-23T02:00:00.000Z' }
      const { body } = await encode('json_lines', events as ExchangeEvent[], head)
      const sha256 = createHash('sha256').update(body).digest('hex')
      writeFileSync(join(to.root, 'in', `${name}.jsonl`), body)
      const manifest = { batch: 1, file: `${name}.jsonl`, format: 'json_lines', sha256, count: events.length }
      writeFileSync(join(to.root, 'in', `${name}.manifest.json`), JSON.stringify(change(manifest)))
    }
    const client = await office(p())
    const refusedWith = (name: string) =>
      inside(to, 'in/refused')
        .filter((n) => n.endsWith(`-${name}.manifest.json.errors.csv`))
        .map((n) => readFileSync(join(to.root, 'in/refused', n), 'utf8'))
        .join('')
    // No key and nobody's word for it: anybody may have put it there.
    await put('nobody', [publish({ n: 60, source: code })])
    await pass(p(), 2)
    expect(refusedWith('nobody')).toContain('MANIFEST_NOT_SIGNED')
    const trust = { id: to.peer.id, allowed: true, reason: '对方系统尚不能签名，文件夹由专线挂载' }
    expect(await problemOf(client.setUnsigned({ ...trust, seen: 99 }))).toMatchObject({ code: 'PEER_STALE' })
    const trusted = await client.setUnsigned({ ...trust, seen: to.peer.version })
    expect(trusted.signing).toMatchObject({ hasKey: false, unsigned: { reason: trust.reason } })
    // This folder and no other.
    const elsewhere = { id: to.peer.id, way: 'file', format: 'xml_envelope' } as const
    const moved = await client.setWay({ ...elsewhere, folder: `${to.folder}-moved`, seen: trusted.version })
    expect(moved.signing).toEqual({ hasKey: false, unsigned: null })
    await client.setWay({ ...elsewhere, folder: to.folder, seen: moved.version })
    const { rows: acts } = await sql<{ details: unknown }>`
      select details from platform.audit where act = 'exchange.allow_unsigned_folder' and target_id = ${to.peer.id}`.execute(
      p().runtime.db.kysely,
    )
    expect(acts).toMatchObject([{ details: { folder: to.folder, reason: trust.reason } }])

    const one = publish({ n: 61, source: code })
    await put('first', [one, publish({ n: 62, source: code })])
    await pass(p())
    const [answers] = inside(to, 'in/answers')
    expect(JSON.parse(readFileSync(join(to.root, 'in/answers', answers!), 'utf8'))).toMatchObject({
      file: 'first.jsonl',
      acknowledgements: [{ outcome: 'applied' }, { outcome: 'applied' }],
      pending: [],
    })
    expect(inside(to, 'in')).toEqual([])
    // The same file once more: answered already, so it is only put away; the same event elsewhere is known.
    await put('first', [one, publish({ n: 62, source: code })].slice(0, 1))
    await pass(p())
    const said = inside(to, 'in/answers')
      .map((n) => readFileSync(join(to.root, 'in/answers', n), 'utf8'))
      .join('')
    expect(said).toContain('"already"')
    expect(await allEvents(to), 'nothing goes back to where it came from').toEqual([])

    await put('cut', [publish({ n: 63, source: code })], (m) => ({ ...m, sha256: '0'.repeat(64) }))
    await put('miscounted', [publish({ n: 64, source: code })], (m) => ({ ...m, count: 2 }))
    await put('unkept', [{ ...publish({ n: 65, source: code }), subject: 'no database\u0000holds this' }])
    await put('outside', [], (m) => ({ ...m, file: '../../../../etc/passwd' }))
    await put('gone', [], (m) => ({ ...m, file: 'nothing.jsonl' }))
    // A folder of ours is no file of its.
    await put('folder', [], (m) => ({ ...m, file: 'refused' }))
    symlinkSync('/etc/passwd', join(to.root, 'in', 'link.jsonl'))
    await put('linked', [], (m) => ({ ...m, file: 'link.jsonl' }))
    writeFileSync(join(to.root, 'in', 'half.manifest.json'), '{"batch": 1,')
    await pass(p())
    // Perhaps still on its way.
    expect(inside(to, 'in').filter((n) => n.endsWith('.manifest.json'))).toHaveLength(8)
    await pass(p())
    expect(inside(to, 'in').filter((n) => n.endsWith('.manifest.json'))).toEqual([])
    const back = inside(to, 'in/refused')
      .filter((n) => n.endsWith('.errors.csv'))
      .map((n) => readFileSync(join(to.root, 'in/refused', n), 'utf8'))
      .join('')
    for (const c of [
      'FILE_HASH_DIFFERS',
      'BATCH_COUNT_DIFFERS',
      'EVENT_NOT_VALID',
      'MANIFEST_NOT_VALID',
      'MANIFEST_FILE_MISSING',
      'FILE_NOT_PLAIN',
    ])
      expect(back).toContain(c)

    // From the day on which it has registered a key, its manifests are signed, and go on being so when the key is revoked.
    const signer = signerFrom('ed25519', new Uint8Array(32).fill(7))
    const key = await client.addPeerKey({
      id: to.peer.id,
      algorithm: 'ed25519',
      publicKey: JSON.stringify(signer.publicKey),
    })
    const { signing, version: seen } = await client.way({ id: to.peer.id })
    expect(signing).toEqual({ hasKey: true, unsigned: null })
    expect(await problemOf(client.setUnsigned({ ...trust, seen }))).toMatchObject({ code: 'FOLDER_IS_SIGNED' })
    await put('unsigned', [publish({ n: 65, source: code })])
    await put('signed', [publish({ n: 66, source: code })], (m) => ({
      ...m,
      signature: {
        keyId: signer.keyId,
        algorithm: 'ed25519',
        value: signer.sign(Buffer.from(canonical(m))).toString('base64'),
      },
    }))
    await pass(p(), 2)
    expect(inside(to, 'in/answers').some((n) => n.startsWith('signed-'))).toBe(true)
    expect(inside(to, 'in/answers').some((n) => n.startsWith('unsigned-'))).toBe(false)
    expect(refusedWith('unsigned')).toContain('MANIFEST_NOT_SIGNED')
    await client.revokePeerKey({ id: to.peer.id, keyId: key.id, reason: '停用' })
    await put('revoked', [publish({ n: 67, source: code })])
    await pass(p(), 2)
    expect(refusedWith('revoked')).toContain('MANIFEST_NOT_SIGNED')
  })

  it('is set up by the credit office, with a folder of its own', async () => {
    const client = await office(p())
    const { peer } = await pushPeer(p(), '', { way: 'pull', settings: {}, division: '440206' })
    expect(await problemOf(client.lookNow({ id: peer.id }))).toMatchObject({ code: 'NOT_THIS_WAY' })
    const trust = { id: peer.id, allowed: true, reason: '不能签名', seen: peer.version }
    expect(await problemOf(client.setUnsigned(trust))).toMatchObject({ code: 'NO_FOLDER_TO_TRUST' })
    const tried = { id: peer.id, way: 'file', format: 'xlsx' } as const
    const ask = { ...tried, seen: peer.version }
    for (const folder of ['', '..', 'a/../../b', '/etc', 'a//b', 'x'.repeat(100)])
      expect(await problemOf(client.setWay({ ...ask, folder })), folder).toMatchObject({
        code: 'EXCHANGE_FOLDER_INVALID',
      })
    expect(await problemOf(client.setWay({ ...ask, way: 'push', format: 'csv', folder: 'x' }))).toMatchObject({
      code: 'FORMAT_UNFIT',
    })
    const folder = `市监/${p().engine}`
    expect(await client.tryWay({ ...tried, folder })).toMatchObject({ waiting: 0, columns: [] })
    const set = await client.setWay({ ...ask, folder, everySeconds: 5 })
    expect(set).toMatchObject({ way: 'file', format: 'xlsx', folder, health: 'new', everySeconds: 5 })
    expect(existsSync(join(p().runtime.config.exchangeDir, folder, 'out'))).toBe(true)
    expect(await problemOf(client.setWay({ ...ask, folder }))).toMatchObject({ code: 'PEER_STALE' })
    const other = await pushPeer(p(), '', { way: 'pull', settings: {}, division: '440207' })
    expect(
      await problemOf(client.setWay({ ...ask, id: other.peer.id, seen: other.peer.version, folder: `${folder}/out` })),
    ).toMatchObject({ code: 'EXCHANGE_FOLDER_TAKEN' })

    await giveRecord(p(), { division: '440206' })
    await pass(p())
    const sample = await client.sample({ id: peer.id })
    expect(sample).toMatchObject({ madeUp: false, fileName: 'xinheng-000001.xlsx' })
    expect(sample.rows.find((r) => r.column === 'data.record.subjectName')).toMatchObject({ label: { zh: '主体名称' } })
    expect(await client.sample({ id: other.peer.id, format: 'csv' })).toMatchObject({ madeUp: true })
    for (const format of ['csv', 'xlsx', 'xml_envelope'] as const) {
      const { body } = await client.sampleFile({ id: peer.id, format })
      const read = await decode(format, new Uint8Array(await new Response(body).arrayBuffer()))
      expect(read.ok && read.value.events).toHaveLength(1)
    }
    for (const name of ['envelope.xsd', 'event.schema.json', 'envelope.schema.json', 'manifest.schema.json'] as const) {
      const { body } = await p().anonymous().client(endpoints).exchangeSchema({ name })
      expect((await new Response(body).text()).length).toBeGreaterThan(200)
    }
  })
})
