import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findAuthority } from '../access/index.ts'
import { address } from '../exchange/index.ts'
import { passage } from '../repair/index.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import {
  PART_BYTES,
  MOST_PARTS,
  type PassedOn,
  type Supplement,
  type TransferFile,
  type Withdrawal,
} from './contract.messages.ts'
import { TELLS, partsOf, toldOf } from './rules.ts'
import * as store from './store.ts'
import { note, tell } from './wire.ts'
import { RETURN_REASON_WORDS, type ReturnReason } from './words.ts'

/** The side that decides: a case comes in whole or not at all, and each step that its authority takes is told. */

const AT_ONCE = 200
const LIMIT = PART_BYTES * MOST_PARTS

// ---- materials

/** 'waits' while parts are missing; 'broken' when what came is not what was announced. Kept as a file when whole. */
export const filesOf = async (
  ctx: Ctx,
  of: { peerId: string; ref: string },
  files: readonly TransferFile[],
): Promise<'whole' | 'waits' | 'broken'> => {
  const db = ctx.db.kysely
  for (const f of files) if ((await store.countParts(db, { ...of, hash: f.hash })) < partsOf(f.bytes)) return 'waits'
  for (const f of files) {
    const hasher = createHash('sha256')
    const chunks: Uint8Array[] = []
    for (let n = 0; n < partsOf(f.bytes); n++) {
      const part = await store.partOf(db, { ...of, hash: f.hash, n })
      if (!part) return 'waits'
      hasher.update(part)
      chunks.push(part)
    }
    const body = Buffer.concat(chunks)
    if (hasher.digest('hex') !== f.hash || body.length !== f.bytes) return 'broken'
    await ctx.files.put(Readable.from([body]), LIMIT)
  }
  return 'whole'
}

// ---- taking in

const turnAway = async (
  tx: Tx,
  ctx: Ctx,
  of: { peerId: string; message: PassedOn; reason: ReturnReason },
): Promise<void> => {
  const { message } = of
  const at = ctx.clock.now()
  await store.insertTurnedAway(tx, {
    id: newId(),
    peerId: of.peerId,
    ref: message.ref,
    no: message.no,
    decider: message.decider.name,
    docNo: message.record.documentNumber,
    code: of.reason,
    at,
  })
  // It is about nobody who is known here: the case itself stands in the subject's place.
  await address(tx, ctx, {
    peerId: of.peerId,
    subjectId: message.ref,
    type: 'case.returned',
    data: { ref: message.ref, n: 1, reason: of.reason, note: '', at },
  })
  recordAct(tx, ctx, {
    act: 'transfers.turn_away',
    target: { kind: 'transfer', id: message.ref },
    details: { peer: of.peerId, reason: of.reason },
  })
}

const recordOf = async (tx: Tx, m: PassedOn) => {
  const by = m.record.authority
  const decided =
    (by.code && (await findAuthority(tx, { code: by.code }))) || (await findAuthority(tx, { name: by.name }))
  const decides =
    (m.decider.code && (await findAuthority(tx, { code: m.decider.code }))) ||
    (await findAuthority(tx, { name: m.decider.name }))
  if (!decided || !decides?.active) return 'authority_unknown' as const
  const subject = m.subject.code ? await findSubjectByCode(tx, m.subject.code) : null
  if (m.subject.code && !subject) return 'record_unknown' as const
  const found = await store.findNamed(tx, {
    item: m.record.item,
    authorityId: decided.id,
    docNo: m.record.documentNumber,
    decidedOn: m.record.decidedOn as LocalDate,
    subjectId: subject?.id ?? null,
  })
  return found ?? ('record_unknown' as const)
}

