import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, pageOf, readCursor } from '../../kernel/page.ts'
import { step } from '../../kernel/states.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { mediaTypeOf } from '../../platform/file-type.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecord, listRecordsOfSubject } from '../records/index.ts'
import { getSubject, mustActFor, recordLook } from '../subjects/index.ts'
import type { GuideView, ObjectionRow, ObjectionView, TargetView } from './contract.ts'
import {
  type By,
  basisOf,
  letterFor,
  mark,
  moveOn,
  officeOver,
  tellApplicant,
  tellOfficials,
  unmark,
} from './moving.ts'
import { dueOf, startClock } from './rules.clock.ts'
import {
  type Target,
  groundsFor,
  groundsHere,
  mayHandIn,
  mayRaise,
  marksPending,
  ownMotionHere,
  pushTerm,
  verifyTerm,
} from './rules.ts'
import { OBJECTION_MOVES, type ObjectionState, isPending } from './states.ts'
import * as store from './store.ts'
import { listObjections as objectionRows } from './store.lists.ts'
import { aboutView, isApplicant, isFinder, objectionView, rolesOn, rowView } from './views.ts'
import { GROUND_HINTS, GROUND_WORDS, type Ground, isRepairGround } from './words.ts'

/** What the subject, or the clerk at the window for it, does; and the passing on to the finder. */

/** Shortest statement that says anything, in characters, and the files that go with one objection. */
const LEAST_STATEMENT = 5
const MOST_EVIDENCE = 20

// ---- the guide

export const objectionGuide = (ctx: Ctx): Promise<GuideView> => {
  const on = today(ctx)
  const { grounds, row } = groundsHere(ctx.policy, on)
  const term = (named: 'push' | 'verify', rule: ReturnType<typeof pushTerm>) =>
    rule ? [{ step: named, workdays: rule.workdays, instrument: rule.instrument, article: rule.article }] : []
  return Promise.resolve({
    grounds: grounds.map((ground) => ({
      ground,
      name: GROUND_WORDS[ground],
      hint: GROUND_HINTS[ground],
      about: isRepairGround(ground) ? 'repair_item' : 'record',
      instrument: row!.instrument,
      article: row!.article,
    })),
    terms: [...term('push', pushTerm(ctx.policy, on)), ...term('verify', verifyTerm(ctx.policy, null, on))],
    marks: marksPending(ctx.policy, on),
    ownMotion: ownMotionHere(ctx.policy, on),
  })
}

// ---- what may be objected to

/** A mandate, or a window where anyone may come. */
const mustServe = (ctx: Ctx, subjectId: string): 'online' | 'window' => {
  const { actor } = ctx
  if (actor.kind === 'person' && actor.roles.includes('enterprise') && actor.subjectIds.includes(subjectId))
    return 'online'
  if (hasRole(actor, 'window_clerk') && actor.kind === 'person' && actor.authorityId) return 'window'
  mustActFor(ctx, subjectId)
  return 'online'
}
const subjectOf = async (db: Reader, id: string) => (await getSubject(db, id)) ?? mustNot('NO_SUCH_TARGET')

const targetOf = (ctx: Ctx, record: RecordRow, refused: store.Refused | null): Target => {
  const { shown, annulled } = aboutView(ctx, record)
  return { refused: refused?.state ?? null, shown, annulled: annulled && !refused }
}
const targetView = (
  ctx: Ctx,
  record: RecordRow,
  refused: store.Refused | null,
  pending: readonly store.PendingRow[],
): TargetView => ({
  about: aboutView(ctx, record),
  subjectId: record.subjectId,
  refused: refused && {
    itemId: refused.itemId,
    applicationId: refused.applicationId,
    no: refused.no,
    state: refused.state,
    decidedOn: refused.decidedOn,
    deciderName: refused.deciderName,
  },
  grounds: groundsFor(targetOf(ctx, record, refused), ctx.policy, today(ctx)),
  pending: pending
    .filter((p) => p.recordId === record.id && isRepairGround(p.ground) === (refused !== null))
    .map(({ id, no, ground }) => ({ id, no, ground })),
})

