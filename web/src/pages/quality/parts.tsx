import { Tag } from 'antd'
import type { FigureView, ScoringView } from '../../../../src/capabilities/quality/contract.ts'
import {
  COLOUR_WORDS,
  type Colour,
  INDICATOR_WORDS,
  NOT_SCORED,
  formulaWords,
} from '../../../../src/capabilities/quality/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { lawWords } from '../../ui/format.ts'

const W = {
  scoring: { zh: '评分口径', en: 'How it is scored' },
  threshold: {
    zh: '得分为各项加权平均乘以 100：{green} 分以上为绿色，{yellow} 分以上不足 {green} 分为黄色，其余为红色；没有发生额的指标不计权重。',
    en: 'The score is the weighted mean times 100: from {green} green, from {yellow} yellow, below that red. What cannot be measured carries no weight.',
  },
  basis: { zh: '依据：{basis}', en: 'Basis: {basis}' },
  scored: { zh: '{name}（权重 {weight}）：{formula}', en: '{name} (weight {weight}): {formula}' },
  of: { zh: '{name}：{share}（{numerator}/{denominator}）', en: '{name}: {share} ({numerator} of {denominator})' },
  nothing: { zh: '{name}：无发生额', en: '{name}: nothing to measure' },
} as const satisfies Record<string, Words>

/** Fills of the colours in charts: dark enough beside white. */
export const FILLS: Record<Colour, string> = { green: '#1e6b34', yellow: '#9a6700', red: '#a8071a' }
const TAGS: Record<Colour, string> = { green: 'green', yellow: 'gold', red: 'red' }

export const ColourTag = ({ colour }: { colour: Colour | null }) => {
  const { t } = useLanguage()
  return <Tag color={colour ? TAGS[colour] : 'default'}>{t(colour ? COLOUR_WORDS[colour] : NOT_SCORED)}</Tag>
}
export const scoreText = (score: number | null): string => (score === null ? '—' : score.toFixed(1))
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`

/** Each indicator with its numerator and denominator. */
export const Shares = ({ shares }: { shares: FigureView['shares'] }) => {
  const { t } = useLanguage()
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {shares.map((s) => {
        const name = INDICATOR_WORDS[s.code]
        return (
          <li key={s.code}>
            {s.share === null ? t(W.nothing, { name }) : t(W.of, { ...s, name, share: percent(s.share) })}
          </li>
        )
      })}
    </ul>
  )
}

export const Scoring = ({ scoring }: { scoring: ScoringView }) => {
  const { t, lang } = useLanguage()
  const { basis } = scoring
  return (
    <details style={{ margin: '16px 0' }}>
      <summary>{t(W.scoring)}</summary>
      <ul>
        {scoring.indicators.map((i) => (
          <li key={i.code}>
            {t(W.scored, { name: INDICATOR_WORDS[i.code], weight: i.weight, formula: formulaWords(i) })}
          </li>
        ))}
      </ul>
      <p>{t(W.threshold, scoring)}</p>
      <p>{t(W.basis, { basis: lawWords(basis.instrument, basis.article, lang) })}</p>
      {basis.note && <p className="xh-quiet">{t(basis.note)}</p>}
    </details>
  )
}
