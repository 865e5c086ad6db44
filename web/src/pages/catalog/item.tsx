import { Link, useParams } from '@tanstack/react-router'
import { Alert, Card, Descriptions, Flex, Select, Tag } from 'antd'
import { type ItemView, endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import { endpoints as collection } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, listWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Shown } from '../../ui/states.tsx'
import { Law } from '../../ui/law.tsx'
import { Adverse, Difference } from './parts.tsx'

const W = {
  back: { zh: '返回目录', en: 'Back to the catalog' },
  item: { zh: '目录事项', en: 'Item' },
  class: { zh: '所属类别', en: 'Class' },
  basis: { zh: '目录依据', en: 'Catalog basis' },
  legal: { zh: '法律依据', en: 'Legal basis' },
  term: { zh: '报送时限', en: 'Reporting term' },
  sharing: { zh: '共享属性', en: 'Sharing' },
  publicity: { zh: '公开属性', en: 'Publicity' },
  who: { zh: '责任单位', en: 'Responsible' },
  key: { zh: '唯一标识', en: 'Identified by' },
  keyIs: { zh: '主体、{keys}', en: 'Subject, {keys}' },
  version: { zh: '施行日期', en: 'In force' },
  span: { zh: '{from}至{to}', en: '{from} to {to}' },
  since: { zh: '自{from}起', en: 'since {from}' },
  template: { zh: '下载空白标准表样（.xlsx）', en: 'Download the blank form (.xlsx)' },
  fields: { zh: '字段（{n}个）', en: 'Fields ({n})' },
  name: { zh: '字段名称', en: 'Field' },
  code: { zh: '代码', en: 'Code' },
  type: { zh: '类型', en: 'Type' },
  longest: { zh: '不超过{n}字', en: 'at most {n} characters' },
  required: { zh: '填报要求', en: 'Required' },
  open: { zh: '公开要求', en: 'Publicity' },
  headings: { zh: '可识别的表头', en: 'Headings known' },
  identifies: { zh: '标识', en: 'Identifies' },
  unsure: { zh: '待确认', en: 'Unconfirmed' },
  unsureItem: { zh: '本事项有待与国家标准核对之处', en: 'Parts of this item await confirmation' },
  checks: { zh: '字段之间的核对', en: 'Checks between fields' },
  versions: { zh: '版本比较', en: 'Compare versions' },
  before: { zh: '较早的版本', en: 'Earlier version' },
  after: { zh: '较晚的版本', en: 'Later version' },
  oneVersion: { zh: '本事项只有一个版本。', en: 'The item has one version.' },
  reporters: { zh: '有此职责的单位（{n}个）', en: 'Authorities with this duty ({n})' },
  noReporters: {
    zh: '本平台还没有单位具有此职责。由系统管理员依权责清单在“单位管理”中设定。',
    en: 'No authority has this duty yet; the administrator gives it under “Authorities”.',
  },
  outside: { zh: '不在责任系统内，请核对权责清单', en: 'Not of the responsible system; check the duty list' },
} as const satisfies Record<string, Words>

type Field = ItemView['fields'][number]

const useSpan = () => {
  const { t, lang } = useLanguage()
  return ({ validFrom, validTo }: { validFrom: string; validTo: string | null }): string =>
    validTo
      ? t(W.span, { from: dayWords(validFrom, lang), to: dayWords(validTo, lang) })
      : t(W.since, { from: dayWords(validFrom, lang) })
}

const Versions = ({ item }: { item: ItemView }) => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const span = useSpan()
  const last = item.versions.at(-1)?.validFrom ?? item.validFrom
  const before = search.from ?? item.versions.at(-2)?.validFrom ?? last
  const after = search.to ?? last
  const query = useApi(
    endpoints.compareVersions,
    { code: item.code, before, after },
    { enabled: item.versions.length > 1 },
  )
  if (item.versions.length < 2) return <p>{t(W.oneVersion)}</p>
  const options = item.versions.map((v) => ({ value: v.validFrom, label: span(v) }))
  return (
    <>
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.before)}
          value={before}
          options={options}
          onChange={(from) => filter({ from, to: after })}
          style={{ minWidth: 220 }}
        />
        <Select
          aria-label={t(W.after)}
          value={after}
          options={options}
          onChange={(to) => filter({ from: before, to })}
          style={{ minWidth: 220 }}
        />
      </Flex>
      <Shown query={query}>{(difference) => <Difference difference={difference} />}</Shown>
    </>
  )
}

