import type { Ctx } from '../../platform/context.ts'
import type { ExchangeEvent } from './formats.event.ts'
import { encode } from './formats.ts'
import type { Peer } from './store.ts'

/** Events, each written as JSON already, as one request to a peer: in the format that was agreed with it. */
export const bodyFor = async (
  ctx: Ctx,
  peer: Pick<Peer, 'format' | 'code'>,
  texts: readonly string[],
): Promise<{ mediaType: string; body: Buffer }> => {
  if (peer.format === 'cloudevents')
    return { mediaType: 'application/cloudevents-batch+json', body: Buffer.from(`[${texts.join(',')}]`) }
  const events = texts.map((text) => JSON.parse(text) as ExchangeEvent)
  const at = ctx.clock.now()
  const head = { batch: Date.parse(at), source: `xinheng/${ctx.config.jurisdiction}`, to: peer.code, createdAt: at }
  const { mediaType, body } = await encode(peer.format, events, head)
  return { mediaType, body: Buffer.from(body) }
}
