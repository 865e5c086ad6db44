import type { Lang } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { Drafter, RecordDraft } from './draft.ts'
import { saysTheSame } from './intake.ts'
import { catalogItemOn, publicFieldRows } from './rules.ts'
import * as store from './store.ts'
import { undone, valuesKeptOut } from './tombstone.ts'

/** A field that a new version would say otherwise, as a person reads it; what is secret is named and not shown. */
export type FieldChange = { label: string; was: string; becomes: string }
export type ForeseenRecord =
  | { verdict: 'new' }
  | { verdict: 'already_held' | 'annulled'; recordId: string }
  | { verdict: 'kept_out'; recordId: string; caseNo: string; keys: string[] }
  | { verdict: 'changed'; recordId: string; changes: FieldChange[] }

/** What differs between two states of one record's fields. */
export const changesBetween = (
  ctx: Pick<Ctx, 'policy'>,
  item: string,
  on: Parameters<typeof catalogItemOn>[2],
  lang: Lang,
  was: Record<string, unknown>,
  now: Record<string, unknown>,
): FieldChange[] => {
  const catalog = catalogItemOn(ctx.policy.catalog, item, on)
  const byKey = (fields: Record<string, unknown>) =>
    new Map(publicFieldRows(fields, catalog, lang).map((f) => [f.key, f]))
  const [before, after] = [byKey(was), byKey(now)]
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].flatMap((key) => {
    const [a, b] = [before.get(key), after.get(key)]
    return a?.value === b?.value ? [] : [{ label: (b ?? a)?.label ?? '', was: a?.value ?? '', becomes: b?.value ?? '' }]
  })
}

/** As much of a draft as decides what becomes of it. */
export type Foreseeable = Pick<RecordDraft, 'content' | 'docKey' | 'fingerprint'>

/** What `storeDrafts` would make of drafts on the files of subjects that are held, without storing anything. */
export const foreseeRecords = async (
  db: Reader,
  ctx: Ctx,
  drafter: Drafter,
  rows: readonly { draft: Foreseeable; subjectId: string }[],
): Promise<ForeseenRecord[]> => {
  const keyOf = (k: store.NaturalKey) => `${k.subjectId}\n${k.item}\n${k.authorityKey}\n${k.docKey}`
  const keys = rows.map(({ draft, subjectId }) => ({
    subjectId,
    item: draft.content.item,
    authorityKey: draft.content.authorityKey,
    docKey: draft.docKey,
  }))
  const held = new Map((await store.heldKeys(db, keys)).map((h) => [keyOf(h), h]))
  const differ = keys.flatMap((k, i) => {
    const h = held.get(keyOf(k))
    const draft = rows[i]?.draft
    return h && draft && h.state === 'held' && !saysTheSame(drafter, h, draft) ? [h] : []
  })
  const keptOut = await valuesKeptOut(db, differ)
  const records = new Map((await store.findRecords(db, differ)).map((r) => [r.id, r]))
  return rows.map(({ draft }, i): ForeseenRecord => {
    const h = held.get(keyOf(keys[i] as store.NaturalKey))
    if (!h) return { verdict: 'new' }
    if (h.state === 'annulled') return { verdict: 'annulled', recordId: h.id }
    const record = records.get(h.id)
    if (!record) return { verdict: 'already_held', recordId: h.id }
    const { content } = draft
    const back = undone(keptOut.get(h.id) ?? [], content.fields)
    if (back) return { verdict: 'kept_out', recordId: h.id, ...back }
    const changes = changesBetween(ctx, content.item, content.publishedOn, ctx.lang, record.fields, content.fields)
    return { verdict: 'changed', recordId: h.id, changes }
  })
}
