import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { type Sender, newSender, publish, registerDistrict, takeDown } from '../../../test/inbound-world.ts'
import { type Platform, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { usccOf } from '../../../test/penalty-rows.ts'
import { listRecordsOfSubject, shownOn } from '../records/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import { dayOf } from '../../kernel/time.ts'
import { createAuthority } from '../access/index.ts'
import { signerFrom } from '../../platform/signatures.ts'
import { type ReceivedView, endpoints } from './contract.ts'
import { jobs } from './jobs.ts'

const recordsOf = async (p: Platform, n: number): Promise<RecordRow[]> => {
  const subject = await findSubjectByCode(p.runtime.db.kysely, usccOf(n))
  return subject ? listRecordsOfSubject(p.runtime.db.kysely, subject.id) : []
}
const onlyRecord = async (p: Platform, n: number): Promise<RecordRow> => {
  const records = await recordsOf(p, n)
  expect(records).toHaveLength(1)
  return records[0]!
}
const shown = async (p: Platform, n: number): Promise<boolean> =>
  shownOn(await onlyRecord(p, n), 'credit_china', dayOf(p.clock.now()))
/** What the platform does by itself about messages. */
const goOn = async (p: Platform): Promise<void> => {
  for (const job of jobs) await job.run(p.ctx())
}
const outcomes = (r: { acknowledgements: { outcome: string }[] }) => r.acknowledgements.map((a) => a.outcome)
const office = async (p: Platform) => (await p.as('credit_office')).client(endpoints)
const all = async (p: Platform, peerId: string): Promise<ReceivedView[]> =>
  (await (await office(p)).listReceived({ peerId, limit: 200 })).rows
const waiting = async (p: Platform, peerId: string) => {
  const client = await office(p)
  const [row] = (await client.listReceived({ peerId, state: 'pending' })).rows
  return client.getReceived({ id: row!.id })
}

describeEngines('inbound', (p) => {
  let upper: Sender
  beforeAll(async () => {
    await registerDistrict(p())
    upper = await newSender(p())
  })
  const say = (n: number, more: Partial<Parameters<typeof publish>[0]> = {}) => ({ n, source: upper.code, ...more })

  it('takes a record in by the catalog, on the file of its subject, and shows it', async () => {
    const answer = await upper.push([publish(say(1)), publish(say(2))])
    expect(outcomes(answer)).toEqual(['applied', 'applied'])
    const record = await onlyRecord(p(), 1)
    expect(record).toMatchObject({
      item: 'penalty',
      division: '440103',
      publishedOn: '2026-11-04',
      decidedOn: '2026-11-02',
    })
    expect(record.publicFields).toMatchObject({ content: '罚款2000元', penalty_kinds: ['fine'] })
    expect(await shown(p(), 1)).toBe(true)
  })

  it('carries a message out once, and answers it again with what became of it', async () => {
    const event = publish(say(3))
    const first = await upper.push([event, event])
    expect(outcomes(first)).toEqual(['applied'])
    const again = await upper.push([event])
    expect(outcomes(again)).toEqual(['already'])
    expect((await onlyRecord(p(), 3)).version).toBe(1)
    // The same id with another content is refused, and the first stays as it was.
    const other = await upper.push([publish({ ...say(3), id: String(event['id']), fields: { content: '罚款9999元' } })])
    expect(other.acknowledgements).toMatchObject([
      { outcome: 'refused', note: expect.stringContaining('内容与本次不同') },
    ])
    expect((await onlyRecord(p(), 3)).publicFields).toMatchObject({ content: '罚款2000元' })
  })

  it('takes a change as a new version, and never an older one over a newer one', async () => {
    await upper.push([publish(say(4))])
    const newer = publish(
      { ...say(4), at: '2026-11-21T02:00:00Z', fields: { content: '罚款3000元', fine: '0.3' } },
      'record.update',
    )
    const older = publish({ ...say(4), at: '2026-11-20T12:00:00Z', fields: { content: '罚款1元' } }, 'record.update')
    expect(outcomes(await upper.push([newer, older]))).toEqual(['applied', 'already'])
    expect(await onlyRecord(p(), 4)).toMatchObject({ version: 2, publicFields: { content: '罚款3000元' } })
  })

  it('takes a withdrawal as what its reason says, and shows again what is shown again', async () => {
    await upper.push([publish(say(5)), publish(say(6))])
    const answer = await upper.push([
      takeDown({ ...say(5), at: '2026-11-21T02:00:00Z' }),
      takeDown({ ...say(6), at: '2026-11-21T02:00:00Z' }, 'shielded'),
    ])
    expect(outcomes(answer)).toEqual(['applied', 'applied'])
    expect(await shown(p(), 5)).toBe(false)
    expect((await onlyRecord(p(), 5)).windows.map((w) => w.end?.by ?? null)).toContain('repaired')
    const back = await upper.push([publish({ ...say(6), at: '2026-11-22T02:00:00Z' }, 'record.update')])
    expect(outcomes(back)).toEqual(['applied'])
    expect(await shown(p(), 6)).toBe(true)
    // A withdrawal that is late now changes nothing.
    expect(outcomes(await upper.push([takeDown({ ...say(6), at: '2026-11-21T12:00:00Z' })]))).toEqual(['already'])
    expect(await shown(p(), 6)).toBe(true)
  })

  it('keeps a withdrawal that came first, and a late publish does not show the record again', async () => {
    const first = await upper.push([takeDown({ ...say(7), at: '2026-11-21T02:00:00Z' })])
    expect(first).toMatchObject({ acknowledgements: [], pending: [expect.any(String)] })
    expect(await recordsOf(p(), 7)).toEqual([])
    const late = await upper.push([publish(say(7))])
    expect(late.acknowledgements).toMatchObject([
      { outcome: 'applied', note: expect.stringContaining('入库后不再公示') },
    ])
    expect(await shown(p(), 7)).toBe(false)
    expect((await all(p(), upper.peerId)).filter((m) => m.state === 'pending')).toEqual([])
  })

  it('closes a withdrawal whose record never comes, and still keeps the record out of sight later', async () => {
    const own = await newSender(p())
    await own.push([takeDown({ n: 8, source: own.code, at: '2026-11-21T02:00:00Z' })])
    p().clock.advance({ hours: 73 })
    await goOn(p())
    const [closed] = await all(p(), own.peerId)
    expect(closed).toMatchObject({ state: 'accepted', outcome: 'already', reason: expect.stringContaining('无需撤下') })
    await own.push([publish({ n: 8, source: own.code })])
    expect(await shown(p(), 8)).toBe(false)
    p().clock.advance({ hours: -73 })
  })

  it('lets a name wait that the code does not bear, and goes on when people have decided', async () => {
    await upper.push([publish(say(9))])
    const other = publish({
      ...say(9),
      about: { subjectName: '另一家公司' },
      fields: { subject_name: '另一家公司', content: '改' },
      at: '2026-11-21T02:00:00Z',
    })
    const answer = await upper.push([other])
    expect(answer.pending).toHaveLength(1)
    const message = await waiting(p(), upper.peerId)
    expect(message).toMatchObject({
      state: 'pending',
      reason: expect.stringContaining('另一家公司'),
      actions: ['try_again', 'send_back'],
    })
    const admit = { id: message.id, action: 'admit' as const, reason: '', seen: message.version }
    expect(await problemOf((await office(p())).decideReceived(admit))).toMatchObject({ code: 'NOT_TO_ADMIT' })
    const back = await (await office(p())).decideReceived({
      id: message.id,
      action: 'send_back',
      reason: '名称有误',
      seen: message.version,
    })
    expect(back).toMatchObject({ state: 'refused', outcome: 'refused', reason: expect.stringContaining('名称有误') })
    expect(
      await problemOf(
        (await office(p())).decideReceived({ id: message.id, action: 'try_again', reason: '', seen: back.version }),
      ),
    ).toMatchObject({ code: 'NO_SUCH_MOVE' })
  })

  it('lets an unknown authority wait until it is registered, or let in by name', async () => {
    const by = (n: number, authority: string) =>
      publish({ ...say(n), about: { authority }, fields: { authority_name: authority, authority_code: '' } })
    const answer = await upper.push([by(10, '广东省生态环境厅'), by(11, '广州市荔湾区水务局')])
    expect(answer.pending).toHaveLength(2)
    const client = await office(p())
    const rows = (await client.listReceived({ peerId: upper.peerId, state: 'pending' })).rows
    const unknown = await client.getReceived({ id: rows.find((r) => r.authority === '广东省生态环境厅')!.id })
    expect(unknown.actions).toEqual(['try_again', 'admit', 'send_back'])
    // Tried again while nothing has changed it waits on.
    const again = { id: unknown.id, action: 'try_again' as const, reason: '', seen: unknown.version }
    const province = await client.decideReceived(again)
    expect(province).toMatchObject({ state: 'pending', actions: unknown.actions })
    expect(
      await problemOf(
        client.decideReceived({ id: province.id, action: 'send_back', reason: '', seen: province.version }),
      ),
    ).toMatchObject({ code: 'REASON_NEEDED' })
    expect(
      await problemOf(
        client.decideReceived({ id: province.id, action: 'admit', reason: '', seen: province.version + 1 }),
      ),
    ).toMatchObject({ code: 'MESSAGE_STALE' })
    expect(
      await client.decideReceived({ id: province.id, action: 'admit', reason: '', seen: province.version }),
    ).toMatchObject({ state: 'accepted', outcome: 'applied' })
    expect(await onlyRecord(p(), 10)).toMatchObject({ authorityName: '广东省生态环境厅' })
    await createAuthority(p().ctx(), {
      code: codeFrom('11440103MB2C00021'),
      name: '广州市荔湾区水务局',
      division: '440103',
      system: 'general',
      duties: ['penalty'],
    })
    await goOn(p())
    expect(await onlyRecord(p(), 11)).toMatchObject({ authorityName: '广州市荔湾区水务局' })
  })

  it('sends back what does not pass, with each reason and the mend, and holds up nothing else', async () => {
    const answer = await upper.push([
      publish({ ...say(12), fields: { fine: '很多', facts: '' } }),
      publish({ ...say(13), about: { item: 'no_such_item' } }),
      publish({ ...say(14), about: { item: 'abnormal_list' } }),
      publish({ ...say(15), about: { subjectName: '不同名称' } }),
      publish({ ...say(16), fields: { colour: '红' } }),
      publish({ ...say(17), source: 'xinheng/other' }),
      publish({ ...say(18), at: '2036-11-20T02:00:00Z' }),
      { ...publish(say(19)), specversion: '0.3' },
      { ...publish(say(20)), type: 'weather.report' },
      publish({ ...say(21), about: { subjectCode: '91510104MA5000019X' }, fields: { uscc: '91510104MA5000019X' } }),
      publish(say(22)),
    ])
    expect(outcomes(answer)).toEqual([...Array<string>(10).fill('refused'), 'applied'])
    const notes = answer.acknowledgements.map((a) => a.note)
    expect(notes[0]).toMatch(/罚款金额.*违法事实|违法事实.*罚款金额/)
    for (const [i, part] of [
      '目录中没有',
      '约定的事项',
      '不一致',
      '没有这些字段',
      '来源',
      '晚于',
      '事件格式',
      '不接收',
    ].entries())
      expect(notes[i + 1], part).toContain(part)
    const client = await office(p())
    const [row] = (await client.listReceived({ peerId: upper.peerId, state: 'refused' })).rows.filter((r) =>
      r.docNo.includes('12号'),
    )
    expect(await client.getReceived({ id: row!.id })).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ mend: expect.any(String) })]),
    })
  })

  it('keeps to the territory, the items and the direction agreed with the peer', async () => {
    const lower = await newSender(p(), { kind: 'lower_platform', division: '440106' })
    const far = publish({ n: 23, source: lower.code })
    expect((await lower.push([far])).acknowledgements).toMatchObject([
      { outcome: 'refused', note: expect.stringContaining('区域范围') },
    ])
    const oneWay = await newSender(p(), { direction: 'out' })
    const reply = await oneWay.send([publish({ n: 24, source: oneWay.code })])
    expect(reply.status).toBe(403)
    expect(await reply.json()).toMatchObject({ code: 'INBOX_CLOSED' })
  })

  it('lets nobody change what came from another source, but hears of its repair', async () => {
    await upper.push([publish(say(25)), publish(say(26))])
    const service = await newSender(p(), { kind: 'service_platform' })
    const lower = await newSender(p(), { kind: 'lower_platform', division: '440103' })
    const as = (s: Sender, n: number) => ({ n, source: s.code, at: '2026-11-21T02:00:00Z' })
    const changed = await lower.push([publish({ ...as(lower, 25), fields: { content: '改了' } }, 'record.update')])
    expect(changed.acknowledgements).toMatchObject([{ outcome: 'already' }])
    expect((await onlyRecord(p(), 25)).publicFields).toMatchObject({ content: '罚款2000元' })
    expect(outcomes(await service.push([takeDown(as(service, 25))]))).toEqual(['refused'])
    expect(outcomes(await lower.push([takeDown(as(lower, 25), 'annulled')]))).toEqual(['refused'])
    expect(await shown(p(), 25)).toBe(true)
    expect(outcomes(await lower.push([takeDown(as(lower, 25))]))).toEqual(['applied'])
    expect(await shown(p(), 25)).toBe(false)
  })

  it('refuses by name what is not signed as it should be, and keeps it', async () => {
    const event = publish(say(27))
    const wrong = await upper.send([event], { signer: signerFrom('ed25519', Buffer.alloc(32, 9)) })
    expect(wrong.status).toBe(401)
    expect(await wrong.json()).toMatchObject({ code: 'KEY_UNKNOWN' })
    const codes: string[] = []
    for (const how of [
      { body: '[{' },
      { type: 'application/pdf' },
      { body: '[]' },
      { body: JSON.stringify([{ ...event, id: '' }]) },
      { body: JSON.stringify(Array.from({ length: 1001 }, () => event)) },
    ]) {
      const reply = await upper.send(null, how)
      codes.push(((await reply.json()) as { code: string }).code)
    }
    expect(codes).toEqual(['BODY_UNREADABLE', 'MEDIA_TYPE_UNKNOWN', 'NO_EVENTS', 'EVENT_WITHOUT_ID', 'TOO_MANY_EVENTS'])
    expect(await recordsOf(p(), 27)).toEqual([])
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from inbound.intake i join platform.file f on f.hash = i.file_hash
      where i.peer_id = ${upper.peerId} and i.refusal is not null`.execute(p().runtime.db.kysely)
    expect(rows[0]?.n).toBe(6)
  })

  it('balances to the message, per peer and day, and on every page', async () => {
    const client = await office(p())
    const days = (await client.listReceivedDays({ peerId: upper.peerId })).rows
    for (const d of days) expect(d.received).toBe(d.accepted + d.refused + d.pending)
    const messages = await all(p(), upper.peerId)
    expect(days.reduce((sum, d) => sum + d.received, 0)).toBe(messages.length)
    expect(days.reduce((sum, d) => sum + d.refused, 0)).toBe(messages.filter((m) => m.state === 'refused').length)
    expect(await problemOf(client.getReceived({ id: '0198c1d2-3e4f-7a5b-8c6d-7e8f90a1b2c3' }))).toMatchObject({
      code: 'NO_SUCH_MESSAGE',
    })
  })
})
