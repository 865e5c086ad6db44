import { settingOf } from '../../kernel/eligibility.ts'
import { encodeCursor, readCursor } from '../../kernel/page.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { FigureItem, FigureRow, FiguresView } from './contract.ts'
import { UNKNOWN_REGISTRAR, categoryOf } from './rules.ts'
import * as store from './store.figures.ts'

const territoryOf = (ctx: Ctx): string =>
  ctx.actor.kind === 'person' && ctx.actor.division ? territoryPrefix(ctx.actor.division) : ''

const EMPTY = {
  organisations: 0,
  coded: 0,
  uncoded: 0,
  wrong: 0,
  duplicate: 0,
  opened: 0,
  corrected: 0,
  due: 0,
  inTime: 0,
  overdue: 0,
}
type Counts = typeof EMPTY

/** Coverage, wrong and double codes, tasks and their correction: one line a registrar and district, each opening to its rows. */
export const codeFigures = async (ctx: Ctx): Promise<FiguresView> => {
  const db = ctx.db.kysely
  const territory = territoryOf(ctx)
  const on = today(ctx)
  const lines = new Map<string, FigureRow>()
  const registrar = (category: string | null): Words =>
    ctx.policy.usccCategories.find((c) => c.code === category)?.registrar ?? UNKNOWN_REGISTRAR
  const add = (words: Words, division: string | null, counts: Partial<Counts>) => {
    const key = `${words.zh} ${division ?? ''}`
    const line = lines.get(key) ?? { registrar: words, division, ...EMPTY }
    for (const [name, n] of Object.entries(counts)) line[name as keyof Counts] += n
    lines.set(key, line)
  }
  const of = (g: store.Group): Words =>
    g.category
      ? registrar(g.category)
      : (categoryOf(ctx.policy, { uscc: null, codeKind: g.codeKind, kind: g.kind })?.registrar ?? UNKNOWN_REGISTRAR)
  for (const g of await store.organisationGroups(db, territory))
    add(of(g), g.division, { organisations: g.all, coded: g.coded, uncoded: g.all - g.coded })
  for (const g of await store.wrongGroups(db, territory)) add(registrar(g.category), g.division, { wrong: g.n })
  for (const g of await store.conflictGroups(db, territory)) add(of(g), g.division, { duplicate: g.n })
  for (const { category, division, ...counts } of await store.taskGroups(db, territory, on))
    add(registrar(category), division, counts)
  const goal = settingOf(ctx.policy, 'code_coverage_goal', on)
  return {
    rows: [...lines.values()].toSorted(
      (a, b) => (a.division ?? '').localeCompare(b.division ?? '') || b.organisations - a.organisations,
    ),
    goal: typeof goal?.value === 'number' ? goal.value : null,
    unsure: goal?.unsure ? goal.note : null,
  }
}

const CODE_KINDS = ['registration', 'organisation', ''] as const
/** Which groups make up a registrar's figure, the other way round. */
const filterOf = (ctx: Ctx, ask: { registrar?: string | undefined; division?: string | undefined }): store.Filter => {
  const base = { division: ask.division ?? null, territory: territoryOf(ctx) }
  if (ask.registrar === undefined) return { ...base, categories: null, notIn: null, kinds: null }
  const { usccCategories } = ctx.policy
  const own = usccCategories.filter((c) => c.registrar.zh === ask.registrar).map((c) => c.code)
  const kinds = CODE_KINDS.flatMap((codeKind) =>
    [...new Set(usccCategories.map((c) => c.subjectKind))].flatMap((kind) => {
      const found = categoryOf(ctx.policy, { uscc: null, codeKind: codeKind || null, kind })
      return (found?.registrar.zh ?? UNKNOWN_REGISTRAR.zh) === ask.registrar ? [`${codeKind} ${kind}`] : []
    }),
  )
  return own.length
    ? { ...base, categories: own, notIn: null, kinds }
    : { ...base, categories: null, notIn: usccCategories.map((c) => c.code), kinds }
}

const idKey = (after: string | undefined): string | null => readCursor(after, 'uuid')?.[0] ?? null

export const codeFigureRows = async (
  ctx: Ctx,
  ask: {
    column: 'uncoded' | 'wrong' | 'duplicate'
    registrar?: string | undefined
    division?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<{ rows: FigureItem[]; next: string | null }> => {
  const db = ctx.db.kysely
  const filter = filterOf(ctx, ask)
  const limit = ask.limit + 1
  const found =
    ask.column === 'wrong'
      ? await store.wrongRows(db, filter, readCursor(ask.after, 'uuid', 'integer'), limit)
      : ask.column === 'uncoded'
        ? await store.uncodedRows(db, filter, idKey(ask.after), limit)
        : await store.conflictRows(db, filter, idKey(ask.after), limit)
  const rows = found.slice(0, ask.limit)
  const last = rows.at(-1)
  return {
    rows: rows.map(({ subjectId, conflictId, submissionId, n, ...r }) => ({
      ...r,
      about: { subjectId, conflictId, submissionId, n },
    })),
    next:
      found.length > ask.limit && last
        ? encodeCursor(ask.column === 'wrong' ? [last.submissionId!, last.n!] : [last.id])
        : null,
  }
}
