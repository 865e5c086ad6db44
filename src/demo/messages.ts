import { changeContact } from '../capabilities/access/index.ts'
import { prove } from '../capabilities/balance/index.ts'
import { remindDue } from '../capabilities/reminders/index.ts'
import { catchUp } from '../capabilities/timeliness/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { atHour } from './cases.ts'

type Scene = { runtime: Runtime; people: ReadonlyMap<string, { id: string }>; today: LocalDate }

/** Days back on which the platform looked for what is not mended: the collectors are told, then a head, then it is due for the circular. */
const LOOKED = [12, 7, 0]
/** Whom mail would reach if a mail server were set up; addresses of a domain that belongs to nobody. */
const REACHED = ['market-collector', 'market-head', 'safety-collector', 'safety-head', 'credit-office']

/** Reminders of two weeks, and last night's proof of the balance. */
export const playMessages = async ({ runtime, people, today }: Scene): Promise<void> => {
  const longAgo = systemCtx(atHour(runtime, addDays(today, -60), 9), 'demonstration')
  for (const [n, login] of REACHED.entries()) {
    const id = people.get(login)?.id
    if (id) await changeContact(longAgo, { id, email: `${login}@demo.example`, workPhone: `1380000000${n}`, seen: 0 })
  }
  await catchUp(systemCtx(runtime, 'demonstration'))
  for (const back of LOOKED) await remindDue(atHour(runtime, addDays(today, -back), 8))
  await prove(atHour(runtime, today, 2))
}
