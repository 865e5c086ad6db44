import { mustNot } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom } from '../../kernel/states.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { articleWords } from '../../kernel/article.ts'
import { type WindowEnd, classWords } from '../../kernel/window.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Actor, type Ctx, actorRef, hasRole, rolesOf, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { catalogItemOn } from '../records/index.ts'
import { WINDOW_CLASSES } from '../records/contract.ts'
import { DISPOSITION_WORDS } from '../records/words.ts'
import { personNames } from '../access/index.ts'
import { carryOut } from './actions.ts'
import {
  DOINGS,
  type DifferenceView,
  type DifferenceWhole,
  type Doing,
  type SideView,
  type StatementView,
  VIEW_STATES,
  type View,
} from './contract.ts'
import { type Handed, type Side, fits, isShown } from './rules.ts'
import { BY_ITSELF, runDay } from './run.ts'
import { httpSource } from './source.ts'
import { ACTION_WORDS, DIFFERENCE_MOVES } from './states.ts'
import * as store from './store.ts'
import { type Cause, CAUSES, FAULTS, type Kind, RESULT_TYPE_WORDS, type ResultType } from './words.ts'

/** Differences of its own territory; who looks after the whole platform sees all. Whose territory nobody knows, every credit office sees. */
const scopeOf = (actor: Actor): string | null => {
  if (actor.kind === 'system') return null
  if (actor.kind === 'person' && hasRole(actor, 'auditor')) return null
  return actor.kind === 'person' && actor.division ? territoryPrefix(actor.division) : '—'
}

const statementOf = (row: store.StatementRow, names: ReadonlyMap<string, string>): StatementView => {
  const { faultDetail: _, ...rest } = row
  return { ...rest, peerName: names.get(row.peerId) ?? '', fault: row.fault ? FAULTS[row.fault] : null }
}

export const reconciliation = async (ctx: Ctx) => {
  const setting = settingOf(ctx.policy, 'publicity_exchange', today(ctx))
  const { zh, en } = articleWords(setting?.article ?? '')
  const counts = await store.countByCause(ctx.db.kysely, scopeOf(ctx.actor))
  const of = (cause: Cause, states: readonly string[]): number =>
    counts.filter((c) => c.cause === cause && states.includes(c.state)).reduce((sum, c) => sum + c.count, 0)
  return {
    systems: await store.linkable(ctx.db.kysely),
    hour: (setting?.value as { hour: number } | undefined)?.hour ?? 0,
    basis: { zh: `${setting?.instrument.zh ?? ''}${zh}`, en: `${setting?.instrument.en ?? ''}${en && `, ${en}`}` },
    causes: CAUSES.map((cause) => ({
      cause,
      open: of(cause, VIEW_STATES.open),
      standing: of(cause, VIEW_STATES.explained),
    })),
  }
}

export const listStatements = async (
  ctx: Ctx,
  ask: { peerId?: string | undefined; after?: string | undefined; limit: number },
) => {
  const after = readCursor(ask.after, 'day', 'uuid')
  const names = await store.peerNames(ctx.db.kysely)
  const rows = await store.statementRows(ctx.db.kysely, { ...ask, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (s) => [s.day, s.peerId])
  return { rows: page.rows.map((s) => statementOf(s, names)), next: page.next }
}

export const getStatement = async (ctx: Ctx, ask: { peerId: string; day: string }): Promise<StatementView> => {
  const row =
    (await store.findStatement(ctx.db.kysely, ask.peerId, ask.day as LocalDate)) ?? mustNot('NO_SUCH_STATEMENT')
  return statementOf(row, await store.peerNames(ctx.db.kysely))
}

export const statementFile = async (ctx: Ctx, ask: { peerId: string; day: string }) => {
  const row = await store.findStatement(ctx.db.kysely, ask.peerId, ask.day as LocalDate)
  if (!row?.fileHash) return mustNot('NO_SUCH_STATEMENT')
  return {
    file: { name: `对账单-${row.day}.csv`, mediaType: 'text/csv; charset=utf-8', body: ctx.files.read(row.fileHash) },
  }
}

export const reconcileNow = async (ctx: Ctx, { peerId }: { peerId: string }): Promise<StatementView> => {
  const [peer] = await store.otherSystems(ctx.db.kysely, peerId)
  if (!peer) return mustNot('NOT_RECONCILED')
  const ended = await runDay(ctx, { peer, source: httpSource(ctx, peer), by: actorRef(ctx.actor), again: true })
  if (ended === null) mustNot('UNDER_WAY')
  return getStatement(ctx, { peerId, day: today(ctx) })
}

const isAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hash, search } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password && !hash && !search
}
export const setReconciliationAddress = async (
  ctx: Ctx,
  { peerId, address }: { peerId: string; address: string },
): Promise<store.Linked> => {
  const peer = (await store.linkable(ctx.db.kysely)).find((p) => p.id === peerId) ?? mustNot('NOT_RECONCILED')
  if (!isAddress(address)) mustNot('ADDRESS_UNFIT')
  await inTx(ctx, async (tx) => {
    await store.saveLink(tx, peerId, address, actorRef(ctx.actor), ctx.clock.now())
    recordAct(tx, ctx, { act: 'reconciliation.set_address', target: { kind: 'peer', id: peerId } })
  })
  return { ...peer, address }
}

