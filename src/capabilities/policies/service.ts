import { itemOn } from '../../kernel/catalog.ts'
import { allow, mustNot, refuse, unwrap } from '../../kernel/decision.ts'
import { inForce, regimeOn } from '../../kernel/eligibility.ts'
import { maskName } from '../../kernel/mask.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type ProposalAction, changesWhatRuns, decideProposal } from '../../kernel/proposals.ts'
import type { Policy, Regime, RuleRow } from '../../kernel/policy.ts'
import { rowsInForce } from '../../kernel/policy-change.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import { classWords } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, actorName, actorRef, rolesOf, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { textOfRow, writeDocument } from '../../platform/policy-changes.ts'
import { SYSTEM_WORDS } from '../access/words.ts'
import { FIGURES, type Figure, bitOf } from '../../kernel/window-change.ts'
import { subjectsById } from '../subjects/index.ts'
import {
  type ChangeHeadView,
  type ChangeView,
  type DrawUpAsk,
  GROUPS,
  type Group,
  type PreviewRow,
  type RuleDetail,
  type RuleView,
  type RulesView,
} from './contract.ts'
import {
  choicesOf,
  draftAgain,
  draftOf,
  ruleInForce,
  transitionChoices,
  transitionId,
  transitionRow,
} from './drafts.ts'
import { type Approved, approvedChanges, newestOf, readRules, rulesWith } from './live.ts'
import { wakePreview } from './passes.ts'
import { CHANGE_REFUSALS, changesAnything, differenceOf, inTime, withChanges } from './rules.ts'
import * as passes from './store.passes.ts'
import * as store from './store.ts'
import { changeView, headView, proposedOf, ruleView } from './views.ts'
import { GROUP_WORDS, TRANSITION_WORDS } from './words.ts'
import { partOf } from './words.rows.ts'

const dayOr = (on: string | undefined, ctx: Ctx): LocalDate => (on ? parseDay(on) : null) ?? today(ctx)

// ---- the rules in force

const groupOf = (row: RuleRow): Group => {
  if ('routesTo' in row) return 'routes'
  if ('key' in row) return 'settings'
  return 'terms'
}
const rowsOf = (policy: Policy, group: Group, on: LocalDate): RuleRow[] => {
  const all = rowsInForce(policy, on)
  const regime = regimeOn(policy, group, on)
  if (!regime) return all.filter((r) => !regimeRow(policy, r, on) && partOf(r) !== 'version' && groupOf(r) === group)
  const own = new Set<RuleRow>(PARTS.flatMap((p): RuleRow[] => regime[p]))
  return [regime, ...all.filter((r) => own.has(r))]
}
const PARTS = ['windows', 'conditions', 'materials', 'terms', 'consequences'] as const
const regimeRow = (policy: Policy, row: RuleRow, on: LocalDate): boolean =>
  policy.regimes.some((r) => inForce(r, on) && PARTS.some((p) => (r[p] as RuleRow[]).includes(row)))

/** How older records passed over to a version, as a row beside the others. */
const transitionView = (policy: Policy, regime: Regime): RuleView => ({
  ...ruleView(policy, regime),
  id: transitionId(regime),
  part: 'transition',
  partName: { zh: '新旧衔接', en: 'Passing over' },
  title: TRANSITION_WORDS[regime.transition.recordsBefore] ?? regime.title,
  says: [],
  unsure: regime.transition.unsure,
  note: regime.transition.note,
  open: regime.transition.unsure,
})
const viewsOf = (policy: Policy, group: Group, on: LocalDate): RuleView[] =>
  rowsOf(policy, group, on).flatMap((row) =>
    'windows' in row ? [ruleView(policy, row), transitionView(policy, row as Regime)] : [ruleView(policy, row)],
  )

export const listRules = async (
  ctx: Ctx,
  ask: { on?: string | undefined; group: Group; unsure?: 'true' | 'false' | undefined },
): Promise<RulesView> => {
  const on = dayOr(ask.on, ctx)
  const approved = await approvedChanges(ctx.db.kysely)
  const policy = rulesWith(ctx, approved)
  const groups = GROUPS.map((code) => {
    const regime = regimeOn(policy, code, on)
    const rows = viewsOf(policy, code, on)
    const later = policy.regimes.find((r) => r.system === code && r.validFrom > on)
    return {
      code,
      name: GROUP_WORDS[code],
      title: regime?.title ?? null,
      version: regime?.version ?? null,
      validFrom: regime?.validFrom ?? null,
      transition: regime ? (TRANSITION_WORDS[regime.transition.recordsBefore] ?? null) : null,
      nextFrom: later?.validFrom ?? null,
      rows: rows.length,
      unsure: rows.filter((r) => r.unsure).length,
    }
  })
  const rows = viewsOf(policy, ask.group, on)
  return {
    on,
    version: ctx.policy.version,
    groups,
    group: ask.group,
    rows: ask.unsure === 'true' ? rows.filter((r) => r.unsure) : rows,
  }
}

