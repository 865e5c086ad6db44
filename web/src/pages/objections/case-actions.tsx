import { Alert, Button, Card, Flex, Input } from 'antd'
import { useState } from 'react'
import { type CaseView, type CorrectionAsk, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import type { Action } from '../../../../src/capabilities/objections/states.ts'
import { ACTION_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { ActionButtons } from '../../ui/action-buttons.tsx'
import { Failed } from '../../ui/states.tsx'
import { CorrectionForm } from './correction.tsx'
import { Effect } from './parts.tsx'
import { SiblingList } from './siblings.tsx'

const W = {
  title: { zh: '办理', en: 'Decide' },
  nothing: { zh: '当前没有需要您办理的操作。', en: 'There is nothing for you to do here now.' },
  push: { zh: '推送后，由“{authority}”核查答复。', en: '{authority} then checks and answers.' },
  extendHint: {
    zh: '延长核查期限应当提前告知申请人；确认后，告知书随即送达申请人。',
    en: 'An extension has to be announced beforehand; the applicant gets the letter at once.',
  },
  days: { zh: '延长的工作日', en: 'Working days more' },
  reason: { zh: '延长的理由', en: 'Why it is needed' },
  answer: { zh: '答复（申请人看到的原文）', en: 'The answer, as the applicant reads it' },
  answerHint: {
    zh: '用通俗语言写明核查情况和理由，不少于10个字；会写入送达申请人的答复书。',
    en: 'Say in plain words what was found and why, in at least ten characters. It stands in the letter.',
  },
  preview: { zh: '预览处理结果', en: 'Preview' },
  will: { zh: '将要产生的结果', en: 'What this will do' },
  same: {
    zh: '另有{n}条信息存在同样问题，决定后可以一并更正。',
    en: '{n} more records have the same fault; they can be corrected together after the decision.',
  },
  alone: { zh: '没有发现存在同样问题的其他信息。', en: 'No other record with the same fault was found.' },
  note: { zh: '说明（可以不填）', en: 'Note (optional)' },
  confirm: { zh: '确认：{action}', en: 'Confirm: {action}' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

const OUTCOME_OF = { uphold: 'upheld', uphold_partly: 'partly_upheld', reject: 'rejected' } as const
type Deciding = keyof typeof OUTCOME_OF
const isDeciding = (a: Action): a is Deciding => a in OUTCOME_OF
const ANSWER_LEAST = 10

const Decide = ({ view, action, done }: { view: CaseView; action: Deciding; done: () => void }) => {
  const { t } = useLanguage()
  const { objection: o } = view
  const at = { subject: o.subjectId, id: o.id }
  const [answer, setAnswer] = useState('')
  const [correction, setCorrection] = useState<CorrectionAsk | null>(null)
  const decide = useAct(endpoints.decideObjection, done)
  const preview = useAct(endpoints.previewCorrection)
  /** What was previewed is not what would be done once the correction is changed. */
  const change = (ask: CorrectionAsk | null) => {
    setCorrection(ask)
    preview.reset()
  }
  const upheld = action !== 'reject'
  return (
    <div style={{ marginTop: 12 }}>
      {upheld && <CorrectionForm view={view} kinds={view.corrections} onChange={change} />}
      {upheld && (
        <>
          <Button
            disabled={!correction}
            loading={preview.isPending}
            onClick={() => correction && preview.mutate({ ...at, correction })}
          >
            {t(W.preview)}
          </Button>
          {preview.error && (
            <div style={{ marginTop: 8 }}>
              <Failed problem={preview.error} />
            </div>
          )}
          {preview.data && (
            <Alert
              type="info"
              style={{ margin: '12px 0' }}
              title={t(W.will)}
              description={
                <>
                  <Effect effect={preview.data.effect} />
                  <p style={{ margin: '8px 0 0' }}>
                    {preview.data.siblings.length ? t(W.same, { n: preview.data.siblings.length }) : t(W.alone)}
                  </p>
                  {preview.data.siblings.length > 0 && <SiblingList rows={preview.data.siblings} />}
                </>
              }
            />
          )}
        </>
      )}
      <div style={{ marginTop: 12 }}>
        <label htmlFor="answer">{t(W.answer)}</label>
        <Input.TextArea
          id="answer"
          rows={5}
          maxLength={2000}
          showCount
          value={answer}
          aria-describedby="answer-hint"
          onChange={(e) => setAnswer(e.target.value)}
        />
        <p id="answer-hint" className="xh-quiet">
          {t(W.answerHint)}
        </p>
      </div>
      {decide.error && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={decide.error} />
        </div>
      )}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={decide.isPending}
          disabled={answer.trim().length < ANSWER_LEAST || (upheld && !correction)}
          onClick={() =>
            decide.mutate({
              ...at,
              seen: o.version,
              outcome: OUTCOME_OF[action],
              answer,
              correction: upheld ? correction : null,
            })
          }
        >
          {t(W.confirm, { action: ACTION_WORDS[action] })}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </div>
  )
}

const Extend = ({ view, done }: { view: CaseView; done: () => void }) => {
  const { t } = useLanguage()
  const { objection: o } = view
  const [days, setDays] = useState('7')
  const [reason, setReason] = useState('')
  const extend = useAct(endpoints.extendObjection, done)
  const n = Number(days)
  return (
    <div style={{ marginTop: 12 }}>
      <p>{t(W.extendHint)}</p>
      <label htmlFor="extend-days">{t(W.days)}</label>
      <Input
        id="extend-days"
        inputMode="numeric"
        style={{ maxWidth: 120, display: 'block' }}
        value={days}
        onChange={(e) => setDays(e.target.value.replaceAll(/\D/g, ''))}
      />
      <label htmlFor="extend-reason" style={{ display: 'block', marginTop: 8 }}>
        {t(W.reason)}
      </label>
      <Input.TextArea
        id="extend-reason"
        rows={3}
        maxLength={2000}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      {extend.error && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={extend.error} />
        </div>
      )}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={extend.isPending}
          disabled={!n || reason.trim().length < 4}
          onClick={() => extend.mutate({ subject: o.subjectId, id: o.id, seen: o.version, workdays: n, reason })}
        >
          {t(W.confirm, { action: ACTION_WORDS.extend })}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </div>
  )
}

const Simple = ({ view, action, done }: { view: CaseView; action: 'push' | 'apply'; done: () => void }) => {
  const { t } = useLanguage()
  const { objection: o } = view
  const [note, setNote] = useState('')
  const push = useAct(endpoints.pushObjection, done)
  const apply = useAct(endpoints.applyObjection, done)
  const at = { subject: o.subjectId, id: o.id, seen: o.version }
  const problem = push.error ?? apply.error
  return (
    <div style={{ marginTop: 12 }}>
      {action === 'push' ? (
        <p>{t(W.push, { authority: o.authorityName })}</p>
      ) : (
        <>
          <label htmlFor="apply-note">{t(W.note)}</label>
          <Input.TextArea
            id="apply-note"
            rows={2}
            maxLength={2000}
            value={note}
            onChange={(e) => setNote(e.target.value)}
          />
        </>
      )}
      {problem && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={problem} />
        </div>
      )}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={push.isPending || apply.isPending}
          onClick={() => (action === 'push' ? push.mutate(at) : apply.mutate({ ...at, note }))}
        >
          {t(W.confirm, { action: ACTION_WORDS[action] })}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </div>
  )
}

const MAIN: readonly Action[] = ['push', 'uphold', 'apply']
const OFFERED: readonly Action[] = ['push', 'extend', 'uphold', 'uphold_partly', 'reject', 'apply']

/** The buttons are what the table of moves allows this person now. */
export const CaseActions = ({ view }: { view: CaseView }) => {
  const { t } = useLanguage()
  const [chosen, setChosen] = useState<Action | null>(null)
  const actions = OFFERED.filter((a) => view.objection.actions.includes(a))
  const done = () => setChosen(null)
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      {!actions.length && <p>{t(W.nothing)}</p>}
      <ActionButtons actions={actions} main={MAIN} words={ACTION_WORDS} chosen={chosen} choose={setChosen} />
      {chosen && isDeciding(chosen) && <Decide key={chosen} view={view} action={chosen} done={done} />}
      {chosen === 'extend' && <Extend view={view} done={done} />}
      {(chosen === 'push' || chosen === 'apply') && <Simple key={chosen} view={view} action={chosen} done={done} />}
    </Card>
  )
}
