import type { HtmlReply } from '../../kernel/api.ts'
import { normaliseCode } from '../../kernel/codes.ts'
import { Refused, mustNot } from '../../kernel/decision.ts'
import { isUuid } from '../../kernel/page.ts'
import type { Ctx } from '../../platform/context.ts'
import { newToken } from '../../platform/crypto.ts'
import { refusalProblem } from '../../platform/problem.ts'
import { endpoints as objectionEndpoints, refusals as objectionRefusals } from '../objections/contract.ts'
import { createReport, getReportStatus } from '../objections/index.ts'
import { publicRecord } from '../records/index.ts'
import { cardOf } from './cards.ts'
import type { Site } from './pages/layout.ts'
import { to } from './pages/layout.ts'
import { messagePage } from './pages/plain.ts'
import { type Typed, reportDonePage, reportFormPage, reportStatusPage } from './pages/report.ts'
import { holdsPersonId, publicName } from './rules.ts'
import { siteOf } from './site.ts'
import { REPORT } from './words.report.ts'
import { SEARCH } from './words.ts'

/**
 * “This is not us”, before anyone signs in: a plain form on the page of each record. What is said goes to the objections desk;
 * this capability keeps nothing of it. What was typed comes back with the page when it was not taken.
 */

type OnRecord = { code: string; record: string }

/** The record as anyone sees it today; what is not shown has no form. */
const shownRecord = async (ctx: Ctx, site: Site, { code, record }: OnRecord) => {
  if (holdsPersonId(code) || !isUuid(record)) return null
  const found = await publicRecord(ctx.db.kysely, {
    code: normaliseCode(code).replaceAll('-', ''),
    on: site.today,
    id: record,
  })
  if (!found) return null
  const { subject, record: r } = found
  const path = `/r/${encodeURIComponent(subject.code)}/${r.id}`
  return {
    path: `${path}/not-us`,
    back: to(site.lang, path),
    about: { what: cardOf(r, site).what, subject: publicName(subject.kind, subject.name, site.lang) },
  }
}

const nowhere = (site: Site): HtmlReply => ({
  html: messagePage(site, SEARCH.noSubject[site.lang], SEARCH.noSubjectHelp[site.lang]),
  status: 404,
})
const EMPTY = { text: '', contactName: '', contact: '' }
/** A form has a name of its own, so that pressing twice, or loading the answer again, is one report. */
const FORM_BYTES = 18
const FORM = /^[\w-]{16,64}$/
const kept = (headers: Record<string, string> = {}) => ({ 'cache-control': 'no-store', ...headers })

export const reportForm = async (ctx: Ctx, input: OnRecord): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  const place = await shownRecord(ctx, site, input)
  if (!place) return nowhere(site)
  return {
    html: reportFormPage(site, {
      ...place,
      typed: { ...EMPTY, form: newToken(FORM_BYTES) },
      wrong: [],
      csrf: ctx.edge?.csrf ?? null,
    }),
    headers: kept(),
  }
}

const wrongOf = (site: Site, typed: Typed): string[] => {
  const asked = objectionEndpoints.createReport.body.omit({ record: true }).safeParse(typed)
  if (asked.success) return []
  const places = new Set(asked.error.issues.map((i) => i.path[0]))
  return [
    ...(places.has('text') ? [REPORT.textWrong[site.lang]] : []),
    ...(places.has('contactName') ? [REPORT.nameWrong[site.lang]] : []),
    ...(places.has('contact') ? [REPORT.contactWrong[site.lang]] : []),
  ]
}

/** A refusal as the page says it; anything else is a fault and stays one. */
const refusedOf = (ctx: Ctx, error: unknown): { status: number; wrong: string[] } => {
  if (!(error instanceof Refused)) throw error
  const problem = refusalProblem(error.refusals, objectionRefusals, ctx.lang, ctx.requestId)
  return { status: problem.status, wrong: problem.errors.map((e) => e.message) }
}

export const sendReport = async (ctx: Ctx, input: OnRecord & Typed): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  const place = await shownRecord(ctx, site, input)
  if (!place) return nowhere(site)
  const { text, contactName, contact, form } = input
  const typed: Typed = { text, contactName, contact, form: FORM.test(form) ? form : newToken(FORM_BYTES) }
  const again = (wrong: string[], status: number): HtmlReply => ({
    html: reportFormPage(site, { ...place, typed, wrong, csrf: ctx.edge?.csrf ?? null }),
    status,
    headers: kept(),
  })
  const wrong = wrongOf(site, typed)
  if (wrong.length) return again(wrong, 422)
  try {
    const done = await createReport(ctx, {
      ...typed,
      record: input.record,
    })
    return { html: reportDonePage(site, done, place.back), status: 201, headers: kept() }
  } catch (error) {
    const refused = refusedOf(ctx, error)
    return again(refused.wrong, refused.status)
  }
}

export const statusForm = async (ctx: Ctx): Promise<HtmlReply> => ({
  html: reportStatusPage(siteOf(ctx), { no: '', wrong: [], csrf: ctx.edge?.csrf ?? null, found: null }),
  headers: kept(),
})

export const askStatus = async (ctx: Ctx, input: { no: string; token: string }): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  const csrf = ctx.edge?.csrf ?? null
  const no = input.no.trim()
  const again = (wrong: string[], status: number): HtmlReply => ({
    html: reportStatusPage(site, { no, wrong, csrf, found: null }),
    status,
    headers: kept(),
  })
  if (!no || !input.token.trim()) return again([REPORT.statusWrong[site.lang]], 422)
  try {
    const asked = objectionEndpoints.getReportStatus.body.safeParse(input)
    const found = asked.success ? await getReportStatus(ctx, asked.data) : mustNot('NO_SUCH_REPORT')
    return { html: reportStatusPage(site, { no, wrong: [], csrf, found }), headers: kept() }
  } catch (error) {
    const refused = refusedOf(ctx, error)
    return again(refused.wrong, refused.status)
  }
}
