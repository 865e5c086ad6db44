import { type Html, html } from '../../../kernel/html.ts'
import type { SubjectKind } from '../../../kernel/policy.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import type { Lang, Words } from '../../../kernel/words.ts'
import { say } from '../../../kernel/words.ts'
import type { DeclaredRow } from '../../subjects/contract.ts'
import { BADGE_WORDS, SUBJECT_KIND_WORDS, SUBJECT_STATUS_WORDS } from '../../subjects/words.ts'
import { codeLabel } from '../rules.ts'
import { PAST } from '../words.past.ts'
import { RECORD, SITE, SUBJECT } from '../words.ts'
import { type Query, type Site, crumbs, dayText, layout, searchForm, text, to } from './layout.ts'
import { pastBanner, pastForm } from './past.ts'
import { type RecordCard, fieldList, recordCard } from './record.ts'

export type LicenceRow = {
  id: string
  /** What it is, where it is not a licence. */
  kind: Words | null
  title: string
  docNo: string
  content: string
  validity: string
  authorityName: string
  decidedOn: LocalDate
}
/** One page of a part; `next` is the cursor of the following one. */
export type Part<T> = { part: T[]; next: string | undefined }
export type SubjectView = {
  name: string
  code: string
  kind: SubjectKind
  status: 'active' | 'deregistered' | 'revoked'
  division: Words | null
  askedCode: string | null
  declared: DeclaredRow[]
  licences: Part<LicenceRow>
  adverse: Part<RecordCard>
  /** Where each part begins, as the address says. */
  query: { licences: string | undefined; adverse: string | undefined }
}

const recordHref = (site: Site, code: string, id: string) =>
  to(site.lang, `/r/${encodeURIComponent(code)}/${id}`, { on: site.past && site.today })

const HEADS = [
  RECORD.docName,
  RECORD.docNo,
  RECORD.content,
  RECORD.validity,
  RECORD.authority,
  RECORD.decidedOn,
] as const

const licenceTable = (site: Site, view: SubjectView, rows: readonly LicenceRow[]): Html => {
  const { lang } = site
  const [name, no, content, validity, authority, decided] = HEADS.map((h) => text(h, lang)) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const cell = (label: string, value: string | Html) => html`<td role="cell" data-label="${label}">${value}</td>`
  return html`<table class="wide" role="table"><thead role="rowgroup"><tr role="row">${[
    name,
    no,
    content,
    validity,
    authority,
    decided,
  ].map((h) => html`<th scope="col" role="columnheader">${h}</th>`)}</tr></thead><tbody role="rowgroup">${rows.map(
    (r) =>
      html`<tr role="row"><th scope="row" role="rowheader"><a href="${recordHref(site, view.code, r.id)}">${r.title || r.docNo}</a></th>${cell(no, r.docNo)}${cell(content, r.content)}${cell(validity, r.validity)}${cell(authority, r.authorityName)}${cell(decided, dayText(r.decidedOn, lang))}</tr>`,
  )}</tbody></table>`
}

/** What the catalog opens beside licences: registrations, honours, commitments and the like. */
const otherTable = (site: Site, code: string, rows: readonly LicenceRow[]): Html => {
  const { lang } = site
  const heads = [RECORD.itemKind, RECORD.title, RECORD.number, RECORD.unit, RECORD.on].map((h) => text(h, lang))
  const cell = (n: number, value: string) => html`<td role="cell" data-label="${heads[n] ?? ''}">${value}</td>`
  return html`<table class="wide" role="table"><thead role="rowgroup"><tr role="row">${heads.map(
    (h) => html`<th scope="col" role="columnheader">${h}</th>`,
  )}</tr></thead><tbody role="rowgroup">${rows.map(
    (r) =>
      html`<tr role="row"><th scope="row" role="rowheader"><a href="${recordHref(site, code, r.id)}">${r.kind && text(r.kind, lang)}</a></th>${cell(1, r.title)}${cell(2, r.docNo)}${cell(3, r.authorityName)}${cell(4, dayText(r.decidedOn, lang))}</tr>`,
  )}</tbody></table>`
}

const moreOf = (site: Site, path: string, part: 'licences' | 'adverse', view: SubjectView): Html | null => {
  const { lang } = site
  const { next } = view[part]
  const query: Query = { ...view.query, on: site.past && site.today }
  if (!next && !query[part]) return null
  const label =
    part === 'adverse'
      ? SUBJECT.moreAdverse
      : view.licences.part.some((r) => r.kind !== null)
        ? SUBJECT.moreShown
        : SUBJECT.moreLicences
  return html`<p class="more">${
    query[part] &&
    html`<a href="${to(lang, path, { ...query, [part]: undefined })}#${part}">${text(SITE.first, lang)}</a>`
  }${next && html`<a href="${to(lang, path, { ...query, [part]: next })}#${part}">${text(label, lang)}</a>`}</p>`
}

