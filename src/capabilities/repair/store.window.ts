import { sql } from 'kysely'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { Letter } from './contract.ts'
import type { HAND_OVER_ENDS, MissingLine } from './contract.window.ts'

export type HandOverEnd = (typeof HAND_OVER_ENDS)[number]
export type HandOverRow = {
  subjectId: string
  id: string
  applicationId: string
  authorityId: string
  tokenHash: string
  phoneHash: string | null
  madeAt: Instant
  expiresAt: Instant
  openedAt: Instant | null
  endedAt: Instant | null
  endedBy: HandOverEnd | null
}
const columns =
  sql.raw(`h.subject_id as "subjectId", h.id, h.application_id as "applicationId", h.authority_id as "authorityId",
  h.token_hash as "tokenHash", h.phone_hash as "phoneHash", h.made_at as "madeAt", h.expires_at as "expiresAt",
  h.opened_at as "openedAt", h.ended_at as "endedAt", h.ended_by as "endedBy"`)

type OfApplication = { subjectId: string; id: string }

export const insertHandOver = async (tx: Tx, h: HandOverRow, by: string): Promise<void> => {
  await sql`insert into repair.hand_over (subject_id, id, application_id, authority_id, token_hash, made_at, made_by, expires_at)
    values (${h.subjectId}, ${h.id}, ${h.applicationId}, ${h.authorityId}, ${h.tokenHash}, ${h.madeAt}, ${by}, ${h.expiresAt})`.execute(
    tx,
  )
}

export const latestHandOver = async (db: Reader, app: OfApplication): Promise<HandOverRow | null> =>
  (
    await sql<HandOverRow>`select ${columns} from repair.hand_over h
    where h.subject_id = ${app.subjectId} and h.application_id = ${app.id} order by h.made_at desc, h.id desc limit 1`.execute(
      db,
    )
  ).rows[0] ?? null

/** By the secret of the link, or of the phone that opened it; held until the transaction ends. */
export const findHandOver = async (
  tx: Tx,
  by: { tokenHash: string } | { phoneHash: string },
): Promise<HandOverRow | null> =>
  (
    await sql<HandOverRow>`select ${columns} from repair.hand_over h
    where ${'tokenHash' in by ? sql`h.token_hash = ${by.tokenHash}` : sql`h.phone_hash = ${by.phoneHash}`} for update`.execute(
      tx,
    )
  ).rows[0] ?? null

/** Once: false when another phone was faster. */
export const openHandOver = async (
  tx: Tx,
  h: HandOverRow,
  of: { at: Instant; phoneHash: string },
): Promise<boolean> => {
  const done = await sql`update repair.hand_over set opened_at = ${of.at}, phone_hash = ${of.phoneHash}
    where subject_id = ${h.subjectId} and id = ${h.id} and opened_at is null and ended_at is null`.execute(tx)
  return done.numAffectedRows === 1n
}

export const endHandOver = async (tx: Tx, app: OfApplication, of: { at: Instant; by: HandOverEnd }): Promise<void> => {
  await sql`update repair.hand_over set ended_at = ${of.at}, ended_by = ${of.by}
    where subject_id = ${app.subjectId} and application_id = ${app.id} and ended_at is null`.execute(tx)
}
export const endHandOvers = (tx: Tx, app: OfApplication, at: Instant): Promise<void> =>
  endHandOver(tx, app, { at, by: 'submitted' })

// ---- the one notice

export type NoticeRow = {
  subjectId: string
  id: string
  applicationId: string
  no: string
  on: LocalDate
  missing: MissingLine[]
  note: string
  authorityId: string
  authorityName: string
}

export const noticeOf = async (db: Reader, app: OfApplication): Promise<NoticeRow | null> =>
  (
    await sql<NoticeRow>`select n.subject_id as "subjectId", n.id, n.application_id as "applicationId", n.no, n.on_day as "on",
      n.missing, n.note, n.authority_id as "authorityId", n.authority_name as "authorityName"
    from repair.window_notice n where n.subject_id = ${app.subjectId} and n.application_id = ${app.id}`.execute(db)
  ).rows[0] ?? null

/** False when it has been given already. */
export const insertNotice = async (
  tx: Tx,
  n: NoticeRow,
  of: { letter: Letter; at: Instant; by: string },
): Promise<boolean> => {
  const done = await sql`
    insert into repair.window_notice (subject_id, id, application_id, no, on_day, missing, note, authority_id, authority_name, letter, made_at, made_by)
    values (${n.subjectId}, ${n.id}, ${n.applicationId}, ${n.no}, ${n.on}, ${JSON.stringify(n.missing)}::jsonb, ${n.note},
      ${n.authorityId}, ${n.authorityName}, ${JSON.stringify(of.letter)}::jsonb, ${of.at}, ${of.by}) on conflict do nothing`.execute(
    tx,
  )
  return done.numAffectedRows === 1n
}
