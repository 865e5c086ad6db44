import { Button, Flex, Input, Select, Tag } from 'antd'
import { useState } from 'react'
import { PERSON_STATES, type PersonView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { PERSON_STATE_WORDS } from '../../../../src/capabilities/access/words.ts'
import { ROLES, ROLE_WORDS } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, listWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { AuthoritySelect, useDivisions } from './choices.tsx'
import { PersonCard } from './person-card.tsx'
import { PersonForm } from './person-form.tsx'
import { SecretOnce } from './secret-once.tsx'

const W = {
  title: { zh: '账号管理', en: 'Accounts' },
  add: { zh: '新增用户', en: 'Add a person' },
  find: { zh: '按姓名或者登录名查找', en: 'Find by name or login' },
  findNow: { zh: '查找', en: 'Find' },
  authority: { zh: '所在单位', en: 'Authority' },
  role: { zh: '角色', en: 'Role' },
  allRoles: { zh: '全部角色', en: 'All roles' },
  state: { zh: '状态', en: 'State' },
  allStates: { zh: '全部状态', en: 'All states' },
  name: { zh: '姓名', en: 'Name' },
  login: { zh: '登录名', en: 'Login' },
  none: { zh: '无', en: 'None' },
  action: { zh: '操作', en: 'Actions' },
  open: { zh: '查看', en: 'Open' },
  openOne: { zh: '查看“{name}”', en: 'Open “{name}”' },
  empty: { zh: '没有符合条件的用户。', en: 'No one matches.' },
  secretTitle: {
    zh: '已新增“{name}”，初始密码仅显示这一次',
    en: '“{name}” was added; the initial password is shown this once',
  },
  secretHint: {
    zh: '请通过可靠方式告知本人；首次登录时应当修改。',
    en: 'Tell it to the person in a safe way; it must be changed at the first sign-in.',
  },
  secret: { zh: '初始密码', en: 'Initial password' },
} as const satisfies Record<string, Words>

export const People = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { nameOf } = useDivisions()
  const { search, go, filter } = useListSearch()
  const [open, setOpen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<{ person: PersonView; password: string } | null>(null)
  const query = useApi(endpoints.listPeople, {
    after: search.after,
    q: search.q,
    role: ROLES.find((r) => r === search.role),
    state: PERSON_STATES.find((s) => s === search.state),
    authorityId: search.authority,
  })
  const rolesOf = (p: PersonView) =>
    listWords(
      p.roles
        .filter((r) => r.endedAt === null)
        .map((r) => `${t(ROLE_WORDS[r.role])}${bracketed(r.authorityName ?? nameOf(r.division), lang)}`),
      lang,
    )
  const columns: Column<PersonView>[] = [
    { key: 'name', title: W.name, lead: true, render: (p) => p.name },
    { key: 'login', title: W.login, render: (p) => p.login },
    { key: 'roles', title: W.role, render: (p) => rolesOf(p) || t(W.none) },
    {
      key: 'state',
      title: W.state,
      render: (p) => <Tag color={p.state === 'active' ? 'green' : 'default'}>{t(PERSON_STATE_WORDS[p.state])}</Tag>,
    },
    {
      key: 'open',
      title: W.action,
      render: (p) => (
        <Button size="small" aria-label={t(W.openOne, { name: p.name })} onClick={() => setOpen(p.id)}>
          {t(W.open)}
        </Button>
      ),
    },
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {has('territory_admin', 'security_admin') && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t(W.add)}
          </Button>
        )}
      </Flex>
      {made && (
        <SecretOnce
          title={t(W.secretTitle, { name: made.person.name })}
          hint={t(W.secretHint)}
          label={t(W.secret)}
          secret={made.password}
          also={[{ label: t(W.login), value: made.person.login }]}
          done={() => setMade(null)}
        />
      )}
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <Input.Search
          key={search.q ?? ''}
          defaultValue={search.q ?? ''}
          aria-label={t(W.find)}
          placeholder={t(W.find)}
          enterButton={t(W.findNow)}
          onSearch={(q) => filter({ q })}
          style={{ maxWidth: 320 }}
        />
        <AuthoritySelect
          aria-label={t(W.authority)}
          value={search.authority}
          onChange={(authority) => filter({ authority })}
          clearable
          style={{ minWidth: 220 }}
        />
        <Select
          aria-label={t(W.role)}
          style={{ minWidth: 160 }}
          value={search.role ?? ''}
          onChange={(role) => filter({ role })}
          options={[{ value: '', label: t(W.allRoles) }, ...ROLES.map((r) => ({ value: r, label: t(ROLE_WORDS[r]) }))]}
        />
        <Select
          aria-label={t(W.state)}
          style={{ minWidth: 120 }}
          value={search.state ?? ''}
          onChange={(state: string) => filter({ state })}
          options={[
            { value: '', label: t(W.allStates) },
            ...PERSON_STATES.map((s) => ({ value: s, label: t(PERSON_STATE_WORDS[s]) })),
          ]}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(p) => p.id}
        after={search.after}
        go={go}
      />
      {open && <PersonCard key={open} id={open} done={() => setOpen(null)} />}
      {adding && (
        <PersonForm
          authorityId={search.authority}
          done={() => setAdding(false)}
          created={(person, password) => {
            setAdding(false)
            setMade({ person, password })
          }}
        />
      )}
    </>
  )
}
