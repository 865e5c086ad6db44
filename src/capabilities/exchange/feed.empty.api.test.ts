import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { giveRecord, pushPeer } from '../../../test/push-receiver.ts'
import { type Platform, describeEngines } from '../../../test/harness.ts'
import { inTx, sequence } from '../../platform/outbox.ts'
import { START, findPeer, readEvents } from './store.ts'

const pullPeer = (p: Platform) => pushPeer(p, '', { way: 'pull', division: '440205', settings: {} })
/** As often as a session tries plans of its own before it keeps one. */
const UNTIL_KEPT = 8

describeEngines('the feed of a platform that has handed out nothing yet', (p) => {
  it('goes by the record with the plan of its first day as well', async () => {
    const { peer: fresh } = await pullPeer(p())
    const { peer: laden } = await pullPeer(p())
    for (let i = 0; i < 20; i++) await giveRecord(p(), { division: '440205' })
    await sequence(p().ctx())
    const db = p().runtime.db
    await sql`vacuum analyze exchange.delivery`.execute(db.kysely)
    const takes = async (peerId: string, often: number): Promise<number> => {
      const peer = (await findPeer(db.kysely, peerId))!
      const times: number[] = []
      for (let i = 0; i < often; i++) {
        const began = performance.now()
        expect(await readEvents(db, peer, [0, START], 500)).toHaveLength(20)
        times.push(performance.now() - began)
      }
      return Math.min(...times)
    }
    const before = await takes(fresh.id, UNTIL_KEPT)
    await inTx(p().ctx(), (tx) =>
      sql`insert into exchange.delivery (subject_id, peer_id, event_id, record_id, kind, sent_at, delivered_at)
        select gen_random_uuid(), ${laden.id}, gen_random_uuid(), gen_random_uuid(), 'publish', at, at
        from generate_series(1, 15000), (select ${p().clock.now()}::timestamptz as at) a`.execute(tx),
    )
    // Walking its deliveries for each event would take many times as long.
    expect(await takes(laden.id, 10)).toBeLessThan(8 * before)
  })
})
