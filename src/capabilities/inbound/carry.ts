import { sql } from 'kysely'
import { Refused } from '../../kernel/decision.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type { Receiver } from '../exchange/contract.ts'
import type { Peer } from '../exchange/index.ts'
import { dispose, findRecordById, windowOn } from '../records/index.ts'
import type { Channel } from '../../kernel/policy.ts'
import { fill } from '../../kernel/words.ts'
import { type Answer, already, applied, decide, refused, settle, waits } from './answer.ts'
import { type Work, takeRecords } from './records.ts'
import { isRecordType, liesAhead, nextTry, parseMessage, wayOf } from './rules.ts'
import * as store from './store.ts'
import { ENDED_THERE } from './words.ts'
import { withdraw } from './withdraw.ts'
import { type World, worldOf } from './world.ts'

/** Carries messages out in the order in which they came; each verdict stands with what it brought about. */

/** Who takes in messages that are no records: given by the composition root once. */
let receivers: readonly Receiver[] = []
export const setReceivers = (all: readonly Receiver[]): void => {
  receivers = all
}

/** The embedded engine has one connection: others wait for a chunk. */
const AT_ONCE = 100

const passOn = async (tx: Tx, world: World, { m, message }: Work): Promise<Answer> => {
  const { ctx, peer } = world
  const receiver = receivers.find((r) => r.types.includes(message.type))
  if (!receiver) return refused('unknown_type', { type: message.type })
  await sql`savepoint inbound_message`.execute(tx)
  try {
    const { type, thing: subject, data } = message
    const done = await receiver.receive(tx, ctx, {
      peerId: peer.id,
      message: { id: m.eventId, type, subject, time: message.at, data },
    })
    await sql`release savepoint inbound_message`.execute(tx)
    const said = { note: done.note }
    if (done.outcome === 'pending')
      return waits('receiver_waits', said, nextTry(ctx.policy, ctx.clock.now(), m.attempts))
    if (done.outcome === 'refused') return refused('receiver_refuses', said)
    return { ...(done.outcome === 'already' ? already('carried_out') : applied('carried_out', null)), params: said }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await sql`rollback to savepoint inbound_message`.execute(tx)
    return refused('receiver_refuses', { note: NOT_AS_AGREED })
  }
}
const NOT_AS_AGREED = { zh: '报文内容不符合办理条件。', en: 'Its content does not meet the conditions.' }

/** What is wrong with a message before anybody asks what it is about. */
const formOf = ({ ctx, peer }: World, m: store.Held): Work | Answer => {
  const read = parseMessage(m.body)
  if (!read.ok) return refused('not_an_event', { field: read.field })
  const { message } = read
  if (peer.code && message.source !== peer.code)
    return refused('other_source', { source: message.source, code: peer.code })
  if (liesAhead(message.at, ctx.clock.now())) return refused('time_ahead', { time: message.at })
  // Our own word, come round through others: by now we may say otherwise.
  if (message.record?.via.includes(sourceHere(ctx))) return already('own_word')
  return { m, message }
}

const sourceHere = ({ config }: Ctx): string => `xinheng/${config.jurisdiction}`

/** What follows from a message says which way it has come. */
const hearing = (world: World, via: readonly string[]): World => ({ ...world, ctx: { ...world.ctx, via } })

