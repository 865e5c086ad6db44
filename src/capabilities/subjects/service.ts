import { normaliseCode } from '../../kernel/codes.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { maskName } from '../../kernel/mask.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import { nameKey } from '../../kernel/text.ts'
import { addDays, parseDay } from '../../kernel/time.ts'
import { findAuthority, giveMandate, listMandates } from '../access/index.ts'
import type { MandateKind } from '../access/contract.ts'
import { type Ctx, actorRef, authorityOf } from '../../platform/context.ts'
import type { Db, Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, recordAct } from '../../platform/outbox.ts'
import type {
  ActingView,
  ConflictView,
  DeclaredRow,
  LookView,
  Subject,
  SubjectRow,
  SubjectView,
  WaitingRow,
} from './contract.ts'
import { followers } from './followers.ts'
import { type Outcome, closeConflict as decideConflict, searchFor } from './rules.ts'
import * as store from './store.ts'

export { type Foreseen, foreseeSubjects, openConflicts, resolveSubjects } from './resolve.ts'

/** A person acts for a subject only with a mandate that holds today. */
export const mustActFor = (ctx: Ctx, subjectId: string): void => {
  if (ctx.actor.kind !== 'person' || !ctx.actor.subjectIds.includes(subjectId)) mustNot('NOT_YOUR_SUBJECT')
}

/** A natural person, by a number that is digested here and goes no further. */
export const findSubjectByPersonId = (db: Reader, ctx: Ctx, personId: string): Promise<Subject | null> =>
  store.findSubjectByDigest(db, ctx.secrets.digest('person', normaliseCode(personId)))

const rowOf = (s: Subject | (SubjectRow & { id: string })): SubjectRow => ({
  code: s.code,
  kind: s.kind,
  name: s.name,
  division: s.division,
  status: s.status,
})

/** By name or code; natural persons are never among them. */
export const searchSubjects = async (
  db: Db | Tx,
  ask: { q: string; after?: string | undefined; limit: number },
): Promise<Page<SubjectRow>> => {
  const wanted = searchFor(ask.q)
  if (!wanted) return { rows: [], next: null }
  if (wanted.by === 'code') {
    const subject = await store.findSubjectByCode(db, wanted.code)
    return { rows: subject && subject.kind !== 'natural_person' ? [rowOf(subject)] : [], next: null }
  }
  const place = readCursor(ask.after, 'integer', 'text', 'uuid')
  const after = place && { rank: place[0], key: place[1], id: place[2] }
  const page = pageOf(await store.searchByName(db, wanted, after, ask.limit + 1), ask.limit, (r) => [
    r.rank,
    r.key,
    r.id,
  ])
  return { rows: page.rows.map(rowOf), next: page.next }
}

export const viewSubject = async (ctx: Ctx, code: string): Promise<SubjectView> => {
  const subject = await store.findSubjectByCode(ctx.db.kysely, normaliseCode(code))
  if (!subject || subject.kind === 'natural_person') return mustNot('SUBJECT_NOT_FOUND')
  // A name that came with another file is no former name: the two were one all along.
  const names = (await store.namesOf(ctx.db.kysely, subject.id)).filter((n) => !n.source.startsWith('merge:'))
  const since = names.findLast((n) => nameKey(n.name) === subject.nameKey)?.validFrom
  const formerNames = names.flatMap(({ name, validFrom }) => {
    if (nameKey(name) === subject.nameKey) return []
    // The first name is dated by the day it came to be held, which may be after the change.
    const end = names.find((n) => n.validFrom > validFrom)?.validFrom ?? since
    return end ? [{ name, until: addDays(end, -1) }] : []
  })
  return { ...rowOf(subject), formerNames }
}

/** The credit office of a territory sees what lies in it; rows of persons come with the name masked. */
const territoryOf = (ctx: Ctx) =>
  ctx.actor.kind === 'person' && ctx.actor.division ? territoryPrefix(ctx.actor.division) : ''
const masked = (row: ConflictView): ConflictView =>
  row.subjectKind === 'natural_person'
    ? { ...row, code: null, held: maskName(row.held), offered: maskName(row.offered) }
    : row

export const listConflicts = async (
  ctx: Ctx,
  ask: { state: string; after?: string | undefined; limit: number },
): Promise<Page<ConflictView>> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.listConflicts(ctx.db.kysely, {
    state: ask.state,
    territory: territoryOf(ctx),
    after,
    limit: ask.limit + 1,
  })
  return pageOf(rows.map(masked), ask.limit, (r) => [r.foundAt, r.id])
}

/** Who waits for this name, whichever capability keeps the rows. */
export const waitingFor = async (db: Reader, subjectId: string, key: string): Promise<WaitingRow[]> => {
  const found: WaitingRow[] = []
  for (const f of followers()) if (f.waiting) found.push(...(await f.waiting(db, { subjectId, nameKey: key })))
  return found
}
const settleWaiting = async (tx: Tx, ctx: Ctx, ask: { subjectId: string; nameKey: string; accept: boolean }) => {
  let n = 0
  for (const f of followers()) if (f.settle) n += await f.settle(tx, ctx, ask)
  return n
}

/**
 * A conflict is decided, within a use case that has found it: the names follow, and the rows that waited are taken in or go
 * back, in the same transaction. Whoever else waits for it hears `subject.conflict_closed`.
 */
