import { afterEach, describe, expect, it } from 'vitest'
import { PASSWORD, type Platform, problemOf, startPlatform } from '../../../test/harness.ts'
import { at, newRecord, newSubject, signedIn, submitted, worker } from '../../../test/repair-world.ts'
import { createPerson } from '../access/index.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import type { ItemView } from './contract.ts'

/** What depends on the day and on the place. The database is the embedded one: nothing here is about an engine. */
let open: Platform[] = []
const on = async (now: string, jurisdiction = '440100'): Promise<Platform> => {
  const platform = await startPlatform({ now: `${now}T02:00:00Z`, jurisdiction })
  open.push(platform)
  return platform
}
afterEach(async () => {
  for (const p of open) await p.close()
  open = []
})

describe('working days (Order 36 art. 16)', () => {
  it('stands still from the notice to the new submission, over a holiday', async () => {
    const p = await on('2026-09-28')
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const before = app.items[0]!.clock!.dueOn!
    p.clock.set('2026-09-30T02:00:00Z')
    const officer = await worker(p, 'officer', p.world.authorities.traffic)
    const asked = await officer.askOnce({ ...at(app.items[0]!), missing: [{ kind: 'proof_of_performance', text: '' }] })
    expect(asked.clock).toMatchObject({ stopped: true, dueOn: null })
    p.clock.set('2026-10-12T02:00:00Z')
    const company = await signedIn(p, `company-${subject.name.match(/\d+/)![0]}`)
    const mended = await company.mendItem(at(asked))
    // One of three days was used (29 September); two are left after 12 October.
    expect(mended.clock).toMatchObject({ startedOn: '2026-09-28', dueOn: '2026-10-14', left: 2, stopped: false })
    expect(before < mended.clock!.dueOn!).toBe(true)
  })

  it('gives a day in a year without a calendar as provisional, with the reason', async () => {
    const p = await on('2026-12-30')
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const clock = app.items[0]!.clock!
    expect(clock.provisional).toBe(true)
    expect(clock.dueOn! > '2027-01-01').toBe(true)
    expect(clock.provisionalWhy?.zh).toContain('2027')
    const officer = await worker(p, 'officer', p.world.authorities.traffic)
    const accepted = await officer.acceptItem(at(app.items[0]!))
    expect(
      accepted.acts
        .at(-1)
        ?.letter?.paragraphs.map((w) => w.zh)
        .join(),
    ).toContain('暂定')

    // The last half minute of the year, and the first of the next, in Asia/Shanghai.
    p.clock.set('2026-12-31T15:59:30Z')
    const early = await newRecord(p, { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    const rating = await newRecord(p, { subject, kind: 'rating', decidedOn: '2026-10-01' })
    const last = await signedIn(p, subject.login)
    const tooSoon = await problemOf(submitted(last, { subject: subject.subjectId, records: [early] }))
    expect(tooSoon).toMatchObject({ code: 'NOT_YET', status: 422 })
    expect(tooSoon.detail).toContain('2027年1月1日')
    const old = await submitted(last, { subject: subject.subjectId, records: [rating] })
    expect(old).toMatchObject({ no: '440100-XF-20261231-0001', items: [{ submittedOn: '2026-12-31' }] })
    p.clock.set('2026-12-31T16:00:30Z')
    const first = await signedIn(p, subject.login)
    const [draft] = (await first.listApplications({ state: 'draft' })).rows
    const ready = await first.getApplication({ subject: subject.subjectId, id: draft!.id })
    // A second press of the same button finds the application handed in.
    const key = { subject: subject.subjectId, id: ready.id, seen: ready.version }
    const pressed = await Promise.allSettled([first.submitApplication(key), first.submitApplication(key)])
    expect(pressed.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const handed = await first.getApplication(key)
    expect(handed).toMatchObject({ no: '440100-XF-20270101-0001', items: [{ submittedOn: '2027-01-01' }] })
    // Two officers decide at once: one of them, with the rule that it stated.
    const officers = [
      await worker(p, 'officer', p.world.authorities.traffic),
      await worker(p, 'officer', p.world.authorities.traffic),
    ]
    const taken = await officers[0]!.acceptItem(at(old.items[0]!))
    const both = await Promise.allSettled(
      officers.map((o, i) => o.grantItem({ ...at(taken), ruled: { basis: `办法第${i}条`, condition: `条件${i}` } })),
    )
    const done = both.flatMap((r, i) => (r.status === 'fulfilled' ? [{ i, value: r.value }] : []))
    expect(done).toHaveLength(1)
    const told = done[0]!.value.acts
      .at(-1)!
      .letter!.paragraphs.map((w) => w.zh)
      .join('')
    expect(told).toContain(`条件${done[0]!.i}`)
    expect(done[0]!.value.decidedOn).toBe('2027-01-01')
  })

  it('is late after the term, and then cannot be extended', async () => {
    const p = await on('2026-11-02')
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const officer = await worker(p, 'officer', p.world.authorities.traffic)
    const accepted = await officer.acceptItem(at(app.items[0]!))
    expect(accepted.clock).toMatchObject({ step: 'decide', dueOn: '2026-11-11' })
    p.clock.set('2026-11-12T02:00:00Z')
    const later = await worker(p, 'officer', p.world.authorities.traffic)
    const queue = await later.queue({ overdue: 'true' })
    expect(queue).toMatchObject({ counts: { open: 1, overdue: 1 }, rows: [{ clock: { overdue: true, left: -1 } }] })
    expect((await problemOf(later.extendItem({ ...at(accepted), reason: '需要核查' }))).code).toBe('EXTENSION_LATE')
    // A late grant is still a grant.
    expect((await later.grantItem(at(accepted))).state).toBe('granted')
  })
})

describe('jurisdictions', () => {
  it('lets what is under first review lapse when its record is taken back', async () => {
    const p = await on('2024-07-01')
    const subject = await newSubject(p)
    const records: string[] = []
    for (let i = 0; i < 3; i++) records.push(await newRecord(p, { subject, kind: 'penalty', decidedOn: '2024-01-10' }))
    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    const [waiting, back, passed] = app.items as [ItemView, ItemView, ItemView]
    const office = await signedIn(p, 'credit_office')
    const returned = await office.returnItem({ ...at(back), missing: [{ kind: 'proof_of_performance', text: '' }] })
    expect(returned.state).toBe('returned')
    const officer = await worker(p, 'officer', p.world.authorities.traffic)
    const accepted = await officer.acceptItem(at(await office.passItem(at(passed))))
    expect((await problemOf(office.lapseItem({ ...at(waiting), reason: '不再办理' }))).code).toBe('NEVER_LAPSES')
    await createPerson(p.ctx(), {
      login: 'takes-back',
      name: 'takes-back',
      password: PASSWORD,
      role: 'officer',
      authorityId: p.world.authorities.traffic,
      mustChange: false,
    })
    const desk = (await p.as('takes-back')).client(recordEndpoints)
    for (const id of records) await desk.annulRecord({ id, seen: 1, reason: '行政复议撤销' })
    expect((await office.lapseItem({ ...at(waiting), reason: '原决定已被撤销' })).state).toBe('lapsed')
    expect((await officer.lapseItem({ ...at(accepted), reason: '原决定已被撤销' })).state).toBe('lapsed')
    await p.drain()
    const after = await subject.company.getApplication({ subject: app.subjectId, id: app.id })
    expect(after).toMatchObject({
      state: 'closed',
      items: [{ state: 'lapsed' }, { state: 'lapsed' }, { state: 'lapsed' }],
    })
  })

  it('Guangzhou 2024: the city’s first review comes first, within one working day', async () => {
    const p = await on('2024-07-01')
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: 'penalty', decidedOn: '2024-01-10' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const item = app.items[0]!
    expect(item).toMatchObject({
      state: 'first_review',
      reviewerName: '广州市发展和改革委员会',
      clock: { step: 'first_review', workdays: 1, dueOn: '2024-07-02' },
    })
    const decider = await worker(p, 'officer', p.world.authorities.traffic)
    expect((await problemOf(decider.acceptItem(at(item)))).code).toBe('NO_SUCH_MOVE')
    const office = await signedIn(p, 'credit_office')
    expect((await office.queue({})).rows[0]).toMatchObject({ as: 'reviewer', state: 'first_review' })
    const returned = await office.returnItem({
      ...at(item),
      missing: [{ kind: 'proof_of_performance', text: '请补交缴款凭证' }],
    })
    expect(returned).toMatchObject({ state: 'returned', clock: { stopped: true } })
    const mended = await subject.company.mendItem(at(returned))
    expect(mended.state).toBe('first_review')
    expect(
      (await problemOf(office.returnItem({ ...at(mended), missing: [{ kind: 'proof_of_performance', text: '' }] })))
        .code,
    ).toBe('ASKED_ALREADY')
    const passed = await office.passItem(at(mended))
    expect(passed.state).toBe('received')
    expect((await decider.queue({})).rows[0]).toMatchObject({ as: 'decider', state: 'received' })
    // The deciding authority has its own one notice.
    expect(
      (await decider.askOnce({ ...at(passed), missing: [{ kind: 'proof_of_performance', text: '' }] })).state,
    ).toBe('mending')
  })

  it('Guangzhou 2026: no first review', async () => {
    const p = await on('2026-11-23')
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    expect(app.items[0]).toMatchObject({ state: 'received', reviewerName: null })
  })

  it('Guangzhou 2024: individual businesses go through the provincial channel', async () => {
    const p = await on('2024-07-01')
    const subject = await newSubject(p, 'individual_business')
    await newRecord(p, { subject, kind: 'penalty', decidedOn: '2024-01-10', subjectKind: 'individual_business' })
    const mine = await subject.company.myRecords({})
    expect(mine.rows[0]!.route).toMatchObject({ system: 'credit_china', receiver: { zh: '信用广东网站' } })
  })

  it('Sichuan: the same program, its own number, no first review', async () => {
    const p = await on('2026-11-23', '510000')
    const subject = await newSubject(p)
    const records = [
      await newRecord(p, { subject, kind: 'penalty' }),
      await newRecord(p, { subject, kind: 'abnormal' }),
      await newRecord(p, { subject, kind: 'serious' }),
    ]
    const clerk = await signedIn(p, 'window_clerk')
    const app = await submitted(clerk, { subject: subject.subjectId, records })
    expect(app.no).toBe('510000-XF-20261123-0001')
    expect(app.items.map((i) => i.state)).toEqual(['received', 'received', 'received'])
  })
})
