import { mustNot } from '../../kernel/decision.ts'
import { docKey } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { AnnulCause, RecordView } from './contract.ts'
import { type HeldRecord, disposeHeld, holdRecord, viewOf } from './service.ts'
import * as store from './store.ts'
import { removedBy } from './tombstone.ts'

const LAW: Words = { zh: '中华人民共和国行政处罚法', en: 'Administrative Penalty Law' }
const BASIS = { instrument: LAW, article: '第四十八条' }

/** A record of the caller's own authority, as the caller saw it, held until the end of the transaction. */
const ownRecord = async (tx: Tx, ctx: Ctx, ask: { id: string; seen: number }): Promise<HeldRecord> => {
  const found = await store.getRecordById(tx, ask.id)
  if (authorityOf(ctx.actor) !== found.authorityId) mustNot('NOT_YOUR_RECORD')
  const own = await holdRecord(tx, found.subjectId, found.id)
  if (own.record.version !== ask.seen) mustNot('STALE', { version: own.record.version })
  return own
}

type Why = { cause: AnnulCause; reason: string; annulledOn?: LocalDate | undefined }
const annul = async (tx: Tx, ctx: Ctx, own: HeldRecord, { cause, reason, annulledOn }: Why) => {
  if (annulledOn && (annulledOn > today(ctx) || annulledOn < own.record.decidedOn)) mustNot('ANNULLED_LATER')
  const basis = { ...BASIS, cause, ...(annulledOn ? { annulledOn } : {}) }
  const ask = { kind: 'annulled', channel: null, effectiveFrom: today(ctx), reason, basis } as const
  const record = await disposeHeld(tx, ctx, own, ask)
  const { id, subjectId, version, item } = own.record
  recordAct(tx, ctx, {
    act: 'records.annul',
    target: { kind: 'record', id },
    subjectId,
    details: { version, item, cause },
  })
  return record
}

/**
 * The deciding authority takes back what it reported. It is not a deletion: the record stays on the internal file, marked and
 * with the reason, and goes from every channel at once (行政处罚法第四十八条).
 */
export const annulRecord = (
  ctx: Ctx,
  ask: {
    id: string
    seen: number
    cause?: AnnulCause | undefined
    annulledOn?: string | undefined
    reason: string
  },
): Promise<RecordView> =>
  inTx(ctx, async (tx) => {
    const own = await ownRecord(tx, ctx, ask)
    if (own.record.state === 'annulled') mustNot('ALREADY_ANNULLED')
    const record = await annul(tx, ctx, own, {
      cause: ask.cause ?? 'other',
      reason: ask.reason,
      annulledOn: ask.annulledOn as LocalDate | undefined,
    })
    return viewOf(ctx, record, ctx.lang, record.fields)
  })

/** Annulled by mistake: its authority says so, and what had been shown is shown again for what is left of its term. */
export const reinstateRecord = (ctx: Ctx, ask: { id: string; seen: number; reason: string }): Promise<RecordView> =>
  inTx(ctx, async (tx) => {
    const own = await ownRecord(tx, ctx, ask)
    if (own.record.state !== 'annulled') mustNot('NOT_ANNULLED')
    const no = await removedBy(tx, own.record.subjectId, own.record.id)
    if (no) mustNot('REMOVED_BY_OBJECTION', { no })
    const record = await disposeHeld(tx, ctx, own, {
      kind: 'reinstated',
      channel: null,
      effectiveFrom: today(ctx),
      reason: ask.reason,
      basis: BASIS,
    })
    const { id, subjectId, version, item } = own.record
    recordAct(tx, ctx, {
      act: 'records.reinstate',
      target: { kind: 'record', id },
      subjectId,
      details: { version, item },
    })
    return viewOf(ctx, record, ctx.lang, record.fields)
  })

export type NumberToAnnul = Why & {
  docNo: string
  /** Where it is said whose it is: several subjects may hold a record under one number. */
  subjectId: string | null
}
export type AnnulledNumber =
  | { outcome: 'annulled' | 'already_annulled'; recordId: string }
  | { outcome: 'not_found' | 'several' }
/** An authority annuls by a list of its numbers; each is answered, and what cannot be told apart is left alone. */
export const annulNumbers = async (
  tx: Tx,
  ctx: Ctx,
  ask: { authorityId: string; item: string; rows: readonly NumberToAnnul[] },
): Promise<AnnulledNumber[]> => {
  const docKeys = [...new Set(ask.rows.map((r) => docKey(r.docNo)))]
  const held = await store.byNumbers(tx, { authorityId: ask.authorityId, item: ask.item, docKeys })
  const outcomes: AnnulledNumber[] = []
  for (const row of ask.rows) {
    const key = docKey(row.docNo)
    const found = held.filter((h) => h.docKey === key && (row.subjectId === null || h.subjectId === row.subjectId))
    const [one] = found
    if (!one || found.length > 1) {
      outcomes.push({ outcome: one ? 'several' : 'not_found' })
      continue
    }
    const own = await holdRecord(tx, one.subjectId, one.id)
    const known = own.record.state === 'annulled'
    if (!known) await annul(tx, ctx, own, row)
    outcomes.push({ outcome: known ? 'already_annulled' : 'annulled', recordId: one.id })
  }
  return outcomes
}
