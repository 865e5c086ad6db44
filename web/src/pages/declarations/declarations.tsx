import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, Button, Card, Form, Input, Radio, Segmented, Select, Tag } from 'antd'
import { useState } from 'react'
import {
  type DeclarationRow,
  type DeclarationView,
  endpoints,
} from '../../../../src/capabilities/declarations/contract.ts'
import { DECLARATION_STATE_WORDS, EXPIRED } from '../../../../src/capabilities/declarations/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing } from '../../ui/states.tsx'
import { SourceBadge } from './parts.tsx'

const W = {
  title: { zh: '信用信息自主申报', en: 'Declarations' },
  introMine: {
    zh: '可以自愿申报资质证照、荣誉表彰等信息，附上证明材料并签署真实性承诺，由有关单位核验；只有核验通过的信息才用于信用报告和评价。',
    en: 'Declare qualifications, honours and the like with their proof and a signed commitment; an authority verifies. Only what is verified counts.',
  },
  introVerify: {
    zh: '核对申报内容与证明材料，核验通过或者说明理由不予通过。',
    en: 'Compare what is declared with its proof; verify it, or refuse with a reason.',
  },
  make: { zh: '新增申报', en: 'Declare something' },
  stop: { zh: '取消', en: 'Cancel' },
  save: { zh: '保存，下一步上传材料', en: 'Save; then attach the proof' },
  saveAgain: { zh: '保存修改', en: 'Save' },
  kind: { zh: '种类', en: 'Kind' },
  name: { zh: '名称', en: 'Title' },
  issuer: { zh: '颁发或者认定单位', en: 'Issued by' },
  number: { zh: '证书或者文件编号', en: 'Number' },
  issuedOn: { zh: '颁发日期', en: 'Issued on' },
  validTo: { zh: '有效期至（长期有效的不填）', en: 'Valid to (leave empty if it has no end)' },
  note: { zh: '说明', en: 'Note' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  short: { zh: '至少填写 2 个字', en: 'At least two characters' },
  state: { zh: '状态', en: 'State' },
  badge: { zh: '标识', en: 'Badge' },
  subject: { zh: '信用主体', en: 'Subject' },
  declaredAt: { zh: '申报时间', en: 'Declared' },
  valid: { zh: '有效期至', en: 'Valid to' },
  whose: { zh: '信用主体', en: 'Subject' },
  closed: { zh: '本地区尚未开通自主申报。', en: 'Declaring is not open here.' },
  noSubject: { zh: '您还没有获得信用主体的授权。', en: 'You hold no mandate for a subject.' },
  emptyMine: { zh: '还没有申报过信息。', en: 'Nothing has been declared yet.' },
  empty: { zh: '没有这一状态的申报。', en: 'There are none in this state.' },
} as const satisfies Record<string, Words>

type Values = {
  kind: string
  title: string
  issuer: string
  documentNo?: string
  issuedOn: string
  validTo?: string
  note?: string
}

/** The same form for a new one and for one that is amended. */
export const SaidForm = ({
  held,
  subjectId,
  done,
}: {
  held?: DeclarationView
  subjectId: string
  done: (view: DeclarationView) => void
}) => {
  const { t } = useLanguage()
  const kinds = useApi(endpoints.listKinds, {})
  const begin = useAct(endpoints.beginDeclaration, done)
  const amend = useAct(endpoints.amendDeclaration, done)
  const required = { required: true, whitespace: true, message: t(W.need) }
  const send = (v: Values) => {
    const said = {
      kind: v.kind,
      title: v.title,
      issuer: v.issuer,
      documentNo: v.documentNo ?? '',
      issuedOn: v.issuedOn,
      validTo: v.validTo || null,
      note: v.note ?? '',
    }
    if (held) amend.mutate({ subject: subjectId, id: held.id, seen: held.version, ...said })
    else begin.mutate({ subjectId, ...said })
  }
  const problem = begin.error ?? amend.error
  return (
    <Form<Values>
      name="said"
      layout="vertical"
      requiredMark={false}
      style={{ maxWidth: 560 }}
      onFinish={send}
      {...(held
        ? {
            initialValues: {
              kind: held.kind,
              title: held.title,
              issuer: held.issuer,
              documentNo: held.documentNo,
              issuedOn: held.issuedOn,
              validTo: held.validTo ?? undefined,
              note: held.note,
            },
          }
        : {})}
    >
      <Form.Item name="kind" label={t(W.kind)} rules={[required]}>
        <Select options={kinds.data?.rows.map((k) => ({ value: k.code, label: t(k.name) })) ?? []} />
      </Form.Item>
      <Form.Item name="title" label={t(W.name)} rules={[required, { min: 2, message: t(W.short) }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="issuer" label={t(W.issuer)} rules={[required, { min: 2, message: t(W.short) }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="documentNo" label={t(W.number)}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="issuedOn" label={t(W.issuedOn)} rules={[required]}>
        <Input type="date" style={{ maxWidth: 200 }} />
      </Form.Item>
      <Form.Item name="validTo" label={t(W.validTo)}>
        <Input type="date" style={{ maxWidth: 200 }} />
      </Form.Item>
      <Form.Item name="note" label={t(W.note)}>
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={begin.isPending || amend.isPending}>
        {t(held ? W.saveAgain : W.save)}
      </Button>
      {problem && (
        <div style={{ marginTop: 12 }}>
          <Failed problem={problem} />
        </div>
      )}
    </Form>
  )
}

const useColumns = (mine: boolean): Column<DeclarationRow>[] => {
  const { t, lang } = useLanguage()
  return [
    {
      key: 'title',
      title: W.name,
      lead: true,
      render: (r) => (
        <Link to="/declarations/$subject/$id" params={{ subject: r.subjectId, id: r.id }}>
          {r.title}
        </Link>
      ),
    },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(r.kindName) },
    ...(mine ? [] : [{ key: 'subject', title: W.subject, render: (r: DeclarationRow) => r.subjectName }]),
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <>
          {t(DECLARATION_STATE_WORDS[r.state])} {r.expired && <Tag>{t(EXPIRED)}</Tag>}
        </>
      ),
    },
    {
      key: 'badge',
      title: W.badge,
      short: true,
      render: (r) => (r.badge && !r.expired ? <SourceBadge badge={r.badge} /> : '—'),
    },
    { key: 'valid', title: W.valid, short: true, render: (r) => dayWords(r.validTo, lang) },
    { key: 'at', title: W.declaredAt, short: true, render: (r) => instantWords(r.declaredAt, lang) },
  ]
}

const Mine = ({ subjectIds }: { subjectIds: readonly string[] }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const { search, go, filter } = useListSearch()
  const [making, setMaking] = useState(false)
  const subjectId = subjectIds.find((s) => s === search.subject) ?? (subjectIds[0] as string)
  const kinds = useApi(endpoints.listKinds, {})
  const query = useApi(endpoints.listMine, { subjectId, after: search.after })
  const columns = useColumns(true)
  const names = query.data?.rows[0]?.subjectName
  return (
    <>
      <p>{t(W.introMine)}</p>
      {subjectIds.length > 1 && (
        <Radio.Group
          aria-label={t(W.whose)}
          value={subjectId}
          onChange={(e) => filter({ subject: e.target.value as string })}
          options={subjectIds.map((s, i) => ({
            value: s,
            label: s === subjectId && names ? names : `${t(W.whose)} ${i + 1}`,
          }))}
          style={{ marginBottom: 12 }}
        />
      )}
      {kinds.data && !kinds.data.open && <Alert type="info" showIcon title={t(W.closed)} />}
      {kinds.data?.open && (
        <Button onClick={() => setMaking(!making)} type={making ? 'default' : 'primary'} style={{ marginBottom: 12 }}>
          {t(making ? W.stop : W.make)}
        </Button>
      )}
      {making && (
        <Card style={{ marginBottom: 16 }}>
          <h2>{t(W.make)}</h2>
          <SaidForm
            subjectId={subjectId}
            done={(d) =>
              void navigate({ to: '/declarations/$subject/$id', params: { subject: d.subjectId, id: d.id } })
            }
          />
        </Card>
      )}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.emptyMine}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}

const STATES = ['declared', 'verified', 'refused', 'found_false'] as const
const ToVerify = () => {
  const { t } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = STATES.find((s) => s === search.state) ?? 'declared'
  const query = useApi(endpoints.listToVerify, { state, after: search.after })
  const columns = useColumns(false)
  return (
    <>
      <p>{t(W.introVerify)}</p>
      <Segmented
        aria-label={t(W.state)}
        value={state}
        onChange={(v) => filter({ state: v })}
        options={STATES.map((s) => ({ value: s, label: t(DECLARATION_STATE_WORDS[s]) }))}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}

export const Declarations = () => {
  const { t } = useLanguage()
  const { person, has } = useSession()
  const mine = has('enterprise')
  return (
    <>
      <h1>{t(W.title)}</h1>
      {mine && !person?.subjectIds.length && <Nothing why={W.noSubject} />}
      {mine && person !== null && person.subjectIds.length > 0 && <Mine subjectIds={person.subjectIds} />}
      {!mine && <ToVerify />}
    </>
  )
}