const Fields = ({ item }: { item: ItemView }) => {
  const { t, lang } = useLanguage()
  const columns: Column<Field>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      width: 220,
      render: (f) => (
        <>
          {t(f.label)} {f.identifies && <Tag color="blue">{t(W.identifies)}</Tag>}
          {f.unsure && <Tag color="gold">{t(W.unsure)}</Tag>}
          {f.note && <div className="xh-quiet">{t(f.note)}</div>}
        </>
      ),
    },
    { key: 'code', title: W.code, short: true, render: (f) => <code>{f.code}</code> },
    {
      key: 'type',
      title: W.type,
      render: (f) => (
        <>
          {t(f.type)}
          {f.maxLength !== null && f.choices.length === 0 && (
            <div className="xh-quiet">{t(W.longest, { n: f.maxLength })}</div>
          )}
          {f.choices.length > 0 && (
            <div className="xh-quiet">
              {listWords(
                f.choices.map((c) => t(c)),
                lang,
              )}
            </div>
          )}
        </>
      ),
    },
    { key: 'required', title: W.required, width: 180, render: (f) => t(f.required) },
    { key: 'open', title: W.open, width: 120, render: (f) => t(f.open) },
  ]
  return <KeyedTable name={item.name} rows={item.fields} columns={columns} rowKey={(f) => f.key} />
}

export const CatalogItemPage = () => {
  const { t, lang } = useLanguage()
  const { code } = useParams({ strict: false }) as { code: string }
  const query = useApi(endpoints.getItem, { code })
  const span = useSpan()
  return (
    <>
      <p>
        <Link to="/catalog">{t(W.back)}</Link>
      </p>
      <Shown query={query} heading={W.item}>
        {(item) => (
          <>
            <h1>
              {t(item.name)} <Adverse item={item} />
            </h1>
            <Card style={{ marginBottom: 16 }}>
              <Descriptions
                column={{ xs: 1, md: 2 }}
                items={[
                  { key: 'class', label: t(W.class), children: t(item.className) },
                  { key: 'version', label: t(W.version), children: span(item) },
                  { key: 'term', label: t(W.term), children: t(item.reporting.words) },
                  {
                    key: 'key',
                    label: t(W.key),
                    children: t(W.keyIs, { keys: item.naturalKey.map((k) => t(k)) }),
                  },
                  { key: 'sharing', label: t(W.sharing), children: t(item.sharing.words) },
                  { key: 'publicity', label: t(W.publicity), children: t(item.publicity.words) },
                  { key: 'who', label: t(W.who), children: t(item.responsible.duty) },
                  {
                    key: 'basis',
                    label: t(W.basis),
                    children: <Law instrument={item.basis.instrument} article={item.basis.article} />,
                  },
                ]}
              />
              {item.legalBasis.length > 0 && (
                <>
                  <h2 style={{ marginTop: 12 }}>{t(W.legal)}</h2>
                  <ul className="xh-plain">
                    {item.legalBasis.map((b) => (
                      <li key={b.instrument.zh}>
                        <Tag>{t(b.levelName)}</Tag> <Law instrument={b.instrument} article={b.article} />
                      </li>
                    ))}
                  </ul>
                </>
              )}
              {item.note && (
                <Alert
                  type="info"
                  showIcon
                  title={t(W.unsureItem)}
                  description={t(item.note)}
                  style={{ marginTop: 12 }}
                />
              )}
              <p style={{ marginTop: 12 }}>
                <a href={urlOf(collection.template, { item: item.code })}>{t(W.template)}</a>
              </p>
            </Card>
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.fields, { n: item.fields.length })}</h2>
              <Fields item={item} />
              {item.checks.length > 0 && (
                <>
                  <h2 style={{ marginTop: 16 }}>{t(W.checks)}</h2>
                  <ul className="xh-plain">
                    {item.checks.map((c) => (
                      <li key={c.en}>{t(c)}</li>
                    ))}
                  </ul>
                </>
              )}
            </Card>
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.reporters, { n: item.reporters.length })}</h2>
              {item.reporters.length === 0 ? (
                <p>{t(W.noReporters)}</p>
              ) : (
                <ul className="xh-plain">
                  {item.reporters.map((r) => (
                    <li key={r.id}>
                      <span lang={lang === 'en' ? 'zh-CN' : undefined}>{r.name}</span>{' '}
                      {r.outside && <Tag color="gold">{t(W.outside)}</Tag>}
                    </li>
                  ))}
                </ul>
              )}
            </Card>
            <Card>
              <h2>{t(W.versions)}</h2>
              <Versions item={item} />
            </Card>
          </>
        )}
      </Shown>
    </>
  )
}
