import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Checkbox, Descriptions, Flex, Input, Select, Tag } from 'antd'
import { useState } from 'react'
import { GROUPS, type RuleView, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { versionWords } from '../../../../src/kernel/policy-words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Shown } from '../../ui/states.tsx'
import { DrawUp, type Start } from './draw-up.tsx'
import { Law } from '../../ui/law.tsx'
import { PolicyTabs } from './parts.tsx'

const W = {
  title: { zh: '施行中的规则', en: 'The rules in force' },
  lead: {
    zh: '每条信息是否公示、公示多久、何时可以修复、由谁受理，均按下列规则确定；每行注明依据文件和条款，待确认的内容另行标出。',
    en: 'These rows decide whether an entry is shown, for how long, when it can be repaired and who receives it. Each names its instrument and article; what is open is marked.',
  },
  group: { zh: '规则范围', en: 'Rules of' },
  on: { zh: '施行于', en: 'In force on' },
  unsure: { zh: '仅看待确认的（{n}行）', en: 'Only what awaits confirmation ({n})' },
  version: { zh: '版本', en: 'Version' },
  named: { zh: '文件', en: 'Instrument' },
  since: { zh: '施行日期', en: 'In force from' },
  transition: { zh: '新旧衔接', en: 'Passing over' },
  next: { zh: '已批准的下一版本', en: 'Approved next version' },
  rule: { zh: '规则', en: 'Row' },
  says: { zh: '内容', en: 'What it says' },
  basis: { zh: '依据', en: 'Basis' },
  from: { zh: '起止', en: 'In force' },
  span: { zh: '{from}至{to}', en: '{from} to {to}' },
  open: { zh: '待确认', en: 'Unconfirmed' },
  change: { zh: '拟定变更', en: 'Propose a change' },
  changeOf: { zh: '拟定变更：{rule}', en: 'Propose a change: {rule}' },
  add: { zh: '新增规则文件', en: 'A text of rules' },
  sector: { zh: '行业分类标准', en: 'A sector’s classification' },
  none: { zh: '没有符合条件的规则。', en: 'No rows here.' },
  says1: { zh: '{what}：{said}', en: '{what}: {said}' },
} as const satisfies Record<string, Words>

/** What stands, where it is written, and what is still open; the office begins a change from the row. */
export const Policies = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const [start, setStart] = useState<Start | null>(null)
  const group = GROUPS.find((g) => g === search.view) ?? 'credit_china'
  const query = useApi(endpoints.listRules, {
    group,
    on: search.from,
    ...(search.state === 'unsure' ? { unsure: 'true' as const } : {}),
  })
  const office = has('credit_office')
  const columns: Column<RuleView>[] = [
    {
      key: 'rule',
      title: W.rule,
      lead: true,
      width: 280,
      render: (r) => (
        <>
          {t(r.title)} {r.unsure && <Tag color="gold">{t(W.open)}</Tag>}
          <div className="xh-quiet">
            {t(r.partName)} · {t(r.origin)}
          </div>
          {r.note && <div className="xh-quiet">{t(r.note)}</div>}
        </>
      ),
    },
    {
      key: 'says',
      title: W.says,
      render: (r) => (
        <ul className="xh-plain">
          {r.says.map((s) => (
            <li key={s.what.en}>{t(W.says1, { what: t(s.what), said: t(s.said) })}</li>
          ))}
        </ul>
      ),
    },
    {
      key: 'basis',
      title: W.basis,
      width: 240,
      render: (r) => (
        <>
          <Law instrument={r.instrument} article={r.article} />
          <div className="xh-quiet">
            {r.validTo
              ? t(W.span, { from: dayWords(r.validFrom, lang), to: dayWords(r.validTo, lang) })
              : dayWords(r.validFrom, lang)}
          </div>
        </>
      ),
    },
    ...(office
      ? [
          {
            key: 'act',
            title: W.change,
            short: true,
            render: (r: RuleView) =>
              r.part === 'version' || (r.part === 'transition' && !r.open) ? null : (
                <Button
                  size="small"
                  aria-label={t(W.changeOf, { rule: t(r.title) })}
                  onClick={() => setStart({ kind: r.open ? 'switch' : 'rows', row: r.id })}
                >
                  {t(W.change)}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <PolicyTabs at="rules" />
      <p>{t(W.lead)}</p>
      <Flex gap={12} wrap align="center" style={{ marginBottom: 16 }}>
        {office && (
          <>
            <Button type="primary" onClick={() => setStart({ kind: 'rows' })}>
              {t(W.add)}
            </Button>
            <Button onClick={() => setStart({ kind: 'sector' })}>{t(W.sector)}</Button>
          </>
        )}
        <label htmlFor="rules-on">{t(W.on)}</label>
        <Input
          id="rules-on"
          type="date"
          style={{ width: 170 }}
          value={search.from ?? ''}
          onChange={(e) => filter({ from: e.target.value || undefined })}
        />
      </Flex>
      <Shown query={query}>
        {(rules) => {
          const here = rules.groups.find((g) => g.code === rules.group)
          return (
            <>
              <Flex gap={12} wrap align="center" style={{ marginBottom: 16 }}>
                <Select
                  aria-label={t(W.group)}
                  value={group}
                  onChange={(view) => filter({ view })}
                  options={rules.groups.map((g) => ({ value: g.code, label: `${t(g.name)} (${g.rows})` }))}
                  style={{ minWidth: 240 }}
                />
                <Checkbox
                  checked={search.state === 'unsure'}
                  onChange={(e) => filter({ state: e.target.checked ? 'unsure' : undefined })}
                >
                  {t(W.unsure, { n: here?.unsure ?? 0 })}
                </Checkbox>
              </Flex>
              {here?.title && (
                <Card style={{ marginBottom: 16 }}>
                  <Descriptions
                    column={{ xs: 1, md: 2 }}
                    items={[
                      { key: 'named', label: t(W.named), children: t(here.title) },
                      {
                        key: 'version',
                        label: t(W.version),
                        children: here.version ? t(versionWords(here.version)) : '',
                      },
                      {
                        key: 'since',
                        label: t(W.since),
                        children: here.validFrom ? dayWords(here.validFrom, lang) : '',
                      },
                      {
                        key: 'transition',
                        label: t(W.transition),
                        children: here.transition ? t(here.transition) : '',
                      },
                    ]}
                  />
                  {here.nextFrom && (
                    <Alert
                      type="info"
                      showIcon
                      style={{ marginTop: 12 }}
                      title={
                        <>
                          {t(W.next)}
                          {lang === 'zh' ? '：' : ': '}
                          <Link to="/policies/changes">{dayWords(here.nextFrom, lang)}</Link>
                        </>
                      }
                    />
                  )}
                </Card>
              )}
              {rules.rows.length ? (
                <KeyedTable
                  name={W.title}
                  rows={rules.rows}
                  columns={columns}
                  rowKey={(r) => `${r.part}${r.id}${r.validFrom}`}
                />
              ) : (
                <p>{t(W.none)}</p>
              )}
            </>
          )
        }}
      </Shown>
      {start && <DrawUp start={start} done={() => setStart(null)} />}
    </>
  )
}
