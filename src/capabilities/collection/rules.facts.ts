import type { CatalogItem, PenaltyKind, SubjectKind } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { yuanOf } from './rules.columns.ts'
import type { Places } from './rules.places.ts'
import type { RowBuffer } from './rules.row.ts'

export type FactsAsk = { kind: SubjectKind; decidedOn: LocalDate; today: LocalDate; system: string | null }

/** What the publicity and repair rules may look at, out of the fields of a row. Unknown stays null. */
export const factsReader = (
  item: CatalogItem,
  at: Places,
  lists: readonly { code: string; recordSystem: string }[],
): ((row: RowBuffer, ask: FactsAsk) => RecordFacts) => {
  const systems = new Map(lists.map((l) => [l.code, l.recordSystem]))
  const choices = item.fields[at.penaltyKinds]?.choices ?? []
  const meaning = new Map(choices.map((c) => [c.code, (c.means ?? c.code) as PenaltyKind]))
  return (row, { kind, decidedOn, today, system }) => {
    const list = row.text(at.list)
    const fine = row.text(at.fine)
    return {
      item: item.code,
      system: (list ? systems.get(list) : undefined) ?? system ?? item.system,
      subjectKind: kind,
      decidedOn,
      publishedOn: today,
      procedure: row.text(at.procedure) as RecordFacts['procedure'],
      penaltyKinds: row.list(at.penaltyKinds).map((k) => meaning.get(k) ?? 'other'),
      fineYuan: fine === null ? null : yuanOf(fine),
      discretion: row.text(at.discretion) as RecordFacts['discretion'],
      field: row.text(at.field),
      fineTier: row.text(at.fineTier) as RecordFacts['fineTier'],
      sectorClass: row.text(at.sectorClass) as RecordFacts['sectorClass'],
      minorPublished: row.flag(at.minorPublished),
      termEndsOn: row.text(at.termEndsOn) as LocalDate | null,
      list,
      listCause: row.text(at.listCause),
      repeatOffender: row.flag(at.repeatOffender),
    }
  }
}

const OTHER = 'other'

/** The fields as they are held, and what is secret apart. */
export const heldFields = (
  at: Places,
  row: RowBuffer,
): { fields: Record<string, unknown>; secret: Record<string, string> | null } => {
  const fields: Record<string, unknown> = {}
  let secret: Record<string, string> | null = null
  for (let i = 0; i < row.fields.length; i++) {
    const v = row.values[i] as RowBuffer['values'][number]
    const f = row.fields[i] as RowBuffer['fields'][number]
    if (v === null) continue
    if (f.secret) (secret ??= {})[f.key] = Array.isArray(v) ? v.join(';') : String(v)
    // The day that the rules give governs and is shown; the one that was reported is only noted.
    else if (i === at.publicUntil) fields[`reported_${f.key}`] = v
    else fields[f.key] = v
    // What 其他 stands for is said in the cell itself.
    const raw = row.raws[i] ?? ''
    const said = Array.isArray(v) ? v.includes(OTHER) : v === OTHER && f.choices.length > 0 && raw.length > 2
    if (said && !f.secret) fields[`${f.key}_note`] = raw
  }
  return { fields, secret }
}
