import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import { addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { type Held, type Repairs, at, newRecord, newSubject, signedIn, submitted } from '../../../test/repair-world.ts'
import { giveMandate } from '../access/index.ts'
import type { ItemView } from '../repair/contract.ts'
import { endpoints } from './contract.ts'
import { catchUp, rebuild } from './index.ts'

/** One month of repair, of which every number is known by hand. */
describeEngines(
  'oversight',
  (p) => {
    let marketOfficer: Repairs
    let marketHead: Repairs
    let trafficOfficer: Repairs
    let trafficHead: Repairs
    const as = async (who: string) => (await p().as(who)).client(endpoints)
    const company: Held[] = []
    const items: Record<string, ItemView> = {}

    /** Sessions end over night: everyone signs in again. */
    const morningOf = async (day: string) => {
      p().clock.set(`${day}T02:00:00Z`)
      marketOfficer = await signedIn(p(), 'market-officer')
      marketHead = await signedIn(p(), 'market-head')
      trafficOfficer = await signedIn(p(), 'traffic-officer')
      trafficHead = await signedIn(p(), 'traffic-head')
    }
    const loginOf = async (n: number): Promise<string> => {
      const { rows } = await sql<{ login: string }>`
        select p.login from access.mandate m join access.person p on p.id = m.person_id
        where m.subject_id = ${company[n]!.subjectId}`.execute(p().runtime.db.kysely)
      return rows[0]!.login
    }

    const begin = async (kind: 'penalty' | 'samr_penalty'): Promise<ItemView> => {
      const subject = await newSubject(p())
      company.push(subject)
      const record = await newRecord(p(), { subject, kind })
      return (await submitted(subject.company, { subject: subject.subjectId, records: [record] })).items[0]!
    }
    const confirmed = async (head: Repairs, item: ItemView) =>
      item.proposal ? head.confirmProposal({ ...at(item), note: '' }) : item
    const accept = async (who: Repairs, head: Repairs, item: ItemView) =>
      confirmed(head, await who.acceptItem({ ...at(item), note: '' }))

    beforeAll(async () => {
      const { market, traffic } = p().world.authorities
      await addPerson(p(), { login: 'market-officer', role: 'officer', authorityId: market })
      await addPerson(p(), { login: 'market-head', role: 'head', authorityId: market })
      await addPerson(p(), { login: 'traffic-officer', role: 'officer', authorityId: traffic })
      await addPerson(p(), { login: 'traffic-head', role: 'head', authorityId: traffic })
      // Monday 12 October 2026. Each is handed in on that day.
      await morningOf('2026-10-12')
      items.granted = await begin('penalty')
      items.late = await begin('penalty')
      items.refused = await begin('penalty')
      items.notAccepted = await begin('penalty')
      items.forged = await begin('penalty')
      items.withdrawn = await begin('penalty')
      items.mended = await begin('samr_penalty')
      items.open = await begin('samr_penalty')
      items.withdrawn = await company[5]!.company.withdrawItem({ ...at(items.withdrawn), note: '' })
      // Tuesday: accepted after 1 working day.
      await morningOf('2026-10-13')
      items.granted = await accept(trafficOfficer, trafficHead, items.granted)
      items.refused = await accept(trafficOfficer, trafficHead, items.refused)
      items.notAccepted = await trafficOfficer.notAcceptItem({ ...at(items.notAccepted), reason: '材料与记录无关。' })
      items.forged = await accept(trafficOfficer, trafficHead, items.forged)
      const [need] = (await marketOfficer.getCase({ subject: items.mended.subjectId, item: items.mended.id }))
        .materialsNeeded
      items.mended = await marketOfficer.askOnce({ ...at(items.mended), missing: [{ kind: need!.code, text: '' }] })
      // Thursday: three working days later than Monday, in time still; Friday would be late.
      await morningOf('2026-10-15')
      items.granted = await trafficOfficer.grantItem({ ...at(items.granted), note: '' })
      const view = await trafficOfficer.getCase({ subject: items.refused.subjectId, item: items.refused.id })
      const failing = view.conditions.find((c) => c.code === 'DUTIES_UNPERFORMED') ?? view.conditions.at(-1)!
      items.refused = await trafficOfficer.refuseItem({
        ...at(items.refused),
        reason: '罚款未缴清。',
        conditions: [failing.code],
      })
      items.forged = await trafficOfficer.findForged({ ...at(items.forged), reason: '凭证系伪造。' })
      items.forged = await trafficHead.confirmProposal({ ...at(items.forged), note: '' })
      // Monday 19: accepted two working days after the term of three.
      await morningOf('2026-10-19')
      items.late = await accept(trafficOfficer, trafficHead, items.late)
      // The applicant mended on Monday; the clock had stood still since the 13th.
      items.mended = await (await signedIn(p(), await loginOf(6))).mendItem({ ...at(items.mended), note: '' })
      await morningOf('2026-10-20')
      items.mended = await accept(marketOfficer, marketHead, items.mended)
      items.late = await trafficOfficer.grantItem({ ...at(items.late), note: '' })
    })

    it('counts a month as it was, by authority', async () => {
      const office = await as('credit_office')
      const found = await office.oversightFigures({ from: '2026-10', to: '2026-10' })
      const { traffic, market } = p().world.authorities
      const of = (id: string) => found.rows.find((r) => r.authorityId === id)!
      expect(of(traffic).counts).toEqual({
        received: 6,
        passed: 0,
        accepted: 4,
        granted: 2,
        refused: 1,
        not_accepted: 1,
        withdrawn: 1,
        lapsed: 0,
        forged: 1,
        revoked: 0,
        shielded: 0,
        plan_completed: 0,
        passed_on: 0,
        came_back: 0,
        restored: 0,
      })
      // Accepted after 1, 1, 1 and 5 working days, not accepted after 1; granted after 2 and 1, refused after 2.
      expect(of(traffic)).toMatchObject({
        late: 1,
        abnormal: 1,
        averageAccept: 1.8,
        average: 1.7,
        longest: 2,
        open: 0,
        overdue: 0,
        success: { numerator: 2, denominator: 5, share: 0.4 },
      })
      // Whole way: 3, 6, 3, 1, 0 (withdrawn the same day) and 3 working days.
      expect(of(traffic).averageTotal).toBe(2.7)
      expect(of(traffic)).toMatchObject({ medianAccept: 1, median: 2, nineInTen: 2, medianTotal: 3 })
      expect(of(market)).toMatchObject({ median: null, nineInTen: null, medianTotal: null })
      expect(found.all).toMatchObject({ median: 2, nineInTen: 2, medianTotal: 3 })
      // Of two the median lies between them; a month, a kind and a district have their own.
      const granted = { from: '2026-10', to: '2026-10', by: 'division' as const }
      const place = (await office.oversightFigures(granted)).rows.find((r) => r.division === of(traffic).division)!
      expect(place).toMatchObject({ nineInTen: 2 })
      const rows = (await office.oversightEntries({ from: '2026-10', to: '2026-10', limit: 100 })).rows
      const accepted = rows.flatMap((r) => (['accepted', 'not_accepted'].includes(r.what) ? (r.workdays ?? []) : []))
      const sorted = accepted.toSorted((a, b) => a - b)
      const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
      expect(found.all.medianAccept).toBe(middle)
      expect(of(market)).toMatchObject({ late: 0, open: 2, overdue: 1, success: { share: null } })
      expect(of(market).counts).toMatchObject({ received: 2, accepted: 1, granted: 0 })
      expect(found.all).toMatchObject({ open: 2, overdue: 1, late: 1, success: { numerator: 2, denominator: 5 } })
      expect(found.formulas).toMatchObject({ success: ['granted'], unsure: true })
    })

    it('opens each figure to its rows, page by page', async () => {
      const office = await as('credit_office')
      const span = { from: '2026-10', to: '2026-10' }
      const figures = (await office.oversightFigures({ ...span, by: 'authority' })).rows
      for (const row of figures)
        for (const [what, n] of Object.entries(row.counts)) {
          const rows: string[] = []
          for (let after: string | undefined; ; ) {
            const page = await office.oversightEntries({
              ...span,
              authority: row.authorityId!,
              what: what as 'granted',
              limit: 2,
              ...(after ? { after } : {}),
            })
            rows.push(...page.rows.map((r) => r.itemId))
            if (!page.next) break
            after = page.next
          }
          expect([what, rows.length, new Set(rows).size]).toEqual([what, n, n])
        }
      const late = await office.oversightEntries({ ...span, late: 'true' })
      expect(late.rows).toMatchObject([{ what: 'accepted', workdays: 5, term: 3, lateBy: 2, itemId: items.late!.id }])
      const abnormal = await office.oversightEntries({ ...span, abnormal: 'true' })
      expect(abnormal.rows.map((r) => r.what)).toEqual(['forged'])
      const open = await office.oversightOpen({ overdue: 'true' })
      expect(open.rows).toMatchObject([
        { itemId: items.open!.id, state: 'received', dueOn: '2026-10-14', overdueBy: 4 },
      ])
      expect((await office.oversightOpen({ limit: 1 })).next).not.toBeNull()
    })

    it('counts refusals by the sentence that failed', async () => {
      const office = await as('credit_office')
      const { rows } = await office.oversightRefusals({ from: '2026-10', to: '2026-10' })
      expect(rows.map((r) => [r.condition === null, r.refused, r.notAccepted])).toEqual(
        expect.arrayContaining([
          [false, 1, 0],
          [true, 0, 1],
        ]),
      )
      const named = rows.find((r) => r.condition !== null)!
      expect(named.sentence.zh).toMatch(/\p{Script=Han}/u)
      expect(named.article).toMatch(/第/)
      const behind = await office.oversightEntries({ from: '2026-10', to: '2026-10', condition: named.condition! })
      expect(behind.rows.map((r) => r.itemId)).toEqual([items.refused!.id])
      const none = await office.oversightEntries({ from: '2026-10', to: '2026-10', condition: 'none' })
      expect(none.rows.map((r) => r.itemId)).toEqual([items.notAccepted!.id])
    })

    it('groups by month, district and kind of record alike', async () => {
      const office = await as('credit_office')
      for (const by of ['month', 'division', 'item'] as const) {
        const { rows, all } = await office.oversightFigures({ from: '2026-09', to: '2026-10', by })
        expect(rows.reduce((n, r) => n + r.counts.received, 0)).toBe(8)
        expect(all.counts.received).toBe(8)
      }
      const months = await office.oversightFigures({ from: '2026-09', to: '2026-10', by: 'month' })
      expect(months.rows.map((r) => [r.month, r.open])).toEqual([['2026-10', null]])
    })

    it('keeps the sums equal to the rows, and both equal to what the acts give anew', async () => {
      const db = p().runtime.db.kysely
      const read = async () => {
        const { rows: entries } = await sql`select * from oversight.entry order by act_id`.execute(db)
        const { rows: tallies } =
          await sql`select * from oversight.tally order by authority_id, month, record_item, system, what`.execute(db)
        const { rows: counted } = await sql`
          select authority_id, month, record_item, system, what, max(authority_name) as authority_name, max(division) as division,
            count(*)::int as n, (count(*) filter (where late_by > 0))::int as late, count(workdays)::int as timed,
            coalesce(sum(workdays), 0)::int as workdays, coalesce(max(workdays), 0)::int as longest, coalesce(sum(total), 0)::int as total
          from oversight.entry group by authority_id, month, record_item, system, what
          order by authority_id, month, record_item, system, what`.execute(db)
        expect(tallies).toEqual(counted)
        return entries
      }
      await catchUp(p().ctx())
      const kept = await read()
      const { rows: moves } = await sql<{ n: number }>`
        select count(*)::int as n from repair.act a where a.action in ('submit', 'accept', 'grant', 'refuse', 'not_accept', 'forged', 'withdraw')
          and a.from_state <> a.to_state`.execute(db)
      expect(kept).toHaveLength(moves[0]!.n)
      await rebuild(p().ctx())
      expect(await read()).toEqual(kept)
    })

    it('shows an authority its own figures and refuses those of another', async () => {
      const officer = await as('officer')
      const { traffic, market } = p().world.authorities
      const own = await officer.oversightFigures({ from: '2026-10', to: '2026-10' })
      expect(own.rows.map((r) => r.authorityId)).toEqual([market])
      expect((await officer.oversightEntries({ from: '2026-10', to: '2026-10' })).rows).toHaveLength(3)
      for (const call of [
        () => officer.oversightFigures({ authority: traffic }),
        () => officer.oversightEntries({ authority: traffic }),
        () => officer.oversightOpen({ authority: traffic }),
        () => officer.oversightRefusals({ authority: traffic }),
        () => officer.listRatings({ authority: traffic }),
      ])
        expect(await problemOf(call())).toMatchObject({ status: 404 })
      const office = await as('credit_office')
      expect(await problemOf(office.oversightFigures({ from: '2026-10', to: '2026-09' }))).toMatchObject({
        code: 'MONTHS_BACKWARDS',
      })
      expect(await problemOf(office.oversightFigures({ from: '2020-01', to: '2026-09' }))).toMatchObject({
        code: 'MONTHS_TOO_MANY',
      })
      expect(await problemOf(office.oversightEntries({ after: 'WyJ4Il0' }))).toMatchObject({ code: 'BAD_CURSOR' })
      expect(await problemOf(office.oversightFigures({ after: 'WyJ4Il0' }))).toMatchObject({ code: 'BAD_CURSOR' })
    })

    it('leaves as a file in which nothing is a formula', async () => {
      const caller = await p().as('credit_office')
      const csv = await (
        await caller.send('GET', '/api/v1/oversight/figures/file?from=2026-10&to=2026-10&format=csv')
      ).text()
      expect(csv.split('\r\n')[0]).toContain('单位')
      expect(csv).toContain('广州市交通运输局,6,4,2,1,1,1,0,1,0,0,0,0,0,1,1,40.0%,1.8,1,1.7,2,2,2,2.7,3')
      const rows = await (
        await caller.send('GET', '/api/v1/oversight/entries/file?from=2026-10&to=2026-10&format=csv')
      ).text()
      expect(rows.trim().split('\r\n')).toHaveLength(1 + 19)
      const xlsx = await caller.send('GET', '/api/v1/oversight/figures/file?by=month')
      expect(xlsx.headers.get('content-type')).toContain('spreadsheetml')
      expect((await xlsx.arrayBuffer()).byteLength).toBeGreaterThan(1000)
    })

    it('takes one rating a decided item, from its applicant alone', async () => {
      const whose = async (n: number) => as(await loginOf(n))
      const mine = await whose(2)
      const item = items.refused!
      const key = { subject: item.subjectId, item: item.id }
      expect((await mine.listMyRatings({})).rows).toMatchObject([{ itemId: item.id, rating: null, state: 'refused' }])
      expect(await problemOf(mine.rateItem({ ...key, score: 1 }))).toMatchObject({ code: 'REASON_MISSING' })
      expect(await problemOf(mine.rateItem({ ...key, score: 1, reasons: ['fast'] }))).toMatchObject({
        code: 'REASON_NOT_FITTING',
      })
      const said = await mine.rateItem({
        ...key,
        score: 1,
        reasons: ['unclear'],
        remark: '电话13800138000也打不通。',
      })
      expect(said.rating).toMatchObject({ score: 1, reasons: ['unclear'] })
      expect(await problemOf(mine.rateItem({ ...key, score: 5 }))).toMatchObject({ code: 'RATED_ALREADY' })
      const other = await whose(0)
      expect(await problemOf(other.rateItem({ ...key, score: 5 }))).toMatchObject({ code: 'NO_SUCH_DECIDED_ITEM' })
      const waiting = items.open!
      const third = await whose(7)
      expect(await problemOf(third.rateItem({ subject: waiting.subjectId, item: waiting.id, score: 5 }))).toMatchObject(
        { code: 'NOT_DECIDED_YET' },
      )
      const clerk = await as('window_clerk')
      expect(await problemOf(clerk.rateItem({ ...key, score: 5 }))).toMatchObject({ code: 'NO_SUCH_DECIDED_ITEM' })
      expect(await problemOf(clerk.listMyRatings({}))).toMatchObject({ code: 'NO_SUCH_DECIDED_ITEM' })
      await other.rateItem({ subject: items.granted!.subjectId, item: items.granted!.id, score: 5, reasons: ['fast'] })
    })

    it('is not rated where and when ratings are not open', async () => {
      const { rows } = await sql<{ id: string }>`
        select p.id from access.person p where p.login = ${await loginOf(1)}`.execute(p().runtime.db.kysely)
      const { subjectId } = company[1]!
      await giveMandate(p().ctx(), { personId: rows[0]!.id, subjectId, kind: 'agent', validFrom: '2015-01-01' })
      p().clock.set('2019-06-03T02:00:00Z')
      const early = await as(await loginOf(1))
      const ask = { subject: items.late!.subjectId, item: items.late!.id, score: 4 }
      expect(await problemOf(early.rateItem(ask))).toMatchObject({ code: 'RATING_CLOSED' })
      await morningOf('2026-10-20')
    })

    it('tells the authority what was said and not by whom, and takes its reply once', async () => {
      const officer = await as('traffic-officer')
      const { rows, mean, byScore, count } = await officer.listRatings({})
      expect({ mean, byScore, count }).toEqual({
        mean: 3,
        count: 2,
        byScore: [
          { score: 1, count: 1 },
          { score: 5, count: 1 },
        ],
      })
      const poor = rows.find((r) => r.score === 1)!
      expect(poor).toMatchObject({ replyState: 'needed', replyDueOn: null, mayReply: true, month: '2026-10' })
      const told = JSON.stringify(rows)
      expect(told).not.toContain('13800138000')
      for (const c of company) for (const secret of [c.subjectId, c.name, c.code]) expect(told).not.toContain(secret)
      for (const i of Object.values(items)) expect(told).not.toContain(i.id)
      expect((await officer.listRatings({ state: 'needed' })).rows.map((r) => r.id)).toEqual([poor.id])
      expect((await officer.listRatings({ state: 'overdue' })).rows).toEqual([])
      const foreign = await as('officer')
      expect(
        await problemOf(foreign.replyToRating({ id: poor.id, seen: poor.version, reply: '已整改。' })),
      ).toMatchObject({ status: 404 })
      expect(await problemOf(officer.replyToRating({ id: poor.id, seen: 9, reply: '已整改。' }))).toMatchObject({
        code: 'STALE',
      })
      const replied = await officer.replyToRating({ id: poor.id, seen: poor.version, reply: '已整改，欢迎监督。' })
      expect(replied).toMatchObject({ replyState: 'replied', mayReply: false })
      expect(
        await problemOf(officer.replyToRating({ id: poor.id, seen: replied.version, reply: '再次回复。' })),
      ).toMatchObject({ code: 'REPLIED_ALREADY' })
      expect((await officer.listRatings({ state: 'replied', score: 1 })).rows).toHaveLength(1)
    })

    it('writes a monthly report that comes out the same again, and publishes it', async () => {
      let office = await as('credit_office')
      expect(await problemOf(office.draftRepairReport({ month: '2026-10' }))).toMatchObject({
        code: 'MONTH_STILL_RUNS',
      })
      await morningOf('2026-11-03')
      office = await as('credit_office')
      expect(await problemOf(office.draftRepairReport({ month: '2026-05' }))).toMatchObject({
        code: 'NOTHING_TO_REPORT',
      })
      const draft = await office.draftRepairReport({ month: '2026-10' })
      expect(draft).toMatchObject({ state: 'draft', no: null, actions: ['recompute', 'publish'] })
      expect(await problemOf(office.draftRepairReport({ month: '2026-10' }))).toMatchObject({ code: 'REPORT_EXISTS' })
      const anyone = p().anonymous()
      expect((await anyone.send('GET', `/repair/reports/${draft.id}`)).status).toBe(404)
      expect((await anyone.send('GET', '/repair/reports/none')).status).toBe(404)
      const again = await office.recomputeRepairReport({ id: draft.id, seen: draft.version })
      expect(again.digest).toBe(draft.digest)
      expect(await problemOf(office.publishRepairReport({ id: draft.id, seen: draft.version }))).toMatchObject({
        code: 'STALE',
      })
      const out = await office.publishRepairReport({ id: draft.id, seen: again.version })
      expect(out).toMatchObject({ state: 'published', actions: [], no: { zh: '信用修复月报〔2026〕1号' } })
      expect(await problemOf(office.recomputeRepairReport({ id: out.id, seen: out.version }))).toMatchObject({
        code: 'NO_SUCH_MOVE',
      })
      // Life goes on; the report stays what it was.
      await morningOf('2026-11-05')
      office = await as('credit_office')
      items.open = await accept(marketOfficer, marketHead, items.open!)
      expect(await office.verifyRepairReport({ id: out.id })).toMatchObject({ same: true, digest: out.digest })
      const officer = await as('officer')
      expect(await officer.verifyRepairReport({ id: out.id })).toMatchObject({ same: true, differing: [] })
      const page = await (await anyone.send('GET', `/repair/reports/${out.id}`)).text()
      expect(page).toContain('广州市2026年10月信用修复工作月报')
      expect(page).toContain('准予修复2件，不予修复1件，不予受理1件，申请人撤回1件')
      expect(page).toContain(out.digest)
      for (const c of company) expect(page).not.toContain(c.name)
      expect(await (await anyone.send('GET', '/repair/reports')).text()).toContain(`/repair/reports/${out.id}`)
      expect((await officer.listRepairReports({})).rows.map((r) => r.id)).toEqual([out.id])
      await sql`delete from oversight.entry where item_id = ${items.late!.id}`.execute(p().runtime.db.kysely)
      expect(await office.verifyRepairReport({ id: out.id })).toMatchObject({
        same: false,
        differing: ['广州市交通运输局'],
      })
      await rebuild(p().ctx())
      expect(await office.verifyRepairReport({ id: out.id })).toMatchObject({ same: true })
    })
  },
  { now: '2026-10-12T01:00:00Z' },
)
