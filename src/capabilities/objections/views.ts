import { movesFrom } from '../../kernel/states.ts'
import type { Role } from '../../kernel/roles.ts'
import { explainWindow, type Window } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { RecordRow } from '../records/contract.ts'
import { findRecord, publicFieldRows, shownOn } from '../records/index.ts'
import { getSubject } from '../subjects/index.ts'
import type { CaseView, ObjectionRow, ObjectionView, TargetView } from './contract.ts'
import { effectView, itemOf } from './effects.ts'
import { clockView } from './rules.clock.ts'
import { correctableFields } from './rules.fields.ts'
import { correctionsFor } from './rules.ts'
import { type Action, OBJECTION_MOVES, isPending, isRaised } from './states.ts'
import * as store from './store.ts'
import { twinsOf } from './store.faults.ts'
import { isRepairGround } from './words.ts'

/** Rows and rules become what a person reads. */

const OWN = 'credit_china'
export const itemName = (ctx: Ctx, item: string): Words =>
  ctx.policy.catalog.find((c) => c.code === item)?.name ?? { zh: '其他信用信息', en: 'Other credit information' }

/** The roles that count on an objection: only with the subject, the window or the authority that it belongs to. */
export const rolesOn = (ctx: Ctx, o: store.Objection): Role[] => {
  const { actor } = ctx
  if (actor.kind !== 'person') return []
  const applicant = isRaised(o.wayIn)
  return actor.roles.filter((r) => {
    if (r === 'enterprise') return applicant && actor.subjectIds.includes(o.subjectId)
    if (r === 'window_clerk')
      return applicant && o.windowAuthorityId !== null && o.windowAuthorityId === actor.authorityId
    if (r === 'credit_office') return true
    return (r === 'officer' || r === 'head') && actor.authorityId === o.authorityId
  })
}
export const isApplicant = (roles: readonly Role[]): boolean =>
  roles.includes('enterprise') || roles.includes('window_clerk')
export const isFinder = (roles: readonly Role[]): boolean => roles.includes('officer') || roles.includes('head')

/** What upholds a record is carried out at once; only what was upheld about a repair waits to be confirmed. */
export const actionsFor = (o: store.Objection, roles: readonly Role[]): Action[] =>
  movesFrom(OBJECTION_MOVES, o.state, roles).filter((a) => a !== 'extend' || (o.clock?.extra ?? 0) === 0)

export const rowView = (ctx: Ctx, o: store.Objection): ObjectionRow => ({
  subjectId: o.subjectId,
  id: o.id,
  no: o.no,
  subjectName: o.subjectName,
  ground: o.ground,
  wayIn: o.wayIn,
  state: o.state,
  outcome: o.outcome,
  itemName: itemName(ctx, o.recordItem),
  docNo: o.docNo,
  authorityName: o.authorityName,
  createdAt: o.createdAt,
  submittedOn: o.submittedOn,
  decidedOn: o.decidedOn,
  clock: isPending(o.state) ? clockView(o.clock, ctx.policy, today(ctx)) : null,
  extended: o.extension !== null,
  version: o.version,
})

export const aboutView = (ctx: Ctx, record: RecordRow): TargetView['about'] => {
  const own = record.windows.find((w) => w.channel === OWN)
  return {
    recordId: record.id,
    item: record.item,
    itemName: itemName(ctx, record.item),
    docNo: record.docNo,
    authorityName: record.authorityName,
    decidedOn: record.decidedOn,
    shown: shownOn(record, OWN, today(ctx)),
    shownFrom: own?.from ?? null,
    shownUntil: own?.from ? own.until : null,
    annulled: record.state === 'annulled',
  }
}

const aboutOf = async (ctx: Ctx, db: Reader, o: store.Objection): Promise<TargetView['about']> => {
  const record = await findRecord(db, o.subjectId, o.recordId)
  if (record) return aboutView(ctx, record)
  return {
    recordId: o.recordId,
    item: o.recordItem,
    itemName: itemName(ctx, o.recordItem),
    docNo: o.docNo,
    authorityName: o.recordAuthority,
    decidedOn: o.recordDecidedOn,
    shown: false,
    shownFrom: null,
    shownUntil: null,
    annulled: false,
  }
}

