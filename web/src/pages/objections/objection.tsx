import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import {
  Alert,
  Button,
  Card,
  Col,
  Descriptions,
  Flex,
  Form,
  Input,
  Modal,
  Progress,
  Row,
  Select,
  Tag,
  Upload,
} from 'antd'
import { useState } from 'react'
import { type ObjectionView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import {
  ACTION_WORDS,
  GROUND_WORDS,
  type Ground,
  NEXT_WORDS,
  OUTCOME_WORDS,
  WAY_IN_WORDS,
} from '../../../../src/capabilities/objections/words.ts'
import { isRaised } from '../../../../src/capabilities/objections/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, lastDayShown } from '../../ui/format.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { GroundHint, Terms, useGuide } from './guide.tsx'
import { ObjectionsNav } from './nav.tsx'
import { ObjectionLetters } from '../certificates/letters.tsx'
import { Acts, Clock, Effect, EvidenceLink, StateTag } from './parts.tsx'

const W = {
  heading: { zh: '异议', en: 'Objection' },
  back: { zh: '返回异议列表', en: 'Back to the objections' },
  record: { zh: '有关信息', en: 'The record' },
  authority: { zh: '认定单位', en: 'Authority' },
  subject: { zh: '主体', en: 'Subject' },
  decided: { zh: '决定日期', en: 'Decided on' },
  shown: { zh: '公示情况', en: 'Publicity' },
  shownSpan: { zh: '公示中，自{from}起，至{until}止', en: 'Shown from {from} to {until}' },
  shownOpen: { zh: '公示中，自{from}起，不设最长公示期', en: 'Shown from {from}, without a longest period' },
  notShown: { zh: '目前没有公示', en: 'Not shown at present' },
  annulled: { zh: '已由认定单位撤回', en: 'Taken back by its authority' },
  marked: { zh: '已标注“异议处理中”', en: 'Marked “under objection”' },
  refused: { zh: '有关决定', en: 'The decision' },
  refusedIs: { zh: '{authority}于{day}不予修复（{no}）', en: 'Repair refused by {authority} on {day} ({no})' },
  notAcceptedIs: { zh: '{authority}于{day}不予受理（{no}）', en: 'Not accepted by {authority} on {day} ({no})' },
  said: { zh: '异议内容', en: 'What was said' },
  ground: { zh: '异议情形', en: 'Ground' },
  statement: { zh: '异议理由', en: 'What is wrong' },
  wanted: { zh: '请求事项', en: 'What you ask for' },
  wantedHint: {
    zh: '例如：将处罚金额更正为5万元；撤下重复公示的信息。可以不填。',
    en: 'For example: correct the fine to 50,000 yuan. May be left out.',
  },
  contactName: { zh: '联系人', en: 'Contact' },
  contactPhone: { zh: '联系电话', en: 'Telephone' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  saved: { zh: '已保存', en: 'Saved' },
  submit: { zh: '提交异议', en: 'Submit' },
  discard: { zh: '删除草稿', en: 'Discard' },
  discardSure: { zh: '删除这份未提交的异议？', en: 'Discard this draft?' },
  withdrawSure: {
    zh: '确认撤回这件异议？撤回后，认定单位不再核查。',
    en: 'Withdraw this objection? The authority will stop checking it.',
  },
  note: { zh: '说明（可以不填）', en: 'Note (optional)' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  evidence: { zh: '证明材料', en: 'Evidence' },
  noEvidence: { zh: '没有上传材料。', en: 'No evidence has been uploaded.' },
  evidenceHint: {
    zh: '支持 PDF、JPG、PNG、DOCX，每个文件不超过 20 MB。提交后可以继续补充。',
    en: 'PDF, JPG, PNG or DOCX, up to 20 MB each. You can add more after submitting.',
  },
  upload: { zh: '上传材料', en: 'Upload' },
  uploading: { zh: '正在上传', en: 'Uploading' },
  remove: { zh: '移除', en: 'Remove' },
  removeOf: { zh: '移除“{name}”', en: 'Remove “{name}”' },
  result: { zh: '处理结果', en: 'Outcome' },
  outcome: { zh: '结论', en: 'Outcome' },
  days: { zh: '办理用时', en: 'It took' },
  daysOf: { zh: '{n}个工作日', en: '{n} working days' },
  on: { zh: '答复日期', en: 'Answered on' },
  extension: {
    zh: '认定单位于{day}告知延长核查期限{n}个工作日。',
    en: 'On {day} the authority announced that it needs {n} more working days.',
  },
  letters: { zh: '文书与送达', en: 'Letters and delivery' },
  history: { zh: '办理过程', en: 'History' },
  submitted: { zh: '提交日期', en: 'Submitted' },
  pushed: { zh: '推送认定单位', en: 'Passed on' },
  wayIn: { zh: '提出方式', en: 'Way in' },
  no: { zh: '编号', en: 'No.' },
} as const satisfies Record<string, Words>

export const About = ({ view }: { view: ObjectionView }) => {
  const { t, lang } = useLanguage()
  const { about, refused } = view
  const shown = about.annulled
    ? t(W.annulled)
    : !about.shown
      ? t(W.notShown)
      : about.shownUntil
        ? t(W.shownSpan, { from: dayWords(about.shownFrom, lang), until: lastDayShown(about.shownUntil, lang) })
        : t(W.shownOpen, { from: dayWords(about.shownFrom, lang) })
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: 'subject', label: t(W.subject), children: view.subjectName },
        { key: 'authority', label: t(W.authority), children: about.authorityName },
        { key: 'decided', label: t(W.decided), children: dayWords(about.decidedOn, lang) },
        {
          key: 'shown',
          label: t(W.shown),
          children: (
            <span>
              {shown} {view.marked && <Tag color="gold">{t(W.marked)}</Tag>}
            </span>
          ),
        },
        ...(refused
          ? [
              {
                key: 'refused',
                label: t(W.refused),
                children: t(refused.state === 'refused' ? W.refusedIs : W.notAcceptedIs, {
                  authority: refused.deciderName,
                  day: dayWords(refused.decidedOn, lang),
                  no: refused.no,
                }),
              },
            ]
          : []),
        ...(view.submittedOn
          ? [{ key: 'submitted', label: t(W.submitted), children: dayWords(view.submittedOn, lang) }]
          : []),
        ...(view.pushedOn ? [{ key: 'pushed', label: t(W.pushed), children: dayWords(view.pushedOn, lang) }] : []),
        { key: 'wayIn', label: t(W.wayIn), children: t(WAY_IN_WORDS[view.wayIn]) },
        ...(view.no ? [{ key: 'no', label: t(W.no), children: <span>{view.no}</span> }] : []),
      ]}
    />
  )
}

