import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { endpoints as access } from '../access/contract.ts'
import { importFile } from '../collection/index.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { catalogItemOn } from '../records/index.ts'
import { endpoints } from './contract.ts'
import { type Open, isAnswered, levelDue, levelsOn } from './rules.ts'
import { remindDue } from './service.ts'

const policy = loadPolicy('440100')

describe('who is reminded next', () => {
  const rules = levelsOn(policy, day('2026-11-02'))
  const at = (today: string, open: Open[]) =>
    levelDue(policy, rules, { what: 'returned_rows', oldest: day('2026-11-02') }, open, day(today))?.level ?? null
  const told = (level: Open['level'], on: string): Open => ({ level, raisedAt: `${on}T02:00:00.000Z` })

  it.each<[string, Open[], string | null]>([
    ['2026-11-02', [], 'collector'],
    ['2026-11-04', [told('collector', '2026-11-02')], null],
    ['2026-11-05', [told('collector', '2026-11-02')], 'head'],
    // Working days: 6 November is a Friday.
    ['2026-11-10', [told('collector', '2026-11-02'), told('head', '2026-11-06')], null],
    ['2026-11-13', [told('collector', '2026-11-02'), told('head', '2026-11-06')], 'circular'],
    ['2027-01-04', [told('collector', '2026-11-02'), told('head', '2026-11-06'), told('circular', '2026-11-13')], null],
    // By hand out of turn: what was passed over still comes first.
    ['2026-11-05', [told('head', '2026-11-03')], 'collector'],
  ])('%s %j → %s', (today, open, level) => expect(at(today, open)).toBe(level))

  it('is answered when nothing is left of what was open then', () => {
    expect(isAnswered('2026-11-02T02:00:00.000Z', undefined)).toBe(true)
    expect(isAnswered('2026-11-02T02:00:00.000Z', { oldest: day('2026-11-02') })).toBe(false)
    expect(isAnswered('2026-11-02T02:00:00.000Z', { oldest: day('2026-11-03') })).toBe(true)
    // Late in the evening of the 1st in UTC is the 2nd in Shanghai.
    expect(isAnswered('2026-11-01T17:00:00.000Z', { oldest: day('2026-11-02') })).toBe(false)
  })
})