const ends = new Map<Lang, Html>()
/** What stands below every subject; the same for all. */
const endOf = (lang: Lang): Html => {
  const made =
    ends.get(lang) ??
    html`<section class="card no-print"><h2>${text(SUBJECT.mine, lang)}</h2><p>${text(SUBJECT.mineHelp, lang)}</p><p class="more"><a href="/app/">${text(SITE.signIn, lang)}</a><a href="${to(lang, '/repair')}">${text(RECORD.guide, lang)}</a><a href="${to(lang, '/objections')}">${text(SITE.objections, lang)}</a></p></section>
<section class="card no-print">${searchForm(lang, '', false)}</section>`
  ends.set(lang, made)
  return made
}

/** Apart from what authorities decided, and each line with its badge (A4). */
const declaredPart = (site: Site, rows: readonly DeclaredRow[]): Html | null => {
  if (!rows.length) return null
  const { lang } = site
  return html`<section class="card" id="declared"><h2>${text(SUBJECT.declared, lang)}</h2><p class="small">${text(SUBJECT.declaredHelp, lang)}</p>${rows.map(
    (d) =>
      html`<article class="record"><h3>${d.title} <span class="tag">${text(BADGE_WORDS[d.badge], lang)}</span></h3>${fieldList(
        [
          { label: text(SUBJECT.declaredKind, lang), value: text(d.kindName, lang) },
          { label: text(SUBJECT.declaredIssuer, lang), value: d.issuer },
          ...(d.documentNo ? [{ label: text(SUBJECT.declaredNo, lang), value: d.documentNo }] : []),
          { label: text(SUBJECT.declaredOn, lang), value: dayText(d.issuedOn as LocalDate, lang) },
          ...(d.validTo
            ? [{ label: text(SUBJECT.declaredTo, lang), value: dayText(d.validTo as LocalDate, lang) }]
            : []),
          ...(d.verifiedBy ? [{ label: text(SUBJECT.declaredBy, lang), value: d.verifiedBy }] : []),
        ],
      )}</article>`,
  )}</section>`
}

const noneWords = (site: Site): { licences: Words; adverse: Words } =>
  !site.past
    ? { licences: SUBJECT.licencesNone, adverse: SUBJECT.adverseNone }
    : site.past.looker === 'subject'
      ? { licences: PAST.licencesNoneWhole, adverse: PAST.adverseNoneWhole }
      : { licences: PAST.licencesNone, adverse: PAST.adverseNone }

/** Licences first, then what is adverse. Only what is shown today is here: nothing tells of what has gone. */
export const subjectPage = (site: Site, view: SubjectView): string => {
  const { lang } = site
  const path = `/s/${encodeURIComponent(view.code)}`
  const facts = [
    { label: text(codeLabel(view.code), lang), value: view.code },
    { label: text(SUBJECT.kind, lang), value: text(SUBJECT_KIND_WORDS[view.kind], lang) },
    // What is registered now says nothing of that day.
    ...(site.past ? [] : [{ label: text(SUBJECT.status, lang), value: text(SUBJECT_STATUS_WORDS[view.status], lang) }]),
    ...(view.division && !site.past ? [{ label: text(SUBJECT.division, lang), value: text(view.division, lang) }] : []),
  ]
  const { licences, adverse } = view
  const on = site.past && site.today
  const query: Query = { ...view.query, on }
  const none = noneWords(site)
  const granted = licences.part.filter((r) => r.kind === null)
  const others = licences.part.filter((r) => r.kind !== null)
  const body = html`${crumbs(lang, view.name)}
${pastBanner(site, path)}
<section class="card"><h1>${view.name}</h1>${!site.past && view.status === 'deregistered' && html`<p class="note">${text(SUBJECT.deregistered, lang)}</p>`}${
    !site.past && view.status === 'revoked' && html`<p class="note">${text(SUBJECT.revoked, lang)}</p>`
  }${view.askedCode && html`<p class="note">${say(SUBJECT.otherCode, lang, { asked: view.askedCode, code: view.code })}</p>`}${fieldList(facts)}<p class="small">${text(SITE.asOf, lang)}${dayText(site.today, lang)}</p></section>
<section class="card" id="licences"><h2>${text(SITE.licences, lang)}</h2>${
    granted.length ? licenceTable(site, view, granted) : html`<p class="lead">${text(none.licences, lang)}</p>`
  }${others.length === 0 && moreOf(site, path, 'licences', view)}</section>
${
  others.length > 0 &&
  html`<section class="card" id="others"><h2>${text(SUBJECT.others, lang)}</h2>${otherTable(site, view.code, others)}${moreOf(site, path, 'licences', view)}</section>`
}
<section class="card" id="adverse"><h2>${text(SUBJECT.adverse, lang)}</h2>${
    adverse.part.length
      ? adverse.part.map((c) => recordCard(c, site, recordHref(site, view.code, c.id)))
      : html`<p class="lead">${text(none.adverse, lang)}</p>`
  }${moreOf(site, path, 'adverse', view)}<p class="small">${text(SUBJECT.otherSite, lang)}</p></section>
${declaredPart(site, view.declared)}${pastForm(site, path, on ?? '')}${endOf(lang)}`
  return layout(site, { path, query, title: view.name, index: false }, body)
}
