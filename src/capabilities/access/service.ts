import { type Decision, mustNot, unwrap } from '../../kernel/decision.ts'
import { usccCheckDigit } from '../../kernel/codes.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import type { Role, Scope } from '../../kernel/roles.ts'
import { isAbolished, successorsOf, territoryPrefixes } from '../../kernel/territory.ts'
import { nameKey } from '../../kernel/text.ts'
import { type LocalDate, addDays, startOf } from '../../kernel/time.ts'
import { verifyAudit as verify } from '../../platform/audit.ts'
import { hashPassword, newApiKey } from '../../platform/auth.ts'
import { type Ctx, actorRef, rolesOf, today } from '../../platform/context.ts'
import { newToken } from '../../platform/crypto.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import type {
  AuditView,
  AuthoritySystem,
  AuthorityView,
  DivisionView,
  KeyView,
  MandateKind,
  MandateView,
  PersonView,
} from './contract.ts'
import { type RoleAsk, liesIn, mayGrant, mayHold } from './rules.ts'
import * as store from './store.ts'

// ---- whose territory

/**
 * What begins the division codes that the actor sees: the own ones, and those of abolished divisions that went into the
 * territory. The platform itself sees all.
 */
const scopeOf = (ctx: Ctx): { territory: string[]; whole: boolean } => {
  if (ctx.actor.kind === 'system') return { territory: [''], whole: true }
  const division = ctx.actor.kind === 'person' ? ctx.actor.division : null
  if (division === null) return mustNot('FORBIDDEN')
  return {
    territory: territoryPrefixes(ctx.policy.divisions, division, today(ctx)),
    whole: liesIn(ctx.config.jurisdiction, division),
  }
}
const seesDivision = (ctx: Ctx, division: string): boolean => scopeOf(ctx).territory.some((p) => division.startsWith(p))
const mustLieIn = (ctx: Ctx, division: string): void => {
  if (!seesDivision(ctx, division)) mustNot('OUTSIDE_TERRITORY')
}
/** Nothing new begins in a division that is no more; what is not on the list is not known to be. */
const mustStand = (ctx: Ctx, code: string): void => {
  const division = ctx.policy.divisions.find((d) => d.code === code)
  if (!division || !isAbolished(division, today(ctx))) return
  const names = successorsOf(ctx.policy.divisions, code, today(ctx)).map(
    (c) => ctx.policy.divisions.find((d) => d.code === c)?.name ?? { zh: c, en: c },
  )
  const successors = { zh: names.map((n) => n.zh).join('、'), en: names.map((n) => n.en).join(', ') }
  mustNot(names.length ? 'DIVISION_ABOLISHED' : 'DIVISION_GONE', { division: division.name, successors })
}

// ---- authorities

/** AK20 三（一）: each authority that reports has at least one collector. */
const collectorsAsked = (ctx: Ctx): number =>
  (settingOf(ctx.policy, 'collectors_per_unit', today(ctx))?.value as { atLeast: number } | undefined)?.atLeast ?? 0
const authorityView =
  (ctx: Ctx) =>
  ({ nameKey: _key, ...view }: store.Authority): AuthorityView => ({
    ...view,
    lacksCollector: view.active && view.duties.length > 0 && view.collectors < collectorsAsked(ctx),
  })
const getAuthorityRow = async (ctx: Ctx, id: string): Promise<store.Authority> => {
  const row = await store.findAuthorityRow(ctx.db.kysely, { id })
  return row && seesDivision(ctx, row.division) ? row : mustNot('NOT_FOUND')
}

type AuthorityQuery = {
  q?: string | undefined
  system?: AuthoritySystem | undefined
  active?: boolean | undefined
  lacking?: boolean | undefined
  after?: string | undefined
  limit: number
}
export const listAuthorities = async (
  ctx: Ctx,
  { after, limit, lacking, ...filter }: AuthorityQuery,
): Promise<Page<AuthorityView>> => {
  const rows = await store.authorityRows(ctx.db.kysely, {
    ...filter,
    ...(lacking ? { lacking: collectorsAsked(ctx) } : {}),
    territory: scopeOf(ctx).territory,
    after: readCursor(after, 'text', 'uuid'),
    limit: limit + 1,
  })
  return pageOf(rows.map(authorityView(ctx)), limit, (a) => [a.division, a.id])
}
export const getAuthority = async (ctx: Ctx, { id }: { id: string }) =>
  authorityView(ctx)(await getAuthorityRow(ctx, id))

