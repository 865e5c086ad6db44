import { createHash } from 'node:crypto'
import type { Policy } from '../../kernel/policy.ts'
import type { RuleChange } from '../../kernel/policy-change.ts'
import { type Clock, type LocalDate, dayOf } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Database, Reader } from '../../platform/db/index.ts'
import { policyFile } from '../../platform/policy-schema.ts'
import { withChanges } from './rules.ts'
import * as store from './store.ts'

/**
 * The rules of a process: the pack, and the approved changes whose day has come, laid over it. What a request or a job began
 * with it keeps; the next one has what is in force then. Before its day a change is known and does nothing.
 */
export type Approved = { id: string; change: RuleChange; effectiveFrom: LocalDate }
type Live = {
  packVersion: string
  /** The pack as other capabilities have it by now. */
  base: () => Policy
  clock: Clock
  counter: string
  approved: Approved[]
  made: { of: Policy; ids: string; policy: Policy } | null
}
const lives = new WeakMap<Database, Live>()

/** Kept whole when it was drawn up; asked by the schema again, so that what later editions add has its default. */
const revive = (change: RuleChange): RuleChange => {
  if (change.kind === 'transition') return change
  const whole = change.kind === 'regime' ? { ...change.regime, kind: 'regime' } : change
  const read = policyFile.safeParse(whole)
  if (!read.success) return change
  if (read.data.kind !== 'regime') return read.data as RuleChange
  const { kind: _, examples: __, ...regime } = read.data
  return { kind: 'regime', regime: regime as Extract<RuleChange, { kind: 'regime' }>['regime'] }
}

export const approvedChanges = async (db: Reader): Promise<Approved[]> =>
  (await store.approvedChanges(db)).map((a) => ({ ...a, change: revive(a.change) }))

/** Reads the approved changes again if any were approved or withdrawn since. */
export const readRules = async (db: Database): Promise<void> => {
  const live = lives.get(db)
  if (!live) return
  const counter = await store.readCounter(db.kysely)
  if (counter === live.counter) return
  live.approved = await approvedChanges(db.kysely)
  live.made = null
  live.counter = counter
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join()).digest('hex').slice(0, 12)

const laid = (live: Live, changes: readonly Approved[]): Policy => {
  const base = live.base()
  const ids = changes.map((c) => c.id)
  return { ...withChanges(base, changes), version: digest([base.version, ...ids]) }
}

const now = (live: Live): Policy => {
  const day = dayOf(live.clock.now())
  const due = live.approved.filter((a) => a.effectiveFrom <= day)
  const base = live.base()
  if (!due.length) return base
  const ids = due.map((a) => a.id).join()
  if (live.made?.of !== base || live.made.ids !== ids) live.made = { of: base, ids, policy: laid(live, due) }
  return live.made.policy
}

/** Once for each process, when its database is open. Answers how to ask for the rules as they are now. */
export const followRules = async (
  db: Database,
  follow: { pack: Policy; base: () => Policy; clock: Clock },
): Promise<() => Policy> => {
  const { pack, base, clock } = follow
  const live: Live = { packVersion: pack.version, base, clock, counter: '0', approved: [], made: null }
  lives.set(db, live)
  await readRules(db)
  return () => now(live)
}

/** Names the newest rules, those approved for a day to come among them. */
export const newestOf = (ctx: Pick<Ctx, 'db' | 'policy'>, approved: readonly Approved[]): string =>
  digest([lives.get(ctx.db)?.packVersion ?? ctx.policy.version, ...approved.map((a) => a.id)])

/** The pack with the approved changes that answer. */
export const rulesWith = (ctx: Pick<Ctx, 'db' | 'policy'>, changes: readonly Approved[]): Policy => {
  const live = lives.get(ctx.db)
  return withChanges(live ? live.base() : ctx.policy, changes)
}
