import { type RATE_COUNTS, REPORTING_CLASSES } from '../../kernel/closed-sets.ts'
import type { Words } from '../../kernel/words.ts'

/** How a reported record stands against its term. */
export const CLASSES = REPORTING_CLASSES
export type Class = (typeof CLASSES)[number]
export const CLASS_WORDS: Record<Class, Words> = {
  on_time: { zh: '按时报送', en: 'On time' },
  late: { zh: '迟报', en: 'Late' },
  backfill: { zh: '补录历史', en: 'Backfill' },
  annulled: { zh: '已撤销', en: 'Annulled' },
  no_term: { zh: '未规定时限', en: 'No term' },
}

export const MEASURES = ['late', 'missing', 'concealed'] as const
export type Measure = (typeof MEASURES)[number]
export const MEASURE_WORDS: Record<Measure, Words> = {
  late: { zh: '迟报率', en: 'Late rate' },
  missing: { zh: '漏报率', en: 'Missing rate' },
  concealed: { zh: '瞒报率', en: 'Concealed rate' },
}

/** What the expressions of the rates are made of. */
export type Count = (typeof RATE_COUNTS)[number]
export const COUNT_WORDS: Record<Count, Words> = {
  ...CLASS_WORDS,
  missing_open: { zh: '疑似漏报', en: 'missing, open' },
  missing_explained: { zh: '已说明待认可', en: 'missing, explained' },
  sample_drawn: { zh: '抽查条数', en: 'rows drawn' },
  sample_reported: { zh: '抽查已报送', en: 'rows found reported' },
  sample_published: { zh: '抽查已公示', en: 'rows found published' },
  sample_neither: { zh: '抽查未报送未公示', en: 'rows found neither reported nor published' },
}

export const FINDING_KINDS = ['gap', 'named_licence', 'list'] as const
export type FindingKind = (typeof FINDING_KINDS)[number]
export const FINDING_KIND_WORDS: Record<FindingKind, Words> = {
  gap: { zh: '文号缺号', en: 'Gap in the numbers' },
  named_licence: { zh: '处罚所涉证照未报送', en: 'Licence named in a penalty, never reported' },
  list: { zh: '决定清单中未报送', en: 'On the list of decisions, not reported' },
}

export const BEGINS_BY = ['first_report', 'set'] as const
