import type { Instant } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, recordAct } from '../../platform/outbox.ts'
import { findRecord, standingRecord } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { Letter } from './contract.ts'
import { routed } from './routing.ts'
import { dueColumns } from './rules.clock.ts'
import { type ActionInput, type Missing, act, startOf } from './rules.ts'
import { caseFacts, carryOut, disposes } from './service.cases.ts'
import { attachTo, isRepairable } from './service.ts'
import type { Action, Kind } from './states.ts'
import * as store from './store.ts'
import { eligibilityOf } from './views.ts'

/**
 * Items that another platform decides (异地, D12), on both sides. Here: the item goes out, what was done there is carried out
 * as if it were done here, with the letter that was written there. There: the case comes in under its own number, and the
 * applicant speaks through the platform it came from. Who is told what, and when, is for the transfers.
 */

type Key = { subject: string; item: string }

/** What is carried out here because it was done there. */
export const THERE = {
  asked: 'ask_there',
  granted: 'grant_there',
  refused: 'refuse_there',
  not_accepted: 'not_accept_there',
  ended_forged: 'forged_there',
  withdrawn: 'withdraw_there',
  lapsed: 'lapse_there',
  revoked: 'revoke_there',
  shielded: 'shield_there',
  plan_completed: 'plan_completed_there',
  restored: 'restore_there',
} as const satisfies Record<string, Action>
export type DoneThere = keyof typeof THERE

const byPlatform = (ctx: Ctx): Ctx => ({ ...ctx, actor: { kind: 'system', name: 'transfers' } })

const move = async (
  tx: Tx,
  ctx: Ctx,
  key: Key & { authorityId: string },
  action: Action,
  of: { input: ActionInput; letter?: Letter | null },
): Promise<boolean> => {
  const row = await store.findCaseOf(tx, key, key.authorityId, disposes(action))
  if (!row) return false
  const held = await standingRecord(tx, row.held)
  const as = byPlatform(ctx)
  const facts = caseFacts(row, held.record)
  const world = { policy: ctx.policy, today: today(ctx), roles: ['platform'] as const }
  const change = act(row, facts, action, of.input, { ...world, by: actorRef(as.actor), at: ctx.clock.now() })
  if (!change.ok) return false
  await carryOut(tx, as, { row, held, facts, roles: [] }, change.value, of.input, of.letter ?? null)
  return true
}

/** The item leaves for another platform. False when it is not one that waits for its authority. */
export const passOn = (tx: Tx, ctx: Ctx, key: Key & { authorityId: string; note: string }): Promise<boolean> =>
  move(tx, ctx, key, 'pass_on', { input: { note: key.note } })

/** It was not decided there: it is this platform's again. */
export const comeBack = (tx: Tx, ctx: Ctx, key: Key & { authorityId: string; note: string }): Promise<boolean> =>
  move(tx, ctx, key, 'come_back', { input: { note: key.note } })

/** Answers whether the item was in a state in which this could be carried out. */
export const doneThere = (
  tx: Tx,
  ctx: Ctx,
  key: Key & { authorityId: string },
  of: { what: DoneThere; note: string; letter: Letter | null; missing: Missing[] },
): Promise<boolean> =>
  move(tx, ctx, key, THERE[of.what], { input: { note: of.note, missing: of.missing }, letter: of.letter })

export const sendHome = (tx: Tx, ctx: Ctx, key: Key & { authorityId: string; note: string }): Promise<boolean> =>
  move(tx, ctx, key, 'send_home', { input: { note: key.note } })

/** The applicant, where it applied, takes the application back. False when there is nothing left to take back. */
export const takeBack = (tx: Tx, ctx: Ctx, key: Key & { authorityId: string; note: string }): Promise<boolean> =>
  move(tx, ctx, key, 'withdraw', { input: { note: key.note } })

export type PassedCase = {
  row: store.CaseRow
  commitment: { text: Words; article: Words; at: Instant } | null
  materials: store.MaterialRow[]
  subject: { kind: string; code: string | null; name: string }
}
/** All that goes with an item to whoever decides it; no contact, no person's number. */
export const caseOf = async (db: Reader, key: Key): Promise<PassedCase | null> => {
  const app = await store.applicationOfItem(db, key)
  if (!app) return null
  const row = (await store.itemsOf(db, app)).find((i) => i.id === key.item)
  const subject = (await subjectsById(db, [key.subject])).get(key.subject)
  if (!row || !subject) return null
  return {
    row,
    commitment:
      app.commitmentText && app.commitmentAt
        ? { text: app.commitmentText.text, article: app.commitmentText.article, at: app.commitmentAt }
        : null,
    materials: await store.materialsOf(db, app),
    subject: { kind: subject.kind, code: subject.code, name: subject.name },
  }
}

