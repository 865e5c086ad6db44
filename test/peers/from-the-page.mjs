// A peer written from docs/connecting.md alone: plain JavaScript, nothing of the platform and no packages.
//
//   node from-the-page.mjs pull    --url URL --key KEY --store FILE       pulls, carries out, acknowledges
//   node from-the-page.mjs hello   --url URL --key KEY --signing-key PEM  sends a signed request
//   node from-the-page.mjs receive --url URL --port PORT --store FILE     takes pushes at /in
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [command, ...rest] = process.argv.slice(2)
const flags = Object.fromEntries(rest.flatMap((a, i) => (a.startsWith('--') ? [[a.slice(2), rest[i + 1]]] : [])))
const api = `${flags.url}/api/v1`

const send = async (path, body, headers = {}) => {
  const response = await fetch(api + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'accept-language': 'en',
      'content-type': 'application/json',
      authorization: `Bearer ${flags.key}`,
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const reply = JSON.parse(bytes)
  if (!response.ok) throw new Error(`${response.status} ${reply.code}: ${reply.detail}`)
  return { bytes, reply, headers: response.headers }
}
const ask = async (path, body, headers) => (await send(path, body, headers)).reply

const sha256 = (bytes, form) => createHash('sha256').update(bytes).digest(form)

// Section 2, step 2: keys are kept, and asked for anew when one is not known.
const keys = new Map()
const keyOf = async (kid) => {
  if (!keys.has(kid)) {
    const { keys: published } = await (await fetch(`${api}/exchange/keys`)).json()
    for (const jwk of published) keys.set(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }))
  }
  return keys.get(kid)
}

// Section 3.
const load = () =>
  existsSync(flags.store) ? JSON.parse(readFileSync(flags.store, 'utf8')) : { cursor: null, seen: {}, shown: {} }
const save = (state) => writeFileSync(flags.store, JSON.stringify(state))
const carryOut = (state, event) => {
  if (state.seen[event.id]) return 'already'
  state.seen[event.id] = true
  if (event.type === 'record.withdraw') delete state.shown[event.subject]
  else if (event.type === 'record.publish' || event.type === 'record.update') {
    const held = state.shown[event.subject]
    if (!held || held.version <= event.data.after.version) state.shown[event.subject] = event.data.after
  } else return 'refused'
  return 'applied'
}

// What a withdrawal asks for beside taking down is answered with it.
const acknowledgementOf = (state, event) => {
  const asks = event.data.withdrawal?.asks ?? []
  const effects = Object.fromEntries(asks.map(({ part }) => [part, 'none']))
  return { eventId: event.id, outcome: carryOut(state, event), note: '', ...(asks.length ? { effects } : {}) }
}

const pull = async () => {
  const state = load()
  for (;;) {
    const query = new URLSearchParams({ limit: '7', ...(state.cursor ? { after: state.cursor } : {}) })
    const { bytes, reply, headers } = await send(`/exchange/feed?${query}`)
    const [, params, kid] = /^xinheng=(\("content-digest"\).*;keyid="(\w+)".*)$/.exec(headers.get('signature-input'))
    const [, signature] = /^xinheng=:(.*):$/.exec(headers.get('signature'))
    const base = `"content-digest": sha-256=:${sha256(bytes, 'base64')}:\n"@signature-params": ${params}`
    const key = await keyOf(kid)
    if (!key || !verify(null, Buffer.from(base), key, Buffer.from(signature, 'base64')))
      throw new Error('the page does not verify')
    const { events, next, more } = reply
    const acknowledgements = events.map((e) => acknowledgementOf(state, e))
    state.cursor = next
    save(state)
    if (events.length) await ask('/exchange/acknowledgements', JSON.stringify({ acknowledgements }))
    if (!more) break
  }
  console.log(JSON.stringify({ events: Object.keys(state.seen).length, shown: Object.keys(state.shown).length }))
}

// Section 4.
const COVERED = '("@method" "@target-uri" "content-digest" "content-type")'
const baseOf = (url, digest, type, params) =>
  [
    `"@method": POST`,
    `"@target-uri": ${url}`,
    `"content-digest": ${digest}`,
    `"content-type": ${type}`,
    `"@signature-params": ${params}`,
  ].join('\n')

const hello = async () => {
  const key = createPrivateKey(readFileSync(flags['signing-key'], 'utf8'))
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  const keyid = sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`, 'hex').slice(0, 16)
  const body = '{"hello":1}'
  const digest = `sha-256=:${sha256(body, 'base64')}:`
  const params = `${COVERED};created=${Math.floor(Date.now() / 1000)};keyid="${keyid}";alg="ed25519";nonce="${randomBytes(16).toString('hex')}"`
  const base = baseOf(`${api}/onboarding/signature-check`, digest, 'application/json', params)
  const reply = await ask('/onboarding/signature-check', body, {
    'content-digest': digest,
    'signature-input': `xinheng=${params}`,
    signature: `xinheng=:${sign(null, Buffer.from(base), key).toString('base64')}:`,
  })
  console.log(JSON.stringify(reply))
}

// Section 5.
const nonces = new Set()
const faultOf = async (url, headers, body) => {
  if (headers['content-digest'] !== `sha-256=:${sha256(body, 'base64')}:`) return 'digest'
  const params = /^xinheng=(.*)$/.exec(headers['signature-input'] ?? '')?.[1] ?? ''
  const signature = /^xinheng=:(.*):$/.exec(headers.signature ?? '')?.[1] ?? ''
  const of = (name) => new RegExp(`;${name}="?([^";]*)`).exec(params)?.[1]
  if (!params.startsWith(COVERED)) return 'components'
  const key = await keyOf(of('keyid'))
  const base = Buffer.from(baseOf(url, headers['content-digest'], headers['content-type'], params))
  if (!key || !verify(null, base, key, Buffer.from(signature, 'base64'))) return 'signature'
  if (Math.abs(Date.now() / 1000 - Number(of('created'))) > 300) return 'time'
  if (nonces.has(of('nonce'))) return 'nonce'
  nonces.add(of('nonce'))
  return null
}
const receive = () => {
  const state = load()
  const answer = async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const fault = await faultOf(`http://127.0.0.1:${server.address().port}${request.url}`, request.headers, body)
    if (fault) {
      response.writeHead(401).end(fault)
      return
    }
    const acknowledgements = JSON.parse(body).map((e) => acknowledgementOf(state, e))
    save(state)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ acknowledgements }))
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(Number(flags.port), '127.0.0.1', () => console.log(`listening ${server.address().port}`))
}

await { pull, hello, receive }[command]()
