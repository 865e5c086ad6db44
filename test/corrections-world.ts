/** What gives corrections something to do: rows whose names and codes disagree, pushed as an authority pushes them. */
import { sql } from 'kysely'
import { createAuthority } from '../src/capabilities/access/index.ts'
import { endpoints as collection } from '../src/capabilities/collection/contract.ts'
import { endpoints } from '../src/capabilities/corrections/contract.ts'
import { findSubjectByCode } from '../src/capabilities/subjects/index.ts'
import { type Platform, addPerson, codeFrom } from './harness.ts'

const DIVISION = '440103'
let serial = 0
/** Unified codes with true check digits, inside too, in a district of their own. */
export const freshCode = (): string => codeFrom(`91${DIVISION}MA5X${String(++serial).padStart(5, '0')}`)

export type Source = {
  id: string
  name: string
  code: string
  push: (rows: { name: string; code: string; doc: string; change?: Record<string, string> }[]) => Promise<{
    id: string
    verdicts: string[]
    rows: { n: number; recordId: string | null; subjectId: string | null }[]
  }>
}
export const newSource = async (p: Platform, name: string): Promise<Source> => {
  const code = codeFrom(`11${DIVISION}MB2C${String(++serial).padStart(5, '0')}`)
  const { id } = await createAuthority(p.ctx(), {
    code,
    name,
    division: DIVISION,
    system: 'general',
    duties: ['penalty', 'licence'],
  })
  return {
    id,
    name,
    code,
    push: async (rows) => {
      const key = (await p.withKey({ scopes: ['collect'], authorityId: id })).client(collection)
      const reply = await key.pushRecords({
        item: 'penalty',
        records: rows.map((r) => ({
          CF_XDR_MC: r.name,
          subject_category: '法人及非法人组织',
          uscc: r.code,
          legal_representative: '王五',
          CF_WSH: r.doc,
          violation: '占道经营',
          facts: '占道。',
          basis: '规定',
          penalty_kinds: '罚款',
          content: '罚款',
          fine: 0.2,
          decided_on: '2026-11-20',
          authority_code: code,
          authority_name: name,
          ...r.change,
        })),
      })
      return { id: reply.receipt.id, verdicts: reply.rows.map((r) => r.verdict), rows: reply.rows }
    },
  }
}

/** The registering authority of the district, somebody in it, and two people of the credit office. */
export const newOffices = async (p: Platform) => {
  const registrar = await createAuthority(p.ctx(), {
    code: codeFrom(`11${DIVISION}MB2R${String(++serial).padStart(5, '0')}`),
    name: '广州市荔湾区市场监督管理局',
    division: DIVISION,
    system: 'market_supervision',
    duties: [],
  })
  await addPerson(p, { login: 'registrar', role: 'officer', authorityId: registrar.id })
  await addPerson(p, { login: 'office-two', role: 'credit_office', authorityId: p.world.authorities.creditOffice })
  return { registrarId: registrar.id }
}
export const as = async (p: Platform, who: string) => (await p.as(who)).client(endpoints)
export const subjectId = async (p: Platform, code: string): Promise<string> =>
  (await findSubjectByCode(p.runtime.db.kysely, code))?.id ?? ''

/** Every row of every table that names one of these subjects, but for what only counts changes. */
export const everything = async (p: Platform, ids: readonly string[]): Promise<Record<string, string[]>> => {
  const db = p.runtime.db.kysely
  const { rows: tables } = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.column_name = 'subject_id' and t.table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
    order by 1`.execute(db)
  const found: Record<string, string[]> = {}
  for (const { name } of tables) {
    if (name === 'platform.audit') continue
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t where t.subject_id = any(${[...ids]}::uuid[]) order by 1`.execute(
      db,
    )
    found[name] = rows.map((r) => r.row)
  }
  const { rows } = await sql<{ row: string }>`
    select (to_jsonb(s) - 'version' - 'updated_at')::text as row from subjects.subject s where s.id = any(${[...ids]}::uuid[]) order by 1`.execute(
    db,
  )
  found['subjects.subject'] = rows.map((r) => r.row)
  return found
}
