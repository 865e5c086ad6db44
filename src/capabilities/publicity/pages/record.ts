import { type Html, html } from '../../../kernel/html.ts'
import type { Regime, WindowClass } from '../../../kernel/policy.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import { dayWords } from '../../../kernel/window.ts'
import { type Words, say } from '../../../kernel/words.ts'
import { CLASS_WORDS } from '../../records/words.ts'
import { type ChannelView, type RepairView, articleText } from '../rules.ts'
import { REPORT } from '../words.report.ts'
import { RECORD, SUBJECT } from '../words.ts'
import { pastBanner, pastForm } from './past.ts'
import { type Site, crumbs, layout, text, to } from './layout.ts'

export type FieldRow = { label: string; value: string }
/** One adverse record as people read it. */
export type RecordCard = {
  id: string
  item: string
  itemName: Words
  /** The sentence that says what happened. */
  what: string
  docNo: string
  authorityName: string
  decidedOn: LocalDate
  rows: FieldRow[]
  class: WindowClass
  channels: ChannelView[]
  repair: RepairView
  disputed: boolean
  /** On the page of a past day: what has become of it since. */
  since?: Words[]
}

const TONES: Record<WindowClass, string> = {
  minor: 'blue',
  general: 'amber',
  serious: 'red',
  listed: 'red',
  unclassified: 'blue',
  none: 'blue',
}
export const classTag = (cls: WindowClass, site: Site): Html | null =>
  cls === 'none' ? null : html`<span class="tag ${TONES[cls]}">${text(CLASS_WORDS[cls], site.lang)}</span>`

export const basisText = (basis: { instrument: Words; article: string }, site: Site): string => {
  const article = articleText(basis.article, site.lang)
  return `${text(basis.instrument, site.lang)}${site.lang === 'en' && article ? ', ' : ''}${article}`
}

export const fieldList = (rows: readonly FieldRow[]): Html =>
  html`<dl class="facts">${rows.map((r) => html`<dt>${r.label}</dt><dd>${r.value}</dd>`)}</dl>`

const boxOf = (view: ChannelView, site: Site, full: boolean): Html => {
  const { lang } = site
  return html`<div class="channel"><h4>${text(view.name, lang)}</h4><p>${view.span.map((s) => text(s, lang)).join(lang === 'zh' ? '' : ' ')}</p>${
    (full || !view.shown) && html`<p class="small">${text(view.why, lang)}</p>`
  }${full && html`<p class="small">${text(RECORD.basis, lang)}${basisText(view.basis, site)}</p>`}${
    full && view.unsure && html`<p class="small">${view.note ? text(view.note, lang) : text(RECORD.unsure, lang)}</p>`
  }</div>`
}

const boxes = new WeakMap<ChannelView, Map<string, Html>>()
/** A view stands on many pages, and is printed once for each way of printing it. */
export const channelBox = (view: ChannelView, site: Site, full: boolean): Html => {
  const held = boxes.get(view) ?? new Map<string, Html>()
  const key = `${site.lang} ${full}`
  const known = held.get(key)
  if (known) return known
  const made = boxOf(view, site, full)
  boxes.set(view, held.set(key, made))
  return made
}

export const repairText = (repair: RepairView, site: Site): Html => {
  const { lang } = site
  return html`<p>${text(repair.words, lang)}${
    repair.receiver && html`${lang === 'zh' ? '' : ' '}${say(RECORD.receiver, lang, { receiver: repair.receiver })}`
  }${
    repair.why &&
    html`${lang === 'zh' ? '' : ' '}${text(repair.why, lang)}${
      repair.basis && html` <span class="small">${text(RECORD.basis, lang)}${basisText(repair.basis, site)}</span>`
    }`
  } <a href="${to(lang, '/repair')}">${text(RECORD.guide, lang)}</a></p>`
}

const sinceTags = (card: RecordCard, site: Site): Html[] =>
  (card.since ?? []).map((words) => html`<span class="tag blue">${text(words, site.lang)}</span>`)

