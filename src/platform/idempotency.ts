import { sql } from 'kysely'
import { Refused, mustNot } from '../kernel/decision.ts'
import { type Ctx, type Runtime, actorRef } from './context.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { foundNone, inTx, writeLater } from './db/index.ts'

/**
 * A write sent twice with one Idempotency-Key is carried out once. The row is claimed before the use case, marked inside
 * the use case's own transaction (so a crash between commit and reply cannot lead to a second execution), and holds the
 * reply afterwards. What was refused has written nothing, so its claim is given back and may be tried again.
 */

/** Marks a claim whose use case has committed while its reply is not stored yet. */
const COMMITTED = 102
const LEASE_MS = 10 * 60_000
const KEPT_MS = 24 * 3_600_000
const WAIT_MS = [20, 40, 80, 160, 320, 640, 1000, 1000, 1000]

type Claim = { key: string; hash: string; status: number }
type Outcome = { reply: unknown; status: number; replayed: boolean }
type Row = { request_hash: string; status: number | null; reply: unknown }

export const isIdempotencyKey = (key: string): boolean => /^[\x21-\x7e]{1,200}$/.test(key)

const ownerOf = (ctx: Ctx): string =>
  ctx.actor.kind === 'anonymous' ? `anonymous:${ctx.edge?.address ?? ''}` : `${ctx.actor.kind}:${actorRef(ctx.actor)}`

const ago = (ctx: Pick<Ctx, 'clock'>, ms: number) => new Date(Date.parse(ctx.clock.now()) - ms).toISOString()

/** Takes the key, or takes it over from a process that died before it committed anything. */
const claim = (ctx: Ctx, owner: string, { key, hash }: Claim, at: string): Promise<boolean> =>
  inTx(ctx.db, async (tx) => {
    const { rows } = await sql<{ key: string }>`
      insert into platform.idempotency as held (owner, key, request_hash, created_at) values (${owner}, ${key}, ${hash}, ${at})
      on conflict (owner, key) do update set created_at = excluded.created_at
      where held.status is null and held.request_hash = excluded.request_hash and held.created_at < ${ago(ctx, LEASE_MS)}
      returning held.key
    `.execute(tx)
    return rows.length > 0
  })

const heldRow = async (ctx: Ctx, owner: string, key: string): Promise<Row | undefined> => {
  const { rows } = await sql<Row>`
    select request_hash, status, reply from platform.idempotency where owner = ${owner} and key = ${key}
  `.execute(ctx.db.kysely)
  return rows[0]
}

/** Another request holds the key: its stored reply, its failure (then undefined: try to claim), or words. */
const awaitHolder = async (ctx: Ctx, owner: string, { key, hash }: Claim): Promise<Outcome | undefined> => {
  for (const wait of WAIT_MS) {
    const row = await heldRow(ctx, owner, key)
    if (!row) return undefined
    if (row.request_hash !== hash) mustNot('IDEMPOTENCY_KEY_REUSED')
    if (row.status !== null && row.status !== COMMITTED) return { reply: row.reply, status: row.status, replayed: true }
    await sleep(wait)
  }
  const row = await heldRow(ctx, owner, key)
  return mustNot(row?.status === COMMITTED ? 'IDEMPOTENCY_REPLY_LOST' : 'IDEMPOTENCY_IN_PROGRESS')
}

/** It travels with the COMMIT; where the claim is no longer this request's, there is nothing to divide by, and it fails. */
const MARK = `
  with m as (update platform.idempotency set status = ${COMMITTED} where owner = $1 and key = $2 and created_at = $3 returning 1)
  select 1 / count(*) from m`
const inProgress = (error: unknown): unknown =>
  foundNone(error) ? new Refused([{ code: 'IDEMPOTENCY_IN_PROGRESS' }]) : error

export const runOnce = async (ctx: Ctx, asked: Claim, run: (ctx: Ctx) => Promise<unknown>): Promise<Outcome> => {
  if (!isIdempotencyKey(asked.key)) mustNot('BAD_IDEMPOTENCY_KEY')
  const owner = ownerOf(ctx)
  const at = ctx.clock.now()
  while (!(await claim(ctx, owner, asked, at))) {
    const held = await awaitHolder(ctx, owner, asked)
    if (held) return held
  }
  const mine = sql`owner = ${owner} and key = ${asked.key} and created_at = ${at}`
  const marked: Ctx = {
    ...ctx,
    beforeCommit: (tx) =>
      writeLater(tx, {
        name: 'platform.idempotency_mark',
        text: MARK,
        values: [owner, asked.key, at],
        lost: inProgress,
      }),
  }
  try {
    const reply = await run(marked)
    const body = JSON.stringify(reply ?? null)
    await inTx(ctx.db, async (tx) => {
      await sql`update platform.idempotency set status = ${asked.status}, reply = ${body}::jsonb where ${mine}`.execute(
        tx,
      )
    })
    return { reply, status: asked.status, replayed: false }
  } catch (error) {
    const refused = error instanceof Refused
    await inTx(ctx.db, async (tx) => {
      await sql`delete from platform.idempotency where ${mine} and (${refused} or status is null)`.execute(tx)
    }).catch((failed: unknown) =>
      ctx.log.error({ err: failed, requestId: ctx.requestId }, 'an idempotency claim was not released'),
    )
    throw error
  }
}

/** A job: keys are remembered for a day. */
export const forgetOldKeys = (runtime: Runtime): Promise<void> =>
  inTx(runtime.db, async (tx) => {
    await sql`delete from platform.idempotency where created_at < ${ago(runtime, KEPT_MS)}`.execute(tx)
  })
