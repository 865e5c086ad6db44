import { Alert, Button, Card, Checkbox, Flex, Input } from 'antd'
import { useState } from 'react'
import type { Endpoint } from '../../../../src/kernel/api.ts'
import { type CaseView, type ItemView, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { ACTION_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { articleIn, bracketed, dayWords, instantWords } from '../../ui/format.ts'
import { ActionButtons } from '../../ui/action-buttons.tsx'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '办理', en: 'Decide' },
  nothing: { zh: '当前没有需要您办理的操作。', en: 'There is nothing for you to do here now.' },
  asked: {
    zh: '本事项已一次性告知补正，不得再次要求补正，请依法决定是否受理。',
    en: 'All that was missing has been asked for once; it cannot be asked for again. Accept, or refuse to accept.',
  },
  note: { zh: '办理意见（选填）', en: 'Note (optional)' },
  reason: { zh: '理由', en: 'Reasons' },
  reasonHint: { zh: '理由会写入送达申请人的文书。', en: 'The reasons stand in the letter to the applicant.' },
  missing: {
    zh: '勾选全部缺少的材料，并写明要求；只能告知一次。',
    en: 'Tick everything that is missing and say what is needed; you may ask only once.',
  },
  what: { zh: '对“{name}”的要求', en: 'What is needed: {name}' },
  fails: { zh: '存在的不予修复情形', en: 'Grounds that are present' },
  ruledBasis: { zh: '所依据的行业规定（文件名称和条款）', en: 'The sector’s rule (instrument and article)' },
  ruledCondition: { zh: '所适用的条件', en: 'The condition applied' },
  ruledHint: {
    zh: '该类信息的修复条件由本单位依照行业规定核查（{article}）；所填条件和依据写入决定文书。',
    en: 'The condition for this kind is judged by your own sector’s rules ({article}). What you state stands in the decision.',
  },
  head: {
    zh: '按照{article}，本操作提请负责人批准后生效。',
    en: 'By {article} this takes effect once the head approves.',
  },
  two: {
    zh: '本操作须由两人办理：一人提出，另一名负责人确认（{article}）。',
    en: 'Two people take this step: one proposes, another, the head, confirms ({article}).',
  },
  moot: {
    zh: '该记录已经停止公示或者被撤销，可以终止办理。',
    en: 'The record is no longer shown or was taken back; the item may lapse.',
  },
  lapses: {
    zh: '申请人自{day}起仍未补正的，可以终止办理。',
    en: 'It may lapse from {day} if the applicant has not come back.',
  },
  proposed: { zh: '经办人员提请：{action}', en: 'The officer proposes: {action}' },
  cancel: { zh: '取消', en: 'Cancel' },
  confirm: { zh: '确认{action}', en: 'Confirm: {action}' },
} as const satisfies Record<string, Words>

type Action = ItemView['actions'][number]
type Shape = { endpoint: Endpoint; needs: 'note' | 'reason' | 'missing' | 'conditions' }
/** Which endpoint carries an action and what it asks the officer for. */
const SHAPES: Partial<Record<Action, Shape>> = {
  pass: { endpoint: endpoints.passItem, needs: 'note' },
  return: { endpoint: endpoints.returnItem, needs: 'missing' },
  accept: { endpoint: endpoints.acceptItem, needs: 'note' },
  ask_once: { endpoint: endpoints.askOnce, needs: 'missing' },
  not_accept: { endpoint: endpoints.notAcceptItem, needs: 'reason' },
  grant: { endpoint: endpoints.grantItem, needs: 'note' },
  refuse: { endpoint: endpoints.refuseItem, needs: 'conditions' },
  extend: { endpoint: endpoints.extendItem, needs: 'reason' },
  forged: { endpoint: endpoints.findForged, needs: 'reason' },
  revoke: { endpoint: endpoints.revokeGrant, needs: 'reason' },
  shield: { endpoint: endpoints.shieldItem, needs: 'note' },
  plan_completed: { endpoint: endpoints.completePlan, needs: 'note' },
  restore: { endpoint: endpoints.restoreItem, needs: 'reason' },
  lapse: { endpoint: endpoints.lapseItem, needs: 'reason' },
  confirm: { endpoint: endpoints.confirmProposal, needs: 'note' },
  send_back: { endpoint: endpoints.sendBackProposal, needs: 'reason' },
}
const MAIN: readonly Action[] = ['accept', 'grant', 'pass', 'shield', 'confirm']

