import { Button, Radio } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import {
  type Duty,
  EFFECT_PART_WORDS,
  EFFECT_RESULTS,
  EFFECT_RESULT_WORDS,
  type EffectResult,
} from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'

const W = {
  open: { zh: '登记答复', en: 'Register its answer' },
  of: { zh: '登记答复：{name}，{part}', en: 'Register the answer of {name}: {part}' },
  title: { zh: '登记{name}的答复：{part}', en: '{name}: {part}' },
  said: { zh: '答复内容', en: 'What it said' },
  note: { zh: '答复方式（来函文号、来电人等）', en: 'How it said so (number of the letter, who rang)' },
} as const satisfies Record<string, Words>

/** What a peer said by letter or telephone about measures or evaluations; the credit office writes it down. */
export const ConfirmEffect = ({
  peerId,
  name,
  part,
  of,
}: {
  peerId: string
  name: Words
  part: Duty
  of: { subjectId: string; recordId: string }
}) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const [open, setOpen] = useState(false)
  const [result, setResult] = useState<EffectResult>('done')
  const confirm = useAct(endpoints.confirmEffect, () => setOpen(false))
  if (!has('credit_office')) return null
  const said = { name, part: EFFECT_PART_WORDS[part] }
  return (
    <>
      <Button size="small" aria-label={t(W.of, said)} onClick={() => setOpen(true)}>
        {t(W.open)}
      </Button>
      {open && (
        <AskReason
          id={`effect-${peerId}-${part}`}
          title={t(W.title, said)}
          ok={W.open}
          label={W.note}
          least={4}
          act={confirm}
          send={(note) => confirm.mutate({ id: peerId, ...of, part, result, note })}
          done={() => setOpen(false)}
        >
          <Radio.Group
            aria-label={t(W.said)}
            value={result}
            onChange={(e) => setResult(e.target.value as EffectResult)}
            options={EFFECT_RESULTS.map((r) => ({ value: r, label: t(EFFECT_RESULT_WORDS[part][r]) }))}
            style={{ marginBottom: 12 }}
          />
        </AskReason>
      )}
    </>
  )
}
