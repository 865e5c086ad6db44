import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Progress } from 'antd'
import { useState } from 'react'
import { type PreviewRow, type ProposalView, endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import { ORIGIN_WORDS, PREVIEW_WORDS } from '../../../../src/capabilities/catalog/words.ts'
import type { ProposalAction } from '../../../../src/kernel/proposals.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { ActOnProposal, ProposalButtons, ProposalTag, useProposalFacts } from '../../ui/proposals.tsx'
import { Difference } from './parts.tsx'

const W = {
  page: { zh: '目录新版本', en: 'New version' },
  back: { zh: '返回版本启用', en: 'Back to new versions' },
  origin: { zh: '来源', en: 'From' },
  follows: { zh: '接替的版本', en: 'Follows' },
  since: { zh: '自{day}起的版本', en: 'the version since {day}' },
  impact: { zh: '启用后的影响', en: 'What would change' },
  summary: {
    zh: '新增{added}个字段，修改{changed}个，删除{removed}个；已归集的{checked}条信息中，有{failing}条不符合新版本。',
    en: '{added} fields added, {changed} changed, {removed} removed; of {checked} held records, {failing} would fail.',
  },
  running: { zh: '正在核对已归集的信息（{checked} / {total}）', en: 'Checking what is held ({checked} of {total})' },
  stays: {
    zh: '已归集的信息保持原样，仍按归集时的版本；以后更正或者重新报送时，按新版本核对。',
    en: 'What is held stays as it is, under the version it was checked by; corrections are checked by the new one.',
  },
  faults: { zh: '不符合的原因', en: 'Why records would fail' },
  field: { zh: '字段', en: 'Field' },
  why: { zh: '原因', en: 'Why' },
  count: { zh: '信息条数', en: 'Records' },
  open: { zh: '查看“{field}”的{n}条信息', en: 'Open the {n} records on “{field}”' },
  records: { zh: '不符合新版本的信息', en: 'Records that would fail' },
  recordsOf: { zh: '不符合新版本的信息：{field}', en: 'Records that would fail: {field}' },
  all: { zh: '查看全部原因', en: 'Every reason' },
  subject: { zh: '主体', en: 'Subject' },
  doc: { zh: '文号（标识）', en: 'Number' },
  authority: { zh: '单位', en: 'Authority' },
  day: { zh: '日期', en: 'Day' },
  problems: { zh: '不符合之处', en: 'What would fail' },
  many: { zh: '只列出前 10,000 条，以上条数为全部。', en: 'The first 10,000 are listed; the counts are of all.' },
  again: { zh: '重新核对', en: 'Check again' },
  differences: { zh: '与现行版本的差别', en: 'Differences' },
  approveHint: {
    zh: '批准后自{day}起施行，各入口按新版本核对；施行前可以撤回。',
    en: 'Once approved it is in force from {day} on every way in; it can be withdrawn before.',
  },
} as const satisfies Record<string, Words>

type Fault = ProposalView['preview']['faults'][number]

const Impact = ({ proposal }: { proposal: ProposalView }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const again = useAct(endpoints.previewAgain)
  const { preview } = proposal
  const office = has('credit_office')
  const columns: Column<Fault>[] = [
    { key: 'field', title: W.field, lead: true, render: (f) => t(f.label) },
    { key: 'why', title: W.why, render: (f) => f.reason },
    {
      key: 'count',
      title: W.count,
      render: (f) =>
        office ? (
          <Link
            to="."
            search={{ field: f.field }}
            aria-label={t(W.open, { field: t(f.label), n: f.n.toLocaleString() })}
          >
            {f.n.toLocaleString()}
          </Link>
        ) : (
          f.n.toLocaleString()
        ),
    },
  ]
  return (
    <>
      {preview.state === 'done' ? (
        <Alert
          type={preview.failing ? 'warning' : 'success'}
          showIcon
          title={t(W.summary, {
            added: preview.added,
            changed: preview.changed,
            removed: preview.removed,
            checked: preview.checked.toLocaleString(),
            failing: preview.failing.toLocaleString(),
          })}
          description={t(W.stays)}
        />
      ) : (
        <>
          <output>
            {t(PREVIEW_WORDS[preview.state])}
            {' · '}
            {t(W.running, { checked: preview.checked.toLocaleString(), total: preview.total.toLocaleString() })}
          </output>
          <Progress
            percent={preview.total ? Math.floor((preview.checked * 100) / preview.total) : 0}
            aria-label={t(PREVIEW_WORDS[preview.state])}
          />
        </>
      )}
      {preview.faults.length > 0 && (
        <>
          <h2 style={{ marginTop: 16 }}>{t(W.faults)}</h2>
          <KeyedTable name={W.faults} rows={preview.faults} columns={columns} rowKey={(f) => `${f.field}${f.code}`} />
        </>
      )}
      {office && preview.state === 'done' && ['draft', 'proposed'].includes(proposal.state) && (
        <p style={{ marginTop: 12 }}>
          <Button loading={again.isPending} onClick={() => again.mutate({ id: proposal.id, seen: proposal.version })}>
            {t(W.again)}
          </Button>
        </p>
      )}
      {again.error && <Failed problem={again.error} />}
    </>
  )
}

const MANY = 10_000
const PAGE = 20
const Records = ({ proposal }: { proposal: ProposalView }) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const query = useApi(endpoints.listPreviewRows, {
    id: proposal.id,
    field: search.field,
    after: search.after,
    limit: PAGE,
  })
  const field = proposal.preview.faults.find((f) => f.field === search.field)
  const columns: Column<PreviewRow>[] = [
    { key: 'subject', title: W.subject, lead: true, render: (r) => r.subjectName },
    { key: 'doc', title: W.doc, render: (r) => r.docNo },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName },
    { key: 'day', title: W.day, short: true, render: (r) => dayWords(r.decidedOn, lang) },
    {
      key: 'problems',
      title: W.problems,
      render: (r) => (
        <ul className="xh-plain">
          {r.problems.map((p) => (
            <li key={`${p.field}${p.reason}`}>{p.reason}</li>
          ))}
        </ul>
      ),
    },
  ]
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{field ? t(W.recordsOf, { field: t(field.label) }) : t(W.records)}</h2>
      {search.field && (
        <p>
          <Button onClick={() => filter({ field: undefined })}>{t(W.all)}</Button>
        </p>
      )}
      {proposal.preview.failing > MANY && <p className="xh-quiet">{t(W.many)}</p>}
      <KeyedList
        query={query}
        name={W.records}
        empty={W.records}
        columns={columns}
        rowKey={(r) => String(r.n)}
        after={search.after}
        go={go}
      />
    </Card>
  )
}

