import { Tag } from 'antd'
import { PEER_STATE_WORDS, type PeerState } from '../../../../src/capabilities/exchange/words.ts'
import { useLanguage } from '../../app/language.tsx'

const COLOURS: Record<PeerState, string> = { onboarding: 'blue', active: 'green', suspended: 'orange', cut_off: 'red' }

export const PeerTag = ({ state }: { state: PeerState }) => {
  const { t } = useLanguage()
  return <Tag color={COLOURS[state]}>{t(PEER_STATE_WORDS[state])}</Tag>
}
