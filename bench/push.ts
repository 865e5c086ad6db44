/**
 * Deliveries that go to the peer: signed, in batches, each noted with its acknowledgement, against a bare client that sends the same
 * events to the same receiver, one a request, over as many connections. Then how soon a change is acknowledged, alone and
 * while another peer takes everything over.
 */
import { Agent, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { dispose } from '../src/capabilities/records/index.ts'
import { encodeCursor } from '../src/kernel/page.ts'
import { dayOf } from '../src/kernel/time.ts'
import { systemCtx } from '../src/platform/context.ts'
import { inTx } from '../src/platform/outbox.ts'
import { costs, serverPid } from './cpu.ts'
import { type Figure, median, reaches, shareOf, taken } from './figure.ts'
import { type Server, startReceiver } from './processes.ts'
import { newPeer, startAtRest, told } from './shared.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3
const MS = Number(process.env.BENCH_PUSH_MS ?? 10_000)
const CONNECTIONS = 4
const PER_SECOND = 100
const SECONDS = Number(process.env.BENCH_CHANGE_SECONDS ?? 20)
const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const STEP_MS = 50

const countAt = async (url: string): Promise<number> => ((await (await fetch(url)).json()) as { count: number }).count

const PATIENCE_MS = 60_000
const begun = async (url: string): Promise<void> => {
  const until = performance.now() + PATIENCE_MS
  while ((await countAt(url)) === 0) {
    if (performance.now() > until) throw new Error('nothing was pushed')
    await sleep(STEP_MS)
  }
}
/** So many arrive there within the time, once they arrive at all. */
const arriving = async (url: string): Promise<number> => {
  const from = await countAt(url)
  await sleep(MS)
  return (await countAt(url)) - from
}

/** A client that does nothing else. */
const sending = async (url: string, bodies: readonly string[]): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const until = performance.now() + MS
  let sent = 0
  const post = (body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/cloudevents-batch+json',
        'content-length': String(Buffer.byteLength(body)),
      }
      const ask = httpRequest(url, { method: 'POST', agent, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (some: string) => (text += some))
        answer.once('end', () => {
          JSON.parse(text)
          resolve()
        })
      })
      ask.once('error', reject)
      ask.end(body)
    })
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      await post(bodies[sent++ % bodies.length] as string)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, loop))
  agent.destroy()
  return sent
}

type World = { env: Record<string, string>; client: Client; receiver: Server }
let peers = 0
/** A peer that is pushed to, from the first event on or from now on. */
const pushTo = async (
  { env, client, receiver }: World,
  from: 'first' | 'now',
): Promise<{ id: string; url: string }> => {
  const n = ++peers
  const { id } = await newPeer(env, `推送对象${n}`)
  const url = `${receiver.url}/inbox/${n}`
  if (from === 'now') {
    const { rows } = await client.query<{ top: string }>('select max(position) as top from platform.commit')
    const cursor = encodeCursor([Number(rows[0]?.top ?? 0), END])
    await client.query('insert into exchange.cursor (peer_id, cursor, pulled_at) values ($1, $2, now())', [id, cursor])
  }
  await client.query(
    `update exchange.peer set way = 'push', settings = jsonb_build_object('url', $2::text) where id = $1`,
    [id, url],
  )
  return { id, url }
}
const stopPushing = ({ client }: World, id: string) =>
  client.query(`update exchange.peer set way = 'pull' where id = $1`, [id])

