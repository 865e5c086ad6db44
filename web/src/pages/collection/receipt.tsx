import { useNavigate, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Drawer, Flex, Progress, Segmented, Statistic } from 'antd'
import { useEffect, useState } from 'react'
import { type RowView, type SubmissionView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import {
  ROW_ACTIONS,
  ROW_ACTION_WORDS,
  SUBMISSION_STATE_WORDS,
  VERDICTS,
  VERDICT_WORDS,
  type Verdict,
  WAY_IN_WORDS,
} from '../../../../src/capabilities/collection/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, bytesWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable, Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { History } from '../records/history.tsx'
import { PassedOver } from './preflight.tsx'
import { Problems } from './problems.tsx'
import { Receivers } from './receivers.tsx'
import { AcceptedMendsLog, ReturnedMends } from './returned-mends.tsx'

const W = {
  heading: { zh: '报送回执', en: 'Receipt' },
  title: { zh: '报送回执 {no}', en: 'Receipt {no}' },
  received: { zh: '接收', en: 'Received' },
  accepted: { zh: '入库', en: 'Accepted' },
  refused: { zh: '退回', en: 'Returned' },
  pending: { zh: '待核实', en: 'To be confirmed' },
  held: { zh: '已有相同记录', en: 'Already held' },
  balances: {
    zh: '接收 {received} = 入库 {accepted} + 退回 {refused} + 待核实 {pending} + 已有相同记录 {held}，逐行相符。',
    en: 'Received {received} = accepted {accepted} + returned {refused} + pending {pending} + already held {held}; it balances to the row.',
  },
  continued: {
    zh: '处理曾经中断，已自第 {n} 行起继续，此前的结果全部有效，没有重复。',
    en: 'The work was interrupted and went on from row {n}; what was done before stands and nothing is doubled.',
  },
  counting: { zh: '正在读取文件', en: 'Reading the file' },
  remaining: {
    zh: '已处理 {received} 行，共 {total} 行，剩余 {remaining} 行。',
    en: '{received} of {total} rows done, {remaining} to go.',
  },
  rate: { zh: '每秒约 {rate} 行，预计还需 {seconds} 秒。', en: 'About {rate} rows a second, {seconds} seconds left.' },
  file: { zh: '文件', en: 'File' },
  item: { zh: '事项', en: 'Item' },
  authority: { zh: '报送单位', en: 'Authority' },
  way: { zh: '报送方式', en: 'Way in' },
  at: { zh: '报送时间', en: 'Handed in' },
  done: { zh: '处理完毕时间', en: 'Finished' },
  hash: { zh: '文件校验值', en: 'File fingerprint' },
  state: { zh: '处理状态', en: 'State' },
  workbook: { zh: '下载退回数据表', en: 'Download the workbook of returned rows' },
  again: { zh: '修改后重新上传', en: 'Send the mended workbook' },
  rows: { zh: '逐行结果', en: 'Row by row' },
  history: { zh: '更正与撤销', en: 'Versions and annulment' },
  n: { zh: '行号', en: 'Row' },
  name: { zh: '名称', en: 'Name' },
  docNo: { zh: '文号', en: 'Document number' },
  verdict: { zh: '结果', en: 'Verdict' },
  none: { zh: '没有这一类结果的数据行。', en: 'There are no rows with this verdict.' },
  noneYet: { zh: '文件正在处理，逐行结果会陆续显示。', en: 'The file is being processed; verdicts will appear here.' },
  fileReturned: { zh: '整份文件已退回，没有任何数据入库', en: 'The whole file was returned; nothing was taken in' },
} as const satisfies Record<string, Words>

const Rows = ({ submission }: { submission: SubmissionView }) => {
  const { t } = useLanguage()
  const { search, go, filter } = useListSearch()
  const verdict = (VERDICTS.find((v) => v === search.verdict) ??
    (submission.refused ? 'refused' : submission.pending ? 'pending' : 'accepted')) as Verdict
  const query = useApi(
    endpoints.listRows,
    { id: submission.id, verdict, after: search.after },
    { every: submission.state === 'running' ? 2000 : false },
  )
  const { refetch } = query
  // What was read while the file was still being processed is read once more when it is done.
  useEffect(() => {
    if (submission.state === 'done') void refetch()
  }, [refetch, submission.state])
  const decide = useAct(endpoints.decideRow)
  const [opened, setOpened] = useState<RowView | null>(null)
  const columns: Column<RowView>[] = [
    { key: 'name', title: W.name, lead: true, render: (r) => r.name || '—' },
    { key: 'n', title: W.n, short: true, render: (r) => r.n, width: 80 },
    { key: 'docNo', title: W.docNo, render: (r) => r.docNo || '—' },
    { key: 'verdict', title: W.verdict, short: true, render: (r) => t(VERDICT_WORDS[r.verdict]) },
    ...(verdict === 'accepted' || verdict === 'already_held'
      ? [
          {
            key: 'history',
            title: W.history,
            short: true,
            render: (r: RowView) => (r.recordId ? <Button onClick={() => setOpened(r)}>{t(W.history)}</Button> : null),
          },
        ]
      : []),
  ]
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.rows)}</h2>
      <Segmented
        aria-label={t(W.verdict)}
        value={verdict}
        onChange={(v) => filter({ verdict: v })}
        options={VERDICTS.map((v) => ({ value: v, label: t(VERDICT_WORDS[v]) }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      {decide.error && <Failed problem={decide.error} />}
      <Shown
        query={query}
        isEmpty={(d) => d.rows.length === 0}
        empty={<Nothing why={submission.state === 'done' ? W.none : W.noneYet} />}
      >
        {(data) =>
          verdict === 'refused' || verdict === 'pending' ? (
            <>
              {data.rows.map((row) => (
                <div key={row.n}>
                  <Problems n={row.n} name={row.name} problems={row.problems} />
                  {row.mayDecide && (
                    <Flex gap={8} wrap style={{ paddingBottom: 10 }}>
                      {ROW_ACTIONS.map((action) => (
                        <Button
                          key={action}
                          loading={decide.isPending}
                          onClick={() => decide.mutate({ id: submission.id, n: row.n, action, seen: row.version })}
                        >
                          {t(ROW_ACTION_WORDS[action])}
                        </Button>
                      ))}
                    </Flex>
                  )}
                </div>
              ))}
              <Paging after={search.after} next={data.next} go={go} />
            </>
          ) : (
            <KeyedTable
              name={W.rows}
              rows={data.rows}
              columns={columns}
              rowKey={(r) => String(r.n)}
              after={search.after}
              next={data.next}
              go={go}
            />
          )
        }
      </Shown>
      <Drawer open={opened !== null} onClose={() => setOpened(null)} size="large" title={opened?.docNo} destroyOnHidden>
        {opened?.recordId && <History id={opened.recordId} />}
      </Drawer>
    </Card>
  )
}

type Beat = { at: number; received: number }
/** How fast it goes, from what the last polls said, and how long it will take. */
const Running = ({ submission: s }: { submission: SubmissionView }) => {
  const { t } = useLanguage()
  const [beats, setBeats] = useState<Beat[]>([])
  useEffect(() => {
    const beat = { at: performance.now(), received: s.received }
    const timer = setTimeout(() => setBeats((held) => [...held, beat].slice(-BEATS)))
    return () => clearTimeout(timer)
  }, [s.received])
  const [first] = beats
  const last = beats.at(-1)
  const seconds = first && last ? (last.at - first.at) / 1000 : 0
  const rate = first && last && seconds > 0 ? Math.round((last.received - first.received) / seconds) : 0
  const remaining = Math.max(0, s.totalRows - s.received)
  return (
    <div style={{ marginBottom: 16 }}>
      <Progress percent={Math.floor(s.progress)} status="active" aria-label={t(W.state)} />
      <output>
        {s.totalRows > 0 ? t(W.remaining, { received: s.received, total: s.totalRows, remaining }) : t(W.counting)}
        {rate > 0 && remaining > 0 && ` ${t(W.rate, { rate, seconds: Math.ceil(remaining / rate) })}`}
      </output>
    </div>
  )
}
const BEATS = 6

export const Receipt = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const navigate = useNavigate()
  const query = useApi(
    endpoints.getSubmission,
    { id },
    { every: (s) => (s && (s.state === 'received' || s.state === 'running') ? 800 : false) },
  )
  return (
    <Shown query={query} heading={W.heading}>
      {(s) => (
        <>
          <h1>{t(W.title, { no: s.no })}</h1>
          {s.refusal && (
            <Alert
              type="error"
              showIcon
              title={t(W.fileReturned)}
              description={s.refusal.message}
              style={{ marginBottom: 16 }}
            />
          )}
          {(s.state === 'running' || s.state === 'received') && <Running submission={s} />}
          {s.continuedFrom !== null && (
            <Alert
              type="info"
              showIcon
              title={t(W.continued, { n: s.continuedFrom + 1 })}
              style={{ marginBottom: 16 }}
            />
          )}
          <Card>
            <Flex gap={24} wrap aria-live="polite">
              <Statistic title={t(W.received)} value={s.received} />
              <Statistic title={t(W.accepted)} value={s.accepted} />
              <Statistic title={t(W.refused)} value={s.refused} />
              <Statistic title={t(W.pending)} value={s.pending} />
              <Statistic title={t(W.held)} value={s.alreadyHeld} />
            </Flex>
            <p>
              {t(W.balances, {
                received: s.received,
                accepted: s.accepted,
                refused: s.refused,
                pending: s.pending,
                held: s.alreadyHeld,
              })}
            </p>
            <PassedOver asides={s.asides} />
            {s.workbook && (
              <Flex gap={12} wrap style={{ marginBottom: 12 }}>
                <Button type="primary" href={urlOf(endpoints.refusedWorkbook, { id: s.id })}>
                  {t(W.workbook)}
                </Button>
                {has('collector', 'credit_office') && (
                  <Button
                    onClick={() =>
                      void navigate({ to: '/submissions/new', search: { item: s.item, subject: s.id } as never })
                    }
                  >
                    {t(W.again)}
                  </Button>
                )}
              </Flex>
            )}
            <Descriptions
              size="small"
              column={{ xs: 1, md: 2 }}
              items={[
                { key: 'state', label: t(W.state), children: t(SUBMISSION_STATE_WORDS[s.state]) },
                { key: 'item', label: t(W.item), children: t(s.itemName) },
                {
                  key: 'file',
                  label: t(W.file),
                  children: s.bytes ? `${s.fileName}${bracketed(bytesWords(s.bytes), lang)}` : s.fileName,
                },
                { key: 'authority', label: t(W.authority), children: s.authority.name },
                { key: 'way', label: t(W.way), children: t(WAY_IN_WORDS[s.wayIn]) },
                { key: 'at', label: t(W.at), children: instantWords(s.createdAt, lang) },
                { key: 'done', label: t(W.done), children: instantWords(s.finishedAt, lang) },
                ...(s.fileHash
                  ? [{ key: 'hash', label: t(W.hash), children: <code>{s.fileHash.slice(0, 16)}</code> }]
                  : []),
              ]}
            />
          </Card>
          {s.state === 'done' && s.refused > 0 && has('collector', 'credit_office') && <ReturnedMends submission={s} />}
          {s.state !== 'refused' && <Rows submission={s} />}
          {s.state !== 'refused' && <AcceptedMendsLog submission={s} />}
          {s.state === 'done' && s.accepted > 0 && <Receivers item={s.item} submission={s.id} />}
        </>
      )}
    </Shown>
  )
}
