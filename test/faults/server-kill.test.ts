/**
 * The server is killed with SIGKILL in the middle of writing, twenty times on each engine. Everything it had acknowledged is
 * there afterwards, nothing is there twice, and every submission balances.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../src/app.ts'
import { createAuthority, createKey } from '../../src/capabilities/access/index.ts'
import { systemCtx } from '../../src/platform/context.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import { codeFrom } from '../harness.ts'

const ROUNDS = 20
const WRITERS = 4

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const record = (n: number, authority: { code: string; name: string }) => ({
  subject_name: `广州虚构耐久第${n}有限公司`,
  subject_category: '法人及非法人组织',
  uscc: codeFrom(`91440106MADX${String(n).padStart(5, '0')}`),
  legal_representative: '虚构',
  document_name: '准予行政许可决定书',
  doc_no: `穗许字〔2026〕第${n}号`,
  licence_kind: '普通',
  content: '准予经营',
  decided_on: '2026-01-05',
  valid_from: '2026-01-05',
  valid_to: '2031-01-04',
  status: '有效',
  authority_name: authority.name,
  authority_code: authority.code,
})

const serve = async (env: Record<string, string>): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/server.ts'], {
    env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout?.on('data', (d: Buffer) => (said += d.toString()))
  child.stderr?.on('data', (d: Buffer) => (said += d.toString()))
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`the server did not start: ${said}`)
    const up = await fetch(`http://127.0.0.1:${env.PORT}/readyz`).then(
      (r) => r.ok,
      () => false,
    )
    if (up) return child
    await sleep(50)
  }
  throw new Error(`the server did not answer: ${said}`)
}
const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

const closers: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
})

const run = async (engine: 'pglite' | 'postgres'): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'xinheng-kill-'))
  closers.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const server: PrivatePostgres | null = engine === 'postgres' ? await startPrivatePostgres() : null
  if (server) closers.push(() => server.stop())
  const env: Record<string, string> = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    ...(server ? { DATABASE_URL: await server.createDatabase('kill') } : {}),
  }
  const authority = { code: codeFrom('11440106MADX00000'), name: '虚构单位' }
  const first = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(first, 'test')
  const { id } = await createAuthority(ctx, {
    ...authority,
    division: '440106',
    system: 'general',
    isCreditOffice: false,
    duties: ['licence'],
  })
  const { secret } = await createKey(ctx, { name: 'test', authorityId: id, scopes: ['collect'] })
  await first.db.close()

  const acknowledged: number[] = []
  let next = 1
  for (let round = 0; round < ROUNDS; round++) {
    const child = await serve(env)
    const state = { running: true }
    const write = async () => {
      while (state.running) {
        const n = next++
        const reply = await fetch(`http://127.0.0.1:${env.PORT}/api/v1/records/licence`, {
          method: 'POST',
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ record: record(n, authority) }),
        }).catch(() => null)
        const body = reply?.ok
          ? ((await reply.json().catch(() => null)) as { rows: { verdict: string }[] } | null)
          : null
        if (body?.rows[0]?.verdict === 'accepted') acknowledged.push(n)
        else if (!reply) return
      }
    }
    const before = acknowledged.length
    const writers = Array.from({ length: WRITERS }, write)
    // Once it writes, at any moment.
    for (let i = 0; i < 200 && acknowledged.length < before + 2; i++) await sleep(25)
    await sleep(Math.random() * 150)
    child.kill('SIGKILL')
    state.running = false
    // Now and then the database server itself goes down with it.
    if (server && round % 5 === 4) {
      await server.kill9()
      await server.restart()
    }
    await gone(child)
    await Promise.all(writers)
  }
  expect(acknowledged.length).toBeGreaterThan(ROUNDS)

  const last = await openRuntime({ LOG_LEVEL: 'error', ...env })
  closers.push(() => last.db.close())
  const { rows } = await sql<{ docNo: string }>`select doc_no as "docNo" from records.record`.execute(last.db.kysely)
  const held = new Set(rows.map((r) => r.docNo))
  expect(held.size).toBe(rows.length)
  expect(acknowledged.filter((n) => !held.has(`穗许字〔2026〕第${n}号`))).toEqual([])
  const unbalanced = await sql`
    select id from collection.submission where received <> accepted + refused + pending + already_held`.execute(
    last.db.kysely,
  )
  expect(unbalanced.rows).toEqual([])
  const counted = await sql<{
    n: number
  }>`select coalesce(sum(accepted), 0)::int as n from collection.submission`.execute(last.db.kysely)
  expect(counted.rows[0]?.n).toBe(rows.length)
  console.log(`killed ${ROUNDS} times on ${engine} ${last.db.version}: ${acknowledged.length} acknowledged, all there`)
}

describe('kill -9 in the middle of writing', () => {
  it('loses nothing on the embedded database', () => run('pglite'), 300_000)
  it('loses nothing on PostgreSQL', () => run('postgres'), 300_000)
})
