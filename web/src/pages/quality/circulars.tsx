import { Alert, Button, Flex, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { type CircularView, endpoints } from '../../../../src/capabilities/quality/contract.ts'
import { CIRCULAR_ACTION_WORDS, CIRCULAR_STATE_WORDS } from '../../../../src/capabilities/quality/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { MonthSelect, thisMonth } from './parts.tsx'

const W = {
  draft: { zh: '拟制通报', en: 'Draft a circular' },
  none: { zh: '还没有通报。', en: 'There is no circular yet.' },
  noneOffice: { zh: '还没有通报，选择月份后可以拟制。', en: 'There is no circular yet; choose a month and draft one.' },
  title: { zh: '通报', en: 'Circular' },
  no: { zh: '文号', en: 'Number' },
  noNumber: { zh: '印发时编号', en: 'given when issued' },
  state: { zh: '状态', en: 'State' },
  asOf: { zh: '数据截至', en: 'As of' },
  issued: { zh: '印发时间', en: 'Issued' },
  action: { zh: '操作', en: 'Actions' },
  read: { zh: '查看正文', en: 'Read' },
  readOne: { zh: '查看正文：{name}', en: 'Read: {name}' },
  file: { zh: '下载', en: 'Download' },
  fileOne: { zh: '下载：{name}', en: 'Download: {name}' },
  verify: { zh: '复核', en: 'Verify' },
  verifyOne: { zh: '复核：{name}', en: 'Verify: {name}' },
  sure: { zh: '印发后不能再修改，确定印发？', en: 'Once issued it cannot be changed. Issue it?' },
  yes: { zh: '确定', en: 'Yes' },
  cancel: { zh: '取消', en: 'Cancel' },
  same: {
    zh: '按同一截止时点重新计算，结果完全一致。',
    en: 'Computed again as of the same instant, it comes out the same.',
  },
  differs: {
    zh: '重新计算的结果不一致：{list}。请联系运维人员核查数据。',
    en: 'It comes out otherwise for: {list}. Ask the operator to look into the data.',
  },
  differsElse: {
    zh: '重新计算的差错统计不一致，请联系运维人员核查数据。',
    en: 'The faults come out otherwise. Ask the operator to look into the data.',
  },
  digest: { zh: '数据摘要：{digest}', en: 'Digest: {digest}' },
} as const satisfies Record<string, Words>

const before = (month: string): string => {
  const [y = 0, m = 1] = month.split('-').map(Number)
  const at = y * 12 + m - 2
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
}

type Verdict = { of: CircularView; same: boolean; digest: string; differing: string[] }
const Checked = ({ verdict }: { verdict: Verdict }) => {
  const { t } = useLanguage()
  const words = verdict.same ? W.same : verdict.differing.length ? W.differs : W.differsElse
  return (
    <Alert
      type={verdict.same ? 'success' : 'error'}
      showIcon
      style={{ marginBottom: 12 }}
      title={`${t(verdict.of.title)}：${t(words, { list: verdict.differing })}`}
      description={<span style={{ overflowWrap: 'anywhere' }}>{t(W.digest, { digest: verdict.digest })}</span>}
    />
  )
}

export const Circulars = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const [month, setMonth] = useState(() => before(thisMonth()))
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [lost, setLost] = useState<ApiProblem | null>(null)
  const query = useApi(endpoints.listCirculars, { after: search.after })
  const draft = useAct(endpoints.draftCircular)
  const recompute = useAct(endpoints.recomputeCircular)
  const issue = useAct(endpoints.issueCircular)
  const problem = lost ?? draft.error ?? recompute.error ?? issue.error
  const office = has('credit_office')
  const verify = async (of: CircularView) => {
    setLost(null)
    try {
      setVerdict({ of, ...(await call(endpoints.verifyCircular, { id: of.id })) })
    } catch (error) {
      setVerdict(null)
      setLost(error as ApiProblem)
    }
  }
  const columns: Column<CircularView>[] = [
    { key: 'title', title: W.title, lead: true, render: (c) => t(c.title) },
    { key: 'no', title: W.no, render: (c) => (c.no ? t(c.no) : t(W.noNumber)) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (c) => <Tag color={c.state === 'issued' ? 'green' : 'gold'}>{t(CIRCULAR_STATE_WORDS[c.state])}</Tag>,
    },
    { key: 'asOf', title: W.asOf, render: (c) => instantWords(c.asOf, lang) },
    { key: 'issued', title: W.issued, render: (c) => instantWords(c.issuedAt, lang) },
    {
      key: 'action',
      title: W.action,
      render: (c) => {
        const name = t(c.title)
        const at = { id: c.id, seen: c.version }
        return (
          <Flex gap={8} wrap>
            <Button
              size="small"
              href={`${urlOf(endpoints.circularPaper, { id: c.id })}?lang=${lang}`}
              target="_blank"
              aria-label={t(W.readOne, { name })}
            >
              {t(W.read)}
            </Button>
            <Button
              size="small"
              href={urlOf(endpoints.circularFile, { id: c.id, lang })}
              aria-label={t(W.fileOne, { name })}
            >
              {t(W.file)}
            </Button>
            <Button size="small" aria-label={t(W.verifyOne, { name })} onClick={() => void verify(c)}>
              {t(W.verify)}
            </Button>
            {c.actions.includes('recompute') && (
              <Button size="small" loading={recompute.isPending} onClick={() => recompute.mutate(at)}>
                {t(CIRCULAR_ACTION_WORDS.recompute)}
              </Button>
            )}
            {c.actions.includes('issue') && (
              <Popconfirm
                title={t(W.sure)}
                okText={t(W.yes)}
                cancelText={t(W.cancel)}
                onConfirm={() => issue.mutate(at)}
              >
                <Button size="small" type="primary" loading={issue.isPending}>
                  {t(CIRCULAR_ACTION_WORDS.issue)}
                </Button>
              </Popconfirm>
            )}
          </Flex>
        )
      },
    },
  ]
  return (
    <>
      {office && (
        <Flex gap={8} wrap style={{ marginBottom: 12 }}>
          <MonthSelect month={month} latest={before(thisMonth())} choose={setMonth} />
          <Button type="primary" loading={draft.isPending} onClick={() => draft.mutate({ month })}>
            {t(W.draft)}
          </Button>
        </Flex>
      )}
      {problem && <Failed problem={problem} />}
      {verdict && <Checked verdict={verdict} />}
      <Shown
        query={query}
        isEmpty={(d) => d.rows.length === 0}
        empty={<Nothing why={office ? W.noneOffice : W.none} />}
      >
        {(data) => (
          <KeyedTable
            name={W.title}
            rows={data.rows}
            columns={columns}
            rowKey={(c) => c.id}
            after={search.after}
            next={data.next}
            go={go}
          />
        )}
      </Shown>
    </>
  )
}
