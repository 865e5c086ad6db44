import { createReadStream, createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { findAuthority } from '../access/index.ts'
import type { CheckView, SubmissionView } from './contract.ts'
import { type RefusedRow, writeRefusedWorkbook } from './files/refused-workbook.ts'
import { processNext } from './pipeline.ts'
import { registerFile } from './service.enter.ts'
import { refusedWorkbook } from './service.returns.ts'
import { checkFor } from './service.preflight.ts'
import { submitFor } from './service.ts'
import * as store from './store.ts'
import { submissionView } from './views.ts'
import type { WayIn } from './words.ts'

export type ImportAsk = {
  path: string
  item: string
  /** Code of the authority that reports. */
  authority: string
  mappingText?: string | undefined
  backfill?: boolean
  wayIn: Extract<WayIn, 'cli' | 'seed'>
  /** Reads and checks, keeps nothing. */
  dryRun?: boolean
  /** Where the workbook of returned rows is written. */
  errorsPath?: string | undefined
}
export type ImportResult = { check: CheckView } | { receipt: SubmissionView }

/** The same path as an upload, for a file on this machine; it comes back when every row has its verdict. */
export const importFile = async (ctx: Ctx, ask: ImportAsk): Promise<ImportResult> => {
  const authority =
    (await findAuthority(ctx.db.kysely, { code: ask.authority })) ??
    mustNot('NO_SUCH_AUTHORITY', { code: ask.authority })
  const name = basename(ask.path)
  const stored = await ctx.files.put(createReadStream(ask.path, { highWaterMark: 1 << 20 }), Number.MAX_SAFE_INTEGER)
  const file = { ...stored, name, mediaType: 'application/octet-stream' }
  if (ask.dryRun) {
    const returned: RefusedRow[] = []
    const { header, ...check } = await checkFor(ctx, authority, {
      item: ask.item,
      file,
      mappingText: ask.mappingText,
      onRefused: (input, view) => {
        if (ask.errorsPath)
          returned.push({
            n: input.n,
            cells: input.cells,
            problems: view.problems.map((p) => ({ ...p, column: null })),
          })
      },
    })
    if (ask.errorsPath && returned.length) {
      await writeTo(ask.errorsPath, writeRefusedWorkbook({ headings: header.headings, rows: returned, fileName: name }))
    }
    return { check }
  }
  await inTx(ctx, (tx) => registerFile(tx, ctx, file))
  const s = await submitFor(ctx, authority, { ...ask, file, backfill: ask.backfill ?? false })
  const done = await workThrough(ctx, s)
  if (ask.errorsPath && done.refused > 0) {
    const { file: workbook } = await refusedWorkbook(
      { ...ctx, actor: { kind: 'system', name: 'import' } },
      { id: s.id },
    )
    await writeTo(ask.errorsPath, workbook.body)
  }
  return { receipt: submissionView(ctx, done) }
}

/** Done here, or by a server that runs on the same database and was quicker. */
const workThrough = async (ctx: Ctx, s: store.Submission): Promise<store.Submission> => {
  for (;;) {
    const mine = await processNext(ctx, { id: s.id })
    const now = (await store.findSubmission(ctx.db.kysely, 'all', s.id)) ?? s
    if (now.state === 'done' || now.state === 'refused') return now
    if (!mine) await sleep(300)
  }
}

const writeTo = (path: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> =>
  pipeline(body instanceof Uint8Array ? Readable.from([body]) : Readable.from(body), createWriteStream(path))
