import { Alert, Button, Flex, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { type TransferView, endpoints } from '../../../../src/capabilities/transfers/contract.ts'
import {
  TRANSFER_DIRECTIONS,
  TRANSFER_DIRECTION_WORDS,
  TRANSFER_KIND_WORDS,
  TRANSFER_STATES,
  TRANSFER_STATE_WORDS,
  type TransferDirection,
} from '../../../../src/capabilities/transfers/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { Choice } from '../../ui/choice.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { ExchangeTabs } from './section.tsx'
import { TransferTag, Wire } from './transfer-parts.tsx'

const W = {
  title: { zh: '异地转办', en: 'Cases on other platforms' },
  lead: {
    zh: '认定单位在其他信用平台办理的修复申请，连同材料和承诺书转该平台办理，每一步进展和结果回传；其他平台转来的申请进入本地认定单位待办。',
    en: 'Applications whose authority decides on another platform go there with their material and commitment; each step and the result come back. What others pass on lies in the queue of the authority here.',
  },
  counts: {
    zh: '转出在办 {out} 件，转入在办 {in} 件，逾期 {late} 件，退回待处理 {returned} 件。',
    en: '{out} out, {in} in, {late} late, {returned} returned and waiting.',
  },
  direction: { zh: '方向', en: 'Direction' },
  all: { zh: '全部', en: 'All' },
  state: { zh: '状态', en: 'State' },
  lateOnly: { zh: '只看逾期', en: 'Late only' },
  kindOf: { zh: '{direction}，{kind}', en: '{direction}, {kind}' },
  no: { zh: '申请编号', en: 'Application' },
  about: { zh: '涉及信息', en: 'About' },
  peer: { zh: '对方平台', en: 'Other platform' },
  authority: { zh: '认定单位', en: 'Authority' },
  passed: { zh: '转办时间', en: 'Passed on' },
  due: { zh: '期限', en: 'Due' },
  take: { zh: '接收期限 {day}', en: 'Take in by {day}' },
  step: { zh: '办理期限 {day}', en: 'Next step by {day}' },
  materials: { zh: '材料 {n} 份', en: 'files: {n}' },
  again: { zh: '改转其他平台', en: 'Pass on again' },
  againHint: {
    zh: '选择实际办理该认定单位案件的平台。由本平台办理的，无需转办，认定单位直接在待办中处理。',
    en: 'Choose the platform on which the authority decides. If it decides here, nothing is needed: the item is in its queue.',
  },
  platform: { zh: '办理平台', en: 'Platform' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  empty: {
    zh: '没有符合条件的转办事项。认定单位设定在其他平台办理后，其修复申请自动转出。',
    en: 'There is no such case. Once an authority is set to decide on another platform its applications go there by themselves.',
  },
  seats: { zh: '在其他平台办理的认定单位', en: 'Authorities that decide elsewhere' },
  seatsEmpty: { zh: '全部认定单位都在本平台办理。', en: 'Every authority decides here.' },
  since: { zh: '设定时间', en: 'Since' },
  remove: { zh: '改回本平台办理', en: 'Decide here again' },
  add: { zh: '设定', en: 'Set' },
  away: { zh: '未能接收、已退回的转办', en: 'Could not be taken in' },
  awayEmpty: { zh: '没有退回的转办事项。', en: 'Nothing was turned away.' },
  why: { zh: '退回原因', en: 'Reason' },
  at: { zh: '退回时间', en: 'Returned' },
  action: { zh: '操作', en: 'Actions' },
} as const satisfies Record<string, Words>

const Again = ({ of, done }: { of: TransferView; done: () => void }) => {
  const { t } = useLanguage()
  const [peerId, setPeerId] = useState<string>()
  const seats = useApi(endpoints.listSeats, {})
  const act = useAct(endpoints.passOnAgain, done)
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.again)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.again)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending, disabled: !peerId }}
      onOk={() => peerId && act.mutate({ subject: of.subjectId, id: of.id, peerId, seen: of.version })}
    >
      <p>{t(W.againHint)}</p>
      <Select
        aria-label={t(W.platform)}
        placeholder={t(W.platform)}
        value={peerId}
        onChange={setPeerId}
        options={(seats.data?.platforms ?? []).map((p) => ({ value: p.id, label: p.name }))}
        style={{ width: '100%' }}
      />
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const Seats = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(endpoints.listSeats, {})
  const act = useAct(endpoints.setSeat)
  const [authority, setAuthority] = useState<string>()
  const [peerId, setPeerId] = useState<string>()
  const mayEdit = has('credit_office')
  return (
    <section style={{ marginTop: 32 }}>
      <h2>{t(W.seats)}</h2>
      <Shown query={query}>
        {(data) => (
          <>
            {data.rows.length === 0 ? (
              <Nothing why={W.seatsEmpty} />
            ) : (
              <KeyedTable
                name={W.seats}
                rows={data.rows}
                rowKey={(s) => s.authorityId}
                columns={[
                  { key: 'authority', title: W.authority, lead: true, render: (s) => s.authorityName },
                  { key: 'peer', title: W.platform, render: (s) => s.peerName },
                  { key: 'since', title: W.since, short: true, render: (s) => instantWords(s.setAt, lang) },
                  ...(mayEdit
                    ? [
                        {
                          key: 'remove',
                          title: W.action,
                          short: true,
                          render: (s: (typeof data.rows)[number]) => (
                            <Button
                              size="small"
                              loading={act.isPending}
                              onClick={() => act.mutate({ authority: s.authorityId, peerId: null, seen: s.version })}
                            >
                              {t(W.remove)}
                            </Button>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            )}
            {mayEdit && (
              <Flex gap={8} wrap style={{ marginTop: 12 }}>
                <Select
                  aria-label={t(W.authority)}
                  placeholder={t(W.authority)}
                  showSearch={{ optionFilterProp: 'label' }}
                  value={authority}
                  onChange={setAuthority}
                  options={data.authorities.map((a) => ({ value: a.id, label: a.name }))}
                  style={{ minWidth: 260, maxWidth: '100%' }}
                />
                <Select
                  aria-label={t(W.platform)}
                  placeholder={t(W.platform)}
                  value={peerId}
                  onChange={setPeerId}
                  options={data.platforms.map((p) => ({ value: p.id, label: p.name }))}
                  style={{ minWidth: 220, maxWidth: '100%' }}
                />
                <Button
                  disabled={!authority || !peerId}
                  loading={act.isPending}
                  onClick={() =>
                    authority &&
                    peerId &&
                    act.mutate({
                      authority,
                      peerId,
                      seen: data.rows.find((s) => s.authorityId === authority)?.version ?? 0,
                    })
                  }
                >
                  {t(W.add)}
                </Button>
              </Flex>
            )}
            {act.error && <Failed problem={act.error} />}
          </>
        )}
      </Shown>
    </section>
  )
}

const MOST_AWAY = 20
const TurnedAway = () => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.listTurnedAway, { limit: MOST_AWAY })
  if (!query.data?.rows.length) return null
  return (
    <section style={{ marginTop: 32 }}>
      <h2>{t(W.away)}</h2>
      <KeyedTable
        name={W.away}
        rows={query.data.rows}
        rowKey={(r) => r.id}
        columns={[
          { key: 'no', title: W.no, lead: true, render: (r) => r.no },
          { key: 'peer', title: W.peer, render: (r) => r.peerName },
          { key: 'about', title: W.about, render: (r) => `${r.decider} ${r.docNo}` },
          { key: 'why', title: W.why, render: (r) => t(r.reason) },
          { key: 'at', title: W.at, short: true, render: (r) => instantWords(r.at, lang) },
        ]}
      />
    </section>
  )
}

export const Transfers = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [again, setAgain] = useState<string | null>(null)
  const direction = TRANSFER_DIRECTIONS.find((d) => d === search.view)
  const state = TRANSFER_STATES.find((s) => s === search.state)
  const query = useApi(
    endpoints.listTransfers,
    {
      after: search.after,
      ...(direction ? { direction } : {}),
      ...(state ? { state } : {}),
      ...(search.by === 'late' ? { late: 'true' } : {}),
    },
    { every: 10_000 },
  )
  const counts = query.data?.counts
  const chosen = query.data?.rows.find((r) => r.id === again)
  const columns: Column<TransferView>[] = [
    {
      key: 'no',
      title: W.no,
      lead: true,
      render: (r) => (
        <>
          <strong>{r.no}</strong>
          <div className="xh-quiet">
            {t(W.kindOf, { direction: t(TRANSFER_DIRECTION_WORDS[r.direction]), kind: t(TRANSFER_KIND_WORDS[r.kind]) })}
          </div>
        </>
      ),
    },
    {
      key: 'about',
      title: W.about,
      render: (r) => (
        <>
          {t(r.itemName)} · {r.docNo}
          <div className="xh-quiet">{t(W.materials, { n: r.materials })}</div>
        </>
      ),
    },
    {
      key: 'peer',
      title: W.peer,
      render: (r) => (
        <>
          {r.peerName}
          <div className="xh-quiet">{r.authorityName}</div>
        </>
      ),
    },
    { key: 'passed', title: W.passed, short: true, render: (r) => instantWords(r.passedOnAt, lang) },
    {
      key: 'due',
      title: W.due,
      render: (r) =>
        r.state === 'sent'
          ? t(W.take, { day: dayWords(r.dueOn, lang) })
          : r.stepDueOn && t(W.step, { day: dayWords(r.stepDueOn, lang) }),
    },
    {
      key: 'state',
      title: W.state,
      render: (r) => (
        <>
          <TransferTag of={r} />
          {r.reason && <div>{t(r.reason)}</div>}
          <Wire of={r} />
          {r.mayPassOnAgain && (
            <Button size="small" onClick={() => setAgain(r.id)}>
              {t(W.again)}
            </Button>
          )}
        </>
      ),
    },
  ]
  return (
    <>
      <ExchangeTabs at="/exchange/transfers" />
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      {counts && (
        <Alert
          type={counts.late || counts.returned ? 'warning' : 'info'}
          showIcon
          title={t(W.counts, counts)}
          style={{ marginBottom: 12 }}
        />
      )}
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.direction)}
          value={direction ?? ''}
          onChange={(view: TransferDirection | '') => filter({ view: view || undefined })}
          options={[
            { value: '' as const, label: t(W.all) },
            ...TRANSFER_DIRECTIONS.map((d) => ({ value: d, label: t(TRANSFER_DIRECTION_WORDS[d]) })),
          ]}
        />
        <Choice
          label={W.state}
          of={TRANSFER_STATES}
          words={TRANSFER_STATE_WORDS}
          value={state}
          choose={(to) => filter({ state: to })}
        />
        <Button
          type={search.by === 'late' ? 'primary' : 'default'}
          aria-pressed={search.by === 'late'}
          onClick={() => filter({ by: search.by === 'late' ? undefined : 'late' })}
        >
          {t(W.lateOnly)}
        </Button>
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
      {chosen && <Again of={chosen} done={() => setAgain(null)} />}
      <TurnedAway />
      <Seats />
    </>
  )
}
