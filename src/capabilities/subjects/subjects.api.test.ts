import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, openWorld, usccOf } from '../../../test/records-world.ts'
import { Refused } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import type { SubjectAnswer, SubjectAsk } from './contract.ts'
import { findSubjectByCode, openConflicts, resolveSubjects, searchSubjects } from './index.ts'
import { closeConflict, findSubjectByPersonId, listConflicts, listLooks, recordLook, viewSubject } from './service.ts'

const company = (n: number, name: string, over: Partial<SubjectAsk> = {}): SubjectAsk => ({
  kind: 'enterprise',
  name,
  uscc: usccOf(n),
  ...over,
})
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'ALLOWED'
  } catch (e) {
    if (e instanceof Refused) return e.refusals[0]?.code ?? ''
    throw e
  }
}
const idOf = (a: SubjectAnswer | undefined): string => (a?.ok ? a.subjectId : 'conflict')

describe.each(['pglite', 'postgres'] as const)('subjects on %s', (engine) => {
  let world: World
  let ctx: Ctx
  const resolve = (...asks: SubjectAsk[]) => inTx(ctx, (tx) => resolveSubjects(tx, ctx, asks))
  const count = async (table: string) =>
    (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(ctx.db.kysely)).rows[0]?.n

  beforeAll(async () => {
    world = await openWorld(engine)
    ctx = world.ctx
  }, 60_000)
  afterAll(() => world.close())

  it('makes a subject once, in order, however often it is asked for', async () => {
    const first = await resolve(
      company(1, '广州星衡贸易有限公司'),
      company(2, '广州𠮷祥食品有限公司'),
      company(1, '广州星衡贸易有限公司'),
    )
    expect(first.map((a) => a.ok && a.isNew)).toEqual([true, true, true])
    expect(idOf(first[0])).toBe(idOf(first[2]))
    const again = await resolve(
      company(2, '广州𠮷祥食品有限公司'),
      company(1, '广州星衡贸易（有限公司）'.replace('（', '').replace('）', '')),
    )
    expect(again.map(idOf)).toEqual([idOf(first[1]), idOf(first[0])])
    expect(again.every((a) => a.ok && !a.isNew)).toBe(true)
    expect((await findSubjectByCode(ctx.db.kysely, usccOf(2)))?.division).toBe('440106')
  })

  it('takes widths, blanks and brackets for the same name', async () => {
    const [a] = await resolve(company(3, '广州星衡（天河）科技有限公司'))
    const [b] = await resolve(company(3, '广州星衡(天河)  科技有限公司'))
    expect(idOf(b)).toBe(idOf(a))
  })

  it('never merges one code with two names; the credit office decides', async () => {
    await resolve(company(4, '广州甲有限公司'))
    const [answer, other] = await resolve(company(4, '广州乙有限公司'), company(4, '广州丙有限公司'))
    if (answer?.ok !== false || other?.ok !== false) throw new Error('a conflict was expected')
    expect(answer.conflict).toMatchObject({
      kind: 'one_code_two_names',
      held: '广州甲有限公司',
      offered: '广州乙有限公司',
      decided: null,
    })
    const open = [
      { conflict: answer.conflict, source: 'submission:1' },
      { conflict: other.conflict, source: 'submission:1' },
    ]
    expect(await inTx(ctx, (tx) => openConflicts(tx, ctx, open))).toBe(2)
    expect(await inTx(ctx, (tx) => openConflicts(tx, ctx, open))).toBe(0)

    const { rows } = await listConflicts(ctx, { state: 'open', limit: 50 })
    const asked = rows.filter((r) => r.kind === 'one_code_two_names')
    expect(asked.map((r) => r.offered).toSorted()).toEqual(['广州丙有限公司', '广州乙有限公司'])
    const byName = (name: string) => {
      const row = asked.find((r) => r.offered === name)
      if (!row) throw new Error(`no conflict about ${name}`)
      return { subjectId: row.subjectId, id: row.id }
    }
    expect(await codeOf(closeConflict(ctx, { ...byName('广州乙有限公司'), outcome: 'rename' }))).toBe(
      'NAME_DAY_MISSING',
    )
    await closeConflict(ctx, { ...byName('广州乙有限公司'), outcome: 'rename', validFrom: '2026-03-01' })
    expect(await codeOf(closeConflict(ctx, { ...byName('广州乙有限公司'), outcome: 'keep' }))).toBe('CONFLICT_CLOSED')
    await closeConflict(ctx, { ...byName('广州丙有限公司'), outcome: 'keep' })
    const missing = { subjectId: byName('广州丙有限公司').subjectId, id: byName('广州丙有限公司').subjectId }
    expect(await codeOf(closeConflict(ctx, { ...missing, outcome: 'keep' }))).toBe('CONFLICT_NOT_FOUND')

    const after = await resolve(
      company(4, '广州乙有限公司'),
      company(4, '广州甲有限公司'),
      company(4, '广州丙有限公司'),
    )
    expect(after[0]).toMatchObject({ ok: true, name: '广州乙有限公司' })
    expect(after[1]).toMatchObject({ ok: true, name: '广州乙有限公司' })
    expect(after[2]).toMatchObject({ ok: false, conflict: { decided: 'kept' } })
    expect((await viewSubject(ctx, usccOf(4))).formerNames.map((n) => n.name)).toEqual(['广州甲有限公司'])
  })

  it('lets one name stand under two codes and asks the credit office', async () => {
    const answers = await resolve(company(5, '广州同名有限公司'), company(6, '广州同名有限公司'))
    expect(new Set(answers.map(idOf)).size).toBe(2)
    const { rows } = await listConflicts(ctx, { state: 'open', limit: 100 })
    const asked = rows.find((r) => r.kind === 'one_name_two_codes' && r.offered === usccOf(6))
    expect(asked?.held).toBe(usccOf(5))
    const refused = closeConflict(ctx, {
      subjectId: String(asked?.subjectId),
      id: String(asked?.id),
      outcome: 'rename',
      validFrom: '2026-01-01',
    })
    expect(await codeOf(refused)).toBe('NOT_FOR_CODES')
  })

  it('joins a legacy number to the unified code that grew out of it', async () => {
    const inner = usccOf(7).slice(8, 17)
    const [old] = await resolve({
      kind: 'enterprise',
      name: '广州老字号有限公司',
      organisationCode: `${inner.slice(0, 8)}-${inner[8]}`,
    })
    const [now] = await resolve(company(7, '广州老字号有限公司'))
    expect(idOf(now)).toBe(idOf(old))
    expect((await findSubjectByCode(ctx.db.kysely, usccOf(7)))?.uscc).toBe(usccOf(7))
    const [byInner] = await resolve({
      kind: 'enterprise',
      name: '广州星衡贸易有限公司',
      organisationCode: usccOf(1).slice(8, 17),
    })
    expect(idOf(byInner)).toBe((await findSubjectByCode(ctx.db.kysely, usccOf(1)))?.id)
  })

  it('knows a person by a keyed digest only, and never shows one', async () => {
    const number = '11010519491231002X'
    const [a, b, none] = await resolve(
      { kind: 'natural_person', name: '王小明', personId: number },
      { kind: 'natural_person', name: '王小明', personId: number.toLowerCase() },
      { kind: 'natural_person', name: '王小明' },
    )
    expect(idOf(a)).toBe(idOf(b))
    expect(none).toMatchObject({ ok: false, conflict: { kind: 'no_code', subjectId: null } })
    expect((await findSubjectByPersonId(ctx.db.kysely, ctx, number))?.id).toBe(idOf(a))
    const codes = await sql<{ all: string }>`select string_agg(code, ' ') as all from subjects.code`.execute(
      ctx.db.kysely,
    )
    expect(codes.rows[0]?.all).not.toContain(number)
    expect((await searchSubjects(ctx.db.kysely, { q: '王小明', limit: 10 })).rows).toEqual([])
    expect(await codeOf(viewSubject(ctx, number))).toBe('SUBJECT_NOT_FOUND')
  })

  it('finds by one, two and three characters, code and 𠮷, page by page', async () => {
    await resolve(
      ...Array.from({ length: 30 }, (_, i) =>
        company(100 + i, `深圳云${String.fromCodePoint(0x4e00 + i)}仓储有限公司`),
      ),
      company(140, '云仓储'),
    )
    const names = async (q: string) => (await searchSubjects(ctx.db.kysely, { q, limit: 100 })).rows.map((r) => r.name)
    expect((await names('仓储')).length).toBe(31)
    expect((await names('深')).length).toBe(30)
    expect((await names('云仓储'))[0]).toBe('云仓储')
    expect(await names('𠮷祥')).toEqual(['广州𠮷祥食品有限公司'])
    expect(await names('州𠮷祥')).toEqual(['广州𠮷祥食品有限公司'])
    expect(await names('储仓')).toEqual([])
    expect(await names('%_')).toEqual([])
    expect(await names('  ')).toEqual([])
    expect((await searchSubjects(ctx.db.kysely, { q: usccOf(1).toLowerCase(), limit: 5 })).rows[0]?.code).toBe(
      usccOf(1),
    )
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await searchSubjects(ctx.db.kysely, { q: '仓储', after, limit: 7 })
      seen.push(...page.rows.map((r) => String(r.code)))
      after = page.next ?? undefined
    } while (after)
    expect(seen.length).toBe(31)
    expect(new Set(seen).size).toBe(31)
    expect(await codeOf(searchSubjects(ctx.db.kysely, { q: '仓储', after: 'abc', limit: 7 }))).toBe('BAD_CURSOR')
  })

  it('tells the subject who looked, and nobody else', async () => {
    const subject = await findSubjectByCode(ctx.db.kysely, usccOf(1))
    const subjectId = String(subject?.id)
    await inTx(ctx, (tx) => recordLook(tx, ctx, subjectId, '办理食品经营许可'))
    const mine: Ctx = {
      ...ctx,
      actor: {
        kind: 'person',
        personId: 'p',
        sessionHash: 's',
        name: '经办人',
        roles: ['enterprise'],
        authorityId: null,
        division: null,
        subjectIds: [subjectId],
      },
    }
    expect((await listLooks(mine, { subjectId, limit: 10 })).rows).toMatchObject([{ purpose: '办理食品经营许可' }])
    expect(await codeOf(listLooks(ctx, { subjectId, limit: 10 }))).toBe('NOT_YOUR_SUBJECT')
  })

  it('doubles nothing when two resolve the same at once', async () => {
    const before = Number(await count('subjects.subject'))
    const asks = Array.from({ length: 40 }, (_, i) => company(200 + i, `并发${i}有限公司`))
    const [a, b] = await Promise.all([resolve(...asks), resolve(...asks.toReversed())])
    expect(b.toReversed().map(idOf)).toEqual(a.map(idOf))
    expect(Number(await count('subjects.subject'))).toBe(before + 40)
  })
})
