import { Tag } from 'antd'
import type { ToldView } from '../../../src/capabilities/messages/contract.ts'
import { CHANNEL_WORDS, DELIVERY_STATE_WORDS } from '../../../src/capabilities/messages/words.ts'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { colon, instantWords } from './format.ts'

const NOBODY: Words = { zh: '没有可以通知的人员或者地址。', en: 'There was nobody to tell.' }
const COLOURS: Partial<Record<ToldView['state'], string>> = {
  read: 'green',
  sent: 'green',
  unread: 'blue',
  failed: 'orange',
  given_up: 'red',
}

/** Who was told, in which way, and whether it arrived. */
export const Told = ({ told }: { told: readonly ToldView[] }) => {
  const { t, lang } = useLanguage()
  if (!told.length) return <span className="xh-quiet">{t(NOBODY)}</span>
  return (
    <ul style={{ margin: 0, paddingInlineStart: 16 }}>
      {told.map((d, i) => (
        <li key={`${d.personName} ${d.channel} ${i}`}>
          {d.personName} {t(CHANNEL_WORDS[d.channel])}
          {colon(lang)}
          <Tag color={COLOURS[d.state] ?? 'default'}>{t(DELIVERY_STATE_WORDS[d.state])}</Tag>
          {(d.sentAt ?? d.readAt) && <span className="xh-quiet">{instantWords(d.sentAt ?? d.readAt, lang)}</span>}
          {d.lastError && <div className="xh-quiet">{d.lastError}</div>}
        </li>
      ))}
    </ul>
  )
}
