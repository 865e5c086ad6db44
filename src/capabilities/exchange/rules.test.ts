import { describe, expect, it } from 'vitest'
import { openConnections, post } from './push.request.ts'
import { day } from '../../kernel/time.ts'
import type { HolderView } from './contract.ts'
import { effectOf } from './rules.effect.ts'
import {
  askedOf,
  type Delivery,
  type News,
  handingOf,
  holderState,
  holdingOf,
  withdrawalOn,
  servedHanding,
  spellOn,
  serviceOf,
  watchesOver,
} from './rules.ts'

const news = (commitN: number, withdrawn: boolean, channels = ['credit_china', 'necips']): News => ({
  at: `2026-11-${String(commitN).padStart(2, '0')}T02:00:00Z`,
  commitN,
  withdrawn,
  channels,
  reason: withdrawn ? 'repaired' : 'restored',
})
const delivery = (commitN: number, handing: Delivery['handing'], outcome: Delivery['outcome'] = null): Delivery => ({
  eventId: `e${commitN}`,
  commitN,
  handing,
  sentAt: `2026-11-${String(commitN).padStart(2, '0')}T03:00:00Z`,
  ackedAt: outcome ? `2026-11-${String(commitN).padStart(2, '0')}T04:00:00Z` : null,
  outcome,
  note: '',
})

describe('the withdrawal in force', () => {
  it.each<[string, News[], number | null]>([
    ['none while nothing was taken down', [], null],
    ['the first, when it is taken down twice', [news(2, true), news(3, true)], 2],
    ['none after it is shown again', [news(2, true), news(3, false)], null],
    ['the later one after it was shown again', [news(2, true), news(3, false), news(5, true)], 5],
    ['not on a channel that it does not concern', [news(2, true, ['necips'])], null],
  ])('is %s', (_, all, expected) => {
    expect(withdrawalOn(all, 'credit_china')?.commitN ?? null).toBe(expected)
  })
})

describe('the withdrawal that one receipt is about', () => {
  const [down, back, again] = [news(3, true), news(5, false), news(7, true)]
  const site = 'credit_china'
  it.each<[string, News[], News, [number, number | null] | null]>([
    ['stands while nothing came of it', [down], down, [3, null]],
    ['ends with the first word that shows it again', [down, back], down, [3, 5]],
    ['stays what it was when it is withdrawn once more', [down, back, again], down, [3, 5]],
    ['of the second is the second', [down, back, again], again, [7, null]],
    ['began with whatever took it down before', [news(2, true), down, back], down, [2, 5]],
    ['is none on a channel that it does not touch', [news(3, true, ['necips'])], news(3, true, ['necips']), null],
    ['goes on while another channel shows it again', [down, news(5, false, ['necips'])], down, [3, null]],
  ])('%s', (_, all, at, expected) => {
    const spell = spellOn(all, site, at)
    expect(spell && [spell.withdrawal.commitN, spell.end?.commitN ?? null]).toEqual(expected)
  })
})

describe('what a peer is handed', () => {
  it.each([
    ['record.published', true, false, 'publish'],
    ['record.published', true, true, 'update'],
    ['record.updated', true, false, 'publish'],
    ['record.published', false, false, 'skip'],
    ['record.published', false, true, 'skip'],
    ['record.withdrawn', false, false, 'skip'],
    ['record.withdrawn', false, true, 'withdraw'],
    ['record.updated', false, true, 'withdraw'],
    ['record.withdrawn', true, true, 'update'],
  ] as const)('%s, shown %s, held %s: %s', (kind, shown, held, expected) => {
    expect(handingOf(kind, shown, held)).toBe(expected)
  })
})

describe('where a holder stands', () => {
  const due = day('2026-11-10')
  const stand = (deliveries: Delivery[], today: string, withdrawal: News | null = news(5, true)) => {
    const holding = holdingOf(deliveries, withdrawal)
    return holding && holderState(holding, withdrawal !== null, due, day(today))
  }
  const had = delivery(1, 'publish', 'applied')
  it.each<[string, Delivery[], string, string | null]>([
    ['waiting until it fetches the withdrawal', [had], '2026-11-06', 'waiting'],
    ['sent until it acknowledges', [had, delivery(5, 'withdraw')], '2026-11-10', 'sent'],
    ['late on the day after the last day', [had, delivery(5, 'withdraw')], '2026-11-11', 'late'],
    ['late too when it never fetched it', [had], '2026-11-11', 'late'],
    ['acknowledged', [had, delivery(5, 'withdraw', 'applied')], '2026-12-11', 'acknowledged'],
    [
      'acknowledged by a later word',
      [had, delivery(5, 'withdraw'), delivery(7, 'withdraw', 'already')],
      '2026-12-11',
      'acknowledged',
    ],
    ['refused when it sends the withdrawal back', [had, delivery(5, 'withdraw', 'refused')], '2026-12-11', 'refused'],
    ['not done by what it acknowledged before', [had, delivery(3, 'withdraw', 'applied')], '2026-11-06', 'waiting'],
    ['nobody when it sent the record itself back', [delivery(1, 'publish', 'refused')], '2026-11-06', null],
  ])('is %s', (_, deliveries, today, expected) => {
    expect(stand(deliveries, today)).toBe(expected)
  })
  it('is holding while nothing was withdrawn', () => {
    expect(stand([had], '2027-01-01', null)).toBe('holding')
  })
})

