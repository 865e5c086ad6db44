import { Readable } from 'node:stream'
import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, decodeCursor, pageOf } from '../../kernel/page.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, actorRef, authorityOf, hasRole, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { findAuthority } from '../access/index.ts'
import { storeRecords } from '../records/index.ts'
import { getSubject } from '../subjects/index.ts'
import type { CatalogView, CheckView, RowView, SubmissionView } from './contract.ts'
import { type Mapping, headerKey } from './files/header.ts'
import { readMapping } from './files/mapping.ts'
import { writeRefusedWorkbook } from './files/refused-workbook.ts'
import { writeTemplate } from './files/template.ts'
import { chunksOf, dayOfSubmission, directoryOf, itemOf, openReading, rulesFor } from './open.ts'
import { wakeImport } from './jobs.ts'
import { hiddenOf, maskedCells } from './returned.ts'
import { type InputRow, type KnownAuthority, type Source, compileRow } from './rules.ts'
import { itemsOn } from './rules.catalog.ts'
import { placesOf } from './rules.places.ts'
import { type Settled, recordOf, settle } from './settle.ts'
import * as store from './store.ts'
import { catalogItemView, problemView, rowView, submissionView } from './views.ts'
import type { RowAction, Verdict, WayIn } from './words.ts'

const mustItem = (ctx: Ctx, code: string): CatalogItem =>
  itemOf(ctx, code, today(ctx)) ?? mustNot('NO_SUCH_ITEM', { item: code })

/** The authority the caller reports for, which has the duty; the credit office may hand in on behalf of others. */
const mustReport = (authority: KnownAuthority | null, item: CatalogItem): KnownAuthority => {
  if (!authority) return mustNot('NO_AUTHORITY')
  if (!authority.isCreditOffice && !authority.duties.includes(item.code)) {
    return mustNot('NOT_YOUR_DUTY', { authority: authority.name, item: item.name })
  }
  return authority
}
const ownAuthority = async (ctx: Ctx): Promise<KnownAuthority | null> => {
  const id = authorityOf(ctx.actor)
  return id ? findAuthority(ctx.db.kysely, { id }) : null
}

const numberOf = (id: string, day: string): string =>
  `${day.replaceAll('-', '')}-${id.replaceAll('-', '').slice(-10).toUpperCase()}`
const nameOf = (ctx: Ctx): string => (ctx.actor.kind === 'person' || ctx.actor.kind === 'key' ? ctx.actor.name : '')

type NewSubmission = {
  item: CatalogItem
  authority: KnownAuthority
  wayIn: WayIn
  file: StoredFile
  mapping: Mapping | null
  corrects: string | null
  backfill: boolean
}
const draft = (ctx: Ctx, ask: NewSubmission): store.Submission => {
  const id = newId()
  return {
    id,
    no: numberOf(id, today(ctx)),
    authorityId: ask.authority.id,
    authorityName: ask.authority.name,
    division: ask.authority.division,
    item: ask.item.code,
    wayIn: ask.wayIn,
    fileHash: ask.file.hash,
    fileName: ask.file.name,
    bytes: ask.file.bytes,
    state: 'received',
    refusal: null,
    mapping: ask.mapping,
    header: null,
    received: 0,
    accepted: 0,
    refused: 0,
    pending: 0,
    alreadyHeld: 0,
    readTo: 0,
    totalRows: 0,
    corrects: ask.corrects,
    backfill: ask.backfill,
    createdAt: ctx.clock.now(),
    createdBy: actorRef(ctx.actor),
    handedInBy: nameOf(ctx),
    finishedAt: null,
  }
}
const enter = async (tx: Tx, ctx: Ctx, s: store.Submission): Promise<void> => {
  await store.insertSubmission(tx, s)
  recordAct(tx, ctx, {
    act: 'collection.submit',
    target: { kind: 'submission', id: s.id },
    details: { item: s.item, wayIn: s.wayIn, file: s.fileHash, backfill: s.backfill },
  })
}

const mappingFrom = (text: string | undefined, item: CatalogItem): Mapping | null =>
  text?.trim() ? readMapping(text, item.fields) : null

export type SubmitAsk = {
  item: string
  file: StoredFile
  mappingText?: string | undefined
  corrects?: string | undefined
  backfill: boolean
  wayIn: WayIn
}
/** Takes a file in for an authority: kept, and queued. The pipeline does the rest. */
export const submitFor = (ctx: Ctx, authority: KnownAuthority | null, ask: SubmitAsk): Promise<store.Submission> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const mapping = mappingFrom(ask.mappingText, item)
  return inTx(ctx, async (tx) => {
    if (ask.corrects) {
      const first = await store.findSubmission(tx, { authorityId: reporter.id }, ask.corrects)
      if (first?.item !== item.code) mustNot('CORRECTS_UNKNOWN')
    }
    const s = draft(ctx, { ...ask, item, authority: reporter, mapping, corrects: ask.corrects ?? null })
    await enter(tx, ctx, s)
    return s
  })
}

