import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Reader, type Tx, askRow, json, overRows } from '../../platform/db/index.ts'
import { nextNumber as next, numberOfDay } from '../../platform/number.ts'
import type { DeclarationState } from './words.ts'

export type Declaration = {
  subjectId: string
  id: string
  no: string
  kind: string
  title: string
  issuer: string
  documentNo: string
  issuedOn: LocalDate
  validTo: LocalDate | null
  note: string
  fileHash: string | null
  fileName: string | null
  mediaType: string | null
  bytes: number | null
  state: DeclarationState
  commitment: Words | null
  committedAt: Instant | null
  authorityId: string | null
  authorityName: string | null
  division: string | null
  decidedOn: LocalDate | null
  reason: string
  version: number
}
const COLUMN_LIST = `d.subject_id as "subjectId", d.id, d.no, d.kind, d.title, d.issuer, d.document_no as "documentNo",
  d.issued_on as "issuedOn", d.valid_to as "validTo", d.note, d.file_hash as "fileHash", d.file_name as "fileName",
  d.media_type as "mediaType", d.bytes, d.state, d.commitment, d.committed_at as "committedAt", d.authority_id as "authorityId",
  d.authority_name as "authorityName", d.division, d.decided_on as "decidedOn", d.reason, d.version`
const COLUMNS = sql.raw(COLUMN_LIST)

/** Row scope: whoever acts for the subject; the authority that verifies; the credit office of its territory. */
export type Scope = { subjectIds: readonly string[] } | { authorityId: string; territory: string | null } | 'none'
const inScope = (scope: Scope) => {
  if (scope === 'none') return sql`false`
  if ('subjectIds' in scope) return sql`d.subject_id = any(${[...scope.subjectIds]}::uuid[])`
  // A draft is nobody's business but the subject's.
  const mine = sql`d.authority_id = ${scope.authorityId}`
  const theirs =
    scope.territory === null ? mine : sql`(${mine} or coalesce(d.division, '') like ${`${scope.territory}%`})`
  return sql`d.state <> 'draft' and ${theirs}`
}

export const findDeclaration = async (
  db: Reader,
  scope: Scope,
  key: { subject: string; id: string },
): Promise<Declaration | null> =>
  (
    await sql<Declaration>`
    select ${COLUMNS} from declarations.declaration d
    where d.subject_id = ${key.subject} and d.id = ${key.id} and ${inScope(scope)}`.execute(db)
  ).rows[0] ?? null
export const lockDeclaration = async (
  tx: Tx,
  scope: Scope,
  key: { subject: string; id: string },
): Promise<Declaration | null> =>
  (
    await sql<Declaration>`
    select ${COLUMNS} from declarations.declaration d
    where d.subject_id = ${key.subject} and d.id = ${key.id} and ${inScope(scope)} for update`.execute(tx)
  ).rows[0] ?? null

export const ofSubject = async (
  db: Reader,
  subjectId: string,
  after: string | null,
  limit: number,
): Promise<Declaration[]> =>
  (
    await sql<Declaration>`
    select ${COLUMNS} from declarations.declaration d
    where d.subject_id = ${subjectId} and ${after ? sql`d.id < ${after}::uuid` : sql`true`}
    order by d.id desc limit ${limit}`.execute(db)
  ).rows

const standingOf = (name: string, key: string, of: string) =>
  overRows(
    name,
    { key },
    (asked) => `
  select asked.n, s.* from ${asked} cross join lateral (
    select ${COLUMN_LIST} from declarations.declaration d
    where ${of} and d.state in ('declared', 'verified')
    order by d.issued_on desc, d.id desc limit 200) s`,
  )
const STANDING = standingOf('declarations.standing', 'uuid', 'd.subject_id = asked.key')
/** Asked at every public page of a subject, beside what else the page asks: by the code, which leads to organisations only. */
const STANDING_BY_CODE = standingOf(
  'declarations.standing_by_code',
  'text',
  'd.subject_id = any(array(select v.subject_id from subjects.v_by_code v where v.code = asked.key))',
)
/** What says something to others: verified, or declared and not yet looked at. */
export const standing = (db: Reader, of: { subjectId: string } | { code: string }): Promise<Declaration[]> =>
  'code' in of
    ? askRow<Declaration>(db, STANDING_BY_CODE, [of.code])
    : askRow<Declaration>(db, STANDING, [of.subjectId])

