import { Link } from '@tanstack/react-router'
import { Button, Drawer, Select, Tag } from 'antd'
import { useState } from 'react'
import { type SubmissionLine, endpoints } from '../../../../src/capabilities/balance/contract.ts'
import {
  COUNT_WORDS,
  PROOF_VERDICTS,
  PROOF_VERDICT_WORDS,
  type ProofVerdict,
} from '../../../../src/capabilities/balance/words.ts'
import { SUBMISSION_STATE_WORDS, WAY_IN_WORDS } from '../../../../src/capabilities/collection/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Shown } from '../../ui/states.tsx'
import { spanOf } from './span.ts'

const STATES = [...PROOF_VERDICTS, 'open'] as const
const W = {
  list: { zh: '逐次报送', en: 'Each submission' },
  no: { zh: '报送编号', en: 'Number' },
  authority: { zh: '报送单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  way: { zh: '报送方式', en: 'Way in' },
  at: { zh: '报送时间', en: 'Handed in' },
  balance: { zh: '接收 = 入库 + 退回 + 待核实 + 已有', en: 'Received = accepted + returned + pending + held' },
  proof: { zh: '核验结果', en: 'Proof' },
  all: { zh: '全部核验结果', en: 'All' },
  see: { zh: '查看核验结果', en: 'See the proof' },
  seeOne: { zh: '查看核验结果：{no}', en: 'See the proof: {no}' },
  close: { zh: '关闭', en: 'Close' },
  title: { zh: '报送 {no} 的核验结果', en: 'The proof of {no}' },
  when: {
    zh: '{at} 重新读取原始文件，逐行核对。',
    en: 'The raw file was read again on {at} and held against what is kept, row by row.',
  },
  counted: { zh: '重新计数', en: 'Counted again' },
  holds: { zh: '与回执一致，没有差异。', en: 'It agrees with the receipt; no difference.' },
  differences: { zh: '差异（共 {n} 项）', en: 'Differences ({n})' },
  more: { zh: '此处列出前 {n} 项。', en: 'The first {n} are listed.' },
  running: { zh: '处理完毕后核验', en: 'Proved when it is finished' },
  empty: { zh: '没有符合条件的报送。', en: 'No submissions match.' },
} as const satisfies Record<string, Words>

const Proof = ({ line, done }: { line: SubmissionLine; done: () => void }) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.getProof, { id: line.id })
  return (
    <Drawer
      open
      onClose={done}
      size="min(560px, 100vw)"
      title={t(W.title, { no: line.no })}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Shown query={query}>
        {(proof) => (
          <>
            <p style={{ marginTop: 0 }}>{t(W.when, { at: instantWords(proof.at, lang) })}</p>
            <h2>{t(W.counted)}</h2>
            <ul style={{ paddingInlineStart: 18 }}>
              {Object.entries(COUNT_WORDS).map(([name, words]) => (
                <li key={name}>
                  {t(words)} {proof.counted[name as keyof typeof COUNT_WORDS]}
                </li>
              ))}
            </ul>
            {proof.differenceCount === 0 ? (
              <p>{t(W.holds)}</p>
            ) : (
              <>
                <h2>{t(W.differences, { n: proof.differenceCount })}</h2>
                <ul style={{ paddingInlineStart: 18 }}>
                  {proof.differences.map((d) => (
                    <li key={`${d.code}${d.n ?? ''}${d.words}`}>{d.words}</li>
                  ))}
                </ul>
                {proof.differences.length < proof.differenceCount && (
                  <p>{t(W.more, { n: proof.differences.length })}</p>
                )}
              </>
            )}
          </>
        )}
      </Shown>
    </Drawer>
  )
}

export const SubmissionLines = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [seen, setSeen] = useState<SubmissionLine | null>(null)
  const query = useApi(endpoints.listBalanceSubmissions, {
    ...spanOf(search),
    verdict: STATES.find((s) => s === search.verdict),
    after: search.after,
  })
  const stateOf = (r: SubmissionLine) => {
    if (r.state !== 'done' && r.state !== 'refused') return <span className="xh-quiet">{t(W.running)}</span>
    const verdict: ProofVerdict | 'open' = r.proof?.verdict ?? 'open'
    const colour = verdict === 'holds' ? 'green' : verdict === 'differs' ? 'red' : 'default'
    return (
      <>
        <Tag color={colour}>{t(PROOF_VERDICT_WORDS[verdict])}</Tag>
        {r.proof && (
          <Button size="small" type="link" aria-label={t(W.seeOne, { no: r.no })} onClick={() => setSeen(r)}>
            {t(W.see)}
          </Button>
        )}
      </>
    )
  }
  const columns: Column<SubmissionLine>[] = [
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
    { key: 'authority', title: W.authority, render: (r) => r.authority.name },
    { key: 'item', title: W.item, short: true, render: (r) => t(r.item.name) },
    { key: 'way', title: W.way, short: true, render: (r) => t(WAY_IN_WORDS[r.wayIn]) },
    { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.createdAt, lang) },
    {
      key: 'balance',
      title: W.balance,
      short: true,
      render: (r) =>
        r.state === 'refused'
          ? t(SUBMISSION_STATE_WORDS.refused)
          : `${r.received} = ${r.accepted} + ${r.refused} + ${r.pending} + ${r.alreadyHeld}`,
    },
    { key: 'proof', title: W.proof, render: stateOf },
  ]
  return (
    <>
      <Select
        aria-label={t(W.proof)}
        style={{ minWidth: 180, marginBottom: 12 }}
        value={search.verdict ?? ''}
        onChange={(verdict: string) => filter({ verdict: verdict || undefined })}
        options={[
          { value: '', label: t(W.all) },
          ...STATES.map((s) => ({ value: s, label: t(PROOF_VERDICT_WORDS[s]) })),
        ]}
      />
      <KeyedList
        query={query}
        name={W.list}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
      {seen && <Proof line={seen} done={() => setSeen(null)} />}
    </>
  )
}
