import { z } from 'zod'
import { MANDATE_KINDS, mandateView } from '../access/contract.ts'
import { defineEndpoints } from '../../kernel/api.ts'
import type { Refusal, RefusalCatalogue } from '../../kernel/decision.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { SUBJECT_KINDS } from '../../kernel/closed-sets.ts'
import { instant, pageAsk } from '../../kernel/shapes.ts'

export { SUBJECT_KINDS }
export const SUBJECT_STATUSES = ['active', 'deregistered', 'revoked'] as const
export const CODE_KINDS = ['uscc', 'organisation', 'registration', 'person_digest', 'alias'] as const
export const CONFLICT_KINDS = ['one_code_two_names', 'one_name_two_codes'] as const
export const CONFLICT_STATES = ['open', 'kept', 'renamed', 'former', 'merged'] as const
export type SubjectStatus = (typeof SUBJECT_STATUSES)[number]
export type CodeKind = (typeof CODE_KINDS)[number]
export type ConflictKind = (typeof CONFLICT_KINDS)[number]

/** Who a row is about, as it was reported. `personId` is plain here, digested inside, and never stored or logged. */
export type SubjectAsk = {
  kind: SubjectKind
  name: string
  uscc?: string | null
  organisationCode?: string | null
  registrationNo?: string | null
  personId?: string | null
  division?: string | null
}
/**
 * `conflict`: the row cannot be put on a file. With `decided: 'kept'` the credit office has already said that the held
 * name stands, so the row goes back to its collector; else it waits (pending) and the caller opens the conflict.
 */
export type SubjectAnswer =
  | {
      ok: true
      subjectId: string
      kind: SubjectKind
      name: string
      division: string | null
      status: SubjectStatus
      /** Made in this transaction: nothing can be on its file yet. */
      isNew: boolean
    }
  | { ok: false; conflict: SubjectConflict }
export type SubjectConflict = {
  kind: 'one_code_two_names' | 'one_name_two_codes' | 'no_code'
  /** null with `no_code` only. */
  subjectId: string | null
  held: string
  offered: string
  decided: 'kept' | null
}

/** A subject's own row, as it is held; never sent out as it is. */
export type Subject = {
  id: string
  kind: SubjectKind
  name: string
  nameKey: string
  /** null for natural persons and for subjects that only have a legacy number. */
  uscc: string | null
  /** What the public finds it by: unified code, else organisation code or registration number; null for persons. */
  code: string | null
  division: string | null
  status: SubjectStatus
  version: number
  /** Its file was brought together with this other one's. */
  mergedInto: string | null
}

/** A table of which each row belongs to a subject, by its column `subject_id`. */
export type SubjectTable = {
  table: string
  /** With the subject, what names a row for good. */
  key: readonly string[]
  /** The column that names the record whose way the row goes; without one it goes with the file as a whole. */
  record?: string
  /** Rows about no record stay where they are. */
  recordOnly?: boolean
  /** May be there once only on a file: what is there already stays behind. */
  unique?: readonly string[]
  /** Shown when people are told what would move. */
  words?: Words
}
/** A row that waits until it is known which name holds. */
export type WaitingRow = { submissionId: string; n: number; authorityId: string; authorityName: string }
/** Where a piece of information comes from; said wherever it goes. */
export const BADGES = ['authority_record', 'declared_verified', 'declared'] as const
export type Badge = (typeof BADGES)[number]
/** What a subject has said of itself, as every output shows it. */
export const declaredRow = z.object({
  id: z.string(),
  badge: z.enum(['declared_verified', 'declared']),
  kind: z.string(),
  kindName: z.object({ zh: z.string(), en: z.string() }),
  title: z.string(),
  issuer: z.string(),
  documentNo: z.string(),
  issuedOn: z.string(),
  validTo: z.string().nullable(),
  /** Who verified it, and when; null while nobody has. */
  verifiedBy: z.string().nullable(),
  verifiedOn: z.string().nullable(),
})
export type DeclaredRow = z.infer<typeof declaredRow>

/** A refusal with the sentence it is shown as, before anything is tried. */
export type InTheWay = Refusal & { words: Words }

/** What a capability above or beside has to do with a subject's file, told to this tier by the composition root. */
export type SubjectFollower = {
  tables: readonly SubjectTable[]
  /** Why these records, or the whole file (null), may not leave it now. `open`: only for what is under way. */
  inTheWay?: (
    db: Reader,
    ask: { subjectId: string; records: readonly string[] | null; which: 'open' | 'any'; since: Instant | null },
  ) => Promise<InTheWay[]>
  /** Rows that wait for this name of this subject, and what becomes of them once people have decided. */
  waiting?: (db: Reader, ask: { subjectId: string; nameKey: string }) => Promise<WaitingRow[]>
  settle?: (tx: Tx, ctx: Ctx, ask: { subjectId: string; nameKey: string; accept: boolean }) => Promise<number>
  /** What the subject declared: all of it for its own file, by its code what anyone may see. */
  declared?: (ctx: Ctx, db: Reader, ask: { subjectId: string } | { code: string }) => Promise<DeclaredRow[]>
}

const day = z.string().meta({ format: 'date' })
const page = pageAsk({ most: 100 })

export const subjectView = z.object({
  code: z.string().nullable(),
  kind: z.enum(SUBJECT_KINDS),
  name: z.string(),
  formerNames: z.array(z.object({ name: z.string(), until: day })),
  division: z.string().nullable(),
  status: z.enum(SUBJECT_STATUSES),
})
export type SubjectView = z.infer<typeof subjectView>

export const subjectRow = z.object({
  code: z.string().nullable(),
  kind: z.enum(SUBJECT_KINDS),
  name: z.string(),
  division: z.string().nullable(),
  status: z.enum(SUBJECT_STATUSES),
})
export type SubjectRow = z.infer<typeof subjectRow>

