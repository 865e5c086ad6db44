import { termOf } from '../../kernel/eligibility.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RecordFacts } from '../../kernel/window.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import type { Words } from '../../kernel/words.ts'

export type WithdrawalTerm = {
  startedOn: LocalDate
  dueOn: LocalDate
  late: boolean
  instrument: Words
  article: string
}

/**
 * A decision that was annulled or changed is withdrawn within so many working days of the day on which it was (行政处罚法第四十八条,
 * Order 45 art. 11). Null where that day was not given, or no rule sets a term.
 */
export const withdrawalTerm = (
  policy: Policy,
  facts: RecordFacts,
  annulledOn: LocalDate | null,
  doneOn: LocalDate,
): WithdrawalTerm | null => {
  const system = facts.system === 'market_supervision' ? 'necips' : 'credit_china'
  const term = annulledOn && termOf(policy, system, 'withdraw_annulled', annulledOn, facts)
  if (!annulledOn || !term || !term.workdays) return null
  const { day } = addWorkdays(calendarOf(policy), annulledOn, term.workdays)
  return { startedOn: annulledOn, dueOn: day, late: doneOn > day, instrument: term.instrument, article: term.article }
}
