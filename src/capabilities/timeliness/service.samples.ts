import { createHash, randomBytes } from 'node:crypto'
import type { StoredFile } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { readDate } from '../../kernel/dates.ts'
import type { Page } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { docKey } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Ctx, actorRef, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { mustFindHeader, openTable } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import type { ListView, SampleDetail, SampleView } from './contract.ts'
import { type Directory, directoryOf, itemName, mustSee, narrowed } from './directory.ts'
import { dueOf, maySample } from './rules.ts'
import { COUNTED_SAMPLES, SAMPLE_MOVES, type SampleAction } from './states.ts'
import { insertFindings } from './store.findings.ts'
import * as store from './store.samples.ts'

type PageAsk = {
  authorityId?: string | undefined
  item?: string | undefined
  after?: string | undefined
  limit: number
}

// ---- an authority's own list of decisions

const MOST_ROWS = 50_000
const HEADER_ROWS = 20

/** Its number and its day are all that a comparison needs; whom a decision concerns is not taken from the list. */
const readList = async (ctx: Ctx, file: StoredFile, item: CatalogItem): Promise<store.ListRow[]> => {
  const fields = item.fields.filter((f) => f.key === 'doc_no' || f.key === 'decided_on')
  const table = await openTable({ path: ctx.files.pathOf(file.hash), name: file.name })
  const rows: store.ListRow[] = []
  const seen = new Set<string>()
  let waiting: { n: number; cells: string[] }[] | null = []
  let at: { docNo: number; decidedOn: number; from: number } | null = null
  const take = (row: { n: number; cells: string[] }): void => {
    if (!at || row.n < at.from) return
    const docNo = (row.cells[at.docNo] ?? '').trim()
    const written = (row.cells[at.decidedOn] ?? '').trim()
    if (!docNo && !written) return
    const decidedOn = readDate(written, { serial: true })
    if (!docNo || !decidedOn || decidedOn > today(ctx)) return mustNot('LIST_ROW_BAD', { row: row.n })
    const key = docKey(docNo)
    if (seen.has(key)) return
    seen.add(key)
    rows.push({ n: row.n, docNo: docNo.slice(0, 200), docKey: key, decidedOn })
    if (rows.length > MOST_ROWS) mustNot('LIST_TOO_LONG', { most: MOST_ROWS })
  }
  const begin = (): void => {
    const first = waiting ?? []
    waiting = null
    if (!first.length) return
    const header = mustFindHeader(first, fields)
    const column = (key: string): number => header.columns.indexOf(key)
    const missing = fields.filter((f) => column(f.key) < 0).map((f) => f.label)
    if (missing.length) mustNot('LIST_COLUMNS_MISSING', { columns: missing })
    at = { docNo: column('doc_no'), decidedOn: column('decided_on'), from: header.dataFrom }
    for (const row of first) take(row)
  }
  for await (const batch of table)
    for (const { n, cells } of batch) {
      if (!waiting) take({ n, cells })
      else if (waiting.push({ n, cells: [...cells] }) >= HEADER_ROWS) begin()
    }
  if (waiting) begin()
  return rows.length ? rows : mustNot('LIST_EMPTY')
}

const listView = (ctx: Ctx, held: Directory, list: store.List): ListView => ({
  ...list,
  authorityName: held.byId.get(list.authorityId)?.name ?? '',
  itemName: itemName(ctx, list.item),
})

/** Keeps the list, says what of it is held, and makes a finding of every decision that is due and is not. */
export const uploadDecisionList = async (
  ctx: Ctx,
  ask: { authorityId?: string | undefined; item: string; file: StoredFile },
): Promise<ListView> => {
  const held = await directoryOf(ctx)
  const office = hasRole(ctx.actor, 'credit_office')
  const authorityId = ask.authorityId ?? (office ? null : authorityOf(ctx.actor)) ?? mustNot('AUTHORITY_NEEDED')
  mustSee(held, authorityId, 'NO_SUCH_AUTHORITY')
  const on = today(ctx)
  const item = ctx.policy.catalog.some((c) => c.code === ask.item)
    ? catalogItemOn(ctx.policy.catalog, ask.item, on)
    : null
  if (!item) return mustNot('UNKNOWN_LIST_ITEM')
  const read = await readList(ctx, ask.file, item)
  const reported = await store.heldOf(ctx.db.kysely, {
    authorityId,
    item: item.code,
    docKeys: read.map((r) => r.docKey),
  })
  const rows = read.map((r): store.HeldRow => {
    const record = reported.get(r.docKey)
    return { ...r, subjectId: record?.subjectId ?? null, recordId: record?.recordId ?? null }
  })
  const open = rows.filter((r) => r.recordId === null)
  const due = open.flatMap((r) => {
    const { dueOn } = dueOf(ctx.policy, item.code, r.decidedOn)
    return dueOn !== null && dueOn < on ? [{ ...r, dueOn }] : []
  })
  const days = rows.map((r) => r.decidedOn).toSorted()
  const list: store.List = {
    id: newId(),
    authorityId,
    item: item.code,
    from: days[0] as LocalDate,
    to: days.at(-1) as LocalDate,
    fileHash: ask.file.hash,
    fileName: ask.file.name,
    rows: rows.length,
    held: rows.length - open.length,
    notDue: open.length - due.length,
    missing: due.length,
    uploadedAt: ctx.clock.now(),
    byOffice: office,
  }
  return inTx(ctx, async (tx) => {
    await store.insertList(tx, { ...list, uploadedBy: actorRef(ctx.actor) }, rows)
    const found = due.map((r) => ({
      id: newId(),
      authorityId,
      item: item.code,
      kind: 'list' as const,
      docNo: r.docNo,
      docKey: r.docKey,
      decidedOn: r.decidedOn,
      dueOn: r.dueOn,
      heldBefore: null,
      heldAfter: null,
      subjectId: null,
      recordId: null,
      listId: list.id,
    }))
    const made = await insertFindings(tx, found, list.uploadedAt)
    recordAct(tx, ctx, {
      act: 'timeliness.upload_list',
      target: { kind: 'decision_list', id: list.id },
      details: { authority: authorityId, item: item.code, rows: rows.length, missing: due.length, found: made },
    })
    return listView(ctx, held, list)
  })
}

