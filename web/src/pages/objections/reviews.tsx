import { Button, Flex, Input, Modal, Select, Tag } from 'antd'
import { useState } from 'react'
import { type CorrectionAsk, type ReviewView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { REVIEW_OUTCOMES, REVIEW_STATES, type ReviewOutcome } from '../../../../src/capabilities/objections/states.ts'
import {
  REVIEW_ACTION_WORDS,
  REVIEW_KIND_WORDS,
  REVIEW_OUTCOME_WORDS,
  REVIEW_STATE_WORDS,
} from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { CorrectionForm } from './correction.tsx'
import { ObjectionsNav } from './nav.tsx'
import { Clock } from './parts.tsx'

const W = {
  title: { zh: '行政复议和行政诉讼', en: 'Reconsiderations and lawsuits' },
  intro: {
    zh: '对作出的决定申请行政复议或者提起行政诉讼的，登记在此。复议、诉讼期间不停止公示，但复议机关或者人民法院认定需要停止执行的除外；决定被撤销或者变更的，在规定时限内撤销或者修改信息。',
    en: 'Reconsiderations and lawsuits against a decision. It stays shown meanwhile unless the body or the court stops the execution; what is set aside or changed is withdrawn or corrected within the term.',
  },
  state: { zh: '状态', en: 'State' },
  all: { zh: '全部状态', en: 'All states' },
  doc: { zh: '信息', en: 'Record' },
  subject: { zh: '主体', en: 'Subject' },
  kind: { zh: '程序', en: 'Procedure' },
  body: { zh: '受理机关和案号', en: 'Body and case number' },
  filed: { zh: '受理日期', en: 'Filed on' },
  suspended: { zh: '停止执行，暂停公示', en: 'Execution stopped; not shown' },
  outcome: { zh: '结果', en: 'Outcome' },
  action: { zh: '操作', en: 'Action' },
  of: { zh: '{action}：{doc}', en: '{action}: {doc}' },
  endedOn: { zh: '生效日期', en: 'In effect from' },
  note: { zh: '说明（可以不填）', en: 'Note (optional)' },
  reason: { zh: '理由', en: 'Reasons' },
  hint: {
    zh: '决定被变更、需要修改信息内容的，撤回原信息并按新的决定报送。',
    en: 'Where the decision was changed, take the record back and report the new decision.',
  },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  empty: {
    zh: '没有登记行政复议或者行政诉讼。认定单位在“本单位信息”中选择信息登记。',
    en: 'None is registered. The authority registers one from its own records.',
  },
} as const satisfies Record<string, Words>
const REASON_LEAST = 4

const End = ({ review, done }: { review: ReviewView; done: () => void }) => {
  const { t } = useLanguage()
  const [outcome, setOutcome] = useState<ReviewOutcome>('upheld')
  const [endedOn, setEndedOn] = useState('')
  const [note, setNote] = useState('')
  const act = useAct(endpoints.endReview, done)
  return (
    <Modal
      open
      title={t(W.of, { action: REVIEW_ACTION_WORDS.end, doc: review.docNo })}
      okText={t(REVIEW_ACTION_WORDS.end)}
      cancelText={t(W.cancel)}
      closable={{ 'aria-label': t(W.close) }}
      okButtonProps={{ loading: act.isPending, disabled: !endedOn }}
      onCancel={done}
      onOk={() =>
        act.mutate({ subject: review.subjectId, id: review.id, seen: review.version, outcome, endedOn, note })
      }
    >
      <Flex vertical gap={8}>
        <label htmlFor="review-outcome">{t(W.outcome)}</label>
        <Select
          id="review-outcome"
          value={outcome}
          onChange={setOutcome}
          options={REVIEW_OUTCOMES.map((o) => ({ value: o, label: t(REVIEW_OUTCOME_WORDS[o]) }))}
        />
        <label htmlFor="review-ended">{t(W.endedOn)}</label>
        <Input
          id="review-ended"
          type="date"
          style={{ maxWidth: 200 }}
          value={endedOn}
          onChange={(e) => setEndedOn(e.target.value)}
        />
        <label htmlFor="review-note">{t(W.note)}</label>
        <Input.TextArea
          id="review-note"
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
        {act.error && <Failed problem={act.error} />}
      </Flex>
    </Modal>
  )
}

const CarryOut = ({ review, done }: { review: ReviewView; done: () => void }) => {
  const { t } = useLanguage()
  const [correction, setCorrection] = useState<CorrectionAsk | null>(null)
  const [reason, setReason] = useState('')
  const act = useAct(endpoints.carryOutReview, done)
  return (
    <Modal
      open
      title={t(W.of, { action: REVIEW_ACTION_WORDS.carry_out, doc: review.docNo })}
      okText={t(REVIEW_ACTION_WORDS.carry_out)}
      cancelText={t(W.cancel)}
      closable={{ 'aria-label': t(W.close) }}
      okButtonProps={{ loading: act.isPending, disabled: !correction || reason.trim().length < REASON_LEAST }}
      onCancel={done}
      onOk={() =>
        correction && act.mutate({ subject: review.subjectId, id: review.id, seen: review.version, correction, reason })
      }
    >
      <p className="xh-quiet">{t(W.hint)}</p>
      <CorrectionForm view={{ fields: [] }} kinds={['annul', 'stop_showing']} onChange={setCorrection} />
      <label htmlFor="review-reason">{t(W.reason)}</label>
      <Input.TextArea
        id="review-reason"
        rows={3}
        maxLength={2000}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      {act.error && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={act.error} />
        </div>
      )}
    </Modal>
  )
}