export type NewAuthority = {
  code: string
  name: string
  division: string
  system: AuthoritySystem
  isCreditOffice?: boolean
  duties?: readonly string[]
  receivingChannel?: string | null
}
export const createAuthority = async (ctx: Ctx, ask: NewAuthority): Promise<AuthorityView> => {
  if (usccCheckDigit(ask.code.slice(0, 17)) !== ask.code[17]) mustNot('BAD_AUTHORITY_CODE')
  mustLieIn(ctx, ask.division)
  mustStand(ctx, ask.division)
  return inTx(ctx, async (tx) => {
    const row: store.Authority = {
      id: newId(),
      code: ask.code,
      name: ask.name,
      nameKey: nameKey(ask.name),
      division: ask.division,
      system: ask.system,
      isCreditOffice: ask.isCreditOffice ?? false,
      duties: [...(ask.duties ?? [])],
      receivingChannel: ask.receivingChannel ?? null,
      active: true,
      version: 1,
      collectors: 0,
    }
    if (!(await store.insertAuthority(tx, row, ctx.clock.now()))) mustNot('AUTHORITY_CODE_TAKEN')
    recordAct(tx, ctx, {
      act: 'access.create_authority',
      target: { kind: 'authority', id: row.id },
      details: { division: row.division },
    })
    return authorityView(ctx)(row)
  })
}

type AuthorityChange = Pick<AuthorityView, 'name' | 'system' | 'duties' | 'receivingChannel' | 'active'> & {
  id: string
  seen: number
}
export const updateAuthority = async (ctx: Ctx, { seen, ...change }: AuthorityChange): Promise<AuthorityView> => {
  const held = await getAuthorityRow(ctx, change.id)
  return inTx(ctx, async (tx) => {
    const row: store.Authority = { ...held, ...change, nameKey: nameKey(change.name) }
    if (!(await store.saveAuthority(tx, row, seen))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'access.update_authority',
      target: { kind: 'authority', id: row.id },
      details: { version: seen + 1, active: row.active },
    })
    return authorityView(ctx)({ ...row, version: seen + 1 })
  })
}

/** To another division of the own territory: an authority whose division was abolished goes to its successor. */
export const moveAuthority = async (
  ctx: Ctx,
  ask: { id: string; division: string; seen: number },
): Promise<AuthorityView> => {
  const held = await getAuthorityRow(ctx, ask.id)
  mustLieIn(ctx, ask.division)
  mustStand(ctx, ask.division)
  return inTx(ctx, async (tx) => {
    if (!(await store.moveAuthorityRow(tx, held.id, ask.division, ask.seen))) mustNot('STALE')
    recordAct(tx, ctx, {
      act: 'access.move_authority',
      target: { kind: 'authority', id: held.id },
      details: { from: held.division, to: ask.division },
    })
    return authorityView(ctx)({ ...held, division: ask.division, version: ask.seen + 1 })
  })
}

/** All divisions, the abolished ones with their last day and what stands in their place. */
export const listDivisions = async (ctx: Ctx): Promise<{ rows: DivisionView[] }> => {
  const { divisions } = ctx.policy
  const on = today(ctx)
  return {
    rows: divisions.map((d) => ({
      code: d.code,
      name: d.name,
      level: d.level,
      abolishedSince: isAbolished(d, on) && d.validTo ? addDays(d.validTo, 1) : null,
      successors: isAbolished(d, on) ? successorsOf(divisions, d.code, on) : [],
    })),
  }
}

// ---- people and roles

const getPersonRow = async (ctx: Ctx, db: Parameters<typeof store.findPerson>[0], id: string): Promise<PersonView> =>
  (await store.findPerson(db, id, scopeOf(ctx).territory)) ?? mustNot('NOT_FOUND')

