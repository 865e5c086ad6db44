import { Link, useParams } from '@tanstack/react-router'
import { Card, Col, Descriptions, Row, Tag } from 'antd'
import { type CaseView, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import {
  CHANNEL_WORDS,
  CLASS_WORDS,
  conditionWords,
  KIND_WORDS,
  MODE_WORDS,
  STATE_WORDS,
  WAY_IN_WORDS,
} from '../../../../src/capabilities/repair/words.ts'
import type { KnownFact } from '../../../../src/kernel/policy.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { endpoints as desk } from '../../../../src/capabilities/repair/contract.window.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { articleIn, bracketed, colon, dayWords, instantWords, lastDayShown, lawWords } from '../../ui/format.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { Letters } from '../certificates/letters.tsx'
import { ReceiptLinks } from '../certificates/receipts.tsx'
import { Propagation } from '../exchange/propagation.tsx'
import { TransferTrack } from '../exchange/transfer-parts.tsx'
import { CaseActions } from './case-actions.tsx'
import { Links } from './links.tsx'
import { Acts, Clock, MaterialLink } from './parts.tsx'
import { SharedFacts } from './shared.tsx'

const W = {
  heading: { zh: '办理修复事项', en: 'Item to decide' },
  back: { zh: '返回待办事项', en: 'Back to the queue' },
  record: { zh: '记录', en: 'The record' },
  rule: { zh: '适用规则', en: 'The rule' },
  evidence: { zh: '证明材料', en: 'Evidence' },
  shared: { zh: '有关单位共享的情况', en: 'What authorities have shared' },
  noEvidence: { zh: '申请人没有上传材料。', en: 'The applicant has uploaded no material.' },
  conditions: { zh: '修复条件', en: 'Conditions' },
  met: { zh: '符合', en: 'Met' },
  declaredMet: { zh: '申请人声明符合', en: 'Declared to be met' },
  notMet: { zh: '不符合', en: 'Not met' },
  unknown: { zh: '待核实', en: 'To be verified' },
  declared: { zh: '申请人声明', en: 'Declared' },
  history: { zh: '办理过程', en: 'History' },
  letters: { zh: '文书与送达', en: 'Letters and delivery' },
  subject: { zh: '申请主体', en: 'Subject' },
  code: { zh: '代码', en: 'Code' },
  no: { zh: '申请编号', en: 'Application' },
  way: { zh: '申请方式', en: 'Way in' },
  submitted: { zh: '提交时间', en: 'Submitted' },
  contact: { zh: '联系人', en: 'Contact' },
  commitment: { zh: '信用承诺', en: 'Commitment' },
  signed: { zh: '已于 {at} 签署', en: 'Signed {at}' },
  unsigned: { zh: '未签署', en: 'Not signed' },
  others: { zh: '同一申请的其他记录', en: 'Other records of this application' },
  shown: { zh: '自{from}起，至{until}止', en: '{from} to {until}' },
  shownOpen: { zh: '自{from}起，没有最长期限', en: 'From {from}, without a maximum' },
  notShown: { zh: '未公示', en: 'Not shown' },
  earliest: { zh: '最早可申请修复：{day}', en: 'May be repaired from {day}' },
  propagation: { zh: '修复结果同步情况', en: 'Who has taken it down' },
  elsewhere: { zh: '异地办理', en: 'On another platform' },
  statement: { zh: '情况说明', en: 'Statement' },
  byHand: { zh: '手写签名', en: 'Signature by hand' },
  before: { zh: '该信息以前的申请', en: 'Earlier applications about this record' },
  decidedOn: { zh: '，{day}办结', en: ', decided {day}' },
} as const satisfies Record<string, Words>

const RecordPart = ({ view }: { view: CaseView }) => {
  const { t, lang } = useLanguage()
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.record)}</h2>
      <Descriptions
        size="small"
        column={1}
        items={view.fields.map((f) => ({ key: f.key, label: t(f.label), children: f.value }))}
      />
      <h2 style={{ marginTop: 12 }}>{t(W.rule)}</h2>
      <Descriptions
        size="small"
        column={1}
        items={view.record.windows.map((w) => ({
          key: w.channel,
          label: t(CHANNEL_WORDS[w.channel]),
          children: (
            <div>
              {t(CLASS_WORDS[w.class])} ·{' '}
              {w.shown
                ? t(w.until ? W.shown : W.shownOpen, {
                    from: dayWords(w.from, lang),
                    until: lastDayShown(w.until, lang),
                  })
                : t(W.notShown)}
              {w.shown && (
                <div>{w.earliest ? t(W.earliest, { day: dayWords(w.earliest, lang) }) : t(MODE_WORDS[w.repair])}</div>
              )}
              <div style={{ color: '#4a5568' }}>
                {t(w.why)}
                {bracketed(lawWords(w.instrument, w.article, lang), lang)}
              </div>
            </div>
          ),
        }))}
      />
    </Card>
  )
}

