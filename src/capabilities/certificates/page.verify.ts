import { type Html, html } from '../../kernel/html.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { say } from '../../kernel/words.ts'
import { type Site, crumbs, layout, to } from '../publicity/index.ts'
import type { Verdict } from './contract.ts'
import { refusals } from './contract.ts'
import { TRUTH_WORDS, VERIFY } from './words.ts'

/** The public page of verification. It needs no JavaScript and names no one who asked. */
export type VerifyView =
  | { is: 'form' }
  | { is: 'unknown'; asked: string }
  | { is: 'busy'; seconds: number }
  | { is: 'verdict'; verdict: Verdict }

const form = (site: Site, code: string): Html => {
  const { lang } = site
  return html`<form class="find" action="/verify" method="get"><div class="box"><label for="code">${VERIFY.label[lang]}</label>
<input id="code" name="code" type="text" value="${code}" maxlength="480" required autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint"></div>
<input type="hidden" name="lang" value="${lang}"><button type="submit">${VERIFY.do[lang]}</button></form><p class="small" id="code-hint">${VERIFY.hint[lang]}</p>`
}

const BEIJING = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
const TAGS: Record<Verdict['truth'], string> = { in_force: 'tag green', ended: 'tag', void: 'tag red' }

const verdict = (site: Site, v: Verdict): Html => {
  const { lang } = site
  const rows = [
    { label: VERIFY.name[lang], value: v.title[lang] },
    { label: VERIFY.number[lang], value: v.number[lang] },
    { label: VERIFY.issuer[lang], value: v.issuer[lang] },
    { label: VERIFY.on[lang], value: dayWords(v.on as LocalDate)[lang] },
    ...v.facts.map((f) => ({ label: f.label[lang], value: f.value[lang] })),
    { label: VERIFY.label[lang], value: v.code },
  ]
  return html`<section class="card" role="status"><div class="head"><h1>${VERIFY.result[lang]}</h1><span class="${TAGS[v.truth]}">${TRUTH_WORDS[v.truth][lang]}</span></div>
<p class="${v.truth === 'in_force' ? 'lead' : 'note'}">${v.sentence[lang]}</p>
<dl class="facts">${rows.map((r) => html`<dt>${r.label}</dt><dd>${r.value}</dd>`)}</dl>
<p>${VERIFY.compare[lang]}</p><p class="small">${say(VERIFY.at, lang, { at: BEIJING.format(new Date(v.at)) })}</p></section>
<section class="card"><h2>${VERIFY.again[lang]}</h2>${form(site, '')}</section>`
}

const bodyOf = (site: Site, view: VerifyView): Html => {
  const { lang } = site
  if (view.is === 'verdict') return verdict(site, view.verdict)
  const title = view.is === 'form' ? VERIFY.title : view.is === 'busy' ? VERIFY.busy : VERIFY.unknown
  const said =
    view.is === 'form'
      ? html`<p>${VERIFY.lead[lang]}</p>`
      : view.is === 'busy'
        ? html`<p class="stop" role="status">${say(VERIFY.busyHelp, lang, { seconds: view.seconds })}</p>`
        : html`<p class="stop" role="status">${refusals.NO_SUCH_PAPER[lang]}</p>`
  return html`<section class="card"><h1>${title[lang]}</h1>${said}${form(site, view.is === 'unknown' ? view.asked : '')}${
    view.is === 'form' &&
    html`<p class="small">${say(VERIFY.keys, lang, { path: '' })}<a href="/.well-known/xinheng-keys.json">/.well-known/xinheng-keys.json</a></p>`
  }</section>`
}

export const verifyHtml = (site: Site, view: VerifyView): string => {
  const { lang } = site
  const title = VERIFY.title[lang]
  const path =
    view.is === 'verdict' ? `/verify/${encodeURIComponent(view.verdict.code.replaceAll('-', ''))}` : '/verify'
  const body = html`${crumbs(lang, title)}${bodyOf(site, view)}<p class="more no-print"><a href="${to(lang, '/repair')}">${lang === 'zh' ? '信用修复指引' : 'Repair guide'}</a></p>`
  return layout(site, { path, title, index: view.is === 'form' }, body)
}
