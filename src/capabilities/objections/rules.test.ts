import { describe, expect, it } from 'vitest'
import type { Decision } from '../../kernel/decision.ts'
import { day } from '../../kernel/time.ts'
import { type RecordFacts, type Window, windowsOf } from '../../kernel/window.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import type { CorrectionAsk } from './contract.ts'
import { dueOf, extendClock, handlingDays, isLate, levelsDue, startClock } from './rules.clock.ts'
import { factsAfter, readCorrection } from './rules.fields.ts'
import {
  carryOutTerm,
  decidedInTime,
  escalationLevels,
  groundsFor,
  groundsHere,
  marksPending,
  mayDecide,
  mayExtend,
  mayHandIn,
  mayRaise,
  mayStop,
  mostExtension,
  ownMotionHere,
  pushTerm,
  reportRules,
  verifyTerm,
} from './rules.ts'
import { GROUNDS, type Ground, RECORD_GROUNDS } from './words.ts'

const guangzhou = loadPolicy('440100')
const ankang = loadPolicy('610900')
const hebei = loadPolicy('130000')
const today = day('2026-11-23')
const codes = (d: Decision<unknown>): string[] => (d.ok ? [] : d.refusals.map((r) => r.code))
const facts = (more: Partial<RecordFacts> = {}): RecordFacts => ({
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-06'),
  publishedOn: day('2026-05-08'),
  procedure: 'ordinary',
  penaltyKinds: ['fine'],
  fineYuan: 20_000,
  discretion: null,
  field: null,
  fineTier: null,
  sectorClass: 'general',
  minorPublished: null,
  termEndsOn: null,
  list: null,
  listCause: null,
  repeatOffender: null,
  ...more,
})
const record = { refused: null, shown: true, annulled: false } as const

describe('which grounds are known where', () => {
  const FIVE_AND_TWO = [...RECORD_GROUNDS, 'not_accepted', 'not_granted']
  it.each([
    ['Guangzhou, GZ24 二(七) with Order 36 art. 18', guangzhou, FIVE_AND_TWO],
    ['Hebei, HB21 二(四)13 with Order 36 art. 18', hebei, FIVE_AND_TWO],
    ['elsewhere, Order 36 art. 18 “and other” cases', ankang, FIVE_AND_TWO],
  ])('%s', (_, policy, grounds) => expect(groundsHere(policy, today).grounds).toEqual(grounds))
  it('before Order 36 there is nothing to say about refusals of a repair', () =>
    expect(groundsHere(ankang, day('2026-03-31')).grounds).toEqual([...RECORD_GROUNDS]))
  it('names the article with which it knows them', () =>
    expect(groundsHere(guangzhou, today).row).toMatchObject({ article: '二（七）' }))
})

describe('may it be raised (Order 36 art. 18)', () => {
  const refused = { refused: 'refused', shown: true, annulled: false } as const
  const notAccepted = { refused: 'not_accepted', shown: true, annulled: false } as const
  it.each<[string, Ground, Parameters<typeof mayRaise>[1], string[]]>([
    ['wrong content of a record', 'wrong_content', record, []],
    ['wrong content though it is not shown', 'wrong_content', { ...record, shown: false }, []],
    ['double display of what is shown', 'double_publicity', record, []],
    ['double display of what is not shown', 'double_publicity', { ...record, shown: false }, ['NOT_SHOWN_NOW']],
    ['too long, of what is not shown', 'shown_too_long', { ...record, shown: false }, ['NOT_SHOWN_NOW']],
    [
      'should not be shown, of what is not shown',
      'should_not_be_shown',
      { ...record, shown: false },
      ['NOT_SHOWN_NOW'],
    ],
    ['the period of what is not shown yet', 'wrong_period', { ...record, shown: false }, []],
    ['a refusal', 'not_granted', refused, []],
    ['a refusal, as if not accepted', 'not_accepted', refused, ['GROUND_MISFITS']],
    ['a non-acceptance', 'not_accepted', notAccepted, []],
    ['a record as if it were a refusal', 'not_granted', record, ['GROUND_MISFITS']],
    ['a refusal as if it were the record', 'wrong_content', refused, ['GROUND_MISFITS']],
    ['what was taken back', 'wrong_content', { ...record, annulled: true }, ['RECORD_TAKEN_BACK']],
  ])('%s', (_, ground, target, refusals) => expect(codes(mayRaise(ground, target, guangzhou, today))).toEqual(refusals))
  it('GROUND_NOT_HERE where the pack does not know it', () =>
    expect(codes(mayRaise('not_granted', refused, ankang, day('2026-03-31')))).toEqual(['GROUND_NOT_HERE']))
  it('offers what fits', () => {
    expect(groundsFor(record, guangzhou, today)).toEqual([...RECORD_GROUNDS])
    expect(groundsFor(refused, guangzhou, today)).toEqual(['not_granted'])
    expect(groundsFor({ ...record, annulled: true }, guangzhou, today)).toEqual([])
  })
  it('says something', () => {
    expect(codes(mayHandIn('  有误 ', 5))).toEqual(['STATEMENT_MISSING'])
    expect(codes(mayHandIn('金额写错了', 5))).toEqual([])
  })
})

