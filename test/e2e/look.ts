/**
 * Looking at a page as a person would, and as a checker would: a picture of it, axe on it, nothing wider than the screen, no
 * raw codes, no untranslated words, no errors behind the scenes.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = fileURLToPath(new URL('./shots', import.meta.url))
mkdirSync(shots, { recursive: true })

export const picture = async (page: Page, name: string, fullPage = true): Promise<void> => {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage })
}

/** Waits until nothing is on its way: no request, no spinner, no running animation. */
export const settled = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(
    () =>
      !document.querySelector('.ant-spin-spinning, .ant-btn-loading') &&
      document
        .getAnimations()
        .every((a) => a.playState !== 'running' || a.effect?.getTiming().iterations === Number.POSITIVE_INFINITY),
  )
}

export const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    type Found = { id: string; impact: string; help: string; nodes: { html: string; failureSummary: string }[] }
    const engine = (globalThis as unknown as { axe: { run: (o: object) => Promise<{ violations: Found[] }> } }).axe
    const { violations } = await engine.run({ resultTypes: ['violations'] })
    return violations.map(
      (v) => `axe ${v.id} (${v.impact}): ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(' | ')}`,
    )
  })
}

/** No page scrolls sideways; a table may, inside its own frame. */
export const overflow = async (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > clientWidth + 1)
      .map((e) => `${e.tagName.toLowerCase()}.${String(e.className).slice(0, 60)}`)
    return [`wider than the screen: ${scrollWidth} > ${clientWidth}: ${wide.slice(-5).join(', ')}`]
  })

type Said = { text: string; chrome: boolean; data: boolean }
/** Every text that a person sees or hears, with what it stands in. */
const said = (page: Page): Promise<Said[]> =>
  page.evaluate(() => {
    const CHROME =
      'button, th, label, legend, nav a, header a, footer a, dt, caption, option, .ant-descriptions-item-label, .ant-segmented-item, .ant-tag, .ant-menu-item, .ant-select-item-option, .ant-empty-description, .ant-statistic-title, .ant-alert-title'
    const here = document.documentElement.lang.slice(0, 2)
    const out: Said[] = []
    const seen = (e: Element) =>
      e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0
    const foreign = (e: Element) => {
      const lang = e.closest('[lang]')?.getAttribute('lang')
      return Boolean(lang && lang.slice(0, 2) !== here)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const e = node.parentElement
      const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim()
      if (!e || !text || e.closest('script, style, noscript, textarea') || !seen(e) || foreign(e)) continue
      out.push({
        text,
        chrome: Boolean(e.closest(CHROME)) || ['H1', 'H2', 'H3'].includes(e.tagName),
        data: Boolean(e.closest('code')),
      })
    }
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
      if (!seen(e) || foreign(e)) continue
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        const text = e.getAttribute(name)?.trim()
        if (text) out.push({ text, chrome: true, data: false })
      }
    }
    out.push({ text: document.title, chrome: true, data: false })
    return out
  })

/** Words that a Chinese official page carries as they are. */
const LATIN = new Set(
  'Xinheng PDF JPG PNG DOCX MB KB xlsx csv UTF GBK GB UTF-8 UTF-16 GB18030 API XLSX CSV Excel WPS columns constants English HTTP'.split(
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
const FILE_NAME = /[^\s：:（(“"]+\.(?:pdf|jpg|png|docx|xlsx|csv)\b/gi
const CODE = /\b(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}\b/g
/** Data stays in the language in which it was decided: names of companies and authorities, document numbers, instruments. */
const DATA = [
  /[^\s，；、"“”()（）]*（演示）/g,
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
