import { Readable } from 'node:stream'
import type { StoredFile } from '../../kernel/api.ts'
import { isUuid } from '../../kernel/page.ts'
import { Refused, type Refusal, mustNot, refuse, unwrap } from '../../kernel/decision.ts'
import { type Connection, quoted, readConnection } from '../../kernel/foreign-table.ts'
import type { Ctx } from '../../platform/context.ts'
import {
  type Foreign,
  type Place,
  foreignRefusal,
  isBadText,
  nameOf,
  openForeign,
} from '../../platform/foreign-postgres.ts'
import { BODY_LIMIT, sizeWords } from '../../platform/http-input.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { acknowledge } from './acknowledge.ts'
import { sentencesOf } from './file-place.ts'
import { type ExchangeEvent, isKept, readEvents } from './formats.event.ts'
import { decodeCloudEvents } from './formats.json.ts'
import { encode } from './formats.ts'
import { type Answers, takeInAll } from './incoming.ts'
import { goOnBehind, headOf, makeBatch, readKept, sourceOf, standingBatches, written } from './outgoing.ts'
import {
  ACK_STATUS,
  ANSWER_STATUS,
  EFFECTS_UNREAD,
  EFFECT_ANSWERS,
  EFFECT_COLUMNS,
  IN_COLUMNS,
  OUT_COLUMNS,
  SAID_EFFECTS,
  type TableSettings,
  readColumns,
  readTableSettings,
} from './rules.ways.ts'
import * as peers from './store.ts'
import { secretsOf } from './token.ts'
import * as store from './store.ways.ts'
import type { Looked, WayRun } from './way-run.ts'

/**
 * A peer reached by tables in its own PostgreSQL (库表). We write one row an event into the outgoing table, numbered without
 * gaps, and read back the outcome that the peer writes beside it; from the incoming table we take rows in their order and
 * write the answers. An event stands in a table once: what was written before a break is found by its id and left alone.
 */

const MOST_BATCHES = 10
const CHUNK = 500
const NOTE_MAX = 500

export const connectionOf = async (ctx: Ctx, peerId: string): Promise<Connection> =>
  unwrap(readConnection((await secretsOf(ctx, peerId)).connection ?? mustNot('CONNECTION_NEEDED')))
/** The platform's own tables are no exchange tables. */
export const mustBeTheirs = (ctx: Ctx, at: Connection): void => {
  const { databaseUrl } = ctx.config
  const own = databaseUrl ? unwrap(readConnection(databaseUrl.replace(/\?.*$/, ''))) : null
  if (own && own.host === at.host && own.port === at.port && own.database === at.database) mustNot('CONNECTION_OWN')
}

const placeOf = (s: TableSettings, table: string): Place => ({ schema: s.schema, table })
/** The columns that are there, by name, with their types. */
type Plan = ReadonlyMap<string, string>
const planFor = async (
  remote: Foreign,
  at: Connection,
  place: Place,
  wanted: typeof OUT_COLUMNS,
  mayUpdate: string[],
): Promise<Plan> => {
  const columns = await remote.columns(place)
  if (!columns.length) mustNot('TABLE_MISSING', { table: `${place.schema}.${place.table}`, host: at.host })
  const found = unwrap(readColumns(wanted, columns, mayUpdate))
  return new Map(columns.flatMap((c) => (found.includes(c.name) ? [[c.name, c.type] as const] : [])))
}
export const planOut = (remote: Foreign, at: Connection, s: TableSettings) =>
  planFor(remote, at, placeOf(s, s.out), OUT_COLUMNS, ['read_status', 'read_effects'])
export const planIn = (remote: Foreign, at: Connection, s: TableSettings) =>
  planFor(remote, at, placeOf(s, s.in), IN_COLUMNS, ['status', 'note', 'answered_at'])

type TableJob = { run: WayRun; remote: Foreign; at: Connection; settings: TableSettings; problems: Refusal[] }

// ---- out

