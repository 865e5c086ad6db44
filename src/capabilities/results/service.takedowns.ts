import { mustNot, unwrap } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Ctx, actorRef, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { covers } from '../../kernel/territory.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Words, say } from '../../kernel/words.ts'
import { authorityById, peopleWith } from '../access/index.ts'
import { peerChases, portalOf, saveVerified } from '../exchange/index.ts'
import { deliveriesOn, post } from '../messages/index.ts'
import type { AuthorityStanding, LookView, TakedownView } from './contract.ts'
import { fetchPage, isBarred, pageAddress } from './fetch.ts'
import { type Judgement, judgePage, levelsLate, pageCheckOn, takedownOn } from './rules.ts'
import { TAKEDOWN_MOVES, type TakedownAction } from './states.ts'
import * as store from './store.takedowns.ts'
import { type LookOutcome, RESULT_MESSAGES } from './words.ts'

type Key = { subjectId: string; id: string }
type Whole = TakedownView & { looks: LookView[] }

const viewOf = (ctx: Ctx, t: store.Takedown): TakedownView => ({
  subjectId: t.subjectId,
  id: t.id,
  recordId: t.recordId,
  authority: { id: t.authorityId, name: t.authorityName },
  item: t.item,
  docNo: t.docNo,
  subjectName: t.subjectName,
  day: t.onDay,
  dueOn: t.dueOn,
  provisional: t.dueProvisional,
  late: (t.state === 'open' || t.state === 'returned') && t.dueOn < today(ctx),
  state: t.state,
  page: t.page,
  confirmedAt: t.confirmedAt,
  note: t.note,
  outcome: t.outcome,
  checkedAt: t.checkedAt,
  nextLookAt: t.nextLookAt,
  actions: movesFrom(TAKEDOWN_MOVES, t.state, rolesOf(ctx.actor)),
  version: t.version,
})

