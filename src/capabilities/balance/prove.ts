import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { Refused } from '../../kernel/decision.ts'
import { covers } from '../../kernel/territory.ts'
import { type Ctx, type Runtime, actorRef, systemCtx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { listAuthorities } from '../access/index.ts'
import { keptVerdicts, rawRowsOf } from '../collection/index.ts'
import { post } from '../messages/index.ts'
import { Reckoning, againTonight, lastDue, provingOn } from './rules.ts'
import * as store from './store.ts'

const LEASE_MS = 120_000
const BATCH = 5_000
const NONE_YET = '00000000-0000-0000-0000-000000000000'
/** A submission that is being decided meanwhile is reckoned again. */
const TRIES = 4

/** Another process has taken the run over: this one's silence was too long. */
class LeaseLost extends Error {}

// ---- one submission

/** What the raw file is now: as it came, changed, or gone. */
const stateOfFile = async (ctx: Ctx, hash: string): Promise<'same' | 'changed' | 'missing'> => {
  const hasher = createHash('sha256')
  try {
    for await (const chunk of ctx.files.read(hash)) hasher.update(chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing'
    throw error
  }
  return hasher.digest('hex') === hash ? 'same' : 'changed'
}

/** What the platform holds of the rows in a stretch, told to the reckoning beside what the file holds. */
const stretch = async (
  ctx: Ctx,
  id: string,
  tell: Reckoning,
  after: number,
  raw: readonly number[],
): Promise<number> => {
  const to = raw.at(-1) as number
  const db = ctx.db.kysely
  const kept = new Map((await keptVerdicts(db, id, { after, limit: BATCH, to })).map((r) => [r.n, r.verdict]))
  const entered = new Set(await store.enteredRows(db, id, { after, limit: BATCH, to }))
  const inFile = new Set(raw)
  for (const n of raw) tell.row(n, true, entered.has(n), kept.get(n) ?? null)
  for (const n of new Set([...kept.keys(), ...entered]))
    if (!inFile.has(n)) tell.row(n, false, entered.has(n), kept.get(n) ?? null)
  await breathe()
  return to
}

/** Rows with an outcome after the last that the file has; with `inFile`, as if the file had them. */
const rest = async (ctx: Ctx, id: string, tell: Reckoning, from: number, inFile: boolean): Promise<void> => {
  for (let after = from; ; ) {
    const db = ctx.db.kysely
    const kept = await keptVerdicts(db, id, { after, limit: BATCH })
    const entered = await store.enteredRows(db, id, { after, limit: BATCH })
    if (!kept.length && !entered.length) return
    // Only as far as both have been read.
    const ends = [kept.length === BATCH ? kept.at(-1)!.n : null, entered.length === BATCH ? entered.at(-1)! : null]
    const to = Math.min(...ends.map((n) => n ?? Number.MAX_SAFE_INTEGER))
    const verdicts = new Map(kept.map((r) => [r.n, r.verdict]))
    const held = new Set(entered)
    const all = [...new Set([...verdicts.keys(), ...held])].filter((n) => n <= to).toSorted((a, b) => a - b)
    for (const n of all) tell.row(n, inFile, held.has(n), verdicts.get(n) ?? null)
    if (to === Number.MAX_SAFE_INTEGER) return
    after = to
  }
}

const reckon = async (ctx: Ctx, s: store.SubmissionRow): Promise<Reckoning> => {
  const tell = new Reckoning()
  const file = s.fileHash ? await stateOfFile(ctx, s.fileHash) : 'missing'
  if (file === 'missing') tell.file({ code: 'file_missing' })
  if (file === 'changed') tell.file({ code: 'file_changed' })
  if (s.state === 'refused') {
    const left = new Reckoning()
    await rest(ctx, s.id, left, 0, true)
    const counted = left.counted.received
    if (counted) tell.file({ code: 'rows_in_returned_file', params: { counted } })
    tell.close(s)
    return tell
  }
  let at = 0
  let readable = file !== 'missing'
  if (readable) {
    try {
      for await (const raw of rawRowsOf(ctx, s.id)) at = await stretch(ctx, s.id, tell, at, raw)
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof SyntaxError)) throw error
      tell.file({
        code: 'file_unreadable',
        params: { why: error instanceof Refused ? error.refusals[0]?.code : 'JSON' },
      })
      readable = false
    }
  }
  // Where the file tells nothing, the counters are still held against the rows.
  await rest(ctx, s.id, tell, at, !readable)
  tell.close(s)
  return tell
}

const unchanged = (a: store.SubmissionRow, b: store.SubmissionRow | null): boolean =>
  b !== null &&
  a.state === b.state &&
  a.accepted === b.accepted &&
  a.refused === b.refused &&
  a.pending === b.pending &&
  a.alreadyHeld === b.alreadyHeld

/** What differs is reckoned once more before it is told: somebody may have been deciding a row in between. */
const reckonSteadily = async (ctx: Ctx, first: store.SubmissionRow): Promise<Reckoning> => {
  let s = first
  for (let attempt = 1; ; attempt++) {
    const reckoned = await reckon(ctx, s)
    const now = await store.findSubmission(ctx.db.kysely, s.id)
    if (attempt >= TRIES || now === null || (unchanged(s, now) && (attempt > 1 || !reckoned.differenceCount)))
      return reckoned
    s = now
  }
}

// ---- a run

type Run = { ctx: Ctx; row: store.RunRow; owner: string }
export type ProveOptions = {
  /** Everything, however lately it was proved. */
  all?: boolean
  /** For tests that stop it where it hurts. */
  afterEach?: (submissionId: string) => void | Promise<void>
}
const leaseOf = (ctx: Ctx, owner: string) => ({
  owner,
  until: new Date(Date.parse(ctx.clock.now()) + LEASE_MS).toISOString(),
})