export const listTargets = async (ctx: Ctx, ask: { subject: string; after?: string | undefined; limit: number }) => {
  const db = ctx.db.kysely
  const window = mustServe(ctx, ask.subject) === 'window'
  const subject = await subjectOf(db, ask.subject)
  if (window) await inTx(ctx, (tx) => recordLook(tx, ctx, subject.id, '窗口代办异议'))
  const rows = await listRecordsOfSubject(db, subject.id, { after: ask.after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (r) => [r.decidedOn, r.id])
  const refusals = ask.after ? [] : await store.refusalsOf(db, subject.id, null)
  const refusedRecords = await Promise.all(refusals.map((r) => findRecord(db, subject.id, r.recordId)))
  const ids = [...page.rows, ...refusedRecords].flatMap((r) => (r ? [r.id] : []))
  const pending = await store.pendingAbout(db, subject.id, ids)
  const views = page.rows.map((r) => targetView(ctx, r, null, pending))
  const refusedViews = refusals.flatMap((refused, i) => {
    const record = refusedRecords[i]
    return record ? [targetView(ctx, record, refused, pending)] : []
  })
  return { rows: [...refusedViews, ...views], next: page.next }
}

// ---- a draft

type Draft = {
  subject: string
  record?: string | undefined
  refusedItem?: string | undefined
  ground: Ground
  statement: string
  wanted: string
  contactName: string
  contactPhone: string
}
type About = { record: RecordRow; refused: (store.Refused & { authorityId: string; division: string | null }) | null }
const aboutOf = async (db: Reader, ask: Pick<Draft, 'subject' | 'record' | 'refusedItem'>): Promise<About> => {
  if (Boolean(ask.record) === Boolean(ask.refusedItem)) return mustNot('TARGET_MISSING')
  const refused = ask.refusedItem
    ? ((await store.refusalsOf(db, ask.subject, ask.refusedItem))[0] ?? mustNot('NO_SUCH_TARGET'))
    : null
  const record = await findRecord(db, ask.subject, refused?.recordId ?? ask.record!)
  return { record: record ?? mustNot('NO_SUCH_TARGET'), refused }
}
const sealed = (ctx: Ctx, phone: string) => (phone ? ctx.secrets.seal(phone) : null)

/** What every objection begins as, whoever raised it. */
export const newObjection = (
  ctx: Ctx,
  of: About & {
    subjectName: string
    ground: Ground
    wayIn: store.Objection['wayIn']
    statement: string
  } & Partial<store.Objection>,
): store.Objection => {
  const { record, refused, ...rest } = of
  return {
    subjectId: record.subjectId,
    id: newId(),
    no: null,
    recordId: record.id,
    recordItem: record.item,
    docNo: record.docNo,
    recordAuthority: record.authorityName,
    recordDecidedOn: record.decidedOn,
    refusedItem: refused?.itemId ?? null,
    authorityId: refused?.authorityId ?? record.authorityId,
    authorityName: refused?.deciderName ?? record.authorityName,
    division: refused?.division ?? record.division,
    windowAuthorityId: null,
    applicant: actorRef(ctx.actor),
    contactName: '',
    contactSecret: null,
    wanted: '',
    state: 'draft',
    outcome: null,
    answer: null,
    correction: null,
    effect: null,
    marked: false,
    clock: null,
    dueOn: null,
    dueProvisional: false,
    extension: null,
    escalated: 0,
    submittedOn: null,
    pushedOn: null,
    decidedOn: null,
    workdays: null,
    inTime: null,
    parentId: null,
    reportId: null,
    policyVersion: ctx.policy.version,
    createdAt: ctx.clock.now(),
    updatedAt: ctx.clock.now(),
    version: 1,
    ...rest,
    refused: refused && {
      itemId: refused.itemId,
      applicationId: refused.applicationId,
      no: refused.no,
      state: refused.state,
      decidedOn: refused.decidedOn,
      deciderName: refused.deciderName,
    },
  }
}

const act = (tx: Tx, ctx: Ctx, name: string, o: store.Objection, details: Record<string, unknown> = {}) =>
  recordAct(tx, ctx, {
    act: `objections.${name}`,
    target: { kind: 'objection', id: o.id },
    subjectId: o.subjectId,
    details,
  })

export const createObjection = (ctx: Ctx, ask: Draft): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const wayIn = mustServe(ctx, ask.subject)
    const subject = await subjectOf(tx, ask.subject)
    const about = await aboutOf(tx, ask)
    unwrap(mayRaise(ask.ground, targetOf(ctx, about.record, about.refused), ctx.policy, today(ctx)))
    const o = newObjection(ctx, {
      ...about,
      subjectName: subject.name,
      ground: ask.ground,
      wayIn,
      statement: ask.statement,
      wanted: ask.wanted,
      windowAuthorityId: wayIn === 'window' && ctx.actor.kind === 'person' ? ctx.actor.authorityId : null,
      contactName: ask.contactName,
      contactSecret: sealed(ctx, ask.contactPhone),
    })
    await store.insertObjection(tx, o)
    act(tx, ctx, 'begin', o, { ground: o.ground, wayIn })
    return objectionView(ctx, tx, o)
  })

