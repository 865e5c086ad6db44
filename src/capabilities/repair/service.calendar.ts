import { createHmac } from 'node:crypto'
import ical, { ICalCalendarMethod } from 'ical-generator'
import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { routeRuleOf } from '../../kernel/eligibility.ts'
import { isUuid } from '../../kernel/page.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Lang, fill, say } from '../../kernel/words.ts'
import { sameText } from '../../platform/auth.ts'
import { type Ctx, type Runtime, today } from '../../platform/context.ts'
import { sha256 } from '../../platform/crypto.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { post } from '../messages/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { mustActFor } from '../subjects/index.ts'
import type { CalendarRow, FeedView } from './contract.calendar.ts'
import type { ApplicationView } from './contract.ts'
import { type Dated, datedOf } from './rules.calendar.ts'
import {
  type Surroundings,
  adverseFrom,
  createApplication,
  lookAtWindow,
  mustServe,
  recordsCursor,
  subjectOf,
  surroundings,
} from './service.ts'
import { standingOf } from './standing.ts'
import * as store from './store.calendar.ts'
import { barredUntil, itemNameOf } from './views.ts'
import { CALENDAR_NAME, EVENT_WORDS, PROMPT_WORDS } from './words.calendar.ts'

const worldOf = (ctx: Ctx) => ({ policy: ctx.policy, today: today(ctx) })

const datedIn = (ctx: Ctx, record: RecordRow, of: Surroundings): Dated & { application: string | null } => {
  const world = worldOf(ctx)
  const { eligibility } = standingOf(record, of, world)
  const open = of.open.find((o) => o.recordId === record.id)
  const system = routeRuleOf(record.facts, world.policy, world.today)?.routesTo
  const known = { barredUntil: of.bars.length ? barredUntil(of.bars, record.id, system) : null }
  const facts = { windows: record.windows, facts: record.facts, decidedOn: record.decidedOn }
  const dated = datedOf(facts, { eligibility, known, underWay: open !== undefined }, world.policy, world.today)
  return { ...dated, application: open?.applicationId ?? null }
}

const rowOf = (ctx: Ctx, record: RecordRow, of: Surroundings): CalendarRow => ({
  subjectId: record.subjectId,
  subjectName: of.name,
  recordId: record.id,
  itemName: itemNameOf(ctx.policy, record.item),
  docNo: record.docNo,
  authorityName: record.authorityName,
  ...datedIn(ctx, record, of),
})

const rowsFrom = async (ctx: Ctx, subjects: readonly string[], ask: { after?: string | undefined; limit: number }) => {
  const db = ctx.db.kysely
  const from = { after: recordsCursor(ask.after), limit: ask.limit }
  // Of one subject it is known beforehand whose surroundings are needed.
  const [only] = subjects.length === 1 ? subjects : []
  const [page, alone] = await Promise.all([adverseFrom(ctx, subjects, from), only ? surroundings(db, only) : null])
  const about = new Map<string, Surroundings>(only && alone ? [[only, alone]] : [])
  for (const id of new Set(page.rows.map((r) => r.subjectId)))
    if (!about.has(id)) about.set(id, await surroundings(db, id))
  return { rows: page.rows.map((r) => rowOf(ctx, r, about.get(r.subjectId)!)), next: page.next }
}

const WHOLE = 500
/** All of a subject, page by page. */
const allOf = async (ctx: Ctx, subjectId: string): Promise<CalendarRow[]> => {
  const rows: CalendarRow[] = []
  let after: string | undefined
  do {
    const page = await rowsFrom(ctx, [subjectId], { after, limit: WHOLE })
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after)
  return rows
}

export const repairCalendar = async (
  ctx: Ctx,
  ask: { subject?: string | undefined; after?: string | undefined; limit: number },
) => {
  const own = ctx.actor.kind === 'person' ? [...ctx.actor.subjectIds].toSorted() : []
  if (ask.subject) await lookAtWindow(ctx, ask.subject)
  return { today: today(ctx), ...(await rowsFrom(ctx, ask.subject ? [ask.subject] : own, ask)) }
}