export const Evidence = ({ view }: { view: ObjectionView }) => {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [part, setPart] = useState<number | null>(null)
  const at = { subject: view.subjectId, id: view.id }
  const upload = useMutation<unknown, ApiProblem, File>({
    mutationFn: (file) => call(endpoints.attachEvidence, { ...at, file }, { onProgress: setPart }),
    onSettled: () => setPart(null),
    onSuccess: () => client.invalidateQueries(),
  })
  const remove = useAct(endpoints.removeEvidence)
  const problem = upload.error ?? remove.error
  return (
    <>
      {view.evidence.length === 0 && !view.mayAttach && <Nothing why={W.noEvidence} />}
      {view.evidence.map((piece) => (
        <Flex key={piece.id} justify="space-between" gap={8} wrap style={{ padding: '4px 0' }}>
          <EvidenceLink piece={piece} at={at} />
          {piece.mayRemove && (
            <Button
              type="link"
              style={{ padding: 0 }}
              aria-label={t(W.removeOf, { name: piece.name })}
              loading={remove.isPending}
              onClick={() => remove.mutate({ ...at, evidence: piece.id })}
            >
              {t(W.remove)}
            </Button>
          )}
        </Flex>
      ))}
      {view.mayAttach && (
        <>
          <p className="xh-quiet">{t(W.evidenceHint)}</p>
          <Upload
            accept=".pdf,.jpg,.jpeg,.png,.docx"
            showUploadList={false}
            beforeUpload={(file) => {
              upload.mutate(file)
              return false
            }}
          >
            <Button loading={upload.isPending}>{t(W.upload)}</Button>
          </Upload>
        </>
      )}
      {part !== null && <Progress percent={Math.round(part * 100)} aria-label={t(W.uploading)} />}
      {problem && (
        <div style={{ marginTop: 8 }}>
          <Failed problem={problem} />
        </div>
      )}
    </>
  )
}

type Draft = { ground: Ground; statement: string; wanted: string; contactName: string; contactPhone?: string }

