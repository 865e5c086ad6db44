import { Readable } from 'node:stream'
import { mustNot } from '../../kernel/decision.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { directoryOf, rulesFor } from './open.ts'
import { type InputRow, type Source, compileRow } from './rules.ts'
import { draft, enter, mustItem, mustReport, ownAuthority, registerFile } from './service.enter.ts'
import { type Settled, settle } from './settle.ts'
import * as store from './store.ts'
import { problemView, submissionView } from './views.ts'

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
