import { checkOrgCode, hasInnerOrgCode, isPersonIdShaped, nearUsccs, normaliseCode } from '../../kernel/codes.ts'
import type { CatalogField } from '../../kernel/policy.ts'
import { docRange, isNear, nameKey, tidy, toHalfWidth } from '../../kernel/text.ts'
import type { Words } from '../../kernel/words.ts'
import { type InputRow, type KnownAuthority, type RowRules } from './rules.ts'
import { type Problem, readMoney } from './rules.columns.ts'
import { daysMeant } from './rules.days.ts'
import { placesOf } from './rules.places.ts'
import { categoryOf } from './rules.subject.ts'
import type { DoubtKind, MendRule } from './words.mends.ts'

/** A value that would mend a refused row. It is proposed; only a person puts it in the place of what was reported. */
export type Proposal = { field: string; column: number; label: Words; was: string; became: string; rule: MendRule }
/** A value that can be read in several ways: said, not chosen. */
export type Doubt = { field: string; label: Words; value: string; kind: DoubtKind; readings: string[]; n: number }
export type Mend = { proposals: Proposal[]; doubts: Doubt[] }

/** What the register of subjects says about codes and names; organisations only. */
export type Registered = { name: string; nameKey: string; uscc: string | null }
export type Register = {
  byCode: ReadonlyMap<string, Registered>
  /** Unified codes held under a name. */
  byName: ReadonlyMap<string, readonly string[]>
}

type Of = { field: CatalogField; column: number; raw: string; problem: Problem; row: Reader }
type Reader = { raw: (place: number) => string }
const CODE_FAULTS = /^(?:uscc_|digits_lost$|no_subject_code$|required)/
const MOST_CANDIDATES = 80
const LONG_NAME = 6
const MOST_READINGS = 4

const similar = (damaged: string, code: string): boolean => {
  let same = 0
  while (same < damaged.length && damaged[same] === code[same]) same++
  let end = 0
  while (end < damaged.length - same && damaged.at(-1 - end) === code.at(-1 - end)) end++
  return same + end >= code.length / 2
}
/** 1.91440101E+17 keeps the digits that a spreadsheet shows; the rest of them is lost. */
const shownDigits = (raw: string): string =>
  /^\d(?:\.\d+)?E\+1\d$/i.test(raw)
    ? raw.slice(0, raw.search(/E/i)).replace('.', '')
    : normaliseCode(raw).replace(/0+$/, '')

