import { isDeepStrictEqual } from 'node:util'
import { normaliseCode } from '../../kernel/codes.ts'
import { mustNot } from '../../kernel/decision.ts'
import { maskName } from '../../kernel/mask.ts'
import { encodeCursor, isUuid, type Page } from '../../kernel/page.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import { explainWindow, foldWindows, isAnnulled, statusOn, type RecordFacts, type Window } from '../../kernel/window.ts'
import type { Lang, Words } from '../../kernel/words.ts'
import { type Ctx, actorRef, authorityOf, hasRole, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx } from '../../platform/outbox.ts'
import {
  declaredOf,
  findSubjectByCode,
  findSubjectByPersonId,
  getSubject,
  mustActFor,
  recordLook,
  subjectsById,
} from '../subjects/index.ts'
import type { Subject } from '../subjects/contract.ts'
import { windowsOn } from './asof.ts'
import { basisOf, loadBasis } from './basis.ts'
import { pendingMarks } from './marks.ts'
import { changesBetween } from './foresee.ts'
import { endingsOf, repairOn } from './grounds.ts'
import { ANNULLERS } from './contract.ts'
import type {
  Dispose,
  DispositionRow,
  Explanation,
  FileView,
  RecordRow,
  RecordView,
  ShownRow,
  StandingRow,
} from './contract.ts'
import {
  OWN_SITE,
  catalogItemOn,
  ownSite,
  publicFieldRows,
  reachedChannels,
  shownOn,
  unpack,
  unpackFacts,
} from './rules.ts'
import { withdrawalTerm } from './rules.annul.ts'
import * as store from './store.ts'

export { storeRecords } from './intake.ts'

// ---- dispositions

const NEWS: Record<DispositionRow['kind'], string> = {
  repaired: 'record.withdrawn',
  annulled: 'record.withdrawn',
  shielded: 'record.withdrawn',
  deregistered: 'record.withdrawn',
  delisted: 'record.withdrawn',
  withheld: 'record.withdrawn',
  restored: 'record.restored',
  reinstated: 'record.restored',
  revoked: 'record.restored',
  prolonged: 'record.updated',
  corrected: 'record.updated',
  disputed: 'record.updated',
  dispute_closed: 'record.updated',
}

const folded = (raw: Pick<store.RawStanding, 'windows'>, windows: readonly Window[], state: string): store.Folded => {
  const own = ownSite(windows)
  return {
    windows: raw.windows.map(({ end: _end, planned: _planned, ...packed }, i) => {
      const w = windows[i] as Window
      return {
        ...packed,
        from: w.from,
        earliest: w.earliest,
        until: w.until,
        ...(w.end ? { end: w.end } : {}),
        ...(w.planned ? { planned: w.planned } : {}),
      }
    }),
    shownFrom: own.from,
    shownUntil: own.until,
    earliest: own.earliest,
    state,
  }
}

/** A record as this transaction has read it, with what has happened to it. */
export type HeldRecord = { record: RecordRow; raw: store.Locked }
/** The same without what it says: as much as a decision needs. */
export type StandingRecord<R extends StandingRow = StandingRow> = {
  record: R
  raw: Pick<store.RawStanding, 'windows' | 'dispositions'>
}

export type RecordBrief = Omit<store.KeptBrief, 'facts'> & { facts: RecordFacts }
/** What several records are about, by their ids: for whoever needs neither what they say nor what is shown of them. */
export const briefsOf = async (
  db: Reader,
  keys: Parameters<typeof store.keptBriefs>[1],
): Promise<Map<string, RecordBrief>> =>
  new Map((await store.keptBriefs(db, keys)).map((r) => [r.id, { ...r, facts: unpackFacts(r.facts) }]))

/**
 * From a row of records.v_held or, for a decision, records.v_standing, which another capability has joined to its own. Taken for
 * update it is held; if not, a disposition of it is written only while it is as it was read.
 */
export const heldRecord = async (db: Reader, row: unknown): Promise<HeldRecord> =>
  held(db, await store.readHeld(db, row))
