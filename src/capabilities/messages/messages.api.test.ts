import { createHmac } from 'node:crypto'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { newCertificate } from '../../../test/fixtures-builders/certificate.ts'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { openMailServer, openSilence, openTextService } from '../../../test/receivers.ts'
import type { Config } from '../../platform/config.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { endpoints as access } from '../access/contract.ts'
import { endpoints, type NewMessage } from './contract.ts'
import { dispatchDue } from './dispatch.ts'
import { deliveriesAbout, post, sendAgain } from './index.ts'

const QUICK = { stepMs: 400, wholeMs: 1500 }
const FROM = { name: '天河区信用平台', address: 'xinheng@example.gov.cn' }
const SECRET = 'a-secret-of-some-length'

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

/** All parts of a mail, as they are read. */
const bodyOf = (raw: string): string =>
  [...raw.matchAll(/Content-Transfer-Encoding: ([\w-]+)\r\n\r\n([\s\S]*?)\r\n--/g)]
    .map((m) => (m[1] === 'base64' ? Buffer.from(m[2]!, 'base64').toString() : quotedPrintable(m[2]!)))
    .join('\n')

describeEngines('messages', (p) => {
  const closers: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    Object.assign(p().runtime.config, { smtp: undefined, sms: undefined, publicUrl: undefined })
    const { kysely } = p().runtime.db
    await sql`delete from messages.delivery`.execute(kysely)
    await sql`delete from access.contact`.execute(kysely)
  })
  const opened = async <T extends { close: () => Promise<unknown> }>(made: Promise<T>): Promise<T> => {
    const it = await made
    closers.push(() => it.close())
    return it
  }
  const mailTo = (port: number, more: Partial<NonNullable<Config['smtp']>> = {}): void => {
    const smtp = {
      host: '127.0.0.1',
      port,
      secure: false,
      requireTls: false,
      auth: undefined,
      ca: undefined,
      from: FROM,
    }
    Object.assign(p().runtime.config, { smtp: { ...smtp, ...more } })
  }
  const about = () => ({ kind: 'test', id: newId() })
  const say = (at: Platform, change: Partial<NewMessage> = {}): Promise<string> => {
    const message: NewMessage = {
      to: { personIds: [at.world.people.collector] },
      kind: 'reminder',
      title: { zh: '退回提醒：3 条数据待补正', en: '3 rows to mend' },
      body: { zh: '请于三个工作日内补正。', en: 'Mend them.' },
      link: '/app/submissions',
      about: about(),
      by: ['inbox', 'email'],
      key: newId(),
      ...change,
    }
    return inTx(at.ctx(), (tx) => post(tx, at.ctx(), message))
  }
  const contact = async (email: string | null, workPhone: string | null = null) => {
    const me = (await p().as('collector')).client(access)
    return me.changeMyContact({ email, workPhone, seen: (await me.myContact({})).version })
  }
  const statesOf = async (subject: { kind: string; id: string }) =>
    (await deliveriesAbout(p().runtime.db.kysely, subject)).map((d) => [d.channel, d.state, d.attempts, d.lastError])

  it('goes to an organisation outside by e-mail alone, with nowhere to sign in, under its name', async () => {
    const server = await opened(openMailServer())
    mailTo(server.port)
    Object.assign(p().runtime.config, { publicUrl: 'https://credit.example.gov.cn' })
    const subject = about()
    const to = { outside: { name: '某信用服务公司', mail: 'duty@example.org' } }
    const id = await say(p(), { to, about: subject, link: null })
    await dispatchDue(p().runtime, { patience: QUICK })
    expect(await statesOf(subject)).toEqual([['email', 'sent', 1, null]])
    const [mail] = server.mails
    expect(mail).toMatchObject({ to: ['duty@example.org'] })
    expect(bodyOf(mail!.raw)).toContain('请于三个工作日内补正。')
    expect(bodyOf(mail!.raw)).not.toMatch(/登录工作台|credit\.example/)
    const { rows } = await sql<{ address: Buffer; name: string }>`
      select outside_address as address, outside_name as name from messages.delivery where message_id = ${id}`.execute(
      p().runtime.db.kysely,
    )
    expect(rows[0]!.name).toBe('某信用服务公司')
    expect(Buffer.from(rows[0]!.address).toString('latin1')).not.toContain('duty@')
  })

  it('stands in the inbox of whom it is for, once a key, and of nobody else', async () => {
    const [key, subject] = [newId(), about()]
    const [a, b] = await Promise.all([say(p(), { key, about: subject }), say(p(), { key, about: subject })])
    expect(a).toBe(b)
    const me = (await p().as('collector')).client(endpoints)
    const other = (await p().as('officer')).client(endpoints)
    expect(await me.countUnread({})).toEqual({ count: 1 })
    expect(await other.countUnread({})).toEqual({ count: 0 })
    const [row] = (await me.listInbox({})).rows
    expect(row).toMatchObject({ title: { zh: '退回提醒：3 条数据待补正' }, link: '/app/submissions', read: false })
    expect(await problemOf(other.readMessage({ id: row!.id }))).toMatchObject({ status: 404, code: 'NO_SUCH_MESSAGE' })
    expect(await me.readMessage({ id: row!.id })).toMatchObject({ read: true })
    expect(await me.readMessage({ id: row!.id })).toMatchObject({ read: true })
    expect(await me.countUnread({})).toEqual({ count: 0 })
    expect(await statesOf(subject)).toEqual([
      ['email', 'not_configured', 0, null],
      ['inbox', 'read', 0, null],
    ])
  })

  it('pages, filters, and marks all as read', async () => {
    for (let n = 0; n < 5; n++) await say(p(), { title: { zh: `第${n}条`, en: `${n}` } })
    const me = (await p().as('collector')).client(endpoints)
    const first = await me.listInbox({ limit: 3 })
    const second = await me.listInbox({ limit: 3, after: first.next! })
    expect([...first.rows, ...second.rows].map((r) => r.title.zh)).toEqual([
      '第4条',
      '第3条',
      '第2条',
      '第1条',
      '第0条',
    ])
    expect(second.next).toBeNull()
    expect(await me.readAllMessages({})).toEqual({ read: 5 })
    expect((await me.listInbox({ state: 'unread' })).rows).toEqual([])
    expect(await problemOf(me.listInbox({ after: 'nonsense' }))).toMatchObject({ code: 'BAD_CURSOR' })
  })

  it('goes to all who hold a role in an authority, and to nobody when none does', async () => {
    const subject = about()
    await say(p(), { to: { authorityId: p().world.authorities.market, role: 'head' }, about: subject, by: ['inbox'] })
    expect(await (await p().as('head')).client(endpoints).countUnread({})).toEqual({ count: 1 })
    const nobody = about()
    await say(p(), { to: { authorityId: p().world.authorities.traffic, role: 'head' }, about: nobody })
    expect(await statesOf(nobody)).toEqual([])
  })

  it('keeps addresses sealed and shows them masked; a line break or another mistake is refused', async () => {
    const me = (await p().as('collector')).client(access)
    expect(await contact('zhang.san@example.gov.cn', '13800138000')).toMatchObject({
      email: 'z***@example.gov.cn',
      workPhone: '138****8000',
      version: 1,
    })
    const { rows } = await sql<{ email: Buffer }>`select email, work_phone from access.contact`.execute(
      p().runtime.db.kysely,
    )
    expect(JSON.stringify(rows)).not.toContain('zhang')
    expect(await problemOf(me.changeMyContact({ email: null, seen: 0 }))).toMatchObject({ code: 'STALE' })
    for (const email of ['a@b', 'a@b.cn\r\nBcc: x@y.cn', '"a b"@c.cn', 'a@b.cn, c@d.cn', '张@例子.中国'])
      expect(await problemOf(me.changeMyContact({ email, seen: 1 })), email).toMatchObject({ status: 400 })
    const admin = (await p().as('territory_admin')).client(access)
    const id = p().world.people.collector
    expect(await admin.getContact({ id })).toMatchObject({ email: 'z***@example.gov.cn' })
    expect(await admin.changeContact({ id, workPhone: null, seen: 1 })).toMatchObject({ workPhone: null, version: 2 })
    const own = p().world.people.territory_admin
    expect(await problemOf(admin.changeContact({ id: own, email: null, seen: 0 }))).toMatchObject({
      code: 'NOT_ON_YOURSELF',
    })
  })

  it('sends mail with a login over STARTTLS: subject in Chinese, text and HTML, nothing injected', async () => {
    const { cert, key } = newCertificate()
    const server = await opened(
      openMailServer({
        cert,
        key,
        disabledCommands: [],
        authOptional: false,
        onAuth: (auth, _, done) =>
          auth.username === 'post' && auth.password === 'p@ss word'
            ? done(null, { user: 'post' })
            : done(new Error('no')),
      }),
    )
    mailTo(server.port, { ca: cert, requireTls: true, auth: { user: 'post', pass: 'p@ss word' } })
    Object.assign(p().runtime.config, { publicUrl: 'https://credit.example.gov.cn' })
    await contact('zhang.san@example.gov.cn')
    const subject = about()
    const title = { zh: '退回提醒\r\nBcc: thief@example.com：𠮷祥食品等 3 条', en: 'x' }
    await say(p(), { about: subject, title, body: { zh: '<b>甲</b>\n乙', en: 'a < b' } })
    expect(await dispatchDue(p().runtime)).toBe(1)
    expect(await statesOf(subject)).toEqual([
      ['email', 'sent', 1, null],
      ['inbox', 'unread', 0, null],
    ])
    const [mail] = server.mails
    expect(mail).toMatchObject({ to: ['zhang.san@example.gov.cn'], from: FROM.address, secure: true, user: 'post' })
    const head = mail!.raw.split('\r\n\r\n')[0]!
    expect(head).not.toMatch(/^bcc:/im)
    const words = [...head.matchAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi)]
    const text = words
      .map(([, how, body]) =>
        how!.toUpperCase() === 'B'
          ? Buffer.from(body!, 'base64').toString()
          : decodeURIComponent(body!.replaceAll('_', '%20').replaceAll('=', '%')),
      )
      .join('')
    expect(text).toContain('退回提醒 Bcc: thief@example.com：𠮷祥食品等 3 条')
    const body = bodyOf(mail!.raw)
    expect(body).toContain('&lt;b&gt;甲&lt;/b&gt;<br>乙')
    expect(body).toContain('https://credit.example.gov.cn/app/submissions')
  })

  it('does not hand a login to a server that offers no encryption or whose certificate is not trusted', async () => {
    const { cert, key } = newCertificate()
    await contact('a@example.gov.cn')
    let logins = 0
    const onAuth = (_: unknown, __: unknown, done: (e: Error | null) => void) => done(logins++ ? null : new Error('no'))
    for (const disabledCommands of [['STARTTLS'], []]) {
      const server = await opened(openMailServer({ cert, key, disabledCommands, onAuth } as never))
      mailTo(server.port, { requireTls: true, auth: { user: 'post', pass: 'secret' } })
      const subject = about()
      await say(p(), { about: subject })
      await dispatchDue(p().runtime)
      expect((await statesOf(subject))[0]).toEqual(['email', 'failed', 1, { code: 'not_trusted' }])
    }
    expect(logins).toBe(0)
  })

  it('tries again with growing pauses, 451 then 250, and gives up what is refused for good', async () => {
    const server = await opened(openMailServer({ answer: (n) => (n <= 2 ? 451 : null) }))
    mailTo(server.port)
    await contact('a@example.gov.cn')
    const subject = about()
    await say(p(), { about: subject })
    await dispatchDue(p().runtime)
    expect((await statesOf(subject))[0]).toEqual(['email', 'failed', 1, { code: 'smtp_later', status: 451 }])
    expect(await dispatchDue(p().runtime)).toBe(0)
    p().clock.advance({ seconds: 61 })
    await dispatchDue(p().runtime)
    p().clock.advance({ seconds: 61 })
    expect(await dispatchDue(p().runtime)).toBe(0)
    p().clock.advance({ seconds: 61 })
    await dispatchDue(p().runtime)
    expect((await statesOf(subject))[0]).toEqual(['email', 'sent', 3, null])
    expect(server.mails).toHaveLength(1)

    const refusing = await opened(openMailServer({ refuseAddress: 550 }))
    mailTo(refusing.port)
    const never = about()
    await say(p(), { about: never })
    await dispatchDue(p().runtime)
    expect((await statesOf(never))[0]).toEqual(['email', 'given_up', 1, { code: 'smtp_refused', status: 550 }])
  })

  it('gives up after the limit of the policy, and a person may send it again', async () => {
    const subject = about()
    mailTo(1)
    await contact('a@example.gov.cn')
    const messageId = await say(p(), { about: subject })
    for (let n = 0; n < 6; n++) {
      await dispatchDue(p().runtime)
      p().clock.advance({ hours: 7 })
    }
    expect((await statesOf(subject))[0]).toEqual(['email', 'given_up', 6, { code: 'unreachable' }])
    const server = await opened(openMailServer())
    mailTo(server.port)
    const [delivery] = await deliveriesAbout(p().runtime.db.kysely, subject)
    await inTx(p().ctx(), (tx) => sendAgain(tx, p().ctx(), { messageId, deliveryId: delivery!.id }))
    await dispatchDue(p().runtime)
    expect((await statesOf(subject))[0]).toEqual(['email', 'sent', 1, null])
    const again = () => inTx(p().ctx(), (tx) => sendAgain(tx, p().ctx(), { messageId, deliveryId: delivery!.id }))
    await expect(again()).rejects.toThrow('STALE')
    const nothing = () => inTx(p().ctx(), (tx) => sendAgain(tx, p().ctx(), { messageId, deliveryId: newId() }))
    await expect(nothing()).rejects.toThrow('NO_SUCH_DELIVERY')
  })

  it('does not wait for ever for a server that says nothing, and spares one that is down', async () => {
    const silence = await opened(openSilence())
    mailTo(silence.port)
    await contact('a@example.gov.cn')
    const subject = about()
    for (let n = 0; n < 5; n++) await say(p(), { about: subject })
    const began = Date.now()
    expect(await dispatchDue(p().runtime, { patience: QUICK })).toBe(3)
    expect(Date.now() - began).toBeLessThan(10_000)
    const states = (await statesOf(subject)).filter(([channel]) => channel === 'email')
    expect(states.filter(([, state]) => state === 'failed')).toHaveLength(3)
    expect(states[0]).toEqual(['email', 'failed', 1, { code: 'timeout' }])
  })

  it('two processes at once send each mail once', async () => {
    const server = await opened(openMailServer())
    mailTo(server.port)
    await contact('a@example.gov.cn')
    for (let n = 0; n < 12; n++) await say(p())
    const tried = await Promise.all([dispatchDue(p().runtime), dispatchDue(p().runtime), dispatchDue(p().runtime)])
    expect(tried.reduce((a, b) => a + b)).toBe(12)
    const ids = server.mails.map((m) => /^message-id: (.*)$/im.exec(m.raw)![1])
    expect(new Set(ids).size).toBe(12)
  })

  it('what died after the server took it goes once more under the same id, when the lease is over', async () => {
    const server = await opened(openMailServer())
    mailTo(server.port)
    await contact('a@example.gov.cn')
    const subject = about()
    await say(p(), { about: subject })
    const die = () => {
      throw new Error('killed')
    }
    await expect(dispatchDue(p().runtime, { afterSent: die })).rejects.toThrow('killed')
    expect(await dispatchDue(p().runtime)).toBe(0)
    p().clock.advance({ minutes: 2 })
    expect(await dispatchDue(p().runtime)).toBe(1)
    expect((await statesOf(subject))[0]).toEqual(['email', 'sent', 2, null])
    const ids = server.mails.map((m) => /^message-id: (.*)$/im.exec(m.raw)![1])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('sends text messages with a signature over time and body, and tries again on 500 and silence', async () => {
    const answers: (number | 'hang')[] = [500, 'hang', 200]
    const service = await opened(openTextService((n) => answers[n - 1] ?? 200))
    Object.assign(p().runtime.config, { sms: { url: service.url, secret: SECRET } })
    await contact(null, '13800138000')
    const subject = about()
    await say(p(), { about: subject, by: ['sms'] })
    await dispatchDue(p().runtime, { patience: QUICK })
    expect(await statesOf(subject)).toEqual([['sms', 'failed', 1, { code: 'webhook_refused', status: 500 }]])
    p().clock.advance({ hours: 1 })
    await dispatchDue(p().runtime, { patience: QUICK })
    expect(await statesOf(subject)).toEqual([['sms', 'failed', 2, { code: 'timeout' }]])
    p().clock.advance({ hours: 1 })
    await dispatchDue(p().runtime, { patience: QUICK })
    expect(await statesOf(subject)).toEqual([['sms', 'sent', 3, null]])
    expect(new Set(service.texts.map((t) => t.headers['idempotency-key'])).size).toBe(1)
    for (const { headers, body } of service.texts) {
      const due = createHmac('sha256', SECRET)
        .update(`${headers['x-xinheng-timestamp'] as string}.${body}`)
        .digest('hex')
      expect(headers['x-xinheng-signature']).toBe(`sha256=${due}`)
      expect(JSON.parse(body)).toMatchObject({ phone: '13800138000', text: expect.stringContaining('退回提醒') })
    }
  })

  it('says who has no address, and what the platform cannot send by now', async () => {
    mailTo(1)
    const subject = about()
    const messageId = await say(p(), { about: subject })
    await dispatchDue(p().runtime)
    expect((await statesOf(subject))[0]).toEqual(['email', 'no_address', 1, null])
    // An address may have been given since.
    const [delivery] = await deliveriesAbout(p().runtime.db.kysely, subject)
    await inTx(p().ctx(), (tx) => sendAgain(tx, p().ctx(), { messageId, deliveryId: delivery!.id }))
    expect((await statesOf(subject))[0]).toEqual(['email', 'waiting', 0, null])
    await dispatchDue(p().runtime)
    const later = about()
    await say(p(), { about: later })
    Object.assign(p().runtime.config, { smtp: undefined })
    await dispatchDue(p().runtime)
    expect((await statesOf(later))[0]).toEqual(['email', 'not_configured', 1, null])
  })

  it('names nobody in the log', async () => {
    const lines: string[] = []
    const sink = new Writable({ write: (c: Buffer, _, done) => (lines.push(c.toString()), done()) })
    const runtime = { ...p().runtime, log: pino({ level: 'trace' }, sink) }
    const refusing = await opened(openMailServer({ refuseAddress: 550 }))
    mailTo(refusing.port, { auth: undefined })
    const service = await opened(openTextService(() => 500))
    Object.assign(p().runtime.config, { sms: { url: `${service.url}?key=hidden`, secret: SECRET } })
    await contact('zhang.san@example.gov.cn', '13800138000')
    await say(p(), { by: ['email', 'sms'] })
    expect(await dispatchDue(runtime)).toBe(2)
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toMatch(/zhang|13800138000|hidden|a-secret|退回/)
  })
})

describe('a message', () => {
  it('leads into the workbench or nowhere', async () => {
    const message = { link: 'https://elsewhere.example' } as NewMessage
    await expect(post({} as never, {} as never, message)).rejects.toThrow('links into the workbench')
  })
})
