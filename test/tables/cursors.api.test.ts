import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { capabilities } from '../../src/app.ts'
import { endpoints as catalog } from '../../src/capabilities/catalog/contract.ts'
import { endpoints as gateways } from '../../src/capabilities/gateways/contract.ts'
import { endpoints as policies } from '../../src/capabilities/policies/contract.ts'
import { createPeer } from '../../src/capabilities/exchange/service.peers.ts'
import { endpoints as results } from '../../src/capabilities/results/contract.ts'
import { closeDays } from '../../src/capabilities/results/index.ts'
import type { Endpoint } from '../../src/kernel/api.ts'
import { encodeCursor } from '../../src/kernel/page.ts'
import { newSource } from '../corrections-world.ts'
import { type Caller, type Platform, describeEngines } from '../harness.ts'
import { newRecord, newSubject } from '../repair-world.ts'

const ID = '0198c1d2-3e4f-7a5b-8c6d-7e8f90a1b2c3'
/** What stands in a key, and what a caller may put there instead. */
const KINDS = {
  text: { good: '甲', bad: ['a\u0000b', '\ud800', 1, null] },
  /** As long as a name may be, in the widest characters. */
  name: { good: '𠮷'.repeat(200), bad: ['a\u0000b', '\ud800', 1, null] },
  division: { good: '440106', bad: ['44010', '440106\u0000', '广州', 440106, null] },
  uuid: { good: ID, bad: ['-'.repeat(36), ID.toUpperCase(), 'x', 1, null] },
  day: { good: '2026-11-20', bad: ['2026-13-45', '2026-02-30', '0000-01-01', 'infinity', 'x', 1, null] },
  month: { good: '2026-11-01', bad: ['2026-13-01', '2026-11-02', '0000-01-01', null] },
  instant: {
    good: '2026-11-22T02:00:00.123Z',
    bad: ['2026-13-45T00:00:00Z', '2026-11-22', '2026-11-22T02:00:00+99', '+275760-09-13T00:00:00.000Z', '1', null],
  },
  integer: { good: 1, bad: [-1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e300, '1', null] },
  number: { good: 1, bad: [-1, 1.5, 2 ** 53, 1e300, '1', null] },
} as const
type Kind = keyof typeof KINDS

type World = {
  subject: string
  login: string
  code: string
  submission: string
  proposal: string
  change: string
  gateway: string
  authority: string
  /** A day whose set is closed, and a third party. */
  setDay: string
  party: string
}
type List = {
  /** A role, the login of the subject's own person, the peer's key, or nobody in particular. */
  who: string
  /** The key of the list in the order of its rows. */
  key: Kind[]
  ask?: (w: World) => Record<string, string>
  path?: (w: World) => Record<string, string>
  /** Where only the key of a row that is there goes on. */
  ownRowsOnly?: true
  /** The capability's own word for it, instead of BAD_CURSOR. */
  refusal?: string
  /** What a well-formed key that stands nowhere is answered with. */
  also?: string
  /** Public pages in a browser: a broken address shows the first part, or a page of its own that says so. */
  page?: 'first part' | 'says so'
}