export const standingRecord = async (db: Reader, row: unknown): Promise<StandingRecord> => {
  const raw = await store.readStanding(db, row)
  const { dispositions: _dispositions, ...rest } = raw
  return { record: { ...rest, ...(await unpacked(db, raw)) }, raw }
}

/** Locks the record: whoever decides by it and then disposes of it reads it once. */
export const holdRecord = async (tx: Tx, subjectId: string, recordId: string): Promise<HeldRecord> =>
  held(tx, (await store.lockRecord(tx, subjectId, recordId)) ?? mustNot('RECORD_NOT_FOUND'))

const unpacked = async (
  db: Reader,
  raw: Pick<store.RawStanding, 'windows' | 'facts'>,
): Promise<Pick<RecordRow, 'facts' | 'windows'>> => {
  await loadBasis(
    db,
    raw.windows.map((w) => w.basis),
  )
  const facts = unpackFacts(raw.facts)
  return { facts, windows: unpack(raw.windows, facts, basisOf) }
}
const held = async (db: Reader, raw: store.Locked): Promise<HeldRecord> => {
  const { fingerprint: _fingerprint, innerFields, dispositions: _dispositions, ...rest } = raw
  const fields = innerFields ? { ...raw.publicFields, ...innerFields } : raw.publicFields
  return { record: { ...rest, fields, ...(await unpacked(db, raw)) }, raw }
}

/** Appends what happened and rewrites what is shown; news goes to whoever the record reached. */
export const dispose = async (tx: Tx, ctx: Ctx, ask: Dispose): Promise<RecordRow> =>
  disposeHeld(tx, ctx, await holdRecord(tx, ask.subjectId, ask.recordId), ask)

/** The same, once, for a record that is held already; it writes and asks nothing. */
export const disposeHeld = async <R extends StandingRow>(
  tx: Tx,
  ctx: Ctx,
  { record, raw }: StandingRecord<R>,
  ask: Omit<Dispose, 'subjectId' | 'recordId'>,
): Promise<R> => {
  const disposition: DispositionRow = {
    id: newId(),
    recordId: record.id,
    kind: ask.kind,
    channel: ask.channel,
    effectiveFrom: ask.effectiveFrom,
    recordedAt: ctx.clock.now(),
    recordedBy: actorRef(ctx.actor),
    reason: ask.reason,
    basis: ask.basis,
    restart: ask.restart ?? null,
    caseId: ask.caseId ?? null,
  }
  const before = record.windows
  const windows = foldWindows(before, [...raw.dispositions, disposition])
  const state = isAnnulled([...raw.dispositions, disposition]) ? 'annulled' : 'held'
  const next = folded(raw, windows, state)
  const disposed = record.disposed + 1
  await store.saveDisposition(tx, disposition, record, next, disposed)
  const concerned = (channels: string[]) => channels.filter((c) => ask.channel === null || c === ask.channel)
  announce(tx, ctx, {
    kind: NEWS[ask.kind],
    subjectId: record.subjectId,
    recordId: record.id,
    version: record.version,
    item: record.item,
    division: record.division,
    channels: concerned([...new Set([...reachedChannels(before), ...reachedChannels(windows)])]),
    details: { disposition: disposition.id, kind: ask.kind, ...(ask.caseId ? { case: ask.caseId } : {}) },
  })
  return { ...record, ...next, state, disposed, windows }
}

/** The projection from what is stored for good: the windows as planned and every disposition. True when it had drifted. */
export const rebuildWindows = async (tx: Tx, subjectId: string, recordId: string): Promise<boolean> => {
  const raw = (await store.lockRecord(tx, subjectId, recordId)) ?? mustNot('RECORD_NOT_FOUND')
  await loadBasis(
    tx,
    raw.windows.map((w) => w.basis),
  )
  const windows = foldWindows(unpack(raw.windows, unpackFacts(raw.facts), basisOf), raw.dispositions)
  const state = isAnnulled(raw.dispositions) ? 'annulled' : 'held'
  const next = folded(raw, windows, state)
  const now = {
    windows: raw.windows,
    shownFrom: raw.shownFrom,
    shownUntil: raw.shownUntil,
    earliest: raw.earliest,
    state: raw.state,
  }
  const same = isDeepStrictEqual(next, now)
  if (!same) await store.saveProjection(tx, subjectId, recordId, next)
  return !same
}

