import { Button, Flex, Select, Tag } from 'antd'
import { useState } from 'react'
import { type FindingView, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import {
  FINDING_ACTION_WORDS,
  FINDING_STATES,
  FINDING_STATE_WORDS,
  type FindingAction,
  type FindingState,
} from '../../../../src/capabilities/timeliness/states.ts'
import { FINDING_KIND_WORDS } from '../../../../src/capabilities/timeliness/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { colon, dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'
import { Remind } from './remind.tsx'
import { SpanFilter, useSpan } from './span.tsx'

const W = {
  title: { zh: '疑似漏报', en: 'Missing' },
  state: { zh: '处理状态', en: 'State' },
  all: { zh: '全部状态', en: 'All states' },
  docNo: { zh: '文书号或者证照编号', en: 'Number' },
  kind: { zh: '线索来源', en: 'Found by' },
  authority: { zh: '单位', en: 'Authority' },
  due: { zh: '报送期限', en: 'Due' },
  between: { zh: '已报送 {before} 和 {after}', en: 'Held: {before} and {after}' },
  namedBy: { zh: '见于 {after}', en: 'Named by {after}' },
  said: { zh: '说明与意见', en: 'Said' },
  explanation: { zh: '单位说明', en: 'The authority' },
  decision: { zh: '信用办意见', en: 'The credit office' },
  actions: { zh: '操作', en: 'Actions' },
  reason: { zh: '理由（4 至 500 字）', en: 'Reason (4 to 500 characters)' },
  hint: {
    zh: '按文号连续性、处罚涉及的证照和单位决定清单排查。已报送的自动核销；确未作出该决定的，请说明情况。',
    en: 'Found by gaps in the numbers, licences named in penalties, and lists of decisions. What is reported closes by itself; what was never decided is explained.',
  },
  search: { zh: '立即排查该单位', en: 'Search this authority now' },
  done: {
    zh: '排查完毕：新发现 {found} 条，核销 {reported} 条。',
    en: 'Done: {found} new, {reported} reported since.',
  },
  empty: { zh: '没有符合条件的疑似漏报。', en: 'Nothing is missing here.' },
} as const satisfies Record<string, Words>

const REASON_MIN = 4
const ENDPOINT = {
  explain: endpoints.explainFinding,
  dismiss: endpoints.dismissFinding,
  reopen: endpoints.reopenFinding,
} as const

const Act = ({ finding, action, done }: { finding: FindingView; action: FindingAction; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(ENDPOINT[action], done)
  return (
    <AskReason
      id="finding-reason"
      title={`${t(FINDING_ACTION_WORDS[action])} ${finding.docNo}`}
      ok={FINDING_ACTION_WORDS[action]}
      label={W.reason}
      least={REASON_MIN}
      act={act}
      send={(reason) => act.mutate({ id: finding.id, seen: finding.version, reason })}
      done={done}
    />
  )
}

const isState = (text: string | undefined): text is FindingState => FINDING_STATES.some((s) => s === text)
const COLORS: Record<FindingState, string> = { open: 'red', explained: 'gold', reported: 'green', dismissed: 'default' }

const SearchNow = ({ authorityId }: { authorityId: string }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.findMissing)
  return (
    <>
      <Button loading={act.isPending} onClick={() => act.mutate({ id: authorityId })}>
        {t(W.search)}
      </Button>
      {act.data && <output>{t(W.done, act.data)}</output>}
      {act.error && <Failed problem={act.error} />}
    </>
  )
}

export const Findings = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go, filter } = useListSearch()
  const span = useSpan()
  const [acting, setActing] = useState<{ id: string; action: FindingAction } | null>(null)
  const state = isState(search.state) ? search.state : undefined
  const query = useApi(endpoints.listFindings, { ...span, ...(state ? { state } : {}), after: search.after })
  const office = has('credit_office')
  const under = query.data?.rows.find((f) => f.id === acting?.id)
  const columns: Column<FindingView>[] = [
    {
      key: 'docNo',
      title: W.docNo,
      lead: true,
      render: (f) => (
        <>
          <strong>{f.docNo}</strong>
          <div className="xh-quiet">{t(f.itemName)}</div>
        </>
      ),
    },
    {
      key: 'kind',
      title: W.kind,
      render: (f) => (
        <>
          {t(FINDING_KIND_WORDS[f.kind])}
          <div className="xh-quiet">
            {f.heldBefore && f.heldAfter && t(W.between, { before: f.heldBefore, after: f.heldAfter })}
            {!f.heldBefore && f.heldAfter && t(W.namedBy, { after: f.heldAfter })}
          </div>
        </>
      ),
    },
    ...(office ? [{ key: 'authority', title: W.authority, render: (f: FindingView) => f.authorityName }] : []),
    { key: 'due', title: W.due, short: true, render: (f) => dayWords(f.dueOn, lang) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (f) => <Tag color={COLORS[f.state]}>{t(FINDING_STATE_WORDS[f.state])}</Tag>,
    },
    {
      key: 'said',
      title: W.said,
      render: (f) => (
        <>
          {f.explanation && <div>{`${t(W.explanation)}${colon(lang)}${f.explanation}`}</div>}
          {f.decision && <div>{`${t(W.decision)}${colon(lang)}${f.decision}`}</div>}
          {!f.explanation && !f.decision && '—'}
        </>
      ),
    },
    {
      key: 'actions',
      title: W.actions,
      short: true,
      render: (f) => (
        <Flex gap={8} wrap>
          {f.actions.map((action) => (
            <Button
              key={action}
              size="small"
              aria-label={`${t(FINDING_ACTION_WORDS[action])} ${f.docNo}`}
              onClick={() => setActing({ id: f.id, action })}
            >
              {t(FINDING_ACTION_WORDS[action])}
            </Button>
          ))}
          {f.state === 'open' && <Remind authorityId={f.authorityId} name={f.authorityName} what="missing" />}
          {f.actions.length === 0 && f.state !== 'open' && '—'}
        </Flex>
      ),
    },
  ]
  return (
    <>
      <SpanFilter />
      <p className="xh-quiet">{t(W.hint)}</p>
      <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.state)}
          style={{ minWidth: 160 }}
          value={state ?? ''}
          onChange={(next: string) => filter({ state: next })}
          options={[
            { value: '', label: t(W.all) },
            ...FINDING_STATES.map((s) => ({ value: s, label: t(FINDING_STATE_WORDS[s]) })),
          ]}
        />
        {office && search.authority && <SearchNow key={search.authority} authorityId={search.authority} />}
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(f) => f.id}
        after={search.after}
        go={go}
      />
      {under && acting && <Act finding={under} action={acting.action} done={() => setActing(null)} />}
    </>
  )
}
