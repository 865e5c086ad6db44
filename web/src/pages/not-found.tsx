import { Link } from '@tanstack/react-router'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { Nothing } from '../ui/states.tsx'

const WHY: Words = {
  zh: '没有这个页面，地址可能有误，或者内容已经移走。',
  en: 'There is no such page; the address may be wrong or the content has moved.',
}
const TITLE: Words = { zh: '页面不存在', en: 'No such page' }
const HOME: Words = { zh: '返回工作台首页', en: 'Back to the start' }

export const NotFound = () => {
  const { t } = useLanguage()
  return (
    <>
      <h1>{t(TITLE)}</h1>
      <Nothing why={WHY}>
        <Link to="/">{t(HOME)}</Link>
      </Nothing>
    </>
  )
}
