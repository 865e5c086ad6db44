import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Checkbox, Descriptions, Flex, Input, Modal, Tag, Upload } from 'antd'
import { useState } from 'react'
import { type DeclarationView, endpoints } from '../../../../src/capabilities/declarations/contract.ts'
import {
  DECLARATION_ACTION_WORDS,
  DECLARATION_STATE_WORDS,
  EXPIRED,
} from '../../../../src/capabilities/declarations/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bytesWords, dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { SaidForm } from './declarations.tsx'
import { SourceBadge } from './parts.tsx'

const W = {
  title: { zh: '自主申报信息', en: 'Declaration' },
  back: { zh: '返回清单', en: 'Back to the list' },
  kind: { zh: '种类', en: 'Kind' },
  subject: { zh: '信用主体', en: 'Subject' },
  code: { zh: '代码', en: 'Code' },
  issuer: { zh: '颁发或者认定单位', en: 'Issued by' },
  number: { zh: '编号', en: 'Number' },
  issuedOn: { zh: '颁发日期', en: 'Issued on' },
  validTo: { zh: '有效期至', en: 'Valid to' },
  forEver: { zh: '长期', en: 'Without an end' },
  note: { zh: '说明', en: 'Note' },
  verifier: { zh: '核验单位', en: 'Verified by' },
  reason: { zh: '理由', en: 'Reason' },
  counts: { zh: '用于信用报告和评价', en: 'Counts in reports and evaluation' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  shown: { zh: '在公示网站展示', en: 'Shown on the public site' },
  proof: { zh: '证明材料', en: 'Proof' },
  proofHint: { zh: 'PDF、JPG、PNG。', en: 'PDF, JPG or PNG.' },
  noProof: { zh: '尚未上传', en: 'None yet' },
  upload: { zh: '上传材料', en: 'Upload' },
  amend: { zh: '修改', en: 'Amend' },
  amendHint: {
    zh: '修改后须重新签署承诺并核验，已有的核验标识随之取消。',
    en: 'What is amended has to be signed and verified anew; the badge is gone until then.',
  },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  commitment: { zh: '真实性承诺', en: 'Commitment' },
  consequence: { zh: '不实申报的后果', en: 'If it is false' },
  agree: { zh: '已阅读并作出上述承诺', en: 'We have read this and commit ourselves' },
  declare: { zh: '签署承诺并申报', en: 'Sign and declare' },
  mustAgree: { zh: '请先勾选承诺', en: 'Tick the commitment first' },
  decide: { zh: '核验', en: 'Verify' },
  verify: { zh: '核验通过', en: 'Verified' },
  refuse: { zh: '不予通过', en: 'Refuse' },
  find_false: { zh: '认定不实', en: 'Found false' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  history: { zh: '办理过程', en: 'What happened' },
} as const satisfies Record<string, Words>

type Key = { subject: string; id: string }

const Facts = ({ view }: { view: DeclarationView }) => {
  const { t, lang } = useLanguage()
  return (
    <Card>
      <h2>
        {view.title} <Tag>{t(DECLARATION_STATE_WORDS[view.state])}</Tag>
        {view.badge && !view.expired && <SourceBadge badge={view.badge} />}
        {view.expired && <Tag>{t(EXPIRED)}</Tag>}
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: 'kind', label: t(W.kind), children: t(view.kindName) },
          { key: 'subject', label: t(W.subject), children: view.subjectName },
          ...(view.subjectCode ? [{ key: 'code', label: t(W.code), children: view.subjectCode }] : []),
          { key: 'issuer', label: t(W.issuer), children: view.issuer },
          ...(view.documentNo ? [{ key: 'number', label: t(W.number), children: view.documentNo }] : []),
          { key: 'issued', label: t(W.issuedOn), children: dayWords(view.issuedOn, lang) },
          { key: 'valid', label: t(W.validTo), children: view.validTo ? dayWords(view.validTo, lang) : t(W.forEver) },
          ...(view.authorityName ? [{ key: 'verifier', label: t(W.verifier), children: view.authorityName }] : []),
          { key: 'counts', label: t(W.counts), children: t(view.counts ? W.yes : W.no) },
          { key: 'shown', label: t(W.shown), children: t(view.shown ? W.yes : W.no) },
          ...(view.note ? [{ key: 'note', label: t(W.note), span: 'filled' as const, children: view.note }] : []),
          ...(view.reason
            ? [{ key: 'reason', label: t(W.reason), span: 'filled' as const, children: view.reason }]
            : []),
          {
            key: 'proof',
            label: t(W.proof),
            span: 'filled' as const,
            children: view.proof ? (
              <a href={urlOf(endpoints.proofOfDeclaration, { subject: view.subjectId, id: view.id })}>
                {view.proof.name} {bytesWords(view.proof.bytes)}
              </a>
            ) : (
              t(W.noProof)
            ),
          },
        ]}
      />
    </Card>
  )
}

