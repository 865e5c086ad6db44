import { html } from '../../../kernel/html.ts'
import type { Words } from '../../../kernel/words.ts'
import { HOME, SITE } from '../words.ts'
import { type ListRow, shownRows } from './list.ts'
import { type Site, layout, platformName, searchForm, text, to } from './layout.ts'

/** `more`: the count stops there, and there are more. */
export type Count = { label: Words; n: number; more: boolean; path: string | null }
export type HomeView = { counts: Count[]; licences: ListRow[]; penalties: ListRow[] }

const COLUMNS: [string, Words, Words][] = [
  ['/lists/abnormal', SITE.abnormal, HOME.abnormalLead],
  ['/lists/serious', SITE.serious, HOME.seriousLead],
  ['/repair', SITE.repair, HOME.repairLead],
  ['/objections', SITE.objections, HOME.objectionsLead],
  ['/policy', SITE.policy, HOME.policyLead],
  ['/app/', HOME.workbench, HOME.signInLead],
]

const newest = (site: Site, title: Words, rows: ListRow[], all: Words, path: string) => {
  const { lang } = site
  return html`<section class="card"><h2>${text(title, lang)}</h2>${
    rows.length ? shownRows(site, rows) : html`<p class="lead">${text(HOME.none, lang)}</p>`
  }<p class="more"><a href="${to(lang, path)}">${text(all, lang)}</a></p></section>`
}

export const homePage = (site: Site, view: HomeView): string => {
  const { lang } = site
  const count = (c: Count) => {
    const n = html`<b>${c.n.toLocaleString('en')}${c.more && text(HOME.atLeast, lang)}</b>`
    const label = text(c.label, lang)
    return html`<li>${n}<span>${c.path ? html`<a href="${to(lang, c.path)}">${label}</a>` : label}</span></li>`
  }
  const body = html`<section class="card hero"><h1>${platformName(site)}</h1><p class="lead">${text(HOME.lead, lang)}</p>${searchForm(lang, '')}</section>
<section aria-label="${text(HOME.counters, lang)}"><ul class="counts">${view.counts.map(count)}</ul></section>
<div class="grid">${newest(site, HOME.newestLicences, view.licences, HOME.allLicences, '/lists/licences')}${newest(site, HOME.newestPenalties, view.penalties, HOME.allPenalties, '/lists/penalties')}</div>
<section aria-label="${text(HOME.columns, lang)}"><ul class="tiles">${COLUMNS.map(
    ([path, title, lead]) =>
      html`<li><h2><a href="${path === '/app/' ? path : to(lang, path)}">${text(title, lang)}</a></h2><p>${text(lead, lang)}</p></li>`,
  )}</ul></section>`
  return layout(site, { path: '/', title: platformName(site), active: '/' }, body)
}
