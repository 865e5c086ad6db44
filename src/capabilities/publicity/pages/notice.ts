import { type Html, html } from '../../../kernel/html.ts'
import type { Eligibility } from '../../../kernel/eligibility.ts'
import type { ConditionRule, MaterialRule, Regime, TermRule } from '../../../kernel/policy.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import { dayWords } from '../../../kernel/window.ts'
import { type Words, say } from '../../../kernel/words.ts'
import type { ChannelView, RepairView } from '../rules.ts'
import { NOTICE } from '../words.guide.ts'
import { RECORD } from '../words.ts'
import { conditionList, materialList, termTable } from './guide.ts'
import { type Site, layout, platformName, text } from './layout.ts'
import { type FieldRow, basisText, fieldList } from './record.ts'

export type Notice = {
  name: string
  code: string | null
  itemName: Words
  authorityName: string
  docNo: string
  decidedOn: LocalDate
  issuedOn: LocalDate
  fields: FieldRow[]
  channels: ChannelView[]
  repair: RepairView
  regime: Regime | null
  conditions: ConditionRule[]
  materials: MaterialRule[]
  terms: TermRule[]
  route: Eligibility['route']
  /** The service window takes applications here. */
  atWindow: boolean
  /** Something has happened to the record since it was issued. */
  changed: boolean
}

/** 两书同达: the paper that goes with the decision, with this subject's own dates. The page and the PDF are laid out from it. */
export const noticeArticle = (site: Site, n: Notice): Html => {
  const { lang } = site
  const title = text(NOTICE.title, lang)
  const greeting = n.code
    ? say(NOTICE.greeting, lang, { name: n.name, code: n.code })
    : say(NOTICE.greetingPlain, lang, { name: n.name })
  const opening = say(NOTICE.opening, lang, {
    authority: n.authorityName,
    day: dayWords(n.decidedOn),
    docNo: n.docNo,
    item: n.itemName,
  })
  const apply = n.repair.from !== null
  const rules = [
    ...new Set([
      ...n.channels.map((c) => basisText(c.basis, site)),
      ...(n.regime ? [text(n.regime.instrument, lang)] : []),
    ]),
  ]
  return html`<article class="card letter stack"><h1>${title}</h1><p>${greeting}</p><p>${opening}</p>${
    n.changed && html`<p class="note">${text(NOTICE.changed, lang)}</p>`
  }<h2>${text(NOTICE.what, lang)}</h2><p>${text(NOTICE.whatText, lang)}</p>${fieldList(n.fields)}
<h2>${text(NOTICE.where, lang)}</h2>${n.channels.map((c) => html`<h3>${text(c.name, lang)}</h3>${channelText(c, site)}`)}
<h2>${text(NOTICE.repair, lang)}</h2><p>${text(n.repair.words, lang)}${
    n.repair.basis && html` <span class="small">${basisText(n.repair.basis, site)}</span>`
  }</p>${
    apply &&
    html`<p>${text(NOTICE.conditions, lang)}</p>${conditionList(n.conditions, site)}<p>${text(NOTICE.materials, lang)}</p>${materialList(n.materials, site)}<p>${text(NOTICE.process, lang)}</p>${termTable(n.terms, site)}<p>${text(n.atWindow ? NOTICE.applyWindow : NOTICE.apply, lang)}</p>${n.route && html`<p>${say(RECORD.receiver, lang, { receiver: n.route.receiver })}</p>`}`
  }<h2>${text(NOTICE.objection, lang)}</h2><p>${text(NOTICE.objectionText, lang)}</p>
<h2>${text(NOTICE.remedies, lang)}</h2><p>${text(NOTICE.remediesText, lang)}</p>
<p class="small">${say(NOTICE.madeBy, lang, { name: platformName(site) })}${rules.join(lang === 'zh' ? '；' : '; ')}</p>
<p class="sign">${n.authorityName}<br>${say(NOTICE.issued, lang, { day: dayWords(n.issuedOn) })}</p></article>`
}

export const noticePage = (site: Site, path: string, n: Notice, pdf: string): string => {
  const { lang } = site
  const body = html`${noticeArticle(site, n)}<p class="more no-print"><a href="${pdf}">${text(NOTICE.pdf, lang)}</a></p>`
  return layout(site, { path, title: text(NOTICE.title, lang), index: false }, body)
}

const channelText = (c: ChannelView, site: Site) =>
  html`<p>${c.span.map((s) => text(s, site.lang)).join(site.lang === 'zh' ? '' : ' ')}${text(c.why, site.lang)} <span class="small">${basisText(c.basis, site)}</span></p>`
