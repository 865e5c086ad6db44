import type { Words } from '../../kernel/words.ts'

export const MESSAGE_STATES = ['pending', 'accepted', 'refused'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]
export const MESSAGE_STATE_WORDS: Record<MessageState, Words> = {
  pending: { zh: '待处理', en: 'Pending' },
  accepted: { zh: '已接收', en: 'Accepted' },
  refused: { zh: '已退回', en: 'Sent back' },
}

/** What a sender is told of a message. */
export type Outcome = 'applied' | 'already' | 'refused'

export const INTAKE_WAYS = ['push', 'file', 'table'] as const
export type IntakeWay = (typeof INTAKE_WAYS)[number]
export const INTAKE_WAY_WORDS: Record<IntakeWay, Words> = {
  push: { zh: '接口推送', en: 'Pushed' },
  file: { zh: '文件', en: 'File' },
  table: { zh: '库表', en: 'Exchange table' },
}

export const TYPE_WORDS: Record<string, Words> = {
  'record.publish': { zh: '新增公示', en: 'New record' },
  'record.update': { zh: '信息变更', en: 'Change' },
  'record.withdraw': { zh: '停止公示', en: 'Withdrawal' },
}
export const OTHER_TYPE: Words = { zh: '业务报文', en: 'Other message' }

/** What became of a message: why, and what the sender or we have to do. */
type Speaks = { reason: Words; mend: Words }
const NOTHING: Words = { zh: '', en: '' }
const done = (zh: string, en: string): Speaks => ({ reason: { zh, en }, mend: NOTHING })
const back = (reason: Words, mend: Words): Speaks => ({ reason, mend })