// ---- differences

const actionsOf = (ctx: Ctx, d: store.DifferenceRow, pushes: ReadonlySet<string>): Doing[] => {
  const moves = movesFrom(DIFFERENCE_MOVES, d.state, rolesOf(ctx.actor))
  const standing = {
    cause: d.cause,
    hasResult: d.proof.result !== null,
    hasRecord: d.recordId !== null && pushes.has(d.peerId),
  }
  return DOINGS.filter((action) => moves.includes(action) && fits(action, standing))
}
const itemOf = (ctx: Ctx, code: string): { code: string; name: Words } => ({
  code,
  name: catalogItemOn(ctx.policy.catalog, code, today(ctx))?.name ?? { zh: code, en: code },
})
type Around = { names: ReadonlyMap<string, string>; pushes: ReadonlySet<string> }
const around = async (ctx: Ctx): Promise<Around> => ({
  names: await store.peerNames(ctx.db.kysely),
  pushes: new Set((await store.otherSystems(ctx.db.kysely)).filter((p) => p.way !== 'pull').map((p) => p.id)),
})
const viewOf = (ctx: Ctx, d: store.DifferenceRow, { names, pushes }: Around): DifferenceView => ({
  id: d.id,
  peerId: d.peerId,
  peerName: names.get(d.peerId) ?? '',
  kind: d.kind,
  cause: d.cause,
  state: d.state,
  item: itemOf(ctx, d.item),
  subjectId: d.subjectId,
  subjectCode: d.subjectCode,
  subjectName: d.subjectName,
  authority: d.authority,
  docNo: d.docNo,
  foundOn: d.foundOn,
  seenOn: d.seenOn,
  closedOn: d.closedOn,
  closedByWay: d.state === 'open' ? null : d.closedByWay,
  reason: d.reason,
  actions: actionsOf(ctx, d, pushes),
  version: d.version,
})

