import type { z } from 'zod'
import { type Decision, allow, mustNot, refuse, unwrap } from '../../kernel/decision.ts'
import { normaliseCode } from '../../kernel/codes.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { covers } from '../../kernel/territory.ts'
import { type LocalDate, addDays, addPeriod } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Ctx, actorRef, authorityOf, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { disposeHeld, findRecord, findRecords, holdRecord, listRecordsOfSubject, windowOn } from '../records/index.ts'
import { files, findSubjectByCode } from '../subjects/index.ts'
import type { DutyView, LinkView, endpoints } from './contract.consequences.ts'
import { type Basis, clockView } from './rules.clock.ts'
import { keptAtMaximum, mayLink, stopsWhenDeregistered, untilAs } from './rules.follow.ts'
import { drawFromList, settleSpotCheck } from './service.follow.ts'
import * as store from './store.follow.ts'
import { itemNameOf } from './views.ts'
import { LINK_KINDS, type LinkKind } from './words.ts'

/** What an authority does about records outside an application: links, steps it owes, deregistration, duties at the maximum. */

const own = (ctx: Ctx): string => authorityOf(ctx.actor) ?? mustNot('NOT_YOUR_MOVE', { action: 'consequence' })

// ---- links

type Pair = { follows: RecordRow; leads: RecordRow }
const pairOf = async (tx: Tx, subjectId: string, ids: { follows: string; leads: string }): Promise<Pair> => {
  const rows = await findRecords(tx, [
    { subjectId, id: ids.follows },
    { subjectId, id: ids.leads },
  ])
  const at = (id: string) => rows.find((r) => r.id === id) ?? mustNot('RECORD_UNKNOWN')
  return { follows: at(ids.follows), leads: at(ids.leads) }
}

const named = (ctx: Ctx, recordId: string, row: RecordRow | undefined): LinkView['follows'] => ({
  recordId,
  docNo: row?.docNo ?? '',
  item: row?.item ?? '',
  itemName: itemNameOf(ctx.policy, row?.item ?? ''),
})
const linkView = (ctx: Ctx, l: store.LinkRow, rows: Map<string, RecordRow>): LinkView => ({
  id: l.id,
  kind: l.kind,
  follows: named(ctx, l.recordId, rows.get(l.recordId)),
  leads: named(ctx, l.leadsId, rows.get(l.leadsId)),
  reason: l.reason,
  linkedAt: l.linkedAt,
})

type Asked = Pick<LinkView, 'kind'> & { leads: boolean }
/** In which way two records of one subject may be linked, seen from the first. */
const waysOf = (a: RecordRow, b: RecordRow): Asked[] => {
  const of = (r: RecordRow) => ({ item: r.item, system: r.facts.system })
  return LINK_KINDS.flatMap((kind) => [
    ...(mayLink(kind, of(a), of(b)).ok ? [{ kind, leads: true }] : []),
    ...(mayLink(kind, of(b), of(a)).ok ? [{ kind, leads: false }] : []),
  ])
}
const CANDIDATES = 200
const candidatesOf = async (ctx: Ctx, db: Reader, record: RecordRow, links: readonly store.LinkRow[]) => {
  const linked = new Set(links.flatMap((l) => [l.recordId, l.leadsId]))
  const rows = await listRecordsOfSubject(db, record.subjectId, { limit: CANDIDATES })
  return rows
    .filter((r) => r.id !== record.id && r.state === 'held' && !linked.has(r.id))
    .flatMap((r) =>
      waysOf(record, r).map((way) => ({
        ...way,
        recordId: r.id,
        itemName: itemNameOf(ctx.policy, r.item),
        docNo: r.docNo,
      })),
    )
}

/** For the authority that decided one of the two, and for the one that decides about a repair of it. */
export const linksOfRecord = async (ctx: Ctx, ask: { subject: string; record: string }) => {
  const db = ctx.db.kysely
  const authorityId = own(ctx)
  const links = await store.linksOf(db, ask.subject, ask.record)
  const ids = [...new Set([ask.record, ...links.flatMap((l) => [l.recordId, l.leadsId])])]
  const found = await findRecords(
    db,
    ids.map((id) => ({ subjectId: ask.subject, id })),
  )
  const rows = new Map(found.map((r) => [r.id, r]))
  const record = rows.get(ask.record)
  if (!record || !found.some((r) => r.authorityId === authorityId)) return mustNot('RECORD_UNKNOWN')
  return {
    rows: links.map((l) => linkView(ctx, l, rows)),
    candidates: await candidatesOf(ctx, db, record, links),
  }
}

