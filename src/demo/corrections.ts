/** Codes and names that disagree, what was asked about them, and two files that are about to be brought together. */
import { api, openFromConflicts } from '../capabilities/corrections/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { type As, atHour } from './cases.ts'
import { type DemoRow, penaltyRow } from './rows.ts'
import { type DemoSubject, type Scene, codeOf } from './world.ts'

const { handlers } = api
type Places = Parameters<typeof penaltyRow>[1]['places']
/** Far from the codes of the district's own subjects. */
const SECOND_CODE = 700_001
const LONG_AGO = -32
const LATELY = -12

/** One under another name, long ago; one under another code, lately. */
export const codeRows = (subjects: DemoSubject[], scene: Scene, today: LocalDate, places: Places): DemoRow[] => {
  const make = (i: number, n: number, since: number, change: Record<string, string>): DemoRow => {
    const handedIn = addDays(today, since)
    const decided = addDays(handedIn, -2)
    const row = penaltyRow(subjects[i]!, { kind: 'fine', n, decided, handedIn, today, places, authority: 'safety' })
    return { ...row, handedIn, fields: { ...row.fields, ...change } }
  }
  return [
    make(60, 91001, LONG_AGO, { subject_name: subjects[60]!.name.replace('有限公司', '实业有限公司') }),
    make(61, 91002, LATELY, { uscc: codeOf('91', scene.division, SECOND_CODE) }),
  ]
}

/** The first is overdue; the second was answered and accepted, and the files wait for the second person. */
export const playCorrections = async (
  runtime: Runtime,
  as: As,
  { subjects, today }: { subjects: DemoSubject[]; today: LocalDate },
): Promise<void> => {
  for (const since of [LONG_AGO + 1, LATELY + 1]) {
    const at = addDays(today, since)
    await openFromConflicts(systemCtx(atHour(runtime, at, 9), 'demonstration'))
  }
  // What was found yesterday is asked about today.
  await openFromConflicts(systemCtx(atHour(runtime, today, 8), 'demonstration'))
  const office = as('credit-office', addDays(today, -3))
  const { rows } = await handlers.listTasks(office, { view: 'open', limit: 100 })
  const double = rows.find((t) => t.kind === 'one_name_two_codes' && t.name === subjects[61]!.name)
  if (!double) return
  const answered = await handlers.answerTask(as('market-officer', addDays(today, -6)), {
    id: double.id,
    seen: double.version,
    outcome: 'corrected',
    code: subjects[61]!.code,
    name: null,
    nameIs: null,
    validFrom: null,
    text: '经核对登记档案，另一代码系信源单位误录，两者为同一企业。',
  })
  await handlers.acceptAnswer(office, { id: double.id, seen: answered.version, note: '' })
}
