import { AsyncResource } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, type Platform, describeEngines, problemOf } from '../../../test/harness.ts'
import {
  type Case,
  type PublicitySystem,
  acquaint,
  newCase,
  startPublicitySystem,
} from '../../../test/publicity-world.ts'
import { watched } from '../../../test/statements.ts'
import { day } from '../../kernel/time.ts'
import { inTx } from '../../platform/outbox.ts'
import type { Client } from '../../../web/src/app/client.ts'
import { pushDue } from '../exchange/push.ts'
import { dispose, findRecord, shownOn } from '../records/index.ts'
import { runDaily, runDay } from './run.ts'
import { httpSource } from './source.ts'
import { closeVanished, insertActs, lockDifference, otherSystems } from './store.ts'
import { type DifferenceView, type StatementView, endpoints } from './contract.ts'

const DAY = '2026-11-23'
/** Past the hour of the daily exchange, in China. */
const at = (date: string) => `${date}T13:30:00Z`

describeEngines(
  'reconciliation with the publicity system',
  (p: () => Platform, engine) => {
    let system: PublicitySystem
    let peer: string
    let office: Client<typeof endpoints>
    const cases: Case[] = []
    const doc = (n: number) => cases[n]!.documentNumber
    const turn = async (date: string) => {
      p().clock.set(at(date))
      await system.order({ do: 'clock', now: at(date) })
      office = (await p().as('credit_office')).client(endpoints)
    }
    const push = () => pushDue(p().runtime)
    const run = () => office.reconcileNow({ peerId: peer })
    const listed = async (view: 'open' | 'explained' | 'closed' = 'open') =>
      (await office.listDifferences({ view, limit: 200 })).rows
    const of = (rows: DifferenceView[], n: number) => rows.filter((d) => d.docNo === doc(n))
    const balanced = (s: StatementView) => {
      expect(s.sent).toBe(s.sentAcknowledged + s.sentRefused + s.sentPending + s.sentDead)
      expect(s.received).toBe(s.receivedApplied + s.receivedAlready + s.receivedRefused + s.receivedPending)
      expect(s.shownHere).toBe(s.same + s.ruledHere + s.differingHere)
      expect(s.shownThere).toBe(s.same + s.ruledThere + s.differingThere)
      expect(s.openBefore + s.found).toBe(s.closed + s.openAfter)
    }

    beforeAll(async () => {
      system = await startPublicitySystem({ platform: p().url, now: at(DAY), page: 3 })
      p().clock.set(at(DAY))
      peer = await acquaint(p(), system)
      office = (await p().as('credit_office')).client(endpoints)
      for (let n = 0; n < 8; n++) cases.push(await newCase(p(), { n }))
      // A small fine whose three months there end on 25 November, and a warning that is not shown there at all.
      cases.push(
        await newCase(p(), {
          n: 8,
          publishedOn: '2026-08-25',
          decidedOn: '2026-08-20',
          discretion: 'lighter',
          fineYuan: 3000,
        }),
      )
      cases.push(await newCase(p(), { n: 9, kinds: ['warning'], fineYuan: 0 }))
      await system.order({ do: 'enter', cases: cases.map((c) => c.theirs) })
      await push()
    })
    afterAll(() => system.close())

    it('needs the address of the list, which the credit office gives', async () => {
      expect(await problemOf(run())).toMatchObject({ code: 'NOT_RECONCILED' })
      for (const address of ['ftp://a', 'http://u:p@a', 'x', 'http://a/?b=1'])
        expect(await problemOf(office.setReconciliationAddress({ peerId: peer, address }))).toMatchObject({
          code: 'ADDRESS_UNFIT',
        })
      await office.setReconciliationAddress({ peerId: peer, address: system.url })
      expect((await office.reconciliation({})).systems).toEqual([
        { id: peer, name: '国家企业信用信息公示系统（广东）', address: system.url },
      ])
    })

    it('finds nothing where both show the same, and says what the rules have apart', async () => {
      const s = await run()
      balanced(s)
      expect(s).toMatchObject({
        state: 'done',
        shownThere: 9,
        same: 9,
        openAfter: 0,
        differingHere: 0,
        differingThere: 0,
      })
      expect(s.sentAcknowledged).toBe(9)
      // Every one is shown until another day there, where publication counts and not the decision.
      expect(s.sameOtherTerms).toBe(9)
      // The warning is shown here, as its sector has it, and not there: accepted with its article.
      expect(s.ruledHere).toBe(s.shownHere - 9)
      expect(await listed()).toEqual([])
      const [warning] = of(await listed('explained'), 9)
      expect(warning).toMatchObject({
        kind: 'not_there',
        cause: 'rules_differ',
        state: 'accepted',
        closedByWay: 'accept',
      })
      const whole = await office.getDifference({ id: warning!.id })
      expect(whole.sides.due?.basis?.zh).toContain('第107号')
      expect(whole.sides.here?.basis?.zh).toContain('第36号')
      expect(whole.acts.map((a) => a.name.en)).toEqual(['Found', 'Accept'])
    })

    it('gives the statement as a file whose name is its hash', async () => {
      const s = await office.getStatement({ peerId: peer, day: DAY })
      const caller: Caller = await p().as('auditor')
      const reply = await caller.send('GET', `/api/v1/exchange/reconciliation/peers/${peer}/statements/${DAY}/file`)
      const body = Buffer.from(await reply.arrayBuffer())
      expect(createHash('sha256').update(body).digest('hex')).toBe(s.fileHash)
      expect(body.toString()).toContain('两侧一致,9')
      expect(
        await problemOf(office.statementFile({ peerId: peer, day: '2020-01-01' }) as Promise<unknown>),
      ).toMatchObject({
        code: 'NO_SUCH_STATEMENT',
      })
    })

    it('does one comparison at a time', async () => {
      const set = (state: string) =>
        sql`update reconciliation.statement set state = ${state}, lease_until = '2026-11-24T00:00:00Z' where peer_id = ${peer}`.execute(
          p().runtime.db.kysely,
        )
      await set('running')
      expect(await problemOf(run())).toMatchObject({ code: 'UNDER_WAY' })
      await set('done')
    })

    it('takes a repair decided there in, and does not send it back', async () => {
      await system.order({ do: 'repair', documentNumber: doc(0) })
      const s = await run()
      balanced(s)
      expect(s).toMatchObject({ received: 1, receivedApplied: 1, openAfter: 0 })
      const record = await findRecord(p().runtime.db.kysely, cases[0]!.subjectId, cases[0]!.recordId)
      expect(shownOn(record!, 'credit_china', day(DAY))).toBe(false)
      await push()
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from exchange.delivery d join platform.event e on e.subject_id = d.subject_id and e.id = d.event_id
        where d.peer_id = ${peer} and d.record_id = ${cases[0]!.recordId} and e.kind = 'record.withdrawn'`.execute(
        p().runtime.db.kysely,
      )
      expect(rows[0]!.n).toBe(0)
    })

    it('names what was lost, refused, changed and dated otherwise, and handles what it may', async () => {
      // Gone there although it was acknowledged; shown longer; another content; unknown here; its word was lost.
      await system.order({ do: 'forget', documentNumber: doc(1) })
      await system.order({ do: 'shift', documentNumber: doc(2), days: 30 })
      await system.order({ do: 'garble', documentNumber: doc(3), field_name: 'content', text: '没收' })
      const stranger = {
        ...cases[4]!.theirs,
        documentNumber: '穗天市监罚〔2026〕1号',
        subjectCode: '91440101MA59AAAA0X',
      }
      await system.order({ do: 'enter', cases: [stranger] })
      await system.order({ do: 'refuse', documentNumber: doc(4) })
      await system.order({ do: 'forget', documentNumber: doc(4) })
      const s = await run()
      balanced(s)
      const open = await listed()
      const said = Object.fromEntries(open.map((d) => [d.docNo, `${d.kind} ${d.cause} ${d.state}`]))
      expect(said).toEqual({
        [doc(1)]: 'not_there unknown open',
        [doc(2)]: 'other_dates unknown open',
        [doc(3)]: 'other_content unknown open',
        [doc(4)]: 'not_there unknown open',
        [stranger.documentNumber as string]: 'not_here not_held open',
      })
      // With the warning of the first run: a day has one statement, whoever has it made anew.
      expect(s).toMatchObject({ openAfter: 5, found: 6 })
    })

    it('is closed by sending again once the next comparison no longer finds it', async () => {
      const [d] = of(await listed(), 1)
      expect(d!.actions).toEqual(['resend', 'settle'])
      expect(
        await problemOf(office.actOnDifference({ id: d!.id, action: 'accept', reason: '', seen: d!.version })),
      ).toMatchObject({
        code: 'DOES_NOT_FIT',
      })
      expect(
        await problemOf(office.actOnDifference({ id: d!.id, action: 'take_in', reason: '', seen: d!.version })),
      ).toMatchObject({
        code: 'NOTHING_TO_TAKE_IN',
      })
      const reachedBy = (way: string) =>
        sql`update exchange.peer set way = ${way} where id = ${peer}`.execute(p().runtime.db.kysely)
      await reachedBy('pull')
      expect(
        await problemOf(office.actOnDifference({ id: d!.id, action: 'resend', reason: '', seen: d!.version })),
      ).toMatchObject({
        code: 'NOT_SENDABLE',
      })
      await reachedBy('push')
      const done = await office.actOnDifference({ id: d!.id, action: 'resend', reason: '', seen: d!.version })
      expect(done).toMatchObject({ state: 'under_way', closedByWay: 'resend' })
      expect(
        await problemOf(office.actOnDifference({ id: d!.id, action: 'resend', reason: '', seen: d!.version })),
      ).toMatchObject({
        code: 'DIFFERENCE_STALE',
      })
      expect(
        await problemOf(office.actOnDifference({ id: d!.id, action: 'resend', reason: '', seen: done.version })),
      ).toMatchObject({
        code: 'NOT_NOW',
      })
      await push()
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'closed', closedByWay: 'resend' })
    })

    it('names what they send back', async () => {
      const [d] = of(await listed(), 4)
      await office.actOnDifference({ id: d!.id, action: 'resend', reason: '', seen: d!.version })
      await push()
      await run()
      const whole = await office.getDifference({ id: d!.id })
      expect(whole).toMatchObject({
        state: 'open',
        cause: 'refused_there',
        sent: { state: { en: 'Sent back' }, note: '文书号与案件库不一致' },
      })
      expect(whole.acts.map((a) => a.name.en)).toEqual(['Found', 'Send again', 'Found again'])
    })

    it('is closed by a person with a reason, and stays so while nothing changes', async () => {
      const [d] = of(await listed(), 2)
      const ask = { id: d!.id, action: 'settle' as const, seen: d!.version }
      expect(await problemOf(office.actOnDifference({ ...ask, reason: ' ' }))).toMatchObject({ code: 'REASON_MISSING' })
      await office.actOnDifference({ ...ask, reason: '已与公示系统核对，对方将于次日更正' })
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'settled', closedByWay: 'person' })
      await system.order({ do: 'shift', documentNumber: doc(2), days: 31 })
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'open', closedByWay: null })
      await system.order({ do: 'shift', documentNumber: doc(2), days: 0 })
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'closed', closedByWay: 'itself' })
      expect(await problemOf(office.getDifference({ id: peer }))).toMatchObject({ code: 'NO_SUCH_DIFFERENCE' })
    })

    it('asks about what is gone there without a word, and takes the lost result in', async () => {
      await system.order({ do: 'repair', documentNumber: doc(5) })
      // As if everything so far had been fetched: their feed never offers it again.
      await sql`update reconciliation.place set cursor = '999' where peer_id = ${peer}`.execute(p().runtime.db.kysely)
      const s = await run()
      balanced(s)
      const [d] = of(await listed(), 5)
      expect(d).toMatchObject({ cause: 'result_not_received', state: 'under_way', closedByWay: 'take_in' })
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'closed', closedByWay: 'take_in' })
      await sql`update reconciliation.place set cursor = '2' where peer_id = ${peer}`.execute(p().runtime.db.kysely)
    })

    it('leaves a correction to the deciding authority', async () => {
      await system.order({ do: 'correct', documentNumber: doc(7), days: 10 })
      const s = await run()
      balanced(s)
      expect(s.receivedPending).toBe(1)
      const [d] = of(await listed(), 7)
      expect(d).toMatchObject({
        kind: 'other_dates',
        cause: 'result_not_received',
        state: 'open',
        actions: ['take_in', 'settle'],
      })
      const refused = await problemOf(
        office.actOnDifference({ id: d!.id, action: 'take_in', reason: '', seen: d!.version }),
      )
      expect(refused).toMatchObject({ code: 'NOT_TAKEN_IN', detail: expect.stringContaining('认定单位') as string })
      expect((await office.getDifference({ id: d!.id })).result).toMatchObject({ name: { en: 'Corrected' }, on: DAY })
      await system.order({ do: 'shift', documentNumber: doc(7), days: 0 })
      balanced(await run())
      await sql`update reconciliation.result set outcome = 'already' where type = 'publicity.corrected'`.execute(
        p().runtime.db.kysely,
      )
    })

    it('withdraws here what has been a small fine there for three months (GZ24 二(四))', async () => {
      await turn('2026-11-25')
      await runDaily(p().ctx())
      const s = await office.getStatement({ peerId: peer, day: '2026-11-25' })
      balanced(s)
      expect(s.receivedApplied).toBe(1)
      const record = await findRecord(p().runtime.db.kysely, cases[8]!.subjectId, cases[8]!.recordId)
      expect(shownOn(record!, 'credit_china', day('2026-11-25'))).toBe(false)
      // The day between was missed, is named, and was made up by this one.
      const { rows } = await office.listStatements({ limit: 10 })
      expect(rows.map((r) => `${r.day} ${r.state}`)).toEqual([
        '2026-11-25 done',
        '2026-11-24 made_up',
        '2026-11-23 done',
      ])
      expect(rows[1]).toMatchObject({
        fault: { en: expect.stringContaining('not running') as string },
        madeUpBy: '2026-11-25',
      })
      expect(rows[0]!.previousHash).toBe(rows[2]!.fileHash)
    })

    it('names a day that failed, and why', async () => {
      await turn('2026-11-26')
      const faults: [Record<string, unknown>, Record<string, unknown>, RegExp][] = [
        [{ do: 'break', yes: true }, { do: 'break', yes: false }, /answered with an error/],
        [{ do: 'unsigned', yes: true }, { do: 'unsigned', yes: false }, /signature/],
        [{ do: 'short', count: 1 }, { do: 'short', count: 0 }, /not complete/],
        [{ do: 'clock', now: at('2026-11-25') }, { do: 'clock', now: at('2026-11-26') }, /answered with an error/],
      ]
      for (const [wrong, right, words] of faults) {
        await system.order(wrong)
        const failed = await run()
        expect(failed).toMatchObject({ state: 'failed', fileHash: null })
        expect(failed.fault!.en).toMatch(words)
        await system.order(right)
      }
      await system.kill()
      expect((await run()).fault!.en).toMatch(/could not be reached/)
      await system.restart()
      const s = await run()
      balanced(s)
      expect(s.state).toBe('done')
      expect(s.attempts).toBe(6)
    })

    it('sends what was not sent, without a person', async () => {
      await inTx(p().ctx(), (tx) =>
        dispose(tx, p().ctx(), {
          subjectId: cases[6]!.subjectId,
          recordId: cases[6]!.recordId,
          kind: 'repaired',
          channel: null,
          effectiveFrom: day('2026-11-26'),
          reason: '准予修复',
          basis: {},
        }),
      )
      const s = await run()
      balanced(s)
      const [d] = of(await listed(), 6)
      expect(d).toMatchObject({ kind: 'not_here', cause: 'not_sent', state: 'under_way', closedByWay: 'resend' })
      await push()
      balanced(await run())
      expect(await office.getDifference({ id: d!.id })).toMatchObject({ state: 'closed', closedByWay: 'resend' })
    })

    it('ends the day, and right, whoever acts on a difference while it runs', async () => {
      const fresh: Case[] = []
      for (let n = 20; n < 23; n++) fresh.push(await newCase(p(), { n }))
      await system.order({ do: 'enter', cases: fresh.map((c) => c.theirs) })
      await push()
      for (const { subjectId, recordId } of fresh)
        await inTx(p().ctx(), (tx) =>
          dispose(tx, p().ctx(), {
            subjectId,
            recordId,
            kind: 'repaired',
            channel: null,
            effectiveFrom: day('2026-11-26'),
            reason: '准予修复',
            basis: {},
          }),
        )
      const standing = async (n: number) => {
        const { rows } = await sql<{ id: string; state: string; seen: number }>`
          select id, state, version as seen from reconciliation.difference where peer_id = ${peer} and doc_no = ${fresh[n]!.documentNumber}
          and state <> 'closed'`.execute(p().runtime.db.kysely)
        return rows[0]!
      }
      // As somebody else, who is not inside the transaction during which it happens.
      const settle = AsyncResource.bind(async (n: number): Promise<unknown> => {
        const { id, seen } = await standing(n)
        return office.actOnDifference({ id, action: 'settle', reason: '已电话核对', seen })
      })
      const [other] = await otherSystems(p().runtime.db.kysely, peer)
      const runWhile = async (
        answered: (text: string, rows: number) => Promise<void> | void,
      ): Promise<StatementView> => {
        const ctx = watched(p().ctx(), { answered })
        await runDay(ctx, { peer: other!, source: httpSource(ctx, other!), by: 'platform', again: true })
        const s = await office.getStatement({ peerId: peer, day: '2026-11-26' })
        expect(s).toMatchObject({ state: 'done', fault: null })
        balanced(s)
        return s
      }

      // Once they are listed for what the platform does by itself, a person deals with one of them.
      let lists = 0
      await runWhile(async (text, rows) => {
        if (text.includes(`d.state = 'open' and d.id >`) && rows && ++lists === 2) await settle(0)
      })
      expect([(await standing(0)).state, (await standing(1)).state]).toEqual(['settled', 'under_way'])
      if (engine === 'pglite') return // One connection: nobody comes between two statements of a transaction.

      // Between what is found again and what is noted of it; whoever comes second has seen what is so no more.
      const acting: Promise<unknown>[] = []
      await runWhile(async (text, rows) => {
        if (!text.includes('d.key = any(') || !rows || acting.length) return
        acting.push(settle(1).catch(() => undefined))
        await Promise.race([acting[0], sleep(500)])
      })
      await Promise.all(acting)

      // While the day is counted.
      let counts = 0
      await runWhile(async (text) => {
        if (text.includes('update reconciliation.act set counted_on') && ++counts === 1) await settle(2)
      })
      expect((await standing(2)).state).toBe('settled')
      balanced(await run())

      // While what is no longer found is closed.
      const { id } = await standing(2)
      let locked: () => void = () => undefined
      const held = new Promise<void>((done) => (locked = done))
      const person = inTx(p().ctx(), async (tx) => {
        const d = (await lockDifference(tx, id))!
        const act = { differenceId: id, peerId: peer, action: 'settle' as const, from: d.state, to: d.state }
        await insertActs(tx, [act], p().clock.now(), 'platform')
        locked()
        await sleep(500)
      })
      await held
      const ask = { peerId: peer, run: crypto.randomUUID(), on: day('2026-11-26'), at: p().clock.now(), by: 'platform' }
      await inTx(p().ctx(), (tx) => closeVanished(tx, ask))
      await person
      const { acts } = await office.getDifference({ id })
      expect(acts.map((act) => act.n)).toEqual(acts.map((_, n) => n + 1))
      expect(acts.slice(-2).map((act) => act.name.en)).toEqual(['Close with a reason', 'No longer found'])
    })
  },
  { now: at(DAY) },
)
