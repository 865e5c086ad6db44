import { type Html, html } from '../../../kernel/html.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import { say } from '../../../kernel/words.ts'
import { dayWords } from '../../../kernel/window.ts'
import { PAST } from '../words.past.ts'
import { SUBJECT } from '../words.ts'
import { type Site, crumbs, layout, text, to } from './layout.ts'

/** Who looks at a past day: what has stopped being shown since is not for anyone any more. */
export type Looker = 'anyone' | 'subject' | 'office'

/** Any day before today; a plain form, so that it works without scripts. */
export const pastForm = (site: Site, path: string, asked: string): Html => {
  const { lang } = site
  const today = site.past?.today ?? site.today
  return html`<section class="card no-print" id="past"><h2>${text(PAST.title, lang)}</h2><p class="small" id="on-hint">${text(PAST.hint, lang)}</p><form class="find" action="${path}" method="get"><div class="box"><label for="on">${text(PAST.label, lang)}</label>
<input id="on" name="on" type="date" value="${asked}" max="${today}" required aria-describedby="on-hint"></div><input type="hidden" name="lang" value="${lang}"><button type="submit">${text(PAST.submit, lang)}</button></form></section>`
}

/** Which day it is, that it is not today, and what is left out and why. */
export const pastBanner = (site: Site, path: string): Html | null => {
  const { lang, past } = site
  if (!past) return null
  const whose = { anyone: PAST.forAnyone, subject: PAST.forSubject, office: PAST.forOffice }[past.looker]
  return html`<section class="note stack" aria-label="${say(PAST.badge, lang, { day: dayWords(site.today) })}"><p><strong>${say(PAST.banner, lang, { day: dayWords(site.today) })}</strong></p><p>${text(whose, lang)}</p><p class="no-print"><a href="${to(lang, path)}">${text(PAST.backToToday, lang)}</a></p></section>`
}

/** A day that cannot be shown: what is wrong with it, and the form again. */
export const pastRefused = (
  site: Site,
  place: { path: string; back: string; asked: string; why: 'bad' | 'future'; day: LocalDate | null },
): string => {
  const { lang } = site
  const title = text(PAST.title, lang)
  const message =
    place.why === 'bad'
      ? say(PAST.bad, lang, { asked: place.asked.slice(0, 40) })
      : say(PAST.future, lang, { day: place.day ? dayWords(place.day) : '', today: dayWords(site.today) })
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p class="stop" role="alert">${message}</p></section>
${pastForm(site, place.path, place.day ?? '')}
<p><a href="${to(lang, place.back)}">${text(SUBJECT.back, lang)}</a></p>`
  return layout(site, { path: place.path, title, index: false }, body)
}

export const pastNowhere = (site: Site, place: { path: string; back: string; day: LocalDate }): string => {
  const { lang } = site
  const title = text(PAST.title, lang)
  const body = html`${crumbs(lang, title)}<section class="card"><h1>${title}</h1><p>${say(PAST.notShown, lang, { day: dayWords(place.day) })}</p></section>
${pastForm(site, place.path, place.day)}
<p><a href="${to(lang, place.back)}">${text(SUBJECT.back, lang)}</a></p>`
  return layout(site, { path: place.path, title, index: false }, body)
}
