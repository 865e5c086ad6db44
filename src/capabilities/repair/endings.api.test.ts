import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { at, newRecord, newSubject, signedIn, submitted, worker } from '../../../test/repair-world.ts'
import { createAuthority, createPerson } from '../access/index.ts'
import { endpoints as recordEndpoints } from '../records/contract.ts'
import { endpoints as calendarEndpoints } from './contract.calendar.ts'

/** Endings, consequences for other records, batches and the routing table, through the API. */
describeEngines('endings of repair', (p) => {
  const officerOf = (authority: 'traffic' | 'market' | 'district') =>
    worker(p(), 'officer', p().world.authorities[authority])
  const headOf = (authority: 'traffic' | 'market' | 'district') => worker(p(), 'head', p().world.authorities[authority])
  const one = async (kind: 'penalty' | 'samr_penalty' | 'serious' = 'penalty') => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
    return { subject, record, app, item: app.items[0]! }
  }
  const follow = () => p().drain()
  const windowsOf = async (subject: Awaited<ReturnType<typeof newSubject>>, record: string, channel: string) =>
    (await subject.company.myRecords({})).rows
      .find((r) => r.recordId === record)!
      .windows.find((w) => w.channel === channel)!

  it('publishes who receives and who decides, with steps, terms and what is unsure', async () => {
    const table = await (await signedIn(p(), 'officer')).routingTable({})
    const of = (item: string, system: string, day = table) =>
      day.rows.find((r) => r.item === item && (!r.recordSystems.length || r.recordSystems.includes(system)))
    expect(table.jurisdiction.zh).toBe('广州市')
    expect(of('penalty', 'general')).toMatchObject({ system: 'credit_china', decider: 'finder', article: '第十三条' })
    expect(of('penalty', 'general')!.steps.map((s) => [s.step, s.workdays])).toEqual([
      ['accept', 3],
      ['decide', 7],
    ])
    const samr = table.rows.find((r) => r.id === 'route/samr-penalty/penalty')!
    expect(samr.steps.map((s) => [s.step, s.workdays])).toEqual([
      ['accept', 2],
      ['decide', 7],
      ['execute', 3],
      ['push_province', 3],
    ])
    expect(table.rows.find((r) => r.id === 'route/samr-abnormal-list/abnormal_list')).toMatchObject({
      decider: 'registry_authority',
      steps: [{ workdays: 2 }, { workdays: 2, unsure: true }, { workdays: 3 }],
    })
    expect(table.rows.find((r) => r.id === 'route/tax-list/serious_list')!.steps.map((s) => s.workdays)).toEqual([
      2, 15, 5,
    ])
    expect(table.rows.find((r) => r.id === 'route/court-list/serious_list')!.steps).toMatchObject([{ workdays: 3 }])
    // What an earlier row has taken whole is not listed again; what ends by itself has no steps.
    expect(table.rows.filter((r) => r.item === 'evaluation')).toMatchObject([
      { id: 'gz/route-rating/evaluation', local: true },
    ])
    expect(table.rows.filter((r) => r.item === 'repair_dishonesty').map((r) => r.steps)).toEqual([[], []])
    expect(of('evaluation', 'general')).toMatchObject({ unsure: true })
    expect(of('tax_arrears', 'general')).toMatchObject({ unsure: true })
    // Guangzhou's own rows until Order 36: by the kind of subject, with a first review of one working day.
    const before = await (await signedIn(p(), 'officer')).routingTable({ on: '2025-06-01' })
    const gz = before.rows.find((r) => r.id === 'gz/route-individual-business/penalty')!
    expect(gz).toMatchObject({ subjectKinds: ['individual_business'], receiver: { zh: '信用广东网站' }, local: true })
    expect(gz.steps[0]).toMatchObject({ step: 'first_review', workdays: 1, article: '一（二）' })
    expect(table.rows.some((r) => r.steps.some((s) => s.step === 'first_review'))).toBe(false)
  })

  it('finds false material by two people and enters it as a record of its own, shown three years (Order 36 art. 25)', async () => {
    const { subject, record, item } = await one()
    const [chief, second] = [await headOf('traffic'), await headOf('traffic')]
    const proposed = await chief.findForged({ ...at(item), reason: '缴款凭证系伪造，已向银行核实' })
    expect(proposed).toMatchObject({ state: 'received', proposal: { action: 'forged' } })
    const same = await problemOf(chief.confirmProposal(at(proposed)))
    expect(same).toMatchObject({ code: 'SAME_PERSON', status: 403 })
    expect(same.detail).toContain('第二十五条')
    const ended = await second.confirmProposal(at(proposed))
    expect(ended.state).toBe('ended_forged')
    const letter = ended.acts.at(-1)!.letter!.paragraphs.map((w) => w.zh)
    // Art. 25 shuts the original record alone, and shows the finding for three years.
    expect(letter).toContain('2029年11月23日以前不得就该信息再次申请信用修复。')
    expect(letter).toContain('本决定认定的情况自2026年11月23日起公示，至2029年11月22日止，不得提前停止公示。')
    const rows = (await subject.company.myRecords({})).rows
    const entered = rows.find((r) => r.item === 'repair_dishonesty')!
    expect(entered.windows.find((w) => w.channel === 'credit_china')).toMatchObject({
      shown: true,
      from: '2026-11-23',
      earliest: null,
      until: '2029-11-23',
      repair: 'fixed',
      article: '第二十五条',
    })
    expect(entered.windows.find((w) => w.channel === 'necips')).toMatchObject({ shown: false })
    expect(entered.eligibility).toMatchObject({ may: false, reasons: [{ code: 'FIXED_TERM', article: '第二十五条' }] })
    expect(rows.find((r) => r.recordId === record)!.eligibility.reasons).toMatchObject([
      { code: 'BARRED', firstDay: '2029-11-23' },
    ])
    const page = await (await fetch(`${p().url}/s/${subject.code}`)).text()
    expect(page).toContain('信用修复失信记录')
  })

  it('shows the decision three years on the other system and restarts the clock there (Order 107 art. 23)', async () => {
    const { subject, record, item } = await one('samr_penalty')
    const [chief, second] = [await headOf('market'), await headOf('market')]
    const granted = await chief.grantItem(at(await chief.acceptItem(at(item))))
    const proposed = await chief.revokeGrant({ ...at(granted), reason: '整改材料系伪造' })
    const revoked = await second.confirmProposal(at(proposed))
    expect(revoked.state).toBe('revoked')
    expect(await windowsOf(subject, record, 'necips')).toMatchObject({
      shown: true,
      earliest: null,
      until: '2027-11-23',
    })
    const letter = revoked.acts.at(-1)!.letter!.paragraphs.map((w) => w.zh)
    expect(letter).toContain('公示期自本决定作出之日起重新计算，至2027年11月22日止，不得提前停止公示。')
    expect(letter).toContain('2029年11月23日以前不得再次申请信用修复。')
    const entered = (await subject.company.myRecords({})).rows.find((r) => r.item === 'repair_dishonesty')!
    expect(entered.windows.find((w) => w.channel === 'necips')).toMatchObject({
      shown: true,
      until: '2029-11-23',
      repair: 'fixed',
    })
    expect(entered.windows.find((w) => w.channel === 'credit_china')).toMatchObject({ shown: false })
  })

  it('takes ratings and other adverse information into the same basket; who rated or found decides by a rule that it states', async () => {
    const subject = await newSubject(p())
    const records = [
      await newRecord(p(), { subject, kind: 'penalty' }),
      await newRecord(p(), { subject, kind: 'rating', authority: 'district' }),
      await newRecord(p(), { subject, kind: 'tax_arrears', authority: 'district' }),
    ]
    // A commitment that was kept is nothing to repair.
    const kept = await newRecord(p(), { subject, kind: 'fulfilment', result: 'positive' })
    const refusedIn = subject.company.createApplication({ subject: subject.subjectId, records: [kept] })
    expect((await problemOf(refusedIn)).code).toBe('RECORD_NOT_ADVERSE')
    const shown = (await subject.company.myRecords({})).rows
    expect(
      shown
        .map((r) => [r.item, r.eligibility.may, r.eligibility.judged.map((j) => j.code)])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['evaluation', true, ['RATING_METHOD_NOT_MET']],
      ['penalty', true, []],
      ['tax_arrears', true, ['SECTOR_RULE_NOT_MET']],
    ])
    const app = await submitted(subject.company, { subject: subject.subjectId, records })
    expect(app.commitment.text.zh).toContain('提升信用评价等级')
    const [penalty, rating, arrears] = ['penalty', 'evaluation', 'tax_arrears'].map(
      (item) => app.items.find((i) => i.item === item)!,
    )
    expect([penalty!.system, rating!.system, arrears!.system]).toEqual(['credit_china', 'rating', 'credit_china'])
    expect([penalty, rating, arrears].map((i) => [i!.deciderName, i!.clock?.dueOn])).toEqual([
      [penalty!.deciderName, '2026-11-26'],
      [arrears!.deciderName, '2026-11-26'],
      [arrears!.deciderName, '2026-11-26'],
    ])
    const stranger = await officerOf('traffic')
    expect(await problemOf(stranger.acceptItem(at(rating!)))).toMatchObject({ code: 'NO_SUCH_REPAIR_ITEM' })
    const officer = await officerOf('district')
    const taken = await officer.acceptItem(at(rating!))
    expect(taken.clock?.dueOn).toBe('2026-12-02')
    const unstated = await problemOf(officer.grantItem(at(taken)))
    expect(unstated).toMatchObject({ code: 'RULED_BY_MISSING', status: 422 })
    expect(unstated.detail).toContain('信用评价和信用修复条款')
    const ruled = { basis: '《广东省建筑市场信用评价办法》第十八条', condition: '评价周期内未再发生扣分行为。' }
    const granted = await officer.grantItem({ ...at(taken), ruled })
    expect(granted.state).toBe('granted')
    const letter = granted.acts.at(-1)!.letter!
    expect(letter.paragraphs.map((w) => w.zh).join('')).toContain(
      `本单位依据${ruled.basis}核查，所适用的条件为：${ruled.condition}`,
    )
    expect(letter.paragraphs[1]!.zh).toContain('准予提升')
    // Ended for good: no second application for the same result.
    expect(
      (await subject.company.myRecords({})).rows.find((r) => r.recordId === rating!.recordId)!.eligibility,
    ).toMatchObject({ may: false, reasons: [{ code: 'ALREADY_ENDED' }] })
    // A refusal on the sector's own rule states it as well; one on another condition need not.
    const other = await officer.acceptItem(at(arrears!))
    const refused = { ...at(other), reason: '尚有欠税。', conditions: ['SECTOR_RULE_NOT_MET'] }
    expect(await problemOf(officer.refuseItem(refused))).toMatchObject({ code: 'RULED_BY_MISSING' })
    expect(await problemOf(officer.refuseItem({ ...refused, ruled: { basis: ' ', condition: '' } }))).toMatchObject({
      status: 400,
    })
    const told = await officer.refuseItem({ ...refused, ruled })
    expect(
      told.acts
        .at(-1)!
        .letter!.paragraphs.map((w) => w.zh)
        .join(''),
    ).toContain(ruled.basis)
    const several = await p()
      .runtime.db.kysely.selectFrom('repair.act')
      .select(['basis'])
      .where('item_id', '=', told.id)
      .where('action', '=', 'refuse')
      .executeTakeFirstOrThrow()
    expect(several.basis).toMatchObject({ ruled, conditions: ['SECTOR_RULE_NOT_MET'] })
  })

  it('refuses with the sentence that fails and the first day; never on what it reckons to hold', async () => {
    const { item } = await one()
    const officer = await officerOf('traffic')
    const accepted = await officer.acceptItem(at(item))
    const wrong = await problemOf(
      officer.refuseItem({ ...at(accepted), reason: '时间未到', conditions: ['MIN_PERIOD'] }),
    )
    expect(wrong).toMatchObject({ code: 'CONDITION_HOLDS', status: 422 })
    expect(wrong.detail).toContain('最短公示期已满')
    const subject = await newSubject(p())
    const early = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [early] })
    // Corrected meanwhile: the decision is of a later day, so the shortest period is not over.
    await sql`update records.record set facts = facts || '{"decidedOn":"2026-11-01"}', windows = (
      select jsonb_agg(case when w->>'channel' = 'credit_china' then w || '{"earliest":"2027-02-01"}' else w end) from jsonb_array_elements(windows) w)
      where id = ${early}`.execute(p().runtime.db.kysely)
    const taken = await officer.acceptItem(at(app.items[0]!))
    const view = await officer.getCase({ subject: taken.subjectId, item: taken.id })
    expect(view.conditions.find((c) => c.code === 'MIN_PERIOD')).toMatchObject({ met: false, firstDay: '2027-02-01' })
    const refused = await officer.refuseItem({ ...at(taken), reason: '最短公示期未满', conditions: ['MIN_PERIOD'] })
    expect(
      refused.acts
        .at(-1)!
        .letter!.paragraphs.map((w) => w.zh)
        .join(),
    ).toContain('最早自2027年2月1日起可以再次申请')
  })

  it('decides a batch: each item with its own outcome, and two officers at once', async () => {
    const officer = await officerOf('traffic')
    const cases = await Promise.all([one(), one(), one()])
    const items = cases.map((c) => at(c.item))
    const stale = { ...items[2]!, seen: 9 }
    const foreign = at((await one('samr_penalty')).item)
    const accepted = await officer.decideBatch({ action: 'accept', items: [items[0]!, items[1]!, stale, foreign] })
    expect(accepted).toMatchObject({ done: 2, refused: 2 })
    expect(accepted.outcomes.map((o) => [o.ok, o.refusals[0]?.code])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, 'STALE'],
      [false, 'NO_SUCH_REPAIR_ITEM'],
    ])
    const other = await officerOf('traffic')
    const next = accepted.outcomes
      .filter((o) => o.ok)
      .map((o) => ({ subject: o.subject, item: o.item, seen: o.version! }))
    const both = await Promise.all([
      officer.decideBatch({ action: 'grant', items: next }),
      other.decideBatch({
        action: 'refuse',
        items: next.toReversed(),
        reason: '罚款未缴清',
        conditions: ['DUTIES_NOT_PERFORMED'],
      }),
    ])
    expect(both[0].done + both[1].done).toBe(2)
    expect(
      [...both[0].outcomes, ...both[1].outcomes]
        .filter((o) => !o.ok)
        .every((o) => ['STALE', 'NO_SUCH_MOVE'].includes(o.refusals[0]!.code)),
    ).toBe(true)
    expect((await problemOf(officer.decideBatch({ action: 'grant', items: [next[0]!, next[0]!] }))).status).toBe(400)
    const chief = await headOf('market')
    const boss = await officerOf('market')
    const samr = await one('samr_penalty')
    const taken = await boss.decideBatch({ action: 'accept', items: [at(samr.item)] })
    const asked = await boss.decideBatch({
      action: 'grant',
      items: taken.outcomes.map((o) => ({ subject: o.subject, item: o.item, seen: o.version! })),
    })
    expect(asked.outcomes).toMatchObject([{ ok: true, state: 'accepted', proposed: true }])
    const confirmed = await chief.decideBatch({
      action: 'confirm',
      items: asked.outcomes.map((o) => ({ subject: o.subject, item: o.item, seen: o.version! })),
      note: '同意',
    })
    expect(confirmed.outcomes).toMatchObject([{ ok: true, state: 'granted' }])
  })

  it('lapses when the record is gone, and never merely because time passed where no rule sets a term', async () => {
    const { item, record } = await one()
    const officer = await officerOf('traffic')
    const view = await officer.getCase({ subject: item.subjectId, item: item.id })
    expect(view.lapse).toEqual({ day: null, moot: false })
    expect((await problemOf(officer.lapseItem({ ...at(item), reason: '申请人一直没有来' }))).code).toBe('NEVER_LAPSES')
    const login = `annuls-${crypto.randomUUID().slice(0, 8)}`
    await createPerson(p().ctx(), {
      login,
      name: login,
      password: 'xinheng-2026',
      role: 'officer',
      authorityId: p().world.authorities.traffic,
      mustChange: false,
    })
    await (await p().as(login)).client(recordEndpoints).annulRecord({ id: record, seen: 1, reason: '行政复议撤销' })
    await follow()
    const after = await officer.getCase({ subject: item.subjectId, item: item.id })
    expect(after.item).toMatchObject({ state: 'lapsed', clock: null })
    expect(after.item.acts.at(-1)).toMatchObject({ action: 'lapse', by: 'platform', letter: { kind: 'lapsed' } })
    await follow()
  })

  it('lapses after the term where a place sets one', async () => {
    const { subject, item } = await one()
    const officer = await officerOf('traffic')
    const asked = await officer.askOnce({ ...at(item), missing: [{ kind: 'proof_of_performance', text: '请补交' }] })
    const row = p().runtime.policy.settings.find((s) => s.key === 'mending_lapses' && s.system === 'credit_china')!
    const before = row.value
    row.value = { enabled: true, after: 'P1M' }
    try {
      const early = await problemOf(officer.lapseItem({ ...at(asked), reason: '逾期未补正' }))
      expect(early).toMatchObject({ code: 'NOT_LAPSED_YET' })
      expect(early.detail).toContain('2026年12月23日')
      p().clock.advance({ days: 31 })
      const fresh = await officerOf('traffic')
      expect((await fresh.getCase({ subject: item.subjectId, item: item.id })).lapse).toEqual({
        day: '2026-12-23',
        moot: false,
      })
      await follow()
      const company = await signedIn(p(), (await accountOf(subject.subjectId)).login)
      const app = await company.getApplication({ subject: item.subjectId, id: item.applicationId })
      expect(app.items[0]).toMatchObject({ state: 'lapsed' })
      expect(app.state).toBe('closed')
    } finally {
      row.value = before
      p().clock.advance({ days: -31 })
    }
  })
  const accountOf = async (subjectId: string): Promise<{ login: string }> =>
    (
      await sql<{ login: string }>`select p.login from access.person p join access.mandate m on m.person_id = p.id
      where m.subject_id = ${subjectId}`.execute(p().runtime.db.kysely)
    ).rows[0]!

  it('takes the penalty off with its list entry, and back with it (Order 107 art. 13(3))', async () => {
    const subject = await newSubject(p())
    const penalty = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const listed = await newRecord(p(), { subject, kind: 'serious' })
    const general = await newRecord(p(), { subject, kind: 'penalty' })
    const officer = await officerOf('market')
    const [chief, second] = [await headOf('market'), await headOf('market')]
    const link = {
      subject: subject.subjectId,
      kind: 'listed_for' as const,
      follows: penalty,
      leads: listed,
      reason: '据该处罚决定列入',
    }
    expect((await problemOf(officer.linkRecords({ ...link, kind: 'led_to' }))).code).toBe('LINK_KIND')
    expect((await problemOf(officer.linkRecords({ ...link, follows: general }))).code).toBe('LINK_KIND')
    expect((await problemOf(officer.linkRecords({ ...link, leads: crypto.randomUUID() }))).code).toBe('RECORD_UNKNOWN')
    expect((await problemOf((await officerOf('traffic')).linkRecords(link))).code).toBe('RECORD_UNKNOWN')
    await officer.linkRecords(link)
    expect((await problemOf(officer.linkRecords(link))).code).toBe('LINKED_ALREADY')
    expect((await officer.listLinks({ subject: subject.subjectId, record: listed })).rows).toMatchObject([
      { kind: 'listed_for', follows: { recordId: penalty }, leads: { recordId: listed } },
    ])
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [listed] })
    const granted = await chief.grantItem(at(await chief.acceptItem(at(app.items[0]!))))
    await follow()
    expect(await windowsOf(subject, penalty, 'necips')).toMatchObject({ shown: false, endedBy: 'repaired' })
    expect(await windowsOf(subject, general, 'credit_china')).toMatchObject({ shown: true })
    const proposed = await chief.revokeGrant({ ...at(granted), reason: '整改材料系伪造' })
    await second.confirmProposal(at(proposed))
    await follow()
    expect(await windowsOf(subject, penalty, 'necips')).toMatchObject({ shown: true, earliest: null })
  })

  it('keeps a penalty that may not end early when its list entry goes', async () => {
    const subject = await newSubject(p())
    const penalty = await newRecord(p(), { subject, kind: 'samr_penalty', decidedOn: '2026-10-20' })
    const listed = await newRecord(p(), { subject, kind: 'serious' })
    await (await officerOf('market')).linkRecords({
      subject: subject.subjectId,
      kind: 'listed_for',
      follows: penalty,
      leads: listed,
      reason: '据该处罚决定列入',
    })
    const chief = await headOf('market')
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [listed] })
    await chief.grantItem(at(await chief.acceptItem(at(app.items[0]!))))
    await follow()
    expect(await windowsOf(subject, penalty, 'necips')).toMatchObject({ shown: true, earliest: '2027-01-20' })
  })

  it('lets a negative spot-check result follow what it led to (Order 107 art. 10)', async () => {
    const subject = await newSubject(p())
    const check = await newRecord(p(), { subject, kind: 'inspection', decidedOn: '2026-10-08' })
    const necips = async () => {
      const { rows } = await sql<{ w: { from: string; until: string | null; end?: { by: string } } }>`
        select w from records.record r, jsonb_array_elements(r.windows) w where r.id = ${check} and w->>'channel' = 'necips'`.execute(
        p().runtime.db.kysely,
      )
      return rows[0]!.w
    }
    // No penalty: three months.
    expect(await necips()).toMatchObject({ from: '2026-10-08', until: '2027-01-08' })
    const penalty = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const abnormal = await newRecord(p(), { subject, kind: 'abnormal' })
    const officer = await officerOf('market')
    const link = { subject: subject.subjectId, kind: 'led_to' as const, follows: check, reason: '抽查发现后作出' }
    await officer.linkRecords({ ...link, leads: penalty })
    expect(await necips()).toMatchObject({ until: '2027-05-07' })
    // Also on the abnormal list, which knows no longest period: the longest counts.
    await officer.linkRecords({ ...link, leads: abnormal })
    expect((await necips()).until ?? null).toBeNull()
    const [chief, district] = [await headOf('market'), await headOf('district')]
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [penalty, abnormal] })
    const list = app.items.find((i) => i.item === 'abnormal_list')!
    await district.grantItem(at(await district.acceptItem(at(list))))
    await follow()
    expect(await necips()).toMatchObject({ until: '2027-05-07' })
    const rest = app.items.find((i) => i.item === 'penalty')!
    await chief.grantItem(at(await chief.acceptItem(at(rest))))
    await follow()
    expect(await necips()).toMatchObject({ end: { by: 'repaired' } })
  })

  it('stops what is shown of a deregistered subject on the system of Order 107 (art. 20)', async () => {
    const subject = await newSubject(p())
    const samr = await newRecord(p(), { subject, kind: 'samr_penalty' })
    const listed = await newRecord(p(), { subject, kind: 'serious' })
    const general = await newRecord(p(), { subject, kind: 'penalty' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [samr] })
    const ask = { code: subject.code, on: '2026-11-20', reference: '准予注销登记通知书（穗天）登记内销字〔2026〕第1号' }
    expect((await problemOf((await officerOf('traffic')).deregister(ask))).code).toBe('NOT_THE_REGISTRY')
    const registry = await officerOf('district')
    expect((await problemOf(registry.deregister({ ...ask, on: '2026-12-01' }))).code).toBe('DAY_IN_FUTURE')
    expect((await problemOf(registry.deregister({ ...ask, code: '91440106MA5ZZZZZZ9' }))).code).toBe(
      'NO_SUCH_APPLICANT',
    )
    expect(await registry.deregister(ask)).toMatchObject({ subjectId: subject.subjectId, stopped: 2 })
    expect((await problemOf(registry.deregister(ask))).code).toBe('DEREGISTERED_ALREADY')
    await follow()
    expect(await windowsOf(subject, samr, 'necips')).toMatchObject({ shown: false, endedBy: 'deregistered' })
    expect(await windowsOf(subject, listed, 'necips')).toMatchObject({ shown: false, endedBy: 'deregistered' })
    expect(await windowsOf(subject, general, 'credit_china')).toMatchObject({ shown: true })
    const seen = await subject.company.getApplication({ subject: app.subjectId, id: app.id })
    expect(seen.items[0]!.state).toBe('lapsed')
  })

  it('owes a push to the province of registration within three working days (Order 107 art. 4(2))', async () => {
    const { item, subject } = await one('samr_penalty')
    await sql`update subjects.subject set division = '510104' where id = ${subject.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    const chief = await headOf('market')
    await chief.grantItem(at(await chief.acceptItem(at(item))))
    await follow()
    await follow()
    const duty = (await chief.listDuties({})).rows.find((d) => d.itemId === item.id)!
    expect(duty).toMatchObject({
      kind: 'push_province',
      to: { zh: '四川省' },
      dueOn: '2026-11-26',
      late: false,
      clock: { step: 'push_province', workdays: 3, article: '第四条第二款' },
    })
    const key = { subject: duty.subjectId, duty: duty.id }
    expect((await problemOf((await headOf('traffic')).dutyDone({ ...key, seen: 1, proof: '已推送' }))).code).toBe(
      'NO_SUCH_DUTY',
    )
    expect((await problemOf(chief.dutyDone({ ...key, seen: 7, proof: '已推送' }))).code).toBe('STALE')
    expect(await chief.dutyDone({ ...key, seen: 1, proof: '全国平台推送回执 2026-0001' })).toEqual({ ok: true })
    expect((await problemOf(chief.dutyDone({ ...key, seen: 2, proof: '已推送' }))).code).toBe('DUTY_DONE')
    expect((await chief.listDuties({ state: 'done' })).rows.find((d) => d.id === duty.id)).toMatchObject({
      late: false,
      doneOn: '2026-11-23',
    })
    // In one province nothing is owed.
    const near = await one('samr_penalty')
    await chief.grantItem(at(await chief.acceptItem(at(near.item))))
    await follow()
    expect((await chief.listDuties({})).rows.some((d) => d.itemId === near.item.id)).toBe(false)
    expect((await problemOf(chief.listDuties({ after: 'bm9wZQ' }))).code).toBe('BAD_CURSOR')
  })

  it('holds the withdrawal of an annulled penalty against its three working days', async () => {
    const login = `withdraws-${crypto.randomUUID().slice(0, 8)}`
    await createPerson(p().ctx(), {
      login,
      name: login,
      password: 'xinheng-2026',
      role: 'officer',
      authorityId: p().world.authorities.traffic,
      mustChange: false,
    })
    const records = (await p().as(login)).client(recordEndpoints)
    const withdrawn = async (annulledOn: string) => {
      const { record } = await one()
      await records.annulRecord({ id: record, seen: 1, cause: 'set_aside', annulledOn, reason: '行政复议撤销' })
      return (await records.getRecordHistory({ id: record })).dispositions.at(-1)!.term
    }
    expect(await withdrawn('2026-11-18')).toMatchObject({
      dueOn: '2026-11-23',
      late: false,
      article: '第四十八条、第八十五条',
    })
    expect(await withdrawn('2026-11-17')).toMatchObject({ dueOn: '2026-11-20', late: true })
    const { record } = await one()
    const later = records.annulRecord({
      id: record,
      seen: 1,
      cause: 'set_aside',
      annulledOn: '2026-11-24',
      reason: '行政复议撤销',
    })
    expect((await problemOf(later)).code).toBe('ANNULLED_LATER')
  })

  it('keeps a record at its maximum only by a sector’s own rule (Order 36 art. 12(2))', async () => {
    const { subject, record } = await one()
    const officer = await officerOf('traffic')
    const key = { subject: subject.subjectId, record }
    expect((await problemOf(officer.keepShown({ ...key, reason: '罚款尚未缴清' }))).code).toBe('SECTOR_SETS_NO_RULE')
    expect(await officer.mayKeepShown(key)).toEqual({ basis: null })
    const row = p().runtime.policy.settings.find((s) => s.key === 'unperformed_by_sector')!
    const before = row.value
    row.value = [{ recordSystem: 'general', does: 'keep', ahead: 'P1M' }]
    const now = p().clock.now()
    try {
      expect((await problemOf(officer.keepShown({ ...key, reason: '罚款尚未缴清' }))).code).toBe('NOT_YET_AT_MAXIMUM')
      expect(await officer.mayKeepShown(key)).toEqual({ basis: null })
      // Shown up to and including 5 May 2027.
      p().clock.set('2027-04-06T02:00:00Z')
      const later = await officerOf('traffic')
      expect((await problemOf((await officerOf('market')).keepShown({ ...key, reason: '罚款尚未缴清' }))).code).toBe(
        'RECORD_UNKNOWN',
      )
      expect((await later.mayKeepShown(key)).basis).toMatchObject({ article: '第十二条第二款', until: '2027-05-06' })
      expect((await problemOf((await officerOf('market')).mayKeepShown(key))).code).toBe('RECORD_UNKNOWN')
      expect(await later.keepShown({ ...key, reason: '罚款尚未缴清' })).toEqual({ ok: true })
      expect(await later.mayKeepShown(key)).toEqual({ basis: null })
      expect((await problemOf(later.keepShown({ ...key, reason: '罚款尚未缴清' }))).code).toBe('NOT_SHOWN')
    } finally {
      row.value = before
      p().clock.set(now)
    }
    expect(await windowsOf(subject, record, 'credit_china')).toMatchObject({
      shown: true,
      until: null,
      earliest: '2026-08-06',
    })
  })

  it('does not bring the shortest period forward by a shield (Order 36 arts. 14, 20)', async () => {
    const subject = await newSubject(p())
    const record = await newRecord(p(), { subject, kind: 'penalty', decidedOn: '2026-10-20' })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [record], kind: 'shield' })
    await (await officerOf('traffic')).shieldItem(at(app.items[0]!))
    const mine = (await subject.company.myRecords({})).rows.find((r) => r.recordId === record)!
    expect(mine.eligibility.reasons).toMatchObject([{ code: 'MIN_PERIOD', firstDay: '2027-01-20' }])
  })

  it('after the plan is carried out the registrar decides; the switch alone waives the shortest period (Order 107 art. 22(2))', async () => {
    const { id: elsewhere } = await createAuthority(p().ctx(), {
      code: codeFrom('11440600000000009'),
      name: '佛山市市场监督管理局',
      division: '440600',
      system: 'market_supervision',
      duties: ['penalty'],
    })
    const subject = await newSubject(p())
    const of = { subject, kind: 'samr_penalty', authorityId: elsewhere, decidedOn: '2026-10-20' } as const
    const record = await newRecord(p(), of)
    const mine = async () => (await subject.company.myRecords({})).rows.find((r) => r.recordId === record)!
    expect((await mine()).route?.authorityName).toBe('佛山市市场监督管理局')
    const registrar = await officerOf('district')
    const shield = await submitted(subject.company, { subject: subject.subjectId, records: [record], kind: 'shield' })
    expect(shield.items[0]!.deciderName).toBe('广州市天河区市场监督管理局')
    const shielded = await registrar.shieldItem(at(shield.items[0]!))
    expect((await mine()).route?.authorityName).toBe('佛山市市场监督管理局')
    await registrar.completePlan(at(shielded))

    const done = await mine()
    expect(done.route?.authorityName).toBe('广州市天河区市场监督管理局')
    const codes = done.eligibility.reasons.map((r) => [r.code, r.firstDay])
    expect(codes).toEqual([['MIN_PERIOD', '2027-01-20']])
    const row = p().runtime.policy.settings.find((s) => s.key === 'plan_completed_waives_shortest')!
    row.value = true
    try {
      expect((await mine()).eligibility.may).toBe(true)
      const dates = await (await p().as(subject.login)).client(calendarEndpoints).repairCalendar({})
      expect(dates.rows.find((r) => r.recordId === record)).toMatchObject({ when: 'now' })
      const app = await submitted(subject.company, { subject: subject.subjectId, records: [record] })
      expect(app.items[0]!.deciderName).toBe('广州市天河区市场监督管理局')
      const chief = await headOf('district')
      const granted = await chief.grantItem(at(await chief.acceptItem(at(app.items[0]!))))
      expect(granted.state).toBe('granted')
    } finally {
      row.value = false
    }
  })
})
