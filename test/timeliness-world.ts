/** Records that were reported on a day, corrected, annulled: what the timeliness of reporting is counted from. */
import { randomUUID } from 'node:crypto'
import { dispose, storeRecords } from '../src/capabilities/records/index.ts'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { day } from '../src/kernel/time.ts'
import { inTx } from '../src/platform/outbox.ts'
import { type Platform, codeFrom } from './harness.ts'
import { penalty } from './records-world.ts'

let serial = 40_000
export type Reported = { subjectId: string; recordId: string; row: NewRecord }
export type ReportAsk = {
  authorityId: string
  docNo: string
  decidedOn: string
  item?: string
  backfill?: boolean
  fields?: Record<string, unknown>
  /** On this subject's file; a new one when absent. */
  subjectId?: string
  kind?: 'enterprise' | 'natural_person'
}

export const newCompany = async (p: Platform): Promise<string> => {
  const n = ++serial
  const [answer] = await inTx(p.ctx(), (tx) =>
    resolveSubjects(tx, p.ctx(), [
      {
        kind: 'enterprise',
        name: `广州及时第${n}贸易有限公司`,
        uscc: codeFrom(`91440106MA6${String(n).padStart(6, '0')}`),
        division: '440106',
      },
    ]),
  )
  if (!answer?.ok) throw new Error('no subject')
  return answer.subjectId
}

/** Reports one decision now. */
export const report = async (p: Platform, ask: ReportAsk): Promise<Reported> => {
  const subjectId = ask.subjectId ?? (await newCompany(p))
  const decidedOn = day(ask.decidedOn)
  const made = penalty(subjectId, ++serial, { decidedOn, publishedOn: decidedOn })
  const item = ask.item ?? 'penalty'
  const row: NewRecord = {
    ...made,
    item,
    authorityId: ask.authorityId,
    authorityKey: ask.authorityId,
    docNo: ask.docNo,
    fields: { ...made.fields, doc_no: ask.docNo, ...ask.fields },
    facts: { ...made.facts, item, decidedOn, publishedOn: decidedOn },
    submissionId: randomUUID(),
    backfill: ask.backfill ?? false,
  }
  return { subjectId, row, recordId: await store(p, row) }
}
const store = async (p: Platform, row: NewRecord): Promise<string> => {
  const [outcome] = await inTx(p.ctx(), (tx) => storeRecords(tx, p.ctx(), [row]))
  if (!outcome) throw new Error('no outcome')
  return outcome.recordId
}
/** The same decision again, said otherwise. */
export const correct = async (p: Platform, held: Reported, over: Partial<NewRecord>): Promise<Reported> => {
  const row: NewRecord = { ...held.row, ...over, fields: { ...held.row.fields, content: randomUUID() } }
  const facts = { ...row.facts, decidedOn: row.decidedOn }
  await store(p, { ...row, facts })
  return { ...held, row: { ...row, facts } }
}
const disposing = (p: Platform, held: Reported, kind: 'annulled' | 'repaired', reason: string) =>
  inTx(p.ctx(), (tx) =>
    dispose(tx, p.ctx(), {
      subjectId: held.subjectId,
      recordId: held.recordId,
      kind,
      channel: null,
      effectiveFrom: day('2026-11-23'),
      reason,
      basis: {},
    }),
  )
export const annul = (p: Platform, held: Reported) => disposing(p, held, 'annulled', '撤销')
/** It is shown no more, and was reported when it was. */
export const repair = (p: Platform, held: Reported) => disposing(p, held, 'repaired', '准予信用修复')
