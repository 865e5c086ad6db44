import { inForce, isReviewed, routeRuleOf, settingOf, termOf } from '../../kernel/eligibility.ts'
import type { Policy, RouteRule, TermRule } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts } from '../../kernel/window.ts'
import type { RoutingRow, RoutingTable } from './contract.consequences.ts'

/** 办理分工: who receives, who decides, in which steps and within which terms, as the policy has it on a day (D2). */

const plainFacts = (item: string, on: LocalDate): RecordFacts => ({
  item,
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: on,
  publishedOn: on,
  ...NOTHING_KNOWN,
})
/** A record such as a row means, for the terms that differ with the kind of record. */
const factsFor = (item: string, { when }: RouteRule, on: LocalDate): RecordFacts => ({
  ...plainFacts(item, on),
  system: when.recordSystem?.[0] ?? 'general',
  subjectKind: when.subjectKind?.[0] ?? 'enterprise',
  list: when.list?.[0] ?? null,
  listCause: when.listCause?.[0] ?? null,
})

const stepView = (step: string, term: TermRule | null): RoutingRow['steps'][number] => ({
  step,
  starts: term?.starts ?? null,
  workdays: term?.workdays ?? null,
  days: term?.days ?? null,
  extend: term?.extend ? { workdays: term.extend.workdays, on: term.extend.on } : null,
  instrument: term?.instrument ?? null,
  article: term?.article ?? null,
  unsure: term?.unsure ?? false,
  note: term?.note ?? null,
})

/** Steps after those that the row names: what the order asks for by way of the system. */
const AFTER = ['push_province'] as const
/** Of what its finder decides; lists go straight to who keeps them. */
const reviewOf = (policy: Policy, row: RouteRule, on: LocalDate, facts: RecordFacts): TermRule | null => {
  const review = settingOf(policy, 'first_review', on)
  return review && isReviewed(review, facts.item) && row.decider === 'finder'
    ? termOf(policy, row.routesTo, 'first_review', on, facts)
    : null
}

const rowsOf = (policy: Policy, row: RouteRule, on: LocalDate): RoutingRow[] =>
  (row.when.item ?? ['']).map((item) => {
    const facts = factsFor(item, row, on)
    const review = reviewOf(policy, row, on, facts)
    const later = AFTER.flatMap((step) => {
      const term = row.steps.length ? termOf(policy, row.routesTo, step, on, facts) : null
      return term ? [stepView(step, term)] : []
    })
    const window = settingOf(policy, 'window_items', on)
    return {
      id: `${row.id}/${item}`,
      item,
      itemName: policy.catalog.find((c) => c.code === item)?.name ?? {
        zh: '其他失信信息',
        en: 'Other adverse information',
      },
      subjectKinds: row.when.subjectKind ?? [],
      recordSystems: row.when.recordSystem ?? [],
      recordSystemsNot: row.when.recordSystemNot ?? [],
      levels: row.levels,
      system: row.routesTo,
      receiver: row.receiver,
      decider: row.decider,
      atWindow: window ? (window.value as string[]).includes(item) : null,
      steps: [
        ...(review ? [stepView('first_review', review)] : []),
        ...row.steps.map((step) => stepView(step, termOf(policy, row.routesTo, step, on, facts))),
        ...later,
      ],
      local: row.origin !== 'national',
      validFrom: row.validFrom,
      validTo: row.validTo,
      instrument: row.instrument,
      article: row.article,
      unsure: row.unsure,
      note: row.note,
    }
  })

const named = <T>(rows: readonly RouteRule[], of: (when: RouteRule['when']) => readonly T[] | undefined): T[] => [
  ...new Set(rows.flatMap((r) => of(r.when) ?? [])),
]
const LEVELS = [null, 'province', 'city', 'county'] as const
/** The rows that any record comes to, by everything that rows ask about: what an earlier row has taken is not reached. */
const reachedRows = (policy: Policy, rows: readonly RouteRule[], on: LocalDate): ReadonlySet<string> => {
  const systems = ['general', ...named(rows, (w) => w.recordSystem), ...named(rows, (w) => w.recordSystemNot)]
  const kinds = [...new Set(['enterprise' as const, 'other' as const, ...named(rows, (w) => w.subjectKind)])]
  const lists = [null, ...named(rows, (w) => w.list)]
  const causes = [null, ...named(rows, (w) => w.listCause)]
  const reached = new Set<string>()
  for (const item of named(rows, (w) => w.item))
    for (const system of systems)
      for (const subjectKind of kinds)
        for (const list of lists)
          for (const listCause of causes)
            for (const level of LEVELS) {
              const facts = { ...plainFacts(item, on), system, level, subjectKind, list, listCause }
              const row = routeRuleOf(facts, policy, on)
              if (row) reached.add(`${row.id}/${item}`)
            }
  return reached
}

/** In the order in which they are tried: the first row that fits applies; what no record can reach is left out. */
export const routingTable = (policy: Policy, on: LocalDate): RoutingTable => {
  const inForceRows = policy.routes.filter((r) => inForce(r, on))
  const reached = reachedRows(policy, inForceRows, on)
  const rows = inForceRows.flatMap((rule) => rowsOf(policy, rule, on)).filter((r) => reached.has(r.id))
  return { jurisdiction: policy.jurisdiction.name, on, rows }
}
