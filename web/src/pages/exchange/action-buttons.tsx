import { Button, Flex } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Words } from '../../../../src/kernel/words.ts'
import type { ApiProblem } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { Failed } from '../../ui/states.tsx'

const REASON_MIN = 2

/** What may be done now, as the API says: the first is the one to press, and one of them asks why before it is done. */
export const ActionButtons = <A extends string>({
  actions,
  words,
  act,
  send,
  reasoned,
  label,
  danger = false,
  children,
}: {
  actions: readonly A[]
  words: Record<A, Words>
  act: {
    isPending: boolean
    isSuccess: boolean
    error: ApiProblem | null
    variables?: { action: A } | undefined
    reset: () => void
  }
  send: (action: A, reason: string) => void
  /** The one that asks why, and what it asks. */
  reasoned: A
  label: Words
  danger?: boolean
  /** What that one brings about. */
  children?: ReactNode
}) => {
  const { t } = useLanguage()
  const [asking, setAsking] = useState(false)
  if (!actions.length) return null
  const ask = (open: boolean) => {
    act.reset()
    setAsking(open)
  }
  return (
    <>
      <Flex gap={8} wrap style={{ margin: '12px 0' }}>
        {actions.map((action, n) => (
          <Button
            key={action}
            type={n === 0 && action !== reasoned ? 'primary' : 'default'}
            danger={danger && action === reasoned}
            loading={act.isPending && act.variables?.action === action}
            disabled={act.isPending && act.variables?.action !== action}
            onClick={() => (action === reasoned ? ask(true) : send(action, ''))}
          >
            {t(words[action])}
          </Button>
        ))}
      </Flex>
      {act.error && !asking && <Failed problem={act.error} />}
      {asking && !act.isSuccess && (
        <AskReason
          id={`${reasoned}-reason`}
          title={t(words[reasoned])}
          ok={words[reasoned]}
          label={label}
          least={REASON_MIN}
          danger={danger}
          act={act}
          send={(reason) => send(reasoned, reason)}
          done={() => ask(false)}
        >
          {children}
        </AskReason>
      )}
    </>
  )
}
