/** Names that the policy's files and a capability both speak: the files are checked against them, the capability gives them words. */

/** How a reported record stands against its term. */
export const REPORTING_CLASSES = ['on_time', 'late', 'backfill', 'annulled', 'no_term'] as const

/** What the expressions of the reporting rates are made of. */
export const RATE_COUNTS = [
  ...REPORTING_CLASSES,
  'missing_open',
  'missing_explained',
  'sample_drawn',
  'sample_reported',
  'sample_published',
  'sample_neither',
] as const

/** What the formulas of data quality are made of. */
export const QUALITY_COUNTS = [
  'received',
  'refused',
  'mended',
  'pending',
  'already_held',
  'filled',
  'expected',
  'reported',
  'late',
] as const
export const QUALITY_INDICATORS = ['completeness', 'validity', 'first_pass', 'uniqueness', 'timeliness'] as const

/** What an authority owes an answer to, and who is reminded of it, one after the other. */
export const OVERDUE_MATTERS = ['returned_rows', 'late', 'missing'] as const
export const REMINDER_LEVELS = ['collector', 'head', 'circular'] as const

/** What a line of the daily set of repair results may hold. */
export const RESULT_FIELDS = [
  'result_no',
  'result',
  'item_code',
  'item_name',
  'subject_name',
  'subject_code',
  'authority_name',
  'doc_no',
  'decided_on',
  'effective_on',
  'amends',
] as const

/** What has to be known of an applicant or a record before a repair, and stands in no record: declared, shared or found. */
export const KNOWN_FACTS = [
  'dutiesPerformed',
  'corrected',
  'commitmentSigned',
  'sameKindReoffended',
  'heavierPenaltyAgain',
  'taxOffenceAgain',
  'securityRisk',
  'annualReportFiled',
  'informationPublished',
  'nameChangeRegistered',
  'addressRestored',
  'taxesPaid',
] as const

/** What the handling of a repair may end with, and what may become of it afterwards. */
export const REPAIR_ENDINGS = [
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
  'lapsed',
  'forged',
  'revoked',
  'shielded',
  'plan_completed',
  'restored',
] as const

/** Whom a record can be about. */
export const SUBJECT_KINDS = [
  'enterprise',
  'institution',
  'social_organisation',
  'individual_business',
  'government_body',
  'natural_person',
  'other',
] as const

/** Kinds of administrative penalties, as the catalog codes them. */
export const PENALTY_KINDS = [
  'warning',
  'criticism',
  'fine',
  'confiscate_gains',
  'confiscate_property',
  'suspend_licence',
  'downgrade',
  'revoke_licence',
  'revoke_business_licence',
  'restrict_business',
  'suspend_business',
  'close_down',
  'restrict_employment',
  'detention',
  'other',
] as const
