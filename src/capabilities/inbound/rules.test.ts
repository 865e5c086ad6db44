import { describe, expect, it } from 'vitest'
import { type Instant, dayOf } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { PEER_KINDS } from '../exchange/words.ts'
import { moves } from './states.ts'
import {
  channelFor,
  endingFor,
  isOlder,
  liesAhead,
  mayEnd,
  nextTry,
  parseMessage,
  reopeningOf,
  territoryOf,
  waitsUntil,
} from './rules.ts'
import { VERDICTS, VERDICT_CODES } from './words.ts'

const POLICY = loadPolicy('440100')
const NOW = '2026-11-22T02:00:00.000Z' as Instant
const event = (over: Record<string, unknown> = {}, data: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: 'e1',
  source: 'xinheng/440000',
  type: 'record.publish',
  subject: 'r1',
  time: '2026-11-20T10:00:00+08:00',
  data: {
    record: {
      item: 'penalty',
      subjectCode: null,
      subjectName: '甲',
      authority: '乙局',
      documentNumber: '1号',
      decidedOn: '2026-11-01',
    },
    after: { fields: {} },
    ...data,
  },
  ...over,
})

describe('a message', () => {
  it('is read with its time as an instant and what it is about', () => {
    expect(parseMessage(event())).toMatchObject({
      ok: true,
      message: { thing: 'r1', at: '2026-11-20T02:00:00.000Z', record: { about: { item: 'penalty' } } },
    })
    // Without a name of its own, what identifies a record everywhere stands for it.
    expect(parseMessage(event({ subject: undefined }))).toMatchObject({ message: { thing: 'penalty//1号' } })
  })
  it.each([
    ['specversion', event({ specversion: '0.3' })],
    ['time', event({ time: 'yesterday' })],
    ['time', event({ time: '2026-13-45T00:00:00Z' })],
    ['time', event({ time: '0000-01-01T00:00:00Z' })],
    ['time', event({ time: '9999-12-31T23:59:59-23:59' })],
    ['type', event({ type: 'Record Publish' })],
    ['data', event({ data: null })],
    ['data.after', event({}, { after: null })],
    ['data.record', event({}, { record: undefined })],
    ['data.after.shownUntil', event({}, { after: { fields: {}, shownUntil: '2026-02-30' } })],
    ['event', []],
    ['event', null],
  ])('says where it breaks the form: %s', (field, broken) => {
    expect(parseMessage(broken)).toEqual({ ok: false, field })
  })
  it('of another type carries whatever it carries', () => {
    expect(parseMessage(event({ type: 'case.passed_on', data: [1] }))).toMatchObject({
      ok: true,
      message: { record: null },
    })
  })
})

describe('order', () => {
  it.each([
    ['2026-11-20T02:00:00.000Z', null, false],
    ['2026-11-20T02:00:00.000Z', '2026-11-20T02:00:00.001Z', true],
    // As the database writes it; messages of one instant count as they come.
    ['2026-11-20T02:00:00.000Z', '2026-11-20 02:00:00+00', false],
    ['2026-11-21T02:00:00.000Z', '2026-11-20T02:00:00.000Z', false],
  ])('%s after %s is older: %s', (at, last, older) => expect(isOlder(at, last)).toBe(older))
  it('keeps a time out that lies ahead', () => {
    expect(liesAhead('2026-11-23T01:00:00.000Z' as Instant, NOW)).toBe(false)
    expect(liesAhead('2026-11-23T03:00:00.000Z' as Instant, NOW)).toBe(true)
  })
  it('waits longer each time, and for a record three days', () => {
    const minutes = [0, 1, 2, 3, 4, 5, 6, 60].map(
      (n) => (Date.parse(nextTry(POLICY, NOW, n)) - Date.parse(NOW)) / 60_000,
    )
    expect(minutes).toEqual([1, 5, 15, 60, 240, 1440, 1440, 1440])
    expect(waitsUntil(POLICY, '2026-11-20T02:00:00.000Z' as Instant)).toBe('2026-11-23T02:00:00.000Z')
  })
})

describe('territory', () => {
  const city = { ours: ['4401'], peer: '440000', outside: false }
  it.each([
    ['subject here', { ...city, subject: '440103', authority: null }, null],
    ['authority here, subject elsewhere', { ...city, subject: '440303', authority: '440106' }, null],
    ['both elsewhere', { ...city, subject: '440303', authority: '440300' }, 'outside_ours'],
    ['both elsewhere, as agreed', { ...city, outside: true, subject: '440303', authority: null }, null],
    ['outside the peer', { ...city, peer: '440106', subject: '440103', authority: '440100' }, 'outside_peer'],
    ['outside the peer, agreed or not', { ...city, outside: true, subject: '510104', authority: null }, 'outside_peer'],
    ['nothing known', { ...city, subject: null, authority: null }, 'outside_peer'],
  ] as const)('%s', (_, places, verdict) => expect(territoryOf(places)).toBe(verdict))
})

describe('who may take a record down', () => {
  it('whoever it came from, for any reason', () => {
    for (const kind of PEER_KINDS)
      expect(mayEnd(POLICY, dayOf(NOW), { kind, source: 'this_peer', by: 'annulled' })).toBe(true)
  })
  it.each([
    ['upper_platform', ['repaired', 'shielded']],
    ['lower_platform', ['repaired', 'shielded']],
    ['publicity_system', ['repaired', 'delisted', 'deregistered']],
    ['authority_portal', []],
    ['service_platform', []],
    ['third_party', []],
  ] as const)('of what others decided, %s: %j', (kind, reasons) => {
    const all = ['repaired', 'annulled', 'shielded', 'deregistered', 'delisted', 'withheld'] as const
    expect(all.filter((r) => mayEnd(POLICY, dayOf(NOW), { kind, source: 'elsewhere', by: r })).toSorted()).toEqual(
      reasons.toSorted(),
    )
  })
  it('and what follows from the reason', () => {
    expect(['repaired', 'annulled', 'rule_change', null, 'nonsense'].map(endingFor)).toEqual([
      'repaired',
      'annulled',
      'withheld',
      'withheld',
      'withheld',
    ])
    expect(channelFor('repaired', 'necips')).toBeNull()
    expect(channelFor('withheld', 'necips')).toBe('necips')
    const ended = (by: 'repaired' | 'withheld' | 'delisted') => ({ by, on: '2026-11-01' as never, disposition: null })
    expect([null, ended('withheld'), ended('repaired'), ended('delisted')].map(reopeningOf)).toEqual([
      null,
      'restored',
      'revoked',
      null,
    ])
  })
})

describe('words', () => {
  it('say of every verdict why, and of what is not accepted what to do, in both languages', () => {
    for (const code of VERDICT_CODES) {
      const { reason, mend } = VERDICTS[code]
      expect(reason.zh, code).toMatch(/[。}]$/)
      expect(reason.en, code).toMatch(/[.}]$/)
      expect(mend.zh === '', code).toBe(mend.en === '')
    }
  })
  it('people act only on what waits', () => expect(new Set(moves.map((m) => m.from))).toEqual(new Set(['pending'])))
})