describe('terms', () => {
  it('Order 36 art. 18: passed on within one working day, checked within seven', () => {
    expect(pushTerm(guangzhou, today)).toMatchObject({ workdays: 1, article: '第十八条' })
    expect(verifyTerm(guangzhou, facts(), today)).toMatchObject({ workdays: 7, article: '第十八条' })
    expect(verifyTerm(guangzhou, null, today)).toMatchObject({ workdays: 7 })
  })
  it('Administrative Penalty Law art. 48: withdrawn within three working days', () =>
    expect(carryOutTerm(guangzhou, today)).toMatchObject({ workdays: 3, article: '第四十八条、第八十五条' }))
  it.each([
    ['Friday to Monday', '2026-11-20', '2026-11-23'],
    ['over the National Day', '2026-09-30', '2026-10-08'],
    ['within the week', '2026-11-23', '2026-11-24'],
  ])('one working day %s', (_, from, to) => {
    const clock = startClock('push', pushTerm(guangzhou, today), day(from))
    expect(dueOf(clock, guangzhou)).toEqual({ dueOn: to, dueProvisional: false })
  })
  it('seven working days, and five more announced beforehand', () => {
    const clock = startClock('verify', verifyTerm(guangzhou, facts(), today), today)!
    expect(dueOf(clock, guangzhou).dueOn).toBe('2026-12-02')
    expect(dueOf(extendClock(clock, 5), guangzhou).dueOn).toBe('2026-12-09')
  })
  it('the last day is in time, the day after is late', () => {
    expect(isLate(day('2026-12-02'), day('2026-12-02'))).toBe(false)
    expect(isLate(day('2026-12-02'), day('2026-12-03'))).toBe(true)
    expect(decidedInTime(day('2026-12-02'), day('2026-12-02'), guangzhou)).toBe(true)
    expect(decidedInTime(day('2026-12-02'), day('2026-12-03'), guangzhou)).toBe(false)
    // Due on a Friday and decided on the Sunday: no working day has passed.
    expect(decidedInTime(day('2026-12-04'), day('2026-12-06'), guangzhou)).toBe(true)
    expect(decidedInTime(null, today, guangzhou)).toBe(true)
  })
  it('handling is counted in working days from the day after', () => {
    expect(handlingDays(guangzhou, today, today)).toBe(0)
    expect(handlingDays(guangzhou, day('2026-11-20'), day('2026-11-24'))).toBe(2)
  })
  it('a year without a calendar is said to be provisional', () => {
    const clock = startClock('verify', verifyTerm(guangzhou, facts(), today), day('2026-12-30'))
    expect(dueOf(clock, guangzhou).dueProvisional).toBe(true)
  })
  it('no term starts no clock', () => expect(startClock('push', null, today)).toBeNull())
})

describe('extension (Order 36 art. 18: announced beforehand)', () => {
  const of = (extra: number, dueOn = day('2026-12-02')) => ({ clock: { extra }, dueOn, article: '第十八条' })
  it.each([
    ['once', of(0), 5, []],
    ['as long as the pack allows', of(0), 10, []],
    ['longer', of(0), 11, ['EXTENSION_TOO_LONG']],
    ['twice', of(5), 1, ['EXTENDED_BEFORE']],
    ['on the last day', of(0, today), 1, []],
    ['afterwards', of(0, day('2026-11-20')), 1, ['EXTENSION_TOO_LATE']],
  ])('%s', (_, row, workdays, refusals) =>
    expect(codes(mayExtend(row, workdays, mostExtension(guangzhou, today), today))).toEqual(refusals),
  )
})

