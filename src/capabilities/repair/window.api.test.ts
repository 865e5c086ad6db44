import { expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { DOCX_LIKE, PDF, newRecord, newSubject, worker } from '../../../test/repair-world.ts'
import { endpoints as papers } from '../certificates/contract.ts'
import { endpoints as publicEndpoints } from '../publicity/contract.ts'
import { endpoints as base } from './contract.ts'
import { endpoints as windowEndpoints } from './contract.window.ts'
import { progressOf } from './service.window.ts'

const NOW = '2026-11-23T02:00:00Z'
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3])
const all = { ...base, ...windowEndpoints }
const who = async (p: Platform, login: string) => (await p.as(login)).client(all)
type Clerk = Awaited<ReturnType<typeof who>>

/** A basket at the window, with nothing in it but the record. */
const begun = async (p: Platform, clerk: Clerk) => {
  const subject = await newSubject(p)
  const records = [
    await newRecord(p, { subject, kind: 'penalty' }),
    await newRecord(p, { subject, kind: 'samr_penalty' }),
  ]
  const app = await clerk.createApplication({ subject: subject.subjectId, records })
  return { subject, app, key: { subject: app.subjectId, id: app.id } }
}
const declareAll = async (clerk: Clerk, key: { subject: string; id: string }) => {
  const app = await clerk.getApplication(key)
  for (const item of app.items) {
    const declared = Object.fromEntries((item.eligibility?.open ?? []).map((r) => [r.known, r.wanted]))
    await clerk.describeItem({ ...key, item: item.id, declared, statement: '', seen: item.version })
  }
}

