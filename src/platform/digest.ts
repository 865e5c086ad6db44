import { createHash } from 'node:crypto'

/** Keys in one order, whatever the database made of them. */
export const inKeyOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, inKeyOrder(v)]),
  )
}

/** Of what a document says: the same content has the same digest. */
export const contentDigest = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(inKeyOrder(content)))
    .digest('hex')
