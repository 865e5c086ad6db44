import { territoryPrefixes } from '../../kernel/territory.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { type Authority, listAuthorities } from '../access/index.ts'
import type { Peer } from '../exchange/index.ts'

/** What carrying out a peer's messages looks at, read once for many of them. */
export type World = {
  ctx: Ctx
  peer: Peer
  byCode: ReadonlyMap<string, Authority>
  byName: ReadonlyMap<string, Authority>
  /** Who stands for what comes from other platforms; null where none is registered. */
  office: Authority | null
  /** What begins the codes of this platform's own territory. */
  ours: readonly string[]
}

export const creditOffice = (all: readonly Authority[], jurisdiction: string): Authority | null => {
  const offices = all.filter((a) => a.isCreditOffice && a.active)
  return offices.find((a) => a.division === jurisdiction) ?? offices[0] ?? null
}

/** What follows from a peer's message bears its origin, so that it is not sent back there. */
export const worldOf = async (ctx: Ctx, db: Reader, peer: Peer): Promise<World> => {
  const all = await listAuthorities(db)
  return {
    ctx: { ...ctx, origin: peer.id },
    peer,
    byCode: new Map(all.map((a) => [a.code, a])),
    byName: new Map(all.map((a) => [a.nameKey, a])),
    office: creditOffice(all, ctx.config.jurisdiction),
    ours: territoryPrefixes(ctx.policy.divisions, ctx.config.jurisdiction, today(ctx)),
  }
}

/** On what a change rests that another platform has told: who said so, in which message, and the agreement by which it is heard. */
export const toldBy = (
  { peer }: World,
  event: string | null,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  rule: 'exchange/told_by_peer',
  peer: peer.id,
  name: peer.name,
  event,
  instrument: peer.legalBasis,
  ...more,
})
