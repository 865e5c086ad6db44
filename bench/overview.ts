/**
 * The credit office's overview over ten million records: a year's figures with trend and worst authorities, asked over HTTP of a
 * platform that holds the rows. The bare thing beside it counts the same classes from the rows themselves. Records are made
 * by the database, slim; what the overview reads is then counted from them by the platform's own rebuild.
 */
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { createAuthority, createPerson } from '../src/capabilities/access/index.ts'
import { endpoints } from '../src/capabilities/timeliness/contract.ts'
import { rebuild } from '../src/capabilities/timeliness/index.ts'
import { usccCheckDigit } from '../src/kernel/codes.ts'
import { systemCtx } from '../src/platform/context.ts'
import { createClient, openTransport } from '../web/src/app/client.ts'
import { type Figure, median, reaches, taken } from './figure.ts'
import { startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

/** A trial may hold fewer. */
const RECORDS = Number(process.env.XINHENG_BENCH_OVERVIEW ?? 10_000_000)
const AUTHORITIES = 400
const SUBMISSIONS = RECORDS / 100
const FINDINGS = 20_000
const LUMP = 1_000_000
const ROUNDS = 3
const CALLS = 15
const GOAL_MS = 300
const PASSWORD = 'bench-2026-overview'

const codeOf = (n: number): string => {
  const body = `11440106000${String(n).padStart(6, '0')}`
  return `${body}${usccCheckDigit(body)}`
}
const DIVISIONS = ['440103', '440104', '440105', '440106', '440111', '440112', '440113', '440114', '440115', '440117']
const divisionOf = (n: number): string => DIVISIONS[n % DIVISIONS.length] as string

/** Of three years; most within the term, some late, some without a word that they are history. */
const RECORDS_SQL = `
  insert into records.record (subject_id, id, item, division, authority_id, authority_key, authority_name, doc_no, doc_key, decided_on,
    published_on, recorded_at, version, fingerprint, fields, facts, windows, class, submission_id, row_n, backfill)
  select md5('s' || (i / 3))::uuid, md5('r' || i)::uuid, (array['licence', 'penalty', 'penalty', 'abnormal_list', 'serious_list'])[1 + i % 5], a.division,
    a.id, a.name, a.name, '穗罚〔2026〕' || i || '号', '穗罚(2026)' || i, d.decided_on, d.decided_on, d.decided_on + (i % 14) * interval '1 day', 1,
    '', '{}', '{}', '[]', 'none', md5('b' || (i / 100))::uuid, i % 100, i % 50 = 0
  from generate_series($1::int, $2::int) i
  join authority_of a on a.n = i % $3
  cross join lateral (select current_date - (20 + (i::bigint * 7919) % 1080)::int as decided_on) d`
const SUBMISSIONS_SQL = `
  insert into collection.submission (id, no, authority_id, authority_name, division, item, way_in, file_name, state, received, accepted,
    refused, total_rows, created_at, created_by, handed_in_by, finished_at)
  select md5('b' || i)::uuid, 'BS' || i, a.id, a.name, a.division, 'penalty', 'api', '', 'done', 103, 100, 3, 103,
    now() - (i % 1080) * interval '1 day', '', '', now()
  from generate_series(0, $1::int - 1) i join authority_of a on a.n = i % $2`
const FINDINGS_SQL = `
  insert into timeliness.finding (id, authority_id, item, kind, doc_no, doc_key, decided_on, due_on, state, found_at, changed_at)
  select gen_random_uuid(), a.id, 'penalty', 'gap', '穗罚〔2026〕' || i || '号', 'f' || i, current_date - (i % 360), current_date - (i % 360) + 9,
    (array['open', 'explained', 'reported', 'dismissed'])[1 + i % 4], now(), now()
  from generate_series(1, $1::int) i join authority_of a on a.n = i % $2`

/** Keys are made once at the end, sorted, as the indexes are. */
const KEYED = ['records.record', 'timeliness.entry'] as const
const TABLES = `('records.record'::regclass, 'timeliness.entry'::regclass)`
const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
  where i.indrelid in ${TABLES} and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`

const fill = async (env: Record<string, string>, url: string): Promise<void> => {
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(
    'set synchronous_commit = off; create temp table authority_of (n int primary key, id uuid, name text, division text)',
  )
  for (let n = 0; n < AUTHORITIES; n++) {
    const name = `广州市虚构第${n}单位`
    const made = await createAuthority(ctx, { code: codeOf(n), name, division: divisionOf(n), system: 'general' })
    await client.query('insert into authority_of values ($1, $2, $3, $4)', [n, made.id, name, divisionOf(n)])
  }
  const office = await createAuthority(ctx, {
    code: codeOf(AUTHORITIES),
    name: '广州市虚构信用办',
    division: '440100',
    system: 'general',
    isCreditOffice: true,
  })
  await createPerson(ctx, {
    login: 'bench-office',
    name: '信用办',
    password: PASSWORD,
    role: 'credit_office',
    authorityId: office.id,
    mustChange: false,
  })
  const { rows: indexes } = await client.query<{ name: string; made: string }>(INDEXES)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  // Of long keys, and nothing here asks by it.
  await client.query('alter table records.record drop constraint record_natural_key')
  for (const table of KEYED) await client.query(`alter table ${table} drop constraint ${table.split('.')[1]}_pkey`)
  for (let from = 0; from < RECORDS; from += LUMP)
    await client.query(RECORDS_SQL, [from, Math.min(RECORDS, from + LUMP) - 1, AUTHORITIES])
  await client.query(SUBMISSIONS_SQL, [SUBMISSIONS, AUTHORITIES])
  await client.query(FINDINGS_SQL, [FINDINGS, AUTHORITIES])
  await client.query('vacuum analyze records.record')
  await rebuild(ctx)
  // Looked through already: the nightly search has no part in this figure.
  await client.query(`update timeliness.authority set scanned_at = now() + interval '1 day'`)
  for (const [i, table] of KEYED.entries())
    await client.query(`alter table ${table} add primary key (subject_id, ${i === 0 ? 'id' : 'record_id'})`)
  for (const { made } of indexes) if (made.includes('timeliness.')) await client.query(made)
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
  await runtime.db.close()
}

/** What the projection spares: the same classes counted from the rows. */
const BARE = `
  select r.authority_id, date_trunc('month', r.decided_on), r.recorded_at::date > r.decided_on + 9 as late, count(*)
  from records.record r where r.decided_on >= date_trunc('month', current_date) - interval '11 months' group by 1, 2, 3`

export const overview = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('overview')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('overview') }
  await fill(env, url)
  const platform = await startPlatform(env)
  const transport = openTransport({ base: platform.url, jar: true })
  await transport.signIn('bench-office', PASSWORD)
  const api = createClient(transport, endpoints)
  const client = new Client({ connectionString: url })
  await client.connect()
  const calls: number[] = []
  let counted = 0
  const call = async (): Promise<number> => {
    const began = performance.now()
    const { totals } = await api.getTimeliness({})
    counted = totals.onTime + totals.late + totals.backfill
    return performance.now() - began
  }
  await call()
  const pair = await taken(
    ROUNDS,
    async () => {
      const round: number[] = []
      for (let i = 0; i < CALLS; i++) round.push(await call())
      calls.push(...round)
      return median(round)
    },
    async () => {
      const began = performance.now()
      await client.query(BARE)
      return performance.now() - began
    },
  )
  await platform.stop()
  const { rows } = await client.query<{ records: string; tally: string }>(
    'select (select count(*) from timeliness.entry) as records, (select sum(n) from timeliness.tally) as tally',
  )
  await client.end()
  if (rows[0]?.records !== rows[0]?.tally)
    throw new Error(`the tally ${rows[0]?.tally} is not the rows ${rows[0]?.records}`)
  const note = `${RECORDS.toLocaleString('en')} records, ${counted.toLocaleString('en')} in the year shown; the slowest of ${calls.length} calls ${Math.round(Math.max(...calls))} ms`
  return [reaches('overview', 'ms', pair, { goal: GOAL_MS, better: 'less', note })]
}
