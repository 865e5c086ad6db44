import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { csv, penalty, settleIn } from '../../../test/gateways-world.ts'
import { addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { createAuthority } from '../access/index.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { endpoints } from './contract.ts'
import { piecesOf, sampleOf } from './rules.receivers.ts'

describeEngines('gateways', (p) => {
  let w: Awaited<ReturnType<typeof settleIn>>
  beforeAll(async () => {
    w = await settleIn(p())
  })

  describe('who sets up and who sees', () => {
    it('administrators in their territory set up; the credit office and the authority see', async () => {
      const g = await w.addFolder('seen/water')
      const of = async (who: string) => (await p().as(who)).client(endpoints)
      for (const who of ['credit_office', 'water', 'auditor', 'security_admin']) {
        const client = await of(who)
        expect(
          (await client.listGateways({})).rows.map((r) => r.id),
          who,
        ).toContain(g.id)
        expect((await client.getGateway({ id: g.id })).mayEdit, who).toBe(who === 'security_admin')
      }
      const stranger = await of('collector')
      expect((await stranger.listGateways({})).rows).toEqual([])
      expect(await problemOf(stranger.getGateway({ id: g.id }))).toMatchObject({ code: 'NO_SUCH_GATEWAY' })
      expect(await problemOf(stranger.listIntakes({ id: g.id }))).toMatchObject({ code: 'NO_SUCH_GATEWAY' })
      const far = await createAuthority(p().ctx(), {
        code: codeFrom('11510100MB2C00031'),
        name: '成都市水务局',
        division: '510100',
        system: 'general',
        duties: ['penalty'],
      })
      const client = await w.keeper()
      const ask = { name: 'x', authorityId: w.authorityId, item: 'penalty', path: 'seen/x' }
      expect(await problemOf(client.addFolder({ ...ask, authorityId: far.id }))).toMatchObject({
        code: 'AUTHORITY_NOT_YOURS',
      })
      expect(await problemOf(client.addFolder({ ...ask, authorityId: randomUUID() }))).toMatchObject({
        code: 'AUTHORITY_NOT_YOURS',
      })
      expect(await problemOf(client.addFolder({ ...ask, item: 'nothing_such' }))).toMatchObject({
        code: 'NO_SUCH_ITEM',
      })
      expect(await problemOf(client.addFolder({ ...ask, item: 'serious_list' }))).toMatchObject({
        code: 'NOT_YOUR_DUTY',
      })
      expect(
        await problemOf(client.setConnection({ id: g.id, connection: 'postgres://u:p@h/x', seen: 1 })),
      ).toMatchObject({ code: 'NOT_A_TABLE' })
      expect(await problemOf(client.tryGateway({ id: g.id }))).toMatchObject({ code: 'NOT_A_TABLE' })
      const again = { idempotencyKey: 'set-up-1' }
      expect(await client.addFolder(ask, again)).toEqual(await client.addFolder(ask, again))
    })
    it('pages by key', async () => {
      const client = await w.keeper()
      for (const n of [1, 2, 3]) await w.addFolder(`paged/${n}`)
      const all = (await client.listGateways({})).rows.map((g) => g.id)
      const seen: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await client.listGateways({ limit: 2, after })
        seen.push(...page.rows.map((g) => g.id))
        if (!page.next) break
        after = page.next
      }
      expect(seen).toEqual(all)
      expect(await problemOf(client.listGateways({ after: 'x' }))).toMatchObject({ code: 'BAD_CURSOR' })
    })
    it('writes the statements for any item of the catalog', async () => {
      const client = await w.keeper()
      const { items } = await (await p().as('collector')).client(collection).catalog({})
      expect(items.length).toBeGreaterThan(3)
      for (const { code } of items) {
        const { script } = await client.tableScript({ item: code, schema: 'exchange' })
        expect(script).toContain(`create table "exchange"."xh_${code}"`)
      }
      expect(await problemOf(client.tableScript({ item: 'penalty', table: 'a; drop' }))).toMatchObject({
        code: 'TABLE_NAME_INVALID',
      })
    })
  })

  describe('one upload, every receiver', () => {
    it('shows who receives an item, under which names, before it is sent', async () => {
      const client = (await p().as('water')).client(endpoints)
      const { rows } = await client.receivers({ item: 'penalty' })
      expect(rows.map((r) => r.code)).toEqual(
        expect.arrayContaining(['credit_china', 'necips', 'upper_platform', 'service_platform']),
      )
      const of = (code: string) => rows.find((r) => r.code === code)!
      expect(of('credit_china').fields.map((f) => f.name)).toEqual(expect.arrayContaining(['CF_WSH', 'CF_NR_FK']))
      expect(of('credit_china').sample.split('\n')[0]).toContain('CF_XDR_MC')
      expect(of('necips').fields.map((f) => f.name)).toContain('penDecNo')
      expect(of('necips').fields.some((f) => f.masked)).toBe(false)
      expect(of('service_platform').fields.map((f) => f.name)).toContain('doc_no')
      const licence = await client.receivers({ item: 'licence' })
      expect(licence.rows.find((r) => r.code === 'credit_china')!.fields.map((f) => f.name)).toContain('XK_WSH')
      expect(await problemOf(client.receivers({ item: 'nothing_such' }))).toMatchObject({ code: 'NO_SUCH_ITEM' })
    })

    it('gives the accepted rows in each form, and only to those who may see the submission', async () => {
      const caller = await p().as('water')
      const s = await caller.client(collection).submitFile({
        item: 'penalty',
        file: {
          name: 'x.csv',
          body: new TextEncoder().encode(
            csv([
              penalty(701),
              penalty(702, { CF_NR: '罚款2000元，"责令"改正<立即>' }),
              penalty(703, { CF_NR_FK: '2000元' }),
            ]),
          ),
        },
      })
      for (let n = 0; n < 100 && (await caller.client(collection).getSubmission({ id: s.id })).state !== 'done'; n++)
        await w.pass(1)
      const client = caller.client(endpoints)
      const file = async (receiver: string) => (await client.receiverFile({ id: s.id, receiver })).body.text()
      const table = (await file('credit_china')).split('\r\n')
      expect(table).toHaveLength(4)
      expect(table[1]).toContain('2026/11/20')
      expect(table[2]).toContain('"罚款2000元，""责令""改正<立即>"')
      const rows = JSON.parse(await file('necips')) as Record<string, string>[]
      expect(rows.map((r) => r.penDecNo)).toEqual([701, 702].map((n) => penalty(n).CF_WSH))
      const xml = await file('upper_platform')
      expect(xml).toContain('改正&lt;立即&gt;')
      expect(xml.match(/<fields>/g)).toHaveLength(2)
      expect(JSON.parse(await file('service_platform'))).toHaveLength(2)
      expect(await problemOf(client.receiverFile({ id: s.id, receiver: 'nobody' }))).toMatchObject({
        code: 'NO_SUCH_RECEIVER',
      })
      await addPerson(p(), { login: 'elsewhere', role: 'collector', authorityId: p().world.authorities.market })
      const stranger = (await p().as('elsewhere')).client(endpoints)
      expect(await problemOf(stranger.receiverFile({ id: s.id, receiver: 'necips' }))).toMatchObject({
        code: 'NO_SUCH_SUBMISSION',
      })
    })
  })
})

describe('the forms of receivers', () => {
  const about = { item: 'penalty', sender: '<a>', receiver: 'b', no: '1' }
  it('a cell that a spreadsheet would run as a formula is kept as text', () => {
    const pieces = piecesOf({ format: 'csv' }, [], about)
    expect(
      pieces.row(
        [
          ['A', '=1+1'],
          ['B', '-5'],
          ['C', '-x'],
          ['D', '@x'],
          ['E', "-2+3+cmd|' /C calc'!A0"],
        ],
        true,
      ),
    ).toBe("'=1+1,-5,'-x,'@x,'-2+3+cmd|' /C calc'!A0\r\n")
  })
  it('a file without rows is still a file of its kind', () => {
    const json = piecesOf({ format: 'json' }, [], about)
    expect(JSON.parse(json.head + json.tail)).toEqual([])
    expect(piecesOf({ format: 'xml' }, [], about).head).toContain('&lt;a&gt;')
    expect(
      sampleOf({ format: 'json' }, [
        ['a', '1'],
        ['b', ''],
      ]),
    ).toBe('{\n  "a": "1"\n}')
  })
})