export const push = async (yard: Yard): Promise<Figure[]> => {
  const all = await told(yard)
  const { env, url } = all
  const receiver = await startReceiver()
  const platform = await startAtRest(all)
  const client = new Client({ connectionString: url })
  await client.connect()
  const world = { env, client, receiver }
  const { rows } = await client.query<{ body: string }>(`
    select jsonb_build_array(jsonb_build_object('specversion', '1.0', 'id', gen_random_uuid(), 'source', 'xinheng/440100',
      'type', 'record.publish', 'subject', r.id, 'time', r.recorded_at, 'datacontenttype', 'application/json', 'data',
      jsonb_build_object('before', null, 'record', jsonb_build_object('recordId', r.id, 'item', r.item, 'authority', r.authority_name,
      'documentNumber', r.doc_no, 'decidedOn', r.decided_on), 'after', jsonb_build_object('version', 1, 'fields', r.fields,
      'shownFrom', r.shown_from, 'shownUntil', r.shown_until)))) as body
    from records.record r limit 500`)
  const bodies = rows.map((r) => JSON.stringify(r.body))
  const parts = [
    { name: 'database', pid: await serverPid(url), withChildren: true },
    { name: 'receiver', pid: receiver.pid },
  ]
  const ours = costs([{ name: 'platform', pid: platform.pid }, ...parts])
  const bare = costs([{ name: 'client', pid: process.pid }, ...parts.slice(1)])
  const perSecond = async (of: typeof ours, work: () => Promise<number>): Promise<number> => {
    const began = performance.now()
    const count = await of.during(work, (n) => n)
    return (count / (performance.now() - began)) * 1000
  }
  const pair = await taken(
    ROUNDS,
    async () => {
      const peer = await pushTo(world, 'first')
      await begun(peer.url)
      const rate = await perSecond(ours, () => arriving(peer.url))
      await stopPushing(world, peer.id)
      return rate
    },
    () => perSecond(bare, () => sending(`${receiver.url}/bare`, bodies)),
  )
  await client.end()
  await platform.stop()
  await receiver.stop()
  const note = `${CONNECTIONS} connections; processor ${ours.words()}, bare ${bare.words()}`
  return [shareOf('push', 'deliveries/s', pair, { goal: 0.4, note })]
}

/** A change of a record each hundredth of a second; answers how long after it each was acknowledged, in seconds. */
const changes = async (world: World, peerId: string): Promise<number[]> => {
  const { env, client } = world
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const count = PER_SECOND * SECONDS
  const { rows } = await client.query<{ subject_id: string; id: string }>(
    'select subject_id, id from records.record where disposed = 0 and shown_from is not null limit $1',
    [count],
  )
  const since = new Date().toISOString()
  const began = performance.now()
  await Promise.all(
    rows.map(async (r, i) => {
      await sleep(Math.max(0, (i * 1000) / PER_SECOND - (performance.now() - began)))
      await inTx(ctx, (tx) =>
        dispose(tx, ctx, {
          subjectId: r.subject_id,
          recordId: r.id,
          kind: 'disputed',
          channel: null,
          effectiveFrom: dayOf(ctx.clock.now()),
          reason: '异议处理中',
          basis: { rule: 'bench' },
        }),
      )
    }),
  )
  const asked = `
    select extract(epoch from d.acked_at - e.at)::float8 as seconds from exchange.delivery d
    join platform.event e on e.subject_id = d.subject_id and e.id = d.event_id
    where d.peer_id = $1 and e.at >= $2::timestamptz and d.acked_at is not null`
  const until = performance.now() + 60_000
  for (;;) {
    const done = await client.query<{ seconds: number }>(asked, [peerId, since])
    if (done.rows.length >= rows.length) {
      await runtime.db.close()
      return done.rows.map((r) => r.seconds)
    }
    if (performance.now() > until) throw new Error(`${done.rows.length} of ${rows.length} changes were acknowledged`)
    await sleep(200)
  }
}
const p95 = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length * 0.95)] ?? 0

const GOAL_S = 1
const GOAL_TIMES = 1.5
export const propagation = async (yard: Yard): Promise<Figure[]> => {
  const all = await told(yard)
  const { env, url } = all
  const receiver = await startReceiver()
  const platform = await startAtRest(all)
  const client = new Client({ connectionString: url })
  await client.connect()
  const world = { env, client, receiver }
  const healthy = await pushTo(world, 'now')
  const [alone, beside]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(p95(await changes(world, healthy.id)))
    const taker = await pushTo(world, 'first')
    await begun(taker.url)
    beside.push(p95(await changes(world, healthy.id)))
    await stopPushing(world, taker.id)
  }
  await client.end()
  await platform.stop()
  await receiver.stop()
  const ratio = median(beside.map((v, i) => v / (alone[i] ?? Number.NaN)))
  const slowed = reaches('takeover', 's p95', { ours: beside, bare: alone }, { goal: GOAL_TIMES, better: 'less' })
  return [
    reaches(
      'propagation',
      's p95',
      { ours: alone, bare: [] },
      {
        goal: GOAL_S,
        better: 'less',
        note: `${PER_SECOND} changes a second`,
      },
    ),
    { ...slowed, against: 'ratio', ok: ratio <= GOAL_TIMES, note: `${slowed.note}; bare: nobody takes anything over` },
  ]
}
