import { normaliseCode } from '../../kernel/codes.ts'
import type { HtmlReply } from '../../kernel/api.ts'
import { Refused, mustNot } from '../../kernel/decision.ts'
import { encodeCursor, isUuid, keyIn } from '../../kernel/page.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import type { SubjectKind } from '../../kernel/policy.ts'
import { explainWindow } from '../../kernel/window.ts'
import type { Lang, Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { DeclaredRow } from '../subjects/contract.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { countShown, explain, listShown, pageAsOf, publicPage, publicRecord } from '../records/index.ts'
import type { PublicRow } from '../records/contract.ts'
import { declaredOf, findSubjectByCode, searchSubjects } from '../subjects/index.ts'
import { cardOf, fieldRows, licenceRow, listRow } from './cards.ts'
import { COLUMNS, COLUMN_NAMES, type Column, type ExplanationView } from './contract.ts'
import { homePage } from './pages/home.ts'
import type { Site } from './pages/layout.ts'
import { listPage } from './pages/list.ts'
import { messagePage } from './pages/plain.ts'
import { type RecordView, recordPage } from './pages/record.ts'
import { searchPage } from './pages/search.ts'
import { subjectPage } from './pages/subject.ts'
import {
  UNKEPT,
  askedDay,
  forAnyone,
  nowhereThen,
  pastPage,
  pastRecord,
  pastWorld,
  refusedDay,
  sinceOf,
} from './past.ts'
import {
  askedFor,
  channelView,
  holdsPersonId,
  inputRows,
  isNegative,
  isShownOn,
  itemName,
  publicName,
  isNamed,
} from './rules.ts'
import { siteOf } from './site.ts'
import { CLOCK_WORDS, HOME, RECORD, SEARCH } from './words.ts'
import { dayWords } from '../../kernel/window.ts'
import { say } from '../../kernel/words.ts'

const page = (html: string, status?: number): HtmlReply => (status ? { html, status } : { html })

const divisionName = (ctx: Pick<Ctx, 'policy'>, code: string | null): Words | null =>
  ctx.policy.divisions.find((d) => d.code === code)?.name ?? null

/** The districts below this jurisdiction, for filters. */
const divisionsOf = (ctx: Ctx, on: LocalDate) =>
  ctx.policy.divisions.filter(
    (d) =>
      d.parent === ctx.policy.jurisdiction.code &&
      (d.validTo === null || on <= d.validTo) &&
      (d.validFrom === null || d.validFrom <= on),
  )

// ---- home

const COUNT_TO = 10_000
const COUNTS_KEEP_MS = 5_000
const counts = new WeakMap<object, { at: number; on: LocalDate; made: Promise<{ n: number; more: boolean }[]> }>()
/** Counted no further than COUNT_TO and kept for a moment: the home page costs the database next to nothing. */
const countsOf = (ctx: Ctx, on: LocalDate) => {
  const held = counts.get(ctx.db)
  const at = Date.parse(ctx.clock.now())
  if (held && held.on === on && at >= held.at && at - held.at < COUNTS_KEEP_MS) return held.made
  const made = Promise.all(
    COLUMN_NAMES.map((c) => countShown(ctx.db.kysely, { item: COLUMNS[c], on, atMost: COUNT_TO })),
  )
  made.catch(() => counts.delete(ctx.db))
  counts.set(ctx.db, { at, on, made })
  return made
}

const NEWEST = 6
export const home = async (ctx: Ctx): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  const on = site.today
  const db = ctx.db.kysely
  const found = await countsOf(ctx, on)
  const licences = await listShown(db, { item: COLUMNS.licences, on, limit: NEWEST })
  const penalties = await listShown(db, { item: COLUMNS.penalties, on, limit: NEWEST })
  return page(
    homePage(site, {
      counts: COLUMN_NAMES.map((c, i) => ({
        label: HOME[c],
        ...(found[i] ?? { n: 0, more: false }),
        path: `/lists/${c}`,
      })),
      licences: licences.rows.map((r) => listRow(r, site)),
      penalties: penalties.rows.map((r) => listRow(r, site)),
    }),
  )
}

// ---- search

