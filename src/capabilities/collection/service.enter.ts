import { mustNot } from '../../kernel/decision.ts'
import type { StoredFile } from '../../kernel/api.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorRef, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { recordAct } from '../../platform/outbox.ts'
import { findAuthority } from '../access/index.ts'
import type { Mapping } from './files/header.ts'
import { itemOf } from './open.ts'
import type { KnownAuthority } from './rules.ts'
import * as store from './store.ts'
import type { WayIn } from './words.ts'

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
const nameOf = (ctx: Ctx): string => (ctx.actor.kind === 'person' || ctx.actor.kind === 'key' ? ctx.actor.name : '')

type NewSubmission = {
  item: CatalogItem
  authority: KnownAuthority
  wayIn: WayIn
  file: StoredFile
  mapping: Mapping | null
  corrects: string | null
  backfill: boolean
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
    corrects: ask.corrects,
    backfill: ask.backfill,
    createdAt: ctx.clock.now(),
    createdBy: actorRef(ctx.actor),
    handedInBy: nameOf(ctx),
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
