import { proposalActions } from '../../kernel/proposals.ts'
import {
  BASIS_WORDS,
  CLASS_WORDS,
  PUBLICITY_WORDS,
  SHARING_WORDS,
  TYPE_WORDS,
  differenceOf,
  openWords,
  reportingWords,
  requiredWords,
  versionsOf,
} from '../../kernel/catalog.ts'
import type { CatalogField, CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import { problemView } from '../collection/index.ts'
import type { DifferenceView, ItemHeadView, ItemView, ProposalHeadView, ProposalView } from './contract.ts'
import { followed } from './rules.ts'
import type { Proposal } from './store.ts'

type Head = Omit<ItemHeadView, 'reporters' | 'mine' | 'nextFrom'>
export const headOf = (item: CatalogItem): Head => ({
  code: item.code,
  name: item.name,
  class: item.class,
  className: CLASS_WORDS[item.class],
  negative: item.negative,
  basis: { instrument: item.instrument, article: item.article },
  legalBasis: item.legalBasis.map((b) => ({ ...b, levelName: BASIS_WORDS[b.level] })),
  reporting: { words: reportingWords(item), article: item.reporting.article },
  sharing: { code: item.sharing, words: SHARING_WORDS[item.sharing] },
  publicity: { code: item.publicity, words: PUBLICITY_WORDS[item.publicity] },
  responsible: item.responsible,
  validFrom: item.validFrom,
  validTo: item.validTo,
  fieldCount: item.fields.length,
  unsure: item.unsure,
  note: item.note,
})

const fieldOf = (item: CatalogItem, field: CatalogField): ItemView['fields'][number] => ({
  key: field.key,
  code: field.code,
  label: field.label,
  type: TYPE_WORDS[field.type],
  required: requiredWords(item, field),
  open: openWords(field),
  maxLength: field.maxLength,
  choices: field.choices.map((c) => c.label),
  aliases: field.aliases,
  identifies: item.naturalKey.includes(field.key),
  unsure: field.unsure,
  note: field.note,
})

export const itemView = (
  catalog: readonly CatalogItem[],
  item: CatalogItem,
  reporters: ItemView['reporters'],
): ItemView => ({
  ...headOf(item),
  fields: item.fields.map((f) => fieldOf(item, f)),
  naturalKey: item.naturalKey.flatMap((key) => item.fields.find((f) => f.key === key)?.label ?? []),
  checks: item.checks.map((c) => c.words),
  versions: versionsOf(catalog, item.code).map(({ validFrom, validTo, source }) => ({ validFrom, validTo, source })),
  reporters,
})

export const differenceView = (before: CatalogItem, after: CatalogItem): DifferenceView => differenceOf(before, after)

const changes = (difference: DifferenceView | null) => {
  const of = (change: string) => difference?.fields.filter((f) => f.change === change).length ?? 0
  return { added: of('added'), removed: of('removed'), changed: of('changed') }
}
const personOf = (name: string | null, at: string | null) => (name === null || at === null ? null : { name, at })

const differenceFor = (ctx: Ctx, p: Proposal): { before: CatalogItem | null; difference: DifferenceView | null } => {
  const before = followed(ctx.policy.catalog, p.item, p.effectiveFrom)
  return { before, difference: before && differenceOf(before, p.definition) }
}

const headWith = (ctx: Ctx, p: Proposal, difference: DifferenceView | null): ProposalHeadView => ({
  id: p.id,
  item: p.item,
  itemName: p.definition.name,
  origin: p.origin,
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
  failing: p.preview.failing,
  ...changes(difference),
  version: p.version,
})
export const proposalHeadView = (ctx: Ctx, p: Proposal): ProposalHeadView =>
  headWith(ctx, p, differenceFor(ctx, p).difference)

export const proposalView = (ctx: Ctx, p: Proposal): ProposalView => {
  const { before, difference } = differenceFor(ctx, p)
  const asker = { ref: actorRef(ctx.actor), roles: rolesOf(ctx.actor) }
  const proposed = { ...p, preview: p.preview.state }
  const label = (key: string) => p.definition.fields.find((f) => f.key === key)?.label ?? { zh: '整行', en: 'The row' }
  return {
    ...headWith(ctx, p, difference),
    preview: {
      state: p.preview.state,
      total: p.preview.total,
      checked: p.preview.checked,
      failing: p.preview.failing,
      faults: p.preview.faults.map(({ field, code, n }) => ({
        field,
        label: label(field),
        code,
        n,
        reason: reasonOf(ctx, p.definition, { field, label: label(field), code }),
      })),
      ...changes(difference),
      finishedAt: p.preview.finishedAt,
    },
    difference: difference ?? { head: [], fields: [] },
    follows: before?.validFrom ?? null,
    actions: proposalActions(proposed, asker, today(ctx)),
    mine: asker.ref === p.createdBy || asker.ref === p.proposedBy,
  }
}

/** The kind of a fault in a sentence, without one record's values. */
const reasonOf = (
  ctx: Ctx,
  item: CatalogItem,
  fault: { field: string; label: { zh: string; en: string }; code: string },
): string => problemView(item, { ...fault, value: '…', params: GENERAL }, ctx.lang).reason
const GENERAL = {
  when: { zh: '符合所列情形', en: 'the case named holds' },
  choices: { zh: '所列取值', en: 'the choices' },
  max: '…',
  length: '…',
}