const SEARCH_LIMIT = 20
const looksLikeCode = (q: string) => /^[0-9A-Z]{18}$/.test(normaliseCode(q))

export const search = async (ctx: Ctx, input: { q: string; after?: string | undefined }): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  const asked = askedFor(input.q)
  if (asked.is === 'nothing') return page(searchPage(site, { is: 'empty' }))
  if (asked.is !== 'text') return page(searchPage(site, { is: asked.is }), 422)
  const { q } = asked
  try {
    const found = await searchSubjects(ctx.db.kysely, { q, after: input.after, limit: SEARCH_LIMIT })
    // A small trader without a trade name is reached by its code only: its operator's name finds nothing.
    const rows = found.rows.filter((r) => looksLikeCode(q) || isNamed(r.kind, r.name))
    if (!rows.length && !found.next) return page(searchPage(site, { is: 'none', q, badCode: looksLikeCode(q) }))
    const named = rows.map((r) => ({ ...r, divisionName: divisionName(ctx, r.division) }))
    return page(searchPage(site, { is: 'rows', q, rows: named, next: found.next, after: input.after }))
  } catch (error) {
    if (error instanceof Refused) return page(searchPage(site, { is: 'cursor' }), 400)
    throw error
  }
}

// ---- a subject and a record

const PART = 20
const plainCode = (code: string) => normaliseCode(code).replaceAll('-', '')
const nowhere = (site: Site): HtmlReply =>
  page(messagePage(site, SEARCH.noSubject[site.lang], SEARCH.noSubjectHelp[site.lang]), 404)
const noPersons = (site: Site): HtmlReply =>
  page(messagePage(site, SEARCH.title[site.lang], SEARCH.person[site.lang]), 404)

/** An address with a broken key shows the first part. */
const pageKey = (cursor: string | undefined) => (cursor && cursor.length < 200 ? keyIn(cursor, 'day', 'uuid') : null)

const partOf = <R extends PublicRow, T>(rows: readonly R[], make: (r: R) => T) => {
  const last = rows[PART - 1]
  const more = rows.length > PART && last
  return { part: rows.slice(0, PART).map(make), next: more ? encodeCursor([last.decidedOn, last.id]) : undefined }
}

export const subject = async (
  ctx: Ctx,
  input: {
    code: string
    licences?: string | undefined
    adverse?: string | undefined
    on?: string | undefined
  },
): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  if (holdsPersonId(input.code)) return noPersons(site)
  const asked = plainCode(input.code)
  const day = askedDay(input.on, site.today)
  if (day.is === 'past') return subjectThen(ctx, site, asked, day.on, input)
  if (day.is !== 'today') {
    const path = `/s/${encodeURIComponent(asked)}`
    return refusedDay(site, day, { path, back: path })
  }
  // Asked in one turn, so that they go to the database together.
  const [found, declared] = await Promise.all([
    publicPage(ctx.db.kysely, {
      code: asked,
      on: site.today,
      limit: PART,
      licencesAfter: pageKey(input.licences),
      adverseAfter: pageKey(input.adverse),
    }),
    declaredOn(ctx, asked, site.today),
  ])
  if (!found) return nowhere(site)
  const { subject: s } = found
  return page(
    subjectPage(site, {
      // Another code that leads here: an older one, or that of a file brought together with this one.
      askedCode: asked === s.code ? null : asked,
      declared,
      name: publicName(s.kind, s.name, site.lang),
      code: s.code,
      kind: s.kind,
      status: s.status,
      division: divisionName(ctx, s.division),
      licences: partOf(found.licences, (r) => licenceRow(r, site)),
      adverse: partOf(found.adverse, (r) => cardOf(r, site)),
      query: { licences: input.licences, adverse: input.adverse },
    }),
  )
}

