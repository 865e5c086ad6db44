/**
 * Codes of subjects: GB 32100-2015 (unified social credit code), GB 11714-1997 (organisation code), the registration
 * number before 2015 (GS 15-2006), GB 11643-1999 (citizen identity number). A check never mends silently: what looks
 * like a typing mistake comes back as a suggestion.
 */
import { toHalfWidth } from './text.ts'
import { parseDay } from './time.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_LENGTH = 18
/** 3^(i-1) mod 31 */
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
/** Letters that GB 32100 leaves out because they are mistaken for others, and what was most likely meant. */
const LOOKS_LIKE: Record<string, string> = { O: '0', I: '1', Z: '2', S: '5', V: 'U' }

/** Value of a character code in the GB 32100 alphabet, or -1. */
const VALUE = (() => {
  const table = new Int8Array(128).fill(-1)
  for (let i = 0; i < ALPHABET.length; i++) table[ALPHABET.charCodeAt(i)] = i
  return table
})()
const valueAt = (s: string, i: number): number => {
  const c = s.charCodeAt(i)
  return c < 128 ? (VALUE[c] as number) : -1
}

const PLAIN_CODE = /^[0-9A-Z]*$/

/** Full-width to half-width, blanks, hyphens that were put between groups and quotes out, upper-case. O and I stay. */
export const normaliseCode = (raw: string): string =>
  PLAIN_CODE.test(raw)
    ? raw
    : toHalfWidth(raw)
        .replace(/[\s'"`‘’“”]+/g, '')
        .replace(/[‐-―−]/g, '-')
        .toUpperCase()

/** The 18th character for the first 17; null when one of them is not of the alphabet. */
export const usccCheckDigit = (first17: string): string | null => {
  let sum = 0
  for (let i = 0; i < USCC_LENGTH - 1; i++) {
    const v = valueAt(first17, i)
    if (v < 0) return null
    sum += v * (USCC_WEIGHTS[i] as number)
  }
  return ALPHABET[(31 - (sum % 31)) % 31] ?? null
}

export type UsccHint = 'inner_org_code' | 'unknown_division'
export type UsccProblem =
  | 'length'
  | 'alphabet'
  | 'check_digit'
  | 'category'
  | 'placeholder'
  | 'is_person_id'
  | 'is_legacy_number'
  | 'is_org_code'
export type UsccCheck =
  | { ok: true; code: string; hints: UsccHint[] }
  /** `at` counts from 1, as a person counts characters. */
  | { ok: false; problem: UsccProblem; code: string; at?: number; suggest?: string }

const NO_HINTS: UsccHint[] = []
const isDigit = (c: number) => c >= 48 && c <= 57

/** Only zeros, one character over and over, or zeros closed with an X: filled in to get past a form. */
const isPlaceholder = (code: string): boolean =>
  /^(.)\1*$/.test(code) || /^0{6,}.?$/.test(code) || code === '123456789012345678'

/**
 * Checks a unified social credit code. `categories` are the known first two characters (the table is policy data);
 * `divisions`, when given, are the known division codes: one that is not among them is a hint and never a refusal.
 */
export const checkUscc = (raw: string, categories: ReadonlySet<string>, divisions?: ReadonlySet<string>): UsccCheck => {
  const code = normaliseCode(raw)
  const fail = (problem: UsccProblem, at?: number, suggest?: string): UsccCheck => ({
    ok: false,
    problem,
    code,
    ...(at === undefined ? {} : { at }),
    ...(suggest === undefined ? {} : { suggest }),
  })
  if (code.length !== USCC_LENGTH) {
    if (code.length > 5 && isPlaceholder(code)) return fail('placeholder')
    if (checkLegacyNumber(code).ok) return fail('is_legacy_number')
    if (checkPersonId(code).ok) return fail('is_person_id')
    if (checkOrgCode(code).ok) return fail('is_org_code')
    return fail('length', undefined, onlyRepair(code, categories))
  }
  let sum = 0
  for (let i = 0; i < USCC_LENGTH - 1; i++) {
    const v = valueAt(code, i)
    if (v < 0 || (i >= 2 && i < 8 && v > 9)) {
      const mended = code.replace(/[OIZSV]/g, (c) => LOOKS_LIKE[c] as string)
      return fail('alphabet', i + 1, isWellFormed(mended, categories) ? mended : onlyRepair(code, categories))
    }
    sum += v * (USCC_WEIGHTS[i] as number)
  }
  const checks = valueAt(code, 17) === (31 - (sum % 31)) % 31
  const inner = hasInnerOrgCode(code)
  // A citizen's number can pass by chance; then the organisation code inside decides, in favour of privacy.
  if (isDigit(code.charCodeAt(6)) && !(checks && inner) && isPersonIdShaped(code)) return fail('is_person_id')
  if (isPlaceholder(code)) return fail('placeholder')
  if (!checks) {
    return valueAt(code, 17) < 0
      ? fail('alphabet', USCC_LENGTH, onlyRepair(code, categories))
      : fail('check_digit', USCC_LENGTH, onlyRepair(code, categories))
  }
  if (!categories.has(code.slice(0, 2))) return fail('category', 1)
  const unknown = divisions !== undefined && !divisions.has(code.slice(2, 8))
  if (inner && !unknown) return { ok: true, code, hints: NO_HINTS }
  return {
    ok: true,
    code,
    hints: [...(inner ? [] : ['inner_org_code' as const]), ...(unknown ? ['unknown_division' as const] : [])],
  }
}

/** Characters 9–17 are an organisation code whose own check digit nearly always holds. */
export const hasInnerOrgCode = (code: string): boolean => orgCheckDigit(code, 8) === code.charCodeAt(16)

const isWellFormed = (code: string, categories: ReadonlySet<string>): boolean =>
  code.length === USCC_LENGTH &&
  categories.has(code.slice(0, 2)) &&
  /^\d{6}$/.test(code.slice(2, 8)) &&
  usccCheckDigit(code) === code[17]

/** Pairs that hands and scanners confuse; used to put the likeliest repair first. */
const CONFUSED = new Set(
  [
    '0O',
    '0D',
    '0Q',
    '1I',
    '1L',
    '2Z',
    '5S',
    '6G',
    '8B',
    'UV',
    'VY',
    'MN',
    '17',
    '38',
    '56',
    '08',
    'PR',
    'EF',
    'WV',
    'KX',
  ].flatMap((p) => [p, `${p[1]}${p[0]}`]),
)

/**
 * Codes one typing mistake away (a wrong, missing, doubled or swapped character) that pass both check digits,
 * likeliest first. Proposals for a person to compare with the licence; never applied by the program.
 */
export const repairUscc = (raw: string, categories: ReadonlySet<string>): string[] =>
  nearUsccs(raw, categories).filter(hasInnerOrgCode)

/** The same by the code's own check digit alone: for whoever can tell by the name which of them it is. */
export const nearUsccs = (raw: string, categories: ReadonlySet<string>): string[] => {
  const code = normaliseCode(raw)
  const found = new Map<string, number>()
  const offer = (candidate: string, cost: number) => {
    if (candidate === code || !isWellFormed(candidate, categories)) return
    found.set(candidate, Math.min(cost, found.get(candidate) ?? cost))
  }
  if (code.length === USCC_LENGTH) {
    offer(
      code.replace(/[OIZSV]/g, (c) => LOOKS_LIKE[c] as string),
      0,
    )
    for (let i = 0; i < code.length; i++) {
      const rest = [code.slice(0, i), code.slice(i + 1)] as const
      for (const c of ALPHABET) offer(rest[0] + c + rest[1], CONFUSED.has(`${code[i]}${c}`) ? 0 : 2)
      offer(code.slice(0, i) + (code[i + 1] ?? '') + code[i] + code.slice(i + 2), 1)
    }
  } else if (code.length === USCC_LENGTH - 1) {
    for (let i = 0; i <= code.length; i++)
      for (const c of ALPHABET) offer(code.slice(0, i) + c + code.slice(i), c === code[i] || c === code[i - 1] ? 0 : 1)
  } else if (code.length === USCC_LENGTH + 1) {
    for (let i = 0; i < code.length; i++) offer(code.slice(0, i) + code.slice(i + 1), code[i] === code[i - 1] ? 0 : 1)
  }
  return [...found].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([candidate]) => candidate)
}

const onlyRepair = (code: string, categories: ReadonlySet<string>): string | undefined => {
  const all = repairUscc(code, categories)
  return all.length === 1 ? all[0] : undefined
}

export type CodeCheck<P extends string> = { ok: true; code: string } | { ok: false; problem: P; at?: number }

const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** Character code of the GB 11714 check digit of eight characters from `start`; -1 when they are not of its alphabet. */
const orgCheckDigit = (s: string, start: number): number => {
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const c = s.charCodeAt(start + i)
    const v = isDigit(c) ? c - 48 : c >= 65 && c <= 90 ? c - 55 : -1
    if (v < 0) return -1
    sum += v * (ORG_WEIGHTS[i] as number)
  }
  const d = (11 - (sum % 11)) % 11
  return d === 10 ? 88 : 48 + d
}

