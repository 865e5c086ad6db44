import { Button, Flex, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { ANNUL_CAUSES, type AnnulCause, endpoints } from '../../../../src/capabilities/records/contract.ts'
import { ANNUL_CAUSE_WORDS, CHANNEL_WORDS, DISPOSITION_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, dayWords, instantWords, lawWords } from '../../ui/format.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { Change } from '../collection/mends.tsx'
import { ObjectionsOfRecord } from '../objections/of-record.tsx'
import { KeepShown } from '../repair/keep-shown.tsx'

const W = {
  none: {
    zh: '该信息没有更正、修复、撤销等处置，内容与首次报送时一致。',
    en: 'Nothing has happened to this record; it says what it said when it was first reported.',
  },
  effective: { zh: '{where}，自{day}起生效', en: '{where}, from {day}' },
  everywhere: { zh: '全部渠道', en: 'every channel' },
  dispositions: { zh: '处置', en: 'What happened' },
  versions: { zh: '历次更正', en: 'Versions' },
  version: { zh: '第 {to} 版，{at}', en: 'Version {to}, {at}' },
  byRules: {
    zh: '规则变更，公示期重新计算；内容没有变化。',
    en: 'The rules changed: windows were computed anew; what it says is as it was.',
  },
  same: { zh: '公开可见的内容没有变化。', en: 'Nothing that is shown was changed.' },
  annul: { zh: '撤销该信息', en: 'Annul this record' },
  annulHint: {
    zh: '撤销不是删除：该信息立即停止公示，并通知已获取该信息的各方；内部档案中保留，标明撤销和理由。',
    en: 'It is not deleted: it is withdrawn everywhere at once and stays on the internal file, marked as annulled, with the reason.',
  },
  reinstate: { zh: '恢复该信息', en: 'Reinstate this record' },
  reinstateHint: {
    zh: '仅用于误撤销的情形。恢复后按原公示期限继续公示。',
    en: 'For a record annulled by mistake. It is shown again for what is left of its term.',
  },
  cause: { zh: '撤销事由', en: 'Cause' },
  reason: { zh: '理由说明', en: 'Reason' },
  annulledOn: { zh: '决定被撤销或者变更的日期（选填）', en: 'Day on which it was annulled or changed (optional)' },
  inTime: {
    zh: '{from}撤销或者变更，应于{due}前撤回，已按期撤回。',
    en: 'Annulled or changed on {from}, due by {due}: withdrawn in time.',
  },
  late: {
    zh: '{from}撤销或者变更，应于{due}前撤回，逾期撤回。',
    en: 'Annulled or changed on {from}, due by {due}: withdrawn late.',
  },
  confirm: { zh: '确认撤销', en: 'Annul' },
  confirmBack: { zh: '确认恢复', en: 'Reinstate' },
  cancel: { zh: '返回', en: 'Back' },
} as const satisfies Record<string, Words>

const REASON_LEAST = 4

/** What became of a record, what each version changed, and what its own authority may do about it. */
export const History = ({ id }: { id: string }) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.getRecordHistory, { id })
  return (
    <Shown query={query}>
      {(data) => (
        <>
          {data.dispositions.length + data.versions.length === 0 && <Nothing why={W.none} />}
          {data.dispositions.length > 0 && (
            <>
              <h2>{t(W.dispositions)}</h2>
              <ul className="xh-mends">
                {data.dispositions.map((d) => (
                  <li key={d.id}>
                    <strong>{t(DISPOSITION_WORDS[d.kind])}</strong>
                    {bracketed(
                      t(W.effective, {
                        where: d.channel ? CHANNEL_WORDS[d.channel] : W.everywhere,
                        day: dayWords(d.effectiveFrom, lang),
                      }),
                      lang,
                    )}{' '}
                    {d.reason}
                    {d.term && (
                      <div>
                        {t(d.term.late ? W.late : W.inTime, {
                          from: dayWords(d.term.startedOn, lang),
                          due: dayWords(d.term.dueOn, lang),
                        })}
                        {bracketed(lawWords(d.term.instrument, d.term.article, lang), lang)}
                      </div>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
          {data.versions.length > 0 && (
            <>
              <h2>{t(W.versions)}</h2>
              {data.versions.map((v) => (
                <section key={v.version} className="xh-row">
                  <strong>{t(W.version, { to: v.version + 1, at: instantWords(v.replacedAt, lang) })}</strong>
                  {v.byRules ? <div>{t(W.byRules)}</div> : v.changes.length === 0 && <div>{t(W.same)}</div>}
                  <ul className="xh-mends">
                    {v.changes.map((c) => (
                      <li key={c.label}>
                        <strong>{c.label}</strong> <Change was={c.was} became={c.becomes} />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </>
          )}
          {data.mayAnnul && <ObjectionsOfRecord record={id} />}
          {data.mayAnnul && <KeepShown subject={data.record.subjectId} record={id} />}
          {data.mayAnnul && <Annul id={id} seen={data.record.version} />}
          {data.mayReinstate && <Reinstate id={id} seen={data.record.version} />}
        </>
      )}
    </Shown>
  )
}

const Annul = ({ id, seen }: { id: string; seen: number }) => {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const [cause, setCause] = useState<AnnulCause>('set_aside')
  const [reason, setReason] = useState('')
  const [annulledOn, setAnnulledOn] = useState('')
  const act = useAct(endpoints.annulRecord, () => setOpen(false))
  if (!open)
    return (
      <Button danger style={{ marginTop: 12 }} onClick={() => setOpen(true)}>
        {t(W.annul)}
      </Button>
    )
  return (
    <Form layout="vertical" style={{ marginTop: 12, maxWidth: 560 }}>
      <p>{t(W.annulHint)}</p>
      <Form.Item label={t(W.cause)} htmlFor={`cause-${id}`}>
        <Select
          id={`cause-${id}`}
          value={cause}
          onChange={setCause}
          options={ANNUL_CAUSES.map((c) => ({ value: c, label: t(ANNUL_CAUSE_WORDS[c]) }))}
        />
      </Form.Item>
      <Form.Item label={t(W.annulledOn)} htmlFor={`on-${id}`}>
        <Input id={`on-${id}`} type="date" value={annulledOn} onChange={(e) => setAnnulledOn(e.target.value)} />
      </Form.Item>
      <Form.Item label={t(W.reason)} htmlFor={`reason-${id}`} required>
        <Input.TextArea
          id={`reason-${id}`}
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
        />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          danger
          type="primary"
          loading={act.isPending}
          disabled={reason.trim().length < REASON_LEAST}
          onClick={() => act.mutate({ id, seen, cause, reason, ...(annulledOn ? { annulledOn } : {}) })}
        >
          {t(W.confirm)}
        </Button>
        <Button onClick={() => setOpen(false)}>{t(W.cancel)}</Button>
      </Flex>
    </Form>
  )
}

const Reinstate = ({ id, seen }: { id: string; seen: number }) => {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct(endpoints.reinstateRecord, () => setOpen(false))
  if (!open)
    return (
      <Button style={{ marginTop: 12 }} onClick={() => setOpen(true)}>
        {t(W.reinstate)}
      </Button>
    )
  return (
    <Form layout="vertical" style={{ marginTop: 12, maxWidth: 560 }}>
      <p>{t(W.reinstateHint)}</p>
      <Form.Item label={t(W.reason)} htmlFor={`back-${id}`} required>
        <Input.TextArea
          id={`back-${id}`}
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
        />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={act.isPending}
          disabled={reason.trim().length < REASON_LEAST}
          onClick={() => act.mutate({ id, seen, reason })}
        >
          {t(W.confirmBack)}
        </Button>
        <Button onClick={() => setOpen(false)}>{t(W.cancel)}</Button>
      </Flex>
    </Form>
  )
}
