import type { Channel } from '../../kernel/policy.ts'
import { docKey, nameKey } from '../../kernel/text.ts'
import { type LocalDate, parseDay } from '../../kernel/time.ts'
import { fill } from '../../kernel/words.ts'
import { today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { post } from '../messages/index.ts'
import { type Checked, conflictOf, contentOf, exchangedCheck, turnedAway } from '../collection/index.ts'
import type { RecordRow, StoreOutcome } from '../records/contract.ts'
import {
  Drafter,
  catalogItemOn,
  dispose,
  findRecords,
  heldKeys,
  pendingMarks,
  storeDrafts,
  windowOn,
} from '../records/index.ts'
import type { SubjectAnswer } from '../subjects/contract.ts'
import { foreseeSubjects, openConflicts, resolveSubjects } from '../subjects/index.ts'
import { type Answer, already, applied, refused, waits } from './answer.ts'
import { type Parsed, isOlder, nextTry, reopeningOf, territoryOf } from './rules.ts'
import * as store from './store.ts'
import { REGISTER_BODY, REGISTER_TITLE, TOLD_BY, type Verdict } from './words.ts'
import { applyEarlier, noteKnown, passOver } from './withdraw.ts'
import { type World, toldBy } from './world.ts'

/** New and changed records, many at once: each thing once in a run, so that their order does not matter. */

export type Work = { m: store.Held; message: Parsed }
type Good = Extract<Checked, { ok: true }>
/** A message that has passed its own checks. */
type Candidate = Work & {
  item: NonNullable<ReturnType<typeof catalogItemOn>>
  good: Good
  authorityDivision: string | null
  told: store.Told | undefined
}
type Answers = Map<string, Answer>

const registered = ({ byCode, byName }: World, message: Parsed) => {
  const { about, after } = message.record!
  const code = after?.fields['authority_code']
  return (typeof code === 'string' ? byCode.get(code) : undefined) ?? byName.get(nameKey(about.authority)) ?? null
}

const asked = async (tx: Tx, { ctx, peer, office }: World, authority: string): Promise<void> => {
  if (!office) return
  const params = { authority, peer: peer.name }
  const told = (w: typeof REGISTER_TITLE) => ({ zh: fill(w.zh, params, 'zh'), en: fill(w.en, params, 'en') })
  await post(tx, ctx, {
    to: { authorityId: office.id, role: 'credit_office' },
    kind: 'register_authority',
    title: told(REGISTER_TITLE),
    body: told(REGISTER_BODY),
    link: '/app/exchange/received?state=pending',
    about: { kind: 'peer', id: peer.id },
    by: ['inbox'],
    key: `inbound:authority:${nameKey(authority)}`,
  })
}

type Check = ReturnType<typeof exchangedCheck>
type Known = {
  told: ReadonlyMap<string, store.Told>
  admitted: ReadonlySet<string>
  /** Made once for an item and a run. */
  checkFor: (item: Candidate['item']) => Check
}
const checksOf = ({ ctx, office, byCode, byName }: World): Known['checkFor'] => {
  const made = new Map<string, Check>()
  return (item) => {
    const check = made.get(item.code) ?? exchangedCheck(ctx, { item, reporter: office!, directory: { byCode, byName } })
    made.set(item.code, check)
    return check
  }
}

/** Everything about a message that can be said without looking at the subject's file. */
const candidateOf = async (tx: Tx, world: World, work: Work, known: Known): Promise<Candidate | Answer> => {
  const { ctx, peer, office } = world
  const { about, after } = work.message.record!
  if (!office) return waits('no_credit_office', {}, nextTry(ctx.policy, ctx.clock.now(), work.m.attempts))
  const told = known.told.get(work.message.thing)
  if (told?.recordId && isOlder(work.message.at, told.lastAt)) return already('superseded', told.recordId)
  const item = catalogItemOn(ctx.policy.catalog, about.item, today(ctx))
  if (!item) return refused('unknown_item', { item: about.item })
  if (!peer.items.includes(item.code)) return refused('item_not_agreed', { item: item.name })
  const authority = registered(world, work.message)
  if (!authority && !known.admitted.has(nameKey(about.authority))) {
    await asked(tx, world, about.authority)
    return waits('unknown_authority', { authority: about.authority }, null)
  }
  const checked = known.checkFor(item)({
    name: about.subjectName,
    code: about.subjectCode ?? null,
    authority: about.authority,
    docNo: about.documentNumber,
    decidedOn: about.decidedOn ?? null,
    fields: after!.fields,
  })
  if (checked.fault) return refused(checked.fault, { fields: checked.fields })
  if (!checked.checked.ok) {
    const { problems } = checked.checked
    // Duties stand in our register: the sender can mend nothing there.
    if (problems.every((p) => p.code === 'authority_no_duty'))
      return waits(
        'no_duty',
        { authority: about.authority, item: item.name },
        nextTry(ctx.policy, ctx.clock.now(), work.m.attempts),
      )
    return refused('rows', {}, problems)
  }
  if (checked.checked.row.facts.subjectKind === 'natural_person') return refused('natural_person')
  return { ...work, item, good: checked.checked, authorityDivision: authority?.division ?? null, told }
}

/** The clock of a publicity period began when it was first published, not when it came here. */
const publishedOn = (candidate: Candidate, day: LocalDate): LocalDate => {
  const from = parseDay(candidate.message.record?.after?.shownFrom ?? '')
  return from && from <= day && from >= candidate.good.row.decidedOn ? from : day
}

const contentFor = (world: World, c: Candidate, to: Extract<SubjectAnswer, { ok: true }>) => {
  const published = publishedOn(c, today(world.ctx))
  // Reporting terms are kept where it was reported: here it counts as no report of the authority's own.
  const about = { id: c.m.intakeId, backfill: true }
  const content = contentOf(c.good.row, about, c.item.code, c.m.n)
  return {
    ...content,
    subjectKind: to.kind,
    publishedOn: published,
    facts: { ...content.facts, subjectKind: to.kind, publishedOn: published },
  }
}

/** Where a record lies decides who may send it; asked before anything is made for it. */
const inTerritory = async (tx: Tx, world: World, candidates: Candidate[], answers: Answers): Promise<Candidate[]> => {
  const { ctx, peer, ours } = world
  const foreseen = await foreseeSubjects(
    tx,
    ctx,
    candidates.map((c) => c.good.row.ask),
  )
  return candidates.filter((c, i) => {
    const held = foreseen[i]
    const verdict: Verdict | null =
      held === 'no_code'
        ? 'no_code'
        : territoryOf({
            ours,
            peer: peer.division,
            subject: held?.held.division ?? c.good.row.ask.division ?? null,
            authority: c.authorityDivision,
            outside: peer.settings['outsideTerritory'] === true,
          })
    if (verdict) answers.set(c.m.id, refused(verdict))
    return verdict === null
  })
}

type Placed = { c: Candidate; to: Extract<SubjectAnswer, { ok: true }> }
const onFiles = async (tx: Tx, world: World, candidates: Candidate[], answers: Answers): Promise<Placed[]> => {
  const { ctx, peer } = world
  const found = await resolveSubjects(
    tx,
    ctx,
    candidates.map((c) => c.good.row.ask),
  )
  const placed: Placed[] = []
  const open: Parameters<typeof openConflicts>[2][number][] = []
  for (const [i, c] of candidates.entries()) {
    const to = found[i]!
    if (to.ok) {
      placed.push({ c, to })
      continue
    }
    const { verdict } = conflictOf({ item: c.item }, c.good, to)
    const { held, offered } = to.conflict
    if (to.conflict.kind === 'no_code') answers.set(c.m.id, refused('no_code'))
    else if (verdict === 'refused') answers.set(c.m.id, refused('name_kept', { held, offered }))
    else {
      open.push({ conflict: to.conflict, source: `peer:${peer.code || peer.id}` })
      const again = nextTry(ctx.policy, ctx.clock.now(), c.m.attempts)
      answers.set(c.m.id, waits('name_conflict', { held, offered, key: nameKey(offered) }, again))
    }
  }
  if (open.length) await openConflicts(tx, ctx, open)
  return placed
}

/** Its own source says what it says; a peer takes back no more than what it has told itself. */
const fromElsewhere = async (tx: Tx, world: World, { c, to }: Placed, recordId: string): Promise<Answer> => {
  const { told, message } = c
  if (!told?.withdrawn || told.recordId !== recordId) return already('held_elsewhere', recordId)
  const [record] = await findRecords(tx, [{ subjectId: to.subjectId, id: recordId }])
  if (!record || !(await showAgain(tx, world, c, record))) return already('held_elsewhere', recordId)
  await store.saveTold(tx, world.peer.id, {
    thing: message.thing,
    lastAt: message.at,
    recordId,
    source: false,
    withdrawn: false,
    reason: null,
    shownUntil: null,
  })
  await noteKnown(tx, world, record, 'publish')
  return applied('shown_again', recordId)
}

/** What is held from its own source is not changed by others; what is left is stored. */
const stored = async (
  tx: Tx,
  world: World,
  placed: Placed[],
  answers: Answers,
): Promise<(Placed & { outcome: StoreOutcome; fresh: boolean })[]> => {
  const { ctx, peer } = world
  const keyOf = ({ c, to }: Placed) => ({
    subjectId: to.subjectId,
    item: c.item.code,
    authorityKey: c.good.row.authority.key,
    docKey: docKey(c.good.docNo),
  })
  const name = (k: ReturnType<typeof keyOf>) => `${k.subjectId}\n${k.item}\n${k.authorityKey}\n${k.docKey}`
  const held = new Map((await heldKeys(tx, placed.map(keyOf))).map((h) => [name(h as never), h]))
  const sources = await store.sourcesOf(
    tx,
    [...held.values()].map((h) => h.id),
  )
  const mine: Placed[] = []
  for (const p of placed) {
    const there = held.get(name(keyOf(p)))
    if (!there || sources.get(there.id) === peer.id) mine.push(p)
    else answers.set(p.c.m.id, await fromElsewhere(tx, world, p, there.id))
  }
  if (!mine.length) return []
  const drafter = new Drafter(ctx)
  const batch = drafter.batch()
  const outcomes = await storeDrafts(
    tx,
    ctx,
    drafter,
    mine.map((p) => ({
      draft: batch.add(contentFor(world, p.c, p.to)),
      place: { subjectId: p.to.subjectId, newSubject: p.to.isNew, division: p.to.division ?? peer.division },
    })),
  )
  batch.done()
  return mine.map((p, i) => ({ ...p, outcome: outcomes[i]!, fresh: !held.has(name(keyOf(p))) }))
}

const NEW: Record<'taken' | 'changed' | 'same', Verdict> = { taken: 'taken', changed: 'changed', same: 'same' }
const verdictOf = (outcome: Extract<StoreOutcome, { verdict: 'accepted' | 'already_held' }>): Verdict =>
  outcome.verdict === 'already_held' ? NEW.same : outcome.changed ? NEW.changed : NEW.taken

/** The mark of an objection that is pending there stands here too. */
const keepMark = async (tx: Tx, world: World, c: Candidate, record: RecordRow): Promise<void> => {
  const disputed = c.message.record?.after?.disputed ?? false
  if ((await pendingMarks(tx, [record])).has(record.id) === disputed) return
  const { ctx, peer } = world
  const reason = disputed ? { zh: '异议处理中', en: 'Under objection' } : { zh: '异议已办结', en: 'Objection closed' }
  await dispose(tx, ctx, {
    subjectId: record.subjectId,
    recordId: record.id,
    kind: disputed ? 'disputed' : 'dispute_closed',
    channel: null,
    effectiveFrom: today(ctx),
    reason: fill(TOLD_BY.zh, { peer: peer.name, reason }, 'zh'),
    basis: toldBy(world, c.m.eventId),
  })
}

const showAgain = async (tx: Tx, world: World, c: Candidate, record: RecordRow): Promise<boolean> => {
  const { ctx, peer } = world
  const end = windowOn(record.windows, peer.channel as Channel)?.end ?? null
  const kind = reopeningOf(record.state === 'annulled' ? { by: 'annulled', on: today(ctx), disposition: null } : end)
  if (!kind) return false
  await dispose(tx, ctx, {
    subjectId: record.subjectId,
    recordId: record.id,
    kind,
    channel: kind === 'restored' ? (peer.channel as Channel) : null,
    effectiveFrom: today(ctx),
    reason: fill(TOLD_BY.zh, { peer: peer.name, reason: { zh: '恢复公示', en: 'shown again' } }, 'zh'),
    basis: toldBy(world, c.m.eventId),
  })
  return true
}

/** Under a corrected number it is another record here; the one under the old number goes. */
const leaveOld = async (tx: Tx, world: World, told: store.Told, record: RecordRow): Promise<void> => {
  const { ctx, peer } = world
  if (!told.recordId || told.recordId === record.id) return
  const [old] = await findRecords(tx, [{ subjectId: record.subjectId, id: told.recordId }])
  if (!old || old.state === 'annulled' || !told.source) return
  await dispose(tx, ctx, {
    subjectId: old.subjectId,
    recordId: old.id,
    kind: 'annulled',
    channel: null,
    effectiveFrom: today(ctx),
    reason: fill(TOLD_BY.zh, { peer: peer.name, reason: { zh: '文号已更正', en: 'number corrected' } }, 'zh'),
    basis: toldBy(world, null, { became: record.id }),
  })
}

type Done = Placed & { outcome: StoreOutcome; fresh: boolean }
const afterwards = async (tx: Tx, world: World, done: Done, record: RecordRow): Promise<Answer> => {
  const { peer } = world
  const { c, outcome, fresh } = done
  const { told, message } = c
  let code = verdictOf(outcome as Extract<StoreOutcome, { verdict: 'accepted' | 'already_held' }>)
  const cameLate = told?.withdrawn === true && isOlder(message.at, told.lastAt)
  if (fresh) await noteKnown(tx, world, record, 'publish')
  if (told) await leaveOld(tx, world, told, record)
  if (cameLate) {
    await applyEarlier(tx, world, told, record)
    code = 'taken_down_at_once'
  } else if (told?.withdrawn) {
    if (await showAgain(tx, world, c, record)) code = 'shown_again'
    await passOver(tx, world, told)
  }
  if (!cameLate) await keepMark(tx, world, c, record)
  await store.saveTold(tx, peer.id, {
    thing: message.thing,
    lastAt: message.at,
    recordId: record.id,
    source: true,
    withdrawn: cameLate,
    reason: cameLate ? told.reason : null,
    shownUntil: parseDay(message.record?.after?.shownUntil ?? ''),
  })
  return code === 'same' ? already(code, record.id) : applied(code, record.id)
}

export const takeRecords = async (tx: Tx, world: World, run: readonly Work[]): Promise<Answers> => {
  const { peer } = world
  const answers: Answers = new Map()
  const known = {
    told: await store.toldOf(
      tx,
      peer.id,
      run.map((w) => w.message.thing),
    ),
    admitted: await store.admittedKeys(
      tx,
      run.map((w) => nameKey(w.message.record!.about.authority)),
    ),
    checkFor: checksOf(world),
  }
  const candidates: Candidate[] = []
  for (const work of run) {
    const one = await candidateOf(tx, world, work, known)
    if ('code' in one) answers.set(work.m.id, one)
    else candidates.push(one)
  }
  if (!candidates.length) return answers
  const placed = await onFiles(tx, world, await inTerritory(tx, world, candidates, answers), answers)
  const done = await stored(tx, world, placed, answers)
  const records = new Map(
    (
      await findRecords(
        tx,
        done.map((d) => ({ subjectId: d.to.subjectId, id: d.outcome.recordId })),
      )
    ).map((r) => [r.id, r]),
  )
  for (const d of done) {
    const { outcome, c } = d
    const record = records.get(outcome.recordId)!
    const annulledByIt =
      outcome.verdict === 'annulled' && c.told?.withdrawn === true && !isOlder(c.message.at, c.told.lastAt)
    if (annulledByIt) answers.set(c.m.id, await afterwards(tx, world, { ...d, outcome: SAME(outcome) }, record))
    else if (outcome.verdict === 'annulled') answers.set(c.m.id, refused('annulled_before'))
    else if (outcome.verdict === 'kept_out')
      answers.set(
        c.m.id,
        refused('kept_out', { no: outcome.caseNo }, [turnedAway({ item: c.item }, c.good.docNo, outcome)!]),
      )
    else answers.set(c.m.id, await afterwards(tx, world, d, record))
  }
  return answers
}
/** Annulled upon this peer's own word, which it now takes back. */
const SAME = (o: StoreOutcome): StoreOutcome => ({ verdict: 'already_held', recordId: o.recordId, version: o.version })
