import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { ANSWER, type Desk, at, key, openDesk, setActive } from '../../../test/objections-world.ts'
import { pdfWords } from '../../../test/pdf-text.ts'
import { penalty } from '../../../test/penalty-rows.ts'
import { PDF } from '../../../test/repair-world.ts'
import { endpoints as paperEndpoints } from '../certificates/contract.ts'
import { endpoints as exchangeEndpoints, isRecordEvent } from '../exchange/contract.ts'
import { createPeer } from '../exchange/index.ts'
import { endpoints as messageEndpoints } from '../messages/contract.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import { endpoints } from './contract.ts'
import { follower } from './follower.ts'
import { passOnWaiting } from './jobs.ts'

const RIGHT = { does: 'correct', fields: { fine: '0.1', content: '罚款1000元' } } as const

describeEngines('objections', (p) => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk(p())
    await desk.send(Array.from({ length: 30 }, (_, i) => penalty(i + 1)))
  })
  const publicPage = async (subject: string): Promise<string> => {
    const code = await sql<{ uscc: string }>`select uscc from subjects.subject where id = ${subject}`.execute(
      p().runtime.db.kysely,
    )
    return (await p().anonymous().send('GET', `/s/${code.rows[0]!.uscc}`)).text()
  }

  const subjectRow = async (id: string): Promise<{ uscc: string }> =>
    (await sql<{ uscc: string }>`select uscc from subjects.subject where id = ${id}`.execute(p().runtime.db.kysely))
      .rows[0]!
  /** What a peer gets that asks for everything from the beginning. */
  const feedOf = async () => {
    const peer = await createPeer(p().ctx(), {
      name: '上级平台',
      kind: 'upper_platform',
      channel: 'credit_china',
      items: ['penalty'],
      division: '440000',
      ackWorkdays: 1,
      contact: '联系人',
      legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    })
    const caller = await p().withKey({ scopes: ['feed'], peerId: peer.id })
    return (await caller.client(exchangeEndpoints).feed({ limit: 1000 })).events.filter(isRecordEvent)
  }

  it('goes from the subject to the finder, marks the record at once, and what is upheld is corrected everywhere', async () => {
    const to = await desk.held(1)
    const company = await desk.company(to.subject)
    const guide = await company.objectionGuide({})
    expect(guide.grounds.map((g) => g.ground)).toContain('double_publicity')
    expect(guide.terms.map((t) => [t.step, t.workdays])).toEqual([
      ['push', 1],
      ['verify', 7],
    ])
    const targets = await company.listTargets({ subject: to.subject })
    expect(targets.rows[0]).toMatchObject({ about: { recordId: to.record, shown: true }, pending: [] })
    expect(targets.rows[0]?.grounds).not.toContain('not_granted')

    const draft = await company.createObjection({ subject: to.subject, record: to.record, ground: 'wrong_content' })
    expect(draft).toMatchObject({ state: 'draft', no: null, mayEdit: true, actions: ['submit'] })
    const edited = await company.editObjection({
      ...at(draft),
      ground: 'wrong_content',
      statement: '罚款金额应为1000元，见决定书。',
      contactName: '李四',
      contactPhone: '13800000000',
    })
    const withProof = await company.attachEvidence({ ...key(edited), file: { name: '决定书.pdf', body: PDF } })
    expect(withProof.evidence).toMatchObject([{ name: '决定书.pdf', by: 'applicant', mayRemove: true }])
    const before = await publicPage(to.subject)
    expect(before).not.toContain('异议处理中')

    const submitted = await company.submitObjection(at(edited))
    expect(submitted).toMatchObject({ state: 'verifying', marked: true, mayEdit: false, submittedOn: '2026-11-23' })
    expect(submitted.no).toMatch(/^440100-YY-20261123-\d{4}$/)
    expect(submitted.clock).toMatchObject({ step: 'verify', workdays: 7, dueOn: '2026-12-02', left: 7, overdue: false })
    expect(submitted.acts.map((a) => [a.action, a.by])).toEqual([
      ['submit', 'applicant'],
      ['push', 'platform'],
    ])
    expect(submitted.acts[0]?.letter?.kind).toBe('receipt')
    expect(submitted.acts.every((a) => a.basis?.article === '第十八条')).toBe(true)
    expect(await publicPage(to.subject)).toContain('异议处理中')
    const marks = await sql<{ kind: string; of: string }>`
      select kind, details ->> 'kind' as of from platform.event where record_id = ${to.record} and kind = 'record.updated'`.execute(
      p().runtime.db.kysely,
    )
    expect(marks.rows).toEqual([{ kind: 'record.updated', of: 'disputed' }])

    // In the file, in the answer by code and in the feed of a peer too.
    const { uscc } = await subjectRow(to.subject)
    const open = { code: uscc, purpose: '办理异议' }
    const file = await desk.callers.officer.client(recordEndpoints).openFile(open)
    expect(file.records.map((r) => [r.id, r.disputed])).toEqual([[to.record, true]])
    const answer = await p().anonymous().client(recordEndpoints).listPublicRecords({ code: uscc })
    expect(answer.records.map((r) => r.disputed)).toEqual([true])
    const feed = await feedOf()
    expect(feed.find((e) => e.data.record.recordId === to.record)).toMatchObject({
      data: { after: { disputed: true } },
    })

    const queue = await desk.officer.objectionQueue({})
    expect(queue.rows.map((r) => r.id)).toContain(submitted.id)
    expect(queue.counts.open).toBeGreaterThan(0)
    const looks = async () =>
      (await sql`select 1 from subjects.look where subject_id = ${to.subject}`.execute(p().runtime.db.kysely)).rows
        .length
    const looked = await looks()
    const onDesk = await desk.officer.getObjectionCase(key(submitted))
    expect(await looks()).toBe(looked + 1)
    expect(onDesk).toMatchObject({ contactPhone: '13800000000', corrections: ['correct', 'annul'] })
    expect(onDesk.objection.statement).toBe(submitted.statement)
    expect(onDesk.objection.evidence.map((e) => e.id)).toEqual(submitted.evidence.map((e) => e.id))
    expect(onDesk.fields.find((f) => f.key === 'fine')).toMatchObject({ raw: '0.2', value: '0.2万元' })
    const evidence = await desk.callers.officer.send(
      'GET',
      `/api/v1/objections/${to.subject}/${submitted.id}/evidence/${submitted.evidence[0]!.id}`,
    )
    expect(evidence.status).toBe(200)
    expect(await looks()).toBe(looked + 2)

    const preview = await desk.officer.previewCorrection({ ...key(submitted), correction: RIGHT })
    expect(preview.effect.changes).toContainEqual({
      label: { zh: '罚款金额（万元）', en: expect.any(String) },
      was: '0.2万元',
      becomes: '0.1万元',
    })
    // The same wrong amount stands in the other rows of that file.
    expect(preview.siblings.length).toBeGreaterThan(10)
    const decided = await desk.officer.decideObjection({
      ...at(submitted),
      outcome: 'upheld',
      answer: ANSWER,
      correction: RIGHT,
    })
    expect(decided).toMatchObject({ state: 'applied', outcome: 'upheld', marked: false, workdays: 0, answer: ANSWER })
    expect(decided.acts.map((a) => a.action)).toEqual(['submit', 'push', 'uphold', 'apply'])
    expect(decided.acts[2]?.letter?.kind).toBe('upheld')
    expect(decided.acts[2]?.letter?.paragraphs.map((w) => w.zh).join('')).toContain('由“0.2万元”更正为“0.1万元”')
    const page = await publicPage(to.subject)
    expect(page).not.toContain('异议处理中')
    const history = await desk.callers.officer.client(recordEndpoints).getRecordHistory({ id: to.record })
    expect(history.record.version).toBe(2)
    expect(history.dispositions.map((d) => d.kind)).toEqual(['disputed', 'corrected', 'dispute_closed'])
    expect(history.versions[0]?.changes.map((c) => [c.label, c.was, c.becomes])).toContainEqual([
      '处罚内容',
      '罚款2000元',
      '罚款1000元',
    ])
    const inbox = await (await p().as(desk.loginOf(to.subject))).client(messageEndpoints).listInbox({})
    expect(inbox.rows.map((m) => m.title.zh).join()).toContain('异议处理结果：成立')
  })

  it('finds the records with the same fault and corrects them with one action', async () => {
    const objection = await desk.objects(await desk.held(2), 'wrong_content')
    expect((await problemOf(desk.officer.listSiblings(key(objection)))).code).toBe('NOT_UPHELD')
    const correction = { does: 'correct', fields: { facts: '占用人行道经营。' } } as const
    const decided = await desk.officer.decideObjection({
      ...at(objection),
      outcome: 'upheld',
      answer: ANSWER,
      correction,
    })
    const { rows } = await desk.officer.listSiblings(key(decided))
    expect(rows.length).toBeGreaterThan(5)
    expect(rows[0]?.sameSubmission).toBe(true)
    expect(rows.every((r) => r.why.zh.includes('违法事实'))).toBe(true)
    // Three that no other case here is about.
    const apart = [21, 22, 23].map((n) => penalty(n).行政处罚决定书文号!)
    const three = rows
      .filter((r) => apart.includes(r.docNo))
      .map((r) => ({ subject: r.subjectId, record: r.recordId, seen: r.version }))
    const stale = three.map((r) => ({ ...r, seen: r.seen + 1 }))
    const ask = { ...key(decided), reason: '同一批次报送，核对后一并更正。' }
    expect((await problemOf(desk.officer.correctSiblings({ ...ask, records: stale }))).code).toBe('RECORD_CHANGED')
    const { corrected } = await desk.officer.correctSiblings({ ...ask, records: three })
    expect(corrected).toHaveLength(3)
    const own = await desk.officer.getObjection({ subject: corrected[0]!.subjectId, id: corrected[0]!.objectionId })
    expect(own).toMatchObject({ wayIn: 'own_motion', state: 'applied', effect: { does: 'correct' } })
    expect(own.acts.flatMap((a) => a.letter?.title.zh ?? [])).toEqual(['信用信息更正告知书'])
    expect((await desk.officer.listSiblings(key(decided))).rows).toHaveLength(rows.length - 3)
    expect((await problemOf(desk.officer.correctSiblings({ ...ask, records: three }))).code).toBe('NO_SUCH_SIBLING')
  })

  it('rejects in plain words, and the mark goes only with the last of two', async () => {
    const to = await desk.held(3)
    const first = await desk.objects(to, 'wrong_content')
    const second = await desk.objects(to, 'should_not_be_shown')
    const again = await problemOf(desk.objects(to, 'wrong_content'))
    expect(again).toMatchObject({ status: 409, code: 'OBJECTION_PENDING' })
    expect(again.detail).toContain(first.no!)
    const answer = '经核对决定书原件，公示内容与决定书一致。'
    const rejected = await desk.officer.decideObjection({ ...at(first), outcome: 'rejected', answer })
    expect(rejected).toMatchObject({ state: 'rejected', outcome: 'rejected', effect: null, actions: [] })
    expect(await publicPage(to.subject)).toContain('异议处理中')
    const company = await desk.company(to.subject)
    const gone = await company.withdrawObjection({ ...at(second), note: '已核对无误' })
    expect(gone).toMatchObject({ state: 'withdrawn', outcome: 'withdrawn' })
    expect(await publicPage(to.subject)).not.toContain('异议处理中')
    expect((await desk.held(3)).version).toBe(1)
  })

  it('upholds in part, and stops showing what should not be shown while the decision stands', async () => {
    const to = await desk.held(4)
    const objection = await desk.objects(to, 'should_not_be_shown')
    const correction = { does: 'stop_showing', from: '2026-11-23' } as const
    const done = await desk.head.decideObjection({
      ...at(objection),
      outcome: 'partly_upheld',
      answer: ANSWER,
      correction,
    })
    expect(done).toMatchObject({
      state: 'applied',
      outcome: 'partly_upheld',
      effect: { shownUntil: { becomes: '2026-11-23' } },
    })
    const { record, dispositions } = await desk.callers.officer
      .client(recordEndpoints)
      .getRecordHistory({ id: to.record })
    expect(record).toMatchObject({ shown: false, state: 'held' })
    expect(dispositions.map((d) => d.kind)).toEqual(['disputed', 'withheld', 'dispute_closed'])
    expect(await publicPage(to.subject)).not.toContain(to.docNo)
    const events = await sql<{ channels: string[] }>`
      select channels from platform.event where record_id = ${to.record} and kind = 'record.withdrawn'`.execute(
      p().runtime.db.kysely,
    )
    expect(events.rows[0]?.channels).toContain('credit_china')
    // Handed in again it is held already, and stays hidden.
    expect(await desk.send([penalty(4)])).toMatchObject({ alreadyHeld: 1 })
    expect((await desk.held(4)).shown).toBe(false)
  })

  it('extends once, beforehand, no longer than the pack allows, and tells why', async () => {
    const objection = await desk.objects(await desk.held(5), 'wrong_content')
    const ask = { ...at(objection), reason: '需要向原经办人员核实。' }
    expect((await problemOf(desk.officer.extendObjection({ ...ask, workdays: 11 }))).code).toBe('EXTENSION_TOO_LONG')
    const longer = await desk.officer.extendObjection({ ...ask, workdays: 5 })
    expect(longer).toMatchObject({ state: 'verifying', clock: { workdays: 12, dueOn: '2026-12-09' }, extended: true })
    expect(longer.acts.at(-1)?.letter?.kind).toBe('extension')
    const twice = await problemOf(desk.officer.extendObjection({ ...ask, seen: longer.version, workdays: 1 }))
    expect(twice.code).toBe('EXTENDED_BEFORE')
  })

  it('is decided once: of two at once the second is stale, and what is decided moves no more', async () => {
    const objection = await desk.objects(await desk.held(6), 'wrong_content')
    const ask = { ...at(objection), outcome: 'rejected', answer: '经核对一致，异议不成立。' } as const
    const both = await Promise.allSettled([desk.officer.decideObjection(ask), desk.colleague.decideObjection(ask)])
    expect(both.filter((b) => b.status === 'fulfilled')).toHaveLength(1)
    const lost = both.find((b) => b.status === 'rejected')
    expect((await problemOf(Promise.reject(lost!.reason as Error))).code).toBe('STALE')
    const now = await desk.officer.getObjection(key(objection))
    const again = await problemOf(desk.officer.decideObjection({ ...ask, seen: now.version }))
    expect(again.code).toBe('NO_SUCH_MOVE')
    const company = await desk.company(objection.subjectId)
    expect((await problemOf(company.withdrawObjection({ ...at(now) }))).code).toBe('NO_SUCH_MOVE')
    const late = await problemOf(company.attachEvidence({ ...key(now), file: { name: 'a.pdf', body: PDF } }))
    expect(late.code).toBe('EVIDENCE_LOCKED')
  })

  it('decides only with what fits', async () => {
    const o = await desk.objects(await desk.held(7), 'wrong_content')
    const decide = (correction: Parameters<Desk['officer']['decideObjection']>[0]['correction'], outcome = 'upheld') =>
      problemOf(desk.officer.decideObjection({ ...at(o), outcome: outcome as 'upheld', answer: ANSWER, correction }))
    expect((await decide(null)).code).toBe('CORRECTION_MISSING')
    expect((await decide(RIGHT, 'rejected')).code).toBe('CORRECTION_NEEDLESS')
    expect((await decide({ does: 'stop_showing', from: '2026-11-24' })).code).toBe('CORRECTION_MISFITS')
    expect((await decide({ does: 'correct', fields: { fine: '0.2' } })).code).toBe('NOTHING_CHANGES')
    expect((await decide({ does: 'correct', fields: {} })).code).toBe('NOTHING_CHANGES')
    const fixed = await decide({
      does: 'correct',
      fields: { subject_name: '另一公司', nonsense: 'x', fine: '两千', content: null },
    })
    expect(fixed.errors.map((e) => e.code)).toEqual([
      'FIELD_NOT_CORRECTABLE',
      'FIELD_NOT_CORRECTABLE',
      'FIELD_VALUE_WRONG',
      'FIELD_VALUE_WRONG',
    ])
    const taken = await decide({ does: 'correct', fields: { doc_no: (await desk.held(7)).docNo, fine: '0.2' } })
    expect(taken.code).toBe('NOTHING_CHANGES')
    expect(
      (
        await problemOf(
          desk.officer.decideObjection({ ...at(o), outcome: 'upheld', answer: ANSWER, correction: { does: 'reopen' } }),
        )
      ).code,
    ).toBe('CORRECTION_MISFITS')
    await desk.officer.decideObjection({ ...at(o), outcome: 'rejected', answer: '经核对一致，异议不成立。' })
  })

  it('corrects a document number: the record stands under the right one, and not under both', async () => {
    const same = { 行政相对人名称: penalty(8).行政相对人名称!, 统一社会信用代码: penalty(8).统一社会信用代码! }
    await desk.send([penalty(9001, same)])
    const to = await desk.held(8)
    const o = await desk.objects(to, 'wrong_content')
    const under = (doc: string) => ({ does: 'correct', fields: { doc_no: doc } }) as const
    const taken = await problemOf(
      desk.officer.previewCorrection({ ...key(o), correction: under(penalty(9001).行政处罚决定书文号!) }),
    )
    expect(taken.code).toBe('NUMBER_TAKEN')
    const right = '穗荔综罚〔2026〕8008号'
    const done = await desk.officer.decideObjection({
      ...at(o),
      outcome: 'upheld',
      answer: ANSWER,
      correction: under(right),
    })
    expect(done.state).toBe('applied')
    const { rows } = await desk.callers.officer.client(recordEndpoints).listAuthorityRecords({ docNo: right })
    expect(rows).toMatchObject([{ subjectId: to.subject, state: 'held', shown: true }])
    expect(await desk.send([penalty(8)])).toMatchObject({ refused: 1, problems: ['annulled_before'] })
  })

  it('is the subject’s own: others learn nothing, and neither does another authority', async () => {
    const mine = await desk.held(9)
    const o = await desk.objects(mine, 'wrong_content')
    const stranger = await desk.company((await desk.held(10)).subject)
    const create = { subject: mine.subject, record: mine.record, ground: 'wrong_content' } as const
    expect((await problemOf(stranger.createObjection(create))).code).toBe('NOT_YOUR_SUBJECT')
    expect((await problemOf(stranger.listTargets({ subject: mine.subject }))).code).toBe('NOT_YOUR_SUBJECT')
    for (const ask of [
      () => stranger.getObjection(key(o)),
      () => stranger.withdrawObjection(at(o)),
      () => stranger.attachEvidence({ ...key(o), file: { name: 'a.pdf', body: PDF } }),
    ])
      expect(await problemOf(ask())).toMatchObject({ status: 404, code: 'NO_SUCH_OBJECTION' })
    const market = (await p().as('officer')).client(endpoints)
    for (const ask of [
      () => market.getObjectionCase(key(o)),
      () => market.extendObjection({ ...at(o), workdays: 1, reason: '核实情况' }),
      () => market.decideObjection({ ...at(o), outcome: 'rejected', answer: '经核对一致，异议不成立。' }),
      () => market.previewCorrection({ ...key(o), correction: RIGHT }),
      () => market.listSiblings(key(o)),
    ])
      expect(await problemOf(ask())).toMatchObject({ status: 404, code: 'NO_SUCH_OBJECTION' })
    // The credit office reads, and does not decide.
    expect((await desk.office.getObjectionCase(key(o))).objection.actions).toEqual([])
    expect(
      (await problemOf(stranger.createObjection({ ...create, subject: (await desk.held(10)).subject }))).code,
    ).toBe('NO_SUCH_TARGET')
    const neither = await problemOf(
      (await desk.company(mine.subject)).createObjection({ subject: mine.subject, ground: 'omission' }),
    )
    expect(neither.code).toBe('TARGET_MISSING')
  })

  it('is brought by the window for whoever comes', async () => {
    const to = await desk.held(11)
    const draft = await desk.window.createObjection({
      subject: to.subject,
      record: to.record,
      ground: 'omission',
      statement: '遗漏了减轻处罚的情节。',
      contactName: '王五',
    })
    expect(draft.wayIn).toBe('window')
    const done = await desk.window.submitObjection(at(draft))
    expect(done.acts[0]?.by).toBe('window')
    expect((await desk.window.listObjections({})).rows.map((r) => r.id)).toContain(done.id)
    const company = await desk.company(to.subject)
    expect((await company.listObjections({ subject: to.subject })).rows.map((r) => r.id)).toEqual([done.id])
    expect(await desk.window.withdrawObjection({ ...at(done) })).toMatchObject({ state: 'withdrawn' })
  })

  it('takes a draft only while it is one, and evidence only of known kinds', async () => {
    const to = await desk.held(12)
    const company = await desk.company(to.subject)
    const draft = await company.createObjection({ subject: to.subject, record: to.record, ground: 'wrong_content' })
    expect((await problemOf(company.submitObjection(at(draft)))).code).toBe('STATEMENT_MISSING')
    const misfit = await problemOf(
      company.createObjection({ subject: to.subject, record: to.record, ground: 'not_granted' }),
    )
    expect(misfit.code).toBe('GROUND_MISFITS')
    const text = new TextEncoder().encode('<html>')
    expect((await problemOf(company.attachEvidence({ ...key(draft), file: { name: 'a.pdf', body: text } }))).code).toBe(
      'EVIDENCE_TYPE',
    )
    for (let i = 0; i < 20; i++) await company.attachEvidence({ ...key(draft), file: { name: `${i}.pdf`, body: PDF } })
    const many = await problemOf(company.attachEvidence({ ...key(draft), file: { name: 'x.pdf', body: PDF } }))
    expect(many.code).toBe('EVIDENCE_TOO_MANY')
    const held = await company.getObjection(key(draft))
    const less = await company.removeEvidence({ ...key(draft), evidence: held.evidence[0]!.id })
    expect(less.evidence).toHaveLength(19)
    const twice = await problemOf(company.removeEvidence({ ...key(draft), evidence: held.evidence[0]!.id }))
    expect(twice.code).toBe('NO_SUCH_EVIDENCE')
    const edit = { ground: 'wrong_content', statement: '内容有误，请核对。', contactName: '' } as const
    expect((await problemOf(company.editObjection({ ...at(draft), seen: 99, ...edit }))).code).toBe('STALE')
    // A draft is nobody else's: it is not in the queue.
    expect((await desk.office.objectionQueue({ view: 'all' })).rows.map((r) => r.id)).not.toContain(draft.id)
    const ready = await company.editObjection({ ...at(draft), ...edit })
    const sent = await company.submitObjection(at(ready))
    expect((await problemOf(company.editObjection({ ...at(sent), ...edit }))).code).toBe('OBJECTION_NOT_DRAFT')
    expect((await problemOf(company.discardObjection(key(sent)))).code).toBe('OBJECTION_NOT_DRAFT')
    const locked = await problemOf(company.removeEvidence({ ...key(sent), evidence: less.evidence[0]!.id }))
    expect(locked.code).toBe('EVIDENCE_LOCKED')
    const other = await company.createObjection({ subject: to.subject, record: to.record, ground: 'omission' })
    expect(await company.discardObjection(key(other))).toEqual({ ok: true })
    expect((await problemOf(company.getObjection(key(other)))).code).toBe('NO_SUCH_OBJECTION')
  })

  it('is corrected by the finder of its own motion, without an applicant and with the same effect', async () => {
    const to = await desk.held(13)
    const ask = { record: to.record, ground: 'should_not_be_shown', reason: '自查发现属于轻微失信信息。' } as const
    const market = (await p().as('officer')).client(endpoints)
    expect((await problemOf(market.openOwnMotion(ask))).code).toBe('NOT_YOUR_FINDING')
    const opened = await desk.officer.openOwnMotion(ask)
    expect(opened).toMatchObject({ wayIn: 'own_motion', state: 'verifying', marked: true })
    expect((await problemOf(desk.officer.openOwnMotion(ask))).code).toBe('OBJECTION_PENDING')
    const done = await desk.officer.decideObjection({
      ...at(opened),
      outcome: 'upheld',
      answer: ANSWER,
      correction: { does: 'annul', cause: 'withdrawn' },
    })
    expect(done).toMatchObject({ state: 'applied', effect: { does: 'annul', cause: 'withdrawn' } })
    expect((await problemOf(desk.officer.openOwnMotion(ask))).code).toBe('RECORD_TAKEN_BACK')
    expect(await publicPage(to.subject)).not.toContain(to.docNo)
    const hidden = await problemOf(desk.objects(await desk.held(4), 'shown_too_long'))
    expect(hidden.code).toBe('NOT_SHOWN_NOW')
  })

  it('keeps the file where it is while it is pending', async () => {
    const to = await desk.held(16)
    const ask = { subjectId: to.subject, records: [to.record], since: null }
    const inTheWay = (which: 'open' | 'any') => follower.inTheWay!(p().runtime.db.kysely, { ...ask, which })
    expect(await inTheWay('open')).toEqual([])
    const o = await desk.objects(to, 'wrong_content')
    const open = await inTheWay('open')
    expect(open.map((w) => w.code)).toEqual(['OBJECTION_UNDER_WAY'])
    expect(open[0]?.words.zh).toContain(o.no)
    await (await desk.company(to.subject)).withdrawObjection({ ...at(o) })
    expect(await inTheWay('open')).toEqual([])
    expect((await inTheWay('any')).map((w) => w.code)).toEqual(['RECORD_IN_OBJECTION'])
  })

  it('waits with the credit office while the finder is not on the platform, and goes on by itself once it is', async () => {
    const to = await desk.held(14)
    await setActive(p(), desk.authority, false)
    const company = await desk.company(to.subject)
    const draft = await company.createObjection({
      subject: to.subject,
      record: to.record,
      ground: 'wrong_content',
      statement: '金额有误，请核对。',
    })
    const waiting = await company.submitObjection(at(draft))
    expect(waiting).toMatchObject({ state: 'submitted', clock: { step: 'push', dueOn: '2026-11-24' } })
    expect((await desk.office.objectionQueue({})).rows.map((r) => r.id)).toContain(waiting.id)
    expect((await problemOf(desk.office.pushObjection({ ...at(waiting) }))).code).toBe('NO_FINDER')
    const market = p().world.authorities.market
    const pushed = await desk.office.pushObjection({ ...at(waiting), authority: market })
    expect(pushed).toMatchObject({ state: 'verifying', authorityName: '广州市市场监督管理局' })
    const other = await desk.objects(await desk.held(15), 'wrong_content')
    expect(other.state).toBe('submitted')
    // It may be taken back while it waits; its mark goes with it.
    const idle = await desk.objects(await desk.held(28), 'wrong_content')
    expect(idle).toMatchObject({ state: 'submitted', marked: true })
    const back = await (await desk.company(idle.subjectId)).withdrawObjection(at(idle))
    expect(back.state).toBe('withdrawn')
    expect(await publicPage(idle.subjectId)).not.toContain('异议处理中')
    await setActive(p(), desk.authority, true)
    await passOnWaiting(p().ctx())
    expect((await desk.officer.getObjection(key(other))).state).toBe('verifying')
  })

  it('writes letters into the register: numbered, verified by code, delivered when they are opened', async () => {
    const to = await desk.held(17)
    const company = await desk.company(to.subject)
    const o = await desk.objects(to, 'wrong_content')
    const longer = await desk.officer.extendObjection({ ...at(o), workdays: 3, reason: '需要向原办案机构核实。' })
    const decided = { ...at(longer), outcome: 'upheld', answer: ANSWER, correction: RIGHT } as const
    await desk.officer.decideObjection(decided)
    const asOfficer = desk.callers.officer.client(paperEndpoints)
    const letters = { subject: to.subject, objection: o.id }
    const { rows } = await asOfficer.listObjectionLetters(letters)
    expect(rows.map((l) => l.letter.kind)).toEqual(['receipt', 'extension', 'upheld'])
    // What the platform confirms has its own series; those of the finder follow each other.
    const numbers = rows.map((l) => Number(/^信异〔2026〕第(\d+)号$/.exec(l.number.zh)?.[1]))
    expect(numbers[2]).toBe(numbers[1]! + 1)
    expect(rows[0]!.letter.signedBy).toContain('信用信息平台')
    // Once, by every way, with the step itself.
    await p().drain()
    const [, , letter] = (await asOfficer.listObjectionLetters(letters)).rows
    expect(letter!.deliveries.map((d) => d.channel).toSorted()).toEqual(['email', 'inbox', 'sms'])
    expect(letter!.receipt).toBeNull()
    expect((await company.getObjection(key(o))).acts[3]?.id).toBe(letter!.id)

    const caller = await p().as(desk.loginOf(to.subject))
    const mine = caller.client(paperEndpoints)
    const inbox = (await caller.client(messageEndpoints).listInbox({})).rows
    expect(inbox.map((m) => m.link)).toEqual(Array.from({ length: 3 }, () => `/app/objections/${to.subject}/${o.id}`))
    const file = await mine.downloadLetter({ subject: to.subject, id: letter!.id })
    expect(file.name).toBe(`异议处理结果告知书（异议成立） ${letter!.number.zh}.pdf`)
    const words = pdfWords(new Uint8Array(await file.body.arrayBuffer()))
    for (const part of [letter!.number.zh, letter!.code, '由“0.2万元”更正为“0.1万元”', '依法申请行政复议'])
      expect(words).toContain(part)
    expect((await asOfficer.listObjectionLetters(letters)).rows[2]!.receipt).toMatchObject({ way: 'online' })
    const verdict = await p().anonymous().client(paperEndpoints).verifyCode({ code: letter!.code.toLowerCase() })
    expect(verdict).toMatchObject({
      what: 'letter',
      truth: 'in_force',
      number: letter!.number,
      title: letter!.letter.title,
    })

    // Nobody else's, and no letter of one kind of case under the other.
    const stranger = await p().as(desk.loginOf((await desk.held(10)).subject))
    const market = await p().as('officer')
    for (const who of [stranger, market]) {
      const papers = who.client(paperEndpoints)
      expect((await papers.listObjectionLetters(letters)).rows).toEqual([])
      const none = await problemOf(papers.downloadLetter({ subject: to.subject, id: letter!.id }))
      expect(none.code).toBe('NO_SUCH_LETTER')
    }
    expect((await mine.listLetters({ subject: to.subject, item: o.id })).rows).toEqual([])
  })

  it('hands the receipt over at the window that took it in; the finder sees it once it is asked', async () => {
    const to = await desk.held(18)
    await setActive(p(), desk.authority, false)
    const draft = await desk.window.createObjection({
      subject: to.subject,
      record: to.record,
      ground: 'omission',
      statement: '遗漏了减轻处罚的情节。',
    })
    const done = await desk.window.submitObjection(at(draft))
    const papers = (await p().as('window_clerk')).client(paperEndpoints)
    const letters = { subject: to.subject, objection: done.id }
    const [receipt] = (await papers.listObjectionLetters(letters)).rows
    expect(receipt).toMatchObject({ letter: { kind: 'receipt' }, mayHandOver: true, receipt: null })
    const handed = await papers.receiveLetter({ subject: to.subject, id: receipt!.id })
    expect(handed).toMatchObject({ way: 'window' })
    const officer = desk.callers.officer.client(paperEndpoints)
    expect((await officer.listObjectionLetters(letters)).rows).toEqual([])
    await setActive(p(), desk.authority, true)
    await passOnWaiting(p().ctx())
    expect((await officer.listObjectionLetters(letters)).rows.map((l) => l.id)).toEqual([receipt!.id])
  })

  it('tells the subject what was put right without it, and nothing of who said so', async () => {
    const to = await desk.held(19)
    const company = await desk.company(to.subject)
    const ask = { record: to.record, ground: 'wrong_content', reason: '内部核查发现金额录入有误。' } as const
    const opened = await desk.officer.openOwnMotion(ask)
    expect((await problemOf(company.getObjection(key(opened)))).code).toBe('NO_SUCH_OBJECTION')
    const proof = { file: { name: '底稿.pdf', body: PDF } }
    const withProof = await desk.officer.attachEvidence({ ...key(opened), ...proof })
    await desk.officer.decideObjection({ ...at(withProof), outcome: 'upheld', answer: ANSWER, correction: RIGHT })
    const seen = await company.getObjection(key(opened))
    expect(seen).toMatchObject({ state: 'applied', answer: ANSWER, statement: '', evidence: [], actions: [] })
    expect(seen.acts.map((a) => a.note).join('')).not.toContain('内部核查')
    expect((await company.listObjections({})).rows.map((r) => r.id)).toContain(opened.id)
    const caller = await p().as(desk.loginOf(to.subject))
    const evidence = `/api/v1/objections/${to.subject}/${opened.id}/evidence/${withProof.evidence[0]!.id}`
    expect((await caller.send('GET', evidence)).status).toBe(404)
    const letter = seen.acts.find((a) => a.letter)?.letter
    expect(letter?.title.zh).toBe('信用信息更正告知书')
    expect(letter?.paragraphs[0]?.zh).toContain('依职权')
    expect(letter?.paragraphs.map((w) => w.zh).join('')).not.toMatch(/提出的异议|异议成立/)
    const [told] = (await caller.client(messageEndpoints).listInbox({})).rows
    expect(told?.title.zh).toMatch(/^您的信用信息已经更正/)

    // Where nothing was wrong nobody is written to.
    const other = await desk.held(20)
    const nothing = await desk.officer.openOwnMotion({ ...ask, record: other.record })
    const done = await desk.officer.decideObjection({
      ...at(nothing),
      outcome: 'rejected',
      answer: '经核对，公示内容与决定书一致。',
      correction: null,
    })
    expect(done.acts.every((a) => a.letter === null)).toBe(true)
    const nobody = await desk.company(other.subject)
    expect((await nobody.listObjections({})).rows).toEqual([])
  })

  it('keeps characters beyond the basic plane whole wherever an answer is shortened', async () => {
    for (const [n, before] of [
      [26, ''],
      [27, '甲'],
    ] as const) {
      const to = await desk.held(n)
      const o = await desk.objects(to, 'wrong_content', `𠮷野家的决定书与公示内容不一致。${'𠮷'.repeat(300)}`)
      const answer = `${before}${'𠮷'.repeat(600)}`
      const done = await desk.officer.decideObjection({ ...at(o), outcome: 'upheld', answer, correction: RIGHT })
      expect(done).toMatchObject({ state: 'applied', answer })
      const { rows } = await sql<{ reason: string }>`
        select reason from records.disposition where record_id = ${to.record} and reason <> ''`.execute(
        p().runtime.db.kysely,
      )
      expect(rows.some((r) => r.reason.includes('𠮷'))).toBe(true)
      expect(rows.filter((r) => r.reason.includes('\ufffd') || !r.reason.isWellFormed())).toEqual([])
    }
  })
})
