import { nameKey } from '../../kernel/text.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { recordAct } from '../../platform/outbox.ts'
import type { SubjectAnswer, SubjectAsk, SubjectConflict } from './contract.ts'
import { type Code, codesOf, divisionOf, nameShouldBeUnique, organisationInside } from './rules.ts'
import * as store from './store.ts'

/** Asks that say the same are one question, however many rows carry them. */
type Question = {
  ask: SubjectAsk
  key: string
  codes: Keyed[]
  /** The organisation code inside a unified code. */
  inside: Keyed | null
  answer: SubjectAnswer | null
}
/** A code with the text under which it is compared. */
type Keyed = Code & { text: string }
const textOf = (code: Code) => `${code.kind} ${code.code}`
const keyed = ({ kind, code }: Code): Keyed => ({ kind, code, text: `${kind} ${code}` })

const isSame = (a: SubjectAsk, b: SubjectAsk): boolean =>
  a.name === b.name &&
  a.kind === b.kind &&
  (a.uscc ?? '') === (b.uscc ?? '') &&
  (a.organisationCode ?? '') === (b.organisationCode ?? '') &&
  (a.registrationNo ?? '') === (b.registrationNo ?? '') &&
  (a.personId ?? '') === (b.personId ?? '')

const questionsOf = (ctx: Ctx, asks: readonly SubjectAsk[]): Question[] => {
  const questions = new Map<string, Question[]>()
  const digests = new Map<string, string>()
  const digest = (personId: string) => {
    const known = digests.get(personId) ?? ctx.secrets.digest('person', personId)
    digests.set(personId, known)
    return known
  }
  return asks.map((ask) => {
    const by = ask.uscc || ask.personId || ask.registrationNo || ask.organisationCode || ask.name
    const near = questions.get(by)
    const known = near?.find((q) => isSame(q.ask, ask))
    if (known) return known
    const codes = codesOf(ask, digest).map(keyed)
    const first = codes[0]
    const inside = first?.kind === 'uscc' ? keyed({ kind: 'organisation', code: organisationInside(first.code) }) : null
    const question = { ask, key: nameKey(ask.name), codes, inside, answer: null }
    if (near) near.push(question)
    else questions.set(by, [question])
    return question
  })
}

/** Which subject each question's codes lead to: the strongest code first, then the organisation code inside. */
const lookUp = async (
  tx: Reader,
  questions: readonly Question[],
): Promise<(q: Question) => { id: string; by: Code } | null> => {
  const hits = new Map<string, string>()
  const unique = new Map<string, Keyed>()
  for (const q of questions) for (const c of q.codes) unique.set(c.text, c)
  for (const h of await store.lookUpCodes(tx, [...unique.values()])) hits.set(textOf(h), h.subjectId)

  const lost = hits.size ? questions.filter((q) => !q.codes.some((c) => hits.has(c.text))) : questions
  const legacy = new Map<string, Keyed>()
  for (const { inside } of lost) if (inside) legacy.set(inside.text, inside)
  for (const h of await store.lookUpCodes(tx, [...legacy.values()])) hits.set(textOf(h), h.subjectId)
  const bare = lost.flatMap((q) => q.codes.flatMap((c) => (c.kind === 'organisation' ? [c.code] : [])))
  for (const h of await store.lookUpInner(tx, [...new Set(bare)])) hits.set(`organisation ${h.inner}`, h.subjectId)

  return ({ codes, inside }) => {
    if (!hits.size) return null
    const by = codes.find((c) => hits.has(c.text)) ?? (inside && hits.has(inside.text) ? inside : null)
    return by ? { id: hits.get(by.text) as string, by } : null
  }
}

type Round = { made: Map<string, store.HeldSubject>; at: ReturnType<Ctx['clock']['now']> }

const found = (s: store.HeldSubject, round: Round): SubjectAnswer => ({
  ok: true,
  subjectId: s.id,
  kind: s.kind,
  name: s.name,
  division: s.division,
  status: s.status,
  isNew: round.made.has(s.id),
})

/** A weaker code led to a subject that has a unified code of its own: then it is another subject. */
const isAnother = (q: Question, by: Code, held: store.HeldSubject): boolean => {
  const uscc = q.codes[0]?.kind === 'uscc' ? q.codes[0].code : null
  return uscc !== null && by.kind !== 'uscc' && held.uscc !== null && held.uscc !== uscc
}

