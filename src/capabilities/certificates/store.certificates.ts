import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Actor } from '../../platform/context.ts'
import { DatabaseError, type Reader, type Tx } from '../../platform/db/index.ts'
import type { CertificateFacts } from './contract.ts'
import type { CertificateState, EndedBy, ShownPart } from './states.ts'
import { CERTIFICATES, inScope } from './store.ts'

/** Every statement on certificates. */
export type CertificateRow = {
  subjectId: string
  id: string
  itemId: string
  applicationId: string
  recordId: string
  grantId: string
  jurisdiction: string
  year: number
  n: number
  code: string
  facts: CertificateFacts
  token: string
  shows: ShownPart[]
  thirdParty: string
  issuedOn: LocalDate
  issuedAt: Instant
  issuedBy: string
  wayIn: 'online' | 'window'
  windowAuthorityId: string | null
  deciderId: string
  reviewerId: string | null
  division: string | null
  state: CertificateState
  endedBy: EndedBy | null
  endedAt: Instant | null
  version: number
}
const columns = sql`
  v.subject_id as "subjectId", v.id, v.item_id as "itemId", v.application_id as "applicationId", v.record_id as "recordId",
  v.grant_id as "grantId", v.jurisdiction, v.year, v.n, v.code, v.facts, v.token, v.shows, v.third_party as "thirdParty",
  v.issued_on as "issuedOn", v.issued_at as "issuedAt", v.issued_by as "issuedBy", v.way_in as "wayIn",
  v.window_authority_id as "windowAuthorityId", v.decider_id as "deciderId", v.reviewer_id as "reviewerId", v.division,
  v.state, v.ended_by as "endedBy", v.ended_at as "endedAt", v.version`

export const insertCertificate = async (tx: Tx, c: CertificateRow): Promise<boolean> => {
  try {
    await sql`insert into certificates.certificate (subject_id, id, item_id, application_id, record_id, grant_id, jurisdiction,
      year, n, code, facts, token, shows, third_party, issued_on, issued_at, issued_by, way_in, window_authority_id, decider_id,
      reviewer_id, division, state)
    values (${c.subjectId}, ${c.id}, ${c.itemId}, ${c.applicationId}, ${c.recordId}, ${c.grantId}, ${c.jurisdiction}, ${c.year},
      ${c.n}, ${c.code}, ${JSON.stringify(c.facts)}::jsonb, ${c.token}, ${c.shows}::text[], ${c.thirdParty}, ${c.issuedOn},
      ${c.issuedAt}, ${c.issuedBy}, ${c.wayIn}, ${c.windowAuthorityId}, ${c.deciderId}, ${c.reviewerId}, ${c.division},
      'valid')`.execute(tx)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === 'certificate_one') return false
    throw error
  }
}

type Key = { subject: string; id: string }
export const findCertificate = async (db: Reader, actor: Actor, key: Key): Promise<CertificateRow | null> =>
  (
    await sql<CertificateRow>`select ${columns} from certificates.certificate v
      where v.subject_id = ${key.subject} and v.id = ${key.id} and ${inScope(actor, CERTIFICATES)}`.execute(db)
  ).rows[0] ?? null
export const certificateByCode = async (db: Reader, code: string): Promise<CertificateRow | null> =>
  (
    await sql<CertificateRow>`select ${columns} from certificates.certificate v where v.code = ${code} limit 1`.execute(
      db,
    )
  ).rows[0] ?? null
export const validOf = async (db: Reader, key: { subject: string; item: string }): Promise<CertificateRow | null> =>
  (
    await sql<CertificateRow>`select ${columns} from certificates.certificate v
      where v.subject_id = ${key.subject} and v.item_id = ${key.item} and v.state = 'valid' limit 1`.execute(db)
  ).rows[0] ?? null

export const listCertificates = async (
  db: Reader,
  actor: Actor,
  f: {
    subject?: string | undefined
    item?: string | undefined
    state?: CertificateState | undefined
    after: readonly [string, string] | null
    limit: number
  },
): Promise<CertificateRow[]> =>
  (
    await sql<CertificateRow>`select ${columns} from certificates.certificate v
      where ${inScope(actor, CERTIFICATES)}
        ${f.subject ? sql`and v.subject_id = ${f.subject}` : sql``}
        ${f.item ? sql`and v.item_id = ${f.item}` : sql``}
        ${f.state ? sql`and v.state = ${f.state}` : sql``}
        ${f.after ? sql`and (v.issued_at, v.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : sql``}
      order by v.issued_at desc, v.id desc limit ${f.limit}`.execute(db)
  ).rows

/** Those in force, oldest first, for the daily look whether they still should be. */
export const listValid = async (
  db: Reader,
  after: readonly [string, string] | null,
  limit: number,
): Promise<CertificateRow[]> =>
  (
    await sql<CertificateRow>`select ${columns} from certificates.certificate v
      where v.state = 'valid' ${after ? sql`and (v.issued_at, v.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by v.issued_at, v.id limit ${limit}`.execute(db)
  ).rows

/** Version-checked; false when it is withdrawn already or someone else was faster. */
export const endCertificate = async (
  tx: Tx,
  key: { subjectId: string; id: string; version: number },
  end: { by: EndedBy; at: Instant },
): Promise<boolean> => {
  const done =
    await sql`update certificates.certificate set state = 'withdrawn', ended_by = ${end.by}, ended_at = ${end.at},
      version = version + 1
    where subject_id = ${key.subjectId} and id = ${key.id} and version = ${key.version} and state = 'valid'`.execute(tx)
  return done.numAffectedRows === 1n
}

/** Where the item of a certificate stands now; null when it is gone. */
export const itemStateOf = async (
  db: Reader,
  c: Pick<CertificateRow, 'subjectId' | 'grantId'>,
): Promise<string | null> =>
  (
    await sql<{ state: string }>`select item_state as state from repair.v_letter
      where subject_id = ${c.subjectId} and id = ${c.grantId}`.execute(db)
  ).rows[0]?.state ?? null