describe('who hears of what is late', () => {
  const levels = escalationLevels(guangzhou, today)
  const heard = (due: string, on: string) => levelsDue(levels, day(due), day(on), guangzhou).map((l) => l.level)
  it.each([
    ['on the day', '2026-12-02', '2026-12-02', []],
    ['the day after: the head', '2026-12-02', '2026-12-03', ['head']],
    ['two working days after: the credit office too', '2026-12-02', '2026-12-04', ['head', 'credit_office']],
    ['over a weekend: only the head', '2026-12-04', '2026-12-06', ['head']],
  ])('%s', (_, due, on, expected) => expect(heard(due, on)).toEqual(expected))
})

describe('switches of the pack', () => {
  it('marks by default, since Order 36 does not say', () => {
    expect(marksPending(guangzhou, today)).toBe(true)
    expect(marksPending({ settings: [] }, today)).toBe(true)
    const row = guangzhou.settings.find((s) => s.key === 'mark_pending_objection')!
    expect(marksPending({ settings: [{ ...row, value: false }] }, today)).toBe(false)
  })
  it('own motion (GZ24 二(七))', () => {
    expect(ownMotionHere(guangzhou, today)).toBe(true)
    expect(ownMotionHere(ankang, today)).toBe(true)
    expect(ownMotionHere({ settings: [] }, today)).toBe(false)
  })
  it('reports before login', () => expect(reportRules(guangzhou, today)).toEqual({ perDay: 5, workdays: 3 }))
})

describe('what may be decided', () => {
  const annul: CorrectionAsk = { does: 'annul', cause: 'reported_twice' }
  const stop: CorrectionAsk = { does: 'stop_showing', from: '2026-11-23', channel: null }
  const correct: CorrectionAsk = { does: 'correct', fields: { fine: '1' } }
  const reopen: CorrectionAsk = { does: 'reopen' }
  it.each<[Ground, CorrectionAsk | null, string[]]>([
    ['wrong_content', correct, []],
    ['wrong_content', annul, []],
    ['wrong_content', stop, ['CORRECTION_MISFITS']],
    ['omission', correct, []],
    ['double_publicity', annul, []],
    ['double_publicity', correct, ['CORRECTION_MISFITS']],
    ['should_not_be_shown', stop, []],
    ['shown_too_long', stop, []],
    ['wrong_period', correct, []],
    ['not_accepted', reopen, []],
    ['not_granted', annul, ['CORRECTION_MISFITS']],
    ['not_granted', null, ['CORRECTION_MISSING']],
  ])('%s with %o', (ground, ask, refusals) => {
    expect(codes(mayDecide(ground, 'upheld', ask))).toEqual(refusals)
    expect(codes(mayDecide(ground, 'partly_upheld', ask))).toEqual(refusals)
  })
  it('a rejection corrects nothing', () => {
    for (const ground of GROUNDS) expect(codes(mayDecide(ground, 'rejected', null))).toEqual([])
    expect(codes(mayDecide('wrong_content', 'rejected', correct))).toEqual(['CORRECTION_NEEDLESS'])
  })
})

