import { Alert, App, Button, Card, Form, Input } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/access/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { ApiProblem } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '修改密码', en: 'Change password' },
  forced: { zh: '首次登录或者密码重置后，应当先修改密码', en: 'Choose your own password before you go on' },
  forcedWhy: { zh: '当前密码由管理员设置，修改后方可办理业务。', en: 'The present one was set by an administrator.' },
  current: { zh: '当前密码', en: 'Current password' },
  next: { zh: '新密码', en: 'New password' },
  again: { zh: '再次输入新密码', en: 'New password again' },
  rule: {
    zh: '10 至 128 个字符，同时包含字母和数字或者符号。',
    en: '10 to 128 characters, with letters and digits or signs.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  differs: { zh: '两次输入的新密码不一致', en: 'The two do not match' },
  others: { zh: '修改后，本账号在其他设备上的登录同时失效。', en: 'Other sessions of this account end.' },
  save: { zh: '保存新密码', en: 'Save the new password' },
  done: { zh: '密码已修改', en: 'Password changed' },
} as const satisfies Record<string, Words>

type Values = { current: string; next: string; again: string }
/** The same check as the server's. */
const isGood = (next: string): boolean => endpoints.changePassword.body.shape.next.safeParse(next).success

export const Password = ({ forced }: { forced?: boolean }) => {
  const { t } = useLanguage()
  const { changePassword } = useSession()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async ({ current, next }: Values) => {
    setBusy(true)
    setProblem(null)
    try {
      await changePassword(current, next)
      form.resetFields()
      void message.success(t(W.done))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card style={{ maxWidth: 480, margin: '0 auto' }}>
      <h1>{t(W.title)}</h1>
      {forced && (
        <Alert type="info" showIcon title={t(W.forced)} description={t(W.forcedWhy)} style={{ marginBottom: 12 }} />
      )}
      {problem && <Failed problem={problem} />}
      <Form<Values>
        form={form}
        name="password"
        layout="vertical"
        requiredMark={false}
        onFinish={(v) => void submit(v)}
        style={{ marginTop: 12 }}
      >
        <Form.Item name="current" label={t(W.current)} rules={[{ required: true, message: t(W.need) }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="next"
          label={t(W.next)}
          extra={t(W.rule)}
          rules={[
            { required: true, message: t(W.need) },
            {
              validator: (_, v: string) => (!v || isGood(v) ? Promise.resolve() : Promise.reject(new Error(t(W.rule)))),
            },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t(W.again)}
          dependencies={['next']}
          rules={[
            { required: true, message: t(W.need) },
            ({ getFieldValue }) => ({
              validator: (_, v: string) =>
                !v || v === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t(W.differs))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <p>{t(W.others)}</p>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t(W.save)}
        </Button>
      </Form>
    </Card>
  )
}