describe('the effect of a repair (Order 36 art. 3)', () => {
  const holder = (over: Partial<HolderView>): HolderView => ({
    peerId: '0193e1f0-0000-7000-8000-000000000001',
    name: { zh: '甲', en: 'A' },
    kind: 'third_party',
    state: 'acknowledged',
    heldSince: null,
    sentAt: null,
    acknowledgedAt: '2026-11-24T02:00:00Z',
    dueOn: null,
    takeDownBy: null,
    verifiedAt: null,
    deadAt: null,
    peerState: null,
    note: '',
    asked: [],
    ...over,
  })
  const own = holder({ peerId: null, kind: null, acknowledgedAt: '2026-11-23T02:00:00Z' })
  const states = (holders: HolderView[]) => effectOf('2026-11-23T02:00:00Z', holders).map((e) => e.state)
  it('is nothing before it is withdrawn', () => expect(effectOf(null, [own])).toEqual([]))
  it('is proven by acknowledgements, and says so where nobody is concerned', () => {
    expect(states([own])).toEqual(['done', 'done', 'nobody', 'nobody'])
    expect(
      states([own, holder({ kind: 'authority_portal', state: 'sent', acknowledgedAt: null }), holder({})]),
    ).toEqual(['under_way', 'done', 'nobody', 'nobody'])
    expect(states([own, holder({ state: 'late', acknowledgedAt: null })])[1]).toBe('late')
    expect(effectOf('2026-11-23T02:00:00Z', [own, holder({})])[1]).toMatchObject({ at: '2026-11-24T02:00:00Z' })
  })
  it('does not count who holds it rightly, nor a site that never showed it', () => {
    expect(states([holder({ ...own, state: 'holding' }), holder({ state: 'holding' })])[0]).toBe('done')
    expect(effectOf('2026-11-23T02:00:00Z', [])[0]!.proof.zh).toContain('未在本平台公示网站公示')
    expect(effectOf('2026-11-23T02:00:00Z', [holder({ ...own, state: 'holding' })])[0]!.proof.zh).toContain(
      '仍按原期限',
    )
  })
})

