import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Flex, Tag } from 'antd'
import { useState } from 'react'
import { type DeadLetterView, deskEndpoints } from '../../../../src/capabilities/exchange/contract.desk.ts'
import { PEER_STATE_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import {
  DELIVERY_KIND_WORDS,
  DELIVERY_STATE_WORDS,
  FAULT_HELP,
  FAULT_WORDS,
  REPLAY_WORDS,
} from '../../../../src/capabilities/exchange/words.push.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { STATE_COLOURS } from './deliveries.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  heading: { zh: '发送失败的送达', en: 'Dead letter' },
  back: { zh: '全部发送失败的送达', en: 'All dead letters' },
  to: { zh: '共享对象', en: 'Peer' },
  contact: { zh: '联系人', en: 'Contact' },
  none: { zh: '未登记', en: 'None is registered' },
  subject: { zh: '信用主体', en: 'Subject' },
  doc: { zh: '文书号', en: 'Document' },
  authority: { zh: '认定单位', en: 'Authority' },
  kind: { zh: '内容', en: 'What' },
  queued: { zh: '列入发送', en: 'Put under way' },
  stopped: { zh: '停止发送', en: 'Stopped' },
  why: { zh: '为什么没有送达', en: 'Why it did not get there' },
  said: { zh: '对方的说明', en: 'The peer said' },
  help: { zh: '怎么办', en: 'What helps' },
  tries: { zh: '历次发送', en: 'Each attempt' },
  noTries: { zh: '没有发送失败的记录。', en: 'No failed attempt is on record.' },
  n: { zh: '第 {n} 次', en: 'No. {n}' },
  attempt: { zh: '次序', en: 'Attempt' },
  at: { zh: '时间', en: 'When' },
  what: { zh: '情况', en: 'What happened' },
  took: { zh: '用时', en: 'Took' },
  seconds: { zh: '{n} 秒', en: '{n} s' },
  now: { zh: '现在重新发送', en: 'Sending it again now' },
  would: { zh: '按记录现在的情况，重新发送会{what}。', en: 'As things are now, it would {what}.' },
  wouldNothing: {
    zh: '对方没有持有该信息，或者已由后来的送达告知，现在没有需要告知对方的内容。确认后这条送达结束。',
    en: 'The peer does not hold it, or was told by a later delivery: there is nothing to tell any more. Confirming closes it.',
  },
  replay: { zh: '重新发送', en: 'Send again' },
  finish: { zh: '确认无需发送', en: 'Close it' },
  giveUp: { zh: '不再发送', en: 'Give up' },
  giveUpTitle: { zh: '不再发送这条送达', en: 'Give this delivery up' },
  reason: { zh: '理由（2 至 500 字）', en: 'Reason' },
  givenUp: { zh: '{by}于{at}决定不再发送：{reason}', en: 'Given up by {by}, {at}: {reason}' },
  under: {
    zh: '已重新列入发送，结果见该对象的送达情况。',
    en: 'It is under way again; see the deliveries of the peer.',
  },
  closed: { zh: '已结束，无需发送。', en: 'Closed: nothing had to be sent.' },
  deliveries: { zh: '查看送达情况', en: 'See its deliveries' },
} as const satisfies Record<string, Words>

const REASON_MIN = 2
const MS = 1000

