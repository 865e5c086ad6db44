import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Flex, Modal, Statistic, Tag } from 'antd'
import { useState } from 'react'
import { type FigureItem, type FigureRow, endpoints } from '../../../../src/capabilities/corrections/contract.ts'
import { TASK_KIND_WORDS } from '../../../../src/capabilities/corrections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { useDivisions } from '../access/choices.tsx'
import { CodesNav } from './nav.tsx'

const W = {
  title: { zh: '统一代码覆盖率和重错码', en: 'Coverage, wrong and duplicate codes' },
  intro: {
    zh: '按登记管理部门和行政区划统计。点击数字查看明细，可以向登记管理部门发起核实。',
    en: 'By registering authority and district. Each figure opens to its rows, from which the registrar can be asked.',
  },
  registrar: { zh: '登记管理部门', en: 'Registrar' },
  division: { zh: '行政区划', en: 'District' },
  organisations: { zh: '组织数', en: 'Organisations' },
  coverage: { zh: '统一代码覆盖率', en: 'Coverage' },
  uncoded: { zh: '无统一代码', en: 'No unified code' },
  wrong: { zh: '错码数据', en: 'Wrong codes' },
  duplicate: { zh: '重码、名称冲突', en: 'Duplicates' },
  tasks: { zh: '核实任务', en: 'Tasks' },
  corrected: { zh: '纠正率', en: 'Corrected' },
  inTime: { zh: '按期答复率', en: 'In time' },
  overdue: { zh: '逾期', en: 'Overdue' },
  of: { zh: '{share}（{n}/{of}）', en: '{share} ({n} of {of})' },
  none: { zh: '—', en: '—' },
  empty: { zh: '尚未归集到组织信息。', en: 'No organisation is held yet.' },
  rows: { zh: '明细', en: 'Rows' },
  back: { zh: '返回统计', en: 'Back to the figures' },
  name: { zh: '名称', en: 'Name' },
  held: { zh: '登记或者报送的代码、名称', en: 'Code or name' },
  by: { zh: '报送单位', en: 'Handed in by' },
  at: { zh: '发现时间', en: 'Found' },
  kind: { zh: '问题', en: 'Fault' },
  act: { zh: '核实', en: 'Check' },
  open: { zh: '发起核实', en: 'Ask the registrar' },
  seeTask: { zh: '查看任务', en: 'See the task' },
  sure: { zh: '向登记管理部门发起核实：{name}', en: 'Ask the registering authority about {name}' },
  sureText: {
    zh: '将按类别和地区确定登记管理部门；平台上没有该部门的，由信用办核实。',
    en: 'The registrar follows from the category and the place; where none is on the platform, the credit office answers itself.',
  },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  nothing: { zh: '没有这一类数据。', en: 'There are no such rows.' },
  goal: { zh: '覆盖率目标：{share}', en: 'Goal: {share}' },
  elsewhere: { zh: '未注明', en: 'Not stated' },
} as const satisfies Record<string, Words>

const COLUMNS = ['uncoded', 'wrong', 'duplicate'] as const
type ColumnKey = (typeof COLUMNS)[number]
const share = (n: number, of: number): string => (of === 0 ? '—' : `${((100 * n) / of).toFixed(1)}%`)