export const onPassedOn = async (
  tx: Tx,
  ctx: Ctx,
  of: { peerId: string; message: PassedOn; broken: boolean },
): Promise<void> => {
  const { peerId, message } = of
  if (of.broken) return turnAway(tx, ctx, { peerId, message, reason: 'material_broken' })
  const found = await recordOf(tx, message)
  if (typeof found === 'string') return turnAway(tx, ctx, { peerId, message, reason: found })
  const taken = await passage.takeIn(tx, ctx, {
    ...found,
    kind: message.kind,
    no: message.no,
    statement: message.statement,
    declared: message.declared,
    commitment: message.commitment as Parameters<typeof passage.takeIn>[2]['commitment'],
    materials: message.materials,
  })
  if (!taken.ok) return turnAway(tx, ctx, { peerId, message, reason: taken.code })
  const at = ctx.clock.now()
  const t: store.TransferRow = {
    subjectId: found.subjectId,
    id: newId(),
    ref: message.ref,
    direction: 'in',
    peerId,
    itemId: taken.itemId,
    applicationId: taken.applicationId,
    kind: message.kind,
    no: message.no,
    recordItem: message.record.item,
    docNo: message.record.documentNumber,
    authorityId: taken.authorityId,
    authorityName: taken.authorityName,
    division: taken.division,
    state: 'received',
    outcome: null,
    passedOnAt: at,
    dueOn: message.dueOn as LocalDate,
    dueProvisional: false,
    receivedAt: at,
    stepDueOn: null,
    closedAt: null,
    reason: '',
    withdrawalAt: null,
    sent: 0,
    heard: 1,
    files: message.materials,
    parts: 0,
    partsSent: 0,
    version: 1,
  }
  await store.insertTransfer(tx, t)
  await store.deleteParts(tx, { peerId, ref: message.ref })
  await note(tx, ctx, t, { kind: 'passed_on', note: '' })
  recordAct(tx, ctx, {
    act: 'transfers.take_in',
    target: { kind: 'transfer', id: t.id },
    subjectId: t.subjectId,
    details: { item: t.itemId, peer: peerId, materials: message.materials.length },
  })
}

const itemKey = (t: store.TransferRow) => ({ subject: t.subjectId, item: t.itemId, authorityId: t.authorityId })

export const onSupplement = async (
  tx: Tx,
  ctx: Ctx,
  t: store.TransferRow,
  m: Supplement,
  broken: boolean,
): Promise<void> => {
  // What did not come whole does not join the case; the authority has it asked for again by what is there.
  const materials = broken ? [] : m.materials
  await passage.supplement(tx, ctx, { ...itemKey(t), note: m.note, materials })
  await store.deleteParts(tx, { peerId: t.peerId, ref: t.ref })
  await store.saveTransfer(tx, { ...t, heard: m.n, files: [...t.files, ...materials] })
}

/** Whatever has been decided by then stands, and is what the other platform is told. */
export const onWithdrawal = async (tx: Tx, ctx: Ctx, t: store.TransferRow, m: Withdrawal): Promise<void> => {
  await passage.takeBack(tx, ctx, { ...itemKey(t), note: m.note })
  await store.saveTransfer(tx, { ...t, heard: m.n, withdrawalAt: ctx.clock.now() })
  await note(tx, ctx, t, { kind: 'withdrawal', note: m.note })
}

/** The authority says that the case is not its own. */
export const sendHome = (tx: Tx, ctx: Ctx, t: store.TransferRow, why: string): Promise<store.TransferRow> =>
  tell(tx, ctx, t, {
    type: 'case.returned',
    data: { reason: 'wrong_address', note: why, at: ctx.clock.now() },
    step: 'returned',
    note: `${RETURN_REASON_WORDS.wrong_address.zh}：${why}`,
    change: { state: 'returned', reason: 'wrong_address', closedAt: ctx.clock.now(), stepDueOn: null },
  })

// ---- telling what is done

const tellOne = (ctx: Ctx, row: store.ToTell): Promise<void> =>
  inTx(ctx, async (tx) => {
    const { act, item } = row
    const said = toldOf(act.action)
    const t = await store.getTransfer(tx, { subject: row.transfer.subjectId, id: row.transfer.id })
    if (!said || !t) return
    const base = { at: act.at, note: act.note, letter: act.letter }
    if (said.type === 'decided') {
      const change = { state: 'closed', outcome: said.outcome, closedAt: act.at, stepDueOn: null } as const
      const data = { ...base, outcome: said.outcome }
      await tell(tx, ctx, t, { type: 'case.decided', data, step: 'decided', note: act.note, actId: act.id, change })
      return
    }
    const dueOn = said.step === 'asked' || item.dueOn === '9999-12-31' ? null : item.dueOn
    const missing = said.step === 'asked' ? (item.asked.received?.missing ?? []) : []
    await tell(tx, ctx, t, {
      type: 'case.progress',
      data: { ...base, step: said.step, dueOn, missing },
      step: said.step,
      note: said.step === 'received' ? '' : act.note,
      actId: act.id,
      change: { state: said.state, stepDueOn: dueOn },
    })
  })

/** What has been done about cases of other platforms and not been told yet. */
export const tellProgress = async (ctx: Ctx): Promise<number> => {
  const rows = await store.toTell(ctx.db.kysely, TELLS, AT_ONCE)
  for (const row of rows) await tellOne(ctx, row)
  return rows.length
}
