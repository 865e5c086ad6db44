/** Two imports of 100,000 rows at once, each in a process of its own, against one alone. */
import { rmSync } from 'node:fs'
import { Client } from 'pg'
import { costs, onOneCore, serverPid } from './cpu.ts'
import { type Figure, median, shareOf, taken } from './figure.ts'
import { REPORTER, ROWS, penaltyFile, prepare } from './import-csv.ts'
import { importIn } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3

export const importTwo = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('two')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('two') }
  await prepare(env)
  const client = new Client({ connectionString: url })
  await client.connect()
  const pid = await serverPid(url)
  const server = [{ name: 'database', pid, withChildren: true }]
  const [both, one] = [costs(server), costs(server)]
  let from = 1
  const files = async (count: number): Promise<string[]> => {
    const paths: string[] = []
    for (let i = 0; i < count; i++, from += ROWS)
      paths.push(await penaltyFile(yard, { rows: ROWS, subjects: ROWS / 2, from }))
    await client.query('checkpoint')
    return paths
  }
  const importers = { both: 0, one: 0 }
  let cores = 0
  const pair = await taken(
    ROUNDS,
    async () => {
      const paths = await files(2)
      const began = performance.now()
      const done = await both.during(
        () => Promise.all(paths.map((path) => importIn({ env, path, authority: REPORTER.code }))),
        () => 2 * ROWS,
      )
      paths.forEach((path) => rmSync(path))
      for (const { cpuSeconds } of done) importers.both += cpuSeconds
      const seconds = Math.max(...done.map((d) => d.seconds))
      return seconds < (performance.now() - began) / 1000 ? (2 * ROWS) / seconds : 0
    },
    async () => {
      const [path = ''] = await files(1)
      const done = await one.during(
        () => importIn({ env, path, authority: REPORTER.code }),
        (d) => d.rows,
      )
      rmSync(path)
      importers.one += done.cpuSeconds
      cores = done.cpuSeconds / done.seconds
      return done.rows / done.seconds
    },
  )
  // What two gain on two cores, against one that has one: whether they stand in each other's way.
  const alone = await onOneCore(pid, async () => {
    const [path = ''] = await files(1)
    const done = await importIn({ env, path, authority: REPORTER.code })
    rmSync(path)
    return done.rows / done.seconds
  })
  await client.end()
  const onCores = alone ? `against one with its database on one core ${(median(pair.ours) / alone).toFixed(2)}; ` : ''
  const each = (seconds: number, rows: number) => `importer ${Math.round((seconds * 1e6) / (rows * ROUNDS))}`
  const cost = `two ${each(importers.both, 2 * ROWS)} + ${both.words()}, one ${each(importers.one, ROWS)} + ${one.words()}`
  return [
    shareOf('import_two', 'rows/s', pair, {
      goal: 1.5,
      note: `${onCores}one importer keeps ${cores.toFixed(2)} cores busy besides the database; processor ${cost} a row`,
    }),
  ]
}
