/**
 * A demonstration peer: a small program of its own that shows what a platform on the other side has to do. It pulls the
 * signed feed, checks the signature, keeps what it is given in a file of its own, and acknowledges. It may be killed at any
 * point: what it applied, the cursor and what it still owes an acknowledgement for are one file that is replaced whole.
 *
 *   node test/peers/demo-peer.ts --url http://127.0.0.1:8080 --key KEY --store FILE [--once] [--interval MS] [--no-ack]
 */
import { type KeyObject, createHash, createPublicKey, verify } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

type Held = { recordId: string; version: number; shownUntil: string | null } & Record<string, unknown>
type FeedEvent = {
  id: string
  type: string
  subject: string
  data: { record: { recordId: string }; after: Omit<Held, 'recordId'> | null }
}
type Page = { events: FeedEvent[]; next: string; more: boolean }
type Ack = { eventId: string; outcome: 'applied' | 'already'; note: string }
type State = { cursor: string | null; owed: Ack[]; records: Map<string, Held> }

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    store: { type: 'string' },
    once: { type: 'boolean', default: false },
    interval: { type: 'string', default: '5000' },
    'no-ack': { type: 'boolean', default: false },
  },
})
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
const base = (values.url ?? fail('--url is missing')).replace(/\/$/, '')
const key = values.key ?? fail('--key is missing')
const path = values.store ?? fail('--store is missing')
const say = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`)

/** First line: the cursor and what is owed. Every other line: one record. */
const load = (): State => {
  if (!existsSync(path)) return { cursor: null, owed: [], records: new Map() }
  const [head = '{}', ...lines] = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const { cursor, owed } = JSON.parse(head) as Pick<State, 'cursor' | 'owed'>
  const records = lines.map((line) => JSON.parse(line) as Held)
  return { cursor, owed, records: new Map(records.map((r) => [r.recordId, r])) }
}
const save = (state: State): void => {
  const temp = `${path}.new`
  const lines = [{ cursor: state.cursor, owed: state.owed }, ...state.records.values()].map((l) => JSON.stringify(l))
  const file = openSync(temp, 'w')
  writeSync(file, `${lines.join('\n')}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(temp, path)
}

const send = async (place: string, body?: unknown): Promise<{ bytes: Buffer; headers: Headers }> => {
  const response = await fetch(`${base}/api/v1/exchange/${place}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.ok) return { bytes, headers: response.headers }
  const reply = JSON.parse(bytes.toString()) as { code?: string; detail?: string }
  throw new Error(`${response.status} ${reply.code}: ${reply.detail}`)
}
const ask = async (place: string, body?: unknown): Promise<unknown> =>
  JSON.parse((await send(place, body)).bytes.toString())

const keys = new Map<string, KeyObject>()
const keyFor = async (id: string): Promise<KeyObject> => {
  if (!keys.has(id)) {
    const known = (await ask('keys')) as { keys: Record<string, string>[] }
    for (const jwk of known.keys) keys.set(String(jwk.kid), createPublicKey({ key: jwk, format: 'jwk' }))
  }
  return keys.get(id) ?? fail(`the feed is signed with a key that its platform does not publish: ${id}`)
}

/** Nothing is applied that the platform did not sign. */
const opened = async ({ bytes, headers }: { bytes: Buffer; headers: Headers }): Promise<Page> => {
  const input = /^xinheng=(\("content-digest"\).*;keyid="(\w+)".*)$/.exec(headers.get('signature-input') ?? '')
  const signature = /^xinheng=:(.+):$/.exec(headers.get('signature') ?? '')
  if (!input?.[1] || !input[2] || !signature?.[1]) return fail('the feed comes without a signature')
  const digest = createHash('sha256').update(bytes).digest('base64')
  const base = Buffer.from(`"content-digest": sha-256=:${digest}:\n"@signature-params": ${input[1]}`)
  const good = verify(null, base, await keyFor(input[2]), Buffer.from(signature[1], 'base64'))
  return good ? (JSON.parse(bytes.toString()) as Page) : fail('the signature of the feed does not hold')
}

/** The same event twice changes nothing; an older version never replaces a newer one. */
const apply = ({ records }: State, event: FeedEvent): Ack => {
  const done = (outcome: Ack['outcome']): Ack => ({ eventId: event.id, outcome, note: '' })
  const { record, after } = event.data
  if (after === null) return done(records.delete(event.subject) ? 'applied' : 'already')
  const next = { ...record, ...after } as Held
  const held = records.get(event.subject)
  if (held && (held.version > next.version || JSON.stringify(held) === JSON.stringify(next))) return done('already')
  records.set(event.subject, next)
  return done('applied')
}

const acknowledge = async (state: State): Promise<void> => {
  if (values['no-ack']) return
  while (state.owed.length) {
    const some = state.owed.slice(0, 1000)
    await ask('acknowledgements', { acknowledgements: some })
    state.owed = state.owed.slice(some.length)
    save(state)
    say({ acknowledged: some.length })
  }
}

const pull = async (state: State): Promise<void> => {
  await acknowledge(state)
  for (;;) {
    const query = new URLSearchParams({ limit: '2000', ...(state.cursor ? { after: state.cursor } : {}) })
    const page = await opened(await send(`feed?${query.toString()}`))
    if (page.next !== state.cursor) {
      state.owed.push(...page.events.map((event) => apply(state, event)))
      state.cursor = page.next
      save(state)
    }
    if (page.events.length) say({ applied: page.events.length, held: state.records.size })
    await acknowledge(state)
    if (!page.more) return
  }
}

const state = load()
for (;;) {
  try {
    await pull(state)
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error)
    if (values.once) fail(line)
    process.stderr.write(`${line}\n`)
  }
  if (values.once) break
  await sleep(Number(values.interval))
}
