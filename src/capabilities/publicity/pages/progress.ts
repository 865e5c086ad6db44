import { html } from '../../../kernel/html.ts'
import { type Instant, type LocalDate, dayOf } from '../../../kernel/time.ts'
import type { ProgressView } from '../../repair/index.ts'
import { STATE_WORDS } from '../../repair/words.ts'
import { PROGRESS } from '../words.progress.ts'
import { type Site, crumbs, dayText, layout, text } from './layout.ts'

type Asked = { no: string; csrf: string | null; wrong?: boolean }

const form = (site: Site, { no, csrf, wrong }: Asked) => {
  const { lang } = site
  return html`<section class="card"><h1>${text(PROGRESS.title, lang)}</h1><p>${text(PROGRESS.lead, lang)}</p>${
    wrong && html`<p class="note" role="alert">${text(PROGRESS.wrong, lang)}</p>`
  }<form class="stack" action="/progress?lang=${lang}" method="post">${csrf !== null && html`<input type="hidden" name="csrf" value="${csrf}">`}
<p><label for="no">${text(PROGRESS.no, lang)}</label><br><input id="no" name="no" value="${no}" maxlength="40" required autocomplete="off" spellcheck="false"></p>
<p><label for="code">${text(PROGRESS.code, lang)}</label><br><input id="code" name="code" maxlength="20" required autocomplete="off" spellcheck="false" autocapitalize="characters"></p>
<p><button type="submit">${text(PROGRESS.ask, lang)}</button></p></form><p class="small">${text(PROGRESS.help, lang)}</p></section>`
}

const dayOr = (day: string | null, site: Site): string => (day ? dayText(day as LocalDate, site.lang) : '')

const found = (site: Site, view: ProgressView) => {
  const { lang } = site
  return html`<section class="card"><h2>${text(PROGRESS.application, lang)} ${view.no}</h2><p>${text(PROGRESS.submitted, lang)}${dayText(
    dayOf(view.submittedAt as Instant),
    lang,
  )}</p>${view.items.map(
    (i) => html`<article class="stack"><h3>${text(i.itemName, lang)} · ${i.docNo}</h3><dl class="facts">
<dt>${text(PROGRESS.state, lang)}</dt><dd><strong>${text(STATE_WORDS[i.state], lang)}</strong></dd>
<dt>${text(PROGRESS.decider, lang)}</dt><dd>${i.deciderName}</dd>${
      i.dueOn && html`<dt>${text(PROGRESS.due, lang)}</dt><dd>${dayOr(i.dueOn, site)}</dd>`
    }${i.decidedOn && html`<dt>${text(PROGRESS.decided, lang)}</dt><dd>${dayOr(i.decidedOn, site)}</dd>`}
<dt>${text(PROGRESS.next, lang)}</dt><dd>${text(i.next, lang)}</dd>${
      i.missing.length > 0 &&
      html`<dt>${text(PROGRESS.missing, lang)}</dt><dd><ul class="plain">${i.missing.map((m) => html`<li>${text(m, lang)}</li>`)}</ul></dd>`
    }</dl></article>`,
  )}</section>`
}

/** By number and code of a receipt, for people without an account; it needs no JavaScript. */
export const progressPage = (site: Site, asked: Asked, view: ProgressView | null): string => {
  const title = text(PROGRESS.title, site.lang)
  const body = html`${crumbs(site.lang, title)}${view && found(site, view)}${form(site, asked)}`
  return layout(site, { path: '/progress', title, active: '/repair', index: false }, body)
}