const answerHeld = async (
  tx: Tx,
  matches: { q: Question; by: Code; held: store.HeldSubject }[],
  round: Round,
): Promise<void> => {
  const differ = matches.filter(({ q, held }) => held.nameKey !== q.key)
  const pairs = differ.map(({ q, held }) => ({ subjectId: held.id, nameKey: q.key }))
  const known = new Map((await store.otherNames(tx, pairs)).map((n) => [`${n.subjectId} ${n.nameKey}`, n.as]))
  for (const { q, by, held } of matches) {
    const as = held.nameKey === q.key ? 'name' : known.get(`${held.id} ${q.key}`)
    if (as === 'name') {
      q.answer = found(held, round)
      const uscc = q.codes[0]
      if (uscc?.kind === 'uscc' && by.kind !== 'uscc' && held.uscc === null) {
        await store.claimCodes(tx, [{ ...uscc, subjectId: held.id }])
        await store.attachUscc(tx, held.id, uscc.code, round.at)
      }
    } else {
      const decided = as === 'kept' ? 'kept' : null
      q.answer = {
        ok: false,
        conflict: { kind: 'one_code_two_names', subjectId: held.id, held: held.name, offered: q.ask.name, decided },
      }
    }
  }
}

/** Makes the subjects whose first code this transaction wins; what it loses is held by somebody else now. */
const makeNew = async (tx: Tx, ctx: Ctx, questions: readonly Question[], round: Round): Promise<void> => {
  const first = new Map<string, Question>()
  for (const q of questions) {
    const { text } = q.codes[0] as Keyed
    if (!first.has(text)) first.set(text, q)
  }
  const drafts = [...first.values()].map((q) => ({ q, id: newId() }))
  const won = await store.claimCodes(
    tx,
    drafts.map(({ q, id }) => ({ ...(q.codes[0] as Code), subjectId: id })),
  )
  const mine = drafts.filter(({ q }) => won(q.codes[0] as Code))
  await store.claimCodes(
    tx,
    mine.flatMap(({ q, id }) => q.codes.slice(1).map((c) => ({ ...c, subjectId: id }))),
  )
  const rows = mine.map(({ q, id }) => ({
    id,
    kind: q.ask.kind,
    name: q.ask.name,
    nameKey: q.key,
    uscc: q.codes[0]?.kind === 'uscc' ? q.codes[0].code : null,
    division: divisionOf(q.ask),
    status: 'active' as const,
  }))
  const sameNames = await namesHeldTwice(tx, rows, mine)
  await store.insertSubjects(tx, ctx.db, rows, round.at)
  await store.insertConflicts(tx, sameNames, round.at)
  for (const [i, row] of rows.entries()) {
    round.made.set(row.id, row)
    const draft = mine[i]
    if (draft) draft.q.answer = found(row, round)
  }
}

/** One name, two codes: both stand, and the credit office is asked. Looked for before the new ones are in. */
const namesHeldTwice = async (
  tx: Tx,
  rows: readonly store.NewSubject[],
  mine: readonly { q: Question; id: string }[],
): Promise<store.NewConflict[]> => {
  const codeOf = new Map(mine.map(({ q, id }) => [id, q.codes[0]?.code ?? '']))
  const asked = rows.filter((r) => nameShouldBeUnique(r.kind, r.nameKey))
  const held = new Map<string, { id: string; code: string }>()
  for (const s of await store.sameNames(tx, [...new Set(asked.map((r) => r.nameKey))]))
    if (!held.has(s.nameKey)) held.set(s.nameKey, { id: s.id, code: s.code ?? '' })
  const conflicts: store.NewConflict[] = []
  for (const row of asked) {
    const code = codeOf.get(row.id) ?? ''
    const other = held.get(row.nameKey)
    if (other) {
      conflicts.push({
        subjectId: other.id,
        id: newId(),
        kind: 'one_name_two_codes',
        held: other.code,
        offered: code,
        offeredKey: code,
        source: 'collection',
      })
    } else held.set(row.nameKey, { id: row.id, code })
  }
  return conflicts
}

const ROUNDS = 4

/**
 * Leads each ask to its subject, making those that are new; in order, in bulk, whoever else does the same at once. Codes
 * decide who it is; names are compared by their key and never overwrite.
 */
