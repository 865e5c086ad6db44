/** Objections in every state: waiting, overdue, upheld with siblings, rejected, reported before login, and a lawsuit. */
import { api, createReport } from '../capabilities/objections/index.ts'
import type { CorrectionAsk, ObjectionView } from '../capabilities/objections/contract.ts'
import type { Ground } from '../capabilities/objections/words.ts'
import type { RecordRow } from '../capabilities/records/contract.ts'
import { listRecordsOfSubject, shownOn } from '../capabilities/records/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Actor, type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import { type As, atHour, proof } from './cases.ts'

const { handlers } = api
type Play = {
  ground: Ground
  statement: string
  wanted: string
  /** Days before today; a decision, an extension. */
  since: number
  extended?: number
  decided?: {
    after: number
    outcome: 'upheld' | 'partly_upheld' | 'rejected'
    answer: string
    correction: (record: RecordRow) => CorrectionAsk | null
  }
}
const MINE: Play[] = [
  {
    ground: 'wrong_content',
    statement: '处罚决定书载明的违法事实与公示内容不一致，请核对后更正。',
    wanted: '按处罚决定书更正违法事实。',
    since: 4,
    extended: 2,
  },
  {
    ground: 'shown_too_long',
    statement: '罚款已缴清并完成整改，认为公示期限过长，请核查。',
    wanted: '核定公示期限。',
    since: 16,
  },
]
const THEIRS: Play[] = [
  {
    ground: 'wrong_content',
    statement: '公示的违法事实有笔误，与决定书不符。',
    wanted: '更正违法事实。',
    since: 20,
    decided: {
      after: 5,
      outcome: 'upheld',
      answer: '经核对处罚决定书，公示的违法事实录入有误，已按决定书更正。',
      correction: (record) => ({ does: 'correct', fields: { facts: `${said(record, 'facts')}（已按决定书核对）` } }),
    },
  },
  {
    ground: 'should_not_be_shown',
    statement: '处罚内容含有商业秘密，不应全部公示。',
    wanted: '停止公示。',
    since: 18,
    decided: {
      after: 4,
      outcome: 'rejected',
      answer: '经核查，公示内容均为依法应当公开的事项，不含商业秘密，异议不成立。',
      correction: () => null,
    },
  },
  {
    ground: 'omission',
    statement: '公示信息遗漏了从轻处罚的情节，请补充。',
    wanted: '补充从轻情节。',
    since: 12,
    decided: {
      after: 6,
      outcome: 'partly_upheld',
      answer: '经核查，决定书载有从轻情节，已补充说明；其余内容与决定书一致。',
      correction: (record) => ({ does: 'correct', fields: { facts: `${said(record, 'facts')}（具有从轻情节）` } }),
    },
  },
]
const said = (record: RecordRow, key: string): string =>
  typeof record.fields[key] === 'string' ? record.fields[key] : ''

type World = {
  runtime: Runtime
  today: LocalDate
  places: Record<string, { id: string }>
  mine: readonly string[]
  others: readonly string[]
}
export const playObjections = async (as: As, { runtime, today, places, mine, others }: World): Promise<void> => {
  const loginOf = (record: RecordRow, role: 'officer' | 'head'): string | null => {
    const key = ['market', 'safety'].find((k) => places[k]?.id === record.authorityId)
    return key ? `${key}-${role}` : null
  }
  const targetOf = async (subjectId: string, since: LocalDate): Promise<RecordRow | null> => {
    const records = await listRecordsOfSubject(runtime.db.kysely, subjectId, { item: 'penalty', shownOn: today })
    return (
      records.find((r) => loginOf(r, 'officer') && r.publishedOn < since && shownOn(r, 'credit_china', since)) ?? null
    )
  }
  const raise = async (login: string, record: RecordRow, play: Play): Promise<ObjectionView> => {
    const seat = as(login, addDays(today, -play.since), 10)
    const mandated = seat.actor.kind === 'person' && seat.actor.roles.includes('enterprise')
    const ctx: Ctx = mandated ? { ...seat, actor: { ...seat.actor, subjectIds: [record.subjectId] } as Actor } : seat
    const draft = await handlers.createObjection(ctx, {
      subject: record.subjectId,
      record: record.id,
      ground: play.ground,
      statement: play.statement,
      wanted: play.wanted,
      contactName: '演示联系人',
      contactPhone: '020-00000000',
    })
    const at = { subject: draft.subjectId, id: draft.id }
    await handlers.attachEvidence(ctx, { ...at, file: await proof(ctx) })
    return handlers.submitObjection(ctx, { ...at, seen: draft.version })
  }
  const here = new Set((await handlers.objectionGuide(as('window', today), {})).grounds.map((g) => g.ground))
  /** What the jurisdiction does not know is raised as wrong content. */
  const perform = async (login: string, subjectId: string, asked: Play): Promise<void> => {
    const play = here.has(asked.ground) ? asked : { ...asked, ground: 'wrong_content' as const }
    const record = await targetOf(subjectId, addDays(today, -play.since))
    if (!record) return
    const o = await raise(login, record, play)
    const at = { subject: o.subjectId, id: o.id, seen: o.version }
    const officer = loginOf(record, 'officer')!
    if (play.extended !== undefined)
      await handlers.extendObjection(as(officer, addDays(today, -play.extended), 15), {
        ...at,
        workdays: 5,
        reason: '需要调阅处罚案卷并向当事人核实。',
      })
    if (!play.decided) return
    const { after, outcome, answer, correction } = play.decided
    await handlers.decideObjection(as(officer, addDays(today, -play.since + after), 16), {
      ...at,
      outcome,
      answer,
      correction: correction(record),
    })
  }
  for (const [n, play] of MINE.entries()) if (mine[n]) await perform(n ? 'company-two' : 'company', mine[n], play)
  for (const [n, play] of THEIRS.entries()) if (others[n]) await perform('window', others[n], play)

  const [reported, own, sued] = others.slice(THEIRS.length)
  const about = async (subjectId: string | undefined) => (subjectId ? targetOf(subjectId, addDays(today, -1)) : null)
  const [seen, found, argued] = [await about(reported), await about(own), await about(sued)]
  if (seen)
    await createReport(systemCtx(atHour(runtime, addDays(today, -1), 20), 'demonstration'), {
      record: seen.id,
      text: '这条处罚信息不是我们公司的，统一社会信用代码可能填错了，请核实。',
      contactName: '演示来访人',
      contact: '020-00000001',
    })
  if (found)
    await handlers.openOwnMotion(as(loginOf(found, 'officer')!, addDays(today, -1), 15), {
      record: found.id,
      ground: 'wrong_content',
      reason: '内部核查发现罚款金额可能录入有误，正在调阅案卷。',
    })
  if (argued)
    await handlers.registerReview(as(loginOf(argued, 'officer')!, addDays(today, -2), 11), {
      record: argued.id,
      kind: 'reconsideration',
      body: '虚构区人民政府',
      caseNo: '虚府行复〔2026〕21号',
      filedOn: addDays(today, -9),
      suspended: false,
    })
}
