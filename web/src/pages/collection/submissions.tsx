import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Flex, Progress, Select } from 'antd'
import { type SubmissionView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import {
  SUBMISSION_STATES,
  SUBMISSION_STATE_WORDS,
  type SubmissionState,
  WAY_IN_WORDS,
} from '../../../../src/capabilities/collection/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const TITLE: Words = { zh: '数据报送', en: 'Submissions' }
const NEW: Words = { zh: '上传报送文件', en: 'Hand in a file' }
const FORM: Words = { zh: '在线填报', en: 'Online form' }
const RECORDS: Words = { zh: '本单位信息', en: 'Records of my authority' }
const ALL: Words = { zh: '全部状态', en: 'All states' }
const STATE: Words = { zh: '处理状态', en: 'State' }
const EMPTY: Words = {
  zh: '没有符合条件的报送。上传本单位的行政许可、行政处罚等文件后，每次报送的回执会列在这里。',
  en: 'No submissions match. When your authority hands in a file, its receipt is listed here.',
}
const W = {
  no: { zh: '报送编号', en: 'Number' },
  file: { zh: '文件', en: 'File' },
  item: { zh: '事项', en: 'Item' },
  authority: { zh: '报送单位', en: 'Authority' },
  balance: { zh: '接收 = 入库 + 退回 + 待核实 + 已有', en: 'Received = accepted + returned + pending + held' },
  at: { zh: '报送时间', en: 'Handed in' },
} as const satisfies Record<string, Words>

export const balanceOf = (s: SubmissionView): string =>
  `${s.received} = ${s.accepted} + ${s.refused} + ${s.pending} + ${s.alreadyHeld}`

export const Submissions = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const navigate = useNavigate()
  const query = useApi(
    endpoints.listSubmissions,
    { after: search.after, state: search.state as SubmissionState | undefined, item: search.item },
    { every: (data) => (data?.rows.some((r) => r.state === 'received' || r.state === 'running') ? 1500 : false) },
  )
  const columns: Column<SubmissionView>[] = [
    {
      key: 'no',
      title: W.no,
      lead: true,
      short: true,
      render: (r) => (
        <Link to="/submissions/$id" params={{ id: r.id }}>
          {r.no}
        </Link>
      ),
    },
    { key: 'item', title: W.item, short: true, render: (r) => t(r.itemName) },
    {
      key: 'file',
      title: W.file,
      render: (r) => (r.wayIn === 'web' ? r.fileName : `${r.fileName}${bracketed(t(WAY_IN_WORDS[r.wayIn]), lang)}`),
    },
    ...(has('credit_office')
      ? [{ key: 'authority', title: W.authority, render: (r: SubmissionView) => r.authority.name }]
      : []),
    { key: 'balance', title: W.balance, short: true, render: (r) => balanceOf(r) },
    {
      key: 'state',
      title: STATE,
      short: true,
      render: (r) => (
        <>
          {t(SUBMISSION_STATE_WORDS[r.state])}
          {r.state === 'running' && <Progress percent={Math.floor(r.progress)} size="small" aria-label={t(STATE)} />}
        </>
      ),
    },
    { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.createdAt, lang) },
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(TITLE)}</h1>
        {has('collector', 'head') && (
          <Button onClick={() => void navigate({ to: '/submissions/records' })}>{t(RECORDS)}</Button>
        )}
        {has('collector', 'credit_office') && (
          <Flex gap={8} wrap>
            <Button onClick={() => void navigate({ to: '/submissions/form' })}>{t(FORM)}</Button>
            <Button type="primary" onClick={() => void navigate({ to: '/submissions/new' })}>
              {t(NEW)}
            </Button>
          </Flex>
        )}
      </Flex>
      <Select
        aria-label={t(STATE)}
        style={{ minWidth: 180, marginBottom: 12 }}
        value={search.state ?? ''}
        onChange={(state: string) => filter({ state })}
        options={[
          { value: '', label: t(ALL) },
          ...SUBMISSION_STATES.map((s) => ({ value: s, label: t(SUBMISSION_STATE_WORDS[s]) })),
        ]}
      />
      <KeyedList
        query={query}
        name={TITLE}
        empty={EMPTY}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
