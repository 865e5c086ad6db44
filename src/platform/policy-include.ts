/**
 * Fields that many catalog items share stand once, in a group; an item includes the group, and may say what it calls a
 * field. Included before the schema is asked, so that an item is checked with every field that it will have.
 */

type Raw = Record<string, unknown>
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Groups by their id. */
export type Groups = ReadonlyMap<string, readonly Raw[]>
export type IncludeProblem = { path: PropertyKey[]; message: string }
export type Included = {
  raw: Raw
  problems: IncludeProblem[]
  /** The path in the file of a path in what came of it. */
  written: (path: readonly PropertyKey[]) => readonly PropertyKey[]
}

const KEYS = new Set(['include', 'only', 'with'])
const snake = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

const prefixed = (value: unknown, prefix: string): unknown =>
  typeof value === 'string' ? value.replaceAll('{P}', prefix) : value

const fieldOf = (field: Raw, prefix: string, change: unknown): Raw => {
  const merged = isRaw(change) ? { ...field, ...change } : field
  const aliases = merged['aliases']
  return {
    ...merged,
    code: prefixed(merged['code'], prefix),
    ...(Array.isArray(aliases) ? { aliases: aliases.map((a) => prefixed(a, prefix)) } : {}),
  }
}

/** What is wrong with one `- include:`; nothing when it can be followed. */
const faultsOf = (entry: Raw, groups: Groups, prefix: unknown): { at: string; message: string }[] => {
  const id = entry['include']
  const group = typeof id === 'string' ? groups.get(id) : undefined
  if (!group)
    return [
      { at: 'include', message: `there is no field group ${String(id)}; there are ${[...groups.keys()].join(', ')}` },
    ]
  const keys = new Set(group.map((f) => f['key']))
  const named = [
    ...(Array.isArray(entry['only']) ? entry['only'].map((key) => ({ at: 'only', key: String(key) })) : []),
    ...(isRaw(entry['with']) ? Object.keys(entry['with']).map((key) => ({ at: 'with', key: snake(key) })) : []),
  ]
  return [
    ...Object.keys(entry)
      .filter((k) => !KEYS.has(k))
      .map((k) => ({ at: k, message: `no such key here: ${snake(k)}` })),
    ...named
      .filter(({ key }) => !keys.has(key))
      .map(({ at, key }) => ({ at, message: `the group ${String(id)} has no field ${key}` })),
    ...(typeof prefix !== 'string' && group.some((f) => String(f['code']).includes('{P}'))
      ? [{ at: 'include', message: `the group ${String(id)} needs the prefix of the item` }]
      : []),
  ]
}

const followed = (entry: Raw, groups: Groups, prefix: string): Raw[] => {
  const only = Array.isArray(entry['only']) ? new Set(entry['only'].map(String)) : null
  const change = isRaw(entry['with'])
    ? new Map(Object.entries(entry['with']).map(([k, v]) => [snake(k), v]))
    : new Map<string, unknown>()
  return (groups.get(String(entry['include'])) ?? [])
    .filter((f) => only === null || only.has(String(f['key'])))
    .map((f) => fieldOf(f, prefix, change.get(String(f['key']))))
}

export const withIncludes = (raw: Raw, groups: Groups): Included => {
  const list = raw['fields']
  if (raw['kind'] !== 'catalog' || !Array.isArray(list)) return { raw, problems: [], written: (path) => path }
  const prefix = typeof raw['prefix'] === 'string' ? raw['prefix'] : ''
  const problems: IncludeProblem[] = []
  const fields: unknown[] = []
  const from: { index: number; own: boolean }[] = []
  list.forEach((entry: unknown, index) => {
    if (!isRaw(entry) || entry['include'] === undefined) {
      fields.push(entry)
      from.push({ index, own: true })
      return
    }
    const faults = faultsOf(entry, groups, raw['prefix'])
    problems.push(...faults.map(({ at, message }) => ({ path: ['fields', index, at], message })))
    if (faults.length) return
    for (const field of followed(entry, groups, prefix)) {
      fields.push(field)
      from.push({ index, own: false })
    }
  })
  return {
    raw: { ...raw, fields },
    problems,
    written: (path) => {
      const place = path[0] === 'fields' && typeof path[1] === 'number' ? from[path[1]] : undefined
      if (!place) return path
      return place.own ? ['fields', place.index, ...path.slice(2)] : ['fields', place.index, 'include']
    },
  }
}