describeEngines('reminders', (p) => {
  let code = ''
  let n = 0
  const fields = {
    subject_name: '',
    subject_category: '法人及非法人组织',
    uscc: '',
    legal_representative: '虚构',
    document_name: '准予行政许可决定书',
    doc_no: '',
    licence_kind: '普通',
    content: '准予经营',
    decided_on: '2026-11-20',
    valid_from: '2026-11-20',
    valid_to: '2031-01-04',
    status: '有效',
    authority_name: '广州市交通运输局',
  }
  const handIn = async (bad: number): Promise<string> => {
    const item = catalogItemOn(p().runtime.policy.catalog, 'licence', day('2026-11-23'))
    const head = Object.keys(fields).map((key) => item?.fields.find((f) => f.key === key)?.label.zh)
    const row = () => {
      n++
      return { ...fields, subject_name: `广州虚构提醒第${n}有限公司`, doc_no: `穗许字〔2026〕第${n}号` }
    }
    const good = row()
    const rows = [
      { ...good, uscc: codeFrom(`91440106MADY${String(n).padStart(5, '0')}`) },
      ...Array.from({ length: bad }, () => ({ ...row(), uscc: '91440106MADY000001' })),
    ]
    const path = join(p().runtime.config.dataDir, `${n}.csv`)
    writeFileSync(path, `${[head, ...rows.map((r) => Object.values(r))].map((r) => r.join(',')).join('\r\n')}\r\n`)
    const done = await importFile(p().ctx(), { path, item: 'licence', authority: code, wayIn: 'cli' })
    if (!('receipt' in done)) throw new Error('no receipt')
    expect(done.receipt).toMatchObject({ state: 'done', refused: bad })
    return done.receipt.id
  }
  const office = async () => (await p().as('credit_office')).client(endpoints)
  const ask = () => ({ authorityId: p().world.authorities.traffic, what: 'returned_rows' as const })

  beforeAll(async () => {
    const admin = (await p().as('territory_admin')).client(access)
    const { version: seen, ...traffic } = await admin.getAuthority({ id: p().world.authorities.traffic })
    const { id, name, system, receivingChannel, active } = traffic
    await admin.updateAuthority({ id, name, system, receivingChannel, active, duties: ['licence'], seen })
    code = traffic.code
    await addPerson(p(), { login: 'traffic-head', role: 'head', authorityId: id })
    await addPerson(p(), {
      login: 'second-office',
      role: 'credit_office',
      authorityId: p().world.authorities.creditOffice,
    })
  })
  beforeEach(async () => {
    await sql`delete from reminders.reminder`.execute(p().runtime.db.kysely)
    await sql`delete from messages.delivery`.execute(p().runtime.db.kysely)
  })

  it('has nothing to say of an authority that owes nothing', async () => {
    expect(await problemOf((await office()).remind(ask()))).toMatchObject({ status: 422, code: 'NOTHING_OVERDUE' })
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 0 })
  })

  it('goes from the collector to the head to the circular, and closes itself when all is mended', async () => {
    const submission = await handIn(3)
    p().clock.advance({ days: 10 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 1, answered: 0 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 0 })
    const collector = await p().as('collector')
    const [mine] = (await collector.client(messages).listInbox({})).rows
    expect(mine).toMatchObject({
      kind: 'reminder',
      link: `/app/submissions/${submission}`,
      title: { zh: '退回提醒：3 条数据待补正' },
    })
    const [own] = (await collector.client(endpoints).listReminders({})).rows
    expect(own).toMatchObject({ level: 'collector', state: 'open', count: 3, byHand: false, raisedBy: null })
    expect(own!.deliveries.map((d) => [d.channel, d.state])).toEqual([
      ['email', 'not_configured'],
      ['inbox', 'unread'],
    ])

    p().clock.advance({ days: 7 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 1, answered: 0 })
    expect(await (await p().as('traffic-head')).client(messages).countUnread({})).toEqual({ count: 1 })
    p().clock.advance({ days: 9 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 1, answered: 0 })
    p().clock.advance({ days: 30 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 0 })
    const circular =
      await sql`select what, rows_open, authority_name from reminders.v_circular where state = 'open'`.execute(
        p().runtime.db.kysely,
      )
    expect(circular.rows).toEqual([{ what: 'returned_rows', rows_open: 3, authority_name: '广州市交通运输局' }])
    const levels = (await (await office()).listReminders({ state: 'open' })).rows.map((r) => r.level)
    expect(levels).toEqual(['circular', 'head', 'collector'])

    await sql`update collection.submission set corrects = ${submission} where id = ${await handIn(0)}`.execute(
      p().runtime.db.kysely,
    )
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 3 })
    expect((await (await office()).listReminders({ state: 'open' })).rows).toEqual([])
    expect((await (await office()).listReminders({ level: 'head' })).rows[0]).toMatchObject({ state: 'answered' })
  })

  it('is said once, by whichever officer clicks first, and to its own authority alone', async () => {
    const submission = await handIn(2)
    p().clock.advance({ days: 12 })
    const [one, two] = [await office(), (await p().as('second-office')).client(endpoints)]
    const both = await Promise.allSettled([one.remind({ ...ask(), ref: submission }), two.remind(ask())])
    expect(both.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await problemOf(one.remind(ask()))).toMatchObject({ status: 409, code: 'ALREADY_REMINDED' })
    const { rows } = await one.listReminders({})
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ byHand: true, raisedBy: expect.stringMatching(/office/), ref: submission })
    expect(await (await p().as('collector')).client(messages).countUnread({})).toEqual({ count: 1 })

    // The policy goes on from the reminder that was sent by hand.
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 0 })
    const head = await one.remind({ ...ask(), level: 'head' })
    expect(head.deliveries.map((d) => d.channel)).toEqual(['email', 'inbox', 'sms'])
    const [mail] = head.deliveries
    expect(mail).toMatchObject({ state: 'not_configured', mayAgain: true })
    const again = await one.sendAgain({ id: head.id, deliveryId: mail!.id })
    expect(again.deliveries[0]).toMatchObject({ state: 'waiting', mayAgain: false })
    const nothing = one.sendAgain({ id: head.id, deliveryId: head.id })
    expect(await problemOf(nothing)).toMatchObject({ code: 'NO_SUCH_DELIVERY' })

    const elsewhere = (await p().as('head')).client(endpoints)
    expect((await elsewhere.listReminders({})).rows).toEqual([])
    expect(await problemOf(elsewhere.getReminder({ id: head.id }))).toMatchObject({
      status: 404,
      code: 'NO_SUCH_REMINDER',
    })
    expect(await problemOf(one.listReminders({ after: 'x' }))).toMatchObject({ code: 'BAD_CURSOR' })
    await sql`update collection.submission set corrects = ${submission} where id = ${await handIn(0)}`.execute(
      p().runtime.db.kysely,
    )
    expect(await remindDue(p().runtime)).toEqual({ raised: 0, answered: 2 })
  })

  it('what comes back later is a matter of its own', async () => {
    const first = await handIn(1)
    p().clock.advance({ days: 12 })
    expect(await remindDue(p().runtime)).toEqual({ raised: 1, answered: 0 })
    p().clock.advance({ days: 1 })
    await handIn(1)
    await sql`update collection.submission set corrects = ${first} where id = ${await handIn(0)}`.execute(
      p().runtime.db.kysely,
    )
    p().clock.advance({ days: 12 })
    // The first is answered, and the later one is said to the collector, not to the head.
    expect(await remindDue(p().runtime)).toEqual({ raised: 1, answered: 1 })
    const { rows } = await (await office()).listReminders({ state: 'open' })
    expect(rows.map((r) => [r.level, r.count])).toEqual([['collector', 1]])
  })
})