const POLL_MS = 1500
export const CatalogVersion = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const [acting, setActing] = useState<ProposalAction | null>(null)
  const query = useApi(
    endpoints.getProposal,
    { id },
    { every: (p) => (p && p.preview.state !== 'done' ? POLL_MS : false) },
  )
  const factsOf = useProposalFacts()
  const act = useAct(endpoints.act, () => setActing(null))
  return (
    <>
      <p>
        <Link to="/catalog/versions">{t(W.back)}</Link>
      </p>
      <Shown query={query} heading={W.page}>
        {(p) => (
          <>
            <h1>
              {t(p.itemName)} <ProposalTag state={p.state} inForce={p.inForce} />
            </h1>
            <Card style={{ marginBottom: 16 }}>
              <Descriptions
                column={{ xs: 1, md: 2 }}
                items={[
                  ...factsOf(p).about,
                  {
                    key: 'follows',
                    label: t(W.follows),
                    children: p.follows ? t(W.since, { day: dayWords(p.follows, lang) }) : '—',
                  },
                  { key: 'origin', label: t(W.origin), children: t(ORIGIN_WORDS[p.origin]) },
                  ...factsOf(p).people,
                ]}
              />
              <ProposalButtons proposal={p} waits={p.preview.state !== 'done'} choose={setActing} />
            </Card>
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.impact)}</h2>
              <Impact proposal={p} />
            </Card>
            <Card style={{ marginBottom: 16 }}>
              <h2>{t(W.differences)}</h2>
              <Difference difference={p.difference} />
            </Card>
            {has('credit_office') && p.preview.failing > 0 && <Records proposal={p} />}
            {acting && (
              <ActOnProposal
                proposal={p}
                title={p.itemName}
                action={acting}
                hint={W.approveHint}
                act={act}
                done={() => setActing(null)}
              />
            )}
          </>
        )}
      </Shown>
    </>
  )
}
