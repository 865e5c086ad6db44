import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { csv, penalty, range, settleIn } from '../../../test/gateways-world.ts'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { Refused } from '../../kernel/decision.ts'
import { newId } from '../../platform/ids.ts'
import { sha256 } from '../../platform/crypto.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { addFolder } from './service.ts'
import { isPassing, overlaps } from '../../kernel/dropped-file.ts'
import { folderPath } from './rules.ts'
import { runGateways } from './run.ts'

describe('where a folder may lie', () => {
  it('is below the root, in plain names', () => {
    for (const good of ['tianhe/penalty', '天河区/处罚', 'a', 'a/b/c-d/e_f'])
      expect(folderPath(good), good).toMatchObject({ ok: true })
    const bad = [
      '',
      '/',
      '/etc',
      '../x',
      'a/../b',
      'a//b',
      'a/',
      './a',
      'a\\b',
      'a/.taking',
      'a/done',
      'a/Refused',
      'a\0b',
      'a/ b',
      'C:/x',
    ]
    for (const path of bad) expect(folderPath(path), path).toMatchObject({ ok: false })
    expect(overlaps('a/b', 'a')).toBe(true)
    expect(overlaps('a/b', 'a/bc')).toBe(false)
  })
  it('passes over what is still being written', () => {
    for (const name of ['.x.csv', '~$x.xlsx', 'x.csv.part', 'x.tmp', 'x.csv.done', 'x.filepart'])
      expect(isPassing(name), name).toBe(true)
    for (const name of ['x.csv', '处罚.xlsx', 'x.docx']) expect(isPassing(name), name).toBe(false)
  })
})