/** What is asked of the register of subjects for one refused row, and what the row's problems then let one propose. */
export const proposerOf = (rules: RowRules) => {
  const { item, directory, reporter } = rules
  const at = placesOf(item)
  const categories = new Set(rules.categories.map((c) => c.code))
  const placeOf = new Map(item.fields.map((f, i) => [f.key, i]))
  const columns = item.fields.map((f) => {
    const source = rules.sources.get(f.key)
    return source && 'column' in source ? source.column : -1
  })
  const readerOf = (input: InputRow): Reader => ({
    raw: (place) =>
      place >= 0 && (columns[place] as number) >= 0 ? tidy(input.cells[columns[place] as number] ?? '') : '',
  })

  const candidates = (raw: string): string[] => (raw === '' ? [] : nearUsccs(raw, categories).slice(0, MOST_CANDIDATES))
  const isCodeFault = (p: Problem) => placeOf.get(p.field) === at.uscc && CODE_FAULTS.test(p.code)

  const asks = (input: InputRow, problems: readonly Problem[]): { codes: string[]; names: string[] } => {
    const row = readerOf(input)
    if (!problems.some(isCodeFault)) return { codes: [], names: [] }
    const raw = row.raw(at.uscc)
    const plain = normaliseCode(raw)
    const org = checkOrgCode(raw)
    return { codes: [...candidates(raw), plain, ...(org.ok ? [org.code] : [])], names: [nameKey(row.raw(at.name))] }
  }

  const code = (
    { field, raw, row, problem }: Of,
    register: Register,
  ): { became?: string; rule?: MendRule; doubt?: Doubt } => {
    const key = nameKey(row.raw(at.name))
    const all = candidates(raw)
    const agreeing = all.filter((c) => register.byCode.get(c)?.nameKey === key)
    const plain = normaliseCode(raw)
    const lookAlike = all.find((c) => c.length === plain.length && onlyLookAlikes(plain, c))
    const [only, ...others] = agreeing
    if (only !== undefined && !others.length)
      return { became: only, rule: only === lookAlike ? 'code_look_alike' : 'code_one_character' }
    if (lookAlike !== undefined && hasInnerOrgCode(lookAlike) && !register.byCode.has(lookAlike))
      return { became: lookAlike, rule: 'code_look_alike' }
    const held = register.byName.get(key) ?? []
    const named = held.length === 1 ? held[0] : undefined
    const legacy = register.byCode.get(plain)?.uscc ?? null
    if (named !== undefined && key.length >= LONG_NAME) {
      const fits =
        raw === '' ||
        problem.code === 'uscc_placeholder' ||
        legacy === named ||
        named.slice(8, 17) === plain.replace('-', '') ||
        (problem.code === 'digits_lost' ? named.startsWith(shownDigits(raw)) : similar(plain, named))
      if (fits) return { became: named, rule: 'code_of_name' }
    }
    const likely = all.filter(hasInnerOrgCode)
    if (likely.length < 2 || likely.length > MOST_READINGS) return {}
    return {
      doubt: {
        field: field.key,
        label: field.label,
        value: raw,
        kind: 'code_two_repairs',
        readings: likely,
        n: likely.length,
      },
    }
  }

  const near = (field: CatalogField, text: string): string | null => {
    const hits = field.choices.filter((c) =>
      [c.label.zh, ...c.aliases].some((said) => isNear(nameKey(text), nameKey(said)) && reliable(text, said)),
    )
    return hits.length === 1 ? (hits[0]?.label.zh ?? null) : null
  }
  const choice = ({ field, raw }: Of): string | null => {
    const direct = near(field, raw)
    if (direct !== null || field.type !== 'choices') return direct
    const known = new Set(field.choices.flatMap((c) => [c.code, c.label.zh, c.label.en, ...c.aliases].map(nameKey)))
    const parts = raw.split(/[;；、,，|\n+]+/).map((p) => p.trim())
    const mended = parts.filter((p) => p !== '').map((p) => (known.has(nameKey(p)) ? p : near(field, p)))
    return mended.every((p) => p !== null) ? mended.join(';') : null
  }

  /** One authority whose name is a slip away, or of which this is the end (荔湾区市场监督管理局 for 广州市荔湾区…). */
  const authorityNamed = (raw: string): KnownAuthority | null => {
    const key = nameKey(raw)
    if (key.length < LONG_NAME) return null
    const all = [...directory.byName.values()]
    const slips = all.filter((a) => isNear(a.nameKey, key))
    const found = slips.length ? slips : all.filter((a) => a.nameKey.endsWith(key))
    return found.length === 1 ? (found[0] ?? null) : null
  }
  type Value = { place: number; became: string; rule: MendRule } | { doubt: Doubt } | null
  const authority = ({ field, problem, row }: Of, names: { name: number; code: number }): Value => {
    const [name, given] = [row.raw(names.name), normaliseCode(row.raw(names.code))]
    const asNamed = directory.byName.get(nameKey(name)) ?? null
    const asCoded = directory.byCode.get(given) ?? null
    const byName = asNamed ?? (asCoded ? null : authorityNamed(name))
    if (problem.code === 'authority_code_name' && asNamed && asCoded) {
      if (asNamed.id === reporter.id) return { place: names.code, became: asNamed.code, rule: 'authority_code' }
      if (asCoded.id === reporter.id) return { place: names.name, became: asCoded.name, rule: 'authority_name' }
      const readings = [asNamed.code]
      return { doubt: { field: field.key, label: field.label, value: given, kind: 'authority_either', readings, n: 1 } }
    }
    if (problem.code === 'authority_code_name' && asCoded)
      return { place: names.name, became: asCoded.name, rule: 'authority_name' }
    if (asNamed) return { place: names.code, became: asNamed.code, rule: 'authority_code' }
    if (byName) return { place: names.name, became: byName.name, rule: 'authority_name' }
    const close = [...directory.byCode.values()].filter((a) => isNear(a.code, given))
    const [one, ...more] = close
    return given !== '' && one && !more.length ? { place: names.code, became: one.code, rule: 'authority_code' } : null
  }

  const about = (of: Of, register: Register): Value => {
    const { field, raw, problem } = of
    const place = placeOf.get(field.key) as number
    if (isPersonIdShaped(raw)) return null
    const one = (became: string | null | undefined, rule: MendRule): Value =>
      became === null || became === undefined ? null : { place, became, rule }
    if (isCodeFault(problem)) {
      const { became, rule, doubt } = code(of, register)
      return doubt ? { doubt } : became && rule ? { place, became, rule } : null
    }
    switch (problem.code) {
      case 'not_a_date':
      case 'date_serial': {
        const days = daysMeant(raw, { today: rules.today, past: place === at.decidedOn })
        if (days.length > 1)
          return {
            doubt: {
              field: field.key,
              label: field.label,
              value: raw,
              kind: 'date_two_readings',
              readings: days,
              n: days.length,
            },
          }
        return one(days[0], /^\d{5}/.test(toHalfWidth(raw)) ? 'date_serial' : 'date_spelling')
      }
      case 'money_in_yuan': {
        const money = readMoney(raw)
        return one('wan' in money ? money.wan : null, 'amount_unit')
      }
      case 'not_a_choice':
        return one(choice(of), 'choice_near')
      case 'not_a_flag':
        return one(FLAG_MARKS[toHalfWidth(raw).toUpperCase()], 'flag_mark')
      case 'category_not_code': {
        const kind = rules.categories.find(
          (c) => c.code === normaliseCode(of.row.raw(at.uscc)).slice(0, 2),
        )?.subjectKind
        const label = kind ? field.choices.find((c) => c.code === categoryOf(kind))?.label.zh : undefined
        return one(label, 'category_of_code')
      }
      case 'authority_code_name':
      case 'authority_name_code':
      case 'authority_unknown':
        return place === at.sourceName || place === at.sourceCode
          ? authority(of, { name: at.sourceName, code: at.sourceCode })
          : authority(of, { name: at.authorityName, code: at.authorityCode })
      case 'doc_range': {
        const numbers = docRange(raw)?.numbers
        if (!numbers?.length) return null
        const readings = [`${numbers[0]} … ${numbers.at(-1)}`]
        return {
          doubt: { field: field.key, label: field.label, value: raw, kind: 'range_split', readings, n: numbers.length },
        }
      }
      default:
        return null
    }
  }

  const propose = (input: InputRow, problems: readonly Problem[], register: Register): Mend => {
    const row = readerOf(input)
    const proposals = new Map<string, Proposal>()
    const doubts: Doubt[] = []
    for (const problem of problems) {
      const place = placeOf.get(problem.field)
      const field = place === undefined ? undefined : item.fields[place]
      if (place === undefined || !field || field.secret) continue
      const raw = row.raw(place)
      const value = about({ field, column: columns[place] as number, raw, problem, row }, register)
      if (value === null) continue
      if ('doubt' in value) {
        doubts.push(value.doubt)
        continue
      }
      const target = item.fields[value.place]
      const column = columns[value.place] ?? -1
      if (!target || column < 0) continue
      const was = row.raw(value.place)
      if (value.became !== was)
        proposals.set(target.key, {
          field: target.key,
          column,
          label: target.label,
          was,
          became: value.became,
          rule: value.rule,
        })
    }
    return { proposals: [...proposals.values()], doubts }
  }

  return { asks, propose }
}
export type Proposer = ReturnType<typeof proposerOf>

