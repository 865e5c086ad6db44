import { sql } from 'kysely'
import type { RuleChange } from '../../kernel/policy-change.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import { type ProposalColumns, isoOf, proposalColumns, proposalPage, proposalStore } from '../../platform/proposals.ts'
import type { DifferenceRow } from './contract.ts'
import type { ChangeKind, PassState } from './states.ts'

/** `figures` also counts the rows that are kept, under `rows`. */
export type Pass = {
  state: PassState
  total: number
  checked: number
  figures: Record<string, number>
  afterSubject: string | null
  afterRecord: string | null
  startedAt: string
  finishedAt: string | null
}
export type Proposal = ProposalColumns & {
  kind: ChangeKind
  title: Words
  change: RuleChange
  difference: DifferenceRow[]
  basedOn: string
  preview: Pass
  application: Pass | null
}

const passOf = (t: string) => sql`json_build_object('state', ${sql.raw(t)}.state, 'total', ${sql.raw(t)}.total,
  'checked', ${sql.raw(t)}.checked, 'figures', ${sql.raw(t)}.figures, 'afterSubject', ${sql.raw(t)}.after_subject,
  'afterRecord', ${sql.raw(t)}.after_record, 'startedAt', ${isoOf(`${t}.started_at`)}, 'finishedAt', ${isoOf(`${t}.finished_at`)})`
const COLUMNS = sql`${proposalColumns}, p.kind, p.title, p.change, p.difference, p.based_on as "basedOn", ${passOf('v')} as preview,
  case when a.proposal_id is not null then ${passOf('a')} end as application`
const FROM = sql`policies.proposal p join policies.pass v on v.proposal_id = p.id and v.purpose = 'preview'
  left join policies.pass a on a.proposal_id = p.id and a.purpose = 'application'`

type New = Pick<
  Proposal,
  | 'id'
  | 'kind'
  | 'title'
  | 'change'
  | 'difference'
  | 'sourceText'
  | 'reason'
  | 'effectiveFrom'
  | 'basedOn'
  | 'createdAt'
  | 'createdBy'
  | 'createdName'
>
export const insertProposal = async (tx: Tx, p: New): Promise<void> => {
  await sql`
    insert into policies.proposal (id, kind, title, change, difference, source_text, reason, effective_from, based_on, state,
      created_at, created_by, created_name)
    values (${p.id}, ${p.kind}, ${json(p.title)}::jsonb, ${json(p.change)}::jsonb, ${json(p.difference)}::jsonb, ${p.sourceText},
      ${p.reason}, ${p.effectiveFrom}::date, ${p.basedOn}, 'draft', ${p.createdAt}::timestamptz, ${p.createdBy},
      ${p.createdName})`.execute(tx)
  await sql`insert into policies.pass (proposal_id, purpose, state, started_at)
    values (${p.id}, 'preview', 'waiting', ${p.createdAt}::timestamptz)`.execute(tx)
}

/** Drawn up again on the newest rules. */
export const rebase = async (
  tx: Tx,
  id: string,
  p: Pick<Proposal, 'change' | 'difference' | 'basedOn'>,
): Promise<void> => {
  await sql`
    update policies.proposal set change = ${json(p.change)}::jsonb, difference = ${json(p.difference)}::jsonb,
      based_on = ${p.basedOn} where id = ${id}`.execute(tx)
}

export const findProposal = async (db: Reader, id: string): Promise<Proposal | null> => {
  const { rows } = await sql<Proposal>`select ${COLUMNS} from ${FROM} where p.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export const listProposals = async (
  db: Reader,
  ask: { state?: string | undefined; after: readonly [string, string] | null; limit: number },
): Promise<Proposal[]> => {
  const { rows } = await sql<Proposal>`
    select ${COLUMNS} from ${FROM}
    where ${proposalPage(ask)}`.execute(db)
  return rows
}

export const { saveMove, readCounter, raiseCounter } = proposalStore('policies')

// ---- what is in force

export const approvedChanges = async (
  db: Reader,
): Promise<{ id: string; change: RuleChange; effectiveFrom: LocalDate }[]> => {
  const { rows } = await sql<{ id: string; change: RuleChange; effectiveFrom: LocalDate }>`
    select id, change, effective_from as "effectiveFrom" from policies.proposal where state = 'approved'
    order by effective_from, id`.execute(db)
  return rows
}
