import { useNavigate } from '@tanstack/react-router'
import { Button, Drawer, Flex, Form, Input, Radio, Select, Upload } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/catalog/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { InvalidText } from '../../ui/invalid-text.tsx'

const W = {
  title: { zh: '拟定目录新版本', en: 'Draw up a new version' },
  close: { zh: '关闭', en: 'Close' },
  source: { zh: '来源', en: 'From' },
  pack: { zh: '规则包中待启用的版本', en: 'One that waits in the pack' },
  upload: { zh: '上传目录文件', en: 'A file' },
  choose: { zh: '选择文件', en: 'Choose a file' },
  draft: { zh: '版本', en: 'Version' },
  noDraft: { zh: '规则包中没有待启用的版本', en: 'None waits in the pack' },
  text: { zh: '文件内容', en: 'Text of the file' },
  textHint: {
    zh: '选择文件后内容会填入此处，也可以直接粘贴、修改；有误的，提交后按行列出。',
    en: 'The file’s text appears here and can be edited; what is wrong is listed by its lines.',
  },
  from: { zh: '施行日期', en: 'In force from' },
  fromHint: { zh: '最早为明天。', en: 'Tomorrow at the earliest.' },
  reason: { zh: '变更理由', en: 'Reason' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '预览影响', en: 'Preview' },
  cancel: { zh: '取消', en: 'Cancel' },
  draftOf: { zh: '{name}（规则包建议自{day}起）', en: '{name} (in the pack from {day})' },
} as const satisfies Record<string, Words>

const MOST_BYTES = 400_000
type Values = { source: 'pack' | 'upload'; draft?: string; text?: string; effectiveFrom: string; reason: string }

/** A version comes from the pack or as a file; either way it is previewed before anybody proposes it. */
export const DrawUp = ({ done }: { done: () => void }) => {
  const { t, lang } = useLanguage()
  const navigate = useNavigate()
  const [form] = Form.useForm<Values>()
  const [source, setSource] = useState<Values['source']>('upload')
  const drafts = useApi(endpoints.listDrafts, {})
  const act = useAct(endpoints.drawUp, (p) => {
    done()
    void navigate({ to: '/catalog/versions/$id', params: { id: p.id } })
  })
  const required = { required: true, message: t(W.need) }
  const rows = drafts.data?.rows ?? []
  return (
    <Drawer open onClose={done} size="min(640px, 100vw)" title={t(W.title)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        name="catalog-version"
        form={form}
        layout="vertical"
        initialValues={{ source: 'upload' }}
        onFinish={(v) =>
          act.mutate({
            ...(v.source === 'pack' ? { draft: v.draft ?? '' } : { text: v.text ?? '' }),
            effectiveFrom: v.effectiveFrom,
            reason: v.reason.trim(),
          })
        }
      >
        <Form.Item name="source" label={t(W.source)}>
          <Radio.Group
            onChange={(e) => setSource(e.target.value as Values['source'])}
            options={[
              { value: 'upload', label: t(W.upload) },
              { value: 'pack', label: t(W.pack) },
            ]}
          />
        </Form.Item>
        {source === 'pack' ? (
          <Form.Item name="draft" label={t(W.draft)} rules={[required]}>
            <Select
              notFoundContent={t(W.noDraft)}
              options={rows.map((d) => ({
                value: d.id,
                label: t(W.draftOf, { name: t(d.itemName), day: dayWords(d.validFrom, lang) }),
              }))}
            />
          </Form.Item>
        ) : (
          <>
            <Upload
              accept=".yaml,.yml"
              maxCount={1}
              showUploadList={false}
              beforeUpload={(file) => {
                void file
                  .slice(0, MOST_BYTES)
                  .text()
                  .then((text) => form.setFieldsValue({ text }))
                return false
              }}
            >
              <Button>{t(W.choose)}</Button>
            </Upload>
            <Form.Item name="text" label={t(W.text)} extra={t(W.textHint)} rules={[required]} style={{ marginTop: 12 }}>
              <Input.TextArea rows={12} maxLength={MOST_BYTES} spellCheck={false} style={{ fontFamily: 'monospace' }} />
            </Form.Item>
          </>
        )}
        <Form.Item name="effectiveFrom" label={t(W.from)} extra={t(W.fromHint)} rules={[required]}>
          <Input type="date" style={{ maxWidth: 220 }} />
        </Form.Item>
        <Form.Item name="reason" label={t(W.reason)} rules={[{ ...required, whitespace: true }]}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
        {act.error && <InvalidText problem={act.error} code="ITEM_INVALID" />}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={act.isPending}>
            {t(W.save)}
          </Button>
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
