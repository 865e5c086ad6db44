import { z } from 'zod'
import { letterView } from '../repair/contract.ts'
import { KINDS } from '../repair/states.ts'
import { RETURN_REASONS, TRANSFER_OUTCOMES } from './words.ts'
import { day } from '../../kernel/shapes.ts'

/**
 * What two platforms say to each other about a case. `ref` is the case on both; `n` counts the messages that one of them has
 * written about it, so that they are carried out in the order in which they were written, whatever way they came.
 */
const words = z.object({ zh: z.string().max(5000), en: z.string().max(5000) })
const instant = z.iso.datetime({ offset: true })
const base = { ref: z.uuid(), n: z.int().min(1).max(10_000) }
const place = z.object({ name: z.string().min(1).max(300), code: z.string().max(40) })
const HASH = /^[0-9a-f]{64}$/

/** Bytes of a part of a material; a file travels in as many as it needs, each a message of its own. */
export const PART_BYTES = 256 * 1024
export const MOST_PARTS = 400
/** Of all the materials of a case. */
export const PARTS_A_CASE = 1600
const MOST_FILES = 100
const BASE64_MOST = Math.ceil(PART_BYTES / 3) * 4

export const fileOf = z.object({
  hash: z.string().regex(HASH),
  kind: z.string().min(1).max(100),
  name: z.string().min(1).max(255),
  mediaType: z.string().min(1).max(100),
  bytes: z
    .int()
    .min(0)
    .max(PART_BYTES * MOST_PARTS),
})
export type TransferFile = z.infer<typeof fileOf>
const files = z.array(fileOf).max(MOST_FILES)

export const passedOn = z.object({
  ...base,
  no: z.string().min(1).max(100),
  kind: z.enum(KINDS),
  /** By these the other platform finds its own copy. */
  record: z.object({
    item: z.string().max(100),
    documentNumber: z.string().min(1).max(500),
    decidedOn: day,
    authority: place,
  }),
  /** Of a natural person neither number nor whole name: the record tells who it is. */
  subject: z.object({ kind: z.string().max(40), code: z.string().max(40).nullable(), name: z.string().max(300) }),
  decider: place,
  submittedOn: day.nullable(),
  statement: z.string().max(5000),
  declared: z.record(z.string().max(100), z.boolean()),
  commitment: z.object({ text: words, article: words, at: instant }).nullable(),
  materials: files,
  /** Until when it has to be taken in. */
  dueOn: day,
})
export const supplement = z.object({ ...base, materials: files, note: z.string().max(5000) })
export const withdrawal = z.object({ ...base, note: z.string().max(5000) })
export const material = z.object({
  ref: z.uuid(),
  hash: z.string().regex(HASH),
  part: z.int().min(0).max(MOST_PARTS),
  body: z.base64().max(BASE64_MOST),
})
export const progress = z.object({
  ...base,
  step: z.enum(['received', 'accepted', 'asked', 'supplemented', 'extended']),
  at: instant,
  dueOn: day.nullable(),
  note: z.string().max(5000),
  letter: letterView.nullable(),
  missing: z.array(z.object({ kind: z.string().max(100), name: words, text: z.string().max(2000) })).max(100),
})
export const decided = z.object({
  ...base,
  outcome: z.enum(TRANSFER_OUTCOMES),
  at: instant,
  note: z.string().max(5000),
  letter: letterView.nullable(),
})
export const returned = z.object({
  ...base,
  reason: z.enum(RETURN_REASONS),
  note: z.string().max(5000),
  at: instant,
})

/** To whoever decides, and back. */
export const TO_DECIDER = {
  'case.passed_on': passedOn,
  'case.supplement': supplement,
  'case.withdrawal': withdrawal,
} as const
export const TO_ORIGIN = {
  'case.progress': progress,
  'case.decided': decided,
  'case.returned': returned,
} as const
export const MATERIAL = 'case.material'
export type PassedOn = z.infer<typeof passedOn>
export type Supplement = z.infer<typeof supplement>
export type Withdrawal = z.infer<typeof withdrawal>
export type Progress = z.infer<typeof progress>
export type Decided = z.infer<typeof decided>
export type Returned = z.infer<typeof returned>
