import { Alert, Button, Checkbox, Descriptions, Drawer, Flex, Form, Input, Segmented, Tag } from 'antd'
import { useState } from 'react'
import { type LookView, type TakedownView, endpoints } from '../../../../src/capabilities/results/contract.ts'
import {
  LOOK_OUTCOME_WORDS,
  LOOK_REASON_WORDS,
  TAKEDOWN_STATE_WORDS,
} from '../../../../src/capabilities/results/words.ts'
import { TAKEDOWN_ACTION_WORDS } from '../../../../src/capabilities/results/states.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'

const W = {
  name: { zh: '应当撤下的信息', en: 'To be taken down' },
  choose: { zh: '选择', en: 'Choose' },
  chooseOne: { zh: '选择“{doc}”', en: 'Choose {doc}' },
  doc: { zh: '决定书文号', en: 'Document' },
  openOne: { zh: '查看“{doc}”', en: 'Open {doc}' },
  authority: { zh: '单位', en: 'Authority' },
  due: { zh: '应撤下日期', en: 'Due' },
  state: { zh: '状态', en: 'State' },
  seen: { zh: '最近核对', en: 'Last look' },
  never: { zh: '尚未核对', en: 'Not yet' },
  late: { zh: '逾期', en: 'Late' },
  view: { zh: '范围', en: 'Which' },
  views: {
    open: { zh: '待撤下', en: 'To do' },
    late: { zh: '逾期', en: 'Late' },
    to_look: { zh: '待核对', en: 'To be looked at' },
    done: { zh: '已完成', en: 'Done' },
    all: { zh: '全部', en: 'All' },
  },
  confirm: { zh: '确认已撤下（{n}条）', en: 'Confirm {n} as taken down' },
  declare: { zh: '未曾公示（{n}条）', en: 'Say that {n} were never shown' },
  pick: { zh: '请先勾选已处理的信息。', en: 'Tick what you have dealt with.' },
  page: { zh: '原公示网页的地址', en: 'Address of the page on which they stood' },
  pageHint: {
    zh: '平台将访问该网页，核对是否还有该文号和主体名称。',
    en: 'The platform looks at the page for the document number and the name.',
  },
  note: { zh: '说明', en: 'Note' },
  notShown: { zh: '说明（4 至 500 字）', en: 'Why (at least 4 characters)' },
  send: { zh: '提交', en: 'Send' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  subject: { zh: '信用主体', en: 'Subject' },
  set: { zh: '结果日期', en: 'Set of' },
  confirmed: { zh: '单位确认', en: 'Confirmed by the authority' },
  next: { zh: '下次核对', en: 'Looked at again' },
  byHand: { zh: '请信用办人工查看', en: 'A person of the credit office looks' },
  looks: { zh: '核对记录', en: 'Looks' },
  noLooks: { zh: '还没有核对记录。', en: 'Nobody has looked yet.' },
  status: { zh: 'HTTP 状态 {status}', en: 'HTTP status {status}' },
  digest: { zh: '网页摘要', en: 'Digest of the page' },
  look: { zh: '立即核对', en: 'Look now' },
  gone: { zh: '人工查看：已撤下', en: 'Seen: it is down' },
  there: { zh: '人工查看：仍在公示', en: 'Seen: still there' },
  emptyOpen: {
    zh: '没有待撤下的信息。修复结果发布后，本单位作出的处罚等信息会列在这里。',
    en: 'Nothing to take down. After a set is out, your own records that were repaired stand here.',
  },
  empty: { zh: '没有符合的信息。', en: 'Nothing matches.' },
} as const
const VIEWS = ['open', 'late', 'to_look', 'done', 'all'] as const
type View = (typeof VIEWS)[number]
const COLOURS: Record<TakedownView['state'], string> = {
  open: 'gold',
  confirmed: 'blue',
  not_shown: 'default',
  verified: 'green',
  returned: 'red',
  void: 'default',
}
const NOTE_MIN = 4

const State = ({ of }: { of: TakedownView }) => {
  const { t } = useLanguage()
  return (
    <>
      <Tag color={COLOURS[of.state]}>{t(TAKEDOWN_STATE_WORDS[of.state])}</Tag>
      {of.late && <Tag color="red">{t(W.late)}</Tag>}
    </>
  )
}

const ofAll = (chosen: TakedownView[]) => chosen.map((c) => ({ subjectId: c.subjectId, id: c.id, seen: c.version }))
const Confirm = ({ chosen, done }: { chosen: TakedownView[]; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.confirmTakedowns, done)
  const [page, setPage] = useState(chosen.find((c) => c.page)?.page ?? '')
  return (
    <AskReason
      id="takedown-note"
      title={t(W.confirm, { n: chosen.length })}
      ok={W.send}
      label={W.note}
      least={0}
      ready={page.trim() !== ''}
      act={act}
      send={(note) => act.mutate({ takedowns: ofAll(chosen), page: page.trim(), note })}
      done={done}
    >
      <Form layout="vertical">
        <Form.Item label={t(W.page)} htmlFor="takedown-page" extra={t(W.pageHint)} required>
          <Input
            id="takedown-page"
            inputMode="url"
            maxLength={2000}
            placeholder="https://"
            value={page}
            onChange={(e) => setPage(e.target.value)}
          />
        </Form.Item>
      </Form>
    </AskReason>
  )
}

const Declare = ({ chosen, done }: { chosen: TakedownView[]; done: () => void }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.declareNotShown, done)
  return (
    <AskReason
      id="not-shown"
      title={t(W.declare, { n: chosen.length })}
      ok={W.send}
      label={W.notShown}
      least={NOTE_MIN}
      act={act}
      send={(note) => act.mutate({ takedowns: ofAll(chosen), note })}
      done={done}
    />
  )
}

