import { describe, expect, it } from 'vitest'
import { PENALTY_KINDS } from './closed-sets.ts'
import { loadPolicy } from '../platform/policy-files.ts'
import { type LocalDate, addDays, day, instant } from './time.ts'
import {
  type Disposition,
  type DispositionKind,
  type RecordFacts,
  type Window,
  explainWindow,
  factsOf,
  fineStep,
  groundsOf,
  foldWindows,
  restartOf,
  statusOn,
  windowsOf,
} from './window.ts'

const policy = loadPolicy('440100')

/** Repeatable numbers, so that a failure can be run again. */
const randomFrom = (seed: number) => {
  let a = seed
  return (below: number): number => {
    a = (Math.imul(a, 1664525) + 1013904223) >>> 0
    return Math.floor((a / 4294967296) * below)
  }
}
const FIELDS = [null, 'food', 'drug', 'fire', 'work_safety', 'ecology'] as const
const START = day('2021-06-01')

const someFacts = (pick: (below: number) => number): RecordFacts => {
  const of = <T>(values: readonly T[]): T => values[pick(values.length)] as T
  const decidedOn = addDays(START, pick(2400))
  return {
    item: of(['penalty', 'penalty', 'penalty', 'licence', 'abnormal_list', 'serious_list']),
    system: of(['market_supervision', 'general', 'tax']),
    subjectKind: of(['enterprise', 'enterprise', 'individual_business', 'natural_person']),
    decidedOn,
    publishedOn: addDays(decidedOn, of([0, 3, 30, 500])),
    procedure: of(['ordinary', 'ordinary', 'summary', null]),
    penaltyKinds: PENALTY_KINDS.filter(() => pick(6) === 0),
    fineYuan: of([null, 500, 50000, 900000]),
    discretion: of([null, 'reduced', 'lighter', 'ordinary']),
    field: of(FIELDS),
    fineTier: of([null, null, 'small', 'large', 'huge']),
    sectorClass: of([null, null, null, 'minor', 'general', 'serious']),
    minorPublished: of([null, false, true]),
    termEndsOn: of([null, null, addDays(decidedOn, 90), addDays(decidedOn, 2000)]),
    list: null,
    listCause: of([null, 'annual_report']),
    repeatOffender: of([null, true]),
  }
}
const ACTS: DispositionKind[] = [
  'repaired',
  'annulled',
  'shielded',
  'restored',
  'revoked',
  'corrected',
  'disputed',
  'dispute_closed',
  'deregistered',
  'delisted',
  'withheld',
]
const someActs = (windows: Window[], facts: RecordFacts, pick: (below: number) => number): Disposition[] =>
  Array.from({ length: pick(5) }, (_, i): Disposition => {
    const kind = ACTS[pick(ACTS.length)] as DispositionKind
    const effectiveFrom = addDays(facts.publishedOn, pick(900))
    return {
      id: `d${i}`,
      kind,
      channel: pick(3) === 0 ? 'necips' : null,
      effectiveFrom,
      recordedAt: instant(`2026-01-0${i + 1}T00:00:00Z`),
      ...(kind === 'revoked' ? { restart: restartOf(windows, policy, effectiveFrom) } : {}),
    }
  })

const ordered = (w: Window) => {
  if (w.from && w.earliest)
    expect(w.from <= w.earliest, `${w.rule}: from ${w.from} after earliest ${w.earliest}`).toBe(true)
  if (w.from && w.until) expect(w.from < w.until, `${w.rule}: from ${w.from} not before until ${w.until}`).toBe(true)
  if (w.earliest && w.until)
    expect(w.earliest <= w.until, `${w.rule}: earliest ${w.earliest} after ${w.until}`).toBe(true)
  if (w.from === null) expect(w.until).toBeNull()
}

