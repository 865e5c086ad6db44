import { mustNot, unwrap } from '../../kernel/decision.ts'
import type { Page } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type Instant, type LocalDate, addDays, addPeriod, daysBetween } from '../../kernel/time.ts'
import { docKey } from '../../kernel/text.ts'
import { type Ctx, rolesOf, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { listRecordsOfSubject } from '../records/index.ts'
import type { FindingView } from './contract.ts'
import { type Directory, directoryOf, itemName, mustSee, narrowed } from './directory.ts'
import { dueOf, gapBoundsOf } from './rules.ts'
import { type HeldNumber, gapsIn, licenceNumberIn, namesHeldLicence, numbersIn } from './rules.gaps.ts'
import { spanOf } from './service.ts'
import { FINDING_MOVES, type FindingAction, type FindingState } from './states.ts'
import * as store from './store.findings.ts'
import type { FindingKind } from './words.ts'

const DECISIONS_AT_ONCE = 20_000

const findingView = (ctx: Ctx, held: Directory, f: store.Finding): FindingView => {
  const { docKey: _key, subjectId: _subject, recordId: _record, listId: _list, ...rest } = f
  return {
    ...rest,
    authorityName: held.byId.get(f.authorityId)?.name ?? '',
    itemName: itemName(ctx, f.item),
    actions: movesFrom(FINDING_MOVES, f.state, rolesOf(ctx.actor)),
  }
}

export const listFindings = async (
  ctx: Ctx,
  ask: {
    from?: string | undefined
    to?: string | undefined
    authorityId?: string | undefined
    item?: string | undefined
    state?: FindingState | undefined
    kind?: FindingKind | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<FindingView>> => {
  const span = spanOf(ctx, ask)
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const page = await store.findingPage(ctx.db.kysely, { ...ask, scope: held.scope, span })
  return { rows: page.rows.map((f) => findingView(ctx, held, f)), next: page.next }
}

type MoveAsk = { id: string; seen: number; reason: string }
const move =
  (action: FindingAction) =>
  async (ctx: Ctx, ask: MoveAsk): Promise<FindingView> => {
    const held = await directoryOf(ctx)
    return inTx(ctx, async (tx) => {
      const f = (await store.findFinding(tx, ask.id)) ?? mustNot('NO_SUCH_FINDING')
      mustSee(held, f.authorityId, 'NO_SUCH_FINDING')
      const state = unwrap(step(FINDING_MOVES, f.state, action, rolesOf(ctx.actor)))
      const next = {
        state,
        explanation: action === 'explain' ? ask.reason : f.explanation,
        decision: action === 'explain' ? f.decision : ask.reason,
      }
      if (!(await store.saveFinding(tx, f.id, { ...next, at: ctx.clock.now() }, ask.seen)))
        mustNot('STALE', { version: f.version })
      recordAct(tx, ctx, {
        act: `timeliness.${action}_finding`,
        target: { kind: 'finding', id: f.id },
        details: { from: f.state, to: state, authority: f.authorityId },
      })
      return findingView(ctx, held, { ...f, ...next, version: f.version + 1 })
    })
  }
export const explainFinding = move('explain')
export const dismissFinding = move('dismiss')
export const reopenFinding = move('reopen')

// ---- looking for what is missing

const decisionsOf = async (ctx: Ctx, authorityId: string, since: LocalDate): Promise<store.HeldDecision[]> => {
  const all: store.HeldDecision[] = []
  for (let after: store.HeldDecision | null = null; ; ) {
    const lump: store.HeldDecision[] = await store.heldDecisions(ctx.db.kysely, {
      authorityId,
      since,
      after,
      limit: DECISIONS_AT_ONCE,
    })
    for (const d of lump) all.push(d)
    if (lump.length < DECISIONS_AT_ONCE) return all
    after = lump.at(-1) as store.HeldDecision
  }
}

const heldLicences = async (ctx: Ctx, subjectId: string) =>
  (await listRecordsOfSubject(ctx.db.kysely, subjectId, { item: 'licence' })).map(({ docNo, fields }) => {
    const licenceNo = fields['licence_no']
    return { docNo, licenceNo: typeof licenceNo === 'string' ? licenceNo : '' }
  })

/** Penalties that took away a licence of which nothing was ever reported. */
const unheldLicences = async (ctx: Ctx, authorityId: string, since: LocalDate): Promise<store.LicenceAffected[]> => {
  const missing: store.LicenceAffected[] = []
  for (const penalty of await store.licencesAffected(ctx.db.kysely, authorityId, since)) {
    if (licenceNumberIn(penalty.named) === null) continue
    if (!namesHeldLicence(penalty.named, await heldLicences(ctx, penalty.subjectId))) missing.push(penalty)
  }
  return missing
}

/**
 * Looks an authority through: numbers that are missing in a run, and licences that only its penalties name. What was found
 * before and is held by now is reported; what nobody has an account of stays.
 */
export const lookThrough = async (ctx: Ctx, authorityId: string): Promise<{ found: number; reported: number }> => {
  const on = today(ctx)
  const bounds = gapBoundsOf(ctx.policy, on)
  const since = addDays(on, -daysBetween(on, addPeriod(on, bounds.lookBack)))
  const at = ctx.clock.now()
  const decisions = await decisionsOf(ctx, authorityId, since)
  const found: store.NewFinding[] = []
  const none = { heldBefore: null, heldAfter: null, subjectId: null, recordId: null, listId: null }
  const add = (
    of: Omit<store.NewFinding, 'id' | 'authorityId' | 'dueOn' | keyof typeof none> & Partial<store.NewFinding>,
  ) => {
    const { dueOn } = dueOf(ctx.policy, of.item, of.decidedOn)
    if (dueOn !== null && dueOn < on) found.push({ id: newId(), authorityId, dueOn, ...none, ...of })
  }
  const byItem = Map.groupBy(decisions, (d) => d.item)
  for (const [item, held] of byItem)
    for (const gap of gapsIn(held satisfies HeldNumber[], bounds)) add({ item, kind: 'gap', ...gap })
  for (const penalty of await unheldLicences(ctx, authorityId, since)) {
    const licence = licenceNumberIn(penalty.named) as string
    add({
      item: 'licence',
      kind: 'named_licence',
      docNo: licence,
      docKey: docKey(licence),
      decidedOn: penalty.decidedOn,
      heldAfter: penalty.docNo,
      subjectId: penalty.subjectId,
      recordId: penalty.recordId,
    })
  }
  const held = await heldByNow(ctx, authorityId, byItem)
  return inTx(ctx, async (tx) => {
    const made = await store.insertFindings(tx, found, at)
    const reported = await store.markReported(tx, held, at)
    await store.saveScan(tx, authorityId, at)
    if (made || reported)
      recordAct(tx, ctx, {
        act: 'timeliness.find_missing',
        target: { kind: 'authority', id: authorityId },
        details: { found: made, reported },
      })
    return { found: made, reported }
  })
}

/** Findings whose number is held, alone or within a range, or whose licence has been reported. */
const heldByNow = async (
  ctx: Ctx,
  authorityId: string,
  byItem: ReadonlyMap<string, readonly store.HeldDecision[]>,
): Promise<string[]> => {
  const ids: string[] = []
  const keys = new Map<string, Set<string>>()
  for (const f of await store.missingOf(ctx.db.kysely, authorityId)) {
    if (f.kind === 'named_licence' && f.subjectId) {
      if (namesHeldLicence(f.docNo, await heldLicences(ctx, f.subjectId))) ids.push(f.id)
      continue
    }
    const known = keys.get(f.item) ?? new Set((byItem.get(f.item) ?? []).flatMap((d) => numbersIn(d.docNo).map(docKey)))
    keys.set(f.item, known)
    if (known.has(f.docKey)) ids.push(f.id)
  }
  return ids
}

export const findMissing = async (ctx: Ctx, ask: { id: string }): Promise<{ found: number; reported: number }> => {
  mustSee(await directoryOf(ctx), ask.id, 'NO_SUCH_AUTHORITY')
  return lookThrough(ctx, ask.id)
}

const SCAN_EVERY_MS = 24 * 3_600_000
const AUTHORITIES_AT_ONCE = 20
/** Each authority once a day: with every day more falls due. */
export const lookThroughDue = async (ctx: Ctx): Promise<void> => {
  const before = new Date(Date.parse(ctx.clock.now()) - SCAN_EVERY_MS).toISOString() as Instant
  for (const id of await store.authoritiesToScan(ctx.db.kysely, before, AUTHORITIES_AT_ONCE)) await lookThrough(ctx, id)
}
