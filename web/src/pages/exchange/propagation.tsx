import { Alert, Flex, Tag } from 'antd'
import { type EffectView, type HolderView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import {
  ASKED_STATE_WORDS,
  DUTY_WORDS,
  EFFECT_PART_WORDS,
  EFFECT_RESULT_WORDS,
  EFFECT_STATE_WORDS,
  HOLDER_STATE_WORDS,
  type HolderState,
  PEER_KIND_WORDS,
} from '../../../../src/capabilities/exchange/words.ts'
import { type Words, fill } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { colon, dayWords, instantWords } from '../../ui/format.ts'
import { ConfirmEffect } from './confirm-effect.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '同步情况', en: 'Who holds it' },
  titleOf: { zh: '{doc}的同步情况', en: 'Who holds {doc}' },
  none: {
    zh: '没有任何网站或者单位持有该记录，无需同步。',
    en: 'No one holds this record; there is nothing to take down.',
  },
  onlyHere: {
    zh: '除本平台外，没有其他单位领取过该记录，无需另行通知。',
    en: 'No one but this platform was ever handed this record.',
  },
  standing: { zh: '该记录没有停止公示，以下单位仍持有。', en: 'This record has not been withdrawn; these hold it.' },
  withdrawn: {
    zh: '{at}因“{reason}”停止公示，并通知全部持有单位。',
    en: 'Withdrawn {at} ({reason}); every holder is told.',
  },
  withdrawnPlain: { zh: '{at}停止公示，并通知全部持有单位。', en: 'Withdrawn {at}; every holder is told.' },
  unheld: { zh: '{at}因“{reason}”停止共享和使用。', en: 'No longer shared or used since {at} ({reason}).' },
  late: { zh: '{n} 个单位逾期未确认', en: '{n} late' },
  lateOne: { zh: '{name}（应于{day}前确认）', en: '{name} (due {day})' },
  refused: { zh: '{n} 个单位退回，需要信用办核实', en: '{n} sent it back; the credit office looks into it' },
  waiting: {
    zh: '已确认 {done} 个，待确认 {open} 个，自动刷新。',
    en: '{done} acknowledged, {open} to go; refreshed by itself.',
  },
  settled: { zh: '全部持有单位均已确认。', en: 'Every holder has answered.' },
  holder: { zh: '持有单位', en: 'Holder' },
  state: { zh: '状态', en: 'State' },
  since: { zh: '持有自', en: 'Held since' },
  sent: { zh: '通知送达', en: 'Told' },
  acknowledged: { zh: '确认时间', en: 'Acknowledged' },
  due: { zh: '确认期限', en: 'Due' },
  verified: { zh: '核查已撤下', en: 'Seen to be down' },
  effect: { zh: '修复效力', en: 'Effect' },
  effectOf: { zh: '{doc}的修复效力', en: 'Effect for {doc}' },
  proof: { zh: '凭据', en: 'Proof' },
  asked: { zh: '惩戒和评价', en: 'Measures and evaluation' },
  notAsked: { zh: '无需办理', en: 'not asked' },
  byOffice: { zh: '信用办登记：{note}', en: 'registered by the credit office: {note}' },
  doneAt: { zh: '完成时间', en: 'Since' },
} as const satisfies Record<string, Words>

const EFFECT_COLOURS: Record<EffectView['state'], string> = {
  done: 'green',
  under_way: 'gold',
  late: 'red',
  nobody: 'default',
}
const COLOURS: Record<HolderState, string> = {
  holding: 'blue',
  waiting: 'gold',
  sent: 'gold',
  acknowledged: 'green',
  refused: 'orange',
  late: 'red',
  dead: 'red',
}
const isOpen = (h: HolderView) =>
  h.state === 'waiting' || h.state === 'sent' || h.state === 'late' || h.state === 'dead'

