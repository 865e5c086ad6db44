import { levelOf } from '../../kernel/territory.ts'
import { describe, expect, it } from 'vitest'
import { factsOf } from '../../../test/records-world.ts'
import { mayApply } from '../../kernel/eligibility.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { ROLES, type Role } from '../../kernel/roles.ts'
import { type Instant, day } from '../../kernel/time.ts'
import { type Window, foldWindows, windowsOf } from '../../kernel/window.ts'
import { calendarOf } from '../../kernel/workdays.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { refusals } from './contract.ts'
import { type ClockState, clockView, dueOf, extendClock, resumeClock, startClock, stopClock } from './rules.clock.ts'
import {
  goesWithList,
  keptAtMaximum,
  mayLink,
  pushOf,
  pushingSystems,
  stopsWhenDeregistered,
  untilOf,
} from './rules.follow.ts'
import { letterOf } from './rules.letters.ts'
import {
  type CaseFacts,
  type ItemFacts,
  act,
  actionsFor,
  barOf,
  commitmentOf,
  headDecides,
  maySubmit,
} from './rules.ts'
import { ACTIONS, type Action, ITEM_STATES, KINDS, movesOf } from './states.ts'
import { ACTION_WORDS, NEXT_WORDS, STATE_WORDS } from './words.ts'

const policy = loadPolicy('440100')
const sichuan = loadPolicy('510000')
const today = day('2026-11-23')
const limit = { id: 't', instrument: { zh: '《办法》', en: 'Measures' }, article: '第十六条', workdays: 3 }
const due = (clock: ClockState | null) => dueOf(clock!, calendarOf(policy))

describe('clocks', () => {
  it('count working days after the day of the start', () => {
    expect(due(startClock('accept', limit, day('2026-11-23'))).day).toBe('2026-11-26')
    expect(due(startClock('accept', limit, day('2026-09-29'))).day).toBe('2026-10-09')
  })
  it('stand still from the notice to the new submission', () => {
    const stopped = stopClock(startClock('accept', limit, day('2026-11-23')), day('2026-11-25'))
    expect(due(stopped)).toMatchObject({ day: null, stopped: true })
    expect(due(resumeClock(stopped, day('2026-12-07'))).day).toBe('2026-12-09')
  })
  it('do not forget that the term was over before the notice', () => {
    const late = stopClock(startClock('accept', limit, day('2026-11-02')), day('2026-11-20'))
    expect(due(late)).toMatchObject({ day: '2026-11-05', stopped: false })
    expect(clockView(late, policy, today)).toMatchObject({ overdue: true })
  })
  it('grow by an extension', () => {
    expect(due(extendClock(startClock('decide', { ...limit, workdays: 7 }, day('2026-11-02')), 10)).day).toBe(
      '2026-11-25',
    )
  })
  it('say when a calendar is missing', () => {
    const late = due(startClock('decide', { ...limit, workdays: 7 }, day('2026-12-28')))
    expect(late).toMatchObject({ provisional: true })
    expect(late.reason?.en).toContain('2027')
  })
  it('do not start without a rule', () => {
    expect(startClock('accept', null, today)).toBeNull()
    expect(stopClock(null, today)).toBeNull()
  })
})

const facts = factsOf({ decidedOn: day('2026-05-06'), publishedOn: day('2026-05-06') })
const caseOf = (over: Partial<CaseFacts> = {}): CaseFacts => ({
  facts,
  windows: windowsOf(facts, policy),
  known: { dutiesPerformed: true, corrected: true, commitmentSigned: true },
  docNo: '穗罚〔2026〕1号',
  ...over,
})
const itemOf = (over: Partial<ItemFacts> = {}): ItemFacts => ({
  kind: 'repair',
  state: 'received',
  system: 'credit_china',
  submittedOn: today,
  acceptedOn: null,
  decidedOn: null,
  clock: startClock('accept', limit, today),
  asked: {},
  proposal: null,
  extended: false,
  ...over,
})
const world = (...roles: (Role | 'platform')[]) => ({
  policy,
  today,
  roles,
  by: 'someone',
  at: '2026-11-23T02:00:00.000Z',
})

const ANNULLED = {
  kind: 'annulled',
  channel: null,
  effectiveFrom: today,
  recordedAt: '2026-11-23T01:00:00.000Z' as Instant,
} as const

