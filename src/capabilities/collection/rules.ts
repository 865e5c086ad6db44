import { maskName } from '../../kernel/mask.ts'
import type { CatalogField, CatalogItem, FieldCondition, UsccCategory } from '../../kernel/policy.ts'
import { docRange, tidy } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { SubjectAsk } from '../subjects/contract.ts'
import { type Decider, type Directory, type KnownAuthority, deciderCheck, fillSource } from './rules.authority.ts'
import { type CellNote, type Problem, isEmptyMark, readerOf, shownValue } from './rules.columns.ts'
import { CROSS_CHECKS, type Cross } from './rules.cross.ts'
import { factsReader, fieldsReader } from './rules.facts.ts'
import { type Places, documentOf, placesOf } from './rules.places.ts'
import { RowBuffer, type Value } from './rules.row.ts'
import { askOf, checkIdentity, kindOf } from './rules.subject.ts'

export type { Directory, KnownAuthority } from './rules.authority.ts'

/** Where a field's value comes from: a column of the table, or the same value in every row. */
export type Source = { column: number } | { constant: string }
export type RowRules = {
  item: CatalogItem
  today: LocalDate
  categories: readonly UsccCategory[]
  /** Codes of lists, with the system that keeps each. */
  lists: readonly { code: string; recordSystem: string }[]
  directory: Directory
  reporter: KnownAuthority
  sources: ReadonlyMap<string, Source>
  /** Columns of the heading row; what is filled beyond them has shifted. */
  width: number
}
export type InputRow = { n: number; cells: readonly string[]; flags?: Record<number, CellNote> }

/** A row that stands: who it is about, and the record but for what the subject's file adds. */
export type GoodRow = {
  ask: SubjectAsk
  authority: { id: string; key: string; name: string }
  docNo: string
  decidedOn: LocalDate
  fields: Record<string, unknown>
  secret: Record<string, string> | null
  facts: RecordFacts
}
type About = { n: number; name: string; docNo: string }
export type Checked = (About & { ok: true; row: GoodRow }) | (About & { ok: false; problems: Problem[] })

type Test = { at: number; is: readonly string[] | null; filled: boolean | null; when: Words }
const whenOf = (condition: FieldCondition, field: CatalogField): Words => {
  const labels = (lang: 'zh' | 'en') =>
    (condition.is ?? [])
      .map((code) => field.choices.find((x) => x.code === code)?.label[lang] ?? code)
      .join(lang === 'zh' ? '、' : ', ')
  if (condition.is) {
    return { zh: `“${field.label.zh}”为${labels('zh')}`, en: `“${field.label.en}” is ${labels('en')}` }
  }
  return condition.filled
    ? { zh: `已填写“${field.label.zh}”`, en: `“${field.label.en}” is given` }
    : { zh: `未填写“${field.label.zh}”`, en: `“${field.label.en}” is not given` }
}
const testsOf = (conditions: readonly FieldCondition[], item: CatalogItem): Test[] =>
  conditions.map((c) => {
    const at = item.fields.findIndex((f) => f.key === c.field)
    return { at, is: c.is ?? null, filled: c.filled ?? null, when: whenOf(c, item.fields[at] as CatalogField) }
  })
const isOneOf = (v: Value, of: readonly string[]): boolean =>
  Array.isArray(v) ? v.some((x) => of.includes(x)) : v !== null && of.includes(String(v))
const firstThatHolds = (tests: readonly Test[], row: RowBuffer): Test | undefined =>
  tests.find(
    (t) =>
      (t.is === null || isOneOf(row.values[t.at] ?? null, t.is)) &&
      (t.filled === null || row.isFilled(t.at) === t.filled),
  )

/** Everything about one field that can be known before the first row. */
const planOf = (field: CatalogField, rules: RowRules, categories: ReadonlySet<string>) => {
  const source = rules.sources.get(field.key)
  return {
    field,
    column: source && 'column' in source ? source.column : -1,
    constant: source && 'constant' in source ? source.constant : '',
    read: readerOf(field, categories),
    always: field.required === 'always',
    needed: Array.isArray(field.required) ? testsOf(field.required, rules.item) : [],
    absent: testsOf(field.absent, rules.item),
  }
}
type Plan = ReturnType<typeof planOf>

const readCells = (plan: readonly Plan[], row: RowBuffer, input: InputRow): void => {
  for (let i = 0; i < plan.length; i++) {
    const p = plan[i] as Plan
    const cell = p.column >= 0 ? (input.cells[p.column] ?? '') : p.constant
    if (cell === '') {
      // A formula that was never computed has no text and is not an empty cell.
      if (input.flags?.[p.column] === 'not_computed') row.complain(i, 'not_computed')
      continue
    }
    const text = tidy(cell)
    if (text === '' || isEmptyMark(text, p.field.type)) continue
    row.raws[i] = text
    const note = input.flags && p.column >= 0 ? input.flags[p.column] : undefined
    if (note && note !== 'maybe_serial') row.complain(i, note === 'too_long' ? 'cell_too_long' : note)
    else row.values[i] = p.read(text, row.complainer(i), note)
  }
}

