import { Readable } from 'node:stream'
import { mustNot } from '../../kernel/decision.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { firstOf } from '../../kernel/text.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { DatabaseError, type Tx } from '../../platform/db/index.ts'
import { inTx } from '../../platform/outbox.ts'
import { type Entered, type PushValue, type Pushed, PUSH_ROWS, type SubmissionView } from './contract.ts'
import { LIMITS } from './files/table.ts'
import { directoryOf, rulesFor } from './open.ts'
import { type Checked, type InputRow, type KnownAuthority, type Source, WHOLE_ROW, compileRow } from './rules.ts'
import { draft, enter, mustItem, mustReport, ownAuthority, registerFile } from './service.enter.ts'
import { settle } from './settle.ts'
import * as store from './store.ts'
import { problemView, submissionView } from './views.ts'
import type { WayIn } from './words.ts'

/** Two submissions made the same thing at once: the second time this one finds what the other has made. */
const MADE_TWICE = '23505'
const TRIES = 6

export type RowsAsk = {
  item: CatalogItem
  authority: KnownAuthority
  wayIn: Extract<WayIn, 'api' | 'form' | 'gateway'>
  records: readonly Pushed[]
  backfill: boolean
  corrects?: string | null
  /** Under which what came is kept. */
  name?: string
  /** Who hands in, where that is no person and no key. */
  by?: string
  /** Places in `records` of rows that their system holds in a form that cannot be read: returned as such, the others go on. */
  unreadable?: ReadonlySet<number>
}
/** Runs in the transaction that takes the rows in: what belongs to them is kept with them or not at all. */
export type Alongside = (tx: Tx, done: { id: string; no: string; rows: Entered['rows'] }) => Promise<void>

const textOf = (v: PushValue | undefined): string =>
  v === null || v === undefined ? '' : typeof v === 'boolean' ? (v ? '是' : '否') : String(v)
/** A whole number beyond what a double holds has lost its last digits before it came here. */
const noteOf = (v: PushValue | undefined): 'digits_lost' | 'too_long' | null => {
  if (typeof v === 'number') return Number.isInteger(v) && !Number.isSafeInteger(v) ? 'digits_lost' : null
  return typeof v === 'string' && v.length > LIMITS.cell ? 'too_long' : null
}

/** A field goes by its key, its code or its heading, once. */
const rowsFrom = (item: CatalogItem, records: readonly Pushed[]): InputRow[] => {
  const names = new Map(item.fields.flatMap((f, i) => [f.key, f.code, f.label.zh].map((name) => [name, i] as const)))
  const unknown = [...new Set(records.flatMap((r) => Object.keys(r).filter((k) => !names.has(k))))]
  if (unknown.length)
    mustNot('UNKNOWN_FIELDS', { fields: unknown.slice(0, 20).map((k) => firstOf(k, 60)), item: item.name })
  return records.map((r, i) => {
    const cells = Array.from<string>({ length: item.fields.length }).fill('')
    const flags: NonNullable<InputRow['flags']> = {}
    const given = new Set<number>()
    for (const [name, value] of Object.entries(r)) {
      const place = names.get(name) as number
      if (given.has(place)) mustNot('FIELD_TWICE', { n: i + 1, field: item.fields[place]?.label })
      given.add(place)
      const note = noteOf(value)
      if (note) flags[place] = note
      cells[place] = textOf(value).slice(0, LIMITS.cell)
    }
    return { n: i + 1, cells, ...(Object.keys(flags).length ? { flags } : {}) }
  })
}

const brokenRow = (n: number): Checked => ({
  n,
  name: '',
  docNo: '',
  ok: false,
  problems: [{ field: '', label: WHOLE_ROW, value: '', code: 'row_unreadable' }],
})

/** By subject and document: whoever takes in the same rows at once waits for the other instead of locking each other out. */
const lockOrder = (checked: Checked): string =>
  checked.ok ? `${checked.row.ask.uscc ?? checked.row.ask.name}\n${checked.docNo}` : ''

const keep = async (ctx: Ctx, ask: RowsAsk) => ({
  ...(await ctx.files.put(Readable.from([Buffer.from(JSON.stringify(ask.records))]), Number.MAX_SAFE_INTEGER)),
  name: ask.name ?? 'records.json',
  mediaType: 'application/json',
})

