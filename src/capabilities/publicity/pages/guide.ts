import { inForce, settingOf } from '../../../kernel/eligibility.ts'
import { type Html, html } from '../../../kernel/html.ts'
import type {
  ConditionRule,
  MaterialRule,
  Regime,
  RuleRow,
  SubjectKind,
  TermRule,
  WindowRule,
} from '../../../kernel/policy.ts'
import { type LocalDate, parseDay } from '../../../kernel/time.ts'
import { type Words, say } from '../../../kernel/words.ts'
import { CLASS_WORDS } from '../../records/words.ts'
import { holdsWords } from '../../repair/words.ts'
import { SUBJECT_KIND_WORDS } from '../../subjects/words.ts'
import {
  type Case,
  type Choice,
  type GuideRoute,
  guideItems,
  guideOf,
  guideSystems,
  guideSystemsOf,
} from '../rules.guide.ts'
import { articleText, caseWords, itemName, periodWords } from '../rules.ts'
import { DECIDER_WORDS, GUIDE, REQUIRED_WORDS, STEP_WORDS, SYSTEM_WORDS } from '../words.guide.ts'
import { LEVEL_WORDS } from '../words.routes.ts'
import { consequenceWords, termWords } from '../words.steps.ts'
import { CHANNEL_NAMES, CLOCK_WORDS, REPAIR_MODE_WORDS, SITE, VALUE_WORDS } from '../words.ts'
import { type Site, crumbs, dayText, layout, platformName, text, to } from './layout.ts'

/** The kinds of record that the page of rules shows periods for. */
export const KINDS = ['penalty', 'abnormal_list', 'serious_list'] as const

/** Rows about natural persons only: nothing about them is shown. */
const personsOnly = (row: WindowRule): boolean => row.when.subjectKind?.every((k) => k === 'natural_person') ?? false

export const systemName = (system: string, site: Site): string => {
  const words = SYSTEM_WORDS[system]
  return words ? text(words, site.lang) : ''
}

