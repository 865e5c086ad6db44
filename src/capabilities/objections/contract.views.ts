import { z } from 'zod'
import { count, day, id, instant, letterShape, seen, words } from '../../kernel/shapes.ts'
import { ANNUL_CAUSES, CHANNELS } from '../records/contract.ts'
import {
  ACTIONS,
  FINDING_KINDS,
  FINDING_STATES,
  NOTES,
  OBJECTION_STATES,
  OUTCOMES,
  REPORT_ACTIONS,
  REPORT_STATES,
  REVIEW_ACTIONS,
  REVIEW_KINDS,
  REVIEW_OUTCOMES,
  REVIEW_STATES,
  WAYS_IN,
} from './states.ts'
import { GROUNDS, STEPS } from './words.ts'

export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)

// ---- the guide: what may be objected to here, by which rule

export const termView = z.object({
  step: z.enum(STEPS),
  workdays: z.int().nullable(),
  instrument: words,
  article: z.string(),
})
export const guideView = z.object({
  /** Of the jurisdiction's pack, today. */
  grounds: z.array(
    z.object({
      ground: z.enum(GROUNDS),
      name: words,
      hint: words,
      about: z.enum(['record', 'repair_item']),
      instrument: words,
      article: z.string(),
    }),
  ),
  terms: z.array(termView),
  /** Whether a record is marked while an objection is pending. */
  marks: z.boolean(),
  ownMotion: z.boolean(),
})
export type GuideView = z.infer<typeof guideView>

// ---- one objection

/** The record that it is about, as it is now. */
export const aboutView = z.object({
  recordId: id,
  item: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  /** On this platform's site today. */
  shown: z.boolean(),
  shownFrom: day.nullable(),
  shownUntil: day.nullable(),
  /** Taken back by its authority. */
  annulled: z.boolean(),
})
export const refusedView = z.object({
  itemId: id,
  applicationId: id,
  no: z.string(),
  state: z.enum(['not_accepted', 'refused']),
  decidedOn: day,
  deciderName: z.string(),
})
export const clockView = z.object({
  step: z.enum(STEPS),
  startedOn: day,
  workdays: z.int(),
  dueOn: day,
  provisional: z.boolean(),
  provisionalWhy: words.nullable(),
  overdue: z.boolean(),
  /** Working days left, negative when late. */
  left: z.int(),
  instrument: words,
  article: z.string(),
})
export type ClockView = z.infer<typeof clockView>
export const evidenceView = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  uploadedAt: instant,
  by: z.enum(['applicant', 'window', 'authority']),
  mayRemove: z.boolean(),
})
export const letterView = z.object({
  kind: z.enum(['receipt', 'extension', 'upheld', 'partly_upheld', 'rejected']),
  ...letterShape,
})
export type Letter = z.infer<typeof letterView>
export const actView = z.object({
  id,
  action: z.enum([...ACTIONS, ...NOTES]),
  from: z.enum(OBJECTION_STATES),
  to: z.enum(OBJECTION_STATES),
  at: instant,
  on: day,
  by: z.enum(['applicant', 'window', 'authority', 'office', 'platform']),
  authorityName: z.string().nullable(),
  note: z.string(),
  /** Which rule, of which version; what it was decided on. */
  basis: z.object({ rule: z.string(), version: z.string(), instrument: words, article: z.string() }).nullable(),
  letter: letterView.nullable(),
})
/** What became of the record: each field before and after, or what ends. */
export const changeView = z.object({ label: words, was: z.string(), becomes: z.string() })
export const effectView = z.object({
  does: z.enum(['correct', 'stop_showing', 'annul', 'reopen']),
  changes: z.array(changeView),
  /** On this platform's site. */
  shownUntil: z.object({ was: day.nullable(), becomes: day.nullable() }).nullable(),
  cause: z.enum(ANNUL_CAUSES).nullable(),
  on: day,
})
export type EffectView = z.infer<typeof effectView>

