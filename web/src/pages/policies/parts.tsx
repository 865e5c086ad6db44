import { Tag } from 'antd'
import type { DifferenceRow } from '../../../../src/capabilities/policies/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Law } from '../../ui/law.tsx'
import { SectionTabs } from '../../ui/section-tabs.tsx'

const W = {
  rules: { zh: '施行中的规则', en: 'Rules in force' },
  changes: { zh: '规则变更', en: 'Changes' },
  added: { zh: '新增', en: 'Added' },
  removed: { zh: '废止', en: 'Removed' },
  changed: { zh: '修改', en: 'Changed' },
  row: { zh: '规则', en: 'Row' },
  change: { zh: '变化', en: 'Change' },
  before: { zh: '现行', en: 'Before' },
  after: { zh: '变更后', en: 'After' },
  what: { zh: '项目', en: 'What' },
  none: { zh: '无', en: 'none' },
  basis: { zh: '依据', en: 'Basis' },
  rows: { zh: '规则的变化', en: 'Changes to the rows' },
  becomes: { zh: '{what}：由“{before}”改为“{after}”', en: '{what}: from “{before}” to “{after}”' },
  given: { zh: '{what}：{after}', en: '{what}: {after}' },
} as const satisfies Record<string, Words>

const BOTH = ['credit_office', 'head', 'territory_admin', 'auditor'] as const
export const PolicyTabs = ({ at }: { at: 'rules' | 'changes' }) => (
  <SectionTabs
    at={at === 'rules' ? '/policies' : '/policies/changes'}
    tabs={[
      { to: '/policies', label: W.rules, roles: BOTH },
      { to: '/policies/changes', label: W.changes, roles: BOTH },
    ]}
  />
)

const COLOUR_OF = { added: 'green', removed: 'red', changed: 'gold' } as const

/** Row by row, what stood before and what stands after. */
export const Difference = ({ rows }: { rows: DifferenceRow[] }) => {
  const { t } = useLanguage()
  const said = (words: Words | null) => (words ? t(words) : t(W.none))
  const columns: Column<DifferenceRow>[] = [
    {
      key: 'row',
      title: W.row,
      lead: true,
      width: 260,
      render: (d) => (
        <>
          {t(d.title)}
          <div className="xh-quiet">{t(d.partName)}</div>
        </>
      ),
    },
    {
      key: 'change',
      title: W.change,
      short: true,
      render: (d) => <Tag color={COLOUR_OF[d.change]}>{t(W[d.change])}</Tag>,
    },
    {
      key: 'what',
      title: W.what,
      render: (d) => (
        <ul className="xh-plain">
          {d.details.map((x) => (
            <li key={x.what.en}>
              {d.change === 'added'
                ? t(W.given, { what: t(x.what), after: said(x.after) })
                : d.change === 'removed'
                  ? t(W.given, { what: t(x.what), after: said(x.before) })
                  : t(W.becomes, { what: t(x.what), before: said(x.before), after: said(x.after) })}
            </li>
          ))}
        </ul>
      ),
    },
    { key: 'basis', title: W.basis, width: 240, render: (d) => <Law instrument={d.instrument} article={d.article} /> },
  ]
  return <KeyedTable name={W.rows} rows={rows} columns={columns} rowKey={(d) => `${d.partName.en}${d.id}`} />
}
