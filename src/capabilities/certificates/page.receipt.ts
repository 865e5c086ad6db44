import { type Html, html } from '../../kernel/html.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { say } from '../../kernel/words.ts'
import type { EffectView } from '../exchange/contract.ts'
import { EFFECT_PART_WORDS, EFFECT_STATE_WORDS } from '../exchange/words.ts'
import { type Site, crumbs, layout, to } from '../publicity/index.ts'
import { type ReceiptFacts, type ReceiptPart, refusals } from './contract.receipts.ts'
import { VERIFY } from './words.ts'
import {
  HOLDER_MARK_WORDS,
  type HolderMark,
  RECEIPT,
  RECEIPT_OUTCOME_WORDS,
  RECEIPT_STATE_WORDS,
  effectTitle,
} from './words.receipts.ts'

/** The public page of a receipt of propagation. It needs no JavaScript and names neither subject nor record. */
export type ReceiptPageView =
  | { is: 'receipt'; facts: ReceiptFacts; at: string; finalWorkdays: number }
  | { is: 'unknown' }
  | { is: 'busy'; seconds: number }

const BEIJING = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
const time = (at: string | null): string => (at ? BEIJING.format(new Date(at)) : '—')
const TAGS: Record<HolderMark, string> = {
  done: 'tag green',
  told: 'tag',
  waiting: 'tag',
  cut_off: 'tag red',
  suspended: 'tag red',
  reported: 'tag red',
}

const EFFECT_TAGS: Record<EffectView['state'], string> = {
  done: 'tag green',
  under_way: 'tag',
  late: 'tag red',
  nobody: 'tag',
}

const effects = (site: Site, facts: ReceiptFacts, part: ReceiptPart): Html | null => {
  const { lang } = site
  if (!part.effects?.length) return null
  const heads = [RECEIPT.effectState, RECEIPT.effectProof, RECEIPT.effectAt]
  return html`<table class="wide"><caption>${effectTitle(facts)[lang]}</caption><thead><tr><th scope="col">${RECEIPT.effectPart[lang]}</th>${heads.map(
    (h) => html`<th scope="col">${h[lang]}</th>`,
  )}</tr></thead><tbody>${part.effects.map(
    (e) => html`<tr><th class="day" scope="row">${EFFECT_PART_WORDS[e.part][lang]}</th>
<td data-label="${RECEIPT.effectState[lang]}"><span class="${EFFECT_TAGS[e.state]}">${EFFECT_STATE_WORDS[e.state][lang]}</span></td>
<td data-label="${RECEIPT.effectProof[lang]}">${e.proof[lang]}</td>
<td class="day" data-label="${RECEIPT.effectAt[lang]}">${time(e.at)}</td></tr>`,
  )}</tbody></table>`
}

const table = (site: Site, part: ReceiptPart, many: boolean): Html => {
  const { lang } = site
  const caption = many
    ? say(RECEIPT.part, lang, { n: part.n, at: time(part.withdrawnAt) })
    : `${RECEIPT.withdrawnAt[lang]}${lang === 'zh' ? '：' : ': '}${time(part.withdrawnAt)}`
  if (!part.holders.length) return html`<h2>${caption}</h2><p>${RECEIPT.onlyHere[lang]}</p>`
  const heads = [RECEIPT.mark, RECEIPT.sentAt, RECEIPT.takeDownBy, RECEIPT.ackedAt, RECEIPT.verifiedAt]
  return html`<table class="wide"><caption>${caption}</caption><thead><tr><th scope="col">${RECEIPT.holder[lang]}</th>${heads.map(
    (h) => html`<th scope="col">${h[lang]}</th>`,
  )}</tr></thead><tbody>${part.holders.map(
    (h) => html`<tr><th scope="row">${h.name[lang]}</th>
<td data-label="${RECEIPT.mark[lang]}"><span class="${TAGS[h.mark]}">${HOLDER_MARK_WORDS[h.mark][lang]}</span></td>
<td class="day" data-label="${RECEIPT.sentAt[lang]}">${time(h.sentAt)}</td>
<td class="day" data-label="${RECEIPT.takeDownBy[lang]}">${h.takeDownBy ? dayWords(h.takeDownBy as LocalDate)[lang] : '—'}</td>
<td class="day" data-label="${RECEIPT.ackedAt[lang]}">${time(h.acknowledgedAt)}</td>
<td class="day" data-label="${RECEIPT.verifiedAt[lang]}">${time(h.verifiedAt)}</td></tr>`,
  )}</tbody></table>`
}

const receipt = (site: Site, { facts, at, finalWorkdays }: Extract<ReceiptPageView, { is: 'receipt' }>): Html => {
  const { lang } = site
  const holders = facts.parts.flatMap((p) => p.holders)
  const done = holders.filter((h) => h.mark === 'done').length
  const whole = facts.outcome === 'all_acknowledged'
  const sentence = facts.outcome
    ? RECEIPT_OUTCOME_WORDS[facts.outcome][lang]
    : say(RECEIPT.progress, lang, { done, all: holders.length })
  const rows = [
    { label: RECEIPT.number[lang], value: facts.number[lang] },
    ...(facts.applicationNo ? [{ label: RECEIPT.no[lang], value: facts.applicationNo }] : []),
    { label: RECEIPT.issuer[lang], value: facts.issuer[lang] },
    { label: RECEIPT.code[lang], value: facts.code },
    ...(facts.finalAt ? [{ label: RECEIPT.finalAt[lang], value: time(facts.finalAt) }] : []),
  ]
  const pdf = to(lang, `/api/v1/public/receipts/${facts.code.replaceAll('-', '')}/pdf`)
  return html`<section class="card"><div class="head"><h1>${RECEIPT.title[lang]}</h1><span class="${whole ? 'tag green' : 'tag'}">${RECEIPT_STATE_WORDS[facts.state][lang]}</span></div>
<p class="${whole ? 'lead' : 'note'}" role="status">${sentence}</p><p>${RECEIPT.lead[lang]}</p>
<dl class="facts">${rows.map((r) => html`<dt>${r.label}</dt><dd>${r.value}</dd>`)}</dl>
${facts.parts.map((p) => html`${table(site, p, facts.parts.length > 1)}${effects(site, facts, p)}`)}
<p class="small">${facts.finalAt ? say(RECEIPT.finalRule, lang, { days: finalWorkdays }) : RECEIPT.openRule[lang]}</p>
<p>${RECEIPT.compare[lang]}</p><p class="no-print"><a href="${pdf}">${RECEIPT.pdf[lang]}</a></p><p class="small">${say(RECEIPT.at, lang, { at: time(at) })}</p></section>`
}

export const receiptHtml = (site: Site, view: ReceiptPageView): string => {
  const { lang } = site
  const title = RECEIPT.title[lang]
  const body =
    view.is === 'receipt'
      ? receipt(site, view)
      : html`<section class="card"><h1>${(view.is === 'busy' ? VERIFY.busy : VERIFY.unknown)[lang]}</h1><p class="stop" role="status">${
          view.is === 'busy' ? say(VERIFY.busyHelp, lang, { seconds: view.seconds }) : refusals.NO_SUCH_RECEIPT[lang]
        }</p></section>`
  const path = view.is === 'receipt' ? `/receipt/${view.facts.code.replaceAll('-', '')}` : '/verify'
  return layout(
    site,
    { path, title, index: false },
    html`${crumbs(lang, title)}${body}<p class="more no-print"><a href="${to(lang, '/verify')}">${VERIFY.title[lang]}</a></p>`,
  )
}
