import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Clock, type Instant, instant } from '../kernel/time.ts'

export type Config = {
  port: number
  host: string
  dataDir: string
  /** Below it lie the folders that authorities drop files into. */
  foldersDir: string
  /** Below it lie the folders that are shared with peers of exchange. */
  exchangeDir: string
  databaseUrl: string | undefined
  jurisdiction: string
  now: Instant | undefined
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  production: boolean
  /** Where people reach the platform, for links in mails. */
  publicUrl?: string | undefined
  /** Absent: messages stay in the inbox. */
  smtp?: SmtpConfig | undefined
  sms?: SmsConfig | undefined
}
/** A mail server: `smtp://` (STARTTLS where it is offered, required with a login away from this machine) or `smtps://`. */
export type SmtpConfig = {
  host: string
  port: number
  secure: boolean
  requireTls: boolean
  auth: { user: string; pass: string } | undefined
  /** PEM of a certificate authority of one's own. */
  ca: string | undefined
  from: { name: string; address: string }
}
export type SmsConfig = { url: string; secret: string }

/** A setting is wrong: one clear line, and the process does not start. */
export class BadConfig extends Error {}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const bad = (name: string, value: string, zh: string, en: string): never => {
  throw new BadConfig(`${name}=${value} 无效:${zh} / ${name}=${value} is not valid: ${en}`)
}