export const listTakedowns = async (
  ctx: Ctx,
  ask: {
    view: store.View
    authority?: string | undefined
    day?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<TakedownView>> => {
  const rows = await store.listTakedowns(ctx.db.kysely, ctx.actor, {
    view: ask.view,
    authority: ask.authority,
    day: ask.day as LocalDate | undefined,
    today: today(ctx),
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (t) => [t.dueOn, t.id])
  return { rows: page.rows.map((t) => viewOf(ctx, t)), next: page.next }
}

const whole = async (ctx: Ctx, key: Key): Promise<Whole> => {
  const t = (await store.findTakedown(ctx.db.kysely, ctx.actor, key)) ?? mustNot('NO_SUCH_TAKEDOWN')
  const looks = await store.looksOf(ctx.db.kysely, key)
  return {
    ...viewOf(ctx, t),
    looks: looks.map((l) => ({
      id: l.id,
      at: l.at,
      outcome: l.outcome,
      reason: l.reason,
      page: l.page,
      reached: l.reached,
      status: l.status,
      hash: l.hash,
      bytes: l.bytes,
      byPerson: l.byKind === 'person',
    })),
  }
}
export const getTakedown = (ctx: Ctx, ask: { subject: string; id: string }): Promise<Whole> =>
  whole(ctx, { subjectId: ask.subject, id: ask.id })

// ---- what the authority says

const reachOf = (ctx: Ctx) => {
  const { value } = pageCheckOn(ctx.policy, today(ctx))
  return { ...value, loopback: !ctx.config.production }
}
const mustReach = (ctx: Ctx, page: string): string => {
  const url = pageAddress(page) ?? mustNot('PAGE_ADDRESS_WRONG', { page: page.slice(0, 200) })
  return isBarred(url, reachOf(ctx)) ? mustNot('PAGE_ADDRESS_NOT_ALLOWED', { page: page.slice(0, 200) }) : url.href
}

const mustHold = async (tx: Tx, ctx: Ctx, ask: Key & { seen: number }): Promise<store.Takedown> => {
  const t = (await store.lockTakedown(tx, ctx.actor, ask)) ?? mustNot('NO_SUCH_TAKEDOWN')
  return t.version === ask.seen ? t : mustNot('STALE')
}
const moved = (ctx: Ctx, t: store.Takedown, action: TakedownAction) =>
  unwrap(step(TAKEDOWN_MOVES, t.state, action, ctx.actor.kind === 'system' ? ['platform'] : rolesOf(ctx.actor)))
const inOrder = <T extends Key>(rows: readonly T[]): T[] =>
  [...new Map(rows.map((r) => [r.id, r])).values()].toSorted((a, b) =>
    a.subjectId === b.subjectId ? (a.id < b.id ? -1 : 1) : a.subjectId < b.subjectId ? -1 : 1,
  )

/** One or many: all of them, or none. */
export const confirmTakedowns = (
  ctx: Ctx,
  ask: { takedowns: (Key & { seen: number; page?: string | undefined })[]; page: string; note: string },
): Promise<{ confirmed: number }> =>
  inTx(ctx, async (tx) => {
    const at = ctx.clock.now()
    const all = inOrder(ask.takedowns)
    for (const one of all) {
      const t = await mustHold(tx, ctx, one)
      const state = moved(ctx, t, 'confirm')
      const given = one.page || ask.page || mustNot('PAGE_NEEDED', { doc: t.docNo })
      const page = mustReach(ctx, given)
      await store.saveConfirmed(tx, t, { state, page, note: ask.note, by: actorRef(ctx.actor), at })
      recordAct(tx, ctx, {
        act: 'results.confirm',
        target: { kind: 'takedown', id: t.id },
        subjectId: t.subjectId,
        details: { record: t.recordId },
      })
    }
    return { confirmed: all.length }
  })

export const declareNotShown = (
  ctx: Ctx,
  ask: { takedowns: (Key & { seen: number })[]; note: string },
): Promise<{ declared: number }> =>
  inTx(ctx, async (tx) => {
    const all = inOrder(ask.takedowns)
    for (const one of all) {
      const t = await mustHold(tx, ctx, one)
      const state = moved(ctx, t, 'declare')
      await store.saveConfirmed(tx, t, {
        state,
        page: null,
        note: ask.note,
        by: actorRef(ctx.actor),
        at: ctx.clock.now(),
      })
      recordAct(tx, ctx, {
        act: 'results.declare_not_shown',
        target: { kind: 'takedown', id: t.id },
        subjectId: t.subjectId,
        details: { record: t.recordId },
      })
    }
    return { declared: all.length }
  })

// ---- what is seen

const both = (words: Words, params: Record<string, unknown>): Words => ({
  zh: say(words, 'zh', params),
  en: say(words, 'en', params),
})
const OWN_LIST = '/app/exchange/results?view=own'
const told = async (tx: Tx, authorityId: string, role: 'collector' | 'head'): Promise<string[]> => {
  const people = await peopleWith(tx, { authorityId, role })
  return people.length || role === 'head' ? people : peopleWith(tx, { authorityId, role: 'head' })
}

type Seen = Omit<store.Look, 'id' | 'at' | 'byKind' | 'by'>
/** What a look leads to: the state, the proof, the delivery of the authority's own peer, and a word to the authority. */
const settle = async (tx: Tx, ctx: Ctx, t: store.Takedown, seen: Seen, note?: string): Promise<void> => {
  const at = ctx.clock.now()
  const rule = pageCheckOn(ctx.policy, today(ctx)).value
  const action: Partial<Record<LookOutcome, TakedownAction>> = { gone: 'find_gone', still_there: 'find_there' }
  const found = action[seen.outcome]
  const person = hasRole(ctx.actor, 'credit_office') && seen.reason === 'seen_by_person'
  const state = found
    ? unwrap(step(TAKEDOWN_MOVES, t.state, found, person ? ['credit_office' as const] : ['platform' as const]))
    : t.state
  const again = state === 'confirmed' && t.looks + 1 < rule.looks
  const nextLookAt = again ? (new Date(Date.parse(at) + rule.everyHours * 3_600_000).toISOString() as Instant) : null
  await store.insertLook(tx, t, {
    ...seen,
    id: newId(Date.parse(at)),
    at,
    byKind: person ? 'person' : 'platform',
    by: actorRef(ctx.actor),
  })
  await store.saveLooked(tx, t, { state, outcome: seen.outcome, at, nextLookAt, ...(note ? { note } : {}) })
  recordAct(tx, ctx, {
    act: 'results.look',
    target: { kind: 'takedown', id: t.id },
    subjectId: t.subjectId,
    details: { outcome: seen.outcome, reason: seen.reason, status: seen.status },
  })
  if (state === 'verified') {
    const site = await store.siteOf(tx, t.authorityId)
    if (site?.peerId) await saveVerified(tx, { peerId: site.peerId, subjectId: t.subjectId, recordId: t.recordId, at })
  }
  if (state === 'returned') {
    await post(tx, ctx, {
      to: { personIds: await told(tx, t.authorityId, 'collector') },
      kind: 'result_still_shown',
      title: RESULT_MESSAGES.stillTitle,
      body: both(RESULT_MESSAGES.stillBody, { doc: t.docNo }),
      link: OWN_LIST,
      about: { kind: 'takedown', id: t.id },
      by: ['inbox', 'email'],
      key: `results/returned/${t.id}/${t.version}`,
    })
  }
}

/** Asks the page outside of any transaction, then notes what was seen, if nothing has changed meanwhile. */
const look = async (ctx: Ctx, t: store.Takedown): Promise<void> => {
  if (!t.page || t.state !== 'confirmed') return
  const got = await fetchPage(t.page, reachOf(ctx))
  const judged: Judgement =
    'reason' in got
      ? { outcome: 'unreachable', reason: got.reason }
      : judgePage(got, { docNo: t.docNo, subjectName: t.subjectName })
  const proof =
    'reason' in got
      ? { status: null, hash: null, bytes: null, charset: null }
      : { status: got.status, hash: got.hash, bytes: got.bytes, charset: got.charset }
  const seen: Seen = { ...judged, ...proof, page: t.page, reached: got.reached.slice(0, 2000) }
  await inTx(ctx, async (tx) => {
    const now = await store.lockTakedown(tx, ctx.actor, t)
    if (now?.version === t.version) await settle(tx, ctx, now, seen)
  })
}

export const lookNow = async (ctx: Ctx, ask: { subject: string; id: string }): Promise<Whole> => {
  const key = { subjectId: ask.subject, id: ask.id }
  const t = (await store.findTakedown(ctx.db.kysely, ctx.actor, key)) ?? mustNot('NO_SUCH_TAKEDOWN')
  if (t.state !== 'confirmed') mustNot('NO_SUCH_MOVE', { from: t.state, action: 'look' })
  await look(ctx, t)
  return whole(ctx, key)
}

const AT_ONCE = 50
/** Every page that is due to be looked at. */
export const lookAtPages = async (ctx: Ctx): Promise<number> => {
  const due = await store.toLook(ctx.db.kysely, ctx.clock.now(), AT_ONCE)
  for (const key of due) {
    const t = await store.findTakedown(ctx.db.kysely, ctx.actor, key)
    if (t) await look(ctx, t)
  }
  return due.length
}

export const judgeTakedown = async (
  ctx: Ctx,
  ask: { subject: string; id: string; outcome: 'gone' | 'still_there'; note: string; seen: number },
): Promise<Whole> => {
  const key = { subjectId: ask.subject, id: ask.id }
  await inTx(ctx, async (tx) => {
    const t = await mustHold(tx, ctx, { ...key, seen: ask.seen })
    const seen: Seen = {
      outcome: ask.outcome,
      reason: 'seen_by_person',
      page: t.page ?? '',
      reached: null,
      status: null,
      hash: null,
      bytes: null,
      charset: null,
    }
    await settle(tx, ctx, t, seen, ask.note)
  })
  return whole(ctx, key)
}

// ---- who is late

/** What a message to an authority that is late is about. */
const LATE_OF = 'results_of_authority'
/** The latest are enough: who was told, and whether it arrived. */
const TOLD_SHOWN = 6
export const listStandings = async (ctx: Ctx): Promise<{ rows: AuthorityStanding[] }> => {
  const rows = await store.standings(ctx.db.kysely, ctx.actor, today(ctx))
  const said = await deliveriesOn(
    ctx,
    ctx.db.kysely,
    LATE_OF,
    rows.map((r) => r.authorityId),
  )
  return {
    rows: rows.map(({ authorityId, authorityName, page, siteVersion, ...row }) => ({
      ...row,
      told: (said.get(authorityId) ?? []).slice(0, TOLD_SHOWN),
      authority: { id: authorityId, name: authorityName },
      page: page ?? '',
      siteVersion: siteVersion ?? 0,
    })),
  }
}

/** The people of an authority whose own portal is a peer hear of what it has not confirmed, as often as the exchange's rule says. */
export const chasePortals = async (ctx: Ctx): Promise<number> => {
  const portals = await store.portals(ctx.db.kysely)
  const due = portals.length
    ? await peerChases(
        ctx,
        portals.map((p) => p.peerId),
      )
    : []
  for (const { id, peerId, title, body, by, key } of due) {
    for (const { authorityId } of portals.filter((p) => p.peerId === peerId))
      await inTx(ctx, async (tx) => {
        await post(tx, ctx, {
          to: { personIds: await told(tx, authorityId, 'collector') },
          kind: 'exchange_late',
          title,
          body,
          link: OWN_LIST,
          about: { kind: 'chase', id },
          by,
          key: `results/portal/${authorityId}/${key}`,
        })
      })
  }
  return due.length
}

/** Tells whoever is late, once each due day and level. */
export const chaseLate = async (ctx: Ctx): Promise<number> => {
  const on = today(ctx)
  const { value } = takedownOn(ctx.policy, on)
  let said = 0
  for (const group of await store.lateGroups(ctx.db.kysely, on)) {
    for (const level of levelsLate(ctx.policy, value.levels, group.dueOn, on)) {
      await inTx(ctx, async (tx) => {
        await post(tx, ctx, {
          to: { personIds: await told(tx, group.authorityId, level.level) },
          kind: 'result_late',
          title: both(RESULT_MESSAGES.lateTitle, { n: group.n }),
          body: both(RESULT_MESSAGES.lateBody, { n: group.n, day: dayWords(group.dueOn) }),
          link: OWN_LIST,
          about: { kind: LATE_OF, id: group.authorityId },
          by: level.by,
          key: `results/late/${group.authorityId}/${group.dueOn}/${level.level}`,
        })
      })
      said += 1
    }
  }
  return said
}

export const saveSite = async (
  ctx: Ctx,
  ask: { authority: string; page: string; peerId?: string | null | undefined; seen: number },
) => {
  const authority = (await authorityById(ctx.db.kysely, ask.authority)) ?? mustNot('NOT_YOUR_AUTHORITY')
  const { actor } = ctx
  const office =
    actor.kind === 'system' ||
    (actor.kind === 'person' &&
      hasRole(actor, 'credit_office') &&
      actor.division !== null &&
      covers(actor.division, authority.division))
  const own = actor.kind === 'person' && actor.authorityId === authority.id
  if (!office && (!own || ask.peerId !== undefined)) mustNot('NOT_YOUR_AUTHORITY')
  const page = ask.page ? mustReach(ctx, ask.page) : ''
  if (ask.peerId && !(await portalOf(ctx.db.kysely, ask.peerId))) mustNot('NO_SUCH_PORTAL')
  return inTx(ctx, async (tx) => {
    const before = await store.siteOf(tx, authority.id)
    const peerId = ask.peerId === undefined ? (before?.peerId ?? null) : ask.peerId
    const site = { page, peerId, version: ask.seen + 1 }
    if (!(await store.saveSite(tx, authority.id, site, ask.seen))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'results.save_site',
      target: { kind: 'authority', id: authority.id },
      details: { page: page !== '', peer: peerId },
    })
    return site
  })
}
