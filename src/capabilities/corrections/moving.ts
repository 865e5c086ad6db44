import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce } from '../../platform/outbox.ts'
import { clashesOf, dispose, findRecord, recordsReportedUnder, recordsThere } from '../records/index.ts'
import { files, insertSubjects, moveRows, movedRecords, putBack, shiftRecords } from '../subjects/index.ts'
import { nameKey } from '../../kernel/text.ts'
import type { Subject } from '../subjects/contract.ts'
import type { FileCase, Solved } from './store.cases.ts'
import { SET_ASIDE, SET_BACK } from './words.ts'

/** What a case did, so that it can be taken back: the rows themselves stand in the log of moves. */
export type Done = {
  standing: files.Standing[]
  codes: files.CodeRow[]
  claimed: files.CodeRow | null
  names: string[]
  conflicts: string[]
  setAside: string[]
  created: boolean
  counts: Record<string, number>
}

/** One decision on both files: the one that does not stand is left behind on the file that closes. */
const losersOf = (clashes: readonly Solved[]) => ({
  from: clashes.flatMap((c) => (c.stands === 'into' ? [c.fromId] : [])),
  into: clashes.flatMap((c) => (c.stands === 'from' ? [c.intoId] : [])),
})

const say = (words: { zh: string; en: string }, no: string) => words.zh.replace('{no}', no)
/** What is left behind is not shown anywhere: it would stand there twice. */
const setAside = async (
  tx: Tx,
  ctx: Ctx,
  k: FileCase,
  subjectId: string,
  ids: readonly string[],
): Promise<string[]> => {
  const done: string[] = []
  for (const recordId of ids) {
    const record = await findRecord(tx, subjectId, recordId)
    if (!record || record.state !== 'held') continue
    await dispose(tx, ctx, {
      subjectId,
      recordId,
      kind: 'shielded',
      channel: null,
      effectiveFrom: today(ctx),
      reason: say(SET_ASIDE, k.no),
      basis: { rule: 'corrections/set-aside', case: k.no },
      caseId: k.id,
    })
    done.push(recordId)
  }
  return done
}

/** Peers and readers hear of every record that lies elsewhere now. */
const tellMoved = async (
  tx: Tx,
  ctx: Ctx,
  subjectId: string,
  ids: readonly string[],
  caseId: string,
): Promise<void> => {
  if (!ids.length) return
  for (const r of await recordsThere(tx, subjectId, ids)) {
    announce(tx, ctx, {
      kind: 'record.updated',
      subjectId,
      recordId: r.id,
      version: r.version,
      item: r.item,
      division: r.division,
      channels: r.channels,
      details: { kind: 'moved', case: caseId },
    })
  }
}

/** The file of `from` becomes part of the file of `into`; both rows are held by the caller. */
export const bringTogether = async (tx: Tx, ctx: Ctx, k: FileCase, from: Subject, into: Subject): Promise<Done> => {
  const at = ctx.clock.now()
  const codes = await files.codesOfSubject(tx, from.id)
  const all = [...codes, ...(await files.codesOfSubject(tx, into.id))].map((c) => c.code)
  const conflicts = await files.settleBetween(tx, [from.id, into.id], all, at, actorRef(ctx.actor))
  const names =
    from.nameKey === into.nameKey
      ? []
      : await files.addName(tx, {
          subjectId: into.id,
          name: from.name,
          validFrom: today(ctx),
          source: `merge:${k.no}`,
          ids: [newId(), newId()],
        })
  const losers = losersOf(k.chosen.clashes)
  // Records that change places go by way of the case, so that a key is never held twice.
  await shiftRecords(tx, losers.into, into.id, k.id)
  const counts = await moveRows(tx, { caseId: k.id, from: from.id, to: into.id, which: { allBut: losers.from } })
  await shiftRecords(tx, losers.into, k.id, from.id)
  await files.moveCodes(tx, codes, from.id, into.id)
  const standing = [files.standingOf(from), files.standingOf(into)]
  await files.saveStanding(tx, { ...files.standingOf(from), mergedInto: into.id }, at)
  if (into.uscc === null && from.uscc !== null)
    await files.saveStanding(tx, { ...files.standingOf(into), uscc: from.uscc }, at)
  const aside = await setAside(tx, ctx, k, from.id, [...losers.from, ...losers.into])
  await tellMoved(tx, ctx, into.id, await movedRecords(tx, k.id, into.id), k.id)
  for (const subjectId of [from.id, into.id])
    announce(tx, ctx, { kind: 'subject.merged', subjectId, details: { case: k.id, from: from.id, into: into.id } })
  return { standing, codes, claimed: null, names, conflicts, setAside: aside, created: false, counts }
}

