import type { LocalDate } from '../../kernel/time.ts'
import { type Db, type Tx, askRow, queryPrepared } from '../../platform/db/index.ts'
import type { PublicPage, PublicRow } from './contract.ts'
import type { PackedWindow } from './rules.ts'
import { FEW_RECORDS, fewOf, latestFirst } from './store.ts'

export type PageKey = readonly [day: string, id: string] | null

export type PageRaw = PublicPage['subject'] &
  Omit<PublicRow, 'id' | 'windows' | 'disputed'> & {
    id: string | null
    windows: PackedWindow[]
    /** How often something has happened to it. */
    disposed: number
  }

const COLUMNS = `r.subject_id as "subjectId", r.id, r.item, r.authority_name as "authorityName", r.doc_no as "docNo",
  r.decided_on as "decidedOn", r.published_on as "publishedOn", r.version, r.fields as "publicFields", r.facts, r.windows, r.class, r.disposed`
const part = (which: string, day: string, id: string) => `
  select ${COLUMNS} from records.record r
  where r.subject_id = v.subject_id and ${which} and r.shown_from <= $2::date and (r.shown_until is null or r.shown_until > $2::date)
    and (${day}::date is null or (r.decided_on, r.id) < (${day}::date, ${id}::uuid))
  order by r.decided_on desc, r.id desc limit $3`
const SUBJECT = 'coalesce(v.uscc, v.code) as code, v.name, v.kind, v.division, v.status'
const HEAD = `select ${SUBJECT}, r.* from subjects.v_by_code v`

const PAGE_FEW = fewOf('records.public_page_few', SUBJECT, COLUMNS)
/** One prepared query: the subject by its code, and both parts of what is shown about it on a day. */
const PAGE = `${HEAD}
  left join lateral ((${part(`r.class = 'none'`, '$4', '$5')}) union all (${part(`r.class <> 'none'`, '$6', '$7')})) r on true
  where v.code = $1`
const ONE = `${HEAD} join lateral (
  select ${COLUMNS} from records.record r
  where r.subject_id = v.subject_id and r.id = $3::uuid
    and r.shown_from <= $2::date and (r.shown_until is null or r.shown_until > $2::date)) r on true
  where v.code = $1`

export const pageRows = async (
  db: Db | Tx,
  ask: { code: string; on: LocalDate; limit: number; licencesAfter: PageKey; adverseAfter: PageKey },
): Promise<PageRaw[]> => {
  const { code, on, limit, licencesAfter: l, adverseAfter: a } = ask
  if (!l && !a) {
    const few = await askRow<PageRaw>(db, PAGE_FEW, [code, on])
    if (few.length <= FEW_RECORDS) return few.length > 1 ? few.toSorted(latestFirst) : few
  }
  const values = [code, on, limit + 1, l?.[0] ?? null, l?.[1] ?? null, a?.[0] ?? null, a?.[1] ?? null]
  return queryPrepared<PageRaw>(db, 'records.public_page', PAGE, values)
}
export const oneRow = (db: Db | Tx, ask: { code: string; on: LocalDate; id: string }): Promise<PageRaw[]> =>
  queryPrepared<PageRaw>(db, 'records.public_one', ONE, [ask.code, ask.on, ask.id])

/** How many are shown, counted no further than `atMost`: cheap whatever the table holds. */
export const countShown = async (
  db: Db | Tx,
  ask: { item: string; on: LocalDate; atMost: number },
): Promise<{ n: number; more: boolean }> => {
  const rows = await queryPrepared<{ n: number }>(
    db,
    'records.count_shown',
    `select count(*)::int as n from (
      select 1 from records.record r where r.item = $1 and r.shown_from is not null and r.shown_from <= $2::date
        and (r.shown_until is null or r.shown_until > $2::date) limit $3) r`,
    [ask.item, ask.on, ask.atMost + 1],
  )
  const n = rows[0]?.n ?? 0
  return { n: Math.min(n, ask.atMost), more: n > ask.atMost }
}
