import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Flex, Form, Input, Modal, Radio, Tag, Upload } from 'antd'
import { useState } from 'react'
import {
  type EffectView,
  OUTCOMES,
  type TaskView,
  endpoints,
} from '../../../../src/capabilities/corrections/contract.ts'
import {
  ACT_WORDS,
  OUTCOME_WORDS,
  TASK_KIND_WORDS,
  TASK_STATE_WORDS,
} from '../../../../src/capabilities/corrections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, dayWords, instantWords, lawWords, listWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { CodesNav } from './nav.tsx'

const W = {
  title: { zh: '重错码核实任务', en: 'Code correction task' },
  heldName: { zh: '已登记的名称', en: 'Name held' },
  offeredName: { zh: '报送的名称', en: 'Name handed in' },
  heldCode: { zh: '已登记的代码', en: 'Code held' },
  wrongCode: { zh: '报送的代码', en: 'Code handed in' },
  offeredCode: { zh: '另一代码', en: 'The other code' },
  code: { zh: '代码', en: 'Code' },
  to: { zh: '核实单位', en: 'Asked' },
  registrar: { zh: '登记管理部门', en: 'Registrar' },
  toOffice: {
    zh: '平台上没有该类别、该地区的登记管理部门，由信用办核实答复。',
    en: 'The registering authority is not on the platform; the credit office answers itself.',
  },
  opened: { zh: '发起日期', en: 'Opened' },
  due: { zh: '答复期限', en: 'Due' },
  dueOf: { zh: '{day}（{n}个工作日）', en: '{day} ({n} working days)' },
  basis: { zh: '期限依据', en: 'Basis of the term' },
  source: { zh: '来源', en: 'Source' },
  late: { zh: '逾期', en: 'Overdue' },
  no: { zh: '编号', en: 'No.' },
  said: { zh: '答复', en: 'The answer' },
  outcome: { zh: '核实结果', en: 'Finding' },
  rightCode: { zh: '正确的统一社会信用代码', en: 'The right unified social credit code' },
  rightName: { zh: '登记的名称（与报送不同时填写）', en: 'Name as registered, if it differs' },
  nameIs: { zh: '报送的名称是', en: 'The name handed in is' },
  present: { zh: '现用名称', en: 'the present one' },
  former: { zh: '曾用名', en: 'a former one' },
  validFrom: { zh: '该名称的启用日期', en: 'Day from which it held' },
  text: { zh: '核实情况', en: 'What was found' },
  proof: { zh: '证明材料', en: 'Proof' },
  proofHint: { zh: 'PDF、JPG、PNG，可以不传。', en: 'PDF, JPG or PNG; may be left out.' },
  upload: { zh: '上传材料', en: 'Upload' },
  send: { zh: '提交答复', en: 'Send the answer' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  short: { zh: '至少填写 4 个字', en: 'At least four characters' },
  suggestions: { zh: '可能的正确代码（请与证照核对）：', en: 'Possibly meant; compare with the licence:' },
  effect: { zh: '确认后的影响', en: 'What accepting does' },
  effectDone: { zh: '已产生的影响', en: 'What it did' },
  figures: {
    zh: '涉及 {authorities} 个单位的 {records} 条信息，{pending} 条报送数据。',
    en: '{records} records of {authorities} authorities, {pending} rows handed in.',
  },
  accept: { zh: '确认并更正', en: 'Accept and put right' },
  sendBack: { zh: '退回重新核实', en: 'Send back' },
  withdraw: { zh: '撤回任务', en: 'Withdraw' },
  reason: { zh: '理由', en: 'Reason' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  sure: { zh: '确认答复并更正？', en: 'Accept the answer?' },
  history: { zh: '办理过程', en: 'What happened' },
  byPlatform: { zh: '平台', en: 'Platform' },
  toCase: { zh: '查看合并事项', en: 'See the case' },
  list: { zh: '返回任务清单', en: 'Back to the tasks' },
} as const satisfies Record<string, Words>

const DOES: Record<EffectView['does'], Words> = {
  rename: {
    zh: '报送的名称成为现用名称，原名称记为曾用名，等待的数据随即入库。',
    en: 'The name handed in becomes the present one; the waiting rows are taken in.',
  },
  former: {
    zh: '报送的名称记为曾用名，等待的数据随即入库。',
    en: 'The name handed in becomes a former one; the waiting rows are taken in.',
  },
  keep: { zh: '维持原登记，等待的数据退回报送单位。', en: 'What is held stands; the waiting rows go back.' },
  code: {
    zh: '为该主体登记统一社会信用代码，其名下信息随之归于该代码。',
    en: 'The subject gets its unified code; everything on its file follows.',
  },
  alias: {
    zh: '误报代码指向正确的主体，报送单位据此更正退回的数据。',
    en: 'The wrong code leads to the right subject; the rows sent back can be mended by it.',
  },
  merge: {
    zh: '提出合并两份档案，由另一名工作人员复核后生效。',
    en: 'Bringing the two files together is proposed; another person decides.',
  },
  none: { zh: '没有需要变更的内容。', en: 'Nothing changes.' },
}

type Values = {
  outcome: (typeof OUTCOMES)[number]
  code?: string
  name?: string
  nameIs?: 'present' | 'former'
  validFrom?: string
  text: string
}
const TEXT_MIN = 4

const AnswerForm = ({ task }: { task: TaskView }) => {
  const { t, lang } = useLanguage()
  const client = useQueryClient()
  const [form] = Form.useForm<Values>()
  const outcome = Form.useWatch('outcome', form) ?? 'confirmed'
  const answer = useAct(endpoints.answerTask)
  const upload = useMutation<unknown, ApiProblem, File>({
    mutationFn: (file) => call(endpoints.attachProof, { id: task.id, file }),
    onSuccess: () => client.invalidateQueries(),
  })
  const byName = task.kind === 'one_code_two_names'
  const required = { required: true, message: t(W.need) }
  const problem = answer.error ?? upload.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.said)}</h2>
      {task.suggestions.length > 0 && (
        <p>
          {t(W.suggestions)} <span>{listWords(task.suggestions, lang)}</span>
        </p>
      )}
      <Form<Values>
        form={form}
        name="answer"
        layout="vertical"
        requiredMark={false}
        initialValues={{ outcome: 'confirmed' }}
        style={{ maxWidth: 560 }}
        onFinish={(v) =>
          answer.mutate({
            id: task.id,
            seen: task.version,
            outcome: v.outcome,
            code: v.code?.trim() || null,
            name: v.name?.trim() || null,
            nameIs: v.nameIs ?? null,
            validFrom: v.validFrom ?? null,
            text: v.text,
          })
        }
      >
        <Form.Item name="outcome" label={t(W.outcome)}>
          <Radio.Group options={OUTCOMES.map((o) => ({ value: o, label: t(OUTCOME_WORDS[o]) }))} />
        </Form.Item>
        {outcome === 'corrected' && byName && (
          <>
            <Form.Item name="nameIs" label={t(W.nameIs)} rules={[required]}>
              <Radio.Group options={(['present', 'former'] as const).map((o) => ({ value: o, label: t(W[o]) }))} />
            </Form.Item>
            <Form.Item name="validFrom" label={t(W.validFrom)} rules={[required]}>
              <Input type="date" style={{ maxWidth: 200 }} />
            </Form.Item>
          </>
        )}
        {outcome === 'corrected' && !byName && (
          <>
            <Form.Item name="code" label={t(W.rightCode)} rules={[required]}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
            {task.kind === 'wrong_code' && (
              <Form.Item name="name" label={t(W.rightName)}>
                <Input maxLength={200} />
              </Form.Item>
            )}
          </>
        )}
        <Form.Item name="text" label={t(W.text)} rules={[required, { min: TEXT_MIN, message: t(W.short) }]}>
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
        <Form.Item label={t(W.proof)} extra={t(W.proofHint)}>
          <Flex gap={8} align="center" wrap>
            <Upload
              accept=".pdf,.jpg,.jpeg,.png"
              showUploadList={false}
              beforeUpload={(file) => {
                upload.mutate(file)
                return false
              }}
            >
              <Button loading={upload.isPending}>{t(W.upload)}</Button>
            </Upload>
            {task.proof && <a href={urlOf(endpoints.taskProof, { id: task.id })}>{task.proof.name}</a>}
          </Flex>
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={answer.isPending}>
          {t(W.send)}
        </Button>
      </Form>
      {problem && (
        <div style={{ marginTop: 12 }}>
          <Failed problem={problem} />
        </div>
      )}
    </Card>
  )
}