export const VERDICTS = {
  // ---- accepted
  taken: done('已归集入库。', 'Taken in as a new record.'),
  changed: done('内容有变化，已形成新版本。', 'Taken in as a new version.'),
  same: done('本平台已持有相同内容。', 'The same content is held already.'),
  shown_again: done('已恢复公示。', 'Shown again.'),
  taken_down_at_once: done(
    '已归集入库；停止公示的报文先到，入库后不再公示。',
    'Taken in and not shown: the withdrawal had come first.',
  ),
  superseded: done(
    '同一信息的较新报文已经处理，本报文不再适用。',
    'A newer message about the same record has been carried out; this one changes nothing.',
  ),
  own_word: done(
    '该变更由本平台发出，经其他平台转回，不再重复处理。',
    'This platform said so itself and it has come round through others; it is not carried out again.',
  ),
  held_elsewhere: done(
    '本平台已从认定单位或者其他来源取得该信息，以原来源为准，未作变更。',
    'The record is held from its own source, which decides what it says; nothing was changed.',
  ),
  withdrawn: done('已停止公示。', 'Taken down.'),
  gone_already: done('该信息此前已停止公示。', 'It had been taken down before.'),
  nothing_held: done(
    '本平台未持有该信息，无需撤下；之后到达的较早报文不再公示。',
    'Nothing of it is held, so nothing had to be taken down; an older message that still comes will not show it.',
  ),
  carried_out: done('已办理：{note}', 'Carried out: {note}'),
  // ---- pending
  waiting: done('已收到，正在处理。', 'Received; being carried out.'),
  unknown_authority: back(
    {
      zh: '单位名录中没有“{authority}”，暂不入库，已请信用办核实登记。',
      en: 'The register of authorities has no “{authority}”; it waits until the credit office has registered it.',
    },
    {
      zh: '请在“单位管理”中登记该单位及其职责，登记后自动重新处理；不属于本区域登记的，可以按来文名称接收，或者退回。',
      en: 'Register the authority and its duties, and it goes on by itself; or let it in under the name given, or send it back.',
    },
  ),
  no_duty: back(
    {
      zh: '单位名录中，“{authority}”的职责不含“{item}”，暂不入库。',
      en: 'In the register, “{item}” is not among the duties of “{authority}”; it waits.',
    },
    {
      zh: '请在“单位管理”中核实并补充该单位的职责，补充后自动重新处理；确无该项职责的，请退回。',
      en: 'Check its duties in the register: once added, it goes on by itself. If it has no such duty, send it back.',
    },
  ),
  name_conflict: back(
    {
      zh: '统一社会信用代码登记的名称为“{held}”，来文名称为“{offered}”，待核实。',
      en: 'The code is held under the name “{held}”, the message says “{offered}”.',
    },
    {
      zh: '请在“重错码纠正”中核实名称，作出决定后自动重新处理。',
      en: 'Decide which name holds among the conflicts; it then goes on by itself.',
    },
  ),
  before_publish: back(
    {
      zh: '停止公示的报文先于新增公示的报文到达，待对应信息到达后一并处理。',
      en: 'The withdrawal came before the record; it is applied as soon as the record comes.',
    },
    {
      zh: '无需处理；期限内对应信息仍未到达的，按“无需撤下”自动办结。',
      en: 'Nothing to do: if the record does not come within the term, it is closed as nothing to take down.',
    },
  ),
  receiver_waits: back(
    { zh: '所需的前序材料尚未到达：{note}', en: 'What it builds on has not come yet: {note}' },
    { zh: '前序材料到达后自动重新处理。', en: 'It goes on by itself.' },
  ),
  no_credit_office: back(
    { zh: '本平台尚未登记信用办，无法接收。', en: 'No credit office is registered here.' },
    { zh: '请系统管理员登记信用办。', en: 'Let the administrator register it.' },
  ),
  fault: back(
    { zh: '处理时出现异常，将自动重试。', en: 'A fault occurred here; it is tried again by itself.' },
    {
      zh: '多次重试仍未成功的，请联系技术支持，并提供报文编号。',
      en: 'If it goes on failing, report the message number.',
    },
  ),
  // ---- refused
  not_an_event: back(
    { zh: '报文不符合事件格式（{field}）。', en: 'It is not a valid event ({field}).' },
    { zh: '请按公布的事件格式修改后，以新的报文编号重新发送。', en: 'Send it in the published form, under a new id.' },
  ),
  other_source: back(
    {
      zh: '报文来源为“{source}”，与该共享对象登记的来源“{code}”不一致。',
      en: 'The source is “{source}”, but this peer is registered as “{code}”.',
    },
    { zh: '请以登记的来源标识发送。', en: 'Send it under the registered source.' },
  ),
  time_ahead: back(
    { zh: '报文时间{time}晚于当前时间。', en: 'Its time {time} lies ahead.' },
    { zh: '请校准系统时间后重新发送。', en: 'Set the clock and send it again.' },
  ),
  unknown_type: back(
    { zh: '本平台不接收“{type}”类报文。', en: 'Messages of the type “{type}” are not taken here.' },
    { zh: '请核对报文类型。', en: 'Check the type.' },
  ),
  unknown_item: back(
    { zh: '公共信用信息目录中没有“{item}”这一事项。', en: 'The catalog has no item “{item}”.' },
    { zh: '请核对事项代码。', en: 'Check the code of the item.' },
  ),
  item_not_agreed: back(
    { zh: '“{item}”不在与该共享对象约定的事项范围内。', en: '“{item}” is not among the items agreed with this peer.' },
    { zh: '需要共享该事项的，请与信用办商定。', en: 'Agree on the item with the credit office.' },
  ),
  natural_person: back(
    { zh: '自然人信息不通过平台间共享接收。', en: 'Records of natural persons are not taken from other platforms.' },
    { zh: '请由认定单位按规定渠道报送。', en: 'Let the authority report it.' },
  ),
  about_differs: back(
    { zh: '报文摘要与信息内容不一致：{fields}。', en: 'The head of the message and its fields differ: {fields}.' },
    { zh: '请核对后以新的报文编号重新发送。', en: 'Check and send it again under a new id.' },
  ),
  unknown_fields: back(
    { zh: '目录中该事项没有这些字段：{fields}。', en: 'The item has no such fields: {fields}.' },
    { zh: '请按目录字段发送。', en: 'Send fields of the catalog only.' },
  ),
  rows: back(
    { zh: '未通过目录校验。', en: 'It does not pass the checks of the catalog.' },
    {
      zh: '请按逐项意见更正后，以新的报文编号重新发送。',
      en: 'Mend each point and send it again under a new id.',
    },
  ),
  no_code: back(
    { zh: '缺少可以识别主体的代码。', en: 'It has no code by which the subject is known.' },
    { zh: '请补充统一社会信用代码。', en: 'Give the unified social credit code.' },
  ),
  name_kept: back(
    {
      zh: '经核实，该代码的名称为“{held}”，来文名称“{offered}”有误。',
      en: 'It was decided that the code bears the name “{held}”, not “{offered}”.',
    },
    { zh: '请更正名称或者代码后重新发送。', en: 'Mend the name or the code and send it again.' },
  ),
  outside_peer: back(
    {
      zh: '该信息不在与该共享对象约定的区域范围内。',
      en: 'The record lies outside the territory agreed with this peer.',
    },
    { zh: '请由有权的平台发送。', en: 'Let the platform of that territory send it.' },
  ),
  outside_ours: back(
    {
      zh: '主体登记地和认定单位均不在本平台区域内，且未约定接收区域外信息。',
      en: 'Neither the subject nor the authority belongs to this territory, and nothing else was agreed.',
    },
    { zh: '请发送至主体所在地的平台。', en: 'Send it to the platform of that territory.' },
  ),
  not_entitled: back(
    {
      zh: '该信息来自其他来源，该共享对象无权以“{reason}”为由停止其公示。',
      en: 'The record comes from another source; this peer may not take it down for “{reason}”.',
    },
    { zh: '请由该信息的认定单位或者来源平台办理。', en: 'Its own authority or platform has to do so.' },
  ),
  annulled_before: back(
    {
      zh: '该信息已由认定单位撤销，不再接收。',
      en: 'Its authority has annulled the record; it is not taken in again.',
    },
    { zh: '需要恢复的，请由认定单位办理。', en: 'Only its authority can bring it back.' },
  ),
  kept_out: back(
    {
      zh: '来文内容已经异议处理更正（{no}），不再接收原内容。',
      en: 'What it says was corrected upon objection {no} and is not taken in again.',
    },
    { zh: '请按更正后的内容更新。', en: 'Bring your copy up to date.' },
  ),
  receiver_refuses: back(
    { zh: '未予办理：{note}', en: 'Not carried out: {note}' },
    {
      zh: '请按意见处理后重新发送。',
      en: 'Mend it and send it again.',
    },
  ),
  by_hand: back(
    { zh: '经信用办核实退回：{reason}', en: 'Sent back by the credit office: {reason}' },
    { zh: '请按意见更正后重新发送。', en: 'Mend it and send it again.' },
  ),
} as const satisfies Record<string, Speaks>
export type Verdict = keyof typeof VERDICTS
export const VERDICT_CODES = Object.keys(VERDICTS) as Verdict[]

export const ACTIONS = ['admit', 'send_back', 'try_again'] as const
export type Action = (typeof ACTIONS)[number]
export const ACTION_WORDS: Record<Action, Words> = {
  admit: { zh: '按来文名称接收', en: 'Let in under the name given' },
  send_back: { zh: '退回', en: 'Send back' },
  try_again: { zh: '立即重试', en: 'Try again now' },
}

/** How a withdrawal by another platform is noted on the record. */
export const TOLD_BY: Words = {
  zh: '{peer}告知：{reason}',
  en: '{peer} says: {reason}',
}
export const ENDED_THERE: Words = {
  zh: '{peer}告知的公示期已届满。',
  en: 'The period that {peer} told is over.',
}
export const NO_REASON: Words = { zh: '停止公示', en: 'no longer shown' }

/** To the credit office. */
export const REGISTER_TITLE: Words = { zh: '请登记单位：{authority}', en: 'Please register: {authority}' }
export const REGISTER_BODY: Words = {
  zh: '{peer}发来的信息由“{authority}”认定，单位名录中没有该单位，信息暂不入库。请登记该单位及其职责，或者在“接收情况”中处理。',
  en: '{peer} sent records decided by “{authority}”, which the register does not have. Register it with its duties, or decide among what was received.',
}