export const queue = async (
  db: Reader,
  scope: Scope,
  ask: { state: DeclarationState; after: [string, string] | null; limit: number },
): Promise<Declaration[]> =>
  (
    await sql<Declaration>`
    select ${COLUMNS} from declarations.declaration d
    where ${inScope(scope)} and d.state = ${ask.state}
      and ${ask.after ? sql`(d.committed_at, d.id) > (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by d.committed_at, d.id limit ${ask.limit}`.execute(db)
  ).rows

/** The latest day on which one of a kind was found false. */
export const lastFalse = async (db: Reader, subjectId: string, kind: string): Promise<LocalDate | null> =>
  (
    await sql<{ on: LocalDate | null }>`
    select max(decided_on) as on from declarations.declaration
    where subject_id = ${subjectId} and kind = ${kind} and state = 'found_false'`.execute(db)
  ).rows[0]?.on ?? null

export const nextNumber = async (tx: Tx, on: LocalDate): Promise<string> =>
  numberOfDay('SD', on, await next(tx, 'declarations.number', { on_day: on }))

export type Said = Pick<Declaration, 'kind' | 'title' | 'issuer' | 'documentNo' | 'issuedOn' | 'validTo' | 'note'>
export const insertDeclaration = async (
  tx: Tx,
  d: Said & { subjectId: string; id: string; no: string; division: string | null },
  at: Instant,
): Promise<void> => {
  await sql`
    insert into declarations.declaration (subject_id, id, no, kind, title, issuer, document_no, issued_on, valid_to, note, state, division,
      created_at, updated_at)
    values (${d.subjectId}, ${d.id}, ${d.no}, ${d.kind}, ${d.title}, ${d.issuer}, ${d.documentNo}, ${d.issuedOn}, ${d.validTo}, ${d.note},
      'draft', ${d.division}, ${at}, ${at})`.execute(tx)
}

export type Change = {
  state: DeclarationState
  said?: Said
  signed?: { commitment: Words; at: Instant; by: string; authorityId: string; authorityName: string }
  decided?: { on: LocalDate; at: Instant; by: string; reason: string; basis: object | null }
}
/** false when it is not what the caller saw. */
export const saveDeclaration = async (
  tx: Tx,
  key: { subjectId: string; id: string },
  seen: number,
  change: Change,
  at: Instant,
): Promise<boolean> => {
  const { said: s, signed: g, decided: z } = change
  const done = await sql`
    update declarations.declaration set state = ${change.state}, version = version + 1, updated_at = ${at}
      ${s ? sql`, kind = ${s.kind}, title = ${s.title}, issuer = ${s.issuer}, document_no = ${s.documentNo}, issued_on = ${s.issuedOn}, valid_to = ${s.validTo}, note = ${s.note}` : sql``}
      ${change.state === 'draft' ? sql`, commitment = null, committed_at = null, committed_by = null, authority_id = null, authority_name = null, decided_on = null, decided_at = null, decided_by = null, basis = null` : sql``}
      ${g ? sql`, commitment = ${json(g.commitment)}::jsonb, committed_at = ${g.at}, committed_by = ${g.by}, authority_id = ${g.authorityId}, authority_name = ${g.authorityName}, reason = ''` : sql``}
      ${z ? sql`, decided_on = ${z.on}, decided_at = ${z.at}, decided_by = ${z.by}, reason = ${z.reason}, basis = ${z.basis ? json(z.basis) : null}::jsonb` : sql``}
    where subject_id = ${key.subjectId} and id = ${key.id} and version = ${seen}`.execute(tx)
  return Number(done.numAffectedRows ?? 0) === 1
}

export const saveProof = async (
  tx: Tx,
  key: { subjectId: string; id: string },
  file: { hash: string; name: string; mediaType: string; bytes: number },
): Promise<void> => {
  await sql`
    update declarations.declaration set file_hash = ${file.hash}, file_name = ${file.name}, media_type = ${file.mediaType}, bytes = ${file.bytes}
    where subject_id = ${key.subjectId} and id = ${key.id}`.execute(tx)
}

export type Act = {
  subjectId: string
  declarationId: string
  id: string
  action: string
  from: DeclarationState | null
  to: DeclarationState
  at: Instant
  actor: string
  authorityId: string | null
  note: string
  said: object | null
}
export const insertAct = async (tx: Tx, a: Act): Promise<void> => {
  await sql`
    insert into declarations.act (subject_id, declaration_id, id, action, from_state, to_state, at, actor, authority_id, note, said)
    values (${a.subjectId}, ${a.declarationId}, ${a.id}, ${a.action}, ${a.from}, ${a.to}, ${a.at}, ${a.actor}, ${a.authorityId}, ${a.note},
      ${a.said ? json(a.said) : null}::jsonb)`.execute(tx)
}
export const actsOf = async (
  db: Reader,
  key: { subjectId: string; id: string },
): Promise<{ action: string; at: Instant; note: string }[]> =>
  (
    await sql<{ action: string; at: Instant; note: string }>`
    select action, at, note from declarations.act
    where subject_id = ${key.subjectId} and declaration_id = ${key.id} order by at, id`.execute(db)
  ).rows
