import { DatabaseError as ServerError } from 'pg'

/** The code of a query that was ended for running too long, on both engines. */
export const QUERY_CANCELLED = 'QUERY_CANCELLED'
export const CONNECTION_LOST = 'CONNECTION_LOST'
/** What the driver says, without a code, when a connection is gone. */
const LOST = /^(Connection terminated|Client has encountered|timeout exceeded when trying to connect)/
const CANCELLED_BY_SERVER = '57014'
/** Data exceptions quote the value they choke on. */
const QUOTES_VALUES = /^22/

type Where = { schema?: string; table?: string; column?: string; constraint?: string; line?: number; hint?: string }

/**
 * What a database error may tell: code, where, and words without row values. The detail, the parameters, the inner query and
 * the line of a COPY are personal data often enough; they stop here.
 */
export class DatabaseError extends Error {
  /** SQLSTATE, QUERY_CANCELLED, or the code of a connection that failed. */
  readonly code: string
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly constraint: string | undefined
  /** The line of a COPY, counted within its slice. */
  readonly line: number | undefined
  readonly hint: string | undefined

  constructor(code: string, message: string, where: Where = {}) {
    super(message)
    this.name = 'DatabaseError'
    this.code = code
    this.schema = where.schema
    this.table = where.table
    this.column = where.column
    this.constraint = where.constraint
    this.line = where.line
    this.hint = where.hint
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const COPY_PLACE = /^COPY \w+, line (\d+)(?:, column (\w+))?/

/** The error as it may travel: anything from the driver becomes a DatabaseError without values. */
export const stripped = (error: unknown): unknown => {
  if (error instanceof DatabaseError) return error
  if (error instanceof ServerError) {
    if (error.code === CANCELLED_BY_SERVER) {
      return new DatabaseError(QUERY_CANCELLED, 'the query was cancelled: it ran longer than allowed')
    }
    const code = error.code ?? 'XX000'
    const message = QUOTES_VALUES.test(code) ? error.message.replace(/"[^]*"/, '"…"') : error.message
    const place = COPY_PLACE.exec(error.where ?? '')
    return new DatabaseError(code, message, {
      schema: error.schema,
      table: error.table,
      column: error.column ?? place?.[2],
      constraint: error.constraint,
      hint: error.hint,
      ...(place ? { line: Number(place[1]) } : {}),
    })
  }
  if (!(error instanceof Error)) return error
  if (codeOf(error)) return new DatabaseError(codeOf(error), error.message)
  return LOST.test(error.message) ? new DatabaseError(CONNECTION_LOST, error.message) : error
}

const DIVISION_BY_ZERO = '22012'
/** A write that divides by the number of rows it has found, and has found none: it need not be waited for to be known. */
export const foundNone = (error: unknown): boolean => error instanceof DatabaseError && error.code === DIVISION_BY_ZERO

const NOT_NULL = '23502'
/** A write that refers, by this column, to the row that its own statement changes, and has changed none: somebody else was faster. */
export const referredToNone = (error: unknown, column: string): boolean =>
  error instanceof DatabaseError && error.code === NOT_NULL && error.column === column

/** The code by which the database, or a store, asks for the same work once more on what there is now. */
export const ONCE_MORE = '40001'
