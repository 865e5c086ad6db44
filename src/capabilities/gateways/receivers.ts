import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import type { CatalogField, CatalogItem } from '../../kernel/policy.ts'
import { dayOf, instant } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { api as collection } from '../collection/index.ts'
import { catalogItemOn, findRecords, listBySubmission } from '../records/index.ts'
import type { ReceiverView } from './contract.ts'
import { piecesOf, receiversOf, rowFor, sampleOf } from './rules.receivers.ts'

/** Invented, and recognisably so. */
const EXAMPLES: Record<string, string> = {
  subject_name: '某某科技（示例）有限公司',
  uscc: '914401010000000000',
  legal_representative: '示例人',
  doc_no: '穗示例字〔2026〕1号',
}
const exampleOf = (f: CatalogField, day: string): string | string[] => {
  // Never leaves the platform, so the example leaves it out as well.
  if (f.secret) return ''
  const known = EXAMPLES[f.key]
  if (known) return known
  const [first] = f.choices
  if (f.type === 'choices') return first ? [first.code] : []
  if (f.type === 'choice') return first?.code ?? ''
  if (f.type === 'date') return day
  if (f.type === 'money_wan') return '0.2'
  if (f.type === 'flag') return 'false'
  return f.required === 'always' ? `示例${f.label.zh}` : ''
}

export const receivers = async (
  ctx: Ctx,
  ask: { item: string },
): Promise<{ rows: ReceiverView[]; next: string | null }> => {
  const day = today(ctx)
  const item = catalogItemOn(ctx.policy.catalog, ask.item, day) ?? mustNot('NO_SUCH_ITEM', { item: ask.item })
  const example = Object.fromEntries(item.fields.map((f) => [f.key, exampleOf(f, day)]))
  const rows = receiversOf(ctx.policy.receivers, item, day).map(
    ({ receiver, fields }): ReceiverView => ({
      code: receiver.code,
      name: receiver.name,
      basis: { instrument: receiver.instrument, article: receiver.article },
      format: receiver.format,
      unsure: receiver.unsure,
      note: receiver.note,
      fields: fields.map(({ key, name, field }) => ({ key, name, label: field.label, masked: field.secret })),
      sample: sampleOf(receiver, rowFor(receiver, fields, example)),
    }),
  )
  return { rows, next: null }
}

const PAGE = 500
/** The accepted rows of a submission as their records stand, in the receiver's form; identifiers of persons stay here. */
export const receiverFile = async (ctx: Ctx, ask: { id: string; receiver: string }): Promise<FileReply> => {
  // The submission's own capability says whether the caller may see it.
  const s = await collection.handlers.getSubmission(ctx, { id: ask.id })
  const day = dayOf(instant(s.createdAt))
  const item: CatalogItem = catalogItemOn(ctx.policy.catalog, s.item, day) ?? mustNot('NO_SUCH_ITEM', { item: s.item })
  const found = receiversOf(ctx.policy.receivers, item, today(ctx)).find((r) => r.receiver.code === ask.receiver)
  if (!found) return mustNot('NO_SUCH_RECEIVER')
  const { receiver, fields } = found
  const pieces = piecesOf(receiver, fields, {
    item: item.code,
    sender: s.authority.name,
    receiver: receiver.name.zh,
    no: s.no,
  })
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(pieces.head)
    let first = true
    for (let after = 0; ; ) {
      const rows = await listBySubmission(ctx.db.kysely, s.id, { after, limit: PAGE })
      const records = await findRecords(
        ctx.db.kysely,
        rows.map((r) => ({ subjectId: r.subjectId, id: r.recordId })),
      )
      const byId = new Map(records.map((r) => [r.id, r]))
      for (const { recordId } of rows) {
        const record = byId.get(recordId)
        if (!record || record.state === 'annulled') continue
        const values = receiver.takes === 'published' ? record.publicFields : record.fields
        if (!Object.keys(values).length) continue
        yield Buffer.from(pieces.row(rowFor(receiver, fields, values), first))
        first = false
      }
      const last = rows.at(-1)
      if (!last || rows.length < PAGE) break
      after = last.rowN
    }
    yield Buffer.from(pieces.tail)
  }
  return {
    file: { name: `${s.no}-${receiver.code}.${receiver.format}`, mediaType: pieces.mediaType, body: body() },
  }
}
