/** The sets of the days gone by, and what authorities did about them on their own pages. */
import { api as results, chaseLate, closeDays } from '../capabilities/results/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { type As, atHour } from './cases.ts'

const { handlers } = results
/** Nobody answers there: a page that cannot be reached. */
const NO_PAGE = 'http://portal.demo.invalid/xzcf/list.html'
const OLD_DAYS = 14

export const playResults = async (runtime: Runtime, as: As, today: LocalDate): Promise<void> => {
  // What lies further back is closed at once, as on a platform that has just begun.
  for (let n = OLD_DAYS; n >= 0; n -= 1)
    await closeDays(systemCtx(atHour(runtime, addDays(today, -n), n === 0 ? 1 : 0), 'demonstration'))
  const desk = as('market-collector', today, 9)
  const office = as('credit-office', today, 9)
  const { rows } = await handlers.listTakedowns(desk, { view: 'open', limit: 50 })
  const keyOf = (t: (typeof rows)[number]) => ({ subjectId: t.subjectId, id: t.id, seen: t.version })
  const [gone, there, waits, never] = rows
  const judge = async (task: typeof gone, outcome: 'gone' | 'still_there', note: string) => {
    if (!task) return
    await handlers.confirmTakedowns(desk, { takedowns: [keyOf(task)], page: NO_PAGE, note: '' })
    const at = { subject: task.subjectId, id: task.id }
    const { version } = await handlers.getTakedown(office, at)
    await handlers.judgeTakedown(office, { ...at, outcome, note, seen: version })
  }
  await judge(gone, 'gone', '打开网页查看，已无该条信息')
  await judge(there, 'still_there', '打开网页查看，该条信息仍在第2页')
  if (waits) await handlers.confirmTakedowns(desk, { takedowns: [keyOf(waits)], page: NO_PAGE, note: '' })
  if (never) await handlers.declareNotShown(desk, { takedowns: [keyOf(never)], note: '简易程序作出，未在门户网站公示' })
  await chaseLate(systemCtx(atHour(runtime, today, 9), 'demonstration'))
}
