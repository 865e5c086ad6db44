import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOfDay, knownOn, toldOn, windowsAsOf } from './replay.ts'
import { type Instant, type LocalDate, addDays, day, instant, startOf } from './time.ts'
import { type Disposition, type DispositionKind, type Restart, type Window, foldWindows, statusOn } from './window.ts'

const FIRST = day('2026-05-01')
const at = (n: number, hour = 10): Instant =>
  new Date(Date.parse(startOf(addDays(FIRST, n))) + hour * 3_600_000).toISOString() as Instant

const window = (until: LocalDate | null): Window => ({
  channel: 'credit_china',
  class: 'general',
  from: FIRST,
  earliest: addDays(FIRST, 20),
  until,
  repair: 'apply',
  end: null,
  rule: 'r',
  version: 'v',
  instrument: { zh: '令', en: 'Order' },
  article: '第九条',
  why: { zh: '因', en: 'why' },
  inputs: {},
})

const restart = (until: LocalDate | null): Restart => ({
  channel: 'credit_china',
  until,
  earliest: null,
  barredUntil: FIRST,
  restarted: true,
  rule: 'r',
  instrument: { zh: '令', en: 'Order' },
  article: '第十条',
})

const KINDS: DispositionKind[] = [
  'repaired',
  'annulled',
  'shielded',
  'restored',
  'reinstated',
  'revoked',
  'corrected',
  'disputed',
  'dispute_closed',
  'deregistered',
  'delisted',
  'withheld',
  'prolonged',
]
type Act = { kind: DispositionKind; day: number; hour: number; back: number; channel: boolean; length: number | null }
const acts = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    day: fc.nat(80),
    hour: fc.integer({ min: 0, max: 23 }),
    /** How many days before it was recorded it takes effect. */
    back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
    channel: fc.boolean(),
    length: fc.option(fc.nat(60), { nil: null }),
  }),
  { maxLength: 8 },
)
const dispositionsOf = (list: readonly Act[]): Disposition[] =>
  list
    .toSorted((a, b) => a.day - b.day || a.hour - b.hour)
    .map((a, n) => ({
      id: String(n),
      kind: a.kind,
      channel: a.channel ? ('credit_china' as const) : null,
      effectiveFrom: addDays(FIRST, a.day - a.back),
      // A moment apart, as they are written one after another.
      recordedAt: new Date(Date.parse(at(a.day, a.hour)) + n).toISOString() as Instant,
      reason: '',
      // Until when it is shown after a revocation or a prolongation, as the rules would have said.
      ...(a.kind === 'revoked' || a.kind === 'prolonged'
        ? { restart: [restart(a.length === null ? null : addDays(FIRST, a.day + a.length))] }
        : {}),
    }))
const spans = fc.option(fc.integer({ min: 1, max: 90 }), { nil: null })

const isShown = (w: Window | undefined, on: LocalDate) =>
  !!w && w.from !== null && w.from <= on && (w.until === null || on < w.until)

describe('replaying a past day', () => {
  it('gives what stood at the end of that day, whatever was recorded later', () => {
    fc.assert(
      fc.property(spans, acts, fc.nat(90), (length, list, n) => {
        const planned = [window(length === null ? null : addDays(FIRST, length))]
        const all = dispositionsOf(list)
        const on = addDays(FIRST, n)
        // What the platform held on that evening: folded act by act, as each was recorded.
        let evening = planned
        const before: Disposition[] = []
        for (const d of all) {
          if (d.recordedAt >= endOfDay(on)) break
          before.push(d)
          evening = foldWindows(evening, before)
        }
        const today = foldWindows(planned, all)
        expect(isShown(windowsAsOf(today, all, on)[0], on)).toBe(isShown(evening[0], on))
        const [then] = windowsAsOf(today, all, on)
        expect({ from: then?.from, until: then?.until, earliest: then?.earliest, end: then?.end }).toEqual({
          from: evening[0]?.from,
          until: evening[0]?.until,
          earliest: evening[0]?.earliest,
          end: evening[0]?.end,
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('and the status of that day, told in words, is the same', () => {
    fc.assert(
      fc.property(spans, acts, fc.nat(90), (length, list, n) => {
        const all = dispositionsOf(list)
        const on = addDays(FIRST, n)
        const today = foldWindows([window(length === null ? null : addDays(FIRST, length))], all)
        const told = statusOn(today, knownOn(all, on), on)[0]?.status === 'shown'
        expect(told).toBe(isShown(windowsAsOf(today, all, on)[0], on))
      }),
      { numRuns: 2000 },
    )
  })

  it('knows nothing of what came after midnight in Shanghai', () => {
    const d = (recordedAt: string) => ({ recordedAt: instant(recordedAt) })
    expect(knownOn([d('2026-05-04T15:59:59.999Z'), d('2026-05-04T16:00:00.000Z')], day('2026-05-04'))).toHaveLength(1)
    const told = [
      { recordedAt: instant('2026-05-02T02:00:00Z'), replacedAt: instant('2026-05-04T02:00:00Z'), says: 'first' },
      { recordedAt: instant('2026-05-04T02:00:00Z'), replacedAt: null, says: 'second' },
    ]
    expect(toldOn(told, day('2026-05-01'))).toBeNull()
    expect(toldOn(told, day('2026-05-03'))?.says).toBe('first')
    expect(toldOn(told, day('2026-05-04'))?.says).toBe('second')
  })
})
