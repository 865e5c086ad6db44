import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Actor, hasRole } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { TakedownState } from './states.ts'
import type { Entry } from './store.ts'
import type { LookOutcome, LookReason } from './words.ts'

export type Takedown = {
  subjectId: string
  id: string
  recordId: string
  authorityId: string
  authorityName: string
  item: string
  docNo: string
  subjectName: string
  onDay: LocalDate
  dueOn: LocalDate
  dueProvisional: boolean
  state: TakedownState
  page: string | null
  confirmedAt: Instant | null
  note: string
  checkedAt: Instant | null
  outcome: LookOutcome | null
  looks: number
  nextLookAt: Instant | null
  version: number
}
const columns = sql`t.subject_id as "subjectId", t.id, t.record_id as "recordId", t.authority_id as "authorityId",
  t.authority_name as "authorityName", t.item, t.doc_no as "docNo", t.subject_name as "subjectName", t.on_day as "onDay",
  t.due_on as "dueOn", t.due_provisional as "dueProvisional", t.state, t.page, t.confirmed_at as "confirmedAt", t.note,
  t.checked_at as "checkedAt", t.outcome, t.looks, t.next_look_at as "nextLookAt", t.version`

/** An authority sees its own; the credit office its territory; the auditor and the platform everything. */
const inScope = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind === 'system' || hasRole(actor, 'auditor')) return sql`true`
  if (actor.kind !== 'person') return sql`false`
  if (hasRole(actor, 'credit_office') && actor.division)
    return sql`(t.division is null or t.division like ${`${territoryPrefix(actor.division)}%`})`
  return actor.authorityId ? sql`t.authority_id = ${actor.authorityId}` : sql`false`
}

/** One each result; its id is the event's, so that the same day makes it once. */
export const insertTakedowns = async (
  tx: Tx,
  entries: readonly Entry[],
  due: { dueOn: LocalDate; provisional: boolean },
  divisions: ReadonlyMap<string, string | null>,
): Promise<void> => {
  for (const e of entries) {
    await sql`insert into results.takedown (subject_id, id, record_id, authority_id, authority_name, division, item, doc_no,
        subject_name, on_day, due_on, due_provisional, state)
      values (${e.subjectId}, ${e.eventId}, ${e.recordId}, ${e.authorityId}, ${e.authorityName},
        ${divisions.get(e.authorityId) ?? null}, ${e.item}, ${e.line.doc_no}, ${e.line.subject_name}, ${e.onDay}, ${due.dueOn},
        ${due.provisional}, 'open')
      on conflict (subject_id, id) do nothing`.execute(tx)
  }
}

export const voidOf = async (tx: Tx, subjectId: string, recordId: string, at: Instant): Promise<void> => {
  await sql`update results.takedown set state = 'void', closed_at = ${at}, next_look_at = null, version = version + 1
    where subject_id = ${subjectId} and record_id = ${recordId} and state in ('open', 'returned', 'confirmed')`.execute(
    tx,
  )
}

