import { Tag } from 'antd'
import type { DifferenceView, ItemHeadView } from '../../../../src/capabilities/catalog/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { SectionTabs } from '../../ui/section-tabs.tsx'

const W = {
  items: { zh: '目录事项', en: 'Items' },
  versions: { zh: '版本启用', en: 'New versions' },
  adverse: { zh: '失信（不利）信息', en: 'Adverse' },
  field: { zh: '字段', en: 'Field' },
  change: { zh: '变化', en: 'Change' },
  details: { zh: '内容', en: 'What' },
  added: { zh: '新增', en: 'Added' },
  removed: { zh: '删除', en: 'Removed' },
  changed: { zh: '修改', en: 'Changed' },
  part: { zh: '项目', en: 'Part' },
  before: { zh: '现行版本', en: 'Before' },
  after: { zh: '新版本', en: 'After' },
  none: { zh: '无', en: 'none' },
  headTable: { zh: '事项的变化', en: 'Changes to the item' },
  fieldTable: { zh: '字段的变化', en: 'Changes to fields' },
  nothing: { zh: '两个版本没有差别。', en: 'The two versions do not differ.' },
  becomes: { zh: '{what}：由“{before}”改为“{after}”', en: '{what}: from “{before}” to “{after}”' },
  given: { zh: '{what}：{after}', en: '{what}: {after}' },
} as const satisfies Record<string, Words>

/** Who decides on versions, or answers for what is reported, sees both halves. */
const BOTH = ['credit_office', 'head', 'territory_admin', 'auditor'] as const
export const CatalogTabs = ({ at }: { at: 'items' | 'versions' }) => (
  <SectionTabs
    at={at === 'items' ? '/catalog' : '/catalog/versions'}
    tabs={[
      { to: '/catalog', label: W.items, roles: BOTH },
      { to: '/catalog/versions', label: W.versions, roles: BOTH },
    ]}
  />
)

export const Adverse = ({ item }: { item: Pick<ItemHeadView, 'negative'> }) => {
  const { t } = useLanguage()
  return item.negative ? <Tag color="red">{t(W.adverse)}</Tag> : null
}

type FieldRow = DifferenceView['fields'][number]
type HeadRow = DifferenceView['head'][number]
const COLOUR_OF = { added: 'green', removed: 'red', changed: 'gold' } as const

/** Two versions side by side: what the item itself says, then field by field. */
export const Difference = ({ difference }: { difference: DifferenceView }) => {
  const { t } = useLanguage()
  const said = (words: Words | null) => (words ? t(words) : t(W.none))
  if (difference.head.length === 0 && difference.fields.length === 0) return <p>{t(W.nothing)}</p>
  const head: Column<HeadRow>[] = [
    { key: 'part', title: W.part, lead: true, render: (d) => t(d.what) },
    { key: 'before', title: W.before, render: (d) => said(d.before) },
    { key: 'after', title: W.after, render: (d) => said(d.after) },
  ]
  const fields: Column<FieldRow>[] = [
    {
      key: 'field',
      title: W.field,
      lead: true,
      render: (f) => (
        <>
          {t(f.label)} <code>{f.code}</code>
        </>
      ),
    },
    {
      key: 'change',
      title: W.change,
      short: true,
      render: (f) => <Tag color={COLOUR_OF[f.change]}>{t(W[f.change])}</Tag>,
    },
    {
      key: 'details',
      title: W.details,
      render: (f) => (
        <ul className="xh-plain">
          {f.details.map((d) => (
            <li key={d.what.en}>
              {f.change === 'added'
                ? t(W.given, { what: t(d.what), after: said(d.after) })
                : t(W.becomes, { what: t(d.what), before: said(d.before), after: said(d.after) })}
            </li>
          ))}
        </ul>
      ),
    },
  ]
  return (
    <>
      {difference.head.length > 0 && (
        <KeyedTable name={W.headTable} rows={difference.head} columns={head} rowKey={(d) => d.what.en} />
      )}
      {difference.fields.length > 0 && (
        <KeyedTable name={W.fieldTable} rows={difference.fields} columns={fields} rowKey={(f) => f.key} />
      )}
    </>
  )
}