describeEngines('the window', (p) => {
  const clerkOf = () => who(p(), 'window_clerk')
  const phone = () => p().anonymous().client(all)

  it('hands over to the phone and back: files arrive, the commitment is signed by hand', async () => {
    const clerk = await clerkOf()
    const { app, key, subject } = await begun(p(), clerk)
    expect(await clerk.getHandOver(key)).toEqual({ handOver: null })
    const { token, handOver } = await clerk.startHandOver(key)
    expect(handOver.state).toBe('waiting')
    const device = phone()
    const opened = await device.openHandOver({ token })
    expect((await clerk.getHandOver(key)).handOver?.state).toBe('opened')
    expect(opened.view.items.map((i) => i.docNo).toSorted()).toEqual(app.items.map((i) => i.docNo).toSorted())
    // Nothing that names a person or opens a file by itself.
    const told = JSON.stringify(opened.view)
    for (const never of [subject.code, subject.subjectId, app.id]) expect(told).not.toContain(never)
    expect(await problemOf(device.openHandOver({ token }))).toMatchObject({ code: 'HAND_OVER_USED', status: 409 })

    const mine = { phone: opened.phone }
    const sent = await device.uploadOnPhone({
      ...mine,
      kind: 'proof_of_performance',
      file: { name: '缴款.pdf', body: PDF },
    })
    expect(sent.materials).toMatchObject([{ kind: 'proof_of_performance', name: '缴款.pdf' }])
    expect(
      (await problemOf(device.uploadOnPhone({ ...mine, kind: 'nothing', file: { name: 'a.pdf', body: PDF } }))).code,
    ).toBe('MATERIAL_KIND_UNKNOWN')
    expect((await clerk.getApplication(key)).materials.map((m) => m.name)).toEqual(['缴款.pdf'])
    const bad = { ...mine, seen: sent.version, file: { name: 'x.png', body: DOCX_LIKE } }
    expect((await problemOf(device.signOnPhone(bad))).code).toBe('SIGNATURE_TYPE')
    const signing = { ...mine, seen: sent.version, file: { name: 'signature.png', body: PNG } }
    const signed = await device.signOnPhone(signing)
    expect(signed.commitment).toMatchObject({ byHand: true, signedAt: expect.any(String) as unknown })
    expect((await problemOf(device.signOnPhone({ ...signing, seen: signed.version }))).code).toBe('COMMITMENT_SIGNED')
    expect((await problemOf(device.confirmOnPhone({ ...mine, agreed: true, seen: sent.version }))).code).toBe('STALE')
    const picture = await clerk.downloadSignature(key)
    expect(new Uint8Array(await picture.body.arrayBuffer())).toEqual(PNG)
    await device.giveBack(mine)
    expect((await clerk.getHandOver(key)).handOver?.state).toBe('returned')
    expect((await problemOf(device.viewOnPhone(mine))).code).toBe('HAND_OVER_ENDED')
    expect((await problemOf(device.openHandOver({ token }))).code).toBe('HAND_OVER_ENDED')

    await declareAll(clerk, key)
    const ready = await clerk.getApplication(key)
    expect(ready.commitment.byHand).toBe(true)
    const done = await clerk.takeIn({ ...key, seen: ready.version })
    expect(done.items.map((i) => i.state)).toEqual(['received', 'received'])
  })

  it('lets a link live for minutes, for one phone, of one clerk’s window', async () => {
    const clerk = await clerkOf()
    const { key } = await begun(p(), clerk)
    const first = await clerk.startHandOver(key)
    const second = await clerk.startHandOver(key)
    expect((await problemOf(phone().openHandOver({ token: first.token }))).code).toBe('HAND_OVER_ENDED')
    expect((await problemOf(phone().openHandOver({ token: 'A'.repeat(43) }))).code).toBe('HAND_OVER_UNKNOWN')
    const two = await Promise.allSettled([
      phone().openHandOver({ token: second.token }),
      phone().openHandOver({ token: second.token }),
    ])
    expect(two.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const held = two.find((r) => r.status === 'fulfilled')!.value.phone
    expect((await problemOf(phone().viewOnPhone({ phone: second.token }))).code).toBe('HAND_OVER_UNKNOWN')
    expect((await phone().viewOnPhone({ phone: held })).items).toHaveLength(2)

    const elsewhere = await worker(p(), 'window_clerk', p().world.authorities.traffic)
    expect((await problemOf(elsewhere.getApplication(key))).code).toBe('NO_SUCH_APPLICATION')

    p().clock.advance({ minutes: 16 })
    expect((await problemOf(phone().viewOnPhone({ phone: held }))).code).toBe('HAND_OVER_EXPIRED')
    const again = await who(p(), 'window_clerk')
    expect((await again.getHandOver(key)).handOver?.state).toBe('expired')
    const third = await again.startHandOver(key)
    expect((await again.endHandOver(key)).handOver?.state).toBe('recalled')
    expect((await problemOf(phone().openHandOver({ token: third.token }))).code).toBe('HAND_OVER_ENDED')
    p().clock.set(NOW)
  })

  it('ends with the draft: what was handed in is no longer the phone’s', async () => {
    const clerk = await clerkOf()
    const { key, app } = await begun(p(), clerk)
    const { token } = await clerk.startHandOver(key)
    const device = phone()
    const { phone: mine, view } = await device.openHandOver({ token })
    await device.uploadOnPhone({ phone: mine, kind: 'proof_of_performance', file: { name: 'a.pdf', body: PDF } })
    const confirmed = await device.confirmOnPhone({ phone: mine, agreed: true, seen: view.version })
    expect(confirmed.commitment.byHand).toBe(false)
    expect((await problemOf(clerk.downloadSignature(key))).code).toBe('NO_SIGNATURE')
    await declareAll(clerk, key)
    // Two clerks at once: the version decides.
    const other = await who(p(), 'window_clerk')
    const done = await Promise.allSettled([
      clerk.takeIn({ ...key, seen: app.version + 1 }),
      other.takeIn({ ...key, seen: app.version + 1 }),
    ])
    expect(done.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await problemOf(device.viewOnPhone({ phone: mine }))).code).toBe('HAND_OVER_ENDED')
    expect((await problemOf(clerk.startHandOver(key))).code).toBe('NOT_A_DRAFT')
  })

  it('checks the form and gives one notice of all that is missing', async () => {
    const clerk = await clerkOf()
    const { key, subject } = await begun(p(), clerk)
    const check = await clerk.checkForm(key)
    expect(check).toMatchObject({ complete: false, notice: null, accepts: null })
    expect(new Set(check.missing.map((m) => m.code))).toEqual(
      new Set(['MUST_DECLARE', 'MATERIAL_MISSING', 'COMMITMENT_UNSIGNED']),
    )
    expect(check.missing.every((m) => !/\{\w+\}/.test(m.text.zh + m.text.en))).toBe(true)
    const given = await clerk.giveWindowNotice({ ...key, note: '请携带缴款凭证原件。' })
    expect(given.notice).toMatchObject({ no: expect.stringMatching(/^440100-BZ-20261123-\d{4}$/) as unknown })
    expect(given.notice?.missing).toEqual(check.missing)
    const twice = await problemOf(clerk.giveWindowNotice({ ...key, note: '' }))
    expect(twice).toMatchObject({ code: 'WINDOW_NOTICE_GIVEN', status: 409 })
    expect(twice.detail).toContain(given.notice!.no)

    // It is a letter like any other: registered, of the window and the subject alone, verified by anyone.
    const desk = (await p().as('window_clerk')).client(papers)
    const [paper] = (await desk.listApplicationLetters(key)).rows
    expect(paper).toMatchObject({ number: { zh: '信告〔2026〕第1号' }, receipt: null, mayHandOver: true })
    expect(paper?.letter).toMatchObject({ kind: 'one_time_notice', no: given.notice?.no, addressee: subject.name })
    expect(paper?.letter.paragraphs.map((w) => w.zh).join()).toContain('请携带缴款凭证原件。')
    expect(paper?.letter.basis.map((b) => b.zh)).toEqual([
      '《信用修复管理办法》（国家发展改革委令第36号）第十六条第二款',
      '《市场监督管理信用修复管理办法》（市场监管总局令第107号）第十四条第三款',
    ])
    const pdf = await desk.downloadLetter({ subject: key.subject, id: paper!.id })
    expect(await pdf.body.slice(0, 5).text()).toBe('%PDF-')
    expect((await (await p().as(subject.login)).client(papers).listApplicationLetters(key)).rows).toHaveLength(1)
    expect((await (await p().as('officer')).client(papers).listApplicationLetters(key)).rows).toEqual([])
    const anyone = p().anonymous().client(papers)
    expect(await anyone.verifyCode({ code: paper!.code })).toMatchObject({ what: 'letter', truth: 'in_force' })
    expect(await desk.receiveLetter({ subject: key.subject, id: paper!.id })).toMatchObject({ way: 'window' })
    // The draft goes, the paper that was handed over stays genuine.
    await clerk.discardApplication(key)
    expect(await anyone.verifyCode({ code: paper!.code })).toMatchObject({ truth: 'in_force' })

    const fresh = await begun(p(), clerk)
    expect((await problemOf(clerk.getReceipt(fresh.key))).code).toBe('NO_RECEIPT_YET')
    const whole = await begun(p(), clerk)
    await declareAll(clerk, whole.key)
    await clerk.uploadMaterial({ ...whole.key, kind: 'proof_of_performance', file: { name: 'a.pdf', body: PDF } })
    await clerk.signCommitment({ ...whole.key, agreed: true, seen: whole.app.version })
    expect(await clerk.checkForm(whole.key)).toMatchObject({ complete: true, missing: [] })
    expect((await problemOf(clerk.giveWindowNotice({ ...whole.key, note: '' }))).code).toBe('NOTHING_MISSING')
    // What was begun online is not the window's.
    const own = await who(p(), subject.login)
    const online = await own.createApplication({ subject: subject.subjectId })
    const office = await p().as('window_clerk')
    expect((await problemOf(office.client(all).checkForm({ subject: online.subjectId, id: online.id }))).code).toBe(
      'NO_SUCH_APPLICATION',
    )
  })

  it('gives a receipt whose number and code show the progress to whoever has no account', async () => {
    // Two in the morning of the 23rd here, while it is still the 22nd in Greenwich.
    p().clock.set('2026-11-22T18:00:00Z')
    const clerk = await clerkOf()
    const { key, app, subject } = await begun(p(), clerk)
    await declareAll(clerk, key)
    await clerk.uploadMaterial({ ...key, kind: 'proof_of_performance', file: { name: 'a.pdf', body: PDF } })
    const signed = await clerk.signCommitment({ ...key, agreed: true, seen: app.version })
    await clerk.takeIn({ ...key, seen: signed.version })
    const receipt = await clerk.getReceipt(key)
    expect(receipt).toMatchObject({ windowName: '广州市发展和改革委员会', subjectName: subject.name })
    expect(receipt.code).toMatch(/^[2-9A-HJKMNP-Z]{8}$/)
    expect(await clerk.getReceipt(key)).toEqual(receipt)
    expect(await (await who(p(), subject.login)).getReceipt(key)).toEqual(receipt)

    const visitor = p().anonymous()
    const ask = async (no: string, code: string) => {
      const response = await visitor.send('POST', '/progress?lang=zh', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
        body: new URLSearchParams({ no, code }).toString(),
      })
      return { status: response.status, text: await response.text() }
    }
    const page = await ask(receipt.no, ` ${receipt.code.toLowerCase()} `)
    expect(page.status).toBe(200)
    expect(page.text).toContain('待受理')
    for (const item of receipt.items) expect(page.text).toContain(item.docNo)
    expect(page.text).not.toContain(subject.name)
    expect(page.text).not.toContain(subject.code)
    expect(page.text).toContain('2026年11月23日')
    expect(page.text).not.toContain('2026年11月22日')
    expect(page.text).not.toContain('<script')
    const wrong = await ask(receipt.no, 'WRONGCOD')
    expect(wrong.status).toBe(404)
    expect(wrong.text).toContain('回执编号或者查询码不正确')
    expect((await ask('440100-XF-20261123-9999', receipt.code)).status).toBe(404)
    await expect(progressOf(p().ctx(), { no: 'X', code: 'Y' })).rejects.toThrow('NO_SUCH_RECEIPT')
    // Guessing is held back.
    for (let n = 0; n < 5; n++) await ask(receipt.no, `GUESS${n}AA`)
    expect((await ask(receipt.no, receipt.code)).status).toBe(429)
    expect(await p().anonymous().client(publicEndpoints).progressPage({ no: receipt.no })).toContain(receipt.no)
    p().clock.set(NOW)
  })
})

