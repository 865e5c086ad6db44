import { describe, expect, it } from 'vitest'
import { step } from '../../kernel/states.ts'
import { day } from '../../kernel/time.ts'
import { secretsFrom } from '../../platform/crypto.ts'
import { codeOf, grouped, readCode } from './codes.ts'
import { certificateTruth, endOf, letterTruth, readKeyword } from './rules.ts'
import { EFFECT_PARTS, type EffectView } from '../exchange/contract.ts'
import type { ReceiptHolder, ReceiptPart } from './contract.receipts.ts'
import { effectsOver, outcomeOf } from './rules.receipts.ts'
import { canonical } from './sign.ts'
import { CERTIFICATE_MOVES } from './states.ts'
import type { HolderMark } from './words.receipts.ts'

const secrets = secretsFrom(Buffer.alloc(32, 1))
const ID = '01a20274-67e8-75b1-895e-a199726e60d0'

describe('codes', () => {
  it('are the same for the same paper, and for no other', () => {
    const code = codeOf(secrets, 'letter', ID)
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
    expect(codeOf(secrets, 'letter', ID)).toBe(code)
    expect(codeOf(secrets, 'certificate', ID)).not.toBe(code)
    expect(codeOf(secretsFrom(Buffer.alloc(32, 2)), 'letter', ID)).not.toBe(code)
    expect(new Set(Array.from({ length: 2000 }, (_, n) => codeOf(secrets, 'letter', String(n)))).size).toBe(2000)
  })
  it('are read as people type them', () => {
    const code = codeOf(secrets, 'letter', ID)
    for (const typed of [grouped(code), grouped(code).toLowerCase(), ` ${code} `, grouped(code).replaceAll('-', '—')])
      expect(readCode(typed)).toBe(code)
    expect(readCode('oooo-iiii-llll-0000')).toBe('0000111111110000')
    expect(readCode('ＡＢＣＤＥＦＧＨ１２３４５６７８')).toBe('ABCDEFGH12345678')
    for (const wrong of ['', 'ABCD', 'U'.repeat(16), '0'.repeat(17), "' or 1=1 --    "])
      expect(readCode(wrong)).toBeNull()
  })
})

describe('what a paper is worth', () => {
  const since = day('2026-11-23')
  it.each([
    ['granted', 'granted', 'in_force'],
    ['granted', 'revoked', 'void'],
    ['shielded', 'shielded', 'in_force'],
    ['shielded', 'plan_completed', 'in_force'],
    ['shielded', 'restored', 'ended'],
    ['acceptance', 'refused', 'in_force'],
    ['refused', 'refused', 'in_force'],
    ['revoked', 'revoked', 'in_force'],
  ])('a letter “%s” of an item that is %s: %s', (kind, state, truth) => {
    expect(letterTruth(kind, { state, since }).truth).toBe(truth)
  })
  const now = { endedBy: null, itemState: 'granted', settled: false, thirdParty: '' }
  it.each([
    [{}, null],
    [{ settled: true }, 'all_updated'],
    [{ settled: true, thirdParty: '某网站' }, null],
    [{ endedBy: 'subject' as const }, 'subject'],
    [{ itemState: 'revoked' }, 'grant_gone'],
    [{ itemState: null }, 'grant_gone'],
    // What was withdrawn in good order is void too once the grant is gone.
    [{ endedBy: 'all_updated' as const, itemState: 'revoked' }, 'grant_gone'],
  ])('a certificate with %o ends by %s', (over, by) => {
    expect(endOf({ ...now, ...over })).toBe(by)
    expect(certificateTruth(by as null).truth).toBe(by === null ? 'in_force' : by === 'all_updated' ? 'ended' : 'void')
  })
  it('ends once, by whom the table names', () => {
    expect(step(CERTIFICATE_MOVES, 'valid', 'withdraw', ['enterprise'])).toMatchObject({ ok: true, value: 'withdrawn' })
    expect(step(CERTIFICATE_MOVES, 'valid', 'settle', ['platform'])).toMatchObject({ ok: true })
    expect(step(CERTIFICATE_MOVES, 'valid', 'void', ['enterprise'])).toMatchObject({ ok: false })
    for (const { action, by } of CERTIFICATE_MOVES)
      expect(step(CERTIFICATE_MOVES, 'withdrawn', action, by).ok).toBe(false)
  })
})

it('writes the facts in one way, whatever the order of their keys', () => {
  expect(canonical({ b: 1, a: [{ d: 2, c: '文' }] })).toBe(canonical({ a: [{ c: '文', d: 2 }], b: 1 }))
  expect(readKeyword('nothing here')).toBeNull()
})

describe('how a receipt ends', () => {
  const holder = (mark: HolderMark): ReceiptHolder => ({
    name: { zh: '某平台', en: 'A platform' },
    kind: 'third_party',
    mark,
    sentAt: null,
    acknowledgedAt: null,
    verifiedAt: null,
    takeDownBy: null,
  })
  const effects = (...states: EffectView['state'][]): EffectView[] =>
    EFFECT_PARTS.map((part, i) => ({ part, state: states[i]!, at: null, proof: { zh: '', en: '' } }))
  it.each<[string, Pick<ReceiptPart, 'holders' | 'effects'>[], string | null]>([
    ['not while one may still confirm', [{ holders: [holder('done'), holder('told')] }], null],
    ['whole, when all have confirmed', [{ holders: [holder('done')] }], 'all_acknowledged'],
    [
      'whole, when what was asked for is answered',
      [{ holders: [holder('done')], effects: effects('done', 'done', 'done', 'nobody') }],
      'all_acknowledged',
    ],
    [
      'with laggards, when somebody never answered',
      [{ holders: [holder('done')], effects: effects('done', 'done', 'late', 'nobody') }],
      'with_laggards',
    ],
    ['with laggards, when one is cut off', [{ holders: [holder('done'), holder('cut_off')] }], 'with_laggards'],
  ])('%s', (_, parts, outcome) => expect(outcomeOf(parts)).toBe(outcome))

  it('of several records each effect is as far as the one furthest behind', () => {
    const parts = [
      { effects: effects('done', 'done', 'nobody', 'nobody') },
      { effects: effects('done', 'late', 'under_way', 'nobody') },
      {},
    ]
    expect(effectsOver(parts).map((e) => e.state)).toEqual(['done', 'late', 'under_way', 'nobody'])
    expect(effectsOver([{}])).toEqual([])
  })
})
