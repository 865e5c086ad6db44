import type { Connection, PoolClient, Submittable } from 'pg'
import { types } from './parse.ts'

/** One statement with its parameters. A name means: planned once a connection; one name stands for one text, for good. */
export type Statement = { name?: string; text: string; values: readonly unknown[] }
export type Answer = { command: string; count: number; rows: Record<string, unknown>[] }

type Field = { name: string; parse: (text: string) => unknown }
/** How the rows of a statement are read: an empty row to begin with, so that all have one shape. */
type Shape = { fields: readonly Field[]; empty: Record<string, unknown> }
/** What a connection has prepared; null until its first answer has described the rows. */
type Prepared = { text: string; shape: Shape | null }
const preparedOn = new WeakMap<PoolClient, Map<string, Prepared>>()

const parserOf = types.getTypeParser as (oid: number, format: 'text') => Field['parse']
const NO_ROWS: Shape = { fields: [], empty: {} }

type Sent = string | Buffer | null
/** How a value travels: text, bytes or NULL. An array becomes a PostgreSQL array, any other object JSON. */
const sent = (value: unknown): Sent => {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? arrayOf(value) : JSON.stringify(value)
}
const arrayOf = (values: readonly unknown[]): string => {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return arrayOf(value)
    const text = sent(value)
    if (text === null) return 'NULL'
    return typeof text === 'string' ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"\\\\x${text.toString('hex')}"`
  })
  return `{${parts.join(',')}}`
}

/** The driver's wire as it is; its published types are older than its methods. */
type Wire = Pick<Connection, 'stream' | 'sync'> & {
  parse(of: { name: string; text: string }): void
  bind(of: { statement: string; values: Sent[] }): void
  describe(of: { type: 'P' }): void
  execute(of: object): void
  close(of: { type: 'S'; name: string }): void
  sendCopyFail(why: string): void
}

/**
 * Several statements in one write, answered in one read. They are carried out in order; when one fails, those behind it are
 * not carried out at all. To `pg` it is a query of its own kind.
 */
class Batch implements Submittable {
  readonly #statements: readonly Statement[]
  readonly #values: Sent[][]
  readonly #held: Map<string, Prepared>
  readonly #open: Prepared[] = []
  readonly #answers: Answer[] = []
  #shape = NO_ROWS
  #rows: Record<string, unknown>[] = []
  #unreadable: unknown
  readonly callback: (error: unknown) => void

  constructor(client: PoolClient, statements: readonly Statement[], callback: (error: unknown) => void) {
    this.#statements = statements
    this.#values = statements.map((s) => s.values.map(sent))
    this.callback = callback
    let held = preparedOn.get(client)
    if (!held) preparedOn.set(client, (held = new Map()))
    this.#held = held
    for (const { name, text } of statements) {
      const known = name === undefined ? undefined : held.get(name)
      if (known && known.text !== text) throw new Error(`two statements are called ${name}`)
    }
  }

  get answers(): readonly Answer[] {
    return this.#answers
  }
  /** The statement that failed, when one has. */
  get reached(): number {
    return this.#answers.length
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire
    wire.stream.cork()
    try {
      this.#statements.forEach(({ name = '', text }, i) => {
        const known = name ? this.#held.get(name) : undefined
        const prepared = known ?? { text, shape: null }
        if (!known) {
          // After a failure nobody knows whether the name was taken; closing one that was not is no error.
          if (name) wire.close({ type: 'S', name })
          wire.parse({ name, text })
          if (name) this.#held.set(name, prepared)
        }
        wire.bind({ statement: name, values: this.#values[i]! })
        if (!known) wire.describe({ type: 'P' })
        wire.execute({})
        this.#open.push(prepared)
      })
      wire.sync()
    } finally {
      wire.stream.uncork()
    }
    this.#begin()
  }

  #begin(): void {
    this.#rows = []
    this.#shape = this.#open[this.#answers.length]?.shape ?? NO_ROWS
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#shape = {
      fields: fields.map((f) => ({ name: f.name, parse: parserOf(f.dataTypeID, 'text') })),
      empty: Object.fromEntries(fields.map((f) => [f.name, null])),
    }
  }

  handleDataRow({ fields: values }: { fields: (string | null)[] }): void {
    if (this.#unreadable !== undefined) return
    const { fields, empty } = this.#shape
    const row = { ...empty }
    try {
      for (let i = 0; i < fields.length; i++) {
        const value = values[i]
        if (value === null || value === undefined) continue
        const field = fields[i]!
        row[field.name] = field.parse(value)
      }
      this.#rows.push(row)
    } catch (error) {
      this.#unreadable = error ?? new Error('a row could not be read')
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const done = this.#open[this.#answers.length]
    if (done) done.shape ??= this.#shape
    const [command = '', ...numbers] = text.split(' ')
    this.#answers.push({ command, count: Number(numbers.at(-1) ?? 0) || 0, rows: this.#rows })
    this.#begin()
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(connection: Connection): void {
    const wire = connection as unknown as Wire
    wire.sendCopyFail('no source')
  }

  handleError(error: unknown): void {
    for (const { name } of this.#statements) if (name) this.#held.delete(name)
    this.callback(error)
  }

  handleReadyForQuery(): void {
    if (this.#unreadable === undefined) this.callback(null)
    else this.handleError(this.#unreadable)
  }
}

/** Sends the statements as one. A failure names the statement by its place. */
export class BatchFailed {
  readonly at: number
  readonly error: unknown
  constructor(at: number, error: unknown) {
    this.at = at
    this.error = error
  }
}
export const sendBatch = (client: PoolClient, statements: readonly Statement[]): Promise<readonly Answer[]> =>
  new Promise((resolve, reject) => {
    const batch: Batch = new Batch(client, statements, (error) =>
      error === null ? resolve(batch.answers) : reject(new BatchFailed(batch.reached, error)),
    )
    client.query(batch)
  })
