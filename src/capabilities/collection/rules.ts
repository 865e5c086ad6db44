import { checkPersonId } from '../../kernel/codes.ts'
import { maskName } from '../../kernel/mask.ts'
import type {
  CatalogField,
  CatalogItem,
  FieldCondition,
  PenaltyKind,
  SubjectKind,
  UsccCategory,
} from '../../kernel/policy.ts'
import { isDocRange, nameKey, tidy } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { SubjectAsk } from '../subjects/contract.ts'
import { placesOf } from './rules.places.ts'
import {
  type CellNote,
  type Complain,
  type Problem,
  isEmptyMark,
  readerOf,
  shownValue,
  yuanOf,
} from './rules.columns.ts'
import { CROSS_CHECKS, type Cross } from './rules.cross.ts'

/** An authority as far as the checks look at it. */
export type KnownAuthority = {
  id: string
  code: string
  name: string
  nameKey: string
  division: string
  system: string
  isCreditOffice: boolean
  duties: readonly string[]
}
export type Directory = { byCode: ReadonlyMap<string, KnownAuthority>; byName: ReadonlyMap<string, KnownAuthority> }

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
export type Checked =
  | { ok: true; n: number; name: string; docNo: string; row: GoodRow }
  | { ok: false; n: number; name: string; docNo: string; problems: Problem[] }

const isFilled = (v: unknown): boolean => v !== null && v !== undefined
const holdsOne = (v: unknown, of: readonly string[]): boolean =>
  Array.isArray(v) ? v.some((x) => of.includes(String(x))) : of.includes(String(v))

type Test = { at: number; is: readonly string[] | null; filled: boolean | null; when: Words }
const testsOf = (conditions: readonly FieldCondition[], item: CatalogItem): Test[] =>
  conditions.map((c) => {
    const at = item.fields.findIndex((f) => f.key === c.field)
    const field = item.fields[at] as CatalogField
    const label = (lang: 'zh' | 'en') =>
      (c.is ?? [])
        .map((code) => field.choices.find((x) => x.code === code)?.label[lang] ?? code)
        .join(lang === 'zh' ? '、' : ', ')
    const when = c.is
      ? { zh: `“${field.label.zh}”为${label('zh')}`, en: `“${field.label.en}” is ${label('en')}` }
      : c.filled
        ? { zh: `已填写“${field.label.zh}”`, en: `“${field.label.en}” is given` }
        : { zh: `未填写“${field.label.zh}”`, en: `“${field.label.en}” is not given` }
    return { at, is: c.is ?? null, filled: c.filled ?? null, when }
  })
const firstThatHolds = (tests: readonly Test[], values: readonly unknown[]): Test | undefined =>
  tests.find((t) => {
    const v = values[t.at]
    return (t.is === null || (isFilled(v) && holdsOne(v, t.is))) && (t.filled === null || isFilled(v) === t.filled)
  })

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

const CATEGORY_OF: Partial<Record<SubjectKind, string>> = {
  natural_person: 'natural_person',
  individual_business: 'individual_business',
}
const categoryOf = (kind: SubjectKind): string => CATEGORY_OF[kind] ?? 'organisation'

/**
 * Compiles the checks of one item for one table. The check of a row is pure and answers everything that is wrong with it
 * at once, so that a row is mended once.
 */
