/** The command line as it is used: real processes, real exit codes, one data folder. */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRuntime } from '../src/app.ts'
import { createAuthority, createKey } from '../src/capabilities/access/index.ts'
import { type Explanation } from '../src/capabilities/records/contract.ts'
import { systemCtx } from '../src/platform/context.ts'
import { embeddedFolder } from './engines/embedded-folder.ts'
import { codeFrom } from './harness.ts'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const AUTHORITY = { name: '广州市交通运输局', code: codeFrom('11440100000000001') }
const COMPANY = { name: '广州星衡命令行贸易有限公司', code: codeFrom('91440106MA5000001') }
const NOW = '2026-11-23T02:00:00Z'
/** Many processes one after another: seconds on idle cores, far longer on a busy machine. */
const PATIENCE_MS = 300_000

type Ran = { code: number; out: string; err: string }
type Env = Record<string, string>
/** What the program is compiled to is kept, as for every program that the tests start: half of a short command's time. */
const COMPILED: Env = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'xinheng-compiled') }
const run = (args: string[], env: Env = {}): Promise<Ran> =>
  new Promise((done) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
      env: { PATH: process.env.PATH ?? '', LANG: 'C', XINHENG_NOW: NOW, ...COMPILED, ...env },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.stderr.on('data', (text: Buffer) => (err += text.toString()))
    child.once('close', (code) => done({ code: code ?? -1, out, err }))
  })
const oneLine = (text: string) => expect(text.trim().split('\n')).toHaveLength(1)
const jsonOf = (ran: Ran): unknown => JSON.parse(ran.out)

const HEADINGS = [
  'CF_XDR_MC',
  'CF_XDR_LB',
  'CF_XDR_SHXYM',
  'CF_FRDB',
  'CF_WSH',
  'CF_WFXW',
  'CF_SY',
  'CF_YJ',
  'CF_CFLB',
  'CF_NR',
  'CF_NR_FK',
  'CF_JDRQ',
  'CF_CFJG',
]
const row = (n: number, over: Record<string, string> = {}): string => {
  const cells: Record<string, string> = {
    CF_XDR_MC: COMPANY.name,
    CF_XDR_LB: '法人及非法人组织',
    CF_XDR_SHXYM: COMPANY.code,
    CF_FRDB: '李星衡',
    CF_WSH: `穗交罚〔2026〕${n}号`,
    CF_WFXW: '未按规定维护车辆',
    CF_SY: '未按规定周期维护货运车辆。',
    CF_YJ: '《中华人民共和国道路运输条例》第七十条',
    CF_CFLB: '罚款',
    CF_NR: '罚款人民币60000元',
    CF_NR_FK: '6',
    CF_JDRQ: '2026-11-02',
    CF_CFJG: AUTHORITY.name,
    ...over,
  }
  return HEADINGS.map((h) => cells[h]).join(',')
}

