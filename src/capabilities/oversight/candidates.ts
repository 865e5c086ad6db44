import type { FileReply } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Words, say } from '../../kernel/words.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Authority, listAuthorities } from '../access/index.ts'
import { post } from '../messages/index.ts'
import { subjectsById } from '../subjects/index.ts'
import type { CandidateView } from './contract.ts'
import { type Format, fileOf } from './export.ts'
import { type CandidateRule, type Listed, type Proven, provenBy } from './rules.ts'
import { scopeFor } from './service.ts'
import { type Answer, CANDIDATE_MOVES, CANDIDATE_STATES, type CandidateState } from './states.ts'
import * as store from './store.candidates.ts'
import { scopeOf } from './store.ts'
import { ANSWER_WORDS, CANDIDATE_STATE_WORDS, OUT_OF_REACH, PROOF_WORDS } from './words.ts'

/** Persistently abnormal enterprises (GZ24 二(八)): the two conditions are proven from the entries, then handed to the registrar. */

const ruleOn = (ctx: Ctx) => {
  const row = settingOf(ctx.policy, 'revocation_candidates', today(ctx))
  return row && { row, value: row.value as CandidateRule }
}

const SUBJECTS_AT_ONCE = 500
/** Looks through all entries; new candidates come in, those whose conditions have gone drop out. */
const lookThrough = async (ctx: Ctx, rule: CandidateRule): Promise<{ found: number; dropped: number }> => {
  const proven = new Set<string>()
  let found = 0
  for (let after: string | null = null; ; ) {
    const ids: string[] = await store.subjectsToProve(ctx.db.kysely, rule, after, SUBJECTS_AT_ONCE)
    const [entries, subjects] = [await store.listedOf(ctx.db.kysely, ids), await subjectsById(ctx.db.kysely, ids)]
    const candidates = ids.flatMap((subjectId) => {
      const subject = subjects.get(subjectId)
      if (subject?.status !== 'active') return []
      const proof = provenBy(entries.get(subjectId) ?? [], rule, today(ctx))
      return proof ? [{ subjectId, division: subject.division ?? '', proof }] : []
    })
    for (const c of candidates) proven.add(c.subjectId)
    await inTx(ctx, async (tx) => {
      for (const c of candidates) {
        const put = { ...c, id: newId(), policyVersion: ctx.policy.version, at: ctx.clock.now() }
        if ((await store.putCandidate(tx, put)) === 'new') found += 1
      }
    })
    const last = ids.at(-1)
    if (!last || ids.length < SUBJECTS_AT_ONCE) break
    after = last
  }
  const gone = (await store.openCandidates(ctx.db.kysely)).filter((id) => !proven.has(id))
  await inTx(ctx, (tx) => store.dropCandidates(tx, gone, ctx.clock.now()))
  return { found, dropped: gone.length }
}
export const findDaily = async (ctx: Ctx): Promise<void> => {
  const rule = ruleOn(ctx)
  if (rule) await lookThrough(ctx, rule.value)
}
export const findCandidates = async (ctx: Ctx): Promise<{ found: number; dropped: number }> => {
  const rule = ruleOn(ctx) ?? mustNot('NO_REVOCATION_RULE')
  const result = await lookThrough(ctx, rule.value)
  await inTx(ctx, (tx) => {
    recordAct(tx, ctx, {
      act: 'oversight.find_candidates',
      target: { kind: 'revocation_candidates', id: ctx.policy.jurisdiction.code },
      details: result,
    })
    return Promise.resolve()
  })
  return result
}

const causeWords = (ctx: Ctx, cause: string | null): Words =>
  ctx.policy.listCauses.find((c) => c.code === cause)?.name ?? { zh: '其他', en: 'Other' }
const entriesView = (ctx: Ctx, entries: readonly Listed[]) =>
  entries.map((e) => ({
    recordId: e.recordId,
    cause: causeWords(ctx, e.cause),
    docNo: e.docNo,
    authorityName: e.authorityName,
    since: e.decidedOn,
  }))
const proofWords = ({ proof, rule }: Proven): Words => ({
  zh: say(PROOF_WORDS[proof], 'zh', { years: rule.years }),
  en: say(PROOF_WORDS[proof], 'en', { years: rule.years }),
})

