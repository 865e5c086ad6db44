import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import type { Role } from '../../kernel/roles.ts'
import type { Actor } from '../../platform/context.ts'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { foundIn } from '../../../test/preflights.ts'
import { ANSWER, type Desk, at, key, openDesk } from '../../../test/objections-world.ts'
import { csvOf, penalty } from '../../../test/penalty-rows.ts'
import { newSubject, newRecord, submitted, at as atItem, worker } from '../../../test/repair-world.ts'
import { endpoints as collectionEndpoints } from '../collection/contract.ts'
import { endpoints as messageEndpoints } from '../messages/contract.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import { followUp } from '../repair/service.follow.ts'
import { endpoints } from './contract.ts'
import { escalate, passOnWaiting } from './jobs.ts'
import { openOwnMotion } from './service.cases.ts'
import { selfCheck } from './service.findings.ts'
import { tendReports } from './service.reports.ts'
import { createObjection, submitObjection } from './service.ts'

describeEngines('the objection desk', (p) => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk(p())
    await desk.send(Array.from({ length: 30 }, (_, i) => penalty(i + 1)))
  })
  const db = () => p().runtime.db.kysely
  /** Sessions do not last over days. */
  const turn = async (to: string) => {
    p().clock.set(to)
    await desk.signIn()
  }
  const titles = async (who: { client: Desk['callers']['head']['client'] }) =>
    (await who.client(messageEndpoints).listInbox({})).rows.map((m) => m.title.zh)

  it('finds nothing wrong on a clean database', async () => {
    await selfCheck(p().ctx())
    const { rows, counts, checked } = await desk.office.listFindings({})
    expect(rows).toEqual([])
    expect(counts.map((c) => c.open)).toEqual([0, 0, 0])
    expect(checked?.records).toBe(30)
  })

  it('what was corrected or taken back does not come back by a report; the head lets it in with a reason', async () => {
    const to = await desk.held(1)
    const o = await desk.objects(to, 'wrong_content')
    const correction = { does: 'correct', fields: { fine: '0.1' } } as const
    await desk.officer.decideObjection({ ...at(o), outcome: 'upheld', answer: ANSWER, correction })
    const again = await desk.send([penalty(1), penalty(2)])
    expect(again).toMatchObject({ refused: 1, alreadyHeld: 1, problems: ['kept_out'] })
    const collector = desk.callers.collector.client(collectionEndpoints)
    const row = (await collector.listRows({ id: again.id })).rows.find((r) => r.verdict === 'refused')
    expect(row?.problems[0]?.reason).toContain('“罚款金额（万元）”')
    expect(row?.problems[0]?.reason).toContain(o.no)
    expect(row?.problems[0]?.mend).toContain('负责人')
    const file = { name: 'a.csv', body: csvOf([penalty(1)]) }
    expect(await foundIn(desk.callers.collector, { item: 'penalty', file })).toMatchObject({ refused: 1, accepted: 0 })
    // The right amount is taken, other changes included.
    const right = penalty(1, { '罚款金额(万元)': '0.1', 处罚内容: '罚款1000元' })
    expect(await desk.send([right])).toMatchObject({ accepted: 1 })

    const mine = desk.callers.collector.client(endpoints)
    const stone = (await mine.listTombstones({})).rows.find((t) => t.recordId === to.record)!
    expect(stone).toMatchObject({ objectionNo: o.no, mayLift: false, fields: [{ value: '0.2万元' }], lifted: null })
    const head = (await desk.head.listTombstones({})).rows.find((t) => t.id === stone.id)!
    expect(head.mayLift).toBe(true)
    const market = (await p().as('head')).client(endpoints)
    const reason = '经复核，原金额无误，以决定书为准。'
    expect((await problemOf(market.liftTombstone({ id: stone.id, reason }))).code).toBe('NO_SUCH_TOMBSTONE')
    const lifted = await desk.head.liftTombstone({ id: stone.id, reason })
    expect(lifted.lifted).toMatchObject({ reason, by: expect.stringContaining('desk-head') })
    expect((await problemOf(desk.head.liftTombstone({ id: stone.id, reason }))).code).toBe('TOMBSTONE_LIFTED')
    expect(await desk.send([penalty(1)])).toMatchObject({ accepted: 1 })
    expect((await desk.office.listTombstones({ state: 'lifted' })).rows.map((t) => t.id)).toEqual([stone.id])
  })

  it('what was taken back whole is the head’s to bring back', async () => {
    const to = await desk.held(3)
    const o = await desk.objects(to, 'should_not_be_shown')
    const correction = { does: 'annul', cause: 'not_collectable' } as const
    await desk.officer.decideObjection({ ...at(o), outcome: 'upheld', answer: ANSWER, correction })
    expect(await desk.send([penalty(3)])).toMatchObject({ refused: 1, problems: ['annulled_before'] })
    const records = desk.callers.collector.client(recordEndpoints)
    const refused = await problemOf(records.reinstateRecord({ id: to.record, seen: 1, reason: '误撤销，恢复' }))
    expect(refused).toMatchObject({ code: 'REMOVED_BY_OBJECTION' })
    expect(refused.detail).toContain(o.no)
    const stone = (await desk.head.listTombstones({})).rows.find((t) => t.recordId === to.record)!
    expect(stone.fields).toEqual([])
    await desk.head.liftTombstone({ id: stone.id, reason: '复核后认为应当公示。' })
    expect(await desk.held(3)).toMatchObject({ shown: true })
    // What was only not shown any more is shown again.
    const hidden = await desk.objects(await desk.held(4), 'should_not_be_shown')
    const stop = { does: 'stop_showing', from: '2026-11-23' } as const
    await desk.officer.decideObjection({ ...at(hidden), outcome: 'upheld', answer: ANSWER, correction: stop })
    expect((await desk.held(4)).shown).toBe(false)
    const second = (await desk.head.listTombstones({})).rows.find((t) => t.recordId === hidden.about.recordId)!
    await desk.head.liftTombstone({ id: second.id, reason: '复核后认为应当公示。' })
    expect((await desk.held(4)).shown).toBe(true)
  })

  it('takes reports from anyone, a few a day from one place, and makes an objection of what the office takes up', async () => {
    const to = await desk.held(5)
    const anyone = p().anonymous().client(endpoints)
    const ask = { record: to.record, text: '这不是我们单位的处罚。', contactName: '赵六', contact: '13900000000' }
    const made = await anyone.createReport(ask)
    expect(made.no).toMatch(/^440100-FY-20261123-\d{4}$/)
    const stored = await sql<{ secret: string; digest: string }>`
      select encode(contact_secret, 'escape') as secret, token_digest as digest from objections.report where no = ${made.no}`.execute(
      db(),
    )
    expect(stored.rows[0]?.secret).not.toContain('13900000000')
    expect(stored.rows[0]?.digest).not.toBe(made.token)
    expect(await anyone.getReportStatus({ no: made.no, token: made.token })).toMatchObject({
      state: 'received',
      answer: null,
    })
    expect((await problemOf(anyone.getReportStatus({ no: made.no, token: 'x' }))).code).toBe('NO_SUCH_REPORT')
    const unknown = '01990000-0000-7000-8000-000000000000'
    expect((await problemOf(anyone.createReport({ ...ask, record: unknown }))).code).toBe('NO_SUCH_TARGET')
    expect(await titles(await p().as('credit_office'))).toContain(`公众反映待处理（${made.no}）`)
    const list = await desk.office.listReports({})
    expect(list.counts).toEqual({ received: 1, overdue: 0 })
    const view = await desk.office.getReport({ id: list.rows[0]!.id })
    expect(view).toMatchObject({
      contact: '13900000000',
      text: ask.text,
      actions: ['take_up', 'dismiss'],
      dueOn: '2026-11-26',
    })
    const take = { id: view.id, seen: view.version, ground: 'wrong_content' } as const
    const misfit = await problemOf(desk.office.takeUpReport({ ...take, ground: 'not_granted' }))
    expect(misfit.code).toBe('GROUND_MISFITS')
    const taken = await desk.office.takeUpReport(take)
    expect(taken).toMatchObject({ state: 'taken_up', actions: [] })
    expect((await problemOf(desk.office.takeUpReport(take))).code).toBe('STALE')
    expect((await problemOf(desk.office.takeUpReport({ ...take, seen: taken.version }))).code).toBe('NO_SUCH_MOVE')
    const o = await desk.officer.getObjection({ subject: to.subject, id: taken.objectionId! })
    expect(o).toMatchObject({ wayIn: 'report', state: 'verifying', marked: true })
    await desk.officer.decideObjection({
      ...at(o),
      outcome: 'upheld',
      answer: '经核实，主体信息有误，已撤回。',
      correction: { does: 'annul', cause: 'wrong_subject' },
    })
    expect(await anyone.getReportStatus({ no: made.no, token: made.token })).toMatchObject({
      objectionState: 'applied',
      answer: '经核实，主体信息有误，已撤回。',
    })
    const other = await anyone.createReport({ ...ask, record: (await desk.held(6)).record })
    const late = await desk.office.listReports({})
    p().clock.advance({ days: 7 })
    await tendReports(p().ctx())
    expect(await titles(await p().as('credit_office'))).toContain(`公众反映逾期未处理（${other.no}）`)
    p().clock.advance({ days: -7 })
    const dismissed = await desk.office.dismissReport({ id: late.rows[0]!.id, seen: 1, answer: '经核对主体信息无误。' })
    expect(dismissed.state).toBe('dismissed')
    expect(await anyone.getReportStatus({ no: other.no, token: other.token })).toMatchObject({
      answer: '经核对主体信息无误。',
    })
    const seven = { ...ask, record: (await desk.held(7)).record }
    for (let i = 0; i < 5; i++) await anyone.createReport(seven)
    expect(await problemOf(anyone.createReport(seven))).toMatchObject({ status: 429, code: 'TOO_MANY_REPORTS' })
    const district = (await p().as('officer')).client(endpoints)
    expect((await problemOf(district.listReports({}))).status).toBe(403)
    expect((await problemOf(desk.office.getReport({ id: unknown }))).code).toBe('NO_SUCH_REPORT')
  })

  it('what is late goes up: to the head at once, then to the credit office, each once', async () => {
    const o = await desk.objects(await desk.held(8), 'wrong_content')
    await escalate(p().ctx())
    expect(await titles(desk.callers.head)).not.toContain(`异议逾期（${o.no}）`)
    await turn('2026-12-03T02:00:00Z')
    try {
      const refused = await problemOf(desk.officer.extendObjection({ ...at(o), workdays: 1, reason: '仍在核实。' }))
      expect(refused.code).toBe('EXTENSION_TOO_LATE')
      await escalate(p().ctx())
      await escalate(p().ctx())
      expect((await titles(desk.callers.head)).filter((t) => t === `异议逾期（${o.no}）`)).toHaveLength(1)
      expect(await titles(await p().as('credit_office'))).not.toContain(`异议逾期（${o.no}）`)
      expect((await desk.officer.objectionQueue({ view: 'overdue' })).rows.map((r) => r.id)).toContain(o.id)
      expect((await desk.office.objectionQueue({ view: 'overdue' })).counts.overdue).toBeGreaterThan(0)
      await turn('2026-12-04T02:00:00Z')
      await escalate(p().ctx())
      expect(await titles(await p().as('credit_office'))).toContain(`异议逾期（${o.no}）`)
      const answer = '经核对一致，异议不成立。'
      const late = await desk.officer.decideObjection({ ...at(o), outcome: 'rejected', answer })
      expect(late.workdays).toBe(9)
    } finally {
      await turn('2026-11-23T06:00:00Z')
    }
  })

  it('measures what was upheld and how long it took', async () => {
    const { rows, total } = await desk.office.objectionMeasures({ from: '2026-11', to: '2026-11' })
    const mine = rows.find((r) => r.authorityId === desk.authority)
    expect(mine).toMatchObject({ division: '440103', decided: expect.any(Number) })
    expect(total.upheld).toBe(4)
    expect(total.rejected).toBe(1)
    expect(total.inTime).toBe(4)
    expect(total.meanWorkdays).toBe(1.8)
    const months = await desk.office.objectionMeasures({ from: '2026-10', to: '2026-12', by: 'month' })
    expect(months.rows.map((r) => r.month)).toEqual(['2026-11'])
    const own = await desk.head.objectionMeasures({ from: '2026-11', to: '2026-11', by: 'division' })
    expect(own.rows.map((r) => r.division)).toEqual(['440103'])
    const none = await desk.office.objectionMeasures({ from: '2020-01', to: '2020-02' })
    expect(none).toMatchObject({ rows: [], total: { received: 0, meanWorkdays: null } })
  })

  it('finds over-long, double and baseless display before anyone objects', async () => {
    const [long, basis, twin] = [await desk.held(20), await desk.held(21), await desk.held(22)]
    await sql`update records.record set shown_until = '2099-01-01',
      windows = (select jsonb_agg(case when w ->> 'channel' = 'credit_china' then w || '{"until":"2099-01-01"}' else w end) from jsonb_array_elements(windows) w)
      where id = ${long.record}`.execute(db())
    await sql`update records.record set fields = fields - 'basis', inner_fields = inner_fields - 'basis' where id = ${basis.record}`.execute(
      db(),
    )
    await sql`insert into records.record select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'authority_key', 'other name',
      'authority_name', '荔湾城管', 'recorded_at', now()))).* from records.record r where r.id = ${twin.record}`.execute(
      db(),
    )
    await turn('2026-11-24T02:00:00Z')
    await selfCheck(p().ctx())
    await selfCheck(p().ctx())
    const { rows, counts } = await desk.office.listFindings({})
    expect(counts).toEqual([
      { kind: 'over_long', open: 1 },
      { kind: 'double_display', open: 1 },
      { kind: 'no_basis', open: 1 },
    ])
    expect(rows.find((r) => r.kind === 'over_long')).toMatchObject({ recordId: long.record, shownUntil: '2099-01-01' })
    expect(rows.every((r) => r.why.zh && !r.why.zh.includes('{') && !r.why.en.includes('{'))).toBe(true)
    expect((await titles(await p().as('credit_office'))).filter((t) => t.includes('自查'))).toEqual([
      '公示自查发现3项新问题',
    ])
    const found = rows.find((r) => r.kind === 'no_basis')!
    const taken = await desk.office.takeUpFinding({ id: found.id, seen: found.version })
    expect(taken).toMatchObject({ state: 'taken_up' })
    expect((await problemOf(desk.office.takeUpFinding({ id: found.id, seen: taken.version }))).code).toBe(
      'FINDING_CLOSED',
    )
    expect((await problemOf(desk.office.takeUpFinding({ id: basis.record, seen: 1 }))).code).toBe('NO_SUCH_FINDING')
    const o = await desk.officer.getObjection({ subject: basis.subject, id: taken.objectionId! })
    expect(o).toMatchObject({ wayIn: 'self_check', state: 'verifying', ground: 'should_not_be_shown' })
    await desk.officer.decideObjection({
      ...at(o),
      outcome: 'upheld',
      answer: ANSWER,
      correction: { does: 'annul', cause: 'not_collectable' },
    })
    const double = rows.find((r) => r.kind === 'double_display')!
    const pair = await desk.office.takeUpFinding({ id: double.id, seen: double.version })
    const onDesk = await desk.officer.getObjectionCase({ subject: pair.subjectId, id: pair.objectionId! })
    expect(onDesk.twins).toHaveLength(1)
    await desk.officer.decideObjection({
      ...at(onDesk.objection),
      outcome: 'upheld',
      answer: ANSWER,
      correction: { does: 'annul', cause: 'reported_twice' },
    })
    await turn('2026-11-25T02:00:00Z')
    await selfCheck(p().ctx())
    expect((await desk.office.listFindings({})).rows.map((r) => r.kind)).toEqual(['over_long'])
    expect((await desk.office.listFindings({ state: 'gone' })).rows).toHaveLength(2)
  })

  it('a reconsideration does not suspend; what it changes is carried out within three working days', async () => {
    const to = await desk.held(23)
    const ask = {
      record: to.record,
      kind: 'reconsideration',
      body: '荔湾区人民政府',
      caseNo: '荔府行复〔2026〕8号',
      filedOn: '2026-11-24',
    } as const
    const market = (await p().as('officer')).client(endpoints)
    expect((await problemOf(market.registerReview(ask))).code).toBe('NOT_YOUR_FINDING')
    expect((await problemOf(desk.officer.registerReview({ ...ask, filedOn: '2027-01-01' }))).code).toBe('DAY_IN_FUTURE')
    const pending = await desk.officer.registerReview(ask)
    expect(pending).toMatchObject({ state: 'pending', suspended: false, actions: ['end'] })
    expect((await desk.held(23)).shown).toBe(true)
    expect((await problemOf(desk.officer.registerReview({ ...ask, kind: 'litigation' }))).code).toBe('REVIEW_EXISTS')
    const ref = { subject: to.subject, id: pending.id }
    const early = await problemOf(
      desk.officer.carryOutReview({
        ...ref,
        seen: 1,
        correction: { does: 'annul', cause: 'set_aside' },
        reason: '依复议决定撤销',
      }),
    )
    expect(early.code).toBe('NO_SUCH_MOVE')
    expect(
      (await problemOf(market.endReview({ ...ref, seen: 1, outcome: 'upheld', endedOn: '2026-11-25' }))).code,
    ).toBe('NO_SUCH_REVIEW')
    const ended = await desk.officer.endReview({ ...ref, seen: 1, outcome: 'set_aside', endedOn: '2026-11-25' })
    expect(ended).toMatchObject({ state: 'ended', clock: { step: 'carry_out', workdays: 3, dueOn: '2026-11-30' } })
    const misfit = await problemOf(
      desk.officer.carryOutReview({
        ...ref,
        seen: 2,
        correction: { does: 'correct', fields: { fine: '0.1' } },
        reason: '依复议决定撤销',
      }),
    )
    expect(misfit.code).toBe('CORRECTION_MISFITS')
    await turn('2026-12-01T02:00:00Z')
    await escalate(p().ctx())
    expect(await titles(desk.callers.head)).toContain('复议或者诉讼结果逾期未落实')
    const done = await desk.officer.carryOutReview({
      ...ref,
      seen: 2,
      correction: { does: 'annul', cause: 'set_aside' },
      reason: '依复议决定撤销',
    })
    expect(done).toMatchObject({ state: 'carried_out', actions: [] })
    expect(await desk.held(23)).toMatchObject({ shown: false })
    expect((await problemOf(desk.officer.registerReview(ask))).code).toBe('RECORD_TAKEN_BACK')
    // Ordered to be stopped: not shown until it ends, and shown again where the decision stands.
    const other = await desk.held(24)
    const stopped = await desk.officer.registerReview({
      ...ask,
      record: other.record,
      kind: 'litigation',
      suspended: true,
    })
    expect((await desk.held(24)).shown).toBe(false)
    const end = { subject: other.subject, id: stopped.id, seen: 1, outcome: 'upheld', endedOn: '2026-12-01' } as const
    expect(await desk.officer.endReview(end)).toMatchObject({ state: 'ended', clock: null, actions: [] })
    expect((await desk.held(24)).shown).toBe(true)
    const nothing = await problemOf(
      desk.officer.carryOutReview({
        ...key({ subjectId: other.subject, id: stopped.id }),
        seen: 2,
        correction: { does: 'annul', cause: 'other' },
        reason: '无需处理',
      }),
    )
    expect(nothing.code).toBe('REVIEW_CHANGED_NOTHING')
    const company = await desk.company(other.subject)
    expect((await company.listReviews({})).rows.map((r) => r.id)).toEqual([stopped.id])
    expect((await desk.office.listReviews({ state: 'carried_out' })).rows.map((r) => r.id)).toEqual([pending.id])
    // Changed, with the display stopped meanwhile: the record is corrected and shown again.
    const third = await desk.held(25)
    const sued = await desk.officer.registerReview({
      ...ask,
      record: third.record,
      kind: 'litigation',
      suspended: true,
    })
    const on = { subject: third.subject, id: sued.id }
    await desk.officer.endReview({ ...on, seen: 1, outcome: 'changed', endedOn: '2026-12-01' })
    await desk.officer.carryOutReview({
      ...on,
      seen: 2,
      correction: { does: 'correct', fields: { fine: '0.1' } },
      reason: '依判决变更罚款金额',
    })
    expect(await desk.held(25)).toMatchObject({ shown: true, version: 2 })
  })

  it('follows the switches of the pack: no own motion, no mark', async () => {
    const to = await desk.held(26)
    const { policy } = p().runtime
    const without = (key: string, value: unknown) => ({
      ...p().ctx(),
      policy: { ...policy, settings: policy.settings.map((s) => (s.key === key ? { ...s, value } : s)) },
    })
    const person = (roles: Role[], more: { authorityId?: string; subjectIds?: string[] }): Actor => ({
      kind: 'person',
      personId: p().world.people.officer,
      sessionHash: '',
      name: '测试',
      roles,
      authorityId: null,
      division: '440103',
      subjectIds: [],
      ...more,
    })
    const officer = person(['officer'], { authorityId: desk.authority })
    const ask = { record: to.record, ground: 'wrong_content', reason: '核查发现金额有误。' } as const
    const off = openOwnMotion({ ...without('own_initiative_objection', false), actor: officer }, ask)
    await expect(off).rejects.toMatchObject({ refusals: [{ code: 'OWN_MOTION_OFF' }] })
    const actor = person(['enterprise'], { subjectIds: [to.subject] })
    const ctx = { ...without('mark_pending_objection', false), actor }
    const contact = { wanted: '', contactName: '', contactPhone: '' }
    const about = { subject: to.subject, record: to.record, ground: 'wrong_content' } as const
    const draft = await createObjection(ctx, { ...about, ...contact, statement: '金额有误，请核对。' })
    const sent = await submitObjection(ctx, at(draft))
    expect(sent).toMatchObject({ state: 'verifying', marked: false })
    const { dispositions } = await desk.callers.officer.client(recordEndpoints).getRecordHistory({ id: to.record })
    expect(dispositions).toEqual([])
    const answer = '经核对一致，异议不成立。'
    expect((await desk.officer.decideObjection({ ...at(sent), outcome: 'rejected', answer })).state).toBe('rejected')
  })

  it('a refusal of a repair is objected to, and done when the repair is taken up again', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    const traffic = p().world.authorities.traffic
    const officer = await worker(p(), 'officer', traffic)
    const not = await officer.notAcceptItem({ ...atItem(app.items[0]!), reason: '材料不符合要求。' })
    expect(not.state).toBe('not_accepted')
    const company = await desk.company(subject.subjectId)
    const targets = await company.listTargets({ subject: subject.subjectId })
    const target = targets.rows.find((t) => t.refused)!
    expect(target.grounds).toEqual(['not_accepted'])
    const draft = await company.createObjection({
      subject: subject.subjectId,
      refusedItem: target.refused!.itemId,
      ground: 'not_accepted',
      statement: '材料已经齐全，应当受理。',
    })
    const o = await company.submitObjection(at(draft))
    expect(o).toMatchObject({ state: 'verifying', marked: false, refused: { state: 'not_accepted' } })
    const desks = (await p().as(await loginIn(traffic))).client(endpoints)
    const none = await problemOf(desks.applyObjection({ ...at(o) }))
    expect(none.code).toBe('NO_SUCH_MOVE')
    const upheld = await desks.decideObjection({
      ...at(o),
      outcome: 'upheld',
      answer: '材料齐全，应当受理。',
      correction: { does: 'reopen' },
    })
    expect(upheld).toMatchObject({ state: 'upheld', actions: ['apply'] })
    expect((await problemOf(desks.applyObjection({ ...at(upheld) }))).code).toBe('NOT_TAKEN_UP_AGAIN')
    // The same application comes back to the authority, with a term of its own; nobody has to apply anew.
    await followUp(p().ctx())
    await followUp(p().ctx())
    const again = await subject.company.getApplication({ subject: subject.subjectId, id: app.id })
    expect(again.items[0]).toMatchObject({ state: 'received', decidedOn: null })
    expect(again.items[0]!.clock?.dueOn).not.toBeNull()
    expect(again.items[0]!.acts.map((a) => a.action)).toEqual(['submit', 'not_accept', 'take_up'])
    expect((await company.listTargets({ subject: subject.subjectId })).rows.filter((t) => t.refused)).toEqual([])
    expect((await problemOf(desks.applyObjection({ ...at(upheld) }))).code).toBe('NOT_TAKEN_UP_AGAIN')
    await officer.acceptItem(atItem(again.items[0]!))
    await passOnWaiting(p().ctx())
    const done = await company.getObjection(key(o))
    expect(done.state).toBe('applied')
    expect(done.acts.at(-1)).toMatchObject({ action: 'apply', by: 'platform' })
  })
  const loginIn = async (authority: string): Promise<string> => {
    const { rows } = await sql<{ login: string }>`
      select p.login from access.person p join access.role r on r.person_id = p.id where r.authority_id = ${authority} and r.role = 'officer' limit 1`.execute(
      db(),
    )
    return rows[0]!.login
  }
})
