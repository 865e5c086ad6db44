import { Tag, Timeline } from 'antd'
import type { ActView, ClockView, MaterialView } from '../../../../src/capabilities/repair/contract.ts'
import { endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { ACTION_WORDS, STEP_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, bytesWords, colon, dayWords, instantWords, lawWords } from '../../ui/format.ts'

const W = {
  due: { zh: '{step}期限：{day}', en: '{step} due {day}' },
  left: { zh: '剩余 {n} 个工作日', en: 'working days left: {n}' },
  today: { zh: '今日到期', en: 'due today' },
  late: { zh: '已逾期 {n} 个工作日', en: 'working days late: {n}' },
  stopped: { zh: '等待补正，办理时限暂停计算', en: 'The clock stands still until the additions are in' },
  provisional: { zh: '暂定', en: 'provisional' },
  applicant: { zh: '申请人', en: 'Applicant' },
  window: { zh: '综合窗口代办', en: 'Window clerk' },
  platform: { zh: '平台自动办理', en: 'The platform' },
} as const satisfies Record<string, Words>

/** One step's clock in working days, with its article; provisional days say why. */
export const Clock = ({ clock }: { clock: ClockView }) => {
  const { t, lang } = useLanguage()
  if (clock.stopped || !clock.dueOn) return <span>{t(W.stopped)}</span>
  const left = clock.left ?? 0
  return (
    <span>
      {t(W.due, { step: STEP_WORDS[clock.step], day: dayWords(clock.dueOn, lang) })}{' '}
      <Tag color={clock.overdue ? 'red' : left <= 1 ? 'orange' : 'blue'}>
        {clock.overdue ? t(W.late, { n: -left }) : left === 0 ? t(W.today) : t(W.left, { n: left })}
      </Tag>
      {clock.provisional && <Tag>{t(W.provisional)}</Tag>}
      <span style={{ color: '#4a5568', display: 'block' }}>
        {lawWords(clock.instrument, clock.article, lang)}
        {clock.provisional && clock.provisionalWhy && `${lang === 'zh' ? '；' : '; '}${t(clock.provisionalWhy)}`}
      </span>
    </span>
  )
}

export const Acts = ({ acts }: { acts: readonly ActView[] }) => {
  const { t, lang } = useLanguage()
  return (
    <Timeline
      style={{ marginTop: 12 }}
      items={acts.map((a) => ({
        key: a.id,
        content: (
          <>
            <strong>{t(ACTION_WORDS[a.action])}</strong> · {a.by === 'authority' ? (a.authorityName ?? '') : t(W[a.by])}{' '}
            · {instantWords(a.at, lang)}
            {a.note && <div>{a.note}</div>}
          </>
        ),
      }))}
    />
  )
}

export const MaterialLink = ({
  material,
  subject,
  application,
}: {
  material: MaterialView
  subject: string
  application: string
}) => {
  const { t, lang } = useLanguage()
  return (
    <a href={urlOf(endpoints.downloadMaterial, { subject, id: application, material: material.id })}>
      {t(material.kindName)}
      {colon(lang)}
      {material.name}
      {bracketed(bytesWords(material.bytes), lang)}
    </a>
  )
}