const Rows = ({ column, registrar, division }: { column: ColumnKey; registrar?: string; division?: string }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const [asked, setAsked] = useState<FigureItem | null>(null)
  const query = useApi(endpoints.codeFigureRows, {
    column,
    ...(registrar === undefined ? {} : { registrar }),
    ...(division === undefined ? {} : { division }),
    after: search.after,
  })
  const open = useAct(endpoints.openTask, () => setAsked(null))
  const columns: Column<FigureItem>[] = [
    { key: 'name', title: W.name, lead: true, render: (r) => r.name || '—' },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(TASK_KIND_WORDS[r.kind]) },
    {
      key: 'held',
      title: W.held,
      render: (r) => (
        <span>
          {r.held || '—'}
          {r.offered && ` / ${r.offered}`}
        </span>
      ),
    },
    ...(column === 'wrong' ? [{ key: 'by', title: W.by, render: (r: FigureItem) => r.authorityName || '—' }] : []),
    ...(column === 'uncoded'
      ? []
      : [{ key: 'at', title: W.at, short: true, render: (r: FigureItem) => instantWords(r.at, lang) }]),
    {
      key: 'act',
      title: W.act,
      short: true,
      render: (r) =>
        r.taskId ? (
          <Link to="/codes/tasks/$id" params={{ id: r.taskId }}>
            {t(W.seeTask)}
          </Link>
        ) : has('credit_office') ? (
          <Button size="small" onClick={() => setAsked(r)} aria-label={t(W.sure, { name: r.name })}>
            {t(W.open)}
          </Button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <section aria-label={t(W.rows)}>
      <h2>
        {t(W[column])}
        {registrar ? ` · ${registrar}` : ''}
      </h2>
      <p>
        <Link to="/codes" search={{}}>
          {t(W.back)}
        </Link>
      </p>
      <KeyedList
        query={query}
        name={W.rows}
        empty={W.nothing}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
      {asked && (
        <Modal
          open
          title={t(W.sure, { name: asked.name })}
          okText={t(W.open)}
          cancelText={t(W.cancel)}
          closable={{ 'aria-label': t(W.close) }}
          okButtonProps={{ loading: open.isPending }}
          onCancel={() => setAsked(null)}
          onOk={() => open.mutate({ ...asked.about, reason: '' })}
        >
          <p>{t(W.sureText)}</p>
          {open.error && <Failed problem={open.error} />}
        </Modal>
      )}
    </section>
  )
}

const Figures = () => {
  const { t } = useLanguage()
  const { nameOf } = useDivisions()
  const query = useApi(endpoints.codeFigures, {})
  const figure = (r: FigureRow, key: ColumnKey) =>
    r[key] === 0 ? (
      0
    ) : (
      <Link
        to="/codes"
        search={{ view: key, system: r.registrar.zh, ...(r.division ? { q: r.division } : {}) } as never}
        aria-label={`${t(r.registrar)} ${r.division ? nameOf(r.division) : ''} ${t(W[key])} ${r[key]}`}
      >
        {r[key]}
      </Link>
    )
  const part = (n: number, of: number) => (of === 0 ? t(W.none) : t(W.of, { share: share(n, of), n, of }))
  const columns: Column<FigureRow>[] = [
    {
      key: 'registrar',
      title: W.registrar,
      lead: true,
      render: (r) => `${t(r.registrar)} · ${r.division ? nameOf(r.division) : t(W.elsewhere)}`,
    },
    { key: 'organisations', title: W.organisations, short: true, render: (r) => r.organisations },
    { key: 'coverage', title: W.coverage, short: true, render: (r) => part(r.coded, r.organisations) },
    ...COLUMNS.map((key): Column<FigureRow> => ({ key, title: W[key], short: true, render: (r) => figure(r, key) })),
    { key: 'tasks', title: W.tasks, short: true, render: (r) => r.opened },
    { key: 'corrected', title: W.corrected, short: true, render: (r) => part(r.corrected, r.opened) },
    { key: 'inTime', title: W.inTime, short: true, render: (r) => part(r.inTime, r.due) },
    {
      key: 'overdue',
      title: W.overdue,
      short: true,
      render: (r) => (r.overdue > 0 ? <Tag color="red">{r.overdue}</Tag> : 0),
    },
  ]
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
      {(data) => {
        const sum = (key: keyof FigureRow) => data.rows.reduce((n, r) => n + Number(r[key]), 0)
        return (
          <>
            <Flex gap={12} wrap style={{ marginBottom: 16 }}>
              <Card size="small">
                <Statistic title={t(W.coverage)} value={share(sum('coded'), sum('organisations'))} />
                {data.goal !== null && <span>{t(W.goal, { share: share(data.goal, 1) })}</span>}
              </Card>
              {COLUMNS.map((key) => (
                <Card size="small" key={key}>
                  <Statistic title={t(W[key])} value={sum(key)} />
                </Card>
              ))}
              <Card size="small">
                <Statistic title={t(W.corrected)} value={share(sum('corrected'), sum('opened'))} />
              </Card>
            </Flex>
            {data.unsure && <Alert type="info" showIcon title={t(data.unsure)} style={{ marginBottom: 12 }} />}
            <KeyedTable
              name={W.title}
              rows={data.rows}
              columns={columns}
              rowKey={(r) => `${r.registrar.zh}${r.division ?? ''}`}
            />
          </>
        )
      }}
    </Shown>
  )
}

export const Codes = () => {
  const { t } = useLanguage()
  const { search } = useListSearch()
  const column = COLUMNS.find((c) => c === search.view)
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>{t(W.intro)}</p>
      {column ? (
        <Rows
          column={column}
          {...(search.system === undefined ? {} : { registrar: search.system })}
          {...(search.q === undefined ? {} : { division: search.q })}
        />
      ) : (
        <Figures />
      )}
    </>
  )
}
