import type { Words } from '../../kernel/words.ts'

export const GATEWAY_KINDS = ['folder', 'table'] as const
export type GatewayKind = (typeof GATEWAY_KINDS)[number]
export const GATEWAY_KIND_WORDS: Record<GatewayKind, Words> = {
  folder: { zh: '接收文件夹', en: 'Watched folder' },
  table: { zh: '前置库交换表', en: 'Exchange table' },
}

export const GATEWAY_STATES = ['active', 'paused', 'ended'] as const
export type GatewayState = (typeof GATEWAY_STATES)[number]
export const GATEWAY_STATE_WORDS: Record<GatewayState, Words> = {
  active: { zh: '已启用', en: 'Active' },
  paused: { zh: '已暂停', en: 'Paused' },
  ended: { zh: '已终止', en: 'Ended' },
}

export const GATEWAY_ACTIONS = ['pause', 'resume', 'end'] as const
export type GatewayAction = (typeof GATEWAY_ACTIONS)[number]
export const GATEWAY_ACTION_WORDS: Record<GatewayAction, Words> = {
  pause: { zh: '暂停', en: 'Pause' },
  resume: { zh: '恢复', en: 'Resume' },
  end: { zh: '终止接入', en: 'End' },
}

/** How it goes, as people ask: derived from state, last look and failures. */
export const GATEWAY_HEALTH = ['paused', 'new', 'well', 'failing', 'ended'] as const
export type GatewayHealth = (typeof GATEWAY_HEALTH)[number]
export const GATEWAY_HEALTH_WORDS: Record<GatewayHealth, Words> = {
  paused: GATEWAY_STATE_WORDS.paused,
  new: { zh: '等待首次读取', en: 'Not read yet' },
  well: { zh: '运行正常', en: 'Running well' },
  failing: { zh: '读取失败，自动重试中', en: 'Failing, trying again' },
  ended: GATEWAY_STATE_WORDS.ended,
}

/** What shows that a file has been written to its end. */
export const MARKERS = ['stable', 'done'] as const
export type Marker = (typeof MARKERS)[number]
export const MARKER_WORDS: Record<Marker, Words> = {
  stable: { zh: '文件大小和修改时间不再变化', en: 'Its size and time have stopped changing' },
  done: { zh: '出现同名的 .done 标记文件', en: 'A marker file “name.done” stands beside it' },
}

export const INTAKE_STATES = ['taken', 'answered', 'refused', 'left'] as const
export type IntakeState = (typeof INTAKE_STATES)[number]
export const INTAKE_STATE_WORDS: Record<IntakeState, Words> = {
  taken: { zh: '已接收，待回写', en: 'Taken, to be answered' },
  answered: { zh: '已回写回执', en: 'Answered' },
  refused: { zh: '未接收', en: 'Not taken' },
  left: { zh: '接入终止，未回写', en: 'Not answered: the way in was ended' },
}

/** What stands in the status column of an exchange table. */
export const ROW_STATUS_WORDS: readonly { status: number; words: Words }[] = [
  { status: 0, words: { zh: '新增，待读取', en: 'New, to be read' } },
  { status: 1, words: { zh: '已读取，待核实', en: 'Read, to be confirmed' } },
  { status: 2, words: { zh: '已入库', en: 'Accepted' } },
  { status: 3, words: { zh: '退回，原因见错误说明', en: 'Returned; the reason is in the error column' } },
  { status: 4, words: { zh: '已有相同记录', en: 'Already held' } },
]

export const RECEIVER_FORMATS = ['csv', 'json', 'xml'] as const
