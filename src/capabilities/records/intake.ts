import { hash } from 'node:crypto'
import { docKey } from '../../kernel/text.ts'
import type { Instant } from '../../kernel/time.ts'
import { type RecordFacts, type Window, foldWindows, windowsOf } from '../../kernel/window.ts'
import type { Ctx } from '../../platform/context.ts'
import { DatabaseError, type Tx, arrayLiteral, copyLine } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, openCommit } from '../../platform/outbox.ts'
import { sql } from 'kysely'
import { basisId, loadBasis, basisOf } from './basis.ts'
import type { NewRecord, StoreOutcome } from './contract.ts'
import {
  type Basis,
  type FieldPlan,
  OWN_SITE,
  type PackedWindow,
  type SplitFields,
  catalogItemOn,
  fieldPlan,
  ownSite,
  pack,
  packFacts,
  reachedChannels,
  splitFields,
  unpack,
  unpackFacts,
} from './rules.ts'
import * as store from './store.ts'

/** Windows for facts: many rows share them, and then they share the work. */
type Projection = {
  windows: PackedWindow[]
  basis: ReadonlyMap<string, Basis>
  own: ReturnType<typeof ownSite>
  /** Facts, windows and the own site's columns, as COPY takes them. */
  cells: string
  ownBasis: string | null
  channels: string[]
}

type Row = {
  n: number
  row: NewRecord
  docKey: string
  key: string
  split: SplitFields
  secret: string | null
  fingerprint: string
}

type News = { row: NewRecord; recordId: string; version: number; kind: string; channels: readonly string[] }

const REMEMBERED = 20_000

/** What one call needs again and again, worked out once. */
class Intake {
  readonly ctx: Ctx
  readonly at: Instant
  readonly #plans = new Map<string, FieldPlan>()
  readonly #projections = new Map<string, Projection>()
  /** The fingerprint covers secrets too: without the key nobody can guess at them. */
  readonly #pepper: string
  readonly news: News[] = []

  constructor(ctx: Ctx) {
    this.ctx = ctx
    this.at = ctx.clock.now()
    this.#pepper = ctx.secrets.digest('record', 'fingerprint')
  }

  prepare(row: NewRecord, n: number): Row {
    const keys = Object.keys(row.fields)
    const shape = `${row.item}|${row.subjectKind}|${row.publishedOn}|${keys.join()}`
    let plan = this.#plans.get(shape)
    if (!plan) {
      plan = fieldPlan(keys, catalogItemOn(this.ctx.policy.catalog, row.item, row.publishedOn), row.subjectKind)
      this.#plans.set(shape, plan)
    }
    const split = splitFields(row.fields, plan)
    const secret =
      row.secret && Object.keys(row.secret).length
        ? JSON.stringify(row.secret, Object.keys(row.secret).toSorted())
        : null
    const doc = docKey(row.docNo)
    return {
      n,
      row,
      docKey: doc,
      key: `${row.subjectId}\n${row.item}\n${row.authorityKey}\n${doc}`,
      split,
      secret,
      fingerprint: hash('sha256', `${this.#pepper}${row.decidedOn}\n${split.all}\n${secret ?? ''}`, 'base64url'),
    }
  }

