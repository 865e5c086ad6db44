import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvOf, goodRow, usccOf } from '../../../test/catalog-rows.ts'
import { addPerson, codeFrom, describeEngines } from '../../../test/harness.ts'
import { itemOn } from '../../kernel/catalog.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type LocalDate, addDays, day } from '../../kernel/time.ts'
import { inTx } from '../../platform/outbox.ts'
import { createAuthority } from '../access/index.ts'
import { importFile } from '../collection/index.ts'
import { dispose, explain, findRecords } from '../records/index.ts'
import { type DrawUpAsk, endpoints } from './contract.ts'
import { applyRules, runRulePreviews } from './passes.ts'

const AUTHORITY = { name: '广州市规则测试二局', code: codeFrom('11440100000000779') }
const ROWS = 2_700
/** The same numbers in every run, spread over what a row may say. */
const spread = (n: number): number => (Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) >>> 3) % 9973
const pick = <T>(of: readonly T[], n: number): T => of[spread(n) % of.length] as T

const override = (id: string, max: string, min: string, extra = '') => `  - id: ${id}
    tier: default
    when: { item: [penalty], kind: [${id === 'serious-kinds' ? 'revoke_licence, suspend_business' : 'fine'}]${extra} }
    class: ${id === 'serious-kinds' ? 'serious' : 'general'}
    shown: true
    repair: apply
    min: ${min}
    max: ${max}
    article: 第九条
    why: { zh: 试验规则${id}。, en: A trial of ${id}. }
`
const text = (rows: string[]) => `kind: overrides\nregime: credit_china/ndrc-36\nwindows:\n${rows.join('')}`

