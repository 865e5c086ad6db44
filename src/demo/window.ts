/** What authorities know of one company and have shared: its next application has nothing to ask for. */
import { listRecordsOfSubject } from '../capabilities/records/index.ts'
import { api } from '../capabilities/repair/index.ts'
import { getSubject } from '../capabilities/subjects/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import type { Runtime } from '../platform/context.ts'
import type { As } from './cases.ts'

const { handlers } = api
const SHARED_AGO = 5

type World = { subjectId: string; places: Record<string, { id: string }>; today: LocalDate }
export const playWindow = async (runtime: Runtime, as: As, { subjectId, places, today }: World): Promise<void> => {
  const db = runtime.db.kysely
  const subject = await getSubject(db, subjectId)
  const code = subject?.code
  if (!code) return
  const on = addDays(today, -SHARED_AGO)
  for (const [place, login] of [
    ['market', 'market-officer'],
    ['safety', 'safety-officer'],
  ] as const) {
    const records = await listRecordsOfSubject(db, subjectId, { item: 'penalty' })
    const facts = records
      .filter((r) => r.authorityId === places[place]?.id && r.decidedOn <= on)
      .flatMap((r) => [
        {
          code,
          docNo: r.docNo,
          fact: 'dutiesPerformed' as const,
          value: true,
          on,
          reference: `缴款凭证${r.docNo.replaceAll(/\D/g, '')}`,
        },
        { code, docNo: r.docNo, fact: 'corrected' as const, value: true, on, reference: '' },
      ])
    if (facts.length) await handlers.shareFacts(as(login, today, 9), { facts })
  }
  const filed = { code, fact: 'annualReportFiled' as const, value: true, on, reference: '' }
  await handlers.shareFacts(as('market-officer', today, 9), { facts: [filed] })
}
