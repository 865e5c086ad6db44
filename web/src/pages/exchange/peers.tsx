import { Link } from '@tanstack/react-router'
import { Button, Flex, Tag } from 'antd'
import { useState } from 'react'
import { type PeerView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import { PEER_KIND_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import { CHANNEL_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { useDivisions, useItems } from '../access/choices.tsx'
import { PeerForm } from './peer-form.tsx'
import { PeerTag } from './peer-tag.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '共享对象', en: 'Peers' },
  add: { zh: '新增共享对象', en: 'Add a peer' },
  name: { zh: '名称', en: 'Name' },
  scope: { zh: '共享范围', en: 'Scope' },
  basis: { zh: '共享依据', en: 'Legal basis' },
  balance: { zh: '送达情况', en: 'Balance' },
  balanced: {
    zh: '发出 {sent} = 已确认 {acknowledged} + 待确认 {open} + 发送失败 {dead}',
    en: 'Sent {sent} = acknowledged {acknowledged} + open {open} + dead {dead}',
  },
  late: { zh: '逾期 {n}', en: '{n} late' },
  pulled: { zh: '最近提供', en: 'Last handed over' },
  never: { zh: '尚无', en: 'Not yet' },
  byTwo: { zh: '须两人办理', en: 'Takes two people' },
  byTwoOf: { zh: '须两人办理：{name}的协议与措施', en: 'Takes two people: the agreement of {name}' },
  state: { zh: '状态', en: 'State' },
  connect: { zh: '办理接入', en: 'Connect it' },
  action: { zh: '操作', en: 'Actions' },
  suspend: { zh: '暂停共享', en: 'Suspend' },
  resume: { zh: '恢复共享', en: 'Resume' },
  suspendOne: { zh: '暂停共享“{name}”', en: 'Suspend “{name}”' },
  resumeOne: { zh: '恢复共享“{name}”', en: 'Resume “{name}”' },
  suspendHint: {
    zh: '暂停后对方不能再领取数据；已持有的记录停止公示时仍须撤下。',
    en: 'It can pull no more. What it holds must still be taken down when withdrawn.',
  },
  resumeHint: {
    zh: '恢复后对方从上次的位置继续领取，不会遗漏。',
    en: 'It goes on from where it stopped and misses nothing.',
  },
  reason: { zh: '理由（2 至 500 字）', en: 'Reason (2 to 500 characters)' },
  contact: { zh: '联系人', en: 'Contact' },
  empty: {
    zh: '还没有共享对象。信用办新增后，对方凭接口密钥领取共享数据并确认撤下。',
    en: 'There are no peers yet. Once added, a peer pulls the feed with its key and acknowledges.',
  },
} as const satisfies Record<string, Words>

const REASON_MIN = 2
const Change = ({ peer, done }: { peer: PeerView; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.setPeerState, done)
  const active = peer.state === 'active'
  /** As it was when the dialog was opened. */
  const [seen] = useState(peer.version)
  return (
    <AskReason
      id="peer-reason"
      title={t(active ? W.suspendOne : W.resumeOne, { name: peer.name })}
      ok={active ? W.suspend : W.resume}
      label={W.reason}
      least={REASON_MIN}
      danger={active}
      act={act}
      send={(reason) => act.mutate({ id: peer.id, state: active ? 'suspended' : 'active', reason, seen })}
      done={done}
    >
      <p>{t(active ? W.suspendHint : W.resumeHint)}</p>
    </AskReason>
  )
}

export const Peers = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const { namesOf } = useItems()
  const { nameOf } = useDivisions()
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState<string | null>(null)
  const query = useApi(endpoints.peers, { after: search.after }, { every: 15_000 })
  const mayEdit = has('credit_office')
  const changed = query.data?.rows.find((p) => p.id === changing)
  const columns: Column<PeerView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (p) => (
        <>
          <Link to="/peers/$id" params={{ id: p.id }} search={{}}>
            <strong>{p.name}</strong>
          </Link>
          <div className="xh-quiet">{t(PEER_KIND_WORDS[p.kind])}</div>
        </>
      ),
    },
    {
      key: 'scope',
      title: W.scope,
      render: (p) => (
        <>
          {nameOf(p.division)} · {t((CHANNEL_WORDS as Record<string, Words>)[p.channel] ?? CHANNEL_WORDS.credit_china)}
          <div>{namesOf(p.items)}</div>
        </>
      ),
    },
    {
      key: 'basis',
      title: W.basis,
      render: (p) => (
        <>
          {t(p.legalBasis)}
          {p.contact && (
            <div>
              {t(W.contact)}
              {colon(lang)}
              {p.contact}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'balance',
      title: W.balance,
      render: (p) => (
        <>
          {t(W.balanced, { sent: p.sent, acknowledged: p.acknowledged, open: p.open, dead: p.dead })}{' '}
          {p.late > 0 && <Tag color="red">{t(W.late, { n: p.late })}</Tag>}
        </>
      ),
    },
    {
      key: 'pulled',
      title: W.pulled,
      short: true,
      render: (p) => (p.direction === 'in' ? '—' : p.pulledAt ? instantWords(p.pulledAt, lang) : t(W.never)),
    },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (p) => <PeerTag state={p.state} />,
    },
    ...(mayEdit
      ? [
          {
            key: 'change',
            title: W.action,
            short: true,
            render: (p: PeerView) =>
              p.state === 'onboarding' ? (
                <Link to="/peers/$id" params={{ id: p.id }} search={{ view: 'onboarding' } as never}>
                  {t(W.connect)}
                </Link>
              ) : p.kind === 'third_party' ? (
                <Link
                  to="/peers/$id"
                  params={{ id: p.id }}
                  search={{ view: 'agreement' } as never}
                  aria-label={t(W.byTwoOf, { name: p.name })}
                >
                  {t(W.byTwo)}
                </Link>
              ) : p.state === 'cut_off' ? (
                '—'
              ) : (
                <Button
                  size="small"
                  danger={p.state === 'active'}
                  aria-label={t(p.state === 'active' ? W.suspendOne : W.resumeOne, { name: p.name })}
                  onClick={() => setChanging(p.id)}
                >
                  {t(p.state === 'active' ? W.suspend : W.resume)}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <ExchangeTabs at="/peers" />
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {mayEdit && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(W.add)}
          </Button>
        )}
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(p) => p.id}
        after={search.after}
        go={go}
      />
      {changed && <Change peer={changed} done={() => setChanging(null)} />}
      {adding && <PeerForm done={() => setAdding(false)} />}
    </>
  )
}
