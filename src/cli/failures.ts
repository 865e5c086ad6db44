import { Refused } from '../kernel/decision.ts'
import type { Lang } from '../kernel/words.ts'
import { ApiError } from '../../web/src/app/client.ts'
import { Declined } from './io.ts'

export type Failure = { exit: 1 | 2; line: string; data: { code: string; detail: string; errors?: unknown[] } }

const failure = (exit: 1 | 2, code: string, detail: string, errors?: unknown[]): Failure => ({
  exit,
  line: detail,
  data: { code, detail, ...(errors?.length ? { errors } : {}) },
})

/** What went wrong, for a person and for a program. Whatever a person can mend is one line and exit 2; a fault keeps its trace. */
export const failureOf = async (error: unknown, lang: Lang): Promise<Failure> => {
  if (error instanceof Declined) return failure(error.exit, error.code, error.words[lang])
  if (error instanceof ApiError) {
    const { status, code, detail, errors } = error.problem
    const points = errors.map((e) => e.message).filter((m) => m !== detail)
    return failure(status >= 500 ? 1 : 2, code, [detail, ...points].join(lang === 'zh' ? '' : ' '), errors)
  }
  if (error instanceof Refused) {
    const { capabilities } = await import('../app.ts')
    const { refusalProblem } = await import('../platform/problem.ts')
    const catalogue = Object.assign(
      {},
      ...capabilities.map((c) => c.refusals),
    ) as (typeof capabilities)[number]['refusals']
    const problem = refusalProblem(error.refusals, catalogue, lang, 'cli')
    return failure(2, problem.code, problem.detail, problem.errors)
  }
  const { lineFor } = await import('../platform/process.ts')
  const line = lineFor(error)
  const code = (error as { code?: unknown } | null)?.code
  if (line !== null) {
    const ours =
      error instanceof Error &&
      ['BadConfig', 'DatabaseLocked', 'MigrationError', 'PolicyInvalid'].includes(error.constructor.name)
    return failure(
      ours || code === 'EADDRINUSE' ? 2 : 1,
      typeof code === 'string' ? code : (error as Error).constructor.name,
      line,
    )
  }
  return failure(1, 'FAULT', error instanceof Error ? (error.stack ?? error.message) : String(error))
}
