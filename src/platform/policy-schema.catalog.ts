import { z } from 'zod'
import type { CatalogClass } from '../kernel/policy.ts'
import { code, period, row, words } from './policy-schema.rows.ts'

/** Items of the catalog and the groups of fields that they share. */

const fieldCondition = z.strictObject({
  field: code,
  is: z.array(z.string()).optional(),
  filled: z.boolean().optional(),
})
const catalogField = z.strictObject({
  code: z.string().regex(/^[A-Z0-9_]+$/, 'must be a field code such as CF_WSH'),
  key: code,
  label: words,
  aliases: z.array(z.string().min(1)).default([]),
  type: z.enum([
    'text',
    'date',
    'money_wan',
    'choice',
    'choices',
    'code_uscc',
    'code_org',
    'code_registration',
    'code_tax',
    'code_institution',
    'code_social',
    'person_id',
    'flag',
    'period',
    'number',
  ]),
  maxLength: z.number().int().positive().nullable().default(null),
  required: z.union([z.literal('always'), z.literal('never'), z.array(fieldCondition).min(1)]).default('never'),
  absent: z.array(fieldCondition).default([]),
  choices: z
    .array(
      z.strictObject({
        code: z.string(),
        label: words,
        aliases: z.array(z.string()).default([]),
        means: z.string().nullable().default(null),
      }),
    )
    .default([]),
  secret: z.boolean().default(false),
  public: z.boolean().default(false),
  supplement: z.boolean().default(false),
  unsure: z.boolean().default(false),
  note: words.nullable().default(null),
})
const catalogCheck = z.strictObject({
  code: z.string().regex(/^[A-Z_]+$/),
  fields: z.array(code).min(1),
  words,
  mend: words,
  article: z.string().nullable().default(null),
})
const CATALOG_CLASSES = [
  'registration',
  'judicial',
  'administration',
  'profession',
  'abnormal',
  'serious',
  'contract',
  'commitment',
  'evaluation',
  'compliance',
  'honour',
  'self_provided',
  'intellectual_property',
  'financing',
] as const satisfies readonly CatalogClass[]
const basisLevel = z.enum([
  'law',
  'administrative_regulation',
  'party_central_document',
  'state_council_document',
  'judicial_interpretation',
  'local_regulation',
  'department_rule',
  'normative_document',
])
export const catalogItem = z.strictObject({
  ...row,
  kind: z.literal('catalog'),
  code,
  name: words,
  class: z.enum(CATALOG_CLASSES),
  /** Where it stands among the items of its class. */
  order: z.number().int().min(1).default(50),
  /** Stands for `{P}` in the codes of the field groups that are included. */
  prefix: z
    .string()
    .regex(/^[A-Z]{2,4}$/, 'must be two to four capitals')
    .optional(),
  negative: z.boolean(),
  legalBasis: z
    .array(z.strictObject({ level: basisLevel, instrument: words, article: z.string().trim().min(1) }))
    .default([]),
  responsible: z.strictObject({ systems: z.array(code).default([]), duty: words }),
  activation: z.enum(['in_force', 'on_approval']).default('in_force'),
  naturalKey: z.array(code).min(1),
  reporting: z.strictObject({
    workdays: z.number().int().positive().nullable().default(null),
    period: period.nullable().default(null),
    starts: code,
    article: z.string(),
  }),
  sharing: z.enum(['unconditional', 'conditional', 'none']),
  publicity: z.enum(['public', 'by_rule', 'none']),
  fields: z.array(catalogField).min(1),
  checks: z.array(catalogCheck).default([]),
})

/** Fields that items share: `- include: <id>`; `{P}` in a code or a heading becomes the prefix of the item. */
export const fieldGroup = z.strictObject({
  kind: z.literal('field_group'),
  id: code,
  fields: z.array(z.strictObject({ ...catalogField.shape, code: z.string().regex(/^(?:\{P\}_)?[A-Z0-9_]+$/) })).min(1),
})