const rolesHeld = (person: PersonView) => person.roles.filter((r) => r.endedAt === null)
const grantable = (ctx: Ctx, role: Role): Decision<Role> =>
  ctx.actor.kind === 'system' ? { ok: true, value: role } : mayGrant(rolesOf(ctx.actor), role)

/** A person whom this administrator may manage: in the territory, not oneself, and with no role that another grants. */
export const getManaged = async (ctx: Ctx, tx: Tx, id: string): Promise<PersonView> => {
  await store.lockPerson(tx, id)
  const person = await getPersonRow(ctx, tx, id)
  if (actorRef(ctx.actor) === id) mustNot('NOT_ON_YOURSELF')
  for (const held of rolesHeld(person)) {
    unwrap(grantable(ctx, held.role))
    // Whoever once worked here and now works elsewhere is managed there.
    if (held.division !== null) mustLieIn(ctx, held.division)
  }
  return person
}

type PeopleQuery = {
  q?: string | undefined
  role?: Role | undefined
  state?: 'active' | 'suspended' | undefined
  authorityId?: string | undefined
  after?: string | undefined
  limit: number
}
export const listPeople = async (ctx: Ctx, { after, limit, ...filter }: PeopleQuery): Promise<Page<PersonView>> => {
  const [login] = readCursor(after, 'text') ?? [null]
  const rows = await store.personRows(ctx.db.kysely, {
    ...filter,
    ...scopeOf(ctx),
    after: login,
    limit: limit + 1,
  })
  return pageOf(rows, limit, (p) => [p.login])
}
export const getPerson = (ctx: Ctx, { id }: { id: string }) => getPersonRow(ctx, ctx.db.kysely, id)

export type RoleWish = { role: Role; authorityId?: string | undefined; division?: string | undefined }
/** Completes a wish: a role in an authority lies in that authority's division. */
const roleFrom = async (ctx: Ctx, wish: RoleWish): Promise<RoleAsk> => {
  if (wish.authorityId !== undefined) {
    const authority = await getAuthorityRow(ctx, wish.authorityId)
    if (!authority.active) mustNot('AUTHORITY_INACTIVE')
    return { role: wish.role, authorityId: authority.id, division: authority.division }
  }
  if (wish.division !== undefined) mustLieIn(ctx, wish.division)
  return { role: wish.role, authorityId: null, division: wish.division ?? null }
}
const addRole = async (ctx: Ctx, tx: Tx, personId: string, ask: RoleAsk): Promise<void> => {
  await store.insertRole(tx, { id: newId(), personId, ...ask }, actorRef(ctx.actor), ctx.clock.now())
  recordAct(tx, ctx, { act: 'access.grant_role', target: { kind: 'person', id: personId }, details: { ...ask } })
}

/** Accounts that share a known password, as those of a demonstration do, bring its hash, made once. */
export type NewPerson = RoleWish & { login: string; name: string; mustChange?: boolean } & (
    | { password: string }
    | { passwordHash: string }
  )
export const createPerson = async (ctx: Ctx, ask: NewPerson): Promise<PersonView> => {
  unwrap(grantable(ctx, ask.role))
  const role = unwrap(mayHold([], await roleFrom(ctx, ask)))
  const passwordHash = 'passwordHash' in ask ? ask.passwordHash : await hashPassword(ask.password)
  return inTx(ctx, async (tx) => {
    const row = { id: newId(), login: ask.login, name: ask.name, passwordHash, mustChange: ask.mustChange ?? true }
    if (!(await store.insertPerson(tx, row, ctx.clock.now()))) mustNot('LOGIN_TAKEN')
    recordAct(tx, ctx, { act: 'access.create_person', target: { kind: 'person', id: row.id } })
    await addRole(ctx, tx, row.id, role)
    return getPersonRow(ctx, tx, row.id)
  })
}