type Cells = Record<string, string | number | null>
type About = Partial<Record<string, unknown>>
const partOf = (value: unknown, key: string): About => {
  const part = typeof value === 'object' && value !== null ? (value as About)[key] : null
  return typeof part === 'object' && part !== null ? (part as About) : {}
}
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const cellsOf = (event: ExchangeEvent, row: number, payload: string): Cells => {
  const [record, after, withdrawal] = [
    partOf(event.data, 'record'),
    partOf(event.data, 'after'),
    partOf(event.data, 'withdrawal'),
  ]
  return {
    row_number: row,
    event_id: event.id,
    type: event.type,
    source: event.source,
    subject: event.subject,
    event_time: event.time,
    data: JSON.stringify(event.data),
    item: textOf(record.item),
    subject_code: textOf(record.subjectCode),
    subject_name: textOf(record.subjectName),
    document_number: textOf(record.documentNumber),
    authority: textOf(record.authority),
    decided_on: textOf(record.decidedOn),
    shown_from: textOf(after.shownFrom),
    shown_until: textOf(after.shownUntil),
    take_down_by: textOf(withdrawal.takeDownBy),
    payload,
  }
}
/** Columns that only the peer and the reading back write. */
const NOT_OURS = new Set<string>(['status', 'note', 'read_status', ...EFFECT_COLUMNS])
const writeRows = async (job: TableJob, types: Plan, parcel: store.Parcel): Promise<void> => {
  const { run, remote, settings } = job
  const { ctx, peer } = run
  const { events } = unwrap(decodeCloudEvents(await readKept(ctx, parcel.hash ?? '')))
  const columns = OUT_COLUMNS.filter((w) => types.has(w.name) && !NOT_OURS.has(w.name))
  const head = headOf(ctx, peer, parcel.number ?? 0, new Date(parcel.madeAt).toISOString())
  const place = placeOf(settings, settings.out)
  for (let from = 0; from < events.length; from += CHUNK) {
    const rows: Cells[] = []
    for (const [i, event] of events.slice(from, from + CHUNK).entries()) {
      const payload = types.has('payload')
        ? new TextDecoder().decode((await encode(peer.format, [event], head)).body)
        : ''
      rows.push(cellsOf(event, (parcel.firstRow ?? 1) + from + i, payload))
    }
    const names = columns.map((w) => quoted(w.name)).join(', ')
    const values = columns.map((w) => `r.${w.name}::${types.get(w.name)}`).join(', ')
    await remote.ask(
      `insert into ${nameOf(place)} (${names})
      select ${values} from jsonb_to_recordset($1::jsonb) as r(${columns.map((w) => `${w.name} ${w.name === 'row_number' ? 'bigint' : 'text'}`).join(', ')})
      order by r.row_number
      on conflict (event_id) do nothing`,
      [JSON.stringify(rows)],
    )
  }
  await written(run, parcel)
}

/** The last number of ours that stands in the peer's table. */
const lastRowThere = async ({ run, remote, settings }: TableJob): Promise<number> => {
  const [last] = await remote.ask<{ n: string }>(
    `select row_number as n from ${nameOf(placeOf(settings, settings.out))} where source = $1 order by row_number desc limit 1`,
    [sourceOf(run.ctx)],
  )
  return Number(last?.n ?? 0)
}

/** The peer's outcomes, read once each time that one changes. */
const readOutcomes = async ({ run, remote, settings, problems }: TableJob): Promise<void> => {
  const { ctx, peer } = run
  const table = nameOf(placeOf(settings, settings.out))
  for (;;) {
    const rows = await remote.ask<{ id: string; status: string; note: string | null }>(
      `select event_id as id, status, left(note, ${NOTE_MAX}) as note from ${table}
      where status <> read_status and status in (1, 2, 3) order by row_number limit ${CHUNK}`,
    )
    if (!rows.length) break
    const acks = rows.flatMap((r): peers.Ack[] => {
      const outcome = ACK_STATUS[Number(r.status)]
      // A row that the peer has written itself has whatever id it likes.
      return outcome && isUuid(r.id) ? [{ eventId: r.id, outcome, note: r.note ?? '' }] : []
    })
    await inTx(ctx, async (tx) => {
      await run.hold(tx)
      const known = await acknowledge(tx, ctx, peer, acks)
      recordAct(tx, ctx, {
        act: 'exchange.acknowledge',
        target: { kind: 'peer', id: peer.id },
        details: { recorded: known.length, unknown: rows.length - known.length },
      })
    })
    const marked = await remote.ask(
      `update ${table} t set read_status = v.status from unnest($1::text[], $2::int[]) as v(id, status)
      where t.event_id = v.id and t.status = v.status returning 1 as one`,
      [rows.map((r) => r.id), rows.map((r) => Number(r.status))],
    )
    if (!marked.length) mustNot('TABLE_NOT_ANSWERED', { table: `${settings.schema}.${settings.out}` })
    if (rows.length < CHUNK) break
  }
  const wrong = await remote.ask<{ n: string }>(`select count(*) as n from ${table} where status not in (0, 1, 2, 3)`)
  const count = Number(wrong[0]?.n ?? 0)
  if (count) problems.push({ code: 'ACK_STATUS_WRONG', params: { count } })
}