export const objectionRow = z.object({
  subjectId: id,
  id,
  no: z.string().nullable(),
  subjectName: z.string(),
  ground: z.enum(GROUNDS),
  wayIn: z.enum(WAYS_IN),
  state: z.enum(OBJECTION_STATES),
  outcome: z.enum(OUTCOMES).nullable(),
  itemName: words,
  docNo: z.string(),
  /** Who has to answer. */
  authorityName: z.string(),
  createdAt: instant,
  submittedOn: day.nullable(),
  decidedOn: day.nullable(),
  clock: clockView.nullable(),
  extended: z.boolean(),
  version: seen,
})
export type ObjectionRow = z.infer<typeof objectionRow>
export const objectionView = objectionRow.extend({
  about: aboutView,
  refused: refusedView.nullable(),
  statement: z.string(),
  /** What the objector asks for. */
  wanted: z.string(),
  contactName: z.string(),
  /** The record carries the mark “异议处理中”. */
  marked: z.boolean(),
  pushedOn: day.nullable(),
  /** The announced extension. */
  extension: z.object({ on: day, workdays: z.int(), reason: z.string() }).nullable(),
  /** In plain words, once decided. */
  answer: z.string().nullable(),
  effect: effectView.nullable(),
  /** From the day it was handed in to the decision. */
  workdays: z.int().nullable(),
  evidence: z.array(evidenceView),
  acts: z.array(actView),
  actions: z.array(z.enum(ACTIONS)),
  mayEdit: z.boolean(),
  mayAttach: z.boolean(),
})
export type ObjectionView = z.infer<typeof objectionView>

// ---- the decider's screen

/** A field of the record that the decider may correct: what it says, and how a right value is written. */
export const correctableField = z.object({
  key: z.string(),
  label: words,
  type: z.enum(['text', 'date', 'money_wan', 'choice', 'choices', 'flag', 'period', 'number']),
  value: z.string(),
  /** As it is sent in `fields`: codes of choices, YYYY-MM-DD. */
  raw: z.union([z.string(), z.array(z.string())]).nullable(),
  choices: z.array(z.object({ code: z.string(), label: words })),
  required: z.boolean(),
})
/** Records that show the same twice as this one. */
export const twinView = z.object({
  recordId: id,
  docNo: z.string(),
  authorityName: z.string(),
  decidedOn: day,
  shown: z.boolean(),
})
export const caseView = z.object({
  objection: objectionView,
  /** Opened once the phone number is needed; officials only. */
  contactPhone: z.string(),
  subject: z.object({ id, name: z.string(), kind: z.string(), code: z.string().nullable(), status: z.string() }),
  recordVersion: seen,
  /** Why it is shown and until when, as the subject reads it. */
  sentences: z.array(words),
  fields: z.array(correctableField),
  twins: z.array(twinView),
  /** Other objections about the same record. */
  others: z.array(
    z.object({ id, no: z.string().nullable(), ground: z.enum(GROUNDS), state: z.enum(OBJECTION_STATES) }),
  ),
  /** What an uphold of this ground may do. */
  corrections: z.array(z.enum(['correct', 'stop_showing', 'annul', 'reopen'])),
})
export type CaseView = z.infer<typeof caseView>

/** What an upheld objection does. `correct`: only the fields that change; null empties one. */
export const correctionAsk = z.discriminatedUnion('does', [
  z.strictObject({
    does: z.literal('correct'),
    fields: z.record(
      z.string().max(60),
      z.union([z.string().max(4000), z.array(z.string().max(60)).max(50), z.null()]),
    ),
  }),
  /** The first day on which it is not shown any more, on one channel or on all. */
  z.strictObject({ does: z.literal('stop_showing'), from: day, channel: z.enum(CHANNELS).nullable().default(null) }),
  z.strictObject({ does: z.literal('annul'), cause: z.enum(ANNUL_CAUSES) }),
  z.strictObject({ does: z.literal('reopen') }),
])
export type CorrectionAsk = z.infer<typeof correctionAsk>

