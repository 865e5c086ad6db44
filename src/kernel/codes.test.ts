import { existsSync, readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  checkLegacyNumber,
  checkOrgCode,
  checkPersonId,
  checkUscc,
  isPersonIdShaped,
  normaliseCode,
  repairUscc,
  usccCheckDigit,
} from './codes.ts'

const CATEGORIES: ReadonlySet<string> = new Set(
  '11 12 13 19 21 29 31 32 33 34 35 36 39 41 49 51 52 53 54 55 59 61 62 69 71 72 79 81 82 89 91 92 93 99 A1 A9 G1 G9 J1 J9 N1 N2 N3 N9 Q1 Q2 Q3 Q9 Y1'.split(
    ' ',
  ),
)
const VECTORS = ['91230500MA1B3N1N2M', '11230500001755309F', '91320105780688132K', '91430105183767369W']

describe('unified social credit code, GB 32100', () => {
  it.each(VECTORS)('%s passes', (code) => expect(checkUscc(code, CATEGORIES)).toEqual({ ok: true, code, hints: [] }))

  it('every single wrong character is caught', () => {
    for (const code of VECTORS)
      for (let i = 0; i < 18; i++)
        for (const c of '0123456789ABCDEFGHJKLMNPQRTUWXY')
          if (c !== code[i]) expect(checkUscc(code.slice(0, i) + c + code.slice(i + 1), CATEGORIES).ok).toBe(false)
  })

  it.each(['31', '35', '36', '54', '55', '71', '81', 'A1', 'G1', 'J1', 'N2', 'Q1', 'Y1'])(
    'category %s is known',
    (category) => {
      const body = `${category}440106MA5D12345`
      expect(checkUscc(body + usccCheckDigit(body), CATEGORIES)).toMatchObject({ ok: true })
    },
  )

  it('the check digit may be 0', () => {
    const zero = Array.from({ length: 100 }, (_, i) => `914401060${String(i).padStart(3, '0')}12345`).find(
      (b) => usccCheckDigit(b) === '0',
    )
    expect(checkUscc(`${zero}0`, CATEGORIES).ok).toBe(true)
  })

  it.each([
    ['9144132 26178669XB', 'length'],
    ['914413226178669XB', 'length'],
    ['445221000020057', 'is_legacy_number'],
    ['59467239-9', 'is_org_code'],
    ['00000000000000000X', 'placeholder'],
    ['000000000000000000', 'placeholder'],
    ['111111111111111111', 'placeholder'],
    ['11010519491231002X', 'is_person_id'],
    ['110105194912310021', 'is_person_id'],
    ['91230500MA1B3N1N2N', 'check_digit'],
    ['', 'length'],
    ['无', 'length'],
    ['91230500MA1B3N1N2号', 'alphabet'],
  ])('%s: %s', (code, problem) => expect(checkUscc(code, CATEGORIES)).toMatchObject({ ok: false, problem }))

  it('an unknown registration category is its own problem', () => {
    const body = '90230500MA1B3N1N2'
    expect(checkUscc(body + usccCheckDigit(body), CATEGORIES)).toMatchObject({ ok: false, problem: 'category' })
  })

  it('full-width, blanks, quotes and case are mended; O and I are only suggested', () => {
    expect(checkUscc(' ９１２３０５００ ma1b3n1n2m\u200b', CATEGORIES)).toMatchObject({ ok: true, code: VECTORS[0] })
    expect(checkUscc("'91230500MA1B3N1N2M", CATEGORIES)).toMatchObject({ ok: true, code: VECTORS[0] })
    expect(checkUscc('9I23O5OOMAIB3NIN2M', CATEGORIES)).toEqual({
      ok: false,
      problem: 'alphabet',
      code: '9I23O5OOMAIB3NIN2M',
      at: 2,
      suggest: VECTORS[0],
    })
    expect(checkUscc('912305O0MA1B3N1N2M', CATEGORIES)).toMatchObject({
      problem: 'alphabet',
      at: 7,
      suggest: VECTORS[0],
    })
  })

  it('inner code and division are hints only', () => {
    const body = '91440106MA5D12345'
    expect(checkUscc(body + usccCheckDigit(body), CATEGORIES, new Set(['440106']))).toMatchObject({
      ok: true,
      hints: ['inner_org_code'],
    })
    expect(checkUscc(VECTORS[0] as string, CATEGORIES, new Set(['440106']))).toMatchObject({
      ok: true,
      hints: ['unknown_division'],
    })
  })

  it('the true code is among the repairs of one mistake', () => {
    expect(repairUscc('91230500MA1B3N1N2N', CATEGORIES)).toContain(VECTORS[0])
    expect(repairUscc('91230500AM1B3N1N2M', CATEGORIES)).toContain(VECTORS[0])
    expect(repairUscc('9230500MA1B3N1N2M', CATEGORIES)).toContain(VECTORS[0])
    expect(repairUscc('912305000MA1B3N1N2M', CATEGORIES)).toContain(VECTORS[0])
    expect(repairUscc('91230500MA1B3N1NZM', CATEGORIES)[0]).toBe(VECTORS[0])
    for (const code of repairUscc('91230500MA1B3N1N3M', CATEGORIES))
      expect(checkUscc(code, CATEGORIES)).toMatchObject({ ok: true, hints: [] })
  })
})

