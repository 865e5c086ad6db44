import { inForce, mayApply, regimeOn, routeRuleOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import {
  type Disposition,
  type RecordFacts,
  type Window,
  fineStep,
  foldWindows,
  groundsOf,
  meetsAny,
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

/** Facts but for their days and the fine, as text. */
const saidOf = (rest: object): string => {
  let text = ''
  for (const value of Object.values(rest)) text += `|${value === null ? '' : String(value)}`
  return text
}

const signOf = (windows: readonly PackedWindow[]): string =>
  windows.map((w) => `${w.basis},${w.from},${w.earliest},${w.until},${w.end?.by ?? ''}`).join(';')

const asksForFines = (policy: Policy): boolean =>
  policy.routes.some((r) => r.when.fineYuanAtMost !== undefined) ||
  policy.regimes.some((r) => r.conditions.some((c) => c.when.fineYuanAtMost !== undefined))

/** Which rows repair rests on; beside them it asks for days and for the window. */
const repairGrounds = (facts: RecordFacts, policy: Policy, on: LocalDate): string => {
  const route = routeRuleOf(facts, policy, on)
  const regime = route && regimeOn(policy, route.routesTo, on)
  if (!regime) return ''
  const asked = regime.conditions.flatMap((c, i) => (inForce(c, on) && meetsAny(c.when, facts) ? [i] : []))
  return `${route.id}:${asked.join()}`
}

type Grounds = { windows: string; term: boolean; repair: string }
type Made = { windows: Window[]; projection: Projection }
type Found = Compared & { projection: Projection; same: boolean }

/**
 * Says of records what rules make of them. Most records share their days and the rows of the rules that they rest on with many
 * others, so that windows are computed once for such a class and not once for a record.
 */
export class Judge {
  readonly #ask: Ask
  readonly #fines: boolean
  readonly #grounds = new Map<string, Grounds>()
  readonly #made = new Map<string, Made>()
  readonly #found = new Map<string, Found>()

  constructor(ask: Ask) {
    this.#ask = ask
    this.#fines = asksForFines(ask.after) || asksForFines(ask.now)
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

  #groundsOf(facts: RecordFacts): Grounds {
    const { before, after, now, on } = this.#ask
    const { rows, term } = groundsOf(facts, after)
    const held = before ? groundsOf(facts, before) : null
    const repair = [after, before ?? now].map((p) => repairGrounds(facts, p, on)).join('/')
    return { windows: `${rows}|${held?.rows ?? ''}`, term: term || held?.term === true, repair }
  }

  #plain(row: RuledRow): Found {
    const { decidedOn, publishedOn, termEndsOn, fineYuan, ...rest } = unpackFacts(row.facts)
    const fine = this.#fines ? fineYuan : fineStep(this.#ask.after, fineYuan)
    const said = `${saidOf(rest)}|${fine}`
    const grounds = remembered(this.#grounds, said, () => this.#groundsOf(unpackFacts(row.facts)))
    const days = `${decidedOn}|${publishedOn}|`
    const key = `${days}${termEndsOn}|${grounds.windows}|${grounds.repair}|${signOf(row.windows)}`
    return remembered(this.#found, key, () => {
      const facts = unpackFacts(row.facts)
      const made = remembered(this.#made, `${days}${grounds.term ? termEndsOn : ''}|${grounds.windows}`, () => {
        const windows = windowsOf(facts, this.#ask.after)
        return { windows, projection: projectionOf(windows, facts) }
      })
      return this.#compared(row, facts, made, [])
    })
  }

  #disposed(row: RuledRow, acts: readonly Disposition[]): Found {
    const facts = unpackFacts(row.facts)
    const windows = foldWindows(windowsOf(facts, this.#ask.after), acts)
    return this.#compared(row, facts, { windows, projection: projectionOf(windows, facts) }, acts)
  }

  #compared(row: RuledRow, facts: RecordFacts, made: Made, acts: readonly Disposition[]): Found {
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
