import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { ROLES, type Role, SCOPES } from '../../kernel/roles.ts'
import { contactEndpoints } from './contract.contacts.ts'
import { day, instant, pageAsk, words } from '../../kernel/shapes.ts'

export const AUTHORITY_SYSTEMS = ['general', 'market_supervision', 'tax', 'court'] as const
export const PERSON_STATES = ['active', 'suspended'] as const
export const MANDATE_KINDS = ['legal_representative', 'agent', 'administrator'] as const
export type AuthoritySystem = (typeof AUTHORITY_SYSTEMS)[number]
export type MandateKind = (typeof MANDATE_KINDS)[number]

/** Roles that exist inside an authority; the others belong to a territory. */
export const AUTHORITY_ROLES = [
  'collector',
  'officer',
  'head',
  'window_clerk',
  'credit_office',
] as const satisfies readonly Role[]

const PASSWORD_MIN = 10
const PASSWORD_MAX = 128
const division = z
  .string()
  .regex(/^\d{6}$/)
  .meta({ zh: '行政区划代码', en: 'Division' })
const password = z
  .string()
  .min(PASSWORD_MIN)
  .max(PASSWORD_MAX)
  .refine((text) => /\p{L}/u.test(text) && /\P{L}/u.test(text), {
    params: { zh: '密码应当同时包含字母和数字或者符号。', en: 'a password has letters and digits or signs.' },
  })
  .meta({ zh: '新密码', en: 'New password' })
const login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{2,63}$/)
  .meta({ zh: '登录名', en: 'Login' })
const name = z.string().trim().min(1).max(100)
const personName = name.meta({ zh: '姓名', en: 'Name' })
const seen = z.number().int().min(1).meta({ zh: '所见版本', en: 'Version seen' })
const page = pageAsk({ most: 100 })
const yes = z.enum(['true', 'false']).transform((text) => text === 'true')
const byId = z.object({ id: z.uuid() })
const list = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })

export const roleView = z
  .object({
    id: z.string(),
    role: z.enum(ROLES),
    authorityId: z.string().nullable(),
    authorityName: z.string().nullable(),
    division: z.string().nullable(),
    grantedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Role' })
export const sessionView = z
  .object({
    person: z
      .object({
        id: z.string(),
        name: z.string(),
        roles: z.array(z.enum(ROLES)),
        authorityId: z.string().nullable(),
        authorityName: z.string().nullable(),
        division: z.string().nullable(),
        subjectIds: z.array(z.string()),
        mustChange: z.boolean(),
      })
      .nullable(),
    /** Send it as X-CSRF-Token with every write. */
    csrf: z.string().nullable(),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof sessionView>

export const authorityView = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    division: z.string(),
    system: z.enum(AUTHORITY_SYSTEMS),
    isCreditOffice: z.boolean(),
    duties: z.array(z.string()),
    receivingChannel: z.string().nullable(),
    active: z.boolean(),
    version: z.number().int(),
    /** Active people who can hand in for it; too few where it has duties is flagged. */
    collectors: z.number().int(),
    lacksCollector: z.boolean(),
  })
  .meta({ id: 'Authority' })
export type AuthorityView = z.infer<typeof authorityView>

export const divisionView = z
  .object({
    code: z.string(),
    name: words,
    level: z.enum(['province', 'city', 'county']),
    /** The first day without it; null while it stands. */
    abolishedSince: day.nullable(),
    /** What stands in its place. */
    successors: z.array(z.string()),
  })
  .meta({ id: 'Division' })
export type DivisionView = z.infer<typeof divisionView>

export const personView = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    state: z.enum(PERSON_STATES),
    mustChange: z.boolean(),
    version: z.number().int(),
    roles: z.array(roleView),
  })
  .meta({ id: 'Person' })
export type PersonView = z.infer<typeof personView>

