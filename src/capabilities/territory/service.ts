import type { FileReply } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import { encodeCursor, pageOf, readCursor } from '../../kernel/page.ts'
import { isAbolished, territoryPrefixes } from '../../kernel/territory.ts'
import { type LocalDate, addDays, dayOf, startOf } from '../../kernel/time.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { inTx as dbTx } from '../../platform/db/index.ts'
import { inTurn, nextRun } from '../../platform/follow.ts'
import { inTx, recordAct, sequence } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import { writeWorkbook } from '../collection/index.ts'
import { SUBJECT_KIND_WORDS } from '../subjects/words.ts'
import type { BasicView, ChangeView } from './contract.ts'
import * as store from './store.ts'
import { BASIC_STATUS_WORDS, type BasicStatus, CHANGE_WORDS, type ChangeKind } from './words.ts'

// ---- following the log

const COMMITS_AT_ONCE = 200

/** Goes on from the last commit that was followed; one process at a time, so that positions have no gap behind a reader. */
export const followChanges = async (ctx: Ctx): Promise<void> => {
  await sequence(ctx)
  for (let more = true; more; ) {
    more = await inTurn(ctx, () =>
      dbTx(ctx.db, async (tx) => {
        await store.lockFollowing(tx)
        const after = await store.followedTo(tx)
        const run = await nextRun(tx, after, COMMITS_AT_ONCE)
        if (!run) return false
        if (run.events) await store.follow(tx, after, run.to)
        await store.saveFollowed(tx, run.to, ctx.clock.now())
        return run.more
      }),
    )
  }
}

// ---- whose territory

/** From the actor: an administrator's or credit office's territory, or that of the credit office whose key it is. */
const ownDivision = async (ctx: Ctx): Promise<string> => {
  const { actor } = ctx
  if (actor.kind === 'person') return actor.division ?? mustNot('FORBIDDEN')
  if (actor.kind !== 'key') return mustNot('FORBIDDEN')
  const authority = actor.authorityId ? await authorityById(ctx.db.kysely, actor.authorityId) : null
  return authority?.isCreditOffice ? authority.division : mustNot('KEY_HAS_NO_TERRITORY')
}
const prefixesFor = async (ctx: Ctx, asked: string | undefined): Promise<string[]> => {
  const { divisions } = ctx.policy
  const own = territoryPrefixes(divisions, await ownDivision(ctx), today(ctx))
  if (asked === undefined) return own
  const wanted = territoryPrefixes(divisions, asked, today(ctx))
  // What is asked for lies in the own territory, and is never wider than it.
  return own.some((p) => (wanted[0] as string).startsWith(p)) ? wanted : mustNot('OUTSIDE_OWN_TERRITORY')
}

// ---- reading

const lies = (prefixes: readonly string[], division: string | null): boolean =>
  division !== null && prefixes.some((p) => division.startsWith(p))
const changeView =
  (prefixes: readonly string[]) =>
  (r: store.ChangeRow): ChangeView => {
    const { codeBefore, nameBefore, divisionBefore, statusBefore, ...row } = r
    const [here, before] = [lies(prefixes, r.division), lies(prefixes, divisionBefore)]
    const fresh = r.kind === 'new'
    return {
      ...row,
      before:
        fresh || nameBefore === null || statusBefore === null
          ? null
          : { code: codeBefore, name: nameBefore, division: divisionBefore, status: statusBefore },
      way: fresh || here === before ? 'within' : here ? 'in' : 'out',
    }
  }

export const listBasicChanges = async (
  ctx: Ctx,
  ask: {
    division?: string | undefined
    kind?: ChangeKind | undefined
    order: 'oldest' | 'newest'
    after?: string | undefined
    limit: number
  },
) => {
  const prefixes = await prefixesFor(ctx, ask.division)
  const newest = ask.order === 'newest'
  const [after] = readCursor(ask.after, 'number') ?? [newest ? Number.MAX_SAFE_INTEGER : 0]
  const rows = await store.listChanges(ctx.db.kysely, {
    prefixes,
    kind: ask.kind,
    newest,
    after,
    limit: ask.limit + 1,
  })
  const page = pageOf(rows.map(changeView(prefixes)), ask.limit, (r) => [r.position])
  const last = page.rows.at(-1)?.position ?? after
  return { ...page, cursor: !newest && last > 0 ? encodeCursor([last]) : null }
}

