import { useNavigate } from '@tanstack/react-router'
import { Button, Card, Flex, Segmented, Tag } from 'antd'
import { type InboxView, endpoints } from '../../../../src/capabilities/messages/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  list: { zh: '我的消息', en: 'My messages' },
  which: { zh: '显示哪些消息', en: 'Which messages' },
  all: { zh: '全部', en: 'All' },
  unread: { zh: '未读', en: 'Unread' },
  readAll: { zh: '全部标为已读', en: 'Mark all read' },
  read: { zh: '标为已读', en: 'Mark read' },
  go: { zh: '前往办理', en: 'Open' },
  empty: { zh: '没有消息。退回提醒、补报提醒等会显示在这里。', en: 'No messages. Reminders and the like appear here.' },
  emptyUnread: { zh: '没有未读消息。', en: 'No unread messages.' },
} as const satisfies Record<string, Words>

const Message = ({ message }: { message: InboxView }) => {
  const { t, lang } = useLanguage()
  const navigate = useNavigate()
  const read = useAct(endpoints.readMessage)
  const titleId = `message-${message.id}`
  const open = async (link: string) => {
    // Whoever goes there has read it; whether that is noted must not keep anyone.
    if (!message.read) await read.mutateAsync({ id: message.id }).catch(() => undefined)
    const url = new URL(link, window.location.origin)
    await navigate({
      to: url.pathname.replace(/^\/app/, ''),
      search: Object.fromEntries(url.searchParams) as never,
    })
  }
  return (
    <Card
      size="small"
      title={
        <Flex gap={8} wrap align="center">
          {!message.read && <Tag color="blue">{t(W.unread)}</Tag>}
          <span id={titleId} style={{ whiteSpace: 'normal', fontWeight: message.read ? 400 : 600 }}>
            {t(message.title)}
          </span>
        </Flex>
      }
    >
      <p style={{ marginTop: 0, whiteSpace: 'pre-line' }}>{t(message.body)}</p>
      <Flex gap={8} wrap align="center" justify="space-between">
        <span className="xh-quiet">{instantWords(message.at, lang)}</span>
        <Flex gap={8} wrap>
          {!message.read && (
            <Button
              size="small"
              loading={read.isPending}
              aria-describedby={titleId}
              onClick={() => read.mutate({ id: message.id })}
            >
              {t(W.read)}
            </Button>
          )}
          {message.link && (
            <Button size="small" type="primary" aria-describedby={titleId} onClick={() => void open(message.link!)}>
              {t(W.go)}
            </Button>
          )}
        </Flex>
      </Flex>
      {read.error && <Failed problem={read.error} />}
    </Card>
  )
}

export const Inbox = () => {
  const { t } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = search.state === 'unread' ? 'unread' : undefined
  const query = useApi(endpoints.listInbox, { state, after: search.after }, { every: 60_000 })
  const all = useAct(endpoints.readAllMessages)
  return (
    <>
      <Flex gap={8} wrap justify="space-between" style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.which)}
          value={state ?? ''}
          onChange={(value: string) => filter({ state: value || undefined })}
          options={[
            { value: '', label: t(W.all) },
            { value: 'unread', label: t(W.unread) },
          ]}
        />
        <Button loading={all.isPending} onClick={() => all.mutate({})}>
          {t(W.readAll)}
        </Button>
      </Flex>
      {all.error && <Failed problem={all.error} />}
      <Shown
        query={query}
        isEmpty={(d) => d.rows.length === 0}
        empty={<Nothing why={state ? W.emptyUnread : W.empty} />}
      >
        {(data) => (
          <>
            <ul className="xh-cards" aria-label={t(W.list)}>
              {data.rows.map((m) => (
                <li key={m.id}>
                  <Message message={m} />
                </li>
              ))}
            </ul>
            <Paging after={search.after} next={data.next} go={go} />
          </>
        )}
      </Shown>
    </>
  )
}
