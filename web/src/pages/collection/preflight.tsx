import { Alert, Button, Flex, Segmented, Statistic } from 'antd'
import { useState } from 'react'
import type { AcceptedMends, CheckView } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { Nothing } from '../../ui/states.tsx'
import { Change, Enough, type LeftOut, ProposedMends, mendKey } from './mends.tsx'
import { Doubts, Problems } from './problems.tsx'

const W = {
  title: { zh: '预检结果', en: 'What the preflight found' },
  clean: { zh: '全部可以入库，未发现问题。', en: 'Every row can be accepted; no problems were found.' },
  noRows: {
    zh: '文件中没有数据行，请在表头下方填写后再上传。',
    en: 'The file has headings but no rows; fill them in below the headings.',
  },
  some: {
    zh: '预检没有入库任何数据。{refused} 行将被退回，其中 {mendable} 行采纳平台建议的值后可以入库。',
    en: 'Nothing has been taken in. {refused} rows would be returned; {mendable} of them would be accepted with the values proposed.',
  },
  kept: {
    zh: '原文件原样保存；采纳的每一处修改都会记录在回执中。',
    en: 'The file is kept as it came; each accepted change is recorded on the receipt.',
  },
  received: { zh: '共', en: 'Rows' },
  accepted: { zh: '可入库', en: 'Acceptable' },
  refused: { zh: '将退回', en: 'To be returned' },
  pending: { zh: '待核实', en: 'To be confirmed' },
  held: { zh: '已有相同记录', en: 'Already held' },
  changed: { zh: '更正已有记录', en: 'New versions' },
  mendable: { zh: '有修改建议', en: 'With proposals' },
  byHand: { zh: '需自行修改', en: 'To mend by hand' },
  waits: { zh: '待核实', en: 'To be confirmed' },
  others: { zh: '重复与更正', en: 'Repeated or changed' },
  view: { zh: '预检结果分类', en: 'Kinds of findings' },
  row: { zh: '第 {n} 行', en: 'Row {n}' },
  already_held: { zh: '与平台已有记录相同，不会重复入库', en: 'The same is held already; it will not enter twice' },
  changedRow: { zh: '将成为已有记录的新版本', en: 'It will be a new version of a record that is held' },
  repeated: { zh: '与本文件第 {n} 行是同一文号', en: 'The same number as row {n} of this file' },
  more: { zh: '再显示 {n} 行', en: 'Show {n} more rows' },
  cut: {
    zh: '此处只列出前 {n} 行；其余各行的建议将按相同规则一并采纳。',
    en: 'The first {n} rows are listed here; proposals for the others are accepted by the same rules.',
  },
  asides: {
    zh: '有 {n} 行合计、签字、说明等文字，不是数据，没有计入：{said}。',
    en: '{n} rows of totals, signatures or notes are no data and were not counted: {said}.',
  },
  aside: { zh: '第 {n} 行“{text}”', en: 'row {n} “{text}”' },
  none: { zh: '没有这一类的数据行。', en: 'There are no such rows.' },
} as const satisfies Record<string, Words>

/** What is handed in with the file: exactly what was on the screen, or, for a longer list, all but what was left out. */
export const acceptedOf = (view: CheckView, left: LeftOut): AcceptedMends | null => {
  const shown = view.rows.flatMap((r) => r.proposals.map((p) => ({ n: r.n, key: p.key, became: p.became })))
  if (!view.complete)
    return {
      all: true,
      except: shown.filter((p) => left.has(mendKey(p.n, p.key))).map((p): [number, string] => [p.n, p.key]),
    }
  const only = shown.filter((p) => !left.has(mendKey(p.n, p.key)))
  return only.length ? { only: only.map((p): [number, string, string] => [p.n, p.key, p.became]) } : null
}

/** Totals, signatures and notes: no data, and said, so that nobody wonders where they went. */
export const PassedOver = ({ asides }: { asides: CheckView['asides'] }) => {
  const { t, lang } = useLanguage()
  if (asides.count === 0) return null
  const said = asides.first.map((a) => t(W.aside, { n: a.n, text: a.text })).join(lang === 'zh' ? '；' : '; ')
  return <p className="xh-quiet">{t(W.asides, { n: asides.count, said })}</p>
}

