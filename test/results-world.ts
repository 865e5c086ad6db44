/** A record of the authority that decides about its repair, and what happens to it without anybody applying. */
import { type LocalDate, dayOf } from '../src/kernel/time.ts'
import type { DispositionKind } from '../src/kernel/window.ts'
import { inTx } from '../src/platform/outbox.ts'
import { dispose, findRecord } from '../src/capabilities/records/index.ts'
import type { Platform } from './harness.ts'
import { type Held, newRecord, newSubject } from './repair-world.ts'

export type Given = { subject: Held; subjectId: string; recordId: string; docNo: string }
export const today = (p: Platform): LocalDate => dayOf(p.ctx().clock.now())
export const give = async (p: Platform): Promise<Given> => {
  const subject = await newSubject(p)
  const recordId = await newRecord(p, { subject, kind: 'samr_penalty' })
  const record = await findRecord(p.ctx().db.kysely, subject.subjectId, recordId)
  return { subject, subjectId: subject.subjectId, recordId, docNo: record!.docNo }
}
export const change = (p: Platform, of: Pick<Given, 'subjectId' | 'recordId'>, kind: DispositionKind) =>
  inTx(p.ctx(), (tx) =>
    dispose(tx, p.ctx(), {
      subjectId: of.subjectId,
      recordId: of.recordId,
      kind,
      channel: null,
      effectiveFrom: today(p),
      reason: '准予修复',
      basis: { rule: 'test' },
    }),
  )
