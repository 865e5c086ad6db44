import { Button, Flex, Form, InputNumber } from 'antd'
import { useState } from 'react'
import { type OwnKeyView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { Algorithm } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Shown } from '../../ui/states.tsx'
import { KeyDialog, useKeyColumns } from './key-parts.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '本平台签名密钥', en: 'Keys that we sign with' },
  hint: {
    zh: '更换时新密钥先公布、到期启用，旧密钥停用后继续公布 30 天，对方不会中断。',
    en: 'A new key is published first and signs later; the old one stays published for 30 days after. No peer is interrupted.',
  },
  rotate: { zh: '更换密钥', en: 'Change the key' },
  from: { zh: '启用时间', en: 'Signs from' },
  first: { zh: '平台启用时', en: 'the beginning' },
  until: { zh: '停用时间', en: 'Signs until' },
  published: { zh: '公布至', en: 'Published until' },
  open: { zh: '—', en: '—' },
  after: { zh: '几天后启用（0 为立即）', en: 'Signs after how many days (0: at once)' },
  afterHint: {
    zh: '对方每天查询一次公钥即可衔接；只有原密钥泄露或者丢失时才立即启用。',
    en: 'Peers that look the keys up once a day miss none. At once only where the old key is lost or known to others.',
  },
} as const satisfies Record<string, Words>
const AFTER_DAYS = 7
const AFTER_MAX = 60
type Values = { algorithm: Algorithm; afterDays: number }

const Rotate = ({ done }: { done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Values>()
  const act = useAct(endpoints.rotateOwnKey, done)
  return (
    <KeyDialog<Values>
      id="own-key"
      title={W.rotate}
      form={form}
      initial={{ algorithm: 'ed25519', afterDays: AFTER_DAYS }}
      act={act}
      send={(values) => act.mutate(values)}
      done={done}
      lead={W.hint}
    >
      {(required) => (
        <Form.Item name="afterDays" label={t(W.after)} extra={t(W.afterHint)} rules={[required]}>
          <InputNumber min={0} max={AFTER_MAX} precision={0} />
        </Form.Item>
      )}
    </KeyDialog>
  )
}

export const OwnKeys = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const [rotating, setRotating] = useState(false)
  const query = useApi(endpoints.ownKeys, {})
  const columns: Column<OwnKeyView>[] = [
    ...useKeyColumns(),
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
