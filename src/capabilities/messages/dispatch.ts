import { type Ctx, type Runtime, systemCtx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { addressOf } from '../access/index.ts'
import { afterFailure, deliveringOn } from './rules.ts'
import { NotSent, PATIENCE, type Patience, type Sender, hasWay, sendMail, sendText } from './send.ts'
import * as store from './store.ts'
import type { DeliveryError, MessageChannel } from './words.ts'

/** Longer than a delivery may take: whoever holds it is dead when it has run out. */
const LEASE_SPARE_MS = 30_000
const OUTWARD: readonly MessageChannel[] = ['email', 'sms']
/** So many that could not even be handed to the server: it is down, and the others wait for the next run. */
const DOWN_AFTER = 3
const DOWN: ReadonlySet<DeliveryError['code']> = new Set(['unreachable', 'timeout', 'not_trusted', 'login_refused'])

/** What tests stop: the moment after a server has taken a message, before that is written down. */
export type DispatchOptions = { patience?: Patience; afterSent?: (id: string) => void | Promise<void> }

type Result = { state: 'sent' } | { state: 'no_address' } | { state: 'not_configured' } | { error: NotSent['error'] }

const senderOf = ({ policy, config }: Runtime): Sender => ({
  name: { zh: `${policy.jurisdiction.name.zh}公共信用信息平台`, en: `Xinheng, ${policy.jurisdiction.name.en}` },
  publicUrl: config.publicUrl,
})

const whereTo = async (ctx: Ctx, d: store.Claimed): Promise<string | null> => {
  if (d.personId === null) return d.outsideAddress && ctx.secrets.open(d.outsideAddress)
  const to = await addressOf(ctx, d.personId)
  return d.channel === 'email' ? to.email : to.workPhone
}

const attempt = async (ctx: Ctx, d: store.Claimed, options: DispatchOptions): Promise<Result> => {
  const { smtp, sms } = ctx.config
  if (!hasWay(ctx, d.channel)) return { state: 'not_configured' }
  try {
    const address = await whereTo(ctx, d)
    if (!address) return { state: 'no_address' }
    const patience = options.patience ?? PATIENCE
    if (d.channel === 'email' && smtp)
      await sendMail(smtp, address, { ...d, outside: d.personId === null }, senderOf(ctx), patience)
    if (d.channel === 'sms' && sms)
      await sendText(sms, address, d, { timestamp: ctx.clock.now(), sign: senderOf(ctx) }, patience)
    await options.afterSent?.(d.id)
    return { state: 'sent' }
  } catch (error) {
    if (error instanceof NotSent) return { error: error.error }
    throw error
  }
}

const write = (ctx: Ctx, owner: string, d: store.Claimed, result: Result): Promise<boolean> => {
  const at = ctx.clock.now()
  const done = { id: d.id, owner, nextAt: null, lastError: null, sentAt: null }
  if (!('error' in result))
    return inTx(ctx, (tx) =>
      store.settle(tx, { ...done, state: result.state, sentAt: result.state === 'sent' ? at : null }),
    )
  const { final: _, ...lastError } = result.error
  const next = afterFailure(at, d.attempts, result.error, deliveringOn(ctx.policy, today(ctx)))
  return inTx(ctx, (tx) => store.settle(tx, { ...done, ...next, lastError }))
}

/**
 * Sends what is due, one after the other: claimed in one transaction, sent outside of any, written down in another. Who dies
 * in between leaves a lease that runs out, and the message goes once more under the same id. Answers how many were tried.
 */
export const dispatchDue = async (runtime: Runtime, options: DispatchOptions = {}): Promise<number> => {
  const ctx = systemCtx(runtime, 'messages')
  const owner = newId()
  const down = new Map<MessageChannel, number>()
  const patience = options.patience ?? PATIENCE
  for (let tried = 0; ; tried++) {
    const channels = OUTWARD.filter((c) => (down.get(c) ?? 0) < DOWN_AFTER)
    const now = ctx.clock.now()
    const until = new Date(Date.parse(now) + patience.wholeMs + LEASE_SPARE_MS).toISOString()
    const d = channels.length ? await inTx(ctx, (tx) => store.claimDue(tx, { owner, now, until, channels })) : null
    if (!d) return tried
    const rule = deliveringOn(ctx.policy, today(ctx))
    const result: Result =
      d.attempts > rule.attempts ? { error: { code: 'lost', final: true } } : await attempt(ctx, d, options)
    if ('error' in result) {
      ctx.log.warn(
        { delivery: d.id, channel: d.channel, code: result.error.code, status: result.error.status },
        'a message was not sent',
      )
      down.set(d.channel, DOWN.has(result.error.code) ? (down.get(d.channel) ?? 0) + 1 : 0)
    } else down.set(d.channel, 0)
    await write(ctx, owner, d, result)
  }
}
