import { Link } from '@tanstack/react-router'
import { Button, Form, Input, Modal, Select, Tag } from 'antd'
import { useState } from 'react'
import { endpoints as exchange } from '../../../../src/capabilities/exchange/contract.ts'
import { type AuthorityStanding, endpoints } from '../../../../src/capabilities/results/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { Told } from '../../ui/told.tsx'

const W = {
  name: { zh: '各单位撤下情况', en: 'Where each authority stands' },
  lead: {
    zh: '逾期的自动提醒信息采集员，仍未处理的提醒单位负责人；逾期多的排在前面。',
    en: 'Whoever is late is told by itself, first its collector, then its head. Those with most late come first.',
  },
  authority: { zh: '单位', en: 'Authority' },
  late: { zh: '逾期', en: 'Late' },
  lateN: { zh: '{n}条，最早应于{day}撤下', en: '{n}, the oldest due on {day}' },
  none: { zh: '无', en: 'None' },
  open: { zh: '未完成', en: 'Open' },
  openN: {
    zh: '{open}条，其中待核对{confirmed}条、退回{returned}条',
    en: '{open}, of them {confirmed} to be looked at and {returned} returned',
  },
  done: { zh: '已完成', en: 'Done' },
  doneN: {
    zh: '{done}条，其中核对撤下{verified}条、未曾公示{notShown}条',
    en: '{done}, of them {verified} seen to be down and {notShown} never shown',
  },
  told: { zh: '提醒情况', en: 'Who was told' },
  page: { zh: '公示网页', en: 'Page' },
  noPage: { zh: '未登记', en: 'Not named' },
  edit: { zh: '登记', en: 'Set' },
  editOne: { zh: '登记“{name}”的公示网页', en: 'Set the page of {name}' },
  address: { zh: '网页地址', en: 'Address' },
  peer: { zh: '对应的共享对象（部门门户网站）', en: 'Which peer it is (a portal)' },
  peerHint: {
    zh: '核对撤下后，同步情况中该对象记为已核实。',
    en: 'Once a record is seen to be down, the receipt says so for this peer.',
  },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  empty: { zh: '还没有需要撤下的信息。', en: 'Nothing is to be taken down yet.' },
} as const satisfies Record<string, Words>

const Site = ({ of, done }: { of: AuthorityStanding; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.saveSite, done)
  const peers = useApi(exchange.peers, { limit: 200 })
  const [page, setPage] = useState(of.page)
  const [peer, setPeer] = useState<string | null>(of.peerId)
  const portals = (peers.data?.rows ?? []).filter((p) => p.kind === 'authority_portal')
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.editOne, { name: of.authority.name })}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.save)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => act.mutate({ authority: of.authority.id, page: page.trim(), peerId: peer, seen: of.siteVersion })}
    >
      <Form layout="vertical">
        <Form.Item label={t(W.address)} htmlFor="site-page">
          <Input id="site-page" maxLength={2000} value={page} onChange={(e) => setPage(e.target.value)} />
        </Form.Item>
        <Form.Item label={t(W.peer)} htmlFor="site-peer" extra={t(W.peerHint)}>
          <Select
            id="site-peer"
            allowClear
            value={peer}
            onChange={(to: string | undefined) => setPeer(to ?? null)}
            options={portals.map((p) => ({ value: p.id, label: p.name }))}
          />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

export const ResultAuthorities = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(endpoints.listStandings, {})
  const [editing, setEditing] = useState<string | null>(null)
  const edited = query.data?.rows.find((r) => r.authority.id === editing)
  const columns: Column<AuthorityStanding>[] = [
    {
      key: 'authority',
      title: W.authority,
      lead: true,
      render: (r) => (
        <Link to="/exchange/results" search={{ view: 'look', state: 'all', authority: r.authority.id } as never}>
          {r.authority.name}
        </Link>
      ),
    },
    {
      key: 'late',
      title: W.late,
      render: (r) =>
        r.late && r.oldest ? (
          <Tag color="red" style={{ whiteSpace: 'normal' }}>
            {t(W.lateN, { n: r.late, day: dayWords(r.oldest, lang) })}
          </Tag>
        ) : (
          t(W.none)
        ),
    },
    { key: 'open', title: W.open, render: (r) => t(W.openN, r) },
    { key: 'done', title: W.done, render: (r) => t(W.doneN, r) },
    { key: 'told', title: W.told, render: (r) => (r.told.length ? <Told told={r.told} /> : '—') },
    {
      key: 'page',
      title: W.page,
      render: (r) => (
        <>
          {r.page ? <code style={{ wordBreak: 'break-all' }}>{r.page}</code> : t(W.noPage)}{' '}
          {has('credit_office') && (
            <Button
              size="small"
              aria-label={t(W.editOne, { name: r.authority.name })}
              onClick={() => setEditing(r.authority.id)}
            >
              {t(W.edit)}
            </Button>
          )}
        </>
      ),
    },
  ]
  return (
    <>
      <p>{t(W.lead)}</p>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(d) => <KeyedTable name={W.name} rows={d.rows} columns={columns} rowKey={(r) => r.authority.id} />}
      </Shown>
      {edited && <Site key={edited.authority.id} of={edited} done={() => setEditing(null)} />}
    </>
  )
}
