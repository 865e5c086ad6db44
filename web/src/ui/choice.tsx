import { Select } from 'antd'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'

const ALL: Words = { zh: '{label}：全部', en: '{label}: all' }

/** A filter by one of a closed set, or by none. */
export const Choice = <T extends string>({
  label,
  of,
  words,
  value,
  choose,
  width = 180,
}: {
  label: Words
  of: readonly T[]
  words: Record<T, Words>
  value: T | undefined
  choose: (value: T | undefined) => void
  width?: number
}) => {
  const { t } = useLanguage()
  return (
    <Select<T | ''>
      aria-label={t(label)}
      value={value ?? ''}
      onChange={(to) => choose(to || undefined)}
      options={[
        { value: '', label: t(ALL, { label: t(label) }) },
        ...of.map((v) => ({ value: v, label: t(words[v]) })),
      ]}
      style={{ minWidth: width, maxWidth: '100%' }}
    />
  )
}
