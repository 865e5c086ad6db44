import { sql } from 'kysely'
import { type Ctx, type Runtime, actorRef, authorityOf } from './context.ts'
import {
  type Tx,
  arrayLiteral,
  columnsOf,
  inTx as dbTx,
  inTxTogether as dbTogether,
  json,
  rowsFrom,
  writeLater,
} from './db/index.ts'
import type { Instant } from '../kernel/time.ts'
import { lockAlone } from './follow.ts'
import { newId } from './ids.ts'
import { wake } from './wake.ts'

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

type Buffered = { acts: unknown[][]; events: unknown[][] }
const buffers = new WeakMap<object, Buffered>()
const bufferOf = (tx: Tx): Buffered => {
  const held = buffers.get(tx)
  if (!held) throw new Error('acts and events are recorded inside inTx only')
  return held
}

/** Beat four of a use case. Written in the same transaction, just before the commit. */
export const recordAct = (tx: Tx, ctx: Ctx, act: NewAct): void => {
  bufferOf(tx).acts.push([
    newId(),
    ctx.clock.now(),
    ctx.actor.kind,
    actorRef(ctx.actor),
    authorityOf(ctx.actor),
    act.act,
    act.target.kind,
    act.target.id,
    act.subjectId ?? null,
    json(act.details ?? {}),
    ctx.requestId,
  ])
}

/** Of an event that follows from a message: the way that its news has come. */
export const viaOf = ({ via }: Pick<Ctx, 'via'>): { via?: readonly string[] } => (via?.length ? { via } : {})

/** Beat five of a use case. Returns the event's id. */
export const announce = (tx: Tx, ctx: Ctx, event: NewEvent): string => {
  const id = newId()
  bufferOf(tx).events.push([
    event.subjectId,
    ctx.clock.now(),
    id,
    event.kind,
    event.recordId ?? null,
    event.version ?? null,
    event.item ?? null,
    event.division ?? null,
    arrayLiteral(event.channels ?? []),
    json({ ...event.details, ...viaOf(ctx) }),
    ctx.origin ?? null,
  ])
  return id
}

/** In the order in which the rows above hold them. */
const ACT_COLUMNS = {
  id: 'uuid',
  at: 'timestamptz',
  actor_kind: 'text',
  actor_id: 'text',
  authority_id: 'uuid',
  act: 'text',
  target_kind: 'text',
  target_id: 'text',
  subject_id: 'uuid',
  details: 'jsonb',
  request_id: 'text',
}
const EVENT_COLUMNS = {
  subject_id: 'uuid',
  at: 'timestamptz',
  id: 'uuid',
  kind: 'text',
  record_id: 'uuid',
  version: 'int',
  item: 'text',
  division: 'text',
  // A list in a list of its own: it travels as text.
  channels: 'text',
  details: 'jsonb',
  origin: 'uuid',
}
const [ACTS, EVENTS] = [Object.keys(ACT_COLUMNS), Object.keys(EVENT_COLUMNS)]
const FLUSH = `
  with c as (insert into platform.commit (at) values ($1::timestamptz) returning n),
  a as (
    insert into platform.audit (commit_n, ${ACTS.join(', ')})
    select c.n, r.* from c, ${rowsFrom(ACT_COLUMNS, 2, 'r')}
  )
  insert into platform.event (commit_n, ${EVENTS.join(', ')})
  select c.n, ${EVENTS.map((name) => (name === 'channels' ? 'r.channels::text[]' : `r.${name}`)).join(', ')}
  from c, ${rowsFrom(EVENT_COLUMNS, 2 + ACTS.length, 'r')}`

type Flushed = Buffered & { at: Instant }
/** Of transactions that travel together: one commit, in which all of it takes place. */
const flushed = (parts: readonly Flushed[]) => ({
  name: 'platform.flush',
  text: FLUSH,
  values: [
    parts.at(-1)!.at,
    ...columnsOf(
      ACT_COLUMNS,
      parts.flatMap((p) => p.acts),
    ),
    ...columnsOf(
      EVENT_COLUMNS,
      parts.flatMap((p) => p.events),
    ),
  ],
})

/**
 * One statement: the commit row, its audit rows, its events. It comes last, after the row locks of the change itself, so
 * that commit numbers of transactions on one subject follow their order; it travels with the COMMIT.
 */
const flush = async (tx: Tx, ctx: Ctx): Promise<void> => {
  const buffered = bufferOf(tx)
  if (!buffered.acts.length && !buffered.events.length) return
  const part: Flushed = { ...buffered, at: ctx.clock.now() }
  await writeLater(tx, { name: 'platform.flush', part, join: flushed })
}

const recorded =
  <T>(ctx: Ctx, fn: (tx: Tx) => Promise<T>) =>
  async (tx: Tx): Promise<T> => {
    buffers.set(tx, { acts: [], events: [] })
    const result = await fn(tx)
    await flush(tx, ctx)
    await ctx.beforeCommit?.(tx)
    return result
  }

/** One use case, one transaction. What was recorded and announced is flushed before the commit. */
export const inTx = async <T>(ctx: Ctx, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  const result = await dbTx(ctx.db, recorded(ctx, fn))
  wake(ctx.db)
  return result
}

/**
 * The same for a use case that touches nothing but one subject's rows, asks little and writes at its end: it travels with
 * others of its kind that arrive while the database is busy.
 */
export const inTxTogether = async <T>(ctx: Ctx, subjectId: string, fn: (tx: Tx) => Promise<T>): Promise<T> => {
  // One subject has one key, however its id is spelled.
  const result = await dbTogether(ctx.db, subjectId.toLowerCase(), recorded(ctx, fn))
  wake(ctx.db)
  return result
}

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
    await lockAlone(tx, SEQUENCER_LOCK)
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
