import { Alert, Collapse, Flex, Typography } from 'antd'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { SampleView } from '../../../../src/capabilities/exchange/contract.ways.ts'
import { FORMAT_WORDS, type Format } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Shown } from '../../ui/states.tsx'
import { CodeBox } from '../gateways/code-box.tsx'

const W = {
  sample: { zh: '发送内容预览', en: 'What it will be sent' },
  file: { zh: '下载样例文件（{format}）', en: 'The same as a file ({format})' },
  madeUp: {
    zh: '共享范围内还没有数据，以下为示例。',
    en: 'There is nothing in its scope yet; this is made up.',
  },
  field: { zh: '字段', en: 'Field' },
  value: { zh: '内容', en: 'Value' },
  more: {
    zh: '另有 {n} 列编号和结构化内容，见样例文件。',
    en: '{n} more columns of ids and structures stand in the file.',
  },
  schemas: { zh: '格式定义', en: 'Schemas' },
  script: { zh: '建表语句（交给对方的数据库管理员执行）', en: 'The statements that make the tables' },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
} as const satisfies Record<string, Words>

const SCHEMA_NAMES = [
  { name: 'event.schema.json', label: { zh: '事件', en: 'Events' } },
  { name: 'envelope.schema.json', label: { zh: 'JSON 报文', en: 'JSON envelope' } },
  { name: 'envelope.xsd', label: { zh: 'XML 报文', en: 'XML envelope' } },
  { name: 'manifest.schema.json', label: { zh: '文件清单', en: 'Manifest' } },
] as const

/** One event as the peer will get it, before anything is sent. */
export const Sample = ({ peerId, format }: { peerId: string; format: Format }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.sample, { id: peerId, format })
  type Row = SampleView['rows'][number]
  const columns: Column<Row>[] = [
    { key: 'label', title: W.field, lead: true, render: (r) => t(r.label) },
    { key: 'value', title: W.value, render: (r) => <span style={{ overflowWrap: 'anywhere' }}>{t(r.value)}</span> },
  ]
  return (
    <Collapse
      items={[
        {
          key: 'sample',
          label: t(W.sample),
          children: (
            <Shown query={query}>
              {(found) => (
                <Flex vertical gap={12}>
                  {found.madeUp && <Alert type="info" showIcon title={t(W.madeUp)} />}
                  <KeyedTable name={W.sample} rows={found.rows} columns={columns} rowKey={(r) => r.column} />
                  {found.more > 0 && <span className="xh-quiet">{t(W.more, { n: found.more })}</span>}
                  <a href={urlOf(endpoints.sampleFile, { id: peerId, format })}>
                    {t(W.file, { format: FORMAT_WORDS[format] })}
                  </a>
                  <Flex gap={12} wrap>
                    <span>{t(W.schemas)}</span>
                    {SCHEMA_NAMES.map(({ name, label }) => (
                      <a key={name} href={urlOf(endpoints.exchangeSchema, { name })}>
                        {t(label)}
                      </a>
                    ))}
                  </Flex>
                </Flex>
              )}
            </Shown>
          ),
        },
      ]}
    />
  )
}

/** What the peer's own administrator runs. */
export const WayScript = ({ peerId, ...tables }: { peerId: string; schema?: string; out?: string; in?: string }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.wayScript, { id: peerId, ...tables })
  return (
    <Collapse
      items={[
        {
          key: 'script',
          label: t(W.script),
          children: (
            <Shown query={query}>
              {({ script }) => (
                <>
                  <Typography.Paragraph
                    copyable={{ text: script, tooltips: [t(W.copy), t(W.copied)] }}
                    style={{ marginBottom: 4 }}
                  />
                  <CodeBox label={t(W.script)} text={script} />
                </>
              )}
            </Shown>
          ),
        },
      ]}
    />
  )
}
