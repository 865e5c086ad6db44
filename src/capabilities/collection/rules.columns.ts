import { checkLegacyNumber, checkOrgCode, checkUscc, isPersonIdShaped, normaliseCode } from '../../kernel/codes.ts'
import { readDate } from '../../kernel/dates.ts'
import { maskPersonId } from '../../kernel/mask.ts'
import type { CatalogField } from '../../kernel/policy.ts'
import { firstOf, nameKey, tidy, toHalfWidth } from '../../kernel/text.ts'
import type { Words } from '../../kernel/words.ts'
import { readNumber, readPeriod } from './rules.periods.ts'
import { HINTS, type ProblemCode } from './words.problems.ts'

/** One thing wrong with a row, as it is stored: its sentences are made when they are read. */
export type Problem = {
  field: string
  label: Words
  /** As it may be shown: secrets and identifiers of persons masked, long texts cut. */
  value: string
  code: string
  params?: Record<string, unknown>
}
/** Adds a problem about one field. */
export type Complain = (field: CatalogField, raw: string, code: ProblemCode, params?: Record<string, unknown>) => void

/** What a reader of the file knows of a cell beyond its text (files/table.ts). */
export type CellNote = 'digits_lost' | 'error_value' | 'not_computed' | 'too_long' | 'maybe_serial'

/** Reads one filled cell: the normalised value, or null after a complaint. */
export type CellReader = (
  raw: string,
  complain: Complain,
  note: CellNote | undefined,
) => string | boolean | string[] | null

const SHOWN = 80
/** A value as it may stand in a problem. */
export const shownValue = (raw: string, secret: boolean): string => {
  const text = tidy(raw)
  if (secret || isPersonIdShaped(text)) return text === '' ? '' : maskPersonId(text)
  return text.length > SHOWN ? `${firstOf(text, SHOWN)}…` : text
}

