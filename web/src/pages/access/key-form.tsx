import { Button, Checkbox, Drawer, Flex, Form, Input, Radio, Select } from 'antd'
import { endpoints } from '../../../../src/capabilities/access/contract.ts'
import { SCOPE_WORDS } from '../../../../src/capabilities/access/words.ts'
import { endpoints as exchange } from '../../../../src/capabilities/exchange/contract.ts'
import { SCOPES, type Scope } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { AuthoritySelect, atLeastOne } from './choices.tsx'

const W = {
  add: { zh: '新建接口密钥', en: 'Make a key' },
  close: { zh: '关闭', en: 'Close' },
  name: { zh: '密钥名称', en: 'Name' },
  nameHint: { zh: '写明使用的系统，例如“行政处罚办案系统报送”。', en: 'Say which system uses it.' },
  owner: { zh: '归属', en: 'Belongs to' },
  authority: { zh: '单位', en: 'An authority' },
  peer: { zh: '共享对象', en: 'A peer' },
  choosePeer: { zh: '选择共享对象', en: 'Choose a peer' },
  noPeers: { zh: '还没有共享对象，请信用办先新增', en: 'There are no peers yet; the credit office adds them' },
  scopes: { zh: '权限范围', en: 'What it may do' },
  expires: { zh: '到期日（选填，当日仍有效）', en: 'Last day (optional)' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '生成密钥', en: 'Make the key' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

/** Names of the peers that a key may belong to. */
export const usePeers = () => {
  const { data } = useApi(exchange.peers, { limit: 200 })
  const names = new Map(data?.rows.map((p) => [p.id, p.name]))
  return {
    options: data?.rows.map((p) => ({ value: p.id, label: p.name })) ?? [],
    nameOf: (id: string | null) => (id === null ? null : (names.get(id) ?? null)),
  }
}

type Values = {
  name: string
  owner: 'authority' | 'peer'
  authorityId?: string
  peerId?: string
  scopes: Scope[]
  expiresOn?: string
}

export const KeyForm = ({ done, created }: { done: () => void; created: (name: string, secret: string) => void }) => {
  const { t } = useLanguage()
  const peers = usePeers()
  const [form] = Form.useForm<Values>()
  const owner = Form.useWatch('owner', form) ?? 'authority'
  const create = useAct(endpoints.createKey, (r) => created(r.key.name, r.secret))
  const required = { required: true, message: t(W.need) }
  const send = (v: Values) =>
    create.mutate({
      name: v.name,
      scopes: v.scopes,
      ...(v.owner === 'peer' ? { peerId: v.peerId } : { authorityId: v.authorityId }),
      ...(v.expiresOn ? { expiresOn: v.expiresOn } : {}),
    })
  return (
    <Drawer open onClose={done} size="min(480px, 100vw)" title={t(W.add)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        form={form}
        name="key"
        layout="vertical"
        initialValues={{ owner: 'authority', scopes: ['collect'] }}
        onFinish={send}
      >
        <Form.Item name="name" label={t(W.name)} extra={t(W.nameHint)} rules={[required]}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item name="owner" label={t(W.owner)}>
          <Radio.Group
            onChange={(e) => form.setFieldsValue({ scopes: e.target.value === 'peer' ? ['feed'] : ['collect'] })}
            options={(['authority', 'peer'] as const).map((o) => ({ value: o, label: t(W[o]) }))}
          />
        </Form.Item>
        {owner === 'authority' ? (
          <Form.Item name="authorityId" label={t(W.authority)} rules={[required]}>
            <AuthoritySelect />
          </Form.Item>
        ) : (
          <Form.Item name="peerId" label={t(W.peer)} rules={[required]}>
            <Select
              placeholder={t(W.choosePeer)}
              notFoundContent={t(W.noPeers)}
              showSearch={{ optionFilterProp: 'label' }}
              options={peers.options}
            />
          </Form.Item>
        )}
        <Form.Item name="scopes" label={t(W.scopes)} rules={[atLeastOne(t(W.need))]}>
          <Checkbox.Group options={SCOPES.map((s) => ({ value: s, label: t(SCOPE_WORDS[s]) }))} />
        </Form.Item>
        <Form.Item name="expiresOn" label={t(W.expires)}>
          <Input type="date" />
        </Form.Item>
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