/** While it is open, the conditions are as of today; afterwards the letter says on what it was decided. */
const UNDECIDED: readonly CaseView['item']['state'][] = ['first_review', 'returned', 'received', 'mending', 'accepted']

const EvidencePart = ({ view }: { view: CaseView }) => {
  const { t, lang } = useLanguage()
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.evidence)}</h2>
      <SharedFacts facts={view.record.shared} title={W.shared} />
      {view.materials.length === 0 && <Nothing why={W.noEvidence} />}
      <ul style={{ paddingInlineStart: 18, margin: 0 }}>
        {view.materials.map((m) => (
          <li key={m.id}>
            <MaterialLink material={m} subject={view.subject.id} application={view.application.id} />
          </li>
        ))}
      </ul>
      {UNDECIDED.includes(view.item.state) && (
        <>
          <h2 style={{ marginTop: 12 }}>{t(W.conditions)}</h2>
          <ul style={{ paddingInlineStart: 18, margin: 0 }}>
            {view.conditions
              .filter((c) => c.met === false || c.holds)
              .map((c) => (
                <li key={c.code}>
                  {t(c.met === false ? c.text : (c.holds ?? c.text))}
                  {bracketed(articleIn(c.article, lang), lang)}{' '}
                  <Tag color={c.met === false ? 'red' : c.met ? (c.declared ? 'blue' : 'green') : 'default'}>
                    {t(c.met === false ? W.notMet : c.met ? (c.declared ? W.declaredMet : W.met) : W.unknown)}
                  </Tag>
                </li>
              ))}
          </ul>
        </>
      )}
      {Object.keys(view.item.declared).length > 0 && (
        <>
          <h2 style={{ marginTop: 12 }}>{t(W.declared)}</h2>
          <ul style={{ paddingInlineStart: 18, margin: 0 }}>
            {Object.entries(view.item.declared).map(([known, value]) => (
              <li key={known}>{t(conditionWords(known as KnownFact, value ?? null))}</li>
            ))}
          </ul>
        </>
      )}
      {view.item.statement && (
        <p>
          {t(W.statement)}
          {colon(lang)}
          {view.item.statement}
        </p>
      )}
    </Card>
  )
}

