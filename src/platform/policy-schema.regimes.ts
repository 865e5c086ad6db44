import { z } from 'zod'
import {
  anyWhen,
  channel,
  clock,
  code,
  day,
  discretion,
  kind,
  knownFact,
  period,
  procedure,
  repairMode,
  row,
  sectorClass,
  subjectKind,
  tierOfFine,
  words,
} from './policy-schema.rows.ts'

/** Regimes: what is shown how long, when it may be repaired, with which material and in which term; and who receives it. */

const windowRule = z.strictObject({
  ...row,
  tier: z.enum(['outside', 'hide', 'sector', 'default', 'rest']),
  when: anyWhen,
  class: z.enum(['minor', 'general', 'serious', 'listed', 'unclassified', 'none']),
  shown: z.boolean(),
  repair: repairMode,
  min: period.nullable().default(null),
  max: period.nullable().default(null),
  termDelaysRepair: z.boolean().default(false),
  termExtendsMaximum: z.boolean().default(false),
  why: words,
})

const conditionRule = z.strictObject({
  ...row,
  when: anyWhen,
  needs: z.enum([
    'repairable',
    'not_ended',
    'min_period',
    'term_ended',
    'not_barred',
    'known_true',
    'known_false',
    'authority_judges',
  ]),
  code: z.string().regex(/^[A-Z_]+$/, 'must be a refusal code of capitals and _'),
  words,
  known: knownFact.nullable().default(null),
  modes: z.array(repairMode).default([]),
  period: period.nullable().default(null),
  clock: clock.nullable().default(null),
})

const materialRule = z.strictObject({
  ...row,
  when: anyWhen,
  code,
  name: words,
  required: z.enum(['always', 'unless_shared', 'bankruptcy', 'on_request']),
})

const termRule = z.strictObject({
  ...row,
  step: z.string().regex(/^[a-z_.]+$/),
  when: anyWhen,
  starts: code,
  workdays: z.number().int().positive().nullable().default(null),
  days: z.number().int().positive().nullable().default(null),
  period: period.nullable().default(null),
  extend: z.strictObject({ workdays: z.number().int().positive().nullable(), on: words }).nullable().default(null),
})

const consequenceRule = z.strictObject({
  ...row,
  event: z.enum([
    'false_material',
    'bankruptcy_plan',
    'bankruptcy_failed',
    'deregistered',
    'annulled',
    'repaired',
    'left_list',
    'led_to_ended',
  ]),
  unless: z.array(z.enum(['fixed', 'not_yet'])).default([]),
  barPeriod: period.nullable().default(null),
  publishPeriod: period.nullable().default(null),
  restartClock: z.boolean().default(false),
  earlyEnd: z.boolean().default(true),
  mandatory: z.boolean().default(true),
  workdays: z.number().int().positive().nullable().default(null),
})

const example = z.strictObject({
  name: z.string().min(1),
  article: z.string().min(1),
  source: z.string(),
  facts: z.strictObject({
    item: code,
    system: code.optional(),
    subjectKind: subjectKind.optional(),
    decidedOn: day,
    publishedOn: day.optional(),
    procedure: procedure.optional(),
    penaltyKinds: z.array(kind).optional(),
    fineYuan: z.number().optional(),
    discretion: discretion.optional(),
    field: code.optional(),
    fineTier: tierOfFine.optional(),
    sectorClass: sectorClass.optional(),
    minorPublished: z.boolean().optional(),
    termEndsOn: day.optional(),
    list: code.optional(),
    listCause: code.optional(),
    repeatOffender: z.boolean().optional(),
  }),
  expect: z.strictObject({
    channel,
    class: z.string().optional(),
    from: day.nullable().optional(),
    earliest: day.nullable().optional(),
    until: day.nullable().optional(),
    rule: z.string().optional(),
  }),
})

const rulesOfRegime = {
  windows: z.array(windowRule).default([]),
  conditions: z.array(conditionRule).default([]),
  materials: z.array(materialRule).default([]),
  terms: z.array(termRule).default([]),
  consequences: z.array(consequenceRule).default([]),
}

export const regimeFile = z.strictObject({
  kind: z.literal('regime'),
  ...row,
  version: z.string().min(1),
  channel: channel.nullable().default(null),
  title: words,
  picksBy: clock,
  clock,
  clockArticle: z.string().min(1),
  transition: z.strictObject({
    recordsBefore: z.enum(['old_rule', 'new_rule', 'more_favourable']),
    unsure: z.boolean().default(false),
    note: words.nullable().default(null),
  }),
  ...rulesOfRegime,
  examples: z.array(example).default([]),
})

/** A jurisdiction's own rows in a national regime: a row with a known id replaces it, another is added. */
export const overridesFile = z.strictObject({ kind: z.literal('overrides'), regime: z.string(), ...rulesOfRegime })

export const routesFile = z.strictObject({
  kind: z.literal('routes'),
  routes: z.array(
    z.strictObject({
      ...row,
      when: anyWhen,
      levels: z.array(z.enum(['province', 'city', 'county'])).default([]),
      routesTo: z.enum(['credit_china', 'necips', 'tax', 'court', 'rating']),
      receiver: words,
      decider: z.enum(['finder', 'registry_authority', 'lister']),
      steps: z.array(code),
    }),
  ),
})

export const termsFile = z.strictObject({ kind: z.literal('terms'), terms: z.array(termRule) })
