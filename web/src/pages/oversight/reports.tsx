import { Alert, Button, Flex, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { type ReportView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { REPORT_ACTION_WORDS, REPORT_STATE_WORDS } from '../../../../src/capabilities/oversight/words.ts'
import { type LocalDate, addMonths } from '../../../../src/kernel/time.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { MonthSelect, thisMonth } from '../quality/parts.tsx'

const W = {
  draft: { zh: '拟制月报', en: 'Draft a report' },
  none: { zh: '还没有月报。', en: 'There is no report yet.' },
  title: { zh: '月报', en: 'Report' },
  no: { zh: '编号', en: 'Number' },
  noNumber: { zh: '发布时编号', en: 'given when published' },
  state: { zh: '状态', en: 'State' },
  asOf: { zh: '数据截至', en: 'As of' },
  published: { zh: '发布时间', en: 'Published' },
  action: { zh: '操作', en: 'Actions' },
  read: { zh: '查看正文', en: 'Read' },
  readOne: { zh: '查看正文：{name}', en: 'Read: {name}' },
  verify: { zh: '复核', en: 'Verify' },
  verifyOne: { zh: '复核：{name}', en: 'Verify: {name}' },
  sure: {
    zh: '发布后对社会公开，不能再修改，确定发布？',
    en: 'Once published it is public and cannot be changed. Publish it?',
  },
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
  else: { zh: '驳回理由或者评价', en: 'reasons or ratings' },
  digest: { zh: '数据摘要：{digest}', en: 'Digest: {digest}' },
} as const satisfies Record<string, Words>

const lastMonth = (): string => addMonths(`${thisMonth()}-01` as LocalDate, -1).slice(0, 7)
type Verdict = { of: ReportView; same: boolean; digest: string; differing: string[] }

export const Reports = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const [month, setMonth] = useState(lastMonth)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [lost, setLost] = useState<ApiProblem | null>(null)
  const query = useApi(endpoints.listRepairReports, { after: search.after })
  const draft = useAct(endpoints.draftRepairReport)
  const recompute = useAct(endpoints.recomputeRepairReport)
  const publish = useAct(endpoints.publishRepairReport)
  const problem = lost ?? draft.error ?? recompute.error ?? publish.error
  const verify = async (of: ReportView) => {
    setLost(null)
    try {
      setVerdict({ of, ...(await call(endpoints.verifyRepairReport, { id: of.id })) })
    } catch (error) {
      setVerdict(null)
      setLost(error as ApiProblem)
    }
  }
  const columns: Column<ReportView>[] = [
    { key: 'title', title: W.title, lead: true, render: (r) => t(r.title) },
    { key: 'no', title: W.no, render: (r) => (r.no ? t(r.no) : t(W.noNumber)) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => <Tag color={r.state === 'published' ? 'green' : 'gold'}>{t(REPORT_STATE_WORDS[r.state])}</Tag>,
    },
    { key: 'asOf', title: W.asOf, render: (r) => instantWords(r.asOf, lang) },
    { key: 'published', title: W.published, render: (r) => instantWords(r.publishedAt, lang) },
    {
      key: 'action',
      title: W.action,
      render: (r) => {
        const name = t(r.title)
        const at = { id: r.id, seen: r.version }
        return (
          <Flex gap={8} wrap>
            <Button
              size="small"
              href={`${urlOf(endpoints.repairReportPaper, { id: r.id })}?lang=${lang}`}
              target="_blank"
              aria-label={t(W.readOne, { name })}
            >
              {t(W.read)}
            </Button>
            <Button size="small" aria-label={t(W.verifyOne, { name })} onClick={() => void verify(r)}>
              {t(W.verify)}
            </Button>
            {r.actions.includes('recompute') && (
              <Button size="small" loading={recompute.isPending} onClick={() => recompute.mutate(at)}>
                {t(REPORT_ACTION_WORDS.recompute)}
              </Button>
            )}
            {r.actions.includes('publish') && (
              <Popconfirm
                title={t(W.sure)}
                okText={t(W.yes)}
                cancelText={t(W.cancel)}
                onConfirm={() => publish.mutate(at)}
              >
                <Button size="small" type="primary" loading={publish.isPending}>
                  {t(REPORT_ACTION_WORDS.publish)}
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
      {has('credit_office') && (
        <Flex gap={8} wrap style={{ marginBottom: 12 }}>
          <MonthSelect month={month} latest={lastMonth()} choose={setMonth} />
          <Button type="primary" loading={draft.isPending} onClick={() => draft.mutate({ month })}>
            {t(W.draft)}
          </Button>
        </Flex>
      )}
      {problem && <Failed problem={problem} />}
      {verdict && (
        <Alert
          type={verdict.same ? 'success' : 'error'}
          showIcon
          style={{ marginBottom: 12 }}
          title={`${t(verdict.of.title)}${colon(lang)}${t(verdict.same ? W.same : W.differs, { list: verdict.differing.length ? verdict.differing : [t(W.else)] })}`}
          description={<code style={{ overflowWrap: 'anywhere' }}>{t(W.digest, { digest: verdict.digest })}</code>}
        />
      )}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.none}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
