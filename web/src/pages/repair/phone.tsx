import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card, Checkbox, Flex, Tag, Upload } from 'antd'
import { useState } from 'react'
import { type PhoneView, endpoints } from '../../../../src/capabilities/repair/contract.window.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { instantWords } from '../../ui/format.ts'
import { Failed, Nothing } from '../../ui/states.tsx'
import { SharedMaterial } from './shared.tsx'
import { SignaturePad } from './signature.tsx'

const W = {
  title: { zh: '手机办理信用修复材料', en: 'Papers of a credit repair on the phone' },
  intro: {
    zh: '窗口工作人员请您在手机上补充材料、签署信用承诺书。本链接只能在这一部手机上使用，办完请交回窗口。',
    en: 'The clerk asks you to add papers and sign the commitment. This link works on this phone alone; hand back when you are done.',
  },
  begin: { zh: '开始办理', en: 'Begin' },
  nothing: {
    zh: '没有可以办理的事项，请让窗口人员出示二维码。',
    en: 'There is nothing to do here. Ask the clerk for the code.',
  },
  until: { zh: '有效至 {at}', en: 'Valid until {at}' },
  records: { zh: '申请修复的信息', en: 'Records' },
  proofs: { zh: '证明材料', en: 'Proofs' },
  photo: { zh: '拍照或者选择文件', en: 'Photograph or choose a file' },
  photoOf: { zh: '拍照或者选择文件：{name}', en: 'Photograph or choose a file: {name}' },
  present: { zh: '已提供', en: 'Given' },
  missing: { zh: '未提供', en: 'Not given' },
  optional: { zh: '按需提供', en: 'On request' },
  commitment: { zh: '信用承诺书', en: 'Commitment' },
  signed: { zh: '已于 {at} 签署', en: 'Signed {at}' },
  byHand: { zh: '请在下方手写签名，或者勾选后直接确认。', en: 'Sign below by hand, or tick and confirm.' },
  agree: { zh: '本单位（本人）已阅读并同意上述承诺', en: 'I have read and agree to the commitment above' },
  confirm: { zh: '确认承诺', en: 'Confirm' },
  back: { zh: '办完，交回窗口', en: 'Done, hand back to the window' },
  done: { zh: '已交回窗口，可以关闭本页。', en: 'Handed back. You may close this page.' },
} as const satisfies Record<string, Words>

const KEPT = 'xh-hand'
/** The link's secret stands behind the #, which no server and no log ever sees. */
const linkToken = (): string => location.hash.slice(1)

const Papers = ({ view, phone, onView }: { view: PhoneView; phone: string; onView: (v: PhoneView) => void }) => {
  const { t } = useLanguage()
  const upload = useMutation<PhoneView, ApiProblem, { kind: string; file: File }>({
    mutationFn: (v) => call(endpoints.uploadOnPhone, { phone, ...v }),
    onSuccess: onView,
  })
  return (
    <Card style={{ marginTop: 12 }}>
      <h2>{t(W.proofs)}</h2>
      {view.needed.map((n) => (
        <div key={n.code} style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}>
          <div>
            {t(n.name)}{' '}
            {n.sharedBy.length > 0 ? (
              <SharedMaterial by={n.sharedBy} />
            ) : (
              <Tag color={n.present ? 'green' : 'default'}>
                {t(n.present ? W.present : n.required ? W.missing : W.optional)}
              </Tag>
            )}
          </div>
          <Upload
            accept="image/*,.pdf,.docx"
            showUploadList={false}
            beforeUpload={(file) => {
              upload.mutate({ kind: n.code, file })
              return false
            }}
          >
            <Button
              style={{ marginTop: 8, height: 44 }}
              aria-label={t(W.photoOf, { name: n.name })}
              loading={upload.isPending && upload.variables.kind === n.code}
            >
              {t(W.photo)}
            </Button>
          </Upload>
        </div>
      ))}
      {upload.error && <Failed problem={upload.error} />}
      <ul style={{ paddingInlineStart: 18 }}>
        {view.materials.map((m, i) => (
          <li key={`${m.name}${i}`}>
            {t(m.kindName)} · {m.name}
          </li>
        ))}
      </ul>
    </Card>
  )
}

