import type { Ctx } from '../../platform/context.ts'
import { secretOf } from './store.ways.ts'

/** With what we sign in at a peer that we call: the key that it gave us, under `token` of its sealed settings; null without one. */
export const tokenOf = async (ctx: Ctx, peerId: string): Promise<string | null> => {
  const sealed = await secretOf(ctx.db.kysely, peerId)
  if (!sealed) return null
  try {
    const { token } = JSON.parse(ctx.secrets.open(sealed)) as { token?: unknown }
    return typeof token === 'string' && token !== '' ? token : null
  } catch {
    return null
  }
}
