/** Imports one file the way the command line does, and says how long it took and how much memory it needed at most. */
import { openRuntime } from '../src/app.ts'
import { importFile } from '../src/capabilities/collection/index.ts'
import { systemCtx } from '../src/platform/context.ts'
import type { ImportAsk, Imported } from './processes.ts'

const KB = 1024
const carryOut = async ({ path, authority }: Omit<ImportAsk, 'env'>): Promise<Imported> => {
  const runtime = await openRuntime(process.env)
  const began = performance.now()
  const result = await importFile(systemCtx(runtime, 'bench'), { path, item: 'penalty', authority, wayIn: 'cli' })
  const seconds = (performance.now() - began) / 1000
  const peakMb = process.resourceUsage().maxRSS / KB
  if (!('receipt' in result)) throw new Error('no receipt')
  const { receipt } = result
  if (receipt.accepted !== receipt.received || !receipt.accepted)
    throw new Error(`not every row was accepted: ${JSON.stringify(receipt)}`)
  await runtime.db.close()
  return { submissionId: receipt.id, rows: receipt.accepted, seconds, peakMb }
}

process.on('message', (ask: Omit<ImportAsk, 'env'>) => {
  carryOut(ask).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