export type View = 'open' | 'late' | 'to_look' | 'done' | 'all'
const inView = (view: View, today: LocalDate): RawBuilder<unknown> => {
  if (view === 'open') return sql`t.state in ('open', 'returned')`
  if (view === 'late') return sql`t.state in ('open', 'returned') and t.due_on < ${today}`
  if (view === 'to_look') return sql`t.state = 'confirmed'`
  return view === 'done' ? sql`t.state in ('verified', 'not_shown', 'void')` : sql`true`
}
export const listTakedowns = async (
  db: Reader,
  actor: Actor,
  ask: {
    view: View
    authority?: string | undefined
    day?: LocalDate | undefined
    today: LocalDate
    after: readonly [string, string] | null
    limit: number
  },
): Promise<Takedown[]> => {
  const { rows } = await sql<Takedown>`
    select ${columns} from results.takedown t
    where ${inScope(actor)} and ${inView(ask.view, ask.today)}
      and ${ask.authority ? sql`t.authority_id = ${ask.authority}` : sql`true`}
      and ${ask.day ? sql`t.on_day = ${ask.day}` : sql`true`}
      and ${ask.after ? sql`(t.due_on, t.id) > (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by t.due_on, t.id limit ${ask.limit}`.execute(db)
  return rows
}

type Key = { subjectId: string; id: string }
export const findTakedown = async (db: Reader, actor: Actor, key: Key): Promise<Takedown | null> =>
  (
    await sql<Takedown>`select ${columns} from results.takedown t
      where t.subject_id = ${key.subjectId} and t.id = ${key.id} and ${inScope(actor)}`.execute(db)
  ).rows[0] ?? null
export const lockTakedown = async (tx: Tx, actor: Actor, key: Key): Promise<Takedown | null> =>
  (
    await sql<Takedown>`select ${columns} from results.takedown t
      where t.subject_id = ${key.subjectId} and t.id = ${key.id} and ${inScope(actor)} for update`.execute(tx)
  ).rows[0] ?? null

export const saveConfirmed = async (
  tx: Tx,
  key: Key,
  to: { state: TakedownState; page: string | null; note: string; by: string; at: Instant },
): Promise<void> => {
  await sql`update results.takedown set state = ${to.state}, page = ${to.page}, note = ${to.note}, confirmed_at = ${to.at},
      confirmed_by = ${to.by}, looks = 0, outcome = null, next_look_at = ${to.state === 'confirmed' ? to.at : null},
      closed_at = ${to.state === 'confirmed' ? null : to.at}, version = version + 1
    where subject_id = ${key.subjectId} and id = ${key.id}`.execute(tx)
}

export type Look = {
  id: string
  at: Instant
  page: string
  reached: string | null
  outcome: LookOutcome
  status: number | null
  hash: string | null
  bytes: number | null
  charset: string | null
  reason: LookReason
  byKind: 'platform' | 'person'
  by: string
}
export const insertLook = async (tx: Tx, key: Key, look: Look): Promise<void> => {
  await sql`insert into results.look (subject_id, id, takedown_id, at, page, reached, outcome, status, hash, bytes, charset, reason, by_kind, looked_by)
    values (${key.subjectId}, ${look.id}, ${key.id}, ${look.at}, ${look.page}, ${look.reached}, ${look.outcome}, ${look.status},
      ${look.hash}, ${look.bytes}, ${look.charset}, ${look.reason}, ${look.byKind}, ${look.by})`.execute(tx)
}
export const saveLooked = async (
  tx: Tx,
  key: Key,
  to: { state: TakedownState; outcome: LookOutcome; at: Instant; nextLookAt: Instant | null; note?: string },
): Promise<void> => {
  await sql`update results.takedown set state = ${to.state}, outcome = ${to.outcome}, checked_at = ${to.at}, looks = looks + 1,
      next_look_at = ${to.nextLookAt}, closed_at = ${to.state === 'verified' ? to.at : null},
      note = coalesce(${to.note ?? null}, note), version = version + 1
    where subject_id = ${key.subjectId} and id = ${key.id}`.execute(tx)
}
export const looksOf = async (db: Reader, key: Key): Promise<Look[]> => {
  const { rows } = await sql<Look>`
    select l.id, l.at, l.page, l.reached, l.outcome, l.status, l.hash, l.bytes, l.charset, l.reason, l.by_kind as "byKind",
      l.looked_by as by
    from results.look l where l.subject_id = ${key.subjectId} and l.takedown_id = ${key.id} order by l.at desc, l.id desc limit 50`.execute(
    db,
  )
  return rows
}
export const toLook = async (db: Reader, now: Instant, limit: number): Promise<Key[]> =>
  (
    await sql<Key>`select t.subject_id as "subjectId", t.id from results.takedown t
      where t.next_look_at is not null and t.next_look_at <= ${now} and t.state = 'confirmed'
      order by t.next_look_at limit ${limit}`.execute(db)
  ).rows

export type StandingRow = {
  authorityId: string
  authorityName: string
  asked: number
  done: number
  open: number
  late: number
  confirmed: number
  verified: number
  returned: number
  notShown: number
  oldest: LocalDate | null
  page: string | null
  peerId: string | null
  siteVersion: number | null
}
export const standings = async (db: Reader, actor: Actor, today: LocalDate): Promise<StandingRow[]> => {
  const { rows } = await sql<StandingRow>`
    select t.authority_id as "authorityId", max(t.authority_name) as "authorityName", count(*) filter (where t.state <> 'void')::int as asked,
      count(*) filter (where t.state in ('verified', 'not_shown'))::int as done,
      count(*) filter (where t.state in ('open', 'returned', 'confirmed'))::int as open,
      count(*) filter (where t.state in ('open', 'returned') and t.due_on < ${today})::int as late,
      count(*) filter (where t.state = 'confirmed')::int as confirmed,
      count(*) filter (where t.state = 'verified')::int as verified,
      count(*) filter (where t.state = 'returned')::int as returned,
      count(*) filter (where t.state = 'not_shown')::int as "notShown",
      min(t.due_on) filter (where t.state in ('open', 'returned')) as oldest,
      max(s.page) as page, (array_agg(s.peer_id))[1] as "peerId", max(s.version) as "siteVersion"
    from results.takedown t left join results.site s on s.authority_id = t.authority_id
    where ${inScope(actor)}
    group by t.authority_id
    order by late desc, open desc, max(t.authority_name), t.authority_id`.execute(db)
  return rows
}

export type LateRow = { authorityId: string; dueOn: LocalDate; n: number }
export const lateGroups = async (db: Reader, today: LocalDate): Promise<LateRow[]> =>
  (
    await sql<LateRow>`select t.authority_id as "authorityId", t.due_on as "dueOn", count(*)::int as n from results.takedown t
      where t.state in ('open', 'returned') and t.due_on < ${today} group by t.authority_id, t.due_on order by t.due_on`.execute(
      db,
    )
  ).rows

export type Site = { page: string; peerId: string | null; version: number }
export const siteOf = async (db: Reader, authorityId: string): Promise<Site | null> =>
  (
    await sql<Site>`select page, peer_id as "peerId", version from results.site where authority_id = ${authorityId}`.execute(
      db,
    )
  ).rows[0] ?? null
/** False when someone else changed it first. */
export const portals = async (db: Reader): Promise<{ authorityId: string; peerId: string }[]> =>
  (
    await sql<{ authorityId: string; peerId: string }>`
      select authority_id as "authorityId", peer_id as "peerId" from results.site where peer_id is not null
      order by authority_id limit 1000`.execute(db)
  ).rows
export const saveSite = async (tx: Tx, authorityId: string, site: Site, seen: number): Promise<boolean> => {
  const { rows } = await sql<{ version: number }>`
    insert into results.site as s (authority_id, page, peer_id, version) values (${authorityId}, ${site.page}, ${site.peerId}, ${site.version})
    on conflict (authority_id) do update set page = excluded.page, peer_id = excluded.peer_id, version = excluded.version
      where s.version = ${seen}
    returning s.version`.execute(tx)
  return rows.length === 1
}
