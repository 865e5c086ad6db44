import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { itemOn } from '../../kernel/catalog.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { type LocalDate, addDays, dayOf } from '../../kernel/time.ts'
import { calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, actorRef, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { mediaTypeOf } from '../../platform/file-type.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { personNames } from '../access/index.ts'
import {
  type Standing,
  movePeer,
  noticeTo,
  peerStanding,
  serviceOf,
  setServedUntil,
  thirdParties,
} from '../exchange/index.ts'
import { findRecords } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { AgreementView, MeasureView, OwedView, PartyView, WholePartyView } from './contract.ts'
import { both, figuresFor, inScope, partyOf, tellOffice } from './party.ts'
import {
  LEADS,
  ackedDay,
  agreementRule,
  dueOn,
  endOf,
  footingOf,
  latenessRule,
  measuresRule,
  owedState,
  possibleMeasures,
  servedUntil,
  suggests,
} from './rules.ts'
import { AGREEMENT_MOVES, type AgreementAction, MEASURE_MOVES, type MeasureAction, type MeasureKind } from './states.ts'
import * as store from './store.ts'
import { AGREEMENT_MESSAGES, MEASURE_KIND_WORDS } from './words.ts'
import { mendBy, openTalks, summonsOf, talkViews } from './views.talks.ts'
import { talksOf } from './store.talks.ts'

// ---- how they stand

const agreementView = (ctx: Ctx, a: store.Agreement): AgreementView => ({
  id: a.id,
  peerId: a.peerId,
  number: a.number,
  purpose: a.purpose,
  items: a.items,
  updateWorkdays: a.updateWorkdays,
  withdrawWorkdays: a.withdrawWorkdays,
  validFrom: a.validFrom,
  validUntil: a.validUntil,
  contact: a.contact,
  state: a.state,
  file: a.fileHash ? { name: a.fileName ?? '', sha256: a.fileHash, bytes: a.bytes ?? 0 } : null,
  signedAt: a.signedAt,
  endedOn: a.endedOn,
  endReason: a.endReason,
  actions: movesFrom(AGREEMENT_MOVES, a.state, rolesOf(ctx.actor)),
  version: a.version,
})

const sidesOf = (ctx: Ctx, m: Pick<store.Measure, 'proposedBy'>): ('proposer' | 'other')[] =>
  ctx.actor.kind === 'person' && !hasRole(ctx.actor, 'credit_office')
    ? []
    : [actorRef(ctx.actor) === m.proposedBy ? 'proposer' : 'other']
const measureViews = async (ctx: Ctx, measures: readonly store.Measure[]): Promise<MeasureView[]> => {
  const people = [...new Set(measures.flatMap((m) => [m.proposedBy, ...(m.decidedBy ? [m.decidedBy] : [])]))]
  const names = await personNames(
    ctx.db.kysely,
    people.filter((id) => /^[0-9a-f-]{36}$/.test(id)),
  )
  return measures.map((m) => ({
    id: m.id,
    kind: m.kind,
    state: m.state,
    reason: m.reason,
    instrument: m.basis.instrument,
    article: m.basis.article,
    figures: m.figures,
    peerState: m.peerState,
    proposedAt: m.proposedAt,
    proposedBy: names.get(m.proposedBy) ?? m.proposedBy,
    decidedAt: m.decidedAt,
    decidedBy: m.decidedBy ? (names.get(m.decidedBy) ?? m.decidedBy) : null,
    note: m.note,
    actions: movesFrom(MEASURE_MOVES, m.state, sidesOf(ctx, m)),
    version: m.version,
  }))
}

const untilOf = (ctx: Ctx, p: Standing, agreements: readonly store.Agreement[]): LocalDate =>
  servedUntil(agreements, today(ctx), {
    createdOn: p.createdOn,
    graceDays: agreementRule(ctx.policy, today(ctx)).value.graceDays,
  })

const partyViews = async (ctx: Ctx, parties: readonly Standing[]): Promise<PartyView[]> => {
  const db = ctx.db.kysely
  const on = today(ctx)
  const ids = parties.map((p) => p.id)
  const agreements = Map.groupBy(await store.agreementsOf(db, ids), (a) => a.peerId)
  const figures = await figuresFor(ctx, db, parties)
  const open = await store.measuresOf(db, ids, 'proposed')
  const proposals = new Map((await measureViews(ctx, open)).map((m, i) => [open[i]!.peerId, m]))
  const talks = await openTalks(ctx, db, ids)
  const rule = latenessRule(ctx.policy, on).value
  return parties.map((p) => {
    const own = agreements.get(p.id) ?? []
    const until = untilOf(ctx, p, own)
    const figure = figures.get(p.id)!
    return {
      peerId: p.id,
      name: p.name,
      state: p.state,
      items: p.items,
      footing: footingOf(own, until, on, agreementRule(ctx.policy, on).value),
      servedUntil: until,
      withheld: serviceOf({ state: p.state, servedUntil: until }, on) === 'withdrawals',
      ackWorkdays: p.ackWorkdays,
      figures: figure,
      suggested: p.state === 'active' && suggests(figure, rule),
      proposal: proposals.get(p.id) ?? null,
      talk: talks.get(p.id) ?? null,
    }
  })
}

export const listParties = async (ctx: Ctx): Promise<{ rows: PartyView[] }> => {
  const parties = (await thirdParties(ctx.db.kysely)).filter((p) => inScope(ctx, p))
  return { rows: await partyViews(ctx, parties) }
}

export const getParty = async (ctx: Ctx, ask: { peer: string }): Promise<WholePartyView> => {
  const db = ctx.db.kysely
  const p = await partyOf(ctx, db, ask.peer)
  const [view] = await partyViews(ctx, [p])
  const { row, value } = measuresRule(ctx.policy, today(ctx))
  return {
    ...view!,
    agreements: (await store.agreementsOf(db, [p.id])).map((a) => agreementView(ctx, a)),
    measures: await measureViews(ctx, await store.measuresOf(db, [p.id])),
    possible: view!.proposal || !hasRole(ctx.actor, 'credit_office') ? [] : possibleMeasures(p.state, value.kinds),
    talks: await talkViews(ctx, await talksOf(db, [p.id])),
    mendBy: mendBy(ctx),
    summons: summonsOf(ctx, view!),
    instrument: row.instrument,
    article: row.article,
    lateness: latenessRule(ctx.policy, today(ctx)).value,
  }
}

export const listOwed = async (
  ctx: Ctx,
  ask: { peer: string; view: 'open' | 'all'; after?: string | undefined; limit: number },
): Promise<Page<OwedView>> => {
  const db = ctx.db.kysely
  const p = await partyOf(ctx, db, ask.peer)
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.listOwed(db, p.id, { open: ask.view === 'open', after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (o) => [o.announcedAt, o.recordId])
  const records = new Map(
    (
      await findRecords(
        db,
        page.rows.map((o) => ({ subjectId: o.subjectId, id: o.recordId })),
      )
    ).map((r) => [r.id, r]),
  )
  const subjects = await subjectsById(
    db,
    page.rows.map((o) => o.subjectId),
  )
  const calendar = calendarOf(ctx.policy)
  return {
    rows: page.rows.map((o) => {
      const due = dueOn(calendar, dayOf(o.announcedAt), p.ackWorkdays)
      return {
        subjectId: o.subjectId,
        recordId: o.recordId,
        documentNumber: records.get(o.recordId)?.docNo ?? '',
        subjectName: subjects.get(o.subjectId)?.name ?? '',
        announcedAt: o.announcedAt,
        dueOn: due,
        ackedAt: o.ackedAt,
        state: owedState(due, ackedDay(o.ackedAt), today(ctx)),
      }
    }),
    next: page.next,
  }
}

/** What the party reads of itself, with its own key: why it is given nothing new, and how late it is. */
export const myAgreement = async (ctx: Ctx) => {
  const db = ctx.db.kysely
  const id = ctx.actor.kind === 'key' ? ctx.actor.peerId : null
  const p = (id && (await peerStanding(db, id))) || mustNot('NOT_A_THIRD_PARTY')
  if (p.kind !== 'third_party') return mustNot('NOT_A_THIRD_PARTY')
  const own = await store.agreementsOf(db, [p.id])
  const on = today(ctx)
  const until = untilOf(ctx, p, own)
  const now = own.find((a) => a.state === 'signed' && a.validFrom <= on && on < endOf(a))
  const notice = noticeTo({ state: p.state, servedUntil: until }, on)
  const held = now && agreementView(ctx, now)
  return {
    name: p.name,
    state: p.state,
    notice: notice && { zh: notice.zh, en: notice.en },
    servedUntil: until,
    agreement: held
      ? {
          id: held.id,
          peerId: held.peerId,
          number: held.number,
          purpose: held.purpose,
          items: held.items,
          updateWorkdays: held.updateWorkdays,
          withdrawWorkdays: held.withdrawWorkdays,
          validFrom: held.validFrom,
          validUntil: held.validUntil,
          contact: held.contact,
          state: held.state,
          signedAt: held.signedAt,
          endedOn: held.endedOn,
        }
      : null,
    talk: (await openTalks(ctx, db, [p.id])).get(p.id) ?? null,
    ackWorkdays: p.ackWorkdays,
    figures: (await figuresFor(ctx, db, [p])).get(p.id)!,
  }
}

// ---- agreements

/** Brings what the exchange goes by in line with the agreements, in the same transaction. */
const follow = async (tx: Tx, ctx: Ctx, p: Standing): Promise<void> =>
  setServedUntil(tx, ctx, { peerId: p.id, until: untilOf(ctx, p, await store.agreementsOf(tx, [p.id])) })

export const drawAgreement = async (
  ctx: Ctx,
  ask: {
    peer: string
    number: string
    purpose: string
    items: string[]
    updateWorkdays: number
    withdrawWorkdays: number
    validFrom: string
    validTo: string
    contact: string
  },
): Promise<AgreementView> => {
  const id = newId()
  await inTx(ctx, async (tx) => {
    const p = await partyOf(ctx, tx, ask.peer)
    if (ask.validTo < ask.validFrom || ask.validTo < today(ctx) || ask.validTo > '9999-12-30') mustNot('AGREEMENT_DAYS')
    const outside = ask.items.filter((item) => !p.items.includes(item))
    if (outside.length)
      mustNot('AGREEMENT_ITEMS', {
        items: outside.map((item) => itemOn(ctx.policy.catalog, item, today(ctx))?.name ?? item),
      })
    const a: store.Agreement = {
      id,
      peerId: p.id,
      number: ask.number,
      purpose: ask.purpose,
      items: [...new Set(ask.items)],
      updateWorkdays: ask.updateWorkdays,
      withdrawWorkdays: ask.withdrawWorkdays,
      validFrom: ask.validFrom as LocalDate,
      validUntil: addDays(ask.validTo as LocalDate, 1),
      contact: ask.contact,
      state: 'draft',
      fileHash: null,
      fileName: null,
      mediaType: null,
      bytes: null,
      signedAt: null,
      endedOn: null,
      endReason: '',
      version: 1,
    }
    await store.insertAgreement(tx, a, { at: ctx.clock.now(), actor: actorRef(ctx.actor) })
    recordAct(tx, ctx, { act: 'agreements.draw', target: { kind: 'agreement', id }, details: { peer: p.id } })
  })
  return oneAgreement(ctx, id)
}
const oneAgreement = async (ctx: Ctx, id: string): Promise<AgreementView> =>
  agreementView(ctx, (await store.findAgreement(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_AGREEMENT'))

const moved = (ctx: Ctx, a: store.Agreement, action: AgreementAction) =>
  unwrap(step(AGREEMENT_MOVES, a.state, action, ctx.actor.kind === 'system' ? ['credit_office'] : rolesOf(ctx.actor)))
const lock = async (tx: Tx, ctx: Ctx, id: string): Promise<{ a: store.Agreement; p: Standing }> => {
  const found = (await store.findAgreement(tx, id)) ?? mustNot('NO_SUCH_AGREEMENT')
  await store.lockParty(tx, found.peerId)
  const a = (await store.lockAgreement(tx, id)) ?? mustNot('NO_SUCH_AGREEMENT')
  const p = await peerStanding(tx, a.peerId)
  return p && inScope(ctx, p) ? { a, p } : mustNot('NO_SUCH_AGREEMENT')
}

const readWhole = async (ctx: Ctx, hash: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.files.read(hash)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** It binds from its first day on. */
export const signAgreement = async (ctx: Ctx, ask: { id: string; file: StoredFile }): Promise<AgreementView> => {
  const { file } = ask
  const mediaType = mediaTypeOf(await readWhole(ctx, file.hash)) ?? mustNot('AGREEMENT_FILE_TYPE', { file: file.name })
  await inTx(ctx, async (tx) => {
    const { a, p } = await lock(tx, ctx, ask.id)
    moved(ctx, a, 'sign')
    const clash = (await store.agreementsOf(tx, [p.id])).find(
      (o) =>
        o.id !== a.id &&
        (o.state === 'signed' || o.state === 'ended') &&
        o.validFrom < a.validUntil &&
        a.validFrom < endOf(o),
    )
    if (clash) mustNot('AGREEMENT_OVERLAPS', { number: clash.number })
    await store.saveSigned(tx, a.id, { ...file, mediaType, at: ctx.clock.now() })
    await follow(tx, ctx, p)
    recordAct(tx, ctx, {
      act: 'agreements.sign',
      target: { kind: 'agreement', id: a.id },
      details: { peer: p.id, hash: file.hash },
    })
  })
  return oneAgreement(ctx, ask.id)
}

export const downloadAgreement = async (ctx: Ctx, ask: { id: string }): Promise<FileReply> => {
  const a = (await store.findAgreement(ctx.db.kysely, ask.id)) ?? mustNot('NO_SUCH_AGREEMENT')
  await partyOf(ctx, ctx.db.kysely, a.peerId)
  if (!a.fileHash) return mustNot('AGREEMENT_NO_FILE')
  return {
    file: {
      name: a.fileName ?? a.number,
      mediaType: a.mediaType ?? 'application/octet-stream',
      body: ctx.files.read(a.fileHash),
    },
  }
}

export const endAgreement = async (
  ctx: Ctx,
  ask: { id: string; reason: string; seen: number },
): Promise<AgreementView> => {
  await inTx(ctx, async (tx) => {
    const { a, p } = await lock(tx, ctx, ask.id)
    if (a.version !== ask.seen) mustNot('STALE')
    const state = moved(ctx, a, a.state === 'draft' ? 'drop' : 'end')
    await store.saveEnded(tx, a.id, { state, on: today(ctx), reason: ask.reason })
    await follow(tx, ctx, p)
    recordAct(tx, ctx, {
      act: 'agreements.end',
      target: { kind: 'agreement', id: a.id },
      details: { peer: p.id, state },
    })
  })
  return oneAgreement(ctx, ask.id)
}

// ---- measures

export const proposeMeasure = async (
  ctx: Ctx,
  ask: { peer: string; kind: MeasureKind; reason: string },
): Promise<MeasureView> => {
  const id = newId()
  await inTx(ctx, async (tx) => {
    await store.lockParty(tx, ask.peer)
    const p = await partyOf(ctx, tx, ask.peer)
    const { row, value } = measuresRule(ctx.policy, today(ctx))
    if (!possibleMeasures(p.state, value.kinds).includes(ask.kind))
      mustNot('MEASURE_NOT_POSSIBLE', { kind: MEASURE_KIND_WORDS[ask.kind][ctx.lang] })
    const done = await store.insertMeasure(tx, {
      id,
      peerId: p.id,
      kind: ask.kind,
      state: 'proposed',
      reason: ask.reason,
      basis: { instrument: row.instrument, article: row.article, rule: row.id },
      figures: (await figuresFor(ctx, tx, [p])).get(p.id)!,
      peerState: p.state,
      proposedAt: ctx.clock.now(),
      proposedBy: actorRef(ctx.actor),
      decidedAt: null,
      decidedBy: null,
      note: '',
      version: 1,
    })
    if (!done) mustNot('MEASURE_OPEN')
    const kind = MEASURE_KIND_WORDS[ask.kind]
    await tellOffice(tx, ctx, p, {
      kind: 'measure_proposed',
      title: both(AGREEMENT_MESSAGES.proposedTitle, {
        zh: { name: p.name, kind: kind.zh },
        en: { name: p.name, kind: kind.en },
      }),
      body: both(AGREEMENT_MESSAGES.proposedBody, { zh: { reason: ask.reason }, en: { reason: ask.reason } }),
      about: { kind: 'measure', id },
      key: `agreements/measure/${id}`,
    })
    recordAct(tx, ctx, {
      act: 'agreements.propose',
      target: { kind: 'measure', id },
      details: { peer: p.id, kind: ask.kind },
    })
  })
  return oneMeasure(ctx, id)
}
const oneMeasure = async (ctx: Ctx, id: string): Promise<MeasureView> => {
  const m = (await store.findMeasure(ctx.db.kysely, id)) ?? mustNot('NO_SUCH_MEASURE')
  return (await measureViews(ctx, [m]))[0]!
}

/** By somebody other than the proposer; with the consent the peer's state changes in the same transaction. */
export const decideMeasure = async (
  ctx: Ctx,
  ask: { id: string; action: MeasureAction; note: string; seen: number },
): Promise<MeasureView> => {
  await inTx(ctx, async (tx) => {
    const found = (await store.findMeasure(tx, ask.id)) ?? mustNot('NO_SUCH_MEASURE')
    await store.lockParty(tx, found.peerId)
    const m = (await store.lockMeasure(tx, ask.id)) ?? mustNot('NO_SUCH_MEASURE')
    const p = await peerStanding(tx, m.peerId)
    if (!p || !inScope(ctx, p)) return mustNot('NO_SUCH_MEASURE')
    if (m.version !== ask.seen) mustNot('STALE')
    const [side] = sidesOf(ctx, m)
    if (m.state === 'proposed' && side === 'proposer' && ask.action !== 'withdraw') mustNot('SAME_PERSON')
    if (m.state === 'proposed' && side === 'other' && ask.action === 'withdraw') mustNot('NOT_PROPOSER')
    const state = unwrap(step(MEASURE_MOVES, m.state, ask.action, side ? [side] : []))
    await store.saveDecided(tx, m.id, { state, at: ctx.clock.now(), by: actorRef(ctx.actor), note: ask.note })
    if (state === 'approved') {
      if (!LEADS[m.kind].from.includes(p.state))
        mustNot('MEASURE_NOT_POSSIBLE', { kind: MEASURE_KIND_WORDS[m.kind][ctx.lang] })
      const to = { id: p.id, state: LEADS[m.kind].to, reason: m.reason, seen: p.version }
      if (!(await movePeer(tx, ctx, to))) mustNot('STALE')
    }
    recordAct(tx, ctx, {
      act: 'agreements.decide',
      target: { kind: 'measure', id: m.id },
      details: { peer: p.id, kind: m.kind, state },
    })
    return undefined
  })
  return oneMeasure(ctx, ask.id)
}

// ---- what the days bring

/** Ends of agreements come by themselves; the credit office is told before, and on the day. */
export const watchAgreements = async (ctx: Ctx): Promise<number> => {
  const on = today(ctx)
  // Before the rule's first day nobody owes an agreement.
  if (!settingOf(ctx.policy, 'third_party_agreement', on)) return 0
  const rule = agreementRule(ctx.policy, on).value
  const parties = await thirdParties(ctx.db.kysely)
  for (const party of parties) {
    await inTx(ctx, async (tx) => {
      await store.lockParty(tx, party.id)
      const p = (await peerStanding(tx, party.id)) ?? party
      const own = await store.agreementsOf(tx, [p.id])
      const until = untilOf(ctx, p, own)
      await setServedUntil(tx, ctx, { peerId: p.id, until })
      const last = own.find((a) => a.state === 'signed' && endOf(a) === until)
      if (!last) return
      const name = { name: p.name }
      const about = { kind: 'agreement', id: last.id }
      if (on >= until) {
        await tellOffice(tx, ctx, p, {
          kind: 'agreement_ended',
          title: both(AGREEMENT_MESSAGES.endedTitle, { zh: name, en: name }),
          body: AGREEMENT_MESSAGES.endedBody,
          about,
          key: `agreements/ended/${last.id}/${until}`,
        })
        return
      }
      const n = rule.warnDays.filter((d) => addDays(on, d) >= until).toSorted((a, b) => a - b)[0]
      if (n === undefined) return
      const params = { name: p.name, n, number: last.number, day: addDays(until, -1) }
      await tellOffice(tx, ctx, p, {
        kind: 'agreement_ending',
        title: both(AGREEMENT_MESSAGES.endingTitle, { zh: params, en: params }),
        body: both(AGREEMENT_MESSAGES.endingBody, { zh: params, en: params }),
        about,
        key: `agreements/ending/${last.id}/${until}/${n}`,
      })
    })
  }
  return parties.length
}
