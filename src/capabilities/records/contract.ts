import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import { declaredRow } from '../subjects/contract.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import type { Channel, ItemCode, SubjectKind, WindowClass } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Disposition, DispositionKind, RecordFacts, Window } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { instant, pageAsk, words } from '../../kernel/shapes.ts'

export const RECORD_STATES = ['held', 'annulled'] as const
export const DISPOSITION_KINDS = [
  'repaired',
  'annulled',
  'shielded',
  'restored',
  'reinstated',
  'revoked',
  'prolonged',
  'corrected',
  'disputed',
  'dispute_closed',
  'deregistered',
  'delisted',
  'withheld',
] as const satisfies readonly DispositionKind[]
/** Why an authority annuls what it reported. */
export const ANNUL_CAUSES = [
  'set_aside',
  'withdrawn',
  'changed',
  'wrong_subject',
  'reported_twice',
  'not_collectable',
  'other',
] as const
export type AnnulCause = (typeof ANNUL_CAUSES)[number]
/** Who of the deciding authority may annul and reinstate. */
export const ANNULLERS = ['collector', 'officer', 'head'] as const
export const WINDOW_CLASSES = ['minor', 'general', 'serious', 'listed', 'unclassified', 'none'] as const
export const CHANNELS = ['credit_china', 'necips'] as const

/** What a checked row says. `fields` holds what is not secret, under catalog keys; `secret` is sealed inside. */
export type RecordContent = {
  subjectKind: SubjectKind
  item: ItemCode
  authorityId: string
  /** Comparison key of the deciding authority's name; part of the natural key. */
  authorityKey: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  publishedOn: LocalDate
  fields: Record<string, unknown>
  secret: Record<string, string> | null
  facts: RecordFacts
  submissionId: string
  rowN: number
  backfill: boolean
}
/** On whose file it goes. */
export type RecordPlace = {
  subjectId: string
  /** Made in the same transaction (SubjectAnswer.isNew): spares the look for held records. */
  newSubject?: boolean
  /** Whose territory the record belongs to: scope of lists and of the feed. */
  division: string | null
}
/** A checked row on its way in. */
export type NewRecord = RecordContent & RecordPlace
export type StoreOutcome =
  | { verdict: 'accepted'; recordId: string; version: number; changed: boolean }
  | { verdict: 'already_held'; recordId: string; version: number }
  /** Its authority has annulled it: only a reinstatement brings it back, never a report. */
  | { verdict: 'annulled'; recordId: string; version: number }
  /** It says again what was corrected upon an objection: a named person lets it in, never a report. */
  | { verdict: 'kept_out'; recordId: string; version: number; caseNo: string; keys: string[] }

/** A record as it is held: for capabilities inside, never sent out as it is. */
export type RecordRow = {
  subjectId: string
  id: string
  item: ItemCode
  division: string | null
  authorityId: string
  authorityKey: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  publishedOn: LocalDate
  recordedAt: Instant
  version: number
  /** How many dispositions it has; with `version` it tells whether anything changed. */
  disposed: number
  /** Only what may be published, personal data already masked and scrubbed; empty for natural persons. */
  publicFields: Record<string, unknown>
  /** Everything but secrets, as it was reported. */
  fields: Record<string, unknown>
  facts: RecordFacts
  /** Folded: one window a channel. */
  windows: Window[]
  /** Of the window on this platform's own site. */
  class: WindowClass
  /** First day on which repair may be applied for. */
  earliest: LocalDate | null
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
  submissionId: string
  rowN: number
  backfill: boolean
  state: (typeof RECORD_STATES)[number]
}
/** A record without what it says: all that a decision about it needs. */
export type StandingRow = Omit<
  RecordRow,
  'authorityKey' | 'recordedAt' | 'publicFields' | 'fields' | 'submissionId' | 'rowN' | 'backfill'
>
/** What lists of the public site need, without the weight. */
export type ShownRow = {
  subjectId: string
  subjectName: string
  subjectKind: SubjectKind
  subjectCode: string | null
  id: string
  item: ItemCode
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  shownFrom: LocalDate
  shownUntil: LocalDate | null
  publicFields: Record<string, unknown>
}
/** A record as a public page needs it: only what may be published. */
export type PublicRow = Pick<
  RecordRow,
  | 'subjectId'
  | 'id'
  | 'item'
  | 'authorityName'
  | 'docNo'
  | 'decidedOn'
  | 'publishedOn'
  | 'version'
  | 'publicFields'
  | 'facts'
  | 'windows'
  | 'class'
