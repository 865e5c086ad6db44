import { Alert, Button, Card, Form, Input } from 'antd'
import { useState } from 'react'
import type { Words } from '../../../src/kernel/words.ts'
import { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'
import { Failed } from '../ui/states.tsx'

const TITLE: Words = { zh: '登录', en: 'Sign in' }
const LOGIN: Words = { zh: '登录名', en: 'Login' }
const PASSWORD: Words = { zh: '密码', en: 'Password' }
const NEED_LOGIN: Words = { zh: '请输入登录名', en: 'Enter your login' }
const NEED_PASSWORD: Words = { zh: '请输入密码', en: 'Enter your password' }
const HINT: Words = {
  zh: '公示查询无需登录。账号由所在单位的系统管理员开通。',
  en: 'The public pages need no account. Accounts are opened by the administrator of your territory.',
}

const EXPIRED: Words = {
  zh: '登录已过期。重新登录后回到原页面，已填写的内容会保留。',
  en: 'Your session has ended. Sign in again to go on where you were; what you entered is kept.',
}

export const SignIn = () => {
  const { t } = useLanguage()
  const { signIn, expired } = useSession()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async ({ login, password }: { login: string; password: string }) => {
    setBusy(true)
    setProblem(null)
    try {
      await signIn(login, password)
    } catch (error) {
      if (error instanceof ApiProblem) setProblem(error)
      else throw error
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card style={{ maxWidth: 420, margin: '32px auto' }}>
      <h1>{t(TITLE)}</h1>
      {expired && !problem && <Alert type="info" showIcon title={t(EXPIRED)} />}
      {problem && <Failed problem={problem} />}
      <Form
        layout="vertical"
        onFinish={(v: { login: string; password: string }) => void submit(v)}
        requiredMark={false}
        style={{ marginTop: 12 }}
      >
        <Form.Item name="login" label={t(LOGIN)} rules={[{ required: true, message: t(NEED_LOGIN) }]}>
          <Input autoComplete="username" autoCapitalize="none" />
        </Form.Item>
        <Form.Item name="password" label={t(PASSWORD)} rules={[{ required: true, message: t(NEED_PASSWORD) }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t(TITLE)}
        </Button>
      </Form>
      <p style={{ color: '#4a5568', marginBottom: 0 }}>{t(HINT)}</p>
    </Card>
  )
}
