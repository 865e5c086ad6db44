import { inForce, regimeOn, settingOf } from '../../../kernel/eligibility.ts'
import { type Html, html } from '../../../kernel/html.ts'
import type { ConditionRule, MaterialRule, Policy, Regime, TermRule, WindowRule } from '../../../kernel/policy.ts'
import { type Words, say } from '../../../kernel/words.ts'
import { CLASS_WORDS } from '../../records/words.ts'
import { articleText, itemName, periodWords } from '../rules.ts'
import {
  CONDITION_WORDS,
  DECIDER_WORDS,
  GUIDE,
  REQUIRED_WORDS,
  STARTS_WORDS,
  STEP_WORDS,
  SYSTEM_WORDS,
} from '../words.guide.ts'
import { ROUTES } from '../words.routes.ts'
import { CLOCK_WORDS, REPAIR_MODE_WORDS, SITE } from '../words.ts'
import { type Site, crumbs, layout, text, to } from './layout.ts'

/** The kinds of record that can be repaired, as the guide takes them. */
export const KINDS = ['penalty', 'abnormal_list', 'serious_list'] as const
const about = (row: { when: { item?: string[] } }, kind: string): boolean => row.when.item?.includes(kind) ?? true

/** Rows about natural persons only: nothing about them is shown. */
const personsOnly = (row: WindowRule): boolean => row.when.subjectKind?.every((k) => k === 'natural_person') ?? false

export const systemName = (system: string, site: Site): string => {
  const words = SYSTEM_WORDS[system]
  return words ? text(words, site.lang) : ''
}

const cell = (label: string, value: string): Html => html`<td role="cell" data-label="${label}">${value}</td>`
const tableOf = (heads: string[], rows: { head: string; cells: string[] }[]): Html =>
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

/** What a version of the rules says on one kind of record: for how long, from when, on which article. */
export const periodTable = (regime: Regime, kind: string, site: Site): Html => {
  const { lang } = site
  const rows = regime.windows.filter(
    (r) => r.tier !== 'hide' && r.when.item?.includes(kind) && !personsOnly(r) && inForce(r, site.today),
  )
  if (!rows.length) return html`<p>${text(GUIDE.noRules, lang)}</p>`
  const clock = CLOCK_WORDS[regime.clock]
  const heads = [GUIDE.case, { zh: '类别', en: 'Class' }, GUIDE.shortest, GUIDE.longest, GUIDE.how, GUIDE.article]
  return html`${clock && html`<p class="small">${say(GUIDE.clockFrom, lang, { clock })}</p>`}${tableOf(
    heads.map((h) => text(h, lang)),
    rows.map((r) => windowCells(r, site)),
  )}`
}

const conditionWords = (row: ConditionRule): Words | null =>
  (row.known ? CONDITION_WORDS[row.known] : CONDITION_WORDS[row.needs as 'min_period']) ?? null

/** Conditions said as what must hold; those that depend on the cause of an entry are said as alternatives. */
export const conditionList = (rows: readonly ConditionRule[], site: Site): Html => {
  const { lang } = site
  const line = (row: ConditionRule): Html | null => {
    const words = conditionWords(row)
    return words && html`<li>${text(words, lang)} <span class="small">${articleText(row.article, lang)}</span></li>`
  }
  const once = (list: ConditionRule[]) => {
    const seen = new Set<string>()
    return list.filter((r) => {
      const zh = conditionWords(r)?.zh
      return zh !== undefined && !seen.has(zh) && seen.add(zh)
    })
  }
  const always = once(rows.filter((r) => !r.when.listCause))
  const byCause = once(rows.filter((r) => r.when.listCause))
  if (!always.length && !byCause.length) return html`<p>${text(GUIDE.noRules, lang)}</p>`
  return html`<ul class="plain">${always.map(line)}</ul>${
    byCause.length > 0 && html`<p>${text(GUIDE.anyOf, lang)}</p><ul class="plain">${byCause.map(line)}</ul>`
  }`
}

export const materialList = (rows: readonly MaterialRule[], site: Site): Html => {
  const { lang } = site
  const [open, close] = lang === 'zh' ? ['（', '）'] : [' (', ')']
  return rows.length
    ? html`<ul class="plain">${rows.map(
        (m) =>
          html`<li>${text(m.name, lang)}${open}${text(REQUIRED_WORDS[m.required], lang)}${close} <span class="small">${articleText(m.article, lang)}</span></li>`,
      )}</ul>`
    : html`<p>${text(GUIDE.noRules, lang)}</p>`
}

const termText = (term: TermRule, site: Site): string => {
  const { lang } = site
  const starts = STARTS_WORDS[term.starts]
  const length =
    term.workdays !== null
      ? say(term.workdays === 1 ? GUIDE.oneWorkday : GUIDE.workdays, lang, { n: term.workdays })
      : term.days !== null
        ? say(GUIDE.days, lang, { n: term.days })
        : term.period
          ? text(periodWords(term.period), lang)
          : ''
  const base = [starts && text(starts, lang), length].filter(Boolean)
  const first = lang === 'zh' ? base.join('') : base.toReversed().join(' ')
  const longer =
    term.extend &&
    say(term.extend.workdays === null ? GUIDE.extendOpen : GUIDE.extend, lang, {
      on: term.extend.on,
      n: term.extend.workdays,
    })
  return [first, longer].filter(Boolean).join(lang === 'zh' ? '；' : '; ')
}

