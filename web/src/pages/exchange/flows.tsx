import { Link } from '@tanstack/react-router'
import { Button, Flex } from 'antd'
import {
  type BalanceView,
  type ChaseView,
  type EdgeView,
  deskEndpoints,
} from '../../../../src/capabilities/exchange/contract.desk.ts'
import { DIRECTION_WORDS, PEER_STATE_WORDS, wayWords } from '../../../../src/capabilities/exchange/words.ts'
import { CHASED_WORDS, FAULT_WORDS } from '../../../../src/capabilities/exchange/words.push.ts'
import { endpoints as inbound } from '../../../../src/capabilities/inbound/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { colon, dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Told } from '../../ui/told.tsx'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { FlowMap } from './flow-map.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '共享流向', en: 'Flows' },
  lead: {
    zh: '每一条流向上待发送、待确认和发送失败的数量，以及最早一条未确认的时间。逾期未确认的，同时通知信用办和对方。',
    en: 'What waits, what is not acknowledged and what could not be sent on each line, and since when. Whoever is late is told, and so is the credit office.',
  },
  table: { zh: '各流向情况', en: 'Each line' },
  empty: { zh: '还没有接入的共享对象。', en: 'No peer is connected yet.' },
  peer: { zh: '共享对象', en: 'Peer' },
  way: { zh: '方式', en: 'Way' },
  open: { zh: '待办', en: 'Open' },
  counts: { zh: '待发送 {queued}，待确认 {unanswered}', en: '{queued} to send, {unanswered} to acknowledge' },
  deadCount: { zh: '发送失败 {n}', en: '{n} could not be sent' },
  oldest: { zh: '最早未确认', en: 'Oldest open' },
  late: { zh: '逾期撤下', en: 'Late withdrawals' },
  lateSince: { zh: '{n} 条，最早应于{day}前确认', en: '{n}, the first due {day}' },
  down: { zh: '对方不通：{why}；{at}再试', en: 'No answer: {why}; next attempt {at}' },
  downNow: { zh: '对方不通：{why}', en: 'No answer: {why}' },
  chasing: { zh: '催办', en: 'Chasing' },
  chasedLast: { zh: '已催办 {n} 次，最近{at}', en: 'Chased {n} times, last {at}' },
  chase: { zh: '催办', en: 'Chase' },
  chaseOne: { zh: '催办“{name}”', en: 'Chase “{name}”' },
  balance: { zh: '每日送达平衡', en: 'Balance by day' },
  balanceLead: {
    zh: '按对象和日期：发出 = 已确认 + 待确认 + 发送失败 + 无需发送。',
    en: 'By peer and day: sent = acknowledged + pending + failed + not needed.',
  },
  day: { zh: '日期', en: 'Day' },
  equation: {
    zh: '发出 {sent} = 已确认 {acknowledged} + 待确认 {pending} + 失败 {dead} + 无需发送 {notNeeded}',
    en: 'Sent {sent} = acknowledged {acknowledged} + pending {pending} + failed {dead} + not needed {notNeeded}',
  },
  noBalance: { zh: '近两周没有送达。', en: 'Nothing was sent in the last two weeks.' },
  chases: { zh: '催办记录', en: 'Who was chased' },
  noChases: { zh: '没有催办记录。', en: 'Nobody has been chased.' },
  what: { zh: '事项', en: 'Matter' },
  matter: { zh: '{what} {n} 条', en: '{n} {what}' },
  times: { zh: '次数', en: 'Times' },
  last: { zh: '最近催办', en: 'Last told' },
  answered: { zh: '办结时间', en: 'Settled' },
  not: { zh: '未办结', en: 'Open' },
  contact: { zh: '联系人', en: 'Contact' },
  told: { zh: '通知情况', en: 'Who was told' },
} as const satisfies Record<string, Words>

const MOST = 200

const Chase = ({ edge }: { edge: EdgeView }) => {
  const { t } = useLanguage()
  const act = useAct(deskEndpoints.chase)
  return (
    <>
      <Button
        size="small"
        loading={act.isPending}
        aria-label={t(W.chaseOne, { name: edge.name })}
        onClick={() => act.mutate({ id: edge.peerId })}
      >
        {t(W.chase)}
      </Button>
      {act.error && <Failed problem={act.error} />}
    </>
  )
}

const Balance = () => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(deskEndpoints.deliveryBalance, { after: search.after, limit: 20 })
  const columns: Column<BalanceView>[] = [
    { key: 'day', title: W.day, lead: true, short: true, render: (r) => dayWords(r.day, lang) },
    { key: 'peer', title: W.peer, render: (r) => r.peerName },
    { key: 'equation', title: W.balance, render: (r) => t(W.equation, { ...r }) },
  ]
  return (
    <>
      <h2 style={{ marginTop: 24 }}>{t(W.balance)}</h2>
      <p className="xh-quiet">{t(W.balanceLead)}</p>
      <KeyedList
        query={query}
        name={W.balance}
        empty={W.noBalance}
        columns={columns}
        rowKey={(r) => `${r.day} ${r.peerId}`}
        after={search.after}
        go={go}
      />
    </>
  )
}

