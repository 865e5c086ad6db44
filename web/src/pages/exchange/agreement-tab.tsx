import { Alert, Button, Card, Descriptions, Flex, Segmented, Tag, Upload } from 'antd'
import { useState } from 'react'
import {
  type AgreementView,
  type MeasureView,
  type OwedView,
  type WholePartyView,
  endpoints,
} from '../../../../src/capabilities/agreements/contract.ts'
import { AGREEMENT_ACTION_WORDS, MEASURE_ACTION_WORDS } from '../../../../src/capabilities/agreements/states.ts'
import {
  AGREEMENT_STATE_WORDS,
  FOOTING_WORDS,
  MEASURE_KIND_WORDS,
  MEASURE_STATE_WORDS,
  OWED_STATE_WORDS,
} from '../../../../src/capabilities/agreements/words.ts'
import type { MeasureKind } from '../../../../src/capabilities/agreements/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, instantWords, lastDayShown, lawWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { Failed, Shown } from '../../ui/states.tsx'
import { useItems } from '../access/choices.tsx'
import { AgreementForm } from './agreement-form.tsx'
import { Talks } from './talks.tsx'

const W = {
  withheld: {
    zh: '目前不向该机构提供新的信息，只通知其撤下已持有的信息。',
    en: 'Nothing new is handed to it now; it is only told what to take down.',
  },
  figures: {
    zh: '更新情况（近{days}日，确认期限{ack}个工作日）',
    en: 'How late it is (within {days} days; {ack} working days to acknowledge)',
  },
  owed: { zh: '应撤下', en: 'Owed' },
  inTime: { zh: '按期撤下', en: 'In time' },
  doneLate: { zh: '逾期撤下', en: 'Done late' },
  waiting: { zh: '未到期', en: 'Within the term' },
  late: { zh: '逾期未撤下', en: 'Late' },
  oldest: { zh: '最早逾期', en: 'Oldest' },
  oldestN: { zh: '{day}通知，逾期{n}个工作日', en: 'announced {day}, {n} working days late' },
  share: { zh: '逾期比例', en: 'Share late' },
  suggested: {
    zh: '逾期比例超过{share}%或者有逾期满{n}个工作日仍未撤下的，可以采取措施。',
    en: 'More than {share}% late, or something {n} working days late: a measure may be taken.',
  },
  measures: { zh: '措施', en: 'Measures' },
  basis: { zh: '依据：{law}', en: 'Basis: {law}' },
  propose: { zh: '提出{kind}', en: 'Propose: {kind}' },
  reason: { zh: '理由（4 至 500 字）', en: 'Reason (at least 4 characters)' },
  noMeasures: { zh: '没有采取过措施。', en: 'No measure has been taken.' },
  by: { zh: '{name}于{at}提出', en: 'Proposed by {name}, {at}' },
  decided: { zh: '{name}于{at}办理', en: 'Decided by {name}, {at}' },
  other: { zh: '由提出人以外的人员审定。', en: 'Somebody other than the proposer decides.' },
  figuresThen: {
    zh: '提出时：应撤下{owed}条，逾期未撤下{late}条，逾期撤下{doneLate}条',
    en: 'When proposed: {owed} owed, {late} late, {doneLate} done late',
  },
  agreements: { zh: '协议', en: 'Agreements' },
  add: { zh: '登记协议', en: 'Enter an agreement' },
  noAgreements: { zh: '还没有登记协议。', en: 'No agreement is on record.' },
  purpose: { zh: '用途', en: 'Purpose' },
  items: { zh: '事项', en: 'Items' },
  terms: { zh: '更新义务', en: 'Obligation' },
  termsN: {
    zh: '变更后{u}个工作日内更新，停止公示后{w}个工作日内撤下',
    en: 'Updates within {u} working days, takes down within {w}',
  },
  valid: { zh: '有效期', en: 'In force' },
  span: { zh: '{from}至{to}', en: '{from} to {to}' },
  file: { zh: '签署件', en: 'Signed paper' },
  contact: { zh: '联系人', en: 'Contact' },
  noFile: { zh: '未上传', en: 'Not there yet' },
  upload: { zh: '上传签署件（PDF 或者图片）', en: 'Upload the signed paper (PDF or picture)' },
  ended: { zh: '{day}终止：{reason}', en: 'Ended {day}: {reason}' },
  list: { zh: '应撤下的信息', en: 'What it has to take down' },
  open: { zh: '未撤下', en: 'Not down' },
  all: { zh: '全部', en: 'All' },
  which: { zh: '范围', en: 'Which' },
  doc: { zh: '决定书文号', en: 'Document' },
  announced: { zh: '通知时间', en: 'Announced' },
  due: { zh: '应撤下日期', en: 'Due' },
  acked: { zh: '确认时间', en: 'Acknowledged' },
  state: { zh: '状态', en: 'State' },
  emptyOwed: { zh: '没有应撤下而未撤下的信息。', en: 'Nothing is outstanding.' },
  send: { zh: '提交', en: 'Send' },
} as const satisfies Record<string, Words>
const REASON_MIN = 4
const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)