const MONTH = { month: '2026-11' }
/** Every list that goes on from a cursor, and as what it keeps its place. A further row is the same list asked in another way. */
const LISTS: Record<string, List | List[]> = {
  'access.listAuthorities': { who: 'territory_admin', key: ['text', 'uuid'] },
  'access.listPeople': { who: 'security_admin', key: ['text'] },
  'access.listKeys': { who: 'security_admin', key: ['uuid'] },
  'access.listMandates': { who: 'security_admin', key: ['uuid', 'uuid'] },
  'access.listAudit': { who: 'auditor', key: ['number', 'uuid'] },
  'subjects.searchSubjects': { who: 'anyone', key: ['integer', 'name', 'uuid'], ask: () => ({ q: '贸易有限' }) },
  'subjects.listConflicts': { who: 'credit_office', key: ['instant', 'uuid'] },
  'subjects.listActing': { who: 'auditor', key: ['uuid', 'uuid'] },
  'subjects.listLooks': { who: 'company', key: ['instant', 'uuid'], path: (w) => ({ subjectId: w.subject }) },
  'reconciliation.listStatements': { who: 'credit_office', key: ['day', 'uuid'] },
  'reconciliation.listDifferences': { who: 'credit_office', key: ['instant', 'uuid'] },
  'messages.listInbox': { who: 'collector', key: ['uuid'] },
  'records.listPublicRecords': { who: 'anyone', key: ['day', 'uuid'], path: (w) => ({ code: w.code }) },
  'records.listAuthorityRecords': { who: 'officer', key: ['day', 'uuid'] },
  'collection.listSubmissions': { who: 'credit_office', key: ['instant', 'uuid'] },
  'collection.listRows': [
    { who: 'credit_office', key: ['integer'], path: (w) => ({ id: w.submission }) },
    {
      who: 'credit_office',
      key: ['integer'],
      path: (w) => ({ id: w.submission }),
      ask: () => ({ verdict: 'accepted' }),
    },
    {
      who: 'credit_office',
      key: ['integer'],
      path: (w) => ({ id: w.submission }),
      ask: () => ({ verdict: 'refused' }),
    },
  ],
  'collection.listProposals': { who: 'credit_office', key: ['integer'], path: (w) => ({ id: w.submission }) },
  'collection.listMends': { who: 'credit_office', key: ['integer', 'text'], path: (w) => ({ id: w.submission }) },
  'repair.myRecords': { who: 'company', key: ['uuid', 'text'], ownRowsOnly: true },
  'repair.listApplications': { who: 'credit_office', key: ['instant', 'uuid'] },
  'repair.queue': [
    { who: 'officer', key: ['day', 'uuid'] },
    { who: 'officer', key: ['day', 'uuid'], ask: () => ({ view: 'waiting' }) },
    { who: 'officer', key: ['instant', 'uuid'], ask: () => ({ view: 'done' }) },
  ],
  'repair.repairCalendar': { who: 'company', key: ['uuid', 'text'], ownRowsOnly: true },
  'repair.listFacts': { who: 'officer', key: ['instant', 'uuid'] },
  'repair.listDuties': [
    { who: 'officer', key: ['day', 'uuid'] },
    { who: 'officer', key: ['instant', 'uuid'], ask: () => ({ state: 'done' }) },
  ],
  'certificates.listLetters': {
    who: 'company',
    key: ['instant', 'uuid'],
    path: (w) => ({ subject: w.subject, item: ID }),
  },
  'certificates.listObjectionLetters': {
    who: 'company',
    key: ['instant', 'uuid'],
    path: (w) => ({ subject: w.subject, objection: ID }),
  },
  'certificates.listApplicationLetters': {
    who: 'company',
    key: ['instant', 'uuid'],
    path: (w) => ({ subject: w.subject, id: ID }),
  },
  'certificates.listPropagationReceipts': { who: 'company', key: ['instant', 'uuid'] },
  'transfers.listTransfers': { who: 'credit_office', key: ['instant', 'uuid'] },
  'transfers.listTurnedAway': { who: 'credit_office', key: ['instant', 'uuid'] },
  'certificates.listCertificates': { who: 'company', key: ['instant', 'uuid'] },
  'objections.listTargets': { who: 'company', key: ['day', 'uuid'], ask: (w) => ({ subject: w.subject }) },
  'objections.listObjections': { who: 'credit_office', key: ['instant', 'uuid'] },
  'objections.objectionQueue': [
    { who: 'officer', key: ['day', 'uuid'], ask: () => ({ view: 'open' }) },
    { who: 'officer', key: ['day', 'uuid'], ask: () => ({ view: 'overdue' }) },
    { who: 'officer', key: ['instant', 'uuid'], ask: () => ({ view: 'done' }) },
  ],
  'objections.listReports': { who: 'credit_office', key: ['instant', 'uuid'] },
  'objections.listTombstones': { who: 'credit_office', key: ['instant', 'uuid'] },
  'objections.listFindings': { who: 'credit_office', key: ['instant', 'uuid'] },
  'objections.listReviews': { who: 'officer', key: ['instant', 'uuid'] },
  'corrections.codeFigureRows': [
    { who: 'credit_office', key: ['uuid', 'integer'], ask: () => ({ column: 'wrong' }) },
    { who: 'credit_office', key: ['uuid'], ask: () => ({ column: 'uncoded' }) },
    { who: 'credit_office', key: ['uuid'], ask: () => ({ column: 'duplicate' }) },
  ],
  'corrections.listTasks': { who: 'credit_office', key: ['day', 'uuid'] },
  'corrections.listCases': { who: 'credit_office', key: ['instant', 'uuid'] },
  'declarations.listMine': { who: 'company', key: ['uuid'], path: (w) => ({ subjectId: w.subject }) },
  'declarations.listToVerify': { who: 'officer', key: ['instant', 'uuid'] },
  'publicity.searchPage': {
    who: 'anyone',
    key: ['integer', 'name', 'uuid'],
    ask: () => ({ q: '贸易有限' }),
    page: 'says so',
  },
  'publicity.listPage': {
    who: 'anyone',
    key: ['day', 'uuid'],
    path: () => ({ column: 'penalties' }),
    page: 'first part',
  },
  'publicity.listShownRecords': {
    who: 'anyone',
    key: ['day', 'uuid'],
    path: () => ({ column: 'penalties' }),
    refusal: 'LIST_CURSOR',
  },
  'publicity.listNotices': { who: 'company', key: ['day', 'uuid'], ask: (w) => ({ subjectId: w.subject }) },
  'catalog.listProposals': { who: 'credit_office', key: ['instant', 'uuid'] },
  'catalog.listPreviewRows': { who: 'credit_office', key: ['integer'], path: (w) => ({ id: w.proposal }) },
  'policies.listChanges': { who: 'credit_office', key: ['instant', 'uuid'] },
  'policies.listFigureRows': { who: 'credit_office', key: ['integer'], path: (w) => ({ id: w.change }) },
  'policies.listFigureCounts': {
    who: 'credit_office',
    key: ['integer', 'uuid', 'text'],
    path: (w) => ({ id: w.change }),
  },
  'gateways.listGateways': { who: 'territory_admin', key: ['name', 'uuid'] },
  'gateways.listIntakes': { who: 'territory_admin', key: ['uuid'], path: (w) => ({ id: w.gateway }) },
  'balance.listBalance': [
    { who: 'credit_office', key: ['day'], ask: () => ({ by: 'day' }) },
    { who: 'credit_office', key: ['uuid'], ask: () => ({ by: 'authority' }) },
    { who: 'credit_office', key: ['text'], ask: () => ({ by: 'item' }) },
  ],
  'balance.listBalanceSubmissions': { who: 'credit_office', key: ['instant', 'uuid'] },
  'balance.listRuns': { who: 'credit_office', key: ['instant', 'uuid'] },
  'timeliness.listLedger': { who: 'credit_office', key: ['day', 'uuid', 'text'] },
  'timeliness.listEntries': { who: 'credit_office', key: ['day', 'uuid'], ask: () => ({ class: 'late' }) },
  'timeliness.listFindings': { who: 'credit_office', key: ['day', 'uuid'] },
  'timeliness.listDecisionLists': { who: 'credit_office', key: ['instant', 'uuid'] },
  'timeliness.listSamples': { who: 'credit_office', key: ['instant', 'uuid'] },
  'timeliness.listReportingStarts': { who: 'credit_office', key: ['day', 'uuid'] },
  'territory.listBasicChanges': [
    { who: 'territory_admin', key: ['number'] },
    { who: 'territory_admin', key: ['number'], ask: () => ({ order: 'newest' }) },
  ],
  'territory.listTerritorySubjects': { who: 'territory_admin', key: ['division', 'uuid'] },
  'quality.listStandings': { who: 'credit_office', key: ['uuid'], ask: () => MONTH, ownRowsOnly: true },
  'quality.listFaultRows': {
    who: 'credit_office',
    key: ['uuid', 'integer'],
    ask: () => ({ ...MONTH, item: 'penalty', code: 'REQUIRED', field: 'uscc' }),
  },
  'quality.listMendRows': {
    who: 'credit_office',
    key: ['text', 'uuid', 'integer'],
    path: (w) => ({ id: w.authority }),
    ask: () => MONTH,
    ownRowsOnly: true,
  },
  'quality.listCirculars': { who: 'credit_office', key: ['month', 'uuid'] },
  'reminders.listReminders': { who: 'credit_office', key: ['uuid'] },
  'oversight.oversightFigures': { who: 'credit_office', key: ['text'], ownRowsOnly: true },
  'oversight.oversightEntries': { who: 'credit_office', key: ['day', 'uuid'] },
  'oversight.oversightOpen': { who: 'credit_office', key: ['day', 'uuid'] },
  'oversight.listMyRatings': { who: 'company', key: ['instant', 'uuid'] },
  'oversight.listRatings': { who: 'credit_office', key: ['day', 'uuid'] },
  'oversight.listRepairReports': { who: 'credit_office', key: ['day', 'uuid'] },
  'oversight.repairReportsPage': { who: 'anyone', key: ['day', 'uuid'], page: 'first part' },
  'oversight.listCandidates': { who: 'credit_office', key: ['uuid'] },
  'inbound.listReceived': [
    { who: 'credit_office', key: ['instant', 'uuid'] },
    { who: 'credit_office', key: ['instant', 'uuid'], ask: () => ({ state: 'refused' }) },
  ],
  'inbound.listReceivedDays': { who: 'credit_office', key: ['day', 'uuid'] },
  'results.listSets': { who: 'officer', key: ['day'] },
  'results.listResults': { who: 'officer', key: ['number', 'uuid'], path: (w) => ({ day: w.setDay }) },
  'results.listTakedowns': { who: 'credit_office', key: ['day', 'uuid'], ask: () => ({ view: 'all' }) },
  'agreements.listOwed': { who: 'credit_office', key: ['instant', 'uuid'], path: (w) => ({ peer: w.party }) },
  'exchange.feed': { who: 'peer', key: ['number', 'uuid'], also: '409 CURSOR_OF_LOST_HISTORY' },
  'exchange.deliveryBalance': { who: 'credit_office', key: ['day', 'uuid'] },
  'exchange.deliveries': { who: 'credit_office', key: ['uuid'], path: (w) => ({ id: w.party }) },
  'exchange.parcels': { who: 'credit_office', key: ['instant', 'uuid'], path: (w) => ({ id: w.party }) },
  'exchange.deadLetters': { who: 'credit_office', key: ['instant', 'uuid'] },
  'exchange.chases': { who: 'credit_office', key: ['instant', 'uuid'] },
  'exchange.peers': { who: 'credit_office', key: ['name', 'uuid'] },
  'onboarding.peerRequests': { who: 'credit_office', key: ['instant', 'uuid'], path: (w) => ({ id: w.party }) },
}

