import type { CatalogField, CatalogItem, FieldCondition } from '../../kernel/policy.ts'
import { nameKey } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Lang, type Words, say } from '../../kernel/words.ts'
import type { FormView } from './contract.ts'
import { type Checked, type KnownAuthority, compileRow } from './rules.ts'
import type { Problem } from './rules.columns.ts'
import { PROBLEMS } from './words.problems.ts'

/** What a person has typed, by field key; several choices are separated by semicolons, as in a table. */
export type Typed = Readonly<Record<string, string>>
export type Presence = 'required' | 'optional' | 'absent'

const partsOf = (text: string): string[] =>
  text
    .split(/[;；]/)
    .map((p) => p.trim())
    .filter((p) => p !== '')

/** A choice may be typed as its code or as its words. */
const holds = (c: FieldCondition, typed: Typed, field: Pick<CatalogField, 'choices'> | undefined): boolean => {
  const text = (typed[c.field] ?? '').trim()
  if (c.filled !== undefined && (text !== '') !== c.filled) return false
  if (!c.is) return true
  const codes = partsOf(text).map((p) => field?.choices.find((x) => x.label.zh === p || x.code === p)?.code ?? p)
  return codes.some((code) => c.is?.includes(code))
}

type Fields = readonly Pick<CatalogField, 'key' | 'required' | 'absent' | 'choices'>[]
/** Which fields are wanted, may be left out, or have no place, given what is typed so far. */
export const presenceOf = (fields: Fields, typed: Typed): ReadonlyMap<string, Presence> => {
  const byKey = new Map(fields.map((f) => [f.key, f]))
  const any = (conditions: readonly FieldCondition[]) => conditions.some((c) => holds(c, typed, byKey.get(c.field)))
  return new Map(
    fields.map((f): [string, Presence] => {
      if (any(f.absent)) return [f.key, 'absent']
      const required = f.required === 'always' || (Array.isArray(f.required) && any(f.required))
      return [f.key, required ? 'required' : 'optional']
    }),
  )
}

const known = (a: FormView['deciders'][number], item: string, isCreditOffice: boolean): KnownAuthority => ({
  ...a,
  nameKey: nameKey(a.name),
  isCreditOffice,
  duties: [item],
})

/** The very checks of the server, in the browser; what only the register or a subject's file knows is told when it is sent. */
export const formCheck = (form: FormView): ((typed: Typed) => Checked) => {
  const item = form.item as unknown as CatalogItem
  const deciders = form.deciders.map((a) => known(a, item.code, false))
  const check = compileRow({
    item,
    today: form.today as LocalDate,
    categories: form.categories.map((c) => ({ ...c, unsure: false })) as Parameters<typeof compileRow>[0]['categories'],
    lists: form.lists,
    directory: {
      byCode: new Map(deciders.map((a) => [a.code, a])),
      byName: new Map(deciders.map((a) => [a.nameKey, a])),
    },
    reporter: known(form.reporter, item.code, form.onBehalf),
    sources: new Map(item.fields.map((f, column) => [f.key, { column }])),
    width: item.fields.length,
  })
  return (typed) => check({ n: 1, cells: item.fields.map((f) => typed[f.key] ?? '') })
}

/** The sentences of a problem: why, and how to mend it. */
export const problemWords = (form: FormView, p: Problem, lang: Lang): { reason: string; mend: string } => {
  const own = (PROBLEMS as Record<string, { reason: Words; mend: Words }>)[p.code]
  const rule = form.item.checks.find((c) => c.code === p.code)
  const words = own ?? (rule ? { reason: rule.words, mend: rule.mend } : null)
  const params = { label: p.label, value: p.value, ...p.params }
  return words
    ? { reason: say(words.reason, lang, params), mend: say(words.mend, lang, params).trim() }
    : { reason: '', mend: '' }
}