const MEASURE_COLOUR: Record<MeasureView['state'], string> = {
  proposed: 'gold',
  approved: 'red',
  rejected: 'default',
  withdrawn: 'default',
}
const Measure = ({ of }: { of: MeasureView }) => {
  const { t, lang } = useLanguage()
  const act = useAct(endpoints.decideMeasure)
  return (
    <li style={{ marginBottom: 12 }}>
      <strong>{t(MEASURE_KIND_WORDS[of.kind])}</strong>{' '}
      <Tag color={of.kind === 'reinstate' && of.state === 'approved' ? 'green' : MEASURE_COLOUR[of.state]}>
        {t(MEASURE_STATE_WORDS[of.state])}
      </Tag>
      <div>{of.reason}</div>
      <div className="xh-quiet">
        <div>{t(W.by, { name: of.proposedBy, at: instantWords(of.proposedAt, lang) })}</div>
        <div>{t(W.figuresThen, of.figures)}</div>
        <div>{t(W.basis, { law: lawWords(of.instrument, of.article, lang) })}</div>
        {of.decidedBy && <div>{t(W.decided, { name: of.decidedBy, at: instantWords(of.decidedAt, lang) })}</div>}
        {of.note && <div>{of.note}</div>}
      </div>
      {of.actions.length > 0 && (
        <Flex gap={8} wrap style={{ marginTop: 8 }}>
          {of.actions.map((action) => (
            <Button
              key={action}
              size="small"
              danger={action === 'reject'}
              type={action === 'approve' ? 'primary' : 'default'}
              loading={act.isPending}
              onClick={() => act.mutate({ id: of.id, action, seen: of.version })}
            >
              {t(MEASURE_ACTION_WORDS[action])}
            </Button>
          ))}
        </Flex>
      )}
      {of.state === 'proposed' && !of.actions.includes('approve') && <p className="xh-quiet">{t(W.other)}</p>}
      {act.error && <Failed problem={act.error} />}
    </li>
  )
}

const Measures = ({ of }: { of: WholePartyView }) => {
  const { t, lang } = useLanguage()
  const [kind, setKind] = useState<MeasureKind | null>(null)
  const act = useAct(endpoints.proposeMeasure, () => setKind(null))
  return (
    <Card size="small">
      <h2>{t(W.measures)}</h2>
      <p>{t(W.basis, { law: lawWords(of.instrument, of.article, lang) })}</p>
      {of.possible.length > 0 && (
        <Flex gap={8} wrap style={{ marginBottom: 12 }}>
          {of.possible.map((k) => (
            <Button key={k} danger={k !== 'reinstate'} onClick={() => setKind(k)}>
              {t(W.propose, { kind: t(MEASURE_KIND_WORDS[k]) })}
            </Button>
          ))}
        </Flex>
      )}
      {of.measures.length ? (
        <ul style={{ paddingInlineStart: 0, listStyle: 'none', margin: 0 }}>
          {of.measures.map((m) => (
            <Measure key={m.id} of={m} />
          ))}
        </ul>
      ) : (
        <p>{t(W.noMeasures)}</p>
      )}
      {kind && (
        <AskReason
          id="party-reason"
          title={t(W.propose, { kind: t(MEASURE_KIND_WORDS[kind]) })}
          ok={W.send}
          label={W.reason}
          least={REASON_MIN}
          act={act}
          send={(reason) => act.mutate({ peer: of.peerId, kind, reason })}
          done={() => setKind(null)}
        >
          <p>{t(W.other)}</p>
        </AskReason>
      )}
    </Card>
  )
}

