import { z } from 'zod'
import { KNOWN_FACTS } from '../../kernel/closed-sets.ts'
import { day, id, letterShape, words } from '../../kernel/shapes.ts'
import { ACTIONS, APPLICATION_STATES, ITEM_STATES, KINDS, PROPOSAL_ACTIONS, WAYS_IN } from './states.ts'
import { STEPS } from './words.ts'

export const SYSTEMS = ['credit_china', 'necips', 'tax', 'court', 'rating'] as const
const CHANNELS = ['credit_china', 'necips'] as const
export { KNOWN_FACTS }
/** What is declared or shared; the signature answers for `commitmentSigned`, the authority for `securityRisk`. */
export const sharedFact = z.enum(KNOWN_FACTS).exclude(['commitmentSigned', 'securityRisk'])
export type SharedFact = z.infer<typeof sharedFact>
export const declared = z.partialRecord(sharedFact, z.boolean())
/** A system with a key said it, or a person of the authority. */
export const FACT_VIAS = ['system', 'person'] as const
export type FactVia = (typeof FACT_VIAS)[number]
/** What an authority shared, and so is not asked of the applicant. */
export const sharedView = z.object({
  fact: sharedFact,
  value: z.boolean(),
  on: day,
  authorityName: z.string(),
  via: z.enum(FACT_VIAS),
  reference: z.string(),
})
export type SharedView = z.infer<typeof sharedView>

/** A condition that is not met (`met: false`) or still to be shown (`met: null`). */
export const reasonView = z.object({
  code: z.string(),
  text: words,
  met: z.literal(false).nullable(),
  /** First day on which time alone meets it; null when only conduct does, or nothing. */
  firstDay: day.nullable(),
  /** The fact that the applicant may declare; null when there is nothing to declare. */
  known: z.enum(KNOWN_FACTS).nullable(),
  /** The answer that meets it. */
  wanted: z.boolean().nullable(),
  article: z.string(),
})
export type ReasonView = z.infer<typeof reasonView>

export const eligibilityView = z.object({
  may: z.boolean(),
  /** The last of the first days, when time alone stands in the way; null when it may be applied for today, or never. */
  firstDay: day.nullable(),
  reasons: z.array(reasonView),
  open: z.array(reasonView),
  /** What the deciding authority judges by its own sector's rules. */
  judged: z.array(z.object({ code: z.string(), text: words, article: z.string() })),
  governing: z
    .object({ system: z.enum(SYSTEMS), version: z.string(), instrument: words, article: z.string() })
    .nullable(),
})
export type EligibilityView = z.infer<typeof eligibilityView>

export const materialRuleView = z.object({
  code: z.string(),
  name: words,
  required: z.enum(['always', 'unless_shared', 'bankruptcy', 'on_request']),
  instrument: words,
  article: z.string(),
  /** Those who shared all that it would prove: it need not be handed in. Empty: nobody has. */
  sharedBy: z.array(z.string()),
})
export const windowView = z.object({
  channel: z.enum(CHANNELS),
  class: z.enum(['minor', 'general', 'serious', 'listed', 'unclassified', 'none']),
  shown: z.boolean(),
  from: day.nullable(),
  earliest: day.nullable(),
  /** First day not shown any more; null with `from` = no maximum. */
  until: day.nullable(),
  repair: z.enum(['apply', 'automatic', 'fixed', 'none']),
  endedBy: z.enum(['expiry', 'repaired', 'annulled', 'shielded', 'deregistered', 'delisted', 'withheld']).nullable(),
  why: words,
  instrument: words,
  article: z.string(),
})
export const recordView = z.object({
  subjectId: id,
  subjectName: z.string(),
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  publishedOn: day,
  version: z.int(),
  windows: z.array(windowView),
  /** Which system governs its repair, who receives and who decides. */
  route: z
    .object({
      system: z.enum(SYSTEMS),
      receiver: words,
      authorityName: z.string().nullable(),
      firstReview: z.boolean(),
      instrument: words,
      article: z.string(),
    })
    .nullable(),
  eligibility: eligibilityView,
  /** Filled in already. */
  shared: z.array(sharedView),
  materials: z.array(materialRuleView),
  /** Already in a basket or under way. */
  underWay: z.object({ applicationId: id, itemId: id, state: z.enum(ITEM_STATES) }).nullable(),
})
export type RepairRecordView = z.infer<typeof recordView>

