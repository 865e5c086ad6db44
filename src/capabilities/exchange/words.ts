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

/** Order 36 art. 3. */
export const EFFECT_PART_WORDS: Record<'display' | 'sharing' | 'measures' | 'evaluation', Words> = {
  display: { zh: '终止公示', en: 'Not shown any more' },
  sharing: { zh: '停止共享和使用', en: 'Not shared and used any more' },
  measures: { zh: '解除失信惩戒措施', en: 'Measures lifted' },
  evaluation: { zh: '更新信用评价', en: 'Evaluations brought up to date' },
}
export const EFFECT_STATE_WORDS: Record<'done' | 'under_way' | 'late' | 'not_connected', Words> = {
  done: { zh: '已完成', en: 'Done' },
  under_way: { zh: '办理中', en: 'Under way' },
  late: { zh: '有逾期或者退回', en: 'Late or sent back' },
  not_connected: { zh: '未接入，无回执', en: 'Not connected, no receipt' },
}
