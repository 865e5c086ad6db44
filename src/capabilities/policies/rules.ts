import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import type { Policy, RuleRow } from '../../kernel/policy.ts'
import { type RuleChange, changed, rowsInForce } from '../../kernel/policy-change.ts'
import type { ProposalRefusals } from '../../kernel/proposals.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import type { DifferenceRow } from './contract.ts'
import { PART_WORDS, detailsOf, partOf, titleOf } from './words.rows.ts'

/** The rules with changes laid over them, in the order of their days. */
export const withChanges = (
  policy: Policy,
  changes: readonly { change: RuleChange; effectiveFrom: LocalDate }[],
): Policy =>
  changes
    .toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
    .reduce((rules, { change, effectiveFrom }) => changed(rules, change, effectiveFrom), policy)

/** Not before tomorrow, so that every process has read it before its first day; and after what has been approved already. */
export const inTime = (
  from: LocalDate,
  today: LocalDate,
  approved: readonly { effectiveFrom: LocalDate }[],
): Decision<null> => {
  if (from <= today) return refuse('RULES_TOO_SOON', { day: addDays(today, 1) })
  const latest = approved.reduce<LocalDate | null>(
    (day, a) => (day === null || a.effectiveFrom > day ? a.effectiveFrom : day),
    null,
  )
  return latest !== null && latest >= from ? refuse('RULES_CLASH', { day: latest }) : allow(null)
}

/** What differs in the rules of a day, row by row. */
export const differenceOf = (before: Policy, after: Policy, on: LocalDate): DifferenceRow[] => {
  const keyOf = (r: RuleRow) => `${partOf(r)}|${r.id}`
  const [old, now] = [before, after].map((p) => new Map(rowsInForce(p, on).map((r) => [keyOf(r), r])))
  if (!old || !now) return []
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((key): DifferenceRow[] => {
    const [a, b] = [old.get(key) ?? null, now.get(key) ?? null]
    const row = b ?? a
    if (!row || a === b) return []
    const details = detailsOf(after, a, b)
    if (a && b && !details.length) return []
    return [
      {
        id: row.id,
        change: a ? (b ? 'changed' : 'removed') : 'added',
        partName: PART_WORDS[partOf(row)],
        title: titleOf(row) ?? { zh: row.id, en: row.id },
        instrument: row.instrument,
        article: row.article,
        details,
      },
    ]
  })
}

/** A version that carries nothing but its own name changes nothing. */
export const changesAnything = (difference: readonly DifferenceRow[], change: RuleChange): boolean =>
  change.kind === 'overrides' ? difference.some((d) => d.partName !== PART_WORDS.version) : difference.length > 0

/** Why not, in the words of the rules. */
export const CHANGE_REFUSALS: ProposalRefusals = {
  secondPerson: 'RULES_SECOND_PERSON',
  previewOpen: 'RULES_PREVIEW_OPEN',
  reason: 'RULES_REASON',
  inForce: 'RULES_IN_FORCE',
  tooSoon: 'RULES_TOO_SOON',
}

/** Whether repair may hang on more than the windows: on conditions, on who receives and decides. */
export const touchesRepair = (change: RuleChange): boolean =>
  change.kind === 'routes' || change.kind === 'regime' || (change.kind === 'overrides' && change.conditions.length > 0)
