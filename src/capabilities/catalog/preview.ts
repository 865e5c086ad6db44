import { setImmediate as breathe } from 'node:timers/promises'
import type { CatalogItem } from '../../kernel/policy.ts'
import type { Instant } from '../../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import { heldCheck } from '../collection/index.ts'
import { addFaults, followed, newFaults } from './rules.ts'
import * as store from './store.ts'

/** As many rows at a time as lie in memory; after each stretch the place is kept. */
const STRETCH = 500
/** Rows that a person may open; the counts are of all. */
const KEPT = 10_000
const LEASE_MS = 60_000

const contentOf = (ctx: Ctx, row: store.Content) => ({
  fields: row.innerFields ? { ...row.fields, ...row.innerFields } : row.fields,
  secret: row.secret ? (JSON.parse(ctx.secrets.open(row.secret)) as Record<string, string>) : null,
})

const leaseFrom = (now: Instant): Instant => new Date(Date.parse(now) + LEASE_MS).toISOString() as Instant

type Checks = { present: ReturnType<typeof heldCheck>; next: ReturnType<typeof heldCheck> }
/** Both versions look at every record, so that only what the change brings about is counted. */
const checksOf = (ctx: Ctx, present: CatalogItem, next: CatalogItem): Checks => ({
  present: heldCheck(ctx, present),
  next: heldCheck(ctx, next),
})

/** One stretch of what is held, looked at and kept; the lease for the next one, or null when there is none to come. */
const stretch = async (ctx: Ctx, p: store.Proposal, checks: Checks, lease: Instant): Promise<Instant | null> => {
  const { preview } = p
  const rows = await store.contentAfter(ctx.db.kysely, {
    item: p.item,
    subject: preview.afterSubject,
    record: preview.afterRecord,
    limit: STRETCH,
  })
  const counts = new Map(preview.faults.map((f) => [`${f.field}|${f.code}`, f.n]))
  const failing: store.StoredRow[] = []
  for (const row of rows) {
    const content = contentOf(ctx, row)
    const next = checks.next(content)
    const faults = next.length ? newFaults(checks.present(content), next) : []
    if (!faults.length) continue
    addFaults(counts, faults)
    preview.failing++
    if (preview.failing > KEPT) continue
    const { subjectId, id, authorityName, docNo, decidedOn } = row
    failing.push({ n: preview.failing, subjectId, recordId: id, authorityName, docNo, decidedOn, problems: faults })
  }
  const last = rows.at(-1)
  const more = rows.length === STRETCH
  const now = ctx.clock.now()
  preview.checked += rows.length
  preview.total = Math.max(preview.total, preview.checked)
  preview.faults = [...counts]
    .map(([key, n]) => {
      const [field = '', code = ''] = key.split('|')
      return { field, code, n }
    })
    .toSorted((a, b) => b.n - a.n || (a.field < b.field ? -1 : 1))
  preview.state = more ? 'running' : 'done'
  preview.finishedAt = more ? null : now
  if (last) [preview.afterSubject, preview.afterRecord] = [last.subjectId, last.id]
  const leaseUntil = more ? leaseFrom(now) : null
  const saved = await inTx(ctx, (tx) => store.saveStretch(tx, p.id, { ...preview, lease, leaseUntil }, failing))
  await breathe()
  return saved ? leaseUntil : null
}

/** Takes up one preview and brings it to its end; false when none waits. What it stopped at is where the next one begins. */
const previewNext = async (ctx: Ctx): Promise<boolean> => {
  const now = ctx.clock.now()
  let lease: Instant | null = leaseFrom(now)
  const claim = lease
  const id = await inTx(ctx, (tx) => store.claimPreview(tx, now, claim))
  const p = id && (await store.findProposal(ctx.db.kysely, id))
  if (!p) return false
  const present = followed(ctx.policy.catalog, p.item, p.effectiveFrom)
  if (!present) throw new Error(`${p.item} has no version to follow`)
  const checks = checksOf(ctx, present, p.definition)
  if (!p.preview.checked) p.preview.total = await store.countHeld(ctx.db.kysely, p.item)
  while (lease) lease = await stretch(ctx, p, checks, lease)
  return true
}

const running = new WeakMap<object, { again: boolean; done: Promise<void> }>()
const workOff = async (runtime: Runtime, state: { again: boolean }): Promise<void> => {
  do {
    state.again = false
    while (await previewNext(systemCtx(runtime, 'catalog.preview')));
  } while (state.again)
}

/** Works off what waits, one at a time in this process; a second call joins the first. */
export const runPreviews = (runtime: Runtime): Promise<void> => {
  const held = running.get(runtime.db)
  if (held) {
    held.again = true
    return held.done
  }
  const state = { again: false, done: Promise.resolve() }
  running.set(runtime.db, state)
  state.done = workOff(runtime, state).finally(() => running.delete(runtime.db))
  return state.done
}

/** Somebody waits for it; a process that ends leaves it to the schedule. */
export const wakePreview = (runtime: Runtime): void => {
  runPreviews(runtime).catch((error: unknown) =>
    runtime.log.error({ err: error, job: 'catalog.preview' }, 'a preview could not be finished'),
  )
}
