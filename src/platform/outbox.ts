import { sql } from 'kysely'
import { type Ctx, type Runtime, actorRef, authorityOf } from './context.ts'
import { type Tx, inTx as dbTx } from './db/index.ts'
import { newId } from './ids.ts'

/** News of a change to a subject's file, for consumers above. The body is built when it is read. */
export type NewEvent = {
  kind: string
  subjectId: string
  recordId?: string
  version?: number
  item?: string
  division?: string | null
  channels?: readonly string[]
  details?: Record<string, unknown>
}
export type NewAct = {
  act: string
  target: { kind: string; id: string }
  subjectId?: string
  /** Codes, ids, versions, counts; never names or identifiers of persons. */
  details?: Record<string, unknown>
}

type Buffered = { acts: Record<string, unknown>[]; events: Record<string, unknown>[] }
const buffers = new WeakMap<object, Buffered>()
const bufferOf = (tx: Tx): Buffered => {
  const held = buffers.get(tx)
  if (!held) throw new Error('acts and events are recorded inside inTx only')
  return held
}

/** Beat four of a use case. Written in the same transaction, just before the commit. */
export const recordAct = (tx: Tx, ctx: Ctx, act: NewAct): void => {
  bufferOf(tx).acts.push({
    id: newId(),
    at: ctx.clock.now(),
    actor_kind: ctx.actor.kind,
    actor_id: actorRef(ctx.actor),
    authority_id: authorityOf(ctx.actor),
    act: act.act,
    target_kind: act.target.kind,
    target_id: act.target.id,
    subject_id: act.subjectId ?? null,
    details: act.details ?? {},
    request_id: ctx.requestId,
  })
}

/** Beat five of a use case. Returns the event's id. */
export const announce = (tx: Tx, ctx: Ctx, event: NewEvent): string => {
  const id = newId()
  bufferOf(tx).events.push({
    subject_id: event.subjectId,
    at: ctx.clock.now(),
    id,
    kind: event.kind,
    record_id: event.recordId ?? null,
    version: event.version ?? null,
    item: event.item ?? null,
    division: event.division ?? null,
    channels: event.channels ?? [],
    details: event.details ?? {},
  })
  return id
}

/**
 * One statement: the commit row, its audit rows, its events. It comes last, after the row locks of the change itself, so
 * that commit numbers of transactions on one subject follow their order.
 */
const flush = async (tx: Tx, ctx: Ctx): Promise<void> => {
  const { acts, events } = bufferOf(tx)
  if (!acts.length && !events.length) return
  await sql`
    with c as (insert into platform.commit (at) values (${ctx.clock.now()}) returning n),
    a as (
      insert into platform.audit (id, at, commit_n, actor_kind, actor_id, authority_id, act, target_kind, target_id, subject_id, details, request_id)
      select r.id, r.at, c.n, r.actor_kind, r.actor_id, r.authority_id, r.act, r.target_kind, r.target_id, r.subject_id, r.details, r.request_id
      from c, jsonb_to_recordset(${JSON.stringify(acts)}::jsonb) as r(id uuid, at timestamptz, actor_kind text, actor_id text, authority_id uuid, act text, target_kind text, target_id text, subject_id uuid, details jsonb, request_id text)
    )
    insert into platform.event (subject_id, at, id, commit_n, kind, record_id, version, item, division, channels, details)
    select r.subject_id, r.at, r.id, c.n, r.kind, r.record_id, r.version, r.item, r.division, r.channels, r.details
    from c, jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(subject_id uuid, at timestamptz, id uuid, kind text, record_id uuid, version int, item text, division text, channels text[], details jsonb)
  `.execute(tx)
}

/** One use case, one transaction. What was recorded and announced is flushed before the commit. */
export const inTx = <T>(ctx: Ctx, fn: (tx: Tx) => Promise<T>): Promise<T> =>
  dbTx(ctx.db, async (tx) => {
    buffers.set(tx, { acts: [], events: [] })
    const result = await fn(tx)
    await flush(tx, ctx)
    await ctx.beforeCommit?.(tx)
    return result
  })

/** For bulk writers: the commit row now, so that events can be copied in with its number. After all other writes. */
export const openCommit = async (tx: Tx, ctx: Ctx): Promise<number> => {
  const { rows } = await sql<{
    n: number
  }>`insert into platform.commit (at) values (${ctx.clock.now()}) returning n`.execute(tx)
  return rows[0]!.n
}

/** Any number that all processes agree on: the lock of the one sequencer. */
const SEQUENCER_LOCK = 7_716_001

/**
 * Gives committed work its place in the total order. One at a time; whoever reads the feed calls it first. A position
 * is given only to what is committed, in one transaction, so a reader that has seen position p has missed nothing below.
 */
export const sequence = async (runtime: Pick<Runtime, 'db'>): Promise<void> => {
  const open = await sql<{ n: number }>`select n from platform.commit where position is null limit 1`.execute(
    runtime.db.kysely,
  )
  if (!open.rows.length) return
  await dbTx(runtime.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(${SEQUENCER_LOCK})`.execute(tx)
    await sql`
      update platform.commit c set position = s.position
      from (
        select n, (select coalesce(max(position), 0) from platform.commit) + row_number() over (order by n) as position
        from platform.commit where position is null
      ) s
      where c.n = s.n
    `.execute(tx)
  })
}
