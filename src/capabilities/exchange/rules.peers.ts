import type { Refusal } from '../../kernel/decision.ts'
import {
  type Direction,
  FORMAT_WORDS,
  type Format,
  type KeyState,
  type PeerState,
  WAY_WORDS,
  type Way,
} from './words.ts'

/** What each way carries. */
export const FORMATS_OF: Record<Way, readonly Format[]> = {
  pull: ['cloudevents'],
  push: ['cloudevents', 'json_envelope', 'xml_envelope', 'json_lines'],
  file: ['csv', 'xlsx', 'json_lines', 'json_envelope', 'xml_envelope', 'cloudevents'],
  table: ['cloudevents', 'json_envelope', 'xml_envelope'],
}

/** Which state the credit office may set by itself. Connecting ends by its steps, cutting off takes two people. */
export const MAY_SET: Record<PeerState, readonly PeerState[]> = {
  onboarding: [],
  active: ['suspended'],
  suspended: ['active'],
  cut_off: [],
}

const isReceiver = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hash } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password && !hash
}

export type Connection = {
  code: string
  way: Way
  direction: Direction
  format: Format
  settings: Record<string, unknown>
}
/** Everything that does not fit together, at once. */
export const connectionFaults = (
  { code, way, direction, format, settings }: Connection,
  lang: 'zh' | 'en',
): Refusal[] => {
  const faults: Refusal[] = []
  if (direction !== 'out' && !code) faults.push({ code: 'CODE_MISSING' })
  if (!FORMATS_OF[way].includes(format)) {
    const fit = FORMATS_OF[way].map((f) => FORMAT_WORDS[f][lang]).join(lang === 'zh' ? '、' : ', ')
    faults.push({
      code: 'FORMAT_UNFIT',
      params: { way: WAY_WORDS[way][lang], format: FORMAT_WORDS[format][lang], fit },
    })
  }
  if (way === 'push' && !settings.url && direction !== 'in') faults.push({ code: 'RECEIVER_MISSING' })
  for (const url of [settings.url, settings.ackUrl])
    if (url !== undefined && url !== '' && (typeof url !== 'string' || !isReceiver(url)))
      faults.push({ code: 'RECEIVER_UNFIT', params: { url: typeof url === 'string' ? url : '' } })
  return faults
}

export const keyStateOf = (
  key: { validFrom: string; validUntil: string | null; revokedAt: string | null },
  now: string,
): KeyState => {
  if (key.revokedAt) return 'revoked'
  if (key.validUntil && key.validUntil <= now) return 'ended'
  return key.validFrom > now ? 'coming' : 'valid'
}
