import type { Runtime } from '../../platform/context.ts'
import type { Job } from '../../platform/jobs.ts'
import { processNext } from './pipeline.ts'
import { checkJob } from './run.checks.ts'

type Importing = { again: boolean; done: Promise<void> }
const importing = new WeakMap<object, Importing>()

/** One that fails keeps its lease for a while, so that the others behind it have their turn. */
const workOff = async (runtime: Runtime, state: Importing): Promise<void> => {
  do {
    state.again = false
    for (;;) {
      try {
        if ((await processNext(runtime)) === null) break
      } catch (error) {
        runtime.log.error({ err: error, job: 'collection.import' }, 'a submission could not be worked through')
        break
      }
    }
  } while (state.again)
}

/** Works off what waits, one submission at a time in this process; others may do the same. A second call joins the first. */
export const runImports = (runtime: Runtime): Promise<void> => {
  const held = importing.get(runtime.db)
  if (held) {
    held.again = true
    return held.done
  }
  const state: Importing = { again: false, done: Promise.resolve() }
  importing.set(runtime.db, state)
  state.done = workOff(runtime, state).finally(() => importing.delete(runtime.db))
  return state.done
}

/** A file has come in: no need to wait for the schedule, which picks up what a process that ended has left. */
export const wakeImport = (runtime: Runtime): void => void runImports(runtime)

export const jobs: readonly Job[] = [{ name: 'collection.import', every: 5_000, run: runImports }, checkJob]
