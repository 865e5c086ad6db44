import { Button, Flex } from 'antd'
import { type LedgerRow, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import { CLASS_WORDS, type Class } from '../../../../src/capabilities/timeliness/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { monthWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { Figure } from './figures.tsx'
import { SpanFilter, useSpan } from './span.tsx'

const W = {
  title: { zh: '报送台账', en: 'Reporting ledger' },
  month: { zh: '月份', en: 'Month' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '信息类别', en: 'Item' },
  due: { zh: '应报', en: 'Due' },
  missing: { zh: '疑似漏报', en: 'Missing' },
  exportAll: { zh: '导出台账', en: 'Export' },
  hint: {
    zh: '应报 = 按时报送 + 迟报 + 疑似漏报；补录历史、已撤销的另行统计。点击数字查看明细。',
    en: 'Due = on time + late + missing; backfill and annulled records are counted apart. Each figure opens to its rows.',
  },
  empty: {
    zh: '所选月份没有报送信息。可调整起止月份，或者清除筛选。',
    en: 'Nothing was reported in these months. Change the months or clear the filters.',
  },
} as const satisfies Record<string, Words>

export const Ledger = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const span = useSpan()
  const query = useApi(endpoints.listLedger, { ...span, after: search.after })
  const open = (r: LedgerRow) => ({ authority: r.authorityId, item: r.item, from: r.month, to: r.month })
  const name = (r: LedgerRow, label: Words) =>
    `${r.authorityName} ${monthWords(r.month, lang)} ${t(r.itemName)} ${t(label)}`
  const classColumn = (cls: Class, n: (r: LedgerRow) => number): Column<LedgerRow> => ({
    key: cls,
    title: CLASS_WORDS[cls],
    short: true,
    render: (r) => <Figure n={n(r)} to={{ ...open(r), view: 'late', state: cls }} label={name(r, CLASS_WORDS[cls])} />,
  })
  const columns: Column<LedgerRow>[] = [
    { key: 'month', title: W.month, short: true, render: (r) => monthWords(r.month, lang) },
    ...(has('credit_office')
      ? [{ key: 'authority', title: W.authority, lead: true, render: (r: LedgerRow) => r.authorityName }]
      : []),
    { key: 'item', title: W.item, short: true, render: (r) => t(r.itemName) },
    { key: 'due', title: W.due, short: true, render: (r) => r.due },
    classColumn('on_time', (r) => r.onTime),
    classColumn('late', (r) => r.late),
    {
      key: 'missing',
      title: W.missing,
      short: true,
      render: (r) => <Figure n={r.missing} to={{ ...open(r), view: 'missing' }} label={name(r, W.missing)} />,
    },
    classColumn('backfill', (r) => r.backfill),
    classColumn('annulled', (r) => r.annulled),
  ]
  return (
    <>
      <SpanFilter />
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 12 }}>
        <span className="xh-quiet">{t(W.hint)}</span>
        <Button href={urlOf(endpoints.exportLedger, { ...span, lang })}>{t(W.exportAll)}</Button>
      </Flex>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => (
          <KeyedTable
            name={W.title}
            rows={data.rows}
            columns={columns}
            rowKey={(r) => `${r.month}${r.authorityId}${r.item}`}
            after={search.after}
            next={data.next}
            go={go}
          />
        )}
      </Shown>
    </>
  )
}
