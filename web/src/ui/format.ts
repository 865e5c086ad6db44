import { articleWords } from '../../../src/kernel/article.ts'
import type { Lang, Words } from '../../../src/kernel/words.ts'
import { type Instant, type LocalDate, addDays, dayOf } from '../../../src/kernel/time.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A day as people write it: 2026年3月5日; 5 March 2026. */
export const dayWords = (day: string | null | undefined, lang: Lang): string => {
  if (!day) return '—'
  const [y, m, d] = day.slice(0, 10).split('-').map(Number) as [number, number, number]
  return lang === 'zh' ? `${y}年${m}月${d}日` : `${d} ${MONTHS[m - 1]} ${y}`
}

/** Names one after the other, as the language sets them apart. */
export const listWords = (names: readonly string[], lang: Lang): string => names.join(lang === 'zh' ? '、' : ', ')

/** A month: 2026年3月; March 2026. */
export const monthWords = (month: string, lang: Lang): string => {
  const [y, m] = month.split('-').map(Number) as [number, number]
  return lang === 'zh' ? `${y}年${m}月` : `${MONTHS[m - 1]} ${y}`
}

/** Windows are half-open; people read the last day shown. */
export const lastDayShown = (until: string | null, lang: Lang): string =>
  until ? dayWords(addDays(until as LocalDate, -1), lang) : lang === 'zh' ? '无最长期限' : 'no maximum'

/** The day of an instant in Asia/Shanghai. */
export const instantDay = (at: string | null | undefined, lang: Lang): string =>
  at ? dayWords(dayOf(at as Instant), lang) : '—'

/** An instant in Asia/Shanghai, to the minute. */
export const instantWords = (at: string | null | undefined, lang: Lang): string => {
  if (!at) return '—'
  const shanghai = new Date(Date.parse(at) + 8 * 3_600_000).toISOString()
  return `${dayWords(shanghai, lang)} ${shanghai.slice(11, 16)}`
}

export const bytesWords = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1_048_576
      ? `${(bytes / 1024).toFixed(1)} KB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`

/** 第十一条 reads art. 11 in English; what is not numbered stays as it stands in the instrument. */
export const articleIn = (article: string, lang: Lang): string => articleWords(article)[lang] || article

/** An instrument and its article: no space in Chinese. */
export const lawWords = (instrument: Words, article: string, lang: Lang): string =>
  lang === 'zh' ? `${instrument.zh}${article}` : `${instrument.en}, ${articleIn(article, lang)}`

/** What stands in brackets after a sentence. */
export const bracketed = (text: string, lang: Lang): string => (lang === 'zh' ? `（${text}）` : ` (${text})`)

/** Between a label and what it names. */
export const colon = (lang: Lang): string => (lang === 'zh' ? '：' : ': ')
