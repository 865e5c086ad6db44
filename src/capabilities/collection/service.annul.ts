import type { StoredFile } from '../../kernel/api.ts'
import { normaliseCode } from '../../kernel/codes.ts'
import { mustNot } from '../../kernel/decision.ts'
import { nameKey, tidy } from '../../kernel/text.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { ANNUL_CAUSES, type AnnulCause } from '../records/contract.ts'
import { type NumberToAnnul, annulNumbers } from '../records/index.ts'
import { ANNUL_CAUSE_WORDS } from '../records/words.ts'
import { findSubjectByCode } from '../subjects/index.ts'
import { type HeaderField, findHeader, headerRefusals, mustFindHeader } from './files/header.ts'
import { openTable } from './files/open-table.ts'
import { FileRefused } from './files/refusals.ts'
import { firstRowsOf } from './open.ts'
import { placesOf } from './rules.places.ts'
import { mustItem, mustReport, ownAuthority } from './service.enter.ts'
import type { AnnulOutcome } from './words.annul.ts'

const MOST = 1000
const CAUSE: HeaderField = {
  key: 'cause',
  code: 'CX_SY',
  label: { zh: '撤销事由', en: 'Cause' },
  aliases: ['事由', '撤销原因'],
}
const REASON: HeaderField = {
  key: 'reason',
  code: 'CX_SM',
  label: { zh: '撤销说明', en: 'Reason' },
  aliases: ['说明', '撤销理由', '理由'],
}
/** What people put over a column of numbers, whichever item they are of. */
const NUMBER_NAMES = ['文书号', '文号', '决定书文号', '决定文书号', '决定书号', '文书编号']
const causeOf = (said: string): AnnulCause | null => {
  const key = nameKey(said)
  const names = (c: AnnulCause) => [c, ANNUL_CAUSE_WORDS[c].zh, ANNUL_CAUSE_WORDS[c].en]
  return ANNUL_CAUSES.find((c) => names(c).some((name) => nameKey(name) === key)) ?? null
}

export type AnnulAsk = { item: string; file: StoredFile; cause: AnnulCause; reason?: string | undefined }
type ListRow = { n: number; docNo: string; code: string; cause: AnnulCause | null; reason: string }

/** The list as any other file: a title may stand above it, columns in any order, .xlsx or .csv. */
const readList = async (ctx: Ctx, ask: AnnulAsk): Promise<ListRow[]> => {
  const item = mustItem(ctx, ask.item)
  const at = placesOf(item)
  const number = item.fields[at.docNo]
  const uscc = item.fields[at.uscc]
  if (!number) return mustNot('NO_SUCH_ITEM', { item: ask.item })
  const fields = [
    { ...number, aliases: [...number.aliases, ...NUMBER_NAMES], required: 'always' },
    ...(uscc ? [{ ...uscc, required: 'never' }] : []),
    CAUSE,
    REASON,
  ]
  const path = ctx.files.pathOf(ask.file.hash)
  const table = await openTable({ path, name: ask.file.name, looksRight: (rows) => findHeader(rows, fields) !== null })
  const header = mustFindHeader(await firstRowsOf(table), fields)
  const [first, ...more] = headerRefusals(header, fields)
  if (first) throw new FileRefused(first.code as FileRefused['code'], first.params, more)
  const column = (key: string | undefined) => header.columns.findIndex((c) => c !== null && c === key)
  const columns = {
    docNo: column(number.key),
    code: column(uscc?.key),
    cause: column('cause'),
    reason: column('reason'),
  }
  const rows: ListRow[] = []
  for await (const batch of table) {
    for (const { n, cells } of batch) {
      if (n < header.dataFrom) continue
      const cell = (c: number) => (c < 0 ? '' : tidy(cells[c] ?? ''))
      const cause = cell(columns.cause)
      rows.push({
        n,
        docNo: cell(columns.docNo),
        code: normaliseCode(cell(columns.code)),
        cause: cause === '' ? ask.cause : causeOf(cause),
        reason: cell(columns.reason) || (ask.reason ?? ''),
      })
      if (rows.length > MOST) mustNot('ANNUL_LIST_TOO_LONG', { most: MOST })
    }
  }
  if (!rows.length) throw new FileRefused('FILE_NO_ROWS')
  return rows
}

/** An authority annuls by a list: every row is answered, and only its own records are touched. */
export const annulFile = async (ctx: Ctx, ask: AnnulAsk) => {
  const item = mustItem(ctx, ask.item)
  const authority = mustReport(await ownAuthority(ctx), item)
  const rows = await readList(ctx, ask)
  return inTx(ctx, async (tx) => {
    const subjects = new Map<string, string | null>()
    for (const code of new Set(rows.map((r) => r.code))) {
      if (code !== '') subjects.set(code, (await findSubjectByCode(tx, code))?.id ?? null)
    }
    const outcomes = new Map<ListRow, { outcome: AnnulOutcome; recordId: string | null }>()
    const asked: { row: ListRow; ask: NumberToAnnul }[] = []
    for (const row of rows) {
      const known = row.code === '' ? null : (subjects.get(row.code) ?? undefined)
      if (row.docNo === '') outcomes.set(row, { outcome: 'no_number', recordId: null })
      else if (row.cause === null || row.reason === '') outcomes.set(row, { outcome: 'no_reason', recordId: null })
      else if (known === undefined) outcomes.set(row, { outcome: 'not_found', recordId: null })
      else asked.push({ row, ask: { docNo: row.docNo, subjectId: known, cause: row.cause, reason: row.reason } })
    }
    const done = await annulNumbers(tx, ctx, {
      authorityId: authority.id,
      item: item.code,
      rows: asked.map((a) => a.ask),
    })
    asked.forEach(({ row }, i) => {
      const d = done[i]
      if (d) outcomes.set(row, { outcome: d.outcome, recordId: 'recordId' in d ? d.recordId : null })
    })
    const annulled = done.filter((d) => d.outcome === 'annulled').length
    recordAct(tx, ctx, {
      act: 'collection.annul_list',
      target: { kind: 'authority', id: authority.id },
      details: { item: item.code, file: ask.file.hash, rows: rows.length, annulled },
    })
    const said = rows.map((row) => ({
      n: row.n,
      docNo: row.docNo,
      ...(outcomes.get(row) as { outcome: AnnulOutcome; recordId: string | null }),
    }))
    return { received: rows.length, annulled, rows: said }
  })
}