const Effect = ({ task, effect }: { task: TaskView; effect: EffectView }) => {
  const { t } = useLanguage()
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginTop: 12 }}
      title={t(task.state === 'closed' ? W.effectDone : W.effect)}
      description={
        <>
          <div>{t(DOES[effect.does])}</div>
          {effect.does !== 'none' && (
            <div>
              {t(W.figures, { records: effect.records, authorities: effect.authorities, pending: effect.pending })}
            </div>
          )}
          {effect.byAuthority.length > 0 && (
            <ul style={{ margin: '4px 0 0', paddingInlineStart: 20 }}>
              {effect.byAuthority.map((a) => (
                <li key={a.name}>
                  {a.name} {a.n}
                </li>
              ))}
            </ul>
          )}
          {task.caseId && (
            <Link to="/codes/files/$id" params={{ id: task.caseId }}>
              {t(W.toCase)}
            </Link>
          )}
        </>
      }
    />
  )
}

const Back = ({ task, action, done }: { task: TaskView; action: 'send_back' | 'withdraw'; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<{ note: string }>()
  const send = useAct(action === 'withdraw' ? endpoints.withdrawTask : endpoints.sendBackAnswer, done)
  return (
    <Modal
      open
      title={t(action === 'withdraw' ? W.withdraw : W.sendBack)}
      okText={t(action === 'withdraw' ? W.withdraw : W.sendBack)}
      cancelText={t(W.cancel)}
      closable={{ 'aria-label': t(W.close) }}
      okButtonProps={{ loading: send.isPending }}
      onCancel={done}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        name="back"
        layout="vertical"
        requiredMark={false}
        onFinish={({ note }) => send.mutate({ id: task.id, seen: task.version, note })}
      >
        <Form.Item
          name="note"
          label={t(W.reason)}
          rules={[
            { required: true, message: t(W.need) },
            { min: TEXT_MIN, message: t(W.short) },
          ]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
      {send.error && <Failed problem={send.error} />}
    </Modal>
  )
}

const Said = ({ task }: { task: TaskView }) => {
  const { t, lang } = useLanguage()
  const { answer } = task
  if (!answer) return null
  const items = [
    { key: 'outcome', label: t(W.outcome), children: t(OUTCOME_WORDS[answer.outcome]) },
    ...(answer.nameIs ? [{ key: 'nameIs', label: t(W.nameIs), children: t(W[answer.nameIs]) }] : []),
    ...(answer.validFrom ? [{ key: 'from', label: t(W.validFrom), children: dayWords(answer.validFrom, lang) }] : []),
    ...(answer.code ? [{ key: 'code', label: t(W.rightCode), children: <span>{answer.code}</span> }] : []),
    ...(answer.name ? [{ key: 'name', label: t(W.rightName), children: <span>{answer.name}</span> }] : []),
    { key: 'text', label: t(W.text), children: <span>{answer.text}</span> },
    ...(task.proof
      ? [
          {
            key: 'proof',
            label: t(W.proof),
            children: <a href={urlOf(endpoints.taskProof, { id: task.id })}>{task.proof.name}</a>,
          },
        ]
      : []),
  ]
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.said)}</h2>
      <Descriptions size="small" column={1} items={items} />
      {task.effect && <Effect task={task} effect={task.effect} />}
    </Card>
  )
}

