import { Select } from 'antd'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'

const MONTH: Words = { zh: '月份', en: 'Month' }

/** How far back a month can be chosen. */
const MONTHS = 12
const monthsUpTo = (last: string): string[] => {
  const [year = 0, month = 1] = last.split('-').map(Number)
  return Array.from({ length: MONTHS }, (_, n) => {
    const at = year * 12 + (month - 1) - n
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

export const monthWords = (month: string): Words => ({
  zh: `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`,
  en: month,
})
/** The month that runs in Asia/Shanghai by this machine's clock; the server has the last word. */
export const thisMonth = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)

export const MonthSelect = ({
  month,
  latest,
  choose,
}: {
  month: string
  /** The latest that can be chosen; else the month that runs. */
  latest?: string
  choose: (month: string) => void
}) => {
  const { t } = useLanguage()
  const last = [latest ?? thisMonth(), month].toSorted().at(-1) as string
  return (
    <Select
      aria-label={t(MONTH)}
      value={month}
      onChange={choose}
      style={{ minWidth: 140 }}
      options={monthsUpTo(last).map((m) => ({ value: m, label: t(monthWords(m)) }))}
    />
  )
}
