import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { docRange, tidy } from '../../kernel/text.ts'
import { type Ctx, actorRef, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { storeRecords } from '../records/index.ts'
import { getSubject } from '../subjects/index.ts'
import type { RowView } from './contract.ts'
import { writeRefusedWorkbook } from './files/refused-workbook.ts'
import { writeTemplate } from './files/template.ts'
import { dayOfSubmission, directoryOf, itemOf, rulesFor } from './open.ts'
import { inputOf, maskedCells, ownHeader } from './returned.ts'
import { compileRow } from './rules.ts'
import { placesOf } from './rules.places.ts'
import { mended } from './rules.proposals.ts'
import { mustFind, mustItem } from './service.enter.ts'
import { recordOf, turnedAway } from './settle.ts'
import * as store from './store.ts'
import { mendsOfRow } from './store.mends.ts'
import { problemView, rowView } from './views.ts'
import type { RowAction, Verdict } from './words.ts'

export const refusedWorkbook = async (ctx: Ctx, ask: { id: string }): Promise<FileReply> => {
  const s = await mustFind(ctx, ask.id)
  if (s.refused === 0 || !s.header) return mustNot('NO_REFUSED_ROWS')
  const header = ownHeader(s.header)
  const item = itemOf(ctx, s.item, dayOfSubmission(s.createdAt))
  const columns = new Map(
    header.sources.flatMap(([key, source]) => ('column' in source ? [[key, source.column] as const] : [])),
  )
  const rows = async function* () {
    for (let after = 0; ; ) {
      const batch = await store.listRows(ctx.db.kysely, s.id, { verdict: 'refused', after, limit: 1000 })
      for (const r of batch) {
        const cells = maskedCells(ctx, r)
        const problems = r.problems.map((p) => ({
          ...problemView(item, p, 'zh'),
          column: columns.get(p.field) ?? null,
        }))
        // A row that stands for several decisions is already as many rows, for the collector to check and send.
        const range = problems.find((p) => p.code === 'doc_range' && p.column !== null)
        const numbers = range ? docRange(tidy(cells[range.column as number] ?? ''))?.numbers : null
        if (!range || !numbers?.length) yield { n: r.n, cells, problems }
        else for (const no of numbers) yield { n: r.n, cells: cells.with(range.column as number, no), problems }
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

export const handProblem = (item: CatalogItem) => {
  const field = item.fields[placesOf(item).name]
  return {
    field: field?.key ?? '',
    label: field?.label ?? { zh: '整行', en: 'The whole row' },
    value: '',
    code: 'returned_by_hand',
  }
}

export const acceptRow = async (tx: Tx, ctx: Ctx, s: store.Submission, item: CatalogItem, row: store.KeptRow) => {
  const directory = await directoryOf(tx)
  const reporter = directory.byId.get(s.authorityId)
  const subject = row.subjectId ? await getSubject(tx, row.subjectId) : null
  if (!reporter || !subject || !s.header) return mustNot('NO_SUCH_ROW', { n: row.n })
  const header = ownHeader(s.header)
  const check = compileRow(
    rulesFor(ctx, {
      item,
      reporter,
      directory,
      today: today(ctx),
      sources: new Map(header.sources),
      width: header.headings.length,
    }),
  )
  const kept = await mendsOfRow(tx, s.id, row.n)
  const columnOf = new Map(
    header.sources.flatMap(([key, from]) => ('column' in from ? [[key, from.column] as const] : [])),
  )
  const accepted = kept.map((m) => ({ column: columnOf.get(m.field) ?? -1, became: m.became }))
  const checked = check(
    mended(
      inputOf(ctx, row),
      accepted.filter((m) => m.column >= 0),
    ),
  )
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
  if (!outcome || (outcome.verdict !== 'annulled' && outcome.verdict !== 'kept_out')) return outcome ?? null
  const away = turnedAway({ item }, checked.docNo, outcome)
  return mustNot('ROW_NOT_ACCEPTABLE', {
    n: row.n,
    problems: away ? [problemView(item, away, ctx.lang).reason] : [],
  })
}
