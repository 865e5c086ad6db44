import { mustNot, unwrap } from '../../kernel/decision.ts'
import { step } from '../../kernel/states.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Standing, peerStanding } from '../exchange/index.ts'
import type { TalkView } from './contract.ts'
import { both, figuresFor, inScope, officeOf, partyOf, tellOffice, tellParty } from './party.ts'
import { talkDays, talksRule, wasLate } from './rules.ts'
import { TALK_MOVES, type TalkAction, type TalkEnding } from './states.ts'
import * as store from './store.talks.ts'
import { lockParty } from './store.ts'
import { talkViews } from './views.talks.ts'
import { AGREEMENT_MESSAGES } from './words.ts'

/** 约谈 and 整改 (Order 36 art. 24): who was summoned, what was asked by which day, and what came of it. */

const viewOf = async (ctx: Ctx, id: string): Promise<TalkView> => {
  const talk = (await store.findTalk(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_TALK')
  return (await talkViews(ctx, [talk]))[0]!
}
const inBoth = (params: (lang: 'zh' | 'en') => Record<string, unknown>) => ({ zh: params('zh'), en: params('en') })
const NOBODY: Words = { zh: '信用信息主管部门', en: 'the credit office' }

export const callTalk = async (
  ctx: Ctx,
  ask: { peer: string; person: string; capacity: string; calledFor: string; reason: string },
): Promise<TalkView> => {
  const id = newId()
  await inTx(ctx, async (tx) => {
    await lockParty(tx, ask.peer)
    const p = await partyOf(ctx, tx, ask.peer)
    const on = today(ctx)
    const calledFor = ask.calledFor as LocalDate
    const rule = talksRule(ctx.policy, on)
    const figures = (await figuresFor(ctx, tx, [p])).get(p.id)!
    if (!rule || !wasLate(figures)) return mustNot('TALK_NOT_DUE')
    const { capacities } = rule.value
    const capacity = capacities.find((c) => c.code === ask.capacity)?.name
    const who = capacities.map((c) => c.name[ctx.lang]).join(ctx.lang === 'zh' ? '、' : ', ')
    if (!capacity) return mustNot('TALK_CAPACITY', { who })
    if (!talkDays.called(calledFor, on)) mustNot('TALK_CALLED_FOR')
    const { instrument, article } = rule.row
    const done = await store.insertTalk(tx, {
      id,
      peerId: p.id,
      state: 'called',
      person: ask.person,
      capacity: ask.capacity,
      calledFor,
      reason: ask.reason,
      basis: { instrument, article, rule: rule.row.id, capacity },
      figures,
      calledAt: ctx.clock.now(),
      calledBy: actorRef(ctx.actor),
      heldOn: null,
      minutes: '',
      asks: '',
      dueOn: null,
      heldBy: null,
      closedAt: null,
      closedBy: null,
      figuresAfter: null,
      note: '',
      version: 1,
    })
    if (!done) mustNot('TALK_OPEN')
    const office = (await officeOf(tx, p))?.name
    await tellParty(tx, ctx, p, {
      kind: 'party_called',
      title: AGREEMENT_MESSAGES.calledTitle,
      body: both(
        AGREEMENT_MESSAGES.calledBody,
        inBoth((lang) => ({
          name: p.name,
          person: ask.person,
          capacity: capacity[lang],
          late: figures.late,
          doneLate: figures.doneLate,
          day: say(dayWords(calledFor), lang),
          reason: ask.reason,
          law: `${instrument[lang]}${lang === 'zh' ? '' : ' '}${article}`,
          office: office ?? NOBODY[lang],
        })),
      ),
      about: { kind: 'talk', id },
      key: `agreements/talk/${id}/called`,
    })
    recordAct(tx, ctx, {
      act: 'agreements.call_talk',
      target: { kind: 'talk', id },
      details: { peer: p.id, capacity: ask.capacity, for: ask.calledFor },
    })
    return undefined
  })
  return viewOf(ctx, id)
}

type Locked = { talk: store.Talk; p: Standing }
const lock = async (tx: Tx, ctx: Ctx, ask: { id: string; seen: number }, action: TalkAction): Promise<Locked> => {
  const found = (await store.findTalk(tx, ask.id)) ?? mustNot('NO_SUCH_TALK')
  await lockParty(tx, found.peerId)
  const held = (await store.lockTalk(tx, ask.id)) ?? mustNot('NO_SUCH_TALK')
  const p = await peerStanding(tx, held.peerId)
  if (!p || !inScope(ctx, p)) return mustNot('NO_SUCH_TALK')
  if (held.version !== ask.seen) mustNot('STALE')
  const roles = ctx.actor.kind === 'system' ? (['credit_office'] as const) : rolesOf(ctx.actor)
  return { talk: { ...held, state: unwrap(step(TALK_MOVES, held.state, action, roles)) }, p }
}

export const holdTalk = async (
  ctx: Ctx,
  ask: { id: string; heldOn: string; minutes: string; asks: string; dueOn: string; seen: number },
): Promise<TalkView> => {
  await inTx(ctx, async (tx) => {
    const { talk, p } = await lock(tx, ctx, ask, 'hold')
    const days = { calledOn: dayOf(talk.calledAt), heldOn: ask.heldOn as LocalDate, dueOn: ask.dueOn as LocalDate }
    if (!talkDays.held(days, today(ctx))) mustNot('TALK_DAYS')
    const { heldOn, dueOn } = days
    const { minutes, asks } = ask
    await store.saveTalk(tx, { ...talk, heldOn, dueOn, minutes, asks, heldBy: actorRef(ctx.actor) })
    const office = (await officeOf(tx, p))?.name
    await tellParty(tx, ctx, p, {
      kind: 'party_asked',
      title: AGREEMENT_MESSAGES.askedTitle,
      body: both(
        AGREEMENT_MESSAGES.askedBody,
        inBoth((lang) => ({
          name: p.name,
          held: say(dayWords(heldOn), lang),
          day: say(dayWords(dueOn), lang),
          asks,
          office: office ?? NOBODY[lang],
        })),
      ),
      about: { kind: 'talk', id: talk.id },
      key: `agreements/talk/${talk.id}/asked`,
    })
    recordAct(tx, ctx, {
      act: 'agreements.hold_talk',
      target: { kind: 'talk', id: talk.id },
      details: { peer: p.id, held: heldOn, due: dueOn },
    })
  })
  return viewOf(ctx, ask.id)
}

/** What came of it stands beside the lateness of that day; what follows from it is for people to propose. */
export const closeTalk = async (
  ctx: Ctx,
  ask: { id: string; action: TalkEnding; note: string; seen: number },
): Promise<TalkView> => {
  await inTx(ctx, async (tx) => {
    const { talk, p } = await lock(tx, ctx, ask, ask.action)
    const figuresAfter = (await figuresFor(ctx, tx, [p])).get(p.id) ?? null
    const by = { closedAt: ctx.clock.now(), closedBy: actorRef(ctx.actor) }
    await store.saveTalk(tx, { ...talk, ...by, figuresAfter, note: ask.note })
    recordAct(tx, ctx, {
      act: 'agreements.close_talk',
      target: { kind: 'talk', id: talk.id },
      details: { peer: p.id, state: talk.state },
    })
  })
  return viewOf(ctx, ask.id)
}

/** Once the day for mending has passed the credit office is told, once. */
export const watchTalks = async (ctx: Ctx): Promise<number> => {
  const past = await store.talksPast(ctx.db.kysely, today(ctx))
  for (const talk of past)
    await inTx(ctx, async (tx) => {
      const p = await peerStanding(tx, talk.peerId)
      if (!p || !talk.dueOn) return
      const day = dayWords(talk.dueOn)
      const params = inBoth((lang) => ({ name: p.name, day: say(day, lang) }))
      await tellOffice(tx, ctx, p, {
        kind: 'talk_late',
        title: both(AGREEMENT_MESSAGES.talkLateTitle, params),
        body: both(AGREEMENT_MESSAGES.talkLateBody, params),
        about: { kind: 'talk', id: talk.id },
        key: `agreements/talk/${talk.id}/late/${talk.dueOn}`,
      })
    })
  return past.length
}
