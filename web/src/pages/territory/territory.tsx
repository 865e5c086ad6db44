import { Button, Flex, Input, Select, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { SUBJECT_KIND_WORDS } from '../../../../src/capabilities/subjects/words.ts'
import { type BasicView, type ChangeView, endpoints } from '../../../../src/capabilities/territory/contract.ts'
import {
  BASIC_STATUSES,
  BASIC_STATUS_WORDS,
  CHANGE_KINDS,
  CHANGE_WORDS,
} from '../../../../src/capabilities/territory/words.ts'
import { territoryPrefix } from '../../../../src/kernel/territory.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { useDivisions } from '../access/choices.tsx'

const W = {
  title: { zh: '属地主体信息', en: 'Organisations of the territory' },
  lead: {
    zh: '按属地原则回推市场主体等组织的基本信息；不含自然人。撤销区划内的主体归入承接区划。',
    en: 'Basic information of organisations goes back to their territory; natural persons are not in it. What lay in an abolished division is found under its successor.',
  },
  changes: { zh: '信息变更', en: 'Changes' },
  subjects: { zh: '主体名单', en: 'Organisations' },
  division: { zh: '行政区划', en: 'Division' },
  all: { zh: '全部区划', en: 'The whole territory' },
  kind: { zh: '变更类型', en: 'Change' },
  every: { zh: '全部类型', en: 'All changes' },
  status: { zh: '状态', en: 'State' },
  anyStatus: { zh: '全部状态', en: 'All states' },
  name: { zh: '名称', en: 'Name' },
  code: { zh: '代码', en: 'Code' },
  noCode: { zh: '无', en: 'none' },
  subjectKind: { zh: '类别', en: 'Kind' },
  at: { zh: '变更时间', en: 'When' },
  before: { zh: '变更前', en: 'Before' },
  in: { zh: '迁入', en: 'moved in' },
  out: { zh: '迁出', en: 'moved out' },
  none: { zh: '没有符合条件的变更。', en: 'No change matches.' },
  noSubjects: { zh: '没有符合条件的主体。', en: 'No organisation matches.' },
  from: { zh: '起始日', en: 'From' },
  to: { zh: '截止日', en: 'To' },
  download: { zh: '下载变更表', en: 'Download the changes' },
} as const satisfies Record<string, Words>

const day = (offset: number): string =>
  new Date(Date.now() + 8 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10)

const DivisionFilter = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const { search, filter } = useListSearch()
  const { rows, nameOf, isAbolished } = useDivisions()
  const own = territoryPrefix(person?.division ?? '')
  const mine = rows.filter((d) => d.code.startsWith(own) && d.code !== person?.division && !isAbolished(d.code))
  if (!mine.length) return null
  return (
    <Select
      aria-label={t(W.division)}
      style={{ minWidth: 160 }}
      value={search.division ?? ''}
      onChange={(division) => filter({ division })}
      options={[{ value: '', label: t(W.all) }, ...mine.map((d) => ({ value: d.code, label: nameOf(d.code) }))]}
    />
  )
}

/** What the subject was before, only where it differs. */
const Before = ({ change }: { change: ChangeView }) => {
  const { t } = useLanguage()
  const { nameOf } = useDivisions()
  const { before } = change
  if (!before) return <>—</>
  const parts = [
    before.name === change.name ? '' : before.name,
    before.code === change.code ? '' : (before.code ?? t(W.noCode)),
    before.division === change.division ? '' : nameOf(before.division),
    before.status === change.status ? '' : t(BASIC_STATUS_WORDS[before.status]),
  ].filter(Boolean)
  return (
    <>
      {parts.map((p) => (
        <div key={p}>{p}</div>
      ))}
    </>
  )
}

const Download = () => {
  const { t } = useLanguage()
  const { search } = useListSearch()
  const [from, setFrom] = useState(day(-30))
  const [to, setTo] = useState(day(0))
  const input = { from, to, ...(search.division ? { division: search.division } : {}) }
  return (
    <Flex gap={8} wrap align="center">
      <Input
        type="date"
        aria-label={t(W.from)}
        value={from}
        onChange={(e) => setFrom(e.target.value || day(-30))}
        style={{ width: 160 }}
      />
      <Input
        type="date"
        aria-label={t(W.to)}
        value={to}
        onChange={(e) => setTo(e.target.value || day(0))}
        style={{ width: 160 }}
      />
      <Button href={urlOf(endpoints.exportBasicChanges, input)}>{t(W.download)}</Button>
    </Flex>
  )
}

