// Generated from migrations/ by tools/generate-schema.ts; do not edit.
import type { ColumnType } from 'kysely'

/** JSON text (`json(value)`) or a plain object. A bare array would be sent as a PostgreSQL array, so it does not compile. */
export type JsonInput = string | { readonly [key: string]: unknown }
export type JsonColumn = ColumnType<unknown, JsonInput, JsonInput>
type NullableJsonColumn = ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>
/** The database fills it in when an insert leaves it out. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

interface AccessApiKey {
  id: string
  prefix: string
  secret_hash: string
  name: string
  authority_id: string | null
  peer_id: string | null
  scopes: ColumnType<string[], readonly string[], readonly string[]>
  created_at: string
  created_by: string
  expires_at: string | null
  revoked_at: string | null
  last_used_at: string | null
}

interface AccessAttempt {
  key: string
  failures: number
  first_at: string
  blocked_until: string | null
}

interface AccessAuthority {
  id: string
  code: string
  name: string
  name_key: string
  division: string
  system: string
  is_credit_office: Generated<boolean>
  duties: Generated<ColumnType<string[], readonly string[], readonly string[]>>
  receiving_channel: string | null
  active: Generated<boolean>
  version: Generated<number>
  created_at: string
}

interface AccessMandate {
  subject_id: string
  id: string
  person_id: string
  kind: string
  valid_from: string
  valid_to: string | null
  created_at: string
}

interface AccessPerson {
  id: string
  login: string
  name: string
  password_hash: string
  state: string
  must_change: Generated<boolean>
  version: Generated<number>
  created_at: string
}

interface AccessRole {
  person_id: string
  role: string
  authority_id: string | null
  division: string | null
  granted_at: string
  granted_by: string
  ended_at: string | null
  id: string
}

interface AccessSession {
  token_hash: string
  person_id: string
  created_at: string
  seen_at: string
  expires_at: string
}

interface CollectionMapping {
  authority_id: string
  item: string
  header_key: string
  mapping: JsonColumn
  updated_at: string
  updated_by: string
}

interface CollectionRow {
  submission_id: string
  n: number
  verdict: string
  name: string
  doc_no: string
  cells: JsonColumn
  secret: Uint8Array | null
  problems: Generated<JsonColumn>
  subject_id: string | null
  record_id: string | null
  decided_at: string | null
  decided_by: string | null
  version: Generated<number>
}

interface CollectionSubmission {
  id: string
  no: string
  authority_id: string
  authority_name: string
  division: string
  item: string
  way_in: string
  file_hash: string | null
  file_name: string
  state: string
  refusal: NullableJsonColumn
  mapping: NullableJsonColumn
  header: NullableJsonColumn
  received: Generated<number>
  accepted: Generated<number>
  refused: Generated<number>
  pending: Generated<number>
  already_held: Generated<number>
  read_to: Generated<number>
  total_rows: Generated<number>
  total_bytes: Generated<ColumnType<number, number | string, number | string>>
  corrects: string | null
  backfill: Generated<boolean>
  created_at: string
  created_by: string
  handed_in_by: string
  finished_at: string | null
  lease_until: string | null
  leased_by: string | null
  version: Generated<number>
}

interface ExchangeCursor {
  peer_id: string
  cursor: string
  pulled_at: string
}

interface ExchangeDelivery {
  subject_id: string
  peer_id: string
  event_id: string
  record_id: string
  kind: string
  sent_at: string
  acked_at: string | null
  outcome: string | null
  note: Generated<string>
}

interface ExchangePeer {
  id: string
  name: string
  kind: string
  division: string
  items: ColumnType<string[], readonly string[], readonly string[]>
  channel: string
  ack_workdays: number
  legal_basis: JsonColumn
  contact: Generated<string>
  state: string
  version: Generated<number>
  created_at: string
}

interface PlatformAudit {
  id: string
  at: string
  commit_n: ColumnType<number, number | string, number | string>
  actor_kind: string
  actor_id: string
  authority_id: string | null
  act: string
  target_kind: string
  target_id: string
  subject_id: string | null
  details: Generated<JsonColumn>
  request_id: string
}

interface PlatformAuditSeal {
  n: ColumnType<number, number | string, number | string>
  at: string
  from_position: ColumnType<number, number | string, number | string>
  to_position: ColumnType<number, number | string, number | string>
  rows: ColumnType<number, number | string, number | string>
  root: string
  prev: string
}

interface PlatformCommit {
  n: ColumnType<number, never, never>
  at: string
  position: ColumnType<number | null, number | string | null, number | string | null>
}

interface PlatformEvent {
  subject_id: string
  at: string
  id: string
  commit_n: ColumnType<number, number | string, number | string>
  kind: string
  record_id: string | null
  version: number | null
  item: string | null
  division: string | null
  channels: Generated<ColumnType<string[], readonly string[], readonly string[]>>
  details: Generated<JsonColumn>
}

interface PlatformFile {
  hash: string
  bytes: ColumnType<number, number | string, number | string>
  media_type: string
  created_at: string
}

interface PlatformIdempotency {
  owner: string
  key: string
  request_hash: string
  status: number | null
  reply: NullableJsonColumn
  created_at: string
}

interface PlatformMigration {
  name: string
  hash: string
  applied_at: Generated<string>
}

interface PlatformSetting {
  key: string
  value: JsonColumn
  at: string
}

interface PublicityNoticeReceipt {
  subject_id: string
  record_id: string
  version: number
  opened_at: string
  opened_by: string
}

interface RecordsBasis {
  id: string
  body: JsonColumn
}

interface RecordsDisposition {
  subject_id: string
  record_id: string
  id: string
  n: number
  kind: string
  channel: string | null
  effective_from: string
  recorded_at: string
  recorded_by: string
  reason: string
  basis: JsonColumn
  restart: NullableJsonColumn
  case_id: string | null
}

interface RecordsRecord {
  subject_id: string
  id: string
  item: string
  division: string | null
  authority_id: string
  authority_key: string
  authority_name: string
  doc_no: string
  doc_key: string
  decided_on: string
  published_on: string
  recorded_at: string
  version: number
  disposed: Generated<number>
  fingerprint: string
  fields: JsonColumn
  inner_fields: NullableJsonColumn
  secret: Uint8Array | null
  facts: JsonColumn
  windows: JsonColumn
  class: string
  basis: string | null
  earliest: string | null
  shown_from: string | null
  shown_until: string | null
  submission_id: string
  row_n: number
  backfill: Generated<boolean>
  state: Generated<string>
}

interface RecordsVHeld {
  subjectId: string | null
  id: string
  item: string
  division: string | null
  authorityId: string | null
  authorityKey: string | null
  authorityName: string | null
  docNo: string | null
  decidedOn: string | null
  publishedOn: string | null
  recordedAt: string | null
  version: number
  disposed: number
  fingerprint: string
  publicFields: NullableJsonColumn
  innerFields: NullableJsonColumn
  facts: JsonColumn
  windows: JsonColumn
  class: string
  earliest: string | null
  shownFrom: string | null
  shownUntil: string | null
  submissionId: string | null
  rowN: number | null
  backfill: boolean
  state: string
  dispositions: NullableJsonColumn
}

interface RecordsVersion {
  subject_id: string
  record_id: string
  version: number
  fingerprint: string
  fields: JsonColumn
  inner_fields: NullableJsonColumn
  secret: Uint8Array | null
  facts: JsonColumn
  windows: JsonColumn
  submission_id: string
  row_n: number
  recorded_at: string
  replaced_at: string
}

interface RepairAct {
  subject_id: string
  id: string
  item_id: string
  action: string
  from_state: string
  to_state: string
  at: string
  on_day: string
  actor: string
  by_kind: string
  authority_id: string | null
  authority_name: string | null
  note: Generated<string>
  basis: Generated<JsonColumn>
  letter: NullableJsonColumn
}

interface RepairApplication {
  subject_id: string
  id: string
  subject_name: string
  no: string | null
  kind: string
  way_in: string
  applicant: string
  window_authority_id: string | null
  contact_name: Generated<string>
  contact_phone_secret: Uint8Array | null
  state: string
  commitment_text: NullableJsonColumn
  commitment_at: string | null
  commitment_by: string | null
  created_at: string
  submitted_at: string | null
  version: Generated<number>
}

interface RepairBar {
  subject_id: string
  id: string
  record_id: string | null
  system: string
  valid_from: string
  valid_to: string
  shown_until: string | null
  reason: string
  basis: JsonColumn
  created_at: string
}

interface RepairItem {
  subject_id: string
  id: string
  application_id: string
  kind: string
  record_id: string
  record_item: string
  doc_no: string
  record_authority: string
  record_decided_on: string
  system: string
  authority_id: string
  authority_name: string
  reviewer_id: string | null
  reviewer_name: string | null
  division: string | null
  state: string
  policy_version: string
  route: JsonColumn
  statement: Generated<string>
  declared: Generated<JsonColumn>
  submitted_on: string | null
  accepted_on: string | null
  decided_on: string | null
  due_on: string | null
  due_provisional: Generated<boolean>
  clock: NullableJsonColumn
  asked: Generated<JsonColumn>
  proposal: NullableJsonColumn
  extended: Generated<boolean>
  version: Generated<number>
  updated_at: string
}

interface RepairMaterial {
  subject_id: string
  id: string
  application_id: string
  kind: string
  file_hash: string
  file_name: string
  media_type: string
  bytes: ColumnType<number, number | string, number | string>
  uploaded_at: string
  uploaded_by: string
  removed_at: string | null
}

interface RepairNumber {
  jurisdiction: string
  on_day: string
  last: number
}

interface SubjectsCode {
  kind: string
  code: string
  subject_id: string
}

interface SubjectsConflict {
  subject_id: string
  id: string
  kind: string
  held: string
  offered: string
  offered_key: string
  source: string
  state: string
  found_at: string
  closed_at: string | null
  closed_by: string | null
}

interface SubjectsLook {
  subject_id: string
  at: string
  id: string
  actor: string
  authority_id: string | null
  purpose: string
}

interface SubjectsName {
  subject_id: string
  id: string
  name: string
  name_key: string
  valid_from: string
  source: string
}

interface SubjectsSubject {
  id: string
  kind: string
  name: string
  name_key: string
  uscc: string | null
  division: string | null
  status: Generated<string>
  facts: Generated<JsonColumn>
  version: Generated<number>
  created_at: string
  updated_at: string
}

interface SubjectsVByCode {
  code: string
  code_kind: string | null
  subject_id: string
  uscc: string | null
  kind: string
  name: string
  division: string | null
  status: string
}

export interface Schema {
  'access.api_key': AccessApiKey
  'access.attempt': AccessAttempt
  'access.authority': AccessAuthority
  'access.mandate': AccessMandate
  'access.person': AccessPerson
  'access.role': AccessRole
  'access.session': AccessSession
  'collection.mapping': CollectionMapping
  'collection.row': CollectionRow
  'collection.submission': CollectionSubmission
  'exchange.cursor': ExchangeCursor
  'exchange.delivery': ExchangeDelivery
  'exchange.peer': ExchangePeer
  'platform.audit': PlatformAudit
  'platform.audit_seal': PlatformAuditSeal
  'platform.commit': PlatformCommit
  'platform.event': PlatformEvent
  'platform.file': PlatformFile
  'platform.idempotency': PlatformIdempotency
  'platform.migration': PlatformMigration
  'platform.setting': PlatformSetting
  'publicity.notice_receipt': PublicityNoticeReceipt
  'records.basis': RecordsBasis
  'records.disposition': RecordsDisposition
  'records.record': RecordsRecord
  'records.v_held': RecordsVHeld
  'records.version': RecordsVersion
  'repair.act': RepairAct
  'repair.application': RepairApplication
  'repair.bar': RepairBar
  'repair.item': RepairItem
  'repair.material': RepairMaterial
  'repair.number': RepairNumber
  'subjects.code': SubjectsCode
  'subjects.conflict': SubjectsConflict
  'subjects.look': SubjectsLook
  'subjects.name': SubjectsName
  'subjects.subject': SubjectsSubject
  'subjects.v_by_code': SubjectsVByCode
}
