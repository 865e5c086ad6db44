/**
 * Looking at a page as a person would, and as a checker would: a picture of it, axe on it, nothing wider than the screen, no
 * raw codes, no untranslated words, no errors behind the scenes.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { inFlight } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const IN_PAGE = readFileSync(new URL('./in-page.js', import.meta.url), 'utf8')
const shots = fileURLToPath(new URL('./shots', import.meta.url))
mkdirSync(shots, { recursive: true })

const KEEPS_PICTURES = process.env['XINHENG_PICTURES'] !== 'no'
export const picture = async (page: Page, name: string, fullPage = true): Promise<void> => {
  if (!KEEPS_PICTURES) return
  if (fullPage) await page.evaluate('scrollTo(0, 0)')
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage })
}

const CALM = 3
const STEP_MS = 40
const LONGEST_MS = 30_000
/** Nothing is on its way any more, and was not a moment ago: no request, no spinner, no running animation. */
export const settled = async (page: Page): Promise<void> => {
  await page.waitForLoadState('load')
  await page.evaluate(IN_PAGE)
  const until = Date.now() + LONGEST_MS
  for (let calm = 0; calm < CALM; await sleep(STEP_MS)) {
    calm = inFlight(page) === 0 && (await page.evaluate<boolean>('looking.quiet()')) ? calm + 1 : 0
    if (Date.now() > until) throw new Error(`the page does not come to rest: ${page.url()}`)
  }
}

/** No page scrolls sideways; a table may, inside its own frame. */
const overflow = (page: Page) => page.evaluate<string[]>('looking.overflow()')
const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(AXE)
  return page.evaluate<string[]>('looking.axe()')
}
/** A text, whether it belongs to the page rather than to the data on it, and whether it is marked as a code. */
type Said = { text: string; chrome: boolean; data: boolean }
const said = (page: Page) => page.evaluate<Said[]>('looking.said()')

/** Words that a Chinese official page carries as they are. */
const LATIN = new Set(
  'Xinheng JSON XML PDF JPG PNG DOCX MB KB xlsx csv UTF GBK GB UTF-8 UTF-16 GB18030 API XLSX CSV Excel WPS columns constants English HTTP IP CloudEvents Ed25519'.split(
    ' ',
  ),
)
const RAW: [string, RegExp][] = [
  ['a raw word', /\b[a-z]+(?:_[a-z]+)+\b/],
  ['a national code', /\b(?:CF|XK)_[A-Z0-9_]+/],
  ['an id', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/i],
  ['braces', /[{}]/],
  ['an empty value', /\b(?:undefined|null|NaN|Invalid Date|\[object)\b/],
]
/** English takes the punctuation of ASCII. */
const FULL_WIDTH = /[\u3001\u3002\u3008-\u3011\uff01-\uff5e]/u
const FILE_NAME = /[^\s：:（(“"]+\.(?:pdf|jpg|png|docx|xlsx|csv)\b/gi
/** A code of verification may be of letters alone. */
const CODE = /\b(?:[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}|(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,})\b/g
/** Data stays in the language in which it was decided: names of companies and authorities, document numbers, instruments. */
const DATA = [
  /[^\s，；、"“”]*（演示）/g,
  /[\p{Script=Han}]+[甲乙丙丁](?=[”’]|$)/gu,
  /准予[\p{Script=Han}、]+决定书/gu,
  /[^\s，；、"“”()（）]*虚构[^\s，；、"“”()（）]*/g,
  /[\p{Script=Han}]+[〔[]\d{4}[〕\]][\p{Script=Han}\d]*/gu,
  FILE_NAME,
]

export const wording = async (page: Page, lang: 'zh' | 'en', known: RegExp[] = []): Promise<string[]> => {
  const found: string[] = []
  for (const { text, chrome, data } of await said(page)) {
    if (data) continue
    const plain = text.replace(FILE_NAME, '')
    for (const [what, pattern] of RAW) {
      if (pattern.test(plain)) found.push(`${what}: ${text}`)
    }
    if (lang === 'zh') {
      const words = plain.replace(CODE, '').match(/[A-Za-z][A-Za-z0-9-]+/g) ?? []
      const strange = words.filter((w) => !LATIN.has(w) && !known.some((k) => k.test(w)))
      if (strange.length) found.push(`not Chinese (${strange.join(' ')}): ${text}`)
    } else if (chrome) {
      const left = [...DATA, ...known].reduce((rest, pattern) => rest.replace(pattern, ''), text)
      if (/\p{Script=Han}/u.test(left)) found.push(`not English: ${text}`)
      else if (FULL_WIDTH.test(left)) found.push(`full-width punctuation: ${text}`)
    }
  }
  return [...new Set(found)]
}

export type LookOptions = { lang?: 'zh' | 'en'; axe?: boolean; picture?: boolean; known?: RegExp[] }
/** Everything at once; gives what is wrong, each line named by the page. */
export const look = async (page: Page, name: string, options: LookOptions = {}): Promise<string[]> => {
  await settled(page)
  if (options.picture ?? true) await picture(page, name)
  const lines = [
    ...(await overflow(page)),
    ...(await wording(page, options.lang ?? 'zh', options.known)),
    ...((options.axe ?? true) ? await axe(page) : []),
  ]
  return lines.map((line) => `${name}: ${line}`)
}
