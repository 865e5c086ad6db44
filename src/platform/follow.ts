import { setTimeout as sleep } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from './context.ts'
import type { Reader, Tx } from './db/index.ts'

/**
 * Following the log of commits. Whoever keeps figures of its own goes on from the last place that it has seen, after the
 * sequencer has been there, and notes its new place in the transaction in which it counts: what breaks off begins again.
 */

/** One process at a time, to the end of the transaction. The number is any that all processes agree on for this work. */
export const lockAlone = async (tx: Tx, number: number): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${number})`.execute(tx)
}

const turns = new WeakMap<object, Promise<unknown>>()
/** Share of the time in which the process had something to do: above it somebody else waits for it. */
const BUSY = 0.5
const RESTS = 2

/**
 * The platform's own steps through the log take turns. One that has more to do rests twice as long as it worked, while the process is
 * busy, before the next has its turn: decisions come first, and what follows them catches up. Whoever a person waits for goes at once.
 */
export const inTurn = <T>(ctx: Pick<Ctx, 'db' | 'actor'>, step: () => Promise<T>): Promise<T> => {
  if (ctx.actor.kind !== 'system') return step()
  const mine = (turns.get(ctx.db) ?? Promise.resolve()).then(async () => {
    const [began, before] = [performance.now(), performance.eventLoopUtilization()]
    const more = await step()
    const busy = performance.eventLoopUtilization(before).utilization > BUSY
    return { more, rest: more && busy ? RESTS * (performance.now() - began) : 0 }
  })
  turns.set(
    ctx.db,
    mine.then(
      ({ rest }) => (rest ? sleep(rest) : undefined),
      () => undefined,
    ),
  )
  return mine.then(({ more }) => more)
}

/** The last place that has been given out: at or below it a later read misses nothing. */
export const lastPosition = async (db: Reader): Promise<number> =>
  (await sql<{ top: number | null }>`select max(position) as top from platform.commit`.execute(db)).rows[0]?.top ?? 0

/**
 * The events of the commits of (after, to], each with its `position`. They are read commit by commit: the fence keeps the planner
 * from beginning at an index that holds few events when it last counted, and walking it once for each commit later on.
 */
export const eventsBetween = (after: number, to: number): RawBuilder<unknown> => sql`(
  select e.*, c.position from platform.commit c
  cross join lateral (select * from platform.event own where own.commit_n = c.n offset 0) e
  where c.position > ${after} and c.position <= ${to})`

/** What was done in the commits of (after, to], each act of the audit with its `position`; read as the events are. */
export const actsBetween = (after: number, to: number): RawBuilder<unknown> => sql`(
  select a.*, c.position from platform.commit c
  cross join lateral (select * from platform.audit own where own.commit_n = c.n offset 0) a
  where c.position > ${after} and c.position <= ${to})`

/** Commits are taken whole until they hold so many events: few enough that what else the process does comes to its turn. */
const EVENTS_AT_ONCE = 2_000

/**
 * The next commits after a place: up to where, how many events they hold, and whether there may be more; null at the end. They are
 * counted one after the other and no further than they are taken: after an import each may hold thousands.
 */
export const nextRun = async (
  db: Reader,
  after: number,
  limit: number,
): Promise<{ to: number; events: number; more: boolean } | null> => {
  const { rows } = await sql<{ position: number; events: number }>`
    with recursive run(position, events, total, n) as (
      select x.position, x.events, x.events, 1 from ${following(sql`${after}::bigint`)} x
      union all
      select x.position, x.events, r.total + x.events, r.n + 1 from run r cross join lateral ${following(sql`r.position`)} x
      where r.n < ${limit} and r.total < ${EVENTS_AT_ONCE}
    )
    select position, events from run order by position`.execute(db)
  let [to, events, taken] = [after, 0, 0]
  for (const c of rows) {
    if (events > 0 && events + c.events > EVENTS_AT_ONCE) break
    ;[to, events, taken] = [c.position, events + c.events, taken + 1]
  }
  const more = taken < rows.length || rows.length === limit || events >= EVENTS_AT_ONCE
  return taken ? { to, events, more } : null
}
/** The commit behind a place, with the number of its events. */
const following = (place: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select c.position, (select count(*)::int from platform.event e where e.commit_n = c.n) as events
  from platform.commit c where c.position > ${place} order by c.position limit 1)`
