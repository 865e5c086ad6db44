import { Button, Flex, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { type PeerKeyView, type PeerView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { Algorithm } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Nothing, Shown } from '../../ui/states.tsx'
import { KeyDialog, useKeyColumns } from './key-parts.tsx'

const W = {
  title: { zh: '对方的签名公钥', en: 'Keys that the peer signs with' },
  hint: {
    zh: '对方用私钥签名，本平台用这里登记的公钥核对。登记新公钥后，旧公钥在并用天数内仍然有效。',
    en: 'What it signs is checked with the keys registered here. After a new key is registered the old one stays good for the overlap.',
  },
  add: { zh: '登记公钥', en: 'Register a key' },
  since: { zh: '登记时间', en: 'Registered' },
  until: { zh: '有效期至', en: 'Good until' },
  none: { zh: '不设期限', en: 'no end' },
  action: { zh: '操作', en: 'Actions' },
  revoke: { zh: '撤销', en: 'Revoke' },
  revokeOne: { zh: '撤销公钥“{key}”', en: 'Revoke the key “{key}”' },
  revokeHint: {
    zh: '撤销后，用这把密钥签名的请求立即不再接受，且不可恢复。',
    en: 'Nothing signed with it is taken any more, at once and for good.',
  },
  reason: { zh: '理由（2 至 500 字）', en: 'Reason (2 to 500 characters)' },
  publicKey: { zh: '公钥', en: 'Public key' },
  publicKeyHint: {
    zh: 'PEM、JWK，或者十六进制、Base64 的公钥。请勿粘贴私钥。',
    en: 'PEM, JWK, or the raw key in hex or base64. Never a private key.',
  },
  overlap: { zh: '新旧并用天数', en: 'Days of overlap' },
  overlapHint: {
    zh: '已登记的公钥再有效这么多天；填 0 的，旧公钥立即停用。',
    en: 'Keys registered before stay good for so many days more; with 0 they end at once.',
  },
  empty: {
    zh: '还没有登记公钥。请对方运行 xinheng peer key 或者用自己的工具生成密钥，把公钥交给信用办登记。',
    en: 'No key is registered yet. The peer makes one (“xinheng peer key”, or its own tool) and hands over the public half.',
  },
} as const satisfies Record<string, Words>

const OVERLAP_DAYS = 7
const OVERLAP_MAX = 90
const REASON_MIN = 2
type Values = { algorithm: Algorithm; publicKey: string; overlapDays: number }

const Add = ({ peer, done }: { peer: PeerView; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Values>()
  const act = useAct(endpoints.addPeerKey, done)
  return (
    <KeyDialog<Values>
      id="peer-key"
      title={W.add}
      form={form}
      initial={{ algorithm: peer.algorithm, overlapDays: OVERLAP_DAYS }}
      act={act}
      send={(values) => act.mutate({ ...values, id: peer.id })}
      done={done}
    >
      {(required) => (
        <>
          <Form.Item name="publicKey" label={t(W.publicKey)} extra={t(W.publicKeyHint)} rules={[required]}>
            <Input.TextArea rows={5} maxLength={2000} />
          </Form.Item>
          <Form.Item name="overlapDays" label={t(W.overlap)} extra={t(W.overlapHint)} rules={[required]}>
            <InputNumber min={0} max={OVERLAP_MAX} precision={0} />
          </Form.Item>
        </>
      )}
    </KeyDialog>
  )
}

const Revoke = ({ peer, held, done }: { peer: PeerView; held: PeerKeyView; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.revokePeerKey, done)
  return (
    <AskReason
      id="revoke-reason"
      title={t(W.revokeOne, { key: held.keyId })}
      ok={W.revoke}
      label={W.reason}
      least={REASON_MIN}
      danger
      act={act}
      send={(reason) => act.mutate({ id: peer.id, keyId: held.id, reason })}
      done={done}
    >
      <p>{t(W.revokeHint)}</p>
    </AskReason>
  )
}

export const PeerKeys = ({ peer }: { peer: PeerView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const [adding, setAdding] = useState(false)
  const [revoking, setRevoking] = useState<string | null>(null)
  const query = useApi(endpoints.peerKeys, { id: peer.id })
  const mayEdit = has('credit_office', 'security_admin')
  const held = query.data?.rows.find((k) => k.id === revoking)
  const columns: Column<PeerKeyView>[] = [
    ...useKeyColumns(),
    { key: 'since', title: W.since, short: true, render: (k) => instantWords(k.addedAt, lang) },
    {
      key: 'until',
      title: W.until,
      short: true,
      render: (k) => ((k.revokedAt ?? k.validUntil) ? instantWords(k.revokedAt ?? k.validUntil, lang) : t(W.none)),
    },
    ...(mayEdit
      ? [
          {
            key: 'revoke',
            title: W.action,
            short: true,
            render: (k: PeerKeyView) =>
              k.state !== 'revoked' && (
                <Button
                  size="small"
                  danger
                  aria-label={t(W.revokeOne, { key: k.keyId })}
                  onClick={() => setRevoking(k.id)}
                >
                  {t(W.revoke)}
                </Button>
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap>
        <h2 style={{ margin: 0 }}>{t(W.title)}</h2>
        {mayEdit && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(W.add)}
          </Button>
        )}
      </Flex>
      <p>{t(W.hint)}</p>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => <KeyedTable name={W.title} rows={data.rows} columns={columns} rowKey={(k) => k.id} />}
      </Shown>
      {adding && <Add peer={peer} done={() => setAdding(false)} />}
      {held && <Revoke peer={peer} held={held} done={() => setRevoking(null)} />}
    </>
  )
}
