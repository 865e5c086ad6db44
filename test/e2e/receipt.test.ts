/**
 * The receipt of a repair turns green holder by holder: each holder is a program of its own that confirms when it comes by.
 * Anyone reads it by its code, without JavaScript, until it is final; then it is a paper that can be verified and never changes.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints as receipts } from '../../src/capabilities/certificates/contract.receipts.ts'
import { RECEIPT_OUTCOME_WORDS } from '../../src/capabilities/certificates/words.receipts.ts'
import { endpoints as repair } from '../../src/capabilities/repair/contract.ts'
import { pdfWords } from '../pdf-text.ts'
import { type TestBrowser, openBrowser } from './browser.ts'
import { type DemoPlatform, openDemo } from './demo.ts'
import { sitDown } from './people.ts'

let demo: DemoPlatform
let browser: TestBrowser
const folder = mkdtempSync(join(tmpdir(), 'xinheng-holders-'))
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([openDemo(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const PEER = fileURLToPath(new URL('../peers/demo-peer.ts', import.meta.url))
const confirms = (n: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = [
      PEER,
      '--url',
      demo.url,
      '--key',
      demo.peerKeys[n]!.key,
      '--store',
      join(folder, `${n}.jsonl`),
      '--once',
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (d: Buffer) => (said += d.toString()))
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`holder ${n}: ${said}`))))
  })

describe('the receipt of a repair', { timeout: 180_000 }, () => {
  it('turns green holder by holder and is final', async () => {
    const officer = (await demo.as('market-officer')).client(repair)
    const row = (await officer.queue({ view: 'open' })).rows.find(
      (r) => r.state === 'accepted' && r.kind === 'repair' && (!r.proposal || r.proposal.action === 'grant'),
    )!
    const key = { subject: row.subjectId, item: row.itemId }
    const proposed = row.proposal ? row : await officer.grantItem({ ...key, seen: row.version, note: '' })
    if (proposed.proposal) {
      const head = (await demo.as('market-head')).client(repair)
      await head.confirmProposal({ ...key, seen: proposed.version, note: '同意。' })
    }

    const office = (await demo.as('credit-office')).client(receipts)
    const mine = async () =>
      (await office.listPropagationReceipts({ subject: row.subjectId })).rows.find((r) => r.facts.scope === 'record')
    let receipt = await mine()
    for (let i = 0; !receipt && i < 60; i++) {
      await sleep(500)
      receipt = await mine()
    }
    const path = `/receipt/${receipt!.facts.code.replaceAll('-', '')}`
    const page = await (await fetch(`${demo.url}${path}?lang=zh`)).text()
    expect(page).toContain('同步中')
    expect(page).toContain(row.no)

    let done = receipt!.done
    const { all } = receipt!
    expect(all).toBeGreaterThan(2)
    for (let n = 0; n < demo.peerKeys.length; n++) {
      await confirms(n)
      const now = (await mine())!
      expect(now.done).toBeGreaterThanOrEqual(done)
      done = now.done
    }
    // Those that are reached by files and tables answer nobody here: each is cut off, and the receipt says so.
    expect(done).toBeGreaterThan(2)
    await sql`update exchange.peer set state = 'cut_off' where way in ('file', 'table')`.execute(demo.runtime.db.kysely)
    for (let i = 0; (await mine())!.facts.state === 'open' && i < 60; i++) await sleep(500)

    const { outcome } = (await mine())!.facts
    expect(outcome).toBe(done === all ? 'all_acknowledged' : 'with_laggards')

    const desk = await sitDown(demo, browser, { login: 'credit-office', path: '/app/exchange/receipts' })
    await desk.page.getByText(receipt!.facts.number.zh).first().waitFor()
    await desk.sees('receipt-1-office')
    const anyone = await sitDown(demo, browser, {
      surface: 'phone',
      lang: 'en',
      path: `${path}?lang=en`,
    })
    await anyone.go(`${path}?lang=en`)
    await anyone.page.getByRole('status').getByText(RECEIPT_OUTCOME_WORDS[outcome!].en).waitFor()
    expect(await anyone.page.content()).not.toContain(row.subjectName)
    expect(await anyone.page.content()).not.toContain(row.docNo)
    await anyone.sees('receipt-2-public')

    const pdf = await fetch(`${demo.url}/api/v1/public/receipts/${receipt!.facts.code.replaceAll('-', '')}/pdf?lang=zh`)
    const words = pdfWords(Buffer.from(await pdf.arrayBuffer()))
    expect(words).toContain(row.no)
    expect([...desk.wrong, ...desk.problems, ...anyone.wrong, ...anyone.problems]).toEqual([])
    await desk.leave()
    await anyone.leave()
  })
})
