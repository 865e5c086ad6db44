import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { KINDS } from '../repair/states.ts'
import { LATE_WHO, STEP_KINDS, TRANSFER_DIRECTIONS, TRANSFER_OUTCOMES, TRANSFER_STATES, WIRE_STATES } from './words.ts'
import { day, id, pageAsk, seen, words } from '../../kernel/shapes.ts'

const page = pageAsk({ most: 100 })

export const stepView = z.object({ id, kind: z.enum(STEP_KINDS), at: z.string(), note: z.string() })
export const transferView = z.object({
  subjectId: id,
  id,
  ref: id,
  direction: z.enum(TRANSFER_DIRECTIONS),
  peerId: id,
  peerName: z.string(),
  itemId: id,
  applicationId: id,
  kind: z.enum(KINDS),
  no: z.string(),
  itemName: words,
  docNo: z.string(),
  authorityName: z.string(),
  state: z.enum(TRANSFER_STATES),
  outcome: z.enum(TRANSFER_OUTCOMES).nullable(),
  passedOnAt: z.string(),
  /** Until when the other platform has to take it in. */
  dueOn: day,
  receivedAt: z.string().nullable(),
  /** Until when the deciding authority has to take its next step. */
  stepDueOn: day.nullable(),
  closedAt: z.string().nullable(),
  late: z.enum(LATE_WHO).nullable(),
  reason: words.nullable(),
  withdrawalAt: z.string().nullable(),
  materials: z.int(),
  wire: z.enum(WIRE_STATES),
  wireFault: z.string(),
  version: z.int(),
  mayWithdraw: z.boolean(),
  mayReturn: z.boolean(),
  mayPassOnAgain: z.boolean(),
})
export type TransferView = z.infer<typeof transferView>
export const trackView = transferView.extend({ steps: z.array(stepView) })
export type TrackView = z.infer<typeof trackView>

export const turnedAwayView = z.object({
  id,
  peerName: z.string(),
  no: z.string(),
  decider: z.string(),
  docNo: z.string(),
  reason: words,
  at: z.string(),
})
export const seatView = z.object({
  authorityId: id,
  authorityName: z.string(),
  peerId: id,
  peerName: z.string(),
  setAt: z.string(),
  version: z.int(),
})
export type SeatView = z.infer<typeof seatView>

const OFFICE = { roles: ['credit_office', 'auditor'] } as const
const ofTransfer = z.object({ subject: id, id })
const ofItem = z.object({ subject: id, item: id })

export const endpoints = defineEndpoints({
  listTransfers: {
    method: 'GET',
    path: '/exchange/transfers',
    summary: { zh: '异地转办事项', en: 'Cases passed on and received' },
    allowed: OFFICE,
    query: z.object({
      ...page,
      direction: z.enum(TRANSFER_DIRECTIONS).optional(),
      state: z.enum(TRANSFER_STATES).optional(),
      late: z.stringbool().optional(),
      no: z.string().max(100).optional(),
    }),
    reply: z.object({
      rows: z.array(transferView),
      next: z.string().nullable(),
      counts: z.object({ out: z.int(), in: z.int(), late: z.int(), returned: z.int() }),
    }),
  },
  listTurnedAway: {
    method: 'GET',
    path: '/exchange/transfers-turned-away',
    summary: { zh: '未能接收而退回的转办事项', en: 'Cases that could not be taken in' },
    allowed: OFFICE,
    query: z.object(page),
    reply: z.object({ rows: z.array(turnedAwayView), next: z.string().nullable() }),
  },
  trackOfItem: {
    method: 'GET',
    path: '/repair/items/:subject/:item/transfer',
    summary: { zh: '一个修复事项的异地办理进度', en: 'The track of an item that is decided on another platform' },
    allowed: { roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office', 'auditor'] },
    params: ofItem,
    reply: z.object({ tracks: z.array(trackView) }),
  },
  askBack: {
    method: 'POST',
    path: '/repair/items/:subject/:item/transfer/withdrawal',
    summary: { zh: '要求撤回已转异地办理的申请', en: 'Ask for an item back that is decided on another platform' },
    allowed: { roles: ['enterprise', 'window_clerk'] },
    params: ofItem,
    body: z.object({ note: z.string().trim().max(500).default(''), seen }),
    reply: trackView,
  },
  returnTransfer: {
    method: 'POST',
    path: '/exchange/transfers/:subject/:id/return',
    summary: { zh: '退回不属于本单位办理的转办事项', en: 'Send back a case that is not for this authority' },
    allowed: { roles: ['officer', 'head', 'credit_office'] },
    params: ofTransfer,
    body: z.object({ reason: z.string().trim().min(2).max(500), seen }),
    reply: trackView,
  },
  passOnAgain: {
    method: 'POST',
    path: '/exchange/transfers/:subject/:id/again',
    summary: { zh: '退回后改转其他平台', en: 'Pass a returned case on to another platform' },
    allowed: { roles: ['credit_office'] },
    params: ofTransfer,
    body: z.object({ peerId: id, seen }),
    reply: trackView,
  },
  listSeats: {
    method: 'GET',
    path: '/exchange/transfer-seats',
    summary: { zh: '在其他平台办理的认定单位', en: 'Authorities that decide on another platform' },
    allowed: OFFICE,
    reply: z.object({
      rows: z.array(seatView),
      platforms: z.array(z.object({ id, name: z.string() })),
      authorities: z.array(z.object({ id, name: z.string() })),
    }),
  },
  setSeat: {
    method: 'PUT',
    path: '/exchange/transfer-seats/:authority',
    summary: { zh: '设定认定单位在哪个平台办理', en: 'Say on which platform an authority decides' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ authority: id }),
    body: z.object({
      /** Null: it decides here. */
      peerId: id.nullable(),
      seen: z.int().min(0),
    }),
    reply: z.object({ ok: z.literal(true) }),
  },
})

export const refusals = {
  NO_SUCH_TRANSFER: {
    kind: 'not_found',
    zh: '没有这个转办事项，或者您无权查看。',
    en: 'There is no such case, or it is not yours to see.',
  },
  TRANSFER_OVER: {
    kind: 'conflict',
    zh: '该转办事项已经办结或者退回，不能再办理这一步。',
    en: 'The case is closed or was returned; this step is no longer possible.',
  },
  WITHDRAWAL_SENT: {
    kind: 'conflict',
    zh: '撤回申请已经发往对方平台，请等待结果。',
    en: 'The request to withdraw has been sent; please wait for the answer.',
  },
  RETURN_TOO_LATE: {
    kind: 'conflict',
    zh: '该事项已经受理或者已告知补正，不能再退回来件平台。',
    en: 'The item has been accepted or asked about and can no longer be sent back.',
  },
  NOT_A_PLATFORM: {
    kind: 'refused',
    zh: '该共享对象不是可以办理转办事项的信用平台，请选择正常状态的上级或者下级信用平台。',
    en: 'This peer is no platform to which cases can be passed on; choose an active upper or lower platform.',
  },
} as const satisfies RefusalCatalogue
