import { Tabs } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Contact } from './contact.tsx'
import { Inbox } from './inbox.tsx'
import { Reminders } from './reminders.tsx'

const W = {
  title: { zh: '消息与提醒', en: 'Messages and reminders' },
  inbox: { zh: '我的消息', en: 'My messages' },
  reminders: { zh: '提醒台账', en: 'Reminders' },
  contact: { zh: '接收方式', en: 'Where I am reached' },
} as const satisfies Record<string, Words>

/** What was said to this person; what authorities were reminded of; how this person is reached. */
export const Messages = () => {
  const { t } = useLanguage()
  const { person, has } = useSession()
  const { search, filter } = useListSearch()
  const official = person?.roles.some((r) => r !== 'enterprise') ?? false
  const tabs = [
    { key: 'inbox', label: t(W.inbox), children: <Inbox /> },
    ...(has('credit_office', 'collector', 'head')
      ? [{ key: 'reminders', label: t(W.reminders), children: <Reminders /> }]
      : []),
    ...(official ? [{ key: 'contact', label: t(W.contact), children: <Contact /> }] : []),
  ]
  const active = tabs.find((tab) => tab.key === search.view)?.key ?? 'inbox'
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Tabs
        activeKey={active}
        onChange={(view) => filter({ view: view === 'inbox' ? undefined : view, state: undefined })}
        items={tabs}
        destroyOnHidden
      />
    </>
  )
}
