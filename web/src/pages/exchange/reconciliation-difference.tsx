import { Link, useParams } from '@tanstack/react-router'
import { Alert, Card, Descriptions, Flex } from 'antd'
import {
  type DifferenceWhole,
  type Doing,
  type SideView,
  endpoints,
} from '../../../../src/capabilities/reconciliation/contract.ts'
import { ACTION_WORDS } from '../../../../src/capabilities/reconciliation/states.ts'
import { ADVICE_WORDS, CAUSE_WORDS, KIND_WORDS } from '../../../../src/capabilities/reconciliation/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords, lastDayShown } from '../../ui/format.ts'
import { KeyedTable } from '../../ui/keyed-table.tsx'
import { Shown } from '../../ui/states.tsx'
import { ActionButtons } from './action-buttons.tsx'
import { DifferenceTag } from './reconciliation-differences.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '对账差异', en: 'One difference' },
  back: { zh: '返回差异清单', en: 'Back to the list' },
  headline: { zh: '{kind}：{cause}', en: '{kind}: {cause}' },
  state: { zh: '处理状态', en: 'State' },
  item: { zh: '事项', en: 'Item' },
  docNo: { zh: '文书号', en: 'Document' },
  subject: { zh: '主体', en: 'Subject' },
  code: { zh: '统一社会信用代码', en: 'Unified code' },
  authority: { zh: '认定单位', en: 'Authority' },
  found: { zh: '发现日期', en: 'Found' },
  seen: { zh: '最近一次比对', en: 'Last compared' },
  reason: { zh: '办结理由', en: 'Reason' },
  sides: { zh: '两侧对照', en: 'Side by side' },
  here: { zh: '本平台公示网站', en: 'Shown here' },
  due: { zh: '按规则应在公示系统公示', en: 'To be shown there by its rules' },
  there: { zh: '公示系统实际公示', en: 'Shown there' },
  shown: { zh: '公示情况', en: 'Shown' },
  yes: { zh: '公示中', en: 'Yes' },
  no: { zh: '未公示', en: 'No' },
  from: { zh: '公示起始日', en: 'From' },
  until: { zh: '最后公示日', en: 'Last day' },
  class: { zh: '失信分类', en: 'Class' },
  basis: { zh: '依据', en: 'Basis' },
  ended: { zh: '停止公示的原因', en: 'Ended by' },
  version: { zh: '内容版本', en: 'Version' },
  content: { zh: '内容', en: 'Content' },
  sameContent: { zh: '一致', en: 'The same' },
  otherContent: { zh: '不一致', en: 'Not the same' },
  notThere: { zh: '对方清单中没有该信息。', en: 'It is not in their list.' },
  notHere: { zh: '本平台没有该信息。', en: 'It is not held here.' },
  sent: { zh: '最近一次发送', en: 'Last sent' },
  sentWords: { zh: '{at}{what}，{state}{note}', en: '{at} {what}: {state}{note}' },
  toShow: { zh: '发送公示信息', en: 'to be shown' },
  toTakeDown: { zh: '通知停止公示', en: 'to be taken down' },
  note: { zh: '（{note}）', en: ' ({note})' },
  never: { zh: '没有发送过', en: 'Never' },
  result: { zh: '公示系统的处理结果', en: 'Their result' },
  resultWords: { zh: '{day}{name}{note}', en: '{name} on {day}{note}' },
  resultNote: { zh: '。{note}', en: '. {note}' },
  doing: { zh: '处理', en: 'What can be done' },
  acts: { zh: '处理记录', en: 'What was done' },
  at: { zh: '时间', en: 'When' },
  what: { zh: '事项', en: 'What' },
  by: { zh: '办理人', en: 'By' },
  more: { zh: '说明', en: 'Note' },
  whyLabel: { zh: '理由（2 至 500 字）', en: 'Reason (2 to 500 characters)' },
  settleHint: {
    zh: '办结后，两侧情况没有变化的不再列为待处理；发生变化的重新列出。',
    en: 'Once closed it does not come up again while nothing changes on either side; when something does, it does.',
  },
} as const satisfies Record<string, Words>

const Actions = ({ d: { id, version: seen, actions } }: { d: DifferenceWhole }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.actOnDifference)
  return (
    <ActionButtons<Doing>
      actions={actions}
      words={ACTION_WORDS}
      act={act}
      send={(action, reason) => act.mutate({ id, action, reason, seen })}
      reasoned="settle"
      label={W.whyLabel}
    >
      <p>{t(W.settleHint)}</p>
    </ActionButtons>
  )
}

