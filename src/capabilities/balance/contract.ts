import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { SUBMISSION_STATES, WAYS_IN } from '../collection/words.ts'
import { GROUPINGS, PROOF_VERDICTS, RUN_STATES } from './words.ts'
import { count, day, id, pageAsk, words } from '../../kernel/shapes.ts'

const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const page = pageAsk({ usual: PAGE_LIMIT })
const filters = {
  from: day.optional().meta({ zh: '起始日', en: 'From' }),
  to: day.optional().meta({ zh: '截止日', en: 'To' }),
  authorityId: id.optional(),
  item: item.optional(),
}

/** received = accepted + refused + pending + alreadyHeld, in every line. */
const counts = {
  submissions: count,
  received: count,
  accepted: count,
  refused: count,
  pending: count,
  alreadyHeld: count,
  /** Of the finished submissions: proved and in balance; proved and different; not proved since they last changed. */
  proved: count,
  differing: count,
  unproved: count,
}
export const lineView = z
  .object({
    /** Empty where the lines are not grouped by it. */
    day: day.nullable(),
    authority: z.object({ id, name: z.string() }).nullable(),
    item: z.object({ code: z.string(), name: words }).nullable(),
    ...counts,
  })
  .meta({ id: 'BalanceLine' })
export type LineView = z.infer<typeof lineView>

export const runView = z
  .object({
    id,
    state: z.enum(RUN_STATES),
    startedAt: z.string(),
    finishedAt: z.string().nullable(),
    submissions: count,
    rows: count,
    differing: count,
    /** Submissions that the audit knows and the platform no longer holds. */
    lost: count,
  })
  .meta({ id: 'BalanceRun' })
export type RunView = z.infer<typeof runView>

export const submissionLine = z
  .object({
    id,
    no: z.string(),
    authority: z.object({ id, name: z.string() }),
    item: z.object({ code: z.string(), name: words }),
    wayIn: z.enum(WAYS_IN),
    state: z.enum(SUBMISSION_STATES),
    createdAt: z.string(),
    received: count,
    accepted: count,
    refused: count,
    pending: count,
    alreadyHeld: count,
    proof: z.object({ at: z.string(), verdict: z.enum(PROOF_VERDICTS), differences: count }).nullable(),
  })
  .meta({ id: 'BalanceSubmission' })
export type SubmissionLine = z.infer<typeof submissionLine>

export const proofView = z
  .object({
    submissionId: id,
    no: z.string(),
    at: z.string(),
    verdict: z.enum(PROOF_VERDICTS),
    /** Rows in the raw file, counted again, and what the platform holds of them. */
    counted: z.object({ received: count, accepted: count, refused: count, pending: count, alreadyHeld: count }),
    differenceCount: count,
    /** The first hundred, in the caller's language. */
    differences: z.array(z.object({ code: z.string(), n: z.int().nullable(), words: z.string() })),
  })
  .meta({ id: 'BalanceProof' })
export type ProofView = z.infer<typeof proofView>

const readers = { roles: ['collector', 'head', 'credit_office'] } as const

export const endpoints = defineEndpoints({
  listBalance: {
    method: 'GET',
    path: '/balance',
    summary: { zh: '数据平衡', en: 'The balance' },
    allowed: readers,
    query: z.object({ by: z.enum(GROUPINGS).default('day'), ...filters, ...page }),
    reply: z.object({
      from: day,
      to: day,
      rows: z.array(lineView),
      next: z.string().nullable(),
      totals: z.object(counts),
      /** The last proof that was carried to its end. */
      run: runView.nullable(),
    }),
  },
  listBalanceSubmissions: {
    method: 'GET',
    path: '/balance/submissions',
    summary: { zh: '数据平衡：逐次报送', en: 'The balance of each submission' },
    allowed: readers,
    query: z.object({ verdict: z.enum([...PROOF_VERDICTS, 'open']).optional(), ...filters, ...page }),
    reply: z.object({ rows: z.array(submissionLine), next: z.string().nullable() }),
  },
  getProof: {
    method: 'GET',
    path: '/balance/submissions/:id/proof',
    summary: { zh: '平衡核验结果', en: 'The proof of a submission' },
    allowed: readers,
    params: z.object({ id }),
    reply: proofView,
  },
  listRuns: {
    method: 'GET',
    path: '/balance/runs',
    summary: { zh: '平衡核验记录', en: 'Runs of the proof' },
    allowed: { roles: ['credit_office', 'auditor'] },
    query: z.object(page),
    reply: z.object({ rows: z.array(runView), next: z.string().nullable() }),
  },
  exportBalance: {
    method: 'GET',
    path: '/balance.csv',
    summary: { zh: '导出数据平衡表', en: 'Export the balance' },
    allowed: readers,
    query: z.object({ by: z.enum(GROUPINGS).default('day'), ...filters }),
    reply: 'file',
  },
})

export const refusals = {
  NOT_PROVED_YET: {
    kind: 'not_found',
    zh: '没有这份报送的核验结果，或者不在您的查看范围内。',
    en: 'There is no proof of this submission yet, or it is not yours to see.',
  },
  SPAN_BACKWARDS: { kind: 'refused', zh: '起始日晚于截止日。', en: 'The first day comes after the last.' },
} as const satisfies RefusalCatalogue
