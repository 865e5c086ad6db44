import { inForce, settingOf } from '../../../kernel/eligibility.ts'
import { html } from '../../../kernel/html.ts'
import type { Lang } from '../../../kernel/words.ts'
import { GROUNDS, GROUND_WORDS } from '../../objections/words.ts'
import { ABOUT, OBJECT } from '../words.guide.ts'
import { REPORT } from '../words.report.ts'
import { ERRORS, SITE } from '../words.ts'
import { termTable } from './guide.ts'
import { type Site, crumbs, layout, searchForm, text, to } from './layout.ts'
import { basisText } from './record.ts'

export const objectionsPage = (site: Site): string => {
  const { lang, policy, today } = site
  const title = text(OBJECT.title, lang)
  const regimes = policy.regimes.filter((r) => inForce(r, today))
  const terms = [...policy.terms, ...regimes.flatMap((r) => r.terms)].filter(
    (t) => inForce(t, today) && t.step.includes('objection'),
  )
  const row = settingOf(policy, 'objection_kinds', today)
  const grounds = GROUNDS.filter((g) => ((row?.value ?? []) as string[]).includes(g))
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${text(OBJECT.lead, lang)}</p><p class="note">${text(OBJECT.online, lang)}</p><p class="more"><a href="/app/objections">${text(SITE.signIn, lang)}</a><a href="${to(lang, '/objections/reports')}">${text(REPORT.statusTitle, lang)}</a></p></section>
<section class="card"><h2>${text(OBJECT.grounds, lang)}</h2><ul class="plain">${grounds.map((g) => html`<li>${text(GROUND_WORDS[g], lang)}</li>`)}</ul>${
    row && html`<p class="small">${basisText(row, site)}</p>`
  }</section>
<section class="card"><h2>${text(OBJECT.where, lang)}</h2><p>${text(OBJECT.whereText, lang)}</p></section>
<section class="card"><h2>${text(OBJECT.terms, lang)}</h2>${termTable(terms, site, true)}</section>
<section class="card"><h2>${text(OBJECT.shown, lang)}</h2><p>${text(OBJECT.shownText, lang)}</p></section>`
  return layout(site, { path: '/objections', title, active: '/objections' }, body)
}

export const aboutPage = (site: Site): string => {
  const { lang } = site
  const title = text(ABOUT.title, lang)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1>${[
    ABOUT.what,
    ABOUT.how,
    ABOUT.persons,
    ABOUT.privacy,
    ABOUT.day,
  ].map(
    (w) => html`<p>${text(w, lang)}</p>`,
  )}<p class="more"><a href="${to(lang, '/policy')}">${text(SITE.policy, lang)}</a><a href="${to(lang, '/repair')}">${text(SITE.repair, lang)}</a><a href="${to(lang, '/objections')}">${text(SITE.objections, lang)}</a></p></section>`
  return layout(site, { path: '/about', title, active: '/about' }, body)
}

/** A refusal in words with what to do next, on a page of the site. */
export const messagePage = (site: Site, title: string, message: string): string => {
  const { lang } = site
  const body = html`<section class="card"><h1>${title}</h1><p>${message}</p>${searchForm(lang, '', false)}<p class="more"><a href="${to(lang, '/')}">${text(SITE.home, lang)}</a></p></section>`
  return layout(site, { path: '/', title, index: false }, body)
}

/** What an error of the edge looks like to people: its meaning, what to do, and the number to quote. */
export const errorPage = (site: Site, problem: { status: number; detail?: string; requestId?: string }): string => {
  const { lang } = site
  const known = ERRORS[problem.status] ?? (problem.status >= 500 ? ERRORS[500] : ERRORS[400])
  const title = known ? text(known.title, lang) : ''
  const detail = problem.status < 500 ? problem.detail : undefined
  const number: Record<Lang, string> = { zh: '请求编号：', en: 'Request number: ' }
  const body = html`<section class="card"><h1>${title}</h1>${detail && html`<p>${detail}</p>`}<p>${known && text(known.help, lang)}</p><p class="more"><a href="${to(lang, '/')}">${text(SITE.home, lang)}</a>${
    problem.status === 401 && html`<a href="/app/">${text(SITE.signIn, lang)}</a>`
  }</p>${problem.status >= 500 && problem.requestId && html`<p class="small">${number[lang]}${problem.requestId}</p>`}</section>`
  return layout(site, { path: '/', title, index: false }, body)
}
