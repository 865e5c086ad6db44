import { Alert, Button, Flex, Input, Modal, Popconfirm, Tag, Timeline } from 'antd'
import { useState } from 'react'
import { type TrackView, type TransferView, endpoints } from '../../../../src/capabilities/transfers/contract.ts'
import {
  LATE_WHO_WORDS,
  STEP_KIND_WORDS,
  TRANSFER_OUTCOME_WORDS,
  TRANSFER_STATE_WORDS,
  WIRE_STATE_WORDS,
} from '../../../../src/capabilities/transfers/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { colon, dayWords, instantWords } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '异地办理进度', en: 'On another platform' },
  out: { zh: '已转“{peer}”，由{authority}办理', en: 'Passed on to {peer}; {authority} decides' },
  in: { zh: '由“{peer}”转来，由{authority}办理', en: 'Passed on by {peer}; {authority} decides' },
  due: { zh: '应于{day}前接收', en: 'To be taken in by {day}' },
  step: { zh: '认定单位下一步期限：{day}', en: 'The authority’s next step is due {day}' },
  back: { zh: '要求撤回', en: 'Ask for it back' },
  sure: {
    zh: '撤回申请将发往办理平台；对方已经作出决定的，以决定为准。',
    en: 'The request goes to the other platform. If it has decided by then, the decision stands.',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  asked: { zh: '{at}已发出撤回申请', en: 'Asked back {at}' },
  home: { zh: '退回来件平台', en: 'Send back' },
  reason: { zh: '退回理由（2 至 500 字）', en: 'Reason' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

export const TransferTag = ({ of }: { of: TransferView }) => {
  const { t } = useLanguage()
  const colour =
    of.state === 'closed'
      ? of.outcome === 'granted'
        ? 'green'
        : 'default'
      : of.state === 'returned'
        ? 'orange'
        : 'blue'
  return (
    <>
      <Tag color={colour}>{t(of.outcome ? TRANSFER_OUTCOME_WORDS[of.outcome] : TRANSFER_STATE_WORDS[of.state])}</Tag>
      {of.late && <Tag color="red">{t(LATE_WHO_WORDS[of.late])}</Tag>}
    </>
  )
}
export const Wire = ({ of }: { of: TransferView }) => {
  const { t } = useLanguage()
  if (of.wire === 'delivered') return null
  return (
    <div className="xh-quiet">
      {t(WIRE_STATE_WORDS[of.wire])}
      {of.wireFault && <div>{of.wireFault}</div>}
    </div>
  )
}

const REASON_MIN = 2
const SendHome = ({ of, done }: { of: TransferView; done: () => void }) => {
  const { t } = useLanguage()
  const [reason, setReason] = useState('')
  const act = useAct(endpoints.returnTransfer, done)
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.home)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.home)}
      cancelText={t(W.no)}
      okButtonProps={{ danger: true, loading: act.isPending, disabled: reason.trim().length < REASON_MIN }}
      onOk={() => act.mutate({ subject: of.subjectId, id: of.id, reason: reason.trim(), seen: of.version })}
    >
      <label htmlFor="transfer-reason">{t(W.reason)}</label>
      <Input.TextArea
        id="transfer-reason"
        rows={3}
        maxLength={500}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const Track = ({ of }: { of: TrackView }) => {
  const { t, lang } = useLanguage()
  const back = useAct(endpoints.askBack)
  const [returning, setReturning] = useState(false)
  return (
    <section aria-label={t(W.title)} style={{ marginTop: 8 }}>
      <Flex gap={8} wrap align="center">
        <strong>{t(W[of.direction], { peer: of.peerName, authority: of.authorityName })}</strong>
        <TransferTag of={of} />
      </Flex>
      {of.state === 'sent' && <div>{t(W.due, { day: dayWords(of.dueOn, lang) })}</div>}
      {of.stepDueOn && <div>{t(W.step, { day: dayWords(of.stepDueOn, lang) })}</div>}
      {of.reason && <Alert type="warning" showIcon title={t(of.reason)} style={{ marginTop: 8 }} />}
      {of.withdrawalAt && of.state !== 'closed' && <div>{t(W.asked, { at: instantWords(of.withdrawalAt, lang) })}</div>}
      <Wire of={of} />
      <Timeline
        style={{ marginTop: 12 }}
        items={of.steps.map((s) => ({
          key: s.id,
          content: (
            <>
              {instantWords(s.at, lang)}
              {colon(lang)}
              {t(STEP_KIND_WORDS[s.kind])}
              {s.note && <div className="xh-quiet">{s.note}</div>}
            </>
          ),
        }))}
      />
      {back.error && <Failed problem={back.error} />}
      {of.mayWithdraw && (
        <Popconfirm
          title={t(W.sure)}
          okText={t(W.yes)}
          cancelText={t(W.no)}
          onConfirm={() => back.mutate({ subject: of.subjectId, item: of.itemId, note: '', seen: of.version })}
        >
          <Button loading={back.isPending}>{t(W.back)}</Button>
        </Popconfirm>
      )}
      {of.mayReturn && <Button onClick={() => setReturning(true)}>{t(W.home)}</Button>}
      {returning && <SendHome of={of} done={() => setReturning(false)} />}
    </section>
  )
}

const OPEN_MS = 5000
/** Where an item stands that is decided on another platform, or came from one; nothing for any other. */
export const TransferTrack = ({ subject, item }: { subject: string; item: string }) => {
  const query = useApi(
    endpoints.trackOfItem,
    { subject, item },
    {
      every: (d) => (d?.tracks.some((o) => o.state !== 'closed' && o.state !== 'returned') ? OPEN_MS : false),
    },
  )
  if (query.error) return <Failed problem={query.error} />
  return query.data?.tracks.map((of) => <Track key={of.id} of={of} />) ?? null
}
