import { expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { type Held, newSubject } from '../../../test/repair-world.ts'
import { endpoints as records } from '../records/contract.ts'
import { DECLARATION_MOVES } from './states.ts'
import { endpoints } from './contract.ts'

const PDF = new TextEncoder().encode('%PDF-1.4 proof')
const SAID = {
  kind: 'honour',
  title: '广州市守合同重信用企业𠮷',
  issuer: '广州市市场监督管理局',
  documentNo: '穗信〔2025〕8号',
  issuedOn: '2025-06-01',
  validTo: null,
  note: '',
}

describeEngines('declarations', (p) => {
  const company = async (): Promise<{ held: Held; client: ReturnType<typeof clientOf> }> => {
    const held = await newSubject(p())
    return { held, client: clientOf(await p().as(`company-${held.company ? nameOf(held) : ''}`)) }
  }
  const nameOf = (held: Held) => /第(\d+)/.exec(held.name)?.[1] ?? ''
  const clientOf = (caller: Awaited<ReturnType<Platform['as']>>) => caller.client(endpoints)
  const declaredOnce = async (over: Partial<typeof SAID> = {}) => {
    const { held, client } = await company()
    const begun = await client.beginDeclaration({ subjectId: held.subjectId, ...SAID, ...over })
    const key = { subject: held.subjectId, id: begun.id }
    await client.attachProofOfDeclaration({ ...key, file: { name: '证书.pdf', body: PDF } })
    const sent = await client.declare({ ...key, seen: 1, committed: true })
    return { held, client, key, sent }
  }

  it('goes from a draft to a verified badge, shown in the file, in public and as data', async () => {
    const { held, client, key, sent } = await declaredOnce()
    expect(sent).toMatchObject({
      state: 'declared',
      badge: 'declared',
      counts: false,
      shown: false,
      subjectName: held.name,
    })
    expect(sent.commitment.zh).toContain('承诺')
    const office = (await p().as('credit_office')).client(endpoints)
    const waiting = await office.listToVerify({})
    expect(waiting.rows.map((r) => r.id)).toContain(key.id)
    const before = await p().anonymous().client(endpoints).publicDeclared({ code: held.code })
    expect(before.rows).toEqual([])
    const verified = await office.decideDeclaration({ ...key, seen: 2, action: 'verify', reason: '' })
    expect(verified).toMatchObject({ state: 'verified', badge: 'declared_verified', counts: true, shown: true })
    const shown = await p().anonymous().client(endpoints).publicDeclared({ code: held.code })
    expect(shown.rows).toMatchObject([{ badge: 'declared_verified', title: SAID.title }])
    const html = await (await p().anonymous().send('GET', `/s/${held.code}`, {})).text()
    expect(html).toContain('自主申报，已核验')
    const file = await (await p().as('officer')).client(records).openFile({ code: held.code, purpose: '核查' })
    expect(file.declared).toMatchObject([{ badge: 'declared_verified', verifiedBy: '广州市发展和改革委员会' }])
    // What is changed loses its badge until it is verified again.
    const changed = await client.amendDeclaration({ ...key, ...SAID, title: '另一名称', seen: 3 })
    expect(changed).toMatchObject({ state: 'draft', badge: null, shown: false })
    expect((await p().anonymous().client(endpoints).publicDeclared({ code: held.code })).rows).toEqual([])
  })

  it('refuses what is not whole, with a reason each', async () => {
    const { held, client } = await company()
    const begin = (over: object) => client.beginDeclaration({ subjectId: held.subjectId, ...SAID, ...over })
    expect(await problemOf(begin({ kind: 'no_such' }))).toMatchObject({ code: 'NO_SUCH_KIND' })
    const tried = async (over: object) => {
      const d = await begin(over)
      return (await problemOf(client.declare({ subject: held.subjectId, id: d.id, seen: 1, committed: true }))).code
    }
    expect(await tried({})).toBe('PROOF_MISSING')
    expect(await tried({ issuedOn: '2027-01-01' })).toBe('ISSUED_IN_FUTURE')
    expect(await tried({ kind: 'qualification' })).toBe('VALIDITY_MISSING')
    expect(await tried({ validTo: '2024-01-01' })).toBe('VALIDITY_BEFORE_ISSUE')
    expect(await tried({ validTo: '2026-01-01' })).toBe('ALREADY_EXPIRED')
    const d = await begin({})
    const file = { name: '证书.exe', body: new TextEncoder().encode('MZ') }
    expect(await problemOf(client.attachProofOfDeclaration({ subject: held.subjectId, id: d.id, file }))).toMatchObject(
      {
        code: 'PROOF_NOT_READABLE',
      },
    )
    const person = await newSubject(p(), 'natural_person')
    const own = clientOf(await p().as(`company-${/第(\d+)/.exec(person.name)?.[1]}`))
    expect(await problemOf(own.beginDeclaration({ subjectId: person.subjectId, ...SAID }))).toMatchObject({
      code: 'NOT_FOR_NATURAL_PERSONS',
    })
  })

  it('is decided by the authority it was sent to, once, and with a reason when it is refused', async () => {
    const { held, key, client } = await declaredOnce()
    const officer = clientOf(await p().as('officer'))
    expect(await problemOf(officer.getDeclaration(key))).toMatchObject({ code: 'NO_SUCH_DECLARATION' })
    const office = clientOf(await p().as('credit_office'))
    expect(await problemOf(office.decideDeclaration({ ...key, seen: 2, action: 'refuse', reason: '' }))).toMatchObject({
      code: 'REASON_MISSING',
    })
    const two = [1, 2].map(() => office.decideDeclaration({ ...key, seen: 2, action: 'verify', reason: '' }))
    const done = await Promise.allSettled(two)
    expect(done.filter((d) => d.status === 'fulfilled')).toHaveLength(1)
    expect(await problemOf(office.decideDeclaration({ ...key, seen: 2, action: 'verify', reason: '' }))).toMatchObject({
      code: 'STALE',
    })
    const gone = await office.decideDeclaration({ ...key, seen: 3, action: 'find_false', reason: '证书系伪造' })
    expect(gone).toMatchObject({ state: 'found_false', badge: null })
    const next = await client.beginDeclaration({ subjectId: held.subjectId, ...SAID })
    await client.attachProofOfDeclaration({ subject: held.subjectId, id: next.id, file: { name: 'a.pdf', body: PDF } })
    expect(
      await problemOf(client.declare({ subject: held.subjectId, id: next.id, seen: 1, committed: true })),
    ).toMatchObject({ code: 'BARRED_AS_FALSE' })
    const stranger = (await declaredOnce()).client
    expect(await problemOf(stranger.getDeclaration(key))).toMatchObject({ code: 'NO_SUCH_DECLARATION' })
  })

  it('runs out by comparing days', async () => {
    const { key } = await declaredOnce({ validTo: '2026-11-24' } as never)
    const office = clientOf(await p().as('credit_office'))
    await office.decideDeclaration({ ...key, seen: 2, action: 'verify', reason: '' })
    const now = p().clock.now()
    p().clock.set('2026-11-25T02:00:00Z')
    try {
      const again = clientOf(await p().as('credit_office'))
      expect(await again.getDeclaration(key)).toMatchObject({
        state: 'verified',
        expired: true,
        counts: false,
        shown: false,
      })
    } finally {
      p().clock.set(now)
    }
  })

  it('walks every move of the table', async () => {
    const office = clientOf(await p().as('credit_office'))
    const walked = new Set<string>()
    const go = async (from: string, action: string, act: () => Promise<{ state: string }>) => {
      const { state } = await act()
      walked.add(`${from} ${action} ${state}`)
    }
    const draft = async () => {
      const { held, client } = await company()
      const d = await client.beginDeclaration({ subjectId: held.subjectId, ...SAID })
      const key = { subject: held.subjectId, id: d.id }
      await client.attachProofOfDeclaration({ ...key, file: { name: 'a.pdf', body: PDF } })
      return { client, key }
    }
    const a = await draft()
    await go('draft', 'amend', () => a.client.amendDeclaration({ ...a.key, ...SAID, seen: 1 }))
    await go('draft', 'declare', () => a.client.declare({ ...a.key, seen: 2, committed: true }))
    await go('declared', 'amend', () => a.client.amendDeclaration({ ...a.key, ...SAID, seen: 3 }))
    await go('draft', 'declare', () => a.client.declare({ ...a.key, seen: 4, committed: true }))
    await go('declared', 'refuse', () =>
      office.decideDeclaration({ ...a.key, seen: 5, action: 'refuse', reason: '材料不清晰' }),
    )
    await go('refused', 'amend', () => a.client.amendDeclaration({ ...a.key, ...SAID, seen: 6 }))
    await go('draft', 'declare', () => a.client.declare({ ...a.key, seen: 7, committed: true }))
    await go('declared', 'verify', () => office.decideDeclaration({ ...a.key, seen: 8, action: 'verify', reason: '' }))
    await go('verified', 'amend', () => a.client.amendDeclaration({ ...a.key, ...SAID, seen: 9 }))
    await go('draft', 'withdraw', () => a.client.withdrawDeclaration({ ...a.key, seen: 10 }))
    const b = (await declaredOnce()) as Awaited<ReturnType<typeof declaredOnce>>
    await go('declared', 'withdraw', () => b.client.withdrawDeclaration({ ...b.key, seen: 2 }))
    const c = await declaredOnce()
    await go('declared', 'find_false', () =>
      office.decideDeclaration({ ...c.key, seen: 2, action: 'find_false', reason: '证书系伪造' }),
    )
    const d = await declaredOnce()
    await office.decideDeclaration({ ...d.key, seen: 2, action: 'verify', reason: '' })
    await go('verified', 'find_false', () =>
      office.decideDeclaration({ ...d.key, seen: 3, action: 'find_false', reason: '证书系伪造' }),
    )
    const e = await declaredOnce()
    await office.decideDeclaration({ ...e.key, seen: 2, action: 'verify', reason: '' })
    await go('verified', 'withdraw', () => e.client.withdrawDeclaration({ ...e.key, seen: 3 }))
    const f = await declaredOnce()
    await office.decideDeclaration({ ...f.key, seen: 2, action: 'refuse', reason: '材料不清晰' })
    await go('refused', 'withdraw', () => f.client.withdrawDeclaration({ ...f.key, seen: 3 }))
    const table = DECLARATION_MOVES.map((m) => `${m.from} ${m.action} ${m.to}`)
    expect([...walked].toSorted()).toEqual([...new Set(table)].toSorted())
  })
})
