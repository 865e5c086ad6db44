import { mustNot, unwrap } from '../../kernel/decision.ts'
import { type Page, isUuid, pageOf, readCursor } from '../../kernel/page.ts'
import type { Role } from '../../kernel/roles.ts'
import { step } from '../../kernel/states.ts'
import { covers } from '../../kernel/territory.ts'
import { type Instant, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, type Runtime, actorRef, systemCtx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Authority, authorityById, peopleWith, personNames } from '../access/index.ts'
import { deliveriesOf, post, sendAgain as putBack } from '../messages/index.ts'
import type { OverdueRow } from '../timeliness/contract.ts'
import { overdueOf } from '../timeliness/index.ts'
import type { ReminderView } from './contract.ts'
import { type LevelRule, isAnswered, isAutomatic, levelDue, levelsOn } from './rules.ts'
import { REMINDER_MOVES } from './states.ts'
import * as store from './store.ts'
import { LEVEL_WORDS, type Level, MATTER_ASKS, MATTER_WORDS, type Matter, TITLES } from './words.ts'

/** Whom a level speaks to; the circular speaks for itself. */
const TOLD: Record<Level, Role | null> = { collector: 'collector', head: 'head', circular: null }

/** Where the rows are. */
const linkOf = (what: Matter, ref: string): string =>
  what === 'returned_rows' ? `/app/submissions/${ref}` : `/app/timeliness?view=${what === 'late' ? 'late' : 'missing'}`

const viewsOf = async (ctx: Ctx, rows: readonly store.ReminderRow[]): Promise<ReminderView[]> => {
  const db = ctx.db.kysely
  const deliveries = await deliveriesOf(
    ctx,
    db,
    rows.flatMap((r) => (r.messageId ? [r.messageId] : [])),
  )
  const names = await personNames(db, [
    ...new Set(rows.flatMap((r) => (r.byHand && isUuid(r.raisedBy) ? [r.raisedBy] : []))),
  ])
  return rows.map((r) => ({
    id: r.id,
    authority: { id: r.authorityId, name: r.authorityName },
    division: r.division,
    what: r.what,
    ref: r.ref,
    level: r.level,
    state: r.state,
    count: r.count,
    oldest: r.oldest,
    byHand: r.byHand,
    raisedAt: r.raisedAt,
    raisedBy: r.byHand ? (names.get(r.raisedBy) ?? null) : null,
    answeredAt: r.answeredAt,
    link: linkOf(r.what, r.ref),
    deliveries: (r.messageId && deliveries.get(r.messageId)) || [],
  }))
}

/** Where an authority has named no collector its head is told at once. */
const toldOf = async (tx: Tx, authorityId: string, role: Role): Promise<string[]> => {
  const people = await peopleWith(tx, { authorityId, role })
  return people.length || role !== 'collector' ? people : peopleWith(tx, { authorityId, role: 'head' })
}

type Raise = {
  authority: Authority
  matter: OverdueRow
  rule: LevelRule
  byHand: boolean
  fromRef?: string | undefined
}
const both = (words: Words, params: Record<string, unknown>): Words => ({
  zh: say(words, 'zh', params),
  en: say(words, 'en', params),
})
/** Says it, once a matter and level. Null when it has been said already and is still open. */
const raise = async (
  tx: Tx,
  ctx: Ctx,
  { authority, matter, rule, byHand, fromRef }: Raise,
): Promise<store.ReminderRow | null> => {
  const { what, count, oldest } = matter
  const row: store.ReminderRow = {
    id: newId(Date.parse(ctx.clock.now())),
    authorityId: authority.id,
    authorityName: authority.name,
    division: authority.division,
    what,
    ref: matter.ref,
    level: rule.level,
    state: 'open',
    count,
    oldest,
    byHand,
    messageId: null,
    raisedAt: ctx.clock.now(),
    raisedBy: actorRef(ctx.actor),
    answeredAt: null,
  }
  if (!(await store.insertReminder(tx, row))) return null
  const role = TOLD[rule.level]
  if (role) {
    row.messageId = await post(tx, ctx, {
      to: { personIds: await toldOf(tx, authority.id, role) },
      kind: 'reminder',
      title: both(TITLES[what], { count }),
      body: both(MATTER_ASKS[what], { count, day: dayWords(oldest) }),
      link: linkOf(what, matter.ref),
      about: { kind: 'reminder', id: row.id },
      by: rule.by,
      key: `reminder/${row.id}`,
    })
    await store.setMessage(tx, row.id, row.messageId)
  }
  recordAct(tx, ctx, {
    act: 'reminders.raise',
    target: { kind: 'reminder', id: row.id },
    details: { authorityId: authority.id, what, level: rule.level, count, byHand, ...(fromRef ? { fromRef } : {}) },
  })
  return row
}

// ---- by hand