describe('other codes', () => {
  it.each(['59467239-9', '594672399', '５９４６７２３９－９', '663128478'])('organisation code %s', (c) =>
    expect(checkOrgCode(c).ok).toBe(true),
  )
  it.each([
    ['59467239-8', 'check_digit'],
    ['5946723', 'length'],
    ['5946_2399', 'alphabet'],
  ])('organisation code %s: %s', (c, problem) => expect(checkOrgCode(c)).toMatchObject({ problem }))
  it.each(['110105010247558', '1101082953931'])('registration number %s', (c) =>
    expect(checkLegacyNumber(c).ok).toBe(true),
  )
  it.each([
    ['110105010247559', 'check_digit'],
    ['11010501024755', 'length'],
    ['000000000000000', 'placeholder'],
    ['11010501O247558', 'alphabet'],
  ])('registration number %s: %s', (c, problem) => expect(checkLegacyNumber(c)).toMatchObject({ problem }))
  it.each([
    ['11010519491231002X', { ok: true, legacy: false }],
    ['11010519491231002x', { ok: true, legacy: false }],
    ['110105491231002', { ok: true, legacy: true }],
    ['110105194912310021', { ok: false, problem: 'check_digit' }],
    ['110105194913310021', { ok: false, problem: 'birth_date' }],
    ['110105194902300021', { ok: false, problem: 'birth_date' }],
    ['1101051949123100', { ok: false, problem: 'length' }],
    ['1101051949123100X2', { ok: false, problem: 'alphabet', at: 17 }],
  ])('person %s', (c, verdict) => expect(checkPersonId(c)).toMatchObject(verdict))
  it('shapes', () => {
    expect(isPersonIdShaped('110105194912310021')).toBe(true)
    expect(isPersonIdShaped('915329272188006415')).toBe(false)
    expect(isPersonIdShaped('91230500MA1B3N1N2M')).toBe(false)
  })
  it('normaliseCode never swaps letters for digits', () => expect(normaliseCode(' ｏｉ－0 1 ')).toBe('OI-01'))
})

describe('codes of the published files', () => {
  const folder = new URL('../../../shared/data/', import.meta.url)
  const read = (name: string): Buffer => {
    const file = new URL(name, folder)
    if (!existsSync(file)) throw new Error(`the published data is needed at ../shared/data (missing: ${name})`)
    return readFileSync(file)
  }

  it('of 135 licences two codes are damaged', () => {
    const codes = read('cosmetics-licences-135.csv')
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(',')[1] ?? '')
    expect(codes).toHaveLength(135)
    const bad = codes.map((c) => checkUscc(c, CATEGORIES)).filter((c) => !c.ok)
    expect(bad.map((c) => c.code).toSorted()).toEqual(['445221000020057', '914413226178669XB'])
  })

  it('of the list of 500 every unified code, organisation code and registration number passes', () => {
    const cells = sheetStrings(read('published-list-500.xlsx'))
    const unified = cells.filter((c) => /^[0-9A-Z]{18}$/.test(c))
    const organisation = cells.filter((c) => /^[0-9A-Z]{8}-?[0-9A-Z]$/.test(c))
    const registration = cells.filter((c) => /^\d{15}$/.test(c))
    expect([unified.length > 400, organisation.length > 300, registration.length > 400]).toEqual([true, true, true])
    expect(unified.filter((c) => !checkUscc(c, CATEGORIES).ok)).toEqual([])
    expect(organisation.filter((c) => !checkOrgCode(c).ok)).toEqual([])
    expect(registration.filter((c) => !checkLegacyNumber(c).ok)).toEqual([])
  })

  /** The shared strings of a workbook, found without a reader: the kernel's tests stand on nothing. */
  function sheetStrings(zip: Buffer): string[] {
    const central =
      zip.indexOf(Buffer.from('xl/sharedStrings.xml'), zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006') + 16)) - 46
    const local = zip.readUInt32LE(central + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const xml = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(central + 20))).toString('utf8')
    return [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((m) => m[1] as string)
  }
})
