import { settingOf } from '../../kernel/eligibility.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { listAuthorities, peopleWith } from '../access/index.ts'
import { post } from '../messages/index.ts'
import type { MessageChannel } from '../messages/words.ts'
import { dueOf } from './handing.ts'
import { watchesOver } from './rules.ts'
import { lateWithdrawals } from './service.desk.ts'
import * as desk from './store.desk.ts'
import * as store from './store.ts'
import type { Chased } from './words.push.ts'

/**
 * Whoever has not confirmed is chased (谁未确认谁被催): the credit office is told of each peer that is late, with whom to call, and
 * the peer itself at its address, again each so many working days, until nothing is late any more.
 */

type Rule = { everyWorkdays: number; by: MessageChannel[]; peerBy: MessageChannel[] }
const ruleOf = (ctx: Ctx): Rule =>
  (settingOf(ctx.policy, 'exchange_chase', today(ctx))?.value as Rule | undefined) ?? mustNot('NOT_FOUND')

type Matter = { what: Chased; count: number; oldest: LocalDate }
const mattersOf = async (ctx: Ctx, edge: desk.EdgeRow): Promise<Matter[]> => {
  const late = await lateWithdrawals(ctx, { ...edge, id: edge.peerId })
  const unansweredDue = edge.oldestUnansweredAt ? dueOf(ctx, edge.oldestUnansweredAt, edge.ackWorkdays) : null
  return [
    ...(late.since ? [{ what: 'withdrawals' as const, count: late.count, oldest: late.since }] : []),
    ...(unansweredDue && unansweredDue < today(ctx)
      ? [{ what: 'unanswered' as const, count: edge.unanswered, oldest: dayOf(edge.oldestUnansweredAt!) }]
      : []),
    ...(edge.dead ? [{ what: 'dead' as const, count: edge.dead, oldest: today(ctx) }] : []),
  ]
}

const TITLES: Record<Chased, Words> = {
  withdrawals: { zh: '{peer}逾期未确认撤下{count}条', en: '{peer}: {count} withdrawals not confirmed in time' },
  unanswered: { zh: '{peer}逾期未确认送达{count}条', en: '{peer}: {count} deliveries not acknowledged in time' },
  dead: { zh: '{peer}有{count}条送达发送失败', en: '{peer}: {count} deliveries could not be sent' },
}
const BODIES: Record<Chased, Words> = {
  withdrawals: {
    zh: '该单位应于{day}前确认已撤下停止公示的信息，至今未确认。请联系对方（{contact}）核实并督促办理。',
    en: 'It had to confirm by {day} that what is no longer published has been taken down, and has not. Please call them ({contact}) and see that it is done.',
  },
  unanswered: {
    zh: '最早一条于{day}送达，已超过约定的确认期限。请联系对方（{contact}）核实处理情况并督促确认。',
    en: 'The oldest went on {day}; the agreed term has passed. Please call them ({contact}) and have them acknowledge.',
  },
  dead: {
    zh: '多次发送均未成功，已转入人工处理。请查看失败原因，联系对方（{contact}）处理后重新发送。',
    en: 'They were tried many times. Please see why, talk to the peer ({contact}) and send them again.',
  },
}
/** What the peer itself is told; that sending has failed is ours to mend, so it hears nothing of that. */
const PEER_TITLES: Partial<Record<Chased, Words>> = {
  withdrawals: { zh: '请确认撤下停止公示的信息', en: 'Please confirm that records have been taken down' },
  unanswered: { zh: '请确认已收到共享信息', en: 'Please acknowledge what was sent to you' },
}
const PEER_BODIES: Partial<Record<Chased, Words>> = {
  withdrawals: {
    zh: '{peer}：有{count}条停止公示的信息应于{day}前撤下并确认，至今未收到确认。请尽快撤下，并按约定方式确认。联系单位：{office}。',
    en: '{peer}: {count} records that are no longer published had to be taken down and confirmed by {day}. Please take them down and confirm in the agreed way. Questions: {office}.',
  },
  unanswered: {
    zh: '{peer}：有{count}条共享信息已送达，最早一条于{day}送达，已超过约定的确认期限。请核实处理情况，并按约定方式确认。联系单位：{office}。',
    en: '{peer}: {count} deliveries have reached you, the oldest on {day}, and the agreed term has passed. Please check and acknowledge them in the agreed way. Questions: {office}.',
  },
}
const peerTold = (
  ctx: Ctx,
  of: { what: Chased; peer: string; count: number; oldest: LocalDate },
): { title: Words; body: Words } | null => {
  const [title, body] = [PEER_TITLES[of.what], PEER_BODIES[of.what]]
  const { name } = ctx.policy.jurisdiction
  const said = (lang: 'zh' | 'en') =>
    body
      ? say(body, lang, {
          ...of,
          day: say(dayWords(of.oldest), lang),
          office: say(OFFICE, lang, { place: name[lang] }),
        })
      : ''
  return title && body ? { title, body: { zh: said('zh'), en: said('en') } } : null
}
const OFFICE: Words = { zh: '{place}公共信用信息平台', en: 'the credit platform of {place}' }
const NOBODY: Words = { zh: '未登记联系人', en: 'no contact is registered' }

