import { Button, Checkbox, Drawer, Flex, Form, Input, InputNumber } from 'antd'
import { type WholePartyView, endpoints } from '../../../../src/capabilities/agreements/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { atLeastOne, useItems } from '../access/choices.tsx'

const W = {
  title: { zh: '登记信息共享协议', en: 'Enter an agreement' },
  number: { zh: '协议编号', en: 'Number' },
  purpose: { zh: '用途（4 至 1000 字）', en: 'Purpose (at least 4 characters)' },
  items: { zh: '共享的事项', en: 'Items shared' },
  update: { zh: '信息变更后更新的期限（工作日）', en: 'Working days to update' },
  withdraw: { zh: '停止公示后撤下的期限（工作日）', en: 'Working days to take down' },
  from: { zh: '起始日期', en: 'First day' },
  to: { zh: '截止日期', en: 'Last day' },
  contact: { zh: '联系人及电话（选填）', en: 'Contact (optional)' },
  paper: {
    zh: '保存后上传双方签署的协议，协议方为有效。',
    en: 'Once saved, upload the paper that both have signed; only then it binds.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

type Values = {
  number: string
  purpose: string
  items: string[]
  updateWorkdays: number
  withdrawWorkdays: number
  from: string
  to: string
  contact?: string
}
const WORKDAYS_MAX = 60

export const AgreementForm = ({ party, done }: { party: WholePartyView; done: () => void }) => {
  const { t } = useLanguage()
  const items = useItems()
  const act = useAct(endpoints.drawAgreement, done)
  const required = { required: true, message: t(W.need) }
  const options = items.options.filter((o) => party.items.includes(o.value))
  return (
    <Drawer open onClose={done} size="min(520px, 100vw)" title={t(W.title)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        name="agreement"
        layout="vertical"
        initialValues={{
          items: party.items,
          updateWorkdays: party.ackWorkdays,
          withdrawWorkdays: party.ackWorkdays,
        }}
        onFinish={({ from, to, contact, ...v }) =>
          act.mutate({
            peer: party.peerId,
            ...v,
            validFrom: from,
            validTo: to,
            contact: contact?.trim() ?? '',
          })
        }
      >
        <Form.Item name="number" label={t(W.number)} rules={[required]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="purpose" label={t(W.purpose)} rules={[required]}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
        <Form.Item name="items" label={t(W.items)} rules={[atLeastOne(t(W.need))]}>
          <Checkbox.Group options={options} />
        </Form.Item>
        <Form.Item name="updateWorkdays" label={t(W.update)} rules={[required]}>
          <InputNumber min={1} max={WORKDAYS_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="withdrawWorkdays" label={t(W.withdraw)} rules={[required]}>
          <InputNumber min={1} max={WORKDAYS_MAX} precision={0} />
        </Form.Item>
        <Form.Item name="from" label={t(W.from)} rules={[required]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="to" label={t(W.to)} rules={[required]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="contact" label={t(W.contact)}>
          <Input maxLength={200} />
        </Form.Item>
        <p>{t(W.paper)}</p>
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
