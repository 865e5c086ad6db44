import { api as collection } from '../capabilities/collection/index.ts'
import { api as records } from '../capabilities/records/index.ts'
import type { LocalDate } from '../kernel/time.ts'
import type { As } from './cases.ts'

/**
 * What a collector sees after a hand-in with faults: one returned row mended as the platform proposed, others still to be
 * mended with a click, and a record that its authority has annulled.
 */
export const playPreflight = async (as: As, today: LocalDate): Promise<void> => {
  const ctx = as('safety-collector', today)
  const { rows } = await collection.handlers.listSubmissions(ctx, { state: 'done', item: 'penalty', limit: 50 })
  const faulty = rows.find((s) => s.refused > 1)
  if (!faulty) return
  const proposed = await collection.handlers.listProposals(ctx, { id: faulty.id, limit: 50 })
  const first = proposed.rows.find((r) => r.mendable)
  if (first) {
    const only = first.proposals.map((p): [number, string, string] => [first.n, p.key, p.became])
    await collection.handlers.mendRows(ctx, { id: faulty.id, accepted: { only } })
  }
  const taken = await collection.handlers.listRows(ctx, { id: faulty.id, verdict: 'accepted', limit: 10 })
  const last = taken.rows.at(-1)
  if (last?.recordId) {
    await records.handlers.annulRecord(ctx, {
      id: last.recordId,
      seen: 1,
      cause: 'reported_twice',
      reason: '与本单位另一文号的决定重复报送，撤销本条。',
    })
  }
}