const endpoints = new Map<string, Endpoint>(
  capabilities.flatMap((c) => Object.entries(c.endpoints).map(([name, e]) => [`${c.name}.${name}`, e as Endpoint])),
)
/** An `after` that takes any text is a cursor; one that takes days only is not. */
const takesCursor = ({ query }: Endpoint): boolean =>
  (query as z.ZodObject | undefined)?.shape.after?.safeParse(encodeCursor([1])).success === true

const made = (json: string): string => Buffer.from(json).toString('base64url')
const of = (key: unknown): string => made(JSON.stringify(key))
/** No list has such a key: none of these parts can be asked of a database. */
const NO_KEYS: [string, string][] = [
  ['%%%', '%%%'],
  ['游标', '游标'],
  ['nonsense', made('nonsense')],
  ['{"0":"x"}', made('{"0":"x"}')],
  ['null', made('null')],
  ...[
    [],
    ['a\u0000b'],
    ['\ud800'],
    [1e300],
    [null],
    [[ID]],
    [{}],
    ['2026-13-45', '-'.repeat(36)],
    ['2026-13-45T00:00:00Z', ID.toUpperCase()],
    [1e300, ID.toUpperCase()],
    [Number.MAX_SAFE_INTEGER, 'a\u0000b'],
    [-1, 'x\udc00', '-'.repeat(36)],
    ['2026-13-45', 'x', 'a\u0000b'],
    ['a\u0000b', -1, 1e300],
  ].map((key): [string, string] => [JSON.stringify(key), of(key)]),
]
/** The right shape for some list; where it fits it is a place like any other, and nowhere a fault. */
const PROBES: string[] = [
  ['x'],
  ['1', ID],
  ['9'.repeat(40), ID],
  [Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, ID],
  [ID, Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, 'x', ID],
  ['9999-12-31', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0001-01-01', '00000000-0000-0000-0000-000000000000'],
  ['9999-12-31T23:59:59.999999-14:59', ID],
  ['0001-01-01T00:00:00+14:59', ID],
].map(of)

describe('the table of lists', () => {
  it('names every endpoint that goes on from a cursor, and no other', () => {
    const found = [...endpoints].flatMap(([name, e]) => (takesCursor(e) ? [name] : []))
    expect(Object.keys(LISTS).sort()).toEqual(found.sort())
  })
})

const FURTHER_FIELD =
  '  - { code: RY_TJDW, key: sponsor, label: { zh: 推荐单位, en: Recommended by }, type: text, max_length: 100, public: true }'
const settle = async (p: Platform): Promise<World> => {
  const subject = await newSubject(p)
  await newRecord(p, { subject, kind: 'penalty' })
  const source = await newSource(p, '广州市荔湾区游标测试局')
  const submission = await source.push([
    { name: '广州荔湾游标有限公司', code: '91440103MA5X00000Q', doc: '穗荔罚〔2026〕1号' },
    { name: '', code: '', doc: '穗荔罚〔2026〕2号' },
  ])
  const held = readFileSync(new URL('../../policy/national/catalog/honour.yaml', import.meta.url), 'utf8')
  const text = held.replace('  - include: authority', `${FURTHER_FIELD}\n  - include: authority`)
  const office = (await p.as('credit_office')).client(catalog)
  const proposal = await office.drawUp({ text, effectiveFrom: '2026-12-01', reason: '游标' })
  const change = await (await p.as('credit_office')).client(policies).drawUpChange({
    effectiveFrom: '2026-12-01',
    reason: '游标',
    ask: {
      kind: 'switch',
      row: 'setting/unperformed',
      value: 'keep',
      instrument: { zh: '测试', en: 'Test' },
      article: '第一条',
    },
  })
  const gateway = await (await p.as('territory_admin')).client(gateways).addFolder({
    name: '游标',
    authorityId: source.id,
    item: 'penalty',
    path: 'cursors',
    marker: 'stable',
    pollSeconds: 60,
  })
  await closeDays(p.ctx())
  const { rows } = await (await p.as('credit_office')).client(results).listSets({})
  const party = await createPeer(p.ctx(), {
    name: '游标第三方',
    kind: 'third_party',
    division: '440100',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '目录', en: 'Catalog' },
    contact: '',
  })
  return {
    setDay: rows[0]!.day,
    party: party.id,
    subject: subject.subjectId,
    login: `company-${/第(\d+)/.exec(subject.name)?.[1]}`,
    code: subject.code,
    submission: submission.id,
    proposal: proposal.id,
    change: change.id,
    gateway: gateway.id,
    authority: source.id,
  }
}

