import { Tag } from 'antd'
import type { Badge } from '../../../../src/capabilities/subjects/contract.ts'
import { BADGE_WORDS } from '../../../../src/capabilities/subjects/words.ts'
import { useLanguage } from '../../app/language.tsx'

const COLORS: Record<Badge, string> = { authority_record: 'blue', declared_verified: 'green', declared: 'gold' }

/** Where a piece of information comes from (A4): on every screen that shows one. */
export const SourceBadge = ({ badge }: { badge: Badge }) => {
  const { t } = useLanguage()
  return <Tag color={COLORS[badge]}>{t(BADGE_WORDS[badge])}</Tag>
}
