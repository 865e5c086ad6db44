import { describe, expect, it } from 'vitest'
import {
  type Asker,
  PROPOSAL_ACTIONS,
  PROPOSAL_MOVES,
  PROPOSAL_STATES,
  type ProposalAction,
  type Proposed,
  decideProposal,
  proposalActions,
} from './proposals.ts'
import { refuse } from './decision.ts'
import { day } from './time.ts'

const TODAY = day('2026-11-23')
const CODES = {
  secondPerson: 'SECOND_PERSON',
  previewOpen: 'PREVIEW_UNFINISHED',
  reason: 'REASON_NEEDED',
  inForce: 'ALREADY_IN_FORCE',
  tooSoon: 'EFFECTIVE_TOO_SOON',
}
const decide = (p: Proposed, action: ProposalAction, asker: Asker, reason: string) =>
  decideProposal(p, action, asker, { reason, today: TODAY }, CODES)
const office = (ref: string) => ({ ref, roles: ['credit_office'] as const })
const proposal = (change: Partial<Proposed> = {}): Proposed => ({
  state: 'proposed',
  effectiveFrom: day('2026-12-01'),
  createdBy: 'one',
  proposedBy: 'one',
  preview: 'done',
  ...change,
})
const codes = (d: ReturnType<typeof decideProposal>) => (d.ok ? [] : d.refusals.map((r) => r.code))

describe('a proposal', () => {
  it('moves as its table says and in no other way, whoever asks', () => {
    for (const state of PROPOSAL_STATES)
      for (const action of PROPOSAL_ACTIONS) {
        const move = PROPOSAL_MOVES.find((m) => m.from === state && m.action === action)
        const said = decide(proposal({ state }), action, office('two'), '理由')
        if (move) expect(said, `${state} ${action}`).toEqual({ ok: true, value: move.to })
        else expect(codes(said), `${state} ${action}`).toEqual(['NO_SUCH_MOVE'])
      }
    const clerk = { ref: 'three', roles: ['window_clerk'] as const }
    expect(codes(decide(proposal(), 'approve', clerk, ''))).toEqual(['NOT_YOUR_MOVE'])
  })

  it.each<[string, Partial<Proposed>, string, string, string[]]>([
    ['who drew it up does not approve it', { proposedBy: 'two' }, 'approve', 'one', ['SECOND_PERSON']],
    ['nor who proposed it', { proposedBy: 'two' }, 'approve', 'two', ['SECOND_PERSON']],
    ['nor do they turn it down', {}, 'refuse', 'one', ['SECOND_PERSON']],
    ['nobody approves what was not looked at', { preview: 'running' }, 'approve', 'two', ['PREVIEW_UNFINISHED']],
    ['nor proposes it', { state: 'draft', preview: 'waiting' }, 'propose', 'one', ['PREVIEW_UNFINISHED']],
    ['its day has come before it was approved', { effectiveFrom: TODAY }, 'approve', 'two', ['EFFECTIVE_TOO_SOON']],
    ['it is in force', { state: 'approved', effectiveFrom: TODAY }, 'withdraw', 'two', ['ALREADY_IN_FORCE']],
    ['both at once', { preview: 'running' }, 'approve', 'one', ['SECOND_PERSON', 'PREVIEW_UNFINISHED']],
  ])('%s', (_, change, action, who, expected) => {
    const said = decide(proposal(change), action as 'approve', office(who), '理由')
    expect(codes(said)).toEqual(expected)
  })

  it('has the buttons of what one may do', () => {
    expect(proposalActions(proposal(), office('one'), TODAY)).toEqual(['withdraw'])
    expect(proposalActions(proposal(), office('two'), TODAY)).toEqual(['approve', 'refuse', 'withdraw'])
    expect(proposalActions(proposal({ state: 'approved', effectiveFrom: TODAY }), office('two'), TODAY)).toEqual([])
    expect(proposalActions(proposal(), { ref: 'x', roles: ['auditor'] }, TODAY)).toEqual([])
  })

  it('goes forward on a capability’s own conditions, and back without them', () => {
    const asked = { reason: '理由', today: TODAY }
    const own = [refuse('OUTDATED')]
    expect(codes(decideProposal(proposal(), 'approve', office('two'), asked, CODES, own))).toEqual(['OUTDATED'])
    expect(codes(decideProposal(proposal(), 'refuse', office('two'), asked, CODES, own))).toEqual([])
    expect(codes(decide(proposal(), 'refuse', office('two'), ''))).toEqual(['REASON_NEEDED'])
  })
})
