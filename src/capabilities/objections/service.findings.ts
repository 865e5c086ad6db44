import { mustNot } from '../../kernel/decision.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import type { BasisLevel, CatalogItem } from '../../kernel/policy.ts'
import { dayWords, foldWindows, windowsOf } from '../../kernel/window.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { listAuthorities } from '../access/index.ts'
import { covers } from '../../kernel/territory.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecords, holdRecord, windowOn } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { FindingView } from './contract.ts'
import { itemOf } from './effects.ts'
import { tell } from './moving.ts'
import { openCase } from './service.cases.ts'
import { FINDING_KINDS, type FindingKind, type FindingState } from './states.ts'
import * as faults from './store.faults.ts'
import * as store from './store.findings.ts'
import { itemName } from './views.ts'
import type { Ground } from './words.ts'

/** Over-long and double display, and display without a basis, are found here before anyone objects. */

const OWN = 'credit_china'
/** C1: adverse information is shown on law, regulation, a document of the Party Centre or the State Council, and what they name. */
const FOUNDS: ReadonlySet<BasisLevel> = new Set<BasisLevel>([
  'law',
  'administrative_regulation',
  'party_central_document',
  'state_council_document',
  'judicial_interpretation',
  'local_regulation',
])
const SAYS_BASIS = 'basis'

/** Items by what the catalog in force says of them; an item known in any version is known. */
const itemsOf = (ctx: Ctx, on: LocalDate) => {
  const inForce = (c: CatalogItem) => c.validFrom <= on && (c.validTo === null || on <= c.validTo)
  const now = ctx.policy.catalog.filter(inForce)
  const codes = (those: readonly CatalogItem[]) => [...new Set(those.map((c) => c.code))]
  return {
    known: codes(ctx.policy.catalog),
    hidden: codes(now.filter((c) => c.publicity === 'none')),
    unfounded: codes(now.filter((c) => c.negative && !c.legalBasis.some((b) => FOUNDS.has(b.level)))),
    saysBasis: codes(
      now.filter((c) => c.negative && c.fields.some((f) => f.key === SAYS_BASIS && f.required === 'always')),
    ),
  }
}

type Found = Omit<store.NewFinding, 'id'>

/** The rules themselves have the last word: what they would show today, against what is shown. */
const overLong = async (tx: Tx, ctx: Ctx, on: LocalDate): Promise<Found[]> => {
  const found: Found[] = []
  for (const key of await faults.maybeOverLong(tx, on)) {
    const { record, raw } = await holdRecord(tx, key.subjectId, key.id)
    const own = windowOn(record.windows, OWN)
    const planned = windowOn(foldWindows(windowsOf(record.facts, ctx.policy), raw.dispositions), OWN)
    const ought = planned?.from ? planned.until : on
    const is = record.shownUntil ?? own?.until ?? null
    const tooLong = ought !== null && (is === null || is > ought)
    if (!tooLong) continue
    found.push({
      subjectId: record.subjectId,
      kind: 'over_long',
      recordId: record.id,
      details: { is, ought },
      division: record.division,
    })
  }
  return found
}
const doubles = async (tx: Tx, on: LocalDate): Promise<Found[]> => {
  const seen = new Set<string>()
  return (await faults.doublesShown(tx, on)).flatMap((s) => {
    if (seen.has(s.id)) return []
    seen.add(s.id)
    return [
      { subjectId: s.subjectId, kind: 'double_display' as const, recordId: s.id, details: s.why, division: s.division },
    ]
  })
}
const withoutBasis = async (tx: Tx, ctx: Ctx, on: LocalDate): Promise<Found[]> =>
  (await faults.baseless(tx, on, itemsOf(ctx, on))).map((s) => ({
    subjectId: s.subjectId,
    kind: 'no_basis',
    recordId: s.id,
    details: { because: s.because },
    division: s.division,
  }))

const tellOffices = async (
  tx: Tx,
  ctx: Ctx,
  fresh: readonly Pick<store.Finding, 'kind' | 'division'>[],
): Promise<void> => {
  if (!fresh.length) return
  const on = today(ctx)
  for (const office of (await listAuthorities(tx, { active: true })).filter((a) => a.isCreditOffice)) {
    const here = fresh.filter((f) => covers(office.division, f.division))
    const count = (kind: FindingKind) => here.filter((f) => f.kind === kind).length
    if (!here.length) continue
    await tell(tx, ctx, {
      what: 'found',
      to: { authorityId: office.id, role: 'credit_office' },
      link: '/app/objections/findings',
      about: { kind: 'self_check', id: office.id },
      key: on,
      params: {
        n: here.length,
        day: dayWords(on),
        over: count('over_long'),
        double: count('double_display'),
        basis: count('no_basis'),
      },
    })
  }
}

/** Once a day. What is found again stays as it was taken up; what is not found again is gone. */
export const selfCheck = async (ctx: Ctx): Promise<void> => {
  const on = today(ctx)
  if ((await store.lastCheck(ctx.db.kysely))?.on === on) return
  await inTx(ctx, async (tx) => {
    const at = ctx.clock.now()
    const found = [...(await overLong(tx, ctx, on)), ...(await doubles(tx, on)), ...(await withoutBasis(tx, ctx, on))]
    const counts = Object.fromEntries(FINDING_KINDS.map((k) => [k, found.filter((f) => f.kind === k).length]))
    const check = { id: newId(), on, at, records: await faults.countShownToday(tx, on), found: counts }
    if (!(await store.saveCheck(tx, check))) return
    const fresh = await store.saveFindings(
      tx,
      found.map((f) => ({ ...f, id: newId() })),
      { on, at },
    )
    const gone = await store.closeUnseen(tx, at)
    await tellOffices(tx, ctx, fresh)
    recordAct(tx, ctx, {
      act: 'objections.self_check',
      target: { kind: 'self_check', id: check.id },
      details: { records: check.records, ...counts, gone },
    })
  })
}

