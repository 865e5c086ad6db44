import { useMutation } from '@tanstack/react-query'
import { Button, Card, Descriptions, Form, Input, Radio } from 'antd'
import { type FileView, endpoints } from '../../../../src/capabilities/records/contract.ts'
import { SUBJECT_KIND_WORDS, SUBJECT_STATUS_WORDS } from '../../../../src/capabilities/subjects/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, type Sends, call } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Failed, Nothing } from '../../ui/states.tsx'
import { useDivisions } from '../access/choices.tsx'
import { SourceBadge } from '../declarations/parts.tsx'
import { dayWords } from '../../ui/format.ts'
import { RecordCard } from './record-card.tsx'

const W = {
  title: { zh: '信用档案查阅', en: 'Credit files' },
  hint: {
    zh: '因办理业务查阅信用档案，应当填写查阅事由；每次查阅均留有记录，信用主体本人可以查询。',
    en: 'A file is opened for a stated business. Every look is recorded and the subject can read it.',
  },
  about: { zh: '查阅对象', en: 'Whose file' },
  organisation: { zh: '企业及其他组织', en: 'An organisation' },
  person: { zh: '自然人', en: 'A person' },
  code: {
    zh: '统一社会信用代码（或者组织机构代码、工商注册号）',
    en: 'Unified social credit code (or organisation code, registration number)',
  },
  personId: { zh: '证件号码', en: 'Identity number' },
  personHint: {
    zh: '证件号码仅用于查找，平台不保存明文。',
    en: 'It only serves to find the file; the platform does not keep it in clear.',
  },
  purpose: { zh: '查阅事由', en: 'Business' },
  purposeHint: {
    zh: '例如：办理行政许可时核查信用状况。',
    en: 'For example: checking credit before a licence is granted.',
  },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  short: { zh: '查阅事由至少 2 个字', en: 'Say at least two characters' },
  badCode: { zh: '代码长度应当为 5 至 40 位', en: 'A code has 5 to 40 characters' },
  open: { zh: '查阅档案', en: 'Open the file' },
  kind: { zh: '主体类型', en: 'Kind' },
  status: { zh: '登记状态', en: 'Status' },
  plainCode: { zh: '代码', en: 'Code' },
  division: { zh: '行政区划', en: 'Division' },
  empty: { zh: '平台没有归集该主体的信息。', en: 'The platform holds no record about this subject.' },
  declaredKind: { zh: '种类', en: 'Kind' },
  issuer: { zh: '颁发或者认定单位', en: 'Issued by' },
  issuedOn: { zh: '颁发日期', en: 'Issued on' },
  validTo: { zh: '有效期至', en: 'Valid to' },
  verifiedBy: { zh: '核验单位', en: 'Verified by' },
  n: { zh: '共 {n} 条信息', en: '{n} records' },
} as const satisfies Record<string, Words>

const CODE_LENGTH = { min: 5, max: 40 }
const PURPOSE_MIN = 2

const File = ({ file }: { file: FileView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { nameOf } = useDivisions()
  const { subject } = file
  const words = (table: Record<string, Words>, key: string) => (table[key] ? t(table[key]) : '—')
  return (
    <section aria-label={subject.name}>
      <Card style={{ marginBottom: 12 }}>
        <h2>{subject.name}</h2>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            ...(subject.code ? [{ key: 'code', label: t(W.plainCode), children: subject.code }] : []),
            { key: 'kind', label: t(W.kind), children: words(SUBJECT_KIND_WORDS, subject.kind) },
            { key: 'status', label: t(W.status), children: words(SUBJECT_STATUS_WORDS, subject.status) },
            ...(subject.division
              ? [{ key: 'division', label: t(W.division), children: nameOf(subject.division) }]
              : []),
          ]}
        />
        {file.records.length > 0 && <p style={{ marginBottom: 0 }}>{t(W.n, { n: file.records.length })}</p>}
      </Card>
      {file.declared.map((d) => (
        <Card key={d.id} style={{ marginBottom: 12 }}>
          <h2>
            {d.title} <SourceBadge badge={d.badge} />
          </h2>
          <Descriptions
            size="small"
            column={{ xs: 1, md: 2 }}
            items={[
              { key: 'kind', label: t(W.declaredKind), children: t(d.kindName) },
              { key: 'issuer', label: t(W.issuer), children: d.issuer },
              { key: 'on', label: t(W.issuedOn), children: dayWords(d.issuedOn, lang) },
              ...(d.validTo ? [{ key: 'to', label: t(W.validTo), children: dayWords(d.validTo, lang) }] : []),
              ...(d.verifiedBy ? [{ key: 'by', label: t(W.verifiedBy), children: d.verifiedBy }] : []),
            ]}
          />
        </Card>
      ))}
      {file.records.length === 0 && <Nothing why={W.empty} />}
      {file.records.map((r) => (
        <RecordCard key={r.id} record={r} more={has('credit_office')} />
      ))}
    </section>
  )
}

type Values = { about: 'organisation' | 'person'; code?: string; personId?: string; purpose: string }

/** Nothing of what is asked stands in the address: a person's number must not. */
export const SubjectFile = () => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Values>()
  const about = Form.useWatch('about', form) ?? 'organisation'
  const open = useMutation<FileView, ApiProblem, Sends<typeof endpoints.openFile>>({
    mutationFn: (ask) => call(endpoints.openFile, ask),
  })
  const required = { required: true, whitespace: true, message: t(W.need) }
  const send = (v: Values) =>
    open.mutate({
      purpose: v.purpose.trim(),
      ...(v.about === 'person' ? { personId: v.personId?.trim() } : { code: v.code?.trim() }),
    })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Card style={{ marginBottom: 16 }}>
        <p>{t(W.hint)}</p>
        <Form<Values>
          form={form}
          name="file"
          layout="vertical"
          requiredMark={false}
          initialValues={{ about: 'organisation' }}
          onFinish={send}
          style={{ maxWidth: 560 }}
        >
          <Form.Item name="about" label={t(W.about)}>
            <Radio.Group options={(['organisation', 'person'] as const).map((o) => ({ value: o, label: t(W[o]) }))} />
          </Form.Item>
          {about === 'person' ? (
            <Form.Item name="personId" label={t(W.personId)} extra={t(W.personHint)} rules={[required]}>
              <Input autoComplete="off" maxLength={CODE_LENGTH.max} />
            </Form.Item>
          ) : (
            <Form.Item name="code" label={t(W.code)} rules={[required, { ...CODE_LENGTH, message: t(W.badCode) }]}>
              <Input autoComplete="off" />
            </Form.Item>
          )}
          <Form.Item
            name="purpose"
            label={t(W.purpose)}
            extra={t(W.purposeHint)}
            rules={[required, { min: PURPOSE_MIN, message: t(W.short) }]}
          >
            <Input maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={open.isPending}>
            {t(W.open)}
          </Button>
        </Form>
        {open.error && (
          <div style={{ marginTop: 12 }}>
            <Failed problem={open.error} />
          </div>
        )}
      </Card>
      {open.data && !open.isPending && <File file={open.data} />}
    </>
  )
}