const About = ({ task }: { task: TaskView }) => {
  const { t, lang } = useLanguage()
  const byName = task.kind === 'one_code_two_names'
  const { term } = task
  return (
    <Card>
      <h2>
        {task.name}{' '}
        <Tag color={task.overdue ? 'red' : 'default'}>{t(task.overdue ? W.late : TASK_STATE_WORDS[task.state])}</Tag>
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        title={t(TASK_KIND_WORDS[task.kind])}
        items={[
          {
            key: 'held',
            label: t(byName ? W.heldName : task.kind === 'wrong_code' ? W.wrongCode : W.heldCode),
            children: <span>{task.held || '—'}</span>,
          },
          ...(task.offered
            ? [
                {
                  key: 'offered',
                  label: t(byName ? W.offeredName : W.offeredCode),
                  children: <strong>{task.offered}</strong>,
                },
              ]
            : []),
          ...(byName && task.subjectCode
            ? [{ key: 'code', label: t(W.code), children: <span>{task.subjectCode}</span> }]
            : []),
          { key: 'to', label: t(W.to), children: task.authorityName },
          ...(task.registrar ? [{ key: 'registrar', label: t(W.registrar), children: t(task.registrar) }] : []),
          { key: 'opened', label: t(W.opened), children: dayWords(task.openedOn, lang) },
          {
            key: 'due',
            label: t(W.due),
            children: t(W.dueOf, { day: dayWords(task.dueOn, lang), n: term.workdays ?? 0 }),
          },
          {
            key: 'basis',
            label: t(W.basis),
            span: 'filled' as const,
            // Where no rule names a term, the note says so.
            children: term.unsure
              ? `${t(term.instrument)}${bracketed(t(term.unsure), lang)}`
              : lawWords(term.instrument, term.article, lang),
          },
          ...(task.source ? [{ key: 'source', label: t(W.source), children: <span>{task.source}</span> }] : []),
          { key: 'no', label: t(W.no), children: <span>{task.no}</span> },
        ]}
      />
      {task.toOffice && <Alert type="warning" showIcon title={t(W.toOffice)} style={{ marginTop: 12 }} />}
    </Card>
  )
}

