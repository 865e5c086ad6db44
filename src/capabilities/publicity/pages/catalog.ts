import {
  BASIS_WORDS,
  CLASSES,
  CLASS_WORDS,
  PUBLICITY_WORDS,
  SHARING_WORDS,
  itemOn,
  reportingWords,
} from '../../../kernel/catalog.ts'
import { type Html, html } from '../../../kernel/html.ts'
import type { CatalogItem } from '../../../kernel/policy.ts'
import { CATALOG } from '../words.ts'
import { type Site, crumbs, dayText, layout, text } from './layout.ts'
import { basisText } from './record.ts'

const HEADS = [CATALOG.item, CATALOG.basis, CATALOG.term, CATALOG.sharing, CATALOG.publicity, CATALOG.duty] as const

const row = (site: Site, item: CatalogItem): Html => {
  const { lang } = site
  const cell = (n: number, value: string | Html) =>
    html`<td role="cell" data-label="${text(HEADS[n] as (typeof HEADS)[number], lang)}">${value}</td>`
  const laws = item.legalBasis.length ? item.legalBasis : [item]
  const basis = html`${laws.map(
    (b) =>
      html`<p>${'level' in b && html`${text(BASIS_WORDS[b.level], lang)}${lang === 'zh' ? '：' : ': '}`}${basisText(b, site)}</p>`,
  )}`
  return html`<tr role="row"><th scope="row" role="rowheader">${text(item.name, lang)}${
    item.negative && html` <span class="tag red">${text(CATALOG.adverse, lang)}</span>`
  }</th>${cell(1, basis)}${cell(2, text(reportingWords(item), lang))}${cell(3, text(SHARING_WORDS[item.sharing], lang))}${cell(
    4,
    text(PUBLICITY_WORDS[item.publicity], lang),
  )}${cell(5, text(item.responsible.duty, lang))}</tr>`
}

/** What may be collected at all, on what basis, and what of it the public may see. */
export const catalogPage = (site: Site): string => {
  const { lang, policy, today } = site
  const items = policy.catalog.filter((c) => itemOn(policy.catalog, c.code, today) === c)
  const title = text(CATALOG.title, lang)
  const parts = CLASSES.flatMap((code) => {
    const of = items.filter((i) => i.class === code)
    if (!of.length) return []
    return [
      html`<section class="card"><h2>${text(CLASS_WORDS[code], lang)}</h2><table class="wide" role="table"><thead role="rowgroup"><tr role="row">${HEADS.map(
        (h) => html`<th scope="col" role="columnheader">${text(h, lang)}</th>`,
      )}</tr></thead><tbody role="rowgroup">${of.map((i) => row(site, i))}</tbody></table></section>`,
    ]
  })
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p class="lead">${text(CATALOG.lead, lang)}</p><p class="small">${text(CATALOG.asOf, lang)}${dayText(today, lang)}</p></section>${parts}`
  return layout(site, { path: '/catalog', title, active: '/policy' }, body)
}
