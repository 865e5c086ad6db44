import { Card, Collapse, Descriptions, Tag } from 'antd'
import type { RecordView } from '../../../../src/capabilities/records/contract.ts'
import { CHANNEL_WORDS, CLASS_WORDS, RECORD_STATE_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, lastDayShown, lawWords } from '../../ui/format.ts'
import { History } from '../records/history.tsx'
import { SourceBadge } from '../declarations/parts.tsx'
import { Propagation } from '../exchange/propagation.tsx'

const W = {
  authority: { zh: '认定单位', en: 'Decided by' },
  decided: { zh: '认定日期', en: 'Decided on' },
  published: { zh: '公示日期', en: 'Published on' },
  class: { zh: '失信程度', en: 'Class' },
  shownNow: { zh: '本平台公示中', en: 'Shown here' },
  notShown: { zh: '本平台未公示', en: 'Not shown here' },
  window: { zh: '{from}至{until}', en: '{from} to {until}' },
  windowOpen: { zh: '自{from}起，无最长期限', en: 'from {from}, with no last day' },
  ended: { zh: '不公示', en: 'Not shown' },
  earliest: { zh: '最早可申请修复：{day}', en: 'May be repaired from {day}' },
  fields: { zh: '全部内容', en: 'All fields' },
  history: { zh: '处置记录', en: 'What happened to it' },
  propagation: { zh: '同步情况', en: 'Who holds it' },
} as const satisfies Record<string, Words>

/** One record of a file: what it is, how long it is shown where, and, opened on demand, the rest. `more`: history and holders too. */
export const RecordCard = ({ record, more }: { record: RecordView; more: boolean }) => {
  const { t, lang } = useLanguage()
  const panels = [
    {
      key: 'fields',
      label: t(W.fields),
      children: (
        <Descriptions
          size="small"
          column={1}
          items={record.fields.map((f) => ({ key: f.key, label: f.label, children: f.value }))}
        />
      ),
    },
    ...(more
      ? [
          { key: 'history', label: t(W.history), children: <History id={record.id} /> },
          {
            key: 'propagation',
            label: t(W.propagation),
            children: <Propagation subjectId={record.subjectId} recordId={record.id} doc={record.docNo} />,
          },
        ]
      : []),
  ]
  return (
    <Card style={{ marginBottom: 12 }}>
      <h2>
        {t(record.itemName)} · {record.docNo}{' '}
        <Tag color={record.shown ? 'blue' : 'default'}>{t(record.shown ? W.shownNow : W.notShown)}</Tag>
        <SourceBadge badge={record.badge} />
        {record.state === 'annulled' && <Tag>{t(RECORD_STATE_WORDS.annulled)}</Tag>}
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'authority', label: t(W.authority), children: record.authorityName },
          { key: 'class', label: t(W.class), children: t(CLASS_WORDS[record.class]) },
          { key: 'decided', label: t(W.decided), children: dayWords(record.decidedOn, lang) },
          { key: 'published', label: t(W.published), children: dayWords(record.publishedOn, lang) },
          ...record.windows.map((w) => ({
            key: w.channel,
            label: t(CHANNEL_WORDS[w.channel]),
            span: 'filled' as const,
            children: (
              <div>
                {w.from && (w.until === null || w.until > w.from)
                  ? t(w.until ? W.window : W.windowOpen, {
                      from: dayWords(w.from, lang),
                      until: lastDayShown(w.until, lang),
                    })
                  : t(W.ended)}
                {w.earliest && <div>{t(W.earliest, { day: dayWords(w.earliest, lang) })}</div>}
                <div style={{ color: '#4a5568' }}>{lawWords(w.instrument, w.article, lang)}</div>
              </div>
            ),
          })),
        ]}
      />
      <Collapse ghost destroyOnHidden items={panels} />
    </Card>
  )
}
