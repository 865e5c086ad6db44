import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { type DeliveryView, deskEndpoints } from '../../../../src/capabilities/exchange/contract.desk.ts'
import {
  DELIVERY_KIND_WORDS,
  DELIVERY_STATES,
  DELIVERY_STATE_WORDS,
  type DeliveryState,
  FAULT_WORDS,
} from '../../../../src/capabilities/exchange/words.push.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Choice } from '../../ui/choice.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  name: { zh: '送达情况', en: 'Deliveries' },
  state: { zh: '状态', en: 'State' },
  about: { zh: '内容', en: 'About' },
  at: { zh: '列入发送', en: 'Put under way' },
  acknowledged: { zh: '确认时间', en: 'Acknowledged' },
  why: { zh: '说明', en: 'Remarks' },
  attempts: { zh: '已尝试 {n} 次', en: '{n} attempts' },
  next: { zh: '下次发送{at}', en: 'next {at}' },
  see: { zh: '查看原因', en: 'See why' },
  seeOne: { zh: '查看原因：{doc}', en: 'See why: {doc}' },
  none: { zh: '没有符合条件的送达。', en: 'There are no such deliveries.' },
} as const satisfies Record<string, Words>

export const STATE_COLOURS: Record<DeliveryState, string> = {
  queued: 'blue',
  sending: 'blue',
  retrying: 'gold',
  sent: 'gold',
  acknowledged: 'green',
  refused: 'orange',
  not_needed: 'default',
  dead: 'red',
  given_up: 'default',
}

/** What a delivery is about: whose record, or a message. */
export const About = ({ d }: { d: DeliveryView }) => {
  const { t } = useLanguage()
  return (
    <>
      {t(DELIVERY_KIND_WORDS[d.kind])} {d.docNo}
      <div className="xh-quiet">{[d.subjectName, d.authority].filter(Boolean).join(' · ')}</div>
    </>
  )
}

/** On the page of one peer. */
export const Deliveries = ({ peerId }: { peerId: string }) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = DELIVERY_STATES.find((s) => s === search.state)
  const query = useApi(deskEndpoints.deliveries, { id: peerId, state, after: search.after }, { every: 10_000 })
  const columns: Column<DeliveryView>[] = [
    { key: 'about', title: W.about, lead: true, render: (d) => <About d={d} /> },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (d) => <Tag color={STATE_COLOURS[d.state]}>{t(DELIVERY_STATE_WORDS[d.state])}</Tag>,
    },
    { key: 'at', title: W.at, short: true, render: (d) => instantWords(d.queuedAt, lang) },
    { key: 'acknowledged', title: W.acknowledged, short: true, render: (d) => instantWords(d.acknowledgedAt, lang) },
    {
      key: 'why',
      title: W.why,
      render: (d) => (
        <>
          {d.note}
          {d.fault && <div>{t(FAULT_WORDS[d.fault])}</div>}
          {d.attempts > 0 && d.state !== 'acknowledged' && <div>{t(W.attempts, { n: d.attempts })}</div>}
          {d.state === 'retrying' && d.nextAttemptAt && (
            <div>{t(W.next, { at: instantWords(d.nextAttemptAt, lang) })}</div>
          )}
          {d.state === 'dead' && (
            <Link
              to="/exchange/dead/$peer/$subject/$event"
              params={{ peer: d.peerId, subject: d.subjectId, event: d.eventId }}
              aria-label={t(W.seeOne, { doc: d.docNo || DELIVERY_KIND_WORDS[d.kind] })}
            >
              {t(W.see)}
            </Link>
          )}
        </>
      ),
    },
  ]
  return (
    <>
      <div style={{ marginBottom: 16 }}>
        <Choice
          label={W.state}
          of={DELIVERY_STATES}
          words={DELIVERY_STATE_WORDS}
          value={state}
          choose={(to) => filter({ state: to })}
          width={200}
        />
      </div>
      <KeyedList
        query={query}
        name={W.name}
        empty={W.none}
        columns={columns}
        rowKey={(d) => d.eventId}
        after={search.after}
        go={go}
      />
    </>
  )
}