/** What it answers about measures and evaluations, beside its outcome or later. */
const readEffects = async ({ run, remote, settings, problems }: TableJob): Promise<void> => {
  const { ctx, peer } = run
  const table = nameOf(placeOf(settings, settings.out))
  for (;;) {
    const rows = await remote.ask<Record<'id' | 'measures' | 'evaluation' | 'said', string> & { note: string | null }>(
      `select event_id as id, coalesce(measures, 0) as measures, coalesce(evaluation, 0) as evaluation, ${SAID_EFFECTS} as said,
        left(note, ${NOTE_MAX}) as note
      from ${table} where ${EFFECTS_UNREAD} and coalesce(measures, 0) in (0, 1, 2) and coalesce(evaluation, 0) in (0, 1, 2)
      order by row_number limit ${CHUNK}`,
    )
    if (!rows.length) break
    const said = rows.flatMap((r) => {
      const [measures, evaluation] = [EFFECT_ANSWERS[Number(r.measures)], EFFECT_ANSWERS[Number(r.evaluation)]]
      return isUuid(r.id) ? [{ eventId: r.id, note: r.note ?? '', effects: { measures, evaluation } }] : []
    })
    await inTx(ctx, async (tx) => {
      await run.hold(tx)
      await peers.saveEffects(tx, peer.id, said, ctx.clock.now())
      recordAct(tx, ctx, {
        act: 'exchange.answer_effects',
        target: { kind: 'peer', id: peer.id },
        details: { rows: rows.length },
      })
    })
    const marked = await remote.ask(
      `update ${table} t set read_effects = v.said from unnest($1::text[], $2::int[]) as v(id, said)
      where t.event_id = v.id and ${SAID_EFFECTS} = v.said returning 1 as one`,
      [rows.map((r) => r.id), rows.map((r) => Number(r.said))],
    )
    if (!marked.length) mustNot('TABLE_NOT_ANSWERED', { table: `${settings.schema}.${settings.out}` })
    if (rows.length < CHUNK) break
  }
  const wrong = await remote.ask<{ n: string }>(
    `select count(*) as n from ${table}
    where coalesce(measures, 0) not in (0, 1, 2) or coalesce(evaluation, 0) not in (0, 1, 2)`,
  )
  const count = Number(wrong[0]?.n ?? 0)
  if (count) problems.push({ code: 'ACK_EFFECTS_WRONG', params: { count } })
}

const readBack = async (job: TableJob, plan: Plan): Promise<void> => {
  await readOutcomes(job)
  if (plan.has('read_effects')) await readEffects(job)
}

// ---- in

type InRow = { n: string; row: string } & Record<
  'event_id' | 'type' | 'source' | 'subject' | 'event_time' | 'data',
  string | null
