import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { newRecord, newSubject } from '../../../test/repair-world.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { endpoints as calendarEndpoints } from './contract.calendar.ts'
import { endpoints as base } from './contract.ts'
import { promptDaily, promptSubjects } from './service.calendar.ts'

const all = { ...base, ...calendarEndpoints, ...messages }
const NOW = '2026-11-23T02:00:00Z'
const who = async (p: Platform, login: string) => (await p.as(login)).client(all)

describeEngines('when can I repair', (p) => {
  afterEach(() => p().clock.set(NOW))

  it('gives each record its day, in both languages, with the article', async () => {
    const subject = await newSubject(p())
    const ripe = await newRecord(p(), { subject, kind: 'penalty' })
    const young = await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    await newRecord(p(), { subject, kind: 'licence' })
    const company = await who(p(), subject.login)
    const { today, rows } = await company.repairCalendar({})
    expect(today).toBe('2026-11-23')
    expect(rows).toHaveLength(2)
    expect(rows.find((r) => r.recordId === ripe)).toMatchObject({ when: 'now', day: '2026-08-06', toDeclare: 2 })
    const later = rows.find((r) => r.recordId === young)!
    expect(later).toMatchObject({ when: 'from', day: '2027-01-01', shownUntil: '2027-09-30' })
    expect(later.why.zh).toContain('2027年1月1日')
    expect(later.article).toMatchObject({ zh: '第十四条第一项', en: expect.stringMatching(/art/i) as unknown })
  })

  it('turns at midnight in Shanghai, and over the end of the year', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    const company = await who(p(), subject.login)
    const when = async () => (await company.repairCalendar({})).rows.find((r) => r.recordId === record)?.when
    const at = async (instant: string) => {
      p().clock.set(instant)
      return (await who(p(), subject.login)).repairCalendar({})
    }
    expect(await when()).toBe('from')
    expect((await at('2026-12-31T15:59:50Z')).rows[0]).toMatchObject({ when: 'from', day: '2027-01-01' })
    expect(await at('2026-12-31T16:00:01Z')).toMatchObject({ today: '2027-01-01', rows: [{ when: 'now' }] })
  })

  it('offers one application with all that can be repaired now', async () => {
    const subject = await newSubject(p())
    const ripe = [
      await newRecord(p(), { subject, kind: 'penalty' }),
      await newRecord(p(), { subject, kind: 'samr_penalty' }),
    ]
    await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    const company = await who(p(), subject.login)
    const app = await company.offerApplication({ subject: subject.subjectId })
    expect(app.items.map((i) => i.recordId).toSorted()).toEqual(ripe.toSorted())
    expect((await problemOf(company.offerApplication({ subject: subject.subjectId }))).code).toBe('NOTHING_TO_OFFER')
    const rows = (await company.repairCalendar({})).rows.filter((r) => r.application === app.id)
    expect(rows.map((r) => r.when)).toEqual(['under_way', 'under_way'])
    const other = await newSubject(p())
    expect((await problemOf(company.offerApplication({ subject: other.subjectId }))).code).toBe('NOT_YOUR_SUBJECT')
  })

  it('is read as .ics at a private address, until that is taken back or the mandate ends', async () => {
    const subject = await newSubject(p())
    await newRecord(p(), { subject, kind: 'penalty' })
    await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    const company = await who(p(), subject.login)
    const feed = await company.makeFeed({ subject: subject.subjectId })
    expect(await company.makeFeed({ subject: subject.subjectId })).toEqual(feed)
    expect((await company.listFeeds({})).rows).toEqual([feed])
    const address = feed.path.replace('/api/v1/calendars/', '')
    const anyone = p().anonymous().client(all)
    const { body, mediaType } = await anyone.readFeed({ address })
    expect(mediaType).toContain('text/calendar')
    const text = await body.text()
    const lines = text.split('\r\n')
    expect([lines[0], lines.at(-1) || lines.at(-2)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR'])
    expect(lines.every((l) => Buffer.byteLength(l) <= 75)).toBe(true)
    expect(lines).toContain('DTSTART;VALUE=DATE:20270101')
    expect(lines).toContain('DTSTART;VALUE=DATE:20260806')
    const uids = lines.filter((l) => l.startsWith('UID:'))
    expect(new Set(uids).size).toBe(uids.length)
    expect(text.replaceAll('\r\n ', '')).toContain('可以申请信用修复：穗罚')
    for (const never of [subject.code, subject.name, subject.subjectId]) expect(text).not.toContain(never)
    // A day is a day, wherever the server stands.
    expect(text).not.toMatch(/DTSTART(;TZID|:)/)

    const forged = `${address.slice(0, 32)}${'A'.repeat(22)}.ics`
    expect((await problemOf(anyone.readFeed({ address: forged }))).code).toBe('NO_SUCH_FEED')
    expect((await problemOf(anyone.readFeed({ address: 'nothing' }))).code).toBe('NO_SUCH_FEED')
    const other = await who(p(), (await newSubject(p())).login)
    const key = { subject: feed.subjectId, id: feed.id }
    expect((await problemOf(other.revokeFeed(key))).code).toBe('NO_SUCH_FEED')
    await company.revokeFeed(key)
    expect((await problemOf(anyone.readFeed({ address }))).code).toBe('NO_SUCH_FEED')
    const again = await company.makeFeed({ subject: subject.subjectId })
    expect(again.path).not.toBe(feed.path)
    await sql`update access.mandate set valid_to = '2026-11-23' where subject_id = ${subject.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    const ended = again.path.replace('/api/v1/calendars/', '')
    expect((await problemOf(anyone.readFeed({ address: ended }))).code).toBe('NO_SUCH_FEED')
  })

  it('reminds once a record and day of eligibility, of all at once', async () => {
    const subject = await newSubject(p())
    await newRecord(p(), { subject, kind: 'penalty' })
    await newRecord(p(), { subject, kind: 'samr_penalty' })
    await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-01' })
    const inbox = async () =>
      (await (await who(p(), subject.login)).listInbox({})).rows.filter((m) => m.kind === 'repair')
    await promptSubjects(p().ctx())
    const [first, ...rest] = await inbox()
    expect(rest).toEqual([])
    expect(first).toMatchObject({
      title: { zh: '2条信息现在可以申请信用修复' },
      link: `/app/my/calendar?subject=${subject.subjectId}`,
    })
    expect(first!.body.zh).toContain(subject.name)
    await Promise.all([promptSubjects(p().ctx()), promptSubjects(p().ctx()).catch(() => 0)])
    expect(await inbox()).toHaveLength(1)
    p().clock.set('2027-01-01T02:00:00Z')
    await promptDaily(p().ctx())
    await promptDaily(p().ctx())
    const told = await inbox()
    expect(told).toHaveLength(2)
    expect(told.some((m) => m.title.zh === '1条信息现在可以申请信用修复')).toBe(true)
  })
})
