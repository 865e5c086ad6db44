import { Button, Checkbox, Flex, Input, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { type CertificateView, endpoints } from '../../../../src/capabilities/certificates/contract.ts'
import { ACTION_WORDS, SHOWN_PARTS, type ShownPart } from '../../../../src/capabilities/certificates/states.ts'
import {
  CERTIFICATE_STATE_WORDS,
  ENDED_BY_WORDS,
  SHOWN_PART_WORDS,
} from '../../../../src/capabilities/certificates/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, colon, dayWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'

const W = {
  why: {
    zh: '有 {n} 个持有单位尚未确认更新。需要时可以开具证明，由{issuer}出具；全部更新后证明自动收回。',
    en: '{n} holders have not confirmed yet. A certificate can be given by {issuer}; it is withdrawn by itself once all have.',
  },
  issuer: { zh: '认定单位', en: 'the deciding authority' },
  shows: {
    zh: '除文号、认定单位和日期外，还需载明（选填）',
    en: 'Say as well, beside number, authority and dates (optional)',
  },
  party: { zh: '尚未更新的其他网站或者单位（选填）', en: 'Someone else who has not updated (optional)' },
  partyHint: {
    zh: '填写后，证明不因持有单位全部更新而自动收回，由您在该网站更新后收回。',
    en: 'A certificate for someone outside is not withdrawn by itself; withdraw it when they have updated.',
  },
  issue: { zh: '开具信用修复证明', en: 'Issue a certificate of repair' },
  download: { zh: '下载 PDF', en: 'Download PDF' },
  downloadOf: { zh: '下载 PDF：{number}', en: 'Download PDF: {number}' },
  withdrawOf: { zh: '收回证明：{number}', en: 'Withdraw: {number}' },
  sure: { zh: '收回后不能恢复，确定吗？', en: 'It cannot be undone. Withdraw it?' },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  code: { zh: '查验码', en: 'Code' },
  forParty: { zh: '供向{party}出示', en: 'for {party}' },
} as const satisfies Record<string, Words>

/** One certificate with what may be done with it. */
export const Certificate = ({ certificate: c }: { certificate: CertificateView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const withdraw = useAct(endpoints.withdrawCertificate)
  const key = { subject: c.subjectId, id: c.id }
  return (
    <div style={{ padding: '6px 0' }}>
      <Flex gap={8} wrap align="center">
        <strong>{t(c.number)}</strong>
        <Tag color={c.state === 'valid' ? 'green' : 'default'}>{t(CERTIFICATE_STATE_WORDS[c.state])}</Tag>
      </Flex>
      <div className="xh-quiet">
        {dayWords(c.facts.issuedOn, lang)} · {t(W.code)}
        {colon(lang)}
        <span style={{ whiteSpace: 'nowrap' }}>{c.code}</span>
        {c.facts.thirdParty && ` · ${t(W.forParty, { party: c.facts.thirdParty })}`}
        {c.endedBy && ` · ${t(ENDED_BY_WORDS[c.endedBy])}`}
      </div>
      {withdraw.error && <Failed problem={withdraw.error} />}
      {c.state === 'valid' && has('enterprise', 'window_clerk') && (
        <Flex gap={12} wrap align="center" style={{ marginTop: 4 }}>
          <a
            href={urlOf(endpoints.downloadCertificate, { ...key, lang })}
            aria-label={t(W.downloadOf, { number: c.number })}
            download
          >
            {t(W.download)}
          </a>
          {c.mayWithdraw && (
            <Popconfirm
              title={t(W.sure)}
              okText={t(W.yes)}
              cancelText={t(W.no)}
              onConfirm={() => withdraw.mutate({ ...key, seen: c.version })}
            >
              <Button size="small" loading={withdraw.isPending} aria-label={t(W.withdrawOf, { number: c.number })}>
                {t(ACTION_WORDS.withdraw)}
              </Button>
            </Popconfirm>
          )}
        </Flex>
      )}
    </div>
  )
}

/** For a granted item: what has been certified, and a new certificate while someone has not updated. */
export const Certificates = ({ subject, item }: { subject: string; item: string }) => {
  const { t, lang } = useLanguage()
  const [shows, setShows] = useState<ShownPart[]>([])
  const [thirdParty, setThirdParty] = useState('')
  const offer = useApi(endpoints.certificateOffer, { subject, item })
  const held = useApi(endpoints.listCertificates, { subject, item, limit: 20 })
  const issue = useAct(endpoints.issueCertificate, () => setThirdParty(''))
  return (
    <>
      {held.data?.rows.map((c) => (
        <Certificate key={c.id} certificate={c} />
      ))}
      <Shown query={offer}>
        {(o) => {
          const outside = o.refusal?.code === 'NOTHING_OUTSTANDING'
          if (o.refusal && !outside)
            return o.refusal.code === 'CERTIFIED_ALREADY' ? null : <p className="xh-quiet">{t(o.refusal.text)}</p>
          return (
            <div>
              <p className="xh-quiet" style={{ margin: '4px 0' }}>
                {o.refusal ? t(o.refusal.text) : t(W.why, { n: o.open, issuer: o.issuer ?? W.issuer })}
              </p>
              <fieldset style={{ border: 0, padding: 0, margin: '4px 0' }}>
                <legend style={{ padding: 0 }}>{t(W.shows)}</legend>
                <Checkbox.Group
                  value={shows}
                  onChange={(next) => setShows(next)}
                  options={SHOWN_PARTS.map((p) => ({ value: p, label: t(SHOWN_PART_WORDS[p]) }))}
                />
              </fieldset>
              <label htmlFor={`party-${item}`}>{t(W.party)}</label>
              <Input
                id={`party-${item}`}
                maxLength={100}
                value={thirdParty}
                onChange={(e) => setThirdParty(e.target.value)}
                aria-describedby={`party-hint-${item}`}
              />
              <div className="xh-quiet" id={`party-hint-${item}`}>
                {bracketed(t(W.partyHint), lang)}
              </div>
              {issue.error && <Failed problem={issue.error} />}
              <Button
                style={{ marginTop: 8 }}
                loading={issue.isPending}
                disabled={outside && !thirdParty.trim()}
                onClick={() => issue.mutate({ subject, item, shows, thirdParty })}
              >
                {t(W.issue)}
              </Button>
            </div>
          )
        }}
      </Shown>
    </>
  )
}
