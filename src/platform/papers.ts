import { type RawBuilder, sql } from 'kysely'
import { mustNot } from '../kernel/decision.ts'
import { type Instant, type LocalDate, dayOf, yearOf } from '../kernel/time.ts'
import { type Ctx, actorRef } from './context.ts'
import { type Reader, type Tx, json } from './db/index.ts'
import { contentDigest, inKeyOrder } from './digest.ts'
import { lastPosition } from './follow.ts'
import { newId } from './ids.ts'
import { inTx, recordAct } from './outbox.ts'

/**
 * Monthly papers of an office: one a territory and month, drafted, computed anew while it is a draft, then numbered within
 * the year and never changed. What one says stands in `content`, and can be computed again from the rows as they stood.
 */

export type Paper<C, S extends string> = {
  id: string
  division: string
  month: LocalDate
  state: S | 'draft'
  year: number | null
  number: number | null
  issuer: string
  content: C
  digest: string
  asOf: Instant
  commitPosition: number
  policyVersion: string
  createdAt: Instant
  /** When it left the office: issued, published. */
  issuedAt: Instant | null
  version: number
}
export type NewPaper = Omit<Paper<unknown, never>, 'year' | 'number' | 'issuedAt' | 'version' | 'state'>

/** The table is `t` in what `readable` asks. The last state of a table names its columns: `issued` has issued_at and issued_by. */
export const paperStore = <S extends string>(kind: { table: string; last: S }) => {
  const table = sql.table(kind.table)
  const [at, by] = [sql.ref(`${kind.last}_at`), sql.ref(`${kind.last}_by`)]
  const columns = sql`t.id, t.division, t.month, t.state, t.year, t.number, t.issuer, t.content, t.digest, t.as_of as "asOf",
    t.commit_position as "commitPosition", t.policy_version as "policyVersion", t.created_at as "createdAt",
    t.${at} as "issuedAt", t.version`
  return {
    find: async <C>(db: Reader, readable: RawBuilder<unknown>, id: string): Promise<Paper<C, S> | null> =>
      (await sql<Paper<C, S>>`select ${columns} from ${table} t where t.id = ${id}::uuid and ${readable}`.execute(db))
        .rows[0] ?? null,

    /** The latest month first. */
    list: async <C>(
      db: Reader,
      readable: RawBuilder<unknown>,
      ask: { state?: string | undefined; after: readonly [string, string] | null; limit: number },
    ): Promise<Paper<C, S>[]> =>
      (
        await sql<Paper<C, S>>`
        select ${columns} from ${table} t
        where ${readable} and ${ask.state === undefined ? sql`true` : sql`t.state = ${ask.state}`}
          and ${ask.after ? sql`(t.month, t.id) < (${ask.after[0]}::date, ${ask.after[1]}::uuid)` : sql`true`}
        order by t.month desc, t.id desc limit ${ask.limit}`.execute(db)
      ).rows,

    /** False when the territory has one for the month already. */
    insert: async (tx: Tx, p: NewPaper, drafter: string): Promise<boolean> => {
      const { rows } = await sql`
        insert into ${table} (id, division, month, state, issuer, content, digest, as_of, commit_position, policy_version, created_at, created_by)
        values (${p.id}, ${p.division}, ${p.month}, 'draft', ${p.issuer}, ${json(p.content)}, ${p.digest}, ${p.asOf}, ${p.commitPosition},
          ${p.policyVersion}, ${p.createdAt}, ${drafter})
        on conflict (division, month) do nothing returning id`.execute(tx)
      return rows.length > 0
    },

    /** False when it is no draft any more, or someone else changed it. */
    saveDraft: async (tx: Tx, p: NewPaper, seen: number): Promise<boolean> => {
      const { rows } = await sql`
        update ${table} set content = ${json(p.content)}, digest = ${p.digest}, as_of = ${p.asOf}, commit_position = ${p.commitPosition},
          policy_version = ${p.policyVersion}, issuer = ${p.issuer}, version = version + 1
        where id = ${p.id} and version = ${seen} and state = 'draft' returning id`.execute(tx)
      return rows.length > 0
    },

    /** The numbers of a year run without a gap: whoever issues at the same time waits for the lock of the territory. */
    issue: async (
      tx: Tx,
      p: { id: string; division: string; year: number; at: Instant; by: string; seen: number },
    ): Promise<boolean> => {
      await sql`select pg_advisory_xact_lock(hashtext(${`${kind.table} ${p.division} ${p.year}`}))`.execute(tx)
      const { rows } = await sql`
        update ${table} as t set state = ${kind.last}, year = ${p.year}, ${at} = ${p.at}, ${by} = ${p.by}, version = version + 1,
          number = 1 + coalesce((select max(o.number) from ${table} o where o.division = ${p.division} and o.year = ${p.year}), 0)
        where t.id = ${p.id} and t.version = ${p.seen} and t.state = 'draft' returning t.id`.execute(tx)
      return rows.length > 0
    },
  }
}

