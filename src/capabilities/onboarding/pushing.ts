import { mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { FeedEvent } from '../exchange/contract.ts'
import { type Peer, callingPeer, requireSigned, signRequest, signerOf } from '../exchange/index.ts'
import { OUTCOMES } from '../exchange/words.ts'
import { RECORDS, sandboxEvents } from './sandbox.ts'
import * as store from './store.ts'
import type { Check, CheckResult } from './words.ts'

/** Our side of the conformance kit: events of the sandbox go to the receiver that is registered, as they will in service. */

const TIMEOUT_MS = 10_000
const MOST_BYTES = 1_000_000
const MEDIA_TYPE = 'application/cloudevents-batch+json'

type Answer = { status: number; acks: { eventId: string; outcome: string }[] | null; fault: string }
export type PushCheck = { check: Check; result: CheckResult; detail: string }

const readAcks = (text: string): Answer['acks'] => {
  try {
    const { acknowledgements } = JSON.parse(text) as { acknowledgements?: unknown }
    if (!Array.isArray(acknowledgements)) return null
    const acks = acknowledgements as { eventId?: unknown; outcome?: unknown }[]
    return acks.every((a) => typeof a.eventId === 'string' && OUTCOMES.some((o) => o === a.outcome))
      ? acks.map((a) => ({ eventId: String(a.eventId), outcome: String(a.outcome) }))
      : null
  } catch {
    return null
  }
}

/** At most so many bytes: whoever answers without end is not waited for. */
const textOf = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > MOST_BYTES) return ''
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const send = async (
  ctx: Ctx,
  peer: Peer,
  ask: { url: string; events: FeedEvent[]; broken?: boolean },
): Promise<Answer> => {
  const body = JSON.stringify(ask.events)
  const signer = await signerOf(ctx, peer.algorithm)
  const request = { method: 'POST', url: ask.url, headers: { 'content-type': MEDIA_TYPE }, body }
  const headers = signRequest(signer, request, { created: ctx.clock.now() })
  // Rightly written and wrongly signed: by a body that is not the one sent.
  if (ask.broken)
    headers.signature = signRequest(signer, { ...request, body: `${body} ` }, { created: ctx.clock.now() }).signature!
  try {
    const response = await fetch(ask.url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await textOf(response)
    return { status: response.status, acks: readAcks(text), fault: '' }
  } catch (error) {
    const { name, cause, message } = error as Error
    const fault =
      name === 'TimeoutError'
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : ((cause as Error | undefined)?.message ?? message)
    return { status: 0, acks: null, fault }
  }
}

const acksFit = (events: FeedEvent[], { acks }: Answer, outcomes: readonly string[]): boolean =>
  acks !== null &&
  acks.length === events.length &&
  events.every((e) => acks.some((a) => a.eventId === e.id && outcomes.includes(a.outcome)))

const said = ({ status, acks, fault }: Answer): string =>
  fault || `HTTP ${status}${acks ? `, ${acks.map((a) => a.outcome).join(' ')}` : ''}`

/** Published, and taken down again: a receiver that does not know the difference shows it here. */
const batchOf = (ctx: Ctx, peer: Peer): FeedEvent[] => {
  const all = sandboxEvents(ctx, peer)
  return [...all.slice(0, 3), ...all.filter((e) => e.type === 'record.withdraw').slice(0, 1)]
}

export const tryPush = async (ctx: Ctx, ask: { receiver?: string | undefined }) => {
  const peer = await callingPeer(ctx)
  if (peer.state !== 'onboarding') mustNot('PEER_NOT_ONBOARDING')
  await requireSigned(ctx, peer.id)
  const { url } = peer.settings
  if (typeof url !== 'string' || !url) return mustNot('NO_RECEIVER')
  if (ask.receiver !== undefined && ask.receiver !== url)
    mustNot('RECEIVER_NOT_REGISTERED', { given: ask.receiver, held: url })
  const events = batchOf(ctx, peer)
  const later = (answer: Answer) => answer.status === 202
  const checks: PushCheck[] = []
  const look = async (check: Check, answer: Answer, good: boolean): Promise<void> => {
    checks.push({ check, result: good ? 'passed' : 'failed', detail: said(answer).slice(0, 1000) })
    await note(ctx, peer, { check, url, answer, good })
  }
  const first = await send(ctx, peer, { url, events })
  await look('push', first, later(first) || (first.status === 200 && acksFit(events, first, ['applied', 'already'])))
  const again = await send(ctx, peer, { url, events })
  await look('push_again', again, later(again) || (again.status === 200 && acksFit(events, again, ['already'])))
  const other = sandboxEvents(ctx, peer).slice(RECORDS - 1, RECORDS)
  const broken = await send(ctx, peer, { url, events: other, broken: true })
  await look('push_bad_signature', broken, broken.status >= 400 && broken.status < 500)
  return { receiver: url, checks }
}

const note = async (
  ctx: Ctx,
  peer: Peer,
  { check, url, answer, good }: { check: Check; url: string; answer: Answer; good: boolean },
): Promise<void> => {
  const row: store.RequestRow = {
    id: newId(),
    at: ctx.clock.now(),
    method: store.PUSHED,
    path: url,
    address: '',
    status: answer.status,
    code: good ? '' : PUSH_FAULT,
    detail: { ...pushWords(check, said(answer), good), check },
    requestId: ctx.requestId,
  }
  await inTx(ctx.db, (tx) => store.insertRequest(tx, peer.id, row))
}

const PUSH_FAULT = 'RECEIVER_FAULT'
const EXPECTED: Partial<Record<Check, { zh: string; en: string }>> = {
  push: {
    zh: '应答复 200 和逐条确认(applied 或者 already)，或者答复 202。',
    en: 'Expected 200 with one acknowledgement an event (applied or already), or 202.',
  },
  push_again: {
    zh: '重复的事件应逐条答复 already，或者答复 202。',
    en: 'Expected “already” for every event that comes again, or 202.',
  },
  push_bad_signature: {
    zh: '签名错误的请求应答复 401 等 4xx 状态码，不得处理。',
    en: 'Expected 401 or another 4xx for a request whose signature is broken.',
  },
}
const pushWords = (check: Check, answer: string, good: boolean) => {
  const { zh, en } = EXPECTED[check] ?? { zh: '', en: '' }
  return good
    ? { zh: `对方答复：${answer}`, en: `The receiver said: ${answer}` }
    : { zh: `对方答复：${answer}。${zh}`, en: `The receiver said: ${answer}. ${en}` }
}
