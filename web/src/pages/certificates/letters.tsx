import type { UseQueryResult } from '@tanstack/react-query'
import { Button, Card, Flex, Tag } from 'antd'
import { type RegisteredLetter, endpoints } from '../../../../src/capabilities/certificates/contract.ts'
import { RECEIPT_WAY_WORDS } from '../../../../src/capabilities/certificates/words.ts'
import { CHANNEL_WORDS, DELIVERY_STATE_WORDS } from '../../../../src/capabilities/messages/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, colon, dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { LetterButton } from '../repair/letter.tsx'

const W = {
  title: { zh: '文书', en: 'Letters' },
  none: { zh: '尚未制发文书。', en: 'No letter has been issued yet.' },
  download: { zh: '下载 PDF', en: 'Download PDF' },
  of: { zh: '下载 PDF：{title}', en: 'Download PDF: {title}' },
  code: { zh: '查验码', en: 'Code' },
  delivered: { zh: '{way}：{at}', en: '{way}, {at}' },
  waiting: { zh: '尚未送达', en: 'Not delivered yet' },
  unread: { zh: '您尚未查阅', en: 'Not opened yet' },
  handOver: { zh: '登记当面送达', en: 'Record that it was handed over' },
  told: { zh: '通知情况', en: 'Notices sent' },
  nobody: {
    zh: '平台尚未发出通知；该主体没有平台账号的，请通过窗口或者邮寄送达。',
    en: 'No notice has gone out yet. Where the subject has no account, deliver it at the window or by post.',
  },
} as const satisfies Record<string, Words>

/** Who was told how, one line a channel: what counts is in the states of the messages. */
const Told = ({ letter }: { letter: RegisteredLetter }) => {
  const { t, lang } = useLanguage()
  if (!letter.deliveries.length) return letter.receipt ? null : <div className="xh-quiet">{t(W.nobody)}</div>
  return (
    <div className="xh-quiet">
      {t(W.told)}
      {colon(lang)}
      {letter.deliveries
        .map(
          (d) =>
            `${d.personName} ${t(CHANNEL_WORDS[d.channel])}${bracketed(
              `${t(DELIVERY_STATE_WORDS[d.state])}${d.readAt ? ` ${instantWords(d.readAt, lang)}` : d.sentAt ? ` ${instantWords(d.sentAt, lang)}` : ''}`,
              lang,
            )}`,
        )
        .join(lang === 'zh' ? '；' : '; ')}
    </div>
  )
}

const LetterRow = ({ letter }: { letter: RegisteredLetter }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const receive = useAct(endpoints.receiveLetter)
  const key = { subject: letter.subjectId, id: letter.id }
  const mine = has('enterprise')
  return (
    <li style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}>
      <Flex justify="space-between" gap={8} wrap>
        <LetterButton letter={letter.letter} of={key} />
        <Tag color={letter.receipt ? 'green' : 'gold'} style={{ whiteSpace: 'normal' }}>
          {letter.receipt
            ? t(W.delivered, {
                way: RECEIPT_WAY_WORDS[letter.receipt.way],
                at: instantWords(letter.receipt.at, lang),
              })
            : t(mine ? W.unread : W.waiting)}
        </Tag>
      </Flex>
      <div className="xh-quiet">
        {t(letter.number)} · {dayWords(letter.letter.on, lang)} · {t(W.code)}
        {colon(lang)}
        <span style={{ whiteSpace: 'nowrap' }}>{letter.code}</span>
      </div>
      {!mine && has('officer', 'head', 'credit_office') && <Told letter={letter} />}
      {receive.error && <Failed problem={receive.error} />}
      <Flex gap={12} wrap align="center" style={{ marginTop: 4 }}>
        <a
          href={urlOf(endpoints.downloadLetter, { ...key, lang })}
          aria-label={t(W.of, { title: letter.letter.title })}
          download
        >
          {t(W.download)}
        </a>
        {letter.mayHandOver && (
          <Button size="small" loading={receive.isPending} onClick={() => receive.mutate(key)}>
            {t(W.handOver)}
          </Button>
        )}
      </Flex>
    </li>
  )
}

const Listed = ({ query }: { query: UseQueryResult<{ rows: RegisteredLetter[] }, ApiProblem> }) => (
  <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
    {(data) => (
      <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {data.rows.map((letter) => (
          <LetterRow key={letter.id} letter={letter} />
        ))}
      </ul>
    )}
  </Shown>
)

/** The letters of a repair item with number, code and delivery. */
export const Letters = ({ subject, item }: { subject: string; item: string }) => (
  <Listed query={useApi(endpoints.listLetters, { subject, item, limit: 100 })} />
)
/** The window's notice on an application; nothing where none was given. */
export const ApplicationLetters = ({ subject, application }: { subject: string; application: string }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.listApplicationLetters, { subject, id: application, limit: 20 })
  if (!query.data?.rows.length) return null
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.title)}</h2>
      <Listed query={query} />
    </Card>
  )
}
/** The same of an objection. */
export const ObjectionLetters = ({ subject, objection }: { subject: string; objection: string }) => (
  <Listed query={useApi(endpoints.listObjectionLetters, { subject, objection, limit: 100 })} />
)
