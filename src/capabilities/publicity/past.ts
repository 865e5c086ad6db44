import type { HtmlReply } from '../../kernel/api.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { say } from '../../kernel/words.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Ctx, hasRole, today } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { type PastRow, pageAsOf, recordAsOf } from '../records/index.ts'
import type { Subject } from '../subjects/contract.ts'
import { findSubjectByCode, namesOf, recordLook } from '../subjects/index.ts'
import { type Looker, pastNowhere, pastRefused } from './pages/past.ts'
import type { Site } from './pages/layout.ts'
import { PAST } from './words.past.ts'

/**
 * A past day on the public pages. What has stopped being shown since may not be shown to anyone any more (Order 36 art. 3):
 * the public gets of that day what is still shown today, with what has been corrected since as corrected. The subject, the
 * credit office and the authority that decided see what was shown, whole; that an official looked is recorded (A5).
 */

/** Which day an address asks for: today's page, a past day, or a day that cannot be shown. */
export type AskedDay =
  | { is: 'today' }
  | { is: 'past'; on: LocalDate }
  | { is: 'bad' | 'future'; asked: string; day: LocalDate | null }
export const askedDay = (on: string | undefined, now: LocalDate): AskedDay => {
  const asked = on?.toWellFormed().trim()
  if (!asked) return { is: 'today' }
  const day = parseDay(asked)
  if (!day) return { is: 'bad', asked, day: null }
  if (day > now) return { is: 'future', asked, day }
  return day === now ? { is: 'today' } : { is: 'past', on: day }
}

/** A page that depends on who looks and on the day it is not about is kept by nobody. */
export const UNKEPT = { 'cache-control': 'no-store' }

export const refusedDay = (
  site: Site,
  asked: Extract<AskedDay, { is: 'bad' | 'future' }>,
  place: { path: string; back: string },
): HtmlReply => ({
  html: pastRefused(site, { ...place, asked: asked.asked, why: asked.is, day: asked.day }),
  status: asked.is === 'bad' ? 400 : 422,
  headers: UNKEPT,
})
export const nowhereThen = (site: Site, day: LocalDate, place: { path: string; back: string }): HtmlReply => ({
  html: pastNowhere(site, { ...place, day }),
  status: 404,
  headers: UNKEPT,
})

const lookerOf = (ctx: Ctx, subjectId: string): Looker => {
  const { actor } = ctx
  if (actor.kind === 'person' && actor.subjectIds.includes(subjectId)) return 'subject'
  return hasRole(actor, 'credit_office', 'officer', 'head') ? 'office' : 'anyone'
}

/** For anyone: only what is still shown, and as it has been corrected. */
export const forAnyone = (row: PastRow): PastRow | null =>
  row.stillShown ? { ...(row.now ?? row), authorityId: row.authorityId, stillShown: true, now: row.now } : null

const admitterOf =
  (ctx: Ctx, looker: Looker) =>
  (row: PastRow): PastRow | null => {
    const { actor } = ctx
    const whole =
      looker === 'subject' ||
      (looker === 'office' &&
        (hasRole(actor, 'credit_office') || (actor.kind === 'person' && actor.authorityId === row.authorityId)))
    return whole ? { ...row, now: null, corrected: row.now !== null } : forAnyone(row)
  }

/** What has become of an entry since that day. */
export const sinceOf = (row: PastRow): Words[] => [
  ...(row.stillShown ? [] : [PAST.stopped]),
  ...(row.corrected ? [PAST.changed] : row.now ? [PAST.changedPublic] : []),
]

export type PastWorld = {
  subject: Subject
  name: string
  looker: Looker
  site: Site
}
/** The subject as it was named that day, and who looks at it; null when nobody has the code. */
export const pastWorld = async (ctx: Ctx, site: Site, code: string, on: LocalDate): Promise<PastWorld | null> => {
  const subject = await findSubjectByCode(ctx.db.kysely, code)
  if (!subject || subject.kind === 'natural_person' || !subject.code) return null
  const names = await namesOf(ctx.db.kysely, subject.id)
  const name = (names.findLast((n) => n.validFrom <= on) ?? names[0])?.name ?? subject.name
  const looker = lookerOf(ctx, subject.id)
  if (looker === 'office')
    await inTx(ctx, (tx) => recordLook(tx, ctx, subject.id, say(PAST.purpose, 'zh', { day: dayWords(on) })))
  return { subject, name, looker, site: { ...site, today: on, past: { today: site.today, looker } } }
}

export const pastPage = (
  ctx: Ctx,
  world: PastWorld,
  ask: Pick<Parameters<typeof pageAsOf>[1], 'limit' | 'licencesAfter' | 'adverseAfter'>,
) =>
  pageAsOf(ctx.db.kysely, {
    ...ask,
    subjectId: world.subject.id,
    on: world.site.today,
    today: today(ctx),
    admit: admitterOf(ctx, world.looker),
  })

export const pastRecord = (ctx: Ctx, world: PastWorld, recordId: string) =>
  recordAsOf(ctx.db.kysely, {
    subjectId: world.subject.id,
    recordId,
    on: world.site.today,
    today: today(ctx),
    admit: admitterOf(ctx, world.looker),
  })
