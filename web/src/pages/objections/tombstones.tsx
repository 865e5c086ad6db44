import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { type TombstoneView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ObjectionsNav } from './nav.tsx'

const W = {
  title: { zh: '不得再次报送的信息', en: 'Not to be reported again' },
  intro: {
    zh: '因异议成立而撤回或者更正的信息，不因再次报送而恢复。确需恢复的，由认定单位负责人说明理由后解除限制。',
    en: 'What was withdrawn or corrected upon an objection does not come back by being reported again. The head of the authority may lift this, with a reason.',
  },
  states: { zh: '限制状态', en: 'State' },
  standing: { zh: '限制中', en: 'Standing' },
  liftedTab: { zh: '已解除', en: 'Lifted' },
  doc: { zh: '信息', en: 'Record' },
  subject: { zh: '主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  what: { zh: '不得报送的内容', en: 'What is kept out' },
  whole: { zh: '整条信息', en: 'The whole record' },
  at: { zh: '时间', en: 'Since' },
  reason: { zh: '理由', en: 'Reason' },
  lift: { zh: '解除限制', en: 'Lift' },
  liftOf: { zh: '解除限制：{doc}', en: 'Lift: {doc}' },
  liftSure: { zh: '解除后，该信息可以再次报送入库。', en: 'Once lifted, it can be reported again.' },
  liftedBy: { zh: '{by}于{at}解除：{reason}', en: 'Lifted by {by} on {at}: {reason}' },
  action: { zh: '操作', en: 'Action' },
  empty: { zh: '没有这一类限制。', en: 'There are none.' },
} as const satisfies Record<string, Words>
const REASON_LEAST = 4

const Lift = ({ stone, done }: { stone: TombstoneView; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.liftTombstone, done)
  return (
    <AskReason
      id="lift-reason"
      title={t(W.liftOf, { doc: stone.docNo })}
      ok={W.lift}
      label={W.reason}
      least={REASON_LEAST}
      most={2000}
      act={act}
      send={(reason) => act.mutate({ id: stone.id, reason })}
      done={done}
    >
      <p>{t(W.liftSure)}</p>
    </AskReason>
  )
}

export const Tombstones = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [lifting, setLifting] = useState<TombstoneView | null>(null)
  const state = search.state === 'lifted' ? 'lifted' : 'standing'
  const query = useApi(endpoints.listTombstones, { state, after: search.after })
  const columns: Column<TombstoneView>[] = [
    { key: 'doc', title: W.doc, lead: true, render: (r) => `${t(r.itemName)} · ${r.docNo}` },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    {
      key: 'what',
      title: W.what,
      render: (r) =>
        r.fields.length === 0
          ? t(W.whole)
          : r.fields.map((f) => (
              <div key={f.label.zh}>
                {t(f.label)}
                {colon(lang)}
                <span>{f.value}</span>
              </div>
            )),
    },
    { key: 'reason', title: W.reason, render: (r) => r.reason },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName },
    { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.at, lang) },
    {
      key: 'action',
      title: W.action,
      render: (r) =>
        r.lifted ? (
          t(W.liftedBy, { by: r.lifted.by, at: instantWords(r.lifted.at, lang), reason: r.lifted.reason })
        ) : r.mayLift ? (
          <Button aria-label={t(W.liftOf, { doc: r.docNo })} onClick={() => setLifting(r)}>
            {t(W.lift)}
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
      <Segmented
        aria-label={t(W.states)}
        value={state}
        onChange={(v) => filter({ state: v })}
        options={[
          { value: 'standing', label: t(W.standing) },
          { value: 'lifted', label: t(W.liftedTab) },
        ]}
        style={{ marginBottom: 12 }}
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
      {lifting && <Lift stone={lifting} done={() => setLifting(null)} />}
    </>
  )
}
