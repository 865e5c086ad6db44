import { UploadOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input, Select, Upload } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { endpoints } from '../../../../src/capabilities/collection/contract.ts'
import { ANNUL_OUTCOME_WORDS } from '../../../../src/capabilities/collection/words.annul.ts'
import { ANNUL_CAUSES, type AnnulCause } from '../../../../src/capabilities/records/contract.ts'
import { ANNUL_CAUSE_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Failed } from '../../ui/states.tsx'

const W = {
  hint: {
    zh: '上传一张表（.xlsx 或 .csv），须有“文书号”一列；可以另有“统一社会信用代码”“撤销事由”“撤销说明”各列。未逐行填写事由和说明的，适用下面填写的内容。只撤销本单位的信息，逐行答复。',
    en: 'A table (.xlsx or .csv) with a column of document numbers; columns for the unified code, the cause and the reason may stand beside it. What follows holds for rows that say none themselves. Only records of your authority are annulled, and every row is answered.',
  },
  item: { zh: '事项', en: 'Item' },
  cause: { zh: '撤销事由', en: 'Cause' },
  reason: { zh: '撤销说明', en: 'Reason' },
  file: { zh: '选择清单', en: 'Choose the list' },
  send: { zh: '上传清单并撤销', en: 'Hand in and annul' },
  done: { zh: '清单共 {received} 行，本次撤销 {annulled} 条。', en: '{received} rows, {annulled} records annulled.' },
  n: { zh: '行号', en: 'Row' },
  docNo: { zh: '文书号', en: 'Document number' },
  outcome: { zh: '结果', en: 'Outcome' },
  rows: { zh: '逐行答复', en: 'Row by row' },
} as const satisfies Record<string, Words>

type Reply = z.infer<typeof endpoints.annulNumbers.reply>
type Row = Reply['rows'][number]

export const AnnulList = ({ items }: { items: readonly { code: string; name: Words }[] }) => {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [item, setItem] = useState(items[0]?.code ?? '')
  const [cause, setCause] = useState<AnnulCause>('set_aside')
  const [reason, setReason] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const act = useMutation<Reply, ApiProblem, File>({
    mutationFn: (f) =>
      call(endpoints.annulNumbers, { item, cause, ...(reason ? { reason } : {}), file: f }, { idempotencyKey: key }),
    onSuccess: () => void client.invalidateQueries(),
  })
  const anew = () => setKey(crypto.randomUUID())
  const columns: Column<Row>[] = [
    { key: 'docNo', title: W.docNo, lead: true, render: (r) => r.docNo || '—' },
    { key: 'n', title: W.n, short: true, render: (r) => r.n, width: 80 },
    { key: 'outcome', title: W.outcome, render: (r) => t(ANNUL_OUTCOME_WORDS[r.outcome]) },
  ]
  return (
    <Form layout="vertical">
      <p>{t(W.hint)}</p>
      <Form.Item label={t(W.item)} htmlFor="annul-item">
        <Select
          id="annul-item"
          value={item}
          onChange={(v) => {
            setItem(v)
            anew()
          }}
          options={items.map((i) => ({ value: i.code, label: t(i.name) }))}
        />
      </Form.Item>
      <Form.Item label={t(W.cause)} htmlFor="annul-cause">
        <Select
          id="annul-cause"
          value={cause}
          onChange={(v) => {
            setCause(v)
            anew()
          }}
          options={ANNUL_CAUSES.map((c) => ({ value: c, label: t(ANNUL_CAUSE_WORDS[c]) }))}
        />
      </Form.Item>
      <Form.Item label={t(W.reason)} htmlFor="annul-reason">
        <Input.TextArea
          id="annul-reason"
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(e) => {
            setReason(e.target.value)
            anew()
          }}
        />
      </Form.Item>
      <Upload
        accept=".xlsx,.csv,.txt"
        maxCount={1}
        showUploadList={false}
        beforeUpload={(f) => {
          setFile(f)
          anew()
          act.reset()
          return false
        }}
      >
        <Button icon={<UploadOutlined aria-hidden />}>{file ? file.name : t(W.file)}</Button>
      </Upload>
      <div style={{ margin: '12px 0' }}>
        <Button type="primary" danger disabled={!file} loading={act.isPending} onClick={() => file && act.mutate(file)}>
          {t(W.send)}
        </Button>
      </div>
      {act.error && <Failed problem={act.error} />}
      {act.data && (
        <>
          <Alert
            type={act.data.annulled === act.data.received ? 'success' : 'warning'}
            showIcon
            title={t(W.done, { received: act.data.received, annulled: act.data.annulled })}
            style={{ marginBottom: 12 }}
          />
          <KeyedTable name={W.rows} rows={act.data.rows} columns={columns} rowKey={(r) => String(r.n)} />
        </>
      )}
    </Form>
  )
}
