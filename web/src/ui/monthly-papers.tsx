import type { UseQueryResult } from '@tanstack/react-query'
import { Alert, Button, Flex, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { type LocalDate, addMonths } from '../../../src/kernel/time.ts'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'
import { colon, instantWords } from './format.ts'
import { type Column, KeyedList } from './keyed-table.tsx'
import { MonthSelect, thisMonth } from './month.tsx'
import { useListSearch } from './search.ts'
import { Failed } from './states.tsx'

const W = {
  noNumber: { zh: '编号待定', en: 'not numbered yet' },
  state: { zh: '状态', en: 'State' },
  asOf: { zh: '数据截至', en: 'As of' },
  action: { zh: '操作', en: 'Actions' },
  one: { zh: '{what}：{name}', en: '{what}: {name}' },
  verify: { zh: '复核', en: 'Verify' },
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
  digest: { zh: '数据摘要：{digest}', en: 'Digest: {digest}' },
} as const satisfies Record<string, Words>

/** One monthly paper of an office, whatever it is about. */
export type PaperRow = {
  id: string
  title: Words
  /** Null while it is a draft. */
  no: Words | null
  state: Words
  asOf: string
  issuedAt: string | null
  version: number
  mayRecompute: boolean
  mayIssue: boolean
  links: readonly { label: Words; href: string; newTab?: boolean }[]
}
type Act<I> = { mutate: (input: I) => void; isPending: boolean; error: ApiProblem | null }
type Verified = { same: boolean; digest: string; differing: string[] }

const lastMonth = (): string => addMonths(`${thisMonth()}-01` as LocalDate, -1).slice(0, 7)

/** Drafted for a month, computed anew, issued once, and computed again by whoever doubts it. */
export const MonthlyPapers = <V extends { id: string }>({
  words,
  query,
  rowOf,
  draft,
  recompute,
  issue,
  verify,
}: {
  words: Record<
    'title' | 'no' | 'issued' | 'draft' | 'recompute' | 'issue' | 'sure' | 'none' | 'noneOffice' | 'otherwise',
    Words
  >
  query: UseQueryResult<{ rows: V[]; next: string | null }, ApiProblem>
  rowOf: (view: V) => PaperRow
  draft: Act<{ month: string }>
  recompute: Act<{ id: string; seen: number }>
  issue: Act<{ id: string; seen: number }>
  verify: (id: string) => Promise<Verified>
}) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const [month, setMonth] = useState(lastMonth)
  const [verdict, setVerdict] = useState<(Verified & { title: Words }) | null>(null)
  const [lost, setLost] = useState<ApiProblem | null>(null)
  const problem = lost ?? draft.error ?? recompute.error ?? issue.error
  const office = has('credit_office')
  const check = async ({ id, title }: PaperRow) => {
    setLost(null)
    try {
      setVerdict({ ...(await verify(id)), title })
    } catch (error) {
      setVerdict(null)
      setLost(error as ApiProblem)
    }
  }
  const columns: Column<V>[] = [
    { key: 'title', title: words.title, lead: true, render: (v) => t(rowOf(v).title) },
    { key: 'no', title: words.no, render: (v) => t(rowOf(v).no ?? W.noNumber) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (v) => {
        const row = rowOf(v)
        return <Tag color={row.issuedAt ? 'green' : 'gold'}>{t(row.state)}</Tag>
      },
    },
    { key: 'asOf', title: W.asOf, render: (v) => instantWords(rowOf(v).asOf, lang) },
    { key: 'issued', title: words.issued, render: (v) => instantWords(rowOf(v).issuedAt, lang) },
    {
      key: 'action',
      title: W.action,
      render: (v) => {
        const row = rowOf(v)
        const at = { id: row.id, seen: row.version }
        const one = (what: Words) => t(W.one, { what, name: row.title })
        return (
          <Flex gap={8} wrap>
            {row.links.map(({ label, href, newTab }) => (
              <Button
                key={href}
                size="small"
                href={href}
                {...(newTab ? { target: '_blank' } : {})}
                aria-label={one(label)}
              >
                {t(label)}
              </Button>
            ))}
            <Button size="small" aria-label={one(W.verify)} onClick={() => void check(row)}>
              {t(W.verify)}
            </Button>
            {row.mayRecompute && (
              <Button size="small" loading={recompute.isPending} onClick={() => recompute.mutate(at)}>
                {t(words.recompute)}
              </Button>
            )}
            {row.mayIssue && (
              <Popconfirm
                title={t(words.sure)}
                okText={t(W.yes)}
                cancelText={t(W.cancel)}
                onConfirm={() => issue.mutate(at)}
              >
                <Button size="small" type="primary" loading={issue.isPending}>
                  {t(words.issue)}
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
          <MonthSelect month={month} latest={lastMonth()} choose={setMonth} />
          <Button type="primary" loading={draft.isPending} onClick={() => draft.mutate({ month })}>
            {t(words.draft)}
          </Button>
        </Flex>
      )}
      {problem && <Failed problem={problem} />}
      {verdict && (
        <Alert
          type={verdict.same ? 'success' : 'error'}
          showIcon
          style={{ marginBottom: 12 }}
          title={`${t(verdict.title)}${colon(lang)}${t(verdict.same ? W.same : W.differs, { list: verdict.differing.length ? verdict.differing : [t(words.otherwise)] })}`}
          description={<code style={{ overflowWrap: 'anywhere' }}>{t(W.digest, { digest: verdict.digest })}</code>}
        />
      )}
      <KeyedList
        query={query}
        name={words.title}
        empty={office ? words.noneOffice : words.none}
        columns={columns}
        rowKey={(v) => v.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
