import { inForce } from '../../../kernel/eligibility.ts'
import { html } from '../../../kernel/html.ts'
import { isPeriod } from '../../../kernel/time.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import type { Policy, RuleRow, SettingRule } from '../../../kernel/policy.ts'
import { type Words, say } from '../../../kernel/words.ts'
import { itemName, periodWords } from '../rules.ts'
import { CATALOG } from '../words.ts'
import { RULES, SETTING_VALUES, SETTING_WORDS } from '../words.guide.ts'
import { KINDS, periodTable, systemName } from './guide.ts'
import { type Site, crumbs, dayText, layout, text, to } from './layout.ts'
import { basisText } from './record.ts'

type Instrument = { instrument: Words; system: string; from: LocalDate; to: LocalDate | null }
const instruments = (policy: Policy): Instrument[] =>
  policy.regimes.map((r) => ({ instrument: r.instrument, system: r.system, from: r.validFrom, to: r.validTo }))

const instrumentRows = (rows: Instrument[], site: Site) => {
  const { lang } = site
  const heads = [RULES.instrument, RULES.scope, RULES.since, RULES.till].map((w) => text(w, lang))
  const cell = (i: number, value: string) =>
    html`<td role="cell"${i > 1 && html` class="day"`} data-label="${heads[i] ?? ''}">${value}</td>`
  const dash = lang === 'zh' ? '未规定' : 'none set'
  return html`<table class="wide" role="table"><thead role="rowgroup"><tr role="row">${heads.map((h) => html`<th scope="col" role="columnheader">${h}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map(
    (r) =>
      html`<tr role="row"><th scope="row" role="rowheader">${text(r.instrument, lang)}</th>${cell(1, systemName(r.system, site))}${cell(2, dayText(r.from, lang))}${cell(3, r.to ? dayText(r.to, lang) : dash)}</tr>`,
  )}</tbody></table>`
}

const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && 'zh' in value && 'en' in value

/** A setting's value in words; null where there is nothing that a person could read. */
const settingValue = (row: SettingRule, site: Site): string | null => {
  const { lang, policy } = site
  const one = (value: unknown): string | null => {
    if (typeof value === 'boolean') return text(value ? SETTING_VALUES.yes! : SETTING_VALUES.no!, lang)
    if (typeof value !== 'string') return null
    const known = SETTING_VALUES[value]
    if (known) return text(known, lang)
    if (policy.catalog.some((c) => c.code === value)) return text(itemName(policy, value), lang)
    return isPeriod(value) ? text(periodWords(value), lang) : null
  }
  const { value } = row
  if (isWords(value)) return text(value, lang)
  if (Array.isArray(value)) {
    const all = value.map(one)
    return all.every((v) => v !== null)
      ? all.join(lang === 'zh' ? (row.key === 'report_chain' ? '→' : '、') : row.key === 'report_chain' ? ' → ' : ', ')
      : null
  }
  if (typeof value === 'object' && value !== null) {
    if ('enabled' in value) return text(value.enabled ? SETTING_VALUES.on! : SETTING_VALUES.off!, lang)
    if ('every' in value) return one(value.every)
    return null
  }
  return one(value)
}

const localRules = (site: Site) => {
  const { lang, policy, today } = site
  const seen = new Set<string>()
  const rows = policy.settings.filter(
    (s) => inForce(s, today) && s.origin !== 'national' && !seen.has(s.key) && seen.add(s.key),
  )
  const told = rows.flatMap((row) => {
    const label = SETTING_WORDS[row.key]
    const value = label && settingValue(row, site)
    return label && value ? [{ row, label, value }] : []
  })
  if (!told.length) return html`<p>${text(RULES.localNone, lang)}</p>`
  return html`<p>${say(RULES.localLead, lang, { name: policy.jurisdiction.name })}</p><ul class="plain">${told.map(
    ({ row, label, value }) =>
      html`<li>${text(label, lang)}${lang === 'zh' ? '：' : ': '}${value} <span class="small">${basisText(row, site)}</span></li>`,
  )}</ul>`
}

type Open = { instrument: Words; article: string; note: Words | null }
/** Every row marked unsure, wherever it stands. */
const unsureRows = (policy: Policy): Open[] => {
  const of = (rows: readonly RuleRow[]): Open[] => rows.filter((r) => r.unsure)
  const regimes = policy.regimes.flatMap((r) => [
    ...of([r, ...r.windows, ...r.conditions, ...r.materials, ...r.terms, ...r.consequences]),
    ...(r.transition.unsure ? [{ instrument: r.instrument, article: r.article, note: r.transition.note }] : []),
  ])
  const years = policy.calendar.flatMap((y) =>
    y.unsure ? [{ instrument: y.instrument, article: '', note: y.note }] : [],
  )
  const all = [
    ...regimes,
    ...of(policy.routes),
    ...of(policy.terms),
    ...of(policy.settings),
    ...of(policy.catalog),
    ...of(policy.lists),
    ...years,
  ]
  const seen = new Set<string>()
  return all.filter((r) => {
    const key = `${r.instrument.zh} ${r.article} ${r.note?.zh}`
    return r.note !== null && !seen.has(key) && seen.add(key)
  })
}

export const policyPage = (site: Site): string => {
  const { lang, policy, today } = site
  const title = text(RULES.title, lang)
  const all = instruments(policy)
  const now = all.filter((i) => i.from <= today && (i.to === null || today <= i.to))
  const future = all.filter((i) => today < i.from)
  const past = all.filter((i) => i.to !== null && i.to < today)
  const values = policy.regimes.filter((r) => inForce(r, today) && r.windows.length > 0)
  const open = unsureRows(policy)
  const years = policy.calendar.map((y) => y.year).toSorted((a, b) => a - b)
  const block = (heading: Words, rows: Instrument[]) =>
    rows.length > 0 && html`<h3>${text(heading, lang)}</h3>${instrumentRows(rows, site)}`
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${text(RULES.lead, lang)}</p><p class="more"><a href="${to(lang, '/catalog')}">${text(CATALOG.see, lang)}</a></p></section>
<section class="card"><h2>${text(RULES.instrument, lang)}</h2>${block(RULES.inForce, now)}${block(RULES.future, future)}${block(RULES.past, past)}</section>
<section class="card"><h2>${text(RULES.values, lang)}</h2>${values.map((r) => {
    const kinds = KINDS.filter((k) => r.windows.some((w) => w.tier !== 'hide' && w.when.item?.includes(k)))
    return html`<details><summary>${systemName(r.system, site)}${lang === 'zh' ? '：' : ': '}${text(r.instrument, lang)}</summary><div class="stack">${kinds.map((k) => html`<h3>${text(itemName(policy, k), lang)}</h3>${periodTable(r, k, site)}`)}</div></details>`
  })}</section>
<section class="card"><h2>${text(RULES.local, lang)}</h2>${localRules(site)}</section>
<section class="card"><h2>${text(RULES.unsure, lang)}</h2><p>${text(RULES.unsureLead, lang)}</p><ul class="plain">${open.map(
    (o) => html`<li>${text(o.note as Words, lang)} <span class="small">${basisText(o, site)}</span></li>`,
  )}</ul></section>
${years.length > 0 && html`<section class="card"><h2>${text(RULES.calendar, lang)}</h2><p>${say(RULES.calendarText, lang, { years: `${years[0]}${lang === 'zh' ? '至' : ' to '}${years.at(-1)}` })}</p></section>`}`
  return layout(site, { path: '/policy', title, active: '/policy' }, body)
}
