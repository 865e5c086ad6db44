import { Link, useParams } from '@tanstack/react-router'
import { Alert, Card, Col, Descriptions, Row, Tag } from 'antd'
import { type CaseView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { GROUND_WORDS, STATE_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, dayWords } from '../../ui/format.ts'
import { Shown } from '../../ui/states.tsx'
import { ObjectionLetters } from '../certificates/letters.tsx'
import { Propagation } from '../exchange/propagation.tsx'
import { CaseActions } from './case-actions.tsx'
import { ObjectionsNav } from './nav.tsx'
import { About, Evidence, Extension, Result, Said } from './objection.tsx'
import { Acts, Clock, StateTag } from './parts.tsx'
import { Siblings } from './siblings.tsx'

const W = {
  heading: { zh: '异议核查', en: 'Objection' },
  back: { zh: '返回异议办理', en: 'Back to the objections' },
  looked: {
    zh: '您看到的信息、材料与申请人所见相同；本次查阅已经记录，申请人可以查询。',
    en: 'You see the same record and evidence as the applicant. That you opened this has been recorded and can be seen by the subject.',
  },
  record: { zh: '有关信息', en: 'The record' },
  rule: { zh: '公示规则', en: 'The rule' },
  said: { zh: '异议内容', en: 'What was said' },
  evidence: { zh: '证明材料', en: 'Evidence' },
  phone: { zh: '联系电话', en: 'Telephone' },
  twins: { zh: '可能重复公示的信息', en: 'Records that may show the same twice' },
  shown: { zh: '公示中', en: 'Shown' },
  others: { zh: '对同一信息的其他异议', en: 'Other objections about this record' },
  letters: { zh: '文书与送达', en: 'Letters and delivery' },
  history: { zh: '办理过程', en: 'History' },
  propagation: { zh: '更正结果同步情况', en: 'Who has put it right' },
  draft: { zh: '未提交', en: 'Draft' },
} as const satisfies Record<string, Words>

/** The names of rules are for the explanation as data; people read instrument and article. */
const plain = (sentence: string): string => sentence.replace(/（规则 [^）]*）| \(rule [^)]*\)/, '')
/** An amount carries its unit. */
const unitless = (label: string): string => label.replace(/\s*[（(](?:万元|10,000 yuan)[）)]/, '')

const RecordPart = ({ view }: { view: CaseView }) => {
  const { t, lang } = useLanguage()
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.record)}</h2>
      <About view={view.objection} />
      <Descriptions
        size="small"
        column={1}
        style={{ marginTop: 8 }}
        items={view.fields
          .filter((f) => f.value)
          .map((f) => ({ key: f.key, label: unitless(t(f.label)), children: <span>{f.value}</span> }))}
      />
      <h2 style={{ marginTop: 12 }}>{t(W.rule)}</h2>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {view.sentences.map((s) => (
          <li key={s.zh}>{plain(t(s))}</li>
        ))}
      </ul>
      {view.twins.length > 0 && (
        <>
          <h2 style={{ marginTop: 12 }}>{t(W.twins)}</h2>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {view.twins.map((x) => (
              <li key={x.recordId}>
                {x.docNo}
                {bracketed(x.authorityName, lang)} {dayWords(x.decidedOn, lang)}{' '}
                {x.shown && <Tag color="blue">{t(W.shown)}</Tag>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}

/** One screen: record, evidence, rule, history, and what may be done. */
export const ObjectionCase = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { subject, id } = useParams({ strict: false }) as { subject: string; id: string }
  const query = useApi(endpoints.getObjectionCase, { subject, id })
  return (
    <Shown query={query} heading={W.heading}>
      {(view) => {
        const { objection: o } = view
        const carriedOut = o.state === 'applied' && o.effect !== null && o.effect.does !== 'reopen'
        return (
          <>
            <Link to="/objections" search={{}}>
              {t(W.back)}
            </Link>
            <h1 style={{ marginTop: 8 }}>
              {t(o.itemName)} · {o.docNo} <StateTag row={o} />
            </h1>
            <ObjectionsNav />
            {o.clock && (
              <p>
                <Clock clock={o.clock} />
              </p>
            )}
            <Alert type="info" showIcon title={t(W.looked)} style={{ marginBottom: 16 }} />
            <Extension view={o} />
            <Row gutter={16}>
              <Col xs={24} lg={13}>
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.said)}</h2>
                  <Said view={o} />
                  {view.contactPhone && (
                    <Descriptions
                      size="small"
                      column={1}
                      items={[{ key: 'phone', label: t(W.phone), children: view.contactPhone }]}
                    />
                  )}
                  <h2 style={{ marginTop: 12 }}>{t(W.evidence)}</h2>
                  <Evidence view={o} />
                </Card>
                <RecordPart view={view} />
              </Col>
              <Col xs={24} lg={11}>
                <Result view={o} />
                <CaseActions key={o.version} view={view} />
                {carriedOut && has('officer', 'head') && <Siblings key={`${o.id}-siblings`} view={view} />}
                {carriedOut && o.effect?.does !== 'correct' && (
                  <Card style={{ marginBottom: 16 }}>
                    <h2>{t(W.propagation)}</h2>
                    <Propagation subjectId={o.subjectId} recordId={o.about.recordId} narrow />
                  </Card>
                )}
                {view.others.length > 0 && (
                  <Card style={{ marginBottom: 16 }}>
                    <h2>{t(W.others)}</h2>
                    <ul style={{ paddingInlineStart: 18, margin: 0 }}>
                      {view.others.map((x) => (
                        <li key={x.id}>
                          {t(GROUND_WORDS[x.ground])} <span>{x.no ?? t(W.draft)}</span>{' '}
                          <Tag>{t(STATE_WORDS[x.state])}</Tag>
                        </li>
                      ))}
                    </ul>
                  </Card>
                )}
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.letters)}</h2>
                  <ObjectionLetters key={o.version} subject={o.subjectId} objection={o.id} />
                </Card>
                <Card>
                  <h2>{t(W.history)}</h2>
                  <Acts view={o} />
                </Card>
              </Col>
            </Row>
          </>
        )
      }}
    </Shown>
  )
}
