import type { Words } from '../../kernel/words.ts'
import type { Origin, PreviewState, ProposalAction, ProposalState } from './states.ts'

export const STATE_WORDS: Record<ProposalState, Words> = {
  draft: { zh: '预览中', en: 'In preview' },
  proposed: { zh: '待另一人批准', en: 'Awaits approval' },
  approved: { zh: '已批准', en: 'Approved' },
  refused: { zh: '未批准', en: 'Refused' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
}
export const ACTION_WORDS: Record<ProposalAction, Words> = {
  propose: { zh: '提请启用', en: 'Propose' },
  approve: { zh: '批准启用', en: 'Approve' },
  refuse: { zh: '不予批准', en: 'Refuse' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
}
export const PREVIEW_WORDS: Record<PreviewState, Words> = {
  waiting: { zh: '等待核对', en: 'Waiting' },
  running: { zh: '正在核对', en: 'Checking' },
  done: { zh: '核对完毕', en: 'Checked' },
}
export const ORIGIN_WORDS: Record<Origin, Words> = {
  pack: { zh: '规则包', en: 'Policy pack' },
  upload: { zh: '上传', en: 'Uploaded' },
}
