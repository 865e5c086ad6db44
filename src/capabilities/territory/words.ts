import type { Words } from '../../kernel/words.ts'

export const CHANGE_KINDS = ['new', 'renamed', 'recoded', 'status_changed', 'moved', 'merged'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]
export const CHANGE_WORDS: Record<ChangeKind, Words> = {
  new: { zh: '新增', en: 'New' },
  renamed: { zh: '名称变更', en: 'Renamed' },
  recoded: { zh: '代码变更', en: 'Code changed' },
  status_changed: { zh: '状态变更', en: 'Status changed' },
  moved: { zh: '行政区划变更', en: 'Moved' },
  merged: { zh: '合并', en: 'Brought together' },
}

export const BASIC_STATUSES = ['active', 'deregistered', 'revoked', 'merged'] as const
export type BasicStatus = (typeof BASIC_STATUSES)[number]
export const BASIC_STATUS_WORDS: Record<BasicStatus, Words> = {
  active: { zh: '存续', en: 'Active' },
  deregistered: { zh: '注销', en: 'Deregistered' },
  revoked: { zh: '吊销', en: 'Revoked' },
  merged: { zh: '已并入其他主体', en: 'Brought together with another' },
}
export const ACT_WORDS: Record<string, Words> = {
  'territory.export': { zh: '下载属地主体基本信息变更', en: 'Downloaded changes of basic information' },
}