export const History = ({
  acts,
}: {
  acts: { action: keyof typeof ACT_WORDS; at: string; by: string; note: string }[]
}) => {
  const { t, lang } = useLanguage()
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.history)}</h2>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {acts.map((a) => (
          <li key={`${a.at}${a.action}`}>
            {instantWords(a.at, lang)} · {t(ACT_WORDS[a.action])} · <span>{a.by || t(W.byPlatform)}</span>
            {a.note && (
              <>
                {' '}
                <span>{a.note}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

const Decide = ({ task }: { task: TaskView }) => {
  const { t } = useLanguage()
  const [asking, setAsking] = useState<'accept' | 'send_back' | 'withdraw' | null>(null)
  const accept = useAct(endpoints.acceptAnswer, () => setAsking(null))
  const may = (a: TaskView['actions'][number]) => task.actions.includes(a)
  return (
    <Flex gap={8} wrap style={{ marginTop: 16 }}>
      {may('accept') && (
        <Button type="primary" onClick={() => setAsking('accept')}>
          {t(W.accept)}
        </Button>
      )}
      {may('send_back') && <Button onClick={() => setAsking('send_back')}>{t(W.sendBack)}</Button>}
      {may('withdraw') && <Button onClick={() => setAsking('withdraw')}>{t(W.withdraw)}</Button>}
      {asking === 'accept' && (
        <Modal
          open
          title={t(W.sure)}
          okText={t(W.accept)}
          cancelText={t(W.cancel)}
          closable={{ 'aria-label': t(W.close) }}
          okButtonProps={{ loading: accept.isPending }}
          onCancel={() => setAsking(null)}
          onOk={() => accept.mutate({ id: task.id, seen: task.version })}
        >
          {task.effect && <Effect task={task} effect={task.effect} />}
          {accept.error && <Failed problem={accept.error} />}
        </Modal>
      )}
      {(asking === 'send_back' || asking === 'withdraw') && (
        <Back task={task} action={asking} done={() => setAsking(null)} />
      )}
    </Flex>
  )
}

export const TaskPage = () => {
  const { t } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useApi(endpoints.getTask, { id })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>
        <Link to="/codes/tasks" search={{}}>
          {t(W.list)}
        </Link>
      </p>
      <Shown query={query}>
        {(task) => (
          <>
            <About task={task} />
            <Said task={task} />
            {task.actions.includes('answer') && <AnswerForm key={task.version} task={task} />}
            <Decide task={task} />
            <History acts={task.acts} />
          </>
        )}
      </Shown>
    </>
  )
}
