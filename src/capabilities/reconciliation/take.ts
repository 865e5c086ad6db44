import { settingOf } from '../../kernel/eligibility.ts'
import { covers } from '../../kernel/territory.ts'
import { docKey } from '../../kernel/text.ts'
import { later } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { recordAct } from '../../platform/outbox.ts'
import type { Receiver, Received } from '../exchange/contract.ts'
import { peerKnows } from '../exchange/index.ts'
import { dispose, getRecord, shownOn, windowOn } from '../records/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { authorityKeys, recordByKey } from './store.records.ts'
import { type ResultData, resultData } from './rules.wire.ts'
import * as store from './store.ts'
import { noteResult } from './store.compare.ts'
import { NOTES, RESULT_TYPES, type ResultOutcome, type ResultType } from './words.ts'

/** Carrying out what the publicity system tells: its repair results, and the small fines whose period there is over (GZ24 二(四)). */

type Answer = { outcome: ResultOutcome; note: Words }
const KINDS = {
  // Order 107 art. 2: a repair is also that display ends because its period is over.
  'publicity.repaired': 'repaired',
  'publicity.expired': 'repaired',
  'publicity.delisted': 'delisted',
} as const

const isSmallFine = (record: RecordRow): boolean => {
  const { penaltyKinds } = record.facts
  return (
    windowOn(record.windows, 'necips')?.class === 'minor' &&
    penaltyKinds.length > 0 &&
    penaltyKinds.every((k) => k === 'fine')
  )
}

const carryOut = async (
  tx: Tx,
  ctx: Ctx,
  peer: store.OtherSystem,
  type: ResultType,
  data: ResultData,
): Promise<Answer> => {
  const found = await recordByKey(tx, keyOf(data, await authorityKeys(tx)))
  if (!found) return { outcome: 'pending', note: NOTES.notHeld }
  const record = await getRecord(tx, found.subjectId, found.recordId)
  const inScope =
    record.division !== null &&
    covers(peer.division, record.division) &&
    peer.items.includes(record.item) &&
    record.facts.subjectKind !== 'natural_person'
  if (!inScope) return { outcome: 'refused', note: NOTES.outOfScope }
  if (type === 'publicity.corrected') return { outcome: 'pending', note: NOTES.byAuthority }
  const day = today(ctx)
  const follow = settingOf(ctx.policy, 'publicity_small_fines', day)
  if (type === 'publicity.expired' && (follow?.value !== 'follow' || !isSmallFine(record)))
    return { outcome: 'already', note: NOTES.ownPeriod }
  const shown = shownOn(record, 'credit_china', day) || shownOn(record, 'necips', day)
  if (record.state !== 'held' || !shown) return { outcome: 'already', note: NOTES.already }
  const basis =
    type === 'publicity.expired' && follow
      ? { instrument: follow.instrument, article: follow.article, there: data.article }
      : {
          instrument: { zh: '《市场监督管理信用修复管理办法》（市场监管总局令第107号）', en: 'SAMR Order 107' },
          article: '第二十五条第一款',
          there: data.article,
        }
  await dispose(tx, ctx, {
    subjectId: record.subjectId,
    recordId: record.id,
    kind: KINDS[type],
    channel: null,
    // The day on which it ended there, never one that has not come.
    effectiveFrom: later(data.on > day ? day : data.on, record.decidedOn),
    reason:
      type === 'publicity.expired' ? '公示系统公示期届满停止公示，同步停止公示' : '公示系统准予信用修复，结果互认',
    basis: { ...basis, peer: peer.id },
  })
  await peerKnows(tx, ctx, {
    peerId: peer.id,
    subjectId: record.subjectId,
    recordId: record.id,
    item: record.item,
    division: record.division,
    kind: 'withdraw',
    version: record.version,
    shownFrom: null,
    shownUntil: null,
    note: '',
  })
  recordAct(tx, ctx, {
    act: 'reconciliation.take_result',
    target: { kind: 'record', id: record.id },
    subjectId: record.subjectId,
    details: { peer: peer.id, type, on: data.on },
  })
  return { outcome: 'applied', note: NOTES.applied }
}

export const keyOf = ({ record }: ResultData, keyOfAuthority: (name: string) => string) => ({
  recordId: record.recordId,
  item: record.item,
  subjectCode: record.subjectCode,
  authorityKey: keyOfAuthority(record.authority),
  docKey: docKey(record.documentNumber),
})

const receive = async (
  tx: Tx,
  ctx: Ctx,
  { peerId, message }: { peerId: string; message: Received },
): Promise<Answer> => {
  const [peer] = await store.otherSystems(tx, peerId)
  const data = resultData.safeParse(message.data)
  if (!peer) return { outcome: 'refused', note: NOTES.outOfScope }
  if (!data.success) return { outcome: 'refused', note: NOTES.unreadable }
  const type = message.type as ResultType
  const { recordId: _, ...key } = keyOf(data.data, await authorityKeys(tx))
  const event = { specversion: '1.0', source: peer.code, ...message }
  await noteResult(tx, peerId, { eventId: message.id, type, ...key, on: data.data.on, message: event }, ctx.clock.now())
  const done = await carryOut(tx, ctx, peer, type, data.data)
  await store.settleResult(tx, peerId, message.id, { ...done, at: ctx.clock.now() })
  return done
}

export const receivers: readonly Receiver[] = [{ types: RESULT_TYPES, receive }]
