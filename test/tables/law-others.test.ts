import { describe, expect, it } from 'vitest'
import { placesOf } from '../../src/capabilities/collection/rules.places.ts'
import { consequenceWords } from '../../src/capabilities/publicity/words.steps.ts'
import { routingTable } from '../../src/capabilities/repair/rules.routing.ts'
import { type Known, mayApply, routeOf, settingOf } from '../../src/kernel/eligibility.ts'
import { day } from '../../src/kernel/time.ts'
import {
  NOTHING_KNOWN,
  type Disposition,
  type RecordFacts,
  foldWindows,
  statusOn,
  windowsOf,
} from '../../src/kernel/window.ts'
import { loadPolicy } from '../../src/platform/policy-files.ts'

/**
 * Worked cases of industry ratings and of other dishonesty information, written from the texts: Guangzhou 二（一）(a rating by
 * those who rated, other information by whoever determined it), Order 36 arts 4, 7, 8(4), 9(3), 10(5), 11, 13 to 16, and (2019) No. 35.
 */
const packs = { gz: loadPolicy('440100'), sc: loadPolicy('510000'), ak: loadPolicy('610900'), hb: loadPolicy('130000') }
type Place = keyof typeof packs
const PLACES = Object.keys(packs) as Place[]
const OTHERS = [
  'coercive_measure',
  'commitment_fulfilment',
  'enforcement',
  'judgment',
  'social_insurance_arrears',
  'tax_arrears',
]

const facts = (more: Partial<RecordFacts>): RecordFacts => ({
  ...NOTHING_KNOWN,
  item: 'evaluation',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-06'),
  publishedOn: day('2026-05-08'),
  ...more,
})
const asked = (place: Place, of: Partial<RecordFacts>, on: string, known: Known) => {
  const f = facts(of)
  return mayApply(f, windowsOf(f, packs[place]), packs[place], day(on), known)
}
/** What stands in the way, then what is still to be shown, then what the authority judges. */
const said = (place: Place, of: Partial<RecordFacts>, on: string, known: Known): string => {
  const answer = asked(place, of, on, known)
  return `${answer.may ? 'may' : 'no'}: ${[...answer.reasons, ...answer.open].map((r) => r.code).join(' ')}`
}
const DONE: Known = { dutiesPerformed: true, corrected: true, commitmentSigned: true }

