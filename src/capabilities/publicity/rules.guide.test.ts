import { describe, expect, it } from 'vitest'
import { inForce, mayApply, regimeOn, routeOf, settingOf, termOf } from '../../kernel/eligibility.ts'
import type { PenaltyKind, Policy, SubjectKind } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { type RecordFacts, windowsOf } from '../../kernel/window.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { holdsWords } from '../repair/words.ts'
import { repairPage } from './pages/guide.ts'
import {
  type Guide,
  type GuideRoute,
  factsOfChoice,
  guideItems,
  guideOf,
  guideSystems,
  isCaseOf,
} from './rules.guide.ts'
import { termWords } from './words.steps.ts'

/** What the guide says, held against what the platform does, over cases made at random from one seed. */
const random = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5)
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const KINDS: PenaltyKind[] = ['warning', 'fine', 'suspend_business', 'revoke_licence', 'restrict_employment']
const SUBJECTS: SubjectKind[] = [
  'enterprise',
  'institution',
  'social_organisation',
  'individual_business',
  'natural_person',
]
const DAYS = ['2024-06-03', '2025-12-26', '2026-04-01', '2026-11-23'].map(day)
const LEVELS = ['province', 'city', 'county', null] as const

type Made = { facts: RecordFacts; level: (typeof LEVELS)[number]; on: (typeof DAYS)[number] }
const cases = (policy: Policy, n: number): Made[] => {
  const next = random(20261122)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  return Array.from({ length: n }, () => {
    const on = pick(DAYS)
    const item = pick(guideItems(policy, on))
    const facts = factsOfChoice({ item, subjectKind: pick(SUBJECTS), system: pick(guideSystems(policy, on)) }, on)
    return {
      on,
      level: pick(LEVELS),
      facts: {
        ...facts,
        penaltyKinds: item === 'penalty' ? [pick(KINDS)] : [],
        procedure: pick(['summary', 'ordinary', null] as const),
        fineTier: pick(['small', 'large', 'huge', null] as const),
        discretion: pick(['reduced', 'lighter', 'ordinary', null] as const),
        field: pick([...policy.fields.map((f) => f.code), null]),
        sectorClass: pick(['minor', 'general', 'serious', null] as const),
        list: item === 'serious_list' ? pick([...policy.lists.map((l) => l.code), null]) : null,
        listCause: item === 'abnormal_list' ? pick(policy.listCauses.map((c) => c.code)) : null,
      },
    }
  })
}
const guideFor = (policy: Policy, { facts, on }: Made): Guide =>
  guideOf(policy, { item: facts.item, subjectKind: facts.subjectKind, system: facts.system }, on)
const firstOf = (guide: Guide, { facts, level }: Made): GuideRoute | null =>
  guide.routes.find((r) => isCaseOf(r.route, facts, level)) ?? null

