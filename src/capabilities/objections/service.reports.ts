import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { scrubFreeText } from '../../kernel/mask.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type Instant, addDays, startOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import { newToken } from '../../platform/crypto.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findRecordById, holdRecord } from '../records/index.ts'
import { getSubject, recordLook } from '../subjects/index.ts'
import type { ReportRow, ReportView } from './contract.ts'
import { dueWords, officeOver, tell } from './moving.ts'
import { isLate } from './rules.clock.ts'
import { reportRules } from './rules.ts'
import { openCase } from './service.cases.ts'
import { numberOf } from './service.ts'
import { REPORT_MOVES, type ReportAction, type ReportState } from './states.ts'
import * as store from './store.reports.ts'
import { aboutView, itemName } from './views.ts'
import { type Ground, REPORT_NEXT_WORDS } from './words.ts'

/** “This is not us”: taken in from anyone, and an objection once a person of the credit office takes it up. */

const TOKEN_BYTES = 18
const digestOf = (ctx: Ctx, token: string): string => ctx.secrets.digest('objection-report', token)

/** What a form was sent with; the same form sent once more with the same words is the same report. */
export type ReportAsk = { record: string; text: string; contactName: string; contact: string; form?: string }
const TOKEN_CHARS = 24
const tokenOf = (ctx: Ctx, { record, text, contactName, contact, form }: ReportAsk): string =>
  form
    ? ctx.secrets
        .digest('objection-report-form', JSON.stringify([form, record, text, contactName, contact]))
        .slice(0, TOKEN_CHARS)
    : newToken(TOKEN_BYTES)

export const createReport = (ctx: Ctx, ask: ReportAsk) =>
  inTx(ctx, async (tx) => {
    const on = today(ctx)
    const rules = reportRules(ctx.policy, on) ?? mustNot('NO_SUCH_TARGET')
    const from = ctx.edge ? ctx.secrets.digest('objection-report-from', `${on}|${ctx.edge.address}`) : null
    const before = from ? await store.countFrom(tx, from, startOf(on)) : 0
    const record = (await findRecordById(tx, ask.record)) ?? mustNot('NO_SUCH_TARGET')
    // Only what anybody can see may be reported by anybody.
    if (!aboutView(ctx, record).shown) mustNot('NO_SUCH_TARGET')
    const subject = (await getSubject(tx, record.subjectId)) ?? mustNot('NO_SUCH_TARGET')
    const due = addWorkdays(calendarOf(ctx.policy), on, rules.workdays)
    const token = tokenOf(ctx, ask)
    const sent = ask.form ? await store.reportSent(tx, record.subjectId, digestOf(ctx, token)) : null
    if (sent) return { ...sent, token }
    if (before >= rules.perDay) mustNot('TOO_MANY_REPORTS')
    const report = {
      subjectId: record.subjectId,
      id: newId(),
      no: await numberOf(tx, ctx, 'FY'),
      tokenDigest: digestOf(ctx, token),
      recordId: record.id,
      recordItem: record.item,
      docNo: record.docNo,
      authorityName: record.authorityName,
      subjectName: subject.name,
      division: record.division,
      // Numbers of persons are not needed to look into it.
      text: scrubFreeText(ask.text).text,
      contactName: ask.contactName,
      contactSecret: ctx.secrets.seal(ask.contact),
      fromDigest: from,
      receivedOn: on,
      receivedAt: ctx.clock.now(),
      dueOn: due.day,
      dueProvisional: due.provisional,
    }
    await store.insertReport(tx, report)
    recordAct(tx, ctx, {
      act: 'objections.report',
      target: { kind: 'objection_report', id: report.id },
      subjectId: report.subjectId,
      details: { record: report.recordId },
    })
    await tellOffice(tx, ctx, report, 'report')
    return { no: report.no, token, receivedOn: on }
  })

type Told = Pick<store.Report, 'id' | 'no' | 'docNo' | 'dueOn' | 'division'>
export const tellOffice = async (tx: Tx, ctx: Ctx, report: Told, what: 'report' | 'report_overdue'): Promise<void> => {
  const office = await officeOver(tx, report.division)
  if (!office) return
  await tell(tx, ctx, {
    what,
    to: { authorityId: office, role: 'credit_office' },
    link: `/app/objections/reports/${report.id}`,
    about: { kind: 'objection_report', id: report.id },
    key: 'office',
    params: { no: report.no, doc: report.docNo, due: dueWords(report.dueOn) },
  })
}

export const getReportStatus = async (ctx: Ctx, ask: { no: string; token: string }) => {
  const db = ctx.db.kysely
  const report = (await store.reportByToken(db, ask.no, digestOf(ctx, ask.token))) ?? mustNot('NO_SUCH_REPORT')
  const objection = report.objectionId ? await store.objectionOfReport(db, report.subjectId, report.objectionId) : null
  return {
    no: report.no,
    state: report.state,
    next: REPORT_NEXT_WORDS[report.state],
    objectionState: objection?.state ?? null,
    answer: objection?.answer ?? report.answer,
    receivedOn: report.receivedOn,
  }
}

