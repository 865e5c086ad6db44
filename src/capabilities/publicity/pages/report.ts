import { type Html, html } from '../../../kernel/html.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import { REPORT_STATE_WORDS, STATE_WORDS } from '../../objections/words.ts'
import type { ObjectionState, ReportState } from '../../objections/states.ts'
import type { Words } from '../../../kernel/words.ts'
import { REPORT } from '../words.report.ts'
import { SITE } from '../words.ts'
import { type Site, crumbs, dayText, layout, text, to } from './layout.ts'
import { fieldList } from './record.ts'

/** What was typed; it comes back with the page when something is wrong with it. */
export type Typed = { text: string; contactName: string; contact: string; form: string }
export type ReportForm = {
  path: string
  back: string
  about: { what: string; subject: string }
  typed: Typed
  /** What is wrong, in the reader's language. */
  wrong: string[]
  csrf: string | null
}

const problems = (site: Site, wrong: readonly string[]): Html | false =>
  wrong.length > 0 &&
  html`<div class="stop" role="alert"><p>${text(REPORT.wrong, site.lang)}</p><ul class="plain">${wrong.map((w) => html`<li>${w}</li>`)}</ul></div>`

const hidden = (site: Site, csrf: string | null): Html =>
  html`<input type="hidden" name="lang" value="${site.lang}">${csrf !== null && html`<input type="hidden" name="csrf" value="${csrf}">`}`

/** A plain form: it needs no script, and what was typed is not lost. */
export const reportFormPage = (site: Site, form: ReportForm): string => {
  const { lang } = site
  const { typed } = form
  const title = text(REPORT.title, lang)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${text(REPORT.lead, lang)}</p><p class="small">${text(REPORT.mine, lang)} <a href="/app/objections">${text(SITE.signIn, lang)}</a></p></section>
<section class="card"><h2>${text(REPORT.about, lang)}</h2><p>${form.about.subject}</p><p>${form.about.what}</p>${problems(site, form.wrong)}
<form class="stack" action="${form.path}" method="post">${hidden(site, form.csrf)}<input type="hidden" name="form" value="${typed.form}">
<div><label for="text">${text(REPORT.text, lang)}</label><textarea id="text" name="text" rows="6" minlength="4" maxlength="2000" required aria-describedby="text-hint">${typed.text}</textarea><p class="small" id="text-hint">${text(REPORT.textHint, lang)}</p></div>
<div><label for="contactName">${text(REPORT.name, lang)}</label><input id="contactName" name="contactName" value="${typed.contactName}" maxlength="60" autocomplete="name"></div>
<div><label for="contact">${text(REPORT.contact, lang)}</label><input id="contact" name="contact" value="${typed.contact}" minlength="5" maxlength="100" required autocomplete="tel" aria-describedby="contact-hint"><p class="small" id="contact-hint">${text(REPORT.contactHint, lang)}</p></div>
<p class="more"><button type="submit">${text(REPORT.submit, lang)}</button><a href="${form.back}">${text(REPORT.cancel, lang)}</a></p></form></section>`
  return layout(site, { path: form.path, title, index: false }, body)
}

export const STATUS_PATH = '/objections/reports'

export const reportDonePage = (
  site: Site,
  done: { no: string; token: string; receivedOn: string },
  back: string,
): string => {
  const { lang } = site
  const title = text(REPORT.done, lang)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p class="note" role="status">${text(REPORT.doneText, lang)}</p>${fieldList(
    [
      { label: text(REPORT.no, lang), value: done.no },
      { label: text(REPORT.token, lang), value: done.token },
      { label: text(REPORT.receivedOn, lang), value: dayText(done.receivedOn as LocalDate, lang) },
    ],
  )}<p class="more"><a href="${to(lang, STATUS_PATH)}">${text(REPORT.statusTitle, lang)}</a><a href="${back}">${text(REPORT.cancel, lang)}</a></p></section>`
  return layout(site, { path: STATUS_PATH, title, index: false }, body)
}

export type StatusView = {
  no: string
  wrong: string[]
  csrf: string | null
  found: {
    no: string
    state: ReportState
    next: Words
    objectionState: ObjectionState | null
    answer: string | null
    receivedOn: string
  } | null
}
export const reportStatusPage = (site: Site, view: StatusView): string => {
  const { lang } = site
  const title = text(REPORT.statusTitle, lang)
  const { found } = view
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${text(REPORT.statusLead, lang)}</p>${
    view.wrong.length > 0 && html`<p class="stop" role="alert">${view.wrong.join(' ')}</p>`
  }<form class="stack" action="${STATUS_PATH}" method="post">${hidden(site, view.csrf)}
<div><label for="no">${text(REPORT.no, lang)}</label><input id="no" name="no" value="${view.no}" maxlength="40" required autocomplete="off"></div>
<div><label for="token">${text(REPORT.token, lang)}</label><input id="token" name="token" maxlength="100" required autocomplete="off"></div>
<p><button type="submit">${text(REPORT.statusDo, lang)}</button></p></form></section>${
    found &&
    html`<section class="card" role="status"><h2>${found.no}</h2>${fieldList([
      { label: text(REPORT.state, lang), value: text(REPORT_STATE_WORDS[found.state], lang) },
      { label: text(REPORT.next, lang), value: text(found.next, lang) },
      { label: text(REPORT.receivedOn, lang), value: dayText(found.receivedOn as LocalDate, lang) },
      ...(found.objectionState
        ? [{ label: text(REPORT.objection, lang), value: text(STATE_WORDS[found.objectionState], lang) }]
        : []),
      ...(found.answer ? [{ label: text(REPORT.answer, lang), value: found.answer }] : []),
    ])}</section>`
  }`
  return layout(site, { path: STATUS_PATH, title, index: false }, body)
}
