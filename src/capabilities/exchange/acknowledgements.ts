import { readFile } from 'node:fs/promises'
import { type Decision, type Refusal, Refused, allow, refuse } from '../../kernel/decision.ts'
import { openTable } from '../collection/index.ts'
import type { Ack } from './store.ts'
import { OUTCOMES } from './words.ts'
import { ACK_COLUMNS, OUTCOME_NAMES } from './words.ways.ts'

/** A file of acknowledgements as a peer writes it: a table with a column for the event and one for the outcome, or JSON. */
export type ReadAcks = { acks: (Ack & { n: number })[]; faults: { n: number; value: string; refusal: Refusal }[] }

const NOTE_MAX = 500
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
type Line = { n: number; eventId: string; outcome: string; note: string }

const outcomeOf = (text: string) => OUTCOMES.find((o) => OUTCOME_NAMES[o].includes(text.trim().toLowerCase())) ?? null
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** Each line by itself: one that is wrong keeps no other from counting. Of one event the last line counts. */
const readLines = (lines: readonly Line[]): ReadAcks => {
  const acks = new Map<string, Ack & { n: number }>()
  const faults: ReadAcks['faults'] = []
  for (const { n, eventId, outcome, note } of lines) {
    const found = outcomeOf(outcome)
    const id = eventId.trim().toLowerCase()
    const value = eventId.trim().slice(0, 100)
    if (!UUID.test(id)) faults.push({ n, value, refusal: { code: 'ACK_EVENT_UNKNOWN', params: { n, value } } })
    else if (!found)
      faults.push({
        n,
        value,
        refusal: { code: 'ACK_OUTCOME_WRONG', params: { n, value: outcome.trim().slice(0, 50) } },
      })
    // What PostgreSQL cannot hold is no part of a note.
    else acks.set(id, { n, eventId: id, outcome: found, note: plain(note) })
  }
  return { acks: [...acks.values()], faults }
}
const plain = (note: string): string =>
  Array.from(note.toWellFormed().replaceAll('\0', '').trim()).slice(0, NOTE_MAX).join('')

const fromJson = (text: string): Line[] | null => {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return null
  }
  const list: unknown =
    typeof found === 'object' && found !== null && 'acknowledgements' in found ? found.acknowledgements : found
  if (!Array.isArray(list)) return null
  return list.map((one: unknown, i) => {
    const row = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    return {
      n: i + 1,
      eventId: textOf(row.eventId ?? row.event_id),
      outcome: textOf(row.outcome),
      note: textOf(row.note),
    }
  })
}

const fromTable = async (path: string, name: string): Promise<Line[] | null> => {
  const lines: Line[] = []
  let at: Record<keyof typeof ACK_COLUMNS, number> | null = null
  for await (const rows of await openTable({ path, name })) {
    for (const { n, cells } of rows) {
      if (!at) {
        const names = cells.map((c) => c.trim().toLowerCase())
        const columnOf = (key: keyof typeof ACK_COLUMNS) => names.findIndex((c) => ACK_COLUMNS[key].includes(c))
        at = { eventId: columnOf('eventId'), outcome: columnOf('outcome'), note: columnOf('note') }
        if (at.eventId < 0 || at.outcome < 0) return null
      } else
        lines.push({
          n,
          eventId: cells[at.eventId] ?? '',
          outcome: cells[at.outcome] ?? '',
          note: at.note < 0 ? '' : (cells[at.note] ?? ''),
        })
    }
  }
  return at ? lines : null
}

export const readAckFile = async (path: string, name: string): Promise<Decision<ReadAcks>> => {
  const bad = refuse('ACK_NOT_READABLE', { name })
  try {
    const lines = /\.json$/i.test(name) ? fromJson(await readFile(path, 'utf8')) : await fromTable(path, name)
    return lines ? allow(readLines(lines)) : bad
  } catch (error) {
    if (error instanceof Refused) return bad
    throw error
  }
}
