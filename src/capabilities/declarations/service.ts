import type { FileReply, StoredFile } from '../../kernel/api.ts'
import { normaliseCode } from '../../kernel/codes.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { encodeCursor, pageOf, readCursor } from '../../kernel/page.ts'
import { movesFrom, step } from '../../kernel/states.ts'
import { territoryPrefix } from '../../kernel/territory.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { fill } from '../../kernel/words.ts'
import { type Ctx, actorRef, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { announce, inTx, recordAct } from '../../platform/outbox.ts'
import { listAuthorities } from '../access/index.ts'
import { post } from '../messages/index.ts'
import { findSubjectByCode, getSubject, mustActFor, subjectsById } from '../subjects/index.ts'
import type { DeclaredRow, Subject } from '../subjects/contract.ts'
import type { DeclarationRow, DeclarationView, SaidInput } from './contract.ts'
import {
  badgeOf,
  commitmentOn,
  consequenceOn,
  counts,
  isExpired,
  isOpenOn,
  isPublic,
  kindsOn,
  mayDeclare,
  verifierOf,
} from './rules.ts'
import { DECLARATION_MOVES } from './states.ts'
import * as store from './store.ts'
import { MESSAGES, type DeclarationAction } from './words.ts'

type Key = { subject: string; id: string }

const scopeOf = (ctx: Ctx): store.Scope => {
  const { actor } = ctx
  if (actor.kind !== 'person') return 'none'
  if (hasRole(actor, 'enterprise') && !actor.authorityId) return { subjectIds: actor.subjectIds }
  if (!actor.authorityId) return 'none'
  const office = hasRole(actor, 'credit_office') && actor.division
  return { authorityId: actor.authorityId, territory: office ? territoryPrefix(actor.division ?? '') : null }
}
const mustFind = async (ctx: Ctx, db: Reader, key: Key): Promise<store.Declaration> =>
  (await store.findDeclaration(db, scopeOf(ctx), key)) ?? mustNot('NO_SUCH_DECLARATION')
const mustLock = async (ctx: Ctx, tx: Tx, key: Key, seen: number): Promise<store.Declaration> => {
  const d = (await store.lockDeclaration(tx, scopeOf(ctx), key)) ?? mustNot('NO_SUCH_DECLARATION')
  return d.version === seen ? d : mustNot('STALE', { version: d.version })
}

// ---- views

const kindName = (ctx: Ctx, code: string, on: LocalDate) =>
  kindsOn(ctx.policy, on).find((k) => k.code === code)?.name ?? { zh: '其他', en: 'Other' }

const rowOf = (ctx: Ctx, d: store.Declaration, subject: Subject | undefined): DeclarationRow => {
  const on = today(ctx)
  return {
    subjectId: d.subjectId,
    id: d.id,
    no: d.no,
    kind: d.kind,
    kindName: kindName(ctx, d.kind, on),
    title: d.title,
    issuer: d.issuer,
    documentNo: d.documentNo,
    issuedOn: d.issuedOn,
    validTo: d.validTo,
    state: d.state,
    badge: badgeOf(d.state),
    expired: isExpired(d, on),
    counts: counts(d, on),
    shown: subject?.kind !== 'natural_person' && isPublic(d, ctx.policy, on),
    subjectName: subject?.name ?? '',
    authorityName: d.authorityName,
    declaredAt: d.committedAt,
    decidedOn: d.decidedOn,
    reason: d.reason,
    version: d.version,
  }
}
/** Who verifies is of the authority it was sent to; the credit office looks at what others verify. */
const actionsOf = (ctx: Ctx, d: store.Declaration): DeclarationAction[] =>
  movesFrom(DECLARATION_MOVES, d.state, rolesOf(ctx.actor)).filter(
    (a) => ['amend', 'declare', 'withdraw'].includes(a) || authorityOf(ctx.actor) === d.authorityId,
  )
const viewOf = async (ctx: Ctx, db: Reader, d: store.Declaration): Promise<DeclarationView> => {
  const on = today(ctx)
  const subject = (await getSubject(db, d.subjectId)) ?? undefined
  const text = d.commitment ?? (commitmentOn(ctx.policy, on)?.value as DeclarationView['commitment'] | undefined)
  return {
    ...rowOf(ctx, d, subject),
    note: d.note,
    proof: d.fileName ? { name: d.fileName, bytes: d.bytes ?? 0 } : null,
    subjectCode: subject?.code ?? null,
    commitment: text ?? { zh: '', en: '' },
    consequence: (consequenceOn(ctx.policy, on)?.value as DeclarationView['consequence'] | undefined) ?? null,
    acts: await store.actsOf(db, d),
    actions: actionsOf(ctx, d),
  }
}

export const listKinds = async (ctx: Ctx) => {
  const on = today(ctx)
  const text = commitmentOn(ctx.policy, on)?.value as DeclarationView['commitment'] | undefined
  return {
    open: isOpenOn(ctx.policy, on),
    commitment: text ?? { zh: '', en: '' },
    consequence: (consequenceOn(ctx.policy, on)?.value as DeclarationView['consequence'] | undefined) ?? null,
    rows: kindsOn(ctx.policy, on).map(({ code, name, public: shown, validity }) => ({
      code,
      name,
      public: shown,
      validity,
    })),
  }
}
export const getDeclaration = async (ctx: Ctx, key: Key): Promise<DeclarationView> =>
  viewOf(ctx, ctx.db.kysely, await mustFind(ctx, ctx.db.kysely, key))

export const listMine = async (ctx: Ctx, ask: { subjectId: string; after?: string | undefined; limit: number }) => {
  mustActFor(ctx, ask.subjectId)
  const [after] = readCursor(ask.after, 'uuid') ?? [null]
  const db = ctx.db.kysely
  const subject = (await getSubject(db, ask.subjectId)) ?? undefined
  const page = pageOf(await store.ofSubject(db, ask.subjectId, after, ask.limit + 1), ask.limit, (d) => [d.id])
  return { rows: page.rows.map((d) => rowOf(ctx, d, subject)), next: page.next }
}
export const listToVerify = async (
  ctx: Ctx,
  ask: { state: 'declared' | 'verified' | 'refused' | 'found_false'; after?: string | undefined; limit: number },
) => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const db = ctx.db.kysely
  const found = await store.queue(db, scopeOf(ctx), { state: ask.state, after, limit: ask.limit + 1 })
  const rows = found.slice(0, ask.limit)
  const subjects = await subjectsById(
    db,
    rows.map((d) => d.subjectId),
  )
  const last = rows.at(-1)
  return {
    rows: rows.map((d) => rowOf(ctx, d, subjects.get(d.subjectId))),
    next: found.length > ask.limit && last ? encodeCursor([last.committedAt!, last.id]) : null,
  }
}