/** The one open run: taken over from a process that died, or begun. Null while another process is at it. */
const open = (ctx: Ctx, owner: string, quota: number): Promise<store.RunRow | null> =>
  inTx(ctx, async (tx) => {
    const now = ctx.clock.now()
    const held = await store.takeOver(tx, { now, ...leaseOf(ctx, owner) })
    if (held) return held
    const begun = { id: newId(), by: actorRef(ctx.actor), at: now, againQuota: quota, ...leaseOf(ctx, owner) }
    return store.insertRun(tx, begun)
  })

const proveOne = async ({ ctx, row, owner }: Run, s: store.SubmissionRow, again: boolean): Promise<void> => {
  const reckoned = await reckonSteadily(ctx, s)
  const { counted, differenceCount, differences } = reckoned
  const differs = differenceCount > 0
  await inTx(ctx, async (tx) => {
    const mine = await store.advance(tx, row.id, leaseOf(ctx, owner), { rows: counted.received, differs, again })
    if (!mine) throw new LeaseLost()
    await store.saveProof(tx, {
      submissionId: s.id,
      runId: row.id,
      provedAt: ctx.clock.now(),
      verdict: differs ? 'differs' : 'holds',
      counted,
      differenceCount,
      differences,
    })
    if (differs)
      recordAct(tx, ctx, {
        act: 'balance.find_difference',
        target: { kind: 'submission', id: s.id },
        details: { run: row.id, differences: differenceCount, codes: [...new Set(differences.map((d) => d.code))] },
      })
  })
}

const work = async (run: Run, options: ProveOptions): Promise<void> => {
  const db = run.ctx.db.kysely
  const { id } = run.row
  const each = async (s: store.SubmissionRow, again: boolean) => {
    await proveOne(run, s, again)
    await options.afterEach?.(s.id)
  }
  for (let after = NONE_YET; ; ) {
    const page = await store.nextFresh(db, id, { after, limit: 200 })
    for (const s of page) await each(s, false)
    const last = page.at(-1)
    if (!last) break
    after = last.id
  }
  for (let left = run.row.againQuota - run.row.againDone; left > 0; ) {
    const page = await store.nextAgain(db, id, Math.min(left, 200))
    for (const s of page) await each(s, true)
    if (!page.length) break
    left -= page.length
  }
}

/** Each credit office is told of its own territory; what is lost altogether, all of them. */
const tell = async (tx: Tx, ctx: Ctx, run: store.RunRow): Promise<void> => {
  if (!run.differing && !run.lost) return
  const divisions = (await store.differingOf(tx, run.id)).map((d) => d.division)
  for (const office of (await listAuthorities(tx, { active: true })).filter((a) => a.isCreditOffice)) {
    const count = divisions.filter((d) => covers(office.division, d)).length
    if (!count && !run.lost) continue
    await post(tx, ctx, {
      to: { authorityId: office.id, role: 'credit_office' },
      kind: 'balance',
      title: { zh: '数据平衡核验发现差异', en: 'The proof of the balance found a difference' },
      body: {
        zh: `本次核验发现 ${count} 份报送与原始文件不一致${run.lost ? `，另有 ${run.lost} 份报送已不存在` : ''}。请查看差异并核实原因。`,
        en: `${count} submissions differ from their raw files${run.lost ? `; ${run.lost} are no longer there` : ''}. Look at the differences and find out why.`,
      },
      link: '/app/balance?view=submissions&verdict=differs',
      about: { kind: 'balance_run', id: run.id },
      by: ['inbox', 'email'],
      key: `balance/${run.id}/${office.id}`,
    })
  }
}

/** Carries the proof to its end, or takes up the one that broke off. Null while another process is at it. */
export const prove = async (runtime: Runtime, options: ProveOptions = {}): Promise<store.RunRow | null> => {
  const ctx = systemCtx(runtime, 'balance')
  const owner = newId()
  const proofs = await store.countProofs(ctx.db.kysely)
  const quota = options.all ? proofs : againTonight(proofs, provingOn(ctx.policy, today(ctx)))
  const row = await open(ctx, owner, quota)
  if (!row) return null
  const beat = setInterval(
    () => void inTx(ctx, (tx) => store.keepLease(tx, row.id, leaseOf(ctx, owner))).catch(() => undefined),
    LEASE_MS / 4,
  )
  try {
    await work({ ctx, row, owner }, options)
    const lost = await store.countLost(ctx.db.kysely)
    return await inTx(ctx, async (tx) => {
      const done = await store.finishRun(tx, row.id, owner, { at: ctx.clock.now(), lost })
      if (!done) throw new LeaseLost()
      await tell(tx, ctx, done)
      recordAct(tx, ctx, {
        act: 'balance.prove',
        target: { kind: 'balance_run', id: done.id },
        details: { submissions: done.submissions, rows: done.rows, differing: done.differing, lost: done.lost },
      })
      return done
    })
  } catch (error) {
    if (error instanceof LeaseLost) return null
    throw error
  } finally {
    clearInterval(beat)
  }
}

/** Once a night from the hour of the policy; what broke off is taken up whenever it is found. */
export const proveNightly = async (runtime: Runtime): Promise<void> => {
  const now = runtime.clock.now()
  const last = await store.lastRun(runtime.db.kysely)
  const due = lastDue(now, provingOn(runtime.policy, today(runtime)))
  const broken = last?.state === 'running' && last.leaseUntil < now
  if (broken || last === null || (last.state === 'done' && last.startedAt < due)) await prove(runtime)
}
