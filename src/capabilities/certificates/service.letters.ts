import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { Lang } from '../../kernel/words.ts'
import { type Ctx, actorRef, authorityOf, hasRole } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { addressOf } from '../../platform/address.ts'
import { letterPdf } from '../../platform/pdf.ts'
import { authorityById } from '../access/index.ts'
import { deliveriesAbout, deliveriesOf } from '../messages/index.ts'
import { grouped } from './codes.ts'
import type { RegisteredLetter } from './contract.ts'

import { registerCase } from './register.ts'
import type { LetterOf, ReceiptWay } from './states.ts'
import * as store from './store.ts'
import { letterNumber } from './words.ts'

/** Letters as the subject, the window and the authority read them. */

const AUTHORITY = ['officer', 'head', 'credit_office'] as const
const actsFor = (ctx: Ctx, subjectId: string): boolean =>
  ctx.actor.kind === 'person' && hasRole(ctx.actor, 'enterprise') && ctx.actor.subjectIds.includes(subjectId)
const mayHandOver = (ctx: Ctx, l: store.Registered): boolean =>
  hasRole(ctx.actor, 'window_clerk') &&
  ctx.actor.kind === 'person' &&
  ctx.actor.authorityId !== null &&
  l.windowAuthorityId === ctx.actor.authorityId

const authorityName = async (ctx: Ctx, id: string | null): Promise<string | null> =>
  id === null ? null : ((await authorityById(ctx.db.kysely, id))?.name ?? null)

const viewOf = async (ctx: Ctx, l: store.Registered): Promise<RegisteredLetter> => {
  const db = ctx.db.kysely
  // How it was sent is the sender's matter.
  const posted = hasRole(ctx.actor, ...AUTHORITY) ? await deliveriesAbout(db, { kind: 'letter', id: l.id }) : []
  const views = await deliveriesOf(ctx, db, [...new Set(posted.map((d) => d.messageId))])
  return {
    subjectId: l.subjectId,
    id: l.id,
    itemId: l.itemId,
    number: letterNumber(l),
    code: grouped(l.code),
    letter: l.letter,
    receipt:
      l.receivedAt && l.receivedWay
        ? { way: l.receivedWay, at: l.receivedAt, authorityName: await authorityName(ctx, l.receiptAuthorityId) }
        : null,
    deliveries: [...views.values()].flat(),
    mayHandOver: l.receivedAt === null && mayHandOver(ctx, l),
  }
}

type Listing = { subject: string; after?: string | undefined; limit: number }
const lettersOf = async (ctx: Ctx, ask: Listing & { of: LetterOf; item: string }): Promise<Page<RegisteredLetter>> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  await registerCase(ctx, ask)
  const page = pageOf(
    await store.listLetters(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 }),
    ask.limit,
    (l) => [l.at, l.id],
  )
  return { rows: await Promise.all(page.rows.map((l) => viewOf(ctx, l))), next: page.next }
}

export const listLetters = (ctx: Ctx, ask: Listing & { item: string }): Promise<Page<RegisteredLetter>> =>
  lettersOf(ctx, { ...ask, of: 'repair_item' })
export const listApplicationLetters = (ctx: Ctx, ask: Listing & { id: string }): Promise<Page<RegisteredLetter>> =>
  lettersOf(ctx, { ...ask, of: 'application', item: ask.id })
export const listObjectionLetters = (ctx: Ctx, ask: Listing & { objection: string }): Promise<Page<RegisteredLetter>> =>
  lettersOf(ctx, { ...ask, of: 'objection', item: ask.objection })

const findOrRegister = async (ctx: Ctx, key: { subject: string; id: string }): Promise<store.Registered> => {
  const found = await store.findLetter(ctx.db.kysely, ctx.actor, key)
  if (found) return found
  const of = await store.caseOfLetter(ctx.db.kysely, key)
  if (of) await registerCase(ctx, { subject: key.subject, ...of })
  return (await store.findLetter(ctx.db.kysely, ctx.actor, key)) ?? mustNot('NO_SUCH_LETTER')
}

/** The first time counts; answers the receipt that stands. */
const receive = (ctx: Ctx, l: store.Registered, way: ReceiptWay): Promise<store.ReceiptRow> =>
  inTx(ctx, async (tx) => {
    const first = await store.insertReceipt(tx, {
      subjectId: l.subjectId,
      letterId: l.id,
      way,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
      authorityId: way === 'window' ? authorityOf(ctx.actor) : null,
    })
    if (first) {
      recordAct(tx, ctx, {
        act: 'certificates.receive_letter',
        target: { kind: 'letter', id: l.id },
        subjectId: l.subjectId,
        details: { way },
      })
    }
    return (await store.receiptOf(tx, { subject: l.subjectId, letter: l.id })) ?? mustNot('NO_SUCH_LETTER')
  })

export const receiveLetter = async (ctx: Ctx, key: { subject: string; id: string }) => {
  const letter = await findOrRegister(ctx, key)
  const way = actsFor(ctx, letter.subjectId) ? 'online' : 'window'
  const { at, way: standing, authorityId } = await receive(ctx, letter, way)
  return { way: standing, at, authorityName: await authorityName(ctx, authorityId) }
}

/** Who acts for the subject and fetches the paper has received it. */
export const downloadLetter = async (
  ctx: Ctx,
  ask: { subject: string; id: string; lang?: Lang | undefined },
): Promise<FileReply> => {
  const l = await findOrRegister(ctx, ask)
  if (actsFor(ctx, l.subjectId)) await receive(ctx, l, 'online')
  const lang = ask.lang ?? ctx.lang
  const number = letterNumber(l)
  const body = await letterPdf(
    { ...l.letter, on: l.on },
    { lang, number, verify: { code: grouped(l.code), url: addressOf(ctx, `/verify/${l.code}`) } },
  )
  return { file: { name: `${l.letter.title[lang]} ${number[lang]}.pdf`, mediaType: 'application/pdf', body } }
}
