import { type RawBuilder, sql } from 'kysely'
import type { LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { ItemState, Kind } from './states.ts'
import { caseColumns, joined } from './store.items.ts'
import type { CaseRow } from './store.rows.ts'
import { itemScope } from './store.scope.ts'

export type QueueFilter = {
  view: 'open' | 'waiting' | 'done'
  state?: ItemState
  item?: string
  kind?: Kind
  no?: string
  overdue?: boolean
  awaitingHead?: boolean
  today: LocalDate
  after: [string, string] | null
  limit: number
}

/** What of the queue is whose: the decider's states, and the first reviewer's. */
const VIEWS = {
  open: sql<boolean>`((i.state in ('received', 'accepted') and mine.decides) or (i.state = 'first_review' and mine.reviews))`,
  waiting: sql<boolean>`((i.state in ('mending', 'passed_on') and mine.decides) or (i.state = 'returned' and mine.reviews))`,
  done: sql<boolean>`(i.state not in ('draft', 'first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on') and mine.decides)`,
}
const mine = (actor: Actor): RawBuilder<unknown> => {
  const authorityId = actor.kind === 'person' ? actor.authorityId : null
  const roles = actor.kind === 'person' ? actor.roles : []
  const decides = roles.some((r) => r === 'officer' || r === 'head')
  return sql`cross join lateral (select (i.authority_id = ${authorityId}::uuid and ${decides}::boolean) as decides,
    (i.reviewer_id is not null and i.reviewer_id = ${authorityId}::uuid) as reviews) mine`
}

export const listQueue = async (
  db: Reader,
  actor: Actor,
  f: QueueFilter,
): Promise<(CaseRow & { decides: boolean })[]> => {
  const done = f.view === 'done'
  const after = f.after
    ? done
      ? sql`and (i.updated_at, i.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)`
      : sql`and (i.due_on, i.id) > (${f.after[0]}::date, ${f.after[1]}::uuid)`
    : sql``
  const { rows } = await sql<CaseRow & { decides: boolean }>`
    select ${caseColumns}, mine.decides ${joined} ${mine(actor)}
    where ${itemScope(actor)} and ${VIEWS[f.view]}
      ${f.state ? sql`and i.state = ${f.state}` : sql``}
      ${f.item ? sql`and i.record_item = ${f.item}` : sql``}
      ${f.kind ? sql`and i.kind = ${f.kind}` : sql``}
      ${f.no ? sql`and a.no = ${f.no}` : sql``}
      ${f.overdue ? sql`and i.due_on < ${f.today}` : sql``}
      ${f.awaitingHead ? sql`and i.proposal is not null` : sql``}
      ${after}
    order by ${done ? sql`i.updated_at desc, i.id desc` : sql`i.due_on, i.id`} limit ${f.limit}`.execute(db)
  return rows
}

export const countQueue = async (
  db: Reader,
  actor: Actor,
  today: LocalDate,
): Promise<{ open: number; overdue: number; waiting: number; awaitingHead: number }> => {
  const { rows } = await sql<{ open: number; overdue: number; waiting: number; awaitingHead: number }>`
    select count(*) filter (where ${VIEWS.open})::int as open,
      count(*) filter (where ${VIEWS.open} and i.due_on < ${today})::int as overdue,
      count(*) filter (where ${VIEWS.waiting})::int as waiting,
      count(*) filter (where i.proposal is not null and mine.decides)::int as "awaitingHead"
    from repair.item i ${mine(actor)}
    where ${itemScope(actor)} and (i.state in ('first_review', 'returned', 'received', 'mending', 'accepted', 'passed_on') or i.proposal is not null)`.execute(
    db,
  )
  return rows[0] ?? { open: 0, overdue: 0, waiting: 0, awaitingHead: 0 }
}
