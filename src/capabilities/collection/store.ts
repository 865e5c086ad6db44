import { type SqlBool, sql } from 'kysely'
import type { Refusal } from '../../kernel/decision.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Actor } from '../../platform/context.ts'
import { type Database, type Reader, type Tx, copyLine, json } from '../../platform/db/index.ts'
import { claimLease, holdLease, releaseLease } from '../../platform/leases.ts'
import type { AcceptedMends } from './contract.ts'
import type { Mapping } from './files/header.ts'
import type { Problem } from './rules.columns.ts'
import type { SubmissionState, Verdict, WayIn } from './words.ts'

/** What a table's heading row said, and how it is read. */
export type KeptHeader = {
  headings: string[]
  row: number
  sources: [string, { column: number } | { constant: string }][]
  /** Totals, signatures and notes that were passed over, known when the file has been worked through. */
  asides?: { count: number; first: { n: number; text: string }[] }
}

/** Why a whole file was returned; `more`: what else is wrong with it. */
export type FileRefusal = Refusal & { more?: Refusal[] }

export type Submission = {
  id: string
  no: string
  authorityId: string
  authorityName: string
  division: string
  item: string
  wayIn: WayIn
  fileHash: string | null
  fileName: string
  bytes: number
  state: SubmissionState
  refusal: FileRefusal | null
  mapping: Mapping | null
  header: KeptHeader | null
  received: number
  accepted: number
  refused: number
  pending: number
  alreadyHeld: number
  readTo: number
  totalRows: number
  /** Proposals that were accepted when it was handed in. */
  mending: AcceptedMends | null
  continuedFrom: number | null
  corrects: string | null
  backfill: boolean
  createdAt: string
  createdBy: string
  handedInBy: string
  finishedAt: string | null
}
export type KeptRow = {
  n: number
  verdict: Verdict
  name: string
  docNo: string
  cells: string[]
  secret: Buffer | null
  problems: Problem[]
  subjectId: string | null
  recordId: string | null
  decidedAt: string | null
  version: number
}
export type Counts = { received: number; accepted: number; refused: number; pending: number; alreadyHeld: number }

/** Row scope: the own authority; the credit office, what was reported in its territory; the system, all. */
export type Scope = { authorityId: string } | { territory: string } | 'all' | 'none'
export const scopeOf = (actor: Actor): Scope => {
  if (actor.kind === 'system') return 'all'
  if (actor.kind === 'person' && actor.roles.includes('credit_office') && actor.division)
    return { territory: territoryPrefix(actor.division) }
  if ((actor.kind === 'person' || actor.kind === 'key') && actor.authorityId) return { authorityId: actor.authorityId }
  return 'none'
}
const inScope = (scope: Scope) =>
  scope === 'all'
    ? sql<SqlBool>`true`
    : scope === 'none'
      ? sql<SqlBool>`false`
      : 'territory' in scope
        ? sql<SqlBool>`division like ${`${scope.territory}%`}`
        : sql<SqlBool>`authority_id = ${scope.authorityId}`

const COLUMNS = [
  'id',
  'no',
  'authority_id as authorityId',
  'authority_name as authorityName',
  'division',
  'item',
  'way_in as wayIn',
  'file_hash as fileHash',
  'file_name as fileName',
  'total_bytes as bytes',
  'state',
  'refusal',
  'mapping',
  'header',
  'received',
  'accepted',
  'refused',
  'pending',
  'already_held as alreadyHeld',
  'read_to as readTo',
  'total_rows as totalRows',
  'mending',
  'continued_from as continuedFrom',
  'corrects',
  'backfill',
  'created_at as createdAt',
  'created_by as createdBy',
  'handed_in_by as handedInBy',
  'finished_at as finishedAt',
] as const

export const insertSubmission = async (tx: Tx, s: Submission): Promise<void> => {
  await tx
    .insertInto('collection.submission')
    .values({
      id: s.id,
      no: s.no,
      authority_id: s.authorityId,
      authority_name: s.authorityName,
      division: s.division,
      item: s.item,
      way_in: s.wayIn,
      file_hash: s.fileHash,
      file_name: s.fileName,
      total_bytes: s.bytes,
      state: s.state,
      finished_at: s.finishedAt,
      mapping: s.mapping ? json(s.mapping) : null,
      header: s.header ? json(s.header) : null,
      total_rows: s.totalRows,
      mending: s.mending ? json(s.mending) : null,
      corrects: s.corrects,
      backfill: s.backfill,
      created_at: s.createdAt,
      created_by: s.createdBy,
      handed_in_by: s.handedInBy,
    })
    .execute()
}

export const findSubmission = async (reader: Reader, scope: Scope, id: string): Promise<Submission | null> =>
  ((await reader
    .selectFrom('collection.submission')
    .select(COLUMNS)
    .where('id', '=', id)
    .where(inScope(scope))
    .executeTakeFirst()) as Submission | undefined) ?? null

