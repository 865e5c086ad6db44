import { InboxOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { Button, Card, Checkbox, Collapse, Flex, Form, Input, Progress, Radio, Upload } from 'antd'
import { useState } from 'react'
import { type AcceptedMends, type CheckRunView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, newKey, urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, bytesWords } from '../../ui/format.ts'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { type LeftOut, toggled } from './mends.tsx'
import { CheckOnItsWay } from './check-on-its-way.tsx'
import { Preflight, acceptedOf } from './preflight.tsx'
import { Receivers } from './receivers.tsx'

const W = {
  title: { zh: '上传报送文件', en: 'Hand in a file' },
  item: { zh: '报送事项', en: 'Item' },
  template: { zh: '下载标准表样', en: 'Download the standard form' },
  drop: { zh: '点击选择文件，或者将文件拖到此处', en: 'Choose a file, or drop it here' },
  kinds: {
    zh: '支持 .xlsx 和 .csv（UTF-8、GBK、GB18030、UTF-16）；表头可使用国家标准中文名称或者代码，顺序不限。',
    en: '.xlsx and .csv (UTF-8, GBK, GB18030, UTF-16); headings in Chinese or as national codes, in any order.',
  },
  mapping: { zh: '表格与标准表样不一致？填写对应关系', en: 'Your table differs from the form? Say how to read it' },
  mappingHint: {
    zh: '“columns:”下逐行填写“表头: 字段”，“constants:”下填写各行相同的值。填写后本单位再报送同样的表格时自动沿用。',
    en: 'Under “columns:” one “heading: field” a line, under “constants:” values that are the same in each row. It is remembered for your authority.',
  },
  backfill: { zh: '这是历史数据补报', en: 'This is history that was never reported' },
  check: { zh: '先预检（不入库）', en: 'Preflight (nothing is taken in)' },
  checkAgain: { zh: '重新预检', en: 'Preflight again' },
  send: { zh: '上传', en: 'Hand in' },
  sendMended: { zh: '采纳 {n} 处建议并上传', en: 'Accept what is proposed ({n}) and hand in' },
  sendAsIs: { zh: '不采纳，按原文件上传', en: 'Hand in without the proposals' },
  uploading: { zh: '正在上传', en: 'Uploading' },
  none: {
    zh: '本单位的权责清单中没有需要报送的事项，请联系系统管理员核对。',
    en: 'Your authority has no items to report; ask the administrator.',
  },
  need: { zh: '请选择文件', en: 'Choose a file' },
} as const satisfies Record<string, Words>

const isUnderWay = (run: CheckRunView): boolean => run.state === 'waiting' || run.state === 'running'

export const HandIn = () => {
  const { t, lang } = useLanguage()
  const { search } = useListSearch()
  const navigate = useNavigate()
  const catalog = useApi(endpoints.catalog, {})
  const [item, setItem] = useState<string | undefined>(search.item)
  const [file, setFile] = useState<File | null>(null)
  const [mappingText, setMapping] = useState('')
  const [backfill, setBackfill] = useState(false)
  const [part, setPart] = useState<number | null>(null)
  const [left, setLeft] = useState<LeftOut>(new Set())
  // One key a chosen file: pressing twice, or again after the line dropped, hands it in once.
  const [key, setKey] = useState(newKey)
  const [checkId, setCheckId] = useState<string | null>(null)
  const begin = useMutation<CheckRunView, ApiProblem, { item: string; file: File }>({
    mutationFn: (v) =>
      call(endpoints.checkFile, { ...v, ...(mappingText ? { mappingText } : {}) }, { onProgress: setPart }),
    onSettled: () => setPart(null),
    onSuccess: (run) => {
      setLeft(new Set())
      setCheckId(run.id)
    },
  })
  const check = useApi(
    endpoints.getCheck,
    { id: checkId ?? '' },
    { enabled: checkId !== null, every: (run) => (run && isUnderWay(run) ? 500 : false) },
  )
  const run = checkId !== null && check.data?.id === checkId ? check.data : null
  const checking = begin.isPending || (checkId !== null && (run ? isUnderWay(run) : !check.isError))
  const cancel = useMutation<CheckRunView, ApiProblem, string>({
    mutationFn: (id) => call(endpoints.cancelCheck, { id }),
    onSettled: () => void check.refetch(),
  })
  const send = useMutation({
    mutationFn: ({ accepted, ...v }: { item: string; file: File; accepted: AcceptedMends | null }) =>
      call(
        endpoints.submitFile,
        {
          ...v,
          ...(accepted ? { mending: JSON.stringify(accepted) } : {}),
          ...(mappingText ? { mappingText } : {}),
          ...(search.subject ? { corrects: search.subject } : {}),
          backfill: backfill ? 'yes' : 'no',
        },
        { onProgress: setPart, idempotencyKey: accepted ? `${key}-mended` : key },
      ),
    onSettled: () => setPart(null),
    onSuccess: (s) => void navigate({ to: '/submissions/$id', params: { id: s.id } }),
  })
  // Whatever is chosen anew asks for another preflight and is another submission.
  const anew = () => {
    setKey(newKey())
    if (checkId !== null && checking) cancel.mutate(checkId)
    setCheckId(null)
    begin.reset()
    send.reset()
  }
  const found = run?.result ?? null
  const accepted = found && found.proposals > 0 ? acceptedOf(found, left) : null
  const count = found ? found.proposals - left.size : 0
  const problem = (send.error ??
    begin.error ??
    cancel.error ??
    (checkId !== null && !run ? check.error : null)) as ApiProblem | null
  return (
    <>
      <h1>{t(W.title)}</h1>
      <Shown query={catalog} isEmpty={(d) => !d.items.some((i) => i.mayReport)} empty={<Nothing why={W.none} />}>
        {(data) => {
          const items = data.items.filter((i) => i.mayReport)
          const chosen = item ?? items[0]!.code
          return (
            <Card>
              <Form layout="vertical">
                <Form.Item label={t(W.item)} htmlFor="item">
                  <Radio.Group
                    id="item"
                    value={chosen}
                    onChange={(e) => {
                      setItem(String(e.target.value))
                      anew()
                    }}
                    options={items.map((i) => ({ value: i.code, label: t(i.name) }))}
                  />
                  <div style={{ marginTop: 8 }}>
                    <a href={urlOf(endpoints.template, { item: chosen })}>{t(W.template)}</a>
                  </div>
                </Form.Item>
                <Upload.Dragger
                  accept=".xlsx,.csv,.txt,.xls"
                  maxCount={1}
                  showUploadList={false}
                  beforeUpload={(f) => {
                    setFile(f)
                    anew()
                    return false
                  }}
                >
                  <p>
                    <InboxOutlined style={{ fontSize: 32, color: '#0b4a8f' }} aria-hidden />
                  </p>
                  <p>{file ? `${file.name}${bracketed(bytesWords(file.size), lang)}` : t(W.drop)}</p>
                  <p style={{ color: '#4a5568' }}>{t(W.kinds)}</p>
                </Upload.Dragger>
                <Collapse
                  ghost
                  style={{ marginTop: 8 }}
                  items={[
                    {
                      key: 'mapping',
                      label: t(W.mapping),
                      children: (
                        <>
                          <label htmlFor="mapping">{t(W.mappingHint)}</label>
                          <Input.TextArea
                            id="mapping"
                            rows={6}
                            value={mappingText}
                            onChange={(e) => {
                              setMapping(e.target.value)
                              anew()
                            }}
                            style={{ marginTop: 8 }}
                          />
                        </>
                      ),
                    },
                  ]}
                />
                <Checkbox checked={backfill} onChange={(e) => setBackfill(e.target.checked)}>
                  {t(W.backfill)}
                </Checkbox>
                {part !== null && <Progress percent={Math.round(part * 100)} aria-label={t(W.uploading)} />}
                {problem && (
                  <div style={{ marginTop: 12 }}>
                    <Failed problem={problem} />
                  </div>
                )}
                {found && (
                  <Preflight
                    view={found}
                    left={left}
                    onToggle={(mend) => {
                      setLeft((now) => toggled(now, mend))
                      setKey(newKey())
                    }}
                  />
                )}
                {run && !found && (
                  <CheckOnItsWay run={run} cancelling={cancel.isPending} cancel={() => cancel.mutate(run.id)} />
                )}
                <Flex gap={12} wrap style={{ marginTop: 16 }}>
                  {/* It stays where it is: whoever pressed it by keyboard is not thrown back to the top. */}
                  <Button
                    disabled={!file || send.isPending}
                    loading={checking}
                    onClick={() => {
                      if (!file) return
                      setCheckId(null)
                      begin.mutate({ item: chosen, file })
                    }}
                  >
                    {t(found ? W.checkAgain : W.check)}
                  </Button>
                  {accepted && (
                    <Button
                      type="primary"
                      loading={send.isPending}
                      onClick={() => file && send.mutate({ item: chosen, file, accepted })}
                    >
                      {t(W.sendMended, { n: count })}
                    </Button>
                  )}
                  <Button
                    type={accepted ? 'default' : 'primary'}
                    disabled={!file || checking || (accepted !== null && send.isPending)}
                    loading={!accepted && send.isPending}
                    onClick={() => file && send.mutate({ item: chosen, file, accepted: null })}
                  >
                    {t(accepted ? W.sendAsIs : W.send)}
                  </Button>
                  {!file && <span style={{ alignSelf: 'center', color: '#4a5568' }}>{t(W.need)}</span>}
                </Flex>
              </Form>
              <Receivers item={chosen} />
            </Card>
          )
        }}
      </Shown>
    </>
  )
}
