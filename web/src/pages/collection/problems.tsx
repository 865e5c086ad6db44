import type { ReactNode } from 'react'
import type { CheckView, ProblemView } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { tongueOf } from './mends.tsx'

const ROW: Words = { zh: '第 {n} 行', en: 'Row {n}' }
const VALUE: Words = { zh: '填写的值：', en: 'Value: ' }
const REASON: Words = { zh: '原因：', en: 'Reason: ' }
const MEND: Words = { zh: '如何修改：', en: 'How to mend: ' }

/** What can be read in several ways: said, and left to the collector. */
export const Doubts = ({ doubts }: { doubts: CheckView['rows'][number]['doubts'] }) =>
  doubts.length > 0 && (
    <ul className="xh-mends">
      {doubts.map((d) => (
        <li key={`${d.field}${d.why}`}>
          <strong>{d.field}</strong> {d.why}
        </li>
      ))}
    </ul>
  )

/** One row's problems: the field, the value, why, and how to mend it; and what is proposed for it. */
export const Problems = ({
  n,
  name,
  problems,
  mark,
  children,
}: {
  n: number
  name: string
  problems: readonly ProblemView[]
  mark?: ReactNode
  children?: ReactNode
}) => {
  const { t } = useLanguage()
  return (
    <section className="xh-row">
      <strong>
        {t(ROW, { n })} {name}
      </strong>{' '}
      {mark}
      <ul style={{ margin: '6px 0 0', paddingInlineStart: 20 }}>
        {problems.map((p) => (
          <li key={`${p.code}${p.field}`}>
            <strong>{p.field}</strong>
            {p.value && (
              <div>
                {t(VALUE)}
                <span {...tongueOf(p.value)}>{p.value}</span>
              </div>
            )}
            <div>
              {t(REASON)}
              {p.reason}
            </div>
            <div>
              {t(MEND)}
              {p.mend}
            </div>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}
