import type { Ctx } from '../../platform/context.ts'
import { actorRef } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Problem } from '../collection/index.ts'
import type { Instant } from '../../kernel/time.ts'
import * as store from './store.ts'
import type { MessageState, Outcome, Verdict } from './words.ts'

/** What became of one message. */
export type Answer = {
  state: MessageState
  outcome: Outcome | null
  code: Verdict
  params: Record<string, unknown>
  problems: readonly Problem[]
  recordId: string | null
  /** Of a message that waits: when it is looked at again by itself; null: when what it waits for has come. */
  nextTryAt: Instant | null
}
const PLAIN = { params: {}, problems: [], recordId: null, nextTryAt: null }

export const applied = (code: Verdict, recordId: string | null, params: Record<string, unknown> = {}): Answer => ({
  ...PLAIN,
  state: 'accepted',
  outcome: 'applied',
  code,
  params,
  recordId,
})
export const already = (code: Verdict, recordId: string | null = null): Answer => ({
  ...PLAIN,
  state: 'accepted',
  outcome: 'already',
  code,
  recordId,
})
export const refused = (
  code: Verdict,
  params: Record<string, unknown> = {},
  problems: readonly Problem[] = [],
): Answer => ({
  ...PLAIN,
  state: 'refused',
  outcome: 'refused',
  code,
  params,
  problems,
})
export const waits = (code: Verdict, params: Record<string, unknown>, nextTryAt: Instant | null): Answer => ({
  ...PLAIN,
  state: 'pending',
  outcome: null,
  code,
  params,
  nextTryAt,
})

/** A message that somebody else has dealt with in the meantime keeps its verdict. The balance is the caller's. */
export const decide = (tx: Tx, ctx: Ctx, m: store.Held, answer: Answer): Promise<boolean> =>
  store.decide(tx, { id: m.id, seen: m.version, ...answer, at: ctx.clock.now(), by: actorRef(ctx.actor) })

/** Verdict and balance. */
export const settle = async (tx: Tx, ctx: Ctx, m: store.Held, answer: Answer): Promise<boolean> => {
  const done = await decide(tx, ctx, m, answer)
  if (done && answer.state !== 'pending') await store.count(tx, m.peerId, m.day, { pending: -1, [answer.state]: 1 })
  return done
}