const SideCard = ({
  title,
  side,
  absent,
  version,
}: {
  title: Words
  side: SideView | null
  absent: Words
  version?: number | null
}) => {
  const { t, lang } = useLanguage()
  return (
    <Card
      size="small"
      title={<h3 style={{ margin: 0, fontSize: 16 }}>{t(title)}</h3>}
      style={{ flex: '1 1 260px', minWidth: 0 }}
    >
      {side ? (
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: 'shown', label: t(W.shown), children: t(side.shown ? W.yes : W.no) },
            { key: 'from', label: t(W.from), children: dayWords(side.from, lang) },
            { key: 'until', label: t(W.until), children: side.from ? lastDayShown(side.until, lang) : '—' },
            { key: 'class', label: t(W.class), children: t(side.class) || '—' },
            ...(side.basis ? [{ key: 'basis', label: t(W.basis), children: t(side.basis) || side.basis.zh }] : []),
            ...(side.ended ? [{ key: 'ended', label: t(W.ended), children: t(side.ended) }] : []),
            ...(version ? [{ key: 'version', label: t(W.version), children: version }] : []),
          ]}
        />
      ) : (
        t(absent)
      )}
    </Card>
  )
}

const Whole = ({ d }: { d: DifferenceWhole }) => {
  const { t, lang } = useLanguage()
  const note = (text: string) => (text ? t(W.note, { note: text }) : '')
  const sent = d.sent
    ? t(W.sentWords, {
        at: instantWords(d.sent.at, lang),
        what: d.sent.takeDown ? W.toTakeDown : W.toShow,
        state: d.sent.state,
        note: note(d.sent.note),
      })
    : t(W.never)
  const rows: [Words, React.ReactNode][] = [
    [W.state, <DifferenceTag key="state" d={d} />],
    [W.docNo, d.docNo],
    [W.item, t(d.item.name)],
    [W.subject, d.subjectName || '—'],
    [W.code, d.subjectCode || '—'],
    [W.authority, d.authority],
    [W.found, dayWords(d.foundOn, lang)],
    [W.seen, dayWords(d.seenOn, lang)],
    [W.sent, sent],
    ...(d.result
      ? [
          [
            W.result,
            t(W.resultWords, {
              day: dayWords(d.result.on, lang),
              name: d.result.name,
              note: d.result.note ? t(W.resultNote, { note: d.result.note }) : '',
            }),
          ] as [Words, string],
        ]
      : []),
    ...(d.contentSame === null
      ? []
      : [[W.content, t(d.contentSame ? W.sameContent : W.otherContent)] as [Words, string]]),
    ...(d.reason ? [[W.reason, d.reason] as [Words, string]] : []),
  ]
  const open = d.state === 'open' || d.state === 'under_way'
  return (
    <>
      <Alert
        type={open ? 'warning' : 'success'}
        showIcon
        title={t(W.headline, { kind: KIND_WORDS[d.kind], cause: CAUSE_WORDS[d.cause] })}
        description={open ? t(ADVICE_WORDS[d.cause]) : undefined}
      />
      <Actions d={d} />
      <h2>{t(W.sides)}</h2>
      <Flex gap={12} wrap align="stretch">
        <SideCard title={W.here} side={d.sides.here} absent={W.notHere} version={d.versionHere} />
        <SideCard title={W.due} side={d.sides.due} absent={W.notHere} />
        <SideCard title={W.there} side={d.sides.there} absent={W.notThere} version={d.versionThere} />
      </Flex>
      <Descriptions
        style={{ marginTop: 16 }}
        bordered
        size="small"
        column={1}
        items={rows.map(([label, children]) => ({ key: label.en, label: t(label), children }))}
      />
      <h2>{t(W.acts)}</h2>
      <KeyedTable
        name={W.acts}
        rows={d.acts}
        rowKey={(a) => String(a.n)}
        columns={[
          { key: 'what', title: W.what, lead: true, render: (a) => t(a.name) },
          { key: 'at', title: W.at, short: true, render: (a) => instantWords(a.at, lang) },
          { key: 'by', title: W.by, short: true, render: (a) => t(a.by) },
          { key: 'more', title: W.more, render: (a) => a.reason || (a.note ? t(a.note) : '—') },
        ]}
      />
    </>
  )
}

export const DifferencePage = () => {
  const { t } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useApi(endpoints.getDifference, { id })
  return (
    <>
      <ExchangeTabs at="/exchange/reconciliation" />
      <h1>{t(W.title)}</h1>
      <p>
        <Link to="/exchange/reconciliation">{t(W.back)}</Link>
      </p>
      <Shown query={query}>{(d) => <Whole d={d} />}</Shown>
    </>
  )
}