/** What it is, why it is shown and on what basis, where and until when, and how it can be repaired. */
export const recordCard = (card: RecordCard, site: Site, href: string): Html => {
  const { lang } = site
  const own = card.channels.find((c) => c.channel === 'credit_china')
  const notUs = href.replace(/(?=\?)/, '/not-us')
  return html`<article class="record"><div class="head"><h3>${text(card.itemName, lang)}</h3>${classTag(card.class, site)}${
    card.disputed && html`<span class="tag amber">${text(SUBJECT.disputed, lang)}</span>`
  }${sinceTags(card, site)}</div><p>${card.what}</p>${card.rows.length > 0 && fieldList(card.rows)}${
    own &&
    html`<p><strong>${text(RECORD.why, lang)}</strong>${lang === 'zh' ? '：' : ': '}${text(own.why, lang)} <span class="small">${text(RECORD.basis, lang)}${basisText(own.basis, site)}</span></p>`
  }<div class="channels">${card.channels.map((c) => channelBox(c, site, false))}</div>${!site.past && repairText(card.repair, site)}<p class="more"><a href="${href}" aria-label="${`${text(RECORD.open, lang)} ${card.docNo}`}">${text(RECORD.open, lang)}</a>${!site.past && html` <a href="${notUs}" aria-label="${`${text(REPORT.link, lang)} ${card.docNo}`}">${text(REPORT.link, lang)}</a>`}</p></article>`
}

export type RecordView = {
  subject: { code: string; name: string }
  negative: boolean
  card: RecordCard
  fields: FieldRow[]
  /** Which version of the rules each channel's window was computed by. */
  rules: {
    channel: ChannelView
    regime: Regime | null
    inputs: { label: Words; value: Words }[]
    clock: Words | null
  }[]
}

const ruleBox = (r: RecordView['rules'][number], site: Site): Html => {
  const { lang } = site
  const since = r.regime && say(RECORD.ruleSince, lang, { day: dayWords(r.regime.validFrom) })
  const rows: FieldRow[] = [
    ...(r.channel.class === 'none'
      ? []
      : [{ label: text(RECORD.classed, lang), value: text(CLASS_WORDS[r.channel.class], lang) }]),
    {
      label: text(RECORD.rule, lang),
      value: r.regime
        ? `${text(r.regime.instrument, lang)}${lang === 'zh' ? '，' : ', '}${since}`
        : text(r.channel.basis.instrument, lang),
    },
    {
      label: text(RECORD.article, lang),
      value:
        r.regime?.instrument.zh === r.channel.basis.instrument.zh
          ? articleText(r.channel.basis.article, lang)
          : basisText(r.channel.basis, site),
    },
    ...r.inputs.map((i) => ({ label: text(i.label, lang), value: text(i.value, lang) })),
  ]
  return html`<section class="stack"><h3>${text(r.channel.name, lang)}</h3><p>${text(r.channel.why, lang)}</p>${
    r.clock && html`<p>${text(r.clock, lang)}</p>`
  }<p>${r.channel.span.map((s) => text(s, lang)).join(lang === 'zh' ? '' : ' ')}</p>${
    r.channel.note && html`<p class="note">${text(r.channel.note, lang)}</p>`
  }${fieldList(rows)}</section>`
}

export const recordPage = (site: Site, view: RecordView): string => {
  const { lang } = site
  const { card, subject } = view
  const on = site.past && site.today
  const back = to(lang, `/s/${encodeURIComponent(subject.code)}`, { on })
  const path = `/r/${encodeURIComponent(subject.code)}/${card.id}`
  const title = `${text(card.itemName, lang)}${lang === 'zh' ? '：' : ': '}${subject.name}`
  const body = html`${crumbs(lang, text(card.itemName, lang))}
${pastBanner(site, path)}
<section class="card"><div class="head"><h1>${text(card.itemName, lang)}</h1>${classTag(card.class, site)}${
    card.disputed && html`<span class="tag amber">${text(SUBJECT.disputed, lang)}</span>`
  }${sinceTags(card, site)}</div><p><a href="${back}">${subject.name}</a></p><p>${card.what}</p>${
    card.disputed && html`<p class="note">${text(SUBJECT.disputedNote, lang)}</p>`
  }</section>
<section class="card"><h2>${text(RECORD.full, lang)}</h2>${fieldList(view.fields)}</section>
<section class="card"><h2>${text(RECORD.where, lang)}</h2>${html`<div class="grid">${view.rules.map((r) => ruleBox(r, site))}</div>`}</section>
${view.negative && !site.past && html`<section class="card"><h2>${text(RECORD.howRepair, lang)}</h2>${repairText(card.repair, site)}</section>`}
<p class="no-print more"><a href="${back}">${text(SUBJECT.back, lang)}</a>${!site.past && html`<a href="${to(lang, `${path}/not-us`)}">${text(REPORT.link, lang)}</a>`}</p>
${pastForm(site, path, on ?? '')}`
  return layout(site, { path, query: { on }, title, index: false }, body)
}
