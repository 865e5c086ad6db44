import { type RawBuilder, sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { DatabaseError, type Reader, type Tx, json } from '../../platform/db/index.ts'
import { nextNumber as next } from '../../platform/number.ts'
import type { CorrectionAsk, Letter } from './contract.ts'
import type { Words } from '../../kernel/words.ts'
import type { Effect } from './effects.ts'
import type { ClockState } from './rules.clock.ts'
import type { ActAction, ObjectionState, Outcome, WayIn } from './states.ts'
import type { Ground } from './words.ts'

/** Objections with their acts and evidence. */

export type Refused = {
  itemId: string
  applicationId: string
  no: string
  state: 'not_accepted' | 'refused'
  decidedOn: LocalDate
  deciderName: string
}
export type Extension = { on: LocalDate; workdays: number; reason: string }
export type Objection = {
  subjectId: string
  id: string
  no: string | null
  subjectName: string
  wayIn: WayIn
  ground: Ground
  recordId: string
  recordItem: string
  docNo: string
  recordAuthority: string
  recordDecidedOn: LocalDate
  refusedItem: string | null
  refused: Refused | null
  authorityId: string
  authorityName: string
  division: string | null
  windowAuthorityId: string | null
  applicant: string
  contactName: string
  contactSecret: Uint8Array | null
  statement: string
  wanted: string
  state: ObjectionState
  outcome: Outcome | null
  answer: string | null
  correction: CorrectionAsk | null
  effect: Effect | null
  marked: boolean
  clock: ClockState | null
  dueOn: LocalDate | null
  dueProvisional: boolean
  extension: Extension | null
  escalated: number
  submittedOn: LocalDate | null
  pushedOn: LocalDate | null
  decidedOn: LocalDate | null
  workdays: number | null
  inTime: boolean | null
  parentId: string | null
  reportId: string | null
  policyVersion: string
  createdAt: Instant
  updatedAt: Instant
  version: number
}

export const COLUMN_OF: Record<keyof Objection, string> = {
  subjectId: 'subject_id',
  id: 'id',
  no: 'no',
  subjectName: 'subject_name',
  wayIn: 'way_in',
  ground: 'ground',
  recordId: 'record_id',
  recordItem: 'record_item',
  docNo: 'doc_no',
  recordAuthority: 'record_authority',
  recordDecidedOn: 'record_decided_on',
  refusedItem: 'refused_item',
  refused: 'refused',
  authorityId: 'authority_id',
  authorityName: 'authority_name',
  division: 'division',
  windowAuthorityId: 'window_authority_id',
  applicant: 'applicant',
  contactName: 'contact_name',
  contactSecret: 'contact_secret',
  statement: 'statement',
  wanted: 'wanted',
  state: 'state',
  outcome: 'outcome',
  answer: 'answer',
  correction: 'correction',
  effect: 'effect',
  marked: 'marked',
  clock: 'clock',
  dueOn: 'due_on',
  dueProvisional: 'due_provisional',
  extension: 'extension',
  escalated: 'escalated',
  submittedOn: 'submitted_on',
  pushedOn: 'pushed_on',
  decidedOn: 'decided_on',
  workdays: 'workdays',
  inTime: 'in_time',
  parentId: 'parent_id',
  reportId: 'report_id',
  policyVersion: 'policy_version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  version: 'version',
}
const COLUMNS = Object.entries(COLUMN_OF) as [keyof Objection, string][]
export const columns = sql.raw(COLUMNS.map(([key, column]) => `o.${column} as "${key}"`).join(', '))
const JSONS: readonly (keyof Objection)[] = ['refused', 'correction', 'effect', 'clock', 'extension']
const valueOf = (o: Objection, key: keyof Objection): unknown => {
  const value = o[key]
  return JSONS.includes(key) && value !== null ? json(value) : value
}

// ---- row scope

const none = sql`false`
export const uuids = (ids: readonly string[]) => sql`${[...ids]}::uuid[]`
export const inTerritory = (column: RawBuilder<unknown>, division: string | null): RawBuilder<unknown> =>
  division ? sql`${column} like ${`${territoryPrefix(division).replace(/\D/g, '')}%`}` : none

/** The subject's own people, and the window that took it in. */
export const applicantScope = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind !== 'person') return none
  const own = actor.roles.includes('enterprise') ? sql`o.subject_id = any(${uuids(actor.subjectIds)})` : none
  const window =
    actor.roles.includes('window_clerk') && actor.authorityId ? sql`o.window_authority_id = ${actor.authorityId}` : none
  return sql`(${own} or ${window}) and o.way_in in ('online', 'window')`
}
/** The finder, once it has been passed on; the credit office over its territory. */
export const officialScope = (actor: Actor): RawBuilder<unknown> => {
  if (actor.kind === 'system') return sql`o.state <> 'draft'`
  if (actor.kind !== 'person') return none
  const finder =
    actor.roles.some((r) => r === 'officer' || r === 'head') && actor.authorityId
      ? sql`(o.authority_id = ${actor.authorityId} and o.pushed_on is not null)`
      : none
  const office = actor.roles.includes('credit_office') ? inTerritory(sql`o.division`, actor.division) : none
  return sql`o.state <> 'draft' and (${finder} or ${office})`
}
/** What the subject reads: its own, and what was found without it and put right. */
export const subjectScope = (actor: Actor): RawBuilder<unknown> => {
  const own =
    actor.kind === 'person' && actor.roles.includes('enterprise')
      ? sql`(o.subject_id = any(${uuids(actor.subjectIds)}) and o.outcome in ('upheld', 'partly_upheld'))`
      : none
  return sql`((${applicantScope(actor)}) or ${own})`
}
export const readerScope = (actor: Actor): RawBuilder<unknown> =>
  sql`(${subjectScope(actor)} or (${officialScope(actor)}))`

