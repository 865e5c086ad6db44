import { mustNot, unwrap } from '../../kernel/decision.ts'
import { inForce } from '../../kernel/eligibility.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { normaliseCode } from '../../kernel/codes.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, actorRef, hasRole, today } from '../../platform/context.ts'
import { DatabaseError, type Reader, type Tx } from '../../platform/db/index.ts'
import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { mediaTypeOf } from '../../platform/file-type.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, recordAct } from '../../platform/outbox.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecord, findRecords, listRecordsOfSubject } from '../records/index.ts'
import { findSubjectByCode, findSubjectByPersonId, getSubject, mustActFor, recordLook } from '../subjects/index.ts'
import {
  type ApplicationView,
  type ApplicationRow as ApplicationListView,
  type MaterialView,
  type RepairRecordView,
} from './contract.ts'
import { type Offices, deciderOf, officesOf, routed } from './routing.ts'
import { dueColumns } from './rules.clock.ts'
import { type BasketItem, articlesOf, commitmentOf, materialsFor, maySubmit, startOf } from './rules.ts'
import type { FactRow } from './rules.facts.ts'
import { type Standing, standingOf, waivedOfAll } from './standing.ts'
import { type ApplicationState, type ItemState, type Kind, isOpen, takesMaterial } from './states.ts'
import { factsOf } from './store.facts.ts'
import { endHandOvers } from './store.window.ts'
import * as store from './store.ts'
import {
  eligibilityOf,
  itemView,
  knownOf,
  materialView,
  materialsOfAll,
  mayRemove,
  neededOf,
  recordView,
  rolesOn,
} from './views.ts'

/** What the applicant, or the clerk at the window for it, does. */

const worldOf = (ctx: Ctx) => ({ policy: ctx.policy, today: today(ctx) })
const LOOKS: Record<string, Words> = { window: { zh: '窗口代办信用修复', en: 'Credit repair at the window' } }

/** A mandate, or a window where anyone may come. */
export const mustServe = (ctx: Ctx, subjectId: string): 'online' | 'window' => {
  if (
    ctx.actor.kind === 'person' &&
    ctx.actor.roles.includes('enterprise') &&
    ctx.actor.subjectIds.includes(subjectId)
  ) {
    return 'online'
  }
  if (hasRole(ctx.actor, 'window_clerk') && ctx.actor.kind === 'person' && ctx.actor.authorityId) return 'window'
  mustActFor(ctx, subjectId)
  return 'online'
}

export const subjectOf = async (db: Reader, id: string) => (await getSubject(db, id)) ?? mustNot('NO_SUCH_APPLICANT')
export const isNegative = (ctx: Ctx, item: string): boolean =>
  ctx.policy.catalog.some((c) => c.code === item && c.negative)
/** Adverse information, but for what was found in order; and ratings, which whoever rated may raise. */
export const isRepairable = (ctx: Ctx, { item, facts }: Pick<RecordRow, 'item' | 'facts'>): boolean =>
  (isNegative(ctx, item) && facts.result !== 'positive') ||
  ctx.policy.routes.some((r) => r.routesTo === 'rating' && inForce(r, today(ctx)) && r.when.item?.includes(item))

// ---- looking

export const lookUpSubject = (ctx: Ctx, ask: { code?: string | undefined; personId?: string | undefined }) =>
  inTx(ctx, async (tx) => {
    const found = ask.personId
      ? await findSubjectByPersonId(tx, ctx, ask.personId)
      : await findSubjectByCode(tx, normaliseCode(ask.code ?? ''))
    const subject = found ?? mustNot('NO_SUCH_APPLICANT')
    await recordLook(tx, ctx, subject.id, LOOKS.window!.zh)
    return { subjectId: subject.id, name: subject.name, kind: subject.kind, status: subject.status }
  })

type RecordsCursor = { subject: string; after: string | undefined }
export const recordsCursor = (after: string | undefined): RecordsCursor | null => {
  const key = readCursor(after, 'uuid', 'text')
  return key && { subject: key[0], after: key[1] || undefined }
}