export const listDifferences = async (
  ctx: Ctx,
  ask: {
    view: View
    peerId?: string | undefined
    kind?: Kind | undefined
    cause?: Cause | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.differenceRows(ctx.db.kysely, {
    ...ask,
    states: VIEW_STATES[ask.view],
    scope: scopeOf(ctx.actor),
    after,
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (d) => [d.foundAt, d.id])
  const names = await around(ctx)
  return { rows: page.rows.map((d) => viewOf(ctx, d, names)), next: page.next }
}

const CLASSES: ReadonlySet<string> = new Set(WINDOW_CLASSES)
const classOf = (name: string): Words =>
  CLASSES.has(name) ? classWords(name as (typeof WINDOW_CLASSES)[number]) : { zh: name, en: name }
const sideOf = (side: Side | null, held: boolean, on: LocalDate): SideView | null => {
  if (!side) return null
  const { zh, en } = articleWords(side.article)
  const ended = side.end as WindowEnd['by'] | null
  return {
    shown: held && isShown(side, on),
    from: side.from,
    until: side.until,
    class: classOf(side.class),
    basis: side.instrument
      ? { zh: `${side.instrument.zh}${zh}`, en: `${side.instrument.en}${en && `, ${en}`}` }
      : { zh, en },
    ended: ended && ended !== 'expiry' ? DISPOSITION_WORDS[ended] : null,
  }
}
const STEPS = {
  not_sent: { zh: '未送达', en: 'Not delivered' },
  refused: { zh: '被退回', en: 'Sent back' },
  acknowledged: { zh: '已确认', en: 'Acknowledged' },
  delivered: { zh: '已送达，未确认', en: 'Delivered, not acknowledged' },
} as const satisfies Record<string, Words>
const stepOf = (h: Handed): Words => {
  if (h.outcome === 'refused') return STEPS.refused
  if (h.ackedAt) return STEPS.acknowledged
  return h.deliveredAt && !h.deadAt ? STEPS.delivered : STEPS.not_sent
}
const sentOf = ({ handed, withdrawn }: store.Proof): DifferenceWhole['sent'] => {
  const last = withdrawn && (!handed || withdrawn.sentAt >= handed.sentAt) ? withdrawn : handed
  if (!last) return null
  return {
    at: last.sentAt,
    takeDown: last === withdrawn,
    acknowledgedAt: last.ackedAt,
    state: stepOf(last),
    note: last.note,
  }
}

const PLATFORM: Words = { zh: '平台自动', en: 'The platform' }

export const getDifference = async (ctx: Ctx, { id }: { id: string }): Promise<DifferenceWhole> => {
  const db = ctx.db.kysely
  const d = await store.findDifference(db, id, scopeOf(ctx.actor))
  if (!d) return mustNot('NO_SUCH_DIFFERENCE')
  const acts = await store.actsOf(db, id)
  const people = await personNames(
    db,
    acts.map((a) => a.by).filter((by) => by !== BY_ITSELF),
  )
  const held = d.recordId !== null && d.sides.version !== null
  const { there } = d.sides
  const { result } = d.proof
  const kept = result && (await store.findResult(db, d.peerId, result.eventId))
  return {
    ...viewOf(ctx, d, await around(ctx)),
    recordId: d.recordId,
    sides: {
      here: sideOf(d.sides.site, held, d.seenOn),
      due: sideOf(d.sides.due, held, d.seenOn),
      there: there && {
        shown: true,
        from: there.from,
        until: there.until,
        class: classOf(there.class),
        basis: there.article ? articleWords(there.article) : null,
        ended: null,
      },
    },
    versionHere: d.sides.version,
    versionThere: there?.version ?? null,
    contentSame: d.sides.contentSame,
    sent: sentOf(d.proof),
    result: result && {
      name: RESULT_TYPE_WORDS[result.type as ResultType],
      on: result.on,
      note: kept && kept.note.zh ? kept.note : null,
    },
    acts: acts.map((a) => {
      const name = people.get(a.by)
      return {
        n: a.n,
        name: ACTION_WORDS[a.action],
        at: a.at,
        by: name ? { zh: name, en: name } : PLATFORM,
        reason: a.note.reason ?? '',
        note: a.note.note ?? null,
      }
    }),
  }
}

const REASON_MIN = 2
export const actOnDifference = async (
  ctx: Ctx,
  ask: { id: string; action: Doing; reason: string; seen: number },
): Promise<DifferenceWhole> => {
  const difference = await store.findDifference(ctx.db.kysely, ask.id, scopeOf(ctx.actor))
  if (!difference) return mustNot('NO_SUCH_DIFFERENCE')
  if (difference.version !== ask.seen) return mustNot('DIFFERENCE_STALE')
  if (ask.action === 'settle' && ask.reason.length < REASON_MIN) return mustNot('REASON_MISSING')
  const { action, reason, seen } = ask
  const done = await carryOut(ctx, { difference, action, reason, seen, by: actorRef(ctx.actor), on: today(ctx) })
  if (!done && action === 'resend') return mustNot('NOT_SENDABLE')
  if (!done) {
    const held =
      difference.proof.result &&
      (await store.findResult(ctx.db.kysely, difference.peerId, difference.proof.result.eventId))
    return mustNot('NOT_TAKEN_IN', { why: say(held?.note ?? { zh: '', en: '' }, ctx.lang) })
  }
  return getDifference(ctx, { id: ask.id })
}