describeEngines(
  'a window that accepts for the authorities (Sichuan 二（四）)',
  (p) => {
    it('accepts each item with its letter as it passes it on', async () => {
      const clerk = await who(p(), 'window_clerk')
      const { key, subject } = await begun(p(), clerk)
      // A rating is none of the three kinds: it is passed on, and whoever rated accepts.
      const app = await clerk.addItems({ ...key, records: [await newRecord(p(), { subject, kind: 'rating' })] })
      expect((await clerk.checkForm(key)).accepts?.article.zh).toContain('二（四）')
      await declareAll(clerk, key)
      await clerk.uploadMaterial({ ...key, kind: 'proof_of_performance', file: { name: 'a.pdf', body: PDF } })
      const signed = await clerk.signCommitment({ ...key, agreed: true, seen: app.version })
      const done = await clerk.takeIn({ ...key, seen: signed.version })
      expect(done.items.map((i) => i.state)).toEqual(['accepted', 'accepted', 'received'])
      for (const item of done.items.slice(0, 2)) {
        expect(item.acts.map((a) => [a.action, a.by])).toEqual([
          ['submit', 'window'],
          ['accept_at_window', 'window'],
        ])
        expect(item.acts[1]!.letter?.kind).toBe('acceptance')
        expect(item.clock).toMatchObject({ step: 'decide' })
      }
    })
  },
  { jurisdiction: '510000' },
)
