import { checkLegacyNumber, checkOrgCode, checkUscc, normaliseCode } from '../../kernel/codes.ts'
import { type Decision, allow, refuse } from '../../kernel/decision.ts'
import type { Policy, SubjectKind, UsccCategory } from '../../kernel/policy.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Answer } from './contract.ts'
import { OWED_STATES } from './states.ts'
import type { TaskKind, TaskState } from './words.ts'

export type Registrar = { registrar: string; duty: string; system?: string | undefined }
type Asked = Pick<Policy, 'settings' | 'usccCategories'>

/** The category whose registrar gave out, or should give out, the code; null when nothing tells. */
export const categoryOf = (
  policy: Asked,
  of: { uscc: string | null; codeKind: string | null; kind: SubjectKind | null },
): UsccCategory | null => {
  const by = (code: string) => policy.usccCategories.find((c) => c.code === code) ?? null
  if (of.uscc) return by(of.uscc.slice(0, 2))
  // GS 15-2006: a registration number was given out by what is now market supervision.
  if (of.codeKind === 'registration') return by('91')
  const own = policy.usccCategories.filter((c) => c.subjectKind === of.kind)
  const registrars = new Set(own.map((c) => c.registrar.zh))
  return registrars.size === 1 ? (own[0] ?? null) : null
}

/** By which duty, and in whose system, the registrar of a category is known among the authorities. */
export const registrarOf = (policy: Asked, category: UsccCategory | null, on: LocalDate): Registrar | null => {
  const all = (settingOf(policy, 'registrars', on)?.value ?? []) as Registrar[]
  return all.find((r) => r.registrar === category?.registrar.zh) ?? null
}

type Place = { division: string; system: string; duties: readonly string[]; isCreditOffice: boolean }
/** The nearest over a place: of its own county, then of its city, then of its province. */
const nearest = <A extends Place>(those: readonly A[], division: string | null): A | null =>
  those
    .filter((a) => covers(a.division, division))
    .toSorted((a, b) => territoryPrefix(b.division).length - territoryPrefix(a.division).length)[0] ?? null

/** Whom a task is addressed to. Where no registering authority is on the platform the credit office answers, and it is said so. */
export const addressee = <A extends Place>(
  authorities: readonly A[],
  registrar: Registrar | null,
  division: string | null,
): { authority: A; toOffice: boolean } | null => {
  const able = registrar
    ? authorities.filter(
        (a) => a.duties.includes(registrar.duty) || (registrar.system !== undefined && a.system === registrar.system),
      )
    : []
  const own = nearest(able, division)
  if (own) return { authority: own, toOffice: false }
  const offices = authorities.filter((a) => a.isCreditOffice)
  const office = nearest(offices, division) ?? offices[0] ?? null
  return office ? { authority: office, toOffice: true } : null
}

export const isOverdue = (task: { state: TaskState; dueOn: LocalDate }, today: LocalDate): boolean =>
  OWED_STATES.includes(task.state) && today > task.dueOn
/** What an answer has to say, by what was asked. */
export const checkAnswer = (kind: TaskKind, answer: Answer, policy: Asked): Decision<Answer> => {
  if (answer.outcome !== 'corrected') return allow({ ...answer, code: null, name: null, nameIs: null, validFrom: null })
  if (kind === 'one_code_two_names') {
    if (!answer.nameIs || !answer.validFrom) return refuse('ANSWER_NEEDS_NAME')
    return allow({ ...answer, code: null, name: null })
  }
  if (!answer.code) return refuse('ANSWER_NEEDS_CODE')
  const check = checkUscc(answer.code, new Set(policy.usccCategories.map((c) => c.code)))
  if (!check.ok) return refuse('ANSWER_CODE_WRONG', { code: normaliseCode(answer.code) })
  return allow({ ...answer, code: check.code, nameIs: null, validFrom: null })
}

/** The second person is another one. */
export const mustBeAnother = (first: string | null, second: string): Decision<true> =>
  first === second ? refuse('SAME_PERSON') : allow(true)

/** A person and an organisation are never one; persons are told apart by their documents alone. */
export const mayJoin = (
  from: { id: string; kind: SubjectKind; mergedInto: string | null },
  into: { id: string; kind: SubjectKind; mergedInto: string | null },
): Decision<true> => {
  if (from.id === into.id) return refuse('SAME_SUBJECT')
  if (from.mergedInto || into.mergedInto) return refuse('ALREADY_MERGED')
  if ((from.kind === 'natural_person') !== (into.kind === 'natural_person')) return refuse('KINDS_DIFFER')
  return allow(true)
}

/** What kind of code a text is, for a subject that is to carry it. */
export const codeKindOf = (
  raw: string,
  categories: readonly UsccCategory[],
): { kind: 'uscc' | 'organisation' | 'registration'; code: string } | null => {
  const uscc = checkUscc(raw, new Set(categories.map((c) => c.code)))
  if (uscc.ok) return { kind: 'uscc', code: uscc.code }
  const organisation = checkOrgCode(raw)
  if (organisation.ok) return { kind: 'organisation', code: organisation.code }
  const registration = checkLegacyNumber(raw)
  return registration.ok ? { kind: 'registration', code: registration.code } : null
}

export const UNKNOWN_REGISTRAR: Words = { zh: '登记管理部门未明', en: 'Registrar not known' }