const rowOf = (ctx: Ctx, r: store.Report): ReportRow => ({
  id: r.id,
  no: r.no,
  state: r.state,
  receivedAt: r.receivedAt,
  dueOn: r.dueOn,
  overdue: r.state === 'received' && isLate(r.dueOn, today(ctx)),
  subjectName: r.subjectName,
  docNo: r.docNo,
  itemName: itemName(ctx, r.recordItem),
  authorityName: r.authorityName,
  version: r.version,
})
const viewOf = (ctx: Ctx, r: store.Report): ReportView => ({
  ...rowOf(ctx, r),
  subjectId: r.subjectId,
  recordId: r.recordId,
  text: r.text,
  contactName: r.contactName,
  contact: ctx.secrets.open(r.contactSecret),
  answer: r.answer,
  objectionId: r.objectionId,
  actions: movesFrom(REPORT_MOVES, r.state, rolesOf(ctx.actor)),
})

export const listReports = async (ctx: Ctx, ask: { state: ReportState; after?: string | undefined; limit: number }) => {
  const db = ctx.db.kysely
  const after = readCursor(ask.after, 'instant', 'uuid')
  const found = await store.listReports(db, ctx.actor, { state: ask.state, after, limit: ask.limit + 1 })
  const shown = found.slice(0, ask.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map((r) => rowOf(ctx, r)),
    next: found.length > ask.limit && last ? encodeCursor([last.receivedAt, last.id]) : null,
    counts: await store.countReports(db, ctx.actor, today(ctx)),
  }
}
/** Opening it opens the contact; that it was opened is recorded. */
export const getReport = (ctx: Ctx, { id }: { id: string }): Promise<ReportView> =>
  inTx(ctx, async (tx) => {
    const report = (await store.findReport(tx, ctx.actor, id)) ?? mustNot('NO_SUCH_REPORT')
    await recordLook(tx, ctx, report.subjectId, `处理公众反映（${report.no}）`)
    return viewOf(ctx, report)
  })

const close = async (
  tx: Tx,
  ctx: Ctx,
  ask: { id: string; seen: number },
  action: ReportAction,
  then: (report: store.Report) => Promise<Pick<store.Report, 'answer' | 'objectionId'>>,
): Promise<ReportView> => {
  const report = (await store.lockReport(tx, ctx.actor, ask.id)) ?? mustNot('NO_SUCH_REPORT')
  if (report.version !== ask.seen) mustNot('STALE', { version: report.version })
  const state = unwrap(step(REPORT_MOVES, report.state, action, rolesOf(ctx.actor)))
  const { answer, objectionId } = await then(report)
  const next = { ...report, state, answer, objectionId, version: report.version + 1 }
  if (!(await store.saveReport(tx, { ...next, seen: ask.seen, by: actorRef(ctx.actor), at: ctx.clock.now() })))
    mustNot('STALE')
  recordAct(tx, ctx, {
    act: `objections.${action}_report`,
    target: { kind: 'objection_report', id: report.id },
    subjectId: report.subjectId,
    details: objectionId ? { objection: objectionId } : {},
  })
  return viewOf(ctx, next)
}

export const takeUpReport = (
  ctx: Ctx,
  ask: { id: string; seen: number; ground: Ground; note: string },
): Promise<ReportView> =>
  inTx(ctx, (tx) =>
    close(tx, ctx, ask, 'take_up', async (report) => {
      const { record } = await holdRecord(tx, report.subjectId, report.recordId)
      const reason = ask.note ? `${report.text}\n${ask.note}` : report.text
      const o = await openCase(tx, ctx, record, { ground: ask.ground, reason, wayIn: 'report', reportId: report.id })
      return { answer: null, objectionId: o.id }
    }),
  )
export const dismissReport = (ctx: Ctx, ask: { id: string; seen: number; answer: string }): Promise<ReportView> =>
  inTx(ctx, (tx) => close(tx, ctx, ask, 'dismiss', () => Promise.resolve({ answer: ask.answer, objectionId: null })))

/** Late ones go up; where a report came from is forgotten the day after. */
export const tendReports = (ctx: Ctx): Promise<void> =>
  inTx(ctx, async (tx) => {
    const on = today(ctx)
    for (const report of await store.lateReports(tx, on)) {
      await tellOffice(tx, ctx, report, 'report_overdue')
      await store.markReportLate(tx, report)
    }
    await store.forgetWhereFrom(tx, startOf(addDays(on, -1)) as Instant)
  })
