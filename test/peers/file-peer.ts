/**
 * A demonstration peer that exchanges files: a program of its own, which knows the platform by its folder and by docs/connecting.md.
 * It checks hash and signature of each batch, keeps what it is given, and answers with a file of acknowledgements and its own
 * signed manifest. It may be killed at any point: what it answered before it answers again, and the first answer stands.
 *
 *   node test/peers/file-peer.ts --folder DIR --url http://127.0.0.1:8080 --signing-key PEM --store FILE
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

type Row = Record<string, string>
type Manifest = { batch: number; file: string; sha256: string; count: number } & Record<string, unknown>
type Signed = Manifest & { signature: { keyId: string; value: string } }

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    url: { type: 'string' },
    'signing-key': { type: 'string' },
    store: { type: 'string' },
  },
})
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
const folder = values.folder ?? fail('--folder is missing')
const url = values.url ?? fail('--url is missing')
const path = values.store ?? fail('--store is missing')
const key = createPrivateKey(readFileSync(values['signing-key'] ?? fail('--signing-key is missing'), 'utf8'))
const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const { x } = createPublicKey(key).export({ format: 'jwk' })
const keyId = sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice(0, 16)

/** RFC 8785, as far as a manifest needs it. */
const canonical = (value: Record<string, unknown>): string =>
  `{${Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
    .join(',')}}`

const { keys } = (await (await fetch(`${url}/api/v1/exchange/keys`)).json()) as { keys: Record<string, string>[] }
const theirs = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]))

/** One row an event; a column is a path into it. */
const rowsOf = (text: string): Row[] => {
  const lines: string[][] = [[]]
  for (const [, quoted, plain = '', end = ''] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end.endsWith('\n')) lines.push([])
  }
  const [heads = [], ...rows] = lines.filter((cells) => cells.some((c) => c !== ''))
  return rows.map((cells) => Object.fromEntries(heads.map((head, i) => [head, cells[i] ?? ''])))
}

const eventsOf = (name: string): Row[] => {
  const { signature, ...said } = JSON.parse(readFileSync(join(folder, 'out', name), 'utf8')) as Signed
  const of = theirs.get(signature.keyId) ?? fail(`${name} is signed with a key that its platform does not publish`)
  if (!verify(null, Buffer.from(canonical(said)), of, Buffer.from(signature.value, 'base64')))
    fail(`the signature of ${name} does not hold`)
  const body = readFileSync(join(folder, 'out', said.file))
  if (sha256(body) !== said.sha256) fail(`${said.file} is not what its manifest names`)
  const events = rowsOf(body.toString('utf8').replace(/^\ufeff/, ''))
  return events.length === said.count ? events : fail(`${said.file} is cut short`)
}

type State = { batches: string[]; held: string[] }
const state: State = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : { batches: [], held: [] }
const held = new Set(state.held)
const carryOut = (e: Row): string[] => {
  const { id = '', type = '', subject = '' } = e
  if (type === 'record.withdraw') held.delete(subject)
  else held.add(subject)
  const asks = e['data.withdrawal.asks'] ?? ''
  return [id, 'applied', ...['measures', 'evaluation'].map((part) => (asks.includes(`"${part}"`) ? 'done' : ''))]
}

const names = readdirSync(join(folder, 'out'))
  .filter((n) => n.endsWith('.manifest.json') && !state.batches.includes(n))
  .toSorted()
for (const name of names) {
  const rows = [['event_id', 'outcome', 'measures', 'evaluation'], ...eventsOf(name).map(carryOut)]
  const body = rows.map((r) => `${r.join(',')}\r\n`).join('')
  const file = name.replace('.manifest.json', '-ack.csv')
  const said = { file, sha256: sha256(body) }
  const value = sign(null, Buffer.from(canonical(said)), key).toString('base64')
  const manifest = { ...said, signature: { keyId, algorithm: 'ed25519', value } }
  writeFileSync(join(folder, 'ack', file), body)
  writeFileSync(join(folder, 'ack', `${file}.manifest.json`), JSON.stringify(manifest))
  state.batches.push(name)
  writeFileSync(path, JSON.stringify({ ...state, held: [...held] }))
  process.stdout.write(`${JSON.stringify({ acknowledged: rows.length - 1, held: held.size })}\n`)
}
