import { createHash } from 'node:crypto'
import { normaliseCode } from '../../kernel/codes.ts'
import { Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import { type Ctx, actorName, actorRef, authorityOf, rolesOf, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { catalogItemOn, clashesOf, recordsByAuthority, recordsThere } from '../records/index.ts'
import { countRows, files, findSubjectByCode, followers, getSubject, movedRecords } from '../subjects/index.ts'
import type { InTheWay, Subject } from '../subjects/contract.ts'
import type { CaseRow, CaseView, PreviewView } from './contract.ts'
import { type Done, bringTogether, gather, lateRecords, takeApart, takeBack } from './moving.ts'
import { codeKindOf, mayJoin, mustBeAnother } from './rules.ts'
import { CASE_MOVES } from './states.ts'
import { insertAct, nextNumber, actsOf, type Task } from './store.ts'
import * as store from './store.cases.ts'
import type { CaseAction } from './words.ts'

const territoryOf = (ctx: Ctx): string =>
  ctx.actor.kind === 'person' && ctx.actor.division ? territoryPrefix(ctx.actor.division) : ''
/** A file of the own territory, by what it is registered under. Persons are not found by a code. */
const subjectBy = async (ctx: Ctx, db: Reader, code: string): Promise<Subject> => {
  const subject = await findSubjectByCode(db, normaliseCode(code))
  if (!subject || subject.kind === 'natural_person') return mustNot('SUBJECT_NOT_FOUND')
  const division = ctx.actor.kind === 'person' ? ctx.actor.division : null
  return division && subject.division && !covers(division, subject.division) ? mustNot('SUBJECT_NOT_FOUND') : subject
}

// ---- what would move

const brief = ({ id, name, code, kind, division }: Subject) => ({ id, name, code, kind, division })
const losersOf = (clashes: readonly store.Solved[]) => ({
  from: clashes.flatMap((c) => (c.stands === 'into' ? [c.fromId] : [])),
  into: clashes.flatMap((c) => (c.stands === 'from' ? [c.intoId] : [])),
})
/** Everyone is asked, capability by capability, before anything is tried. */
const inTheWay = async (
  db: Reader,
  of: { kind: 'merge' | 'split'; from: Subject; into: Subject | null; chosen: store.Chosen },
): Promise<InTheWay[]> => {
  const found: InTheWay[] = []
  const losers = losersOf(of.chosen.clashes)
  for (const { inTheWay: ask } of followers()) {
    if (!ask) continue
    if (of.kind === 'merge')
      found.push(...(await ask(db, { subjectId: of.from.id, records: null, which: 'open', since: null })))
    else
      found.push(...(await ask(db, { subjectId: of.from.id, records: of.chosen.records, which: 'any', since: null })))
    if (losers.from.length)
      found.push(...(await ask(db, { subjectId: of.from.id, records: losers.from, which: 'any', since: null })))
    if (losers.into.length && of.into)
      found.push(...(await ask(db, { subjectId: of.into.id, records: losers.into, which: 'any', since: null })))
  }
  return [...new Map(found.map((f) => [JSON.stringify([f.code, f.params]), f])).values()]
}

type Plan = {
  kind: 'merge' | 'split'
  from: Subject
  into: Subject | null
  newSubject: store.NewSubject | null
  chosen: store.Chosen
}
const preview = async (db: Reader, plan: Plan): Promise<PreviewView> => {
  const { from, into, chosen, newSubject } = plan
  const held = await recordsThere(db, from.id, chosen.records)
  const clashes = into ? await clashesOf(db, from.id, into.id, chosen.records) : []
  const codes = chosen.codes ?? (await files.codesOfSubject(db, from.id))
  const counts = await countRows(db, from.id, chosen.records ? { only: chosen.records } : { allBut: [] })
  const records = await recordsByAuthority(db, from.id, chosen.records)
  const said = [
    from.id,
    from.name,
    into?.id ?? newSubject,
    held.map((r) => [r.id, r.version, r.disposed]),
    codes.map((c) => c.code).toSorted(),
    clashes.map((c) => [c.from.id, c.into.id, c.into.version]),
    counts.map((c) => [c.table, c.table === 'subjects.look' || c.table === 'platform.event' ? 0 : c.n]),
  ]
  return {
    from: brief(from),
    into: into
      ? brief(into)
      : newSubject
        ? {
            id: from.id,
            name: newSubject.name,
            code: newSubject.code.code,
            kind: newSubject.kind,
            division: newSubject.division,
          }
        : null,
    records: records.map(({ authorityName: name, n }) => ({ name, n })),
    // Records are told by authority.
    counts: counts.filter((c) => c.table !== 'records.record').map(({ words: what, n }) => ({ what, n })),
    codes: codes.filter((c) => c.kind !== 'person_digest'),
    names: plan.kind === 'merge' && into && into.nameKey !== from.nameKey ? [from.name] : [],
    clashes: clashes.map(({ from: a, into: b }) => ({
      fromId: a.id,
      intoId: b.id,
      item: a.item,
      authorityName: a.authorityName,
      docNo: a.docNo,
      decidedOn: a.decidedOn,
    })),
    inTheWay: (await inTheWay(db, plan)).map(({ code, words: message }) => ({ code, message })),
    digest: createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 24),
  }
}

type MergeAsk = { fromCode: string; intoCode: string; clashes: store.Solved[] }
const mergePlan = async (ctx: Ctx, db: Reader, ask: MergeAsk): Promise<Plan> => {
  const from = await subjectBy(ctx, db, ask.fromCode)
  const into = await subjectBy(ctx, db, ask.intoCode)
  unwrap(mayJoin(from, into))
  return { kind: 'merge', from, into, newSubject: null, chosen: { records: null, codes: null, clashes: ask.clashes } }
}
type SplitAsk = {
  fromCode: string
  intoCode?: string | undefined
  newName?: string | undefined
  newCode?: string | undefined
  records: string[]
  codes: string[]
  clashes: store.Solved[]
}
const splitPlan = async (ctx: Ctx, db: Reader, ask: SplitAsk): Promise<Plan> => {
  const from = await subjectBy(ctx, db, ask.fromCode)
  if (!ask.records.length && !ask.codes.length) return mustNot('NOTHING_CHOSEN')
  const own = await files.codesOfSubject(db, from.id)
  const codes = ask.codes.map((raw) => {
    const code = normaliseCode(raw)
    return own.find((c) => c.code === code && c.kind !== 'person_digest') ?? mustNot('CODE_NOT_THERE', { code })
  })
  const there = new Set((await recordsThere(db, from.id, ask.records)).map((r) => r.id))
  if (ask.records.some((id) => !there.has(id))) return mustNot('RECORD_NOT_FOUND')
  const chosen = { records: ask.records, codes, clashes: ask.clashes }
  if (ask.intoCode) {
    const into = await subjectBy(ctx, db, ask.intoCode)
    unwrap(mayJoin(from, into))
    return { kind: 'split', from, into, newSubject: null, chosen }
  }
  const code = codeKindOf(ask.newCode ?? '', ctx.policy.usccCategories)
  const name = ask.newName?.trim() ?? ''
  if (!code || !name) return mustNot('NEW_SUBJECT_UNCLEAR')
  const holder = await findSubjectByCode(db, code.code)
  if (holder && holder.id !== from.id) return mustNot('CODE_TAKEN', { code: code.code })
  const category = code.kind === 'uscc' ? ctx.policy.usccCategories.find((c) => c.code === code.code.slice(0, 2)) : null
  const division = code.kind === 'uscc' ? code.code.slice(2, 8) : from.division
  const newSubject = { name, kind: category?.subjectKind ?? from.kind, division, code }
  return { kind: 'split', from, into: null, newSubject, chosen }
}

export const previewMerge = async (ctx: Ctx, ask: MergeAsk): Promise<PreviewView> =>
  preview(ctx.db.kysely, await mergePlan(ctx, ctx.db.kysely, ask))
export const previewSplit = async (ctx: Ctx, ask: SplitAsk): Promise<PreviewView> =>
  preview(ctx.db.kysely, await splitPlan(ctx, ctx.db.kysely, ask))

// ---- proposing

const mustBeSolved = (shown: PreviewView, solved: readonly store.Solved[]): void => {
  const open = shown.clashes.filter((c) => !solved.some((s) => s.fromId === c.fromId && s.intoId === c.intoId))
  if (open.length) mustNot('CLASHES_UNSOLVED', { n: open.length })
}
const mustBeClear = async (db: Reader, plan: Plan): Promise<void> => {
  const found = await inTheWay(db, plan)
  if (found.length) throw new Refused(found.map(({ code, params }) => ({ code, ...(params ? { params } : {}) })))
}

const write = async (
  tx: Tx,
  ctx: Ctx,
  k: Pick<store.FileCase, 'id' | 'fromId' | 'state'>,
  action: string,
  to: string,
  note: string,
  details = {},
): Promise<void> => {
  await insertAct(tx, {
    aboutId: k.id,
    id: newId(),
    action,
    from: action === 'propose' ? null : k.state,
    to,
    at: ctx.clock.now(),
    actor: actorRef(ctx.actor),
    actorName: actorName(ctx.actor),
    authorityId: authorityOf(ctx.actor),
    note,
  })
  recordAct(tx, ctx, {
    act: `corrections.${action}_case`,
    target: { kind: 'file_case', id: k.id },
    subjectId: k.fromId,
    details: { to, ...details },
  })
}

const propose = async (
  tx: Tx,
  ctx: Ctx,
  plan: Plan,
  about: { reason: string; digest?: string; taskId: string | null },
): Promise<string> => {
  const ids = [plan.from.id, ...(plan.into ? [plan.into.id] : [])]
  // Both files are held, so that two proposals at once see each other.
  await files.lockSubjects(tx, ids)
  const waiting = await store.openCaseAbout(tx, ids)
  if (waiting) mustNot('CASE_OPEN', { no: waiting.no })
  await mustBeClear(tx, plan)
  const shown = await preview(tx, plan)
  if (about.digest !== undefined && about.digest !== shown.digest) mustNot('PREVIEW_CHANGED')
  mustBeSolved(shown, plan.chosen.clashes)
  const id = newId()
  const on = today(ctx)
  const k = {
    id,
    no: await nextNumber(tx, 'case', on),
    kind: plan.kind,
    fromId: plan.from.id,
    intoId: plan.into?.id ?? null,
    newSubject: plan.newSubject,
    chosen: plan.chosen,
    reason: about.reason,
    division: plan.from.division,
    taskId: about.taskId,
    digest: shown.digest,
    proposedBy: actorRef(ctx.actor),
    proposedName: actorName(ctx.actor),
    proposedAt: ctx.clock.now(),
  }
  await store.insertCase(tx, k)
  await write(tx, ctx, { id, fromId: k.fromId, state: 'proposed' }, 'propose', 'proposed', about.reason, {
    kind: k.kind,
  })
  return id
}

export const proposeMerge = (ctx: Ctx, ask: MergeAsk & { reason: string; digest: string }): Promise<CaseView> =>
  inTx(ctx, async (tx) => {
    const plan = await mergePlan(ctx, tx, ask)
    const id = await propose(tx, ctx, plan, { reason: ask.reason, digest: ask.digest, taskId: null })
    return viewOf(ctx, tx, await mustFind(ctx, tx, id))
  })
export const proposeSplit = (ctx: Ctx, ask: SplitAsk & { reason: string; digest: string }): Promise<CaseView> =>
  inTx(ctx, async (tx) => {
    const plan = await splitPlan(ctx, tx, ask)
    const id = await propose(tx, ctx, plan, { reason: ask.reason, digest: ask.digest, taskId: null })
    return viewOf(ctx, tx, await mustFind(ctx, tx, id))
  })
/** The registering authority said which code is right: whoever accepts it proposes, somebody else decides. */
export const proposeFromTask = async (
  tx: Tx,
  ctx: Ctx,
  { task, from, into }: { task: Task; from: Subject; into: Subject },
): Promise<string> => {
  const pairs = await clashesOf(tx, from.id, into.id, null)
  const clashes = pairs.map((c) => ({ fromId: c.from.id, intoId: c.into.id, stands: 'into' as const }))
  const plan: Plan = { kind: 'merge', from, into, newSubject: null, chosen: { records: null, codes: null, clashes } }
  return propose(tx, ctx, plan, { reason: task.answer?.text ?? '', taskId: task.id })
}

// ---- looking and deciding

const mustFind = async (ctx: Ctx, db: Reader, id: string): Promise<store.FileCase> =>
  (await store.findCase(db, territoryOf(ctx), id)) ?? mustNot('NO_SUCH_CASE')

const planOf = async (db: Reader, k: store.FileCase): Promise<Plan> => {
  const from = (await getSubject(db, k.fromId)) ?? mustNot('NO_SUCH_CASE')
  const into = k.intoId ? await getSubject(db, k.intoId) : null
  return { kind: k.kind, from, into, newSubject: k.newSubject, chosen: k.chosen }
}
const rowOf = async (db: Reader, k: store.FileCase): Promise<CaseRow> => {
  const [from, into] = await Promise.all([getSubject(db, k.fromId), k.intoId ? getSubject(db, k.intoId) : null])
  return {
    id: k.id,
    no: k.no,
    kind: k.kind,
    state: k.state,
    fromName: from?.name ?? '',
    fromCode: k.kind === 'merge' ? (from?.uscc ?? from?.code ?? null) : (from?.code ?? null),
    intoName: into?.name ?? k.newSubject?.name ?? '',
    intoCode: into?.code ?? k.newSubject?.code.code ?? null,
    proposedBy: k.proposedName,
    proposedAt: k.proposedAt,
    version: k.version,
  }
}

const actionsOf = (ctx: Ctx, k: store.FileCase): CaseAction[] => {
  const me = actorRef(ctx.actor)
  return movesFrom(CASE_MOVES, k.state, rolesOf(ctx.actor)).filter((a) => {
    if (a === 'approve' || a === 'reject') return k.proposedBy !== me
    if (a === 'withdraw') return k.proposedBy === me
    return a !== 'approve_undo' || k.undoBy !== me
  })
}

type Stored = Done & { preview: PreviewView }
export const viewOf = async (ctx: Ctx, db: Reader, k: store.FileCase): Promise<CaseView> => {
  const done = k.done as Stored | null
  const plan = await planOf(db, k)
  return {
    ...(await rowOf(db, k)),
    reason: k.reason,
    undoReason: k.undoReason,
    preview: done?.preview ?? (await preview(db, plan)),
    chosen: {
      records: k.chosen.records?.length ?? 0,
      codes: (k.chosen.codes ?? []).filter((c) => c.kind !== 'person_digest').map((c) => c.code),
      clashes: k.chosen.clashes,
    },
    late: done && k.state === 'undo_proposed' ? (await lateRecords(db as Tx, k, done)).length : 0,
    acts: (await actsOf(db, k.id)).map((a) => ({
      action: a.action as CaseView['acts'][number]['action'],
      at: a.at,
      by: a.actorName,
      note: a.note,
    })),
    actions: actionsOf(ctx, k),
  }
}
export const getCase = async (ctx: Ctx, { id }: { id: string }): Promise<CaseView> =>
  viewOf(ctx, ctx.db.kysely, await mustFind(ctx, ctx.db.kysely, id))

export const listCases = async (
  ctx: Ctx,
  ask: { state?: string | undefined; after?: string | undefined; limit: number },
) => {
  const db = ctx.db.kysely
  const rows = await store.listCases(db, territoryOf(ctx), {
    state: ask.state,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (k) => [k.proposedAt, k.id])
  return { rows: await Promise.all(page.rows.map((k) => rowOf(db, k))), next: page.next }
}

/** What a file holds, to choose from. */
export const listFileRecords = async (ctx: Ctx, ask: { code: string }) => {
  const db = ctx.db.kysely
  const subject = await subjectBy(ctx, db, ask.code)
  const rows = await recordsThere(db, subject.id, null)
  return {
    subject: brief(subject),
    codes: await files.codesOfSubject(db, subject.id),
    rows: rows.slice(0, 2000).map((r) => ({
      id: r.id,
      itemName: catalogItemOn(ctx.policy.catalog, r.item, r.decidedOn)?.name ?? { zh: r.item, en: r.item },
      authorityName: r.authorityName,
      docNo: r.docNo,
      decidedOn: r.decidedOn,
    })),
  }
}

const approve = async (tx: Tx, ctx: Ctx, k: store.FileCase, digest: string | undefined): Promise<store.CaseChange> => {
  const held = await files.lockSubjects(tx, [k.fromId, ...(k.intoId ? [k.intoId] : [])])
  const from = held.get(k.fromId) ?? mustNot('NO_SUCH_CASE')
  const into = k.intoId ? (held.get(k.intoId) ?? mustNot('NO_SUCH_CASE')) : null
  if (into) unwrap(mayJoin(from, into))
  else if (from.mergedInto) mustNot('ALREADY_MERGED')
  const plan: Plan = { kind: k.kind, from, into, newSubject: k.newSubject, chosen: k.chosen }
  await mustBeClear(tx, plan)
  const shown = await preview(tx, plan)
  if (digest !== shown.digest) mustNot('PREVIEW_CHANGED')
  mustBeSolved(shown, k.chosen.clashes)
  const decided = { decidedBy: actorRef(ctx.actor), decidedAt: ctx.clock.now() }
  if (k.kind === 'merge' && into)
    return { ...decided, done: { ...(await bringTogether(tx, ctx, k, from, into)), preview: shown } }
  const { intoId, ...done } = await takeApart(tx, ctx, k, from, into)
  return { ...decided, intoId, done: { ...done, preview: shown } }
}

const undo = async (tx: Tx, ctx: Ctx, k: store.FileCase): Promise<store.CaseChange> => {
  await files.lockSubjects(tx, [k.fromId, k.intoId as string])
  const done = k.done as Stored
  const later = await store.laterCase(tx, k)
  if (later) mustNot('LATER_CASE', { no: later.no })
  const moved = [...(await lateRecords(tx, k, done)), ...(await movedRecords(tx, k.id, k.intoId as string))]
  const found: InTheWay[] = []
  for (const { inTheWay: ask } of followers())
    if (ask)
      found.push(
        ...(await ask(tx, { subjectId: k.intoId as string, records: moved, which: 'any', since: k.decidedAt })),
      )
  if (found.length) throw new Refused(found.map(({ code, params }) => ({ code, ...(params ? { params } : {}) })))
  await takeBack(tx, ctx, k, done)
  return { undoneAt: ctx.clock.now() }
}
export const decideCase = (
  ctx: Ctx,
  ask: { id: string; seen: number; action: CaseAction; digest?: string | undefined; note: string },
): Promise<CaseView> =>
  inTx(ctx, async (tx) => {
    const k = (await store.lockCase(tx, territoryOf(ctx), ask.id)) ?? mustNot('NO_SUCH_CASE')
    if (k.version !== ask.seen) mustNot('STALE', { version: k.version })
    const to = unwrap(step(CASE_MOVES, k.state, ask.action, rolesOf(ctx.actor)))
    const me = actorRef(ctx.actor)
    if (ask.action === 'approve' || ask.action === 'reject') unwrap(mustBeAnother(k.proposedBy, me))
    if (ask.action === 'approve_undo') unwrap(mustBeAnother(k.undoBy, me))
    if (ask.action === 'withdraw' && k.proposedBy !== me) mustNot('NOT_YOUR_MOVE', { action: ask.action })
    let change: store.CaseChange = {}
    if (ask.action === 'approve') change = await approve(tx, ctx, k, ask.digest)
    else if (ask.action === 'propose_undo') change = { undoBy: me, undoReason: ask.note }
    else if (ask.action === 'reject_undo') change = { undoBy: null, undoReason: null }
    else if (ask.action === 'approve_undo') change = await undo(tx, ctx, k)
    else if (ask.action === 'reject') change = { decidedBy: me, decidedAt: ctx.clock.now() }
    if (!(await store.saveCase(tx, k.id, ask.seen, to, change))) mustNot('STALE')
    const counts = (change.done as Done | undefined)?.counts
    await write(tx, ctx, k, ask.action, to, ask.note, counts ? { counts } : {})
    return viewOf(ctx, tx, await mustFind(ctx, tx, k.id))
  })

/** Job: nothing stays behind on a file that was closed while somebody was still writing to it. Answers how many records came along. */
export const gatherStrayed = async (ctx: Ctx): Promise<number> => {
  let gathered = 0
  for (const k of await store.strayed(ctx.db.kysely)) {
    gathered += await inTx(ctx, async (tx) => {
      const held = await store.lockCase(tx, '', k.id)
      if (!held || (held.state !== 'done' && held.state !== 'undo_proposed')) return 0
      const n = await gather(tx, ctx, held)
      if (n)
        recordAct(tx, ctx, {
          act: 'corrections.gather',
          target: { kind: 'file_case', id: k.id },
          subjectId: k.fromId,
          details: { records: n },
        })
      return n
    })
  }
  return gathered
}
