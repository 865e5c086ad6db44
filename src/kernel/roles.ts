/** Roles of persons (design §1) and of systems. One closed set; the CHECK in the database is held against it. */
export const ROLES = [
  'collector',
  'officer',
  'head',
  'window_clerk',
  'credit_office',
  'territory_admin',
  'security_admin',
  'auditor',
  'enterprise',
] as const
export type Role = (typeof ROLES)[number]

export const ROLE_WORDS: Record<Role, { zh: string; en: string }> = {
  collector: { zh: '信息采集员', en: 'Collector' },
  officer: { zh: '经办人员', en: 'Officer' },
  head: { zh: '单位负责人', en: 'Head' },
  window_clerk: { zh: '综合窗口', en: 'Window clerk' },
  credit_office: { zh: '信用办', en: 'Credit office' },
  territory_admin: { zh: '系统管理员', en: 'Territory administrator' },
  security_admin: { zh: '安全管理员', en: 'Security administrator' },
  auditor: { zh: '审计员', en: 'Auditor' },
  enterprise: { zh: '信用主体', en: 'Enterprise' },
}

/** Who may call an endpoint: anyone, anyone signed in, these roles, or a key with one of these scopes. */
export const SCOPES = ['collect', 'feed', 'read'] as const
export type Scope = (typeof SCOPES)[number]
export type Allowed = {
  anyone?: boolean
  signedIn?: boolean
  roles?: readonly Role[]
  scopes?: readonly Scope[]
}