export const settleConflict = async (
  tx: Tx,
  ctx: Ctx,
  found: Pick<ConflictView, 'kind' | 'state' | 'offered' | 'subjectId' | 'id'> & { offeredKey: string },
  ask: { outcome: Outcome; validFrom?: string | undefined },
): Promise<{ state: 'kept' | 'renamed' | 'former'; settled: number }> => {
  const at = ctx.clock.now()
  const { subjectId, id } = found
  const validFrom = ask.validFrom && parseDay(ask.validFrom) ? ask.validFrom : undefined
  const state = unwrap(decideConflict(found.kind, found.state, ask.outcome, validFrom))
  const mine = await store.saveConflictState(tx, subjectId, id, state, at, actorRef(ctx.actor))
  if (!mine) mustNot('CONFLICT_CLOSED')
  if (state !== 'kept' && validFrom) {
    const name = { subjectId, name: found.offered, nameKey: found.offeredKey, validFrom }
    await store.keepFirstName(tx, subjectId, newId())
    await store.insertName(tx, { ...name, id: newId(), source: `conflict:${id}` })
    if (state === 'renamed') await store.renameSubject(tx, subjectId, name.name, name.nameKey, at)
  }
  const settled =
    found.kind === 'one_code_two_names'
      ? await settleWaiting(tx, ctx, { subjectId, nameKey: found.offeredKey, accept: state !== 'kept' })
      : 0
  recordAct(tx, ctx, {
    act: 'subjects.close_conflict',
    target: { kind: 'conflict', id },
    subjectId,
    details: { outcome: state, settled },
  })
  announce(tx, ctx, { kind: 'subject.conflict_closed', subjectId, details: { conflictId: id, outcome: state } })
  return { state, settled }
}

/** People decide which name holds. */
export const closeConflict = (
  ctx: Ctx,
  ask: { subjectId: string; id: string; outcome: Outcome; validFrom?: string | undefined },
): Promise<ConflictView> =>
  inTx(ctx, async (tx) => {
    const found =
      (await store.findConflict(tx, ask.subjectId, ask.id, territoryOf(ctx))) ?? mustNot('CONFLICT_NOT_FOUND')
    const { state } = await settleConflict(tx, ctx, found, ask)
    const { offeredKey: _, ...view } = found
    return masked({ ...view, state, closedAt: ctx.clock.now() })
  })

/** What a subject has said of itself, from whoever keeps it; told to every output with its badge. */
export const declaredOf = async (
  ctx: Ctx,
  db: Reader,
  ask: { subjectId: string } | { code: string },
): Promise<DeclaredRow[]> => {
  const found: DeclaredRow[] = []
  for (const f of followers()) if (f.declared) found.push(...(await f.declared(ctx, db, ask)))
  return found
}

/** Who looks says for what business, and the subject can read it. */
export const recordLook = async (tx: Tx, ctx: Ctx, subjectId: string, purpose: string): Promise<void> => {
  const id = newId()
  await store.insertLook(
    tx,
    { subjectId, id, actor: actorRef(ctx.actor), authorityId: authorityOf(ctx.actor), purpose },
    ctx.clock.now(),
  )
  recordAct(tx, ctx, {
    act: 'subjects.look',
    target: { kind: 'subject', id: subjectId },
    subjectId,
    details: { look: id },
  })
}

/** The mandates that access keeps, with the names that only this tier knows. */
export const listActing = async (
  ctx: Ctx,
  ask: { personId?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ActingView>> => {
  const page = await listMandates(ctx, ask)
  const subjects = await store.subjectsById(
    ctx.db.kysely,
    page.rows.map((m) => m.subjectId),
  )
  return { rows: page.rows.map((m) => actingOf(m, subjects.get(m.subjectId))), next: page.next }
}
const actingOf = (
  mandate: Omit<ActingView, 'subjectName' | 'subjectCode'>,
  subject: Subject | undefined,
): ActingView => ({
  ...mandate,
  subjectName: subject ? (subject.kind === 'natural_person' ? maskName(subject.name) : subject.name) : '',
  subjectCode: subject?.code ?? null,
})

/** A mandate is given on the code that stands on the papers; a person's number is never asked for here. */
export const letAct = async (
  ctx: Ctx,
  ask: { personId: string; code: string; kind: MandateKind; validFrom: string; validTo: string | null },
): Promise<ActingView> => {
  const subject =
    (await store.findSubjectByCode(ctx.db.kysely, normaliseCode(ask.code))) ?? mustNot('SUBJECT_NOT_FOUND')
  const { code: _, ...mandate } = ask
  return actingOf(await giveMandate(ctx, { ...mandate, subjectId: subject.id }), subject)
}

export const listLooks = async (
  ctx: Ctx,
  ask: { subjectId: string; after?: string | undefined; limit: number },
): Promise<Page<LookView>> => {
  mustActFor(ctx, ask.subjectId)
  const db = ctx.db.kysely
  const page = pageOf(
    await store.listLooks(db, ask.subjectId, readCursor(ask.after, 'instant', 'uuid'), ask.limit + 1),
    ask.limit,
    (r) => [r.at, r.id],
  )
  const ids = [...new Set(page.rows.flatMap((r) => (r.authorityId ? [r.authorityId] : [])))]
  const authorities = await Promise.all(ids.map((id) => findAuthority(db, { id })))
  const names = new Map(authorities.flatMap((a) => (a ? [[a.id, a.name] as const] : [])))
  return {
    rows: page.rows.map(({ at, authorityId, purpose }) => ({
      at,
      authorityId,
      authorityName: authorityId ? (names.get(authorityId) ?? null) : null,
      purpose,
    })),
    next: page.next,
  }
}
