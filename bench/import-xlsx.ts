/** 100,000 rows from a workbook through the whole pipeline, against the reader of workbooks alone in a process like it. */
import { rmSync } from 'node:fs'
import { costs, serverPid } from './cpu.ts'
import { type Figure, shareOf, taken } from './figure.ts'
import { REPORTER, penaltyFile, prepare } from './import-csv.ts'
import { importIn, readIn } from './processes.ts'
import type { Yard } from './yard.ts'

const ROWS = 100_000
const ROUNDS = 3

export const importXlsx = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('xlsx')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('xlsx') }
  await prepare(env)
  const database = costs([{ name: 'database', pid: await serverPid(url), withChildren: true }])
  const peaks: number[] = []
  const spent = { importer: 0, reader: 0 }
  const pathOf = (round: number) =>
    penaltyFile(yard, { rows: ROWS, subjects: ROWS / 2, from: 1 + round * ROWS, kind: 'xlsx' })
  let path = ''
  const pair = await taken(
    ROUNDS,
    async (round) => {
      path = await pathOf(round)
      const done = await database.during(
        () => importIn({ env, path, authority: REPORTER.code }),
        (d) => d.rows,
      )
      peaks.push(done.peakMb)
      spent.importer += done.cpuSeconds
      return done.rows / done.seconds
    },
    async () => {
      const read = await readIn({ env, path })
      rmSync(path)
      spent.reader += read.cpuSeconds
      return read.rows / read.seconds
    },
    'ours',
  )
  const each = (seconds: number) => Math.round((seconds * 1e6) / (ROWS * ROUNDS))
  const cost = `processor importer ${each(spent.importer)} + ${database.words()}, reader alone ${each(spent.reader)}`
  return [
    shareOf('xlsx_100k', 'rows/s', pair, { goal: 0.5, note: `${Math.round(Math.max(...peaks))} MB at most; ${cost}` }),
  ]
}