const cell = (label: string, value: string | Html): Html => html`<td role="cell" data-label="${label}">${value}</td>`
const tableOf = (heads: string[], rows: { head: string; cells: (string | Html)[] }[]): Html =>
  html`<table class="wide" role="table"><thead role="rowgroup"><tr role="row">${heads.map((h) => html`<th scope="col" role="columnheader">${h}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map(
    (r) =>
      html`<tr role="row"><th scope="row" role="rowheader">${r.head}</th>${r.cells.map((c, i) => cell(heads[i + 1] ?? '', c))}</tr>`,
  )}</tbody></table>`

const windowCells = (row: WindowRule, site: Site): { head: string; cells: string[] } => {
  const { lang } = site
  const min = row.repair !== 'apply' ? GUIDE.dash : row.min ? periodWords(row.min) : GUIDE.atOnce
  const max = row.max ? periodWords(row.max) : GUIDE.noMax
  const none = text(GUIDE.dash, lang)
  return {
    head: text(row.why, lang),
    cells: [
      row.class === 'none' ? none : text(CLASS_WORDS[row.class], lang),
      row.shown ? text(min, lang) : none,
      row.shown ? text(max, lang) : text(GUIDE.notShown, lang),
      row.shown ? text(REPAIR_MODE_WORDS[row.repair], lang) : none,
      articleText(row.article, lang),
    ],
  }
}
const periodRows = (rows: readonly WindowRule[], regime: Regime, site: Site): Html => {
  const { lang } = site
  if (!rows.length) return html`<p>${text(GUIDE.noRules, lang)}</p>`
  const clock = CLOCK_WORDS[regime.clock]
  const heads = [GUIDE.case, GUIDE.class, GUIDE.shortest, GUIDE.longest, GUIDE.how, GUIDE.article]
  return html`${clock && html`<p class="small">${say(GUIDE.clockFrom, lang, { clock })}</p>`}${tableOf(
    heads.map((h) => text(h, lang)),
    rows.map((r) => windowCells(r, site)),
  )}`
}

/** What a version of the rules says on one kind of record: for how long, from when, on which article. */
export const periodTable = (regime: Regime, kind: string, site: Site): Html =>
  periodRows(
    regime.windows.filter(
      (r) => r.tier !== 'hide' && r.when.item?.includes(kind) && !personsOnly(r) && inForce(r, site.today),
    ),
    regime,
    site,
  )

// ---- one choice

const bracketed = (words: string, site: Site): string => (site.lang === 'zh' ? `（${words}）` : ` (${words})`)
/** For whom or what a row is; nothing where it is for all. */
const whereText = (c: Pick<Case<unknown>, 'where' | 'levels'>, site: Site): string => {
  const parts = [
    ...caseWords(c.where, site.policy),
    ...(c.levels.length
      ? [
          {
            zh: `认定单位为${c.levels.map((l) => LEVEL_WORDS[l]?.zh ?? '').join('、')}`,
            en: `authority: ${c.levels.map((l) => LEVEL_WORDS[l]?.en ?? '').join(', ')}`,
          },
        ]
      : []),
  ]
  return parts.map((w) => text(w, site.lang)).join(site.lang === 'zh' ? '，' : '; ')
}
const articleOf = (row: Pick<RuleRow, 'instrument' | 'article'>, site: Site): string => {
  const article = articleText(row.article, site.lang)
  return site.lang === 'zh' ? `${row.instrument.zh}${article}` : [row.instrument.en, article].filter(Boolean).join(', ')
}
const basis = (row: Pick<RuleRow, 'instrument' | 'article'>, site: Site): Html =>
  html`<span class="small">${articleOf(row, site)}</span>`
const unsure = (row: RuleRow, site: Site): Html | false =>
  row.unsure && row.note !== null && html` <span class="note small">${text(row.note, site.lang)}</span>`

const lines = <T extends RuleRow>(cases: readonly Case<T>[], words: (row: T) => Words | null, site: Site): Html => {
  const seen = new Set<string>()
  const told = cases.flatMap((c) => {
    const said = words(c.row)
    if (!said) return []
    const where = whereText(c, site)
    const line = `${where ? `${where}${site.lang === 'zh' ? '：' : ': '}` : ''}${text(said, site.lang)}`
    const key = `${line} ${c.row.article}`
    return seen.has(key) ? [] : (seen.add(key), [html`<li>${line} ${basis(c.row, site)}${unsure(c.row, site)}</li>`])
  })
  return told.length ? html`<ul class="plain">${told}</ul>` : html`<p>${text(GUIDE.noRules, site.lang)}</p>`
}
const always = <T>(rows: readonly T[]): Case<T>[] => rows.map((row) => ({ row, where: {}, levels: [] }))

/** Conditions as what must hold; an alternative stands with the case that it is for. */
export const conditionLines = (cases: readonly Case<ConditionRule>[], site: Site): Html =>
  lines(cases, holdsWords, site)
export const conditionList = (rows: readonly ConditionRule[], site: Site): Html => conditionLines(always(rows), site)
export const materialWords = (m: MaterialRule): Words => ({
  zh: `${m.name.zh}（${REQUIRED_WORDS[m.required].zh}）`,
  en: `${m.name.en} (${REQUIRED_WORDS[m.required].en})`,
})
export const materialList = (rows: readonly MaterialRule[], site: Site): Html =>
  lines(always(rows), materialWords, site)

/** `named`: rows of several systems stand together, each with its system. */
export const termTable = (rows: readonly TermRule[], site: Site, named = false): Html =>
  stepTable(always(rows), site, named)
const stepTable = (cases: readonly Case<TermRule>[], site: Site, named = false): Html => {
  const { lang } = site
  const told = cases.flatMap((c) => {
    const step = STEP_WORDS[c.row.step]
    const where = whereText(c, site)
    return step
      ? [
          {
            head: `${named ? `${systemName(c.row.system, site)}${lang === 'zh' ? '：' : ': '}` : ''}${text(step, lang)}${where && bracketed(where, site)}`,
            cells: [html`${text(termWords(c.row), lang)}${unsure(c.row, site)}`, articleOf(c.row, site)],
          },
        ]
      : []
  })
  return told.length
    ? tableOf(
        [GUIDE.step, GUIDE.term, GUIDE.article].map((w) => text(w, lang)),
        told,
      )
    : html`<p>${text(GUIDE.noRules, lang)}</p>`
}

const routePart = (g: GuideRoute, site: Site, several: boolean): Html => {
  const { lang, policy, today } = site
  const { row } = g.route
  const where = whereText(g.route, site)
  const commitment = g.commitment
  const on = (key: string) => settingOf(policy, key, today)
  const certificate = on('repair_certificate')
  const enabled = (certificate?.value as { enabled?: boolean } | undefined)?.enabled === true
  const h = several ? 3 : 2
  const heading = (words: Words) =>
    h === 3 ? html`<h3>${text(words, lang)}</h3>` : html`<h2>${text(words, lang)}</h2>`
  return html`<section class="card stack">${several && html`<h2>${where || text(GUIDE.otherwise, lang)}</h2>`}
