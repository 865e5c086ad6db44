import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../platform/policy-files.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { type Proposed, actionsOn, addFaults, decideOn, mayFollow, newFaults } from './rules.ts'
import { MOVES, PROPOSAL_ACTIONS, PROPOSAL_STATES } from './states.ts'

const TODAY = day('2026-11-23')
const office = (ref: string) => ({ ref, roles: ['credit_office'] as const })
const proposal = (change: Partial<Proposed> = {}): Proposed => ({
  state: 'proposed',
  effectiveFrom: day('2026-12-01'),
  createdBy: 'one',
  proposedBy: 'one',
  preview: 'done',
  ...change,
})
const codes = (d: ReturnType<typeof decideOn>) => (d.ok ? [] : d.refusals.map((r) => r.code))

describe('a proposal', () => {
  it('moves as its table says and in no other way, whoever asks', () => {
    for (const state of PROPOSAL_STATES)
      for (const action of PROPOSAL_ACTIONS) {
        const move = MOVES.find((m) => m.from === state && m.action === action)
        const said = decideOn(proposal({ state }), action, office('two'), { reason: '理由', today: TODAY })
        if (move) expect(said, `${state} ${action}`).toEqual({ ok: true, value: move.to })
        else expect(codes(said), `${state} ${action}`).toEqual(['NO_SUCH_MOVE'])
      }
    const clerk = { ref: 'three', roles: ['window_clerk'] as const }
    expect(codes(decideOn(proposal(), 'approve', clerk, { reason: '', today: TODAY }))).toEqual(['NOT_YOUR_MOVE'])
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
    const said = decideOn(proposal(change), action as 'approve', office(who), { reason: '理由', today: TODAY })
    expect(codes(said)).toEqual(expected)
  })

  it('has the buttons of what one may do', () => {
    expect(actionsOn(proposal(), office('one'), TODAY)).toEqual(['withdraw'])
    expect(actionsOn(proposal(), office('two'), TODAY)).toEqual(['approve', 'refuse', 'withdraw'])
    expect(actionsOn(proposal({ state: 'approved', effectiveFrom: TODAY }), office('two'), TODAY)).toEqual([])
    expect(actionsOn(proposal(), { ref: 'x', roles: ['auditor'] }, TODAY)).toEqual([])
  })
})

describe('a version', () => {
  const { catalog } = loadPolicy('440100')
  const honour = catalog.find((c) => c.code === 'honour') as CatalogItem
  const next = (from: string, change: Partial<CatalogItem> = {}): CatalogItem => ({
    ...honour,
    sharing: 'conditional',
    validFrom: day(from),
    ...change,
  })
  const why = (item: CatalogItem) => {
    const said = mayFollow(catalog, item, TODAY)
    return said.ok ? [] : said.refusals.map((r) => r.code)
  }
  it('follows the one in force, from tomorrow on', () => {
    expect(why(next('2026-11-24'))).toEqual([])
    expect(why(next('2026-11-23'))).toEqual(['EFFECTIVE_TOO_SOON'])
    expect(why(next('2024-02-18'))).toEqual(['NO_SUCH_CATALOG_ITEM'])
  })
  it('is told everything at once', () => {
    expect(why(next('2026-11-23', { publicity: 'none' }))).toEqual(['EFFECTIVE_TOO_SOON', 'ITEM_FIXED'])
    expect(why(next('2026-12-01', { sharing: 'unconditional' }))).toEqual(['NOTHING_CHANGES'])
    expect(why(next('2026-12-01', { code: 'score' }))).toEqual(['NO_SUCH_CATALOG_ITEM'])
  })
})

describe('the faults of what is held', () => {
  const fault = (field: string, code: string) => ({ field, code })
  it('are those that the change alone brings about', () => {
    const held = [fault('fine', 'required'), fault('uscc', 'uscc_check')]
    const next = [fault('fine', 'required'), fault('fine', 'not_money'), fault('sponsor', 'required')]
    expect(newFaults(held, next)).toEqual([fault('fine', 'not_money'), fault('sponsor', 'required')])
  })
  it('count once a record', () => {
    const counts = new Map<string, number>()
    addFaults(counts, [fault('a', 'x'), fault('a', 'x'), fault('b', 'y')])
    addFaults(counts, [fault('a', 'x')])
    expect([...counts]).toEqual([
      ['a|x', 2],
      ['b|y', 1],
    ])
  })
})
