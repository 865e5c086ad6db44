import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { embeddedFolder } from './embedded-folder.ts'
import { startPrivatePostgres } from './private-postgres.ts'
import { ROWS_PER_BATCH } from './writer.ts'

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url))
const ROUNDS = 20
/** The writer of a later round numbers its batches from here on, so that no number is used twice. */
const PER_ROUND = 100_000
const LONGEST_MS = 150
/** About half a minute each on two idle cores; a busy machine may take far longer. */
const PATIENCE_MS = 300_000

type Round = { found: Map<number, number>; wrote: number[] }

/** Runs the writer until it has written something, a little longer, and then `kill`. */
const round = async (where: string, n: number, kill: (writer: () => void) => Promise<void> | void): Promise<Round> => {
  const child = spawn(process.execPath, [WRITER, where, String(n * PER_ROUND)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const result: Round = { found: new Map(), wrote: [] }
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => {
    complaint += text.toString()
  })
  const closed = new Promise<void>((done) => child.once('close', () => done()))
  const writing = new Promise<void>((done) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [verb, rest = ''] = line.split(/ (.*)/s)
      if (verb === 'found') result.found = new Map(JSON.parse(rest) as [number, number][])
      if (verb !== 'wrote') return
      result.wrote.push(Number(rest))
      done()
    })
  })
  await Promise.race([writing, closed])
  if (!result.wrote.length) throw new Error(`the writer of round ${n} wrote nothing: ${complaint}`)
  await sleep(Math.random() * LONGEST_MS)
  await kill(() => child.kill('SIGKILL'))
  await closed
  return result
}

/** Every acknowledged batch is there, and every batch that is there is whole. */
const check = (acknowledged: readonly number[], found: ReadonlyMap<number, number>) => {
  expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
  expect([...found].filter(([, rows]) => rows !== ROWS_PER_BATCH)).toEqual([])
}

const rounds = async (where: string, kill: (writer: () => void, n: number) => Promise<void> | void) => {
  const acknowledged: number[] = []
  for (let n = 0; n <= ROUNDS; n++) {
    // Each round finds what all before it wrote; the last is there to look.
    const { found, wrote } = await round(where, n, n < ROUNDS ? (writer) => kill(writer, n) : (writer) => writer())
    check(acknowledged, found)
    acknowledged.push(...wrote)
  }
  return acknowledged.length
}

describe('what was acknowledged survives kill -9', () => {
  it(
    `of the process with the embedded engine, ${ROUNDS} times`,
    async () => {
      const folder = await embeddedFolder()
      const batches = await rounds(folder.dataDir, (writer) => writer())
      folder.remove()
      console.info(`PGlite: ${batches} acknowledged batches, none lost in ${ROUNDS} kills`)
    },
    PATIENCE_MS,
  )

  it(
    `of PostgreSQL and of its client, ${ROUNDS} times`,
    async () => {
      const server = await startPrivatePostgres()
      try {
        const batches = await rounds(server.url, async (writer, n) => {
          // By turns: the server first, the client first.
          if (n % 2) writer()
          await server.kill9()
          writer()
          await server.restart()
        })
        console.info(
          `PostgreSQL ${server.version} (${server.source}): ${batches} acknowledged batches, none lost in ${ROUNDS} kills`,
        )
      } finally {
        await server.stop()
      }
    },
    PATIENCE_MS,
  )
})
