import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { repairUscc } from '../../kernel/codes.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { termOf } from '../../kernel/eligibility.ts'
import { pageOf, readCursor } from '../../kernel/page.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { fill } from '../../kernel/words.ts'
import { addWorkdays, calendarOf } from '../../kernel/workdays.ts'
import { type Ctx, actorName, actorRef, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { listAuthorities } from '../access/index.ts'
import { post } from '../messages/index.ts'
import { getSubject } from '../subjects/index.ts'
import type { Answer, TaskRow, TaskView } from './contract.ts'
import { applyAnswer, effectOf } from './effects.ts'
import { addressee, categoryOf, checkAnswer, isOverdue, mustBeAnother, registrarOf } from './rules.ts'
import { sniffProof } from './sniff.ts'
import { OWED_STATES, TASK_MOVES } from './states.ts'
import * as store from './store.ts'
import { MESSAGES, OUTCOME_WORDS, TASK_KIND_WORDS, type TaskAction } from './words.ts'

// ---- who sees what

/** The authority that is asked sees its tasks; the credit office what lies in its territory; jobs see all. */
export const scopeOf = (ctx: Ctx): store.Scope => {
  const { actor } = ctx
  if (actor.kind === 'system') return 'all'
  if (actor.kind !== 'person') return 'none'
  if (hasRole(actor, 'credit_office') && actor.division)
    return { territory: territoryPrefix(actor.division), authorityId: actor.authorityId }
  return actor.authorityId ? { authorityId: actor.authorityId } : 'none'
}
const mustFind = async (ctx: Ctx, db: Reader, id: string): Promise<store.Task> =>
  (await store.findTask(db, scopeOf(ctx), id)) ?? mustNot('NO_SUCH_TASK')
const mustLock = async (ctx: Ctx, tx: Tx, id: string, seen: number): Promise<store.Task> => {
  const task = (await store.lockTask(tx, scopeOf(ctx), id)) ?? mustNot('NO_SUCH_TASK')
  return task.version === seen ? task : mustNot('STALE', { version: task.version })
}
/** What this person may do: who answers is of the authority that is asked, who accepts is of the credit office. */
const actionsOf = (ctx: Ctx, task: store.Task): TaskAction[] => {
  const mine = authorityOf(ctx.actor) === task.authorityId
  return movesFrom(TASK_MOVES, task.state, rolesOf(ctx.actor)).filter((a) => a !== 'answer' || mine)
}
const mustMove = (ctx: Ctx, task: store.Task, action: TaskAction) => {
  const to = unwrap(step(TASK_MOVES, task.state, action, rolesOf(ctx.actor)))
  if (action === 'answer' && authorityOf(ctx.actor) !== task.authorityId) mustNot('NOT_YOUR_MOVE', { action })
  return to
}

// ---- views

export const rowOf = (task: store.Task, on: LocalDate): TaskRow => {
  const {
    id,
    no,
    kind,
    name,
    held,
    offered,
    division,
    authorityName,
    toOffice,
    state,
    openedOn,
    dueOn,
    outcome,
    version,
  } = task
  const overdue = isOverdue(task, on)
  return {
    id,
    no,
    kind,
    name,
    held,
    offered,
    division,
    authorityName,
    toOffice,
    state,
    overdue,
    openedOn,
    dueOn,
    outcome,
    version,
  }
}

const sourceOf = async (db: Reader, task: store.Task): Promise<string> => {
  if (task.submissionId && task.rowN !== null) {
    const row = await store.wrongRow(db, task.submissionId, task.rowN)
    return row ? `${row.authorityName} · ${row.submissionNo} · ${row.n}` : ''
  }
  const conflict = task.conflictId ? await store.conflictById(db, task.conflictId) : null
  return conflict?.source.startsWith('submission:') ? conflict.source.slice('submission:'.length) : ''
}

export const viewOf = async (ctx: Ctx, db: Reader, task: store.Task): Promise<TaskView> => {
  const subject = task.subjectId ? await getSubject(db, task.subjectId) : null
  const effect: store.Task['effect'] =
    task.effect ?? (task.state === 'answered' && task.answer ? await effectOf(db, task, task.answer) : null)
  const wrong = task.kind === 'wrong_code' && OWED_STATES.includes(task.state)
  const { caseId = null, ...shown } = effect ?? {}
  return {
    ...rowOf(task, today(ctx)),
    registrar: ctx.policy.usccCategories.find((c) => c.code === task.category)?.registrar ?? null,
    subjectCode: subject?.code ?? null,
    reason: task.reason,
    source: await sourceOf(db, task),
    term: {
      workdays: task.term.workdays,
      instrument: task.term.instrument,
      article: task.term.article,
      unsure: task.term.note,
      provisional: task.dueProvisional,
    },
    proof: task.proof ? { name: task.proof.name } : null,
    answer: task.answer,
    effect: effect ? (shown as NonNullable<TaskView['effect']>) : null,
    caseId,
    acts: (await store.actsOf(db, task.id)).map((a) => ({
      action: a.action as TaskView['acts'][number]['action'],
      at: a.at,
      by: a.actorName,
      note: a.note,
    })),
    actions: actionsOf(ctx, task),
    suggestions: wrong ? repairUscc(task.held, new Set(ctx.policy.usccCategories.map((c) => c.code))).slice(0, 5) : [],
  }
}

export const getTask = async (ctx: Ctx, { id }: { id: string }): Promise<TaskView> =>
  viewOf(ctx, ctx.db.kysely, await mustFind(ctx, ctx.db.kysely, id))

export const listTasks = async (ctx: Ctx, ask: { view: store.View; after?: string | undefined; limit: number }) => {
  const db = ctx.db.kysely
  const scope = scopeOf(ctx)
  const on = today(ctx)
  const rows = await store.listTasks(db, scope, {
    view: ask.view,
    today: on,
    after: readCursor(ask.after, 'day', 'uuid'),
    limit: ask.limit + 1,
  })
  const page = pageOf(rows, ask.limit, (t) => [t.dueOn, t.id])
  return { rows: page.rows.map((t) => rowOf(t, on)), next: page.next, counts: await store.countTasks(db, scope, on) }
}

// ---- what is written about each move

export const write = async (
  tx: Tx,
  ctx: Ctx,
  task: Pick<store.Task, 'id' | 'state' | 'subjectId'>,
  move: { action: string; to: string; note?: string; details?: Record<string, unknown> },
): Promise<void> => {
  await store.insertAct(tx, {
    aboutId: task.id,
    id: newId(),
    action: move.action,
    from: move.action === 'open' ? null : task.state,
    to: move.to,
    at: ctx.clock.now(),
    actor: actorRef(ctx.actor),
    actorName: actorName(ctx.actor),
    authorityId: authorityOf(ctx.actor),
    note: move.note ?? '',
  })
  recordAct(tx, ctx, {
    act: `corrections.${move.action}_task`,
    target: { kind: 'code_task', id: task.id },
    ...(task.subjectId ? { subjectId: task.subjectId } : {}),
    details: { to: move.to, ...move.details },
  })
}

const say = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})
const tell = async (
  tx: Tx,
  ctx: Ctx,
  task: Pick<store.Task, 'id' | 'no' | 'name'>,
  what: keyof typeof MESSAGES,
  ask: { authorityId: string; office: boolean; turn: number; params: Record<string, unknown> },
): Promise<void> => {
  const params = { ...ask.params, no: task.no, name: task.name }
  await post(tx, ctx, {
    to: { authorityId: ask.authorityId, role: ask.office ? 'credit_office' : 'officer' },
    kind: 'code_task',
    title: say(MESSAGES[what].title, params),
    body: say(MESSAGES[what].body, params),
    link: `/app/codes/tasks/${task.id}`,
    about: { kind: 'code_task', id: task.id },
    by: ['inbox', 'email'],
    key: `code_task:${task.id}:${what}:${ask.turn}`,
  })
}