describe('from which day it is not shown (C2, Order 36 art. 12: neither longer nor shorter than allowed)', () => {
  // General: shown from 8 May, repairable from 6 August, gone on 6 May of the next year.
  const windows = windowsOf(facts(), guangzhou)
  const stop = (ground: Ground, from: string, on = today) =>
    mayStop(ground, windows, { from: day(from), channel: 'credit_china' }, on)
  it('from today on', () => expect(stop('shown_too_long', '2026-11-23')).toEqual({ ok: true, value: today }))
  it('a day gone by counts as today: what was shown was shown', () =>
    expect(stop('shown_too_long', '2026-10-01')).toEqual({ ok: true, value: today }))
  it('a day before its end', () =>
    expect(stop('wrong_period', '2027-01-01')).toEqual({ ok: true, value: '2027-01-01' }))
  it('STOP_DAY_WRONG on the day on which it ends anyway, or later', () => {
    expect(codes(stop('shown_too_long', '2027-05-06'))).toEqual(['STOP_DAY_WRONG'])
    expect(codes(stop('shown_too_long', '2030-01-01'))).toEqual(['STOP_DAY_WRONG'])
  })
  it('STOP_DAY_WRONG once it is over', () =>
    expect(codes(stop('shown_too_long', '2027-06-01', day('2027-06-01')))).toEqual(['STOP_DAY_WRONG']))
  it('STOP_TOO_EARLY where only the length is argued and the shortest period is not over', () => {
    const on = day('2026-06-01')
    expect(codes(stop('shown_too_long', '2026-06-01', on))).toEqual(['STOP_TOO_EARLY'])
    expect(codes(stop('wrong_period', '2026-07-01', on))).toEqual(['STOP_TOO_EARLY'])
    expect(codes(stop('should_not_be_shown', '2026-06-01', on))).toEqual([])
  })
  it('of what has no end, any day', () => {
    const open = windows.map((w): Window => ({ ...w, until: null }))
    expect(mayStop('should_not_be_shown', open, { from: day('2040-01-01'), channel: null }, today).ok).toBe(true)
  })
})

describe('fields that are put right', () => {
  const item = guangzhou.catalog.find((c) => c.code === 'penalty')!
  const held = {
    doc_no: '穗罚〔2026〕1号',
    fine: '0.2',
    content: '罚款',
    penalty_kinds: ['fine'],
    decided_on: '2026-05-06',
  }
  const read = (fields: Record<string, string | string[] | null>) => readCorrection(item, held, fields)
  it('takes what differs', () => {
    expect(read({ fine: '0.10', content: '罚款' })).toEqual({ ok: true, value: { fine: '0.1' } })
    expect(read({ penalty_kinds: ['fine', 'warning'] }).ok).toBe(true)
  })
  it.each([
    ['nothing', {}, ['NOTHING_CHANGES']],
    ['the same', { fine: '0.2' }, ['NOTHING_CHANGES']],
    ['the same amount written longer', { fine: '0.200' }, ['NOTHING_CHANGES']],
    ['another subject', { subject_name: '某某公司' }, ['FIELD_NOT_CORRECTABLE']],
    ['another authority', { authority_name: '某某局' }, ['FIELD_NOT_CORRECTABLE']],
    ['a code', { uscc: '91440101MA5000000X' }, ['FIELD_NOT_CORRECTABLE']],
    ['an unknown field', { nonsense: 'x' }, ['FIELD_NOT_CORRECTABLE']],
    ['a prototype key', { __proto__x: 'x', constructor: 'x' }, ['FIELD_NOT_CORRECTABLE', 'FIELD_NOT_CORRECTABLE']],
    ['no day', { decided_on: '2026-02-30' }, ['FIELD_VALUE_WRONG']],
    ['no amount', { fine: '两千' }, ['FIELD_VALUE_WRONG']],
    ['a negative amount', { fine: '-1' }, ['FIELD_VALUE_WRONG']],
    ['no such choice', { penalty_kinds: ['flogging'] }, ['FIELD_VALUE_WRONG']],
    ['an emptied field that has to be there', { content: ' ' }, ['FIELD_VALUE_WRONG']],
    ['a person’s number in a text', { facts: '110101199003074530' }, ['FIELD_VALUE_WRONG']],
    ['several at once', { fine: 'x', decided_on: 'x' }, ['FIELD_VALUE_WRONG', 'FIELD_VALUE_WRONG']],
  ])('refuses %s', (_, fields, refusals) => expect(codes(read(fields))).toEqual(refusals))
  it('the rules know it: amount in yuan, kinds by their meaning, the day', () => {
    const after = factsAfter(facts(), { fine: '12.5', decided_on: '2026-06-01', sector_class: null }, item, [])
    expect(after).toMatchObject({
      fineYuan: 125_000,
      decidedOn: '2026-06-01',
      sectorClass: null,
      procedure: 'ordinary',
    })
    const [kind] = item.fields.find((f) => f.key === 'penalty_kinds')!.choices
    expect(factsAfter(facts(), { penalty_kinds: [kind!.code] }, item, []).penaltyKinds).toEqual([
      kind!.means ?? kind!.code,
    ])
  })
})