export const listDecisionLists = async (ctx: Ctx, ask: PageAsk): Promise<Page<ListView>> => {
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const page = await store.listPage(ctx.db.kysely, { ...ask, scope: held.scope })
  return { rows: page.rows.map((l) => listView(ctx, held, l)), next: page.next }
}

// ---- the draw

/**
 * Sorted by SHA-256 of seed, a line break and the number's comparison key, the first so many: whoever has the list and the
 * seed draws the same rows, and nobody can choose a row.
 */
export const draw = <T extends { docKey: string }>(rows: readonly T[], seed: string, size: number): T[] =>
  rows
    .map((row) => ({ row, by: createHash('sha256').update(`${seed}\n${row.docKey}`).digest('hex') }))
    .toSorted((a, b) => (a.by < b.by ? -1 : 1))
    .slice(0, size)
    .map(({ row }) => row)

const sampleView = (ctx: Ctx, held: Directory, s: store.Sample): SampleView => ({
  ...s,
  authorityName: held.byId.get(s.authorityId)?.name ?? '',
  itemName: itemName(ctx, s.item),
  actions: movesFrom(SAMPLE_MOVES, s.state, rolesOf(ctx.actor)),
})
const detailOf = (ctx: Ctx, held: Directory, s: store.Sample, rows: readonly store.SampleRow[]): SampleDetail => ({
  ...sampleView(ctx, held, s),
  rows: rows.map(({ subjectId: _subject, recordId, ...r }) => ({ ...r, held: recordId !== null })),
})

export const drawSample = async (
  ctx: Ctx,
  ask: { listId: string; size: number; seed?: string | undefined },
): Promise<SampleDetail> => {
  const held = await directoryOf(ctx)
  return inTx(ctx, async (tx) => {
    const list = (await store.findList(tx, ask.listId)) ?? mustNot('NO_SUCH_LIST')
    mustSee(held, list.authorityId, 'NO_SUCH_LIST')
    const size = unwrap(maySample(ctx.policy, ask.size, list.rows, today(ctx)))
    const seed = ask.seed ?? randomBytes(8).toString('hex')
    const drawn = draw(await store.listRows(tx, list.id), seed, size)
    const known = await store.heldOf(tx, {
      authorityId: list.authorityId,
      item: list.item,
      docKeys: drawn.map((r) => r.docKey),
    })
    const rows = drawn.map((r, i) => ({
      n: i + 1,
      listN: r.n,
      docNo: r.docNo,
      decidedOn: r.decidedOn,
      subjectId: known.get(r.docKey)?.subjectId ?? null,
      recordId: known.get(r.docKey)?.recordId ?? null,
      found: null,
      note: '',
    }))
    const id = newId()
    const sample = {
      id,
      authorityId: list.authorityId,
      item: list.item,
      listId: list.id,
      seed,
      size,
      population: list.rows,
      drawnAt: ctx.clock.now(),
    }
    await store.insertSample(tx, { ...sample, drawnBy: actorRef(ctx.actor) }, rows)
    recordAct(tx, ctx, {
      act: 'timeliness.draw_sample',
      target: { kind: 'sample', id },
      details: { list: list.id, size, population: list.rows, seed },
    })
    const fresh = { state: 'open' as const, marked: 0, neither: 0, answer: '', outcome: '', version: 1 }
    return detailOf(ctx, held, { ...sample, ...fresh, listName: list.fileName, listHash: list.fileHash }, rows)
  })
}

