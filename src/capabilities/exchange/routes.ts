import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import { rawJson } from '../../platform/http.ts'
import type { endpoints } from './contract.ts'
import * as service from './service.ts'
import * as peers from './service.peers.ts'
import { setUnsigned } from './service.unsigned.ts'
import * as ways from './service.ways.ts'

export const handlers: Handlers<typeof endpoints, Ctx> = {
  // Where the next page begins stands in the header as well: whoever takes over much asks for it while it reads this one.
  feed: async (ctx, ask) => {
    const { body, headers, next } = await service.feed(ctx, ask)
    const link: Record<string, string> =
      next === null ? {} : { link: `<?after=${next}&limit=${ask.limit}>; rel="next"` }
    return rawJson(body, { headers: { ...headers, ...link } })
  },
  acknowledge: service.acknowledge,
  feedKeys: peers.feedKeys,
  peers: peers.peers,
  peer: peers.peer,
  createPeer: (ctx, ask) => peers.createPeer(ctx, { ...ask, state: 'onboarding' }),
  editPeer: peers.editPeer,
  setPeerState: peers.setPeerState,
  setPeerDuties: peers.setPeerDuties,
  peerKeys: peers.peerKeys,
  addPeerKey: peers.addPeerKey,
  revokePeerKey: peers.revokePeerKey,
  ownKeys: peers.ownKeys,
  rotateOwnKey: peers.rotateOwnKey,
  way: ways.way,
  setWay: ways.setWay,
  tryWay: ways.tryWay,
  setUnsigned,
  lookNow: ways.lookNow,
  parcels: ways.parcels,
  parcelFile: ways.parcelFile,
  sample: ways.sample,
  sampleFile: ways.sampleFile,
  wayScript: ways.wayScriptFor,
  exchangeSchema: ways.exchangeSchema,
  propagation: service.propagation,
  confirmEffect: service.confirmEffect,
}
