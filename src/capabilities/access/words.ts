import type { Scope } from '../../kernel/roles.ts'
import type { Words } from '../../kernel/words.ts'
import type { AuthoritySystem, MandateKind } from './contract.ts'

export const SYSTEM_WORDS: Record<AuthoritySystem, Words> = {
  general: { zh: '行业主管部门', en: 'Line authority' },
  market_supervision: { zh: '市场监督管理', en: 'Market supervision' },
  tax: { zh: '税务', en: 'Tax' },
  court: { zh: '人民法院', en: 'Court' },
}
export const MANDATE_WORDS: Record<MandateKind, Words> = {
  legal_representative: { zh: '法定代表人', en: 'Legal representative' },
  agent: { zh: '委托代理人', en: 'Agent' },
  administrator: { zh: '破产管理人', en: 'Insolvency administrator' },
}
export const SCOPE_WORDS: Record<Scope, Words> = {
  collect: { zh: '数据报送', en: 'Hand in data' },
  feed: { zh: '数据订阅', en: 'Pull the feed' },
  read: { zh: '信用查询', en: 'Look up' },
}
export const PERSON_STATE_WORDS: Record<'active' | 'suspended', Words> = {
  active: { zh: '正常', en: 'Active' },
  suspended: { zh: '已停用', en: 'Suspended' },
}
export const ACTOR_KIND_WORDS: Record<'anonymous' | 'person' | 'key' | 'system', Words> = {
  anonymous: { zh: '未登录访问者', en: 'Not signed in' },
  person: { zh: '用户', en: 'Person' },
  key: { zh: '接口密钥', en: 'Key' },
  system: { zh: '系统', en: 'System' },
}
/** What the audit names; every act of this capability. */
export const ACT_WORDS: Record<string, Words> = {
  'access.sign_in': { zh: '登录', en: 'Signed in' },
  'access.sign_in_failed': { zh: '登录失败', en: 'Sign-in failed' },
  'access.sign_out': { zh: '退出登录', en: 'Signed out' },
  'access.change_password': { zh: '修改密码', en: 'Changed the password' },
  'access.reset_password': { zh: '重置密码', en: 'Reset a password' },
  'access.create_authority': { zh: '新增单位', en: 'Added an authority' },
  'access.update_authority': { zh: '修改单位', en: 'Changed an authority' },
  'access.move_authority': { zh: '调整单位所属行政区划', en: 'Moved an authority' },
  'access.create_person': { zh: '新增用户', en: 'Added a person' },
  'access.suspend_person': { zh: '停用用户', en: 'Suspended a person' },
  'access.reinstate_person': { zh: '恢复用户', en: 'Reinstated a person' },
  'access.grant_role': { zh: '授予角色', en: 'Granted a role' },
  'access.end_role': { zh: '收回角色', en: 'Ended a role' },
  'access.create_key': { zh: '新建接口密钥', en: 'Made a key' },
  'access.revoke_key': { zh: '撤销接口密钥', en: 'Revoked a key' },
  'access.give_mandate': { zh: '登记授权关系', en: 'Gave a mandate' },
  'access.change_contact': { zh: '修改联系方式', en: 'Changed where a person is reached' },
  'access.end_mandate': { zh: '终止授权关系', en: 'Ended a mandate' },
}
