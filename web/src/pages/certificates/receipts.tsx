import { Button, Flex, Tag } from 'antd'
import {
  type PropagationReceiptView,
  type ReceiptHolder,
  type ReceiptPart,
  endpoints,
} from '../../../../src/capabilities/certificates/contract.receipts.ts'
import {
  HOLDER_MARK_WORDS,
  RECEIPT,
  RECEIPT_OUTCOMES,
  RECEIPT_OUTCOME_WORDS,
  RECEIPT_STATES,
  RECEIPT_STATE_WORDS,
} from '../../../../src/capabilities/certificates/words.receipts.ts'
import { effectsOver } from '../../../../src/capabilities/certificates/rules.receipts.ts'
import { EFFECT_PART_WORDS, EFFECT_STATE_WORDS } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Choice } from '../../ui/choice.tsx'
import { colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ExchangeTabs } from '../exchange/section.tsx'

const W = {
  title: { zh: '同步回执', en: 'Propagation receipts' },
  lead: {
    zh: '每次停止公示和每件修复申请各有一份回执：通知了谁、谁已确认、谁逾期，以及效力的办理情况。全部确认并答复，或者逾期单位列明后定稿，定稿后不再变化。',
    en: 'A receipt for each withdrawal and each application: who was told, who confirmed, who is late, and what it brought about. It is final once all have confirmed and answered, or those who have not are named.',
  },
  number: { zh: '回执编号', en: 'Number' },
  opened: { zh: '停止公示', en: 'Stopped' },
  holders: { zh: '持有单位', en: 'Holders' },
  effect: { zh: '效力', en: 'Effect' },
  settled: { zh: '均已办结', en: 'All done' },
  state: { zh: '状态', en: 'State' },
  outcome: { zh: '结果', en: 'Outcome' },
  action: { zh: '操作', en: 'Actions' },
  open: { zh: '查看回执', en: 'Open' },
  pdf: { zh: 'PDF', en: 'PDF' },
  scope: { zh: '整件申请', en: 'Whole application' },
  empty: {
    zh: '还没有回执。信用信息停止公示后自动出具。',
    en: 'There are no receipts yet. One is opened whenever a record stops being shown.',
  },
  link: { zh: '同步回执{number}', en: '{number}' },
} as const satisfies Record<string, Words>

const isOpen = (h: ReceiptHolder) => h.mark !== 'done'
const plain = (code: string) => code.replaceAll('-', '')

/** Where anyone can read the receipt: of a record beside the table of its holders, of an application at its head. */
export const ReceiptLinks = ({
  subject,
  record,
  application,
}: {
  subject: string
  record?: string
  application?: string
}) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.listPropagationReceipts, {
    subject,
    limit: 50,
    ...(record ? { record } : {}),
    ...(application ? { application } : {}),
  })
  const rows = query.data?.rows.filter((r) => r.facts.scope === (record ? 'record' : 'application')) ?? []
  if (!rows.length) return null
  return (
    <Flex gap={12} wrap style={{ marginTop: 8 }}>
      {rows.map((r) => (
        <span key={r.id}>
          <a href={`/receipt/${plain(r.facts.code)}?lang=${lang}`} target="_blank" rel="noreferrer">
            {t(W.link, { number: t(r.facts.number) })}
          </a>{' '}
          <Tag color={r.facts.outcome === 'all_acknowledged' ? 'green' : r.facts.state === 'final' ? 'orange' : 'gold'}>
            {r.done}/{r.all}
          </Tag>
        </span>
      ))}
    </Flex>
  )
}

/** What is still to come of it; each with its proof stands on the receipt itself. */
const Effects = ({ parts }: { parts: ReceiptPart[] }) => {
  const { t, lang } = useLanguage()
  const all = effectsOver(parts)
  const open = all.filter((e) => e.state === 'late' || e.state === 'under_way')
  if (!open.length) return <span className="xh-quiet">{all.length ? t(W.settled) : '—'}</span>
  return (
    <ul style={{ margin: 0, padding: 0, listStyle: 'none', minWidth: 160 }}>
      {open.map((e) => (
        <li key={e.part}>
          {t(EFFECT_PART_WORDS[e.part])}
          {colon(lang)}
          {t(EFFECT_STATE_WORDS[e.state])}
        </li>
      ))}
    </ul>
  )
}

export const Receipts = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const state = RECEIPT_STATES.find((s) => s === search.state)
  const outcome = RECEIPT_OUTCOMES.find((o) => o === search.verdict)
  const query = useApi(
    endpoints.listPropagationReceipts,
    { after: search.after, limit: 20, ...(state ? { state } : {}), ...(outcome ? { outcome } : {}) },
    { every: 10_000 },
  )
  const columns: Column<PropagationReceiptView>[] = [
    {
      key: 'number',
      title: W.number,
      lead: true,
      render: (r) => (
        <>
          <strong style={{ whiteSpace: 'nowrap' }}>{t(r.facts.number)}</strong>
          <div className="xh-quiet">
            {r.facts.applicationNo}
            {r.facts.scope === 'application' && ` · ${t(W.scope)}`}
          </div>
        </>
      ),
    },
    {
      key: 'opened',
      title: W.opened,
      short: true,
      render: (r) => instantWords(r.facts.parts[0]?.withdrawnAt ?? null, lang),
    },
    {
      key: 'holders',
      title: W.holders,
      render: (r) => (
        <>
          {t(RECEIPT.progress, { done: r.done, all: r.all })}
          {r.facts.scope === 'record' &&
            r.facts.parts
              .flatMap((p) => p.holders.filter(isOpen))
              .map((h) => (
                <div key={h.name.zh} className="xh-quiet" style={{ minWidth: 160 }}>
                  {t(h.name)} · {t(HOLDER_MARK_WORDS[h.mark])}
                </div>
              ))}
        </>
      ),
    },
    {
      key: 'effect',
      title: W.effect,
      render: (r) => <Effects parts={r.facts.parts} />,
    },
    {
      key: 'state',
      title: W.state,
      render: (r) => (
        <Tag
          style={{ whiteSpace: 'normal' }}
          color={r.facts.outcome === 'all_acknowledged' ? 'green' : r.facts.state === 'final' ? 'orange' : 'gold'}
        >
          {t(r.facts.outcome ? RECEIPT_OUTCOME_WORDS[r.facts.outcome] : RECEIPT_STATE_WORDS.open)}
        </Tag>
      ),
    },
    {
      key: 'links',
      title: W.action,
      short: true,
      render: (r) => (
        <Flex gap={8}>
          <Button size="small" href={`/receipt/${plain(r.facts.code)}?lang=${lang}`} target="_blank">
            {t(W.open)}
          </Button>
          <Button size="small" href={urlOf(endpoints.publicReceiptPdf, { code: plain(r.facts.code), lang })}>
            {t(W.pdf)}
          </Button>
        </Flex>
      ),
    },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange/receipts" />
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        <Choice
          label={W.state}
          of={RECEIPT_STATES}
          words={RECEIPT_STATE_WORDS}
          value={state}
          choose={(to) => filter({ state: to })}
          width={140}
        />
        <Choice
          label={W.outcome}
          of={RECEIPT_OUTCOMES}
          words={RECEIPT_OUTCOME_WORDS}
          value={outcome}
          choose={(to) => filter({ verdict: to })}
          width={240}
        />
      </Flex>
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