const GiveUp = ({ letter, done }: { letter: DeadLetterView; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(deskEndpoints.giveUp, done)
  const { peerId, subjectId, eventId } = letter
  return (
    <AskReason
      id="give-up-reason"
      title={t(W.giveUpTitle)}
      ok={W.giveUp}
      label={W.reason}
      least={REASON_MIN}
      danger
      act={act}
      send={(reason) => act.mutate({ peerId, subjectId, eventId, seen: letter.attempts, reason })}
      done={done}
    />
  )
}

const Letter = ({
  letter,
  setSending,
  onReplayed,
}: {
  letter: DeadLetterView
  /** While it is under way the page does not ask for it anew: it is no dead letter any more. */
  setSending: (sending: boolean) => void
  onReplayed: (nothing: boolean) => void
}) => {
  const { t, lang } = useLanguage()
  const [givingUp, setGivingUp] = useState(false)
  const replay = useAct(deskEndpoints.replay, (d) => onReplayed(d.state === 'not_needed'))
  const { peerId, subjectId, eventId } = letter
  const said = letter.tries.find((a) => a.said)?.said
  const columns: Column<DeadLetterView['tries'][number]>[] = [
    { key: 'n', title: W.attempt, lead: true, short: true, render: (a) => t(W.n, { n: a.attempt }) },
    { key: 'at', title: W.at, short: true, render: (a) => instantWords(a.at, lang) },
    {
      key: 'what',
      title: W.what,
      render: (a) => (
        <>
          {t(FAULT_WORDS[a.fault])}
          {a.said && (
            <div className="xh-quiet">
              {t(W.said)}
              {colon(lang)}
              {a.said}
            </div>
          )}
        </>
      ),
    },
    { key: 'took', title: W.took, short: true, render: (a) => t(W.seconds, { n: (a.tookMs / MS).toFixed(1) }) },
  ]
  return (
    <Flex vertical gap={16}>
      <Flex align="center" gap={12} wrap>
        <h1 style={{ margin: 0 }}>{letter.docNo || t(DELIVERY_KIND_WORDS[letter.kind])}</h1>
        <Tag color={STATE_COLOURS[letter.state]}>{t(DELIVERY_STATE_WORDS[letter.state])}</Tag>
      </Flex>
      {letter.fault && (
        <Alert
          type="warning"
          showIcon
          title={`${t(W.why)}${colon(lang)}${t(FAULT_WORDS[letter.fault])}`}
          description={
            <>
              {said && (
                <p>
                  {t(W.said)}
                  {colon(lang)}
                  {said}
                </p>
              )}
              {t(W.help)}
              {colon(lang)}
              {t(FAULT_HELP[letter.fault])}
            </>
          }
        />
      )}
      <Descriptions
        column={{ xs: 1, md: 2 }}
        bordered
        size="small"
        items={[
          {
            key: 'peer',
            label: t(W.to),
            children: (
              <>
                <Link to="/peers/$id" params={{ id: peerId }} search={{ view: 'deliveries' } as never}>
                  {letter.peerName}
                </Link>{' '}
                {letter.peerState !== 'active' && t(PEER_STATE_WORDS[letter.peerState])}
              </>
            ),
          },
          { key: 'contact', label: t(W.contact), children: letter.contact || t(W.none) },
          { key: 'kind', label: t(W.kind), children: t(DELIVERY_KIND_WORDS[letter.kind]) },
          { key: 'subject', label: t(W.subject), children: letter.subjectName || '—' },
          { key: 'doc', label: t(W.doc), children: letter.docNo || '—' },
          { key: 'authority', label: t(W.authority), children: letter.authority || '—' },
          { key: 'queued', label: t(W.queued), children: instantWords(letter.queuedAt, lang) },
          { key: 'stopped', label: t(W.stopped), children: instantWords(letter.deadAt, lang) },
        ]}
      />
      {letter.givenUp && (
        <Alert
          type="info"
          showIcon
          title={t(W.givenUp, {
            by: letter.givenUp.by,
            at: instantWords(letter.givenUp.at, lang),
            reason: letter.givenUp.reason,
          })}
        />
      )}
      <Card size="small" title={<h2 style={{ margin: 0, fontSize: 16 }}>{t(W.now)}</h2>}>
        <p style={{ marginTop: 0 }}>
          {letter.replay === 'nothing' ? t(W.wouldNothing) : t(W.would, { what: REPLAY_WORDS[letter.replay] })}
        </p>
        {letter.mayDecide && (
          <Flex gap={8} wrap>
            <Button
              type="primary"
              loading={replay.isPending}
              onClick={() => {
                setSending(true)
                replay.mutate(
                  { peerId, subjectId, eventId, seen: letter.attempts },
                  { onError: () => setSending(false) },
                )
              }}
            >
              {t(letter.replay === 'nothing' ? W.finish : W.replay)}
            </Button>
            {!letter.givenUp && (
              <Button danger onClick={() => setGivingUp(true)}>
                {t(W.giveUp)}
              </Button>
            )}
          </Flex>
        )}
        {replay.error && <Failed problem={replay.error} />}
      </Card>
      <section>
        <h2>{t(W.tries)}</h2>
        {letter.tries.length ? (
          <KeyedTable name={W.tries} rows={letter.tries} columns={columns} rowKey={(a) => `${a.attempt} ${a.at}`} />
        ) : (
          <Nothing why={W.noTries} />
        )}
      </section>
      {givingUp && <GiveUp letter={letter} done={() => setGivingUp(false)} />}
    </Flex>
  )
}

export const DeadLetterPage = () => {
  const { t } = useLanguage()
  const { peer, subject, event } = useParams({ strict: false }) as { peer: string; subject: string; event: string }
  const [replayed, setReplayed] = useState<'under way' | 'closed' | null>(null)
  const [sending, setSending] = useState(false)
  const query = useApi(
    deskEndpoints.deadLetter,
    { peerId: peer, subjectId: subject, eventId: event },
    { enabled: replayed === null && !sending },
  )
  return (
    <>
      <ExchangeTabs at="/exchange/dead" />
      <p>
        <Link to="/exchange/dead" search={{}}>
          {t(W.back)}
        </Link>
      </p>
      {replayed ? (
        <>
          <h1>{t(W.heading)}</h1>
          <Alert
            type="success"
            showIcon
            title={t(replayed === 'closed' ? W.closed : W.under)}
            action={
              <Link to="/peers/$id" params={{ id: peer }} search={{ view: 'deliveries' } as never}>
                {t(W.deliveries)}
              </Link>
            }
          />
        </>
      ) : (
        <Shown query={query} heading={W.heading}>
          {(letter) => (
            <Letter
              letter={letter}
              setSending={setSending}
              onReplayed={(nothing) => setReplayed(nothing ? 'closed' : 'under way')}
            />
          )}
        </Shown>
      )}
    </>
  )
}
