import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { LocalDate } from '../../kernel/time.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { RecordRow } from './contract.ts'
import { type Basis, OWN_SITE, type PackedWindow, unpack, unpackFacts } from './rules.ts'
import type { RawRecord } from './store.ts'

/** A basis is named by its content and never changes, so what a process has read once it may keep. */
const bodies = new Map<string, Basis>()

/** Words are those of the rules, so a basis that has been named is known again by them without writing it out. */
type Named = Pick<Basis, 'instrument' | 'why' | 'note'> & { id: string }
const named = new Map<string, Named>()
const MOST = 20_000

/** Written out by hand: jsonb does not keep the order of keys, and a name must not hang on it. */
export const basisId = (b: Basis): string => {
  let key = `${b.class}|${b.repair}|${b.rule}|${b.version}|${b.article}|${b.unsure ?? false}`
  for (const name in b.inputs) key += `|${name}=${typeof b.inputs[name]}${b.inputs[name]}`
  const known = named.get(key)
  if (known && known.instrument === b.instrument && known.why === b.why && known.note === b.note) return known.id
  const id = nameOf(b)
  if (named.size >= MOST) named.clear()
  named.set(key, { instrument: b.instrument, why: b.why, ...(b.note ? { note: b.note } : {}), id })
  return id
}

const nameOf = (b: Basis): string => {
  const words = [b.instrument.zh, b.instrument.en, b.why.zh, b.why.en, b.note?.zh ?? null, b.note?.en ?? null]
  const inputs = Object.entries(b.inputs).toSorted(([x], [y]) => (x < y ? -1 : 1))
  const text = JSON.stringify([b.class, b.repair, b.rule, b.version, b.article, b.unsure ?? false, words, inputs])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

export const loadBasis = async (db: Reader, wanted: Iterable<string>): Promise<void> => {
  const missing = [...new Set(wanted)].filter((id) => !bodies.has(id))
  if (!missing.length) return
  const { rows } = await sql<{ id: string; body: Basis }>`
    select id, body from records.basis where id = any(${missing}::text[])`.execute(db)
  for (const r of rows) bodies.set(r.id, r.body)
}

export const isHeld = (id: string): boolean => bodies.has(id)

export const basisOf = (id: string): Basis => {
  const body = bodies.get(id)
  if (!body) throw new Error(`no basis ${id} is held`)
  return body
}

/** Rows as capabilities read them: windows whole, fields laid together. */
export const hydrate = async (db: Reader, rows: readonly RawRecord[]): Promise<RecordRow[]> => {
  await loadBasis(
    db,
    rows.flatMap((r) => r.windows.map((w) => w.basis)),
  )
  return rows.map(({ innerFields, fingerprint: _fingerprint, ...r }) => ({
    ...r,
    facts: unpackFacts(r.facts),
    fields: innerFields ? { ...r.publicFields, ...innerFields } : r.publicFields,
    windows: unpack(r.windows, unpackFacts(r.facts), basisOf),
  }))
}

/** The window on one channel, as far as it is handed on. */
export type SharedWindow = { from: LocalDate | null; until: LocalDate | null; rule: string; article: string }

/** Which columns of `records.v_shared` tell of the window on a channel: the own site's are asked for alone, beside no `windows`. */
export const windowColumns = (channel: string): string =>
  `r.site_from as "siteFrom", r.site_until as "siteUntil", r.site_basis as "siteBasis",
    case when ${channel} = '${OWN_SITE}' then null else r.windows end as windows`
export type WindowColumns = {
  siteFrom: LocalDate | null
  siteUntil: LocalDate | null
  siteBasis: string | null
  windows: PackedWindow[] | null
}
type Placed = Pick<PackedWindow, 'from' | 'until' | 'basis'>
const placedOn = (channel: string, r: WindowColumns): Placed | null => {
  if (channel !== OWN_SITE) return r.windows?.find((w) => w.channel === channel) ?? null
  return r.siteBasis === null ? null : { from: r.siteFrom, until: r.siteUntil, basis: r.siteBasis }
}

/** For many records at once, in order; null where a record has no window on the channel. */
export const sharedWindows = async (
  db: Reader,
  rows: readonly (WindowColumns | null)[],
  channel: string,
): Promise<(SharedWindow | null)[]> => {
  const own = rows.map((r) => r && placedOn(channel, r))
  await loadBasis(
    db,
    own.flatMap((w) => (w ? [w.basis] : [])),
  )
  return own.map((w) => {
    if (!w) return null
    const { rule, article } = basisOf(w.basis)
    return { from: w.from, until: w.until, rule, article }
  })
}