export const submitFile = async (
  ctx: Ctx,
  ask: Omit<SubmitAsk, 'wayIn' | 'backfill'> & { backfill: 'yes' | 'no' },
): Promise<SubmissionView> => {
  const s = await submitFor(ctx, await ownAuthority(ctx), { ...ask, backfill: ask.backfill === 'yes', wayIn: 'web' })
  wakeImport(ctx)
  return submissionView(ctx, s)
}

const SHOWN_ROWS = 50
/** Reads and checks the whole file and keeps nothing. Whether a subject's name agrees with its file is only known on the real run. */
export const checkFor = async (
  ctx: Ctx,
  authority: KnownAuthority | null,
  ask: {
    item: string
    file: Pick<StoredFile, 'hash' | 'name'>
    mappingText?: string | undefined
    onRefused?: (input: InputRow, view: CheckView['rows'][number]) => void
  },
): Promise<CheckView & { header: store.KeptHeader }> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const reader = ctx.db.kysely
  const reading = await openReading(ctx, {
    path: ctx.files.pathOf(ask.file.hash),
    name: ask.file.name,
    item,
    reporter,
    directory: await directoryOf(reader),
    today: today(ctx),
    mapping: mappingFrom(ask.mappingText, item),
    remembered: (keys) => store.findMapping(reader, { authorityId: reporter.id, item: item.code, keys }),
  })
  const view: CheckView = { item: item.code, columns: reading.columns, received: 0, accepted: 0, refused: 0, rows: [] }
  for await (const chunk of chunksOf(reading, 0, 500)) {
    for (const row of chunk) {
      const checked = reading.check(row)
      view.received++
      if (checked.ok) view.accepted++
      else {
        view.refused++
        const shown = {
          n: row.n,
          name: checked.name,
          problems: checked.problems.map((p) => problemView(item, p, ctx.lang)),
        }
        if (view.rows.length < SHOWN_ROWS) view.rows.push(shown)
        ask.onRefused?.(row, shown)
      }
    }
  }
  return { ...view, header: reading.header }
}
export const checkFile = async (
  ctx: Ctx,
  ask: { item: string; file: StoredFile; mappingText?: string | undefined },
): Promise<CheckView> => {
  const { header: _, ...view } = await checkFor(ctx, await ownAuthority(ctx), ask)
  return view
}

const cursor = (after: string | undefined): (string | number | null)[] | null =>
  after ? (decodeCursor(after) ?? mustNot('BAD_CURSOR')) : null

export const listSubmissions = async (
  ctx: Ctx,
  ask: { state?: string | undefined; item?: string | undefined; after?: string | undefined; limit: number },
): Promise<Page<SubmissionView>> => {
  const key = cursor(ask.after)
  const [at, id] = key ?? []
  if (
    key &&
    (typeof at !== 'string' || typeof id !== 'string' || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id))
  )
    mustNot('BAD_CURSOR')
  const after: [string, string] | null = key ? [String(at), String(id)] : null
  const rows = await store.listSubmissions(ctx.db.kysely, store.scopeOf(ctx.actor), {
    ...ask,
    after,
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.createdAt, r.id])
  return { rows: page.rows.map((s) => submissionView(ctx, s)), next: page.next }
}

const mustFind = async (ctx: Ctx, id: string, tx?: Tx): Promise<store.Submission> =>
  (await store.findSubmission(tx ?? ctx.db.kysely, store.scopeOf(ctx.actor), id)) ?? mustNot('NO_SUCH_SUBMISSION')

export const getSubmission = async (ctx: Ctx, ask: { id: string }): Promise<SubmissionView> =>
  submissionView(ctx, await mustFind(ctx, ask.id))

/** A row with its cells and what is sealed, as the file had it. */
const inputOf = (ctx: Ctx, row: store.KeptRow): InputRow => {
  const hidden = hiddenOf(ctx, row)
  return { n: row.n, cells: row.cells.map((cell, i) => hidden[i] ?? cell) }
}

