import { describe, expect, it } from 'vitest'
import { openConnections, post } from './push.request.ts'
import { day } from '../../kernel/time.ts'
import type { HolderView } from './contract.ts'
import { effectOf } from './rules.effect.ts'
import {
  type Delivery,
  type News,
  handingOf,
  holderState,
  holdingOf,
  withdrawalOn,
  servedHanding,
  serviceOf,
} from './rules.ts'

const news = (commitN: number, withdrawn: boolean, channels = ['credit_china', 'necips']): News => ({
  at: `2026-11-${String(commitN).padStart(2, '0')}T02:00:00Z`,
  commitN,
  withdrawn,
  channels,
  reason: withdrawn ? 'repaired' : 'restored',
})
const delivery = (commitN: number, handing: Delivery['handing'], outcome: Delivery['outcome'] = null): Delivery => ({
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
    ...over,
  })
  const own = holder({ peerId: null, kind: null, acknowledgedAt: '2026-11-23T02:00:00Z' })
  const states = (holders: HolderView[]) => effectOf('2026-11-23T02:00:00Z', holders).map((e) => e.state)
  it('is nothing before it is withdrawn', () => expect(effectOf(null, [own])).toEqual([]))
  it('is proven by acknowledgements, and never claims what is not connected', () => {
    expect(states([own])).toEqual(['done', 'done', 'not_connected', 'not_connected'])
    expect(
      states([own, holder({ kind: 'authority_portal', state: 'sent', acknowledgedAt: null }), holder({})]),
    ).toEqual(['under_way', 'done', 'not_connected', 'not_connected'])
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
