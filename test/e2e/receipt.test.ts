/**
 * The receipt of a repair turns green holder by holder: each holder is a program of its own that confirms when it comes by, by
 * the interface, by files in its folder, or in the exchange table of its own PostgreSQL. Anyone reads it by its code, without
 * JavaScript, until it is final; then it is a paper that can be verified and never changes.
 */
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as receipts } from '../../src/capabilities/certificates/contract.receipts.ts'
import { HOLDER_MARK_WORDS, RECEIPT_OUTCOME_WORDS } from '../../src/capabilities/certificates/words.receipts.ts'
import { endpoints as exchange } from '../../src/capabilities/exchange/contract.ts'
import type { Way } from '../../src/capabilities/exchange/words.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { type PrivatePostgres, startPrivatePostgres } from '../engines/private-postgres.ts'
import { connect } from '../gateways-world.ts'
import type { Client } from '../../web/src/app/client.ts'
import { pdfWords } from '../pdf-text.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
/** Of one of the holders. */
let theirs: PrivatePostgres
let office: Client<typeof exchange>
let watcher: Client<typeof receipts>
const closing: (() => Promise<void>)[] = []
const folder = mkdtempSync(join(tmpdir(), 'xinheng-holders-'))
beforeAll(async () => {
  ;[demo, browser, theirs] = await Promise.all([openDemo(), openBrowser(), startPrivatePostgres()])
  const desk = await demo.as('credit-office')
  office = desk.client(exchange)
  watcher = desk.client(receipts)
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  for (const close of closing) await close()
  await theirs?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const program = (name: string): string => fileURLToPath(new URL(`../peers/${name}.ts`, import.meta.url))
const run = (name: string, ...args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program(name), ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (d: Buffer) => (said += d.toString()))
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name}: ${said}`))))
  })
const pulls = (n: number): Promise<void> =>
  run(
    'demo-peer',
    `--url=${demo.url}`,
    `--key=${demo.peerKeys[n]!.key}`,
    `--store=${join(folder, `${n}.jsonl`)}`,
    '--once',
  )

type Holder = { name: string; confirms: () => Promise<void> }
const peerBy = async (way: Way) => {
  const { rows } = await office.peers({ limit: 100 })
  return rows.find((p) => p.way === way && p.state === 'active')!
}
const BASIS = { zh: '《信用修复管理办法》第三条', en: 'NDRC Order 36 art. 3' }
/** What the platform looks at every few seconds, now. */
const looksNow = async (id: string): Promise<void> => {
  demo.clock.advance({ seconds: 16 })
  await office.lookNow({ id })
}

/** It lifts measures, and signs what it puts into its folder. */
const openFilePeer = async (record: string): Promise<Holder> => {
  const { id, name } = await peerBy('file')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = join(folder, 'signing-key.pem')
  writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const publicPem = String(publicKey.export({ format: 'pem', type: 'spki' }))
  await office.addPeerKey({ id, algorithm: 'ed25519', publicKey: publicPem, overlapDays: 0 })
  const { version: seen, folder: own } = await office.way({ id })
  await office.setPeerDuties({ id, duties: [{ part: 'measures', basis: BASIS }], seen })
  const place = join(demo.runtime.config.exchangeDir, own!)
  const store = join(folder, 'files.json')
  const isTold = () =>
    readdirSync(join(place, 'out')).some((name) =>
      readFileSync(join(place, 'out', name), 'utf8')
        .split('\n')
        .some((line) => line.includes('record.withdraw') && line.includes(record)),
    )
  return {
    name,
    confirms: async () => {
      await looksNow(id)
      await until(async () => isTold())
      await run('file-peer', '--folder', place, '--url', demo.url, '--signing-key', key, '--store', store)
      await looksNow(id)
    },
  }
}

/** It evaluates. What it takes is widened, so that it holds what is repaired here. */
const openTablePeer = async (record: string): Promise<Holder> => {
  const { id, name } = await peerBy('table')
  const database = await theirs.createDatabase('holder')
  const db = await connect(database)
  closing.push(() => db.end())
  const waiting = async () =>
    (await db.query(`select 1 from xh_out where status = 0 and type = 'record.withdraw'`)).rows.length
  await db.query((await office.wayScript({ id })).script)
  const { version } = await office.way({ id })
  const set = { id, way: 'table', format: 'cloudevents', connection: database } as const
  const { version: seen } = await office.setWay({ ...set, seen: version })
  const { version: after } = await office.setPeerDuties({ id, duties: [{ part: 'evaluation', basis: BASIS }], seen })
  const { kind, division, channel, ackWorkdays, legalBasis, contact } = await office.peer({ id })
  const profile = { id, name, kind, division, channel, ackWorkdays, legalBasis, contact }
  await office.editPeer({ ...profile, items: ['penalty', 'serious_list'], seen: after })
  await looksNow(id)
  await until(async () => (await db.query('select 1 from xh_out where subject = $1', [record])).rows.length > 0)
  return {
    name,
    confirms: async () => {
      await looksNow(id)
      await until(async () => (await waiting()) > 0)
      await run('table-peer', '--database', database)
      await looksNow(id)
    },
  }
}

const until = async (done: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 60; i++) {
    if (await done()) return
    await sleep(500)
  }
  throw new Error('nothing came of it')
}

describe('the receipt of a repair', { timeout: 180_000 }, () => {
  it('turns green holder by holder and is final', async () => {
    const officer = (await demo.as('market-officer')).client(repair)
    const row = (await officer.queue({ view: 'open' })).rows.find(
      (r) =>
        r.item === 'penalty' &&
        r.state === 'accepted' &&
        r.kind === 'repair' &&
        (!r.proposal || r.proposal.action === 'grant'),
    )!
    const key = { subject: row.subjectId, item: row.itemId }
    const { recordId } = (await officer.getCase(key)).item
    const [files, table] = await Promise.all([openFilePeer(recordId), openTablePeer(recordId)])
    const proposed = row.proposal ? row : await officer.grantItem({ ...key, seen: row.version, note: '' })
    if (proposed.proposal) {
      const head = (await demo.as('market-head')).client(repair)
      await head.confirmProposal({ ...key, seen: proposed.version, note: '同意。' })
    }

    const mine = async () =>
      (await watcher.listPropagationReceipts({ subject: row.subjectId })).rows.find((r) => r.facts.scope === 'record')
    await until(async () => (await mine()) !== undefined)
    const first = (await mine())!
    const path = `/receipt/${first.facts.code.replaceAll('-', '')}`
    const page = await (await fetch(`${demo.url}${path}?lang=zh`)).text()
    expect(page).toContain('同步中')
    expect(page).toContain(row.no)

    const anyone = await sitDown(demo, browser, { path: `${path}?lang=zh` })
    const known = [/演示/]
    // Each by its own act, and nobody else's: those that pull, the one with a folder, the one with a table.
    const holders = [...demo.peerKeys.map(({ name }, n) => ({ name, confirms: () => pulls(n) })), files, table].filter(
      ({ name }) => first.facts.parts[0]!.holders.some((h) => h.name.zh === name),
    )
    expect(holders.map((h) => h.name)).toEqual(expect.arrayContaining([files.name, table.name]))
    expect(first.all).toBe(holders.length + 1)
    for (const [n, holder] of holders.entries()) {
      await holder.confirms()
      await until(async () => (await mine())!.done >= n + 2)
      await anyone.go(`${path}?lang=zh`)
      const own = anyone.page.getByRole('row', { name: holder.name })
      await own.getByText(HOLDER_MARK_WORDS.done.zh).waitFor()
      if (n === 1) await anyone.sees('receipt-0-under-way', { known })
    }
    await until(async () => (await mine())!.facts.state === 'final')
    const { facts } = (await mine())!
    expect(facts.outcome).toBe('all_acknowledged')
    // Who lifts measures and who evaluates have said so, one in its file, one in its table.
    expect(facts.parts[0]!.effects!.map((e) => [e.part, e.state])).toEqual([
      ['display', 'done'],
      ['sharing', 'done'],
      ['measures', 'done'],
      ['evaluation', 'done'],
    ])
    expect(facts.parts[0]!.effects![2]!.proof.zh).toContain(files.name)
    expect(facts.parts[0]!.effects![3]!.proof.zh).toContain(table.name)
    await anyone.go(`${path}?lang=zh`)
    await anyone.page.getByRole('status').getByText(RECEIPT_OUTCOME_WORDS.all_acknowledged.zh).waitFor()
    await anyone.sees('receipt-3-public', { known })

    const desk = await sitDown(demo, browser, { login: 'credit-office', path: '/app/exchange/receipts' })
    await desk.page.getByText(facts.number.zh).first().waitFor()
    await desk.sees('receipt-1-office')
    const phone = await sitDown(demo, browser, { surface: 'phone', lang: 'en', path: `${path}?lang=en` })
    await phone.go(`${path}?lang=en`)
    await phone.page.getByRole('status').getByText(RECEIPT_OUTCOME_WORDS.all_acknowledged.en).waitFor()
    expect(await phone.page.content()).not.toContain(row.subjectName)
    expect(await phone.page.content()).not.toContain(row.docNo)
    await phone.sees('receipt-2-public')

    const pdf = await fetch(`${demo.url}/api/v1/public/receipts/${facts.code.replaceAll('-', '')}/pdf?lang=zh`)
    const words = pdfWords(Buffer.from(await pdf.arrayBuffer()))
    expect(words).toContain(row.no)
    const people = [desk, anyone, phone]
    expect(people.flatMap(({ wrong, problems }) => [...wrong, ...problems])).toEqual([])
    for (const one of people) await one.leave()
  })
})
