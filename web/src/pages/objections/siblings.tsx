import { Alert, Button, Card, Checkbox, Flex } from 'antd'
import { useState } from 'react'
import { type CaseView, type SiblingView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, listWords } from '../../ui/format.ts'
import { Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '存在同样问题的信息', en: 'Records with the same fault' },
  lead: {
    zh: '下列信息与本件异议成立的问题相同。核对后可以一并更正，无需当事人逐一提出异议。',
    en: 'These records have the fault that was upheld. Once compared they can be corrected together; nobody has to object one by one.',
  },
  none: { zh: '没有发现存在同样问题的其他信息。', en: 'No other record with the same fault was found.' },
  all: { zh: '全部选择（{n}条）', en: 'All {n}' },
  one: { zh: '选择“{doc}”', en: 'Choose “{doc}”' },
  of: { zh: '{subject}，{doc}，{day}', en: '{subject}, {doc}, {day}' },
  sameFile: { zh: '同一批次报送', en: 'from the same submission' },
  correct: { zh: '一并更正所选 {n} 条', en: 'Correct the {n} chosen' },
  sure: { zh: '一并更正{n}条信息？', en: 'Correct {n} records?' },
  what: {
    zh: '每条信息按本件异议的处理方式更正或者撤回，各有编号和经过，并告知当事人。',
    en: 'Each is put right as this one was, with its own number and history, and its subject is told.',
  },
  reason: { zh: '理由', en: 'Reasons' },
  confirm: { zh: '确认更正', en: 'Correct them' },
  done: { zh: '已更正{n}条信息，编号：{list}', en: '{n} records were corrected: {list}' },
} as const satisfies Record<string, Words>
const REASON_LEAST = 4

const Line = ({ row }: { row: SiblingView }) => {
  const { t, lang } = useLanguage()
  return (
    <>
      {t(W.of, { subject: row.subjectName, doc: row.docNo, day: dayWords(row.decidedOn, lang) })}
      <span className="xh-quiet" style={{ display: 'block' }}>
        {t(row.why)}
        {row.sameSubmission && `${lang === 'zh' ? '；' : '; '}${t(W.sameFile)}`}
      </span>
    </>
  )
}
export const SiblingList = ({ rows }: { rows: readonly SiblingView[] }) => (
  <ul style={{ margin: '8px 0 0', paddingInlineStart: 18 }}>
    {rows.map((r) => (
      <li key={r.recordId}>
        <Line row={r} />
      </li>
    ))}
  </ul>
)

const Chooser = ({ view, rows }: { view: CaseView; rows: readonly SiblingView[] }) => {
  const { t, lang } = useLanguage()
  // From the same submission it is the same mistake; what only says the same elsewhere is for a person to choose.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    new Set(rows.filter((r) => r.sameSubmission).map((r) => r.recordId)),
  )
  const [asking, setAsking] = useState(false)
  const { objection: o } = view
  const correct = useAct(endpoints.correctSiblings, () => setAsking(false))
  const picked = rows.filter((r) => chosen.has(r.recordId))
  return (
    <>
      {correct.data && (
        <Alert
          type="success"
          showIcon
          style={{ marginBottom: 8 }}
          title={t(W.done, {
            n: correct.data.corrected.length,
            list: listWords(
              correct.data.corrected.map((c) => c.no),
              lang,
            ),
          })}
        />
      )}
      {rows.length === 0 ? (
        <p style={{ margin: 0 }}>{t(W.none)}</p>
      ) : (
        <>
          <p>{t(W.lead)}</p>
          <Checkbox
            checked={picked.length === rows.length}
            indeterminate={picked.length > 0 && picked.length < rows.length}
            onChange={(e) => setChosen(new Set(e.target.checked ? rows.map((r) => r.recordId) : []))}
          >
            {t(W.all, { n: rows.length })}
          </Checkbox>
          {/* Whoever has no mouse scrolls it with the arrow keys. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <section aria-label={t(W.title)} tabIndex={0} style={{ maxHeight: 480, overflowY: 'auto', margin: '8px 0' }}>
            <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {rows.map((r) => (
                <li key={r.recordId} style={{ borderTop: '1px solid #e3e8ef', padding: '6px 0' }}>
                  <Flex gap={8} align="start">
                    <Checkbox
                      aria-label={t(W.one, { doc: r.docNo })}
                      checked={chosen.has(r.recordId)}
                      onChange={(e) => {
                        const next = new Set(chosen)
                        if (e.target.checked) next.add(r.recordId)
                        else next.delete(r.recordId)
                        setChosen(next)
                      }}
                    />
                    <div style={{ minWidth: 0 }}>
                      <Line row={r} />
                    </div>
                  </Flex>
                </li>
              ))}
            </ul>
          </section>
          <Button type="primary" disabled={!picked.length} onClick={() => setAsking(true)}>
            {t(W.correct, { n: picked.length })}
          </Button>
          {asking && (
            <AskReason
              id="sibling-reason"
              title={t(W.sure, { n: picked.length })}
              ok={W.confirm}
              label={W.reason}
              least={REASON_LEAST}
              most={2000}
              act={correct}
              send={(reason) =>
                correct.mutate({
                  subject: o.subjectId,
                  id: o.id,
                  records: picked.map((r) => ({ subject: r.subjectId, record: r.recordId, seen: r.version })),
                  reason,
                })
              }
              done={() => setAsking(false)}
            >
              <p>{t(W.what)}</p>
            </AskReason>
          )}
        </>
      )}
    </>
  )
}

/** Records with the fault that was upheld, to correct in one action. */
export const Siblings = ({ view }: { view: CaseView }) => {
  const { t } = useLanguage()
  const { objection: o } = view
  const query = useApi(endpoints.listSiblings, { subject: o.subjectId, id: o.id })
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      <Shown query={query}>{({ rows }) => <Chooser view={view} rows={rows} />}</Shown>
    </Card>
  )
}
