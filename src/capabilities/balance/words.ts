import type { Words } from '../../kernel/words.ts'

export const GROUPINGS = ['day', 'authority', 'item'] as const
export type Grouping = (typeof GROUPINGS)[number]
export const GROUPING_WORDS: Record<Grouping, Words> = {
  day: { zh: '按日', en: 'By day' },
  authority: { zh: '按单位', en: 'By authority' },
  item: { zh: '按事项', en: 'By item' },
}

export const PROOF_VERDICTS = ['holds', 'differs'] as const
export type ProofVerdict = (typeof PROOF_VERDICTS)[number]
export const PROOF_VERDICT_WORDS: Record<ProofVerdict | 'open', Words> = {
  holds: { zh: '核验一致', en: 'Proved' },
  differs: { zh: '存在差异', en: 'Differs' },
  open: { zh: '待核验', en: 'Not yet proved' },
}
export const RUN_STATES = ['running', 'done'] as const

/** What a proof may find, in words; `n` is the row as the spreadsheet counts. */
export const DIFFERENCES = {
  file_missing: { zh: '原始文件不在了，无法重新计数。', en: 'The raw file is gone; its rows cannot be counted again.' },
  file_changed: { zh: '原始文件的内容与接收时不同。', en: 'The raw file is not what was received.' },
  file_unreadable: {
    zh: '原始文件已无法按当时的方式读取（{why}）。',
    en: 'The raw file can no longer be read as it was ({why}).',
  },
  row_lost: {
    zh: '第 {n} 行在原始文件中，但既没有入库，也没有退回、待核实或者已有的记载。',
    en: 'Row {n} stands in the raw file and nowhere else: neither held, nor returned, pending or already held.',
  },
  record_lost: {
    zh: '第 {n} 行核实后入库，但信用信息中已找不到。',
    en: 'Row {n} was accepted by hand, and its record is gone.',
  },
  row_twice: {
    zh: '第 {n} 行既已入库，又记为{verdict}。',
    en: 'Row {n} is held and also stands as {verdict}.',
  },
  row_invented: {
    zh: '第 {n} 行有处理结果，但原始文件中没有这一行。',
    en: 'Row {n} has an outcome, and the raw file has no such row.',
  },
  count_differs: {
    zh: '回执的{name}为 {stated}，重新计数为 {counted}。',
    en: 'The receipt says {name} {stated}; counted again: {counted}.',
  },
  rows_in_returned_file: {
    zh: '文件整份退回，但有 {counted} 行留有处理结果。',
    en: 'The whole file was returned, yet {counted} of its rows have an outcome.',
  },
} as const satisfies Record<string, Words>
export type DifferenceCode = keyof typeof DIFFERENCES
export type Difference = { code: DifferenceCode; n?: number; params?: Record<string, unknown> }

export const COUNT_WORDS = {
  received: { zh: '接收', en: 'received' },
  accepted: { zh: '入库', en: 'accepted' },
  refused: { zh: '退回', en: 'returned' },
  pending: { zh: '待核实', en: 'pending' },
  alreadyHeld: { zh: '已有', en: 'already held' },
} as const satisfies Record<string, Words>
