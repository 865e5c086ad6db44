import type { KNOWN_FACTS, PENALTY_KINDS, SUBJECT_KINDS } from './closed-sets.ts'
import type { LocalDate, Period } from './time.ts'
import type { Words } from './words.ts'

/** Policy is dated data. These are its shapes; the values stand in `policy/`, read and checked by platform/policy-files.ts. */

export type Channel = 'credit_china' | 'necips'
export type RepairSystem = 'credit_china' | 'necips' | 'tax' | 'court' | 'rating'
export type SubjectKind = (typeof SUBJECT_KINDS)[number]
export type PenaltyKind = (typeof PENALTY_KINDS)[number]
/** `none`: not a negative record. `listed`: on a list for which the law names no class. `unclassified`: the sector has set no class yet. */
export type WindowClass = 'minor' | 'general' | 'serious' | 'listed' | 'unclassified' | 'none'
/** How a window may end before its maximum: on application, only by itself, only at a fixed end, or there is nothing to end. */
export type RepairMode = 'apply' | 'automatic' | 'fixed' | 'none'
export type ItemCode = 'licence' | 'penalty' | 'abnormal_list' | 'serious_list' | (string & {})

/** Every rule row: where it applies, from its first to its last day, and on what basis. */
export type RuleRow = {
  id: string
  system: string
  validFrom: LocalDate
  /** Last day in force; null = still in force. */
  validTo: LocalDate | null
  instrument: Words
  article: string
  unsure: boolean
  note: Words | null
  /** Where it is written: `policy/…yaml:line`, and whose it is (`national` or a jurisdiction's code). */
  source: string
  origin: string
}

/** What must hold of a record for a row to apply; every key given must hold, a list means one of. */
export type FactsWhen = {
  item?: ItemCode[]
  recordSystem?: string[]
  recordSystemNot?: string[]
  subjectKind?: SubjectKind[]
  procedure?: ('summary' | 'ordinary')[]
  /** The penalty kind under consideration (kinds are classified one by one; the longest wins). */
  kind?: PenaltyKind[]
  fineTier?: ('small' | 'large' | 'huge')[]
  fineYuanAtMost?: number
  discretion?: ('reduced' | 'lighter' | 'ordinary' | 'heavier')[]
  field?: string[]
  sectorClass?: ('minor' | 'general' | 'serious')[]
  minorPublished?: boolean
  repeatOffender?: boolean
  list?: string[]
  listCause?: string[]
  result?: ('negative' | 'positive')[]
  /** Does not apply when every penalty kind of the record meets one of these rows. */
  unlessAllMeet?: string[]
}

/** outside: not a matter of these rules at all. hide: never shown; class none leaves
 * the class to the other rows, repair none leaves nothing to repair. sector: the sector's own classification. default: the law's list. rest: what no row names. */
export type WindowTier = 'outside' | 'hide' | 'sector' | 'default' | 'rest'

export type WindowRule = RuleRow & {
  tier: WindowTier
  when: FactsWhen
  class: WindowClass
  shown: boolean
  repair: RepairMode
  /** Shortest and longest time shown, from the regime's clock; min null with repair `apply` = at once, max null = no maximum. */
  min: Period | null
  max: Period | null
  /** A penalty with its own term: no early end before the term is over; the longest time reaches to the term's end. */
  termDelaysRepair: boolean
  termExtendsMaximum: boolean
  why: Words
}

export type ConditionNeed =
  | 'repairable'
  | 'not_ended'
  | 'min_period'
  | 'term_ended'
  | 'not_barred'
  | 'known_true'
  | 'known_false'
  /** The authority judges by its own sector's rules, and writes down by which. */
  | 'authority_judges'
export type ConditionRule = RuleRow & {
  when: FactsWhen
  needs: ConditionNeed
  /** A refusal code, stable for ever, and its sentence; `{day}` and the facts' names are filled in. */
  code: string
  words: Words
  /** known_true, known_false: which known fact answers. */
  known: KnownFact | null
  /** repairable: the modes for which this refusal stands. */
  modes: RepairMode[]
  /** A shortest period of the condition's own (systems without a window on our channels). */
  period: Period | null
  clock: 'decided_on' | 'published_on' | null
}
export type KnownFact = (typeof KNOWN_FACTS)[number]

export type MaterialRule = RuleRow & {
  when: FactsWhen
  code: string
  name: Words
  required: 'always' | 'unless_shared' | 'bankruptcy' | 'on_request'
}

/** A time limit: working days, calendar days or a period; what starts it; by how much it may be extended. */
export type TermRule = RuleRow & {
  step: string
  when: FactsWhen
  starts: string
  workdays: number | null
  days: number | null
  period: Period | null
  extend: { workdays: number | null; on: Words } | null
}

