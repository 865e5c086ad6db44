import { Button, Drawer, Flex, Form, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { type PersonView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { mayGrant } from '../../../../src/capabilities/access/rules.ts'
import { PERSON_STATE_WORDS } from '../../../../src/capabilities/access/words.ts'
import { ROLE_WORDS } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, instantDay } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { useDivisions } from './choices.tsx'
import { RoleFields, type RoleValues, roleAskOf } from './person-form.tsx'
import { ContactOf } from '../messages/contact.tsx'
import { SecretOnce } from './secret-once.tsx'

const W = {
  close: { zh: '关闭', en: 'Close' },
  login: { zh: '登录名：{login}', en: 'Login: {login}' },
  mustChange: { zh: '待修改初始密码', en: 'Has yet to change the password' },
  roles: { zh: '角色', en: 'Roles' },
  noRoles: { zh: '当前没有任何角色，不能办理业务。', en: 'Holds no role and can do nothing.' },
  since: { zh: '自{day}起', en: 'since {day}' },
  ended: { zh: '{from}至{to}', en: '{from} to {to}' },
  past: { zh: '已收回的角色', en: 'Roles ended' },
  end: { zh: '收回', en: 'End' },
  endOne: { zh: '收回“{role}”', en: 'End “{role}”' },
  endSure: { zh: '确定收回“{role}”吗？收回后立即生效。', en: 'End “{role}”? It takes effect at once.' },
  grant: { zh: '授予角色', en: 'Grant a role' },
  contact: { zh: '联系方式', en: 'Where the person is reached' },
  account: { zh: '账号', en: 'Account' },
  suspend: { zh: '停用账号', en: 'Suspend' },
  suspendSure: {
    zh: '停用后该用户立即退出登录，不能再登录。确定停用吗？',
    en: 'The person is signed out at once and cannot sign in. Suspend?',
  },
  reinstate: { zh: '恢复账号', en: 'Reinstate' },
  reinstateSure: { zh: '确定恢复该账号吗？', en: 'Reinstate this account?' },
  reset: { zh: '重置密码', en: 'Reset the password' },
  resetSure: {
    zh: '原密码立即失效，并生成一次性显示的新密码。确定重置吗？',
    en: 'The old password ends at once; a new one is shown once. Reset?',
  },
  secretTitle: { zh: '新密码仅显示这一次', en: 'The new password is shown this once' },
  secretHint: {
    zh: '请通过可靠方式告知本人；首次登录时应当修改。',
    en: 'Tell it to the person in a safe way; it must be changed at the first sign-in.',
  },
  secret: { zh: '新密码', en: 'New password' },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  self: {
    zh: '这是您本人的账号，应当由其他管理员办理。',
    en: 'This is your own account; another administrator manages it.',
  },
  others: {
    zh: '该用户的角色由其他管理员管理，您只能查看。',
    en: 'Another administrator manages this person; you can only read.',
  },
} as const satisfies Record<string, Words>

type RoleHeld = PersonView['roles'][number]
const Held = ({ person, manage }: { person: PersonView; manage: boolean }) => {
  const { t, lang } = useLanguage()
  const { nameOf } = useDivisions()
  const end = useAct(endpoints.endRole)
  const held = person.roles.filter((r) => r.endedAt === null)
  const past = person.roles.filter((r) => r.endedAt !== null)
  const words = (r: RoleHeld) => `${t(ROLE_WORDS[r.role])}${bracketed(r.authorityName ?? nameOf(r.division), lang)}`
  return (
    <>
      <h2>{t(W.roles)}</h2>
      {held.length === 0 && <p>{t(W.noRoles)}</p>}
      <ul className="xh-cards" aria-label={t(W.roles)}>
        {held.map((r) => (
          <li key={r.id}>
            <Flex gap={8} wrap align="center" justify="space-between">
              <span>
                {words(r)} {t(W.since, { day: instantDay(r.grantedAt, lang) })}
              </span>
              {manage && (
                <Popconfirm
                  title={t(W.endSure, { role: words(r) })}
                  okText={t(W.yes)}
                  cancelText={t(W.no)}
                  onConfirm={() => end.mutate({ id: person.id, roleId: r.id })}
                >
                  <Button size="small" loading={end.isPending} aria-label={t(W.endOne, { role: words(r) })}>
                    {t(W.end)}
                  </Button>
                </Popconfirm>
              )}
            </Flex>
          </li>
        ))}
      </ul>
      {end.error && <Failed problem={end.error} />}
      {past.length > 0 && (
        <>
          <h2 style={{ marginTop: 12 }}>{t(W.past)}</h2>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {past.map((r) => (
              <li key={r.id}>
                {words(r)} {t(W.ended, { from: instantDay(r.grantedAt, lang), to: instantDay(r.endedAt, lang) })}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const Grant = ({ person }: { person: PersonView }) => {
  const { t } = useLanguage()
  const me = useSession().person
  const [form] = Form.useForm<RoleValues>()
  const grant = useAct(endpoints.grantRole, () => form.resetFields())
  const authorityId = person.roles.find((r) => r.endedAt === null && r.authorityId)?.authorityId ?? undefined
  return (
    <>
      <h2 style={{ marginTop: 20 }}>{t(W.grant)}</h2>
      <Form<RoleValues>
        form={form}
        name="grant"
        layout="vertical"
        initialValues={{ authorityId, division: me?.division ?? undefined }}
        onFinish={(v) => grant.mutate({ id: person.id, ...roleAskOf(v) })}
      >
        <RoleFields />
        {grant.error && <Failed problem={grant.error} />}
        <Button htmlType="submit" loading={grant.isPending} style={{ marginTop: 8 }}>
          {t(W.grant)}
        </Button>
      </Form>
    </>
  )
}

const Account = ({ person }: { person: PersonView }) => {
  const { t } = useLanguage()
  const [secret, setSecret] = useState<string | null>(null)
  const suspend = useAct(endpoints.suspendPerson)
  const reinstate = useAct(endpoints.reinstatePerson)
  const reset = useAct(endpoints.resetPassword, (r) => setSecret(r.password))
  const at = { id: person.id, seen: person.version }
  const problem = suspend.error ?? reinstate.error ?? reset.error
  const active = person.state === 'active'
  return (
    <>
      <h2 style={{ marginTop: 20 }}>{t(W.account)}</h2>
      {secret && (
        <SecretOnce
          title={t(W.secretTitle)}
          hint={t(W.secretHint)}
          label={t(W.secret)}
          secret={secret}
          done={() => setSecret(null)}
        />
      )}
      {problem && <Failed problem={problem} />}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Popconfirm
          title={t(active ? W.suspendSure : W.reinstateSure)}
          okText={t(W.yes)}
          cancelText={t(W.no)}
          onConfirm={() => (active ? suspend : reinstate).mutate(at)}
        >
          <Button danger={active} loading={suspend.isPending || reinstate.isPending}>
            {t(active ? W.suspend : W.reinstate)}
          </Button>
        </Popconfirm>
        <Popconfirm title={t(W.resetSure)} okText={t(W.yes)} cancelText={t(W.no)} onConfirm={() => reset.mutate(at)}>
          <Button loading={reset.isPending}>{t(W.reset)}</Button>
        </Popconfirm>
      </Flex>
    </>
  )
}

export const PersonCard = ({ id, done }: { id: string; done: () => void }) => {
  const { t } = useLanguage()
  const me = useSession().person
  const query = useApi(endpoints.getPerson, { id })
  return (
    <Drawer
      open
      onClose={done}
      size="min(520px, 100vw)"
      title={query.data?.name ?? ''}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Shown query={query}>
        {(person) => {
          const mine = person.id === me?.id
          const manage =
            !mine &&
            (me?.roles.some((r) => r === 'territory_admin' || r === 'security_admin') ?? false) &&
            person.roles.every((r) => r.endedAt !== null || mayGrant(me?.roles ?? [], r.role).ok)
          return (
            <>
              <p style={{ marginTop: 0 }}>
                {t(W.login, { login: person.login })}{' '}
                <Tag color={person.state === 'active' ? 'green' : 'default'}>{t(PERSON_STATE_WORDS[person.state])}</Tag>
                {person.mustChange && <Tag>{t(W.mustChange)}</Tag>}
              </p>
              {!manage && <p>{t(mine ? W.self : W.others)}</p>}
              <Held person={person} manage={manage} />
              {manage && <Grant person={person} />}
              <h2 style={{ marginTop: 20 }}>{t(W.contact)}</h2>
              <ContactOf personId={person.id} manage={manage} />
              {manage && <Account person={person} />}
            </>
          )
        }}
      </Shown>
    </Drawer>
  )
}
