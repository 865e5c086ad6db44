/** A million rows from one file, against a bare COPY of what came out of it into an identical table with all its indexes. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { costs, serverPid } from './cpu.ts'
import { type Figure, shareOf } from './figure.ts'
import { BARE_TABLE, REPORTER, copied, exported, penaltyFile, prepare } from './import-csv.ts'
import { importIn } from './processes.ts'
import type { Yard } from './yard.ts'

const ROWS = 1_000_000
const MEMORY_MB = 512

export const importMillion = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('million')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('million') }
  await prepare(env)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(BARE_TABLE)
  const server = await serverPid(url)
  const database = costs([{ name: 'database', pid: server, withChildren: true }])
  const bareCosts = costs([{ name: 'database', pid: server, withChildren: true }])
  const path = await penaltyFile(yard, { rows: ROWS, subjects: ROWS / 2, from: 1 })
  await client.query('checkpoint')
  const done = await database.during(
    () => importIn({ env, path, authority: REPORTER.code }),
    (d) => d.rows,
  )
  rmSync(path)
  const lines = join(yard.folder, 'million.copy')
  await exported(client, [done.submissionId], lines)
  await client.query('checkpoint')
  const seconds = await bareCosts.during(
    () => copied(client, lines),
    () => ROWS,
  )
  rmSync(lines)
  await client.query('drop table bench.record; truncate records.record, platform.event')
  await client.end()
  const cost = `processor importer ${Math.round((done.cpuSeconds * 1e6) / done.rows)} + ${database.words()}, bare ${bareCosts.words()}`
  const figure = shareOf(
    'import_1m',
    'rows/s',
    { ours: [done.rows / done.seconds], bare: [ROWS / seconds] },
    { goal: 0.4, note: `${Math.round(done.peakMb)} MB at most; ${cost}` },
  )
  return [{ ...figure, ok: figure.ok && done.peakMb <= MEMORY_MB }]
}
