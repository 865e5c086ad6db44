import { mayApply } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import {
  type Disposition,
  type RecordFacts,
  type Window,
  fineStep,
  foldWindows,
  groundsOf,
  windowsOf,
} from '../../kernel/window.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { announce } from '../../platform/outbox.ts'
import { basisOf, loadBasis } from './basis.ts'
import { type Projection, projectionOf } from './draft.ts'
import { type Basis, type PackedWindow, isShown, unpack, unpackFacts } from './rules.ts'
import { type Compared, compareWindows } from '../../kernel/window-change.ts'
import * as store from './store.rulings.ts'
import { dispositionsOfMany, insertBasis, lockRecords } from './store.ts'

export type RuledRow = store.RuledRow
export { countRuled, ruledAfter } from './store.rulings.ts'

type Ask = {
  /** The rules that windows are to follow. */
  after: Policy
  /** The rules to compare with; null: the windows as they lie in the database. */
  before: Policy | null
  /** The day on which being shown and being repairable are compared. */
  on: LocalDate
  /** Whether repair may hang on more than the window: conditions or routes differ. */
  repair: boolean
  /** For repair: the rules of before, where the windows are those of the database. */
  now: Policy
}
/** `same`: its windows are as the rules have them; something else hangs on the change. */
export type Ruling = Compared & { row: RuledRow; projection: Projection; same: boolean }

const MOST = 50_000
const remembered = <T>(held: Map<string, T>, key: string, make: () => T): T => {
  const known = held.get(key)
  if (known !== undefined) return known
  if (held.size >= MOST) held.clear()
  const made = make()
  held.set(key, made)
  return made
}

const signOf = (windows: readonly PackedWindow[]): string =>
  windows.map((w) => `${w.basis},${w.from},${w.earliest},${w.until},${w.end?.by ?? ''}`).join(';')

const asksForFines = (policy: Policy): boolean =>
  policy.routes.some((r) => r.when.fineYuanAtMost !== undefined) ||
  policy.regimes.some((r) => r.conditions.some((c) => c.when.fineYuanAtMost !== undefined))

/**
 * Says of records what rules make of them. Most records share their days and what rules look at with many others, so that
 * windows are computed once for a class of facts and not once for a record.
 */
export class Judge {
  readonly #ask: Ask
  readonly #fines: boolean
  readonly #rows = new Map<string, { rows: string; term: boolean }>()
  readonly #made = new Map<string, { windows: Window[]; projection: Projection }>()
  readonly #found = new Map<string, Compared & { projection: Projection; same: boolean }>()

  constructor(ask: Ask) {
    this.#ask = ask
    this.#fines = ask.repair && (asksForFines(ask.after) || asksForFines(ask.now))
  }

  /** Those of the rows that are not as the rules would have them. */
  async judge(db: Reader, rows: readonly RuledRow[]): Promise<Ruling[]> {
    await loadBasis(
      db,
      rows.flatMap((r) => r.windows.map((w) => w.basis)),
    )
    const acts = await dispositionsOfMany(
      db,
      rows.filter((r) => r.disposed > 0),
    )
    return rows.flatMap((row) => {
      const done = row.disposed ? this.#disposed(row, acts.get(row.id) ?? []) : this.#plain(row)
      return done.same && !done.figures ? [] : [{ ...done, row }]
    })
  }

