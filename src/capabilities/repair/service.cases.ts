import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import type { RepairSystem } from '../../kernel/policy.ts'
import type { Role } from '../../kernel/roles.ts'
import { movesFrom } from '../../kernel/states.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { restartOf } from '../../kernel/window.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, inTxTogether, recordAct } from '../../platform/outbox.ts'
import type { RecordRow, StandingRow } from '../records/contract.ts'
import {
  type StandingRecord,
  catalogItemOn,
  disposeHeld,
  heldRecord,
  publicFieldRows,
  standingRecord,
} from '../records/index.ts'
import { getSubject, recordLook } from '../subjects/index.ts'
import type { CaseView, ItemView, Letter, QueueRow } from './contract.ts'
import { clockView, dueColumns } from './rules.clock.ts'
import { letterOf } from './rules.letters.ts'
import {
  type ActionInput,
  type CaseFacts,
  type Change,
  type Missing,
  type Ruled,
  act,
  actionsFor,
  articleOf,
  barOf,
  conditionsFor,
  COMPUTED,
  confirmable,
  eligibilityView,
  failingOf,
  headDecides,
  lapsesOn,
  isMoot,
  materialsFor,
  twoPeople,
} from './rules.ts'
import { enterDishonesty } from './dishonesty.ts'
import { type ActAction, type Action, type ItemState, type Kind, isOpen, movesOf } from './states.ts'
import { knownWith } from './rules.facts.ts'
import { standingOf } from './standing.ts'
import { factsOf } from './store.facts.ts'
import * as store from './store.ts'
import { holdsWords } from './words.ts'
import {
  eligibilityOf,
  itemNameOf,
  itemView,
  knownOf,
  materialView,
  materialsOfAll,
  neededOf,
  proposalView,
  recordView,
  rolesOn,
} from './views.ts'

/** One item: what the authority decides about it, and what the applicant answers. */

const worldOf = (ctx: Ctx) => ({ policy: ctx.policy, today: today(ctx) })
const AUTHORITY_ROLES: readonly Role[] = ['officer', 'head', 'credit_office']

export type OnItem = { subject: string; item: string; seen: number }
export type Loaded = {
  row: store.FullCase
  /** The record; locked, when the move is one that may dispose of it. */
  held: StandingRecord
  facts: CaseFacts
  roles: Role[]
}

export const caseFacts = (row: store.FullCase, record: StandingRow): CaseFacts => ({
  facts: record.facts,
  windows: record.windows,
  known: knownOf(row.declared, row.commitmentAt !== null, row.barredUntil, row.planCompleted),
  docNo: row.docNo,
})

type Side = 'applicant' | 'authority'
const loadFor = async (tx: Tx, ctx: Ctx, ask: OnItem, side: Side, action: ActAction): Promise<Loaded> => {
  const row =
    (side === 'authority'
      ? await store.findCase(tx, ctx.actor, ask, MAY_DISPOSE.includes(action))
      : await store.findOwnItem(tx, ctx.actor, ask)) ?? mustNot('NO_SUCH_REPAIR_ITEM')
  if (row.version !== ask.seen) mustNot('STALE')
  const held = await standingRecord(tx, row.held)
  const roles = rolesOn(ctx.actor, row, row.windowAuthorityId).filter(
    (r) => AUTHORITY_ROLES.includes(r) === (side === 'authority'),
  )
  return { row, held, facts: caseFacts(row, held.record), roles }
}

/** What is announced of a move that leaves the record as it is; a disposition announces by itself. */
const PAST: Partial<Record<ActAction, string>> = {
  pass: 'passed',
  return: 'returned',
  accept: 'accepted',
  accept_at_window: 'accepted',
  ask_once: 'asked',
  mend: 'mended',
  not_accept: 'not_accepted',
  refuse: 'refused',
  extend: 'extended',
  forged: 'forged',
  lapse: 'lapsed',
  withdraw: 'withdrawn',
  plan_completed: 'plan_completed',
  take_up: 'taken_up',
  pass_on: 'passed_on',
  come_back: 'came_back',
  ask_there: 'asked',
  refuse_there: 'refused',
  not_accept_there: 'not_accepted',
  forged_there: 'forged',
  withdraw_there: 'withdrawn',
  lapse_there: 'lapsed',
  plan_completed_there: 'plan_completed',
  send_home: 'sent_home',
}

