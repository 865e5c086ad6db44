import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import { SUBJECT_KINDS } from '../subjects/contract.ts'
import { BASIC_STATUSES, CHANGE_KINDS } from './words.ts'
import { day } from '../../kernel/shapes.ts'

const division = z
  .string()
  .regex(/^\d{6}$/)
  .meta({ zh: '行政区划代码', en: 'Division' })
const basic = {
  code: z.string().nullable(),
  name: z.string(),
  division: z.string().nullable(),
  status: z.enum(BASIC_STATUSES),
}

/** One change of the basic information of an organisation; persons are never among them. */
export const changeView = z
  .object({
    position: z.int().min(1),
    kind: z.enum(CHANGE_KINDS),
    at: z.string().meta({ format: 'date-time' }),
    subjectKind: z.enum(SUBJECT_KINDS),
    ...basic,
    /** As it was; null of a new one. */
    before: z.object(basic).nullable(),
    /** Seen from the territory asked for. */
    way: z.enum(['in', 'out', 'within']),
  })
  .meta({ id: 'BasicChange' })
export type ChangeView = z.infer<typeof changeView>
export const basicView = z
  .object({ subjectKind: z.enum(SUBJECT_KINDS), ...basic, abolished: z.boolean() })
  .meta({ id: 'BasicSubject' })
export type BasicView = z.infer<typeof basicView>

const officials = { roles: ['territory_admin', 'credit_office'] } as const
const page = { limit: z.coerce.number<string | number>().int().min(1).max(500).default(PAGE_LIMIT) }

export const endpoints = defineEndpoints({
  listBasicChanges: {
    method: 'GET',
    path: '/territory/changes',
    summary: { zh: '属地主体基本信息变更（按游标读取）', en: 'Changes of basic information, by cursor' },
    allowed: { ...officials, scopes: ['read'] },
    query: z.object({
      division: division.optional(),
      kind: z.enum(CHANGE_KINDS).optional(),
      /** `oldest` for whoever follows by cursor; `newest` for whoever looks. */
      order: z.enum(['oldest', 'newest']).default('oldest'),
      after: z.string().max(400).optional(),
      ...page,
    }),
    /** `cursor` is where to go on the next time, whether or not there is more now; null when the newest come first. */
    reply: z.object({ rows: z.array(changeView), next: z.string().nullable(), cursor: z.string().nullable() }),
  },
  exportBasicChanges: {
    method: 'GET',
    path: '/territory/changes.xlsx',
    summary: { zh: '下载属地主体基本信息变更', en: 'Changes of basic information as a workbook' },
    allowed: officials,
    query: z.object({ division: division.optional(), from: day, to: day }).refine((q) => q.from <= q.to, {
      path: ['to'],
      params: { zh: '截止日不能早于起始日。', en: 'the last day comes after the first.' },
    }),
    reply: 'file',
  },
  listTerritorySubjects: {
    method: 'GET',
    path: '/territory/subjects',
    summary: { zh: '属地主体', en: 'Organisations of the territory' },
    allowed: { ...officials, scopes: ['read'] },
    query: z.object({
      division: division.optional(),
      status: z.enum(BASIC_STATUSES).optional(),
      after: z.string().max(400).optional(),
      ...page,
    }),
    reply: z.object({ rows: z.array(basicView), next: z.string().nullable() }),
  },
})

export const refusals = {
  KEY_HAS_NO_TERRITORY: {
    kind: 'forbidden',
    zh: '该密钥不属于信用办，没有可以读取的属地。',
    en: 'This key belongs to no credit office and so has no territory to read.',
  },
  OUTSIDE_OWN_TERRITORY: {
    kind: 'forbidden',
    zh: '该行政区划不在您的属地范围内。',
    en: 'This division does not lie in your territory.',
  },
} as const satisfies RefusalCatalogue