describe('windows of any record', () => {
  it('are the same for fines between the same bounds, but for the amount noted', () => {
    const pick = randomFrom(11)
    const bounds = policy.regimes.flatMap((r) => r.windows.flatMap((w) => w.when.fineYuanAtMost ?? []))
    const fines = [0, ...bounds.flatMap((b) => [b - 1, b, b + 1]), 9_000_000]
    const without = (windows: Window[]) => windows.map((w) => ({ ...w, inputs: { ...w.inputs, fineYuan: 0 } }))
    for (let i = 0; i < 500; i++) {
      const facts = someFacts(pick)
      const seen = new Map<number, unknown>()
      for (const fineYuan of fines) {
        const windows = without(windowsOf({ ...facts, fineYuan }, policy))
        const step = fineStep(policy, fineYuan)
        expect(windows).toEqual(seen.get(step) ?? windows)
        seen.set(step, windows)
      }
    }
  })
  it('are the same for facts on the same grounds and days, but for the facts noted', () => {
    const pick = randomFrom(13)
    const days = ['2024-12-31', '2026-03-01'] as LocalDate[]
    const terms = [null, '2026-06-30', '2031-06-30'] as (LocalDate | null)[]
    const seen = new Map<string, { facts: string; windows: unknown }>()
    let shared = 0
    for (let i = 0; i < 3000; i++) {
      const term = terms[i % terms.length] as LocalDate | null
      const facts = {
        ...someFacts(pick),
        decidedOn: days[i % 2] as LocalDate,
        publishedOn: days[1] as LocalDate,
        termEndsOn: term,
      }
      const grounds = groundsOf(facts, policy)
      const key = `${facts.decidedOn} ${grounds.term ? term : ''} ${grounds.rows}`
      const windows = windowsOf(facts, policy).map(({ inputs, ...w }) => ({
        ...w,
        inputs: Object.fromEntries(Object.entries(inputs).filter(([k]) => !(k in facts))),
      }))
      const held = seen.get(key)
      if (held && held.facts !== JSON.stringify(facts)) shared++
      expect(windows).toEqual(held?.windows ?? windows)
      seen.set(key, held ?? { facts: JSON.stringify(facts), windows })
    }
    expect(shared).toBeGreaterThan(1000)
  })
  it('are in order, name their rule, and come out the same from their stored inputs', () => {
    const pick = randomFrom(7)
    for (let i = 0; i < 3000; i++) {
      const facts = someFacts(pick)
      const windows = windowsOf(facts, policy)
      expect(windows.map((w) => w.channel).toSorted()).toEqual(['credit_china', 'necips'])
      for (const w of windows) {
        ordered(w)
        expect(w.rule).not.toBe('')
        expect(w.article).not.toBe('')
        expect(windowsOf(factsOf(w.inputs), policy).find((x) => x.channel === w.channel)).toEqual(w)
        for (const lang of ['zh', 'en'] as const)
          for (const line of explainWindow(w, lang)) expect(line).not.toMatch(/\{\w+\}|undefined|null|NaN/)
      }
    }
  })

  it('natural persons are never shown on the public site', () => {
    const pick = randomFrom(11)
    for (let i = 0; i < 1000; i++) {
      const windows = windowsOf({ ...someFacts(pick), subjectKind: 'natural_person' }, policy)
      for (const w of windows) expect(w.from).toBeNull()
    }
  })
})

describe('folding', () => {
  it('again changes nothing, and a doubled act changes nothing', () => {
    const pick = randomFrom(23)
    for (let i = 0; i < 3000; i++) {
      const facts = someFacts(pick)
      const windows = windowsOf(facts, policy)
      const acts = someActs(windows, facts, pick)
      const once = foldWindows(windows, acts)
      expect(foldWindows(once, acts)).toEqual(once)
      expect(foldWindows(windows, [...acts].reverse())).toEqual(once)
      expect(
        foldWindows(
          windows,
          acts.flatMap((d) => [d, d]),
        ),
      ).toEqual(once)
      for (const w of once) ordered(w)
    }
  })

  it('agrees with the status on every day after the last act', () => {
    const pick = randomFrom(31)
    for (let i = 0; i < 500; i++) {
      const facts = someFacts(pick)
      const windows = windowsOf(facts, policy)
      const acts = someActs(windows, facts, pick)
      const projected = foldWindows(windows, acts)
      const last = acts.reduce<LocalDate>((d, a) => (a.effectiveFrom > d ? a.effectiveFrom : d), facts.publishedOn)
      for (const n of [0, 1, 30, 365, 1100]) {
        const today = addDays(last, n)
        for (const [k, s] of statusOn(windows, acts, today).entries()) {
          const w = projected[k] as Window
          const shown = w.from !== null && w.from <= today && (w.until === null || today < w.until)
          expect(s.status).toBe(shown ? 'shown' : 'not_shown')
        }
      }
    }
  })
})

const samrFine: RecordFacts = {
  item: 'penalty',
  system: 'market_supervision',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-01'),
  publishedOn: day('2026-05-08'),
  procedure: 'ordinary',
  penaltyKinds: ['fine'],
  fineYuan: 80000,
  discretion: 'ordinary',
  field: null,
  fineTier: 'large',
  sectorClass: null,
  minorPublished: null,
  termEndsOn: null,
  list: null,
  listCause: null,
  repeatOffender: null,
}
const act = (kind: DispositionKind, on: string, more: Partial<Disposition> = {}): Disposition => ({
  kind,
  channel: null,
  effectiveFrom: day(on),
  recordedAt: instant(`${on}T02:00:00Z`),
  ...more,
})
const onDay = (acts: Disposition[], on: string) =>
  statusOn(windowsOf(samrFine, policy), acts, day(on)).map((s) => `${s.channel} ${s.reason}`)

