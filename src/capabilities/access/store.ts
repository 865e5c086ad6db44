import { type RawBuilder, sql } from 'kysely'
import type { Role, Scope } from '../../kernel/roles.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import { type Reader, type Tx, askRow, overRows } from '../../platform/db/index.ts'
import type {
  AuditView,
  AuthoritySystem,
  AuthorityView,
  KeyView,
  MandateKind,
  MandateView,
  PersonView,
} from './contract.ts'

/** Every statement on access.*; `territory` are the beginnings of division codes that row scope adds, [''] for all. */
export type Territory = readonly string[]

export type Authority = Omit<AuthorityView, 'lacksCollector'> & { nameKey: string }
type Filter = RawBuilder<unknown>
const allOf = (filters: (Filter | null)[]): Filter => {
  const set = filters.filter((f) => f !== null)
  return set.length ? sql.join(set, sql` and `) : sql`true`
}
const when = (given: unknown, filter: Filter): Filter | null => (given === undefined || given === null ? null : filter)
const like = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
const within = (division: Filter, territory: Territory): Filter =>
  sql`${division} like any(${territory.map((p) => `${p}%`)}::text[])`
const isAll = (territory: Territory): boolean => territory.includes('')

// ---- authorities

/** People who can hand in for an authority now. */
const collectorsOf = sql`(select count(distinct r.person_id)::int from access.role r join access.person p on p.id = r.person_id
  where r.authority_id = a.id and r.role = 'collector' and r.ended_at is null and p.state = 'active')`
const authorityColumns = sql`a.id, a.code, a.name, a.name_key as "nameKey", a.division, a.system, a.is_credit_office as "isCreditOffice",
  a.duties, a.receiving_channel as "receivingChannel", a.active, a.version, ${collectorsOf} as collectors`

export type FindAuthority = { id?: string | undefined; code?: string | undefined; nameKey?: string | undefined }
export const findAuthorityRow = async (db: Reader, by: FindAuthority): Promise<Authority | null> => {
  const filter =
    by.id !== undefined
      ? sql`a.id = ${by.id}`
      : by.code !== undefined
        ? sql`a.code = ${by.code}`
        : sql`a.name_key = ${by.nameKey}`
  const { rows } =
    await sql<Authority>`select ${authorityColumns} from access.authority a where ${filter} order by a.active desc, a.id limit 1`.execute(
      db,
    )
  return rows[0] ?? null
}

export type AuthorityFilter = {
  territory?: Territory
  q?: string | undefined
  system?: AuthoritySystem | undefined
  active?: boolean | undefined
  /** Active ones with a duty to report and fewer collectors than this. */
  lacking?: number | undefined
  after?: readonly [division: string, id: string] | null
  limit?: number
}
export const authorityRows = async (db: Reader, f: AuthorityFilter): Promise<Authority[]> => {
  const filters = allOf([
    f.territory ? within(sql`a.division`, f.territory) : null,
    f.q ? sql`(a.name like ${like(f.q)} or a.code = ${f.q.toUpperCase()})` : null,
    when(f.system, sql`a.system = ${f.system}`),
    when(f.active, sql`a.active = ${f.active}`),
    when(f.lacking, sql`a.active and cardinality(a.duties) > 0 and ${collectorsOf} < ${f.lacking}`),
    f.after ? sql`(a.division, a.id) > (${f.after[0]}, ${f.after[1]}::uuid)` : null,
  ])
  const limit = f.limit === undefined ? sql`` : sql`limit ${f.limit}`
  const { rows } =
    await sql<Authority>`select ${authorityColumns} from access.authority a where ${filters} order by a.division, a.id ${limit}`.execute(
      db,
    )
  return rows
}

