import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Caller, type Platform, addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { PDF } from '../../../test/repair-world.ts'
import { change, give, today } from '../../../test/results-world.ts'
import { addDays } from '../../kernel/time.ts'
import { type FeedPage, endpoints as exchange } from '../exchange/contract.ts'
import { createPeer } from '../exchange/index.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { endpoints } from './contract.ts'
import { watchAgreements } from './service.ts'
import { watchTalks } from './service.talks.ts'

let serial = 0
const PAPER = { name: '协议.pdf', body: PDF }
const newParty = async (p: Platform, over: { way?: 'pull'; mail?: string } = {}) => {
  const peer = await createPeer(p.ctx(), {
    name: `第三方机构${++serial}`,
    kind: 'third_party',
    division: '440100',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 3,
    legalBasis: { zh: '第二十四条', en: 'art. 24' },
    contact: '',
    ...over,
  })
  return { peer, caller: await p.withKey({ scopes: ['feed'], peerId: peer.id }) }
}
const draw = async (caller: Caller, from: { after: string | undefined }): Promise<FeedPage> => {
  const page = await caller.client(exchange).feed({ limit: 1000, ...(from.after ? { after: from.after } : {}) })
  from.after = page.next
  return page
}
const about = (page: FeedPage, recordId: string) => page.events.filter((e) => e.subject === recordId).map((e) => e.type)
const ack = (caller: Caller, page: FeedPage) =>
  caller.client(exchange).acknowledge({
    acknowledgements: page.events.map((e) => ({ eventId: e.id, outcome: 'applied' as const })),
  })
/** It sends something of its own. */
const sends = async (caller: Caller) =>
  (
    await caller.send('POST', '/api/v1/exchange/inbox', {
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: '[]',
    })
  ).json() as Promise<{ status: number; code: string }>
const terms = (p: Platform, days: number) => ({
  number: `穗信协〔2026〕${++serial}号`,
  purpose: '向社会提供企业信用信息查询服务',
  items: ['penalty'],
  updateWorkdays: 3,
  withdrawWorkdays: 3,
  validFrom: today(p),
  validTo: addDays(today(p), days - 1),
})

