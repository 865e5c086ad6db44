import { mustNot, unwrap } from '../../kernel/decision.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type LocalDate, later } from '../../kernel/time.ts'
import { foldWindows, windowsOf } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { AnnulCause, RecordRow } from '../records/contract.ts'
import {
  type HeldRecord,
  catalogItemOn,
  correctRecord,
  disposeHeld,
  numberTaken,
  publicFieldRows,
  setTombstone,
  windowOn,
} from '../records/index.ts'
import type { CorrectionAsk, EffectView } from './contract.ts'
import { type FieldValue, decidedKey, factsAfter, readCorrection } from './rules.fields.ts'
import type { LetterEffect } from './rules.letters.ts'
import { mayStop } from './rules.ts'
import type { Ground } from './words.ts'

/** What upholding does to a record: worked out for the preview, and carried out through the records' door. */

const OWN = 'credit_china'
const DOC_NO = 'doc_no'

/** As it is kept: fields as they were held, so that it can be told in either language, and looked for in other records. */
export type Effect = {
  does: CorrectionAsk['does']
  changes: { key: string; was: unknown; becomes: FieldValue }[]
  shownUntil: { was: LocalDate | null; becomes: LocalDate | null } | null
  cause: AnnulCause | null
  on: LocalDate
  /** With which the record had come, and which record says it now. */
  submissionId: string
  recordId: string
  /** The rule of the window on this platform's site as it was. */
  rule: string | null
  channel: 'credit_china' | 'necips' | null
}

export const itemOf = (ctx: Ctx, record: Pick<RecordRow, 'item' | 'publishedOn'>): CatalogItem | null =>
  catalogItemOn(ctx.policy.catalog, record.item, record.publishedOn)

const said = (item: CatalogItem | null, key: string, value: unknown, lang: 'zh' | 'en'): string =>
  publicFieldRows({ [key]: value }, item, lang)[0]?.value ?? ''

/** In both languages, for letters. */
export const effectWords = (ctx: Ctx, effect: Effect, of: Pick<RecordRow, 'item' | 'publishedOn'>): LetterEffect => {
  const item = itemOf(ctx, of)
  const both = (key: string, value: unknown): Words => ({
    zh: said(item, key, value, 'zh'),
    en: said(item, key, value, 'en'),
  })
  return {
    does: effect.does,
    until: effect.does === 'stop_showing' ? (effect.shownUntil?.becomes ?? effect.on) : null,
    changes: effect.changes.map((c) => ({
      label: item?.fields.find((f) => f.key === c.key)?.label ?? { zh: c.key, en: c.key },
      was: both(c.key, c.was),
      becomes: both(c.key, c.becomes),
    })),
  }
}

export const effectView = (ctx: Ctx, effect: Effect, of: Pick<RecordRow, 'item' | 'publishedOn'>): EffectView => {
  const item = itemOf(ctx, of)
  const label = (key: string): Words => item?.fields.find((f) => f.key === key)?.label ?? { zh: key, en: key }
  const { does, shownUntil, cause, on } = effect
  return {
    does,
    changes: effect.changes.map((c) => ({
      label: label(c.key),
      was: said(item, c.key, c.was, ctx.lang),
      becomes: said(item, c.key, c.becomes, ctx.lang),
    })),
    shownUntil,
    cause,
    on,
  }
}

export type Planned = {
  effect: Effect
  /** What the record's own columns become. */
  fields: Record<string, FieldValue>
  docNo: string
  decidedOn: LocalDate
  facts: RecordRow['facts']
  from: LocalDate
}