const STEP = 20
type Kind = 'mendable' | 'byHand' | 'waits' | 'others'

export const Preflight = ({
  view,
  left,
  onToggle,
}: {
  view: CheckView
  left: LeftOut
  onToggle: (key: string) => void
}) => {
  const { t } = useLanguage()
  const mendable = view.rows.filter((r) => r.proposals.length > 0)
  const byHand = view.rows.filter((r) => !r.proposals.length && r.verdict === 'refused')
  const waits = view.rows.filter((r) => r.verdict === 'pending')
  const kinds: [Kind, number][] = [
    ['mendable', mendable.length],
    ['byHand', byHand.length],
    ['waits', waits.length],
    ['others', view.others.length],
  ]
  const [kind, setKind] = useState<Kind>(() => kinds.find(([, n]) => n > 0)?.[0] ?? 'mendable')
  const [shown, setShown] = useState(STEP)
  const rows = kind === 'mendable' ? mendable : kind === 'byHand' ? byHand : kind === 'waits' ? waits : []
  const total = kind === 'others' ? view.others.length : rows.length
  const clean = view.received > 0 && view.refused + view.pending === 0
  return (
    <section aria-label={t(W.title)} style={{ marginTop: 20 }}>
      <h2>{t(W.title)}</h2>
      <Alert
        type={clean ? 'success' : 'warning'}
        showIcon
        title={
          view.received
            ? clean
              ? t(W.clean)
              : t(W.some, { refused: view.refused, mendable: view.mendable })
            : t(W.noRows)
        }
        description={view.proposals ? t(W.kept) : undefined}
      />
      <Flex gap={24} wrap style={{ margin: '16px 0' }}>
        <Statistic title={t(W.received)} value={view.received} />
        <Statistic title={t(W.accepted)} value={view.accepted} />
        <Statistic title={t(W.refused)} value={view.refused} />
        <Statistic title={t(W.pending)} value={view.pending} />
        <Statistic title={t(W.held)} value={view.alreadyHeld} />
        {view.changed > 0 && <Statistic title={t(W.changed)} value={view.changed} />}
      </Flex>
      <PassedOver asides={view.asides} />
      {kinds.some(([, n]) => n > 0) && (
        <>
          <Segmented
            aria-label={t(W.view)}
            value={kind}
            onChange={(k) => {
              setKind(k)
              setShown(STEP)
            }}
            options={kinds.map(([value, n]) => ({ value, label: `${t(W[value])} ${n}` }))}
            style={{ maxWidth: '100%', overflowX: 'auto' }}
          />
          {total === 0 && <Nothing why={W.none} />}
          {rows.slice(0, shown).map((row) => (
            <Problems
              key={row.n}
              n={row.n}
              name={row.name}
              problems={row.problems}
              mark={row.proposals.length > 0 && <Enough enough={row.mendable} />}
            >
              <Doubts doubts={row.doubts} />
              {row.proposals.length > 0 && (
                <ProposedMends n={row.n} proposals={row.proposals} left={left} onToggle={onToggle} />
              )}
            </Problems>
          ))}
          {kind === 'others' &&
            view.others.slice(0, shown).map((row) => (
              <section key={row.n} className="xh-row">
                <strong>
                  {t(W.row, { n: row.n })} {row.name}
                </strong>{' '}
                {row.docNo}
                <div>
                  {row.verdict === 'repeated'
                    ? t(W.repeated, { n: row.repeats ?? 0 })
                    : t(row.verdict === 'changed' ? W.changedRow : W.already_held)}
                </div>
                <ul className="xh-mends">
                  {row.changes.map((c) => (
                    <li key={c.field}>
                      <strong>{c.field}</strong> <Change was={c.was} became={c.becomes} />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          {total > shown && (
            <Button onClick={() => setShown(shown + STEP)}>{t(W.more, { n: Math.min(STEP, total - shown) })}</Button>
          )}
          {!view.complete && <p className="xh-quiet">{t(W.cut, { n: view.rows.length })}</p>}
        </>
      )}
    </section>
  )
}
