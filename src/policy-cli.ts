import type { Policy, RuleRow } from './kernel/policy.ts'
import { inForce } from './kernel/eligibility.ts'
import { type PolicyChange, type UnsureRow, diffPolicies, listUnsure, policyRows } from './kernel/policy-view.ts'
import type { LocalDate } from './kernel/time.ts'
import { POLICY_ROOT, type PolicyProblem, jurisdictionCodes, loadPolicy, readPolicy } from './platform/policy-files.ts'

/** What `xinheng policy validate|show|diff` says, as data; the CLI prints it. */

export type PolicyValidation = {
  ok: boolean
  jurisdictions: { code: string; ok: boolean; version: string | null; rows: number; examples: number; unsure: number }[]
  problems: PolicyProblem[]
}

const keyOf = (p: PolicyProblem) => `${p.file}:${p.line}:${p.path}:${p.message}`

export const policyValidate = (
  root: string = POLICY_ROOT,
  codes: string[] = jurisdictionCodes(root),
): PolicyValidation => {
  const reads = codes.map((code) => ({ code, ...readPolicy(code, root) }))
  const problems = new Map(reads.flatMap((r) => r.problems.map((p) => [keyOf(p), p] as const)))
  return {
    ok: problems.size === 0,
    jurisdictions: reads.map(({ code, policy }) => ({
      code,
      ok: policy !== null,
      version: policy?.version ?? null,
      rows: policy ? policyRows(policy).length : 0,
      examples: policy?.examples.length ?? 0,
      unsure: policy ? listUnsure(policy).length : 0,
    })),
    problems: [...problems.values()],
  }
}

export type PolicyShow = {
  jurisdiction: Policy['jurisdiction']
  version: string
  on: LocalDate | null
  rows: RuleRow[]
  unsure: UnsureRow[]
  calendarYears: number[]
}

/** Every row, or those in force on a day; and everything that is marked unsure. */
export const policyShow = (code: string, on: LocalDate | null = null, root: string = POLICY_ROOT): PolicyShow => {
  const policy = loadPolicy(code, root)
  return {
    jurisdiction: policy.jurisdiction,
    version: policy.version,
    on,
    rows: policyRows(policy).filter((row) => on === null || inForce(row, on)),
    unsure: listUnsure(policy),
    calendarYears: policy.calendar.map((y) => y.year).toSorted((a, b) => a - b),
  }
}

/** One side of a comparison: a jurisdiction, and a day or every day. */
export type PolicySide = { code: string; on: LocalDate | null }

const DAY = /^\d{4}-\d{2}-\d{2}$/
/** `440100`, `440100@2026-04-01`, or only a day, which then is that of the jurisdiction given. */
export const policySide = (text: string, code: string): PolicySide => {
  const [a, b] = text.split('@')
  if (a && DAY.test(a)) return { code, on: a as LocalDate }
  return { code: a || code, on: b && DAY.test(b) ? (b as LocalDate) : null }
}

export const policyDiff = (a: PolicySide, b: PolicySide, root: string = POLICY_ROOT): PolicyChange[] => {
  const rowsFor = ({ code, on }: PolicySide) =>
    policyRows(loadPolicy(code, root)).filter((row) => on === null || inForce(row, on))
  return diffPolicies(rowsFor(a), rowsFor(b))
}