/** What people write where there is nothing. In a text field 无 is an answer, a stroke is not. */
const STROKE = /^[-/\\—–_－、.*]+$|^(?:null|n\/a|#n\/a|none|undefined)$/i
const NOTHING = /^(?:无|暂无|不适用|没有|空|未填|无此项)$/
/** How any of them begins: this is asked of every short cell. */
const EMPTY_START = /^[-/\\—–_－、.*nNuU#无暂不没空未]/
export const isEmptyMark = (text: string, type: CatalogField['type']): boolean =>
  text.length < 10 &&
  EMPTY_START.test(text) &&
  (STROKE.test(text) || (type !== 'text' && type !== 'choice' && type !== 'choices' && NOTHING.test(text)))

const MICRO = 1_000_000n
const MOST_MICRO = 100_000_000n * MICRO
const PLAIN = /^(-?)(\d+)(?:\.(\d*))?$/
const SCIENTIFIC = /^-?\d(?:\.\d+)?e[+-]?\d{1,2}$/i

export type Money = { micro: bigint; text: string }
/** An amount in 万元 without floating point; or what is wrong with it. */
export const readMoney = (raw: string): Money | { problem: ProblemCode; wan?: string } => {
  let s = toHalfWidth(raw)
    .replace(/[\s¥￥$,，']/g, '')
    .replace(/^(?:人民币|RMB|CNY)/i, '')
    .replace(/整$/, '')
  const unit = /(万元|元)$/.exec(s)?.[1]
  if (unit) s = s.slice(0, -unit.length)
  if (SCIENTIFIC.test(s)) s = Number(s).toFixed(6)
  const hit = PLAIN.exec(s)
  if (!hit) return { problem: 'not_money' }
  const decimals = (hit[3] ?? '').replace(/0+$/, '')
  if (unit === '元') {
    const micro = BigInt(hit[2] as string) * 100n + BigInt(decimals.slice(0, 2).padEnd(2, '0'))
    return { problem: 'money_in_yuan', wan: wanText(micro) }
  }
  if (decimals.length > 6) return { problem: 'money_decimals' }
  const micro = BigInt(hit[2] as string) * MICRO + BigInt(decimals.padEnd(6, '0'))
  if (hit[1] && micro > 0n) return { problem: 'money_negative' }
  return micro > MOST_MICRO ? { problem: 'money_too_large' } : { micro, text: wanText(micro) }
}
const wanText = (micro: bigint): string => {
  const decimals = String(micro % MICRO)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return decimals ? `${micro / MICRO}.${decimals}` : String(micro / MICRO)
}
/** 万元 as the catalog holds it to yuan, exact to the cent: 0.2 → 2000. */
export const yuanOf = (wan: string): number => {
  const money = readMoney(wan)
  return 'micro' in money ? Number(money.micro) / 100 : Number.NaN
}

/** 1.91440101E+17: a spreadsheet has shown a code as a number, and its last digits are gone. */
const ROUNDED = /^\d(?:\.\d+)?E\+?\d{2}$/i

const suggestion = (suggest: string | undefined) =>
  suggest
    ? { zh: HINTS.suggest.zh.replace('{suggest}', suggest), en: HINTS.suggest.en.replace('{suggest}', suggest) }
    : HINTS.none

/** The unified code, or null after one complaint that says what it is instead. */
export const readUscc = (
  field: CatalogField,
  raw: string,
  complain: Complain,
  categories: ReadonlySet<string>,
): string | null => {
  const check = checkUscc(raw, categories)
  if (check.ok) return check.code
  if (/\*{3,}/.test(raw)) complain(field, raw, 'masked')
  else if (ROUNDED.test(raw)) complain(field, raw, 'digits_lost')
  else
    complain(field, raw, `uscc_${check.problem}`, {
      length: Array.from(check.code).length,
      category: check.code.slice(0, 2),
      at: check.at ?? 0,
      hint: suggestion(check.suggest),
    })
  return null
}

/** Key by which a choice is recognised: widths, brackets, blanks, dots and a leading number do not matter. */
const choiceKey = (s: string): string => nameKey(s).replace(/^\d{1,2}[.、)-]?(?=\D)/, '')
const OTHER = /^其他(?:[-:(（：—_]+(.*?)\)?)?$/

type Choices = { byKey: Map<string, string>; other: string | null; said: Words }
const choicesOf = (field: CatalogField): Choices => {
  const byKey = new Map<string, string>()
  for (const c of field.choices)
    for (const said of [c.code, c.label.zh, c.label.en, ...c.aliases]) byKey.set(choiceKey(said), c.code)
  return {
    byKey,
    other: field.choices.find((c) => c.code === 'other')?.code ?? null,
    said: { zh: field.choices.map((c) => c.label.zh).join('、'), en: field.choices.map((c) => c.label.en).join(', ') },
  }
}
/** The code of one choice, `other` with what was described, or null. */
const oneChoice = (choices: Choices, text: string): { code: string; note?: string } | null => {
  const key = choiceKey(text)
  const code = choices.byKey.get(key)
  if (code !== undefined) return { code }
  const other = choices.other === null ? null : OTHER.exec(key)
  return other && choices.other !== null ? { code: choices.other, note: other[1] ?? '' } : null
}

const SEPARATORS = /[;；、,，|\n+]+/

const tooLong = (field: CatalogField, text: string, raw: string, complain: Complain): boolean => {
  const max = field.maxLength
  // Length in UTF-16 units is never less than in characters, so the walk is only for those that look too long.
  if (max === null || text.length <= max) return false
  const length = Array.from(text).length
  if (length <= max) return false
  complain(field, raw, 'too_long', { length, max })
  return true
}

/** A cell may share memory with the stretch of the file it was cut from; what is kept long stands on its own. */
const ownCopy = (text: string): string =>
  text.length < 13 || typeof Buffer === 'undefined' ? text : Buffer.from(text, 'utf16le').toString('utf16le')

export const memo = <T>(read: (raw: string) => T, most = 5000): ((raw: string) => T) => {
  const held = new Map<string, T>()
  return (raw) => {
    const known = held.get(raw)
    if (known !== undefined) return known
    const key = ownCopy(raw)
    const value = read(key)
    if (held.size >= most) held.clear()
    held.set(key, value)
    return value
  }
}

const dateReader = (field: CatalogField): CellReader => {
  const read = memo((raw) => readDate(raw) ?? '')
  return (raw, complain, note) => {
    const day = read(raw)
    if (day === '') {
      const serial = note === 'maybe_serial' ? readDate(raw, { serial: true }) : null
      complain(field, raw, serial ? 'date_serial' : 'not_a_date', serial ? { day: serial } : undefined)
      return null
    }
    if (day < '1949-10-01') {
      complain(field, raw, 'date_too_old', { first: '1949-10-01' })
      return null
    }
    return day
  }
}

const choiceReader = (field: CatalogField): CellReader => {
  const choices = choicesOf(field)
  const read = memo((raw) => oneChoice(choices, raw) ?? { code: '' })
  return (raw, complain) => {
    const hit = read(raw)
    if (hit.code !== '') return hit.code
    complain(field, raw, 'not_a_choice', { choices: choices.said })
    return null
  }
}

const choicesReader = (field: CatalogField): CellReader => {
  const choices = choicesOf(field)
  const read = memo((raw) => {
    const whole = oneChoice(choices, raw)
    if (whole) return { codes: [whole.code], bad: '' }
    const codes = new Set<string>()
    const parts = raw
      .split(SEPARATORS)
      .map((p) => p.trim())
      .filter((p) => p !== '')
    let bad = parts.length ? '' : raw
    for (const part of parts) {
      const hit = oneChoice(choices, part)
      if (hit) codes.add(hit.code)
      else bad ||= part
    }
    return { codes: [...codes], bad }
  })
  return (raw, complain) => {
    const { codes, bad } = read(raw)
    if (bad === '') return codes
    complain(field, bad, 'not_a_choice', { choices: choices.said })
    return null
  }
}

const FLAGS: Record<string, boolean> = {
  是: true,
  Y: true,
  YES: true,
  TRUE: true,
  '1': true,
  有: true,
  否: false,
  N: false,
  NO: false,
  FALSE: false,
  '0': false,
  无: false,
}

const codeReader =
  (field: CatalogField, valid: (raw: string) => { ok: boolean; code?: string }, code: ProblemCode): CellReader =>
  (raw, complain) => {
    const hit = valid(raw)
    if (hit.ok) return hit.code ?? normaliseCode(raw)
    if (ROUNDED.test(raw)) {
      complain(field, raw, 'digits_lost')
      return null
    }
    complain(field, raw, isPersonIdShaped(raw) ? 'person_id_in_code' : code)
    return null
  }
const plainCode = (raw: string) => ({ ok: /^[0-9A-Z()号第字-]+$/.test(nameKey(raw)) && !isPersonIdShaped(raw) })

/** Makes the reader of one field, once for a whole file. A person's identity number is read with its document's type, by the row. */
export const readerOf = (field: CatalogField, categories: ReadonlySet<string>): CellReader => {
  switch (field.type) {
    case 'date':
      return dateReader(field)
    case 'money_wan': {
      const read = memo(readMoney)
      return (raw, complain) => {
        const money = read(raw)
        if ('micro' in money) return money.text
        complain(field, raw, money.problem, money.wan ? { wan: money.wan } : undefined)
        return null
      }
    }
    case 'choice':
      return choiceReader(field)
    case 'choices':
      return choicesReader(field)
    case 'flag':
      return (raw, complain) => {
        const flag = FLAGS[toHalfWidth(raw).toUpperCase()]
        if (flag !== undefined) return flag
        complain(field, raw, 'not_a_flag')
        return null
      }
    case 'period':
    case 'number': {
      const read = memo((raw) => (field.type === 'period' ? readPeriod(raw) : readNumber(raw)) ?? '')
      return (raw, complain) => {
        const value = read(raw)
        if (value !== '') return value
        complain(field, raw, field.type === 'period' ? 'not_a_period' : 'not_a_number')
        return null
      }
    }
    case 'code_uscc':
      return (raw, complain) => readUscc(field, raw, complain, categories)
    case 'code_org':
      return codeReader(field, checkOrgCode, 'org_code')
    case 'code_registration':
      return codeReader(field, checkLegacyNumber, 'registration_number')
    case 'code_tax':
    case 'code_institution':
    case 'code_social': {
      const read = codeReader(field, plainCode, 'plain_code')
      return (raw, complain, note) => {
        const hit = read(raw, complain, note)
        return hit !== null && tooLong(field, raw, raw, complain) ? null : hit
      }
    }
    case 'person_id':
      return (raw, complain) => {
        if (!/\*{3,}/.test(raw)) return tooLong(field, raw, raw, complain) ? null : normaliseCode(raw)
        complain(field, raw, 'masked')
        return null
      }
    default:
      if (field.key === 'doc_no') {
        return (raw, complain) => {
          if (!ROUNDED.test(raw)) return tooLong(field, raw, raw, complain) ? null : raw
          complain(field, raw, 'digits_lost')
          return null
        }
      }
      return (raw, complain) => (tooLong(field, raw, raw, complain) ? null : raw)
  }
}
