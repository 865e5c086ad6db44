import { mustNot } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Role } from '../../kernel/roles.ts'
import { dayWords } from '../../kernel/window.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { articleWords } from '../../kernel/article.ts'
import { type Ctx, actorRef, authorityOf, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, recordAct } from '../../platform/outbox.ts'
import { covers } from '../../kernel/territory.ts'
import { actingFor, listAuthorities } from '../access/index.ts'
import { post } from '../messages/index.ts'
import { type HeldRecord, dispose, disposeHeld } from '../records/index.ts'
import { effectWords } from './effects.ts'
import { marksPending } from './rules.ts'
import type { Letter } from './contract.ts'
import { letterOf } from './rules.letters.ts'
import { type ActAction, type ObjectionState, isRaised } from './states.ts'
import * as store from './store.ts'
import { MESSAGES, type MessageKey } from './words.messages.ts'
import { GROUND_WORDS, isRepairGround } from './words.ts'

/** Every move of an objection: saved against the version seen, written down, announced, told. */

export type Basis = { id: string; instrument: Words; article: string }
export const basisOf = (ctx: Ctx, row: Basis, inputs: Record<string, unknown> = {}): store.ActBasis => ({
  rule: row.id,
  version: ctx.policy.version,
  instrument: row.instrument,
  article: row.article,
  inputs,
})

export type By = store.Act['by']
type Move = {
  action: ActAction
  to: ObjectionState
  by: By
  change?: Partial<store.Objection>
  note?: string
  basis?: store.ActBasis | null
  letter?: Letter | null
  /** Past tense, as it is announced; nothing is announced without. */
  past?: string
}

const writeAct = (tx: Tx, ctx: Ctx, o: store.Objection, move: Move): Promise<void> =>
  store.insertAct(tx, {
    subjectId: o.subjectId,
    id: newId(),
    objectionId: o.id,
    action: move.action,
    from: o.state,
    to: move.to,
    at: ctx.clock.now(),
    on: today(ctx),
    actor: actorRef(ctx.actor),
    by: move.by,
    authorityId: authorityOf(ctx.actor),
    authorityName: move.by === 'authority' ? o.authorityName : null,
    note: move.note ?? '',
    basis: move.basis ?? null,
    letter: move.letter ?? null,
  })

const tellWorld = (tx: Tx, ctx: Ctx, o: store.Objection, move: Move): void => {
  recordAct(tx, ctx, {
    act: `objections.${move.action}`,
    target: { kind: 'objection', id: o.id },
    subjectId: o.subjectId,
    details: { from: o.state, to: move.to, ground: o.ground, ...(move.basis ? { rule: move.basis.rule } : {}) },
  })
  if (!move.past) return
  const takeUp = move.change?.effect?.does === 'reopen' ? o.refusedItem : null
  announce(tx, ctx, {
    kind: `objection.${move.past}`,
    subjectId: o.subjectId,
    recordId: o.recordId,
    item: o.recordItem,
    division: o.division,
    details: { objection: o.id, ground: o.ground, state: move.to, ...(takeUp ? { takeUp } : {}) },
  })
}

/** The first thing that happens to an objection without a draft: it is there, and it is said so. */
export const begin = async (tx: Tx, ctx: Ctx, o: store.Objection, move: Move): Promise<void> => {
  await store.insertObjection(tx, o).catch((error: unknown) => {
    if (store.isPendingAlready(error)) return mustNot('OBJECTION_PENDING', { no: '' })
    throw error
  })
  await writeAct(tx, ctx, o, move)
  tellWorld(tx, ctx, o, move)
}

export const moveOn = async (tx: Tx, ctx: Ctx, o: store.Objection, move: Move): Promise<store.Objection> => {
  const next: store.Objection = {
    ...o,
    ...move.change,
    state: move.to,
    updatedAt: ctx.clock.now(),
    version: o.version + 1,
  }
  const saved = await store.saveObjection(tx, next, o.version).catch((error: unknown) => {
    if (store.isPendingAlready(error)) return mustNot('OBJECTION_PENDING', { no: '' })
    throw error
  })
  if (!saved) mustNot('STALE')
  await writeAct(tx, ctx, o, move)
  tellWorld(tx, ctx, o, move)
  return next
}

// ---- the mark

/** Puts the mark on the record, where the pack says so: publicity, checks and the feed follow in the same commit. */
export const mark = async (tx: Tx, ctx: Ctx, o: store.Objection): Promise<boolean> => {
  const on = today(ctx)
  if (isRepairGround(o.ground) || !marksPending(ctx.policy, on)) return false
  const row = settingOf(ctx.policy, 'mark_pending_objection', on)
  await dispose(tx, ctx, {
    subjectId: o.subjectId,
    recordId: o.recordId,
    kind: 'disputed',
    channel: null,
    effectiveFrom: on,
    reason: GROUND_WORDS[o.ground].zh,
    basis: row ? { ...basisOf(ctx, row), objection: o.no } : { objection: o.no },
    caseId: o.id,
  })
  return true
}