const DraftForm = ({ view }: { view: ObjectionView }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const guide = useGuide()
  const [form] = Form.useForm<Draft>()
  const ground = Form.useWatch('ground', form) ?? view.ground
  const [asking, setAsking] = useState(false)
  const [saved, setSaved] = useState(false)
  const at = { subject: view.subjectId, id: view.id }
  const edit = useAct(endpoints.editObjection)
  const submit = useAct(endpoints.submitObjection)
  const discard = useAct(endpoints.discardObjection, () => void navigate({ to: '/objections', search: {} }))
  const about = guide.data?.grounds.find((g) => g.ground === view.ground)?.about
  const grounds = guide.data?.grounds.filter((g) => g.about === about) ?? []
  const required = { required: true, whitespace: true, message: t(W.need) }
  const keep = async (v: Draft): Promise<ObjectionView> =>
    edit.mutateAsync({
      ...at,
      seen: view.version,
      ground: v.ground,
      statement: v.statement,
      wanted: v.wanted,
      contactName: v.contactName,
      ...(v.contactPhone ? { contactPhone: v.contactPhone } : {}),
    })
  const busy = edit.isPending || submit.isPending
  const problem = edit.error ?? submit.error
  return (
    <>
      <Form<Draft>
        form={form}
        name="objection"
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ground: view.ground,
          statement: view.statement,
          wanted: view.wanted,
          contactName: view.contactName,
          contactPhone: '',
        }}
        onValuesChange={() => setSaved(false)}
        onFinish={(v) =>
          void keep(v)
            .then((kept) => submit.mutateAsync({ ...at, seen: kept.version }))
            .catch(() => undefined)
        }
      >
        <Form.Item name="ground" label={t(W.ground)} extra={<GroundHint guide={guide.data} ground={ground} />}>
          <Select
            aria-label={t(W.ground)}
            options={(grounds.length ? grounds.map((g) => g.ground) : [view.ground]).map((g) => ({
              value: g,
              label: t(GROUND_WORDS[g]),
            }))}
          />
        </Form.Item>
        <Form.Item name="statement" label={t(W.statement)} rules={[required]}>
          <Input.TextArea rows={5} maxLength={2000} showCount />
        </Form.Item>
        <Form.Item name="wanted" label={t(W.wanted)} extra={t(W.wantedHint)}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Row gutter={16}>
          <Col xs={24} md={12}>
            <Form.Item name="contactName" label={t(W.contactName)}>
              <Input maxLength={60} autoComplete="name" />
            </Form.Item>
          </Col>
          <Col xs={24} md={12}>
            <Form.Item name="contactPhone" label={t(W.contactPhone)}>
              <Input maxLength={60} autoComplete="tel" />
            </Form.Item>
          </Col>
        </Row>
        <h2>{t(W.evidence)}</h2>
        <Evidence view={view} />
        {problem && (
          <div style={{ margin: '12px 0' }}>
            <Failed problem={problem} />
          </div>
        )}
        <Flex gap={8} wrap align="center" style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t(W.submit)}
          </Button>
          <Button
            loading={edit.isPending}
            disabled={submit.isPending}
            onClick={() =>
              void keep(form.getFieldsValue())
                .then(() => setSaved(true))
                .catch(() => undefined)
            }
          >
            {t(W.save)}
          </Button>
          <Button danger type="text" disabled={busy} onClick={() => setAsking(true)}>
            {t(W.discard)}
          </Button>
          {saved && <output>{t(W.saved)}</output>}
        </Flex>
      </Form>
      <Modal
        open={asking}
        title={t(W.discardSure)}
        okText={t(W.discard)}
        cancelText={t(W.cancel)}
        closable={{ 'aria-label': t(W.close) }}
        okButtonProps={{ danger: true, loading: discard.isPending }}
        onCancel={() => setAsking(false)}
        onOk={() => discard.mutate(at)}
      >
        {discard.error && <Failed problem={discard.error} />}
      </Modal>
    </>
  )
}

const Withdraw = ({ view }: { view: ObjectionView }) => {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const withdraw = useAct(endpoints.withdrawObjection, () => setOpen(false))
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t(ACTION_WORDS.withdraw)}</Button>
      {open && (
        <AskReason
          id="withdraw-note"
          title={t(ACTION_WORDS.withdraw)}
          ok={ACTION_WORDS.withdraw}
          label={W.note}
          least={0}
          most={2000}
          act={withdraw}
          send={(note) => withdraw.mutate({ subject: view.subjectId, id: view.id, seen: view.version, note })}
          done={() => setOpen(false)}
        >
          <p>{t(W.withdrawSure)}</p>
        </AskReason>
      )}
    </>
  )
}