/** What a move does to the record itself; the record's door shows it, ends it and tells the holders. */
const DISPOSES = {
  grant: { kind: 'repaired', reason: '准予信用修复' },
  shield: { kind: 'shielded', reason: '破产重整（和解）期间临时屏蔽' },
  restore: { kind: 'restored', reason: '临时屏蔽结束，恢复公示' },
  revoke: { kind: 'revoked', reason: '撤销准予信用修复的决定' },
  grant_there: { kind: 'repaired', reason: '异地认定单位准予信用修复' },
  revoke_there: { kind: 'revoked', reason: '异地认定单位撤销准予信用修复的决定' },
  shield_there: { kind: 'shielded', reason: '破产重整（和解）期间临时屏蔽（异地认定单位办理）' },
  restore_there: { kind: 'restored', reason: '临时屏蔽结束，恢复公示（异地认定单位办理）' },
} as const
export const disposes = (action: ActAction): action is keyof typeof DISPOSES => action in DISPOSES
/** The head confirms what an officer proposed, whatever that was. */
const MAY_DISPOSE: readonly ActAction[] = [...(Object.keys(DISPOSES) as (keyof typeof DISPOSES)[]), 'confirm']

const bar = async (tx: Tx, ctx: Ctx, { row, held }: Loaded, change: Change, reason: string): Promise<void> => {
  const on = today(ctx)
  const found = barOf(ctx.policy, row.system, on)
  if (!found) return
  await store.insertBar(tx, {
    subjectId: row.subjectId,
    id: newId(),
    recordId: found.wholeSystem ? null : held.record.id,
    system: row.system as RepairSystem,
    validFrom: on,
    validTo: found.validTo,
    shownUntil: found.shownUntil,
    reason,
    basis: { ...found.basis, version: change.basis.version, item: row.id },
    at: ctx.clock.now(),
  })
}

/** What was decided elsewhere may have come with the records themselves before the case tells of it. */
const isThereAlready = ({ held }: Loaded, action: keyof typeof DISPOSES): boolean => {
  const { windows } = held.record
  if (action === 'grant_there') return held.record.state !== 'held' || windows.every((w) => w.end?.by === 'repaired')
  if (action === 'revoke_there') return !windows.some((w) => w.end?.by === 'repaired')
  if (action === 'shield_there') return held.record.state !== 'held' || windows.every((w) => w.end !== null)
  if (action === 'restore_there') return !windows.some((w) => w.end?.by === 'shielded')
  return false
}

const takeEffect = async (tx: Tx, ctx: Ctx, of: Loaded, change: Change, note: string): Promise<void> => {
  const { row, held } = of
  if (change.action === 'forged' || change.action === 'revoke') {
    await bar(tx, ctx, of, change, note)
    await enterDishonesty(tx, ctx, of, change, note)
  }
  if (change.action === 'forged_there' || change.action === 'revoke_there') await bar(tx, ctx, of, change, note)
  if (!disposes(change.action) || isThereAlready(of, change.action)) return
  const on = today(ctx)
  await disposeHeld(tx, ctx, held, {
    ...DISPOSES[change.action],
    channel: null,
    effectiveFrom: on,
    basis: { ...change.basis, pack: ctx.policy.version, ...(change.ruled ? { ruled: change.ruled } : {}) },
    caseId: row.id,
    ...(DISPOSES[change.action].kind === 'revoked' ? { restart: restartOf(held.record.windows, ctx.policy, on) } : {}),
  })
}

const letterFor = (ctx: Ctx, of: Loaded, change: Change, input: ActionInput, due: Due | null) => {
  const { row, held } = of
  const on = today(ctx)
  const named = input.conditions ?? []
  const conditions = named.length ? conditionsFor(row, held.record.facts, ctx.policy, on) : []
  const reasons = named.length
    ? eligibilityView(eligibilityOf(held.record, of.facts.known, worldOf(ctx)), ctx.policy).reasons
    : []
  const isBar = change.action === 'forged' || change.action === 'revoke'
  const bar = isBar ? barOf(ctx.policy, row.system, on) : null
  const { windows, facts } = held.record
  const restart = change.action === 'revoke' ? restartOf(windows, ctx.policy, on).find((r) => r.restarted) : undefined
  return letterOf(change.action as Action, {
    no: row.no ?? '',
    addressee: row.subjectName,
    docNo: row.docNo,
    recordAuthority: row.recordAuthority,
    signedBy: reviewing(row.state) ? (row.reviewerName ?? row.authorityName) : row.authorityName,
    on,
    change,
    dueOn: due?.dueOn ?? null,
    provisional: due?.dueProvisional ?? false,
    note: input.note,
    missing: input.missing ?? [],
    failing: failingOf(
      conditions.filter((c) => named.includes(c.code)),
      reasons,
      conditionText,
    ),
    rating: row.system === 'rating',
    // Of a natural person nothing is shown.
    bar: bar && { ...bar, shownUntil: facts.subjectKind === 'natural_person' ? null : bar.shownUntil },
    restarted: restart && windows.some((w) => w.channel === restart.channel && w.class !== 'none') ? restart : null,
  })
}
const reviewing = (state: ItemState): boolean => state === 'first_review' || state === 'returned'

