import type { CatalogItem, FactsWhen, Policy, Regime, RuleRow, WorkedExample } from '../kernel/policy.ts'
import { type LocalDate, addPeriod, day, weekdayOf, yearOf } from '../kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts, windowsOf } from '../kernel/window.ts'

/** What a schema cannot see: rows that contradict each other, names that lead nowhere, worked examples that do not come out. */

type Fault = { source: string; path: string; message: string; at?: PropertyKey[] }

const rowsOf = (policy: Policy): RuleRow[] => [
  ...policy.regimes.flatMap((r) => [r, ...rulesIn(r)]),
  ...policy.routes,
  ...policy.terms,
  ...policy.settings,
  ...policy.catalog,
  ...policy.lists,
  ...policy.receivers,
  ...policy.notices,
]
const rulesIn = (r: Regime): RuleRow[] => [...r.windows, ...r.conditions, ...r.materials, ...r.terms, ...r.consequences]

const fault = (row: { source: string }, path: string, message: string): Fault => ({ source: row.source, path, message })

const datesAndNotes = (rows: RuleRow[]): Fault[] =>
  rows.flatMap((row) => [
    ...(row.validTo !== null && row.validTo < row.validFrom
      ? [fault(row, row.id, `valid_to ${row.validTo} lies before valid_from ${row.validFrom}`)]
      : []),
    ...(row.unsure && !row.note ? [fault(row, row.id, 'is marked unsure without a note that says what is open')] : []),
  ])

const overlap = (a: RuleRow, b: RuleRow): boolean =>
  (a.validTo === null || b.validFrom <= a.validTo) && (b.validTo === null || a.validFrom <= b.validTo)

const doubles = (rows: RuleRow[]): Fault[] =>
  rows.flatMap((row, i) => {
    const twin = rows.slice(0, i).find((r) => r.id === row.id && r.origin === row.origin && overlap(r, row))
    return twin ? [fault(row, row.id, `the same id is already in force on these days at ${twin.source}`)] : []
  })

const regimeTimes = (policy: Policy): Fault[] =>
  policy.regimes.flatMap((r, i) => {
    const twin = policy.regimes.slice(0, i).find((o) => o.system === r.system && overlap(o, r))
    return twin
      ? [fault(r, r.id, `two versions of ${r.system} are in force on the same day; the other is ${twin.id}`)]
      : []
  })

const ANY_DAY = day('2000-01-01')
const longer = (a: string, b: string) => addPeriod(ANY_DAY, a) > addPeriod(ANY_DAY, b)

const windowRules = (policy: Policy): Fault[] =>
  policy.regimes.flatMap((regime) =>
    regime.windows.flatMap((w) => [
      ...(w.min && w.max && longer(w.min, w.max) ? [fault(w, w.id, `min ${w.min} is longer than max ${w.max}`)] : []),
      ...(w.repair === 'automatic' && !w.max ? [fault(w, w.id, 'ends by itself but names no max')] : []),
      ...(w.min && w.repair !== 'apply' ? [fault(w, w.id, 'names a min though no application is possible')] : []),
      ...(w.when.unlessAllMeet ?? [])
        .filter((id) => !regime.windows.some((o) => o.id === id))
        .map((id) => fault(w, w.id, `unless_all_meet names ${id}, which is not a row of this file`)),
    ]),
  )

const whens = (policy: Policy): { row: RuleRow; when: FactsWhen }[] => [
  ...policy.regimes.flatMap((r) =>
    [...r.windows, ...r.conditions, ...r.materials, ...r.terms].map((row) => ({ row, when: row.when })),
  ),
  ...policy.routes.map((row) => ({ row, when: row.when })),
  ...policy.notices.map((row) => ({ row, when: row.when })),
]

const names = (policy: Policy): Fault[] => {
  const has = {
    field: new Set(policy.fields.map((f) => f.code)),
    list: new Set(policy.lists.map((l) => l.code)),
    listCause: new Set(policy.listCauses.map((c) => c.code)),
    item: new Set(policy.catalog.map((c) => c.code)),
  }
  return whens(policy).flatMap(({ row, when }) =>
    (['field', 'list', 'listCause', 'item'] as const).flatMap((key) =>
      (when[key] ?? []).filter((v) => !has[key].has(v)).map((v) => fault(row, row.id, `no ${key} is called ${v}`)),
    ),
  )
}

const conditions = (policy: Policy): Fault[] =>
  policy.regimes.flatMap((r) =>
    r.conditions.flatMap((c) => [
      ...(c.needs.startsWith('known') && !c.known ? [fault(c, c.id, 'does not say which known fact answers')] : []),
      ...(c.needs === 'repairable' && c.modes.length === 0 ? [fault(c, c.id, 'does not say for which modes')] : []),
    ]),
  )

