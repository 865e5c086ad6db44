import { z } from 'zod'
import type { LocalDate } from '../../kernel/time.ts'
import { RESULT_TYPES } from './words.ts'

/** What the publicity system offers, as its published interface has it. */

const day = z.iso.date().transform((d) => d as LocalDate)
const text = (most: number) => z.string().trim().min(1).max(most)
const printable = (most: number) => text(most).refine((s) => !s.includes('\u0000') && s.isWellFormed())
const code = z.string().regex(/^[0-9A-Z]{8,18}$/)
const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)

export const listedRow = z.object({
  recordId: z.uuid().nullable().default(null),
  item,
  subjectCode: code,
  subjectName: printable(200),
  authority: printable(200),
  documentNumber: printable(200),
  version: z.int().min(1).nullable().default(null),
  /** SHA-256 of its content, see `digestOf`. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  publishedOn: day.nullable().default(null),
  shownFrom: day,
  shownUntil: day.nullable().default(null),
  class: z.string().max(40).default(''),
  article: z.string().max(200).default(''),
})
export const listPage = z.object({
  day,
  total: z.int().min(0),
  rows: z.array(listedRow).max(10_000),
  next: z.string().max(400).nullable(),
})
export type ListPage = z.output<typeof listPage>

export const resultData = z.object({
  record: z.object({
    recordId: z.uuid().nullable().default(null),
    item,
    subjectCode: code,
    subjectName: z.string().max(200).default(''),
    authority: printable(200),
    documentNumber: printable(200),
  }),
  /** The day on which it took effect there. */
  on: day,
  article: z.string().max(200).default(''),
})
export type ResultData = z.output<typeof resultData>

export const resultEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().max(200),
  type: z.enum(RESULT_TYPES),
  subject: z.string().max(400),
  time: z.iso.datetime({ offset: true }),
  data: resultData,
})
export type ResultEvent = z.output<typeof resultEvent>
export const resultPage = z.object({
  events: z.array(resultEvent).max(5_000),
  next: z.string().max(400),
  more: z.boolean(),
})
export type ResultPage = z.output<typeof resultPage>
export const answer = z.object({ shown: z.boolean(), event: resultEvent.nullable() })
