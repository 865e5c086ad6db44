import { mustNot } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { type Ctx, actorName, authorityOf, hasRole, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import {
  type Tombstone,
  type TombstoneScope,
  catalogItemOn,
  dispose,
  holdRecord,
  liftTombstone as lift,
  listTombstones as tombstoneRows,
  lockTombstone,
  publicFieldRows,
} from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import { maskName } from '../../kernel/mask.ts'
import type { TombstoneView } from './contract.ts'
import { itemName } from './views.ts'

/** What may not be reported again; the head of its authority lets it in, by name and with a reason. */

const scopeOf = (ctx: Ctx): TombstoneScope => {
  const { actor } = ctx
  if (hasRole(actor, 'credit_office') && actor.kind === 'person' && actor.division) return { territory: actor.division }
  const authorityId = authorityOf(actor)
  return authorityId ? { authorityId } : mustNot('FORBIDDEN')
}

const viewOf = (ctx: Ctx, t: Tombstone, subjectName: string): TombstoneView => {
  const item = catalogItemOn(ctx.policy.catalog, t.item, today(ctx))
  const label = (key: string) => item?.fields.find((f) => f.key === key)?.label ?? { zh: key, en: key }
  return {
    id: t.id,
    subjectId: t.subjectId,
    recordId: t.recordId,
    subjectName,
    itemName: itemName(ctx, t.item),
    docNo: t.docNo,
    authorityName: t.authorityName,
    objectionNo: t.caseNo,
    reason: t.reason,
    fields: Object.entries(t.keepsOut ?? {}).map(([key, value]) => ({
      label: label(key),
      value: publicFieldRows({ [key]: value }, item, ctx.lang)[0]?.value ?? '',
    })),
    at: t.at,
    lifted: t.lifted,
    mayLift: !t.lifted && hasRole(ctx.actor, 'head') && authorityOf(ctx.actor) === t.authorityId,
  }
}
const namesOf = async (db: Reader, rows: readonly Tombstone[]): Promise<Map<string, string>> => {
  const subjects = await subjectsById(
    db,
    rows.map((t) => t.subjectId),
  )
  return new Map([...subjects.values()].map((s) => [s.id, s.kind === 'natural_person' ? maskName(s.name) : s.name]))
}

export const listTombstones = async (
  ctx: Ctx,
  ask: { state: 'standing' | 'lifted'; after?: string | undefined; limit: number },
) => {
  const found = await tombstoneRows(ctx.db.kysely, scopeOf(ctx), {
    lifted: ask.state === 'lifted',
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const shown = found.slice(0, ask.limit)
  const names = await namesOf(ctx.db.kysely, shown)
  const last = shown.at(-1)
  return {
    rows: shown.map((t) => viewOf(ctx, t, names.get(t.subjectId) ?? '')),
    next: found.length > ask.limit && last ? encodeCursor([last.at, last.id]) : null,
  }
}

/** A record taken back as a whole is there again with this; values are let in by the next report that says them. */
export const liftTombstone = (ctx: Ctx, ask: { id: string; reason: string }): Promise<TombstoneView> =>
  inTx(ctx, async (tx) => {
    const t = (await lockTombstone(tx, scopeOf(ctx), ask.id)) ?? mustNot('NO_SUCH_TOMBSTONE')
    if (t.lifted) mustNot('TOMBSTONE_LIFTED')
    await lift(tx, ctx, t, ask.reason)
    if (t.keepsOut === null) {
      const { record } = await holdRecord(tx, t.subjectId, t.recordId)
      const withheld = record.windows.some((w) => w.end?.by === 'withheld')
      const kind = record.state === 'annulled' ? 'reinstated' : withheld ? 'restored' : null
      if (kind)
        await dispose(tx, ctx, {
          subjectId: t.subjectId,
          recordId: t.recordId,
          kind,
          channel: null,
          effectiveFrom: today(ctx),
          reason: ask.reason,
          basis: { tombstone: t.id, objection: t.caseNo },
          caseId: t.caseId,
        })
    }
    recordAct(tx, ctx, {
      act: 'objections.lift_tombstone',
      target: { kind: 'tombstone', id: t.id },
      subjectId: t.subjectId,
      details: { record: t.recordId, objection: t.caseNo },
    })
    const names = await namesOf(tx, [t])
    const by = actorName(ctx.actor)
    const lifted = { at: ctx.clock.now(), by, reason: ask.reason }
    return viewOf(ctx, { ...t, lifted }, names.get(t.subjectId) ?? '')
  })
