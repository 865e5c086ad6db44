/**
 * Bulk intake: 100,000 penalty rows of 30 columns through the whole pipeline (every check, the ledger, audit and events), against
 * a bare COPY of the rows that came out of it into an identical table with all its indexes.
 */
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { openRuntime } from '../src/app.ts'
import { createAuthority } from '../src/capabilities/access/index.ts'
import { usccCheckDigit } from '../src/kernel/codes.ts'
import { dayOf } from '../src/kernel/time.ts'
import { systemCtx } from '../src/platform/context.ts'
import { loadPolicy } from '../src/platform/policy-files.ts'
import { costs, serverPid } from './cpu.ts'
import { type Figure, reaches, shareOf, taken } from './figure.ts'
import { type Reporter, writePenalties, writePenaltyBook } from './invented.ts'
import { type Imported, importIn } from './processes.ts'
import type { Yard } from './yard.ts'

export const ROWS = 100_000
/** Half of the rows are about a subject that is new. */
const SUBJECTS = 50_000
const ROUNDS = 3
const MEMORY_MB = 512

export const REPORTER: Reporter = {
  name: '广州市天河区城市管理和综合执法局',
  code: `11440106MB2D00001${usccCheckDigit('11440106MB2D00001')}`,
}
export const todayHere = () => dayOf(new Date().toISOString() as Parameters<typeof dayOf>[0])
export const penaltyFile = async (
  yard: Yard,
  ask: { rows: number; subjects: number; from: number; kind?: 'csv' | 'xlsx' },
): Promise<string> => {
  const { kind = 'csv' } = ask
  const path = join(yard.folder, `penalties-${ask.from}-${ask.rows}.${kind}`)
  const write = kind === 'csv' ? writePenalties : writePenaltyBook
  await write({ ...ask, path, reporter: REPORTER, today: todayHere() }, loadPolicy('440100'))
  return path
}
/** A migrated database with the authority that reports. */
export const prepare = async (env: Record<string, string>): Promise<void> => {
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  await createAuthority(systemCtx(runtime, 'bench'), {
    ...REPORTER,
    division: '440106',
    system: 'general',
    duties: ['penalty'],
  })
  await runtime.db.close()
}

/** The rows of some submissions, in the order in which they came. */
export const exported = async (client: Client, submissions: readonly string[], path: string): Promise<void> => {
  const ids = submissions.map((id) => `'${id}'`).join(',')
  await pipeline(
    client.query(
      copyTo(
        `copy (select * from records.record where submission_id in (${ids}) order by submission_id, row_n) to stdout`,
      ),
    ),
    createWriteStream(path),
  )
}
/** Seconds that a bare COPY of them takes. */
export const copied = async (client: Client, path: string): Promise<number> => {
  const began = performance.now()
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    client.query(copyFrom('copy bench.record from stdin')),
  )
  return (performance.now() - began) / 1000
}

export const BARE_TABLE = 'create schema bench; create table bench.record (like records.record including all)'

export const importCsv = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('import')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('import') }
  await prepare(env)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(BARE_TABLE)
  const server = [{ name: 'database', pid: await serverPid(url), withChildren: true }]
  const [ours, bare] = [costs(server), costs(server)]
  let importer = 0
  const peaks: number[] = []
  const submissions: string[] = []
  const pair = await taken(
    ROUNDS,
    async (round) => {
      const path = await penaltyFile(yard, { rows: ROWS, subjects: SUBJECTS, from: 1 + round * ROWS })
      await client.query('checkpoint')
      const done = await ours.during(
        () => importIn({ env, path, authority: REPORTER.code }),
        (d) => d.rows,
      )
      importer += done.cpuSeconds
      rmSync(path)
      peaks.push(done.peakMb)
      submissions.push(done.submissionId)
      return done.rows / done.seconds
    },
    async (round) => {
      const path = join(yard.folder, 'rows.copy')
      await exported(client, [submissions[round] as string], path)
      await client.query('checkpoint')
      const seconds = await bare.during(
        () => copied(client, path),
        () => ROWS,
      )
      await client.query('analyze bench.record')
      rmSync(path)
      return ROWS / seconds
    },
    'ours',
  )
  await client.end()
  const embedded = await embeddedImport(yard)
  const peak = Math.max(...peaks)
  const cost = `processor importer ${Math.round((importer * 1e6) / (ROWS * ROUNDS))} + ${ours.words()}, bare ${bare.words()}`
  return [
    shareOf('import_csv', 'rows/s', pair, {
      goal: 0.3,
      note: `embedded ${Math.round(embedded.rows / embedded.seconds).toLocaleString('en')} rows/s, ${Math.round(embedded.peakMb)} MB with its database; ${cost}`,
    }),
    reaches(
      'import_csv_memory',
      'MB',
      { ours: peaks, bare: [] },
      { goal: MEMORY_MB, better: 'less', note: `highest ${Math.round(peak)}` },
    ),
  ]
}

/** The same rows on the embedded engine; what it leaves behind is what `start` starts on. */
export const embeddedImport = (yard: Yard): Promise<Imported & { dataDir: string }> =>
  yard.once('embedded import', async () => {
    const dataDir = yard.dataDir('embedded')
    const env = { DATA_DIR: dataDir }
    await prepare(env)
    const path = await penaltyFile(yard, { rows: ROWS, subjects: SUBJECTS, from: 1 })
    const done = await importIn({ env, path, authority: REPORTER.code })
    rmSync(path)
    return { ...done, dataDir }
  })