/** Takes the mark away once nothing else is pending about the record. The record is held already, and the objection saved. */
export const unmark = async (tx: Tx, ctx: Ctx, o: store.Objection, held: HeldRecord | null): Promise<void> => {
  if (!o.marked) return
  const ask = {
    kind: 'dispute_closed',
    channel: null,
    effectiveFrom: today(ctx),
    reason: '异议办结',
    basis: { objection: o.no, state: o.state },
    caseId: o.id,
  } as const
  const others = (await store.pendingAbout(tx, o.subjectId, [o.recordId])).filter((p) => p.id !== o.id && p.marked)
  if (others.length) return
  if (held) await disposeHeld(tx, ctx, held, ask)
  else await dispose(tx, ctx, { ...ask, subjectId: o.subjectId, recordId: o.recordId })
}

// ---- letters and messages

export const letterFor = (
  kind: Letter['kind'],
  ctx: Ctx,
  o: store.Objection,
  of: { signedBy: string; text: string; basis: readonly Basis[] },
): Letter | null =>
  letterOf(kind, {
    no: o.no ?? '',
    addressee: o.subjectName,
    docNo: o.docNo,
    recordAuthority: o.recordAuthority,
    ground: o.ground,
    raised: isRaised(o.wayIn),
    signedBy: of.signedBy,
    on: today(ctx),
    dueOn: o.dueOn,
    provisional: o.dueProvisional,
    text: of.text,
    effect: o.effect && effectWords(ctx, o.effect, { item: o.recordItem, publishedOn: o.recordDecidedOn }),
    basis: of.basis.map(({ instrument, article }) => ({ instrument, article: articleWords(article) })),
  })

const say = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})
export const dueWords = (day: LocalDate | null): Words =>
  day ? dayWords(day) : { zh: '规定期限', en: 'the end of the term' }

type To = { personIds: readonly string[] } | { authorityId: string; role: Role }
export type Telling = {
  what: MessageKey
  to: To
  link: string
  about: { kind: string; id: string }
  key: string
  params: Record<string, unknown>
  by?: readonly ('inbox' | 'email' | 'sms')[]
}
export const tell = async (tx: Tx, ctx: Ctx, { what, to, link, about, key, params, by }: Telling): Promise<void> => {
  if ('personIds' in to && !to.personIds.length) return
  const { title, body } = MESSAGES[what]
  await post(tx, ctx, {
    to,
    kind: 'objection',
    title: say(title, params),
    body: say(body, params),
    link,
    about,
    by: by ?? ['inbox', 'email'],
    key: `objection:${about.id}:${what}:${key}`,
  })
}

const paramsOf = (o: store.Objection, text: string) => ({
  no: o.no ?? '',
  doc: o.docNo,
  ground: GROUND_WORDS[o.ground],
  authority: o.authorityName,
  due: dueWords(o.dueOn),
  text,
})
/**
 * To whoever acts for the subject, with the letter that was just written: how it was sent is then known of the letter. Of what
 * the finder, the public or the platform found, only what was put right is told.
 */
export const tellApplicant = async (
  tx: Tx,
  ctx: Ctx,
  o: store.Objection,
  what: MessageKey,
  more: Record<string, unknown> = {},
): Promise<void> => {
  const letter = await store.lastLetterOf(tx, o)
  if (!letter) return
  await tell(tx, ctx, {
    what,
    to: { personIds: (await actingFor(tx, [o.subjectId], today(ctx))).get(o.subjectId) ?? [] },
    link: `/app/objections/${o.subjectId}/${o.id}`,
    about: { kind: 'letter', id: letter },
    key: 'applicant',
    params: { ...paramsOf(o, ''), ...more },
    by: ['inbox', 'email', 'sms'],
  })
}
export const tellOfficials = (
  tx: Tx,
  ctx: Ctx,
  o: store.Objection,
  what: MessageKey,
  to: { authorityId: string; role: Role },
): Promise<void> =>
  tell(tx, ctx, {
    what,
    to,
    link: `/app/objections/cases/${o.subjectId}/${o.id}`,
    about: { kind: 'objection', id: o.id },
    key: `${o.version}:${to.role}`,
    params: paramsOf(o, ''),
  })

/** Where it is looked after: the credit office nearest over a place, or the first there is. */
export const officeOver = async (tx: Tx, division: string | null): Promise<string | null> => {
  const offices = (await listAuthorities(tx, { active: true })).filter((a) => a.isCreditOffice)
  const over = offices.filter((a) => covers(a.division, division))
  return (over.toSorted((a, b) => b.division.localeCompare(a.division))[0] ?? offices[0])?.id ?? null
}
