import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Card, Flex, Form, Input, InputNumber, Modal, Select, Tag, Upload } from 'antd'
import { useState } from 'react'
import { type ListView, type SampleView, endpoints } from '../../../../src/capabilities/timeliness/contract.ts'
import { SAMPLE_STATE_WORDS, type SampleState } from '../../../../src/capabilities/timeliness/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { AuthoritySelect, useItems } from '../access/choices.tsx'

const W = {
  lists: { zh: '决定清单', en: 'Lists of decisions' },
  listsHint: {
    zh: '上传单位自有的决定清单（含决定文书号、决定日期两列，CSV 或者 XLSX），平台逐条比对，已到期未报送的列入疑似漏报，并可从中抽查。',
    en: 'Upload the authority’s own list (decision number and day, CSV or XLSX). Each row is compared; what is due and not held becomes a finding, and spot checks are drawn from it.',
  },
  upload: { zh: '上传并比对', en: 'Upload and compare' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '信息类别', en: 'Item' },
  file: { zh: '清单文件', en: 'File' },
  days: { zh: '决定日期', en: 'Decided' },
  until: { zh: '{from}至{to}', en: '{from} to {to}' },
  compared: {
    zh: '共 {rows} 条：已报送 {held}，未到期 {notDue}，疑似漏报 {missing}',
    en: '{rows} rows: {held} held, {notDue} not yet due, {missing} missing',
  },
  uploadedAt: { zh: '上传时间', en: 'Uploaded' },
  byOffice: { zh: '信用办上传', en: 'by the credit office' },
  draw: { zh: '抽查', en: 'Draw' },
  drawOf: { zh: '从“{name}”中抽查', en: 'Draw from “{name}”' },
  size: { zh: '抽取条数', en: 'Rows' },
  seed: { zh: '随机种子', en: 'Seed' },
  seedHint: {
    zh: '可填写当众产生的数字或者文字（4 至 100 字）；不填由平台生成。凭清单和种子，任何人可以重新抽出相同的条目。',
    en: 'A number drawn in public, say; left empty, the platform makes one. With the list and the seed anyone draws the same rows again.',
  },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  samples: { zh: '抽查记录', en: 'Spot checks' },
  result: { zh: '结果', en: 'Result' },
  marked: { zh: '已核对 {marked} / {size}', en: '{marked} of {size} checked' },
  neither: { zh: '未报送未公示 {neither} 条', en: '{neither} neither reported nor published' },
  state: { zh: '状态', en: 'State' },
  drawnAt: { zh: '抽取时间', en: 'Drawn' },
  open: { zh: '查看', en: 'Open' },
  actions: { zh: '操作', en: 'Actions' },
  noLists: { zh: '还没有上传决定清单。', en: 'No list has been uploaded yet.' },
  noSamples: { zh: '还没有抽查记录。信用办从决定清单中抽取样本后列在这里。', en: 'There are no spot checks yet.' },
} as const satisfies Record<string, Words>

const STATE_COLORS: Record<SampleState, string> = { open: 'blue', closed: 'gold', answered: 'orange', settled: 'green' }
export const SampleStateTag = ({ state }: { state: SampleState }) => {
  const { t } = useLanguage()
  return <Tag color={STATE_COLORS[state]}>{t(SAMPLE_STATE_WORDS[state])}</Tag>
}

const UploadList = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  const client = useQueryClient()
  const items = useItems()
  const office = has('credit_office')
  const [authorityId, setAuthority] = useState<string | undefined>()
  const [item, setItem] = useState<string | undefined>()
  const upload = useMutation<ListView, ApiProblem, File>({
    mutationFn: (file) =>
      call(endpoints.uploadDecisionList, { item: item as string, file, ...(authorityId ? { authorityId } : {}) }),
    onSuccess: () => client.invalidateQueries(),
  })
  const ready = item !== undefined && (!office || authorityId !== undefined)
  return (
    <>
      <Flex gap={8} wrap align="center" style={{ marginBottom: 12 }}>
        {office && (
          <AuthoritySelect
            aria-label={t(W.authority)}
            style={{ flex: '1 1 240px', maxWidth: 420 }}
            clearable
            value={authorityId}
            onChange={setAuthority}
          />
        )}
        <Select<string>
          aria-label={t(W.item)}
          placeholder={t(W.item)}
          style={{ minWidth: 180 }}
          value={item ?? null}
          onChange={setItem}
          options={items.options}
        />
        <Upload
          showUploadList={false}
          accept=".csv,.xlsx"
          disabled={!ready || upload.isPending}
          beforeUpload={(file) => {
            upload.mutate(file)
            return false
          }}
        >
          <Button loading={upload.isPending} disabled={!ready}>
            {t(W.upload)}
          </Button>
        </Upload>
      </Flex>
      {upload.error && <Failed problem={upload.error} />}
    </>
  )
}