const setState = (
  ctx: Ctx,
  { id, seen }: { id: string; seen: number },
  state: 'active' | 'suspended',
): Promise<PersonView> =>
  inTx(ctx, async (tx) => {
    await getManaged(ctx, tx, id)
    if (!(await store.savePersonState(tx, id, state, seen))) mustNot('STALE')
    if (state === 'suspended') await store.deleteSessionsOf(tx, id)
    const act = state === 'suspended' ? 'access.suspend_person' : 'access.reinstate_person'
    recordAct(tx, ctx, { act, target: { kind: 'person', id } })
    return getPersonRow(ctx, tx, id)
  })
export const suspendPerson = (ctx: Ctx, ask: { id: string; seen: number }) => setState(ctx, ask, 'suspended')
export const reinstatePerson = (ctx: Ctx, ask: { id: string; seen: number }) => setState(ctx, ask, 'active')

export const resetPassword = async (ctx: Ctx, { id, seen }: { id: string; seen: number }) => {
  const password = `${newToken(9)}-7a`
  const hash = await hashPassword(password)
  return inTx(ctx, async (tx) => {
    await getManaged(ctx, tx, id)
    if (!(await store.savePassword(tx, { id, hash, mustChange: true, seen }))) mustNot('STALE')
    await store.deleteSessionsOf(tx, id)
    recordAct(tx, ctx, { act: 'access.reset_password', target: { kind: 'person', id } })
    return { password, person: await getPersonRow(ctx, tx, id) }
  })
}

export const grantRole = async (ctx: Ctx, { id, ...wish }: RoleWish & { id: string }): Promise<PersonView> => {
  unwrap(grantable(ctx, wish.role))
  const ask = await roleFrom(ctx, wish)
  return inTx(ctx, async (tx) => {
    const person = await getManaged(ctx, tx, id)
    await addRole(ctx, tx, id, unwrap(mayHold(rolesHeld(person), ask)))
    return getPersonRow(ctx, tx, id)
  })
}
export const endRole = (ctx: Ctx, { id, roleId }: { id: string; roleId: string }): Promise<PersonView> =>
  inTx(ctx, async (tx) => {
    await getManaged(ctx, tx, id)
    if (!(await store.endRoleRow(tx, id, roleId, ctx.clock.now()))) mustNot('NOT_FOUND')
    recordAct(tx, ctx, { act: 'access.end_role', target: { kind: 'person', id }, details: { roleId } })
    return getPersonRow(ctx, tx, id)
  })

// ---- keys

type KeyQuery = {
  authorityId?: string | undefined
  live?: boolean | undefined
  after?: string | undefined
  limit: number
}
export const listKeys = async (ctx: Ctx, { after, limit, ...filter }: KeyQuery): Promise<Page<KeyView>> => {
  const [id] = readCursor(after, 'uuid') ?? [null]
  const rows = await store.keyRows(ctx.db.kysely, {
    ...filter,
    ...scopeOf(ctx),
    now: ctx.clock.now(),
    after: id,
    limit: limit + 1,
  })
  return pageOf(rows, limit, (k) => [k.id])
}

export type NewKey = {
  name: string
  authorityId?: string | undefined
  peerId?: string | undefined
  scopes: readonly Scope[]
  expiresOn?: string | undefined
}
export const createKey = async (ctx: Ctx, ask: NewKey): Promise<{ secret: string; key: KeyView }> => {
  const { territory, whole } = scopeOf(ctx)
  if (ask.authorityId !== undefined) await getAuthorityRow(ctx, ask.authorityId)
  else if (!whole) mustNot('OUTSIDE_TERRITORY')
  const made = newApiKey()
  return inTx(ctx, async (tx) => {
    const id = newId()
    const row: store.NewKeyRow = {
      id,
      prefix: made.prefix,
      secretHash: made.secretHash,
      name: ask.name,
      authorityId: ask.authorityId ?? null,
      peerId: ask.peerId ?? null,
      scopes: [...new Set(ask.scopes)],
      // Good until the end of its last day.
      expiresAt: ask.expiresOn ? startOf(addDays(ask.expiresOn as LocalDate, 1)) : null,
    }
    await store.insertKey(tx, row, actorRef(ctx.actor), ctx.clock.now())
    recordAct(tx, ctx, {
      act: 'access.create_key',
      target: { kind: 'key', id },
      details: { scopes: row.scopes, authorityId: row.authorityId, peerId: row.peerId },
    })
    return { secret: made.key, key: (await store.findKey(tx, id, territory, whole)) ?? mustNot('NOT_FOUND') }
  })
}
export const revokeKey = (ctx: Ctx, { id }: { id: string }): Promise<KeyView> =>
  inTx(ctx, async (tx) => {
    const { territory, whole } = scopeOf(ctx)
    if (!(await store.findKey(tx, id, territory, whole))) mustNot('NOT_FOUND')
    await store.revokeKeyRow(tx, id, ctx.clock.now())
    recordAct(tx, ctx, { act: 'access.revoke_key', target: { kind: 'key', id } })
    return (await store.findKey(tx, id, territory, whole)) ?? mustNot('NOT_FOUND')
  })

