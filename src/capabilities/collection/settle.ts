import { maskName } from '../../kernel/mask.ts'
import { isPersonIdShaped } from '../../kernel/codes.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { firstOf } from '../../kernel/text.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { NewRecord, RecordContent, RecordPlace, StoreOutcome } from '../records/contract.ts'
import { type DraftBatch, Drafter, type RecordDraft, storeDrafts } from '../records/index.ts'
import type { SubjectAnswer } from '../subjects/contract.ts'
import { openConflicts, resolveSubjects } from '../subjects/index.ts'
import type { Checked, GoodRow, InputRow } from './rules.ts'
import type { Problem } from './rules.columns.ts'
import { placesOf } from './rules.places.ts'
import type { Proposal } from './rules.proposals.ts'
import * as store from './store.ts'
import type { Verdict } from './words.ts'

export type Settled = {
  n: number
  verdict: Verdict
  subjectId: string | null
  recordId: string | null
  problems: Problem[]
}
export type SettleAsk = {
  submission: Pick<store.Submission, 'id' | 'no' | 'backfill' | 'division'>
  item: CatalogItem
  header: store.KeptHeader
  /** Leading columns that are not the table's own. */
  skip: number
  /** The rows are kept already, as returned ones: the caller gives them their new verdict. */
  standing?: boolean
}
type Good = Extract<Checked, { ok: true }>

type About = SettleAsk['submission']
/** What a row says, whoever's file it goes on. */
export const contentOf = (
  row: GoodRow,
  about: Pick<About, 'id' | 'backfill'>,
  item: string,
  n: number,
): RecordContent => ({
  subjectKind: row.facts.subjectKind,
  item,
  authorityId: row.authority.id,
  authorityKey: row.authority.key,
  authorityName: row.authority.name,
  docNo: row.docNo,
  decidedOn: row.decidedOn,
  publishedOn: row.facts.publishedOn,
  fields: row.fields,
  secret: row.secret,
  facts: row.facts,
  submissionId: about.id,
  rowN: n,
  backfill: about.backfill,
})
type Found = Extract<SubjectAnswer, { ok: true }>
/** The kind of the subject's file governs. */
const ofKind = (content: RecordContent, { kind }: Found): RecordContent =>
  content.subjectKind === kind
    ? content
    : { ...content, subjectKind: kind, facts: { ...content.facts, subjectKind: kind } }
const placeOf = (to: Found, about: About): RecordPlace => ({
  subjectId: to.subjectId,
  newSubject: to.isNew,
  division: to.division ?? about.division,
})
export const recordOf = (row: GoodRow, to: Found, about: About, item: string, n: number): NewRecord => ({
  ...ofKind(contentOf(row, about, item, n), to),
  ...placeOf(to, about),
})

/** A row on its way in; `draft` where it has been made ready while the database was busy with others. */
export type CheckedRow = {
  input: InputRow
  checked: Checked
  draft?: RecordDraft | null
  /** What was proposed and accepted; `input` is the row as it came. */
  mends?: readonly Proposal[]
}
export type Drafting = { drafter: Drafter; batch: DraftBatch }
export const drafting = (ctx: Ctx, drafter: Drafter = new Drafter(ctx)): Drafting => ({
  drafter,
  batch: drafter.batch(),
})

const nameProblem = (
  ask: Pick<SettleAsk, 'item'>,
  row: GoodRow,
  code: string,
  params: Record<string, unknown>,
  value: string,
): Problem => {
  const field = ask.item.fields[placesOf(ask.item).name]
  const person = row.ask.kind === 'natural_person'
  return {
    field: field?.key ?? '',
    label: field?.label ?? { zh: '', en: '' },
    value: person ? maskName(value) : value,
    code,
    params,
  }
}

/** What keeps a row that passed its own checks from the file of a subject. */
export const conflictOf = (
  ask: Pick<SettleAsk, 'item'>,
  { row }: Pick<Good, 'row'>,
  answer: Extract<SubjectAnswer, { ok: false }>,
): { verdict: 'pending' | 'refused'; problem: Problem } => {
  const { conflict } = answer
  if (conflict.kind === 'no_code')
    return { verdict: 'refused', problem: nameProblem(ask, row, 'no_subject_code', {}, row.ask.name) }
  const person = row.ask.kind === 'natural_person'
  const shown = (text: string) => (person ? maskName(text) : text)
  const params = { held: shown(conflict.held), offered: shown(conflict.offered), name: shown(row.ask.name) }
  return {
    verdict: conflict.decided === 'kept' ? 'refused' : 'pending',
    problem: nameProblem(ask, row, conflict.kind, params, row.ask.name),
  }
}

/** Why a report does not bring back what was annulled, or corrected upon an objection; null where it is taken. */
export const turnedAway = (
  ask: Pick<SettleAsk, 'item'>,
  docNo: string,
  outcome: { verdict: string; caseNo?: string; keys?: readonly string[] },
): Problem | null => {
  if (outcome.verdict === 'annulled') return annulledProblem(ask, docNo)
  if (outcome.verdict !== 'kept_out') return null
  const fields = ask.item.fields.filter((f) => outcome.keys?.includes(f.key))
  const names = {
    zh: fields.map((f) => `“${f.label.zh}”`).join('、'),
    en: fields.map((f) => `“${f.label.en}”`).join(', '),
  }
  return {
    field: fields[0]?.key ?? '',
    label: fields[0]?.label ?? { zh: '', en: '' },
    value: docNo,
    code: 'kept_out',
    params: { no: outcome.caseNo, fields: names },
  }
}
/** The number is that of a record which its authority has annulled. */
const annulledProblem = ({ item }: Pick<SettleAsk, 'item'>, docNo: string): Problem => {
  const field = item.fields[placesOf(item).docNo]
  return { field: field?.key ?? '', label: field?.label ?? { zh: '', en: '' }, value: docNo, code: 'annulled_before' }
}