export const listTerritorySubjects = async (
  ctx: Ctx,
  ask: { division?: string | undefined; status?: BasicStatus | undefined; after?: string | undefined; limit: number },
): Promise<{ rows: BasicView[]; next: string | null }> => {
  const prefixes = await prefixesFor(ctx, ask.division)
  const after = readCursor(ask.after, 'text', 'uuid')
  if (after && !/^\d{6}$/.test(after[0])) mustNot('BAD_CURSOR')
  const rows = await store.listKnown(ctx.db.kysely, {
    prefixes,
    status: ask.status,
    after,
    limit: ask.limit + 1,
  })
  const gone = new Set(ctx.policy.divisions.filter((d) => isAbolished(d, today(ctx))).map((d) => d.code))
  const page = pageOf(rows, ask.limit, (r) => [r.division!, r.id])
  return {
    rows: page.rows.map(({ id: _id, ...r }) => ({ ...r, abolished: r.division !== null && gone.has(r.division) })),
    next: page.next,
  }
}

// ---- the workbook

const HEADINGS = [
  '序号',
  '变更时间',
  '变更类型',
  '统一社会信用代码或登记号',
  '名称',
  '主体类别',
  '行政区划代码',
  '行政区划',
  '状态',
  '变更前代码',
  '变更前名称',
  '变更前行政区划代码',
  '变更前状态',
]
const WIDTHS = [8, 20, 14, 24, 40, 16, 14, 18, 14, 24, 40, 18, 14]
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ROWS_AT_ONCE = 1000
const MOST_ROWS = 1_000_000

export const exportBasicChanges = async (
  ctx: Ctx,
  ask: { division?: string | undefined; from: string; to: string },
): Promise<FileReply> => {
  const prefixes = await prefixesFor(ctx, ask.division)
  await inTx(ctx, (tx) => {
    recordAct(tx, ctx, {
      act: 'territory.export',
      target: { kind: 'territory', id: ask.division ?? prefixes[0] ?? '' },
      details: { from: ask.from, to: ask.to },
    })
    return Promise.resolve()
  })
  const names = new Map(ctx.policy.divisions.map((d) => [d.code, d.name.zh]))
  const rows = async function* () {
    yield { cells: HEADINGS, style: 'header' as const }
    for (let after = 0, n = 0; n < MOST_ROWS; ) {
      const batch = await store.listChanges(ctx.db.kysely, {
        prefixes,
        from: startOf(ask.from as LocalDate),
        before: startOf(addDays(ask.to as LocalDate, 1)),
        after,
        limit: ROWS_AT_ONCE,
      })
      for (const r of batch) yield { cells: cellsOf(r, ++n, names) }
      const last = batch.at(-1)
      if (!last || batch.length < ROWS_AT_ONCE) return
      after = last.position
    }
  }
  const body = writeWorkbook([{ name: '基本信息变更', widths: WIDTHS, rows: rows(), freeze: { rows: 1, columns: 0 } }])
  return { file: { name: `属地主体基本信息变更-${ask.from}-${ask.to}.xlsx`, mediaType: XLSX, body } }
}
const cellsOf = (r: store.ChangeRow, n: number, names: ReadonlyMap<string, string>): string[] => [
  String(n),
  dayOf(r.at),
  CHANGE_WORDS[r.kind].zh,
  r.code ?? '',
  r.name,
  SUBJECT_KIND_WORDS[r.subjectKind].zh,
  r.division ?? '',
  names.get(r.division ?? '') ?? '',
  BASIC_STATUS_WORDS[r.status].zh,
  r.codeBefore ?? '',
  r.nameBefore ?? '',
  r.divisionBefore ?? '',
  r.statusBefore ? BASIC_STATUS_WORDS[r.statusBefore].zh : '',
]
