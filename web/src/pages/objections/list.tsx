import { Link, useNavigate } from '@tanstack/react-router'
import { Alert, Button, Flex, Select } from 'antd'
import { type ObjectionRow, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { OBJECTION_STATES } from '../../../../src/capabilities/objections/states.ts'
import { GROUND_WORDS, STATE_WORDS } from '../../../../src/capabilities/objections/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ObjectionsNav } from './nav.tsx'
import { Clock, StateTag } from './parts.tsx'

const W = {
  title: { zh: '我的异议', en: 'My objections' },
  atWindow: { zh: '异议（窗口代办）', en: 'Objections at the window' },
  intro: {
    zh: '认为公示的信息有误、遗漏、重复、不应公示或者超期的，以及对不予受理、不予修复决定不服的，可以提出异议。不收取任何费用。',
    en: 'Object where something shown is wrong, incomplete, shown twice, not to be shown or shown for too long, or where a repair was not accepted or refused. It is free of charge.',
  },
  begin: { zh: '提出异议', en: 'Object' },
  state: { zh: '状态', en: 'State' },
  all: { zh: '全部状态', en: 'All states' },
  doc: { zh: '信息', en: 'Record' },
  ground: { zh: '异议情形', en: 'Ground' },
  subject: { zh: '主体', en: 'Subject' },
  due: { zh: '办理期限', en: 'Due' },
  submitted: { zh: '提交日期', en: 'Submitted' },
  no: { zh: '编号', en: 'No.' },
  draft: { zh: '未提交', en: 'Not submitted' },
  empty: {
    zh: '没有异议。需要提出异议的，请点击“提出异议”，选择有关信息。',
    en: 'There are no objections. Press “Object” and choose the record to begin one.',
  },
  nobody: {
    zh: '您还没有代表任何主体办理的授权，请携带授权材料到综合窗口登记。',
    en: 'You hold no mandate for a subject yet; have it registered at the window.',
  },
} as const satisfies Record<string, Words>

export const MyObjections = () => {
  const { t, lang } = useLanguage()
  const { person, has } = useSession()
  const navigate = useNavigate()
  const { search, go, filter } = useListSearch()
  const state = OBJECTION_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listObjections, { after: search.after, state }, { every: 30_000 })
  const window = has('window_clerk')
  const columns: Column<ObjectionRow>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (r) => (
        <Link to="/objections/$subject/$id" params={{ subject: r.subjectId, id: r.id }} search={{}}>
          {t(r.itemName)} · {r.docNo}
        </Link>
      ),
    },
    { key: 'ground', title: W.ground, render: (r) => t(GROUND_WORDS[r.ground]) },
    { key: 'subject', title: W.subject, render: (r) => r.subjectName },
    { key: 'state', title: W.state, short: true, render: (r) => <StateTag row={r} /> },
    { key: 'due', title: W.due, render: (r) => (r.clock ? <Clock clock={r.clock} brief /> : '—') },
    { key: 'submitted', title: W.submitted, short: true, render: (r) => dayWords(r.submittedOn, lang) },
    { key: 'no', title: W.no, short: true, render: (r) => <span>{r.no ?? t(W.draft)}</span> },
  ]
  const title = window ? W.atWindow : W.title
  return (
    <>
      <h1>{t(title)}</h1>
      <ObjectionsNav />
      <p>{t(W.intro)}</p>
      {!window && !person?.subjectIds.length ? (
        <Alert type="info" showIcon title={t(W.nobody)} />
      ) : (
        <>
          <Flex gap={8} wrap justify="space-between" style={{ marginBottom: 12 }}>
            <Select
              aria-label={t(W.state)}
              style={{ minWidth: 180 }}
              value={state ?? ''}
              onChange={(v: string) => filter({ state: v })}
              options={[
                { value: '', label: t(W.all) },
                ...OBJECTION_STATES.map((s) => ({ value: s as string, label: t(STATE_WORDS[s]) })),
              ]}
            />
            <Button type="primary" onClick={() => void navigate({ to: '/objections/new', search: {} })}>
              {t(W.begin)}
            </Button>
          </Flex>
          <KeyedList
            query={query}
            name={title}
            empty={W.empty}
            columns={columns}
            rowKey={(r) => r.id}
            after={search.after}
            go={go}
          />
        </>
      )}
    </>
  )
}
