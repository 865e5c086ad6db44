import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { generateSchema } from '../../tools/generate-schema.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

it('writes the table types that the migrations make', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'schema-'))
  writeFileSync(
    join(dir, '0001_all.sql'),
    `create schema s;
     create table s.a (id uuid primary key, n bigint generated always as identity, on_day date, at timestamptz not null default now(),
       amount numeric(18, 2), facts jsonb not null default '{}', extra jsonb, tags text[] not null, bytes bytea, version int not null default 1);
     create view s.v_a as select id, on_day from s.a;`,
  )
  const text = await generateSchema(dir)
  rmSync(dir, { recursive: true })
  expect(text).toContain(`interface SA {
  id: string
  n: ColumnType<number, never, never>
  on_day: string | null
  at: Generated<string>
  amount: ColumnType<string | null, string | number | null, string | number | null>
  facts: Generated<JsonColumn>
  extra: NullableJsonColumn
  tags: ColumnType<string[], readonly string[], readonly string[]>
  bytes: Uint8Array | null
  version: Generated<number>
}

interface SVA {
  id: string
  on_day: string | null
}`)
})

it('has a fresh schema.gen.ts: npm run generate', async () => {
  expect(readFileSync(root('src/platform/db/schema.gen.ts'), 'utf8')).toBe(await generateSchema(root('migrations')))
})
