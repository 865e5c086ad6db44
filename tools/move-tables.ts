/** Every table of moves: of the capabilities, in their `states.ts`, and that of proposals, which several share. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PROPOSAL_MOVES } from '../src/kernel/proposals.ts'
import type { Move } from '../src/kernel/states.ts'

const CAPABILITIES = fileURLToPath(new URL('../src/capabilities', import.meta.url))

export type AnyMove = Move<string, string, string>
export const isMoves = (value: unknown): value is AnyMove[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (m: unknown) => typeof m === 'object' && m !== null && 'from' in m && 'action' in m && 'to' in m && 'by' in m,
  )

export type MoveTable = { name: string; moves: readonly AnyMove[] }
export const moveTables = async (): Promise<MoveTable[]> => {
  const found: MoveTable[] = [{ name: 'proposals PROPOSAL_MOVES', moves: PROPOSAL_MOVES as readonly AnyMove[] }]
  for (const capability of readdirSync(CAPABILITIES).toSorted()) {
    if (!readdirSync(join(CAPABILITIES, capability)).includes('states.ts')) continue
    const file = pathToFileURL(join(CAPABILITIES, capability, 'states.ts')).href
    const states = (await import(file)) as Record<string, unknown>
    for (const [title, moves] of Object.entries(states))
      if (isMoves(moves)) found.push({ name: `${capability} ${title}`, moves })
  }
  return found
}
export const moveKey = (table: string, m: Pick<AnyMove, 'from' | 'action'>): string => `${table}: ${m.from} ${m.action}`

/** What only the platform does by itself is no answer to anybody's request. */
const ITSELF = new Set(['platform', 'system'])
export const isByPeople = (m: Pick<AnyMove, 'by'>): boolean => m.by.some((one) => !ITSELF.has(one))