const Chases = () => {
  const { t, lang } = useLanguage()
  const query = useApi(deskEndpoints.chases, { limit: 20 })
  const columns: Column<ChaseView>[] = [
    { key: 'peer', title: W.peer, lead: true, render: (c) => c.peerName },
    { key: 'what', title: W.what, render: (c) => t(W.matter, { what: CHASED_WORDS[c.what], n: c.count }) },
    { key: 'contact', title: W.contact, render: (c) => c.contact || '—' },
    { key: 'told', title: W.told, render: (c) => <Told told={c.told} /> },
    { key: 'times', title: W.times, short: true, render: (c) => c.times },
    { key: 'last', title: W.last, short: true, render: (c) => instantWords(c.toldAt, lang) },
    {
      key: 'answered',
      title: W.answered,
      short: true,
      render: (c) => (c.answeredAt ? instantWords(c.answeredAt, lang) : t(W.not)),
    },
  ]
  return (
    <>
      <h2 style={{ marginTop: 24 }}>{t(W.chases)}</h2>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.noChases} />}>
        {(data) => <KeyedTable name={W.chases} rows={data.rows} columns={columns} rowKey={(c) => c.id} />}
      </Shown>
    </>
  )
}

/** What came in from each peer in the last days, where anything is taken from it. */
const useReceived = (): ReadonlyMap<string, number> => {
  const query = useApi(inbound.listReceivedDays, { limit: MOST })
  const sums = new Map<string, number>()
  for (const r of query.data?.rows ?? []) sums.set(r.peerId, (sums.get(r.peerId) ?? 0) + r.received)
  return sums
}

export const Flows = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(deskEndpoints.flows, {}, { every: 10_000 })
  const received = useReceived()
  const number = ({ count, more }: EdgeView['queued']) => `${count}${more ? '+' : ''}`
  const columns: Column<EdgeView>[] = [
    {
      key: 'peer',
      title: W.peer,
      lead: true,
      render: (e) => (
        <>
          <Link to="/peers/$id" params={{ id: e.peerId }} search={{ view: 'deliveries' } as never}>
            {e.name}
          </Link>
          {e.state !== 'active' && <div className="xh-quiet">{t(PEER_STATE_WORDS[e.state])}</div>}
        </>
      ),
    },
    {
      key: 'way',
      title: W.way,
      render: (e) => (
        <>
          {t(wayWords(e))}
          <div className="xh-quiet">{t(DIRECTION_WORDS[e.direction])}</div>
        </>
      ),
    },
    {
      key: 'open',
      title: W.open,
      render: (e) => (
        <>
          {t(W.counts, { queued: number(e.queued), unanswered: number(e.unanswered) })}
          {e.dead > 0 && (
            <div>
              <Link to="/exchange/dead" search={{ by: e.peerId }}>
                {t(W.deadCount, { n: e.dead })}
              </Link>
            </div>
          )}
          {e.down && (
            <div>
              {t(e.down.nextAt ? W.down : W.downNow, {
                why: FAULT_WORDS[e.down.fault],
                at: instantWords(e.down.nextAt, lang),
              })}
            </div>
          )}
        </>
      ),
    },
    { key: 'oldest', title: W.oldest, short: true, render: (e) => (e.oldestAt ? instantWords(e.oldestAt, lang) : '—') },
    {
      key: 'late',
      title: W.late,
      render: (e) =>
        e.lateWithdrawals ? t(W.lateSince, { n: e.lateWithdrawals, day: dayWords(e.lateSince, lang) }) : '—',
    },
    {
      key: 'chase',
      title: W.chasing,
      render: (e) => (
        <Flex vertical gap={4} align="start">
          {e.chased && (
            <span>
              {t(CHASED_WORDS[e.chased.what])}
              {colon(lang)}
              {t(W.chasedLast, { n: e.chased.times, at: instantWords(e.chased.at, lang) })}
            </span>
          )}
          {has('credit_office') && (e.lateWithdrawals > 0 || e.dead > 0 || e.chased) ? <Chase edge={e} /> : null}
          {!e.chased && !(e.lateWithdrawals > 0 || e.dead > 0) && '—'}
        </Flex>
      ),
    },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange" />
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      <Shown query={query} isEmpty={(d) => d.edges.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => (
          <>
            <FlowMap edges={data.edges} received={received} />
            <KeyedTable name={W.table} rows={data.edges} columns={columns} rowKey={(e) => e.peerId} />
          </>
        )}
      </Shown>
      <Chases />
      <Balance />
    </>
  )
}
