import { Button, Checkbox, Drawer, Flex, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import {
  AUTHORITY_SYSTEMS,
  type AuthoritySystem,
  type AuthorityView,
  endpoints,
} from '../../../../src/capabilities/access/contract.ts'
import { SYSTEM_WORDS } from '../../../../src/capabilities/access/words.ts'
import { usccCheckDigit } from '../../../../src/kernel/codes.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed } from '../../ui/states.tsx'
import { DivisionSelect, useDivisions, useItems } from './choices.tsx'

const W = {
  add: { zh: '新增单位', en: 'Add an authority' },
  change: { zh: '修改单位', en: 'Change an authority' },
  close: { zh: '关闭', en: 'Close' },
  code: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  badCode: {
    zh: '统一社会信用代码应当为 18 位，且校验位正确',
    en: 'A unified code has 18 characters and a true check digit',
  },
  name: { zh: '单位名称', en: 'Name' },
  division: { zh: '行政区划', en: 'Division' },
  system: { zh: '所属系统', en: 'System' },
  duties: { zh: '职责（负责报送和认定的事项）', en: 'Duties (items it reports and decides)' },
  channel: { zh: '接收修复申请的渠道（选填）', en: 'How it receives applications (optional)' },
  channelHint: { zh: '例如：政务服务网、公文交换。', en: 'For example the service portal, or official mail.' },
  office: { zh: '本单位是信用办', en: 'This is the credit office' },
  active: { zh: '启用', en: 'Active' },
  inactiveHint: {
    zh: '停用后，该单位的用户和密钥不能再办理业务，历史数据保留。',
    en: 'Once inactive, its people and keys can do no more; its data stays.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  unlisted: {
    zh: '该代码不在行政区划目录中，请核对；确认无误的可以继续保存。',
    en: 'This code is not on the list of divisions; check it. If it is right you may go on.',
  },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
  latest: { zh: '载入最新内容', en: 'Load what it is now' },
  latestHint: { zh: '载入后请核对并重新填写您的修改。', en: 'Then check it and enter your change again.' },
} as const satisfies Record<string, Words>

type Values = {
  code: string
  name: string
  division: string
  system: AuthoritySystem
  duties: string[]
  receivingChannel?: string | null
  isCreditOffice?: boolean
  active: boolean
}
const isCode = (text: string): boolean => {
  const code = text.trim().toUpperCase()
  return code.length === 18 && usccCheckDigit(code.slice(0, 17)) === code[17]
}
const orNull = (text: string | null | undefined) => (text?.trim() ? text.trim() : null)

/** Adds an authority, or changes the one given. */
export const AuthorityForm = ({ authority, done }: { authority: AuthorityView | null; done: () => void }) => {
  const { t } = useLanguage()
  const { person } = useSession()
  const items = useItems()
  const { isListed } = useDivisions()
  const [form] = Form.useForm<Values>()
  const division = Form.useWatch<string | undefined>('division', form)
  const [seen, setSeen] = useState(authority?.version ?? 0)
  const [lost, setLost] = useState<ApiProblem | null>(null)
  const create = useAct(endpoints.createAuthority, done)
  const update = useAct(endpoints.updateAuthority, done)
  const problem = lost ?? create.error ?? update.error
  const busy = create.isPending || update.isPending
  const send = (v: Values) => {
    const fields = { name: v.name, system: v.system, duties: v.duties, receivingChannel: orNull(v.receivingChannel) }
    if (authority) update.mutate({ ...fields, id: authority.id, active: v.active, seen })
    else
      create.mutate({ ...fields, code: v.code.trim(), division: v.division, isCreditOffice: v.isCreditOffice ?? false })
  }
  const loadLatest = async () => {
    if (!authority) return
    try {
      const now = await call(endpoints.getAuthority, { id: authority.id })
      form.setFieldsValue(now)
      setSeen(now.version)
      setLost(null)
      update.reset()
    } catch (error) {
      setLost(error as ApiProblem)
    }
  }
  const required = { required: true, message: t(W.need) }
  return (
    <Drawer
      open
      onClose={done}
      size="min(520px, 100vw)"
      title={t(authority ? W.change : W.add)}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Form<Values>
        form={form}
        name="authority"
        layout="vertical"
        initialValues={authority ?? { system: 'general', duties: [], division: person?.division ?? undefined }}
        onFinish={send}
      >
        {!authority && (
          <>
            <Form.Item
              name="code"
              label={t(W.code)}
              rules={[
                required,
                {
                  validator: (_, v: string) =>
                    !v || isCode(v) ? Promise.resolve() : Promise.reject(new Error(t(W.badCode))),
                },
              ]}
            >
              <Input autoComplete="off" maxLength={18} />
            </Form.Item>
            <Form.Item
              name="division"
              label={t(W.division)}
              rules={[required]}
              extra={division && !isListed(division) ? t(W.unlisted) : undefined}
            >
              <DivisionSelect />
            </Form.Item>
          </>
        )}
        <Form.Item name="name" label={t(W.name)} rules={[required]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="system" label={t(W.system)} rules={[required]}>
          <Select options={AUTHORITY_SYSTEMS.map((s) => ({ value: s, label: t(SYSTEM_WORDS[s]) }))} />
        </Form.Item>
        <Form.Item name="duties" label={t(W.duties)}>
          <Checkbox.Group options={items.options} />
        </Form.Item>
        <Form.Item name="receivingChannel" label={t(W.channel)} extra={t(W.channelHint)}>
          <Input maxLength={100} />
        </Form.Item>
        {authority ? (
          <Form.Item name="active" label={t(W.active)} valuePropName="checked" extra={t(W.inactiveHint)}>
            <Switch />
          </Form.Item>
        ) : (
          <Form.Item name="isCreditOffice" valuePropName="checked">
            <Checkbox>{t(W.office)}</Checkbox>
          </Form.Item>
        )}
        {problem && <Failed problem={problem} />}
        {problem?.problem.code === 'STALE' && (
          <Flex gap={8} wrap align="center" style={{ marginTop: 8 }}>
            <Button onClick={() => void loadLatest()}>{t(W.latest)}</Button>
            <span>{t(W.latestHint)}</span>
          </Flex>
        )}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t(W.save)}
          </Button>
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
