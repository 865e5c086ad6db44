import { Alert, Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/reminders/contract.ts'
import {
  LEVELS,
  LEVEL_WORDS,
  type Level,
  MATTER_WORDS,
  type Matter,
} from '../../../../src/capabilities/reminders/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantDay } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'

const W = {
  remind: { zh: '提醒', en: 'Remind' },
  one: { zh: '提醒“{name}”：{what}', en: 'Remind “{name}”: {what}' },
  hint: {
    zh: '逾期未处理的事项由平台自动逐级提醒；也可在此直接提醒上一级。',
    en: 'What stays open is reminded of level by level; here you may go up a level at once.',
  },
  level: { zh: '提醒层级', en: 'Level' },
  already: { zh: '{level}（{day}已提醒）', en: '{level} (reminded on {day})' },
  send: { zh: '发出提醒', en: 'Send' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  all: { zh: '各层级均已提醒，尚待处理。', en: 'Every level has been reminded; the matter is still open.' },
  sent: {
    zh: '提醒已发出，送达情况见消息与提醒。',
    en: 'The reminder is on its way; Reminders tells how far it has come.',
  },
} as const satisfies Record<string, Words>

type Of = { authorityId: string; name: string; what: Matter }

const Ask = ({ authorityId, name, what, done }: Of & { done: () => void }) => {
  const { t, lang } = useLanguage()
  const [chosen, setChosen] = useState<Level | null>(null)
  const open = useApi(endpoints.listReminders, { authorityId, what, state: 'open' })
  const act = useAct(endpoints.remind)
  const reminded = new Map(open.data?.rows.map((r) => [r.level, r.raisedAt]))
  const left = LEVELS.filter((l) => !reminded.has(l))
  const level = chosen ?? left[0]
  const sent = act.isSuccess
  return (
    <Modal
      open
      title={t(W.one, { name, what: t(MATTER_WORDS[what]) })}
      onCancel={done}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(sent ? W.close : W.send)}
      cancelText={t(W.cancel)}
      cancelButtonProps={sent ? { style: { display: 'none' } } : {}}
      okButtonProps={{ loading: act.isPending, disabled: !sent && (!open.data || level === undefined) }}
      onOk={() => (sent || level === undefined ? done() : act.mutate({ authorityId, what, level }))}
    >
      {sent ? (
        <output>
          <Alert type="success" showIcon title={t(W.sent)} />
        </output>
      ) : (
        <Shown query={open}>
          {() => (
            <>
              <p>{t(left.length ? W.hint : W.all)}</p>
              <Radio.Group
                aria-label={t(W.level)}
                vertical
                value={level}
                onChange={(e) => setChosen(e.target.value as Level)}
                options={LEVELS.map((l) => ({
                  value: l,
                  label: reminded.has(l)
                    ? t(W.already, { level: LEVEL_WORDS[l], day: instantDay(reminded.get(l), lang) })
                    : t(LEVEL_WORDS[l]),
                  disabled: reminded.has(l),
                }))}
              />
            </>
          )}
        </Shown>
      )}
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

/** Beside a figure that should not be there: the credit office reminds whoever it belongs to. */
export const Remind = (of: Of) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const [asking, setAsking] = useState(false)
  if (!has('credit_office')) return null
  return (
    <>
      <Button
        size="small"
        aria-label={t(W.one, { name: of.name, what: t(MATTER_WORDS[of.what]) })}
        onClick={() => setAsking(true)}
      >
        {t(W.remind)}
      </Button>
      {asking && <Ask {...of} done={() => setAsking(false)} />}
    </>
  )
}
