import { fill, say } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { type Problem, problemView } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { today } from '../../platform/context.ts'
import type { Held } from './store.ts'
import { VERDICTS } from './words.ts'

const NOTE_MAX = 500

const itemOf = (ctx: Ctx, item: string) => catalogItemOn(ctx.policy.catalog, item, today(ctx))

export const problemsOf = (ctx: Ctx, m: Pick<Held, 'item' | 'problems'>) =>
  (m.problems as Problem[]).map((p) => {
    const { field, value, reason, mend } = problemView(itemOf(ctx, m.item), p, ctx.lang)
    return { field, value, reason, mend }
  })

/** A param that the sender wrote is shown as text, never as a structure. */
const reasonOf = (ctx: Ctx, m: Pick<Held, 'code' | 'params'>): string =>
  say(VERDICTS[m.code].reason, ctx.lang, m.params)
export const mendOf = (ctx: Ctx, m: Pick<Held, 'code' | 'params'>): string =>
  fill(VERDICTS[m.code].mend[ctx.lang], m.params, ctx.lang)
export { reasonOf }

/** What the sender reads beside the outcome: why, each point, and how to mend it. */
export const noteOf = (ctx: Ctx, m: Pick<Held, 'code' | 'params' | 'item' | 'problems'>): string => {
  const points = problemsOf(ctx, m).map((p) => `${p.reason}${p.mend}`)
  const mend = m.code === 'taken' || m.code === 'changed' || m.code === 'same' ? '' : mendOf(ctx, m)
  return Array.from([reasonOf(ctx, m), ...points, mend].join(ctx.lang === 'zh' ? '' : ' ').trim())
    .slice(0, NOTE_MAX)
    .join('')
}
