import { mustNot } from '../../kernel/decision.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { findRecord } from '../records/index.ts'
import { subjectsById } from '../subjects/index.ts'
import { maskName } from '../../kernel/mask.ts'
import type { CorrectionAsk, SiblingView } from './contract.ts'
import { type Effect, itemOf } from './effects.ts'
import type { Objection } from './store.ts'
import * as faults from './store.faults.ts'

/** Records with the same fault as one that was put right: what they have in common, and what would put them right too. */

/** What is written out is rarely the same by chance; an amount, a day or a choice often is. */
const WRITTEN_OUT = 'text'
const DOC_NO = 'doc_no'
type Found = faults.Line & { keys?: string[] }

const look = async (ctx: Ctx, db: Reader, o: Objection, effect: Effect): Promise<Found[]> => {
  const on = today(ctx)
  const fault: faults.Fault = {
    authorityId: o.authorityId,
    item: o.recordItem,
    recordIds: [o.recordId, effect.recordId],
    submissionId: effect.submissionId,
  }
  if (effect.does === 'correct') {
    const fields = itemOf(ctx, { item: o.recordItem, publishedOn: o.recordDecidedOn })?.fields ?? []
    const wrong = effect.changes
      .filter((c) => c.key !== DOC_NO)
      .map(({ key, was }) => {
        const type = fields.find((f) => f.key === key)?.type ?? 'text'
        return { key, was: JSON.stringify(was ?? null), common: was === null || type !== WRITTEN_OUT }
      })
    return faults.sayingTheSame(db, { ...fault, wrong })
  }
  if (o.ground === 'double_publicity') return faults.otherDoubles(db, fault, on)
  if (effect.does === 'annul' && o.ground === 'wrong_content')
    return faults.besideOnFile(db, { ...fault, subjectId: o.subjectId })
  if (effect.does === 'reopen') return []
  return faults.shownAlike(db, { ...fault, subjectId: o.subjectId, rule: effect.rule }, on)
}

const WHY = {
  double: { zh: '同一决定重复公示', en: 'The same decision is shown twice' },
  beside: { zh: '同一批次报送在同一主体名下', en: 'On the same file by the same submission' },
  alike: { zh: '依同一规则公示', en: 'Shown by the same rule' },
} satisfies Record<string, Words>

const whyOf = (ctx: Ctx, o: Objection, effect: Effect, found: Found): Words => {
  if (effect.does === 'correct') {
    const fields = itemOf(ctx, { item: o.recordItem, publishedOn: o.recordDecidedOn })?.fields ?? []
    const names = fields.filter((f) => found.keys?.includes(f.key)).map((f) => f.label)
    return {
      zh: `${names.map((n) => `“${n.zh}”`).join('、')}的内容相同`,
      en: `The same in ${names.map((n) => `“${n.en}”`).join(', ')}`,
    }
  }
  if (o.ground === 'double_publicity') return WHY.double
  return effect.does === 'annul' && o.ground === 'wrong_content' ? WHY.beside : WHY.alike
}

export const siblingsOf = async (ctx: Ctx, db: Reader, o: Objection, effect: Effect): Promise<SiblingView[]> => {
  const found = await look(ctx, db, o, effect)
  const subjects = await subjectsById(
    db,
    found.map((f) => f.subjectId),
  )
  return found.map((f) => {
    const subject = subjects.get(f.subjectId)
    const name = subject?.name ?? ''
    return {
      subjectId: f.subjectId,
      recordId: f.id,
      subjectName: subject?.kind === 'natural_person' ? maskName(name) : name,
      docNo: f.docNo,
      decidedOn: f.decidedOn,
      authorityName: f.authorityName,
      sameSubmission: f.submissionId === effect.submissionId,
      why: whyOf(ctx, o, effect, f),
      version: f.version,
    }
  })
}

/** What puts a sibling right: only the fields in which it says the same wrong thing. */
export const correctionFor = async (
  db: Reader,
  effect: Effect,
  of: { subjectId: string; recordId: string },
  today: Effect['on'],
): Promise<CorrectionAsk> => {
  if (effect.does === 'annul') return { does: 'annul', cause: effect.cause ?? 'other' }
  if (effect.does === 'stop_showing') return { does: 'stop_showing', from: today, channel: effect.channel }
  if (effect.does === 'reopen') return mustNot('NO_SUCH_SIBLING')
  const record = (await findRecord(db, of.subjectId, of.recordId)) ?? mustNot('NO_SUCH_SIBLING')
  const same = effect.changes.filter(
    (c) => c.key !== DOC_NO && JSON.stringify(record.fields[c.key] ?? null) === JSON.stringify(c.was ?? null),
  )
  const sent = (value: Effect['changes'][number]['becomes']) => (typeof value === 'boolean' ? String(value) : value)
  return { does: 'correct', fields: Object.fromEntries(same.map((c) => [c.key, sent(c.becomes)])) }
}
