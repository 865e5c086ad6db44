import type { Channel } from '../../kernel/policy.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { covers } from '../../kernel/territory.ts'
import type { Instant } from '../../kernel/time.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findRecord, windowOn } from '../records/index.ts'
import { DISPOSITION_WORDS } from '../records/words.ts'
import type { HolderView, PropagationView } from './contract.ts'
import { dueOf } from './handing.ts'
import { drawingPeer, inService } from './gate.ts'
import { signerOf } from './keys.ts'
import { askedOf, holderState, holdingOf, withdrawalOn } from './rules.ts'
import { effectOf } from './rules.effect.ts'
import { sandboxOf } from './sandbox.ts'
import { type PulledPage, pullPage } from './service.feed.ts'
import { signPage } from './sign.ts'
import * as store from './store.ts'
import { type Duty, type EffectResult, OWN_SITE } from './words.ts'

/** The channel that this platform's own public site is. */
const SITE_CHANNEL: Channel = 'credit_china'
const CHANNELS: readonly string[] = [SITE_CHANNEL, 'necips']

/** The next page of a peer's feed; while it is being connected, of the sandbox. */
export const feed = async (ctx: Ctx, ask: { after?: string | undefined; limit: number }): Promise<PulledPage> => {
  const peer = await drawingPeer(ctx)
  const sandbox = sandboxOf(peer)
  if (sandbox) {
    const page = await sandbox.page(ctx, peer, ask)
    const signed = await signPage(await signerOf(ctx, peer.algorithm), [JSON.stringify(page)])
    return { signed, next: page.more ? page.next : null }
  }
  return pullPage(ctx, inService(peer), ask)
}

export const acknowledge = async (ctx: Ctx, ask: { acknowledgements: store.Ack[] }) => {
  const peer = await drawingPeer(ctx)
  const sandbox = sandboxOf(peer)
  if (sandbox) return sandbox.acknowledge(ctx, peer, ask.acknowledgements)
  inService(peer)
  return inTx(ctx, async (tx) => {
    const known = new Set(await store.saveAcknowledgements(tx, peer.id, ask.acknowledgements, ctx.clock.now()))
    // One id has many spellings, and here one.
    const unknown = ask.acknowledgements.flatMap((a) => (known.has(a.eventId.toLowerCase()) ? [] : [a.eventId]))
    recordAct(tx, ctx, {
      act: 'exchange.acknowledge',
      target: { kind: 'peer', id: peer.id },
      details: { recorded: known.size, unknown: unknown.length },
    })
    return { recorded: known.size, unknown }
  })
}

/** Row scope: the subject itself, the authority that decided, the window, and the credit office of the territory. */
const maySee = (ctx: Ctx, record: { subjectId: string; authorityId: string; division: string | null }): boolean => {
  const { actor } = ctx
  if (actor.kind === 'system') return true
  if (actor.kind !== 'person') return false
  if (actor.subjectIds.includes(record.subjectId)) return true
  if (hasRole(actor, 'officer', 'head') && actor.authorityId === record.authorityId) return true
  if (hasRole(actor, 'window_clerk', 'auditor')) return true
  return (
    hasRole(actor, 'credit_office') &&
    actor.division !== null &&
    (record.division === null || covers(actor.division, record.division))
  )
}

