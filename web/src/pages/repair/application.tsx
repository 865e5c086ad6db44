import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Card, Checkbox, Collapse, Flex, Input, Popconfirm, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import {
  type ApplicationView,
  type ItemView,
  KNOWN_FACTS,
  endpoints,
} from '../../../../src/capabilities/repair/contract.ts'
import { mayRate } from '../../../../src/capabilities/oversight/rules.ts'
import {
  APPLICATION_STATE_WORDS,
  KIND_WORDS,
  conditionWords,
  STATE_WORDS,
  WAY_IN_WORDS,
  nextWords,
} from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { endpoints as desk } from '../../../../src/capabilities/repair/contract.window.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { articleIn, bracketed, colon, dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { Certificates } from '../certificates/certificate.tsx'
import { ApplicationLetters, Letters } from '../certificates/letters.tsx'
import { ReceiptLinks } from '../certificates/receipts.tsx'
import { Propagation } from '../exchange/propagation.tsx'
import { TransferTrack } from '../exchange/transfer-parts.tsx'
import { Desk } from './desk.tsx'
import { Materials } from './materials.tsx'
import { Acts, Clock } from './parts.tsx'
import { SharedFacts } from './shared.tsx'

const W = {
  heading: { zh: '修复申请', en: 'Application' },
  title: { zh: '修复申请 {no}', en: 'Application {no}' },
  draft: { zh: '修复申请（未提交）', en: 'Application (not submitted)' },
  records: { zh: '一、申请修复的记录', en: '1. Records' },
  decided: { zh: '{authority}于{day}认定；由{decider}办理', en: 'By {authority} on {day}; decided by {decider}' },
  declare: { zh: '请如实勾选已经具备的情况', en: 'Tick what is true' },
  rate: { zh: '评价本事项的办理', en: 'Rate how this was handled' },
  statement: { zh: '情况说明（选填）', en: 'Statement (optional)' },
  save: { zh: '保存', en: 'Save' },
  saved: { zh: '已保存', en: 'Saved' },
  remove: { zh: '移出申请', en: 'Take out' },
  commitment: { zh: '三、信用承诺', en: '3. Commitment' },
  agree: { zh: '本单位已阅读并同意上述承诺', en: 'We have read and agree to the commitment above' },
  sign: { zh: '签署信用承诺书', en: 'Sign the commitment' },
  signed: { zh: '已于 {at} 签署', en: 'Signed {at}' },
  notAsked: {
    zh: '本项申请适用的规则没有要求作出信用承诺，无需签署。',
    en: 'The rules for this application ask for no commitment; there is nothing to sign.',
  },
  submit: { zh: '提交申请', en: 'Submit' },
  submitting: { zh: '四、提交', en: '4. Submit' },
  before: {
    zh: '提交后各记录即按规定期限分别办理；不收取任何费用。',
    en: 'Once submitted, each record is decided within its term. There is no fee.',
  },
  discard: { zh: '删除草稿', en: 'Discard the draft' },
  sure: { zh: '确定吗？', en: 'Are you sure?' },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  withdraw: { zh: '撤回本项', en: 'Withdraw this item' },
  mend: { zh: '补正后重新提交', en: 'Submit again' },
  missing: { zh: '需要补正的材料', en: 'What is missing' },
  note: { zh: '补正说明（选填）', en: 'Note (optional)' },
  notYet: { zh: '暂不能提交', en: 'Cannot be submitted yet' },
  history: { zh: '办理过程', en: 'History' },
  letters: { zh: '文书', en: 'Letters' },
  certificates: { zh: '信用修复证明', en: 'Certificate of repair' },
  propagation: { zh: '修复结果同步情况', en: 'Who has taken it down' },
  submitted: { zh: '提交时间：{at}', en: 'Submitted {at}' },
  receipt: { zh: '收件回执', en: 'Receipt' },
  byHand: { zh: '手写签名', en: 'Signature by hand' },
} as const satisfies Record<string, Words>