/** A condition's sentence in general, where no day of this record is meant. */
const ANY_DAY = { day: { zh: '规定日期', en: 'the day set' } }
const conditionText = (w: Words): Words => ({ zh: fill(w.zh, ANY_DAY, 'zh'), en: fill(w.en, ANY_DAY, 'en') })

type Due = Pick<store.SavedMove, 'dueOn' | 'dueProvisional'>
/** A move that starts no clock leaves the item its place among those that are done. */
const dueAfter = (row: store.FullCase, change: Change, ctx: Ctx): Due =>
  change.clock || row.dueOn === null
    ? dueColumns(change.clock ?? row.clock, ctx.policy, row.dueOn)
    : { dueOn: row.dueOn, dueProvisional: row.dueProvisional }

/** Saves the change with its act and letter, lets it take effect, records and announces it. */
export const carryOut = async (
  tx: Tx,
  ctx: Ctx,
  of: Loaded,
  change: Change,
  input: ActionInput,
  /** The letter, where another platform's authority wrote it. */
  written: Letter | null = null,
): Promise<ItemView> => {
  const { row } = of
  const on = today(ctx)
  const due = dueAfter(row, change, ctx)
  const proposed = change.action === 'propose' || change.action === 'send_back'
  const letter = written ?? (proposed ? null : letterFor(ctx, of, change, input, change.clock ? due : null))
  const side = of.roles.some((r) => AUTHORITY_ROLES.includes(r))
  const entry: store.ActRow = {
    subjectId: row.subjectId,
    id: newId(),
    itemId: row.id,
    action: change.action,
    from: row.state,
    to: change.state,
    at: ctx.clock.now(),
    on,
    actor: actorRef(ctx.actor),
    by:
      ctx.actor.kind === 'system'
        ? 'platform'
        : side
          ? 'authority'
          : of.roles.includes('enterprise')
            ? 'applicant'
            : 'window',
    authorityId: ctx.actor.kind === 'person' ? ctx.actor.authorityId : null,
    authorityName: side
      ? reviewing(row.state)
        ? row.reviewerName
        : row.authorityName
      : written
        ? written.signedBy
        : null,
    note: input.note,
    // The conditions that a refusal names: oversight counts refusals by sentence.
    basis: {
      ...change.basis,
      pack: ctx.policy.version,
      ...(input.conditions?.length && !proposed ? { conditions: input.conditions } : {}),
      ...(change.ruled ? { ruled: change.ruled } : {}),
    },
    letter,
  }
  const { action: _, basis: __, ruled: ___, ...next } = change
  const saved = { ...row, ...next, ...due, updatedAt: ctx.clock.now(), version: row.version + 1 }
  await store.saveMove(tx, saved, row.version, entry)
  await takeEffect(tx, ctx, of, change, input.note)
  recordAct(tx, ctx, {
    act: `repair.${change.action}`,
    target: { kind: 'repair_item', id: row.id },
    subjectId: row.subjectId,
    details: { from: row.state, to: change.state, version: change.basis.version, rule: change.basis.rule },
  })
  const past = PAST[change.action]
  if (past) {
    announce(tx, ctx, {
      kind: `repair.${past}`,
      subjectId: row.subjectId,
      recordId: row.recordId,
      item: row.recordItem,
      division: row.division,
      details: { item: row.id, application: row.applicationId, on },
    })
  }
  const roles = rolesOn(ctx.actor, saved, row.windowAuthorityId)
  return itemView(saved, { acts: [entry], roles, eligibility: null }, worldOf(ctx))
}

