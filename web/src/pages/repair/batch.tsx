import { Alert, Button, Card, Flex, Input } from 'antd'
import { useState } from 'react'
import {
  BATCH_ACTIONS,
  type BatchAction,
  type BatchOutcome,
  endpoints,
} from '../../../../src/capabilities/repair/contract.consequences.ts'
import type { QueueRow } from '../../../../src/capabilities/repair/contract.ts'
import { ACTION_WORDS, STATE_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { colon } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '批量办理', en: 'Several at once' },
  chosen: { zh: '已选 {n} 项', en: '{n} chosen' },
  none: {
    zh: '所选事项没有共同可办理的操作，请分别办理。',
    en: 'The chosen items have no action in common; decide them one by one.',
  },
  text: { zh: '办理意见或者理由', en: 'Note or reasons' },
  hint: {
    zh: '同一操作分别作用于每一项，各有各的文书和结果；不予修复须逐项写明不符合的条件，条件由本单位依照行业规定核查的须逐项写明条件和依据，请分别办理。',
    en: 'The action is taken on each item by itself, with its own letter and outcome. A refusal names the condition of its own item, and where your own sector’s rules decide each decision states its rule; take those one by one.',
  },
  confirm: { zh: '对 {n} 项{action}', en: '{action}: {n} items' },
  clear: { zh: '取消选择', en: 'Clear' },
  needs: { zh: '请填写理由。', en: 'Give the reasons.' },
  result: { zh: '办成 {done} 项，未办成 {refused} 项', en: '{done} done, {refused} refused' },
  close: { zh: '关闭', en: 'Close' },
  proposed: { zh: '已提请负责人审批', en: 'put before the head' },
} as const satisfies Record<string, Words>

/** What can be said of several in the same words; a refusal or a lapse has its own sentence for each. */
const TOGETHER: readonly BatchAction[] = ['pass', 'accept', 'grant', 'confirm', 'send_back', 'extend']
const NEEDS_REASON: readonly BatchAction[] = ['send_back', 'extend']

const Outcome = ({ outcome, row }: { outcome: BatchOutcome; row: QueueRow | undefined }) => {
  const { t, lang } = useLanguage()
  const what = outcome.ok
    ? outcome.proposed
      ? t(W.proposed)
      : t(STATE_WORDS[outcome.state!])
    : outcome.refusals.map((r) => t(r.text)).join(lang === 'zh' ? '；' : '; ')
  return (
    <li>
      {row?.docNo}
      {colon(lang)}
      {what}
    </li>
  )
}

/** The same action on the chosen items; each has its own outcome. */
export const Batch = ({ chosen, clear }: { chosen: readonly QueueRow[]; clear: () => void }) => {
  const { t } = useLanguage()
  const [action, setAction] = useState<BatchAction | null>(null)
  const [text, setText] = useState('')
  const [missing, setMissing] = useState(false)
  const [done, setDone] = useState<{ rows: readonly QueueRow[]; outcomes: BatchOutcome[] } | null>(null)
  const act = useAct(endpoints.decideBatch, (reply) => {
    setDone({ rows: chosen, outcomes: reply.outcomes })
    setAction(null)
    setText('')
    clear()
  })
  const common = TOGETHER.filter(
    (a) => BATCH_ACTIONS.includes(a) && chosen.every((r) => r.actions.includes(a as QueueRow['actions'][number])),
  )
  const send = () => {
    if (!action) return
    if (NEEDS_REASON.includes(action) && text.trim().length < 2) {
      setMissing(true)
      return
    }
    act.mutate({
      action,
      items: chosen.map((r) => ({ subject: r.subjectId, item: r.itemId, seen: r.version })),
      note: text,
      ...(NEEDS_REASON.includes(action) ? { reason: text } : {}),
    })
  }
  return (
    <>
      {done && (
        <Alert
          type={done.outcomes.every((o) => o.ok) ? 'success' : 'warning'}
          showIcon
          closable={{ 'aria-label': t(W.close) }}
          style={{ marginBottom: 12 }}
          title={t(W.result, {
            done: done.outcomes.filter((o) => o.ok).length,
            refused: done.outcomes.filter((o) => !o.ok).length,
          })}
          description={
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {done.outcomes.map((o) => (
                <Outcome key={o.item} outcome={o} row={done.rows.find((r) => r.itemId === o.item)} />
              ))}
            </ul>
          }
        />
      )}
      {chosen.length > 0 && (
        <Card size="small" style={{ marginBottom: 12 }}>
          <h2 style={{ marginTop: 0 }}>
            {t(W.title)} · {t(W.chosen, { n: chosen.length })}
          </h2>
          {common.length === 0 && <p>{t(W.none)}</p>}
          <Flex gap={8} wrap>
            {common.map((a) => (
              <Button
                key={a}
                onClick={() => setAction(a)}
                aria-pressed={action === a}
                type={action === a ? 'primary' : 'default'}
              >
                {t(ACTION_WORDS[a])}
              </Button>
            ))}
            <Button onClick={clear}>{t(W.clear)}</Button>
          </Flex>
          {action && (
            <div style={{ marginTop: 12 }}>
              <label htmlFor="batch-text">{t(W.text)}</label>
              <Input.TextArea
                id="batch-text"
                rows={2}
                maxLength={2000}
                value={text}
                onChange={(e) => {
                  setText(e.target.value)
                  setMissing(false)
                }}
              />
              {missing && <p role="alert">{t(W.needs)}</p>}
              <p className="xh-quiet">{t(W.hint)}</p>
              {act.error && <Failed problem={act.error} />}
              <Button type="primary" loading={act.isPending} onClick={send}>
                {t(W.confirm, { n: chosen.length, action: ACTION_WORDS[action] })}
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  )
}
