import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { PublicKey } from '../../platform/signatures.ts'
import type { Handed, OpenResult, Side, There } from './rules.ts'
import type { Action, DifferenceState } from './states.ts'
import type { Cause, ClosedWay, FIGURE_WORDS, Fault, Kind, ResultOutcome, StatementState } from './words.ts'

// ---- the other system

export type OtherSystem = {
  id: string
  name: string
  code: string
  division: string
  items: string[]
  way: string
  algorithm: 'ed25519' | 'sm2'
  /** Where it offers its list and its results. */
  address: string
  since: Instant
}
const IS_OTHER = sql`p.kind = 'publicity_system' and p.channel = 'necips' and p.state = 'active'`
/** Publicity systems in service that say where their list is found. */
export const otherSystems = async (db: Reader, id?: string): Promise<OtherSystem[]> => {
  const { rows } = await sql<OtherSystem>`
    select p.id, p.name, p.code, p.division, p.items, p.way, p.algorithm, l.address, p.created_at as since
    from exchange.v_peer p join reconciliation.link l on l.peer_id = p.id
    where ${IS_OTHER} and ${id ? sql`p.id = ${id}` : sql`true`}
    order by p.name, p.id`.execute(db)
  return rows
}
export type Linked = { id: string; name: string; address: string | null }
/** All in service, those too whose address is not known. */
export const linkable = async (db: Reader): Promise<Linked[]> => {
  const { rows } = await sql<Linked>`
    select p.id, p.name, l.address from exchange.v_peer p left join reconciliation.link l on l.peer_id = p.id
    where ${IS_OTHER} order by p.name, p.id`.execute(db)
  return rows
}
export const saveLink = async (tx: Tx, peerId: string, address: string, by: string, at: Instant): Promise<void> => {
  const set = { address, set_by: by, set_at: at }
  await tx
    .insertInto('reconciliation.link')
    .values({ peer_id: peerId, ...set })
    .onConflict((c) => c.column('peer_id').doUpdateSet(set))
    .execute()
}
export const peerNames = async (db: Reader): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from exchange.v_peer where kind = 'publicity_system'`.execute(db)
  return new Map(rows.map((r) => [r.id, r.name]))
}
export type TheirKey = {
  publicKey: PublicKey
  algorithm: 'ed25519' | 'sm2'
  validFrom: string
  validUntil: string | null
  revokedAt: string | null
}
export const theirKey = async (db: Reader, peerId: string, keyId: string): Promise<TheirKey | null> => {
  const { rows } = await sql<TheirKey>`
    select public_key as "publicKey", algorithm, valid_from as "validFrom", valid_until as "validUntil", revoked_at as "revokedAt"
    from exchange.v_peer_key where peer_id = ${peerId} and key_id = ${keyId}`.execute(db)
  return rows[0] ?? null
}

// ---- results

export const findPlace = async (db: Reader, peerId: string): Promise<string | null> =>
  (await sql<{ cursor: string }>`select cursor from reconciliation.place where peer_id = ${peerId}`.execute(db)).rows[0]
    ?.cursor ?? null
export const savePlace = async (tx: Tx, peerId: string, cursor: string, at: Instant): Promise<void> => {
  await tx
    .insertInto('reconciliation.place')
    .values({ peer_id: peerId, cursor, at })
    .onConflict((c) => c.column('peer_id').doUpdateSet({ cursor, at }))
    .execute()
}
export type ResultRow = {
  eventId: string
  type: string
  on: LocalDate
  message: unknown
  outcome: ResultOutcome
  note: Words
}
const resultColumns = sql`event_id as "eventId", type, on_day as "on", message, outcome, note`
export const findResult = async (db: Reader, peerId: string, eventId: string): Promise<ResultRow | null> =>
  (
    await sql<ResultRow>`
      select ${resultColumns} from reconciliation.result where peer_id = ${peerId} and event_id = ${eventId}`.execute(
      db,
    )
  ).rows[0] ?? null
/** Waiting ones, oldest first: what could not be carried out once may be later. */
export const waitingResults = async (
  db: Reader,
  peerId: string,
  after: readonly [string, string] | null,
  limit: number,
): Promise<(ResultRow & { receivedAt: string })[]> => {
  const { rows } = await sql<ResultRow & { receivedAt: string }>`
    select ${resultColumns}, received_at as "receivedAt" from reconciliation.result
    where peer_id = ${peerId} and outcome = 'pending'
      and ${after ? sql`(received_at, event_id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by received_at, event_id limit ${limit}`.execute(db)
  return rows
}
export const settleResult = async (
  tx: Tx,
  peerId: string,
  eventId: string,
  ask: { outcome: ResultOutcome; note: Words; at: Instant },
): Promise<void> => {
  await sql`
    update reconciliation.result set outcome = ${ask.outcome}, note = ${json(ask.note)}::jsonb, settled_at = ${ask.at}
    where peer_id = ${peerId} and event_id = ${eventId}`.execute(tx)
}