/** One screen: record, evidence, rule, history, and what may be done. */
export const Case = () => {
  const { t, lang } = useLanguage()
  const { subject, item } = useParams({ strict: false }) as { subject: string; item: string }
  const query = useApi(endpoints.getCase, { subject, item })
  return (
    <Shown query={query} heading={W.heading}>
      {(view) => (
        <>
          <Link to="/queue">{t(W.back)}</Link>
          <h1 style={{ marginTop: 8 }}>
            {t(view.item.itemName)} · <span lang="zh-CN">{view.item.docNo}</span>{' '}
            <Tag color="blue">{t(STATE_WORDS[view.item.state])}</Tag>
          </h1>
          {view.item.clock && (
            <p>
              <Clock clock={view.item.clock} />
            </p>
          )}
          <Row gutter={16}>
            <Col xs={24} lg={14}>
              <Card style={{ marginBottom: 16 }}>
                <Descriptions
                  size="small"
                  column={1}
                  items={[
                    { key: 'subject', label: t(W.subject), children: view.subject.name },
                    ...(view.subject.code ? [{ key: 'code', label: t(W.code), children: view.subject.code }] : []),
                    { key: 'no', label: t(W.no), children: view.application.no ?? '—' },
                    { key: 'way', label: t(W.way), children: t(WAY_IN_WORDS[view.application.wayIn]) },
                    {
                      key: 'submitted',
                      label: t(W.submitted),
                      children: instantWords(view.application.submittedAt, lang),
                    },
                    ...(view.application.contactName
                      ? [
                          {
                            key: 'contact',
                            label: t(W.contact),
                            children: `${view.application.contactName} ${view.application.contactPhone}`,
                          },
                        ]
                      : []),
                    {
                      key: 'commitment',
                      label: t(W.commitment),
                      children: view.application.commitment.signedAt ? (
                        <>
                          {t(W.signed, { at: instantWords(view.application.commitment.signedAt, lang) })}
                          {view.application.commitment.byHand && ' · '}
                          {view.application.commitment.byHand && (
                            <a
                              href={urlOf(desk.downloadSignature, {
                                subject: view.subject.id,
                                id: view.application.id,
                              })}
                            >
                              {t(W.byHand)}
                            </a>
                          )}
                        </>
                      ) : (
                        t(W.unsigned)
                      ),
                    },
                  ]}
                />
              </Card>
              <RecordPart view={view} />
              <EvidencePart view={view} />
            </Col>
            <Col xs={24} lg={10}>
              <CaseActions key={view.item.version} view={view} />
              {(view.application.wayIn === 'transfer' || view.item.acts.some((a) => a.action === 'pass_on')) && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.elsewhere)}</h2>
                  <TransferTrack subject={view.subject.id} item={view.item.id} />
                </Card>
              )}
              {(view.item.state === 'granted' || view.item.state === 'shielded') && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.propagation)}</h2>
                  <Propagation subjectId={view.subject.id} recordId={view.item.recordId} narrow />
                  <ReceiptLinks subject={view.subject.id} record={view.item.recordId} />
                </Card>
              )}
              <Links view={view} />
              {view.application.others.length > 0 && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.others)}</h2>
                  <ul style={{ paddingInlineStart: 18, margin: 0 }}>
                    {view.application.others.map((o) => (
                      <li key={o.id}>
                        {t(o.itemName)} · <span lang="zh-CN">{o.docNo}</span>
                        {bracketed(o.deciderName, lang)} <Tag>{t(STATE_WORDS[o.state])}</Tag>
                      </li>
                    ))}
                  </ul>
                </Card>
              )}
              {view.earlier.length > 0 && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.before)}</h2>
                  <ul style={{ paddingInlineStart: 18, margin: 0 }}>
                    {view.earlier.map((e) => (
                      <li key={e.no}>
                        {e.no}
                        {bracketed(`${t(KIND_WORDS[e.kind])}${lang === 'zh' ? '，' : ', '}${e.deciderName}`, lang)}
                        {e.decidedOn && t(W.decidedOn, { day: dayWords(e.decidedOn, lang) })}{' '}
                        <Tag>{t(STATE_WORDS[e.state])}</Tag>
                      </li>
                    ))}
                  </ul>
                </Card>
              )}
              <Card style={{ marginBottom: 16 }}>
                <h2>{t(W.letters)}</h2>
                <Letters key={view.item.version} subject={view.subject.id} item={view.item.id} />
              </Card>
              <Card>
                <h2>{t(W.history)}</h2>
                <Acts acts={view.item.acts} />
              </Card>
            </Col>
          </Row>
        </>
      )}
    </Shown>
  )
}
