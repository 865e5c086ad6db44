/** Imports one file the way the command line does, and says how long it took and how much memory it needed at most. */
import { openRuntime } from '../src/app.ts'
import { importFile } from '../src/capabilities/collection/index.ts'
import { systemCtx } from '../src/platform/context.ts'
import { openTable } from '../src/capabilities/collection/files/open-table.ts'
import { basename } from 'node:path'
import type { ImportAsk, Imported, Read, ReadAsk } from './processes.ts'

const KB = 1024
const spentSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
/** The reader alone: every row of the file, as the pipeline gets it. */
const read = async (path: string): Promise<Read> => {
  const before = process.cpuUsage()
  const began = performance.now()
  let rows = -1 // the heading
  for await (const chunk of await openTable({ path, name: basename(path) })) rows += chunk.length
  return { rows, seconds: (performance.now() - began) / 1000, cpuSeconds: spentSince(before) }
}
const carryOut = async ({ path, authority }: Omit<ImportAsk, 'env'>): Promise<Imported> => {
  const runtime = await openRuntime(process.env)
  const before = process.cpuUsage()
  const began = performance.now()
  const result = await importFile(systemCtx(runtime, 'bench'), { path, item: 'penalty', authority, wayIn: 'cli' })
  const seconds = (performance.now() - began) / 1000
  const cpuSeconds = spentSince(before)
  const peakMb = process.resourceUsage().maxRSS / KB
  if (!('receipt' in result)) throw new Error('no receipt')
  const { receipt } = result
  if (receipt.accepted !== receipt.received || !receipt.accepted)
    throw new Error(`not every row was accepted: ${JSON.stringify(receipt)}`)
  await runtime.db.close()
  return { submissionId: receipt.id, rows: receipt.accepted, seconds, peakMb, cpuSeconds }
}

process.on('message', (ask: Omit<ImportAsk, 'env'> | Omit<ReadAsk, 'env'>) => {
  const done: Promise<Imported | Read> = 'authority' in ask ? carryOut(ask) : read(ask.path)
  done.then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