/** The row with proposals in their places. */
export const mended = (input: InputRow, proposals: readonly Pick<Proposal, 'column' | 'became'>[]): InputRow => {
  const cells = [...input.cells]
  const flags = { ...input.flags }
  for (const { column, became } of proposals) {
    while (cells.length <= column) cells.push('')
    cells[column] = became
    delete flags[column]
  }
  return { n: input.n, cells, flags }
}

/** Letters that codes leave out, and what they are taken for. */
const LOOKS_LIKE: Record<string, string> = { O: '0', I: '1', Z: '2', S: '5', V: 'U' }
const onlyLookAlikes = (raw: string, candidate: string): boolean => {
  for (let i = 0; i < raw.length; i++)
    if (raw[i] !== candidate[i] && LOOKS_LIKE[raw[i] as string] !== candidate[i]) return false
  return true
}

/** In a short word another character is another word (罚款, 罚金); only what is too much or too little may be mended there. */
const SHORT_WORD = 3
const reliable = (text: string, said: string): boolean => {
  const [a, b] = [nameKey(text).length, nameKey(said).length]
  return b > SHORT_WORD || (a !== b && b > 1)
}

const FLAG_MARKS: Record<string, string> = {
  '√': '是',
  '✓': '是',
  '✔': '是',
  T: '是',
  对: '是',
  '×': '否',
  '✗': '否',
  '✘': '否',
  F: '否',
  不是: '否',
}
