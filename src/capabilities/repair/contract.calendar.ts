import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { applicationView } from './contract.ts'
import { day, id, words } from '../../kernel/shapes.ts'

/** When can I repair: every record by its day, as a page, as a calendar to subscribe to, and as an application that is offered. */

const PAGE_MAX = 500

/** now: today; from: a day to come; conduct: something has to be put right first; automatic: ends by itself; fixed: never early. */
export const WHENS = ['now', 'from', 'conduct', 'automatic', 'fixed', 'under_way', 'nothing', 'elsewhere'] as const
export type When = (typeof WHENS)[number]

export const calendarRow = z.object({
  subjectId: id,
  subjectName: z.string(),
  recordId: id,
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  when: z.enum(WHENS),
  /** The first day on which it may be applied for; null when no day by itself opens it. */
  day: day.nullable(),
  /** The last day on which it is shown; null when it is not shown or has no end. */
  shownUntil: day.nullable(),
  why: words,
  article: words,
  /** Facts still to be declared when applying. */
  toDeclare: z.int(),
  application: id.nullable(),
})
export type CalendarRow = z.infer<typeof calendarRow>

export const feedView = z.object({
  subjectId: id,
  id,
  /** Private: whoever has it reads the calendar. */
  path: z.string(),
  madeAt: z.string(),
})
export type FeedView = z.infer<typeof feedView>

export const endpoints = defineEndpoints({
  repairCalendar: {
    method: 'GET',
    path: '/my/calendar',
    summary: { zh: '何时可以修复', en: 'When each record can be repaired' },
    allowed: { roles: ['enterprise', 'window_clerk'] },
    /** Without `subject`: the subjects the caller holds a mandate for. A window clerk names the subject. */
    query: z.object({
      subject: id.optional(),
      after: z.string().max(500).optional(),
      limit: z.coerce.number<string | number>().int().min(1).max(PAGE_MAX).default(PAGE_MAX),
    }),
    reply: z.object({ today: day, rows: z.array(calendarRow), next: z.string().nullable() }),
  },
  offerApplication: {
    method: 'POST',
    path: '/applications/offered',
    summary: { zh: '一键生成修复申请', en: 'Begin an application with all that can be repaired now' },
    allowed: { roles: ['enterprise', 'window_clerk'] },
    body: z.object({ subject: id }),
    reply: applicationView,
    status: 201,
  },
  listFeeds: {
    method: 'GET',
    path: '/my/calendar/feeds',
    summary: { zh: '我的日历订阅地址', en: 'My calendar addresses' },
    allowed: { roles: ['enterprise'] },
    reply: z.object({ rows: z.array(feedView) }),
  },
  makeFeed: {
    method: 'POST',
    path: '/my/calendar/feeds',
    summary: { zh: '生成日历订阅地址', en: 'Make a calendar address' },
    allowed: { roles: ['enterprise'] },
    body: z.object({ subject: id }),
    reply: feedView,
    status: 201,
  },
  revokeFeed: {
    method: 'POST',
    path: '/my/calendar/feeds/:subject/:id/revoke',
    summary: { zh: '停用日历订阅地址', en: 'Take a calendar address back' },
    allowed: { roles: ['enterprise'] },
    params: z.object({ subject: id, id }),
    reply: z.object({ ok: z.literal(true) }),
  },
  readFeed: {
    method: 'GET',
    path: '/calendars/:address',
    summary: { zh: '日历订阅（.ics）', en: 'The calendar as .ics' },
    /** The address itself is the key. */
    allowed: { anyone: true },
    params: z.object({ address: z.string().max(200) }),
    reply: 'file',
  },
})

export const refusals = {
  NOTHING_TO_OFFER: {
    kind: 'refused',
    zh: '目前没有可以申请修复的信息，或者都已在办理。',
    en: 'Nothing can be applied for at present, or everything is under way already.',
  },
  NO_SUCH_FEED: {
    kind: 'not_found',
    zh: '这个日历地址不存在或者已经停用，请重新生成。',
    en: 'There is no such calendar address, or it has been taken back. Make a new one.',
  },
} as const satisfies RefusalCatalogue
