import { articleWords } from '../../../src/kernel/article.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'

/** An instrument with its article; an article that is not numbered stands in the instrument's own language. */
export const Law = ({ instrument, article }: { instrument: Words; article: string }) => {
  const { t, lang } = useLanguage()
  const said = articleWords(article)[lang]
  return (
    <span>
      {t(instrument)}
      {lang === 'en' && ', '}
      {said || <span lang="zh-CN">{article}</span>}
    </span>
  )
}
