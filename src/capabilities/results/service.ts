import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { EXTENSIONS, MEDIA_TYPES, bodyOf, digestsOf, streamed, valuesOf } from './compose.ts'
import type { DataSetView, DaySetView, LineView, WholeSetView } from './contract.ts'
import { type Manifest, readManifest } from './follow.ts'
import { resultSetOn, takedownOn } from './rules.ts'
import * as store from './store.ts'
import type { FileFormat } from './words.ts'

export const resultDataSet = async (ctx: Ctx): Promise<DataSetView> => {
  const { row, value } = resultSetOn(ctx.policy, today(ctx))
  const takedown = takedownOn(ctx.policy, today(ctx))
  return {
    name: value.name,
    rule: row.id,
    validFrom: row.validFrom,
    instrument: row.instrument,
    article: row.article,
    unsure: row.unsure,
    note: row.note,
    sharing: value.sharing,
    sharedWith: value.sharedWith,
    fields: value.fields.map(({ code, label, meaning }) => ({ code, label, meaning })),
    takedown: {
      workdays: takedown.value.workdays,
      instrument: takedown.row.instrument,
      article: takedown.row.article,
    },
  }
}

type SetRow = NonNullable<Awaited<ReturnType<typeof store.findSet>>>
const hashOf = (manifest: Manifest): string => manifest.files.find((f) => f.format === 'json_lines')?.sha256 ?? ''
const viewOf = (s: SetRow): DaySetView => ({
  day: s.day,
  lines: s.lines,
  amendments: s.amendments,
  hash: hashOf(readManifest(s.manifest)),
  closedAt: s.closedAt,
  takedown: { asked: s.asked, done: s.done, open: s.open, late: s.late },
})

export const listSets = async (
  ctx: Ctx,
  ask: { after?: string | undefined; limit: number },
): Promise<Page<DaySetView>> => {
  const [after] = readCursor(ask.after, 'day') ?? [null]
  const rows = await store.listSets(ctx.db.kysely, {
    after: after as LocalDate | null,
    limit: ask.limit + 1,
    today: today(ctx),
  })
  const page = pageOf(rows, ask.limit, (s) => [s.day])
  return { rows: page.rows.map(viewOf), next: page.next }
}

const setOf = async (ctx: Ctx, day: string): Promise<SetRow> =>
  (await store.findSet(ctx.db.kysely, day as LocalDate, today(ctx))) ?? mustNot('NO_SUCH_SET')

export const getSet = async (ctx: Ctx, ask: { day: string }): Promise<WholeSetView> => {
  const set = await setOf(ctx, ask.day)
  return {
    ...viewOf(set),
    manifest: set.manifest,
    signature: set.signature,
    files: readManifest(set.manifest).files,
  }
}

export const listResults = async (
  ctx: Ctx,
  ask: { day: string; after?: string | undefined; limit: number },
): Promise<Page<LineView>> => {
  const after = readCursor(ask.after, 'number', 'uuid')
  const set = await setOf(ctx, ask.day)
  const { fields } = readManifest(set.manifest)
  const rows = await store.entriesOf(ctx.db.kysely, set.day, { after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (e) => [e.position, e.eventId])
  return {
    rows: page.rows.map((e) => ({ id: e.eventId, kind: e.kind, at: e.at, values: valuesOf(e, fields) })),
    next: page.next,
  }
}

/** Composed anew each time from the lines as they were taken in: its digest is the one that was signed. */
export const downloadSet = async (ctx: Ctx, ask: { day: string; format: FileFormat }): Promise<FileReply> => {
  const set = await setOf(ctx, ask.day)
  const entries = await store.entriesOf(ctx.db.kysely, set.day)
  const { fields } = readManifest(set.manifest)
  const { value } = resultSetOn(ctx.policy, set.day)
  const name = `${value.name.zh}-${ctx.config.jurisdiction}-${set.day}.${EXTENSIONS[ask.format]}`
  await inTx(ctx, async (tx) => {
    recordAct(tx, ctx, {
      act: 'results.download',
      target: { kind: 'result_set', id: set.day },
      details: { format: ask.format, lines: entries.length },
    })
  })
  return {
    file: { name, mediaType: MEDIA_TYPES[ask.format], body: streamed(bodyOf(ask.format, entries, fields)) },
  }
}

/** A day computed again, against what was signed, and each line against the log. */
export const proveSet = async (ctx: Ctx, ask: { day: string }) => {
  const set = await setOf(ctx, ask.day)
  const { fields, files } = readManifest(set.manifest)
  const entries = await store.entriesOf(ctx.db.kysely, set.day)
  const now = await digestsOf(entries, fields)
  const compared = files.map((f) => ({
    format: f.format,
    published: f.sha256,
    now: now.find((n) => n.format === f.format)?.sha256 ?? f.sha256,
  }))
  const traced = (await store.tracedOn(ctx.db.kysely, set.day)) === set.lines
  const same = entries.length === set.lines && compared.every((f) => f.published === f.now)
  await inTx(ctx, async (tx) => {
    recordAct(tx, ctx, {
      act: 'results.prove',
      target: { kind: 'result_set', id: set.day },
      details: { same, traced },
    })
  })
  return { same, traced, lines: entries.length, files: compared }
}
