/** Random divergences at either side: each is found, each with its cause, and none is invented. */
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, startPlatform } from '../../../test/harness.ts'
import {
  type Case,
  type PublicitySystem,
  acquaint,
  newCase,
  startPublicitySystem,
} from '../../../test/publicity-world.ts'
import { day } from '../../kernel/time.ts'
import type { Client } from '../../../web/src/app/client.ts'
import { inTx } from '../../platform/outbox.ts'
import { pushDue } from '../exchange/push.ts'
import { dispose } from '../records/index.ts'
import { endpoints } from './contract.ts'

const NOW = '2026-11-23T13:30:00Z'
const DAY = day('2026-11-23')
const CASES = 12
const ROUNDS = 8

/** What may be done to one record on either side, and what then has to be found. */
const DIVERGENCES = {
  none: [],
  repairedThere: [],
  forgottenThere: ['not_there unknown open'],
  silentlyGoneThere: ['not_there unknown open'],
  longerThere: ['other_dates unknown open'],
  otherWordsThere: ['other_content unknown open'],
  repairedHere: ['not_here not_sent under_way'],
  repairedHereAndTold: [],
  lostOnTheWay: ['not_here unknown open'],
  sentBack: ['not_here refused_there open'],
} as const satisfies Record<string, readonly string[]>
type Divergence = keyof typeof DIVERGENCES
const NAMES = Object.keys(DIVERGENCES) as Divergence[]

describe('divergences', () => {
  let p: Platform
  let system: PublicitySystem
  let peer: string
  let office: Client<typeof endpoints>
  let serial = 0

  beforeAll(async () => {
    p = await startPlatform({ now: NOW })
    system = await startPublicitySystem({ platform: p.url, now: NOW, page: 7 })
    peer = await acquaint(p, system)
    office = (await p.as('credit_office')).client(endpoints)
    await office.setReconciliationAddress({ peerId: peer, address: system.url })
  })
  afterAll(async () => {
    await system.close()
    await p.close()
  })

  const repairHere = (c: Case) =>
    inTx(p.ctx(), (tx) =>
      dispose(tx, p.ctx(), {
        subjectId: c.subjectId,
        recordId: c.recordId,
        kind: 'repaired',
        channel: null,
        effectiveFrom: DAY,
        reason: '准予修复',
        basis: {},
      }),
    )
  const diverge = async (c: Case, how: Divergence): Promise<void> => {
    const { documentNumber } = c
    if (how === 'repairedThere') await system.order({ do: 'repair', documentNumber })
    if (how === 'forgottenThere') await system.order({ do: 'forget', documentNumber })
    if (how === 'silentlyGoneThere') await system.order({ do: 'repair', documentNumber, silently: true })
    if (how === 'longerThere') await system.order({ do: 'shift', documentNumber, days: 40 })
    if (how === 'otherWordsThere') await system.order({ do: 'garble', documentNumber, text: '另行处理' })
    if (how === 'repairedHere') await repairHere(c)
    if (how === 'lostOnTheWay') await system.order({ do: 'lose', count: 1 })
    if (how === 'sentBack') await system.order({ do: 'refuse', documentNumber })
    if (how === 'lostOnTheWay' || how === 'sentBack' || how === 'repairedHereAndTold') {
      await repairHere(c)
      await pushDue(p.runtime)
      await system.order({ do: 'refuse' })
      await system.order({ do: 'lose', count: 0 })
    }
  }

  it('are all found, each with its cause, and none is invented', async () => {
    await assert(
      asyncProperty(array(constantFrom(...NAMES), { minLength: CASES, maxLength: CASES }), async (hows) => {
        const cases: Case[] = []
        for (const _ of hows) cases.push(await newCase(p, { n: ++serial }))
        await system.order({ do: 'enter', cases: cases.map((c) => c.theirs) })
        await pushDue(p.runtime)
        const before = new Set((await office.listDifferences({ view: 'open', limit: 200 })).rows.map((d) => d.docNo))
        expect(cases.filter((c) => before.has(c.documentNumber))).toEqual([])
        // What is only noted here goes last: whatever is pushed meanwhile would take it along.
        const order = hows.map((how, n) => ({ how, c: cases[n]! }))
        for (const { how, c } of order.filter((o) => o.how !== 'repairedHere')) await diverge(c, how)
        for (const { how, c } of order.filter((o) => o.how === 'repairedHere')) await diverge(c, how)
        const s = await office.reconcileNow({ peerId: peer })
        expect(s.state).toBe('done')
        const open = (await office.listDifferences({ view: 'open', limit: 200 })).rows
        for (const { how, c } of order) {
          const found = open.filter((d) => d.docNo === c.documentNumber).map((d) => `${d.kind} ${d.cause} ${d.state}`)
          expect(found, how).toEqual(DIVERGENCES[how])
        }
        // Everything open is of one of these records, or of a round before.
        const known = new Set([...before, ...cases.map((c) => c.documentNumber)])
        expect(open.filter((d) => !known.has(d.docNo))).toEqual([])
      }),
      { numRuns: ROUNDS, endOnFailure: true },
    )
  }, 60_000)
})
