import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import { createPerson } from '../access/index.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import {
  DOCX_LIKE,
  PDF,
  at,
  drafted,
  newRecord,
  newSubject,
  prepare,
  signedIn,
  submitted,
  worker,
} from '../../../test/repair-world.ts'

describeEngines('repair', (p) => {
  const traffic = () => worker(p(), 'officer', p().world.authorities.traffic)
  const market = () => signedIn(p(), 'officer')
  const head = () => signedIn(p(), 'head')
  /** One record of a general authority, handed in. */
  const oneItem = async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    return { subject, record, app, item: app.items[0]! }
  }

  it('takes a basket of four to four decisions, and what is granted is gone at once', async () => {
    const subject = await newSubject(p())
    const records = [
      await newRecord(p(), { subject, kind: 'penalty' }),
      await newRecord(p(), { subject, kind: 'samr_penalty' }),
      await newRecord(p(), { subject, kind: 'abnormal' }),
      await newRecord(p(), { subject, kind: 'serious' }),
    ]
    const mine = await subject.company.myRecords({})
    expect(mine.rows).toHaveLength(4)
    expect(mine.rows.every((r) => r.eligibility.may && r.materials.length > 0 && r.route?.authorityName)).toBe(true)

    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    expect(app.no).toMatch(/^440100-XF-20261123-\d{4}$/)
    expect(app.items.map((i) => i.state)).toEqual(['received', 'received', 'received', 'received'])
    expect(new Set(app.items.map((i) => i.system))).toEqual(new Set(['credit_china', 'necips']))
    const [officers, officer, chief] = [await traffic(), await market(), await head()]
    for (const item of app.items) {
      const who =
        item.system === 'credit_china'
          ? officers
          : item.deciderName.includes('天河')
            ? await worker(p(), 'officer', p().world.authorities.district)
            : officer
      const boss = item.deciderName.includes('天河') ? await worker(p(), 'head', p().world.authorities.district) : chief
      const accepted = await who.acceptItem(at(item))
      expect(accepted.acts.at(-1)?.letter?.kind).toBe('acceptance')
      const decided = await who.grantItem(at(accepted))
      if (item.system === 'credit_china') expect(decided.state).toBe('granted')
      else {
        expect(decided).toMatchObject({ state: 'accepted', proposal: { action: 'grant' } })
        expect(
          (await problemOf(who.refuseItem({ ...at(decided), reason: '再看', conditions: ['MIN_PERIOD'] }))).code,
        ).toBe('AWAITS_HEAD')
        expect(await boss.confirmProposal(at(decided))).toMatchObject({ state: 'granted', proposal: null })
      }
    }
    const done = await subject.company.getApplication({ subject: app.subjectId, id: app.id })
    expect(done.state).toBe('closed')
    expect(done.items.flatMap((i) => i.acts).some((a) => a.action === 'propose')).toBe(false)
    const after = await subject.company.myRecords({})
    expect(after.rows.every((r) => r.windows.every((w) => !w.shown && w.endedBy === 'repaired'))).toBe(true)
    const events = await sql<{
      kind: string
      of: string | null
    }>`select kind, details->>'case' as of from platform.event where subject_id = ${subject.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    const withdrawn = events.rows.filter((e) => e.kind === 'record.withdrawn')
    expect(new Set(withdrawn.map((e) => e.of))).toEqual(new Set(done.items.map((i) => i.id)))
    expect(withdrawn).toHaveLength(4)
    const audit = await sql<{
      act: string
    }>`select act from platform.audit where subject_id = ${subject.subjectId} and act = 'repair.grant'`.execute(
      p().runtime.db.kysely,
    )
    expect(audit.rows).toHaveLength(4)
  })

  it('refuses a basket whole, with every reason of every item at once', async () => {
    const subject = await newSubject(p())
    const early = await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-20' })
    const ripe = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await subject.company.createApplication({ subject: subject.subjectId, records: [early, ripe] })
    const refused = await problemOf(
      subject.company.submitApplication({ subject: app.subjectId, id: app.id, seen: app.version }),
    )
    expect(refused.status).toBe(422)
    expect(new Set(refused.errors.map((e) => e.code))).toEqual(
      new Set(['NOT_YET', 'MUST_DECLARE', 'MATERIAL_MISSING', 'COMMITMENT_UNSIGNED']),
    )
    expect(refused.errors.find((e) => e.code === 'NOT_YET')?.message).toContain('2027年1月20日')
    expect(refused.errors.find((e) => e.code === 'NOT_YET')?.message).not.toMatch(/\{\w+\}/)
    const view = await subject.company.myRecords({ subject: subject.subjectId })
    expect(view.rows.find((r) => r.recordId === early)?.eligibility).toMatchObject({
      may: false,
      firstDay: '2027-01-20',
    })
    expect(view.rows.find((r) => r.recordId === ripe)?.underWay?.applicationId).toBe(app.id)
    const without = await subject.company.removeItem({
      subject: app.subjectId,
      id: app.id,
      item: app.items.find((i) => i.recordId === early)!.id,
    })
    const ready = await prepare(subject.company, without)
    expect(
      (await subject.company.submitApplication({ subject: app.subjectId, id: app.id, seen: ready.version })).state,
    ).toBe('submitted')
  })

  it('keeps a basket to what is the subject’s, adverse and not under way', async () => {
    const { subject, record, app } = await oneItem()
    const other = await newSubject(p())
    const foreign = await newRecord(p(), { subject: other, kind: 'penalty' })
    const begin = (records: string[]) =>
      problemOf(subject.company.createApplication({ subject: subject.subjectId, records }))
    expect((await begin([foreign])).code).toBe('RECORD_UNKNOWN')
    expect((await begin([record])).code).toBe('RECORD_UNDER_WAY')
    expect((await problemOf(subject.company.createApplication({ subject: other.subjectId }))).code).toBe(
      'NOT_YOUR_SUBJECT',
    )
    const empty = await subject.company.createApplication({ subject: subject.subjectId })
    expect(
      (
        await problemOf(subject.company.submitApplication({ subject: empty.subjectId, id: empty.id, seen: 1 }))
      ).errors.map((e) => e.code),
    ).toContain('BASKET_EMPTY')
    expect(
      (
        await problemOf(
          subject.company.signCommitment({ subject: empty.subjectId, id: empty.id, agreed: true, seen: 1 }),
        )
      ).code,
    ).toBe('BASKET_EMPTY')
    expect(await subject.company.discardApplication({ subject: empty.subjectId, id: empty.id })).toEqual({ ok: true })
    expect((await problemOf(subject.company.getApplication({ subject: empty.subjectId, id: empty.id }))).status).toBe(
      404,
    )
    // Another's application, and another authority's item, do not exist for you.
    expect((await problemOf(other.company.getApplication({ subject: app.subjectId, id: app.id }))).code).toBe(
      'NO_SUCH_APPLICATION',
    )
    expect((await problemOf((await market()).acceptItem(at(app.items[0]!)))).code).toBe('NO_SUCH_REPAIR_ITEM')
    expect((await problemOf((await market()).getCase({ subject: app.subjectId, item: app.items[0]!.id }))).status).toBe(
      404,
    )
    expect((await problemOf((await market()).getApplication({ subject: app.subjectId, id: app.id }))).status).toBe(404)
    expect((await problemOf(other.company.withdrawItem(at(app.items[0]!)))).code).toBe('NO_SUCH_REPAIR_ITEM')
  })

  it('submits once, changes nothing afterwards, and lets go by withdrawal', async () => {
    const { subject, app, item, record } = await oneItem()
    const key = { subject: app.subjectId, id: app.id }
    expect((await problemOf(subject.company.submitApplication({ ...key, seen: app.version }))).code).toBe('NOT_A_DRAFT')
    expect((await problemOf(subject.company.addItems({ ...key, records: [record] }))).code).toBe('NOT_A_DRAFT')
    expect(
      (
        await problemOf(
          subject.company.uploadMaterial({ ...key, kind: 'proof_of_performance', file: { name: 'x.pdf', body: PDF } }),
        )
      ).code,
    ).toBe('MATERIAL_LOCKED')
    expect((await problemOf(subject.company.removeMaterial({ ...key, material: app.materials[0]!.id }))).code).toBe(
      'MATERIAL_LOCKED',
    )
    expect(await subject.company.withdrawItem({ ...at(item), note: '改日再办' })).toMatchObject({
      state: 'withdrawn',
      actions: [],
    })
    const again = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    expect(again.items[0]!.state).toBe('received')
    expect(again.no).not.toBe(app.no)
    const list = await subject.company.listApplications({ subject: subject.subjectId })
    expect(list.rows.map((r) => r.state)).toEqual(['submitted', 'closed'])
    const first = await subject.company.listApplications({ limit: 1 })
    expect((await subject.company.listApplications({ limit: 1, after: first.next! })).rows[0]!.id).toBe(app.id)
    expect((await problemOf(subject.company.listApplications({ after: 'zzz' }))).code).toBe('BAD_CURSOR')
  })

  it('lets two submit at once only once, and two officers decide once', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const ready = await drafted(subject.company, { subject: subject.subjectId, records: [record] })
    const send = () =>
      subject.company.submitApplication({ subject: ready.subjectId, id: ready.id, seen: ready.version })
    const sent = await Promise.allSettled([send(), send()])
    expect(sent.filter((s) => s.status === 'fulfilled')).toHaveLength(1)
    const item = (await subject.company.getApplication({ subject: ready.subjectId, id: ready.id })).items[0]!
    const [a, b] = [await traffic(), await traffic()]
    const accepted = await a.acceptItem(at(item))
    expect((await problemOf(b.acceptItem(at(item)))).code).toBe('STALE')
    const decided = await Promise.allSettled([
      a.grantItem(at(accepted)),
      b.refuseItem({ ...at(accepted), reason: '罚款未缴清', conditions: ['DUTIES_NOT_PERFORMED'] }),
    ])
    expect(decided.filter((d) => d.status === 'fulfilled')).toHaveLength(1)
    expect(decided.find((d) => d.status === 'rejected')).toMatchObject({ reason: { problem: { code: 'STALE' } } })
  })

  it('asks once for all that is missing, and never twice', async () => {
    const { subject, app, item } = await oneItem()
    const officer = await traffic()
    const missing = [{ kind: 'proof_of_performance', text: '缴款凭证不清晰，请补交原件扫描件。' }]
    expect((await problemOf(officer.askOnce({ ...at(item), missing: [{ kind: 'training', text: '' }] }))).code).toBe(
      'MATERIAL_KIND_UNKNOWN',
    )
    const asked = await officer.askOnce({ ...at(item), missing })
    expect(asked).toMatchObject({ state: 'mending', clock: { stopped: true, dueOn: null, left: null } })
    expect(asked.acts.at(-1)?.letter).toMatchObject({ kind: 'one_time_notice', no: app.no })
    const seen = await subject.company.getApplication({ subject: app.subjectId, id: app.id })
    expect(seen.items[0]!.missing[0]?.text).toContain('缴款凭证')
    expect(seen.mayUpload).toBe(true)
    const added = await subject.company.uploadMaterial({
      subject: app.subjectId,
      id: app.id,
      kind: 'proof_of_performance',
      file: { name: '缴款凭证.docx', body: DOCX_LIKE },
    })
    expect(added.mediaType).toContain('wordprocessingml')
    const mended = await subject.company.mendItem({ ...at(asked), note: '已补交' })
    expect(mended).toMatchObject({ state: 'received', missing: [] })
    const twice = await problemOf(officer.askOnce({ ...at(mended), missing }))
    expect(twice).toMatchObject({ code: 'ASKED_ALREADY', status: 422 })
    expect(twice.detail).toContain('第十六条')
    const view = await officer.getCase({ subject: item.subjectId, item: item.id })
    expect(view.item.actions).not.toContain('ask_once')
    const no = await officer.notAcceptItem({ ...at(mended), reason: '材料仍不齐全' })
    expect(no).toMatchObject({ state: 'not_accepted', clock: null })
    expect((await problemOf(officer.acceptItem(at(no)))).code).toBe('NO_SUCH_MOVE')
  })

  it('shows the officer one screen and the subject who looked', async () => {
    const { subject, app, item } = await oneItem()
    const officer = await traffic()
    const view = await officer.getCase({ subject: item.subjectId, item: item.id })
    expect(view).toMatchObject({ subject: { name: subject.name }, application: { no: app.no, others: [] } })
    expect(view.item.actions.toSorted()).toEqual(['accept', 'ask_once', 'forged', 'not_accept'])
    expect(view.conditions.length).toBeGreaterThan(4)
    expect(JSON.stringify(view)).not.toMatch(/\{day\}/)
    expect(view.headDecides.map((h) => h.action)).toContain('forged')
    expect(view.materialsNeeded.every((m) => m.present || m.required !== 'always')).toBe(true)
    const file = await officer.downloadMaterial({ subject: app.subjectId, id: app.id, material: app.materials[0]!.id })
    expect(file.name).toBe('证明.pdf')
    const looks = await sql<{
      purpose: string
    }>`select purpose from subjects.look where subject_id = ${subject.subjectId}`.execute(p().runtime.db.kysely)
    expect(looks.rows.map((l) => l.purpose).join()).toContain(app.no)
    expect(
      (
        await problemOf(
          (await market()).downloadMaterial({ subject: app.subjectId, id: app.id, material: app.materials[0]!.id }),
        )
      ).status,
    ).toBe(404)
    const missing = '0193e1f0-0000-7000-8000-000000000000'
    expect(
      (await problemOf(officer.downloadMaterial({ subject: app.subjectId, id: app.id, material: missing }))).code,
    ).toBe('NO_SUCH_MATERIAL')
  })

  it('says in a page why a file cannot be opened by its link, and in data to a program', async () => {
    const { app } = await oneItem()
    const url = `${p().url}/api/v1/applications/${app.subjectId}/${app.id}/materials/${app.materials[0]!.id}`
    // The session has run out meanwhile.
    const page = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml', 'accept-language': 'zh' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('登录')
    const data = await fetch(url)
    expect([data.status, data.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8'])
  })

  it('says of a mangled address what is wrong, in Chinese alone', async () => {
    const { subject } = await oneItem()
    const problem = await problemOf(subject.company.getApplication({ subject: 'x', id: 'y' }))
    expect(problem).toMatchObject({ code: 'BAD_INPUT', status: 400 })
    for (const e of problem.errors) expect(e.message).toBe('编号格式不正确。')
  })

  it('shows what was applied for about the record before, and nothing of other records', async () => {
    const { subject, record, app, item } = await oneItem()
    const officer = await traffic()
    await officer.notAcceptItem({ ...at(item), reason: '履行凭证与决定不符' })
    const other = await newRecord(p(), { subject, kind: 'penalty' })
    const again = await submitted(subject.company, { subject: subject.subjectId, records: [record, other] })
    const caseOf = async (recordId: string) =>
      officer.getCase({ subject: subject.subjectId, item: again.items.find((i) => i.recordId === recordId)!.id })
    expect((await caseOf(record)).earlier).toMatchObject([
      { no: app.no, kind: 'repair', state: 'not_accepted', submittedOn: '2026-11-23', decidedOn: '2026-11-23' },
    ])
    expect((await caseOf(other)).earlier).toEqual([])
  })

  it('takes only files that are what they say', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await subject.company.createApplication({ subject: subject.subjectId, records: [record] })
    const send = (name: string, body: Uint8Array, kind = 'proof_of_performance') =>
      problemOf(subject.company.uploadMaterial({ subject: app.subjectId, id: app.id, kind, file: { name, body } }))
    expect((await send('a.pdf', new TextEncoder().encode('<html>not a pdf'))).code).toBe('MATERIAL_TYPE')
    expect((await send('a.pdf', new Uint8Array(0))).code).toBe('MISSING_FILE')
    expect((await send('a.pdf', PDF, 'credit_report')).code).toBe('MATERIAL_KIND_UNKNOWN')
    expect((await send('a.pdf', new Uint8Array(21 * 1024 * 1024))).code).toBe('TOO_LARGE')
    const kept = await subject.company.uploadMaterial({
      subject: app.subjectId,
      id: app.id,
      kind: 'proof_of_performance',
      file: { name: 'a.pdf', body: PDF },
    })
    expect(kept.mayRemove).toBe(true)
    const less = await subject.company.removeMaterial({ subject: app.subjectId, id: app.id, material: kept.id })
    expect(less.materials).toEqual([])
  })

  it('asks for a new signature when the basket asks for another text', async () => {
    const subject = await newSubject(p())
    const [first, second] = [
      await newRecord(p(), { subject, kind: 'penalty' }),
      await newRecord(p(), { subject, kind: 'samr_penalty' }),
    ]
    const signed = await drafted(subject.company, { subject: subject.subjectId, records: [first] })
    expect(signed.commitment.signedAt).not.toBeNull()
    const key = { subject: signed.subjectId, id: signed.id }
    expect((await problemOf(subject.company.signCommitment({ ...key, agreed: true, seen: signed.version }))).code).toBe(
      'COMMITMENT_SIGNED',
    )
    expect((await problemOf(subject.company.signCommitment({ ...key, agreed: true, seen: 99 }))).code).toBe('STALE')
    const more = await subject.company.addItems({ ...key, records: [second] })
    expect(more.commitment).toMatchObject({ signedAt: null })
    expect(more.commitment.text.zh).toContain('弄虚作假')
  })

  it('has the commitment of the system signed: a tax list its own (STA 54 art. 19), a court list none', async () => {
    const subject = await newSubject(p())
    const tax = await newRecord(p(), { subject, kind: 'serious', system: 'tax' })
    const begun = await subject.company.createApplication({ subject: subject.subjectId, records: [tax] })
    expect(begun.commitment.text.zh).toContain('缴清税款')
    expect(begun.commitment.article.zh).toBe('《重大税收违法失信主体信息公布管理办法》（国家税务总局令第54号）第十九条')
    const told = { subject: begun.subjectId, id: begun.id, seen: begun.version }
    expect((await problemOf(subject.company.submitApplication(told))).errors.map((e) => e.code)).toContain(
      'COMMITMENT_UNSIGNED',
    )
    const signed = await prepare(subject.company, begun)
    const ready = { subject: signed.subjectId, id: signed.id, seen: signed.version }
    expect((await subject.company.submitApplication(ready)).items).toMatchObject([{ state: 'received', system: 'tax' }])

    const court = await newRecord(p(), { subject, kind: 'serious', system: 'court' })
    const plain = await subject.company.createApplication({ subject: subject.subjectId, records: [court] })
    expect(plain.commitment.text).toEqual({ zh: '', en: '' })
    const key = { subject: plain.subjectId, id: plain.id }
    expect((await problemOf(subject.company.signCommitment({ ...key, agreed: true, seen: plain.version }))).code).toBe(
      'COMMITMENT_NOT_ASKED',
    )
    const whole = await prepare(subject.company, plain)
    const sent = await subject.company.submitApplication({ ...key, seen: whole.version })
    expect(sent.items).toMatchObject([{ state: 'received', system: 'court', clock: null }])
    const judge = await worker(p(), 'officer', p().world.authorities.market)
    expect((await judge.grantItem(at(await judge.acceptItem(at(sent.items[0]!))))).state).toBe('granted')
  })

  it('refuses with conditions and words, and extends once', async () => {
    const { item } = await oneItem()
    const officer = await traffic()
    const accepted = await officer.acceptItem(at(item))
    expect(
      (await problemOf(officer.refuseItem({ ...at(accepted), reason: '不符合', conditions: ['TRAINING'] }))).code,
    ).toBe('CONDITION_UNKNOWN')
    const extended = await officer.extendItem({ ...at(accepted), reason: '需实地核查' })
    expect(extended).toMatchObject({ state: 'accepted', extended: true, clock: { workdays: 17 } })
    expect((await problemOf(officer.extendItem({ ...at(extended), reason: '再延' }))).code).toBe('EXTENDED_ALREADY')
    const refused = await officer.refuseItem({
      ...at(extended),
      reason: '罚款尚有余额未缴。',
      conditions: ['DUTIES_NOT_PERFORMED'],
    })
    const letter = refused.acts.at(-1)?.letter
    expect(letter).toMatchObject({ kind: 'refused' })
    expect(letter?.paragraphs.map((w) => w.zh).join()).toContain('第十四条第二项')
    expect(letter?.basis[0]?.zh).toContain('第十六条')
  })

  it('bars after false material: the head finds it, and for three years nothing may be asked for that record', async () => {
    const { subject, record, item } = await oneItem()
    const officer = await traffic()
    const chief = await worker(p(), 'head', p().world.authorities.traffic)
    expect((await problemOf(chief.confirmProposal(at(item)))).code).toBe('NOTHING_PROPOSED')
    const proposed = await officer.findForged({ ...at(item), reason: '缴款凭证系伪造' })
    expect(proposed).toMatchObject({ state: 'received', proposal: { action: 'forged' } })
    const back = await chief.sendBackProposal({ ...at(proposed), reason: '请补充核查记录' })
    expect(back.proposal).toBeNull()
    const again = await officer.findForged({ ...at(back), reason: '缴款凭证系伪造，已向银行核实' })
    expect(await subject.company.getApplication({ subject: item.subjectId, id: item.applicationId })).toMatchObject({
      items: [{ proposal: null }],
    })
    const ended = await chief.confirmProposal({ ...at(again), note: '同意' })
    expect(ended).toMatchObject({ state: 'ended_forged' })
    expect(
      ended.acts
        .at(-1)
        ?.letter?.paragraphs.map((w) => w.zh)
        .join(),
    ).toContain('2029年11月23日以前')
    const mine = await subject.company.myRecords({})
    expect(mine.rows.find((r) => r.recordId === record)?.eligibility.reasons).toMatchObject([
      { code: 'BARRED', firstDay: '2029-11-23' },
    ])
  })

  it('revokes a grant obtained by deceit: the record is back and the clock of its regime runs anew', async () => {
    const subject = await newSubject(p())
    const records = [
      await newRecord(p(), { subject, kind: 'samr_penalty' }),
      await newRecord(p(), { subject, kind: 'abnormal', authority: 'district' }),
    ]
    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    const chief = await head()
    const item = app.items.find((i) => i.item === 'penalty')!
    const granted = await chief.grantItem(at(await chief.acceptItem(at(item))))
    expect(granted.state).toBe('granted')
    const proposed = await chief.revokeGrant({ ...at(granted), reason: '整改材料系伪造' })
    expect(proposed).toMatchObject({ state: 'granted', proposal: { action: 'revoke' } })
    expect((await problemOf(chief.confirmProposal(at(proposed)))).code).toBe('SAME_PERSON')
    const second = await worker(p(), 'head', p().world.authorities.market)
    const revoked = await second.confirmProposal(at(proposed))
    expect(revoked.state).toBe('revoked')
    const mine = await subject.company.myRecords({})
    const back = mine.rows.find((r) => r.recordId === item.recordId)!.windows.find((w) => w.channel === 'necips')
    expect(back).toMatchObject({ shown: true, earliest: null, until: '2027-11-23' })
    // Order 107 art. 23: no application at all in that system.
    const barred = mine.rows.filter((r) => r.item !== 'repair_dishonesty')
    expect(barred.every((r) => r.eligibility.reasons.some((x) => x.code === 'BARRED'))).toBe(true)
  })

  it('shields for the time of a plan and restores when it fails', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record], kind: 'shield' })
    expect(app.items[0]).toMatchObject({ state: 'received', clock: { step: 'shield', workdays: 10 } })
    expect(app.materials.map((m) => m.kind)).toEqual(['court_ruling'])
    // Whoever is in reorganisation cannot promise that the duties are performed: the ruling alone is asked for (art. 20).
    expect(app.commitment).toMatchObject({ text: { zh: '', en: '' }, signedAt: null })
    const officer = await traffic()
    expect((await problemOf(officer.acceptItem(at(app.items[0]!)))).code).toBe('NO_SUCH_MOVE')
    const shielded = await officer.shieldItem(at(app.items[0]!))
    expect(shielded.acts.at(-1)?.letter?.kind).toBe('shielded')
    const now = () =>
      subject.company.myRecords({}).then((m) => m.rows[0]!.windows.find((w) => w.channel === 'credit_china'))
    expect(await now()).toMatchObject({ shown: false, endedBy: 'shielded' })
    const second = await drafted(subject.company, { subject: subject.subjectId, records: [record], kind: 'shield' })
    expect(
      (
        await problemOf(
          subject.company.submitApplication({ subject: second.subjectId, id: second.id, seen: second.version }),
        )
      ).code,
    ).toBe('NOT_SHOWN')
    const completed = await officer.completePlan(at(shielded))
    expect(completed.state).toBe('plan_completed')
    expect((await officer.restoreItem({ ...at(completed), reason: '计划未执行成功' })).state).toBe('restored')
    expect(await now()).toMatchObject({ shown: true })
  })

  it('serves at the window: the clerk applies for whoever comes, and sees only its own', async () => {
    const clerk = await signedIn(p(), 'window_clerk')
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty' })
    expect((await problemOf(clerk.lookUpSubject({ code: '91440106MA5ZZZZZZ9' }))).code).toBe('NO_SUCH_APPLICANT')
    const found = await clerk.lookUpSubject({ code: subject.code })
    expect((await clerk.myRecords({ subject: found.subjectId })).rows).toHaveLength(1)
    const app = await submitted(clerk, { subject: found.subjectId, records: [record] })
    expect(app).toMatchObject({ wayIn: 'window', state: 'submitted' })
    expect(app.items[0]!.acts[0]).toMatchObject({ by: 'window' })
    expect((await clerk.listApplications({})).rows.map((r) => r.id)).toEqual([app.id])
    const elsewhere = await worker(p(), 'window_clerk', p().world.authorities.traffic)
    expect((await problemOf(elsewhere.getApplication({ subject: app.subjectId, id: app.id }))).status).toBe(404)
    // The subject itself sees what was applied for in its name.
    expect((await subject.company.getApplication({ subject: app.subjectId, id: app.id })).no).toBe(app.no)
    const office = await signedIn(p(), 'credit_office')
    expect((await office.listApplications({ no: app.no! })).rows).toHaveLength(1)
  })

  it('orders the queue by deadline, pages it by key, and counts the whole', async () => {
    const authority = p().world.authorities.district
    const officer = await worker(p(), 'officer', authority)
    const subject = await newSubject(p())
    const records: string[] = []
    for (let i = 0; i < 3; i++) records.push(await newRecord(p(), { subject, kind: 'abnormal', authority: 'district' }))
    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    const all = await officer.queue({ no: app.no! })
    expect(all.rows).toHaveLength(3)
    expect(all.rows[0]).toMatchObject({ as: 'decider', clock: { step: 'accept', overdue: false } })
    const first = await officer.queue({ limit: 2, no: app.no! })
    const rest = await officer.queue({ limit: 2, no: app.no!, after: first.next! })
    expect([...first.rows, ...rest.rows].map((r) => r.itemId)).toEqual(all.rows.map((r) => r.itemId))
    expect(rest.next).toBeNull()
    await officer.acceptItem(at(app.items[0]!))
    const proposed = await officer.notAcceptItem({ ...at(app.items[1]!), reason: '不属于本单位' })
    expect(proposed.proposal?.action).toBe('not_accept')
    const counts = (await officer.queue({ awaitingHead: 'true' })).counts
    expect(counts.awaitingHead).toBe(1)
    expect((await officer.queue({ overdue: 'true' })).rows).toEqual([])
    const withdrawn = await subject.company.withdrawItem(at(app.items[2]!))
    expect((await officer.queue({ view: 'done', no: app.no! })).rows.map((r) => r.itemId)).toEqual([withdrawn.id])
    expect((await problemOf(officer.queue({ after: 'bm9wZQ' }))).code).toBe('BAD_CURSOR')
  })

  it('says where there is nothing to repair, no rules here, or nobody to receive', async () => {
    const subject = await newSubject(p())
    const licence = await newRecord(p(), { subject, kind: 'licence' })
    const begin = (record: string) =>
      subject.company.createApplication({ subject: subject.subjectId, records: [record] })
    expect((await problemOf(begin(licence))).code).toBe('RECORD_NOT_ADVERSE')
    const court = await newRecord(p(), { subject, kind: 'serious', system: 'court' })
    expect((await begin(court)).items[0]).toMatchObject({ system: 'court' })
    const lost = await newRecord(p(), { subject, kind: 'penalty', authorityId: '0193e1f0-0000-7000-8000-000000000001' })
    expect((await problemOf(begin(lost))).code).toBe('NO_ROUTE')
  })

  it('serves a natural person in the person’s own affairs', async () => {
    const person = await newSubject(p(), 'natural_person')
    const record = await newRecord(p(), { subject: person, kind: 'penalty', subjectKind: 'natural_person' })
    const mine = await person.company.myRecords({})
    expect(mine.rows[0]!.windows.every((w) => !w.shown)).toBe(true)
    // Never shown, but shared and used: repair ends that too (Order 36 art. 3).
    const app = await submitted(person.company, { subject: person.subjectId, records: [record] })
    const officer = await traffic()
    expect((await officer.grantItem(at(await officer.acceptItem(at(app.items[0]!))))).state).toBe('granted')
    const clerk = await signedIn(p(), 'window_clerk')
    expect(await clerk.lookUpSubject({ personId: person.code })).toMatchObject({ subjectId: person.subjectId })
  })

  it('does not grant what has been annulled meanwhile', async () => {
    const { item } = await oneItem()
    const officer = await traffic()
    const accepted = await officer.acceptItem(at(item))
    const who = await p().as((await accountOf(p)).login)
    await who.client(recordEndpoints).annulRecord({ id: item.recordId, seen: 1, reason: '行政复议撤销' })
    expect((await problemOf(officer.grantItem(at(accepted)))).code).toBe('NO_LONGER_REPAIRABLE')
  })
})

/** An officer of the authority that decided, for what the records capability lets it do. */
const accountOf = async (p: () => Platform): Promise<{ login: string }> => {
  const login = `annuls-${Date.now()}`
  await createPerson(p().ctx(), {
    login,
    name: login,
    password: 'xinheng-2026',
    role: 'officer',
    authorityId: p().world.authorities.traffic,
    mustChange: false,
  })
  return { login }
}