>
type Said = { n: string; row: string; status: number; note: string }
const parsed = (text: string | null): unknown => {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
const eventOf = (r: InRow): unknown => ({
  specversion: '1.0',
  id: r.event_id,
  type: r.type,
  source: r.source,
  subject: r.subject,
  time: r.event_time,
  datacontenttype: 'application/json',
  data: parsed(r.data),
})
const answer = (remote: Foreign, table: string, said: readonly Said[]) =>
  remote.ask(
    `update ${table} t set status = v.status, note = v.note, answered_at = now()
    from unnest($1::bigint[], $2::text[], $3::int[], $4::text[]) as v(n, row, status, note)
    where t.row_number = v.n and t.xmin::text = v.row and t.status = 0 returning 1 as one`,
    [said.map((s) => s.n), said.map((s) => s.row), said.map((s) => s.status), said.map((s) => s.note)],
  )

const saidOf = (rows: readonly InRow[], answers: Answers): Said[] => {
  const byId = new Map(answers.acknowledgements.map((a) => [a.eventId, a]))
  return rows.map((r) => {
    const found = byId.get(r.event_id ?? '')
    return {
      n: r.n,
      row: r.row,
      status: found ? ANSWER_STATUS[found.outcome] : ANSWER_STATUS.pending,
      note: found?.note ?? '',
    }
  })
}

/** As one message may be long that is pushed. */
const ROW_BYTES = BODY_LIMIT
/** Read at once: what lies behind it comes with the next look. */
const READ_BYTES = 8 * BODY_LIMIT
const CELLS = ['event_id', 'type', 'source', 'subject', 'data']
/** Asked before anything is read. What is large as it is stored need not be unpacked over there to be known as such. */
const SIZE = CELLS.map(
  (c) =>
    `coalesce(case when pg_column_size(${c}) > ${ROW_BYTES} then pg_column_size(${c}) else octet_length(${c}::text) end, 0)::bigint`,
).join(' + ')
type Sized = { n: string; row: string; bytes: number }
/** The next rows that are new, with how large they are: those that may be read, and those that are too large for it. */
const nextRows = async (remote: Foreign, table: string): Promise<{ read: Sized[]; large: Sized[]; more: boolean }> => {
  const found = (
    await remote.ask<Record<'n' | 'row' | 'bytes', string>>(
      `select row_number as n, xmin::text as row, ${SIZE} as bytes from ${table} where status = 0 order by row_number limit ${CHUNK}`,
    )
  ).map((r) => ({ ...r, bytes: Number(r.bytes) }))
  const [read, large]: [Sized[], Sized[]] = [[], []]
  let sum = 0
  for (const r of found) {
    if (r.bytes > ROW_BYTES) large.push(r)
    else if (sum + r.bytes > READ_BYTES) return { read, large, more: true }
    else {
      sum += r.bytes
      read.push(r)
    }
  }
  return { read, large, more: found.length === CHUNK }
}
/** As they were when they were measured; what has been written anew since waits for the next look. */
const readAll = (remote: Foreign, table: string, rows: readonly Sized[]): Promise<InRow[]> =>
  remote.ask<InRow>(
    `select row_number as n, xmin::text as row, event_id, type, source, subject,
      to_char(event_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as event_time, data::text as data
    from ${table} where status = 0 and row_number = any($1::bigint[])
      and (row_number, xmin::text) in (select * from unnest($1::bigint[], $2::text[])) order by row_number`,
    [rows.map((r) => r.n), rows.map((r) => r.row)],
  )
/** A row that cannot be read keeps no other from being taken. */
const readRows = async (
  remote: Foreign,
  table: string,
  rows: readonly Sized[],
): Promise<{ read: InRow[]; unreadable: Sized[] }> => {
  if (!rows.length) return { read: [], unreadable: [] }
  try {
    return { read: await readAll(remote, table, rows), unreadable: [] }
  } catch (error) {
    if (!isBadText(error)) throw error
    if (rows.length === 1) return { read: [], unreadable: [...rows] }
  }
  const half = Math.ceil(rows.length / 2)
  const [first, second] = [
    await readRows(remote, table, rows.slice(0, half)),
    await readRows(remote, table, rows.slice(half)),
  ]
  return { read: [...first.read, ...second.read], unreadable: [...first.unreadable, ...second.unreadable] }
}

const takeRows = async ({ run, remote, settings }: TableJob): Promise<boolean> => {
  const { ctx, peer } = run
  const table = nameOf(placeOf(settings, settings.in))
  const next = await nextRows(remote, table)
  const { read: rows, unreadable } = await readRows(remote, table, next.read)
  const seen = [...rows, ...unreadable, ...next.large].toSorted((a, b) => Number(a.n) - Number(b.n))
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last) return false
  const good: InRow[] = []
  const said: Said[] = next.large.map((r) => {
    const sizes = { found: sizeWords(r.bytes), limit: sizeWords(ROW_BYTES) }
    const refusals = [{ code: 'ROW_TOO_LARGE', params: { n: r.n, ...sizes } }]
    return { n: r.n, row: r.row, status: ANSWER_STATUS.refused, note: sentencesOf(refusals, 'zh') }
  })
  for (const r of unreadable) {
    const refusals = [{ code: 'ROW_NOT_READABLE', params: { n: r.n } }]
    said.push({ n: r.n, row: r.row, status: ANSWER_STATUS.refused, note: sentencesOf(refusals, 'zh') })
  }
  for (const row of rows) {
    const event = eventOf(row)
    const read = isKept(event) ? readEvents([event]) : refuse('EVENT_NOT_VALID', { n: 1, field: 'data' })
    if (read.ok) good.push(row)
    else {
      const refusals = read.refusals.map((r) => ({ ...r, params: { ...r.params, n: row.n } }))
      said.push({ n: row.n, row: row.row, status: ANSWER_STATUS.refused, note: sentencesOf(refusals, 'zh') })
    }
  }
  const events = good.map(eventOf)
  const lines = seen.map((r) => JSON.stringify('bytes' in r ? { row: r.n, bytes: r.bytes } : eventOf(r)))
  const kept = Buffer.from(`${lines.join('\n')}\n`)
  const { hash, bytes } = await ctx.files.put(Readable.from([kept]), kept.length)
  const file: StoredFile = { hash, bytes, name: `${first.n}-${last.n}.jsonl`, mediaType: 'application/jsonl' }
  if (events.length) said.push(...saidOf(good, await takeInAll(ctx, peer, events, { file, way: 'table' })))
  const done = await answer(remote, table, said)
  // A trigger or rule over there has swallowed the answers: the same rows would come back for ever.
  if (!done.length) mustNot('TABLE_NOT_ANSWERED', { table: `${settings.schema}.${settings.in}` })
  await inTx(ctx, async (tx) => {
    await run.hold(tx)
    const at = ctx.clock.now()
    await store.keepFile(tx, file, at)
    await store.insertParcel(tx, {
      id: newId(),
      peerId: peer.id,
      kind: 'incoming',
      state: 'answered',
      number: null,
      name: file.name,
      hash,
      bytes,
      events: seen.length,
      faulty: said.filter((s) => s.status === ANSWER_STATUS.refused).length,
      firstEvent: null,
      lastEvent: null,
      firstRow: Number(first.n),
      manifest: null,
      problem: null,
      madeAt: at,
      doneAt: at,
    })
    recordAct(tx, ctx, {
      act: 'exchange.take_rows',
      target: { kind: 'peer', id: peer.id },
      details: { rows: seen.length },
    })
  })
  return next.more
}

