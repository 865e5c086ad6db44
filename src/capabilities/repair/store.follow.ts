import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { eventsBetween } from '../../platform/follow.ts'
import type { LinkKind } from './words.ts'
import type { ClockState } from './rules.clock.ts'
import type { ItemFacts } from './rules.ts'
import { OPEN_STATES } from './states.ts'

// ---- how far the events have been followed

export const progressOf = async (db: Reader, name: string): Promise<number> =>
  (await sql<{ position: number }>`select p.position from repair.progress p where p.name = ${name}`.execute(db)).rows[0]
    ?.position ?? 0
export const saveProgress = async (tx: Tx, name: string, position: number): Promise<void> => {
  await sql`insert into repair.progress (name, position) values (${name}, ${position})
    on conflict (name) do update set position = excluded.position`.execute(tx)
}

export type Happened = {
  kind: 'record.withdrawn' | 'record.restored' | 'objection.upheld' | 'objection.partly_upheld'
  subjectId: string
  recordId: string
  at: Instant
  what: string | null
  caseId: string | null
  /** The refused item that an upheld objection has taken up again. */
  takenUp: string | null
}
export const happenedBetween = async (db: Reader, after: number, to: number): Promise<Happened[]> =>
  (
    await sql<Happened>`
    select e.kind, e.subject_id as "subjectId", e.record_id as "recordId", e.at, e.details->>'kind' as what,
      e.details->>'case' as "caseId", e.details->>'takeUp' as "takenUp"
    from ${eventsBetween(after, to)} e
    where e.kind in ('record.withdrawn', 'record.restored', 'objection.upheld', 'objection.partly_upheld')
      and e.record_id is not null
    order by e.position, e.id`.execute(db)
  ).rows

// ---- links

export type LinkRow = {
  subjectId: string
  id: string
  recordId: string
  leadsId: string
  kind: LinkKind
  reason: string
  linkedAt: Instant
  linkedBy: string
  authorityId: string
}
const linkColumns = sql`l.subject_id as "subjectId", l.id, l.record_id as "recordId", l.leads_id as "leadsId", l.kind, l.reason,
  l.linked_at as "linkedAt", l.linked_by as "linkedBy", l.authority_id as "authorityId"`

export const linksOf = async (db: Reader, subjectId: string, recordId: string): Promise<LinkRow[]> =>
  (
    await sql<LinkRow>`select ${linkColumns} from repair.link l
    where l.subject_id = ${subjectId} and (l.record_id = ${recordId} or l.leads_id = ${recordId}) order by l.id`.execute(
      db,
    )
  ).rows

/** False when the two are linked already. */
export const insertLink = async (tx: Tx, l: LinkRow): Promise<boolean> => {
  const done = await sql`
    insert into repair.link (subject_id, id, record_id, leads_id, kind, reason, linked_at, linked_by, authority_id)
    values (${l.subjectId}, ${l.id}, ${l.recordId}, ${l.leadsId}, ${l.kind}, ${l.reason}, ${l.linkedAt}, ${l.linkedBy}, ${l.authorityId})
    on conflict (subject_id, record_id, leads_id) do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}

// ---- duties

export type DutyRow = {
  subjectId: string
  id: string
  kind: 'push_province'
  itemId: string
  recordId: string
  docNo: string
  authorityId: string
  authorityName: string
  division: string
  clock: ClockState | null
  startedOn: LocalDate
  dueOn: LocalDate
  dueProvisional: boolean
  state: 'open' | 'done'
  doneAt: Instant | null
  doneOn: LocalDate | null
  proof: string
  version: number
}
const dutyColumns = sql`d.subject_id as "subjectId", d.id, d.kind, d.item_id as "itemId", d.record_id as "recordId", d.doc_no as "docNo",
  d.authority_id as "authorityId", d.authority_name as "authorityName", d.division, d.clock, d.started_on as "startedOn",
  d.due_on as "dueOn", d.due_provisional as "dueProvisional", d.state, d.done_at as "doneAt", d.done_on as "doneOn", d.proof, d.version`

/** Once an item. */
export const insertDuty = async (
  tx: Tx,
  d: Omit<DutyRow, 'state' | 'doneAt' | 'doneOn' | 'proof' | 'version'>,
): Promise<void> => {
  await sql`
    insert into repair.duty (subject_id, id, kind, item_id, record_id, doc_no, authority_id, authority_name, division, clock, started_on, due_on, due_provisional)
    values (${d.subjectId}, ${d.id}, ${d.kind}, ${d.itemId}, ${d.recordId}, ${d.docNo}, ${d.authorityId}, ${d.authorityName},
      ${d.division}, ${JSON.stringify(d.clock)}::jsonb, ${d.startedOn}, ${d.dueOn}, ${d.dueProvisional})
    on conflict (subject_id, item_id, kind) do nothing`.execute(tx)
}

export const listDuties = async (
  db: Reader,
  authorityId: string,
  ask: { state: 'open' | 'done'; after: [string, string] | null; limit: number },
): Promise<(DutyRow & { subjectName: string; no: string | null })[]> => {
  const done = ask.state === 'done'
  const after = !ask.after
    ? sql`true`
    : done
      ? sql`(d.done_at, d.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)`
      : sql`(d.due_on, d.id) > (${ask.after[0]}::date, ${ask.after[1]}::uuid)`
  const { rows } = await sql<DutyRow & { subjectName: string; no: string | null }>`
    select ${dutyColumns}, a.subject_name as "subjectName", a.no
    from repair.duty d
    join repair.item i on i.subject_id = d.subject_id and i.id = d.item_id
    join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
    where d.authority_id = ${authorityId} and d.state = ${ask.state} and ${after}
    order by ${done ? sql`d.done_at desc, d.id desc` : sql`d.due_on, d.id`} limit ${ask.limit}`.execute(db)
  return rows
}

/** Row scope: the authority that owes it. */
export const findDuty = async (
  db: Reader,
  authorityId: string,
  key: { subject: string; duty: string },
): Promise<DutyRow | null> =>
  (
    await sql<DutyRow>`select ${dutyColumns} from repair.duty d
    where d.subject_id = ${key.subject} and d.id = ${key.duty} and d.authority_id = ${authorityId}`.execute(db)
  ).rows[0] ?? null

export const closeDuty = async (
  tx: Tx,
  d: Pick<DutyRow, 'subjectId' | 'id'>,
  done: { seen: number; at: Instant; on: LocalDate; by: string; proof: string },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update repair.duty set state = 'done', done_at = ${done.at}, done_on = ${done.on}, done_by = ${done.by}, proof = ${done.proof}, version = version + 1
    where subject_id = ${d.subjectId} and id = ${d.id} and version = ${done.seen} and state = 'open'`.execute(tx)
  return numAffectedRows === 1n
}