type Asked = [article: string, name: string, of: Partial<RecordFacts>, on: string, known: Known, expected: string]
describe('may it be applied for', () => {
  const other = (item: string) => ({ item })
  it.each<Asked>([
    ['(2019) No. 35', 'a rating, on its first day', {}, '2026-05-08', DONE, 'may: RATING_METHOD_NOT_MET'],
    [
      '(2019) No. 35',
      'a rating, before signing',
      {},
      '2026-05-08',
      {},
      'may: COMMITMENT_NOT_SIGNED RATING_METHOD_NOT_MET',
    ],
    [
      'GZ 二（一）',
      'a rating of 2025: no period of publicity',
      { decidedOn: day('2025-03-01'), publishedOn: day('2025-03-03') },
      '2026-05-08',
      DONE,
      'may: RATING_METHOD_NOT_MET',
    ],
    [
      '36 art. 25',
      'the bar of Order 36 is not one on ratings',
      {},
      '2026-05-08',
      { ...DONE, barredUntil: day('2029-01-01') },
      'may: RATING_METHOD_NOT_MET',
    ],
    ...OTHERS.map(
      (item): Asked => [
        '36 arts 4, 14',
        `${item}: everything done`,
        other(item),
        '2026-05-08',
        DONE,
        'may: SECTOR_RULE_NOT_MET',
      ],
    ),
    [
      '36 art. 14(2)',
      'duties not performed',
      other('tax_arrears'),
      '2026-06-01',
      { ...DONE, dutiesPerformed: false },
      'no: DUTIES_NOT_PERFORMED SECTOR_RULE_NOT_MET',
    ],
    [
      '36 art. 14(2)',
      'not corrected',
      other('coercive_measure'),
      '2026-06-01',
      { ...DONE, corrected: false },
      'no: NOT_CORRECTED SECTOR_RULE_NOT_MET',
    ],
    [
      '36 art. 14',
      'nothing known yet is open, not refused',
      other('enforcement'),
      '2026-06-01',
      {},
      'may: DUTIES_NOT_PERFORMED NOT_CORRECTED COMMITMENT_NOT_SIGNED SECTOR_RULE_NOT_MET',
    ],
    [
      '36 art. 25',
      'barred after false material',
      other('judgment'),
      '2026-06-01',
      { ...DONE, barredUntil: day('2029-01-10') },
      'no: BARRED SECTOR_RULE_NOT_MET',
    ],
    [
      '36 art. 4',
      'determined before Order 36',
      { ...other('tax_arrears'), decidedOn: day('2025-06-01'), publishedOn: day('2025-06-03') },
      '2026-06-01',
      DONE,
      'may: SECTOR_RULE_NOT_MET',
    ],
    [
      '36 arts 9(3), 11, 12',
      'classed as general by the sector: not before three months',
      { ...other('coercive_measure'), sectorClass: 'general' },
      '2026-08-05',
      DONE,
      'no: MIN_PERIOD SECTOR_RULE_NOT_MET',
    ],
    [
      '36 arts 9(3), 11, 12',
      'and after three months',
      { ...other('coercive_measure'), sectorClass: 'general' },
      '2026-08-06',
      DONE,
      'may: SECTOR_RULE_NOT_MET',
    ],
    [
      '36 arts 10(5), 11, 12',
      'classed as serious by the sector: not before a year',
      { ...other('judgment'), sectorClass: 'serious' },
      '2027-05-05',
      DONE,
      'no: MIN_PERIOD SECTOR_RULE_NOT_MET',
    ],
    [
      '36 arts 8(4), 11, 12',
      'classed as minor: not shown, and nothing to repair',
      { ...other('tax_arrears'), sectorClass: 'minor' },
      '2026-06-01',
      DONE,
      'no: NOTHING_TO_REPAIR SECTOR_RULE_NOT_MET',
    ],
  ])('%s %s', (_article, _name, of, on, known, expected) => {
    // No local document sets conditions of its own: the national rows hold everywhere.
    for (const place of PLACES) expect(said(place, of, on, known), place).toBe(expected)
  })

  it('once repaired nothing is left to apply for, neither of a rating nor of other information', () => {
    const granted: Disposition = {
      kind: 'repaired',
      channel: null,
      effectiveFrom: day('2026-06-01'),
      recordedAt: '2026-06-01T00:00:00.000Z' as never,
    }
    for (const item of ['evaluation', ...OTHERS]) {
      const f = facts({ item })
      const windows = foldWindows(windowsOf(f, packs.gz), [granted])
      const answer = mayApply(f, windows, packs.gz, day('2026-06-02'), DONE)
      expect(
        answer.reasons.map((r) => r.code),
        item,
      ).toEqual(['ALREADY_ENDED'])
      expect(statusOn(windowsOf(f, packs.gz), [granted], day('2026-06-02')).map((s) => s.reason)).toEqual([
        'repaired',
        'repaired',
      ])
    }
    // The same of lists that have no channel of their own.
    for (const system of ['tax', 'court']) {
      const f = facts({ item: 'serious_list', system, list: system === 'tax' ? 'tax_major' : 'court_dishonest' })
      const windows = foldWindows(windowsOf(f, packs.gz), [granted])
      const answer = mayApply(f, windows, packs.gz, day('2026-12-02'), {
        ...DONE,
        taxesPaid: true,
        sameKindReoffended: false,
      })
      expect(
        answer.reasons.map((r) => r.code),
        system,
      ).toEqual(['ALREADY_ENDED'])
    }
  })
})

