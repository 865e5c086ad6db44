import { sql } from 'kysely'
import type { RuleChange } from '../../kernel/policy-change.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Reader, type Tx, json } from '../../platform/db/index.ts'
import type { DifferenceRow } from './contract.ts'
import type { ProposalState } from '../../kernel/proposals.ts'
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
export type Proposal = {
  id: string
  kind: ChangeKind
  title: Words
  change: RuleChange
  difference: DifferenceRow[]
  sourceText: string | null
  reason: string
  effectiveFrom: LocalDate
  basedOn: string
  state: ProposalState
  createdAt: string
  createdBy: string
  createdName: string
  proposedAt: string | null
  proposedBy: string | null
  proposedName: string | null
  decidedAt: string | null
  decidedBy: string | null
  decidedName: string | null
  decision: string | null
  version: number
  preview: Pass
  application: Pass | null
}

const iso = (column: string) => sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
const passOf = (t: string) => sql`json_build_object('state', ${sql.raw(t)}.state, 'total', ${sql.raw(t)}.total,
  'checked', ${sql.raw(t)}.checked, 'figures', ${sql.raw(t)}.figures, 'afterSubject', ${sql.raw(t)}.after_subject,
  'afterRecord', ${sql.raw(t)}.after_record, 'startedAt', ${iso(`${t}.started_at`)}, 'finishedAt', ${iso(`${t}.finished_at`)})`
const COLUMNS = sql`p.id, p.kind, p.title, p.change, p.difference, p.source_text as "sourceText", p.reason,
  p.effective_from as "effectiveFrom", p.based_on as "basedOn", p.state, ${iso('p.created_at')} as "createdAt",
  p.created_by as "createdBy", p.created_name as "createdName", ${iso('p.proposed_at')} as "proposedAt",
  p.proposed_by as "proposedBy", p.proposed_name as "proposedName", ${iso('p.decided_at')} as "decidedAt",
  p.decided_by as "decidedBy", p.decided_name as "decidedName", p.decision, p.version, ${passOf('v')} as preview,
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
    where ${ask.state ? sql`p.state = ${ask.state}` : sql`true`}
      and ${ask.after ? sql`(p.created_at, p.id) < (${ask.after[0]}::timestamptz, ${ask.after[1]}::uuid)` : sql`true`}
    order by p.created_at desc, p.id desc limit ${ask.limit}`.execute(db)
  return rows
}

type Move = {
  id: string
  seen: number
  state: ProposalState
  at: Instant
  by: string
  name: string
  decision: string | null
}
/** Who proposes and who decides stand apart; false when somebody else was quicker. */
export const saveMove = async (tx: Tx, m: Move): Promise<boolean> => {
  const who =
    m.state === 'proposed'
      ? sql`proposed_at = ${m.at}::timestamptz, proposed_by = ${m.by}, proposed_name = ${m.name}`
      : sql`decided_at = ${m.at}::timestamptz, decided_by = ${m.by}, decided_name = ${m.name}, decision = ${m.decision}`
  const { rows } = await sql`
    update policies.proposal set state = ${m.state}, ${who}, version = version + 1
    where id = ${m.id} and version = ${m.seen} returning id`.execute(tx)
  return rows.length > 0
}

// ---- what is in force

export const readCounter = async (db: Reader): Promise<string> => {
  const { rows } = await sql<{ n: string }>`select n::text as n from policies.counter`.execute(db)
  return rows[0]?.n ?? '0'
}
/** Held until the end of the transaction: two decisions come one after the other. */
export const raiseCounter = async (tx: Tx): Promise<void> => {
  await sql`update policies.counter set n = n + 1`.execute(tx)
}
export const approvedChanges = async (
  db: Reader,
): Promise<{ id: string; change: RuleChange; effectiveFrom: LocalDate }[]> => {
  const { rows } = await sql<{ id: string; change: RuleChange; effectiveFrom: LocalDate }>`
    select id, change, effective_from as "effectiveFrom" from policies.proposal where state = 'approved'
    order by effective_from, id`.execute(db)
  return rows
}