describe('the table of moves', () => {
  for (const kind of KINDS) {
    it(`answers each state × action × role of ${kind}`, () => {
      for (const state of ITEM_STATES) {
        for (const action of ACTIONS) {
          for (const role of ROLES) {
            const row = movesOf(kind).find((m) => m.from === state && m.action === action)
            const result = step(movesOf(kind), state, action, [role])
            if (!row) expect(result).toMatchObject({ ok: false, refusals: [{ code: 'NO_SUCH_MOVE' }] })
            else if (!row.by.includes(role))
              expect(result).toMatchObject({ ok: false, refusals: [{ code: 'NOT_YOUR_MOVE' }] })
            else expect(result).toEqual({ ok: true, value: row.to })
          }
        }
      }
    })
    it(`walks each move of ${kind} by the rules, with its article`, () => {
      for (const move of movesOf(kind)) {
        const waiting = move.from === 'mending' || move.from === 'returned'
        const clock = startClock('decide', { ...limit, workdays: 7 }, today)
        const item = itemOf({ kind, state: move.from, clock: waiting ? stopClock(clock, today) : clock })
        // An item lapses when its record is gone; what two people do together is confirmed by the second.
        const gone = foldWindows(windowsOf(facts, policy), [ANNULLED])
        const result = act(
          item,
          caseOf(move.action === 'lapse' ? { windows: gone } : {}),
          move.action,
          { note: '说明', missing: [], conditions: [] },
          // Only Sichuan's window accepts itself.
          {
            ...world(move.by.at(-1)!),
            proposedBy: 'someone else',
            ...(move.action === 'accept_at_window' ? { policy: sichuan } : {}),
          },
        )
        expect(result, `${move.from} ${move.action}`).toMatchObject({
          ok: true,
          value: { state: move.to, action: move.action },
        })
        if (result.ok) expect(result.value.basis.article).not.toBe('')
      }
    })
  }
  it('leads from a draft to every state, and has words for each', () => {
    const reached = new Set<string>(['draft'])
    for (let i = 0; i < ITEM_STATES.length; i++)
      for (const kind of KINDS) for (const m of movesOf(kind)) if (reached.has(m.from)) reached.add(m.to)
    expect(reached).toEqual(new Set(ITEM_STATES))
    for (const s of ITEM_STATES) expect(STATE_WORDS[s].zh && STATE_WORDS[s].en && NEXT_WORDS[s].zh).toBeTruthy()
    for (const a of ACTIONS) expect(ACTION_WORDS[a].zh && ACTION_WORDS[a].en).toBeTruthy()
  })
  it('gives buttons without what is used up', () => {
    // Whether an item may lapse depends on its record and on days: the case says so.
    expect(actionsFor(itemOf(), ['officer'])).toEqual(
      movesFrom(movesOf('repair'), 'received', ['officer']).filter((a) => a !== 'lapse'),
    )
    expect(actionsFor(itemOf({ asked: { received: { on: today, missing: [] } } }), ['officer'])).not.toContain(
      'ask_once',
    )
    expect(actionsFor(itemOf({ state: 'accepted', extended: true }), ['officer'])).not.toContain('extend')
    const proposal = {
      action: 'grant' as Action,
      input: { note: '' },
      by: 'x',
      at: '',
      basis: { rule: '', instrument: { zh: '', en: '' }, article: '' },
    }
    expect(actionsFor(itemOf({ proposal }), ['officer'])).toEqual([])
    expect(actionsFor(itemOf({ proposal }), ['head'])).toEqual(['confirm', 'send_back'])
    expect(actionsFor(itemOf({ proposal }), ['enterprise'])).toEqual(['withdraw'])
  })
})

