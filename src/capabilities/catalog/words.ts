import type { Words } from '../../kernel/words.ts'
import type { Origin, PreviewState } from './states.ts'

export const PREVIEW_WORDS: Record<PreviewState, Words> = {
  waiting: { zh: '等待核对', en: 'Waiting' },
  running: { zh: '正在核对', en: 'Checking' },
  done: { zh: '核对完毕', en: 'Checked' },
}
export const ORIGIN_WORDS: Record<Origin, Words> = {
  pack: { zh: '规则包', en: 'Policy pack' },
  upload: { zh: '上传', en: 'Uploaded' },
}
