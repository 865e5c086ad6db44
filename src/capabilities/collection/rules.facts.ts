import type { AuthorityLevel, CatalogItem, PenaltyKind, SubjectKind } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { memo, yuanOf } from './rules.columns.ts'
import type { Places } from './rules.places.ts'
import type { RowBuffer } from './rules.row.ts'

export type FactsAsk = {
  kind: SubjectKind
  decidedOn: LocalDate
  today: LocalDate
  system: string | null
  level: AuthorityLevel | null
}

/** What the publicity and repair rules may look at, out of the fields of a row. Unknown stays null. */
export const factsReader = (
  item: CatalogItem,
  at: Places,
  lists: readonly { code: string; recordSystem: string }[],
): ((row: RowBuffer, ask: FactsAsk) => RecordFacts) => {
  const fineYuan = memo(yuanOf)
  const systems = new Map(lists.map((l) => [l.code, l.recordSystem]))
  const choices = item.fields[at.penaltyKinds]?.choices ?? []
  const results = new Map(
    (item.fields[at.result]?.choices ?? []).flatMap((c) =>
      c.means === 'negative' || c.means === 'positive' ? [[c.code, c.means] as const] : [],
    ),
  )
  const meaning = new Map(choices.map((c) => [c.code, (c.means ?? c.code) as PenaltyKind]))
  return (row, { kind, decidedOn, today, system, level }) => {
    const list = row.text(at.list)
    const fine = row.text(at.fine)
    return {
      item: item.code,
      system: (list ? systems.get(list) : undefined) ?? system ?? item.system,
      level,
      subjectKind: kind,
      decidedOn,
      publishedOn: today,
      procedure: row.text(at.procedure) as RecordFacts['procedure'],
      penaltyKinds: row.list(at.penaltyKinds).map((k) => meaning.get(k) ?? 'other'),
      fineYuan: fine === null ? null : fineYuan(fine),
      discretion: row.text(at.discretion) as RecordFacts['discretion'],
      field: row.text(at.field),
      fineTier: row.text(at.fineTier) as RecordFacts['fineTier'],
      sectorClass: row.text(at.sectorClass) as RecordFacts['sectorClass'],
      minorPublished: row.flag(at.minorPublished),
      termEndsOn: row.text(at.termEndsOn) as LocalDate | null,
      list,
      listCause: row.text(at.listCause),
      repeatOffender: row.flag(at.repeatOffender),
      ...(results.size ? { result: results.get(row.text(at.result) ?? '') ?? null } : {}),
    }
  }
}

const OTHER = 'other'

type Held = { fields: Record<string, unknown>; secret: Record<string, string> | null }
type Value = NonNullable<RowBuffer['values'][number]>

/** All keys that a row of an item may fill, in one shape from the beginning: an object that grows key by key is slow to make and to read. */
const emptyFields = (keys: readonly string[]): Record<string, unknown> => {
  const empty = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Record<
    string,
    unknown
  >
  for (const key of keys) empty[key] = undefined
  return empty
}

/** The fields as they are held, and what is secret apart; a field that is not filled is undefined. */
export const fieldsReader = (item: CatalogItem, at: Places): ((row: RowBuffer) => Held) => {
  const plan = item.fields.map((f, i) => ({
    name: f.key,
    // The day that the rules give governs and is shown; the one that was reported is only noted.
    key: i === at.publicUntil ? `reported_${f.key}` : f.key,
    note: f.secret || !f.choices.some((c) => c.code === OTHER) ? null : `${f.key}_note`,
    secret: f.secret,
  }))
  const empty = emptyFields(plan.flatMap((p) => (p.secret ? [] : [p.key])))
  return (row) => {
    const fields = { ...empty }
    let secret: Held['secret'] = null
    for (let i = 0; i < plan.length; i++) {
      const v = row.values[i] as RowBuffer['values'][number]
      if (v === null) continue
      const p = plan[i] as (typeof plan)[number]
      if (p.secret) (secret ??= {})[p.name] = Array.isArray(v) ? v.join(';') : String(v)
      else fields[p.key] = v
      if (p.note !== null && isOther(v, row.raws[i] ?? '')) fields[p.note] = row.raws[i]
    }
    return { fields, secret }
  }
}
/** What 其他 stands for is said in the cell itself. */
const isOther = (v: Value, raw: string): boolean =>
  Array.isArray(v) ? v.includes(OTHER) : v === OTHER && raw.length > 2