const checkPresence = (plan: readonly Plan[], row: RowBuffer): void => {
  for (let i = 0; i < plan.length; i++) {
    const p = plan[i] as Plan
    if (row.isFilled(i)) {
      const no = p.absent.length ? firstThatHolds(p.absent, row) : undefined
      if (no) row.complain(i, 'absent_when', { when: no.when })
    } else if (!row.complained[i]) {
      if (p.always) row.complain(i, 'required')
      else if (p.needed.length) {
        const need = firstThatHolds(p.needed, row)
        if (need) row.complain(i, 'required_when', { when: need.when })
      }
    }
  }
}

/** The cross-field rules of the catalog; a field that is already complained about is not complained about again. */
const crossCheck = (item: CatalogItem, today: LocalDate, at: Places): ((row: RowBuffer) => void) => {
  const crossings = item.checks.flatMap(({ code, fields }) => {
    const test = CROSS_CHECKS[code]
    return test ? [{ code, test, places: fields.map((key) => item.fields.findIndex((f) => f.key === key)) }] : []
  })
  return (row) => {
    const cross: Cross = { today, at: (i) => row.values[i] }
    const docNo = row.text(at.docNo)
    const several = docNo === null ? null : docRange(docNo)
    if (several) row.complain(at.docNo, 'doc_range', { hint: severalWords(several.numbers) })
    for (const { code, test, places } of crossings) {
      const place = places.find((i) => !row.complained[i])
      if (place === undefined || !test(cross, places)) continue
      const { key, label, secret } = item.fields[place] as CatalogField
      row.problems.push({ field: key, label, value: shownValue(row.raws[place] ?? '', secret), code })
    }
  }
}

const severalWords = (numbers: readonly string[] | null): Words => {
  const [first, last, n] = [numbers?.[0], numbers?.at(-1), numbers?.length]
  return n
    ? { zh: `共 ${n} 份：${first} 至 ${last}。`, en: `There are ${n}: ${first} to ${last}.` }
    : { zh: '', en: '' }
}

export const WHOLE_ROW: Words = { zh: '整行', en: 'The whole row' }
const surplusIn = (input: InputRow, width: number): number => {
  let n = 0
  for (let i = width; i < input.cells.length; i++) if ((input.cells[i] as string).trim() !== '') n++
  return n
}

/**
 * Compiles the checks of one item for one table. The check of a row is pure and answers everything that is wrong with it
 * at once, so that a row is mended once.
 */
export const compileRow = (rules: RowRules): ((input: InputRow) => Checked) => {
  const { item, today, reporter } = rules
  const known = new Map(rules.categories.map((c) => [c.code, c]))
  const codes = new Set(known.keys())
  const plan = item.fields.map((f) => planOf(f, rules, codes))
  const at = placesOf(item)
  const asked = { item: item.code, directory: rules.directory, reporter }
  const findDecider = deciderCheck(asked, at)
  const checkAcross = crossCheck(item, today, at)
  const factsOf = factsReader(item, at, rules.lists)
  const heldFields = fieldsReader(item, at)
  const documentNo = documentOf(item, at)
  const row = new RowBuffer(item.fields)

  return (input) => {
    row.start()
    readCells(plan, row, input)
    const kind = kindOf(known, at, row)
    const decider: Decider | null = findDecider(row)
    fillSource(asked, at, row)
    const personId = checkIdentity(kind, at, row)
    checkPresence(plan, row)
    checkAcross(row)
    const surplus = input.cells.length > rules.width ? surplusIn(input, rules.width) : 0
    if (surplus > 0) {
      row.problems.push({ field: '', label: WHOLE_ROW, value: '', code: 'surplus_cells', params: { n: surplus } })
    }
    const isPerson = kind === 'natural_person'
    const written = row.written(at.name)
    const about: About = { n: input.n, name: isPerson ? maskName(written) : written, docNo: documentNo(row) }
    const decidedOn = at.decidedOn < 0 ? today : (row.text(at.decidedOn) as LocalDate | null)
    if (row.problems.length || !decider || !decidedOn) {
      const nameField = item.fields[at.name]?.key
      if (isPerson) for (const p of row.problems) if (p.field === nameField) p.value = maskName(p.value)
      const { problems } = row
      row.problems = []
      return { ...about, ok: false, problems }
    }
    const { id, key, name, system, level } = decider
    return {
      ...about,
      ok: true,
      row: {
        ask: askOf(kind, personId, reporter.division, at, row),
        authority: { id, key, name },
        docNo: about.docNo,
        decidedOn,
        ...heldFields(row),
        facts: factsOf(row, { kind, decidedOn, today, system, level }),
      },
    }
  }
}