const dueFrom = (ctx: Ctx, termStep: 'answer' | 'answer_again') => {
  const on = today(ctx)
  const term = termOf(ctx.policy, 'corrections', termStep, on)
  if (!term) throw new Error(`the policy names no term for corrections.${termStep}`)
  const due = addWorkdays(calendarOf(ctx.policy), on, term.workdays ?? 0)
  const { workdays, instrument, article, note } = term
  return { on, dueOn: due.day, dueProvisional: due.provisional, term: { workdays, instrument, article, note } }
}

// ---- opening

type About = Pick<
  store.NewTask,
  'kind' | 'subjectId' | 'conflictId' | 'submissionId' | 'rowN' | 'name' | 'held' | 'offered' | 'division'
> & {
  of: Parameters<typeof categoryOf>[1]
}
const openAbout = async (tx: Tx, ctx: Ctx, about: About, reason: string): Promise<string | null> => {
  const { of, ...what } = about
  const due = dueFrom(ctx, 'answer')
  const category = categoryOf(ctx.policy, of)
  const authorities = await listAuthorities(tx, { active: true })
  const to =
    addressee(authorities, registrarOf(ctx.policy, category, due.on), about.division) ?? mustNot('NO_ADDRESSEE')
  const task: store.NewTask = {
    ...what,
    id: newId(),
    no: await store.nextNumber(tx, 'task', due.on),
    category: category?.code ?? null,
    authorityId: to.authority.id,
    authorityName: to.authority.name,
    toOffice: to.toOffice,
    reason,
    openedOn: due.on,
    dueOn: due.dueOn,
    dueProvisional: due.dueProvisional,
    term: due.term,
    openedAt: ctx.clock.now(),
    openedBy: actorRef(ctx.actor),
  }
  if (!(await store.insertTask(tx, task))) return null
  await write(
    tx,
    ctx,
    { ...task, state: 'open' },
    { action: 'open', to: 'open', note: reason, details: { kind: task.kind } },
  )
  await tell(tx, ctx, task, 'opened', {
    authorityId: task.authorityId,
    office: task.toOffice,
    turn: 1,
    params: {
      kind: TASK_KIND_WORDS[task.kind],
      held: task.held || '—',
      offered: task.offered || '—',
      due: { zh: dayWords(task.dueOn).zh, en: dayWords(task.dueOn).en },
    },
  })
  return task.id
}