const DraftItem = ({ item, application }: { item: ItemView; application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const { message } = App.useApp()
  const open = item.eligibility?.open.filter((r) => r.known !== null && r.known !== 'commitmentSigned') ?? []
  const failing = item.eligibility?.reasons.filter((r) => r.known !== null && r.known !== 'commitmentSigned') ?? []
  const asked = [...new Set([...open, ...failing].map((r) => r.known!))]
  const declaredNow = new Map(Object.entries(item.declared))
  // What no longer stands in the way was answered as wanted.
  const wantedOf = (known: string) =>
    [...open, ...failing].find((r) => r.known === known)?.wanted ?? declaredNow.get(known) ?? true
  const [ticked, setTicked] = useState<ReadonlySet<string>>(
    new Set([...declaredNow].filter(([k, v]) => v === wantedOf(k)).map(([k]) => k)),
  )
  const [statement, setStatement] = useState(item.statement)
  const seen = useRef(item.version)
  const save = useAct(endpoints.describeItem, (reply) => {
    seen.current = reply.items.find((i) => i.id === item.id)?.version ?? item.version
    void message.success({ content: t(W.saved), key: item.id })
  })
  // In one order, whatever is answered already: nothing moves under the pointer.
  const keys = KNOWN_FACTS.filter((k) => asked.includes(k) || declaredNow.has(k))
  // Each tick is kept as soon as the one before it is: nobody submits what is only on the screen.
  const dirty = useRef(false)
  const keep = () => {
    dirty.current = false
    save.mutate({
      subject: application.subjectId,
      id: application.id,
      item: item.id,
      seen: Math.max(seen.current, item.version),
      statement,
      declared: Object.fromEntries(
        keys
          .filter((k) => ticked.has(k) || declaredNow.has(k))
          .map((k) => [k, ticked.has(k) ? wantedOf(k) : !wantedOf(k)]),
      ),
    })
  }
  useEffect(() => {
    if (dirty.current && !save.isPending) keep()
  })
  return (
    <>
      <SharedFacts facts={item.shared} />
      {item.eligibility?.judged.map((j) => (
        <p key={j.code} style={{ margin: '8px 0' }}>
          {t(j.text)}
          {bracketed(articleIn(j.article, lang), lang)}
        </p>
      ))}
      {keys.length > 0 && (
        <fieldset style={{ border: 0, padding: 0, margin: '8px 0' }}>
          <legend style={{ padding: 0 }}>{t(W.declare)}</legend>
          {keys.map((known) => (
            <Checkbox
              key={known}
              style={{ display: 'flex', marginInlineStart: 0, marginTop: 6 }}
              checked={ticked.has(known)}
              onChange={(e) => {
                const next = new Set(ticked)
                if (e.target.checked) next.add(known)
                else next.delete(known)
                setTicked(next)
                dirty.current = true
              }}
            >
              {t(conditionWords(known, wantedOf(known)))}
            </Checkbox>
          ))}
        </fieldset>
      )}
      <label htmlFor={`s-${item.id}`}>{t(W.statement)}</label>
      <Input.TextArea
        id={`s-${item.id}`}
        rows={2}
        maxLength={2000}
        value={statement}
        onChange={(e) => setStatement(e.target.value)}
      />
      {save.error && <Failed problem={save.error} />}
      <Flex gap={8} style={{ marginTop: 8 }}>
        <Button loading={save.isPending} onClick={keep}>
          {t(W.save)}
        </Button>
      </Flex>
    </>
  )
}

const OpenItem = ({ item }: { item: ItemView }) => {
  const { t, lang } = useLanguage()
  const [note, setNote] = useState('')
  const mend = useAct(endpoints.mendItem)
  const withdraw = useAct(endpoints.withdrawItem)
  const problem = mend.error ?? withdraw.error
  const at = { subject: item.subjectId, item: item.id, seen: item.version }
  return (
    <>
      {item.missing.length > 0 && (
        <>
          <strong style={{ display: 'block', marginTop: 8 }}>{t(W.missing)}</strong>
          <ul style={{ margin: '4px 0 8px', paddingInlineStart: 20 }}>
            {item.missing.map((m) => (
              <li key={m.kind}>
                {t(m.name)}
                {m.text && `${colon(lang)}${m.text}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {item.actions.includes('mend') && (
        <>
          <label htmlFor={`m-${item.id}`}>{t(W.note)}</label>
          <Input.TextArea
            id={`m-${item.id}`}
            rows={2}
            value={note}
            maxLength={2000}
            onChange={(e) => setNote(e.target.value)}
          />
        </>
      )}
      {problem && <Failed problem={problem} />}
      <Flex gap={8} wrap style={{ marginTop: 8 }}>
        {item.actions.includes('mend') && (
          <Button type="primary" loading={mend.isPending} onClick={() => mend.mutate({ ...at, note })}>
            {t(W.mend)}
          </Button>
        )}
        {item.actions.includes('withdraw') && (
          <Popconfirm
            title={t(W.sure)}
            okText={t(W.yes)}
            cancelText={t(W.no)}
            onConfirm={() => withdraw.mutate({ ...at, note: '' })}
          >
            <Button loading={withdraw.isPending}>{t(W.withdraw)}</Button>
          </Popconfirm>
        )}
      </Flex>
    </>
  )
}

const STATE_COLOURS: Partial<Record<ItemView['state'], string>> = {
  granted: 'green',
  shielded: 'green',
  refused: 'red',
  not_accepted: 'red',
  mending: 'orange',
  returned: 'orange',
  ended_forged: 'red',
}

const Item = ({ item, application }: { item: ItemView; application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const remove = useAct(endpoints.removeItem)
  const told = item.state === 'granted' || item.state === 'shielded' || item.state === 'plan_completed'
  const stand = item.eligibility?.reasons.filter((r) => r.known === null) ?? []
  return (
    <section
      style={{ borderTop: '1px solid #e3e8ef', padding: '12px 0' }}
      aria-label={`${t(item.itemName)} “${item.docNo}”`}
    >
      <Flex justify="space-between" gap={8} wrap>
        <strong>
          {t(item.itemName)} · <span lang="zh-CN">{item.docNo}</span>
        </strong>
        <Tag color={STATE_COLOURS[item.state] ?? 'blue'}>{t(STATE_WORDS[item.state])}</Tag>
      </Flex>
      <div style={{ color: '#4a5568' }}>
        {t(W.decided, {
          authority: item.authorityName,
          day: dayWords(item.decidedOnRecord, lang),
          decider: item.deciderName,
        })}
      </div>
      {item.state !== 'draft' && <p style={{ margin: '6px 0' }}>{t(nextWords(item))}</p>}
      {item.clock && <Clock clock={item.clock} />}
      {stand.length > 0 && (
        <div role="alert" style={{ color: '#8a5300', marginTop: 6 }}>
          {t(W.notYet)}
          {colon(lang)}
          {stand.map((r) => (
            <div key={r.code}>
              {t(r.text)}
              {bracketed(articleIn(r.article, lang), lang)}
            </div>
          ))}
        </div>
      )}
      {application.mayEdit && item.state === 'draft' && (
        <>
          <DraftItem item={item} application={application} />
          {remove.error && <Failed problem={remove.error} />}
          <Button
            type="link"
            style={{ padding: 0 }}
            loading={remove.isPending}
            onClick={() => remove.mutate({ subject: application.subjectId, id: application.id, item: item.id })}
          >
            {t(W.remove)}
          </Button>
        </>
      )}
      {item.state !== 'draft' && item.actions.length > 0 && <OpenItem item={item} />}
      {item.acts.some((a) => a.action === 'pass_on') && <TransferTrack subject={item.subjectId} item={item.id} />}
      {told && (
        <div style={{ marginTop: 8 }}>
          <strong>{t(W.propagation)}</strong>
          <Propagation subjectId={item.subjectId} recordId={item.recordId} doc={item.docNo} />
          <ReceiptLinks subject={item.subjectId} record={item.recordId} />
        </div>
      )}
      {item.state === 'granted' && has('enterprise', 'window_clerk') && (
        <div style={{ marginTop: 8 }}>
          <strong>{t(W.certificates)}</strong>
          <Certificates subject={item.subjectId} item={item.id} />
        </div>
      )}
      {mayRate(item.state).ok && has('enterprise', 'window_clerk') && (
        <p style={{ marginTop: 8 }}>
          <Link to="/my/ratings" search={(has('enterprise') ? {} : { subject: item.subjectId }) as never}>
            {t(W.rate)}
          </Link>
        </p>
      )}
      {item.acts.some((a) => a.letter) && (
        <div style={{ marginTop: 8 }}>
          <strong>{t(W.letters)}</strong>
          <Letters key={item.version} subject={item.subjectId} item={item.id} />
        </div>
      )}
      {item.acts.length > 0 && (
        <Collapse
          ghost
          defaultActiveKey={told ? [] : ['acts']}
          items={[{ key: 'acts', label: t(W.history), children: <Acts acts={item.acts} /> }]}
        />
      )}
    </section>
  )
}

const Commitment = ({ application }: { application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const [agreed, setAgreed] = useState(false)
  const sign = useAct(endpoints.signCommitment)
  const { commitment } = application
  if (!t(commitment.text)) {
    return application.items.length ? (
      <Card style={{ marginTop: 16 }}>
        <h2>{t(W.commitment)}</h2>
        <p>{t(W.notAsked)}</p>
      </Card>
    ) : null
  }
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.commitment)}</h2>
      <p style={{ whiteSpace: 'pre-line' }}>{t(commitment.text)}</p>
      <p style={{ color: '#4a5568' }}>{t(commitment.article)}</p>
      {commitment.signedAt ? (
        <>
          <Tag color="green">{t(W.signed, { at: instantWords(commitment.signedAt, lang) })}</Tag>{' '}
          {commitment.byHand && (
            <a href={urlOf(desk.downloadSignature, { subject: application.subjectId, id: application.id })}>
              {t(W.byHand)}
            </a>
          )}
        </>
      ) : (
        application.mayEdit && (
          <Flex vertical gap={8} align="start">
            <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>
              {t(W.agree)}
            </Checkbox>
            {sign.error && <Failed problem={sign.error} />}
            <Button
              disabled={!agreed}
              loading={sign.isPending}
              onClick={() =>
                sign.mutate({
                  subject: application.subjectId,
                  id: application.id,
                  agreed: true,
                  seen: application.version,
                })
              }
            >
              {t(W.sign)}
            </Button>
          </Flex>
        )
      )}
    </Card>
  )
}

const Submit = ({ application }: { application: ApplicationView }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const submit = useAct(endpoints.submitApplication)
  const discard = useAct(endpoints.discardApplication, () => void navigate({ to: '/applications' }))
  const at = { subject: application.subjectId, id: application.id }
  const problem = submit.error ?? discard.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.submitting)}</h2>
      <p>{t(W.before)}</p>
      {problem && <Failed problem={problem} />}
      <Flex gap={12} wrap style={{ marginTop: 8 }}>
        <Button
          type="primary"
          loading={submit.isPending}
          onClick={() => submit.mutate({ ...at, seen: application.version })}
        >
          {t(W.submit)}
        </Button>
        <Popconfirm title={t(W.sure)} okText={t(W.yes)} cancelText={t(W.no)} onConfirm={() => discard.mutate(at)}>
          <Button loading={discard.isPending}>{t(W.discard)}</Button>
        </Popconfirm>
      </Flex>
    </Card>
  )
}

export const ApplicationPage = () => {
  const { t, lang } = useLanguage()
  const { subject, id } = useParams({ strict: false }) as { subject: string; id: string }
  const atWindow = useSession().has('window_clerk')
  const query = useApi(
    endpoints.getApplication,
    { subject, id },
    // At the window, what the phone sends appears by itself.
    { every: (a) => (a?.state === 'submitted' ? 5000 : a?.state === 'draft' && atWindow ? 3000 : false) },
  )
  return (
    <Shown query={query} heading={W.heading}>
      {(application) => (
        <>
          <h1>{application.no ? t(W.title, { no: application.no }) : t(W.draft)}</h1>
          <p>
            {application.subjectName} · {t(KIND_WORDS[application.kind])} · {t(WAY_IN_WORDS[application.wayIn])} ·{' '}
            {t(APPLICATION_STATE_WORDS[application.state])}
            {application.submittedAt && ` · ${t(W.submitted, { at: instantWords(application.submittedAt, lang) })}`}
          </p>
          {application.no && (
            <p>
              <Link to="/applications/$subject/$id/receipt" params={{ subject, id }}>
                {t(W.receipt)}
              </Link>
            </p>
          )}
          {application.items.some((i) => i.state === 'granted') && (
            <ReceiptLinks subject={application.subjectId} application={application.id} />
          )}
          <Card>
            <h2>{t(W.records)}</h2>
            {application.items.map((item) => (
              <Item key={item.id} item={item} application={application} />
            ))}
          </Card>
          <Materials application={application} />
          <Commitment application={application} />
          <ApplicationLetters subject={subject} application={id} />
          {application.mayEdit &&
            application.state === 'draft' &&
            (atWindow ? <Desk application={application} /> : <Submit application={application} />)}
        </>
      )}
    </Shown>
  )
}
