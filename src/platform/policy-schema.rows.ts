import { z } from 'zod'
import { KNOWN_FACTS, PENALTY_KINDS, SUBJECT_KINDS } from '../kernel/closed-sets.ts'
import { type LocalDate, isPeriod, parseDay } from '../kernel/time.ts'

/** What the rows of all files under `policy/` are made of: days, periods, words, the dated row and the facts it may ask for. */

export const day = z
  .string()
  .refine((s) => parseDay(s) !== null, 'must be a calendar day such as 2026-04-01') as unknown as z.ZodType<LocalDate>
export const period = z.string().refine(isPeriod, 'must be a period such as P3M, P1Y or P30D')
export const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
export const code = z.string().regex(/^[a-z0-9_]+$/, 'must be a code of small letters, digits and _')

/** What every dated row carries; `instrument`, `system` and the days may stand once at the head of the file. */
export const row = {
  id: z.string().regex(/^[a-z0-9_/.-]+$/, 'must be an id of small letters, digits, - _ . and /'),
  system: code,
  validFrom: day,
  validTo: day.nullable().default(null),
  instrument: words,
  article: z.string().min(1),
  unsure: z.boolean().default(false),
  note: words.nullable().default(null),
  source: z.string(),
  origin: z.string(),
}

export const subjectKind = z.enum(SUBJECT_KINDS)
export const kind = z.enum(PENALTY_KINDS)
export const tierOfFine = z.enum(['small', 'large', 'huge'])
export const discretion = z.enum(['reduced', 'lighter', 'ordinary', 'heavier'])
export const procedure = z.enum(['summary', 'ordinary'])
export const sectorClass = z.enum(['minor', 'general', 'serious'])
export const channel = z.enum(['credit_china', 'necips'])
export const clock = z.enum(['decided_on', 'published_on'])
export const repairMode = z.enum(['apply', 'automatic', 'fixed', 'none'])
const some = <T extends z.ZodType>(of: T) => z.array(of).min(1).optional()

const when = z.strictObject({
  item: some(code),
  recordSystem: some(code),
  recordSystemNot: some(code),
  subjectKind: some(subjectKind),
  procedure: some(procedure),
  kind: some(kind),
  fineTier: some(tierOfFine),
  fineYuanAtMost: z.number().positive().optional(),
  discretion: some(discretion),
  field: some(code),
  sectorClass: some(sectorClass),
  minorPublished: z.boolean().optional(),
  repeatOffender: z.boolean().optional(),
  list: some(code),
  listCause: some(code),
  result: some(z.enum(['negative', 'positive'])),
  unlessAllMeet: some(z.string()),
})
export const anyWhen = when.default({})

export const knownFact = z.enum(KNOWN_FACTS)
