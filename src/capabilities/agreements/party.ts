import { mustNot } from '../../kernel/decision.ts'
import { covers } from '../../kernel/territory.ts'
import { addDays } from '../../kernel/time.ts'
import { calendarOf } from '../../kernel/workdays.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, hasRole, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { type Authority, listAuthorities } from '../access/index.ts'
import { type Standing, peerStanding } from '../exchange/index.ts'
import { post } from '../messages/index.ts'
import { type Figures, figuresOf, latenessRule } from './rules.ts'
import * as store from './store.ts'

/** A third party as those see it who watch over it: whether it is theirs, how late it is, and whom to tell. */

/** The credit office of a territory sees the parties that are given something of it. */
export const inScope = (ctx: Ctx, p: Standing): boolean => {
  const { actor } = ctx
  if (actor.kind !== 'person') return actor.kind === 'system'
  if (hasRole(actor, 'auditor')) return true
  return actor.division !== null && (covers(actor.division, p.division) || covers(p.division, actor.division))
}
export const partyOf = async (ctx: Ctx, db: Reader, id: string): Promise<Standing> => {
  const p = await peerStanding(db, id)
  return p && p.kind === 'third_party' && inScope(ctx, p) ? p : mustNot('NO_SUCH_PARTY')
}

export const figuresFor = async (ctx: Ctx, db: Reader, parties: readonly Standing[]): Promise<Map<string, Figures>> => {
  const on = today(ctx)
  const rule = latenessRule(ctx.policy, on).value
  const ids = parties.map((p) => p.id)
  const groups = Map.groupBy(
    ids.length ? await store.owedGroups(db, ids, addDays(on, -rule.withinDays)) : [],
    (g) => g.peerId,
  )
  const calendar = calendarOf(ctx.policy)
  return new Map(parties.map((p) => [p.id, figuresOf(groups.get(p.id) ?? [], calendar, p.ackWorkdays, on)]))
}

export const both = (words: Words, params: Record<'zh' | 'en', Record<string, unknown>>): Words => ({
  zh: say(words, 'zh', params.zh),
  en: say(words, 'en', params.en),
})
/** Who watches over it: the credit office of the widest territory that it is given something of. */
export const officeOf = async (tx: Tx, p: Standing): Promise<Authority | null> =>
  (await listAuthorities(tx, { active: true }))
    .filter((a) => a.isCreditOffice && (covers(a.division, p.division) || covers(p.division, a.division)))
    .toSorted((a, b) => a.division.localeCompare(b.division))[0] ?? null

type Told = { kind: string; title: Words; body: Words; key: string; about: { kind: string; id: string } }
export const tellOffice = async (tx: Tx, ctx: Ctx, p: Standing, message: Told): Promise<void> => {
  const office = await officeOf(tx, p)
  if (!office) return
  await post(tx, ctx, {
    to: { authorityId: office.id, role: 'credit_office' },
    link: '/app/exchange/third-parties',
    by: ['inbox', 'email'],
    ...message,
  })
}
/** By e-mail, where it has an address; what it is told stands on its feed and its own page of the agreement as well. */
export const tellParty = async (tx: Tx, ctx: Ctx, p: Standing, message: Told): Promise<void> => {
  if (!p.mail) return
  await post(tx, ctx, { to: { outside: { name: p.name, mail: p.mail } }, link: null, by: ['email'], ...message })
}
