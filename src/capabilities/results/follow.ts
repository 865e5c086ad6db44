import type { Ctx } from '../../platform/context.ts'
import { today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTurn, lockAlone, nextRun } from '../../platform/follow.ts'
import { inTx, recordAct, sequence } from '../../platform/outbox.ts'
import { type Instant, type LocalDate, addDays, dayOf } from '../../kernel/time.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { authorityById } from '../access/index.ts'
import { type Signer, signerOf } from '../exchange/index.ts'
import { briefsOf, catalogItemOn } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import { type Column, digestsOf } from './compose.ts'
import { type LineFacts, lineKindOf, resultNumber, resultSetOn, takedownOn } from './rules.ts'
import { signSet } from './sign.ts'
import * as store from './store.ts'
import * as takedowns from './store.takedowns.ts'
import { NO_RESULTS } from './words.ts'

/**
 * Takes results in from the log of commits as they come, and closes the set of each day that is over. What comes for a day
 * that is closed, because its transaction ended late or the record changed, stands in the next open one.
 */

const COMMITS_AT_ONCE = 500

/** The day whose set takes what happened at an instant. */
const openDay = (closed: LocalDate | null, at: Instant): LocalDate => {
  const day = dayOf(at)
  return closed && day <= closed ? addDays(closed, 1) : day
}

const takeIn = async (tx: Tx, ctx: Ctx, news: readonly store.NewsRow[]): Promise<void> => {
  const records = await briefsOf(
    tx,
    news.map((n) => ({ subjectId: n.subjectId, id: n.recordId })),
  )
  const subjects = await subjectsById(
    tx,
    news.map((n) => n.subjectId),
  )
  const closed = await store.lastSetDay(tx)
  const [entered, lasts] = [await store.enteredOf(tx, news), await store.lastEntriesOf(tx, news)]
  const entries: store.Entry[] = []
  /** Lines of each day so far: nobody else writes any while the log is followed. */
  const lines = new Map<LocalDate, number>()
  for (const n of news) {
    const record = records.get(n.recordId)
    const subject = subjects.get(n.subjectId)
    // Natural persons are not published in principle (Order 36 art. 12), and so are not in a set that is shared.
    if (
      entered.has(n.eventId) ||
      !record ||
      !subject ||
      subject.kind === 'natural_person' ||
      record.facts.subjectKind === 'natural_person'
    )
      continue
    const onDay = openDay(closed, n.at)
    const { value: set } = resultSetOn(ctx.policy, onDay)
    const last = lasts.get(n.recordId) ?? null
    const { item, decidedOn } = record.facts
    const name = catalogItemOn(ctx.policy.catalog, item, decidedOn)?.name.zh ?? item
    const said: LineFacts = {
      result_no: '',
      result: '',
      item_code: item,
      item_name: name,
      subject_name: subject.name,
      subject_code: subject.code ?? '',
      authority_name: record.authorityName,
      doc_no: record.docNo,
      decided_on: decidedOn,
      effective_on: n.effectiveOn ?? dayOf(n.at),
      amends: last?.line.result_no ?? '',
    }
    const kind = lineKindOf(set, n.disposition, last, said)
    if (!kind) continue
    const before = lines.get(onDay) ?? (await store.entriesOn(tx, onDay))
    const number = resultNumber(ctx.config.jurisdiction, onDay, before + 1)
    const line = { ...said, result_no: number, result: kind, ...(kind === 'repaired' ? { amends: '' } : {}) }
    entries.push({
      subjectId: n.subjectId,
      eventId: n.eventId,
      recordId: n.recordId,
      onDay,
      position: n.position,
      kind,
      item,
      authorityId: record.authorityId,
      authorityName: record.authorityName,
      line,
      at: n.at,
    })
    lasts.set(n.recordId, { kind, line })
    lines.set(onDay, before + 1)
    // Nobody takes down what is to be shown again.
    if (kind === 'reversed') await takedowns.voidOf(tx, n.subjectId, n.recordId, ctx.clock.now())
  }
  await store.insertEntries(tx, entries)
}

