import { Button, Flex, Popconfirm, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { type KeyView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { SCOPE_WORDS } from '../../../../src/capabilities/access/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantDay, instantWords, listWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { AuthoritySelect } from './choices.tsx'
import { KeyForm, usePeers } from './key-form.tsx'
import { SecretOnce } from './secret-once.tsx'

const W = {
  title: { zh: '接口密钥', en: 'Keys' },
  add: { zh: '新建接口密钥', en: 'Make a key' },
  state: { zh: '状态', en: 'State' },
  live: { zh: '有效', en: 'In force' },
  any: { zh: '全部', en: 'All' },
  revoked: { zh: '已撤销', en: 'Revoked' },
  expired: { zh: '已到期', en: 'Expired' },
  authority: { zh: '所属单位', en: 'Authority' },
  name: { zh: '密钥名称', en: 'Name' },
  owner: { zh: '归属', en: 'Belongs to' },
  peer: { zh: '共享对象', en: 'A peer' },
  scopes: { zh: '权限范围', en: 'What it may do' },
  created: { zh: '生成日期', en: 'Made' },
  expires: { zh: '到期', en: 'Ends' },
  never: { zh: '不设期限', en: 'No end' },
  used: { zh: '最近使用', en: 'Last used' },
  unused: { zh: '尚未使用', en: 'Not yet' },
  action: { zh: '操作', en: 'Actions' },
  revoke: { zh: '撤销', en: 'Revoke' },
  revokeOne: { zh: '撤销“{name}”', en: 'Revoke “{name}”' },
  sure: {
    zh: '撤销后，使用“{name}”的系统立即不能再访问，且不可恢复。确定撤销吗？',
    en: 'Systems that use “{name}” lose access at once, for good. Revoke?',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  empty: {
    zh: '没有符合条件的接口密钥。业务系统报送、查询或者对接平台领取数据，都要先在这里生成密钥。',
    en: 'No keys match. A system needs a key to hand in, to look up, or to pull the feed.',
  },
  secretTitle: { zh: '“{name}”已生成，密钥仅显示这一次', en: '“{name}” was made; the key is shown this once' },
  secretHint: {
    zh: '平台只保存摘要，关闭后无法再次查看。请立即存入业务系统的密钥管理中。',
    en: 'The platform keeps only a hash. Put it into the system’s store of secrets now.',
  },
  secret: { zh: '密钥', en: 'Key' },
} as const satisfies Record<string, Words>

const stateOf = (key: KeyView): 'live' | 'revoked' | 'expired' =>
  key.revokedAt ? 'revoked' : key.expiresAt && Date.parse(key.expiresAt) <= Date.now() ? 'expired' : 'live'
/** Good until the end of its last day: the instant stored is the first one after it. */
const lastDay = (expiresAt: string) => new Date(Date.parse(expiresAt) - 1).toISOString()

export const Keys = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const peers = usePeers()
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null)
  const revoke = useAct(endpoints.revokeKey)
  const state = search.state === 'any' ? 'any' : 'live'
  const query = useApi(endpoints.listKeys, {
    after: search.after,
    authorityId: search.authority,
    ...(state === 'live' ? { live: 'true' as const } : {}),
  })
  const mayEdit = has('security_admin')
  const columns: Column<KeyView>[] = [
    { key: 'name', title: W.name, lead: true, render: (k) => k.name },
    { key: 'owner', title: W.owner, render: (k) => k.authorityName ?? peers.nameOf(k.peerId) ?? t(W.peer) },
    {
      key: 'scopes',
      title: W.scopes,
      render: (k) =>
        listWords(
          k.scopes.map((s) => t(SCOPE_WORDS[s])),
          lang,
        ),
    },
    { key: 'created', title: W.created, render: (k) => instantDay(k.createdAt, lang) },
    {
      key: 'expires',
      title: W.expires,
      render: (k) => (k.expiresAt ? instantDay(lastDay(k.expiresAt), lang) : t(W.never)),
    },
    { key: 'used', title: W.used, render: (k) => (k.lastUsedAt ? instantWords(k.lastUsedAt, lang) : t(W.unused)) },
    {
      key: 'state',
      title: W.state,
      render: (k) => <Tag color={stateOf(k) === 'live' ? 'green' : 'default'}>{t(W[stateOf(k)])}</Tag>,
    },
    ...(mayEdit
      ? [
          {
            key: 'revoke',
            title: W.action,
            render: (k: KeyView) =>
              k.revokedAt ? (
                '—'
              ) : (
                <Popconfirm
                  title={t(W.sure, { name: k.name })}
                  okText={t(W.yes)}
                  cancelText={t(W.no)}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => revoke.mutate({ id: k.id })}
                >
                  <Button
                    size="small"
                    danger
                    aria-label={t(W.revokeOne, { name: k.name })}
                    loading={revoke.isPending && revoke.variables.id === k.id}
                  >
                    {t(W.revoke)}
                  </Button>
                </Popconfirm>
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {mayEdit && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(W.add)}
          </Button>
        )}
      </Flex>
      {made && (
        <SecretOnce
          title={t(W.secretTitle, { name: made.name })}
          hint={t(W.secretHint)}
          label={t(W.secret)}
          secret={made.secret}
          done={() => setMade(null)}
        />
      )}
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.state)}
          value={state}
          onChange={(v) => filter({ state: v === 'any' ? 'any' : '' })}
          options={(['live', 'any'] as const).map((v) => ({ value: v, label: t(W[v]) }))}
        />
        <AuthoritySelect
          aria-label={t(W.authority)}
          value={search.authority}
          onChange={(authority) => filter({ authority })}
          clearable
          style={{ minWidth: 240 }}
        />
      </Flex>
      {revoke.error && <Failed problem={revoke.error} />}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(k) => k.id}
        after={search.after}
        go={go}
      />
      {adding && (
        <KeyForm
          done={() => setAdding(false)}
          created={(name, secret) => {
            setAdding(false)
            setMade({ name, secret })
          }}
        />
      )}
    </>
  )
}
