import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Drawer, Flex, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type PeerView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import { FORMATS_OF } from '../../../../src/capabilities/exchange/rules.peers.ts'
import {
  ALGORITHMS,
  ALGORITHM_WORDS,
  type Algorithm,
  DIRECTIONS,
  DIRECTION_WORDS,
  type Direction,
  FORMAT_WORDS,
  type Format,
  PEER_KINDS,
  PEER_KIND_WORDS,
  type PeerKind,
  WAYS,
  WAY_WORDS,
  type Way,
} from '../../../../src/capabilities/exchange/words.ts'
import { CHANNELS } from '../../../../src/capabilities/records/contract.ts'
import { CHANNEL_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed } from '../../ui/states.tsx'
import { DivisionSelect, atLeastOne, useItems } from '../access/choices.tsx'

const W = {
  add: { zh: '新增共享对象', en: 'Add a peer' },
  edit: { zh: '修改资料', en: 'Change the profile' },
  close: { zh: '关闭', en: 'Close' },
  name: { zh: '名称', en: 'Name' },
  kind: { zh: '类型', en: 'Kind' },
  division: { zh: '共享的行政区域', en: 'Territory shared' },
  items: { zh: '共享的事项', en: 'Items shared' },
  channel: { zh: '公示渠道', en: 'Channel' },
  ack: { zh: '确认期限（工作日）', en: 'Working days to acknowledge' },
  ackHint: {
    zh: '停止公示的通知发出后，对方应当在此期限内确认撤下。',
    en: 'Within this term it confirms that a withdrawn record is taken down.',
  },
  basisZh: { zh: '共享依据（中文）', en: 'Legal basis (Chinese)' },
  basisEn: { zh: '共享依据（英文）', en: 'Legal basis (English)' },
  contact: { zh: '联系人及电话（选填）', en: 'Contact (optional)' },
  mail: { zh: '联系邮箱（选填）', en: 'E-mail (optional)' },
  mailHint: { zh: '逾期未确认的，同时向该邮箱发送催办通知。', en: 'Whoever is late is told at this address.' },
  mailBad: { zh: '请填写正确的邮箱地址', en: 'Please give an e-mail address' },
  takedown: { zh: '撤下期限（工作日）', en: 'Working days to take down' },
  code: { zh: '代码（选填）', en: 'Code (optional)' },
  codeHint: {
    zh: '对方报文中的来源标识；从对方接收数据时必填。',
    en: 'The “source” of what it sends; needed where data is taken from it.',
  },
  way: { zh: '交换方式', en: 'Way' },
  direction: { zh: '交换方向', en: 'Direction' },
  format: { zh: '报文格式', en: 'Format' },
  algorithm: { zh: '签名算法', en: 'Signatures' },
  url: { zh: '对方接收地址', en: 'Address of its receiver' },
  urlHint: {
    zh: '以 http:// 或者 https:// 开头的完整地址，本平台把报文发送到这里。',
    en: 'A whole address beginning with http:// or https://, to which events are posted.',
  },
  outside: { zh: '接收本辖区以外的信息', en: 'Take what lies outside our territory' },
  outsideHint: {
    zh: '不勾选的，只接收主体或者认定单位在本辖区内的信息；约定由本平台汇集辖区以外信息的，勾选此项。',
    en: 'Otherwise only what has its subject or its authority in our territory is taken. For agreements by which this platform gathers more.',
  },
  rateHint: { zh: '超出的请求须等待下一分钟。', en: 'What is more waits for the next minute.' },
  takedownHint: {
    zh: '对方收到停止公示的通知后，应当在此期限内撤下。',
    en: 'Within this term after a withdrawal the record is down there.',
  },
  rate: { zh: '每分钟请求上限', en: 'Requests a minute' },
  addresses: { zh: 'IP 地址或者网段（选填）', en: 'IP addresses or networks (optional)' },
  addressesHint: {
    zh: '每行一个，例如 203.0.113.0/24；不填则不限制来源。',
    en: 'One a line, such as 203.0.113.0/24; with none it may come from anywhere.',
  },
  begins: {
    zh: '新增后进入接入步骤：交换密钥、对接测试、核对沙箱；启用后对方从头领取共享范围内的全部数据。',
    en: 'It is then connected step by step; once in service it is handed everything in its scope from the beginning.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

const TERM = 3
const TERM_MAX = 60
const RATE = 600
const RATE_MAX = 100_000
type Values = {
  name: string
  kind: PeerKind
  division: string
  items: string[]
  channel: string
  ackWorkdays: number
  takedownWorkdays: number
  basisZh: string
  basisEn: string
  contact?: string
  mail?: string
  code?: string
  way: Way
  direction: Direction
  format: Format
  algorithm: Algorithm
  url?: string
  outsideTerritory?: boolean
  ratePerMinute: number
  addresses?: string
}

const valuesOf = (peer: PeerView): Values => ({
  ...peer,
  basisZh: peer.legalBasis.zh,
  basisEn: peer.legalBasis.en,
  url: typeof peer.settings.url === 'string' ? peer.settings.url : '',
  outsideTerritory: peer.settings.outsideTerritory === true,
  addresses: peer.addresses.join('\n'),
})
type Settings = Record<string, string | number | boolean>
const sentOf = (
  { basisZh, basisEn, contact, mail, code, url, addresses, ...v }: Values,
  held: PeerView['settings'],
) => ({
  name: v.name.trim(),
  kind: v.kind,
  division: v.division,
  items: v.items,
  channel: v.channel,
  ackWorkdays: v.ackWorkdays,
  takedownWorkdays: v.takedownWorkdays,
  way: v.way,
  direction: v.direction,
  format: v.format,
  algorithm: v.algorithm,
  ratePerMinute: v.ratePerMinute,
  legalBasis: { zh: basisZh.trim(), en: basisEn.trim() },
  contact: contact?.trim() ?? '',
  mail: mail?.trim() ?? '',
  code: code?.trim() ?? '',
  addresses: (addresses ?? '').split(/[\s,，、]+/).filter(Boolean),
  settings: {
    ...(held as Settings),
    ...(url === undefined ? {} : { url: url.trim() }),
    ...(v.outsideTerritory === undefined ? {} : { outsideTerritory: v.outsideTerritory }),
  },
})

/** A new peer, or one that is held with what is known of it. */
export const PeerForm = ({ peer, done }: { peer?: PeerView; done: () => void }) => {
  const { t } = useLanguage()
  const { person } = useSession()
  const navigate = useNavigate()
  const items = useItems()
  const [form] = Form.useForm<Values>()
  /** As it was when the form was opened: what somebody else saves meanwhile is not overwritten unseen. */
  const [held] = useState(peer)
  const way = Form.useWatch('way', form) ?? peer?.way ?? 'pull'
  const direction = Form.useWatch('direction', form) ?? peer?.direction ?? 'out'
  const create = useAct(endpoints.createPeer, (made) => {
    done()
    void navigate({ to: '/peers/$id', params: { id: made.id }, search: { view: 'onboarding' } as never })
  })
  const edit = useAct(endpoints.editPeer, done)
  const act = peer ? edit : create
  const required = { required: true, message: t(W.need) }
  return (
    <Drawer
      open
      onClose={done}
      size="min(560px, 100vw)"
      title={t(peer ? W.edit : W.add)}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Form<Values>
        name="peer"
        form={form}
        layout="vertical"
        initialValues={
          held
            ? valuesOf(held)
            : {
                division: person?.division ?? undefined,
                items: [],
                channel: CHANNELS[0],
                ackWorkdays: TERM,
                takedownWorkdays: TERM,
                way: 'pull',
                direction: 'out',
                format: 'cloudevents',
                algorithm: 'ed25519',
                ratePerMinute: RATE,
              }
        }
        onValuesChange={(change) => {
          const next = (change as Partial<Values>).way
          if (next && !FORMATS_OF[next].includes(form.getFieldValue('format') as Format))
            form.setFieldValue('format', FORMATS_OF[next][0])
        }}
        onFinish={(values) =>
          held
            ? edit.mutate({ ...sentOf(values, held.settings), id: held.id, seen: held.version })
            : create.mutate(sentOf(values, {}))
        }
      >
        <Form.Item name="name" label={t(W.name)} rules={[required]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="kind" label={t(W.kind)} rules={[required]}>
          <Select options={PEER_KINDS.map((k) => ({ value: k, label: t(PEER_KIND_WORDS[k]) }))} />
        </Form.Item>
        <Form.Item name="division" label={t(W.division)} rules={[required]}>
          <DivisionSelect />
        </Form.Item>
        <Form.Item name="items" label={t(W.items)} rules={[atLeastOne(t(W.need))]}>
          <Checkbox.Group options={items.options} />
        </Form.Item>
        <Form.Item name="channel" label={t(W.channel)} rules={[required]}>
          <Select options={CHANNELS.map((c) => ({ value: c, label: t(CHANNEL_WORDS[c]) }))} />
        </Form.Item>
        <Form.Item name="ackWorkdays" label={t(W.ack)} extra={t(W.ackHint)} rules={[required]}>
          <InputNumber min={1} max={TERM_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="takedownWorkdays" label={t(W.takedown)} extra={t(W.takedownHint)} rules={[required]}>
          <InputNumber min={1} max={TERM_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="basisZh" label={t(W.basisZh)} rules={[required]}>
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item name="basisEn" label={t(W.basisEn)} rules={[required]}>
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item name="contact" label={t(W.contact)}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          name="mail"
          label={t(W.mail)}
          extra={t(W.mailHint)}
          rules={[{ type: 'email', message: t(W.mailBad) }]}
        >
          <Input maxLength={200} inputMode="email" autoComplete="off" />
        </Form.Item>
        <Form.Item name="way" label={t(W.way)} rules={[required]}>
          <Select options={WAYS.map((w) => ({ value: w, label: t(WAY_WORDS[w]) }))} />
        </Form.Item>
        {way === 'push' && direction !== 'in' && (
          <Form.Item name="url" label={t(W.url)} extra={t(W.urlHint)} rules={[required]}>
            <Input maxLength={1000} inputMode="url" />
          </Form.Item>
        )}
        <Form.Item name="format" label={t(W.format)} rules={[required]}>
          <Select options={FORMATS_OF[way].map((f) => ({ value: f, label: t(FORMAT_WORDS[f]) }))} />
        </Form.Item>
        <Form.Item name="direction" label={t(W.direction)} rules={[required]}>
          <Select options={DIRECTIONS.map((d) => ({ value: d, label: t(DIRECTION_WORDS[d]) }))} />
        </Form.Item>
        {direction !== 'out' && (
          <Form.Item name="outsideTerritory" valuePropName="checked" extra={t(W.outsideHint)}>
            <Checkbox>{t(W.outside)}</Checkbox>
          </Form.Item>
        )}
        <Form.Item name="code" label={t(W.code)} extra={t(W.codeHint)}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="algorithm" label={t(W.algorithm)} rules={[required]}>
          <Select options={ALGORITHMS.map((a) => ({ value: a, label: t(ALGORITHM_WORDS[a]) }))} />
        </Form.Item>
        <Form.Item name="ratePerMinute" label={t(W.rate)} extra={t(W.rateHint)} rules={[required]}>
          <InputNumber min={1} max={RATE_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="addresses" label={t(W.addresses)} extra={t(W.addressesHint)}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        {!peer && <p>{t(W.begins)}</p>}
        {act.error && <Failed problem={act.error} />}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={act.isPending}>
            {t(W.save)}
          </Button>
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