/** One step through the log. False when there is nothing left. */
const followStep = (ctx: Ctx): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    const after = await store.progressOf(tx)
    const run = await nextRun(tx, after, COMMITS_AT_ONCE)
    if (!run) return false
    const { value: set } = resultSetOn(ctx.policy, today(ctx))
    const kinds = [...set.repairs, ...set.corrections, ...set.reversals]
    if (run.events) await takeIn(tx, ctx, await store.newsBetween(tx, { after, to: run.to, kinds }))
    await store.saveProgress(tx, run.to)
    return run.more
  })

export const catchUp = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  while (await inTurn(ctx, () => followStep(ctx)));
}

export const columnsOn = (ctx: Ctx, day: LocalDate): Column[] =>
  resultSetOn(ctx.policy, day).value.fields.map((f) => ({ code: f.code, key: f.key, label: f.label.zh }))

/** What is signed. Who has it can tell by itself that nothing was added to a day or taken away. */
const manifestOf = (
  ctx: Ctx,
  day: LocalDate,
  ask: { entries: readonly store.Entry[]; columns: readonly Column[]; files: readonly store.FileDigest[]; at: Instant },
): string => {
  const { row, value } = resultSetOn(ctx.policy, day)
  return JSON.stringify({
    dataSet: value.name.zh,
    jurisdiction: ctx.config.jurisdiction,
    day,
    lines: ask.entries.length,
    amendments: ask.entries.filter((e) => e.kind !== 'repaired').length,
    ...(ask.entries.length ? {} : { statement: NO_RESULTS.zh }),
    rule: { id: row.id, validFrom: row.validFrom },
    fields: ask.columns,
    files: ask.files,
    closedAt: ask.at,
  })
}
export type Manifest = { fields: Column[]; files: store.FileDigest[] }
export const readManifest = (text: string): Manifest => JSON.parse(text) as Manifest

/** Closes the first day that is over and open; null when there is none. */
const closeNext = (ctx: Ctx, signer: Signer): Promise<LocalDate | null> =>
  inTx(ctx, async (tx) => {
    await lockAlone(tx, store.FOLLOW_LOCK)
    const yesterday = addDays(today(ctx), -1)
    const last = await store.lastSetDay(tx)
    const day = last ? addDays(last, 1) : ((await store.firstEntryDay(tx)) ?? yesterday)
    if (day > yesterday) return null
    const at = ctx.clock.now()
    const entries = await store.entriesOf(tx, day)
    const columns = columnsOn(ctx, day)
    const files = await digestsOf(entries, columns)
    const manifest = manifestOf(ctx, day, { entries, columns, files, at })
    const amendments = entries.filter((e) => e.kind !== 'repaired').length
    await store.insertSet(tx, {
      day,
      lines: entries.length,
      amendments,
      manifest,
      signature: signSet(signer, manifest),
      closedAt: at,
    })
    const rule = takedownOn(ctx.policy, day).value
    // It is out on the day after; from there the term runs.
    const due = addWorkdays(calendarOf(ctx.policy), addDays(day, 1), rule.workdays)
    const asked = entries.filter((e) => e.kind === 'repaired' && rule.items.includes(e.item))
    const divisions = new Map<string, string | null>()
    for (const id of new Set(asked.map((e) => e.authorityId)))
      divisions.set(id, (await authorityById(tx, id))?.division ?? null)
    await takedowns.insertTakedowns(tx, asked, { dueOn: due.day, provisional: due.provisional }, divisions)
    // What was repaired and reversed on one day is not asked for.
    for (const e of entries.filter((x) => x.kind === 'reversed'))
      await takedowns.voidOf(tx, e.subjectId, e.recordId, at)
    recordAct(tx, ctx, {
      act: 'results.close_day',
      target: { kind: 'result_set', id: day },
      details: { lines: entries.length, amendments },
    })
    return day
  })

/** Everything that is over, day by day; empty days too. */
export const closeDays = async (ctx: Ctx): Promise<number> => {
  await catchUp(ctx)
  let closed = 0
  const signer = await signerOf(ctx, 'ed25519')
  while (await closeNext(ctx, signer)) closed += 1
  return closed
}
