import { beforeAll, expect, it } from 'vitest'
import {
  type Source,
  as,
  everything,
  freshCode,
  newOffices,
  newSource,
  subjectId,
} from '../../../test/corrections-world.ts'
import { describeEngines, problemOf } from '../../../test/harness.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { endpoints as messages } from '../messages/contract.ts'
import { endpoints as records } from '../records/contract.ts'
import { endpoints as subjects } from '../subjects/contract.ts'
import { openFromConflicts } from './index.ts'

const PDF = new TextEncoder().encode('%PDF-1.4 proof')
const TEXT = '经核对登记档案，情况属实。'
type Client = Awaited<ReturnType<typeof as>>

describeEngines('code correction', (p) => {
  let [city, health]: Source[] = []
  let office: Client
  let second: Client
  let registrar: Client
  beforeAll(async () => {
    await newOffices(p())
    city = await newSource(p(), '广州市荔湾区城市管理和综合执法局')
    health = await newSource(p(), '广州市荔湾区卫生健康局')
    office = await as(p(), 'credit_office')
    second = await as(p(), 'office-two')
    registrar = await as(p(), 'registrar')
  })
  const sources = () => [city as Source, health as Source] as const
  const tasksOf = async (who: Client, name: string) =>
    (await who.listTasks({ limit: 100 })).rows.filter((t) => t.name === name)

  const conflicting = async (name: string, other: string) => {
    const [a, b] = sources()
    const code = freshCode()
    await a.push([{ name, code, doc: `穗荔〔2026〕${code.slice(-6)}甲号` }])
    const waiting = await b.push([
      { name: other, code, doc: `穗荔卫〔2026〕${code.slice(-6)}乙号` },
      { name: other, code, doc: `穗荔卫〔2026〕${code.slice(-6)}丙号` },
    ])
    expect(waiting.verdicts).toEqual(['pending', 'pending'])
    await openFromConflicts(p().ctx())
    const [task] = await tasksOf(registrar, name)
    if (!task) throw new Error('no task was opened')
    return { code, task, waiting: waiting.id }
  }

  it('opens a task by itself, to the registrar of the category in the district, once', async () => {
    const { task } = await conflicting('广州𠮷祥一号有限公司', '广州𠮷祥壹号有限公司')
    expect(task).toMatchObject({
      kind: 'one_code_two_names',
      state: 'open',
      toOffice: false,
      authorityName: '广州市荔湾区市场监督管理局',
      overdue: false,
    })
    // Ten working days after 23 November 2026.
    expect(task.dueOn).toBe('2026-12-07')
    await openFromConflicts(p().ctx())
    expect(await tasksOf(registrar, '广州𠮷祥一号有限公司')).toHaveLength(1)
    const told = await (await p().as('registrar')).client(messages).listInbox({})
    expect(told.rows[0]?.body.zh).toContain(task.no)
    // Another authority's officer learns nothing of it.
    const stranger = await as(p(), 'officer')
    expect(await problemOf(stranger.getTask({ id: task.id }))).toMatchObject({ code: 'NO_SUCH_TASK' })
    expect(
      await problemOf(stranger.answerTask({ id: task.id, seen: 1, outcome: 'unknown', text: TEXT })),
    ).toMatchObject({ code: 'NO_SUCH_TASK' })
  })

  it('does what it showed: the name, the records and the rows that waited', async () => {
    const { task, code, waiting } = await conflicting('广州旧名有限公司', '广州新名𠮷有限公司')
    expect(
      await problemOf(registrar.answerTask({ id: task.id, seen: 1, outcome: 'corrected', text: TEXT })),
    ).toMatchObject({ code: 'ANSWER_NEEDS_NAME' })
    expect(await problemOf(office.answerTask({ id: task.id, seen: 1, outcome: 'unknown', text: TEXT }))).toMatchObject({
      code: 'NOT_YOUR_MOVE',
    })
    expect(await problemOf(registrar.taskProof({ id: task.id }))).toMatchObject({ code: 'NO_PROOF' })
    const bad = { name: 'a.exe', body: new TextEncoder().encode('MZ') }
    expect(await problemOf(registrar.attachProof({ id: task.id, file: bad }))).toMatchObject({ code: 'PROOF_TYPE' })
    await registrar.attachProof({ id: task.id, file: { name: '变更登记.pdf', body: PDF } })
    const said = { outcome: 'corrected', nameIs: 'present', validFrom: '2026-03-01', text: TEXT } as const
    const answered = await registrar.answerTask({ id: task.id, seen: 1, ...said })
    expect(answered).toMatchObject({ state: 'answered', proof: { name: '变更登记.pdf' } })
    expect(answered.effect).toMatchObject({ does: 'rename', records: 1, authorities: 1, pending: 2 })
    const two = await Promise.allSettled([
      office.acceptAnswer({ id: task.id, seen: 2 }),
      second.acceptAnswer({ id: task.id, seen: 2 }),
    ])
    expect(two.filter((t) => t.status === 'fulfilled')).toHaveLength(1)
    expect(await problemOf(office.acceptAnswer({ id: task.id, seen: 2 }))).toMatchObject({ code: 'STALE' })
    const shown = await p().anonymous().client(subjects).getSubject({ code })
    expect(shown).toMatchObject({ name: '广州新名𠮷有限公司', formerNames: [{ name: '广州旧名有限公司' }] })
    const receipt = await (await p().withKey({ scopes: ['collect'], authorityId: (health as Source).id }))
      .client(collection)
      .getSubmission({ id: waiting })
    expect(receipt).toMatchObject({ received: 2, accepted: 2, pending: 0, refused: 0 })
    const done = await office.getTask({ id: task.id })
    expect(done).toMatchObject({ state: 'closed', outcome: 'corrected', effect: { records: 1, pending: 2 } })
  })

  it('sends the rows back when what is held is right', async () => {
    const { task, code, waiting } = await conflicting('广州甲登记有限公司', '广州误登记有限公司')
    await registrar.answerTask({ id: task.id, seen: 1, outcome: 'confirmed', text: TEXT })
    const back = await office.sendBackAnswer({ id: task.id, seen: 2, note: '请附登记档案' })
    expect(back).toMatchObject({ state: 'returned', dueOn: '2026-11-30' })
    await registrar.answerTask({ id: task.id, seen: 3, outcome: 'confirmed', text: TEXT })
    await office.acceptAnswer({ id: task.id, seen: 4 })
    const key = await p().withKey({ scopes: ['collect'], authorityId: (health as Source).id })
    expect(await key.client(collection).getSubmission({ id: waiting })).toMatchObject({ refused: 2, pending: 0 })
    expect((await p().anonymous().client(subjects).getSubject({ code })).name).toBe('广州甲登记有限公司')
    expect(await problemOf(office.withdrawTask({ id: task.id, seen: 5, note: '不再需要' }))).toMatchObject({
      code: 'NO_SUCH_MOVE',
    })
  })

  it('is overdue by comparing days, and can be withdrawn', async () => {
    const { task } = await conflicting('广州逾期有限公司', '广州愈期有限公司')
    const now = p().clock.now()
    p().clock.set('2026-12-08T02:00:00Z')
    try {
      const late = await as(p(), 'credit_office')
      expect(await late.getTask({ id: task.id })).toMatchObject({ overdue: true, state: 'open' })
      expect((await late.listTasks({ view: 'overdue' })).counts.overdue).toBeGreaterThan(0)
    } finally {
      p().clock.set(now)
    }
    expect(await office.withdrawTask({ id: task.id, seen: 1, note: '误发起的任务' })).toMatchObject({
      state: 'withdrawn',
    })
    const again = await conflicting('广州再核有限公司', '广州再核实有限公司')
    await registrar.answerTask({ id: again.task.id, seen: 1, outcome: 'unknown', text: TEXT })
    await office.sendBackAnswer({ id: again.task.id, seen: 2, note: '请再核实' })
    const gone = await office.withdrawTask({ id: again.task.id, seen: 3, note: '已另行处理' })
    expect(gone).toMatchObject({ state: 'withdrawn', actions: [] })
    // What a person withdrew is not opened again by itself.
    await openFromConflicts(p().ctx())
    expect(await tasksOf(registrar, '广州逾期有限公司')).toEqual([])
  })

  it('takes a wrong code of a returned row to the right subject', async () => {
    const [a] = sources()
    const good = freshCode()
    const wrong = `${good.slice(0, 17)}${good[17] === 'A' ? 'B' : 'A'}`
    const pushed = await a.push([{ name: '广州错码有限公司', code: wrong, doc: `穗荔〔2026〕${wrong.slice(-6)}丁号` }])
    expect(pushed.verdicts).toEqual(['refused'])
    const about = { submissionId: pushed.id, n: pushed.rows[0]?.n ?? 0 }
    const task = await office.openTask(about)
    expect(task).toMatchObject({ kind: 'wrong_code', held: wrong, suggestions: expect.arrayContaining([]) })
    expect(await problemOf(office.openTask(about))).toMatchObject({ code: 'TASK_EXISTS' })
    expect(await problemOf(office.openTask({}))).toMatchObject({ code: 'NOTHING_TO_ASK' })
    const answer = { id: task.id, seen: 1, outcome: 'corrected', text: TEXT } as const
    expect(await problemOf(registrar.answerTask(answer))).toMatchObject({ code: 'ANSWER_NEEDS_CODE' })
    expect(await problemOf(registrar.answerTask({ ...answer, code: wrong }))).toMatchObject({
      code: 'ANSWER_CODE_WRONG',
    })
    await registrar.answerTask({ ...answer, code: good })
    const done = await office.acceptAnswer({ id: task.id, seen: 2 })
    expect(done).toMatchObject({ outcome: 'corrected', effect: { does: 'alias', pending: 1 } })
    expect(await subjectId(p(), wrong)).toBe(await subjectId(p(), good))
    const figures = await office.codeFigures({})
    const line = figures.rows.find((r) => r.registrar.zh === '市场监管' && r.division === '440103')
    expect(line).toMatchObject({ wrong: 1 })
    expect(line?.corrected).toBeGreaterThan(1)
    const rows = await office.codeFigureRows({ column: 'wrong', registrar: '市场监管', division: '440103' })
    expect(rows.rows).toMatchObject([{ held: wrong, taskId: task.id }])
    const conflicts = await office.codeFigureRows({ column: 'duplicate', registrar: '市场监管', division: '440103' })
    expect(conflicts.rows).toHaveLength(line?.duplicate ?? -1)
  })

  it('counts coverage with the codes there are', async () => {
    const { rows } = await office.codeFigures({})
    for (const r of rows) expect(r.organisations).toBe(r.coded + r.uncoded)
    const { rows: uncoded } = await office.codeFigureRows({ column: 'uncoded' })
    expect(uncoded).toHaveLength(rows.reduce((n, r) => n + r.uncoded, 0))
  })

  const together = async (clash = true) => {
    const [a, b] = sources()
    const [one, two] = [freshCode(), freshCode()]
    const doc = `穗荔〔2026〕${one.slice(-6)}同号`
    await a.push([
      { name: '广州合一有限公司', code: one, doc },
      { name: '广州合一有限公司', code: one, doc: `${doc}一` },
    ])
    await a.push([{ name: '广州合壹𠮷有限公司', code: two, doc: clash ? doc : `${doc}异` }])
    await b.push([{ name: '广州合壹𠮷有限公司', code: two, doc: `${doc}二` }])
    return { one, two, ids: [await subjectId(p(), one), await subjectId(p(), two)] as const, doc }
  }
  /** What a case adds and nobody takes away: news of what happened. */
  const before = (was: Record<string, string[]>, is: Record<string, string[]>) => {
    for (const [table, rows] of Object.entries(was)) {
      const left = is[table]?.filter((r) => table !== 'platform.event' || rows.includes(r))
      expect(left, table).toEqual(rows)
    }
  }

  it('brings two files together by two people and puts everything back as it was', async () => {
    const { one, two, ids } = await together(false)
    const was = await everything(p(), ids)
    const ask = { fromCode: two, intoCode: one }
    expect(await problemOf(office.previewMerge({ fromCode: two, intoCode: two }))).toMatchObject({
      code: 'SAME_SUBJECT',
    })
    const shown = await office.previewMerge(ask)
    expect(shown).toMatchObject({
      records: [{ n: 1 }, { n: 1 }],
      clashes: [],
      inTheWay: [],
      names: ['广州合壹𠮷有限公司'],
    })
    expect(await problemOf(office.proposeMerge({ ...ask, reason: '同一企业换照', digest: 'other' }))).toMatchObject({
      code: 'PREVIEW_CHANGED',
    })
    const k = await office.proposeMerge({ ...ask, reason: '同一企业换照', digest: shown.digest })
    expect(
      await problemOf(office.proposeMerge({ ...ask, reason: '同一企业换照', digest: shown.digest })),
    ).toMatchObject({ code: 'CASE_OPEN' })
    expect(
      await problemOf(office.decideCase({ id: k.id, seen: 1, action: 'approve', digest: shown.digest })),
    ).toMatchObject({ code: 'SAME_PERSON' })
    // A record that came in the meantime: what was looked at is not what would move.
    const [, b] = sources()
    await b.push([{ name: '广州合壹𠮷有限公司', code: two, doc: `穗荔卫〔2026〕${two.slice(-6)}后号` }])
    expect(
      await problemOf(second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: shown.digest })),
    ).toMatchObject({ code: 'PREVIEW_CHANGED' })
    const now = await second.getCase({ id: k.id })
    const merged = await everything(p(), ids)
    const done = await second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: now.preview.digest })
    expect(done.state).toBe('done')
    expect(await problemOf(office.previewMerge(ask))).toMatchObject({ code: 'SAME_SUBJECT' })
    // The code of the one leads to the other, on the public page and in search.
    const page = await (await p().anonymous().send('GET', `/s/${two}`, {})).text()
    expect(page).toContain('广州合一有限公司')
    expect(page).toContain(two)
    const found = await p().anonymous().client(subjects).searchSubjects({ q: '广州合壹𠮷' })
    expect(found.rows).toEqual([])
    const open = { code: one, purpose: '核对' }
    expect((await (await p().as('officer')).client(records).openFile(open)).records).toHaveLength(5)
    // A row under the old code and name is one more of the same subject; it goes back with its code.
    const more = await b.push([{ name: '广州合壹𠮷有限公司', code: two, doc: `穗荔卫〔2026〕${two.slice(-6)}再号` }])
    expect(more.rows[0]).toMatchObject({ verdict: 'accepted', subjectId: ids[0] })
    await office.decideCase({ id: k.id, seen: 2, action: 'propose_undo', note: '误合并' })
    expect(await office.getCase({ id: k.id })).toMatchObject({ late: 1 })
    expect(await problemOf(office.decideCase({ id: k.id, seen: 3, action: 'approve_undo' }))).toMatchObject({
      code: 'SAME_PERSON',
    })
    expect(await second.decideCase({ id: k.id, seen: 3, action: 'approve_undo' })).toMatchObject({ state: 'undone' })
    const apart = await everything(p(), ids)
    const late = more.rows[0]?.recordId ?? ''
    const without = Object.fromEntries(
      Object.entries(apart).map(([t, rows]) => [t, rows.filter((r) => !r.includes(late) && t !== 'subjects.look')]),
    )
    before(Object.fromEntries(Object.entries(merged).filter(([t]) => t !== 'subjects.look')), without)
    expect(was['records.record']).toHaveLength(4)
    expect(
      apart['records.record']?.filter((r) => r.includes(late) && r.includes(`"subject_id": "${ids[1]}"`)),
    ).toHaveLength(1)
  })

  it('asks for each decision that stands on both files which one stands', async () => {
    const { one, two, ids } = await together()
    const was = await everything(p(), ids)
    const ask = { fromCode: two, intoCode: one }
    const shown = await office.previewMerge(ask)
    expect(shown.clashes).toHaveLength(1)
    expect(
      await problemOf(office.proposeMerge({ ...ask, reason: '同一企业换照', digest: shown.digest })),
    ).toMatchObject({ code: 'CLASHES_UNSOLVED' })
    const { fromId, intoId } = shown.clashes[0] as (typeof shown.clashes)[number]
    const clashes = [{ fromId, intoId, stands: 'from' as const }]
    const k = await office.proposeMerge({ ...ask, clashes, reason: '同一企业换照', digest: shown.digest })
    await second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: k.preview.digest })
    const file = await (await p().as('officer')).client(records).openFile({ code: two, purpose: '核对' })
    expect(file.records.map((r) => r.id)).toContain(fromId)
    expect(file.records.map((r) => r.id)).not.toContain(intoId)
    await second.decideCase({ id: k.id, seen: 2, action: 'propose_undo', note: '误合并' })
    await office.decideCase({ id: k.id, seen: 3, action: 'reject_undo', note: '' })
    await second.decideCase({ id: k.id, seen: 4, action: 'propose_undo', note: '误合并' })
    await office.decideCase({ id: k.id, seen: 5, action: 'approve_undo' })
    const is = await everything(p(), ids)
    // Its being set aside and set back stay written; nothing else is left of it.
    expect(is['records.disposition']).toHaveLength(2)
    const plain = (rows: string[] | undefined) =>
      rows?.map((r) => r.replaceAll(/"disposed": \d+/g, '').replaceAll(/"planned": \{[^}]*\}, /g, ''))
    expect(plain(is['records.record'])?.toSorted()).toEqual(plain(was['records.record'])?.toSorted())
    for (const t of ['subjects.code', 'subjects.name', 'subjects.subject', 'subjects.conflict'])
      expect(is[t], t).toEqual(was[t])
  })

  it('takes a file apart: chosen records and codes go to another, and come back', async () => {
    const { one, ids, doc } = await together()
    const fresh = freshCode()
    const file = await office.listFileRecords({ code: one })
    const [chosen] = file.rows.filter((r) => r.docNo === `${doc}一`)
    const ask = { fromCode: one, newName: '广州分立𠮷有限公司', newCode: fresh, records: [chosen?.id ?? ''] }
    expect(await problemOf(office.previewSplit({ fromCode: one }))).toMatchObject({ code: 'NOTHING_CHOSEN' })
    expect(await problemOf(office.previewSplit({ ...ask, codes: [freshCode()] }))).toMatchObject({
      code: 'CODE_NOT_THERE',
    })
    expect(await problemOf(office.previewSplit({ ...ask, newCode: '1' }))).toMatchObject({
      code: 'NEW_SUBJECT_UNCLEAR',
    })
    const { two } = await together(false)
    expect(await problemOf(office.previewSplit({ ...ask, newCode: two }))).toMatchObject({ code: 'CODE_TAKEN' })
    const was = await everything(p(), [ids[0]])
    const shown = await office.previewSplit(ask)
    const k = await office.proposeSplit({ ...ask, reason: '两家企业混为一档', digest: shown.digest })
    const done = await second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: k.preview.digest })
    expect(done).toMatchObject({ state: 'done', intoName: '广州分立𠮷有限公司' })
    expect((await office.listFileRecords({ code: fresh })).rows.map((r) => r.id)).toEqual([chosen?.id])
    await office.decideCase({ id: k.id, seen: 2, action: 'propose_undo', note: '误拆分' })
    await second.decideCase({ id: k.id, seen: 3, action: 'approve_undo' })
    before(was, await everything(p(), [ids[0]]))
    expect(await subjectId(p(), fresh)).toBe('')
  })

  it('walks the rest of a case: rejected, withdrawn, and undone in order', async () => {
    const { one, two } = await together(false)
    const pair = { fromCode: two, intoCode: one }
    const ask = { ...pair, reason: '同一企业换照' }
    const shown = await office.previewMerge(pair)
    const k = await office.proposeMerge({ ...ask, digest: shown.digest })
    expect(await problemOf(second.decideCase({ id: k.id, seen: 1, action: 'withdraw' }))).toMatchObject({
      code: 'NOT_YOUR_MOVE',
    })
    expect(await second.decideCase({ id: k.id, seen: 1, action: 'reject', note: '不是同一企业' })).toMatchObject({
      state: 'rejected',
    })
    const k2 = await office.proposeMerge({ ...ask, digest: shown.digest })
    expect(await office.decideCase({ id: k2.id, seen: 1, action: 'withdraw' })).toMatchObject({ state: 'withdrawn' })
    const k3 = await office.proposeMerge({ ...ask, digest: shown.digest })
    await second.decideCase({ id: k3.id, seen: 1, action: 'approve', digest: shown.digest })
    const third = await together(false)
    const later = { fromCode: third.two, intoCode: one }
    const { digest } = await office.previewMerge(later)
    const k4 = await office.proposeMerge({ ...later, reason: '又一份档案', digest })
    await second.decideCase({ id: k4.id, seen: 1, action: 'approve', digest: k4.preview.digest })
    await office.decideCase({ id: k3.id, seen: 2, action: 'propose_undo', note: '误合并' })
    expect(await problemOf(second.decideCase({ id: k3.id, seen: 3, action: 'approve_undo' }))).toMatchObject({
      code: 'LATER_CASE',
    })
    expect(await problemOf(office.getCase({ id: third.ids[0] }))).toMatchObject({ code: 'NO_SUCH_CASE' })
    const list = await office.listCases({ limit: 2 })
    expect(list.rows).toHaveLength(2)
    expect(list.next).not.toBeNull()
  })

  it('makes a merge of one name with two codes, for somebody else to decide', async () => {
    const [a] = sources()
    const [one, two] = [freshCode(), freshCode()]
    const name = `广州同名${one.slice(-5)}有限公司`
    await a.push([{ name, code: one, doc: `穗荔〔2026〕${one.slice(-6)}名号` }])
    await a.push([{ name, code: two, doc: `穗荔〔2026〕${two.slice(-6)}名号` }])
    await openFromConflicts(p().ctx())
    const [task] = await tasksOf(registrar, name)
    const answer = { id: task?.id ?? '', seen: 1, outcome: 'corrected', text: TEXT } as const
    expect(await problemOf(registrar.answerTask({ ...answer, code: freshCode() }))).toMatchObject({
      code: 'ANSWER_CODE_OTHER',
    })
    await registrar.answerTask({ ...answer, code: one })
    const done = await office.acceptAnswer({ id: answer.id, seen: 2 })
    expect(done.effect).toMatchObject({ does: 'merge', records: 1 })
    const k = await second.getCase({ id: done.caseId ?? '' })
    expect(k.preview.into).toMatchObject({ code: one })
    await second.decideCase({ id: k.id, seen: 1, action: 'approve', digest: k.preview.digest })
    expect(await subjectId(p(), two)).toBe(await subjectId(p(), one))
    const listed = await (await p().as('credit_office')).client(subjects).listConflicts({ state: 'merged' })
    expect(listed.rows.some((c) => c.offered === two || c.held === two)).toBe(true)
  })
})
