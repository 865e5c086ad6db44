import { describe, expect, it } from 'vitest'
import { factsOf } from '../../../test/records-world.ts'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { entriesOf } from './replay.ts'
import {
  type CandidateRule,
  type Listed,
  figuresOf,
  formulasOn,
  mayRate,
  needsReply,
  provenBy,
  ratingFits,
  replyDue,
  stillListed,
} from './rules.ts'
import type { ActRow, ItemRow } from './store.follow.ts'
import { WHATS } from './words.ts'

const policy = loadPolicy('440100')

describe('the two conditions of GZ24 二(八)', () => {
  const rule: CandidateRule = { years: 2, notReporting: ['annual_report'], outOfReach: ['unreachable'], standing: true }
  const entry = (cause: string, on: string, change: Partial<Listed> = {}): Listed => ({
    recordId: `${cause}${on}`,
    cause,
    decidedOn: day(on),
    docNo: '1号',
    authorityName: '市场监管局',
    removedOn: null,
    lastKind: null,
    lastFrom: null,
    ...change,
  })
  const today = day('2026-11-23')
  const lost = entry('unreachable', '2026-03-02')
  it.each<[string, Listed[], CandidateRule, string | null]>([
    [
      'two consecutive years',
      [entry('annual_report', '2025-07-08'), entry('annual_report', '2026-07-08'), lost],
      rule,
      'consecutive_years',
    ],
    [
      'two years with one between',
      [entry('annual_report', '2024-12-08'), entry('annual_report', '2026-07-08'), lost],
      { ...rule, standing: false },
      null,
    ],
    ['one entry that has stood for two years', [entry('annual_report', '2024-11-23'), lost], rule, 'standing'],
    ['a day short of two years', [entry('annual_report', '2024-11-24'), lost], rule, null],
    [
      'one entry, where that is not enough',
      [entry('annual_report', '2022-07-08'), lost],
      { ...rule, standing: false },
      null,
    ],
    ['reachable', [entry('annual_report', '2025-07-08'), entry('annual_report', '2026-07-08')], rule, null],
    ['reports filed', [lost], rule, null],
    [
      'taken off the list',
      [
        entry('annual_report', '2025-07-08'),
        entry('annual_report', '2026-07-08', { lastKind: 'repaired', lastFrom: day('2026-09-01') }),
        lost,
      ],
      { ...rule, standing: false },
      null,
    ],
    [
      'three years asked for, two there',
      [entry('annual_report', '2025-07-08'), entry('annual_report', '2026-07-08'), lost],
      { ...rule, years: 3 },
      null,
    ],
  ])('%s', (_, entries, by, expected) => {
    expect(provenBy(entries, by, today)?.proof ?? null).toBe(expected)
  })
  it('stands on the list until it is taken off, and again when that was revoked', () => {
    expect(stillListed(entry('unreachable', '2026-03-02', { removedOn: day('2026-11-23') }), today)).toBe(false)
    expect(stillListed(entry('unreachable', '2026-03-02', { removedOn: day('2026-11-24') }), today)).toBe(true)
    expect(stillListed(entry('unreachable', '2026-03-02', { lastKind: 'revoked', lastFrom: today }), today)).toBe(true)
    expect(stillListed(entry('unreachable', '2026-12-02'), today)).toBe(false)
  })
})

describe('ratings', () => {
  it('are of what was decided', () => {
    for (const state of ['granted', 'refused', 'not_accepted', 'ended_forged']) expect(mayRate(state).ok).toBe(true)
    for (const state of ['draft', 'received', 'withdrawn', 'lapsed']) expect(mayRate(state).ok).toBe(false)
  })
  it('have reasons that go with the points', () => {
    expect(ratingFits(2, [])).toMatchObject({ ok: false })
    expect(ratingFits(3, ['fast', 'slow'])).toMatchObject({ ok: true })
    expect(ratingFits(5, ['slow'])).toMatchObject({ ok: false })
    expect(ratingFits(4, [])).toMatchObject({ ok: true })
  })
  it('need a reply where they are low, within the term where one is set', () => {
    const rule = { atMost: 2, workdays: 5 }
    expect([1, 2, 3].map((n) => needsReply(rule, n))).toEqual([true, true, false])
    // Tuesday 29 September, five working days: the National Day holiday lies between.
    expect(replyDue(policy, rule, 1, day('2026-09-29'))).toBe('2026-10-12')
    expect(replyDue(policy, rule, 3, day('2026-09-29'))).toBeNull()
    expect(replyDue(policy, { ...rule, workdays: null }, 1, day('2026-09-29'))).toBeNull()
  })
})

