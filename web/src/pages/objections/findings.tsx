import { Link } from '@tanstack/react-router'
import { Alert, Button, Flex, Segmented, Select } from 'antd'
import { useState } from 'react'
import { type FindingView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { FINDING_KINDS, FINDING_STATES } from '../../../../src/capabilities/objections/states.ts'
import { FINDING_STATE_WORDS, FINDING_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, instantWords, lastDayShown } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { ObjectionsNav } from './nav.tsx'

const W = {
  title: { zh: '公示自查', en: 'Self-check of what is shown' },
  intro: {
    zh: '平台每日自查全部公示中的信息：是否超过公示期限、是否重复公示、是否有公示依据。自查应当没有发现；发现的问题转认定单位核查。',
    en: 'Every day the platform checks all that is shown: not for too long, not twice, not without a basis. It should find nothing; what it finds goes to the authority.',
  },
  checked: { zh: '最近一次自查：{at}，共核对{n}条公示中的信息。', en: 'Last checked {at}: {n} records shown.' },
  never: { zh: '尚未自查，首次自查完成后显示结果。', en: 'Not checked yet.' },
  states: { zh: '处理情况', en: 'State' },
  kind: { zh: '问题类别', en: 'Kind' },
  kinds: { zh: '全部类别', en: 'All kinds' },
  allWell: {
    zh: '自查没有发现超期公示、重复公示或者缺少依据的信息。',
    en: 'The self-check found nothing shown for too long, shown twice or shown without a basis.',
  },
  none: { zh: '没有这一类自查问题。', en: 'There are no such findings.' },
  doc: { zh: '信息', en: 'Record' },
  subject: { zh: '主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  why: { zh: '问题', en: 'What is wrong' },
  until: { zh: '公示至', en: 'Shown through' },
  found: { zh: '发现日期', en: 'Found on' },
  action: { zh: '操作', en: 'Action' },
  takeUp: { zh: '转认定单位核查', en: 'Pass on' },
  takeUpOf: { zh: '转认定单位核查：{doc}', en: 'Pass on: {doc}' },
  sure: { zh: '转“{authority}”核查？', en: 'Pass on to {authority}?' },
  note: { zh: '说明（可以不填）', en: 'Note (optional)' },
  see: { zh: '查看异议', en: 'See the objection' },
} as const satisfies Record<string, Words>

const TakeUp = ({ finding, done }: { finding: FindingView; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.takeUpFinding, done)
  return (
    <AskReason
      id="finding-note"
      title={t(W.sure, { authority: finding.authorityName })}
      ok={W.takeUp}
      label={W.note}
      least={0}
      most={2000}
      act={act}
      send={(note) => act.mutate({ id: finding.id, seen: finding.version, note })}
      done={done}
    >
      <p>{t(finding.why)}</p>
    </AskReason>
  )
}

export const Findings = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [taking, setTaking] = useState<FindingView | null>(null)
  const state = FINDING_STATES.find((s) => s === search.state) ?? 'open'
  const kind = FINDING_KINDS.find((k) => k === search.by)
  const query = useApi(endpoints.listFindings, { state, kind, after: search.after })
  const columns: Column<FindingView>[] = [
    { key: 'doc', title: W.doc, lead: true, render: (r) => `${t(r.itemName)} · ${r.docNo}` },
    { key: 'kind', title: W.kind, short: true, render: (r) => t(FINDING_WORDS[r.kind]) },
    { key: 'why', title: W.why, render: (r) => t(r.why) },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName },
    { key: 'until', title: W.until, short: true, render: (r) => lastDayShown(r.shownUntil, lang) },
    { key: 'found', title: W.found, short: true, render: (r) => dayWords(r.foundOn, lang) },
    {
      key: 'action',
      title: W.action,
      short: true,
      render: (r) =>
        r.objectionId ? (
          <Link to="/objections/cases/$subject/$id" params={{ subject: r.subjectId, id: r.objectionId }} search={{}}>
            {t(W.see)}
          </Link>
        ) : r.state === 'open' ? (
          <Button aria-label={t(W.takeUpOf, { doc: r.docNo })} onClick={() => setTaking(r)}>
            {t(W.takeUp)}
          </Button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      <p>{t(W.intro)}</p>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.states)}
          value={state}
          onChange={(v) => filter({ state: v })}
          options={FINDING_STATES.map((s) => ({ value: s, label: t(FINDING_STATE_WORDS[s]) }))}
        />
        <Select
          aria-label={t(W.kind)}
          style={{ minWidth: 200 }}
          value={kind ?? ''}
          onChange={(v: string) => filter({ by: v })}
          options={[
            { value: '', label: t(W.kinds) },
            ...FINDING_KINDS.map((k) => ({
              value: k as string,
              label: `${t(FINDING_WORDS[k])} (${query.data?.counts.find((c) => c.kind === k)?.open ?? 0})`,
            })),
          ]}
        />
      </Flex>
      <Shown query={query}>
        {(page) => (
          <>
            <p>
              {page.checked
                ? t(W.checked, {
                    at: instantWords(page.checked.at, lang),
                    n: page.checked.records.toLocaleString('en'),
                  })
                : t(W.never)}
            </p>
            {page.rows.length === 0 ? (
              state === 'open' && page.checked ? (
                <Alert type="success" showIcon title={t(W.allWell)} />
              ) : (
                <Nothing why={W.none} />
              )
            ) : (
              <KeyedTable
                name={W.title}
                rows={page.rows}
                columns={columns}
                rowKey={(r) => r.id}
                after={search.after}
                next={page.next}
                go={go}
              />
            )}
          </>
        )}
      </Shown>
      {taking && <TakeUp finding={taking} done={() => setTaking(null)} />}
    </>
  )
}
