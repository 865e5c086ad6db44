import type { CatalogField } from '../../kernel/policy.ts'
import { type Complain, type Problem, shownValue } from './rules.columns.ts'
import type { ProblemCode } from './words.problems.ts'

/** A field's value once read: text, days and amounts as text, flags, choices as codes. */
export type Value = string | boolean | string[] | null

/**
 * The row that is being checked, field by field in the order of the catalog. One buffer serves a whole file: rows are
 * checked one after the other.
 */
export class RowBuffer {
  readonly fields: readonly CatalogField[]
  readonly values: Value[]
  readonly raws: string[]
  readonly complained: boolean[]
  problems: Problem[] = []
  private readonly complainers: Complain[]

  constructor(fields: readonly CatalogField[]) {
    this.fields = fields
    this.values = Array.from<Value>({ length: fields.length })
    this.raws = Array.from<string>({ length: fields.length })
    this.complained = Array.from<boolean>({ length: fields.length })
    this.complainers = fields.map((_, i) => (field, raw, code, params) => {
      this.complained[i] = true
      const value = shownValue(raw, field.secret)
      this.problems.push({ field: field.key, label: field.label, value, code, ...(params ? { params } : {}) })
    })
  }

  start(): void {
    this.values.fill(null)
    this.raws.fill('')
    this.complained.fill(false)
  }

  complainer(i: number): Complain {
    return this.complainers[i] as Complain
  }

  complain(i: number, code: ProblemCode, params?: Record<string, unknown>): void {
    this.complainer(i)(this.fields[i] as CatalogField, this.raws[i] ?? '', code, params)
  }

  /** Places of fields that an item does not have are -1, and such fields are never filled. */
  isFilled(i: number): boolean {
    return i >= 0 && this.values[i] !== null
  }

  text(i: number): string | null {
    const v = i >= 0 ? this.values[i] : null
    return typeof v === 'string' ? v : null
  }

  flag(i: number): boolean | null {
    const v = i >= 0 ? this.values[i] : null
    return typeof v === 'boolean' ? v : null
  }

  list(i: number): string[] {
    const v = i >= 0 ? this.values[i] : null
    return Array.isArray(v) ? v : []
  }

  /** As it was written, when it could not be read. */
  written(i: number): string {
    return i < 0 ? '' : (this.text(i) ?? this.raws[i] ?? '')
  }

  set(i: number, value: Value): void {
    if (i >= 0) this.values[i] = value
  }
}
