import { InboxOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card, Checkbox, Collapse, Flex, Form, Input, Progress, Radio, Upload } from 'antd'
import { useState } from 'react'
import { type CheckView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, bytesWords } from '../../ui/format.ts'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { Problems } from './problems.tsx'

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
  check: { zh: '仅校验（不入库）', en: 'Check first (nothing is kept)' },
  send: { zh: '上传', en: 'Hand in' },
  uploading: { zh: '正在上传', en: 'Uploading' },
  checked: {
    zh: '校验结果：共 {received} 行，可入库 {accepted} 行，将退回 {refused} 行。',
    en: 'Of {received} rows, {accepted} would be accepted and {refused} returned.',
  },
  none: {
    zh: '本单位的权责清单中没有需要报送的事项，请联系系统管理员核对。',
    en: 'Your authority has no items to report; ask the administrator.',
  },
  need: { zh: '请选择文件', en: 'Choose a file' },
  noRows: {
    zh: '文件中没有数据行，请在表头下方填写后再上传。',
    en: 'The file has headings but no rows; fill them in below the headings.',
  },
  clean: { zh: '未发现问题，可以上传。', en: 'No problems were found.' },
} as const satisfies Record<string, Words>

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
  // One key a chosen file: pressing twice, or again after the line dropped, hands it in once.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const check = useMutation<CheckView, ApiProblem, { item: string; file: File }>({
    mutationFn: (v) =>
      call(endpoints.checkFile, { ...v, ...(mappingText ? { mappingText } : {}) }, { onProgress: setPart }),
    onSettled: () => setPart(null),
  })
  const send = useMutation({
    mutationFn: (v: { item: string; file: File }) =>
      call(
        endpoints.submitFile,
        {
          ...v,
          ...(mappingText ? { mappingText } : {}),
          ...(search.subject ? { corrects: search.subject } : {}),
          backfill: backfill ? 'yes' : 'no',
        },
        { onProgress: setPart, idempotencyKey: key },
      ),
    onSettled: () => setPart(null),
    onSuccess: (s) => void navigate({ to: '/submissions/$id', params: { id: s.id } }),
  })
  const problem = (send.error ?? check.error) as ApiProblem | null
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
                    onChange={(e) => setItem(String(e.target.value))}
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
                    setKey(crypto.randomUUID())
                    check.reset()
                    send.reset()
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
                            onChange={(e) => setMapping(e.target.value)}
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
                <Flex gap={12} wrap style={{ marginTop: 16 }}>
                  <Button
                    disabled={!file || send.isPending}
                    loading={check.isPending}
                    onClick={() => file && check.mutate({ item: chosen, file })}
                  >
                    {t(W.check)}
                  </Button>
                  <Button
                    type="primary"
                    disabled={!file || check.isPending}
                    loading={send.isPending}
                    onClick={() => file && send.mutate({ item: chosen, file })}
                  >
                    {t(W.send)}
                  </Button>
                  {!file && <span style={{ alignSelf: 'center', color: '#4a5568' }}>{t(W.need)}</span>}
                </Flex>
              </Form>
              {check.data && (
                <div style={{ marginTop: 16 }}>
                  <Alert
                    type={check.data.refused || !check.data.received ? 'warning' : 'success'}
                    showIcon
                    title={t(W.checked, {
                      received: check.data.received,
                      accepted: check.data.accepted,
                      refused: check.data.refused,
                    })}
                    description={check.data.refused ? undefined : t(check.data.received ? W.clean : W.noRows)}
                  />
                  {check.data.rows.map((row) => (
                    <Problems key={row.n} n={row.n} name={row.name} problems={row.problems} />
                  ))}
                </div>
              )}
            </Card>
          )
        }}
      </Shown>
    </>
  )
}
