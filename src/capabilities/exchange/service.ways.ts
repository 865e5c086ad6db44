import { z } from 'zod'
import { type Refusal, Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { type Connection, readConnection } from '../../kernel/foreign-table.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { type Lang, type Words } from '../../kernel/words.ts'
import { type Ctx, hasRole, today } from '../../platform/context.ts'
import { makeFolder } from '../../platform/dropped-files.ts'
import { nameOf } from '../../platform/foreign-postgres.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { catalogItemOn } from '../records/index.ts'
import { feedPage } from './contract.ts'
import type { ParcelView, SCHEMAS, SampleView, WayCheck, WayView } from './contract.ways.ts'
import { manifestShape } from './file-manifest.ts'
import { droppedNames, mustBeAlone, mustTakeFiles, openPlace, sentencesOf } from './file-place.ts'
import { type ExchangeEvent, exchangeEvent } from './formats.event.ts'
import { flatten, labelOf } from './formats.flat.ts'
import { batchHeader } from './formats.json.ts'
import { encode } from './formats.ts'
import { ENVELOPE_XSD } from './formats.xml.ts'
import { START, bodiesOf, nextHandings } from './handing.ts'
import { fieldNames, headOf, sourceOf } from './outgoing.ts'
import { barredFaults } from './networks.ts'
import { followWay } from './reroute.ts'
import { connectionFaults } from './rules.peers.ts'
import { batchName, healthOf, readFileSettings, readTableSettings, wayScript } from './rules.ways.ts'
import * as peers from './store.ts'
import { usableKeys } from './store.keys.ts'
import * as store from './store.ways.ts'
import { mustBeTheirs, planIn, planOut, within } from './table-way.ts'
import { secretsOf } from './token.ts'
import { EVENT_TYPE_WORDS } from './words.ways.ts'
import type { Format, Way } from './words.ts'

const mustFind = async (ctx: Ctx, id: string): Promise<peers.Peer> =>
  (await peers.findPeer(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_PEER')
const told = (found: Refusal[] | null, lang: Lang) =>
  found?.[0] ? { code: found[0].code, message: sentencesOf(found, lang) } : null
const textOf = (value: unknown): string | null => (typeof value === 'string' && value ? value : null)

const FOLDER_USES: readonly { path: string; for: Words; direction: 'out' | 'in' }[] = [
  {
    path: 'out',
    for: { zh: '平台写出的数据文件和清单', en: 'What we hand over: data files and manifests' },
    direction: 'out',
  },
  {
    path: 'ack',
    for: { zh: '对方放入的确认文件和清单', en: 'Acknowledgements that the peer puts there, with their manifests' },
    direction: 'out',
  },
  {
    path: 'ack/errors',
    for: { zh: '确认文件中不能识别的内容', en: 'What was wrong in acknowledgements' },
    direction: 'out',
  },
  {
    path: 'in',
    for: { zh: '对方送来的数据文件和清单', en: 'What the peer hands in: data files and manifests' },
    direction: 'in',
  },
  { path: 'in/answers', for: { zh: '平台写出的处理结果', en: 'What became of what was handed in' }, direction: 'in' },
  { path: 'in/refused', for: { zh: '整批退回的文件及原因', en: 'What was sent back whole, and why' }, direction: 'in' },
]

const signingOf = async (ctx: Ctx, peerId: string, folder: string): Promise<WayView['signing']> => {
  const unsigned = await store.unsignedOf(ctx.db.kysely, peerId)
  return {
    hasKey: (await usableKeys(ctx.db.kysely, peerId, ctx.clock.now())).length > 0,
    unsigned: unsigned?.folder === folder ? { reason: unsigned.reason, since: unsigned.since } : null,
  }
}

const viewOf = async (ctx: Ctx, peer: peers.Peer): Promise<WayView> => {
  const way = await store.findWay(ctx.db.kysely, peer.id)
  const secrets = await secretsOf(ctx, peer.id)
  const file = peer.way === 'file' ? readFileSettings(peer.settings) : null
  const table = peer.way === 'table' ? readTableSettings(peer.settings) : null
  const at = table?.ok && secrets.connection ? readConnection(secrets.connection) : null
  const set = file ? file.ok : table ? table.ok && at?.ok === true : true
  const runs = peer.way === 'file' || peer.way === 'table'
  const folder = file?.ok ? file.value.folder : null
  return {
    peerId: peer.id,
    way: peer.way,
    direction: peer.direction,
    format: peer.format,
    health: healthOf({ set, lookedAt: way?.lookedAt ?? null, failures: way?.failures ?? 0 }),
    everySeconds: file?.ok ? file.value.everySeconds : table?.ok ? table.value.everySeconds : 0,
    folder,
    folders: folder
      ? FOLDER_USES.filter((f) => peer.direction === 'both' || f.direction === peer.direction).map((f) => ({
          path: `${folder}/${f.path}`,
          for: f.for,
        }))
      : [],
    table:
      table?.ok && at?.ok
        ? {
            host: at.value.host,
            port: at.value.port,
            database: at.value.database,
            user: at.value.user,
            schema: table.value.schema,
            out: table.value.out,
            in: table.value.in,
          }
        : null,
    url: textOf(peer.settings.url),
    ackUrl: textOf(peer.settings.ackUrl),
    hasToken: secrets.token !== undefined,
    signing: folder ? await signingOf(ctx, peer.id, folder) : null,
    problem: runs ? told(way?.problem ?? null, ctx.lang) : null,
    lookedAt: runs ? (way?.lookedAt ?? null) : null,
    nextAt: runs && peer.state === 'active' ? (way?.nextAt ?? null) : null,
    lastBatch: way?.lastBatch ?? 0,
    mayEdit: hasRole(ctx.actor, 'credit_office'),
    version: peer.version,
  }
}
export const way = async (ctx: Ctx, { id }: { id: string }): Promise<WayView> => viewOf(ctx, await mustFind(ctx, id))

type Asked = {
  way: Way
  format: Format
  folder?: string | undefined
  schema?: string | undefined
  out?: string | undefined
  in?: string | undefined
  everySeconds?: number | undefined
  connection?: string | undefined
  url?: string | undefined
  ackUrl?: string | undefined
  token?: string | undefined
}
/** The settings as they would be: what is not asked for stays. */
const settingsFrom = (peer: peers.Peer, ask: Asked): Record<string, unknown> => {
  const { way: _way, format: _format, connection: _connection, token: _token, ...given } = ask
  const settings: Record<string, unknown> = { ...peer.settings }
  for (const [key, value] of Object.entries(given)) {
    if (value === '') delete settings[key]
    else if (value !== undefined) settings[key] = value
  }
  return settings
}
const mustFit = (ctx: Ctx, peer: peers.Peer, ask: Asked): Record<string, unknown> => {
  const settings = settingsFrom(peer, ask)
  const { code, direction } = peer
  const faults = [
    ...connectionFaults({ code, direction, way: ask.way, format: ask.format, settings }, ctx.lang),
    ...barredFaults(ctx, settings),
  ]
  if (faults.length) throw new Refused(faults)
  return settings
}
const connectionFor = async (ctx: Ctx, peer: peers.Peer, ask: Asked): Promise<Connection> => {
  const text = ask.connection ?? (await secretsOf(ctx, peer.id)).connection ?? mustNot('CONNECTION_NEEDED')
  const at = unwrap(readConnection(text))
  mustBeTheirs(ctx, at)
  return at
}

export const setWay = async (ctx: Ctx, ask: Asked & { id: string; seen: number }): Promise<WayView> => {
  const { id, seen, ...asked } = ask
  const peer = await mustFind(ctx, id)
  const settings = mustFit(ctx, peer, asked)
  if (asked.way === 'file') {
    const { folder } = unwrap(readFileSettings(settings))
    await mustBeAlone(ctx, id, folder)
    await makeFolder(ctx.config.exchangeDir, folder)
    settings.folder = folder
  }
  if (asked.way === 'table') {
    unwrap(readTableSettings(settings))
    await connectionFor(ctx, peer, asked)
  }
  const held = await secretsOf(ctx, id)
  const secrets = {
    ...held,
    ...(asked.connection ? { connection: asked.connection } : {}),
    ...(asked.token === undefined ? {} : { token: asked.token }),
  }
  await inTx(ctx, async (tx) => {
    const secret = ctx.secrets.seal(JSON.stringify(secrets))
    if (!(await store.saveWay(tx, { id, seen, way: asked.way, format: asked.format, settings, secret })))
      mustNot('PEER_STALE')
    await followWay(tx, ctx, peer, asked.way)
    if (asked.way === 'file' || asked.way === 'table') await store.wayDueNow(tx, id, ctx.clock.now())
    recordAct(tx, ctx, {
      act: 'exchange.set_way',
      target: { kind: 'peer', id },
      details: {
        way: asked.way,
        format: asked.format,
        connection: asked.connection !== undefined,
        token: asked.token !== undefined,
      },
    })
  })
  return way(ctx, { id })
}

// ---- trying

const tryFolder = async (ctx: Ctx, peer: peers.Peer, settings: Record<string, unknown>): Promise<WayCheck> => {
  const { folder } = unwrap(readFileSettings(settings))
  await mustBeAlone(ctx, peer.id, folder)
  const at = await openPlace(ctx, folder, true)
  await mustTakeFiles(at.out)
  await mustTakeFiles(at.inAnswers)
  const waiting = [...(await droppedNames(at.ack)), ...(await droppedNames(at.in))].length
  return {
    found: [
      { zh: `文件夹 ${folder} 可以读取和写入。`, en: `The folder ${folder} can be read and written.` },
      { zh: `其中有 ${waiting} 个待读取的文件。`, en: `${waiting} files in it wait to be read.` },
    ],
    columns: [],
    waiting,
  }
}
const tryTables = async (
  ctx: Ctx,
  peer: peers.Peer,
  settings: Record<string, unknown>,
  ask: Asked,
): Promise<WayCheck> => {
  const tables = unwrap(readTableSettings(settings))
  const at = await connectionFor(ctx, peer, ask)
  return within(
    at,
    { schema: tables.schema, table: peer.direction === 'in' ? tables.in : tables.out },
    async (remote) => {
      const columns = peer.direction === 'in' ? [] : [...(await planOut(remote, at, tables)).keys()]
      let waiting = 0
      if (peer.direction !== 'out') {
        await planIn(remote, at, tables)
        const [row] = await remote.ask<{ n: string }>(
          `select count(*) as n from (select 1 from ${nameOf({ schema: tables.schema, table: tables.in })} where status = 0 limit 100000) w`,
        )
        waiting = Number(row?.n ?? 0)
      }
      return {
        found: [
          { zh: `已连接，PostgreSQL ${remote.version}。`, en: `Connected to PostgreSQL ${remote.version}.` },
          ...(peer.direction === 'in'
            ? []
            : [{ zh: `表 ${tables.out} 可以写入和读取结果。`, en: `${tables.out} can be written and read back.` }]),
          ...(peer.direction === 'out'
            ? []
            : [
                {
                  zh: `表 ${tables.in} 可以读取和回写，有 ${waiting} 行待读取。`,
                  en: `${tables.in} can be read and answered; ${waiting} rows wait.`,
                },
              ]),
        ],
        columns,
        waiting,
      }
    },
  )
}
export const tryWay = async (ctx: Ctx, ask: Asked & { id: string }): Promise<WayCheck> => {
  const { id, ...asked } = ask
  const peer = await mustFind(ctx, id)
  const settings = mustFit(ctx, peer, asked)
  if (asked.way === 'file') return tryFolder(ctx, peer, settings)
  return asked.way === 'table' ? tryTables(ctx, peer, settings, asked) : mustNot('NOT_THIS_WAY')
}
export const lookNow = async (ctx: Ctx, { id }: { id: string }): Promise<WayView> => {
  const peer = await mustFind(ctx, id)
  if (peer.way !== 'file' && peer.way !== 'table') mustNot('NOT_THIS_WAY')
  await inTx(ctx, async (tx) => {
    await store.wayDueNow(tx, id, ctx.clock.now())
    recordAct(tx, ctx, { act: 'exchange.look_now', target: { kind: 'peer', id } })
  })
  return viewOf(ctx, peer)
}

// ---- what went over

export const parcels = async (
  ctx: Ctx,
  ask: { id: string; after?: string | undefined; limit: number },
): Promise<Page<ParcelView>> => {
  await mustFind(ctx, ask.id)
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.listParcels(ctx.db.kysely, ask.id, after, ask.limit + 1)
  const page = pageOf(rows, ask.limit, (p) => [p.madeAt, p.id])
  return {
    rows: page.rows.map((p) => ({
      id: p.id,
      kind: p.kind,
      state: p.state,
      number: p.number,
      name: p.name,
      hash: p.hash,
      bytes: p.bytes,
      events: p.events,
      acknowledged: p.acknowledged,
      faulty: p.faulty,
      problem: told(p.problem, ctx.lang),
      madeAt: p.madeAt,
      doneAt: p.doneAt,
      hasFile: p.hash !== null,
    })),
    next: page.next,
  }
}
export const parcelFile = async (ctx: Ctx, ask: { id: string; parcelId: string }) => {
  await mustFind(ctx, ask.id)
  const parcel = (await store.findParcel(ctx.db.kysely, ask.id, ask.parcelId)) ?? mustNot('NO_SUCH_PARCEL')
  const hash = parcel.hash ?? mustNot('NO_SUCH_PARCEL')
  const rows = parcel.firstRow !== null && parcel.kind === 'outgoing'
  const name = rows ? batchName(parcel.number ?? 0, 'json') : parcel.name.replace(/\.manifest\.json$/i, '.data')
  return { file: { name, mediaType: 'application/octet-stream', body: ctx.files.read(hash) } }
}

// ---- samples, scripts, schemas

const madeUp = (ctx: Ctx): ExchangeEvent => ({
  specversion: '1.0',
  id: '01900000-0000-7000-8000-000000000001',
  source: sourceOf(ctx),
  type: 'record.publish',
  subject: '01900000-0000-7000-8000-000000000002',
  time: '2026-01-05T02:00:00.000Z',
  datacontenttype: 'application/json',
  data: {
    record: {
      recordId: '01900000-0000-7000-8000-000000000002',
      item: 'penalty',
      subjectCode: null,
      subjectName: '示例企业有限公司',
      authority: '示例机关',
      documentNumber: '示例罚〔2026〕1号',
      decidedOn: '2025-12-30',
    },
    before: null,
    after: {
      version: 1,
      shownFrom: '2026-01-05',
      shownUntil: '2026-04-05',
      disputed: false,
      fields: {},
      rule: 'example',
      article: '',
      badge: 'authority_record',
    },
    withdrawal: null,
  },
})
const LOOKED_AT = 50
/** The first change that the peer would be handed, as it is handed. */
const sampleOf = async (ctx: Ctx, peer: peers.Peer): Promise<{ event: ExchangeEvent; madeUp: boolean }> => {
  const { handed } = await nextHandings(ctx, { ...peer, state: 'active' }, [0, START], LOOKED_AT)
  const [event] = await bodiesOf(ctx, peer, handed.slice(0, 1))
  return event ? { event, madeUp: false } : { event: madeUp(ctx), madeUp: true }
}
const FIRST_BATCH = 1
const TECHNICAL = /^(id|source|subject)$|(^|\.)(recordId|rule|badge)$/
const both = (text: string): Words => ({ zh: text, en: text })
/** A cell as people read it; null for ids, codes without a name and structures. */
const shownAs = (ctx: Ctx, peer: peers.Peer, column: string, cell: string): Words | null => {
  if (TECHNICAL.test(column) || cell === '' || cell.startsWith('json:')) return null
  if (column === 'type') return EVENT_TYPE_WORDS[cell] ?? null
  if (column === 'time') return both(shanghai(cell))
  const items = peer.items.flatMap((code) => catalogItemOn(ctx.policy.catalog, code, today(ctx)) ?? [])
  if (column.endsWith('.item')) return items.find((i) => i.code === cell)?.name ?? null
  if (cell === 'true' || cell === 'false') return cell === 'true' ? { zh: '是', en: 'Yes' } : { zh: '否', en: 'No' }
  const key = column.split('.').at(-1)?.replace(/:\w+$/, '')
  const choices = items.flatMap((i) => i.fields.filter((f) => f.key === key)).flatMap((f) => f.choices)
  const choice = choices.find((c) => c.code === cell)
  return choice ? choice.label : choices.length && /^[a-z_]+$/.test(cell) ? null : both(cell)
}
const HOURS_AHEAD = 8
const shanghai = (at: string): string =>
  new Date(Date.parse(at) + HOURS_AHEAD * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
export const sample = async (ctx: Ctx, ask: { id: string; format?: Format | undefined }): Promise<SampleView> => {
  const peer = await mustFind(ctx, ask.id)
  const { event, madeUp } = await sampleOf(ctx, peer)
  const { columns, rows } = flatten([event])
  const fieldOf = fieldNames(ctx, peer.items)
  const { extension } = await encode(ask.format ?? peer.format, [], headOf(ctx, peer, FIRST_BATCH))
  const shown = columns.flatMap((column) => {
    const value = shownAs(ctx, peer, column, rows[0]?.get(column) ?? '')
    return value ? [{ column, label: labelOf(column, fieldOf), value }] : []
  })
  return { madeUp, fileName: batchName(FIRST_BATCH, extension), rows: shown, more: columns.length - shown.length }
}
export const sampleFile = async (ctx: Ctx, ask: { id: string; format?: Format | undefined }) => {
  const peer = await mustFind(ctx, ask.id)
  const { event } = await sampleOf(ctx, peer)
  const { body, mediaType, extension } = await encode(
    ask.format ?? peer.format,
    [event],
    headOf(ctx, peer, FIRST_BATCH),
    fieldNames(ctx, peer.items),
  )
  return { file: { name: batchName(FIRST_BATCH, extension), mediaType, body } }
}
export const wayScriptFor = async (
  ctx: Ctx,
  ask: { id: string; schema?: string | undefined; out?: string | undefined; in?: string | undefined },
): Promise<{ script: string }> => {
  const { id, ...given } = ask
  const peer = await mustFind(ctx, id)
  const asked = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined))
  return { script: wayScript(unwrap(readTableSettings({ ...peer.settings, ...asked })), peer.direction) }
}

const jsonSchema = (schema: z.ZodType): string =>
  `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`
const SCHEMA_TEXTS: Record<(typeof SCHEMAS)[number], () => string> = {
  'envelope.xsd': () => ENVELOPE_XSD,
  'event.schema.json': () => jsonSchema(feedPage.shape.events.element),
  'envelope.schema.json': () =>
    jsonSchema(z.object({ header: batchHeader, body: z.object({ events: z.array(exchangeEvent) }) })),
  'manifest.schema.json': () => jsonSchema(manifestShape),
}
export const exchangeSchema = async (_ctx: Ctx, { name }: { name: (typeof SCHEMAS)[number] }) => ({
  file: {
    name,
    mediaType: name.endsWith('.xsd') ? 'application/xml' : 'application/schema+json',
    body: new TextEncoder().encode(SCHEMA_TEXTS[name]()),
  },
})