// ---- explaining

/**
 * A past day is told from what had been recorded by its end; today and a day to come from what is known now. Windows of a day
 * on which the record was not held yet are those that it began with.
 */
const statesOn = async (db: Reader, record: RecordRow, on: LocalDate, now: LocalDate) => {
  if (on < now) {
    const past = await windowsOn(db, record, on)
    const windows = past?.windows ?? record.windows
    const acts = past?.dispositions ?? []
    return { held: past !== null, acts, states: statusOn(windows, acts, on) }
  }
  const dispositions = record.disposed ? await store.dispositionsOf(db, record.subjectId, record.id) : []
  return { held: true, acts: dispositions, states: statusOn(record.windows, dispositions, on) }
}
const NOT_HELD: Words = {
  zh: '本平台在该日尚未收到该信息，没有公示。',
  en: 'The platform had not received this record by that day; it was not shown.',
}

export const explainRecord = async (
  db: Reader,
  record: RecordRow,
  on: LocalDate,
  now: { today: LocalDate; policy: Policy },
): Promise<Explanation> => {
  const { held, states, acts } = await statesOn(db, record, on, now.today)
  return {
    subjectId: record.subjectId,
    recordId: record.id,
    item: record.item,
    docNo: record.docNo,
    authorityName: record.authorityName,
    decidedOn: record.decidedOn,
    on,
    channels: states.map(({ channel, status, window }) => {
      const [zh, en] = [explainWindow(window, 'zh'), explainWindow(window, 'en')]
      const sentences = zh.map((sentence, i) => ({ zh: sentence, en: en[i] ?? '' }))
      return {
        channel,
        shown: held && status === 'shown',
        window,
        sentences: held ? sentences : [NOT_HELD, ...sentences],
      }
    }),
    endings: endingsOf(acts),
    repair: repairOn(
      record,
      states.map((s) => s.window),
      now.policy,
      on,
    ),
  }
}

/** Why each record is shown or not on a day: of one record by its id, or of all of a subject's by its code. */
export const explain = async (db: Reader, ctx: Ctx, recordOrCode: string, on?: LocalDate): Promise<Explanation[]> => {
  const now = { today: today(ctx), policy: ctx.policy }
  const day = on ?? now.today
  const id = recordOrCode.toLowerCase()
  if (isUuid(id)) return [await explainRecord(db, await store.getRecordById(db, id), day, now)]
  const subject = (await findSubjectByCode(db, normaliseCode(recordOrCode))) ?? mustNot('FILE_NOT_FOUND')
  const records = await store.listRecordsOfSubject(db, subject.id)
  const explained: Explanation[] = []
  for (const record of records) explained.push(await explainRecord(db, record, day, now))
  return explained
}

// ---- views

export const viewOf = (ctx: Ctx, record: RecordRow, lang: Lang, fields: Record<string, unknown>): RecordView => {
  const item = catalogItemOn(ctx.policy.catalog, record.item, record.publishedOn)
  return {
    subjectId: record.subjectId,
    id: record.id,
    item: record.item,
    itemName: item?.name ?? { zh: record.item, en: record.item },
    authorityId: record.authorityId,
    authorityName: record.authorityName,
    docNo: record.docNo,
    decidedOn: record.decidedOn,
    publishedOn: record.publishedOn,
    recordedAt: record.recordedAt,
    version: record.version,
    state: record.state,
    class: record.class,
    shown: shownOn(record, OWN_SITE, today(ctx)),
    badge: 'authority_record',
    windows: record.windows.map(
      ({ channel, class: cls, from, earliest, until, repair, end, rule, version, instrument, article }) => ({
        channel,
        class: cls,
        from,
        earliest,
        until,
        repair,
        end: end ? { by: end.by, on: end.on } : null,
        rule,
        version,
        instrument,
        article,
      }),
    ),
    fields: publicFieldRows(fields, item, lang),
  }
}

