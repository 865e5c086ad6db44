import { describe, expect, it } from 'vitest'
import { Refused } from './decision.ts'
import { encodeCursor, isUuid, keyIn, pageOf, readCursor } from './page.ts'

const ID = '0198c1d2-3e4f-7a5b-8c6d-7e8f90a1b2c3'
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const DASHES = '-'.repeat(36)
type Parts = Parameters<typeof keyIn> extends [string, ...infer P] ? P : never
/** Whatever a caller can write, also what no list of ours would. */
const written = (json: string): string => Buffer.from(json).toString('base64url')
const made = (value: unknown): string => written(JSON.stringify(value))

const GOOD: [Parts, (string | number)[]][] = [
  [['text'], ['']],
  [['text'], ['天河区𠮷']],
  [['uuid'], [ID]],
  [['uuid'], [LAST]],
  [['day'], ['2026-02-28']],
  [['day'], ['2024-02-29']],
  [['instant'], ['2026-11-22T02:00:00.123Z']],
  [['instant'], ['2026-11-22 02:00:00.123456+00']],
  [['instant'], ['2026-11-22 10:00:00+08']],
  [['instant'], ['2026-11-22 02:00:00-03:30']],
  [['integer'], [0]],
  [['integer'], [2147483647]],
  [['number'], [Number.MAX_SAFE_INTEGER]],
  [
    ['day', 'uuid', 'text'],
    ['2026-11-01', ID, 'penalty'],
  ],
  [
    ['integer', 'text', 'uuid'],
    [1, '广州甲', ID],
  ],
]

const HOSTILE: Record<Parts[number], unknown[]> = {
  text: ['a\0b', '\0', '\ud800', 'x\udc00y', 1, null, {}, [], true],
  uuid: [DASHES, '', ID.toUpperCase(), `${ID} `, `{${ID}}`, ID.replaceAll('-', ''), `${ID}\n`, 1, null, { id: ID }],
  day: [
    '2026-13-45',
    '2026-02-29',
    '2026-00-01',
    '0000-01-01',
    '2026-1-1',
    '+002026-01-01',
    '20260101',
    '2026-01-01\n',
    'infinity',
    'today',
    '',
    20260101,
    null,
  ],
  instant: [
    '2026-13-45T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+99',
    '2026-01-01T00:00:00+15:60',
    '+275760-09-13T00:00:00.000Z',
    'Sun Nov 22 2026',
    '1',
    'now',
    '',
    0,
    null,
  ],
  integer: [-1, 2147483648, 1.5, 1e300, '1', '', null, true, {}, [1]],
  number: [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, 1e300, '1', null, [], {}],
}

/** Not one of them is a key of one text. */
const NO_CURSORS: [string, string][] = [
  ['not base64', '%%%'],
  ['not base64 either', '游标'],
  ['not JSON', written('nonsense')],
  ['not a list', made({ 0: 'a', length: 1 })],
  ['a text', made('a')],
  ['null', made(null)],
  ['NaN', written('[NaN]')],
  ['an empty list', made([])],
  ['too long a list', made(['a', 'b'])],
  ['bytes that are no UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]).toString('base64url')],
  ['a list in a list', made([['a']])],
]

const codesOf = (read: () => unknown): string[] => {
  try {
    read()
  } catch (error) {
    if (error instanceof Refused) return error.refusals.map((r) => r.code)
    throw error
  }
  return []
}

describe('a cursor', () => {
  for (const [parts, key] of GOOD)
    it(`brings back ${parts.join(', ')}: ${key.join(', ')}`, () => {
      expect(readCursor(encodeCursor(key), ...parts)).toEqual(key)
    })
  for (const [part, values] of Object.entries(HOSTILE) as [Parts[number], unknown[]][])
    for (const value of values)
      it(`is refused where ${part} is ${JSON.stringify(value)}`, () => {
        expect(codesOf(() => readCursor(made([value]), part))).toEqual(['BAD_CURSOR'])
        expect(codesOf(() => readCursor(made([ID, value]), 'uuid', part))).toEqual(['BAD_CURSOR'])
        expect(keyIn(made([value]), part)).toBeNull()
      })
  for (const [what, cursor] of NO_CURSORS)
    it(`is refused when it is ${what}`, () => {
      expect(codesOf(() => readCursor(cursor, 'text'))).toEqual(['BAD_CURSOR'])
    })
  it('is refused with fewer or more parts than the list has', () => {
    expect(codesOf(() => readCursor(made([ID]), 'uuid', 'integer'))).toEqual(['BAD_CURSOR'])
    expect(codesOf(() => readCursor(made([ID, 1, 1]), 'uuid', 'integer'))).toEqual(['BAD_CURSOR'])
  })
  it('may be left out', () => {
    expect(readCursor(undefined, 'uuid')).toBeNull()
    expect(readCursor('', 'uuid')).toBeNull()
  })
})

it('knows an id when it sees one', () => {
  for (const id of [ID, LAST]) expect(isUuid(id)).toBe(true)
  for (const other of HOSTILE.uuid) expect(isUuid(other)).toBe(false)
})

it('cuts a list fetched with one row more to a page that names the next', () => {
  const page = pageOf([1, 2, 3], 2, (n) => [n])
  expect(page.rows).toEqual([1, 2])
  expect(readCursor(page.next ?? '', 'integer')).toEqual([2])
  expect(pageOf([1, 2], 2, (n) => [n])).toEqual({ rows: [1, 2], next: null })
})
