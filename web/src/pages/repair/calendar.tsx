import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Card, Flex, Input, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import {
  type CalendarRow,
  type FeedView,
  type When,
  endpoints,
} from '../../../../src/capabilities/repair/contract.calendar.ts'
import { WHEN_WORDS } from '../../../../src/capabilities/repair/words.calendar.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, dayWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '何时可以修复', en: 'When can I repair' },
  intro: {
    zh: '每条信息何时可以申请修复、何时停止公示，按日期列出。最短公示期届满时，平台会发消息提醒。',
    en: 'When each record can be repaired and when it stops being shown, by day. The platform sends a message when the shortest period ends.',
  },
  ready: { zh: '{n} 条信息现在可以申请修复', en: '{n} records can be repaired now' },
  offer: { zh: '一键生成修复申请', en: 'Begin the application' },
  empty: {
    zh: '本平台没有归集到您的失信信息，无需修复。',
    en: 'The platform holds no adverse information about you; there is nothing to repair.',
  },
  nobody: {
    zh: '您还没有代表任何主体办理的授权，请携带授权材料到综合窗口登记。',
    en: 'You hold no mandate for a subject yet; have it registered at the window.',
  },
  since: { zh: '自{day}起', en: 'since {day}' },
  on: { zh: '{day}', en: '{day}' },
  ends: { zh: '各渠道最晚公示至{day}', en: 'Shown until {day} at the latest' },
  by: { zh: '{item}，{authority}作出', en: '{item}, by {authority}' },
  application: { zh: '查看申请', en: 'Open the application' },
  feed: { zh: '订阅到日历', en: 'Subscribe in a calendar' },
  feedHint: {
    zh: '生成私密的日历地址（.ics），可以添加到手机或者电脑的日历。地址中不含主体名称和证件号码；凡知道地址的人都能查看，请勿外传，可以随时停用。',
    en: 'A private address (.ics) for the calendar on your phone or computer. It names neither the subject nor any person. Whoever has it can read it: keep it to yourself, and take it back at any time.',
  },
  make: { zh: '生成日历地址', en: 'Make the address' },
  address: { zh: '日历地址', en: 'Calendar address' },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
  download: { zh: '下载 .ics 文件', en: 'Download the .ics file' },
  revoke: { zh: '停用地址', en: 'Take it back' },
  sure: {
    zh: '停用后，已添加的日历不再更新。确定吗？',
    en: 'Calendars that use it will no longer update. Are you sure?',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
} as const satisfies Record<string, Words>

/** In the order in which they ask for something to be done. */
const ORDER: readonly When[] = ['now', 'from', 'conduct', 'under_way', 'automatic', 'fixed', 'elsewhere', 'nothing']
const COLOURS: Partial<Record<When, string>> = { now: 'green', from: 'blue', conduct: 'orange' }

const Entry = ({ row }: { row: CalendarRow }) => {
  const { t, lang } = useLanguage()
  return (
    <li style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}>
      <Flex gap={8} wrap align="baseline">
        {row.day && (
          <strong>
            <time dateTime={row.day}>{t(row.when === 'now' ? W.since : W.on, { day: dayWords(row.day, lang) })}</time>
          </strong>
        )}
        <span lang="zh-CN" style={{ minWidth: 0 }}>
          {row.docNo}
        </span>
        {row.shownUntil && <Tag>{t(W.ends, { day: dayWords(row.shownUntil, lang) })}</Tag>}
      </Flex>
      <div className="xh-quiet">{t(W.by, { item: row.itemName, authority: row.authorityName })}</div>
      {t(row.why) && (
        <div>
          {t(row.why)}
          {t(row.article) && bracketed(t(row.article), lang)}
        </div>
      )}
      {row.application && (
        <Link to="/applications/$subject/$id" params={{ subject: row.subjectId, id: row.application }}>
          {t(W.application)}
        </Link>
      )}
    </li>
  )
}

