import { Alert, Button, Card, Flex, Form, Input } from 'antd'
import {
  type ContactView,
  contactChange,
  contactEndpoints,
} from '../../../../src/capabilities/access/contract.contacts.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed, Shown } from '../../ui/states.tsx'

const W = {
  about: {
    zh: '消息始终显示在工作台；填写后，重要提醒同时发送到电子邮箱和工作手机。联系方式加密保存，页面只显示部分内容。',
    en: 'Messages always stand in the workbench; important ones also go to the e-mail and the work mobile given here. Both are kept encrypted and shown only in part.',
  },
  email: { zh: '电子邮箱', en: 'E-mail' },
  phone: { zh: '工作手机号码', en: 'Work mobile' },
  none: { zh: '未登记', en: 'None' },
  now: { zh: '已登记：{value}', en: 'Held now: {value}' },
  keep: { zh: '不修改请留空', en: 'Leave empty to keep it' },
  emailRule: {
    zh: '请填写完整的电子邮箱，例如 zhangsan@example.gov.cn。',
    en: 'A whole address, such as name@example.gov.cn.',
  },
  phoneRule: { zh: '请填写 11 位手机号码。', en: 'A mobile number of 11 digits.' },
  save: { zh: '保存', en: 'Save' },
  remove: { zh: '删除', en: 'Remove' },
  removeEmail: { zh: '删除电子邮箱', en: 'Remove the e-mail' },
  removePhone: { zh: '删除工作手机号码', en: 'Remove the work mobile' },
  done: { zh: '已保存。', en: 'Saved.' },
} as const satisfies Record<string, Words>

type Values = { email?: string; workPhone?: string }
type Change = { email?: string | null; workPhone?: string | null; seen: number }

/** Both fields, whoever fills them in: the person, or the administrator of the account. */
const Fields = ({ held, save, busy }: { held: ContactView; save: (change: Change) => void; busy: boolean }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Values>()
  const rule = (of: 'email' | 'workPhone', message: Words) => ({
    validator: (_: unknown, value: string | undefined) =>
      !value?.trim() || contactChange[of].safeParse(value).success
        ? Promise.resolve()
        : Promise.reject(new Error(t(message))),
  })
  const field = (of: 'email' | 'workPhone', label: Words, message: Words, remove: Words) => (
    <Form.Item
      name={of}
      label={t(label)}
      extra={
        <Flex gap={8} wrap align="center">
          <span>{held[of] ? t(W.now, { value: held[of] }) : t(W.none)}</span>
          {held[of] && (
            <Button
              size="small"
              type="link"
              aria-label={t(remove)}
              disabled={busy}
              onClick={() => save({ [of]: null, seen: held.version })}
            >
              {t(W.remove)}
            </Button>
          )}
        </Flex>
      }
      rules={[rule(of, message)]}
    >
      <Input
        autoComplete="off"
        inputMode={of === 'email' ? 'email' : 'tel'}
        {...(held[of] ? { placeholder: t(W.keep) } : {})}
      />
    </Form.Item>
  )
  return (
    <Form<Values>
      form={form}
      name="contact"
      layout="vertical"
      onFinish={({ email, workPhone }) =>
        save({
          ...(email?.trim() ? { email: email.trim() } : {}),
          ...(workPhone?.trim() ? { workPhone: workPhone.trim() } : {}),
          seen: held.version,
        })
      }
    >
      {field('email', W.email, W.emailRule, W.removeEmail)}
      {field('workPhone', W.phone, W.phoneRule, W.removePhone)}
      <Button type="primary" htmlType="submit" loading={busy}>
        {t(W.save)}
      </Button>
    </Form>
  )
}

export const Contact = () => {
  const { t } = useLanguage()
  const query = useApi(contactEndpoints.myContact, {})
  const change = useAct(contactEndpoints.changeMyContact)
  return (
    <Card style={{ maxWidth: 520 }}>
      <p style={{ marginTop: 0 }}>{t(W.about)}</p>
      {change.error && <Failed problem={change.error} />}
      {change.isSuccess && <Alert type="success" showIcon title={t(W.done)} style={{ marginBottom: 12 }} />}
      <Shown query={query}>
        {(held) => <Fields key={held.version} held={held} save={(c) => change.mutate(c)} busy={change.isPending} />}
      </Shown>
    </Card>
  )
}

/** On the account page of another. */
export const ContactOf = ({ personId, manage }: { personId: string; manage: boolean }) => {
  const { t } = useLanguage()
  const query = useApi(contactEndpoints.getContact, { id: personId })
  const change = useAct(contactEndpoints.changeContact)
  return (
    <Shown query={query}>
      {(held) =>
        manage ? (
          <>
            {change.error && <Failed problem={change.error} />}
            <Fields
              key={held.version}
              held={held}
              save={(c) => change.mutate({ id: personId, ...c })}
              busy={change.isPending}
            />
          </>
        ) : (
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            <li>
              {t(W.email)} {held.email ?? t(W.none)}
            </li>
            <li>
              {t(W.phone)} {held.workPhone ?? t(W.none)}
            </li>
          </ul>
        )
      }
    </Shown>
  )
}