export type Key = { subject: string; id: string }
export type Side = 'applicant' | 'official' | 'reader'
const SCOPES = { applicant: applicantScope, official: officialScope, reader: readerScope }

export const findObjection = async (db: Reader, actor: Actor, key: Key, side: Side): Promise<Objection | null> =>
  (
    await sql<Objection>`select ${columns} from objections.objection o
    where o.subject_id = ${key.subject} and o.id = ${key.id} and ${SCOPES[side](actor)}`.execute(db)
  ).rows[0] ?? null
/** Held until the end of the transaction: two deciders at once wait, and the second is told that it is stale. */
export const lockObjection = async (tx: Tx, actor: Actor, key: Key, side: Side): Promise<Objection | null> =>
  (
    await sql<Objection>`select ${columns} from objections.objection o
    where o.subject_id = ${key.subject} and o.id = ${key.id} and ${SCOPES[side](actor)} for update of o`.execute(tx)
  ).rows[0] ?? null

export const insertObjection = async (tx: Tx, o: Objection): Promise<void> => {
  await sql`insert into objections.objection (${sql.raw(COLUMNS.map(([, c]) => c).join(', '))})
    values (${sql.join(COLUMNS.map(([key]) => sql`${valueOf(o, key)}`))})`.execute(tx)
}
/** False when somebody else has saved it meanwhile. */
export const saveObjection = async (tx: Tx, o: Objection, seen: number): Promise<boolean> => {
  const set = COLUMNS.filter(([key]) => !['subjectId', 'id', 'createdAt', 'version'].includes(key)).map(
    ([key, column]) => sql`${sql.raw(column)} = ${valueOf(o, key)}`,
  )
  const done = await sql`update objections.objection set ${sql.join(set)}, version = ${o.version}
    where subject_id = ${o.subjectId} and id = ${o.id} and version = ${seen}`.execute(tx)
  return done.numAffectedRows === 1n
}
const PENDING = 'objection_pending'
/** Two at once on one record and ground: the second is told so. */
export const isPendingAlready = (error: unknown): boolean =>
  error instanceof DatabaseError && error.constraint === PENDING

export const deleteDraft = async (tx: Tx, key: { subjectId: string; id: string }): Promise<void> => {
  await sql`delete from objections.evidence where subject_id = ${key.subjectId} and objection_id = ${key.id}`.execute(
    tx,
  )
  await sql`delete from objections.objection where subject_id = ${key.subjectId} and id = ${key.id} and state = 'draft'`.execute(
    tx,
  )
}

export const nextNumber = (tx: Tx, kind: string, jurisdiction: string, on: LocalDate): Promise<number> =>
  next(tx, 'objections.number', { jurisdiction, kind, on_day: on })

// ---- what is pending about records

export type PendingRow = Pick<Objection, 'subjectId' | 'recordId' | 'id' | 'no' | 'ground' | 'state' | 'marked'>
export const pendingAbout = async (
  db: Reader,
  subjectId: string,
  recordIds: readonly string[],
): Promise<PendingRow[]> =>
  recordIds.length
    ? (
        await sql<PendingRow>`
    select o.subject_id as "subjectId", o.record_id as "recordId", o.id, o.no, o.ground, o.state, o.marked from objections.objection o
    where o.subject_id = ${subjectId} and o.record_id = any(${uuids(recordIds)}) and o.state in ('submitted', 'verifying')
    order by o.id`.execute(db)
      ).rows
    : []
export const othersAbout = async (
  db: Reader,
  of: Pick<Objection, 'subjectId' | 'recordId' | 'id'>,
): Promise<Pick<Objection, 'id' | 'no' | 'ground' | 'state'>[]> =>
  (
    await sql<Pick<Objection, 'id' | 'no' | 'ground' | 'state'>>`
    select o.id, o.no, o.ground, o.state from objections.objection o
    where o.subject_id = ${of.subjectId} and o.record_id = ${of.recordId} and o.id <> ${of.id} and o.state <> 'draft'
    order by o.id desc limit 20`.execute(db)
  ).rows

