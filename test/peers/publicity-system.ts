/**
 * A publicity system of its own: a separate program that stands for the national enterprise publicity system on the other side
 * of the daily exchange. It has its own store, its own cases and its own reading of SAMR Order 107: what is shown, from when, until
 * when, which small fines end by themselves, how an entry leaves a list. It shares no code with the platform, so that the two
 * can be wrong apart from each other.
 *
 *   node test/peers/publicity-system.ts --port 0 --store FILE [--source CODE] [--now INSTANT]
 *     [--platform URL [--key KEY]]
 *
 *   POST /inbox      events that a platform pushes (RFC 9421), answered at once
 *   GET  /shown      ?day&after   what it shows today, page by page, signed
 *   GET  /results    ?after       repair results and small fines that expired, by cursor, signed
 *   GET  /record     ?item&subjectCode&authority&documentNumber   what became of one record, signed
 *   GET  /keys       its public key
 *   POST /control    for tests: enter a case, repair it, set the clock, and ways to misbehave
 *
 * Everything that happens is a line of the store; what it knows is rebuilt from the lines at the start.
 */
import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    store: { type: 'string' },
    source: { type: 'string', default: 'necips/440000' },
    now: { type: 'string' },
    platform: { type: 'string' },
    key: { type: 'string' },
    page: { type: 'string', default: '500' },
  },
})
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
const storePath = values.store ?? fail('--store is missing')
const platform = values.platform?.replace(/\/$/, '')
const PAGE = Number(values.page)

// ---- days