const Look = ({ look }: { look: LookView }) => {
  const { t, lang } = useLanguage()
  return (
    <li style={{ marginBottom: 8 }}>
      <Tag color={look.outcome === 'gone' ? 'green' : look.outcome === 'still_there' ? 'red' : 'default'}>
        {t(LOOK_OUTCOME_WORDS[look.outcome])}
      </Tag>
      {instantWords(look.at, lang)}
      <div>{t(LOOK_REASON_WORDS[look.reason])}</div>
      <div className="xh-quiet" style={{ wordBreak: 'break-all' }}>
        <code>{look.reached ?? look.page}</code>
        {look.status !== null && <div>{t(W.status, { status: look.status })}</div>}
        {look.hash && (
          <div>
            {t(W.digest)} <code>{look.hash}</code>
          </div>
        )}
      </div>
    </li>
  )
}

const One = ({ of, close }: { of: TakedownView; close: () => void }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const key = { subject: of.subjectId, id: of.id }
  const query = useApi(endpoints.getTakedown, key)
  const look = useAct(endpoints.lookNow)
  const judge = useAct(endpoints.judgeTakedown)
  const [note, setNote] = useState('')
  return (
    <Drawer open onClose={close} size="min(560px, 100vw)" title={of.docNo} closable={{ 'aria-label': t(W.close) }}>
      <Shown query={query}>
        {(now) => (
          <Flex vertical gap={16}>
            <Descriptions
              size="small"
              column={1}
              items={[
                { key: 's', label: t(W.state), children: <State of={now} /> },
                { key: 'n', label: t(W.subject), children: now.subjectName },
                { key: 'a', label: t(W.authority), children: now.authority.name },
                { key: 'd', label: t(W.set), children: dayWords(now.day, lang) },
                { key: 'u', label: t(W.due), children: dayWords(now.dueOn, lang) },
                ...(now.confirmedAt
                  ? [
                      {
                        key: 'c',
                        label: t(W.confirmed),
                        children: (
                          <div style={{ wordBreak: 'break-all' }}>
                            {instantWords(now.confirmedAt, lang)}
                            {now.page && <code>{now.page}</code>}
                            {now.note && <div>{now.note}</div>}
                          </div>
                        ),
                      },
                    ]
                  : []),
                ...(now.state === 'confirmed'
                  ? [
                      {
                        key: 'x',
                        label: t(W.next),
                        children: now.nextLookAt ? instantWords(now.nextLookAt, lang) : t(W.byHand),
                      },
                    ]
                  : []),
              ]}
            />
            {now.state === 'confirmed' && !has('auditor') && (
              <div>
                <Button loading={look.isPending} onClick={() => look.mutate(key)}>
                  {t(W.look)}
                </Button>
              </div>
            )}
            {look.error && <Failed problem={look.error} />}
            {(now.actions.includes('find_gone') || now.actions.includes('find_there')) && (
              <Form layout="vertical">
                <Form.Item label={t(W.notShown)} htmlFor="judge-note">
                  <Input.TextArea
                    id="judge-note"
                    rows={2}
                    maxLength={500}
                    value={note}
                    onChange={(e) => setNote(e.target.value)}
                  />
                </Form.Item>
                <Flex gap={8} wrap>
                  {(['gone', 'still_there'] as const)
                    .filter((o) => now.actions.includes(o === 'gone' ? 'find_gone' : 'find_there'))
                    .map((outcome) => (
                      <Button
                        key={outcome}
                        danger={outcome === 'still_there'}
                        loading={judge.isPending}
                        disabled={note.trim().length < NOTE_MIN}
                        onClick={() => judge.mutate({ ...key, outcome, note: note.trim(), seen: now.version })}
                      >
                        {t(outcome === 'gone' ? W.gone : W.there)}
                      </Button>
                    ))}
                </Flex>
              </Form>
            )}
            {judge.error && <Failed problem={judge.error} />}
            <div>
              <h2>{t(W.looks)}</h2>
              {now.looks.length ? (
                <ul style={{ paddingInlineStart: 0, listStyle: 'none' }}>
                  {now.looks.map((l) => (
                    <Look key={l.id} look={l} />
                  ))}
                </ul>
              ) : (
                <p>{t(W.noLooks)}</p>
              )}
            </div>
          </Flex>
        )}
      </Shown>
    </Drawer>
  )
}

