import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Letter } from './contract.ts'
import type { ItemFacts } from './rules.ts'
import type { ActAction, ItemState, Kind, WayIn } from './states.ts'

export type ApplicationRow = {
  subjectId: string
  id: string
  subjectName: string
  no: string | null
  kind: Kind
  wayIn: WayIn
  applicant: string
  windowAuthorityId: string | null
  contactName: string
  contactPhone: Uint8Array | null
  state: 'draft' | 'submitted'
  commitmentText: { text: Words; article: Words } | null
  commitmentAt: Instant | null
  /** The picture of a signature by hand. */
  signatureHash: string | null
  createdAt: Instant
  submittedAt: Instant | null
  version: number
}

export type StoredRoute = { receiver: Words; rule: string; instrument: Words; article: string; firstReview: boolean }
export type ItemRow = ItemFacts & {
  subjectId: string
  id: string
  applicationId: string
  recordId: string
  recordItem: string
  docNo: string
  recordAuthority: string
  recordDecidedOn: LocalDate
  authorityId: string
  authorityName: string
  reviewerId: string | null
  reviewerName: string | null
  division: string | null
  policyVersion: string
  route: StoredRoute
  statement: string
  declared: Record<string, boolean>
  dueOn: LocalDate | null
  dueProvisional: boolean
  version: number
  updatedAt: Instant
}
/** An item with what its application says of the case. */
export type CaseRow = ItemRow & {
  no: string | null
  wayIn: WayIn
  subjectName: string
  commitmentAt: Instant | null
  windowAuthorityId: string | null
}
/** With the bars on it and its record (a row of records.v_standing): all that a move needs, in one statement. */
export type FullCase = CaseRow & { barredUntil: LocalDate | null; planCompleted: boolean; held: unknown }

export type ActRow = {
  subjectId: string
  id: string
  itemId: string
  action: ActAction
  from: ItemState
  to: ItemState
  at: Instant
  on: LocalDate
  actor: string
  by: 'applicant' | 'window' | 'authority' | 'platform'
  authorityId: string | null
  authorityName: string | null
  note: string
  basis: Record<string, unknown>
  letter: Letter | null
}

export type MaterialRow = {
  subjectId: string
  id: string
  applicationId: string
  kind: string
  hash: string
  name: string
  mediaType: string
  bytes: number
  uploadedAt: Instant
  kept: boolean
  validUntil: LocalDate | null
}

/** For a column of jsonb. */
export const text = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)
