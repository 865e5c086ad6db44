import type { Ctx } from '../../platform/context.ts'
import type { FeedPage } from './contract.ts'
import type { Ack, Peer } from './store.ts'

/**
 * What a peer that is still being connected finds behind the addresses of the feed: the same ways, generated data. Whoever
 * has such data sets it here; it reaches no table of the exchange.
 */
export type Sandbox = {
  page: (ctx: Ctx, peer: Peer, ask: { after?: string | undefined; limit: number }) => Promise<FeedPage>
  acknowledge: (ctx: Ctx, peer: Peer, acks: readonly Ack[]) => Promise<{ recorded: number; unknown: string[] }>
}

let held: Sandbox | null = null
export const setSandbox = (sandbox: Sandbox): void => {
  held = sandbox
}
export const sandboxOf = (peer: Pick<Peer, 'state'>): Sandbox | null => (peer.state === 'onboarding' ? held : null)
