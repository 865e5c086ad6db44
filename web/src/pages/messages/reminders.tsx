import { useNavigate } from '@tanstack/react-router'
import { Button, Flex, Select, Tag } from 'antd'
import {
  CHANNEL_WORDS,
  DELIVERY_ACTION_WORDS,
  DELIVERY_STATE_WORDS,
} from '../../../../src/capabilities/messages/words.ts'
import type { DeliveryView } from '../../../../src/capabilities/messages/contract.ts'
import { type ReminderView, endpoints } from '../../../../src/capabilities/reminders/contract.ts'
import { REMINDER_STATES } from '../../../../src/capabilities/reminders/states.ts'
import {
  LEVEL_WORDS,
  MATTERS,
  MATTER_WORDS,
  REMINDER_STATE_WORDS,
} from '../../../../src/capabilities/reminders/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, colon, dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { AuthoritySelect } from '../access/choices.tsx'

const W = {
  list: { zh: '提醒台账', en: 'Reminders' },
  authority: { zh: '单位', en: 'Authority' },
  what: { zh: '提醒事项', en: 'Matter' },
  level: { zh: '提醒层级', en: 'Level' },
  count: { zh: '涉及条数', en: 'Rows' },
  oldest: { zh: '最早一条', en: 'Oldest' },
  state: { zh: '处理情况', en: 'State' },
  raised: { zh: '提醒时间', en: 'Reminded' },
  byHand: { zh: '{name}发出', en: 'by {name}' },
  automatic: { zh: '系统自动发出', en: 'by the platform' },
  deliveries: { zh: '送达情况', en: 'Deliveries' },
  noDeliveries: { zh: '列入通报，不另发消息', en: 'On the circular; nothing is sent' },
  nobody: { zh: '该单位没有可以接收的人员', en: 'Nobody in the authority to receive it' },
  attempts: { zh: '已尝试 {n} 次', en: '{n} attempts' },
  next: { zh: '下次 {at}', en: 'next at {at}' },
  againOne: { zh: '重新发送：{channel}，{name}', en: 'Send again: {channel}, {name}' },
  go: { zh: '查看数据', en: 'See the rows' },
  goTo: { zh: '查看数据：{what}，{name}', en: 'See the rows: {what}, {name}' },
  allStates: { zh: '全部处理情况', en: 'All states' },
  allMatters: { zh: '全部事项', en: 'All matters' },
  empty: { zh: '没有符合条件的提醒。', en: 'No reminders match.' },
} as const satisfies Record<string, Words>

const COLOURS: Partial<Record<DeliveryView['state'], string>> = {
  sent: 'green',
  read: 'green',
  failed: 'gold',
  given_up: 'red',
  no_address: 'gold',
}

const Deliveries = ({ reminder }: { reminder: ReminderView }) => {
  const { t, lang } = useLanguage()
  const again = useAct(endpoints.sendAgain)
  if (reminder.level === 'circular') return t(W.noDeliveries)
  if (!reminder.deliveries.length) return t(W.nobody)
  return (
    <>
      <ul style={{ margin: 0, paddingInlineStart: 16 }}>
        {reminder.deliveries.map((d) => (
          <li key={d.id}>
            {d.personName} {t(CHANNEL_WORDS[d.channel])}
            {colon(lang)}
            <Tag color={COLOURS[d.state] ?? 'default'}>{t(DELIVERY_STATE_WORDS[d.state])}</Tag>
            {(d.sentAt ?? d.readAt) && <span className="xh-quiet">{instantWords(d.sentAt ?? d.readAt, lang)}</span>}
            {d.lastError && (
              <div className="xh-quiet">
                {d.lastError} {t(W.attempts, { n: d.attempts })}
                {d.nextAt && bracketed(t(W.next, { at: instantWords(d.nextAt, lang) }), lang)}
              </div>
            )}
            {d.mayAgain && (
              <Button
                size="small"
                type="link"
                loading={again.isPending}
                aria-label={t(W.againOne, { name: d.personName, channel: CHANNEL_WORDS[d.channel] })}
                onClick={() => again.mutate({ id: reminder.id, deliveryId: d.id })}
              >
                {t(DELIVERY_ACTION_WORDS.again)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {again.error && <Failed problem={again.error} />}
    </>
  )
}

/** The credit office sees its territory, an authority its own. */
export const Reminders = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const navigate = useNavigate()
  const office = has('credit_office')
  const query = useApi(endpoints.listReminders, {
    state: REMINDER_STATES.find((s) => s === search.state),
    what: MATTERS.find((m) => m === search.item),
    authorityId: office ? search.authority : undefined,
    after: search.after,
  })
  const open = (r: ReminderView) => {
    const url = new URL(r.link, window.location.origin)
    void navigate({
      to: url.pathname.replace(/^\/app/, ''),
      search: {
        ...Object.fromEntries(url.searchParams),
        ...(office && r.what !== 'returned_rows' ? { authority: r.authority.id } : {}),
      } as never,
    })
  }
  const columns: Column<ReminderView>[] = [
    { key: 'authority', title: W.authority, lead: true, render: (r) => r.authority.name },
    { key: 'what', title: W.what, short: true, render: (r) => t(MATTER_WORDS[r.what]) },
    { key: 'level', title: W.level, short: true, render: (r) => t(LEVEL_WORDS[r.level]) },
    { key: 'count', title: W.count, short: true, render: (r) => r.count },
    { key: 'oldest', title: W.oldest, short: true, render: (r) => dayWords(r.oldest, lang) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <>
          <Tag color={r.state === 'open' ? 'gold' : 'green'}>{t(REMINDER_STATE_WORDS[r.state])}</Tag>
          {r.answeredAt && <div className="xh-quiet">{instantWords(r.answeredAt, lang)}</div>}
        </>
      ),
    },
    {
      key: 'raised',
      title: W.raised,
      short: true,
      render: (r) => (
        <>
          {instantWords(r.raisedAt, lang)}
          <div className="xh-quiet">{r.raisedBy ? t(W.byHand, { name: r.raisedBy }) : t(W.automatic)}</div>
        </>
      ),
    },
    { key: 'deliveries', title: W.deliveries, render: (r) => <Deliveries reminder={r} /> },
    {
      key: 'go',
      title: W.go,
      short: true,
      render: (r) => (
        <Button
          size="small"
          aria-label={t(W.goTo, { name: r.authority.name, what: MATTER_WORDS[r.what] })}
          onClick={() => open(r)}
        >
          {t(W.go)}
        </Button>
      ),
    },
  ]
  return (
    <>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        {office && (
          <AuthoritySelect
            aria-label={t(W.authority)}
            value={search.authority}
            onChange={(authority) => filter({ authority })}
            clearable
            style={{ minWidth: 220 }}
          />
        )}
        <Select
          aria-label={t(W.what)}
          style={{ minWidth: 160 }}
          value={search.item ?? ''}
          onChange={(item: string) => filter({ item: item || undefined })}
          options={[
            { value: '', label: t(W.allMatters) },
            ...MATTERS.map((m) => ({ value: m, label: t(MATTER_WORDS[m]) })),
          ]}
        />
        <Select
          aria-label={t(W.state)}
          style={{ minWidth: 160 }}
          value={search.state ?? ''}
          onChange={(state: string) => filter({ state: state || undefined })}
          options={[
            { value: '', label: t(W.allStates) },
            ...REMINDER_STATES.map((s) => ({ value: s, label: t(REMINDER_STATE_WORDS[s]) })),
          ]}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.list}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