describe('xinheng without a database', () => {
  it('helps in both languages', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('导入归集文件')
    expect(out).toContain('take in a file')
    const one = await run(['import', '--help'])
    expect(one).toMatchObject({ code: 0 })
    expect(one.out).toContain('--dry-run')
    const family = await run(['policy', '--help'])
    expect(family.code).toBe(0)
    expect(family.out).toContain('policy diff')
  })

  it.each([
    [['horoscope'], '没有“horoscope”这个命令'],
    [['policy', 'burn'], 'policy show'],
    [['policy', 'show', '--loud'], '--loud'],
    [['import', 'x.csv', '--item'], '--item'],
    [['explain'], 'RECORD|CODE'],
    [['explain', 'a', 'b'], '多余的参数'],
    [['explain', 'a', '--on', '2026-02-30'], '2026-02-30'],
    [['policy', 'show', '999999'], '没有地区 999999'],
    [['policy', 'show', '--lang', 'fr'], '--lang'],
    [['policy', 'diff', '440100'], '比较'],
    [['call', 'nothing'], '没有接口“nothing”'],
    [['call', 'getSession', 'novalue'], 'novalue'],
    [['import', '/nowhere/x.csv', '--item', 'penalty', '--authority', 'X'], '没有这个文件'],
    [['audit', 'verify'], '没有数据库'],
    [['restore', '/nowhere'], '这不是完整的备份'],
    [['gateway', 'table'], '--item'],
    [['gateway', 'table', '--item', 'nothing'], '没有“nothing”'],
    [['gateway', 'table', '--item', 'penalty', '--table', 'a;b'], 'a;b'],
    [['gateway', 'list'], '没有数据库'],
  ])('declines %j in one line', async (args, words) => {
    const { code, out, err } = await run(args, { DATA_DIR: '/nowhere' })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    oneLine(err)
  })

  it('prints the statements of an exchange table anywhere, without a database', async () => {
    const { code, out } = await run(['gateway', 'table', '--item', 'penalty', '--schema', 'exchange'], {
      DATA_DIR: '/nowhere',
    })
    expect(code).toBe(0)
    expect(out).toContain('create table "exchange"."xh_penalty"')
    expect(out).toContain('"cf_wsh" text')
  })

  it('declines as JSON, and in English', async () => {
    const { code, out, err } = await run(['policy', 'show', '--loud', '--json'], { LANG: 'en_GB.UTF-8' })
    expect({ code, err }).toEqual({ code: 2, err: '' })
    expect(JSON.parse(out)).toEqual({ error: { code: 'UNKNOWN_FLAG', detail: 'policy show has no option --loud.' } })
    expect((await run(['audit', 'verify', '--lang', 'en'], { DATA_DIR: '/nowhere' })).err).toContain(
      'There is no database',
    )
    const bad = await run(['audit', 'verify'], { JURISDICTION: '1' })
    expect(bad.code).toBe(2)
    oneLine(bad.err)
  })

  it('shows, compares and checks the policy', async () => {
    const shown = await run(['policy', 'show', '--json'])
    expect(shown.code).toBe(0)
    const policy = jsonOf(shown) as { rows: { id: string }[]; unsure: { id: string }[]; version: string }
    expect(policy.rows.length).toBeGreaterThan(100)
    expect(policy.unsure.length).toBeGreaterThan(0)
    const lines = await run(['policy', 'show', '510000', '--on', '2026-04-01'])
    expect(lines.out).toContain('四川')
    expect(lines.out).toMatch(/存疑事项 UNSURE：\d+ 项/)
    const differs = await run(['policy', 'diff', '440100', '510000', '--json'])
    expect((jsonOf(differs) as { id: string }[]).some((c) => c.id.startsWith('gz/'))).toBe(true)
    expect((await run(['policy', 'diff', '440100', '440100'])).out).toBe('没有差别。\n')
    const valid = await run(['policy', 'validate', '--json'])
    expect(valid.code).toBe(0)
    expect(jsonOf(valid) as { ok: boolean; jurisdictions: unknown[] }).toMatchObject({ ok: true })
  })

  it('names pg_dump for PostgreSQL', async () => {
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    for (const what of ['backup', 'restore']) {
      const { code, err } = await run([what, '/tmp/never'], env)
      expect(code).toBe(2)
      expect(err).toContain(what === 'backup' ? 'pg_dump' : 'pg_restore')
    }
  })
})

