import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { rulesFor } from './open.ts'
import { type KnownAuthority, compileRow } from './rules.ts'
import type { Problem } from './rules.columns.ts'

/** What is held of a record, in whole: what may be published, what may not, and what is sealed. */
export type HeldContent = { fields: Record<string, unknown>; secret: Record<string, string> | null }

/** Who reports is not asked again of what is held. */
const ANYONE: KnownAuthority = {
  id: '00000000-0000-0000-0000-000000000000',
  code: '',
  name: '',
  nameKey: '',
  division: '000000',
  system: 'general',
  isCreditOffice: true,
  duties: [],
}
const NO_DIRECTORY = { byCode: new Map<string, KnownAuthority>(), byName: new Map<string, KnownAuthority>() }

/** A held value as the cell of a row. */
export const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  return Array.isArray(value) ? value.join(';') : String(value as string | number)
}

/**
 * The check of what is held by a version of its item, as if it were handed in again today: every field, its presence, and
 * the rules between fields. Nothing is written and nobody is told.
 */
export const heldCheck = (ctx: Ctx, item: CatalogItem): ((held: HeldContent) => Problem[]) => {
  const { fields } = item
  const check = compileRow(
    rulesFor(ctx, {
      item,
      reporter: ANYONE,
      directory: NO_DIRECTORY,
      today: today(ctx),
      sources: new Map(fields.map((f, column) => [f.key, { column }])),
      width: fields.length,
    }),
  )
  return ({ fields: held, secret }) => {
    const cells = fields.map(({ key }) =>
      // What 其他 stood for was kept beside it; a day that the rules overrule was kept as reported.
      cellOf(held[`${key}_note`] ?? held[key] ?? held[`reported_${key}`] ?? secret?.[key]),
    )
    const checked = check({ n: 1, cells })
    return checked.ok ? [] : checked.problems
  }
}
