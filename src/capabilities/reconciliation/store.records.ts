import { sql } from 'kysely'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { nameKey } from '../../kernel/text.ts'
import type { Reader } from '../../platform/db/index.ts'
import { listAuthorities } from '../access/index.ts'

/** By what records are held under of an authority that the other side only names: its code where it is registered, else its name. */
export const authorityKeys = async (db: Reader): Promise<(name: string) => string> => {
  const codes = new Map((await listAuthorities(db)).map((a) => [nameKey(a.name), a.code]))
  return (name) => codes.get(nameKey(name)) || nameKey(name)
}

/** What the other system has to show on a day by its own rules, as it would list it itself. */
export const expectedThere = async (
  db: Reader,
  ask: {
    division: string
    items: readonly string[]
    scope: readonly string[]
    day: LocalDate
    after: string
    limit: number
  },
): Promise<ExpectedRow[]> => {
  const { rows } = await sql<ExpectedRow>`
    select d.record_id as "recordId", d.item, s.uscc as "subjectCode", s.name as "subjectName", d.authority_name as authority,
      d.doc_no as "documentNumber", d.version, reconciliation.digest(d.fields) as digest, d.published_on as "publishedOn",
      d.necips_from as "shownFrom", d.necips_until as "shownUntil", b.class, b.article
    from records.v_displays d
    join subjects.v_by_code s on s.subject_id = d.subject_id and s.code_kind = 'uscc' and s.code = s.uscc
    join records.v_basis b on b.id = d.necips_basis
    where d.record_id > ${ask.after}::uuid and d.state = 'held' and d.item = any(${[...ask.items]}::text[])
      and d.system = any(${[...ask.scope]}::text[]) and d.division like ${`${territoryPrefix(ask.division)}%`}
      and d.necips_from <= ${ask.day}::date and (d.necips_until is null or ${ask.day}::date < d.necips_until)
    order by d.record_id limit ${ask.limit}`.execute(db)
  return rows
}
export type ExpectedRow = {
  recordId: string
  item: string
  subjectCode: string
  subjectName: string
  authority: string
  documentNumber: string
  version: number
  digest: string
  publishedOn: LocalDate
  shownFrom: LocalDate
  shownUntil: LocalDate | null
  class: string
  article: string
}

/** The record that the other system speaks of: by its own id where it came from here, else by what both sides know it by. */
export const recordByKey = async (
  db: Reader,
  key: { recordId: string | null; item: string; subjectCode: string; authorityKey: string; docKey: string },
): Promise<{ subjectId: string; recordId: string } | null> => {
  const { rows } = await sql<{ subjectId: string; recordId: string; subjectCode: string | null }>`
    select d.subject_id as "subjectId", d.record_id as "recordId"
    from subjects.v_by_code c join records.v_displays d on d.subject_id = c.subject_id
    where c.code = ${key.subjectCode} and ((d.item = ${key.item} and d.authority_key = ${key.authorityKey} and d.doc_key = ${key.docKey})
      or d.record_id = ${key.recordId}::uuid)
    order by d.record_id = ${key.recordId}::uuid desc nulls last limit 1`.execute(db)
  return rows[0] ?? null
}