> & { disputed: boolean }
export type PublicPage = {
  subject: {
    code: string
    name: string
    kind: SubjectKind
    division: string | null
    status: 'active' | 'deregistered' | 'revoked'
  }
  /** Latest decision first; one more than the limit tells that there are more. */
  licences: PublicRow[]
  adverse: PublicRow[]
}
export type DispositionRow = Disposition & {
  id: string
  recordId: string
  recordedBy: string
  reason: string
  basis: Record<string, unknown>
  caseId: string | null
}
export type VersionRow = {
  version: number
  fields: Record<string, unknown>
  recordedAt: Instant
  replacedAt: Instant
  byRules: boolean
  submissionId: string
  rowN: number
}
export type Dispose = {
  subjectId: string
  recordId: string
  kind: DispositionKind
  /** null = every channel. */
  channel: Channel | null
  effectiveFrom: LocalDate
  reason: string
  /** The rule that allows it: {rule, version, instrument, article, …}. */
  basis: Record<string, unknown>
  caseId?: string | null
  restart?: Disposition['restart']
}
/** Why a record is shown or not on a channel on a day, in sentences and as data. */
export type Explanation = {
  subjectId: string
  recordId: string
  item: ItemCode
  docNo: string
  authorityName: string
  decidedOn: LocalDate
  on: LocalDate
  channels: {
    channel: Channel
    shown: boolean
    window: Window
    sentences: Words[]
  }[]
  /** What had been recorded of it by that day, each with its basis. */
  endings: {
    id: string
    kind: DispositionKind
    channel: Channel | null
    effectiveFrom: LocalDate
    recordedAt: Instant
    basis: { instrument: Words; article: string; rule: string | null; version: string | null } | null
    sentences: Words[]
  }[]
  /** Whether repair might be applied for on that day, by what is known of the record alone; null where no rules provide for it. */
  repair: {
    may: boolean
    governing: { system: string; rule: string; version: string; instrument: Words; article: string }
    reasons: RepairReason[]
    /** What an applicant still has to show. */
    open: RepairReason[]
    sentences: Words[]
  } | null
}
type RepairReason = { code: string; rule: string; article: string; firstDay: LocalDate | null; words: Words }

const date = z.string().meta({ format: 'date' })
const page = pageAsk({ most: 100 })

export const windowView = z.object({
  channel: z.enum(CHANNELS),
  class: z.enum(WINDOW_CLASSES),
  from: date.nullable(),
  earliest: date.nullable(),
  until: date.nullable(),
  repair: z.enum(['apply', 'automatic', 'fixed', 'none']),
  end: z.object({ by: z.string(), on: date }).nullable(),
  rule: z.string(),
  version: z.string(),
  instrument: words,
  article: z.string(),
})
export const fieldView = z.object({ key: z.string(), label: z.string(), value: z.string() })
export const recordView = z.object({
  subjectId: z.string(),
  id: z.string(),
  item: z.string(),
  itemName: words,
  authorityId: z.string(),
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: date,
  publishedOn: date,
  recordedAt: instant,
  version: z.number().int(),
  state: z.enum(RECORD_STATES),
  class: z.enum(WINDOW_CLASSES),
  shown: z.boolean(),
  /** Where it comes from (A4): a record is always an authority's. */
  badge: z.literal('authority_record'),
  windows: z.array(windowView),
  fields: z.array(fieldView),
})
export type RecordView = z.infer<typeof recordView>
export const dispositionView = z.object({
  id: z.string(),
  kind: z.enum(DISPOSITION_KINDS),
  channel: z.enum(CHANNELS).nullable(),
  effectiveFrom: date,
  recordedAt: instant,
  reason: z.string(),
  /** annulled: whether it was withdrawn within its term, where the day of the annulment is known. */
  term: z
    .object({ startedOn: date, dueOn: date, late: z.boolean(), instrument: words, article: z.string() })
    .nullable(),
})
export const fileView = z.object({
  subject: z.object({
    id: z.string(),
    code: z.string().nullable(),
    kind: z.string(),
    name: z.string(),
    division: z.string().nullable(),
    status: z.string(),
  }),
  /** `disputed`: an objection is pending about it (异议处理中). */
  records: z.array(recordView.extend({ disputed: z.boolean() })),
  /** What the subject said of itself, each with its badge. */
  declared: z.array(declaredRow),
})
export type FileView = z.infer<typeof fileView>

/** What anyone may have about a subject: the records shown today on this platform's site. */
export const publicRecord = z.object({
  id: z.string(),
  item: z.string(),
  authorityName: z.string(),
  docNo: z.string(),
  decidedOn: date,
  version: z.number().int(),
  class: z.enum(WINDOW_CLASSES),
  badge: z.literal('authority_record'),
  shownFrom: date,
  shownUntil: date.nullable(),
  repairFrom: date.nullable(),
  /** The rule that lets it be shown. */
  basis: z.object({ rule: z.string(), version: z.string(), instrument: words, article: z.string() }).nullable(),
  /** An objection is pending about it (异议处理中). */
  disputed: z.boolean(),
  fields: z.record(z.string(), z.unknown()),
})
export const publicFile = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  division: z.string().nullable(),
  status: z.string(),
  on: date,
  records: z.array(publicRecord),
  next: z.string().nullable(),
})

