import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Flex, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { REVIEW_KINDS, type ReviewKind } from '../../../../src/capabilities/objections/states.ts'
import {
  GROUND_WORDS,
  type Ground,
  RECORD_GROUNDS,
  REVIEW_KIND_WORDS,
} from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed } from '../../ui/states.tsx'
import { useGuide } from './guide.tsx'

const W = {
  own: { zh: '主动异议', en: 'Correct of our own motion' },
  ownHint: {
    zh: '本单位发现信息有误、重复或者超期的，主动核查更正。登记后按异议办理，当事人可以看到经过。',
    en: 'Where this authority itself finds the record wrong, shown twice or for too long. It is dealt with like an objection, and the subject sees how.',
  },
  ground: { zh: '情形', en: 'Ground' },
  reason: { zh: '发现的问题', en: 'What was found' },
  start: { zh: '登记并核查', en: 'Open the case' },
  review: { zh: '登记复议或者诉讼', en: 'Register a review or a lawsuit' },
  kind: { zh: '程序', en: 'Procedure' },
  body: { zh: '受理机关', en: 'Body' },
  caseNo: { zh: '案号', en: 'Case number' },
  filed: { zh: '受理日期', en: 'Filed on' },
  suspended: {
    zh: '复议机关或者人民法院认定需要停止执行（暂停公示）',
    en: 'The body or the court stops the execution (it is not shown meanwhile)',
  },
  register: { zh: '登记', en: 'Register' },
  cancel: { zh: '返回', en: 'Back' },
} as const satisfies Record<string, Words>
const REASON_LEAST = 4

const OwnMotion = ({ record, done }: { record: string; done: () => void }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [ground, setGround] = useState<Ground>('wrong_content')
  const [reason, setReason] = useState('')
  const open = useAct(
    endpoints.openOwnMotion,
    (o) =>
      void navigate({
        to: '/objections/cases/$subject/$id',
        params: { subject: o.subjectId, id: o.id },
        search: {},
      }),
  )
  return (
    <Form layout="vertical" style={{ marginTop: 12, maxWidth: 560 }}>
      <p>{t(W.ownHint)}</p>
      <Form.Item label={t(W.ground)} htmlFor="own-ground">
        <Select
          id="own-ground"
          value={ground}
          onChange={setGround}
          options={RECORD_GROUNDS.map((g) => ({ value: g as Ground, label: t(GROUND_WORDS[g]) }))}
        />
      </Form.Item>
      <Form.Item label={t(W.reason)} htmlFor="own-reason">
        <Input.TextArea
          id="own-reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
        />
      </Form.Item>
      {open.error && <Failed problem={open.error} />}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={open.isPending}
          disabled={reason.trim().length < REASON_LEAST}
          onClick={() => open.mutate({ record, ground, reason })}
        >
          {t(W.start)}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </Form>
  )
}

const Register = ({ record, done }: { record: string; done: () => void }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [kind, setKind] = useState<ReviewKind>('reconsideration')
  const [body, setBody] = useState('')
  const [caseNo, setCaseNo] = useState('')
  const [filedOn, setFiledOn] = useState('')
  const [suspended, setSuspended] = useState(false)
  const act = useAct(endpoints.registerReview, () => void navigate({ to: '/objections/reviews', search: {} }))
  return (
    <Form layout="vertical" style={{ marginTop: 12, maxWidth: 560 }}>
      <Form.Item label={t(W.kind)} htmlFor="new-review-kind">
        <Select
          id="new-review-kind"
          value={kind}
          onChange={setKind}
          options={REVIEW_KINDS.map((k) => ({ value: k, label: t(REVIEW_KIND_WORDS[k]) }))}
        />
      </Form.Item>
      <Form.Item label={t(W.body)} htmlFor="new-review-body">
        <Input id="new-review-body" maxLength={200} value={body} onChange={(e) => setBody(e.target.value)} />
      </Form.Item>
      <Form.Item label={t(W.caseNo)} htmlFor="new-review-no">
        <Input id="new-review-no" maxLength={100} value={caseNo} onChange={(e) => setCaseNo(e.target.value)} />
      </Form.Item>
      <Form.Item label={t(W.filed)} htmlFor="new-review-filed">
        <Input
          id="new-review-filed"
          type="date"
          style={{ maxWidth: 200 }}
          value={filedOn}
          onChange={(e) => setFiledOn(e.target.value)}
        />
      </Form.Item>
      <Checkbox checked={suspended} onChange={(e) => setSuspended(e.target.checked)}>
        {t(W.suspended)}
      </Checkbox>
      {act.error && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={act.error} />
        </div>
      )}
      <Flex gap={8} wrap style={{ marginTop: 12 }}>
        <Button
          type="primary"
          loading={act.isPending}
          disabled={!filedOn || body.trim().length < 2 || caseNo.trim().length < 2}
          onClick={() => act.mutate({ record, kind, body, caseNo, filedOn, suspended })}
        >
          {t(W.register)}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </Form>
  )
}

/** What the authority that decided may begin about its own record, beside annulling it. */
export const ObjectionsOfRecord = ({ record }: { record: string }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const guide = useGuide().data
  const [open, setOpen] = useState<'own' | 'review' | null>(null)
  const done = () => setOpen(null)
  if (!has('officer', 'head')) return null
  if (open === 'own') return <OwnMotion record={record} done={done} />
  if (open === 'review') return <Register record={record} done={done} />
  return (
    <Flex gap={8} wrap style={{ marginTop: 12 }}>
      {guide?.ownMotion && <Button onClick={() => setOpen('own')}>{t(W.own)}</Button>}
      <Button onClick={() => setOpen('review')}>{t(W.review)}</Button>
    </Flex>
  )
}
