import type { Words } from '../../kernel/words.ts'

export const PEER_KINDS = [
  'upper_platform',
  'lower_platform',
  'publicity_system',
  'authority_portal',
  'service_platform',
  'third_party',
] as const
export type PeerKind = (typeof PEER_KINDS)[number]
export const PEER_KIND_WORDS: Record<PeerKind, Words> = {
  upper_platform: { zh: '上级信用平台', en: 'Upper credit platform' },
  lower_platform: { zh: '下级信用平台', en: 'Lower credit platform' },
  publicity_system: { zh: '企业信用信息公示系统', en: 'Enterprise credit publicity system' },
  authority_portal: { zh: '部门门户网站', en: "Authority's portal" },
  service_platform: { zh: '政务服务平台', en: 'Government service platform' },
  third_party: { zh: '第三方信用服务机构', en: 'Third-party credit service' },
}

export const HOLDER_STATES = ['holding', 'waiting', 'sent', 'acknowledged', 'refused', 'late'] as const
export type HolderState = (typeof HOLDER_STATES)[number]
export const HOLDER_STATE_WORDS: Record<HolderState, Words> = {
  holding: { zh: '持有中', en: 'Holds it' },
  waiting: { zh: '待对方领取', en: 'Not fetched yet' },
  sent: { zh: '已送达，待确认', en: 'Sent, not acknowledged' },
  acknowledged: { zh: '已确认撤下', en: 'Acknowledged, taken down' },
  refused: { zh: '对方退回', en: 'Sent back' },
  late: { zh: '逾期未确认', en: 'Late' },
}

export const OUTCOMES = ['applied', 'already', 'refused'] as const
export const PEER_STATES = ['active', 'suspended'] as const
export type PeerState = (typeof PEER_STATES)[number]
export const PEER_STATE_WORDS: Record<PeerState, Words> = {
  active: { zh: '正常', en: 'Active' },
  suspended: { zh: '已暂停', en: 'Suspended' },
}

/** The first row of every propagation table: this platform's own public site. */
export const OWN_SITE: Words = { zh: '本平台公示网站', en: "This platform's public site" }
