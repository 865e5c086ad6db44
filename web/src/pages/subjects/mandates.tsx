import { Button, Card, Flex, Form, Input, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { type ActingView, endpoints } from '../../../../src/capabilities/subjects/contract.ts'
import { MANDATE_KINDS, type MandateKind, endpoints as access } from '../../../../src/capabilities/access/contract.ts'
import { MANDATE_WORDS } from '../../../../src/capabilities/access/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  title: { zh: '授权关系', en: 'Mandates' },
  add: { zh: '登记授权', en: 'Register a mandate' },
  person: { zh: '办理人', en: 'Person' },
  code: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  kind: { zh: '授权类型', en: 'Kind' },
  from: { zh: '生效日', en: 'Valid from' },
  to: { zh: '失效日（选填）', en: 'Valid to (optional)' },
  subject: { zh: '主体', en: 'Subject' },
  term: { zh: '有效期', en: 'Term' },
  span: { zh: '自{from}起', en: 'from {from}' },
  until: { zh: '{from}至{to}', en: '{from} to {to}' },
  end: { zh: '终止', en: 'End' },
  endOne: { zh: '终止{name}的授权', en: 'End the mandate of {name}' },
  sure: {
    zh: '终止后该用户立即不能再代表该主体办理业务。确定终止吗？',
    en: 'The person can no longer act for the subject. End it?',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  action: { zh: '操作', en: 'Actions' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  empty: {
    zh: '还没有登记授权关系。核对授权材料后，可以在上方登记企业办理人。',
    en: 'No mandates are registered yet. Check the papers, then register one above.',
  },
} as const satisfies Record<string, Words>

type Values = { personId: string; code: string; kind: MandateKind; validFrom: string; validTo?: string }

const MandateForm = () => {
  const { t, lang } = useLanguage()
  const [form] = Form.useForm<Values>()
  const [q, setQ] = useState('')
  const people = useApi(access.listPeople, { q, limit: 50 })
  const add = useAct(endpoints.letAct, () => form.resetFields())
  const needed = [{ required: true, message: t(W.need) }]
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.add)}</h2>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(v) => add.mutate({ ...v, validTo: v.validTo || null })}
      >
        <Flex gap={12} wrap>
          <Form.Item name="personId" label={t(W.person)} rules={needed} style={{ minWidth: 220 }}>
            <Select
              showSearch={{ filterOption: false, onSearch: setQ }}
              options={
                people.data?.rows
                  .filter((p) => p.roles.some((r) => r.role === 'enterprise' && !r.endedAt))
                  .map((p) => ({ value: p.id, label: `${p.name}${bracketed(p.login, lang)}` })) ?? []
              }
            />
          </Form.Item>
          <Form.Item name="code" label={t(W.code)} rules={needed} style={{ minWidth: 240 }}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="kind" label={t(W.kind)} rules={needed} initialValue="agent" style={{ minWidth: 160 }}>
            <Select options={MANDATE_KINDS.map((k) => ({ value: k, label: t(MANDATE_WORDS[k]) }))} />
          </Form.Item>
          <Form.Item name="validFrom" label={t(W.from)} rules={needed}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="validTo" label={t(W.to)}>
            <Input type="date" />
          </Form.Item>
        </Flex>
        {add.error && <Failed problem={add.error} />}
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t(W.add)}
        </Button>
      </Form>
    </Card>
  )
}

export const Mandates = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listActing, { after: search.after })
  const end = useAct(access.endMandate)
  const mayEdit = has('territory_admin', 'security_admin')
  const columns: Column<ActingView>[] = [
    {
      key: 'subject',
      title: W.subject,
      lead: true,
      render: (m) => (m.subjectCode ? `${m.subjectName}${bracketed(m.subjectCode, lang)}` : m.subjectName),
    },
    { key: 'person', title: W.person, render: (m) => m.personName },
    { key: 'kind', title: W.kind, render: (m) => t(MANDATE_WORDS[m.kind]) },
    {
      key: 'term',
      title: W.term,
      render: (m) =>
        t(m.validTo ? W.until : W.span, { from: dayWords(m.validFrom, lang), to: dayWords(m.validTo, lang) }),
    },
    ...(mayEdit
      ? [
          {
            key: 'action',
            title: W.action,
            render: (m: ActingView) => (
              <Popconfirm
                title={t(W.sure)}
                okText={t(W.yes)}
                cancelText={t(W.no)}
                onConfirm={() => end.mutate({ subjectId: m.subjectId, id: m.id })}
              >
                <Button size="small" aria-label={t(W.endOne, { name: m.personName })}>
                  {t(W.end)}
                </Button>
              </Popconfirm>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      {mayEdit && <MandateForm />}
      {end.error && <Failed problem={end.error} />}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(m) => m.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
