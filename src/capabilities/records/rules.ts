import { maskName, scrubFreeText } from '../../kernel/mask.ts'
import type { CatalogItem, Channel, SubjectKind } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts, type Window, type WindowEnd, dayWords } from '../../kernel/window.ts'
import type { Lang, Words } from '../../kernel/words.ts'

/** The channel that this platform's own public site is. */
export const OWN_SITE: Channel = 'credit_china'

export const windowOn = (windows: readonly Window[], channel: Channel): Window | null =>
  windows.find((w) => w.channel === channel) ?? null

/** By date comparison alone: from its first day, up to and without its `until`. */
export const isShown = (w: Pick<Window, 'from' | 'until'> | null, on: LocalDate): boolean =>
  w !== null && w.from !== null && w.from <= on && (w.until === null || on < w.until)

export const shownOn = (record: { windows: readonly Window[] }, channel: Channel, on: LocalDate): boolean =>
  isShown(windowOn(record.windows, channel), on)

/** Channels on which a record is shown, was, or will be: whoever took it from there has to hear of a change. */
export const reachedChannels = (windows: readonly Window[]): Channel[] =>
  windows.filter((w) => w.from !== null || (w.planned && w.planned.from !== null)).map((w) => w.channel)

// ---- what may be published of a record's fields

/** inner: not for the public. scrub: free text, personal data cut out. name: a person's, masked. */
export type FieldMode = 'public' | 'inner' | 'scrub' | 'name'
/** `slashed`: with a backslash in it, which COPY takes for an escape. */
export type Said = { value: unknown; all: string; open: string | null; slashed: boolean }
/** `said`: what the last row held and how it was written; many fields say the same row after row. */
type PlannedField = { key: string; head: string; mode: FieldMode; said: Said }
export type FieldPlan = { keys: ReadonlySet<string>; fields: PlannedField[] }

/** Fields that hold a person's name: public for a legal person's representative, personal data of a small trader. */
const PERSON_NAME = /^(legal_rep(resentative)?|operator|responsible_person|person_in_charge)(_name)?$/

const modeOf = (key: string, item: CatalogItem | null, subjectKind: SubjectKind): FieldMode => {
  const field = item?.fields.find((f) => f.key === key)
  if (!field || field.secret || !field.public || subjectKind === 'natural_person') return 'inner'
  if (PERSON_NAME.test(key)) return subjectKind === 'individual_business' ? 'name' : 'public'
  return field.type === 'text' ? 'scrub' : 'public'
}

/** Keys in one order, so that the same fields always give the same text. */
export const fieldPlan = (keys: readonly string[], item: CatalogItem | null, subjectKind: SubjectKind): FieldPlan => {
  const distinct = new Set(keys)
  const fields = [...distinct].toSorted().map(
    (key): PlannedField => ({
      key,
      head: `${JSON.stringify(key)}:`,
      mode: modeOf(key, item, subjectKind),
      said: { value: undefined, all: '', open: null, slashed: false },
    }),
  )
  return { keys: distinct, fields }
}

export type SplitFields = {
  /** Everything, in one order: what the fingerprint is taken of. */
  all: string
  /** What may be published. */
  open: string
  /** What is laid over it for those who may see the rest; null when there is nothing. */
  inner: string | null
}

/** Splits the fields once, when a record is stored; nothing that leaves the publishable part out has to be remembered later. */
export const splitFields = (fields: Record<string, unknown>, plan: readonly PlannedField[]): SplitFields => {
  const all: string[] = []
  const open: string[] = []
  const inner: string[] = []
  for (const field of plan) {
    const said = saidOf(field, fields[field.key])
    if (said === null) continue
    all.push(said.all)
    if (said.open !== null) open.push(said.open)
    if (said.open !== said.all) inner.push(said.all)
  }
  return {
    all: `{${all.join(',')}}`,
    open: `{${open.join(',')}}`,
    inner: inner.length ? `{${inner.join(',')}}` : null,
  }
}

/** A field as it is written; null where nothing is said. */
export const saidOf = (field: PlannedField, value: unknown): Said | null => {
  if (value === undefined || value === null || value === '') return null
  return value === field.said.value ? field.said : (field.said = written(field, value))
}
const written = ({ head, mode }: PlannedField, value: unknown): Said => {
  const all = head + JSON.stringify(value)
  const safe = mode === 'inner' ? null : mode === 'public' || typeof value !== 'string' ? value : cut(value, mode)
  const open = safe === null ? null : safe === value ? all : head + JSON.stringify(safe)
  return { value, all, open, slashed: all.includes('\\') }
}

const cut = (value: string, mode: 'scrub' | 'name'): string =>
  mode === 'name' ? maskName(value) : value.length < 5 ? value : scrubFreeText(value).text

export const catalogItemOn = (catalog: readonly CatalogItem[], item: string, on: LocalDate): CatalogItem | null => {
  const found =
    catalog.find((c) => c.code === item && c.validFrom <= on && (c.validTo === null || on <= c.validTo)) ??
    catalog.findLast((c) => c.code === item)
  return found ? withLaterFields(catalog, found) : null
}

const grown = new WeakMap<CatalogItem, { of: readonly CatalogItem[]; item: CatalogItem }>()
/** A record first published under one version may have been corrected under a later one: its new fields are told too. */
const withLaterFields = (catalog: readonly CatalogItem[], found: CatalogItem): CatalogItem => {
  const known = grown.get(found)
  if (known?.of === catalog) return known.item
  const has = new Set(found.fields.map((f) => f.key))
  const later = catalog.filter((c) => c.code === found.code && c.validFrom > found.validFrom)
  const more = later.flatMap((c) => c.fields.filter((f) => !has.has(f.key) && has.add(f.key)))
  const item = more.length ? { ...found, fields: [...found.fields, ...more] } : found
  grown.set(found, { of: catalog, item })
  return item
}

