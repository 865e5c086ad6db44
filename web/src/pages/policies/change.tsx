import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Flex, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { type ChangeView, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import type { ChangeAction } from '../../../../src/capabilities/policies/states.ts'
import { ACTION_WORDS, KIND_WORDS } from '../../../../src/capabilities/policies/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { Applied, FigureRows, Impact } from './impact.tsx'
import { Difference, StateTag } from './parts.tsx'

const W = {
  page: { zh: '规则变更', en: 'Change of the rules' },
  back: { zh: '返回规则变更', en: 'Back to changes' },
  kind: { zh: '类型', en: 'Kind' },
  from: { zh: '施行日期', en: 'In force from' },
  reason: { zh: '变更理由', en: 'Reason' },
  created: { zh: '拟定', en: 'Drawn up' },
  proposed: { zh: '提请', en: 'Proposed' },
  decided: { zh: '决定', en: 'Decided' },
  by: { zh: '{name}，{at}', en: '{name}, {at}' },
  transition: { zh: '新旧衔接', en: 'Passing over' },
  transitionOpen: { zh: '衔接规则待确认：{note}', en: 'How records pass over awaits confirmation: {note}' },
  differences: { zh: '与现行规则的差别', en: 'Differences' },
  impact: { zh: '施行后的影响', en: 'What it does to what is held' },
  text: { zh: '规则文件', en: 'Text' },
  second: {
    zh: '您是拟定或者提请的人，须由信用办另一人批准。',
    en: 'You drew it up or proposed it; another person of the credit office must approve.',
  },
  outdated: {
    zh: '拟定以后规则又有变化，请重新预览后再办理。',
    en: 'The rules have changed since this was drawn up; preview it again first.',
  },
  decisionReason: { zh: '理由', en: 'Reason' },
  optional: { zh: '意见（选填）', en: 'Remark (optional)' },
  approveHint: {
    zh: '批准后自{day}起施行；当日起按新规则重新计算公示期，并通知各共享单位；施行前可以撤回。',
    en: 'Once approved it is in force from {day}; windows are then computed anew and everyone who holds records is told. It can be withdrawn before.',
  },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  colon: { zh: '{action}：{title}', en: '{action}: {title}' },
} as const satisfies Record<string, Words>

const Act = ({ change, action, done }: { change: ChangeView; action: ChangeAction; done: () => void }) => {
  const { t, lang } = useLanguage()
  const [reason, setReason] = useState('')
  const act = useAct(endpoints.actOnChange, done)
  const needed = action === 'refuse'
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.colon, { action: t(ACTION_WORDS[action]), title: t(change.title) })}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(ACTION_WORDS[action])}
      cancelText={t(W.cancel)}
      okButtonProps={{
        danger: action === 'refuse' || action === 'withdraw',
        loading: act.isPending,
        disabled: needed && reason.trim() === '',
      }}
      onOk={() => act.mutate({ id: change.id, action, seen: change.version, reason: reason.trim() })}
    >
      {(action === 'approve' || action === 'propose') && (
        <p>{t(W.approveHint, { day: dayWords(change.effectiveFrom, lang) })}</p>
      )}
      <Form layout="vertical">
        <Form.Item label={t(needed ? W.decisionReason : W.optional)} htmlFor="change-reason" required={needed}>
          <Input.TextArea
            id="change-reason"
            rows={3}
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const Head = ({ change: p, act }: { change: ChangeView; act: (action: ChangeAction) => void }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const when = (who: { name: string; at: string } | null) =>
    who ? t(W.by, { name: who.name, at: instantWords(who.at, lang) }) : '—'
  const waits = p.preview.state !== 'done' || p.outdated
  return (
    <Card style={{ marginBottom: 16 }}>
      <Descriptions
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'kind', label: t(W.kind), children: t(KIND_WORDS[p.kind]) },
          { key: 'from', label: t(W.from), children: dayWords(p.effectiveFrom, lang) },
          { key: 'reason', label: t(W.reason), children: p.reason },
          ...(p.transition ? [{ key: 'transition', label: t(W.transition), children: t(p.transition.words) }] : []),
          { key: 'created', label: t(W.created), children: when(p.created) },
          { key: 'proposed', label: t(W.proposed), children: when(p.proposed) },
          ...(p.decided
            ? [
                {
                  key: 'decided',
                  label: t(W.decided),
                  children: [when(p.decided), p.decided.decision].filter(Boolean).join(' · '),
                },
              ]
            : []),
        ]}
      />
      {p.transition?.unsure && p.transition.note && (
        <p className="xh-quiet">{t(W.transitionOpen, { note: t(p.transition.note) })}</p>
      )}
      {p.outdated && <Alert type="warning" showIcon title={t(W.outdated)} style={{ marginTop: 12 }} />}
      {has('credit_office') && p.mine && p.state === 'proposed' && (
        <Alert type="info" showIcon title={t(W.second)} style={{ marginTop: 12 }} />
      )}
      {p.actions.length > 0 && (
        <Flex gap={8} wrap style={{ marginTop: 12 }}>
          {p.actions.map((a) => (
            <Button
              key={a}
              type={a === 'propose' || a === 'approve' ? 'primary' : 'default'}
              danger={a === 'refuse' || a === 'withdraw'}
              disabled={(a === 'propose' || a === 'approve') && waits}
              onClick={() => act(a)}
            >
              {t(ACTION_WORDS[a])}
            </Button>
          ))}
        </Flex>
      )}
    </Card>
  )
}

const POLL_MS = 1500
const busy = (p: ChangeView | undefined): boolean =>
  p !== undefined &&
  (['waiting', 'running'].includes(p.preview.state) || (p.inForce && p.application?.state === 'running'))

export const RuleChangePage = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const [acting, setActing] = useState<ChangeAction | null>(null)
  const query = useApi(endpoints.getChange, { id }, { every: (p) => (busy(p) ? POLL_MS : false) })
  return (
    <>
      <p>
        <Link to="/policies/changes">{t(W.back)}</Link>
      </p>
      <Shown query={query} heading={W.page}>
        {(p) => (
          <>
            <h1>
              {t(p.title)} <StateTag state={p.state} inForce={p.inForce} />
            </h1>
            <Head change={p} act={setActing} />
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.impact)}</h2>
              <Impact change={p} />
            </Card>
            {p.application && <Applied change={p} />}
            {has('credit_office') && <FigureRows change={p} />}
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.differences)}</h2>
              <Difference rows={p.difference} />
            </Card>
            {p.text && (
              <Card style={{ marginBottom: 16 }}>
                <h2>{t(W.text)}</h2>
                {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <pre className="xh-scroll" tabIndex={0} aria-label={t(W.text)} lang="zh-CN">
                  <code>{p.text}</code>
                </pre>
              </Card>
            )}
            {acting && <Act change={p} action={acting} done={() => setActing(null)} />}
          </>
        )}
      </Shown>
    </>
  )
}
