import { mustNot } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { maskName } from '../../kernel/mask.ts'
import type { FileReply, StoredFile } from '../../kernel/api.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import { newToken, sha256 } from '../../platform/crypto.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { mediaTypeOf } from '../../platform/file-type.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import type { HandOverState, HandOverView, PhoneView } from './contract.window.ts'
import { articlesOf, commitmentOf, isRequired } from './rules.ts'
import {
  type Key,
  act,
  attach,
  load,
  materialRulesOf,
  ownApplication,
  ownDraft,
  readWhole,
  sign,
  subjectOf,
  typeOf,
} from './service.ts'
import * as store from './store.ts'
import * as window from './store.window.ts'
import { itemNameOf, materialView, materialsOfAll, neededOf } from './views.ts'

/**
 * From the window to the applicant's phone and back: a link that is told once, opened by one phone, lives for minutes and
 * names nobody. What the phone does is done to one draft and stands in the audit under the hand-over's own name.
 */

const MINUTE = 60_000
const shift = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant

const stateOf = (h: window.HandOverRow, now: Instant): HandOverState => {
  if (h.endedAt !== null) return h.endedBy === 'applicant' ? 'returned' : 'recalled'
  if (h.expiresAt <= now) return 'expired'
  return h.openedAt === null ? 'waiting' : 'opened'
}
const viewOf = (ctx: Ctx, h: window.HandOverRow): HandOverView => ({
  id: h.id,
  state: stateOf(h, ctx.clock.now()),
  madeAt: h.madeAt,
  expiresAt: h.expiresAt,
  openedAt: h.openedAt,
  endedAt: h.endedAt,
})

// ---- the clerk's side

export const atWindow = async (ctx: Ctx, db: Reader, key: Key): Promise<store.ApplicationRow> => {
  const app = await ownApplication(ctx, db, key)
  return app.windowAuthorityId === null ? mustNot('NO_SUCH_APPLICATION') : app
}

/** A new link ends the one before: only one phone at a time. */
export const startHandOver = (ctx: Ctx, key: Key): Promise<{ handOver: HandOverView; token: string }> =>
  inTx(ctx, async (tx) => {
    const app = await ownDraft(ctx, tx, key)
    const authorityId = app.windowAuthorityId ?? mustNot('NO_SUCH_APPLICATION')
    const at = ctx.clock.now()
    const minutes = settingOf(ctx.policy, 'hand_over_minutes', today(ctx))?.value as number | undefined
    await window.endHandOver(tx, app, { at, by: 'replaced' })
    const token = newToken()
    const row: window.HandOverRow = {
      subjectId: app.subjectId,
      id: newId(),
      applicationId: app.id,
      authorityId,
      tokenHash: sha256(token),
      phoneHash: null,
      madeAt: at,
      expiresAt: shift(at, (minutes ?? 0) * MINUTE),
      openedAt: null,
      endedAt: null,
      endedBy: null,
    }
    await window.insertHandOver(tx, row, actorRef(ctx.actor))
    act(tx, ctx, 'hand_over', app, { handOver: row.id })
    return { handOver: viewOf(ctx, row), token }
  })

export const getHandOver = async (ctx: Ctx, key: Key): Promise<{ handOver: HandOverView | null }> => {
  const db = ctx.db.kysely
  const held = await window.latestHandOver(db, await atWindow(ctx, db, key))
  return { handOver: held && viewOf(ctx, held) }
}

export const endHandOver = (ctx: Ctx, key: Key): Promise<{ handOver: HandOverView | null }> =>
  inTx(ctx, async (tx) => {
    const app = await atWindow(ctx, tx, key)
    await window.endHandOver(tx, app, { at: ctx.clock.now(), by: 'clerk' })
    act(tx, ctx, 'recall', app)
    const held = await window.latestHandOver(tx, app)
    return { handOver: held && viewOf(ctx, held) }
  })

/** Readers of the application; the picture is part of what was handed in. */
export const downloadSignature = async (ctx: Ctx, key: Key): Promise<FileReply> => {
  const app = (await store.findApplication(ctx.db.kysely, ctx.actor, key, 'reader')) ?? mustNot('NO_SUCH_APPLICATION')
  const hash = app.signatureHash ?? mustNot('NO_SIGNATURE')
  return { file: { name: 'signature.png', mediaType: 'image/png', body: ctx.files.read(hash) } }
}

// ---- the phone's side

const phoneCtx = (ctx: Ctx, h: window.HandOverRow): Ctx => ({
  ...ctx,
  actor: { kind: 'system', name: `hand_over:${h.id}` },
})

const mustLive = (ctx: Ctx, h: window.HandOverRow): void => {
  const state = stateOf(h, ctx.clock.now())
  if (state === 'expired') mustNot('HAND_OVER_EXPIRED')
  if (state === 'returned' || state === 'recalled') mustNot('HAND_OVER_ENDED')
}