export const insertAuthority = async (tx: Tx, a: Authority, at: Instant): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into access.authority (id, code, name, name_key, division, system, is_credit_office, duties, receiving_channel, active, version, created_at)
    values (${a.id}, ${a.code}, ${a.name}, ${a.nameKey}, ${a.division}, ${a.system}, ${a.isCreditOffice}, ${a.duties}, ${a.receivingChannel}, ${a.active}, ${a.version}, ${at})
    on conflict (code) do nothing returning id`.execute(tx)
  return rows.length > 0
}
export const saveAuthority = async (tx: Tx, a: Authority, seen: number): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update access.authority set name = ${a.name}, name_key = ${a.nameKey}, system = ${a.system}, duties = ${a.duties},
      receiving_channel = ${a.receivingChannel}, active = ${a.active}, version = version + 1
    where id = ${a.id} and version = ${seen} returning id`.execute(tx)
  return rows.length > 0
}

/** With its people: a role in an authority lies where the authority lies. */
export const moveAuthorityRow = async (tx: Tx, id: string, division: string, seen: number): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update access.authority set division = ${division}, version = version + 1 where id = ${id} and version = ${seen} returning id`.execute(
    tx,
  )
  if (!rows.length) return false
  await sql`update access.role set division = ${division} where authority_id = ${id} and ended_at is null`.execute(tx)
  return true
}

// ---- people and roles

const roleJson = sql`coalesce((
  select jsonb_agg(jsonb_build_object('id', r.id, 'role', r.role, 'authorityId', r.authority_id, 'authorityName', a.name, 'division', r.division,
    'grantedAt', to_char(r.granted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'endedAt', to_char(r.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by r.granted_at, r.id)
  from access.role r left join access.authority a on a.id = r.authority_id where r.person_id = p.id), '[]'::jsonb)`
const personColumns = sql`p.id, p.login, p.name, p.state, p.must_change as "mustChange", p.version, ${roleJson} as roles`
/** A person belongs to a territory by any role ever held there. */
const inTerritory = (territory: Territory): Filter =>
  sql`exists (select 1 from access.role r where r.person_id = p.id and ${within(sql`r.division`, territory)})`

export const findPerson = async (db: Reader, id: string, territory: Territory): Promise<PersonView | null> => {
  const { rows } = await sql<PersonView>`
    select ${personColumns} from access.person p where p.id = ${id} and (${isAll(territory)} or ${inTerritory(territory)})`.execute(
    db,
  )
  return rows[0] ?? null
}
/** Roles of one person change one after the other. */
export const lockPerson = async (tx: Tx, id: string): Promise<void> => {
  await sql`select id from access.person where id = ${id} for update`.execute(tx)
}

export type PeopleFilter = {
  territory: Territory
  q?: string | undefined
  role?: Role | undefined
  state?: string | undefined
  authorityId?: string | undefined
  after: string | null
  limit: number
}
export const personRows = async (db: Reader, f: PeopleFilter): Promise<PersonView[]> => {
  const held = (filter: Filter) =>
    sql`exists (select 1 from access.role r where r.person_id = p.id and r.ended_at is null and ${filter})`
  const filters = allOf([
    isAll(f.territory) ? null : inTerritory(f.territory),
    f.q ? sql`(p.name like ${like(f.q)} or p.login like ${like(f.q.toLowerCase())})` : null,
    when(f.role, held(sql`r.role = ${f.role}`)),
    when(f.authorityId, held(sql`r.authority_id = ${f.authorityId}`)),
    when(f.state, sql`p.state = ${f.state}`),
    when(f.after, sql`p.login > ${f.after}`),
  ])
  const { rows } =
    await sql<PersonView>`select ${personColumns} from access.person p where ${filters} order by p.login limit ${f.limit}`.execute(
      db,
    )
  return rows
}

export type NewPersonRow = { id: string; login: string; name: string; passwordHash: string; mustChange: boolean }
export const insertPerson = async (tx: Tx, p: NewPersonRow, at: Instant): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    insert into access.person (id, login, name, password_hash, state, must_change, created_at)
    values (${p.id}, ${p.login}, ${p.name}, ${p.passwordHash}, 'active', ${p.mustChange}, ${at})
    on conflict (login) do nothing returning id`.execute(tx)
  return rows.length > 0
}
export const savePersonState = async (
  tx: Tx,
  id: string,
  state: 'active' | 'suspended',
  seen: number,
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update access.person set state = ${state}, version = version + 1 where id = ${id} and version = ${seen} returning id`.execute(
    tx,
  )
  return rows.length > 0
}
/** `seen` null: the person's own change, which the current password has proved. */
export const savePassword = async (
  tx: Tx,
  p: { id: string; hash: string; mustChange: boolean; seen: number | null },
): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update access.person set password_hash = ${p.hash}, must_change = ${p.mustChange}, version = version + 1
    where id = ${p.id} and (${p.seen}::int is null or version = ${p.seen}) returning id`.execute(tx)
  return rows.length > 0
}

export type RoleRow = { id: string; personId: string; role: Role; authorityId: string | null; division: string | null }
export const insertRole = async (tx: Tx, r: RoleRow, by: string, at: Instant): Promise<void> => {
  await sql`insert into access.role (id, person_id, role, authority_id, division, granted_at, granted_by)
    values (${r.id}, ${r.personId}, ${r.role}, ${r.authorityId}, ${r.division}, ${at}, ${by})`.execute(tx)
}
export const endRoleRow = async (tx: Tx, personId: string, roleId: string, at: Instant): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update access.role set ended_at = ${at} where id = ${roleId} and person_id = ${personId} and ended_at is null returning id`.execute(
    tx,
  )
  return rows.length > 0
}

// ---- signing in

export type Credentials = {
  id: string
  name: string
  passwordHash: string
  state: 'active' | 'suspended'
  mustChange: boolean
}
const credentialColumns = sql`id, name, password_hash as "passwordHash", state, must_change as "mustChange"`
export const findCredentials = async (db: Reader, login: string): Promise<Credentials | null> =>
  (await sql<Credentials>`select ${credentialColumns} from access.person where login = ${login}`.execute(db)).rows[0] ??
  null
export const credentialsOf = async (db: Reader, personId: string): Promise<Credentials | null> =>
  (await sql<Credentials>`select ${credentialColumns} from access.person where id = ${personId}`.execute(db)).rows[0] ??
  null

export type SessionRow = {
  personId: string
  name: string
  mustChange: boolean
  seenAt: Instant
  roles: { role: Role; authorityId: string | null; division: string | null; credit: boolean }[]
  subjectIds: string[]
}
/** One query, asked at every request: the session, its person if active, the roles and mandates of today. */
const SESSION = overRows(
  'access.session',
  { token_hash: 'text', now: 'timestamptz', day: 'date', idle_since: 'timestamptz' },
  (asked) => `
  select asked.n, p.id as "personId", p.name, p.must_change as "mustChange", s.seen_at as "seenAt",
    coalesce((select json_agg(json_build_object('role', r.role, 'authorityId', r.authority_id, 'division', r.division) order by r.granted_at, r.id)
      from access.role r where r.person_id = p.id and r.ended_at is null), '[]'::json) as roles,
    array(select distinct m.subject_id from access.mandate m
      where m.person_id = p.id and m.valid_from <= asked.day and (m.valid_to is null or m.valid_to > asked.day)) as "subjectIds"
  from ${asked} join access.session s on s.token_hash = asked.token_hash join access.person p on p.id = s.person_id
  where s.expires_at > asked.now and s.seen_at > asked.idle_since and p.state = 'active'`,
)

export const findSession = async (
  db: Reader,
  hash: string,
  on: { now: Instant; idleSince: Instant; day: LocalDate },
): Promise<SessionRow | null> => {
  const rows = await askRow<SessionRow>(db, SESSION, [hash, on.now, on.day, on.idleSince])
  return rows[0] ?? null
}
export const insertSession = async (
  tx: Tx,
  s: { hash: string; personId: string; at: Instant; expiresAt: Instant },
): Promise<void> => {
  await sql`insert into access.session (token_hash, person_id, created_at, seen_at, expires_at)
    values (${s.hash}, ${s.personId}, ${s.at}, ${s.at}, ${s.expiresAt})`.execute(tx)
}
export const touchSession = async (tx: Tx, hash: string, at: Instant): Promise<void> => {
  await sql`update access.session set seen_at = ${at} where token_hash = ${hash}`.execute(tx)
}
export const deleteSession = async (tx: Tx, hash: string): Promise<void> => {
  await sql`delete from access.session where token_hash = ${hash}`.execute(tx)
}
export const deleteSessionsOf = async (tx: Tx, personId: string): Promise<void> => {
  await sql`delete from access.session where person_id = ${personId}`.execute(tx)
}
export const deleteOldSessions = async (tx: Tx, now: Instant): Promise<void> => {
  await sql`delete from access.session where expires_at < ${now}`.execute(tx)
}

export type Attempt = { key: string; failures: number; blockedUntil: Instant | null }
export const attemptsOf = async (db: Reader, keys: readonly string[]): Promise<Attempt[]> =>
  (
    await sql<Attempt>`select key, failures, blocked_until as "blockedUntil" from access.attempt where key = any(${keys}::text[])`.execute(
      db,
    )
  ).rows
/** Counts before the password is looked at, so that many guesses at once count as many. */
export const countAttempt = async (tx: Tx, key: string, at: Instant, forgottenSince: Instant): Promise<number> => {
  const { rows } = await sql<{ failures: number }>`
    insert into access.attempt as held (key, failures, first_at) values (${key}, 1, ${at})
    on conflict (key) do update set
      failures = case when held.first_at < ${forgottenSince} and coalesce(held.blocked_until, held.first_at) < ${forgottenSince} then 1 else held.failures + 1 end,
      first_at = case when held.first_at < ${forgottenSince} and coalesce(held.blocked_until, held.first_at) < ${forgottenSince} then ${at} else held.first_at end
    returning failures`.execute(tx)
  return rows[0]?.failures ?? 1
}
export const blockAttempt = async (tx: Tx, key: string, until: Instant): Promise<void> => {
  await sql`update access.attempt set blocked_until = ${until} where key = ${key}`.execute(tx)
}
export const forgiveAttempt = async (tx: Tx, loginKey: string, addressKey: string): Promise<void> => {
  await sql`delete from access.attempt where key = ${loginKey}`.execute(tx)
  await sql`update access.attempt set failures = greatest(failures - 1, 0) where key = ${addressKey}`.execute(tx)
}
export const deleteOldAttempts = async (tx: Tx, before: Instant): Promise<void> => {
  await sql`delete from access.attempt where first_at < ${before} and coalesce(blocked_until, first_at) < ${before}`.execute(
    tx,
  )
}

// ---- keys

const keyColumns = sql`k.id, k.prefix, k.name, k.authority_id as "authorityId", a.name as "authorityName", k.peer_id as "peerId", k.scopes,
  k.created_at as "createdAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt"`
const keyTables = sql`access.api_key k left join access.authority a on a.id = k.authority_id`
/** A peer's key belongs to the platform's own territory, not to a district's. */
const keyTerritory = (territory: Territory, whole: boolean): Filter =>
  sql`(${within(sql`a.division`, territory)} or (k.authority_id is null and ${whole}))`

export type LiveKey = {
  id: string
  name: string
  authorityId: string | null
  peerId: string | null
  scopes: Scope[]
  secretHash: string
  lastUsedAt: Instant | null
}
export const findLiveKey = async (db: Reader, keyPrefix: string, now: Instant): Promise<LiveKey | null> => {
  const { rows } = await sql<LiveKey>`
    select k.id, k.name, k.authority_id as "authorityId", k.peer_id as "peerId", k.scopes, k.secret_hash as "secretHash", k.last_used_at as "lastUsedAt"
    from ${keyTables}
    where k.prefix = ${keyPrefix} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now}) and coalesce(a.active, true)`.execute(
    db,
  )
  return rows[0] ?? null
}
export const touchKey = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`update access.api_key set last_used_at = ${at} where id = ${id}`.execute(tx)
}
export type NewKeyRow = {
  id: string
  prefix: string
  secretHash: string
  name: string
  authorityId: string | null
  peerId: string | null
  scopes: readonly Scope[]
  expiresAt: Instant | null
}
export const insertKey = async (tx: Tx, k: NewKeyRow, by: string, at: Instant): Promise<void> => {
  await sql`insert into access.api_key (id, prefix, secret_hash, name, authority_id, peer_id, scopes, created_at, created_by, expires_at)
    values (${k.id}, ${k.prefix}, ${k.secretHash}, ${k.name}, ${k.authorityId}, ${k.peerId}, ${k.scopes}, ${at}, ${by}, ${k.expiresAt})`.execute(
    tx,
  )
}
export const revokeKeyRow = async (tx: Tx, id: string, at: Instant): Promise<void> => {
  await sql`update access.api_key set revoked_at = coalesce(revoked_at, ${at}) where id = ${id}`.execute(tx)
}
export const findKey = async (db: Reader, id: string, territory: Territory, whole: boolean): Promise<KeyView | null> =>
  (
    await sql<KeyView>`select ${keyColumns} from ${keyTables} where k.id = ${id} and ${keyTerritory(territory, whole)}`.execute(
      db,
    )
  ).rows[0] ?? null

export type KeyFilter = {
  territory: Territory
  whole: boolean
  authorityId?: string | undefined
  live?: boolean | undefined
  now: Instant
  after: string | null
  limit: number
}
export const keyRows = async (db: Reader, f: KeyFilter): Promise<KeyView[]> => {
  const live = sql`(k.revoked_at is null and (k.expires_at is null or k.expires_at > ${f.now}))`
  const filters = allOf([
    keyTerritory(f.territory, f.whole),
    when(f.authorityId, sql`k.authority_id = ${f.authorityId}`),
    when(f.live, f.live ? live : sql`not ${live}`),
    when(f.after, sql`k.id < ${f.after}::uuid`),
  ])
  return (
    await sql<KeyView>`select ${keyColumns} from ${keyTables} where ${filters} order by k.id desc limit ${f.limit}`.execute(
      db,
    )
  ).rows
}

// ---- mandates

const mandateColumns = sql`m.subject_id as "subjectId", m.id, m.person_id as "personId", p.name as "personName", m.kind, m.valid_from as "validFrom", m.valid_to as "validTo"`
const mandateTables = sql`access.mandate m join access.person p on p.id = m.person_id`
export const insertMandate = async (
  tx: Tx,
  m: { subjectId: string; id: string; personId: string; kind: MandateKind; validFrom: string; validTo: string | null },
  at: Instant,
): Promise<void> => {
  await sql`insert into access.mandate (subject_id, id, person_id, kind, valid_from, valid_to, created_at)
    values (${m.subjectId}, ${m.id}, ${m.personId}, ${m.kind}, ${m.validFrom}, ${m.validTo}, ${at})`.execute(tx)
}
/** Ends on a day: from that day the mandate is no more. One that has not begun ends before it begins. */
export const endMandateRow = async (tx: Tx, subjectId: string, id: string, on: LocalDate): Promise<void> => {
  await sql`update access.mandate set valid_to = least(coalesce(valid_to, ${on}::date), ${on}::date) where subject_id = ${subjectId} and id = ${id}`.execute(
    tx,
  )
}
export const findMandate = async (
  db: Reader,
  by: { subjectId: string; id: string; territory: Territory },
): Promise<MandateView | null> =>
  (
    await sql<MandateView>`select ${mandateColumns} from ${mandateTables}
      where m.subject_id = ${by.subjectId} and m.id = ${by.id} and (${isAll(by.territory)} or ${inTerritory(by.territory)})`.execute(
      db,
    )
  ).rows[0] ?? null
export type MandateFilter = {
  territory: Territory
  personId?: string | undefined
  subjectId?: string | undefined
  after: readonly [string, string] | null
  limit: number
}
export const mandateRows = async (db: Reader, f: MandateFilter): Promise<MandateView[]> => {
  const filters = allOf([
    isAll(f.territory) ? null : inTerritory(f.territory),
    when(f.personId, sql`m.person_id = ${f.personId}`),
    when(f.subjectId, sql`m.subject_id = ${f.subjectId}`),
    f.after ? sql`(m.subject_id, m.id) > (${f.after[0]}::uuid, ${f.after[1]}::uuid)` : null,
  ])
  return (
    await sql<MandateView>`select ${mandateColumns} from ${mandateTables} where ${filters} order by m.subject_id, m.id limit ${f.limit}`.execute(
      db,
    )
  ).rows
}

/** Who acts for each of the subjects on a day, by subject; nobody whose account is closed. */
export const actingFor = async (
  db: Reader,
  subjectIds: readonly string[],
  on: LocalDate,
): Promise<Map<string, string[]>> => {
  if (!subjectIds.length) return new Map()
  const { rows } = await sql<{ subjectId: string; personIds: string[] }>`
    select subject_id as "subjectId", array_agg(distinct person_id) as "personIds" from access.v_mandate
    where subject_id = any(${[...subjectIds]}::uuid[]) and valid_from <= ${on} and (valid_to is null or valid_to > ${on})
    group by subject_id`.execute(db)
  return new Map(rows.map((r) => [r.subjectId, r.personIds]))
}

// ---- audit

export type AuditFilter = {
  territory: Territory
  whole: boolean
  act?: string | undefined
  actorId?: string | undefined
  targetKind?: string | undefined
  targetId?: string | undefined
  subjectId?: string | undefined
  from: Instant | null
  before: Instant | null
  after: readonly [number, string] | null
  limit: number
}
export const auditRows = async (db: Reader, f: AuditFilter): Promise<(AuditView & { commitN: number })[]> => {
  const filters = allOf([
    f.whole
      ? null
      : sql`t.authority_id in (select id from access.authority where ${within(sql`division`, f.territory)})`,
    f.act ? sql`t.act like ${`${f.act.replaceAll(/[\\%_]/g, '\\$&')}%`}` : null,
    when(f.actorId, sql`t.actor_id = ${f.actorId}`),
    when(f.targetKind, sql`t.target_kind = ${f.targetKind}`),
    when(f.targetId, sql`t.target_id = ${f.targetId}`),
    when(f.subjectId, sql`t.subject_id = ${f.subjectId}`),
    when(f.from, sql`t.at >= ${f.from}`),
    when(f.before, sql`t.at < ${f.before}`),
    f.after ? sql`(t.commit_n, t.id) < (${f.after[0]}, ${f.after[1]}::uuid)` : null,
  ])
  return (
    await sql<AuditView & { commitN: number }>`
      select t.id, t.at, t.commit_n as "commitN", t.actor_kind as "actorKind", t.actor_id as "actorId", coalesce(p.name, k.name) as "actorName", a.name as "authorityName",
        t.act, t.target_kind as "targetKind", t.target_id as "targetId", t.subject_id as "subjectId", t.details, t.request_id as "requestId"
      from platform.audit t
        left join access.person p on p.id = case when t.actor_kind = 'person' then t.actor_id::uuid end
        left join access.api_key k on k.id = case when t.actor_kind = 'key' then t.actor_id::uuid end
        left join access.authority a on a.id = t.authority_id
      where ${filters} order by t.commit_n desc, t.id desc limit ${f.limit}`.execute(db)
  ).rows
}