const Pledge = ({ view, phone, onView }: { view: PhoneView; phone: string; onView: (v: PhoneView) => void }) => {
  const { t, lang } = useLanguage()
  const [agreed, setAgreed] = useState(false)
  const confirm = useMutation<PhoneView, ApiProblem, undefined>({
    mutationFn: () => call(endpoints.confirmOnPhone, { phone, agreed: true, seen: view.version }),
    onSuccess: onView,
  })
  const sign = useMutation<PhoneView, ApiProblem, File>({
    mutationFn: (file) => call(endpoints.signOnPhone, { phone, seen: view.version, file }),
    onSuccess: onView,
  })
  const problem = confirm.error ?? sign.error
  return (
    <Card style={{ marginTop: 12 }}>
      <h2>{t(W.commitment)}</h2>
      <p style={{ whiteSpace: 'pre-line' }}>{t(view.commitment.text)}</p>
      <p className="xh-quiet">{t(view.commitment.article)}</p>
      {view.commitment.signedAt ? (
        <Tag color="green">{t(W.signed, { at: instantWords(view.commitment.signedAt, lang) })}</Tag>
      ) : (
        <>
          <p>{t(W.byHand)}</p>
          <SignaturePad busy={sign.isPending} onSigned={(file) => sign.mutate(file)} />
          <Flex vertical gap={8} align="start" style={{ marginTop: 16 }}>
            <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>
              {t(W.agree)}
            </Checkbox>
            <Button
              style={{ height: 44 }}
              disabled={!agreed}
              loading={confirm.isPending}
              onClick={() => confirm.mutate(undefined)}
            >
              {t(W.confirm)}
            </Button>
          </Flex>
          {problem && <Failed problem={problem} />}
        </>
      )}
    </Card>
  )
}

/** Opened by a code at the window, without an account: papers, commitment, and back. */
export const Phone = () => {
  const { t, lang } = useLanguage()
  const [phone, setPhone] = useState<string | null>(() => (linkToken() ? null : sessionStorage.getItem(KEPT)))
  const [view, setView] = useState<PhoneView | null>(null)
  const [over, setOver] = useState(false)
  const open = useMutation<PhoneView, ApiProblem, undefined>({
    mutationFn: async () => {
      if (phone) return call(endpoints.viewOnPhone, { phone })
      const opened = await call(endpoints.openHandOver, { token: linkToken() })
      sessionStorage.setItem(KEPT, opened.phone)
      history.replaceState(null, '', location.pathname)
      setPhone(opened.phone)
      return opened.view
    },
    onSuccess: setView,
  })
  const back = useMutation<unknown, ApiProblem, string>({
    mutationFn: (held) => call(endpoints.giveBack, { phone: held }),
    onSuccess: () => {
      sessionStorage.removeItem(KEPT)
      setOver(true)
    },
  })
  const may = phone !== null || linkToken() !== ''
  return (
    <div style={{ maxWidth: 640, margin: '0 auto' }}>
      <h1>{t(W.title)}</h1>
      {over && <Alert type="success" showIcon title={t(W.done)} />}
      {!over && !view && (
        <Card>
          {may ? (
            <>
              <p>{t(W.intro)}</p>
              <Button
                type="primary"
                block
                style={{ height: 48 }}
                loading={open.isPending}
                onClick={() => open.mutate(undefined)}
              >
                {t(W.begin)}
              </Button>
            </>
          ) : (
            <Nothing why={W.nothing} />
          )}
          {open.error && <Failed problem={open.error} />}
        </Card>
      )}
      {!over && view && phone && (
        <>
          <Card>
            <p>
              <strong>{view.subjectName}</strong>
            </p>
            <p className="xh-quiet">{t(W.until, { at: instantWords(view.expiresAt, lang) })}</p>
            <h2>{t(W.records)}</h2>
            <ul style={{ paddingInlineStart: 18, margin: 0 }}>
              {view.items.map((i) => (
                <li key={i.docNo}>
                  {t(i.itemName)} · <span lang="zh-CN">{i.docNo}</span>
                  <div className="xh-quiet">{i.authorityName}</div>
                </li>
              ))}
            </ul>
          </Card>
          <Papers view={view} phone={phone} onView={setView} />
          {t(view.commitment.text) && <Pledge view={view} phone={phone} onView={setView} />}
          {back.error && <Failed problem={back.error} />}
          <Button
            type="primary"
            block
            style={{ height: 48, marginTop: 16 }}
            loading={back.isPending}
            onClick={() => back.mutate(phone)}
          >
            {t(W.back)}
          </Button>
        </>
      )}
    </div>
  )
}