const ofConflict = (c: store.OpenConflict): About => ({
  kind: c.kind,
  subjectId: c.subjectId,
  conflictId: c.id,
  submissionId: null,
  rowN: null,
  name: c.name,
  held: c.held,
  offered: c.offered,
  division: c.division,
  of: { uscc: c.uscc, codeKind: null, kind: c.subjectKind },
})
const ofRow = (w: store.WrongRow, known: ReadonlySet<string>): About => ({
  kind: 'wrong_code',
  subjectId: null,
  conflictId: null,
  submissionId: w.submissionId,
  rowN: w.n,
  name: w.name,
  held: w.code,
  offered: '',
  division: /^\d{6}$/.test(w.code.slice(2, 8)) ? w.code.slice(2, 8) : w.division,
  of: { uscc: known.has(w.code.slice(0, 2)) ? w.code : null, codeKind: null, kind: null },
})
const ofOrganisation = (o: store.Organisation): About => ({
  kind: 'legacy_code',
  subjectId: o.id,
  conflictId: null,
  submissionId: null,
  rowN: null,
  name: o.name,
  held: o.code ?? '',
  offered: '',
  division: o.division,
  of: { uscc: null, codeKind: o.codeKind, kind: o.kind },
})

type OpenAsk = {
  subjectId: string | null
  conflictId: string | null
  submissionId: string | null
  n: number | null
  reason: string
}
const aboutOf = async (ctx: Ctx, tx: Tx, ask: OpenAsk): Promise<About> => {
  if (ask.conflictId) {
    const conflict = await store.conflictById(tx, ask.conflictId)
    if (!conflict || conflict.state !== 'open') return mustNot('NOTHING_TO_ASK')
    return conflict.subjectKind === 'natural_person' ? mustNot('NOT_FOR_PERSONS') : ofConflict(conflict)
  }
  if (ask.submissionId && ask.n) {
    const row = (await store.wrongRow(tx, ask.submissionId, ask.n)) ?? mustNot('NOTHING_TO_ASK')
    return ofRow(row, new Set(ctx.policy.usccCategories.map((c) => c.code)))
  }
  const subject = ask.subjectId ? await getSubject(tx, ask.subjectId) : null
  if (subject?.kind === 'natural_person') return mustNot('NOT_FOR_PERSONS')
  const organisation = ask.subjectId ? await store.organisation(tx, ask.subjectId) : null
  if (!organisation || organisation.uscc) return mustNot('NOTHING_TO_ASK')
  return ofOrganisation(organisation)
}

