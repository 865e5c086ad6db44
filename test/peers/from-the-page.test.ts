/** A program written from the page for developers alone connects to the platform, and the conformance kit agrees. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as exchange } from '../../src/capabilities/exchange/contract.ts'
import { endpoints } from '../../src/capabilities/onboarding/contract.ts'
import { type Caller, type Platform, problemOf, startPlatform } from '../harness.ts'

const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(import.meta.dirname, 'from-the-page.mjs')
const folder = mkdtempSync(join(tmpdir(), 'xinheng-page-'))
const pem = join(folder, 'signing-key.pem')
const store = join(folder, 'store.json')

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
type Ran = { exit: number; out: string; err: string }
const run = (args: string[]): Promise<Ran> =>
  new Promise((done) => {
    execFile(process.execPath, args, { cwd: ROOT, timeout: 60_000 }, (error, out, err) => {
      done({ exit: error ? Number(error.code ?? 99) : 0, out, err })
    })
  })
const words = (ran: Ran): unknown => {
  if (!ran.out.trim()) throw new Error(ran.err)
  return JSON.parse(ran.out)
}

describe('a peer written from the page', { timeout: 120_000 }, () => {
  let p: Platform
  let receiver: ChildProcess
  let office: Caller
  let peerId: string
  let key: string
  const kit = (...more: string[]) =>
    run([
      '--disable-warning=ExperimentalWarning',
      join(ROOT, 'src/cli.ts'),
      'peer',
      'test',
      '--url',
      p.url,
      '--key',
      key,
      '--signing-key',
      pem,
      '--json',
      ...more,
    ])
  const page = (command: string, ...more: string[]) => run([PROGRAM, command, '--url', p.url, '--key', key, ...more])
  const stateOf = async () => office.client(endpoints).onboarding({ id: peerId })

  beforeAll(async () => {
    p = await startPlatform({ now: new Date().toISOString() })
    office = await p.as('credit_office')
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    writeFileSync(pem, privateKey.export({ format: 'pem', type: 'pkcs8' }))
    receiver = spawn(process.execPath, [
      PROGRAM,
      'receive',
      '--url',
      p.url,
      '--port',
      '0',
      '--store',
      join(folder, 'in.json'),
    ])
    const port = await new Promise<string>((done, fail) => {
      receiver.stdout?.on('data', (line: Buffer) => done(/\d+/.exec(line.toString())?.[0] ?? ''))
      receiver.on('exit', () => fail(new Error('the receiver ended')))
    })
    const client = office.client(exchange)
    const peer = await client.createPeer({
      name: '外部系统',
      kind: 'third_party',
      division: '440100',
      items: ['penalty', 'licence'],
      channel: 'credit_china',
      ackWorkdays: 3,
      legalBasis: { zh: '数据共享协议', en: 'Agreement on sharing data' },
      contact: '王工 020-12345678',
      way: 'push',
      settings: { url: `http://127.0.0.1:${port}/in` },
    })
    peerId = peer.id
    expect(
      await problemOf(client.addPeerKey({ id: peerId, algorithm: 'ed25519', publicKey: 'x', overlapDays: 0 })),
    ).toMatchObject({
      code: 'PUBLIC_KEY_UNFIT',
    })
    const publicPem = String(publicKey.export({ format: 'pem', type: 'spki' }))
    await client.addPeerKey({ id: peerId, algorithm: 'ed25519', publicKey: publicPem, overlapDays: 0 })
    const basis = { zh: '《信用修复管理办法》第三条', en: 'NDRC Order 36 art. 3' }
    await client.setPeerDuties({ id: peerId, duties: [{ part: 'measures', basis }], seen: peer.version })
    const made = await (await p.as('security_admin')).send('POST', '/api/v1/keys', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: '外部系统', peerId, scopes: ['feed'] }),
    })
    key = ((await made.json()) as { secret: string }).secret
  })
  afterAll(async () => {
    receiver?.kill()
    await p?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('sends a signed request, and that proves its key', async () => {
    const ran = await page('hello', '--signing-key', pem)
    expect(words(ran)).toMatchObject({ peer: '外部系统', state: 'onboarding', algorithm: 'ed25519' })
    expect((await stateOf()).steps.find((s) => s.step === 'keys')).toMatchObject({ state: 'passed', by: 'platform' })
  })

  it('pulls the sandbox, carries out the withdrawals and acknowledges', async () => {
    expect(words(await page('pull', '--store', store))).toEqual({ events: 19, shown: 8 })
    const { sandbox } = await stateOf()
    expect(sandbox).toEqual({ events: 19, acknowledged: 19, withdrawals: 4, down: 4 })
    const kept = JSON.parse(readFileSync(store, 'utf8')) as { shown: Record<string, { version: number }> }
    expect(Object.values(kept.shown).filter((r) => r.version === 2)).toHaveLength(3)
    // A second run finds nothing new.
    expect(words(await page('pull', '--store', store))).toEqual({ events: 19, shown: 8 })
  })

  it('passes the conformance kit, pushes included, and is taken into service step by step', async () => {
    const client = office.client(endpoints)
    const take = async (step: 'profile' | 'sandbox' | 'service', basisChecked = false) =>
      client.takeStep({ id: peerId, step, note: '', basisChecked, seen: (await stateOf()).version })
    expect(await problemOf(take('service', true))).toMatchObject({ code: 'STEP_TOO_EARLY' })
    await take('profile')
    type Said = {
      outcome: string
      checks: { check: string; result: string; detail: string }[]
      doubts: unknown[]
    }
    // What it would put into its folder is looked at as well: here somebody has changed a line since it was signed.
    const { seen } = JSON.parse(readFileSync(store, 'utf8')) as { seen: Record<string, boolean> }
    const file = join(folder, 'ack-1.csv')
    const lines = Object.keys(seen).map((id) => `${id},applied,,\n`)
    writeFileSync(file, ['event_id,outcome,measures,evaluation\n', ...lines].join(''))
    const said = JSON.stringify({ file: 'ack-1.csv', sha256: sha256(readFileSync(file)) })
    const signingKey = createPrivateKey(readFileSync(pem, 'utf8'))
    const { x } = createPublicKey(signingKey).export({ format: 'jwk' })
    const signature = {
      keyId: sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice(0, 16),
      algorithm: 'ed25519',
      value: sign(null, Buffer.from(said), signingKey).toString('base64'),
    }
    writeFileSync(`${file}.manifest.json`, JSON.stringify({ ...(JSON.parse(said) as object), signature }))
    const bytes = readFileSync(file)
    writeFileSync(file, `${bytes.toString()}nobody,applied,perhaps,\n`)
    const bent = words(await kit('--acknowledgements', file)) as Said
    const fault = bent.checks.find((c) => c.check === 'ack_file')!
    expect(fault.result).toBe('failed')
    expect(fault.detail).toContain('ack-1.csv')
    expect(fault.detail).toContain('nobody')
    expect(bent.outcome).toBe('failed')
    writeFileSync(file, bytes)

    const ran = await kit('--acknowledgements', file)
    const report = words(ran) as Said
    expect(report.checks.map((c) => c.check)).toContain('ack_file')
    expect(report.checks.filter((c) => c.result !== 'passed')).toEqual([])
    expect(report).toMatchObject({ outcome: 'passed', doubts: [] })
    expect(ran.exit).toBe(0)
    await take('sandbox')
    expect(await problemOf(take('service'))).toMatchObject({ code: 'BASIS_NOT_CHECKED' })
    const done = await take('service', true)
    expect(done).toMatchObject({ state: 'active' })
    expect(done.steps.every((s) => s.state === 'passed' && s.proof.length > 0)).toBe(true)
    expect(await problemOf(take('service', true))).toMatchObject({ code: 'PEER_NOT_ONBOARDING' })
    // In service the kit touches nothing.
    expect((await kit()).exit).toBe(2)
  })
})