export type ConsequenceRule = RuleRow & {
  event:
    | 'false_material'
    | 'bankruptcy_plan'
    | 'bankruptcy_failed'
    | 'deregistered'
    | 'annulled'
    | 'repaired'
    /** Taken off a list: the penalty for which it was listed goes as well. */
    | 'left_list'
    /** What a spot check led to has ended: its negative result goes at the same time. */
    | 'led_to_ended'
  /** left_list: what stays shown all the same. `fixed`: may not end early; `not_yet`: its own shortest period or term is running. */
  unless: ('fixed' | 'not_yet')[]
  /** false_material: how long no application, how long the decision is shown, whether the record's clock restarts. */
  barPeriod: Period | null
  publishPeriod: Period | null
  restartClock: boolean
  earlyEnd: boolean
  mandatory: boolean
  workdays: number | null
}

/** One version of one system's rules on repair and publicity. */
export type Regime = RuleRow & {
  version: string
  channel: Channel | null
  title: Words
  /** Which day of the record picks this version, and from which day its periods run. */
  picksBy: 'decided_on' | 'published_on'
  clock: 'decided_on' | 'published_on'
  clockArticle: string
  /** Records whose day lies before this version's first day. */
  transition: { recordsBefore: 'old_rule' | 'new_rule' | 'more_favourable'; unsure: boolean; note: Words | null }
  windows: WindowRule[]
  conditions: ConditionRule[]
  materials: MaterialRule[]
  terms: TermRule[]
  consequences: ConsequenceRule[]
}

/** At which level an authority stands; told by its division. */
export type AuthorityLevel = 'province' | 'city' | 'county'
export type RouteRule = RuleRow & {
  when: FactsWhen
  /** Levels of the deciding authority; none named = any. */
  levels: AuthorityLevel[]
  routesTo: RepairSystem
  receiver: Words
  decider: 'finder' | 'registry_authority' | 'lister'
  steps: string[]
}

/** A dated switch or local arrangement; the closed set of keys and the shape of each value is in platform/policy-files.ts. */
export type SettingRule = RuleRow & { key: string; value: unknown }

export type FieldType =
  | 'text'
  | 'date'
  | 'money_wan'
  | 'choice'
  | 'choices'
  | 'code_uscc'
  | 'code_org'
  | 'code_registration'
  | 'code_tax'
  | 'code_institution'
  | 'code_social'
  | 'person_id'
  | 'flag'
  /** A year, half-year, quarter or month: 2025, 2025-H1, 2025-Q3, 2025-06. */
  | 'period'
  /** A quantity or head count. */
  | 'number'
export type FieldWhen = 'organisation' | 'natural_person' | 'individual_business' | (string & {})
export type CatalogField = {
  code: string
  key: string
  label: Words
  /** Other headings under which the field arrives: older codes and Chinese headings. */
  aliases: string[]
  type: FieldType
  maxLength: number | null
  /** `always`, `never`, or when one of these holds (see catalog `presence`). */
  required: 'always' | 'never' | FieldCondition[]
  /** Must be empty when one of these holds. */
  absent: FieldCondition[]
  choices: { code: string; label: Words; aliases: string[]; means: string | null }[]
  /** ★: never leaves the store but masked, never public. */
  secret: boolean
  public: boolean
  /** Not in the national standard: an input the rules need, kept as a local supplement. */
  supplement: boolean
  unsure: boolean
  note: Words | null
}
/** `{ field: subject_category, is: [natural_person] }`, or `{ field: licence_number, filled: true }`. */
export type FieldCondition = { field: string; is?: string[]; filled?: boolean }
export type CatalogCheck = { code: string; fields: string[]; words: Words; mend: Words; article: string | null }
/** Classes of the national basic catalog (2024), and what the national lists for financing credit add. */
export type CatalogClass =
  | 'registration'
  | 'judicial'
  | 'administration'
  | 'profession'
  | 'abnormal'
  | 'serious'
  | 'contract'
  | 'commitment'
  | 'evaluation'
  | 'compliance'
  | 'honour'
  | 'self_provided'
  | 'intellectual_property'
  | 'financing'
export type BasisLevel =
  | 'law'
  | 'administrative_regulation'
  | 'party_central_document'
  | 'state_council_document'
  | 'judicial_interpretation'
  | 'local_regulation'
  | 'department_rule'
  | 'normative_document'