/** A draft with its digest and the place in the log up to which it has seen. */
export const newPaper = async (
  ctx: Ctx,
  p: Pick<NewPaper, 'id' | 'division' | 'month' | 'content' | 'asOf' | 'issuer'>,
): Promise<NewPaper> => ({
  ...p,
  digest: contentDigest(p.content),
  commitPosition: await lastPosition(ctx.db.kysely),
  policyVersion: ctx.policy.version,
  createdAt: p.asOf,
})

/**
 * What an office does with its papers of one kind: each step in one transaction, with its act. `write` counts what a month's
 * paper says; `mayChange` refuses whoever may not take the step, or has another office's paper before him.
 */
export const paperDesk = <C, S extends string, V>(of: {
  store: ReturnType<typeof paperStore<S>>
  target: string
  acts: { draft: string; recompute: string; issue: string }
  /** How a second draft of one month is refused. */
  exists: string
  held: (ctx: Ctx, id: string, tx?: Tx) => Promise<Paper<C, S>>
  mayChange: (ctx: Ctx, held: Paper<C, S>, step: 'recompute' | 'issue') => void
  write: (ctx: Ctx, month: LocalDate, id: string) => Promise<NewPaper>
  view: (ctx: Ctx, held: Paper<C, S>) => V
}) => {
  const noted = async (tx: Tx, ctx: Ctx, id: string, act: string, details: { month?: string; digest: string }) => {
    recordAct(tx, ctx, { act, target: { kind: of.target, id }, details })
    return of.view(ctx, await of.held(ctx, id, tx))
  }
  return {
    draft: async (ctx: Ctx, month: LocalDate): Promise<V> => {
      const paper = await of.write(ctx, month, newId())
      return inTx(ctx, async (tx) => {
        if (!(await of.store.insert(tx, paper, actorRef(ctx.actor)))) mustNot(of.exists)
        return noted(tx, ctx, paper.id, of.acts.draft, { month: month.slice(0, 7), digest: paper.digest })
      })
    },
    recompute: async (ctx: Ctx, ask: { id: string; seen: number }): Promise<V> => {
      const held = await of.held(ctx, ask.id)
      of.mayChange(ctx, held, 'recompute')
      const paper = await of.write(ctx, held.month, held.id)
      return inTx(ctx, async (tx) => {
        if (!(await of.store.saveDraft(tx, paper, ask.seen))) mustNot('STALE')
        return noted(tx, ctx, held.id, of.acts.recompute, { digest: paper.digest })
      })
    },
    issue: (ctx: Ctx, ask: { id: string; seen: number }): Promise<V> =>
      inTx(ctx, async (tx) => {
        const held = await of.held(ctx, ask.id, tx)
        of.mayChange(ctx, held, 'issue')
        const at = ctx.clock.now()
        const issued = { id: held.id, division: held.division, year: yearOf(dayOf(at)), at, by: actorRef(ctx.actor) }
        if (!(await of.store.issue(tx, { ...issued, seen: ask.seen }))) mustNot('STALE')
        return noted(tx, ctx, held.id, of.acts.issue, { month: held.month, digest: held.digest })
      }),
  }
}

type OfAuthorities = { rows: readonly { authorityId: string; authorityName: string }[] }
/** A paper beside the same computed again: equal or not, and the authorities whose rows differ. */
export const comparePaper = <C extends OfAuthorities>(
  held: { content: C; digest: string; asOf: Instant },
  again: C,
) => {
  const text = (rows: C['rows']) => new Map(rows.map((r) => [r.authorityId, JSON.stringify(inKeyOrder(r))]))
  const [now, then] = [text(again.rows), text(held.content.rows)]
  const names = new Map([...again.rows, ...held.content.rows].map((r) => [r.authorityId, r.authorityName]))
  const digest = contentDigest(again)
  return {
    same: digest === held.digest,
    digest: held.digest,
    again: digest,
    asOf: held.asOf,
    differing: [...names].flatMap(([of, name]) => (now.get(of) === then.get(of) ? [] : [name])),
  }
}