const mayAttach = (o: store.Objection, applicant: boolean, finder: boolean): boolean =>
  (o.state === 'draft' && applicant) || (isPending(o.state) && (applicant || finder))

export const objectionView = async (ctx: Ctx, db: Reader, o: store.Objection): Promise<ObjectionView> => {
  const roles = rolesOn(ctx, o)
  const [applicant, finder] = [isApplicant(roles), isFinder(roles)]
  const evidence = await store.evidenceOf(db, o)
  const acts = await store.actsOf(db, o)
  const official = finder || roles.includes('credit_office')
  // Of what was found without it the subject reads what was put right, not who said so.
  const whole = official || isRaised(o.wayIn)
  return {
    ...rowView(ctx, o),
    about: await aboutOf(ctx, db, o),
    refused: o.refused,
    statement: whole ? o.statement : '',
    wanted: o.wanted,
    contactName: o.contactName,
    marked: o.marked && isPending(o.state),
    pushedOn: o.pushedOn,
    extension: o.extension,
    answer: o.answer,
    effect: o.effect && effectView(ctx, o.effect, { item: o.recordItem, publishedOn: o.recordDecidedOn }),
    workdays: o.workdays,
    evidence: (whole ? evidence : []).map((e) => ({
      id: e.id,
      name: e.name,
      mediaType: e.mediaType,
      bytes: e.bytes,
      uploadedAt: e.uploadedAt,
      by: e.by,
      mayRemove: o.state === 'draft' && applicant,
    })),
    acts: acts
      .filter((a) => official || a.action !== 'escalate')
      .map((a) => ({
        id: a.id,
        action: a.action,
        from: a.from,
        to: a.to,
        at: a.at,
        on: a.on,
        by: a.by,
        authorityName: a.authorityName,
        note: whole || a.action !== 'open' ? a.note : '',
        basis: a.basis && {
          rule: a.basis.rule,
          version: a.basis.version,
          instrument: a.basis.instrument,
          article: a.basis.article,
        },
        letter: a.letter,
      })),
    actions: actionsFor(o, roles),
    mayEdit: o.state === 'draft' && applicant,
    mayAttach: mayAttach(o, applicant, finder),
  }
}

const sentencesOf = (windows: readonly Window[]): Words[] => {
  const own = windows.find((w) => w.channel === OWN)
  if (!own) return []
  const [zh, en] = [explainWindow(own, 'zh'), explainWindow(own, 'en')]
  return zh.map((text, i) => ({ zh: text, en: en[i] ?? '' }))
}

/** The same record, window and evidence as the subject sees. */
export const caseView = async (ctx: Ctx, db: Reader, o: store.Objection, record: RecordRow): Promise<CaseView> => {
  const subject = await getSubject(db, o.subjectId)
  const item = itemOf(ctx, record)
  const told = new Map(publicFieldRows(record.fields, item, ctx.lang).map((f) => [f.key, f.value]))
  return {
    objection: await objectionView(ctx, db, o),
    contactPhone: o.contactSecret ? ctx.secrets.open(o.contactSecret) : '',
    subject: {
      id: o.subjectId,
      name: subject?.name ?? o.subjectName,
      kind: subject?.kind ?? 'other',
      code: subject?.code ?? null,
      status: subject?.status ?? 'active',
    },
    recordVersion: record.version,
    sentences: sentencesOf(record.windows),
    fields: isRepairGround(o.ground) ? [] : correctableFields(item, record.fields, told),
    twins: (await twinsOf(db, record, today(ctx))).map((t) => ({
      recordId: t.id,
      docNo: t.docNo,
      authorityName: t.authorityName,
      decidedOn: t.decidedOn,
      shown: t.shown,
    })),
    others: await store.othersAbout(db, o),
    corrections: [...correctionsFor(o.ground)],
  }
}
