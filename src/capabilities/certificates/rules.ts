import type { LocalDate } from '../../kernel/time.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { dayWords } from '../../kernel/window.ts'
import type { CertificateFacts } from './contract.ts'
import type { EndedBy, Truth } from './states.ts'
import { CERTIFICATE, SENTENCES } from './words.ts'

const same = (text: string): Words => ({ zh: text, en: text })
const filled = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})

/**
 * What is true now of a letter, from where its item stands since a day. A letter is genuine for ever; what it decided may
 * be gone.
 */
export const letterTruth = (
  kind: string,
  item: { state: string; since: LocalDate },
): { truth: Truth; sentence: Words } => {
  const since = { day: dayWords(item.since) }
  if (kind === 'granted') {
    return item.state === 'granted'
      ? { truth: 'in_force', sentence: SENTENCES.grant }
      : { truth: 'void', sentence: filled(SENTENCES.grantGone, since) }
  }
  if (kind === 'shielded') {
    return item.state === 'shielded' || item.state === 'plan_completed'
      ? { truth: 'in_force', sentence: SENTENCES.shield }
      : { truth: 'ended', sentence: filled(SENTENCES.shieldEnded, since) }
  }
  return { truth: 'in_force', sentence: SENTENCES.letter }
}

/** Why a certificate holds no more; null while it does. A grant that is gone weighs more than anything else. */
export const endOf = (now: {
  endedBy: EndedBy | null
  itemState: string | null
  settled: boolean
  thirdParty: string
}): EndedBy | null => {
  if (now.itemState !== 'granted') return 'grant_gone'
  if (now.endedBy) return now.endedBy
  // Someone outside the exchange never acknowledges: that certificate ends when its subject says so.
  return now.settled && now.thirdParty === '' ? 'all_updated' : null
}
export const certificateTruth = (ended: EndedBy | null): { truth: Truth; sentence: Words } => {
  if (ended === null) return { truth: 'in_force', sentence: SENTENCES.certificate }
  return { truth: ended === 'all_updated' ? 'ended' : 'void', sentence: SENTENCES[ended] }
}

/** What a certificate says, line by line; the paper and the page of verification show the same. */
export const factRows = (f: CertificateFacts, subjectName: string): { label: Words; value: Words }[] => [
  { label: CERTIFICATE.subject, value: same(subjectName) },
  ...(f.subject.code ? [{ label: CERTIFICATE.code, value: same(f.subject.code) }] : []),
  { label: CERTIFICATE.docNo, value: same(f.record.docNo) },
  { label: CERTIFICATE.authority, value: same(f.record.authority) },
  { label: CERTIFICATE.decidedOn, value: dayWords(f.record.decidedOn as LocalDate) },
  {
    label: CERTIFICATE.decision,
    value: filled(CERTIFICATE.decisionText, { authority: f.decision.authority, number: f.decision.number }),
  },
  { label: CERTIFICATE.grantedOn, value: dayWords(f.decision.on as LocalDate) },
  {
    label: CERTIFICATE.basis,
    value: {
      zh: f.decision.basis.map((b) => b.zh).join('；'),
      en: f.decision.basis.map((b) => b.en).join('; '),
    },
  },
  ...f.shown,
]

/** Where the file keeps the token and the facts for programs. */
const MARK = 'xinheng-certificate:'
export const keywordOf = (token: string, facts: string): string => `${MARK}${token}~${facts}`
/** Token and facts out of the bytes of a file; null when it holds none. */
export const readKeyword = (bytes: string): { token: string; facts: string } | null => {
  const hit = /xinheng-certificate:([\w-]+\.[\w-]+\.[\w-]+)~([\w-]+)/.exec(bytes)
  return hit ? { token: hit[1] as string, facts: hit[2] as string } : null
}
