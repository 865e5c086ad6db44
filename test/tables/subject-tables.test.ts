/** Every table that names a subject is either moved with its file or stays for a reason: a new one that nobody thought of fails. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../../src/app.ts'
import { followers } from '../../src/capabilities/subjects/index.ts'
import { type Platform, startPlatform } from '../harness.ts'

/** Of these nothing moves with a file. */
const STAYS: Record<string, string> = {
  'platform.audit': 'what was done was done to that subject then; it is sealed',
  'subjects.code': 'the registry itself: moved code by code',
  'oversight.candidate':
    'found anew from the entries of each file; what was handed over was handed over under that code',
  'territory.known': 'what was last told of a subject: followed from the events',
  'territory.change': 'what was told then',
  'reconciliation.shown_there': 'what the other system lists: placed anew with each list',
}

describe('tables that name a subject', () => {
  let p: Platform
  beforeAll(async () => {
    p = await startPlatform({ seedAccounts: false })
  })
  afterAll(() => p.close())
  const columns = async () =>
    (
      await sql<{ table: string; column: string }>`
      select c.table_schema || '.' || c.table_name as "table", c.column_name as "column" from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`.execute(
        p.runtime.db.kysely,
      )
    ).rows

  it('are all on the list of what goes with a file, or of what stays', async () => {
    const named = (await columns()).filter((c) => c.column === 'subject_id').map((c) => c.table)
    const listed = followers().flatMap((f) => f.tables.map((t) => t.table))
    expect([...new Set(listed)]).toHaveLength(listed.length)
    expect(named.toSorted()).toEqual([...listed, ...Object.keys(STAYS)].toSorted())
  })
  it('have the columns that the list names', async () => {
    const there = new Set((await columns()).map((c) => `${c.table}.${c.column}`))
    for (const f of followers())
      for (const t of f.tables)
        for (const c of [...t.key, ...(t.unique ?? []), ...(t.record ? [t.record] : [])])
          expect(there, t.table).toContain(`${t.table}.${c}`)
  })
})