/** Records that repair is about, newest first, subject by subject, from the cursor on. */
export const adverseFrom = async (
  ctx: Ctx,
  subjects: readonly string[],
  ask: { after: RecordsCursor | null; limit: number },
) => {
  const rows: RecordRow[] = []
  const from = ask.after ? subjects.indexOf(ask.after.subject) : 0
  if (from < 0) mustNot('BAD_CURSOR')
  for (const subject of subjects.slice(from)) {
    let after = ask.after?.subject === subject ? ask.after.after : undefined
    for (;;) {
      const page = await listRecordsOfSubject(ctx.db.kysely, subject, { after, limit: ask.limit + 1 })
      rows.push(...page.filter((r) => r.state === 'held' && isRepairable(ctx, r)))
      const last = page.at(-1)
      if (rows.length > ask.limit || !last || page.length <= ask.limit) break
      after = encodeCursor([last.decidedOn, last.id])
    }
    if (rows.length > ask.limit) break
  }
  const shown = rows.slice(0, ask.limit)
  const last = shown.at(-1)
  return {
    rows: shown,
    next:
      rows.length > ask.limit && last ? encodeCursor([last.subjectId, encodeCursor([last.decidedOn, last.id])]) : null,
  }
}

/** Whoever has no mandate looks at the window, and that stands in the file. */
export const lookAtWindow = async (ctx: Ctx, subjectId: string): Promise<void> => {
  if (mustServe(ctx, subjectId) !== 'window') return
  const subject = await subjectOf(ctx.db.kysely, subjectId)
  await inTx(ctx, (tx) => recordLook(tx, ctx, subject.id, LOOKS.window!.zh))
}

export const myRecords = async (
  ctx: Ctx,
  ask: { subject?: string | undefined; after?: string | undefined; limit: number },
): Promise<{ rows: RepairRecordView[]; next: string | null }> => {
  const db = ctx.db.kysely
  const own = ctx.actor.kind === 'person' ? [...ctx.actor.subjectIds].toSorted() : []
  if (ask.subject) await lookAtWindow(ctx, ask.subject)
  const page = await adverseFrom(ctx, ask.subject ? [ask.subject] : own, {
    after: recordsCursor(ask.after),
    limit: ask.limit,
  })
  const subjects = [...new Set(page.rows.map((r) => r.subjectId))]
  const about = new Map(await Promise.all(subjects.map(async (id) => [id, await surroundings(db, id)] as const)))
  const offices = officesOf(db)
  const rows: RepairRecordView[] = []
  for (const record of page.rows)
    rows.push(await standingView(ctx, { record, of: about.get(record.subjectId)!, offices }))
  return { rows, next: page.next }
}

/** What is known about a subject that its records' standing depends on. */
export type Surroundings = {
  name: string
  division: string | null
  open: Awaited<ReturnType<typeof store.openItemsOf>>
  bars: store.BarRow[]
  completed: ReadonlySet<string>
  facts: FactRow[]
}
export const surroundings = async (db: Reader, id: string): Promise<Surroundings> => {
  const [{ division, name }, open, bars, completed, facts] = await Promise.all([
    subjectOf(db, id),
    store.openItemsOf(db, id),
    store.barsOf(db, id),
    store.completedPlans(db, id),
    factsOf(db, id),
  ])
  return { name, division, open, bars, completed, facts }
}

const standingView = async (
  ctx: Ctx,
  { record, of, offices }: { record: RecordRow; of: Surroundings; offices: Offices },
): Promise<RepairRecordView> => {
  const { eligibility, shared, waived } = standingOf(record, of, worldOf(ctx))
  const completed = of.completed.has(record.id)
  const decider = await deciderOf(offices, 'repair', { record, eligibility, division: of.division, completed })
  const open = of.open.find((o) => o.recordId === record.id)
  const underWay = open ? { applicationId: open.applicationId, itemId: open.id, state: open.state } : null
  const deciderName = decider?.name ?? null
  return recordView(
    record,
    {
      subjectName: of.name,
      eligibility,
      deciderName,
      underWay,
      kind: 'repair',
      shared: shared.values(),
      waived,
    },
    worldOf(ctx),
  )
}

// ---- one application, as a person reads it

const recordsOf = async (db: Reader, items: readonly store.ItemRow[]): Promise<Map<string, RecordRow>> => {
  const found = await findRecords(
    db,
    items.map((i) => ({ subjectId: i.subjectId, id: i.recordId })),
  )
  return new Map(found.map((r) => [r.id, r] as const))
}

