import { Link, useParams } from '@tanstack/react-router'
import { Button, Card, Descriptions, Flex, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { type SampleDetail, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import {
  FOUND,
  FOUND_WORDS,
  type Found,
  SAMPLE_ACTION_WORDS,
  type SampleAction,
} from '../../../../src/capabilities/timeliness/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed, Shown } from '../../ui/states.tsx'
import { SampleStateTag } from './samples.tsx'

const W = {
  title: { zh: '瞒报抽查', en: 'Spot check' },
  back: { zh: '返回抽查列表', en: 'All spot checks' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '信息类别', en: 'Item' },
  list: { zh: '决定清单', en: 'List' },
  hash: { zh: '清单校验值', en: 'Digest of the list' },
  drawn: { zh: '抽取', en: 'Drawn' },
  drawnOf: { zh: '{at}，从 {population} 条中抽取 {size} 条', en: '{at}, {size} of {population} rows' },
  seed: { zh: '随机种子', en: 'Seed' },
  how: {
    zh: '将“种子＋换行＋规范化文书号”取 SHA-256，按结果排序取前 {size} 条。',
    en: 'Sorted by SHA-256 of the seed, a line break and the normalised number; the first {size} are taken.',
  },
  result: { zh: '结果', en: 'Result' },
  resultIs: {
    zh: '已核对 {marked} 条，其中未报送未公示 {neither} 条',
    en: '{marked} checked, {neither} neither reported nor published',
  },
  answer: { zh: '单位回复', en: 'The authority’s answer' },
  outcome: { zh: '信用办意见', en: 'The credit office' },
  rows: { zh: '抽取的条目', en: 'Rows drawn' },
  n: { zh: '序号', en: 'No.' },
  docNo: { zh: '决定文书号', en: 'Decision number' },
  decided: { zh: '决定日期', en: 'Decided' },
  listN: { zh: '清单行号', en: 'Row of the list' },
  held: { zh: '平台记载', en: 'On the platform' },
  isHeld: { zh: '已报送', en: 'Held' },
  notHeld: { zh: '未查到', en: 'Not held' },
  found: { zh: '核对结果', en: 'Found' },
  foundOf: { zh: '第 {n} 条的核对结果', en: 'What was found of row {n}' },
  note: { zh: '核对依据', en: 'Checked against' },
  noteOf: { zh: '第 {n} 条的核对依据', en: 'What row {n} was checked against' },
  notYet: { zh: '未核对', en: 'Not checked' },
  save: { zh: '保存核对结果', en: 'Save the marks' },
  text: { zh: '内容（4 至 1000 字）', en: 'Text (4 to 1000 characters)' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

type Marks = Record<number, { found?: Found; note?: string }>
const TEXT_MIN = 4

const Rows = ({ sample, mayMark }: { sample: SampleDetail; mayMark: boolean }) => {
  const { t, lang } = useLanguage()
  const [marks, setMarks] = useState<Marks>({})
  const act = useAct(endpoints.markSampleRows, () => setMarks({}))
  const set = (n: number, change: Marks[number]) => setMarks((m) => ({ ...m, [n]: { ...m[n], ...change } }))
  type Row = SampleDetail['rows'][number]
  const foundOf = (r: Row): Found | null => marks[r.n]?.found ?? r.found
  const noteOf = (r: Row): string => marks[r.n]?.note ?? r.note
  const columns: Column<Row>[] = [
    { key: 'n', title: W.n, short: true, render: (r) => r.n },
    {
      key: 'docNo',
      title: W.docNo,
      lead: true,
      render: (r) => (
        <>
          {r.docNo}
          <div className="xh-quiet">{dayWords(r.decidedOn, lang)}</div>
        </>
      ),
    },
    { key: 'listN', title: W.listN, short: true, render: (r) => r.listN },
    { key: 'held', title: W.held, short: true, render: (r) => t(r.held ? W.isHeld : W.notHeld) },
    {
      key: 'found',
      title: W.found,
      render: (r) =>
        mayMark ? (
          <Select<Found>
            aria-label={t(W.foundOf, { n: r.n })}
            style={{ width: 200, maxWidth: '100%' }}
            placeholder={t(W.notYet)}
            value={foundOf(r)}
            onChange={(found) => set(r.n, { found })}
            options={FOUND.map((f) => ({ value: f, label: t(FOUND_WORDS[f]) }))}
          />
        ) : (
          t(r.found ? FOUND_WORDS[r.found] : W.notYet)
        ),
    },
    {
      key: 'note',
      title: W.note,
      render: (r) =>
        mayMark ? (
          <Input
            aria-label={t(W.noteOf, { n: r.n })}
            maxLength={500}
            value={noteOf(r)}
            onChange={(e) => set(r.n, { note: e.target.value })}
          />
        ) : (
          r.note || '—'
        ),
    },
  ]
  const changed = sample.rows.flatMap((r) => {
    const found = foundOf(r)
    return marks[r.n] && found ? [{ n: r.n, found, note: noteOf(r) }] : []
  })
  return (
    <>
      <KeyedTable name={W.rows} rows={sample.rows} columns={columns} rowKey={(r) => String(r.n)} />
      {mayMark && (
        <Button
          style={{ marginTop: 12 }}
          type="primary"
          loading={act.isPending}
          disabled={changed.length === 0}
          onClick={() => act.mutate({ id: sample.id, seen: sample.version, marks: changed })}
        >
          {t(W.save)}
        </Button>
      )}
      {act.error && <Failed problem={act.error} />}
    </>
  )
}

type Said = { close: never; answer: 'answer'; revise: 'outcome'; settle: 'outcome' }
const Act = ({ sample, action, done }: { sample: SampleDetail; action: keyof Said; done: () => void }) => {
  const { t } = useLanguage()
  const [text, setText] = useState('')
  const close = useAct(endpoints.closeSample, done)
  const answer = useAct(endpoints.answerSample, done)
  const revise = useAct(endpoints.reviseSample, done)
  const settle = useAct(endpoints.settleSample, done)
  const act = { close, answer, revise, settle }[action]
  const at = { id: sample.id, seen: sample.version }
  const silent = action === 'close'
  const send = () => {
    if (action === 'close') close.mutate(at)
    else if (action === 'answer') answer.mutate({ ...at, answer: text.trim() })
    else ({ revise, settle })[action].mutate({ ...at, outcome: text.trim() })
  }
  return (
    <Modal
      open
      onCancel={done}
      title={t(SAMPLE_ACTION_WORDS[action])}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(SAMPLE_ACTION_WORDS[action])}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending, disabled: !silent && text.trim().length < TEXT_MIN }}
      onOk={send}
    >
      {silent ? (
        <p>{t(W.resultIs, sample)}</p>
      ) : (
        <Form layout="vertical">
          <Form.Item label={t(W.text)} htmlFor="sample-text" required>
            <Input.TextArea
              id="sample-text"
              rows={4}
              maxLength={1000}
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
          </Form.Item>
        </Form>
      )}
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

export const Sample = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { id } = useParams({ strict: false }) as { id: string }
  const [acting, setActing] = useState<SampleAction | null>(null)
  const query = useApi(endpoints.getSample, { id })
  return (
    <>
      <p>
        <Link to="/timeliness" search={{ view: 'samples' } as never}>
          {t(W.back)}
        </Link>
      </p>
      <Shown query={query} heading={W.title}>
        {(sample) => (
          <Flex vertical gap={16}>
            <Flex justify="space-between" align="center" gap={12} wrap>
              <h1 style={{ margin: 0 }}>
                {t(W.title)} <SampleStateTag state={sample.state} />
              </h1>
              <Flex gap={8} wrap>
                {sample.actions.map((action) => (
                  <Button key={action} type="primary" onClick={() => setActing(action)}>
                    {t(SAMPLE_ACTION_WORDS[action])}
                  </Button>
                ))}
              </Flex>
            </Flex>
            <Card size="small">
              <Descriptions
                column={1}
                items={[
                  { key: 'authority', label: t(W.authority), children: sample.authorityName },
                  { key: 'item', label: t(W.item), children: t(sample.itemName) },
                  { key: 'list', label: t(W.list), children: sample.listName },
                  { key: 'hash', label: t(W.hash), children: <code>{sample.listHash}</code> },
                  {
                    key: 'drawn',
                    label: t(W.drawn),
                    children: t(W.drawnOf, { ...sample, at: instantWords(sample.drawnAt, lang) }),
                  },
                  {
                    key: 'seed',
                    label: t(W.seed),
                    children: (
                      <div>
                        <code>{sample.seed}</code>
                        <div className="xh-quiet">{t(W.how, sample)}</div>
                      </div>
                    ),
                  },
                  { key: 'result', label: t(W.result), children: t(W.resultIs, sample) },
                  ...(sample.answer ? [{ key: 'answer', label: t(W.answer), children: sample.answer }] : []),
                  ...(sample.outcome ? [{ key: 'outcome', label: t(W.outcome), children: sample.outcome }] : []),
                ]}
              />
            </Card>
            <Card size="small">
              <h2>{t(W.rows)}</h2>
              <Rows sample={sample} mayMark={sample.state === 'open' && has('credit_office')} />
            </Card>
            {acting && <Act sample={sample} action={acting} done={() => setActing(null)} />}
          </Flex>
        )}
      </Shown>
    </>
  )
}