describe('what the law asks of a decision', () => {
  it('leaves grants of market supervision to the head (Order 107 art. 17)', () => {
    expect(headDecides(policy, 'necips', 'grant', today)?.article).toContain('第十七条')
    expect(headDecides(policy, 'credit_china', 'grant', today)).toBeNull()
    const proposed = act(
      itemOf({ system: 'necips', state: 'accepted' }),
      caseOf(),
      'refuse',
      { note: '理由' },
      world('officer'),
    )
    expect(proposed).toMatchObject({
      ok: true,
      value: { action: 'propose', state: 'accepted', proposal: { action: 'refuse' } },
    })
  })
  it('asks once, extends once and within the term', () => {
    const asked = itemOf({ asked: { received: { on: day('2026-11-20'), missing: [] } } })
    expect(act(asked, caseOf(), 'ask_once', { note: '', missing: [] }, world('officer'))).toMatchObject({
      ok: false,
      refusals: [{ code: 'ASKED_ALREADY', params: { day: '2026-11-20' } }],
    })
    const accepted = (over: Partial<ItemFacts>) =>
      itemOf({ state: 'accepted', clock: startClock('decide', { ...limit, workdays: 7 }, today), ...over })
    const extend = (item: ItemFacts) => act(item, caseOf(), 'extend', { note: '核查' }, world('officer'))
    expect(extend(accepted({ extended: true }))).toMatchObject({ refusals: [{ code: 'EXTENDED_ALREADY' }] })
    expect(extend(accepted({ clock: startClock('decide', limit, day('2026-11-02')) }))).toMatchObject({
      refusals: [{ code: 'EXTENSION_LATE' }],
    })
    expect(extend(accepted({ clock: null }))).toMatchObject({ refusals: [{ code: 'EXTENSION_UNKNOWN' }] })
  })
  it('grants nothing before its time, whatever the officer says', () => {
    const young = factsOf({ decidedOn: day('2026-10-20'), publishedOn: day('2026-10-20') })
    const result = act(
      itemOf({ state: 'accepted' }),
      caseOf({ facts: young, windows: windowsOf(young, policy) }),
      'grant',
      { note: '' },
      world('officer'),
    )
    expect(result).toMatchObject({
      ok: false,
      refusals: [{ code: 'NO_LONGER_REPAIRABLE', params: { because: 'MIN_PERIOD' } }],
    })
  })
  it('bars one record under Order 36 and a whole system under Order 107', () => {
    expect(barOf(policy, 'credit_china', today)).toMatchObject({
      wholeSystem: false,
      validTo: '2029-11-23',
      shownUntil: '2029-11-23',
    })
    expect(barOf(policy, 'necips', today)).toMatchObject({ wholeSystem: true, validTo: '2029-11-23' })
  })
  it('has a text to sign for each system on each day', () => {
    for (const [system, on] of [
      ['credit_china', '2024-07-01'],
      ['credit_china', '2026-11-23'],
      ['necips', '2024-07-01'],
      ['necips', '2026-11-23'],
    ] as const) {
      const { text, basis } = commitmentOf(policy, 'repair', [system, system], day(on))
      expect(text.zh.length > 20 && text.en.length > 20 && basis.length === 1, `${system} ${on}`).toBe(true)
    }
  })
  it('sends elsewhere what no rules here govern', () => {
    const bare = { ...policy, regimes: policy.regimes.filter((r) => r.system !== 'credit_china') }
    const item = {
      ...caseOf(),
      kind: 'repair' as const,
      eligibility: mayApply(facts, windowsOf(facts, policy), bare, today),
    }
    const result = maySubmit({ kind: 'repair', items: [item], signed: true, materialKinds: [] }, bare, today)
    expect(result).toMatchObject({ refusals: [{ code: 'NO_RULES' }] })
  })
  it('submits nothing empty', () => {
    expect(maySubmit({ kind: 'repair', items: [], signed: true, materialKinds: [] }, policy, today)).toMatchObject({
      refusals: [{ code: 'BASKET_EMPTY' }],
    })
  })
})

describe('letters', () => {
  it('are complete in both languages for every action that has one', () => {
    for (const [action, rating] of ACTIONS.flatMap((a) => [[a, false] as const, [a, true] as const])) {
      const letter = letterOf(action, {
        rating,
        no: '440100-XF-20261123-0001',
        addressee: '广州星衡贸易有限公司',
        docNo: '穗罚〔2026〕1号',
        recordAuthority: '广州市交通运输局',
        signedBy: '广州市交通运输局',
        on: today,
        change: {
          basis: { rule: 'r', instrument: limit.instrument, article: limit.article, version: 'v' },
          clock: null,
          ruled: { condition: '评价周期内未再扣分', basis: '《建筑市场信用管理办法》第十二条' },
        },
        dueOn: today,
        provisional: false,
        note: '说明',
        missing: [{ kind: 'proof', name: { zh: '证明', en: 'Proof' }, text: '不清晰' }],
        failing: [{ text: { zh: '未履行', en: 'Not performed' }, article: '第十四条' }],
        bar: { validTo: today, wholeSystem: rating, shownUntil: rating ? null : today },
        restarted: { until: rating ? null : today },
      })
      if (!letter) continue
      expect(letter.paragraphs.length).toBeGreaterThan(1)
      for (const w of [letter.title, ...letter.paragraphs, ...letter.basis]) expect(w.zh && w.en).toBeTruthy()
      expect(JSON.stringify(letter)).not.toMatch(/undefined|null|\{\w+\}/)
    }
  })
})

it('has every refusal in both languages', () => {
  for (const [code, r] of Object.entries(refusals)) expect(r.zh && r.en, code).toBeTruthy()
})

describe('two people, and who confirms', () => {
  it('lets nobody confirm what that person proposed', () => {
    const item = itemOf({ state: 'accepted' })
    const begun = act(item, caseOf(), 'forged', { note: '伪造' }, world('head'))
    expect(begun).toMatchObject({ ok: true, value: { action: 'propose', proposal: { by: 'someone' } } })
    expect(act(item, caseOf(), 'forged', { note: '伪造' }, { ...world('head'), proposedBy: 'someone' })).toMatchObject({
      refusals: [{ code: 'SAME_PERSON' }],
    })
    expect(act(item, caseOf(), 'forged', { note: '伪造' }, { ...world('head'), proposedBy: 'another' })).toMatchObject({
      ok: true,
      value: { state: 'ended_forged' },
    })
  })
})