export type LoadedApplication = {
  app: store.ApplicationRow
  items: store.CaseRow[]
  materials: store.MaterialRow[]
  records: Map<string, RecordRow>
  standing: Map<string, Standing>
  /** Kinds of material that no item of it needs, with the facts shared in their place. */
  waived: ReadonlyMap<string, FactRow[]>
}

export const load = async (ctx: Ctx, db: Reader, app: store.ApplicationRow): Promise<LoadedApplication> => {
  const items = await store.itemsOf(db, app)
  const materials = await store.materialsOf(db, app)
  const records = await recordsOf(db, items)
  const bars = items.length ? await store.barsOf(db, app.subjectId) : []
  const completed = items.length ? await store.completedPlans(db, app.subjectId) : new Set<string>()
  const facts = items.length ? await factsOf(db, app.subjectId) : []
  const signed = app.commitmentAt !== null
  const standing = new Map(
    items.flatMap((i) => {
      const record = records.get(i.recordId)
      return record
        ? [[i.id, standingOf(record, { facts, bars, completed, declared: i.declared, signed }, worldOf(ctx))] as const]
        : []
    }),
  )
  return { app, items, materials, records, standing, waived: waivedOfAll([...standing.values()]) }
}
export const materialRulesOf = ({ standing }: Pick<LoadedApplication, 'standing'>) =>
  [...standing.values()].flatMap((s) => s.eligibility.materials)

export const stateOf = (app: store.ApplicationRow, items: readonly store.ItemRow[]): ApplicationState => {
  if (app.state === 'draft') return 'draft'
  return items.some((i) => isOpen(i.state) || i.state === 'shielded') ? 'submitted' : 'closed'
}

export const applicationView = async (ctx: Ctx, db: Reader, app: store.ApplicationRow): Promise<ApplicationView> => {
  const loaded = await load(ctx, db, app)
  const { items, materials, standing } = loaded
  const acts = await store.actsOf(
    db,
    app.subjectId,
    items.map((i) => i.id),
  )
  const systems = items.map((i) => i.system)
  const commitment = commitmentOf(ctx.policy, app.kind, systems, today(ctx))
  const names = materialRulesOf(loaded)
  const needed = neededOf(app.kind, names, materials, loaded.waived)
  const mine = items.length
    ? rolesOn(ctx.actor, items[0]!, app.windowAuthorityId)
    : rolesOn(
        ctx.actor,
        { subjectId: app.subjectId, state: 'draft', authorityId: '', reviewerId: null },
        app.windowAuthorityId,
      )
  const applicant = mine.includes('enterprise') || mine.includes('window_clerk')
  return {
    id: app.id,
    subjectId: app.subjectId,
    subjectName: app.subjectName,
    kind: app.kind,
    no: app.no,
    wayIn: app.wayIn,
    state: stateOf(app, items),
    version: app.version,
    createdAt: app.createdAt,
    submittedAt: app.submittedAt,
    contactName: app.contactName,
    commitment: app.commitmentText
      ? {
          text: app.commitmentText.text,
          signedAt: app.commitmentAt,
          article: app.commitmentText.article,
          byHand: app.signatureHash !== null,
        }
      : {
          text: commitment.text,
          signedAt: null,
          article: articlesOf(commitment.basis),
          byHand: false,
        },
    items: items.map((i) =>
      itemView(
        i,
        {
          acts: acts.filter((a) => a.itemId === i.id),
          roles: rolesOn(ctx.actor, i, app.windowAuthorityId),
          // A shield asks for none of the conditions of repair.
          eligibility: app.kind === 'repair' ? (standing.get(i.id)?.eligibility ?? null) : null,
          shared: app.kind === 'repair' ? (standing.get(i.id)?.shared.values() ?? []) : [],
        },
        worldOf(ctx),
      ),
    ),
    materials: materials.map((m) =>
      materialView(m, { names, others: materialsOfAll(ctx.policy), mayRemove: applicant && mayRemove(app, items, m) }),
    ),
    materialsNeeded: needed.views,
    mayEdit: applicant && app.state === 'draft',
    mayUpload: applicant && (app.state === 'draft' || takesMaterial(items.map((i) => i.state))),
  }
}

