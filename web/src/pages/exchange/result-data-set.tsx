import { Link } from '@tanstack/react-router'
import { Card } from 'antd'
import { type DataSetView, endpoints } from '../../../../src/capabilities/results/contract.ts'
import { SHARING_WORDS } from '../../../../src/capabilities/results/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, lawWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'

const W = {
  title: { zh: '数据集', en: 'Data sets' },
  basis: {
    zh: '{law}，自{day}起施行。{sharing}：{with}。每日更新。',
    en: '{law}, in force from {day}. {sharing}: {with}. Updated daily.',
  },
  open: { zh: '查看每日结果', en: 'Daily sets' },
  code: { zh: '数据项代码', en: 'Code' },
  label: { zh: '数据项', en: 'Field' },
  meaning: { zh: '说明', en: 'Meaning' },
} as const satisfies Record<string, Words>
const MAY_OPEN = ['collector', 'officer', 'head', 'credit_office', 'auditor'] as const

/** The set of repair results among what the catalog holds. */
export const ResultDataSet = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(endpoints.resultDataSet, {})
  if (!query.data) return null
  const set = query.data
  const columns: Column<DataSetView['fields'][number]>[] = [
    { key: 'label', title: W.label, lead: true, width: 200, render: (f) => t(f.label) },
    { key: 'code', title: W.code, width: 160, render: (f) => <code>{f.code}</code> },
    { key: 'meaning', title: W.meaning, render: (f) => t(f.meaning) },
  ]
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      <h3>{t(set.name)}</h3>
      <p>
        {t(W.basis, {
          law: lawWords(set.instrument, set.article, lang),
          day: dayWords(set.validFrom, lang),
          sharing: t(SHARING_WORDS[set.sharing]),
          with: t(set.sharedWith),
        })}
      </p>
      {set.note && <p className="xh-quiet">{t(set.note)}</p>}
      {has(...MAY_OPEN) && (
        <p>
          <Link to="/exchange/results" search={{ view: 'days' } as never}>
            {t(W.open)}
          </Link>
        </p>
      )}
      <KeyedTable name={set.name} rows={set.fields} columns={columns} rowKey={(f) => f.code} />
    </Card>
  )
}
