/**
 * The disk is full: under the uploads, and under the database. A limit on the size of files (RLIMIT_FSIZE) stands in for it
 * everywhere; where this machine lets us mount a small file system, the real thing is used as well. What could not be written is
 * refused with an error and leaves nothing half-done; with room again, the import goes on where it stopped.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../../src/app.ts'
import { createPerson, findAuthority } from '../../src/capabilities/access/index.ts'
import { processNext } from '../../src/capabilities/collection/index.ts'
import { type Runtime, systemCtx } from '../../src/platform/context.ts'
import { openTransport } from '../../web/src/app/client.ts'
import { embeddedFolder } from '../engines/embedded-folder.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import { PASSWORD } from '../harness.ts'
import {
  FAULT_TIMEOUT_MS,
  ROWS,
  faultClock,
  handInMany,
  minutesOn,
  mustBalanceNow,
  mustBeWhole,
  standing,
} from './world.ts'

const MB = 1024 * 1024
/** Above a segment of the write-ahead log (16 MB), below what the rows need. */
const LIMIT_MB = 17
/** So many rows that the tables outgrow the limit. */
const MANY = Math.max(ROWS, 30_000)

const closers: (() => Promise<void> | void)[] = []
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
})
const temporary = (name: string): string => {
  const dir = mkdtempSync(join(tmpdir(), `xinheng-${name}-`))
  closers.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** With tools of the machine, which may not be there. */
const tool = (command: string, as: { uid?: number; gid?: number } = {}): boolean =>
  spawnSync('sh', ['-c', command], as).status === 0
/** A file system of its own, so small; null where this machine does not allow it. */
const smallDisk = (megabytes: number): string | null => {
  const dir = temporary('disk')
  if (!tool(`mount -t tmpfs -o size=${megabytes}m,mode=0777 xinheng '${dir}'`)) return null
  closers.push(() => void tool(`umount -l '${dir}'`))
  return dir
}
const grow = (dir: string, megabytes: number): void => {
  expect(tool(`mount -o remount,size=${megabytes}m '${dir}'`)).toBe(true)
}

/** Works until it fails for want of room, then with room until it is done. */
const fillAndGoOn = async (runtime: Runtime, giveRoom: () => void | Promise<void>): Promise<void> => {
  const clock = faultClock()
  const on = { ...runtime, clock }
  const { id, expected } = await handInMany(on, MANY)
  await expect(processNext(on, { id })).rejects.toThrow()
  await mustBalanceNow(on, id)
  const full = await standing(on, id)
  expect(full.state).toBe('running')
  expect(full.received).toBeLessThan(expected.received)
  // As long as there is no room, nothing changes, however often it is tried.
  clock.advance({ minutes: 2 })
  await expect(processNext(on, { id })).rejects.toThrow()
  await mustBalanceNow(on, id)
  await giveRoom()
  clock.advance({ minutes: 2 })
  await processNext(on, { id })
  await mustBeWhole(on, id, expected)
  console.log(`full at row ${full.readTo} of ${expected.received} on ${runtime.db.engine} ${runtime.db.version}`)
}

const openPostgres = async (): Promise<{ server: PrivatePostgres; url: string; dataDir: string }> => {
  const server = await startPrivatePostgres()
  closers.push(() => server.stop())
  return { server, url: await server.createDatabase('full'), dataDir: temporary('full') }
}
/** The first process of the server, whose children have its limits. */
const postmasterOf = async (url: string): Promise<number> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ dir: string }>(
    `select setting as dir from pg_settings where name = 'data_directory'`,
  )
  await client.end()
  return Number(readFileSync(join(rows[0]!.dir, 'postmaster.pid'), 'utf8').split('\n')[0])
}
const limitTo = (pid: number, bytes: number | 'unlimited'): void => {
  // As the server's own user: even root may not reach over.
  const { uid, gid } = statSync(`/proc/${pid}`)
  expect(tool(`prlimit --pid ${pid} --fsize=${bytes}:`, { uid, gid })).toBe(true)
}

