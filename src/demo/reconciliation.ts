/** A few days with the publicity system: one that agrees, one on which it could not be reached, and one with two differences to look into. */
import { api as exchange } from '../capabilities/exchange/index.ts'
import {
  Failed,
  type Source,
  api as reconciliation,
  expectedList,
  runWith,
} from '../capabilities/reconciliation/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import type { Runtime } from '../platform/context.ts'
import { type As, atHour } from './cases.ts'

type Listed = Awaited<ReturnType<typeof expectedList>>
const HOUR = 22
/** Where the other system of the demonstration would be. */
const ADDRESS = 'http://127.0.0.1:9107'

export const playReconciliation = async (
  as: As,
  { runtime, today }: { runtime: Runtime; today: LocalDate },
): Promise<void> => {
  const office = as('credit-office', addDays(today, -4))
  const { rows } = await exchange.handlers.peers(office, { limit: 50 })
  const peer = rows.find((p) => p.kind === 'publicity_system')
  if (!peer) return
  await reconciliation.handlers.setReconciliationAddress(office, { peerId: peer.id, address: ADDRESS })
  const on = async (day: LocalDate, change: (all: Listed) => Listed) => {
    const list = change(await expectedList(runtime, peer.id, day))
    const source: Source = {
      results: async (after) => ({ events: [], next: after ?? '0', more: false }),
      list: async () => ({ day, total: list.length, rows: list, next: null }),
      ask: async () => null,
    }
    await runWith(atHour(runtime, day, HOUR), peer.id, source)
  }
  const nobody: Source = {
    results: () => Promise.reject(new Failed('not_reached')),
    list: () => Promise.reject(new Failed('not_reached')),
    ask: async () => null,
  }
  await on(addDays(today, -3), (all) => all)
  await runWith(atHour(runtime, addDays(today, -2), HOUR), peer.id, nobody)
  await on(addDays(today, -1), (all) => {
    const lasting = all.filter(
      (r) => r.item === 'penalty' && r.shownUntil !== null && r.shownUntil > addDays(today, 30),
    )
    const [gone, other] = lasting
    return all.flatMap((r) => {
      if (r === gone) return []
      return r === other && r.shownUntil ? [{ ...r, shownUntil: addDays(r.shownUntil, 31) }] : [r]
    })
  })
}
