import type { SubjectKind } from '../../kernel/policy.ts'
import type { Words } from '../../kernel/words.ts'
import type { Badge, CODE_KINDS, CONFLICT_STATES } from './contract.ts'

type CodeKind = (typeof CODE_KINDS)[number]

export const SUBJECT_KIND_WORDS: Record<SubjectKind, Words> = {
  enterprise: { zh: '企业', en: 'Enterprise' },
  institution: { zh: '事业单位', en: 'Public institution' },
  social_organisation: { zh: '社会组织', en: 'Social organisation' },
  individual_business: { zh: '个体工商户', en: 'Individual business' },
  government_body: { zh: '机关', en: 'Government body' },
  natural_person: { zh: '自然人', en: 'Natural person' },
  other: { zh: '其他组织', en: 'Other organisation' },
}

export const SUBJECT_STATUS_WORDS: Record<'active' | 'deregistered' | 'revoked', Words> = {
  active: { zh: '存续', en: 'Active' },
  deregistered: { zh: '注销', en: 'Deregistered' },
  revoked: { zh: '吊销', en: 'Licence revoked' },
}

export const CODE_KIND_WORDS: Record<CodeKind, Words> = {
  uscc: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  organisation: { zh: '组织机构代码', en: 'Organisation code' },
  registration: { zh: '工商注册号', en: 'Registration number' },
  person_digest: { zh: '证件号码', en: 'Identity document' },
  alias: { zh: '误报代码', en: 'Code reported in error' },
}

export const CONFLICT_KIND_WORDS: Record<'one_code_two_names' | 'one_name_two_codes', Words> = {
  one_code_two_names: { zh: '一码多名', en: 'One code, two names' },
  one_name_two_codes: { zh: '一名多码', en: 'One name, two codes' },
}

export const CONFLICT_STATE_WORDS: Record<(typeof CONFLICT_STATES)[number], Words> = {
  open: { zh: '待核实', en: 'Open' },
  kept: { zh: '维持原登记', en: 'Held entry kept' },
  renamed: { zh: '已变更名称', en: 'Renamed' },
  former: { zh: '认定为曾用名', en: 'Recorded as a former name' },
  merged: { zh: '已合并档案', en: 'Files brought together' },
}

/** Said of every piece of information, wherever it is shown (A4). */
export const BADGE_WORDS: Record<Badge, Words> = {
  authority_record: { zh: '行政机关归集', en: "Authority's record" },
  declared_verified: { zh: '自主申报，已核验', en: 'Declared and verified' },
  declared: { zh: '自主申报，未核验', en: 'Declared, not verified' },
}