describe('what happened to a record', () => {
  it('is half-open: the last day shown is the day before until', () => {
    expect(onDay([], '2026-05-07')).toEqual(['credit_china not_yet', 'necips not_yet'])
    expect(onDay([], '2026-05-08')).toEqual(['credit_china shown', 'necips shown'])
    expect(onDay([], '2027-04-30')).toEqual(['credit_china shown', 'necips shown'])
    expect(onDay([], '2027-05-01')).toEqual(['credit_china expiry', 'necips shown'])
    expect(onDay([], '2027-05-08')).toEqual(['credit_china expiry', 'necips expiry'])
  })

  it('a repair takes effect on its day, on every channel', () => {
    const acts = [act('repaired', '2026-09-01')]
    expect(onDay(acts, '2026-08-31')).toEqual(['credit_china shown', 'necips shown'])
    expect(onDay(acts, '2026-09-01')).toEqual(['credit_china repaired', 'necips repaired'])
    expect(foldWindows(windowsOf(samrFine, policy), acts).map((w) => [w.until, w.end?.by])).toEqual([
      ['2026-09-01', 'repaired'],
      ['2026-09-01', 'repaired'],
    ])
  })

  it('Order 36 art. 20, Order 107 art. 22: shielded while the plan runs, shown again when it fails', () => {
    const acts = [act('shielded', '2026-06-01'), act('restored', '2026-10-01')]
    expect(onDay(acts, '2026-07-01')).toEqual(['credit_china shielded', 'necips shielded'])
    expect(onDay(acts, '2026-10-01')).toEqual(['credit_china shown', 'necips shown'])
    expect(onDay(acts, '2027-06-01')).toEqual(['credit_china expiry', 'necips expiry'])
    expect(onDay([act('shielded', '2026-06-01'), act('restored', '2028-01-01')], '2028-02-01')).toEqual([
      'credit_china expiry',
      'necips expiry',
    ])
  })

  it('annulled outweighs repaired, and a repair cannot undo it', () => {
    expect(onDay([act('repaired', '2026-09-01'), act('annulled', '2026-10-01')], '2026-11-01')).toEqual([
      'credit_china annulled',
      'necips annulled',
    ])
    expect(onDay([act('annulled', '2026-09-01'), act('restored', '2026-10-01')], '2026-11-01')).toEqual([
      'credit_china annulled',
      'necips annulled',
    ])
    const reinstated = [act('repaired', '2026-08-20'), act('annulled', '2026-09-01'), act('reinstated', '2026-09-10')]
    // What else had happened holds as if it had not been annulled; on the days between it was.
    expect(onDay(reinstated, '2026-09-20')).toEqual(['credit_china repaired', 'necips repaired'])
    expect(onDay(reinstated, '2026-09-05')).toEqual(['credit_china annulled', 'necips annulled'])
  })

  it('corrections and disputes leave the windows alone', () => {
    const windows = windowsOf(samrFine, policy)
    expect(
      foldWindows(windows, [
        act('corrected', '2026-06-01'),
        act('disputed', '2026-06-02'),
        act('dispute_closed', '2026-06-03'),
      ]),
    ).toEqual(windows)
  })

  it('Order 107 art. 23: revoked for fraud, the clock starts anew without early end; Order 36 art. 25: a bar of three years', () => {
    const windows = windowsOf(samrFine, policy)
    const restart = restartOf(windows, policy, day('2026-11-01'))
    expect(
      restart.map(({ channel, until, earliest, barredUntil, restarted }) => ({
        channel,
        until,
        earliest,
        barredUntil,
        restarted,
      })),
    ).toEqual([
      { channel: 'credit_china', until: '2027-05-01', earliest: null, barredUntil: '2029-11-01', restarted: false },
      { channel: 'necips', until: '2027-11-01', earliest: null, barredUntil: '2029-11-01', restarted: true },
    ])
    const acts = [act('repaired', '2026-09-01'), act('revoked', '2026-11-01', { restart })]
    expect(onDay(acts, '2026-10-15')).toEqual(['credit_china repaired', 'necips repaired'])
    expect(onDay(acts, '2026-11-01')).toEqual(['credit_china shown', 'necips shown'])
    expect(onDay(acts, '2027-05-01')).toEqual(['credit_china expiry', 'necips shown'])
    expect(onDay(acts, '2027-11-01')).toEqual(['credit_china expiry', 'necips expiry'])
  })

  it('Order 107 art. 23: three years anew for a serious record', () => {
    const windows = windowsOf({ ...samrFine, field: 'food' }, policy)
    const necips = restartOf(windows, policy, day('2027-08-01')).find((r) => r.channel === 'necips')
    expect(necips).toMatchObject({ until: '2030-08-01', earliest: null, restarted: true, article: '第二十三条' })
  })
})

describe('explaining a window', () => {
  it('says class, reason, since when, until when, from which day, and the basis, in both languages', () => {
    const [cc] = windowsOf(samrFine, policy)
    expect(explainWindow(cc as Window, 'zh')).toEqual([
      '在信用网站按一般失信信息管理。',
      '较大数额罚款属于一般失信信息，最短公示期3个月，最长1年。',
      '公示期自2026年5月1日（决定文书作出之日）起计算。',
      '自2026年5月8日起公示，最长公示至2027年4月30日，2027年5月1日起自动停止公示。',
      '自2026年8月1日起可以申请信用修复。',
      '依据：《信用修复管理办法》（国家发展改革委令第36号）第九条第一项、第十二条第一款（规则 credit_china/ndrc-36/general-large-fine，版本 ndrc-36@2026-04-01）。',
    ])
    expect(explainWindow(cc as Window, 'en')[3]).toBe(
      'Shown since 8 May 2026; shown at the longest through 30 April 2027, and gone by itself on 1 May 2027.',
    )
  })
})
