import { setImmediate as breathe } from 'node:timers/promises'
import type { Instant } from '../../kernel/time.ts'
import { foldWindows, windowsOf } from '../../kernel/window.ts'
import type { Ctx } from '../../platform/context.ts'
import { DatabaseError, type Tx, arrayLiteral, copyLine, json } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, openCommit, viaOf } from '../../platform/outbox.ts'
import { sql } from 'kysely'
import { basisOf, loadBasis } from './basis.ts'
import type { NewRecord, RecordPlace, StoreOutcome } from './contract.ts'
import { COLUMNS, Drafter, type RecordDraft, projectionOf } from './draft.ts'
import { type Basis, packFacts, reachedChannels, unpack, unpackFacts } from './rules.ts'
import * as store from './store.ts'
import { undone, valuesKeptOut } from './tombstone.ts'

/** `byPerson`: a named person decides about this record; what is kept out of reports is that person's to say. */
type How = { byPerson?: boolean }
export type PlacedDraft = { draft: RecordDraft; place: RecordPlace }
type Row = { n: number; draft: RecordDraft; place: RecordPlace; key: string }
type News = { row: Row; recordId: string; version: number; kind: string; channels: readonly string[] }
/** With its line of COPY, but for the number of the commit at its end. */
type Told = News & { line: string }

/** One call: its instant, and what there will be to tell. */
class Intake {
  readonly ctx: Ctx
  readonly drafter: Drafter
  readonly at: Instant
  readonly news: Told[] = []
  readonly byPerson: boolean

  constructor(ctx: Ctx, drafter: Drafter, byPerson: boolean) {
    this.ctx = ctx
    this.drafter = drafter
    this.byPerson = byPerson
    this.at = ctx.clock.now()
  }

  tell(news: News): void {
    const { row, recordId, version, kind, channels } = news
    const { place, draft } = row
    const cells = [place.subjectId, this.at, newId(), kind, recordId, version, draft.content.item, place.division]
    this.news.push({ ...news, line: copyLine([...cells, arrayLiteral(channels)]).slice(0, -1) })
  }
}

/** A little more than what COPY sends at once, so that pieces need not be put together again. */
const OUT = 2 * 1024 * 1024 + 64 * 1024
/** More than a head takes: ids, an instant, a division. */
const HEAD_ROOM = 256

/** Lines in pieces; a piece is on its way while the next is put together. */
function* linesOf(intake: Intake, rows: readonly { r: Row; id: string }[]): Generator<Buffer> {
  let out = Buffer.alloc(0)
  let used = 0
  for (const { r, id } of rows) {
    const { page, from, to } = r.draft.line
    const head = copyLine([r.place.subjectId, id, r.place.division, intake.at])
    const room = HEAD_ROOM + head.length * 3 + to - from
    if (out.length - used < room) {
      if (used) yield out.subarray(0, used)
      out = Buffer.allocUnsafeSlow(Math.max(rows.length > FEW ? OUT : 0, room))
      used = 0
    }
    used += out.write(head, used)
    out[used - 1] = TAB
    used += page.copy(out, used, from, to)
  }
  if (used) yield out.subarray(0, used)
}
const TAB = 9

