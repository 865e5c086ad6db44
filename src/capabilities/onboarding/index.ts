/**
 * Onboarding 接入: how a peer is connected, step by step, each with its proof: its profile, its keys, the conformance kit that
 * it runs by itself, a sandbox of generated data, and the word of the credit office that takes it into service. It keeps what a
 * peer's system asked lately and what was wrong with it. No real record is ever seen by a peer that is still being connected.
 */
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'
import { forgetRequests } from './service.ts'

export { sandbox } from './sandbox.ts'
export { noteRequest } from './service.ts'

const jobs = [{ name: 'onboarding.forget_requests', every: 3_600_000, run: forgetRequests }]

export const api = { name: 'onboarding', endpoints, refusals, handlers, jobs }