const BASKET_MOST = 100
/** One click: everything that can be repaired now and is not under way. */
export const offerApplication = async (ctx: Ctx, ask: { subject: string }): Promise<ApplicationView> => {
  mustServe(ctx, ask.subject)
  const ready = (await allOf(ctx, ask.subject)).filter((r) => r.when === 'now').slice(0, BASKET_MOST)
  if (!ready.length) mustNot('NOTHING_TO_OFFER')
  const records = ready.map((r) => r.recordId)
  return createApplication(ctx, { subject: ask.subject, kind: 'repair', records, contactName: '', contactPhone: '' })
}

// ---- the calendar to subscribe to

const MARK = 22
/** Signed with the platform's own key: the database alone does not tell an address. */
const markOf = ({ secrets }: Pick<Runtime, 'secrets'>, id: string): string =>
  createHmac('sha256', secrets.derive('calendar/1')).update(id).digest('base64url').slice(0, MARK)
const packed = (id: string): string => id.replaceAll('-', '')
const addressOf = (ctx: Ctx, id: string): string => `/api/v1/calendars/${packed(id)}${markOf(ctx, id)}.ics`
const idIn = (ctx: Ctx, address: string): string | null => {
  const hit = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})([\w-]{22})\.ics$/.exec(address)
  const id = hit?.slice(1, 6).join('-')
  return hit && isUuid(id) && sameText(hit[6]!, markOf(ctx, id)) ? id : null
}

const feedView = (ctx: Ctx, f: store.FeedRow): FeedView => ({
  subjectId: f.subjectId,
  id: f.id,
  path: addressOf(ctx, f.id),
  madeAt: f.madeAt,
})
const person = (ctx: Ctx) => (ctx.actor.kind === 'person' ? ctx.actor : mustNot('FORBIDDEN'))

export const listFeeds = async (ctx: Ctx): Promise<{ rows: FeedView[] }> => {
  const { personId, subjectIds } = person(ctx)
  return { rows: (await store.feedsOf(ctx.db.kysely, personId, subjectIds)).map((f) => feedView(ctx, f)) }
}

export const makeFeed = (ctx: Ctx, ask: { subject: string }): Promise<FeedView> =>
  inTx(ctx, async (tx) => {
    mustActFor(ctx, ask.subject)
    const { personId } = person(ctx)
    const [held] = await store.feedsOf(tx, personId, [ask.subject])
    if (held) return feedView(ctx, held)
    const row = { subjectId: ask.subject, id: newId(), personId, madeAt: ctx.clock.now() }
    if (!(await store.insertFeed(tx, row))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'repair.make_feed',
      target: { kind: 'calendar_feed', id: row.id },
      subjectId: row.subjectId,
    })
    return feedView(ctx, row)
  })

export const revokeFeed = (ctx: Ctx, ask: { subject: string; id: string }): Promise<{ ok: true }> =>
  inTx(ctx, async (tx) => {
    const { personId } = person(ctx)
    const key = { subjectId: ask.subject, id: ask.id, personId }
    if (!(await store.revokeFeed(tx, key, ctx.clock.now()))) mustNot('NO_SUCH_FEED')
    recordAct(tx, ctx, {
      act: 'repair.revoke_feed',
      target: { kind: 'calendar_feed', id: ask.id },
      subjectId: ask.subject,
    })
    return { ok: true as const }
  })