export const getRule = async (ctx: Ctx, ask: { id: string; on?: string | undefined }): Promise<RuleDetail> => {
  const on = dayOr(ask.on, ctx)
  const policy = rulesWith(ctx, await approvedChanges(ctx.db.kysely))
  const regime = transitionRow(policy, ask.id)
  if (regime)
    return {
      ...transitionView(policy, regime),
      text: null,
      choices: transitionChoices(),
      value: regime.transition.recordsBefore,
    }
  const row = ruleInForce(policy, ask.id, on)
  return {
    ...ruleView(policy, row),
    text: textOfRow(policy, row.id, on),
    choices: row.unsure ? choicesOf(policy, row) : [],
    value:
      'value' in row
        ? writeDocument({ value: row.value })
            .replace(/^value:\s*/, '')
            .trimEnd()
        : null,
  }
}

export const sectorOptions = async (ctx: Ctx) => {
  const kinds = ctx.policy.catalog.find((c) => c.code === 'penalty')?.fields.find((f) => f.key === 'penalty_kinds')
  const named = (words: Record<string, Words>) => Object.entries(words).map(([value, w]) => ({ value, words: w }))
  return {
    systems: named(SYSTEM_WORDS),
    fields: ctx.policy.fields.map((f) => ({ value: f.code, words: f.name })),
    kinds: (kinds?.choices ?? []).map((c) => ({ value: c.code, words: c.label })),
    classes: (['minor', 'general', 'serious'] as const).map((value) => ({ value, words: classWords(value) })),
  }
}

// ---- drawing up

const mustFind = async (db: Reader, id: string): Promise<store.Proposal> =>
  (await store.findProposal(db, id)) ?? mustNot('NO_SUCH_CHANGE')
const others = (approved: readonly Approved[], id: string): Approved[] => approved.filter((a) => a.id !== id)

const viewOf = async (ctx: Ctx, db: Reader, id: string): Promise<ChangeView> => {
  const [p, approved] = [await mustFind(db, id), await approvedChanges(db)]
  return changeView(ctx, p, rulesWith(ctx, others(approved, id)), approved)
}

/** Keeps a change as a draft and begins to look at what is held; nobody else is concerned yet. */
export const drawUpChange = async (ctx: Ctx, { effectiveFrom, reason, ask }: DrawUpAsk): Promise<ChangeView> => {
  const from = parseDay(effectiveFrom) ?? mustNot('BAD_INPUT')
  const approved = await approvedChanges(ctx.db.kysely)
  unwrap(inTime(from, today(ctx), approved))
  const policy = rulesWith(ctx, approved)
  const { change, text, title } = draftOf(ask, policy, from)
  const difference = differenceOf(policy, withChanges(policy, [{ change, effectiveFrom: from }]), from)
  if (change.kind !== 'transition' && !changesAnything(difference, change)) mustNot('RULES_UNCHANGED')
  const id = newId()
  const view = await inTx(ctx, async (tx) => {
    await store.insertProposal(tx, {
      id,
      kind: ask.kind,
      title,
      change,
      difference,
      sourceText: text,
      reason,
      effectiveFrom: from,
      basedOn: newestOf(ctx, approved),
      createdAt: ctx.clock.now(),
      createdBy: actorRef(ctx.actor),
      createdName: actorName(ctx.actor),
    })
    recordAct(tx, ctx, {
      act: 'policies.draw_up',
      target: { kind: 'rule_change', id },
      details: { kind: ask.kind, effectiveFrom: from, rows: difference.length },
    })
    return viewOf(ctx, tx, id)
  })
  wakePreview(ctx)
  return view
}

/** Again on the newest rules, or not any further. */
export const previewChange = async (
  ctx: Ctx,
  ask: { id: string; seen: number; stop: boolean },
): Promise<ChangeView> => {
  const view = await inTx(ctx, async (tx) => {
    const p = await mustFind(tx, ask.id)
    if (p.version !== ask.seen) mustNot('STALE')
    if (p.state !== 'draft' && p.state !== 'proposed') mustNot('NO_SUCH_MOVE', { from: p.state, action: 'preview' })
    if (ask.stop) await passes.stopPreview(tx, p.id)
    else await rebase(ctx, tx, p)
    recordAct(tx, ctx, {
      act: ask.stop ? 'policies.stop_preview' : 'policies.preview',
      target: { kind: 'rule_change', id: p.id },
    })
    return viewOf(ctx, tx, p.id)
  })
  if (!ask.stop) wakePreview(ctx)
  return view
}

const rebase = async (ctx: Ctx, tx: Parameters<typeof store.rebase>[0], p: store.Proposal): Promise<void> => {
  const approved = await approvedChanges(tx)
  unwrap(inTime(p.effectiveFrom, today(ctx), approved))
  const policy = rulesWith(ctx, approved)
  const change = draftAgain(p, policy)
  const difference = differenceOf(policy, withChanges(policy, [{ ...p, change }]), p.effectiveFrom)
  await store.rebase(tx, p.id, { change, difference, basedOn: newestOf(ctx, approved) })
  await passes.restartPreview(tx, p.id, ctx.clock.now())
}

