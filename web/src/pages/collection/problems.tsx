import type { ProblemView } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const ROW: Words = { zh: '第 {n} 行', en: 'Row {n}' }
const VALUE: Words = { zh: '填写的值：', en: 'Value: ' }
const REASON: Words = { zh: '原因：', en: 'Reason: ' }
const MEND: Words = { zh: '如何修改：', en: 'How to mend: ' }

/** One row's problems: the field, the value, why, and how to mend it. */
export const Problems = ({ n, name, problems }: { n: number; name: string; problems: readonly ProblemView[] }) => {
  const { t } = useLanguage()
  return (
    <section style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}>
      <strong>
        {t(ROW, { n })} {name}
      </strong>
      <ul style={{ margin: '6px 0 0', paddingInlineStart: 20 }}>
        {problems.map((p) => (
          <li key={`${p.code}${p.field}`}>
            <strong>{p.field}</strong>
            {p.value && (
              <div>
                {t(VALUE)}
                {p.value}
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
    </section>
  )
}
