import { Button, Flex, Form, InputNumber, Modal, Select, Tag } from 'antd'
import { useState } from 'react'
import { type OwnKeyView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import {
  ALGORITHMS,
  ALGORITHM_WORDS,
  type Algorithm,
  KEY_STATE_WORDS,
} from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed, Shown } from '../../ui/states.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '本平台签名密钥', en: 'Keys that we sign with' },
  hint: {
    zh: '更换时新密钥先公布、到期启用，旧密钥停用后继续公布 30 天，对方不会中断。',
    en: 'A new key is published first and signs later; the old one stays published for 30 days after. No peer is interrupted.',
  },
  rotate: { zh: '更换密钥', en: 'Change the key' },
  key: { zh: '密钥编号', en: 'Id' },
  algorithm: { zh: '签名算法', en: 'Algorithm' },
  state: { zh: '状态', en: 'State' },
  from: { zh: '启用时间', en: 'Signs from' },
  first: { zh: '平台启用时', en: 'the beginning' },
  until: { zh: '停用时间', en: 'Signs until' },
  published: { zh: '公布至', en: 'Published until' },
  open: { zh: '—', en: '—' },
  after: { zh: '几天后启用（0 为立即）', en: 'Signs after how many days (0: at once)' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>
const AFTER_DAYS = 7
const AFTER_MAX = 60
const COLOURS: Record<OwnKeyView['state'], string> = {
  coming: 'blue',
  valid: 'green',
  ended: 'default',
  revoked: 'red',
}

const Rotate = ({ done }: { done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<{ algorithm: Algorithm; afterDays: number }>()
  const act = useAct(endpoints.rotateOwnKey, done)
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.rotate)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.rotate)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => form.submit()}
    >
      <p>{t(W.hint)}</p>
      <Form
        name="own-key"
        form={form}
        layout="vertical"
        initialValues={{ algorithm: 'ed25519', afterDays: AFTER_DAYS }}
        onFinish={(values) => act.mutate(values)}
      >
        <Form.Item name="algorithm" label={t(W.algorithm)} rules={[{ required: true }]}>
          <Select options={ALGORITHMS.map((a) => ({ value: a, label: t(ALGORITHM_WORDS[a]) }))} />
        </Form.Item>
        <Form.Item name="afterDays" label={t(W.after)} rules={[{ required: true }]}>
          <InputNumber min={0} max={AFTER_MAX} precision={0} />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

export const OwnKeys = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const [rotating, setRotating] = useState(false)
  const query = useApi(endpoints.ownKeys, {})
  const columns: Column<OwnKeyView>[] = [
    { key: 'key', title: W.key, lead: true, render: (k) => <code>{k.keyId}</code> },
    { key: 'algorithm', title: W.algorithm, short: true, render: (k) => t(ALGORITHM_WORDS[k.algorithm]) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (k) => <Tag color={COLOURS[k.state]}>{t(KEY_STATE_WORDS[k.state])}</Tag>,
    },
    {
      key: 'from',
      title: W.from,
      short: true,
      render: (k) => (k.signsFrom ? instantWords(k.signsFrom, lang) : t(W.first)),
    },
    {
      key: 'until',
      title: W.until,
      short: true,
      render: (k) => (k.signsUntil ? instantWords(k.signsUntil, lang) : t(W.open)),
    },
    {
      key: 'published',
      title: W.published,
      short: true,
      render: (k) => (k.publishedUntil ? instantWords(k.publishedUntil, lang) : t(W.open)),
    },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange/own-keys" />
      <Flex justify="space-between" align="center" gap={12} wrap>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {has('security_admin') && (
          <Button type="primary" onClick={() => setRotating(true)}>
            {t(W.rotate)}
          </Button>
        )}
      </Flex>
      <p>{t(W.hint)}</p>
      <Shown query={query}>
        {(data) => <KeyedTable name={W.title} rows={data.rows} columns={columns} rowKey={(k) => k.keyId} />}
      </Shown>
      {rotating && <Rotate done={() => setRotating(false)} />}
    </>
  )
}