const Draft = ({ view, at }: { view: DeclarationView; at: Key }) => {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [agreed, setAgreed] = useState(false)
  const [asked, setAsked] = useState(false)
  const upload = useMutation<unknown, ApiProblem, File>({
    mutationFn: (file) => call(endpoints.attachProofOfDeclaration, { ...at, file }),
    onSuccess: () => client.invalidateQueries(),
  })
  const declare = useAct(endpoints.declare)
  const problem = upload.error ?? declare.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.proof)}</h2>
      <p>{t(W.proofHint)}</p>
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
      <h2 style={{ marginTop: 16 }}>{t(W.commitment)}</h2>
      <p>{t(view.commitment)}</p>
      {view.consequence && (
        <p>
          <strong>{t(W.consequence)}</strong> {t(view.consequence)}
        </p>
      )}
      <p>
        <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>
          {t(W.agree)}
        </Checkbox>
      </p>
      {asked && !agreed && (
        <Alert type="warning" showIcon role="alert" title={t(W.mustAgree)} style={{ marginBottom: 12 }} />
      )}
      <Button
        type="primary"
        loading={declare.isPending}
        onClick={() => {
          setAsked(true)
          if (agreed) declare.mutate({ ...at, seen: view.version, committed: true })
        }}
      >
        {t(W.declare)}
      </Button>
      {problem && (
        <div style={{ marginTop: 12 }}>
          <Failed problem={problem} />
        </div>
      )}
    </Card>
  )
}

type Decision = 'verify' | 'refuse' | 'find_false'
const DECISIONS: readonly Decision[] = ['verify', 'refuse', 'find_false']
const Decide = ({ view, at }: { view: DeclarationView; at: Key }) => {
  const { t } = useLanguage()
  const [action, setAction] = useState<Decision | null>(null)
  const [reason, setReason] = useState('')
  const decide = useAct(endpoints.decideDeclaration, () => setAction(null))
  const may = DECISIONS.filter((d) => view.actions.includes(d))
  if (!may.length) return null
  return (
    <Flex gap={8} wrap style={{ marginTop: 16 }}>
      {may.map((d) => (
        <Button key={d} type={d === 'verify' ? 'primary' : 'default'} onClick={() => setAction(d)}>
          {t(W[d])}
        </Button>
      ))}
      {action && (
        <Modal
          open
          title={t(W[action])}
          okText={t(W[action])}
          cancelText={t(W.cancel)}
          closable={{ 'aria-label': t(W.close) }}
          okButtonProps={{ loading: decide.isPending }}
          onCancel={() => setAction(null)}
          onOk={() => decide.mutate({ ...at, seen: view.version, action, reason: reason.trim() })}
        >
          <p>{view.title}</p>
          {action !== 'verify' && (
            <>
              <label htmlFor="declaration-reason">{t(W.reason)}</label>
              <Input.TextArea
                id="declaration-reason"
                rows={3}
                maxLength={500}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
              />
            </>
          )}
          {action === 'find_false' && view.consequence && <p>{t(view.consequence)}</p>}
          {decide.error && (
            <div style={{ marginTop: 12 }}>
              <Failed problem={decide.error} />
            </div>
          )}
        </Modal>
      )}
    </Flex>
  )
}

const Own = ({ view, at }: { view: DeclarationView; at: Key }) => {
  const { t } = useLanguage()
  const [amending, setAmending] = useState(false)
  const withdraw = useAct(endpoints.withdrawDeclaration)
  const may = (a: DeclarationView['actions'][number]) => view.actions.includes(a)
  return (
    <>
      <Flex gap={8} wrap style={{ marginTop: 16 }}>
        {may('amend') && <Button onClick={() => setAmending(!amending)}>{t(amending ? W.cancel : W.amend)}</Button>}
        {may('withdraw') && (
          <Button loading={withdraw.isPending} onClick={() => withdraw.mutate({ ...at, seen: view.version })}>
            {t(W.withdraw)}
          </Button>
        )}
      </Flex>
      {withdraw.error && <Failed problem={withdraw.error} />}
      {amending && (
        <Card style={{ marginTop: 16 }}>
          <h2>{t(W.amend)}</h2>
          {view.state !== 'draft' && <p>{t(W.amendHint)}</p>}
          <SaidForm held={view} subjectId={view.subjectId} done={() => setAmending(false)} />
        </Card>
      )}
      {may('declare') && !amending && <Draft view={view} at={at} />}
    </>
  )
}

export const DeclarationPage = () => {
  const { t, lang } = useLanguage()
  const at = useParams({ strict: false }) as Key
  const query = useApi(endpoints.getDeclaration, at)
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>
        <Link to="/declarations" search={{}}>
          {t(W.back)}
        </Link>
      </p>
      <Shown query={query}>
        {(view) => (
          <>
            <Facts view={view} />
            <Own view={view} at={at} />
            <Decide view={view} at={at} />
            {view.state !== 'draft' && (
              <Card style={{ marginTop: 16 }}>
                <h2>{t(W.commitment)}</h2>
                <p>{t(view.commitment)}</p>
              </Card>
            )}
            <Card style={{ marginTop: 16 }}>
              <h2>{t(W.history)}</h2>
              <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                {view.acts.map((a) => (
                  <li key={`${a.at}${a.action}`}>
                    {instantWords(a.at, lang)} ·{' '}
                    {t(DECLARATION_ACTION_WORDS[a.action as keyof typeof DECLARATION_ACTION_WORDS])}
                    {a.note && ` · ${a.note}`}
                  </li>
                ))}
              </ul>
            </Card>
          </>
        )}
      </Shown>
    </>
  )
}
