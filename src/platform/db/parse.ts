import { type CustomTypesConfig, types as driver } from 'pg'

const { builtins } = driver
type Parse = (text: string) => unknown

const asIs: Parse = (text) => text
/** '2026-11-22 01:02:03.456789+00' as the session in UTC writes it → '2026-11-22T01:02:03.456Z'. */
const instantOf: Parse = (text) => {
  if (!text.endsWith('+00') || text.length < 22) return text
  const fraction = text[19] === '.' ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000'
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}
const integer: Parse = (text) => {
  const n = Number(text)
  if (!Number.isSafeInteger(n)) throw new Error('a bigint beyond 2^53 has no exact number')
  return n
}

/** The driver's type list names no array types, and its numbers are an enum; any number is welcome. */
const parserOf = driver.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse
const TEXT_ARRAY = 1009
const elements = parserOf(TEXT_ARRAY) as (text: string) => unknown[]
const arrayOf =
  (parse: Parse): Parse =>
  (text) => {
    const map = (list: unknown[]): unknown[] =>
      list.map((v) => (Array.isArray(v) ? map(v) : typeof v === 'string' ? parse(v) : v))
    return map(elements(text))
  }
const jsonOf: Parse = (text) => JSON.parse(text) as unknown

/** The one place where column types become JavaScript values. Whatever is not named here is as `pg` has it. */
const PARSERS: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [builtins.DATE, asIs],
  [builtins.TIMESTAMP, asIs],
  [builtins.TIMESTAMPTZ, instantOf],
  [builtins.NUMERIC, asIs],
  [builtins.INT8, integer],
  [builtins.INTERVAL, asIs],
  [builtins.JSON, jsonOf],
  [builtins.JSONB, jsonOf],
  [1182, arrayOf(asIs)], // date[]
  [1115, arrayOf(asIs)], // timestamp[]
  [1185, arrayOf(instantOf)], // timestamptz[]
  [1231, arrayOf(asIs)], // numeric[]
  [1016, arrayOf(integer)], // bigint[]
  [2951, arrayOf(asIs)], // uuid[]
  [199, arrayOf(jsonOf)], // json[]
  [3807, arrayOf(jsonOf)], // jsonb[]
])

export const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && PARSERS.get(oid)) || parserOf(oid, format)) as typeof driver.getTypeParser,
}

/**
 * What every session is told when it connects, on both engines. Statements here are short: translating one to machine code, which
 * PostgreSQL does where the planner expects much, takes a second and saves nothing.
 */
export const SESSION = { timezone: 'UTC', datestyle: 'ISO, YMD', intervalstyle: 'iso_8601', jit: 'off' }