const tell = async (
  tx: Tx,
  ctx: Ctx,
  rule: Rule,
  edge: desk.EdgeRow,
  matter: Matter,
  of: { id: string; times: number },
): Promise<void> => {
  const peer = await store.findPeer(tx, edge.peerId)
  const offices = (await listAuthorities(tx, { active: true })).filter(
    (a) => a.isCreditOffice && peer !== null && watchesOver(a, peer),
  )
  const people = await Promise.all(offices.map((a) => peopleWith(tx, { authorityId: a.id, role: 'credit_office' })))
  const both = (words: Words): Words => {
    const params = (lang: 'zh' | 'en') => ({
      peer: edge.name,
      count: matter.count,
      contact: edge.contact || NOBODY[lang],
      day: say(dayWords(matter.oldest), lang),
    })
    return { zh: say(words, 'zh', params('zh')), en: say(words, 'en', params('en')) }
  }
  const messageId = await post(tx, ctx, {
    to: { personIds: [...new Set(people.flat())] },
    kind: 'exchange',
    title: both(TITLES[matter.what]),
    body: both(BODIES[matter.what]),
    link: matter.what === 'dead' ? `/app/exchange/dead?by=${edge.peerId}` : '/app/exchange',
    about: { kind: 'chase', id: of.id },
    by: rule.by,
    key: `exchange.chase/${of.id}/${of.times}`,
  })
  await desk.setChaseMessage(tx, of.id, messageId)
  await tellPeer(tx, ctx, rule, { peer, matter, of })
}

/** Asked for by hand or not, the peer is written to no more often than the rule says. */
const tellPeer = async (
  tx: Tx,
  ctx: Ctx,
  rule: Rule,
  { peer, matter, of }: { peer: store.Peer | null; matter: Matter; of: { id: string; times: number } },
): Promise<void> => {
  const told = peer?.mail && rule.peerBy.includes('email') ? peerTold(ctx, { ...matter, peer: peer.name }) : null
  if (!told || !peer) return
  const last = await desk.peerToldAt(tx, of.id)
  if (last && addWorkdays(calendarOf(ctx.policy), dayOf(last), rule.everyWorkdays).day > today(ctx)) return
  await post(tx, ctx, {
    to: { outside: { name: peer.name, mail: peer.mail } },
    kind: 'exchange_late',
    ...told,
    link: null,
    about: { kind: 'chase', id: of.id },
    by: ['email'],
    key: `exchange.chase/${of.id}/${of.times}/peer`,
  })
  await desk.setPeerTold(tx, of.id, ctx.clock.now())
}

const follow = (ctx: Ctx, edge: desk.EdgeRow, matter: Matter, open: desk.ChaseRow | undefined, byHand: boolean) =>
  inTx(ctx, async (tx) => {
    const rule = ruleOf(ctx)
    const at = ctx.clock.now()
    if (!open) {
      const id = newId(Date.parse(at))
      const row = { id, peerId: edge.peerId, ...matter, byHand, at, by: actorRef(ctx.actor) }
      if (!(await desk.insertChase(tx, row))) return 0
      await tell(tx, ctx, rule, edge, matter, { id, times: 1 })
    } else {
      const again = addWorkdays(calendarOf(ctx.policy), dayOf(open.toldAt), rule.everyWorkdays).day
      if (!byHand && again > today(ctx)) {
        if (open.count !== matter.count || open.oldest !== matter.oldest) await desk.saveChase(tx, open.id, matter)
        return 0
      }
      await desk.saveChase(tx, open.id, { ...matter, toldAt: at })
      await tell(tx, ctx, rule, edge, matter, { id: open.id, times: open.times + 1 })
    }
    recordAct(tx, ctx, {
      act: 'exchange.chase',
      target: { kind: 'peer', id: edge.peerId },
      details: { what: matter.what, count: matter.count, byHand },
    })
    return 1
  })

/** Tells of whoever is late, and closes what is late no more. */
export const chaseDue = async (ctx: Ctx): Promise<void> => {
  const open = await desk.openChases(ctx.db.kysely)
  for (const edge of await desk.edgeRows(ctx.db.kysely, COUNTED)) {
    const own = open.filter((c) => c.peerId === edge.peerId)
    const matters = await mattersOf(ctx, edge)
    for (const matter of matters)
      await follow(
        ctx,
        edge,
        matter,
        own.find((c) => c.what === matter.what),
        false,
      )
    for (const c of own) {
      if (matters.some((m) => m.what === c.what)) continue
      await inTx(ctx, (tx) => desk.endChase(tx, c.id, ctx.clock.now()))
    }
  }
}
const COUNTED = 10_000

export const chase = async (ctx: Ctx, { id }: { id: string }): Promise<{ raised: number }> => {
  const peer = (await store.findPeer(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')
  const [edge] = await desk.edgeRows(ctx.db.kysely, COUNTED, id)
  const matters = edge ? await mattersOf(ctx, edge) : []
  if (!edge || !matters.length) return mustNot('NOTHING_LATE', { peer: peer.name })
  const open = await desk.openChases(ctx.db.kysely, id)
  let raised = 0
  for (const matter of matters)
    raised += await follow(
      ctx,
      edge,
      matter,
      open.find((c) => c.what === matter.what),
      true,
    )
  return { raised }
}

export type PeerChase = {
  id: string
  peerId: string
  title: Words
  body: Words
  by: MessageChannel[]
  /** Another one each time that the rule has somebody told again. */
  key: string
}
/** What those who stand behind these peers, and have an account here, are to be told: the same as the peer, as often. */
export const peerChases = async (ctx: Ctx, peerIds: readonly string[]): Promise<PeerChase[]> => {
  const { peerBy } = ruleOf(ctx)
  const open = (await desk.openChases(ctx.db.kysely)).filter((c) => peerIds.includes(c.peerId))
  return open.flatMap((c) => {
    const told = peerTold(ctx, { ...c, peer: c.peerName })
    const key = `exchange.chase/${c.id}/${dayOf(c.toldAt)}`
    return told && peerBy.length ? [{ id: c.id, peerId: c.peerId, ...told, by: peerBy, key }] : []
  })
}
