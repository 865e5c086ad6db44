import { mustNot, unwrap } from '../../kernel/decision.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { announce, recordAct } from '../../platform/outbox.ts'
import { recordsByAuthority } from '../records/index.ts'
import {
  files,
  findSubjectByCode,
  getSubject,
  openConflicts,
  resolveSubjects,
  settleConflict,
  waitingFor,
} from '../subjects/index.ts'
import type { Subject } from '../subjects/contract.ts'
import type { Answer, EffectView } from './contract.ts'
import { mayJoin } from './rules.ts'
import { proposeFromTask } from './service.cases.ts'
import * as store from './store.ts'

/** What accepting an answer does: first as figures that are shown, then in fact. */

type Does = EffectView['does']
const NOTHING: EffectView = { does: 'none', records: 0, authorities: 0, byAuthority: [], pending: 0 }

const fileOf = async (db: Reader, subjectId: string | null) => {
  const by = subjectId ? await recordsByAuthority(db, subjectId, null) : []
  return {
    records: by.reduce((sum, a) => sum + a.n, 0),
    authorities: by.length,
    byAuthority: by.map(({ authorityName: name, n }) => ({ name, n })),
  }
}

/** The two that are one: whose code is wrong goes to whose code is right. */
const pairOf = async (
  db: Reader,
  task: store.Task,
  right: string,
): Promise<{ from: Subject; into: Subject } | null> => {
  const wrong = task.kind === 'one_name_two_codes' ? (right === task.held ? task.offered : task.held) : null
  const from = wrong ? await findSubjectByCode(db, wrong) : task.subjectId ? await getSubject(db, task.subjectId) : null
  const into = await findSubjectByCode(db, right)
  return from && into && from.id !== into.id ? { from, into } : null
}

const doesOf = async (db: Reader, task: store.Task, answer: Answer): Promise<Does> => {
  if (answer.outcome === 'unknown') return 'none'
  if (answer.outcome === 'confirmed') return task.conflictId ? 'keep' : 'none'
  if (task.kind === 'one_code_two_names') return answer.nameIs === 'former' ? 'former' : 'rename'
  if (task.kind === 'wrong_code') return 'alias'
  if (task.kind === 'legacy_code') return (await findSubjectByCode(db, answer.code ?? '')) ? 'merge' : 'code'
  return (await pairOf(db, task, answer.code ?? '')) ? 'merge' : 'none'
}

export const effectOf = async (db: Reader, task: store.Task, answer: Answer): Promise<EffectView> => {
  const does = await doesOf(db, task, answer)
  if (does === 'none') return NOTHING
  if (does === 'alias') {
    const rows = await store.rowsWithCode(db, task.held)
    const by = Map.groupBy(rows, (r) => r.authorityName)
    const subject = await findSubjectByCode(db, answer.code ?? '')
    const file = await fileOf(db, subject?.id ?? null)
    return {
      ...file,
      does,
      authorities: by.size,
      byAuthority: [...by].map(([name, r]) => ({ name, n: r.length })),
      pending: rows.length,
    }
  }
  if (does === 'merge') {
    const pair = await pairOf(db, task, answer.code ?? '')
    return { does, ...(await fileOf(db, pair?.from.id ?? null)), pending: 0 }
  }
  const conflict = task.conflictId ? await store.conflictById(db, task.conflictId) : null
  const waiting =
    conflict?.kind === 'one_code_two_names' ? await waitingFor(db, conflict.subjectId, conflict.offeredKey) : []
  return { does, ...(await fileOf(db, task.subjectId)), pending: waiting.length }
}

const settleNames = async (tx: Tx, ctx: Ctx, task: store.Task, answer: Answer, does: Does): Promise<void> => {
  const conflict = (task.conflictId && (await store.conflictById(tx, task.conflictId))) || mustNot('NOTHING_TO_ASK')
  // Decided by hand in the meantime: nothing is left to do here.
  if (conflict.state !== 'open') return
  const outcome = does === 'rename' ? 'rename' : does === 'former' ? 'former' : 'keep'
  await settleConflict(tx, ctx, conflict, { outcome, validFrom: answer.validFrom ?? undefined })
}

/** A legacy subject gets its unified code; its records lie on its file already. */
const giveCode = async (tx: Tx, ctx: Ctx, task: store.Task, code: string): Promise<void> => {
  const id = task.subjectId as string
  const subject = (await files.lockSubjects(tx, [id])).get(id)
  if (!subject || subject.mergedInto) return mustNot('ALREADY_MERGED')
  if (!(await files.claimCode(tx, id, { kind: 'uscc', code }))) mustNot('CODE_TAKEN', { code })
  await files.saveStanding(
    tx,
    { ...files.standingOf(subject), uscc: code, division: code.slice(2, 8) },
    ctx.clock.now(),
  )
  announce(tx, ctx, { kind: 'subject.code_corrected', subjectId: id, details: { task: task.id } })
}

/** The code that was reported in error means the right subject from now on. */
const giveAlias = async (tx: Tx, ctx: Ctx, task: store.Task, answer: Answer): Promise<void> => {
  const code = answer.code as string
  const kind: SubjectKind = ctx.policy.usccCategories.find((c) => c.code === code.slice(0, 2))?.subjectKind ?? 'other'
  const name = answer.name ?? task.name
  const [found] = await resolveSubjects(tx, ctx, [{ kind, name, uscc: code, division: code.slice(2, 8) }])
  if (!found) return mustNot('NOTHING_TO_ASK')
  const subjectId = found.ok ? found.subjectId : found.conflict.subjectId
  if (!subjectId) return mustNot('NOTHING_TO_ASK')
  if (!found.ok && !found.conflict.decided)
    await openConflicts(tx, ctx, [{ conflict: found.conflict, source: `code_task:${task.no}` }])
  // A placeholder or an empty field is nobody's code.
  if (/^[0-9A-Z]{13,20}$/.test(task.held) && new Set(task.held).size > 2)
    await files.claimCode(tx, subjectId, { kind: 'alias', code: task.held })
  announce(tx, ctx, { kind: 'subject.code_corrected', subjectId, details: { task: task.id } })
}

export const applyAnswer = async (
  tx: Tx,
  ctx: Ctx,
  task: store.Task,
  answer: Answer,
): Promise<NonNullable<store.Task['effect']>> => {
  const effect = await effectOf(tx, task, answer)
  const { does } = effect
  if (does === 'rename' || does === 'former' || does === 'keep') await settleNames(tx, ctx, task, answer, does)
  if (does === 'code') await giveCode(tx, ctx, task, answer.code as string)
  if (does === 'alias') await giveAlias(tx, ctx, task, answer)
  if (does === 'merge') {
    const pair = (await pairOf(tx, task, answer.code as string)) ?? mustNot('NOTHING_TO_ASK')
    unwrap(mayJoin(pair.from, pair.into))
    return { ...effect, caseId: await proposeFromTask(tx, ctx, { task, ...pair }) }
  }
  if (does !== 'none') {
    recordAct(tx, ctx, {
      act: 'corrections.apply',
      target: { kind: 'code_task', id: task.id },
      ...(task.subjectId ? { subjectId: task.subjectId } : {}),
      details: { does, on: today(ctx) },
    })
  }
  return effect
}