describe('what is counted of an item', () => {
  const item: ItemRow = {
    subjectId: 's',
    itemId: 'i',
    recordId: 'r',
    kind: 'repair',
    recordItem: 'penalty',
    system: 'credit_china',
    authorityId: 'a',
    authorityName: '单位',
    reviewerId: 'office',
    reviewerName: '信用办',
    division: '440106',
    submittedOn: day('2026-10-12'),
  }
  const facts = factsOf({ item: 'penalty', decidedOn: day('2026-05-06'), publishedOn: day('2026-05-06') })
  let n = 0
  const act = (action: string, from: string, to: string, on: string): ActRow => ({
    itemId: 'i',
    id: String((n += 1)),
    action,
    from,
    to,
    at: `${on}T02:00:00.000Z` as ActRow['at'],
    on: day(on),
    conditions: [],
    rules: 'ndrc-36@2026-04-01',
  })
  const told = (acts: ActRow[], of: ItemRow = item) =>
    entriesOf(of, acts, facts, policy).map((e) => [e.what, e.workdays, e.term, e.lateBy, e.total])

  it('the clock stands still while the applicant mends, and an extension moves its end', () => {
    expect(
      told([
        act('submit', 'draft', 'received', '2026-10-12'),
        act('ask_once', 'received', 'mending', '2026-10-14'),
        act('mend', 'mending', 'received', '2026-10-26'),
        act('accept', 'received', 'accepted', '2026-10-28'),
        act('propose', 'accepted', 'accepted', '2026-10-29'),
        act('extend', 'accepted', 'accepted', '2026-10-30'),
        act('grant', 'accepted', 'granted', '2026-11-18'),
        act('revoke', 'granted', 'revoked', '2026-12-01'),
      ]),
    ).toEqual([
      ['received', null, null, null, null],
      // One day before the notice, two after the mending.
      ['accepted', 3, 3, 0, null],
      // 15 working days of 7 + 10.
      ['granted', 15, 17, 0, 18],
      ['revoked', null, null, null, null],
    ])
  })
  it('a first review counts for the office that made it', () => {
    const before = { ...item, submittedOn: day('2025-03-03') }
    const acts = [
      act('submit_to_review', 'draft', 'first_review', '2025-03-03'),
      act('pass', 'first_review', 'received', '2025-03-06'),
      act('withdraw', 'received', 'withdrawn', '2025-03-07'),
    ]
    const entries = entriesOf(before, acts, facts, policy)
    expect(entries.map((e) => [e.what, e.authorityId])).toEqual([
      ['received', 'a'],
      ['passed', 'office'],
      ['withdrawn', 'a'],
    ])
    expect(entries[1]).toMatchObject({ workdays: 3, term: 1, lateBy: 2 })
    expect(entries[2]).toMatchObject({ workdays: null, lateBy: null, total: 4 })
  })
  it('what lapses has used no term of the authority', () => {
    expect(
      told([
        act('submit', 'draft', 'received', '2026-10-12'),
        act('ask_once', 'received', 'mending', '2026-10-13'),
        act('lapse', 'mending', 'lapsed', '2026-12-14'),
      ]).at(-1),
    ).toEqual(['lapsed', null, null, null, 0])
  })
  it('what another platform decides is counted there: here it was passed on, once, or came back', () => {
    const away = [
      act('submit', 'draft', 'received', '2026-10-12'),
      act('pass_on', 'received', 'passed_on', '2026-10-13'),
      act('ask_there', 'passed_on', 'mending', '2026-10-14'),
      act('mend', 'mending', 'received', '2026-10-15'),
      act('pass_on', 'received', 'passed_on', '2026-10-15'),
    ]
    const whats = (acts: ActRow[]) => told(acts).map((e) => e[0])
    const ended = [
      act('grant_there', 'passed_on', 'granted', '2026-10-20'),
      act('revoke_there', 'granted', 'revoked', '2026-11-20'),
    ]
    expect(whats([...away, ...ended])).toEqual(['received', 'passed_on'])
    expect(whats([...away.slice(0, 3), act('withdraw', 'mending', 'withdrawn', '2026-10-16')])).toEqual([
      'received',
      'passed_on',
    ])
    // The days away are not this authority's.
    expect(
      told([
        ...away,
        act('come_back', 'passed_on', 'received', '2026-10-30'),
        act('accept', 'received', 'accepted', '2026-11-02'),
      ]),
    ).toEqual([
      ['received', null, null, null, null],
      ['passed_on', null, null, null, null],
      ['came_back', null, null, null, null],
      ['accepted', 1, 3, 0, null],
    ])
  })
  it('a shield has a term of its own', () => {
    const entries = entriesOf(
      { ...item, kind: 'shield' },
      [
        act('submit', 'draft', 'received', '2026-10-12'),
        act('shield', 'received', 'shielded', '2026-10-30'),
        act('restore', 'shielded', 'restored', '2026-11-20'),
      ],
      facts,
      policy,
    )
    expect(entries.map((e) => [e.what, e.workdays, e.term, e.lateBy])).toEqual([
      ['received', null, null, null],
      ['shielded', 14, 10, 4],
      ['restored', null, null, null],
    ])
  })
})

it('figures add up, and nothing is divided by nothing', () => {
  const formulas = formulasOn(policy, day('2026-11-30'))!.value
  expect(figuresOf([], formulas, WHATS)).toMatchObject({
    success: { share: null },
    average: null,
    longest: null,
    late: 0,
  })
  const of = (what: 'granted' | 'refused' | 'lapsed', n: number) => ({
    what,
    n,
    late: 1,
    timed: n,
    workdays: 3 * n,
    longest: 5,
    total: 4 * n,
  })
  expect(figuresOf([of('granted', 3), of('refused', 1), of('lapsed', 2)], formulas, WHATS)).toMatchObject({
    success: { numerator: 3, denominator: 4, share: 0.75 },
    abnormal: 2,
    late: 3,
    average: 3,
    longest: 5,
  })
})
