import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvOf, goodRow, usccOf } from '../../../test/catalog-rows.ts'
import { type Platform, addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { itemOn } from '../../kernel/catalog.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { createAuthority } from '../access/index.ts'
import { importFile } from '../collection/index.ts'
import { explain } from '../records/index.ts'
import { type DrawUpAsk, endpoints } from './contract.ts'

const AUTHORITY = { name: '广州市规则测试局', code: codeFrom('11440100000000778') }
const LAW = { instrument: { zh: '《测试分类标准》', en: 'Test Standard' }, article: '第三条' }
const shorter = (max: string) => `kind: overrides
regime: credit_china/ndrc-36
windows:
  - id: general-large-fine
    tier: default
    when: { item: [penalty], kind: [fine], fine_tier: [large], unless_all_meet: [minor-summary] }
    class: general
    shown: true
    repair: apply
    min: P1M
    max: ${max}
    term_delays_repair: true
    article: 第九条第一项
    instrument: { zh: 《信用修复管理办法》（修订）, en: Measures on Credit Repair (revised) }
    why: { zh: 较大数额罚款，最短公示期1个月，最长6个月。, en: "A large fine: at least 1 month, at most 6." }
`
const asked = (ask: DrawUpAsk['ask'], effectiveFrom = '2026-11-25'): DrawUpAsk => ({
  effectiveFrom,
  reason: '落实新的规定',
  ask,
})
const rows = (text: string, from?: string) => asked({ kind: 'rows', text }, from)

describeEngines('policies', (p) => {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-policies-'))
  const penalty = () => itemOn(p().runtime.policy.catalog, 'penalty', day('2026-11-23')) as CatalogItem
  const row = (n: number, set: Record<string, string>) => {
    const made = goodRow(penalty(), { n, authority: AUTHORITY })
    const label = (key: string) => penalty().fields.find((f) => f.key === key)?.label.zh ?? key
    for (const [key, value] of Object.entries(set)) made[label(key)] = value
    return made
  }
  const importRows = async (platform: Platform, all: Record<string, string>[]) => {
    const path = join(folder, `${Math.random()}.csv`)
    writeFileSync(path, csvOf(all))
    const done = await importFile(platform.ctx(), { path, item: 'penalty', authority: AUTHORITY.code, wayIn: 'cli' })
    if (!('receipt' in done)) throw new Error('not imported')
    return done.receipt
  }
  const fine = (n: number, decided: string, set: Record<string, string> = {}) =>
    row(n, {
      penalty_kinds: '罚款',
      content: '罚款五万元',
      fine: '5',
      fine_tier: '较大数额',
      procedure: '普通程序',
      decided_on: decided,
      ...set,
    })
  const office = async (who = 'credit_office') => (await p().as(who)).client(endpoints)
  const drawnUp = async (ask: DrawUpAsk) => {
    const drawn = await (await office()).drawUpChange(ask)
    await p().drain()
    return (await office()).getChange({ id: drawn.id })
  }
  const approve = async (id: string) => {
    const [one, two] = [await office(), await office('second')]
    const first = await one.getChange({ id })
    const proposed = await one.actOnChange({ id, action: 'propose', seen: first.version })
    return two.actOnChange({ id, action: 'approve', seen: proposed.version })
  }
  const figuresOf = (pass: { figures: { figure: string; n: number }[] } | null) =>
    Object.fromEntries((pass?.figures ?? []).filter((f) => f.n).map((f) => [f.figure, f.n]))
  const shownUntil = async (n: number) => {
    const [found] = await explain(p().runtime.db.kysely, p().ctx(), usccOf(n))
    return found?.channels.find((c) => c.channel === 'credit_china')
  }

  beforeAll(async () => {
    await createAuthority(p().ctx(), {
      ...AUTHORITY,
      division: '440100',
      system: 'general',
      isCreditOffice: false,
      duties: ['penalty'],
    })
    await addPerson(p(), { login: 'second', role: 'credit_office', authorityId: p().world.authorities.creditOffice })
    const receipt = await importRows(p(), [
      ...Array.from({ length: 6 }, (_, i) => fine(i + 1, '2026-10-01')),
      ...Array.from({ length: 4 }, (_, i) => fine(i + 11, '2026-04-20')),
      ...Array.from({ length: 3 }, (_, i) => fine(i + 21, '2026-10-01', { fine_tier: '巨额', fine: '900' })),
    ])
    expect(receipt.accepted).toBe(13)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('lists the rules in force with instrument, article and what awaits confirmation', async () => {
    const rules = await p().anonymous().client(endpoints).listRules({})
    const group = rules.groups.find((g) => g.code === 'credit_china')
    expect(group).toMatchObject({ version: 'ndrc-36@2026-04-01', validFrom: '2026-04-01' })
    expect(rules.rows.find((r) => r.id.endsWith('/general-large-fine'))).toMatchObject({
      partName: { en: 'Window' },
      article: '第九条第一项、第十二条第一款',
      unsure: false,
    })
    const open = await p().anonymous().client(endpoints).listRules({ group: 'settings', unsure: 'true' })
    expect(open.rows.length).toBeGreaterThan(5)
    expect(open.rows.every((r) => r.unsure && r.note)).toBe(true)
    const before = await p().anonymous().client(endpoints).listRules({ on: '2025-01-01' })
    expect(before.groups.find((g) => g.code === 'credit_china')?.version).not.toBe('ndrc-36@2026-04-01')
  })

  it('gives a row as a text that can be handed in again, and nothing then differs', async () => {
    const one = await office()
    const rule = await one.getRule({ id: 'credit_china/ndrc-36/general-large-fine' })
    expect(rule.text).toContain('kind: overrides')
    expect(await problemOf(one.drawUpChange(rows(rule.text as string)))).toMatchObject({ code: 'RULES_UNCHANGED' })
    expect(await problemOf(one.getRule({ id: 'no/such' }))).toMatchObject({ code: 'NO_SUCH_RULE' })
    const open = await one.getRule({ id: 'gz/fees' })
    expect(open).toMatchObject({ value: 'false', choices: [] })
    const unsure = await one.getRule({ id: 'ndrc-36@2026-04-01/transition' })
    expect(unsure.choices.map((c) => c.value)).toEqual(['old_rule', 'new_rule', 'more_favourable'])
  })

  it('says of a text what is wrong with it, line by line, in the language of the reader', async () => {
    const bad = shorter('P6X').replace('class: general', 'class: middling')
    const refused = await problemOf((await office()).drawUpChange(rows(bad)))
    expect(refused).toMatchObject({ code: 'RULES_INVALID', status: 400 })
    expect(refused.errors.map((e) => e.message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/第 7 行（windows\[0\]\.class）：只能取：minor/),
        expect.stringMatching(/第 11 行（windows\[0\]\.max）：应为期限/),
      ]),
    )
    for (const [text, message] of [
      ['windows: [', /第 \d+ 行.*YAML/],
      [
        'kind: overrides\nregime: nowhere\nsystem: credit_china\ninstrument: { zh: 甲, en: A }\nwindows: []',
        /没有规则行/,
      ],
      [shorter('P1M').replace('min: P1M', 'min: P6M'), /最短公示期 P6M 长于最长公示期 P1M/],
      [shorter('P6M').replace('fine_tier: [large]', 'field: [sorcery]'), /没有“sorcery”/],
      [shorter('P6M').replace('credit_china/ndrc-36', 'credit_china/ndrc-1'), /没有名为“credit_china\/ndrc-1”/],
      [shorter('P6M').replace('tier: default', 'tier: default\n    valid_from: 2030-01-01'), /晚于施行日期/],
      ['kind: divisions\ndivisions: []', /只能取：regime/],
    ] as const) {
      const told = await problemOf((await office()).drawUpChange(rows(text)))
      expect(told.code).toBe('RULES_INVALID')
      expect(told.errors.map((e) => e.message).join('\n')).toMatch(message)
    }
  })

  it('previews a change, opens each figure to its rows, and does exactly that on its day', async () => {
    const one = await office()
    const change = await drawnUp(rows(shorter('P6M')))
    expect(change).toMatchObject({
      state: 'draft',
      transition: { unsure: true },
      preview: { state: 'done', checked: 13 },
    })
    expect(change.difference.find((d) => d.change === 'changed' && d.partName.en === 'Window')?.details).toEqual(
      expect.arrayContaining([
        {
          what: { zh: '最长公示期', en: 'Longest period' },
          before: { zh: '1年', en: '1 year' },
          after: { zh: '6个月', en: '6 months' },
        },
      ]),
    )
    const figures = figuresOf(change.preview)
    // Six of October end earlier; four of April are over on the first day, none of them before it.
    expect(figures).toMatchObject({ changed: 10, shorter: 10, stops: 4, repairable: 6 })
    const stops = await one.listFigureRows({ id: change.id, figure: 'stops' })
    expect(stops.rows.map((r) => r.docNo).toSorted()).toHaveLength(4)
    expect(stops.rows[0]?.changes[0]).toMatchObject({
      channel: 'credit_china',
      before: { until: '2027-04-20', version: 'ndrc-36@2026-04-01' },
      after: { until: '2026-11-25', version: 'ndrc-36@2026-11-25' },
    })
    const paged = await one.listFigureRows({ id: change.id, limit: 4 })
    expect(paged.rows).toHaveLength(4)
    expect((await one.listFigureRows({ id: change.id, limit: 200, after: paged.next as string })).rows).toHaveLength(6)
    const counts = await one.listFigureCounts({ id: change.id })
    expect(counts.rows).toMatchObject([{ authorityName: AUTHORITY.name, item: 'penalty', n: 10 }])

    await approve(change.id)
    expect((await shownUntil(11))?.window.until).toBe('2027-04-20')
    expect(p().runtime.policy.regimes.some((r) => r.version === 'ndrc-36@2026-11-25')).toBe(false)
    p().clock.set('2026-11-25T02:00:00Z')
    await p().drain()
    const done = await (await office()).getChange({ id: change.id })
    expect(done).toMatchObject({ inForce: true, application: { state: 'done' } })
    expect(figuresOf(done.application)).toEqual(figures)
    expect(await shownUntil(11)).toMatchObject({ shown: false, window: { until: '2026-11-25' } })
    const october = await shownUntil(1)
    expect(october).toMatchObject({ shown: true, window: { until: '2027-04-01', earliest: '2026-11-25' } })
    expect(october?.sentences.map((s) => s.zh).join()).toContain('从新旧规则中取对主体有利者')
    // What it was stays as a version that nobody reported; events follow.
    const kept = await sql<{ n: number }>`
        select count(*)::int as n from records.version where ruled_by = ${change.id}::uuid`.execute(
      p().runtime.db.kysely,
    )
    expect(kept.rows[0]?.n).toBe(10)
    const told = await sql<{ kind: string; n: number }>`
        select kind, count(*)::int as n from platform.event where details ->> 'change' = ${change.id} group by kind order by kind`.execute(
      p().runtime.db.kysely,
    )
    expect(told.rows).toEqual([
      { kind: 'record.updated', n: 6 },
      { kind: 'record.withdrawn', n: 4 },
    ])
    // Yesterday it was shown, and that is still told.
    const [past] = await explain(p().runtime.db.kysely, p().ctx(), usccOf(11), day('2026-11-24'))
    expect(past?.channels.find((c) => c.channel === 'credit_china')).toMatchObject({ shown: true })
    // Once more on the next day, and then nothing is left to do.
    p().clock.set('2026-11-26T02:00:00Z')
    await p().drain()
    const after = await (await office()).getChange({ id: change.id })
    expect(figuresOf(after.application)).toEqual(figures)
    expect(
      await problemOf((await office('second')).actOnChange({ id: change.id, action: 'withdraw', seen: after.version })),
    ).toMatchObject({ code: 'RULES_IN_FORCE' })
  })

  it('takes a second person, a finished preview, the newest rules and a day to come', async () => {
    const [one, two] = [await office(), await office('second')]
    expect(await problemOf(one.drawUpChange(rows(shorter('P5M'), '2026-11-26')))).toMatchObject({
      code: 'RULES_TOO_SOON',
    })
    const a = await one.drawUpChange(rows(shorter('P5M'), '2026-12-01'))
    const seen = a.version
    await p().drain()
    const preview = (state: string, heldUntil: string | null) =>
      sql`update policies.pass set state = ${state}, lease_until = ${heldUntil}::timestamptz
        where proposal_id = ${a.id} and purpose = 'preview'`.execute(p().runtime.db.kysely)
    // Somebody is at it: it does not end in the middle of the question.
    await preview('running', '2099-01-01T00:00:00Z')
    expect(await problemOf(one.actOnChange({ id: a.id, action: 'propose', seen }))).toMatchObject({
      code: 'RULES_PREVIEW_OPEN',
    })
    await preview('done', null)
    const b = await drawnUp(rows(shorter('P4M'), '2026-12-02'))
    const proposed = await one.actOnChange({ id: a.id, action: 'propose', seen })
    expect(await problemOf(one.actOnChange({ id: a.id, action: 'approve', seen: proposed.version }))).toMatchObject({
      code: 'RULES_SECOND_PERSON',
    })
    expect(await problemOf(two.actOnChange({ id: a.id, action: 'refuse', seen: proposed.version }))).toMatchObject({
      code: 'RULES_REASON',
    })
    const both = await Promise.allSettled([
      two.actOnChange({ id: a.id, action: 'approve', seen: proposed.version }),
      two.actOnChange({ id: a.id, action: 'approve', seen: proposed.version }),
    ])
    expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    // The rules have changed under the other proposal.
    expect((await one.getChange({ id: b.id })).outdated).toBe(true)
    expect(await problemOf(one.actOnChange({ id: b.id, action: 'propose', seen: b.version }))).toMatchObject({
      code: 'RULES_OUTDATED',
    })
    expect(await problemOf(one.drawUpChange(rows(shorter('P3M'), '2026-11-30')))).toMatchObject({ code: 'RULES_CLASH' })
    await one.previewChange({ id: b.id, seen: b.version })
    await p().drain()
    const again = await one.getChange({ id: b.id })
    expect(again).toMatchObject({ outdated: false, preview: { state: 'done' } })
    const second = await two.actOnChange({ id: b.id, action: 'propose', seen: again.version })
    const refused = await one.actOnChange({ id: b.id, action: 'withdraw', seen: second.version })
    expect(refused.state).toBe('withdrawn')
    const approved = await one.getChange({ id: a.id })
    const back = await one.actOnChange({ id: a.id, action: 'withdraw', seen: approved.version })
    expect(back).toMatchObject({ state: 'withdrawn', application: null })
    expect(await problemOf(one.getChange({ id: '00000000-0000-4000-8000-000000000000' }))).toMatchObject({
      code: 'NO_SUCH_CHANGE',
    })
  })

  it('takes a sector’s own classification under article 11', async () => {
    const sector = {
      kind: 'sector',
      system: 'general',
      penaltyKinds: ['fine'],
      class: 'serious',
      ...LAW,
    } as const
    const change = await drawnUp(asked({ ...sector, penaltyKinds: ['fine'] }, '2026-12-05'))
    expect(change.kind).toBe('sector')
    expect(change.text).toContain('tier: sector')
    expect(change.difference.find((d) => d.change === 'added')).toMatchObject({
      instrument: LAW.instrument,
      article: '第三条',
    })
    // More favourable: what was decided before stays as it is.
    expect(figuresOf(change.preview)['longer']).toBeUndefined()
    const minor = await drawnUp(asked({ ...sector, penaltyKinds: ['fine'], class: 'minor' }, '2026-12-06'))
    expect(figuresOf(minor.preview)).toMatchObject({ changed: 9, stops: 9 })
    const one = await office()
    const stopped = await one.previewChange({ id: minor.id, seen: minor.version, stop: true })
    expect(stopped.preview.state).toBe('done')
    expect((await one.sectorOptions()).fields.length).toBeGreaterThan(5)
    expect(
      await problemOf(one.drawUpChange(asked({ ...sector, penaltyKinds: [], field: 'sorcery' }, '2026-12-06'))),
    ).toMatchObject({ code: 'RULES_INVALID' })
    const listed = await one.listChanges({ limit: 2 })
    expect(listed.rows).toHaveLength(2)
    expect((await one.listChanges({ after: listed.next as string })).rows.length).toBeGreaterThan(1)
  })

  it('switches a row that awaits confirmation', async () => {
    const one = await office()
    const ask = (row: string, value: string) => asked({ kind: 'switch', row, value, ...LAW }, '2026-12-08')
    const change = await drawnUp(ask('setting/unperformed', 'keep'))
    expect(change.difference).toMatchObject([
      { change: 'changed', partName: { en: 'Switch' }, instrument: LAW.instrument },
    ])
    expect(change.difference[0]?.details).toEqual(
      expect.arrayContaining([
        {
          what: { zh: '取值', en: 'Value' },
          before: expect.objectContaining({ zh: '停止公示' }),
          after: expect.objectContaining({ zh: '继续公示' }),
        },
        { what: { zh: '待确认', en: 'Unconfirmed' }, before: { zh: '是', en: 'Yes' }, after: { zh: '否', en: 'No' } },
      ]),
    )
    expect(change.preview).toMatchObject({ state: 'done', checked: 0 })
    expect(await problemOf(one.drawUpChange(ask('gz/fees', 'true')))).toMatchObject({ code: 'RULE_SETTLED' })
    expect(await problemOf(one.drawUpChange(ask('setting/unperformed', 'perhaps')))).toMatchObject({
      code: 'RULES_INVALID',
    })
    expect(await problemOf(one.drawUpChange(ask('setting/nothing', 'true')))).toMatchObject({ code: 'NO_SUCH_RULE' })
    const over = await drawnUp(ask('ndrc-36@2026-04-01/transition', 'old_rule'))
    expect(over).toMatchObject({ kind: 'switch', text: null, preview: { state: 'done' } })
    const confirmed = await drawnUp(ask('credit_china/ndrc-36/rest', 'confirmed'))
    expect(confirmed.difference.some((d) => d.details.some((x) => x.what.en === 'Unconfirmed'))).toBe(true)
  })
})