const Act = ({ view, action, shape, done }: { view: CaseView; action: Action; shape: Shape; done: () => void }) => {
  const { t, lang } = useLanguage()
  const [text, setText] = useState('')
  const [missing, setMissing] = useState<Record<string, string>>({})
  const [failing, setFailing] = useState<ReadonlySet<string>>(
    new Set(view.conditions.filter((c) => c.met === false).map((c) => c.code)),
  )
  const [ruled, setRuled] = useState({ basis: '', condition: '' })
  const judged = view.conditions.find((c) => c.judged)
  const states =
    judged !== undefined &&
    (action === 'grant' || ((action === 'refuse' || action === 'not_accept') && failing.has(judged.code)))
  const act = useAct(shape.endpoint, done)
  const two = view.twoPeople.find((h) => h.action === action)
  const head = two ? undefined : view.headDecides.find((h) => h.action === action)
  const send = () => {
    const at = { subject: view.subject.id, item: view.item.id, seen: view.item.version }
    const body =
      shape.needs === 'note'
        ? { note: text }
        : shape.needs === 'missing'
          ? { note: text, missing: Object.entries(missing).map(([kind, what]) => ({ kind, text: what })) }
          : shape.needs === 'conditions'
            ? { reason: text, conditions: [...failing] }
            : { reason: text }
    act.mutate({ ...at, ...body, ...(states ? { ruled } : {}) } as never)
  }
  return (
    <div style={{ marginTop: 12 }}>
      {two && <Alert type="warning" showIcon title={t(W.two, { article: two.article })} style={{ marginBottom: 8 }} />}
      {head && <Alert type="info" showIcon title={t(W.head, { article: head.article })} style={{ marginBottom: 8 }} />}
      {shape.needs === 'missing' && (
        <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
          <legend style={{ padding: 0 }}>{t(W.missing)}</legend>
          {view.materialsNeeded.map((m) => (
            <div key={m.code} style={{ margin: '6px 0' }}>
              <Checkbox
                checked={m.code in missing}
                onChange={(e) => {
                  const { [m.code]: _, ...rest } = missing
                  setMissing(e.target.checked ? { ...rest, [m.code]: '' } : rest)
                }}
              >
                {t(m.name)}
              </Checkbox>
              {m.code in missing && (
                <Input
                  aria-label={t(W.what, { name: m.name })}
                  placeholder={t(W.what, { name: m.name })}
                  value={missing[m.code]}
                  onChange={(e) => setMissing({ ...missing, [m.code]: e.target.value })}
                />
              )}
            </div>
          ))}
        </fieldset>
      )}
      {shape.needs === 'conditions' && (
        <fieldset style={{ border: 0, padding: 0, margin: '0 0 8px' }}>
          <legend style={{ padding: 0 }}>{t(W.fails)}</legend>
          {view.conditions
            .filter((c) => c.mayFail)
            .map((c) => (
              <Checkbox
                key={c.code}
                style={{ display: 'flex', marginInlineStart: 0 }}
                checked={failing.has(c.code)}
                onChange={(e) => {
                  const next = new Set(failing)
                  if (e.target.checked) next.add(c.code)
                  else next.delete(c.code)
                  setFailing(next)
                }}
              >
                {t(c.text)}
                {bracketed(articleIn(c.article, lang), lang)}
              </Checkbox>
            ))}
        </fieldset>
      )}
      {states && (
        <fieldset style={{ border: 0, padding: 0, margin: '0 0 8px' }}>
          <legend style={{ padding: 0 }}>{t(W.ruledHint, { article: articleIn(judged.article, lang) })}</legend>
          <label htmlFor="ruled-basis">{t(W.ruledBasis)}</label>
          <Input
            id="ruled-basis"
            required
            maxLength={300}
            value={ruled.basis}
            onChange={(e) => setRuled({ ...ruled, basis: e.target.value })}
          />
          <label htmlFor="ruled-condition">{t(W.ruledCondition)}</label>
          <Input.TextArea
            id="ruled-condition"
            required
            rows={2}
            maxLength={2000}
            value={ruled.condition}
            onChange={(e) => setRuled({ ...ruled, condition: e.target.value })}
          />
        </fieldset>
      )}
      <label htmlFor="act-text">{t(shape.needs === 'note' || shape.needs === 'missing' ? W.note : W.reason)}</label>
      <Input.TextArea id="act-text" rows={3} maxLength={2000} value={text} onChange={(e) => setText(e.target.value)} />
      {shape.needs !== 'note' && <div style={{ color: '#4a5568' }}>{t(W.reasonHint)}</div>}
      {act.error && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={act.error} />
        </div>
      )}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={act.isPending}
          disabled={states && !(ruled.basis.trim() && ruled.condition.trim())}
          onClick={send}
        >
          {t(W.confirm, { action: ACTION_WORDS[action] })}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </div>
  )
}

/** The buttons come from what the table of moves allows this person now. */
export const CaseActions = ({ view }: { view: CaseView }) => {
  const { t, lang } = useLanguage()
  const [chosen, setChosen] = useState<Action | null>(null)
  const actions = view.item.actions.filter((a) => SHAPES[a])
  const { proposal } = view.item
  const askedAlready =
    actions.includes('not_accept') &&
    !actions.includes('ask_once') &&
    view.item.acts.some((a) => a.action === 'ask_once')
  const shape = chosen ? SHAPES[chosen] : undefined
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.title)}</h2>
      {proposal && (
        <Alert
          type="warning"
          showIcon
          title={t(W.proposed, { action: ACTION_WORDS[proposal.action] })}
          description={
            proposal.note
              ? `${proposal.note}${bracketed(instantWords(proposal.at, lang), lang)}`
              : instantWords(proposal.at, lang)
          }
          style={{ marginBottom: 8 }}
        />
      )}
      {askedAlready && <p>{t(W.asked)}</p>}
      {view.lapse.moot && <Alert type="info" showIcon title={t(W.moot)} style={{ marginBottom: 8 }} />}
      {view.lapse.day && <p>{t(W.lapses, { day: dayWords(view.lapse.day, lang) })}</p>}
      {!actions.length && <p>{t(W.nothing)}</p>}
      <ActionButtons actions={actions} main={MAIN} words={ACTION_WORDS} chosen={chosen} choose={setChosen} />
      {chosen && shape && <Act key={chosen} view={view} action={chosen} shape={shape} done={() => setChosen(null)} />}
    </Card>
  )
}
