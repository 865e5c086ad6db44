import { describe, expect, it } from 'vitest'
import { type LocalDate, day } from '../../kernel/time.ts'
import {
  type Compared,
  type Handed,
  type Side,
  type There,
  byItself,
  differencesOf,
  fits,
  foundAgain,
  isDue,
  tallyOf,
} from './rules.ts'
import { DIFFERENCE_MOVES, DIFFERENCE_STATES } from './states.ts'
import { listPage, resultPage } from './rules.wire.ts'
import { CAUSES } from './words.ts'

const TODAY = day('2026-11-23')
const bounds = { today: TODAY, toleranceDays: 0 }
const d = (text: string): LocalDate => day(text)
const side = (over: Partial<Side> = {}): Side => ({
  from: d('2026-10-08'),
  until: d('2027-10-08'),
  end: null,
  class: 'general',
  article: '第九条',
  instrument: null,
  max: 'P1Y',
  ...over,
})
const there = (over: Partial<There> = {}): There => ({
  from: d('2026-10-08'),
  until: d('2027-10-08'),
  publishedOn: d('2026-10-08'),
  class: 'general',
  article: '第九条',
  version: 1,
  digest: null,
  ...over,
})
const handed = (over: Partial<Handed> = {}): Handed => ({
  version: 1,
  from: d('2026-10-08'),
  until: d('2027-10-08'),
  sentAt: '2026-10-08T01:00:00Z',
  deliveredAt: '2026-10-08T01:00:01Z',
  ackedAt: '2026-10-08T01:00:01Z',
  deadAt: null,
  outcome: 'applied',
  note: '',
  ...over,
})
const both = (over: Partial<Compared> = {}): Compared => ({
  held: true,
  site: side({ from: d('2026-10-05'), until: d('2027-10-05') }),
  due: side(),
  there: there(),
  version: 1,
  contentSame: true,
  handed: handed(),
  withdrawn: null,
  result: null,
  ...over,
})
const found = (over: Partial<Compared>, tolerance = 0): string[] =>
  differencesOf(both(over), { ...bounds, toleranceDays: tolerance }).map((f) => `${f.kind} ${f.cause}`)
const result = { eventId: 'e', type: 'publicity.repaired', on: TODAY }

describe('differences and their causes', () => {
  it('are none where each side shows what its own rules give', () => {
    expect(found({})).toEqual([])
    expect(found({ there: null, due: null, site: null })).toEqual([])
  })
  it.each([
    ['not sent', { handed: null }, 'not_sent'],
    ['on its way', { handed: handed({ deliveredAt: null, ackedAt: null, outcome: null }) }, 'not_sent'],
    ['given up', { handed: handed({ deadAt: 'x', ackedAt: null, outcome: null }) }, 'not_sent'],
    ['not answered', { handed: handed({ ackedAt: null, outcome: null }) }, 'not_acknowledged'],
    ['sent back', { handed: handed({ outcome: 'refused' }) }, 'refused_there'],
    ['taken, and gone', {}, 'unknown'],
    ['ended there, and we know', { result }, 'result_not_received'],
  ] as const)('here and not there: %s', (_, over, cause) => {
    expect(found({ there: null, ...over })).toEqual([`not_there ${cause}`])
  })
  it('tells what the two orders rule differently from a fault', () => {
    // Order 107 art. 7: three months there, Order 36: a year here.
    const over = side({ until: d('2026-11-23'), max: 'P3M', class: 'minor' })
    expect(found({ there: null, due: over })).toEqual(['not_there expired_there'])
    expect(found({ there: null, due: side({ from: null, until: null }) })).toEqual(['not_there rules_differ'])
    // On the abnormal list without a longest period there, at most three months here.
    expect(
      found({
        site: side({ from: null, until: null }),
        due: side({ until: null, max: null }),
        there: there({ until: null }),
      }),
    ).toEqual(['not_here rules_differ'])
    // Their own day of publication, from which the same year is counted.
    expect(
      found({ there: there({ from: d('2026-10-12'), publishedOn: d('2026-10-12'), until: d('2027-10-12') }) }),
    ).toEqual(['other_dates rules_differ'])
    expect(
      found({ there: there({ from: d('2026-10-12'), publishedOn: d('2026-10-12'), until: d('2028-10-12') }) }),
    ).toEqual(['other_dates unknown'])
  })
  it('there and not here: by how far our word has come', () => {
    const gone = {
      due: side({ from: d('2026-10-08'), until: TODAY, end: 'repaired' }),
      site: side({ until: TODAY, end: 'repaired' }),
    }
    expect(found(gone)).toEqual(['not_here not_sent'])
    expect(found({ ...gone, withdrawn: handed({ ackedAt: null, outcome: null }) })).toEqual([
      'not_here not_acknowledged',
    ])
    expect(found({ ...gone, withdrawn: handed({ outcome: 'refused' }) })).toEqual(['not_here refused_there'])
    expect(found({ ...gone, withdrawn: handed() })).toEqual(['not_here unknown'])
    expect(found({ held: false, site: null, due: null, handed: null })).toEqual(['not_here not_held'])
  })
  it('other dates and other content, each on its own', () => {
    expect(found({ there: there({ until: d('2027-10-09') }) })).toEqual(['other_dates unknown'])
    expect(found({ there: there({ until: d('2027-10-09') }) }, 1)).toEqual([])
    expect(found({ there: there({ until: null }) })).toEqual(['other_dates unknown'])
    expect(found({ there: there({ until: d('2027-10-09') }), handed: handed({ until: d('2027-10-09') }) })).toEqual([
      'other_dates not_sent',
    ])
    expect(found({ version: 2, contentSame: false })).toEqual(['other_content not_sent'])
    expect(
      found({ version: 2, contentSame: false, handed: handed({ version: 2, ackedAt: null, outcome: null }) }),
    ).toEqual(['other_content not_acknowledged'])
    expect(found({ contentSame: false })).toEqual(['other_content unknown'])
    expect(found({ contentSame: false, result })).toEqual(['other_content result_not_received'])
    expect(found({ contentSame: false, there: there({ until: null }) })).toHaveLength(2)
    // What it has from its own casework has nothing of ours to compare.
    expect(found({ contentSame: null, there: there({ version: null }) })).toEqual([])
  })
  it('count once in the statement', () => {
    expect(tallyOf([])).toBe('same')
    expect(tallyOf([{ kind: 'not_there', cause: 'expired_there' }])).toBe('ruled')
    expect(
      tallyOf([
        { kind: 'not_here', cause: 'rules_differ' },
        { kind: 'other_content', cause: 'unknown' },
      ]),
    ).toBe('differing')
  })
})