/** Refusals of a repair as repair publishes them. */
export const refusalsOf = async (
  db: Reader,
  subjectId: string,
  itemId: string | null,
): Promise<(Refused & { recordId: string; authorityId: string; division: string | null; again: string | null })[]> =>
  (
    await sql<Refused & { recordId: string; authorityId: string; division: string | null; again: string | null }>`
    select r.item_id as "itemId", r.application_id as "applicationId", r.no, r.record_id as "recordId", r.state,
      r.authority_id as "authorityId", r.authority_name as "deciderName", r.division, r.decided_on as "decidedOn", r.again
    from repair.v_refused r
    where r.subject_id = ${subjectId} and ${itemId ? sql`r.item_id = ${itemId}` : sql`r.state in ('not_accepted', 'refused')`}
    order by r.item_id desc limit 100`.execute(db)
  ).rows

// ---- acts

export type ActBasis = {
  rule: string
  version: string
  instrument: Words
  article: string
  inputs: Record<string, unknown>
}
export type Act = {
  subjectId: string
  id: string
  objectionId: string
  action: ActAction
  from: ObjectionState
  to: ObjectionState
  at: Instant
  on: LocalDate
  actor: string
  by: 'applicant' | 'window' | 'authority' | 'office' | 'platform'
  authorityId: string | null
  authorityName: string | null
  note: string
  basis: ActBasis | null
  letter: Letter | null
}
export const insertAct = async (tx: Tx, a: Act): Promise<void> => {
  await sql`
    insert into objections.act (subject_id, id, objection_id, action, from_state, to_state, at, on_day, actor, by_kind, authority_id,
      authority_name, note, basis, letter)
    values (${a.subjectId}, ${a.id}, ${a.objectionId}, ${a.action}, ${a.from}, ${a.to}, ${a.at}, ${a.on}, ${a.actor}, ${a.by},
      ${a.authorityId}, ${a.authorityName}, ${a.note}, ${a.basis ? json(a.basis) : null}::jsonb, ${a.letter ? json(a.letter) : null}::jsonb)`.execute(
    tx,
  )
}
/** The letter that the last step wrote; null when it wrote none. */
export const lastLetterOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<string | null> =>
  (
    await sql<{ id: string }>`select a.id from objections.act a
      where a.subject_id = ${key.subjectId} and a.objection_id = ${key.id} and a.letter is not null
      order by a.at desc, a.id desc limit 1`.execute(db)
  ).rows[0]?.id ?? null
export const actsOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<Act[]> =>
  (
    await sql<Act>`
    select a.subject_id as "subjectId", a.id, a.objection_id as "objectionId", a.action, a.from_state as "from", a.to_state as "to",
      a.at, a.on_day as "on", a.actor, a.by_kind as "by", a.authority_id as "authorityId", a.authority_name as "authorityName",
      a.note, a.basis, a.letter
    from objections.act a where a.subject_id = ${key.subjectId} and a.objection_id = ${key.id} order by a.at, a.id`.execute(
      db,
    )
  ).rows

// ---- evidence

export type Evidence = {
  subjectId: string
  id: string
  objectionId: string
  hash: string
  name: string
  mediaType: string
  bytes: number
  by: 'applicant' | 'window' | 'authority'
  uploadedAt: Instant
}
export const evidenceOf = async (db: Reader, key: { subjectId: string; id: string }): Promise<Evidence[]> =>
  (
    await sql<Evidence>`
    select e.subject_id as "subjectId", e.id, e.objection_id as "objectionId", e.file_hash as hash, e.file_name as name,
      e.media_type as "mediaType", e.bytes::float8 as bytes, e.by_kind as "by", e.uploaded_at as "uploadedAt"
    from objections.evidence e
    where e.subject_id = ${key.subjectId} and e.objection_id = ${key.id} and e.removed_at is null order by e.id`.execute(
      db,
    )
  ).rows
export const insertEvidence = async (tx: Tx, e: Evidence, actor: string): Promise<void> => {
  await sql`
    insert into objections.evidence (subject_id, id, objection_id, file_hash, file_name, media_type, bytes, by_kind, uploaded_at, uploaded_by)
    values (${e.subjectId}, ${e.id}, ${e.objectionId}, ${e.hash}, ${e.name}, ${e.mediaType}, ${e.bytes}, ${e.by}, ${e.uploadedAt}, ${actor})`.execute(
    tx,
  )
}
export const removeEvidence = async (tx: Tx, e: Pick<Evidence, 'subjectId' | 'id'>, at: Instant): Promise<void> => {
  await sql`update objections.evidence set removed_at = ${at} where subject_id = ${e.subjectId} and id = ${e.id}`.execute(
    tx,
  )
}
