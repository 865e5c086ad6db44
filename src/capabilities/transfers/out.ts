import { maskName } from '../../kernel/mask.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import { address } from '../exchange/index.ts'
import { findRecord } from '../records/index.ts'
import { passage } from '../repair/index.ts'
import {
  type Decided,
  MATERIAL,
  PART_BYTES,
  type PassedOn,
  type Progress,
  type Returned,
  type TransferFile,
} from './contract.messages.ts'
import { allParts } from './rules.ts'
import * as store from './store.ts'
import { note, tell, termFrom } from './wire.ts'
import { NOTES, RETURN_REASON_WORDS, type TransferState } from './words.ts'

/** The side that a case was applied to: it goes out, its materials follow, and what is done there is carried out here. */

const AT_ONCE = 100
/** Parts under way to one peer for one case; the rest waits, so that no other message waits behind them. */
const PARTS_UNDER_WAY = 4

const fileOf = ({ hash, kind, name, mediaType, bytes }: TransferFile): TransferFile => ({
  hash,
  kind,
  name,
  mediaType,
  bytes,
})

const placeOf = async (tx: Tx, id: string, name: string) => ({ name, code: (await authorityById(tx, id))?.code ?? '' })

/** One item leaves for the platform of whoever decides it; nothing when it is no longer waiting. */
export const passItemOn = async (tx: Tx, ctx: Ctx, of: store.ToPass): Promise<store.TransferRow | null> => {
  const key = { subject: of.subjectId, item: of.itemId }
  const held = await passage.caseOf(tx, key)
  const record = held && (await findRecord(tx, of.subjectId, held.row.recordId))
  if (!held || !record) return null
  const sent = { ...key, authorityId: of.authorityId, note: NOTES.passedOn.zh }
  if (!(await passage.passOn(tx, ctx, sent))) return null
  const { row } = held
  const at = ctx.clock.now()
  const due = termFrom(ctx)
  const files = held.materials.map(fileOf)
  const t: store.TransferRow = {
    subjectId: of.subjectId,
    id: newId(),
    ref: newId(),
    direction: 'out',
    peerId: of.peerId,
    itemId: of.itemId,
    applicationId: row.applicationId,
    kind: row.kind,
    no: row.no ?? '',
    recordItem: row.recordItem,
    docNo: row.docNo,
    authorityId: row.authorityId,
    authorityName: row.authorityName,
    division: row.division,
    state: 'sent',
    outcome: null,
    passedOnAt: at,
    dueOn: due.day,
    dueProvisional: due.provisional,
    receivedAt: null,
    stepDueOn: null,
    closedAt: null,
    reason: '',
    withdrawalAt: null,
    sent: 0,
    heard: 0,
    files,
    parts: allParts(files).length,
    partsSent: 0,
    version: 1,
  }
  await store.insertTransfer(tx, t)
  const person = held.subject.kind === 'natural_person'
  const data: Omit<PassedOn, 'ref' | 'n'> = {
    no: t.no,
    kind: row.kind,
    record: {
      item: row.recordItem,
      documentNumber: record.docNo,
      decidedOn: record.decidedOn,
      authority: await placeOf(tx, record.authorityId, record.authorityName),
    },
    subject: {
      kind: held.subject.kind,
      code: person ? null : held.subject.code,
      name: person ? maskName(held.subject.name) : held.subject.name,
    },
    decider: await placeOf(tx, row.authorityId, row.authorityName),
    submittedOn: row.submittedOn,
    statement: row.statement,
    declared: row.declared,
    commitment: held.commitment,
    materials: files,
    dueOn: due.day,
  }
  recordAct(tx, ctx, {
    act: 'transfers.pass_on',
    target: { kind: 'transfer', id: t.id },
    subjectId: t.subjectId,
    details: { item: t.itemId, peer: t.peerId, materials: files.length, due: due.day },
  })
  return tell(tx, ctx, t, { type: 'case.passed_on', data, step: 'passed_on', note: '' })
}

/** The applicant has mended: what is new follows, and the item is away again. */
const sendSupplement = async (tx: Tx, ctx: Ctx, t: store.TransferRow): Promise<void> => {
  const held = await passage.caseOf(tx, { subject: t.subjectId, item: t.itemId })
  const key = { subject: t.subjectId, item: t.itemId, authorityId: t.authorityId, note: '' }
  if (!held || !(await passage.passOn(tx, ctx, key))) return
  const added = held.materials.filter((m) => !t.files.some((f) => f.hash === m.hash && f.kind === m.kind)).map(fileOf)
  const files = [...t.files, ...added]
  await tell(tx, ctx, t, {
    type: 'case.supplement',
    data: { materials: added, note: '' },
    step: 'supplemented',
    note: '',
    change: { state: 'received', stepDueOn: null, files, parts: allParts(files).length },
  })
}

export const sendWithdrawal = (tx: Tx, ctx: Ctx, t: store.TransferRow, why: string): Promise<store.TransferRow> =>
  tell(tx, ctx, t, {
    type: 'case.withdrawal',
    data: { note: why },
    step: 'withdrawal',
    note: why,
    change: { withdrawalAt: ctx.clock.now() },
  })

