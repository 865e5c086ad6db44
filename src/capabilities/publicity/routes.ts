import type { Handlers } from '../../kernel/api.ts'
import type { Ctx } from '../../platform/context.ts'
import { FAVICON, ROBOTS, STYLE } from './assets.ts'
import type { endpoints } from './contract.ts'
import { downloadNotice, listNotices, openNotice } from './notices.ts'
import { catalogPage } from './pages/catalog.ts'
import { repairPage } from './pages/guide.ts'
import { aboutPage, objectionsPage } from './pages/plain.ts'
import { policyPage } from './pages/policy.ts'
import { routesPage } from './pages/routes.ts'
import { askProgress, showProgress } from './progress.ts'
import { explainSubject, home, list, listAsData, record, search, subject } from './service.ts'
import { askStatus, reportForm, sendReport, statusForm } from './reports.ts'
import { siteOf } from './site.ts'

const own = (html: string, type: string, seconds: number) => ({
  html,
  headers: { 'content-type': type, 'cache-control': `public, max-age=${seconds}${seconds > DAY ? ', immutable' : ''}` },
})
const DAY = 86_400
const YEAR = 365 * DAY

export const handlers: Handlers<typeof endpoints, Ctx> = {
  homePage: (ctx) => home(ctx),
  searchPage: (ctx, input) => search(ctx, input),
  subjectPage: (ctx, input) => subject(ctx, input),
  recordPage: (ctx, input) => record(ctx, input),
  reportFormPage: (ctx, input) => reportForm(ctx, input),
  sendReportPage: (ctx, input) => sendReport(ctx, input),
  reportStatusPage: (ctx) => statusForm(ctx),
  askReportStatusPage: (ctx, input) => askStatus(ctx, input),
  listPage: (ctx, input) => list(ctx, input),
  repairPage: async (ctx, input) => ({ html: repairPage(siteOf(ctx), input) }),
  progressPage: (ctx, input) => askProgress(ctx, input),
  progressResult: (ctx, input) => showProgress(ctx, input),
  objectionsPage: async (ctx) => ({ html: objectionsPage(siteOf(ctx)) }),
  policyPage: async (ctx) => ({ html: policyPage(siteOf(ctx)) }),
  catalogPage: async (ctx) => ({ html: catalogPage(siteOf(ctx)) }),
  routesPage: async (ctx, input) => ({ html: routesPage(siteOf(ctx), input) }),
  aboutPage: async (ctx) => ({ html: aboutPage(siteOf(ctx)) }),
  noticePage: (ctx, input) => openNotice(ctx, input),
  downloadNotice: (ctx, input) => downloadNotice(ctx, input),
  styleSheet: async () => own(STYLE, 'text/css; charset=utf-8', YEAR),
  favicon: async () => own(FAVICON, 'image/svg+xml', DAY),
  robots: async () => own(ROBOTS, 'text/plain; charset=utf-8', DAY),
  explainSubject: (ctx, input) => explainSubject(ctx, input),
  listShownRecords: (ctx, input) => listAsData(ctx, input),
  listNotices: (ctx, input) => listNotices(ctx, input),
}