${heading(GUIDE.where)}<p>${text(row.receiver, lang)}${lang === 'zh' ? '，' : ', '}${text(DECIDER_WORDS[row.decider], lang)}${lang === 'zh' ? '。' : '.'} ${basis(row, site)}${unsure(row, site)}</p>${
    g.firstReview ? html`<p>${text(GUIDE.review, lang)} ${basis(g.firstReview.row, site)}</p>` : false
  }${g.atWindow && html`<p>${text(GUIDE.atWindow, lang)} ${basis(g.atWindow, site)}</p>`}
${heading(GUIDE.conditions)}${conditionLines(g.conditions, site)}
${heading(GUIDE.materials)}${lines(g.materials, materialWords, site)}${
  commitment &&
  html`<details><summary>${text(GUIDE.commitmentText, lang)}</summary><p>${text(commitment.value as Words, lang)}</p><p>${basis(commitment, site)}</p></details>`
}
${heading(GUIDE.process)}${stepTable([...(g.firstReview?.terms ?? []), ...g.steps.flatMap((s) => s.terms)], site)}<p class="small">${text(GUIDE.workdayNote, lang)}</p>
${heading(GUIDE.afterwards)}<ul class="plain">${g.consequences.map(
    (c) => html`<li>${text(consequenceWords(c), lang)} ${basis(c, site)}${unsure(c, site)}</li>`,
  )}${enabled && certificate && html`<li>${text(GUIDE.certificate, lang)} ${basis(certificate, site)}</li>`}<li>${text(GUIDE.refused, lang)} <a href="${to(lang, '/objections')}">${text(GUIDE.objections, lang)}</a></li></ul></section>`
}

/** The system of whoever decided the record. */
const OTHERS: Words = { zh: '其他机关', en: 'other authorities' }
const deciderWords = (system: string): Words =>
  system === 'general' ? OTHERS : (VALUE_WORDS.system?.[system] ?? OTHERS)

type Asked = {
  item?: string | undefined
  subject?: string | undefined
  system?: string | undefined
  on?: string | undefined
}
const SUBJECTS = Object.keys(SUBJECT_KIND_WORDS) as SubjectKind[]
/** What was asked for, as far as the rules know it; nothing is guessed but the plainest case. */
const choiceOf = (asked: Asked, site: Site): Choice | null => {
  const items = guideItems(site.policy, site.today)
  const item = items.find((i) => i === asked.item)
  if (!item) return null
  const systems = guideSystemsOf(site.policy, item, site.today)
  const [first] = systems
  const system = systems.find((s) => s === asked.system) ?? first
  return system ? { item, subjectKind: SUBJECTS.find((k) => k === asked.subject) ?? 'enterprise', system } : null
}
const dayOfAsk = (asked: Asked, site: Site): LocalDate => (asked.on && parseDay(asked.on)) || site.today

const option = (value: string, label: string, chosen: boolean): Html =>
  html`<option value="${value}"${chosen && html` selected`}>${label}</option>`
const choiceForm = (asked: Choice | null, on: LocalDate, site: Site): Html => {
  const { lang, policy } = site
  const name = (system: string) => text(deciderWords(system), lang)
  return html`<form class="choose no-print" action="/repair" method="get"><input type="hidden" name="lang" value="${lang}">