/** Who holds a record, and since it was withdrawn: who has acknowledged, when, and who is late (D5). */
export const propagation = async (ctx: Ctx, ask: { subjectId: string; recordId: string }): Promise<PropagationView> => {
  const db = ctx.db.kysely
  const record = await findRecord(db, ask.subjectId, ask.recordId)
  if (!record || !maySee(ctx, record)) return mustNot('NO_SUCH_RECORD')
  const news = await store.newsOf(db, ask.subjectId, ask.recordId)
  const said = await store.effectsOf(db, ask.subjectId, ask.recordId)
  const holders = (await store.holdersOf(db, ask.subjectId, ask.recordId)).flatMap((h): HolderView[] => {
    const withdrawal = withdrawalOn(news, h.channel)
    const holding = holdingOf(h.deliveries, withdrawal)
    if (!holding) return []
    const dueOn = withdrawal ? dueOf(ctx, withdrawal.at as Instant, h.ackWorkdays) : null
    return [
      {
        peerId: h.peerId,
        name: { zh: h.name, en: h.name },
        kind: h.kind,
        state: holderState(holding, withdrawal !== null, dueOn, today(ctx)),
        heldSince: holding.heldSince,
        sentAt: holding.withdrawSentAt,
        acknowledgedAt: holding.withdrawAckedAt,
        dueOn,
        takeDownBy: withdrawal ? dueOf(ctx, withdrawal.at as Instant, h.takedownWorkdays) : null,
        verifiedAt: holding.verifiedAt,
        deadAt: withdrawal ? holding.deadAt : null,
        peerState: h.state,
        note: holding.note,
        asked: withdrawal
          ? askedOf(
              holding,
              h.duties,
              said.filter((s) => s.peerId === h.peerId),
              dueOn,
              today(ctx),
            )
          : [],
      },
    ]
  })
  const onSite = withdrawalOn(news, SITE_CHANNEL)
  const own: HolderView = {
    peerId: null,
    name: OWN_SITE,
    kind: null,
    state: onSite ? 'acknowledged' : 'holding',
    heldSince: record.recordedAt,
    sentAt: onSite?.at ?? null,
    acknowledgedAt: onSite?.at ?? null,
    dueOn: null,
    takeDownBy: null,
    verifiedAt: null,
    deadAt: null,
    peerState: null,
    note: '',
    asked: [],
  }
  const reached = windowOn(record.windows, SITE_CHANNEL)
  const ownRows = reached && (reached.from !== null || reached.planned?.from) ? [own] : []
  const last = onSite ?? CHANNELS.map((c) => withdrawalOn(news, c)).find((w) => w !== null) ?? null
  // A change of the rules takes down as well; it is no disposition.
  const reason = last?.reason === 'rule_change' ? null : (last?.reason as DispositionKind | null | undefined)
  return {
    recordId: record.id,
    withdrawnAt: last?.at ?? null,
    reason: reason ? DISPOSITION_WORDS[reason] : null,
    holders: [...ownRows, ...holders],
    effect: effectOf(last?.at ?? null, [...ownRows, ...holders]),
    settled: holders.every((h) => h.state === 'acknowledged' || h.state === 'holding'),
  }
}

/** The credit office writes down what a peer said by letter or telephone about measures or evaluations. */
export const confirmEffect = async (
  ctx: Ctx,
  ask: { id: string; subjectId: string; recordId: string; part: Duty; result: EffectResult; note: string },
): Promise<PropagationView> => {
  await inTx(ctx, async (tx) => {
    const record = await findRecord(tx, ask.subjectId, ask.recordId)
    if (!record || !maySee(ctx, record)) mustNot('NO_SUCH_RECORD')
    const news = await store.newsOf(tx, ask.subjectId, ask.recordId)
    const holder = (await store.holdersOf(tx, ask.subjectId, ask.recordId)).find((h) => h.peerId === ask.id)
    const withdrawal = holder ? withdrawalOn(news, holder.channel) : null
    const holding = holder && withdrawal ? holdingOf(holder.deliveries, withdrawal) : null
    const told = holding?.told.at(-1)
    if (!holder || !holding || !told) return mustNot('EFFECT_NOT_ASKED')
    const said = (await store.effectsOf(tx, ask.subjectId, ask.recordId)).filter((s) => s.peerId === ask.id)
    const asked = askedOf(holding, holder.duties, said, null, today(ctx)).find((a) => a.part === ask.part)
    if (!asked) return mustNot('EFFECT_NOT_ASKED')
    const { part, result, note } = ask
    const given = {
      peerId: ask.id,
      eventId: told.eventId,
      part,
      result,
      note,
      at: ctx.clock.now(),
      actor: actorRef(ctx.actor),
    }
    if (asked.at !== null || !(await store.confirmEffect(tx, given))) mustNot('EFFECT_CONFIRMED')
    recordAct(tx, ctx, {
      act: 'exchange.confirm_effect',
      target: { kind: 'peer', id: ask.id },
      subjectId: ask.subjectId,
      details: { record: ask.recordId, part, result },
    })
    return null
  })
  return propagation(ctx, ask)
}