/** The whole file, for whoever has a right to it. A natural person's name is masked for everyone but itself. */
const fileOf = async (ctx: Ctx, db: Reader, subject: Subject, mine: boolean): Promise<FileView> => {
  const records = await store.listRecordsOfSubject(db, subject.id)
  const marks = await pendingMarks(db, records)
  return {
    subject: {
      id: subject.id,
      code: subject.code,
      kind: subject.kind,
      name: subject.kind === 'natural_person' && !mine ? maskName(subject.name) : subject.name,
      division: subject.division,
      status: subject.status,
    },
    records: records.map((r) => ({ ...viewOf(ctx, r, ctx.lang, r.fields), disputed: marks.has(r.id) })),
    declared: await declaredOf(ctx, db, { subjectId: subject.id }),
  }
}

/** An official opens a file for a stated business; that it was opened stands in the file (A5). */
export const openFile = (
  ctx: Ctx,
  ask: { code?: string | undefined; personId?: string | undefined; purpose: string },
): Promise<FileView> =>
  inTx(ctx, async (tx) => {
    if (!ask.code && !ask.personId) mustNot('FILE_KEY_MISSING')
    const subject = ask.code
      ? await findSubjectByCode(tx, normaliseCode(ask.code))
      : await findSubjectByPersonId(tx, ctx, ask.personId as string)
    if (!subject) return mustNot('FILE_NOT_FOUND')
    await recordLook(tx, ctx, subject.id, ask.purpose)
    return fileOf(ctx, tx, subject, false)
  })

export const myFile = async (ctx: Ctx, subjectId: string): Promise<FileView> => {
  mustActFor(ctx, subjectId)
  const db = ctx.db.kysely
  const subject = (await getSubject(db, subjectId)) ?? mustNot('FILE_NOT_FOUND')
  return fileOf(ctx, db, subject, true)
}

