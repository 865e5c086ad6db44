import { type Html, html } from '../../../kernel/html.ts'
import type { SubjectKind } from '../../../kernel/policy.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import type { Words } from '../../../kernel/words.ts'
import type { Column } from '../contract.ts'
import { lastShownDay, publicName } from '../rules.ts'
import { LIST, SITE } from '../words.ts'
import { type Site, crumbs, dayText, layout, text, to } from './layout.ts'

export type ListRow = {
  id: string
  subjectName: string
  subjectKind: SubjectKind
  subjectCode: string | null
  /** What it is, in a few words: the document or the offence. */
  title: string
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  shownUntil: LocalDate | null
}
export type ListView = {
  column: Column
  rows: ListRow[]
  next: string | null
  after: string | undefined
  division: string | undefined
  divisions: { code: string; name: Words }[]
}

const row = (site: Site, r: ListRow): Html => {
  const { lang } = site
  const name = publicName(r.subjectKind, r.subjectName, lang)
  const last = lastShownDay(r.shownUntil)
  const sep = lang === 'zh' ? '，' : ', '
  return html`<li>${
    r.subjectCode ? html`<a href="${to(lang, `/r/${encodeURIComponent(r.subjectCode)}/${r.id}`)}">${name}</a>` : name
  } <span class="small">${r.title}${r.title && sep}${r.docNo}</span><span class="small">${r.authorityName}${sep}${dayText(r.decidedOn, lang)}${
    last && html`${sep}${text(SITE.until, lang)}${lang === 'en' && ' '}${dayText(last, lang)}`
  }</span></li>`
}
export const shownRows = (site: Site, rows: readonly ListRow[]): Html =>
  html`<ul class="rows">${rows.map((r) => row(site, r))}</ul>`

const filter = (site: Site, view: ListView): Html | null => {
  const { lang } = site
  if (view.divisions.length < 2) return null
  return html`<form class="find" method="get" action="/lists/${view.column}"><div class="box"><label for="division">${text(LIST.filter, lang)}</label>
<select id="division" name="division"><option value="">${text(LIST.everywhere, lang)}</option>${view.divisions.map(
    (d) => html`<option value="${d.code}"${d.code === view.division && html` selected`}>${text(d.name, lang)}</option>`,
  )}</select></div><input type="hidden" name="lang" value="${lang}"><button type="submit">${text(LIST.apply, lang)}</button></form>`
}

export const listPage = (site: Site, view: ListView): string => {
  const { lang } = site
  const path = `/lists/${view.column}`
  const title = text(LIST[view.column], lang)
  const more = html`<p class="more">${
    view.after && html`<a href="${to(lang, path, { division: view.division })}">${text(SITE.first, lang)}</a>`
  }${view.next && html`<a href="${to(lang, path, { division: view.division, after: view.next })}">${text(SITE.next, lang)}</a>`}</p>`
  const empty = html`<p>${text(LIST.none, lang)}</p><p class="lead">${text(
    view.column === 'abnormal' ? LIST.abnormalNone : LIST.noneHelp,
    lang,
  )}</p>`
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p class="lead">${text(LIST.lead, lang)}</p>${filter(site, view)}${
    view.rows.length ? shownRows(site, view.rows) : empty
  }${(view.after || view.next) && more}</section>`
  return layout(site, { path, query: { division: view.division, after: view.after }, title, active: path }, body)
}
