import type { Role } from '../../kernel/roles.ts'
import type { Move } from '../../kernel/states.ts'
import type { DeclarationAction, DeclarationState } from './words.ts'

const SUBJECT = ['enterprise'] as const
const VERIFIER = ['officer', 'head', 'credit_office'] as const

/** What is amended has to be signed and verified anew: nobody keeps a badge for words that were changed. */
export const DECLARATION_MOVES: readonly Move<DeclarationState, DeclarationAction, Role>[] = [
  { from: 'draft', action: 'amend', by: SUBJECT, to: 'draft' },
  { from: 'draft', action: 'declare', by: SUBJECT, to: 'declared' },
  { from: 'draft', action: 'withdraw', by: SUBJECT, to: 'withdrawn' },
  { from: 'declared', action: 'amend', by: SUBJECT, to: 'draft' },
  { from: 'declared', action: 'withdraw', by: SUBJECT, to: 'withdrawn' },
  { from: 'declared', action: 'verify', by: VERIFIER, to: 'verified' },
  { from: 'declared', action: 'refuse', by: VERIFIER, to: 'refused' },
  { from: 'declared', action: 'find_false', by: VERIFIER, to: 'found_false' },
  { from: 'verified', action: 'amend', by: SUBJECT, to: 'draft' },
  { from: 'verified', action: 'withdraw', by: SUBJECT, to: 'withdrawn' },
  { from: 'verified', action: 'find_false', by: VERIFIER, to: 'found_false' },
  { from: 'refused', action: 'amend', by: SUBJECT, to: 'draft' },
  { from: 'refused', action: 'withdraw', by: SUBJECT, to: 'withdrawn' },
]