/** What was decided later, for rows that were told to wait. */
export const answerRows = async (ctx: Ctx, peer: peers.Peer, acks: readonly peers.Ack[]): Promise<void> => {
  const settings = unwrap(readTableSettings(peer.settings))
  const at = await connectionOf(ctx, peer.id)
  await within(at, placeOf(settings, settings.in), async (remote) => {
    await remote.ask(
      `update ${nameOf(placeOf(settings, settings.in))} t set status = v.status, note = v.note, answered_at = now()
      from unnest($1::text[], $2::int[], $3::text[]) as v(id, status, note)
      where t.event_id = v.id and t.status = ${ANSWER_STATUS.pending}`,
      [acks.map((a) => a.eventId), acks.map((a) => ANSWER_STATUS[a.outcome]), acks.map((a) => a.note)],
    )
  })
}

// ---- the look

/** Opens, works, closes; whatever the driver says comes out as a refusal that somebody can act on. */
export const within = async <T>(at: Connection, place: Place, work: (remote: Foreign) => Promise<T>): Promise<T> => {
  let remote: Foreign | null = null
  try {
    remote = await openForeign(at, 'xinheng-exchange')
    return await work(remote)
  } catch (error) {
    const refusals = foreignRefusal(error, at, place)
    throw refusals ? new Refused(refusals) : error
  } finally {
    await remote?.close()
  }
}

export const lookAtTables = async (run: WayRun): Promise<Looked> => {
  const { ctx, peer } = run
  const settings = unwrap(readTableSettings(peer.settings))
  const at = await connectionOf(ctx, peer.id)
  mustBeTheirs(ctx, at)
  const problems: Refusal[] = []
  let more = false
  if (peer.direction !== 'in')
    await within(at, placeOf(settings, settings.out), async (remote) => {
      const job: TableJob = { run, remote, at, settings, problems }
      const plan = await planOut(remote, at, settings)
      await readBack(job, plan)
      for (const parcel of await standingBatches(run)) await writeRows(job, plan, parcel)
      await goOnBehind(run, { row: await lastRowThere(job) })
      more = true
      for (let n = 0; n < MOST_BATCHES && more; n++) {
        const made = await makeBatch(run, { format: 'cloudevents', rows: true })
        if (made) await writeRows(job, plan, made.parcel)
        else more = false
      }
    })
  if (peer.direction !== 'out' && peer.state === 'active')
    await within(at, placeOf(settings, settings.in), async (remote) => {
      await planIn(remote, at, settings)
      const job: TableJob = { run, remote, at, settings, problems }
      for (let n = 0; n < MOST_BATCHES && (await takeRows(job)); n++);
    })
  return { seen: null, problem: problems.length ? problems : null, everySeconds: settings.everySeconds, more }
}
