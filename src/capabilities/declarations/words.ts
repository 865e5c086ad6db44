import type { Words } from '../../kernel/words.ts'

export const DECLARATION_STATES = ['draft', 'declared', 'verified', 'refused', 'withdrawn', 'found_false'] as const
export type DeclarationState = (typeof DECLARATION_STATES)[number]
export const DECLARATION_STATE_WORDS: Record<DeclarationState, Words> = {
  draft: { zh: '草稿', en: 'Draft' },
  declared: { zh: '已申报，待核验', en: 'Declared, to be verified' },
  verified: { zh: '核验通过', en: 'Verified' },
  refused: { zh: '核验未通过', en: 'Refused' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  found_false: { zh: '经查不实', en: 'Found to be false' },
}
/** By comparing days; never stored. */
export const EXPIRED: Words = { zh: '已过有效期', en: 'No longer valid' }

export const DECLARATION_ACTIONS = ['declare', 'verify', 'refuse', 'amend', 'withdraw', 'find_false'] as const
export type DeclarationAction = (typeof DECLARATION_ACTIONS)[number]
export const DECLARATION_ACTION_WORDS: Record<DeclarationAction | 'begin', Words> = {
  begin: { zh: '填写', en: 'Begun' },
  declare: { zh: '签署承诺并申报', en: 'Signed and declared' },
  verify: { zh: '核验通过', en: 'Verified' },
  refuse: { zh: '核验不通过', en: 'Refused' },
  amend: { zh: '修改', en: 'Amended' },
  withdraw: { zh: '撤回', en: 'Withdrawn' },
  find_false: { zh: '认定不实', en: 'Found to be false' },
}

export const MESSAGES = {
  declared: {
    title: { zh: '自主申报待核验：{title}', en: 'A declaration to verify: {title}' },
    body: {
      zh: '{kind}（编号{no}）已申报并签署承诺，请核验。',
      en: '{kind} (no. {no}) was declared and signed; please verify it.',
    },
  },
} as const