/**
 * Rows that are answered at once: pushed, filled in on a form, or read from an exchange table. They are kept as they came, like
 * any file, and take the same way; submission, verdicts, records and counters are one transaction.
 */
export const enterRows = async (ctx: Ctx, ask: RowsAsk, alongside?: Alongside): Promise<Entered> => {
  const { item, authority } = ask
  const inputs = rowsFrom(item, ask.records)
  const sources: [string, Source][] = item.fields.map((f, column) => [f.key, { column }])
  const header: store.KeptHeader = { headings: item.fields.map((f) => f.label.zh), row: 0, sources }
  const rules = rulesFor(ctx, {
    item,
    reporter: authority,
    directory: await directoryOf(ctx.db.kysely),
    today: today(ctx),
    sources: new Map(sources),
    width: item.fields.length,
  })
  const check = compileRow(rules)
  const checked = inputs
    .map((input, i) => ({ input, checked: ask.unreadable?.has(i) ? brokenRow(input.n) : check(input) }))
    .map((row) => ({ row, key: lockOrder(row.checked) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
  const file = await keep(ctx, ask)
  const s = draft(ctx, { ...ask, file, mapping: null, corrects: ask.corrects ?? null })
  const done: store.Submission = { ...s, header, state: 'done', totalRows: inputs.length, finishedAt: s.createdAt }

  const once = () =>
    inTx(ctx, async (tx) => {
      await registerFile(tx, ctx, file)
      await enter(tx, ctx, done)
      const { settled, counts } = await settle(tx, ctx, { submission: done, item, header, skip: 0 }, checked)
      const rows = settled
        .toSorted((a, b) => a.n - b.n)
        .map((r) => ({ ...r, problems: r.problems.map((p) => problemView(item, p, ctx.lang)) }))
      await store.finishAtOnce(tx, { id: done.id, counts, readTo: inputs.length, at: done.createdAt })
      await alongside?.(tx, { id: done.id, no: done.no, rows })
      return { rows, counts }
    })
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows, counts } = await once()
      return {
        receipt: submissionView(ctx, { ...done, ...counts, readTo: inputs.length }),
        rows,
      }
    } catch (error) {
      if (attempt >= TRIES || !(error instanceof DatabaseError) || error.code !== MADE_TWICE) throw error
    }
  }
}

export type PushAsk = {
  item: string
  backfill: 'yes' | 'no'
  records?: Pushed[] | undefined
  record?: Pushed | undefined
}
/** A business system pushes as it decides. */
export const pushRecords = async (ctx: Ctx, ask: PushAsk): Promise<Entered> => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  const records = ask.records ?? (ask.record ? [ask.record] : [])
  if (!records.length || (ask.records && ask.record)) mustNot('RECORDS_OR_RECORD', { most: PUSH_ROWS })
  return enterRows(ctx, { item, authority, wayIn: 'api', records, backfill: ask.backfill === 'yes' })
}

export type FormAsk = {
  item: string
  record: Record<string, string>
  backfill: 'yes' | 'no'
  corrects?: string | undefined
}
/** A collector fills in one record; the receipt is that of a submission with one row. */
export const submitForm = async (ctx: Ctx, ask: FormAsk): Promise<Entered> => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  if (ask.corrects) {
    const first = await store.findSubmission(ctx.db.kysely, { authorityId: authority.id }, ask.corrects)
    if (first?.item !== item.code) mustNot('CORRECTS_UNKNOWN')
  }
  return enterRows(ctx, {
    item,
    authority,
    wayIn: 'form',
    records: [ask.record],
    backfill: ask.backfill === 'yes',
    corrects: ask.corrects ?? null,
    name: `${item.name.zh}-在线填报.json`,
  })
}

/** For capabilities above: the receipt of a submission, as the platform itself sees it. */
export const receiptOf = async (ctx: Ctx, id: string): Promise<SubmissionView> => {
  const s = await store.findSubmission(ctx.db.kysely, 'all', id)
  return s ? submissionView(ctx, s) : mustNot('NO_SUCH_SUBMISSION')
}
