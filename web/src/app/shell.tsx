import { BellOutlined, MenuOutlined } from '@ant-design/icons'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Badge, Button, Drawer, Flex, Grid, Layout, Menu } from 'antd'
import { Suspense, lazy, useEffect, useState } from 'react'
import { endpoints as messages } from '../../../src/capabilities/messages/contract.ts'
import { ROLE_WORDS, type Role } from '../../../src/kernel/roles.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useApi } from './api.ts'
import { useLanguage } from './language.tsx'
import { Loading } from '../ui/states.tsx'
import { SessionProvider, useSession } from './session.tsx'

const SignIn = lazy(async () => ({ default: (await import('../pages/sign-in.tsx')).SignIn }))
const Password = lazy(async () => ({ default: (await import('../pages/access/password.tsx')).Password }))

/** `also`: where else the section's pages lie. */
type Entry = { to: string; also?: string; label: Words; roles: readonly Role[] }
const isAt = (path: string, { to, also }: Entry): boolean =>
  path.startsWith(to) || (also !== undefined && path.startsWith(also))
/** What each role comes to do, in the order of its day. */
const ENTRIES: Entry[] = [
  { to: '/my/records', label: { zh: '我的信用记录', en: 'My records' }, roles: ['enterprise'] },
  { to: '/my/calendar', label: { zh: '何时可以修复', en: 'When can I repair' }, roles: ['enterprise'] },
  {
    to: '/applications',
    label: { zh: '修复申请', en: 'Applications' },
    roles: ['enterprise', 'window_clerk', 'credit_office'],
  },
  {
    to: '/certificates',
    label: { zh: '信用修复证明', en: 'Certificates' },
    roles: ['enterprise', 'window_clerk', 'credit_office'],
  },
  { to: '/my/ratings', label: { zh: '服务评价', en: 'Rate the service' }, roles: ['enterprise'] },
  { to: '/my/looks', label: { zh: '谁看过我的档案', en: 'Who looked' }, roles: ['enterprise'] },
  { to: '/window', label: { zh: '窗口收件', en: 'At the window' }, roles: ['window_clerk'] },
  { to: '/queue', label: { zh: '待办修复事项', en: 'Items to decide' }, roles: ['officer', 'head', 'credit_office'] },
  {
    to: '/objections',
    label: { zh: '异议', en: 'Objections' },
    roles: ['enterprise', 'window_clerk', 'officer', 'head', 'credit_office'],
  },
  {
    to: '/objections/tombstones',
    label: { zh: '不得再次报送', en: 'Not to be reported' },
    roles: ['collector'],
  },
  { to: '/objections/measures', label: { zh: '异议统计', en: 'Objections' }, roles: ['auditor'] },
  {
    to: '/oversight',
    label: { zh: '修复监督', en: 'Oversight of repair' },
    roles: ['officer', 'head', 'credit_office'],
  },
  {
    to: '/subjects',
    label: { zh: '信用档案查阅', en: 'Credit files' },
    roles: ['officer', 'head', 'window_clerk', 'credit_office'],
  },
  { to: '/facts', label: { zh: '共享事实', en: 'Shared facts' }, roles: ['officer', 'head', 'collector'] },
  { to: '/submissions', label: { zh: '数据报送', en: 'Submissions' }, roles: ['collector', 'head', 'credit_office'] },
  {
    to: '/gateways',
    label: { zh: '自动接入', en: 'Automatic ways in' },
    roles: ['collector', 'head', 'credit_office', 'territory_admin', 'security_admin', 'auditor'],
  },
  { to: '/balance', label: { zh: '数据平衡', en: 'Balance' }, roles: ['collector', 'head', 'credit_office'] },
  { to: '/timeliness', label: { zh: '报送情况', en: 'Timeliness' }, roles: ['credit_office', 'collector', 'head'] },
  {
    to: '/catalog',
    label: { zh: '信用信息目录', en: 'Catalog' },
    roles: ['collector', 'officer', 'head', 'credit_office', 'territory_admin', 'auditor'],
  },
  {
    to: '/policies',
    label: { zh: '规则与变更', en: 'Rules' },
    roles: ['credit_office', 'head', 'territory_admin', 'auditor'],
  },
  {
    to: '/territory',
    label: { zh: '属地主体信息', en: 'Territory' },
    roles: ['territory_admin', 'credit_office'],
  },
  {
    to: '/quality',
    label: { zh: '归集质量', en: 'Quality' },
    roles: ['collector', 'officer', 'head', 'credit_office'],
  },
  { to: '/codes', label: { zh: '代码与档案', en: 'Codes and files' }, roles: ['credit_office', 'auditor'] },
  { to: '/codes/tasks', label: { zh: '重错码核实', en: 'Codes to check' }, roles: ['officer', 'head'] },
  {
    to: '/declarations',
    label: { zh: '自主申报', en: 'Declarations' },
    roles: ['enterprise', 'officer', 'head', 'credit_office'],
  },
  { to: '/conflicts', label: { zh: '主体信息冲突', en: 'Conflicts' }, roles: ['credit_office'] },
  {
    to: '/peers',
    also: '/exchange',
    label: { zh: '共享交换', en: 'Sharing' },
    roles: ['credit_office', 'security_admin', 'auditor'],
  },
  { to: '/exchange/results', label: { zh: '修复结果', en: 'Repair results' }, roles: ['collector', 'officer', 'head'] },
  {
    to: '/authorities',
    label: { zh: '单位管理', en: 'Authorities' },
    roles: ['territory_admin', 'credit_office', 'security_admin', 'auditor'],
  },
  { to: '/people', label: { zh: '账号管理', en: 'Accounts' }, roles: ['territory_admin', 'security_admin', 'auditor'] },
  {
    to: '/mandates',
    label: { zh: '授权关系', en: 'Mandates' },
    roles: ['territory_admin', 'security_admin', 'auditor'],
  },
  { to: '/keys', label: { zh: '接口密钥', en: 'Keys' }, roles: ['security_admin', 'auditor'] },
  { to: '/audit', label: { zh: '操作审计', en: 'Audit' }, roles: ['auditor', 'security_admin'] },
]