const terms = (policy: Policy): Fault[] =>
  [...policy.terms, ...policy.regimes.flatMap((r) => r.terms)].flatMap((t) =>
    [t.workdays, t.days, t.period].filter((v) => v !== null).length > 1
      ? [fault(t, t.id, 'names more than one of workdays, days and period')]
      : [],
  )

/** What may found adverse information: nothing below a law, a regulation or a document of the centre, but for the rule of a department beside one. */
const FOUNDS: ReadonlySet<string> = new Set([
  'law',
  'administrative_regulation',
  'party_central_document',
  'state_council_document',
  'judicial_interpretation',
  'local_regulation',
])
const ABOVE_LOCAL: ReadonlySet<string> = new Set([...FOUNDS].filter((l) => l !== 'local_regulation'))

/** No adverse information without a basis in law, and none of a place's own without a local regulation. */
const basisOf = (item: CatalogItem): Fault[] => {
  const at = ['legalBasis']
  const path = `${item.code}.legal_basis`
  if (!item.negative) return []
  if (!item.legalBasis.length)
    return [{ ...fault(item, path, 'adverse information needs its legal basis: instrument and article'), at }]
  const founds = item.legalBasis.filter((b) => FOUNDS.has(b.level))
  if (!founds.length)
    return [
      {
        ...fault(
          item,
          path,
          'adverse information stands only on a law, a regulation, a judicial interpretation or a document of the Party Centre or the State Council',
        ),
        at,
      },
    ]
  if (item.publicity === 'public')
    return [
      { ...fault(item, `${item.code}.publicity`, 'adverse information is shown only by rule'), at: ['publicity'] },
    ]
  // Nationwide rules may be used everywhere; a national file may not lean on the regulation of one place.
  if (item.origin === 'national' && !founds.some((b) => ABOVE_LOCAL.has(b.level)))
    return [{ ...fault(item, path, 'a national item cannot stand on a local regulation'), at }]
  return []
}

const SPINE = ['subject_name', 'subject_category'] as const
const spineOf = (item: CatalogItem, keys: ReadonlySet<string>): Fault[] => [
  ...SPINE.filter((k) => !keys.has(k)).map((k) => fault(item, `${item.code}.fields`, `a record needs the field ${k}`)),
  ...(keys.has('uscc') || keys.has('person_id')
    ? []
    : [fault(item, `${item.code}.fields`, 'a record needs a code of its subject: uscc or person_id')]),
  ...(item.fields.find((f) => f.key === item.reporting.starts)?.type === 'date'
    ? []
    : [
        {
          ...fault(item, `${item.code}.reporting.starts`, `${item.reporting.starts} is not a date among the fields`),
          at: ['reporting', 'starts'],
        },
      ]),
  ...item.fields
    .filter((f) => f.key === item.reporting.starts && f.required !== 'always')
    .map((f) => fault(item, `${item.code}.${f.key}`, 'the day from which the reporting term runs must be required')),
  ...item.naturalKey
    .filter((k) => !OPTIONAL_KEYS.has(k) && item.fields.some((f) => f.key === k && f.required !== 'always'))
    .map((k) => ({
      ...fault(item, `${item.code}.natural_key`, `${k} identifies the record and must be required`),
      at: ['naturalKey'],
    })),
  ...item.naturalKey
    .filter((k) => item.fields.some((f) => f.key === k && f.secret))
    .map((k) => ({
      ...fault(item, `${item.code}.natural_key`, `${k} is secret and cannot identify a record`),
      at: ['naturalKey'],
    })),
]
/** Filled in from the register, or known by another code. */
const OPTIONAL_KEYS: ReadonlySet<string> = new Set(['authority_code', 'uscc'])

const catalogOf = (item: CatalogItem): Fault[] => {
  const keys = new Set(item.fields.map((f) => f.key))
  const headings = new Map<string, string>()
  const taken = item.fields.flatMap((f) =>
    [...new Set([f.code, f.label.zh, ...f.aliases])].flatMap((heading) => {
      const owner = headings.get(heading)
      headings.set(heading, f.key)
      return owner && owner !== f.key
        ? [fault(item, `${item.code}.${f.key}`, `the heading ${heading} already belongs to ${owner}`)]
        : []
    }),
  )
  const wanted = [
    ...item.naturalKey.map((key) => ({ at: 'natural_key', key })),
    ...item.fields.flatMap((f) =>
      [...(Array.isArray(f.required) ? f.required : []), ...f.absent].map((c) => ({ at: f.key, key: c.field })),
    ),
    ...item.checks.flatMap((c) => c.fields.map((key) => ({ at: c.code, key }))),
  ]
  const twice = item.fields.filter((f, i) => item.fields.findIndex((o) => o.key === f.key) !== i)
  return [
    ...taken,
    ...basisOf(item),
    ...spineOf(item, keys),
    ...twice.map((f) => fault(item, `${item.code}.${f.key}`, 'two fields have this key')),
    ...wanted
      .filter(({ key }) => !keys.has(key))
      .map(({ at, key }) => fault(item, `${item.code}.${at}`, `no field has the key ${key}`)),
    ...item.fields
      .filter((f) => f.type === 'person_id' && !f.secret)
      .map((f) => fault(item, `${item.code}.${f.key}`, 'a number of a person must be secret')),
    ...item.fields
      .filter((f) => f.secret && f.public)
      .map((f) => fault(item, `${item.code}.${f.key}`, 'a secret field cannot be public')),
    ...item.fields
      .filter((f) => f.type === 'choice' && f.choices.length === 0)
      .map((f) => fault(item, `${item.code}.${f.key}`, 'is a choice without choices')),
    ...item.fields
      .filter((f) => f.unsure && !f.note)
      .map((f) => fault(item, `${item.code}.${f.key}`, 'is marked unsure without a note')),
  ]
}

