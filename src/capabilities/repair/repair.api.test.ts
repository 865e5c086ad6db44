import { describe, expect, it } from 'vitest'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { at, newRecord, newSubject, signedIn, submitted, worker } from '../../../test/repair-world.ts'

describeEngines('repair', (p) => {
  it('takes a basket of four to four decisions, and what is granted is gone at once', async () => {
    const subject = await newSubject(p())
    const records = [
      await newRecord(p(), { subject, kind: 'penalty' }),
      await newRecord(p(), { subject, kind: 'samr_penalty' }),
      await newRecord(p(), { subject, kind: 'abnormal' }),
      await newRecord(p(), { subject, kind: 'serious' }),
    ]
    const mine = await subject.company.myRecords({})
    expect(mine.rows).toHaveLength(4)
    expect(mine.rows.every((r) => r.eligibility.may && r.materials.length > 0 && r.route?.authorityName)).toBe(true)

    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    expect(app.no).toMatch(/^440100-XF-20261123-\d{4}$/)
    expect(app.items.map((i) => i.state)).toEqual(['received', 'received', 'received', 'received'])
    const officer = await worker(p(), 'officer', p().world.authorities.traffic)
    const item = app.items.find((i) => i.system === 'credit_china')!
    const accepted = await officer.acceptItem({ ...at(item) })
    expect(accepted.clock?.step).toBe('decide')
    const granted = await officer.grantItem({ ...at(accepted) })
    expect(granted.state).toBe('granted')
    expect(granted.acts.at(-1)?.letter?.kind).toBe('granted')
    const after = await subject.company.myRecords({})
    const gone = after.rows.find((r) => r.recordId === item.recordId)
    expect(gone?.windows.every((w) => !w.shown && w.endedBy === 'repaired')).toBe(true)
  })
})
