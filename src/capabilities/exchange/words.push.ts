import type { Words } from '../../kernel/words.ts'

/** Where a delivery stands. Each is in exactly one of them. */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'retrying',
  'sent',
  'acknowledged',
  'refused',
  'not_needed',
  'dead',
  'given_up',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]
export const DELIVERY_STATE_WORDS: Record<DeliveryState, Words> = {
  queued: { zh: '待发送', en: 'Waiting to go' },
  sending: { zh: '发送中', en: 'Being sent' },
  retrying: { zh: '待重发', en: 'Tried, goes again' },
  sent: { zh: '已送达，待确认', en: 'Sent, not acknowledged' },
  acknowledged: { zh: '已确认', en: 'Acknowledged' },
  refused: { zh: '对方退回', en: 'Sent back' },
  not_needed: { zh: '无需发送', en: 'Not needed any more' },
  dead: { zh: '发送失败', en: 'Could not be sent' },
  given_up: { zh: '不再发送', en: 'Given up' },
}

export const DELIVERY_KINDS = ['publish', 'update', 'withdraw', 'message'] as const
export type DeliveryKind = (typeof DELIVERY_KINDS)[number]
export const DELIVERY_KIND_WORDS: Record<DeliveryKind, Words> = {
  publish: { zh: '提供记录', en: 'A record' },
  update: { zh: '更新记录', en: 'A change of a record' },
  withdraw: { zh: '撤下通知', en: 'A withdrawal' },
  message: { zh: '专送报文', en: 'A message' },
}

/** What became of a delivery: the peer's own answer, or that there was nothing to tell any more. */
export const DELIVERY_OUTCOMES = ['applied', 'already', 'refused', 'not_needed'] as const

