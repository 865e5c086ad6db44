import type { Policy } from '../../kernel/policy.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { NO_CONDITION } from './words.ts'

/** A condition as refusals say it; a day that was named there is any day here. */
const ANY_DAY = { day: { zh: '规定日期', en: 'the day set' } }

export type Sentence = { words: Words; article: string; instrument: Words | null }
const UNNAMED: Sentence = { words: NO_CONDITION, article: '', instrument: null }

/** Of the version of the rules that the refusal rests on; of any other version where that one is gone. */
export const sentenceOf = (
  policy: Pick<Policy, 'regimes'>,
  code: string | null,
  system: string,
  rules: string,
): Sentence => {
  if (code === null) return UNNAMED
  const regimes = policy.regimes.filter((r) => r.system === system)
  const row = [...regimes.filter((r) => r.version === rules), ...regimes]
    .flatMap((r) => r.conditions)
    .find((c) => c.code === code)
  if (!row) return UNNAMED
  const words = { zh: fill(row.words.zh, ANY_DAY, 'zh'), en: fill(row.words.en, ANY_DAY, 'en') }
  return { words, article: row.article, instrument: row.instrument }
}
