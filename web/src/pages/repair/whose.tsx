import { Segmented } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  who: { zh: '主体类别', en: 'Who it is' },
  code: { zh: '单位或者个体工商户', en: 'Organisation or business' },
  personId: { zh: '自然人', en: 'Person' },
} as const satisfies Record<string, Words>

/** By what a subject is named: its code, or a person's identity number, which is never sent as a code. */
export type NumberKind = 'code' | 'personId'
export const NUMBER_WORDS: Record<NumberKind, Words> = {
  code: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  personId: { zh: '证件号码', en: 'Identity number' },
}

export const WhoseNumber = ({ value, choose }: { value: NumberKind; choose: (kind: NumberKind) => void }) => {
  const { t } = useLanguage()
  return (
    <Segmented<NumberKind>
      aria-label={t(W.who)}
      value={value}
      onChange={choose}
      options={[
        { value: 'code', label: t(W.code) },
        { value: 'personId', label: t(W.personId) },
      ]}
      style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
    />
  )
}
