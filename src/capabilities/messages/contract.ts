import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import type { Role } from '../../kernel/roles.ts'
import type { Words } from '../../kernel/words.ts'
import { DELIVERY_STATES } from './states.ts'
import { CHANNELS, type MessageChannel } from './words.ts'
import { id, words } from '../../kernel/shapes.ts'

export { CHANNELS }

/** What a capability above says to people. */
export type NewMessage = {
  to:
    | { personIds: readonly string[] }
    | { authorityId: string; role: Role }
    /** An organisation that has no account here, by e-mail alone. */
    | { outside: { name: string; mail: string } }
  /** What it is about, for filters and tests: `reminder`, `balance`. */
  kind: string
  title: Words
  body: Words
  /** Where to go: a path in the workbench, beginning with /app/. */
  link: string | null
  about: { kind: string; id: string }
  by: readonly MessageChannel[]
  /** The same key is posted once, however often it is asked for. */
  key: string
}

export const inboxView = z
  .object({
    /** Of the delivery to this person. */
    id,
    kind: z.string(),
    title: words,
    body: words,
    link: z.string().nullable(),
    at: z.string(),
    read: z.boolean(),
  })
  .meta({ id: 'InboxMessage' })
export type InboxView = z.infer<typeof inboxView>

export const deliveryView = z
  .object({
    id,
    /** A person, or the organisation outside to which it went. */
    personName: z.string(),
    channel: z.enum(CHANNELS),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().min(0),
    /** In words, in the caller's language. */
    lastError: z.string().nullable(),
    nextAt: z.string().nullable(),
    sentAt: z.string().nullable(),
    readAt: z.string().nullable(),
    /** The credit office may send it again. */
    mayAgain: z.boolean(),
  })
  .meta({ id: 'Delivery' })
export type DeliveryView = z.infer<typeof deliveryView>

/** What became of a message, for those who see that it was sent and have nothing to do about it. */
export const toldView = deliveryView.omit({ id: true, mayAgain: true, nextAt: true }).meta({ id: 'Told' })
export type ToldView = z.infer<typeof toldView>

export const endpoints = defineEndpoints({
  listInbox: {
    method: 'GET',
    path: '/messages',
    summary: { zh: '我的消息', en: 'My messages' },
    allowed: { signedIn: true },
    query: z.object({
      state: z.enum(['unread', 'read']).optional(),
      after: z.string().max(400).optional(),
      limit: z.coerce.number<string | number>().int().min(1).max(200).default(PAGE_LIMIT),
    }),
    reply: z.object({ rows: z.array(inboxView), next: z.string().nullable() }),
  },
  countUnread: {
    method: 'GET',
    path: '/messages/unread',
    summary: { zh: '未读消息数', en: 'How many messages are unread' },
    allowed: { signedIn: true },
    /** Counted up to a hundred. */
    reply: z.object({ count: z.int().min(0) }),
  },
  readMessage: {
    method: 'POST',
    path: '/messages/:id/read',
    summary: { zh: '标为已读', en: 'Mark a message read' },
    allowed: { signedIn: true },
    params: z.object({ id }),
    reply: inboxView,
  },
  readAllMessages: {
    method: 'POST',
    path: '/messages/read',
    summary: { zh: '全部标为已读', en: 'Mark all messages read' },
    allowed: { signedIn: true },
    reply: z.object({ read: z.int().min(0) }),
  },
})

export const refusals = {
  NO_SUCH_MESSAGE: {
    kind: 'not_found',
    zh: '没有这条消息，或者不是发给您的。',
    en: 'There is no such message, or it is not for you.',
  },
  NO_SUCH_DELIVERY: {
    kind: 'not_found',
    zh: '没有这次发送记录。',
    en: 'There is no such delivery.',
  },
} as const satisfies RefusalCatalogue
