// Of every table of moves, the rows that no test walked: `node tools/moves-walked.ts FOLDER`, after a whole run with XINHENG_MOVES.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type AnyMove, isByPeople, moveKey, moveTables } from './move-tables.ts'

/**
 * Made over many rows by one statement, or with the hand-in of the application that they are part of: nobody asks the table for
 * them. They are held by the tests of those who do so.
 */
const NOT_ASKED_FOR: Record<string, readonly string[]> = {
  'repair REPAIR_MOVES': ['submit', 'submit_to_review'],
  'repair SHIELD_MOVES': ['submit'],
  'messages DELIVERY_MOVES': ['read', 'send', 'fail', 'give_up', 'find_no_address', 'find_no_way'],
  'reconciliation DIFFERENCE_MOVES': ['accept', 'find_again', 'vanish'],
  'results TAKEDOWN_MOVES': ['void'],
}
/** Of these the door is walked: it has no endpoint of its own. */
const DOORS = new Set(['messages DELIVERY_MOVES'])

/**
 * Their rows are walked one by one through the rules (`repair/rules.test.ts`, each state × action × role); an action has one
 * endpoint whatever state it is asked in, and that is walked here.
 */
const BY_ACTION = new Set(['repair REPAIR_MOVES', 'repair SHIELD_MOVES'])

const folder = process.argv[2] ?? ''
const files = existsSync(folder) ? readdirSync(folder) : []
const made = new Set(files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')))
const tables = await moveTables()
const isMade = (name: string, m: AnyMove): boolean => {
  const key = moveKey(name, m)
  const alone = !isByPeople(m) || DOORS.has(name)
  return made.has(`asked ${key}`) || (alone && made.has(`itself ${key}`))
}
const missing = tables.flatMap(({ name, moves }) =>
  moves.flatMap((m) => {
    if (NOT_ASKED_FOR[name]?.includes(m.action)) return []
    const like = BY_ACTION.has(name) ? moves.filter((o) => o.action === m.action) : [m]
    return like.some((o) => isMade(name, o)) ? [] : [`${moveKey(name, m)} → ${m.to}`]
  }),
)
const all = tables.reduce((sum, t) => sum + t.moves.length, 0)
console.log(
  missing.length ? `not walked by any test:\n${missing.join('\n')}` : `${all} moves of ${tables.length} tables walked`,
)
process.exit(missing.length ? 1 : 0)