export const letterView = z.object({
  kind: z.enum([
    'acceptance',
    'one_time_notice',
    'not_accepted',
    'granted',
    'refused',
    'extension',
    'forged',
    'revoked',
    'shielded',
    'plan_completed',
    'restored',
    'passed',
    'lapsed',
  ]),
  ...letterShape,
})
export type Letter = z.infer<typeof letterView>

export const actView = z.object({
  id,
  action: z.enum([...ACTIONS, ...PROPOSAL_ACTIONS]),
  from: z.enum(ITEM_STATES),
  to: z.enum(ITEM_STATES),
  at: z.string(),
  on: day,
  /** applicant: the subject itself; window: a clerk for it; authority: the unit named. */
  by: z.enum(['applicant', 'window', 'authority', 'platform']),
  authorityName: z.string().nullable(),
  note: z.string(),
  letter: letterView.nullable(),
})
export type ActView = z.infer<typeof actView>

export const clockView = z.object({
  step: z.enum(STEPS),
  startedOn: day,
  workdays: z.int(),
  /** Null while the clock stands still. */
  dueOn: day.nullable(),
  provisional: z.boolean(),
  provisionalWhy: words.nullable(),
  stopped: z.boolean(),
  overdue: z.boolean(),
  /** Working days left, negative when late; null while it stands still. */
  left: z.int().nullable(),
  instrument: words,
  article: z.string(),
})
export type ClockView = z.infer<typeof clockView>

export const proposalView = z.object({
  action: z.enum(ACTIONS),
  note: z.string(),
  at: z.string(),
  /** Why the head decides. */
  article: words,
})

export const missingView = z.object({ kind: z.string(), name: words, text: z.string() })
export const itemView = z.object({
  id,
  subjectId: id,
  applicationId: id,
  kind: z.enum(KINDS),
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  decidedOnRecord: day,
  authorityName: z.string(),
  /** Who decides this item. */
  deciderName: z.string(),
  reviewerName: z.string().nullable(),
  system: z.enum(SYSTEMS),
  state: z.enum(ITEM_STATES),
  version: z.int(),
  statement: z.string(),
  declared,
  /** Drafts only: what authorities shared, filled in already. */
  shared: z.array(sharedView),
  submittedOn: day.nullable(),
  acceptedOn: day.nullable(),
  decidedOn: day.nullable(),
  clock: clockView.nullable(),
  extended: z.boolean(),
  policyVersion: z.string(),
  /** What the notice asked for, while the item waits for the applicant. */
  missing: z.array(missingView),
  /** Drafts only: whether it may be handed in today. */
  eligibility: eligibilityView.nullable(),
  proposal: proposalView.nullable(),
  /** All that was done and written; in the reply to a move, what that move has added. */
  acts: z.array(actView),
  /** What the one who asks may do now. */
  actions: z.array(z.enum([...ACTIONS, ...PROPOSAL_ACTIONS])),
})
export type ItemView = z.infer<typeof itemView>

export const materialView = z.object({
  id,
  kind: z.string(),
  kindName: words,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  uploadedAt: z.string(),
  mayRemove: z.boolean(),
  /** With consent: offered again in the next application. */
  kept: z.boolean(),
  validUntil: day.nullable(),
})
export type MaterialView = z.infer<typeof materialView>

