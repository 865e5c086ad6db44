import type { CopyValue } from './types.ts'

/** JSON text for a jsonb column; the only way to write an array there (a bare array is a PostgreSQL array). */
export const json = (value: unknown): string => JSON.stringify(value)

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** `{"a","b"}` for text[] and its like; every element is quoted, null stays NULL. */
export const arrayLiteral = (values: readonly (string | number | boolean | null | undefined)[]): string => {
  let text = '{'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    text += `${i ? ',' : ''}${value === null || value === undefined ? 'NULL' : `"${escapedElement(String(value))}"`}`
  }
  return `${text}}`
}
const escapedElement = (text: string): string => {
  const slashed = text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
  return slashed.includes('"') ? slashed.replaceAll('"', '\\"') : slashed
}

const SPECIAL = /[\\\t\n\r\b\f\v]/
const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
}
const escape = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(/[\\\t\n\r\b\f\v]/g, (c) => ESCAPES[c] ?? c) : text

const field = (value: CopyValue): string => {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (value instanceof Uint8Array) return `\\\\x${hex(value)}`
  if (value instanceof Date) return value.toISOString()
  return escape(JSON.stringify(value))
}

/**
 * One line of COPY text format, with its line end. Bytes become bytea, any other object (arrays too) JSON; a text[] goes
 * through `arrayLiteral` first.
 */
export const copyLine = (values: readonly CopyValue[]): string => {
  let line = ''
  for (let i = 0; i < values.length; i++) line += i ? `\t${field(values[i])}` : field(values[i])
  return `${line}\n`
}