const ownDraft = async (ctx: Ctx, tx: Tx, key: store.Key, seen?: number): Promise<store.Objection> => {
  const o = (await store.lockObjection(tx, ctx.actor, key, 'applicant')) ?? mustNot('NO_SUCH_OBJECTION')
  if (o.state !== 'draft') mustNot('OBJECTION_NOT_DRAFT')
  if (seen !== undefined && o.version !== seen) mustNot('STALE', { version: o.version })
  return o
}

/** Its target stays; a ground about the other kind of target misfits. */
export const editObjection = (
  ctx: Ctx,
  ask: store.Key & {
    seen: number
    ground: Ground
    statement: string
    wanted: string
    contactName: string
    contactPhone?: string | undefined
  },
): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = await ownDraft(ctx, tx, ask, ask.seen)
    const record = (await findRecord(tx, o.subjectId, o.recordId)) ?? mustNot('NO_SUCH_TARGET')
    unwrap(mayRaise(ask.ground, targetOf(ctx, record, o.refused), ctx.policy, today(ctx)))
    const { ground, statement, wanted, contactName } = ask
    const next: store.Objection = {
      ...o,
      ground,
      statement,
      wanted,
      contactName,
      contactSecret: ask.contactPhone === undefined ? o.contactSecret : sealed(ctx, ask.contactPhone),
      updatedAt: ctx.clock.now(),
      version: o.version + 1,
    }
    if (!(await store.saveObjection(tx, next, o.version))) mustNot('STALE')
    act(tx, ctx, 'edit', next, { ground })
    return objectionView(ctx, tx, next)
  })

export const discardObjection = (ctx: Ctx, key: store.Key): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const o = await ownDraft(ctx, tx, key)
    await store.deleteDraft(tx, o)
    act(tx, ctx, 'discard', o)
    return { ok: true }
  })

// ---- evidence

const readWhole = async (ctx: Ctx, file: StoredFile): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.files.read(file.hash)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const sideOf = (ctx: Ctx, o: store.Objection): 'applicant' | 'window' | 'authority' => {
  const roles = rolesOn(ctx, o)
  if (roles.includes('enterprise')) return 'applicant'
  return roles.includes('window_clerk') ? 'window' : 'authority'
}

/** The subject's while it is pending, and the finder's own findings. */
export const attachEvidence = async (ctx: Ctx, ask: store.Key & { file: StoredFile }): Promise<ObjectionView> => {
  const { file } = ask
  const type = mediaTypeOf(await readWhole(ctx, file)) ?? mustNot('EVIDENCE_TYPE', { file: file.name })
  return inTx(ctx, async (tx) => {
    const o = (await store.lockObjection(tx, ctx.actor, ask, 'reader')) ?? mustNot('NO_SUCH_OBJECTION')
    const roles = rolesOn(ctx, o)
    if (!isApplicant(roles) && !isFinder(roles)) mustNot('NO_SUCH_OBJECTION')
    if (o.state !== 'draft' && !isPending(o.state)) mustNot('EVIDENCE_LOCKED')
    const held = await store.evidenceOf(tx, o)
    if (held.length >= MOST_EVIDENCE) mustNot('EVIDENCE_TOO_MANY', { most: MOST_EVIDENCE })
    const row: store.Evidence = {
      subjectId: o.subjectId,
      id: newId(),
      objectionId: o.id,
      hash: file.hash,
      name: file.name,
      mediaType: type,
      bytes: file.bytes,
      by: sideOf(ctx, o),
      uploadedAt: ctx.clock.now(),
    }
    await store.insertEvidence(tx, row, actorRef(ctx.actor))
    act(tx, ctx, 'attach', o, { evidence: row.id, hash: row.hash })
    return objectionView(ctx, tx, o)
  })
}

