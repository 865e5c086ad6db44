import { type Html, html } from '../../../kernel/html.ts'
import { type LocalDate, parseDay } from '../../../kernel/time.ts'
import { type Words, say } from '../../../kernel/words.ts'
import { type RoutingRow, routingTable } from '../../repair/index.ts'
import { SUBJECT_KIND_WORDS } from '../../subjects/words.ts'
import { articleText } from '../rules.ts'
import { DECIDER_WORDS, GUIDE, STARTS_WORDS, STEP_WORDS } from '../words.guide.ts'
import { LEVEL_WORDS, NOT_SYSTEM, RECORD_SYSTEM_WORDS, ROUTES } from '../words.routes.ts'
import { type Site, crumbs, dayText, layout, text, to } from './layout.ts'

const listed = (words: Words[], site: Site): string =>
  words.map((w) => text(w, site.lang)).join(site.lang === 'zh' ? '、' : ', ')
const known = (codes: string[], names: Record<string, Words>): Words[] => codes.flatMap((c) => names[c] ?? [])

const whom = (row: RoutingRow, site: Site): string[] => {
  const { lang } = site
  const kinds = known(row.subjectKinds, SUBJECT_KIND_WORDS)
  const systems = known(row.recordSystems, RECORD_SYSTEM_WORDS)
  const without = known(row.recordSystemsNot, RECORD_SYSTEM_WORDS)
  const levels = known(row.levels, LEVEL_WORDS)
  return [
    kinds.length ? listed(kinds, site) : text(ROUTES.allSubjects, lang),
    ...(systems.length ? [listed(systems, site)] : []),
    ...(without.length ? [say(NOT_SYSTEM, lang, { systems: listed(without, site) })] : []),
    levels.length ? listed(levels, site) : text(ROUTES.allLevels, lang),
  ]
}

const stepLine = (s: RoutingRow['steps'][number], site: Site): Html => {
  const { lang } = site
  const name = STEP_WORDS[s.step]
  const starts = s.starts ? STARTS_WORDS[s.starts] : null
  const length =
    s.workdays !== null
      ? say(s.workdays === 1 ? GUIDE.oneWorkday : GUIDE.workdays, lang, { n: s.workdays })
      : s.days !== null
        ? say(GUIDE.days, lang, { n: s.days })
        : text(ROUTES.noTerm, lang)
  const longer =
    s.extend &&
    say(s.extend.workdays === null ? GUIDE.extendOpen : GUIDE.extend, lang, { on: s.extend.on, n: s.extend.workdays })
  const parts = [starts && text(starts, lang), length].filter(Boolean) as string[]
  const limit = lang === 'zh' ? parts.join('') : parts.toReversed().join(' ')
  const colon = lang === 'zh' ? '：' : ': '
  return html`<li>${name ? text(name, lang) : s.step}${colon}${limit}${longer && html`${lang === 'zh' ? '；' : '; '}${longer}`}${
    s.article && html` <span class="small">${articleText(s.article, lang)}</span>`
  }${s.unsure && html` <span class="tag">${text(ROUTES.unsure, lang)}</span>`}</li>`
}

const basis = (row: RoutingRow, site: Site): Html => {
  const { lang } = site
  const from = dayText(row.validFrom as LocalDate, lang)
  const validity = row.validTo
    ? say(ROUTES.fromTo, lang, { from, to: dayText(row.validTo as LocalDate, lang) })
    : say(ROUTES.from, lang, { from })
  return html`<p>${text(row.instrument, lang)}${lang === 'zh' ? '' : ', '}${articleText(row.article, lang)}</p><p class="small">${validity}${
    row.local && html` <span class="tag">${text(ROUTES.local, lang)}</span>`
  }${row.unsure && html` <span class="tag">${text(ROUTES.unsure, lang)}</span>`}</p>${row.unsure && row.note && html`<p class="small">${text(row.note, lang)}</p>`}`
}

const HEADS = [ROUTES.kind, ROUTES.whom, ROUTES.receiver, ROUTES.decider, ROUTES.steps, ROUTES.basis] as const
const tableRow = (row: RoutingRow, site: Site): Html => {
  const { lang } = site
  const cell = (n: number, value: Html | string) =>
    html`<td role="cell" data-label="${text(HEADS[n] as Words, lang)}">${value}</td>`
  return html`<tr role="row"><th scope="row" role="rowheader">${text(row.itemName, lang)}</th>${cell(
    1,
    html`${whom(row, site).map((line) => html`<p>${line}</p>`)}`,
  )}${cell(2, html`<p>${text(row.receiver, lang)}</p>${row.atWindow && html`<p class="small">${text(ROUTES.atWindow, lang)}</p>`}`)}${cell(
    3,
    row.steps.length ? text(DECIDER_WORDS[row.decider], lang) : text(ROUTES.noSteps, lang),
  )}${cell(
    4,
    row.steps.length
      ? html`<ul class="plain">${row.steps.map((s) => stepLine(s, site))}</ul>`
      : text(ROUTES.noSteps, lang),
  )}${cell(5, basis(row, site))}</tr>`
}

/** 办理分工 (D2): the routing table as the policy has it on a day. */
export const routesPage = (site: Site, ask: { on?: string | undefined }): string => {
  const { lang, policy, today } = site
  const asked = ask.on ? parseDay(ask.on) : null
  const on = asked ?? today
  const title = text(ROUTES.title, lang)
  const { rows } = routingTable(policy, on)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p class="lead">${say(
    ROUTES.lead,
    lang,
    {
      name: policy.jurisdiction.name,
    },
  )}</p>${ask.on && !asked && html`<p class="note">${text(ROUTES.badDay, lang)}</p>`}<p>${say(ROUTES.asOf, lang, { day: dayText(on, lang) })}</p>
<form class="find" action="/routes" method="get"><div class="box"><label for="on">${text(ROUTES.other, lang)}</label><input id="on" name="on" type="date" value="${on}"></div><input type="hidden" name="lang" value="${lang}"><button type="submit">${text(ROUTES.show, lang)}</button></form>
<p class="small">${text(GUIDE.workdayNote, lang)}</p></section>
<section class="card"><table class="wide routes" role="table"><thead role="rowgroup"><tr role="row">${HEADS.map((h) => html`<th scope="col" role="columnheader">${text(h, lang)}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map((r) => tableRow(r, site))}</tbody></table>
<p class="small"><a href="${to(lang, '/repair')}">${text(GUIDE.title, lang)}</a></p></section>`
  return layout(site, { path: '/routes', title, active: '/repair', ...(asked ? { query: { on } } : {}) }, body)
}
