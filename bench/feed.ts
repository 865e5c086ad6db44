/**
 * The signed feed, pulled by one peer from the first event to the last: each event a delivery of its own, each page opened as a peer
 * opens it. Beside it the same rows, read by their key and nothing else.
 */
import { type KeyObject, createPublicKey, verify } from 'node:crypto'
import { Client } from 'pg'
import type { FeedPage } from '../src/capabilities/exchange/contract.ts'
import { types } from '../src/platform/db/parse.ts'
import { costs, serverPid } from './cpu.ts'
import { type Figure, shareOf, taken } from './figure.ts'
import { HELD } from './held.ts'
import { type BenchPeer, newPeer, startAtRest, told } from './shared.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3
export const PAGE = 5_000

type Signed = { protected: string; payload: string; signature: string }

/** Pulls all there is, asking for the next page while it opens this one; answers how many events came. */
export const pullAll = async (base: string, peer: BenchPeer, limit = PAGE): Promise<number> => {
  const ask = async (path: string): Promise<Response> => {
    const answer = await fetch(`${base}/api/v1/exchange/${path}`, { headers: { authorization: `Bearer ${peer.key}` } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const keys = new Map<string, KeyObject>()
  const published = (await (await ask('keys')).json()) as { keys: Record<string, string>[] }
  for (const jwk of published.keys) keys.set(String(jwk.kid), createPublicKey({ key: jwk, format: 'jwk' }))
  let count = 0
  for (let coming: Promise<Response> | null = ask(`feed?limit=${limit}`); coming; ) {
    const answer: Response = await coming
    const next = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
    coming = next === undefined ? null : ask(`feed${next}`)
    coming?.catch(() => undefined)
    // All of the envelope is ASCII.
    const page = JSON.parse(Buffer.from(await answer.arrayBuffer()).toString('latin1')) as Signed
    const head = JSON.parse(Buffer.from(page.protected, 'base64url').toString()) as { kid: string }
    const key = keys.get(head.kid)
    const signed = Buffer.from(`${page.protected}.${page.payload}`, 'latin1')
    if (!key || !verify(null, signed, key, Buffer.from(page.signature, 'base64url')))
      throw new Error('a page that is not signed as its platform signs')
    const { events, more } = JSON.parse(Buffer.from(page.payload, 'base64url').toString()) as FeedPage
    if (more !== (coming !== null)) throw new Error('a page whose header says other than it says itself')
    count += events.length
  }
  return count
}

/** Row by row through the keys: left to itself the planner sorts all there is for every page. */
const BARE = `
  with page as materialized (
    select e.commit_n, e.id, e.kind, e.at, e.subject_id, e.record_id from platform.event e
    where (e.commit_n, e.id) > ($1::bigint, $2::uuid) and e.at = $3::timestamptz order by e.commit_n, e.id limit ${PAGE}
  )
  select p.*, s.uscc, s.name, r.item, r.authority_name, r.doc_no, r.decided_on, r.version, r.windows, r.fields
  from page p
  left join lateral (select * from records.record r where r.subject_id = p.subject_id and r.id = p.record_id limit 1) r on true
  left join lateral (select * from subjects.subject s where s.id = p.subject_id limit 1) s on true`
type BareRow = { commit_n: number; id: string }
const readAll = async (client: Client): Promise<number> => {
  let count = 0
  for (let key: [number, string] = [0, '00000000-0000-0000-0000-000000000000']; ; ) {
    const { rows } = await client.query<BareRow>({ name: 'bare', text: BARE, values: [...key, '2026-01-06T02:00:00Z'] })
    count += rows.length
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return count
    key = [last.commit_n, last.id]
  }
}

export const feed = async (yard: Yard): Promise<Figure[]> => {
  const all = await told(yard)
  const { env, url } = all
  const peers: BenchPeer[] = []
  for (let round = 0; round <= ROUNDS; round++) peers.push(await newPeer(env, `对象${round}`))
  const platform = await startAtRest(all)
  const client = new Client({ connectionString: url, types })
  await client.connect()
  await client.query('vacuum analyze')
  const database = { name: 'database', pid: await serverPid(url), withChildren: true }
  const mine = { name: 'reader', pid: process.pid }
  const ours = costs([{ name: 'platform', pid: platform.pid }, database, mine])
  const bare = costs([database, mine])
  const perSecond = async (of: typeof ours, work: () => Promise<number>): Promise<number> => {
    const began = performance.now()
    const rows = await of.during(work, (n) => n)
    if (rows < HELD) throw new Error(`${rows} of ${HELD} events came`)
    return (rows / (performance.now() - began)) * 1000
  }
  const pair = await taken(
    ROUNDS,
    (round) => perSecond(ours, () => pullAll(platform.url, peers[round] as BenchPeer)),
    () => perSecond(bare, () => readAll(client)),
  )
  await client.end()
  await platform.stop()
  return [shareOf('feed', 'events/s', pair, { goal: 0.5, note: `processor ${ours.words()}, bare ${bare.words()}` })]
}