let offset = values.now ? Date.parse(values.now) - Date.now() : 0
const now = (): Date => new Date(Date.now() + offset)
/** The calendar day in China. */
const today = (): string => new Date(now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
/** The same day so many months on; the last of the month where there is no such day. */
const plusMonths = (day: string, months: number): string => {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(y, m - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(y, m - 1 + months, Math.min(d, last))).toISOString().slice(0, 10)
}
const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

// ---- what Order 107 says

type Case = {
  item: string
  subjectCode: string
  subjectName: string
  authority: string
  documentNumber: string
  /** Its first day of display, from which Order 45 art. 13 counts. */
  publishedOn: string
  kinds: string[]
  /** In ten thousand yuan, as the national fields have it. */
  fine: number | null
  discretion: string | null
  field: string | null
  restrictedUntil: string | null
  /** Shown since before Order 107, which does not say how such a record passes over: it keeps the last day that it was given. */
  keptUntil?: string | null
}
type Display = { shown: boolean; until: string | null; class: string; article: string; byItself: boolean }
const IN_FORCE = '2025-12-25'
const SIX_FIELDS = ['food', 'drug', 'medical_device', 'cosmetics', 'special_equipment', 'key_industrial_product']
const RESTRICTIONS = ['restrict_business', 'suspend_business', 'restrict_employment']
const LOSSES = ['downgrade', 'revoke_licence', 'revoke_business_licence', 'close_down']

const displayOf = (c: Case): Display => {
  const from = c.publishedOn
  const months = (n: number) => plusMonths(from, n)
  const orTerm = (until: string) => {
    const over = c.restrictedUntil ? dayAfter(c.restrictedUntil) : until
    return over > until ? over : until
  }
  if (c.item === 'abnormal_list')
    return { shown: true, until: null, class: 'listed', article: '第十二条', byItself: false }
  if (c.item === 'serious_list')
    return { shown: true, until: orTerm(months(36)), class: 'serious', article: '第十三条', byItself: false }
  if (c.item !== 'penalty') return { shown: true, until: null, class: 'none', article: '', byItself: false }
  if (from < IN_FORCE && c.keptUntil !== undefined)
    return { shown: true, until: c.keptUntil, class: 'kept', article: '', byItself: false }
  // Article 7: a warning alone is not shown; criticism alone, or a low fine alone, for three months.
  const lowFine = (c.discretion === 'lighter' || c.discretion === 'reduced') && c.fine !== null && c.fine <= 5
  const minor = (kind: string) => kind === 'warning' || kind === 'criticism' || (kind === 'fine' && lowFine)
  if (c.kinds.every((k) => k === 'warning'))
    return { shown: false, until: null, class: 'minor', article: '第七条', byItself: true }
  if (c.kinds.every(minor)) return { shown: true, until: months(3), class: 'minor', article: '第七条', byItself: true }
  // Article 8, of several kinds the longest (art. 6).
  if (c.kinds.some((k) => RESTRICTIONS.includes(k) || LOSSES.includes(k)) || SIX_FIELDS.includes(c.field ?? ''))
    return { shown: true, until: orTerm(months(36)), class: 'serious', article: '第八条', byItself: false }
  return { shown: true, until: months(12), class: 'general', article: '第九条', byItself: false }
}

// ---- the store

type Fields = Record<string, unknown>
type Held = {
  key: string
  case: Case
  /** Its own case, or only what a platform has pushed. */
  own: boolean
  recordId: string | null
  version: number | null
  fields: Fields | null
  ended: { kind: string; on: string } | null
  /** Told to show another last day than its rules give. */
  shifted: number
}
type Result = { seq: number; event: Record<string, unknown>; key: string }
type Line =
  | { t: 'case'; case: Case }
  | { t: 'pushed'; key: string; case: Case; recordId: string; version: number; fields: Fields }
  | { t: 'ended'; key: string; kind: string; on: string; result: boolean; id: string; at: string; article: string }
  | { t: 'reopened'; key: string }
  | { t: 'forgotten'; key: string }
  | { t: 'shifted'; key: string; days: number }
  | { t: 'garbled'; key: string; fields: Fields }
  | { t: 'corrected'; key: string; days: number; on: string; id: string; at: string }

const held = new Map<string, Held>()
const byRecord = new Map<string, string>()
const results: Result[] = []

const plain = (s: string): string => s.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
const keyOf = (c: Pick<Case, 'item' | 'subjectCode' | 'authority' | 'documentNumber'>): string =>
  [c.subjectCode, c.item, plain(c.authority), plain(c.documentNumber)].join('|')

const aboutOf = (h: Held) => ({
  recordId: h.recordId,
  item: h.case.item,
  subjectCode: h.case.subjectCode,
  subjectName: h.case.subjectName,
  authority: h.case.authority,
  documentNumber: h.case.documentNumber,
})

/** A result, for the feed of results. */
const tell = (h: Held, kind: string, of: { id: string; at: string; on: string; article: string }): void => {
  const event = {
    specversion: '1.0',
    id: of.id,
    source: values.source,
    type: `publicity.${kind}`,
    subject: h.key,
    time: of.at,
    datacontenttype: 'application/json',
    data: { record: aboutOf(h), on: of.on, article: of.article },
  }
  results.push({ seq: results.length + 1, event, key: h.key })
}

const apply = (line: Line): void => {
  if (line.t === 'case') {
    const key = keyOf(line.case)
    const before = held.get(key)
    held.set(key, {
      key,
      case: line.case,
      own: true,
      recordId: before?.recordId ?? null,
      version: before?.version ?? null,
      fields: before?.fields ?? null,
      ended: before?.ended ?? null,
      shifted: 0,
    })
    return
  }
  if (line.t === 'pushed') {
    const before = held.get(line.key)
    byRecord.set(line.recordId, line.key)
    held.set(line.key, {
      key: line.key,
      case: before?.own ? before.case : line.case,
      own: before?.own ?? false,
      recordId: line.recordId,
      version: line.version,
      fields: line.fields,
      ended: before?.ended?.kind === 'withdrawn' ? null : (before?.ended ?? null),
      shifted: before?.shifted ?? 0,
    })
    return
  }
  const h = held.get(line.key)
  if (!h) return
  if (line.t === 'ended') {
    h.ended = { kind: line.kind, on: line.on }
    if (line.result) tell(h, line.kind, line)
  }
  if (line.t === 'reopened') h.ended = null
  if (line.t === 'forgotten') {
    held.delete(line.key)
    if (h.recordId) byRecord.delete(h.recordId)
  }
  if (line.t === 'shifted') h.shifted = line.days
  if (line.t === 'corrected') {
    h.shifted = line.days
    tell(h, 'corrected', { id: line.id, at: line.at, on: line.on, article: '' })
  }
  if (line.t === 'garbled') h.fields = line.fields
}
const keepAll = (lines: readonly Line[]): void => {
  const fd = openSync(storePath, 'a')
  appendFileSync(fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  fsyncSync(fd)
  closeSync(fd)
  for (const line of lines) apply(line)
}
const keep = (line: Line): void => keepAll([line])
if (existsSync(storePath))
  // A line that broke off in the middle was never answered.
  for (const line of readFileSync(storePath, 'utf8').split('\n'))
    if (line.endsWith('}')) apply(JSON.parse(line) as Line)

const windowOf = (h: Held): Display & { from: string } => {
  const d = displayOf(h.case)
  const until =
    d.until && h.shifted
      ? new Date(Date.parse(`${d.until}T00:00:00Z`) + h.shifted * 86_400_000).toISOString().slice(0, 10)
      : d.until
  return { ...d, until, from: h.case.publishedOn }
}
const isShown = (h: Held): boolean => {
  const w = windowOf(h)
  return w.shown && !h.ended && w.from <= today() && (w.until === null || today() < w.until)
}
const endNow = (h: Held, kind: string, on: string, result: boolean, article: string): void =>
  keep({ t: 'ended', key: h.key, kind, on, result, id: randomUUID(), at: now().toISOString(), article })
/** Article 7: what is minor ends by itself; such a small fine is a result that is shared. */
const expire = (): void => {
  for (const h of held.values()) {
    const w = windowOf(h)
    if (h.ended || !w.shown || !w.byItself || w.until === null || w.until > today()) continue
    endNow(
      h,
      'expired',
      w.until,
      h.case.kinds.every((k) => k === 'fine'),
      '第七条第二款',
    )
  }
}

/** Of its content, so that both sides can compare without sending it: keys in byte order, unit and record separators between. */
const digestOf = (fields: Fields): string => {
  const text = (v: unknown): string => {
    if (typeof v === 'string') return v
    if (Array.isArray(v)) return `[${v.map((x) => (typeof x === 'string' ? JSON.stringify(x) : text(x))).join(', ')}]`
    return String(v)
  }
  const parts = Object.entries(fields)
    .filter(([, v]) => v !== null && v !== undefined)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([k, v]) => `${k}\u001f${text(v)}`)
  return createHash('sha256').update(parts.join('\u001e')).digest('hex')
}

// ---- keys and signatures (RFC 9421, RFC 9530)

const keyPath = `${storePath}.key`
if (!existsSync(keyPath))
  writeFileSync(keyPath, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }), {
    mode: 0o600,
  })
