import type { Endpoint } from '../kernel/api.ts'

/** What leaves must be what the table says: no missing field, and none that the schema does not name. */
export const checkReply = (endpoint: Endpoint, text: string): void => {
  if (typeof endpoint.reply === 'string') return
  const sent: unknown = JSON.parse(text)
  const parsed = endpoint.reply.safeParse(sent)
  const place = `${endpoint.method} ${endpoint.path}`
  if (!parsed.success) throw new Error(`the reply of ${place} does not fit its schema: ${parsed.error.message}`)
  const extra = undeclared(sent, parsed.data, '')
  if (extra) throw new Error(`the reply of ${place} has an undeclared field ${extra}`)
}

const undeclared = (sent: unknown, parsed: unknown, at: string): string | null => {
  if (sent === null || typeof sent !== 'object' || parsed === null || typeof parsed !== 'object') return null
  for (const [key, value] of Object.entries(sent)) {
    if (!Object.hasOwn(parsed, key)) return `${at}${key}`
    const deeper = undeclared(value, (parsed as Record<string, unknown>)[key], `${at}${key}.`)
    if (deeper) return deeper
  }
  return null
}
