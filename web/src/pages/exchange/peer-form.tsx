import { Button, Checkbox, Drawer, Flex, Form, Input, InputNumber, Select } from 'antd'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import { PEER_KINDS, PEER_KIND_WORDS, type PeerKind } from '../../../../src/capabilities/exchange/words.ts'
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
  begins: {
    zh: '新增后，对方从头领取共享范围内的全部数据；请安全管理员为其生成接口密钥。',
    en: 'It then pulls everything in its scope from the beginning; the security administrator makes its key.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

const ACK_WORKDAYS = 3
const ACK_MAX = 60
type Values = {
  name: string
  kind: PeerKind
  division: string
  items: string[]
  channel: string
  ackWorkdays: number
  basisZh: string
  basisEn: string
  contact?: string
}

export const PeerForm = ({ done }: { done: () => void }) => {
  const { t } = useLanguage()
  const { person } = useSession()
  const items = useItems()
  const create = useAct(endpoints.createPeer, done)
  const required = { required: true, message: t(W.need) }
  return (
    <Drawer open onClose={done} size="min(520px, 100vw)" title={t(W.add)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        name="peer"
        layout="vertical"
        initialValues={{
          division: person?.division ?? undefined,
          items: [],
          channel: CHANNELS[0],
          ackWorkdays: ACK_WORKDAYS,
        }}
        onFinish={({ basisZh, basisEn, contact, ...v }) =>
          create.mutate({
            ...v,
            legalBasis: { zh: basisZh.trim(), en: basisEn.trim() },
            contact: contact?.trim() ?? '',
          })
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
          <InputNumber min={1} max={ACK_MAX} precision={0} />
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
        <p>{t(W.begins)}</p>
        {create.error && <Failed problem={create.error} />}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t(W.save)}
          </Button>
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
