import { Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { type Connection, readConnection } from '../../kernel/foreign-table.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { encodeCursor } from '../../kernel/page.ts'
import { sha256 } from '../../platform/crypto.ts'
import { DatabaseError } from '../../platform/db/index.ts'
import { foreignRefusal } from '../../platform/foreign-postgres.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { type Authority, authorityById } from '../access/index.ts'
import type { Entered } from '../collection/contract.ts'
import { api as collection, enterRows, mustReport, receiptOf } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { type Remote, type RemoteRow, openRemote } from './remote.ts'
import { STATUS_OF, type TablePlan, readTable } from './rules.ts'
import type { Looked, Run } from './run.ts'
import * as store from './store.ts'

const CHUNK_ROWS = 500
/** Then the other gateways have their turn. */
const MOST_CHUNKS = 20

export const connectionOf = (ctx: Ctx, g: store.Gateway): Connection =>
  unwrap(readConnection(ctx.secrets.open(g.secret ?? mustNot('NOT_A_TABLE'))))

const nameOf = ({ schema, table }: store.TablePlace) => `${schema}.${table}`

/** The table as the item reads it; everything that is wrong with it at once. */
export const planFor = async (remote: Remote, item: CatalogItem, place: store.TablePlace): Promise<TablePlan> => {
  const columns = await remote.columns(place)
  if (!columns.length) mustNot('TABLE_MISSING', { table: nameOf(place), host: place.host })
  return unwrap(readTable(item, columns))
}

type Job = {
  run: Run
  gateway: store.TableGateway
  authority: Authority
  remote: Remote
  plan: TablePlan
  item: CatalogItem
}

const errorOf = (row: Entered['rows'][number]): string | null =>
  row.problems.length
    ? row.problems.map((p) => `${p.field}：${p.reason}${p.mend ? ` ${p.mend}` : ''}`).join('\n')
    : row.verdict === 'pending'
      ? '待信用主管部门核实。'
      : null

/** The write-back, as often as it takes: rows that already carry it have another version and are left alone. */
const answer = async ({ run: { ctx }, gateway, remote, plan }: Job, intake: store.Intake): Promise<void> => {
  const { place } = gateway
  if (intake.answers && intake.submissionNo) {
    await remote.answer(place, plan, { receipt: intake.submissionNo, answers: intake.answers })
    // A trigger or rule over there has swallowed the answer: the same rows would come back for ever.
    if (await remote.stillNew(place, intake.answers)) mustNot('TABLE_NOT_ANSWERED', { table: nameOf(place) })
  }
  await inTx(ctx, (tx) =>
    store.closeIntake(tx, { gatewayId: gateway.id, id: intake.id, state: 'answered', at: ctx.clock.now() }),
  )
}

/** Rows on which people have decided meanwhile. */
const answerDecided = async ({ run: { ctx }, gateway, remote, plan }: Job): Promise<void> => {
  for (const intake of await store.withOpenRows(ctx.db.kysely, gateway.id)) {
    if (!intake.submissionId || !intake.submissionNo || !intake.answers) continue
    if ((await receiptOf(ctx, intake.submissionId)).pending === intake.openRows) continue
    const open: store.Answer[] = []
    const decided: store.Answer[] = []
    for (const [i, held] of intake.answers.entries()) {
      if (held.status !== STATUS_OF.pending) continue
      const { rows } = await collection.handlers.listRows(ctx, {
        id: intake.submissionId,
        after: encodeCursor([i]),
        limit: 1,
      })
      const row = rows[0]
      if (!row || row.n !== i + 1 || row.verdict === 'pending') open.push(held)
      else decided.push({ ...held, status: STATUS_OF[row.verdict], error: errorOf(row) })
    }
    if (!decided.length) continue
    await remote.answerDecided(gateway.place, plan, { receipt: intake.submissionNo, answers: decided })
    const bySeq = new Map(decided.map((a) => [a.seq, a]))
    const answers = intake.answers.map((a) => bySeq.get(a.seq) ?? a)
    await inTx(ctx, (tx) =>
      store.setOpenRows(tx, { gatewayId: gateway.id, id: intake.id, openRows: open.length, answers }),
    )
  }
}

/** What one row does to our own database, another row need not suffer for. */
const isAboutARow = (error: unknown): boolean => error instanceof DatabaseError && /^(22|54)/.test(error.code)

const take = async (job: Job, rows: readonly RemoteRow[], broken = false): Promise<void> => {
  const { run, gateway, item, authority } = job
  const { ctx } = run
  const first = rows[0]?.seq ?? ''
  const last = rows.at(-1)?.seq ?? ''
  const unreadable = new Set(rows.flatMap((r, i) => (broken || r.values === null ? [i] : [])))
  let intake: store.Intake | null = null
  try {
    await enterRows(
      ctx,
      {
        item,
        authority,
        wayIn: 'gateway',
        records: rows.map((r) => (broken ? {} : (r.values ?? {}))),
        backfill: gateway.backfill,
        name: `${gateway.place.table} ${first}-${last}.json`,
        by: gateway.name,
        unreadable,
      },
      async (tx, done) => {
        await run.hold(tx)
        const answers = done.rows.map((row, i) => ({
          seq: rows[i]!.seq,
          row: rows[i]!.row,
          status: STATUS_OF[row.verdict],
          error: errorOf(row),
        }))
        intake = {
          gatewayId: gateway.id,
          id: newId(),
          state: 'taken',
          key: `${first}-${last}-${sha256(JSON.stringify(rows))}`,
          name: gateway.place.table,
          hash: null,
          firstSeq: first,
          lastSeq: last,
          rows: rows.length,
          submissionId: done.id,
          submissionNo: done.no,
          repeated: false,
          problem: null,
          answers,
          openRows: answers.filter((a) => a.status === STATUS_OF.pending).length,
          takenAt: ctx.clock.now(),
          answeredAt: null,
        }
        await store.insertIntake(tx, intake)
      },
    )
  } catch (error) {
    if (!isAboutARow(error) || broken) throw error
    if (rows.length === 1) return take(job, rows, true)
    const half = Math.ceil(rows.length / 2)
    await take(job, rows.slice(0, half))
    return take(job, rows.slice(half))
  }
  if (intake) await answer(job, intake)
}

export const runTable = async (run: Run): Promise<Looked> => {
  const { ctx } = run
  const gateway = run.gateway as store.TableGateway
  const at = connectionOf(ctx, gateway)
  let remote: Remote | null = null
  try {
    const item =
      catalogItemOn(ctx.policy.catalog, gateway.item, today(ctx)) ?? mustNot('NO_SUCH_ITEM', { item: gateway.item })
    const authority = await authorityById(ctx.db.kysely, gateway.authorityId)
    if (!authority?.active) return mustNot('AUTHORITY_NOT_ACTIVE', { name: gateway.authorityName })
    mustReport(authority, item)
    remote = await openRemote(at)
    const plan = await planFor(remote, item, gateway.place)
    const job: Job = { run, gateway, authority, remote, plan, item }
    // What was taken in before is answered before anything new is read: a row stands as new until then.
    for (const intake of await store.outstanding(ctx.db.kysely, gateway.id)) await answer(job, intake)
    await answerDecided(job)
    let took = false
    for (let n = 0; n < MOST_CHUNKS; n++) {
      const rows = await remote.read(gateway.place, plan, CHUNK_ROWS)
      if (!rows.length) break
      await take(job, rows)
      took = true
      if (rows.length < CHUNK_ROWS) break
    }
    const waiting = await remote.waiting(gateway.place)
    return { waiting, took, unanswered: false, seen: null, problem: null }
  } catch (error) {
    const refusals = foreignRefusal(error, at, gateway.place)
    throw refusals ? new Refused(refusals) : error
  } finally {
    await remote?.close()
  }
}
