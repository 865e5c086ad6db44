import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { capabilities } from '../app.ts'
import type { Endpoint } from '../kernel/api.ts'
import { callEndpoint, openTransport } from '../../web/src/app/client.ts'
import { type Ask, Declined, type Run, decline, textFlag } from './io.ts'

const endpoints = (): Map<string, Endpoint> =>
  new Map(capabilities.flatMap((c) => Object.entries<Endpoint>(c.endpoints)))

const keyOf = (ask: Ask): string | undefined => {
  const file = textFlag(ask, 'key-file')
  if (file === undefined) return textFlag(ask, 'key')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return decline('NO_SUCH_FILE', `读不到密钥文件：${file}`, `the key file cannot be read: ${file}`)
  }
}

const fromJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
const PAIR = /^([A-Za-z_][\w]*)(:=|=|@)([^]*)$/
const read = (arg: string): [string, unknown] => {
  const [, name = '', sign, value = ''] = PAIR.exec(arg) ?? []
  if (sign === '=') return [name, value]
  if (sign === ':=')
    return [name, fromJson(value) ?? decline('USAGE', `${name} 不是有效的 JSON。`, `${name} is not valid JSON.`)]
  if (sign !== '@') return decline('USAGE', `参数应写作 名称=值：${arg}`, `arguments are written name=value: ${arg}`)
  try {
    return [name, { name: basename(value), body: readFileSync(value) }]
  } catch {
    return decline('NO_SUCH_FILE', `没有这个文件：${value}`, `there is no such file: ${value}`)
  }
}

/** What was typed as text and the body wants as a number, a list or a flag is read as JSON. */
const suited = (endpoint: Endpoint, input: Record<string, unknown>): Record<string, unknown> => {
  const issues = endpoint.body?.safeParse(input).error?.issues ?? []
  const wrong = new Set(
    issues.filter((i) => i.code === 'invalid_type' || i.code === 'invalid_union').map((i) => String(i.path[0])),
  )
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      wrong.has(name) && typeof value === 'string' ? (fromJson(value) ?? value) : value,
    ]),
  )
}

const listed = (ask: Ask) => {
  const rows = [...endpoints()].map(([name, { method, path, summary }]) => ({ name, method, path, summary }))
  return {
    exit: 0 as const,
    data: rows,
    lines: rows.map((r) => `${r.name}  ${r.method} ${r.path}  ${r.summary[ask.lang]}`),
  }
}

export const callCommand: Run = async (ask) => {
  if (ask.flags.list === true) return listed(ask)
  const [name, ...pairs] = ask.args
  if (!name)
    return decline(
      'USAGE',
      '缺少接口名称；xinheng call --list 列出全部接口。',
      'ENDPOINT is missing; xinheng call --list names them all.',
    )
  const endpoint = endpoints().get(name)
  if (!endpoint)
    return decline(
      'NO_SUCH_ENDPOINT',
      `没有接口“${name}”；xinheng call --list 列出全部接口。`,
      `there is no endpoint “${name}”; xinheng call --list names them all.`,
    )
  const base = textFlag(ask, 'url') ?? `http://127.0.0.1:${ask.env.PORT?.trim() || '8080'}`
  if (!URL.canParse(base)) return decline('USAGE', `--url 不是网址：${base}`, `--url is not an address: ${base}`)
  const key = keyOf(ask)
  const transport = openTransport({ base: base.replace(/\/$/, ''), lang: ask.lang, jar: true, ...(key ? { key } : {}) })
  const input = suited(endpoint, Object.fromEntries(pairs.map(read)))
  const unsent = unplaced(endpoint, input)
  if (unsent.length)
    return decline('USAGE', `路径缺少参数：${unsent.join('、')}`, `the path needs ${unsent.join(', ')}`)
  const reply: unknown = await callEndpoint(transport, endpoint, input as never).catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error
    const words = {
      zh: `连接不上平台 ${base}，请确认它正在运行。`,
      en: `The platform at ${base} cannot be reached; is it running?`,
    }
    throw new Declined('UNREACHABLE', words, 1)
  })
  if (endpoint.reply === 'file') return saved(ask, reply as { name: string; mediaType: string; body: Blob })
  const text = typeof reply === 'string' ? reply : JSON.stringify(reply, null, 2)
  return { exit: 0, data: reply, lines: [text] }
}

const unplaced = (endpoint: Endpoint, input: Record<string, unknown>): string[] =>
  [...endpoint.path.matchAll(/:(\w+)/g)]
    .map((m) => m[1]!)
    .filter((name) => input[name] === undefined || input[name] === '')

const saved = async (ask: Ask, file: { name: string; mediaType: string; body: Blob }) => {
  const path = textFlag(ask, 'out') ?? basename(file.name)
  writeFileSync(path, new Uint8Array(await file.body.arrayBuffer()))
  return { exit: 0 as const, data: { path, mediaType: file.mediaType, bytes: file.body.size }, lines: [path] }
}