/** GB 11714: eight characters and a check digit, with or without the hyphen; answered without it. */
export const checkOrgCode = (raw: string): CodeCheck<'length' | 'alphabet' | 'check_digit'> => {
  const code = normaliseCode(raw).replace(/^([0-9A-Z]{8})-(?=.$)/, '$1')
  if (code.length !== 9) return { ok: false, problem: 'length' }
  const bad = code.search(/[^0-9A-Z]/)
  if (bad >= 0) return { ok: false, problem: 'alphabet', at: bad + 1 }
  return orgCheckDigit(code, 0) === code.charCodeAt(8)
    ? { ok: true, code }
    : { ok: false, problem: 'check_digit', at: 9 }
}

/** The registration number before the unified code: 15 digits closed by ISO 7064 MOD 11,10; the older 13 have no check digit. */
export const checkLegacyNumber = (raw: string): CodeCheck<'length' | 'alphabet' | 'check_digit' | 'placeholder'> => {
  const code = normaliseCode(raw)
  if (code.length !== 15 && code.length !== 13) return { ok: false, problem: 'length' }
  const bad = code.search(/\D/)
  if (bad >= 0) return { ok: false, problem: 'alphabet', at: bad + 1 }
  if (isPlaceholder(code)) return { ok: false, problem: 'placeholder' }
  if (code.length === 13) return { ok: true, code }
  let product = 10
  for (let i = 0; i < 14; i++) product = (((product + Number(code[i])) % 10 || 10) * 2) % 11
  return (product + Number(code[14])) % 10 === 1 ? { ok: true, code } : { ok: false, problem: 'check_digit', at: 15 }
}