describe('no room for the database', () => {
  it(
    'PostgreSQL cannot make a file larger',
    async () => {
      const { url, dataDir } = await openPostgres()
      const postmaster = await postmasterOf(url)
      const setUp = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: dataDir, DATABASE_URL: url })
      await setUp.db.close()
      limitTo(postmaster, LIMIT_MB * MB)
      const runtime = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: dataDir, DATABASE_URL: url })
      closers.push(() => runtime.db.close())
      const cutAll = async () => {
        // Connections keep the limits that they were born with.
        limitTo(postmaster, 'unlimited')
        const admin = new Client({ connectionString: url })
        await admin.connect()
        await admin.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        await admin.end()
        await sleep(200)
      }
      await fillAndGoOn(runtime, cutAll)
    },
    FAULT_TIMEOUT_MS,
  )

  it(
    'a disk that is really full, where one can be mounted',
    async () => {
      const disk = smallDisk(60)
      if (disk === null) return console.log('no small disk can be mounted here: the limit on files stands for it')
      const { url, dataDir } = await openPostgres()
      chmodSync(disk, 0o777)
      const place = join(disk, 'space')
      mkdirSync(place)
      chmodSync(place, 0o777)
      const admin = new Client({ connectionString: url.replace(/\/full$/, '/postgres') })
      await admin.connect()
      const { rows } = await admin.query<{ dir: string }>(
        `select setting as dir from pg_settings where name = 'data_directory'`,
      )
      const owner = statSync(rows[0]!.dir)
      chownSync(place, owner.uid, owner.gid)
      await admin.query(`create tablespace small location '${place}'`)
      await admin.query('alter database "full" set tablespace small')
      await admin.end()
      const runtime = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: dataDir, DATABASE_URL: url })
      closers.push(() => runtime.db.close())
      await fillAndGoOn(runtime, () => grow(disk, 4000))
      return undefined
    },
    FAULT_TIMEOUT_MS,
  )
})

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
/** Node under a limit on the size of files; a write beyond it fails instead of ending the process. */
const limited = (megabytes: number, args: string[], env: Record<string, string>): ChildProcess =>
  spawn('bash', ['-c', `trap '' XFSZ; ulimit -S -f ${megabytes * 1024}; exec "$0" "$@"`, process.execPath, ...args], {
    env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode)
    else child.once('exit', resolve)
  })

describe('no room for the embedded database', () => {
  it(
    'the worker fails, the data is whole, and the next start goes on',
    async () => {
      const folder = await embeddedFolder()
      closers.push(() => folder.remove())
      const clock = faultClock()
      const first = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: folder.dataDir }, { clock })
      const { id, expected } = await handInMany(first, MANY)
      await first.db.close()
      const starved = limited(LIMIT_MB, ['--disable-warning=ExperimentalWarning', 'src/worker.ts'], {
        DATA_DIR: folder.dataDir,
        XINHENG_NOW: minutesOn(5),
      })
      let said = ''
      starved.stderr?.on('data', (d: Buffer) => (said += d.toString()))
      starved.stdout?.on('data', (d: Buffer) => (said += d.toString()))
      for (
        let i = 0;
        i < 1200 && starved.exitCode === null && !/could not be worked through|a job failed/.test(said);
        i++
      )
        await sleep(100)
      starved.kill('SIGKILL')
      await ended(starved)
      expect(said).toMatch(/could not be worked through|a job failed|data folder cannot be written|fault/i)

      clock.advance({ minutes: 20 })
      const next = await openRuntime({ LOG_LEVEL: 'silent', DATA_DIR: folder.dataDir }, { clock })
      closers.push(() => next.db.close())
      await mustBalanceNow(next, id)
      const full = await standing(next, id)
      expect(full.received).toBeLessThan(expected.received)
      await processNext(next, { id })
      await mustBeWhole(next, id, expected)
      console.log(`full at row ${full.readTo} of ${expected.received} on ${next.db.engine} ${next.db.version}`)
    },
    FAULT_TIMEOUT_MS,
  )
})

describe('no room for uploads', () => {
  it(
    'a file that does not fit is refused and leaves nothing; a smaller one is taken',
    async () => {
      const { url, dataDir } = await openPostgres()
      const env = { DATA_DIR: dataDir, DATABASE_URL: url, PORT: String(await freePort()) }
      const setUp = await openRuntime({ LOG_LEVEL: 'silent', ...env })
      await handInMany(setUp, 1)
      const authority = await findAuthority(setUp.db.kysely, { name: '虚构故障测试单位' })
      const person = { login: 'collector', name: 'collector', password: PASSWORD, mustChange: false }
      await createPerson(systemCtx(setUp, 'test'), { ...person, role: 'collector', authorityId: authority!.id })
      await setUp.db.close()
      const server = limited(2, ['--disable-warning=ExperimentalWarning', 'src/server.ts'], env)
      closers.push(() => void server.kill('SIGKILL'))
      const caller = openTransport({ base: `http://127.0.0.1:${env.PORT}`, jar: true })
      for (let i = 0; i < 600; i++) {
        if (
          await caller.send('GET', '/readyz').then(
            (r) => r.ok,
            () => false,
          )
        )
          break
        await sleep(50)
      }
      await caller.signIn('collector', PASSWORD)
      const upload = (bytes: number) => {
        const form = new FormData()
        form.append('item', 'licence')
        form.append('file', new Blob(['行政相对人名称,'.repeat(Math.ceil(bytes / 22))]), 'big.csv')
        return caller.send('POST', '/api/v1/submissions', { body: form })
      }
      const before = readdirSync(join(dataDir, 'files'), { recursive: true }).length
      const refused = await upload(5 * MB)
      expect(refused.status).toBe(507)
      expect(await refused.json()).toMatchObject({
        code: 'STORAGE_FULL',
        detail: expect.stringContaining('存储空间不足'),
      })
      expect(readdirSync(join(dataDir, 'files'), { recursive: true }).length).toBe(before)
      expect((await upload(100_000)).status).toBe(202)
      expect((await caller.send('GET', '/readyz')).ok).toBe(true)
      server.kill('SIGTERM')
      await ended(server)
    },
    FAULT_TIMEOUT_MS,
  )
})
