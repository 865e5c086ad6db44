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

interface AccessContact {
  person_id: string
  email: Uint8Array | null
  work_phone: Uint8Array | null
  version: Generated<number>
  updated_at: string
  updated_by: string
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

interface AccessVMandate {
  subject_id: string
  person_id: string
  valid_from: string
  valid_to: string | null
}

interface AgreementsAgreement {
  id: string
  peer_id: string
  number: string
  purpose: string
  items: ColumnType<string[], readonly string[], readonly string[]>
  update_workdays: number
  withdraw_workdays: number
  valid_from: string
  valid_until: string
  contact: Generated<string>
  state: string
  file_hash: string | null
  file_name: string | null
  media_type: string | null
  bytes: ColumnType<number | null, number | string | null, number | string | null>
  drawn_at: string
  drawn_by: string
  signed_at: string | null
  ended_on: string | null
  end_reason: Generated<string>
  version: Generated<number>
}

interface AgreementsMeasure {
  id: string
  peer_id: string
  kind: string
  state: string
  reason: string
  basis: JsonColumn
  figures: JsonColumn
  peer_state: string
  proposed_at: string
  proposed_by: string
  decided_at: string | null
  decided_by: string | null
  decision_note: Generated<string>
  version: Generated<number>
}

interface AgreementsTalk {
  id: string
  peer_id: string
  state: string
  person: string
  capacity: string
  called_for: string
  reason: string
  basis: JsonColumn
  figures: JsonColumn
  called_at: string
  called_by: string
  held_on: string | null
  minutes: Generated<string>
  asks: Generated<string>
  due_on: string | null
  held_by: string | null
  closed_at: string | null
  closed_by: string | null
  figures_after: NullableJsonColumn
  note: Generated<string>
  version: Generated<number>
}

interface BalanceProof {
  submission_id: string
  run_id: string
  proved_at: string
  verdict: string
  raw_rows: number
  accepted: number
  refused: number
  pending: number
  already_held: number
  difference_count: number
  differences: Generated<JsonColumn>
}

interface BalanceRun {
  id: string
  asked_by: string
  state: string
  started_at: string
  finished_at: string | null
  lease_until: string
  leased_by: string
  again_quota: number
  again_done: Generated<number>
  submissions: Generated<number>
  row_count: Generated<ColumnType<number, number | string, number | string>>
  differing: Generated<number>
  lost: Generated<number>
}

interface CatalogCounter {
  one: Generated<boolean>
  n: ColumnType<number, number | string, number | string>
}

interface CatalogPreview {
  proposal_id: string
  state: string
  total: Generated<number>
  checked: Generated<number>
  failing: Generated<number>
  faults: Generated<JsonColumn>
  after_subject: string | null
  after_record: string | null
  started_at: string
  finished_at: string | null
  lease_until: string | null
}

interface CatalogPreviewRow {
  proposal_id: string
  n: number
  subject_id: string
  record_id: string
  authority_name: string
  doc_no: string
  decided_on: string
  problems: JsonColumn
}

interface CatalogProposal {
  id: string
  item: string
  origin: string
  definition: JsonColumn
  source_text: string | null
  reason: string
  effective_from: string
  state: string
  created_at: string
  created_by: string
  created_name: string
  proposed_at: string | null
  proposed_by: string | null
  proposed_name: string | null
  decided_at: string | null
  decided_by: string | null
  decided_name: string | null
  decision: string | null
  version: Generated<number>
}

interface CertificatesCertificate {
  subject_id: string
  id: string
  item_id: string
  application_id: string
  record_id: string
  grant_id: string
  jurisdiction: string
  year: number
  n: number
  code: string
  facts: JsonColumn
  token: string
  shows: ColumnType<string[], readonly string[], readonly string[]>
  third_party: Generated<string>
  issued_on: string
  issued_at: string
  issued_by: string
  way_in: string
  window_authority_id: string | null
  decider_id: string
  reviewer_id: string | null
  division: string | null
  state: string
  ended_by: string | null
  ended_at: string | null
  version: Generated<number>
}

interface CertificatesLetter {
  subject_id: string
  id: string
  item_id: string
  authority_id: string | null
  year: number
  n: number
  code: string
  issued_on: string
  registered_at: string
  told_at: string | null
  of_kind: Generated<string>
}

interface CertificatesNumber {
  series: string
  year: number
  last: number
}

interface CertificatesProgress {
  name: string
  position: ColumnType<number, number | string, number | string>
}

interface CertificatesPropagationReceipt {
  subject_id: string
  id: string
  scope: string
  record_id: string | null
  item_id: string | null
  application_id: string | null
  application_no: Generated<string>
  year: number
  n: number
  code: string
  withdrawn_at: string
  opened_at: string
  checked_at: string | null
  state: string
  outcome: string | null
  facts: NullableJsonColumn
  token: string | null
  final_at: string | null
}

interface CertificatesReceipt {
  subject_id: string
  letter_id: string
  way: string
  received_at: string
  received_by: string
  authority_id: string | null
}

interface CollectionCheckRun {
  id: string
  authority_id: string
  item: string
  file_hash: string
  file_name: string
  mapping: NullableJsonColumn
  lang: string
  state: string
  read_to: Generated<number>
  total_rows: Generated<number>
  checked_rows: Generated<number>
  found: NullableJsonColumn
  refusal: NullableJsonColumn
  created_at: string
  created_by: string
  finished_at: string | null
  lease_until: string | null
  leased_by: string | null
}

interface CollectionMapping {
  authority_id: string
  item: string
  header_key: string
  mapping: JsonColumn
  updated_at: string
  updated_by: string
}

interface CollectionMend {
  submission_id: string
  n: number
  field: string
  was: string
  became: string
  rule: string
  accepted_by: string
  accepted_name: string
  accepted_at: string
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
  mending: NullableJsonColumn
  continued_from: number | null
}

interface CollectionVRefusedProblem {
  submission_id: string
  n: number
  authority_id: string
  division: string
  item: string
  backfill: boolean
  code: string | null
  field: string | null
  at: string | null
}

interface CollectionVRow {
  submission_id: string
  n: number
  verdict: string
  name: string
  doc_no: string
  problems: JsonColumn
  decided_at: string | null
  record_id: string | null
  decided_text: string | null
}

interface CollectionVSubmission {
  id: string
  no: string
  authority_id: string
  authority_name: string
  division: string
  item: string
  way_in: string
  state: string
  refusal: NullableJsonColumn
  file_hash: string | null
  file_name: string
  total_bytes: number
  total_rows: number
  received: number
  accepted: number
  refused: number
  pending: number
  already_held: number
  backfill: boolean
  corrects: string | null
  created_at: string
  created_by: string
  handed_in_by: string
  finished_at: string | null
}

interface CollectionVWaiting {
  subject_id: string | null
  submission_id: string
  n: number
  name: string
  authority_id: string
  authority_name: string
  item: string
}

interface CollectionVWrongCode {
  submission_id: string
  n: number
  submission_no: string | null
  authority_id: string
  authority_name: string
  division: string
  item: string
  verdict: string
  name: string
  code: string | null
  problem: string | null
  at: string | null
}

interface CorrectionsAct {
  about_id: string
  id: string
  action: string
  from_state: string | null
  to_state: string
  at: string
  actor: string
  actor_name: string
  authority_id: string | null
  note: Generated<string>
}

interface CorrectionsFileCase {
  id: string
  no: string
  kind: string
  state: string
  from_id: string
  into_id: string | null
  new_subject: NullableJsonColumn
  chosen: JsonColumn
  reason: string
  division: string | null
  task_id: string | null
  digest: string
  done: NullableJsonColumn
  proposed_by: string
  proposed_name: string
  proposed_at: string
  decided_by: string | null
  decided_at: string | null
  undo_by: string | null
  undo_reason: string | null
  undone_at: string | null
  version: Generated<number>
}

interface CorrectionsNumber {
  kind: string
  on_day: string
  last: number
}

interface CorrectionsTask {
  id: string
  no: string
  kind: string
  subject_id: string | null
  conflict_id: string | null
  submission_id: string | null
  row_n: number | null
  name: string
  held: string
  offered: string
  division: string | null
  category: string | null
  authority_id: string
  authority_name: string
  to_office: boolean
  state: string
  reason: Generated<string>
  opened_on: string
  due_on: string
  due_provisional: boolean
  term: JsonColumn
  opened_at: string
  opened_by: string
  proof: NullableJsonColumn
  answer: NullableJsonColumn
  answered_on: string | null
  answered_at: string | null
  answered_by: string | null
  ever_late: Generated<boolean>
  outcome: string | null
  effect: NullableJsonColumn
  closed_at: string | null
  closed_by: string | null
  version: Generated<number>
}

interface CorrectionsVTask {
  id: string
  no: string
  kind: string
  subject_id: string | null
  division: string | null
  category: string | null
  authority_id: string
  authority_name: string
  to_office: boolean
  state: string
  outcome: string | null
  opened_on: string
  due_on: string
  answered_on: string | null
  ever_late: boolean
  opened_at: string
  answered_at: string | null
  closed_at: string | null
}

interface DeclarationsAct {
  subject_id: string
  declaration_id: string
  id: string
  action: string
  from_state: string | null
  to_state: string
  at: string
  actor: string
  authority_id: string | null
  note: Generated<string>
  said: NullableJsonColumn
}

interface DeclarationsDeclaration {
  subject_id: string
  id: string
  no: string
  kind: string
  title: string
  issuer: string
  document_no: string
  issued_on: string
  valid_to: string | null
  note: Generated<string>
  file_hash: string | null
  file_name: string | null
  media_type: string | null
  bytes: number | null
  state: string
  commitment: NullableJsonColumn
  committed_at: string | null
  committed_by: string | null
  authority_id: string | null
  authority_name: string | null
  division: string | null
  decided_on: string | null
  decided_at: string | null
  decided_by: string | null
  reason: Generated<string>
  basis: NullableJsonColumn
  created_at: string
  updated_at: string
  version: Generated<number>
}

interface DeclarationsNumber {
  on_day: string
  last: number
}

interface DeclarationsVVerified {
  subject_id: string
  id: string
  kind: string
  title: string
  issuer: string
  issued_on: string
  valid_to: string | null
  authority_id: string | null
  authority_name: string | null
  decided_on: string | null
}

interface ExchangeAddressed {
  subject_id: string
  event_id: string
  peer_id: string
  type: string
  data: JsonColumn
  at: string
}

interface ExchangeChase {
  id: string
  peer_id: string
  what: string
  count: number
  oldest: string
  times: Generated<number>
  by_hand: Generated<boolean>
  raised_at: string
  raised_by: string
  told_at: string
  message_id: string | null
  answered_at: string | null
  peer_told_at: string | null
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
  record_id: string | null
  kind: string
  sent_at: string
  acked_at: string | null
  outcome: string | null
  note: Generated<string>
  version: number | null
  shown_from: string | null
  shown_until: string | null
  disputed: Generated<boolean>
  attempts: Generated<number>
  next_attempt_at: string | null
  delivered_at: string | null
  dead_at: string | null
  fault: Generated<string>
  verified_at: string | null
  queue_n: Generated<ColumnType<number | null, number | string | null, number | string | null>>
  alone: Generated<boolean>
  leased_by: string | null
  replayed_at: string | null
  attempts_before: Generated<number>
  given_up_at: string | null
  given_up_by: Generated<string>
  given_up_reason: Generated<string>
  batch: ColumnType<number | null, number | string | null, number | string | null>
}

interface ExchangeEffect {
  subject_id: string
  peer_id: string
  event_id: string
  part: string
  record_id: string
  result: string
  at: string
  by_kind: string
  actor: string
  note: Generated<string>
}

interface ExchangeFailure {
  subject_id: string
  peer_id: string
  event_id: string
  attempt: number
  at: string
  fault: string
  status: number | null
  said: Generated<string>
  took_ms: Generated<number>
}

interface ExchangeLine {
  peer_id: string
  failures: Generated<number>
  rests_until: string | null
  fault: Generated<string>
  failed_at: string | null
  answered_at: string | null
}

interface ExchangeMade {
  peer_id: string
  id: ColumnType<number, never, never>
  n: ColumnType<number, number | string, number | string>
}

interface ExchangeNonce {
  peer_id: string
  nonce: string
  until: string
}

interface ExchangeOwed {
  peer_id: string
  record_id: string
  commit_n: ColumnType<number, number | string, number | string>
  at: string
  open: Generated<boolean>
}

interface ExchangeParcel {
  id: string
  peer_id: string
  kind: string
  state: string
  number: ColumnType<number | null, number | string | null, number | string | null>
  name: string
  hash: string | null
  bytes: ColumnType<number | null, number | string | null, number | string | null>
  events: Generated<number>
  faulty: Generated<number>
  first_event: string | null
  last_event: string | null
  first_row: ColumnType<number | null, number | string | null, number | string | null>
  manifest: string | null
  problem: NullableJsonColumn
  made_at: string
  done_at: string | null
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
  code: Generated<string>
  way: Generated<string>
  direction: Generated<string>
  format: Generated<string>
  takedown_workdays: Generated<number>
  settings: Generated<JsonColumn>
  secret: Uint8Array | null
  rate_per_minute: Generated<number>
  addresses: Generated<ColumnType<string[], readonly string[], readonly string[]>>
  algorithm: Generated<string>
  served_until: string | null
  withheld_since: string | null
  mail: Generated<string>
  duties: Generated<JsonColumn>
}

interface ExchangePeerKey {
  id: string
  peer_id: string
  key_id: string
  algorithm: string
  public_key: JsonColumn
  valid_from: string
  valid_until: string | null
  revoked_at: string | null
  added_at: string
}

interface ExchangeProgress {
  name: string
  position: ColumnType<number, number | string, number | string>
  looked_peer: string | null
  looked_at: string | null
  looked_record: string | null
}

interface ExchangeRate {
  peer_id: string
  began: string
  used: number
}

interface ExchangeSigningKey {
  algorithm: string
  generation: number
  key_id: string
  public_key: JsonColumn
  signs_from: string
  signs_until: string | null
  published_until: string | null
}

interface ExchangeUnsignedFolder {
  peer_id: string
  folder: string
  reason: string
  since: string
  allowed_by: string
}

interface ExchangeVHanded {
  peer_id: string
  subject_id: string
  record_id: string | null
  event_id: string
  kind: string
  version: number | null
  shown_from: string | null
  shown_until: string | null
  sent_at: string
  delivered_at: string | null
  acked_at: string | null
  dead_at: string | null
  outcome: string | null
  note: string
  fault: string
}

interface ExchangeVMessage {
  subject_id: string | null
  event_id: string | null
  peer_id: string | null
  type: string | null
  at: string | null
  attempts: number | null
  next_attempt_at: string | null
  delivered_at: string | null
  acked_at: string | null
  outcome: string | null
  note: string | null
  dead_at: string | null
  fault: string | null
}

interface ExchangeVOwed {
  peer_id: string
  subject_id: string
  record_id: string | null
  item: string | null
  announced_at: string | null
  sent_at: string
  acked_at: string | null
  verified_at: string | null
  open: boolean
}

interface ExchangeVPeer {
  id: string
  name: string
  code: string
  kind: string
  division: string
  items: string[]
  channel: string
  way: string
  state: string
  settings: JsonColumn
  algorithm: string
  created_at: string
}

interface ExchangeVPeerKey {
  peer_id: string
  key_id: string
  algorithm: string
  public_key: JsonColumn
  valid_from: string
  valid_until: string | null
  revoked_at: string | null
}

interface ExchangeWay {
  peer_id: string
  last_batch: Generated<ColumnType<number, number | string, number | string>>
  last_row: Generated<ColumnType<number, number | string, number | string>>
  seen: Generated<JsonColumn>
  leased_by: string | null
  lease_until: string | null
  next_at: string
  looked_at: string | null
  failures: Generated<number>
  problem: NullableJsonColumn
}

interface GatewaysGateway {
  id: string
  kind: string
  name: string
  authority_id: string
  authority_name: string
  division: string
  item: string
  state: string
  backfill: Generated<boolean>
  place: JsonColumn
  place_key: string
  secret: Uint8Array | null
  poll_seconds: number
  seen: Generated<JsonColumn>
  waiting: Generated<number>
  read_at: string | null
  taken_at: string | null
  problem: NullableJsonColumn
  failures: Generated<number>
  next_at: string
  lease_until: string | null
  leased_by: string | null
  version: Generated<number>
  created_at: string
  created_by: string
  ended_at: string | null
  ended_by: string | null
  end_reason: string | null
}

interface GatewaysIntake {
  gateway_id: string
  id: string
  state: string
  key: string
  name: string
  hash: string | null
  first_seq: string | null
  last_seq: string | null
  rows: number | null
  submission_id: string | null
  submission_no: string | null
  repeated: Generated<boolean>
  problem: NullableJsonColumn
  answers: NullableJsonColumn
  open_rows: Generated<number>
  taken_at: string
  answered_at: string | null
}

interface InboundAuthority {
  name_key: string
  name: string
  admitted_at: string
  admitted_by: string
}

interface InboundDay {
  peer_id: string
  day: string
  received: number
  accepted: number
  refused: number
  pending: number
}

interface InboundIntake {
  id: string
  peer_id: string
  way: string
  file_hash: string
  file_name: string
  received_at: string
  events: Generated<number>
  repeated: Generated<number>
  clashed: Generated<number>
  refusal: NullableJsonColumn
}

interface InboundMessage {
  id: string
  peer_id: string
  event_id: string
  intake_id: string
  n: number
  type: string
  thing: string
  at: string
  digest: string
  received_at: string
  day: string
  item: Generated<string>
  name: Generated<string>
  authority: Generated<string>
  authority_key: Generated<string>
  doc_no: Generated<string>
  body: NullableJsonColumn
  state: string
  outcome: string | null
  code: string
  params: Generated<JsonColumn>
  problems: Generated<JsonColumn>
  record_id: string | null
  attempts: Generated<number>
  next_try_at: string | null
  decided_at: string | null
  decided_by: string | null
  told_at: string | null
  tell_at: string | null
  tells: Generated<number>
  version: Generated<number>
}

interface InboundTold {
  peer_id: string
  thing: string
  last_at: string
  record_id: string | null
  source: Generated<boolean>
  withdrawn: Generated<boolean>
  reason: string | null
  shown_until: string | null
}

interface MessagesDelivery {
  id: string
  message_id: string
  person_id: string | null
  channel: string
  state: string
  attempts: Generated<number>
  next_at: string | null
  last_error: NullableJsonColumn
  sent_at: string | null
  read_at: string | null
  lease_until: string | null
  leased_by: string | null
  created_at: string
  outside_name: string | null
  outside_address: Uint8Array | null
}

interface MessagesMessage {
  id: string
  key: string
  kind: string
  title: JsonColumn
  body: JsonColumn
  link: string | null
  about_kind: string
  about_id: string
  created_at: string
  created_by: string
}

interface ObjectionsAct {
  subject_id: string
  id: string
  objection_id: string
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
  basis: NullableJsonColumn
  letter: NullableJsonColumn
}

interface ObjectionsEvidence {
  subject_id: string
  id: string
  objection_id: string
  file_hash: string
  file_name: string
  media_type: string
  bytes: ColumnType<number, number | string, number | string>
  by_kind: string
  uploaded_at: string
  uploaded_by: string
  removed_at: string | null
}

interface ObjectionsFinding {
  subject_id: string
  id: string
  kind: string
  state: string
  record_id: string
  details: JsonColumn
  division: string | null
  found_on: string
  found_at: string
  seen_at: string
  objection_id: string | null
  version: Generated<number>
}

interface ObjectionsNumber {
  jurisdiction: string
  kind: string
  on_day: string
  last: number
}

interface ObjectionsObjection {
  subject_id: string
  id: string
  no: string | null
  subject_name: string
  way_in: string
  ground: string
  record_id: string
  record_item: string
  doc_no: string
  record_authority: string
  record_decided_on: string
  refused_item: string | null
  refused: NullableJsonColumn
  authority_id: string
  authority_name: string
  division: string | null
  window_authority_id: string | null
  applicant: string
  contact_name: Generated<string>
  contact_secret: Uint8Array | null
  statement: Generated<string>
  wanted: Generated<string>
  state: string
  outcome: string | null
  answer: string | null
  correction: NullableJsonColumn
  effect: NullableJsonColumn
  marked: Generated<boolean>
  clock: NullableJsonColumn
  due_on: string | null
  due_provisional: Generated<boolean>
  extension: NullableJsonColumn
  escalated: Generated<number>
  submitted_on: string | null
  pushed_on: string | null
  decided_on: string | null
  workdays: number | null
  in_time: boolean | null
  parent_id: string | null
  report_id: string | null
  policy_version: string
  created_at: string
  updated_at: string
  version: Generated<number>
}

interface ObjectionsReport {
  subject_id: string
  id: string
  no: string
  token_digest: string
  record_id: string
  record_item: string
  doc_no: string
  authority_name: string
  subject_name: string
  division: string | null
  text: string
  contact_name: Generated<string>
  contact_secret: Uint8Array
  from_digest: string | null
  state: string
  received_on: string
  received_at: string
  due_on: string
  due_provisional: Generated<boolean>
  answer: string | null
  objection_id: string | null
  done_by: string | null
  done_at: string | null
  escalated: Generated<number>
  version: Generated<number>
}

interface ObjectionsReview {
  subject_id: string
  id: string
  record_id: string
  subject_name: string
  record_item: string
  doc_no: string
  authority_id: string
  authority_name: string
  division: string | null
  kind: string
  body: string
  case_no: string
  filed_on: string
  suspended: boolean
  state: string
  outcome: string | null
  ended_on: string | null
  note: Generated<string>
  clock: NullableJsonColumn
  due_on: string | null
  due_provisional: Generated<boolean>
  escalated: Generated<number>
  effect: NullableJsonColumn
  carried_on: string | null
  created_at: string
  created_by: string
  updated_at: string
  version: Generated<number>
}

interface ObjectionsSelfCheck {
  id: string
  on_day: string
  at: string
  records: number
  found: JsonColumn
}

interface ObjectionsVCase {
  id: string
  no: string | null
  subject_id: string
  record_id: string
  authority_id: string
  authority_name: string
  division: string | null
  ground: string
  way_in: string
  state: string
  outcome: string | null
  submitted_on: string | null
  pushed_on: string | null
  decided_on: string | null
  due_on: string | null
  due_provisional: boolean
  workdays: number | null
  in_time: boolean | null
  parent_id: string | null
}

interface ObjectionsVLetter {
  subject_id: string
  id: string
  objection_id: string
  no: string | null
  subject_name: string
  record_id: string
  record_item: string
  doc_no: string
  record_authority: string
  record_decided_on: string
  state: string
  authority_id: string
  finder_id: string | null
  window_authority_id: string | null
  division: string | null
  action: string
  at: string
  on_day: string
  letter: NullableJsonColumn
}

interface OnboardingAcknowledgement {
  peer_id: string
  event_id: string
  outcome: string
  at: string
}

interface OnboardingRequest {
  id: string
  peer_id: string
  at: string
  method: string
  path: string
  address: string
  status: number
  code: Generated<string>
  detail: JsonColumn
  request_id: string
}

interface OnboardingStep {
  id: string
  peer_id: string
  step: string
  outcome: string
  proof: JsonColumn
  done_by: string
  done_at: string
}

interface OversightCandidate {
  subject_id: string
  id: string
  division: string
  state: string
  proof: JsonColumn
  policy_version: string
  found_at: string
  proved_at: string
  registrar_id: string | null
  registrar_name: string | null
  handed_at: string | null
  handed_by: string | null
  answer: string | null
  answer_note: string | null
  answer_doc_no: string | null
  answered_at: string | null
  answered_by: string | null
  version: Generated<number>
}

interface OversightEntry {
  subject_id: string
  act_id: string
  item_id: string
  record_id: string
  what: string
  at: string
  on_day: string
  month: string
  authority_id: string
  authority_name: string
  division: string
  record_item: string
  system: string
  workdays: number | null
  total: number | null
  term: number | null
  late_by: number | null
  conditions: Generated<ColumnType<string[], readonly string[], readonly string[]>>
  rules: string
}

interface OversightProgress {
  one: Generated<boolean>
  position: ColumnType<number, number | string, number | string>
  at: string
}

interface OversightRating {
  subject_id: string
  item_id: string
  id: string
  record_id: string
  record_item: string
  authority_id: string
  authority_name: string
  division: string
  outcome: string
  score: number
  reasons: ColumnType<string[], readonly string[], readonly string[]>
  remark: Generated<string>
  way_in: string
  rated_at: string
  rated_on: string
  rated_by: string
  reply_due_on: string | null
  reply: string | null
  replied_at: string | null
  replied_by: string | null
  version: Generated<number>
}

interface OversightReport {
  id: string
  division: string
  month: string
  state: string
  year: number | null
  number: number | null
  issuer: string
  content: JsonColumn
  digest: string
  as_of: string
  commit_position: ColumnType<number, number | string, number | string>
  policy_version: string
  created_at: string
  created_by: string
  published_at: string | null
  published_by: string | null
  version: Generated<number>
}

interface OversightTally {
  authority_id: string
  month: string
  record_item: string
  system: string
  what: string
  authority_name: string
  division: string
  n: number
  late: number
  timed: number
  workdays: number
  longest: number
  total: number
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
  origin: string | null
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

interface PoliciesCounter {
  one: Generated<boolean>
  n: ColumnType<number, number | string, number | string>
}

interface PoliciesPass {
  proposal_id: string
  purpose: string
  state: string
  total: Generated<number>
  checked: Generated<number>
  figures: Generated<JsonColumn>
  after_subject: string | null
  after_record: string | null
  started_at: string
  finished_at: string | null
  lease_until: string | null
  again_on: string | null
}

interface PoliciesPreviewCount {
  proposal_id: string
  authority_id: string
  authority_name: string
  item: string
  figure: string
  n: number
}

interface PoliciesPreviewRow {
  proposal_id: string
  n: number
  subject_id: string
  record_id: string
  authority_id: string
  authority_name: string
  item: string
  doc_no: string
  decided_on: string
  figures: number
  changes: JsonColumn
}

interface PoliciesProposal {
  id: string
  kind: string
  title: JsonColumn
  change: JsonColumn
  difference: JsonColumn
  source_text: string | null
  reason: string
  effective_from: string
  based_on: string
  state: string
  created_at: string
  created_by: string
  created_name: string
  proposed_at: string | null
  proposed_by: string | null
  proposed_name: string | null
  decided_at: string | null
  decided_by: string | null
  decided_name: string | null
  decision: string | null
  version: Generated<number>
}

interface PublicityNoticeReceipt {
  subject_id: string
  record_id: string
  version: number
  opened_at: string
  opened_by: string
}

interface QualityCircular {
  id: string
  division: string
  month: string
  state: string
  year: number | null
  number: number | null
  issuer: string
  content: JsonColumn
  digest: string
  as_of: string
  commit_position: ColumnType<number, number | string, number | string>
  policy_version: string
  created_at: string
  created_by: string
  issued_at: string | null
  issued_by: string | null
  version: Generated<number>
}

interface QualityCounted {
  one: Generated<boolean>
  position: ColumnType<number, number | string, number | string>
  at: string
}

interface QualityFigure {
  authority_id: string
  month: string
  authority_name: string
  division: string
  counts: JsonColumn
  counted_at: string
}

interface ReconciliationAct {
  difference_id: string
  n: number
  action: string
  at: string
  by_name: string
  from_state: string | null
  to_state: string
  note: Generated<JsonColumn>
  peer_id: string
  counted_on: string | null
}

interface ReconciliationDifference {
  id: string
  peer_id: string
  key: string
  kind: string
  cause: string
  subject_id: string | null
  record_id: string | null
  item: string
  division: string | null
  subject_code: string
  subject_name: string
  authority: string
  doc_no: string
  sides: JsonColumn
  proof: JsonColumn
  fingerprint: string
  state: string
  closed_by_way: string | null
  found_on: string
  found_at: string
  seen_on: string
  seen_run: string
  closed_on: string | null
  closed_at: string | null
  closed_by: string | null
  reason: Generated<string>
  basis: NullableJsonColumn
  version: Generated<number>
}

interface ReconciliationLink {
  peer_id: string
  address: string
  set_by: string
  set_at: string
}

interface ReconciliationPlace {
  peer_id: string
  cursor: string
  at: string
}

interface ReconciliationResult {
  peer_id: string
  event_id: string
  type: string
  item: string
  subject_code: string
  authority_key: string
  doc_key: string
  on_day: string
  message: JsonColumn
  received_at: string
  outcome: string
  note: Generated<JsonColumn>
  settled_at: string | null
  counted_on: string | null
}

interface ReconciliationShownThere {
  peer_id: string
  n: number
  subject_id: string | null
  first_of_key: Generated<boolean>
  record_id: string | null
  item: string
  subject_code: string
  subject_name: string
  authority: string
  authority_key: string
  doc_no: string
  doc_key: string
  version: number | null
  digest: string | null
  published_on: string | null
  shown_from: string
  shown_until: string | null
  class: string
  article: string
}

interface ReconciliationStatement {
  peer_id: string
  day: string
  state: string
  attempts: Generated<number>
  fault: Generated<string>
  fault_detail: Generated<string>
  retry_at: string | null
  lease_until: string | null
  leased_by: string | null
  made_up_by: string | null
  asked_by: Generated<string>
  finished_at: string | null
  span_from: string | null
  span_to: string | null
  sent: Generated<number>
  sent_acknowledged: Generated<number>
  sent_refused: Generated<number>
  sent_pending: Generated<number>
  sent_dead: Generated<number>
  received: Generated<number>
  received_applied: Generated<number>
  received_already: Generated<number>
  received_refused: Generated<number>
  received_pending: Generated<number>
  shown_here: Generated<number>
  shown_there: Generated<number>
  same: Generated<number>
  same_other_terms: Generated<number>
  ruled_here: Generated<number>
  ruled_there: Generated<number>
  differing_here: Generated<number>
  differing_there: Generated<number>
  listed_twice: Generated<number>
  open_before: Generated<number>
  found: Generated<number>
  closed: Generated<number>
  open_after: Generated<number>
  file_hash: string | null
  previous_hash: string | null
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

interface RecordsTombstone {
  subject_id: string
  id: string
  record_id: string
  item: string
  authority_id: string
  authority_name: string
  division: string | null
  doc_no: string
  keeps_out: NullableJsonColumn
  case_id: string
  case_no: string
  reason: string
  set_at: string
  set_by: string
  lifted_at: string | null
  lifted_by: string | null
  lifted_name: string | null
  lift_reason: string | null
}

interface RecordsVAbnormal {
  subject_id: string | null
  record_id: string | null
  division: string | null
  authority_id: string | null
  authority_name: string | null
  doc_no: string | null
  decided_on: string | null
  cause: string | null
  subject_kind: string | null
  removed_on: string | null
  last_kind: string | null
  last_from: string | null
}

interface RecordsVBasis {
  id: string
  class: string | null
  rule: string | null
  article: string | null
  instrument: NullableJsonColumn
  max: string | null
}

interface RecordsVContent {
  subject_id: string
  id: string
  item: string
  authority_name: string
  doc_no: string
  decided_on: string
  fields: JsonColumn
  inner_fields: NullableJsonColumn
  secret: Uint8Array | null
}

interface RecordsVDisplays {
  subject_id: string
  record_id: string | null
  item: string
  division: string | null
  authority_key: string
  authority_name: string
  doc_key: string
  doc_no: string
  decided_on: string
  published_on: string
  version: number
  state: string
  fields: JsonColumn
  system: string | null
  subject_kind: string | null
  site_from: string | null
  site_until: string | null
  site_basis: string | null
  site_end: string | null
  necips_from: string | null
  necips_until: string | null
  necips_basis: string | null
  necips_end: string | null
}

interface RecordsVDisposition {
  subject_id: string
  record_id: string
  id: string
  effective_from: string
}

interface RecordsVEntered {
  submission_id: string
  row_n: number
}

interface RecordsVFault {
  subject_id: string | null
  id: string | null
  item: string | null
  authority_id: string | null
  authority_name: string | null
  division: string | null
  doc_no: string | null
  doc_key: string | null
  doc_digits: string | null
  decided_on: string | null
  published_on: string | null
  recorded_at: string | null
  version: number | null
  submission_id: string | null
  shown_from: string | null
  shown_until: string | null
  state: string | null
  said: NullableJsonColumn
  subject_kind: string | null
  term_ends_on: string | null
  rule: string | null
  longest: string | null
  clock: string | null
  ended: boolean | null
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

interface RecordsVLicenceAffected {
  subject_id: string
  record_id: string | null
  authority_id: string
  doc_no: string
  decided_on: string
  named: string | null
}

interface RecordsVReported {
  record_id: string
  subject_id: string
  item: string
  division: string | null
  authority_id: string
  authority_name: string
  decided_on: string
  recorded_at: string
  backfill: boolean
  submission_id: string
  state: string
  doc_no: string
  doc_key: string
}

interface RecordsVSaid {
  subject_id: string
  record_id: string
  version: number
  item: string
  authority_id: string
  doc_no: string
  fields: JsonColumn
  inner_fields: NullableJsonColumn
  submission_id: string
  row_n: number
  said_from: string | null
  said_until: string | null
}

interface RecordsVShared {
  subject_id: string
  record_id: string
  item: string
  division: string | null
  authority_name: string
  doc_no: string
  decided_on: string
  version: number
  state: string
  subject_kind: string | null
  fields: JsonColumn
  windows: JsonColumn
  disputed: boolean | null
  site_from: string | null
  site_until: string | null
  site_basis: string | null
}

interface RecordsVStanding {
  subjectId: string | null
  id: string | null
  item: string | null
  division: string | null
  authorityId: string | null
  authorityName: string | null
  docNo: string | null
  decidedOn: string | null
  publishedOn: string | null
  version: number | null
  disposed: number | null
  facts: NullableJsonColumn
  windows: NullableJsonColumn
  class: string | null
  earliest: string | null
  shownFrom: string | null
  shownUntil: string | null
  state: string | null
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
  ruled_by: string | null
}

interface RemindersReminder {
  id: string
  authority_id: string
  authority_name: string
  division: string
  what: string
  ref: string
  level: string
  state: string
  rows_open: number
  oldest: string
  by_hand: boolean
  message_id: string | null
  raised_at: string
  raised_by: string
  answered_at: string | null
  version: Generated<number>
}

interface RemindersVCircular {
  id: string
  authority_id: string
  authority_name: string
  division: string
  what: string
  ref: string
  rows_open: number
  oldest: string
  raised_at: string
  state: string
  answered_at: string | null
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
  signature_hash: string | null
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

interface RepairCalendarFeed {
  subject_id: string
  id: string
  person_id: string
  made_at: string
  revoked_at: string | null
}

interface RepairDuty {
  subject_id: string
  id: string
  kind: string
  item_id: string
  record_id: string
  doc_no: string
  authority_id: string
  authority_name: string
  division: string
  clock: NullableJsonColumn
  started_on: string
  due_on: string
  due_provisional: Generated<boolean>
  state: Generated<string>
  done_at: string | null
  done_on: string | null
  done_by: string | null
  proof: Generated<string>
  version: Generated<number>
}

interface RepairFact {
  subject_id: string
  id: string
  fact: string
  value: boolean
  on_day: string
  record_id: string | null
  authority_id: string
  authority_name: string
  via: string
  reference: Generated<string>
  rule: string
  given_at: string
  given_by: string
  withdrawn_at: string | null
  withdrawn_by: string | null
  withdrawn_why: string | null
}

interface RepairHandOver {
  subject_id: string
  id: string
  application_id: string
  authority_id: string
  token_hash: string
  phone_hash: string | null
  made_at: string
  made_by: string
  expires_at: string
  opened_at: string | null
  ended_at: string | null
  ended_by: string | null
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

interface RepairLink {
  subject_id: string
  id: string
  record_id: string
  leads_id: string
  kind: string
  reason: string
  linked_at: string
  linked_by: string
  authority_id: string
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
  kept: Generated<boolean>
  valid_until: string | null
}

interface RepairNumber {
  jurisdiction: string
  on_day: string
  last: number
}

interface RepairProgress {
  name: string
  position: ColumnType<number, number | string, number | string>
}

interface RepairPrompt {
  subject_id: string
  record_id: string
  may_from: string
  posted_at: string
  message_id: string
}

interface RepairPromptRun {
  on_day: string
  finished_at: string
}

interface RepairVAct {
  subject_id: string
  item_id: string
  id: string
  action: string
  from_state: string
  to_state: string
  at: string
  on_day: string
  by_kind: string
  basis: JsonColumn
}

interface RepairVItem {
  subject_id: string
  id: string
  application_id: string
  kind: string
  record_id: string
  record_item: string
  doc_no: string
  system: string
  authority_id: string
  authority_name: string
  reviewer_id: string | null
  reviewer_name: string | null
  division: string | null
  state: string
  submitted_on: string | null
  decided_on: string | null
  due_on: string | null
  due_provisional: boolean
  updated_at: string
  no: string | null
  way_in: string
  window_authority_id: string | null
  subject_name: string
}

interface RepairVLetter {
  subject_id: string
  id: string
  item_id: string
  application_id: string
  record_id: string
  record_item: string
  doc_no: string
  record_authority: string
  record_decided_on: string
  system: string
  application_no: string | null
  subject_name: string
  case_kind: string | null
  item_state: string | null
  authority_id: string | null
  decider_id: string | null
  reviewer_id: string | null
  window_authority_id: string | null
  division: string | null
  action: string
  at: string
  on_day: string
  letter: NullableJsonColumn
}

interface RepairVRefused {
  subject_id: string
  item_id: string
  application_id: string
  no: string | null
  record_id: string
  state: string
  authority_id: string
  authority_name: string
  division: string | null
  decided_on: string | null
  again: string | null
}

interface RepairVTold {
  subject_id: string
  item_id: string
  id: string
  action: string
  from_state: string
  to_state: string
  at: string
  on_day: string
  by_kind: string
  note: string
  basis: JsonColumn
  letter: NullableJsonColumn
  state: string
  due_on: string | null
  due_provisional: boolean
  asked: JsonColumn
  decided_on: string | null
}

interface RepairVWindowLetter {
  subject_id: string
  id: string
  application_id: string
  no: string
  subject_name: string | null
  authority_id: string
  at: string | null
  on_day: string
  letter: NullableJsonColumn
}

interface RepairWindowNotice {
  subject_id: string
  id: string
  application_id: string
  no: string
  on_day: string
  missing: JsonColumn
  note: Generated<string>
  authority_id: string
  authority_name: string
  made_at: string
  made_by: string
  letter: NullableJsonColumn
}

interface ResultsDaySet {
  on_day: string
  lines: number
  amendments: number
  manifest: string
  signature: JsonColumn
  closed_at: string
}

interface ResultsEntry {
  subject_id: string
  event_id: string
  record_id: string
  on_day: string
  position: ColumnType<number, number | string, number | string>
  kind: string
  item: string
  authority_id: string
  authority_name: string
  line: JsonColumn
  at: string
}

interface ResultsLook {
  subject_id: string
  id: string
  takedown_id: string
  at: string
  page: string
  reached: string | null
  outcome: string
  status: number | null
  hash: string | null
  bytes: number | null
  charset: string | null
  reason: Generated<string>
  by_kind: string
  looked_by: string
}

interface ResultsProgress {
  name: string
  position: ColumnType<number, number | string, number | string>
}

interface ResultsSite {
  authority_id: string
  page: Generated<string>
  peer_id: string | null
  version: Generated<number>
}

interface ResultsTakedown {
  subject_id: string
  id: string
  record_id: string
  authority_id: string
  authority_name: string
  division: string | null
  item: string
  doc_no: string
  subject_name: string
  on_day: string
  due_on: string
  due_provisional: Generated<boolean>
  state: string
  page: string | null
  confirmed_at: string | null
  confirmed_by: string | null
  note: Generated<string>
  checked_at: string | null
  outcome: string | null
  looks: Generated<number>
  next_look_at: string | null
  closed_at: string | null
  version: Generated<number>
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

interface SubjectsMoved {
  case_id: string
  table_name: string
  key: JsonColumn
  from_id: string
  to_id: string
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
  merged_into: string | null
}

interface SubjectsVBasic {
  subject_id: string
  kind: string
  name: string
  division: string | null
  code: string
  status: string
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

interface SubjectsVByName {
  name_key: string
  subject_id: string | null
  name: string
  uscc: string | null
  division: string | null
  status: string
}

interface SubjectsVConflict {
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
  subject_kind: string | null
  name: string
  uscc: string | null
  division: string | null
}

interface SubjectsVOrganisation {
  id: string
  kind: string
  name: string
  uscc: string | null
  division: string | null
  status: string
  code_kind: string | null
}

interface TerritoryChange {
  position: ColumnType<number, never, never>
  subject_id: string
  kind: string
  at: string
  code: string | null
  name: string
  subject_kind: string
  division: string | null
  status: string
  code_before: string | null
  name_before: string | null
  division_before: string | null
  status_before: string | null
}

interface TerritoryFollowed {
  one: Generated<boolean>
  position: ColumnType<number, number | string, number | string>
  at: string
}

interface TerritoryKnown {
  subject_id: string
  code: string | null
  name: string
  kind: string
  division: string | null
  status: string
  position: ColumnType<number, number | string, number | string>
}

interface TimelinessAuthority {
  authority_id: string
  begins_on: string
  begins_by: string
  reason: Generated<string>
  set_by: string | null
  set_at: string | null
  changed_at: string
  scanned_at: string | null
  version: Generated<number>
}

interface TimelinessDue {
  item: string
  decided_on: string
  due_on: string | null
  provisional: boolean
}

interface TimelinessEntry {
  subject_id: string
  record_id: string
  authority_id: string
  item: string
  decided_on: string
  reported_on: string
  due_on: string | null
  flagged: boolean
  class: string
}

interface TimelinessFinding {
  id: string
  authority_id: string
  item: string
  kind: string
  doc_no: string
  doc_key: string
  decided_on: string
  due_on: string
  held_before: string | null
  held_after: string | null
  subject_id: string | null
  record_id: string | null
  list_id: string | null
  state: string
  explanation: Generated<string>
  decision: Generated<string>
  found_at: string
  changed_at: string
  version: Generated<number>
}

interface TimelinessIntake {
  submission_id: string
  authority_id: string
  item: string
  month: string
  received: ColumnType<number, number | string, number | string>
  accepted: ColumnType<number, number | string, number | string>
  refused: ColumnType<number, number | string, number | string>
  pending: ColumnType<number, number | string, number | string>
  already_held: ColumnType<number, number | string, number | string>
  settled: boolean
}

interface TimelinessIntakeTally {
  authority_id: string
  item: string
  month: string
  submissions: ColumnType<number, number | string, number | string>
  received: ColumnType<number, number | string, number | string>
  accepted: ColumnType<number, number | string, number | string>
  refused: ColumnType<number, number | string, number | string>
  pending: ColumnType<number, number | string, number | string>
  already_held: ColumnType<number, number | string, number | string>
}

interface TimelinessList {
  id: string
  authority_id: string
  item: string
  from_on: string
  to_on: string
  file_hash: string
  file_name: string
  rows: number
  held: number
  not_due: number
  missing: number
  uploaded_at: string
  uploaded_by: string
  by_office: boolean
}

interface TimelinessListRow {
  list_id: string
  n: number
  doc_no: string
  doc_key: string
  decided_on: string
  subject_id: string | null
  record_id: string | null
}

interface TimelinessProgress {
  name: string
  position: ColumnType<number, number | string, number | string>
  rules: string
  at: string
}

interface TimelinessSample {
  id: string
  authority_id: string
  item: string
  list_id: string
  seed: string
  size: number
  population: number
  state: string
  answer: Generated<string>
  outcome: Generated<string>
  drawn_at: string
  drawn_by: string
  closed_at: string | null
  version: Generated<number>
}

interface TimelinessSampleRow {
  sample_id: string
  n: number
  list_n: number
  doc_no: string
  decided_on: string
  subject_id: string | null
  record_id: string | null
  found: string | null
  note: Generated<string>
  marked_at: string | null
  marked_by: string | null
}

interface TimelinessTally {
  authority_id: string
  item: string
  decided_month: string
  reported_month: string
  class: string
  n: ColumnType<number, number | string, number | string>
}

interface TransfersArrival {
  peer_id: string
  ref: string
  n: number
  type: string
  message: Uint8Array | null
  received_at: string
  settled_at: string | null
}

interface TransfersPart {
  peer_id: string
  ref: string
  hash: string
  n: number
  body: Uint8Array
  received_at: string
}

interface TransfersSeat {
  authority_id: string
  peer_id: string
  set_at: string
  set_by: string
  version: Generated<number>
}

interface TransfersStep {
  subject_id: string
  id: string
  transfer_id: string
  kind: string
  at: string
  note: Generated<string>
  event_id: string | null
  act_id: string | null
}

interface TransfersTransfer {
  subject_id: string
  id: string
  ref: string
  direction: string
  peer_id: string
  item_id: string
  application_id: string
  no: string
  record_item: string
  doc_no: string
  authority_id: string
  authority_name: string
  division: string | null
  state: string
  outcome: string | null
  passed_on_at: string
  due_on: string
  due_provisional: Generated<boolean>
  received_at: string | null
  step_due_on: string | null
  closed_at: string | null
  reason: Generated<string>
  withdrawal_at: string | null
  sent: Generated<number>
  heard: Generated<number>
  files: Generated<JsonColumn>
  parts: Generated<number>
  parts_sent: Generated<number>
  version: Generated<number>
  kind: Generated<string>
}

interface TransfersTurnedAway {
  id: string
  peer_id: string
  ref: string
  no: string
  decider: string
  doc_no: string
  code: string
  at: string
}

export interface Schema {
  'access.api_key': AccessApiKey
  'access.attempt': AccessAttempt
  'access.authority': AccessAuthority
  'access.contact': AccessContact
  'access.mandate': AccessMandate
  'access.person': AccessPerson
  'access.role': AccessRole
  'access.session': AccessSession
  'access.v_mandate': AccessVMandate
  'agreements.agreement': AgreementsAgreement
  'agreements.measure': AgreementsMeasure
  'agreements.talk': AgreementsTalk
  'balance.proof': BalanceProof
  'balance.run': BalanceRun
  'catalog.counter': CatalogCounter
  'catalog.preview': CatalogPreview
  'catalog.preview_row': CatalogPreviewRow
  'catalog.proposal': CatalogProposal
  'certificates.certificate': CertificatesCertificate
  'certificates.letter': CertificatesLetter
  'certificates.number': CertificatesNumber
  'certificates.progress': CertificatesProgress
  'certificates.propagation_receipt': CertificatesPropagationReceipt
  'certificates.receipt': CertificatesReceipt
  'collection.check_run': CollectionCheckRun
  'collection.mapping': CollectionMapping
  'collection.mend': CollectionMend
  'collection.row': CollectionRow
  'collection.submission': CollectionSubmission
  'collection.v_refused_problem': CollectionVRefusedProblem
  'collection.v_row': CollectionVRow
  'collection.v_submission': CollectionVSubmission
  'collection.v_waiting': CollectionVWaiting
  'collection.v_wrong_code': CollectionVWrongCode
  'corrections.act': CorrectionsAct
  'corrections.file_case': CorrectionsFileCase
  'corrections.number': CorrectionsNumber
  'corrections.task': CorrectionsTask
  'corrections.v_task': CorrectionsVTask
  'declarations.act': DeclarationsAct
  'declarations.declaration': DeclarationsDeclaration
  'declarations.number': DeclarationsNumber
  'declarations.v_verified': DeclarationsVVerified
  'exchange.addressed': ExchangeAddressed
  'exchange.chase': ExchangeChase
  'exchange.cursor': ExchangeCursor
  'exchange.delivery': ExchangeDelivery
  'exchange.effect': ExchangeEffect
  'exchange.failure': ExchangeFailure
  'exchange.line': ExchangeLine
  'exchange.made': ExchangeMade
  'exchange.nonce': ExchangeNonce
  'exchange.owed': ExchangeOwed
  'exchange.parcel': ExchangeParcel
  'exchange.peer': ExchangePeer
  'exchange.peer_key': ExchangePeerKey
  'exchange.progress': ExchangeProgress
  'exchange.rate': ExchangeRate
  'exchange.signing_key': ExchangeSigningKey
  'exchange.unsigned_folder': ExchangeUnsignedFolder
  'exchange.v_handed': ExchangeVHanded
  'exchange.v_message': ExchangeVMessage
  'exchange.v_owed': ExchangeVOwed
  'exchange.v_peer': ExchangeVPeer
  'exchange.v_peer_key': ExchangeVPeerKey
  'exchange.way': ExchangeWay
  'gateways.gateway': GatewaysGateway
  'gateways.intake': GatewaysIntake
  'inbound.authority': InboundAuthority
  'inbound.day': InboundDay
  'inbound.intake': InboundIntake
  'inbound.message': InboundMessage
  'inbound.told': InboundTold
  'messages.delivery': MessagesDelivery
  'messages.message': MessagesMessage
  'objections.act': ObjectionsAct
  'objections.evidence': ObjectionsEvidence
  'objections.finding': ObjectionsFinding
  'objections.number': ObjectionsNumber
  'objections.objection': ObjectionsObjection
  'objections.report': ObjectionsReport
  'objections.review': ObjectionsReview
  'objections.self_check': ObjectionsSelfCheck
  'objections.v_case': ObjectionsVCase
  'objections.v_letter': ObjectionsVLetter
  'onboarding.acknowledgement': OnboardingAcknowledgement
  'onboarding.request': OnboardingRequest
  'onboarding.step': OnboardingStep
  'oversight.candidate': OversightCandidate
  'oversight.entry': OversightEntry
  'oversight.progress': OversightProgress
  'oversight.rating': OversightRating
  'oversight.report': OversightReport
  'oversight.tally': OversightTally
  'platform.audit': PlatformAudit
  'platform.audit_seal': PlatformAuditSeal
  'platform.commit': PlatformCommit
  'platform.event': PlatformEvent
  'platform.file': PlatformFile
  'platform.idempotency': PlatformIdempotency
  'platform.migration': PlatformMigration
  'platform.setting': PlatformSetting
  'policies.counter': PoliciesCounter
  'policies.pass': PoliciesPass
  'policies.preview_count': PoliciesPreviewCount
  'policies.preview_row': PoliciesPreviewRow
  'policies.proposal': PoliciesProposal
  'publicity.notice_receipt': PublicityNoticeReceipt
  'quality.circular': QualityCircular
  'quality.counted': QualityCounted
  'quality.figure': QualityFigure
  'reconciliation.act': ReconciliationAct
  'reconciliation.difference': ReconciliationDifference
  'reconciliation.link': ReconciliationLink
  'reconciliation.place': ReconciliationPlace
  'reconciliation.result': ReconciliationResult
  'reconciliation.shown_there': ReconciliationShownThere
  'reconciliation.statement': ReconciliationStatement
  'records.basis': RecordsBasis
  'records.disposition': RecordsDisposition
  'records.record': RecordsRecord
  'records.tombstone': RecordsTombstone
  'records.v_abnormal': RecordsVAbnormal
  'records.v_basis': RecordsVBasis
  'records.v_content': RecordsVContent
  'records.v_displays': RecordsVDisplays
  'records.v_disposition': RecordsVDisposition
  'records.v_entered': RecordsVEntered
  'records.v_fault': RecordsVFault
  'records.v_held': RecordsVHeld
  'records.v_licence_affected': RecordsVLicenceAffected
  'records.v_reported': RecordsVReported
  'records.v_said': RecordsVSaid
  'records.v_shared': RecordsVShared
  'records.v_standing': RecordsVStanding
  'records.version': RecordsVersion
  'reminders.reminder': RemindersReminder
  'reminders.v_circular': RemindersVCircular
  'repair.act': RepairAct
  'repair.application': RepairApplication
  'repair.bar': RepairBar
  'repair.calendar_feed': RepairCalendarFeed
  'repair.duty': RepairDuty
  'repair.fact': RepairFact
  'repair.hand_over': RepairHandOver
  'repair.item': RepairItem
  'repair.link': RepairLink
  'repair.material': RepairMaterial
  'repair.number': RepairNumber
  'repair.progress': RepairProgress
  'repair.prompt': RepairPrompt
  'repair.prompt_run': RepairPromptRun
  'repair.v_act': RepairVAct
  'repair.v_item': RepairVItem
  'repair.v_letter': RepairVLetter
  'repair.v_refused': RepairVRefused
  'repair.v_told': RepairVTold
  'repair.v_window_letter': RepairVWindowLetter
  'repair.window_notice': RepairWindowNotice
  'results.day_set': ResultsDaySet
  'results.entry': ResultsEntry
  'results.look': ResultsLook
  'results.progress': ResultsProgress
  'results.site': ResultsSite
  'results.takedown': ResultsTakedown
  'subjects.code': SubjectsCode
  'subjects.conflict': SubjectsConflict
  'subjects.look': SubjectsLook
  'subjects.moved': SubjectsMoved
  'subjects.name': SubjectsName
  'subjects.subject': SubjectsSubject
  'subjects.v_basic': SubjectsVBasic
  'subjects.v_by_code': SubjectsVByCode
  'subjects.v_by_name': SubjectsVByName
  'subjects.v_conflict': SubjectsVConflict
  'subjects.v_organisation': SubjectsVOrganisation
  'territory.change': TerritoryChange
  'territory.followed': TerritoryFollowed
  'territory.known': TerritoryKnown
  'timeliness.authority': TimelinessAuthority
  'timeliness.due': TimelinessDue
  'timeliness.entry': TimelinessEntry
  'timeliness.finding': TimelinessFinding
  'timeliness.intake': TimelinessIntake
  'timeliness.intake_tally': TimelinessIntakeTally
  'timeliness.list': TimelinessList
  'timeliness.list_row': TimelinessListRow
  'timeliness.progress': TimelinessProgress
  'timeliness.sample': TimelinessSample
  'timeliness.sample_row': TimelinessSampleRow
  'timeliness.tally': TimelinessTally
  'transfers.arrival': TransfersArrival
  'transfers.part': TransfersPart
  'transfers.seat': TransfersSeat
  'transfers.step': TransfersStep
  'transfers.transfer': TransfersTransfer
  'transfers.turned_away': TransfersTurnedAway
}
