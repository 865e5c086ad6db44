import { mustNot } from '../../kernel/decision.ts'
import type { StoredFile } from '../../kernel/api.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorName, actorRef, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findAuthority } from '../access/index.ts'
import type { AcceptedMends } from './contract.ts'
import type { Mapping } from './files/header.ts'
import { readMapping } from './files/mapping.ts'
import { itemOf } from './open.ts'
import type { KnownAuthority } from './rules.ts'
import * as store from './store.ts'
import type { WayIn } from './words.ts'

export const mappingFrom = (text: string | undefined, item: CatalogItem): Mapping | null =>
  text?.trim() ? readMapping(text, item.fields) : null

export const mustItem = (ctx: Ctx, code: string): CatalogItem =>
  itemOf(ctx, code, today(ctx)) ?? mustNot('NO_SUCH_ITEM', { item: code })

/** The authority the caller reports for, which has the duty; the credit office may hand in on behalf of others. */
export const mustReport = (authority: KnownAuthority | null, item: CatalogItem): KnownAuthority => {
  if (!authority) return mustNot('NO_AUTHORITY')
  if (!authority.isCreditOffice && !authority.duties.includes(item.code)) {
    return mustNot('NOT_YOUR_DUTY', { authority: authority.name, item: item.name })
  }
  return authority
}
export const ownAuthority = async (ctx: Ctx): Promise<KnownAuthority | null> => {
  const id = authorityOf(ctx.actor)
  return id ? findAuthority(ctx.db.kysely, { id }) : null
}

const numberOf = (id: string, day: string): string =>
  `${day.replaceAll('-', '')}-${id.replaceAll('-', '').slice(-10).toUpperCase()}`

type NewSubmission = {
  item: CatalogItem
  authority: KnownAuthority
  wayIn: WayIn
  file: StoredFile
  mapping: Mapping | null
  corrects: string | null
  backfill: boolean
  mending?: AcceptedMends | null
  /** Who hands in, where that is no person and no key. */
  by?: string
}
export const draft = (ctx: Ctx, ask: NewSubmission): store.Submission => {
  const id = newId()
  return {
    id,
    no: numberOf(id, today(ctx)),
    authorityId: ask.authority.id,
    authorityName: ask.authority.name,
    division: ask.authority.division,
    item: ask.item.code,
    wayIn: ask.wayIn,
    fileHash: ask.file.hash,
    fileName: ask.file.name,
    bytes: ask.file.bytes,
    state: 'received',
    refusal: null,
    mapping: ask.mapping,
    header: null,
    received: 0,
    accepted: 0,
    refused: 0,
    pending: 0,
    alreadyHeld: 0,
    readTo: 0,
    totalRows: 0,
    mending: ask.mending ?? null,
    continuedFrom: null,
    corrects: ask.corrects,
    backfill: ask.backfill,
    createdAt: ctx.clock.now(),
    createdBy: actorRef(ctx.actor),
    handedInBy: ask.by ?? actorName(ctx.actor),
    finishedAt: null,
  }
}
export const enter = async (tx: Tx, ctx: Ctx, s: store.Submission): Promise<void> => {
  await store.insertSubmission(tx, s)
  recordAct(tx, ctx, {
    act: 'collection.submit',
    target: { kind: 'submission', id: s.id },
    details: { item: s.item, wayIn: s.wayIn, file: s.fileHash, backfill: s.backfill },
  })
}

export const mustFind = async (ctx: Ctx, id: string, tx?: Tx): Promise<store.Submission> =>
  (await store.findSubmission(tx ?? ctx.db.kysely, store.scopeOf(ctx.actor), id)) ?? mustNot('NO_SUCH_SUBMISSION')

/** The file's row stands before anything refers to it. */
export const registerFile = (tx: Tx, ctx: Ctx, file: StoredFile): Promise<void> =>
  store.insertFile(tx, file, ctx.clock.now())

/**
 * For ways in that bring whole files: the file and its submission stand together with what the caller keeps `alongside`, and
 * the pipeline does the rest.
 */
export const enterFile = (
  ctx: Ctx,
  ask: {
    item: string
    authority: KnownAuthority | null
    file: StoredFile
    wayIn: WayIn
    backfill: boolean
    by?: string
  },
  alongside: (tx: Tx, s: { id: string; no: string }) => Promise<void>,
): Promise<{ id: string; no: string }> => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(ask.authority, item)
  return inTx(ctx, async (tx) => {
    await registerFile(tx, ctx, ask.file)
    const s = draft(ctx, { ...ask, item, authority, mapping: null, corrects: null })
    await enter(tx, ctx, s)
    await alongside(tx, s)
    return s
  })
}
