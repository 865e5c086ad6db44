import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Lang } from '../kernel/words.ts'
import { COMMANDS, type Command } from './commands.ts'
import { failureOf } from './failures.ts'
import { type Flags, type Outcome, decline } from './io.ts'

const COMMON = {
  json: { type: 'boolean', default: false },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const write = (stream: NodeJS.WriteStream, text: string) =>
  new Promise<void>((done) => {
    stream.write(text, () => done())
  })

/** `--lang`, else the language of the terminal, else Chinese. */
const languageOf = (flag: unknown, env: Record<string, string | undefined>): Lang => {
  if (flag === 'zh' || flag === 'en') return flag
  if (flag !== undefined) decline('USAGE', '--lang 应为 zh 或 en。', '--lang is zh or en.')
  return (env.LC_ALL || env.LC_MESSAGES || env.LANG || '').startsWith('en') ? 'en' : 'zh'
}

const help = (): string => {
  const rows = COMMANDS.flatMap((c) => [
    `  ${[c.name, c.usage].filter(Boolean).join(' ')}`,
    `      ${c.about.zh}`,
    `      ${c.about.en}`,
  ])
  return [
    '信衡 xinheng：公共信用信息平台命令行 / the platform’s command line',
    '',
    '用法 / usage: xinheng COMMAND [--json] [--lang zh|en] [--help]',
    '',
    ...rows,
    '',
    '环境变量 / environment: PORT HOST DATA_DIR DATABASE_URL JURISDICTION XINHENG_NOW LOG_LEVEL',
    '退出码 / exit codes: 0 完成 done, 1 故障 fault, 2 未予办理 refused',
    '',
  ].join('\n')
}
const helpOn = (c: Command): string =>
  `${['xinheng', c.name, c.usage].filter(Boolean).join(' ')}\n  ${c.about.zh}\n  ${c.about.en}\n`

const versionText = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return `${(JSON.parse(manifest) as { version: string }).version}\n`
}

/** The command that the first one or two words name, and what follows them. */
const commandOf = (argv: readonly string[]): { command: Command; rest: string[] } => {
  const [first = '', second = ''] = argv
  for (const [name, words] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const command = COMMANDS.find((c) => c.name === name)
    if (command) return { command, rest: argv.slice(words) }
  }
  const family = COMMANDS.filter((c) => c.name.startsWith(`${first} `)).map((c) => c.name)
  if (family.length && !first.startsWith('-'))
    return decline('USAGE', `请指定子命令：${family.join('、')}。`, `say which: ${family.join(', ')}.`)
  return decline(
    'UNKNOWN_COMMAND',
    `没有“${first}”这个命令，可用的命令见 xinheng --help。`,
    `there is no command “${first}”; see xinheng --help.`,
  )
}

const parsed = (command: Command, rest: string[]): { args: string[]; flags: Flags } => {
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    })
    return { args: positionals, flags: values as Flags }
  } catch (error) {
    const flag = /'(-[^' ]*)/.exec((error as Error).message)?.[1] ?? ''
    return (error as { code?: string }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
      ? decline('UNKNOWN_FLAG', `${command.name} 没有选项 ${flag}。`, `${command.name} has no option ${flag}.`)
      : decline(
          'USAGE',
          `选项 ${flag} 的用法不对：见 xinheng ${command.name} --help。`,
          `${flag} is not used like this; see xinheng ${command.name} --help.`,
        )
  }
}

/** Runs one command; answers the exit code. */
export const main = async (argv: string[], env: Record<string, string | undefined>): Promise<number> => {
  const json = argv.includes('--json')
  const words = argv.filter((a) => a !== '--json')
  let lang: Lang = languageOf(undefined, env)
  const finish = async (outcome: Outcome): Promise<number> => {
    const toError = outcome.exit !== 0 && !json
    const text = json ? `${JSON.stringify(outcome.data, null, 2)}\n` : outcome.lines.map((l) => `${l}\n`).join('')
    if (text) await write(toError ? process.stderr : process.stdout, text)
    return outcome.exit
  }
  try {
    if (!words.length || words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
      await write(process.stdout, help())
      return words.length ? 0 : 2
    }
    if (words[0] === '--version') {
      await write(process.stdout, versionText())
      return 0
    }
    const family = COMMANDS.filter((c) => c.name.startsWith(`${words[0]} `))
    if (family.length && (words[1] === '--help' || words[1] === '-h')) {
      await write(process.stdout, family.map(helpOn).join(''))
      return 0
    }
    const { command, rest } = commandOf(words)
    const { args, flags } = parsed(command, rest)
    lang = languageOf(flags.lang, env)
    if (flags.help) {
      await write(process.stdout, helpOn(command))
      return 0
    }
    const run = await command.load()
    const say = (line: string) => void (json || process.stdout.write(`${line}\n`))
    const outcome = await run({ env, lang, args, flags, say })
    return outcome ? await finish(outcome) : 0
  } catch (error) {
    const failure = await failureOf(error, lang)
    return finish({ exit: failure.exit, data: { error: failure.data }, lines: [failure.line] })
  }
}
