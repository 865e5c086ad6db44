/** rows: rows of the pack in a text. sector: a sector's own classification. switch: another value of a row that awaits confirmation. */
export const CHANGE_KINDS = ['rows', 'sector', 'switch'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export const PASS_STATES = ['waiting', 'running', 'done', 'cancelled'] as const
export type PassState = (typeof PASS_STATES)[number]
export const PASS_PURPOSES = ['preview', 'application'] as const
export type PassPurpose = (typeof PASS_PURPOSES)[number]