const privateKey = createPrivateKey(readFileSync(keyPath))
const publicJwk = createPublicKey(privateKey).export({ format: 'jwk' })
const keyId = createHash('sha256')
  .update(JSON.stringify({ crv: publicJwk.crv, kty: publicJwk.kty, x: publicJwk.x }))
  .digest('hex')
  .slice(0, 16)

const contentDigest = (body: Buffer): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
const baseOf = (names: string[], value: (name: string) => string, params: string): Buffer =>
  Buffer.from([...names.map((n) => `"${n}": ${value(n)}`), `"@signature-params": ${params}`].join('\n'))
const signed = (names: string[], value: (name: string) => string): Record<string, string> => {
  const created = Math.floor(now().getTime() / 1000)
  const params = `(${names.map((n) => `"${n}"`).join(' ')});created=${created};keyid="${keyId}";alg="ed25519";nonce="${randomUUID()}"`
  return {
    'signature-input': `publicity=${params}`,
    signature: `publicity=:${sign(null, baseOf(names, value, params), privateKey).toString('base64')}:`,
  }
}

const trusted = new Map<string, KeyObject>()
const learnKeys = async (): Promise<void> => {
  if (!platform) return
  const reply = (await (await fetch(`${platform}/api/v1/exchange/keys`)).json()) as {
    keys: { kid: string; crv: string }[]
  }
  for (const jwk of reply.keys)
    if (jwk.crv === 'Ed25519') trusted.set(jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' }))
}
/** What is wrong with a request's signature; null: nothing. */
const signatureFault = async (request: IncomingMessage, url: string, body: Buffer): Promise<string | null> => {
  const input = /^([a-z]+)=(\(([^)]*)\)(.*))$/.exec(String(request.headers['signature-input'] ?? ''))
  const given = /=:([A-Za-z0-9+/=]+):$/.exec(String(request.headers.signature ?? ''))
  if (!input || !given) return 'no signature'
  const names = [...(input[3] ?? '').matchAll(/"([^"]+)"/g)].map((m) => String(m[1]))
  const needed = ['@method', '@target-uri', ...(body.length ? ['content-digest', 'content-type'] : [])]
  if (needed.some((n) => !names.includes(n))) return 'not everything is covered'
  if (body.length && request.headers['content-digest'] !== contentDigest(body)) return 'the digest does not fit'
  const kid = /keyid="([^"]+)"/.exec(input[4] ?? '')?.[1] ?? ''
  const created = Number(/created=(\d+)/.exec(input[4] ?? '')?.[1])
  if (Math.abs(created - now().getTime() / 1000) > 300) return 'it is old, or ahead'
  if (!trusted.has(kid)) await learnKeys()
  const key = trusted.get(kid)
  if (!key) return `unknown key ${kid}`
  const value = (n: string): string =>
    n === '@method' ? String(request.method) : n === '@target-uri' ? url : String(request.headers[n] ?? '')
  return verify(null, baseOf(names, value, String(input[2])), key, Buffer.from(given[1]!, 'base64')) ? null : 'wrong'
}

