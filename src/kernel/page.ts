/** Lists page by key, never by offset. A cursor is the last row's key, base64url JSON. */
export type Page<T> = { rows: T[]; next: string | null }

export const PAGE_LIMIT = 50

/** Plain base64url without Buffer, so that the browser may import it. */
export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(key))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** null for anything that is not a cursor of ours. */
export const decodeCursor = (cursor: string): (string | number | null)[] | null => {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const key: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return Array.isArray(key) ? (key as (string | number | null)[]) : null
  } catch {
    return null
  }
}

/** Cuts a list fetched with limit + 1 rows to a page. */
export const pageOf = <T>(rows: T[], limit: number, keyOf: (row: T) => (string | number | null)[]): Page<T> => {
  const last = rows[limit - 1]
  return rows.length > limit && last
    ? { rows: rows.slice(0, limit), next: encodeCursor(keyOf(last)) }
    : { rows, next: null }
}
