/**
 * Those who read, in a process of their own as a peer's program is: one pulls the signed feed and opens each page as it should be
 * opened, the other reads the same rows by their key and nothing else.
 */
import { type KeyObject, createHash, createPublicKey, verify } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, get } from 'node:http'
import { Client } from 'pg'
import { types } from '../src/platform/db/parse.ts'

const PAGE = 5_000
/** `bare`: the events told at that time. */
export type ReaderAsk = { kind: 'pull'; base: string; key: string } | { kind: 'bare'; url: string; at: string }
export type ReaderTold = { rows: number } | { failed: string }

type Answer = { headers: IncomingHttpHeaders; body: Promise<{ bytes: Buffer; digest: string }> }
const agent = new Agent({ keepAlive: true })
/** An answer as soon as it begins; its digest is made while it comes. */
const answered = (address: string, key: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = get(address, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      const hash = createHash('sha256')
      const parts: Buffer[] = []
      const body = new Promise<{ bytes: Buffer; digest: string }>((done, failed) => {
        response.on('data', (part: Buffer) => {
          hash.update(part)
          parts.push(part)
        })
        response.once('end', () => done({ bytes: Buffer.concat(parts), digest: hash.digest('base64') }))
        response.once('error', failed)
      })
      if (response.statusCode === 200) return resolve({ headers: response.headers, body })
      body.then(({ bytes }) => reject(new Error(`${address}: ${bytes.toString()}`)), reject)
    })
    request.once('error', reject)
  })

const LINE = 10
const COMMA = 44
type Event = { id: string }
/** Each event stands on a line of its own; answers what stands behind them. */
const readPage = (bytes: Buffer, take: (event: Event) => void): { more: boolean } => {
  let from = bytes.indexOf(LINE) + 1
  for (let to = bytes.indexOf(LINE, from); to > 0; from = to + 1, to = bytes.indexOf(LINE, from))
    take(JSON.parse(bytes.toString('utf8', from, bytes[to - 1] === COMMA ? to - 1 : to)) as Event)
  return JSON.parse(`{"events":[${bytes.toString('utf8', from)}`) as { more: boolean }
}

/** Pulls all there is, asking for the next page while it opens this one; answers how many events came. */
const pullAll = async ({ base, key: secret }: Extract<ReaderAsk, { kind: 'pull' }>): Promise<number> => {
  const ask = (path: string) => answered(`${base}/api/v1/exchange/${path}`, secret)
  const keys = new Map<string, KeyObject>()
  const published = await (await ask('keys')).body
  for (const jwk of (JSON.parse(published.bytes.toString()) as { keys: Record<string, string>[] }).keys)
    keys.set(String(jwk.kid), createPublicKey({ key: jwk, format: 'jwk' }))
  let count = 0
  for (let coming: Promise<Answer> | null = ask(`feed?limit=${PAGE}`); coming; ) {
    const { headers, body }: Answer = await coming
    const next: string | undefined = /^<([^>]+)>; rel="next"$/.exec(String(headers.link))?.[1]
    coming = next === undefined ? null : ask(`feed${next}`)
    coming?.catch(() => undefined)
    const { bytes, digest } = await body
    const [, params, keyId = ''] = /^xinheng=(.*;keyid="(\w+)".*)$/.exec(String(headers['signature-input'])) ?? []
    const [, signature = ''] = /^xinheng=:(.*):$/.exec(String(headers.signature)) ?? []
    const signed = Buffer.from(`"content-digest": sha-256=:${digest}:\n"@signature-params": ${params}`)
    const key = keys.get(keyId)
    if (!key || !verify(null, signed, key, Buffer.from(signature, 'base64')))
      throw new Error('a page that is not signed as its platform signs')
    const { more } = readPage(bytes, (event) => {
      if (event.id) count++
    })
    if (more !== (coming !== null)) throw new Error('a page whose header says other than it says itself')
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
const readAll = async ({ url, at }: Extract<ReaderAsk, { kind: 'bare' }>): Promise<number> => {
  const client = new Client({ connectionString: url, types })
  await client.connect()
  let count = 0
  for (let key: [number, string] = [0, '00000000-0000-0000-0000-000000000000']; ; ) {
    const { rows } = await client.query<BareRow>({ name: 'bare', text: BARE, values: [...key, at] })
    count += rows.length
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    key = [last.commit_n, last.id]
  }
  await client.end()
  return count
}

const tell = (told: ReaderTold) => process.send?.(told)
process.on('message', (ask: ReaderAsk) => {
  const reading = ask.kind === 'pull' ? pullAll(ask) : readAll(ask)
  reading.then(
    (rows) => tell({ rows }),
    (error: unknown) => tell({ failed: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