/** Everything that has to leave: new cases, additions, withdrawals. Answers how many messages went on their way. */
export const passOnWaiting = async (ctx: Ctx): Promise<number> => {
  let sent = 0
  for (const of of await store.toPassOn(ctx.db.kysely, AT_ONCE))
    if (await inTx(ctx, (tx) => passItemOn(tx, ctx, of))) sent += 1
  for (const { itemState, ...t } of await store.movedHere(ctx.db.kysely, AT_ONCE)) {
    const gone = itemState === 'withdrawn' || itemState === 'lapsed'
    if (!gone && itemState !== 'received') continue
    await inTx(ctx, async (tx) => {
      if (gone) await sendWithdrawal(tx, ctx, t, NOTES.gone.zh)
      else await sendSupplement(tx, ctx, t)
    })
    sent += 1
  }
  return sent
}

const readPart = async (ctx: Ctx, hash: string, part: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let at = 0
  const [from, to] = [part * PART_BYTES, (part + 1) * PART_BYTES]
  for await (const chunk of ctx.files.read(hash)) {
    const start = Math.max(from - at, 0)
    const end = Math.min(to - at, chunk.length)
    if (start < end) chunks.push(chunk.subarray(start, end))
    at += chunk.length
    if (at >= to) break
  }
  return Buffer.concat(chunks)
}

/** Materials follow part by part, a few at a time. */
export const sendMaterials = async (ctx: Ctx): Promise<number> => {
  const cases = await store.withParts(ctx.db.kysely, AT_ONCE)
  const wires = await store.wiresOf(
    ctx.db.kysely,
    cases.map((t) => t.id),
  )
  let sent = 0
  for (const t of cases) {
    const free = PARTS_UNDER_WAY - (wires.get(t.id)?.parts ?? 0)
    const due = allParts(t.files).slice(t.partsSent, t.partsSent + Math.max(free, 0))
    if (!due.length) continue
    const bodies: { hash: string; part: number; body: string }[] = []
    for (const p of due) bodies.push({ ...p, body: (await readPart(ctx, p.hash, p.part)).toString('base64') })
    await inTx(ctx, async (tx) => {
      if (!(await store.saveTransfer(tx, { ...t, partsSent: t.partsSent + due.length }))) return
      for (const b of bodies) {
        const eventId = await address(tx, ctx, {
          peerId: t.peerId,
          subjectId: t.subjectId,
          type: MATERIAL,
          data: { ...b, ref: t.ref },
        })
        await note(tx, ctx, t, { kind: 'material', note: '', eventId })
      }
    })
    sent += due.length
  }
  return sent
}

// ---- what comes back

const STATES: Record<Progress['step'], TransferState> = {
  received: 'received',
  accepted: 'accepted',
  asked: 'asked',
  supplemented: 'received',
  extended: 'accepted',
}

const itemKey = (t: store.TransferRow) => ({ subject: t.subjectId, item: t.itemId, authorityId: t.authorityId })

export const onProgress = async (tx: Tx, ctx: Ctx, t: store.TransferRow, m: Progress): Promise<void> => {
  if (m.step === 'asked') {
    const { letter, missing } = m
    await passage.doneThere(tx, ctx, itemKey(t), { what: 'asked', note: m.note, letter, missing })
  }
  const state = t.state === 'closed' || t.state === 'returned' ? t.state : STATES[m.step]
  await store.saveTransfer(tx, {
    ...t,
    heard: m.n,
    state,
    stepDueOn: m.dueOn as LocalDate | null,
    receivedAt: t.receivedAt ?? (m.at as Instant),
  })
  await note(tx, ctx, t, { kind: m.step, note: m.note, at: m.at as Instant })
}

export const onDecided = async (tx: Tx, ctx: Ctx, t: store.TransferRow, m: Decided): Promise<void> => {
  const done = { what: m.outcome, note: m.note, letter: m.letter, missing: [] }
  const carried = await passage.doneThere(tx, ctx, itemKey(t), done)
  await store.saveTransfer(tx, {
    ...t,
    heard: m.n,
    state: 'closed',
    outcome: m.outcome,
    closedAt: ctx.clock.now(),
    stepDueOn: null,
  })
  await note(tx, ctx, t, { kind: 'decided', note: m.note, at: m.at as Instant })
  recordAct(tx, ctx, {
    act: 'transfers.carry_out',
    target: { kind: 'transfer', id: t.id },
    subjectId: t.subjectId,
    details: { outcome: m.outcome, carried, day: today(ctx) },
  })
}

export const onReturned = async (tx: Tx, ctx: Ctx, t: store.TransferRow, m: Returned): Promise<void> => {
  const why = `${RETURN_REASON_WORDS[m.reason].zh}${m.note ? `：${m.note}` : ''}`
  await passage.comeBack(tx, ctx, { ...itemKey(t), note: why })
  await store.saveTransfer(tx, {
    ...t,
    heard: m.n,
    state: 'returned',
    reason: m.reason,
    closedAt: ctx.clock.now(),
    stepDueOn: null,
  })
  await note(tx, ctx, t, { kind: 'returned', note: why, at: m.at as Instant })
}