/** The same page as it was at the end of a past day. */
const subjectThen = async (
  ctx: Ctx,
  now: Site,
  asked: string,
  on: LocalDate,
  { licences, adverse }: { licences?: string | undefined; adverse?: string | undefined },
): Promise<HtmlReply> => {
  const world = await pastWorld(ctx, now, asked, on)
  if (!world) return nowhere(now)
  const { subject: s, site } = world
  const found = await pastPage(ctx, world, {
    limit: PART,
    licencesAfter: pageKey(licences),
    adverseAfter: pageKey(adverse),
  })
  const html = subjectPage(site, {
    askedCode: asked === s.code ? null : asked,
    declared: [],
    name: publicName(s.kind, world.name, site.lang),
    code: s.code ?? asked,
    kind: s.kind,
    status: s.status,
    division: null,
    licences: partOf(found.licences, (r) => licenceRow(r, site)),
    adverse: partOf(found.adverse, (r) => ({ ...cardOf(r, site), since: sinceOf(r) })),
    query: { licences, adverse },
  })
  return { html, headers: UNKEPT }
}

/** What the subject declared of itself and anyone may see; asked for only where declaring is open. */
const declaredOn = async (ctx: Ctx, code: string, on: LocalDate): Promise<DeclaredRow[]> =>
  settingOf(ctx.policy, 'self_declared_information', on)?.value === true ? declaredOf(ctx, ctx.db.kysely, { code }) : []

const recordView = (
  site: Site,
  subject: { code: string; kind: SubjectKind; name: string },
  r: PublicRow,
  since: Words[],
): RecordView => ({
  subject: { code: subject.code, name: publicName(subject.kind, subject.name, site.lang) },
  negative: isNegative(site.policy, r.item),
  card: { ...cardOf(r, site), since },
  fields: fieldRows(r, subject.kind, site),
  rules: r.windows.map((w) => {
    const clock = CLOCK_WORDS[String(w.inputs.clock)]
    const clockDay = parseDay(String(w.inputs.clockDay))
    return {
      channel: channelView(w, site.today),
      regime: site.policy.regimes.find((g) => g.channel === w.channel && g.version === w.version) ?? null,
      inputs: w.class === 'none' ? [] : inputRows(w, site.policy),
      clock:
        clock && clockDay && w.class !== 'none' && w.from
          ? {
              zh: say(RECORD.clock, 'zh', { day: dayWords(clockDay), clock }),
              en: say(RECORD.clock, 'en', { day: dayWords(clockDay), clock }),
            }
          : null,
    }
  }),
})

export const record = async (
  ctx: Ctx,
  input: { code: string; record: string; on?: string | undefined },
): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  if (holdsPersonId(input.code)) return noPersons(site)
  if (!isUuid(input.record)) return nowhere(site)
  const code = plainCode(input.code)
  const day = askedDay(input.on, site.today)
  const back = `/s/${encodeURIComponent(code)}`
  const place = { path: `/r/${encodeURIComponent(code)}/${input.record}`, back }
  if (day.is === 'past') {
    const world = await pastWorld(ctx, site, code, day.on)
    if (!world) return nowhere(site)
    const then = await pastRecord(ctx, world, input.record)
    if (!then) return nowhereThen(site, day.on, place)
    const about = { code: world.subject.code ?? code, kind: world.subject.kind, name: world.name }
    return { html: recordPage(world.site, recordView(world.site, about, then, sinceOf(then))), headers: UNKEPT }
  }
  if (day.is !== 'today') return refusedDay(site, day, place)
  const found = await publicRecord(ctx.db.kysely, { code, on: site.today, id: input.record })
  return found ? page(recordPage(site, recordView(site, found.subject, found.record, []))) : nowhere(site)
}

// ---- lists

const LIST_LIMIT = 30
const isColumn = (name: string): name is Column => name in COLUMNS

export const list = async (
  ctx: Ctx,
  input: { column: string; after?: string | undefined; division?: string | undefined },
): Promise<HtmlReply> => {
  const site = siteOf(ctx)
  if (!isColumn(input.column)) return mustNot('NOTHING_SHOWN')
  const divisions = divisionsOf(ctx, site.today)
  const division = divisions.find((d) => d.code === input.division)?.code
  const after = pageKey(input.after) ? input.after : undefined
  const found = await listShown(ctx.db.kysely, {
    item: COLUMNS[input.column],
    on: site.today,
    division,
    after,
    limit: LIST_LIMIT,
  })
  const rows = found.rows.map((r) => listRow(r, site))
  return page(listPage(site, { column: input.column, rows, next: found.next, after, division, divisions }))
}

