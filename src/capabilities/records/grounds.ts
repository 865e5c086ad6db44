import { articleWords } from '../../kernel/article.ts'
import { mayApply } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import { type Window, dayWords } from '../../kernel/window.ts'
import { type Words, fill } from '../../kernel/words.ts'
import type { DispositionRow, Explanation, RecordRow } from './contract.ts'
import { CHANNEL_WORDS, DISPOSITION_WORDS } from './words.ts'

/** What an explanation says beside the windows: on what each ending rests, and whether repair may be applied for, and why. */

const SAYS = {
  ending: {
    zh: '{kind}：自{day}起生效（{where}），{at}记录。',
    en: '{kind}: in effect from {day} ({where}), recorded on {at}.',
  },
  basis: { zh: '依据：{instrument}{article}{rule}。', en: 'Basis: {instrument}{article}{rule}.' },
  rule: { zh: '（规则 {rule}，版本 {version}）', en: ' (rule {rule}, version {version})' },
  ruleAlone: { zh: '（规则 {rule}）', en: ' (rule {rule})' },
  everywhere: { zh: '全部渠道', en: 'everywhere' },
  may: {
    zh: '自当日可以申请信用修复，尚须证明：{open}。',
    en: 'Repair may be applied for on that day; still to be shown: {open}.',
  },
  mayAll: { zh: '当日可以申请信用修复。', en: 'Repair may be applied for on that day.' },
  mayNot: { zh: '当日不能申请信用修复。', en: 'Repair may not be applied for on that day.' },
  because: { zh: '{words}（规则 {rule}，{article}）', en: '{words} (rule {rule}, {article})' },
  governing: {
    zh: '修复依据：{instrument}{article}（规则 {rule}，版本 {version}）。',
    en: 'Repair is governed by {instrument}{article} (rule {rule}, version {version}).',
  },
} as const satisfies Record<string, Words>

const both = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})
const isWords = (v: unknown): v is Words => typeof v === 'object' && v !== null && 'zh' in v && 'en' in v
const text = (v: unknown): string | null => (typeof v === 'string' && v !== '' ? v : null)
const articleOf = (article: string): Words => {
  const { zh, en } = articleWords(article)
  return { zh, en: `, ${en || article}` }
}

/** Every disposition that had been recorded, on what it rests, and in two sentences. */
export const endingsOf = (dispositions: readonly DispositionRow[]): Explanation['endings'] =>
  dispositions.map((d) => {
    const { instrument, article, rule, version } = d.basis
    const basis = isWords(instrument)
      ? { instrument, article: text(article) ?? '', rule: text(rule), version: text(version) }
      : null
    const named = basis?.rule
      ? both(basis.version ? SAYS.rule : SAYS.ruleAlone, { rule: basis.rule, version: basis.version })
      : ''
    return {
      id: d.id,
      kind: d.kind,
      channel: d.channel,
      effectiveFrom: d.effectiveFrom,
      recordedAt: d.recordedAt,
      basis,
      sentences: [
        both(SAYS.ending, {
          kind: DISPOSITION_WORDS[d.kind],
          day: dayWords(d.effectiveFrom),
          where: d.channel ? CHANNEL_WORDS[d.channel] : SAYS.everywhere,
          at: dayWords(dayOf(d.recordedAt)),
        }),
        ...(basis
          ? [both(SAYS.basis, { instrument: basis.instrument, article: articleOf(basis.article), rule: named })]
          : []),
      ],
    }
  })

/** Whether repair might be applied for on the day, by the rules in force then; null where no rules provide for it. */
export const repairOn = (
  record: Pick<RecordRow, 'facts'>,
  windows: readonly Window[],
  policy: Policy,
  on: LocalDate,
): Explanation['repair'] => {
  const { may, governing, reasons, open } = mayApply(record.facts, windows, policy, on)
  if (!governing) return null
  const said = (rows: typeof reasons) =>
    rows.map(({ code, rule, article, firstDay, words, params }) => {
      const filled = both(words, { ...params, ...(params['day'] ? { day: dayWords(params['day'] as LocalDate) } : {}) })
      const { zh, en } = articleWords(article)
      return {
        code,
        rule,
        article,
        firstDay,
        words: both(SAYS.because, { words: filled, rule, article: { zh, en: en || article } }),
      }
    })
  const [not, asked] = [said(reasons), said(open)]
  const verdict = !may ? SAYS.mayNot : asked.length ? both(SAYS.may, { open: asked.map((r) => r.words) }) : SAYS.mayAll
  const { instrument, article, rule, version } = governing
  return {
    may,
    governing,
    reasons: not,
    open: asked,
    sentences: [
      verdict,
      ...not.map((r) => r.words),
      both(SAYS.governing, { instrument, article: articleOf(article), rule, version }),
    ],
  }
}