/** What it would do today, or why it cannot be done. Nothing is written. */
export const plan = async (
  tx: Tx,
  ctx: Ctx,
  { record, raw }: HeldRecord,
  ground: Ground,
  ask: CorrectionAsk,
): Promise<Planned> => {
  const on = today(ctx)
  const own = windowOn(record.windows, OWN)
  const until = own?.from ? own.until : null
  const base: Effect = {
    does: ask.does,
    changes: [],
    shownUntil: null,
    cause: null,
    on,
    submissionId: record.submissionId,
    recordId: record.id,
    rule: own?.rule ?? null,
    channel: null,
  }
  const still = { fields: {}, docNo: record.docNo, decidedOn: record.decidedOn, facts: record.facts, from: on }
  if (ask.does === 'reopen') return { ...still, effect: base }
  if (ask.does === 'annul') {
    const shownUntil = own?.from && record.state === 'held' ? { was: until, becomes: on } : null
    return { ...still, effect: { ...base, cause: ask.cause, shownUntil } }
  }
  if (record.state === 'annulled') mustNot('RECORD_TAKEN_BACK')
  if (ask.does === 'stop_showing') {
    const asked = { from: ask.from as LocalDate, channel: ask.channel }
    const from = unwrap(mayStop(ground, record.windows, asked, on))
    const shownUntil = ask.channel === null || ask.channel === OWN ? { was: until, becomes: from } : null
    return { ...still, from, effect: { ...base, channel: ask.channel, shownUntil } }
  }
  const item = itemOf(ctx, record)
  const fields = unwrap(readCorrection(item, record.fields, ask.fields))
  const docNo = typeof fields[DOC_NO] === 'string' ? fields[DOC_NO] : record.docNo
  if (docNo !== record.docNo && (await numberTaken(tx, record, docNo))) mustNot('NUMBER_TAKEN', { doc: docNo })
  const decided = fields[decidedKey(item)]
  const decidedOn = typeof decided === 'string' ? (decided as LocalDate) : record.decidedOn
  const facts = factsAfter(record.facts, fields, item, ctx.policy.lists)
  const windows = foldWindows(windowsOf({ ...facts, decidedOn }, ctx.policy), raw.dispositions)
  const becomes = windowOn(windows, OWN)
  const changes = Object.entries(fields).map(([key, value]) => ({
    key,
    was: record.fields[key] ?? null,
    becomes: value,
  }))
  const moves = becomes?.until !== until || (becomes?.from === null) !== (own?.from === null)
  const shownUntil = moves ? { was: until, becomes: becomes?.from ? becomes.until : later(on, on) } : null
  return {
    fields,
    docNo,
    decidedOn,
    facts: { ...facts, decidedOn },
    from: on,
    effect: { ...base, changes, shownUntil },
  }
}

export type Carrying = {
  ground: Ground
  reason: string
  basis: Record<string, unknown>
  caseId: string
  caseNo: string
}

const stone = (tx: Tx, ctx: Ctx, record: RecordRow, of: Carrying, keepsOut: Record<string, unknown> | null) =>
  setTombstone(tx, ctx, {
    subjectId: record.subjectId,
    recordId: record.id,
    item: record.item,
    authorityId: record.authorityId,
    authorityName: record.authorityName,
    division: record.division,
    docNo: record.docNo,
    keepsOut,
    caseId: of.caseId,
    caseNo: of.caseNo,
    reason: of.reason,
  })

/** Done for good, in the caller's transaction: on every channel, to every holder, and kept from coming back. */
export const carryOutEffect = async (
  tx: Tx,
  ctx: Ctx,
  held: HeldRecord,
  planned: Planned,
  of: Carrying,
): Promise<Effect> => {
  const { effect } = planned
  const { record } = held
  const { reason, basis, caseId } = of
  if (effect.does === 'reopen') return effect
  if (effect.does === 'annul') {
    if (record.state === 'held') {
      const ask = { kind: 'annulled', channel: null, effectiveFrom: planned.from } as const
      await disposeHeld(tx, ctx, held, { ...ask, reason, basis: { ...basis, cause: effect.cause }, caseId })
    }
    await stone(tx, ctx, record, of, null)
    return effect
  }
  if (effect.does === 'stop_showing') {
    const ask = { kind: 'withheld', channel: effect.channel, effectiveFrom: planned.from } as const
    await disposeHeld(tx, ctx, held, { ...ask, reason, basis, caseId })
    await stone(tx, ctx, record, of, null)
    return effect
  }
  const { fields, facts, docNo, decidedOn } = planned
  const done = await correctRecord(tx, ctx, held, { fields, facts, docNo, decidedOn, reason, basis, caseId })
  const was = Object.fromEntries(effect.changes.map((c) => [c.key, c.was]))
  if (done.moved) await stone(tx, ctx, record, of, null)
  else await stone(tx, ctx, record, of, was)
  return { ...effect, recordId: done.record.id }
}
