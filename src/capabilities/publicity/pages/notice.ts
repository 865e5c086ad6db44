import { type Html, html } from '../../../kernel/html.ts'
import type { Eligibility } from '../../../kernel/eligibility.ts'
import type {
  ConditionRule,
  MaterialRule,
  NoticeCase,
  NoticeLine,
  NoticePart,
  NoticePlace,
  NoticeTemplate,
  Regime,
  TermRule,
} from '../../../kernel/policy.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import { dayWords } from '../../../kernel/window.ts'
import { type Words, say } from '../../../kernel/words.ts'
import type { ChannelView, RepairView } from '../rules.ts'
import { NOTICE } from '../words.guide.ts'
import { conditionList, materialList, termTable } from './guide.ts'
import { type Site, layout, platformName, text } from './layout.ts'
import { type FieldRow, basisText, fieldList } from './record.ts'

export type Notice = {
  template: NoticeTemplate
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
  /** Last day shown on this platform's own site; null where it is not shown, or without an end. */
  last: LocalDate | null
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

type Lines = readonly NoticeLine[]
/** What stands in the places of the template: of this record and of this subject. */
const placesOf = (site: Site, n: Notice): Record<NoticePlace, unknown> => ({
  name: n.name,
  code: n.code,
  authority: n.authorityName,
  day: dayWords(n.decidedOn),
  docNo: n.docNo,
  item: n.itemName,
  platform: { zh: platformName({ ...site, lang: 'zh' }), en: platformName({ ...site, lang: 'en' }) },
  place: site.policy.jurisdiction.name,
  earliest: n.repair.from && dayWords(n.repair.from),
  last: n.last && dayWords(n.last),
  receiver: n.route?.receiver,
  issued: dayWords(n.issuedOn),
})
const holds = (n: Notice): Record<NoticeCase, boolean> => {
  const mayApply = n.repair.from !== null && n.route !== null
  return {
    coded: n.code !== null,
    not_coded: n.code === null,
    may_apply: mayApply,
    not_early: !mayApply,
    dated: n.last !== null,
    at_window: n.atWindow,
    not_at_window: !n.atWindow,
  }
}
const PARTS: Record<NoticePart, (site: Site, n: Notice) => Html> = {
  fields: (_, n) => fieldList(n.fields),
  channels: (site, n) =>
    html`${n.channels.map((c) => html`<h3>${text(c.name, site.lang)}</h3>${channelText(c, site)}`)}`,
  repair: (site, n) =>
    html`<p>${text(n.repair.words, site.lang)}${n.repair.basis && html` <span class="small">${basisText(n.repair.basis, site)}</span>`}</p>`,
  conditions: (site, n) => conditionList(n.conditions, site),
  materials: (site, n) => materialList(n.materials, site),
  terms: (site, n) => termTable(n.terms, site),
}
const linesOf = (lines: Lines, site: Site, n: Notice): Html[] => {
  const places = placesOf(site, n)
  const stands = holds(n)
  return lines
    .filter((line) => line.when.every((c) => stands[c]))
    .map((line) => ('text' in line ? html`<p>${say(line.text, site.lang, places)}</p>` : PARTS[line.show](site, n)))
}

/** 两书同达: the jurisdiction's template with this subject's own dates. The page and the PDF are laid out from it. */
export const noticeArticle = (site: Site, n: Notice): Html => {
  const { lang } = site
  const { template } = n
  const rules = [
    ...new Set([
      ...n.channels.map((c) => basisText(c.basis, site)),
      ...(n.regime ? [text(n.regime.instrument, lang)] : []),
      basisText(template, site),
    ]),
  ]
  const [greeting, ...opening] = linesOf(template.opening, site, n)
  return html`<article class="card letter stack"><h1>${text(template.title, lang)}</h1>${greeting}${opening}${
    n.changed && html`<p class="note">${text(NOTICE.changed, lang)}</p>`
  }${template.sections.map((s) => html`<h2>${text(s.heading, lang)}</h2>${linesOf(s.lines, site, n)}`)}
<p class="small">${say(NOTICE.madeBy, lang, { name: platformName(site) })}${rules.join(lang === 'zh' ? '；' : '; ')}</p>
<p class="sign">${n.authorityName}<br>${say(NOTICE.issued, lang, { day: dayWords(n.issuedOn) })}</p></article>`
}

export const noticePage = (site: Site, path: string, n: Notice, pdf: string): string => {
  const { lang } = site
  const body = html`${noticeArticle(site, n)}<p class="more no-print"><a href="${pdf}">${text(NOTICE.pdf, lang)}</a></p>`
  return layout(site, { path, title: text(n.template.title, lang), index: false }, body)
}

const channelText = (c: ChannelView, site: Site) =>
  html`<p>${c.span.map((s) => text(s, site.lang)).join(site.lang === 'zh' ? '' : ' ')}${text(c.why, site.lang)} <span class="small">${basisText(c.basis, site)}</span></p>`