const applicationHead = z.object({
  id,
  subjectId: id,
  subjectName: z.string(),
  kind: z.enum(KINDS),
  no: z.string().nullable(),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(APPLICATION_STATES),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
})
export const applicationView = applicationHead.extend({
  version: z.int(),
  contactName: z.string(),
  commitment: z.object({
    text: words,
    signedAt: z.string().nullable(),
    article: words,
    /** A picture of the signature is held. */
    byHand: z.boolean(),
  }),
  items: z.array(itemView),
  materials: z.array(materialView),
  materialsNeeded: z.array(materialRuleView.extend({ present: z.boolean() })),
  /** The basket or its material may be changed by the one who asks. */
  mayEdit: z.boolean(),
  mayUpload: z.boolean(),
})
export type ApplicationView = z.infer<typeof applicationView>

export const applicationRow = applicationHead.extend({
  items: z.int(),
  open: z.int(),
  granted: z.int(),
  /** The next day on which an authority owes a step. */
  dueOn: day.nullable(),
})
export type ApplicationRow = z.infer<typeof applicationRow>

export const queueRow = z.object({
  subjectId: id,
  subjectName: z.string(),
  applicationId: id,
  no: z.string(),
  itemId: id,
  kind: z.enum(KINDS),
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  state: z.enum(ITEM_STATES),
  submittedOn: day,
  clock: clockView.nullable(),
  extended: z.boolean(),
  proposal: proposalView.nullable(),
  version: z.int(),
  /** What the one who asks may do now. */
  actions: z.array(z.enum([...ACTIONS, ...PROPOSAL_ACTIONS])),
  /** My authority decides it, or makes the first review. */
  as: z.enum(['decider', 'reviewer']),
})
export type QueueRow = z.infer<typeof queueRow>

/** One screen for the officer: record, evidence, history, rule and what may be done. */
export const caseView = z.object({
  item: itemView,
  application: z.object({
    id,
    no: z.string().nullable(),
    kind: z.enum(KINDS),
    wayIn: z.enum(WAYS_IN),
    submittedAt: z.string().nullable(),
    contactName: z.string(),
    contactPhone: z.string(),
    commitment: z.object({ text: words, signedAt: z.string().nullable(), byHand: z.boolean() }),
    /** Other items of the same application, wherever they are decided. */
    others: z.array(
      z.object({ id, itemName: words, docNo: z.string(), deciderName: z.string(), state: z.enum(ITEM_STATES) }),
    ),
  }),
  /** What was applied for about this record before, newest first. */
  earlier: z.array(
    z.object({
      no: z.string(),
      kind: z.enum(KINDS),
      deciderName: z.string(),
      state: z.enum(ITEM_STATES),
      submittedOn: day.nullable(),
      decidedOn: day.nullable(),
    }),
  ),
  subject: z.object({ id, name: z.string(), kind: z.string(), code: z.string().nullable(), status: z.string() }),
  record: recordView,
  fields: z.array(z.object({ key: z.string(), label: words, value: z.string() })),
  materials: z.array(materialView),
  materialsNeeded: z.array(materialRuleView.extend({ present: z.boolean() })),
  /** Conditions that a refusal may rest on. */
  conditions: z.array(
    z.object({
      code: z.string(),
      /** The sentence when it fails, as it would stand in a refusal. */
      text: words,
      /** What must hold; null when only the failing is worth a sentence. */
      holds: words.nullable(),
      article: z.string(),
      met: z.boolean().nullable(),
      /** It is met by the applicant's own word, and nobody has shared it. */
      declared: z.boolean(),
      /** The authority states by which of its sector's rules it judges. */
      judged: z.boolean(),
      /** A refusal may rest on it: what the platform reckons to hold cannot be said to fail. */
      mayFail: z.boolean(),
      /** First day on which time alone meets it. */
      firstDay: day.nullable(),
    }),
  ),
  /** From which day it lapses (null: no term), and whether the record is gone by now. */
  lapse: z.object({ day: day.nullable(), moot: z.boolean() }),
  /** Actions that two different people take together. */
  twoPeople: z.array(z.object({ action: z.enum(ACTIONS), article: words })),
  /** Actions that go to the head first when an officer takes them, with the article that says so. */
  headDecides: z.array(z.object({ action: z.enum(ACTIONS), article: words })),
})
export type CaseView = z.infer<typeof caseView>
