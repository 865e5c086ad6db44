import { Link } from '@tanstack/react-router'
import { Button, Flex, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { type DeliveryView, deskEndpoints } from '../../../../src/capabilities/exchange/contract.desk.ts'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import {
  DELIVERY_KIND_WORDS,
  FAULT_WORDS,
  REPLAYS,
  REPLAY_WORDS,
} from '../../../../src/capabilities/exchange/words.push.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { About } from './deliveries.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '发送失败', en: 'Dead letters' },
  lead: {
    zh: '多次发送均未成功、不再自动重发的送达。查明原因后重新发送；发送前先列明届时会告知对方什么。',
    en: 'What was tried many times and is not tried by itself any more. Find out why, then send it again; what the peer would be told is shown first.',
  },
  open: { zh: '待处理', en: 'To be dealt with' },
  givenUp: { zh: '不再发送', en: 'Given up' },
  which: { zh: '处理情况', en: 'Which' },
  peer: { zh: '共享对象', en: 'Peer' },
  everyPeer: { zh: '全部共享对象', en: 'Every peer' },
  about: { zh: '内容', en: 'About' },
  why: { zh: '原因', en: 'Why' },
  attempts: { zh: '已尝试 {n} 次', en: '{n} attempts' },
  at: { zh: '停止发送时间', en: 'Stopped' },
  action: { zh: '操作', en: 'Actions' },
  see: { zh: '查看原因', en: 'See why' },
  seeOne: { zh: '查看原因：{doc}', en: 'See why: {doc}' },
  none: { zh: '没有发送失败的送达。', en: 'Nothing has failed.' },
  all: { zh: '全部重新发送', en: 'Send all again' },
  allOf: { zh: '全部重新发送给“{name}”', en: 'Send all again to “{name}”' },
  would: { zh: '按记录现在的情况，重新发送会：', en: 'As things are now, sending all again would:' },
  times: { zh: '{n} 条', en: '{n} ×' },
  first: { zh: '（仅预览前 1000 条）', en: '(the first thousand are previewed)' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

const MOST_PEERS = 200

const ReplayAll = ({ peer, done }: { peer: { id: string; name: string }; done: () => void }) => {
  const { t } = useLanguage()
  const preview = useApi(deskEndpoints.previewReplay, { id: peer.id })
  const act = useAct(deskEndpoints.replayAll, done)
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.allOf, { name: peer.name })}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.all)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending, disabled: !preview.data }}
      onOk={() => act.mutate({ id: peer.id })}
    >
      <Shown query={preview}>
        {(p) => (
          <>
            <p>{t(W.would)}</p>
            <ul>
              {REPLAYS.filter((r) => p[r] > 0).map((r) => (
                <li key={r}>
                  {t(W.times, { n: p[r] })} {t(REPLAY_WORDS[r])}
                </li>
              ))}
            </ul>
            {p.more && <p className="xh-quiet">{t(W.first)}</p>}
          </>
        )}
      </Shown>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

export const DeadLetters = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const [sending, setSending] = useState(false)
  const state = search.state === 'given_up' ? 'given_up' : 'dead'
  const peers = useApi(endpoints.peers, { limit: MOST_PEERS })
  const peer = peers.data?.rows.find((p) => p.id === search.by)
  const query = useApi(deskEndpoints.deadLetters, { peer: search.by, state, after: search.after }, { every: 10_000 })
  const columns: Column<DeliveryView>[] = [
    { key: 'about', title: W.about, lead: true, render: (d) => <About d={d} /> },
    { key: 'peer', title: W.peer, render: (d) => d.peerName },
    {
      key: 'why',
      title: W.why,
      render: (d) => (
        <>
          {d.fault && t(FAULT_WORDS[d.fault])}
          <div className="xh-quiet">{t(W.attempts, { n: d.attempts })}</div>
        </>
      ),
    },
    { key: 'at', title: W.at, short: true, render: (d) => instantWords(d.deadAt, lang) },
    {
      key: 'see',
      title: W.action,
      short: true,
      render: (d) => (
        <Link
          to="/exchange/dead/$peer/$subject/$event"
          params={{ peer: d.peerId, subject: d.subjectId, event: d.eventId }}
          aria-label={t(W.seeOne, { doc: d.docNo || DELIVERY_KIND_WORDS[d.kind] })}
        >
          {t(W.see)}
        </Link>
      ),
    },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange/dead" />
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      <Flex gap={12} wrap style={{ marginBottom: 16 }}>
        <Segmented
          aria-label={t(W.which)}
          value={state}
          onChange={(value) => filter({ state: value })}
          options={[
            { value: 'dead', label: t(W.open) },
            { value: 'given_up', label: t(W.givenUp) },
          ]}
        />
        <Select
          aria-label={t(W.peer)}
          value={search.by ?? ''}
          onChange={(by) => filter({ by })}
          options={[
            { value: '', label: t(W.everyPeer) },
            ...(peers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })),
          ]}
          style={{ minWidth: 220, maxWidth: '100%' }}
        />
        {has('credit_office') && peer && state === 'dead' && (query.data?.rows.length ?? 0) > 0 && (
          <Button onClick={() => setSending(true)}>{t(W.all)}</Button>
        )}
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.none}
        columns={columns}
        rowKey={(d) => `${d.peerId} ${d.eventId}`}
        after={search.after}
        go={go}
      />
      {sending && peer && <ReplayAll peer={peer} done={() => setSending(false)} />}
    </>
  )
}
