import { type RawBuilder, sql } from 'kysely'
import { createHash } from 'node:crypto'
import type { Runtime } from './context.ts'
import { sha256 } from './crypto.ts'
import { type Reader, inTx } from './db/index.ts'
import { actsBetween, lastPosition, lockAlone } from './follow.ts'
import { sequence } from './outbox.ts'

/**
 * The audit is sealed: each seal covers the rows of a run of commits with the root of a Merkle tree (RFC 6962) and carries
 * the hash of the seal before it. Whoever changes, removes or slips in a row breaks a root; whoever rewrites a seal breaks
 * the chain; whoever rewrites everything cannot keep the head that was noted down elsewhere.
 */

const hash = (...parts: (string | Uint8Array)[]): Buffer => {
  const h = createHash('sha256')
  for (const part of parts) h.update(part)
  return h.digest()
}
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** RFC 6962 §2.1, one leaf at a time: a stack of whole subtrees, joined when two have the same size. */
export const merkle = () => {
  const whole: { size: number; hash: Buffer }[] = []
  let count = 0
  return {
    add: (data: string | Uint8Array): void => {
      let node = { size: 1, hash: hash(LEAF, data) }
      for (let left = whole.at(-1); left?.size === node.size; left = whole.at(-1)) {
        whole.pop()
        node = { size: node.size * 2, hash: hash(NODE, left.hash, node.hash) }
      }
      whole.push(node)
      count++
    },
    count: () => count,
    root: (): string => {
      const [last, ...left] = whole.toReversed()
      return (last ? left.reduce((right, { hash: h }) => hash(NODE, h, right), last.hash) : hash()).toString('hex')
    },
  }
}

const LOCK = 7_716_002
const COMMITS_AT_ONCE = 200
/** A seal covers at most this many commits, so that a check can say closely where something is wrong. */
const RUN = 20_000

type Seal = {
  n: number
  at: string
  from_position: number
  to_position: number
  rows: number
  root: string
  prev: string
}
const GENESIS = '0'.repeat(64)
const hashOf = (s: Seal): string =>
  sha256(JSON.stringify([s.n, s.at, s.from_position, s.to_position, s.rows, s.root, s.prev]))

/** The row as one canonical text, made by the database: to the microsecond, and jsonb has one form. */
const rowText: RawBuilder<string> = sql`jsonb_build_array(a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.commit_n, a.actor_kind,
  a.actor_id, a.authority_id, a.act, a.target_kind, a.target_id, a.subject_id, a.details, a.request_id)::text`

/**
 * The rows of the commits from < position <= to, in order. So many commits at a time: asked for in pages of rows, all that is
 * left would be read and sorted for each page.
 */
const treeOf = async (db: Reader, from: number, to: number) => {
  const tree = merkle()
  for (let after = from; after < to; ) {
    const { rows: ends } = await sql<{ last: number | null }>`
      select max(p.position) as last from (
        select c.position from platform.commit c where c.position > ${after} and c.position <= ${to}
        order by c.position limit ${COMMITS_AT_ONCE}) p`.execute(db)
    const last = ends[0]?.last ?? to
    const { rows } = await sql<{ text: string }>`
      select ${rowText} as text from ${actsBetween(after, last)} a order by a.position, a.id`.execute(db)
    for (const row of rows) tree.add(row.text)
    after = last
  }
  return tree
}

/** A job, every minute. One at a time; what has no new commit makes no seal. Answers how many seals it made. */
export const sealAudit = async (runtime: Pick<Runtime, 'db' | 'clock'>): Promise<number> => {
  await sequence(runtime)
  for (let made = 0; ; made++) {
    const more = await inTx(runtime.db, async (tx) => {
      await lockAlone(tx, LOCK)
      const last = (await sql<Seal>`select * from platform.audit_seal order by n desc limit 1`.execute(tx)).rows[0]
      const from = last?.to_position ?? 0
      const top = await lastPosition(tx)
      if (top <= from) return false
      const to = Math.min(top, from + RUN)
      const tree = await treeOf(tx, from, to)
      const seal: Seal = {
        n: (last?.n ?? 0) + 1,
        at: runtime.clock.now(),
        from_position: from,
        to_position: to,
        rows: tree.count(),
        root: tree.root(),
        prev: last ? hashOf(last) : GENESIS,
      }
      await sql`insert into platform.audit_seal (n, at, from_position, to_position, rows, root, prev)
        values (${seal.n}, ${seal.at}, ${seal.from_position}, ${seal.to_position}, ${seal.rows}, ${seal.root}, ${seal.prev})`.execute(
        tx,
      )
      return true
    })
    if (!more) return made
  }
}

export type AuditVerdict = {
  ok: boolean
  seals: number
  rows: number
  unsealed: number
  head: string
  bad: {
    seal: number
    fromPosition: number
    toPosition: number
    at: string
    why: 'changed' | 'missing' | 'added' | 'chain'
  } | null
}

/** Recomputes every seal and names the first that does not hold. */
export const verifyAudit = async (db: Reader): Promise<AuditVerdict> => {
  let prev: Seal | undefined
  let rows = 0
  let seals = 0
  const verdict = async (bad: AuditVerdict['bad']): Promise<AuditVerdict> => {
    const open = await sql<{ n: number }>`
      select count(*) as n from platform.audit a left join platform.commit c on c.n = a.commit_n
      where c.position is null or c.position > ${prev?.to_position ?? 0}`.execute(db)
    return { ok: bad === null, seals, rows, unsealed: open.rows[0]?.n ?? 0, head: prev ? hashOf(prev) : GENESIS, bad }
  }
  const at = (seal: Seal, why: NonNullable<AuditVerdict['bad']>['why']) =>
    verdict({ seal: seal.n, fromPosition: seal.from_position, toPosition: seal.to_position, at: seal.at, why })
  for (;;) {
    const seal: Seal | undefined = (
      await sql<Seal>`select * from platform.audit_seal where n > ${prev?.n ?? 0} order by n limit 1`.execute(db)
    ).rows[0]
    if (!seal) break
    const chained =
      seal.n === (prev?.n ?? 0) + 1 &&
      seal.from_position === (prev?.to_position ?? 0) &&
      seal.prev === (prev ? hashOf(prev) : GENESIS)
    if (!chained) return at(seal, 'chain')
    const tree = await treeOf(db, seal.from_position, seal.to_position)
    if (tree.count() < seal.rows) return at(seal, 'missing')
    if (tree.count() > seal.rows) return at(seal, 'added')
    if (tree.root() !== seal.root) return at(seal, 'changed')
    seals++
    rows += tree.count()
    prev = seal
  }
  return verdict(await orphan(db, prev))
}

/** A row whose commit does not exist belongs to no seal: nothing of ours writes one. */
const orphan = async (db: Reader, last: Seal | undefined): Promise<AuditVerdict['bad']> => {
  const { rows } = await sql<{ at: string }>`
    select a.at from platform.audit a where not exists (select 1 from platform.commit c where c.n = a.commit_n) order by a.at limit 1`.execute(
    db,
  )
  const stray = rows[0]
  return stray ? { seal: last?.n ?? 0, fromPosition: 0, toPosition: 0, at: stray.at, why: 'added' } : null
}