// ---- statements

export type Figures = Record<keyof typeof FIGURE_WORDS, number>
export type StatementRow = Figures & {
  peerId: string
  day: LocalDate
  state: StatementState
  attempts: number
  fault: Fault | ''
  faultDetail: string
  retryAt: string | null
  madeUpBy: LocalDate | null
  finishedAt: string | null
  spanFrom: string | null
  spanTo: string | null
  fileHash: string | null
  previousHash: string | null
}
const FIGURES = {
  sent: 'sent',
  sentAcknowledged: 'sent_acknowledged',
  sentRefused: 'sent_refused',
  sentPending: 'sent_pending',
  sentDead: 'sent_dead',
  received: 'received',
  receivedApplied: 'received_applied',
  receivedAlready: 'received_already',
  receivedRefused: 'received_refused',
  receivedPending: 'received_pending',
  shownHere: 'shown_here',
  shownThere: 'shown_there',
  same: 'same',
  sameOtherTerms: 'same_other_terms',
  ruledHere: 'ruled_here',
  ruledThere: 'ruled_there',
  differingHere: 'differing_here',
  differingThere: 'differing_there',
  listedTwice: 'listed_twice',
  openBefore: 'open_before',
  found: 'found',
  closed: 'closed',
  openAfter: 'open_after',
} as const satisfies Record<keyof Figures, string>
const figureColumns = sql.join(
  Object.entries(FIGURES).map(([name, column]) => sql`${sql.ref(`s.${column}`)} as ${sql.ref(name)}`),
)
const statementColumns = sql`s.peer_id as "peerId", s.day, s.state, s.attempts, s.fault, s.fault_detail as "faultDetail",
  s.retry_at as "retryAt", s.made_up_by as "madeUpBy", s.finished_at as "finishedAt", s.span_from as "spanFrom", s.span_to as "spanTo",
  s.file_hash as "fileHash", s.previous_hash as "previousHash", ${figureColumns}`