describeEngines('watched folders', (p) => {
  let w: Awaited<ReturnType<typeof settleIn>>
  beforeAll(async () => {
    w = await settleIn(p())
  })
  const names = (folder: string, sub: string) => w.inside(folder, sub).sort()
  const records = async (numbers: number[]) =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from records.record where doc_no = any(${numbers.map((n) => `穗荔水罚〔2026〕${n}号`)}::text[])`.execute(
        p().runtime.db.kysely,
      )
    ).rows[0]!.n
  const intakes = async (id: string) => (await (await w.keeper()).listIntakes({ id })).rows

  it('a file is read when it is complete and answered beside it; the same content is known again', async () => {
    const g = await w.addFolder('liwan/water')
    expect(g).toMatchObject({
      health: 'new',
      folder: { path: 'liwan/water' },
      actions: ['pause', 'end'],
      mayEdit: true,
    })
    w.drop('liwan/water', 'november.csv', csv([penalty(1), penalty(2, { CF_NR_FK: '2000元' })]))
    w.drop('liwan/water', 'coming.csv.part', 'half')
    await w.pass()
    expect(w.inside('liwan/water').sort()).toEqual(['coming.csv.part', 'november.csv'])
    expect(await (await w.keeper()).getGateway({ id: g.id })).toMatchObject({ waiting: 1 })
    await w.pass()
    await w.settled(g.id)
    expect(w.inside('liwan/water')).toEqual(['coming.csv.part'])
    const done = names('liwan/water', 'done')
    expect(done).toHaveLength(4)
    const read = (end: string) =>
      readFileSync(join(w.root(), 'liwan/water/done', done.find((n) => n.endsWith(end))!), 'utf8')
    const told = JSON.parse(read('.receipt.json')) as {
      receipt: Record<string, unknown>
      workbook: string
      repeated: boolean
    }
    expect(told.receipt).toMatchObject({
      wayIn: 'folder',
      received: 2,
      accepted: 1,
      refused: 1,
      handedInBy: '水务 liwan/water',
    })
    expect(done).toContain(told.workbook)
    expect(read('.receipt.txt')).toContain('接收 2 = 入库 1 + 退回 1 + 待核实 0 + 已有相同记录 0')

    w.drop('liwan/water', 'again.csv', csv([penalty(1), penalty(2, { CF_NR_FK: '2000元' })]))
    await w.pass()
    await w.pass()
    await w.settled(g.id)
    const [second, first] = await intakes(g.id)
    expect(second).toMatchObject({
      name: 'again.csv',
      state: 'answered',
      repeated: true,
      submission: first!.submission,
      rows: 2,
    })
    const collector = (await p().as('water')).client(collection)
    expect((await collector.listSubmissions({})).rows.filter((s) => s.wayIn === 'folder')).toHaveLength(1)
    expect(await (await w.keeper()).getGateway({ id: g.id })).toMatchObject({
      health: 'well',
      waiting: 0,
      problem: null,
    })
  })

  it('a file that keeps growing is left until it stops', async () => {
    const g = await w.addFolder('liwan/growing')
    const all = csv(range(10, 3).map((n) => penalty(n)))
    for (const part of [0.3, 0.6, 0.9]) {
      w.drop('liwan/growing', 'big.csv', all.slice(0, Math.floor(all.length * part)))
      await w.pass()
    }
    expect(w.inside('liwan/growing')).toEqual(['big.csv'])
    w.drop('liwan/growing', 'big.csv', all)
    await w.pass()
    expect(w.inside('liwan/growing')).toEqual(['big.csv'])
    await w.pass()
    await w.settled(g.id)
    expect(await intakes(g.id)).toMatchObject([{ rows: 3, state: 'answered' }])
  })

  it('a marker says when a file is whole, and may say its hash', async () => {
    const g = await w.addFolder('liwan/marked', 'done')
    const body = csv([penalty(20)])
    w.drop('liwan/marked', 'a.csv', body)
    await w.pass()
    await w.pass()
    expect(w.inside('liwan/marked')).toEqual(['a.csv'])
    w.drop('liwan/marked', 'a.csv.done', `${sha256(body)}  a.csv\n`)
    w.drop('liwan/marked', 'b.csv', csv([penalty(21)]).slice(0, 250))
    w.drop('liwan/marked', 'b.csv.done', sha256(csv([penalty(21)])))
    await w.pass()
    await w.settled(g.id)
    expect(w.inside('liwan/marked')).toEqual([])
    const found = await intakes(g.id)
    expect(found.find((i) => i.name === 'a.csv')).toMatchObject({ state: 'answered', rows: 1 })
    expect(found.find((i) => i.name === 'b.csv')).toMatchObject({
      state: 'refused',
      problem: { code: 'FILE_HASH_DIFFERS' },
    })
    expect(names('liwan/marked', 'refused')).toHaveLength(3)
    expect(await records([21])).toBe(0)
  })

  it('what is no table is put aside with the reason; what is returned whole may come again', async () => {
    const g = await w.addFolder('liwan/odd')
    const outside = mkdtempSync(join(tmpdir(), 'xinheng-outside-'))
    try {
      writeFileSync(join(outside, 'secret.csv'), csv([penalty(30)]))
      symlinkSync(join(outside, 'secret.csv'), join(w.root(), 'liwan/odd/link.csv'))
      writeFileSync(join(outside, 'twin.csv'), csv([penalty(31)]))
      linkSync(join(outside, 'twin.csv'), join(w.root(), 'liwan/odd/twin.csv'))
      expect(spawnSync('mkfifo', [join(w.root(), 'liwan/odd/pipe.csv')]).status).toBe(0)
      w.drop('liwan/odd', '说明.docx', 'x')
      w.drop('liwan/odd', 'large.csv', '')
      truncateSync(join(w.root(), 'liwan/odd/large.csv'), 513 * 1024 * 1024)
      w.drop('liwan/odd', 'empty.csv', '')
      w.drop('liwan/odd', 'other.csv', '甲,乙\r\n1,2\r\n')
      w.drop('liwan/odd', `${'长'.repeat(70)}名.csv`, csv([penalty(32)]))
      mkdirSync(join(w.root(), 'liwan/odd/folder.csv'))
      await w.pass()
      await w.pass()
      await w.settled(g.id)
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
    const found = new Map((await intakes(g.id)).map((i) => [i.name, i]))
    expect(found.get('link.csv')).toMatchObject({ state: 'refused', problem: { code: 'FILE_NOT_PLAIN' } })
    expect(found.get('twin.csv')).toMatchObject({ state: 'refused', problem: { code: 'FILE_NOT_PLAIN' } })
    expect(found.get('pipe.csv')).toMatchObject({ state: 'refused', problem: { code: 'FILE_NOT_PLAIN' } })
    expect(found.get('说明.docx')).toMatchObject({ state: 'refused', problem: { code: 'FILE_KIND_UNKNOWN' } })
    expect(found.get('large.csv')).toMatchObject({ state: 'refused', problem: { code: 'FILE_TOO_LARGE' } })
    for (const whole of ['empty.csv', 'other.csv'])
      expect(found.get(whole)).toMatchObject({ state: 'answered', rows: 0 })
    expect([...found.values()].find((i) => i.name.startsWith('长长'))).toMatchObject({ state: 'answered', rows: 1 })
    expect(w.inside('liwan/odd')).toEqual(['folder.csv'])
    const refused = names('liwan/odd', 'refused')
    expect(refused.filter((n) => n.includes('other.csv'))).toHaveLength(3)
    expect(
      readFileSync(join(w.root(), 'liwan/odd/refused', refused.find((n) => n.endsWith('说明.docx.txt'))!), 'utf8'),
    ).toContain('类型不支持')
    expect(await records([30, 31])).toBe(0)
    w.drop('liwan/odd', 'other.csv', '甲,乙\r\n1,2\r\n')
    await w.pass()
    await w.pass()
    await w.settled(g.id)
    expect((await intakes(g.id))[0]).toMatchObject({ name: 'other.csv', repeated: false })
  })

  it('a file that the platform may not read is put aside with the reason', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'xinheng-locked-'))
    try {
      chmodSync(dir, 0o755)
      writeFileSync(join(dir, 'locked.csv'), 'x')
      chmodSync(join(dir, 'locked.csv'), 0)
      const script = `import { openPlain } from ${JSON.stringify(new URL('../../platform/dropped-files.ts', import.meta.url).href)}
        const found = await openPlain(${JSON.stringify(join(dir, 'locked.csv'))}, 'locked.csv')
        console.log(JSON.stringify(found))`
      const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        ...asNobody,
        cwd: '/',
        encoding: 'utf8',
      })
      expect(run.stdout, run.stderr).toContain('FILE_NOT_READABLE')
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('a name that an older system wrote in GBK is read as it was meant', async () => {
    const g = await w.addFolder('liwan/names')
    const name = Buffer.concat([
      Buffer.from(`${join(w.root(), 'liwan/names')}/`),
      Buffer.from('b4a6b7a3', 'hex'),
      Buffer.from('.csv'),
    ])
    writeFileSync(name, csv([penalty(35)]))
    await w.pass()
    await w.pass()
    await w.settled(g.id)
    expect(await intakes(g.id)).toMatchObject([{ name: '处罚.csv', rows: 1, state: 'answered' }])
  })

  it('an authority that has ended, or has lost the duty, is not read; its files stay', async () => {
    const g = await w.addFolder('liwan/ended')
    w.drop('liwan/ended', 'x.csv', csv([penalty(36)]))
    const set = (change: ReturnType<typeof sql>) =>
      sql`update access.authority set ${change} where id = ${w.authorityId}`.execute(p().runtime.db.kysely as never)
    const problem = async () => (await (await w.keeper()).getGateway({ id: g.id })).problem?.code
    await set(sql`active = false`)
    await w.pass(400)
    expect(await problem()).toBe('AUTHORITY_NOT_ACTIVE')
    await set(sql`active = true, duties = '{licence}'`)
    await w.pass(400)
    expect(await problem()).toBe('NOT_YOUR_DUTY')
    expect(w.inside('liwan/ended')).toEqual(['x.csv'])
    await set(sql`duties = '{licence,penalty}'`)
    await w.pass(400)
    await w.pass(400)
    await w.settled(g.id)
    expect(await records([36])).toBe(1)
    const metrics = await (await p().anonymous().send('GET', '/metrics')).text()
    expect(metrics).toMatch(/xinheng_gateways\{health="well"\} \d/)
  })

  it('goes on where a process has ended, at every step, and takes nothing twice', async () => {
    const g = await w.addFolder('liwan/crash')
    const taking = join(w.root(), 'liwan/crash/.taking')
    const { db } = p().runtime
    // It had renamed the file and no more.
    mkdirSync(taking, { recursive: true })
    writeFileSync(join(taking, `${newId()}~first.csv`), csv([penalty(40)]))
    await w.pass()
    await w.settled(g.id)
    expect(await records([40])).toBe(1)
    // It had taken the file in and was gone before the receipt; then before the file was moved; then before it said so.
    const [first] = await intakes(g.id)
    const again = () =>
      sql`update gateways.intake set state = 'taken', answered_at = null where id = ${first!.id}`.execute(
        db.kysely as never,
      )
    const at = (sub: string, name: string) => join(w.root(), 'liwan/crash', sub, name)
    const done = names('liwan/crash', 'done')
    const moved = done.find((n) => n.endsWith('first.csv'))!
    const { rows } = await sql<{ key: string }>`select key from gateways.intake where id = ${first!.id}`.execute(
      db.kysely,
    )
    await again()
    for (const n of done) if (n !== moved) rmSync(at('done', n))
    renameSync(at('done', moved), join(taking, `${rows[0]!.key}~first.csv`))
    await w.settled(g.id)
    expect(names('liwan/crash', 'done')).toEqual(done)
    await again()
    await w.settled(g.id)
    expect(names('liwan/crash', 'done')).toEqual(done)
    expect(await intakes(g.id)).toHaveLength(1)
    expect(await records([40])).toBe(1)
  })

  it('when it is ended, what was taken goes on to its receipt and is not answered; the folder may be set up again', async () => {
    const g = await w.addFolder('liwan/closing')
    const client = await w.keeper()
    w.drop('liwan/closing', 'last.csv', csv([penalty(71)]))
    for (let n = 0; n < 2; n++) {
      p().clock.advance({ seconds: 20 })
      await runGateways(p().runtime)
    }
    const running = await client.getGateway({ id: g.id })
    expect(running.unanswered).toBe(1)
    const ended = await client.endGateway({ id: g.id, reason: '改用接口报送', seen: running.version })
    expect(ended).toMatchObject({ state: 'ended', unanswered: 0, nextAt: null })
    await w.pass()
    await expect.poll(() => records([71])).toBe(1)
    expect(w.inside('liwan/closing', 'done')).toEqual([])
    expect(await intakes(g.id)).toMatchObject([{ state: 'left', submission: { no: expect.any(String) } }])
    // One that was only paused may be ended too.
    const paused = await client.moveGateway({
      id: (await w.addFolder('liwan/paused')).id,
      action: 'pause',
      seen: 1,
    })
    expect(paused.state).toBe('paused')
    const gone = await client.endGateway({ id: paused.id, reason: '不再使用', seen: paused.version })
    expect(gone.state).toBe('ended')
    const again = await w.addFolder('liwan/closing')
    await w.pass()
    await w.settled(again.id)
    expect(await records([71])).toBe(1)
    expect(names('liwan/closing', 'done').some((n) => n.endsWith('.csv'))).toBe(true)
  })

  it('two processes at once take each file once', async () => {
    const g = await w.addFolder('liwan/both')
    for (const n of range(50, 8)) w.drop('liwan/both', `${n}.csv`, csv([penalty(n)]))
    await w.pass()
    p().clock.advance({ seconds: 20 })
    await Promise.all([1, 2, 3].map(() => runGateways(p().runtime)))
    await w.settled(g.id)
    expect(await intakes(g.id)).toHaveLength(8)
    expect(await records(range(50, 8))).toBe(8)
  })

  it('a folder that is gone, or leads elsewhere, is said and tried again later and later', async () => {
    const g = await w.addFolder('liwan/gone')
    const dir = join(w.root(), 'liwan/gone')
    const state = async () => (await w.keeper()).getGateway({ id: g.id })
    rmSync(dir, { recursive: true })
    await w.pass()
    expect(await state()).toMatchObject({ health: 'failing', failures: 1, problem: { code: 'FOLDER_MISSING' } })
    const outside = mkdtempSync(join(tmpdir(), 'xinheng-elsewhere-'))
    writeFileSync(join(outside, 'x.csv'), csv([penalty(60)]))
    symlinkSync(outside, dir)
    await w.pass(400)
    await w.pass(400)
    expect(await state()).toMatchObject({ health: 'failing', failures: 3, problem: { code: 'FOLDER_OUTSIDE' } })
    expect(existsSync(join(outside, 'x.csv'))).toBe(true)
    const before = Date.parse((await state()).nextAt!)
    expect(before - Date.parse(p().clock.now())).toBeGreaterThan(10_000)
    rmSync(dir)
    mkdirSync(dir)
    copyFileSync(join(outside, 'x.csv'), join(dir, 'x.csv'))
    rmSync(outside, { recursive: true })
    await w.pass(400)
    await w.pass(400)
    await w.settled(g.id)
    expect(await state()).toMatchObject({ health: 'well', failures: 0, problem: null })
    // done/ laid as a link would carry receipts elsewhere.
    rmSync(join(dir, 'done'), { recursive: true })
    symlinkSync(tmpdir(), join(dir, 'done'))
    await w.pass(400)
    expect(await state()).toMatchObject({ problem: { code: 'FOLDER_OUTSIDE' } })
  })

  it('is set up once per place, below the root, for an authority of the own territory', async () => {
    const client = await w.keeper()
    const ask = { name: 'x', authorityId: w.authorityId, item: 'penalty', path: 'liwan/water' }
    for (const path of ['liwan/water', 'liwan/water/below', 'liwan'])
      expect(await problemOf(client.addFolder({ ...ask, path })), path).toMatchObject({ code: 'GATEWAY_TAKEN' })
    expect(await problemOf(client.addFolder({ ...ask, path: '../../etc' }))).toMatchObject({
      code: 'FOLDER_PATH_INVALID',
    })
    const above = p().ctx()
    const nowhere = { ...above, config: { ...above.config, foldersDir: '/dev/null/folders' } }
    const refused = await addFolder(nowhere, {
      ...ask,
      path: 'n',
      marker: 'stable',
      backfill: false,
      pollSeconds: 5,
    }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Refused)
    expect((refused as Refused).refusals[0]).toMatchObject({ code: 'FOLDER_NOT_WRITABLE' })
  })
})
