import type { Words } from '../../kernel/words.ts'
import type { Duty, EffectResult } from './words.ts'

export const PARCEL_KINDS = ['outgoing', 'acknowledgements', 'incoming'] as const
export type ParcelKind = (typeof PARCEL_KINDS)[number]
export const PARCEL_KIND_WORDS: Record<ParcelKind, Words> = {
  outgoing: { zh: '提供', en: 'Handed over' },
  acknowledgements: { zh: '对方确认', en: 'Acknowledgements' },
  incoming: { zh: '对方送来', en: 'Handed in' },
}

export const PARCEL_STATES = ['made', 'written', 'taken', 'answered', 'refused'] as const
export type ParcelState = (typeof PARCEL_STATES)[number]
export const PARCEL_STATE_WORDS: Record<ParcelState, Words> = {
  made: { zh: '待写出', en: 'To be written' },
  written: { zh: '已写出', en: 'Written' },
  taken: { zh: '已读取，待答复', en: 'Read, to be answered' },
  answered: { zh: '已处理', en: 'Answered' },
  refused: { zh: '退回', en: 'Sent back' },
}

export const WAY_HEALTH = ['new', 'well', 'failing', 'not_set'] as const
export type WayHealth = (typeof WAY_HEALTH)[number]
export const WAY_HEALTH_WORDS: Record<WayHealth, Words> = {
  new: { zh: '尚未运行', en: 'Not yet run' },
  well: { zh: '正常', en: 'Well' },
  failing: { zh: '故障，自动重试', en: 'Failing, tried again' },
  not_set: { zh: '参数不全', en: 'Not set up' },
}

/** What a receiver writes as the outcome of an event, in either language. */
export const OUTCOME_NAMES: Record<'applied' | 'already' | 'refused', readonly string[]> = {
  applied: ['applied', '1', '已处理', '已办理', '成功', '已撤下', '已接收'],
  already: ['already', '2', '已有', '重复', '此前已处理', '无需处理'],
  refused: ['refused', '3', '退回', '失败', '拒绝', '不接收'],
}
/** What it writes as its answer about measures and evaluations. */
export const EFFECT_NAMES: Record<EffectResult, readonly string[]> = {
  done: ['done', '1', '已办理', '已解除', '已更新', '已解除惩戒措施', '已更新信用评价'],
  none: ['none', '2', '无需办理', '未实施', '未使用', '未因该信息实施惩戒措施', '信用评价未使用该信息'],
}
export const ACK_COLUMNS: Record<'eventId' | 'outcome' | 'note' | Duty, readonly string[]> = {
  eventId: ['event_id', 'eventid', 'id', '事件编号'],
  outcome: ['outcome', 'status', '结果', '处理结果'],
  note: ['note', '说明', '备注', '原因'],
  measures: ['measures', '惩戒措施', '解除失信惩戒措施'],
  evaluation: ['evaluation', '信用评价', '更新信用评价'],
}

export const EVENT_TYPE_WORDS: Record<string, Words> = {
  'record.publish': { zh: '提供记录', en: 'A record' },
  'record.update': { zh: '更新记录', en: 'A change of a record' },
  'record.withdraw': { zh: '撤下通知', en: 'A withdrawal' },
}
