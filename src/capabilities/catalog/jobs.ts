import type { Job } from '../../platform/jobs.ts'
import { readVersions } from './live.ts'
import { runPreviews } from './preview.ts'

export const jobs: readonly Job[] = [
  { name: 'catalog.versions', every: 3_000, run: (ctx) => readVersions(ctx.db) },
  { name: 'catalog.preview', every: 10_000, run: runPreviews },
]
