import { Button, Checkbox, Flex, Input, Segmented, Select, Tag } from 'antd'
import { useState } from 'react'
import { AUTHORITY_SYSTEMS, type AuthorityView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { SYSTEM_WORDS } from '../../../../src/capabilities/access/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { AuthorityForm } from './authority-form.tsx'
import { AuthorityMove } from './authority-move.tsx'
import { useDivisions, useItems } from './choices.tsx'
import { PersonForm } from './person-form.tsx'
import { SecretOnce } from './secret-once.tsx'

const W = {
  title: { zh: '单位管理', en: 'Authorities' },
  add: { zh: '新增单位', en: 'Add an authority' },
  find: { zh: '按单位名称查找', en: 'Find by name' },
  findNow: { zh: '查找', en: 'Find' },
  system: { zh: '所属系统', en: 'System' },
  all: { zh: '全部系统', en: 'All systems' },
  state: { zh: '状态', en: 'State' },
  any: { zh: '全部', en: 'All' },
  active: { zh: '已启用', en: 'Active' },
  inactive: { zh: '已停用', en: 'Inactive' },
  name: { zh: '单位名称', en: 'Name' },
  division: { zh: '行政区划', en: 'Division' },
  duties: { zh: '职责', en: 'Duties' },
  none: { zh: '未设置', en: 'None' },
  office: { zh: '信用办', en: 'Credit office' },
  edit: { zh: '修改', en: 'Change' },
  editOne: { zh: '修改“{name}”', en: 'Change “{name}”' },
  action: { zh: '操作', en: 'Actions' },
  empty: { zh: '没有符合条件的单位。', en: 'No authority matches.' },
  collectors: { zh: '信息采集员', en: 'Collectors' },
  people: { zh: '{n} 人', en: '{n}' },
  lacking: { zh: '缺信息采集员', en: 'No collector' },
  onlyLacking: { zh: '只看缺信息采集员的单位', en: 'Only those without a collector' },
  addCollector: { zh: '新增采集员', en: 'Add a collector' },
  addCollectorTo: { zh: '新增采集员：{name}', en: 'Add a collector: {name}' },
  moveIt: { zh: '调整区划', en: 'Move' },
  moveOne: { zh: '调整区划：{name}', en: 'Move: {name}' },
  secretTitle: { zh: '“{name}”的账号已创建', en: 'The account of “{name}” is made' },
  secretHint: {
    zh: '初始密码只显示这一次，请交给本人；首次登录时应当修改。',
    en: 'The initial password is shown this once; hand it over. It must be changed at the first sign-in.',
  },
  secret: { zh: '初始密码', en: 'Initial password' },
  login: { zh: '登录名', en: 'Login' },
  abolishedHint: {
    zh: '所在区划已撤销，请调整到承接的区划。',
    en: 'Its division has been abolished; move it to the one in its place.',
  },
} as const satisfies Record<string, Words>

export const Authorities = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const { namesOf } = useItems()
  const { nameOf, isAbolished } = useDivisions()
  const [open, setOpen] = useState<AuthorityView | 'new' | null>(null)
  const [moving, setMoving] = useState<AuthorityView | null>(null)
  const [collectorFor, setCollectorFor] = useState<string | null>(null)
  const [made, setMade] = useState<{ name: string; login: string; secret: string } | null>(null)
  const lacking = search.view === 'lacking'
  const state = search.state === 'active' || search.state === 'inactive' ? search.state : 'any'
  const query = useApi(endpoints.listAuthorities, {
    after: search.after,
    q: search.q,
    system: AUTHORITY_SYSTEMS.find((s) => s === search.system),
    ...(lacking ? { lacking: 'true' as const } : {}),
    ...(state === 'any' ? {} : { active: state === 'active' ? ('true' as const) : ('false' as const) }),
  })
  const mayEdit = has('territory_admin')
  const columns: Column<AuthorityView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (a) => (
        <>
          {a.name} {a.isCreditOffice && <Tag color="blue">{t(W.office)}</Tag>}
        </>
      ),
    },
    {
      key: 'division',
      title: W.division,
      render: (a) => (
        <>
          {nameOf(a.division)}
          {isAbolished(a.division) && <div className="xh-quiet">{t(W.abolishedHint)}</div>}
        </>
      ),
    },
    { key: 'system', title: W.system, render: (a) => t(SYSTEM_WORDS[a.system]) },
    { key: 'duties', title: W.duties, render: (a) => namesOf(a.duties) || t(W.none) },
    {
      key: 'collectors',
      title: W.collectors,
      render: (a) =>
        a.lacksCollector ? (
          <Tag color="orange">{t(W.lacking)}</Tag>
        ) : a.duties.length ? (
          t(W.people, { n: a.collectors })
        ) : (
          '—'
        ),
    },
    {
      key: 'state',
      title: W.state,
      render: (a) => <Tag color={a.active ? 'green' : 'default'}>{t(a.active ? W.active : W.inactive)}</Tag>,
    },
    ...(mayEdit
      ? [
          {
            key: 'edit',
            title: W.action,
            render: (a: AuthorityView) => (
              <Flex gap={8} wrap>
                <Button size="small" aria-label={t(W.editOne, { name: a.name })} onClick={() => setOpen(a)}>
                  {t(W.edit)}
                </Button>
                {a.active && (
                  <Button
                    size="small"
                    type={a.lacksCollector ? 'primary' : 'default'}
                    aria-label={t(W.addCollectorTo, { name: a.name })}
                    onClick={() => setCollectorFor(a.id)}
                  >
                    {t(W.addCollector)}
                  </Button>
                )}
                <Button size="small" aria-label={t(W.moveOne, { name: a.name })} onClick={() => setMoving(a)}>
                  {t(W.moveIt)}
                </Button>
              </Flex>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {mayEdit && (
          <Button type="primary" onClick={() => setOpen('new')}>
            {t(W.add)}
          </Button>
        )}
      </Flex>
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
        <Select
          aria-label={t(W.system)}
          style={{ minWidth: 160 }}
          value={search.system ?? ''}
          onChange={(system) => filter({ system })}
          options={[
            { value: '', label: t(W.all) },
            ...AUTHORITY_SYSTEMS.map((s) => ({ value: s, label: t(SYSTEM_WORDS[s]) })),
          ]}
        />
        <Segmented
          aria-label={t(W.state)}
          value={state}
          onChange={(v) => filter({ state: v === 'any' ? '' : v })}
          options={(['any', 'active', 'inactive'] as const).map((v) => ({ value: v, label: t(W[v]) }))}
        />
        <Checkbox checked={lacking} onChange={(e) => filter({ view: e.target.checked ? 'lacking' : '' })}>
          {t(W.onlyLacking)}
        </Checkbox>
      </Flex>
      {made && (
        <SecretOnce
          title={t(W.secretTitle, { name: made.name })}
          hint={t(W.secretHint)}
          label={t(W.secret)}
          secret={made.secret}
          also={[{ label: t(W.login), value: made.login }]}
          done={() => setMade(null)}
        />
      )}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(a) => a.id}
        after={search.after}
        go={go}
      />
      {collectorFor && (
        <PersonForm
          chosen="collector"
          authorityId={collectorFor}
          done={() => setCollectorFor(null)}
          created={(person, secret) => {
            setCollectorFor(null)
            setMade({ name: person.name, login: person.login, secret })
          }}
        />
      )}
      {moving && <AuthorityMove key={moving.id} authority={moving} done={() => setMoving(null)} />}
      {open && (
        <AuthorityForm
          key={open === 'new' ? 'new' : open.id}
          authority={open === 'new' ? null : open}
          done={() => setOpen(null)}
        />
      )}
    </>
  )
}
