import { addMonths, type LocalDate } from '../../kernel/time.ts'
import { type Ctx, authorityOf, hasRole, today } from '../../platform/context.ts'
import type { MeasureRow } from './contract.ts'
import { type MeasureScope, measures } from './store.lists.ts'

/** E3: how many were upheld, and how long they took. */

const scopeOf = (ctx: Ctx): MeasureScope => {
  const { actor } = ctx
  if (hasRole(actor, 'credit_office', 'auditor')) return { division: actor.kind === 'person' ? actor.division : null }
  const authorityId = authorityOf(actor)
  return authorityId ? { authorityId } : { division: null }
}

const NONE: MeasureRow = {
  authorityId: null,
  authorityName: '',
  division: null,
  month: null,
  received: 0,
  pending: 0,
  overdue: 0,
  decided: 0,
  upheld: 0,
  partlyUpheld: 0,
  rejected: 0,
  withdrawn: 0,
  ownMotion: 0,
  meanWorkdays: null,
  inTime: 0,
}

export const objectionMeasures = async (
  ctx: Ctx,
  ask: { from: string; to: string; by: 'authority' | 'division' | 'month' },
): Promise<{ rows: MeasureRow[]; total: MeasureRow }> => {
  const db = ctx.db.kysely
  const span = {
    from: `${ask.from}-01` as LocalDate,
    before: addMonths(`${ask.to}-01` as LocalDate, 1),
    today: today(ctx),
  }
  const scope = scopeOf(ctx)
  const rows = await measures(db, scope, { ...span, by: ask.by })
  const [total] = await measures(db, scope, { ...span, by: 'total' })
  return { rows, total: total ?? NONE }
}
