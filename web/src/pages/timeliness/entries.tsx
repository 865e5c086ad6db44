import { Flex, Select, Tag } from 'antd'
import { type EntryView, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import { CLASSES, CLASS_WORDS, type Class } from '../../../../src/capabilities/timeliness/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { Remind } from './remind.tsx'
import { SpanFilter, useSpan } from './span.tsx'

const W = {
  title: { zh: '信息明细', en: 'Records' },
  state: { zh: '报送情形', en: 'How it stands' },
  docNo: { zh: '决定文书号', en: 'Decision number' },
  subject: { zh: '信用主体', en: 'Subject' },
  item: { zh: '信息类别', en: 'Item' },
  authority: { zh: '单位', en: 'Authority' },
  decided: { zh: '决定日期', en: 'Decided' },
  due: { zh: '报送期限', en: 'Due' },
  provisional: { zh: '暂按周一至周五推算', en: 'provisional' },
  reported: { zh: '报送日期', en: 'Reported' },
  late: { zh: '迟报工作日', en: 'Working days late' },
  flagged: { zh: '标注补录，不符合补录条件', en: 'marked as backfill, does not qualify' },
  owner: { zh: '所属单位：', en: 'Authority: ' },
  empty: {
    zh: '没有符合条件的信息。可调整起止月份，或者清除筛选。',
    en: 'No records match. Change the months or clear the filters.',
  },
} as const satisfies Record<string, Words>

const isClass = (text: string | undefined): text is Class => CLASSES.some((c) => c === text)

/** The records behind a figure. */
export const Entries = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const span = useSpan()
  const cls = isClass(search.state) ? search.state : 'late'
  const query = useApi(endpoints.listEntries, { ...span, class: cls, after: search.after })
  const columns: Column<EntryView>[] = [
    { key: 'docNo', title: W.docNo, lead: true, render: (r) => r.docNo },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'item', title: W.item, short: true, render: (r) => t(r.itemName) },
    ...(has('credit_office')
      ? [{ key: 'authority', title: W.authority, render: (r: EntryView) => r.authorityName }]
      : []),
    { key: 'decided', title: W.decided, short: true, render: (r) => dayWords(r.decidedOn, lang) },
    {
      key: 'due',
      title: W.due,
      short: true,
      render: (r) => (
        <>
          {dayWords(r.dueOn, lang)} {r.provisional && <Tag color="gold">{t(W.provisional)}</Tag>}
        </>
      ),
    },
    {
      key: 'reported',
      title: W.reported,
      short: true,
      render: (r) => (
        <>
          {dayWords(r.reportedOn, lang)}
          {r.flagged && r.class === 'late' && <Tag color="gold">{t(W.flagged)}</Tag>}
        </>
      ),
    },
    ...(cls === 'late' ? [{ key: 'late', title: W.late, short: true, render: (r: EntryView) => r.workdaysLate }] : []),
  ]
  return (
    <>
      <SpanFilter />
      <Select
        aria-label={t(W.state)}
        style={{ minWidth: 160, marginBottom: 12 }}
        value={cls}
        onChange={(state: Class) => filter({ state })}
        options={CLASSES.map((c) => ({ value: c, label: t(CLASS_WORDS[c]) }))}
      />
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(data) => (
          <>
            {cls === 'late' && search.authority && data.rows[0] && has('credit_office') && (
              <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
                <span>
                  {t(W.owner)}
                  <strong>{data.rows[0].authorityName}</strong>
                </span>
                <Remind authorityId={search.authority} name={data.rows[0].authorityName} what="late" />
              </Flex>
            )}
            <KeyedTable
              name={W.title}
              rows={data.rows}
              columns={columns}
              rowKey={(r) => r.recordId}
              after={search.after}
              next={data.next}
              go={go}
            />
          </>
        )}
      </Shown>
    </>
  )
}
