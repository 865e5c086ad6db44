import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckRunView, type CheckView, endpoints } from '../src/capabilities/collection/contract.ts'
import type { Caller } from './harness.ts'

type Ask = { item: string; file: { name: string; body: Uint8Array }; mappingText?: string }

/** A preflight, until it has ended in one way or another. */
export const preflighted = async (caller: Caller, ask: Ask): Promise<CheckRunView> => {
  const client = caller.client(endpoints)
  let run = await client.checkFile(ask)
  for (let n = 0; ['waiting', 'running'].includes(run.state); n++) {
    if (n > 2000) throw new Error('the preflight does not end')
    await sleep(10)
    run = await client.getCheck({ id: run.id })
  }
  return run
}

/** What a preflight found of a file that can be read. */
export const foundIn = async (caller: Caller, ask: Ask): Promise<CheckView> => {
  const run = await preflighted(caller, ask)
  if (!run.result)
    throw new Error(`the preflight of ${ask.file.name} ended ${run.state}: ${run.refusal?.message ?? ''}`)
  return run.result
}