/** Reads the environment. Absent means default; malformed stops the start. `jurisdictions` are the packs that exist. */
export const readConfig = (env: Record<string, string | undefined>, jurisdictions: readonly string[]): Config => {
  const text = (name: string, fallback: string) => env[name]?.trim() || fallback
  const port = text('PORT', '8080')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    bad('PORT', port, '应为 0 至 65535 的整数', 'a whole number from 0 to 65535')
  const host = text('HOST', '127.0.0.1')
  if (!/^[\w.:-]+$/.test(host)) bad('HOST', host, '应为主机名或 IP 地址', 'a host name or an IP address')
  const jurisdiction = text('JURISDICTION', '440100')
  if (!jurisdictions.includes(jurisdiction)) {
    bad('JURISDICTION', jurisdiction, `可用的有 ${jurisdictions.join('、')}`, `one of ${jurisdictions.join(', ')}`)
  }
  const logLevel = text('LOG_LEVEL', 'info')
  if (!LEVELS.some((l) => l === logLevel))
    bad('LOG_LEVEL', logLevel, `应为 ${LEVELS.join('、')}`, `one of ${LEVELS.join(', ')}`)
  const databaseUrl = env.DATABASE_URL?.trim() || undefined
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    bad('DATABASE_URL', '…', '应以 postgres:// 开头', 'it should begin with postgres://')
  }
  const production = env.NODE_ENV === 'production'
  const nowText = env.XINHENG_NOW?.trim()
  if (nowText && production)
    bad('XINHENG_NOW', nowText, '生产环境不允许设置时钟', 'the clock cannot be set in production')
  if (nowText && Number.isNaN(Date.parse(nowText))) bad('XINHENG_NOW', nowText, '应为 ISO 时间', 'an ISO instant')
  const sending = readSending(env, production)
  return {
    port: Number(port),
    host,
    dataDir: resolve(text('DATA_DIR', 'data')),
    foldersDir: resolve(text('FOLDERS_DIR', join(text('DATA_DIR', 'data'), 'folders'))),
    exchangeDir: resolve(text('EXCHANGE_DIR', join(text('DATA_DIR', 'data'), 'exchange'))),
    databaseUrl,
    jurisdiction,
    now: nowText ? instant(nowText) : undefined,
    logLevel: logLevel as Config['logLevel'],
    production,
    ...sending,
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/
const SECRET_MIN = 16
const parsedUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** Secrets stand in these, so a line about them never repeats the value. */
const readSending = (
  env: Record<string, string | undefined>,
  production: boolean,
): Pick<Config, 'publicUrl' | 'smtp' | 'sms'> => {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined
  const publicUrl = given('PUBLIC_URL')
  if (publicUrl && !/^https?:$/.test(parsedUrl(publicUrl)?.protocol ?? ''))
    bad(
      'PUBLIC_URL',
      publicUrl,
      '应为 http:// 或 https:// 开头的网址',
      'an address that begins with http:// or https://',
    )
  const smtpUrl = given('SMTP_URL')
  const from = given('SMTP_FROM')
  if (smtpUrl && !from) bad('SMTP_FROM', '', '设置 SMTP_URL 时应当填写发件人', 'it is needed with SMTP_URL')
  if (from && !smtpUrl) bad('SMTP_URL', '', '设置 SMTP_FROM 时应当填写邮件服务器', 'it is needed with SMTP_FROM')
  const smsUrl = given('SMS_WEBHOOK_URL')
  const secret = given('SMS_WEBHOOK_SECRET')
  if (smsUrl && !secret)
    bad('SMS_WEBHOOK_SECRET', '', '设置 SMS_WEBHOOK_URL 时应当填写签名密钥', 'it is needed with SMS_WEBHOOK_URL')
  if (secret && !smsUrl)
    bad('SMS_WEBHOOK_URL', '', '设置 SMS_WEBHOOK_SECRET 时应当填写接口地址', 'it is needed with SMS_WEBHOOK_SECRET')
  return {
    publicUrl: publicUrl?.replace(/\/+$/, ''),
    smtp: smtpUrl && from ? readSmtp(smtpUrl, from) : undefined,
    sms: smsUrl && secret ? readSms(smsUrl, secret, production) : undefined,
  }
}

const readSmtp = (text: string, sender: string): SmtpConfig => {
  const url = parsedUrl(text)
  const port = Number(url?.port || (url?.protocol === 'smtps:' ? 465 : 587))
  const unknown = [...(url?.searchParams.keys() ?? [])].some((name) => name !== 'ca')
  let auth: SmtpConfig['auth']
  try {
    auth = url?.username
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : undefined
  } catch {
    return bad(
      'SMTP_URL',
      '…',
      '用户名或密码中的特殊字符应当按网址规则转写',
      'escape special signs of the login with %',
    )
  }
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname) || port < 1 || unknown) {
    return bad(
      'SMTP_URL',
      '…',
      '应为 smtp://用户:密码@主机:端口 或 smtps://…，可带 ?ca=证书文件',
      'smtp://user:password@host:port or smtps://…, with ?ca=FILE if need be',
    )
  }
  const hit = /^(?:"?([^"<>]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))$/.exec(sender)
  const [name, address] = [hit?.[1] ?? '', hit?.[2] ?? hit?.[3] ?? '']
  // oxlint-disable-next-line no-control-regex
  if (!ADDRESS.test(address) || /[\u0000-\u001f\u007f]/.test(sender))
    return bad('SMTP_FROM', '…', '应为 地址 或 名称 <地址>', 'an address, or Name <address>')
  const caPath = url.searchParams.get('ca')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    secure: url.protocol === 'smtps:',
    requireTls: auth !== undefined && !LOOPBACK.has(url.hostname),
    auth,
    ca: caPath === null ? undefined : readPem(caPath),
    from: { name, address },
  }
}
const readPem = (path: string): string => {
  try {
    const pem = readFileSync(path, 'utf8')
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
  } catch {
    // The line below says so.
  }
  return bad(
    'SMTP_URL',
    '…',
    `ca 指定的证书文件无法读取：${path}`,
    `the certificate file of ca cannot be read: ${path}`,
  )
}
const readSms = (text: string, secret: string, production: boolean): SmsConfig => {
  const url = parsedUrl(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username)
    return bad('SMS_WEBHOOK_URL', '…', '应为 https:// 开头的网址', 'an address that begins with https://')
  if (production && url.protocol === 'http:' && !LOOPBACK.has(url.hostname))
    return bad('SMS_WEBHOOK_URL', '…', '生产环境应使用 https://', 'https:// is needed in production')
  if (secret.length < SECRET_MIN)
    return bad('SMS_WEBHOOK_SECRET', '…', `应不少于 ${SECRET_MIN} 个字符`, `at least ${SECRET_MIN} characters`)
  return { url: url.href, secret }
}

/** The only source of time. With XINHENG_NOW the clock starts there and runs on. Within a millisecond it says the same text. */
export const clockOf = (config: Pick<Config, 'now'>): Clock => {
  const offset = config.now ? Date.parse(config.now) - Date.now() : 0
  let last = Number.NaN
  let text = '' as Instant
  return {
    now: () => {
      const ms = Date.now() + offset
      if (ms !== last) {
        last = ms
        text = new Date(ms).toISOString() as Instant
      }
      return text
    },
  }
}