export const Reviews = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [open, setOpen] = useState<{ review: ReviewView; action: 'end' | 'carry_out' } | null>(null)
  const state = REVIEW_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listReviews, { state, after: search.after })
  const columns: Column<ReviewView>[] = [
    { key: 'doc', title: W.doc, lead: true, render: (r) => `${t(r.itemName)} · ${r.docNo}` },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(REVIEW_KIND_WORDS[r.kind]) },
    {
      key: 'body',
      title: W.body,
      render: (r) => (
        <span>
          {r.body} {r.caseNo}
        </span>
      ),
    },
    { key: 'filed', title: W.filed, short: true, render: (r) => dayWords(r.filedOn, lang) },
    {
      key: 'state',
      title: W.state,
      render: (r) => (
        <>
          <Tag>{t(REVIEW_STATE_WORDS[r.state])}</Tag>
          {r.suspended && r.state === 'pending' && <Tag color="gold">{t(W.suspended)}</Tag>}
          {r.outcome && <Tag color="blue">{t(REVIEW_OUTCOME_WORDS[r.outcome])}</Tag>}
          {r.clock && (
            <div>
              <Clock clock={r.clock} brief />
            </div>
          )}
        </>
      ),
    },
    {
      key: 'action',
      title: W.action,
      short: true,
      render: (r) =>
        r.actions.length === 0
          ? '—'
          : r.actions.map((a) => (
              <Button
                key={a}
                aria-label={t(W.of, { action: REVIEW_ACTION_WORDS[a], doc: r.docNo })}
                onClick={() => setOpen({ review: r, action: a })}
              >
                {t(REVIEW_ACTION_WORDS[a])}
              </Button>
            )),
    },
  ]
  const done = () => setOpen(null)
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      <p>{t(W.intro)}</p>
      <Select
        aria-label={t(W.state)}
        style={{ minWidth: 200, marginBottom: 12 }}
        value={state ?? ''}
        onChange={(v: string) => filter({ state: v })}
        options={[
          { value: '', label: t(W.all) },
          ...REVIEW_STATES.map((s) => ({ value: s as string, label: t(REVIEW_STATE_WORDS[s]) })),
        ]}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
      {open?.action === 'end' && <End review={open.review} done={done} />}
      {open?.action === 'carry_out' && <CarryOut review={open.review} done={done} />}
    </>
  )
}