/** What an importer that had found the old file before it closed put onto it afterwards. */
export const gather = async (tx: Tx, ctx: Ctx, k: FileCase): Promise<number> => {
  const losers = losersOf(k.chosen.clashes)
  const left = [...losers.from, ...losers.into]
  const into = k.intoId as string
  await files.lockSubjects(tx, [k.fromId, into])
  const there = await recordsThere(tx, k.fromId, null)
  const twice = new Set((await clashesOf(tx, k.fromId, into, null)).map((c) => c.from.id))
  const ids = there.flatMap((r) => (left.includes(r.id) || twice.has(r.id) ? [] : [r.id]))
  if (!ids.length) return 0
  await moveRows(tx, { caseId: k.id, from: k.fromId, to: into, which: { only: ids } })
  await tellMoved(tx, ctx, into, ids, k.id)
  return ids.length
}

const madeSubject = async (tx: Tx, ctx: Ctx, k: FileCase, from: Subject): Promise<Subject> => {
  const wanted = k.newSubject
  if (!wanted) return mustNot('NEW_SUBJECT_UNCLEAR')
  const { name, kind, division, code } = wanted
  const id = newId()
  const row = {
    id,
    kind,
    name,
    nameKey: nameKey(name),
    uscc: code.kind === 'uscc' ? code.code : null,
    division,
    status: from.status,
  }
  await insertSubjects(tx, ctx.db, [row], ctx.clock.now())
  return { ...row, code: code.code, version: 1, mergedInto: null }
}

/** The records and codes chosen leave the file of `from` for that of another, which is made where there is none. */
export const takeApart = async (
  tx: Tx,
  ctx: Ctx,
  k: FileCase,
  from: Subject,
  held: Subject | null,
): Promise<Done & { intoId: string }> => {
  const at = ctx.clock.now()
  const into = held ?? (await madeSubject(tx, ctx, k, from))
  const own = await files.codesOfSubject(tx, from.id)
  const wanted = held ? null : (k.newSubject?.code ?? null)
  const codes = own.filter(
    (c) =>
      k.chosen.codes?.some((x) => x.code === c.code && x.kind === c.kind) ||
      (wanted?.code === c.code && wanted.kind === c.kind),
  )
  await files.moveCodes(tx, codes, from.id, into.id)
  let claimed: files.CodeRow | null = null
  if (wanted && !codes.some((c) => c.code === wanted.code)) {
    if (!(await files.claimCode(tx, into.id, wanted))) mustNot('CODE_TAKEN', { code: wanted.code })
    claimed = wanted
  }
  const ids = k.chosen.records ?? []
  const losers = losersOf(k.chosen.clashes)
  await shiftRecords(tx, losers.into, into.id, k.id)
  const going = ids.filter((id) => !losers.from.includes(id))
  const counts = await moveRows(tx, { caseId: k.id, from: from.id, to: into.id, which: { only: going } })
  await shiftRecords(tx, losers.into, k.id, from.id)
  const standing = [files.standingOf(from), files.standingOf(into)]
  const uscc = codes.find((c) => c.kind === 'uscc')?.code ?? null
  if (uscc && from.uscc === uscc) await files.saveStanding(tx, { ...files.standingOf(from), uscc: null }, at)
  if (uscc && into.uscc === null) await files.saveStanding(tx, { ...files.standingOf(into), uscc }, at)
  const aside = await setAside(tx, ctx, k, from.id, [...losers.from, ...losers.into])
  await tellMoved(tx, ctx, into.id, going, k.id)
  for (const subjectId of [from.id, into.id])
    announce(tx, ctx, { kind: 'subject.split', subjectId, details: { case: k.id, from: from.id, into: into.id } })
  return {
    intoId: into.id,
    standing,
    codes,
    claimed,
    names: [],
    conflicts: [],
    setAside: aside,
    created: !held,
    counts,
  }
}