const Agreement = ({ of }: { of: AgreementView }) => {
  const { t, lang } = useLanguage()
  const { namesOf } = useItems()
  const sign = useAct(endpoints.signAgreement)
  const [ending, setEnding] = useState(false)
  const end = useAct(endpoints.endAgreement, () => setEnding(false))
  const endAction = of.actions.find((a) => a !== 'sign')
  return (
    <li style={{ marginBottom: 16 }}>
      <h3 style={{ marginTop: 0 }}>
        {of.number}{' '}
        <Tag color={of.state === 'signed' ? 'green' : of.state === 'draft' ? 'gold' : 'default'}>
          {t(AGREEMENT_STATE_WORDS[of.state])}
        </Tag>
      </h3>
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'v',
            label: t(W.valid),
            children: t(W.span, { from: dayWords(of.validFrom, lang), to: lastDayShown(of.validUntil, lang) }),
          },
          { key: 'p', label: t(W.purpose), children: of.purpose },
          { key: 'i', label: t(W.items), children: namesOf(of.items) },
          { key: 't', label: t(W.terms), children: t(W.termsN, { u: of.updateWorkdays, w: of.withdrawWorkdays }) },
          ...(of.contact ? [{ key: 'c', label: t(W.contact), children: of.contact }] : []),
          {
            key: 'f',
            label: t(W.file),
            children: of.file ? (
              <a href={urlOf(endpoints.downloadAgreement, { id: of.id })}>{of.file.name}</a>
            ) : (
              t(W.noFile)
            ),
          },
        ]}
      />
      {of.endedOn && <p>{t(W.ended, { day: dayWords(of.endedOn, lang), reason: of.endReason })}</p>}
      <Flex gap={8} wrap>
        {of.actions.includes('sign') && (
          <Upload
            accept=".pdf,.jpg,.jpeg,.png"
            showUploadList={false}
            beforeUpload={(file) => {
              sign.mutate({ id: of.id, file })
              return false
            }}
          >
            <Button type="primary" loading={sign.isPending}>
              {t(W.upload)}
            </Button>
          </Upload>
        )}
        {endAction && <Button onClick={() => setEnding(true)}>{t(AGREEMENT_ACTION_WORDS[endAction])}</Button>}
      </Flex>
      {sign.error && <Failed problem={sign.error} />}
      {ending && endAction && (
        <AskReason
          id="party-reason"
          title={t(AGREEMENT_ACTION_WORDS[endAction])}
          ok={W.send}
          label={W.reason}
          least={REASON_MIN}
          act={end}
          send={(reason) => end.mutate({ id: of.id, reason, seen: of.version })}
          done={() => setEnding(false)}
        />
      )}
    </li>
  )
}

