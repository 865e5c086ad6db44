import { Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { overlaps } from '../../kernel/dropped-file.ts'
import { type Connection, isIdentifier, readConnection } from '../../kernel/foreign-table.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { step } from '../../kernel/states.ts'
import { covers } from '../../kernel/territory.ts'
import { type Instant, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Ctx, actorName, actorRef, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { makeFolder } from '../../platform/dropped-files.ts'
import { foreignRefusal } from '../../platform/foreign-postgres.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Authority, authorityById } from '../access/index.ts'
import { mustReport } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import type { GatewayView, IntakeView, TableCheckView } from './contract.ts'
import { openRemote } from './remote.ts'
import { folderPath, tableScript } from './rules.ts'
import { moves } from './states.ts'
import * as store from './store.ts'
import { connectionOf, planFor } from './table.ts'
import { gatewayView, intakeView } from './views.ts'
import type { GatewayAction, GatewayKind, GatewayState, Marker } from './words.ts'

const mustItem = (ctx: Ctx, code: string): CatalogItem =>
  catalogItemOn(ctx.policy.catalog, code, today(ctx)) ?? mustNot('NO_SUCH_ITEM', { item: code })

const mustFind = async (ctx: Ctx, id: string, tx?: Tx): Promise<store.Gateway> =>
  (await store.findGateway(tx ?? ctx.db.kysely, store.scopeOf(ctx.actor), id)) ?? mustNot('NO_SUCH_GATEWAY')

const mustFindInUse = async (ctx: Ctx, id: string, tx?: Tx): Promise<store.Gateway> => {
  const g = await mustFind(ctx, id, tx)
  return g.endedAt ? mustNot('GATEWAY_ENDED', { day: dayWords(dayOf(g.endedAt as Instant)) }) : g
}

/** An authority of the administrator's own territory, which has the duty to report the item. */
const mustServe = async (ctx: Ctx, id: string, item: CatalogItem): Promise<Authority> => {
  const authority = await authorityById(ctx.db.kysely, id)
  const { actor } = ctx
  const inside =
    actor.kind === 'system' ||
    (actor.kind === 'person' && actor.division !== null && authority && covers(actor.division, authority.division))
  if (!authority || !inside) return mustNot('AUTHORITY_NOT_YOURS')
  mustReport(authority, item)
  return authority
}

const viewOf = async (ctx: Ctx, g: store.Gateway, tx?: Tx): Promise<GatewayView> =>
  gatewayView(ctx, g, (await store.unansweredOf(tx ?? ctx.db.kysely, [g.id])).get(g.id) ?? 0)

export const listGateways = async (
  ctx: Ctx,
  ask: {
    kind?: GatewayKind | undefined
    state?: GatewayState | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<GatewayView>> => {
  const rows = await store.listGateways(ctx.db.kysely, store.scopeOf(ctx.actor), {
    ...ask,
    after: readCursor(ask.after, 'text', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (g) => [g.name, g.id])
  const open = await store.unansweredOf(
    ctx.db.kysely,
    page.rows.map((g) => g.id),
  )
  return { rows: page.rows.map((g) => gatewayView(ctx, g, open.get(g.id) ?? 0)), next: page.next }
}
export const getGateway = async (ctx: Ctx, ask: { id: string }): Promise<GatewayView> =>
  viewOf(ctx, await mustFind(ctx, ask.id))

type Common = { name: string; authorityId: string; item: string; backfill: boolean; pollSeconds: number }
type Placed = Pick<store.Gateway, 'kind' | 'place' | 'placeKey' | 'secret'>
const add = (ctx: Ctx, ask: Common, authority: Authority, placed: Placed): Promise<GatewayView> =>
  inTx(ctx, async (tx) => {
    const now = ctx.clock.now()
    const g: store.Gateway = {
      ...placed,
      id: newId(),
      name: ask.name,
      authorityId: authority.id,
      authorityName: authority.name,
      division: authority.division,
      item: ask.item,
      state: 'active',
      backfill: ask.backfill,
      pollSeconds: ask.pollSeconds,
      seen: {},
      waiting: 0,
      readAt: null,
      takenAt: null,
      problem: null,
      failures: 0,
      nextAt: now,
      version: 1,
      createdAt: now,
      createdBy: actorRef(ctx.actor),
      endedAt: null,
      endedBy: null,
      endReason: null,
    }
    if (!(await store.insertGateway(tx, g)))
      mustNot('GATEWAY_TAKEN', { name: (await store.gatewayAt(tx, g.placeKey))?.name ?? '' })
    recordAct(tx, ctx, {
      act: 'gateways.add',
      target: { kind: 'gateway', id: g.id },
      details: { kind: g.kind, item: g.item, authority: authority.id },
    })
    return viewOf(ctx, g, tx)
  })

export const addFolder = async (ctx: Ctx, ask: Common & { path: string; marker: Marker }): Promise<GatewayView> => {
  const item = mustItem(ctx, ask.item)
  const authority = await mustServe(ctx, ask.authorityId, item)
  const path = unwrap(folderPath(ask.path))
  const other = (await store.folderPlaces(ctx.db.kysely)).find((p) => overlaps(p.path, path))
  if (other) mustNot('GATEWAY_TAKEN', { name: other.name })
  await makeFolder(ctx.config.foldersDir, path)
  return add(ctx, ask, authority, {
    kind: 'folder',
    place: { path, marker: ask.marker },
    placeKey: `folder ${path}`,
    secret: null,
  })
}

type TableAsk = { connection: string; schema: string; table: string }
/** The platform's own tables are no exchange tables. */
const mustBeTheirs = (ctx: Ctx, at: Connection): void => {
  const { databaseUrl } = ctx.config
  const own = databaseUrl ? unwrap(readConnection(databaseUrl.replace(/\?.*$/, ''))) : null
  if (own && own.host === at.host && own.port === at.port && own.database === at.database) mustNot('CONNECTION_OWN')
}
const readAsk = (ctx: Ctx, ask: TableAsk): { at: Connection; place: store.TablePlace } => {
  const at = unwrap(readConnection(ask.connection))
  mustBeTheirs(ctx, at)
  for (const name of [ask.schema, ask.table]) if (!isIdentifier(name)) mustNot('TABLE_NAME_INVALID', { name })
  const { host, port, database, user } = at
  return { at, place: { host, port, database, user, schema: ask.schema, table: ask.table } }
}

/** Connects, looks at the table and counts what waits; nothing is read or changed. */
const tryAt = async (at: Connection, place: store.TablePlace, item: CatalogItem): Promise<TableCheckView> => {
  let remote: Awaited<ReturnType<typeof openRemote>> | null = null
  try {
    remote = await openRemote(at)
    const plan = await planFor(remote, item, place)
    const labels = new Map(item.fields.map((f) => [f.key, f.label]))
    return {
      version: remote.version,
      columns: plan.columns.map(({ column, key }) => ({ column, field: labels.get(key) ?? { zh: key, en: key } })),
      unread: plan.unread,
      waiting: await remote.waiting(place),
    }
  } catch (error) {
    const refusals = foreignRefusal(error, at, place)
    throw refusals ? new Refused(refusals) : error
  } finally {
    await remote?.close()
  }
}

export const tryTable = async (ctx: Ctx, ask: TableAsk & { item: string }): Promise<TableCheckView> => {
  const { at, place } = readAsk(ctx, ask)
  return tryAt(at, place, mustItem(ctx, ask.item))
}
export const tryGateway = async (ctx: Ctx, ask: { id: string }): Promise<TableCheckView> => {
  const g = await mustFindInUse(ctx, ask.id)
  return tryAt(connectionOf(ctx, g), g.place as store.TablePlace, mustItem(ctx, g.item))
}

const placeKeyOf = (p: store.TablePlace): string => `table ${p.host}:${p.port}/${p.database}/${p.schema}.${p.table}`

export const addTable = async (ctx: Ctx, ask: Common & TableAsk): Promise<GatewayView> => {
  const item = mustItem(ctx, ask.item)
  const authority = await mustServe(ctx, ask.authorityId, item)
  const { place } = readAsk(ctx, ask)
  return add(ctx, ask, authority, {
    kind: 'table',
    place,
    placeKey: placeKeyOf(place),
    secret: ctx.secrets.seal(ask.connection.trim()),
  })
}

/** Another password, account or address of the same database and table. */
export const setConnection = (ctx: Ctx, ask: { id: string; connection: string; seen: number }): Promise<GatewayView> =>
  inTx(ctx, async (tx) => {
    const g = await mustFindInUse(ctx, ask.id, tx)
    if (g.kind !== 'table') mustNot('NOT_A_TABLE')
    const was = g.place as store.TablePlace
    const { place } = readAsk(ctx, { connection: ask.connection, schema: was.schema, table: was.table })
    const set = { secret: ctx.secrets.seal(ask.connection.trim()), place, nextAt: ctx.clock.now() }
    if (!(await store.changeGateway(tx, { id: g.id, seen: ask.seen, set }))) mustNot('STALE')
    recordAct(tx, ctx, { act: 'gateways.set_connection', target: { kind: 'gateway', id: g.id } })
    return viewOf(ctx, await mustFind(ctx, g.id, tx), tx)
  })

export const moveGateway = (
  ctx: Ctx,
  ask: { id: string; action: Exclude<GatewayAction, 'end'>; seen: number },
): Promise<GatewayView> =>
  inTx(ctx, async (tx) => {
    const g = await mustFindInUse(ctx, ask.id, tx)
    const state = unwrap(step(moves, g.state, ask.action, rolesOf(ctx.actor)))
    if (!(await store.changeGateway(tx, { id: g.id, seen: ask.seen, set: { state, nextAt: ctx.clock.now() } })))
      mustNot('STALE')
    recordAct(tx, ctx, { act: `gateways.${ask.action}`, target: { kind: 'gateway', id: g.id } })
    return viewOf(ctx, await mustFind(ctx, g.id, tx), tx)
  })

/**
 * Ends it for good: what it took stays and can be read, its connection is forgotten, and its place may be set up again. Files
 * and rows that still lie there are left as they are.
 */
export const endGateway = (ctx: Ctx, ask: { id: string; reason: string; seen: number }): Promise<GatewayView> =>
  inTx(ctx, async (tx) => {
    const g = await mustFindInUse(ctx, ask.id, tx)
    unwrap(step(moves, g.state, 'end', rolesOf(ctx.actor)))
    const by = actorName(ctx.actor)
    if (!(await store.endGateway(tx, { ...ask, at: ctx.clock.now(), by }))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'gateways.end',
      target: { kind: 'gateway', id: g.id },
      details: { authority: g.authorityId, reason: ask.reason },
    })
    return viewOf(ctx, await mustFind(ctx, g.id, tx), tx)
  })

export const readGatewayNow = (ctx: Ctx, ask: { id: string }): Promise<GatewayView> =>
  inTx(ctx, async (tx) => {
    const g = await mustFindInUse(ctx, ask.id, tx)
    await store.dueNow(tx, g.id, ctx.clock.now())
    recordAct(tx, ctx, { act: 'gateways.read_now', target: { kind: 'gateway', id: g.id } })
    return viewOf(ctx, await mustFind(ctx, g.id, tx), tx)
  })

export const listIntakes = async (
  ctx: Ctx,
  ask: { id: string; after?: string | undefined; limit: number },
): Promise<Page<IntakeView>> => {
  const g = await mustFind(ctx, ask.id)
  const [after] = readCursor(ask.after, 'uuid') ?? [null]
  const rows = await store.listIntakes(ctx.db.kysely, g.id, { after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (i) => [i.id])
  return { rows: page.rows.map((i) => intakeView(i, ctx.lang)), next: page.next }
}

export const scriptFor = async (
  ctx: Ctx,
  ask: { item: string; schema: string; table?: string | undefined },
): Promise<{ script: string }> => {
  const item = mustItem(ctx, ask.item)
  const place = { schema: ask.schema, table: ask.table ?? `xh_${item.code}` }
  for (const name of [place.schema, place.table]) if (!isIdentifier(name)) mustNot('TABLE_NAME_INVALID', { name })
  return { script: tableScript(item, place) }
}
