import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { knownOn, toldOn, windowsAsOf } from '../../kernel/replay.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { RecordFacts, Window } from '../../kernel/window.ts'
import type { Reader } from '../../platform/db/index.ts'
import { basisOf, loadBasis } from './basis.ts'
import type { DispositionRow, PublicRow } from './contract.ts'
import { OWN_SITE, type PackedWindow, isShown, ownSite, unpack, unpackFacts, windowOn } from './rules.ts'
import { dispositionsOf, dispositionsOfMany } from './store.ts'
import type { PageKey } from './store.pages.ts'

/** What this platform's site showed of a subject on a past day, replayed from what had been recorded by that day's end. */

/** A record as it stood on a past day; `stillShown` and `changedSince` speak of now. */
export type PastRow = PublicRow & {
  authorityId: string
  /** Anyone may see it today too. */
  stillShown: boolean
  /** It has been corrected since: what it says now, under the windows of that day. */
  now: PublicRow | null
  /** What stands here was corrected since. */
  corrected?: boolean
}

type State = {
  recordedAt: Instant
  replacedAt: Instant | null
  version: number
  publicFields: Record<string, unknown>
  facts: RecordFacts
  windows: PackedWindow[]
}
type HistoryRow = Omit<State, 'replacedAt'> & {
  subjectId: string
  id: string
  item: PublicRow['item']
  authorityId: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  disposed: number
  shownFrom: LocalDate | null
  shownUntil: LocalDate | null
  /** Earlier versions. */
  before: State[] | null
}

const BEFORE = sql`(
  select json_agg(json_build_object('recordedAt', v.recorded_at, 'replacedAt', v.replaced_at, 'version', v.version,
    'publicFields', v.fields, 'facts', v.facts, 'windows', v.windows) order by v.version)
  from records.version v where v.subject_id = r.subject_id and v.record_id = r.id)`

/** A batch of a subject's records with their earlier versions, the latest decision first. */
const batch = async (
  db: Reader,
  ask: { subjectId: string; recordId?: string | undefined; after: PageKey; limit: number },
): Promise<HistoryRow[]> =>
  (
    await sql<HistoryRow>`
    select r.subject_id as "subjectId", r.id, r.item, r.authority_id as "authorityId", r.authority_name as "authorityName",
      r.doc_no as "docNo", r.decided_on as "decidedOn", r.disposed, r.shown_from as "shownFrom", r.shown_until as "shownUntil",
      r.recorded_at as "recordedAt", r.version, r.fields as "publicFields", r.facts, r.windows,
      case when r.version > 1 then ${BEFORE} end as before
    from records.record r
    where r.subject_id = ${ask.subjectId} and ${ask.recordId ? sql`r.id = ${ask.recordId}` : sql`true`}
      and ${ask.after ? sql`(r.decided_on, r.id) < (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
    order by r.decided_on desc, r.id desc limit ${ask.limit}`.execute(db)
  ).rows

type Moment = { row: HistoryRow; state: State; dispositions: readonly DispositionRow[]; on: LocalDate }

const rowOf = ({ row, state, dispositions, on }: Moment): PublicRow => {
  const facts = unpackFacts(state.facts)
  const windows = windowsAsOf(unpack(state.windows, facts, basisOf), dispositions, on)
  const marks = dispositions.filter((d) => d.kind === 'disputed' || d.kind === 'dispute_closed')
  return {
    subjectId: row.subjectId,
    id: row.id,
    item: row.item,
    authorityName: row.authorityName,
    docNo: row.docNo,
    decidedOn: facts.decidedOn,
    publishedOn: facts.publishedOn,
    version: state.version,
    publicFields: state.publicFields,
    facts,
    windows,
    class: ownSite(windows).class,
    disputed: marks.at(-1)?.kind === 'disputed',
  }
}

const statesOf = (row: HistoryRow): State[] => [...(row.before ?? []), { ...row, replacedAt: null }]

/** One record on a day; null when this platform's site did not show it then. */
const pastRow = (row: HistoryRow, all: readonly DispositionRow[], on: LocalDate, today: LocalDate): PastRow | null => {
  const states = statesOf(row)
  const state = toldOn(states, on)
  if (!state) return null
  const dispositions = knownOn(all, on)
  const then = rowOf({ row, state, dispositions, on })
  if (!isShown(windowOn(then.windows, OWN_SITE), on)) return null
  const last = states.at(-1) as State
  return {
    ...then,
    authorityId: row.authorityId,
    stillShown: row.shownFrom !== null && isShown({ from: row.shownFrom, until: row.shownUntil }, today),
    // Rules that computed its windows anew made a version too, which says what the one before said.
    now: isDeepStrictEqual(last.publicFields, state.publicFields)
      ? null
      : rowOf({ row, state: last, dispositions, on }),
  }
}

const BATCH = 200

type Ask = {
  subjectId: string
  on: LocalDate
  today: LocalDate
  /** What the asker may see of it, and as what; null leaves it out. */
  admit: (row: PastRow) => PastRow | null
}
const gather = async (db: Reader, rows: readonly HistoryRow[], ask: Ask): Promise<PastRow[]> => {
  const packed = rows.flatMap((r) => statesOf(r).flatMap((s) => s.windows.map((w) => w.basis)))
  await loadBasis(db, packed)
  const all = await dispositionsOfMany(
    db,
    rows.filter((r) => r.disposed > 0),
  )
  return rows.flatMap((row) => {
    const past = pastRow(row, all.get(row.id) ?? [], ask.on, ask.today)
    const admitted = past && ask.admit(past)
    return admitted ? [admitted] : []
  })
}

/**
 * Both parts of what was shown, the latest decision first, each from its own key on; one more than the limit tells that
 * there are more.
 */
export const pageAsOf = async (
  db: Reader,
  ask: Ask & { limit: number; licencesAfter: PageKey; adverseAfter: PageKey },
): Promise<{ licences: PastRow[]; adverse: PastRow[] }> => {
  const part = async (adverse: boolean, from: PageKey): Promise<PastRow[]> => {
    const found: PastRow[] = []
    let after = from
    while (found.length <= ask.limit) {
      const rows = await batch(db, { subjectId: ask.subjectId, after, limit: BATCH })
      found.push(...(await gather(db, rows, ask)).filter((r) => (r.class !== 'none') === adverse))
      const last = rows.at(-1)
      if (!last || rows.length < BATCH) break
      after = [last.decidedOn, last.id]
    }
    return found.slice(0, ask.limit + 1)
  }
  return { licences: await part(false, ask.licencesAfter), adverse: await part(true, ask.adverseAfter) }
}

/** One record as it was shown on that day; null when it was not. */
export const recordAsOf = async (db: Reader, ask: Ask & { recordId: string }): Promise<PastRow | null> =>
  (await gather(db, await batch(db, { ...ask, after: null, limit: 1 }), ask))[0] ?? null

/** For an explanation: the windows of a record as they stood at the end of a day; null when it was not held yet. */
export const windowsOn = async (
  db: Reader,
  key: { subjectId: string; id: string },
  on: LocalDate,
): Promise<{ windows: Window[]; dispositions: DispositionRow[] } | null> => {
  const [row] = await batch(db, { subjectId: key.subjectId, recordId: key.id, after: null, limit: 1 })
  const state = row && toldOn(statesOf(row), on)
  if (!row || !state) return null
  await loadBasis(
    db,
    state.windows.map((w) => w.basis),
  )
  const dispositions = row.disposed ? knownOn(await dispositionsOf(db, key.subjectId, key.id), on) : []
  return { windows: unpack(state.windows, unpackFacts(state.facts), basisOf), dispositions }
}
