import { z } from 'zod'
import {
  OVERDUE_MATTERS,
  QUALITY_COUNTS,
  QUALITY_INDICATORS,
  RATE_COUNTS,
  REMINDER_LEVELS,
  REPAIR_ENDINGS,
  RESULT_FIELDS,
} from '../kernel/closed-sets.ts'
import { code, day, knownFact, period, row, words } from './policy-schema.rows.ts'

/** Named counts with + and - between them, and nothing else. What a name counts is told by the capability `timeliness`. */
const rateExpression = z
  .string()
  .regex(
    new RegExp(`^(${RATE_COUNTS.join('|')})( [+-] (${RATE_COUNTS.join('|')}))*$`),
    'must be known counts with + or - between them',
  )
const rateFormula = z.strictObject({ numerator: rateExpression, denominator: rateExpression })

const qualityCount = z.enum(QUALITY_COUNTS)
const repairEnding = z.enum(REPAIR_ENDINGS)
/** The closed set of switches and local arrangements, and the shape of each value. */
const settingValues = {
  /** Of which kinds of record, where it is switched on; none named = of all. */
  first_review: z.strictObject({ enabled: z.boolean(), items: z.array(code).optional() }),
  notice_items: z.array(code),
  window_items: z.array(code),
  window_accepts: z.boolean(),
  one_form: z.boolean(),
  report_chain: z.array(z.enum(['county', 'city', 'province'])).min(1),
  result_exchange: z.strictObject({ every: period }),
  /** The daily exchange with the publicity system: from which hour (Asia/Shanghai), how soon again after a failure, how far days may be apart. */
  publicity_exchange: z.strictObject({
    hour: z.number().int().min(0).max(23),
    retryMinutes: z.number().int().min(1),
    toleranceDays: z.number().int().min(0),
  }),
  /** Of which systems' records the publicity system's rules speak. */
  publicity_scope: z.array(code).min(1),
  /** What a small fine's expiry there does here: the record stops being shown, or it is noted only. */
  publicity_small_fines: z.enum(['follow', 'report_only']),
  /** Which differences the platform handles by itself, and how. */
  reconciliation_closes: z.array(z.enum(['resend', 'take_in', 'recognise'])),
  /** The daily set of repair results as a data set of the catalog: which dispositions make, correct and reverse a line, and its fields. */
  result_set: z.strictObject({
    name: words,
    repairs: z.array(code).min(1),
    corrections: z.array(code),
    reversals: z.array(code),
    sharing: z.enum(['unconditional', 'conditional', 'none']),
    sharedWith: words,
    fields: z
      .array(
        z.strictObject({
          code: z.string().regex(/^[A-Z0-9_]+$/),
          key: z.enum(RESULT_FIELDS),
          label: words,
          meaning: words,
        }),
      )
      .min(1),
  }),
  /** Which items authorities take off their own pages after a repair, within how many working days, and who is told of what is late. */
  result_takedown: z.strictObject({
    items: z.array(code).min(1),
    workdays: z.number().int().min(1).max(60),
    levels: z
      .array(
        z.strictObject({
          level: z.enum(['collector', 'head']),
          workdays: z.number().int().min(0),
          by: z.array(z.enum(['inbox', 'email', 'sms'])).min(1),
        }),
      )
      .min(1),
  }),
  /** How the pages that authorities name are looked at; `networks`: government networks that may be reached beside the public one. */
  page_check: z.strictObject({
    timeoutSeconds: z.number().int().min(1).max(60),
    maxBytes: z.number().int().min(1024).max(16_777_216),
    redirects: z.number().int().min(0).max(10),
    looks: z.number().int().min(1).max(20),
    everyHours: z.number().int().min(1),
    networks: z.array(z.string().regex(/^[0-9a-f.:]+\/\d{1,3}$/)),
  }),
  /** Third-party credit services: how long one may be served before its agreement is signed, and when its end is announced. */
  third_party_agreement: z.strictObject({
    graceDays: z.number().int().min(0),
    warnDays: z.array(z.number().int().min(1)).min(1),
  }),
  /** From what lateness on a measure is suggested, looking back so many days. */
  third_party_lateness: z.strictObject({
    withinDays: z.number().int().min(1),
    share: z.number().min(0).max(1),
    oldestWorkdays: z.number().int().min(1),
  }),
  third_party_measures: z.strictObject({ kinds: z.array(z.enum(['suspend', 'cut_off', 'reinstate'])).min(1) }),
  /** Whom one may summon of a third party that is late, and how long mending usually takes. */
  third_party_talks: z.strictObject({
    capacities: z.array(z.strictObject({ code, name: words })).min(1),
    mendWorkdays: z.number().int().min(1),
  }),
  mark_pending_objection: z.boolean(),
  unperformed_at_maximum: z.enum(['stop', 'keep']),
  repaired_in_special_report: z.boolean(),
  repair_certificate: z.strictObject({ enabled: z.boolean(), issuer: words.nullable() }),
  objection_kinds: z.array(code),
  own_initiative_objection: z.boolean(),
  /** How far the checking of an objection may be extended, in working days. */
  objection_extension: z.strictObject({ most: z.number().int().min(1) }),
  /** Who hears of an overdue objection, so many working days after its day. */
  objection_escalation: z
    .array(z.strictObject({ level: z.enum(['head', 'credit_office']), workdays: z.number().int().min(0) }))
    .min(1),
  /** Reports before login: how many from one place a day, and within how many working days they are looked into. */
  objection_reports: z.strictObject({ perDay: z.number().int().min(1), workdays: z.number().int().min(1) }),
  prior_notice_of_listing: z.boolean(),
  /** Formulas add and subtract counts and divide by one of them; scores run from 0 to 100. */
  quality_score: z.strictObject({
    leastRows: z.number().int().min(1),
    green: z.number().min(0).max(100),
    yellow: z.number().min(0).max(100),
    indicators: z
      .array(
        z.strictObject({
          code: z.enum(QUALITY_INDICATORS),
          weight: z.number().positive(),
          plus: z.array(qualityCount).min(1),
          minus: z.array(qualityCount),
          over: qualityCount,
        }),
      )
      .min(1),
    fields: z.array(z.strictObject({ item: code, keys: z.array(code).min(1) })),
  }),
  quality_goals: z.strictObject({ lateShare: z.number(), missedShare: z.number(), hiddenShare: z.number() }),
  return_reminder: z.boolean(),
  /** Who is reminded of what, after how many working days: the first from the day of the oldest, each next from the one before. */
  reminder_levels: z
    .array(
      z.strictObject({
        what: z.enum(OVERDUE_MATTERS),
        level: z.enum(REMINDER_LEVELS),
        workdays: z.number().int().min(0),
        by: z.array(z.enum(['inbox', 'email', 'sms'])),
      }),
    )
    .min(1),
  /** How often e-mail and text messages are tried, and how the time between grows. */
  message_delivery: z.strictObject({
    attempts: z.number().int().min(1),
    firstRetrySeconds: z.number().int().min(1),
    longestRetrySeconds: z.number().int().min(1),
  }),
  /** How deliveries are pushed to peers: how much at a time, how long is waited, how often it is tried again, and when it is given up. */
  exchange_push: z.strictObject({
    batch: z.number().int().min(1).max(1000),
    requestsAtOnce: z.number().int().min(1).max(32),
    timeoutSeconds: z.number().min(0.1).max(120),
    firstRetrySeconds: z.number().min(0.1),
    longestRetrySeconds: z.number().min(1),
    longestRestSeconds: z.number().min(1),
    jitter: z.number().min(0).max(1),
    attempts: z.number().int().min(1),
    turnedAwayAttempts: z.number().int().min(1),
    deadAfterHours: z.number().min(1),
  }),
  /** Whoever has not confirmed is chased: how often the credit office is told, and by which ways. */
  exchange_chase: z.strictObject({
    everyWorkdays: z.number().int().min(1),
    by: z.array(z.enum(['inbox', 'email', 'sms'])).min(1),
    /** How whoever is late is told itself: the authority behind a portal, or the peer at its address. None: not at all. */
    peerBy: z.array(z.enum(['inbox', 'email', 'sms'])),
  }),
  /**
   * What peers send: for which reasons a kind of peer may take down what others decided, after how many minutes a message
   * that waits is tried again, and how long a withdrawal waits for its record.
   */
  exchange_inbound: z.strictObject({
    mayEnd: z.array(z.strictObject({ peer: z.string(), reasons: z.array(z.string()).min(1) })),
    retryMinutes: z.array(z.number().int().min(1)).min(1),
    withdrawalWaitsHours: z.number().int().min(1),
  }),
  /** The nightly proof of the balance: from which hour (Asia/Shanghai), and within how many days all is proved again. */
  balance_proof: z.strictObject({
    hour: z.number().int().min(0).max(23),
    withinDays: z.number().int().min(1),
  }),
  /** How records that began under older rules pass over to rules that were changed beside the pack. */
  rule_change_transition: z.enum(['old_rule', 'new_rule', 'more_favourable']),
  downward_return: z.boolean(),
  rating_after_service: z.boolean(),
  /** A rating of so many points or fewer needs a reply, within so many working days; null: no term is set. */
  rating_reply: z.strictObject({
    atMost: z.number().int().min(0).max(4),
    workdays: z.number().int().min(1).nullable(),
  }),
  /** Which endings count as success, over which; which are abnormal. */
  repair_oversight: z.strictObject({
    success: z.array(repairEnding).min(1),
    over: z.array(repairEnding).min(1),
    abnormal: z.array(repairEnding).min(1),
  }),
  /** Enterprises listed for not reporting, for so many years, and out of reach; `standing`: one entry that has stood so long will do. */
  revocation_candidates: z.strictObject({
    years: z.number().int().min(1),
    notReporting: z.array(code).min(1),
    outOfReach: z.array(code).min(1),
    standing: z.boolean(),
  }),
  fees_allowed: z.boolean(),
  /** Casework of a system: what the applicant signs, which actions the head decides, what a bar reaches. */
  commitment_text: words,
  head_decides: z.array(code).min(1),
  bar_reaches: z.enum(['record', 'system']),
  /** Of a system: whether a plan that was carried out waives the shortest period of display. */
  plan_completed_waives_shortest: z.boolean(),
  /** Which actions two different people take together, whoever begins. */
  two_people: z.array(code).min(1),
  /** Whether an application lapses whose applicant has not come back since the one-time notice, and after how long. */
  mending_lapses: z.strictObject({ enabled: z.boolean(), after: period }),
  /**
   * Sectors whose own rule keeps a record shown at its maximum while duties are not performed. `ahead`: how long before that day its
   * authority may say so, for before it nobody knows whether they will be.
   */
  unperformed_by_sector: z.array(
    z.discriminatedUnion('does', [
      z.strictObject({ recordSystem: code, does: z.literal('stop') }),
      z.strictObject({ recordSystem: code, does: z.literal('keep'), ahead: period }),
    ]),
  ),
  self_declared_information: z.boolean(),
  collectors_per_unit: z.strictObject({ atLeast: z.number().int() }),
  /** Codes: which duty the registrar of each category carries, and the share of organisations that should have one. */
  registrars: z.array(z.strictObject({ registrar: z.string().min(1), duty: code, system: code.optional() })).min(1),
  code_coverage_goal: z.number().min(0).max(1),
  /** Declarations: kinds with the duty that verifies each (null: the credit office), what is signed, shown and follows. */
  declaration_kinds: z
    .array(
      z.strictObject({
        code,
        name: words,
        verifier: code.nullable(),
        public: z.boolean(),
        validity: z.enum(['required', 'optional']),
      }),
    )
    .min(1),
  declaration_commitment: words,
  declaration_unverified_public: z.enum(['hidden', 'marked']),
  declaration_false_consequence: words,
  /** How long none of a kind is taken after one was found false. */
  declaration_false_bar: period,
  /** Timeliness of reporting: which month a record counts in, the rates as expressions of named counts, the bounds. */
  reporting_month: z.enum(['decided_on', 'reported_on']),
  rate_late: rateFormula,
  rate_missing: rateFormula,
  rate_concealed: rateFormula,
  backfill_limit: z.strictObject({ dueBefore: z.union([z.literal('first_report'), day]), days: z.number().int() }),
  gap_bounds: z.strictObject({
    lookBack: period,
    longestGap: z.number().int().positive(),
    leastShare: z.number().min(0).max(1),
    leastHeld: z.number().int().min(2),
    most: z.number().int().positive(),
  }),
  sample_bounds: z.strictObject({ least: z.number().int().positive(), most: z.number().int().positive() }),
  overdue_after: z.strictObject({
    returnedWorkdays: z.number().int().min(0),
    missingWorkdays: z.number().int().min(0),
    lateWithin: period,
  }),
  /** Which facts authorities share: about one record or the subject, and who may say it (own: whoever decided the record). */
  shared_facts: z.partialRecord(
    knownFact,
    z.strictObject({
      about: z.enum(['record', 'subject']),
      by: z.array(z.enum(['own', 'general', 'market_supervision', 'tax', 'court'])).min(1),
    }),
  ),
  /** Which facts a kind of material would prove. */
  material_proves: z.array(z.strictObject({ material: z.string().min(1), facts: z.array(knownFact).min(1) })),
  hand_over_minutes: z.number().int().min(1).max(120),
  library_period: period,
  /** Working days in which another platform takes in a case, and after which laggards are named in a receipt. */
  transfer_workdays: z.number().int().min(1).max(60),
  receipt_final_workdays: z.number().int().min(1).max(120),
} as const
/** Of a switch: the values among which it may stand. What is made of several parts is written out. */
const choicesOf = (shape: z.ZodType): unknown[] => {
  if (shape instanceof z.ZodBoolean) return [true, false]
  if (shape instanceof z.ZodEnum) return [...shape.options]
  return []
}
export const settingShapes: Readonly<Record<string, { choices: unknown[] }>> = Object.fromEntries(
  Object.entries(settingValues).map(([key, shape]) => [key, { choices: choicesOf(shape as z.ZodType) }]),
)
export const settingsFile = z.strictObject({
  kind: z.literal('settings'),
  settings: z.array(
    z.strictObject({ ...row, key: z.string(), value: z.unknown() }).superRefine((s, ctx) => {
      const shape = settingValues[s.key as keyof typeof settingValues] as z.ZodType | undefined
      if (!shape) ctx.addIssue({ code: 'custom', path: ['key'], message: `no setting is called ${s.key}` })
      else if (!shape.safeParse(s.value).success)
        ctx.addIssue({ code: 'custom', path: ['value'], message: `not a value that ${s.key} may have` })
    }),
  ),
})