export type Key = { subject: string; id: string }
export const ownApplication = async (ctx: Ctx, db: Reader, key: Key): Promise<store.ApplicationRow> =>
  (await store.findApplication(db, ctx.actor, key, 'applicant')) ?? mustNot('NO_SUCH_APPLICATION')

export const ownDraft = async (ctx: Ctx, db: Reader, key: Key): Promise<store.ApplicationRow> => {
  const app = await ownApplication(ctx, db, key)
  return app.state === 'draft' ? app : mustNot('NOT_A_DRAFT')
}

export const getApplication = async (ctx: Ctx, key: Key): Promise<ApplicationView> => {
  const db = ctx.db.kysely
  const app = (await store.findApplication(db, ctx.actor, key, 'reader')) ?? mustNot('NO_SUCH_APPLICATION')
  return applicationView(ctx, db, app)
}

export const listApplications = async (
  ctx: Ctx,
  ask: {
    subject?: string | undefined
    state?: ApplicationState | undefined
    kind?: Kind | undefined
    no?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ rows: ApplicationListView[]; next: string | null }> => {
  const rows = await store.listApplications(ctx.db.kysely, ctx.actor, {
    ...ask,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = rows.slice(0, ask.limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > ask.limit && last ? encodeCursor([last.createdAt, last.id]) : null }
}

// ---- the basket

const ITEM_OPEN = 'item_open'
/** Two baskets that reach for the same record at once: the second is told so. */
const insertOpen = async (tx: Tx, item: store.NewItem): Promise<void> => {
  try {
    await store.insertItem(tx, item)
  } catch (error) {
    if (error instanceof DatabaseError && error.constraint === ITEM_OPEN)
      mustNot('RECORD_UNDER_WAY', { doc: item.docNo })
    throw error
  }
}

const putIn = async (tx: Tx, ctx: Ctx, app: store.ApplicationRow, recordIds: readonly string[]): Promise<void> => {
  const subject = await subjectOf(tx, app.subjectId)
  const open = await store.openItemsOf(tx, app.subjectId)
  const completed = await store.completedPlans(tx, app.subjectId)
  const here = new Set(open.filter((o) => o.applicationId === app.id).map((o) => o.recordId))
  for (const recordId of new Set(recordIds)) {
    if (here.has(recordId)) continue
    const record = await findRecord(tx, app.subjectId, recordId)
    if (!record || record.state !== 'held') return mustNot('RECORD_UNKNOWN')
    if (!isRepairable(ctx, record)) mustNot('RECORD_NOT_ADVERSE', { doc: record.docNo })
    if (open.some((o) => o.recordId === recordId)) mustNot('RECORD_UNDER_WAY', { doc: record.docNo })
    const eligibility = eligibilityOf(record, {}, worldOf(ctx))
    await insertOpen(
      tx,
      await routed(ctx, tx, {
        kind: app.kind,
        applicationId: app.id,
        record,
        eligibility,
        division: subject.division,
        completed: completed.has(record.id),
      }),
    )
  }
}

export const act = (
  tx: Tx,
  ctx: Ctx,
  name: string,
  app: { subjectId: string; id: string },
  details: Record<string, unknown> = {},
) =>
  recordAct(tx, ctx, {
    act: `repair.${name}`,
    target: { kind: 'application', id: app.id },
    subjectId: app.subjectId,
    details,
  })

export const createApplication = (
  ctx: Ctx,
  ask: { subject: string; kind: Kind; records: string[]; contactName: string; contactPhone: string },
): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const wayIn = mustServe(ctx, ask.subject)
    const subject = await subjectOf(tx, ask.subject)
    const app: store.ApplicationRow = {
      subjectId: subject.id,
      id: newId(),
      subjectName: subject.name,
      no: null,
      kind: ask.kind,
      wayIn,
      applicant: actorRef(ctx.actor),
      windowAuthorityId: wayIn === 'window' && ctx.actor.kind === 'person' ? ctx.actor.authorityId : null,
      contactName: ask.contactName,
      contactPhone: ask.contactPhone ? ctx.secrets.seal(ask.contactPhone) : null,
      state: 'draft',
      commitmentText: null,
      commitmentAt: null,
      signatureHash: null,
      createdAt: ctx.clock.now(),
      submittedAt: null,
      version: 1,
    }
    await store.insertApplication(tx, app)
    await putIn(tx, ctx, app, ask.records)
    act(tx, ctx, 'begin', app, { kind: ask.kind, wayIn, records: ask.records.length })
    return applicationView(ctx, tx, app)
  })

/** A signature is on a text; when the basket asks for another text, it has to be signed again. */
const keepSignature = async (tx: Tx, ctx: Ctx, app: store.ApplicationRow): Promise<void> => {
  if (!app.commitmentText) return
  const items = await store.itemsOf(tx, app)
  const text = commitmentOf(
    ctx.policy,
    app.kind,
    items.map((i) => i.system),
    today(ctx),
  ).text
  if (text.zh !== app.commitmentText.text.zh) await store.clearCommitment(tx, app)
}

const changed = async (tx: Tx, ctx: Ctx, app: store.ApplicationRow): Promise<ApplicationView> => {
  if (!(await store.touchApplication(tx, app))) mustNot('STALE')
  await keepSignature(tx, ctx, app)
  const fresh = await store.findApplication(tx, ctx.actor, { subject: app.subjectId, id: app.id }, 'applicant')
  return applicationView(ctx, tx, fresh ?? app)
}

export const addItems = (ctx: Ctx, ask: Key & { records: string[] }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownDraft(ctx, tx, ask)
    await putIn(tx, ctx, app, ask.records)
    act(tx, ctx, 'put_in', app, { records: ask.records.length })
    return changed(tx, ctx, app)
  })