export const resolveSubjects = async (tx: Tx, ctx: Ctx, asks: readonly SubjectAsk[]): Promise<SubjectAnswer[]> => {
  const questions = questionsOf(ctx, asks)
  const round: Round = { made: new Map(), at: ctx.clock.now() }
  let open = [...new Set(questions)]
  for (const q of open) {
    if (q.codes.length) continue
    q.answer = {
      ok: false,
      conflict: { kind: 'no_code', subjectId: null, held: '', offered: q.ask.name, decided: null },
    }
  }
  for (let n = 0; n < ROUNDS; n++) {
    open = open.filter((q) => q.answer === null)
    if (!open.length) break
    const subjectOf = await lookUp(tx, open)
    const hits = open.map((q) => ({ q, hit: subjectOf(q) }))
    const ids = [...new Set(hits.flatMap(({ hit }) => (hit ? [hit.id] : [])))]
    const held = new Map((await store.heldSubjects(tx, ids)).map((s) => [s.id, s]))
    const matches: { q: Question; by: Code; held: store.HeldSubject }[] = []
    const fresh: Question[] = []
    for (const { q, hit } of hits) {
      const subject = hit ? held.get(hit.id) : undefined
      if (hit && subject && !isAnother(q, hit.by, subject)) matches.push({ q, by: hit.by, held: subject })
      else fresh.push(q)
    }
    await answerHeld(tx, matches, round)
    await makeNew(tx, ctx, fresh, round)
  }
  return questions.map((q) => q.answer ?? unresolved())
}

/** What `resolveSubjects` would answer, without making anything: the subject held, a difference, or null for a new one. */
export type Foreseen = { held: store.HeldSubject; sameName: boolean; kept: boolean } | 'no_code' | null
export const foreseeSubjects = async (db: Reader, ctx: Ctx, asks: readonly SubjectAsk[]): Promise<Foreseen[]> => {
  const questions = questionsOf(ctx, asks)
  const open = [...new Set(questions)].filter((q) => q.codes.length)
  const subjectOf = await lookUp(db, open)
  const hits = new Map(open.map((q) => [q, subjectOf(q)]))
  const ids = [...new Set([...hits.values()].flatMap((h) => (h ? [h.id] : [])))]
  const held = new Map((await store.heldSubjects(db, ids)).map((s) => [s.id, s]))
  const found = new Map<Question, store.HeldSubject>()
  for (const [q, hit] of hits) {
    const subject = hit ? held.get(hit.id) : undefined
    if (hit && subject && !isAnother(q, hit.by, subject)) found.set(q, subject)
  }
  const differ = [...found].filter(([q, s]) => s.nameKey !== q.key)
  const pairs = differ.map(([q, s]) => ({ subjectId: s.id, nameKey: q.key }))
  const known = new Map((await store.otherNames(db, pairs)).map((n) => [`${n.subjectId} ${n.nameKey}`, n.as]))
  return questions.map((q) => {
    if (!q.codes.length) return 'no_code'
    const subject = found.get(q)
    if (!subject) return null
    const as = subject.nameKey === q.key ? 'name' : known.get(`${subject.id} ${q.key}`)
    return { held: subject, sameName: as === 'name', kept: as === 'kept' }
  })
}

const unresolved = (): never => {
  throw new Error('a subject could be neither found nor made')
}

/** Puts conflicts before the credit office; the same difference once. Answers how many are new. */
export const openConflicts = async (
  tx: Tx,
  ctx: Ctx,
  differences: readonly { conflict: SubjectConflict; source: string }[],
): Promise<number> => {
  const rows = differences.flatMap(({ conflict, source }) =>
    conflict.subjectId && conflict.kind !== 'no_code'
      ? [
          {
            subjectId: conflict.subjectId,
            id: newId(),
            kind: conflict.kind,
            held: conflict.held,
            offered: conflict.offered,
            offeredKey: nameKey(conflict.offered),
            source,
          },
        ]
      : [],
  )
  const once = [...new Map(rows.map((r) => [`${r.subjectId} ${r.kind} ${r.offeredKey}`, r])).values()]
  const opened = await store.insertConflicts(tx, once, ctx.clock.now())
  for (const c of opened) {
    recordAct(tx, ctx, {
      act: 'subjects.open_conflict',
      target: { kind: 'conflict', id: c.id },
      subjectId: c.subjectId,
      details: { kind: c.kind },
    })
  }
  return opened.length
}