describeEngines('agreements', (p) => {
  const office = async () => (await p().as('credit_office')).client(endpoints)
  const other = async () => {
    const login = `credit-office-${++serial}`
    await addPerson(p(), { login, role: 'credit_office', authorityId: p().world.authorities.creditOffice })
    return (await p().as(login)).client(endpoints)
  }
  const signed = async (peerId: string, days: number) => {
    const one = await office()
    const a = await one.drawAgreement({ peer: peerId, ...terms(p(), days) })
    return one.signAgreement({ id: a.id, file: PAPER })
  }

  it('takes an agreement with its paper, and refuses what does not fit', async () => {
    const { peer } = await newParty(p())
    const one = await office()
    expect((await one.listParties({})).rows.find((r) => r.peerId === peer.id)).toMatchObject({
      footing: 'grace',
      servedUntil: addDays(today(p()), 30),
      withheld: false,
    })
    const good = terms(p(), 100)
    const past = { ...good, validTo: addDays(today(p()), -1) }
    expect(await problemOf(one.drawAgreement({ peer: peer.id, ...past }))).toMatchObject({ code: 'AGREEMENT_DAYS' })
    const more = { ...good, items: ['licence'] }
    const outside = await problemOf(one.drawAgreement({ peer: peer.id, ...more }))
    expect(outside).toMatchObject({ code: 'AGREEMENT_ITEMS', detail: expect.stringMatching(/：行政许可$/) as string })
    expect(await problemOf(one.drawAgreement({ peer: crypto.randomUUID(), ...good }))).toMatchObject({
      code: 'NO_SUCH_PARTY',
    })
    const a = await one.drawAgreement({ peer: peer.id, ...good })
    expect(a).toMatchObject({ state: 'draft', actions: ['sign', 'drop'] })
    expect(await problemOf(one.downloadAgreement({ id: a.id }))).toMatchObject({ code: 'AGREEMENT_NO_FILE' })
    const text = { name: 'x.txt', body: new TextEncoder().encode('x') }
    expect(await problemOf(one.signAgreement({ id: a.id, file: text }))).toMatchObject({ code: 'AGREEMENT_FILE_TYPE' })
    const pdf = PAPER
    expect(await one.signAgreement({ id: a.id, file: pdf })).toMatchObject({
      state: 'signed',
      file: { name: '协议.pdf' },
    })
    expect(await problemOf(one.signAgreement({ id: a.id, file: pdf }))).toMatchObject({ code: 'NO_SUCH_MOVE' })
    expect(await problemOf(one.signAgreement({ id: crypto.randomUUID(), file: pdf }))).toMatchObject({
      code: 'NO_SUCH_AGREEMENT',
    })
    expect((await one.getParty({ peer: peer.id })).servedUntil).toBe(addDays(today(p()), 100))
    const twin = await one.drawAgreement({ peer: peer.id, ...good })
    expect(await problemOf(one.signAgreement({ id: twin.id, file: pdf }))).toMatchObject({ code: 'AGREEMENT_OVERLAPS' })
    expect(await problemOf(one.endAgreement({ id: twin.id, reason: '重复登记', seen: 9 }))).toMatchObject({
      code: 'STALE',
    })
    expect(await one.endAgreement({ id: twin.id, reason: '重复登记', seen: 1 })).toMatchObject({ state: 'dropped' })
    expect(await one.endAgreement({ id: a.id, reason: '机构停业', seen: 2 })).toMatchObject({
      state: 'ended',
      endedOn: today(p()),
    })
    expect(await one.getParty({ peer: peer.id })).toMatchObject({ withheld: true })
  })

  it('measures how late a party is, and lets two people suspend, cut off and reinstate it', async () => {
    const { peer, caller } = await newParty(p())
    await signed(peer.id, 400)
    const from = { after: undefined as string | undefined }
    const [kept, late, fresh] = [await give(p()), await give(p()), await give(p())]
    await ack(caller, await draw(caller, from))
    await change(p(), kept, 'repaired')
    await ack(caller, await draw(caller, from))
    await change(p(), late, 'repaired')
    p().clock.advance({ days: 14 })
    const one = await office()
    const two = await other()
    const row = (await one.listParties({})).rows.find((r) => r.peerId === peer.id)!
    expect(row).toMatchObject({
      suggested: true,
      figures: { owed: 2, inTime: 1, late: 1, doneLate: 0, waiting: 0, share: 0.5 },
    })
    const owed = await one.listOwed({ peer: peer.id, view: 'all' })
    expect(owed.rows.map((o) => [o.recordId, o.state])).toEqual([
      [kept.recordId, 'in_time'],
      [late.recordId, 'late'],
    ])
    const auditor = (await p().as('auditor')).client(endpoints)
    expect((await auditor.getParty({ peer: peer.id })).possible).toEqual([])

    const ask = { peer: peer.id, kind: 'suspend' as const, reason: '逾期未撤下已修复信息' }
    expect(await problemOf(one.proposeMeasure({ ...ask, kind: 'reinstate' }))).toMatchObject({
      code: 'MEASURE_NOT_POSSIBLE',
    })
    const m = await one.proposeMeasure(ask)
    expect(m).toMatchObject({
      state: 'proposed',
      article: '第二十四条第二款',
      actions: ['withdraw'],
      figures: { late: 1 },
    })
    expect(await problemOf(two.proposeMeasure(ask))).toMatchObject({ status: 409, code: 'MEASURE_OPEN' })
    const decide = { id: m.id, action: 'approve' as const, seen: 1 }
    expect(await problemOf(one.decideMeasure(decide))).toMatchObject({ status: 403, code: 'SAME_PERSON' })
    expect(await problemOf(two.decideMeasure({ ...decide, action: 'withdraw' }))).toMatchObject({
      code: 'NOT_PROPOSER',
    })
    expect(await problemOf(two.decideMeasure({ ...decide, seen: 4 }))).toMatchObject({ code: 'STALE' })
    expect(await problemOf(two.decideMeasure({ ...decide, id: crypto.randomUUID() }))).toMatchObject({
      code: 'NO_SUCH_MEASURE',
    })
    expect(await two.decideMeasure({ ...decide, action: 'reject' })).toMatchObject({ state: 'rejected' })
    const again = await one.proposeMeasure(ask)
    expect(await one.decideMeasure({ id: again.id, action: 'withdraw', seen: 1 })).toMatchObject({ state: 'withdrawn' })
    const third = await one.proposeMeasure(ask)
    expect(await two.decideMeasure({ id: third.id, action: 'approve', seen: 1 })).toMatchObject({ state: 'approved' })
    expect(await problemOf(two.decideMeasure({ id: third.id, action: 'approve', seen: 2 }))).toMatchObject({
      code: 'NO_SUCH_MOVE',
    })

    // Nothing new, but what it has to take down; and it reads why.
    const unseen = await give(p())
    await change(p(), fresh, 'repaired')
    const page = await draw(caller, from)
    expect(page.notice).toMatchObject({ code: 'suspended' })
    expect(about(page, unseen.recordId)).toEqual([])
    expect(about(page, fresh.recordId)).toEqual(['record.withdraw'])
    expect(about(page, late.recordId)).toEqual(['record.withdraw'])
    await ack(caller, page)
    expect(await sends(caller)).toMatchObject({ status: 403, code: 'PEER_SUSPENDED' })
    expect(await caller.client(endpoints).myAgreement({})).toMatchObject({
      state: 'suspended',
      figures: { doneLate: 1 },
      agreement: { purpose: '向社会提供企业信用信息查询服务' },
    })

    const cut = await two.proposeMeasure({ ...ask, kind: 'cut_off' })
    await (await office()).decideMeasure({ id: cut.id, action: 'approve', seen: 1 })
    expect(await draw(caller, from)).toMatchObject({ events: [], notice: { code: 'cut_off' } })
    expect(await sends(caller)).toMatchObject({ status: 403, code: 'PEER_CUT_OFF' })
    const peers = (await p().as('credit_office')).client(exchange)
    const alone = { id: peer.id, state: 'active' as const, reason: '恢复', seen: 3 }
    expect(await problemOf(peers.setPeerState(alone))).toMatchObject({ code: 'NEEDS_TWO_PEOPLE' })

    const back = await (await office()).proposeMeasure({ ...ask, kind: 'reinstate', reason: '整改完成，恢复共享' })
    await two.decideMeasure({ id: back.id, action: 'approve', seen: 1 })
    const resumed = await draw(caller, from)
    expect(resumed.notice).toBeUndefined()
    // What was withheld meanwhile comes behind the place at which it stands.
    expect(about(resumed, unseen.recordId)).toEqual(['record.publish'])
  })

  it('summons the person in charge of a late party, asks it to mend by a day, and keeps what came of it', async () => {
    const { peer, caller } = await newParty(p(), { mail: 'duty@example.org' })
    await signed(peer.id, 400)
    const from = { after: undefined as string | undefined }
    const late = await give(p())
    await ack(caller, await draw(caller, from))
    let one = await office()
    const ask = {
      peer: peer.id,
      person: '张虚构',
      capacity: 'legal_representative',
      calledFor: today(p()),
      reason: '逾期未撤下已修复信息',
    }
    expect(await problemOf(one.callTalk(ask))).toMatchObject({ status: 422, code: 'TALK_NOT_DUE' })
    await change(p(), late, 'repaired')
    p().clock.advance({ days: 14 })
    one = await office()
    const call = { ...ask, calledFor: addDays(today(p()), 2) }
    expect((await one.getParty({ peer: peer.id })).summons?.capacities.map((c) => c.code)).toEqual([
      'legal_representative',
      'person_in_charge',
    ])
    expect(await problemOf(one.callTalk({ ...call, capacity: 'chairman' }))).toMatchObject({ code: 'TALK_CAPACITY' })
    expect(await problemOf(one.callTalk({ ...call, calledFor: addDays(today(p()), -1) }))).toMatchObject({
      code: 'TALK_CALLED_FOR',
    })
    const both = await Promise.allSettled([one.callTalk(call), one.callTalk(call)])
    expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await problemOf(one.callTalk(call))).toMatchObject({ status: 409, code: 'TALK_OPEN' })
    const { talks, summons } = await one.getParty({ peer: peer.id })
    expect(summons).toBeNull()
    expect(talks).toMatchObject([
      { state: 'called', capacity: { zh: '法定代表人' }, article: '第二十四条第二款', figures: { late: 1 } },
    ])
    const [talk] = talks
    expect((await one.listParties({})).rows.find((r) => r.peerId === peer.id)?.talk).toMatchObject({ state: 'called' })

    p().clock.advance({ days: 2 })
    one = await office()
    const hold = {
      id: talk!.id,
      heldOn: today(p()),
      minutes: '说明了未及时撤下的原因。',
      asks: '撤下全部信息，建立每日核对制度。',
      dueOn: addDays(today(p()), 3),
      seen: 1,
    }
    expect(await problemOf(one.holdTalk({ ...hold, heldOn: addDays(today(p()), 1) }))).toMatchObject({
      code: 'TALK_DAYS',
    })
    expect(await problemOf(one.holdTalk({ ...hold, dueOn: addDays(today(p()), -1) }))).toMatchObject({
      code: 'TALK_DAYS',
    })
    expect(await problemOf(one.holdTalk({ ...hold, id: crypto.randomUUID() }))).toMatchObject({ code: 'NO_SUCH_TALK' })
    expect(await problemOf(one.closeTalk({ id: hold.id, action: 'mend', note: '已整改', seen: 1 }))).toMatchObject({
      code: 'BAD_INPUT',
    })
    expect(await problemOf(one.closeTalk({ id: hold.id, action: 'mend', note: '已经整改', seen: 1 }))).toMatchObject({
      code: 'NO_SUCH_MOVE',
    })
    expect(await one.holdTalk(hold)).toMatchObject({ state: 'asked', late: false, actions: ['mend', 'fail'] })
    expect(await problemOf(one.closeTalk({ id: hold.id, action: 'fail', note: '逾期未改', seen: 1 }))).toMatchObject({
      code: 'STALE',
    })
    // It reads what is asked of it, and was written to; once the day has passed the office is told, once.
    expect(await caller.client(endpoints).myAgreement({})).toMatchObject({
      talk: { state: 'asked', asks: hold.asks, dueOn: hold.dueOn },
    })
    const mails = await sql<{ kind: string; name: string; state: string }>`
      select m.kind, d.outside_name as name, d.state from messages.message m join messages.delivery d on d.message_id = m.id
      where m.about_id = ${talk!.id} order by m.id`.execute(p().ctx().db.kysely)
    expect(mails.rows).toEqual([
      { kind: 'party_called', name: peer.name, state: 'not_configured' },
      { kind: 'party_asked', name: peer.name, state: 'not_configured' },
    ])
    p().clock.advance({ days: 4 })
    one = await office()
    await watchTalks(p().ctx())
    await watchTalks(p().ctx())
    const inbox = (await (await p().as('credit_office')).client(messages).listInbox({ limit: 200 })).rows
    expect(inbox.filter((m) => m.kind === 'talk_late' && m.title.zh.includes(peer.name))).toHaveLength(1)
    expect((await one.listParties({})).rows.find((r) => r.peerId === peer.id)?.talk).toMatchObject({ late: true })
    await ack(caller, await draw(caller, from))
    expect(await one.closeTalk({ id: hold.id, action: 'mend', note: '已撤下并报送整改报告', seen: 2 })).toMatchObject({
      state: 'mended',
      figures: { late: 1 },
      figuresAfter: { late: 0, doneLate: 1 },
      actions: [],
    })
    expect(await caller.client(endpoints).myAgreement({})).toMatchObject({ talk: null })
    // It may be called off before it is held, and by nobody but the credit office.
    const again = await one.callTalk({ ...call, calledFor: today(p()) })
    const officer = (await p().as('officer')).client(endpoints)
    const drop = { id: again.id, action: 'drop' as const, note: '改期另行通知', seen: 1 }
    expect(await problemOf(officer.closeTalk(drop))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await one.closeTalk(drop)).toMatchObject({ state: 'dropped' })
    // Or it is held, and nothing comes of it.
    const vain = await one.callTalk({ ...call, calledFor: today(p()) })
    await one.holdTalk({ ...hold, id: vain.id, heldOn: today(p()), dueOn: today(p()) })
    const failed = await one.closeTalk({ id: vain.id, action: 'fail', note: '仍未按要求整改', seen: 2 })
    expect(failed).toMatchObject({ state: 'not_mended', actions: [] })
  })

  it('ends publishing with the agreement by itself, after warnings, and goes on with the next one', async () => {
    const { peer, caller } = await newParty(p())
    await signed(peer.id, 20)
    const from = { after: undefined as string | undefined }
    await draw(caller, from)
    await watchAgreements(p().ctx())
    const inbox = async () =>
      (await (await p().as('credit_office')).client(messages).listInbox({ limit: 200 })).rows
        .filter((m) => m.title.zh.includes(peer.name) && m.kind.startsWith('agreement'))
        .map((m) => m.kind)
    expect(await inbox()).toEqual(['agreement_ending'])
    p().clock.advance({ days: 14 })
    await watchAgreements(p().ctx())
    await watchAgreements(p().ctx())
    expect(await inbox()).toEqual(['agreement_ending', 'agreement_ending'])
    p().clock.advance({ days: 6 })
    const unseen = await give(p())
    const page = await draw(caller, from)
    expect(page).toMatchObject({ events: [], notice: { code: 'agreement_ended' } })
    await watchAgreements(p().ctx())
    expect((await inbox())[0]).toBe('agreement_ended')
    const one = await office()
    expect(await one.getParty({ peer: peer.id })).toMatchObject({ footing: 'expired', withheld: true, state: 'active' })
    await signed(peer.id, 100)
    expect(about(await draw(caller, from), unseen.recordId)).toEqual(['record.publish'])
  })

  it('is for third parties and the credit office', async () => {
    const portal = await createPeer(p().ctx(), {
      name: '某局门户',
      kind: 'authority_portal',
      division: '440100',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: { zh: '第二十三条', en: 'art. 23' },
      contact: '',
    })
    const key = await p().withKey({ scopes: ['feed'], peerId: portal.id })
    expect(await problemOf(key.client(endpoints).myAgreement({}))).toMatchObject({ code: 'NOT_A_THIRD_PARTY' })
    expect(await problemOf((await office()).getParty({ peer: portal.id }))).toMatchObject({ code: 'NO_SUCH_PARTY' })
    const officer = (await p().as('officer')).client(endpoints)
    expect(await problemOf(officer.listParties({}))).toMatchObject({ code: 'FORBIDDEN' })
  })
})