/** What a holder has to do beside taking down, and what it has answered. */
const Asked = ({ holder, of }: { holder: HolderView; of: { subjectId: string; recordId: string } }) => {
  const { t, lang } = useLanguage()
  const { peerId } = holder
  if (!holder.asked.length || peerId === null) return <span className="xh-quiet">{t(W.notAsked)}</span>
  return (
    <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {holder.asked.map((a) => (
        <li key={a.part}>
          {a.state === 'done' || a.state === 'none' ? (
            <>
              {t(EFFECT_RESULT_WORDS[a.part][a.state])} {instantWords(a.at, lang)}
              {a.by === 'office' && <div className="xh-quiet">{t(W.byOffice, { note: a.note })}</div>}
            </>
          ) : (
            <>
              {t(DUTY_WORDS[a.part])}{' '}
              <Tag color={a.state === 'late' ? 'red' : 'gold'}>{t(ASKED_STATE_WORDS[a.state])}</Tag>
              {holder.sentAt && <ConfirmEffect peerId={peerId} name={holder.name} part={a.part} of={of} />}
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Who holds a record, who has confirmed taking it down and when, and who is late. This platform's own site comes first. */
export const Propagation = ({
  subjectId,
  recordId,
  doc,
  narrow = false,
}: {
  subjectId: string
  recordId: string
  /** Its number, where several stand on one page. */
  doc?: string
  /** In a side column: cards instead of a table. */
  narrow?: boolean
}) => {
  const { t, lang } = useLanguage()
  const query = useApi(
    endpoints.propagation,
    { subjectId, recordId },
    { every: (d) => (d && !d.settled ? 3000 : false) },
  )
  const columns: Column<HolderView>[] = [
    {
      key: 'holder',
      title: W.holder,
      lead: true,
      render: (h) => (
        <div style={{ minWidth: 150 }}>
          <strong>{t(h.name)}</strong>
          {h.kind && <div className="xh-quiet">{t(PEER_KIND_WORDS[h.kind])}</div>}
        </div>
      ),
    },
    {
      key: 'state',
      title: W.state,
      render: (h) => (
        <>
          <Tag color={COLOURS[h.state]}>{t(HOLDER_STATE_WORDS[h.state])}</Tag>
          {h.note}
        </>
      ),
    },
    { key: 'asked', title: W.asked, render: (h) => <Asked holder={h} of={{ subjectId, recordId }} /> },
    { key: 'since', title: W.since, render: (h) => instantWords(h.heldSince, lang) },
    { key: 'sent', title: W.sent, render: (h) => instantWords(h.sentAt, lang) },
    { key: 'acknowledged', title: W.acknowledged, render: (h) => instantWords(h.acknowledgedAt, lang) },
    { key: 'verified', title: W.verified, render: (h) => instantWords(h.verifiedAt, lang) },
    { key: 'due', title: W.due, short: true, render: (h) => dayWords(h.dueOn, lang) },
  ]
  const effects: Column<EffectView>[] = [
    {
      key: 'part',
      title: W.effect,
      lead: true,
      render: (e) => (
        <>
          <strong>{t(EFFECT_PART_WORDS[e.part])}</strong>{' '}
          <Tag color={EFFECT_COLOURS[e.state]}>{t(EFFECT_STATE_WORDS[e.state])}</Tag>
        </>
      ),
    },
    { key: 'proof', title: W.proof, render: (e) => t(e.proof) },
    { key: 'at', title: W.doneAt, short: true, render: (e) => (e.at ? instantWords(e.at, lang) : '—') },
  ]
  return (
    <Shown query={query} isEmpty={(d) => d.holders.length + d.effect.length === 0} empty={<Nothing why={W.none} />}>
      {(data) => {
        const holders = [
          ...data.holders.filter((h) => h.peerId === null),
          ...data.holders.filter((h) => h.peerId !== null),
        ]
        const late = holders.filter((h) => h.state === 'late')
        const refused = holders.filter((h) => h.state === 'refused')
        const others = holders.filter((h) => h.peerId !== null)
        const at = instantWords(data.withdrawnAt, lang)
        const list = (rows: HolderView[], say: (h: HolderView) => string) =>
          rows.map(say).join(lang === 'zh' ? '；' : '; ')
        return (
          <Flex vertical gap={12}>
            {late.length > 0 && (
              <Alert
                type="error"
                showIcon
                role="alert"
                title={t(W.late, { n: late.length })}
                description={list(late, (h) => t(W.lateOne, { name: t(h.name), day: dayWords(h.dueOn, lang) }))}
              />
            )}
            {refused.length > 0 && (
              <Alert
                type="warning"
                showIcon
                title={t(W.refused, { n: refused.length })}
                description={list(refused, (h) => (h.note ? `${t(h.name)}${colon(lang)}${h.note}` : t(h.name)))}
              />
            )}
            <div aria-live="polite">
              {data.withdrawnAt
                ? t(data.reason ? (holders.length ? W.withdrawn : W.unheld) : W.withdrawnPlain, {
                    at,
                    reason: data.reason,
                  })
                : t(W.standing)}{' '}
              {data.withdrawnAt &&
                others.length > 0 &&
                t(data.settled ? W.settled : W.waiting, {
                  done: holders.filter((h) => h.state === 'acknowledged').length,
                  open: holders.filter(isOpen).length,
                })}
              {others.length === 0 && ` ${t(holders.length ? W.onlyHere : W.none)}`}
            </div>
            {data.effect.length > 0 && (
              <section>
                <h3 style={{ marginTop: 0 }}>{t(W.effect)}</h3>
                <KeyedTable
                  name={doc ? { zh: fill(W.effectOf.zh, { doc }), en: fill(W.effectOf.en, { doc }) } : W.effect}
                  rows={data.effect}
                  columns={effects}
                  rowKey={(e) => e.part}
                  cards={narrow}
                />
              </section>
            )}
            {holders.length > 0 && (
              <KeyedTable
                name={doc ? { zh: fill(W.titleOf.zh, { doc }), en: fill(W.titleOf.en, { doc }) } : W.title}
                rows={holders}
                columns={columns}
                rowKey={(h) => h.peerId ?? 'own'}
                cards={narrow}
              />
            )}
          </Flex>
        )
      }}
    </Shown>
  )
}
