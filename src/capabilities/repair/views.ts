import type { Eligibility, Known } from '../../kernel/eligibility.ts'
import { mayApply } from '../../kernel/eligibility.ts'
import type { MaterialRule, Policy } from '../../kernel/policy.ts'
import type { Role } from '../../kernel/roles.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Window } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { Actor } from '../../platform/context.ts'
import type { RecordRow } from '../records/contract.ts'
import type { ActView, ItemView, MaterialView, RepairRecordView, SharedView, caseView } from './contract.ts'
import type { FactRow } from './rules.facts.ts'
import { clockView } from './rules.clock.ts'
import { actionsFor, articleOf, eligibilityView, isMadeHere, materialsFor } from './rules.ts'
import { type Kind, APPLICANT_STATES, takesMaterial } from './states.ts'
import type { ActRow, ApplicationRow, BarRow, CaseRow, ItemRow, MaterialRow } from './store.ts'

/** Rows and rules become what a person reads. */
const NONE_WAIVED: ReadonlyMap<string, FactRow[]> = new Map()
export type ViewWorld = { policy: Policy; today: LocalDate }

export const itemNameOf = (policy: Policy, item: string): Words =>
  policy.catalog.find((c) => c.code === item)?.name ?? { zh: '其他信用信息', en: 'Other credit information' }

/** The roles that count on an item: only with the subject, the window or the authority that it belongs to. */
export const rolesOn = (
  actor: Actor,
  item: Pick<ItemRow, 'subjectId' | 'state' | 'authorityId' | 'reviewerId'>,
  windowAuthorityId: string | null,
): Role[] => {
  if (actor.kind !== 'person') return []
  const reviewing = item.state === 'first_review' || item.state === 'returned'
  const authority = actor.authorityId !== null && (reviewing ? item.reviewerId : item.authorityId) === actor.authorityId
  return actor.roles.filter((r) => {
    if (r === 'enterprise') return actor.subjectIds.includes(item.subjectId)
    if (r === 'window_clerk') return actor.authorityId !== null && windowAuthorityId === actor.authorityId
    if (r === 'credit_office') return authority && reviewing
    return (r === 'officer' || r === 'head') && authority
  })
}

export const barredUntil = (bars: readonly BarRow[], recordId: string, system: string | undefined): LocalDate | null =>
  bars
    .filter((b) => b.recordId === recordId || (b.recordId === null && b.system === system))
    .map((b) => b.validTo)
    .toSorted()
    .at(-1) ?? null

export const knownOf = (
  declared: Record<string, boolean>,
  signed: boolean,
  barred: LocalDate | null,
  planCompleted: boolean,
): Known => ({
  ...declared,
  planCompleted,
  commitmentSigned: signed ? true : null,
  barredUntil: barred,
})

export const eligibilityOf = (
  record: Pick<RecordRow, 'facts' | 'windows'>,
  known: Known,
  { policy, today }: ViewWorld,
): Eligibility => mayApply(record.facts, record.windows, policy, today, known)

const windowView = (w: Window, today: LocalDate): RepairRecordView['windows'][number] => ({
  channel: w.channel,
  class: w.class,
  shown: w.from !== null && w.from <= today && (w.until === null || today < w.until),
  from: w.from,
  earliest: w.earliest,
  until: w.until,
  repair: w.repair,
  endedBy: w.end?.by ?? null,
  why: w.why,
  instrument: w.instrument,
  article: w.article,
})

export const sharedView = (f: FactRow): SharedView => ({
  fact: f.fact,
  value: f.value,
  on: f.on,
  authorityName: f.authorityName,
  via: f.via,
  reference: f.reference,
})
const sharersOf = (facts: readonly FactRow[] = []): string[] => [...new Set(facts.map((f) => f.authorityName))]

export const materialRuleView = (
  r: MaterialRule,
  waived: ReadonlyMap<string, FactRow[]> = NONE_WAIVED,
): RepairRecordView['materials'][number] => ({
  sharedBy: sharersOf(waived.get(r.code)),
  code: r.code,
  name: r.name,
  required: r.required,
  instrument: r.instrument,
  article: r.article,
})

export const recordView = (
  record: RecordRow,
  of: {
    subjectName: string
    eligibility: Eligibility
    deciderName: string | null
    underWay: RepairRecordView['underWay']
    kind: Kind
    shared?: Iterable<FactRow>
    waived?: ReadonlyMap<string, FactRow[]>
  },
  { policy, today }: ViewWorld,
): RepairRecordView => {
  const { route } = of.eligibility
  return {
    subjectId: record.subjectId,
    subjectName: of.subjectName,
    recordId: record.id,
    item: record.item,
    itemName: itemNameOf(policy, record.item),
    docNo: record.docNo,
    authorityName: record.authorityName,
    decidedOn: record.decidedOn,
    publishedOn: record.publishedOn,
    version: record.version,
    windows: record.windows.map((w) => windowView(w, today)),
    route: route && {
      system: route.system,
      receiver: route.receiver,
      authorityName: of.deciderName,
      firstReview: Boolean(route.firstReview?.enabled && route.firstReview.term && route.decider === 'finder'),
      instrument: route.instrument,
      article: route.article,
    },
    eligibility: eligibilityView(of.eligibility, policy),
    materials: of.eligibility.materials
      .filter((m) => !isMadeHere(m.code) && (of.kind === 'shield') === (m.required === 'bankruptcy'))
      .map((m) => materialRuleView(m, of.waived)),
    shared: Array.from(of.shared ?? [], sharedView),
    underWay: of.underWay,
  }
}