/** New rows go in by COPY, in the order of their subjects, so that two chunks at once wait rather than deadlock. */
const insertNew = async (tx: Tx, intake: Intake, rows: readonly Row[], outcomes: StoreOutcome[]): Promise<void> => {
  if (!rows.length) return
  const basis = new Map<string, Basis>()
  const sorted = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((r) => ({ r, id: newId() }))
  for (const { r } of sorted) for (const [name, body] of r.draft.projection.basis) basis.set(name, body)
  await store.insertBasis(tx, basis)
  const copying = intake.ctx.db.copyRows(tx, 'records.record', COLUMNS, linesOf(intake, sorted))
  copying.catch(() => undefined) // told by the await below
  await breathe()
  // While the database works, what will be told is written down.
  for (const { r, id } of sorted) {
    outcomes[r.n] = { verdict: 'accepted', recordId: id, version: 1, changed: false }
    const { channels } = r.draft.projection
    intake.tell({ row: r, recordId: id, version: 1, kind: 'record.published', channels })
  }
  await copying
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
  const keptOut = intake.byPerson ? new Map<string, never[]>() : await valuesKeptOut(tx, locked)
  const byId = new Map(locked.map((l) => [l.id, l]))
  const basis = new Map<string, Basis>()
  const rows: store.ChangedRow[] = []
  for (const { r, held } of changed) {
    const was = byId.get(held.id) as store.RawRecord
    const { content } = r.draft
    if (was.state === 'annulled') {
      outcomes[r.n] = { verdict: 'annulled', recordId: was.id, version: was.version }
      continue
    }
    if (was.fingerprint === r.draft.fingerprint) {
      outcomes[r.n] = { verdict: 'already_held', recordId: was.id, version: was.version }
      continue
    }
    const back = undone(keptOut.get(was.id) ?? [], content.fields)
    if (back) {
      outcomes[r.n] = { verdict: 'kept_out', recordId: was.id, version: was.version, ...back }
      continue
    }
    const before = reachedChannels(unpack(was.windows, unpackFacts(was.facts), basisOf))
    // A correction does not start the clock of publication anew.
    const publishedOn = before.length && was.publishedOn < content.publishedOn ? was.publishedOn : content.publishedOn
    const facts = { ...content.facts, publishedOn }
    const windows = foldWindows(windowsOf(facts, intake.ctx.policy), dispositions.get(was.id) ?? [])
    const p = projectionOf(windows, facts)
    const { split, secret } = intake.drafter.split(content)
    for (const [name, body] of p.basis) basis.set(name, body)
    const version = was.version + 1
    rows.push({
      subject_id: was.subjectId,
      id: was.id,
      version,
      fingerprint: r.draft.fingerprint,
      division: r.place.division,
      authority_id: content.authorityId,
      authority_name: content.authorityName,
      doc_no: content.docNo,
      decided_on: content.decidedOn,
      published_on: publishedOn,
      fields: JSON.parse(split.open) as unknown,
      inner_fields: split.inner === null ? null : (JSON.parse(split.inner) as unknown),
      secret: secret === null ? null : intake.ctx.secrets.seal(secret).toString('base64'),
      facts: JSON.parse(packFacts(facts)) as unknown,
      windows: p.windows,
      class: p.own.class,
      basis: p.ownBasis,
      earliest: p.own.earliest,
      shown_from: p.own.from,
      shown_until: p.own.until,
      submission_id: content.submissionId,
      row_n: content.rowN,
      backfill: content.backfill,
    })
    outcomes[r.n] = { verdict: 'accepted', recordId: was.id, version, changed: true }
    intake.tell({
      row: r,
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

/** A document number in another spelling is no change. */
export const saysTheSame = (
  drafter: Drafter,
  held: store.HeldKey,
  { content, fingerprint }: Pick<RecordDraft, 'content' | 'fingerprint'>,
): boolean =>
  held.fingerprint === fingerprint ||
  (held.docNo !== content.docNo && drafter.fingerprintAs(content, held.docNo) === held.fingerprint)

/** Rows whose keys differ from each other: held ones are compared, the rest are new. */
const storeDistinct = async (tx: Tx, intake: Intake, rows: readonly Row[], outcomes: StoreOutcome[]): Promise<void> => {
  const keys = rows.filter((r) => !r.place.newSubject)
  const held = new Map(
    (
      await store.heldKeys(
        tx,
        keys.map((r) => ({
          subjectId: r.place.subjectId,
          item: r.draft.content.item,
          authorityKey: r.draft.content.authorityKey,
          docKey: r.draft.docKey,
        })),
      )
    ).map((h) => [`${h.subjectId}\n${h.item}\n${h.authorityKey}\n${h.docKey}`, h]),
  )
  const fresh: Row[] = []
  const changed: { r: Row; held: store.HeldKey }[] = []
  for (const r of rows) {
    const h = held.get(r.key)
    if (!h) fresh.push(r)
    else if (h.state === 'annulled') outcomes[r.n] = { verdict: 'annulled', recordId: h.id, version: h.version }
    else if (saysTheSame(intake.drafter, h, r.draft))
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

const EVENT_COLUMNS = 'subject_id at id kind record_id version item division channels commit_n origin details'.split(
  ' ',
)
/** From here on events are copied in under a commit row of their own; fewer ride along with the use case. */
const FEW = 50

const tell = async (tx: Tx, intake: Intake): Promise<void> => {
  const { ctx, news } = intake
  if (news.length <= FEW) {
    for (const { row, recordId, version, kind, channels } of news) {
      announce(tx, ctx, {
        kind,
        subjectId: row.place.subjectId,
        recordId,
        version,
        item: row.draft.content.item,
        division: row.place.division,
        channels,
      })
    }
    return
  }
  const end = `\t${copyLine([await openCommit(tx, ctx), ctx.origin ?? null, json(viaOf(ctx))])}`
  let lines = ''
  for (const { line } of news) lines += line + end
  await ctx.db.copyRows(tx, 'platform.event', EVENT_COLUMNS, [lines])
}

/**
 * Puts drafts on their subjects' files, in order: new, already held, or a new version of what is held. A key that comes
 * twice is dealt with in the order of the rows. Nothing is doubled, whoever else stores at the same time.
 */
export const storeDrafts = async (
  tx: Tx,
  ctx: Ctx,
  drafter: Drafter,
  rows: readonly PlacedDraft[],
  how: How = {},
): Promise<StoreOutcome[]> => {
  const intake = new Intake(ctx, drafter, how.byPerson ?? false)
  const outcomes: StoreOutcome[] = []
  let waiting = rows.map(({ draft, place }, n): Row => {
    const { item, authorityKey } = draft.content
    return { n, draft, place, key: `${place.subjectId}\n${item}\n${authorityKey}\n${draft.docKey}` }
  })
  for (let wave = 0; waiting.length; wave++) {
    const seen = new Set<string>()
    const now: Row[] = []
    const again: Row[] = []
    for (const r of waiting) {
      if (seen.has(r.key))
        again.push(wave === 0 && r.place.newSubject ? { ...r, place: { ...r.place, newSubject: false } } : r)
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

/** The same for rows of which nothing is ready yet. */
export const storeRecords = (tx: Tx, ctx: Ctx, rows: readonly NewRecord[], how: How = {}): Promise<StoreOutcome[]> => {
  const drafter = new Drafter(ctx)
  const { add } = drafter.batch()
  return storeDrafts(
    tx,
    ctx,
    drafter,
    rows.map((row) => ({ draft: add(row), place: row })),
    how,
  )
}
