/**
 * A province's platform whose deliveries a worker of its own carries out, two cities' platforms that it pushes into, and foreign
 * systems with the manners that a test asks of them. Everything speaks over loopback.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { createKey, findAuthority } from '../../src/capabilities/access/index.ts'
import { enterRows } from '../../src/capabilities/collection/index.ts'
import { createPeer, signerOf } from '../../src/capabilities/exchange/index.ts'
import { addPeerKey } from '../../src/capabilities/exchange/service.peers.ts'
import { catalogItemOn, dispose } from '../../src/capabilities/records/index.ts'
import { dayOf } from '../../src/kernel/time.ts'
import { inTx } from '../../src/platform/outbox.ts'
import { type Platform, startPlatform } from '../harness.ts'
import { registerDistrict } from '../inbound-world.ts'
import { penalty } from '../penalty-rows.ts'

export type Event = { id: string; type: string; subject: string }
/**
 * prompt: applies and answers. later: says that it will, then acknowledges twice and the last first. twice: answers each event
 * twice over. fails: answers 500. hangs: takes the request and says nothing. gone: breaks the connection.
 */
export type Manner = 'prompt' | 'later' | 'twice' | 'fails' | 'hangs' | 'gone'
/** Where a delivery is when its process is killed. */
export const STEPS = ['arrives', 'applied', 'answered', 'unwritten'] as const
export type Step = (typeof STEPS)[number] | 'anywhere'

/** A system that is not ours: keeps what it holds, and counts what it did. */
export class Foreign {
  readonly name: string
  manner: Manner = 'prompt'
  peerId = ''
  url = ''
  readonly holds = new Set<string>()
  /** How often each record was taken down: more than once is once too often. */
  readonly downs = new Map<string, number>()
  /** Under which numbers it was told to take each record down: one that keeps numbers does nothing twice only if there is one. */
  readonly numbers = new Map<string, Set<string>>()
  /** Before it applies, after, and after it answered. What answers true keeps the request for ever. */
  at: (step: Step) => Promise<boolean> = () => Promise.resolve(false)
  #key = ''
  #origin = ''
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (c: Buffer) => chunks.push(c))
    request.once('end', () => {
      const events = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Event[]
      const send = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      }
      void this.#take(events, send, () => request.socket.destroy())
    })
  })

  constructor(name: string) {
    this.name = name
  }
  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/inbox`
  }
  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
  callsBack(origin: string, key: string): void {
    this.#origin = origin
    this.#key = key
  }
  async #take(events: Event[], send: (status: number, body: unknown) => void, hangUp: () => void): Promise<void> {
    if (this.manner === 'hangs') return
    if (this.manner === 'gone') return hangUp()
    if (this.manner === 'fails') return send(500, { detail: 'out of order' })
    if (await this.at('arrives')) return
    const acknowledgements = events.map((e) => ({ eventId: e.id, outcome: this.#apply(e), note: '' }))
    if (await this.at('applied')) return
    if (this.manner === 'later') {
      send(202, {})
      const last = acknowledgements.toReversed()
      for (const some of [last.slice(0, 1), last, last.slice(1)]) if (some.length) await this.#acknowledge(some)
      return
    }
    const twice = this.manner === 'twice' ? acknowledgements.toReversed() : []
    send(200, { acknowledgements: [...acknowledgements, ...twice] })
    await this.at('answered')
  }
  #apply(event: Event): 'applied' | 'already' {
    if (event.type !== 'record.withdraw') {
      const known = this.holds.has(event.subject)
      this.holds.add(event.subject)
      return known ? 'already' : 'applied'
    }
    this.numbers.set(event.subject, (this.numbers.get(event.subject) ?? new Set()).add(event.id))
    if (!this.holds.delete(event.subject)) return 'already'
    this.downs.set(event.subject, (this.downs.get(event.subject) ?? 0) + 1)
    return 'applied'
  }
  async #acknowledge(acknowledgements: unknown[]): Promise<void> {
    await fetch(`${this.#origin}/api/v1/exchange/acknowledgements`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ acknowledgements }),
    })
  }
}