export const listSubmissions = async (
  reader: Reader,
  scope: Scope,
  ask: { state?: string | undefined; item?: string | undefined; after: [string, string] | null; limit: number },
): Promise<Submission[]> => {
  let query = reader.selectFrom('collection.submission').select(COLUMNS).where(inScope(scope))
  if (ask.state) query = query.where('state', '=', ask.state)
  if (ask.item) query = query.where('item', '=', ask.item)
  if (ask.after)
    query = query.where(sql<SqlBool>`(created_at, id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)`)
  return (await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(ask.limit).execute()) as Submission[]
}

const SUBMISSIONS = { table: 'collection.submission', key: 'id' }

/** Takes the lease of one submission that waits, or whose worker has not been heard of; null when there is none. */
export const claim = async (
  tx: Tx,
  ask: { owner: string; now: string; until: string; id?: string | undefined },
): Promise<Submission | null> => {
  const id = await claimLease(tx, SUBMISSIONS, {
    ...ask,
    due: sql<SqlBool>`w.state in ('received', 'running') and (${ask.id ?? null}::uuid is null or w.id = ${ask.id ?? null}::uuid)`,
    order: sql`w.created_at`,
    set: sql`state = 'running', version = version + 1, continued_from = case when read_to > 0 then read_to else continued_from end`,
  })
  return id ? findSubmission(tx, 'all', id) : null
}