export const statementRows = async (
  db: Reader,
  ask: { peerId?: string | undefined; after: readonly [string, string] | null; limit: number },
): Promise<StatementRow[]> => {
  const { rows } = await sql<StatementRow>`
    select ${statementColumns} from reconciliation.statement s
    where ${ask.peerId ? sql`s.peer_id = ${ask.peerId}` : sql`true`}
      and ${ask.after ? sql`(s.day, s.peer_id) < (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by s.day desc, s.peer_id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const findStatement = async (db: Reader, peerId: string, day: LocalDate): Promise<StatementRow | null> =>
  (
    await sql<StatementRow>`
      select ${statementColumns} from reconciliation.statement s where s.peer_id = ${peerId} and s.day = ${day}::date`.execute(
      db,
    )
  ).rows[0] ?? null
/** The last one that was carried out before a day. */
export const statementBefore = async (db: Reader, peerId: string, day: LocalDate): Promise<StatementRow | null> =>
  (
    await sql<StatementRow>`
      select ${statementColumns} from reconciliation.statement s
      where s.peer_id = ${peerId} and s.day < ${day}::date and s.state = 'done' order by s.day desc limit 1`.execute(db)
  ).rows[0] ?? null
export const lastDay = async (db: Reader, peerId: string): Promise<LocalDate | null> =>
  (
    await sql<{ day: LocalDate | null }>`
      select max(day) as day from reconciliation.statement where peer_id = ${peerId}`.execute(db)
  ).rows[0]?.day ?? null

/** Days on which nothing was tried. */
export const missDays = async (tx: Tx, peerId: string, days: readonly LocalDate[]): Promise<void> => {
  if (!days.length) return
  await sql`
    insert into reconciliation.statement (peer_id, day, state, fault)
    select ${peerId}, d, 'failed', 'not_run' from unnest(${[...days]}::date[]) d
    on conflict (peer_id, day) do nothing`.execute(tx)
}
/** One process at a time; one that died is taken over when its lease is over. False while another is at it. */
export const takeDay = async (
  tx: Tx,
  ask: { peerId: string; day: LocalDate; run: string; now: Instant; until: Instant; by: string; again: boolean },
): Promise<boolean> => {
  const { rows } = await sql<{ day: string }>`
    insert into reconciliation.statement as s (peer_id, day, state, attempts, lease_until, leased_by, asked_by)
    values (${ask.peerId}, ${ask.day}::date, 'running', 1, ${ask.until}, ${ask.run}, ${ask.by})
    on conflict (peer_id, day) do update set state = 'running', attempts = s.attempts + 1, lease_until = excluded.lease_until,
      leased_by = excluded.leased_by, asked_by = excluded.asked_by, fault = '', fault_detail = ''
    where (s.state = 'running' and s.lease_until < ${ask.now}) or (s.state = 'failed' and (${ask.again}::boolean or s.retry_at is null or s.retry_at <= ${ask.now}))
      or (s.state = 'done' and ${ask.again}::boolean)
    returning s.day`.execute(tx)
  return rows.length > 0
}
export const keepLease = async (
  tx: Tx,
  peerId: string,
  day: LocalDate,
  run: string,
  until: Instant,
): Promise<boolean> =>
  (
    await sql<{ day: string }>`
      update reconciliation.statement set lease_until = ${until}
      where peer_id = ${peerId} and day = ${day}::date and leased_by = ${run} and state = 'running' returning day`.execute(
      tx,
    )
  ).rows.length > 0
export const failDay = async (
  tx: Tx,
  ask: { peerId: string; day: LocalDate; run: string; fault: Fault; detail: string; retryAt: Instant },
): Promise<void> => {
  await sql`
    update reconciliation.statement set state = 'failed', fault = ${ask.fault}, fault_detail = ${ask.detail}, retry_at = ${ask.retryAt},
      lease_until = null
    where peer_id = ${ask.peerId} and day = ${ask.day}::date and leased_by = ${ask.run} and state = 'running'`.execute(
    tx,
  )
}
export const finishDay = async (
  tx: Tx,
  ask: {
    peerId: string
    day: LocalDate
    run: string
    figures: Figures
    spanFrom: Instant
    spanTo: Instant
    fileHash: string
    previousHash: string | null
  },
): Promise<boolean> => {
  const set = sql.join(
    (Object.keys(FIGURES) as (keyof Figures)[]).map((k) => sql`${sql.ref(FIGURES[k])} = ${ask.figures[k]}`),
  )
  const { rows } = await sql<{ day: string }>`
    update reconciliation.statement set state = 'done', finished_at = ${ask.spanTo}, span_from = ${ask.spanFrom}, span_to = ${ask.spanTo},
      file_hash = ${ask.fileHash}, previous_hash = ${ask.previousHash}, lease_until = null, retry_at = null, ${set}
    where peer_id = ${ask.peerId} and day = ${ask.day}::date and leased_by = ${ask.run} and state = 'running' returning day`.execute(
    tx,
  )
  return rows.length > 0
}
/** What was missed is made up by the day that could be carried out: it takes all results since, and compares everything. */
export const makeUp = async (tx: Tx, peerId: string, day: LocalDate): Promise<LocalDate[]> => {
  const { rows } = await sql<{ day: LocalDate }>`
    update reconciliation.statement set state = 'made_up', made_up_by = ${day}::date, retry_at = null
    where peer_id = ${peerId} and day < ${day}::date and state in ('failed', 'running') returning day`.execute(tx)
  return rows.map((r) => r.day).toSorted()
}

type Sent = Pick<Figures, 'sent' | 'sentAcknowledged' | 'sentRefused' | 'sentPending' | 'sentDead'>
export const sentIn = async (db: Reader, peerId: string, from: Instant, to: Instant): Promise<Sent> =>
  (
    await sql<Sent>`
      select count(*)::int as sent,
        (count(*) filter (where d.outcome in ('applied', 'already')))::int as "sentAcknowledged",
        (count(*) filter (where d.outcome = 'refused'))::int as "sentRefused",
        (count(*) filter (where d.outcome is null and d.dead_at is null))::int as "sentPending",
        (count(*) filter (where d.outcome is null and d.dead_at is not null))::int as "sentDead"
      from exchange.v_handed d
      where d.peer_id = ${peerId} and d.sent_at > ${from} and d.sent_at <= ${to} and d.outcome is distinct from 'not_needed'`.execute(
      db,
    )
  ).rows[0]!
type Got = Pick<Figures, 'received' | 'receivedApplied' | 'receivedAlready' | 'receivedRefused' | 'receivedPending'>
/** Results not yet in a statement go into this one; each stands in exactly one. */
export const countReceived = async (tx: Tx, peerId: string, day: LocalDate): Promise<Got> => {
  await sql`update reconciliation.result set counted_on = ${day}::date where peer_id = ${peerId} and counted_on is null`.execute(
    tx,
  )
  return (
    await sql<Got>`
      select count(*)::int as received, (count(*) filter (where outcome = 'applied'))::int as "receivedApplied",
        (count(*) filter (where outcome = 'already'))::int as "receivedAlready",
        (count(*) filter (where outcome = 'refused'))::int as "receivedRefused",
        (count(*) filter (where outcome = 'pending'))::int as "receivedPending"
      from reconciliation.result where peer_id = ${peerId} and counted_on = ${day}::date`.execute(tx)
  ).rows[0]!
}
/**
 * What was opened and closed since the last statement, and what stands open after it; each act stands in exactly one statement.
 * Of one moment: whoever acts while it is counted is in both or in neither.
 */
export const countMoves = async (
  tx: Tx,
  peerId: string,
  day: LocalDate,
): Promise<{ found: number; closed: number; openAfter: number }> =>
  (
    await sql<{ found: number; closed: number; openAfter: number }>`
      with fresh as (
        update reconciliation.act set counted_on = ${day}::date where peer_id = ${peerId} and counted_on is null
        returning from_state, to_state
      ), counted as (
        select from_state, to_state from reconciliation.act where peer_id = ${peerId} and counted_on = ${day}::date
        union all select from_state, to_state from fresh
      )
      select (count(*) filter (where coalesce(from_state, '') not in ('open', 'under_way') and to_state in ('open', 'under_way')))::int as found,
        (count(*) filter (where from_state in ('open', 'under_way') and to_state not in ('open', 'under_way')))::int as closed,
        (select count(*)::int from reconciliation.difference d
          where d.peer_id = ${peerId} and d.state in ('open', 'under_way')) as "openAfter"
      from counted`.execute(tx)
  ).rows[0]!

// ---- differences

export type Proof = { handed: Handed | null; withdrawn: Handed | null; result: OpenResult | null }
export type Sides = {
  site: Side | null
  due: Side | null
  there: There | null
  version: number | null
  contentSame: boolean | null
}
export type DifferenceRow = {
  id: string
  peerId: string
  key: string
  kind: Kind
  cause: Cause
  subjectId: string | null
  recordId: string | null
  item: string
  division: string | null
  subjectCode: string
  subjectName: string
  authority: string
  docNo: string
  sides: Sides
  proof: Proof
  fingerprint: string
  state: DifferenceState
  closedByWay: ClosedWay | null
  foundOn: LocalDate
  foundAt: string
  seenOn: LocalDate
  closedOn: LocalDate | null
  closedBy: string | null
  reason: string
  version: number
}
const differenceColumns = sql`d.id, d.peer_id as "peerId", d.key, d.kind, d.cause, d.subject_id as "subjectId", d.record_id as "recordId",
  d.item, d.division, d.subject_code as "subjectCode", d.subject_name as "subjectName", d.authority, d.doc_no as "docNo", d.sides, d.proof,
  d.fingerprint, d.state, d.closed_by_way as "closedByWay", d.found_on as "foundOn", d.found_at as "foundAt", d.seen_on as "seenOn",
  d.closed_on as "closedOn", d.closed_by as "closedBy", d.reason, d.version`

/** Locked to the end of the transaction: whoever acts on one meanwhile does so before or after. */
export const standingDifferences = async (
  tx: Tx,
  peerId: string,
  keys: readonly string[],
): Promise<DifferenceRow[]> => {
  if (!keys.length) return []
  const { rows } = await sql<DifferenceRow>`
    select ${differenceColumns} from reconciliation.difference d
    where d.peer_id = ${peerId} and d.key = any(${[...keys]}::text[]) and d.state <> 'closed'
    order by d.id for update`.execute(tx)
  return rows
}
export type NewDifference = Omit<
  DifferenceRow,
  'state' | 'closedByWay' | 'closedOn' | 'closedBy' | 'reason' | 'version' | 'seenOn'
> & { run: string }
export const insertDifferences = async (tx: Tx, rows: readonly NewDifference[]): Promise<void> => {
  if (!rows.length) return
  await sql`
    insert into reconciliation.difference (id, peer_id, key, kind, cause, subject_id, record_id, item, division, subject_code, subject_name,
      authority, doc_no, sides, proof, fingerprint, state, found_on, found_at, seen_on, seen_run)
    select r.id, r."peerId", r.key, r.kind, r.cause, r."subjectId", r."recordId", r.item, r.division, r."subjectCode", r."subjectName",
      r.authority, r."docNo", r.sides, r.proof, r.fingerprint, 'open', r."foundOn", r."foundAt", r."foundOn", r.run
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(id uuid, "peerId" uuid, key text, kind text, cause text, "subjectId" uuid,
      "recordId" uuid, item text, division text, "subjectCode" text, "subjectName" text, authority text, "docNo" text, sides jsonb,
      proof jsonb, fingerprint text, "foundOn" date, "foundAt" timestamptz, run uuid)`.execute(tx)
}
export type Seen = Pick<
  DifferenceRow,
  'id' | 'cause' | 'sides' | 'proof' | 'fingerprint' | 'subjectId' | 'recordId'
> & {
  reopen: boolean
}
/** Found again: with what is known of it now. What was thought to be done with is open once more. */
export const seeDifferences = async (tx: Tx, rows: readonly Seen[], on: LocalDate, run: string): Promise<void> => {
  if (!rows.length) return
  await sql`
    update reconciliation.difference d set seen_on = ${on}::date, seen_run = ${run}, cause = r.cause, sides = r.sides, proof = r.proof,
      fingerprint = r.fingerprint, subject_id = r."subjectId", record_id = r."recordId",
      state = case when r.reopen then 'open' else d.state end,
      closed_by_way = case when r.reopen then null else d.closed_by_way end,
      version = case when r.reopen or d.cause <> r.cause or d.fingerprint <> r.fingerprint then d.version + 1 else d.version end
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(id uuid, cause text, sides jsonb, proof jsonb, fingerprint text, "subjectId" uuid,
      "recordId" uuid, reopen boolean)
    where d.id = r.id`.execute(tx)
}
/** What this run no longer found has come to its end. Locked first: the number of the next act is read once nobody else writes one. */
export const closeVanished = async (
  tx: Tx,
  ask: { peerId: string; run: string; on: LocalDate; at: Instant; by: string },
): Promise<number> => {
  const gone = sql`peer_id = ${ask.peerId} and state <> 'closed' and seen_run <> ${ask.run}`
  await sql`select id from reconciliation.difference where ${gone} order by id for update`.execute(tx)
  const { rows } = await sql<{ n: number }>`
    with gone as (
      select id, state from reconciliation.difference where ${gone}
    ), closed as (
      update reconciliation.difference d set state = 'closed', closed_by_way = coalesce(d.closed_by_way, 'itself'), closed_on = ${ask.on}::date,
        closed_at = ${ask.at}, version = d.version + 1
      from gone where d.id = gone.id returning d.id, gone.state
    ), told as (
      insert into reconciliation.act (difference_id, n, action, at, by_name, from_state, to_state, peer_id)
      select c.id, (select max(n) from reconciliation.act a where a.difference_id = c.id) + 1, 'vanish', ${ask.at}, ${ask.by}, c.state, 'closed',
        ${ask.peerId} from closed c returning 1
    ) select count(*)::int as n from told`.execute(tx)
  return rows[0]?.n ?? 0
}
/** What the rules explain, all at once. */
export const acceptExplained = async (
  tx: Tx,
  ask: { peerId: string; causes: readonly Cause[]; on: LocalDate; at: Instant; by: string },
): Promise<number> => {
  await sql`
    select id from reconciliation.difference
    where peer_id = ${ask.peerId} and state = 'open' and cause = any(${[...ask.causes]}::text[]) order by id for update`.execute(
    tx,
  )
  const { rows } = await sql<{ n: number }>`
    with accepted as (
      update reconciliation.difference d set state = 'accepted', closed_by_way = 'accept', closed_on = ${ask.on}::date, closed_at = ${ask.at},
        closed_by = ${ask.by}, version = d.version + 1
      where d.peer_id = ${ask.peerId} and d.state = 'open' and d.cause = any(${[...ask.causes]}::text[]) returning d.id
    ), told as (
      insert into reconciliation.act (difference_id, n, action, at, by_name, from_state, to_state, peer_id)
      select c.id, (select max(n) from reconciliation.act a where a.difference_id = c.id) + 1, 'accept', ${ask.at}, ${ask.by}, 'open',
        'accepted', ${ask.peerId} from accepted c returning 1
    ) select count(*)::int as n from told`.execute(tx)
  return rows[0]?.n ?? 0
}

export type NewAct = {
  differenceId: string
  peerId: string
  action: Action | 'find'
  from: DifferenceState | null
  to: DifferenceState
  note?: unknown
}
export const insertActs = async (tx: Tx, acts: readonly NewAct[], at: Instant, by: string): Promise<void> => {
  if (!acts.length) return
  const rows = acts.map((a) => ({ ...a, note: a.note ?? {} }))
  await sql`
    insert into reconciliation.act (difference_id, n, action, at, by_name, from_state, to_state, note, peer_id)
    select r."differenceId", coalesce((select max(a.n) from reconciliation.act a where a.difference_id = r."differenceId"), 0) + 1, r.action,
      ${at}, ${by}, r."from", r."to", r.note, r."peerId"
    from jsonb_to_recordset(${json(rows)}::jsonb) as r("differenceId" uuid, "peerId" uuid, action text, "from" text, "to" text, note jsonb)`.execute(
    tx,
  )
}
export type ActRow = {
  n: number
  action: Action | 'find'
  at: string
  by: string
  note: { reason?: string; note?: Words }
}
export const actsOf = async (db: Reader, id: string): Promise<ActRow[]> =>
  (
    await sql<ActRow>`
      select n, action, at, by_name as by, note from reconciliation.act where difference_id = ${id} order by n`.execute(
      db,
    )
  ).rows

export const lockDifference = async (tx: Tx, id: string): Promise<DifferenceRow | null> =>
  (
    await sql<DifferenceRow>`
      select ${differenceColumns} from reconciliation.difference d where d.id = ${id} for update`.execute(tx)
  ).rows[0] ?? null

/** A territory's prefix; null: all. Whose territory nobody knows is everybody's. */
type Scope = string | null
const inScope = (scope: Scope) =>
  scope === null ? sql`true` : sql`(d.division is null or d.division like ${`${scope}%`})`
export type DifferenceAsk = {
  scope: Scope
  peerId?: string | undefined
  states: readonly DifferenceState[]
  kind?: Kind | undefined
  cause?: Cause | undefined
  after: readonly [string, string] | null
  limit: number
}
export const differenceRows = async (db: Reader, ask: DifferenceAsk): Promise<DifferenceRow[]> => {
  const { rows } = await sql<DifferenceRow>`
    select ${differenceColumns} from reconciliation.difference d
    where d.state = any(${[...ask.states]}::text[]) and ${inScope(ask.scope)}
      and ${ask.peerId ? sql`d.peer_id = ${ask.peerId}` : sql`true`}
      and ${ask.kind ? sql`d.kind = ${ask.kind}` : sql`true`} and ${ask.cause ? sql`d.cause = ${ask.cause}` : sql`true`}
      and ${ask.after ? sql`(d.found_at, d.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by d.found_at desc, d.id desc limit ${ask.limit}`.execute(db)
  return rows
}
export const findDifference = async (db: Reader, id: string, scope: Scope): Promise<DifferenceRow | null> =>
  (
    await sql<DifferenceRow>`
      select ${differenceColumns} from reconciliation.difference d where d.id = ${id} and ${inScope(scope)}`.execute(db)
  ).rows[0] ?? null
export const openByPeer = async (
  db: Reader,
  peerId: string,
  after: string,
  limit: number,
): Promise<DifferenceRow[]> => {
  const { rows } = await sql<DifferenceRow>`
    select ${differenceColumns} from reconciliation.difference d
    where d.peer_id = ${peerId} and d.state = 'open' and d.id > ${after}::uuid order by d.id limit ${limit}`.execute(db)
  return rows
}
export const countByCause = async (
  db: Reader,
  scope: Scope,
): Promise<{ cause: Cause; state: DifferenceState; count: number }[]> =>
  (
    await sql<{ cause: Cause; state: DifferenceState; count: number }>`
      select d.cause, d.state, count(*)::int as count from reconciliation.difference d
      where d.state <> 'closed' and ${inScope(scope)} group by d.cause, d.state order by d.cause, d.state`.execute(db)
  ).rows
/** Everything that stands, or was closed on a day: what the statement of that day lists. */
export const differencesOn = async (
  db: Reader,
  peerId: string,
  day: LocalDate,
  after: string,
  limit: number,
): Promise<DifferenceRow[]> => {
  const { rows } = await sql<DifferenceRow>`
    select ${differenceColumns} from reconciliation.difference d
    where d.peer_id = ${peerId} and (d.state <> 'closed' or d.closed_on = ${day}::date) and d.id > ${after}::uuid
    order by d.id limit ${limit}`.execute(db)
  return rows
}

export type Change = {
  id: string
  state: DifferenceState
  way: ClosedWay
  on: LocalDate
  at: Instant
  by: string
  reason: string
  basis: unknown
}
export const saveAction = async (tx: Tx, c: Change): Promise<void> => {
  await sql`
    update reconciliation.difference set state = ${c.state}, closed_by_way = ${c.way}, closed_on = ${c.on}::date, closed_at = ${c.at},
      closed_by = ${c.by}, reason = ${c.reason}, basis = ${json(c.basis)}::jsonb, version = version + 1
    where id = ${c.id}`.execute(tx)
}
/** Of one that nobody has dealt with meanwhile. */
export const setCause = async (tx: Tx, id: string, cause: Cause, proof: Proof): Promise<void> => {
  await sql`
    update reconciliation.difference set cause = ${cause}, proof = ${json(proof)}::jsonb, version = version + 1
    where id = ${id} and state = 'open'`.execute(tx)
}