const OwedList = ({ peerId }: { peerId: string }) => {
  const { t, lang } = useLanguage()
  const [view, setView] = useState<'open' | 'all'>('open')
  const [after, setAfter] = useState<string | undefined>()
  const query = useApi(endpoints.listOwed, { peer: peerId, view, after, limit: 20 })
  const columns: Column<OwedView>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (o) => (
        <>
          {o.documentNumber}
          <div className="xh-quiet">{o.subjectName}</div>
        </>
      ),
    },
    {
      key: 'state',
      title: W.state,
      render: (o) => (
        <Tag color={o.state === 'late' ? 'red' : o.state === 'in_time' ? 'green' : 'default'}>
          {t(OWED_STATE_WORDS[o.state])}
        </Tag>
      ),
    },
    { key: 'announced', title: W.announced, render: (o) => instantWords(o.announcedAt, lang) },
    { key: 'due', title: W.due, render: (o) => dayWords(o.dueOn, lang) },
    { key: 'acked', title: W.acked, render: (o) => instantWords(o.ackedAt, lang) },
  ]
  return (
    <Card size="small">
      <h2>{t(W.list)}</h2>
      <Segmented
        aria-label={t(W.which)}
        value={view}
        onChange={(to) => {
          setView(to)
          setAfter(undefined)
        }}
        options={[
          { value: 'open' as const, label: t(W.open) },
          { value: 'all' as const, label: t(W.all) },
        ]}
        style={{ marginBottom: 12 }}
      />
      <KeyedList
        query={query}
        name={W.list}
        empty={W.emptyOwed}
        columns={columns}
        rowKey={(o) => `${o.recordId} ${o.announcedAt}`}
        after={after}
        go={setAfter}
      />
    </Card>
  )
}

/** Agreement, lateness and measures of one third party. */
export const AgreementTab = ({ peerId }: { peerId: string }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(endpoints.getParty, { peer: peerId })
  const [adding, setAdding] = useState(false)
  return (
    <Shown query={query}>
      {(party) => {
        const { figures, lateness } = party
        const bad = party.footing === 'missing' || party.footing === 'expired'
        return (
          <Flex vertical gap={16}>
            {party.withheld && <Alert type="warning" showIcon title={t(W.withheld)} />}
            {!bad && party.footing !== 'in_force' && (
              <Alert type="info" showIcon title={t(FOOTING_WORDS[party.footing])} />
            )}
            {bad && <Alert type="error" showIcon title={t(FOOTING_WORDS[party.footing])} />}
            <Card size="small">
              <h2>{t(W.figures, { days: lateness.withinDays, ack: party.ackWorkdays })}</h2>
              <Descriptions
                size="small"
                column={{ xs: 1, sm: 2 }}
                items={[
                  { key: 'o', label: t(W.owed), children: figures.owed },
                  { key: 'i', label: t(W.inTime), children: figures.inTime },
                  { key: 'd', label: t(W.doneLate), children: figures.doneLate },
                  { key: 'w', label: t(W.waiting), children: figures.waiting },
                  { key: 'l', label: t(W.late), children: figures.late },
                  { key: 's', label: t(W.share), children: percent(figures.share) },
                  {
                    key: 'x',
                    label: t(W.oldest),
                    children: figures.oldest
                      ? t(W.oldestN, { day: dayWords(figures.oldest, lang), n: figures.oldestWorkdays })
                      : '—',
                  },
                ]}
              />
              {party.suggested && (
                <Alert
                  type="warning"
                  showIcon
                  style={{ marginTop: 12 }}
                  title={t(W.suggested, { share: Math.round(lateness.share * 1000) / 10, n: lateness.oldestWorkdays })}
                />
              )}
            </Card>
            <Talks of={party} />
            <Measures of={party} />
            <Card size="small">
              <h2>{t(W.agreements)}</h2>
              {has('credit_office') && (
                <Button style={{ marginBottom: 12 }} onClick={() => setAdding(true)}>
                  {t(W.add)}
                </Button>
              )}
              {party.agreements.length ? (
                <ul style={{ paddingInlineStart: 0, listStyle: 'none', margin: 0 }}>
                  {party.agreements.map((a) => (
                    <Agreement key={a.id} of={a} />
                  ))}
                </ul>
              ) : (
                <p>{t(W.noAgreements)}</p>
              )}
            </Card>
            <OwedList peerId={peerId} />
            {adding && <AgreementForm party={party} done={() => setAdding(false)} />}
          </Flex>
        )
      }}
    </Shown>
  )
}