/** The same item twice on a day would leave open which one a row is checked by. */
const versions = (catalog: CatalogItem[]): Fault[] =>
  catalog.flatMap((item, i) => {
    const twin = catalog.slice(0, i).find((c) => c.code === item.code && c.origin === item.origin && overlap(c, item))
    return twin ? [fault(item, item.code, `another version of it is in force on these days at ${twin.source}`)] : []
  })

/** Cross-field checks that the pipeline knows how to make. */
const CHECKS: ReadonlySet<string> = new Set([
  'DECIDED_IN_FUTURE',
  'VALID_FROM_AFTER_TO',
  'TERM_BEFORE_DECISION',
  'REMOVED_BEFORE_LISTED',
  'FINE_IS_ZERO',
  'AMOUNT_WITHOUT_FINE',
  'AMOUNT_WITHOUT_CONFISCATION',
  'PUBLIC_UNTIL_NOT_MAXIMUM',
])
const checkNames = (catalog: CatalogItem[]): Fault[] =>
  catalog.flatMap((item) =>
    item.checks
      .filter((c) => !CHECKS.has(c.code))
      .map((c) => fault(item, `${item.code}.${c.code}`, `there is no check ${c.code}`)),
  )

const WEEKEND = new Set([0, 6])
const calendars = (policy: Policy): Fault[] =>
  policy.calendar.flatMap((y) => {
    const source = `policy/national/calendar/${y.year}.yaml:1`
    const off = y.holidays.flatMap((h) => h.days)
    return [
      ...[...off, ...y.workdays].filter((d) => yearOf(d) !== y.year).map((d) => `${d} is not a day of ${y.year}`),
      ...y.workdays.filter((d) => off.includes(d)).map((d) => `${d} is both a holiday and a working day`),
      ...y.workdays.filter((d) => !WEEKEND.has(weekdayOf(d))).map((d) => `${d} is a weekday and need not be named`),
      ...(y.unsure && !y.note ? ['is marked unsure without a note'] : []),
    ].map((message) => ({ source, path: String(y.year), message }))
  })

/** The facts of a worked example, with what it leaves out as unknown. */
export const exampleFacts = (example: WorkedExample): RecordFacts => {
  const given = example.facts as Partial<RecordFacts> & { decidedOn: LocalDate; item: string }
  return {
    system: 'general',
    subjectKind: 'enterprise',
    publishedOn: given.decidedOn,
    ...NOTHING_KNOWN,
    ...given,
  }
}

/** What an example expects and does not get, in words; none when it comes out. */
export const exampleFaults = (example: WorkedExample, policy: Policy): string[] => {
  const { channel, ...expected } = example.expect
  const window = windowsOf(exampleFacts(example), policy).find((w) => w.channel === channel)
  if (!window) return [`no rules are loaded for ${channel}`]
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const got = window[key as keyof typeof expected]
    return got === wanted ? [] : [`${key} should be ${String(wanted)} but is ${String(got)} (rule ${window.rule})`]
  })
}

const examples = (policy: Policy): Fault[] =>
  policy.examples.flatMap((e) =>
    exampleFaults(e, policy).map((message) => fault(e, `example "${e.name}" (${e.article})`, message)),
  )

/** One item by itself, beside those of the policy. */
export const checkItem = (item: CatalogItem, policy: Policy): Fault[] => [
  ...datesAndNotes([item]),
  ...catalogOf(item),
  ...checkNames([item]),
  ...(policy.catalog.some((c) => c.code !== item.code && c.id === item.id)
    ? [fault(item, item.id, 'another item has this id')]
    : []),
]

export const checkPolicy = (policy: Policy): Fault[] => {
  const structure = [
    ...datesAndNotes(rowsOf(policy)),
    ...doubles(rowsOf(policy)),
    ...regimeTimes(policy),
    ...windowRules(policy),
    ...names(policy),
    ...conditions(policy),
    ...terms(policy),
    ...[...policy.catalog, ...policy.catalogDrafts].flatMap(catalogOf),
    ...checkNames(policy.catalog),
    ...versions(policy.catalog),
    ...calendars(policy),
  ]
  return structure.length > 0 ? structure : examples(policy)
}
