import { Alert, Button, Card, Flex } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { type SubmissionView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed, Shown } from '../../ui/states.tsx'
import { Change, Enough, type LeftOut, ProposedMends, mendKey, toggled } from './mends.tsx'
import { Doubts } from './problems.tsx'

const W = {
  title: { zh: '修改建议', en: 'What would mend them' },
  hint: {
    zh: '以下退回数据，平台能够判断应填的值。采纳后直接入库，修改前后的值和采纳人都会记录在本回执中。',
    en: 'For these returned rows the platform can tell the value. Accepted rows go in at once; what stood there and who accepted it is kept on this receipt.',
  },
  row: { zh: '第 {n} 行', en: 'Row {n}' },
  accept: { zh: '采纳本页建议', en: 'Accept those on this page' },
  acceptAll: { zh: '采纳全部建议', en: 'Accept all proposals' },
  done: { zh: '已有 {n} 行按建议修改后入库。', en: 'Rows mended and taken in: {n}.' },
  none: { zh: '采纳的建议还不足以让任何一行入库。', en: 'No row could be taken in with what was accepted.' },
  next: { zh: '查看其余退回数据的建议', en: 'Proposals for the other rows' },
  first: { zh: '回到前面', en: 'Back to the first' },
  nothingHere: {
    zh: '这一部分退回数据没有可以判断的值，需自行修改。',
    en: 'Nothing can be told for these rows; mend them by hand.',
  },
  log: { zh: '已采纳的修改', en: 'Accepted as proposed' },
  field: { zh: '字段', en: 'Field' },
  change: { zh: '修改', en: 'Change' },
  why: { zh: '依据', en: 'Why' },
  by: { zh: '采纳人', en: 'Accepted by' },
  at: { zh: '采纳时间', en: 'Accepted at' },
  n: { zh: '行号', en: 'Row' },
} as const satisfies Record<string, Words>

type Kept = z.infer<typeof endpoints.listMends.reply>['rows'][number]

/** Proposals for rows that stand returned: accepted one by one, all of the page, or all there are. */
export const ReturnedMends = ({ submission }: { submission: SubmissionView }) => {
  const { t } = useLanguage()
  const [after, setAfter] = useState<string | undefined>()
  const [left, setLeft] = useState<LeftOut>(new Set())
  const query = useApi(endpoints.listProposals, { id: submission.id, after, limit: 50 })
  const act = useAct(endpoints.mendRows, () => setAfter(undefined))
  const mend = (accepted: Parameters<typeof act.mutate>[0]['accepted']) => act.mutate({ id: submission.id, accepted })
  return (
    <Shown
      query={query}
      isEmpty={(d) => d.rows.length === 0 && !d.next && !after}
      empty={act.data ? <Done n={act.data.mended} /> : null}
    >
      {(data) => {
        const taken = data.rows.flatMap((r) =>
          r.proposals.filter((p) => !left.has(mendKey(r.n, p.key))).map((p) => ({ n: r.n, p })),
        )
        const out = data.rows.flatMap((r) =>
          r.proposals.filter((p) => left.has(mendKey(r.n, p.key))).map((p): [number, string] => [r.n, p.key]),
        )
        return (
          <Card style={{ marginTop: 16 }}>
            <h2>{t(W.title)}</h2>
            <p>{t(W.hint)}</p>
            {act.error && <Failed problem={act.error} />}
            {act.data && <Done n={act.data.mended} />}
            {data.rows.length === 0 && <p className="xh-quiet">{t(W.nothingHere)}</p>}
            {data.rows.map((r) => (
              <section key={r.n} className="xh-row">
                <strong>
                  {t(W.row, { n: r.n })} {r.name}
                </strong>{' '}
                {r.proposals.length > 0 && <Enough enough={r.mendable} />}
                <Doubts doubts={r.doubts} />
                <ProposedMends
                  n={r.n}
                  proposals={r.proposals}
                  left={left}
                  onToggle={(k) => setLeft((now) => toggled(now, k))}
                />
              </section>
            ))}
            <Flex gap={12} wrap style={{ marginTop: 12 }}>
              {taken.length > 0 && (
                <Button
                  type="primary"
                  loading={act.isPending}
                  onClick={() =>
                    mend({ only: taken.map(({ n, p }): [number, string, string] => [n, p.key, p.became]) })
                  }
                >
                  {t(W.accept)}
                </Button>
              )}
              {(data.next || after) && (
                <Button loading={act.isPending} onClick={() => mend({ all: true, except: out })}>
                  {t(W.acceptAll)}
                </Button>
              )}
              {data.next && <Button onClick={() => setAfter(data.next ?? undefined)}>{t(W.next)}</Button>}
              {after && <Button onClick={() => setAfter(undefined)}>{t(W.first)}</Button>}
            </Flex>
          </Card>
        )
      }}
    </Shown>
  )
}

const Done = ({ n }: { n: number }) => {
  const { t } = useLanguage()
  return (
    <Alert
      type={n ? 'success' : 'info'}
      showIcon
      title={n ? t(W.done, { n }) : t(W.none)}
      style={{ margin: '12px 0' }}
    />
  )
}

/** What was accepted as proposed: before, after, why, who and when. */
export const AcceptedMendsLog = ({ submission }: { submission: SubmissionView }) => {
  const { t, lang } = useLanguage()
  const [after, setAfter] = useState<string | undefined>()
  const query = useApi(endpoints.listMends, { id: submission.id, after, limit: 20 })
  const columns: Column<Kept>[] = [
    { key: 'field', title: W.field, lead: true, render: (m) => m.field },
    { key: 'n', title: W.n, short: true, render: (m) => m.n, width: 80 },
    { key: 'change', title: W.change, render: (m) => <Change was={m.was} became={m.became} /> },
    { key: 'why', title: W.why, render: (m) => m.why },
    { key: 'by', title: W.by, short: true, render: (m) => m.acceptedBy },
    { key: 'at', title: W.at, short: true, render: (m) => instantWords(m.acceptedAt, lang) },
  ]
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0 && !after} empty={null}>
      {(data) => (
        <Card style={{ marginTop: 16 }}>
          <h2>{t(W.log)}</h2>
          <KeyedTable
            name={W.log}
            rows={data.rows}
            columns={columns}
            rowKey={(m) => `${m.n} ${m.key}`}
            after={after}
            next={data.next}
            go={setAfter}
          />
        </Card>
      )}
    </Shown>
  )
}
