/** A decision is data: either a value, or every reason why not. Refusals are part of the domain, faults are not. */

export type RefusalKind =
  | 'not_found'
  | 'forbidden'
  | 'conflict'
  | 'refused'
  | 'invalid'
  | 'unauthenticated'
  | 'throttled'
  | 'too_large'
  | 'unsupported'

/** One refusal: a stable code from a capability's catalogue and the facts its sentence is made of. */
export type Refusal = { code: string; params?: Record<string, unknown> }

/** A catalogue row: what a refusal code means, for ever. `{name}` in a text is filled from the refusal's params. */
export type RefusalMeaning = { kind: RefusalKind; zh: string; en: string }
export type RefusalCatalogue = Record<string, RefusalMeaning>

export type Decision<T> = { ok: true; value: T } | { ok: false; refusals: Refusal[] }

export const allow = <T>(value: T): Decision<T> => ({ ok: true, value })

export const refuse = (code: string, params?: Record<string, unknown>): { ok: false; refusals: Refusal[] } => ({
  ok: false,
  refusals: [params ? { code, params } : { code }],
})

/** Joins the refusals of several checks; with none, the value stands. */
export const allOf = <T>(value: T, checks: Decision<unknown>[]): Decision<T> => {
  const refusals = checks.flatMap((c) => (c.ok ? [] : c.refusals))
  return refusals.length ? { ok: false, refusals } : allow(value)
}

/** Thrown by `unwrap` inside a transaction so that it rolls back; the edge turns it into problem+json. */
export class Refused extends Error {
  readonly refusals: Refusal[]
  constructor(refusals: Refusal[]) {
    super(refusals.map((r) => r.code).join(', '))
    this.name = 'Refused'
    this.refusals = refusals
  }
}

export const unwrap = <T>(decision: Decision<T>): T => {
  if (decision.ok) return decision.value
  throw new Refused(decision.refusals)
}

/** Refuse at once; for checks that are a single question. */
export const mustNot = (code: string, params?: Record<string, unknown>): never => {
  throw new Refused(refuse(code, params).refusals)
}
