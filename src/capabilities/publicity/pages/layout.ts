import { type Html, html } from '../../../kernel/html.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import type { Policy } from '../../../kernel/policy.ts'
import { dayWords } from '../../../kernel/window.ts'
import type { Lang, Words } from '../../../kernel/words.ts'
import { PROGRESS } from '../words.progress.ts'
import { SITE } from '../words.ts'
import { STYLE_HREF } from '../assets.ts'

/** What every page knows: its language, the business day it was made on, and the rules in force here. */
export type Site = {
  lang: Lang
  today: LocalDate
  policy: Policy
  /** The page is of a past day, which `today` then names; here is the real one, and who looks. */
  past?: { today: LocalDate; looker: 'anyone' | 'subject' | 'office' }
}
export type Query = Record<string, string | undefined>
export type Place = { path: string; query?: Query; title: string; active?: string; index?: boolean }

export const text = (words: Words, lang: Lang): string => words[lang]
export const dayText = (day: LocalDate, lang: Lang): string => dayWords(day)[lang]

/** A link inside the site keeps the language the reader chose. */
export const to = (lang: Lang, path: string, query: Query = {}): string => {
  let href = `${path}?lang=${lang}`
  for (const key in query) {
    const value = query[key]
    if (value) href += `&${key}=${encodeURIComponent(value.toWellFormed())}`
  }
  return href
}

export const platformName = (site: Pick<Site, 'lang' | 'policy'>): string =>
  site.lang === 'zh'
    ? `${site.policy.jurisdiction.name.zh}公共信用信息平台`
    : `${site.policy.jurisdiction.name.en} Public Credit Information`

const MENU: [string, Words][] = [
  ['/', SITE.home],
  ['/lists/licences', SITE.licences],
  ['/lists/penalties', SITE.penalties],
  ['/lists/abnormal', SITE.abnormal],
  ['/lists/serious', SITE.serious],
  ['/repair', SITE.repair],
  ['/objections', SITE.objections],
  ['/policy', SITE.policy],
  ['/about', SITE.about],
]

const MARK = html`<svg viewBox="0 0 40 40" aria-hidden="true" focusable="false"><circle cx="20" cy="20" r="19" fill="#fff"/><path d="M20 8v22M11 13h18M13 32h14M11 13l-5 11h10zM29 13l-5 11h10z" fill="none" stroke="#0a3a7a" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/></svg>`

const headOf = (site: Site, place: Place, name: string): Html => {
  const { lang } = site
  const title = place.title === name ? name : `${place.title}${lang === 'zh' ? '－' : ' – '}${name}`
  return html`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${place.index === false && html`<meta name="robots" content="noindex">`}
<link rel="alternate" hreflang="zh-CN" href="${to('zh', place.path, place.query)}"><link rel="alternate" hreflang="en" href="${to('en', place.path, place.query)}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="${STYLE_HREF}"></head>`
}

/** The part around a page depends on few things; it is made once for each of them. */
const frames = new WeakMap<Policy, Map<string, { nav: Html; foot: Html }>>()
const frameOf = (site: Site, active: string): { nav: Html; foot: Html } => {
  const held = frames.get(site.policy) ?? new Map<string, { nav: Html; foot: Html }>()
  frames.set(site.policy, held)
  const key = `${site.lang}${site.today}${active}`
  const hit = held.get(key)
  if (hit) return hit
  if (held.size > 60) held.clear()
  const { lang } = site
  const nav = html`<nav class="nav" aria-label="${text(SITE.mainMenu, lang)}"><div class="wrap"><ul>${MENU.map(
    ([path, words]) =>
      html`<li><a href="${to(lang, path)}"${active === path && html` aria-current="page"`}>${text(words, lang)}</a></li>`,
  )}</ul></div></nav>`
  const foot = html`<footer class="foot"><div class="wrap">
<p>${text(SITE.asOf, lang)}${dayText(site.today, lang)}</p>
<p>${text(SITE.free, lang)}</p>
<p>${text(SITE.neutral, lang)}</p>
<p><a href="${to(lang, '/about')}">${text(SITE.about, lang)}</a> <a href="${to(lang, '/progress')}">${text(PROGRESS.title, lang)}</a> <a href="${to(lang, '/verify')}">${text(SITE.verify, lang)}</a></p></div></footer>`
  const made = { nav, foot }
  held.set(key, made)
  return made
}

/** A whole page. It needs no JavaScript and holds none. */
export const layout = (site: Site, place: Place, body: Html): string => {
  const { lang } = site
  const name = platformName(site)
  const other: Lang = lang === 'zh' ? 'en' : 'zh'
  const { nav, foot } = frameOf(site, place.active ?? '')
  return `<!doctype html>\n${
    html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">${headOf(site, place, name)}<body>
<a class="skip" href="#main">${text(SITE.skip, lang)}</a>
<header class="top"><div class="wrap"><a class="brand" href="${to(lang, '/')}">${MARK}<span>${name}</span></a>
<div class="side"><a href="/app/">${text(SITE.signIn, lang)}</a><a href="${to(other, place.path, place.query)}" lang="${
      other === 'zh' ? 'zh-CN' : 'en'
    }" hreflang="${other === 'zh' ? 'zh-CN' : 'en'}">${other === 'zh' ? '中文' : 'English'}</a></div></div></header>
${nav}<main id="main" class="wrap" tabindex="-1">${body}</main>${foot}</body></html>`.text
  }`
}

export const searchForm = (
  lang: Lang,
  q: string,
  hint = true,
): Html => html`<form class="find" action="/search" method="get" role="search">
<div class="box"><label for="q">${text(SITE.searchLabel, lang)}</label>
<input id="q" name="q" type="search" value="${q}" maxlength="100" autocomplete="off"${hint && html` aria-describedby="q-hint"`}></div>
<input type="hidden" name="lang" value="${lang}"><button type="submit">${text(SITE.searchDo, lang)}</button></form>${
  hint && html`<p class="small" id="q-hint">${text(SITE.searchHint, lang)}</p>`
}`

export const crumbs = (lang: Lang, here: string): Html =>
  html`<p class="crumbs"><a href="${to(lang, '/')}">${text(SITE.home, lang)}</a> › ${here}</p>`
