import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Card, Flex, Progress, Tag, Upload } from 'antd'
import { useState } from 'react'
import { type ApplicationView, endpoints } from '../../../../src/capabilities/repair/contract.ts'
import { REQUIRED_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, lawWords } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'
import { Keep, Library } from './library.tsx'
import { MaterialLink } from './parts.tsx'
import { SharedMaterial } from './shared.tsx'

const W = {
  title: { zh: '二、证明材料', en: '2. Proofs' },
  hint: {
    zh: '一份材料供本申请的所有记录使用，不必重复上传。支持 PDF、JPG、PNG、DOCX，每个文件不超过 20 MB。',
    en: 'A file serves all records of this application. PDF, JPG, PNG or DOCX, up to 20 MB each.',
  },
  upload: { zh: '上传', en: 'Upload' },
  uploadOf: { zh: '上传：{name}', en: 'Upload: {name}' },
  present: { zh: '已提供', en: 'Given' },
  missing: { zh: '未提供', en: 'Not given' },
  remove: { zh: '移除', en: 'Remove' },
  uploading: { zh: '正在上传', en: 'Uploading' },
} as const satisfies Record<string, Words>

/** What is asked for, with its article, and what has been given: once for the whole application. */
export const Materials = ({ application }: { application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const client = useQueryClient()
  const [part, setPart] = useState<number | null>(null)
  const at = { subject: application.subjectId, id: application.id }
  const upload = useMutation<unknown, ApiProblem, { kind: string; file: File }>({
    mutationFn: (v) => call(endpoints.uploadMaterial, { ...at, ...v }, { onProgress: setPart }),
    onSettled: () => setPart(null),
    onSuccess: () => client.invalidateQueries(),
  })
  const remove = useAct(endpoints.removeMaterial)
  const problem = upload.error ?? remove.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.title)}</h2>
      <p>{t(W.hint)}</p>
      {application.materialsNeeded.map((need) => (
        <Flex
          key={need.code}
          justify="space-between"
          align="center"
          gap={8}
          wrap
          style={{ borderTop: '1px solid #e3e8ef', padding: '10px 0' }}
        >
          <div style={{ flex: '1 1 260px' }}>
            {t(need.name)}{' '}
            {need.sharedBy.length > 0 && !need.present ? (
              <SharedMaterial by={need.sharedBy} />
            ) : (
              <Tag color={need.present ? 'green' : 'default'}>{t(need.present ? W.present : W.missing)}</Tag>
            )}
            <div style={{ color: '#4a5568' }}>
              {t(REQUIRED_WORDS[need.required])}
              {bracketed(lawWords(need.instrument, need.article, lang), lang)}
            </div>
          </div>
          {application.mayUpload && (
            <Upload
              accept=".pdf,.jpg,.jpeg,.png,.docx"
              showUploadList={false}
              beforeUpload={(file) => {
                upload.mutate({ kind: need.code, file })
                return false
              }}
            >
              <Button
                aria-label={t(W.uploadOf, { name: need.name })}
                loading={upload.isPending && upload.variables.kind === need.code}
              >
                {t(W.upload)}
              </Button>
            </Upload>
          )}
        </Flex>
      ))}
      {application.mayUpload && <Library application={application} />}
      {part !== null && <Progress percent={Math.round(part * 100)} aria-label={t(W.uploading)} />}
      {problem && <Failed problem={problem} />}
      {application.materials.map((m) => (
        <Flex key={m.id} justify="space-between" gap={8} wrap style={{ padding: '6px 0' }}>
          <MaterialLink material={m} subject={application.subjectId} application={application.id} />
          {m.mayRemove && (
            <Button
              type="link"
              style={{ padding: 0 }}
              loading={remove.isPending}
              onClick={() => remove.mutate({ ...at, material: m.id })}
            >
              {t(W.remove)}
            </Button>
          )}
          {application.mayUpload && (
            <div style={{ flexBasis: '100%' }}>
              <Keep application={application} material={m} />
            </div>
          )}
        </Flex>
      ))}
    </Card>
  )
}