// ---- what is done

const write = async (
  tx: Tx,
  ctx: Ctx,
  d: store.Declaration,
  action: string,
  to: store.Declaration['state'],
  note = '',
  said: object | null = null,
): Promise<void> => {
  await store.insertAct(tx, {
    subjectId: d.subjectId,
    declarationId: d.id,
    id: newId(),
    action,
    from: action === 'begin' ? null : d.state,
    to,
    at: ctx.clock.now(),
    actor: actorRef(ctx.actor),
    authorityId: authorityOf(ctx.actor),
    note,
    said,
  })
  recordAct(tx, ctx, {
    act: `declarations.${action}`,
    target: { kind: 'declaration', id: d.id },
    subjectId: d.subjectId,
    details: { to, kind: d.kind },
  })
}
const again = async (ctx: Ctx, tx: Tx, key: Key): Promise<DeclarationView> =>
  viewOf(ctx, tx, await mustFind(ctx, tx, key))
const saidOf = (ask: SaidInput): store.Said => ({
  kind: ask.kind,
  title: ask.title,
  issuer: ask.issuer,
  documentNo: ask.documentNo,
  issuedOn: ask.issuedOn as LocalDate,
  validTo: ask.validTo as LocalDate | null,
  note: ask.note,
})
const mustBeKind = (ctx: Ctx, kind: string): void => {
  if (!isOpenOn(ctx.policy, today(ctx))) mustNot('DECLARING_CLOSED')
  if (!kindsOn(ctx.policy, today(ctx)).some((k) => k.code === kind)) mustNot('NO_SUCH_KIND')
}

export const beginDeclaration = (ctx: Ctx, ask: SaidInput & { subjectId: string }): Promise<DeclarationView> =>
  inTx(ctx, async (tx) => {
    mustActFor(ctx, ask.subjectId)
    const subject = (await getSubject(tx, ask.subjectId)) ?? mustNot('SUBJECT_NOT_FOUND')
    if (subject.kind === 'natural_person') mustNot('NOT_FOR_NATURAL_PERSONS')
    mustBeKind(ctx, ask.kind)
    const said = saidOf(ask)
    const key = { subject: ask.subjectId, id: newId() }
    const no = await store.nextNumber(tx, today(ctx))
    await store.insertDeclaration(
      tx,
      { ...said, subjectId: ask.subjectId, id: key.id, no, division: subject.division },
      ctx.clock.now(),
    )
    const made = await mustFind(ctx, tx, key)
    await write(tx, ctx, made, 'begin', 'draft', '', said)
    return again(ctx, tx, key)
  })

