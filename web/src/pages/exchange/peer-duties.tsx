import { Button, Checkbox, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { type PeerView, endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import { DUTIES, DUTY_WORDS, type Duty } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { colon, dayWords } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '惩戒和评价', en: 'Measures and evaluation' },
  none: {
    zh: '该单位没有登记为实施失信惩戒措施或者开展信用评价的单位，撤下通知中不要求其解除措施、更新评价。',
    en: 'It is registered as neither applying measures nor evaluating, and is not asked for either with withdrawals.',
  },
  some: {
    zh: '每次撤下通知均要求该单位办理下列事项并答复：',
    en: 'With each withdrawal it is asked for the following, and to answer:',
  },
  since: { zh: '{basis}，自{day}起', en: '{basis}, since {day}' },
  edit: { zh: '登记惩戒、评价职责', en: 'Set measures and evaluation' },
  basisZh: { zh: '{duty}的依据（中文）', en: '{duty}: basis (Chinese)' },
  basisEn: { zh: '{duty}的依据（英文）', en: '{duty}: basis (English)' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

type Held = Partial<Record<Duty, Words>>
const DutiesForm = ({ peer, done }: { peer: PeerView; done: () => void }) => {
  const { t } = useLanguage()
  const [held, setHeld] = useState<Held>(() => Object.fromEntries(peer.duties.map((d) => [d.part, d.basis])))
  const save = useAct(endpoints.setPeerDuties, done)
  const duties = DUTIES.flatMap((part) => (held[part] ? [{ part, basis: held[part] }] : []))
  const whole = duties.every(({ basis }) => basis.zh.trim() && basis.en.trim())
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.edit)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.save)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: save.isPending, disabled: !whole }}
      onOk={() => save.mutate({ id: peer.id, duties, seen: peer.version })}
    >
      <Form layout="vertical">
        {DUTIES.map((part) => (
          <div key={part}>
            <Checkbox
              checked={held[part] !== undefined}
              onChange={(e) => setHeld({ ...held, [part]: e.target.checked ? { zh: '', en: '' } : undefined })}
            >
              {t(DUTY_WORDS[part])}
            </Checkbox>
            {held[part] &&
              (['zh', 'en'] as const).map((lang) => (
                <Form.Item
                  key={lang}
                  label={t(lang === 'zh' ? W.basisZh : W.basisEn, { duty: DUTY_WORDS[part] })}
                  htmlFor={`duty-${part}-${lang}`}
                  required
                  style={{ marginTop: 8 }}
                >
                  <Input
                    id={`duty-${part}-${lang}`}
                    maxLength={500}
                    value={held[part]?.[lang] ?? ''}
                    onChange={(e) =>
                      setHeld({ ...held, [part]: { zh: '', en: '', ...held[part], [lang]: e.target.value } })
                    }
                  />
                </Form.Item>
              ))}
          </div>
        ))}
      </Form>
      {save.error && <Failed problem={save.error} />}
    </Modal>
  )
}

/** Whether a peer applies measures or evaluates, by what basis: with each withdrawal it is asked for that too (Order 36 art. 3). */
export const PeerDuties = ({ peer }: { peer: PeerView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const [editing, setEditing] = useState(false)
  return (
    <section style={{ marginTop: 24 }}>
      <h2>{t(W.title)}</h2>
      <p>{t(peer.duties.length ? W.some : W.none)}</p>
      {peer.duties.length > 0 && (
        <ul>
          {peer.duties.map((d) => (
            <li key={d.part}>
              {t(DUTY_WORDS[d.part])}
              {colon(lang)}
              {t(W.since, { basis: d.basis, day: dayWords(d.since.slice(0, 10), lang) })}
            </li>
          ))}
        </ul>
      )}
      {has('credit_office') && <Button onClick={() => setEditing(true)}>{t(W.edit)}</Button>}
      {editing && <DutiesForm peer={peer} done={() => setEditing(false)} />}
    </section>
  )
}
