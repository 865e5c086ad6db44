/** What the main path does not meet every day: our own faults, other types of messages, marks, corrections, odd bodies. */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sender, type Told, newSender, publish, registerDistrict, takeDown } from '../../../test/inbound-world.ts'
import { type Platform, codeFrom, startPlatform } from '../../../test/harness.ts'
import { usccOf } from '../../../test/penalty-rows.ts'
import { changeRecord, giveRecord } from '../../../test/push-receiver.ts'
import { mustNot } from '../../kernel/decision.ts'
import { dayOf } from '../../kernel/time.ts'
import { createAuthority } from '../access/index.ts'
import { endpoints as exchange } from '../exchange/contract.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecordById, listRecordsOfSubject, pendingMarks, shownOn } from '../records/index.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import { setReceivers } from './carry.ts'
import { endpoints } from './contract.ts'
import { jobs } from './jobs.ts'

describe('inbound at depth', () => {
  let p: Platform
  let upper: Sender
  let calls = 0
  beforeAll(async () => {
    p = await startPlatform()
    await registerDistrict(p)
    upper = await newSender(p)
    const note = (zh: string) => ({ zh, en: zh })
    setReceivers([
      {
        types: ['test.breaks', 'test.refuses', 'test.waits'],
        receive: async (tx, ctx, { message }) => {
          calls++
          await sql`insert into inbound.authority (name_key, name, admitted_at, admitted_by)
            values (${message.id}, '', ${ctx.clock.now()}, '')`.execute(tx)
          if (message.type === 'test.breaks' && calls === 1) throw new Error('broken')
          if (message.type === 'test.refuses') mustNot('NO_SUCH_THING')
          return message.type === 'test.waits' && message.data !== null && calls < 9
            ? { outcome: 'pending' as const, note: note('前一份') }
            : { outcome: 'applied' as const, note: note('办好了') }
        },
      },
    ])
  })
  afterAll(() => p.close())

  const say = (n: number, more: Partial<Parameters<typeof publish>[0]> = {}) => ({ n, source: upper.code, ...more })
  const recordsOf = async (n: number): Promise<RecordRow[]> => {
    const subject = await findSubjectByCode(p.runtime.db.kysely, usccOf(n))
    return subject ? listRecordsOfSubject(p.runtime.db.kysely, subject.id) : []
  }
  const shown = (r: RecordRow | undefined) => r !== undefined && shownOn(r, 'credit_china', dayOf(p.clock.now()))
  const goOn = async () => {
    for (const job of jobs) await job.run(p.ctx())
  }
  const notes = (r: { acknowledgements: { note: string }[] }) => r.acknowledgements.map((a) => a.note)
  const balanced = async () => {
    const { rows } = await sql<Record<'received' | 'accepted' | 'refused' | 'pending', number>>`
      select d.received, d.accepted, d.refused, d.pending from inbound.day d
      union all
      select count(*)::int, count(*) filter (where state = 'accepted')::int, count(*) filter (where state = 'refused')::int,
        count(*) filter (where state = 'pending')::int from inbound.message group by peer_id, day`.execute(
      p.runtime.db.kysely,
    )
    for (const r of rows) expect(r.received).toBe(r.accepted + r.refused + r.pending)
    const sum = (half: typeof rows) =>
      half.reduce((n, r) => n + r.received * 1_000_000 + r.refused * 1000 + r.pending, 0)
    expect(sum(rows.slice(0, rows.length / 2))).toBe(sum(rows.slice(rows.length / 2)))
  }
  const other = (type: string): Told => ({ ...publish(say(1)), type, data: { anything: 1 } })

  it('a fault of ours holds up nobody else, writes nothing, and is tried again', async () => {
    const broken = other('test.breaks')
    const answer = await upper.push([publish(say(1)), broken, publish(say(2))])
    expect(answer.acknowledgements.map((a) => a.outcome)).toEqual(['applied', 'applied', 'applied'])
    // The chunk broke, so each went by itself: the first try left nothing behind.
    expect(calls).toBe(2)
    expect(await recordsOf(2)).toHaveLength(1)
    await balanced()
  })

  it('does not take back its own word when it comes round through others, and says through whom a word has come', async () => {
    const round = await newSender(p, { division: '440103' })
    const record = await giveRecord(p, { division: '440103' })
    let after: string | undefined
    const next = async (): Promise<Told[]> => {
      const page = await round.caller.client(exchange).feed(after ? { after } : {})
      after = page.next
      return page.events.filter((e) => e.subject === record.recordId)
    }
    await next()
    await changeRecord(p, record, 'repaired')
    const [down] = await next()
    await changeRecord(p, record, 'revoked')
    const held = async () => shown((await findRecordById(p.runtime.db.kysely, record.recordId)) ?? undefined)
    expect(await held()).toBe(true)
    const via = ['xinheng/440100', 'xinheng/440103']
    const echo = { ...down!, id: crypto.randomUUID(), source: round.code, time: p.clock.now() }
    const answer = await round.push([{ ...echo, data: { ...(down!.data as Told), via } }])
    expect(answer.acknowledgements.map((a) => a.outcome)).toEqual(['already'])
    expect(await held()).toBe(true)

    const told = publish(say(85))
    await upper.push([{ ...told, data: { ...(told.data as Told), via: ['xinheng/000000'] } }])
    const { events } = await round.caller.client(exchange).feed(after ? { after } : {})
    const others = events.filter((e) => e.subject !== record.recordId)
    expect(others.map((e) => (e.data as Told).via)).toEqual([['xinheng/000000', upper.code]])
  })

  it('messages that are no records go to whoever takes them in, with an answer in words', async () => {
    const answer = await upper.push([other('test.refuses'), other('test.waits')])
    expect(answer.acknowledgements).toMatchObject([{ outcome: 'refused', note: expect.stringContaining('未予办理') }])
    expect(answer.pending).toHaveLength(1)
    // What was refused half-way has left nothing.
    const { rows } =
      await sql`select 1 from inbound.authority where name_key = ${answer.acknowledgements[0]!.eventId}`.execute(
        p.runtime.db.kysely,
      )
    expect(rows).toEqual([])
    calls = 9
    p.clock.advance({ minutes: 2 })
    await sql`delete from inbound.authority`.execute(p.runtime.db.kysely)
    await goOn()
    const again = await upper.push([other('test.breaks')])
    expect(notes(again)).toEqual(['已办理：办好了'])
    await balanced()
  })

  it('one message from two requests at once is carried out once', async () => {
    const event = publish(say(3))
    const both = await Promise.all([upper.push([event]), upper.push([event])])
    const outcomes = both.flatMap((r) => r.acknowledgements.map((a) => a.outcome))
    expect(outcomes).toContain('applied')
    expect(await recordsOf(3)).toHaveLength(1)
    await balanced()
  })

  it('what its source shows no longer, because the time it told is over, goes here too', async () => {
    await upper.push([publish({ ...say(4), after: { shownUntil: '2026-11-25' } })])
    expect(shown((await recordsOf(4))[0])).toBe(true)
    p.clock.advance({ days: 3 })
    await goOn()
    const [record] = await recordsOf(4)
    expect(shown(record)).toBe(false)
    expect(record!.windows.map((w) => w.end?.by)).toContain('withheld')
    p.clock.advance({ days: -3 })
  })

  it('an objection that is pending at the source marks the record here', async () => {
    await upper.push([publish({ ...say(5), after: { disputed: true } })])
    const marked = async () => (await pendingMarks(p.runtime.db.kysely, await recordsOf(5))).size
    expect(await marked()).toBe(1)
    await upper.push([publish({ ...say(5), at: '2026-11-21T02:00:00Z' }, 'record.update')])
    expect(await marked()).toBe(0)
  })

  it('under a corrected number the record stands once', async () => {
    await upper.push([publish(say(6))])
    const number = '穗荔综罚〔2026〕6606号'
    const corrected = {
      ...say(6),
      at: '2026-11-21T02:00:00Z',
      about: { documentNumber: number },
      fields: { doc_no: number },
    }
    expect(notes(await upper.push([publish(corrected, 'record.update')]))).toEqual(['已归集入库。'])
    const records = await recordsOf(6)
    expect(records.filter((r) => r.state === 'held').map((r) => r.docNo)).toEqual([number])
    expect(records.filter((r) => r.state === 'annulled')).toHaveLength(1)
  })

  it('waits for a duty that the register lacks, and turns natural persons away', async () => {
    const name = '广州市荔湾区民政局'
    const code = codeFrom('11440103MB2C00041')
    await createAuthority(p.ctx(), { code, name, division: '440103', system: 'general', duties: [] })
    const by = { about: { authority: name }, fields: { authority_name: name, authority_code: code } }
    const answer = await upper.push([
      publish({ ...say(7), ...by }),
      publish({ ...say(8), about: { subjectCode: null }, fields: { subject_category: 'natural_person', uscc: '' } }),
      publish({ ...say(9), about: { subjectCode: null }, fields: { uscc: '' } }),
    ])
    expect(answer.pending).toHaveLength(1)
    expect(notes(answer)).toMatchObject([expect.stringContaining('自然人'), expect.stringContaining('代码')])
    const client = (await p.as('credit_office')).client(endpoints)
    const [waiting] = (await client.listReceived({ state: 'pending' })).rows
    expect(waiting).toMatchObject({ reason: expect.stringContaining('职责不含') })
    const refused = (await client.listReceived({ state: 'refused', limit: 200 })).rows
    expect(refused.find((r) => r.docNo.endsWith('〕8号'))!.name).toMatch(/\*/)
  })

  it('a peer takes back what it has told itself, and nothing else', async () => {
    await upper.push([publish(say(10))])
    const lower = await newSender(p, { kind: 'lower_platform', division: '440103' })
    const at = (hour: number) => ({ n: 10, source: lower.code, at: `2026-11-21T0${hour}:00:00Z`, thing: 'theirs' })
    await lower.push([takeDown(at(1))])
    expect(shown((await recordsOf(10))[0])).toBe(false)
    await lower.push([publish(at(2), 'record.update')])
    expect(shown((await recordsOf(10))[0])).toBe(true)
    // Repaired from above this time: the lower one has no word to take back.
    await upper.push([takeDown({ ...say(10), at: '2026-11-21T04:00:00Z' })])
    expect((await lower.push([takeDown(at(5))])).acknowledgements).toMatchObject([{ outcome: 'already' }])
    await lower.push([publish(at(6), 'record.update')])
    expect(shown((await recordsOf(10))[0])).toBe(false)
  })

  it('carries hundreds out while the sender waits', async () => {
    const many = Array.from({ length: 400 }, (_, i) => publish(say(1000 + i)))
    const began = performance.now()
    const answer = await upper.push(many)
    expect(answer.acknowledgements.filter((a) => a.outcome === 'applied')).toHaveLength(400)
    expect(performance.now() - began).toBeLessThan(15_000)
    await balanced()
  })

  it('answers any body in words and keeps its balance', async () => {
    const wild = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record(Object.fromEntries(['specversion', 'id', 'type', 'time', 'data'].map((k) => [k, fc.jsonValue()]))),
      fc
        .tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.jsonValue({ maxDepth: 2 }),
          fc.constantFrom('about', 'after', 'fields', 'at', 'thing'),
        )
        .map(([n, value, part]) =>
          publish({
            ...say(5000 + n),
            [part]: part === 'at' || part === 'thing' ? value : { x: value, fine: value, item: value },
          } as never),
        ),
      fc
        .tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.constantFrom('repaired', 'annulled', 'rule_change', null),
          fc.integer({ min: 0, max: 9 }),
        )
        .map(([n, reason, h]) => takeDown({ ...say(5000 + n), at: `2026-11-2${h % 2}T0${h}:00:00Z` }, reason)),
      fc
        .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 9 }))
        .map(([n, h]) => publish({ ...say(5000 + n), at: `2026-11-2${h % 2}T0${h}:30:00Z` }, 'record.update')),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(wild, { minLength: 1, maxLength: 8 }), async (events) => {
        const reply = await upper.send(events)
        expect(reply.status, await reply.clone().text()).toBeLessThan(500)
        for (let n = 1; n <= 4; n++) expect((await recordsOf(5000 + n)).length).toBeLessThan(2)
      }),
      { numRuns: 40, seed: 20_261_122 },
    )
    await balanced()
  })
})
