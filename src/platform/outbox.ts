import { sql } from 'kysely'
import { type Ctx, type Runtime, actorRef, authorityOf } from './context.ts'
import { type Tx, inTx as dbTx, writeLater } from './db/index.ts'
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

type Buffered = { acts: Row[]; events: Row[] }
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
  channels: 'text[]',
  details: 'jsonb',
}
type Row = Record<string, unknown>
type Columns = Record<string, string>
const parameters = (columns: Columns, row: Row): unknown[] =>
  Object.entries(columns).map(([name, type]) => (type === 'jsonb' ? JSON.stringify(row[name]) : row[name]))

/** A few rows come as parameters, so that the database plans the statement once; many come as one JSON. */
const FEW = 4
const few = new Map<string, string>()
const fewText = (acts: number, events: number): string => {
  const key = `${acts},${events}`
  const known = few.get(key)
  if (known) return known
  let n = 1
  const insert = (table: string, columns: Columns, rows: number) => {
    const names = Object.keys(columns)
    const one = () => `((select n from c), ${names.map((name) => `$${++n}::${columns[name]}`).join(', ')})`
    return `insert into ${table} (commit_n, ${names.join(', ')}) values ${Array.from({ length: rows }, one).join(', ')}`
  }
  const commit = 'with c as (insert into platform.commit (at) values ($1::timestamptz) returning n)'
  const audit = acts ? insert('platform.audit', ACT_COLUMNS, acts) : ''
  const news = events ? insert('platform.event', EVENT_COLUMNS, events) : ''
  const text = audit && news ? `${commit}, a as (${audit}) ${news}` : `${commit} ${audit}${news}`
  few.set(key, text)
  return text
}

const types = (columns: Columns) =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')
const names = (columns: Columns, of = '') =>
  Object.keys(columns)
    .map((name) => of + name)
    .join(', ')
const MANY = `
  with c as (insert into platform.commit (at) values ($1) returning n),
  a as (
    insert into platform.audit (commit_n, ${names(ACT_COLUMNS)})
    select c.n, ${names(ACT_COLUMNS, 'r.')} from c, jsonb_to_recordset($2::jsonb) as r(${types(ACT_COLUMNS)})
  )
  insert into platform.event (commit_n, ${names(EVENT_COLUMNS)})
  select c.n, ${names(EVENT_COLUMNS, 'r.')} from c, jsonb_to_recordset($3::jsonb) as r(${types(EVENT_COLUMNS)})`

/**
 * One statement: the commit row, its audit rows, its events. It comes last, after the row locks of the change itself, so
 * that commit numbers of transactions on one subject follow their order; it travels with the COMMIT.
 */
const flush = async (tx: Tx, ctx: Ctx): Promise<void> => {
  const { acts, events } = bufferOf(tx)
  if (!acts.length && !events.length) return
  const at = ctx.clock.now()
  if (acts.length > FEW || events.length > FEW) {
    const values = [at, JSON.stringify(acts), JSON.stringify(events)]
    return writeLater(tx, { name: 'platform.flush', text: MANY, values })
  }
  await writeLater(tx, {
    name: `platform.flush_${acts.length}_${events.length}`,
    text: fewText(acts.length, events.length),
    values: [
      at,
      ...acts.flatMap((a) => parameters(ACT_COLUMNS, a)),
      ...events.flatMap((e) => parameters(EVENT_COLUMNS, e)),
    ],
  })
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
