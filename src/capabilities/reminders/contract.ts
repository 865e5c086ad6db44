import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { deliveryView } from '../messages/contract.ts'
import { REMINDER_STATES } from './states.ts'
import { LEVELS, MATTERS } from './words.ts'
import { id } from '../../kernel/shapes.ts'

const ref = z.string().min(1).max(200)

export const reminderView = z
  .object({
    id,
    authority: z.object({ id, name: z.string() }),
    division: z.string(),
    what: z.enum(MATTERS),
    /** What the oldest of it is, as last looked: a submission, a record, a finding. */
    ref: z.string(),
    level: z.enum(LEVELS),
    state: z.enum(REMINDER_STATES),
    /** Rows or records that wait, as last looked. */
    count: z.int().min(0),
    oldest: z.iso.date(),
    byHand: z.boolean(),
    raisedAt: z.string(),
    /** Who raised it by hand; null when the platform did. */
    raisedBy: z.string().nullable(),
    answeredAt: z.string().nullable(),
    /** Where the rows are, in the workbench. */
    link: z.string(),
    /** How far it has come by each way; empty on the circular. */
    deliveries: z.array(deliveryView),
  })
  .meta({ id: 'Reminder' })
export type ReminderView = z.infer<typeof reminderView>

const readers = ['credit_office', 'collector', 'head'] as const

export const endpoints = defineEndpoints({
  remind: {
    method: 'POST',
    path: '/reminders',
    summary: { zh: '发出退回提醒或者补报提醒', en: 'Remind an authority' },
    allowed: { roles: ['credit_office'] },
    body: z.object({
      authorityId: id.meta({ zh: '单位', en: 'Authority' }),
      what: z.enum(MATTERS).meta({ zh: '提醒事项', en: 'Matter' }),
      /** What the figure showed as the oldest of it; kept in the audit. The matter is all that the authority owes of this kind. */
      ref: ref.optional().meta({ zh: '事项编号', en: 'Reference' }),
      level: z.enum(LEVELS).default('collector').meta({ zh: '提醒层级', en: 'Level' }),
    }),
    reply: reminderView,
    status: 201,
  },
  listReminders: {
    method: 'GET',
    path: '/reminders',
    summary: { zh: '提醒台账', en: 'Reminders' },
    allowed: { roles: readers },
    query: z.object({
      state: z.enum(REMINDER_STATES).optional(),
      what: z.enum(MATTERS).optional(),
      level: z.enum(LEVELS).optional(),
      authorityId: id.optional(),
      after: z.string().max(400).optional(),
      limit: z.coerce.number<string | number>().int().min(1).max(200).default(PAGE_LIMIT),
    }),
    reply: z.object({ rows: z.array(reminderView), next: z.string().nullable() }),
  },
  getReminder: {
    method: 'GET',
    path: '/reminders/:id',
    summary: { zh: '查看提醒', en: 'A reminder' },
    allowed: { roles: readers },
    params: z.object({ id }),
    reply: reminderView,
  },
  sendAgain: {
    method: 'POST',
    path: '/reminders/:id/deliveries/:deliveryId/again',
    summary: { zh: '重新发送', en: 'Send once more' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id, deliveryId: id }),
    reply: reminderView,
  },
})

export const refusals = {
  NO_SUCH_REMINDER: {
    kind: 'not_found',
    zh: '没有这条提醒，或者不在您的查看范围内。',
    en: 'There is no such reminder, or it is not yours to see.',
  },
  NOTHING_OVERDUE: {
    kind: 'refused',
    zh: '“{authority}”目前没有需要提醒的{what}事项，可能已经处理完毕。',
    en: 'There is nothing of this kind to remind “{authority}” of ({what}); it may have been mended meanwhile.',
  },
  ALREADY_REMINDED: {
    kind: 'conflict',
    zh: '这一事项已于{day}在“{level}”层级发出提醒，尚待处理，不再重复发送。',
    en: 'This was said already on {day} ({level}) and is still open; it is not sent twice.',
  },
} as const satisfies RefusalCatalogue
