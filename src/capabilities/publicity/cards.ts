import { settingOf } from '../../kernel/eligibility.ts'
import type { CatalogItem, Policy, SubjectKind } from '../../kernel/policy.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Lang, say } from '../../kernel/words.ts'
import type { PublicRow, ShownRow } from '../records/contract.ts'
import { catalogItemOn, publicFieldRows } from '../records/index.ts'
import type { ListRow } from './pages/list.ts'
import type { FieldRow, RecordCard } from './pages/record.ts'
import type { LicenceRow } from './pages/subject.ts'
import type { Site } from './pages/layout.ts'
import { channelView, isNegative, itemName, publicName, repairView } from './rules.ts'

import { LONG_TERM, SPAN, WHAT } from './words.ts'

/** What stands elsewhere on the page, or would contradict what the rules compute. */
const ELSEWHERE = new Set(['subject_name', 'subject_category', 'uscc', 'public_until'])
const REPRESENTATIVE = 'legal_representative'
/** What a card says of a record, in this order; the rest is on the record's own page. */
const ON_CARD = [
  'violation',
  'penalty_kinds',
  'fine',
  'confiscated',
  'content',
  'list',
  'list_cause',
  'facts',
  'case_no',
  'term_ends_on',
]
const TITLE = ['document_name', 'violation', 'list_cause', 'list', 'certificate_name', 'content']
const LONGEST = 160
/** How the national standard writes 长期. */
const FOR_EVER = '2099-12-31'

const cut = (text: string, to: number): string => {
  if (text.length <= to) return text
  const points = Array.from(text)
  return points.length > to ? `${points.slice(0, to).join('')}…` : text
}

type Labelled = FieldRow & { key: string }
const rowsOf = (fields: Record<string, unknown>, item: CatalogItem | null, lang: Lang): Labelled[] =>
  publicFieldRows(fields, item, lang).filter((r) => !ELSEWHERE.has(r.key))
const catalogOf = (policy: Policy, r: Pick<PublicRow, 'item' | 'publishedOn'>) =>
  catalogItemOn(policy.catalog, r.item, r.publishedOn)

/** The operator's name of an individual business is personal data, masked or not. */
export const fieldRows = (r: PublicRow, kind: SubjectKind, site: Site): FieldRow[] =>
  rowsOf(r.publicFields, catalogOf(site.policy, r), site.lang)
    .filter((f) => kind !== 'individual_business' || f.key !== REPRESENTATIVE)
    .map(({ label, value }) => ({ label, value }))

const onCards = new WeakMap<CatalogItem, CatalogItem>()
/** The catalog's item with the fields of a card only, in its order: a record has many more. */
const onCard = (item: CatalogItem | null): CatalogItem | null => {
  if (!item) return null
  const known = onCards.get(item)
  if (known) return known
  const made = { ...item, fields: ON_CARD.flatMap((key) => item.fields.filter((f) => f.key === key)) }
  onCards.set(item, made)
  return made
}

export const cardOf = (r: PublicRow, site: Site): RecordCard => {
  const { lang, policy, today } = site
  const rows = rowsOf(r.publicFields, onCard(catalogOf(policy, r)), lang)
  const own = r.windows.find((w) => w.channel === 'credit_china')
  return {
    id: r.id,
    item: r.item,
    itemName: itemName(policy, r.item),
    what: say(WHAT[r.item] ?? (isNegative(policy, r.item) ? WHAT.other! : WHAT.neutral!), lang, {
      day: dayWords(r.decidedOn),
      authority: r.authorityName,
      docNo: r.docNo,
    }),
    docNo: r.docNo,
    authorityName: r.authorityName,
    decidedOn: r.decidedOn,
    rows: rows.map(({ label, value }) => ({ label, value: cut(value, LONGEST) })),
    class: own?.class ?? r.class,
    channels: r.windows.map((w) => channelView(w, today)),
    repair: repairView(r.facts, r.windows, policy, today),
    disputed: r.disputed && settingOf(policy, 'mark_pending_objection', today)?.value !== false,
  }
}

export const licenceRow = (r: PublicRow, site: Site): LicenceRow => {
  const { lang, policy } = site
  const rows = rowsOf(r.publicFields, catalogOf(site.policy, r), lang)
  const of = (key: string) => rows.find((f) => f.key === key)?.value ?? ''
  const [from, to] = [of('valid_from'), of('valid_to')]
  return {
    id: r.id,
    kind: r.item === 'licence' ? null : itemName(policy, r.item),
    // What has no name of its own goes by what it is.
    title: of('document_name') || of('certificate_name') || of('entity_type') || say(itemName(policy, r.item), lang),
    docNo: r.docNo,
    content: cut(of('content') || of('business_scope'), LONGEST),
    validity:
      from && r.publicFields.valid_to === FOR_EVER
        ? say(LONG_TERM, lang, { from })
        : from && to
          ? say(SPAN, lang, { from, to })
          : from || to,
    authorityName: r.authorityName,
    decidedOn: r.decidedOn,
  }
}

export const listRow = (r: ShownRow, site: Site): ListRow => {
  const { lang, policy } = site
  const rows = rowsOf(r.publicFields, catalogItemOn(policy.catalog, r.item, r.shownFrom), lang)
  const title =
    TITLE.map((key) => rows.find((f) => f.key === key)?.value).find((v) => v) ?? say(itemName(policy, r.item), lang)
  return {
    id: r.id,
    subjectName: publicName(r.subjectKind, r.subjectName, lang),
    subjectKind: r.subjectKind,
    subjectCode: r.subjectCode,
    title: cut(title, 60),
    authorityName: r.authorityName,
    docNo: r.docNo,
    decidedOn: r.decidedOn,
    shownUntil: r.item === 'licence' ? null : r.shownUntil,
  }
}