type OnPhone = { h: window.HandOverRow; app: store.ApplicationRow; as: Ctx }
const onPhone = async (ctx: Ctx, tx: Tx, phone: string): Promise<OnPhone> => {
  const h = (await window.findHandOver(tx, { phoneHash: sha256(phone) })) ?? mustNot('HAND_OVER_UNKNOWN')
  mustLive(ctx, h)
  const app = (await store.getByKey(tx, { subject: h.subjectId, id: h.applicationId })) ?? mustNot('HAND_OVER_ENDED')
  if (app.state !== 'draft') mustNot('HAND_OVER_ENDED')
  return { h, app, as: phoneCtx(ctx, h) }
}

const phoneView = async (
  ctx: Ctx,
  db: Reader,
  h: window.HandOverRow,
  app: store.ApplicationRow,
): Promise<PhoneView> => {
  const loaded = await load(ctx, db, app)
  const { kind } = await subjectOf(db, app.subjectId)
  const names = materialRulesOf(loaded)
  const world = { names, others: materialsOfAll(ctx.policy), mayRemove: false }
  const commitment = commitmentOf(
    ctx.policy,
    app.kind,
    loaded.items.map((i) => i.system),
    today(ctx),
  )
  return {
    subjectName: kind === 'natural_person' ? maskName(app.subjectName) : app.subjectName,
    expiresAt: h.expiresAt,
    version: app.version,
    items: loaded.items.map((i) => ({
      itemName: itemNameOf(ctx.policy, i.recordItem),
      docNo: i.docNo,
      authorityName: i.recordAuthority,
    })),
    needed: neededOf(app.kind, names, loaded.materials, loaded.waived).views.map((m) => ({
      code: m.code,
      name: m.name,
      required: isRequired(m),
      present: m.present,
      sharedBy: m.sharedBy,
    })),
    materials: loaded.materials.map((m) => {
      const { kind: code, kindName, name } = materialView(m, world)
      return { kind: code, kindName, name }
    }),
    commitment: {
      text: app.commitmentText?.text ?? commitment.text,
      article: app.commitmentText?.article ?? articlesOf(commitment.basis),
      signedAt: app.commitmentAt,
      byHand: app.signatureHash !== null,
    },
  }
}

export const openHandOver = (ctx: Ctx, ask: { token: string }): Promise<{ phone: string; view: PhoneView }> =>
  inTx(ctx, async (tx) => {
    const h = (await window.findHandOver(tx, { tokenHash: sha256(ask.token) })) ?? mustNot('HAND_OVER_UNKNOWN')
    mustLive(ctx, h)
    const phone = newToken()
    const at = ctx.clock.now()
    if (h.openedAt !== null || !(await window.openHandOver(tx, h, { at, phoneHash: sha256(phone) })))
      mustNot('HAND_OVER_USED')
    const app = (await store.getByKey(tx, { subject: h.subjectId, id: h.applicationId })) ?? mustNot('HAND_OVER_ENDED')
    act(tx, phoneCtx(ctx, h), 'open_hand_over', app, { handOver: h.id })
    return { phone, view: await phoneView(ctx, tx, h, app) }
  })

export const viewOnPhone = (ctx: Ctx, ask: { phone: string }): Promise<PhoneView> =>
  inTx(ctx, async (tx) => {
    const { h, app } = await onPhone(ctx, tx, ask.phone)
    return phoneView(ctx, tx, h, app)
  })

export const uploadOnPhone = async (
  ctx: Ctx,
  ask: { phone: string; kind: string; file: StoredFile },
): Promise<PhoneView> => {
  const mediaType = await typeOf(ctx, ask.file)
  return inTx(ctx, async (tx) => {
    const { h, app, as } = await onPhone(ctx, tx, ask.phone)
    await attach(tx, as, app, { ...ask, mediaType })
    return phoneView(ctx, tx, h, app)
  })
}

export const confirmOnPhone = (ctx: Ctx, ask: { phone: string; seen: number }): Promise<PhoneView> =>
  inTx(ctx, async (tx) => {
    const { h, app, as } = await onPhone(ctx, tx, ask.phone)
    return phoneView(ctx, tx, h, await sign(tx, as, app, { seen: ask.seen }))
  })

export const signOnPhone = async (
  ctx: Ctx,
  ask: { phone: string; seen: number; file: StoredFile },
): Promise<PhoneView> => {
  const body = await readWhole(ctx, ask.file)
  if (mediaTypeOf(body) !== 'image/png') mustNot('SIGNATURE_TYPE')
  return inTx(ctx, async (tx) => {
    const { h, app, as } = await onPhone(ctx, tx, ask.phone)
    return phoneView(ctx, tx, h, await sign(tx, as, app, { seen: ask.seen, signature: ask.file.hash }))
  })
}

export const giveBack = (ctx: Ctx, ask: { phone: string }): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const { app, as } = await onPhone(ctx, tx, ask.phone)
    await window.endHandOver(tx, app, { at: ctx.clock.now(), by: 'applicant' })
    act(tx, as, 'give_back', app)
    return { ok: true as const }
  })
