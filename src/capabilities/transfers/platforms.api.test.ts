/** Two running platforms that pass a case on and back over HTTP: signed pushes into each other's inbox, nothing carried by hand. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, startPlatform } from '../../../test/harness.ts'
import { at, newRecord, newSubject, signedIn, submitted } from '../../../test/repair-world.ts'
import { alsoThere, follow, introduce, remember } from '../../../test/transfers-world.ts'
import { systemCtx } from '../../platform/context.ts'
import { pushDue } from '../exchange/push.ts'
import { api as inbound } from '../inbound/index.ts'
import { endpoints } from './contract.ts'
import { setSeat } from './index.ts'

describe('a case between two platforms over HTTP', () => {
  let home: Platform
  let there: Platform
  beforeAll(async () => {
    // The later one is a little behind: what it is told must not lie ahead of its clock.
    there = await startPlatform()
    home = await startPlatform()
    const out = await introduce(home, there)
    const back = await introduce(there, home)
    await remember(home, out.id, back.token)
    await remember(there, back.id, out.token)
    await setSeat(home.ctx(), { authority: home.world.authorities.market, peerId: out.id, seen: 0 })
  })
  afterAll(async () => {
    await home.close()
    await there.close()
  })

  /** A few rounds of what both do by themselves. */
  const exchange = async (rounds = 3) => {
    for (let n = 0; n < rounds; n++) {
      for (const p of [home, there]) {
        await follow(p)
        await pushDue(p.ctx())
      }
      for (const p of [home, there]) {
        for (const job of inbound.jobs) await job.run(systemCtx(p.runtime, job.name))
        await follow(p)
      }
    }
  }

  it('goes there, is decided, and comes back', async () => {
    const subject = await newSubject(home)
    const recordId = await newRecord(home, { subject, kind: 'samr_penalty' })
    await alsoThere(home, there, { subject, recordId })
    const app = await submitted(subject.company, { subject: subject.subjectId, records: [recordId] })
    await exchange()
    const officer = await signedIn(there, 'officer')
    const row = (await officer.queue({ view: 'open', no: app.no! })).rows[0]!
    const told = await officer.getCase({ subject: row.subjectId, item: row.itemId })
    expect(told.application.wayIn).toBe('transfer')
    expect(told.materials.length).toBeGreaterThan(0)
    let item = await officer.acceptItem({ ...at(told.item), note: '' })
    item = await officer.grantItem({ ...at(item), note: '' })
    if (item.proposal) await (await signedIn(there, 'head')).confirmProposal({ ...at(item), note: '' })
    await exchange()
    const back = await subject.company.getApplication({ subject: subject.subjectId, id: app.id })
    expect(back.items[0]!.state).toBe('granted')
    const client = (await home.as(subject.login)).client(endpoints)
    const track = (await client.trackOfItem({ subject: subject.subjectId, item: app.items[0]!.id })).tracks[0]!
    expect(track).toMatchObject({ state: 'closed', outcome: 'granted', wire: 'delivered' })
    const { rows } = await sql<{
      open: number
    }>`select count(*)::int as open from exchange.v_message where acked_at is null`.execute(there.runtime.db.kysely)
    expect(rows).toEqual([{ open: 0 }])
  })
})
