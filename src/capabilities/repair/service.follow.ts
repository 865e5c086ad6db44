import { unwrap } from '../../kernel/decision.ts'
import type { RepairSystem } from '../../kernel/policy.ts'
import { restartOf } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTurn, lastPosition, lockAlone, nextRun } from '../../platform/follow.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import { type HeldRecord, disposeHeld, findRecords, holdRecord, standingRecord, windowOn } from '../records/index.ts'
import { getSubject } from '../subjects/index.ts'
import { dueColumns } from './rules.clock.ts'
import { goesWithList, pushOf, pushingSystems, untilAs, untilOf } from './rules.follow.ts'
import { act, consequenceOf, isMoot, lapsesOn } from './rules.ts'
import { caseFacts, carryOut } from './service.cases.ts'
import * as store from './store.follow.ts'
import { findCaseOf } from './store.ts'

/**
 * What follows for others when something has happened to a record, drawn afterwards from the events: a decision's own
 * transaction knows nothing of it. Each step looks at what stands and does only what is missing, so that it may come twice.
 */

const NAME = 'records'
const FOLLOW_LOCK = 7_716_022
const COMMITS_AT_ONCE = 500

// ---- applications that lapse

const GONE: Words = {
  zh: '该记录已经停止公示或者被撤销，无需继续办理信用修复。',
  en: 'The record is no longer shown or was taken back; there is nothing left to repair.',
}
const NOT_BACK: Words = {
  zh: '一次性告知后逾期未补正，申请终止办理。',
  en: 'What was asked for in the one-time notice was not brought within the term.',
}
const letLapse = async (tx: Tx, ctx: Ctx, ref: store.ItemRef): Promise<boolean> => {
  const row = await findCaseOf(tx, { subject: ref.subjectId, item: ref.id }, ref.authorityId)
  if (!row) return false
  const held = await standingRecord(tx, row.held)
  const facts = caseFacts(row, held.record)
  const world = { policy: ctx.policy, today: today(ctx), roles: ['officer', 'credit_office'] as const }
  const gone = isMoot(row, facts, world)
  const due = lapsesOn(row, ctx.policy, world.today)
  if (!gone && !(due && due.day <= world.today)) return false
  const input = { note: (gone ? GONE : NOT_BACK).zh }
  const who = { ...world, by: actorRef(ctx.actor), at: ctx.clock.now() }
  // What was proposed about it falls away with it.
  const change = unwrap(act({ ...row, proposal: null }, facts, 'lapse', input, who))
  await carryOut(tx, ctx, { row, held, facts, roles: ['officer'] }, change, input)
  return true
}

const WAITING_AT_ONCE = 500
/** Daily: applications whose applicant has not come back within the term, where the rules set one. */
export const lapseWaiting = async (ctx: Ctx): Promise<number> => {
  let lapsed = 0
  for (let after: [string, string] | null = null; ; ) {
    const rows: store.WaitingRow[] = await store.waitingSince(ctx.db.kysely, after, WAITING_AT_ONCE)
    for (const r of rows) {
      const due = lapsesOn(r, ctx.policy, today(ctx))
      if (due && due.day <= today(ctx) && (await inTx(ctx, (tx) => letLapse(tx, ctx, r)))) lapsed += 1
    }
    const last = rows.at(-1)
    if (rows.length < WAITING_AT_ONCE || !last) return lapsed
    after = [last.updatedAt, last.id]
  }
}

// ---- records that follow others

const WITH_LIST = '移出市场监督管理严重违法失信名单，同时停止公示据以列入的行政处罚信息'
const WITH_LED = '抽查检查所涉行政处罚（列入）信息停止公示，同时停止公示相应的抽查检查结果负面信息'
const LED_AGAIN = '抽查检查所涉行政处罚（列入）信息恢复公示，同时恢复公示相应的抽查检查结果负面信息'
const LED_LONGER = '抽查检查结果负面信息与所涉行政处罚（列入）信息同时停止公示'
const LIST_BACK = '撤销移出名单的决定，同时恢复公示据以列入的行政处罚信息'