export type Material = Pick<store.MaterialRow, 'kind' | 'hash' | 'name' | 'mediaType' | 'bytes'>
export type Incoming = {
  subjectId: string
  recordId: string
  kind: Kind
  no: string
  statement: string
  declared: Record<string, boolean>
  commitment: { text: Words; article: Words; at: Instant } | null
  materials: Material[]
}
export const TURNED_AWAY = ['record_unknown', 'under_way', 'no_route'] as const
export type TakenIn =
  | {
      ok: true
      itemId: string
      applicationId: string
      authorityId: string
      authorityName: string
      division: string | null
    }
  | { ok: false; code: (typeof TURNED_AWAY)[number] }

/** A case of another platform becomes an item in the queue of the authority that decides it, under its own number. */
export const takeIn = async (tx: Tx, ctx: Ctx, of: Incoming): Promise<TakenIn> => {
  const as = byPlatform(ctx)
  const on = today(ctx)
  const at = ctx.clock.now()
  const record = await findRecord(tx, of.subjectId, of.recordId)
  if (!record || record.state !== 'held' || !isRepairable(ctx, record)) return { ok: false, code: 'record_unknown' }
  const open = await store.openItemsOf(tx, of.subjectId)
  if (open.some((o) => o.recordId === of.recordId)) return { ok: false, code: 'under_way' }
  const subject = (await subjectsById(tx, [of.subjectId])).get(of.subjectId)
  const known = { ...of.declared, commitmentSigned: of.commitment ? true : null }
  const eligibility = eligibilityOf(record, known, { policy: ctx.policy, today: on })
  const app: store.ApplicationRow = {
    subjectId: of.subjectId,
    id: newId(),
    subjectName: subject?.name ?? '',
    no: null,
    kind: of.kind,
    wayIn: 'transfer',
    applicant: actorRef(as.actor),
    windowAuthorityId: null,
    contactName: '',
    contactPhone: null,
    state: 'draft',
    commitmentText: null,
    commitmentAt: null,
    signatureHash: null,
    createdAt: at,
    submittedAt: null,
    version: 1,
  }
  if (!eligibility.route) return { ok: false, code: 'no_route' }
  const item = await routed(as, tx, {
    kind: of.kind,
    applicationId: app.id,
    record,
    eligibility,
    division: subject?.division ?? null,
    completed: false,
  })
  await store.insertApplication(tx, app)
  await store.insertItem(tx, { ...item, reviewerId: null, reviewerName: null })
  await store.saveDeclared(tx, { ...item, seen: 1, declared: of.declared, statement: of.statement, at })
  for (const m of of.materials) await attachTo(tx, as, app, m)
  if (of.commitment) {
    const { text, article } = of.commitment
    const signed = { at: of.commitment.at, by: actorRef(as.actor) }
    await store.saveCommitment(tx, { ...app, commitmentText: { text, article } }, signed)
  }
  const saved = (await store.getByKey(tx, { subject: app.subjectId, id: app.id })) ?? app
  await store.saveSubmission(tx, saved, { no: of.no, at })
  const start = startOf({ kind: of.kind, eligibility, facts: record.facts }, false, ctx.policy, on)
  const [row] = await store.itemsOf(tx, app)
  if (!row) return { ok: false, code: 'no_route' }
  await store.saveMove(
    tx,
    { ...row, state: start.state, clock: start.clock, submittedOn: on, ...dueColumns(start.clock, ctx.policy, null) },
    row.version,
    {
      subjectId: row.subjectId,
      id: newId(),
      itemId: row.id,
      action: 'submit',
      from: 'draft',
      to: start.state,
      at,
      on,
      actor: actorRef(as.actor),
      by: 'platform',
      authorityId: null,
      authorityName: null,
      note: of.statement,
      basis: { ...start.basis, pack: ctx.policy.version },
      letter: null,
    },
  )
  recordAct(tx, as, {
    act: 'repair.take_in',
    target: { kind: 'application', id: app.id },
    subjectId: app.subjectId,
    details: { item: row.id, materials: of.materials.length },
  })
  announce(tx, ctx, {
    kind: 'repair.submitted',
    subjectId: row.subjectId,
    recordId: row.recordId,
    item: row.recordItem,
    division: item.division,
    details: { item: row.id, application: app.id, state: start.state },
  })
  return {
    ok: true,
    itemId: row.id,
    applicationId: app.id,
    authorityId: item.authorityId,
    authorityName: item.authorityName,
    division: item.division,
  }
}

/** What was asked for has come: it joins the application, and the item is the authority's again. */
export const supplement = async (
  tx: Tx,
  ctx: Ctx,
  key: Key & { authorityId: string; note: string; materials: Material[] },
): Promise<boolean> => {
  const app = await store.applicationOfItem(tx, key)
  if (!app) return false
  const held = await store.materialsOf(tx, app)
  for (const m of key.materials)
    if (!held.some((h) => h.hash === m.hash && h.kind === m.kind)) await attachTo(tx, byPlatform(ctx), app, m)
  return move(tx, ctx, key, 'mend', { input: { note: key.note } })
}
