/**
 * The worker is killed with SIGKILL while it reads an exchange table and a watched folder, again and again: once exactly
 * between our commit and the write-back. Afterwards every row and file has been taken once and answered once.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../src/app.ts'
import { createAuthority } from '../../src/capabilities/access/index.ts'
import { addFolder, addTable, api } from '../../src/capabilities/gateways/index.ts'
import { type Runtime, systemCtx } from '../../src/platform/context.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import { WATER, connect, csv, makeTable, penalty, range } from '../gateways-world.ts'
import { codeFrom } from '../harness.ts'

const ROUNDS = 6
const ROWS = 700
const FILES = 4
const START = Date.parse('2026-11-23T02:00:00Z')

describe('a worker that is killed while it fetches', () => {
  let server: PrivatePostgres
  let dataDir: string
  let runtime: Runtime
  let env: Record<string, string>
  let child: ChildProcess | undefined
  beforeAll(async () => {
    server = await startPrivatePostgres()
    dataDir = mkdtempSync(join(tmpdir(), 'xinheng-gateway-kill-'))
    env = { DATA_DIR: dataDir, DATABASE_URL: await server.createDatabase('platform'), LOG_LEVEL: 'error' }
    runtime = await openRuntime({ ...env, XINHENG_NOW: new Date(START).toISOString() })
  }, 60_000)
  afterAll(async () => {
    child?.kill('SIGKILL')
    await runtime?.db.close()
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** Each one's clock is past the lease that the one before it held. */
  const begin = (round: number): void => {
    child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/worker.ts'], {
      env: { ...process.env, ...env, XINHENG_NOW: new Date(START + round * 600_000).toISOString() },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const kill = async (): Promise<void> => {
    const dying = child
    child = undefined
    if (!dying || dying.exitCode !== null) return
    const gone = new Promise((resolve) => dying.once('exit', resolve))
    dying.kill('SIGKILL')
    await gone
  }

  it('loses nothing and doubles nothing', async () => {
    const ctx = systemCtx(runtime, 'test')
    const authority = await createAuthority(ctx, {
      code: codeFrom('11440103MB2C00031'),
      name: WATER,
      division: '440103',
      system: 'general',
      duties: ['penalty'],
    })
    const common = { name: '水务', authorityId: authority.id, item: 'penalty', backfill: false, pollSeconds: 5 }
    const theirs = await server.createDatabase('theirs')
    const db = await connect(theirs)
    try {
      const { script } = await api.handlers.tableScript(ctx, { item: 'penalty', schema: 'public', table: 'cases' })
      const table = await makeTable(db, 'cases', script)
      await addFolder(ctx, { ...common, path: 'water', marker: 'done' })
      await addTable(ctx, {
        ...common,
        connection: theirs.replace('xinheng@', 'xinheng:x@'),
        schema: 'public',
        table: 'cases',
      })
      const folder = join(runtime.config.foldersDir, 'water')
      let n = 0
      let files = 0
      const feed = async (rows: number): Promise<void> => {
        await db.query('begin')
        for (const i of range(n, rows)) await table.put(penalty(i))
        await db.query('commit')
        n += rows
        for (const f of range(files, FILES)) {
          writeFileSync(join(folder, `${f}.csv`), csv(range(0, 20).map((i) => penalty(900_000 + f * 100 + i))))
          writeFileSync(join(folder, `${f}.csv.done`), '')
        }
        files += FILES
      }
      const unanswered = async (): Promise<number> => {
        const { rows } = await sql<{ n: number }>`
          select count(*)::int as n from gateways.intake where state = 'taken' and first_seq is not null`.execute(
          runtime.db.kysely,
        )
        return rows[0]!.n
      }
      for (const round of range(1, ROUNDS)) {
        await feed(ROWS)
        begin(round)
        // The worker looks about a second after it has started; the blow falls at another moment each time.
        await sleep(900 + round * 230)
        await kill()
      }
      // Held fast between our commit and the write-back.
      const other = await connect(theirs)
      await feed(50)
      await other.query('begin; select * from cases where xh_status = 0 for update')
      begin(ROUNDS + 1)
      for (let i = 0; i < 300 && (await unanswered()) === 0; i++) await sleep(50)
      expect(await unanswered()).toBe(1)
      await kill()
      await other.query('rollback')
      await other.end()

      begin(ROUNDS + 3)
      const open = async () => {
        const { rows } = await db.query<{ n: number }>('select count(*)::int as n from cases where xh_status = 0')
        const waiting = readdirSync(folder).filter((f) => f.endsWith('.csv')).length
        const taken = await sql<{
          n: number
        }>`select count(*)::int as n from gateways.intake where state = 'taken'`.execute(runtime.db.kysely)
        return rows[0]!.n + waiting + taken.rows[0]!.n
      }
      for (let i = 0; i < 600 && (await open()) > 0; i++) await sleep(200)
      await kill()

      const rows = await table.answers()
      expect(rows).toHaveLength(n)
      expect(new Set(rows.map((r) => r.status))).toEqual(new Set([2]))
      const { rows: held } = await sql<{ records: number; keys: number }>`
        select count(*)::int as records, count(distinct doc_key)::int as keys from records.record`.execute(
        runtime.db.kysely,
      )
      expect(held).toEqual([{ records: n + files * 20, keys: n + files * 20 }])
      const { rows: sums } = await sql<{ way: string; received: number; accepted: number }>`
        select way_in as way, sum(received)::int as received, sum(accepted)::int as accepted
        from collection.submission group by way_in order by way_in`.execute(runtime.db.kysely)
      expect(sums).toEqual([
        { way: 'folder', received: files * 20, accepted: files * 20 },
        { way: 'gateway', received: n, accepted: n },
      ])
      const { rows: taken } = await sql<{ n: number }>`
        select count(*)::int as n from gateways.intake where state = 'answered' and first_seq is null and not repeated`.execute(
        runtime.db.kysely,
      )
      expect(taken).toEqual([{ n: files }])
      const done = readdirSync(join(folder, 'done'))
      expect(done.filter((f) => f.endsWith('.csv'))).toHaveLength(files)
      expect(done.filter((f) => f.endsWith('.receipt.json'))).toHaveLength(files)
    } finally {
      await db.end()
    }
  }, 240_000)
})
