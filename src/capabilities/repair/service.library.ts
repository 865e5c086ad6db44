import { mustNot } from '../../kernel/decision.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import type { ApplicationView } from './contract.ts'
import type { LibraryView } from './contract.facts.ts'
import { usableUntil } from './rules.facts.ts'
import { materialsFor } from './rules.ts'
import {
  type Key,
  type LoadedApplication,
  act,
  applicationView,
  load,
  materialRulesOf,
  ownApplication,
} from './service.ts'
import { takesMaterial } from './states.ts'
import { keptOf, saveKept } from './store.facts.ts'
import * as store from './store.ts'
import { materialView, materialsOfAll } from './views.ts'

/** Files that the subject gave before and agreed to have kept: offered again, until they run out. */

type Offered = { row: store.MaterialRow; until: LocalDate }
const offered = async (ctx: Ctx, db: Reader, loaded: LoadedApplication): Promise<Offered[]> => {
  const { app, materials } = loaded
  const kinds = new Set(materialsFor(app.kind, materialRulesOf(loaded)).map((r) => r.code))
  return (await keptOf(db, app.subjectId)).flatMap((row) => {
    const until = usableUntil(row, ctx.policy, today(ctx))
    const here = materials.some((m) => m.kind === row.kind && m.hash === row.hash)
    return until !== null && today(ctx) <= until && kinds.has(row.kind) && !here ? [{ row, until }] : []
  })
}

export const listLibrary = async (ctx: Ctx, key: Key): Promise<{ rows: LibraryView[] }> => {
  const db = ctx.db.kysely
  const loaded = await load(ctx, db, await ownApplication(ctx, db, key))
  const world = { names: materialRulesOf(loaded), others: materialsOfAll(ctx.policy), mayRemove: false }
  const rows = (await offered(ctx, db, loaded)).map(({ row, until }) => {
    const { id, kind, kindName, name, mediaType, bytes, uploadedAt } = materialView(row, world)
    return { id, kind, kindName, name, mediaType, bytes, uploadedAt, usableUntil: until }
  })
  return { rows }
}

const mustTakeMaterial = ({ app, items }: LoadedApplication): void => {
  if (app.state !== 'draft' && !takesMaterial(items.map((i) => i.state))) mustNot('MATERIAL_LOCKED')
}

export const reuseMaterial = (ctx: Ctx, ask: Key & { material: string }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownApplication(ctx, tx, ask)
    const loaded = await load(ctx, tx, app)
    mustTakeMaterial(loaded)
    const kept = (await keptOf(tx, app.subjectId)).find((k) => k.id === ask.material)
    if (kept && loaded.materials.some((m) => m.kind === kept.kind && m.hash === kept.hash)) mustNot('MATERIAL_THERE')
    const found = (await offered(ctx, tx, loaded)).find((o) => o.row.id === ask.material)
    const { row } = found ?? mustNot('MATERIAL_NOT_KEPT')
    const copy = { ...row, id: newId(), applicationId: app.id, uploadedAt: ctx.clock.now() }
    await store.insertMaterial(tx, copy, actorRef(ctx.actor))
    act(tx, ctx, 'reuse', app, { material: copy.id, from: row.id, kind: row.kind, hash: row.hash })
    return applicationView(ctx, tx, app)
  })

/** Consent to keep a file, or its withdrawal: it may come at any time and holds for the file wherever it is used. */
export const keepMaterial = (
  ctx: Ctx,
  ask: Key & { material: string; keep: boolean; validUntil: string | null },
): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownApplication(ctx, tx, ask)
    const row = (await store.materialsOf(tx, app)).find((m) => m.id === ask.material) ?? mustNot('NO_SUCH_MATERIAL')
    const validUntil = ask.validUntil as LocalDate | null
    if (ask.keep && validUntil !== null && validUntil < today(ctx)) mustNot('MATERIAL_RAN_OUT', { day: validUntil })
    await saveKept(tx, row, { kept: ask.keep, validUntil: ask.keep ? validUntil : null })
    act(tx, ctx, ask.keep ? 'keep' : 'forget', app, { material: row.id, hash: row.hash })
    return applicationView(ctx, tx, app)
  })
