import { type Decision, allow, refuse } from './decision.ts'

/** One move a line: from this state, this action, by one of these roles, leads there. */
export type Move<S extends string, A extends string, R extends string> = {
  from: S
  action: A
  by: readonly R[]
  to: S
}

/** The next state, or NO_SUCH_MOVE, or NOT_YOUR_MOVE. The same table gives the web its buttons. */
export const step = <S extends string, A extends string, R extends string>(
  table: readonly Move<S, A, R>[],
  from: S,
  action: A,
  roles: readonly R[],
): Decision<S> => {
  const rows = table.filter((m) => m.from === from && m.action === action)
  const row = rows.find((m) => m.by.some((r) => roles.includes(r)))
  if (row) return allow(row.to)
  return rows.length ? refuse('NOT_YOUR_MOVE', { action }) : refuse('NO_SUCH_MOVE', { from, action })
}

export const movesFrom = <S extends string, A extends string, R extends string>(
  table: readonly Move<S, A, R>[],
  from: S,
  roles: readonly R[],
): A[] => [...new Set(table.filter((m) => m.from === from && m.by.some((r) => roles.includes(r))).map((m) => m.action))]
