import { changed } from '../../kernel/policy-change.ts'
import { type Proposed, proposalActions } from '../../kernel/proposals.ts'
import type { Policy, RuleRow } from '../../kernel/policy.ts'
import { regimeOn } from '../../kernel/eligibility.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import { FIGURES } from '../../kernel/window-change.ts'
import type { ChangeHeadView, ChangeView, PassView, RuleView } from './contract.ts'
import { type Approved, newestOf } from './live.ts'
import type { Pass, Proposal } from './store.ts'
import { TRANSITION_WORDS } from './words.ts'
import { PART_WORDS, briefOf, originWords, partOf, titleOf } from './words.rows.ts'

export const ruleView = (policy: Policy, row: RuleRow): RuleView => ({
  id: row.id,
  part: partOf(row),
  partName: PART_WORDS[partOf(row)],
  title: titleOf(row) ?? { zh: row.id, en: row.id },
  says: briefOf(policy, row),
  validFrom: row.validFrom,
  validTo: row.validTo,
  instrument: row.instrument,
  article: row.article,
  unsure: row.unsure,
  note: row.note,
  origin: originWords(policy, row.origin),
  open: row.unsure,
})

const passView = (p: Pass): PassView => ({
  state: p.state,
  total: p.total,
  checked: p.checked,
  figures: FIGURES.map((figure) => ({ figure, n: p.figures[figure] ?? 0 })),
  startedAt: p.startedAt,
  finishedAt: p.finishedAt,
})
const personOf = (name: string | null, at: string | null) => (name === null || at === null ? null : { name, at })

export const headView = (ctx: Ctx, p: Proposal): ChangeHeadView => ({
  id: p.id,
  kind: p.kind,
  title: p.title,
  state: p.state,
  effectiveFrom: p.effectiveFrom,
  inForce: p.state === 'approved' && p.effectiveFrom <= today(ctx),
  reason: p.reason,
  created: { name: p.createdName, at: p.createdAt },
  proposed: personOf(p.proposedName, p.proposedAt),
  decided:
    p.decidedName === null || p.decidedAt === null
      ? null
      : { name: p.decidedName, at: p.decidedAt, decision: p.decision ?? '' },
  preview: passView(p.preview),
  application: p.application && passView(p.application),
  rows: p.difference.length,
  version: p.version,
})

/** Outdated: the rules are no longer those it was drawn up on. */
export const proposedOf = (ctx: Ctx, p: Proposal, approved: readonly Approved[]): Proposed & { outdated: boolean } => ({
  ...p,
  preview: p.preview.state,
  outdated: p.basedOn !== newestOf(ctx, approved),
})

/** As the version says that the change makes; null where no version of a system's rules follows. */
const transitionView = (policy: Policy, p: Proposal): ChangeView['transition'] => {
  const { change, effectiveFrom } = p
  if (change.kind !== 'overrides' && change.kind !== 'regime') return null
  const after = changed(policy, change, effectiveFrom)
  const system =
    change.kind === 'regime' ? change.regime.system : policy.regimes.find((r) => r.id === change.regime)?.system
  const regime = system === undefined ? null : regimeOn(after, system, effectiveFrom)
  if (!regime) return null
  const { recordsBefore, unsure, note } = regime.transition
  return { words: TRANSITION_WORDS[recordsBefore] ?? { zh: recordsBefore, en: recordsBefore }, unsure, note }
}

export const changeView = (ctx: Ctx, p: Proposal, policy: Policy, approved: readonly Approved[]): ChangeView => {
  const asker = { ref: actorRef(ctx.actor), roles: rolesOf(ctx.actor) }
  const proposed = proposedOf(ctx, p, approved)
  const open = p.state === 'draft' || p.state === 'proposed'
  return {
    ...headView(ctx, p),
    difference: p.difference,
    text: p.sourceText,
    transition: transitionView(policy, p),
    outdated: open && proposed.outdated,
    actions: proposalActions(proposed, asker, today(ctx)),
    mine: asker.ref === p.createdBy || asker.ref === p.proposedBy,
  }
}
