import { type Ctx, type Runtime, systemCtx } from './context.ts'
import { onCommit } from './wake.ts'

/** Work that repeats. A run that takes longer than its interval delays the next; a failure is logged and the next run comes. */
export type Job = {
  name: string
  every: number
  run: (ctx: Ctx) => Promise<unknown>
  /** Runs as well soon after each commit of this process, where it says that there is somebody to run for. */
  onCommit?: (runtime: Runtime) => boolean
  /** What a run has set going and does not wait for: waited for when jobs are drained. */
  settled?: (ctx: Ctx) => Promise<unknown>
  /** Ends it. */
  stop?: (runtime: Runtime) => Promise<unknown>
}
export type Jobs = {
  /** Every job once, now, in order; failures are thrown. For tests and for the last run before a stop. */
  drain: () => Promise<void>
  stop: () => Promise<void>
}

const FIRST_AFTER_MS = 1000
/** Commits that come close together wake a job once. */
const AFTER_COMMIT_MS = 20

/** With `timed` false nothing runs by itself. */
export const startJobs = (runtime: Runtime, jobs: readonly Job[], timed = true): Jobs => {
  let stopped = false
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Map<string, Promise<void>>()
  /** Woken while they ran: they run again. */
  const woken = new Set<string>()
  const deaf: (() => void)[] = []

  const once = async (job: Job): Promise<void> => {
    try {
      await job.run(systemCtx(runtime, job.name))
    } catch (error) {
      if (!stopped) runtime.log.error({ err: error, job: job.name }, 'a job failed')
    }
  }
  const plan = (job: Job, after: number): void => {
    if (stopped) return
    clearTimeout(timers.get(job.name))
    const timer = setTimeout(() => {
      woken.delete(job.name)
      const run = once(job).finally(() => {
        running.delete(job.name)
        plan(job, woken.has(job.name) ? AFTER_COMMIT_MS : job.every)
      })
      running.set(job.name, run)
    }, after)
    timer.unref()
    timers.set(job.name, timer)
  }
  const wake = (job: Job): void => {
    if (woken.has(job.name)) return
    woken.add(job.name)
    if (!running.has(job.name)) plan(job, AFTER_COMMIT_MS)
  }
  if (timed) {
    for (const job of jobs) {
      plan(job, Math.min(job.every, FIRST_AFTER_MS))
      if (!job.onCommit) continue
      const woken = (): void => {
        if (job.onCommit?.(runtime)) wake(job)
      }
      deaf.push(onCommit(runtime.db, woken))
    }
  }

  return {
    drain: async () => {
      for (const job of jobs) {
        await running.get(job.name)
        const ctx = systemCtx(runtime, job.name)
        await job.run(ctx)
        await job.settled?.(ctx)
      }
    },
    stop: async () => {
      stopped = true
      for (const end of deaf) end()
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
      for (const job of jobs) await job.stop?.(runtime)
    },
  }
}