const endWithList = async (tx: Tx, ctx: Ctx, link: store.LinkRow, caseId: string | null): Promise<void> => {
  const on = today(ctx)
  const held = await holdRecord(tx, link.subjectId, link.recordId)
  const found = goesWithList(windowOn(held.record.windows, 'necips'), ctx.policy, on)
  if (!found?.goes || held.record.state !== 'held') return
  const { id: rule, instrument, article } = found.row
  await disposeHeld(tx, ctx, held, {
    kind: 'repaired',
    channel: 'necips',
    effectiveFrom: on,
    reason: WITH_LIST,
    basis: { rule, instrument, article, pack: ctx.policy.version, leads: link.leadsId },
    caseId,
  })
}

/** It ended with its list entry; the entry's exit was revoked, so it comes back with it. */
const backWithList = async (tx: Tx, ctx: Ctx, link: store.LinkRow, caseId: string | null): Promise<void> => {
  const on = today(ctx)
  const held = await holdRecord(tx, link.subjectId, link.recordId)
  const byList = held.raw.dispositions.some((d) => d.kind === 'repaired' && d.basis['leads'] === link.leadsId)
  if (!byList || windowOn(held.record.windows, 'necips')?.end?.by !== 'repaired') return
  await disposeHeld(tx, ctx, held, {
    kind: 'revoked',
    channel: 'necips',
    effectiveFrom: on,
    reason: LIST_BACK,
    basis: { pack: ctx.policy.version, leads: link.leadsId },
    caseId,
    restart: restartOf(held.record.windows, ctx.policy, on).filter((r) => r.channel === 'necips'),
  })
}

/** A spot-check result stands as long as the longest of what it led to: brought to where it should be, whatever happened. */
export const settleSpotCheck = async (tx: Tx, ctx: Ctx, subjectId: string, recordId: string): Promise<void> => {
  const on = today(ctx)
  const row = consequenceOf(ctx.policy, 'necips', 'led_to_ended', on)
  const held: HeldRecord = await holdRecord(tx, subjectId, recordId)
  const window = windowOn(held.record.windows, 'necips')
  if (!row || !window || held.record.state !== 'held') return
  const links = (await store.linksOf(tx, subjectId, recordId)).filter(
    (l) => l.kind === 'led_to' && l.recordId === recordId,
  )
  const leads = await findRecords(
    tx,
    links.map((l) => ({ subjectId, id: l.leadsId })),
  )
  const until = untilOf(
    (window.planned ?? window).until,
    leads.filter((r) => r.state === 'held').flatMap((r) => windowOn(r.windows, 'necips') ?? []),
  )
  const over = until !== null && until <= on
  const { id: rule, instrument, article } = row
  const say = (kind: 'repaired' | 'revoked' | 'prolonged', reason: string, restart: boolean) =>
    disposeHeld(tx, ctx, held, {
      kind,
      channel: 'necips',
      effectiveFrom: on,
      reason,
      basis: { rule, instrument, article, pack: ctx.policy.version, leads: links.map((l) => l.leadsId) },
      ...(restart ? { restart: untilAs(row, until, on) } : {}),
    })
  if (window.end?.by === 'repaired' && !over) await say('revoked', LED_AGAIN, true)
  else if (!window.end && over && (window.until === null || window.until > on)) await say('repaired', WITH_LED, false)
  else if (!window.end && !over && window.until !== until) await say('prolonged', LED_LONGER, true)
}

export const drawFromList = (
  tx: Tx,
  ctx: Ctx,
  link: store.LinkRow,
  of: { withdrawn: boolean; caseId: string | null },
) => (of.withdrawn ? endWithList(tx, ctx, link, of.caseId) : backWithList(tx, ctx, link, of.caseId))

const EXITS: readonly (string | null)[] = ['repaired', 'delisted']
const drawLinked = async (tx: Tx, ctx: Ctx, h: store.Happened): Promise<void> => {
  const withdrawn = h.kind === 'record.withdrawn'
  for (const link of await store.linksOf(tx, h.subjectId, h.recordId)) {
    if (link.leadsId !== h.recordId) continue
    if (link.kind === 'led_to') await settleSpotCheck(tx, ctx, h.subjectId, link.recordId)
    else if (withdrawn ? EXITS.includes(h.what) : h.what === 'revoked')
      await drawFromList(tx, ctx, link, { withdrawn, caseId: h.caseId })
  }
}

// ---- steps owed after a decision