export const openTask = (ctx: Ctx, ask: OpenAsk): Promise<TaskView> =>
  inTx(ctx, async (tx) => {
    const about = await aboutOf(ctx, tx, ask)
    const territory = ctx.actor.kind === 'person' ? ctx.actor.division : null
    if (territory && about.division && !covers(territory, about.division)) mustNot('NOTHING_TO_ASK')
    const id = await openAbout(tx, ctx, about, ask.reason)
    const held = id ? null : await store.taskAbout(tx, { ...ask, subjectId: about.subjectId })
    if (!id) return mustNot('TASK_EXISTS', { no: held?.no ?? '' })
    return viewOf(ctx, tx, (await store.findTask(tx, 'all', id)) as store.Task)
  })

const AT_ONCE = 50
/** Job: every open conflict of organisations found until now is put before its registering authority. Answers how many. */
export const openFromConflicts = async (ctx: Ctx): Promise<number> => {
  const until = ctx.clock.now()
  let opened = 0
  for (;;) {
    const n = await inTx(ctx, async (tx) => {
      const conflicts = await store.conflictsToAsk(tx, until, AT_ONCE)
      if (!conflicts.length || !(await listAuthorities(tx, { active: true })).some((a) => a.isCreditOffice)) return 0
      let made = 0
      for (const c of conflicts) if (await openAbout(tx, ctx, ofConflict(c), '')) made++
      return made
    })
    opened += n
    if (n < AT_ONCE) return opened
  }
}

// ---- answering and accepting

export const attachProof = async (ctx: Ctx, ask: { id: string; file: StoredFile }): Promise<TaskView> => {
  const { file } = ask
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.files.read(file.hash)) chunks.push(chunk)
  const mediaType = sniffProof(Buffer.concat(chunks)) ?? mustNot('PROOF_TYPE', { file: file.name })
  return inTx(ctx, async (tx) => {
    const task = (await store.lockTask(tx, scopeOf(ctx), ask.id)) ?? mustNot('NO_SUCH_TASK')
    mustMove(ctx, task, 'answer')
    const proof = { hash: file.hash, name: file.name, mediaType }
    await store.saveProof(tx, task.id, proof)
    recordAct(tx, ctx, {
      act: 'corrections.attach_proof',
      target: { kind: 'code_task', id: task.id },
      details: { hash: file.hash },
    })
    return viewOf(ctx, tx, { ...task, proof })
  })
}
export const taskProof = async (ctx: Ctx, ask: { id: string }): Promise<FileReply> => {
  const task = await mustFind(ctx, ctx.db.kysely, ask.id)
  const proof = task.proof ?? mustNot('NO_PROOF')
  return { file: { name: proof.name, mediaType: proof.mediaType, body: ctx.files.read(proof.hash) } }
}

