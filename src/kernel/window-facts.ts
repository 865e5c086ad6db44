import type { AuthorityLevel, FactsWhen, ItemCode, PenaltyKind, Policy, SubjectKind } from './policy.ts'
import type { LocalDate } from './time.ts'

/** Everything the rules may look at. Unknown is null, never a guess. */
export type RecordFacts = {
  item: ItemCode
  /** The administrative system of the deciding authority. */
  system: string
  /** At which level the deciding authority stands; null where that is not known. */
  level?: AuthorityLevel | null
  subjectKind: SubjectKind
  /** The day of the decision, document or listing. */
  decidedOn: LocalDate
  /** The day it was first published here (the day of acceptance). */
  publishedOn: LocalDate
  procedure: 'summary' | 'ordinary' | null
  penaltyKinds: PenaltyKind[]
  fineYuan: number | null
  discretion: 'reduced' | 'lighter' | 'ordinary' | 'heavier' | null
  field: string | null
  fineTier: 'small' | 'large' | 'huge' | null
  sectorClass: 'minor' | 'general' | 'serious' | null
  /** The sector authority finds publication of this minor record necessary. */
  minorPublished: boolean | null
  /** Last day of a penalty with a term. */
  termEndsOn: LocalDate | null
  list: string | null
  listCause: string | null
  repeatOffender: boolean | null
  /** Of an inspection: what it found. */
  result?: 'negative' | 'positive' | null
}

/** Of a record of which nothing but its kind, its subject and its days is known. */
export const NOTHING_KNOWN = {
  procedure: null,
  penaltyKinds: [] as PenaltyKind[],
  fineYuan: null,
  discretion: null,
  field: null,
  fineTier: null,
  sectorClass: null,
  minorPublished: null,
  termEndsOn: null,
  list: null,
  listCause: null,
  repeatOffender: null,
} satisfies Partial<RecordFacts>

const among = <T>(allowed: readonly T[] | undefined, value: T | null): boolean =>
  allowed === undefined || (value !== null && allowed.includes(value))
const same = <T>(wanted: T | undefined, value: T | null): boolean => wanted === undefined || wanted === value

/** Whether a row's conditions hold of a record, looking at one of its penalty kinds. An unknown fact never satisfies a condition. */
export const meets = (when: FactsWhen, facts: RecordFacts, kind: PenaltyKind | null): boolean =>
  among(when.item, facts.item) &&
  among(when.recordSystem, facts.system) &&
  !when.recordSystemNot?.includes(facts.system) &&
  among(when.subjectKind, facts.subjectKind) &&
  among(when.procedure, facts.procedure) &&
  among(when.kind, kind) &&
  among(when.fineTier, facts.fineTier) &&
  (when.fineYuanAtMost === undefined || (facts.fineYuan !== null && facts.fineYuan <= when.fineYuanAtMost)) &&
  among(when.discretion, facts.discretion) &&
  among(when.field, facts.field) &&
  among(when.sectorClass, facts.sectorClass) &&
  same(when.minorPublished, facts.minorPublished) &&
  same(when.repeatOffender, facts.repeatOffender) &&
  among(when.list, facts.list) &&
  among(when.listCause, facts.listCause) &&
  among(when.result, facts.result ?? null)

/** The same of a record as a whole: by any of its kinds of penalty, whichever is named first. */
export const meetsAny = (when: FactsWhen, facts: RecordFacts): boolean =>
  facts.penaltyKinds.length ? facts.penaltyKinds.some((k) => meets(when, facts, k)) : meets(when, facts, null)

const finesOf = new WeakMap<object, number[]>()
/**
 * Between which bounds of the rules a fine lies: facts that differ in their fine alone, within the same bounds, have the same
 * windows but for the amount that their inputs note.
 */
export const fineStep = (policy: Pick<Policy, 'regimes'>, fineYuan: number | null): number => {
  if (fineYuan === null) return -1
  let bounds = finesOf.get(policy.regimes)
  if (!bounds) {
    const all = policy.regimes.flatMap((r) => r.windows.flatMap((w) => w.when.fineYuanAtMost ?? []))
    bounds = [...new Set(all)].toSorted((a, b) => a - b)
    finesOf.set(policy.regimes, bounds)
  }
  let step = 0
  while (step < bounds.length && fineYuan > (bounds[step] as number)) step++
  return step
}