// ---- ways to misbehave, until told otherwise

const mischief = { lose: 0, refuse: [] as string[], broken: false, short: 0, hold: false, unsigned: false }

// ---- what a platform pushes

type PushEvent = {
  id: string
  type: string
  data: {
    record: {
      recordId: string
      item: string
      subjectCode: string | null
      subjectName: string
      authority: string
      documentNumber: string
    }
    after: { version: number; shownFrom: string; fields: Fields } | null
  }
}
type Ack = { eventId: string; outcome: 'applied' | 'already' | 'refused'; note: string }
const kindsIn = (fields: Fields): string[] => {
  const { penalty_kinds: kinds } = fields
  return Array.isArray(kinds) ? kinds.map(String) : typeof kinds === 'string' ? kinds.split(/[,;]/) : []
}
const textOrNull = (v: unknown): string | null => (typeof v === 'string' && v !== '' ? v : null)
const takePush = (event: PushEvent): Ack => {
  const ack = (outcome: Ack['outcome'], note = ''): Ack => ({ eventId: event.id, outcome, note })
  const { record, after } = event.data
  if (!record.subjectCode) return ack('refused', '没有统一社会信用代码')
  if (mischief.refuse.includes(record.documentNumber)) return ack('refused', '文书号与案件库不一致')
  if (mischief.lose > 0) {
    mischief.lose -= 1
    return ack('applied')
  }
  const key = byRecord.get(record.recordId) ?? keyOf({ ...record, subjectCode: record.subjectCode })
  const before = held.get(key)
  if (event.type === 'record.withdraw') {
    if (!before || before.ended) return ack('already')
    endNow(before, 'withdrawn', today(), false, '第二十五条第二款')
    return ack('applied')
  }
  if (!after) return ack('refused', '缺少公示内容')
  if (before?.version && before.version > after.version) return ack('already')
  const { fields } = after
  keep({
    t: 'pushed',
    key,
    recordId: record.recordId,
    version: after.version,
    fields,
    case: {
      item: record.item,
      subjectCode: record.subjectCode,
      subjectName: record.subjectName,
      authority: record.authority,
      documentNumber: record.documentNumber,
      publishedOn: after.shownFrom,
      kinds: kindsIn(fields),
      fine: fields.fine === undefined ? null : Number(fields.fine),
      discretion: textOrNull(fields.discretion),
      field: textOrNull(fields.field),
      restrictedUntil: textOrNull(fields.term_ends_on),
    },
  })
  return ack('applied')
}

