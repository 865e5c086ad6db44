import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { CURSOR_MAX } from '../../kernel/page.ts'
import { ALGORITHMS, PEER_STATES } from '../exchange/words.ts'
import { CHECKS, CHECK_RESULTS, STEPS, STEP_STATES } from './words.ts'
import { id, words } from '../../kernel/shapes.ts'

export const refusals = {
  PEER_NOT_ONBOARDING: {
    kind: 'refused',
    zh: '该共享对象不在接入中，接入步骤只在接入期间办理。',
    en: 'This peer is not being connected; the steps are for that time only.',
  },
  PROFILE_INCOMPLETE: {
    kind: 'refused',
    zh: '资料不齐全，缺少：{missing}。',
    en: 'The profile is not complete; missing: {missing}.',
  },
  STEP_TOO_EARLY: {
    kind: 'refused',
    zh: '须先完成：{open}。',
    en: 'To be done first: {open}.',
  },
  SANDBOX_OPEN: {
    kind: 'refused',
    zh: '沙箱中共 {all} 个事件，对方只确认了 {done} 个，尚不能确认。',
    en: 'Of the {all} events of the sandbox only {done} are acknowledged; it cannot be confirmed yet.',
  },
  BASIS_NOT_CHECKED: {
    kind: 'refused',
    zh: '启用前须核对共享依据。',
    en: 'The legal basis has to be checked before the peer is taken into service.',
  },
  NO_RECEIVER: {
    kind: 'refused',
    zh: '没有登记对方的接收地址，不能测试推送。请信用办在资料中填写。',
    en: 'No receiver is registered for you, so a push cannot be tried. The credit office enters it in the profile.',
  },
  RECEIVER_NOT_REGISTERED: {
    kind: 'refused',
    zh: '“{given}”不是登记的接收地址。推送只发往登记的地址“{held}”。',
    en: '“{given}” is not the receiver that is registered. A push goes to the registered one only: “{held}”.',
  },
} as const satisfies RefusalCatalogue

const stepView = z.object({
  step: z.enum(STEPS),
  state: z.enum(STEP_STATES),
  at: z.string().nullable(),
  by: z.enum(['credit_office', 'peer', 'platform']).nullable(),
  /** What proves it, line by line. */
  proof: z.array(words),
  /** Whether the credit office may do it now. */
  ready: z.boolean(),
})
export type StepView = z.infer<typeof stepView>
export const onboardingView = z.object({
  peerId: id,
  state: z.enum(PEER_STATES),
  version: z.number(),
  legalBasis: words,
  steps: z.array(stepView),
  sandbox: z.object({ events: z.number(), acknowledged: z.number(), withdrawals: z.number(), down: z.number() }),
  /** What the peer calls, and with what. */
  address: z.string(),
})
export type OnboardingView = z.infer<typeof onboardingView>

const requestView = z.object({
  id,
  at: z.string(),
  /** Theirs to us, or ours to their receiver. */
  direction: z.enum(['from_peer', 'to_peer']),
  method: z.string(),
  path: z.string(),
  address: z.string(),
  status: z.number(),
  code: z.string(),
  detail: words,
  requestId: z.string(),
})
export type RequestView = z.infer<typeof requestView>

const found = z.object({
  check: z.enum(CHECKS),
  result: z.enum(CHECK_RESULTS),
  detail: z.string().max(1000).default(''),
})
export const report = z.object({
  kit: z.string().max(50),
  ranAt: z.iso.datetime(),
  checks: z.array(found).min(1).max(CHECKS.length),
})
export type Report = z.infer<typeof report>

const READERS = ['credit_office', 'auditor', 'security_admin'] as const
export const endpoints = defineEndpoints({
  onboarding: {
    method: 'GET',
    path: '/onboarding/peers/:id',
    summary: { zh: '接入步骤', en: 'How far a peer is connected' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    reply: onboardingView,
  },
  takeStep: {
    method: 'POST',
    path: '/onboarding/peers/:id/steps',
    summary: { zh: '办理接入步骤', en: 'Confirm a step of the connection' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({
      step: z.enum(['profile', 'sandbox', 'service']),
      note: z.string().trim().max(500).default('').meta({ zh: '说明', en: 'Note' }),
      /** Of the last step: the legal basis was looked at. */
      basisChecked: z.boolean().default(false),
      seen: z.number().int(),
    }),
    reply: onboardingView,
  },
  peerRequests: {
    method: 'GET',
    path: '/onboarding/peers/:id/requests',
    summary: { zh: '最近的请求', en: 'What a peer asked lately, and what was wrong with it' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    query: z.object({
      after: z.string().max(CURSOR_MAX).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: z.object({ rows: z.array(requestView), next: z.string().nullable() }),
  },
  checkSignature: {
    method: 'POST',
    path: '/onboarding/signature-check',
    summary: { zh: '测试请求签名', en: 'Try a signed request' },
    allowed: { scopes: ['feed'] },
    body: z.looseObject({}),
    reply: z.object({
      peer: z.string(),
      state: z.enum(PEER_STATES),
      keyId: z.string(),
      algorithm: z.enum(ALGORITHMS),
      now: z.string(),
      receiver: z.string().nullable(),
    }),
    idempotent: false,
  },
  tryPush: {
    method: 'POST',
    path: '/onboarding/push-test',
    summary: { zh: '测试向接收地址推送', en: 'Try a push to the registered receiver' },
    allowed: { scopes: ['feed'] },
    body: z.object({ receiver: z.string().max(1000).optional() }),
    reply: z.object({ receiver: z.string(), checks: z.array(found) }),
    idempotent: false,
  },
  reportConformance: {
    method: 'POST',
    path: '/onboarding/conformance',
    summary: { zh: '上报对接测试结果', en: 'Report the result of the conformance kit' },
    allowed: { scopes: ['feed'] },
    body: report,
    reply: z.object({ outcome: z.enum(['passed', 'failed']), doubts: z.array(words) }),
    idempotent: false,
  },
})