const BASIS = { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' }
const common = {
  division: '440103',
  items: ['penalty'],
  channel: 'credit_china',
  ackWorkdays: 1,
  legalBasis: BASIS,
  contact: '',
}

/** The province knows a foreign system, and the system may acknowledge later. */
export const meet = async (province: Platform, foreign: Foreign): Promise<void> => {
  await foreign.open()
  const peer = await createPeer(province.ctx(), {
    ...common,
    name: foreign.name,
    kind: 'service_platform',
    way: 'push',
    settings: { url: foreign.url },
  })
  const { secret } = await createKey(province.ctx(), { name: foreign.name, peerId: peer.id, scopes: ['feed'] })
  foreign.peerId = peer.id
  foreign.callsBack(province.url, secret)
}

/** A city below the province: each knows the other by its code and its key. */
export const settle = async (province: Platform, name: string) => {
  const city = await startPlatform({ engine: 'pglite' })
  city.clock.set(province.clock.now())
  await registerDistrict(city)
  const above = await createPeer(city.ctx(), {
    ...common,
    name: '上级信用平台',
    kind: 'upper_platform',
    division: '440000',
    code: `xinheng/${province.runtime.config.jurisdiction}`,
    direction: 'both',
  })
  const { publicKey } = await signerOf(province.ctx(), 'ed25519')
  await addPeerKey(city.ctx(), {
    id: above.id,
    algorithm: 'ed25519',
    publicKey: JSON.stringify(publicKey),
    overlapDays: 7,
  })
  const { secret } = await createKey(city.ctx(), { name: 'province', peerId: above.id, scopes: ['feed'] })
  const below = await createPeer(province.ctx(), {
    ...common,
    name,
    kind: 'lower_platform',
    way: 'push',
    settings: { url: `${city.url}/api/v1/exchange/inbox` },
  })
  const sealed = province.runtime.secrets.seal(JSON.stringify({ token: secret }))
  await inTx(province.ctx(), (tx) =>
    sql`update exchange.peer set secret = ${sealed} where id = ${below.id}`.execute(tx),
  )
  return { city, peerId: below.id }
}

export type Record = { subjectId: string; recordId: string }
/** Penalties as a district reports them, all at once. */
export const report = async (at: Platform, count: number): Promise<Record[]> => {
  const item = catalogItemOn(at.runtime.policy.catalog, 'penalty', dayOf(at.clock.now()))!
  const authority = (await findAuthority(at.runtime.db.kysely, { id: at.world.authorities.creditOffice }))!
  const labelled = (n: number) =>
    Object.fromEntries(
      Object.entries(penalty(n, { 处罚决定日期: '2026-11-02' })).map(([k, v]) => [
        k.replace('(', '（').replace(')', '）'),
        v,
      ]),
    )
  const records = Array.from({ length: count }, (_, i) => labelled(i + 1))
  for (let from = 0; from < count; from += 500)
    await enterRows(at.ctx(), {
      item,
      authority,
      wayIn: 'api',
      records: records.slice(from, from + 500),
      backfill: false,
    })
  const { rows } = await sql<Record>`
    select subject_id as "subjectId", id as "recordId" from records.record order by id`.execute(at.runtime.db.kysely)
  return rows
}
export const repair = (at: Platform, record: Record): Promise<unknown> =>
  inTx(at.ctx(), (tx) =>
    dispose(tx, at.ctx(), {
      ...record,
      kind: 'repaired',
      channel: null,
      effectiveFrom: dayOf(at.clock.now()),
      reason: '准予修复',
      basis: { rule: 'test' },
    }),
  )

/** The process that carries out deliveries; its clock begins where the province's is. */
export class Worker {
  readonly #platform: Platform
  #child: ChildProcess | undefined
  constructor(platform: Platform) {
    this.#platform = platform
  }
  start(): void {
    const { config } = this.#platform.runtime
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/worker.ts'], {
      env: {
        ...process.env,
        LOG_LEVEL: 'silent',
        DATA_DIR: config.dataDir,
        DATABASE_URL: config.databaseUrl,
        JURISDICTION: config.jurisdiction,
        XINHENG_NOW: this.#platform.clock.now(),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  async kill(): Promise<void> {
    const dying = this.#child
    this.#child = undefined
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
    const gone = new Promise((resolve) => dying.once('exit', resolve))
    dying.kill('SIGKILL')
    await gone
  }
}
