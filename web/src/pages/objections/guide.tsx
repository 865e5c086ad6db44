import { Card } from 'antd'
import { type GuideView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { STEP_WORDS, type Ground } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, colon, lawWords } from '../../ui/format.ts'

const W = {
  title: { zh: '办理时限', en: 'How long it takes' },
  days: { zh: '{n}个工作日', en: '{n} working days' },
  oneDay: { zh: '1个工作日', en: '1 working day' },
  open: { zh: '及时', en: 'without delay' },
  marked: {
    zh: '提交后，该信息在公示、查询、报告和共享中标注“异议处理中”；核查期间依照规定继续公示。',
    en: 'Once you submit, the record is marked “under objection” in publicity, checks, reports and exchange. It stays shown meanwhile, as the rules provide.',
  },
  unmarked: { zh: '核查期间依照规定继续公示。', en: 'It stays shown while it is checked, as the rules provide.' },
} as const satisfies Record<string, Words>

export const useGuide = () => useApi(endpoints.objectionGuide, {})

/** The ground's own article and what to write, in plain words. */
export const GroundHint = ({ guide, ground }: { guide: GuideView | undefined; ground: Ground | undefined }) => {
  const { t, lang } = useLanguage()
  const found = guide?.grounds.find((g) => g.ground === ground)
  if (!found) return null
  return (
    <>
      {t(found.hint)}
      {bracketed(lawWords(found.instrument, found.article, lang), lang)}
    </>
  )
}

/** How many working days each step may take, by which article, and what is shown meanwhile. */
export const Terms = () => {
  const { t, lang } = useLanguage()
  const guide = useGuide().data
  if (!guide) return null
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.title)}</h2>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {guide.terms.map((term) => (
          <li key={term.step}>
            {t(STEP_WORDS[term.step])}
            {colon(lang)}
            {term.workdays === null ? t(W.open) : term.workdays === 1 ? t(W.oneDay) : t(W.days, { n: term.workdays })}
            {bracketed(lawWords(term.instrument, term.article, lang), lang)}
          </li>
        ))}
      </ul>
      <p style={{ marginBottom: 0 }}>{t(guide.marks ? W.marked : W.unmarked)}</p>
    </Card>
  )
}