const PERSON_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const PERSON_SHAPE = /^[1-9]\d{5}((?:18|19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]$/
const PERSON_SHAPE_OLD = /^[1-9]\d{5}(\d\d)(\d\d)(\d\d)\d{3}$/

/** Looks like a citizen's number (a real birth date in its place), whether or not its check digit holds. */
export const isPersonIdShaped = (raw: string): boolean => {
  const code = normaliseCode(raw)
  const now = PERSON_SHAPE.exec(code)
  if (now) return parseDay(`${now[1]}-${now[2]}-${now[3]}`) !== null
  const old = PERSON_SHAPE_OLD.exec(code)
  return old !== null && parseDay(`19${old[1]}-${old[2]}-${old[3]}`) !== null && !checkLegacyNumber(code).ok
}

/** GB 11643: 18 characters with a check digit; the 15 digits issued before 1999 pass as legacy. */
export const checkPersonId = (
  raw: string,
):
  | { ok: true; code: string; legacy: boolean }
  | { ok: false; problem: 'length' | 'alphabet' | 'birth_date' | 'check_digit'; at?: number } => {
  const code = normaliseCode(raw)
  if (code.length !== 18 && code.length !== 15) return { ok: false, problem: 'length' }
  const bad = code.search(code.length === 18 ? /[^\d](?!$)|[^\dX]$/ : /\D/)
  if (bad >= 0) return { ok: false, problem: 'alphabet', at: bad + 1 }
  const birth = code.length === 18 ? code.slice(6, 14) : `19${code.slice(6, 12)}`
  const born = parseDay(`${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6, 8)}`)
  if (born === null || born < '1850') return { ok: false, problem: 'birth_date', at: 7 }
  if (code.length === 15) return { ok: true, code, legacy: true }
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(code[i]) * (PERSON_WEIGHTS[i] as number)
  return '10X98765432'[sum % 11] === code[17]
    ? { ok: true, code, legacy: false }
    : { ok: false, problem: 'check_digit', at: 18 }
}
