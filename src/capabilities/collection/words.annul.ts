import type { Words } from '../../kernel/words.ts'

export const ANNUL_OUTCOMES = [
  'annulled',
  'already_annulled',
  'not_found',
  'several',
  'no_reason',
  'no_number',
] as const
export type AnnulOutcome = (typeof ANNUL_OUTCOMES)[number]
export const ANNUL_OUTCOME_WORDS: Record<AnnulOutcome, Words> = {
  annulled: { zh: '已撤销', en: 'Annulled' },
  already_annulled: { zh: '此前已撤销', en: 'Annulled before' },
  not_found: { zh: '本单位没有该文号的信息', en: 'Your authority has no record under this number' },
  several: {
    zh: '多个主体共用该文号，请填写统一社会信用代码',
    en: 'Several subjects share this number: give the code',
  },
  no_reason: {
    zh: '未说明撤销事由，或事由不在可选范围',
    en: 'No reason is given, or its kind is not one of the choices',
  },
  no_number: { zh: '未填写文书号', en: 'No number is given' },
}
