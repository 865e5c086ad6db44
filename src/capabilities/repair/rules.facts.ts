import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import type { Known } from '../../kernel/eligibility.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { KnownFact, MaterialRule, Policy } from '../../kernel/policy.ts'
import { type LocalDate, addDays, addPeriod, dayOf, type Instant } from '../../kernel/time.ts'
import type { SharedFact } from './contract.ts'
import { FACT_WORDS, SHARER_WORDS } from './words.facts.ts'

/** What authorities shared stands in for what the applicant would have to declare and prove (Order 107 art. 14(2)). */
export type FactRow = {
  subjectId: string
  id: string
  fact: SharedFact
  value: boolean
  on: LocalDate
  recordId: string | null
  authorityId: string
  authorityName: string
  via: 'system' | 'person'
  reference: string
  rule: string
  givenAt: Instant
  givenBy: string
  withdrawnAt: Instant | null
  withdrawnWhy: string | null
}

type Sharing = { about: 'record' | 'subject'; by: string[] }
export type Sharer = { authorityId: string; system: string }
type Named = { fact: SharedFact; on: LocalDate; hasDocNo: boolean }
type RecordNamed = { id: string; authorityId: string; decidedOn: LocalDate } | null

/** Whether this authority may say this: who may is policy. Answers the rule it rests on. */
export const mayShare = (
  given: Named,
  record: RecordNamed,
  sharer: Sharer,
  policy: Pick<Policy, 'settings'>,
  today: LocalDate,
): Decision<{ rule: string; about: Sharing['about'] }> => {
  const row = settingOf(policy, 'shared_facts', today)
  const sharing = (row?.value as Partial<Record<string, Sharing>> | undefined)?.[given.fact]
  const fact = FACT_WORDS[given.fact]
  if (!row || !sharing) return refuse('FACT_NOT_YOURS', { fact, who: SHARER_WORDS.own })
  if (given.on > today) return refuse('FACT_IN_FUTURE', { day: given.on })
  if (sharing.about === 'record' && !given.hasDocNo) return refuse('FACT_NEEDS_RECORD', { fact })
  const own = record !== null && record.authorityId === sharer.authorityId
  const may = sharing.by.some((by) => (by === 'own' ? own : by === sharer.system))
  if (!may) {
    const who = sharing.by.map((by) => SHARER_WORDS[by] ?? SHARER_WORDS.own!)
    return refuse('FACT_NOT_YOURS', {
      fact,
      who: { zh: who.map((w) => w.zh).join('或者'), en: who.map((w) => w.en).join(' or ') },
    })
  }
  if (record && given.on < record.decidedOn) return refuse('FACT_TOO_EARLY', { day: record.decidedOn })
  return allow({ rule: row.id, about: sharing.about })
}

/** Of a record count its own facts, and those of the subject that came about since it was decided; the latest stands. */
export const factsFor = (
  facts: readonly FactRow[],
  record: { id: string; decidedOn: LocalDate },
): Map<SharedFact, FactRow> => {
  const found = new Map<SharedFact, FactRow>()
  const fits = facts.filter(
    (f) => f.withdrawnAt === null && (f.recordId === record.id || (f.recordId === null && f.on >= record.decidedOn)),
  )
  for (const f of fits) {
    const held = found.get(f.fact)
    if (!held || held.on < f.on || (held.on === f.on && held.givenAt < f.givenAt)) found.set(f.fact, f)
  }
  return found
}

/** What is shared goes before what is declared. */
export const knownWith = (known: Known, shared: ReadonlyMap<SharedFact, FactRow>): Known => {
  const filled: Known = { ...known }
  for (const [fact, row] of shared) filled[fact] = row.value
  return filled
}

/**
 * Kinds of material that nobody needs to hand in for a record: each fact that its conditions still ask for, and that the
 * material would prove, has been shared.
 */
export const sharedMaterials = (
  rules: readonly Pick<MaterialRule, 'code'>[],
  asked: readonly KnownFact[],
  shared: ReadonlyMap<SharedFact, FactRow>,
  policy: Pick<Policy, 'settings'>,
  today: LocalDate,
): Map<string, FactRow[]> => {
  const proves = (settingOf(policy, 'material_proves', today)?.value ?? []) as {
    material: string
    facts: KnownFact[]
  }[]
  const found = new Map<string, FactRow[]>()
  for (const { code } of rules) {
    const facts = asked.filter((f) => proves.some((p) => p.material === code && p.facts.includes(f)))
    const rows = facts.flatMap((f) => shared.get(f as SharedFact) ?? [])
    if (facts.length && rows.length === facts.length && rows.every((r) => r.value)) found.set(code, rows)
  }
  return found
}

/** The last day on which a kept file may be used again: its own, or that of the library, whichever comes first. */
export const usableUntil = (
  file: { uploadedAt: Instant; validUntil: LocalDate | null },
  policy: Pick<Policy, 'settings'>,
  today: LocalDate,
): LocalDate | null => {
  const period = settingOf(policy, 'library_period', today)?.value as string | undefined
  if (!period) return null
  const last = addDays(addPeriod(dayOf(file.uploadedAt), period), -1)
  return file.validUntil !== null && file.validUntil < last ? file.validUntil : last
}