describe('records that follow others (Order 107 arts. 10, 13)', () => {
  const at = (over: Partial<Window>): Window => ({
    ...windowsOf(facts, policy)[0]!,
    channel: 'necips',
    class: 'general',
    end: null,
    ...over,
  })
  const d = day
  it.each<[string, Window[], string | null]>([
    ['art. 10(1): nothing followed', [], '2027-01-08'],
    ['art. 10(1): a minor penalty only', [at({ class: 'minor', until: d('2026-12-01') })], '2027-01-08'],
    ['art. 10(2): as long as the penalty', [at({ until: d('2027-05-07') })], '2027-05-07'],
    [
      'art. 10(2): shorter than three months when the penalty goes sooner',
      [at({ until: d('2026-12-01'), end: { by: 'repaired', on: d('2026-12-01'), disposition: null } })],
      '2026-12-01',
    ],
    [
      'art. 10(3): the abnormal list has no longest period',
      [at({ class: 'listed', until: null }), at({ until: d('2027-05-07') })],
      null,
    ],
    [
      'art. 10(4): the longest of several',
      [at({ until: d('2027-05-07') }), at({ class: 'serious', until: d('2029-05-07') })],
      '2029-05-07',
    ],
  ])('%s', (_, leads, expected) => {
    expect(untilOf(d('2027-01-08'), leads)).toBe(expected)
  })
  it.each<[string, Partial<Window>, boolean]>([
    [
      'art. 13(3): goes with the list entry',
      { repair: 'apply', earliest: d('2026-10-01'), until: d('2029-10-01'), from: d('2025-10-01') },
      true,
    ],
    [
      'art. 8(5): may not end early',
      { repair: 'fixed', earliest: null, until: d('2029-10-01'), from: d('2025-10-01') },
      false,
    ],
    [
      'art. 8(4): its restriction is running',
      { repair: 'apply', earliest: d('2027-10-01'), until: d('2029-10-01'), from: d('2025-10-01') },
      false,
    ],
    [
      'is gone already',
      { repair: 'apply', earliest: d('2026-10-01'), until: d('2026-11-01'), from: d('2025-10-01') },
      false,
    ],
  ])('a penalty that %s', (_, over, goes) => {
    expect(goesWithList(at(over), policy, today)).toMatchObject({ goes, row: { article: '第十三条第三款' } })
  })
  it('links only what the order links, within one system', () => {
    const samr = (item: string) => ({ item, system: 'market_supervision' })
    expect(mayLink('listed_for', samr('penalty'), samr('serious_list')).ok).toBe(true)
    expect(mayLink('led_to', samr('inspection'), samr('abnormal_list')).ok).toBe(true)
    expect(mayLink('listed_for', samr('inspection'), samr('serious_list')).ok).toBe(false)
    expect(mayLink('listed_for', { item: 'penalty', system: 'general' }, samr('serious_list')).ok).toBe(false)
  })
  it('owes a push only to another province, for penalties and list entries of market supervision (art. 4(2))', () => {
    const of = { system: 'necips', decider: '440100', registered: '510104' }
    for (const item of ['penalty', 'serious_list']) {
      expect(pushOf(of, policy, today, { ...facts, item })).toMatchObject({
        to: '510000',
        clock: { workdays: 3, article: '第四条第二款' },
      })
    }
    for (const other of [{ registered: '440304' }, { system: 'credit_china' }, { registered: null }])
      expect(pushOf({ ...of, ...other }, policy, today, facts)).toBeNull()
    expect(pushOf(of, policy, today, { ...facts, item: 'abnormal_list' })).toBeNull()
    // Before Order 107 no rule said so.
    expect(pushOf(of, policy, day('2025-12-24'), facts)).toBeNull()
    expect(pushingSystems(policy)).toEqual(['necips'])
  })
  it('stops a deregistered subject’s records on the system whose order says so (art. 20)', () => {
    expect(stopsWhenDeregistered(policy, today).map((r) => [r.system, r.article])).toEqual([['necips', '第二十条']])
  })
  it('keeps nothing past its maximum unless a sector’s rule is loaded (Order 36 art. 12(2))', () => {
    expect(keptAtMaximum(policy, 'general', today)).toBeNull()
  })
  it('tells a level by the division', () => {
    expect(['440000', '440100', '440106', null, 'x'].map(levelOf)).toEqual(['province', 'city', 'county', null, null])
  })
})
