import type { CatalogItem } from '../../kernel/policy.ts'
import { docKey, firstOf, nameKey } from '../../kernel/text.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Words } from '../../kernel/words.ts'
import { cellOf } from './held.ts'
import { rulesFor } from './open.ts'
import { type Checked, type Directory, type KnownAuthority, compileRow } from './rules.ts'
import { placesOf } from './rules.places.ts'

/** A record as another platform tells of it: what may be published, and who, by whom and which document in front. */
export type ExchangedRecord = {
  name: string
  code: string | null
  authority: string
  docNo: string
  decidedOn: string | null
  fields: Record<string, unknown>
}
export type ExchangedCheck =
  | { fault: 'unknown_fields'; fields: string[] }
  | { fault: 'about_differs'; fields: Words[] }
  | { fault: null; checked: Checked }

/** Only what may be published passes between platforms, so nothing else can be asked for; what comes is checked all the same. */
const asExchanged = (item: CatalogItem): CatalogItem => ({
  ...item,
  fields: item.fields.map((f) => (f.public && !f.secret ? f : { ...f, required: 'never' })),
})

/** The same check that a row of a file gets. The credit office stands for it as for what it hands in on behalf of others. */
export const exchangedCheck = (
  ctx: Ctx,
  ask: { item: CatalogItem; directory: Directory; reporter: KnownAuthority },
): ((given: ExchangedRecord) => ExchangedCheck) => {
  const item = asExchanged(ask.item)
  const { fields } = item
  const at = placesOf(item)
  const names = new Map(fields.flatMap((f, i) => [f.key, f.code, f.label.zh].map((n) => [n, i] as const)))
  const check = compileRow(
    rulesFor(ctx, {
      ...ask,
      item,
      today: today(ctx),
      sources: new Map(fields.map((f, column) => [f.key, { column }])),
      width: fields.length,
    }),
  )
  /** The place of a code in the row: the unified one, or the older ones by their form. */
  const codePlace = (code: string): number =>
    code.length === 18 ? at.uscc : code.length === 9 ? at.organisation : at.registration
  return (given) => {
    const unknown = Object.keys(given.fields).filter((k) => !names.has(k))
    if (unknown.length) return { fault: 'unknown_fields', fields: unknown.slice(0, 20).map((k) => firstOf(k, 60)) }
    const cells = Array.from<string>({ length: fields.length }).fill('')
    for (const [name, value] of Object.entries(given.fields)) cells[names.get(name) as number] = cellOf(value)
    const differs: Words[] = []
    const head = (place: number, value: string | null, keyOf: (text: string) => string): void => {
      if (place < 0 || !value) return
      if (!cells[place]) cells[place] = value
      else if (keyOf(cells[place]) !== keyOf(value)) differs.push(fields[place]!.label)
    }
    head(at.name, given.name, nameKey)
    if (given.code) head(codePlace(given.code), given.code, (t) => t.trim().toUpperCase())
    head(at.authorityName, given.authority, nameKey)
    head(at.docNo, given.docNo, docKey)
    head(at.decidedOn, given.decidedOn, (t) => t.trim())
    if (differs.length) return { fault: 'about_differs', fields: differs }
    return { fault: null, checked: check({ n: 1, cells }) }
  }
}
