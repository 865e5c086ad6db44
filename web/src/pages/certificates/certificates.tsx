import { Link } from '@tanstack/react-router'
import { Select, Tag } from 'antd'
import { type CertificateView, endpoints } from '../../../../src/capabilities/certificates/contract.ts'
import { CERTIFICATE_STATES, type CertificateState } from '../../../../src/capabilities/certificates/states.ts'
import { CERTIFICATE_STATE_WORDS, ENDED_BY_WORDS } from '../../../../src/capabilities/certificates/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  title: { zh: '信用修复证明', en: 'Certificates of repair' },
  lead: {
    zh: '准予修复后，有关单位尚未更新的，可以在修复申请页面开具证明。全部更新后证明自动收回。',
    en: 'While someone has not updated after a grant, a certificate can be issued on the page of the application. It is withdrawn by itself once all have.',
  },
  verify: { zh: '文书查验', en: 'Verify a paper' },
  all: { zh: '全部状态', en: 'All states' },
  state: { zh: '状态', en: 'State' },
  empty: { zh: '没有信用修复证明。', en: 'There are no certificates.' },
  number: { zh: '证明文号', en: 'Number' },
  subject: { zh: '信用主体', en: 'Subject' },
  doc: { zh: '涉及文书', en: 'About' },
  on: { zh: '出具日期', en: 'Issued on' },
  code: { zh: '查验码', en: 'Code' },
  ended: { zh: '失效', en: 'Ended' },
  paper: { zh: '文件', en: 'File' },
  download: { zh: '下载 PDF', en: 'Download PDF' },
  downloadOf: { zh: '下载 PDF：{number}', en: 'Download PDF: {number}' },
} as const satisfies Record<string, Words>

/** Certificates within one's scope: the subject's own, the window's, the authority's, the territory's. */
export const CertificateList = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const query = useApi(endpoints.listCertificates, {
    after: search.after,
    state: search.state as CertificateState | undefined,
  })
  const mayLoad = has('enterprise', 'window_clerk')
  const columns: Column<CertificateView>[] = [
    {
      key: 'number',
      title: W.number,
      lead: true,
      short: true,
      render: (c) =>
        has('officer', 'head') && !mayLoad ? (
          <Link to="/queue/$subject/$item" params={{ subject: c.subjectId, item: c.itemId }}>
            {t(c.number)}
          </Link>
        ) : (
          <Link to="/applications/$subject/$id" params={{ subject: c.subjectId, id: c.applicationId }}>
            {t(c.number)}
          </Link>
        ),
    },
    { key: 'subject', title: W.subject, render: (c) => c.facts.subject.name },
    { key: 'doc', title: W.doc, render: (c) => c.facts.record.docNo },
    { key: 'on', title: W.on, short: true, render: (c) => dayWords(c.facts.issuedOn, lang) },
    {
      key: 'state',
      title: W.state,
      render: (c) => (
        <>
          <Tag color={c.state === 'valid' ? 'green' : 'default'}>{t(CERTIFICATE_STATE_WORDS[c.state])}</Tag>
          {c.endedBy && (
            <div className="xh-quiet">
              {t(ENDED_BY_WORDS[c.endedBy])} {instantWords(c.endedAt, lang)}
            </div>
          )}
        </>
      ),
    },
    { key: 'code', title: W.code, short: true, render: (c) => c.code },
    ...(mayLoad
      ? [
          {
            key: 'paper',
            title: W.paper,
            short: true,
            render: (c: CertificateView) =>
              c.state === 'valid' ? (
                <a
                  href={urlOf(endpoints.downloadCertificate, { subject: c.subjectId, id: c.id, lang })}
                  aria-label={t(W.downloadOf, { number: c.number })}
                  download
                >
                  {t(W.download)}
                </a>
              ) : (
                '—'
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.lead)}</p>
      <p>
        <a href={`/verify?lang=${lang}`}>{t(W.verify)}</a>
      </p>
      <Select
        aria-label={t(W.state)}
        style={{ minWidth: 160, marginBottom: 12 }}
        value={search.state ?? ''}
        onChange={(state: string) => filter({ state })}
        options={[
          { value: '', label: t(W.all) },
          ...CERTIFICATE_STATES.map((s) => ({ value: s, label: t(CERTIFICATE_STATE_WORDS[s]) })),
        ]}
      />
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(c) => c.id}
        after={search.after}
        go={go}
      />
    </>
  )
}