export const answerTask = (ctx: Ctx, ask: Answer & { id: string; seen: number }): Promise<TaskView> =>
  inTx(ctx, async (tx) => {
    const task = await mustLock(ctx, tx, ask.id, ask.seen)
    const to = mustMove(ctx, task, 'answer')
    const { id: _, seen, ...said } = ask
    const answer = unwrap(checkAnswer(task.kind, said, ctx.policy))
    if (task.kind === 'one_name_two_codes' && answer.code && ![task.held, task.offered].includes(answer.code))
      mustNot('ANSWER_CODE_OTHER', { held: task.held, offered: task.offered })
    const by = actorName(ctx.actor)
    const saved = await store.saveTask(tx, {
      id: task.id,
      seen,
      state: to,
      answer: { said: { ...answer, by }, on: today(ctx), at: ctx.clock.now(), by: actorRef(ctx.actor) },
    })
    if (!saved) mustNot('STALE')
    await write(tx, ctx, task, { action: 'answer', to, note: answer.text, details: { outcome: answer.outcome } })
    const office = (await listAuthorities(tx, { active: true })).filter(
      (a) => a.isCreditOffice && (task.division === null || covers(a.division, task.division)),
    )
    for (const o of office) {
      await tell(tx, ctx, task, 'answered', {
        authorityId: o.id,
        office: true,
        turn: task.version,
        params: { authority: task.authorityName, outcome: OUTCOME_WORDS[answer.outcome] },
      })
    }
    return viewOf(ctx, tx, (await store.findTask(tx, 'all', task.id)) as store.Task)
  })

/** What was answered is done: names, codes and every row that waits follow in this transaction. */
export const acceptAnswer = (ctx: Ctx, ask: { id: string; seen: number; note: string }): Promise<TaskView> =>
  inTx(ctx, async (tx) => {
    const task = await mustLock(ctx, tx, ask.id, ask.seen)
    const to = mustMove(ctx, task, 'accept')
    unwrap(mustBeAnother(task.answeredBy, actorRef(ctx.actor)))
    const answer = task.answer as NonNullable<store.Task['answer']>
    const effect = await applyAnswer(tx, ctx, task, answer)
    const closed = { outcome: answer.outcome, effect, at: ctx.clock.now(), by: actorRef(ctx.actor) }
    if (!(await store.saveTask(tx, { id: task.id, seen: ask.seen, state: to, closed }))) mustNot('STALE')
    const { records, pending, does } = effect
    await write(tx, ctx, task, {
      action: 'accept',
      to,
      note: ask.note,
      details: { outcome: answer.outcome, does, records, pending },
    })
    return viewOf(ctx, tx, (await store.findTask(tx, 'all', task.id)) as store.Task)
  })

export const sendBackAnswer = (ctx: Ctx, ask: { id: string; seen: number; note: string }): Promise<TaskView> =>
  inTx(ctx, async (tx) => {
    const task = await mustLock(ctx, tx, ask.id, ask.seen)
    const to = mustMove(ctx, task, 'send_back')
    const { dueOn, dueProvisional, term } = dueFrom(ctx, 'answer_again')
    if (!(await store.saveTask(tx, { id: task.id, seen: ask.seen, state: to, dueOn, dueProvisional, term })))
      mustNot('STALE')
    await write(tx, ctx, task, { action: 'send_back', to, note: ask.note })
    await tell(tx, ctx, task, 'returned', {
      authorityId: task.authorityId,
      office: task.toOffice,
      turn: task.version,
      params: { note: ask.note, due: dayWords(dueOn) },
    })
    return viewOf(ctx, tx, (await store.findTask(tx, 'all', task.id)) as store.Task)
  })

export const withdrawTask = (ctx: Ctx, ask: { id: string; seen: number; note: string }): Promise<TaskView> =>
  inTx(ctx, async (tx) => {
    const task = await mustLock(ctx, tx, ask.id, ask.seen)
    const to = mustMove(ctx, task, 'withdraw')
    const closed = { outcome: null, effect: null, at: ctx.clock.now(), by: actorRef(ctx.actor) }
    if (!(await store.saveTask(tx, { id: task.id, seen: ask.seen, state: to, closed }))) mustNot('STALE')
    await write(tx, ctx, task, { action: 'withdraw', to, note: ask.note })
    return viewOf(ctx, tx, (await store.findTask(tx, 'all', task.id)) as store.Task)
  })