const owePush = async (tx: Tx, ctx: Ctx, h: store.Happened, item: store.GrantedItem): Promise<void> => {
  if (!item.decidedOn) return
  const [record] = await findRecords(tx, [{ subjectId: h.subjectId, id: h.recordId }])
  const [decider, subject] = [await authorityById(tx, item.authorityId), await getSubject(tx, h.subjectId)]
  if (!record || !subject) return
  const of = {
    system: item.system as RepairSystem,
    decider: decider?.division ?? null,
    registered: subject.division,
  }
  const push = pushOf(of, ctx.policy, item.decidedOn, record.facts)
  if (!push) return
  const due = dueColumns(push.clock, ctx.policy, null)
  await store.insertDuty(tx, {
    subjectId: h.subjectId,
    id: newId(),
    kind: 'push_province',
    itemId: item.id,
    recordId: h.recordId,
    docNo: item.docNo,
    authorityId: item.authorityId,
    authorityName: item.authorityName,
    division: push.to,
    clock: push.clock,
    startedOn: item.decidedOn,
    ...due,
  })
}

// ---- refusals that an objection has set aside

const UPHELD: Words = {
  zh: '对不予受理（不予修复）的异议成立，重新办理。',
  en: 'An objection to the refusal was upheld; the application is dealt with again.',
}
const takeUp = async (tx: Tx, ctx: Ctx, subjectId: string, item: string): Promise<void> => {
  const ref = await store.refusedItem(tx, subjectId, item)
  const row = ref && (await findCaseOf(tx, { subject: subjectId, item }, ref.authorityId))
  if (!row) return
  const held = await standingRecord(tx, row.held)
  const facts = caseFacts(row, held.record)
  const who = { policy: ctx.policy, today: today(ctx), roles: ['platform'] as const, by: actorRef(ctx.actor) }
  // What is gone meanwhile needs no repair.
  if (isMoot(row, facts, who)) return
  const input = { note: UPHELD.zh }
  const change = unwrap(act(row, facts, 'take_up', input, { ...who, at: ctx.clock.now() }))
  await carryOut(tx, ctx, { row, held, facts, roles: [] }, change, input)
}

// ---- following the events

const MOOT: readonly (string | null)[] = ['annulled', 'repaired', 'delisted', 'deregistered']
const draw = async (tx: Tx, ctx: Ctx, h: store.Happened, of: store.Concerned): Promise<void> => {
  if (h.takenUp) await takeUp(tx, ctx, h.subjectId, h.takenUp)
  if (h.kind !== 'record.withdrawn' && h.kind !== 'record.restored') return
  if (of.underWay && h.kind === 'record.withdrawn' && MOOT.includes(h.what))
    for (const ref of await store.underWay(tx, h.subjectId, h.recordId)) await letLapse(tx, ctx, ref)
  if (of.leads) await drawLinked(tx, ctx, h)
  if (of.granted && h.kind === 'record.withdrawn') await owePush(tx, ctx, h, of.granted)
}

/** The next commits up to a place. Answers whether anything was drawn from them that is to be followed itself; null at the end. */
const step = (ctx: Ctx, top: number): Promise<{ drew: boolean } | null> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, FOLLOW_LOCK)
    const from = await store.progressOf(tx, NAME)
    const run = from < top ? await nextRun(tx, from, COMMITS_AT_ONCE) : null
    if (!run) return null
    const happened = await store.happenedBetween(tx, from, run.to)
    const concerned = await store.concernedBy(tx, happened, pushingSystems(ctx.policy))
    // What is taken up again here is under way for what comes after it.
    const takenUp = happened.some((h) => h.takenUp)
    for (const [i, h] of happened.entries()) {
      const of = concerned[i]!
      await draw(tx, ctx, h, takenUp ? { ...of, underWay: true } : of)
    }
    await store.saveProgress(tx, NAME, run.to)
    return { drew: takenUp || concerned.some((of) => of.underWay || of.leads) }
  })

/**
 * Everything that had happened has been followed when it returns, and what was drawn from it. What others commit meanwhile waits
 * for the next time: followed commit by commit, each would cost as much as hundreds together.
 */
export const followUp = async (ctx: Ctx): Promise<void> => {
  for (let drew = true; drew; ) {
    drew = false
    await sequence(ctx)
    const top = await lastPosition(ctx.db.kysely)
    const next = () => inTurn(ctx, () => step(ctx, top))
    for (let done = await next(); done; done = await next()) drew ||= done.drew
  }
}
