import { sql } from 'kysely'
import { Refused, refuse } from '../../kernel/decision.ts'
import { type Reader, type Tx, overRows, referredToNone, writeRow } from '../../platform/db/index.ts'
import { type ActRow, type ItemRow, text } from './store.rows.ts'

export type SavedMove = Pick<
  ItemRow,
  | 'subjectId'
  | 'id'
  | 'state'
  | 'clock'
  | 'asked'
  | 'proposal'
  | 'extended'
  | 'submittedOn'
  | 'acceptedOn'
  | 'decidedOn'
  | 'dueOn'
  | 'dueProvisional'
>
/** An act belongs to a move that was made: where the version is no longer the one that was seen, the act has no item and fails. */
const SAVE_MOVE = overRows(
  'repair.move',
  {
    subject_id: 'uuid',
    id: 'uuid',
    version: 'int',
    state: 'text',
    clock: 'jsonb',
    asked: 'jsonb',
    proposal: 'jsonb',
    extended: 'boolean',
    submitted_on: 'date',
    accepted_on: 'date',
    decided_on: 'date',
    due_on: 'date',
    due_provisional: 'boolean',
    at: 'timestamptz',
    act_id: 'uuid',
    action: 'text',
    from_state: 'text',
    on_day: 'date',
    actor: 'text',
    by_kind: 'text',
    authority_id: 'uuid',
    authority_name: 'text',
    note: 'text',
    basis: 'jsonb',
    letter: 'jsonb',
  },
  (rows) => `
  with asked as materialized (select * from ${rows}),
  moved as (
    update repair.item i set state = asked.state, clock = asked.clock, asked = asked.asked, proposal = asked.proposal,
      extended = asked.extended, submitted_on = asked.submitted_on, accepted_on = asked.accepted_on, decided_on = asked.decided_on,
      due_on = asked.due_on, due_provisional = asked.due_provisional, updated_at = asked.at, version = i.version + 1
    from asked where i.subject_id = asked.subject_id and i.id = asked.id and i.version = asked.version returning i.id
  )
  insert into repair.act (subject_id, id, item_id, action, from_state, to_state, at, on_day, actor, by_kind, authority_id, authority_name, note, basis, letter)
  select asked.subject_id, asked.act_id, moved.id, asked.action, asked.from_state, asked.state, asked.at, asked.on_day, asked.actor,
    asked.by_kind, asked.authority_id, asked.authority_name, asked.note, asked.basis, asked.letter
  from asked left join moved on moved.id = asked.id`,
)
const lost = (error: unknown): unknown =>
  referredToNone(error, 'item_id') ? new Refused(refuse('STALE').refusals) : error

/** The move and its act in one statement. It is refused, at the latest with the commit, when somebody else was faster. */
export const saveMove = (tx: Tx, move: SavedMove, seen: number, act: ActRow): Promise<void> =>
  writeRow(
    tx,
    SAVE_MOVE,
    [
      move.subjectId,
      move.id,
      seen,
      move.state,
      text(move.clock),
      text(move.asked),
      text(move.proposal),
      move.extended,
      move.submittedOn,
      move.acceptedOn,
      move.decidedOn,
      move.dueOn,
      move.dueProvisional,
      act.at,
      act.id,
      act.action,
      act.from,
      act.on,
      act.actor,
      act.by,
      act.authorityId,
      act.authorityName,
      act.note,
      text(act.basis),
      text(act.letter),
    ],
    lost,
  )

export const actsOf = async (db: Reader, subjectId: string, itemIds: readonly string[]): Promise<ActRow[]> => {
  if (!itemIds.length) return []
  const { rows } = await sql<ActRow>`
    select subject_id as "subjectId", id, item_id as "itemId", action, from_state as "from", to_state as "to", at, on_day as "on",
      actor, by_kind as "by", authority_id as "authorityId", authority_name as "authorityName", note, basis, letter
    from repair.act where subject_id = ${subjectId} and item_id = any(${itemIds}::uuid[]) order by at, id`.execute(db)
  return rows
}