describeEngines('cursors', (p) => {
  let world: World
  const callers = new Map<string, Promise<Caller>>()
  const enter = async (who: string): Promise<Caller> => {
    if (who === 'anyone') return p().anonymous()
    if (who === 'company') return p().as(world.login)
    if (who !== 'peer') return p().as(who)
    const peer = await createPeer(p().ctx(), {
      name: '游标对象',
      kind: 'service_platform',
      division: '440000',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 1,
      legalBasis: { zh: '目录', en: 'Catalog' },
      contact: '',
    })
    return p().withKey({ scopes: ['feed'], peerId: peer.id })
  }
  const callerOf = (who: string): Promise<Caller> => {
    const held = callers.get(who) ?? enter(who)
    callers.set(who, held)
    return held
  }
  beforeAll(async () => {
    world = await settle(p())
  })

  const answerTo = async (endpoint: Endpoint, list: List, after: string | undefined): Promise<string> => {
    const params = list.path?.(world) ?? {}
    const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '')
    const query = new URLSearchParams({ ...list.ask?.(world), ...(after === undefined ? {} : { after }) })
    const at = `${endpoint.reply === 'html' ? '' : '/api/v1'}${path}?${query.toString()}`
    const reply = await (await callerOf(list.who)).send('GET', at)
    const body = await reply.text()
    if (reply.ok || endpoint.reply === 'html') return String(reply.status)
    return `${reply.status} ${(JSON.parse(body) as { code: string }).code}`
  }

  for (const [name, lists] of Object.entries(LISTS))
    for (const list of [lists].flat()) {
      const asked = Object.values(list.ask?.({} as World) ?? {}).join(' ')
      const endpoint = endpoints.get(name)!
      const refused = list.page === 'first part' ? '200' : list.page ? '400' : `400 ${list.refusal ?? 'BAD_CURSOR'}`
      const good: unknown[] = list.key.map((kind) => KINDS[kind].good)

      it(`${name} ${asked} goes on from its own key and from nothing that is none`, async () => {
        expect(await answerTo(endpoint, list, undefined)).toBe('200')
        expect(await answerTo(endpoint, list, '')).toBe('200')
        expect(await answerTo(endpoint, list, of(good))).toBe(list.ownRowsOnly ? refused : '200')

        const found: Record<string, string> = {}
        const expected: Record<string, string> = {}
        const hold = async (what: string, after: string): Promise<void> => {
          found[what] = await answerTo(endpoint, list, after)
          expected[what] = refused
        }
        for (const [what, after] of NO_KEYS) await hold(what, after)
        for (const [i, kind] of list.key.entries())
          for (const bad of KINDS[kind].bad) {
            const key = good.with(i, bad)
            await hold(JSON.stringify(key), of(key))
          }
        await hold('one part less', of(good.slice(1)))
        await hold('one part more', of([...good, ID]))
        expect(found).toEqual(expected)

        const known = ['200', refused, ...(list.also ? [list.also] : [])]
        for (const after of PROBES) expect(known).toContain(await answerTo(endpoint, list, after))
      })
    }

  it('shows the first part of a subject where an address is broken', async () => {
    const anyone = p().anonymous()
    for (const [what, after] of NO_KEYS)
      for (const part of ['licences', 'adverse']) {
        const reply = await anyone.send('GET', `/s/${world.code}?${new URLSearchParams({ [part]: after }).toString()}`)
        expect(reply.status, what).toBe(200)
      }
  })
})
