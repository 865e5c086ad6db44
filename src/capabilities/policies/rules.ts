import { type Decision, allOf, allow, refuse } from '../../kernel/decision.ts'
import type { Policy, RuleRow } from '../../kernel/policy.ts'
import { type RuleChange, changed, rowsInForce } from '../../kernel/policy-change.ts'
import type { Role } from '../../kernel/roles.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type LocalDate, addDays } from '../../kernel/time.ts'
import type { DifferenceRow } from './contract.ts'
import { type ChangeAction, type ChangeState, MOVES, type PassState } from './states.ts'
import { PART_WORDS, detailsOf, partOf, titleOf } from './words.rows.ts'

/** A change as far as the rules look at it; people by their stable reference. */
export type Proposed = {
  state: ChangeState
  effectiveFrom: LocalDate
  createdBy: string
  proposedBy: string | null
  preview: PassState
  /** The rules are no longer those it was drawn up on. */
  outdated: boolean
}
export type Asker = { ref: string; roles: readonly Role[] }

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

const ANOTHERS: ReadonlySet<ChangeAction> = new Set(['approve', 'refuse'])
const isOwn = (p: Proposed, asker: Asker): boolean => asker.ref === p.createdBy || asker.ref === p.proposedBy

/** The next state, or every reason why not. */
export const decideOn = (
  p: Proposed,
  action: ChangeAction,
  asker: Asker,
  ask: { reason: string; today: LocalDate },
): Decision<ChangeState> => {
  const next = step(MOVES, p.state, action, asker.roles)
  if (!next.ok) return next
  const forward = action === 'propose' || action === 'approve'
  return allOf(next.value, [
    ANOTHERS.has(action) && isOwn(p, asker) ? refuse('RULES_SECOND_PERSON') : allow(null),
    forward && p.outdated ? refuse('RULES_OUTDATED') : allow(null),
    forward && p.preview !== 'done' ? refuse('RULES_PREVIEW_OPEN') : allow(null),
    action === 'refuse' && ask.reason === '' ? refuse('RULES_REASON') : allow(null),
    p.state === 'approved' && p.effectiveFrom <= ask.today
      ? refuse('RULES_IN_FORCE', { day: p.effectiveFrom })
      : allow(null),
    forward && p.effectiveFrom <= ask.today ? refuse('RULES_TOO_SOON', { day: addDays(ask.today, 1) }) : allow(null),
  ])
}

/** What the caller may do now; the buttons. */
export const actionsOn = (p: Proposed, asker: Asker, today: LocalDate): ChangeAction[] =>
  movesFrom(MOVES, p.state, asker.roles).filter(
    (a) => !(ANOTHERS.has(a) && isOwn(p, asker)) && !(p.state === 'approved' && p.effectiveFrom <= today),
  )

/** Whether repair may hang on more than the windows: on conditions, on who receives and decides. */
export const touchesRepair = (change: RuleChange): boolean =>
  change.kind === 'routes' || change.kind === 'regime' || (change.kind === 'overrides' && change.conditions.length > 0)