/** What was found, in plain words, and what it did to the record. */
export const Result = ({ view }: { view: ObjectionView }) => {
  const { t, lang } = useLanguage()
  if (!view.outcome || view.outcome === 'withdrawn') return null
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.result)}</h2>
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'outcome',
            label: t(W.outcome),
            children: (
              <Tag color={view.outcome === 'rejected' ? 'default' : 'green'}>{t(OUTCOME_WORDS[view.outcome])}</Tag>
            ),
          },
          { key: 'on', label: t(W.on), children: dayWords(view.decidedOn, lang) },
          ...(view.workdays === null
            ? []
            : [{ key: 'days', label: t(W.days), children: t(W.daysOf, { n: view.workdays }) }]),
        ]}
      />
      {view.answer && <p style={{ whiteSpace: 'pre-line' }}>{view.answer}</p>}
      {view.effect && <Effect effect={view.effect} />}
    </Card>
  )
}

export const Said = ({ view }: { view: ObjectionView }) => {
  const { t } = useLanguage()
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: 'ground', label: t(W.ground), children: t(GROUND_WORDS[view.ground]) },
        // Of what was found without it, the subject reads what was put right and not who said so.
        ...(view.statement || isRaised(view.wayIn)
          ? [
              {
                key: 'statement',
                label: t(W.statement),
                children: <span style={{ whiteSpace: 'pre-line' }}>{view.statement || '—'}</span>,
              },
            ]
          : []),
        ...(view.wanted
          ? [
              {
                key: 'wanted',
                label: t(W.wanted),
                children: <span style={{ whiteSpace: 'pre-line' }}>{view.wanted}</span>,
              },
            ]
          : []),
        ...(view.contactName ? [{ key: 'contact', label: t(W.contactName), children: view.contactName }] : []),
      ]}
    />
  )
}

export const Extension = ({ view }: { view: ObjectionView }) => {
  const { t, lang } = useLanguage()
  if (!view.extension) return null
  const { on, workdays, reason } = view.extension
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 16 }}
      title={t(W.extension, { day: dayWords(on, lang), n: workdays })}
      description={<div>{reason}</div>}
    />
  )
}

/** An objection as its applicant sees it: a form while it is a draft, then where it stands and what came of it. */
export const ObjectionPage = () => {
  const { t } = useLanguage()
  const { subject, id } = useParams({ strict: false }) as { subject: string; id: string }
  const query = useApi(endpoints.getObjection, { subject, id }, { every: 30_000 })
  return (
    <Shown query={query} heading={W.heading}>
      {(view) => (
        <>
          <Link to="/objections" search={{}}>
            {t(W.back)}
          </Link>
          <h1 style={{ marginTop: 8 }}>
            {t(view.itemName)} · {view.docNo} <StateTag row={view} />
          </h1>
          <ObjectionsNav />
          <p>{t(NEXT_WORDS[view.state])}</p>
          {view.clock && (
            <p>
              <Clock clock={view.clock} />
            </p>
          )}
          <Extension view={view} />
          <Row gutter={16}>
            <Col xs={24} lg={14}>
              <Result view={view} />
              <Card style={{ marginBottom: 16 }}>
                <h2>{t(W.said)}</h2>
                {view.mayEdit ? (
                  <DraftForm key={view.id} view={view} />
                ) : (
                  <>
                    <Said view={view} />
                    {isRaised(view.wayIn) && (
                      <>
                        <h2 style={{ marginTop: 12 }}>{t(W.evidence)}</h2>
                        <Evidence view={view} />
                      </>
                    )}
                  </>
                )}
              </Card>
            </Col>
            <Col xs={24} lg={10}>
              <Card style={{ marginBottom: 16 }}>
                <h2>{t(W.record)}</h2>
                <About view={view} />
              </Card>
              {view.state !== 'draft' && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.letters)}</h2>
                  <ObjectionLetters key={view.version} subject={view.subjectId} objection={view.id} />
                </Card>
              )}
              {view.acts.length > 0 && (
                <Card style={{ marginBottom: 16 }}>
                  <h2>{t(W.history)}</h2>
                  <Acts view={view} />
                </Card>
              )}
              {view.actions.includes('withdraw') && <Withdraw view={view} />}
              {view.mayEdit && <Terms />}
            </Col>
          </Row>
        </>
      )}
    </Shown>
  )
}
