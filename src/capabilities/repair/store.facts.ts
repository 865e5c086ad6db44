import { type RawBuilder, sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { SharedFact } from './contract.ts'
import type { FactRow } from './rules.facts.ts'
import type { MaterialRow } from './store.ts'

const columns =
  sql.raw(`f.subject_id as "subjectId", f.id, f.fact, f.value, f.on_day as "on", f.record_id as "recordId",
  f.authority_id as "authorityId", f.authority_name as "authorityName", f.via, f.reference, f.rule, f.given_at as "givenAt",
  f.given_by as "givenBy", f.withdrawn_at as "withdrawnAt", f.withdrawn_why as "withdrawnWhy"`)

/** What stands about a subject and its records. */
export const factsOf = async (db: Reader, subjectId: string): Promise<FactRow[]> =>
  (
    await sql<FactRow>`select ${columns} from repair.fact f
    where f.subject_id = ${subjectId} and f.withdrawn_at is null order by f.given_at`.execute(db)
  ).rows

/** Held against a second withdrawal at the same moment. */
export const findFact = async (db: Tx, authorityId: string, key: { subject: string; id: string }) =>
  (
    await sql<FactRow>`select ${columns} from repair.fact f
    where f.subject_id = ${key.subject} and f.id = ${key.id} and f.authority_id = ${authorityId}::uuid for update`.execute(
      db,
    )
  ).rows[0] ?? null

export const standingFact = async (
  db: Reader,
  ask: { subjectId: string; fact: SharedFact; authorityId: string; recordId: string | null },
): Promise<FactRow | null> =>
  (
    await sql<FactRow>`select ${columns} from repair.fact f
    where f.subject_id = ${ask.subjectId} and f.fact = ${ask.fact} and f.authority_id = ${ask.authorityId}
      and f.record_id is not distinct from ${ask.recordId}::uuid and f.withdrawn_at is null`.execute(db)
  ).rows[0] ?? null

/** False when the same authority said so at the same moment. */
export const insertFact = async (tx: Tx, f: FactRow): Promise<boolean> => {
  const done = await sql`
    insert into repair.fact (subject_id, id, fact, value, on_day, record_id, authority_id, authority_name, via, reference, rule, given_at, given_by)
    values (${f.subjectId}, ${f.id}, ${f.fact}, ${f.value}, ${f.on}, ${f.recordId}, ${f.authorityId}, ${f.authorityName}, ${f.via},
      ${f.reference}, ${f.rule}, ${f.givenAt}, ${f.givenBy}) on conflict do nothing`.execute(tx)
  return done.numAffectedRows === 1n
}

/** One authority at a time on one subject: what it says of a matter stands once. */
export const holdFacts = async (tx: Tx, subjectId: string, authorityId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`repair.fact ${subjectId} ${authorityId}`}, 0))`.execute(tx)
}

/** All that this authority says of this matter. */
export const saveWithdrawals = async (
  tx: Tx,
  f: Pick<FactRow, 'subjectId' | 'fact' | 'authorityId' | 'recordId'>,
  of: { at: Instant; by: string; why: string },
): Promise<void> => {
  await sql`update repair.fact set withdrawn_at = ${of.at}, withdrawn_by = ${of.by}, withdrawn_why = ${of.why}
    where subject_id = ${f.subjectId} and fact = ${f.fact} and authority_id = ${f.authorityId}
      and record_id is not distinct from ${f.recordId}::uuid and withdrawn_at is null`.execute(tx)
}

export const listFacts = async (
  db: Reader,
  ask: {
    authorityId: string
    fact?: SharedFact | undefined
    view?: 'standing' | 'withdrawn' | undefined
    after: [string, string] | null
    limit: number
  },
): Promise<FactRow[]> => {
  const standing: RawBuilder<unknown> =
    ask.view === 'standing'
      ? sql`and f.withdrawn_at is null`
      : ask.view === 'withdrawn'
        ? sql`and f.withdrawn_at is not null`
        : sql``
  const { rows } = await sql<FactRow>`
    select ${columns} from repair.fact f
    where f.authority_id = ${ask.authorityId} ${standing}
      ${ask.fact ? sql`and f.fact = ${ask.fact}` : sql``}
      ${ask.after ? sql`and (f.given_at, f.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql``}
    order by f.given_at desc, f.id desc limit ${ask.limit}`.execute(db)
  return rows
}

// ---- the library of materials

const kept =
  sql.raw(`m.subject_id as "subjectId", m.id, m.application_id as "applicationId", m.kind, m.file_hash as "hash",
  m.file_name as "name", m.media_type as "mediaType", m.bytes, m.uploaded_at as "uploadedAt", m.kept, m.valid_until as "validUntil"`)

/** What the subject gave and agreed to have kept, each file once a kind, the latest first. */
export const keptOf = async (db: Reader, subjectId: string): Promise<MaterialRow[]> =>
  (
    await sql<MaterialRow>`
    select * from (
      select distinct on (m.kind, m.file_hash) ${kept} from repair.material m
      where m.subject_id = ${subjectId} and m.kept and m.removed_at is null
      order by m.kind, m.file_hash, m.uploaded_at
    ) k order by k."uploadedAt" desc limit 100`.execute(db)
  ).rows

/** Consent is to a file: it holds for every application that uses it. */
export const saveKept = async (
  tx: Tx,
  key: { subjectId: string; kind: string; hash: string },
  of: { kept: boolean; validUntil: LocalDate | null },
): Promise<void> => {
  await sql`update repair.material set kept = ${of.kept}, valid_until = ${of.validUntil}
    where subject_id = ${key.subjectId} and kind = ${key.kind} and file_hash = ${key.hash}`.execute(tx)
}