describe('who was asked about measures and evaluations, and what they said', () => {
  const basis = { zh: '部门规章', en: 'A rule' }
  const duty = (part: 'measures' | 'evaluation', since: string) => ({ part, basis, since })
  const said = (eventId: string, part: 'measures' | 'evaluation', result: 'done' | 'none' = 'done') => ({
    eventId,
    part,
    result,
    at: '2026-11-07T02:00:00Z',
    by: 'peer' as const,
    note: '',
  })
  const held = delivery(1, 'publish', 'applied')
  const asked = (
    told: Delivery[],
    duties: ReturnType<typeof duty>[],
    answers: ReturnType<typeof said>[],
    today = '2026-11-06',
  ) =>
    askedOf(holdingOf([held, ...told], news(5, true))!, duties, answers, day('2026-11-10'), day(today)).map((a) => [
      a.part,
      a.state,
    ])
  const before = duty('measures', '2026-11-01T00:00:00Z')
  it.each<[string, Delivery[], ReturnType<typeof duty>[], ReturnType<typeof said>[], string, string[][]]>([
    ['nobody whose profile names nothing', [delivery(5, 'withdraw')], [], [], '2026-12-01', []],
    ['asked before it has fetched it', [], [before], [], '2026-11-06', [['measures', 'waiting']]],
    [
      'late after the last day',
      [delivery(5, 'withdraw', 'applied')],
      [before],
      [],
      '2026-11-11',
      [['measures', 'late']],
    ],
    [
      'answered: done',
      [delivery(5, 'withdraw')],
      [before],
      [said('e5', 'measures')],
      '2026-12-01',
      [['measures', 'done']],
    ],
    [
      'answered: nothing was in place',
      [delivery(5, 'withdraw')],
      [before],
      [said('e5', 'measures', 'none')],
      '2026-12-01',
      [['measures', 'none']],
    ],
    [
      'not by what it said of an earlier withdrawal',
      [delivery(5, 'withdraw')],
      [before],
      [said('e3', 'measures')],
      '2026-11-06',
      [['measures', 'waiting']],
    ],
    [
      'not asked for what its profile names only since',
      [delivery(5, 'withdraw')],
      [duty('measures', '2026-11-08T00:00:00Z')],
      [],
      '2026-12-01',
      [],
    ],
    [
      'what it has answered stands when the profile changes',
      [delivery(5, 'withdraw')],
      [],
      [said('e5', 'evaluation')],
      '2026-12-01',
      [['evaluation', 'done']],
    ],
  ])('%s', (_, told, duties, answers, today, expected) => expect(asked(told, duties, answers, today)).toEqual(expected))

  it('makes a row of the table: under way, late, done; with names and days', () => {
    const holder = (name: string, state: 'done' | 'none' | 'waiting' | 'late') =>
      ({
        peerId: name,
        name: { zh: name, en: name },
        kind: 'third_party',
        state: 'acknowledged',
        acknowledgedAt: '2026-11-24T02:00:00Z',
        asked: [
          {
            part: 'measures',
            state,
            at: state === 'done' || state === 'none' ? '2026-11-25T02:00:00Z' : null,
            by: null,
            note: '',
          },
        ],
      }) as unknown as HolderView
    const row = (...holders: HolderView[]) =>
      effectOf('2026-11-23T02:00:00Z', holders).find((e) => e.part === 'measures')!
    expect(row(holder('甲', 'done'), holder('乙', 'waiting'))).toMatchObject({ state: 'under_way', at: null })
    expect(row(holder('甲', 'done'), holder('乙', 'late')).state).toBe('late')
    const all = row(holder('甲', 'done'), holder('乙', 'none'))
    expect(all).toMatchObject({ state: 'done', at: '2026-11-25T02:00:00Z' })
    expect(all.proof.zh).toBe(
      '须解除失信惩戒措施的单位2个，已答复2个。甲（2026年11月25日，已解除惩戒措施）；乙（2026年11月25日，未因该信息实施惩戒措施）。',
    )
    expect(row(holder('甲', 'done'), holder('乙', 'waiting')).proof.zh).toContain('待答复：乙。')
    const nobody = effectOf('2026-11-23T02:00:00Z', []).slice(2)
    expect(nobody.map((e) => [e.state, e.at])).toEqual(
      Array.from({ length: 2 }, () => ['nobody', '2026-11-23T02:00:00Z']),
    )
  })
})

describe('what a peer is given, as it stands', () => {
  const on = day('2026-11-20')
  it.each([
    ['active', null, 'full'],
    ['active', '2026-11-21', 'full'],
    ['active', '2026-11-20', 'withdrawals'],
    ['suspended', null, 'withdrawals'],
    ['cut_off', '2027-01-01', 'withdrawals'],
    ['onboarding', null, 'none'],
  ] as const)('%s, served until %s: %s', (state, until, service) => {
    expect(serviceOf({ state, servedUntil: until && day(until) }, on)).toBe(service)
  })
  it('is told what to take down as long as it holds anything', () => {
    expect(servedHanding('publish', 'withdrawals')).toBe('skip')
    expect(servedHanding('update', 'withdrawals')).toBe('skip')
    expect(servedHanding('withdraw', 'withdrawals')).toBe('withdraw')
    expect(servedHanding('withdraw', 'none')).toBe('skip')
    expect(servedHanding('update', 'full')).toBe('update')
  })
})

it('posts nowhere that nobody may be called', async () => {
  const by = openConnections(1, { loopback: false })
  const to = (url: string) =>
    post({ url, headers: {}, body: Buffer.from('[]'), timeoutMs: 1000, signal: new AbortController().signal }, by)
  for (const url of ['http://169.254.169.254/', 'http://127.1/', 'http://localhost:1/'])
    expect(await to(url)).toEqual({ fault: 'no_address' })
  by.close()
})

describe('which credit offices hear that a peer is late', () => {
  it.each([
    ['440106', '440106', true],
    ['440100', '440106', true],
    // A platform above: its territory is wider than that of anybody here.
    ['440106', '440000', true],
    ['440106', '440300', false],
  ])('office of %s, peer of %s: %s', (office, peer, hears) => {
    expect(watchesOver({ division: office }, { division: peer })).toBe(hears)
  })
})
