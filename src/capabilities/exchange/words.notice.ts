import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import { serviceOf } from './rules.ts'
import type { PeerState } from './words.ts'

export const NOTICES = ['suspended', 'cut_off', 'agreement_ended'] as const
/** What a peer reads on each page while it is given nothing but what it has to take down. */
const NOTICE_WORDS: Record<(typeof NOTICES)[number], Words> = {
  suspended: {
    zh: '对贵单位的共享已暂停，不再提供新的信息。已持有的信息停止公示的，仍会通知，请按期撤下并确认；恢复共享请与信用办联系。',
    en: 'Sharing with you is suspended and nothing new is handed to you. You are still told what to take down; do so in time and acknowledge it. To be served again, contact the credit office.',
  },
  cut_off: {
    zh: '对贵单位的供数已停止。已持有的信息停止公示的，仍会通知，请按期撤下并确认。',
    en: 'You have been cut off. You are still told what to take down of what you hold; do so in time and acknowledge it.',
  },
  agreement_ended: {
    zh: '信息共享协议已到期或者未登记，不再提供新的信息。已持有的信息停止公示的，仍会通知，请按期撤下并确认；续签协议请与信用办联系。',
    en: 'Your agreement has ended or is not on record, and nothing new is handed to you. You are still told what to take down; do so in time and acknowledge it. To renew it, contact the credit office.',
  },
}
type Notice = Words & { code: (typeof NOTICES)[number] }
/** null for a peer that is served in full. */
export const noticeTo = (
  peer: { state: PeerState; servedUntil?: LocalDate | null },
  today: LocalDate,
): Notice | null => {
  if (serviceOf(peer, today) !== 'withdrawals') return null
  const code = peer.state === 'suspended' || peer.state === 'cut_off' ? peer.state : 'agreement_ended'
  return { code, ...NOTICE_WORDS[code] }
}
