import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Flex, Progress } from 'antd'
import { type ChangeView, type PreviewRow, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { FIGURE_SENTENCES, FIGURE_WORDS, PASS_WORDS } from '../../../../src/capabilities/policies/words.ts'
import { CHANNEL_WORDS } from '../../../../src/capabilities/records/words.ts'
import { versionWords } from '../../../../src/kernel/policy-words.ts'
import { FIGURES } from '../../../../src/kernel/window-change.ts'
import { classWords } from '../../../../src/kernel/window.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, lastDayShown } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed } from '../../ui/states.tsx'

const W = {
  none: { zh: '已归集的{n}条信息中，没有信息的公示期发生变化。', en: 'No window changes among {n} held records.' },
  unconcerned: { zh: '这项变更不影响已归集信息的公示期。', en: 'No window of what is held hangs on this change.' },
  looked: { zh: '已核对{n}条信息，施行日期{day}。', en: '{n} records looked at, for {day}.' },
  running: { zh: '正在核对已归集的信息（{checked} / {total}）', en: 'Looking at what is held ({checked} of {total})' },
  stop: { zh: '停止预览', en: 'Stop' },
  again: { zh: '重新预览', en: 'Preview again' },
  stopped: { zh: '预览已停止（已核对{checked}条）。', en: 'The preview was stopped after {checked} records.' },
  by: { zh: '按单位和事项', en: 'By authority and item' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  count: { zh: '条数', en: 'Records' },
  rows: { zh: '所影响的信息：{figure}', en: 'Records: {figure}' },
  rowsName: { zh: '所影响的信息', en: 'Records' },
  subject: { zh: '主体', en: 'Subject' },
  doc: { zh: '文号', en: 'Number' },
  day: { zh: '决定日期', en: 'Decided' },
  before: { zh: '现行规则', en: 'Before' },
  after: { zh: '变更后', en: 'After' },
  empty: { zh: '没有这类信息。', en: 'No such record.' },
  hidden: { zh: '不予公示', en: 'not shown' },
  until: { zh: '公示至{day}', en: 'shown through {day}' },
  noEnd: { zh: '公示，未设最长期限', en: 'shown, without a longest period' },
  repair: { zh: '{day}起可以申请修复', en: 'repairable from {day}' },
  noRepair: { zh: '不可申请修复', en: 'not repairable' },
  applied: { zh: '施行结果', en: 'What was done' },
  waits: { zh: '自{day}起施行，届时重新计算公示期。', en: 'In force from {day}; windows are then computed anew.' },
  done: { zh: '已核对{n}条信息，完成重新计算。', en: '{n} records looked at; windows are as the rules have them.' },
  all: { zh: '全部单位', en: 'Every authority' },
} as const satisfies Record<string, Words>

type Pass = ChangeView['preview']
const Figures = ({ pass, linked }: { pass: Pass; linked: boolean }) => {
  const { t } = useLanguage()
  const told = pass.figures.filter((f) => f.n > 0)
  return (
    <ul>
      {told.map(({ figure, n }) => {
        const words = t(FIGURE_SENTENCES[figure], { n: n.toLocaleString() })
        return (
          <li key={figure}>
            {linked ? (
              <Link to="." search={{ field: figure }}>
                {words}
              </Link>
            ) : (
              words
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** What the change would do, in figures that open to their records. */
export const Impact = ({ change: p }: { change: ChangeView }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const act = useAct(endpoints.previewChange)
  const { preview } = p
  const office = has('credit_office')
  const open = p.state === 'draft' || p.state === 'proposed'
  const going = preview.state === 'waiting' || preview.state === 'running'
  const n = preview.checked.toLocaleString()
  const any = preview.figures.some((f) => f.n > 0)
  return (
    <>
      {going && (
        <>
          <output>
            {t(PASS_WORDS[preview.state])}
            {' · '}
            {t(W.running, { checked: n, total: preview.total.toLocaleString() })}
          </output>
          <Progress
            percent={preview.total ? Math.floor((preview.checked * 100) / preview.total) : 0}
            aria-label={t(PASS_WORDS[preview.state])}
          />
        </>
      )}
      {preview.state === 'cancelled' && <Alert type="warning" showIcon title={t(W.stopped, { checked: n })} />}
      {preview.state === 'done' && !any && (
        <Alert type="success" showIcon title={preview.checked ? t(W.none, { n }) : t(W.unconcerned)} />
      )}
      {preview.state === 'done' && any && (
        <p className="xh-quiet">{t(W.looked, { n, day: dayWords(p.effectiveFrom, lang) })}</p>
      )}
      {any && <Figures pass={preview} linked={office && preview.state === 'done'} />}
      {office && open && (
        <Flex gap={8} style={{ marginTop: 12 }}>
          <Button loading={act.isPending} onClick={() => act.mutate({ id: p.id, seen: p.version, stop: going })}>
            {t(going ? W.stop : W.again)}
          </Button>
        </Flex>
      )}
      {act.error && <Failed problem={act.error} />}
    </>
  )
}

/** What became of it on its day. */
export const Applied = ({ change: p }: { change: ChangeView }) => {
  const { t, lang } = useLanguage()
  const pass = p.application
  if (!pass) return null
  return (
    <Card style={{ marginBottom: 16 }}>
      <h2>{t(W.applied)}</h2>
      {!p.inForce && <p>{t(W.waits, { day: dayWords(p.effectiveFrom, lang) })}</p>}
      {p.inForce && pass.state !== 'done' && (
        <output>
          {t(PASS_WORDS[pass.state])}
          {' · '}
          {t(W.running, { checked: pass.checked.toLocaleString(), total: pass.total.toLocaleString() })}
        </output>
      )}
      {pass.state === 'done' && <p>{t(W.done, { n: pass.checked.toLocaleString() })}</p>}
      <Figures pass={pass} linked={false} />
    </Card>
  )
}

type Side = PreviewRow['changes'][number]['before']
const useSide = () => {
  const { t, lang } = useLanguage()
  return (s: Side): string => {
    const span = s.from ? (s.until ? t(W.until, { day: lastDayShown(s.until, lang) }) : t(W.noEnd)) : t(W.hidden)
    const repair = s.earliest ? t(W.repair, { day: dayWords(s.earliest, lang) }) : t(W.noRepair)
    return [t(classWords(s.class)), span, repair].join(lang === 'zh' ? '，' : ', ')
  }
}

type Count = { authorityId: string; authorityName: string; item: string; itemName: Words; n: number }
const PAGE = 20

/** The records behind a figure, and the figure by authority and item. */
export const FigureRows = ({ change: p }: { change: ChangeView }) => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const side = useSide()
  const figure = FIGURES.find((f) => f === search.field) ?? 'changed'
  const counts = useApi(endpoints.listFigureCounts, { id: p.id, figure, limit: 200 })
  const query = useApi(endpoints.listFigureRows, {
    id: p.id,
    figure,
    authority: search.authority,
    item: search.item,
    after: search.after,
    limit: PAGE,
  })
  if (!p.preview.figures.some((f) => f.n > 0) || p.preview.state !== 'done') return null
  const countColumns: Column<Count>[] = [
    {
      key: 'authority',
      title: W.authority,
      lead: true,
      render: (c) => <span lang={lang === 'en' ? 'zh-CN' : undefined}>{c.authorityName}</span>,
    },
    { key: 'item', title: W.item, render: (c) => t(c.itemName) },
    {
      key: 'count',
      title: W.count,
      short: true,
      render: (c) => (
        <Link to="." search={{ field: figure, authority: c.authorityId, item: c.item }}>
          {c.n.toLocaleString()}
        </Link>
      ),
    },
  ]
  const both = (r: PreviewRow, which: 'before' | 'after') => (
    <ul className="xh-plain">
      {r.changes.map((c) => (
        <li key={c.channel}>
          {t(CHANNEL_WORDS[c.channel])}
          {lang === 'zh' ? '：' : ': '}
          {side(c[which])}
          <div className="xh-quiet">{t(versionWords(c[which].version))}</div>
        </li>
      ))}
    </ul>
  )
  const columns: Column<PreviewRow>[] = [
    {
      key: 'subject',
      title: W.subject,
      lead: true,
      render: (r) => <span lang={lang === 'en' ? 'zh-CN' : undefined}>{r.subjectName}</span>,
    },
    {
      key: 'doc',
      title: W.doc,
      render: (r) => (
        <>
          <span lang={lang === 'en' ? 'zh-CN' : undefined}>{r.docNo}</span>
          <div className="xh-quiet">{t(r.itemName)}</div>
        </>
      ),
    },
    { key: 'day', title: W.day, short: true, render: (r) => dayWords(r.decidedOn, lang) },
    { key: 'before', title: W.before, render: (r) => both(r, 'before') },
    { key: 'after', title: W.after, render: (r) => both(r, 'after') },
  ]
  return (
    <>
      <Card style={{ marginBottom: 16 }}>
        <h2>
          {t(W.by)}
          {lang === 'zh' ? '：' : ': '}
          {t(FIGURE_WORDS[figure])}
        </h2>
        <KeyedList
          query={counts}
          name={W.by}
          empty={W.empty}
          columns={countColumns}
          rowKey={(c) => `${c.authorityId}${c.item}`}
          after={undefined}
          go={() => undefined}
        />
      </Card>
      <Card style={{ marginBottom: 16 }}>
        <h2>{t(W.rows, { figure: t(FIGURE_WORDS[figure]) })}</h2>
        {search.authority && (
          <p>
            <Button onClick={() => filter({ authority: undefined, item: undefined })}>{t(W.all)}</Button>
          </p>
        )}
        <KeyedList
          query={query}
          name={W.rowsName}
          empty={W.empty}
          columns={columns}
          rowKey={(r) => String(r.n)}
          after={search.after}
          go={go}
        />
      </Card>
    </>
  )
}
