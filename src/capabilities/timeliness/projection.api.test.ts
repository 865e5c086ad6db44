import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Platform, describeEngines } from '../../../test/harness.ts'
import { type Reported, annul, correct, newCompany, repair, report } from '../../../test/timeliness-world.ts'
import { type LocalDate, addDays, day, dayOf, startOf } from '../../kernel/time.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { backfillBefore, backfillLimitOf, classOf, dueOf, firstOfMonth } from './rules.ts'
import { catchUp, countMarked, rebuild } from './service.count.ts'
import { lockCounting } from './store.count.ts'
import type { Class } from './words.ts'

/** The same numbers for the same seed: a failing history can be played again. */
const randomFrom = (seed: number) => {
  let a = seed
  return (below: number): number => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Model = Reported & { firstOn: LocalDate; state: 'held' | 'annulled' }
const ITEMS = ['penalty', 'licence', 'abnormal_list']

const tallyOf = async (p: Platform): Promise<Record<string, number>> => {
  const { rows } = await sql<{ key: string; n: number }>`
    select concat_ws('|', t.authority_id, t.item, t.decided_month, t.reported_month, t.class) as key, t.n
    from timeliness.tally t where t.n <> 0`.execute(p.runtime.db.kysely)
  return Object.fromEntries(rows.map((r) => [r.key, r.n]))
}

/** From what was done, by the pure rule; nothing of it is read from the projection but the days of beginning. */
const recount = async (p: Platform, models: readonly Model[]): Promise<Record<string, number>> => {
  const { rows } = await sql<{ id: string; on: LocalDate }>`
    select a.authority_id as id, a.begins_on as "on" from timeliness.authority a`.execute(p.runtime.db.kysely)
  const begins = new Map(rows.map((r) => [r.id, r.on]))
  const limit = backfillLimitOf(p.runtime.policy, dayOf(p.clock.now()))
  const tally: Record<string, number> = {}
  for (const { row, firstOn, state } of models) {
    const { dueOn } = dueOf(p.runtime.policy, row.item, row.decidedOn)
    const before = backfillBefore(limit, begins.get(row.authorityId)!)
    const cls: Class = classOf({ state, reportedOn: firstOn, dueOn, flagged: row.backfill }, before)
    const key = [row.authorityId, row.item, firstOfMonth(row.decidedOn), firstOfMonth(firstOn), cls].join('|')
    tally[key] = (tally[key] ?? 0) + 1
  }
  return tally
}

describeEngines('the tally is the recount of the rows', (p) => {
  const models: Model[] = []
  const play = async (seed: number, steps: number): Promise<void> => {
    const random = randomFrom(seed)
    const authorities = Object.values(p().world.authorities)
    const company = await newCompany(p())
    const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T
    for (let i = 0; i < steps; i++) {
      // Any hour of the day, midnight in Shanghai included.
      p().clock.set(
        new Date(Date.parse(startOf(addDays(day('2026-03-01'), random(240)))) + random(24) * 3_600_000).toISOString(),
      )
      const held = models.filter((m) => m.state === 'held')
      const what = random(11)
      const decidedOn = addDays(dayOf(p().clock.now()), -random(60))
      if (what < 6 || !held.length) {
        const made = await report(p(), {
          subjectId: company,
          authorityId: pick(authorities),
          item: pick(ITEMS),
          docNo: `穗罚〔2026〕${seed}${i}号`,
          decidedOn,
          backfill: random(3) === 0,
        })
        models.push({ ...made, firstOn: dayOf(p().clock.now()), state: 'held' })
      } else {
        const at = models.indexOf(pick(held))
        const one = models[at] as Model
        if (what < 8) {
          const over = {
            decidedOn,
            backfill: random(2) === 0,
            authorityId: random(3) ? one.row.authorityId : pick(authorities),
          }
          models[at] = { ...one, ...(await correct(p(), one, over)) }
        } else if (what === 8) {
          await annul(p(), one)
          models[at] = { ...one, state: 'annulled' }
        } else if (what === 9) await repair(p(), one)
        else await catchUp(p().ctx())
      }
    }
  }

  it('after random histories of reports, corrections, moves, repairs and annulments', async () => {
    for (const seed of [1, 2, 3]) {
      await play(seed, 60)
      await catchUp(p().ctx())
      expect(await tallyOf(p())).toEqual(await recount(p(), models))
    }
    const classes = new Set(Object.keys(await tallyOf(p())).map((k) => k.split('|').at(-1)))
    expect(new Set(classes)).toEqual(new Set(['annulled', 'backfill', 'late', 'on_time']))
  })

  it('however often it is counted, by however many at once', async () => {
    const before = await tallyOf(p())
    await Promise.all([catchUp(p().ctx()), catchUp(p().ctx()), catchUp(p().ctx())])
    await sql`update timeliness.progress set position = 0`.execute(p().runtime.db.kysely)
    await Promise.all([catchUp(p().ctx()), catchUp(p().ctx())])
    expect(await tallyOf(p())).toEqual(before)
  })

  it('after it was broken off in the middle', async () => {
    await play(4, 20)
    const broken = p().ctx()
    broken.beforeCommit = () => Promise.reject(new Error('killed'))
    await expect(catchUp(broken)).rejects.toThrow('killed')
    await catchUp(p().ctx())
    expect(await tallyOf(p())).toEqual(await recount(p(), models))
  })

  it('after it was made anew from the rows', async () => {
    await rebuild(p().ctx())
    expect(await tallyOf(p())).toEqual(await recount(p(), models))
  })

  it('when the rules change: terms are computed again and counts move', async () => {
    // As if terms had been computed under other rules, half of them wrong.
    await sql`update timeliness.due set due_on = due_on - 20 where extract(day from decided_on) > 15`.execute(
      p().runtime.db.kysely,
    )
    const all = await sql<{ subjectId: string; recordId: string }>`
      select e.subject_id as "subjectId", e.record_id as "recordId" from timeliness.entry e`.execute(
      p().runtime.db.kysely,
    )
    const { countRecords } = await import('./store.count.ts')
    await inTx(p().ctx(), async (tx) => {
      await lockCounting(tx)
      await countRecords(tx, all.rows, { day: null, days: 0 })
    })
    expect(await tallyOf(p())).not.toEqual(await recount(p(), models))
    await sql`update timeliness.progress set rules = 'of before'`.execute(p().runtime.db.kysely)
    await catchUp(p().ctx())
    expect(await tallyOf(p())).toEqual(await recount(p(), models))
  })

  it('when a day of beginning is set', async () => {
    const authorityId = p().world.authorities.traffic
    await inTx(p().ctx(), async (tx) => {
      await lockCounting(tx)
      await sql`update timeliness.authority set begins_on = '2026-09-01', begins_by = 'set' where authority_id = ${authorityId}`.execute(
        tx,
      )
      await countMarked(tx, p().ctx(), [authorityId])
    })
    expect(await tallyOf(p())).toEqual(await recount(p(), models))
  })

  it('counts hand-ins as they stand, while they run and when they are done', async () => {
    const db = p().runtime.db.kysely
    const sums = async (from: string) =>
      (
        await sql
          .raw<Record<string, number>>(`
        select coalesce(sum(received), 0)::int as received, coalesce(sum(accepted), 0)::int as accepted,
          coalesce(sum(refused), 0)::int as refused, coalesce(sum(pending), 0)::int as pending from ${from}`)
          .execute(db)
      ).rows[0]
    const insert = (state: string, [received, accepted, refused, pending]: number[]) => {
      const id = newId()
      return inTx(p().ctx(), async (tx) => {
        await sql`insert into collection.submission (id, no, authority_id, authority_name, division, item, way_in, file_name, state,
          received, accepted, refused, pending, created_at, created_by, handed_in_by)
          values (${id}, ${id}, ${p().world.authorities.traffic}, '', '440100', 'penalty', 'api', '', ${state},
            ${received}, ${accepted}, ${refused}, ${pending}, ${p().clock.now()}, '', '')`.execute(tx)
        return id
      })
    }
    await insert('done', [10, 9, 1, 0])
    const running = await insert('running', [4, 2, 0, 2])
    const waits = await insert('done', [3, 2, 0, 1])
    await catchUp(p().ctx())
    expect(await sums('timeliness.intake_tally')).toEqual({ received: 17, accepted: 13, refused: 1, pending: 3 })
    await inTx(p().ctx(), async (tx) => {
      await sql`update collection.submission set state = 'done', received = 9, accepted = 8, refused = 1, pending = 0 where id = ${running}`.execute(
        tx,
      )
      await sql`update collection.submission set accepted = 3, pending = 0 where id = ${waits}`.execute(tx)
    })
    await Promise.all([catchUp(p().ctx()), catchUp(p().ctx())])
    expect(await sums('timeliness.intake_tally')).toEqual(await sums('collection.v_submission'))
    await rebuild(p().ctx())
    expect(await sums('timeliness.intake_tally')).toEqual({ received: 22, accepted: 20, refused: 2, pending: 0 })
  })
})
