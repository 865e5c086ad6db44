export const PREVIEW_STATES = ['waiting', 'running', 'done'] as const
export type PreviewState = (typeof PREVIEW_STATES)[number]

export const ORIGINS = ['pack', 'upload'] as const
export type Origin = (typeof ORIGINS)[number]
