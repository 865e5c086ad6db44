import { sql } from 'kysely'
import { mustNot } from '../../kernel/decision.ts'
import { docKey } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import type { RecordRow } from './contract.ts'
import { storeRecords } from './intake.ts'
import { type HeldRecord, dispose } from './service.ts'
import * as store from './store.ts'
import { liftOvertaken } from './tombstone.ts'

export type Correction = {
  /** Only what changes; null empties a field. */
  fields: Record<string, unknown>
  /** The facts as they are with these fields. */
  facts: RecordFacts
  docNo: string
  decidedOn: LocalDate
  reason: string
  basis: Record<string, unknown>
  caseId: string
}

const secretsOf = async (db: Reader, ctx: Ctx, of: RecordRow): Promise<Record<string, string> | null> => {
  const { rows } = await sql<{ secret: Uint8Array | null }>`
    select secret from records.record where subject_id = ${of.subjectId} and id = ${of.id}`.execute(db)
  const sealed = rows[0]?.secret
  return sealed ? (JSON.parse(ctx.secrets.open(sealed)) as Record<string, string>) : null
}

/** Whether the subject has a record of this authority under a number, other than this one. */
export const numberTaken = async (db: Reader, of: RecordRow, docNo: string): Promise<boolean> => {
  if (docKey(docNo) === docKey(of.docNo)) return false
  const key = { subjectId: of.subjectId, item: of.item, authorityKey: of.authorityKey, docKey: docKey(docNo) }
  return (await store.heldKeys(db, [key])).length > 0
}

/**
 * A person corrects a record that is held: a new version, with the old one kept, and news to every holder. Under another
 * document number it is another record, and the old one is taken back. Answers the record that says it now.
 */
export const correctRecord = async (
  tx: Tx,
  ctx: Ctx,
  { record }: HeldRecord,
  ask: Correction,
): Promise<{ record: RecordRow; moved: boolean }> => {
  const moved = docKey(ask.docNo) !== docKey(record.docNo)
  const fields = Object.fromEntries(
    Object.entries({ ...record.fields, ...ask.fields }).filter(([, v]) => v !== null && v !== ''),
  )
  const [outcome] = await storeRecords(
    tx,
    ctx,
    [
      {
        subjectId: record.subjectId,
        subjectKind: record.facts.subjectKind,
        division: record.division,
        item: record.item,
        authorityId: record.authorityId,
        authorityKey: record.authorityKey,
        authorityName: record.authorityName,
        docNo: ask.docNo,
        decidedOn: ask.decidedOn,
        publishedOn: record.publishedOn,
        fields,
        secret: await secretsOf(tx, ctx, record),
        facts: ask.facts,
        // Of the correction, not of what was handed in: the submission keeps its balance.
        submissionId: ask.caseId,
        rowN: 1,
        // Under its right number it is no late report.
        backfill: moved || record.backfill,
      },
    ],
    { byPerson: true },
  )
  if (outcome?.verdict !== 'accepted') return mustNot('RECORD_NOT_FOUND')
  const { reason, basis, caseId } = ask
  const on = { channel: null, effectiveFrom: today(ctx), reason, basis, caseId }
  const { subjectId } = record
  if (moved) await dispose(tx, ctx, { ...on, subjectId, recordId: record.id, kind: 'annulled' })
  const now = await dispose(tx, ctx, { ...on, subjectId, recordId: outcome.recordId, kind: 'corrected' })
  await liftOvertaken(tx, ctx, { subjectId, recordId: outcome.recordId, fields: ask.fields, reason })
  return { record: now, moved }
}