describe.each(['440100', '510000', '610900', '130000'])('the guide of %s', (code) => {
  const policy = loadPolicy(code)
  const made = cases(policy, 400)

  it('names the receiver and the decider that routing gives', () => {
    for (const one of made) {
      const route = routeOf({ ...one.facts, level: one.level }, policy, one.on)
      const told = firstOf(guideFor(policy, one), one)
      expect(told?.route.row.id ?? null, JSON.stringify(one)).toBe(route?.rule ?? null)
      if (route) expect([told?.route.row.receiver, told?.route.row.decider]).toEqual([route.receiver, route.decider])
    }
  })

  it('tells of each step the term that the clock runs by', () => {
    for (const one of made) {
      const route = routeOf({ ...one.facts, level: one.level }, policy, one.on)
      const told = firstOf(guideFor(policy, one), one)
      if (!route || !told) continue
      for (const { step, term } of route.steps) {
        const rows = told.steps.find((s) => s.step === step)?.terms ?? []
        const said = rows.find((t) => isCaseOf(t, one.facts, one.level))?.row ?? null
        expect(said?.id ?? null, `${step} ${JSON.stringify(one)}`).toBe(term?.id ?? null)
        expect(said && termWords(said)).toEqual(term && termWords(term))
        expect(termOf(policy, route.system, step, one.on, one.facts)?.id ?? null).toBe(said?.id ?? null)
      }
      const review = Boolean(route.firstReview?.enabled && route.firstReview.term && route.decider === 'finder')
      expect(told.firstReview !== null, JSON.stringify(one)).toBe(review)
    }
  })

  it('asks for the conditions and the material that an application is checked by', () => {
    for (const one of made) {
      const told = firstOf(guideFor(policy, one), one)
      const windows = windowsOf(one.facts, policy)
      const worst = mayApply({ ...one.facts, level: one.level }, windows, policy, one.on, {
        dutiesPerformed: false,
        corrected: false,
        commitmentSigned: false,
        sameKindReoffended: true,
        taxOffenceAgain: true,
        heavierPenaltyAgain: true,
        securityRisk: true,
        annualReportFiled: false,
        informationPublished: false,
        nameChangeRegistered: false,
        addressRestored: false,
        taxesPaid: false,
        barredUntil: day('2099-01-01'),
      })
      const held = (told?.conditions ?? []).filter((c) => isCaseOf(c, one.facts, one.level))
      const byConduct = held.filter((c) => ['known_true', 'known_false', 'not_barred'].includes(c.row.needs))
      const refused = worst.reasons.filter((r) => byConduct.some((c) => c.row.id === r.rule))
      expect(new Set(refused.map((r) => r.rule)), JSON.stringify(one)).toEqual(new Set(byConduct.map((c) => c.row.id)))
      for (const r of worst.reasons) expect(held.map((c) => c.row.id)).toContain(r.rule)
      for (const c of byConduct) expect(holdsWords(c.row)).not.toBeNull()
      const materials = (told?.materials ?? []).filter((m) => isCaseOf(m, one.facts, one.level)).map((m) => m.row.id)
      expect(materials).toEqual(worst.materials.map((m) => m.id))
    }
  })

  it('gives for each channel the row by which a record is shown', () => {
    for (const one of made) {
      const guide = guideFor(policy, one)
      for (const window of windowsOf(one.facts, policy)) {
        const rows = guide.periods.find(
          (p) => p.regime.channel === window.channel && p.regime.version === window.version,
        )
        // No row speaks of it: the version itself stands for that it is not shown.
        if (!rows || window.rule === rows.regime.id) continue
        expect(
          rows.rows.map((r) => r.row.id),
          JSON.stringify(one),
        ).toContain(window.rule)
      }
    }
  })

  it('says it all on the page, in both languages, with the article', () => {
    const on = day('2026-11-23')
    for (const lang of ['zh', 'en'] as const)
      for (const item of guideItems(policy, on)) {
        const html = repairPage({ lang, today: on, policy }, { item, subject: 'enterprise', system: 'general' })
        const guide = guideOf(policy, { item, subjectKind: 'enterprise', system: 'general' }, on)
        const text = html.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
        const shown = guide.routes.length
          ? guide
          : guideOf(policy, { item, subjectKind: 'enterprise', system: 'market_supervision' }, on)
        for (const r of shown.routes) {
          expect(text).toContain(r.route.row.receiver[lang])
          for (const c of r.conditions) {
            const said = holdsWords(c.row)
            if (said) expect(text).toContain(said[lang])
          }
          for (const s of r.steps) for (const t of s.terms) expect(text).toContain(termWords(t.row)[lang])
          for (const m of r.materials) expect(text).toContain(m.row.name[lang])
        }
        expect(text).not.toMatch(/<script/)
      }
  })
})

it('follows the day: the version of the rules, the receiver and the first review are those of that day', () => {
  const policy = loadPolicy('440100')
  const choice = { item: 'penalty', subjectKind: 'individual_business', system: 'general' } as const
  const before = guideOf(policy, choice, day('2026-03-31')).routes[0]!
  const after = guideOf(policy, choice, day('2026-04-01')).routes[0]!
  expect(before.route.row.receiver.zh).toBe('信用广东网站')
  expect(before.firstReview?.terms[0]?.row.workdays).toBe(1)
  expect(after.route.row.receiver.zh).toBe('“信用中国”网站')
  expect(after.firstReview).toBeNull()
  expect(after.regime).toBe(regimeOn(policy, 'credit_china', day('2026-04-01')))
  expect(inForce(settingOf(policy, 'first_review', day('2026-04-01'))!, day('2026-04-01'))).toBe(true)
  const page = repairPage(
    { lang: 'zh', today: day('2026-11-23'), policy },
    { ...choice, subject: 'individual_business', on: '2026-03-31' },
  )
  expect(page).toContain('2026年3月31日有效的规则')
  expect(page).toContain('信用广东网站')
})

it('sends to a window that accepts only with the kinds that the window handles (Sichuan 一、二（四）)', () => {
  const on = day('2026-11-23')
  const told = (code: string, item: string) =>
    guideOf(loadPolicy(code), { item, subjectKind: 'enterprise', system: 'general' }, on).routes[0]?.atWindow?.id ??
    null
  expect(told('510000', 'penalty')).toBe('sc/window-accepts')
  expect(told('510000', 'evaluation')).toBeNull()
  expect(told('440100', 'penalty')).toBeNull()
})
