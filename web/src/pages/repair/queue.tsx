import { Link } from '@tanstack/react-router'
import { Checkbox, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { type QueueRow, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { ACTION_WORDS, KIND_WORDS, STATE_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { useSession } from '../../app/session.tsx'
import { Batch } from './batch.tsx'
import { Clock } from './parts.tsx'

const W = {
  title: { zh: '待办修复事项', en: 'Items to decide' },
  open: { zh: '待办理（{n}）', en: 'To do ({n})' },
  waiting: { zh: '等待申请人补正（{n}）', en: 'With the applicant ({n})' },
  done: { zh: '已办结', en: 'Done' },
  views: { zh: '事项范围', en: 'Which items' },
  overdue: { zh: '其中 {n} 项已逾期。', en: 'Overdue: {n}.' },
  head: { zh: '{n} 项等待负责人审批。', en: 'Awaiting the head: {n}.' },
  empty: {
    zh: '没有这一范围的事项。新的修复申请提交后会按办理期限排列在这里。',
    en: 'Nothing here. New items appear in the order of their deadlines.',
  },
  choose: { zh: '选择', en: 'Choose' },
  chooseOne: { zh: '选择{doc}', en: 'Choose {doc}' },
  duties: { zh: '修复决定后的推送、主体注销登记', en: 'What is owed after a decision; deregistration' },
  routes: { zh: '信用修复办理分工', en: 'Who handles repair' },
  doc: { zh: '记录', en: 'Record' },
  subject: { zh: '申请主体', en: 'Subject' },
  state: { zh: '状态', en: 'State' },
  due: { zh: '办理期限', en: 'Due' },
  submitted: { zh: '提交日期', en: 'Submitted' },
  no: { zh: '申请编号', en: 'Application' },
  proposed: { zh: '待审批：{action}', en: 'Proposed: {action}' },
} as const satisfies Record<string, Words>

export const Queue = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const view = search.view === 'waiting' || search.view === 'done' ? search.view : 'open'
  const query = useApi(endpoints.queue, { view, after: search.after }, { every: 15_000 })
  const { has } = useSession()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const chosen = (query.data?.rows ?? []).filter((r) => picked.has(r.itemId))
  const choose = (row: QueueRow, on: boolean) => {
    const next = new Set(picked)
    if (on) next.add(row.itemId)
    else next.delete(row.itemId)
    setPicked(next)
  }
  const columns: Column<QueueRow>[] = [
    ...(view === 'open'
      ? [
          {
            key: 'choose',
            title: W.choose,
            short: true,
            render: (r: QueueRow) => (
              <Checkbox
                aria-label={t(W.chooseOne, { doc: r.docNo })}
                checked={picked.has(r.itemId)}
                onChange={(e) => choose(r, e.target.checked)}
              />
            ),
          },
        ]
      : []),
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (r) => (
        <Link to="/queue/$subject/$item" params={{ subject: r.subjectId, item: r.itemId }}>
          {t(r.itemName)} · <span lang="zh-CN">{r.docNo}</span>
        </Link>
      ),
    },
    {
      key: 'subject',
      title: W.subject,
      render: (r) => (r.kind === 'shield' ? `${r.subjectName}${bracketed(t(KIND_WORDS.shield), lang)}` : r.subjectName),
    },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <>
          {t(STATE_WORDS[r.state])}{' '}
          {r.proposal && <Tag color="gold">{t(W.proposed, { action: ACTION_WORDS[r.proposal.action] })}</Tag>}
        </>
      ),
    },
    { key: 'due', title: W.due, render: (r) => (r.clock ? <Clock clock={r.clock} /> : '—') },
    { key: 'submitted', title: W.submitted, short: true, render: (r) => dayWords(r.submittedOn, lang) },
    { key: 'no', title: W.no, short: true, render: (r) => r.no },
  ]
  const counts = query.data?.counts
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Segmented
        aria-label={t(W.views)}
        value={view}
        onChange={(v) => filter({ view: v })}
        options={[
          { value: 'open', label: t(W.open, { n: counts?.open ?? 0 }) },
          { value: 'waiting', label: t(W.waiting, { n: counts?.waiting ?? 0 }) },
          { value: 'done', label: t(W.done) },
        ]}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      {counts && (counts.overdue > 0 || counts.awaitingHead > 0) && (
        <output style={{ display: 'block', marginBottom: 12 }}>
          {counts.overdue > 0 && t(W.overdue, { n: counts.overdue })}{' '}
          {counts.awaitingHead > 0 && t(W.head, { n: counts.awaitingHead })}
        </output>
      )}
      <Batch chosen={chosen} clear={() => setPicked(new Set())} />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.itemId}
        after={search.after}
        go={go}
      />
      <p style={{ marginTop: 16 }}>
        {has('officer', 'head') && <Link to="/queue/duties">{t(W.duties)}</Link>}{' '}
        <a href={`/routes?lang=${lang}`} style={{ marginInlineStart: 12 }}>
          {t(W.routes)}
        </a>
      </p>
    </>
  )
}