describe('what is done about them', () => {
  it('fits the cause', () => {
    const at = (cause: (typeof CAUSES)[number]) => ({
      cause,
      hasResult: cause === 'result_not_received',
      hasRecord: true,
    })
    for (const cause of CAUSES) expect(fits('settle', at(cause))).toBe(true)
    expect(CAUSES.filter((c) => fits('accept', at(c)))).toEqual(['expired_there', 'rules_differ'])
    expect(CAUSES.filter((c) => fits('take_in', at(c)))).toEqual(['result_not_received'])
    expect(CAUSES.filter((c) => fits('resend', at(c)))).toEqual([
      'not_sent',
      'not_acknowledged',
      'refused_there',
      'unknown',
    ])
    expect(CAUSES.map((c) => byItself(at(c), ['resend', 'take_in'])).filter((a) => a !== null)).toEqual([
      'resend',
      'resend',
      'take_in',
    ])
    expect(CAUSES.every((c) => byItself(at(c), []) === null)).toBe(true)
  })
  it('stands while nothing changes', () => {
    const held = { fingerprint: 'a', cause: 'unknown' as const }
    expect(foundAgain({ ...held, state: 'settled' }, held)).toBe('keep')
    expect(foundAgain({ ...held, state: 'settled' }, { ...held, fingerprint: 'b' })).toBe('find_again')
    expect(foundAgain({ ...held, state: 'under_way' }, held)).toBe('find_again')
    expect(foundAgain({ ...held, state: 'accepted' }, held)).toBe('find_again')
    expect(foundAgain({ ...held, state: 'accepted' }, { ...held, cause: 'rules_differ' })).toBe('keep')
  })
  it('ends closed from every state, once it is no longer found', () => {
    const from = DIFFERENCE_MOVES.filter((m) => m.action === 'vanish').map((m) => m.from)
    expect(from.toSorted()).toEqual(DIFFERENCE_STATES.filter((s) => s !== 'closed').toSorted())
  })
  it('is due from its hour on', () => {
    expect(isDue('2026-11-23T12:59:59Z', '2026-11-22T16:00:00Z', 21)).toBe(false)
    expect(isDue('2026-11-23T13:00:00Z', '2026-11-22T16:00:00Z', 21)).toBe(true)
  })
})

describe('what the other side sends', () => {
  const row = {
    item: 'penalty',
    subjectCode: '91440101MA59AAAA0X',
    subjectName: '甲',
    authority: '乙',
    documentNumber: '1',
    shownFrom: '2026-10-08',
  }
  const page = (over: object) =>
    listPage.safeParse({ day: '2026-11-23', total: 1, rows: [{ ...row, ...over }], next: null }).success
  it('is read as agreed, and refused otherwise', () => {
    expect(page({})).toBe(true)
    for (const bad of [
      { shownFrom: '2026-02-30' },
      { shownFrom: 'infinity' },
      { subjectCode: "x' or 1=1" },
      { documentNumber: 'a\u0000b' },
      { documentNumber: '\ud800' },
      { subjectName: '长'.repeat(201) },
      { version: 0 },
      { digest: 'zz' },
      { recordId: 'x' },
      { item: 'Penalty' },
    ])
      expect(page(bad), JSON.stringify(bad)).toBe(false)
    expect(listPage.safeParse([]).success).toBe(false)
    expect(resultPage.safeParse({ events: [{}], next: '1', more: false }).success).toBe(false)
  })
})
