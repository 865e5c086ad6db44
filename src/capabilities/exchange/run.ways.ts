import type { Job } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/context.ts'
import { lookAtFiles } from './file-way.ts'
import { plan } from './outgoing.ts'
import { lookAtTables } from './table-way.ts'
import { type WayRun, runEach } from './way-run.ts'

/** What is next is put on the queue even where the way is closed: it is seen to wait there. */
const look = async (run: WayRun) => {
  if (run.peer.direction !== 'in') await plan(run)
  return run.peer.way === 'file' ? lookAtFiles(run) : lookAtTables(run)
}
export const runWays = (runtime: Runtime): Promise<void> => runEach(runtime, () => look)

export const wayJobs: readonly Job[] = [{ name: 'exchange.ways', every: 3000, run: runWays }]