const moveItem = (
  ctx: Ctx,
  ask: OnItem,
  move: { action: Action; side: Side; input: (of: Loaded) => ActionInput },
): Promise<ItemView> =>
  inTxTogether(ctx, ask.subject, async (tx) => {
    const of = await loadFor(tx, ctx, ask, move.side, move.action)
    const input = move.input(of)
    const who = { ...worldOf(ctx), roles: of.roles, by: actorRef(ctx.actor), at: ctx.clock.now() }
    return carryOut(tx, ctx, of, unwrap(act(of.row, of.facts, move.action, input, who)), input)
  })

/** Within the hand-in at a window that accepts for the authorities. */
export const acceptWithin = async (tx: Tx, ctx: Ctx, ask: OnItem & { note: string }): Promise<ItemView> => {
  const of = await loadFor(tx, ctx, ask, 'applicant', 'accept_at_window')
  const input = { note: ask.note }
  const who = { ...worldOf(ctx), roles: of.roles, by: actorRef(ctx.actor), at: ctx.clock.now() }
  return carryOut(tx, ctx, of, unwrap(act(of.row, of.facts, 'accept_at_window', input, who)), input)
}

const noted =
  (action: Action, side: Side = 'authority') =>
  (ctx: Ctx, ask: OnItem & { note: string; ruled?: Ruled | undefined }): Promise<ItemView> =>
    moveItem(ctx, ask, { action, side, input: () => ({ note: ask.note, ruled: ask.ruled }) })

const reasoned =
  (action: Action) =>
  (ctx: Ctx, ask: OnItem & { reason: string; conditions?: string[]; ruled?: Ruled | undefined }): Promise<ItemView> =>
    moveItem(ctx, ask, {
      action,
      side: 'authority',
      input: () => ({ note: ask.reason, ruled: ask.ruled, ...(ask.conditions ? { conditions: ask.conditions } : {}) }),
    })

/** The kinds asked for are those of the rules, by their names there. */
const namesOf = (ctx: Ctx, of: Loaded, asked: readonly { kind: string; text: string }[]): Missing[] => {
  const rules = materialsFor(of.row.kind, eligibilityOf(of.held.record, of.facts.known, worldOf(ctx)).materials)
  return asked.map(({ kind, text }) => {
    const rule = rules.find((r) => r.code === kind)
    if (!rule) return mustNot('MATERIAL_KIND_UNKNOWN', { kind })
    return { kind, name: rule.name, text }
  })
}
const asking =
  (action: Action) =>
  (ctx: Ctx, ask: OnItem & { missing: { kind: string; text: string }[]; note: string }): Promise<ItemView> =>
    moveItem(ctx, ask, {
      action,
      side: 'authority',
      input: (of) => ({ note: ask.note, missing: namesOf(ctx, of, ask.missing) }),
    })

export const passItem = noted('pass')
export const returnItem = asking('return')
export const acceptItem = noted('accept')
export const askOnce = asking('ask_once')
export const notAcceptItem = reasoned('not_accept')
export const grantItem = noted('grant')
export const refuseItem = reasoned('refuse')
export const extendItem = reasoned('extend')
export const findForged = reasoned('forged')
export const revokeGrant = reasoned('revoke')
export const shieldItem = noted('shield')
export const completePlan = noted('plan_completed')
export const restoreItem = reasoned('restore')
export const lapseItem = reasoned('lapse')
export const mendItem = noted('mend', 'applicant')
export const withdrawItem = noted('withdraw', 'applicant')

/** The head carries out what the officer proposed, as the law's own decision. */
export const confirmProposal = (ctx: Ctx, ask: OnItem & { note: string }): Promise<ItemView> =>
  inTx(ctx, async (tx) => {
    const of = await loadFor(tx, ctx, ask, 'authority', 'confirm')
    const { action, input, by: proposedBy } = unwrap(confirmable(of.row))
    if (!of.roles.includes('head')) mustNot('NOT_YOUR_MOVE')
    const who = { ...worldOf(ctx), roles: of.roles, by: actorRef(ctx.actor), at: ctx.clock.now(), proposedBy }
    const change = unwrap(act({ ...of.row, proposal: null }, of.facts, action, input, who))
    return carryOut(tx, ctx, of, change, { ...input, note: [input.note, ask.note].filter(Boolean).join('；') })
  })

