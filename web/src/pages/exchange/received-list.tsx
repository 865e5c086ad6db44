import { Link } from '@tanstack/react-router'
import { Flex, Segmented, Tag } from 'antd'
import type { ReactNode } from 'react'
import { type ReceivedDay, type ReceivedView, endpoints } from '../../../../src/capabilities/inbound/contract.ts'
import { MESSAGE_STATES, MESSAGE_STATE_WORDS, type MessageState } from '../../../../src/capabilities/inbound/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  messages: { zh: '报文', en: 'Messages' },
  days: { zh: '接收平衡表', en: 'Balance' },
  view: { zh: '查看方式', en: 'View' },
  state: { zh: '状态', en: 'State' },
  all: { zh: '全部', en: 'All' },
  about: { zh: '信息', en: 'About' },
  kind: { zh: '报文类型', en: 'Kind' },
  peer: { zh: '发送方', en: 'Sender' },
  reason: { zh: '处理情况', en: 'What became of it' },
  at: { zh: '接收时间', en: 'Received' },
  unnamed: { zh: '报文 {id}', en: 'Message {id}' },
  empty: {
    zh: '没有符合条件的报文。共享对象推送数据后，逐条显示在这里。',
    en: 'There are no such messages. What peers send stands here, message by message.',
  },
  day: { zh: '日期', en: 'Day' },
  received: { zh: '接收', en: 'Received' },
  accepted: { zh: '已接收', en: 'Accepted' },
  refused: { zh: '已退回', en: 'Sent back' },
  pending: { zh: '待处理', en: 'Pending' },
  noDays: { zh: '还没有接收过报文。', en: 'Nothing has been received yet.' },
} as const satisfies Record<string, Words>

export const STATE_COLOURS: Record<MessageState, string> = { pending: 'gold', accepted: 'green', refused: 'red' }
export const MessageTag = ({ state }: { state: MessageState }) => {
  const { t } = useLanguage()
  return <Tag color={STATE_COLOURS[state]}>{t(MESSAGE_STATE_WORDS[state])}</Tag>
}

const Messages = ({ peerId }: { peerId?: string | undefined }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const state = MESSAGE_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listReceived, { after: search.after, state, peerId }, { every: 15_000 })
  const columns: Column<ReceivedView>[] = [
    {
      key: 'about',
      title: W.about,
      lead: true,
      render: (m) => (
        <>
          <Link to="/exchange/received/$id" params={{ id: m.id }}>
            {m.name || t(W.unnamed, { id: m.eventId.slice(0, 8) })}
          </Link>
          <div className="xh-quiet">{[m.itemName ? t(m.itemName) : '', m.docNo].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    { key: 'kind', title: W.kind, short: true, render: (m) => t(m.typeName) },
    ...(peerId ? [] : [{ key: 'peer', title: W.peer, render: (m: ReceivedView) => m.peerName }]),
    { key: 'state', title: W.state, short: true, render: (m) => <MessageTag state={m.state} /> },
    { key: 'reason', title: W.reason, render: (m) => m.reason },
    { key: 'at', title: W.at, short: true, render: (m) => instantWords(m.receivedAt, lang) },
  ]
  return (
    <KeyedList
      query={query}
      name={W.messages}
      empty={W.empty}
      columns={columns}
      rowKey={(m) => m.id}
      after={search.after}
      go={go}
    />
  )
}

const Days = ({ peerId }: { peerId?: string | undefined }) => {
  const { lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listReceivedDays, { after: search.after, peerId })
  const columns: Column<ReceivedDay>[] = [
    { key: 'day', title: W.day, short: true, lead: true, render: (d) => dayWords(d.day, lang) },
    ...(peerId ? [] : [{ key: 'peer', title: W.peer, render: (d: ReceivedDay) => d.peerName }]),
    { key: 'received', title: W.received, short: true, render: (d) => d.received },
    { key: 'accepted', title: W.accepted, short: true, render: (d) => d.accepted },
    { key: 'refused', title: W.refused, short: true, render: (d) => d.refused },
    { key: 'pending', title: W.pending, short: true, render: (d) => d.pending },
  ]
  return (
    <KeyedList
      query={query}
      name={W.days}
      empty={W.noDays}
      columns={columns}
      rowKey={(d) => `${d.day} ${d.peerId}`}
      after={search.after}
      go={go}
    />
  )
}

/** What came from every peer, or from one: message by message, or day by day. */
export const ReceivedList = ({ peerId, children }: { peerId?: string | undefined; children?: ReactNode }) => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const days = search.by === 'days'
  const state = MESSAGE_STATES.find((s) => s === search.state)
  return (
    <>
      <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
        {children}
        <Segmented
          aria-label={t(W.view)}
          value={days ? 'days' : 'messages'}
          onChange={(v) => filter({ by: v === 'days' ? 'days' : '', state: '' })}
          options={[
            { value: 'messages', label: t(W.messages) },
            { value: 'days', label: t(W.days) },
          ]}
        />
        {!days && (
          <Segmented
            aria-label={t(W.state)}
            value={state ?? 'all'}
            onChange={(v) => filter({ state: v === 'all' ? '' : v })}
            options={[
              { value: 'all', label: t(W.all) },
              ...MESSAGE_STATES.map((s) => ({ value: s, label: t(MESSAGE_STATE_WORDS[s]) })),
            ]}
            style={{ maxWidth: '100%', overflowX: 'auto' }}
          />
        )}
      </Flex>
      {days ? <Days peerId={peerId} /> : <Messages peerId={peerId} />}
    </>
  )
}
