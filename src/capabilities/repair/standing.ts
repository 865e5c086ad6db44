import { type Eligibility, routeRuleOf } from '../../kernel/eligibility.ts'
import type { KnownFact } from '../../kernel/policy.ts'
import type { RecordRow } from '../records/contract.ts'
import type { SharedFact } from './contract.ts'
import { type FactRow, factsFor, knownWith, sharedMaterials } from './rules.facts.ts'
import { conditionsFor } from './rules.ts'
import type { BarRow } from './store.ts'
import { type ViewWorld, barredUntil, eligibilityOf, knownOf } from './views.ts'

/** Where a record stands for its subject: may it be applied for, what is filled in, which material nobody needs to bring. */
export type Standing = {
  eligibility: Eligibility
  planCompleted: boolean
  shared: ReadonlyMap<SharedFact, FactRow>
  /** Kinds of material whose facts have all been shared, with those facts. */
  waived: ReadonlyMap<string, FactRow[]>
}

const NOT_PROVED: readonly KnownFact[] = ['commitmentSigned', 'securityRisk']

export const standingOf = (
  record: RecordRow,
  of: {
    facts: readonly FactRow[]
    bars: readonly BarRow[]
    /** Records whose plan has been carried out. */
    completed: ReadonlySet<string>
    declared?: Record<string, boolean>
    signed?: boolean
  },
  world: ViewWorld,
): Standing => {
  const shared = factsFor(of.facts, record)
  const system = routeRuleOf(record.facts, world.policy, world.today)?.routesTo
  const planCompleted = of.completed.has(record.id)
  const barred = barredUntil(of.bars, record.id, system)
  const declared = knownOf(of.declared ?? {}, of.signed ?? false, barred, planCompleted)
  const eligibility = eligibilityOf(record, knownWith(declared, shared), world)
  if (!shared.size || !eligibility.governing) return { eligibility, planCompleted, shared, waived: new Map() }
  const item = { system: eligibility.governing.system, submittedOn: null }
  const asked = conditionsFor(item, record.facts, world.policy, world.today).flatMap((c) =>
    c.known && !NOT_PROVED.includes(c.known) ? [c.known] : [],
  )
  return {
    eligibility,
    planCompleted,
    shared,
    waived: sharedMaterials(eligibility.materials, asked, shared, world.policy, world.today),
  }
}

/** One file serves all items, so a kind is spared only when every item that asks for it has been spared. */
export const waivedOfAll = (standings: readonly Standing[]): Map<string, FactRow[]> => {
  const found = new Map<string, FactRow[]>()
  const kinds = new Set(standings.flatMap((s) => s.eligibility.materials.map((m) => m.code)))
  for (const kind of kinds) {
    const asking = standings.filter((s) => s.eligibility.materials.some((m) => m.code === kind))
    if (asking.every((s) => s.waived.has(kind)))
      found.set(
        kind,
        asking.flatMap((s) => s.waived.get(kind) ?? []),
      )
  }
  return found
}