const Changes = () => {
  const { t, lang } = useLanguage()
  const { nameOf } = useDivisions()
  const { search, go, filter } = useListSearch()
  const kind = CHANGE_KINDS.find((k) => k === search.act)
  const query = useApi(endpoints.listBasicChanges, {
    order: 'newest',
    after: search.after,
    ...(kind ? { kind } : {}),
    ...(search.division ? { division: search.division } : {}),
  })
  const columns: Column<ChangeView>[] = [
    { key: 'name', title: W.name, lead: true, render: (c) => c.name },
    { key: 'code', title: W.code, short: true, render: (c) => c.code ?? t(W.noCode) },
    {
      key: 'kind',
      title: W.kind,
      render: (c) => (
        <>
          <Tag>{t(CHANGE_WORDS[c.kind])}</Tag> {c.way !== 'within' && t(W[c.way])}
        </>
      ),
    },
    { key: 'before', title: W.before, render: (c) => <Before change={c} /> },
    { key: 'division', title: W.division, render: (c) => nameOf(c.division) },
    { key: 'status', title: W.status, short: true, render: (c) => t(BASIC_STATUS_WORDS[c.status]) },
    { key: 'at', title: W.at, render: (c) => instantWords(c.at, lang) },
  ]
  return (
    <>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <DivisionFilter />
        <Select
          aria-label={t(W.kind)}
          style={{ minWidth: 140 }}
          value={kind ?? ''}
          onChange={(act) => filter({ act })}
          options={[
            { value: '', label: t(W.every) },
            ...CHANGE_KINDS.map((k) => ({ value: k, label: t(CHANGE_WORDS[k]) })),
          ]}
        />
        <Download />
      </Flex>
      <KeyedList
        query={query}
        name={W.changes}
        empty={W.none}
        columns={columns}
        rowKey={(c) => String(c.position)}
        after={search.after}
        go={go}
      />
    </>
  )
}

const Subjects = () => {
  const { t } = useLanguage()
  const { nameOf } = useDivisions()
  const { search, go, filter } = useListSearch()
  const status = BASIC_STATUSES.find((s) => s === search.state)
  const query = useApi(endpoints.listTerritorySubjects, {
    after: search.after,
    ...(status ? { status } : {}),
    ...(search.division ? { division: search.division } : {}),
  })
  const columns: Column<BasicView>[] = [
    { key: 'name', title: W.name, lead: true, render: (s) => s.name },
    { key: 'code', title: W.code, short: true, render: (s) => s.code ?? t(W.noCode) },
    { key: 'kind', title: W.subjectKind, render: (s) => t(SUBJECT_KIND_WORDS[s.subjectKind]) },
    { key: 'division', title: W.division, render: (s) => nameOf(s.division) },
    { key: 'status', title: W.status, short: true, render: (s) => t(BASIC_STATUS_WORDS[s.status]) },
  ]
  return (
    <>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <DivisionFilter />
        <Select
          aria-label={t(W.status)}
          style={{ minWidth: 140 }}
          value={status ?? ''}
          onChange={(state) => filter({ state })}
          options={[
            { value: '', label: t(W.anyStatus) },
            ...BASIC_STATUSES.map((s) => ({ value: s, label: t(BASIC_STATUS_WORDS[s]) })),
          ]}
        />
      </Flex>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.noSubjects} />}>
        {(data) => (
          <KeyedTable
            name={W.subjects}
            rows={data.rows}
            columns={columns}
            rowKey={(s) => `${s.code}${s.name}`}
            after={search.after}
            next={data.next}
            go={go}
          />
        )}
      </Shown>
    </>
  )
}

export const Territory = () => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.lead)}</p>
      <Tabs
        activeKey={search.view === 'subjects' ? 'subjects' : 'changes'}
        destroyOnHidden
        onChange={(view) => filter({ view: view === 'changes' ? '' : view, state: '', act: '' })}
        items={[
          { key: 'changes', label: t(W.changes), children: <Changes /> },
          { key: 'subjects', label: t(W.subjects), children: <Subjects /> },
        ]}
      />
    </>
  )
}