/** The cells as they came; what is secret, or looks like a person's number, apart and sealed. */
const keptCells = (
  ctx: Ctx,
  ask: SettleAsk,
  secretColumns: ReadonlySet<number>,
  input: InputRow,
): { cells: string[]; secret: Buffer | null } => {
  const hidden: Record<number, string> = {}
  let any = false
  const cells = input.cells.slice(ask.skip).map((cell, i) => {
    if (cell === '' || !(secretColumns.has(i + ask.skip) || (cell.length < 40 && isPersonIdShaped(cell)))) return cell
    hidden[i] = cell
    any = true
    return ''
  })
  return { cells, secret: any ? ctx.secrets.seal(JSON.stringify(hidden)) : null }
}

const secretColumnsOf = (ask: SettleAsk): Set<number> => {
  const secret = new Set(ask.item.fields.flatMap((f) => (f.secret ? [f.key] : [])))
  return new Set(ask.header.sources.flatMap(([key, s]) => (secret.has(key) && 'column' in s ? [s.column] : [])))
}

/**
 * Gives each checked row its verdict: onto the file of its subject, already held, pending, or refused. Everything it
 * writes is in the caller's transaction, together with the counters, so that the balance holds at every commit.
 */
export const settle = async (
  tx: Tx,
  ctx: Ctx,
  ask: SettleAsk,
  rows: readonly CheckedRow[],
  { drafter, batch }: Drafting = drafting(ctx),
): Promise<{ settled: Settled[]; counts: store.Counts }> => {
  const good: Good[] = []
  const drafts = new Map<Good, RecordDraft>()
  for (const { checked, draft } of rows) {
    if (!checked.ok) continue
    good.push(checked)
    if (draft) drafts.set(checked, draft)
  }
  const answers = good.length
    ? await resolveSubjects(
        tx,
        ctx,
        good.map((g) => g.row.ask),
      )
    : []
  const answerTo = new Map(good.map((g, i) => [g, answers[i] as SubjectAnswer]))
  const known = good.flatMap((g, i) => {
    const answer = answers[i] as SubjectAnswer
    return answer.ok ? [{ g, answer }] : []
  })
  const outcomes = known.length
    ? await storeDrafts(
        tx,
        ctx,
        drafter,
        known.map(({ g, answer }) => {
          const ready = drafts.get(g)
          const content = ready?.content ?? contentOf(g.row, ask.submission, ask.item.code, g.n)
          const fitting = ofKind(content, answer)
          const draft = ready && fitting === content ? ready : batch.add(fitting)
          return { draft, place: placeOf(answer, ask.submission) }
        }),
      )
    : []
  const outcomeOf = new Map(known.map(({ g }, i) => [g, outcomes[i]]))
  const waiting = good.flatMap((g) => {
    const answer = answerTo.get(g)
    return answer && !answer.ok && answer.conflict.decided === null && answer.conflict.kind !== 'no_code'
      ? [{ conflict: answer.conflict, source: `submission:${ask.submission.no}` }]
      : []
  })
  if (waiting.length) await openConflicts(tx, ctx, waiting)

  const counts: store.Counts = { received: rows.length, accepted: 0, refused: 0, pending: 0, alreadyHeld: 0 }
  const secretColumns = secretColumnsOf(ask)
  const settled: Settled[] = []
  const kept: Parameters<typeof store.insertRows>[3][number][] = []
  for (const { input, checked } of rows) {
    const verdict = verdictOf(
      ask,
      checked,
      checked.ok ? answerTo.get(checked) : undefined,
      checked.ok ? outcomeOf.get(checked) : undefined,
    )
    settled.push(verdict)
    counts[verdict.verdict === 'already_held' ? 'alreadyHeld' : verdict.verdict]++
    if (verdict.verdict === 'accepted') continue
    const whole = verdict.verdict !== 'already_held'
    kept.push({
      ...verdict,
      name: checked.name,
      docNo: firstOf(checked.docNo, 200),
      ...(whole ? keptCells(ctx, ask, secretColumns, input) : { cells: [], secret: null }),
    })
  }
  if (!ask.standing) await store.insertRows(ctx.db, tx, ask.submission.id, kept)
  return { settled, counts }
}

const verdictOf = (
  ask: SettleAsk,
  checked: Checked,
  answer: SubjectAnswer | undefined,
  outcome: StoreOutcome | undefined,
): Settled => {
  if (!checked.ok)
    return { n: checked.n, verdict: 'refused', subjectId: null, recordId: null, problems: checked.problems }
  if (answer?.ok && outcome) {
    const { verdict, recordId } = outcome
    const on = { n: checked.n, subjectId: answer.subjectId, recordId }
    const problem = turnedAway(ask, checked.docNo, outcome)
    return problem || verdict === 'annulled' || verdict === 'kept_out'
      ? { ...on, verdict: 'refused', problems: problem ? [problem] : [] }
      : { ...on, verdict, problems: [] }
  }
  if (!answer || answer.ok) throw new Error('a checked row was left without an outcome')
  const { verdict, problem } = conflictOf(ask, checked, answer)
  return { n: checked.n, verdict, subjectId: answer.conflict.subjectId, recordId: null, problems: [problem] }
}
