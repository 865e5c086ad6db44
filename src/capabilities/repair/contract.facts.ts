import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { FACT_VIAS, applicationView, sharedFact } from './contract.ts'
import { day, id, pageAsk, rows, words } from '../../kernel/shapes.ts'

/** Facts that authorities shared, and files that the subject gave before: what is known is filled in, what is held is offered. */

const page = pageAsk({ usual: PAGE_LIMIT })
const ROWS_MAX = 500

export const factView = z.object({
  subjectId: id,
  id,
  subjectName: z.string(),
  fact: sharedFact,
  value: z.boolean(),
  on: day,
  /** Null: of the subject as a whole. */
  docNo: z.string().nullable(),
  authorityName: z.string(),
  via: z.enum(FACT_VIAS),
  reference: z.string(),
  givenAt: z.string(),
  withdrawnAt: z.string().nullable(),
  withdrawnWhy: z.string().nullable(),
  mayWithdraw: z.boolean(),
})
export type FactView = z.infer<typeof factView>

export const factGiven = z.strictObject({
  /** Exactly one of the two names the subject; identifiers of persons travel in the body alone. */
  code: z.string().trim().min(6).max(40).optional(),
  personId: z.string().trim().min(6).max(40).optional(),
  /** For facts about one record: its number. */
  docNo: z.string().trim().min(1).max(200).optional(),
  fact: sharedFact,
  value: z.boolean().default(true),
  on: day,
  reference: z.string().trim().max(200).default(''),
})
export type FactGiven = z.infer<typeof factGiven>

export const libraryView = z.object({
  id,
  kind: z.string(),
  kindName: words,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  uploadedAt: z.string(),
  /** The last day on which it may be used again. */
  usableUntil: day,
})
export type LibraryView = z.infer<typeof libraryView>

const APPLICANT = { roles: ['enterprise', 'window_clerk'] } as const
const GIVERS = { roles: ['officer', 'head', 'collector'] } as const

export const endpoints = defineEndpoints({
  shareFacts: {
    method: 'POST',
    path: '/repair/facts',
    summary: { zh: '共享履行、整改等事实', en: 'Share facts on duties performed and corrections made' },
    allowed: { ...GIVERS, scopes: ['collect'] },
    body: z.strictObject({ facts: z.array(factGiven).min(1).max(ROWS_MAX) }),
    /** In the order given. */
    reply: z.object({
      rows: z.array(
        z.object({
          verdict: z.enum(['taken', 'already_held', 'refused']),
          id: id.nullable(),
          code: z.string().nullable(),
          message: z.string().nullable(),
        }),
      ),
    }),
  },
  listFacts: {
    method: 'GET',
    path: '/repair/facts',
    summary: { zh: '本单位共享的事实', en: 'Facts that my authority shared' },
    allowed: GIVERS,
    query: z.object({ ...page, fact: sharedFact.optional(), view: z.enum(['standing', 'withdrawn']).optional() }),
    reply: rows(factView),
  },
  withdrawFact: {
    method: 'POST',
    path: '/repair/facts/:subject/:id/withdraw',
    summary: { zh: '撤回共享的事实', en: 'Withdraw a shared fact' },
    allowed: { ...GIVERS, scopes: ['collect'] },
    params: z.object({ subject: id, id }),
    body: z.object({ reason: z.string().trim().min(2).max(2000) }),
    reply: factView,
  },
  listLibrary: {
    method: 'GET',
    path: '/applications/:subject/:id/library',
    summary: { zh: '材料库中可以再次使用的材料', en: 'Files given before that may be used again' },
    allowed: APPLICANT,
    params: z.object({ subject: id, id }),
    reply: z.object({ rows: z.array(libraryView) }),
  },
  reuseMaterial: {
    method: 'POST',
    path: '/applications/:subject/:id/library',
    summary: { zh: '使用材料库中的材料', en: 'Use a file given before' },
    allowed: APPLICANT,
    params: z.object({ subject: id, id }),
    body: z.object({ material: id }),
    reply: applicationView,
  },
  keepMaterial: {
    method: 'POST',
    path: '/applications/:subject/:id/materials/:material/keep',
    summary: { zh: '同意或者撤回同意将材料存入材料库', en: 'Keep a file for later applications, or no longer' },
    allowed: APPLICANT,
    params: z.object({ subject: id, id, material: id }),
    body: z.object({ keep: z.boolean(), validUntil: day.nullable().default(null) }),
    reply: applicationView,
  },
})

export const refusals = {
  NO_SUCH_FACT: {
    kind: 'not_found',
    zh: '没有这条共享事实，或者不是本单位共享的。',
    en: 'There is no such fact, or your authority did not share it.',
  },
  FACT_NEEDS_SUBJECT: {
    kind: 'refused',
    zh: '请填写统一社会信用代码或者身份证件号码，只填其中一项。',
    en: 'Name the subject by its code or by the person’s number, and by only one of the two.',
  },
  FACT_NEEDS_RECORD: {
    kind: 'refused',
    zh: '“{fact}”只能就一条信息共享，请填写决定书文号。',
    en: '“{fact}” is shared about one record. Give its number.',
  },
  FACT_RECORD_UNKNOWN: {
    kind: 'refused',
    zh: '该主体名下没有文号为“{doc}”的失信信息，请核对文号。',
    en: 'The subject has no adverse record numbered “{doc}”. Check the number.',
  },
  FACT_NOT_YOURS: {
    kind: 'refused',
    zh: '“{fact}”应当由{who}共享，本单位不能代为共享。',
    en: '“{fact}” is for {who} to share, not for your authority.',
  },
  FACT_IN_FUTURE: {
    kind: 'refused',
    zh: '事实发生日期{day}晚于今天，请核对。',
    en: 'The day {day} lies in the future.',
  },
  FACT_TOO_EARLY: {
    kind: 'refused',
    zh: '事实发生日期早于决定日期{day}，请核对。',
    en: 'The day lies before the decision of {day}.',
  },
  FACT_WITHDRAWN: {
    kind: 'conflict',
    zh: '该事实已经撤回。',
    en: 'The fact has been withdrawn already.',
  },
  MATERIAL_NOT_KEPT: {
    kind: 'refused',
    zh: '这份材料不在材料库中，或者已过可以再次使用的期限，请重新上传。',
    en: 'This file is not in the library, or may no longer be used again. Upload it anew.',
  },
  MATERIAL_RAN_OUT: {
    kind: 'refused',
    zh: '材料的有效期已于{day}届满，不能存入材料库。',
    en: 'The file ran out on {day} and cannot be kept.',
  },
  MATERIAL_THERE: {
    kind: 'conflict',
    zh: '申请中已有这份材料，无需重复添加。',
    en: 'The application holds this file already.',
  },
} as const satisfies RefusalCatalogue
