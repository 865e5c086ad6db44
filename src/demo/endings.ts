/** A company of another province, whose repair is passed on to its place of registration within three working days. */
import { listRecordsOfSubject } from '../capabilities/records/index.ts'
import { findSubjectByCode } from '../capabilities/subjects/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import type { Runtime } from '../platform/context.ts'
import { type As, type CaseSubject, accept, begin, grant } from './cases.ts'
import { type DemoRow, penaltyRow } from './rows.ts'
import { type DemoSubject, type Scene, codeOf } from './world.ts'

const ELSEWHERE: Record<string, { division: string; city: string }> = {
  '51': { division: '440104', city: '广州' },
}
const FAR = { division: '510104', city: '成都' }
const NUMBER = 900_001
const DECIDED_AGO = 150
const HANDED_IN_AGO = 146
const APPLIED_AGO = 6

type World = {
  runtime: Runtime
  scene: Scene
  places: Record<string, { id: string; name: string; code: string; word: string }>
  today: LocalDate
  handIn: (rows: DemoRow[]) => Promise<void>
}
export const playEndings = async (as: As, { runtime, scene, places, today, handIn }: World): Promise<void> => {
  const far = ELSEWHERE[scene.division.slice(0, 2)] ?? FAR
  const company: DemoSubject = {
    name: `${far.city}虚构蓉青商贸有限公司`,
    code: codeOf('91', far.division, NUMBER),
    category: '91',
    trade: '商贸有限公司',
    field: '其他',
    legal: '赵虚构',
  }
  await handIn([
    penaltyRow(company, {
      kind: 'fine',
      n: NUMBER,
      decided: addDays(today, -DECIDED_AGO),
      handedIn: addDays(today, -HANDED_IN_AGO),
      today,
      places,
      authority: 'market',
      field: '广告',
    }),
  ])
  const subject = await findSubjectByCode(runtime.db.kysely, company.code)
  const [record] = subject ? await listRecordsOfSubject(runtime.db.kysely, subject.id, { item: 'penalty' }) : []
  if (!subject || !record) return
  const c: CaseSubject = { subjectId: subject.id, recordId: record.id, authority: 'market' }
  const item = await begin(as, c, addDays(today, -APPLIED_AGO))
  await grant(as, c, await accept(as, c, item, addDays(today, -APPLIED_AGO + 1)), addDays(today, -1))
}