export const refusedWorkbook = async (ctx: Ctx, ask: { id: string }): Promise<FileReply> => {
  const s = await mustFind(ctx, ask.id)
  const { header } = s
  if (s.refused === 0 || !header) return mustNot('NO_REFUSED_ROWS')
  const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt))
  const columns = new Map(
    header.sources.flatMap(([key, source]) => ('column' in source ? [[key, source.column] as const] : [])),
  )
  const rows = async function* () {
    for (let after = 0; ; ) {
      const batch = await store.listRows(ctx.db.kysely, s.id, { verdict: 'refused', after, limit: 1000 })
      for (const r of batch) {
        yield {
          n: r.n,
          cells: maskedCells(ctx, r),
          problems: r.problems.map((p) => ({ ...problemView(item, p, 'zh'), column: columns.get(p.field) ?? null })),
        }
      }
      const last = batch.at(-1)
      if (!last || batch.length < 1000) return
      after = last.n
    }
  }
  const body = writeRefusedWorkbook({
    headings: header.headings,
    rows: rows(),
    fileName: s.fileName,
    itemName: item?.name.zh ?? s.item,
    receiptNo: s.no,
  })
  return { file: { name: `退回数据-${s.no}.xlsx`, mediaType: XLSX, body } }
}
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const template = async (ctx: Ctx, ask: { item: string }): Promise<FileReply> => {
  const item = mustItem(ctx, ask.item)
  return { file: { name: `${item.name.zh}归集表.xlsx`, mediaType: XLSX, body: await writeTemplate(item) } }
}

/** People have looked: the row goes onto the file of the subject held, or back to its collector. */
export const decideRow = (
  ctx: Ctx,
  ask: { id: string; n: number; action: RowAction; seen: number },
): Promise<RowView> =>
  inTx(ctx, async (tx) => {
    const s = await mustFind(ctx, ask.id, tx)
    const [row] = await store.rowsByNumber(tx, s.id, [ask.n])
    if (!row || !s.header) return mustNot('NO_SUCH_ROW', { n: ask.n })
    if (row.verdict !== 'pending' || row.version !== ask.seen) return mustNot('STALE')
    const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt)) ?? mustNot('NO_SUCH_ITEM', { item: s.item })
    const outcome = ask.action === 'accept' ? await acceptRow(tx, ctx, s, item, row) : null
    const verdict: Exclude<Verdict, 'pending'> = outcome?.verdict ?? 'refused'
    const problems = outcome ? [] : [...row.problems, handProblem(item)]
    const recordId = outcome?.recordId ?? null
    const at = ctx.clock.now()
    const by = actorRef(ctx.actor)
    const saved = await store.saveDecision(tx, {
      submissionId: s.id,
      n: row.n,
      seen: ask.seen,
      verdict,
      problems,
      subjectId: row.subjectId,
      recordId,
      at,
      by,
    })
    if (!saved) mustNot('STALE')
    await store.moveCounts(tx, s.id, verdict)
    recordAct(tx, ctx, {
      act: 'collection.decide_row',
      target: { kind: 'submission', id: s.id },
      ...(row.subjectId ? { subjectId: row.subjectId } : {}),
      details: { n: row.n, action: ask.action, verdict },
    })
    return rowView(ctx, item, { ...row, verdict, problems, recordId, decidedAt: at, version: row.version + 1 })
  })

const handProblem = (item: CatalogItem) => {
  const field = item.fields[placesOf(item).name]
  return {
    field: field?.key ?? '',
    label: field?.label ?? { zh: '整行', en: 'The whole row' },
    value: '',
    code: 'returned_by_hand',
  }
}

const acceptRow = async (tx: Tx, ctx: Ctx, s: store.Submission, item: CatalogItem, row: store.KeptRow) => {
  const directory = await directoryOf(tx)
  const reporter = directory.byId.get(s.authorityId)
  const subject = row.subjectId ? await getSubject(tx, row.subjectId) : null
  if (!reporter || !subject || !s.header) return mustNot('NO_SUCH_ROW', { n: row.n })
  const check = compileRow(
    rulesFor(ctx, {
      item,
      reporter,
      directory,
      today: today(ctx),
      sources: new Map(s.header.sources),
      width: s.header.headings.length,
    }),
  )
  const checked = check(inputOf(ctx, row))
  if (!checked.ok)
    return mustNot('ROW_NOT_ACCEPTABLE', {
      n: row.n,
      problems: checked.problems.map((p) => problemView(item, p, ctx.lang).reason),
    })
  const to = {
    ok: true as const,
    subjectId: subject.id,
    kind: subject.kind,
    name: subject.name,
    division: subject.division,
    status: subject.status,
    isNew: false,
  }
  const [outcome] = await storeRecords(tx, ctx, [recordOf(checked.row, to, s, item.code, row.n)])
  return outcome ?? null
}