/** What a change did is what was foreseen of it, whatever was held and however often it was broken off. */
describeEngines('policies: preview and application', (p) => {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-passes-'))
  const db = () => p().runtime.db.kysely
  const penalty = () => itemOn(p().runtime.policy.catalog, 'penalty', day('2026-11-23')) as CatalogItem
  const row = (n: number) => {
    const made = goodRow(penalty(), { n, authority: AUTHORITY })
    const label = (key: string) => penalty().fields.find((f) => f.key === key)?.label.zh ?? key
    const kinds = pick(['罚款', '罚款', '罚款;没收违法所得', '责令停产停业', '警告', '吊销许可证件'], n)
    const fine = kinds.includes('罚款')
    const said: Record<string, string> = {
      penalty_kinds: kinds,
      content: '处罚内容',
      fine: fine ? pick(['0.5', '2', '40'], n + 1) : '',
      fine_tier: fine ? pick(['较小数额', '较大数额', '巨额'], n + 2) : '',
      confiscated: kinds.includes('没收') ? '1' : '',
      procedure: pick(['普通程序', '普通程序', '简易程序'], n + 3),
      decided_on: addDays(day('2026-11-20'), -(spread(n + 4) % 900)),
    }
    for (const [key, value] of Object.entries(said)) made[label(key)] = value
    return made
  }
  const office = async (who = 'credit_office') => (await p().as(who)).client(endpoints)
  const figuresOf = (pass: { figures: { figure: string; n: number }[] } | null) =>
    Object.fromEntries((pass?.figures ?? []).filter((f) => f.n).map((f) => [f.figure, f.n]))
  const drawn = async (ask: DrawUpAsk['ask'], from: LocalDate) =>
    (await office()).drawUpChange({ effectiveFrom: from, reason: '试验', ask })
  const approved = async (id: string) => {
    const [one, two] = [await office(), await office('second')]
    const { version } = await one.getChange({ id })
    const proposed = await one.actOnChange({ id, action: 'propose', seen: version })
    await two.actOnChange({ id, action: 'approve', seen: proposed.version })
  }
  const versionsBy = async (id: string) => {
    const { rows } = await sql<{ n: number; most: number }>`
        select count(*)::int as n, coalesce(max(k), 0)::int as most from (
          select count(*) as k from records.version where ruled_by = ${id}::uuid group by record_id) x`.execute(db())
    const all = await sql<{
      n: number
    }>`select count(*)::int as n from records.version where ruled_by = ${id}::uuid`.execute(db())
    return { records: rows[0]?.n, most: rows[0]?.most, rows: all.rows[0]?.n }
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
    const path = join(folder, 'rows.csv')
    writeFileSync(path, csvOf(Array.from({ length: ROWS }, (_, i) => row(i + 1))))
    const done = await importFile(p().ctx(), {
      path,
      item: 'penalty',
      authority: AUTHORITY.code,
      wayIn: 'cli',
      backfill: true,
    })
    if (!('receipt' in done)) throw new Error('not imported')
    expect(done.receipt.accepted).toBeGreaterThan(2_100)
    // Some have a history of their own.
    const { rows } = await sql<{ subjectId: string; id: string }>`
        select subject_id as "subjectId", id from records.record where shown_from is not null order by id limit 40`.execute(
      db(),
    )
    for (const [n, key] of rows.entries())
      await inTx(p().ctx(), (tx) =>
        dispose(tx, p().ctx(), {
          subjectId: key.subjectId,
          recordId: key.id,
          kind: n % 3 ? (n % 3 === 1 ? 'repaired' : 'shielded') : 'annulled',
          channel: null,
          effectiveFrom: day('2026-11-23'),
          reason: '试验',
          basis: { rule: 'r', version: 'v', instrument: { zh: '《甲》', en: 'A' }, article: '第一条' },
        }),
      )
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const CHANGES: [string, DrawUpAsk['ask'], LocalDate][] = [
    [
      'rows that shorten and lengthen',
      {
        kind: 'rows',
        text: text([
          override('general-large-fine', 'P6M', 'P2M', ', fine_tier: [large]'),
          override('serious-kinds', 'P5Y', 'P2Y'),
        ]),
      },
      day('2026-11-25'),
    ],
    [
      'the other way to pass over',
      {
        kind: 'switch',
        row: 'setting/rule-change-transition',
        value: 'new_rule',
        instrument: { zh: '《乙》', en: 'B' },
        article: '第二条',
      },
      day('2026-11-27'),
    ],
    [
      'a sector’s own classification, under the new rule',
      {
        kind: 'sector',
        system: 'general',
        penaltyKinds: ['fine'],
        class: 'serious',
        instrument: { zh: '《丙》', en: 'C' },
        article: '第三条',
      },
      day('2026-12-01'),
    ],
    [
      'a sector that finds the same minor',
      {
        kind: 'sector',
        system: 'general',
        penaltyKinds: ['fine'],
        class: 'minor',
        instrument: { zh: '《丁》', en: 'D' },
        article: '第四条',
      },
      day('2026-12-05'),
    ],
  ]
  it.each(CHANGES)(
    'does what was foreseen: %s',
    async (_, ask, from) => {
      const { id } = await drawn(ask, from)
      await p().drain()
      const foreseen = await (await office()).getChange({ id })
      expect(foreseen.preview.state).toBe('done')
      await approved(id)
      p().clock.set(`${addDays(from, -1)}T15:59:30Z`)
      await p().drain()
      expect((await (await office()).getChange({ id })).application?.state).toBe('waiting')
      p().clock.set(`${from}T01:00:00Z`)
      // Broken off in the middle: the claim, one stretch, and then the power fails.
      let commits = 0
      const cut = { ...p().runtime, beforeCommit: async () => void (++commits === 3 && fail()) }
      if (ask.kind !== 'switch') await expect(applyRules(cut)).rejects.toThrow('power')
      p().clock.set(`${from}T01:03:00Z`)
      await Promise.all([applyRules(p().runtime), applyRules(p().runtime)])
      const done = await (await office()).getChange({ id })
      expect(done.application).toMatchObject({ state: 'done' })
      expect(figuresOf(done.application)).toEqual(figuresOf(foreseen.preview))
      const versions = await versionsBy(id)
      const { changed = 0, basis = 0 } = figuresOf(done.application)
      expect(versions).toMatchObject({ most: versions.rows ? 1 : 0 })
      expect(versions.rows).toBeGreaterThanOrEqual(changed + basis)
      if (ask.kind !== 'switch') expect(changed).toBeGreaterThan(50)
      // On the next day it looks once more and finds nothing.
      p().clock.set(`${addDays(from, 1)}T01:00:00Z`)
      await p().drain()
      expect(await versionsBy(id)).toEqual(versions)
      const { rows } = await sql<{ open: number }>`
        select count(*)::int as open from policies.pass where again_on is not null`.execute(db())
      expect(rows[0]?.open).toBe(0)
    },
    120_000,
  )

  it('goes on with a preview where one was broken off, and stops one that is not wanted', async () => {
    const { id, version } = await drawn(
      { kind: 'rows', text: text([override('general-large-fine', 'P9M', 'P2M', ', fine_tier: [large]')]) },
      day('2026-12-20'),
    )
    await runRulePreviews(p().runtime)
    const whole = await (await office()).getChange({ id })
    const one = await office()
    await one.previewChange({ id, seen: version })
    await runRulePreviews(p().runtime)
    expect((await one.getChange({ id })).preview.figures).toEqual(whole.preview.figures)
    await sql`update policies.pass set state = 'running', lease_until = null, checked = 0, figures = '{}', after_subject = null,
        after_record = null where proposal_id = ${id}::uuid`.execute(db())
    await sql`delete from policies.preview_row where proposal_id = ${id}::uuid`.execute(db())
    let commits = 0
    const cut = { ...p().runtime, beforeCommit: async () => void (++commits === 2 && fail()) }
    await expect(runRulePreviews(cut)).rejects.toThrow('power')
    p().clock.advance({ minutes: 3 })
    await runRulePreviews(p().runtime)
    expect((await one.getChange({ id })).preview.figures).toEqual(whole.preview.figures)
    await sql`update policies.pass set state = 'waiting' where proposal_id = ${id}::uuid`.execute(db())
    const stopped = await one.previewChange({ id, seen: version, stop: true })
    expect(stopped.preview.state).toBe('cancelled')
    await runRulePreviews(p().runtime)
    expect((await one.getChange({ id })).preview.state).toBe('cancelled')
    // Whoever drew it up may take it back before anybody was asked.
    expect(await one.actOnChange({ id, action: 'withdraw', seen: version })).toMatchObject({ state: 'withdrawn' })
  })

  it('explains a record with the version that governs, why, its endings and its repair', async () => {
    const { rows } = await sql<{ subjectId: string; id: string }>`
        select subject_id as "subjectId", id from records.record where disposed > 0 order by id limit 1`.execute(db())
    const [record] = await findRecords(db(), rows)
    const [told] = await explain(db(), p().ctx(), record?.id ?? '')
    expect(told?.endings[0]).toMatchObject({ kind: 'annulled', basis: { article: '第一条', rule: 'r', version: 'v' } })
    expect(told?.endings[0]?.sentences[1]).toEqual({
      zh: '依据：《甲》第一条（规则 r，版本 v）。',
      en: 'Basis: A, art. 1 (rule r, version v).',
    })
    expect(told?.repair?.governing.version).toContain('ndrc-36@')
    expect(told?.repair?.sentences.length).toBeGreaterThan(1)
    const [company] = await explain(db(), p().ctx(), usccOf(3), day('2026-11-24'))
    expect(company?.channels).toHaveLength(2)
  })
})
const fail = (): never => {
  throw new Error('the power fails')
}