export const sendBackProposal = (ctx: Ctx, ask: OnItem & { reason: string }): Promise<ItemView> =>
  inTx(ctx, async (tx) => {
    const of = await loadFor(tx, ctx, ask, 'authority', 'send_back')
    const { basis } = unwrap(confirmable(of.row))
    if (!of.roles.includes('head')) mustNot('NOT_YOUR_MOVE')
    const { state, clock, asked, extended, submittedOn, acceptedOn, decidedOn } = of.row
    const held = { state, clock, asked, extended, submittedOn, acceptedOn, decidedOn, proposal: null }
    const change: Change = { ...held, action: 'send_back', basis: { ...basis, version: of.row.policyVersion } }
    return carryOut(tx, ctx, of, change, { note: ask.reason })
  })

// ---- the queue and the case

export const listQueue = async (
  ctx: Ctx,
  ask: {
    view: 'open' | 'waiting' | 'done'
    state?: ItemState | undefined
    item?: string | undefined
    kind?: Kind | undefined
    no?: string | undefined
    overdue?: boolean | undefined
    awaitingHead?: boolean | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const world = worldOf(ctx)
  const db = ctx.db.kysely
  const rows = await store.listQueue(db, ctx.actor, {
    ...ask,
    today: world.today,
    after: readCursor(ask.after, ask.view === 'done' ? 'instant' : 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = rows.slice(0, ask.limit)
  const last = page.at(-1)
  const key = (r: store.ItemRow): string => (ask.view === 'done' ? r.updatedAt : (r.dueOn ?? ''))
  return {
    rows: page.map(
      (r): QueueRow => ({
        subjectId: r.subjectId,
        subjectName: r.subjectName,
        applicationId: r.applicationId,
        no: r.no ?? '',
        itemId: r.id,
        kind: r.kind,
        item: r.recordItem,
        itemName: itemNameOf(ctx.policy, r.recordItem),
        docNo: r.docNo,
        state: r.state,
        submittedOn: r.submittedOn ?? world.today,
        clock: clockView(r.clock, ctx.policy, world.today),
        extended: r.extended,
        proposal: r.decides ? proposalView(r) : null,
        version: r.version,
        actions: actionsFor(r, rolesOn(ctx.actor, r, null)),
        as: reviewing(r.state) ? 'reviewer' : 'decider',
      }),
    ),
    next: rows.length > ask.limit && last ? encodeCursor([key(last), last.id]) : null,
    counts: await store.countQueue(db, ctx.actor, world.today),
  }
}

export const getCase = (ctx: Ctx, ask: { subject: string; item: string }): Promise<CaseView> =>
  inTx(ctx, async (tx) => {
    const row = (await store.findTold(tx, ctx.actor, ask)) ?? mustNot('NO_SUCH_REPAIR_ITEM')
    const app =
      (await store.findApplication(tx, ctx.actor, { subject: row.subjectId, id: row.applicationId }, 'reader')) ??
      mustNot('NO_SUCH_REPAIR_ITEM')
    const { record } = await heldRecord(tx, row.held)
    const subject = (await getSubject(tx, row.subjectId)) ?? mustNot('NO_SUCH_REPAIR_ITEM')
    const materials = await store.materialsOf(tx, app)
    const items = await store.itemsOf(tx, app)
    await recordLook(tx, ctx, row.subjectId, `办理信用修复（${row.no ?? ''}）`)
    const world = worldOf(ctx)
    const facts = caseFacts(row, record)
    const said = await factsOf(tx, row.subjectId)
    const { shared, waived } = standingOf(
      record,
      { facts: said, bars: [], completed: new Set(), declared: row.declared },
      world,
    )
    const eligibility = eligibilityOf(record, knownWith(facts.known, shared), world)
    const roles = rolesOn(ctx.actor, row, null)
    const needed = neededOf(row.kind, eligibility.materials, materials, waived)
    const { reasons } = eligibilityView(eligibility, ctx.policy)
    const unmet = new Map(reasons.map((r) => [r.code, r.text]))
    const firstDays = new Map(reasons.map((r) => [r.code, r.firstDay]))
    const unknown = new Set(eligibility.open.map((r) => r.code))
    const actions = movesOf(row.kind)
      .filter((m) => m.from === row.state)
      .map((m) => m.action)
    const view = itemView(row, { acts: row.acts, roles, eligibility: null }, world)
    const lapse = {
      day: lapsesOn(row, ctx.policy, world.today)?.day ?? null,
      moot: isOpen(row.state) && isMoot(row, facts, world),
    }
    const mayLapse =
      (lapse.moot || (lapse.day !== null && lapse.day <= world.today)) &&
      movesFrom(movesOf(row.kind), row.state, roles).includes('lapse') &&
      !row.proposal
    return {
      item: mayLapse ? { ...view, actions: [...view.actions, 'lapse'] } : view,
      application: {
        id: app.id,
        no: app.no,
        kind: app.kind,
        wayIn: app.wayIn,
        submittedAt: app.submittedAt,
        contactName: app.contactName,
        contactPhone: app.contactPhone ? ctx.secrets.open(app.contactPhone) : '',
        commitment: {
          text: app.commitmentText?.text ?? { zh: '', en: '' },
          signedAt: app.commitmentAt,
          byHand: app.signatureHash !== null,
        },
        others: items
          .filter((i) => i.id !== row.id)
          .map((i) => ({
            id: i.id,
            itemName: itemNameOf(ctx.policy, i.recordItem),
            docNo: i.docNo,
            deciderName: i.authorityName,
            state: i.state,
          })),
      },
      earlier: (await store.itemsAbout(tx, row)).map((i) => ({
        no: i.no ?? '',
        kind: i.kind,
        deciderName: i.authorityName,
        state: i.state,
        submittedOn: i.submittedOn,
        decidedOn: i.decidedOn,
      })),
      subject: { id: subject.id, name: subject.name, kind: subject.kind, code: subject.code, status: subject.status },
      record: recordView(
        record,
        {
          subjectName: subject.name,
          eligibility,
          deciderName: row.authorityName,
          underWay: null,
          kind: row.kind,
          shared: shared.values(),
          waived,
        },
        world,
      ),
      fields: fieldsOf(ctx, record),
      materials: materials.map((m) =>
        materialView(m, { names: needed.rules, others: materialsOfAll(ctx.policy), mayRemove: false }),
      ),
      materialsNeeded: needed.views,
      conditions: conditionsFor(row, record.facts, ctx.policy, world.today).map((c) => ({
        code: c.code,
        text: unmet.get(c.code) ?? conditionText(c.words),
        holds: holdsWords(c),
        article: c.article,
        judged: c.needs === 'authority_judges',
        declared: c.known !== null && c.known in row.declared && !Array.from(shared.keys(), String).includes(c.known),
        met: unmet.has(c.code) ? false : unknown.has(c.code) ? null : true,
        mayFail: unmet.has(c.code) || !COMPUTED.includes(c.needs),
        firstDay: firstDays.get(c.code) ?? null,
      })),
      lapse,
      twoPeople: [...new Set(actions)].flatMap((action) => {
        const basis = twoPeople(ctx.policy, row.system, action, row.submittedOn ?? world.today)
        return basis ? [{ action, article: articleOf(basis) }] : []
      }),
      headDecides: [...new Set(actions)].flatMap((action) => {
        const basis = headDecides(ctx.policy, row.system, action, row.submittedOn ?? world.today)
        return basis ? [{ action, article: articleOf(basis) }] : []
      }),
    }
  })

/** Every field but the secret ones, with the catalog's labels in both languages. */
const fieldsOf = (ctx: Ctx, record: RecordRow): CaseView['fields'] => {
  const item = catalogItemOn(ctx.policy.catalog, record.item, record.decidedOn)
  const rows = publicFieldRows(record.fields, item, ctx.lang)
  return rows.map((r) => ({
    key: r.key,
    label: item?.fields.find((f) => f.key === r.key)?.label ?? { zh: r.label, en: r.label },
    value: r.value,
  }))
}

/** When a year's calendar has been loaded, the days that waited for it are worked out again. */
export const settleProvisional = (ctx: Ctx): Promise<number> =>
  inTx(ctx, async (tx) => {
    const rows = await store.listProvisional(tx)
    let settled = 0
    for (const r of rows) {
      const due = dueColumns(r.clock, ctx.policy, r.dueOn)
      if (due.dueProvisional && due.dueOn === r.dueOn) continue
      await store.saveDue(tx, { subjectId: r.subjectId, id: r.id, ...due })
      settled += 1
    }
    return settled
  })
