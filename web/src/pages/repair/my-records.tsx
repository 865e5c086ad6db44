import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, Button, Card, Checkbox, Descriptions, Flex, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type RepairRecordView, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { CHANNEL_WORDS, STATE_WORDS, SYSTEM_WORDS, conditionWords } from '../../../../src/capabilities/repair/words.ts'
import type { Kind } from '../../../../src/capabilities/repair/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { articleIn, bracketed, dayWords, lastDayShown, lawWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { SharedFacts, SharedMaterial } from './shared.tsx'

const W = {
  title: { zh: '我的信用记录', en: 'My records' },
  intro: {
    zh: '勾选需要修复的记录，放入同一件申请，一次提交；每条记录由认定单位分别办理，结果同步到所有共享单位。',
    en: 'Choose the records to repair and put them into one application. Each is decided by the authority that made it; the result goes to everyone who holds it.',
  },
  empty: {
    zh: '本平台没有归集到您的失信信息，无需修复。',
    en: 'The platform holds no adverse information about you; there is nothing to repair.',
  },
  nobody: {
    zh: '您还没有代表任何主体办理的授权，请携带授权材料到综合窗口登记。',
    en: 'You hold no mandate for a subject yet; have it registered at the window.',
  },
  choose: { zh: '选择“{doc}”', en: 'Choose “{doc}”' },
  decided: { zh: '{authority}于{day}认定', en: 'By {authority} on {day}' },
  shown: { zh: '公示中：自{from}起，至{until}止', en: 'Shown from {from} to {until}' },
  shownOpen: { zh: '公示中：自{from}起，没有最长期限', en: 'Shown from {from}, without a maximum' },
  ended: { zh: '未公示', en: 'Not shown' },
  why: { zh: '公示依据', en: 'Basis' },
  receiver: { zh: '受理渠道', en: 'Received by' },
  decider: { zh: '办理单位', en: 'Decided by' },
  may: { zh: '现在可以申请', en: 'May apply now' },
  mayWith: { zh: '提交时如实说明以下情况后可以申请', en: 'May apply once you declare the following' },
  from: { zh: '自{day}起可以申请', en: 'May apply from {day}' },
  notNow: { zh: '暂不能申请', en: 'May not apply now' },
  auto: { zh: '到期自动停止公示，无需申请', en: 'Ends by itself; no application is needed' },
  fixed: { zh: '公示期满前不得提前停止公示', en: 'Cannot end before its term' },
  reasons: { zh: '原因', en: 'Why' },
  judged: { zh: '由办理单位核查', en: 'Judged by the authority' },
  need: { zh: '需要说明或者证明', en: 'To be declared or shown' },
  materials: { zh: '需要的材料', en: 'Material needed' },
  underWay: { zh: '正在办理：{state}', en: 'Under way: {state}' },
  apply: { zh: '申请修复所选 {n} 条记录', en: 'Apply for {n} records' },
  shield: { zh: '因破产重整申请临时屏蔽', en: 'Ask for a shield in reorganisation' },
  notice: { zh: '公示与修复告知书', en: 'Notice of publicity and repair' },
  object: { zh: '提出异议', en: 'Object to this record' },
} as const satisfies Record<string, Words>

/** How it ends where its repair is governed; else on whichever channel shows it. */
const modeOf = ({ windows, eligibility }: RepairRecordView) => {
  const shown = windows.filter((w) => w.shown)
  return (shown.find((w) => w.channel === eligibility.governing?.system) ?? shown[0])?.repair
}

const Status = ({ record }: { record: RepairRecordView }) => {
  const { t, lang } = useLanguage()
  const { eligibility: e } = record
  const mode = modeOf(record)
  if (record.underWay) {
    return (
      <Link to="/applications/$subject/$id" params={{ subject: record.subjectId, id: record.underWay.applicationId }}>
        {t(W.underWay, { state: STATE_WORDS[record.underWay.state] })}
      </Link>
    )
  }
  if (e.may) return <Tag color="green">{t(e.open.length ? W.mayWith : W.may)}</Tag>
  if (e.firstDay) return <Tag color="blue">{t(W.from, { day: dayWords(e.firstDay, lang) })}</Tag>
  if (mode === 'automatic') return <Tag>{t(W.auto)}</Tag>
  if (mode === 'fixed') return <Tag>{t(W.fixed)}</Tag>
  return <Tag color="orange">{t(W.notNow)}</Tag>
}