export const compileRow = (rules: RowRules): ((row: InputRow) => Checked) => {
  const { item, today, reporter, directory } = rules
  const known = new Map(rules.categories.map((c) => [c.code, c]))
  const codes = new Set(known.keys())
  const plan = item.fields.map((f) => planOf(f, rules, codes))
  const at = placesOf(item)
  const count = plan.length
  const crossings = item.checks.flatMap((check) => {
    const test = CROSS_CHECKS[check.code]
    const places = check.fields.map((key) => item.fields.findIndex((f) => f.key === key))
    return test ? [{ check, test, places }] : []
  })
  const field = (i: number): CatalogField => (plan[i] as (typeof plan)[number]).field
  const systems = new Map(rules.lists.map((l) => [l.code, l.recordSystem]))

  // One row at a time: the buffers below belong to the row being checked.
  let problems: Problem[] = []
  let values: unknown[] = []
  let raws: string[] = []
  let complained: boolean[] = []
  const complainFor =
    (i: number): Complain =>
    (f, raw, code, params) => {
      complained[i] = true
      problems.push({
        field: f.key,
        label: f.label,
        value: shownValue(raw, f.secret),
        code,
        ...(params ? { params } : {}),
      })
    }
  const complainers = plan.map((_, i) => complainFor(i))
  const complain = (i: number, code: Parameters<Complain>[2], params?: Record<string, unknown>): void =>
    (complainers[i] as Complain)(field(i), raws[i] ?? '', code, params)

  const readCells = (row: InputRow): void => {
    for (let i = 0; i < count; i++) {
      const p = plan[i] as (typeof plan)[number]
      const cell = p.column >= 0 ? (row.cells[p.column] ?? '') : p.constant
      if (cell === '') continue
      const text = tidy(cell)
      if (text === '' || isEmptyMark(text, p.field.type)) continue
      raws[i] = text
      const note = row.flags && p.column >= 0 ? row.flags[p.column] : undefined
      if (note && note !== 'maybe_serial') complain(i, note === 'too_long' ? 'cell_too_long' : note)
      else values[i] = p.read(text, complainers[i] as Complain, note)
    }
  }

  /** What a kind of subject follows from: the code first, then the category that was written. */
  const subjectKind = (): SubjectKind => {
    const uscc = values[at.uscc]
    const category = at.category < 0 ? undefined : values[at.category]
    const ofCode = typeof uscc === 'string' ? known.get(uscc.slice(0, 2))?.subjectKind : undefined
    if (at.category >= 0 && !isFilled(category) && !complained[at.category]) {
      values[at.category] = ofCode ? categoryOf(ofCode) : hasLegacyCode() ? 'organisation' : values[at.category]
    } else if (ofCode && isFilled(category) && categoryOf(ofCode) !== category && category !== 'natural_person') {
      complain(at.category, 'category_not_code', {
        held: known.get(String(uscc).slice(0, 2))?.name ?? { zh: '', en: '' },
      })
    }
    if (category === 'natural_person' || category === 'individual_business') return category
    return ofCode ?? (isFilled(values[at.registration]) ? 'enterprise' : 'other')
  }
  const hasLegacyCode = (): boolean => isFilled(values[at.registration]) || isFilled(values[at.organisation])

  const checkPresence = (): void => {
    for (let i = 0; i < count; i++) {
      const p = plan[i] as (typeof plan)[number]
      if (isFilled(values[i])) {
        const no = p.absent.length ? firstThatHolds(p.absent, values) : undefined
        if (no) complain(i, 'absent_when', { when: no.when })
      } else if (!complained[i]) {
        if (p.always) complain(i, 'required')
        else if (p.needed.length) {
          const need = firstThatHolds(p.needed, values)
          if (need) complain(i, 'required_when', { when: need.when })
        }
      }
    }
  }

  const checkPerson = (kind: SubjectKind): string | null => {
    if (kind !== 'natural_person') {
      if (
        at.name >= 0 &&
        !isFilled(values[at.uscc]) &&
        !hasLegacyCode() &&
        !problems.some((p) => p.field === field(at.uscc).key)
      ) {
        if (at.uscc >= 0) complain(at.uscc, 'no_subject_code')
      }
      return null
    }
    const id = at.personId < 0 ? null : (values[at.personId] as string | null)
    if (!id) return null
    const type = at.personIdType < 0 ? null : values[at.personIdType]
    const isCitizen =
      type === null || type === undefined || /身份证|resident_id|identity_card|id_card|citizen/.test(String(type))
    if (isCitizen) {
      const check = checkPersonId(id)
      if (check.ok) return check.code
      complain(at.personId, 'person_id')
    }
    return id
  }

  type Decider = { id: string; key: string; name: string; system: string | null }
  const deciders = new Map<
    string,
    {
      decider: Decider | null
      fault: { place: number; code: Parameters<Complain>[2]; params: Record<string, unknown> } | null
    }
  >()
  const decide = (
    name: string,
    code: string,
  ): {
    decider: Decider | null
    fault: { place: number; code: Parameters<Complain>[2]; params: Record<string, unknown> } | null
  } => {
    const byCode = code ? directory.byCode.get(code) : undefined
    const byName = name ? directory.byName.get(nameKey(name)) : undefined
    const fault = (place: number, why: Parameters<Complain>[2], params: Record<string, unknown>) => ({
      decider: null,
      fault: { place, code: why, params },
    })
    if (byCode && name && byCode.nameKey !== nameKey(name))
      return fault(at.authorityCode, 'authority_code_name', { held: byCode.name })
    if (!byCode && code && byName)
      return fault(at.authorityCode, 'authority_name_code', { name: byName.name, held: byName.code })
    const found = byCode ?? byName
    if (!found) {
      return reporter.isCreditOffice
        ? { decider: { id: reporter.id, key: code || nameKey(name), name: name || code, system: null }, fault: null }
        : fault(name ? at.authorityName : at.authorityCode, 'authority_unknown', {})
    }
    if (found.duties.length && !found.duties.includes(item.code))
      return fault(at.authorityName, 'authority_no_duty', { name: found.name })
    // A bureau in a system with its own chain of command may report for its offices below; others report their own.
    const below =
      found.system === reporter.system &&
      found.system !== 'general' &&
      found.division.startsWith(reporter.division.replace(/(00)+$/, ''))
    if (!reporter.isCreditOffice && found.id !== reporter.id && !below)
      return fault(at.authorityName, 'authority_not_yours', { name: found.name, reporter: reporter.name })
    return { decider: { id: found.id, key: found.code, name: found.name, system: found.system }, fault: null }
  }
  const findDecider = (): Decider | null => {
    const name = at.authorityName < 0 ? '' : String(values[at.authorityName] ?? '')
    const code = at.authorityCode < 0 ? '' : String(values[at.authorityCode] ?? '')
    if (at.authorityName < 0 && at.authorityCode < 0)
      return { id: reporter.id, key: reporter.code, name: reporter.name, system: reporter.system }
    if (name === '' && code === '') return null
    const key = `${code}\t${name}`
    let held = deciders.get(key)
    if (!held) {
      if (deciders.size > 5000) deciders.clear()
      deciders.set(key, (held = decide(name, code)))
    }
    if (held.fault)
      complain(
        held.fault.place < 0 ? Math.max(at.authorityName, at.authorityCode) : held.fault.place,
        held.fault.code,
        { value: name || code, ...held.fault.params },
      )
    const { decider } = held
    // What the register of authorities knows need not be written in every row.
    if (decider) {
      const registered = directory.byCode.get(decider.key)
      if (registered && at.authorityCode >= 0 && !isFilled(values[at.authorityCode]))
        values[at.authorityCode] = registered.code
      if (registered && at.authorityName >= 0 && !isFilled(values[at.authorityName]))
        values[at.authorityName] = registered.name
    }
    return decider
  }
  /** The unit that hands the data in is the source unless the row names another. */
  const fillSource = (): void => {
    if (at.sourceName < 0 && at.sourceCode < 0) return
    const name = at.sourceName < 0 ? undefined : values[at.sourceName]
    const code = at.sourceCode < 0 ? undefined : values[at.sourceCode]
    if ((at.sourceName >= 0 && complained[at.sourceName]) || (at.sourceCode >= 0 && complained[at.sourceCode])) return
    const source = isFilled(code)
      ? directory.byCode.get(String(code))
      : isFilled(name)
        ? directory.byName.get(nameKey(String(name)))
        : reporter
    if (!source) return
    if (isFilled(code) && isFilled(name) && source.nameKey !== nameKey(String(name))) {
      complain(at.sourceCode, 'authority_code_name', { held: source.name })
      return
    }
    if (at.sourceName >= 0) values[at.sourceName] = source.name
    if (at.sourceCode >= 0) values[at.sourceCode] = source.code
  }

  const cross: Cross = { today, at: (i) => values[i] }
  const checkAcross = (): void => {
    const docNo = at.docNo < 0 ? null : values[at.docNo]
    if (typeof docNo === 'string' && isDocRange(docNo)) complain(at.docNo, 'doc_range')
    for (const { check, test, places } of crossings) {
      if (!test(cross, places)) continue
      const place = places.find((i) => !complained[i]) ?? -1
      if (place < 0) continue
      const f = field(place)
      problems.push({ field: f.key, label: f.label, value: shownValue(raws[place] ?? '', f.secret), code: check.code })
    }
  }

  const factsFrom = (kind: SubjectKind, decidedOn: LocalDate, system: string | null): RecordFacts => {
    const text = (i: number): string | null => (i >= 0 && isFilled(values[i]) ? String(values[i]) : null)
    const list = text(at.list)
    const kinds = at.penaltyKinds < 0 ? [] : ((values[at.penaltyKinds] as string[] | null) ?? [])
    return {
      item: item.code,
      system:
        (list ? systems.get(list) : undefined) ??
        system ??
        (item.system === 'market_supervision' ? item.system : 'general'),
      subjectKind: kind,
      decidedOn,
      publishedOn: today,
      procedure: text(at.procedure) as RecordFacts['procedure'],
      penaltyKinds: kinds.map((k) => meaning.get(k) ?? (k as PenaltyKind)),
      fineYuan: at.fine >= 0 && isFilled(values[at.fine]) ? yuanOf(String(values[at.fine])) : null,
      discretion: text(at.discretion) as RecordFacts['discretion'],
      field: text(at.field),
      fineTier: text(at.fineTier) as RecordFacts['fineTier'],
      sectorClass: text(at.sectorClass) as RecordFacts['sectorClass'],
      minorPublished: at.minorPublished < 0 ? null : ((values[at.minorPublished] as boolean | undefined) ?? null),
      termEndsOn: text(at.termEndsOn) as LocalDate | null,
      list,
      listCause: text(at.listCause),
      repeatOffender: at.repeatOffender < 0 ? null : ((values[at.repeatOffender] as boolean | undefined) ?? null),
    }
  }
  const meaning = new Map(
    (at.penaltyKinds < 0 ? [] : field(at.penaltyKinds).choices).flatMap((c) =>
      c.means ? [[c.code, c.means as PenaltyKind] as const] : [],
    ),
  )

  const goodRow = (
    kind: SubjectKind,
    personId: string | null,
    decider: Decider,
    docNo: string,
    decidedOn: LocalDate,
  ): GoodRow => {
    const fields: Record<string, unknown> = {}
    let secret: Record<string, string> | null = null
    for (let i = 0; i < count; i++) {
      const v = values[i]
      if (!isFilled(v)) continue
      const f = field(i)
      if (f.secret) (secret ??= {})[f.key] = String(v)
      else if (i === at.publicUntil) fields['reported_public_until'] = v
      else fields[f.key] = v
      // What 其他 stands for is said in the cell itself.
      if (f.choices.length && v === 'other' && (raws[i] ?? '').length > 2) fields[`${f.key}_note`] = raws[i]
      else if (Array.isArray(v) && v.includes('other')) fields[`${f.key}_note`] = raws[i]
    }
    const text = (i: number): string | null => (i >= 0 && isFilled(values[i]) ? String(values[i]) : null)
    const uscc = text(at.uscc)
    const registration = text(at.registration)
    return {
      ask: {
        kind,
        name: String(values[at.name] ?? ''),
        uscc,
        organisationCode: text(at.organisation),
        registrationNo: registration,
        personId,
        division: uscc
          ? uscc.slice(2, 8)
          : registration && kind !== 'natural_person'
            ? registration.slice(0, 6)
            : reporter.division,
      },
      authority: { id: decider.id, key: decider.key, name: decider.name },
      docNo,
      decidedOn,
      fields,
      secret,
      facts: factsFrom(kind, decidedOn, decider.system),
    }
  }

  const surplus = (row: InputRow): number => {
    let n = 0
    for (let i = rules.width; i < row.cells.length; i++) if ((row.cells[i] as string).trim() !== '') n++
    return n
  }

  return (row) => {
    problems = []
    values = new Array<unknown>(count).fill(null)
    raws = []
    complained = []
    const extra = row.cells.length > rules.width ? surplus(row) : 0
    readCells(row)
    const kind = subjectKind()
    const decider = findDecider()
    fillSource()
    const personId = checkPerson(kind)
    checkPresence()
    checkAcross()
    if (extra > 0)
      problems.push({
        field: '',
        label: { zh: '整行', en: 'The whole row' },
        value: '',
        code: 'surplus_cells',
        params: { n: extra },
      })
    const written = String(values[at.name] ?? raws[at.name] ?? '')
    const name = kind === 'natural_person' ? maskName(written) : written
    const decidedOn = at.decidedOn < 0 ? today : (values[at.decidedOn] as LocalDate | null)
    const docNo = at.docNo < 0 ? '' : String(values[at.docNo] ?? raws[at.docNo] ?? '')
    if (problems.length || !decider || !decidedOn) {
      if (kind === 'natural_person' && at.name >= 0)
        for (const p of problems) if (p.field === field(at.name).key) p.value = maskName(p.value)
      return { ok: false, n: row.n, name, docNo, problems }
    }
    return { ok: true, n: row.n, name, docNo, row: goodRow(kind, personId, decider, docNo, decidedOn) }
  }
}
