import { z } from 'zod'
import { catalogItem, fieldGroup } from './policy-schema.catalog.ts'
import { noticesFile } from './policy-schema.notices.ts'
import { overridesFile, regimeFile, routesFile, termsFile } from './policy-schema.regimes.ts'
import { code, day, row, subjectKind, words } from './policy-schema.rows.ts'
import { settingsFile } from './policy-schema.settings.ts'

/** The shapes of the files under `policy/`. A key that is not known here is a mistake, not an extension. */

const listsFile = z.strictObject({
  kind: z.literal('lists'),
  lists: z.array(z.strictObject({ ...row, code, name: words, owner: words, recordSystem: code, repair: words })),
})

const names = z.enum(['codes', 'keys'])
/** Who receives what authorities hand in, in which format and under which names (一口入、多口出). */
const receiversFile = z.strictObject({
  kind: z.literal('receivers'),
  receivers: z.array(
    z.strictObject({
      ...row,
      code,
      name: words,
      format: z.enum(['csv', 'json', 'xml']),
      takes: z.enum(['published', 'shared']),
      dates: z.enum(['dashes', 'slashes']).default('dashes'),
      choices: z.enum(['labels', 'codes']).default('labels'),
      items: z
        .array(
          z.strictObject({
            item: code,
            names: z.union([
              names,
              z.array(z.strictObject({ key: code, name: z.string().regex(/^[A-Za-z_][\w.-]*$/) })).min(1),
            ]),
          }),
        )
        .default([]),
      others: names.nullable().default(null),
    }),
  ),
})

const named = z.strictObject({ code, name: words, aliases: z.array(z.string()).default([]) })
const codesFile = z.strictObject({
  kind: z.literal('codes'),
  fields: z.array(named).default([]),
  listCauses: z.array(named).default([]),
})

const divisionsFile = z.strictObject({
  kind: z.literal('divisions'),
  divisions: z.array(
    z.strictObject({
      code: z.string().regex(/^\d{6}$/),
      name: words,
      level: z.enum(['province', 'city', 'county']),
      parent: z.string().nullable().default(null),
      validFrom: day.nullable().default(null),
      validTo: day.nullable().default(null),
      successors: z.array(z.string()).default([]),
    }),
  ),
})

const usccFile = z.strictObject({
  kind: z.literal('uscc_categories'),
  categories: z.array(
    z.strictObject({
      code: z.string().regex(/^[0-9A-HJ-NP-RTUWXY]{2}$/),
      name: words,
      registrar: words,
      subjectKind,
      unsure: z.boolean().default(false),
    }),
  ),
})

const calendarFile = z.strictObject({
  kind: z.literal('calendar'),
  year: z.number().int(),
  instrument: words,
  unsure: z.boolean().default(false),
  note: words.nullable().default(null),
  holidays: z.array(z.strictObject({ name: words, days: z.array(day).min(1) })),
  workdays: z.array(day),
})

const jurisdictionFile = z.strictObject({
  kind: z.literal('jurisdiction'),
  code: z.string().regex(/^\d{6}$/),
  name: words,
  parents: z.array(z.string()).default([]),
  receiver: words.nullable().default(null),
})

export const policyFile = z.discriminatedUnion('kind', [
  regimeFile,
  overridesFile,
  routesFile,
  termsFile,
  settingsFile,
  catalogItem,
  fieldGroup,
  listsFile,
  receiversFile,
  noticesFile,
  codesFile,
  divisionsFile,
  usccFile,
  calendarFile,
  jurisdictionFile,
])
export type PolicyFile = z.infer<typeof policyFile>