describe('xinheng with a database', { timeout: PATIENCE_MS }, () => {
  const home = mkdtempSync(join(tmpdir(), 'xinheng-cli-'))
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }
  let folder: Awaited<ReturnType<typeof embeddedFolder>>
  let env: Env
  let key = ''
  const runtime = () => openRuntime({ ...env, LOG_LEVEL: 'error', XINHENG_NOW: NOW })
  const importing = (path: string, ...more: string[]) =>
    run(['import', path, '--item', 'penalty', '--authority', AUTHORITY.code, ...more], env)

  beforeAll(async () => {
    folder = await embeddedFolder()
    env = { DATA_DIR: folder.dataDir }
    expect((await run(['migrate', '--json'], env)).out).toContain('0001_platform.sql')
    const open = await runtime()
    const ctx = systemCtx(open, 'test')
    const { id } = await createAuthority(ctx, {
      ...AUTHORITY,
      division: '440100',
      system: 'general',
      isCreditOffice: false,
      duties: ['penalty'],
    })
    key = (await createKey(ctx, { name: 'test', scopes: ['collect'], authorityId: id })).secret
    await open.db.close()
  })
  afterAll(() => {
    folder.remove()
    rmSync(home, { recursive: true, force: true })
  })

  it('migrates once', async () => {
    expect(await run(['migrate'], env)).toMatchObject({ code: 0, out: '数据库结构已是最新。\n' })
  })

  it('takes a file in, and its receipt balances', async () => {
    const path = file(
      'penalties.csv',
      [
        HEADINGS.join(','),
        row(1),
        row(2),
        row(3, { CF_NR_FK: '' }),
        row(4, { CF_XDR_SHXYM: '91440106MA5000001X' }),
      ].join('\n'),
    )
    const dry = await importing(path, '--dry-run', '--json')
    expect(dry.code).toBe(0)
    expect((jsonOf(dry) as { check: unknown }).check).toMatchObject({ received: 4, accepted: 2, refused: 2 })

    const errors = join(home, 'bad.xlsx')
    const real = await importing(path, '--errors', errors)
    expect(real.code).toBe(0)
    expect(real.out).toContain('收到 4 = 入库 2 + 退回 2 + 待核实 0 + 已有 0')
    expect(real.out).toMatch(/第 4 行 .*罚款/)
    expect(readFileSync(errors).subarray(0, 2).toString()).toBe('PK')

    // No server has run on this database: the command seals what it did.
    const sealed = jsonOf(await run(['audit', 'verify', '--json'], env)) as { rows: number; unsealed: number }
    expect(sealed.rows).toBeGreaterThan(0)
    expect(sealed.unsealed).toBe(0)

    const again = await importing(path, '--json')
    expect(jsonOf(again) as { receipt: unknown; rows: unknown[] }).toMatchObject({
      receipt: { received: 4, accepted: 0, refused: 2, alreadyHeld: 2, wayIn: 'cli' },
      rows: [{ n: 4 }, { n: 5 }],
    })
  })

  it('refuses what is no table, an unknown authority, an unknown item, and rows that are all bad', async () => {
    const letter = file('letter.csv', '<!doctype html><p>这不是表格</p>')
    const whole = await importing(letter)
    expect({ code: whole.code, out: whole.out }).toEqual({ code: 2, out: '' })
    expect(whole.err.length).toBeGreaterThan(5)
    const good = file('good.csv', [HEADINGS.join(','), row(9)].join('\n'))
    const nobody = await run(['import', good, '--item', 'penalty', '--authority', 'NOBODY'], env)
    expect(nobody).toMatchObject({ code: 2, out: '' })
    oneLine(nobody.err)
    const noItem = await run(['import', good, '--item', 'horoscope', '--authority', AUTHORITY.code], env)
    expect(noItem).toMatchObject({ code: 2, out: '' })
    expect(noItem.err).toContain('horoscope')
    const bad = file('bad.csv', [HEADINGS.join(','), row(8, { CF_WSH: '' })].join('\n'))
    expect((await importing(bad)).code).toBe(2)
  })

  it('explains a record by its code and by its number, on a day', async () => {
    const byCode = jsonOf(await run(['explain', COMPANY.code, '--json'], env)) as Explanation[]
    expect(byCode).toHaveLength(2)
    expect(byCode[0]?.channels[0]).toMatchObject({ channel: 'credit_china', shown: true })
    const id = byCode[0]!.recordId
    const lines = await run(['explain', id, '--on', '2031-01-01'], env)
    expect(lines.code).toBe(0)
    expect(lines.out).toContain('信用网站：不公示')
    expect(lines.out).toMatch(/规则 \S+ {2}版本 \S+/)
    expect(lines.out).toMatch(/依据：.+第.+条/)
    expect(lines.out).not.toContain('UNSURE')
    // What the platform had not received by then was not shown, whatever the rules say of the day.
    const before = await run(['explain', id, '--on', '2020-01-01'], env)
    expect(before.code).toBe(0)
    expect(before.out).toContain('本平台在该日尚未收到该信息，没有公示。')
    const none = await run(['explain', COMPANY.code.replace(/.$/, '?')], env)
    expect(none).toMatchObject({ code: 2, out: '' })
    oneLine(none.err)
  })

  it('says in one line that another process holds the database', async () => {
    const open = await runtime()
    try {
      const path = file('late.csv', [HEADINGS.join(','), row(20)].join('\n'))
      const late = await importing(path)
      expect({ code: late.code, out: late.out }).toEqual({ code: 2, out: '' })
      expect(late.err).toContain(String(process.pid))
      expect(late.err).toContain('pushRecords')
      oneLine(late.err)
      for (const args of [
        ['audit', 'verify'],
        ['explain', COMPANY.code],
        ['backup', join(home, 'never')],
      ]) {
        const other = await run(args, env)
        expect(other).toMatchObject({ code: 2, out: '' })
        oneLine(other.err)
      }
      expect(existsSync(join(home, 'never', 'manifest.json'))).toBe(false)
    } finally {
      await open.db.close()
    }
  })

  it('backs up, and restores only what is whole and with its key', async () => {
    const dir = join(home, 'backup')
    const made = await run(['backup', dir], env)
    expect(made.code).toBe(0)
    expect(made.out).toContain('主密钥')
    expect(statSync(join(dir, 'master.key')).mode & 0o077).toBe(0)
    expect((await run(['backup', dir], env)).err).toContain('不是空的')
    expect((await run(['backup', join(folder.dataDir, 'inside')], env)).code).toBe(2)
    expect((await run(['restore', dir], env)).err).toContain('已有 database')

    const fresh = { DATA_DIR: join(home, 'restored') }
    const wrong = file('wrong.key', 'x'.repeat(32))
    expect((await run(['restore', dir, '--key-file', wrong], fresh)).err).toContain('不是这份备份的主密钥')
    const restored = await run(['restore', dir, '--json'], fresh)
    expect(restored.code).toBe(0)
    expect(readdirSync(fresh.DATA_DIR).toSorted()).toEqual(['database', 'files', 'keys'])
    const [before, after] = await Promise.all([
      run(['explain', COMPANY.code, '--json'], env),
      run(['explain', COMPANY.code, '--json'], fresh),
    ])
    expect(after).toEqual(before)
    expect(await run(['audit', 'verify', '--json'], fresh)).toMatchObject({ code: 0 })

    const { files } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as { files: { path: string }[] }
    appendFileSync(join(dir, files[0]!.path), 'x')
    const other = { DATA_DIR: join(home, 'damaged') }
    const damaged = await run(['restore', dir], other)
    expect(damaged).toMatchObject({ code: 2, out: '' })
    expect(damaged.err).toContain(files[0]!.path)
    expect(readdirSync(other.DATA_DIR)).toEqual([])
  })

  it('keeps the demonstration out of a database with data, and out of production', async () => {
    const full = await run(['seed'], env)
    expect(full).toMatchObject({ code: 2, out: '' })
    expect(full.err).toContain('已有数据')
    const production = await run(['seed'], { DATA_DIR: folder.dataDir, NODE_ENV: 'production', XINHENG_NOW: '' })
    expect(production.err).toContain('生产环境')
  })

  it('serves, is called, and stops when it is told to', async () => {
    const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, 'serve'], {
      env: { PATH: process.env.PATH ?? '', ...COMPILED, ...env, PORT: '0', LOG_LEVEL: 'error', XINHENG_NOW: NOW },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const lines = createInterface({ input: server.stdout })
      let url = ''
      for await (const line of lines) {
        url = /http:\/\/\S+/.exec(line)?.[0] ?? ''
        if (url) break
      }
      const ask = (...args: string[]) => run(['call', ...args, '--url', url])
      const [list, keys, shown] = await Promise.all([
        ask('--list'),
        ask('feedKeys'),
        ask('listPublicRecords', `code=${COMPANY.code}`),
      ])
      expect(list.out).toContain('pushRecords  POST /records/:item')
      expect((jsonOf(keys) as { keys: unknown[] }).keys).toHaveLength(1)
      expect((jsonOf(shown) as { records: unknown[] }).records).toHaveLength(2)
      const blank = join(home, 'blank.xlsx')
      expect(await ask('template', 'item=penalty', '--out', blank)).toMatchObject({ code: 0, out: `${blank}\n` })
      expect(readFileSync(blank).subarray(0, 2).toString()).toBe('PK')

      const [unknown, unnamed, unkeyed] = await Promise.all([
        ask('listPublicRecords', 'code=91440106MA50000099'),
        ask('listPublicRecords'),
        ask('listKeys'),
      ])
      expect(unknown).toMatchObject({ code: 2, out: '' })
      oneLine(unknown.err)
      expect(unnamed.err).toContain('code')
      expect(unkeyed.code).toBe(2)
      const record = Object.fromEntries(HEADINGS.map((h, i) => [h, row(30).split(',')[i]]))
      const keyFile = file('key.txt', `${key}\n`)
      const pushed = await ask(
        'pushRecords',
        'item=penalty',
        `record:=${JSON.stringify(record)}`,
        '--key-file',
        keyFile,
      )
      expect((jsonOf(pushed) as { receipt: unknown }).receipt).toMatchObject({ received: 1, accepted: 1, wayIn: 'api' })
      expect((await ask('pushRecords', 'item=penalty', 'record={}', '--key', 'wrong', '--json')).out).toContain(
        'BAD_KEY',
      )
    } finally {
      const ended = new Promise((done) => server.once('close', done))
      server.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
    const gone = await run(['call', 'feedKeys', '--url', 'http://127.0.0.1:9'])
    expect(gone).toMatchObject({ code: 1, out: '' })
    oneLine(gone.err)
  })

  it('runs as npm run xinheng', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(scripts.xinheng).toContain('src/cli.ts')
    const done = spawnSync(process.execPath, [CLI, '--version'], { encoding: 'utf8' })
    expect(done.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
