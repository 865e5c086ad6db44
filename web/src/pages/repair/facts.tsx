import { App, Button, Card, Form, Input, Popconfirm, Select, Tag } from 'antd'
import { type SharedFact, sharedFact } from '../../../../src/capabilities/repair/contract.ts'
import { type FactView, endpoints } from '../../../../src/capabilities/repair/contract.facts.ts'
import { FACT_VIA_WORDS, FACT_WORDS } from '../../../../src/capabilities/repair/words.facts.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useState } from 'react'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { NUMBER_WORDS, type NumberKind, WhoseNumber } from './whose.tsx'

const W = {
  title: { zh: '共享事实', en: 'Shared facts' },
  intro: {
    zh: '本单位掌握的缴款、整改、补报年报、变更登记等事实，在此共享后自动填入信用修复申请，申请人不必再提交证明。也可以由业务系统通过接口报送。',
    en: 'What your authority knows of payments, corrections, annual reports and registrations is filled into applications, and nobody has to prove it again. Systems may send it through the interface.',
  },
  add: { zh: '登记一项事实', en: 'Enter a fact' },
  doc: { zh: '决定书文号（就一条信息共享时填写）', en: 'Number of the decision (for a fact about one record)' },
  fact: { zh: '事实', en: 'Fact' },
  on: { zh: '发生日期', en: 'Day' },
  reference: { zh: '凭证号（选填）', en: 'Reference (optional)' },
  share: { zh: '共享', en: 'Share' },
  need: { zh: '请填写', en: 'Please fill in' },
  taken: { zh: '已共享', en: 'Shared' },
  held: { zh: '此前已经共享过同样的事实', en: 'The same fact was shared before' },
  list: { zh: '本单位共享的事实', en: 'Facts shared by your authority' },
  subject: { zh: '主体', en: 'Subject' },
  about: { zh: '所涉信息', en: 'Record' },
  whole: { zh: '信用主体', en: 'The subject as a whole' },
  when: { zh: '发生日期', en: 'Day' },
  given: { zh: '共享时间', en: 'Shared at' },
  via: { zh: '来源', en: 'By' },
  state: { zh: '状态', en: 'State' },
  stands: { zh: '有效', en: 'Stands' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  no: { zh: '（否）', en: ' (no)' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  why: { zh: '撤回原因', en: 'Why' },
  yes: { zh: '确定撤回', en: 'Withdraw' },
  cancel: { zh: '取消', en: 'Cancel' },
  empty: { zh: '本单位还没有共享过事实。', en: 'Your authority has shared no facts yet.' },
} as const satisfies Record<string, Words>

const Withdraw = ({ fact }: { fact: FactView }) => {
  const { t } = useLanguage()
  const [reason, setReason] = useState('')
  const withdraw = useAct(endpoints.withdrawFact)
  return (
    <>
      <Popconfirm
        title={
          <Input
            aria-label={t(W.why)}
            placeholder={t(W.why)}
            value={reason}
            maxLength={2000}
            onChange={(e) => setReason(e.target.value)}
          />
        }
        icon={null}
        okText={t(W.yes)}
        cancelText={t(W.cancel)}
        okButtonProps={{ disabled: reason.trim().length < 2 }}
        onConfirm={() => withdraw.mutate({ subject: fact.subjectId, id: fact.id, reason })}
      >
        <Button type="link" style={{ padding: 0 }} loading={withdraw.isPending}>
          {t(W.withdraw)}
        </Button>
      </Popconfirm>
      {withdraw.error && <Failed problem={withdraw.error} />}
    </>
  )
}

type Given = { number: string; docNo?: string; fact: SharedFact; on: string; reference?: string }
const Add = () => {
  const { t } = useLanguage()
  const { message } = App.useApp()
  const [form] = Form.useForm<Given>()
  const [refused, setRefused] = useState<string | null>(null)
  const [kind, setKind] = useState<NumberKind>('code')
  const share = useAct(endpoints.shareFacts, ({ rows }) => {
    const row = rows[0]
    setRefused(row?.message ?? null)
    if (row?.verdict === 'refused') return
    void message.success(t(row?.verdict === 'taken' ? W.taken : W.held))
    form.resetFields()
  })
  const must = [{ required: true, message: t(W.need) }]
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.add)}</h2>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ number, docNo, reference, ...v }) =>
          share.mutate({ facts: [{ ...v, [kind]: number, ...(docNo ? { docNo } : {}), reference: reference ?? '' }] })
        }
      >
        <WhoseNumber value={kind} choose={setKind} />
        <div className="xh-form-grid">
          <Form.Item name="number" label={t(NUMBER_WORDS[kind])} rules={must}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="fact" label={t(W.fact)} rules={must}>
            <Select options={sharedFact.options.map((value) => ({ value, label: t(FACT_WORDS[value]) }))} />
          </Form.Item>
          <Form.Item name="docNo" label={t(W.doc)}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="on" label={t(W.on)} rules={must}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="reference" label={t(W.reference)}>
            <Input autoComplete="off" maxLength={200} />
          </Form.Item>
        </div>
        {share.error && <Failed problem={share.error} />}
        {refused && (
          <p role="alert" style={{ color: '#a8071a' }}>
            {refused}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={share.isPending}>
          {t(W.share)}
        </Button>
      </Form>
    </Card>
  )
}

export const Facts = () => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listFacts, { after: search.after })
  const columns: Column<FactView>[] = [
    { key: 'subject', title: W.subject, lead: true, render: (f) => f.subjectName },
    {
      key: 'fact',
      title: W.fact,
      render: (f) => `${t(FACT_WORDS[f.fact])}${f.value ? '' : t(W.no)}`,
    },
    { key: 'about', title: W.about, render: (f) => f.docNo ?? t(W.whole) },
    { key: 'when', title: W.when, short: true, render: (f) => dayWords(f.on, lang) },
    { key: 'via', title: W.via, short: true, render: (f) => t(FACT_VIA_WORDS[f.via]) },
    { key: 'given', title: W.given, short: true, render: (f) => instantWords(f.givenAt, lang) },
    {
      key: 'state',
      title: W.state,
      render: (f) =>
        f.withdrawnAt ? (
          <>
            <Tag>{t(W.withdrawn)}</Tag> {f.withdrawnWhy}
          </>
        ) : (
          <>
            <Tag color="green">{t(W.stands)}</Tag>
            {f.mayWithdraw && <Withdraw fact={f} />}
          </>
        ),
    },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.intro)}</p>
      <Add />
      <h2>{t(W.list)}</h2>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
        {(d) => (
          <KeyedTable
            name={W.list}
            rows={d.rows}
            columns={columns}
            rowKey={(f) => f.id}
            after={search.after}
            next={d.next}
            go={go}
          />
        )}
      </Shown>
    </>
  )
}
