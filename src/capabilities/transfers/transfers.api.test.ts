import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf, startPlatform } from '../../../test/harness.ts'
import {
  type Repairs,
  at,
  drafted,
  newRecord,
  newSubject,
  signedIn,
  submitted,
  worker,
} from '../../../test/repair-world.ts'
import { type Side, alsoThere, carry, follow, neighbours, receive, waiting } from '../../../test/transfers-world.ts'
import { sql } from 'kysely'
import { inTx } from '../../platform/outbox.ts'
import { findRecord } from '../records/index.ts'
import { endpoints } from './contract.ts'
import { setSeat } from './index.ts'
import { RETURN_REASON_WORDS } from './words.ts'

describeEngines('transfers', (p) => {
  let there: Platform
  let sides: { home: Side; there: Side }
  let officer: Repairs
  let head: Repairs
  beforeAll(async () => {
    there = await startPlatform({ engine: p().engine })
    sides = await neighbours(p(), there)
    officer = await signedIn(there, 'officer')
    head = await signedIn(there, 'head')
  })
  afterAll(() => there.close())

  /** An item of a company here, whose authority decides there, where it lies in the queue. */
  type How = { both?: boolean; twice?: boolean; reversed?: boolean; large?: Uint8Array; kind?: 'shield' }
  const passed = async (how: How = {}) => {
    const subject = await newSubject(p())
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const twin = how.both === false ? null : await alsoThere(p(), there, { subject, recordId })
    const draft = await drafted(subject.company, {
      subject: subject.subjectId,
      records: [recordId],
      kind: how.kind ?? 'repair',
    })
    if (how.large) {
      const [material] = draft.materialsNeeded
      await subject.company.uploadMaterial({
        subject: draft.subjectId,
        id: draft.id,
        kind: material!.code,
        file: { name: '大文件.pdf', body: how.large },
      })
    }
    const app = await subject.company.submitApplication({ subject: draft.subjectId, id: draft.id, seen: draft.version })
    const outcomes = await carry(sides.home, sides.there, how)
    return { subject, recordId, twin, app, item: app.items[0]!, outcomes }
  }
  type Passed = Awaited<ReturnType<typeof passed>>
  const homeItem = async ({ subject, app }: Passed) =>
    (await subject.company.getApplication({ subject: subject.subjectId, id: app.id })).items[0]!
  const track = async (of: Passed) => {
    const client = (await p().as(of.subject.login)).client(endpoints)
    return (await client.trackOfItem({ subject: of.subject.subjectId, item: of.item.id })).tracks[0]!
  }
  const thereItem = async (no: string) => {
    const row = (await officer.queue({ view: 'open', no })).rows[0]!
    return officer.getCase({ subject: row.subjectId, item: row.itemId })
  }
  const office = async (platform: Platform) => (await platform.as('credit_office')).client(endpoints)

  it('passes a case on with its materials, and brings the grant back everywhere', async () => {
    const large = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(700_000), Buffer.from('\n%%EOF\n')])
    const of = await passed({ large, twice: true, reversed: true })
    expect(of.outcomes).toContain('already')
    expect(of.outcomes).not.toContain('refused')
    expect(await homeItem(of)).toMatchObject({ state: 'passed_on', actions: [] })
    const told = await thereItem(of.app.no!)
    expect(told.application).toMatchObject({ no: of.app.no, wayIn: 'transfer', contactName: '', contactPhone: '' })
    expect(told.application.commitment.text.zh).not.toBe('')
    expect(told.item.statement).toBe('已缴清罚款并完成整改。')
    expect(told.materials.map((m) => m.name)).toContain('大文件.pdf')
    const big = told.materials.find((m) => m.name === '大文件.pdf')!
    const file = await (await there.as('officer')).send(
      'GET',
      `/api/v1/applications/${told.item.subjectId}/${told.application.id}/materials/${big.id}`,
    )
    expect(Buffer.from(await file.arrayBuffer()).equals(large)).toBe(true)

    let item = await officer.acceptItem({ ...at(told.item), note: '' })
    await carry(sides.there, sides.home, { twice: true, reversed: true })
    expect(await track(of)).toMatchObject({ state: 'accepted', late: null, wire: 'delivered' })
    item = await officer.grantItem({ ...at(item), note: '' })
    if (item.proposal) item = await head.confirmProposal({ ...at(item), note: '' })
    expect(item.state).toBe('granted')
    await carry(sides.there, sides.home, { twice: true })
    const back = await homeItem(of)
    expect(back.state).toBe('granted')
    const grant = back.acts.find((a) => a.action === 'grant_there')!
    expect(grant).toMatchObject({ by: 'platform', authorityName: '广州市市场监督管理局' })
    expect(grant.letter).toMatchObject({ kind: 'granted', no: of.app.no, signedBy: '广州市市场监督管理局' })
    const record = await findRecord(p().runtime.db.kysely, of.subject.subjectId, of.recordId)
    expect(record!.windows.every((w) => w.from === null || w.end?.by === 'repaired')).toBe(true)
    const done = await track(of)
    expect(done).toMatchObject({ state: 'closed', outcome: 'granted', mayWithdraw: false })
    expect(done.steps.map((s) => s.kind)).toEqual(['passed_on', 'received', 'accepted', 'decided'])
    // What this platform does because of it goes to every holder but the platform that decided.
    const { rows } = await sql<{ origin: string }>`select origin from platform.event
      where subject_id = ${of.subject.subjectId} and kind = 'record.withdrawn'`.execute(p().runtime.db.kysely)
    expect(rows).toEqual([{ origin: sides.home.peerId }])
  })

  it('passes a shield on, and what becomes of the plan comes back', async () => {
    // A shield of a market matter is decided where the company is registered (Order 107 art. 22).
    await setSeat(p().ctx(), { authority: p().world.authorities.district, peerId: sides.home.peerId, seen: 0 })
    const registry = await worker(there, 'officer', there.world.authorities.district)
    const chief = await worker(there, 'head', there.world.authorities.district)
    const of = await passed({ kind: 'shield' })
    const row = (await registry.queue({ view: 'open', no: of.app.no! })).rows[0]!
    const told = await registry.getCase({ subject: row.subjectId, item: row.itemId })
    expect(told.item).toMatchObject({ kind: 'shield', clock: { step: 'shield' } })
    const ends = async () => {
      const record = await findRecord(p().runtime.db.kysely, of.subject.subjectId, of.recordId)
      return record!.windows.filter((w) => w.from !== null).map((w) => w.end?.by ?? null)
    }
    const shown = await ends()
    let item = await registry.shieldItem({ ...at(told.item), note: '' })
    if (item.proposal) item = await chief.confirmProposal({ ...at(item), note: '' })
    await carry(sides.there, sides.home, { twice: true })
    expect(await homeItem(of)).toMatchObject({ state: 'shielded' })
    expect(await ends()).toEqual(shown.map(() => 'shielded'))
    item = await registry.completePlan({ ...at(item), note: '' })
    await carry(sides.there, sides.home)
    expect(await homeItem(of)).toMatchObject({ state: 'plan_completed' })
    expect(await ends()).toEqual(shown.map(() => 'shielded'))
    item = await registry.restoreItem({ ...at(item), reason: '重整计划未执行成功' })
    if (item.proposal) item = await chief.confirmProposal({ ...at(item), note: '' })
    await carry(sides.there, sides.home, { twice: true })
    expect(await homeItem(of)).toMatchObject({ state: 'restored' })
    expect(await ends()).toEqual(shown)
    expect(await track(of)).toMatchObject({ kind: 'shield', state: 'closed', outcome: 'restored' })
    await setSeat(p().ctx(), { authority: p().world.authorities.district, peerId: null, seen: 1 })
  })

  it('asks once through the platform where the applicant is, and refuses with sentence and letter', async () => {
    const of = await passed()
    const told = await thereItem(of.app.no!)
    const kind = told.materialsNeeded[0]!.code
    await officer.askOnce({ ...at(told.item), missing: [{ kind, text: '缴款凭证不清晰' }], note: '' })
    await carry(sides.there, sides.home)
    const asked = await homeItem(of)
    expect(asked.state).toBe('mending')
    expect(asked.missing).toMatchObject([{ kind, text: '缴款凭证不清晰' }])
    expect(asked.acts.at(-1)!.letter).toMatchObject({ kind: 'one_time_notice' })
    await of.subject.company.uploadMaterial({
      subject: of.subject.subjectId,
      id: of.app.id,
      kind,
      file: { name: '补正.pdf', body: new TextEncoder().encode('%PDF-1.7\n2 0 obj << >> endobj\n%%EOF\n') },
    })
    await of.subject.company.mendItem({ ...at(asked), note: '已补正' })
    await carry(sides.home, sides.there)
    expect((await homeItem(of)).state).toBe('passed_on')
    const again = await thereItem(of.app.no!)
    expect(again.item.state).toBe('received')
    expect(again.materials.map((m) => m.name)).toContain('补正.pdf')
    let item = await officer.acceptItem({ ...at(again.item), note: '' })
    const judged = (await officer.getCase({ subject: item.subjectId, item: item.id })).conditions.find(
      (c) => c.mayFail,
    )!
    item = await officer.refuseItem({ ...at(item), reason: '整改未完成', conditions: [judged.code] })
    if (item.proposal) item = await head.confirmProposal({ ...at(item), note: '' })
    await carry(sides.there, sides.home)
    const back = await homeItem(of)
    expect(back.state).toBe('refused')
    const letter = back.acts.find((a) => a.action === 'refuse_there')!.letter!
    expect(letter.paragraphs.map((w) => w.zh).join('')).toContain(judged.text.zh)
    const record = await findRecord(p().runtime.db.kysely, of.subject.subjectId, of.recordId)
    expect(record!.windows.some((w) => w.end !== null)).toBe(false)
  })

  it('gives back what is asked back, unless it has been decided by then', async () => {
    const of = await passed()
    const client = (await p().as(of.subject.login)).client(endpoints)
    const key = { subject: of.subject.subjectId, item: of.item.id }
    await carry(sides.there, sides.home)
    const seen = (await track(of)).version
    expect(await problemOf(client.askBack({ ...key, note: '', seen: seen + 1 }))).toMatchObject({ code: 'STALE' })
    await client.askBack({ ...key, note: '不再申请', seen })
    expect(await problemOf(client.askBack({ ...key, note: '', seen }))).toMatchObject({ code: 'WITHDRAWAL_SENT' })
    expect((await homeItem(of)).state).toBe('passed_on')
    await carry(sides.home, sides.there)
    await carry(sides.there, sides.home)
    expect((await homeItem(of)).state).toBe('withdrawn')
    expect(await track(of)).toMatchObject({ state: 'closed', outcome: 'withdrawn' })

    const late = await passed()
    const other = (await p().as(late.subject.login)).client(endpoints)
    const told = await thereItem(late.app.no!)
    let item = await officer.acceptItem({ ...at(told.item), note: '' })
    item = await officer.grantItem({ ...at(item), note: '' })
    if (item.proposal) await head.confirmProposal({ ...at(item), note: '' })
    await other.askBack({
      subject: late.subject.subjectId,
      item: late.item.id,
      note: '',
      seen: (await track(late)).version,
    })
    await carry(sides.home, sides.there)
    await carry(sides.there, sides.home)
    expect((await homeItem(late)).state).toBe('granted')
    const over = { subject: late.subject.subjectId, item: late.item.id, note: '', seen: (await track(late)).version }
    expect(await problemOf(other.askBack(over))).toMatchObject({ code: 'WITHDRAWAL_SENT' })
  })

  it('comes back from a wrong address with the reason, and is decided nowhere twice', async () => {
    const unknown = await passed({ both: false })
    await carry(sides.there, sides.home)
    expect(await track(unknown)).toMatchObject({
      state: 'returned',
      reason: { zh: expect.stringContaining('没有持有') },
    })
    expect((await homeItem(unknown)).state).toBe('received')
    expect((await (await office(there)).listTurnedAway({})).rows).toMatchObject([{ no: unknown.app.no }])
    // It waits for people: nothing sends it again by itself.
    await follow(p())
    expect(await waiting(sides.home)).toEqual([])
    const home = await office(p())
    const t = await track(unknown)
    const again = { subject: t.subjectId, id: t.id, seen: t.version }
    expect(await problemOf(home.passOnAgain({ ...again, peerId: crypto.randomUUID() }))).toMatchObject({
      code: 'NOT_A_PLATFORM',
    })
    await alsoThere(p(), there, { subject: unknown.subject, recordId: unknown.recordId })
    await home.passOnAgain({ ...again, peerId: sides.home.peerId })
    await carry(sides.home, sides.there)
    const told = await thereItem(unknown.app.no!)

    const desk = (await there.as('officer')).client(endpoints)
    const inHand = (await desk.trackOfItem({ subject: told.item.subjectId, item: told.item.id })).tracks[0]!
    expect(inHand).toMatchObject({ direction: 'in', mayReturn: true })
    const back = { subject: inHand.subjectId, id: inHand.id, reason: '处罚由区局作出' }
    expect(await problemOf(desk.returnTransfer({ ...back, seen: 99 }))).toMatchObject({ code: 'STALE' })
    await desk.returnTransfer({
      ...back,
      seen: (await desk.trackOfItem({ subject: told.item.subjectId, item: told.item.id })).tracks[0]!.version,
    })
    expect(await problemOf(desk.returnTransfer({ ...back, seen: inHand.version + 1 }))).toMatchObject({
      code: 'TRANSFER_OVER',
    })
    await carry(sides.there, sides.home)
    const returned = await track(unknown)
    expect(returned).toMatchObject({ state: 'returned', mayPassOnAgain: false })
    expect(returned.steps.at(-1)!.note).toContain('处罚由区局作出')

    const accepted = await passed()
    const c = await thereItem(accepted.app.no!)
    await officer.acceptItem({ ...at(c.item), note: '' })
    const held = (await desk.trackOfItem({ subject: c.item.subjectId, item: c.item.id })).tracks[0]!
    expect(
      await problemOf(
        desk.returnTransfer({ subject: held.subjectId, id: held.id, reason: '不归我办', seen: held.version }),
      ),
    ).toMatchObject({ code: 'RETURN_TOO_LATE' })
    const stranger = (await p().as('auditor')).client(endpoints)
    expect(
      await problemOf(stranger.trackOfItem({ subject: crypto.randomUUID(), item: crypto.randomUUID() })),
    ).toMatchObject({ code: 'NO_SUCH_TRANSFER' })
  })

  it('lets no case wait for another: not for one that cannot be read, nor for a hundred whose materials never come', async () => {
    const file = { hash: 'a'.repeat(64), kind: 'x', name: 'x.pdf', mediaType: 'application/pdf', bytes: 9 }
    const waits = there.runtime.secrets.seal(JSON.stringify({ n: 1, materials: [file] }))
    const before = new Date(Date.parse(there.clock.now()) - 86_400_000).toISOString()
    const db = there.runtime.db.kysely
    for (const message of [Buffer.from('of another key'), ...Array.from({ length: 100 }, () => waits)])
      await sql`insert into transfers.arrival (peer_id, ref, n, type, message, received_at)
        values (${sides.there.peerId}, ${crypto.randomUUID()}, 1, 'case.passed_on', ${message}, ${before})`.execute(db)
    const of = await passed()
    expect((await thereItem(of.app.no!)).item.state).toBe('received')
    await sql`delete from transfers.arrival where received_at = ${before}`.execute(db)
  })

  it('sends a case home whose materials have not come in all the time for which parts are kept', async () => {
    const subject = await newSubject(p())
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty' })
    await alsoThere(p(), there, { subject, recordId })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [recordId] })
    await follow(p())
    for (const row of await waiting(sides.home)) if (row.type === 'case.passed_on') await receive(sides.there, row)
    there.clock.advance({ days: 29 })
    await follow(there)
    const turned = async () => (await (await office(there)).listTurnedAway({})).rows.filter((r) => r.no === app.no)
    expect(await turned()).toEqual([])
    there.clock.advance({ days: 2 })
    await follow(there)
    expect(await turned()).toMatchObject([{ reason: RETURN_REASON_WORDS.material_broken }])
    there.clock.advance({ days: -31 })
  })

  it('loses nothing that is heard of a case to what is written about it at the same moment', async () => {
    const of = await passed()
    const told = await thereItem(of.app.no!)
    await officer.acceptItem({ ...at(told.item), note: '' })
    await follow(there)
    for (const row of await waiting(sides.there)) await receive(sides.home, row)
    const { promise: under, resolve: begun } = Promise.withResolvers<void>()
    const writing = inTx(p().ctx(), async (tx) => {
      await sql`update transfers.transfer set version = version + 1 where item_id = ${of.item.id}`.execute(tx)
      begun()
      await sleep(200)
    })
    await under
    await follow(p())
    await writing
    expect(await track(of)).toMatchObject({ state: 'accepted' })
  })

  it('shows who is late, and what could not be delivered', async () => {
    const subject = await newSubject(p())
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [recordId] })
    await follow(p())
    const find = async () => (await (await office(p())).listTransfers({ direction: 'out', no: app.no! })).rows[0]!
    expect(await find()).toMatchObject({ state: 'sent', late: null, wire: 'under_way', dueOn: '2026-11-26' })
    await sql`update exchange.delivery set next_attempt_at = null, dead_at = ${p().clock.now()}, fault = 'connection refused', attempts = 9
      where peer_id = ${sides.home.peerId} and acked_at is null`.execute(p().runtime.db.kysely)
    p().clock.advance({ days: 5 })
    try {
      expect(await find()).toMatchObject({ late: 'platform', wire: 'dead', wireFault: 'connection refused' })
      const page = await (await office(p())).listTransfers({ late: 'true', limit: 1 })
      expect(page.rows).toHaveLength(1)
      expect(page.counts.late).toBeGreaterThan(0)
    } finally {
      p().clock.advance({ days: -5 })
    }
  })

  it('takes nothing that is not of the agreed form, or about a case of somebody else', async () => {
    const row = { subject_id: crypto.randomUUID(), event_id: crypto.randomUUID(), at: p().clock.now() }
    const ref = crypto.randomUUID()
    expect(await receive(sides.home, { ...row, type: 'case.decided', data: { n: 1 } })).toBe('refused')
    const decided = { ref, n: 1, outcome: 'granted', at: p().clock.now(), note: '', letter: null }
    expect(await receive(sides.home, { ...row, type: 'case.decided', data: decided })).toBe('refused')
    const part = { ref, hash: 'x', part: 0, body: '' }
    expect(await receive(sides.there, { ...row, type: 'case.material', data: part as { n?: number } })).toBe('refused')
  })

  it('sends neither number nor whole name of a natural person', async () => {
    const subject = await newSubject(p(), 'natural_person')
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty', subjectKind: 'natural_person' })
    await submitted(subject.company, { subject: subject.subjectId, records: [recordId] }).catch(() => null)
    await follow(p())
    for (const row of await waiting(sides.home)) {
      expect(JSON.stringify(row.data)).not.toContain(subject.code)
      expect(JSON.stringify(row.data)).not.toContain(subject.name)
    }
  })

  it('says on which platform an authority decides', async () => {
    const home = await office(p())
    const { rows, platforms } = await home.listSeats({})
    expect(rows).toMatchObject([{ authorityName: '广州市市场监督管理局', peerName: '异地信用平台' }])
    expect(platforms).toMatchObject([{ name: '异地信用平台' }])
    const traffic = { authority: p().world.authorities.traffic }
    expect(await problemOf(home.setSeat({ ...traffic, peerId: sides.home.peerId, seen: 1 }))).toMatchObject({
      code: 'STALE',
    })
    await home.setSeat({ ...traffic, peerId: sides.home.peerId, seen: 0 })
    await home.setSeat({ ...traffic, peerId: null, seen: 1 })
    expect((await home.listSeats({})).rows).toHaveLength(1)
    expect((await home.listTransfers({ direction: 'out', limit: 1 })).next).not.toBeNull()
  })
})
