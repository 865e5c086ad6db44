import { createPublicKey, randomInt, verify } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Caller, type Platform, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { newRecord, newSubject } from '../../../test/repair-world.ts'
import { penalty } from '../../../test/records-world.ts'
import { encodeCursor } from '../../kernel/page.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import { dayOf } from '../../kernel/time.ts'
import type { DispositionKind } from '../../kernel/window.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { dispose, storeRecords } from '../records/index.ts'
import type { NewRecord } from '../records/contract.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { type FeedEvent, type FeedPage, endpoints } from './contract.ts'
import { type NewPeer, createPeer } from './service.ts'

const BASIS = { zh: '信用信息共享目录', en: 'Catalog of shared information' }
let serial = 0

/** A peer for one division, so that tests do not see each other's records. */
const newPeer = async (p: Platform, over: Partial<NewPeer> = {}) => {
  const peer = await createPeer(p.ctx(), {
    name: `共享对象${String(++serial).padStart(3, '0')}`,
    kind: 'service_platform',
    division: '440000',
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: BASIS,
    contact: '',
    ...over,
  })
  const caller = await p.withKey({ scopes: ['feed'], peerId: peer.id })
  return { peer, caller, client: caller.client(endpoints) }
}

/** A record of its own subject in a division. */
const give = async (p: Platform, over: Partial<NewRecord> & { division: string; kind?: SubjectKind }) => {
  const { kind = 'enterprise', ...rest } = over
  const n = ++serial + 5000
  const who =
    kind === 'natural_person'
      ? { kind, name: '张三丰', personId: '11010519491231002X' }
      : { kind, name: `广州星衡第${n}贸易有限公司`, uscc: codeFrom(`91440106MA5${String(n).padStart(6, '0')}`) }
  return inTx(p.ctx(), async (tx) => {
    const [subject] = await resolveSubjects(tx, p.ctx(), [{ ...who, division: over.division }])
    if (!subject?.ok) throw new Error('no subject')
    const row = penalty(subject.subjectId, n, { subjectKind: kind, ...rest })
    const [outcome] = await storeRecords(tx, p.ctx(), [{ ...row, facts: { ...row.facts, subjectKind: kind } }])
    if (!outcome) throw new Error('no outcome')
    return { subjectId: subject.subjectId, recordId: outcome.recordId, row }
  })
}
const change = (p: Platform, record: { subjectId: string; recordId: string }, kind: DispositionKind) =>
  inTx(p.ctx(), (tx) =>
    dispose(tx, p.ctx(), {
      ...record,
      kind,
      channel: null,
      effectiveFrom: dayOf(p.ctx().clock.now()),
      reason: '准予修复',
      basis: { rule: 'test' },
    }),
  )

const openPage = (signed: { payload: string }): FeedPage =>
  JSON.parse(Buffer.from(signed.payload, 'base64url').toString('utf8')) as FeedPage
/** Everything from a cursor on, in pages. */
const pullAll = async (caller: Caller, after?: string, limit = 200): Promise<{ events: FeedEvent[]; next: string }> => {
  const events: FeedEvent[] = []
  let cursor = after
  for (;;) {
    const page = openPage(await caller.client(endpoints).feed({ limit, ...(cursor ? { after: cursor } : {}) }))
    events.push(...page.events)
    cursor = page.next
    if (!page.more) return { events, next: cursor }
  }
}
const kinds = (events: FeedEvent[]) => events.map((e) => [e.type.replace('record.', ''), e.subject])
const applied = (events: FeedEvent[]) => ({
  acknowledgements: events.map((e) => ({ eventId: e.id, outcome: 'applied' as const })),
})
/** The peer's own row of the propagation table. */
const standing = async (p: Platform, record: { subjectId: string; recordId: string }, peerId: string) => {
  const { subjectId, recordId } = record
  const office = (await p.as('credit_office')).client(endpoints)
  const table = await office.propagation({ subjectId, recordId })
  return { table, row: table.holders.find((h) => h.peerId === peerId) }
}

describeEngines('exchange', (p) => {
  it('signs every page with the key that it publishes', async () => {
    const { caller } = await newPeer(p())
    const signed = await caller.client(endpoints).feed({})
    const { keys } = await p().anonymous().client(endpoints).feedKeys({})
    const head = JSON.parse(Buffer.from(signed.protected, 'base64url').toString()) as { alg: string; kid: string }
    const jwk = keys.find((k) => k.kid === head.kid)!
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const good = (payload: string) =>
      verify(null, Buffer.from(`${signed.protected}.${payload}`), key, Buffer.from(signed.signature, 'base64url'))
    expect(head.alg).toBe('EdDSA')
    expect(good(signed.payload)).toBe(true)
    expect(good(Buffer.from('{}').toString('base64url'))).toBe(false)
    expect(jwk).not.toHaveProperty('d')
  })

  it('hands a peer what lies in its territory and items, in full and nothing more', async () => {
    const inside = await give(p(), { division: '440103' })
    await give(p(), { division: '440303' })
    await give(p(), { division: '510104' })
    const { caller } = await newPeer(p(), { division: '440103' })
    const { events } = await pullAll(caller)
    expect(kinds(events)).toEqual([['publish', inside.recordId]])
    const { data } = events[0]!
    expect(data).toMatchObject({
      recordId: inside.recordId,
      version: 1,
      item: 'penalty',
      documentNumber: inside.row.docNo,
      decidedOn: inside.row.decidedOn,
      shownFrom: inside.row.publishedOn,
    })
    expect(data?.subjectCode).toMatch(/^91440106/)
    expect(data?.fields).toMatchObject({ content: '罚款' })
    expect(JSON.stringify(data)).not.toMatch(/13812345678|11010519491231002X|representative_id/)

    const other = await newPeer(p(), { division: '440103', items: ['licence'] })
    expect((await pullAll(other.caller)).events).toEqual([])
  })

  it('never hands on what its channel does not show, and never a natural person', async () => {
    await give(p(), { division: '440104', kind: 'natural_person' })
    const general = await give(p(), { division: '440104' })
    const site = await newPeer(p(), { division: '440104' })
    expect(kinds((await pullAll(site.caller)).events)).toEqual([['publish', general.recordId]])
    // A penalty of a transport authority is no matter of the enterprise publicity system's own rules.
    const register = await newPeer(p(), { division: '440104', channel: 'necips' })
    const { rows } = await sql<{ windows: { channel: string; from: string | null }[] }>`
      select windows from records.record where id = ${general.recordId}`.execute(p().runtime.db.kysely)
    const onRegister = rows[0]!.windows.some((w) => w.channel === 'necips' && w.from !== null)
    expect((await pullAll(register.caller)).events).toHaveLength(onRegister ? 1 : 0)

    const { records } = await import('./exchange.test-helpers.ts').catch(() => ({ records: null }))
    expect(records).toBe(null)
  })
})
