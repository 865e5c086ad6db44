import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { PDF, type Held, newRecord, newSubject, prepare } from '../../../test/repair-world.ts'
import { endpoints as factEndpoints } from './contract.facts.ts'
import { endpoints as base } from './contract.ts'
import { getRecord } from '../records/index.ts'

const all = { ...base, ...factEndpoints }
const who = async (p: Platform, login: string) => (await p.as(login)).client(all)
const docNoOf = async (p: Platform, subject: Held, record: string) =>
  (await getRecord(p.runtime.db.kysely, subject.subjectId, record)).docNo

describeEngines('facts that authorities share', (p) => {
  const system = async (authority: 'market' | 'traffic') =>
    (await p().withKey({ scopes: ['collect'], authorityId: p().world.authorities[authority] })).client(all)

  it('fills in what the deciding authority knows, with its source, and asks for no proof of it', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const docNo = await docNoOf(p(), subject, record)
    const company = await who(p(), subject.login)
    const before = (await company.myRecords({})).rows[0]!
    expect(new Set(before.eligibility.open.map((r) => r.known))).toEqual(new Set(['corrected', 'dutiesPerformed']))
    expect(before.materials).toMatchObject([{ code: 'proof_of_performance', sharedBy: [] }, { code: 'other' }])

    const traffic = await system('traffic')
    const said = await traffic.shareFacts({
      facts: [
        { code: subject.code, docNo, fact: 'dutiesPerformed', on: '2026-06-01', reference: '缴款书0001' },
        { code: subject.code, docNo, fact: 'corrected', on: '2026-06-02' },
      ],
    })
    expect(said.rows.map((r) => r.verdict)).toEqual(['taken', 'taken'])
    const after = (await company.myRecords({})).rows[0]!
    expect(after.eligibility).toMatchObject({ may: true, open: [] })
    expect(after.shared).toEqual([
      {
        fact: 'dutiesPerformed',
        value: true,
        on: '2026-06-01',
        authorityName: '广州市交通运输局',
        via: 'system',
        reference: '缴款书0001',
      },
      expect.objectContaining({ fact: 'corrected', reference: '' }),
    ])
    expect(after.materials[0]).toMatchObject({ sharedBy: ['广州市交通运输局'] })

    // Nothing to declare, nothing to bring: signed and handed in.
    const app = await company.createApplication({ subject: subject.subjectId, records: [record] })
    expect(app.materialsNeeded[0]).toMatchObject({ present: false, sharedBy: ['广州市交通运输局'] })
    const key = { subject: app.subjectId, id: app.id }
    const signed = await company.signCommitment({ ...key, agreed: true, seen: app.version })
    const done = await company.submitApplication({ ...key, seen: signed.version })
    expect(done.items[0]?.state).toBe('received')
    expect(done.items[0]?.deciderName).toBe('广州市交通运输局')
    const audit = await sql<{
      act: string
    }>`select act from platform.audit where subject_id = ${subject.subjectId}`.execute(p().runtime.db.kysely)
    expect(audit.rows.filter((r) => r.act === 'repair.share_fact')).toHaveLength(2)
  })

  it('asks again once a fact is withdrawn, and a later word replaces an earlier one', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const docNo = await docNoOf(p(), subject, record)
    const company = await who(p(), subject.login)
    const traffic = await who(p(), 'collector')
    const given = { code: subject.code, docNo, fact: 'dutiesPerformed' as const, on: '2026-06-01' }
    const [first] = (await traffic.shareFacts({ facts: [given] })).rows
    expect((await traffic.shareFacts({ facts: [given] })).rows[0]).toMatchObject({
      verdict: 'already_held',
      id: first!.id,
    })
    const [second] = (await traffic.shareFacts({ facts: [{ ...given, value: false, on: '2026-07-01' }] })).rows
    expect(second!.verdict).toBe('taken')
    const refused = (await company.myRecords({})).rows[0]!
    expect(refused.eligibility).toMatchObject({ may: false, firstDay: null })
    expect(refused.eligibility.reasons.map((r) => r.known)).toEqual(['dutiesPerformed'])

    const list = await traffic.listFacts({ view: 'standing' })
    expect(list.rows.filter((f) => f.subjectId === subject.subjectId)).toMatchObject([
      { id: second!.id, value: false, mayWithdraw: true, docNo },
    ])
    const gone = { subject: subject.subjectId, id: second!.id!, reason: '经复核，罚款已于6月缴清。' }
    expect(await traffic.withdrawFact(gone)).toMatchObject({ withdrawnWhy: gone.reason, mayWithdraw: false })
    expect((await problemOf(traffic.withdrawFact(gone))).code).toBe('FACT_WITHDRAWN')
    expect((await problemOf((await who(p(), 'officer')).withdrawFact(gone))).code).toBe('NO_SUCH_FACT')
    const open = (await company.myRecords({})).rows[0]!
    expect(open.shared).toEqual([])
    expect(open.eligibility.open.map((r) => r.known)).toContain('dutiesPerformed')
    const withdrawn = await traffic.listFacts({ view: 'withdrawn', fact: 'dutiesPerformed' })
    expect(withdrawn.rows.filter((f) => f.subjectId === subject.subjectId)).toHaveLength(2)
  })

  it('takes a fact of the subject for records decided before it, and not for those decided after', async () => {
    const subject = await newSubject(p())
    const old = await newRecord(p(), { subject, kind: 'abnormal' })
    const young = await newRecord(p(), { subject, kind: 'abnormal', decidedOn: '2026-11-10' })
    const market = await system('market')
    await market.shareFacts({ facts: [{ code: subject.code, fact: 'annualReportFiled', on: '2026-09-01' }] })
    const { rows } = await (await who(p(), subject.login)).myRecords({})
    expect(rows.find((r) => r.recordId === old)?.shared).toMatchObject([{ fact: 'annualReportFiled' }])
    expect(rows.find((r) => r.recordId === young)?.shared).toEqual([])
  })

  it('lets only those share who may, and says why not row by row', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const docNo = await docNoOf(p(), subject, record)
    const market = await system('market')
    const { rows } = await market.shareFacts({
      facts: [
        { fact: 'annualReportFiled', on: '2026-09-01' },
        { code: subject.code, personId: subject.code, fact: 'annualReportFiled', on: '2026-09-01' },
        { code: '91440106MA5999999X', fact: 'annualReportFiled', on: '2026-09-01' },
        { code: subject.code, fact: 'dutiesPerformed', on: '2026-09-01' },
        { code: subject.code, docNo, fact: 'dutiesPerformed', on: '2026-09-01' },
        { code: subject.code, docNo: '查无此号', fact: 'dutiesPerformed', on: '2026-09-01' },
        { code: subject.code, fact: 'taxesPaid', on: '2026-09-01' },
        { code: subject.code, fact: 'annualReportFiled', on: '2026-11-24' },
        { code: subject.code, fact: 'annualReportFiled', on: '2026-11-23' },
      ],
    })
    expect(rows.map((r) => r.code)).toEqual([
      'FACT_NEEDS_SUBJECT',
      'FACT_NEEDS_SUBJECT',
      'NO_SUCH_APPLICANT',
      'FACT_NEEDS_RECORD',
      'FACT_NOT_YOURS',
      'FACT_RECORD_UNKNOWN',
      'FACT_NOT_YOURS',
      'FACT_IN_FUTURE',
      null,
    ])
    expect(rows[6]!.message).toContain('税务部门')
    expect(rows.every((r) => r.message === null || !/\{\w+\}/.test(r.message))).toBe(true)
    const traffic = await system('traffic')
    const early = await traffic.shareFacts({
      facts: [{ code: subject.code, docNo, fact: 'dutiesPerformed', on: '2026-05-01' }],
    })
    expect(early.rows[0]).toMatchObject({ verdict: 'refused', code: 'FACT_TOO_EARLY' })
    expect((await problemOf((await who(p(), subject.login)).listFacts({}))).code).toBe('FORBIDDEN')
  })

  it('keeps a file with consent and offers it again, until it runs out', async () => {
    const subject = await newSubject(p())
    const one = await newRecord(p(), { subject, kind: 'penalty' })
    const two = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const company = await who(p(), subject.login)
    const begin = (record: string) => company.createApplication({ subject: subject.subjectId, records: [record] })
    const first = await prepare(subject.company, await begin(one))
    const key = { subject: first.subjectId, id: first.id }
    const held = await company.getApplication(key)
    const material = held.materials[0]!
    expect(material.kept).toBe(false)
    const next = await begin(two)
    const there = { subject: next.subjectId, id: next.id }
    expect((await company.listLibrary(there)).rows).toEqual([])
    expect((await problemOf(company.reuseMaterial({ ...there, material: material.id }))).code).toBe('MATERIAL_NOT_KEPT')

    const ran = await problemOf(
      company.keepMaterial({ ...key, material: material.id, keep: true, validUntil: '2026-11-22' }),
    )
    expect(ran.code).toBe('MATERIAL_RAN_OUT')
    await company.keepMaterial({ ...key, material: material.id, keep: true, validUntil: '2026-11-23' })
    const [offered] = (await company.listLibrary(there)).rows
    expect(offered).toMatchObject({ id: material.id, name: '证明.pdf', usableUntil: '2026-11-23' })
    const used = await company.reuseMaterial({ ...there, material: material.id })
    expect(used.materials).toMatchObject([{ kind: 'proof_of_performance', kept: true }])
    expect((await problemOf(company.reuseMaterial({ ...there, material: material.id }))).code).toBe('MATERIAL_THERE')
    // The same content is stored once, whatever uses it.
    const files = await sql<{ n: number }>`
      select count(distinct file_hash)::int as n from repair.material where subject_id = ${subject.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    expect(files.rows[0]?.n).toBe(1)

    const third = await newRecord(p(), { subject, kind: 'penalty' })
    const last = await begin(third)
    const at = { subject: last.subjectId, id: last.id }
    expect((await company.listLibrary(at)).rows).toHaveLength(1)
    // Consent ends for the file wherever it is used.
    await company.keepMaterial({ ...there, material: used.materials[0]!.id, keep: false })
    expect((await company.listLibrary(at)).rows).toEqual([])
    await company.keepMaterial({ ...key, material: material.id, keep: true })
    expect((await company.listLibrary(at)).rows[0]?.usableUntil).toBe('2027-11-22')

    // Nobody else's.
    const other = await newSubject(p())
    const theirs = await newRecord(p(), { subject: other, kind: 'penalty' })
    const them = await who(p(), other.login)
    const foreign = await them.createApplication({ subject: other.subjectId, records: [theirs] })
    const reach = { subject: foreign.subjectId, id: foreign.id, material: material.id }
    expect((await problemOf(them.reuseMaterial(reach))).code).toBe('MATERIAL_NOT_KEPT')
    expect((await problemOf(them.listLibrary(key))).code).toBe('NO_SUCH_APPLICATION')
    expect(PDF.length).toBe(material.bytes)
  })
})
