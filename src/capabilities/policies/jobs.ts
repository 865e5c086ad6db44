import type { Job } from '../../platform/jobs.ts'
import { readRules } from './live.ts'
import { applyRules, runRulePreviews } from './passes.ts'

export const jobs: readonly Job[] = [
  { name: 'policies.rules', every: 3_000, run: (ctx) => readRules(ctx.db) },
  { name: 'policies.preview', every: 10_000, run: runRulePreviews },
  { name: 'policies.apply', every: 10_000, run: applyRules },
]