/** `named`: rows of several systems stand together, each with its system. */
export const termTable = (rows: readonly TermRule[], site: Site, named = false): Html => {
  const { lang } = site
  const told = rows.flatMap((t) => {
    const step = STEP_WORDS[t.step]
    return step
      ? [
          {
            head: `${named ? `${systemName(t.system, site)}${lang === 'zh' ? '：' : ': '}` : ''}${text(step, lang)}`,
            cells: [termText(t, site), articleText(t.article, lang)],
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

/** Terms of repair for a kind: the local row of a step stands before the national one. */
export const repairTerms = (policy: Policy, regime: Regime, kind: string, site: Site): TermRule[] => {
  const own = policy.terms.filter((t) => t.system === regime.system)
  const seen = new Set<string>()
  return [...own, ...regime.terms].filter((t) => {
    if (!inForce(t, site.today) || !about(t, kind) || t.step.includes('objection')) return false
    const key = `${t.step}${JSON.stringify(t.when)}`
    return !seen.has(key) && seen.add(key)
  })
}

const routesText = (policy: Policy, kind: string, site: Site): Html => {
  const { lang } = site
  const rows = policy.routes.filter((r) => inForce(r, site.today) && r.when.item?.includes(kind))
  const seen = new Set<string>()
  const lines = rows.flatMap((r) => {
    const line = `${text(r.receiver, lang)}${lang === 'zh' ? '，' : ', '}${text(DECIDER_WORDS[r.decider], lang)}`
    return seen.has(line) ? [] : (seen.add(line), [html`<li>${line}</li>`])
  })
  return lines.length ? html`<ul class="plain">${lines}</ul>` : html`<p>${text(GUIDE.noRules, lang)}</p>`
}

const systemsOf = (policy: Policy, kind: string, site: Site): string[] => {
  const routed = policy.routes
    .filter((r) => inForce(r, site.today) && r.when.item?.includes(kind))
    .map((r) => r.routesTo as string)
  const systems = [...new Set(routed.length ? routed : ['credit_china', 'necips'])]
  return systems.toSorted((a, b) => Number(b === 'credit_china') - Number(a === 'credit_china'))
}

const regimeBlock = (regime: Regime, kind: string, site: Site): Html => {
  const { lang, policy } = site
  const part = <T extends ConditionRule | MaterialRule>(rows: T[]) =>
    rows.filter((r) => about(r, kind) && inForce(r, site.today))
  return html`<details><summary>${systemName(regime.system, site)}${lang === 'zh' ? '：' : ': '}${text(regime.instrument, lang)}</summary><div class="stack">
<h4>${text(GUIDE.periods, lang)}</h4>${periodTable(regime, kind, site)}
<h4>${text(GUIDE.conditions, lang)}</h4>${conditionList(part(regime.conditions), site)}
<h4>${text(GUIDE.materials, lang)}</h4>${materialList(part(regime.materials), site)}
<h4>${text(GUIDE.process, lang)}</h4>${termTable(repairTerms(policy, regime, kind, site), site)}</div></details>`
}

/** Made from the rules in force here today. */
export const repairPage = (site: Site): string => {
  const { lang, policy, today } = site
  const title = text(GUIDE.title, lang)
  const oneForm = settingOf(policy, 'one_form', today)
  const kinds = KINDS.map((kind) => {
    const regimes = systemsOf(policy, kind, site).flatMap((s) => regimeOn(policy, s, today) ?? [])
    return html`<section class="card" id="${kind.replace('_', '-')}"><h2>${text(itemName(policy, kind), lang)}</h2><h3>${text(GUIDE.where, lang)}</h3>${routesText(policy, kind, site)}${regimes.map((r) => regimeBlock(r, kind, site))}</section>`
  })
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${text(GUIDE.lead, lang)}</p>${
    oneForm?.value !== false && html`<p>${text(GUIDE.oneForm, lang)}</p>`
  }<p>${text(SITE.free, lang)}</p><ul class="plain">${KINDS.map((k) => html`<li><a href="#${k.replace('_', '-')}">${text(itemName(policy, k), lang)}</a></li>`)}</ul></section>${kinds}
<section class="card"><h2>${text(GUIDE.online, lang)}</h2><p>${text(GUIDE.onlineHelp, lang)} <a href="/app/">${text(SITE.signIn, lang)}</a></p><p class="small">${text(GUIDE.workdayNote, lang)}</p><p class="small">${text(GUIDE.forged, lang)}</p><p class="small"><a href="${to(lang, '/routes')}">${text(ROUTES.title, lang)}</a></p><p class="small"><a href="${to(lang, '/policy')}">${text(SITE.policy, lang)}</a></p></section>`
  return layout(site, { path: '/repair', title, active: '/repair' }, body)
}