export const actView = (a: ActRow): ActView => ({
  id: a.id,
  action: a.action,
  from: a.from,
  to: a.to,
  at: a.at,
  on: a.on,
  by: a.by,
  authorityName: a.authorityName,
  note: a.note,
  letter: a.letter,
})

export const missingOf = (item: Pick<ItemRow, 'state' | 'asked'>): ItemView['missing'] => {
  if (!APPLICANT_STATES.some((s) => s === item.state)) return []
  return item.asked[item.state === 'returned' ? 'first_review' : 'received']?.missing ?? []
}

export const proposalView = (item: Pick<ItemRow, 'proposal'>): ItemView['proposal'] =>
  item.proposal && {
    action: item.proposal.action,
    note: item.proposal.input.note,
    at: item.proposal.at,
    article: articleOf(item.proposal.basis),
  }

export const itemView = (
  item: ItemRow,
  of: {
    acts: readonly ActRow[]
    roles: readonly Role[]
    eligibility: Eligibility | null
    shared?: Iterable<FactRow>
  },
  { policy, today }: ViewWorld,
): ItemView => ({
  id: item.id,
  subjectId: item.subjectId,
  applicationId: item.applicationId,
  kind: item.kind,
  recordId: item.recordId,
  item: item.recordItem,
  itemName: itemNameOf(policy, item.recordItem),
  docNo: item.docNo,
  decidedOnRecord: item.recordDecidedOn,
  authorityName: item.recordAuthority,
  deciderName: item.authorityName,
  reviewerName: item.reviewerName,
  system: item.system,
  state: item.state,
  version: item.version,
  statement: item.statement,
  declared: item.declared,
  shared: item.state === 'draft' ? Array.from(of.shared ?? [], sharedView) : [],
  submittedOn: item.submittedOn,
  acceptedOn: item.acceptedOn,
  decidedOn: item.decidedOn,
  clock: clockView(item.clock, policy, today),
  extended: item.extended,
  policyVersion: item.policyVersion,
  missing: missingOf(item),
  eligibility: item.state === 'draft' && of.eligibility ? eligibilityView(of.eligibility, policy) : null,
  // What waits for the head is the authority's own matter until it is decided.
  proposal: of.roles.some((r) => r === 'officer' || r === 'head') ? proposalView(item) : null,
  acts: of.acts
    .filter((a) => of.roles.some((r) => r === 'officer' || r === 'head') || !INTERNAL.includes(a.action))
    .map(actView),
  actions: actionsFor(item, of.roles),
})
const INTERNAL: readonly string[] = ['propose', 'send_back']

const OTHER_MATERIAL: Words = { zh: '其他材料', en: 'Other material' }
/** What another system's rules asked for keeps the name that they give it. */
export const materialsOfAll = (policy: Pick<Policy, 'regimes'>): MaterialRule[] =>
  policy.regimes.flatMap((r) => r.materials)
export const materialView = (
  m: MaterialRow,
  of: { names: readonly MaterialRule[]; others: readonly MaterialRule[]; mayRemove: boolean },
): MaterialView => ({
  id: m.id,
  kind: m.kind,
  kindName: [...of.names, ...of.others].find((r) => r.code === m.kind)?.name ?? OTHER_MATERIAL,
  name: m.name,
  mediaType: m.mediaType,
  bytes: m.bytes,
  uploadedAt: m.uploadedAt,
  mayRemove: of.mayRemove,
  kept: m.kept,
  validUntil: m.validUntil,
})

/** A draft's material may go; what was handed in stays, only what was added since may be taken back. */
export const mayRemove = (
  app: Pick<ApplicationRow, 'state' | 'submittedAt'>,
  items: readonly ItemRow[],
  m: MaterialRow,
): boolean =>
  app.state === 'draft' ||
  (takesMaterial(items.map((i) => i.state)) &&
    app.submittedAt !== null &&
    m.uploadedAt > lastStop(items, app.submittedAt))

const lastStop = (items: readonly ItemRow[], submittedAt: Instant): Instant =>
  items
    .filter((i) => i.state === 'mending' || i.state === 'returned')
    .map((i) => i.updatedAt)
    .toSorted()
    .at(-1) ?? submittedAt

export const neededOf = (
  kind: Kind,
  rules: readonly MaterialRule[],
  materials: readonly MaterialRow[],
  waived?: ReadonlyMap<string, FactRow[]>,
): { rules: MaterialRule[]; views: (RepairRecordView['materials'][number] & { present: boolean })[] } => {
  const wanted = materialsFor(kind, rules)
  return {
    rules: wanted,
    views: wanted.map((r) => ({ ...materialRuleView(r, waived), present: materials.some((m) => m.kind === r.code) })),
  }
}

export type CaseViewInput = Parameters<(typeof caseView)['parse']>[0]
export type { CaseRow }