// ---- deciding

const ACTS: Record<ProposalAction, string> = {
  propose: 'policies.propose',
  approve: 'policies.approve',
  refuse: 'policies.refuse',
  withdraw: 'policies.withdraw',
}

export const actOnChange = async (
  ctx: Ctx,
  ask: { id: string; action: ProposalAction; seen: number; reason: string },
): Promise<ChangeView> => {
  await inTx(ctx, async (tx) => {
    // Two approvals come one after the other; the later one sees what the earlier one has made of the rules.
    if (ask.action === 'approve' || ask.action === 'withdraw') await store.raiseCounter(tx)
    const p = await mustFind(tx, ask.id)
    if (p.version !== ask.seen) mustNot('STALE')
    const approved = await approvedChanges(tx)
    const proposed = proposedOf(ctx, p, approved)
    const state = unwrap(
      decideProposal(
        proposed,
        ask.action,
        { ref: actorRef(ctx.actor), roles: rolesOf(ctx.actor) },
        { reason: ask.reason, today: today(ctx) },
        CHANGE_REFUSALS,
        [proposed.outdated ? refuse('RULES_OUTDATED') : allow(null)],
      ),
    )
    if (state === 'proposed' || state === 'approved')
      unwrap(inTime(p.effectiveFrom, today(ctx), others(approved, p.id)))
    const saved = await store.saveMove(tx, {
      id: p.id,
      seen: ask.seen,
      state,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
      name: actorName(ctx.actor),
      decision: ask.reason,
    })
    if (!saved) mustNot('STALE')
    if (state === 'approved') await passes.planApplication(tx, p.id, ctx.clock.now())
    else if (changesWhatRuns(p.state, state)) await passes.dropApplication(tx, p.id)
    recordAct(tx, ctx, {
      act: ACTS[ask.action],
      target: { kind: 'rule_change', id: p.id },
      details: { effectiveFrom: p.effectiveFrom, changed: p.preview.figures['changed'] ?? 0 },
    })
  })
  // This process need not wait for its turn to look.
  await readRules(ctx.db)
  return viewOf(ctx, ctx.db.kysely, ask.id)
}

// ---- what a change does

export const listChanges = async (
  ctx: Ctx,
  ask: { state?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ChangeHeadView>> => {
  const rows = await store.listProposals(ctx.db.kysely, {
    ...ask,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (p) => [p.createdAt, p.id])
  return { rows: page.rows.map((p) => headView(ctx, p)), next: page.next }
}

export const getChange = (ctx: Ctx, ask: { id: string }): Promise<ChangeView> => viewOf(ctx, ctx.db.kysely, ask.id)

const itemWords = (ctx: Ctx, code: string): Words =>
  itemOn(ctx.policy.catalog, code, today(ctx))?.name ??
  ctx.policy.catalog.find((c) => c.code === code)?.name ?? { zh: code, en: code }

type Kept = PreviewRow['changes']
export const listFigureRows = async (
  ctx: Ctx,
  ask: {
    id: string
    figure: Figure
    authority?: string | undefined
    item?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<PreviewRow>> => {
  const [after] = readCursor(ask.after, 'integer') ?? [0]
  const p = await mustFind(ctx.db.kysely, ask.id)
  const rows = await passes.listRows(ctx.db.kysely, { ...ask, id: p.id, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.n])
  const subjects = await subjectsById(ctx.db.kysely, [...new Set(page.rows.map((r) => r.subjectId))])
  return {
    rows: page.rows.map((r) => {
      const subject = subjects.get(r.subjectId)
      const name = subject?.name ?? ''
      return {
        n: r.n,
        subjectId: r.subjectId,
        recordId: r.recordId,
        subjectName: subject?.kind === 'natural_person' ? maskName(name) : name,
        authorityName: r.authorityName,
        itemName: itemWords(ctx, r.item),
        docNo: r.docNo,
        decidedOn: r.decidedOn,
        figures: FIGURES.filter((f) => r.figures & bitOf(f)),
        changes: r.changes as Kept,
      }
    }),
    next: page.next,
  }
}

export const listFigureCounts = async (
  ctx: Ctx,
  ask: { id: string; figure: Figure; after?: string | undefined; limit: number },
) => {
  const after = readCursor(ask.after, 'integer', 'uuid', 'text')
  const p = await mustFind(ctx.db.kysely, ask.id)
  const rows = await passes.listCounts(ctx.db.kysely, {
    id: p.id,
    figure: ask.figure,
    after,
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.n, r.authorityId, r.item])
  return { rows: page.rows.map((r) => ({ ...r, itemName: itemWords(ctx, r.item) })), next: page.next }
}