const REFRESH_SECONDS = 12 * 60 * 60
const LINE_ENDS = /[\r\n]+/g
/** Neither the subject's name nor any number of a person stands in it: only records, by their numbers, and days. */
export const icsOf = (
  rows: readonly CalendarRow[],
  of: { at: string; lang: Lang; site: string | undefined },
): string => {
  const calendar = ical({
    name: say(CALENDAR_NAME, of.lang),
    prodId: { company: 'Xinheng', product: 'repair', language: of.lang.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  })
  const put = (kind: 'may' | 'ends', r: CalendarRow, on: string) =>
    calendar.createEvent({
      id: `${kind}-${r.recordId}@xinheng`,
      start: on,
      allDay: true,
      stamp: new Date(of.at),
      summary: fill(say(EVENT_WORDS[kind], of.lang), { doc: r.docNo }, of.lang),
      description: fill(
        say(EVENT_WORDS.about, of.lang),
        { item: r.itemName, authority: r.authorityName, why: r.why, article: r.article },
        of.lang,
      ).replaceAll(LINE_ENDS, ' '),
      ...(of.site ? { url: `${of.site}/app/my/calendar` } : {}),
    })
  for (const r of rows) {
    if ((r.when === 'now' || r.when === 'from') && r.day) put('may', r, r.day)
    if (r.shownUntil) put('ends', r, r.shownUntil)
  }
  return calendar.toString()
}

export const readFeed = async (ctx: Ctx, ask: { address: string }): Promise<FileReply> => {
  const id = idIn(ctx, ask.address) ?? mustNot('NO_SUCH_FEED')
  const feed = (await store.findFeed(ctx.db.kysely, id, today(ctx))) ?? mustNot('NO_SUCH_FEED')
  const text = icsOf(await allOf(ctx, feed.subjectId), {
    at: ctx.clock.now(),
    lang: ctx.lang,
    site: ctx.config.publicUrl,
  })
  return {
    file: { name: 'repair.ics', mediaType: 'text/calendar; charset=utf-8', body: new TextEncoder().encode(text) },
  }
}

// ---- reminders: once a record and day of eligibility

const TOLD_MOST = 5
const promptOne = async (ctx: Ctx, { subjectId, personIds }: store.Mandated): Promise<number> => {
  const rows = (await allOf(ctx, subjectId)).flatMap((r) =>
    r.when === 'now' && r.day ? [{ ...r, day: r.day as LocalDate }] : [],
  )
  if (!rows.length) return 0
  return inTx(ctx, async (tx) => {
    const told = new Set((await store.promptedOf(tx, subjectId)).map((p) => `${p.recordId} ${p.mayFrom}`))
    const news = rows.filter((r) => !told.has(`${r.recordId} ${r.day}`))
    if (!news.length) return 0
    const subject = await subjectOf(tx, subjectId)
    const docs = (lang: Lang) =>
      news
        .slice(0, TOLD_MOST)
        .map((r) => r.docNo)
        .join(lang === 'zh' ? '、' : ', ') + (news.length > TOLD_MOST ? (lang === 'zh' ? '等' : ' …') : '')
    const words = news.every((r) => r.toDeclare === 0) ? PROMPT_WORDS.ready : PROMPT_WORDS.body
    const said = (lang: Lang) => fill(words[lang], { name: subject.name, docs: docs(lang) }, lang)
    const messageId = await post(tx, ctx, {
      to: { personIds },
      kind: 'repair',
      title: {
        zh: fill(PROMPT_WORDS.title.zh, { n: news.length }, 'zh'),
        en: fill(PROMPT_WORDS.title.en, { n: news.length }, 'en'),
      },
      body: { zh: said('zh'), en: said('en') },
      link: `/app/my/calendar?subject=${subjectId}`,
      about: { kind: 'subject', id: subjectId },
      by: ['inbox', 'email'],
      key: `repair.may_apply:${subjectId}:${sha256(news.map((r) => `${r.recordId} ${r.day}`).join())}`,
    })
    const mine = await store.insertPrompts(tx, subjectId, news, { at: ctx.clock.now(), messageId })
    // Someone else says it at this moment: nothing is said twice.
    if (mine.length !== news.length) mustNot('STALE')
    return news.length
  })
}

const SUBJECTS_AT_ONCE = 200
/** Everyone for whom someone acts, subject by subject: one that fails is looked at again with the next run. */
export const promptSubjects = async (ctx: Ctx): Promise<number> => {
  let [after, said]: [string | null, number] = [null, 0]
  for (;;) {
    const page: store.Mandated[] = await store.mandatedAfter(ctx.db.kysely, {
      after,
      on: today(ctx),
      limit: SUBJECTS_AT_ONCE,
    })
    for (const subject of page) said += await promptOne(ctx, subject)
    after = page.at(-1)?.subjectId ?? null
    if (page.length < SUBJECTS_AT_ONCE) return said
  }
}

/** Once a day; a run that was cut short begins again. */
export const promptDaily = async (ctx: Ctx): Promise<void> => {
  const on = today(ctx)
  if (await store.hasRun(ctx.db.kysely, on)) return
  await promptSubjects(ctx)
  await inTx(ctx, (tx) => store.saveRun(tx, on, ctx.clock.now()))
}