// ---- items that lapse

export type ItemRef = { subjectId: string; id: string; authorityId: string }
const isUnderWay = sql`i.state in (${sql.join([...OPEN_STATES])}) and i.state not in ('draft', 'passed_on')`
/** Under way and handed in, of one record. */
export const underWay = async (db: Reader, subjectId: string, recordId: string): Promise<ItemRef[]> =>
  (
    await sql<ItemRef>`select i.subject_id as "subjectId", i.id, i.authority_id as "authorityId" from repair.item i
    where i.subject_id = ${subjectId} and i.record_id = ${recordId} and ${isUnderWay}`.execute(db)
  ).rows

/** A refused item by its number, while nothing else about its record is under way. */
export const refusedItem = async (db: Reader, subjectId: string, id: string): Promise<ItemRef | null> =>
  (
    await sql<ItemRef>`
    select i.subject_id as "subjectId", i.id, i.authority_id as "authorityId" from repair.item i
    where i.subject_id = ${subjectId} and i.id = ${id}::uuid and i.state in ('not_accepted', 'refused') and not exists (
      select 1 from repair.item o where o.subject_id = i.subject_id and o.record_id = i.record_id and o.id <> i.id
        and o.state in (${sql.join([...OPEN_STATES])}) and o.state <> 'draft')`.execute(db)
  ).rows[0] ?? null

export type WaitingRow = ItemRef &
  Pick<ItemFacts, 'system' | 'state' | 'asked' | 'submittedOn'> & { updatedAt: Instant }
/** Waiting for the applicant, the longest first. */
export const waitingSince = async (db: Reader, after: [string, string] | null, limit: number): Promise<WaitingRow[]> =>
  (
    await sql<WaitingRow>`
    select i.subject_id as "subjectId", i.id, i.authority_id as "authorityId", i.updated_at as "updatedAt", i.state, i.system, i.asked, i.submitted_on as "submittedOn"
    from repair.item i where i.state in ('returned', 'mending')
      and ${after ? sql`(i.updated_at, i.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by i.updated_at, i.id limit ${limit}`.execute(db)
  ).rows

export type GrantedItem = Pick<ItemFacts, 'system' | 'decidedOn'> &
  ItemRef & {
    docNo: string
    authorityName: string
  }
export type Concerned = {
  /** Another record follows this one. */
  leads: boolean
  /** An application about it may be under way. */
  underWay: boolean
  /** The repair by which it was withdrawn, where something is owed after it. */
  granted: GrantedItem | null
}
/**
 * Whom each event concerns, in their order. One question for all: of most there is nothing more to ask. A repair is told of
 * where something is owed after it: on these systems.
 */
export const concernedBy = async (
  db: Reader,
  happened: readonly Happened[],
  systems: readonly string[],
): Promise<Concerned[]> => {
  const asked = happened.map((h, n) => ({
    n,
    subjectId: h.subjectId,
    recordId: h.recordId,
    caseId: h.what === 'repaired' ? h.caseId : null,
  }))
  const { rows } = await sql<Concerned>`
    select exists (select 1 from repair.link l where l.subject_id = a."subjectId" and l.leads_id = a."recordId") as leads,
      exists (
        select 1 from repair.item i where i.subject_id = a."subjectId" and i.record_id = a."recordId" and ${isUnderWay}
      ) as "underWay", (
        select jsonb_build_object('subjectId', i.subject_id, 'id', i.id, 'authorityId', i.authority_id, 'authorityName', i.authority_name,
          'system', i.system, 'decidedOn', i.decided_on, 'docNo', i.doc_no)
        from repair.item i
        where i.subject_id = a."subjectId" and i.id = a."caseId" and i.record_id = a."recordId" and i.state = 'granted'
          and i.system = any(${[...systems]}::text[])
      ) as granted
    from jsonb_to_recordset(${json(asked)}::jsonb) as a(n int, "subjectId" uuid, "recordId" uuid, "caseId" uuid)
    order by a.n`.execute(db)
  return rows
}