const viewsOf = async (ctx: Ctx, db: Reader, rows: readonly store.CandidateRow[]): Promise<CandidateView[]> => {
  const ids = rows.map((r) => r.subjectId)
  const [subjects, entries] = [await subjectsById(db, ids), await store.listedOf(db, ids)]
  const rule = ruleOn(ctx)
  return rows.map((r) => {
    const subject = subjects.get(r.subjectId)
    const own = ctx.actor.kind === 'person' && ctx.actor.authorityId === r.registrarId
    const moves = movesFrom(CANDIDATE_MOVES, r.state, rolesOf(ctx.actor))
    return {
      id: r.id,
      subjectId: r.subjectId,
      name: subject?.name ?? '',
      code: subject?.code ?? null,
      division: r.division,
      state: r.state,
      proof: { kind: r.proof.proof, says: proofWords(r.proof), entries: entriesView(ctx, r.proof.notReporting) },
      outOfReach: { says: OUT_OF_REACH, entries: entriesView(ctx, r.proof.outOfReach) },
      stillProven: rule !== null && provenBy(entries.get(r.subjectId) ?? [], rule.value, today(ctx)) !== null,
      provenAt: r.provedAt,
      rule: rule && {
        instrument: rule.row.instrument,
        article: rule.row.article,
        unsure: rule.row.unsure,
        note: rule.row.note,
      },
      registrarName: r.registrarName,
      handedAt: r.handedAt,
      answer: r.answer,
      answerNote: r.answerNote,
      answerDocNo: r.answerDocNo,
      answeredAt: r.answeredAt,
      actions: moves.filter((m) => m !== 'answer' || own),
      version: r.version,
    }
  })
}

type ListAsk = { state?: CandidateState | undefined; division?: string | undefined }
export const listCandidates = async (ctx: Ctx, ask: ListAsk & { after?: string | undefined; limit: number }) => {
  const scope = await scopeFor(ctx, undefined)
  const db = ctx.db.kysely
  const rows = await store.listCandidates(db, scope, {
    ...ask,
    after: readCursor(ask.after, 'uuid'),
    limit: ask.limit + 1,
  })
  const counts = await store.countCandidates(db, scope, ask)
  const page = pageOf(rows, ask.limit, (r) => [r.id])
  const rule = ruleOn(ctx)
  return {
    rows: await viewsOf(ctx, db, page.rows),
    next: page.next,
    byState: Object.fromEntries(
      CANDIDATE_STATES.map((s) => [s, counts.find((c) => c.state === s)?.count ?? 0]),
    ) as Record<CandidateState, number>,
    rule: rule && {
      years: rule.value.years,
      standing: rule.value.standing,
      instrument: rule.row.instrument,
      article: rule.row.article,
      unsure: rule.row.unsure,
      note: rule.row.note,
    },
  }
}

/** The market supervision authority of the place of registration: the nearest over it. */
const registrarOf = async (db: Reader, division: string): Promise<Authority | null> =>
  (await listAuthorities(db, { system: 'market_supervision', active: true }))
    .filter((a) => covers(a.division, division))
    .toSorted((a, b) => territoryPrefix(b.division).length - territoryPrefix(a.division).length)[0] ?? null

export const handOverCandidate = (ctx: Ctx, ask: { id: string; seen: number }): Promise<CandidateView> =>
  inTx(ctx, async (tx) => {
    const scope = scopeOf(ctx.actor)
    const held = (await store.findCandidate(tx, scope, ask.id)) ?? mustNot('NOT_FOUND')
    unwrap(step(CANDIDATE_MOVES, held.state, 'hand_over', rolesOf(ctx.actor)))
    const rule = ruleOn(ctx) ?? mustNot('NO_REVOCATION_RULE')
    const entries = await store.listedOf(tx, [held.subjectId])
    const subject = (await subjectsById(tx, [held.subjectId])).get(held.subjectId)
    const proof = provenBy(entries.get(held.subjectId) ?? [], rule.value, today(ctx))
    if (!proof || subject?.status !== 'active') return mustNot('NO_LONGER_PROVEN')
    const registrar = (subject.division && (await registrarOf(tx, subject.division))) || mustNot('NO_REGISTRAR')
    const at = ctx.clock.now()
    const saved = { id: held.id, proof, registrar, at, by: actorRef(ctx.actor), seen: ask.seen }
    if (!(await store.saveHandOver(tx, saved))) mustNot('STALE')
    await post(tx, ctx, {
      to: { authorityId: registrar.id, role: 'head' },
      kind: 'revocation_candidate',
      title: { zh: '长期异常经营主体移交', en: 'A persistently abnormal enterprise was handed over' },
      body: {
        zh: `“${subject.name}”${proofWords(proof).zh}；${OUT_OF_REACH.zh}。请依法处理并答复。`,
        en: `“${subject.name}”: ${proofWords(proof).en}; ${OUT_OF_REACH.en}. Please act as the law provides and answer.`,
      },
      link: '/app/oversight?view=candidates',
      about: { kind: 'revocation_candidate', id: held.id },
      by: ['inbox'],
      key: `revocation-candidate/${held.id}/${held.version}`,
    })
    recordAct(tx, ctx, {
      act: 'oversight.hand_over_candidate',
      target: { kind: 'revocation_candidate', id: held.id },
      subjectId: held.subjectId,
      details: {
        registrar: registrar.id,
        proof: proof.proof,
        records: proof.notReporting.length + proof.outOfReach.length,
      },
    })
    const [view] = await viewsOf(ctx, tx, [(await store.findCandidate(tx, scope, ask.id)) ?? mustNot('NOT_FOUND')])
    return view ?? mustNot('NOT_FOUND')
  })

