import { readFile } from 'node:fs/promises'
import type { StoredFile } from '../../kernel/api.ts'
import { type Refusal, Refused, mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { checkText } from '../../platform/http-input.ts'
import { rawJson } from '../../platform/http.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Peer, decode, formatOf, peerOf, verifyPeerRequest } from '../exchange/index.ts'
import * as store from './store.ts'
import { type Taken, takeIn } from './take.ts'

/** The door that peers push to. What came is kept, whatever is wrong with it. */

const JSON_TYPES = ['application/cloudevents-batch+json', 'application/cloudevents+json', 'application/json']
const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch {
    return mustNot('BODY_UNREADABLE')
  }
}
/** Events of a body. In plain JSON each stands for itself, so that one that is wrong does not hold up the others. */
const eventsOf = async (mediaType: string, bytes: Uint8Array): Promise<unknown[]> => {
  if (JSON_TYPES.includes(mediaType)) {
    const body = parsed(bytes)
    checkText(body)
    return Array.isArray(body) ? body : [body]
  }
  if (!formatOf(mediaType)) return mustNot('MEDIA_TYPE_UNKNOWN', { type: mediaType })
  const read = await decode(mediaType, bytes)
  if (!read.ok) throw new Refused(read.refusals)
  checkText(read.value.events)
  return read.value.events
}

const keepRefused = (ctx: Ctx, peer: Peer, file: StoredFile, refusal: Refusal): Promise<void> =>
  inTx(ctx, async (tx) => {
    const id = newId()
    await store.insertIntake(tx, {
      id,
      peerId: peer.id,
      way: 'push',
      fileHash: file.hash,
      fileName: file.name,
      receivedAt: ctx.clock.now(),
      events: 0,
      repeated: 0,
      clashed: 0,
      refusal,
    })
    recordAct(tx, ctx, {
      act: 'inbound.refuse',
      target: { kind: 'peer', id: peer.id },
      details: { intake: id, file: file.hash, code: refusal.code },
    })
  })

const read = async (ctx: Ctx, peer: Peer, file: StoredFile): Promise<unknown[]> => {
  const bytes = await readFile(ctx.files.pathOf(file.hash))
  if (!ctx.edge) return mustNot('SIGNATURE_MISSING')
  await verifyPeerRequest(ctx, peer.id, { ...ctx.edge.message, body: bytes })
  return eventsOf(file.mediaType, bytes)
}

/** What is decided and what waits, in one list; 202 where nothing is decided yet. Waiting ones are acknowledged later. */
const reply = ({ acknowledgements, pending }: Taken): never => {
  const all = [...acknowledgements, ...pending.map((eventId) => ({ eventId, outcome: 'pending', note: '' }))]
  return rawJson(JSON.stringify({ acknowledgements: all }), { status: acknowledgements.length ? 200 : 202 })
}

export const inbox = async (ctx: Ctx, { file }: { file: StoredFile }) => {
  const peer = await peerOf(ctx)
  if (peer.direction === 'out') mustNot('INBOX_CLOSED')
  try {
    return reply(await takeIn(ctx, peer, await read(ctx, peer, file), { file }))
  } catch (error) {
    if (error instanceof Refused) await keepRefused(ctx, peer, file, error.refusals[0]!)
    throw error
  }
}