/** Records that came since under a code that goes back: they go with it. */
export const lateRecords = async (tx: Tx | Ctx['db']['kysely'], k: FileCase, done: Done): Promise<string[]> => {
  if (!k.intoId || !k.decidedAt) return []
  const codes = [...done.codes, ...(done.claimed ? [done.claimed] : [])].map((c) => c.code)
  const moved = new Set(await movedRecords(tx, k.id, k.intoId))
  if (done.created) return (await recordsThere(tx, k.intoId, null)).flatMap((r) => (moved.has(r.id) ? [] : [r.id]))
  return (await recordsReportedUnder(tx, k.intoId, codes, k.decidedAt)).filter((id) => !moved.has(id))
}

/** Everything back where it was, with what has been written about it since. */
export const takeBack = async (tx: Tx, ctx: Ctx, k: FileCase, done: Done): Promise<Record<string, number>> => {
  const at = ctx.clock.now()
  const [fromWas, intoWas] = done.standing
  const into = k.intoId
  if (!fromWas || !intoWas || !into) return mustNot('NO_SUCH_CASE')
  const from = k.fromId
  const losers = losersOf(k.chosen.clashes)
  const moved = await movedRecords(tx, k.id, into)
  const late = await lateRecords(tx, k, done)
  await shiftRecords(tx, losers.into, from, k.id)
  const counts = await putBack(tx, { caseId: k.id, from, to: into, records: moved, late })
  // A subject that the case made is none any more: whatever else has come onto its file goes back too.
  if (done.created) await moveRows(tx, { caseId: k.id, from: into, to: from, which: { allBut: losers.into } })
  await shiftRecords(tx, losers.into, k.id, into)
  await files.moveCodes(tx, done.codes, into, from)
  if (done.claimed) await files.dropCode(tx, into, done.claimed)
  await files.dropNames(tx, into, done.names)
  await files.reopenConflicts(tx, [from, into], done.conflicts)
  const held = await files.lockSubjects(tx, [from, into])
  // Only what the case changed: a name or a status that has changed since stays.
  const fromIs = held.get(from)
  const intoIs = held.get(into)
  if (!fromIs || !intoIs) return mustNot('NO_SUCH_CASE')
  await files.saveStanding(tx, { ...files.standingOf(fromIs), uscc: fromWas.uscc, mergedInto: fromWas.mergedInto }, at)
  await files.saveStanding(
    tx,
    { ...files.standingOf(intoIs), uscc: intoWas.uscc, mergedInto: done.created ? from : intoWas.mergedInto },
    at,
  )
  for (const recordId of done.setAside) {
    await dispose(tx, ctx, {
      subjectId: losers.into.includes(recordId) ? into : from,
      recordId,
      kind: 'restored',
      channel: null,
      effectiveFrom: today(ctx),
      reason: say(SET_BACK, k.no),
      basis: { rule: 'corrections/set-back', case: k.no },
      caseId: k.id,
    })
  }
  await tellMoved(tx, ctx, from, [...moved, ...late], k.id)
  for (const subjectId of [from, into])
    announce(tx, ctx, { kind: 'subject.apart', subjectId, details: { case: k.id, from, into } })
  return counts
}