// ---- what it offers

const listOf = (day: string, after: string | null) => {
  const all = [...held.values()].filter(isShown).toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const start = after === null ? 0 : all.findIndex((h) => h.key > after)
  const page = start < 0 ? [] : all.slice(start, start + PAGE)
  const more = start >= 0 && start + PAGE < all.length
  const rows = (mischief.short ? page.slice(0, -mischief.short) : page).map((h) => {
    const w = windowOf(h)
    return {
      ...aboutOf(h),
      version: h.version,
      digest: h.fields ? digestOf(h.fields) : null,
      publishedOn: h.case.publishedOn,
      shownFrom: w.from,
      shownUntil: w.until,
      class: w.class,
      article: w.article,
    }
  })
  return {
    day: day === today() ? day : today(),
    total: all.length,
    rows,
    next: more ? page.at(-1)!.key : null,
  }
}
const resultsAfter = (after: string | null) => {
  const from = after ? Number(after) : 0
  const page = mischief.hold ? [] : results.filter((r) => r.seq > from).slice(0, PAGE)
  const last = page.at(-1)?.seq ?? from
  return { events: page.map((r) => r.event), next: String(last), more: !mischief.hold && last < results.length }
}

// ---- what it pushes itself, where it is told where to

let pushed = 0
const pushResults = async (): Promise<void> => {
  if (!platform || !values.key || mischief.hold) return
  const waiting = results.filter((r) => r.seq > pushed)
  if (!waiting.length) return
  const url = `${platform}/api/v1/exchange/inbox`
  const body = Buffer.from(JSON.stringify(waiting.map((r) => r.event)))
  const headers: Record<string, string> = {
    'content-type': 'application/cloudevents-batch+json',
    'content-digest': contentDigest(body),
  }
  const value = (n: string) => (n === '@method' ? 'POST' : n === '@target-uri' ? url : headers[n]!)
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      ...signed(['@method', '@target-uri', 'content-digest', 'content-type'], value),
      authorization: `Bearer ${values.key}`,
    },
    body,
  })
  if (response.ok) pushed = waiting.at(-1)!.seq
}

// ---- for tests

const find = (documentNumber: string): Held => {
  const found = [...held.values()].find((h) => plain(h.case.documentNumber) === plain(documentNumber))
  if (!found) throw new Error(`no case ${documentNumber}`)
  return found
}
type Order = {
  do: string
  documentNumber?: string
  on?: string
  days?: number
  count?: number
  now?: string
  yes?: boolean
} & Partial<Case> & {
    cases?: Case[]
    field_name?: string
    text?: string
    silently?: boolean
  }