export const answerCandidate = (
  ctx: Ctx,
  ask: { id: string; seen: number; answer: Answer; docNo: string; note: string },
): Promise<CandidateView> =>
  inTx(ctx, async (tx) => {
    const scope =
      ctx.actor.kind === 'person' && ctx.actor.authorityId
        ? { authorityId: ctx.actor.authorityId }
        : mustNot('FORBIDDEN')
    const held = (await store.findCandidate(tx, scope, ask.id)) ?? mustNot('NOT_FOUND')
    unwrap(step(CANDIDATE_MOVES, held.state, 'answer', rolesOf(ctx.actor)))
    if (ask.answer === 'revoked' && !ask.docNo) mustNot('ANSWER_DOC_MISSING')
    const saved = { ...ask, at: ctx.clock.now(), by: actorRef(ctx.actor) }
    if (!(await store.saveAnswer(tx, saved))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'oversight.answer_candidate',
      target: { kind: 'revocation_candidate', id: held.id },
      subjectId: held.subjectId,
      details: { answer: ask.answer },
    })
    const [view] = await viewsOf(ctx, tx, [(await store.findCandidate(tx, scope, ask.id)) ?? mustNot('NOT_FOUND')])
    return view ?? mustNot('NOT_FOUND')
  })

// ---- the file

const HEAD: Words[] = [
  { zh: '企业名称', en: 'Enterprise' },
  { zh: '统一社会信用代码', en: 'Unified code' },
  { zh: '登记地', en: 'Place of registration' },
  { zh: '条件一：连续未报年报且未改正', en: 'Condition 1: annual reports not published, not mended' },
  { zh: '条件一的列入记录', en: 'Entries that prove it' },
  { zh: '条件二：无法取得联系', en: 'Condition 2: out of reach' },
  { zh: '条件二的列入记录', en: 'Entries that prove it' },
  { zh: '状态', en: 'State' },
  { zh: '登记机关', en: 'Registrar' },
  { zh: '答复', en: 'Answer' },
  { zh: '答复文书号', en: 'Document of the answer' },
]
const EXPORT_PAGE = 200
export const exportCandidates = async (ctx: Ctx, ask: ListAsk & { format: Format }): Promise<FileReply> => {
  const scope = await scopeFor(ctx, undefined)
  await inTx(ctx, (tx) => {
    recordAct(tx, ctx, {
      act: 'oversight.export_candidates',
      target: { kind: 'revocation_candidates', id: ctx.policy.jurisdiction.code },
      details: { state: ask.state ?? null },
    })
    return Promise.resolve()
  })
  const { lang } = ctx
  const place = (code: string) => ctx.policy.divisions.find((d) => d.code === code)?.name[lang] ?? code
  const entries = (list: CandidateView['proof']['entries']) =>
    list
      .map((e) => `${e.docNo} ${e.authorityName} ${dayWords(e.since as LocalDate)[lang]}${lang === 'zh' ? '列入' : ''}`)
      .join(lang === 'zh' ? '；' : '; ')
  const rows = async function* () {
    for (let after: readonly [string] | null = null; ; ) {
      const batch: store.CandidateRow[] = await store.listCandidates(ctx.db.kysely, scope, {
        ...ask,
        after,
        limit: EXPORT_PAGE,
      })
      for (const c of await viewsOf(ctx, ctx.db.kysely, batch))
        yield [
          c.name,
          c.code ?? '',
          place(c.division),
          c.proof.says[lang],
          entries(c.proof.entries),
          c.outOfReach.says[lang],
          entries(c.outOfReach.entries),
          CANDIDATE_STATE_WORDS[c.state][lang],
          c.registrarName ?? '',
          c.answer ? ANSWER_WORDS[c.answer][lang] : '',
          c.answerDocNo ?? '',
        ]
      const last = batch.at(-1)
      if (!last || batch.length < EXPORT_PAGE) return
      after = [last.id]
    }
  }
  return fileOf(
    { zh: `长期异常经营主体清单-${today(ctx)}`, en: `persistently-abnormal-${today(ctx)}` },
    { lang, format: ask.format, head: HEAD.map((w) => w[lang]), rows: rows() },
  )
}
