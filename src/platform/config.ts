import { resolve } from 'node:path'
import { type Clock, type Instant, instant } from '../kernel/time.ts'

export type Config = {
  port: number
  host: string
  dataDir: string
  databaseUrl: string | undefined
  jurisdiction: string
  now: Instant | undefined
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  production: boolean
}

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
  return {
    port: Number(port),
    host,
    dataDir: resolve(text('DATA_DIR', 'data')),
    databaseUrl,
    jurisdiction,
    now: nowText ? instant(nowText) : undefined,
    logLevel: logLevel as Config['logLevel'],
    production,
  }
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
