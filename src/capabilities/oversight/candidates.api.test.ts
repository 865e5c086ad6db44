import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { factsOf } from '../../../test/records-world.ts'
import { type Held, newSubject } from '../../../test/repair-world.ts'
import { day } from '../../kernel/time.ts'
import { nameKey } from '../../kernel/text.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { dispose, storeRecords } from '../records/index.ts'
import { endpoints } from './contract.ts'

let serial = 0
describeEngines('candidates for revocation', (p) => {
  const as = async (who: string) => (await p().as(who)).client(endpoints)
  const listed = async (subject: Held, cause: string, decidedOn: string): Promise<string> => {
    const n = ++serial
    const [outcome] = await inTx(p().ctx(), (tx) =>
      storeRecords(tx, p().ctx(), [
        {
          subjectId: subject.subjectId,
          subjectKind: 'enterprise',
          division: '440106',
          item: 'abnormal_list',
          authorityId: p().world.authorities.district,
          authorityKey: nameKey('district'),
          authorityName: '广州市天河区市场监督管理局',
          docNo: `穗天市监异〔${decidedOn.slice(0, 4)}〕${n}号`,
          decidedOn: day(decidedOn),
          publishedOn: day(decidedOn),
          fields: { doc_no: `穗天市监异〔${decidedOn.slice(0, 4)}〕${n}号`, subject_name: subject.name },
          secret: null,
          facts: factsOf({
            item: 'abnormal_list',
            system: 'market_supervision',
            subjectKind: 'enterprise',
            decidedOn: day(decidedOn),
            publishedOn: day(decidedOn),
            listCause: cause,
          }),
          submissionId: newId(),
          rowN: n,
          backfill: false,
        },
      ]),
    )
    if (outcome?.verdict !== 'accepted') throw new Error('not accepted')
    return outcome.recordId
  }
  const leave = (subject: Held, recordId: string) =>
    inTx(p().ctx(), (tx) =>
      dispose(tx, p().ctx(), {
        subjectId: subject.subjectId,
        recordId,
        kind: 'repaired',
        channel: null,
        effectiveFrom: day('2026-11-01'),
        reason: '移出',
        basis: {},
        caseId: null,
      }),
    )

  let twice: Held
  let standing: Held
  let mended: Held
  let reachable: Held
  let recent: Held
  let unreachable: string
  beforeAll(async () => {
    await addPerson(p(), { login: 'registrar', role: 'head', authorityId: p().world.authorities.district })
    twice = await newSubject(p())
    await listed(twice, 'annual_report', '2025-07-08')
    await listed(twice, 'annual_report', '2026-07-08')
    unreachable = await listed(twice, 'unreachable', '2026-03-02')
    standing = await newSubject(p())
    await listed(standing, 'annual_report', '2023-07-10')
    await listed(standing, 'unreachable', '2024-05-06')
    // One of the two years was mended.
    mended = await newSubject(p())
    await leave(mended, await listed(mended, 'annual_report', '2025-07-08'))
    await listed(mended, 'annual_report', '2026-07-08')
    await listed(mended, 'unreachable', '2026-03-02')
    reachable = await newSubject(p())
    await listed(reachable, 'annual_report', '2025-07-08')
    await listed(reachable, 'annual_report', '2026-07-08')
    recent = await newSubject(p())
    await listed(recent, 'annual_report', '2026-07-08')
    await listed(recent, 'unreachable', '2026-07-08')
  })

  it('proves both conditions, entry by entry, and takes nobody else', async () => {
    const office = await as('credit_office')
    expect(await office.findCandidates({})).toEqual({ found: 2, dropped: 0 })
    expect(await office.findCandidates({})).toEqual({ found: 0, dropped: 0 })
    const { rows, byState, rule } = await office.listCandidates({})
    expect(byState).toEqual({ candidate: 2, handed_over: 0, answered: 0, dropped: 0 })
    expect(rule).toMatchObject({ years: 2, standing: true, unsure: true, article: '二（八）' })
    expect(rows.map((r) => r.name).toSorted()).toEqual([twice.name, standing.name].toSorted())
    const of = (held: Held) => rows.find((r) => r.subjectId === held.subjectId)!
    expect(of(twice).proof).toMatchObject({
      kind: 'consecutive_years',
      entries: [{ since: '2025-07-08' }, { since: '2026-07-08' }],
    })
    expect(of(twice).outOfReach.entries).toMatchObject([{ since: '2026-03-02', recordId: unreachable }])
    expect(of(standing).proof).toMatchObject({ kind: 'standing', entries: [{ since: '2023-07-10' }] })
    expect(of(standing)).toMatchObject({ stillProven: true, code: standing.code, actions: ['hand_over'] })
    for (const other of [mended, reachable, recent]) expect(rows.map((r) => r.name)).not.toContain(other.name)
    expect((await office.listCandidates({ limit: 1 })).next).not.toBeNull()
  })

  it('is handed to the registrar of the place of registration, who answers', async () => {
    const office = await as('credit_office')
    const registrar = await as('registrar')
    expect((await registrar.listCandidates({})).rows).toEqual([])
    const held = (await office.listCandidates({})).rows.find((r) => r.subjectId === standing.subjectId)!
    expect(await problemOf(office.handOverCandidate({ id: held.id, seen: 99 }))).toMatchObject({ code: 'STALE' })
    const handed = await office.handOverCandidate({ id: held.id, seen: held.version })
    expect(handed).toMatchObject({ state: 'handed_over', registrarName: '广州市天河区市场监督管理局', actions: [] })
    expect(await problemOf(office.handOverCandidate({ id: held.id, seen: handed.version }))).toMatchObject({
      code: 'NO_SUCH_MOVE',
    })
    // The officer of the role matrix works in the city's market supervision: it is not theirs.
    const elsewhere = await as('officer')
    expect((await elsewhere.listCandidates({})).rows).toEqual([])
    expect(
      await problemOf(elsewhere.answerCandidate({ id: held.id, seen: handed.version, answer: 'under_way' })),
    ).toMatchObject({ status: 404 })
    const [mine] = (await registrar.listCandidates({ state: 'handed_over' })).rows
    expect(mine).toMatchObject({ id: held.id, actions: ['answer'] })
    const answer = { id: held.id, seen: mine!.version, answer: 'revoked' as const }
    expect(await problemOf(registrar.answerCandidate(answer))).toMatchObject({ code: 'ANSWER_DOC_MISSING' })
    const done = await registrar.answerCandidate({ ...answer, docNo: '穗天市监吊〔2026〕1号' })
    expect(done).toMatchObject({ state: 'answered', answer: 'revoked', actions: [] })
    const caller = await p().as('credit_office')
    const csv = await (await caller.send('GET', '/api/v1/revocation-candidates/file?format=csv')).text()
    expect(csv).toContain('2026年3月2日列入')
    expect(csv).toContain('穗天市监吊〔2026〕1号')
    const xlsx = await caller.send('GET', '/api/v1/revocation-candidates/file')
    expect(xlsx.status).toBe(200)
  })

  it('is not handed over, and drops out, once a condition has gone', async () => {
    const office = await as('credit_office')
    const held = (await office.listCandidates({ state: 'candidate' })).rows[0]!
    expect(held.subjectId).toBe(twice.subjectId)
    await leave(twice, unreachable)
    expect((await office.listCandidates({ state: 'candidate' })).rows[0]).toMatchObject({ stillProven: false })
    expect(await problemOf(office.handOverCandidate({ id: held.id, seen: held.version }))).toMatchObject({
      code: 'NO_LONGER_PROVEN',
    })
    expect(await office.findCandidates({})).toEqual({ found: 0, dropped: 1 })
    expect((await office.listCandidates({})).byState).toMatchObject({ candidate: 0, dropped: 1, answered: 1 })
    await listed(twice, 'unreachable', '2026-11-10')
    await office.findCandidates({})
    const [again] = (await office.listCandidates({ state: 'candidate' })).rows
    expect(again).toMatchObject({ stillProven: true })
    // Its place of registration has moved to where no registrar is known.
    await sql`update subjects.subject set division = '510104' where id = ${twice.subjectId}`.execute(
      p().runtime.db.kysely,
    )
    expect(await problemOf(office.handOverCandidate({ id: again!.id, seen: again!.version }))).toMatchObject({
      code: 'NO_REGISTRAR',
    })
  })
})

describeEngines(
  'candidates where no rule is in force',
  (p) => {
    it('says so', async () => {
      // Before the regulation that has it since May 2024.
      p().clock.advance({ days: -1000 })
      const office = (await p().as('credit_office')).client(endpoints)
      expect(await problemOf(office.findCandidates({}))).toMatchObject({ code: 'NO_REVOCATION_RULE' })
      expect(await office.listCandidates({})).toMatchObject({ rows: [], rule: null })
    })
  },
  { jurisdiction: '510000' },
)
