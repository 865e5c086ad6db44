import { Card, Collapse, Tag } from 'antd'
import { endpoints } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { lawWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '归集目录', en: 'Catalog' },
  empty: {
    zh: '本辖区没有启用任何目录事项，请联系信用办。',
    en: 'No catalog item is in force here; ask the credit office.',
  },
  basis: { zh: '依据：{law}', en: 'Basis: {law}' },
  term: { zh: '报送期限：自决定之日起 {n} 个工作日', en: 'Due within {n} working days of the decision' },
  monthly: { zh: '报送期限：至少每月一次', en: 'Due at least monthly' },
  fields: { zh: '字段（{n} 项）', en: 'Fields ({n})' },
  name: { zh: '字段名称', en: 'Field' },
  code: { zh: '标准代码', en: 'National code' },
  required: { zh: '是否必填', en: 'Required' },
  shown: { zh: '是否公示', en: 'Public' },
  always: { zh: '必填', en: 'Always' },
  sometimes: { zh: '视情形必填', en: 'Sometimes' },
  never: { zh: '选填', en: 'Optional' },
  yes: { zh: '公示', en: 'Public' },
  no: { zh: '不公示', en: 'Not public' },
  secret: { zh: '加密保存', en: 'Encrypted' },
  template: { zh: '下载标准表样', en: 'Download the standard form' },
} as const satisfies Record<string, Words>

export const Catalog = () => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.catalog, {})
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Shown query={query} isEmpty={(d) => d.items.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => (
          <>
            {data.items.map((item) => {
              type Field = (typeof item.fields)[number]
              const columns: Column<Field>[] = [
                { key: 'label', title: W.name, lead: true, render: (f) => t(f.label) },
                { key: 'code', title: W.code, render: (f) => <code>{f.code}</code> },
                { key: 'required', title: W.required, render: (f) => t(W[f.required]) },
                {
                  key: 'shown',
                  title: W.shown,
                  render: (f) => (f.secret ? <Tag>{t(W.secret)}</Tag> : t(f.public ? W.yes : W.no)),
                },
              ]
              return (
                <Card key={item.code} style={{ marginBottom: 16 }}>
                  <h2>{t(item.name)}</h2>
                  <p>{t(W.basis, { law: lawWords(item.basis.instrument, item.basis.article, lang) })}</p>
                  <p>{item.reporting.workdays ? t(W.term, { n: item.reporting.workdays }) : t(W.monthly)}</p>
                  <p>
                    <a href={urlOf(endpoints.template, { item: item.code })}>{t(W.template)}</a>
                  </p>
                  <Collapse
                    items={[
                      {
                        key: 'fields',
                        label: t(W.fields, { n: item.fields.length }),
                        children: (
                          <KeyedTable name={item.name} rows={item.fields} columns={columns} rowKey={(f) => f.key} />
                        ),
                      },
                    ]}
                  />
                </Card>
              )
            })}
          </>
        )}
      </Shown>
    </>
  )
}
