/** Repairs of last month, ratings with a reply, the month's report, and enterprises that are proven persistently abnormal. */
import { api as oversight, catchUp } from '../capabilities/oversight/index.ts'
import { listRecordsOfSubject } from '../capabilities/records/index.ts'
import { api as repair } from '../capabilities/repair/index.ts'
import { findSubjectByCode } from '../capabilities/subjects/index.ts'
import { Refused } from '../kernel/decision.ts'
import { type LocalDate, addDays, addMonths, later, yearOf } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { type As, type CaseSubject, accept, begin, grant } from './cases.ts'
import { type DemoRow, abnormalRow, penaltyRow } from './rows.ts'
import { type DemoSubject, type Scene, codeOf } from './world.ts'

type World = {
  runtime: Runtime
  scene: Scene
  places: Record<string, { id: string; name: string; code: string; word: string }>
  today: LocalDate
  handIn: (rows: DemoRow[]) => Promise<void>
}

const FIRST = 920_001
const companyOf = (scene: Scene, n: number, name: string): DemoSubject => ({
  name: `${name}有限公司`,
  code: codeOf('91', scene.division, FIRST + n),
  category: '91',
  trade: '商贸有限公司',
  field: '广告',
  legal: '钱虚构',
})

/** In last month: granted in time, granted late, refused. */
const LAST_MONTH = [
  { name: '虚构晨光', authority: 'market', accepted: 1, decided: 4, ends: 'granted' },
  { name: '虚构夜航', authority: 'safety', accepted: 8, decided: 13, ends: 'granted' },
  { name: '虚构远山', authority: 'market', accepted: 2, decided: 8, ends: 'refused' },
] as const
const APPLIED_ON = 7
const DECIDED_AGO = 210
const HANDED_IN_AFTER = 4

const playLastMonth = async (as: As, { runtime, scene, places, today, handIn }: World): Promise<void> => {
  const month = addMonths(`${today.slice(0, 7)}-01` as LocalDate, -1)
  const decided = addDays(today, -DECIDED_AGO)
  const companies = LAST_MONTH.map((c, n) => companyOf(scene, n, c.name))
  await handIn(
    companies.map((company, n) =>
      penaltyRow(company, {
        kind: 'fine',
        n: FIRST + n,
        decided,
        handedIn: addDays(decided, HANDED_IN_AFTER),
        today,
        places,
        authority: LAST_MONTH[n]!.authority,
        field: '广告',
      }),
    ),
  )
  for (const [n, plan] of LAST_MONTH.entries()) {
    const subject = await findSubjectByCode(runtime.db.kysely, companies[n]!.code)
    const [record] = subject ? await listRecordsOfSubject(runtime.db.kysely, subject.id, { item: 'penalty' }) : []
    if (!subject || !record) continue
    const c: CaseSubject = { subjectId: subject.id, recordId: record.id, authority: plan.authority }
    const applied = addDays(month, APPLIED_ON)
    const on = addDays(applied, plan.decided)
    const taken = await accept(as, c, await begin(as, c, applied), addDays(applied, plan.accepted))
    if (plan.ends === 'granted') await grant(as, c, taken, on)
    else {
      const officer = as(`${plan.authority}-officer`, on, 15)
      const view = await repair.handlers.getCase(officer, { subject: taken.subjectId, item: taken.id })
      const failing =
        view.conditions.find((x) => x.text.zh.includes('纠正') || x.text.zh.includes('整改')) ?? view.conditions[0]!
      const item = await repair.handlers.refuseItem(officer, {
        subject: taken.subjectId,
        item: taken.id,
        seen: taken.version,
        reason: '经核实，整改尚未完成。',
        conditions: [failing.code],
      })
      if (item.proposal)
        await repair.handlers.confirmProposal(as(`${plan.authority}-head`, on, 16), {
          subject: item.subjectId,
          item: item.id,
          seen: item.version,
          note: '同意。',
        })
    }
    const clerk = as('window', on, 17)
    const [decidedItem] = (await oversight.handlers.listMyRatings(clerk, { subject: subject.id, limit: 1 })).rows
    if (!decidedItem) continue
    const key = { subject: subject.id, item: decidedItem.itemId }
    await oversight.handlers.rateItem(
      clerk,
      plan.ends === 'granted'
        ? {
            ...key,
            score: plan.accepted > 3 ? 3 : 5,
            reasons: plan.accepted > 3 ? ['slow'] : ['fast', 'clear'],
            remark: '',
          }
        : { ...key, score: 2, reasons: ['unclear'], remark: '不清楚还需要补充哪些整改材料。' },
    )
  }
  const head = as('market-head', addDays(month, 24), 10)
  const [poor] = (await oversight.handlers.listRatings(head, { state: 'needed', limit: 1 })).rows
  if (poor)
    await oversight.handlers.replyToRating(head, {
      id: poor.id,
      seen: poor.version,
      reply: '已联系说明需要补充的整改材料，并在决定书中逐项列明。',
    })
}

const playCandidates = async ({ scene, places, today, handIn }: World): Promise<void> => {
  const year = today >= `${yearOf(today)}-08-01` ? yearOf(today) : yearOf(today) - 1
  const listed = (y: number) => `${y}-07-08` as LocalDate
  const reached = addDays(listed(year), 20)
  const [two, long] = [companyOf(scene, 11, '虚构旧渡贸易'), companyOf(scene, 12, '虚构迁址贸易')]
  const row = (s: DemoSubject, n: number, decided: LocalDate, cause: number): DemoRow =>
    abnormalRow(s, { n: FIRST + n, decided, handedIn: addDays(decided, HANDED_IN_AFTER), today, places, cause })
  await handIn([
    row(two, 21, listed(year - 1), 0),
    row(two, 22, listed(year), 0),
    row(two, 23, reached, 2),
    row(long, 24, listed(year - 2), 0),
    row(long, 25, reached, 2),
  ])
}

export const playOversight = async (as: As, world: World): Promise<void> => {
  const { runtime, today } = world
  await playLastMonth(as, world)
  await playCandidates(world)
  await catchUp(systemCtx(runtime, 'demonstration'))
  const office = as('credit-office', today, 9)
  if (runtime.policy.settings.some((s) => s.key === 'revocation_candidates'))
    await oversight.handlers.findCandidates(office, {})
  const month = `${today.slice(0, 7)}-01` as LocalDate
  const writer = as('credit-office', later(month, today < addDays(month, 2) ? today : addDays(month, 2)), 16)
  try {
    const draft = await oversight.handlers.draftRepairReport(writer, { month: addMonths(month, -1).slice(0, 7) })
    await oversight.handlers.publishRepairReport(writer, { id: draft.id, seen: draft.version })
  } catch (error) {
    // In the first days of a month everything of the demonstration may lie in this one.
    if (!(error instanceof Refused)) throw error
  }
}
