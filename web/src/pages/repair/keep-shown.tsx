import { Button } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/repair/contract.consequences.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { bracketed, lastDayShown, lawWords } from '../../ui/format.ts'

const W = {
  keep: { zh: '期满继续公示', en: 'Keep shown beyond its period' },
  hint: {
    zh: '该信息在信用网站公示至{day}。义务尚未履行完毕，且本行业规定期满继续公示的，可以继续公示，至义务履行完毕并修复为止。',
    en: 'On the credit website it is shown up to {day}. Where duties are not performed and the sector’s rules keep it shown, it stays until they are and it is repaired.',
  },
  reason: { zh: '尚未履行的义务', en: 'Duties not performed' },
  confirm: { zh: '确认继续公示', en: 'Keep it shown' },
} as const satisfies Record<string, Words>
const REASON_LEAST = 2

/** Order 36 art. 12(2), for the record's own authority; nothing is offered where no sector's rule is loaded. */
export const KeepShown = ({ subject, record }: { subject: string; record: string }) => {
  const { t, lang } = useLanguage()
  const [open, setOpen] = useState(false)
  const { has } = useSession()
  const may = useApi(endpoints.mayKeepShown, { subject, record }, { enabled: has('officer') || has('head') })
  const act = useAct(endpoints.keepShown, () => setOpen(false))
  const basis = may.data?.basis
  if (!basis) return null
  return (
    <>
      <Button style={{ marginTop: 12 }} onClick={() => setOpen(true)}>
        {t(W.keep)}
      </Button>
      {open && (
        <AskReason
          id={`keep-${record}`}
          title={t(W.keep)}
          ok={W.confirm}
          label={W.reason}
          least={REASON_LEAST}
          act={act}
          send={(reason) => act.mutate({ subject, record, reason })}
          done={() => setOpen(false)}
        >
          <p>
            {t(W.hint, { day: lastDayShown(basis.until, lang) })}
            {bracketed(lawWords(basis.instrument, basis.article, lang), lang)}
          </p>
        </AskReason>
      )}
    </>
  )
}
