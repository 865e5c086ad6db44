import { Link, useParams } from '@tanstack/react-router'
import { Alert, Descriptions } from 'antd'
import { type ReceivedMessage, endpoints } from '../../../../src/capabilities/inbound/contract.ts'
import { ACTION_WORDS, type Action, INTAKE_WAY_WORDS } from '../../../../src/capabilities/inbound/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { KeyedTable } from '../../ui/keyed-table.tsx'
import { Shown } from '../../ui/states.tsx'
import { ActionButtons } from './action-buttons.tsx'
import { MessageTag } from './received-list.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '报文处理情况', en: 'One message' },
  back: { zh: '返回接收情况', en: 'Back to what was received' },
  outcome: { zh: '处理结果', en: 'Outcome' },
  reason: { zh: '处理情况', en: 'What became of it' },
  mend: { zh: '如何处理', en: 'What to do' },
  peer: { zh: '发送方', en: 'Sender' },
  way: { zh: '接收方式', en: 'Way' },
  kind: { zh: '报文类型', en: 'Kind' },
  item: { zh: '事项', en: 'Item' },
  subject: { zh: '主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  docNo: { zh: '文号', en: 'Document' },
  sent: { zh: '报文时间', en: 'Time of the message' },
  received: { zh: '接收时间', en: 'Received' },
  decided: { zh: '办结时间', en: 'Decided' },
  told: { zh: '回告发送方', en: 'Sender told' },
  next: { zh: '下次自动重试', en: 'Tried again' },
  number: { zh: '报文编号', en: 'Message id' },
  hash: { zh: '原始报文摘要(SHA-256)', en: 'SHA-256 of what came' },
  none: { zh: '尚无', en: 'Not yet' },
  problems: { zh: '校验意见', en: 'What the checks say' },
  field: { zh: '字段', en: 'Field' },
  value: { zh: '来文内容', en: 'As sent' },
  why: { zh: '原因', en: 'Why' },
  how: { zh: '如何更正', en: 'How to mend it' },
  why2: { zh: '退回理由（2 至 500 字，发送方可见）', en: 'Reason (2 to 500 characters), which the sender reads' },
} as const satisfies Record<string, Words>

const Actions = ({ message: { id, version: seen, actions } }: { message: ReceivedMessage }) => {
  const act = useAct(endpoints.decideReceived)
  return (
    <ActionButtons<Action>
      actions={actions}
      words={ACTION_WORDS}
      act={act}
      send={(action, reason) => act.mutate({ id, action, reason, seen })}
      reasoned="send_back"
      label={W.why2}
      danger
    />
  )
}

const Problems = ({ message }: { message: ReceivedMessage }) => {
  const { t } = useLanguage()
  if (!message.problems.length) return null
  return (
    <>
      <h2 style={{ marginTop: 24 }}>{t(W.problems)}</h2>
      <KeyedTable
        name={W.problems}
        rows={message.problems}
        rowKey={(p) => `${p.field} ${p.reason}`}
        columns={[
          { key: 'field', title: W.field, lead: true, render: (p) => p.field },
          { key: 'value', title: W.value, render: (p) => p.value || '—' },
          { key: 'why', title: W.why, render: (p) => p.reason },
          { key: 'how', title: W.how, render: (p) => p.mend },
        ]}
      />
    </>
  )
}

const Whole = ({ message: m }: { message: ReceivedMessage }) => {
  const { t, lang } = useLanguage()
  const at = (instant: string | null) => (instant ? instantWords(instant, lang) : t(W.none))
  const rows: [Words, React.ReactNode][] = [
    [W.outcome, <MessageTag key="state" state={m.state} />],
    [W.peer, m.peerName],
    [W.kind, t(m.typeName)],
    [W.item, m.itemName ? t(m.itemName) : '—'],
    [W.subject, m.name || '—'],
    [W.authority, m.authority || '—'],
    [W.docNo, m.docNo || '—'],
    [W.way, t(INTAKE_WAY_WORDS[m.way])],
    [W.sent, at(m.sentAt)],
    [W.received, at(m.receivedAt)],
    [W.decided, at(m.decidedAt)],
    ...(m.state === 'pending' && m.nextTryAt ? [[W.next, at(m.nextTryAt)] as [Words, string]] : []),
    [W.told, at(m.toldAt)],
    [W.number, <code key="id">{m.eventId}</code>],
    [W.hash, <code key="hash">{m.fileHash}</code>],
  ]
  return (
    <>
      <Alert
        type={m.state === 'accepted' ? 'success' : 'warning'}
        showIcon
        title={m.reason}
        description={m.mend || undefined}
        style={{ marginBottom: 16 }}
      />
      <Descriptions
        bordered
        size="small"
        column={{ xs: 1, md: 2 }}
        styles={{ label: { minWidth: '7em' }, content: { overflowWrap: 'anywhere' } }}
        items={rows.map(([label, children]) => ({
          key: label.en,
          label: t(label),
          children,
          span: label === W.number || label === W.hash ? ('filled' as const) : 1,
        }))}
      />
      <Problems message={m} />
      <Actions message={m} />
    </>
  )
}

export const ReceivedMessagePage = () => {
  const { t } = useLanguage()
  const { id } = useParams({ strict: false })
  const query = useApi(endpoints.getReceived, { id: String(id) })
  return (
    <>
      <ExchangeTabs at="/exchange/received" />
      <p>
        <Link to="/exchange/received">{t(W.back)}</Link>
      </p>
      <h1>{t(W.title)}</h1>
      <Shown query={query}>{(message) => <Whole message={message} />}</Shown>
    </>
  )
}