export const amendDeclaration = (ctx: Ctx, ask: SaidInput & Key & { seen: number }): Promise<DeclarationView> =>
  inTx(ctx, async (tx) => {
    const d = await mustLock(ctx, tx, ask, ask.seen)
    const to = unwrap(step(DECLARATION_MOVES, d.state, 'amend', rolesOf(ctx.actor)))
    mustBeKind(ctx, ask.kind)
    const said = saidOf(ask)
    if (!(await store.saveDeclaration(tx, d, ask.seen, { state: to, said }, ctx.clock.now()))) mustNot('STALE')
    await write(tx, ctx, d, 'amend', to, '', said)
    if (badgeOf(d.state)) tellChange(tx, ctx, d)
    return again(ctx, tx, ask)
  })

/** Who shows it hears that it has another badge now, or none. */
const tellChange = (tx: Tx, ctx: Ctx, d: store.Declaration): void =>
  void announce(tx, ctx, {
    kind: 'subject.declaration_changed',
    subjectId: d.subjectId,
    details: { declaration: d.id },
  })

const starts = (body: Buffer, ...bytes: number[]): boolean => bytes.every((b, i) => body[i] === b)
const PDF_WITHIN = 1024
const sniff = (body: Buffer): string | null => {
  if (body.subarray(0, PDF_WITHIN).includes('%PDF-')) return 'application/pdf'
  if (starts(body, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  return starts(body, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : null
}

export const attachProof = async (ctx: Ctx, ask: Key & { file: StoredFile }): Promise<DeclarationView> => {
  const { file } = ask
  const chunks: Uint8Array[] = []
  for await (const chunk of ctx.files.read(file.hash)) chunks.push(chunk)
  const mediaType = sniff(Buffer.concat(chunks)) ?? mustNot('PROOF_NOT_READABLE', { file: file.name })
  return inTx(ctx, async (tx) => {
    const d = (await store.lockDeclaration(tx, scopeOf(ctx), ask)) ?? mustNot('NO_SUCH_DECLARATION')
    if (d.state !== 'draft') mustNot('NO_SUCH_MOVE', { from: d.state, action: 'amend' })
    await store.saveProof(tx, d, { hash: file.hash, name: file.name, mediaType, bytes: file.bytes })
    recordAct(tx, ctx, {
      act: 'declarations.attach_proof',
      target: { kind: 'declaration', id: d.id },
      subjectId: d.subjectId,
      details: { hash: file.hash },
    })
    return again(ctx, tx, ask)
  })
}
export const proofOf = async (ctx: Ctx, key: Key): Promise<FileReply> => {
  const d = await mustFind(ctx, ctx.db.kysely, key)
  if (!d.fileHash) return mustNot('PROOF_MISSING')
  return {
    file: {
      name: d.fileName ?? d.no,
      mediaType: d.mediaType ?? 'application/octet-stream',
      body: ctx.files.read(d.fileHash),
    },
  }
}

export const declare = (ctx: Ctx, ask: Key & { seen: number }): Promise<DeclarationView> =>
  inTx(ctx, async (tx) => {
    const d = await mustLock(ctx, tx, ask, ask.seen)
    const to = unwrap(step(DECLARATION_MOVES, d.state, 'declare', rolesOf(ctx.actor)))
    const on = today(ctx)
    const kind = unwrap(mayDeclare(d, ctx.policy, on, await store.lastFalse(tx, d.subjectId, d.kind)))
    const verifier = verifierOf(await listAuthorities(tx, { active: true }), kind, d.division) ?? mustNot('NO_VERIFIER')
    const rule = commitmentOn(ctx.policy, on)
    const signed = {
      commitment: rule?.value as NonNullable<store.Declaration['commitment']>,
      at: ctx.clock.now(),
      by: actorRef(ctx.actor),
      authorityId: verifier.id,
      authorityName: verifier.name,
    }
    if (!(await store.saveDeclaration(tx, d, ask.seen, { state: to, signed }, signed.at))) mustNot('STALE')
    await write(tx, ctx, d, 'declare', to, '', {
      policy: ctx.policy.version,
      rule: rule?.id ?? null,
      proof: d.fileHash,
    })
    const params = { title: d.title, kind: kind.name, no: d.no }
    const both = (w: { zh: string; en: string }) => ({ zh: fill(w.zh, params, 'zh'), en: fill(w.en, params, 'en') })
    await post(tx, ctx, {
      to: { authorityId: verifier.id, role: verifier.isCreditOffice ? 'credit_office' : 'officer' },
      kind: 'declaration',
      title: both(MESSAGES.declared.title),
      body: both(MESSAGES.declared.body),
      link: `/app/declarations/${d.subjectId}/${d.id}`,
      about: { kind: 'declaration', id: d.id },
      by: ['inbox'],
      key: `declaration:${d.id}:${d.version}`,
    })
    tellChange(tx, ctx, d)
    return again(ctx, tx, ask)
  })

export const withdrawDeclaration = (ctx: Ctx, ask: Key & { seen: number }): Promise<DeclarationView> =>
  inTx(ctx, async (tx) => {
    const d = await mustLock(ctx, tx, ask, ask.seen)
    const to = unwrap(step(DECLARATION_MOVES, d.state, 'withdraw', rolesOf(ctx.actor)))
    if (!(await store.saveDeclaration(tx, d, ask.seen, { state: to }, ctx.clock.now()))) mustNot('STALE')
    await write(tx, ctx, d, 'withdraw', to)
    if (badgeOf(d.state)) tellChange(tx, ctx, d)
    return again(ctx, tx, ask)
  })

const REASON_MIN = 4
export const decideDeclaration = (
  ctx: Ctx,
  ask: Key & { seen: number; action: 'verify' | 'refuse' | 'find_false'; reason: string },
): Promise<DeclarationView> =>
  inTx(ctx, async (tx) => {
    const d = await mustLock(ctx, tx, ask, ask.seen)
    const to = unwrap(step(DECLARATION_MOVES, d.state, ask.action, rolesOf(ctx.actor)))
    if (authorityOf(ctx.actor) !== d.authorityId) mustNot('NOT_YOUR_MOVE', { action: ask.action })
    const on = today(ctx)
    if (ask.action === 'verify' && isExpired(d, on)) mustNot('ALREADY_EXPIRED')
    if (ask.action !== 'verify' && Array.from(ask.reason).length < REASON_MIN) mustNot('REASON_MISSING')
    const rule = ask.action === 'find_false' ? consequenceOn(ctx.policy, on) : null
    const basis = rule ? { rule: rule.id, instrument: rule.instrument, article: rule.article } : null
    const decided = { on, at: ctx.clock.now(), by: actorRef(ctx.actor), reason: ask.reason, basis }
    if (!(await store.saveDeclaration(tx, d, ask.seen, { state: to, decided }, decided.at))) mustNot('STALE')
    await write(tx, ctx, d, ask.action, to, ask.reason)
    tellChange(tx, ctx, d)
    return again(ctx, tx, ask)
  })

// ---- what others show

/** For every output: each with its badge; by a code what may be public only, and never a person's, else all that says anything. */
export const declared = async (
  ctx: Ctx,
  db: Reader,
  ask: { subjectId: string } | { code: string },
): Promise<DeclaredRow[]> => {
  const on = today(ctx)
  const publicOnly = 'code' in ask
  return (await store.standing(db, ask)).flatMap((d): DeclaredRow[] => {
    const badge = badgeOf(d.state)
    if ((badge !== 'declared' && badge !== 'declared_verified') || isExpired(d, on)) return []
    if (publicOnly && !isPublic(d, ctx.policy, on)) return []
    const { id, kind, title, issuer, documentNo, issuedOn, validTo } = d
    const verified = badge === 'declared_verified'
    return [
      {
        id,
        badge,
        kind,
        kindName: kindName(ctx, kind, on),
        title,
        issuer,
        documentNo,
        issuedOn,
        validTo,
        verifiedBy: verified ? d.authorityName : null,
        verifiedOn: verified ? d.decidedOn : null,
      },
    ]
  })
}

export const publicDeclared = async (ctx: Ctx, ask: { code: string }) => {
  const db = ctx.db.kysely
  const code = normaliseCode(ask.code).replaceAll('-', '')
  const subject = await findSubjectByCode(db, code)
  if (!subject || subject.kind === 'natural_person') return mustNot('SUBJECT_NOT_FOUND')
  return { code: subject.code ?? '', name: subject.name, rows: await declared(ctx, db, { code }) }
}
