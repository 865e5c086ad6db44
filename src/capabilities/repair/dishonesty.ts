import { barOf, articleOf, type Change } from './rules.ts'
import type { FullCase } from './store.ts'
import type { Ctx } from '../../platform/context.ts'
import { today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { nameKey } from '../../kernel/text.ts'
import { NOTHING_KNOWN } from '../../kernel/window.ts'
import { type StandingRecord, storeRecords } from '../records/index.ts'

const ITEM = 'repair_dishonesty'

/**
 * Order 36 art. 25: the finding is entered as a record of its own and shown for the time that the rules set. Order 107 art. 23:
 * the decision that refuses or revokes is shown on its system. It is the finder's record, kept and withdrawn like any other.
 */
export const enterDishonesty = async (
  tx: Tx,
  ctx: Ctx,
  { row, held }: { row: FullCase; held: StandingRecord },
  change: Change,
  reason: string,
): Promise<void> => {
  const on = today(ctx)
  const found = barOf(ctx.policy, row.system, on)
  if (!found?.shownUntil) return
  const docNo = `${row.no ?? ''}-${change.action === 'revoke' ? '撤销' : '认定'}-${row.docNo}`
  await storeRecords(tx, ctx, [
    {
      subjectId: row.subjectId,
      subjectKind: held.record.facts.subjectKind,
      division: held.record.division,
      item: ITEM,
      authorityId: row.authorityId,
      authorityKey: nameKey(row.authorityName),
      authorityName: row.authorityName,
      docNo,
      decidedOn: on,
      publishedOn: on,
      fields: {
        subject_name: row.subjectName,
        doc_no: docNo,
        conduct: 'false_material',
        decision: change.action === 'revoke' ? 'revoked' : 'ended',
        original_doc_no: row.docNo,
        facts: reason,
        basis: articleOf(found.basis).zh,
        decided_on: on,
        authority_name: row.authorityName,
      },
      secret: null,
      facts: {
        item: ITEM,
        system: row.system === 'necips' ? 'market_supervision' : 'general',
        subjectKind: held.record.facts.subjectKind,
        decidedOn: on,
        publishedOn: on,
        ...NOTHING_KNOWN,
      },
      submissionId: row.id,
      rowN: 1,
      backfill: false,
    },
  ])
}
