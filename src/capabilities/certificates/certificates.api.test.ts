import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Platform, addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { pdfWords } from '../../../test/pdf-text.ts'
import { type Held, at, newRecord, newSubject, signedIn, submitted, worker } from '../../../test/repair-world.ts'
import { certificateVerifyCommand } from '../../cli/certificate.ts'
import { createPeer, api as exchange } from '../exchange/index.ts'
import { type FeedPage, endpoints as exchangeEndpoints } from '../exchange/contract.ts'
import { endpoints as messages } from '../messages/contract.ts'
import type { ItemView } from '../repair/contract.ts'
import { api } from './index.ts'
import { readCode } from './codes.ts'
import { endpoints } from './contract.ts'
import { readKeyword } from './rules.ts'
import { canonical, readToken } from './sign.ts'
import { CERTIFICATE_MOVES } from './states.ts'

const bytesOf = async (file: { body: Blob }) => new Uint8Array(await file.body.arrayBuffer())
const BASIS = { zh: '信用信息共享目录', en: 'Catalog of shared information' }

describeEngines('certificates', (p, engine) => {
  const traffic = () => worker(p(), 'officer', p().world.authorities.traffic)
  const own = async (subject: Held) => {
    const caller = await p().as(loginOf(subject))
    return { papers: caller.client(endpoints), inbox: caller.client(messages) }
  }
  const loginOf = (subject: Held) => `company-${/第(\d+)/.exec(subject.name)![1]!}`
  const submittedCase = async (kind: Parameters<typeof newSubject>[1] = 'enterprise') => {
    const subject = await newSubject(p(), kind)
    const record = await newRecord(p(), { subject, kind: 'penalty', subjectKind: kind })
    return { subject, record }
  }
  const begun = async () => {
    const { subject, record } = await submittedCase()
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    return { subject, record, app, item: app.items[0]! }
  }
  const grant = async (item: ItemView) => {
    const officer = await traffic()
    return officer.grantItem(at(await officer.acceptItem(at(item))))
  }
  /** A peer that holds what is shown now; it learns of the withdrawal when `pull` is called again. */
  let peers = 0
  const newPeer = async () => {
    const peer = await createPeer(p().ctx(), {
      name: `持有单位${engine}${++peers}`,
      kind: 'service_platform',
      division: '440106',
      items: ['penalty'],
      channel: 'credit_china',
      ackWorkdays: 1,
      legalBasis: BASIS,
      contact: '',
    })
    const client = (await p().withKey({ scopes: ['feed'], peerId: peer.id })).client(exchangeEndpoints)
    let after: string | undefined
    return {
      pull: async () => {
        for (;;) {
          const page: FeedPage = await client.feed({ limit: 1000, ...(after ? { after } : {}) })
          if (page.events.length)
            await client.acknowledge({
              acknowledgements: page.events.map((e) => ({ eventId: e.id, outcome: 'applied' as const })),
            })
          after = page.next
          if (!page.more) return
        }
      },
    }
  }
  /** Granted, and one holder has not taken it down. */
  const held = async () => {
    const { subject, record } = await submittedCase()
    const peer = await newPeer()
    await peer.pull()
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const item = await grant(app.items[0]!)
    return { subject, record, item, peer, key: { subject: subject.subjectId, item: item.id }, ...(await own(subject)) }
  }
  const verify = (code: string) => p().anonymous().client(endpoints).verifyCode({ code })
  const page = async (path: string) => {
    const reply = await p()
      .anonymous()
      .send('GET', path, { headers: { accept: 'text/html' } })
    return { status: reply.status, headers: reply.headers, text: await reply.text() }
  }

  it('numbers letters within authority and year in the order of the decisions, once for ever', async () => {
    const cases = [await begun(), await begun()]
    for (const { item } of cases) await grant(item)
    const officer = (await p().as((await officerLogin(p())).login)).client(endpoints)
    const numbers: number[] = []
    for (const { subject, item } of cases) {
      const { rows } = await officer.listLetters({ subject: subject.subjectId, item: item.id })
      expect(rows.map((r) => r.letter.kind)).toEqual(['acceptance', 'granted'])
      for (const r of rows) {
        expect(r.number.zh).toMatch(/^信修〔2026〕第\d+号$/)
        expect(readCode(r.code)).toHaveLength(16)
        numbers.push(Number(/第(\d+)号/.exec(r.number.zh)![1]))
      }
    }
    const first = numbers[0]!
    expect(numbers).toEqual([first, first + 1, first + 2, first + 3])
    await p().drain()
    const again = await officer.listLetters({ subject: cases[0]!.subject.subjectId, item: cases[0]!.item.id })
    expect(again.rows.map((r) => Number(/第(\d+)号/.exec(r.number.zh)![1]))).toEqual([first, first + 1])
    const { rows } = await sql<{ clashes: number }>`select count(*)::int as clashes from (
      select authority_id, year, n from certificates.letter group by 1, 2, 3 having count(*) > 1) c`.execute(
      p().runtime.db.kysely,
    )
    expect(rows[0]!.clashes).toBe(0)
  })

  it('gives no number twice when many ask at once', async () => {
    const cases = await Promise.all([begun(), begun(), begun()])
    for (const { item } of cases) await (await traffic()).acceptItem(at(item))
    const all = await Promise.all(
      cases.map(async ({ subject, item }) =>
        (await own(subject)).papers.listLetters({ subject: subject.subjectId, item: item.id }),
      ),
    )
    const numbers = all.flatMap((l) => l.rows.map((r) => r.number.zh))
    expect(new Set(numbers).size).toBe(3)
  })

  it('gives the letter as PDF, and the first time that the subject has it is its delivery', async () => {
    const { subject, item } = await begun()
    await grant(item)
    await p().drain()
    const { papers, inbox } = await own(subject)
    const key = { subject: subject.subjectId, item: item.id }
    const officer = (await p().as((await officerLogin(p())).login)).client(endpoints)
    const [, before] = (await officer.listLetters(key)).rows
    expect(before!.receipt).toBeNull()
    expect(before!.deliveries.toSorted((a, b) => (a.channel < b.channel ? 1 : -1))).toEqual([
      expect.objectContaining({ channel: 'sms' }),
      expect.objectContaining({ channel: 'inbox', state: 'unread' }),
      expect.objectContaining({ channel: 'email' }),
    ])
    const posted = (await inbox.listInbox({})).rows.filter((m) => m.kind === 'letter')
    expect(posted).toHaveLength(2)
    expect(posted[0]!.link).toMatch(/^\/app\/applications\//)

    // The authority's own look is no delivery.
    await officer.downloadLetter({ subject: key.subject, id: before!.id })
    expect((await officer.listLetters(key)).rows[1]!.receipt).toBeNull()
    const file = await papers.downloadLetter({ subject: key.subject, id: before!.id })
    expect(file.name).toBe(`准予信用修复决定书 ${before!.number.zh}.pdf`)
    const words = pdfWords(await bytesOf(file))
    for (const part of [subject.name, before!.number.zh, before!.code, '准予修复', '2026年11月23日'])
      expect(words).toContain(part.replaceAll(/\s/g, ''))
    const opened = (await officer.listLetters(key)).rows[1]!.receipt
    expect(opened).toMatchObject({ way: 'online', authorityName: null })
    p().clock.advance({ minutes: 10 })
    await papers.downloadLetter({ subject: key.subject, id: before!.id, lang: 'en' })
    expect((await papers.receiveLetter({ subject: key.subject, id: before!.id })).at).toBe(opened!.at)
    const again = await papers.downloadLetter({ subject: key.subject, id: before!.id })
    expect(Buffer.compare(await bytesOf(again), await bytesOf(file))).toBe(0)
    // The subject is not told how others were told.
    expect((await papers.listLetters(key)).rows[1]!.deliveries).toEqual([])
  })

  it('tells nobody of a letter whose account is suspended or whose mandate has ended', async () => {
    const db = p().runtime.db.kysely
    const ends = [
      (login: string) => sql`update access.person set state = 'suspended' where login = ${login}`.execute(db),
      (login: string) =>
        sql`update access.mandate m set valid_to = '2026-11-23' from access.person a
          where a.id = m.person_id and a.login = ${login}`.execute(db),
    ]
    const officer = (await p().as((await officerLogin(p())).login)).client(endpoints)
    for (const end of ends) {
      const { subject, item } = await begun()
      await (await traffic()).acceptItem(at(item))
      await end(loginOf(subject))
      await p().drain()
      const { rows } = await officer.listLetters({ subject: subject.subjectId, item: item.id })
      expect(rows.map((r) => r.deliveries)).toEqual([[]])
    }
  })

  it('lets the window that took the case in hand a letter over, once', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const clerk = await p().as('window_clerk')
    const app = await submitted(await signedIn(p(), 'window_clerk'), { subject: subject.subjectId, records: [record] })
    const item = app.items[0]!
    await (await traffic()).acceptItem(at(item))
    const papers = clerk.client(endpoints)
    const key = { subject: subject.subjectId, item: item.id }
    const [letter] = (await papers.listLetters(key)).rows
    expect(letter!.mayHandOver).toBe(true)
    await papers.downloadLetter({ subject: key.subject, id: letter!.id })
    expect((await papers.listLetters(key)).rows[0]!.receipt).toBeNull()
    const receipt = await papers.receiveLetter({ subject: key.subject, id: letter!.id })
    expect(receipt).toMatchObject({ way: 'window', authorityName: '广州市发展和改革委员会' })
    expect((await papers.listLetters(key)).rows[0]!).toMatchObject({ mayHandOver: false, receipt: { way: 'window' } })
  })

  it('shows letters to nobody else', async () => {
    const { subject, item } = await begun()
    await (await traffic()).acceptItem(at(item))
    const { papers } = await own(subject)
    const key = { subject: subject.subjectId, item: item.id }
    const [letter] = (await papers.listLetters(key)).rows
    const other = await newSubject(p())
    await addPerson(p(), { login: `stranger-${engine}`, role: 'officer', authorityId: p().world.authorities.district })
    for (const login of [loginOf(other), `stranger-${engine}`, 'window_clerk', 'officer']) {
      const stranger = (await p().as(login)).client(endpoints)
      expect((await stranger.listLetters(key)).rows).toEqual([])
      expect((await problemOf(stranger.downloadLetter({ subject: key.subject, id: letter!.id }))).code).toBe(
        'NO_SUCH_LETTER',
      )
    }
    expect((await (await p().as('credit_office')).client(endpoints).listLetters(key)).rows).toHaveLength(1)
  })

  it('pages letters by key', async () => {
    const { subject, item } = await begun()
    await grant(item)
    const { papers } = await own(subject)
    const key = { subject: subject.subjectId, item: item.id }
    const first = await papers.listLetters({ ...key, limit: 1 })
    expect(first.rows).toHaveLength(1)
    const second = await papers.listLetters({ ...key, limit: 1, after: first.next! })
    expect([second.rows[0]!.letter.kind, second.next]).toEqual(['granted', null])
    expect((await problemOf(papers.listLetters({ ...key, after: 'nonsense' }))).code).toBe('BAD_CURSOR')
  })

  it('tells anyone with the code what is true now, also after the grant is revoked', async () => {
    const { subject, item, papers, key } = await held()
    const [, granted] = (await papers.listLetters(key)).rows
    expect(await verify(granted!.code)).toMatchObject({ what: 'letter', truth: 'in_force', number: granted!.number })
    // As people type it.
    expect((await verify(granted!.code.toLowerCase().replaceAll('-', ' '))).truth).toBe('in_force')
    const shown = await page(`/verify/${readCode(granted!.code)!}`)
    expect(shown.status).toBe(200)
    expect(shown.text).toContain('准予信用修复决定书')
    expect(shown.text).toContain(subject.name)
    expect(shown.text).not.toMatch(/<script/)
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect((await page(`/verify/${readCode(granted!.code)!}?lang=en`)).text).toContain('Genuine and in force')

    const officer = await traffic()
    const proposed = await officer.revokeGrant({ ...at(item), reason: '查明申请材料虚假。' })
    const chief = await worker(p(), 'head', p().world.authorities.traffic)
    if (proposed.proposal) await chief.confirmProposal(at(proposed))
    const now = await verify(granted!.code)
    expect(now).toMatchObject({ truth: 'void', facts: [] })
    expect(now.sentence.zh).toContain('已于2026年11月23日失去效力')
    expect((await page(`/verify/${readCode(granted!.code)!}`)).text).not.toContain(subject.name)
  })

  it('knows no other code, and slows down whoever tries', async () => {
    expect((await problemOf(verify('0000-0000-0000-0000'))).code).toBe('NO_SUCH_PAPER')
    expect((await problemOf(verify("' or 1=1 --"))).code).toBe('NO_SUCH_PAPER')
    const unknown = await page('/verify/ABCDEFGH12345678')
    expect([unknown.status, unknown.text.includes('没有查到')]).toEqual([404, true])
    const form = await fetch(`${p().url}/verify?code=abcd-efgh-jkmn-pqr5&lang=en`, { redirect: 'manual' })
    expect([form.status, form.headers.get('location')]).toEqual([303, '/verify/ABCDEFGHJKMNPQR5?lang=en'])
    expect((await page('/verify')).text).toContain('<form')
    let last = ''
    for (let n = 0; n < 40 && last !== 'THROTTLED'; n++) last = (await problemOf(verify('0000000000000000'))).code
    expect(last).toBe('THROTTLED')
    const busy = await page('/verify/0000000000000000')
    expect([busy.status, Number(busy.headers.get('retry-after')) > 0]).toEqual([429, true])
    p().clock.advance({ minutes: 2 })
    expect((await problemOf(verify('0000000000000000'))).code).toBe('NO_SUCH_PAPER')
    p().clock.advance({ minutes: 2 })
  })

  it('gives a certificate while a holder has not updated, and withdraws it by itself', async () => {
    const { subject, item, papers, key, peer } = await held()
    const offer = await papers.certificateOffer(key)
    expect(offer).toEqual({
      refusal: null,
      open: 1,
      issuer: { zh: '广州市信用办（市发展改革委）', en: 'Guangzhou Credit Office' },
    })
    const made = await papers.issueCertificate({ ...key, shows: ['kind'] })
    expect(made).toMatchObject({ state: 'valid', mayWithdraw: true, itemId: item.id })
    expect(made.facts.shown.map((s) => s.label.zh)).toEqual(['信息类别'])
    expect((await problemOf(papers.issueCertificate(key))).code).toBe('CERTIFIED_ALREADY')
    expect((await papers.certificateOffer(key)).refusal?.code).toBe('CERTIFIED_ALREADY')

    const file = await papers.downloadCertificate({ subject: key.subject, id: made.id })
    const words = pdfWords(await bytesOf(file))
    for (const part of ['信用修复证明', subject.name, subject.code, made.facts.record.docNo, made.code, made.number.zh])
      expect(words).toContain(part.replaceAll(/\s/g, ''))
    expect(words).not.toContain('超出许可范围')

    // Offline: the file holds the token and all it says; the key is published.
    const inside = readKeyword(Buffer.from(await bytesOf(file)).toString('latin1'))!
    const { keys } = JSON.parse((await page('/.well-known/xinheng-keys.json')).text) as { keys: never[] }
    const claims = await readToken(inside.token, keys)
    expect(inside.token.length).toBeLessThanOrEqual(300)
    expect(claims).toMatchObject({ c: readCode(made.code), s: subject.code, d: made.facts.record.docNo, g: 20261123 })
    expect(JSON.parse(Buffer.from(inside.facts, 'base64url').toString())).toEqual(made.facts)
    expect(canonical(made.facts)).toBe(Buffer.from(inside.facts, 'base64url').toString())
    const [head, body, signature] = inside.token.split('.') as [string, string, string]
    const forged = Buffer.from(Buffer.from(body, 'base64url').toString().replace('20261123', '20251123')).toString(
      'base64url',
    )
    expect(await readToken(`${head}.${forged}.${signature}`, keys)).toBeNull()
    expect((await problemOf(verify(`${head}.${forged}.${signature}`))).code).toBe('NO_SUCH_PAPER')

    // Online, by the token as by the code.
    expect(await verify(inside.token)).toMatchObject({ what: 'certificate', truth: 'in_force' })
    expect((await verify(made.code)).facts.map((f) => f.value.zh)).toContain(subject.name)
    expect((await page(`/verify/${inside.token}`)).text).toContain('真实有效')

    const command = () =>
      certificateVerifyCommand({
        env: {},
        lang: 'zh',
        args: [inside.token],
        flags: { keys: p().url, online: p().url },
        say: () => undefined,
      })
    expect(await command()).toMatchObject({ exit: 0, data: { genuine: true, now: { truth: 'in_force' } } })

    await peer.pull()
    expect(await command()).toMatchObject({ exit: 2, data: { genuine: true, now: { truth: 'ended' } } })
    // At once on the page, and for good after the job.
    expect(await verify(made.code)).toMatchObject({ truth: 'ended', facts: [] })
    expect((await problemOf(papers.downloadCertificate({ subject: key.subject, id: made.id }))).code).toBe(
      'CERTIFICATE_ENDED',
    )
    await p().drain()
    const [row] = (await papers.listCertificates({ item: item.id })).rows
    expect(row).toMatchObject({ state: 'withdrawn', endedBy: 'all_updated', mayWithdraw: false })
    expect((await problemOf(papers.issueCertificate(key))).code).toBe('NOTHING_OUTSTANDING')
    expect((await papers.certificateOffer(key)).refusal?.code).toBe('NOTHING_OUTSTANDING')
    // Someone outside the exchange may still show it: named, it is certified again, and ends when the subject says so.
    const outside = await papers.issueCertificate({ ...key, thirdParty: '某企业信息查询网站' })
    await p().drain()
    expect(await verify(outside.code)).toMatchObject({ truth: 'in_force' })
    expect(
      pdfWords(await bytesOf(await papers.downloadCertificate({ subject: key.subject, id: outside.id }))),
    ).toContain('供向某企业信息查询网站出示')
    const seen = { subject: key.subject, id: outside.id, seen: outside.version }
    expect((await problemOf(papers.withdrawCertificate({ ...seen, seen: 7 }))).code).toBe('STALE')
    const back = await papers.withdrawCertificate(seen)
    expect(back).toMatchObject({ state: 'withdrawn', endedBy: 'subject' })
    expect((await problemOf(papers.withdrawCertificate({ ...seen, seen: back.version }))).code).toBe('NO_SUCH_MOVE')
    expect(await verify(outside.code)).toMatchObject({ truth: 'void', facts: [] })
    // Every move has been walked but the one below.
    expect(CERTIFICATE_MOVES.map((m) => m.action)).toEqual(['withdraw', 'settle', 'void'])
  })

  it('withdraws a certificate at once when the grant is revoked', async () => {
    const { item, papers, key } = await held()
    const made = await papers.issueCertificate(key)
    const officer = await traffic()
    const proposed = await officer.revokeGrant({ ...at(item), reason: '查明申请材料虚假。' })
    const chief = await worker(p(), 'head', p().world.authorities.traffic)
    if (proposed.proposal) await chief.confirmProposal(at(proposed))
    const now = await verify(made.code)
    expect(now).toMatchObject({ truth: 'void', facts: [] })
    expect(now.sentence.zh).toContain('请勿采信')
    await p().drain()
    expect((await papers.listCertificates({ state: 'withdrawn' })).rows[0]).toMatchObject({ endedBy: 'grant_gone' })
    expect((await problemOf(papers.issueCertificate(key))).code).toBe('NOT_GRANTED')
  })

  it('is given at the window too, and is shown to those of the case alone', async () => {
    const { key, papers } = await held()
    const clerk = (await p().as('window_clerk')).client(endpoints)
    const made = await clerk.issueCertificate({ ...key, shows: [] })
    expect(made.mayWithdraw).toBe(true)
    const file = await clerk.downloadCertificate({ subject: key.subject, id: made.id })
    expect(file.mediaType).toBe('application/pdf')
    expect((await papers.listCertificates({ subject: key.subject })).rows).toHaveLength(1)
    const other = await newSubject(p())
    const stranger = (await own(other)).papers
    expect((await stranger.listCertificates({})).rows).toEqual([])
    for (const call of [
      stranger.downloadCertificate({ subject: key.subject, id: made.id }),
      stranger.withdrawCertificate({ subject: key.subject, id: made.id, seen: 1 }),
    ])
      expect((await problemOf(call)).code).toBe('NO_SUCH_CERTIFICATE')
    expect((await problemOf(stranger.issueCertificate(key))).code).toBe('NOT_YOUR_SUBJECT')
    expect((await problemOf(stranger.certificateOffer(key))).code).toBe('NOT_YOUR_SUBJECT')
    const looks = await sql<{ n: number }>`select count(*)::int as n from subjects.look
      where subject_id = ${key.subject} and purpose like '%信用修复证明%'`.execute(p().runtime.db.kysely)
    expect(looks.rows[0]!.n).toBe(1)
    expect((await clerk.withdrawCertificate({ subject: key.subject, id: made.id, seen: 1 })).state).toBe('withdrawn')
  })

  it('tells of a natural person no number, and on the public page no whole name', async () => {
    const { subject, record } = await submittedCase('natural_person')
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const item = await grant(app.items[0]!)
    const key = { subject: subject.subjectId, item: item.id }
    const caller = (await p().as(`company-${/\d+$/.exec(subject.name)![0]}`)).client(endpoints)
    const [, granted] = (await caller.listLetters(key)).rows
    const verdict = await verify(granted!.code)
    expect(JSON.stringify(verdict)).not.toContain(subject.name)
    expect(verdict.facts[0]!.value.zh).toMatch(/^陈\*+$/)
    const made = await caller.issueCertificate({ ...key, shows: ['kind', 'content'], thirdParty: '某网站' })
    expect(made.facts.subject).toEqual({ name: subject.name, code: null })
    const file = await bytesOf(await caller.downloadCertificate({ subject: key.subject, id: made.id }))
    expect(pdfWords(file)).not.toContain(subject.code)
    const { token } = readKeyword(Buffer.from(file).toString('latin1'))!
    expect(Buffer.from(token.split('.')[1]!, 'base64url').toString()).not.toContain(subject.name)
    expect((await page(`/verify/${token}`)).text).not.toContain(subject.name)
    expect((await verify(made.code)).truth).toBe('in_force')
  })

  it('gives two who ask at once one certificate', async () => {
    const { key, papers } = await held()
    const asked = await Promise.allSettled([papers.issueCertificate(key), papers.issueCertificate(key)])
    expect(asked.map((a) => a.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await papers.listCertificates({ subject: key.subject, state: 'valid' })).rows).toHaveLength(1)
  })

  it('gives none where no grant stands', async () => {
    const { subject, item } = await begun()
    const { papers } = await own(subject)
    const key = { subject: subject.subjectId, item: item.id }
    expect((await problemOf(papers.issueCertificate(key))).code).toBe('NOT_GRANTED')
    expect((await papers.certificateOffer(key)).refusal?.text.en).toContain('no grant in force')
  })

  it('publishes the public half of its key only', async () => {
    const reply = await page('/.well-known/xinheng-keys.json')
    expect(reply.headers.get('content-type')).toContain('application/json')
    const { keys } = JSON.parse(reply.text) as { keys: Record<string, string>[] }
    expect(Object.keys(keys[0]!).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    expect(exchange.name).toBe('exchange')
    expect(api.jobs.map((j) => j.name)).toContain('certificates.withdraw_ended')
  })
})

describeEngines(
  'certificates where none are given',
  (p) => {
    it('says so', async () => {
      const subject = await newSubject(p())
      const papers = (await p().as(`company-${/第(\d+)/.exec(subject.name)![1]!}`)).client(endpoints)
      const key = { subject: subject.subjectId, item: '00000000-0000-7000-8000-000000000000' }
      expect((await problemOf(papers.issueCertificate(key))).code).toBe('CERTIFICATES_NOT_GIVEN')
      expect((await papers.certificateOffer(key)).refusal?.code).toBe('CERTIFICATES_NOT_GIVEN')
    })
  },
  { jurisdiction: '130000' },
)

/** The traffic authority's officer, by login. */
let made = 0
const officerLogin = async (p: Platform) => {
  const login = `reader-${p.engine}-${++made}`
  await addPerson(p, { login, role: 'officer', authorityId: p.world.authorities.traffic })
  return { login }
}