export const remind = async (
  ctx: Ctx,
  ask: { authorityId: string; what: Matter; ref?: string | undefined; level: Level },
): Promise<ReminderView> => {
  const authority = await authorityById(ctx.db.kysely, ask.authorityId)
  const division = ctx.actor.kind === 'person' ? ctx.actor.division : null
  if (!authority || (division !== null && !covers(division, authority.division))) return mustNot('NOT_FOUND')
  const matter = (await overdueOf(ctx)).find((m) => m.authorityId === authority.id && m.what === ask.what)
  if (!matter) return mustNot('NOTHING_OVERDUE', { authority: authority.name, what: MATTER_WORDS[ask.what] })
  const rule = levelsOn(ctx.policy, today(ctx)).find((r) => r.what === ask.what && r.level === ask.level)
  if (!rule) return mustNot('NOTHING_OVERDUE', { authority: authority.name, what: MATTER_WORDS[ask.what] })
  const row = await inTx(ctx, async (tx) => {
    const raised = await raise(tx, ctx, { authority, matter, rule, byHand: true, fromRef: ask.ref })
    if (raised) return raised
    const held = await store.findOpen(tx, { authorityId: authority.id, what: ask.what, level: ask.level })
    const day = dayOf((held?.raisedAt ?? ctx.clock.now()) as Instant)
    return mustNot('ALREADY_REMINDED', { day: dayWords(day), level: LEVEL_WORDS[ask.level] })
  })
  return (await viewsOf(ctx, [row]))[0]!
}

// ---- by the policy

/** Closes what is mended, brings counts up to date, and tells the next who is due. */
export const remindDue = async (runtime: Runtime): Promise<{ raised: number; answered: number }> => {
  const ctx = systemCtx(runtime, 'reminders')
  const matters = await overdueOf(ctx)
  const nameOf = (of: { authorityId: string; what: Matter }) => `${of.authorityId}/${of.what}`
  const byName = new Map(matters.map((m) => [nameOf(m), m]))
  const open = Map.groupBy(await store.listOpen(ctx.db.kysely), nameOf)
  let answered = 0
  for (const held of open.values()) {
    for (const r of held) {
      const matter = byName.get(nameOf(r))
      if (isAnswered(r.raisedAt, matter)) answered += await close(ctx, r)
      else if (matter && (matter.count !== r.count || matter.oldest !== r.oldest || matter.ref !== r.ref))
        await inTx(ctx, (tx) => store.saveCount(tx, r.id, matter))
    }
  }
  const rules = levelsOn(ctx.policy, today(ctx))
  let raised = 0
  for (const matter of matters) {
    if (!isAutomatic(ctx.policy, matter.what, today(ctx))) continue
    const still = (open.get(nameOf(matter)) ?? []).filter((r) => !isAnswered(r.raisedAt, matter))
    const rule = levelDue(ctx.policy, rules, matter, still, today(ctx))
    const authority = rule && (await authorityById(ctx.db.kysely, matter.authorityId))
    if (!rule || !authority?.active) continue
    if (await inTx(ctx, (tx) => raise(tx, ctx, { authority, matter, rule, byHand: false }))) raised++
  }
  return { raised, answered }
}
const close = (ctx: Ctx, r: store.ReminderRow): Promise<number> =>
  inTx(ctx, async (tx) => {
    unwrap(step(REMINDER_MOVES, r.state, 'answer', ['system']))
    if (!(await store.answer(tx, r.id, ctx.clock.now()))) return 0
    recordAct(tx, ctx, { act: 'reminders.answer', target: { kind: 'reminder', id: r.id } })
    return 1
  })

// ---- who sees them

export const listReminders = async (
  ctx: Ctx,
  ask: Omit<store.ReminderFilter, 'after'> & { after?: string | undefined },
): Promise<Page<ReminderView>> => {
  const [after] = readCursor(ask.after, 'uuid') ?? [null]
  const rows = await store.reminderRows(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.id])
  return { rows: await viewsOf(ctx, page.rows), next: page.next }
}
const mustFind = async (ctx: Ctx, id: string): Promise<store.ReminderRow> =>
  (await store.findReminder(ctx.db.kysely, ctx.actor, id)) ?? mustNot('NO_SUCH_REMINDER')
export const getReminder = async (ctx: Ctx, { id }: { id: string }): Promise<ReminderView> =>
  (await viewsOf(ctx, [await mustFind(ctx, id)]))[0]!
export const sendAgain = async (ctx: Ctx, ask: { id: string; deliveryId: string }): Promise<ReminderView> => {
  const { messageId } = await mustFind(ctx, ask.id)
  await inTx(ctx, (tx) =>
    messageId ? putBack(tx, ctx, { messageId, deliveryId: ask.deliveryId }) : mustNot('NO_SUCH_DELIVERY'),
  )
  return getReminder(ctx, ask)
}