<p><label for="item">${text(GUIDE.item, lang)}</label> <select id="item" name="item">${guideItems(policy, on).map((i) => option(i, text(itemName(policy, i), lang), i === asked?.item))}</select></p>
<p><label for="subject">${text(GUIDE.subject, lang)}</label> <select id="subject" name="subject">${SUBJECTS.map((k) => option(k, text(SUBJECT_KIND_WORDS[k], lang), k === (asked?.subjectKind ?? 'enterprise')))}</select></p>
<p><label for="system">${text(GUIDE.system, lang)}</label> <select id="system" name="system">${guideSystems(policy, on).map((s) => option(s, name(s), s === (asked?.system ?? 'general')))}</select></p>
<p><label for="on">${text(GUIDE.asOfDay, lang)}</label> <input id="on" name="on" type="date" value="${on}" min="2020-01-01" max="2099-12-31"></p>
<p><button type="submit">${text(GUIDE.show, lang)}</button></p></form>`
}

const choicePage = (choice: Choice, site: Site): Html => {
  const { lang, policy } = site
  const guide = guideOf(policy, choice, site.today)
  const title = say(GUIDE.of, lang, {
    item: itemName(policy, choice.item),
    subject: SUBJECT_KIND_WORDS[choice.subjectKind],
    system: deciderWords(choice.system),
  })
  const several = guide.routes.length > 1
  return html`<section class="card"><h1>${title}</h1><p>${say(GUIDE.asOf, lang, { day: { zh: dayText(site.today, 'zh'), en: dayText(site.today, 'en') }, place: policy.jurisdiction.name })}</p><p class="small">${say(GUIDE.made, lang, { name: { zh: platformName({ ...site, lang: 'zh' }), en: platformName({ ...site, lang: 'en' }) } })}</p><p>${text(SITE.free, lang)}</p></section>
${guide.routes.length ? guide.routes.map((r) => routePart(r, site, several)) : html`<section class="card"><p>${text(GUIDE.noRoute, lang)}</p></section>`}
<section class="card stack"><h2>${text(GUIDE.periods, lang)}</h2>${guide.periods.map(
    ({ regime, rows }) =>
      html`<h3>${regime.channel && text(CHANNEL_NAMES[regime.channel], lang)}</h3><p class="small">${text(regime.instrument, lang)}</p>${periodRows(
        rows.map((r) => r.row),
        regime,
        site,
      )}`,
  )}</section>`
}

/** The choices as links: each kind of record with the systems that it may come from. */
const overview = (site: Site): Html => {
  const { lang, policy, today } = site
  const oneForm = settingOf(policy, 'one_form', today)
  return html`<section class="card"><h1>${text(GUIDE.title, lang)}</h1><p>${text(GUIDE.lead, lang)}</p>${
    oneForm?.value !== false && html`<p>${text(GUIDE.oneForm, lang)}</p>`
  }<p>${text(SITE.free, lang)}</p></section>
${guideItems(policy, today).map((item) => {
  const systems = guideSystemsOf(policy, item, today)
  return html`<section class="card" id="${item.replaceAll('_', '-')}"><h2>${text(itemName(policy, item), lang)}</h2><ul class="plain">${systems.map(
    (system) =>
      html`<li><a href="${to(lang, '/repair', { item, subject: 'enterprise', system })}">${say(systems.length > 1 ? GUIDE.by : GUIDE.only, lang, { system: deciderWords(system), item: itemName(policy, item) })}</a></li>`,
  )}</ul></section>`
})}`
}

/** Made from the rules in force here on the day: who receives, conditions, form, material, steps, terms, what follows. */
export const repairPage = (today: Site, asked: Asked = {}): string => {
  const { lang } = today
  const site = { ...today, today: dayOfAsk(asked, today) }
  const choice = choiceOf(asked, site)
  const title = text(GUIDE.title, lang)
  const query = choice
    ? {
        item: choice.item,
        subject: choice.subjectKind,
        system: choice.system,
        ...(site.today === today.today ? {} : { on: site.today }),
      }
    : {}
  const body = html`${crumbs(lang, title)}${choice ? choicePage(choice, site) : overview(site)}
<section class="card no-print"><h2>${text(GUIDE.choose, lang)}</h2>${choiceForm(choice, site.today, site)}</section>
<section class="card no-print"><h2>${text(GUIDE.online, lang)}</h2><p>${text(GUIDE.onlineHelp, lang)} <a href="/app/">${text(SITE.signIn, lang)}</a></p><p class="small"><a href="${to(lang, '/routes')}">${text(GUIDE.routing, lang)}</a> · <a href="${to(lang, '/policy')}">${text(SITE.policy, lang)}</a> · <a href="${to(lang, '/repair/reports')}">${text(GUIDE.reports, lang)}</a></p></section>`
  return layout(today, { path: '/repair', query, title, active: '/repair' }, body)
}
