import { mustNot } from './decision.ts'
import { parseDay } from './time.ts'

/** Lists page by key, never by offset. A cursor is the last row's key, base64url JSON. */
export type Page<T> = { rows: T[]; next: string | null }

export const PAGE_LIMIT = 50
/** The longest cursor of a list in the order of names: a name of 200 characters beside the rest of its key. */
export const CURSOR_MAX = 1200

/** Plain base64url without Buffer, so that the browser may import it. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(key))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** null for anything that is no list in base64url. */
const decodeCursor = (cursor: string): unknown[] | null => {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const key: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return Array.isArray(key) ? key : null
  } catch {
    return null
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)
const INSTANT =
  /^(\d{4}-\d\d-\d\d)[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)$/
/** A calendar has no year 0, and neither has the database. */
const isDay = (text: string): boolean => !text.startsWith('0000') && parseDay(text) !== null
const isNumber = (v: unknown, most: number): boolean =>
  Number.isSafeInteger(v) && (v as number) >= 0 && (v as number) <= most
/** The largest value of the database's `integer`. */
const INTEGER = 2 ** 31 - 1

/** What a part of a key may be: whatever passes can be asked of the database as that type. No key is negative. */
const PARTS = {
  text: (v: unknown) => typeof v === 'string' && v.isWellFormed() && !v.includes('\0'),
  uuid: isUuid,
  day: (v: unknown) => typeof v === 'string' && isDay(v),
  instant: (v: unknown) => typeof v === 'string' && isDay(INSTANT.exec(v)?.[1] ?? ''),
  /** Of an `integer` column. */
  integer: (v: unknown) => isNumber(v, INTEGER),
  /** Of a `bigint` column. */
  number: (v: unknown) => isNumber(v, Number.MAX_SAFE_INTEGER),
} as const
type KeyPart = keyof typeof PARTS
type Key<K extends readonly KeyPart[]> = {
  -readonly [I in keyof K]: K[I] extends 'number' | 'integer' ? number : string
}

/** The key in a cursor, part by part as the list is ordered; null for anything else. */
export const keyIn = <const K extends readonly KeyPart[]>(cursor: string, ...parts: K): Key<K> | null => {
  const key = decodeCursor(cursor)
  return key?.length === parts.length && parts.every((part, i) => PARTS[part](key[i])) ? (key as Key<K>) : null
}

/** The key in a caller's cursor; null without one. Anything that is none of this list is BAD_CURSOR. */
export const readCursor = <const K extends readonly KeyPart[]>(
  after: string | undefined,
  ...parts: K
): Key<K> | null => (after ? (keyIn(after, ...parts) ?? mustNot('BAD_CURSOR')) : null)

/** Cuts a list fetched with limit + 1 rows to a page. */
export const pageOf = <T>(rows: T[], limit: number, keyOf: (row: T) => (string | number)[]): Page<T> => {
  const last = rows[limit - 1]
  return rows.length > limit && last
    ? { rows: rows.slice(0, limit), next: encodeCursor(keyOf(last)) }
    : { rows, next: null }
}
