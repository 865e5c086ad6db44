import { createHmac } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { escapeHtml } from '../../kernel/html.ts'
import type { Words } from '../../kernel/words.ts'
import type { SmsConfig, SmtpConfig } from '../../platform/config.ts'
import type { Ctx } from '../../platform/context.ts'
import type { DeliveryError, MessageChannel } from './words.ts'

/** The two ways out. What a server says back is read for its code alone: its words may name people and are kept nowhere. */

/** A delivery did not go out. `final`: the receiver will never take it. */
export class NotSent extends Error {
  readonly error: DeliveryError & { final: boolean }
  constructor(error: DeliveryError & { final: boolean }) {
    super(error.code)
    this.error = error
  }
}
const notSent = (code: DeliveryError['code'], more: { status?: number; final?: boolean } = {}): NotSent =>
  new NotSent({ code, final: more.final ?? false, ...(more.status === undefined ? {} : { status: more.status }) })

export const hasWay = ({ config }: Pick<Ctx, 'config'>, channel: MessageChannel): boolean =>
  channel === 'inbox' || (channel === 'email' ? config.smtp !== undefined : config.sms !== undefined)

/** How long each step may take, and all of it together; below the lease, so that nobody else sends meanwhile. */
export type Patience = { stepMs: number; wholeMs: number }
export const PATIENCE: Patience = { stepMs: 15_000, wholeMs: 45_000 }

/** `outside`: to somebody who has no account here and nowhere to sign in. */
export type Outgoing = { id: string; title: Words; body: Words; link: string | null; outside?: boolean }
export type Sender = { name: Words; publicUrl: string | undefined }

/** A line of a head holds no line end and no control sign. */
// oxlint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim()

const FOOT: Words = { zh: '本邮件由系统自动发出，请勿回复。', en: 'Sent by the system; please do not reply.' }
const GO: Words = { zh: '前往办理', en: 'Open' }
const SIGN_IN: Words = { zh: '请登录工作台办理。', en: 'Sign in to the workbench.' }

const linkOf = (m: Outgoing, { publicUrl }: Sender): string | null =>
  m.link !== null && publicUrl !== undefined ? `${publicUrl}${m.link}` : null

const goOn = (m: Outgoing, url: string | null, lang: 'zh' | 'en'): string[] =>
  m.outside ? [] : [url ? `${GO[lang]}: ${url}` : SIGN_IN[lang], '']
const textOf = (m: Outgoing, sender: Sender): string => {
  const url = linkOf(m, sender)
  const part = (lang: 'zh' | 'en') =>
    [m.title[lang], '', m.body[lang], '', ...goOn(m, url, lang), FOOT[lang]].join('\n')
  return `${part('zh')}\n\n${'-'.repeat(32)}\n\n${part('en')}\n`
}
const htmlOf = (m: Outgoing, sender: Sender): string => {
  const url = linkOf(m, sender)
  const part = (lang: 'zh' | 'en') =>
    `<div lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><h1 style="font-size:18px">${escapeHtml(m.title[lang])}</h1>` +
    `<p>${escapeHtml(m.body[lang]).replaceAll('\n', '<br>')}</p>` +
    (m.outside
      ? ''
      : `<p>${url ? `<a href="${escapeHtml(url)}">${escapeHtml(GO[lang])}</a>` : escapeHtml(SIGN_IN[lang])}</p>`) +
    `<p style="color:#666">${escapeHtml(FOOT[lang])}</p></div>`
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${part('zh')}<hr>${part('en')}</body></html>`
}

type SmtpFailure = { code?: string; responseCode?: number; cause?: { code?: string } }
const CERTIFICATE = /cert|self.signed|altname|issuer|ssl|tls/i
const FIRST_FINAL = 500
const readSmtp = (error: unknown): NotSent => {
  const { code = '', responseCode } = error as SmtpFailure
  if (code === 'ETLS') return notSent('not_trusted')
  if (code === 'EAUTH') return notSent('login_refused')
  if (responseCode !== undefined && responseCode >= 400)
    return responseCode < FIRST_FINAL
      ? notSent('smtp_later', { status: responseCode })
      : notSent('smtp_refused', { status: responseCode, final: code === 'EENVELOPE' || code === 'EMESSAGE' })
  if (CERTIFICATE.test(`${code} ${(error as Error).message}`)) return notSent('not_trusted')
  if (code === 'ETIMEDOUT') return notSent('timeout')
  return notSent(['ECONNECTION', 'ESOCKET', 'EDNS', 'ECONNREFUSED'].includes(code) ? 'unreachable' : 'unknown')
}

/** The same delivery always has the same Message-ID, so that a receiver can drop what comes twice. */
export const messageIdOf = (id: string, smtp: Pick<SmtpConfig, 'from'>): string =>
  `<${id}@${smtp.from.address.slice(smtp.from.address.lastIndexOf('@') + 1)}>`

export const sendMail = async (
  smtp: SmtpConfig,
  to: string,
  m: Outgoing,
  sender: Sender,
  patience: Patience = PATIENCE,
): Promise<void> => {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    requireTLS: smtp.requireTls,
    ...(smtp.auth ? { auth: smtp.auth } : {}),
    tls: { minVersion: 'TLSv1.2', ...(smtp.ca ? { ca: smtp.ca } : {}) },
    connectionTimeout: patience.stepMs,
    greetingTimeout: patience.stepMs,
    socketTimeout: patience.stepMs,
    dnsTimeout: patience.stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notSent('timeout')), patience.wholeMs)
  })
  const sent = transport.sendMail({
    messageId: messageIdOf(m.id, smtp),
    from: { name: oneLine(smtp.from.name || sender.name.zh), address: smtp.from.address },
    to: { name: '', address: to },
    subject: oneLine(m.title.zh),
    text: textOf(m, sender),
    html: htmlOf(m, sender),
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  try {
    await Promise.race([sent, late])
  } catch (error) {
    throw error instanceof NotSent ? error : readSmtp(error)
  } finally {
    clearTimeout(timer)
    transport.close()
    sent.catch(() => undefined)
  }
}

/** What a text-message service gets; it checks the signature over the time and the body. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

const NEVER = new Set([400, 410, 413, 422])
export const sendText = async (
  sms: SmsConfig,
  to: string,
  m: Outgoing,
  at: { timestamp: string; sign: Sender },
  patience: Patience = PATIENCE,
): Promise<void> => {
  const body = JSON.stringify({
    id: m.id,
    phone: to,
    text: oneLine(`【${at.sign.name.zh}】${m.title.zh}。${m.body.zh}`),
  })
  let status: number
  try {
    const reply = await fetch(sms.url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(patience.stepMs),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': m.id,
        'x-xinheng-timestamp': at.timestamp,
        'x-xinheng-signature': signatureOf(sms.secret, at.timestamp, body),
      },
      body,
    })
    status = reply.status
    await reply.body?.cancel()
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    if (name === 'TimeoutError') throw notSent('timeout')
    throw notSent(CERTIFICATE.test(cause?.code ?? '') ? 'not_trusted' : 'unreachable')
  }
  if (status < 200 || status > 299) throw notSent('webhook_refused', { status, final: NEVER.has(status) })
}
