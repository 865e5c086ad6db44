/**
 * Which moves the tests make. A row of a table is read by `step` alone, which asks for its `to` when the move is allowed; here
 * that is noted, and counts for the person who asked once the answer to the request is a success. `tools/test.mjs` fails a whole
 * run after which a row has not been walked through the API.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { appendFileSync, mkdirSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { moveKey, moveTables } from '../tools/move-tables.ts'

const FOLDER = process.env['XINHENG_MOVES']
const REFUSED = 400
const asked = new AsyncLocalStorage<Set<string>>()
const made = new Set<string>()
let watched: Promise<void> | undefined

const watchTables = async (): Promise<void> => {
  for (const { name, moves } of await moveTables()) {
    for (const move of moves) {
      const key = moveKey(name, move)
      const held = Object.getOwnPropertyDescriptor(move, 'to')
      const to = () => (held?.get ? (held.get.call(move) as string) : (held?.value as string))
      Object.defineProperty(move, 'to', {
        enumerable: true,
        configurable: true,
        get: () => {
          const request = asked.getStore()
          if (request) request.add(`asked ${key}`)
          else made.add(`itself ${key}`)
          return to()
        },
      })
    }
  }
}

/** From now on, every move that a request to this server makes, and that the jobs beside it make, is noted. */
export const noteMoves = async (server: Server): Promise<void> => {
  if (!FOLDER) return
  await (watched ??= watchTables())
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean
  server.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'request') return emit(event, ...args)
    const [, response] = args as [IncomingMessage, ServerResponse]
    const moves = new Set<string>()
    response.once('finish', () => {
      if (response.statusCode < REFUSED) for (const move of moves) made.add(move)
    })
    return asked.run(moves, () => emit(event, ...args))
  }
}

export const keepMoves = (): void => {
  if (!FOLDER || !made.size) return
  mkdirSync(FOLDER, { recursive: true })
  appendFileSync(join(FOLDER, `${process.pid}.txt`), [...made, ''].join('\n'))
  made.clear()
}
