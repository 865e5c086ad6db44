import type { Words } from '../../kernel/words.ts'

export const SUBMISSION_STATES = ['received', 'running', 'done', 'refused'] as const
export type SubmissionState = (typeof SUBMISSION_STATES)[number]
export const SUBMISSION_STATE_WORDS: Record<SubmissionState, Words> = {
  received: { zh: '已接收，等待处理', en: 'Received, waiting' },
  running: { zh: '处理中', en: 'Being processed' },
  done: { zh: '处理完毕', en: 'Processed' },
  refused: { zh: '文件退回', en: 'File returned' },
}

/** Of a preflight. */
export const CHECK_STATES = ['waiting', 'running', 'done', 'refused', 'cancelled'] as const
export type CheckState = (typeof CHECK_STATES)[number]

export const VERDICTS = ['accepted', 'refused', 'pending', 'already_held'] as const
export type Verdict = (typeof VERDICTS)[number]
export const VERDICT_WORDS: Record<Verdict, Words> = {
  accepted: { zh: '已入库', en: 'Accepted' },
  refused: { zh: '退回', en: 'Returned' },
  pending: { zh: '待核实', en: 'To be confirmed' },
  already_held: { zh: '已有相同记录', en: 'Already held' },
}

export const WAYS_IN = ['web', 'form', 'cli', 'api', 'folder', 'gateway', 'seed'] as const
export type WayIn = (typeof WAYS_IN)[number]
export const WAY_IN_WORDS: Record<WayIn, Words> = {
  web: { zh: '网页上传', en: 'Upload' },
  form: { zh: '在线填报', en: 'Online form' },
  cli: { zh: '命令行导入', en: 'Command line' },
  api: { zh: '接口推送', en: 'API push' },
  folder: { zh: '文件夹接入', en: 'Watched folder' },
  gateway: { zh: '前置库接入', en: 'Exchange table' },
  seed: { zh: '演示数据', en: 'Demonstration' },
}

export const ROW_ACTIONS = ['accept', 'refuse'] as const
export type RowAction = (typeof ROW_ACTIONS)[number]
export const ROW_ACTION_WORDS: Record<RowAction, Words> = {
  accept: { zh: '记入已登记的主体', en: 'Accept onto the subject held' },
  refuse: { zh: '退回本行', en: 'Return the row' },
}