// ---- the list for the credit office

const WHY: Record<string, Words> = {
  over_long: {
    zh: '按规则应自{ought}起停止公示，现公示至{is}。',
    en: 'By the rules it is not shown from {ought} on; it is shown until {is}.',
  },
  double_display: { zh: '与“{authority}”的“{docNo}”重复公示。', en: 'It repeats “{docNo}” of “{authority}”.' },
  person: { zh: '涉及自然人的信息不予公示。', en: 'Records of natural persons are not shown.' },
  hidden: {
    zh: '目录规定不予公示，或者目录中没有该事项。',
    en: 'The catalog says that it is never shown, or does not have it.',
  },
  unfounded: { zh: '目录未列明可以公示的法律法规依据。', en: 'The catalog names no law or regulation that allows it.' },
  unsaid: { zh: '未填写作出决定的依据。', en: 'It does not say on which basis it was decided.' },
}
const NO_END: Words = { zh: '不限期', en: 'no end' }
const whyOf = ({ kind, details }: store.Finding): Words => {
  const words = WHY[kind === 'no_basis' ? String(details['because']) : kind] ?? { zh: '', en: '' }
  const day = (v: unknown): Words => (typeof v === 'string' ? dayWords(v as LocalDate) : NO_END)
  const params = { ...details, is: day(details['is']), ought: day(details['ought']) }
  return { zh: fill(words.zh, params, 'zh'), en: fill(words.en, params, 'en') }
}

const viewOf = (ctx: Ctx, f: store.Finding, record: RecordRow | undefined, subjectName: string): FindingView => ({
  id: f.id,
  kind: f.kind,
  state: f.state,
  subjectId: f.subjectId,
  recordId: f.recordId,
  subjectName,
  itemName: record ? (itemOf(ctx, record)?.name ?? itemName(ctx, record.item)) : { zh: '', en: '' },
  docNo: record?.docNo ?? '',
  authorityName: record?.authorityName ?? '',
  shownFrom: record?.shownFrom ?? null,
  shownUntil: record?.shownUntil ?? null,
  why: whyOf(f),
  foundOn: f.foundOn,
  objectionId: f.objectionId,
  version: f.version,
})
const viewsOf = async (ctx: Ctx, rows: readonly store.Finding[]): Promise<FindingView[]> => {
  const db = ctx.db.kysely
  const records = await findRecords(
    db,
    rows.map((f) => ({ subjectId: f.subjectId, id: f.recordId })),
  )
  const byId = new Map(records.map((r) => [r.id, r]))
  const subjects = await subjectsById(
    db,
    rows.map((f) => f.subjectId),
  )
  return rows.map((f) => viewOf(ctx, f, byId.get(f.recordId), subjects.get(f.subjectId)?.name ?? ''))
}

export const listFindings = async (
  ctx: Ctx,
  ask: { kind?: FindingKind | undefined; state: FindingState; after?: string | undefined; limit: number },
) => {
  const db = ctx.db.kysely
  const after = readCursor(ask.after, 'instant', 'uuid')
  const found = await store.listFindings(db, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const shown = found.slice(0, ask.limit)
  const last = shown.at(-1)
  const open = await store.countFindings(db, ctx.actor)
  const checked = await store.lastCheck(db)
  return {
    rows: await viewsOf(ctx, shown),
    next: found.length > ask.limit && last ? encodeCursor([last.foundAt, last.id]) : null,
    counts: FINDING_KINDS.map((kind) => ({ kind, open: open.find((o) => o.kind === kind)?.open ?? 0 })),
    checked: checked && { at: checked.at, records: checked.records },
  }
}

const GROUND_OF: Record<FindingKind, Ground> = {
  over_long: 'shown_too_long',
  double_display: 'double_publicity',
  no_basis: 'should_not_be_shown',
}
const GENERAL: Ground = 'wrong_content'
/** Passed on to the finder like an objection: it checks, answers and corrects, within the same term. */
export const takeUpFinding = (ctx: Ctx, ask: { id: string; seen: number; note: string }): Promise<FindingView> =>
  inTx(ctx, async (tx) => {
    const f = (await store.lockFinding(tx, ctx.actor, ask.id)) ?? mustNot('NO_SUCH_FINDING')
    if (f.version !== ask.seen) mustNot('STALE', { version: f.version })
    if (f.state !== 'open') mustNot('FINDING_CLOSED')
    const { record } = await holdRecord(tx, f.subjectId, f.recordId)
    const why = whyOf(f).zh
    const reason = ask.note ? `${why}${ask.note}` : why
    const o = await openCase(tx, ctx, record, {
      ground: GROUND_OF[f.kind],
      instead: GENERAL,
      reason,
      wayIn: 'self_check',
    })
    await store.takeUp(tx, f, o.id)
    recordAct(tx, ctx, {
      act: 'objections.take_up_finding',
      target: { kind: 'finding', id: f.id },
      subjectId: f.subjectId,
      details: { objection: o.id, kind: f.kind },
    })
    const next: store.Finding = { ...f, state: 'taken_up', objectionId: o.id, version: f.version + 1 }
    return viewOf(ctx, next, record, o.subjectName)
  })