export const endpoints = defineEndpoints({
  listPublicRecords: {
    method: 'GET',
    path: '/subjects/:code/records',
    summary: { zh: '查询信用主体当前公示的信息', en: 'What is shown about a subject today' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(5).max(40) }),
    query: z.object({ after: page.after }),
    reply: publicFile,
  },
  openFile: {
    method: 'POST',
    path: '/subject-files/open',
    summary: { zh: '因办理业务查阅信用主体档案', en: 'Open a subject’s file for a stated business' },
    allowed: { roles: ['officer', 'head', 'window_clerk', 'credit_office'], scopes: ['read'] },
    body: z.object({
      code: z.string().min(5).max(40).optional(),
      /** A natural person's number: in the body only, digested at once. */
      personId: z.string().min(6).max(40).optional(),
      purpose: z.string().trim().min(2).max(200),
    }),
    reply: fileView,
    idempotent: false,
  },
  myFile: {
    method: 'GET',
    path: '/my/subjects/:subjectId/file',
    summary: { zh: '查看本主体信用档案', en: 'The file of a subject I act for' },
    allowed: { roles: ['enterprise'] },
    params: z.object({ subjectId: z.uuid() }),
    reply: fileView,
  },
  listAuthorityRecords: {
    method: 'GET',
    path: '/records',
    summary: { zh: '本单位已归集的信息', en: 'Records of my authority' },
    allowed: { roles: ['collector', 'officer', 'head'] },
    query: z.object({
      item: z.string().max(40).optional(),
      /** In any spelling. */
      docNo: z.string().max(200).optional(),
      ...page,
    }),
    reply: z.object({
      rows: z.array(
        z.object({
          subjectId: z.string(),
          id: z.string(),
          item: z.string(),
          subjectName: z.string(),
          docNo: z.string(),
          decidedOn: date,
          version: z.number().int(),
          state: z.enum(RECORD_STATES),
          shown: z.boolean(),
        }),
      ),
      next: z.string().nullable(),
    }),
  },
  getRecordHistory: {
    method: 'GET',
    path: '/records/:id/history',
    summary: { zh: '信息的处置记录', en: 'What happened to a record' },
    allowed: { roles: ['collector', 'officer', 'head', 'credit_office', 'enterprise'] },
    params: z.object({ id: z.uuid() }),
    reply: z.object({
      record: recordView,
      dispositions: z.array(dispositionView),
      versions: z.array(
        z.object({
          version: z.number().int(),
          recordedAt: instant,
          replacedAt: instant,
          /** It says what it said; other rules gave it other windows. */
          byRules: z.boolean(),
          /** What the next version says otherwise. */
          changes: z.array(z.object({ label: z.string(), was: z.string(), becomes: z.string() })),
        }),
      ),
      mayAnnul: z.boolean(),
      mayReinstate: z.boolean(),
    }),
  },
  annulRecord: {
    method: 'POST',
    path: '/records/:id/annul',
    summary: { zh: '认定单位主动撤销信息', en: 'The deciding authority annuls a record of its own motion' },
    allowed: { roles: ANNULLERS },
    params: z.object({ id: z.uuid() }),
    body: z.object({
      seen: z.number().int().min(1),
      cause: z.enum(ANNUL_CAUSES).default('other'),
      /** The day on which the decision was annulled or changed, from which the term for its withdrawal runs. */
      annulledOn: z.iso.date().optional(),
      reason: z.string().trim().min(4).max(500),
    }),
    reply: recordView,
  },
  reinstateRecord: {
    method: 'POST',
    path: '/records/:id/reinstate',
    summary: { zh: '恢复误撤销的信息', en: 'The deciding authority reinstates a record annulled by mistake' },
    allowed: { roles: ANNULLERS },
    params: z.object({ id: z.uuid() }),
    body: z.object({ seen: z.number().int().min(1), reason: z.string().trim().min(4).max(500) }),
    reply: recordView,
  },
})

export const refusals = {
  ANNULLED_LATER: {
    kind: 'refused',
    zh: '撤销（变更）日期须在原决定日期之后，且不晚于今天。',
    en: 'The day of the annulment lies after the decision and not after today.',
  },
  RECORD_NOT_FOUND: { kind: 'not_found', zh: '未查询到该条信息。', en: 'No such record is held.' },
  FILE_NOT_FOUND: { kind: 'not_found', zh: '未查询到该信用主体的档案。', en: 'No file is held for this subject.' },
  FILE_KEY_MISSING: {
    kind: 'invalid',
    zh: '请填写统一社会信用代码；查阅自然人档案的，填写证件号码。',
    en: 'Give the unified social credit code, or for a natural person the identity number.',
  },
  NOT_YOUR_RECORD: {
    kind: 'forbidden',
    zh: '该信息不是本单位认定的，不能由本单位处理。',
    en: 'This record was decided by another authority.',
  },
  REMOVED_BY_OBJECTION: {
    kind: 'refused',
    zh: '该信息因异议（编号{no}）成立撤回，需由认定单位负责人在“异议处理—限制再次报送”中写明理由后恢复。',
    en: 'It was taken back upon objection no. {no}; the head of its authority lets it in again there, with a reason.',
  },
  NOT_ANNULLED: {
    kind: 'conflict',
    zh: '该信息没有被撤销，无需恢复。',
    en: 'The record has not been annulled; there is nothing to reinstate.',
  },
  ALREADY_ANNULLED: { kind: 'conflict', zh: '该信息此前已经撤销。', en: 'The record has been annulled already.' },
} satisfies RefusalCatalogue
