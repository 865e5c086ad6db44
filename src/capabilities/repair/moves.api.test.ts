import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, startPlatform } from '../../../test/harness.ts'
import { type RecordKind, at, newRecord, newSubject, signedIn, submitted, worker } from '../../../test/repair-world.ts'
import { inTx } from '../../platform/outbox.ts'
import { type DoneThere, doneThere, passOn } from './service.passage.ts'

/** The moves that no story of the other tests makes, each once and as its people make it. */
describe('moves of an item that are seldom made', () => {
  let p: Platform
  beforeAll(async () => {
    p = await startPlatform()
  })
  afterAll(() => p.close())

  const officerOf = () => worker(p, 'officer', p.world.authorities.traffic)
  const received = async (kind?: 'shield', of: RecordKind = 'penalty') => {
    const subject = await newSubject(p)
    const record = await newRecord(p, { subject, kind: of })
    const app = await submitted(subject.company, {
      subject: subject.subjectId,
      records: [record],
      ...(kind ? { kind } : {}),
    })
    return { subject, item: app.items[0]! }
  }

  it.each([
    ['repair', undefined, 'proof_of_performance'],
    ['shield', 'shield', 'court_ruling'],
  ] as const)('a %s lapses by the hand of its authority, where a place sets a term', async (_kind, shield, missing) => {
    const { item } = await received(shield)
    const asked = await (await officerOf()).askOnce({ ...at(item), missing: [{ kind: missing, text: '请补交' }] })
    const row = p.runtime.policy.settings.find((s) => s.key === 'mending_lapses' && s.system === 'credit_china')!
    const before = row.value
    row.value = { enabled: true, after: 'P1M' }
    p.clock.advance({ days: 31 })
    const lapsed = await (await officerOf()).lapseItem({ ...at(asked), reason: '逾期未补正' })
    expect(lapsed).toMatchObject({ state: 'lapsed', clock: null })
    row.value = before
    p.clock.advance({ days: -31 })
  })

  it('a shield is asked about once, and may be turned away', async () => {
    const { subject, item } = await received('shield')
    const officer = await officerOf()
    const asked = await officer.askOnce({ ...at(item), missing: [{ kind: 'court_ruling', text: '请补交裁定书' }] })
    expect(asked.state).toBe('mending')
    const back = await subject.company.mendItem({ ...at(asked), note: '已补交' })
    expect(back.state).toBe('received')
    const no = await officer.notAcceptItem({ ...at(back), reason: '裁定书与申请主体不符' })
    expect(no.state).toBe('not_accepted')
  })

  it('and ends where its paper is false, by two people', async () => {
    const { item } = await received('shield')
    const proposed = await (await officerOf()).findForged({ ...at(item), reason: '裁定书系伪造，已向法院核实' })
    const head = await worker(p, 'head', p.world.authorities.traffic)
    const ended = await head.confirmProposal({ ...at(proposed), note: '同意' })
    expect(ended.state).toBe('ended_forged')
  })

  it.each<[kind: 'repair' | 'shield', there: DoneThere[], state: string]>([
    ['repair', ['not_accepted'], 'not_accepted'],
    ['repair', ['ended_forged'], 'ended_forged'],
    ['repair', ['lapsed'], 'lapsed'],
    ['repair', ['granted', 'revoked'], 'revoked'],
    ['shield', ['not_accepted'], 'not_accepted'],
    ['shield', ['ended_forged'], 'ended_forged'],
    ['shield', ['lapsed'], 'lapsed'],
  ])('a %s that another platform decides: %j', async (kind, there, state) => {
    const { subject, item } = await received(kind === 'shield' ? 'shield' : undefined)
    const key = { subject: item.subjectId, item: item.id, authorityId: p.world.authorities.traffic }
    expect(await inTx(p.ctx(), (tx) => passOn(tx, p.ctx(), { ...key, note: '移送' }))).toBe(true)
    for (const what of there) {
      const of = { what, note: '对方平台办结', letter: null, missing: [] }
      expect(await inTx(p.ctx(), (tx) => doneThere(tx, p.ctx(), key, of)), what).toBe(true)
    }
    const company = await signedIn(p, subject.login)
    const app = await company.getApplication({ subject: item.subjectId, id: item.applicationId })
    expect(app.items[0]!.state).toBe(state)
  })
})