export const removeItem = (ctx: Ctx, ask: Key & { item: string }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownDraft(ctx, tx, ask)
    if (!(await store.deleteItem(tx, { ...app, item: ask.item }))) mustNot('NO_SUCH_REPAIR_ITEM')
    act(tx, ctx, 'take_out', app, { item: ask.item })
    return changed(tx, ctx, app)
  })

export const describeItem = (
  ctx: Ctx,
  ask: Key & { item: string; declared: Record<string, boolean | undefined>; statement: string; seen: number },
): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownDraft(ctx, tx, ask)
    const item = (await store.itemsOf(tx, app)).find((i) => i.id === ask.item) ?? mustNot('NO_SUCH_REPAIR_ITEM')
    const saved = await store.saveDeclared(tx, {
      subjectId: app.subjectId,
      id: item.id,
      seen: ask.seen,
      declared: ask.declared,
      statement: ask.statement,
      at: ctx.clock.now(),
    })
    if (!saved) mustNot('STALE')
    act(tx, ctx, 'declare', app, { item: item.id, facts: Object.keys(ask.declared) })
    return applicationView(ctx, tx, app)
  })

export const discardApplication = (ctx: Ctx, key: Key): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const app = await ownDraft(ctx, tx, key)
    await store.deleteDraft(tx, app)
    act(tx, ctx, 'discard', app)
    return { ok: true }
  })

// ---- materials

export const readWhole = async (ctx: Ctx, file: StoredFile): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.files.read(file.hash)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What a file is by its first bytes, before any transaction is open. */
export const typeOf = async (ctx: Ctx, file: StoredFile): Promise<string> =>
  mediaTypeOf(await readWhole(ctx, file)) ?? mustNot('MATERIAL_TYPE', { file: file.name })

export const attach = async (
  tx: Tx,
  ctx: Ctx,
  app: store.ApplicationRow,
  of: { kind: string; file: StoredFile; mediaType: string },
): Promise<{ row: store.MaterialRow; loaded: LoadedApplication }> => {
  const { file } = of
  const loaded = await load(ctx, tx, app)
  if (app.state !== 'draft' && !takesMaterial(loaded.items.map((i) => i.state))) mustNot('MATERIAL_LOCKED')
  const rule = materialsFor(app.kind, materialRulesOf(loaded)).find((r) => r.code === of.kind)
  if (!rule) mustNot('MATERIAL_KIND_UNKNOWN', { kind: of.kind })
  const row = await attachTo(tx, ctx, app, { ...file, kind: of.kind, mediaType: of.mediaType })
  return { row, loaded }
}