const YES_NO: Record<string, Words> = { true: { zh: '是', en: 'Yes' }, false: { zh: '否', en: 'No' } }
const FOR_EVER = '2099-12-31'
const LONG_TERM: Words = { zh: '长期', en: 'Without an end' }

const WAN = 10_000
const MONEY_LABEL = /\s*[（(](?:万元|10,000 yuan)[）)]/
const plainLabels = new Map<string, string>()
/** An amount's label without its unit, which the value carries; labels are those of the catalog. */
const plainLabel = (label: string): string => {
  const known = plainLabels.get(label)
  if (known !== undefined) return known
  const plain = label.replace(MONEY_LABEL, '')
  plainLabels.set(label, plain)
  return plain
}
/** Amounts are kept in 万元; an English reader gets yuan. */
const moneyWords = (text: string, lang: Lang): string => {
  if (lang === 'zh') return `${text}万元`
  const yuan = Math.round(Number(text) * WAN * 100) / 100
  return Number.isFinite(yuan) ? `${yuan.toLocaleString('en')} yuan` : text
}

/** Fields as a person reads them, in the catalog's order: labels, the choices' words, days and amounts written out. */
export const publicFieldRows = (
  fields: Record<string, unknown>,
  item: CatalogItem | null,
  lang: Lang,
): { key: string; label: string; value: string }[] =>
  (item?.fields ?? []).flatMap((field) => {
    const raw = fields[field.key]
    if (raw === undefined || raw === null || raw === '' || (Array.isArray(raw) && !raw.length)) return []
    const word = (v: unknown): string => {
      const text = typeof v === 'string' ? v : typeof v === 'number' || typeof v === 'boolean' ? String(v) : ''
      const choice = field.choices.find((c) => c.code === text || c.means === text || c.label.zh === text)
      if (choice) return choice.label[lang]
      if (field.type === 'date') return text === FOR_EVER ? LONG_TERM[lang] : dayWords(text as LocalDate)[lang]
      if (field.type === 'money_wan') return moneyWords(text, lang)
      if (field.type === 'flag') return YES_NO[text]?.[lang] ?? text
      return text
    }
    const value = Array.isArray(raw) ? raw.map(word).join(lang === 'zh' ? '、' : ', ') : word(raw)
    const label = field.type === 'money_wan' ? plainLabel(field.label[lang]) : field.label[lang]
    return value ? [{ key: field.key, label, value }] : []
  })

// ---- how windows lie in the database

/** What many windows share; stored once under the digest of its content. `inputs` are those that the rule itself brought. */
export type Basis = Pick<
  Window,
  'class' | 'repair' | 'rule' | 'version' | 'instrument' | 'article' | 'why' | 'unsure' | 'note'
> & { inputs: Window['inputs'] }
/** What is a record's own. Inputs that the record's facts hold already are left out. */
export type PackedWindow = {
  channel: Channel
  from: LocalDate | null
  earliest: LocalDate | null
  until: LocalDate | null
  end?: WindowEnd
  basis: string
  inputs: Window['inputs']
  planned?: NonNullable<Window['planned']>
}

const flat = (facts: RecordFacts): Window['inputs'] =>
  ({ ...facts, penaltyKinds: facts.penaltyKinds.join(',') }) as Window['inputs']

/** Days are a record's own; a rule's name, clock and periods are the rule's. */
const IS_DAY = /^\d{4}-\d\d-\d\d$/

export const pack = (
  windows: readonly Window[],
  facts: RecordFacts,
  idOf: (basis: Basis) => string,
): PackedWindow[] => {
  const known = flat(facts)
  return windows.map(({ channel, from, earliest, until, end, inputs, planned, ...rest }) => {
    const own: Window['inputs'] = {}
    const ruled: Window['inputs'] = {}
    for (const key in inputs) {
      const value = inputs[key] as Window['inputs'][string]
      if (key in known && known[key] === value) continue
      if (key in known || (typeof value === 'string' && IS_DAY.test(value))) own[key] = value
      else ruled[key] = value
    }
    return {
      channel,
      from,
      earliest,
      until,
      ...(end ? { end } : {}),
      basis: idOf({ ...rest, inputs: ruled }),
      inputs: own,
      ...(planned ? { planned } : {}),
    }
  })
}

export const unpack = (
  packed: readonly PackedWindow[],
  facts: RecordFacts,
  basisOf: (id: string) => Basis,
): Window[] => {
  return packed.map(({ channel, from, earliest, until, end, basis, inputs, planned }) => {
    const body = basisOf(basis)
    let whole: Window['inputs'] | undefined
    return {
      ...body,
      channel,
      from,
      earliest,
      until,
      end: end ?? null,
      // Most readers of a window do not ask what it was computed from.
      get inputs() {
        return (whole ??= { ...flat(facts), ...body.inputs, ...inputs })
      },
      ...(planned ? { planned } : {}),
    }
  })
}

/** What is not known need not lie in every row. */
export const packFacts = (facts: { [K in keyof RecordFacts]: RecordFacts[K] | null }): string =>
  JSON.stringify(facts, (_, v: unknown) => (v === null ? undefined : v))
export const unpackFacts = (known: Partial<RecordFacts>): RecordFacts => ({ ...NOTHING_KNOWN, ...known }) as RecordFacts

/** The own site's window, as columns that lists and pages ask for. */
export const ownSite = (windows: readonly Window[]) => {
  const w = windowOn(windows, OWN_SITE)
  return { class: w?.class ?? 'none', from: w?.from ?? null, until: w?.until ?? null, earliest: w?.earliest ?? null }
}