/** The authority of either record says that one follows the other; what has happened already takes effect at once. */
export const linkRecords = (
  ctx: Ctx,
  ask: { subject: string; kind: LinkKind; follows: string; leads: string; reason: string },
): Promise<LinkView> =>
  inTx(ctx, async (tx) => {
    const authorityId = own(ctx)
    const { follows, leads } = await pairOf(tx, ask.subject, ask)
    if (follows.authorityId !== authorityId && leads.authorityId !== authorityId) mustNot('RECORD_UNKNOWN')
    unwrap(
      mayLink(
        ask.kind,
        { item: follows.item, system: follows.facts.system },
        { item: leads.item, system: leads.facts.system },
      ),
    )
    const link: store.LinkRow = {
      subjectId: ask.subject,
      id: newId(),
      recordId: follows.id,
      leadsId: leads.id,
      kind: ask.kind,
      reason: ask.reason,
      linkedAt: ctx.clock.now(),
      linkedBy: actorRef(ctx.actor),
      authorityId,
    }
    if (!(await store.insertLink(tx, link))) mustNot('LINKED_ALREADY')
    recordAct(tx, ctx, {
      act: 'repair.link',
      target: { kind: 'record', id: follows.id },
      subjectId: ask.subject,
      details: { kind: ask.kind, leads: leads.id },
    })
    if (ask.kind === 'led_to') await settleSpotCheck(tx, ctx, ask.subject, follows.id)
    else if (windowOn(leads.windows, 'necips')?.end?.by === 'repaired')
      await drawFromList(tx, ctx, link, { withdrawn: true, caseId: null })
    return linkView(ctx, link, new Map([follows, leads].map((r) => [r.id, r])))
  })

// ---- steps owed after a decision

const dutyView = (ctx: Ctx, d: store.DutyRow & { subjectName: string; no: string | null }): DutyView => {
  const on = today(ctx)
  const name = ctx.policy.divisions.find((x) => x.code === d.division)?.name ?? { zh: d.division, en: d.division }
  return {
    subjectId: d.subjectId,
    id: d.id,
    kind: d.kind,
    itemId: d.itemId,
    subjectName: d.subjectName,
    no: d.no,
    docNo: d.docNo,
    to: name,
    clock: d.state === 'open' ? clockView(d.clock, ctx.policy, on) : null,
    dueOn: d.dueOn,
    state: d.state,
    doneOn: d.doneOn,
    late: (d.doneOn ?? on) > d.dueOn,
    proof: d.proof,
    version: d.version,
  }
}

export const listDuties = async (
  ctx: Ctx,
  ask: { state: 'open' | 'done'; after?: string | undefined; limit: number },
): Promise<{ rows: DutyView[]; next: string | null }> => {
  const after = readCursor(ask.after, ask.state === 'done' ? 'instant' : 'day', 'uuid')
  const rows = await store.listDuties(ctx.db.kysely, own(ctx), { ...ask, after, limit: ask.limit + 1 })
  const page = rows.slice(0, ask.limit)
  const last = page.at(-1)
  const key = (d: store.DutyRow): string => (ask.state === 'done' ? (d.doneAt ?? '') : d.dueOn)
  return {
    rows: page.map((d) => dutyView(ctx, d)),
    next: rows.length > ask.limit && last ? encodeCursor([key(last), last.id]) : null,
  }
}

export const dutyDone = (
  ctx: Ctx,
  ask: { subject: string; duty: string; seen: number; proof: string },
): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const duty = (await store.findDuty(tx, own(ctx), ask)) ?? mustNot('NO_SUCH_DUTY')
    if (duty.state === 'done') mustNot('DUTY_DONE')
    const done = { seen: ask.seen, at: ctx.clock.now(), on: today(ctx), by: actorRef(ctx.actor), proof: ask.proof }
    if (!(await store.closeDuty(tx, duty, done))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'repair.push_province',
      target: { kind: 'repair_item', id: duty.itemId },
      subjectId: duty.subjectId,
      details: { to: duty.division, late: done.on > duty.dueOn },
    })
    return { ok: true }
  })

// ---- deregistration

const PAGE = 200
const eachRecord = async (tx: Tx, subjectId: string, work: (r: RecordRow) => Promise<void>): Promise<void> => {
  for (let after: string | undefined; ; ) {
    const page = await listRecordsOfSubject(tx, subjectId, { after, limit: PAGE })
    for (const r of page) await work(r)
    const last = page.at(-1)
    if (page.length < PAGE || !last) return
    after = encodeCursor([last.decidedOn, last.id])
  }
}