export const keyView = z
  .object({
    id: z.string(),
    prefix: z.string(),
    name: z.string(),
    authorityId: z.string().nullable(),
    authorityName: z.string().nullable(),
    peerId: z.string().nullable(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Key' })
export type KeyView = z.infer<typeof keyView>

export const mandateView = z
  .object({
    subjectId: z.string(),
    id: z.string(),
    personId: z.string(),
    personName: z.string(),
    kind: z.enum(MANDATE_KINDS),
    validFrom: day,
    validTo: day.nullable(),
  })
  .meta({ id: 'Mandate' })
export type MandateView = z.infer<typeof mandateView>

export const auditView = z
  .object({
    id: z.string(),
    at: instant,
    actorKind: z.enum(['anonymous', 'person', 'key', 'system']),
    actorId: z.string(),
    actorName: z.string().nullable(),
    authorityName: z.string().nullable(),
    act: z.string(),
    targetKind: z.string(),
    targetId: z.string(),
    subjectId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  })
  .meta({ id: 'AuditRow' })
export type AuditView = z.infer<typeof auditView>

export const auditVerdict = z
  .object({
    ok: z.boolean(),
    seals: z.number().int(),
    rows: z.number().int(),
    /** Written after the last seal; the next one, within a minute, covers them. */
    unsealed: z.number().int(),
    /** Note it down outside of the platform: whoever rewrites everything cannot keep it. */
    head: z.string(),
    bad: z
      .object({
        seal: z.number().int(),
        fromPosition: z.number().int(),
        toPosition: z.number().int(),
        at: instant,
        why: z.enum(['changed', 'missing', 'added', 'chain']),
      })
      .nullable(),
  })
  .meta({ id: 'AuditVerdict' })

const authorityFields = {
  name: name.meta({ zh: '单位名称', en: 'Name' }),
  system: z.enum(AUTHORITY_SYSTEMS).meta({ zh: '所属系统', en: 'System' }),
  duties: z.array(z.string().trim().min(1).max(60)).max(100).meta({ zh: '职责', en: 'Duties' }),
  receivingChannel: z.string().trim().min(1).max(100).nullable().meta({ zh: '接收渠道', en: 'Receiving channel' }),
}
const roleAsk = {
  role: z.enum(ROLES).meta({ zh: '角色', en: 'Role' }),
  authorityId: z.uuid().optional().meta({ zh: '所在单位', en: 'Authority' }),
  division: division.optional(),
}

export const endpoints = defineEndpoints({
  ...contactEndpoints,
  getSession: {
    method: 'GET',
    path: '/session',
    summary: { zh: '查看当前登录', en: 'Who is signed in' },
    allowed: { anyone: true },
    reply: sessionView,
  },
  signIn: {
    method: 'POST',
    path: '/session',
    summary: { zh: '登录', en: 'Sign in' },
    allowed: { anyone: true },
    body: z.object({
      login: z.string().trim().toLowerCase().min(1).max(64).meta({ zh: '登录名', en: 'Login' }),
      password: z.string().min(1).max(PASSWORD_MAX).meta({ zh: '密码', en: 'Password' }),
    }),
    reply: sessionView,
    idempotent: false,
    limit: 4096,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    summary: { zh: '退出登录', en: 'Sign out' },
    allowed: { anyone: true },
    reply: sessionView,
    idempotent: false,
  },
  changePassword: {
    method: 'PUT',
    path: '/session/password',
    summary: { zh: '修改本人密码', en: 'Change your own password' },
    allowed: { signedIn: true },
    body: z.object({
      current: z.string().min(1).max(PASSWORD_MAX).meta({ zh: '当前密码', en: 'Current password' }),
      next: password,
    }),
    reply: sessionView,
    idempotent: false,
    limit: 4096,
  },

  listDivisions: {
    method: 'GET',
    path: '/divisions',
    summary: { zh: '行政区划', en: 'Administrative divisions' },
    allowed: { signedIn: true },
    reply: z.object({ rows: z.array(divisionView) }),
  },

  listAuthorities: {
    method: 'GET',
    path: '/authorities',
    summary: { zh: '单位列表', en: 'Authorities' },
    allowed: { roles: ['territory_admin', 'credit_office', 'security_admin', 'auditor'] },
    query: z.object({
      q: z.string().trim().max(100).optional(),
      system: z.enum(AUTHORITY_SYSTEMS).optional(),
      active: yes.optional(),
      /** Only those that have a duty to report and too few collectors. */
      lacking: yes.optional(),
      ...page,
    }),
    reply: list(authorityView),
  },
  getAuthority: {
    method: 'GET',
    path: '/authorities/:id',
    summary: { zh: '查看单位', en: 'An authority' },
    allowed: { roles: ['territory_admin', 'credit_office', 'security_admin', 'auditor'] },
    params: byId,
    reply: authorityView,
  },
  createAuthority: {
    method: 'POST',
    path: '/authorities',
    summary: { zh: '新增单位', en: 'Add an authority' },
    allowed: { roles: ['territory_admin'] },
    body: z.object({
      code: z
        .string()
        .trim()
        .toUpperCase()
        .regex(/^[0-9A-Z]{18}$/)
        .meta({ zh: '统一社会信用代码', en: 'Unified code' }),
      division,
      isCreditOffice: z.boolean().default(false).meta({ zh: '是否信用办', en: 'Credit office' }),
      ...authorityFields,
      duties: authorityFields.duties.default([]),
      receivingChannel: authorityFields.receivingChannel.default(null),
    }),
    reply: authorityView,
    status: 201,
  },
  updateAuthority: {
    method: 'PUT',
    path: '/authorities/:id',
    summary: { zh: '修改单位', en: 'Change an authority' },
    allowed: { roles: ['territory_admin'] },
    params: byId,
    body: z.object({ ...authorityFields, active: z.boolean().meta({ zh: '是否启用', en: 'Active' }), seen }),
    reply: authorityView,
  },

  moveAuthority: {
    method: 'POST',
    path: '/authorities/:id/move',
    summary: { zh: '调整单位所属行政区划', en: 'Move an authority to another division' },
    allowed: { roles: ['territory_admin'] },
    params: byId,
    body: z.object({ division, seen }),
    reply: authorityView,
  },

  listPeople: {
    method: 'GET',
    path: '/people',
    summary: { zh: '用户列表', en: 'People' },
    allowed: { roles: ['territory_admin', 'security_admin', 'auditor'] },
    query: z.object({
      q: z.string().trim().max(100).optional(),
      role: z.enum(ROLES).optional(),
      state: z.enum(PERSON_STATES).optional(),
      authorityId: z.uuid().optional(),
      ...page,
    }),
    reply: list(personView),
  },
  getPerson: {
    method: 'GET',
    path: '/people/:id',
    summary: { zh: '查看用户', en: 'A person' },
    allowed: { roles: ['territory_admin', 'security_admin', 'auditor'] },
    params: byId,
    reply: personView,
  },
  createPerson: {
    method: 'POST',
    path: '/people',
    summary: { zh: '新增用户', en: 'Add a person' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    body: z.object({ login, name: personName, password, ...roleAsk }),
    reply: personView,
    status: 201,
    idempotent: false,
  },
  suspendPerson: {
    method: 'POST',
    path: '/people/:id/suspend',
    summary: { zh: '停用用户', en: 'Suspend a person' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: byId,
    body: z.object({ seen }),
    reply: personView,
  },
  reinstatePerson: {
    method: 'POST',
    path: '/people/:id/reinstate',
    summary: { zh: '恢复用户', en: 'Reinstate a person' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: byId,
    body: z.object({ seen }),
    reply: personView,
  },
  resetPassword: {
    method: 'POST',
    path: '/people/:id/password',
    summary: { zh: '重置密码', en: 'Reset a password' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: byId,
    body: z.object({ seen }),
    /** Shown once; it must be changed at the next sign-in. */
    reply: z.object({ password: z.string(), person: personView }),
    idempotent: false,
  },
  grantRole: {
    method: 'POST',
    path: '/people/:id/roles',
    summary: { zh: '授予角色', en: 'Grant a role' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: byId,
    body: z.object(roleAsk),
    reply: personView,
    status: 201,
  },
  endRole: {
    method: 'POST',
    path: '/people/:id/roles/:roleId/end',
    summary: { zh: '收回角色', en: 'End a role' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: z.object({ id: z.uuid(), roleId: z.uuid() }),
    reply: personView,
  },

  listKeys: {
    method: 'GET',
    path: '/keys',
    summary: { zh: '接口密钥列表', en: 'Keys for systems' },
    allowed: { roles: ['security_admin', 'auditor'] },
    query: z.object({ authorityId: z.uuid().optional(), live: yes.optional(), ...page }),
    reply: list(keyView),
  },
  createKey: {
    method: 'POST',
    path: '/keys',
    summary: { zh: '新建接口密钥', en: 'Make a key' },
    allowed: { roles: ['security_admin'] },
    body: z
      .object({
        name: name.meta({ zh: '密钥名称', en: 'Name' }),
        authorityId: z.uuid().optional().meta({ zh: '所属单位', en: 'Authority' }),
        peerId: z.uuid().optional().meta({ zh: '对接平台', en: 'Peer' }),
        scopes: z.array(z.enum(SCOPES)).min(1).meta({ zh: '权限范围', en: 'Scopes' }),
        expiresOn: day.optional().meta({ zh: '到期日', en: 'Expires on' }),
      })
      .refine((key) => (key.authorityId === undefined) !== (key.peerId === undefined), {
        params: { zh: '密钥应当属于一个单位或者一个对接平台。', en: 'a key belongs to one authority or to one peer.' },
      }),
    /** Shown once. */
    reply: z.object({ secret: z.string(), key: keyView }),
    status: 201,
    idempotent: false,
  },
  revokeKey: {
    method: 'POST',
    path: '/keys/:id/revoke',
    summary: { zh: '撤销接口密钥', en: 'Revoke a key' },
    allowed: { roles: ['security_admin'] },
    params: byId,
    reply: keyView,
  },

  listMandates: {
    method: 'GET',
    path: '/mandates',
    summary: { zh: '授权关系列表', en: 'Mandates' },
    allowed: { roles: ['territory_admin', 'security_admin', 'auditor'] },
    query: z.object({ personId: z.uuid().optional(), subjectId: z.uuid().optional(), ...page }),
    reply: list(mandateView),
  },
  createMandate: {
    method: 'POST',
    path: '/mandates',
    summary: { zh: '登记授权关系', en: 'Give a mandate' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    body: z
      .object({
        personId: z.uuid().meta({ zh: '用户', en: 'Person' }),
        subjectId: z.uuid().meta({ zh: '信用主体', en: 'Subject' }),
        kind: z.enum(MANDATE_KINDS).meta({ zh: '授权类型', en: 'Kind' }),
        validFrom: day.meta({ zh: '生效日', en: 'Valid from' }),
        validTo: day.nullable().default(null).meta({ zh: '失效日', en: 'Valid to' }),
      })
      .refine((m) => m.validTo === null || m.validTo > m.validFrom, {
        path: ['validTo'],
        params: { zh: '失效日应当晚于生效日。', en: 'the last day comes after the first.' },
      }),
    reply: mandateView,
    status: 201,
  },
  endMandate: {
    method: 'POST',
    path: '/mandates/:subjectId/:id/end',
    summary: { zh: '终止授权关系', en: 'End a mandate' },
    allowed: { roles: ['territory_admin', 'security_admin'] },
    params: z.object({ subjectId: z.uuid(), id: z.uuid() }),
    reply: mandateView,
  },

  listAudit: {
    method: 'GET',
    path: '/audit',
    summary: { zh: '审计日志', en: 'Audit' },
    allowed: { roles: ['auditor'] },
    query: z.object({
      act: z.string().trim().max(60).optional(),
      actorId: z.string().trim().max(60).optional(),
      targetKind: z.string().trim().max(40).optional(),
      targetId: z.string().trim().max(80).optional(),
      subjectId: z.uuid().optional(),
      from: day.optional(),
      to: day.optional(),
      ...page,
    }),
    reply: list(auditView),
  },
  verifyAudit: {
    method: 'GET',
    path: '/audit/verify',
    summary: { zh: '核验审计日志', en: 'Verify the audit' },
    allowed: { roles: ['auditor', 'security_admin'] },
    reply: auditVerdict,
  },
})

export const refusals = {
  WRONG_CREDENTIALS: {
    kind: 'unauthenticated',
    zh: '登录名或者密码不正确。',
    en: 'The login or the password is not right.',
  },
  ACCOUNT_SUSPENDED: {
    kind: 'forbidden',
    zh: '该账号已停用，请联系系统管理员。',
    en: 'This account is suspended; ask your administrator.',
  },
  PASSWORD_UNCHANGED: {
    kind: 'refused',
    zh: '新密码不能与当前密码相同。',
    en: 'The new password is the same as the current one.',
  },
  LOGIN_TAKEN: { kind: 'conflict', zh: '该登录名已被使用。', en: 'This login is in use.' },
  AUTHORITY_CODE_TAKEN: {
    kind: 'conflict',
    zh: '该统一社会信用代码的单位已经存在。',
    en: 'An authority with this code exists already.',
  },
  BAD_AUTHORITY_CODE: {
    kind: 'refused',
    zh: '统一社会信用代码校验不通过，请核对。',
    en: 'The unified code does not check out.',
  },
  AUTHORITY_INACTIVE: { kind: 'refused', zh: '该单位已停用。', en: 'This authority is not active.' },
  DIVISION_ABOLISHED: {
    kind: 'refused',
    zh: '{division}已经撤销，请选择承接其行政区域的{successors}。',
    en: '{division} has been abolished; choose what stands in its place: {successors}.',
  },
  DIVISION_GONE: {
    kind: 'refused',
    zh: '{division}已经撤销，请选择现行的行政区划。',
    en: '{division} has been abolished; choose one that stands.',
  },
  OUTSIDE_TERRITORY: { kind: 'forbidden', zh: '超出您管理的行政区域范围。', en: 'This lies outside your territory.' },
  ROLE_NOT_YOURS_TO_GRANT: {
    kind: 'forbidden',
    zh: '该角色应当由其他管理员授予或者收回。',
    en: 'Another administrator grants and ends this role.',
  },
  NOT_ON_YOURSELF: {
    kind: 'forbidden',
    zh: '不能对本人账号办理此项操作。',
    en: 'You cannot do this to your own account.',
  },
  ROLE_NEEDS_AUTHORITY: { kind: 'refused', zh: '该角色应当指定所在单位。', en: 'This role needs an authority.' },
  ROLE_NEEDS_DIVISION: { kind: 'refused', zh: '该角色应当指定行政区划。', en: 'This role needs a division.' },
  ONE_AUTHORITY_ONLY: {
    kind: 'conflict',
    zh: '该用户已在其他单位任职，请先收回原角色。',
    en: 'This person works in another authority; end that role first.',
  },
  ROLE_HELD_ALREADY: { kind: 'conflict', zh: '该用户已有此角色。', en: 'This person has this role already.' },
  MANDATE_NEEDS_ENTERPRISE: {
    kind: 'refused',
    zh: '只能为信用主体用户登记授权关系。',
    en: 'Only an enterprise user can hold a mandate.',
  },
  ROLES_DO_NOT_MIX: {
    kind: 'refused',
    zh: '系统管理员、安全管理员、审计员相互分离，信用主体用户不能兼任工作人员，不能由同一账号担任。',
    en: 'Administrator, security administrator, auditor and enterprise are kept apart, also from the other roles.',
  },
} satisfies RefusalCatalogue
