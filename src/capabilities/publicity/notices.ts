import type { FileReply, HtmlReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { inForce, isWindowItem, regimeOn, routeOf, settingOf } from '../../kernel/eligibility.ts'
import { encodeCursor } from '../../kernel/page.ts'
import { type Window, meetsAny } from '../../kernel/window.ts'
import { addressOf } from '../../platform/address.ts'
import { type Ctx, actorRef, authorityOf, hasRole } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { paperPdf } from '../../platform/pdf.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecord, listRecordsOfSubject } from '../records/index.ts'
import { getSubject, mustActFor } from '../subjects/index.ts'
import { fieldRows } from './cards.ts'
import type { NoticeRow } from './contract.ts'
import type { Site } from './pages/layout.ts'
import { blocksOf } from './notice-paper.ts'
import { type Notice, noticeArticle, noticePage } from './pages/notice.ts'
import { channelView, isNegative, itemName, lastShownDay, repairView } from './rules.ts'
import { termsFor } from './rules.guide.ts'
import { siteOf } from './site.ts'
import * as store from './store.ts'
import { NOTICE } from './words.guide.ts'

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
  const template = policy.notices.find((t) => inForce(t, issuedOn) && meetsAny(t.when, facts)) ?? mustNot('NO_NOTICE')
  const own = windows.find((w) => w.channel === 'credit_china')
  return {
    template,
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
    last: lastShownDay(own?.from ? own.until : null),
    regime,
    route,
    conditions: regime?.conditions.filter((c) => inForce(c, issuedOn) && meetsAny(c.when, facts)) ?? [],
    materials: regime?.materials.filter((m) => inForce(m, issuedOn) && meetsAny(m.when, facts)) ?? [],
    terms: route ? termsFor(policy, route, facts, issuedOn) : [],
    atWindow:
      settingOf(policy, 'window_accepts', issuedOn)?.value === true && isWindowItem(policy, record.item, issuedOn),
    changed: record.disposed > 0,
  }
}

const hrefOf = (subjectId: string, recordId: string) => `/my/notices/${subjectId}/${recordId}`

const recordOf = async (ctx: Ctx, tx: Tx, input: { subjectId: string; recordId: string }) => {
  const record = (await findRecord(tx, input.subjectId, input.recordId)) ?? mustNot('NO_NOTICE')
  const subject = (await getSubject(tx, input.subjectId)) ?? mustNot('NO_NOTICE')
  if (!isNegative(ctx.policy, record.item)) mustNot('NO_NOTICE')
  return { record, subject }
}

/** The subject's receipt of it, once for each version. */
const receive = async (ctx: Ctx, tx: Tx, record: RecordRow): Promise<void> => {
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
}

/** To print; opening it is the receipt. */
export const openNotice = (ctx: Ctx, input: { subjectId: string; recordId: string }): Promise<HtmlReply> => {
  mustActFor(ctx, input.subjectId)
  const site = siteOf(ctx)
  return inTx(ctx, async (tx) => {
    const { record, subject } = await recordOf(ctx, tx, input)
    await receive(ctx, tx, record)
    const notice = noticeOf(record, subject, site)
    const pdf = `/api/v1/notices/${record.subjectId}/${record.id}/pdf?lang=${site.lang}`
    const html = noticePage(site, hrefOf(record.subjectId, record.id), notice, pdf)
    return { html, headers: { 'cache-control': 'no-store' } }
  })
}

/** The same paper to hand over with the decision; its QR code opens the record it is about. */
export const downloadNotice = async (ctx: Ctx, input: { subjectId: string; recordId: string }): Promise<FileReply> => {
  const own = ctx.actor.kind === 'person' && ctx.actor.subjectIds.includes(input.subjectId)
  const site = siteOf(ctx)
  const { lang } = site
  const { record, notice } = await inTx(ctx, async (tx) => {
    const found = await recordOf(ctx, tx, input)
    if (own) await receive(ctx, tx, found.record)
    else if (!hasRole(ctx.actor, 'officer', 'head') || authorityOf(ctx.actor) !== found.record.authorityId)
      mustActFor(ctx, input.subjectId)
    return { record: found.record, notice: noticeOf(found.record, found.subject, site) }
  })
  const { first, blocks } = blocksOf(noticeArticle(site, notice))
  const place = `/app/my/records?subject=${record.subjectId}&record=${record.id}`
  const body = await paperPdf({
    lang,
    issuer: record.authorityName,
    number: null,
    title: notice.template.title[lang],
    addressee: first,
    blocks,
    signedBy: record.authorityName,
    on: record.publishedOn,
    check: {
      qr: addressOf(ctx, place),
      alt: NOTICE.alt[lang],
      lines: [NOTICE.scan[lang], NOTICE.free[lang]],
    },
  })
  const name = `${notice.template.title[lang]} ${record.docNo}.pdf`
  return { file: { name, mediaType: 'application/pdf', body } }
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
