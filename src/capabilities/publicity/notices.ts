import type { HtmlReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { inForce, regimeOn, routeOf, settingOf } from '../../kernel/eligibility.ts'
import { encodeCursor } from '../../kernel/page.ts'
import { type Window, meets } from '../../kernel/window.ts'
import { type Ctx, actorRef } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecord, listRecordsOfSubject } from '../records/index.ts'
import { getSubject, mustActFor } from '../subjects/index.ts'
import { fieldRows } from './cards.ts'
import type { NoticeRow } from './contract.ts'
import { repairTerms } from './pages/guide.ts'
import type { Site } from './pages/layout.ts'
import { type Notice, noticePage } from './pages/notice.ts'
import { channelView, isNegative, itemName, repairView } from './rules.ts'
import { siteOf } from './service.ts'
import * as store from './store.ts'

/** The windows as they were when the notice was issued: what the rules gave, before anything happened to the record. */
const asPlanned = (w: Window): Window => {
  const { planned, ...rest } = w
  return { ...rest, ...planned, end: null }
}

/** Derived, never stored: the record with the rules of its version gives the same paper again. */
const noticeOf = (
  record: RecordRow,
  about: { name: string; code: string | null; kind: RecordRow['facts']['subjectKind'] },
  site: Site,
): Notice => {
  const { policy } = site
  const issuedOn = record.publishedOn
  const windows = record.windows.map(asPlanned)
  const { facts } = record
  const route = routeOf(facts, policy, issuedOn)
  const regime = route && regimeOn(policy, route.system, issuedOn)
  const kind = facts.penaltyKinds[0] ?? null
  const then = { ...site, today: issuedOn }
  return {
    name: about.name,
    code: about.code,
    itemName: itemName(policy, record.item),
    authorityName: record.authorityName,
    docNo: record.docNo,
    decidedOn: record.decidedOn,
    issuedOn,
    fields: fieldRows({ ...record, disputed: false }, about.kind, site),
    channels: windows.map((w) => channelView(w, issuedOn)),
    repair: repairView(facts, windows, policy, issuedOn),
    regime,
    route,
    conditions: regime?.conditions.filter((c) => inForce(c, issuedOn) && meets(c.when, facts, kind)) ?? [],
    materials: regime?.materials.filter((m) => inForce(m, issuedOn) && meets(m.when, facts, kind)) ?? [],
    terms: regime ? repairTerms(policy, regime, record.item, then) : [],
    atWindow: settingOf(policy, 'window_accepts', issuedOn)?.value === true,
    changed: record.disposed > 0,
  }
}

const hrefOf = (subjectId: string, recordId: string) => `/my/notices/${subjectId}/${recordId}`

/** To print; opening it is the subject's receipt of it, once for each version. */
export const openNotice = (ctx: Ctx, input: { subjectId: string; recordId: string }): Promise<HtmlReply> => {
  mustActFor(ctx, input.subjectId)
  const site = siteOf(ctx)
  return inTx(ctx, async (tx) => {
    const record = (await findRecord(tx, input.subjectId, input.recordId)) ?? mustNot('NO_NOTICE')
    const subject = (await getSubject(tx, input.subjectId)) ?? mustNot('NO_NOTICE')
    if (!isNegative(ctx.policy, record.item)) mustNot('NO_NOTICE')
    const { subjectId, id: recordId, version } = record
    const first = await store.insertReceipt(tx, {
      subjectId,
      recordId,
      version,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
    })
    if (first) {
      recordAct(tx, ctx, {
        act: 'publicity.open_notice',
        target: { kind: 'record', id: recordId },
        subjectId,
        details: { version },
      })
    }
    const notice = noticeOf(record, subject, site)
    return { html: noticePage(site, hrefOf(subjectId, recordId), notice), headers: { 'cache-control': 'no-store' } }
  })
}

export const listNotices = async (
  ctx: Ctx,
  input: { subjectId: string; after?: string | undefined; limit: number },
): Promise<{ rows: NoticeRow[]; next: string | null }> => {
  mustActFor(ctx, input.subjectId)
  const db = ctx.db.kysely
  const { subjectId, after, limit } = input
  const found = await listRecordsOfSubject(db, subjectId, { after, limit: limit + 1 })
  const rows = found.slice(0, limit)
  const receipts = await store.receiptsOf(
    db,
    subjectId,
    rows.map((r) => r.id),
  )
  const last = rows.at(-1)
  return {
    rows: rows
      .filter((r) => isNegative(ctx.policy, r.item))
      .map((r) => ({
        subjectId,
        recordId: r.id,
        item: r.item,
        itemName: itemName(ctx.policy, r.item),
        docNo: r.docNo,
        authorityName: r.authorityName,
        decidedOn: r.decidedOn,
        issuedOn: r.publishedOn,
        version: r.version,
        openedAt: receipts.find((n) => n.recordId === r.id && n.version === r.version)?.openedAt ?? null,
        href: hrefOf(subjectId, r.id),
      })),
    next: found.length > limit && last ? encodeCursor([last.decidedOn, last.id]) : null,
  }
}