const RecordCard = ({ record, chosen, toggle }: { record: RepairRecordView; chosen: boolean; toggle: () => void }) => {
  const { t, lang } = useLanguage()
  const { eligibility: e } = record
  // The QR code of a notice opens its own record.
  const { search } = useListSearch()
  const asked = search.record === record.recordId
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (asked) card.current?.scrollIntoView({ block: 'start' })
  }, [asked])
  const open = !record.underWay && record.eligibility.governing !== null
  // What ends by itself, or never early, asks for nothing.
  const mode = modeOf(record)
  const asks = !record.underWay && (e.may || (mode !== 'automatic' && mode !== 'fixed'))
  return (
    <Card ref={card} style={{ marginBottom: 12, ...(asked ? { outline: '2px solid #0a3a7a' } : {}) }}>
      <Flex gap={12} align="start">
        {open && <Checkbox checked={chosen} onChange={toggle} aria-label={t(W.choose, { doc: record.docNo })} />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <h2>
            {t(record.itemName)} · <span lang="zh-CN">{record.docNo}</span>
          </h2>
          <p style={{ margin: '0 0 8px' }}>
            {t(W.decided, { authority: record.authorityName, day: dayWords(record.decidedOn, lang) })}
          </p>
          <Status record={record} />
          <Descriptions
            size="small"
            column={1}
            style={{ marginTop: 8 }}
            items={[
              ...record.windows.map((w) => ({
                key: w.channel,
                label: t(CHANNEL_WORDS[w.channel]),
                children: (
                  <div>
                    {w.shown
                      ? t(w.until ? W.shown : W.shownOpen, {
                          from: dayWords(w.from, lang),
                          until: lastDayShown(w.until, lang),
                        })
                      : t(W.ended)}
                    <div style={{ color: '#4a5568' }}>
                      {t(w.why)}
                      {bracketed(lawWords(w.instrument, w.article, lang), lang)}
                    </div>
                  </div>
                ),
              })),
              ...(record.route
                ? [
                    {
                      key: 'receiver',
                      label: t(W.receiver),
                      children: `${t(record.route.receiver)}${bracketed(t(SYSTEM_WORDS[record.route.system]), lang)}`,
                    },
                    {
                      key: 'decider',
                      label: t(W.decider),
                      children: record.route.authorityName ?? record.authorityName,
                    },
                  ]
                : []),
              ...(e.reasons.length && !record.underWay
                ? [
                    {
                      key: 'reasons',
                      label: t(W.reasons),
                      children: (
                        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                          {e.reasons.map((r) => (
                            <li key={r.code}>
                              {t(r.text)}
                              {bracketed(articleIn(r.article, lang), lang)}
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                  ]
                : []),
              ...(e.open.length && asks
                ? [
                    {
                      key: 'open',
                      label: t(W.need),
                      children: (
                        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                          {e.open.map((r) => (
                            <li key={r.code}>
                              {r.known ? t(conditionWords(r.known, r.wanted)) : t(r.text)}
                              {bracketed(articleIn(r.article, lang), lang)}
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                  ]
                : []),
              ...(e.judged.length && asks
                ? [
                    {
                      key: 'judged',
                      label: t(W.judged),
                      children: (
                        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                          {e.judged.map((r) => (
                            <li key={r.code}>
                              {t(r.text)}
                              {bracketed(articleIn(r.article, lang), lang)}
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                  ]
                : []),
              ...(record.materials.length && asks
                ? [
                    {
                      key: 'materials',
                      label: t(W.materials),
                      children: (
                        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                          {record.materials.map((m) => (
                            <li key={m.code}>
                              {t(m.name)} <SharedMaterial by={m.sharedBy} />
                            </li>
                          ))}
                        </ul>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {!record.underWay && <SharedFacts facts={record.shared} />}
          <Flex gap={16} wrap>
            {record.route?.system !== 'rating' && (
              <a href={`/my/notices/${record.subjectId}/${record.recordId}?lang=${lang}`}>{t(W.notice)}</a>
            )}
            <Link to="/objections/new" search={{ subject: record.subjectId, record: record.recordId }}>
              {t(W.object)}
            </Link>
          </Flex>
        </div>
      </Flex>
    </Card>
  )
}

const PAGE = 200

/** Records of one subject with a basket: what is shown, until when, from which day it can be repaired, and why. */
export const RecordChooser = ({ subject, named = false }: { subject: string; named?: boolean }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [after, setAfter] = useState<string | undefined>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const query = useApi(endpoints.myRecords, { subject, after, limit: PAGE })
  const create = useAct(
    endpoints.createApplication,
    (a) => void navigate({ to: '/applications/$subject/$id', params: { subject: a.subjectId, id: a.id } }),
  )
  const begin = (kind: Kind) => create.mutate({ subject, kind, records: [...chosen] })
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.empty} />}>
      {(data) => (
        <section aria-label={data.rows[0]?.subjectName}>
          {named && <h2>{data.rows[0]?.subjectName}</h2>}
          <p>{t(W.intro)}</p>
          {data.rows.map((record) => (
            <RecordCard
              key={record.recordId}
              record={record}
              chosen={chosen.has(record.recordId)}
              toggle={() => {
                const next = new Set(chosen)
                if (!next.delete(record.recordId)) next.add(record.recordId)
                setChosen(next)
              }}
            />
          ))}
          <Paging
            after={after}
            next={data.next}
            go={(to) => {
              setAfter(to)
              window.scrollTo(0, 0)
            }}
          />
          {create.error && <Failed problem={create.error} />}
          <Flex gap={12} wrap style={{ position: 'sticky', bottom: 0, background: '#f3f5f8', padding: '12px 0' }}>
            <Button type="primary" disabled={!chosen.size} loading={create.isPending} onClick={() => begin('repair')}>
              {t(W.apply, { n: chosen.size })}
            </Button>
            <Button disabled={!chosen.size || create.isPending} onClick={() => begin('shield')}>
              {t(W.shield)}
            </Button>
          </Flex>
        </section>
      )}
    </Shown>
  )
}

export const MyRecords = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const { search } = useListSearch()
  const mine = person?.subjectIds ?? []
  // An address may name one of them; whoever acts for several has a basket for each.
  const subjects = search.subject && mine.includes(search.subject) ? [search.subject] : mine
  return (
    <>
      <h1>{t(W.title)}</h1>
      {subjects.length === 0 && <Alert type="info" showIcon title={t(W.nobody)} />}
      {subjects.map((id) => (
        <RecordChooser key={id} subject={id} named={subjects.length > 1} />
      ))}
    </>
  )
}