type PushValue = string | number | boolean | null
export type PushAsk = { item: string; backfill: 'yes' | 'no' } & (
  | { records: Record<string, PushValue>[] }
  | { record: Record<string, PushValue> }
)
const pushText = (v: PushValue | undefined): string =>
  v === null || v === undefined ? '' : typeof v === 'boolean' ? (v ? '是' : '否') : String(v)

/** The second way in: what a system sends is kept as a file like any other and goes the same way, at once. */
export const pushRecords = async (ctx: Ctx, ask: PushAsk) => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  const records = 'records' in ask ? ask.records : [ask.record]
  const names = new Map(item.fields.flatMap((f, i) => [f.key, f.code, f.label.zh].map((name) => [name, i] as const)))
  const unknown = [...new Set(records.flatMap((r) => Object.keys(r).filter((k) => !names.has(k))))]
  if (unknown.length) mustNot('UNKNOWN_FIELDS', { fields: unknown.slice(0, 20), item: item.name })
  const rows = records.map((r, i): InputRow => {
    const cells = Array.from<string>({ length: item.fields.length }).fill('')
    for (const [name, value] of Object.entries(r)) cells[names.get(name) as number] = pushText(value)
    return { n: i + 1, cells }
  })
  const sources: [string, Source][] = item.fields.map((f, column) => [f.key, { column }])
  const header: store.KeptHeader = { headings: item.fields.map((f) => f.label.zh), row: 0, sources }
  const kept = Readable.from([Buffer.from(JSON.stringify(records))])
  const file = {
    ...(await ctx.files.put(kept, Number.MAX_SAFE_INTEGER)),
    name: 'records.json',
    mediaType: 'application/json',
  }
  return inTx(ctx, async (tx) => {
    const directory = await directoryOf(tx)
    const check = compileRow(
      rulesFor(ctx, {
        item,
        reporter: authority,
        directory,
        today: today(ctx),
        sources: new Map(sources),
        width: item.fields.length,
      }),
    )
    const s = draft(ctx, {
      item,
      authority,
      wayIn: 'api',
      file,
      mapping: null,
      corrects: null,
      backfill: ask.backfill === 'yes',
    })
    const done: store.Submission = { ...s, header, state: 'done', totalRows: rows.length, finishedAt: s.createdAt }
    await registerFile(tx, ctx, file)
    await enter(tx, ctx, done)
    const { settled, counts } = await settle(
      tx,
      ctx,
      { submission: done, item, header, skip: 0 },
      rows.map((input) => ({ input, checked: check(input) })),
    )
    await store.finishAtOnce(tx, { id: done.id, counts, readTo: rows.length, at: done.createdAt })
    return {
      receipt: submissionView(ctx, { ...done, ...counts, readTo: rows.length }),
      rows: settled.map((r: Settled) => ({ ...r, problems: r.problems.map((p) => problemView(item, p, ctx.lang)) })),
    }
  })
}

/** The file's row stands before anything refers to it. */
export const registerFile = (tx: Tx, ctx: Ctx, file: StoredFile): Promise<void> =>
  store.insertFile(tx, file, ctx.clock.now())

export const listMappings = async (ctx: Ctx) => {
  const id = authorityOf(ctx.actor)
  const rows = id ? await store.listMappings(ctx.db.kysely, id) : []
  return {
    rows: rows.map((r) => ({
      item: r.item,
      headerKey: r.headerKey,
      columns: r.mapping.columns,
      constants: r.mapping.constants,
      updatedAt: r.updatedAt,
    })),
    next: null,
  }
}
export const putMapping = async (ctx: Ctx, ask: { item: string; headings: string[]; mappingText: string }) => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  const mapping = readMapping(ask.mappingText, item.fields)
  return inTx(ctx, async (tx) => {
    const key = headerKey(ask.headings)
    await store.putMapping(tx, {
      authorityId: authority.id,
      item: item.code,
      headerKey: key,
      mapping,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
    })
    recordAct(tx, ctx, {
      act: 'collection.remember_mapping',
      target: { kind: 'authority', id: authority.id },
      details: { item: item.code },
    })
    return { item: item.code, columns: mapping.columns, constants: mapping.constants }
  })
}

export const catalog = async (ctx: Ctx): Promise<CatalogView> => {
  const authority = await ownAuthority(ctx)
  const may = (item: CatalogItem) =>
    authority !== null && (authority.isCreditOffice || authority.duties.includes(item.code))
  return {
    items: itemsOn(ctx.policy, today(ctx)).map((item) =>
      catalogItemView(item, hasRole(ctx.actor, 'collector', 'credit_office') && may(item)),
    ),
  }
}