// ---- mandates

type MandateQuery = {
  personId?: string | undefined
  subjectId?: string | undefined
  after?: string | undefined
  limit: number
}
export const listMandates = async (ctx: Ctx, { after, limit, ...filter }: MandateQuery): Promise<Page<MandateView>> => {
  const rows = await store.mandateRows(ctx.db.kysely, {
    ...filter,
    ...scopeOf(ctx),
    after: readCursor(after, 'uuid', 'uuid'),
    limit: limit + 1,
  })
  return pageOf(rows, limit, (m) => [m.subjectId, m.id])
}
export type NewMandate = {
  personId: string
  subjectId: string
  kind: MandateKind
  validFrom: string
  validTo?: string | null
}
/** The subject is named by id: access is the lowest tier and cannot look it up; a wrong id gives access to nothing. */
export const giveMandate = (ctx: Ctx, ask: NewMandate): Promise<MandateView> =>
  inTx(ctx, async (tx) => {
    const { territory } = scopeOf(ctx)
    const person = await getPersonRow(ctx, tx, ask.personId)
    if (!rolesHeld(person).some((r) => r.role === 'enterprise')) mustNot('MANDATE_NEEDS_ENTERPRISE')
    const id = newId()
    await store.insertMandate(tx, { ...ask, id, validTo: ask.validTo ?? null }, ctx.clock.now())
    recordAct(tx, ctx, {
      act: 'access.give_mandate',
      target: { kind: 'person', id: ask.personId },
      subjectId: ask.subjectId,
      details: { mandateId: id, kind: ask.kind },
    })
    return (await store.findMandate(tx, { subjectId: ask.subjectId, id, territory })) ?? mustNot('NOT_FOUND')
  })
export const endMandate = (ctx: Ctx, { subjectId, id }: { subjectId: string; id: string }): Promise<MandateView> =>
  inTx(ctx, async (tx) => {
    const by = { subjectId, id, territory: scopeOf(ctx).territory }
    const held = (await store.findMandate(tx, by)) ?? mustNot('NOT_FOUND')
    await store.endMandateRow(tx, subjectId, id, today(ctx))
    recordAct(tx, ctx, {
      act: 'access.end_mandate',
      target: { kind: 'person', id: held.personId },
      subjectId,
      details: { mandateId: id },
    })
    return (await store.findMandate(tx, by)) ?? mustNot('NOT_FOUND')
  })

// ---- audit

type AuditQuery = {
  act?: string | undefined
  actorId?: string | undefined
  targetKind?: string | undefined
  targetId?: string | undefined
  subjectId?: string | undefined
  from?: string | undefined
  to?: string | undefined
  after?: string | undefined
  limit: number
}
export const listAudit = async (
  ctx: Ctx,
  { after, limit, from, to, ...filter }: AuditQuery,
): Promise<Page<AuditView>> => {
  const rows = await store.auditRows(ctx.db.kysely, {
    ...filter,
    ...scopeOf(ctx),
    from: from ? startOf(from as LocalDate) : null,
    before: to ? startOf(addDays(to as LocalDate, 1)) : null,
    after: readCursor(after, 'number', 'uuid'),
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, (t) => [t.commitN, t.id])
  return { rows: page.rows.map(({ commitN: _commit, ...row }) => row), next: page.next }
}
export const verifyAudit = (ctx: Ctx) => verify(ctx.db.kysely)
