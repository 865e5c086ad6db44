/**
 * The signed feed, pulled by one peer from the first event to the last: each event a delivery of its own, each page opened as a peer
 * opens it. Beside it the same rows, read by their key and nothing else. Both readers are programs of their own.
 */
import { Client } from 'pg'
import { costs, serverPid } from './cpu.ts'
import { type Figure, shareOf, taken } from './figure.ts'
import { HELD } from './held.ts'
import { startReader } from './processes.ts'
import { type BenchPeer, TOLD_AT, newPeer, startAtRest, told } from './shared.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3

export const feed = async (yard: Yard): Promise<Figure[]> => {
  const all = await told(yard)
  const { env, url } = all
  const peers: BenchPeer[] = []
  for (let round = 0; round < ROUNDS; round++) peers.push(await newPeer(env, `对象${round}`))
  const platform = await startAtRest(all)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum analyze')
  await client.end()
  const [peer, reader] = [startReader(), startReader()]
  const database = { name: 'database', pid: await serverPid(url), withChildren: true }
  const ours = costs([{ name: 'platform', pid: platform.pid }, database, { name: 'reader', pid: peer.pid }])
  const bare = costs([database, { name: 'reader', pid: reader.pid }])
  const perSecond = async (of: typeof ours, work: () => Promise<number>): Promise<number> => {
    const began = performance.now()
    const rows = await of.during(work, (n) => n)
    if (rows < HELD) throw new Error(`${rows} of ${HELD} events came`)
    return (rows / (performance.now() - began)) * 1000
  }
  const pair = await taken(
    ROUNDS,
    (round) => perSecond(ours, () => peer.read({ kind: 'pull', base: platform.url, key: peers[round]?.key ?? '' })),
    () => perSecond(bare, () => reader.read({ kind: 'bare', url, at: TOLD_AT })),
  )
  await Promise.all([peer.stop(), reader.stop()])
  await platform.stop()
  return [shareOf('feed', 'events/s', pair, { goal: 0.5, note: `processor ${ours.words()}, bare ${bare.words()}` })]
}
