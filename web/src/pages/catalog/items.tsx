import { Link } from '@tanstack/react-router'
import { Card, Input, Tag } from 'antd'
import { type ItemHeadView, endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { Law } from '../../ui/law.tsx'
import { ResultDataSet } from '../exchange/result-data-set.tsx'
import { Adverse, CatalogTabs } from './parts.tsx'

const W = {
  title: { zh: '公共信用信息目录', en: 'Catalog' },
  lead: {
    zh: '目录以外的信息不得归集；失信（不利）信息须有法律、法规或者党中央、国务院政策文件依据。共{n}个事项，按{on}施行的版本列出。',
    en: 'Nothing outside the catalog may be collected; adverse information needs a basis in law. {n} items, as in force on {on}.',
  },
  find: { zh: '按事项名称查找', en: 'Find an item by its name' },
  search: { zh: '查找', en: 'Find' },
  name: { zh: '事项', en: 'Item' },
  basis: { zh: '依据', en: 'Basis' },
  term: { zh: '报送时限', en: 'Reporting term' },
  sharing: { zh: '共享', en: 'Sharing' },
  publicity: { zh: '公开', en: 'Publicity' },
  who: { zh: '责任单位', en: 'Who reports' },
  reporters: { zh: '本平台有此职责的单位：{n}个', en: 'With this duty here: {n}' },
  mine: { zh: '本单位职责', en: 'Your duty' },
  next: { zh: '{day}起施行新版本', en: 'New version from {day}' },
  fields: { zh: '{n}个字段', en: '{n} fields' },
  empty: { zh: '没有符合的事项。', en: 'No item matches.' },
} as const satisfies Record<string, Words>

/** The catalog class by class, as the national one is ordered. */
export const Catalog = () => {
  const { t, lang } = useLanguage()
  const { search, filter } = useListSearch()
  const query = useApi(endpoints.listItems, {})
  const q = (search.q ?? '').trim().toLowerCase()
  const matches = (i: ItemHeadView) => `${i.name.zh} ${i.name.en}`.toLowerCase().includes(q)
  const columns: Column<ItemHeadView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      width: 200,
      render: (i) => (
        <>
          <div>
            <Link to="/catalog/$code" params={{ code: i.code }}>
              {t(i.name)}
            </Link>
          </div>
          <div>
            <Adverse item={i} />
            {i.mine && <Tag color="blue">{t(W.mine)}</Tag>}
          </div>
          <div className="xh-quiet">{t(W.fields, { n: i.fieldCount })}</div>
          {i.nextFrom && <Tag color="gold">{t(W.next, { day: dayWords(i.nextFrom, lang) })}</Tag>}
        </>
      ),
    },
    {
      key: 'basis',
      title: W.basis,
      render: (i) => {
        const [law] = i.legalBasis
        return law ? (
          <Law instrument={law.instrument} article={law.article} />
        ) : (
          <Law instrument={i.basis.instrument} article={i.basis.article} />
        )
      },
    },
    { key: 'term', title: W.term, width: 170, render: (i) => t(i.reporting.words) },
    { key: 'sharing', title: W.sharing, width: 120, render: (i) => t(i.sharing.words) },
    { key: 'publicity', title: W.publicity, width: 150, render: (i) => t(i.publicity.words) },
    {
      key: 'who',
      title: W.who,
      width: 190,
      render: (i) => (
        <>
          {t(i.responsible.duty)}
          <div className="xh-quiet">{t(W.reporters, { n: i.reporters })}</div>
        </>
      ),
    },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CatalogTabs at="items" />
      <Shown query={query}>
        {(data) => {
          const classes = data.classes.flatMap((c) => {
            const items = c.items.filter(matches)
            return items.length ? [{ ...c, items }] : []
          })
          const n = data.classes.reduce((sum, c) => sum + c.items.length, 0)
          return (
            <>
              <p>{t(W.lead, { n, on: dayWords(data.on, lang) })}</p>
              <Input.Search
                enterButton={t(W.search)}
                aria-label={t(W.find)}
                placeholder={t(W.find)}
                defaultValue={search.q ?? ''}
                onSearch={(value) => filter({ q: value.trim() || undefined })}
                style={{ maxWidth: 360, marginBottom: 16 }}
              />
              {classes.length === 0 && <Nothing why={W.empty} />}
              {!q && <ResultDataSet />}
              {classes.map((c) => (
                <Card key={c.code} style={{ marginBottom: 16 }}>
                  <h2>{t(c.name)}</h2>
                  <KeyedTable name={c.name} rows={c.items} columns={columns} rowKey={(i) => i.code} />
                </Card>
              ))}
            </>
          )
        }}
      </Shown>
    </>
  )
}
