import { Alert, Button, Flex, Tag } from 'antd'
import {
  PROPOSAL_ACTION_WORDS,
  PROPOSAL_STATE_WORDS,
  type ProposalAction,
  type ProposalState,
} from '../../../src/kernel/proposals.ts'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { useSession } from '../app/session.tsx'
import { AskReason } from './ask-reason.tsx'
import { dayWords, instantWords } from './format.ts'

const W = {
  inForce: { zh: '已施行', en: 'In force' },
  from: { zh: '施行日期', en: 'In force from' },
  reason: { zh: '变更理由', en: 'Reason' },
  created: { zh: '拟定', en: 'Drawn up' },
  proposed: { zh: '提请', en: 'Proposed' },
  decided: { zh: '决定', en: 'Decided' },
  by: { zh: '{name}，{at}', en: '{name}, {at}' },
  second: {
    zh: '您是拟定或者提请的人，须由信用办另一人批准。',
    en: 'You drew it up or proposed it; another person of the credit office must approve.',
  },
  why: { zh: '理由', en: 'Reason' },
  optional: { zh: '意见（选填）', en: 'Remark (optional)' },
  one: { zh: '{action}：{title}', en: '{action}: {title}' },
} as const satisfies Record<string, Words>

const COLOURS: Record<ProposalState, string> = {
  draft: 'blue',
  proposed: 'gold',
  approved: 'green',
  refused: 'red',
  withdrawn: 'default',
}
export const ProposalTag = ({ state, inForce }: { state: ProposalState; inForce: boolean }) => {
  const { t } = useLanguage()
  return <Tag color={COLOURS[state]}>{t(inForce ? W.inForce : PROPOSAL_STATE_WORDS[state])}</Tag>
}

type Person = { name: string; at: string }
/** What a page of a proposal knows of it, whatever is proposed. */
export type ProposalRow = {
  id: string
  version: number
  state: ProposalState
  effectiveFrom: string
  reason: string
  mine: boolean
  actions: readonly ProposalAction[]
  created: Person
  proposed: Person | null
  decided: (Person & { decision: string }) | null
}

/** Entries of a list of facts: from when, why, who drew it up, proposed it and decided. */
export const useProposalFacts = () => {
  const { t, lang } = useLanguage()
  const when = (who: Person | null) => (who ? t(W.by, { name: who.name, at: instantWords(who.at, lang) }) : '—')
  return (p: ProposalRow) => ({
    about: [
      { key: 'from', label: t(W.from), children: dayWords(p.effectiveFrom, lang) },
      { key: 'reason', label: t(W.reason), children: p.reason },
    ],
    people: [
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
    ],
  })
}

const isForward = (action: ProposalAction) => action === 'propose' || action === 'approve'
const isBack = (action: ProposalAction) => action === 'refuse' || action === 'withdraw'

/** The buttons of what one may do; whoever drew it up is told that another person decides. */
export const ProposalButtons = ({
  proposal: p,
  waits,
  choose,
}: {
  proposal: ProposalRow
  /** Nothing goes forward yet: the preview still runs, or is of yesterday. */
  waits: boolean
  choose: (action: ProposalAction) => void
}) => {
  const { t } = useLanguage()
  const { has } = useSession()
  return (
    <>
      {has('credit_office') && p.mine && p.state === 'proposed' && (
        <Alert type="info" showIcon title={t(W.second)} style={{ marginTop: 12 }} />
      )}
      {p.actions.length > 0 && (
        <Flex gap={8} wrap style={{ marginTop: 12 }}>
          {p.actions.map((a) => (
            <Button
              key={a}
              type={isForward(a) ? 'primary' : 'default'}
              danger={isBack(a)}
              disabled={isForward(a) && waits}
              onClick={() => choose(a)}
            >
              {t(PROPOSAL_ACTION_WORDS[a])}
            </Button>
          ))}
        </Flex>
      )}
    </>
  )
}

type Sent = { id: string; action: ProposalAction; seen: number; reason: string }
/** Asks once more, with what the step brings about, and takes the reason down. */
export const ActOnProposal = ({
  proposal: p,
  title,
  action,
  hint,
  act,
  done,
}: {
  proposal: ProposalRow
  title: Words
  action: ProposalAction
  /** What going forward brings about; `{day}` is the first day. */
  hint: Words
  act: { mutate: (input: Sent) => void; isPending: boolean; error: ApiProblem | null }
  done: () => void
}) => {
  const { t, lang } = useLanguage()
  const needed = action === 'refuse'
  return (
    <AskReason
      id="proposal-reason"
      title={t(W.one, { action: t(PROPOSAL_ACTION_WORDS[action]), title: t(title) })}
      ok={PROPOSAL_ACTION_WORDS[action]}
      label={needed ? W.why : W.optional}
      least={needed ? 1 : 0}
      danger={isBack(action)}
      act={act}
      send={(reason) => act.mutate({ id: p.id, action, seen: p.version, reason })}
      done={done}
    >
      {isForward(action) && <p>{t(hint, { day: dayWords(p.effectiveFrom, lang) })}</p>}
    </AskReason>
  )
}
