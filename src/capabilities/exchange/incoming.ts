import type { StoredFile } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ack, Peer } from './store.ts'

/** What became of events that a peer handed in; what is pending is told later. */
export type Answers = { acknowledgements: Ack[]; pending: string[] }
/** Carries out what came by file or table: each event once, however often it is handed in. The bytes are kept already. */
export type TakeIn = (
  ctx: Ctx,
  peer: Peer,
  events: readonly unknown[],
  given: { file: StoredFile; way: 'file' | 'table' },
) => Promise<Answers>

let taker: TakeIn | null = null
/** Who takes in stands above exchange and is made known when the program is put together. */
export const setTakeIn = (takeIn: TakeIn): void => {
  taker = takeIn
}
export const takerOf = (): TakeIn => {
  if (!taker) throw new Error('nobody takes in what peers hand in')
  return taker
}

/** Taken in at once at most. */
const AT_ONCE = 1000
export const takeInAll = async (
  ctx: Ctx,
  peer: Peer,
  events: readonly unknown[],
  given: { file: StoredFile; way: 'file' | 'table' },
): Promise<Answers> => {
  const all: Answers = { acknowledgements: [], pending: [] }
  for (let at = 0; at < events.length; at += AT_ONCE) {
    const { acknowledgements, pending } = await takerOf()(ctx, peer, events.slice(at, at + AT_ONCE), given)
    all.acknowledgements.push(...acknowledgements)
    all.pending.push(...pending)
  }
  return all
}
