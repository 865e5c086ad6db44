import { Alert } from 'antd'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { Failed } from './states.tsx'

const INVALID: Words = {
  zh: '文件有{n}处问题，请修改后重新预览：',
  en: '{n} things in the file are not right. Mend them and preview again:',
}

/** What is wrong with a file of rules or fields names its lines and its own entries, as whoever wrote it knows them. `code`: how it is refused then. */
export const InvalidText = ({ problem, code }: { problem: ApiProblem; code: string }) => {
  const { t } = useLanguage()
  const { errors } = problem.problem
  if (problem.problem.code !== code) return <Failed problem={problem} />
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t(INVALID, { n: errors.length })}
      description={
        <ul className="xh-plain">
          {errors.map((e) => (
            <li key={e.message}>
              <code>{e.message}</code>
            </li>
          ))}
        </ul>
      }
    />
  )
}