const Feed = ({ subject }: { subject: string }) => {
  const { t } = useLanguage()
  const { message } = App.useApp()
  const query = useApi(endpoints.listFeeds, {})
  const make = useAct(endpoints.makeFeed)
  const revoke = useAct(endpoints.revokeFeed)
  const feed: FeedView | undefined = query.data?.rows.find((f) => f.subjectId === subject)
  const address = feed ? `${location.origin}${feed.path}` : ''
  const problem = make.error ?? revoke.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.feed)}</h2>
      <p>{t(W.feedHint)}</p>
      {problem && <Failed problem={problem} />}
      {feed ? (
        <>
          <Input readOnly value={address} aria-label={t(W.address)} onFocus={(e) => e.target.select()} />
          <Flex gap={8} wrap style={{ marginTop: 8 }}>
            <Button
              onClick={() => void navigator.clipboard.writeText(address).then(() => message.success(t(W.copied)))}
            >
              {t(W.copy)}
            </Button>
            <Button href={feed.path} download>
              {t(W.download)}
            </Button>
            <Popconfirm
              title={t(W.sure)}
              okText={t(W.yes)}
              cancelText={t(W.no)}
              onConfirm={() => revoke.mutate({ subject, id: feed.id })}
            >
              <Button loading={revoke.isPending}>{t(W.revoke)}</Button>
            </Popconfirm>
          </Flex>
        </>
      ) : (
        <Button loading={make.isPending || query.isPending} onClick={() => make.mutate({ subject })}>
          {t(W.make)}
        </Button>
      )}
    </Card>
  )
}

const Days = ({ subject, named }: { subject: string; named: boolean }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [after, setAfter] = useState<string | undefined>()
  const query = useApi(endpoints.repairCalendar, { subject, after })
  const offer = useAct(
    endpoints.offerApplication,
    (a) => void navigate({ to: '/applications/$subject/$id', params: { subject: a.subjectId, id: a.id } }),
  )
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
      {({ rows, next }) => {
        const ready = rows.filter((r) => r.when === 'now').length
        const groups = ORDER.flatMap((when) => {
          const of = rows.filter((r) => r.when === when)
          const byDay = of.toSorted((a, b) => ((a.day ?? a.shownUntil ?? '') < (b.day ?? b.shownUntil ?? '') ? -1 : 1))
          return of.length ? [{ when, rows: byDay }] : []
        })
        return (
          <>
            {named && <h2>{rows[0]?.subjectName}</h2>}
            {ready > 0 && (
              <Alert
                type="success"
                showIcon
                title={t(W.ready, { n: ready })}
                action={
                  <Button type="primary" loading={offer.isPending} onClick={() => offer.mutate({ subject })}>
                    {t(W.offer)}
                  </Button>
                }
                style={{ marginBottom: 16 }}
              />
            )}
            {offer.error && <Failed problem={offer.error} />}
            {groups.map((g) => (
              <Card key={g.when} style={{ marginBottom: 12 }}>
                <Flex gap={8} align="baseline">
                  <h2>{t(WHEN_WORDS[g.when])}</h2>
                  <Tag color={COLOURS[g.when] ?? 'default'}>{g.rows.length}</Tag>
                </Flex>
                <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
                  {g.rows.map((row) => (
                    <Entry key={row.recordId} row={row} />
                  ))}
                </ul>
              </Card>
            ))}
            <Paging after={after} next={next} go={setAfter} />
            <Feed subject={subject} />
          </>
        )
      }}
    </Shown>
  )
}

export const RepairCalendar = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const { search } = useListSearch()
  const mine = person?.subjectIds ?? []
  const subjects = search.subject && mine.includes(search.subject) ? [search.subject] : mine
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.intro)}</p>
      {subjects.length === 0 && <Alert type="info" showIcon title={t(W.nobody)} />}
      {subjects.map((id) => (
        <Days key={id} subject={id} named={subjects.length > 1} />
      ))}
    </>
  )
}