/** What was handed in stays. */
export const removeEvidence = (ctx: Ctx, ask: store.Key & { evidence: string }): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = (await store.lockObjection(tx, ctx.actor, ask, 'applicant')) ?? mustNot('NO_SUCH_OBJECTION')
    const row = (await store.evidenceOf(tx, o)).find((e) => e.id === ask.evidence) ?? mustNot('NO_SUCH_EVIDENCE')
    if (o.state !== 'draft') mustNot('EVIDENCE_LOCKED')
    await store.removeEvidence(tx, row, ctx.clock.now())
    act(tx, ctx, 'detach', o, { evidence: row.id })
    return objectionView(ctx, tx, o)
  })

/** Everyone concerned reads the same; that an official opened it is recorded. */
export const downloadEvidence = (ctx: Ctx, ask: store.Key & { evidence: string }): Promise<FileReply> =>
  inTx(ctx, async (tx) => {
    const o = (await store.findObjection(tx, ctx.actor, ask, 'reader')) ?? mustNot('NO_SUCH_OBJECTION')
    // What was put right without it the subject reads about, and not what others brought.
    const roles = rolesOn(ctx, o)
    if (!roles.length) mustNot('NO_SUCH_OBJECTION')
    const row = (await store.evidenceOf(tx, o)).find((e) => e.id === ask.evidence) ?? mustNot('NO_SUCH_EVIDENCE')
    if (!isApplicant(roles)) await recordLook(tx, ctx, o.subjectId, `查阅异议证据材料（${o.no}）`)
    return { file: { name: row.name, mediaType: row.mediaType, body: ctx.files.read(row.hash) } }
  })

// ---- handing in, and passing on

const PAD = 4
export const numberOf = async (tx: Tx, ctx: Ctx, kind: 'YY' | 'FY'): Promise<string> => {
  const { code } = ctx.policy.jurisdiction
  const on = today(ctx)
  const n = await store.nextNumber(tx, kind, code, on)
  return `${code}-${kind}-${on.replaceAll('-', '')}-${String(n).padStart(PAD, '0')}`
}

/** The clock of passing on starts with the day of submission (Order 36 art. 18). */
export const pushClock = (ctx: Ctx) => {
  const clock = startClock('push', pushTerm(ctx.policy, today(ctx)), today(ctx))
  return { clock, ...dueOf(clock, ctx.policy), submittedOn: today(ctx) }
}

/** To the finder, or to whom the credit office named; its own clock begins. */
export const passOn = async (
  tx: Tx,
  ctx: Ctx,
  o: store.Objection,
  to: { id: string; name: string; division: string },
  by: By,
): Promise<store.Objection> => {
  const on = today(ctx)
  const record = await findRecord(tx, o.subjectId, o.recordId)
  const term = verifyTerm(ctx.policy, record?.facts ?? null, on)
  const clock = startClock('verify', term, on)
  const next = await moveOn(tx, ctx, o, {
    action: 'push',
    to: unwrap(step(OBJECTION_MOVES, o.state, 'push', ['credit_office'])),
    by,
    change: {
      authorityId: to.id,
      authorityName: to.name,
      division: to.division,
      pushedOn: on,
      clock,
      ...dueOf(clock, ctx.policy),
      escalated: 0,
    },
    basis: term && basisOf(ctx, term, { workdays: term.workdays }),
    past: 'pushed',
  })
  await tellOfficials(tx, ctx, next, 'pushed', { authorityId: next.authorityId, role: 'officer' })
  return next
}

/** At once where the finder is on the platform; else the credit office is asked to name who carries on. */
export const tryToPassOn = async (tx: Tx, ctx: Ctx, o: store.Objection): Promise<store.Objection> => {
  const finder = await authorityById(tx, o.authorityId)
  return finder?.active ? passOn(tx, ctx, o, finder, 'platform') : o
}