const DRAWN = 10
const Draw = ({ list, done }: { list: ListView; done: () => void }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [size, setSize] = useState(Math.min(DRAWN, list.rows))
  const [seed, setSeed] = useState('')
  const act = useAct(
    endpoints.drawSample,
    (made) => void navigate({ to: '/timeliness/samples/$id', params: { id: made.id } }),
  )
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.drawOf, { name: list.fileName })}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.draw)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => act.mutate({ listId: list.id, size, ...(seed.trim() ? { seed: seed.trim() } : {}) })}
    >
      <Form layout="vertical">
        <Form.Item label={t(W.size)} htmlFor="sample-size" required>
          <InputNumber
            id="sample-size"
            min={1}
            max={list.rows}
            precision={0}
            value={size}
            onChange={(v) => setSize(v ?? 1)}
          />
        </Form.Item>
        <Form.Item label={t(W.seed)} htmlFor="sample-seed" extra={t(W.seedHint)}>
          <Input id="sample-seed" maxLength={100} value={seed} onChange={(e) => setSeed(e.target.value)} />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const Lists = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search } = useListSearch()
  const [after, setAfter] = useState<string | undefined>()
  const [drawing, setDrawing] = useState<string | null>(null)
  const query = useApi(endpoints.listDecisionLists, {
    ...(search.authority ? { authorityId: search.authority } : {}),
    after,
    limit: 10,
  })
  const office = has('credit_office')
  const from = query.data?.rows.find((l) => l.id === drawing)
  const columns: Column<ListView>[] = [
    {
      key: 'file',
      title: W.file,
      lead: true,
      render: (l) => (
        <>
          {l.fileName}
          <div className="xh-quiet">{t(l.itemName)}</div>
        </>
      ),
    },
    ...(office ? [{ key: 'authority', title: W.authority, render: (l: ListView) => l.authorityName }] : []),
    {
      key: 'days',
      title: W.days,
      render: (l) => t(W.until, { from: dayWords(l.from, lang), to: dayWords(l.to, lang) }),
    },
    { key: 'result', title: W.result, render: (l) => t(W.compared, l) },
    {
      key: 'at',
      title: W.uploadedAt,
      render: (l) => (
        <>
          {instantWords(l.uploadedAt, lang)} {l.byOffice && <Tag>{t(W.byOffice)}</Tag>}
        </>
      ),
    },
    ...(office
      ? [
          {
            key: 'actions',
            title: W.actions,
            short: true,
            render: (l: ListView) => (
              <Button size="small" aria-label={t(W.drawOf, { name: l.fileName })} onClick={() => setDrawing(l.id)}>
                {t(W.draw)}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.noLists} />}>
        {(data) => (
          <KeyedTable
            name={W.lists}
            rows={data.rows}
            columns={columns}
            rowKey={(l) => l.id}
            after={after}
            next={data.next}
            go={setAfter}
          />
        )}
      </Shown>
      {from && <Draw list={from} done={() => setDrawing(null)} />}
    </>
  )
}

const Drawn = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listSamples, {
    ...(search.authority ? { authorityId: search.authority } : {}),
    after: search.after,
  })
  const columns: Column<SampleView>[] = [
    {
      key: 'name',
      title: W.file,
      lead: true,
      render: (s) => (
        <>
          <Link to="/timeliness/samples/$id" params={{ id: s.id }}>
            {s.listName}
          </Link>
          <div className="xh-quiet">{t(s.itemName)}</div>
        </>
      ),
    },
    ...(has('credit_office')
      ? [{ key: 'authority', title: W.authority, render: (s: SampleView) => s.authorityName }]
      : []),
    {
      key: 'result',
      title: W.result,
      render: (s) => (
        <>
          {t(W.marked, s)}
          <div>{t(W.neither, s)}</div>
        </>
      ),
    },
    { key: 'state', title: W.state, short: true, render: (s) => <SampleStateTag state={s.state} /> },
    { key: 'at', title: W.drawnAt, render: (s) => instantWords(s.drawnAt, lang) },
  ]
  return (
    <KeyedList
      query={query}
      name={W.samples}
      empty={W.noSamples}
      columns={columns}
      rowKey={(s) => s.id}
      after={search.after}
      go={go}
    />
  )
}

/** An authority's own lists of decisions, and the spot checks that are drawn from them. */
export const Samples = () => {
  const { t } = useLanguage()
  return (
    <Flex vertical gap={16}>
      <Card size="small">
        <h2>{t(W.samples)}</h2>
        <Drawn />
      </Card>
      <Card size="small">
        <h2>{t(W.lists)}</h2>
        <p className="xh-quiet">{t(W.listsHint)}</p>
        <UploadList />
        <Lists />
      </Card>
    </Flex>
  )
}
