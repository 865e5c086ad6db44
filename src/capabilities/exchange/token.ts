import type { Ctx } from '../../platform/context.ts'
import { secretOf } from './store.ways.ts'

/** What a peer's way needs and nobody may read, sealed as one: the key that it gave us, and where its tables lie. */
export type WaySecrets = { token?: string; connection?: string }

export const secretsOf = async (ctx: Ctx, peerId: string): Promise<WaySecrets> => {
  const sealed = await secretOf(ctx.db.kysely, peerId)
  if (!sealed) return {}
  try {
    const found = JSON.parse(ctx.secrets.open(sealed)) as Record<string, unknown>
    const { token, connection } = found
    return {
      ...(typeof token === 'string' && token !== '' ? { token } : {}),
      ...(typeof connection === 'string' && connection !== '' ? { connection } : {}),
    }
  } catch {
    // Of another key, or damaged: as if there were none.
    return {}
  }
}

/** With what we sign in at a peer that we call; null without one. */
export const tokenOf = async (ctx: Ctx, peerId: string): Promise<string | null> =>
  (await secretsOf(ctx, peerId)).token ?? null
