/**
 * A million subjects with a record each, on PostgreSQL: records as the real pipeline leaves them, cloned set by set onto
 * subjects of their own. Indexes are made again at the end, by the migrations' own definitions.
 */
import { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { nameKey } from '../src/kernel/text.ts'
import { newId } from '../src/platform/ids.ts'
import { REPORTER, penaltyFile, prepare } from './import-csv.ts'
import { type Invented, companyOf } from './invented.ts'
import { importIn } from './processes.ts'
import type { Yard } from './yard.ts'

/** A million, unless a smaller number is named while one works on what is measured. */
export const HELD = Number(process.env.BENCH_HELD ?? 1_000_000)
const TEMPLATES = 20_000
const LUMP = 2_000
/** Where the cloned subjects' numbers begin: above those of the imported ones. */
const FIRST = 1_000_001

export type Held = {
  env: Record<string, string>
  url: string
  /** Some of the subjects, spread over all of them. */
  sample: readonly (Invented & { id: string })[]
}

const SAMPLE_EVERY = 50
const at = '2026-01-05T02:00:00Z'

/** Lines for COPY of the subjects, their codes and their names, table by table from one list of ids. */
const copySubjects = async (client: Client, count: number): Promise<Held['sample']> => {
  const ids = Array.from({ length: count }, () => newId())
  const tables: [string, (id: string, c: Invented) => string][] = [
    [
      'subjects.subject (id, kind, name, name_key, uscc, division, created_at, updated_at)',
      (id, c) => `${id}\tenterprise\t${c.name}\t${nameKey(c.name)}\t${c.code}\t440106\t${at}\t${at}\n`,
    ],
    ['subjects.code (kind, code, subject_id)', (id, c) => `uscc\t${c.code}\t${id}\n`],
    [
      'subjects.name (subject_id, id, name, name_key, valid_from, source)',
      (id, c) => `${id}\t${id}\t${c.name}\t${nameKey(c.name)}\t2026-01-05\tbench\n`,
    ],
  ]
  for (const [table, line] of tables) {
    const lumps = function* () {
      for (let from = 0; from < count; from += LUMP) {
        let text = ''
        for (let i = from; i < Math.min(count, from + LUMP); i++) text += line(ids[i] as string, companyOf(FIRST + i))
        yield text
      }
    }
    await pipeline(Readable.from(lumps()), client.query(copyFrom(`copy ${table} from stdin`)))
  }
  return ids.filter((_, i) => i % SAMPLE_EVERY === 0).map((id, i) => ({ id, ...companyOf(FIRST + i * SAMPLE_EVERY) }))
}

const COLUMNS = `item, division, authority_id, authority_key, authority_name, doc_no, doc_key, decided_on, published_on, recorded_at,
  version, disposed, fingerprint, fields, inner_fields, secret, facts, windows, class, basis, earliest, shown_from, shown_until,
  submission_id, row_n, backfill, state`

/** Templates are those that are shown today: what is read by everyone. Tables, so that the planner knows how many there are. */
const CLONE = `
  create temp table template as
    select (row_number() over () - 1)::int as n, r.*
    from records.record r, (select (now() at time zone 'Asia/Shanghai')::date as day) today
    where r.shown_from <= day and (r.shown_until is null or r.shown_until > day);
  create temp table target as
    select id as target, ((row_number() over () - 1) % (select count(*) from template))::int as n
    from subjects.subject where created_at = '${at}';
  analyze template; analyze target;
  insert into records.record (subject_id, id, ${COLUMNS})
  select t.target, gen_random_uuid(), ${COLUMNS} from target t join template p on p.n = t.n`

const TABLES = `('subjects.subject'::regclass, 'subjects.code'::regclass, 'records.record'::regclass)`
/** Indexes that no constraint rests on. */
const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
  where i.indrelid in ${TABLES} and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`

const fill = async (yard: Yard): Promise<Held> => {
  const url = await yard.database('held')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('held') }
  await prepare(env)
  const path = await penaltyFile(yard, { rows: TEMPLATES, subjects: TEMPLATES, from: 1 })
  await importIn({ env, path, authority: REPORTER.code })
  rmSync(path)
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows: indexes } = await client.query<{ name: string; made: string }>(INDEXES)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  const sample = await copySubjects(client, HELD)
  await client.query(CLONE)
  for (const { made } of indexes) await client.query(made)
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
  return { env, url, sample }
}

const STEP_MS = 500
/** What a platform looks at once a day is looked at when it starts; it is not what a request costs. */
export const lookedThrough = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const done = 'select exists (select 1 from objections.self_check) as done'
  while (!(await client.query<{ done: boolean }>(done)).rows[0]?.done) await sleep(STEP_MS)
  await client.end()
}

export const held = (yard: Yard): Promise<Held> => yard.once('held', () => fill(yard))
