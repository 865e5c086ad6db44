import { type Html, html } from '../../../kernel/html.ts'
import type { Words } from '../../../kernel/words.ts'
import type { SubjectRow } from '../../subjects/contract.ts'
import { SUBJECT_KIND_WORDS, SUBJECT_STATUS_WORDS } from '../../subjects/words.ts'
import { codeLabel, publicName } from '../rules.ts'
import { SEARCH, SITE } from '../words.ts'
import { type Site, crumbs, layout, searchForm, text, to } from './layout.ts'

export type Found = SubjectRow & { divisionName: Words | null }
export type SearchView =
  | { is: 'empty' | 'person' | 'too_long' | 'cursor' }
  | { is: 'none'; q: string; badCode: boolean }
  | { is: 'rows'; q: string; rows: Found[]; next: string | null; after: string | undefined }

const found = (site: Site, r: Found): Html => {
  const { lang } = site
  const name = publicName(r.kind, r.name, lang)
  const facts = [text(SUBJECT_KIND_WORDS[r.kind], lang), r.divisionName && text(r.divisionName, lang)].filter(Boolean)
  return html`<li>${r.code ? html`<a href="${to(lang, `/s/${encodeURIComponent(r.code)}`)}">${name}</a>` : name}${
    r.status !== 'active' && html` <span class="tag amber">${text(SUBJECT_STATUS_WORDS[r.status], lang)}</span>`
  }<span class="small">${r.code && html`${text(codeLabel(r.code), lang)}${lang === 'zh' ? '：' : ': '}${r.code}<br>`}${facts.join(lang === 'zh' ? '，' : ', ')}</span></li>`
}

const answer = (site: Site, view: SearchView): Html => {
  const { lang } = site
  switch (view.is) {
    case 'empty':
      return html`<p role="status">${text(SEARCH.empty, lang)}</p>`
    case 'person':
      return html`<p class="stop" role="status">${text(SEARCH.person, lang)}</p>`
    case 'too_long':
      return html`<p class="stop" role="status">${text(SEARCH.tooLong, lang)}</p>`
    case 'cursor':
      return html`<p class="stop" role="status">${text(SEARCH.cursor, lang)}</p>`
    case 'none':
      return html`<div role="status" class="stack"><p>${text(SEARCH.none, lang)}</p>${
        view.badCode && html`<p class="note">${text(SEARCH.badCode, lang)}</p>`
      }<p class="lead">${text(SEARCH.noneHelp, lang)}</p></div>`
    default:
      return html`<ul class="rows">${view.rows.map((r) => found(site, r))}</ul><p class="more">${
        view.after && html`<a href="${to(lang, '/search', { q: view.q })}">${text(SITE.first, lang)}</a>`
      }${view.next && html`<a href="${to(lang, '/search', { q: view.q, after: view.next })}">${text(SITE.next, lang)}</a>`}</p>`
  }
}

export const searchPage = (site: Site, view: SearchView): string => {
  const { lang } = site
  const q = 'q' in view ? view.q : ''
  const title = text(SEARCH.title, lang)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1>${searchForm(lang, q)}</section>
<section class="card"><h2>${text(SEARCH.results, lang)}</h2>${answer(site, view)}</section>`
  const after = view.is === 'rows' ? view.after : undefined
  return layout(site, { path: '/search', query: { q, after }, title, index: false }, body)
}