export const conflictView = z.object({
  id: z.string(),
  subjectId: z.string(),
  code: z.string().nullable(),
  subjectKind: z.enum(SUBJECT_KINDS),
  kind: z.enum(CONFLICT_KINDS),
  held: z.string(),
  offered: z.string(),
  source: z.string(),
  state: z.enum(CONFLICT_STATES),
  foundAt: instant,
  closedAt: instant.nullable(),
})
export type ConflictView = z.infer<typeof conflictView>

export const lookView = z.object({
  at: instant,
  /** The authority that looked; null when the platform itself did. */
  authorityId: z.string().nullable(),
  authorityName: z.string().nullable(),
  purpose: z.string(),
})
export type LookView = z.infer<typeof lookView>

/** A mandate with the name and code of whom it is for. */
export const actingView = mandateView.extend({ subjectName: z.string(), subjectCode: z.string().nullable() })
export type ActingView = z.infer<typeof actingView>

export const endpoints = defineEndpoints({
  searchSubjects: {
    method: 'GET',
    path: '/search',
    summary: { zh: '按名称或代码查询信用主体', en: 'Find subjects by name or code' },
    allowed: { anyone: true },
    query: z.object({ q: z.string().trim().min(1).max(100), ...page }),
    reply: z.object({ rows: z.array(subjectRow), next: z.string().nullable() }),
  },
  getSubject: {
    method: 'GET',
    path: '/subjects/:code',
    summary: { zh: '查看信用主体', en: 'A subject by its code' },
    allowed: { anyone: true },
    params: z.object({ code: z.string().min(5).max(40) }),
    reply: subjectView,
  },
  listConflicts: {
    method: 'GET',
    path: '/subject-conflicts',
    summary: { zh: '重错码与名称冲突清单', en: 'Conflicts between codes and names' },
    allowed: { roles: ['credit_office'] },
    query: z.object({ state: z.enum(CONFLICT_STATES).default('open'), ...page }),
    reply: z.object({ rows: z.array(conflictView), next: z.string().nullable() }),
  },
  closeConflict: {
    method: 'POST',
    path: '/subject-conflicts/:subjectId/:id/close',
    summary: { zh: '处理代码与名称冲突', en: 'Close a conflict between code and name' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ subjectId: z.uuid(), id: z.uuid() }),
    body: z.object({
      /** keep: the held entry stands. rename: the offered name is the present one. former: the offered name is an earlier one. */
      outcome: z.enum(['keep', 'rename', 'former']),
      /** The day from which the name holds; needed for rename and former. */
      validFrom: z.iso.date().optional(),
    }),
    reply: conflictView,
  },
  listActing: {
    method: 'GET',
    path: '/subject-mandates',
    summary: { zh: '授权关系台账', en: 'Who acts for which subject' },
    allowed: { roles: ['territory_admin', 'security_admin', 'auditor'] },
    query: z.object({ personId: z.uuid().optional(), ...page }),
    reply: z.object({ rows: z.array(actingView), next: z.string().nullable() }),
  },
  letAct: {
    method: 'POST',
    path: '/subject-mandates',
    summary: { zh: '按统一社会信用代码登记授权', en: 'Register a mandate by the subject’s code' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    body: z
      .object({
        personId: z.uuid().meta({ zh: '用户', en: 'Person' }),
        code: z.string().trim().min(6).max(40).meta({ zh: '统一社会信用代码', en: 'Unified social credit code' }),
        kind: z.enum(MANDATE_KINDS).meta({ zh: '授权类型', en: 'Kind' }),
        validFrom: z.iso.date().meta({ zh: '生效日', en: 'Valid from' }),
        validTo: z.iso.date().nullable().default(null).meta({ zh: '失效日', en: 'Valid to' }),
      })
      .refine((m) => m.validTo === null || m.validTo > m.validFrom, {
        path: ['validTo'],
        params: { zh: '失效日应当晚于生效日。', en: 'the last day comes after the first.' },
      }),
    reply: actingView,
    status: 201,
  },
  listLooks: {
    method: 'GET',
    path: '/my/subjects/:subjectId/looks',
    summary: { zh: '查询本主体档案被查看记录', en: 'Who looked at this subject’s file' },
    allowed: { roles: ['enterprise'] },
    params: z.object({ subjectId: z.uuid() }),
    query: z.object(page),
    reply: z.object({ rows: z.array(lookView), next: z.string().nullable() }),
  },
})

export const refusals = {
  SUBJECT_NOT_FOUND: {
    kind: 'not_found',
    zh: '未查询到该信用主体。',
    en: 'No such subject is held.',
  },
  NOT_YOUR_SUBJECT: {
    kind: 'forbidden',
    zh: '您未获该信用主体授权，不能办理此项业务。',
    en: 'You hold no mandate for this subject.',
  },
  CONFLICT_NOT_FOUND: { kind: 'not_found', zh: '未查询到该冲突记录。', en: 'No such conflict is held.' },
  CONFLICT_CLOSED: {
    kind: 'conflict',
    zh: '该冲突已经处理，请刷新后查看。',
    en: 'This conflict has been closed already.',
  },
  NAME_DAY_MISSING: {
    kind: 'refused',
    zh: '变更名称或者认定曾用名，应当填写该名称的启用日期。',
    en: 'A name change needs the day from which the name holds.',
  },
  NOT_FOR_CODES: {
    kind: 'refused',
    zh: '一名多码不能以变更名称处理，核实后请选择维持原登记。',
    en: 'One name with two codes cannot be closed by a change of name.',
  },
} satisfies RefusalCatalogue
