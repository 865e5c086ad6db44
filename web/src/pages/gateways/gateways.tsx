import { Link } from '@tanstack/react-router'
import { Button, Flex, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { type GatewayView, endpoints } from '../../../../src/capabilities/gateways/contract.ts'
import {
  GATEWAY_HEALTH_WORDS,
  GATEWAY_KINDS,
  GATEWAY_KIND_WORDS,
  type GatewayHealth,
  type GatewayKind,
} from '../../../../src/capabilities/gateways/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { GatewayForm } from './gateway-form.tsx'

const W = {
  title: { zh: '自动接入', en: 'Automatic ways in' },
  lead: {
    zh: '业务系统只能导出文件，或者只能写数据库的单位，由平台定时读取接收文件夹或者前置库交换表；处理结果写回原处，回执与上传、接口报送相同。',
    en: 'Where a system can only drop files or write a database, the platform reads a folder or an exchange table by itself, answers in the same place, and gives the same receipt as an upload.',
  },
  all: { zh: '全部', en: 'All' },
  kind: { zh: '接入方式', en: 'Kind' },
  addFolder: { zh: '新增接收文件夹', en: 'Add a folder' },
  addTable: { zh: '新增前置库交换表', en: 'Add an exchange table' },
  name: { zh: '名称', en: 'Name' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  health: { zh: '运行状态', en: 'State' },
  read: { zh: '最近读取', en: 'Last read' },
  never: { zh: '尚未读取', en: 'Not yet' },
  waiting: { zh: '待读取', en: 'Waiting' },
  ended: { zh: '已终止', en: 'Ended' },
  noneEnded: { zh: '没有已终止的自动接入。', en: 'None has been ended.' },
  empty: {
    zh: '还没有自动接入。需要时由系统管理员或者安全管理员为单位新增接收文件夹或者前置库交换表。',
    en: 'There are none yet. An administrator adds a folder or an exchange table for an authority.',
  },
} as const satisfies Record<string, Words>

export const HEALTH_COLOURS: Record<GatewayHealth, string> = {
  paused: 'default',
  new: 'blue',
  well: 'green',
  failing: 'red',
  ended: 'default',
}

export const Gateways = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const [adding, setAdding] = useState<GatewayKind | null>(null)
  const kind = GATEWAY_KINDS.find((k) => k === search.view)
  const state = search.view === 'ended' ? ('ended' as const) : undefined
  const query = useApi(endpoints.listGateways, { after: search.after, kind, state }, { every: 5000 })
  const columns: Column<GatewayView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (g) => (
        <Link to="/gateways/$id" params={{ id: g.id }}>
          {g.name}
        </Link>
      ),
    },
    { key: 'kind', title: W.kind, short: true, render: (g) => t(GATEWAY_KIND_WORDS[g.kind]) },
    { key: 'authority', title: W.authority, render: (g) => g.authority.name },
    { key: 'item', title: W.item, render: (g) => t(g.itemName) },
    {
      key: 'health',
      title: W.health,
      render: (g) => <Tag color={HEALTH_COLOURS[g.health]}>{t(GATEWAY_HEALTH_WORDS[g.health])}</Tag>,
    },
    { key: 'waiting', title: W.waiting, short: true, render: (g) => g.waiting },
    {
      key: 'read',
      title: W.read,
      short: true,
      render: (g) => (g.readAt ? instantWords(g.readAt, lang) : t(W.never)),
    },
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 8 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {has('territory_admin', 'security_admin') && (
          <Flex gap={8} wrap>
            <Button type="primary" onClick={() => setAdding('folder')}>
              {t(W.addFolder)}
            </Button>
            <Button onClick={() => setAdding('table')}>{t(W.addTable)}</Button>
          </Flex>
        )}
      </Flex>
      <p className="xh-quiet">{t(W.lead)}</p>
      <Segmented
        aria-label={t(W.kind)}
        value={kind ?? state ?? 'all'}
        onChange={(v) => filter({ view: v === 'all' ? '' : v })}
        options={[
          { value: 'all', label: t(W.all) },
          ...GATEWAY_KINDS.map((k) => ({ value: k, label: t(GATEWAY_KIND_WORDS[k]) })),
          { value: 'ended', label: t(W.ended) },
        ]}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={state ? W.noneEnded : W.empty}
        columns={columns}
        rowKey={(g) => g.id}
        after={search.after}
        go={go}
      />
      {adding && <GatewayForm kind={adding} done={() => setAdding(null)} />}
    </>
  )
}
