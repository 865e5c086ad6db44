import { Link, useParams } from '@tanstack/react-router'
import { Button, Card, Descriptions, Flex, Form, Input, Select, Tag } from 'antd'
import { useState } from 'react'
import { type ReportView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import type { ReportAction } from '../../../../src/capabilities/objections/states.ts'
import {
  GROUND_WORDS,
  type Ground,
  RECORD_GROUNDS,
  REPORT_ACTION_WORDS,
  REPORT_STATE_WORDS,
} from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { ObjectionsNav } from './nav.tsx'

const W = {
  heading: { zh: '公众反映', en: 'Report' },
  back: { zh: '返回公众反映', en: 'Back to the reports' },
  said: { zh: '反映内容', en: 'What was said' },
  subject: { zh: '主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  received: { zh: '收到时间', en: 'Received' },
  due: { zh: '处理期限', en: 'Due' },
  late: { zh: '逾期', en: 'Overdue' },
  by: { zh: '反映人', en: 'Reported by' },
  contact: { zh: '联系方式', en: 'Contact' },
  no: { zh: '编号', en: 'No.' },
  answer: { zh: '答复', en: 'Answer' },
  decide: { zh: '处理', en: 'Decide' },
  ground: { zh: '异议情形', en: 'Ground' },
  note: { zh: '说明（可以不填）', en: 'Note (optional)' },
  why: { zh: '理由（反映人可以查询到）', en: 'Reasons, which the reporter can read' },
  confirm: { zh: '确认', en: 'Confirm' },
  cancel: { zh: '取消', en: 'Cancel' },
  toObjection: { zh: '查看异议', en: 'See the objection' },
} as const satisfies Record<string, Words>
const REASON_LEAST = 4

const Decide = ({ view }: { view: ReportView }) => {
  const { t } = useLanguage()
  const [chosen, setChosen] = useState<ReportAction | null>(null)
  const [ground, setGround] = useState<Ground>('wrong_content')
  const [text, setText] = useState('')
  const done = () => setChosen(null)
  const takeUp = useAct(endpoints.takeUpReport, done)
  const dismiss = useAct(endpoints.dismissReport, done)
  const problem = takeUp.error ?? dismiss.error
  const choose = (action: ReportAction) => {
    setChosen(action)
    setText('')
  }
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.decide)}</h2>
      <Flex gap={8} wrap>
        {view.actions.includes('take_up') && (
          <Button
            type="primary"
            ghost={chosen !== 'take_up'}
            aria-pressed={chosen === 'take_up'}
            onClick={() => choose('take_up')}
          >
            {t(REPORT_ACTION_WORDS.take_up)}
          </Button>
        )}
        {view.actions.includes('dismiss') && (
          <Button aria-pressed={chosen === 'dismiss'} onClick={() => choose('dismiss')}>
            {t(REPORT_ACTION_WORDS.dismiss)}
          </Button>
        )}
      </Flex>
      {chosen && (
        <Form layout="vertical" style={{ marginTop: 12, maxWidth: 560 }}>
          {chosen === 'take_up' && (
            <Form.Item label={t(W.ground)} htmlFor="report-ground">
              <Select
                id="report-ground"
                value={ground}
                onChange={setGround}
                options={RECORD_GROUNDS.map((g) => ({ value: g as Ground, label: t(GROUND_WORDS[g]) }))}
              />
            </Form.Item>
          )}
          <Form.Item label={t(chosen === 'take_up' ? W.note : W.why)} htmlFor="report-text">
            <Input.TextArea
              id="report-text"
              rows={3}
              maxLength={2000}
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
          </Form.Item>
          {problem && <Failed problem={problem} />}
          <Flex gap={8} wrap style={{ marginTop: 8 }}>
            <Button
              type="primary"
              loading={takeUp.isPending || dismiss.isPending}
              disabled={chosen === 'dismiss' && text.trim().length < REASON_LEAST}
              onClick={() =>
                chosen === 'take_up'
                  ? takeUp.mutate({ id: view.id, seen: view.version, ground, note: text })
                  : dismiss.mutate({ id: view.id, seen: view.version, answer: text })
              }
            >
              {t(W.confirm)}
            </Button>
            <Button onClick={done}>{t(W.cancel)}</Button>
          </Flex>
        </Form>
      )}
    </Card>
  )
}

/** One report before login: who says what about which record, and what becomes of it. */
export const ReportPage = () => {
  const { t, lang } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useApi(endpoints.getReport, { id })
  return (
    <Shown query={query} heading={W.heading}>
      {(view) => (
        <>
          <Link to="/objections/reports" search={{}}>
            {t(W.back)}
          </Link>
          <h1 style={{ marginTop: 8 }}>
            {t(view.itemName)} · {view.docNo}{' '}
            <Tag color={view.state === 'received' ? 'blue' : 'default'}>{t(REPORT_STATE_WORDS[view.state])}</Tag>
          </h1>
          <ObjectionsNav />
          <Card>
            <h2>{t(W.said)}</h2>
            <p style={{ whiteSpace: 'pre-line' }}>{view.text}</p>
            <Descriptions
              size="small"
              column={1}
              items={[
                { key: 'by', label: t(W.by), children: view.contactName || '—' },
                { key: 'contact', label: t(W.contact), children: <span>{view.contact}</span> },
                { key: 'subject', label: t(W.subject), children: view.subjectName },
                { key: 'authority', label: t(W.authority), children: view.authorityName },
                { key: 'received', label: t(W.received), children: instantWords(view.receivedAt, lang) },
                {
                  key: 'due',
                  label: t(W.due),
                  children: (
                    <span>
                      {dayWords(view.dueOn, lang)} {view.overdue && <Tag color="red">{t(W.late)}</Tag>}
                    </span>
                  ),
                },
                { key: 'no', label: t(W.no), children: <span>{view.no}</span> },
                ...(view.answer ? [{ key: 'answer', label: t(W.answer), children: view.answer }] : []),
              ]}
            />
            {view.objectionId && (
              <Link
                to="/objections/cases/$subject/$id"
                params={{ subject: view.subjectId, id: view.objectionId }}
                search={{}}
              >
                {t(W.toObjection)}
              </Link>
            )}
          </Card>
          {view.actions.length > 0 && <Decide key={view.version} view={view} />}
        </>
      )}
    </Shown>
  )
}
