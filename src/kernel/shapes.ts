import { z } from 'zod'
import { CURSOR_MAX } from './page.ts'

/** The shapes that every contract speaks, so that a day, an id or a page of a list is the same everywhere. */

/** A text in both languages. */
export const words = z.object({ zh: z.string(), en: z.string() })
export const id = z.uuid()
/** A calendar day in Asia/Shanghai, YYYY-MM-DD. The calendar has no year 0, and databases refuse it. */
export const day = z.iso.date().refine((text) => !text.startsWith('0000'), {
  params: { zh: '日期应当是公元后的日期。', en: 'the date lies before the first year.' },
})
/** A moment, ISO 8601 with its offset. */
export const instant = z.string().meta({ format: 'date-time' })
export const count = z.int().min(0)
/** The version that the caller saw: whoever comes second with the same one is refused. */
export const seen = z.int().min(1)

/** Query of a list: where to go on, and how many rows. */
export const pageAsk = (limits: { most?: number; usual?: number } = {}) => ({
  after: z.string().max(CURSOR_MAX).optional(),
  limit: z.coerce
    .number<string | number>()
    .int()
    .min(1)
    .max(limits.most ?? 200)
    .default(limits.usual ?? 50),
})
/** Reply of a list: `next` is the cursor of the part that follows, null at the end. */
export const rows = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })

/** A letter writes itself: its date, number and articles stand in it, in both languages. Each kind of case has its own kinds. */
export const letterShape = {
  title: words,
  no: z.string(),
  addressee: z.string(),
  paragraphs: z.array(words),
  basis: z.array(words),
  signedBy: z.string(),
  on: day,
}