type Shown = [article: string, of: Partial<RecordFacts>, expected: string]
describe('windows', () => {
  it.each<Shown>([
    ['36 art. 4(1): no dishonesty information', { item: 'evaluation' }, 'none null null credit_china/ndrc-36/rating'],
    ...OTHERS.map(
      (item): Shown => [
        '36 arts 7, 11: not classed by its sector',
        { item },
        'unclassified null 2026-05-08 credit_china/ndrc-36/other-adverse',
      ],
    ),
  ])('%s', (_article, of, expected) => {
    for (const place of PLACES) {
      const [w] = windowsOf(facts(of), packs[place]).filter((x) => x.channel === 'credit_china')
      expect(`${w?.class} ${w?.from} ${w?.earliest} ${w?.rule}`, place).toBe(expected)
      expect(
        windowsOf(facts(of), packs[place]).every((x) => x.from === null),
        place,
      ).toBe(true)
    }
  })
})

describe('windows of what its sector has classed', () => {
  it.each<[article: string, of: Partial<RecordFacts>, expected: string]>([
    ['36 arts 8(4), 11, 12(1)', { item: 'tax_arrears', sectorClass: 'minor' }, 'minor null null null'],
    [
      '36 arts 8(4), 12(1)',
      { item: 'tax_arrears', sectorClass: 'minor', minorPublished: true },
      'minor 2026-05-08 2026-05-08 2026-08-06',
    ],
    [
      '36 arts 9(3), 11, 12(1)',
      { item: 'social_insurance_arrears', sectorClass: 'general' },
      'general 2026-05-08 2026-08-06 2027-05-06',
    ],
    [
      '36 arts 10(5), 11, 12(1)',
      { item: 'judgment', sectorClass: 'serious' },
      'serious 2026-05-08 2027-05-06 2029-05-06',
    ],
    [
      '36 art. 12(3)',
      { item: 'judgment', sectorClass: 'serious', subjectKind: 'natural_person' },
      'serious null 2027-05-06 null',
    ],
  ])('%s', (_article, of, expected) => {
    for (const place of PLACES) {
      const [w] = windowsOf(facts(of), packs[place]).filter((x) => x.channel === 'credit_china')
      expect(`${w?.class} ${w?.from} ${w?.earliest} ${w?.until}`, place).toBe(expected)
    }
  })
})