/** An authority learns of a check when it is closed, not while it is drawn. */
const maySeeSample = (ctx: Ctx, s: store.Sample): boolean =>
  !(rolesOf(ctx.actor).length > 0 && !hasRole(ctx.actor, 'credit_office') && s.state === 'open')

export const listSamples = async (
  ctx: Ctx,
  ask: PageAsk & { state?: store.Sample['state'] | undefined },
): Promise<Page<SampleView>> => {
  const held = narrowed(await directoryOf(ctx), ask.authorityId)
  const office = hasRole(ctx.actor, 'credit_office')
  const page = await store.samplePage(ctx.db.kysely, {
    ...ask,
    scope: held.scope,
    ...(office ? {} : { states: COUNTED_SAMPLES }),
  })
  return { rows: page.rows.map((s) => sampleView(ctx, held, s)), next: page.next }
}
export const getSample = async (ctx: Ctx, ask: { id: string }): Promise<SampleDetail> => {
  const held = await directoryOf(ctx)
  const db = ctx.db.kysely
  const s = (await store.findSample(db, ask.id)) ?? mustNot('NO_SUCH_SAMPLE')
  mustSee(held, s.authorityId, 'NO_SUCH_SAMPLE')
  if (!maySeeSample(ctx, s)) mustNot('NO_SUCH_SAMPLE')
  return detailOf(ctx, held, s, await store.sampleRows(db, s.id))
}

/** What a row is marked must agree with what is held, or say what it was checked against. */
const mustBeFounded = (row: store.SampleRow, mark: store.Mark): void => {
  const agrees = (mark.found === 'reported') === (row.recordId !== null)
  if (!agrees && mark.note === '') mustNot('SAMPLE_NOTE_NEEDED', { n: mark.n })
}

type Worked = { sample: store.Sample; rows: store.SampleRow[] }
const worked = async (
  ctx: Ctx,
  ask: { id: string; seen: number },
  action: SampleAction | 'mark',
  work: (of: Worked) => { answer?: string; outcome?: string; marks?: store.Mark[] },
): Promise<SampleDetail> => {
  const held = await directoryOf(ctx)
  return inTx(ctx, async (tx) => {
    const sample = (await store.findSample(tx, ask.id)) ?? mustNot('NO_SUCH_SAMPLE')
    mustSee(held, sample.authorityId, 'NO_SUCH_SAMPLE')
    if (!maySeeSample(ctx, sample)) mustNot('NO_SUCH_SAMPLE')
    const state =
      action === 'mark'
        ? sample.state === 'open'
          ? sample.state
          : mustNot('NO_SUCH_MOVE', { from: sample.state, action })
        : unwrap(step(SAMPLE_MOVES, sample.state, action, rolesOf(ctx.actor)))
    const rows = await store.sampleRows(tx, sample.id)
    const { answer = sample.answer, outcome = sample.outcome, marks = [] } = work({ sample, rows })
    const at = ctx.clock.now()
    const next = { state, answer, outcome, closedAt: action === 'close' ? at : null }
    if (!(await store.saveSample(tx, sample.id, next, ask.seen))) mustNot('STALE', { version: sample.version })
    if (marks.length) await store.saveMarks(tx, sample.id, marks, actorRef(ctx.actor), at)
    recordAct(tx, ctx, {
      act: `timeliness.${action}_sample`,
      target: { kind: 'sample', id: sample.id },
      details: { from: sample.state, to: state, marks: marks.length },
    })
    const after = (await store.findSample(tx, sample.id)) as store.Sample
    return detailOf(ctx, held, after, await store.sampleRows(tx, sample.id))
  })
}

export const markSampleRows = (
  ctx: Ctx,
  ask: { id: string; seen: number; marks: store.Mark[] },
): Promise<SampleDetail> =>
  worked(ctx, ask, 'mark', ({ rows }) => {
    for (const mark of ask.marks)
      mustBeFounded(rows.find((r) => r.n === mark.n) ?? mustNot('SAMPLE_ROW_UNKNOWN', { n: mark.n }), mark)
    return { marks: ask.marks }
  })
export const closeSample = (ctx: Ctx, ask: { id: string; seen: number }): Promise<SampleDetail> =>
  worked(ctx, ask, 'close', ({ rows }) => {
    const left = rows.filter((r) => r.found === null).length
    return left ? mustNot('SAMPLE_NOT_MARKED', { left }) : {}
  })
export const answerSample = (ctx: Ctx, ask: { id: string; seen: number; answer: string }): Promise<SampleDetail> =>
  worked(ctx, ask, 'answer', () => ({ answer: ask.answer }))
export const reviseSample = (ctx: Ctx, ask: { id: string; seen: number; outcome: string }): Promise<SampleDetail> =>
  worked(ctx, ask, 'revise', () => ({ outcome: ask.outcome }))
export const settleSample = (ctx: Ctx, ask: { id: string; seen: number; outcome: string }): Promise<SampleDetail> =>
  worked(ctx, ask, 'settle', () => ({ outcome: ask.outcome }))
