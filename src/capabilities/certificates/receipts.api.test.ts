import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { type Caller, type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { pdfText } from '../../../test/pdf-text.ts'
import { type Repairs, at, newRecord, newSubject, signedIn, submitted } from '../../../test/repair-world.ts'
import { certificateVerifyCommand } from '../../cli/certificate.ts'
import { newId } from '../../platform/ids.ts'
import { escapeHtml } from '../../kernel/html.ts'
import { changeRecord } from '../../../test/push-receiver.ts'
import { inTx } from '../../platform/outbox.ts'
import { createPeer } from '../exchange/index.ts'
import { type FeedPage, endpoints as exchange } from '../exchange/contract.ts'
import { EFFECT_PART_WORDS, EFFECT_STATE_WORDS } from '../exchange/words.ts'
import { endpoints } from './contract.receipts.ts'
import { endpoints as papers } from './contract.ts'
import { openReceipts, settleReceipts } from './service.receipts.ts'
import { type ReceiptRow, insertReceipts } from './store.receipts.ts'

const BASIS = { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' }
const follow = async (p: Platform) => {
  await openReceipts(p.ctx())
  await settleReceipts(p.ctx())
}

describeEngines('receipts of propagation', (p) => {
  type Holder = { id: string; name: string; client: Caller; pull: (acknowledge: boolean) => Promise<void> }
  const holders: Holder[] = []
  let officer: Repairs
  let head: Repairs
  const holder = async (name: string): Promise<Holder> => {
    const peer = await createPeer(p().ctx(), {
      name,
      kind: 'third_party',
      division: '440000',
      items: ['penalty'],
      channel: 'necips',
      ackWorkdays: 3,
      legalBasis: BASIS,
      contact: '',
    })
    const client = await p().withKey({ scopes: ['feed'], peerId: peer.id })
    let after: string | undefined
    return {
      id: peer.id,
      name,
      client,
      pull: async (acknowledge) => {
        const calls = client.client(exchange)
        const { events, next }: FeedPage = await calls.feed({ ...(after ? { after } : {}), limit: 100 })
        if (!acknowledge) return
        after = next
        if (events.length)
          await calls.acknowledge({
            acknowledgements: events.map((e) => ({ eventId: e.id, outcome: 'applied' as const, note: '' })),
          })
      },
    }
  }
  beforeAll(async () => {
    holders.push(await holder('一号征信'), await holder('二号征信'))
    officer = await signedIn(p(), 'officer')
    head = await signedIn(p(), 'head')
  })

  /** A record that both hold is repaired; answers its receipt and that of its case. */
  const repaired = async () => {
    const subject = await newSubject(p())
    const recordId = await newRecord(p(), { subject, kind: 'samr_penalty' })
    for (const h of holders) await h.pull(true)
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [recordId] })
    let item = await officer.acceptItem({ ...at(app.items[0]!), note: '' })
    item = await officer.grantItem({ ...at(item), note: '' })
    if (item.proposal) await head.confirmProposal({ ...at(item), note: '' })
    await follow(p())
    const receipts = async () => {
      const own = (await p().as(subject.login)).client(endpoints)
      const { rows } = await own.listPropagationReceipts({ subject: subject.subjectId })
      return {
        record: rows.find((r) => r.facts.scope === 'record')!,
        whole: rows.find((r) => r.facts.scope === 'application')!,
      }
    }
    return { subject, recordId, app, receipts }
  }
  /** Of which record a peer was told last that it has to be taken down. */
  const told = async (peerId: string) =>
    (
      await sql<{ subjectId: string; recordId: string }>`
        select d.subject_id as "subjectId", d.record_id as "recordId" from exchange.delivery d
        where d.peer_id = ${peerId} and d.kind = 'withdraw' order by d.event_id desc limit 1`.execute(
        p().runtime.db.kysely,
      )
    ).rows[0]!
  const anyone = () => p().anonymous().client(endpoints)
  const marks = (facts: { parts: { holders: { mark: string }[] }[] }) => facts.parts[0]!.holders.map((h) => h.mark)

  it('turns green holder by holder, is final when all have confirmed, and never changes again', async () => {
    const { subject, app, receipts } = await repaired()
    const { record } = await receipts()
    const { code } = record.facts
    expect(record.facts).toMatchObject({ state: 'open', applicationNo: app.no, outcome: null })
    expect(marks(await anyone().publicReceipt({ code }))).toEqual(['done', 'waiting', 'waiting'])
    await holders[0]!.pull(true)
    await holders[1]!.pull(false)
    await follow(p())
    expect(marks(await anyone().publicReceipt({ code }))).toEqual(['done', 'done', 'told'])
    const early = await p()
      .anonymous()
      .send('GET', `/receipt/${code.replaceAll('-', '')}`)
    expect(await early.text()).toContain('2/3个持有单位已确认')
    await holders[1]!.pull(true)
    await follow(p())
    await follow(p())
    const final = await anyone().publicReceipt({ code })
    expect(final).toMatchObject({ state: 'final', outcome: 'all_acknowledged' })
    expect((await receipts()).whole.facts).toMatchObject({ state: 'final', applicationNo: app.no })

    const page = await (await p().anonymous().send('GET', `/receipt/${code}`)).text()
    expect(page).toContain('全部持有单位已确认撤下')
    for (const secret of [subject.name, subject.code, '穗罚']) expect(page).not.toContain(secret)
    expect(page).not.toContain('<script')
    expect(await (await p().anonymous().send('GET', `/receipt/${code}?lang=en`)).text()).toContain(
      'Receipt of Propagation',
    )

    await sql`update exchange.delivery set acked_at = null, outcome = null where peer_id = ${holders[0]!.id}`.execute(
      p().runtime.db.kysely,
    )
    await follow(p())
    expect(await anyone().publicReceipt({ code })).toEqual(final)

    const pdf = async () =>
      new Uint8Array(
        await (await p().anonymous().send('GET', `/api/v1/public/receipts/${code}/pdf?lang=zh`)).arrayBuffer(),
      )
    const body = await pdf()
    expect(Buffer.from(body).equals(Buffer.from(await pdf()))).toBe(true)
    const text = pdfText(body).replaceAll(/\s/g, '')
    expect(text).toContain(app.no!)
    expect(text).toContain('一号征信')
    const folder = mkdtempSync(join(tmpdir(), 'xinheng-receipt-'))
    try {
      const file = join(folder, 'receipt.pdf')
      const keys = join(folder, 'keys.json')
      writeFileSync(keys, await (await p().anonymous().send('GET', '/.well-known/xinheng-keys.json')).text())
      const verify = async (bytes: Uint8Array) => {
        writeFileSync(file, bytes)
        return certificateVerifyCommand({ env: {}, lang: 'zh', args: [file], flags: { keys }, say: () => undefined })
      }
      expect((await verify(body))?.exit).toBe(0)
      const broken = Buffer.from(body)
      const place = broken.indexOf('xinheng-receipt:') + 400
      broken[place] = broken[place] === 65 ? 66 : 65
      expect((await verify(broken))?.exit).toBe(2)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const found = await p().anonymous().client(papers).verifyCode({ code })
    expect(found).toMatchObject({ what: 'receipt', truth: 'in_force' })
    const moved = await p().anonymous().send('GET', `/verify/${code}`)
    expect(moved.status).toBeLessThan(400)
  })

  it('says what it brought about, each with its proof, and waits for the answers that are asked for', async () => {
    const client = (await p().as('credit_office')).client(exchange)
    const basis = { zh: '《某某管理办法》第九条', en: 'Measures, art. 9' }
    const seen = async () => (await client.peer({ id: holders[0]!.id })).version
    const duties = [{ part: 'measures' as const, basis }]
    await client.setPeerDuties({ id: holders[0]!.id, duties, seen: await seen() })
    try {
      const { receipts } = await repaired()
      for (const h of holders) await h.pull(true)
      await follow(p())
      const { code } = (await receipts()).record.facts
      // Everybody has taken it down; one has not said yet what became of its measures.
      const open = await anyone().publicReceipt({ code })
      expect(marks(open)).toEqual(['done', 'done', 'done'])
      expect(open.state).toBe('open')
      const effects = (of: typeof open) => of.parts[0]!.effects!.map((e) => [e.part, e.state])
      expect(effects(open)).toEqual([
        ['display', 'done'],
        ['sharing', 'done'],
        ['measures', 'under_way'],
        ['evaluation', 'nobody'],
      ])
      const ask = { ...(await told(holders[0]!.id)), part: 'measures' as const, result: 'done' as const }
      await client.confirmEffect({ id: holders[0]!.id, ...ask, note: '来函〔2026〕12号' })
      await follow(p())
      const final = await anyone().publicReceipt({ code })
      expect(final).toMatchObject({ state: 'final', outcome: 'all_acknowledged' })
      expect(effects(final)[2]).toEqual(['measures', 'done'])
      const plain = code.replaceAll('-', '')
      for (const lang of ['zh', 'en'] as const) {
        const page = await (await p().anonymous().send('GET', `/receipt/${plain}?lang=${lang}`)).text()
        const file = await p().anonymous().send('GET', `/api/v1/public/receipts/${plain}/pdf?lang=${lang}`)
        const paper = pdfText(new Uint8Array(await file.arrayBuffer())).replaceAll(/\s/g, '')
        for (const e of final.parts[0]!.effects!) {
          for (const text of [EFFECT_PART_WORDS[e.part][lang], EFFECT_STATE_WORDS[e.state][lang]]) {
            expect(page).toContain(text)
            expect(paper).toContain(text.replaceAll(/\s/g, ''))
          }
          expect(page).toContain(escapeHtml(e.proof[lang]))
        }
      }

      // Nothing comes: time brings this one to its end as well, and it is not called whole.
      const other = await repaired()
      for (const h of holders) await h.pull(true)
      p().clock.advance({ days: 30 })
      await follow(p())
      const late = await anyone().publicReceipt({ code: (await other.receipts()).record.facts.code })
      expect(late).toMatchObject({ state: 'final', outcome: 'with_laggards' })
      expect(effects(late)[2]).toEqual(['measures', 'late'])
      p().clock.advance({ days: -30 })
    } finally {
      await client.setPeerDuties({ id: holders[0]!.id, duties: [], seen: await seen() })
    }
  })

  it('of a record shown again and withdrawn once more, each shows its own withdrawal', async () => {
    const { subject, recordId, receipts } = await repaired()
    await holders[0]!.pull(true)
    await follow(p())
    const { code } = (await receipts()).record.facts
    const first = await anyone().publicReceipt({ code })
    expect(marks(first)).toEqual(['done', 'done', 'waiting'])

    // Shown again and annulled before anybody looks at the first receipt again.
    const change = async (kind: 'revoked' | 'annulled') => {
      p().clock.advance({ seconds: 2 })
      await changeRecord(p(), { subjectId: subject.subjectId, recordId }, kind)
    }
    await change('revoked')
    for (const h of holders) await h.pull(true)
    await change('annulled')
    await holders[1]!.pull(true)
    // What somebody has to do from now on was not asked for then.
    const desk = (await p().as('credit_office')).client(exchange)
    const { id } = holders[1]!
    const basis = { zh: '《某某管理办法》第九条', en: 'Measures, art. 9' }
    const duties = [{ part: 'evaluation' as const, basis }]
    const { version } = await desk.setPeerDuties({ id, duties, seen: (await desk.peer({ id })).version })
    const proofs = (of: typeof first) => of.parts.map(({ holders: own, effects }) => ({ own, effects }))
    expect(proofs(await anyone().publicReceipt({ code }))).toEqual(proofs(first))
    await follow(p())
    const ended = await anyone().publicReceipt({ code })
    expect(ended).toMatchObject({ state: 'final', outcome: 'shown_again' })
    expect(proofs(ended)).toEqual(proofs(first))

    const office = (await p().as('credit_office')).client(endpoints)
    const { rows } = await office.listPropagationReceipts({ record: recordId })
    const second = rows.find((r) => r.facts.code !== code)!
    expect(marks(second.facts)).toEqual(['done', 'waiting', 'done'])
    await holders[0]!.pull(true)
    await follow(p())
    expect(await anyone().publicReceipt({ code: second.facts.code })).toMatchObject({ outcome: 'all_acknowledged' })
    expect(await anyone().publicReceipt({ code })).toEqual(ended)
    await desk.setPeerDuties({ id, duties: [], seen: version })
  })

  it('ends with the laggards named, and what was done about each', async () => {
    const { receipts } = await repaired()
    const { record } = await receipts()
    const { code } = record.facts
    await holders[0]!.pull(false)
    p().clock.advance({ days: 30 })
    try {
      await sql`update exchange.peer set state = 'suspended' where id = ${holders[1]!.id}`.execute(
        p().runtime.db.kysely,
      )
      await follow(p())
      const final = await anyone().publicReceipt({ code })
      expect(final).toMatchObject({ state: 'final', outcome: 'with_laggards' })
      expect(marks(final)).toEqual(['done', 'reported', 'suspended'])
      const office = (await p().as('credit_office')).client(endpoints)
      const late = await office.listPropagationReceipts({ outcome: 'with_laggards', limit: 1 })
      expect(late.rows).toHaveLength(1)
      expect(late.next).not.toBeNull()
    } finally {
      await sql`update exchange.peer set state = 'active' where id = ${holders[1]!.id}`.execute(p().runtime.db.kysely)
      p().clock.advance({ days: -30 })
    }
  })

  it('are opened by the thousand in one run', async () => {
    const undone = new Error('undone')
    const row = (n: number): ReceiptRow => ({
      subjectId: newId(),
      id: newId(),
      scope: 'record',
      recordId: newId(),
      itemId: null,
      applicationId: null,
      applicationNo: '',
      year: 2026,
      n: 1_000_000 + n,
      code: `run-${n}`,
      withdrawnAt: p().clock.now(),
      openedAt: p().clock.now(),
      state: 'open',
      outcome: null,
      facts: null,
      token: null,
      finalAt: null,
    })
    const kept = inTx(p().ctx(), async (tx) => {
      await insertReceipts(
        tx,
        Array.from({ length: 7000 }, (_, n) => row(n)),
      )
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from certificates.propagation_receipt where n >= 1000000`.execute(tx)
      expect(rows[0]?.n).toBe(7000)
      throw undone
    })
    await expect(kept).rejects.toBe(undone)
  })

  it('knows no other codes', async () => {
    expect(await problemOf(anyone().publicReceipt({ code: '0000-0000-0000-0000' }))).toMatchObject({
      code: 'NO_SUCH_RECEIPT',
    })
    const page = await p().anonymous().send('GET', '/receipt/0000-0000-0000-0000')
    expect(page.status).toBe(404)
    expect(await page.text()).toContain('没有查到')
  })
})