/** Whoever raised it: numbered, marked, its clock running, and on its way to the finder in the same commit. */
export const handIn = async (tx: Tx, ctx: Ctx, o: store.Objection, by: By): Promise<store.Objection> => {
  const pending = await store.pendingAbout(tx, o.subjectId, [o.recordId])
  const same = pending.find((p) => p.ground === o.ground && p.id !== o.id)
  if (same) mustNot('OBJECTION_PENDING', { no: same.no ?? '' })
  const on = today(ctx)
  const term = pushTerm(ctx.policy, on)
  const ready = { ...o, no: o.no ?? (await numberOf(tx, ctx, 'YY')), ...pushClock(ctx) }
  const marked = await mark(tx, ctx, ready)
  const letter = letterFor('receipt', ctx, ready, {
    signedBy: ctx.policy.jurisdiction.name.zh + PLATFORM,
    text: '',
    basis: term ? [term] : [],
  })
  const { no, clock, dueOn, dueProvisional, submittedOn } = ready
  const submitted = await moveOn(tx, ctx, o, {
    action: 'submit',
    to: 'submitted',
    by,
    change: { no, clock, dueOn, dueProvisional, submittedOn, marked, policyVersion: ctx.policy.version },
    note: o.statement,
    basis: term && basisOf(ctx, term, { workdays: term.workdays }),
    letter,
    past: 'submitted',
  })
  const next = await tryToPassOn(tx, ctx, submitted)
  const office = next.state === 'submitted' ? await officeOver(tx, next.division) : null
  if (office) await tellOfficials(tx, ctx, next, 'not_pushed', { authorityId: office, role: 'credit_office' })
  return next
}
const PLATFORM = '信用信息平台'

export const submitObjection = (ctx: Ctx, ask: store.Key & { seen: number }): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = await ownDraft(ctx, tx, ask, ask.seen)
    unwrap(step(OBJECTION_MOVES, o.state, 'submit', rolesOn(ctx, o)))
    const record = (await findRecord(tx, o.subjectId, o.recordId)) ?? mustNot('NO_SUCH_TARGET')
    unwrap(mayRaise(o.ground, targetOf(ctx, record, o.refused), ctx.policy, today(ctx)))
    unwrap(mayHandIn(o.statement, LEAST_STATEMENT))
    const next = await handIn(tx, ctx, o, sideOf(ctx, o) === 'window' ? 'window' : 'applicant')
    await tellApplicant(tx, ctx, { ...next, dueOn: dueOf(pushClock(ctx).clock, ctx.policy).dueOn }, 'submitted')
    return objectionView(ctx, tx, next)
  })

export const withdrawObjection = (ctx: Ctx, ask: store.Key & { seen: number; note: string }): Promise<ObjectionView> =>
  inTx(ctx, async (tx) => {
    const o = (await store.lockObjection(tx, ctx.actor, ask, 'applicant')) ?? mustNot('NO_SUCH_OBJECTION')
    if (o.version !== ask.seen) mustNot('STALE', { version: o.version })
    const to = unwrap(step(OBJECTION_MOVES, o.state, 'withdraw', rolesOn(ctx, o)))
    const next = await moveOn(tx, ctx, o, {
      action: 'withdraw',
      to,
      by: sideOf(ctx, o) === 'window' ? 'window' : 'applicant',
      change: { outcome: 'withdrawn' },
      note: ask.note,
      past: 'withdrawn',
    })
    await unmark(tx, ctx, next, null)
    if (o.pushedOn) await tellOfficials(tx, ctx, next, 'withdrawn', { authorityId: o.authorityId, role: 'officer' })
    return objectionView(ctx, tx, next)
  })

// ---- reading

export const getObjection = async (ctx: Ctx, key: store.Key): Promise<ObjectionView> => {
  const db = ctx.db.kysely
  return objectionView(
    ctx,
    db,
    (await store.findObjection(db, ctx.actor, key, 'reader')) ?? mustNot('NO_SUCH_OBJECTION'),
  )
}

export const listObjections = async (
  ctx: Ctx,
  ask: {
    subject?: string | undefined
    state?: ObjectionState | undefined
    ground?: Ground | undefined
    no?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ rows: ObjectionRow[]; next: string | null }> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const found = await objectionRows(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const shown = found.slice(0, ask.limit)
  const last = shown.at(-1)
  const next = found.length > ask.limit && last ? encodeCursor([last.createdAt, last.id]) : null
  return { rows: shown.map((o) => rowView(ctx, o)), next }
}