/** A record with the same fault. */
export const siblingView = z.object({
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  docNo: z.string(),
  decidedOn: day,
  authorityName: z.string(),
  /** Came with the same submission. */
  sameSubmission: z.boolean(),
  /** What it has in common with the one that was put right. */
  why: words,
  version: seen,
})
export type SiblingView = z.infer<typeof siblingView>
export const previewView = z.object({ effect: effectView, siblings: z.array(siblingView) })
export type PreviewView = z.infer<typeof previewView>

// ---- before login

export const reportReply = z.object({
  no: z.string(),
  /** With the number it opens what became of it; shown once. */
  token: z.string(),
  receivedOn: day,
})
export const reportStatus = z.object({
  no: z.string(),
  state: z.enum(REPORT_STATES),
  next: words,
  /** Of the objection it became. */
  objectionState: z.enum(OBJECTION_STATES).nullable(),
  answer: z.string().nullable(),
  receivedOn: day,
})
export const reportRow = z.object({
  id,
  no: z.string(),
  state: z.enum(REPORT_STATES),
  receivedAt: instant,
  dueOn: day,
  overdue: z.boolean(),
  subjectName: z.string(),
  docNo: z.string(),
  itemName: words,
  authorityName: z.string(),
  version: seen,
})
export type ReportRow = z.infer<typeof reportRow>
export const reportView = reportRow.extend({
  subjectId: id,
  recordId: id,
  text: z.string(),
  contactName: z.string(),
  contact: z.string(),
  answer: z.string().nullable(),
  objectionId: id.nullable(),
  actions: z.array(z.enum(REPORT_ACTIONS)),
})
export type ReportView = z.infer<typeof reportView>

// ---- what may not come back

export const tombstoneView = z.object({
  id,
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  /** The objection that removed it. */
  objectionNo: z.string(),
  reason: z.string(),
  /** What is kept out; empty: the whole record under this number. */
  fields: z.array(z.object({ label: words, value: z.string() })),
  at: instant,
  lifted: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable(),
  mayLift: z.boolean(),
})
export type TombstoneView = z.infer<typeof tombstoneView>

// ---- self-check and measures

export const findingView = z.object({
  id,
  kind: z.enum(FINDING_KINDS),
  state: z.enum(FINDING_STATES),
  subjectId: id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  shownFrom: day.nullable(),
  shownUntil: day.nullable(),
  /** What is not as it should be. */
  why: words,
  foundOn: day,
  objectionId: id.nullable(),
  version: seen,
})
export type FindingView = z.infer<typeof findingView>
export const measureRow = z.object({
  authorityId: id.nullable(),
  authorityName: z.string(),
  division: z.string().nullable(),
  month: month.nullable(),
  received: count,
  pending: count,
  overdue: count,
  decided: count,
  upheld: count,
  partlyUpheld: count,
  rejected: count,
  withdrawn: count,
  ownMotion: count,
  /** Mean working days from the day it was handed in to the decision; null with none decided. */
  meanWorkdays: z.number().nullable(),
  /** Of those decided. */
  inTime: count,
})
export type MeasureRow = z.infer<typeof measureRow>

// ---- reconsideration and litigation (Order 36 art. 19)

export const reviewView = z.object({
  subjectId: id,
  id,
  recordId: id,
  subjectName: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  kind: z.enum(REVIEW_KINDS),
  body: z.string(),
  caseNo: z.string(),
  filedOn: day,
  /** The reviewing body or the court has stopped the execution: not shown until it ends. */
  suspended: z.boolean(),
  state: z.enum(REVIEW_STATES),
  outcome: z.enum(REVIEW_OUTCOMES).nullable(),
  endedOn: day.nullable(),
  clock: clockView.nullable(),
  version: seen,
  actions: z.array(z.enum(REVIEW_ACTIONS)),
})
export type ReviewView = z.infer<typeof reviewView>

export const targetView = z.object({
  about: aboutView,
  subjectId: id,
  refused: refusedView.nullable(),
  /** Which may be raised about it here. */
  grounds: z.array(z.enum(GROUNDS)),
  /** Pending already. */
  pending: z.array(z.object({ id, no: z.string().nullable(), ground: z.enum(GROUNDS) })),
})
export type TargetView = z.infer<typeof targetView>
