import type { LocalDate } from '../../kernel/time.ts'
import { type TransferFile, PART_BYTES } from './contract.messages.ts'
import type { LateWho, TransferOutcome, TransferState, WireState } from './words.ts'

/** Parts of a file; an empty one has one. */
export const partsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / PART_BYTES))
export const allParts = (files: readonly TransferFile[]): { hash: string; part: number }[] =>
  files.flatMap((f) => Array.from({ length: partsOf(f.bytes) }, (_, part) => ({ hash: f.hash, part })))

/** Who has let a term run out, in a case that is still open. */
export const lateOf = (
  t: { state: TransferState; dueOn: LocalDate; stepDueOn: LocalDate | null },
  today: LocalDate,
): LateWho | null => {
  if (t.state === 'sent') return t.dueOn < today ? 'platform' : null
  if (t.state === 'received' || t.state === 'accepted') return t.stepDueOn && t.stepDueOn < today ? 'authority' : null
  return null
}

export const wireOf = (m: { dead: number; open: number; failed: number }): WireState =>
  m.dead > 0 ? 'dead' : m.failed > 0 ? 'retrying' : m.open > 0 ? 'under_way' : 'delivered'

/** What of the acts of a case is told to the platform it came from. */
export type Told =
  | { type: 'progress'; step: 'received' | 'accepted' | 'asked' | 'supplemented' | 'extended'; state: TransferState }
  | { type: 'decided'; outcome: TransferOutcome }
const TOLD: Record<string, Told> = {
  submit: { type: 'progress', step: 'received', state: 'received' },
  accept: { type: 'progress', step: 'accepted', state: 'accepted' },
  accept_at_window: { type: 'progress', step: 'accepted', state: 'accepted' },
  ask_once: { type: 'progress', step: 'asked', state: 'asked' },
  mend: { type: 'progress', step: 'supplemented', state: 'received' },
  extend: { type: 'progress', step: 'extended', state: 'accepted' },
  grant: { type: 'decided', outcome: 'granted' },
  refuse: { type: 'decided', outcome: 'refused' },
  not_accept: { type: 'decided', outcome: 'not_accepted' },
  forged: { type: 'decided', outcome: 'ended_forged' },
  lapse: { type: 'decided', outcome: 'lapsed' },
  withdraw: { type: 'decided', outcome: 'withdrawn' },
  revoke: { type: 'decided', outcome: 'revoked' },
  shield: { type: 'decided', outcome: 'shielded' },
  plan_completed: { type: 'decided', outcome: 'plan_completed' },
  restore: { type: 'decided', outcome: 'restored' },
}
export const TELLS: readonly string[] = Object.keys(TOLD)
export const toldOf = (action: string): Told | null => TOLD[action] ?? null