const control = (o: Order): unknown => {
  const one = () => find(o.documentNumber ?? '')
  switch (o.do) {
    case 'clock':
      offset = Date.parse(o.now ?? '') - Date.now()
      return { today: today() }
    case 'enter':
      keepAll((o.cases ?? []).map((c) => ({ t: 'case', case: c })))
      return { held: held.size }
    case 'repair':
      endNow(one(), 'repaired', o.on ?? today(), !o.silently, '第十一条')
      return {}
    case 'delist':
      endNow(
        one(),
        'delisted',
        o.on ?? today(),
        !o.silently,
        one().case.item === 'serious_list' ? '第十三条' : '第十二条',
      )
      return {}
    case 'reopen':
      keep({ t: 'reopened', key: one().key })
      return {}
    case 'correct':
      keep({
        t: 'corrected',
        key: one().key,
        days: o.days ?? 1,
        on: today(),
        id: randomUUID(),
        at: now().toISOString(),
      })
      return {}
    case 'forget':
      keep({ t: 'forgotten', key: one().key })
      return {}
    case 'shift':
      keep({ t: 'shifted', key: one().key, days: o.days ?? 1 })
      return {}
    case 'garble':
      keep({ t: 'garbled', key: one().key, fields: { ...one().fields, [o.field_name ?? 'content']: o.text ?? '' } })
      return {}
    case 'lose':
      mischief.lose = o.count ?? 1
      return {}
    case 'refuse':
      mischief.refuse = o.documentNumber ? [o.documentNumber] : []
      return {}
    case 'break':
      mischief.broken = o.yes ?? true
      return {}
    case 'short':
      mischief.short = o.count ?? 1
      return {}
    case 'hold':
      mischief.hold = o.yes ?? true
      return {}
    case 'unsigned':
      mischief.unsigned = o.yes ?? true
      return {}
    case 'has':
      return {
        shown: [...held.values()].some(
          (h) => plain(h.case.documentNumber) === plain(o.documentNumber ?? '') && isShown(h),
        ),
      }
    case 'look':
      expire()
      return { held: held.size, shown: [...held.values()].filter(isShown).length, results: results.length }
    default:
      throw new Error(`unknown order ${o.do}`)
  }
}

// ---- the server

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
const answer = (response: ServerResponse, url: string, content: unknown, status = 200): void => {
  const body = Buffer.from(JSON.stringify(content))
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'content-location': url,
    'content-digest': contentDigest(body),
  }
  const signature = mischief.unsigned
    ? {}
    : signed(['content-digest', 'content-type', 'content-location'], (n) => headers[n]!)
  response.writeHead(status, { ...headers, ...signature }).end(body)
}
const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = `http://${request.headers.host}${request.url}`
  const { pathname, searchParams } = new URL(url)
  const body = await readBody(request)
  if (pathname === '/control') {
    answer(response, url, control(JSON.parse(body.toString()) as Order))
    return
  }
  if (pathname === '/keys') {
    answer(response, url, { keys: [{ ...publicJwk, kid: keyId, alg: 'EdDSA' }] })
    return
  }
  if (mischief.broken) {
    answer(response, url, { error: 'out of order' }, 500)
    return
  }
  const fault = await signatureFault(request, url, body)
  if (fault) {
    answer(response, url, { error: fault }, 401)
    return
  }
  expire()
  if (request.method === 'POST' && pathname === '/inbox') {
    answer(response, url, { acknowledgements: (JSON.parse(body.toString()) as PushEvent[]).map(takePush) })
    return
  }
  const ask = (name: string): string => searchParams.get(name) ?? ''
  if (pathname === '/shown') answer(response, url, listOf(ask('day'), searchParams.get('after')))
  else if (pathname === '/results') answer(response, url, resultsAfter(searchParams.get('after')))
  else if (pathname === '/record') {
    const h = held.get(
      keyOf({
        item: ask('item'),
        subjectCode: ask('subjectCode'),
        authority: ask('authority'),
        documentNumber: ask('documentNumber'),
      }),
    )
    const result = h && !isShown(h) ? results.findLast((r) => r.key === h.key) : undefined
    answer(response, url, { shown: h ? isShown(h) : false, event: result?.event ?? null })
  } else answer(response, url, { error: 'no such place' }, 404)
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    if (response.headersSent) response.destroy()
    else response.writeHead(400).end(JSON.stringify({ error: String(error) }))
  })
})
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, keyId })}\n`)
})
if (platform && values.key)
  void (async () => {
    for (;;) {
      expire()
      // What cannot be delivered now is tried again.
      await pushResults().catch(() => undefined)
      await sleep(500)
    }
  })()
