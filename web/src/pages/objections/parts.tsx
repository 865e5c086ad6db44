import { Descriptions, Tag, Timeline } from 'antd'
import {
  type ClockView,
  type EffectView,
  type ObjectionRow,
  type ObjectionView,
  endpoints,
} from '../../../../src/capabilities/objections/contract.ts'
import {
  ACTION_WORDS,
  CORRECTION_WORDS,
  STATE_WORDS,
  STEP_WORDS,
} from '../../../../src/capabilities/objections/words.ts'
import { ANNUL_CAUSE_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, bytesWords, colon, dayWords, instantWords, lastDayShown, lawWords } from '../../ui/format.ts'
import { Change } from '../collection/mends.tsx'
import { LetterButton } from '../repair/letter.tsx'

const W = {
  due: { zh: '{step}期限：{day}', en: '{step} due {day}' },
  left: { zh: '剩余 {n} 个工作日', en: '{n} working days left' },
  today: { zh: '今日到期', en: 'due today' },
  late: { zh: '已逾期 {n} 个工作日', en: '{n} working days late' },
  provisional: { zh: '暂定', en: 'provisional' },
  applicant: { zh: '申请人', en: 'Applicant' },
  window: { zh: '综合窗口代办', en: 'Window clerk' },
  office: { zh: '信用主管部门', en: 'Credit office' },
  platform: { zh: '平台', en: 'Platform' },
  empty: { zh: '（空）', en: '(empty)' },
  was: { zh: '原内容', en: 'It said' },
  becomes: { zh: '更正为', en: 'It says' },
  shown: { zh: '公示', en: 'Publicity' },
  until: { zh: '{until}为公示的最后一日', en: '{until} is the last day on which it is shown' },
  ended: { zh: '不再公示', en: 'Not shown any more' },
  none: { zh: '不设最长期限', en: 'no longest period' },
  cause: { zh: '事由', en: 'Cause' },
  on: { zh: '生效日期', en: 'In effect from' },
} as const satisfies Record<string, Words>

/** One step's clock in working days, with its article; a provisional day says why. */
export const Clock = ({ clock, brief }: { clock: ClockView; brief?: boolean }) => {
  const { t, lang } = useLanguage()
  return (
    <span>
      {t(W.due, { step: STEP_WORDS[clock.step], day: dayWords(clock.dueOn, lang) })}{' '}
      <Tag color={clock.overdue ? 'red' : clock.left <= 1 ? 'orange' : 'blue'}>
        {clock.overdue ? t(W.late, { n: -clock.left }) : clock.left === 0 ? t(W.today) : t(W.left, { n: clock.left })}
      </Tag>
      {clock.provisional && <Tag>{t(W.provisional)}</Tag>}
      {!brief && (
        <span className="xh-quiet" style={{ display: 'block' }}>
          {lawWords(clock.instrument, clock.article, lang)}
          {clock.provisional && clock.provisionalWhy && `${lang === 'zh' ? '；' : '; '}${t(clock.provisionalWhy)}`}
        </span>
      )}
    </span>
  )
}

export const StateTag = ({ row }: { row: Pick<ObjectionRow, 'state'> }) => {
  const { t } = useLanguage()
  const colour =
    row.state === 'rejected' || row.state === 'withdrawn' || row.state === 'draft'
      ? 'default'
      : row.state === 'submitted' || row.state === 'verifying'
        ? 'blue'
        : 'green'
  return <Tag color={colour}>{t(STATE_WORDS[row.state])}</Tag>
}

export const Acts = ({ view: { acts, subjectId } }: { view: Pick<ObjectionView, 'acts' | 'subjectId'> }) => {
  const { t, lang } = useLanguage()
  return (
    <Timeline
      style={{ marginTop: 12 }}
      items={acts.map((a) => ({
        key: a.id,
        content: (
          <>
            <strong>{t(ACTION_WORDS[a.action])}</strong> ·{' '}
            <span>
              {a.by === 'authority' && a.authorityName ? a.authorityName : t(a.by === 'authority' ? W.office : W[a.by])}
            </span>{' '}
            · {instantWords(a.at, lang)}
            {a.note && <div>{a.note}</div>}
            {a.basis && <div className="xh-quiet">{lawWords(a.basis.instrument, a.basis.article, lang)}</div>}
            {a.letter && (
              <div>
                <LetterButton letter={a.letter} of={{ subject: subjectId, id: a.id }} />
              </div>
            )}
          </>
        ),
      }))}
    />
  )
}

export const EvidenceLink = ({
  piece,
  at,
}: {
  piece: ObjectionView['evidence'][number]
  at: { subject: string; id: string }
}) => {
  const { lang } = useLanguage()
  return (
    <a href={urlOf(endpoints.downloadEvidence, { ...at, evidence: piece.id })}>
      {piece.name}
      {bracketed(bytesWords(piece.bytes), lang)}
    </a>
  )
}

/** What the decision does, or will do, to the record: each field before and after, or what ends. */
export const Effect = ({ effect }: { effect: EffectView }) => {
  const { t, lang } = useLanguage()
  const end = (until: string | null) => (until === null ? t(W.none) : t(W.until, { until: lastDayShown(until, lang) }))
  return (
    <>
      <p style={{ margin: '0 0 8px' }}>
        <strong>{t(CORRECTION_WORDS[effect.does])}</strong>
        {effect.cause && bracketed(`${t(W.cause)}${colon(lang)}${t(ANNUL_CAUSE_WORDS[effect.cause])}`, lang)}
      </p>
      {effect.changes.length > 0 && (
        <ul className="xh-mends">
          {effect.changes.map((c) => (
            <li key={c.label.zh}>
              <strong>{t(c.label)}</strong> <Change was={c.was || t(W.empty)} became={c.becomes || t(W.empty)} />
            </li>
          ))}
        </ul>
      )}
      <Descriptions
        size="small"
        column={1}
        items={[
          ...(effect.shownUntil && effect.does !== 'annul'
            ? [
                {
                  key: 'shown',
                  label: t(W.shown),
                  children: <Change was={end(effect.shownUntil.was)} became={end(effect.shownUntil.becomes)} />,
                },
              ]
            : []),
          ...(effect.does === 'annul' ? [{ key: 'shown', label: t(W.shown), children: t(W.ended) }] : []),
          { key: 'on', label: t(W.on), children: dayWords(effect.on, lang) },
        ]}
      />
    </>
  )
}