type Tally = Record<store.Held['state'], number>
type Decided = 'accepted' | 'refused'
const carry = async (tx: Tx, world: World, messages: readonly store.Held[]): Promise<Tally> => {
  const tally: Tally = { accepted: 0, refused: 0, pending: 0 }
  const byDay = new Map<LocalDate, Required<Pick<store.Moves, Decided>>>()
  const give = async (m: store.Held, answer: Answer) => {
    if (!(await decide(tx, world.ctx, m, answer))) return
    tally[answer.state]++
    if (answer.state === 'pending') return
    const moved = byDay.get(m.day) ?? { accepted: 0, refused: 0 }
    moved[answer.state]++
    byDay.set(m.day, moved)
  }
  let run: Work[] = []
  const flush = async () => {
    if (!run.length) return
    const answers = await takeRecords(tx, hearing(world, wayOf(run[0]!.message)), run)
    for (const { m } of run) await give(m, answers.get(m.id)!)
    run = []
  }
  for (const m of messages) {
    const work = formOf(world, m)
    if ('code' in work) {
      await give(m, work)
      continue
    }
    const { type, thing } = work.message
    if (isRecordType(type) && type !== 'record.withdraw') {
      const way = wayOf(work.message).join('\n')
      if (run.some((w) => w.message.thing === thing || wayOf(w.message).join('\n') !== way)) await flush()
      run.push(work)
      continue
    }
    await flush()
    const heard = hearing(world, wayOf(work.message))
    await give(
      m,
      type === 'record.withdraw' ? await withdraw(tx, heard, m, work.message) : await passOn(tx, heard, work),
    )
  }
  await flush()
  for (const [day, { accepted, refused }] of byDay)
    await store.count(tx, world.peer.id, day, { accepted, refused, pending: -accepted - refused })
  return tally
}

const together = (ctx: Ctx, peer: Peer, ids: readonly string[]): Promise<void> =>
  inTx({ ...ctx, origin: peer.id }, async (tx) => {
    await store.lockPeer(tx, peer.id)
    const messages = await store.waitingByIds(tx, ids)
    if (!messages.length) return
    const tally = await carry(tx, await worldOf(ctx, tx, peer), messages)
    recordAct(tx, ctx, { act: 'inbound.carry_out', target: { kind: 'peer', id: peer.id }, details: { ...tally } })
  })

/** A fault of ours costs the sender nothing: the message waits and is tried again. */
const noteFault = (ctx: Ctx, peer: Peer, id: string): Promise<void> =>
  inTx(ctx, async (tx) => {
    await store.lockPeer(tx, peer.id)
    const [m] = await store.waitingByIds(tx, [id])
    if (m) await settle(tx, ctx, m, waits('fault', {}, nextTry(ctx.policy, ctx.clock.now(), m.attempts)))
  })

/** Those of one peer, in chunks; what breaks a chunk is found by carrying its messages out one by one. `until`: then the rest is left to the job. */
export const carryOut = async (
  ctx: Ctx,
  peer: Peer,
  ids: readonly string[],
  until = Number.POSITIVE_INFINITY,
): Promise<void> => {
  for (let from = 0; from < ids.length && performance.now() < until; from += AT_ONCE) {
    const chunk = ids.slice(from, from + AT_ONCE)
    try {
      await together(ctx, peer, chunk)
    } catch {
      for (const id of chunk) {
        try {
          await together(ctx, peer, [id])
        } catch (error) {
          ctx.log.error({ err: error, message: id, peer: peer.id }, 'a message could not be carried out')
          await noteFault(ctx, peer, id)
        }
      }
    }
  }
}

/** What its source shows no longer, because the time that it told is over, goes here as well. */
export const endWithSource = async (ctx: Ctx, peer: Peer, ending: store.Ending): Promise<void> =>
  inTx({ ...ctx, origin: peer.id }, async (tx) => {
    await store.lockPeer(tx, peer.id)
    await store.markEnded(tx, ending)
    const record = await findRecordById(tx, ending.recordId)
    const window = record ? windowOn(record.windows, peer.channel as Channel) : null
    const day = today(ctx)
    if (!record || !window?.from || window.end || (window.until !== null && window.until <= day)) return
    await dispose(
      tx,
      { ...ctx, origin: peer.id, ...(peer.code ? { via: [peer.code] } : {}) },
      {
        subjectId: record.subjectId,
        recordId: record.id,
        kind: 'withheld',
        channel: peer.channel as Channel,
        effectiveFrom: day,
        reason: fill(ENDED_THERE.zh, { peer: peer.name }, 'zh'),
        basis: { rule: 'exchange/ended_at_source', peer: peer.id, name: peer.name, instrument: peer.legalBasis },
      },
    )
  })
