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

export const HOLDER_STATES = ['holding', 'waiting', 'sent', 'acknowledged', 'refused', 'late', 'dead'] as const
export type HolderState = (typeof HOLDER_STATES)[number]
export const HOLDER_STATE_WORDS: Record<HolderState, Words> = {
  holding: { zh: '持有中', en: 'Holds it' },
  waiting: { zh: '待对方领取', en: 'Not fetched yet' },
  sent: { zh: '已送达，待确认', en: 'Sent, not acknowledged' },
  acknowledged: { zh: '已确认撤下', en: 'Acknowledged, taken down' },
  refused: { zh: '对方退回', en: 'Sent back' },
  late: { zh: '逾期未确认', en: 'Late' },
  dead: { zh: '多次投递未送达', en: 'Could not be reached' },
}

export const OUTCOMES = ['applied', 'already', 'refused'] as const
export const PEER_STATES = ['onboarding', 'active', 'suspended', 'cut_off'] as const
export type PeerState = (typeof PEER_STATES)[number]
export const PEER_STATE_WORDS: Record<PeerState, Words> = {
  onboarding: { zh: '接入中', en: 'Being connected' },
  active: { zh: '正常', en: 'Active' },
  suspended: { zh: '已暂停', en: 'Suspended' },
  cut_off: { zh: '已停止供数', en: 'Cut off' },
}

/** How a peer is reached. */
export const WAYS = ['pull', 'push', 'file', 'table'] as const
export type Way = (typeof WAYS)[number]
export const WAY_WORDS: Record<Way, Words> = {
  pull: { zh: '对方领取', en: 'Fetched by the peer' },
  push: { zh: '主动推送', en: 'Pushed to the peer' },
  file: { zh: '文件交换', en: 'Files' },
  table: { zh: '库表交换', en: 'Exchange table' },
}
export const DIRECTIONS = ['out', 'in', 'both'] as const
export type Direction = (typeof DIRECTIONS)[number]
export const DIRECTION_WORDS: Record<Direction, Words> = {
  out: { zh: '向对方提供', en: 'To the peer' },
  in: { zh: '从对方接收', en: 'From the peer' },
  both: { zh: '双向', en: 'Both ways' },
}
/** Whoever only hands in by the interface is not waited for to fetch anything, and nothing is pushed to it. */
const HANDS_IN: Words = { zh: '对方推送', en: 'Pushed by the peer' }
export const wayWords = ({ way, direction }: { way: Way; direction: Direction }): Words =>
  direction === 'in' && (way === 'pull' || way === 'push') ? HANDS_IN : WAY_WORDS[way]
export const FORMATS = ['cloudevents', 'json_envelope', 'xml_envelope', 'csv', 'xlsx', 'json_lines'] as const
export type Format = (typeof FORMATS)[number]
export const FORMAT_WORDS: Record<Format, Words> = {
  cloudevents: { zh: '事件报文(CloudEvents)', en: 'CloudEvents' },
  json_envelope: { zh: 'JSON 报文', en: 'JSON envelope' },
  xml_envelope: { zh: 'XML 报文', en: 'XML envelope' },
  csv: { zh: 'CSV 文件', en: 'CSV file' },
  xlsx: { zh: 'Excel 文件', en: 'Excel file' },
  json_lines: { zh: 'JSON 行文件', en: 'JSON lines' },
}
/** Of a key that signs: ours and those of peers. */
export const KEY_STATES = ['coming', 'valid', 'ended', 'revoked'] as const
export type KeyState = (typeof KEY_STATES)[number]
export const KEY_STATE_WORDS: Record<KeyState, Words> = {
  coming: { zh: '待启用', en: 'Not yet' },
  valid: { zh: '有效', en: 'Valid' },
  ended: { zh: '已停用', en: 'Ended' },
  revoked: { zh: '已撤销', en: 'Revoked' },
}
export const ALGORITHMS = ['ed25519', 'sm2'] as const
export type Algorithm = (typeof ALGORITHMS)[number]
export const ALGORITHM_WORDS: Record<Algorithm, Words> = {
  ed25519: { zh: 'Ed25519', en: 'Ed25519' },
  sm2: { zh: '国密 SM2/SM3', en: 'SM2 with SM3' },
}

/** The first row of every propagation table: this platform's own public site. */
export const OWN_SITE: Words = { zh: '本平台公示网站', en: "This platform's public site" }

/** What a peer may have to do beside taking down: it applies measures, or it evaluates. */
export const DUTIES = ['measures', 'evaluation'] as const
export type Duty = (typeof DUTIES)[number]
export const DUTY_WORDS: Record<Duty, Words> = {
  measures: { zh: '实施失信惩戒措施', en: 'Applies measures' },
  evaluation: { zh: '开展信用评价', en: 'Evaluates' },
}
/** What it did upon a withdrawal. `none`: it had nothing in place that rested on the record. */
export const EFFECT_RESULTS = ['done', 'none'] as const
export type EffectResult = (typeof EFFECT_RESULTS)[number]
export const EFFECT_BY = ['peer', 'office'] as const
export type EffectBy = (typeof EFFECT_BY)[number]
export const EFFECT_RESULT_WORDS: Record<Duty, Record<EffectResult, Words>> = {
  measures: {
    done: { zh: '已解除惩戒措施', en: 'measures lifted' },
    none: { zh: '未因该信息实施惩戒措施', en: 'no measure rested on it' },
  },
  evaluation: {
    done: { zh: '已更新信用评价', en: 'evaluation brought up to date' },
    none: { zh: '信用评价未使用该信息', en: 'no evaluation rested on it' },
  },
}
export const ASKED_STATES = ['done', 'none', 'waiting', 'late'] as const
export type AskedState = (typeof ASKED_STATES)[number]
export const ASKED_STATE_WORDS: Record<'waiting' | 'late', Words> = {
  waiting: { zh: '待答复', en: 'to answer' },
  late: { zh: '逾期未答复', en: 'late' },
}

/** Order 36 art. 3. */
export const EFFECT_PART_WORDS: Record<'display' | 'sharing' | 'measures' | 'evaluation', Words> = {
  display: { zh: '终止公示', en: 'Not shown any more' },
  sharing: { zh: '停止共享和使用', en: 'Not shared and used any more' },
  measures: { zh: '解除失信惩戒措施', en: 'Measures lifted' },
  evaluation: { zh: '更新信用评价', en: 'Evaluations brought up to date' },
}
export const EFFECT_STATE_WORDS: Record<'done' | 'under_way' | 'late' | 'nobody', Words> = {
  done: { zh: '已完成', en: 'Done' },
  under_way: { zh: '办理中', en: 'Under way' },
  late: { zh: '有逾期或者退回', en: 'Late or sent back' },
  nobody: { zh: '无需办理', en: 'Nobody concerned' },
}
