import { Button, Flex, Select } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { type LocalDate, addMonths } from '../../../../src/kernel/time.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { monthWords } from '../../ui/format.ts'
import { useListSearch } from '../../ui/search.ts'
import { AuthoritySelect, useItems } from '../access/choices.tsx'

const W = {
  from: { zh: '起始月份', en: 'From' },
  to: { zh: '截止月份', en: 'To' },
  lately: { zh: '近十二个月', en: 'Last twelve months' },
  now: { zh: '至本月', en: 'To this month' },
  item: { zh: '信息类别', en: 'Item' },
  all: { zh: '全部类别', en: 'All items' },
  authority: { zh: '单位', en: 'Authority' },
  clear: { zh: '清除筛选', en: 'Clear' },
} as const satisfies Record<string, Words>

const BACK = 36
const monthsBack = (): string[] => {
  const now = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 'YYYY-MM'.length)}-01` as LocalDate
  return Array.from({ length: BACK }, (_, i) => addMonths(now, -i).slice(0, 'YYYY-MM'.length))
}

/** The months, the item and the authority that the URL says; what is not said is the server's own choice. */
export const useSpan = () => {
  const { search } = useListSearch()
  const { from, to, item, authority } = search
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(item ? { item } : {}),
    ...(authority ? { authorityId: authority } : {}),
  }
}

export const SpanFilter = ({ authority = true }: { authority?: boolean }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const items = useItems()
  const months = monthsBack()
  const month = (value: string | undefined, otherwise: Words) => ({
    value: value ?? '',
    options: [
      { value: '', label: t(otherwise) },
      ...[...new Set([...months, ...(value ? [value] : [])])].map((m) => ({ value: m, label: monthWords(m, lang) })),
    ],
    style: { minWidth: 150 },
  })
  const narrowed = search.from ?? search.to ?? search.item ?? search.authority
  return (
    <Flex gap={8} wrap align="center" style={{ marginBottom: 16 }}>
      <Select aria-label={t(W.from)} {...month(search.from, W.lately)} onChange={(from: string) => filter({ from })} />
      <span aria-hidden="true">—</span>
      <Select aria-label={t(W.to)} {...month(search.to, W.now)} onChange={(to: string) => filter({ to })} />
      <Select
        aria-label={t(W.item)}
        style={{ minWidth: 160 }}
        value={search.item ?? ''}
        onChange={(item: string) => filter({ item })}
        options={[{ value: '', label: t(W.all) }, ...items.options]}
      />
      {authority && has('credit_office') && (
        <AuthoritySelect
          aria-label={t(W.authority)}
          style={{ minWidth: 240, flex: '1 1 240px', maxWidth: 420 }}
          clearable
          value={search.authority}
          onChange={(id) => filter({ authority: id ?? '' })}
        />
      )}
      {narrowed && <Button onClick={() => filter({ from: '', to: '', item: '', authority: '' })}>{t(W.clear)}</Button>}
    </Flex>
  )
}