  project(facts: RecordFacts): Projection {
    const text = JSON.stringify(facts)
    const known = this.#projections.get(text)
    if (known) return known
    const made = projectionOf(windowsOf(facts, this.ctx.policy), facts, packFacts(facts))
    if (this.#projections.size < REMEMBERED) this.#projections.set(text, made)
    return made
  }
}

const projectionOf = (windows: readonly Window[], facts: RecordFacts, text: string): Projection => {
  const basis = new Map<string, Basis>()
  const packed = pack(windows, facts, (b) => {
    const id = basisId(b)
    basis.set(id, b)
    return id
  })
  const own = ownSite(windows)
  const ownBasis = packed.find((w) => w.channel === OWN_SITE)?.basis ?? null
  const dates = [own.class, ownBasis, own.earliest, own.from, own.until].map(orNull).join('\t')
  return {
    windows: packed,
    cells: `${jsonCell(text)}\t${jsonCell(JSON.stringify(packed))}\t${dates}`,
    basis,
    own,
    ownBasis,
    channels: reachedChannels(windows),
  }
}

const COLUMNS =
  'subject_id id item division authority_id authority_key authority_name doc_no doc_key decided_on published_on recorded_at version fingerprint fields inner_fields secret facts windows class basis earliest shown_from shown_until submission_id row_n backfill'.split(
    ' ',
  )

/** JSON text escapes what else COPY would trip over, so only its backslashes double. */
const jsonCell = (text: string | null): string =>
  text === null ? '\\N' : text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
const orNull = (text: string | null): string => text ?? '\\N'

/** By hand: of a row's many cells only the first few can hold anything that COPY would misread. */
const lineOf = (
  intake: Intake,
  { row, docKey, split, secret, fingerprint }: Row,
  id: string,
  p: Projection,
): string => {
  const head = copyLine([
    row.item,
    row.division,
    row.authorityId,
    row.authorityKey,
    row.authorityName,
    row.docNo,
    docKey,
  ])
  const sealed = secret === null ? '\\N' : `\\\\x${intake.ctx.secrets.seal(secret).toString('hex')}`
  return `${row.subjectId}\t${id}\t${head.slice(0, -1)}\t${row.decidedOn}\t${row.publishedOn}\t${intake.at}\t1\t${fingerprint}\t${jsonCell(split.open)}\t${jsonCell(split.inner)}\t${sealed}\t${p.cells}\t${row.submissionId}\t${row.rowN}\t${row.backfill ? 't' : 'f'}\n`
}

type Draft = { r: Row; id: string; p: Projection }

/** Lines are made while those before them are on their way. */
function* linesOf(intake: Intake, drafts: readonly Draft[]): Generator<string> {
  for (const { r, id, p } of drafts) yield lineOf(intake, r, id, p)
}

/** New rows go in by COPY, in the order of their subjects, so that two chunks at once wait rather than deadlock. */
const insertNew = async (tx: Tx, intake: Intake, rows: readonly Row[], outcomes: StoreOutcome[]): Promise<void> => {
  if (!rows.length) return
  const basis = new Map<string, Basis>()
  const drafts = rows
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((r): Draft => ({ r, id: newId(), p: intake.project(r.row.facts) }))
  for (const { p } of drafts) for (const [name, body] of p.basis) basis.set(name, body)
  await store.insertBasis(tx, basis)
  await intake.ctx.db.copyRows(tx, 'records.record', COLUMNS, linesOf(intake, drafts))
  for (const { r, id, p } of drafts) {
    outcomes[r.n] = { verdict: 'accepted', recordId: id, version: 1, changed: false }
    intake.news.push({ row: r.row, recordId: id, version: 1, kind: 'record.published', channels: p.channels })
  }
}

/** A changed row is a new version of what is held; what has happened to the record holds on. */
const replaceHeld = async (
  tx: Tx,
  intake: Intake,
  changed: readonly { r: Row; held: store.HeldKey }[],
  outcomes: StoreOutcome[],
): Promise<void> => {
  if (!changed.length) return
  const locked = await store.lockRecords(
    tx,
    changed.map(({ held }) => held),
  )
  await loadBasis(
    tx,
    locked.flatMap((l) => l.windows.map((w) => w.basis)),
  )
  const dispositions = await store.dispositionsOfMany(
    tx,
    locked.filter((l) => l.disposed > 0),
  )
  const byId = new Map(locked.map((l) => [l.id, l]))
  const basis = new Map<string, Basis>()
  const rows: store.ChangedRow[] = []
  for (const { r, held } of changed) {
    const was = byId.get(held.id) as store.RawRecord
    if (was.fingerprint === r.fingerprint) {
      outcomes[r.n] = { verdict: 'already_held', recordId: was.id, version: was.version }
      continue
    }
    const before = reachedChannels(unpack(was.windows, unpackFacts(was.facts), basisOf))
    // A correction does not start the clock of publication anew.
    const publishedOn = before.length && was.publishedOn < r.row.publishedOn ? was.publishedOn : r.row.publishedOn
    const facts = { ...r.row.facts, publishedOn }
    const windows = foldWindows(windowsOf(facts, intake.ctx.policy), dispositions.get(was.id) ?? [])
    const p = projectionOf(windows, facts, packFacts(facts))
    for (const [name, body] of p.basis) basis.set(name, body)
    const version = was.version + 1
    rows.push({
      subject_id: was.subjectId,
      id: was.id,
      version,
      fingerprint: r.fingerprint,
      division: r.row.division,
      authority_id: r.row.authorityId,
      authority_name: r.row.authorityName,
      doc_no: r.row.docNo,
      decided_on: r.row.decidedOn,
      published_on: publishedOn,
      fields: JSON.parse(r.split.open) as unknown,
      inner_fields: r.split.inner === null ? null : (JSON.parse(r.split.inner) as unknown),
      secret: r.secret === null ? null : intake.ctx.secrets.seal(r.secret).toString('base64'),
      facts: JSON.parse(packFacts(facts)) as unknown,
      windows: p.windows,
      class: p.own.class,
      basis: p.ownBasis,
      earliest: p.own.earliest,
      shown_from: p.own.from,
      shown_until: p.own.until,
      submission_id: r.row.submissionId,
      row_n: r.row.rowN,
      backfill: r.row.backfill,
    })
    outcomes[r.n] = { verdict: 'accepted', recordId: was.id, version, changed: true }
    intake.news.push({
      row: r.row,
      recordId: was.id,
      version,
      kind: 'record.updated',
      channels: [...new Set([...before, ...p.channels])],
    })
  }
  if (!rows.length) return
  await store.insertBasis(tx, basis)
  await store.replaceRecords(tx, rows, intake.at)
}

const UNIQUE_VIOLATION = '23505'
const TRIES = 4

/** Rows whose keys differ from each other: held ones are compared, the rest are new. */
const storeDistinct = async (tx: Tx, intake: Intake, rows: readonly Row[], outcomes: StoreOutcome[]): Promise<void> => {
  const keys = rows.filter((r) => !r.row.newSubject)
  const held = new Map(
    (
      await store.heldKeys(
        tx,
        keys.map((r) => ({
          subjectId: r.row.subjectId,
          item: r.row.item,
          authorityKey: r.row.authorityKey,
          docKey: r.docKey,
        })),
      )
    ).map((h) => [`${h.subjectId}\n${h.item}\n${h.authorityKey}\n${h.docKey}`, h]),
  )
  const fresh: Row[] = []
  const changed: { r: Row; held: store.HeldKey }[] = []
  for (const r of rows) {
    const h = held.get(r.key)
    if (!h) fresh.push(r)
    else if (h.fingerprint === r.fingerprint)
      outcomes[r.n] = { verdict: 'already_held', recordId: h.id, version: h.version }
    else changed.push({ r, held: h })
  }
  await replaceHeld(tx, intake, changed, outcomes)
  await insertNew(tx, intake, fresh, outcomes)
}

/** Somebody else put the same key in at the same time: back to before, and look again. */
const storeSafely = async (tx: Tx, intake: Intake, rows: readonly Row[], outcomes: StoreOutcome[]): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const told = intake.news.length
    await sql`savepoint store_records`.execute(tx)
    try {
      await storeDistinct(tx, intake, rows, outcomes)
      await sql`release savepoint store_records`.execute(tx)
      return
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== UNIQUE_VIOLATION || attempt === TRIES) throw error
      await sql`rollback to savepoint store_records`.execute(tx)
      intake.news.length = told
    }
  }
}

