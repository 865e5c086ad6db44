import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Flex, Input, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { type DutyView, endpoints } from '../../../../src/capabilities/repair/contract.consequences.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { Clock } from './parts.tsx'

const W = {
  title: { zh: '修复决定后的推送', en: 'After the decision' },
  lead: {
    zh: '作出处罚或者列入决定的市场监督管理部门与当事人登记地不在同一省份的，作出信用修复决定后应当推送至登记地，期限及其依据列在各项之下。推送后在此登记回执。',
    en: 'Where the deciding authority and the place of registration lie in different provinces, the repair is passed on there after the decision; each item below names its term and the article. Record the receipt here.',
  },
  queue: { zh: '返回待办修复事项', en: 'Back to the items to decide' },
  views: { zh: '推送范围', en: 'Which' },
  open: { zh: '待推送', en: 'To be passed on' },
  done: { zh: '已推送', en: 'Passed on' },
  empty: { zh: '没有需要推送的修复决定。', en: 'No decision needs to be passed on.' },
  doc: { zh: '记录', en: 'Record' },
  subject: { zh: '申请主体', en: 'Subject' },
  to: { zh: '推送至', en: 'To' },
  due: { zh: '期限', en: 'Due' },
  proof: { zh: '推送回执', en: 'Receipt' },
  late: { zh: '逾期', en: 'Late' },
  inTime: { zh: '按期', en: 'In time' },
  record: { zh: '登记已推送', en: 'Record as passed on' },
  proofOf: { zh: '“{doc}”的推送回执或者文号', en: 'Receipt or number for {doc}' },
  confirm: { zh: '确认登记', en: 'Confirm' },
  cancel: { zh: '取消', en: 'Cancel' },
  gone: { zh: '登记主体注销', en: 'A subject is deregistered' },
  goneLead: {
    zh: '主体依法注销后，由登记地（住所地）市场监督管理部门登记，停止公示其行政处罚、抽查检查结果负面信息，并移出名录、名单（第107号令第二十条）。',
    en: 'The market supervision authority of the place of registration records it; penalties and negative results stop being shown and the subject leaves the lists (Order 107 art. 20).',
  },
  code: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  on: { zh: '注销日期', en: 'Day of deregistration' },
  reference: { zh: '注销登记文书号', en: 'Number of the document' },
  stop: { zh: '登记注销并停止公示', en: 'Record and stop' },
  stopped: {
    zh: '“{name}”已登记注销，停止公示 {n} 条信息。',
    en: '{name} is recorded as deregistered; {n} records stopped.',
  },
} as const satisfies Record<string, Words>

const DoneForm = ({ duty }: { duty: DutyView }) => {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const [proof, setProof] = useState('')
  const act = useAct(endpoints.dutyDone, () => setOpen(false))
  if (!open) return <Button onClick={() => setOpen(true)}>{t(W.record)}</Button>
  return (
    <div>
      <Input
        aria-label={t(W.proofOf, { doc: duty.docNo })}
        placeholder={t(W.proofOf, { doc: duty.docNo })}
        value={proof}
        maxLength={500}
        onChange={(e) => setProof(e.target.value)}
      />
      {act.error && <Failed problem={act.error} />}
      <Flex gap={8} style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={act.isPending}
          disabled={proof.trim().length < 2}
          onClick={() => act.mutate({ subject: duty.subjectId, duty: duty.id, seen: duty.version, proof })}
        >
          {t(W.confirm)}
        </Button>
        <Button onClick={() => setOpen(false)}>{t(W.cancel)}</Button>
      </Flex>
    </div>
  )
}

const Deregister = () => {
  const { t } = useLanguage()
  const [ask, setAsk] = useState({ code: '', on: '', reference: '' })
  const [told, setTold] = useState<{ name: string; stopped: number } | null>(null)
  const act = useAct(endpoints.deregister, (reply) => {
    setTold(reply)
    setAsk({ code: '', on: '', reference: '' })
  })
  const field = (key: keyof typeof ask, label: Words, type = 'text') => (
    <div>
      <label htmlFor={`gone-${key}`}>{t(label)}</label>
      <Input
        id={`gone-${key}`}
        type={type}
        value={ask[key]}
        onChange={(e) => setAsk({ ...ask, [key]: e.target.value })}
      />
    </div>
  )
  return (
    <Card style={{ marginTop: 16, maxWidth: 640 }}>
      <h2 style={{ marginTop: 0 }}>{t(W.gone)}</h2>
      <p className="xh-quiet">{t(W.goneLead)}</p>
      <Flex vertical gap={8}>
        {field('code', W.code)}
        {field('on', W.on, 'date')}
        {field('reference', W.reference)}
        {act.error && <Failed problem={act.error} />}
        {told && <Alert type="success" showIcon title={t(W.stopped, { name: told.name, n: told.stopped })} />}
        <div>
          <Button
            type="primary"
            loading={act.isPending}
            disabled={!ask.code.trim() || !ask.on || ask.reference.trim().length < 2}
            onClick={() => act.mutate(ask)}
          >
            {t(W.stop)}
          </Button>
        </div>
      </Flex>
    </Card>
  )
}

/** What an authority still owes after its decisions, and what follows from a deregistration. */
export const Duties = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const state = search.state === 'done' ? 'done' : 'open'
  const query = useApi(endpoints.listDuties, { state, after: search.after })
  const columns: Column<DutyView>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (d) => (
        <Link to="/queue/$subject/$item" params={{ subject: d.subjectId, item: d.itemId }}>
          {d.docNo}
        </Link>
      ),
    },
    { key: 'subject', title: W.subject, render: (d) => d.subjectName },
    { key: 'to', title: W.to, short: true, render: (d) => t(d.to) },
    {
      key: 'due',
      title: W.due,
      render: (d) =>
        d.clock ? (
          <Clock clock={d.clock} />
        ) : (
          <>
            {dayWords(d.dueOn, lang)} <Tag color={d.late ? 'red' : 'green'}>{t(d.late ? W.late : W.inTime)}</Tag>
          </>
        ),
    },
    {
      key: 'proof',
      title: W.proof,
      render: (d) => (d.state === 'open' ? <DoneForm duty={d} /> : `${d.proof} · ${dayWords(d.doneOn, lang)}`),
    },
  ]
  return (
    <>
      <Link to="/queue">{t(W.queue)}</Link>
      <h1 style={{ marginTop: 8 }}>{t(W.title)}</h1>
      <p>{t(W.lead)}</p>
      <Segmented
        aria-label={t(W.views)}
        value={state}
        onChange={(v) => filter({ state: v })}
        options={[
          { value: 'open', label: t(W.open) },
          { value: 'done', label: t(W.done) },
        ]}
        style={{ marginBottom: 12 }}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(d) => d.id}
        after={search.after}
        go={go}
      />
      {has('officer', 'head') && <Deregister />}
    </>
  )
}