/** What is shown on this platform's site, of one item (双公示). Natural persons are left out whatever a rule says. */
export const listShown = async (
  db: Reader,
  ask: { item: string; on: LocalDate; division?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<ShownRow>> => {
  const page = await store.shownPage(db, ask)
  const subjects = await subjectsById(
    db,
    page.rows.map((r) => r.subjectId),
  )
  return {
    rows: page.rows.flatMap((r) => {
      const subject = subjects.get(r.subjectId)
      if (!subject || subject.kind === 'natural_person') return []
      return [
        {
          ...r,
          shownFrom: r.shownFrom as LocalDate,
          subjectName: subject.name,
          subjectKind: subject.kind,
          subjectCode: subject.code,
        },
      ]
    }),
    next: page.next,
  }
}

export const listAuthorityRecords = async (
  ctx: Ctx,
  ask: { item?: string | undefined; docNo?: string | undefined; after?: string | undefined; limit: number },
) => {
  const authorityId = authorityOf(ctx.actor) ?? mustNot('FORBIDDEN')
  const db = ctx.db.kysely
  const page = await store.listOfAuthority(db, authorityId, ask)
  const subjects = await subjectsById(
    db,
    page.rows.map((r) => r.subjectId),
  )
  const on = today(ctx)
  return {
    rows: page.rows.map((r) => {
      const subject = subjects.get(r.subjectId)
      const name = subject?.name ?? ''
      return {
        subjectId: r.subjectId,
        id: r.id,
        item: r.item,
        subjectName: subject?.kind === 'natural_person' ? maskName(name) : name,
        docNo: r.docNo,
        decidedOn: r.decidedOn,
        version: r.version,
        state: r.state,
        shown: shownOn(r, OWN_SITE, on),
      }
    }),
    next: page.next,
  }
}

/** Row scope: the deciding authority, the credit office, or whoever acts for the subject. Others learn nothing of it. */
const mustSee = (ctx: Ctx, record: RecordRow): void => {
  const mine = authorityOf(ctx.actor) === record.authorityId
  const acting = ctx.actor.kind === 'person' && ctx.actor.subjectIds.includes(record.subjectId)
  if (!mine && !acting && !hasRole(ctx.actor, 'credit_office')) mustNot('RECORD_NOT_FOUND')
}

export const recordHistory = async (ctx: Ctx, id: string) => {
  const db = ctx.db.kysely
  const record = await store.getRecordById(db, id)
  mustSee(ctx, record)
  const dispositions = await store.dispositionsOf(db, record.subjectId, id)
  const versions = await store.versionsOf(db, record.subjectId, id)
  const mine = authorityOf(ctx.actor) === record.authorityId && hasRole(ctx.actor, ...ANNULLERS)
  return {
    record: viewOf(ctx, record, ctx.lang, record.fields),
    dispositions: dispositions.map((d) => ({
      id: d.id,
      kind: d.kind,
      channel: d.channel,
      effectiveFrom: d.effectiveFrom,
      recordedAt: d.recordedAt,
      reason: d.reason,
      term:
        d.kind === 'annulled'
          ? withdrawalTerm(
              ctx.policy,
              record.facts,
              (d.basis['annulledOn'] as LocalDate | undefined) ?? null,
              dayOf(d.recordedAt),
            )
          : null,
    })),
    versions: versions.map(({ version, recordedAt, replacedAt, byRules, fields }) => {
      const next = versions.find((v) => v.version === version + 1)?.fields ?? record.fields
      const changes = changesBetween(ctx, record.item, record.publishedOn, ctx.lang, fields, next)
      return { version, recordedAt, replacedAt, byRules, changes }
    }),
    mayAnnul: mine && record.state === 'held',
    mayReinstate: mine && record.state === 'annulled',
  }
}

// ---- the public answer by code

const PUBLIC_LIMIT = 200
const quote = JSON.stringify

/** As text, put together by hand: it is read far more often than anything else. */
export const publicFileText = async (ctx: Ctx, code: string, after: string | undefined): Promise<string> => {
  const on = today(ctx)
  const rows = await store.publicRows(
    ctx.db.kysely,
    normaliseCode(code).replaceAll('-', ''),
    on,
    after,
    PUBLIC_LIMIT + 1,
  )
  const head = rows[0] ?? mustNot('FILE_NOT_FOUND')
  const shown = head.id === null ? [] : rows.slice(0, PUBLIC_LIMIT)
  const unread = shown.flatMap((r) => (r.basis && !basisTexts.has(r.basis) ? [r.basis] : []))
  if (unread.length) await loadBasis(ctx.db.kysely, unread)
  const records = shown.map(
    (r) =>
      `{"id":"${r.id}","item":${quote(r.item)},"authorityName":${quote(r.authorityName)},"docNo":${quote(r.docNo)},"decidedOn":"${r.decidedOn}","version":${r.version},"class":"${r.class}","badge":"authority_record","shownFrom":"${r.shownFrom}","shownUntil":${r.shownUntil ? `"${r.shownUntil}"` : 'null'},"repairFrom":${r.earliest ? `"${r.earliest}"` : 'null'},"basis":${r.basis ? basisText(r.basis) : 'null'},"disputed":${r.disputed === true},"fields":${r.fields}}`,
  )
  const last = rows.length > PUBLIC_LIMIT ? shown.at(-1) : undefined
  const next = last ? quote(encodeCursor([last.decidedOn, last.id!])) : 'null'
  return `{"code":${quote(head.code)},"name":${quote(head.name)},"kind":"${head.kind}","division":${quote(head.division)},"status":"${head.status}","on":"${on}","records":[${records.join(',')}],"next":${next}}`
}

const basisTexts = new Map<string, string>()
const basisText = (id: string): string => {
  const known = basisTexts.get(id)
  if (known) return known
  const { rule, version, instrument, article } = basisOf(id)
  const text = quote({ rule, version, instrument, article })
  basisTexts.set(id, text)
  return text
}
