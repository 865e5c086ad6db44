import { Link } from '@tanstack/react-router'
import { Alert, Drawer, Tag } from 'antd'
import { type PartyView, endpoints } from '../../../../src/capabilities/agreements/contract.ts'
import { FOOTING_WORDS, MEASURE_KIND_WORDS } from '../../../../src/capabilities/agreements/words.ts'
import { PEER_STATE_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, lastDayShown } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { AgreementTab } from './agreement-tab.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '第三方信用服务机构', en: 'Third-party credit services' },
  lead: {
    zh: '第三方机构应当及时更新，与公示网站保持一致。更新不及时的，可以约谈其负责人、要求整改，可以暂停或者取消共享；暂停、取消共享由一人提出、另一人审定，之后仍通知其撤下已持有的信息。',
    en: 'Third parties keep in line with the public site. Whoever is late may be summoned and asked to mend, suspended or cut off. The last two take two people, and the party is still told what to take down.',
  },
  name: { zh: '机构', en: 'Party' },
  openOne: { zh: '查看“{name}”', en: 'Open {name}' },
  footing: { zh: '协议', en: 'Agreement' },
  until: { zh: '提供至{day}', en: 'Served until {day}' },
  owed: { zh: '应撤下', en: 'To take down' },
  owedN: { zh: '{owed}条，按期{inTime}条', en: '{owed}, {inTime} in time' },
  late: { zh: '逾期', en: 'Late' },
  lateN: { zh: '未撤下{late}条，逾期撤下{doneLate}条', en: '{late} not down, {doneLate} done late' },
  none: { zh: '无', en: 'None' },
  share: { zh: '逾期比例', en: 'Share late' },
  oldest: { zh: '最早一条', en: 'Oldest' },
  state: { zh: '状态', en: 'State' },
  suggested: { zh: '建议采取措施', en: 'A measure is suggested' },
  proposed: { zh: '{kind}待审定', en: '{kind}: to be decided' },
  called: { zh: '定于{day}约谈', en: 'Summoned for {day}' },
  mending: { zh: '已约谈，限{day}前整改', en: 'To mend by {day}' },
  mendLate: { zh: '整改逾期（限{day}前）', en: 'Mending is late, due {day}' },
  close: { zh: '关闭', en: 'Close' },
  empty: {
    zh: '没有第三方信用服务机构。在“共享对象”中新增类型为第三方信用服务机构的对象后，在这里登记协议。',
    en: 'There is no third party. Add a peer of that kind; its agreement is entered here.',
  },
} as const satisfies Record<string, Words>

const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)
const BAD = new Set<PartyView['footing']>(['missing', 'expired'])

export const ThirdParties = () => {
  const { t, lang } = useLanguage()
  const { search, filter } = useListSearch()
  const query = useApi(endpoints.listParties, {}, { every: 30_000 })
  const opened = query.data?.rows.find((r) => r.peerId === search.record)
  const columns: Column<PartyView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (r) => (
        <Link
          to="/exchange/third-parties"
          search={{ record: r.peerId } as never}
          aria-label={t(W.openOne, { name: r.name })}
        >
          {r.name}
        </Link>
      ),
    },
    {
      key: 'state',
      title: W.state,
      render: (r) => (
        <>
          <Tag color={r.state === 'active' ? 'green' : 'red'}>{t(PEER_STATE_WORDS[r.state])}</Tag>
          {r.proposal && <Tag color="gold">{t(W.proposed, { kind: t(MEASURE_KIND_WORDS[r.proposal.kind]) })}</Tag>}
          {r.suggested && !r.proposal && !r.talk && <Tag color="orange">{t(W.suggested)}</Tag>}
          {r.talk?.state === 'called' && (
            <Tag color="gold" style={{ whiteSpace: 'normal' }}>
              {t(W.called, { day: dayWords(r.talk.calledFor, lang) })}
            </Tag>
          )}
          {r.talk?.state === 'asked' && (
            <Tag color={r.talk.late ? 'red' : 'orange'} style={{ whiteSpace: 'normal' }}>
              {t(r.talk.late ? W.mendLate : W.mending, { day: dayWords(r.talk.dueOn, lang) })}
            </Tag>
          )}
        </>
      ),
    },
    {
      key: 'footing',
      title: W.footing,
      render: (r) => (
        <>
          <Tag
            color={BAD.has(r.footing) ? 'red' : r.footing === 'in_force' ? 'green' : 'gold'}
            style={{ whiteSpace: 'normal' }}
          >
            {t(FOOTING_WORDS[r.footing])}
          </Tag>
          <div className="xh-quiet">{t(W.until, { day: lastDayShown(r.servedUntil, lang) })}</div>
        </>
      ),
    },
    { key: 'owed', title: W.owed, render: (r) => t(W.owedN, r.figures) },
    {
      key: 'late',
      title: W.late,
      render: (r) => (r.figures.late + r.figures.doneLate ? t(W.lateN, r.figures) : t(W.none)),
    },
    { key: 'share', title: W.share, short: true, render: (r) => percent(r.figures.share) },
    { key: 'oldest', title: W.oldest, short: true, render: (r) => dayWords(r.figures.oldest, lang) },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange/third-parties" />
      <h1>{t(W.title)}</h1>
      <Alert type="info" showIcon title={t(W.lead)} style={{ marginBottom: 16 }} />
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(d) => <KeyedTable name={W.title} rows={d.rows} columns={columns} rowKey={(r) => r.peerId} />}
      </Shown>
      {opened && (
        <Drawer
          open
          onClose={() => filter({ record: undefined })}
          size="min(760px, 100vw)"
          title={opened.name}
          closable={{ 'aria-label': t(W.close) }}
        >
          <AgreementTab key={opened.peerId} peerId={opened.peerId} />
        </Drawer>
      )}
    </>
  )
}
