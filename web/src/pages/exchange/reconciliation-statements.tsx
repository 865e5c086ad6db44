import { Button, Descriptions, Drawer, Tag } from 'antd'
import { useState } from 'react'
import { type StatementView, endpoints } from '../../../../src/capabilities/reconciliation/contract.ts'
import {
  FIGURE_WORDS,
  STATEMENT_STATE_WORDS,
  type StatementState,
} from '../../../../src/capabilities/reconciliation/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  list: { zh: '每日对账单', en: 'Daily statements' },
  day: { zh: '日期', en: 'Day' },
  state: { zh: '状态', en: 'State' },
  figures: { zh: '核对结果', en: 'Figures' },
  see: { zh: '查看', en: 'Open' },
  seeOne: { zh: '查看{day}对账单', en: 'Open the statement of {day}' },
  action: { zh: '操作', en: 'Actions' },
  close: { zh: '关闭', en: 'Close' },
  title: { zh: '{day}对账单', en: 'Statement of {day}' },
  download: { zh: '下载对账单', en: 'Download' },
  sent: {
    zh: '发出 {sent} = 已确认 {sentAcknowledged} + 被退回 {sentRefused} + 待确认 {sentPending} + 未能送达 {sentDead}',
    en: 'Sent {sent} = acknowledged {sentAcknowledged} + sent back {sentRefused} + pending {sentPending} + not delivered {sentDead}',
  },
  received: {
    zh: '收到结果 {received} = 已同步 {receivedApplied} + 无需处理 {receivedAlready} + 不予接收 {receivedRefused} + 待处理 {receivedPending}',
    en: 'Received {received} = carried out {receivedApplied} + nothing to do {receivedAlready} + refused {receivedRefused} + pending {receivedPending}',
  },
  here: {
    zh: '本平台公示 {shownHere} = 一致 {same} + 依规则仅本平台公示 {ruledHere} + 有差异 {differingHere}',
    en: 'Shown here {shownHere} = the same {same} + here only by the rules {ruledHere} + differing {differingHere}',
  },
  there: {
    zh: '公示系统公示 {shownThere} = 一致 {same} + 依规则仅公示系统公示 {ruledThere} + 有差异 {differingThere}',
    en: 'Shown there {shownThere} = the same {same} + there only by the rules {ruledThere} + differing {differingThere}',
  },
  open: {
    zh: '上期未结 {openBefore} + 新发现 {found} = 办结 {closed} + 未结 {openAfter}',
    en: 'Open before {openBefore} + found {found} = closed {closed} + open {openAfter}',
  },
  madeUp: { zh: '已由{day}的对账补做', en: 'Made up by the statement of {day}' },
  running: { zh: '正在对账，完成后显示结果。', en: 'Under way; the figures follow.' },
  unknown: { zh: '未完成，原因不明，请立即对账重试。', en: 'Not finished; please start it again.' },
  retry: { zh: '将于{at}重试', en: 'Tried again {at}' },
  finished: { zh: '完成时间', en: 'Finished' },
  hash: { zh: '文件校验值（SHA-256）', en: 'SHA-256 of the file' },
  previous: { zh: '上一份校验值', en: 'SHA-256 of the one before' },
  terms: {
    zh: '一致的信息中有 {sameOtherTerms} 条，因两部门规章的起算日或者分类不同，在两个系统的公示截止日不同，属正常情形。',
    en: 'Of those that agree, {sameOtherTerms} end on other days on the two sides because the two orders count or class them differently; this is as it should be.',
  },
  empty: {
    zh: '还没有对账单。每日到时自动对账，也可以立即对账。',
    en: 'No statements yet. They are made each day at the hour, or at once on demand.',
  },
} as const satisfies Record<string, Words>

const COLOURS: Record<StatementState, string> = { running: 'gold', done: 'green', failed: 'red', made_up: 'blue' }
const EQUATIONS = [W.sent, W.received, W.here, W.there, W.open] as const
const hasFigures = (s: StatementView) => s.finishedAt !== null

const Why = ({ s }: { s: StatementView }) => {
  const { t, lang } = useLanguage()
  return (
    <>
      {s.fault && <div>{t(s.fault)}</div>}
      {s.state === 'running' && <div>{t(W.running)}</div>}
      {s.state === 'failed' && !s.fault && <div>{t(W.unknown)}</div>}
      {s.madeUpBy && <div>{t(W.madeUp, { day: dayWords(s.madeUpBy, lang) })}</div>}
      {s.state === 'failed' && s.retryAt && <div>{t(W.retry, { at: instantWords(s.retryAt, lang) })}</div>}
    </>
  )
}
const Equations = ({ s }: { s: StatementView }) => {
  const { t } = useLanguage()
  return (
    <>
      {EQUATIONS.map((line) => (
        <div key={line.en}>{t(line, s)}</div>
      ))}
    </>
  )
}

const fileOf = (s: StatementView) => urlOf(endpoints.statementFile, { peerId: s.peerId, day: s.day })

const Whole = ({ s }: { s: StatementView }) => {
  const { t, lang } = useLanguage()
  const code = (hash: string | null) => (hash ? <code style={{ overflowWrap: 'anywhere' }}>{hash}</code> : '—')
  return (
    <>
      <Equations s={s} />
      <p>{t(W.terms, s)}</p>
      <Descriptions
        bordered
        size="small"
        column={1}
        items={[
          ...Object.entries(FIGURE_WORDS).map(([name, words]) => ({
            key: name,
            label: t(words),
            children: s[name as keyof typeof FIGURE_WORDS].toLocaleString('en'),
          })),
          { key: 'finished', label: t(W.finished), children: instantWords(s.finishedAt, lang) },
          { key: 'hash', label: t(W.hash), children: code(s.fileHash) },
          { key: 'previous', label: t(W.previous), children: code(s.previousHash) },
        ]}
      />
    </>
  )
}

export const Statements = () => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const [open, setOpen] = useState<StatementView | null>(null)
  const query = useApi(endpoints.listStatements, { peerId: search.by, after: search.after })
  const columns: Column<StatementView>[] = [
    {
      key: 'day',
      title: W.day,
      lead: true,
      render: (s) => (
        <>
          <strong>{dayWords(s.day, lang)}</strong>
          <div className="xh-quiet">{s.peerName}</div>
        </>
      ),
    },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (s) => <Tag color={COLOURS[s.state]}>{t(STATEMENT_STATE_WORDS[s.state])}</Tag>,
    },
    { key: 'figures', title: W.figures, render: (s) => (hasFigures(s) ? <Equations s={s} /> : <Why s={s} />) },
    {
      key: 'action',
      title: W.action,
      short: true,
      render: (s) =>
        hasFigures(s) && (
          <Button size="small" aria-label={t(W.seeOne, { day: dayWords(s.day, lang) })} onClick={() => setOpen(s)}>
            {t(W.see)}
          </Button>
        ),
    },
  ]
  return (
    <>
      <KeyedList
        query={query}
        name={W.list}
        empty={W.empty}
        columns={columns}
        rowKey={(s) => `${s.day} ${s.peerId}`}
        after={search.after}
        go={go}
      />
      {open && (
        <Drawer
          open
          size="large"
          onClose={() => setOpen(null)}
          closable={{ 'aria-label': t(W.close) }}
          title={t(W.title, { day: dayWords(open.day, lang) })}
          extra={
            open.fileHash && (
              <Button type="primary" href={fileOf(open)}>
                {t(W.download)}
              </Button>
            )
          }
        >
          <Whole s={open} />
        </Drawer>
      )}
    </>
  )
}