/** False when another worker has taken the lease meanwhile. */
export const keepHeader = async (
  tx: Tx,
  ask: { id: string; owner: string; header: KeptHeader; mapping: Mapping | null; totalRows: number },
): Promise<boolean> => {
  const done = await tx
    .updateTable('collection.submission')
    .set({ header: json(ask.header), mapping: ask.mapping ? json(ask.mapping) : null, total_rows: ask.totalRows })
    .where('id', '=', ask.id)
    .where('leased_by', '=', ask.owner)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

export const keepLease = (tx: Tx, ask: { id: string; owner: string; until: string }): Promise<boolean> =>
  holdLease(tx, SUBMISSIONS, ask)

/** The counters and the place in the file move with the rows of a chunk, once: false when someone else has moved them. */
export const advance = async (
  tx: Tx,
  ask: { id: string; owner: string; from: number; to: number; until: string; counts: Counts },
): Promise<boolean> => {
  const { counts } = ask
  const { numAffectedRows } = await sql`
    update collection.submission set
      received = received + ${counts.received}::int, accepted = accepted + ${counts.accepted}::int, refused = refused + ${counts.refused}::int,
      pending = pending + ${counts.pending}::int, already_held = already_held + ${counts.alreadyHeld}::int,
      read_to = ${ask.to}::int, lease_until = ${ask.until}, version = version + 1
    where id = ${ask.id} and leased_by = ${ask.owner} and read_to = ${ask.from}::int and state = 'running'
  `.execute(tx)
  return numAffectedRows === 1n
}

export const close = (
  tx: Tx,
  ask: {
    id: string
    owner: string
    state: 'done' | 'refused'
    refusal: FileRefusal | null
    at: string
    asides?: NonNullable<KeptHeader['asides']>
  },
): Promise<boolean> =>
  releaseLease(tx, SUBMISSIONS, {
    ...ask,
    set: {
      state: ask.state,
      refusal: ask.refusal ? json(ask.refusal) : null,
      finished_at: ask.at,
      ...(ask.asides?.count ? { header: sql`header || ${json({ asides: ask.asides })}::jsonb` } : {}),
    },
  })

const ROW_COLUMNS = [
  'submission_id',
  'n',
  'verdict',
  'name',
  'doc_no',
  'cells',
  'secret',
  'problems',
  'subject_id',
  'record_id',
] as const
type NewRow = Omit<KeptRow, 'decidedAt' | 'version'>
export const insertRows = async (
  db: Database,
  tx: Tx,
  submissionId: string,
  rows: readonly NewRow[],
): Promise<void> => {
  if (!rows.length) return
  const lines = rows.map((r) =>
    copyLine([
      submissionId,
      r.n,
      r.verdict,
      r.name,
      r.docNo,
      json(r.cells),
      r.secret,
      json(r.problems),
      r.subjectId,
      r.recordId,
    ]),
  )
  await db.copyRows(tx, 'collection.row', ROW_COLUMNS, [lines.join('')])
}

const KEPT = [
  'n',
  'verdict',
  'name',
  'doc_no as docNo',
  'cells',
  'secret',
  'problems',
  'subject_id as subjectId',
  'record_id as recordId',
  'decided_at as decidedAt',
  'version',
] as const
export const listRows = async (
  reader: Reader,
  submissionId: string,
  ask: { verdict?: Verdict | undefined; after: number; limit: number },
): Promise<KeptRow[]> => {
  let query = reader
    .selectFrom('collection.row')
    .select(KEPT)
    .where('submission_id', '=', submissionId)
    .where('n', '>', ask.after)
  if (ask.verdict) query = query.where('verdict', '=', ask.verdict)
  return (await query.orderBy('n').limit(ask.limit).execute()) as KeptRow[]
}
export const rowsByNumber = async (
  reader: Reader,
  submissionId: string,
  numbers: readonly number[],
): Promise<KeptRow[]> =>
  (await reader
    .selectFrom('collection.row')
    .select(KEPT)
    .where('submission_id', '=', submissionId)
    .where('n', 'in', numbers)
    .execute()) as KeptRow[]

/** The pending row as the caller saw it gets its verdict; false when someone else was first. */
export const saveDecision = async (
  tx: Tx,
  ask: {
    submissionId: string
    n: number
    seen: number
    verdict: Verdict
    problems: Problem[]
    subjectId: string | null
    recordId: string | null
    at: string
    by: string
  },
): Promise<boolean> => {
  const done = await tx
    .updateTable('collection.row')
    .set({
      verdict: ask.verdict,
      problems: json(ask.problems),
      subject_id: ask.subjectId,
      record_id: ask.recordId,
      decided_at: ask.at,
      decided_by: ask.by,
      version: sql`version + 1`,
    })
    .where('submission_id', '=', ask.submissionId)
    .where('n', '=', ask.n)
    .where('verdict', '=', 'pending')
    .where('version', '=', ask.seen)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}
/** One pending row becomes something else; received stays. */
export const moveCounts = async (tx: Tx, id: string, to: Exclude<Verdict, 'pending'>): Promise<void> => {
  const one = (v: Verdict) => (v === to ? 1 : 0)
  await sql`
    update collection.submission set pending = pending - 1, accepted = accepted + ${one('accepted')}::int, refused = refused + ${one('refused')}::int,
      already_held = already_held + ${one('already_held')}::int, version = version + 1
    where id = ${id}
  `.execute(tx)
}

export const findMapping = async (
  reader: Reader,
  ask: { authorityId: string; item: string; keys: readonly string[] },
): Promise<Mapping | null> => {
  if (!ask.keys.length) return null
  const row = await reader
    .selectFrom('collection.mapping')
    .select('mapping')
    .where('authority_id', '=', ask.authorityId)
    .where('item', '=', ask.item)
    .where('header_key', 'in', ask.keys)
    .limit(1)
    .executeTakeFirst()
  return (row?.mapping as Mapping | undefined) ?? null
}
export const listMappings = async (
  reader: Reader,
  authorityId: string,
): Promise<{ item: string; headerKey: string; mapping: Mapping; updatedAt: string }[]> =>
  (await reader
    .selectFrom('collection.mapping')
    .select(['item', 'header_key as headerKey', 'mapping', 'updated_at as updatedAt'])
    .where('authority_id', '=', authorityId)
    .orderBy('item')
    .orderBy('header_key')
    .limit(500)
    .execute()) as { item: string; headerKey: string; mapping: Mapping; updatedAt: string }[]
export const putMapping = async (
  tx: Tx,
  ask: { authorityId: string; item: string; headerKey: string; mapping: Mapping; at: string; by: string },
): Promise<void> => {
  await tx
    .insertInto('collection.mapping')
    .values({
      authority_id: ask.authorityId,
      item: ask.item,
      header_key: ask.headerKey,
      mapping: json(ask.mapping),
      updated_at: ask.at,
      updated_by: ask.by,
    })
    .onConflict((c) =>
      c
        .columns(['authority_id', 'item', 'header_key'])
        .doUpdateSet({ mapping: json(ask.mapping), updated_at: ask.at, updated_by: ask.by }),
    )
    .execute()
}

/** A push is settled in the transaction that enters it. */
export const finishAtOnce = async (
  tx: Tx,
  ask: { id: string; counts: Counts; readTo: number; at: string },
): Promise<void> => {
  const { counts } = ask
  await tx
    .updateTable('collection.submission')
    .set({
      received: counts.received,
      accepted: counts.accepted,
      refused: counts.refused,
      pending: counts.pending,
      already_held: counts.alreadyHeld,
      read_to: ask.readTo,
      finished_at: ask.at,
    })
    .where('id', '=', ask.id)
    .execute()
}

export const insertFile = async (
  tx: Tx,
  file: { hash: string; bytes: number; mediaType: string },
  at: string,
): Promise<void> => {
  await sql`
    insert into platform.file (hash, bytes, media_type, created_at) values (${file.hash}, ${file.bytes}, ${file.mediaType}, ${at})
    on conflict (hash) do nothing
  `.execute(tx)
}