export const listAsData = async (
  ctx: Ctx,
  input: { column: Column; after?: string | undefined; division?: string | undefined; limit: number },
) => {
  if (input.after && !pageKey(input.after)) mustNot('LIST_CURSOR')
  const on = today(ctx)
  const found = await listShown(ctx.db.kysely, {
    item: COLUMNS[input.column],
    on,
    division: input.division,
    after: input.after,
    limit: input.limit,
  })
  return {
    rows: found.rows.map((r) => ({
      subjectName: publicName(r.subjectKind, r.subjectName, 'zh'),
      subjectCode: r.subjectCode,
      authorityName: r.authorityName,
      docNo: r.docNo,
      decidedOn: r.decidedOn,
      shownFrom: r.shownFrom,
      shownUntil: r.shownUntil,
      fields: publicOf(r),
    })),
    next: found.next,
  }
}
/** The same care as on the pages: an individual business's operator is not given out. */
const publicOf = (r: { subjectKind: string; subjectName: string; publicFields: Record<string, unknown> }) => {
  if (r.subjectKind !== 'individual_business') return r.publicFields
  const { legal_representative: _, ...rest } = r.publicFields
  return { ...rest, subject_name: publicName('individual_business', r.subjectName, 'zh') }
}

// ---- explanations

const sentencesOf = (window: PublicRow['windows'][number]): Words[] => {
  const [zh, en] = (['zh', 'en'] satisfies Lang[]).map((l) => explainWindow(window, l)) as [string[], string[]]
  return zh.map((sentence, i) => ({ zh: sentence, en: en[i] ?? '' }))
}

type Explained = Pick<PublicRow, 'item' | 'docNo' | 'authorityName' | 'decidedOn' | 'windows'>
const viewOf = (ctx: Ctx, r: Explained, on: LocalDate): ExplanationView => ({
  item: r.item,
  itemName: itemName(ctx.policy, r.item),
  docNo: r.docNo,
  authorityName: r.authorityName,
  decidedOn: r.decidedOn,
  channels: r.windows.map((w) => ({
    channel: w.channel,
    shown: isShownOn(w, on),
    class: w.class,
    from: w.from,
    earliest: w.earliest,
    until: w.until,
    rule: w.rule,
    version: w.version,
    instrument: w.instrument,
    article: w.article,
    inputs: w.inputs,
    sentences: sentencesOf(w),
  })),
})

const EXPLAINED = 200
/** Anyone: what is shown today, as it was, is or will be on a day. The subject itself and the operator's command: everything held. */
export const explainSubject = async (ctx: Ctx, input: { code: string; on?: string | undefined }) => {
  if (holdsPersonId(input.code)) mustNot('PERSONS_NOT_SHOWN')
  const now = today(ctx)
  const on = (input.on && parseDay(input.on)) || now
  const db = ctx.db.kysely
  const code = plainCode(input.code)
  const held = (await findSubjectByCode(db, code)) ?? mustNot('NOTHING_SHOWN')
  if (held.kind === 'natural_person') mustNot('NOTHING_SHOWN')
  const name = publicName(held.kind, held.name, 'zh')
  const inside = ctx.actor.kind === 'system' || (ctx.actor.kind === 'person' && ctx.actor.subjectIds.includes(held.id))
  if (inside) {
    const all = await explain(db, ctx, code, on)
    return {
      code,
      name,
      on,
      rows: all.map((e) => {
        const view = viewOf(ctx, { ...e, windows: e.channels.map((c) => c.window) }, on)
        return { ...view, channels: view.channels.map((c, i) => ({ ...c, shown: e.channels[i]?.shown ?? c.shown })) }
      }),
    }
  }
  const ask = { limit: EXPLAINED, licencesAfter: null, adverseAfter: null }
  const found =
    on < now
      ? await pageAsOf(db, { ...ask, subjectId: held.id, on, today: now, admit: forAnyone })
      : await publicPage(db, { ...ask, code, on: now })
  return {
    code,
    name,
    on,
    rows: [...(found?.adverse ?? []), ...(found?.licences ?? [])].map((r) => viewOf(ctx, r, on)),
  }
}