describe('who receives, who decides, by when, with which material', () => {
  const route = (place: Place, item: string, on = '2026-11-21', system = 'general') => {
    const r = routeOf(facts({ item, system }), packs[place], day(on))
    return (
      r &&
      `${r.system} ${r.decider} ${r.steps.map((s) => `${s.step}:${s.term?.workdays ?? '–'}`).join(' ')} ${r.receiver.zh}`
    )
  }
  it.each<[article: string, place: Place, item: string, on: string, expected: string]>([
    ['GZ 二（一）三', 'gz', 'evaluation', '2026-11-21', 'rating finder accept:3 decide:7 作出行业信用评价的单位'],
    ['GZ 二（一）三', 'gz', 'evaluation', '2024-06-03', 'rating finder accept:3 decide:7 作出行业信用评价的单位'],
    ['(2019) No. 35', 'sc', 'evaluation', '2026-11-21', 'rating finder accept:3 decide:7 作出评价的单位'],
    ['(2019) No. 35', 'ak', 'evaluation', '2026-11-21', 'rating finder accept:3 decide:7 作出评价的单位'],
    ['(2019) No. 35', 'hb', 'evaluation', '2026-11-21', 'rating finder accept:3 decide:7 作出评价的单位'],
    ['GZ 二（一）四', 'gz', 'tax_arrears', '2025-06-03', 'credit_china finder accept:– decide:– 相关信息认定机关'],
    ['36 art. 13', 'gz', 'tax_arrears', '2026-11-21', 'credit_china finder accept:3 decide:7 “信用中国”网站'],
    ['36 art. 13', 'sc', 'coercive_measure', '2026-11-21', 'credit_china finder accept:3 decide:7 “信用中国”网站'],
    ['36 art. 13', 'ak', 'enforcement', '2026-11-21', 'credit_china finder accept:3 decide:7 “信用中国”网站'],
    ['36 art. 13', 'hb', 'judgment', '2026-11-21', 'credit_china finder accept:3 decide:7 “信用中国”网站'],
  ])('%s: %s %s on %s', (_article, place, item, on, expected) => expect(route(place, item, on)).toBe(expected))

  it('the first review of a city is of penalties alone (GZ 二（一）一)', () => {
    const review = (item: string) => routeOf(facts({ item }), packs.gz, day('2025-06-03'))?.firstReview?.enabled
    expect([review('penalty'), review('tax_arrears'), review('evaluation')]).toEqual([true, false, false])
    const rows = routingTable(packs.gz, day('2025-06-03')).rows.filter((r) =>
      r.steps.some((s) => s.step === 'first_review'),
    )
    expect([...new Set(rows.map((r) => r.item))]).toEqual(['penalty'])
  })

  it('asks of a rating for the commitment, and for proof only where those who rated ask', () => {
    for (const place of PLACES)
      expect(asked(place, {}, '2026-11-21', DONE).materials.map((m) => `${m.code} ${m.required}`)).toEqual([
        'commitment always',
        'rating_proof on_request',
      ])
    expect(asked('sc', { item: 'tax_arrears' }, '2026-11-21', DONE).materials[0]?.code).toBe('proof_of_performance')
  })

  it('says of every row that leaves something open what that is', () => {
    for (const place of PLACES) {
      const rows = packs[place].regimes.flatMap((r) => r.conditions).filter((c) => c.needs === 'authority_judges')
      expect(rows.map((r) => r.code)).toEqual(expect.arrayContaining(['SECTOR_RULE_NOT_MET', 'RATING_METHOD_NOT_MET']))
      for (const r of rows) expect(r.unsure && r.note?.zh && r.article, r.id).toBeTruthy()
    }
  })
})

it('persistently abnormal enterprises: the Regulation holds everywhere, Guangzhou’s own row goes before it', () => {
  for (const place of PLACES) {
    const row = settingOf(packs[place], 'revocation_candidates', day('2026-11-21'))
    expect(row?.value).toMatchObject({ years: 2, notReporting: ['annual_report'], outOfReach: ['unreachable'] })
    expect(`${row?.instrument.zh}${row?.article}`).toContain(place === 'gz' ? '广州市' : '《企业信息公示暂行条例》')
    expect(row?.article).toBe(place === 'gz' ? '二（八）' : '第十八条')
  }
})

it('the routing table leaves out what no record can reach: Sichuan’s rows have taken the three kinds', () => {
  const rows = routingTable(packs.sc, day('2026-11-21')).rows
  expect(rows.filter((r) => r.item === 'penalty').map((r) => r.id)).toEqual([
    'sc/route-samr-penalty/penalty',
    'sc/route-penalty/penalty',
  ])
  expect(rows.filter((r) => r.item === 'serious_list').map((r) => r.id)).toEqual([
    'sc/route-samr-serious-list/serious_list',
    'sc/route-list/serious_list',
    'route/tax-list/serious_list',
    'route/court-list/serious_list',
  ])
})

it('says of every consequence what follows', () => {
  for (const place of PLACES)
    for (const c of packs[place].regimes.flatMap((r) => r.consequences)) {
      const { zh, en } = consequenceWords(c)
      for (const said of [zh, en]) expect(said, c.id).not.toMatch(/[：:]\s*$|\{/)
    }
})

it('knows what a record found: by the field of that name, or by what its choices mean', () => {
  const read = (code: string) => {
    const item = packs.gz.catalog.find((c) => c.code === code)!
    return item.fields[placesOf(item).result]?.key
  }
  expect(['inspection', 'commitment_fulfilment', 'penalty'].map(read)).toEqual(['result', 'performance', undefined])
})