/** A file that is stored already becomes a material of an application. */
export const attachTo = async (
  tx: Tx,
  ctx: Ctx,
  app: Pick<store.ApplicationRow, 'subjectId' | 'id'>,
  of: Pick<store.MaterialRow, 'kind' | 'hash' | 'name' | 'mediaType' | 'bytes'>,
): Promise<store.MaterialRow> => {
  const row: store.MaterialRow = {
    subjectId: app.subjectId,
    id: newId(),
    applicationId: app.id,
    kind: of.kind,
    hash: of.hash,
    name: of.name,
    mediaType: of.mediaType,
    bytes: of.bytes,
    uploadedAt: ctx.clock.now(),
    kept: false,
    validUntil: null,
  }
  await store.insertMaterial(tx, row, actorRef(ctx.actor))
  act(tx, ctx, 'attach', app, { material: row.id, kind: row.kind, hash: row.hash })
  return row
}

export const uploadMaterial = async (
  ctx: Ctx,
  ask: Key & { kind: string; file: StoredFile },
): Promise<MaterialView> => {
  const mediaType = await typeOf(ctx, ask.file)
  return inTx(ctx, async (tx) => {
    const app = await ownApplication(ctx, tx, ask)
    const { row, loaded } = await attach(tx, ctx, app, { ...ask, mediaType })
    return materialView(row, { names: materialRulesOf(loaded), others: [], mayRemove: true })
  })
}

export const removeMaterial = (ctx: Ctx, ask: Key & { material: string }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const app = await ownApplication(ctx, tx, ask)
    const items = await store.itemsOf(tx, app)
    const material =
      (await store.materialsOf(tx, app)).find((m) => m.id === ask.material) ?? mustNot('NO_SUCH_MATERIAL')
    if (!mayRemove(app, items, material)) mustNot('MATERIAL_LOCKED')
    await store.removeMaterial(tx, { ...app, material: material.id }, ctx.clock.now())
    act(tx, ctx, 'detach', app, { material: material.id })
    return applicationView(ctx, tx, app)
  })

/** The subject's own, and the authorities concerned, whose look is recorded. */
export const downloadMaterial = (ctx: Ctx, ask: Key & { material: string }): Promise<FileReply> =>
  inTx(ctx, async (tx) => {
    const app = (await store.findApplication(tx, ctx.actor, ask, 'reader')) ?? mustNot('NO_SUCH_APPLICATION')
    const material =
      (await store.materialsOf(tx, app)).find((m) => m.id === ask.material) ?? mustNot('NO_SUCH_MATERIAL')
    const own = ctx.actor.kind === 'person' && ctx.actor.subjectIds.includes(app.subjectId)
    if (!own) await recordLook(tx, ctx, app.subjectId, `查阅信用修复材料（${app.no ?? '未提交'}）`)
    return { file: { name: material.name, mediaType: material.mediaType, body: ctx.files.read(material.hash) } }
  })

// ---- signing and handing in

export const sign = async (
  tx: Tx,
  ctx: Ctx,
  app: store.ApplicationRow,
  of: { seen: number; signature?: string },
): Promise<store.ApplicationRow> => {
  if (app.version !== of.seen) mustNot('STALE')
  if (app.commitmentAt) mustNot('COMMITMENT_SIGNED')
  const items = await store.itemsOf(tx, app)
  if (!items.length) mustNot('BASKET_EMPTY')
  const { text, basis } = commitmentOf(
    ctx.policy,
    app.kind,
    items.map((i) => i.system),
    today(ctx),
  )
  if (!basis.length) mustNot('COMMITMENT_NOT_ASKED')
  const article = articlesOf(basis)
  const at = ctx.clock.now()
  const signatureHash = of.signature ?? null
  const signed = { ...app, commitmentText: { text, article } }
  if (!(await store.saveCommitment(tx, signed, { at, by: actorRef(ctx.actor), signature: signatureHash })))
    mustNot('STALE')
  act(tx, ctx, 'sign', app, { rules: basis.map((b) => b.rule), byHand: signatureHash !== null })
  return { ...signed, commitmentAt: at, signatureHash, version: app.version + 1 }
}

export const signCommitment = (ctx: Ctx, ask: Key & { seen: number }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    const signed = await sign(tx, ctx, await ownDraft(ctx, tx, ask), ask)
    return applicationView(ctx, tx, signed)
  })

