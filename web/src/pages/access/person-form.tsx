import { Button, Drawer, Flex, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { AUTHORITY_ROLES, type PersonView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { mayGrant } from '../../../../src/capabilities/access/rules.ts'
import { ROLES, ROLE_WORDS, type Role } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed } from '../../ui/states.tsx'
import { AuthoritySelect, DivisionSelect } from './choices.tsx'

const W = {
  add: { zh: '新增用户', en: 'Add a person' },
  close: { zh: '关闭', en: 'Close' },
  login: { zh: '登录名', en: 'Login' },
  loginRule: {
    zh: '3 至 64 位小写字母、数字或者 . _ @ -，以字母或者数字开头。',
    en: '3 to 64 of a–z, digits and . _ @ -, beginning with a letter or digit.',
  },
  name: { zh: '姓名', en: 'Name' },
  role: { zh: '角色', en: 'Role' },
  authority: { zh: '所在单位', en: 'Authority' },
  division: { zh: '行政区划', en: 'Division' },
  initial: {
    zh: '保存后生成初始密码，仅显示一次；本人首次登录时应当修改。',
    en: 'An initial password is made and shown once; it must be changed at the first sign-in.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

export type RoleValues = { role: Role; authorityId?: string; division?: string }
const inAuthority = (role: Role | undefined): boolean => (AUTHORITY_ROLES as readonly Role[]).includes(role as Role)
/** A role inside an authority needs the authority, any other a division. */
export const roleAskOf = ({ role, authorityId, division }: RoleValues) =>
  inAuthority(role) ? { role, authorityId } : { role, division }

/** Role, and where it is held; only the roles that this administrator grants. */
export const RoleFields = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const role = Form.useWatch<Role | undefined>('role')
  const required = { required: true, message: t(W.need) }
  return (
    <>
      <Form.Item name="role" label={t(W.role)} rules={[required]}>
        <Select
          options={ROLES.filter((r) => mayGrant(person?.roles ?? [], r).ok).map((r) => ({
            value: r,
            label: t(ROLE_WORDS[r]),
          }))}
        />
      </Form.Item>
      {role && inAuthority(role) && (
        <Form.Item name="authorityId" label={t(W.authority)} rules={[required]}>
          <AuthoritySelect />
        </Form.Item>
      )}
      {role && !inAuthority(role) && (
        <Form.Item name="division" label={t(W.division)} rules={[required]}>
          <DivisionSelect />
        </Form.Item>
      )}
    </>
  )
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz'
const pick = (from: string, n: number): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(n)), (x) => from[x % from.length]).join('')
/** Letters and digits that are not mistaken for one another: 12 letters and 4 digits. */
const newPassword = (): string => `${pick(ALPHABET, 6)}-${pick(ALPHABET, 6)}-${pick('23456789', 4)}`

export const PersonForm = ({
  chosen,
  authorityId,
  done,
  created,
}: {
  /** Chosen already. */
  chosen?: Role
  authorityId?: string | undefined
  done: () => void
  created: (person: PersonView, password: string) => void
}) => {
  const { t } = useLanguage()
  const { person } = useSession()
  const [password] = useState(newPassword)
  const create = useAct(endpoints.createPerson, (p) => created(p, password))
  type Values = RoleValues & { login: string; name: string }
  const required = { required: true, message: t(W.need) }
  return (
    <Drawer open onClose={done} size="min(480px, 100vw)" title={t(W.add)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        name="person"
        layout="vertical"
        initialValues={{ role: chosen, authorityId, division: person?.division ?? undefined }}
        onFinish={(v) =>
          create.mutate({ login: v.login.trim().toLowerCase(), name: v.name, password, ...roleAskOf(v) })
        }
      >
        <Form.Item
          name="login"
          label={t(W.login)}
          extra={t(W.loginRule)}
          rules={[
            required,
            {
              validator: (_, v: string) =>
                !v || endpoints.createPerson.body.shape.login.safeParse(v).success
                  ? Promise.resolve()
                  : Promise.reject(new Error(t(W.loginRule))),
            },
          ]}
        >
          <Input autoComplete="off" autoCapitalize="none" />
        </Form.Item>
        <Form.Item name="name" label={t(W.name)} rules={[required]}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <RoleFields />
        <p>{t(W.initial)}</p>
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