export const FAULTS = [
  'no_address',
  'unreachable',
  'not_trusted',
  'timeout',
  'cut_short',
  'redirected',
  'not_authorized',
  'not_found',
  'too_many',
  'too_large',
  'busy',
  'failed',
  'not_accepted',
  'unreadable',
  'not_answered',
  'broke_off',
] as const
export type Fault = (typeof FAULTS)[number]
/** What went wrong, as somebody would say it on the telephone. */
export const FAULT_WORDS: Record<Fault, Words> = {
  no_address: { zh: '没有登记对方的接收地址', en: 'No address of the peer is registered' },
  unreachable: { zh: '连接不上对方的系统', en: "The peer's system cannot be reached" },
  not_trusted: { zh: '对方的证书不受信任', en: "The peer's certificate is not trusted" },
  timeout: { zh: '对方在规定时间内没有回应', en: 'The peer did not answer in time' },
  cut_short: { zh: '对方在回应途中断开了连接', en: 'The peer broke off while answering' },
  redirected: { zh: '对方要求转到别的地址', en: 'The peer points to another address' },
  not_authorized: { zh: '对方不认可本平台的签名', en: 'The peer does not accept our signature' },
  not_found: { zh: '对方的接收地址不存在', en: 'There is nothing at the address of the peer' },
  too_many: { zh: '对方要求放慢发送', en: 'The peer asks to be sent less at a time' },
  too_large: { zh: '对方认为一次发送的内容过大', en: 'The request is too large for the peer' },
  busy: { zh: '对方的系统暂时不能提供服务', en: "The peer's system is out of service" },
  failed: { zh: '对方的系统内部出错', en: "The peer's system failed" },
  not_accepted: { zh: '对方不接受发送的内容', en: 'The peer does not accept what it was sent' },
  unreadable: { zh: '对方的回应无法识别', en: "The peer's answer cannot be read" },
  not_answered: { zh: '对方的回应没有提到这一条', en: "The peer's answer does not mention it" },
  broke_off: { zh: '本平台在发送途中停止运行', en: 'This platform stopped while sending' },
}
/** What helps, for whoever looks into it. */
export const FAULT_HELP: Record<Fault, Words> = {
  no_address: { zh: '在共享对象中登记接收地址后重新发送。', en: 'Register its address, then send again.' },
  unreachable: {
    zh: '请对方检查系统是否运行、网络是否连通、地址是否变更，恢复后重新发送。',
    en: 'Ask the peer whether its system runs, whether the network is open and whether its address has changed; then send again.',
  },
  not_trusted: {
    zh: '请对方更换有效的服务器证书，然后重新发送。',
    en: 'Ask the peer to install a valid certificate, then send again.',
  },
  timeout: {
    zh: '请对方检查系统负载；处理较慢的可以先回应“已收到”，处理后再确认。',
    en: 'Ask the peer about its load; it may answer that it has received, and acknowledge later.',
  },
  cut_short: {
    zh: '请对方检查网关和系统日志，然后重新发送。',
    en: 'Ask the peer to look into its gateway, then send again.',
  },
  redirected: {
    zh: '本平台不跟随转址。请与对方核实新地址，登记后重新发送。',
    en: 'Redirects are not followed. Confirm the new address with the peer, register it and send again.',
  },
  not_authorized: {
    zh: '请对方核对已登记的本平台公钥和系统时间，然后重新发送。',
    en: 'Ask the peer to check our public key and its clock, then send again.',
  },
  not_found: { zh: '与对方核实接收地址，登记后重新发送。', en: 'Confirm the address with the peer, then send again.' },
  too_many: { zh: '本平台会按对方要求的时间自动重发。', en: 'It goes again at the time that the peer asked for.' },
  too_large: {
    zh: '本平台会逐条重发；仍不成功的请与对方联系。',
    en: 'It goes one by one; if that fails too, talk to the peer.',
  },
  busy: {
    zh: '对方恢复后会自动重发；长时间不恢复的请与对方联系。',
    en: 'It goes again once the peer is back; if that takes long, call them.',
  },
  failed: {
    zh: '请对方按发送时间查看系统日志，修复后重新发送。',
    en: 'Ask the peer to look into its log at that time; send again when it is mended.',
  },
  not_accepted: {
    zh: '按对方的说明核对这条记录和接口版本，处理后重新发送。',
    en: 'Look at the record with what the peer said, then send again.',
  },
  unreadable: {
    zh: '请对方按接口说明返回确认结果，然后重新发送。',
    en: 'Ask the peer to answer as the interface says, then send again.',
  },
  not_answered: {
    zh: '请对方逐条返回确认结果，然后重新发送。',
    en: 'Ask the peer to acknowledge each event, then send again.',
  },
  broke_off: {
    zh: '会自动重发，编号不变，对方不会重复处理。',
    en: 'It goes again under the same number; nothing is done twice.',
  },
}

/** What sending again would do, given what the record is now. */
export const REPLAYS = ['publish', 'update', 'withdraw', 'message', 'nothing'] as const
export type Replay = (typeof REPLAYS)[number]
export const REPLAY_WORDS: Record<Replay, Words> = {
  publish: { zh: '提供记录当前的内容', en: 'hand out the record as it is now' },
  update: { zh: '更新为记录当前的内容', en: 'bring the record up to date' },
  withdraw: { zh: '通知对方撤下', en: 'tell the peer to take it down' },
  message: { zh: '发送原报文', en: 'send the message' },
  nothing: { zh: '已无需告知，不再发送', en: 'nothing: there is nothing to tell any more' },
}

export const CHASED = ['withdrawals', 'unanswered', 'dead'] as const
export type Chased = (typeof CHASED)[number]
export const CHASED_WORDS: Record<Chased, Words> = {
  withdrawals: { zh: '逾期未确认撤下', en: 'withdrawals not confirmed in time' },
  unanswered: { zh: '逾期未确认送达', en: 'deliveries not acknowledged in time' },
  dead: { zh: '发送失败待处理', en: 'deliveries that could not be sent' },
}