export type LegalBasis = { level: BasisLevel; instrument: Words; article: string }
export type CatalogItem = RuleRow & {
  code: ItemCode
  name: Words
  class: CatalogClass
  /** Where it stands among the items of its class. */
  order: number
  /** Adverse information. It stands only on one of its `legalBasis` of a sufficient level. */
  negative: boolean
  legalBasis: LegalBasis[]
  /** Whose duty it is (权责清单): which systems of authorities, none named = any; and in words. */
  responsible: { systems: string[]; duty: Words }
  /** in_force: from its first day. on_approval: a draft in the pack that two people put in force. */
  activation: 'in_force' | 'on_approval'
  /** Natural key of a record, by field key; with item and subject. */
  naturalKey: string[]
  reporting: { workdays: number | null; period: Period | null; starts: string; article: string }
  sharing: 'unconditional' | 'conditional' | 'none'
  publicity: 'public' | 'by_rule' | 'none'
  fields: CatalogField[]
  checks: CatalogCheck[]
}

export type Division = {
  code: string
  name: Words
  level: 'province' | 'city' | 'county'
  parent: string | null
  /** First and last day, where known. */
  validFrom: LocalDate | null
  validTo: LocalDate | null
  successors: string[]
}

export type UsccCategory = { code: string; name: Words; registrar: Words; subjectKind: SubjectKind; unsure: boolean }
export type SeriousList = RuleRow & {
  code: string
  name: Words
  owner: Words
  recordSystem: string
  repair: Words
}
/** In which form one receiver takes an item, and under which names. `names`: the national codes, the keys, or its own. */
export type ReceiverItem = { item: ItemCode; names: 'codes' | 'keys' | { key: string; name: string }[] }
export type ReceiverRule = RuleRow & {
  code: string
  name: Words
  format: 'csv' | 'json' | 'xml'
  /** What is published, or everything that may be shared between authorities. */
  takes: 'published' | 'shared'
  dates: 'dashes' | 'slashes'
  choices: 'labels' | 'codes'
  /** Named items, and how all others go; null: they do not go. */
  items: ReceiverItem[]
  others: 'codes' | 'keys' | null
}
/** What may be filled into a notice, and which of the subject's own parts may be laid into it. */
export const NOTICE_PLACES = [
  'name',
  'code',
  'authority',
  'day',
  'docNo',
  'item',
  'platform',
  'place',
  'earliest',
  'last',
  'receiver',
  'issued',
] as const
export type NoticePlace = (typeof NOTICE_PLACES)[number]
export const NOTICE_PARTS = ['fields', 'channels', 'repair', 'conditions', 'materials', 'terms'] as const
export type NoticePart = (typeof NOTICE_PARTS)[number]
/** coded: the subject has a code. may_apply: repair on application is possible, from `earliest`. dated: it ends by itself after `last`. */
export const NOTICE_CASES = [
  'coded',
  'not_coded',
  'may_apply',
  'not_early',
  'dated',
  'at_window',
  'not_at_window',
] as const
export type NoticeCase = (typeof NOTICE_CASES)[number]
export type NoticeLine = { when: NoticeCase[] } & ({ text: Words } | { show: NoticePart })
/** The template of a repair notice: a jurisdiction's own goes before the national one. */
export type NoticeTemplate = RuleRow & {
  when: FactsWhen
  title: Words
  opening: NoticeLine[]
  sections: { heading: Words; lines: NoticeLine[] }[]
}
export type CodeName = { code: string; name: Words; aliases: string[] }

export type Jurisdiction = { code: string; name: Words; folder: string; parents: string[]; receiver: Words | null }

/** A working-day calendar of one year, from the State Council's notice. */
export type CalendarYear = {
  year: number
  instrument: Words
  unsure: boolean
  note: Words | null
  holidays: { name: Words; days: LocalDate[] }[]
  workdays: LocalDate[]
}

export type WorkedExample = {
  name: string
  article: string
  source: string
  facts: Record<string, unknown>
  expect: {
    channel: Channel
    class?: WindowClass
    from?: LocalDate | null
    earliest?: LocalDate | null
    until?: LocalDate | null
    rule?: string
  }
}

export type Policy = {
  jurisdiction: Jurisdiction
  /** Digest of every file read: the same version gives the same answers. */
  version: string
  regimes: Regime[]
  routes: RouteRule[]
  /** Terms outside repair (reporting and the like); those of repair stand in their regime. */
  terms: TermRule[]
  settings: SettingRule[]
  catalog: CatalogItem[]
  /** Versions in the pack that are in force only once two people have approved them. */
  catalogDrafts: CatalogItem[]
  lists: SeriousList[]
  receivers: ReceiverRule[]
  notices: NoticeTemplate[]
  fields: CodeName[]
  listCauses: CodeName[]
  divisions: Division[]
  usccCategories: UsccCategory[]
  calendar: CalendarYear[]
  examples: WorkedExample[]
}
