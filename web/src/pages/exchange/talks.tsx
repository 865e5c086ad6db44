import { Button, Card, Descriptions, Flex, Form, Input, Modal, Select, Tag } from 'antd'
import { useState } from 'react'
import { type TalkView, type WholePartyView, endpoints } from '../../../../src/capabilities/agreements/contract.ts'
import { TALK_ACTION_WORDS, type TalkEnding } from '../../../../src/capabilities/agreements/states.ts'
import { TALK_STATE_WORDS } from '../../../../src/capabilities/agreements/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, instantWords, lawWords } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '约谈和整改', en: 'Summons and mending' },
  lead: {
    zh: '更新不及时的，可以约谈其法定代表人或者主要负责人，要求采取措施整改。约谈、整改情况与更新情况一并留存。',
    en: 'Whoever is late may be summoned and asked to mend. What was said and what came of it is kept beside the figures.',
  },
  basis: { zh: '依据：{law}', en: 'Basis: {law}' },
  none: { zh: '没有约谈过该机构。', en: 'This party has not been summoned.' },
  call: { zh: '通知约谈', en: 'Summon' },
  who: { zh: '约谈对象', en: 'Who is summoned' },
  person: { zh: '姓名', en: 'Name' },
  capacity: { zh: '身份', en: 'Capacity' },
  calledFor: { zh: '约谈日期', en: 'Day of the talk' },
  reason: { zh: '约谈事由（4 至 500 字）', en: 'Reason (at least 4 characters)' },
  why: { zh: '事由', en: 'Reason' },
  heldOn: { zh: '实际约谈日期', en: 'Held on' },
  minutes: { zh: '约谈情况（4 至 4000 字）', en: 'What was said (at least 4 characters)' },
  said: { zh: '约谈情况', en: 'What was said' },
  asks: { zh: '整改要求（4 至 2000 字）', en: 'What is asked (at least 4 characters)' },
  asked: { zh: '整改要求', en: 'What is asked' },
  dueOn: { zh: '整改期限', en: 'To be mended by' },
  result: { zh: '结果', en: 'What came of it' },
  note: { zh: '说明（4 至 1000 字）', en: 'Note (at least 4 characters)' },
  calledBy: { zh: '{name}于{at}通知', en: 'Summoned by {name}, {at}' },
  heldBy: { zh: '{name}登记', en: 'Entered by {name}' },
  closedBy: { zh: '{name}于{at}登记', en: 'Entered by {name}, {at}' },
  before: {
    zh: '通知时：应撤下{owed}条，逾期未撤下{late}条，逾期撤下{doneLate}条',
    en: 'When summoned: {owed} owed, {late} late, {doneLate} done late',
  },
  after: {
    zh: '登记结果时：应撤下{owed}条，逾期未撤下{late}条，逾期撤下{doneLate}条',
    en: 'When closed: {owed} owed, {late} late, {doneLate} done late',
  },
  late: { zh: '整改逾期', en: 'Mending is late' },
  told: {
    zh: '机构登记了联系邮箱的，通知和整改要求同时发送邮件；其通过接口也可以查询。',
    en: 'Where the party has an e-mail address it is written to; it reads the same with its own key.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  send: { zh: '提交', en: 'Send' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>
const LEAST = 4
const NAME_LEAST = 2
const COLOURS: Record<TalkView['state'], string> = {
  called: 'gold',
  asked: 'orange',
  mended: 'green',
  not_mended: 'red',
  dropped: 'default',
}

type Called = { person: string; capacity: string; calledFor: string; reason: string }
const Call = ({ of, done }: { of: WholePartyView; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Called>()
  const act = useAct(endpoints.callTalk, done)
  const capacities = of.summons?.capacities ?? []
  const needed = { required: true, whitespace: true, message: t(W.need) }
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.call)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.send)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => form.submit()}
    >
      <Form<Called>
        form={form}
        name="call"
        layout="vertical"
        initialValues={{ capacity: capacities[0]?.code }}
        onFinish={(v) => act.mutate({ peer: of.peerId, ...v })}
      >
        <p>{t(W.told)}</p>
        <Form.Item name="person" label={t(W.person)} rules={[needed, { min: NAME_LEAST, message: t(W.need) }]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name="capacity" label={t(W.capacity)} rules={[needed]}>
          <Select options={capacities.map((c) => ({ value: c.code, label: t(c.name) }))} />
        </Form.Item>
        <Form.Item name="calledFor" label={t(W.calledFor)} rules={[needed]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="reason" label={t(W.reason)} rules={[needed, { min: LEAST, message: t(W.reason) }]}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

type Held = { heldOn: string; minutes: string; asks: string; dueOn: string }
const Hold = ({ of, mendBy, done }: { of: TalkView; mendBy: string | undefined; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Held>()
  const act = useAct(endpoints.holdTalk, done)
  const needed = { required: true, whitespace: true, message: t(W.need) }
  return (
    <Modal
      open
      onCancel={done}
      title={t(TALK_ACTION_WORDS.hold)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.send)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => form.submit()}
    >
      <Form<Held>
        form={form}
        name="hold"
        layout="vertical"
        initialValues={{ heldOn: of.calledFor, ...(mendBy ? { dueOn: mendBy } : {}) }}
        onFinish={(v) => act.mutate({ id: of.id, ...v, seen: of.version })}
      >
        <Form.Item name="heldOn" label={t(W.heldOn)} rules={[needed]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="minutes" label={t(W.minutes)} rules={[needed, { min: LEAST, message: t(W.minutes) }]}>
          <Input.TextArea rows={4} maxLength={4000} />
        </Form.Item>
        <Form.Item name="asks" label={t(W.asks)} rules={[needed, { min: LEAST, message: t(W.asks) }]}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <Form.Item name="dueOn" label={t(W.dueOn)} rules={[needed]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const Talk = ({ of, mendBy }: { of: TalkView; mendBy: string | undefined }) => {
  const { t, lang } = useLanguage()
  const [asking, setAsking] = useState<'hold' | TalkEnding | null>(null)
  const act = useAct(endpoints.closeTalk, () => setAsking(null))
  return (
    <li style={{ marginBottom: 16 }}>
      <h3 style={{ marginTop: 0 }}>
        {dayWords(of.heldOn ?? of.calledFor, lang)} <Tag color={COLOURS[of.state]}>{t(TALK_STATE_WORDS[of.state])}</Tag>
        {of.late && <Tag color="red">{t(W.late)}</Tag>}
      </h3>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: 'w', label: t(W.who), children: `${of.person}${lang === 'zh' ? '，' : ', '}${t(of.capacity)}` },
          { key: 'r', label: t(W.why), children: of.reason },
          ...(of.heldOn
            ? [
                { key: 'm', label: t(W.said), children: <div style={{ whiteSpace: 'pre-wrap' }}>{of.minutes}</div> },
                { key: 'a', label: t(W.asked), children: <div style={{ whiteSpace: 'pre-wrap' }}>{of.asks}</div> },
                { key: 'd', label: t(W.dueOn), children: dayWords(of.dueOn, lang) },
              ]
            : []),
          ...(of.note ? [{ key: 'n', label: t(W.result), children: of.note }] : []),
        ]}
      />
      <div className="xh-quiet">
        <div>{t(W.calledBy, { name: of.calledBy, at: instantWords(of.calledAt, lang) })}</div>
        <div>{t(W.before, of.figures)}</div>
        {of.heldBy && <div>{t(W.heldBy, { name: of.heldBy })}</div>}
        {of.closedBy && <div>{t(W.closedBy, { name: of.closedBy, at: instantWords(of.closedAt, lang) })}</div>}
        {of.figuresAfter && <div>{t(W.after, of.figuresAfter)}</div>}
        <div>{t(W.basis, { law: lawWords(of.instrument, of.article, lang) })}</div>
      </div>
      {of.actions.length > 0 && (
        <Flex gap={8} wrap style={{ marginTop: 8 }}>
          {of.actions.map((action) => (
            <Button
              key={action}
              size="small"
              type={action === 'hold' || action === 'mend' ? 'primary' : 'default'}
              danger={action === 'fail'}
              onClick={() => setAsking(action)}
            >
              {t(TALK_ACTION_WORDS[action])}
            </Button>
          ))}
        </Flex>
      )}
      {asking === 'hold' && <Hold of={of} mendBy={mendBy} done={() => setAsking(null)} />}
      {asking !== null && asking !== 'hold' && (
        <AskReason
          id="talk-note"
          title={t(TALK_ACTION_WORDS[asking])}
          ok={W.send}
          label={W.note}
          least={LEAST}
          most={1000}
          danger={asking === 'fail'}
          act={act}
          send={(note) => act.mutate({ id: of.id, action: asking, note, seen: of.version })}
          done={() => setAsking(null)}
        />
      )}
    </li>
  )
}

/** 约谈 and 整改 of one third party: who was summoned, what is asked, by which day, and what came of it. */
export const Talks = ({ of }: { of: WholePartyView }) => {
  const { t, lang } = useLanguage()
  const [calling, setCalling] = useState(false)
  return (
    <Card size="small">
      <h2>{t(W.title)}</h2>
      <p>{t(W.lead)}</p>
      {of.summons && (
        <>
          <p>{t(W.basis, { law: lawWords(of.summons.instrument, of.summons.article, lang) })}</p>
          <Button style={{ marginBottom: 12 }} onClick={() => setCalling(true)}>
            {t(W.call)}
          </Button>
        </>
      )}
      {of.talks.length ? (
        <ul style={{ paddingInlineStart: 0, listStyle: 'none', margin: 0 }}>
          {of.talks.map((talk) => (
            <Talk key={talk.id} of={talk} mendBy={of.mendBy ?? undefined} />
          ))}
        </ul>
      ) : (
        <p>{t(W.none)}</p>
      )}
      {calling && <Call of={of} done={() => setCalling(false)} />}
    </Card>
  )
}
