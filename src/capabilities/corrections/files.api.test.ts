/** What hangs on two files that are brought together: peers that hold the records, applications under way, rows still coming in. */
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { as, newOffices } from '../../../test/corrections-world.ts'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { type Held, newRecord, newSubject, submitted } from '../../../test/repair-world.ts'
import { createPeer } from '../exchange/index.ts'
import { endpoints as exchange } from '../exchange/contract.ts'
import { gatherStrayed } from './service.cases.ts'

type Client = Awaited<ReturnType<typeof as>>

describeEngines('files brought together', (p) => {
  let office: Client
  let second: Client
  beforeAll(async () => {
    await newOffices(p())
    office = await as(p(), 'credit_office')
    second = await as(p(), 'office-two')
  })
  const propose = async (from: Held, into: Held) => {
    const ask = { fromCode: from.code, intoCode: into.code }
    const { digest } = await office.previewMerge(ask)
    return office.proposeMerge({ ...ask, reason: '同一企业的两个代码', digest })
  }
  const merge = async (from: Held, into: Held) => {
    const k = await propose(from, into)
    return second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: k.preview.digest })
  }

  it('tells each peer where the record lies now, and still knows who holds it', async () => {
    const [a, b] = [await newSubject(p()), await newSubject(p())]
    const id = await newRecord(p(), { subject: b, kind: 'penalty' })
    const peer = await createPeer(p().ctx(), {
      name: '省信用平台',
      kind: 'upper_platform',
      division: '440000',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 1,
      legalBasis: { zh: '信用信息共享目录', en: 'Catalog' },
      contact: '',
    })
    const feeds = (await p().withKey({ scopes: ['feed'], peerId: peer.id })).client(exchange)
    let after: string | undefined
    const pull = async () => {
      const page = await feeds.feed(after ? { after } : {})
      after = page.next
      return page.events.filter((e) => e.subject === id)
    }
    expect(await pull()).toMatchObject([
      { type: 'record.publish', data: { record: { subjectCode: b.code }, after: { badge: 'authority_record' } } },
    ])
    const k = await merge(b, a)
    expect(await pull()).toMatchObject([
      { type: 'record.update', data: { record: { subjectCode: a.code, subjectName: a.name } } },
    ])
    const holders = await (await p().as('credit_office'))
      .client(exchange)
      .propagation({ subjectId: a.subjectId, recordId: id })
    expect(holders.holders.map((h) => h.name.zh)).toContain('省信用平台')
    await office.decideCase({ id: k.id, seen: 2, action: 'propose_undo', note: '误合并' })
    await second.decideCase({ id: k.id, seen: 3, action: 'approve_undo' })
    expect(await pull()).toMatchObject([{ type: 'record.update', data: { record: { subjectCode: b.code } } }])
  })

  it('waits for an application that is under way, and says which', async () => {
    const [a, b] = [await newSubject(p()), await newSubject(p())]
    const id = await newRecord(p(), { subject: b, kind: 'penalty' })
    const { no } = await submitted(b.company, { subject: b.subjectId, records: [id] })
    const shown = await office.previewMerge({ fromCode: b.code, intoCode: a.code })
    expect(shown.inTheWay).toMatchObject([{ code: 'REPAIR_UNDER_WAY' }])
    expect(shown.inTheWay[0]?.message.zh).toContain(no)
    const ask = { fromCode: b.code, intoCode: a.code, reason: '同一企业', digest: shown.digest }
    expect(await problemOf(office.proposeMerge(ask))).toMatchObject({ code: 'REPAIR_UNDER_WAY' })
    const split = { fromCode: b.code, intoCode: a.code, records: [id] }
    const apart = await office.previewSplit(split)
    expect(
      await problemOf(office.proposeSplit({ ...split, reason: '不是同一企业', digest: apart.digest })),
    ).toMatchObject({ code: 'RECORD_IN_APPLICATION' })
  })

  it('lets those who act for the one act for both, and for their own again afterwards', async () => {
    const [a, b] = [await newSubject(p()), await newSubject(p())]
    const k = await merge(b, a)
    const acting = async () =>
      (
        await sql<{
          id: string
        }>`select subject_id as id from access.mandate where subject_id in (${a.subjectId}, ${b.subjectId}) order by 1`.execute(
          p().runtime.db.kysely,
        )
      ).rows.map((r) => r.id)
    expect(await acting()).toEqual([a.subjectId, a.subjectId])
    await office.decideCase({ id: k.id, seen: 2, action: 'propose_undo', note: '误合并' })
    await second.decideCase({ id: k.id, seen: 3, action: 'approve_undo' })
    expect(await acting()).toEqual([a.subjectId, b.subjectId].toSorted())
  })

  it('takes along what was written onto the old file at that very moment', async () => {
    const [a, b] = [await newSubject(p()), await newSubject(p())]
    await merge(b, a)
    // An importer that had found the old file before it closed.
    const id = await newRecord(p(), { subject: b, kind: 'penalty' })
    expect(await gatherStrayed(p().ctx())).toBe(1)
    expect(await gatherStrayed(p().ctx())).toBe(0)
    const { rows } = await sql<{ s: string }>`select subject_id as s from records.record where id = ${id}`.execute(
      p().runtime.db.kysely,
    )
    expect(rows).toEqual([{ s: a.subjectId }])
  })

  it('refuses a file that closed in the meantime, and two that meet in a circle', async () => {
    const [a, b, c] = [await newSubject(p()), await newSubject(p()), await newSubject(p())]
    const both = await Promise.allSettled([propose(a, b), propose(b, a)])
    expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    const { rows } = await office.listCases({ state: 'proposed' })
    const open = rows.find((r) => [a.name, b.name].includes(r.fromName))
    await office.decideCase({ id: open?.id ?? '', seen: 1, action: 'withdraw' })
    const k = await propose(a, c)
    await sql`update subjects.subject set merged_into = ${b.subjectId} where id = ${c.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    expect(
      await problemOf(second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: k.preview.digest })),
    ).toMatchObject({ code: 'ALREADY_MERGED' })
  })

  it('asks nothing about natural persons', async () => {
    const person = await newSubject(p(), 'natural_person')
    expect(await problemOf(office.openTask({ subjectId: person.subjectId }))).toMatchObject({ code: 'NOT_FOR_PERSONS' })
    expect(await problemOf(office.previewMerge({ fromCode: person.code, intoCode: person.code }))).toMatchObject({
      code: 'SUBJECT_NOT_FOUND',
    })
  })
})
