import { type Ctx, type Runtime, systemCtx } from './context.ts'

/** Work that repeats. A run that takes longer than its interval delays the next; a failure is logged and the next run comes. */
export type Job = { name: string; every: number; run: (ctx: Ctx) => Promise<unknown> }
export type Jobs = {
  /** Every job once, now, in order; failures are thrown. For tests and for the last run before a stop. */
  drain: () => Promise<void>
  stop: () => Promise<void>
}

const FIRST_AFTER_MS = 1000

/** With `timed` false nothing runs by itself. */
export const startJobs = (runtime: Runtime, jobs: readonly Job[], timed = true): Jobs => {
  let stopped = false
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Map<string, Promise<void>>()

  const once = async (job: Job): Promise<void> => {
    try {
      await job.run(systemCtx(runtime, job.name))
    } catch (error) {
      if (!stopped) runtime.log.error({ err: error, job: job.name }, 'a job failed')
    }
  }
  const plan = (job: Job, after: number): void => {
    if (stopped) return
    const timer = setTimeout(() => {
      const run = once(job).finally(() => {
        running.delete(job.name)
        plan(job, job.every)
      })
      running.set(job.name, run)
    }, after)
    timer.unref()
    timers.set(job.name, timer)
  }
  if (timed) for (const job of jobs) plan(job, Math.min(job.every, FIRST_AFTER_MS))

  return {
    drain: async () => {
      for (const job of jobs) {
        await running.get(job.name)
        await job.run(systemCtx(runtime, job.name))
      }
    },
    stop: async () => {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}
