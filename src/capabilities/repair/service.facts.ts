import { normaliseCode } from '../../kernel/codes.ts'
import { Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { fill, say } from '../../kernel/words.ts'
import { docKey } from '../../kernel/text.ts'
import { type Ctx, actorRef, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, recordAct } from '../../platform/outbox.ts'
import { authorityById } from '../access/index.ts'
import { findRecords, listRecordsOfSubject } from '../records/index.ts'
import { maskName } from '../../kernel/mask.ts'
import { findSubjectByCode, findSubjectByPersonId, subjectsById } from '../subjects/index.ts'
import type { SharedFact } from './contract.ts'
import { type FactGiven, type FactView, refusals } from './contract.facts.ts'
import { type FactRow, mayShare } from './rules.facts.ts'
import { isNegative } from './service.ts'
import * as store from './store.facts.ts'

/** What authorities know and say, so that nobody asks the applicant for it. */

type Sharer = { id: string; name: string; system: string; via: FactRow['via'] }
const sharerOf = async (ctx: Ctx, tx: Tx): Promise<Sharer> => {
  const id = authorityOf(ctx.actor) ?? mustNot('FORBIDDEN')
  const authority = (await authorityById(tx, id)) ?? mustNot('FORBIDDEN')
  return { id, name: authority.name, system: authority.system, via: ctx.actor.kind === 'key' ? 'system' : 'person' }
}

const subjectNamed = async (tx: Tx, ctx: Ctx, given: FactGiven): Promise<{ id: string }> => {
  if ((given.code === undefined) === (given.personId === undefined)) mustNot('FACT_NEEDS_SUBJECT')
  const found = given.code
    ? await findSubjectByCode(tx, normaliseCode(given.code))
    : await findSubjectByPersonId(tx, ctx, given.personId ?? '')
  return found ?? mustNot('NO_SUCH_APPLICANT')
}

const recordNamed = async (tx: Tx, ctx: Ctx, subjectId: string, docNo: string | undefined) => {
  if (docNo === undefined) return null
  const key = docKey(docNo)
  const rows = await listRecordsOfSubject(tx, subjectId)
  return (
    rows.find((r) => r.state === 'held' && isNegative(ctx, r.item) && docKey(r.docNo) === key) ??
    mustNot('FACT_RECORD_UNKNOWN', { doc: docNo })
  )
}

type Taken = { verdict: 'taken' | 'already_held'; id: string }
/** What an authority says anew replaces what it said before; the same again changes nothing. */
const take = async (tx: Tx, ctx: Ctx, sharer: Sharer, given: FactGiven): Promise<Taken> => {
  const subject = await subjectNamed(tx, ctx, given)
  const on = given.on as FactRow['on']
  const record = await recordNamed(tx, ctx, subject.id, given.docNo)
  const named = { fact: given.fact, on, hasDocNo: record !== null }
  const { rule } = unwrap(
    mayShare(named, record, { authorityId: sharer.id, system: sharer.system }, ctx.policy, today(ctx)),
  )
  const recordId = record?.id ?? null
  await store.holdFacts(tx, subject.id, sharer.id)
  const held = await store.standingFact(tx, {
    subjectId: subject.id,
    fact: given.fact,
    authorityId: sharer.id,
    recordId,
  })
  if (held && held.value === given.value && held.on === on) return { verdict: 'already_held', id: held.id }
  const at = ctx.clock.now()
  const by = actorRef(ctx.actor)
  if (held) await store.saveWithdrawals(tx, held, { at, by, why: '以新共享的事实为准' })
  const row: FactRow = {
    subjectId: subject.id,
    id: newId(),
    fact: given.fact,
    value: given.value,
    on,
    recordId,
    authorityId: sharer.id,
    authorityName: sharer.name,
    via: sharer.via,
    reference: given.reference,
    rule,
    givenAt: at,
    givenBy: by,
    withdrawnAt: null,
    withdrawnWhy: null,
  }
  if (!(await store.insertFact(tx, row))) mustNot('STALE')
  recordAct(tx, ctx, {
    act: 'repair.share_fact',
    target: { kind: 'fact', id: row.id },
    subjectId: row.subjectId,
    details: { fact: row.fact, value: row.value, record: row.recordId, rule, replaces: held?.id ?? null },
  })
  announce(tx, ctx, {
    kind: 'repair.fact_shared',
    subjectId: row.subjectId,
    ...(row.recordId ? { recordId: row.recordId } : {}),
    details: { fact: row.id },
  })
  return { verdict: 'taken', id: row.id }
}

const sentenceOf = (ctx: Ctx, refused: Refused): { code: string; message: string } => {
  const { code, params } = refused.refusals[0]!
  const words = (refusals as Record<string, { zh: string; en: string }>)[code] ?? NO_APPLICANT
  return { code, message: fill(say(words, ctx.lang), params ?? {}, ctx.lang) }
}
const NO_APPLICANT = {
  zh: '没有查到这个信用主体，请核对代码后重试。',
  en: 'No such subject was found. Check the code and try again.',
}

/** Row by row: a wrong one keeps nobody else's out. */
export const shareFacts = async (ctx: Ctx, ask: { facts: FactGiven[] }) =>
  inTx(ctx, async (tx) => {
    const sharer = await sharerOf(ctx, tx)
    const rows: {
      verdict: Taken['verdict'] | 'refused'
      id: string | null
      code: string | null
      message: string | null
    }[] = []
    for (const given of ask.facts) {
      try {
        rows.push({ ...(await take(tx, ctx, sharer, given)), code: null, message: null })
      } catch (error) {
        // A refusal is said before anything of its row is written.
        if (!(error instanceof Refused) || error.refusals[0]?.code === 'STALE') throw error
        rows.push({ verdict: 'refused', id: null, ...sentenceOf(ctx, error) })
      }
    }
    return { rows }
  })

const nameIn = (subject: { kind: string; name: string } | undefined): string =>
  subject?.kind === 'natural_person' ? maskName(subject.name) : (subject?.name ?? '')

const viewsOf = async (ctx: Ctx, db: Tx | Ctx['db']['kysely'], rows: readonly FactRow[]): Promise<FactView[]> => {
  const subjects = await subjectsById(db, [...new Set(rows.map((r) => r.subjectId))])
  const records = await findRecords(
    db,
    rows.flatMap((r) => (r.recordId ? [{ subjectId: r.subjectId, id: r.recordId }] : [])),
  )
  const mine = authorityOf(ctx.actor)
  return rows.map((r) => ({
    subjectId: r.subjectId,
    id: r.id,
    subjectName: nameIn(subjects.get(r.subjectId)),
    fact: r.fact,
    value: r.value,
    on: r.on,
    docNo: records.find((x) => x.id === r.recordId)?.docNo ?? null,
    authorityName: r.authorityName,
    via: r.via,
    reference: r.reference,
    givenAt: r.givenAt,
    withdrawnAt: r.withdrawnAt,
    withdrawnWhy: r.withdrawnWhy,
    mayWithdraw: r.withdrawnAt === null && r.authorityId === mine,
  }))
}

export const listFacts = async (
  ctx: Ctx,
  ask: {
    fact?: SharedFact | undefined
    view?: 'standing' | 'withdrawn' | undefined
    after?: string | undefined
    limit: number
  },
) => {
  const authorityId = authorityOf(ctx.actor) ?? mustNot('FORBIDDEN')
  const rows = await store.listFacts(ctx.db.kysely, {
    ...ask,
    authorityId,
    after: readCursor(ask.after, 'instant', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (r) => [r.givenAt, r.id])
  return { rows: await viewsOf(ctx, ctx.db.kysely, page.rows), next: page.next }
}

export const withdrawFact = (ctx: Ctx, ask: { subject: string; id: string; reason: string }): Promise<FactView> =>
  inTx(ctx, async (tx) => {
    const authorityId = authorityOf(ctx.actor) ?? mustNot('FORBIDDEN')
    const row = (await store.findFact(tx, authorityId, ask)) ?? mustNot('NO_SUCH_FACT')
    if (row.withdrawnAt !== null) mustNot('FACT_WITHDRAWN')
    const at = ctx.clock.now()
    await store.saveWithdrawals(tx, row, { at, by: actorRef(ctx.actor), why: ask.reason })
    recordAct(tx, ctx, {
      act: 'repair.withdraw_fact',
      target: { kind: 'fact', id: row.id },
      subjectId: row.subjectId,
      details: { fact: row.fact, record: row.recordId },
    })
    announce(tx, ctx, {
      kind: 'repair.fact_withdrawn',
      subjectId: row.subjectId,
      ...(row.recordId ? { recordId: row.recordId } : {}),
      details: { fact: row.id },
    })
    const [view] = await viewsOf(ctx, tx, [{ ...row, withdrawnAt: at, withdrawnWhy: ask.reason }])
    return view!
  })
