import type { Words } from '../../kernel/words.ts'
import type { DeliveryAction, DeliveryState } from './states.ts'

export const CHANNELS = ['inbox', 'email', 'sms'] as const
export type MessageChannel = (typeof CHANNELS)[number]
export const CHANNEL_WORDS: Record<MessageChannel, Words> = {
  inbox: { zh: '站内消息', en: 'Inbox' },
  email: { zh: '电子邮件', en: 'E-mail' },
  sms: { zh: '手机短信', en: 'Text message' },
}

export const DELIVERY_STATE_WORDS: Record<DeliveryState, Words> = {
  unread: { zh: '未读', en: 'Unread' },
  read: { zh: '已读', en: 'Read' },
  waiting: { zh: '等待发送', en: 'Waiting' },
  failed: { zh: '发送失败，待重试', en: 'Failed, will be tried again' },
  sent: { zh: '已发送', en: 'Sent' },
  given_up: { zh: '发送失败，已停止', en: 'Given up' },
  no_address: { zh: '未登记联系方式', en: 'No address' },
  not_configured: { zh: '平台未配置', en: 'Not configured' },
}
export const DELIVERY_ACTION_WORDS: Record<DeliveryAction, Words> = {
  read: { zh: '标为已读', en: 'Mark read' },
  send: { zh: '发送成功', en: 'Sent' },
  fail: { zh: '发送失败', en: 'Failed' },
  give_up: { zh: '停止发送', en: 'Give up' },
  find_no_address: { zh: '未登记联系方式', en: 'No address' },
  find_no_way: { zh: '平台未配置', en: 'Not configured' },
  again: { zh: '重新发送', en: 'Send again' },
}

/** Why a delivery did not go out, in words that never carry what a server said. */
export const DELIVERY_ERRORS = {
  unreachable: { zh: '连接不上对方服务器。', en: 'The server cannot be reached.' },
  timeout: { zh: '对方服务器在规定时间内没有响应。', en: 'The server did not answer in time.' },
  not_trusted: {
    zh: '对方服务器的证书不受信任，或者不支持加密连接。',
    en: 'The server’s certificate is not trusted, or it offers no encryption.',
  },
  login_refused: { zh: '对方服务器拒绝了平台的账号。', en: 'The server refused the platform’s account.' },
  smtp_later: {
    zh: '对方服务器暂时不接收（代码 {status}），稍后重试。',
    en: 'The server asks to try again later (code {status}).',
  },
  smtp_refused: { zh: '对方服务器拒收（代码 {status}）。', en: 'The server refused the mail (code {status}).' },
  webhook_refused: { zh: '短信接口返回 {status}。', en: 'The text-message service answered {status}.' },
  unknown: { zh: '发送时出错。', en: 'Sending failed.' },
  lost: { zh: '发送过程中断，结果不明，已重新发送。', en: 'The sending broke off; it is sent again.' },
} as const satisfies Record<string, Words>
/** What is kept of a failure. */
export type DeliveryError = { code: keyof typeof DELIVERY_ERRORS; status?: number }