const BRAND: Words = { zh: '信衡 · 工作台', en: 'Xinheng · Workbench' }
const MENU: Words = { zh: '菜单', en: 'Menu' }
const OUT: Words = { zh: '退出', en: 'Sign out' }
const PUBLIC: Words = { zh: '公示网站', en: 'Public site' }
const SKIP: Words = { zh: '跳到正文', en: 'Skip to content' }
const PASSWORD: Words = { zh: '修改密码', en: 'Change password' }
const OTHER = { zh: 'English', en: '中文' } as const

const UNREAD: Words = { zh: '消息与提醒，{n} 条未读', en: 'Messages and reminders, {n} unread' }
const MESSAGES: Words = { zh: '消息与提醒', en: 'Messages' }
/** The bell: how many messages are unread. */
const Bell = () => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const n = useApi(messages.countUnread, {}, { every: 60_000 }).data?.count ?? 0
  return (
    <Button
      type="text"
      aria-label={n ? t(UNREAD, { n }) : t(MESSAGES)}
      onClick={() => void navigate({ to: '/messages' })}
      icon={
        <Badge count={n} size="small" overflowCount={99}>
          <BellOutlined style={{ color: '#fff', fontSize: 18 }} />
        </Badge>
      }
    />
  )
}

const Frame = () => {
  const { t, lang, setLang } = useLanguage()
  const { person, expired, has, signOut } = useSession()
  const navigate = useNavigate()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const [open, setOpen] = useState(false)
  const wide = Grid.useBreakpoint().lg ?? window.innerWidth >= 992
  const entries = ENTRIES.filter((e) => has(...e.roles))
  /** Whoever must change the password first does only that. */
  /** Opened by a code at the window, on a phone that nobody signs in on. */
  const bare = path.startsWith('/hand')
  const at = person && !person.mustChange && !expired && !bare ? person : null
  const menu = (
    <Menu
      mode="inline"
      aria-label={t(MENU)}
      selectedKeys={[
        ...entries.filter((e) => isAt(path, e)).map((e) => e.to),
        ...['/messages', '/password'].filter((to) => path.startsWith(to)),
      ]}
      items={[
        ...entries.map((e) => ({ key: e.to, label: t(e.label) })),
        { type: 'divider' },
        { key: '/messages', label: t(MESSAGES) },
        { key: '/password', label: t(PASSWORD) },
      ]}
      onClick={({ key }) => {
        setOpen(false)
        void navigate({ to: key })
      }}
      style={{ borderInlineEnd: 0 }}
    />
  )
  const here = entries.find((e) => isAt(path, e))
  useEffect(() => {
    document.title = at && here ? `${t(here.label)} - ${t(BRAND)}` : t(BRAND)
  })
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="xh-skip" href="#content">
        {t(SKIP)}
      </a>
      <Layout.Header className="xh-header">
        {at && !wide && (
          <Button type="text" icon={<MenuOutlined />} aria-label={t(MENU)} onClick={() => setOpen(true)} />
        )}
        <Link to="/" className="xh-brand">
          {t(BRAND)}
        </Link>
        <Flex gap={4} align="center" style={{ marginInlineStart: 'auto' }}>
          {at && wide && <span className="xh-who">{at.name}</span>}
          {at && <Bell />}
          {wide && (
            <Button type="text" href={`/?lang=${lang}`}>
              {t(PUBLIC)}
            </Button>
          )}
          <Button
            type="text"
            lang={lang === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
          >
            {OTHER[lang]}
          </Button>
          {person && !expired && !bare && (
            <Button type="text" onClick={() => void signOut()}>
              {t(OUT)}
            </Button>
          )}
        </Flex>
      </Layout.Header>
      <Layout>
        {at && wide && (
          <Layout.Sider width={208} theme="light" style={{ paddingTop: 12 }}>
            {menu}
          </Layout.Sider>
        )}
        {at && (
          <Drawer
            open={open && !wide}
            onClose={() => setOpen(false)}
            placement="left"
            size={260}
            title={at.name}
            closable={{ 'aria-label': t(MENU) }}
          >
            {menu}
          </Drawer>
        )}
        {/* antd renders it as the main landmark. */}
        <Layout.Content id="content" tabIndex={-1}>
          <div className="xh-main">
            <Suspense fallback={<Loading />}>
              {bare && <Outlet />}
              {!bare && (!person || expired) && <SignIn />}
              {!bare && person && (
                <div key={person.id} hidden={expired}>
                  {person.mustChange ? <Password forced /> : <Outlet />}
                </div>
              )}
            </Suspense>
          </div>
        </Layout.Content>
      </Layout>
    </Layout>
  )
}

export const Shell = () => (
  <SessionProvider>
    <Frame />
  </SessionProvider>
)

const WELCOME: Words = { zh: '{name}，您好', en: 'Welcome, {name}' }
const ROLES_ARE: Words = { zh: '当前岗位：{roles}', en: 'Your roles: {roles}' }

/** What this person can do here, as doors. */
export const Home = () => {
  const { t } = useLanguage()
  const { person, has } = useSession()
  const entries = ENTRIES.filter((e) => has(...e.roles))
  return (
    <>
      <h1>{t(WELCOME, { name: person?.name ?? '' })}</h1>
      <p>
        {t(ROLES_ARE, { roles: person?.roles.map((r) => ROLE_WORDS[r]) ?? [] })}
        {person?.authorityName ? ` · ${person.authorityName}` : ''}
      </p>
      <Flex gap={12} wrap>
        {entries.map((e) => (
          <Link key={e.to} to={e.to} className="xh-door">
            {t(e.label)}
          </Link>
        ))}
      </Flex>
    </>
  )
}