const EVENT_COLUMNS = 'subject_id at id commit_n kind record_id version item division channels'.split(' ')
/** From here on events are copied in under a commit row of their own; fewer ride along with the use case. */
const FEW = 50

const tell = async (tx: Tx, intake: Intake): Promise<void> => {
  const { ctx, at, news } = intake
  if (news.length <= FEW) {
    for (const { row, recordId, version, kind, channels } of news) {
      announce(tx, ctx, {
        kind,
        subjectId: row.subjectId,
        recordId,
        version,
        item: row.item,
        division: row.division,
        channels,
      })
    }
    return
  }
  const commit = await openCommit(tx, ctx)
  const lines = news.map(({ row, recordId, version, kind, channels }) =>
    copyLine([
      row.subjectId,
      at,
      newId(),
      commit,
      kind,
      recordId,
      version,
      row.item,
      row.division,
      arrayLiteral(channels),
    ]),
  )
  await ctx.db.copyRows(tx, 'platform.event', EVENT_COLUMNS, lines)
}

/**
 * Puts checked rows on their subjects' files, in order: new, already held, or a new version of what is held. A key that
 * comes twice is dealt with in the order of the rows. Nothing is doubled, whoever else stores at the same time.
 */
export const storeRecords = async (tx: Tx, ctx: Ctx, rows: readonly NewRecord[]): Promise<StoreOutcome[]> => {
  const intake = new Intake(ctx)
  const outcomes: StoreOutcome[] = []
  let waiting = rows.map((row, n) => intake.prepare(row, n))
  for (let wave = 0; waiting.length; wave++) {
    const seen = new Set<string>()
    const now: Row[] = []
    const again: Row[] = []
    for (const r of waiting) {
      if (seen.has(r.key))
        again.push(wave === 0 && r.row.newSubject ? { ...r, row: { ...r.row, newSubject: false } } : r)
      else {
        seen.add(r.key)
        now.push(r)
      }
    }
    await storeSafely(tx, intake, now, outcomes)
    waiting = again
  }
  await tell(tx, intake)
  return outcomes
}