/** What an authority takes off its own page; for the credit office, everybody's. */
export const Takedowns = ({ own }: { own: boolean }) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const fallback: View = own ? 'open' : 'to_look'
  const state = VIEWS.find((v) => v === search.state) ?? fallback
  const query = useApi(endpoints.listTakedowns, {
    view: state,
    after: search.after,
    ...(search.authority ? { authority: search.authority } : {}),
  })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<'confirm' | 'declare' | null>(null)
  const rows = query.data?.rows ?? []
  const picked = rows.filter((r) => chosen.has(r.id) && r.actions.includes('confirm'))
  const opened = rows.find((r) => r.id === search.record)
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const finish = () => {
    setAsking(null)
    setChosen(new Set())
  }
  const columns: Column<TakedownView>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (r) => (
        <>
          <Button
            type="link"
            style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }}
            aria-label={t(W.openOne, { doc: r.docNo })}
            onClick={() => filter({ record: r.id })}
          >
            {r.docNo}
          </Button>
          <div className="xh-quiet">{r.subjectName}</div>
        </>
      ),
    },
    ...(own ? [] : [{ key: 'authority', title: W.authority, render: (r: TakedownView) => r.authority.name }]),
    { key: 'due', title: W.due, short: true, render: (r) => dayWords(r.dueOn, lang) },
    { key: 'state', title: W.state, short: true, render: (r) => <State of={r} /> },
    {
      key: 'seen',
      title: W.seen,
      render: (r) =>
        r.outcome ? (
          <>
            {t(LOOK_OUTCOME_WORDS[r.outcome])}
            <div className="xh-quiet">{instantWords(r.checkedAt, lang)}</div>
          </>
        ) : (
          t(W.never)
        ),
    },
    ...(own
      ? [
          {
            key: 'choose',
            title: W.choose,
            short: true,
            render: (r: TakedownView) =>
              r.actions.includes('confirm') ? (
                <Checkbox
                  aria-label={t(W.chooseOne, { doc: r.docNo })}
                  checked={chosen.has(r.id)}
                  onChange={() => toggle(r.id)}
                />
              ) : (
                '—'
              ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
        <Segmented
          aria-label={t(W.view)}
          value={state}
          onChange={(to) => filter({ state: to })}
          options={VIEWS.map((v) => ({ value: v, label: t(W.views[v]) }))}
        />
        {own && (
          <>
            <Button type="primary" disabled={!picked.length} onClick={() => setAsking('confirm')}>
              {t(W.confirm, { n: picked.length })}
            </Button>
            <Button
              disabled={!picked.length || picked.some((r) => !r.actions.includes('declare'))}
              onClick={() => setAsking('declare')}
              title={t(TAKEDOWN_ACTION_WORDS.declare)}
            >
              {t(W.declare, { n: picked.length })}
            </Button>
          </>
        )}
      </Flex>
      {own && rows.length > 0 && !picked.length && (
        <Alert type="info" showIcon title={t(W.pick)} style={{ marginBottom: 12 }} />
      )}
      <KeyedList
        query={query}
        name={W.name}
        empty={own && state === 'open' ? W.emptyOpen : W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
      {asking === 'confirm' && <Confirm chosen={picked} done={finish} />}
      {asking === 'declare' && <Declare chosen={picked} done={finish} />}
      {opened && <One key={opened.id} of={opened} close={() => filter({ record: undefined })} />}
    </>
  )
}
