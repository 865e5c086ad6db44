import { Button, Card, Descriptions, Flex, Form, Input, Modal, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { CONFLICT_STATES, type ConflictView, endpoints } from '../../../../src/capabilities/subjects/contract.ts'
import {
  CONFLICT_KIND_WORDS,
  CONFLICT_STATE_WORDS,
  SUBJECT_KIND_WORDS,
} from '../../../../src/capabilities/subjects/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '主体信息冲突', en: 'Conflicts of code and name' },
  intro: {
    zh: '报送数据的名称或者代码与已登记的不一致，平台不自动合并，由信用办核实后处理；相关数据在处理前待核实。',
    en: 'What was handed in differs from what is held. Nothing is merged by itself: the credit office decides, and the rows wait until then.',
  },
  state: { zh: '处理状态', en: 'State' },
  code: { zh: '代码', en: 'Code' },
  masked: { zh: '自然人，不显示', en: 'A person; not shown' },
  subject: { zh: '主体类型', en: 'Kind of subject' },
  heldName: { zh: '已登记的名称', en: 'Name held' },
  offeredName: { zh: '报送的名称', en: 'Name handed in' },
  heldCode: { zh: '已登记的代码', en: 'Code held' },
  offeredCode: { zh: '报送的代码', en: 'Code handed in' },
  found: { zh: '发现时间', en: 'Found' },
  closed: { zh: '处理时间', en: 'Decided' },
  keep: { zh: '维持原登记', en: 'Keep what is held' },
  rename: { zh: '变更为报送的名称', en: 'Take the name handed in' },
  former: { zh: '认定为曾用名', en: 'It is a former name' },
  keepSure: { zh: '维持“{held}”，待核实的数据退回报送单位。', en: '“{held}” stands; the waiting rows go back.' },
  keepCodesSure: {
    zh: '核实后，“{held}”与“{offered}”分别建档，均予保留。',
    en: '“{held}” and “{offered}” are two subjects; both files stay.',
  },
  renameSure: {
    zh: '名称由“{held}”变更为“{offered}”，原名称记为曾用名，待核实的数据随即入库。',
    en: 'The name changes from “{held}” to “{offered}”; the old one stays as a former name and the waiting rows are taken in.',
  },
  formerSure: {
    zh: '“{held}”仍为现用名称，“{offered}”记为曾用名，待核实的数据随即入库。',
    en: '“{held}” stays; “{offered}” is recorded as a former name and the waiting rows are taken in.',
  },
  from: { zh: '“{offered}”的启用日期', en: 'Day from which “{offered}” held' },
  need: { zh: '请填写启用日期', en: 'Give the day' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  emptyOpen: { zh: '没有待核实的冲突。', en: 'No conflict waits.' },
  empty: { zh: '没有这一状态的冲突。', en: 'There are none in this state.' },
} as const satisfies Record<string, Words>

type Outcome = 'keep' | 'rename' | 'former'
const SURE: Record<Outcome, Words> = { keep: W.keepSure, rename: W.renameSure, former: W.formerSure }

const Decide = ({ conflict, outcome, done }: { conflict: ConflictView; outcome: Outcome; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<{ validFrom: string }>()
  const close = useAct(endpoints.closeConflict, done)
  const { held, offered } = conflict
  return (
    <Modal
      open
      onCancel={done}
      title={t(W[outcome])}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W[outcome])}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: close.isPending }}
      onOk={() => form.submit()}
    >
      <p>{t(conflict.kind === 'one_name_two_codes' ? W.keepCodesSure : SURE[outcome], { held, offered })}</p>
      <Form
        form={form}
        name="conflict"
        layout="vertical"
        requiredMark={false}
        onFinish={(v) =>
          close.mutate({
            subjectId: conflict.subjectId,
            id: conflict.id,
            outcome,
            ...(outcome === 'keep' ? {} : { validFrom: v.validFrom }),
          })
        }
      >
        {outcome !== 'keep' && (
          <Form.Item name="validFrom" label={t(W.from, { offered })} rules={[{ required: true, message: t(W.need) }]}>
            <Input type="date" style={{ maxWidth: 200 }} />
          </Form.Item>
        )}
      </Form>
      {close.error && <Failed problem={close.error} />}
    </Modal>
  )
}

const ConflictCard = ({ conflict }: { conflict: ConflictView }) => {
  const { t, lang } = useLanguage()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const byName = conflict.kind === 'one_code_two_names'
  const named = useApi(endpoints.getSubject, { code: conflict.held }, { enabled: !byName })
  // One name with two codes is no change of name: it is kept, or cleared up at the registrar.
  const outcomes: Outcome[] = byName ? ['keep', 'rename', 'former'] : ['keep']
  return (
    <Card style={{ marginBottom: 12 }}>
      <h2>
        {byName ? conflict.held : (named.data?.name ?? t(CONFLICT_KIND_WORDS[conflict.kind]))}{' '}
        <Tag color={conflict.state === 'open' ? 'gold' : 'default'}>{t(CONFLICT_STATE_WORDS[conflict.state])}</Tag>
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        title={t(CONFLICT_KIND_WORDS[conflict.kind])}
        items={[
          { key: 'held', label: t(byName ? W.heldName : W.heldCode), children: conflict.held },
          {
            key: 'offered',
            label: t(byName ? W.offeredName : W.offeredCode),
            children: <strong>{conflict.offered}</strong>,
          },
          ...(byName ? [{ key: 'code', label: t(W.code), children: conflict.code ?? t(W.masked) }] : []),
          { key: 'kind', label: t(W.subject), children: t(SUBJECT_KIND_WORDS[conflict.subjectKind]) },
          { key: 'found', label: t(W.found), children: instantWords(conflict.foundAt, lang) },
          ...(conflict.closedAt
            ? [{ key: 'closed', label: t(W.closed), children: instantWords(conflict.closedAt, lang) }]
            : []),
        ]}
      />
      {conflict.state === 'open' && (
        <Flex gap={8} wrap style={{ marginTop: 12 }}>
          {outcomes.map((o) => (
            <Button key={o} onClick={() => setOutcome(o)}>
              {t(W[o])}
            </Button>
          ))}
        </Flex>
      )}
      {outcome && <Decide conflict={conflict} outcome={outcome} done={() => setOutcome(null)} />}
    </Card>
  )
}

export const Conflicts = () => {
  const { t } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = CONFLICT_STATES.find((s) => s === search.state) ?? 'open'
  const query = useApi(endpoints.listConflicts, { state, after: search.after })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.intro)}</p>
      <Segmented
        aria-label={t(W.state)}
        value={state}
        onChange={(v) => filter({ state: v })}
        options={CONFLICT_STATES.map((s) => ({ value: s, label: t(CONFLICT_STATE_WORDS[s]) }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <Shown
        query={query}
        isEmpty={(d) => d.rows.length === 0}
        empty={<Nothing why={state === 'open' ? W.emptyOpen : W.empty} />}
      >
        {(data) => (
          <>
            {data.rows.map((c) => (
              <ConflictCard key={c.id} conflict={c} />
            ))}
            <Paging after={search.after} next={data.next} go={go} />
          </>
        )}
      </Shown>
    </>
  )
}
