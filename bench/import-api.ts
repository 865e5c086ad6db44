/** Batches of 1,000 rows that business systems push over HTTP, against a bare COPY of the rows that came out of them. */
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { createKey, findAuthority } from '../src/capabilities/access/index.ts'
import { systemCtx } from '../src/platform/context.ts'
import { type Figure, shareOf, taken } from './figure.ts'
import { BARE_TABLE, REPORTER, copied, exported, prepare, todayHere } from './import-csv.ts'
import { penaltyRecords } from './invented.ts'
import { startLoad, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 3
const BATCHES = 20
const BATCH = 1_000
/** As many systems push at the same time. */
const CONNECTIONS = 3

export const importApi = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('api')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('api') }
  await prepare(env)
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const authority = await findAuthority(runtime.db.kysely, { code: REPORTER.code })
  if (!authority) throw new Error('no authority')
  const { secret } = await createKey(systemCtx(runtime, 'bench'), {
    name: '执法办案系统',
    authorityId: authority.id,
    scopes: ['collect'],
  })
  await runtime.db.close()
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(BARE_TABLE)
  const platform = await startPlatform(env)
  const load = startLoad()
  const rows = BATCHES * BATCH
  const pushed = async (round: number): Promise<number> => {
    const today = todayHere()
    const requests = Array.from({ length: BATCHES }, (_, i) => ({
      method: 'POST' as const,
      path: '/api/v1/records/penalty',
      headers: { authorization: `Bearer ${secret}`, 'idempotency-key': `bench-${round}-${i}` },
      body: JSON.stringify({
        records: penaltyRecords({
          rows: BATCH,
          subjects: BATCH / 2,
          from: 1 + (round * BATCHES + i) * BATCH,
          reporter: REPORTER,
          today,
        }),
      }),
    }))
    await load.load(`round ${round}`, requests)
    await client.query('checkpoint')
    const ran = await load.run({
      set: `round ${round}`,
      port: platform.port,
      connections: CONNECTIONS,
      count: BATCHES,
    })
    return ran.perSecond * BATCH
  }
  const mine = async (): Promise<string[]> => {
    const { rows: found } = await client.query<{ id: string }>(
      `select id from collection.submission order by created_at desc limit ${BATCHES}`,
    )
    return found.map((f) => f.id)
  }
  await pushed(ROUNDS)
  const pair = await taken(
    ROUNDS,
    pushed,
    async () => {
      const path = join(yard.folder, 'api.copy')
      await exported(client, await mine(), path)
      await client.query('checkpoint')
      const seconds = await copied(client, path)
      rmSync(path)
      return rows / seconds
    },
    'ours',
  )
  await client.end()
  await Promise.all([platform.stop(), load.stop()])
  return [shareOf('api_batch', 'rows/s', pair, { goal: 0.2, note: `${CONNECTIONS} at a time, each row answered` })]
}
