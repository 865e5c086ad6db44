import { QUALITY_COUNTS, QUALITY_INDICATORS } from '../../kernel/closed-sets.ts'
import type { Words } from '../../kernel/words.ts'
import type { CircularAction, CircularState } from './states.ts'

/** What is counted; the formulas of the policy are made of these. */
export const COUNTS = QUALITY_COUNTS
export type Count = (typeof COUNTS)[number]
export const COUNT_WORDS: Record<Count, Words> = {
  received: { zh: '首次报送行数', en: 'rows at first hand-in' },
  refused: { zh: '首次报送退回行数', en: 'rows returned at first hand-in' },
  mended: { zh: '退回后已更正入库行数', en: 'returned rows mended since' },
  pending: { zh: '代码或名称冲突待核实行数', en: 'rows waiting for a conflict of code or name' },
  already_held: { zh: '重复报送行数', en: 'rows sent again' },
  filled: { zh: '已填应填项数', en: 'expected fields filled' },
  expected: { zh: '应填项数', en: 'expected fields' },
  reported: { zh: '当月报送条数', en: 'records reported in the month' },
  late: { zh: '其中迟报条数', en: 'of them late' },
}

export const INDICATORS = QUALITY_INDICATORS
export type Indicator = (typeof INDICATORS)[number]
export const INDICATOR_WORDS: Record<Indicator, Words> = {
  completeness: { zh: '完整性', en: 'Completeness' },
  validity: { zh: '有效性', en: 'Validity' },
  first_pass: { zh: '首次通过率', en: 'Accepted at first hand-in' },
  uniqueness: { zh: '唯一性', en: 'Uniqueness' },
  timeliness: { zh: '及时性', en: 'Timeliness' },
}

export const COLOURS = ['green', 'yellow', 'red'] as const
export type Colour = (typeof COLOURS)[number]
export const COLOUR_WORDS: Record<Colour, Words> = {
  green: { zh: '绿色', en: 'Green' },
  yellow: { zh: '黄色', en: 'Yellow' },
  red: { zh: '红色', en: 'Red' },
}
export const NOT_SCORED: Words = { zh: '未评分', en: 'Not scored' }

/** What a row or a record needs, so that the score rises. */
export const MEND_KINDS = ['returned_row', 'pending_row', 'incomplete_record'] as const
export type MendKind = (typeof MEND_KINDS)[number]
export const MEND_WORDS: Record<MendKind, Words> = {
  returned_row: { zh: '更正退回行后重新报送', en: 'mend the returned row and send it again' },
  pending_row: { zh: '核实代码与名称的冲突', en: 'decide the conflict of code and name' },
  incomplete_record: { zh: '补填应填项后重新报送', en: 'fill in the missing fields and send the record again' },
}

export const CIRCULAR_STATE_WORDS: Record<CircularState, Words> = {
  draft: { zh: '拟稿', en: 'Draft' },
  issued: { zh: '已印发', en: 'Issued' },
}
export const CIRCULAR_ACTION_WORDS: Record<CircularAction, Words> = {
  recompute: { zh: '重新计算', en: 'Compute again' },
  issue: { zh: '印发', en: 'Issue' },
}
export const ACT_WORDS: Record<string, Words> = {
  'quality.draft_circular': { zh: '拟制通报', en: 'Drafted a circular' },
  'quality.recompute_circular': { zh: '重新计算通报', en: 'Computed a circular again' },
  'quality.issue_circular': { zh: '印发通报', en: 'Issued a circular' },
}

/** A formula as it stands in the policy, in words. */
export const formulaWords = (f: { plus: readonly Count[]; minus: readonly Count[]; over: Count }): Words => {
  const side = (lang: 'zh' | 'en') => {
    const sum = f.plus.map((c) => COUNT_WORDS[c][lang]).join(lang === 'zh' ? '＋' : ' + ')
    const less = f.minus.map((c) => (lang === 'zh' ? `－${COUNT_WORDS[c].zh}` : ` − ${COUNT_WORDS[c].en}`)).join('')
    const top = f.plus.length + f.minus.length > 1 ? (lang === 'zh' ? `（${sum}${less}）` : `(${sum}${less})`) : sum
    return lang === 'zh' ? `${top}÷${COUNT_WORDS[f.over].zh}` : `${top} ÷ ${COUNT_WORDS[f.over].en}`
  }
  return { zh: side('zh'), en: side('en') }
}
