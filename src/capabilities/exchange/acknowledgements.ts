import { readFile } from 'node:fs/promises'
import { type Decision, type Refusal, Refused, allow, refuse } from '../../kernel/decision.ts'
import { openTable } from '../collection/index.ts'
import { xmlAcknowledgements } from './acknowledgements.xml.ts'
import type { Ack, EffectsSaid } from './store.ts'
import { DUTIES, type Duty, EFFECT_PART_WORDS, EFFECT_RESULTS, OUTCOMES } from './words.ts'
import { ACK_COLUMNS, EFFECT_NAMES, OUTCOME_NAMES } from './words.ways.ts'

/**
 * A file of acknowledgements as a peer writes it: a table (CSV, XLSX) with a column for the event and one for the outcome, JSON,
 * JSON lines or XML. Beside the outcome stands, where it was asked for it, what it did about measures and evaluations.
 */
type Fault = { n: number; value: string; refusal: Refusal }
export type ReadAcks = { acks: (Ack & { n: number })[]; faults: Fault[] }

const NOTE_MAX = 500
const SAID_MAX = 50
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export type AckLine = { n: number; eventId: string; outcome: string; note: string } & Record<Duty, string>

const outcomeOf = (text: string) => OUTCOMES.find((o) => OUTCOME_NAMES[o].includes(text.trim().toLowerCase())) ?? null
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** What is empty is no answer; what is none of ours is told, and the rest of the line counts. */
const effectsOf = (line: AckLine): { effects: EffectsSaid; faults: Fault[] } => {
  const effects: EffectsSaid = {}
  const faults: Fault[] = []
  for (const part of DUTIES) {
    const said = line[part].trim()
    const result = EFFECT_RESULTS.find((r) => EFFECT_NAMES[r].includes(said.toLowerCase()))
    if (result) effects[part] = result
    else if (said) {
      const params = { n: line.n, part: EFFECT_PART_WORDS[part], value: said.slice(0, SAID_MAX) }
      faults.push({
        n: line.n,
        value: line.eventId.trim().slice(0, 100),
        refusal: { code: 'ACK_EFFECT_WRONG', params },
      })
    }
  }
  return { effects, faults }
}

/** Each line by itself: one that is wrong keeps no other from counting. Of one event the last word counts. */
const readLines = (lines: readonly AckLine[]): ReadAcks => {
  const acks = new Map<string, Ack & { n: number }>()
  const faults: Fault[] = []
  for (const line of lines) {
    const { n, eventId, outcome, note } = line
    const found = outcomeOf(outcome)
    const id = eventId.trim().toLowerCase()
    const value = eventId.trim().slice(0, 100)
    if (!UUID.test(id)) faults.push({ n, value, refusal: { code: 'ACK_EVENT_UNKNOWN', params: { n, value } } })
    else if (!found)
      faults.push({
        n,
        value,
        refusal: { code: 'ACK_OUTCOME_WRONG', params: { n, value: outcome.trim().slice(0, SAID_MAX) } },
      })
    else {
      const said = effectsOf(line)
      faults.push(...said.faults)
      const effects = { ...acks.get(id)?.effects, ...said.effects }
      // What PostgreSQL cannot hold is no part of a note.
      acks.set(id, {
        n,
        eventId: id,
        outcome: found,
        note: plain(note),
        ...(Object.keys(effects).length ? { effects } : {}),
      })
    }
  }
  return { acks: [...acks.values()], faults }
}
const plain = (note: string): string =>
  Array.from(note.toWellFormed().replaceAll('\0', '').trim()).slice(0, NOTE_MAX).join('')

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const lineOf = (found: unknown, n: number): AckLine => {
  const row = fieldsOf(found)
  const effects = fieldsOf(row.effects)
  return {
    n,
    eventId: textOf(row.eventId ?? row.event_id),
    outcome: textOf(row.outcome),
    note: textOf(row.note),
    measures: textOf(effects.measures ?? row.measures),
    evaluation: textOf(effects.evaluation ?? row.evaluation),
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
const fromJson = (text: string): AckLine[] | null => {
  const found = parsed(text)
  const list: unknown =
    typeof found === 'object' && found !== null && 'acknowledgements' in found ? found.acknowledgements : found
  return Array.isArray(list) ? list.map((one: unknown, i) => lineOf(one, i + 1)) : null
}
/** A line that is none says so by what stands in it. */
const fromLines = (text: string): AckLine[] =>
  text.split(/\r?\n/).flatMap((line, i) => {
    if (!line.trim()) return []
    const found = parsed(line)
    return [lineOf(found === undefined ? { eventId: line } : found, i + 1)]
  })

const fromTable = async (path: string, name: string): Promise<AckLine[] | null> => {
  const lines: AckLine[] = []
  let at: Record<keyof typeof ACK_COLUMNS, number> | null = null
  for await (const rows of await openTable({ path, name })) {
    for (const { n, cells } of rows) {
      if (!at) {
        const names = cells.map((c) => c.trim().toLowerCase())
        const columnOf = (key: keyof typeof ACK_COLUMNS) => names.findIndex((c) => ACK_COLUMNS[key].includes(c))
        at = {
          eventId: columnOf('eventId'),
          outcome: columnOf('outcome'),
          note: columnOf('note'),
          measures: columnOf('measures'),
          evaluation: columnOf('evaluation'),
        }
        if (at.eventId < 0 || at.outcome < 0) return null
      } else {
        const columns = at
        const cell = (key: keyof typeof ACK_COLUMNS) => cells[columns[key]] ?? ''
        lines.push({
          n,
          eventId: cell('eventId'),
          outcome: cell('outcome'),
          note: cell('note'),
          measures: cell('measures'),
          evaluation: cell('evaluation'),
        })
      }
    }
  }
  return at ? lines : null
}

const linesIn = async (path: string, name: string): Promise<AckLine[] | null> => {
  const extension = /\.(json|jsonl|ndjson|xml)$/i.exec(name)?.[1]?.toLowerCase()
  if (!extension) return fromTable(path, name)
  const text = (await readFile(path, 'utf8')).replace(/^\ufeff/, '')
  if (extension === 'xml') return xmlAcknowledgements(text)
  return extension === 'json' ? fromJson(text) : fromLines(text)
}

export const readAckFile = async (path: string, name: string): Promise<Decision<ReadAcks>> => {
  const bad = refuse('ACK_NOT_READABLE', { name })
  try {
    const lines = await linesIn(path, name)
    return lines ? allow(readLines(lines)) : bad
  } catch (error) {
    if (error instanceof Refused) return bad
    throw error
  }
}