  #plain(row: RuledRow) {
    const { decidedOn, publishedOn, termEndsOn, fineYuan = null, ...rest } = row.facts
    const { after } = this.#ask
    const fine = this.#fines ? fineYuan : fineStep(after, fineYuan)
    const said = `${JSON.stringify(rest)}|${fine}`
    const days = `${decidedOn}|${publishedOn}|`
    return remembered(this.#found, `${days}${termEndsOn ?? ''}|${said}|${signOf(row.windows)}`, () => {
      const facts = unpackFacts(row.facts)
      const { rows, term } = remembered(this.#rows, said, () => groundsOf(facts, after))
      const made = remembered(this.#made, `${days}${term ? (termEndsOn ?? '') : ''}|${rows}`, () => {
        const windows = windowsOf(facts, after)
        return { windows, projection: projectionOf(windows, facts) }
      })
      return this.#compared(row, facts, made, [])
    })
  }

  #disposed(row: RuledRow, acts: readonly Disposition[]) {
    const facts = unpackFacts(row.facts)
    const windows = foldWindows(windowsOf(facts, this.#ask.after), acts)
    return this.#compared(row, facts, { windows, projection: projectionOf(windows, facts) }, acts)
  }

  #compared(
    row: RuledRow,
    facts: RecordFacts,
    made: { windows: Window[]; projection: Projection },
    acts: readonly Disposition[],
  ) {
    const { before, after, now, on } = this.#ask
    const { projection } = made
    const same = samePlan(row.windows, projection.windows)
    if (same && !before && !this.#ask.repair) return { figures: 0, changes: [], projection, same }
    const held = before ? foldWindows(windowsOf(facts, before), acts) : unpack(row.windows, facts, basisOf)
    const may = (windows: readonly Window[], policy: Policy) => mayApply(facts, windows, policy, on).may
    const repair = { before: may(held, before ?? now), after: may(made.windows, after) }
    return { ...compareWindows(held, made.windows, on, repair), projection, same }
  }
}

/** Whether what would be stored is what is stored; the order of keys is the database's own. */
const samePlan = (held: readonly PackedWindow[], next: readonly PackedWindow[]): boolean =>
  held.length === next.length &&
  next.every((w) => {
    const was = held.find((h) => h.channel === w.channel)
    return (
      was !== undefined &&
      was.basis === w.basis &&
      was.from === w.from &&
      was.earliest === w.earliest &&
      was.until === w.until &&
      was.end?.by === w.end?.by &&
      was.end?.on === w.end?.on &&
      was.planned?.from === w.planned?.from &&
      was.planned?.earliest === w.planned?.earliest &&
      was.planned?.until === w.planned?.until
    )
  })

/** Whoever took a record from a channel hears whether it is gone from there, back, or only changed. */
const newsOf = ({ changes }: Compared, on: LocalDate): { kind: string; channels: string[] }[] => {
  const kinds = new Map<string, string[]>()
  for (const { channel, before, after } of changes) {
    if (before.from === null && after.from === null) continue
    const [was, is] = [isShown(before, on), isShown(after, on)]
    const kind = was === is ? 'record.updated' : was ? 'record.withdrawn' : 'record.restored'
    kinds.set(kind, [...(kinds.get(kind) ?? []), channel])
  }
  return [...kinds].map(([kind, channels]) => ({ kind, channels }))
}

/**
 * Rewrites the windows of records that are not as the rules have them: what each was before stays as a version, and news goes
 * to whoever it reached. Records that are in line are left alone, so that doing it twice does nothing.
 */
export const ruleAnew = async (
  tx: Tx,
  ctx: Ctx,
  judge: Judge,
  ask: { keys: readonly { subjectId: string; id: string }[]; change: string },
): Promise<Ruling[]> => {
  if (!ask.keys.length) return []
  const at: Instant = ctx.clock.now()
  const on = today(ctx)
  const locked = await lockRecords(tx, ask.keys)
  const rulings = (await judge.judge(tx, locked)).filter((r) => !samePlan(r.row.windows, r.projection.windows))
  if (!rulings.length) return []
  const basis = new Map<string, Basis>()
  for (const { projection } of rulings) for (const [id, body] of projection.basis) basis.set(id, body)
  await insertBasis(tx, basis)
  await store.saveRulings(
    tx,
    rulings.map(({ row, projection: p }) => ({
      subject_id: row.subjectId,
      id: row.id,
      windows: p.windows,
      class: p.own.class,
      basis: p.ownBasis,
      earliest: p.own.earliest,
      shown_from: p.own.from,
      shown_until: p.own.until,
    })),
    { at, change: ask.change },
  )
  const byId = new Map(locked.map((l) => [l.id, l]))
  for (const ruling of rulings) {
    const record = byId.get(ruling.row.id)
    if (!record) continue
    for (const { kind, channels } of newsOf(ruling, on))
      announce(tx, ctx, {
        kind,
        subjectId: record.subjectId,
        recordId: record.id,
        version: record.version + 1,
        item: record.item,
        division: record.division,
        channels,
        details: { kind: 'rule_change', change: ask.change },
      })
  }
  return rulings
}
