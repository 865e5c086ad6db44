import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../src/capabilities/access/index.ts'
import { createPeer } from '../../src/capabilities/exchange/index.ts'
import { dispose, storeRecords } from '../../src/capabilities/records/index.ts'
import { resolveSubjects } from '../../src/capabilities/subjects/index.ts'
import { day } from '../../src/kernel/time.ts'
import { inTx } from '../../src/platform/outbox.ts'
import { type Platform, codeFrom, startPlatform } from '../harness.ts'
import { penalty } from '../records-world.ts'

const PEER = fileURLToPath(new URL('./demo-peer.ts', import.meta.url))
const RECORDS = 30

/** Stands between the peer and the platform: may end the peer, or change what it is told. */
type Meddle = (request: { method: string; path: string }, reply: Buffer) => Buffer | null
const between = async (target: string) => {
  let meddle: Meddle = (_, reply) => reply
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const asked = { method: request.method ?? '', path: request.url ?? '' }
    // A peer that is ended before its acknowledgement arrives has told nobody anything.
    if (asked.method === 'POST' && meddle(asked, Buffer.alloc(0)) === null) return
    const answer = await fetch(`${target}${asked.path}`, {
      method: asked.method,
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(parts.length ? { body: Buffer.concat(parts) } : {}),
    })
    const reply = meddle(asked, Buffer.from(await answer.arrayBuffer()))
    if (reply === null) return
    const signed = ['signature-input', 'signature'].flatMap((name) => [[name, answer.headers.get(name) ?? '']])
    response.writeHead(answer.status, { 'content-type': 'application/json', ...Object.fromEntries(signed) }).end(reply)
  }
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    let: (next: Meddle) => {
      meddle = next
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('the demonstration peer', () => {
  let p: Platform
  let gate: Awaited<ReturnType<typeof between>>
  const home = mkdtempSync(join(tmpdir(), 'xinheng-peer-'))
  const given: { subjectId: string; recordId: string }[] = []
  let stores = 0

  const newPeer = async () => {
    const peer = await createPeer(p.ctx(), {
      name: '演示共享对象',
      kind: 'third_party',
      division: '440100',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: { zh: '信用信息共享目录', en: 'Catalog of shared information' },
      contact: '',
    })
    const { secret } = await createKey(p.ctx(), { name: 'peer', scopes: ['feed'], peerId: peer.id })
    const store = join(home, `store-${++stores}.jsonl`)
    const start = (
      ...more: string[]
    ): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } => {
      const child = spawn(process.execPath, [PEER, '--url', gate.url, '--key', secret, '--store', store, ...more])
      let said = ''
      child.stdout.on('data', (text: Buffer) => (said += text.toString()))
      child.stderr.on('data', (text: Buffer) => (said += text.toString()))
      return { child, ended: new Promise((done) => child.once('close', (code) => done({ code, said }))) }
    }
    const once = (...more: string[]) => start('--once', ...more).ended
    const held = () => {
      const [head = '{}', ...lines] = readFileSync(store, 'utf8').split('\n').filter(Boolean)
      const state = JSON.parse(head) as { owed: unknown[] }
      return { owed: state.owed.length, records: lines.map((l) => (JSON.parse(l) as { recordId: string }).recordId) }
    }
    const deliveries = async () => {
      const { rows } = await sql<{ sent: number; open: number; events: number }>`
        select count(*) as sent, count(*) filter (where acked_at is null) as open, count(distinct event_id) as events
        from exchange.delivery where peer_id = ${peer.id}`.execute(p.runtime.db.kysely)
      return rows[0]!
    }
    return { store, start, once, held, deliveries }
  }

  beforeAll(async () => {
    p = await startPlatform({ seedAccounts: false })
    gate = await between(p.url)
    for (let n = 0; n < RECORDS; n++) {
      await inTx(p.ctx(), async (tx) => {
        const ask = {
          kind: 'enterprise' as const,
          name: `天河第${n}商行`,
          uscc: codeFrom(`91440106MC5${String(n).padStart(6, '0')}`),
          division: '440106',
        }
        const [subject] = await resolveSubjects(tx, p.ctx(), [ask])
        if (!subject?.ok) throw new Error('no subject')
        const [outcome] = await storeRecords(tx, p.ctx(), [penalty(subject.subjectId, n)])
        given.push({ subjectId: subject.subjectId, recordId: outcome!.recordId })
      })
    }
  })
  afterAll(async () => {
    gate.close()
    await p.close()
    rmSync(home, { recursive: true, force: true })
  })
  const all = () => given.map((g) => g.recordId).toSorted()

  it('pulls, keeps and acknowledges, and a second run finds nothing new', async () => {
    const peer = await newPeer()
    expect((await peer.once()).code).toBe(0)
    expect(peer.held()).toMatchObject({ owed: 0 })
    expect(peer.held().records.toSorted()).toEqual(all())
    expect(await peer.deliveries()).toEqual({ sent: RECORDS, open: 0, events: RECORDS })
    expect(await peer.once()).toEqual({ code: 0, said: '' })
  })

  it('keeps without acknowledging when it is told to', async () => {
    const peer = await newPeer()
    expect((await peer.once('--no-ack')).code).toBe(0)
    expect(peer.held()).toMatchObject({ owed: RECORDS })
    expect(await peer.deliveries()).toMatchObject({ sent: RECORDS, open: RECORDS })
  })

  it('loses and doubles nothing when it is killed between applying and acknowledging', async () => {
    const peer = await newPeer()
    const run = peer.start()
    gate.let(({ method }, reply) => {
      if (method !== 'POST') return reply
      run.child.kill('SIGKILL')
      return null
    })
    await run.ended
    gate.let((_, reply) => reply)
    expect(peer.held().records).toHaveLength(RECORDS)
    expect(await peer.deliveries()).toMatchObject({ sent: RECORDS, open: RECORDS })
    expect((await peer.once()).code).toBe(0)
    expect(peer.held()).toMatchObject({ owed: 0 })
    expect(peer.held().records.toSorted()).toEqual(all())
    expect(await peer.deliveries()).toEqual({ sent: RECORDS, open: 0, events: RECORDS })
  })

  it('loses nothing when it is killed before it has applied what was handed to it', async () => {
    const peer = await newPeer()
    const run = peer.start()
    gate.let(({ path }, reply) => {
      if (!path.includes('/feed')) return reply
      run.child.kill('SIGKILL')
      return null
    })
    await run.ended
    gate.let((_, reply) => reply)
    expect(existsSync(peer.store)).toBe(false)
    expect(await peer.deliveries()).toMatchObject({ sent: RECORDS, open: RECORDS })
    expect((await peer.once()).code).toBe(0)
    expect(peer.held().records.toSorted()).toEqual(all())
    expect(await peer.deliveries()).toEqual({ sent: RECORDS, open: 0, events: RECORDS })
  })

  it('applies nothing that is not signed', async () => {
    const peer = await newPeer()
    gate.let(({ path }, reply) => {
      if (!path.includes('/feed')) return reply
      return Buffer.from(reply.toString().replaceAll('罚款', '奖励'))
    })
    const { code, said } = await peer.once()
    gate.let((_, reply) => reply)
    expect(code).toBe(1)
    expect(said).toContain('signature')
    expect(existsSync(peer.store)).toBe(false)
  })

  it('takes down what is withdrawn', async () => {
    const peer = await newPeer()
    await peer.once()
    const gone = given[0]!
    await inTx(p.ctx(), (tx) =>
      dispose(tx, p.ctx(), {
        ...gone,
        kind: 'repaired',
        channel: null,
        effectiveFrom: day('2026-11-23'),
        reason: '准予修复',
        basis: {},
      }),
    )
    expect((await peer.once()).code).toBe(0)
    expect(peer.held().records).not.toContain(gone.recordId)
    expect(peer.held().records).toHaveLength(RECORDS - 1)
    expect(await peer.deliveries()).toEqual({ sent: RECORDS + 1, open: 0, events: RECORDS + 1 })
  })

  it('says in one line what is wrong with its key', async () => {
    const child = spawn(process.execPath, [
      PEER,
      '--url',
      p.url,
      '--key',
      'wrong',
      '--store',
      join(home, 'x'),
      '--once',
    ])
    let said = ''
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    const code = await new Promise((done) => child.once('close', done))
    expect(code).toBe(1)
    expect(said).toMatch(/^401 BAD_KEY: /)
    expect(said.trim().split('\n')).toHaveLength(1)
  })
})
