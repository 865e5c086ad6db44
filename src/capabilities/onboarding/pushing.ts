import { mustNot } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { outwardOf } from '../../platform/outward.ts'
import type { FeedEvent } from '../exchange/contract.ts'
import {
  FAULT_WORDS,
  type Peer,
  bodyFor,
  callingPeer,
  openConnections,
  post,
  readAnswers,
  requireSigned,
  signRequest,
  signerOf,
  tokenOf,
} from '../exchange/index.ts'
import { RECORDS, sandboxEvents } from './sandbox.ts'
import * as store from './store.ts'
import type { Check, CheckResult } from './words.ts'

/** Our side of the conformance kit: events of the sandbox go to the receiver that is registered, as they will in service. */

const TIMEOUT_MS = 10_000

type Acks = readonly { eventId: string; outcome: string }[]
type Answer = { status: number; acks: Acks | null; fault: Words | null }
export type PushCheck = { check: Check; result: CheckResult; detail: string }

const SPACE = Buffer.from(' ')
type Connections = ReturnType<typeof openConnections>
type Asked = { url: string; events: FeedEvent[]; broken?: boolean }
const send = async (ctx: Ctx, peer: Peer, ask: Asked, by: Connections): Promise<Answer> => {
  const { mediaType, body } = await bodyFor(
    ctx,
    peer,
    ask.events.map((e) => JSON.stringify(e)),
  )
  const signer = await signerOf(ctx, peer.algorithm)
  const access = await tokenOf(ctx, peer.id)
  const request = { method: 'POST', url: ask.url, headers: { 'content-type': mediaType }, body }
  const created = ctx.clock.now()
  const headers = signRequest(signer, request, { created })
  // Rightly written and wrongly signed: by a body that is not the one sent.
  if (ask.broken)
    headers.signature = signRequest(signer, { ...request, body: Buffer.concat([body, SPACE]) }, { created }).signature!
  const reply = await post(
    {
      url: ask.url,
      headers: access ? { ...headers, authorization: `Bearer ${access}` } : headers,
      body,
      timeoutMs: TIMEOUT_MS,
      signal: new AbortController().signal,
    },
    by,
  )
  return 'fault' in reply
    ? { status: 0, acks: null, fault: FAULT_WORDS[reply.fault] }
    : { status: reply.status, acks: readAnswers(reply.text), fault: null }
}

const acksFit = (events: FeedEvent[], { acks }: Answer, outcomes: readonly string[]): boolean =>
  acks !== null &&
  acks.length === events.length &&
  events.every((e) => acks.some((a) => a.eventId === e.id && outcomes.includes(a.outcome)))

const said = ({ status, acks, fault }: Answer): Words => {
  const answer = `HTTP ${status}${acks ? `, ${acks.map((a) => a.outcome).join(' ')}` : ''}`
  return fault ?? { zh: answer, en: answer }
}

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
    checks.push({ check, result: good ? 'passed' : 'failed', detail: said(answer)[ctx.lang].slice(0, 1000) })
    await note(ctx, peer, { check, url, answer, good })
  }
  const by = openConnections(1, outwardOf(ctx))
  try {
    const first = await send(ctx, peer, { url, events }, by)
    await look('push', first, later(first) || (first.status === 200 && acksFit(events, first, ['applied', 'already'])))
    const again = await send(ctx, peer, { url, events }, by)
    await look('push_again', again, later(again) || (again.status === 200 && acksFit(events, again, ['already'])))
    const other = sandboxEvents(ctx, peer).slice(RECORDS - 1, RECORDS)
    const broken = await send(ctx, peer, { url, events: other, broken: true }, by)
    await look('push_bad_signature', broken, broken.status >= 400 && broken.status < 500)
  } finally {
    by.close()
  }
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
    detail: { ...pushWords(check, answer, good), check },
    requestId: ctx.requestId,
  }
  await inTx(ctx.db, (tx) => store.insertRequest(tx, peer.id, row))
}

const PUSH_FAULT = 'RECEIVER_FAULT'
const EXPECTED: Partial<Record<Check, Words>> = {
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
const pushWords = (check: Check, { fault, ...answer }: Answer, good: boolean): Words => {
  const { zh, en } = EXPECTED[check] ?? { zh: '', en: '' }
  const came = said({ fault, ...answer })
  const told = fault ? came : { zh: `对方答复：${came.zh}`, en: `The receiver said: ${came.en}` }
  return good ? told : { zh: `${told.zh}。${zh}`, en: `${told.en}. ${en}` }
}
