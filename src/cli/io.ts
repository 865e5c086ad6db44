import type { Lang, Words } from '../kernel/words.ts'

/** How a command speaks: what it found as data and as lines; which of the two is printed, `--json` decides. */
export type Outcome = { exit: 0 | 1 | 2; data: unknown; lines: string[] }
export type Flags = Record<string, string | boolean | undefined>
export type Ask = {
  env: Record<string, string | undefined>
  lang: Lang
  args: string[]
  flags: Flags
  /** Progress for a person; silent with --json. */
  say: (line: string) => void
}
export type Run = (ask: Ask) => Promise<Outcome | undefined>

/** The command cannot or may not be carried out, and the person at the keyboard can mend it: one line, exit 2. */
export class Declined extends Error {
  readonly words: Words
  readonly code: string
  readonly exit: 1 | 2
  constructor(code: string, words: Words, exit: 1 | 2 = 2) {
    super(code)
    this.code = code
    this.words = words
    this.exit = exit
  }
}
export const decline = (code: string, zh: string, en: string): never => {
  throw new Declined(code, { zh, en })
}

export const textFlag = (ask: Ask, name: string): string | undefined => {
  const value = ask.flags[name]
  return typeof value === 'string' ? value : undefined
}

/** The one argument of a command that takes exactly one. */
export const oneArgument = (ask: Ask, name: string): string => {
  const [value, ...more] = ask.args
  if (!value) return decline('USAGE', `缺少参数 ${name}。`, `${name} is missing.`)
  if (more.length) return decline('USAGE', `多余的参数：${more.join(' ')}`, `too many arguments: ${more.join(' ')}`)
  return value
}
export const noArguments = (ask: Ask): void => {
  if (ask.args.length)
    decline('USAGE', `多余的参数：${ask.args.join(' ')}`, `too many arguments: ${ask.args.join(' ')}`)
}
