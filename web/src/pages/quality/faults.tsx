import { Link } from '@tanstack/react-router'
import { Button, Flex } from 'antd'
import { type FaultView, endpoints } from '../../../../src/capabilities/quality/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { type ListSearch, useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { MonthSelect, thisMonth } from '../../ui/month.tsx'

const W = {
  lead: {
    zh: '退回数据中出现最多的十项差错，点击可查看所在的行。',
    en: 'The ten faults most often found in returned rows; each opens to its rows.',
  },
  none: { zh: '本月没有退回的数据。', en: 'No row was returned in this month.' },
  chart: { zh: '差错所在行数', en: 'Rows by fault' },
  rows: { zh: '行数', en: 'Rows' },
  item: { zh: '事项', en: 'Item' },
  fault: { zh: '差错', en: 'Fault' },
  authorities: { zh: '涉及单位数', en: 'Authorities' },
  open: { zh: '查看各行', en: 'See the rows' },
  openOne: { zh: '查看各行：{name}', en: 'See the rows: {name}' },
  list: { zh: '差错所在的行', en: 'Rows with the fault' },
  back: { zh: '返回差错列表', en: 'Back to the faults' },
  authority: { zh: '单位', en: 'Authority' },
  file: { zh: '报送', en: 'Submission' },
  rowNo: { zh: '第 {n} 行', en: 'Row {n}' },
  doc: { zh: '文书号', en: 'Document no.' },
  at: { zh: '报送时间', en: 'Handed in' },
  noRows: { zh: '没有这样的行。', en: 'There is no such row.' },
  all: { zh: '查看全部单位', en: 'See all authorities' },
} as const satisfies Record<string, Words>

export const Faults = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const month = search.month ?? thisMonth()
  const about = { month, ...(search.authority ? { authorityId: search.authority } : {}) }
  const query = useApi(endpoints.listFaults, about)
  const nameOf = (f: FaultView) => `${t(f.label)}${colon(lang)}${t(f.says)}`
  const chosen = query.data?.rows.find(
    (f) => f.item === search.item && f.code === search.code && f.field === (search.field ?? ''),
  )
  const columns: Column<FaultView>[] = [
    { key: 'fault', title: W.fault, lead: true, render: nameOf },
    { key: 'item', title: W.item, render: (f) => t(f.itemName) },
    { key: 'rows', title: W.rows, short: true, render: (f) => f.rows },
    ...(has('credit_office')
      ? [{ key: 'authorities', title: W.authorities, short: true, render: (f: FaultView) => f.authorities }]
      : []),
    {
      key: 'open',
      title: W.list,
      render: (f) => (
        <Button
          size="small"
          aria-label={t(W.openOne, { name: nameOf(f) })}
          onClick={() => filter({ item: f.item, code: f.code, field: f.field })}
        >
          {t(W.open)}
        </Button>
      ),
    },
  ]
  if (search.code && search.item)
    return (
      <>
        <Flex gap={8} wrap align="center" style={{ marginBottom: 12 }}>
          <Button onClick={() => filter({ item: '', code: '', field: '' })}>{t(W.back)}</Button>
          {chosen && <h2 style={{ margin: 0 }}>{nameOf(chosen)}</h2>}
        </Flex>
        <FaultRows month={month} search={search} />
      </>
    )
  return (
    <>
      <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
        <MonthSelect month={month} choose={(m) => filter({ month: m })} />
        {search.authority && has('credit_office') && (
          <Button onClick={() => filter({ authority: '' })}>{t(W.all)}</Button>
        )}
      </Flex>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <>
            <p>{t(W.lead)}</p>
            <Chart
              data={{
                name: W.chart,
                kind: 'bar',
                categories: data.rows.map(nameOf),
                series: [{ name: W.rows, values: data.rows.map((f) => f.rows) }],
                unit: 'count',
              }}
            />
            <KeyedTable name={W.fault} rows={data.rows} columns={columns} rowKey={(f) => f.item + f.code + f.field} />
          </>
        )}
      </Shown>
    </>
  )
}

const FaultRows = ({ month, search }: { month: string; search: ListSearch }) => {
  const { t, lang } = useLanguage()
  const { go } = useListSearch()
  const query = useApi(endpoints.listFaultRows, {
    month,
    item: search.item ?? '',
    code: search.code ?? '',
    field: search.field ?? '',
    ...(search.authority ? { authorityId: search.authority } : {}),
    after: search.after,
  })
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.noRows} />}>
      {(data) => (
        <KeyedTable
          name={W.list}
          rows={data.rows}
          columns={[
            {
              key: 'file',
              title: W.file,
              lead: true,
              render: (r) => (
                <Link to="/submissions/$id" params={{ id: r.submissionId }} search={{ verdict: 'refused' } as never}>
                  {r.submissionNo} {t(W.rowNo, { n: r.n })}
                </Link>
              ),
            },
            { key: 'authority', title: W.authority, render: (r) => r.authorityName },
            { key: 'doc', title: W.doc, render: (r) => r.docNo || '—' },
            { key: 'at', title: W.at, render: (r) => instantWords(r.at, lang) },
          ]}
          rowKey={(r) => `${r.submissionId}${r.n}`}
          after={search.after}
          next={data.next}
          go={go}
        />
      )}
    </Shown>
  )
}