/** Order 107 art. 20: the authority of the place of registration stops what is shown and takes the subject off the lists. */
export const deregister = (
  ctx: Ctx,
  ask: { code: string; on: LocalDate; reference: string },
): Promise<{ subjectId: string; name: string; stopped: number }> =>
  inTx(ctx, async (tx) => {
    const office = (await authorityById(tx, own(ctx))) ?? mustNot('NOT_THE_REGISTRY')
    const subject = (await findSubjectByCode(tx, normaliseCode(ask.code))) ?? mustNot('NO_SUCH_APPLICANT')
    if (office.system !== 'market_supervision' || !covers(office.division, subject.division))
      mustNot('NOT_THE_REGISTRY')
    if (subject.status === 'deregistered') mustNot('DEREGISTERED_ALREADY')
    const on = today(ctx)
    if (ask.on > on) mustNot('DAY_IN_FUTURE', { day: dayWords(ask.on) })
    await files.saveStanding(tx, { ...files.standingOf(subject), status: 'deregistered' }, ctx.clock.now())
    const rules = stopsWhenDeregistered(ctx.policy, on)
    let stopped = 0
    await eachRecord(tx, subject.id, async (record) => {
      for (const rule of rules) {
        const window = record.windows.find((w) => w.channel === rule.system)
        const over =
          !window || window.class === 'none' || window.from === null || (window.until !== null && window.until <= on)
        if (record.state !== 'held' || over || (window.end && window.end.by !== 'shielded')) continue
        await disposeHeld(tx, ctx, await holdRecord(tx, subject.id, record.id), {
          kind: 'deregistered',
          channel: window.channel,
          effectiveFrom: on,
          reason: `主体已于${ask.on}注销（${ask.reference}）`,
          basis: { rule: rule.id, instrument: rule.instrument, article: rule.article, pack: ctx.policy.version },
        })
        stopped += 1
      }
    })
    recordAct(tx, ctx, {
      act: 'repair.deregister',
      target: { kind: 'subject', id: subject.id },
      subjectId: subject.id,
      details: { on: ask.on, stopped },
    })
    announce(tx, ctx, {
      kind: 'subject.deregistered',
      subjectId: subject.id,
      division: subject.division,
      details: { on: ask.on, reference: ask.reference },
    })
    return { subjectId: subject.id, name: subject.name, stopped }
  })

// ---- the longest period with duties not performed

const CREDIT_SITE = 'credit_china'

/** By which rule, and until when it would be shown else: decided when that day is near, for before nobody knows what will be performed. */
type Kept = { rule: Basis; until: LocalDate; earliest: LocalDate | null }
const keptBy = (ctx: Ctx, { facts, windows, docNo }: RecordRow): Decision<Kept> => {
  const on = today(ctx)
  const found = keptAtMaximum(ctx.policy, facts.system, on)
  if (!found) return refuse('SECTOR_SETS_NO_RULE')
  const { ahead, ...rule } = found
  const window = windowOn(windows, CREDIT_SITE)
  if (!window?.from || window.end || window.until === null || window.until <= on)
    return refuse('NOT_SHOWN', { doc: docNo })
  const { until, earliest } = window
  return addPeriod(on, ahead) < until
    ? refuse('NOT_YET_AT_MAXIMUM', { until: dayWords(addDays(until, -1)) })
    : allow({ rule, until, earliest })
}

export const mayKeepShown = async (
  ctx: Ctx,
  ask: { subject: string; record: string },
): Promise<z.infer<typeof endpoints.mayKeepShown.reply>> => {
  const record = await findRecord(ctx.db.kysely, ask.subject, ask.record)
  if (record?.authorityId !== own(ctx)) return mustNot('RECORD_UNKNOWN')
  const kept = keptBy(ctx, record)
  if (!kept.ok) return { basis: null }
  const { instrument, article } = kept.value.rule
  return { basis: { instrument, article, until: kept.value.until } }
}

/** Order 36 art. 12(2): kept shown where the sector's own rule says so; without one it stops at its longest period. */
export const keepShown = (ctx: Ctx, ask: { subject: string; record: string; reason: string }): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const on = today(ctx)
    const held = await holdRecord(tx, ask.subject, ask.record)
    const { record } = held
    if (record.authorityId !== own(ctx)) mustNot('RECORD_UNKNOWN')
    const { rule: basis, earliest } = unwrap(keptBy(ctx, record))
    const row = { ...basis, id: basis.rule }
    await disposeHeld(tx, ctx, held, {
      kind: 'prolonged',
      channel: CREDIT_SITE,
      effectiveFrom: on,
      reason: ask.reason,
      basis: { ...basis, pack: ctx.policy.version },
      restart: untilAs(row, null, on).map((r) => ({ ...r, channel: CREDIT_SITE, earliest })),
    })
    recordAct(tx, ctx, {
      act: 'repair.keep_shown',
      target: { kind: 'record', id: record.id },
      subjectId: ask.subject,
      details: { rule: basis.rule },
    })
    return { ok: true }
  })