const PAD = 4
const numberOf = async (tx: Tx, ctx: Ctx): Promise<string> => {
  const { code } = ctx.policy.jurisdiction
  const on = today(ctx)
  const n = await store.nextNumber(tx, code, on)
  return `${code}-XF-${on.replaceAll('-', '')}-${String(n).padStart(PAD, '0')}`
}

const handIn = async (
  tx: Tx,
  ctx: Ctx,
  of: {
    item: store.CaseRow
    basket: BasketItem
    record: RecordRow
    division: string | null
    wayIn: 'online' | 'window'
  },
): Promise<ItemState> => {
  const { item, basket } = of
  const on = today(ctx)
  const route = await routed(ctx, tx, {
    kind: item.kind,
    applicationId: item.applicationId,
    record: of.record,
    eligibility: basket.eligibility,
    division: of.division,
    completed: basket.known.planCompleted === true,
    id: item.id,
  })
  const start = startOf(basket, route.reviewerId !== null, ctx.policy, on)
  await store.saveRoute(tx, route)
  const due = dueColumns(start.clock, ctx.policy, null)
  await store.saveMove(tx, { ...item, state: start.state, clock: start.clock, submittedOn: on, ...due }, item.version, {
    subjectId: item.subjectId,
    id: newId(),
    itemId: item.id,
    action: start.state === 'first_review' ? 'submit_to_review' : 'submit',
    from: 'draft',
    to: start.state,
    at: ctx.clock.now(),
    on,
    actor: actorRef(ctx.actor),
    by: of.wayIn === 'window' ? 'window' : 'applicant',
    authorityId: of.wayIn === 'window' && ctx.actor.kind === 'person' ? ctx.actor.authorityId : null,
    authorityName: null,
    note: item.statement,
    basis: { ...start.basis, pack: ctx.policy.version },
    letter: null,
  })
  announce(tx, ctx, {
    kind: 'repair.submitted',
    subjectId: item.subjectId,
    recordId: item.recordId,
    item: item.recordItem,
    division: route.division,
    details: { item: item.id, application: item.applicationId, state: start.state },
  })
  return start.state
}

/** Everything that stands in the way of handing it in, each with its item. */
export const readiness = (ctx: Ctx, { app, items, materials, records, standing }: LoadedApplication) => {
  const baskets = items.flatMap((item) => {
    const [record, of] = [records.get(item.recordId), standing.get(item.id)]
    if (!record || !of) return []
    // What authorities shared in full for a record is not asked for on its account.
    const asked = of.eligibility.materials.filter((m) => !of.waived.has(m.code))
    const known = knownOf(item.declared, app.commitmentAt !== null, null, of.planCompleted)
    const facts = { facts: record.facts, windows: record.windows, known, docNo: record.docNo }
    return [
      { item, record, basket: { kind: app.kind, ...facts, eligibility: { ...of.eligibility, materials: asked } } },
    ]
  })
  const whole = {
    kind: app.kind,
    items: baskets.map((b) => b.basket),
    signed: app.commitmentAt !== null,
    materialKinds: materials.map((m) => m.kind),
  }
  return { baskets, decision: maySubmit(whole, ctx.policy, today(ctx)) }
}

export const submitIn = async (tx: Tx, ctx: Ctx, ask: Key & { seen: number }): Promise<store.ApplicationRow> => {
  const app = await ownDraft(ctx, tx, ask)
  if (app.version !== ask.seen) mustNot('STALE')
  const loaded = await load(ctx, tx, app)
  const { baskets, decision } = readiness(ctx, loaded)
  unwrap(decision)
  const subject = await subjectOf(tx, app.subjectId)
  const no = await numberOf(tx, ctx)
  const at = ctx.clock.now()
  if (!(await store.saveSubmission(tx, app, { no, at }))) mustNot('STALE')
  for (const b of baskets)
    await handIn(tx, ctx, { ...b, division: subject.division, wayIn: app.wayIn === 'window' ? 'window' : 'online' })
  await endHandOvers(tx, app, at)
  act(tx, ctx, 'submit', app, { no, items: loaded.items.length })
  return { ...app, state: 'submitted', no, submittedAt: at, version: app.version + 1 }
}

export const submitApplication = (ctx: Ctx, ask: Key & { seen: number }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => applicationView(ctx, tx, await submitIn(tx, ctx, ask)))
